"""The replay of the GPU benchmarks' own grid (torch 2.13, transformers 5.24, peft 0.21), predicted before it ran.

One case is off and stays so until the estimator follows: PEFT 0.21 puts adapters of `all-linear` also on the experts
and the router of a mixture, with the rank times the number of experts; the estimator puts none on routed experts.
Whether that explains the whole difference is not checked.
"""

from pathlib import Path

from estimator.validation import validate

REPLAY = Path(__file__).resolve().parents[2] / "benchmarks" / "gpu" / "results" / "replay.json"
TOLERANCE = 0.005


def test_the_replayed_grid_is_predicted_within_half_a_percent_but_for_adapters_of_experts() -> None:
    found = validate("memory", REPLAY)
    assert not found.skipped
    assert len(found.scored) >= 15
    off = [item.id for item in found.scored if abs(item.predicted / item.measured - 1.0) > TOLERANCE]
    assert all("moe" in name and "method=lora" in name for name in off), off
    assert len({item.id.split()[2] for item in found.scored}) >= 4


def test_each_replay_was_predicted_before_it_was_counted() -> None:
    from estimator.validation import read_cases

    assert all(case["prediction"]["made"] and case["prediction"]["allocated_gib"] for case in read_cases(REPLAY))
