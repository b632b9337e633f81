"""The sheet of retrieval and the figure of index sizes."""

from estimator.catalog import load_catalog
from estimator.report.retrieval import SHOWN_FORMATS, index_size_figure, retrieval_sheet
from estimator.report.sheet import SHEET_FORMATS
from estimator.retrieval import quote, retrieval_scenario

CATALOG = load_catalog()


def test_a_store_says_what_its_price_leaves_out() -> None:
    asked = retrieval_scenario(
        retrieval={"documents": 1000, "tokens_per_document": 500, "store": "chroma"},
        model="Qwen/Qwen3-8B",
        queries_per_month=100,
        question_tokens=50,
        output_tokens=100,
        catalog=CATALOG,
    )
    sheet = retrieval_sheet(quote(asked, catalog=CATALOG))
    text = SHEET_FORMATS["table"](sheet)
    assert "queries are not priced" in text
    assert "passages are counted, not priced" in text
    assert sheet.data["nodes"] is None
    assert {record["when"] for record in sheet.records} == {"once", "month", "query"}


def test_bars_show_every_format_smallest_first() -> None:
    memory, disk = index_size_figure(vectors=1e6, dimensions=768.0).data
    assert set(memory.y) == set(SHOWN_FORMATS)
    assert list(memory.x) == sorted(memory.x)
    assert len(disk.x) == len(SHOWN_FORMATS)
    by_name = dict(zip(disk.y, disk.x, strict=True))
    assert round(by_name["pgvector"], 3) == 4.096
