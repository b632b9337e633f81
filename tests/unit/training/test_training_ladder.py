"""The ladder: every rung is the model run again with that change."""

from dataclasses import replace

import pytest

from estimator.catalog import load_catalog
from estimator.memory import fit, training_peak
from estimator.memory.choices import usual_setup
from estimator.training import step_time
from estimator.training.ladder import Ladder, ladder
from estimator.training.pace import checkpoint_offload_bytes, tokens_per_s
from estimator.training.rungs import CHANGES, SizedRun, smaller_micro_batch
from estimator.training.wider import share_of_step

CATALOG = load_catalog()
DEVICES = [CATALOG.accelerator(name) for name in CATALOG.accelerators()]


def run_of(model: str = "meta-llama/Llama-3.1-8B", gpu: str = "H100-80GB", **given: object) -> SizedRun:
    sizes = {"micro_batch": 4.0, "seq_len": 4096.0}
    chosen = {name: float(given.pop(name)) for name in list(given) if name in sizes}  # type: ignore[arg-type]
    return SizedRun(
        architecture=CATALOG.architecture(model),
        setup=usual_setup(**given),
        accelerator=CATALOG.accelerator(gpu),
        **{**sizes, **chosen},
    )


def rungs_of(found: Ladder) -> dict[str, object]:
    return {rung.name: rung for rung in found.rungs}


FULL = run_of(method="full", checkpointing="none", attention="eager", micro_batch=8)
FOUND = ladder(run=FULL, accelerators=DEVICES)


def test_every_change_that_the_issue_names_is_a_rung() -> None:
    names = {rung.name for rung in FOUND.rungs} | {"paged"}
    assert names >= {
        "attention",
        "loss",
        "micro_batch",
        "checkpointing",
        "optimizer_8bit",
        "offload_activations",
        "offload_optimizer",
        "lora",
        "qlora",
        "offload_all",
        "more_gpus",
        "larger_gpu",
    }


def test_a_rung_alone_is_the_model_run_again_with_its_change() -> None:
    (rung,) = [item for item in FOUND.rungs if item.name == "checkpointing"]
    assert rung.alone is not None
    setup = replace(FULL.setup, checkpointing="full")
    peak = training_peak(architecture=FULL.architecture, setup=setup, micro_batch=8.0, seq_len=4096.0)
    expected = fit(peak=peak, accelerator=FULL.accelerator, margin=FULL.margin)
    assert rung.alone.run.setup == setup
    assert rung.alone.needed_bytes == expected.needed_bytes
    assert rung.alone.saved_bytes == FULL.fit.needed_bytes - expected.needed_bytes

    def rate(which: SizedRun) -> float:
        step = step_time(
            architecture=which.architecture,
            setup=which.setup,
            accelerator=which.accelerator,
            micro_batch=8.0,
            seq_len=4096.0,
        )
        return float(step.tokens_per_s_per_gpu)

    assert rung.alone.wall_factor == pytest.approx(rate(FULL) / rate(replace(FULL, setup=setup)))
    assert rung.alone.wall_factor > 1.0


def test_the_climb_never_needs_more_and_each_step_adds_to_the_last() -> None:
    needed = [
        rung.together.needed_bytes for rung in FOUND.rungs if rung.together is not None and rung.kind != "hardware"
    ]
    assert len(needed) > 5
    assert needed == sorted(set(needed), reverse=True)


def test_ways_fit_and_the_cheapest_takes_no_more_time_than_the_smallest() -> None:
    assert [way.scope for way in FOUND.smallest] == ["same method and devices", "another method", "other devices"]
    for small, cheap in zip(FOUND.smallest, FOUND.cheapest, strict=True):
        assert small.tried.fits
        assert cheap.tried.fits
        assert small.tried.run.fit.fits
        assert len(small.changes) <= len(cheap.changes)
        assert cheap.tried.device_factor <= small.tried.device_factor
    kept = FOUND.smallest[0].tried.run
    assert (kept.setup.method, kept.accelerator, kept.setup.gpus) == ("full", FULL.accelerator, 1)


def test_no_smaller_group_fits_than_the_smallest_way() -> None:
    (small, *_) = FOUND.smallest
    singles = [change.apply(FULL) for change in CHANGES if change.kind != "method"]
    fitting = [run for run in singles if run is not None and run.fit.fits]
    assert (len(small.changes) == 1) == bool(fitting)


def test_a_smaller_micro_batch_keeps_the_global_batch_and_is_the_largest_that_fits() -> None:
    run = run_of(method="lora", micro_batch=24, checkpointing="full", gpu="A100-40GB")
    changed = smaller_micro_batch(run)
    assert changed is not None
    assert changed.sequences == run.sequences == 24.0
    assert changed.fit.fits
    larger = next(size for size in range(int(changed.micro_batch) + 1, 25) if 24 % size == 0)
    setup = replace(run.setup, gradient_accumulation=24 / larger)
    assert not replace(run, setup=setup, micro_batch=float(larger)).fit.fits


def test_more_devices_share_the_sequences_of_a_step() -> None:
    run = run_of(method="full", micro_batch=6, gradient_accumulation=4)
    changed = share_of_step(run, 8)
    assert (changed.setup.gpus, changed.setup.sharding) == (8, "fsdp")
    assert changed.sequences * 8 == 24.0
    single = share_of_step(run_of(method="full", micro_batch=1), 4)
    assert (single.micro_batch, single.sequences) == (1.0, 1.0)


def test_a_change_without_effect_is_said_and_not_a_rung() -> None:
    found = ladder(
        run=run_of(model="meta-llama/Llama-3.1-70B", method="full", micro_batch=1, seq_len=512), accelerators=DEVICES
    )
    assert "fused linear loss" in found.without_effect
    assert "loss" not in rungs_of(found)


def test_devices_without_a_rate_have_no_time() -> None:
    bare = replace(CATALOG.accelerator("4090"), matmul_flops_per_s={}, peak_flops_per_s={})
    run = replace(run_of(method="full"), accelerator=bare)
    assert tokens_per_s(run) is None
    found = ladder(run=run, accelerators=())
    assert all(rung.alone is None or rung.alone.device_factor is None for rung in found.rungs)
    assert "larger_gpu" not in rungs_of(found)


def test_checkpoints_on_the_host_cost_time() -> None:
    assert checkpoint_offload_bytes(tokens=1.0, hidden=10.0, layers=3.0) == 120.0
    kept, moved = run_of(), run_of(checkpointing="offloaded")
    assert tokens_per_s(moved) < tokens_per_s(kept)
