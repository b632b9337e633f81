"""`estimator dashboard FILE`: a file that no estimate can be made of is refused before a server starts."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from estimator.cli.main import run
from estimator.scenario.opening import OPENED, opened_text

TRIAGE = Path(__file__).parents[2] / "examples" / "triage.yaml"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """Servers that were started, as command and environment."""
    calls = []

    def note(command: list[str], *, env: dict[str, str], **_: Any) -> subprocess.CompletedProcess[str]:
        calls.append((command, env))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", note)
    return calls


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("name: [", 3, "not valid YAML"),
        (TRIAGE.read_text(encoding="utf-8").replace("Qwen/Qwen3-8B", "Qwen/none"), 3, "Qwen/none"),
        (None, 2, "no such file"),
    ],
)
def test_a_bad_file_starts_no_server(
    capsys: pytest.CaptureFixture[str],
    started: list[Any],
    tmp_path: Path,
    text: str | None,
    code: int,
    said: str,
) -> None:
    file = tmp_path / "mine.yaml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    assert run(["dashboard", str(file)]) == code
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not started


def test_the_server_is_told_the_file(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TRIAGE.parent)
    monkeypatch.setenv(OPENED, "left over.yaml")
    assert run(["dashboard", "triage.yaml", "--port", "8600"]) == 0
    assert run(["dashboard"]) == 0
    (command, environment), (_, bare) = started
    assert command[-2:] == ["--server.port", "8600"]
    assert (Path(command[-3]).parent / ".streamlit" / "config.toml").is_file()  # read wherever it is started from
    assert environment[OPENED] == str(TRIAGE)
    assert OPENED not in bare
    monkeypatch.setenv(OPENED, environment[OPENED])
    assert opened_text() == TRIAGE.read_text(encoding="utf-8")


def test_a_port_that_there_is_not_starts_no_server(capsys: pytest.CaptureFixture[str], started: list[Any]) -> None:
    assert run(["dashboard", "--port", "99999"]) == 2
    assert "--port" in capsys.readouterr().err
    assert not started
