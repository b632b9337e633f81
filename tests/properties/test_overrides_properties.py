"""Overrides: any text is a scenario or one clear line, and what they say is what the file could have said."""

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from estimator import EstimatorError, Scenario, load
from estimator.scenario import from_data, parse_overrides, to_data, with_overrides

DATA = to_data(load(Path(__file__).parents[2] / "examples" / "triage.yaml"))
WORDS = (
    "options lora qlora tuning labels task pilot 0 2 quality workload tokens prompt requests_per_month kind low mode "
    "value_per_success escalation inference.gpu evidence extends annotation minutes source horizon -1 00"
)
STEPS = st.sampled_from(re.split(r" ", WORDS))
PATHS = st.one_of(st.lists(STEPS, min_size=1, max_size=6).map(".".join), st.text(max_size=20))
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["3", "80%", "1 to 2", "{low: 1, mode: 2, high: 3}", "[1, 2]", "null", "lora", "{value: 3}", "&a [*a]"]
    ),
)


@settings(max_examples=250, deadline=None)
@given(st.lists(st.tuples(PATHS, VALUES), min_size=1, max_size=3))
def test_any_override_is_a_scenario_or_one_line(pairs: list[tuple[str, str]]) -> None:
    told = ""
    try:
        overrides = parse_overrides([f"{path}={value}" for path, value in pairs], flag="--set")
        found = from_data(DATA, overrides=overrides, flag="--set")
    except EstimatorError as error:
        told = str(error)
    else:
        assert isinstance(found, Scenario)
        return
    assert 0 < len(told) < 1000


@settings(max_examples=200, deadline=None)
@given(st.floats(1, 1e9), st.integers(1, 240), st.sampled_from(["lora", "qlora", "lora_rag"]))
def test_an_override_equals_the_edited_file(volume: float, months: int, option: str) -> None:
    edited = to_data(from_data(DATA))
    edited["workload"]["requests_per_month"] = volume
    edited["horizon"] = months
    edited["options"][option].setdefault("tuning", {})["labels"] = 4321
    held = {"workload.requests_per_month": volume, "horizon": months, f"options.{option}.tuning.labels": 4321}
    assert from_data(with_overrides(DATA, held, sourced=False)) == from_data(edited)
