"""Cases of measured peaks and of runs out of memory: what is read, what is refused, what each counter sees."""

from typing import Any

import pytest

from estimator.validation.fit import validate_fit
from estimator.validation.memory import validate_memory
from estimator.validation.setups import measured_peak, setup_of, source_of

TINY = {
    "model_type": "llama",
    "hidden_size": 64,
    "intermediate_size": 160,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "vocab_size": 512,
    "max_position_embeddings": 512,
}
SETUP = {"method": "lora", "micro_batch": 2, "seq_len": 256, "gpu": "T4"}


def a_case(**changes: Any) -> dict[str, Any]:
    measured = {"peak_gib": 1.0, "counter": "allocated", "oom": False}
    return {"id": "mine", "architecture": TINY, "setup": SETUP, "measured": measured} | changes


def test_each_counter_sees_its_own_bytes() -> None:
    counters = ("simulated", "allocated", "reserved", "nvml", "unknown")
    cases = [a_case(measured={"peak_gib": 1.0, "counter": counter}) for counter in counters]
    replayed, allocated, reserved, nvml, unknown = (case.predicted for case in validate_memory(cases).scored)
    assert replayed < allocated < reserved < nvml
    assert unknown == reserved


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"measured": None}, "measured.peak_gib: None is not a number above 0"),
        ({"measured": {"peak_gib": True}}, "measured.peak_gib: True"),
        ({"measured": {"peak_gib": 1.0, "counter": "eyes"}}, "measured.counter: 'eyes' is not one of allocated"),
        ({"setup": None}, "setup: missing; give the configuration"),
        ({"setup": {**SETUP, "seq_len": True}}, "setup.seq_len: True is not a number above 0"),
        ({"setup": {**SETUP, "micro_batch": 0}}, "setup.micro_batch: 0 is not a number above 0"),
        ({"setup": {**SETUP, "method": "magic"}}, "setup.method: 'magic' is not one of"),
        ({"setup": {**SETUP, "lora_rank": "many"}}, "setup.lora_rank: 'many' is not a number above 0"),
        ({"setup": {**SETUP, "parallelism": {"tp": "two"}}}, "setup: invalid literal"),
        ({"architecture": None}, "model: missing; give a catalog name"),
        ({"architecture": None, "model": "nobody/none"}, "nobody/none"),
    ],
)
def test_a_case_that_says_too_little_is_skipped_with_its_reason(changes: dict[str, Any], words: str) -> None:
    found = validate_memory((a_case(**changes), a_case()))
    assert [case.id for case in found.scored] == ["mine"]
    assert words in found.skipped[0].reason


def test_lists_and_ways_of_parallelism_of_a_case_reach_the_configuration() -> None:
    found = setup_of({"lora_targets": ["q_proj", "v_proj"], "parallelism": {"tp": 2, "pp": 0}, "grad_accum": 4})
    assert found.targets == ("q_proj", "v_proj")
    assert (found.tensor_parallel, found.pipeline_parallel, found.gradient_accumulation) == (2, 1, 4)


def test_module_names_tell_the_library() -> None:
    assert setup_of({"lora_targets": ["query", "value"]}).implementation == "litgpt"
    assert setup_of({"lora_targets": "output_proj"}).implementation == "torchtune"


def test_a_model_may_come_with_its_case() -> None:
    by_name = measured_peak(a_case(architecture=None, model="Qwen/Qwen3-8B")).peak
    assert by_name.allocated.value > 100 * measured_peak(a_case()).peak.allocated.value


def test_the_cap_of_a_length_forgives_half_more() -> None:
    known = validate_memory((a_case(),)).scored[0].predicted
    measured = {"peak_gib": known / 1.4, "counter": "allocated"}
    strict, capped = validate_memory(
        (a_case(measured=measured), a_case(setup={**SETUP, "sequence_is_cap": True}, measured=measured))
    ).scored
    assert strict.signed_error == pytest.approx(0.4)
    assert capped.signed_error == 0.0


def test_what_fitted_and_what_did_not() -> None:
    big = {**SETUP, "micro_batch": 64, "seq_len": 32768}
    ran, missed, right = (
        a_case(),
        a_case(measured={"oom": True}, weight=3.0),
        a_case(setup=big, model="Qwen/Qwen3-8B", architecture=None, measured={"oom": True}),
    )
    found = validate_fit((ran, missed, right))
    assert [(case.predicted, case.measured) for case in found.scored] == [(1.0, 1.0), (1.0, 2.0), (2.0, 2.0)]
    rates = found.extra["rates"]
    assert rates["out_of_memory"] == {"n": 2, "wrong": 1, "share": 0.5, "weighted_share": 0.75}
    assert rates["ran"] == {"n": 1, "wrong": 0, "share": 0.0, "weighted_share": 0.0}
    assert found.notes[0] == "ran out of memory, called fits: 1 of 2, skipped cases included"


def test_a_run_that_cannot_be_predicted_counts_as_wrong() -> None:
    found = validate_fit((a_case(setup={**SETUP, "gpu": None}), a_case(measured={"oom": "perhaps"})))
    assert "setup.gpu: missing" in found.skipped[0].reason
    assert "measured.oom: 'perhaps' is neither true nor false" in found.skipped[1].reason
    assert found.extra["rates"]["ran"]["wrong"] == 1
    assert found.extra["rates"]["out_of_memory"]["share"] is None


@pytest.mark.parametrize(("source", "said"), [(None, "–"), ("http://a.org/b/c/d", "a.org/b/c"), ("a paper", "a paper")])
def test_sources_are_grouped_by_host_owner_and_repository(source: str | None, said: str) -> None:
    assert source_of({"source": source}) == said
