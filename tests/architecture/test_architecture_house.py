"""The house rules: budgets, docstrings, import cost, no arithmetic at the edges."""

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "estimator").rglob("*.py"))
FORMULA_ROOMS = ("memory", "training", "serving", "retrieval", "labels", "upkeep", "tco", "decision")
EDGES = [
    ROOT / "app.py",
    *sorted((ROOT / "estimator" / "cli").rglob("*.py")),
    *(ROOT / "estimator" / "dashboard").rglob("*.py"),
]
MAX_FILE, MAX_FUNCTION = 300, 50


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_keep_their_budget(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert _body_lines(node) <= MAX_FUNCTION, f"{node.name} is too long"


def _body_lines(node: ast.FunctionDef) -> int:
    """Lines of a function without its docstring."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def _public_functions() -> list[tuple[str, object]]:
    found = []
    for room in FORMULA_ROOMS:
        for path in sorted((ROOT / "estimator" / room).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            module = import_module(name.removesuffix(".__init__"))
            found += [
                (f"{module.__name__}.{key}", value)
                for key, value in vars(module).items()
                if inspect.isfunction(value) and value.__module__ == module.__name__ and not key.startswith("_")
            ]
    return found


@pytest.mark.parametrize(
    ("name", "function"), _public_functions(), ids=lambda item: item if isinstance(item, str) else ""
)
def test_every_public_formula_says_its_source_and_units(name: str, function: object) -> None:
    text = inspect.getdoc(function) or ""
    assert "Source:" in text, f"{name} has no Source:"
    assert "[" in text, f"{name} has no [unit]"


def test_import_direction_of_the_rooms() -> None:
    done = subprocess.run(["lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_import_estimator_is_light() -> None:
    code = (
        "import sys, estimator; from estimator import Scenario, estimate, compare; "
        "heavy = {'streamlit', 'plotly', 'scipy', 'genai_prices', 'pandas', 'typer', 'rich'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_comparison_needs_neither_scipy_nor_charts() -> None:
    code = (
        "import sys; from estimator.cli.main import run; "
        "code = run(['compare', 'examples/triage.yaml', '--draws', '20', '-q']); "
        "heavy = {'scipy', 'plotly', 'streamlit', 'pandas'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else code)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_arithmetic_at_the_edges() -> None:
    arithmetic = (ast.Sub, ast.Mult, ast.Pow, ast.Mod, ast.FloorDiv)
    for path in EDGES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.BinOp) and isinstance(node.op, arithmetic)), f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(
    "word", ["TO" + "DO", "FIX" + "ME", "/work" + "/main", "shared" + "/validation", "shared" + "/prices"]
)
def test_nothing_left_behind(word: str) -> None:
    kinds = {".py", ".md", ".toml", ".csv", ".yaml", ".json", ""}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    for name in filter(None, tracked):
        path = ROOT / name
        if path.suffix in kinds and path.is_file():
            assert word not in path.read_text(encoding="utf-8", errors="ignore"), f"{name} contains {word}"
