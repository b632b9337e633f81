"""Inputs that move together: the wanted ranks, the same margins, and nothing else changes."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from estimator.catalog import load_catalog
from estimator.errors import EstimatorError
from estimator.inputs import OptionInputs, resolve
from estimator.inputs.ordering import is_possible, ordering
from estimator.scenario import dumps, loads

TRIAGE = (Path(__file__).resolve().parents[3] / "examples" / "triage.yaml").read_text(encoding="utf-8")
VOLUME, VALUE = "workload.requests_per_month", "task.value_per_success"
DRAWS = 10_000


def options(*pairs: tuple[str, str, float], draws: int = DRAWS, seed: int = 0, **more: str) -> dict[str, OptionInputs]:
    text = TRIAGE
    for old, new in more.items():
        text = text.replace(old, new)
    lines = "".join(f"  - {{between: [{first}, {second}], rank: {rank}}}\n" for first, second, rank in pairs)
    scenario = loads(text + ("correlations:\n" + lines if pairs else ""))
    return resolve(scenario, catalog=load_catalog(), draws=draws, seed=seed)


def values(found: dict[str, OptionInputs], key: str, option: str = "lora") -> np.ndarray:
    value = found[option][key]
    assert isinstance(value, np.ndarray)
    return value


def spearman(first: np.ndarray, second: np.ndarray) -> float:
    return float(stats.spearmanr(first[1:], second[1:]).statistic)


@pytest.mark.parametrize("rank", [-0.95, -0.3, 0.0, 0.6, 0.99])
def test_the_wanted_rank_is_reached(rank: float) -> None:
    found = options((VOLUME, VALUE, rank))
    assert spearman(values(found, VOLUME), values(found, VALUE)) == pytest.approx(rank, abs=0.02)


def test_margins_and_all_other_inputs_stay() -> None:
    free, tied = options(), options((VOLUME, VALUE, 0.6))
    for key in (VOLUME, VALUE):
        assert np.array_equal(np.sort(values(free, key)), np.sort(values(tied, key)))
        assert values(free, key)[0] == values(tied, key)[0]
    assert np.array_equal(values(free, VALUE), values(tied, VALUE)), "the first by name keeps its order"
    assert not np.array_equal(values(free, VOLUME), values(tied, VOLUME))
    assert np.array_equal(values(free, "tuning.build_hours"), values(tied, "tuning.build_hours"))


def test_the_order_in_the_file_does_not_matter() -> None:
    third = "tuning.build_hours"
    one = options((VOLUME, VALUE, 0.6), (third, VOLUME, -0.4))
    two = options((VOLUME, third, -0.4), (VALUE, VOLUME, 0.6))
    for key in (VOLUME, VALUE, third):
        assert np.array_equal(values(one, key), values(two, key))
    assert spearman(values(one, third), values(one, VOLUME)) == pytest.approx(-0.4, abs=0.02)
    assert spearman(values(one, third), values(one, VALUE)) == pytest.approx(0.0, abs=0.02)


def test_a_further_correlation_changes_no_others() -> None:
    one = options((VOLUME, VALUE, 0.6))
    two = options((VOLUME, VALUE, 0.6), ("tuning.build_hours", "rate/vendor_offshore", 0.5))
    assert np.array_equal(values(one, VOLUME), values(two, VOLUME))
    assert spearman(two["lora"]["tuning.build_hours"], two["lora"].price("rate/vendor_offshore")) == pytest.approx(
        0.5, abs=0.02
    )


def test_the_same_seed_gives_the_same_draws_and_another_does_not() -> None:
    same = [values(options((VOLUME, VALUE, 0.6)), VOLUME) for _ in range(2)]
    assert np.array_equal(*same)
    assert not np.array_equal(same[0], values(options((VOLUME, VALUE, 0.6), seed=1), VOLUME))


def test_options_that_share_a_key_move_together() -> None:
    found = options((VOLUME, "options.lora.tuning.labels", 0.7), **{"labels: 3000": "labels: 1k to 5k"})
    assert spearman(values(found, VOLUME), values(found, "tuning.labels")) == pytest.approx(0.7, abs=0.02)


def test_few_futures_keep_their_own_order() -> None:
    for draws in (1, 2):
        assert np.array_equal(
            values(options(draws=draws), VOLUME), values(options((VOLUME, VALUE, 0.6), draws=draws), VOLUME)
        )


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("workload.request_per_month", VALUE, 0.5)], "did you mean 'workload.requests_per_month'"),
        ([("options.lorra.tuning.labels", VALUE, 0.5)], "did you mean 'options.lora.tuning.labels'"),
        ([("options.lora.tuning.label", VALUE, 0.5)], "did you mean 'options.lora.tuning.labels'"),
        ([("rate/vendor_offshor", VALUE, 0.5)], "did you mean 'rate/vendor_offshore'"),
        ([("workload.tokens.prompt", VALUE, 0.5)], "workload.tokens.prompt is certain; give it a range"),
        ([("options.lora.tuning.labels", VALUE, 0.5)], "options.lora.tuning.labels is certain"),
        ([("usd_per_currency_unit", VALUE, 0.5)], "enters by its central case only"),
        ([(VOLUME, VALUE, 0.5), (VALUE, VOLUME, 0.4)], "is given twice"),
        ([(VALUE, VALUE, 0.5)], "names task.value_per_success twice"),
        ([(VOLUME, VALUE, 1.0)], "correlations.0.rank"),
        ([("tuning.build_hours", "options.lora.tuning.build_hours", 0.5)], "already move together"),
        (
            [(VOLUME, VALUE, 0.9), (VALUE, "tuning.build_hours", 0.9)],
            "task.value_per_success and tuning.build_hours 0.9, task.value_per_success and workload.requests_per_month "
            "0.9, tuning.build_hours and workload.requests_per_month 0 (0 where not given)",
        ),
    ],
)
def test_what_cannot_be_correlated_says_so_in_one_line(pairs: list[tuple[str, str, float]], message: str) -> None:
    with pytest.raises(EstimatorError, match=re.escape(message)) as caught:
        options(*pairs, draws=10)
    assert "\n" not in str(caught.value)


def test_correlations_survive_their_text() -> None:
    scenario = loads(TRIAGE + f"correlations: [{{between: [{VOLUME}, {VALUE}], rank: 0.6}}]\n")
    assert loads(dumps(scenario)) == scenario
    assert scenario.correlations[0].between == (VOLUME, VALUE)


def test_three_streams_reach_their_ranks() -> None:
    wanted = np.array([[1, 0.5, -0.4], [0.5, 1, 0.3], [-0.4, 0.3, 1]])
    found = ordering(streams=("a", "b", "c"), correlation=wanted, draws=DRAWS, seed=3)
    assert np.corrcoef(np.stack(list(found.values()))) == pytest.approx(wanted, abs=0.02)
    assert all(np.array_equal(np.sort(ranks), np.arange(DRAWS)) for ranks in found.values())
    assert not is_possible(np.array([[1, 0.9, 0.0], [0.9, 1, 0.9], [0.0, 0.9, 1]]))
