"""Many futures are computed a window at a time, which changes no figure."""

import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from estimator import estimate, load, loads
from estimator.errors import InputError
from estimator.inputs import joined_values
from estimator.tco import Path as Months
from estimator.tco import joined_paths, narrowed

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
DRAWS = 2_500
PLAN = """  later:
    stages:
      - use: prompt
      - use: lora
        from: month 6
        if: {requests_per_month: "> 150k"}
"""
PEAK = """
from pathlib import Path
from estimator import estimate, load
estimate(load({path!r}), draws={draws}, window={window}).to_dict()
status = Path('/proc/self/status').read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith('VmHWM')))
"""


@pytest.mark.parametrize("window", [1_000, 1_333])
def test_the_window_changes_no_figure(window: int) -> None:
    scenario = loads((EXAMPLES / "triage.yaml").read_text(encoding="utf-8") + PLAN)
    whole, parts = (estimate(scenario, draws=DRAWS, seed=3, window=size).to_dict() for size in (DRAWS, window))
    assert json.dumps(parts) == json.dumps(whole)


def test_every_future_is_that_of_the_whole() -> None:
    scenario = load(EXAMPLES / "contract-review.yaml")
    whole, parts = (estimate(scenario, draws=2_000, window=window) for window in (2_000, 1_000))
    for name, option in whole.options.items():
        for figure in (
            "cost",
            "net_benefit",
            "mean_quality",
            "successes",
            "cost_per_success",
            "cumulative_net_benefit",
        ):
            here, there = (getattr(item, figure) for item in (option.outcome, parts.options[name].outcome))
            np.testing.assert_array_equal(here, there, err_msg=f"{name} {figure}")
    for one, other in zip(whole.inputs, parts.inputs, strict=True):
        np.testing.assert_array_equal(one.value, other.value, err_msg=one.key)


def test_a_pinned_input_is_seen_in_its_window() -> None:
    scenario = load(EXAMPLES / "triage.yaml")
    pinned = {"task.value_per_success": np.linspace(0.1, 0.9, 2_001)}
    whole, parts = (estimate(scenario, draws=2_000, window=size, pinned=pinned) for size in (2_000, 1_000))
    for name, option in whole.options.items():
        np.testing.assert_array_equal(option.outcome.net_benefit, parts.options[name].outcome.net_benefit)


def test_replicas_that_are_at_their_minimum_in_one_window_alone_change_no_digit() -> None:
    pinned = {"serving.peak_to_mean": np.linspace(1.0, 40.0, 2_101)}
    whole, parts = (
        estimate(
            load(EXAMPLES / "triage.yaml"), seed=2, draws=2_100, window=size, pinned=pinned, typical=True
        ).to_dict()
        for size in (2_100, 1_000)
    )
    assert json.dumps(parts) == json.dumps(whole)


def test_a_window_that_is_too_small_is_refused() -> None:
    with pytest.raises(InputError, match="window: 10 is below 1,000 futures"):
        estimate(load(EXAMPLES / "triage.yaml"), draws=2_000, window=10)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
def test_windows_take_less_memory_than_the_whole() -> None:
    def peak(window: int) -> int:
        code = PEAK.format(path=str(EXAMPLES / "contract-review.yaml"), draws=12_000, window=window)
        return int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)

    assert peak(2_000) < 0.85 * peak(12_000)


def test_the_central_case_stays_exact() -> None:
    path = narrowed(np.array([[0.1, 0.2], [0.3, 0.4]]))
    assert path.all()[0].tolist() == [0.1, 0.2]
    np.testing.assert_allclose(path.all()[1], [0.3, 0.4], rtol=6e-8)


def test_a_window_without_futures_of_its_own_repeats_the_central_case() -> None:
    certain, varied = Months(np.array([5.0])), Months(np.array([5.0]), np.array([[6.0]], dtype=np.float32))
    assert joined_paths([certain, varied], [2, 1]).all().ravel().tolist() == [5.0, 5.0, 5.0, 6.0]
    assert joined_paths([certain, certain], [2, 1]).futures is None
    assert joined_values([2.0, np.array([2.0, 3.0])], [2, 1]).tolist() == [2.0, 2.0, 2.0, 3.0]  # type: ignore[union-attr]
    assert joined_values([2.0, 2.0], [2, 1]) == 2.0


def months_of_futures(item: Any, name: str = "", seen: set[int] | None = None) -> Iterator[str]:
    """Names of the arrays, within what an estimate holds, of months in each future at full precision."""
    seen = set() if seen is None else seen
    if id(item) in seen or isinstance(item, (str, int, float, type, Months)):
        return
    seen.add(id(item))
    if isinstance(item, np.ndarray):
        if item.ndim == 2 and len(item) > 1:
            yield name
        return
    below = dict(item) if isinstance(item, Mapping) else vars(item) if hasattr(item, "__dict__") else {}
    if dataclasses.is_dataclass(item):
        below = {**below, **{each.name: getattr(item, each.name) for each in dataclasses.fields(item)}}
    if isinstance(item, (list, tuple)):
        below = dict(enumerate(item))
    for key, value in below.items():
        yield from months_of_futures(value, f"{name}.{key}", seen)


def test_a_lean_estimate_says_the_same_without_the_months_of_its_lines():
    scenario = load(EXAMPLES / "triage.yaml")
    whole, lean = (estimate(scenario, draws=1_000, lean=lean) for lean in (False, True))
    assert not list(months_of_futures(lean.options, "options"))
    assert any(name.endswith("care.quality") for name in months_of_futures(whole.options, "options"))
    assert lean.to_dict() == whole.to_dict()
    kept, let_go = (max(len(line.times) for line in item.options["lora"].outcome.costs.lines) for item in (whole, lean))
    assert (kept, let_go) == (1_001, 1)
