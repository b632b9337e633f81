"""Every verb as a process of its own says what it says in the process of the tests."""

import re
from pathlib import Path
from typing import Any

import pytest
from command import ROOT, command, process
from typer.main import get_command

from estimator.cli.commands import app

TRIAGE = str(ROOT / "examples" / "triage.yaml")
FEW = ("--draws", "20")
VMS = str(ROOT / "tests" / "unit" / "catalog" / "catalogues" / "aws" / "vms.csv")
HOSTED = ("openai/gpt-4o-mini", "--rps", "5", "--input", "1500", "--output", "200", "--on", "2026-11-25")
LINES: dict[str, tuple[str, ...]] = {
    "init": ("-t", "brand-voice"),
    "schema": (),
    "doctor": ("-f", "json"),
    "compare": (TRIAGE, *FEW),
    "breakdown": (TRIAGE, "--option", "lora", *FEW),
    "diff": (TRIAGE, TRIAGE, *FEW),
    "portfolio": (TRIAGE, "--option", "lora", *FEW),
    "explain": (TRIAGE, "inference.gpu", *FEW),
    "learn": (TRIAGE, *FEW),
    "retrain": (TRIAGE, *FEW),
    "report": (TRIAGE, "--date", "2026-11-28", *FEW),
    "check": (TRIAGE, "--on", "2026-12-01", *FEW),
    "breakeven": (TRIAGE, "workload.growth", *FEW),
    "simulate": (TRIAGE, *FEW),
    "sensitivity": (TRIAGE, *FEW),
    "sweep": (TRIAGE, "--vary", "horizon=12,24", "-o", "points", *FEW),
    "memory": ("Qwen/Qwen3-8B", "--gpu", "T4"),
    "train": ("Qwen/Qwen3-8B", "--gpu", "H100-80GB", "--tokens", "1M"),
    "plan": ("Qwen/Qwen3-8B", "--tokens", "1M", "--gpu", "H100-80GB"),
    "serve": HOSTED,
    "retrieval": ("--documents", "100k", "--tokens-per-document", "1500"),
    "labels": ("--like", "cuad"),
    "calibrate": ("none.json",),
    "validate": ("memory",),
    "catalog list": ("gpus",),
    "catalog show": ("gpus", "T4-16GB"),
    "catalog search": ("prices", "h100"),
    "catalog stale": ("--on", "2030-01-01"),
    "catalog import": ("skypilot", VMS, "--read-on", "2026-11-25"),
}
ELSEWHERE = {"dashboard"}
"""A server; the tests of the browser start it."""


def _verbs(group: Any, start: str = "") -> set[str]:
    found: set[str] = set()
    for name, verb in group.commands.items():
        found |= _verbs(verb, f"{start}{name} ") if getattr(verb, "commands", None) else {f"{start}{name}"}
    return found


def test_no_verb_is_left_out() -> None:
    assert set(LINES) | ELSEWHERE == _verbs(get_command(app))


@pytest.mark.parametrize("verb", LINES)
def test_a_process_says_what_is_said_here(verb: str, tmp_path: Path) -> None:
    done = []
    for name, way in (("there", process), ("here", command)):
        folder = tmp_path / name
        folder.mkdir()
        said = way(*verb.split(), *LINES[verb], folder=folder)
        done.append((said.returncode, _timeless(said.stdout), _timeless(said.stderr)))
    assert done[0] == done[1]
    assert done[0][1] or done[0][0]


def _timeless(text: str) -> str:
    """Without what differs between two runs of the same command: seconds, and the folder it ran in."""
    return re.sub(r"/(there|here)\b", "/folder", re.sub(r"\d+\.\d+ s\b", "some s", text))
