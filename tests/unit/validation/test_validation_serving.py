"""Serving cases are built from whatever they state."""

from typing import Any

import pytest

from estimator.memory import parameter_count
from estimator.validation import bundled
from estimator.validation.serving import validate_serving
from estimator.validation.serving_setup import architecture_of, serving_case

MIXTRAL = {
    "params_b": 46.703,
    "active_params_b": 12.749,
    "layers": 32,
    "hidden": 4096,
    "heads": 32,
    "kv_heads": 8,
    "ffn": 14336,
    "vocab": 32000,
    "moe": True,
}


def case(**setup: Any) -> dict[str, Any]:
    given = {"gpu": "H100-SXM5-80GB", "gpus": 2, "precision": "fp8", "input_tokens": 128, "output_tokens": 128}
    return {
        "id": "x",
        "model": "somebody's model",
        "architecture": MIXTRAL,
        "setup": given | setup,
        "measured": {"output_tokens_per_s_total": 1000.0},
    }


def test_experts_are_found_from_totals() -> None:
    found = architecture_of(case())
    assert (found.experts, found.experts_per_token) == (8, 2)
    assert parameter_count(architecture=found).total == pytest.approx(46.7e9, rel=0.01)
    assert parameter_count(architecture=found).active == pytest.approx(12.75e9, rel=0.015)


def test_every_bundled_dense_case_has_its_stated_parameters() -> None:
    for item in bundled("serving"):
        stated = item["architecture"]
        count = parameter_count(architecture=architecture_of(item)).total
        assert count == pytest.approx(stated["params_b"] * 1e9, rel=0.04), item["id"]


def test_stages_and_copies() -> None:
    stages = serving_case(case(gpus=8, parallelism={"tp": 4, "pp": 2})).on.work
    assert (stages.gpus, stages.split) == (8, 4)
    copies = serving_case(case(gpus=8, parallelism="DEP8")).on.work
    assert (copies.gpus, copies.split) == (8, 1)
    assert copies.resident_bytes > stages.resident_bytes


def test_unknown_engines_and_missing_keys_are_predicted_and_said() -> None:
    found = validate_serving((case(engine="nobody's engine", batch=8, precision=None),))
    assert not found.skipped
    assert "unknown engine" in found.scored[0].facts["notes"]
    assert found.scored[0].predicted > 0


@pytest.mark.parametrize(
    "broken",
    [
        case(gpu="Abacus"),
        case(output_tokens=0),
        case() | {"measured": {}},
        case() | {"architecture": {}},
        case() | {"setup": 3},
    ],
)
def test_what_cannot_be_predicted_is_skipped_with_a_reason(broken: dict[str, Any]) -> None:
    found = validate_serving((broken,))
    assert not found.scored
    assert found.skipped[0].reason


def test_latencies_stand_beside_their_measurements() -> None:
    measured = {"output_tokens_per_s_total": 1000.0, "ttft_ms": 50.0, "itl_ms": 10.0}
    found = validate_serving((case(engine="vLLM", concurrency=8) | {"measured": measured},))
    data = found.to_dict()["cases"][0]
    assert data["measured_ttft_ms"] == 50.0
    assert data["predicted_itl_ms"] > 0
    assert {row["what"] for row in found.to_dict()["latency"]} == {"ttft_ms", "itl_ms"}
