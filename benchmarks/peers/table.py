"""The tables of the two READMEs, made from results.json."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
README, SHORT = HERE / "README.md", HERE.parents[1] / "README.md"
START, END = "<!-- peers -->", "<!-- /peers -->"
SHORT_HEAD = "| Peer | Cases | Its median \\|error\\| | Ours | Its p90 | Ours | Ours, source left out |"
MEASURED = "allocated"
"""Group of the memory cases that were measured on devices."""
TITLES = {"memory": "Peak memory of fine-tuning", "time": "Tokens per second and device"}
HEAD = "| peer | version | cases | median | ours | p90 | ours | bias | ours | ours, source left out |"


def tables(results: Mapping[str, Any]) -> str:
    """Errors of each peer beside ours, and the cases that each cannot express."""
    return "\n".join(_lines(results)).strip() + "\n"


def _lines(results: Mapping[str, Any]) -> Iterator[str]:
    for kind, title in TITLES.items():
        peers = [peer for peer in results["peers"] if peer["kind"] == kind]
        yield f"### {title}: {len(results['cases'][kind])} cases"
        yield ""
        yield HEAD
        yield "|---|---|" + "---:|" * 8
        for peer in peers:
            yield _row(peer, f"**{peer['name']}**", peer["version"] or "rule")
            for group, found in peer["by"].items():
                yield _row(found, f"– {group}", "")
        yield ""
        yield "Cases left out:"
        yield ""
        for peer in peers:
            reasons = "; ".join(f"{count} {reason}" for reason, count in peer["left_out"].items())
            yield f"- {peer['name']}: {reasons or 'none'}."
        yield ""
    yield "### Not run"
    yield ""
    for peer in results["not_run"]:
        yield f"- {peer['name']}: {peer['reason']}."


def _row(found: Mapping[str, Any], name: str, version: str) -> str:
    cells = [name, version, f"{found['n']:,}"]
    for figure in ("median", "p90", "bias"):
        cells += [_share(found["peer"][figure], figure), _share(found["ours"][figure], figure)]
    without = found.get("ours_without_source")
    return "| " + " | ".join([*cells, _share(without["median"], "median") if without else "–"]) + " |"


def _share(value: float, figure: str) -> str:
    percent = f"{value:+z.1%}" if figure == "bias" else f"{value:.1%}"
    return percent.replace("%", " %")


def short_table(results: Mapping[str, Any]) -> str:
    """One row a peer: memory on the runs measured on devices, time on all that it can express."""
    lines = [SHORT_HEAD, "| --- |" + " ---: |" * 6]
    for peer in results["peers"]:
        found = peer["by"].get(MEASURED, peer)
        cells = [f"{peer['kind']}: {peer['name']} {peer['version']}".strip(), f"{found['n']:,}"]
        for figure in ("median", "p90"):
            cells += [_share(found[whose][figure], figure) for whose in ("peer", "ours")]
        without = found.get("ours_without_source")
        cells.append(_share(without["median"], "median") if without else "–")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def with_table(text: str, table: str) -> str:
    """A text with the table between its two marks renewed."""
    before, rest = text.split(START)
    after = rest.split(END)[1]
    return f"{before}{START}\n{table}{END}{after}"


def pages(results: Mapping[str, Any]) -> dict[Path, str]:
    """Both READMEs as they should be."""
    tables_of = {README: f"\n{tables(results)}\n", SHORT: short_table(results)}
    return {path: with_table(path.read_text(encoding="utf-8"), table) for path, table in tables_of.items()}
