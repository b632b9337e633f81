"""Shell completion as the shells ask for it: through environment variables."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command import Done, command, process

ROOT = Path(__file__).resolve().parents[2]


def ask(shell: str, **env: str) -> Done:
    return command(_ESTIMATOR_COMPLETE=f"complete_{shell}", **env)


def bash(line: str) -> list[str]:
    words = line.split(" ")
    done = ask("bash", COMP_WORDS=line, COMP_CWORD=str(len(words) - 1))
    assert done.returncode == 0
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("estimator comp", ["compare"]),
        ("estimator catalog st", ["stale"]),
        ("estimator memory Qwen/Qwen3-8", ["Qwen/Qwen3-8B"]),
        ("estimator memory Qwen/Qwen3-8B --method q", ["qlora"]),
        ("estimator serve Qwen/Qwen3-8B --gpu L40", ["L40-48GB", "L40S-48GB"]),
        ("estimator init --template b", ["brand-voice"]),
        ("estimator init --size ", ["small", "medium", "large"]),
        ("estimator compare x.yaml -f ", ["table", "json", "csv", "markdown", "html"]),
        ("estimator catalog show gpus T4", ["T4-16GB"]),
        ("estimator catalog show prices rate/expert/law", ["rate/expert/lawyer", "rate/expert/lawyer_billed"]),
        ("estimator validate ser", ["serving"]),
        ("estimator memory nothing-like-it", []),
        ("estimator compare ", []),
    ],
)
def test_bash(line: str, expected: list[str]) -> None:
    assert bash(line) == expected


def test_kinds_and_verbs_are_all_offered() -> None:
    assert {"models", "gpus", "prices", "evidence"} <= set(bash("estimator catalog list "))
    assert {"init", "doctor", "compare", "catalog"} <= set(bash("estimator "))
    assert {"--quiet", "--verbose", "--format"} <= set(bash("estimator doctor --"))


def test_zsh_and_fish() -> None:
    zsh = ask("zsh", _TYPER_COMPLETE_ARGS="estimator memory Qwen/Qwen3-8")
    assert '"Qwen/Qwen3-8B"' in zsh.stdout
    fish = ask("fish", _TYPER_COMPLETE_ARGS="estimator init --template ", _TYPER_COMPLETE_FISH_ACTION="get-args")
    assert "brand-voice" in fish.stdout.split()
    assert zsh.stderr == fish.stderr == ""


def test_a_broken_catalog_offers_nothing_and_says_nothing(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from estimator.catalog import loading; "
        f"loading.default_directory = lambda: Path({str(tmp_path)!r}); "
        "from estimator.cli import main; main()"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT), "_ESTIMATOR_COMPLETE": "complete_bash"}
    env |= {"COMP_WORDS": "estimator memory Q", "COMP_CWORD": "2"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_shown(shell: str) -> None:
    done = process(_ESTIMATOR_COMPLETE=f"source_{shell}")
    assert done.returncode == 0
    assert "_ESTIMATOR_COMPLETE" in done.stdout


def test_installing_writes_to_the_home_of_the_user(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "SHELL": "/bin/bash", "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = process("--install-completion", "bash", **env)
    assert done.returncode == 0, done.stderr
    assert "estimator" in (tmp_path / ".bashrc").read_text(encoding="utf-8")
    assert list(tmp_path.rglob("estimator.sh"))
