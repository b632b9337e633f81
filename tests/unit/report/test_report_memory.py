"""The sheet and the stacked bars of training memory show the numbers of the answer."""

import pytest

from estimator import memory_of
from estimator.report import SHEET_FORMATS
from estimator.report.drawing import alt_text
from estimator.report.memory import devices_table, items_table, ladder_table, memory_data, memory_sheet, needs, ways
from estimator.report.memory_figures import OVERHEAD, Bar, memory_bars
from estimator.units import GIB, central

LLAMA = "meta-llama/Llama-3.1-8B"
FITS = memory_of(LLAMA, method="lora", gpu="H100-80GB")
TOO_LARGE = memory_of(LLAMA, method="full", gpu="H100-80GB", micro_batch=4, seq_len=4096)


def test_items_add_up_to_the_live_bytes() -> None:
    data = memory_data(FITS)
    assert sum(line["gib"] for line in data["lines"]) == pytest.approx(central(FITS.peak.allocated_bytes) / GIB)
    assert sum(line["share"] for line in data["lines"]) == pytest.approx(1.0)
    sizes = [line["gib"] for line in data["lines"]]
    assert sizes == sorted(sizes, reverse=True)
    assert items_table(FITS).rows[-1][1] == f"{data['counters']['allocated']['gib']:.2f}"


def test_counters_grow_from_live_to_device() -> None:
    values = [memory_data(FITS)["counters"][name]["gib"] for name in ("allocated", "reserved", "device")]
    assert values == sorted(values)
    for low, value, high in FITS.counters.values():
        assert low <= value <= high


def test_a_run_that_fits_has_no_ladder() -> None:
    assert memory_data(FITS)["ladder"] is None
    assert "What would make it fit" not in SHEET_FORMATS["table"](memory_sheet(FITS))
    assert devices_table(FITS).rows[0][4] == "yes"


def test_the_ladder_is_shown_until_it_fits() -> None:
    assert TOO_LARGE.ladder is not None
    table = ladder_table(TOO_LARGE.ladder)
    climbing = [row[5] for row in table.rows]
    assert sum(cell.endswith("fits") for cell in climbing) == 1
    assert not any(climbing[next(i for i, cell in enumerate(climbing) if cell.endswith("fits")) + 1 :])
    texts = ways(TOO_LARGE.ladder)
    assert texts[0].startswith("With the same method and devices, the smallest change that fits: ")
    assert len(texts) == len(TOO_LARGE.ladder.smallest)


@pytest.mark.parametrize("form", SHEET_FORMATS)
def test_every_format_of_a_run_that_does_not_fit(form: str) -> None:
    text = SHEET_FORMATS[form](memory_sheet(TOO_LARGE))
    assert "fused linear loss" in text
    assert max(map(len, text.splitlines())) < (130 if form == "table" else 10_000)


def test_a_sentence_says_need_device_and_verdict() -> None:
    assert needs(FITS).endswith("fits on H100-SXM5-80GB with 79.1 GiB usable.")
    assert "does not fit on H100-SXM5-80GB" in needs(TOO_LARGE)


def bars() -> tuple[Bar, ...]:
    return tuple(Bar(name, item.peak, item.places[0].fit) for name, item in (("LoRA", FITS), ("full", TOO_LARGE)))


def test_a_bar_is_stacked_up_to_what_is_needed() -> None:
    figure = memory_bars(bars())
    drawn = [trace for trace in figure.data if trace.type == "bar"]
    for place, bar in enumerate(bars()):
        assert sum(trace.x[place] for trace in drawn) == pytest.approx(central(bar.fit.needed_bytes) / GIB)
    assert drawn[0].name == "weights"
    assert drawn[-1].name == OVERHEAD
    assert all(min(trace.x) >= 0.0 for trace in drawn)


def test_the_device_ends_where_its_usable_memory_does() -> None:
    figure = memory_bars(bars())
    assert [shape.x0 for shape in figure.layout.shapes] == [
        pytest.approx(central(bar.fit.usable_bytes) / GIB) for bar in bars()
    ]
    assert max(figure.layout.xaxis.range) > max(shape.x0 for shape in figure.layout.shapes)


def test_the_alternative_text_says_who_fits() -> None:
    text = alt_text(memory_bars(bars()))
    assert "LoRA needs 21.1 GiB, mostly weights, and fits on H100-SXM5-80GB" in text
    assert "full needs" in text
    assert "does not fit on H100-SXM5-80GB" in text


def test_a_run_far_too_large_is_cut_and_a_hostile_name_stays_text() -> None:
    huge = memory_of(LLAMA, method="lora", gpu="T4", micro_batch=64, seq_len=8192, checkpointing="none")
    figure = memory_bars((Bar("<b onload=x>", huge.peak, huge.places[0].fit),))
    assert figure.layout.annotations[0].text.endswith("→")
    assert "<b onload" not in str(figure.data[0].y[0])
