"""`estimator train` and `estimator plan` as a user runs them, and every bad input."""

import csv
import io
import json
from pathlib import Path

import pytest
from command import command as estimator

from estimator.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
TRIAGE = str(ROOT / "examples" / "triage.yaml")
MODEL = "Qwen/Qwen3-8B"
FEW = ("--draws", "200")


def answer(*arguments: str) -> dict[str, object]:
    done = estimator(*arguments, "-f", "json", *FEW)
    assert done.returncode == 0, done.stderr
    data: dict[str, object] = json.loads(done.stdout)
    return data


def test_train_says_step_hours_price_energy_and_memory() -> None:
    data = answer("train", MODEL, "--method", "lora", "--tokens", "5M", "--micro-batch", "8")
    assert data["schema_version"] == 1
    assert (data["gpu"], data["gpus"], data["method"]) == ("H100-SXM5-80GB", 1, "lora")
    assert data["fits"] is True
    assert data["tokens"] == pytest.approx(5e6)
    parts = {key: value for key, value in data["step"].items() if key in STEP_PARTS}  # type: ignore[attr-defined]
    assert set(data["step"]) == {*STEP_PARTS, *STEP_REST}  # type: ignore[call-overload]
    assert sum(parts.values()) == pytest.approx(data["step"]["seconds"])  # type: ignore[index]
    low, middle, high = (float(data[key]) for key in ("hours_p5", "hours_per_run", "hours_p95"))  # type: ignore[arg-type]
    assert low < middle < high
    assert float(data["usd_per_run"]) > 0  # type: ignore[arg-type]
    assert float(data["co2e_kg"]) > 0  # type: ignore[arg-type]
    hours = data["hours"]
    items = [hours[key] for key in HOUR_PARTS]  # type: ignore[index]
    central = [item["central"] if isinstance(item, dict) else item for item in items]
    assert sum(central) == pytest.approx(middle)


STEP_PARTS = (
    *("matmul", "attention", "elementwise", "dequantization", "optimizer", "communication", "launch", "bubble"),
)
STEP_REST = (
    *("seconds", "mfu", "tokens_per_gpu", "model_flops_per_gpu", "peak_flops_per_s", "error_low", "error_high"),
)
HOUR_PARTS = ("training", "evaluation", "checkpoints", "interruptions", "startup", "loading")


def test_examples_epochs_and_suffixes_multiply_out() -> None:
    data = answer(
        *("train", MODEL, "--method", "qlora", "--examples", "3k", "--tokens-per-example", "600", "--epochs", "3"),
        *("--length-spread", "1", "--gpus", "2", "--gpu", "A100-80GB"),
    )
    assert data["tokens"] == pytest.approx(3000 * 600 * 3)
    assert (data["examples"], data["epochs"], data["gpus"]) == (3000, 3, 2)


def test_a_run_that_does_not_fit_says_by_how_much() -> None:
    wanted = ("train", "meta-llama/Llama-3.1-70B", "--method", "full", "--tokens", "1M", "--gpu", "T4")
    done = estimator(*wanted, *FEW)
    assert done.returncode == 0
    assert "does not fit: server memory lacks" in done.stdout
    assert answer(*wanted)["fits"] is False
    done = estimator("train", "Qwen/Qwen3-32B", "--tokens", "1M", "--gpu", "T4", "--micro-batch", "64", *FEW)
    assert "does not fit by" in done.stdout


def test_plan_of_a_file_keeps_deadline_and_budget_in_every_format(tmp_path: Path) -> None:
    common = ("plan", TRIAGE, "--option", "lora", "--deadline", "24h", "--budget", "500", "--term", "any")
    data = answer(*common)
    assert data["feasible"] is True
    assert float(data["hours_all_runs"]) <= 24  # type: ignore[arg-type]
    assert float(data["usd_all_runs"]) <= 500  # type: ignore[arg-type]
    assert float(data["hours_all_runs"]) == pytest.approx(4 * float(data["hours_per_run"]))  # type: ignore[arg-type]
    assert int(data["plans_searched"]) > 10_000  # type: ignore[call-overload]
    assert len(data["front"]) > 1  # type: ignore[arg-type]
    table = estimator(*common, *FEW).stdout
    assert "Considered resources" in table
    assert table.count("✔") == 1
    out = tmp_path / "plan.csv"
    assert estimator(*common, *FEW, "-o", str(out)).returncode == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert rows[0]["reason"] == "chosen"
    assert float(rows[0]["usd"]) == pytest.approx(float(data["usd_all_runs"]))  # type: ignore[arg-type]
    assert {row["term"] for row in rows} == {"on_demand", "spot"}


def test_plan_reads_stdin_and_notes_the_other_options() -> None:
    done = estimator("plan", "-", *FEW, given=Path(TRIAGE).read_text(encoding="utf-8"))
    assert done.returncode == 0
    assert done.stderr == "note: planned for lora; also trained: qlora, lora_rag (--option)\n"


def test_nothing_feasible_names_the_nearest_miss_and_what_it_lacks() -> None:
    data = answer("plan", MODEL, "--tokens", "5M", "--deadline", "1min", "--budget", "0.01")
    assert data["feasible"] is False
    assert data["chosen"] is None
    assert "too slow by" in str(data["reason"])
    assert "over budget by" in str(data["reason"])
    misses = data["misses"]
    assert {miss["kind"] for miss in misses} <= {"both", "memory"}  # type: ignore[attr-defined]


def test_a_plan_that_breaks_both_limits_says_so_first_in_every_format() -> None:
    asked = ("plan", TRIAGE, "--deadline", "1min", "--budget", "1", *FEW)
    table = estimator(*asked).stdout.splitlines()
    assert table[0].startswith(f"lora of {MODEL}: no plan keeps every limit ·")
    assert table[2].startswith("Nothing chosen: no plan keeps every limit; nearest: ")
    data, rows, page = (estimator(*asked, "-f", form) for form in ("json", "csv", "markdown"))
    assert list(json.loads(data.stdout))[1:3] == ["feasible", "reason"]
    assert page.stdout.splitlines()[2].startswith(f"## lora of {MODEL}: no plan keeps every limit ·")
    assert all(done.stderr.startswith("note: no plan keeps every limit; nearest: ") for done in (data, rows, page))
    first, cheapest, fastest, *others = csv.DictReader(io.StringIO(rows.stdout))
    assert not first["reason"].startswith("nearest in")
    assert cheapest["reason"].startswith("nearest in price: ")
    assert fastest["reason"].startswith("nearest in time: ")
    fitting = [item for item in (first, *others) if "does not fit" not in item["reason"]]
    assert float(cheapest["usd"]) < min(float(item["usd"]) for item in fitting)
    assert float(fastest["hours"]) <= min(float(item["hours"]) for item in fitting)


def test_plan_of_a_model_with_a_bought_gpu_and_another_grid() -> None:
    data = answer("plan", MODEL, "--tokens", "5M", "--owned", "4090", "--owned-usd", "2k", "--grid", "france")
    assert data["provider"] == "owned"
    assert data["grid"] == "france"
    keys = {item["key"] for item in data["inputs"]}  # type: ignore[attr-defined]
    assert "infrastructure/grid/france" in keys


def test_methods_compete_on_price_and_a_note_says_so() -> None:
    both = ("plan", "Qwen/Qwen3-32B", "--tokens", "5M", "--method", "full", "--method", "qlora")
    data = answer(*both)
    assert data["method"] == "qlora"
    assert "full, qlora compete on price alone" in str(data["notes"])
    assert int(data["plans_searched"]) > int(answer(*both[:-2])["plans_searched"])  # type: ignore[call-overload]


BAD = [
    (("train", MODEL), 2, "give the data set once"),
    (("train", MODEL, "--tokens", "5M", "--examples", "3"), 2, "give the data set once"),
    (("train", MODEL, "--examples", "3k"), 2, "--examples needs --tokens-per-example"),
    (("train", MODEL, "--tokens", "0"), 3, "--tokens: 0 is not above 0"),
    (("train", MODEL, "--tokens", "many"), 3, "--tokens: 'many' is not a number"),
    (("train", MODEL, "--tokens", "1" * 90), 3, "--tokens: "),
    (("train", "nope/none", "--tokens", "5M"), 3, "unknown model 'nope/none'"),
    (("train", "openai/gpt-4.1", "--tokens", "5M"), 3, "hosted only"),
    (("train", MODEL, "--tokens", "5M", "--gpu", "H1000"), 3, "unknown GPU 'H1000'"),
    (("train", MODEL, "--tokens", "5M", "--gpus", "0"), 3, "--gpus: 0 is outside 1 to 4096"),
    (("train", MODEL, "--tokens", "5M", "--gpus", "x"), 2, "--gpus"),
    (("train", MODEL, "--tokens", "5M", "--sharding", "zero3"), 3, "--sharding: zero3 shares nothing on 1 GPU"),
    (("plan", TRIAGE, "--gpus", "1", "--sharding", "ddp"), 3, "--sharding: ddp shares nothing on 1 GPU"),
    (("train", MODEL, "--tokens", "5M", "--micro-batch", "-1"), 3, "--micro-batch: -1 is outside"),
    (("train", MODEL, "--tokens", "5M", "--micro-batch", "0"), 3, "--micro-batch: 0 is outside"),
    (("train", MODEL, "--tokens", "5M", "--epochs", "0"), 3, "--epochs: 0 is outside"),
    (("train", MODEL, "--tokens", "5M", "--rank", "-4"), 3, "--rank: -4 is outside"),
    (("train", MODEL, "--tokens", "5M", "--method", "magic"), 2, "--method"),
    (("train", MODEL, "--tokens", "5M", "--grid", "mars"), 3, "grid: 'mars' is not known"),
    (("train", MODEL, "--tokens", "5M", "--provider", "awz"), 3, "provider: 'awz' is not one of"),
    (("train", MODEL, "--tokens", "5M", "--draws", "0"), 3, "draws: 0 is outside"),
    (("train", MODEL, "--tokens", "5M", "--on", "soon"), 2, "--on: 'soon' is not a date"),
    (("train", MODEL, "--tokens", "5M", "--max-tokens", "1M"), 3, "tuning.max_tokens: 1,000,000 is more than"),
    (("train", MODEL, "--examples", "9", "--tokens-per-example", "1M"), 3, "is more than the 40,960 tokens"),
    (("train", MODEL, "--examples", "9", "--tokens-per-example", "9", "--length-spread", "5"), 3, "--length-spread: 5"),
    (("plan", "missing.yaml"), 2, "missing.yaml: no such file"),
    (("plan", TRIAGE, "--option", "nope"), 3, "option: 'nope' is not one of"),
    (("plan", TRIAGE, "--option", "prompt"), 3, "prompt trains on no hardware of its own"),
    (("plan", TRIAGE, "--deadline", "90m"), 3, "--deadline: '90m' ends in no unit of time"),
    (
        ("train", MODEL, "--tokens", "5M", "--method", "full", "--rank", "8"),
        2,
        "--rank: full fine-tuning has no adapters",
    ),
    (("plan", TRIAGE, "--deadline", "soon"), 3, "--deadline: 'soon' ends in no unit of time"),
    (("plan", TRIAGE, "--deadline", "0h"), 3, "--deadline: '0h' is no duration above 0"),
    (("plan", TRIAGE, "--budget", "-5"), 3, "--budget: -5 is not above 0; give e.g. 500"),
    (("plan", TRIAGE, "--budget", "lots"), 3, "--budget: 'lots' is not a number"),
    (("plan", TRIAGE, "--tokens", "5M"), 2, "--tokens: the scenario file says what is trained"),
    (("plan", MODEL, "--option", "lora", "--tokens", "5M"), 2, "--option names an option of a scenario file"),
    (("plan", MODEL, "--tokens", "5M", "--owned", "H100"), 2, "--owned and --owned-usd belong together"),
    (("plan", MODEL, "--tokens", "5M", "--owned", "H100", "--owned-usd", "0"), 3, "owned-usd: 0 is outside"),
    (("plan", MODEL, "--tokens", "5M", "--owned", "H9", "--owned-usd", "5k"), 3, "unknown GPU 'H9'"),
    (("plan", MODEL, "--tokens", "5M", "--gpus", "5000"), 3, "--gpus: 5000 is outside"),
]


@pytest.mark.parametrize(("arguments", "code", "text"), BAD, ids=lambda item: str(item)[:60])
def test_bad_input_is_one_clear_line(
    arguments: tuple[str, ...], code: int, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("error: ")
    assert text in captured.err
