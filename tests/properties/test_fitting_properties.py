"""What must hold for any run: the inversion is tight, and no rung of the ladder needs more."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.catalog import load_catalog
from estimator.fitting import memory_of
from estimator.memory import fit, training_peak
from estimator.memory.fit import LARGEST_MICRO_BATCH, LARGEST_SEQ_LEN
from estimator.units import GIB

CATALOG = load_catalog()
GPUS = ("T4", "4090", "A100-40GB", "H100-80GB", "B200")
MODELS = ("Qwen/Qwen2.5-0.5B", "meta-llama/Llama-3.1-8B", "google/gemma-2-9b", "Qwen/Qwen3-30B-A3B")

choices = st.fixed_dictionaries(
    {
        "model": st.sampled_from(MODELS),
        "gpu": st.sampled_from(GPUS),
        "method": st.sampled_from(["full", "lora", "qlora", "dora"]),
        "checkpointing": st.sampled_from(["none", "selective", "full", "offloaded"]),
        "cross_entropy": st.sampled_from(["eager", "chunked", "fused_linear"]),
        "attention": st.sampled_from(["flash", "eager"]),
        "optimizer": st.sampled_from(["adamw", "adamw_fused", "adamw_8bit"]),
        "micro_batch": st.integers(1, 33),
        "seq_len": st.sampled_from([1, 128, 1000, 4096]),
        "gpus": st.sampled_from([1, 2, 8]),
    }
)


@settings(max_examples=40, deadline=None)
@given(asked=choices)
def test_the_largest_sizes_fit_and_one_more_does_not(asked: dict[str, object]) -> None:
    answer = memory_of(**asked)
    (place,) = answer.places

    def fits(micro_batch: float, seq_len: float) -> bool:
        peak = training_peak(
            architecture=answer.architecture, setup=answer.setup, micro_batch=micro_batch, seq_len=seq_len
        )
        return fit(peak=peak, accelerator=place.accelerator, margin=answer.margin).fits

    batch, length = place.largest_micro_batch, place.largest_seq_len
    assert batch == 0 or fits(float(batch), answer.seq_len)
    assert batch == LARGEST_MICRO_BATCH or not fits(float(batch + 1), answer.seq_len)
    assert length == 0 or fits(answer.micro_batch, float(length))
    assert length == LARGEST_SEQ_LEN or not fits(answer.micro_batch, float(length + 1))
    assert place.fit.fits == (batch >= answer.micro_batch) == (length >= answer.seq_len)


@settings(max_examples=15, deadline=None)
@given(asked=choices)
def test_rungs_never_need_more_and_ways_fit(asked: dict[str, object]) -> None:
    found = memory_of(**asked).ladder
    if found is None:
        return
    top = found.start.needed_bytes
    for rung in found.rungs:
        if rung.alone is not None:
            assert rung.alone.saved_bytes >= 0.0
            assert rung.alone.needed_bytes <= found.start.needed_bytes
        if rung.together is not None:
            assert rung.together.needed_bytes <= top
            top = rung.together.needed_bytes
    for way in (*found.smallest, *found.cheapest):
        assert way.tried.run.fit.fits


@settings(max_examples=25, deadline=None)
@given(asked=choices)
def test_larger_devices_hold_no_smaller_micro_batch(asked: dict[str, object]) -> None:
    answer = memory_of(**{**asked, "gpu": None})
    usable = [place.fit.usable_bytes for place in answer.places]
    assert usable == sorted(usable)
    for sizes in ("largest_micro_batch", "largest_seq_len"):
        found = [getattr(place, sizes) for place in answer.places]
        assert found == sorted(found)


@settings(max_examples=25, deadline=None)
@given(asked=choices, more=st.integers(1, 8))
def test_a_larger_micro_batch_never_needs_less(asked: dict[str, object], more: int) -> None:
    few = memory_of(**asked)
    many = memory_of(**{**asked, "micro_batch": asked["micro_batch"] + more})  # type: ignore[operator]
    assert many.peak.device_bytes >= few.peak.device_bytes
    assert np.isfinite(many.peak.device_bytes / GIB)
