"""Constants in code are those of the sourced rows, and each generation of an engine is found by what people write."""

from dataclasses import fields

import pytest

from estimator.catalog import load_catalog
from estimator.errors import InputError
from estimator.serving import constants, engine_of, engines
from estimator.serving.fitted import ENGINE_FITS

ROWS = {row.id.removeprefix("serving."): row for row in load_catalog().rows("constants/serving")}


def in_code(name: str) -> float:
    if name.startswith("engine."):
        label, key = name.removeprefix("engine.").rsplit(".", 1)
        return ENGINE_FITS[label][key]
    return float(
        getattr(constants.PHYSICS, name) if hasattr(constants.PHYSICS, name) else getattr(constants, name.upper())
    )


@pytest.mark.parametrize("name", sorted(ROWS))
def test_serving_constants_agree_with_their_rows(name: str) -> None:
    assert in_code(name) == ROWS[name].mode


def test_every_constant_has_a_row() -> None:
    physics = {item.name for item in fields(constants.Physics)}
    own = {f"engine.{label}.{key}" for label, fitted in ENGINE_FITS.items() for key in fitted}
    assert physics | own | {"cache_minimum", "tight_weights"} == set(ROWS)


@pytest.mark.parametrize(
    ("written", "version", "on", "expected"),
    [
        ("vLLM", "0.6.3", None, "vllm@0.6"),
        ("vLLM", "0.23.0", None, "vllm@0.8"),
        ("vllm@0.4", None, None, "vllm@0.3"),
        ("vLLM", None, "2023-11-01", "vllm@0.1"),
        ("vLLM", None, "2025-01-01", "vllm@0.6"),
        ("vLLM", None, None, "vllm@0.8"),
        ("TensorRT-LLM (PyTorch backend)", "1.0", None, "tensorrt-llm@0.17"),
        ("TensorRT-LLM", "v0.12.0", None, "tensorrt-llm@0.10"),
        ("Triton (TRT-LLM/FT)", None, "2023-11-01", "tensorrt-llm@0.5"),
        ("NIM", None, None, "tensorrt-llm@0.17"),
        ("NVIDIA NIM", "1.2", "2024-11-01", "tensorrt-llm@0.10"),
        ("vLLM (HF weights)", "0.9", None, "vllm@0.8"),
        ("HF transformers 4.46", "4.46.0", None, "transformers@4"),
        ("SGLang", "0.4", None, "sglang@0"),
    ],
)
def test_the_generation_of_an_engine(written: str, version: str | None, on: str | None, expected: str) -> None:
    assert engine_of(written, version=version, on=on).label == expected


@pytest.mark.parametrize(
    ("written", "label"),
    [("tritonserver", "tensorrt-llm@0.5"), ("vllmv0.6", "vllm@0.8"), ("FasterTransformer", "tensorrt-llm@0.5")],
)
def test_engines_are_known_by_the_names_of_their_servers(written: str, label: str) -> None:
    assert engine_of(written).label == label


@pytest.mark.parametrize("written", ["vlm", "vllmm", "nimble", "shift"])
def test_an_unknown_engine_is_one_line(written: str) -> None:
    with pytest.raises(InputError, match=rf"engine: '{written}' is not one of .*vllm"):
        engine_of(written)


def test_a_later_vllm_spends_less_on_a_step_than_the_first() -> None:
    by_label = {item.label: item for item in engines()}
    assert by_label["vllm@0.8"].step_seconds < by_label["vllm@0.3"].step_seconds < by_label["vllm@0.1"].step_seconds
