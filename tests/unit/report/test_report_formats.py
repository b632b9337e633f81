"""One result in every format: the figures agree, and no name, source or note becomes a command or markup."""

import csv
import io
import json
import re
from html import unescape
from html.parser import HTMLParser

import pytest

from estimator import Comparison, compare, loads
from estimator.report import FORMATS, FULL_FORMATS, SHEET_FORMATS, Sheet
from estimator.report.focus import focus_csv
from estimator.report.layout import Table, csv_lines, markdown_table
from estimator.report.numbers import money, share
from estimator.report.page import Bullets, Embedded, Folded, Heading, Page, Strong, page_markdown
from estimator.report.tables import lines_table, options_table
from estimator.scenario.templates import template_text

TEXT = template_text("triage")
HOSTILE = "=cmd() <script>alert(1)</script> | `x` **y** [a](javascript:b) -->"


class Reader(HTMLParser):
    """Tables as rows of text, and every element met."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.in_cell = True

    def handle_endtag(self, tag: str) -> None:
        """Leave a cell."""
        self.in_cell = self.in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.words.append(data)
        if self.in_cell:
            self.tables[-1][-1][-1] += data


def read_html(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    return reader


def read_markdown(text: str) -> list[list[list[str]]]:
    """Pipe tables as rows of text, escapes undone."""
    tables, open_table = [], False
    for line in text.splitlines():
        if not line.startswith("| "):
            open_table = False
            continue
        if not open_table:
            tables.append([])
        open_table = True
        cells = re.split(r"(?<!\\) \| ", line[2:-2])
        if set(cells) != {"---"}:
            tables[-1].append([unescape(re.sub(r"\\(.)", r"\1", cell)) for cell in cells])
    return tables


@pytest.fixture(scope="module")
def compared() -> Comparison:
    return compare([loads(TEXT), loads(TEXT.replace("growth: 2%", "growth: 5%"))], draws=200)


def test_every_format_holds_the_figures_of_the_json(compared: Comparison) -> None:
    data = json.loads(FORMATS["json"](compared))
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](compared))))
    page, marked, text = (FULL_FORMATS[name](compared) for name in ("html", "markdown", "table"))
    html_tables, markdown_tables = read_html(page).tables, read_markdown(marked)
    assert html_tables == markdown_tables
    shown = [table for table in html_tables if table[0][0] == "Option" and table[0][1] == "Quality"]
    assert len(shown) == len(data["scenarios"])
    for scenario, table in zip(data["scenarios"], shown, strict=True):
        assert len(table) == 1 + len(scenario["options"])
        for line, (name, option) in zip(table[1:], scenario["options"].items(), strict=True):
            assert line[0].split()[0] == name
            assert line[2] == money(option["cost_usd"]["p50"])
            assert line[4] == money(option["net_benefit_usd"]["mean"])
            assert line[6] == share(option["probability_best"])
            assert re.search(rf"^ {name} .*{re.escape(line[2])}", text, re.MULTILINE)
    totals = [row for row in rows if row["line"] == "total.cost_usd"]
    figures = [option["cost_usd"]["p50"] for item in data["scenarios"] for option in item["options"].values()]
    assert [float(row["p50_usd"]) for row in totals] == figures


def test_ledger_lines_agree_between_html_and_csv(compared: Comparison) -> None:
    estimate = compared.estimates[0]
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](Comparison((estimate,))))))
    tables = [table for table in read_html(FORMATS["html"](Comparison((estimate,)))).tables if table[0][0] == "Line"]
    for name, table in zip(estimate.options, tables, strict=True):
        written = {row["line"]: row for row in rows if row["option"] == name}
        assert [row[0] for row in table[1:]] == [row[0] for row in lines_table(estimate, name).rows]
        for line in table[1:]:
            assert line[4] == money(float(written[line[0]]["central_usd"]))


def test_a_sheet_holds_the_same_in_every_format() -> None:
    sheet = Sheet(
        title="Answer: 2",
        blocks=("Words.", Table("Parts", ("Part", "USD"), (("one", "1.50"), ("two", "0.50")))),
        data={"usd": 2.0},
        records=({"part": "one", "usd": 1.5}, {"part": "two", "usd": 0.5}),
        name="answer",
    )
    assert set(SHEET_FORMATS) == set(FORMATS) == {"table", "json", "csv", "markdown", "html"}
    rows = [["Part", "USD"], ["one", "1.50"], ["two", "0.50"]]
    assert read_html(SHEET_FORMATS["html"](sheet)).tables == read_markdown(SHEET_FORMATS["markdown"](sheet)) == [rows]
    assert SHEET_FORMATS["markdown"](sheet).startswith("<!-- estimator: answer -->\n\n## Answer: 2\n")
    assert json.loads(SHEET_FORMATS["json"](sheet))["usd"] == 2.0
    written = list(csv.reader(io.StringIO(SHEET_FORMATS["csv"](sheet))))
    assert [float(row[1]) for row in written[1:]] == [1.5, 0.5]
    for cells in rows:
        assert re.search(r"\s+".join(map(re.escape, cells)), SHEET_FORMATS["table"](sheet))


def test_a_page_stands_alone_and_may_run_nothing(compared: Comparison) -> None:
    text = FULL_FORMATS["html"](compared)
    reader = read_html(text)
    assert text.startswith("<!doctype html>\n")
    assert {tag for tag, _ in reader.tags}.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    for _, attributes in reader.tags:
        assert not {"src", "href", "srcset"} & set(attributes)
        assert not [key for key in attributes if key.startswith("on")]
    policy = next(given["content"] for tag, given in reader.tags if given.get("http-equiv"))
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "url(" not in text
    assert "@import" not in text
    assert len(text) < 300_000


def test_hostile_texts_stay_text_in_every_format() -> None:
    text = TEXT.replace("name: Support-ticket triage", f"name: '{HOSTILE}'")
    source = f"{{value: 2%, source: '{HOSTILE}'}}"
    assert "growth: 2%" in text
    result = compare([loads(text.replace("growth: 2%", f"growth: {source}"))], draws=50)
    reader = read_html(FORMATS["html"](result))
    assert "script" not in {tag for tag, _ in reader.tags}
    assert any(HOSTILE in words for words in reader.words)
    marked = FORMATS["markdown"](result)
    assert "<script" not in marked
    assert "[a](" not in marked
    assert marked.splitlines()[0] == "<!-- estimator: comparison cmd script alert 1 script x y a javascript b -->"
    assert all(len({len(row) for row in table}) == 1 for table in read_markdown(marked))
    for row in csv.reader(io.StringIO(FORMATS["csv"](result))):
        assert not row[0].startswith("=")
    assert json.loads(FORMATS["json"](result))["scenarios"][0]["name"] == HOSTILE


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_that_starts_like_a_formula_is_quoted_and_numbers_are_not(start: str) -> None:
    [head, row] = list(csv.reader(io.StringIO(csv_lines([{f"{start}key": f"{start}1+1", "number": -1.5}]), newline="")))
    kept = start.replace("\r", " ")
    assert head == [f"'{kept}key", "number"]
    assert row == [f"'{kept}1+1", "-1.5"]


def test_markdown_cells_keep_one_line_and_one_cell() -> None:
    table = markdown_table(Table("", ("a", "b"), (("x\n| y", "`c` <b>"),)))
    assert table.splitlines()[-1] == r"| x \| y | \`c\` &lt;b&gt; |"


def test_every_block_in_markdown() -> None:
    blocks = (
        Heading("H #1"),
        Strong("S*"),
        Bullets(("one", "two_2")),
        Folded("<f>", ("inner", Embedded("a: ```\n"))),
    )
    assert page_markdown(Page("n", "T", blocks)).splitlines() == [
        "<!-- estimator: n -->", "", "## T", "", r"### H \#1", "", r"**S\***", "", "- one", r"- two\_2", "",
        "<details><summary>&lt;f&gt;</summary>", "", "inner", "", "````yaml estimator-scenario", "a: ```", "````", "",
        "</details>",
    ]  # fmt: skip


def test_the_chart_shows_the_standings(compared: Comparison) -> None:
    estimate = compared.estimates[0]
    words = " ".join(read_html(FULL_FORMATS["html"](compared)).words)
    for name, option in estimate.options.items():
        band = option.standing.net_benefit
        assert f"{name}: {money(band.p50)} ({money(band.p10)} to {money(band.p90)})" in words
    assert len(options_table(estimate).rows) == len(estimate.options)


def test_scenarios_of_one_name_can_be_told_apart_in_csv(compared: Comparison) -> None:
    rows = csv.DictReader(io.StringIO(FORMATS["csv"](compared)))
    assert tuple(dict.fromkeys(row["scenario"] for row in rows)) == compared.labels
    bills = csv.DictReader(io.StringIO(focus_csv(compared)))
    assert tuple(dict.fromkeys(row["BillingAccountName"] for row in bills)) == compared.labels
    assert len(set(compared.labels)) == 2
