"""Whole scenarios keep their figures until someone rewrites the golden files on purpose."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
_spec = importlib.util.spec_from_file_location("golden_rewrite", HERE / "rewrite.py")
assert _spec is not None
assert _spec.loader is not None
golden = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(golden)


@pytest.mark.parametrize("example", golden.EXAMPLES, ids=lambda path: path.stem)
def test_figures_are_those_of_the_golden_file(example: Path) -> None:
    expected = json.loads((HERE / f"{example.stem}.json").read_text(encoding="utf-8"))
    _same(golden.summary(example), expected, example.stem)


@pytest.mark.parametrize("name", golden.VERBS)
def test_verbs_print_what_the_golden_file_holds(name: str) -> None:
    expected, found = (HERE / name).read_text(encoding="utf-8"), golden.printed(golden.VERBS[name])
    if name.endswith(".json"):
        _same(json.loads(found), json.loads(expected), name)
    else:
        assert found == expected, "run python tests/golden/rewrite.py"


def _same(found: Any, expected: Any, where: str) -> None:
    if isinstance(expected, dict):
        assert set(found) == set(expected), where
        for key, value in expected.items():
            _same(found[key], value, f"{where}.{key}")
    elif isinstance(expected, list) and expected and isinstance(expected[0], (dict, float)):
        assert len(found) == len(expected), where
        for place, value in enumerate(expected):
            _same(found[place], value, f"{where}[{place}]")
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-6), f"{where}: run python tests/golden/rewrite.py"
    else:
        assert found == expected or list(found) == expected, f"{where}: run python tests/golden/rewrite.py"
