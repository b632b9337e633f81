"""One vocabulary: names in scenario keys, ledger, tables, pages and docs are explained once, and have one spelling."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from estimator.scenario.reference import reference
from estimator.tco import CATEGORIES
from estimator.tco.formulas import FORMULAS

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
PLAIN = set((ROOT / "tests" / "architecture" / "plain_words.txt").read_text(encoding="utf-8").split())
"""Words of labels and keys that need no explanation; a new word goes here or into the glossary."""
WORD = re.compile(r"[^\W\d_]+")
CONTROLS = {
    *("subheader", "metric", "title", "expander", "tabs", "text_input", "number_input", "slider", "selectbox"),
    *("multiselect", "pills", "segmented_control", "toggle", "checkbox", "radio", "button", "download_button"),
    *("file_uploader", "link_button", "Page"),
}
"""Calls of the dashboard whose first argument is a label."""
PAGES = [
    *(path for path in sorted((ROOT / "docs").rglob("*.md")) if path.name != "glossary.md"),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "pricing/README.md", "benchmarks/README.md")),
    *sorted((ROOT / "examples").rglob("*.y*ml")),
]


def _rows(title: str) -> list[tuple[str, str]]:
    """First two cells of the rows of a section's table."""
    section = re.split(r"^## ", GLOSSARY.partition(f"## {title}\n")[2], flags=re.MULTILINE)[0]
    found = re.findall(r"^\| (.+?) \| (.+?) \|$", section, re.MULTILINE)
    return found[1:]


@cache
def _explained() -> frozenset[str]:
    """Words of all terms of the glossary, and of what they are called where two names are one thing."""
    terms = re.findall(r"^\| (.+?) \|", GLOSSARY.partition("## Not said here")[0], re.MULTILINE)
    return frozenset(form for term in terms for word in _words(term) for form in (word, f"{word}s"))


def _words(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(text)}


def _strings(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _headers(path: Path) -> Iterator[str]:
    """Heads of the columns of tables."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Table" and len(node.args) > 1:
            yield from _strings(node.args[1])
        named = [target.id for target in getattr(node, "targets", []) if isinstance(target, ast.Name)]
        if isinstance(node, ast.Assign) and {"header", "head"} & set(named):
            yield from _strings(node.value)


def _labels(path: Path) -> Iterator[str]:
    """Labels of the controls and headings of a page, and of the figures it shows."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in CONTROLS and node.args:
            yield from (text for text in _strings(node.args[0]) if not text.startswith((":", "app_pages", ".")))
        if isinstance(node, ast.Dict):
            yield from (text for key in node.keys if key for text in _strings(key) if text[:1].isupper())


def _unknown(texts: Iterator[str]) -> set[str]:
    """Words that stand neither in the glossary nor in plain_words.txt: put each into one of them."""
    return {word for text in texts for word in _words(text)} - _explained() - PLAIN


def test_words_of_scenario_keys_are_explained_or_plain() -> None:
    assert not _unknown(iter(reference()))


def test_words_of_ledger_lines_are_explained_or_plain() -> None:
    assert not _unknown(iter(FORMULAS))


def test_words_of_columns_are_explained_or_plain() -> None:
    rooms = (ROOT / "estimator" / "report", ROOT / "estimator" / "validation")
    assert not _unknown(text for room in rooms for path in sorted(room.rglob("*.py")) for text in _headers(path))


def test_words_of_the_dashboard_are_explained_or_plain() -> None:
    pages = sorted((ROOT / "estimator" / "dashboard").rglob("*.py"))
    assert not _unknown(text for path in pages for text in _labels(path))


def test_the_dashboard_calls_figures_of_options_what_the_tables_call_them() -> None:
    columns = [text.lower() for text in _headers(ROOT / "estimator" / "report" / "tables.py")]
    tree = ast.parse((ROOT / "estimator" / "dashboard" / "parts.py").read_text(encoding="utf-8"))
    rows = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in {"_row", "metrics"}]
    texts = {text.lower() for row in rows for text in _strings(row) if text[:1].isupper()}
    labels = {text for text in texts if len(text.split()) <= 3}
    assert len(rows) == 2
    assert {"quality", "cost", "mean net benefit", "p(best)", "break-even"} <= labels
    assert all(any(label in column for column in columns) for label in labels), labels


def test_every_ledger_category_is_explained() -> None:
    assert [name for name, _ in _rows("Categories of cost")] == [*CATEGORIES, "value"]


def test_no_word_is_both_plain_and_explained() -> None:
    assert not PLAIN & _explained(), "the glossary explains these words; take them out of plain_words.txt"


def _prose() -> Iterator[tuple[str, str]]:
    """Texts that people read, with where they stand: pages without code, and sentences of the program."""
    for path in PAGES:
        text = re.sub(
            r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        )
        yield str(path.relative_to(ROOT)), text
    for path in sorted((ROOT / "estimator").rglob("*.py")):
        for text in _strings(ast.parse(path.read_text(encoding="utf-8"))):
            if " " in text:
                yield str(path.relative_to(ROOT)), re.sub(r"`[^`\n]*`", "", text)


def test_one_name_for_one_thing() -> None:
    banned = {name: term for names, term in _rows("Not said here") for name in names.split(", ")}
    assert len(banned) > 10
    pattern = re.compile(rf"(?<![\w/.-])({'|'.join(map(re.escape, banned))})(?!\w)", re.IGNORECASE)
    found = [
        f"{where}: {match[1]!r} is called {banned[match[1].lower()]!r}"
        for where, text in _prose()
        for match in pattern.finditer(text)
    ]
    assert not found, "\n".join(found)
