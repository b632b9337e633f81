"""Real steps of tiny models on the CPU; they run where the extra `gpu` is installed."""

import json
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("peft")

from benchmarks.gpu.grid import LORA, TINY, TINY_SIZES, USUAL  # noqa: E402
from benchmarks.gpu.shapes import SHAPES  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")  # other people's deprecations


def job(**changes: Any) -> dict[str, Any]:
    return {"architecture": SHAPES[TINY], "setup": {**USUAL, **TINY_SIZES, **changes}, "device": "cpu"}


def test_a_real_step_is_measured() -> None:
    from benchmarks.gpu.train_worker import measured

    found = measured(job(**LORA, checkpointing="full"))
    assert found["peak_rss_gib"] > 0
    assert found["step_time_s"] > 0
    assert found["trained_weights"] == 16 * 2 * (2 * (64 + 64) + 2 * (64 + 32) + 3 * (64 + 160))


def test_a_real_answer_is_measured() -> None:
    from benchmarks.gpu.serve_worker import measured

    setup = {"batch": 2, "input_tokens": 16, "output_tokens": 4}
    found = measured({"architecture": SHAPES[TINY], "setup": setup, "device": "cpu"})
    whole_s = (found["ttft_ms"] + 3 * found["itl_ms"]) / 1000
    assert found["output_tokens_per_s_total"] == pytest.approx(2 * 4 / whole_s, rel=0.9)


def test_a_replay_counts_what_a_step_keeps_alive() -> None:
    from benchmarks.gpu.replay import replayed

    found = replayed(SHAPES[TINY], job(seq_len=8, micro_batch=1)["setup"])
    weights = 2 * 512 * 64 + 2 * (2 * 64 * 64 + 2 * 64 * 32 + 3 * 64 * 160 + 2 * 64) + 64
    assert found["resident_bytes"] == pytest.approx(6 * weights, rel=0.01)
    assert found["peak_bytes"] >= 10 * weights


def test_the_command_runs_end_to_end_without_a_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.gpu import train

    monkeypatch.setattr(train, "training_runs", lambda _: [(TINY, {**USUAL, **TINY_SIZES})])
    train.main(["--device", "cpu", "-o", str(tmp_path / "cases.json")])
    (case,) = json.loads((tmp_path / "cases.json").read_text(encoding="utf-8"))["cases"]
    assert case["measured"]["peak_rss_gib"] > 0, case["measured"]
