"""Peers without their packages: what they are told, what is left out; stored results and tables are of today."""

import json
import sys
from collections.abc import Mapping
from enum import Enum
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from benchmarks.peers import peer_accelerate, peer_deepspeed, peer_ftune
from benchmarks.peers.peer import LeftOutError, MissingPeerError, as_run
from benchmarks.peers.rules import RULES, bytes_per_parameter, constant_share
from benchmarks.peers.run import PEERS, RESULTS, scored, written
from benchmarks.peers.scoring import compared, entry, ours, runs_of
from benchmarks.peers.table import pages
from estimator.units import GIB
from estimator.validation import bundled

LLAMA = "meta-llama/Llama-3.1-8B"
PARAMETERS = 8_030_261_248
FULL = {"method": "full", "weights_dtype": "fp32", "autocast": "bf16", "optimizer": "adamw", "checkpointing": "full"}
LORA = {"method": "lora", "lora_rank": 8, "lora_targets": ["q_proj", "v_proj"], "optimizer": "adamw_8bit"}
TIME = {
    "id": "t",
    "model": "dense",
    "architecture": {
        "params_b": 8.03,
        "layers": 32,
        "hidden": 4096,
        "heads": 32,
        "kv_heads": 8,
        "ffn": 14336,
        "vocab": 128256,
    },
    "setup": {
        "method": "full",
        "precision": "bf16",
        "seq_len": 2048,
        "micro_batch": 1,
        "gpu": "H100-SXM5-80GB",
        "gpus": 1,
    },
    "measured": {"tokens_per_s_per_gpu": 9000.0},
}


def memory_case(counter: str = "allocated", **setup: Any) -> dict[str, Any]:
    return {
        "id": "m",
        "model": LLAMA,
        "setup": {"micro_batch": 2, "seq_len": 1024, **(setup or FULL)},
        "measured": {"peak_gib": 100.0, "counter": counter},
    }


def memory_run(**setup: Any) -> Any:
    return as_run("memory", memory_case(**setup))


def time_run(**setup: Any) -> Any:
    return as_run("time", {**TIME, "setup": TIME["setup"] | setup})


def pretend(monkeypatch: pytest.MonkeyPatch, **modules: Mapping[str, Any]) -> None:
    """Put modules with some contents where an import finds them; `__` stands for a dot."""
    for name, contents in modules.items():
        parts = name.split("__")
        for end in range(1, len(parts) + 1):
            path = ".".join(parts[:end])
            if not isinstance(sys.modules.get(path), ModuleType) or end == len(parts):
                monkeypatch.setitem(sys.modules, path, ModuleType(path))
        vars(sys.modules[".".join(parts)]).update(contents)
        if len(parts) > 1:
            setattr(sys.modules[".".join(parts[:-1])], parts[-1], sys.modules[".".join(parts)])


@cache
def results() -> dict[str, Any]:
    return json.loads(RESULTS.read_text(encoding="utf-8"))


def test_accelerate_is_given_the_model_as_32_bit_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, str]] = []

    class Empty:
        def __enter__(self) -> None: ...
        def __exit__(self, *_: object) -> None: ...

    def usage(size: int, dtype: str) -> dict[str, int]:
        asked.append((size, dtype))
        return {"model": size, "optimizer": 2 * size, "step": 4 * size}

    model = SimpleNamespace(float=lambda: "float model")
    pretend(
        monkeypatch,
        accelerate={"init_empty_weights": Empty},
        accelerate__commands={},
        accelerate__commands__estimate={"estimate_training_usage": usage},
        accelerate__utils={"calculate_maximum_sizes": lambda _: (2**30, (1, "layer"))},
        transformers={
            "AutoConfig": SimpleNamespace(for_model=lambda kind, **keys: (kind, keys["hidden_size"])),
            "AutoModel": SimpleNamespace(from_config=lambda known: model if known == ("llama", 4096) else None),
        },
    )
    predict = peer_accelerate.PEER.ready()
    assert predict(memory_run(**FULL)) == 4.0
    assert predict(memory_run(**FULL | {"autocast": "none"})) == 4.0
    assert asked == [(2**30, "float16"), (2**30, "float32")]
    with pytest.raises(LeftOutError, match="adapters"):
        predict(memory_run(**LORA))


def test_deepspeed_is_given_counts_devices_and_offloading(monkeypatch: pytest.MonkeyPatch) -> None:
    def zero2(total: int, *, num_gpus_per_node: int, cpu_offload: bool) -> tuple[int, int]:
        assert (total, num_gpus_per_node, cpu_offload) == (PARAMETERS, 4, False)
        return 0, 2**31

    def zero3(
        total: int, largest: int, *, num_gpus_per_node: int, cpu_offload: bool, cpu_offload_params: bool
    ) -> tuple[int, int, int]:
        assert (total, largest, num_gpus_per_node) == (PARAMETERS, 128256 * 4096, 8)
        return 0, 2**30 if cpu_offload and cpu_offload_params else 2**32, largest

    pretend(
        monkeypatch,
        deepspeed__runtime__zero__stage3={"estimate_zero3_model_states_mem_needs": zero3},
        deepspeed__runtime__zero__stage_1_and_2={"estimate_zero2_model_states_mem_needs": zero2},
    )
    predict = peer_deepspeed.PEER.ready()
    assert predict(memory_run(**FULL, sharding="zero2", gpus=4)) == 2.0
    assert predict(memory_run(**FULL, sharding="fsdp", gpus=8)) == 4.0
    assert predict(memory_run(**FULL, sharding="zero3", gpus=8, offload="params")) == 1.0
    with pytest.raises(LeftOutError, match="neither ZeRO-2"):
        predict(memory_run(**FULL))


def pretend_ftune(monkeypatch: pytest.MonkeyPatch) -> None:
    def choice(name: str, *values: str) -> Any:
        return Enum(name, {value: value for value in values})

    pretend(
        monkeypatch,
        ftuneai={},
        ftuneai__core={},
        ftuneai__core__models={
            "ModelSpec": SimpleNamespace,
            "TrainingConfig": SimpleNamespace,
            "FineTuneMethod": choice("FineTuneMethod", "full", "lora", "qlora"),
            "Quantization": choice("Quantization", "none", "4bit", "8bit"),
            "OptimizerType": choice("OptimizerType", "adamw", "adam_8bit"),
            "LoRATarget": choice("LoRATarget", "attention", "attention_all", "all_linear"),
            "ShardingStrategy": choice("ShardingStrategy", "none", "zero_3"),
        },
    )


def test_ftune_is_given_shape_and_settings_in_its_terms(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_ftune(monkeypatch)
    seen: list[Any] = []

    class MemoryEstimator:
        def __init__(self, *given: Any) -> None:
            seen.extend(given)

        def estimate(self) -> Any:
            return SimpleNamespace(total_gb=12.5)

    pretend(monkeypatch, ftuneai__core__memory={"MemoryEstimator": MemoryEstimator})
    assert peer_ftune.MEMORY.ready()(memory_run(**LORA, gpus=2, sharding="zero3", attention="eager")) == 12.5
    spec, config = seen
    assert (spec.parameters, spec.num_kv_heads, spec.default_dtype) == (PARAMETERS, 8, "bfloat16")
    assert (config.optimizer.value, config.lora_target.value, config.lora_rank) == ("adam_8bit", "attention", 8)
    assert (config.sharding.value, config.num_gpus, config.flash_attention) == ("zero_3", 2, False)


def test_ftune_time_is_its_tokens_over_its_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_ftune(monkeypatch)

    class TimeEstimator:
        def __init__(self, _: Any, config: Any) -> None:
            self.length = config.seq_length

        def estimate(self, *, gpu: str, dataset_size: int, epochs: int, num_gpus: int) -> Any:
            assert (gpu, epochs, num_gpus) == ("H100-80GB's row", 1, 1)
            tokens = dataset_size * self.length
            return SimpleNamespace(total_tokens=tokens, total_hours=tokens / (1000.0 * 3600.0))

    pretend(
        monkeypatch,
        ftuneai__core__time={"TimeEstimator": TimeEstimator},
        ftuneai__loader={"get_gpu": lambda name: f"{name}'s row"},
    )
    assert peer_ftune.TIME.ready()(time_run()) == pytest.approx(1000.0)


@pytest.mark.parametrize(
    ("setup", "reason"),
    [
        (FULL | {"checkpointing": "selective"}, "selective recomputation"),
        (FULL | {"optimizer": "paged_adamw"}, "paged optimizers"),
        (FULL | {"seq_len": 200_000}, "refuses lengths"),
        (LORA | {"lora_targets": ["k_proj"]}, "LoRA targets"),
        (LORA | {"method": "dora"}, "DoRA"),
    ],
)
def test_what_ftune_has_no_terms_for_is_left_out(setup: Mapping[str, Any], reason: str) -> None:
    with pytest.raises(LeftOutError, match=reason):
        peer_ftune.memory_settings(memory_run(**setup))


def test_rules_by_hand() -> None:
    assert bytes_per_parameter(memory_run(**FULL), count=16.0) == pytest.approx(16 * PARAMETERS / GIB)
    with pytest.raises(LeftOutError, match="full fine-tuning"):
        bytes_per_parameter(memory_run(**LORA), count=16.0)
    with pytest.raises(LeftOutError, match="one device"):
        bytes_per_parameter(memory_run(**FULL, sharding="fsdp", gpus=2), count=16.0)
    assert constant_share(time_run(), share=0.4) == pytest.approx(0.4 * 989.4e12 / (6 * 8.03e9), rel=0.03)
    assert constant_share(time_run(), share=0.5) == pytest.approx(1.25 * constant_share(time_run(), share=0.4))
    with pytest.raises(LeftOutError, match="another peak"):
        constant_share(time_run(precision="fp8"), share=0.4)


def test_counters_with_more_than_tensors_are_left_out() -> None:
    with pytest.raises(LeftOutError, match="more than tensors"):
        as_run("memory", memory_case(counter="reserved"))


def test_a_missing_peer_is_named_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "deepspeed", None)
    for name in [name for name in sys.modules if name.startswith("deepspeed.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(MissingPeerError, match="install deepspeed"):
        peer_deepspeed.PEER.ready()
    cases = [memory_case(), {**memory_case(**LORA), "id": "lora"}]
    found = scored(
        (peer_deepspeed.PEER, RULES[0]), {"memory": ours("memory", cases)}, {"memory": runs_of("memory", cases)}
    )
    assert "install deepspeed" in capsys.readouterr().err
    assert found["not_run"][0] == {"name": peer_deepspeed.PEER.name, "reason": "deepspeed was not installed"}
    assert [peer["n"] for peer in found["peers"]] == [1]
    assert found["peers"][0]["peer"]["bias"] == pytest.approx(16 * PARAMETERS / GIB / 100.0 - 1.0, abs=1e-4)
    assert found["peers"][0]["left_out"] == {"the rule is about full fine-tuning": 1}
    assert json.loads(written(found)) == found


def test_stored_figures_follow_from_the_stored_predictions() -> None:
    for peer in results()["peers"]:
        cases = results()["cases"][peer["kind"]]
        assert peer.items() >= compared(cases, peer["predicted"]).items(), peer["name"]
        assert peer["n"] + sum(peer["left_out"].values()) == len(cases) == len(bundled(peer["kind"])), peer["name"]


def test_every_peer_is_in_the_results() -> None:
    assert [peer["name"] for peer in results()["peers"]] == [peer.name for peer in PEERS]


def test_the_rules_still_predict_what_is_stored() -> None:
    cases = {case["id"]: case for kind in ("memory", "time") for case in bundled(kind)}
    for rule in RULES:
        stored = next(peer for peer in results()["peers"] if peer["name"] == rule.name)
        some = dict(list(stored["predicted"].items())[:3])
        runs = runs_of(rule.kind, [cases[name] for name in some])
        assert entry(rule, results()["cases"][rule.kind], runs)["predicted"] == some


@pytest.mark.parametrize("kind", ["memory", "time"])
def test_our_side_is_of_today(kind: Any) -> None:
    """Where this fails, the model has moved: python benchmarks/peers/run.py --ours."""
    some = bundled(kind)[:3]
    stored = results()["cases"][kind]
    for name, today in ours(kind, some).items():
        assert stored[name]["ours"] == pytest.approx(today["ours"], rel=1e-4)
        assert stored[name]["measured"] == today["measured"]


def test_tables_of_both_readmes_are_those_of_the_results() -> None:
    for path, text in pages(results()).items():
        assert path.read_text(encoding="utf-8") == text, "run python benchmarks/peers/run.py --table"
