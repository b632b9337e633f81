"""Help: groups, examples that run, the options of every verb, the default verb, how quickly it comes."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command import command as told
from typer.main import get_command

from estimator.cli.commands import app
from estimator.cli.grouped import Verbs
from estimator.cli.main import run
from estimator.cli.verbs import MODULES

ROOT = Path(__file__).resolve().parents[2]
TRIAGE = str(ROOT / "examples" / "triage.yaml")
USERS_OWN = (
    "votes.csv",
    "my_runs.json",
    "trainer_state.json",
    "runs.csv",
    "calibration.json",
    "pricing_aws.go",
    "vms.csv",
    "last-month.json",
    "compare memo.html",
)
"""Files that an example takes from the user, so that it is parsed but cannot run here."""
OPEN_ENDED = "estimator dashboard"
"""It serves until it is stopped; tests/app/ starts it."""


def _root() -> Verbs:
    command = get_command(app)
    assert isinstance(command, Verbs)
    return command


def _verbs(group: Any = None, start: str = "") -> dict[str, Any]:
    found = {}
    for name, command in (group or _root()).commands.items():
        if getattr(command, "commands", None):
            found |= _verbs(command, f"{start}{name} ")
        else:
            found[f"{start}{name}"] = command
    return found


def _examples(command: Any) -> list[str]:
    return [line.strip() for line in (command.epilog or "").splitlines() if line.strip().startswith("estimator ")]


VERBS = _verbs()
LINES = [(verb, line) for verb, command in VERBS.items() for line in _examples(command)]

RUNNABLE = [
    line for _, line in LINES if not line.startswith(OPEN_ENDED) and not any(name in line for name in USERS_OWN)
]


def _calls(line: str) -> list[list[str]]:
    """Arguments of each estimator call of a pipeline."""
    return [shlex.split(part, comments=True)[1:] for part in line.split(" | ")]


def test_every_verb_stands_in_a_group() -> None:
    grouped = _root().grouped()
    assert sorted(name for names in grouped.values() for name in names) == sorted(_root().commands)
    assert next(iter(grouped)) == "Start"
    assert grouped["Start"] == ["init", "schema", "dashboard", "doctor"]


def test_a_verb_is_found_in_the_module_that_is_loaded_for_it() -> None:
    registered = {verb: command for verb, command in _root().commands.items() if not hasattr(command, "commands")}
    homes = {verb: str(command.callback.__module__).rpartition(".")[2] for verb, command in registered.items()}
    assert homes.items() <= MODULES.items()
    assert set(MODULES) - set(homes) == {"catalog"}  # a group of its own


def test_help_shows_the_groups_in_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    places = [shown.index(f"\n{title}:\n") for title in _root().grouped()]
    assert places == sorted(places)
    assert "\x1b" not in shown
    assert "..." not in shown[places[0] :]


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_ends_with_examples(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*verb.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    tail = shown[shown.index("Examples:") :].strip().splitlines()[1:]
    assert [line.strip() for line in tail] == _examples(VERBS[verb])
    assert len(tail) >= 2
    assert any(line.strip().startswith(f"estimator {verb}") for line in tail)
    assert "--quiet" in shown
    assert "--verbose" in shown


@pytest.mark.parametrize(("verb", "line"), LINES, ids=[line for _, line in LINES])
def test_every_example_is_understood(verb: str, line: str) -> None:
    for arguments in _calls(line):
        root = _root()
        context = root.make_context("estimator", list(arguments))
        rest = [*context._protected_args, *context.args]
        command: Any = root
        while getattr(command, "commands", None):
            name, command, rest = command.resolve_command(context, rest)
            context = command.make_context(name, list(rest), parent=context)
            rest = [*getattr(context, "_protected_args", []), *context.args]
        assert not rest
    assert verb


@pytest.mark.parametrize("line", RUNNABLE)
def test_examples_on_bundled_files_run(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ESTIMATOR_DRAWS", "300")
    calls = _calls(line)
    assert run(calls[0]) == 0, capsys.readouterr().err
    if len(calls) > 1:
        written = capsys.readouterr().out
        done = told(*calls[1], given=written)
        assert done.returncode == 0, done.stderr
        assert done.stdout


def test_a_file_in_place_of_a_verb_is_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([TRIAGE, "--draws", "200"]) == 0
    short = capsys.readouterr().out
    assert run(["compare", TRIAGE, "--draws", "200"]) == 0
    assert capsys.readouterr().out == short
    assert run(["missing.yaml"]) == 2
    assert "no such file" in capsys.readouterr().err
    assert run(["compar"]) == 2
    assert "compare" in capsys.readouterr().err


def test_a_command_loads_its_own_verb_only() -> None:
    code = (
        "import sys; from estimator.cli.main import run; run([sys.argv[1], '--help']); "
        "print([name for name in ('compare', 'memory', 'sweep') if f'estimator.cli.{name}' in sys.modules])"
    )
    for word, loaded in (
        ("memory", "['memory']"),
        ("mine.yaml", "['compare']"),
        ("memry", "['compare', 'memory', 'sweep']"),
    ):
        done = subprocess.run([sys.executable, "-c", code, word], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == loaded


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from estimator.cli.main import run; run(['--help']); "
        "heavy = {'numpy', 'pydantic', 'scipy', 'plotly', 'rich', 'ruamel'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr


def test_help_is_quick_beside_the_libraries() -> None:
    """Processor time, the best of several, so that a busy machine does not decide."""
    heavy = min(_seconds("-c", "import numpy, pydantic") for _ in range(3))
    assert min(_seconds("-m", "estimator", "--help") for _ in range(3)) < max(1.5 * heavy, 0.35)


def _seconds(*arguments: str) -> float:
    before = os.times()
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, *arguments], capture_output=True, env=env, check=True)
    after = os.times()
    return (after.children_user - before.children_user) + (after.children_system - before.children_system)
