"""`estimator memory` as a user runs it, and every bad input."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command import Done, command

from estimator import memory_of
from estimator.cli.main import run
from estimator.report.memory import memory_data

ROOT = Path(__file__).resolve().parents[2]
LLAMA = "meta-llama/Llama-3.1-8B"
FULL = (LLAMA, "--method", "full", "--gpu", "H100-80GB", "--micro-batch", "4", "--seq-len", "4096")
CONFIG = {
    "model_type": "llama",
    "hidden_size": 512,
    "num_attention_heads": 8,
    "num_hidden_layers": 4,
    "intermediate_size": 1024,
    "vocab_size": 32000,
}


def estimator(*arguments: str) -> Done:
    return command("memory", *arguments)


def test_command_line_and_library_give_the_same_numbers() -> None:
    done = estimator(*FULL, "-f", "json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    answer = memory_of(LLAMA, method="full", gpu="H100-80GB", micro_batch=4, seq_len=4096)
    assert data.pop("schema_version") == 1
    assert data == json.loads(json.dumps(memory_data(answer)))
    assert data["gpus"][0]["fits"] is answer.places[0].fit.fits


def test_every_option_reaches_the_library() -> None:
    options = {
        "rank": 8,
        "targets": "q_proj,v_proj",
        "adapter-dtype": "bf16",
        "weights-dtype": "fp16",
        "autocast": "fp16",
        "quantization": "nf4",
        "kbit-preparation": "trl",
        "optimizer": "paged_adamw_8bit",
        "checkpointing": "selective",
        "attention": "sdpa",
        "cross-entropy": "chunked",
        "gpus": 4,
        "sharding": "zero3",
        "offload": "optimizer",
        "micro-batch": 2,
        "seq-len": 1024,
        "margin": 0.1,
    }
    given = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    more = ("--accumulation", "3", "--set", "lora_dropout=0.05", "--set", "attention-mask=true")
    done = estimator(LLAMA, "--method", "qlora", "--gpu", "A10G", *given, *more, "-f", "json")
    assert done.returncode == 0, done.stderr
    said = {name.replace("-", "_"): value for name, value in options.items()}
    answer = memory_of(
        LLAMA, method="qlora", gpu="A10G", gradient_accumulation=3, lora_dropout=0.05, attention_mask=True, **said
    )
    data = json.loads(done.stdout)
    assert data["setup"] == json.loads(json.dumps(memory_data(answer)))["setup"]
    assert data["setup"]["targets"] == ["q_proj", "v_proj"]
    assert (data["micro_batch"], data["seq_len"], data["margin"]) == (2, 1024, 0.1)


def test_formats_agree(tmp_path: Path) -> None:
    data = json.loads(estimator(*FULL, "-f", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(estimator(*FULL, "-f", "csv").stdout)))
    lines = {row["name"]: float(row["gib"]) for row in rows if row["what"] == "line"}
    assert lines == {line["line"]: line["gib"] for line in data["lines"]}
    assert sum(lines.values()) == pytest.approx(data["counters"]["allocated"]["gib"])
    assert {row["what"] for row in rows} == {"line", "counter", "gpu", "change alone", "change together"}
    table = estimator(*FULL).stdout
    assert data["peak_phase"] in table
    assert f"{data['gpus'][0]['needed_gib']:.1f}" in table
    target = tmp_path / "run.md"
    assert estimator(*FULL, "-o", str(target)).returncode == 0
    assert "| Line | GiB | Share |" in target.read_text(encoding="utf-8")


def test_a_suffix_of_no_format_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "run.xlsx"
    done = estimator(*FULL, "-o", str(target))
    assert done.returncode == 2
    assert "no format is written to .xlsx; give .txt, .json, .csv" in done.stderr
    assert not target.exists()
    assert estimator(*FULL, "-o", str(target), "-f", "csv").returncode == 0


def test_a_pipe_as_output_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "estimator", "memory", LLAMA, "--gpu", "T4", "-f", "json", "-q", "-o", str(pipe)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}) as process:
        assert json.loads(pipe.read_text(encoding="utf-8"))["model"] == LLAMA
        assert process.wait(timeout=30) == 0
    assert pipe.is_fifo()


def test_without_a_gpu_every_gpu_is_answered_and_a_named_one_comes_first() -> None:
    every = json.loads(estimator(LLAMA, "-f", "json").stdout)
    names = [item["gpu"] for item in every["gpus"]]
    assert {"T4-16GB", "H100-SXM5-80GB", "MI300X"} <= set(names)
    assert "TPU-v5p" not in names
    assert every["ladder"] is None
    both = json.loads(estimator(LLAMA, "--gpu", "4090", "--all-gpus", "-f", "json").stdout)
    assert both["gpus"][0]["gpu"] == "RTX-4090-24GB"
    assert sorted(item["gpu"] for item in both["gpus"]) == sorted(names)


def test_a_config_json_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text(json.dumps({**CONFIG, "model_type": "made_up"}), encoding="utf-8")
    for path in (file, tmp_path):
        done = estimator(str(path), "--gpu", "T4", "-f", "json")
        assert done.returncode == 0, done.stderr
        assert "model_type 'made_up' is not known" in done.stderr
        assert "Llama-like" in json.loads(done.stdout)["warnings"][0]


def test_warnings_are_notes_beside_data_and_lines_of_the_table() -> None:
    done = estimator(LLAMA, "--gpu", "T4", "--seq-len", "200000", "-f", "json")
    assert "note: 200,000 tokens are more than the 131,072 positions" in done.stderr
    assert "T4-16GB does not compute in bf16" in done.stderr
    assert estimator(LLAMA, "--gpu", "T4", "-f", "json", "-q").stderr == ""
    assert "! T4-16GB does not compute in bf16" in estimator(LLAMA, "--gpu", "T4").stdout


def test_defaults_suit_the_model_and_other_stacks_are_said() -> None:
    small = json.loads(estimator("openai-community/gpt2", "--gpu", "TPU-v5e", "-f", "json").stdout)
    assert small["seq_len"] == 1024
    assert "runs another stack than PyTorch" in small["warnings"][0]
    usual = memory_of(LLAMA)
    assert (usual.seq_len, usual.margin) == (2048.0, 0.05)


BAD: list[tuple[tuple[str, ...], int, str]] = [
    (("meta-llama/Llama-3.1-8",), 3, "did you mean 'meta-llama/Llama-3.1-8B'"),
    (("openai/gpt-5-mini",), 3, "hosted only, its weights are not public; name an open-weights model"),
    (("no/such/config.json",), 2, "not found"),
    ((), 2, "MODEL"),
    ((LLAMA, "--gpu", "H1000"), 3, "unknown GPU 'H1000'"),
    ((LLAMA, "--gpu", ""), 2, "--gpu is empty"),
    ((LLAMA, "--method", "lorra"), 3, "did you mean 'lora'"),
    ((LLAMA, "--rank", "0"), 3, "rank: '0'"),
    ((LLAMA, "--rank", "-4"), 3, "rank: '-4'"),
    ((LLAMA, "--rank", "many"), 2, "--rank"),
    ((LLAMA, "--seq-len", "0"), 3, "--seq-len: '0'"),
    ((LLAMA, "--seq-len", "9" * 5000), 2, "--seq-len"),
    ((LLAMA, "--seq-len", "9" * 30), 3, "--seq-len"),
    ((LLAMA, "--micro-batch", "0"), 3, "--micro-batch: '0'"),
    ((LLAMA, "--micro-batch", "-1"), 3, "--micro-batch: '-1'"),
    ((LLAMA, "--micro-batch", "1.5"), 2, "--micro-batch"),
    ((LLAMA, "--margin", "nan"), 3, "margin: 'nan'"),
    ((LLAMA, "--margin", "1"), 3, "margin: '1.0'"),
    ((LLAMA, "--gpus", "0"), 3, "gpus: '0'"),
    ((LLAMA, "--sharding", "fsdp"), 3, "shares nothing on 1 GPU"),
    ((LLAMA, "--gpus", "2", "--sharding", "none"), 3, "says nothing about 2 GPUs"),
    ((LLAMA, "--offload", "params", "--sharding", "none"), 3, "needs sharding zero3 or fsdp"),
    ((LLAMA, "--method", "full", "--rank", "8"), 3, "has no adapters"),
    ((LLAMA, "--method", "full", "--quantization", "nf4"), 3, "cannot be trained"),
    ((LLAMA, "--method", "qlora", "--quantization", "none"), 3, "contradicts method qlora"),
    ((LLAMA, "--targets", "q_prj"), 3, "unknown module 'q_prj'"),
    ((LLAMA, "--targets", ","), 3, "unknown module ''"),
    ((LLAMA, "--set", "rank"), 2, "is not KEY=VALUE"),
    ((LLAMA, "--set", "=4"), 2, "is not KEY=VALUE"),
    ((LLAMA, "--set", "ranc=4"), 2, "did you mean 'rank'"),
    ((LLAMA, "--set", "gpu=T4"), 2, "unknown choice 'gpu'"),
    ((LLAMA, "--set", "model=x"), 2, "unknown choice 'model'"),
    ((LLAMA, "--rank", "8", "--set", "rank=4"), 2, "rank is given twice"),
    ((LLAMA, "--set", "lora_dropout=x"), 3, "lora_dropout: 'x'"),
    (("openai-community/gpt2", "--seq-len", "4096"), 3, "no embedding for them"),
    ((LLAMA, "-f", "yaml"), 2, "yaml"),
    ((LLAMA, "-o", "/no/such/folder/x.json"), 2, "does not exist"),
    ((LLAMA, "--catalog", "/no/such/folder"), 3, "/no/such/folder"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), BAD, ids=lambda item: str(item)[-40:])
def test_a_bad_input_is_one_clear_line(
    arguments: tuple[str, ...], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["memory", *arguments]) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("error: ")
    assert shown.err.count("\n") == 1
    assert message in shown.err
    assert len(shown.err) < 7000


HOSTILE: dict[str, tuple[object, str]] = {
    "broken": ("{", "cannot be read as JSON"),
    "list": ("[1, 2]", "not a JSON object"),
    "empty": ("{}", "hidden_size is missing"),
    "deep": ("[" * 200_000, "cannot be read as JSON"),
    "deep-object": ('{"a":' * 100_000, "cannot be read as JSON"),
    "no-layers": ({**CONFIG, "num_hidden_layers": None}, "num_hidden_layers is missing"),
    "text": ({**CONFIG, "hidden_size": "512"}, "hidden_size is '512'"),
    "float": ({**CONFIG, "hidden_size": 512.5}, "hidden_size is 512.5"),
    "switch": ({**CONFIG, "num_attention_heads": True}, "num_attention_heads is True"),
    "negative": ({**CONFIG, "vocab_size": -1}, "vocab_size is -1"),
    "huge": ({**CONFIG, "num_hidden_layers": 10**30}, "num_hidden_layers is 1000"),
    "nested": ({**CONFIG, "text_config": {"hidden_size": [1]}}, "hidden_size is [1]"),
    "nan": (json.dumps(CONFIG).replace("512", "NaN"), "hidden_size is nan"),
    "infinite": (json.dumps(CONFIG).replace("512", "1e999"), "hidden_size is inf"),
    "digits": (json.dumps(CONFIG).replace("512", "9" * 6000), "cannot be read as JSON"),
    "binary": (b"\xff\xfe\x00\x01", "cannot be read as JSON"),
    "experts": ({**CONFIG, "num_local_experts": 8}, "num_experts_per_tok is missing"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_config_is_one_clear_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, message = HOSTILE[name]
    file = tmp_path / "config.json"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    assert run(["memory", str(file), "--gpu", "T4"]) == 3
    shown = capsys.readouterr().err
    assert message in shown
    assert shown.count("\n") == 1
    assert len(shown) < 1000


@pytest.mark.parametrize(
    "change",
    [
        {"num_hidden_layers": 10**12, "hidden_size": 10**12, "vocab_size": 10**12, "intermediate_size": 10**12},
        {"num_attention_heads": 10**12},
        {"layer_types": [{"a": [1]}], "sliding_window": 4},
        {"sliding_window": 10**12, "sliding_window_pattern": 10**12},
        {"model_type": ["x"] * 1000},
        {"model_type": "\x1b[31mred\x1b[0m"},
        {"published_parameters": float("nan"), "tie_word_embeddings": "perhaps"},
    ],
    ids=lambda item: next(iter(item)),
)
def test_an_odd_config_is_answered_or_refused_in_one_line(
    change: dict[str, object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "config.json"
    file.write_text(json.dumps({**CONFIG, **change}), encoding="utf-8")
    for form in ("table", "json"):
        code = run(["memory", str(file), "--gpu", "T4", "-f", form])
        shown = capsys.readouterr()
        assert code in (0, 3), shown.err
        assert "\x1b" not in shown.out + shown.err
        if code == 0 and form == "json":
            json.loads(shown.out, parse_constant=pytest.fail)


def test_a_start_loads_no_heavy_library(tmp_path: Path) -> None:
    code = (
        "import sys; from estimator.cli.main import run; "
        f"run(['memory', {LLAMA!r}, '--gpu', 'H100-80GB', '-o', {str(tmp_path / 'x.json')!r}]); "
        "heavy = {'scipy', 'plotly', 'streamlit', 'genai_prices', 'ruamel.yaml', 'pandas'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
