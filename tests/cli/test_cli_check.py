"""`estimator check` and `--currency` as a user runs them, and the files for continuous integration."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command import command as estimator
from ruamel.yaml import YAML

from estimator.cli.main import run
from estimator.report.numbers import compact
from estimator.scenario import load_policy

ROOT = Path(__file__).resolve().parents[2]
TRIAGE = ROOT / "examples" / "triage.yaml"
TEXT = TRIAGE.read_text(encoding="utf-8")
CI = ROOT / "examples" / "ci"
FEW = ("--draws", "100")


def policy(tmp_path: Path, text: str) -> str:
    file = tmp_path / "policy.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_policy_that_fails_prints_the_result_first_and_ends_in_four(tmp_path: Path) -> None:
    rules = policy(tmp_path, "fail_if: [best.cost.p90 > 1k]\nwarn_if: [best.feasible, stale.count > 1000]")
    done = estimator("check", str(TRIAGE), "--policy", rules, "--github", *FEW)
    assert done.returncode == 4
    places = [done.stdout.index(word) for word in ("Worth it?", "✖ fails", "⚠ warns", "✔ ok", "✖ failed")]
    assert places == sorted(places)
    assert "best.cost.p90 = $" in done.stdout
    errors = [line for line in done.stderr.splitlines() if line.startswith("::")]
    assert [line.split(" ")[0] for line in errors] == ["::error", "::warning"]
    assert f"file={TRIAGE}" in errors[0]


def test_all_formats_say_the_same(tmp_path: Path) -> None:
    rules = policy(tmp_path, "warn_if: [best.cost.p90 > 1k]")
    done = estimator("check", str(TRIAGE), "--policy", rules, "-f", "json", *FEW)
    assert done.returncode == 0
    data = json.loads(done.stdout)
    rule = data["checks"][0]["rules"][0]
    assert (data["status"], rule["found"], rule["level"]) == ("warned", "holds", "warn")
    best = data["scenarios"][0]["options"][data["scenarios"][0]["verdict"]["best"]]
    assert rule["values"] == {"best.cost.p90": best["cost_usd"]["p90"]}
    table = csv.DictReader(io.StringIO(estimator("check", str(TRIAGE), "--policy", rules, "-f", "csv", *FEW).stdout))
    row = next(table)
    assert (row["status"], row["condition"], row["found"]) == ("warned", "best.cost.p90 > 1k", "holds")
    assert row["figures"] == f"best.cost.p90 = {best['cost_usd']['p90']}"
    assert "⚠ warns" in estimator("check", str(TRIAGE), "--policy", rules, "-f", "markdown", *FEW).stdout


def test_figures_of_a_policy_are_in_the_currency_that_its_conditions_are_held_in(tmp_path: Path) -> None:
    rules = policy(tmp_path, "fail_if: [best.cost.p90 > 1k]")
    asked = ("check", str(TRIAGE), "--policy", rules, "--currency", "GBP", *FEW)
    data = json.loads(estimator(*asked, "-f", "json").stdout)
    value = data["checks"][0]["rules"][0]["values"]["best.cost.p90"]
    best = data["scenarios"][0]["options"][data["scenarios"][0]["verdict"]["best"]]
    assert value == best["cost_gbp"]["p90"]
    done = estimator(*asked, "--github")
    written = f"best.cost.p90 = £{compact(value)}"
    assert written in done.stdout
    assert written in done.stderr
    assert "Exchange rate: GBP" in done.stdout


def test_an_increase_is_held_against_an_earlier_result(tmp_path: Path) -> None:
    base = tmp_path / "base.json"
    assert estimator("compare", str(TRIAGE), "-o", str(base), *FEW).returncode == 0
    base.write_bytes(b"\xef\xbb\xbf" + base.read_bytes())  # as some editors save it
    dearer = tmp_path / "dearer.yaml"
    dearer.write_text(TEXT.replace("growth: 2%", "growth: 5%"), encoding="utf-8")
    rules = policy(tmp_path, "fail_if: [increase.cost.p50 > 5%]")
    assert estimator("check", str(TRIAGE), "--policy", rules, "--compare-to", str(base), *FEW).returncode == 0
    assert estimator("check", str(dearer), "--policy", rules, "--compare-to", str(base), *FEW).returncode == 4
    alone = estimator("check", str(dearer), "--policy", rules, *FEW)
    assert alone.returncode == 3
    assert "--compare-to" in alone.stderr


def test_a_condition_that_cannot_be_judged_is_told_with_its_policy(tmp_path: Path) -> None:
    rules = policy(tmp_path, "fail_if: [nosuch > 3]")
    done = estimator("check", str(TRIAGE), "--policy", rules, *FEW)
    assert done.returncode == 3
    assert f"{TRIAGE}: {rules}: fail_if: 'nosuch > 3'" in done.stderr


def test_a_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    broken = tmp_path / "a.yaml"
    broken.write_text("name: x", encoding="utf-8")
    good = tmp_path / "b.yaml"
    good.write_text(TEXT + "policy: {fail_if: [best.cost.p50 > 1k]}\n", encoding="utf-8")
    done = estimator("check", str(tmp_path), "-f", "json", *FEW)
    assert done.returncode == 3
    found = {Path(item["file"]).name: item for item in json.loads(done.stdout)["checks"]}
    assert (found["a.yaml"]["status"], found["b.yaml"]["status"]) == ("invalid", "failed")
    assert found["b.yaml"]["policy"] == "policy of the scenario"
    assert done.stderr.startswith(f"error: {broken}")


def test_without_a_policy_the_age_of_prices_is_told() -> None:
    done = estimator("check", str(TRIAGE), "--on", "2026-12-01", *FEW)
    assert done.returncode == 0
    assert "The scenario is valid; no price of it is old." in done.stdout
    assert "No policy" in done.stdout
    later = json.loads(estimator("check", str(TRIAGE), "--on", "2027-06-01", "-f", "json", *FEW).stdout)
    assert later["checks"][0]["stale_prices"][0]["days"] > 90


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        ("fail_if: [best.cost.p99 > 1]", "did you mean", 3),
        ("fail_if: [1 +]", "condition ends", 3),
        ("fail_ifs: []", "did you mean", 3),
        ("[]", "no mapping", 3),
        ("fail_if: [", "not valid YAML", 3),
    ],
)
def test_a_policy_that_cannot_be_used_is_one_line(
    text: str, said: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", str(TRIAGE), "--policy", policy(tmp_path, text), *FEW]) == code
    shown = capsys.readouterr().err
    assert said in shown
    assert len(shown.splitlines()) == 1


def test_a_currency_changes_every_amount_alike_and_names_its_rate() -> None:
    usd, eur = (
        json.loads(estimator("compare", str(TRIAGE), "-f", "json", "--currency", code, *FEW).stdout)["scenarios"][0]
        for code in ("USD", "EUR")
    )
    rate = eur["usd_per_unit"]
    assert eur["currency"] == "EUR"
    assert eur["exchange_rate"]["on"] == "2026-10-08"
    assert "European Central Bank" in eur["exchange_rate"]["source"]
    assert usd["usd_per_unit"] == 1.0
    pairs = list(_amounts(usd, eur))
    assert len(pairs) > 500
    for old, new in pairs:
        assert new == pytest.approx(old / rate)
    assert eur["inputs"] == usd["inputs"]
    assert "$" not in json.dumps([eur["verdict"], eur["warnings"], eur["options"]["prompt"]["warnings"]])


def _amounts(usd: Any, eur: Any, inside: bool = False) -> Any:
    if isinstance(usd, dict):
        for key, value in usd.items():
            if key not in {"inputs", "constants", "scenario", "usd_per_unit"}:
                name = re.sub(r"(?<![a-z])usd(?![a-z])", "eur", key)
                yield from _amounts(value, eur[name], inside or name != key)
    elif isinstance(usd, list):
        for old, new in zip(usd, eur, strict=True):
            yield from _amounts(old, new, inside)
    elif isinstance(usd, float):
        if inside:
            yield usd, eur
        else:
            assert usd == eur


def test_tables_and_csv_are_in_the_currency() -> None:
    table = estimator("compare", str(TRIAGE), *FEW, ESTIMATOR_CURRENCY="GBP").stdout
    assert "1 GBP = 1.35391 USD of 2026-08-31" in table
    assert "Exchange rate: GBP" in table
    assert "$" not in table
    rows = list(
        csv.DictReader(io.StringIO(estimator("compare", str(TRIAGE), "--currency", "EUR", "-f", "csv", *FEW).stdout))
    )
    assert "total.cost_eur" in {row["line"] for row in rows}
    assert {"unit_eur", "p50_eur"} <= set(rows[0])
    markdown = estimator("compare", str(TRIAGE), "--currency", "CHF", "-f", "markdown", *FEW).stdout
    assert "W012 CHF" in markdown
    assert "$" not in markdown.split("<details>")[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--currency", "XEU"), "did you mean 'EUR'"),
        (("--currency", "CHF", "--on", "2024-01-05"), "the first is from 2024-06-28"),
        (("--currency", "EUR", "--rates", "none.csv"), "cannot be read"),
    ],
)
def test_a_currency_without_a_rate_is_refused(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["compare", str(TRIAGE), *arguments, *FEW]) == 3
    assert said in capsys.readouterr().err


def test_rates_of_a_file_stand_for_those_of_the_catalog(tmp_path: Path) -> None:
    head = (ROOT / "pricing" / "exchange_rates.csv").read_text(encoding="utf-8").splitlines()[0]
    mine = tmp_path / "rates.csv"
    cells = ["fx/SOL", "Example", "USD/currency-unit", "0.25", "", "", "", "2026-01-01", "2026-11-28", "treasury"]
    cells += ["primary", "published", "", "", ""]
    mine.write_text(f"{head}\n{','.join(cells)}\n", encoding="utf-8")
    done = estimator("compare", str(TRIAGE), "--currency", "SOL", "--rates", str(mine), "-f", "json", *FEW)
    assert json.loads(done.stdout)["scenarios"][0]["usd_per_unit"] == 0.25


def test_amounts_of_a_file_in_euro_take_the_dated_rate(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(TEXT.replace("discount_rate:", "currency: EUR\ndiscount_rate:", 1), encoding="utf-8")
    data = json.loads(estimator("compare", str(mine), "-f", "json", *FEW).stdout)["scenarios"][0]
    rate = next(item for item in data["inputs"] if item["key"] == "usd_per_currency_unit")
    assert (rate["value"], rate["on"], rate["origin"]) == (1.1186, "2026-10-08", "catalog")
    mine.write_text(TEXT.replace("discount_rate:", "currency: XXX\ndiscount_rate:", 1), encoding="utf-8")
    done = estimator("compare", str(mine), *FEW)
    assert done.returncode == 3
    assert "or give usd_per_currency_unit" in done.stderr


def test_the_workflow_checks_changed_files_with_the_policy(tmp_path: Path) -> None:
    workflow = YAML(typ="safe").load(CI / "estimator.yml")
    script = next(
        step["run"] for step in workflow["jobs"]["check"]["steps"] if "estimator check" in step.get("run", "")
    )
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run([*git, "init", "-q", "."], cwd=tmp_path, check=True)
    shutil.copy(CI / "policy.yaml", tmp_path)
    subprocess.run([*git, "add", "."], cwd=tmp_path, check=True)
    subprocess.run([*git, "commit", "-qm", "base"], cwd=tmp_path, check=True)
    base = subprocess.run([*git, "rev-parse", "HEAD"], cwd=tmp_path, check=True, capture_output=True, text=True)
    (tmp_path / "a b.estimator.yaml").write_text(TEXT, encoding="utf-8")
    subprocess.run([*git, "add", "."], cwd=tmp_path, check=True)
    subprocess.run([*git, "commit", "-qm", "change"], cwd=tmp_path, check=True)
    tools = tmp_path / "bin"
    tools.mkdir()
    command = tools / "estimator"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m estimator "$@" --draws 100\n', encoding="utf-8")
    command.chmod(0o755)
    summary = tmp_path / "summary.md"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{tools}:{os.environ['PATH']}"}
    env |= {"BASE": base.stdout.strip(), "GITHUB_STEP_SUMMARY": str(summary)}
    done = subprocess.run(["bash", "-ec", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "a b.estimator.yaml" in summary.read_text(encoding="utf-8")
    (tmp_path / "policy.yaml").write_text("fail_if: [best.cost.p50 > 1k]", encoding="utf-8")
    done = subprocess.run(["bash", "-ec", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "::error" in done.stderr


def test_hooks_and_policy_of_the_examples_parse(tmp_path: Path) -> None:
    yaml = YAML(typ="safe")
    hook = yaml.load(ROOT / ".pre-commit-hooks.yaml")[0]
    local = yaml.load(CI / "pre-commit-config.yaml")["repos"][0]["hooks"][0]
    assert re.search(hook["files"], "plans/triage.estimator.yaml")
    assert re.search(local["files"], "triage.estimator.yml")
    assert load_policy(CI / "policy.yaml").fail_if
    shutil.copy(CI / "policy.yaml", tmp_path)
    arguments = local["entry"].split()[1:]
    done = subprocess.run(
        [sys.executable, "-m", "estimator", *arguments, str(TRIAGE)],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
