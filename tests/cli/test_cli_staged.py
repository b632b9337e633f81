"""Staged plans from the command line."""

from pathlib import Path

from command import command as estimator

ROOT = Path(__file__).resolve().parents[2]
TRIAGE = (ROOT / "examples" / "triage.yaml").read_text(encoding="utf-8")
PLAN = """  later:
    stages:
      - use: prompt
      - {use: lora, from: month 6, if: {requests_per_month: "> 100k"}}
"""


def test_a_staged_plan_is_compared_and_explained(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(TRIAGE + PLAN, encoding="utf-8")
    done = estimator("compare", str(file), "--draws", "50")
    assert done.returncode == 0, done.stderr
    assert "later: starts with prompt; after month 6 moves to lora" in " ".join(done.stdout.split())
    explained = estimator("explain", str(file), "migration.stage@lora", "--draws", "50")
    assert explained.returncode == 0, explained.stderr
    assert "moves of a staged plan" in " ".join(explained.stdout.split())


def test_a_broken_plan_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(TRIAGE + PLAN.replace("use: lora", "use: lore"), encoding="utf-8")
    done = estimator("compare", str(file))
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.count("\n") == 1
    assert "options.later.stages.1.use names no option of this file: 'lore'" in done.stderr
    assert "did you mean 'lora'" in done.stderr
