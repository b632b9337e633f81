"""A price that is not there is an error in one line or a warning, never zero."""

import pytest

from estimator import estimate, loads
from estimator.errors import EstimatorError

BASE = """
name: prices
horizon: 12 months
task: {kind: classification, value_per_success: 1}
workload: {requests_per_month: 1000, tokens: {prompt: 500, output: 50}}
START
options:
  prompt: {model: openai/gpt-6-luna}
  other: OTHER
"""
MANAGED = "{model: openai/gpt-4.1-2025-04-14, tuning: {method: managed, labels: 500, annotation: {rate: crowd}}}"


def failure(other: str, start: str = "start: 2026-12") -> str:
    with pytest.raises(EstimatorError) as caught:
        estimate(loads(BASE.replace("OTHER", other).replace("START", start)), draws=2)
    text = str(caught.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ("{model: nobody/gpt}", "nobody/gpt"),
        ("{model: openai/gpt-99-nova-ultra}", "openai/gpt-99-nova-ultra"),
        ("{model: openai/gpt-6-luna, retrieval: {documents: 1k, tokens_per_document: 300, rerank: a/b}}", "rerank/a/b"),
        ("{model: openai/gpt-6-luna, retrieval: {documents: 1k, tokens_per_document: 300, store: nobody}}", "nobody"),
    ],
)
def test_unknown_names_are_named(other: str, message: str) -> None:
    assert message in failure(other)


def test_a_retired_reranker_has_no_price() -> None:
    retired = "azure_ai/cohere-rerank-v3-english"
    other = f"{{model: openai/gpt-6-luna, retrieval: {{documents: 1k, tokens_per_document: 300, rerank: {retired}}}}}"
    assert f"no price row 'rerank/{retired}'" in failure(other)


def test_before_the_first_day_of_the_rows() -> None:
    message = failure("{model: openai/gpt-4.1-2025-04-14}", "start: 2026-12\nprices_on: 2020-01-01")
    assert "no value on 2020-01-01, the first is from" in message


@pytest.mark.parametrize(
    ("day", "message"),
    [("2026-03-01", "no value on 2026-03-01, the first is from 2026-08-05"), ("2027-03-01", "ended on 2027-01-05")],
)
def test_an_option_whose_platform_has_not_begun_or_has_ended_is_ruled_out(day: str, message: str) -> None:
    text = BASE.replace("OTHER", MANAGED).replace("START", f"start: {day[:7]}\nprices_on: {day}")
    standing = estimate(loads(text), draws=2).options["other"].standing
    assert not standing.eligible
    assert message in standing.why_not
