"""`estimator compare` and what stands around it as a user runs them, and every bad input."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command import command as estimator
from command import process

from estimator import compare, load, with_flips
from estimator.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
TRIAGE = ROOT / "examples" / "triage.yaml"
CONTRACT = ROOT / "examples" / "contract-review.yaml"
TEXT = TRIAGE.read_text(encoding="utf-8")
FEW = ("--draws", "300")


def test_json_is_the_library_and_the_same_twice() -> None:
    first = estimator("compare", str(TRIAGE), "-f", "json", *FEW)
    assert first.returncode == 0
    assert estimator("compare", str(TRIAGE), "-f", "json", *FEW).stdout == first.stdout
    ours = with_flips(compare([load(TRIAGE)], draws=300)).to_dict()
    assert json.loads(first.stdout) == json.loads(json.dumps(ours))
    data = json.loads(first.stdout)
    assert data["schema_version"] == 1
    assert set(data["scenarios"][0]["options"]) == {"prompt", "rag", "lora", "qlora", "lora_rag"}


def test_two_files_stand_side_by_side(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(TEXT.replace("growth: 2%", "growth: 5%"), encoding="utf-8")
    done = estimator("compare", str(TRIAGE), str(other), "-f", "json", *FEW)
    difference = json.loads(done.stdout)["differences"][0]
    assert difference["inputs"] == [{"key": "workload.growth", "from": 0.02, "to": 0.05}]
    cost = next(item for item in difference["options"] if item["option"] == "lora" and item["measure"] == "cost")
    assert cost["difference"] == pytest.approx(cost["to"] - cost["from"])
    assert cost["percent"] == pytest.approx(100 * cost["difference"] / cost["from"])
    table = estimator("compare", str(TRIAGE), str(other), "--currency", "EUR", *FEW)
    assert "workload.growth" in table.stdout
    assert "Difference" in table.stdout
    assert "Exchange rate: EUR" in table.stdout
    assert {line.split(":")[1] for line in table.stderr.splitlines()} == {" triage.yaml", " other.yaml"}
    assert table.stderr == done.stderr


@pytest.mark.parametrize(
    "command", [("compare", "-f", "json"), ("breakdown", "--option", "lora", "-f", "csv"), ("report",)]
)
def test_a_result_never_replaces_what_it_is_made_from(command: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "mine.html"
    file.write_text(TEXT, encoding="utf-8")
    done = estimator(*command, str(file), *FEW, "-o", str(tmp_path / "." / "mine.html"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "is read by this command and would be lost; name another file" in done.stderr
    assert file.read_text(encoding="utf-8") == TEXT


def test_a_place_that_cannot_be_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    done = estimator("compare", str(tmp_path / "none.yaml"), "-o", str(tmp_path / "none" / "x.json"))
    assert done.returncode == 2
    assert "the folder" in done.stderr


def test_formats_agree(tmp_path: Path) -> None:
    scenario = compare([load(TRIAGE)], draws=300).to_dict()["scenarios"][0]
    rows = list(csv.DictReader(io.StringIO(estimator("compare", str(TRIAGE), "-f", "csv", *FEW).stdout)))
    for name, option in scenario["options"].items():
        total = next(row for row in rows if row["option"] == name and row["line"] == "total.cost_usd")
        assert float(total["p50_usd"]) == option["cost_usd"]["p50"]
        lines = [row for row in rows if row["option"] == name and row["category"] != "total"]
        assert {row["line"] for row in lines} == {line["key"] for line in option["lines"]}
        assert sum(float(row["central_usd"]) for row in lines if not row["line"].startswith("value.")) == pytest.approx(
            option["cost_undiscounted_usd"]["central"], abs=0.01
        )
    table = estimator("compare", str(TRIAGE), *FEW).stdout
    markdown = estimator("compare", str(TRIAGE), "-f", "markdown", *FEW).stdout
    from estimator.report.numbers import money

    for option in scenario["options"].values():
        assert money(option["cost_usd"]["p50"]) in table
        assert money(option["cost_usd"]["p50"]).replace("|", "") in markdown
    target = tmp_path / "out.md"
    assert estimator("compare", str(TRIAGE), "-o", str(target), *FEW).returncode == 0
    assert target.read_text(encoding="utf-8") == markdown


def test_stdin_init_schema_and_version(tmp_path: Path) -> None:
    assert estimator("compare", "-", *FEW, given=TEXT).returncode == 0
    assert estimator("--version").stdout.startswith("estimator 0.")
    mine = tmp_path / "mine.yaml"
    assert estimator("init", "-t", "contract-review", "-o", str(mine)).returncode == 0
    assert mine.read_text(encoding="utf-8").endswith(CONTRACT.read_text(encoding="utf-8").partition("\nname:")[2])
    again = estimator("init", "-o", str(mine))
    assert again.returncode == 2
    assert "--force" in again.stderr
    schema = json.loads(estimator("schema").stdout)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert "options" in schema["properties"]


def test_an_infeasible_option_is_a_result() -> None:
    text = TEXT.replace("gpu: L4, precision: fp8", "gpu: T4, gpus: 1, precision: bf16")
    done = estimator("compare", "-", "-f", "json", *FEW, given=text)
    assert done.returncode == 0
    lora = json.loads(done.stdout)["scenarios"][0]["options"]["lora"]
    assert lora["feasible"] is False
    assert "GiB" in lora["why_not"]
    assert lora["probability_best"] == 0


def test_script_in_names_stays_text() -> None:
    text = TEXT.replace("name: Support-ticket triage", 'name: "=cmd() <script>alert(1)</script> | x"')
    markdown = estimator("compare", "-", "-f", "markdown", *FEW, given=text).stdout
    assert "<script>" not in markdown
    rows = list(csv.reader(io.StringIO(estimator("compare", "-", "-f", "csv", *FEW, given=text).stdout)))
    assert all(not row[0].startswith("=") for row in rows[1:])


def _replaced(old: str, new: str) -> Callable[[], str]:
    assert old in TEXT
    return lambda: TEXT.replace(old, new, 1)


def _bomb() -> str:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]" for i in range(12)]
    return "\n".join(lines)


BAD: dict[str, tuple[Callable[[], str], str]] = {
    "empty": (lambda: "", "empty"),
    "list": (lambda: "[1, 2]", "not a mapping"),
    "yaml": (_replaced("growth: 2%", "growth: [2%"), "line"),
    "unknown_key": (_replaced("growth: 2%", "grwth: 2%"), "did you mean 'growth'"),
    "unknown_model": (_replaced("Qwen/Qwen3-8B", "Qwen/Qwen3-8C"), "did you mean 'Qwen/Qwen3-8B'"),
    "unknown_hosted": (_replaced("gpt-6-luna", "gpt-6-lunar"), "did you mean 'openai/gpt-6-luna'"),
    "unknown_gpu": (_replaced("gpu: L4", "gpu: L44"), "serving.gpu"),
    "unknown_unused_gpu": (
        _replaced("tokens_per_document: 300", "tokens_per_document: 300, gpu: L44"),
        "rag.retrieval.gpu",
    ),
    "unknown_rate": (_replaced("1.5, rate: vendor_offshore", "1.5, rate: vendor_offshor"), "annotation.rate"),
    "unknown_index": (
        _replaced("tokens_per_document: 300", "tokens_per_document: 300, index: hnsw"),
        "retrieval.index",
    ),
    "zero_requests": (_replaced("60k to 240k", "0"), "(0, 1e+12]"),
    "huge_requests": (_replaced("60k to 240k", "1e15"), "1e+15"),
    "negative": (_replaced("labels: 3000", "labels: -5"), "tuning.labels"),
    "discount": (_replaced("discount_rate: 8%", "discount_rate: 300%"), "discount_rate"),
    "reversed": (_replaced("60k to 240k", "240k to 60k"), "smaller number first"),
    "horizon_zero": (_replaced("horizon: 36 months", "horizon: 0"), "1 to 240"),
    "horizon_long": (_replaced("horizon: 36 months", "horizon: 1000 months"), "1 to 240"),
    "boolean": (_replaced("60k to 240k", "true"), "boolean"),
    "duplicate": (_replaced("growth: 2%", "growth: 2%\n  growth: 3%"), "duplicate"),
    "circle": (_replaced("extends: prompt", "extends: rag"), "circle"),
    "unknown_parent": (_replaced("extends: prompt", "extends: prompts"), "did you mean 'prompt'"),
    "python_tag": (_replaced("Support-ticket triage\n", "!!python/object/apply:os.system [ls]\n"), "tag"),
    "infinite": (_replaced("60k to 240k", ".inf"), "finite"),
    "not_a_number": (_replaced("60k to 240k", ".nan"), "finite"),
    "bomb": (_bomb, "anchors"),
    "deep": (lambda: "[" * 5000, "deep"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make, expected = BAD[name]
    file, target = tmp_path / "bad.yaml", tmp_path / "out.json"
    file.write_text(make(), encoding="utf-8")
    code = run(["compare", str(file), "-o", str(target), *FEW])
    shown = capsys.readouterr()
    assert code == 3
    assert shown.out == ""
    assert expected in shown.err
    assert len(shown.err.strip().splitlines()) == 1
    assert "Traceback" not in shown.err
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["bomb", "deep", "python_tag"])
def test_bad_input_as_a_subprocess(name: str) -> None:
    make, expected = BAD[name]
    done = process("compare", "-", given=make())
    assert done.returncode == 3
    assert done.stdout == ""
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_a_huge_file_is_refused_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "huge.yaml"
    with file.open("wb") as out:
        out.truncate(50_000_000)
    assert run(["compare", str(file)]) == 3
    assert "50,000,000 bytes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["compare", "nope.yaml"], "no such file"),
        (["compare"], "Missing argument"),
        (["compare", str(ROOT)], "the folder holds no scenario file"),
        (["compare", str(TRIAGE), "-f", "xml"], "xml"),
        (["compare", str(TRIAGE), "-o", "/nowhere/x.json"], "does not exist"),
        (["compare", str(TRIAGE), "-o", str(ROOT)], "is a folder"),
        (["compare", str(TRIAGE), "--on", "soon"], "--on"),
        (["compare", "-", "-"], "given twice"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_usage_errors_exit_with_2(arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*arguments, *FEW] if len(arguments) > 2 else arguments) == 2
    assert expected in capsys.readouterr().err


def test_not_utf8(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes("name: Prüfung".encode("latin-1"))
    assert run(["compare", str(file)]) == 3
    assert "UTF-8" in capsys.readouterr().err


def test_an_internal_error_is_one_line_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from estimator import comparing

    def broken(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(comparing, "compare", broken)
    assert run(["compare", str(TRIAGE)]) == 1
    assert "internal error: RuntimeError: boom" in capsys.readouterr().err
