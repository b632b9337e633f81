"""Links of the pages lead somewhere, every page can be reached from the README, and every setting is documented."""

import re
from pathlib import Path

import pytest

import estimator

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md"))
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")


def _text(path: Path) -> str:
    """A page without its code."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`(?!\])", "", text)


def _anchors(path: Path) -> set[str]:
    """Anchors that a Markdown page gives its headings."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for name, anchor in LINK.findall(_text(page)):
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{page.name} links to {name}"
        assert not anchor or anchor in _anchors(target), f"{page.name} links to {name}#{anchor}"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        targets = [(page.parent / name).resolve() for name, _ in LINK.findall(_text(page)) if name]
        waiting += [target for target in targets if target.suffix == ".md"]
        waiting += [inner for target in targets if target.is_dir() for inner in target.glob("*.md")]
    assert set(PAGES) <= reached


def test_every_environment_variable_is_in_the_table() -> None:
    sources = (ROOT / "estimator").rglob("*.py")
    read = {name for path in sources for name in re.findall(r'"(ESTIMATOR_[A-Z]+)"', path.read_text(encoding="utf-8"))}
    table = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert read
    assert all(f"| `{name}` |" in table for name in read)


def test_every_exit_code_is_in_the_table() -> None:
    sources = (ROOT / "estimator").rglob("*.py")
    codes = re.compile(
        r"\bexit_code(?:: int)? = (\d+)|^(?:OK|INTERNAL|USAGE|INTERRUPTED|POLICY_FAILED|STALE|BROKEN) = (\d+)",
        re.MULTILINE,
    )
    used = {max(found) for path in sources for found in codes.findall(path.read_text(encoding="utf-8"))}
    table = re.findall(r"^\| (\d+) \| ", (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"0", "1", "2", "3", "4", "130"} <= used
    assert used == set(table)


def test_public_names_are_those_of_the_type_checker_and_of_first_use() -> None:
    assert sorted(estimator.__all__) == sorted([*estimator._HOME, "__version__"])
    assert all(getattr(estimator, name) is not None for name in estimator.__all__)
