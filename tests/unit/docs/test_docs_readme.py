"""What the README shows works as written."""

import re
import shutil
from pathlib import Path

import pytest
from filling import FENCE, SERVERS, printed_by

from estimator import estimate, loads
from estimator.cli.commands import app

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [(block[1], block[2], block[3]) for block in FENCE.finditer(README)]
RUN_ELSEWHERE = ("pip install", "estimator compare examples/triage.yaml", "estimator validate", *SERVERS)
"""Set-up, and what the generated pages run."""
LINES = [line for kind, _, body in BLOCKS if kind == "console" for line in body.splitlines()]
RUNS = "gpu,method,micro_batch,seq_len,tokens_per_s,model\nL40S,lora,1,1024,3600,Qwen/Qwen3-8B\n"


def test_commands_run_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One after another in one folder, as a reader would have it, with fewer futures."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / "runs.csv").write_text(RUNS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ESTIMATOR_DRAWS", "300")
    for line in LINES:
        if not line.startswith(RUN_ELSEWHERE):
            assert printed_by(line) or " -o " in line, line


def test_every_verb_is_shown() -> None:
    verbs = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    verbs |= {group.name for group in app.registered_groups}
    shown = {line.split()[1] for line in LINES if line.startswith("estimator ")} | {"dashboard"}
    assert shown == verbs


def test_the_ten_line_scenario_is_a_scenario() -> None:
    (text,) = [body for _, name, body in BLOCKS if name == "mine.yaml"]
    assert len(text.splitlines()) == 10
    result = estimate(loads(text), draws=100)
    assert all(not option.outcome.infeasible for option in result.options.values())


def test_the_library_example_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = [body for kind, _, body in BLOCKS if kind == "python"]
    monkeypatch.chdir(ROOT)
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  # our own page
    sentence, cost = capsys.readouterr().out.splitlines()
    assert sentence.endswith("futures.")
    assert float(cost) > 0


def test_every_room_has_its_page() -> None:
    rooms = re.findall(r"^\| `(\w+)` \| .* \| \[\w+\]\(docs/method/(\w+)\.md\) \|$", README, re.MULTILINE)
    assert [room for room, _ in rooms] == [page for _, page in rooms]
    assert {f"{page}.md" for _, page in rooms} <= {path.name for path in (ROOT / "docs" / "method").iterdir()}
