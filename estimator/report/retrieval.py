"""Retrieval as a sheet: sizes, nodes, items by the moment they are paid; index sizes as a figure."""

from typing import TYPE_CHECKING, Any

import numpy as np

from estimator.money import shown_currency
from estimator.plain import plain
from estimator.report.layout import Table
from estimator.report.numbers import compact, error_percent, money, significant
from estimator.report.sheet import Sheet
from estimator.retrieval import RetrievalQuote, Shape, index_size
from estimator.retrieval.nodes import MEMORY_HEADROOM
from estimator.units import GB, THOUSAND, central

if TYPE_CHECKING:
    import plotly.graph_objects as go

WHEN = {"once": "once", "month": "a month", "query": "1,000 queries"}
_TIMES = {"once": 1.0, "month": 1.0, "query": THOUSAND}
SHOWN_FORMATS = (
    *("hnswlib", "pgvector", "pgvector_halfvec", "usearch_i8", "faiss_hnsw", "faiss_hnsw_sq8", "faiss_ivf_flat"),
    *("faiss_ivf_pq", "faiss_rabitq", "diskann", "qdrant", "elastic_int8", "opensearch", "weaviate"),
)


def retrieval_sheet(quote: RetrievalQuote) -> Sheet:
    """Tables and data of what retrieval costs."""
    cost = quote.cost
    rows = [(item.label, WHEN[item.when], money(central(item.usd) * _TIMES[item.when])) for item in cost.items]
    totals = (
        ("all", "once", money(central(cost.once_usd))),
        ("all, without queries", "a month", money(central(cost.usd_per_month))),
        ("all", WHEN["query"], money(central(cost.usd_per_query) * _TIMES["query"])),
        (f"all, with {compact(quote.queries_per_month)} queries", "a month", money(quote.usd_per_month)),
    )
    blocks: list[Table | str] = [_sizes(quote)]
    if quote.plan is not None:
        blocks.append(quote.plan.sentence)
    blocks += [
        Table("Cost", ("Item", "Paid", shown_currency().code), (*rows, *totals)),
        f"Prices of {quote.on}. A stale entry: {error_percent(central(quote.bill.stale_share))} of the documents at a "
        "time. Passages stand behind the cached prefix and are paid in full with every query.",
    ]
    if quote.bill.index.note:
        blocks.append(f"{quote.bill.index.system}: {quote.bill.index.note}.")
    blocks += [f"Note: {text}." for text in quote.warnings]
    return Sheet(
        title=f"Retrieval over {compact(central(quote.bill.vectors))} chunks in {quote.bill.index.system}",
        blocks=tuple(blocks),
        data=_data(quote),
        records=_items(quote),
    )


def _sizes(quote: RetrievalQuote) -> Table:
    bill, index = quote.bill, quote.bill.index
    vectors = central(bill.vectors)
    per_vector = significant(central(index.file_bytes_per_vector), 4)
    rows = (
        ("chunks (vectors)", compact(vectors)),
        ("tokens embedded once", compact(central(bill.corpus_tokens))),
        ("tokens embedded a month, changed and new", compact(central(bill.refresh_tokens_per_month))),
        ("index on disk", f"{_gb(index.file_bytes)} ({per_vector} bytes a vector)"),
        ("index in memory", _gb(index.memory_bytes)),
        ("memory while building", _gb(index.build_bytes)),
        ("memory while rebuilding beside the old index", _gb(index.rebuild_bytes)),
        ("disk with text and payload, all copies", _gb(bill.disk_bytes)),
        ("passages in each prompt", f"{compact(central(bill.context_tokens))} tokens"),
    )
    return Table("Sizes", ("What", "Size"), rows)


def _gb(size: Any) -> str:
    return f"{significant(central(size) / GB)} GB"


def _items(quote: RetrievalQuote) -> list[dict[str, Any]]:
    return [
        {"name": item.name, "label": item.label, "when": item.when, "usd": central(item.usd)}
        for item in quote.cost.items
    ]


def _data(quote: RetrievalQuote) -> dict[str, Any]:
    cost = quote.cost
    return {
        "index": quote.bill.index.system,
        "on": quote.on.isoformat(),
        "sizes": _bytes(quote),
        "nodes": None if quote.plan is None else {**plain(quote.plan), "plan": quote.plan.sentence},
        "items": _items(quote),
        "once_usd": central(cost.once_usd),
        "usd_per_month": central(cost.usd_per_month),
        "usd_per_query": central(cost.usd_per_query),
        "queries_per_month": quote.queries_per_month,
        "usd_per_month_with_queries": quote.usd_per_month,
        "warnings": list(quote.warnings),
        "inputs": [
            {
                "key": item.key,
                "value": item.central,
                "low": item.low,
                "high": item.high,
                "unit": item.unit,
                "origin": item.origin,
                "source": item.source,
            }
            for item in quote.inputs
        ],
    }


def _bytes(quote: RetrievalQuote) -> dict[str, float]:
    bill, index = quote.bill, quote.bill.index
    vectors = central(bill.vectors)
    return {
        "vectors": vectors,
        "embedded_tokens": central(bill.corpus_tokens),
        "refresh_tokens_per_month": central(bill.refresh_tokens_per_month),
        "reembed_tokens_per_month": central(bill.reembed_tokens_per_month),
        "context_tokens": central(bill.context_tokens),
        "stale_share": central(bill.stale_share),
        "index_bytes": central(index.file_bytes),
        "index_bytes_per_vector": central(index.file_bytes_per_vector),
        "memory_bytes": central(index.memory_bytes),
        "memory_bytes_per_vector": central(index.memory_bytes_per_vector),
        "memory_with_headroom_bytes": central(index.memory_bytes) * MEMORY_HEADROOM,
        "build_bytes": central(index.build_bytes),
        "rebuild_bytes": central(index.rebuild_bytes),
        "disk_bytes": central(bill.disk_bytes),
    }


def index_size_figure(*, vectors: float, dimensions: float, links: float = 16.0) -> "go.Figure":
    """Bars: memory and disk of the same vectors in several formats."""
    from estimator.report.drawing import COLOURS, blank_figure

    shape = Shape(dimensions=dimensions, links=links, code_bytes=float(np.ceil(dimensions / 16.0)))
    sizes = [index_size(system=name, vectors=vectors, shape=shape) for name in SHOWN_FORMATS]
    ranked = sorted(sizes, key=lambda size: central(size.memory_bytes))
    names = [size.system for size in ranked]
    title = f"{compact(vectors)} vectors of {dimensions:.0f} dimensions"
    least = ranked[0]
    alt = (
        f"Memory and disk of {title} in {len(ranked)} formats: {least.system} needs least memory, "
        f"{_gb(central(least.memory_bytes))}; {ranked[-1].system} most, {_gb(central(ranked[-1].memory_bytes))}."
    )
    figure = blank_figure(title, alt)
    for name, colour, held in (("memory", COLOURS[0], "memory_bytes"), ("disk", COLOURS[5], "file_bytes")):
        amounts = [central(getattr(size, held)) for size in ranked]
        figure.add_bar(
            name=name,
            y=names,
            x=[amount / GB for amount in amounts],
            orientation="h",
            marker={"color": colour, "pattern": {"shape": "" if name == "memory" else "/", "solidity": 0.2}},
            customdata=[_gb(amount) for amount in amounts],
            hovertemplate=f"%{{y}}, {name}: %{{customdata}}<extra></extra>",
        )
    figure.update_layout(barmode="group", hovermode="closest")
    figure.update_yaxes(autorange="reversed", automargin=True)
    figure.update_xaxes(title_text="Size (GB)")
    return figure
