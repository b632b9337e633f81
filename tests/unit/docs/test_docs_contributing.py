"""The recipes of CONTRIBUTING, carried out on a copy of the house."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from filling import FENCE

from estimator.catalog import Catalog
from estimator.memory import parameter_count

ROOT = Path(__file__).resolve().parents[3]
RECIPES = [
    (block[1], block[2], block[3])
    for block in FENCE.finditer((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    if block[2]
]
IN_THE_HOUSE = """
from estimator.cli.main import run
from streamlit.testing.v1 import AppTest
assert run(["explain", "examples/triage.yaml", "operations.review", "--option", "lora"]) == 0
assert run(["verdict", "examples/triage.yaml"]) == 0
page = AppTest.from_file("app.py", default_timeout=60).run()
page.switch_page("estimator/dashboard/app_pages/lines.py").run()
assert not page.exception, page.exception
print([heading.value for heading in page.subheader])
"""
"""One process for what has to be imported from the copy."""


def _follow(kind: str, name: str, body: str, house: Path) -> None:
    """Do what one block of a recipe says."""
    file = house / name.removeprefix(">>")
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    if kind == "json":
        file.write_text(json.dumps(json.loads(before) | json.loads(body)), encoding="utf-8")
    elif kind == "diff":
        old = "".join(line[1:] for line in body.splitlines(keepends=True) if line[0] in " -")
        new = "".join(line[1:] for line in body.splitlines(keepends=True) if line[0] in " +")
        assert before.count(old) == 1, f"CONTRIBUTING: {name} no longer holds, once:\n{old}"
        file.write_text(before.replace(old, new), encoding="utf-8")
    else:
        assert name.startswith(">>") == bool(before), f"CONTRIBUTING: {name} is there already, or not there at all"
        file.write_text(before + body, encoding="utf-8")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house in which every recipe was followed."""
    folder = tmp_path_factory.mktemp("house")
    for name in ("estimator", "pricing", "examples"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", folder)
    for kind, name, body in RECIPES:
        _follow(kind, name, body, folder)
    return folder


def test_prices_models_and_devices_are_found(house: Path) -> None:
    catalog = Catalog(house / "pricing")
    before, after = (catalog.row("labour/ml_engineer", day).mode for day in (date(2026, 11, 30), date(2026, 12, 1)))
    assert (before == 97.5, after) == (False, 97.5)
    retry = catalog.default("task.retry_share", "extraction", date(2026, 12, 1))
    assert retry is not None
    assert retry.mode == 0.05
    model = catalog.architecture("example/Small-1B")
    assert parameter_count(architecture=model).total == pytest.approx(model.published_parameters, rel=0.001)
    assert catalog.accelerator("Example").name == "Example-100GB"


def test_the_ledger_line_the_verb_and_the_page_work(house: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(house), "ESTIMATOR_DRAWS": "100"}
    command = [sys.executable, "-c", IN_THE_HOUSE]
    done = subprocess.run(command, cwd=house, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "security review of own serving: hours a month × engineer's hourly cost" in done.stdout
    assert "\nSupport-ticket triage\n\nYes, fine-tuning is worth it" in done.stdout
    assert "lora_rag" in done.stdout.splitlines()[-1]
