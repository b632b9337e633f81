"""Every kind of ledger line worked by hand: what a scenario without uncertainty costs, line by line."""

from collections.abc import Callable

import numpy as np
import pytest

from estimator import estimate, loads
from estimator.results import Estimate
from estimator.serving import OwnAnswer, cold_start_hours, replica_hours
from estimator.units import Value

SCENARIO = """
name: By hand
start: 2027-01
horizon: 3 months
discount_rate: 0
workload: {requests_per_month: 1000, growth: 1, tokens: {prompt: 700, output: 50, instructions: 400}}
task:
  kind: classification
  value_per_success: 2
  cost_per_error: 5
  escalation_share: 0.1
  retry_share: 0.5
  evaluation_rate: "30"
  facts_change: 0
  off_task_share: 0
options:
  prompt:
    model: openai/gpt-6-luna
    quality: 0.75
    prompt: {few_shot_tokens: 300, reasoning_tokens: 60, technique: chain_of_thought, cache_hit_rate: 0,
             build_hours: 10, maintain_hours: 2}
    serving: {input_usd_per_mtok: 1000, output_usd_per_mtok: 2000, hosting_usd_per_hour: 0.5}
    upkeep: &care
      {drift: 0, prompted_drift: 0, jumps_per_year: 6, jump_loss: 0, provider_changes_per_year: 12, repair_hours: 4,
       provider_change_loss: 0, repair_months: 0.1, checks_per_month: 2, labels_per_check: 50, on_call_share: 0.1,
       minutes_per_check_label: 3, tooling_usd_per_month: 40, judged_answers: 100, judge_usd_per_answer: 0.05,
       model_life_months: 24, migration_hours: 20, release_hours: 5, refresh_labels: 0.25}
  rag:
    extends: prompt
    retrieval: {documents: 4k, tokens_per_document: 300, build_hours: 30, operations_hours: 6, evaluation_hours: 7,
                chunks_in_prompt: 2, chunk_tokens: 100, overlap_tokens: 0, reembed_months: 6}
  cheaper:
    extends: prompt
    serving: {price_path: switching, switch_months: 2}
    upkeep: {model_life_months: 2}
  tuned:
    model: openai/gpt-4.1-mini-2025-04-14
    quality: 0.75
    tuning: &tuned
      {method: managed, usd_per_mtok: 3, labels: 500, runs: 4, epochs: 2, build_hours: 12, instructions_dropped: 0.5,
       evaluation_labels: 80,
       collection: {kept_share: 0.5, gather_minutes: 3, deduplicate_usd: 0.01, redact_minutes: 1.2},
       annotation: {minutes: 6, rate: "20", fee: 0.4, rejected_share: 0.2, review_share: 0.1, guideline_hours: 11,
                    training_hours: 9, tooling_usd: 33}}
    prompt: {build_hours: 10, maintain_hours: 2, cache_hit_rate: 0}
    serving: {input_usd_per_mtok: 1000, output_usd_per_mtok: 2000}
    upkeep: {<<: *care, platform_closes: 2027-02-15}
  own:
    model: Qwen/Qwen3-8B
    quality: 0.75
    tuning: {<<: *tuned, method: lora}
    prompt: {build_hours: 10, maintain_hours: 2}
    serving:
      {mode: self_hosted, gpu: L4, usd_per_gpu_hour: 2, peak_to_mean: 3, usable_share: 0.5, cloud_overhead: 0.25,
       operations_hours: 8, throughput_error: 1}
    upkeep: {<<: *care, retrain: every 2 months}
  scaled:
    extends: own
    serving: {autoscale: true, minimum_replicas: 0, cold_start_seconds: 120}
  mixed:
    extends: tuned
    tuning: {synthetic_labels: 200, synthetic_usd: 0.25, annotation: {redundancy: 3, adjudicate: true, accuracy: 0.8}}
"""
PINNED = {
    "labour/ml_engineer": 100.0,
    "labour/qa": 60.0,
    "labour/data_scientist": 80.0,
    "labour/technical_writer": 50.0,
    "trend/token_price_switching": 4.0**12,
    "task.evaluation_labels": 400.0,
    "tuning.annotation.minutes": 3.0,
}
ONE_RETRAINING = {"labels": 1665.0, "evaluation": 60.0, "release": 500.0}
"""A quarter of 500 labels at 13.32, a quarter of 80 items at 3, five hours of an engineer. [USD]"""
GROWING = np.array([0.0, 1.0, 2.0, 4.0])
"""Thousands of requests; a quarter of the answers is wrong."""
ONCE, EACH_MONTH, IN_FEBRUARY = np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 1.0, 1.0], [0.0, 0.0, 1.0, 0.0]])


def worked(text: str = SCENARIO, **pinned: float) -> Estimate:
    return estimate(loads(text), draws=1, pinned={**PINNED, **pinned})


def paid(result: Estimate, option: str) -> dict[str, np.ndarray]:
    outcome = result.options[option].outcome
    return {line.key: line.monthly[0] for line in (*outcome.costs.lines, *outcome.benefits.lines)}


COSTS: list[tuple[str, str, float, np.ndarray]] = [
    ("prompt", "build.prompt", 10 * 100.0, ONCE),
    ("prompt", "inference.instructions", 400.0, GROWING),  # tokens at 0.001 USD, a thousand requests
    ("prompt", "inference.user_text", 300.0, GROWING),
    ("prompt", "inference.few_shot", 300.0, GROWING),
    ("prompt", "inference.output", 50 * 2.0, GROWING),
    ("prompt", "inference.reasoning", 60 * 2.0, GROWING),
    ("prompt", "inference.retries", 250 * 0.5 * 1.22, GROWING),
    ("prompt", "inference.hosting", 730.5 * 0.5, EACH_MONTH),
    ("prompt", "operations.prompt", 2 * 100.0, EACH_MONTH),
    ("prompt", "operations.repairs", (6 + 12) / 12 * 4 * 100.0, EACH_MONTH),
    ("prompt", "evaluation.set", 400 * 3 / 60 * 30.0, ONCE),
    ("prompt", "evaluation.checks", 2 * 50 * 3 / 60 * 30.0, EACH_MONTH),
    ("prompt", "evaluation.judge", 100 * 0.05, EACH_MONTH),
    ("prompt", "evaluation.tooling", 40.0, EACH_MONTH),
    ("prompt", "evaluation.on_call", 160 * 0.1 * 100.0, EACH_MONTH),
    ("prompt", "quality.escalations", 250 * 0.1 * 5.0, GROWING),
    ("prompt", "value.correct", 750 * 2.0, GROWING),
    ("prompt", "value.escalated", 250 * 0.1 * 2.0, GROWING),
    ("prompt", "value.errors", -250 * 0.9 * 5.0, GROWING),
    ("rag", "build.retrieval", 30 * 100.0, ONCE),
    ("rag", "evaluation.retrieval", 7 * 60.0, ONCE),
    ("rag", "operations.retrieval", 6 * 100.0, EACH_MONTH),
    ("rag", "inference.retrieved_context", 200.0, GROWING),
    ("rag", "inference.retries", 250 * 0.5 * 1.42, GROWING),
    ("rag", "retrieval.corpus", 1.2 * 0.02, ONCE),  # million tokens
    ("rag", "retrieval.reembed", 1.2 * 0.02 / 6, EACH_MONTH),
    ("rag", "retrieval.question", 0.7 * 0.02, GROWING),
    ("cheaper", "inference.repricing", 1125 * 1.22, np.array([0, 0, 0, 4 * (1 / 16 - 1)])),
    ("cheaper", "inference.switching", 20 * 100.0, np.array([0.0, 0.0, 0.0, 1.0])),
    ("tuned", "data.labelling", 500 * 6 / 60 * 20.0, ONCE),
    ("tuned", "data.gathering", 1000 * 3 / 60 * 80.0, ONCE),
    ("tuned", "data.deduplication", 1000 * 0.01, ONCE),
    ("tuned", "data.redaction", 500 * 1.2 / 60 * 80.0, ONCE),
    ("tuned", "data.rejected", 1000 * 0.2 / 0.8, ONCE),
    ("tuned", "data.fees", 0.4 * (1000 + 250), ONCE),
    ("tuned", "data.review", 50 * 6 / 60 * 20.0, ONCE),
    ("tuned", "data.guidelines", 11 * 50.0, ONCE),
    ("tuned", "data.training", 9 * 20.0, ONCE),
    ("tuned", "data.tooling", 33.0, ONCE),
    ("tuned", "build.tuning", 12 * 100.0, ONCE),
    ("tuned", "evaluation.set", 80 * 6 / 60 * 30.0, ONCE),
    ("tuned", "training.kept_run", 750 * 500 * 2 * 3e-6, ONCE),
    ("tuned", "training.other_runs", 3 * 2.25, ONCE),
    ("tuned", "inference.prompt_saving", -200.0, GROWING),
    ("tuned", "inference.retries", 250 * 0.5 * (0.7 - 0.2 + 0.1), GROWING),
    ("tuned", "migration.forced", 20 * 100.0, IN_FEBRUARY),
    ("tuned", "migration.evaluation", 240.0, IN_FEBRUARY),
    ("tuned", "migration.retraining", 1665 + 2.25 + 500.0, IN_FEBRUARY),
    ("mixed", "data.adjudication", (1 - 0.8**3 - 0.2**3) * 500 * 6 / 60 * 20.0, ONCE),
    ("mixed", "data.synthetic", 200 * 0.25, ONCE),
    ("own", "operations.serving", 8 * 100.0, EACH_MONTH),
    ("own", "retraining.labels", ONE_RETRAINING["labels"], IN_FEBRUARY),
    ("own", "retraining.evaluation", ONE_RETRAINING["evaluation"], IN_FEBRUARY),
    ("own", "retraining.release", ONE_RETRAINING["release"], IN_FEBRUARY),
]
"""Option, line, what it costs at a time and when."""


def test_what_each_line_costs() -> None:
    result = worked()
    found = {(option, key): usd for option in result.options for key, usd in paid(result, option).items()}
    wrong = [(option, key) for option, key, usd, times in COSTS if not np.allclose(found[option, key], usd * times)]
    assert wrong == []


def test_which_lines_there_are() -> None:
    result = worked()
    asked = ["instructions", "user_text", "few_shot", "output", "reasoning", "retries", "hosting"]
    keys = {
        name: [key for key in paid(result, name) if key.startswith(("inference", "migration"))]
        for name in ("prompt", "rag", "cheaper")
    }
    assert keys["prompt"] == [f"inference.{key}" for key in asked]
    assert keys["rag"] == [f"inference.{key}" for key in (*asked[:3], "retrieved_context", *asked[3:])]
    assert keys["cheaper"] == [f"inference.{key}" for key in (*asked[:6], "repricing", "switching", "hosting")]


def test_a_jump_is_answered_by_training_while_the_platform_trains() -> None:
    result = worked()
    lines, once = paid(result, "tuned"), sum(ONE_RETRAINING.values()) + 2.25
    trained, repaired = lines["retraining.jumps"] / once, lines["operations.repairs"] / (4 * 100.0)
    np.testing.assert_allclose(trained + repaired, 6 / 12 * EACH_MONTH)
    assert repaired.astype(bool).tolist() == [False, False, True, False]  # it closes in February, another one trains on
    own = paid(result, "own")
    run = own["training.kept_run"][0]
    np.testing.assert_allclose(own["retraining.jumps"], 0.5 * (sum(ONE_RETRAINING.values()) + run) * EACH_MONTH)
    np.testing.assert_allclose(own["retraining.compute"], run * IN_FEBRUARY)
    assert "operations.repairs" not in own


def test_the_price_of_handing_an_answer_over_is_that_of_an_error_until_it_is_written() -> None:
    text = SCENARIO.replace("escalation_share: 0.1", "escalation_share: 0.1\n  escalation_usd: 3")
    found = paid(worked(text), "prompt")
    np.testing.assert_allclose(found["quality.escalations"], 250 * 0.1 * 3.0 * GROWING)


def test_moving_a_tuned_option_takes_hours_of_its_own_until_they_are_written() -> None:
    text = SCENARIO.replace("migration_hours: 20, ", "").replace("price_path: switching, ", "")
    hours = {"upkeep.migration_hours": 12.0, "upkeep.migration_hours_tuned": 30.0}
    result = worked(text, **hours)
    np.testing.assert_allclose(paid(result, "tuned")["migration.forced"], 30 * 100.0 * IN_FEBRUARY)
    assert paid(result, "cheaper")["migration.forced"].sum() == pytest.approx(12 * 100.0)


def test_who_moves_to_cheaper_models_is_never_forced_to_and_without_jumps_nothing_is_repaired() -> None:
    text = SCENARIO.replace("price_path: switching, ", "").replace("jumps_per_year: 6", "jumps_per_year: 0")
    calm = worked(text.replace("provider_changes_per_year: 12", "provider_changes_per_year: 0"))
    assert "migration.forced" in paid(calm, "cheaper")
    assert "migration.forced" not in paid(worked(), "cheaper")
    keys = {key for option in calm.options for key in paid(calm, option)}
    assert keys.isdisjoint({"operations.repairs", "retraining.jumps"})


def test_an_own_model_is_served_by_one_replica_around_the_clock_where_nothing_is_said() -> None:
    said = "serving: {mode: self_hosted, minimum_replicas: 1, autoscale: false, profile: office}"
    text = SCENARIO.partition("options:")[0] + "options:\n"
    for name, serving in (("plain", ""), ("written", f"    {said}\n")):
        text += f"  {name}:\n    model: Qwen/Qwen3-8B\n    quality: 0.75\n{serving}"
    plain, written = (paid(worked(text), name) for name in ("plain", "written"))
    assert plain.keys() == written.keys()
    for key, usd in plain.items():
        np.testing.assert_array_equal(usd, written[key], err_msg=key)
    assert plain["inference.gpu"][1] > 0


def test_an_embedding_model_that_is_shut_down_has_everything_embedded_again() -> None:
    text = SCENARIO.partition("  cheaper:")[0].replace("start: 2027-01", "start: 2028-01")
    text = text.replace("retrieval: {", "retrieval: {embedding: azure/ada, ")  # ends on 2028-02-09
    rag = estimate(loads(text), draws=1, pinned={**PINNED, "embedding/azure/ada": 5.0}).options["rag"]
    [line] = [line for line in rag.outcome.costs.lines if line.key == "migration.embedding"]
    np.testing.assert_allclose(line.monthly, [1.2 * 5.0 * IN_FEBRUARY])
    assert (line.label, line.category, line.unit) == ("embedding everything with another model", "migration", "move")


RARE = """
data.adjudication | disputed labels settled | data | project | one_off | capex
data.synthetic | generated examples | data | example | one_off | capex
inference.hosting | hosting of the endpoint | inference | hour | recurring | opex
inference.prompt_saving | instructions a tuned model does not need | inference | request | recurring | opex
inference.repricing | cheaper models of equal capability | inference | request | recurring | opex
inference.switching | moving to them | inference | move | recurring | opex
migration.retraining | tuning the new base model | migration | move | recurring | opex
value.correct | value of correct answers | quality | correct answer | recurring | opex
value.errors | damage of uncaught errors | quality | wrong answer | recurring | opex
value.escalated | value of escalated answers | quality | wrong answer | recurring | opex
"""
"""Names and books of lines that no cost ledger of the examples has."""


def test_rare_lines_keep_their_names_units_and_books() -> None:
    found = {
        " | ".join((line.key, line.label, line.category, line.unit, line.nature, line.treatment))
        for option in worked().options.values()
        for ledger in (option.outcome.costs, option.outcome.benefits)
        for line in ledger.lines
    }
    assert set(RARE.strip().splitlines()) <= found


@pytest.mark.parametrize(("name", "autoscale"), [("own", False), ("scaled", True)])
def test_own_gpus_are_counted_with_and_without_what_tuning_and_retries_change(name: str, autoscale: bool) -> None:
    again = np.array([0.5, 0.0, 1.0])
    text = SCENARIO.replace("requests_per_month: 1000", "requests_per_month: 9M")
    option = estimate(loads(text), draws=2, pinned={"task.retry_share": again}).options[name]
    assert option.parts is not None
    answer = option.parts.money.answer
    assert isinstance(answer, OwnAnswer)

    def hours(requests: np.ndarray, rate: Value, kind: Callable[..., np.ndarray], **more: object) -> np.ndarray:
        load = {"peak_to_mean": 3.0, "usable_share": 0.5, "minimum_replicas": 0 if autoscale else 1}
        return kind(requests=requests, requests_per_s=rate, **load, **more)

    asked = 9e6 * np.array([[1.0, 2.0, 4.0]])
    more = asked * (1 + 0.25 * again[:, None])
    before = hours(asked, answer.unsaved_requests_per_s, replica_hours, autoscale=autoscale)
    after = hours(asked, answer.requests_per_s, replica_hours, autoscale=autoscale)
    total = hours(more, answer.requests_per_s, replica_hours, autoscale=autoscale)
    starts = hours(more, answer.requests_per_s, cold_start_hours, cold_start_seconds=120.0) if autoscale else 0.0 * more
    expected = {
        "inference.gpu": 2.0 * before,
        "inference.prompt_saving": 2.0 * (after - before),
        "inference.retries": 2.0 * (total - after),
        "inference.cold_starts": 2.0 * starts,
        "inference.overhead": 0.25 * 2.0 * (total + starts),
    }
    lines = {line.key: line for line in option.outcome.costs.lines if line.unit == "replica-hour"}
    assert set(lines) == {key for key in expected if autoscale or key != "inference.cold_starts"}
    for key, line in lines.items():
        found = np.broadcast_to(line.monthly, (3, 4))
        np.testing.assert_allclose(found[:, 1:], np.broadcast_to(expected[key], (3, 3)), rtol=1e-12, err_msg=key)
        assert not found[:, 0].any()
    assert (total > after).any()
    assert (after < before).all()
