"""Models, devices, prices and evidence as sheets."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from estimator.catalog import Accelerator, Architecture, Licence, Row
from estimator.memory import parameter_count
from estimator.plain import plain
from estimator.report.layout import Table
from estimator.report.numbers import compact, gib, in_digits
from estimator.report.sheet import Sheet


def rows_sheet(title: str, rows: Sequence[Row]) -> Sheet:
    """Dated, sourced rows."""
    records = [row_record(row) for row in rows]
    head = ("Id", "What", "Value", "Unit", "From", "Read", "Source", "Basis")
    body = tuple(
        (row.id, row.what, _value(row), row.unit, str(row.valid_from), str(row.read_on), row.source_kind, row.basis)
        for row in rows
    )
    return Sheet(
        title=f"{title}: {len(rows)} rows",
        blocks=(Table("", head, body),) if rows else ("None.",),
        data={"rows": records},
        records=records,
    )


def series_sheet(rows: Sequence[Row]) -> Sheet:
    """All dated values of one row, with everything that is known of it."""
    records = [row_record(row) for row in rows]
    tables = tuple(_facts_table(f"from {row.valid_from}", row_record(row)) for row in rows)
    return Sheet(title=f"{rows[0].id}: {rows[0].what}", blocks=tables, data={"rows": records}, records=records)


def models_sheet(title: str, models: Sequence[tuple[Architecture, Licence]]) -> Sheet:
    """Model shapes with total and active parameters, and what their licence allows."""
    records = [model_record(model, licence) for model, licence in models]
    head = ("Model", "Family", "Parameters", "Active", "Layers", "Context", "Licence", "Tuning", "Commercial serving")
    body = tuple(
        (
            record["name"],
            record["model_type"],
            compact(record["parameters"]),
            compact(record["active_parameters"]),
            str(record["layers"]),
            compact(record["max_positions"]),
            record["licence"],
            record["may_tune"],
            record["may_serve_commercially"],
        )
        for record in records
    )
    return _entries(title, head, body, records, "models")


def licences_sheet(title: str, licences: Sequence[Licence]) -> Sheet:
    """Licences of open weights with what they allow."""
    records = [licence_record(licence) for licence in licences]
    head = ("Licence", "Tuning", "Commercial serving", "Conditions", "Read", "Basis")
    body = tuple(
        (
            record["id"],
            record["may_tune"],
            record["may_serve_commercially"],
            record["conditions"],
            record["read_on"] or "no",
            record["basis"],
        )
        for record in records
    )
    return _entries(title, head, body, records, "licences")


def devices_sheet(title: str, devices: Sequence[Accelerator]) -> Sheet:
    """Accelerators with memory, bandwidth and matmul rate."""
    records = [device_record(device) for device in devices]
    head = ("GPU", "Vendor", "Usable memory", "Bandwidth, B/s", "Dense bf16, FLOP/s", "Matmul bf16, FLOP/s", "Measured")
    body = tuple(
        (
            device.name,
            device.vendor,
            gib(device.usable_memory_bytes),
            compact(device.bandwidth_bytes_per_s),
            compact(device.peak_flops_per_s.get("bf16", float("nan"))),
            compact(device.matmul_flops_per_s.get("bf16", float("nan"))),
            "yes" if device.matmul_is_measured else "judged",
        )
        for device in devices
    )
    return _entries(title, head, body, records, "gpus")


def entry_sheet(record: Mapping[str, Any]) -> Sheet:
    """One model or device in full."""
    return Sheet(title=str(record["name"]), blocks=(_facts_table("", record),), data=dict(record), records=[record])


def row_record(row: Row) -> dict[str, Any]:
    """A row as plain data."""
    return {
        "id": row.id,
        "what": row.what,
        "unit": row.unit,
        "low": row.low,
        "mode": row.mode,
        "high": row.high,
        "from": row.valid_from.isoformat(),
        "read_on": row.read_on.isoformat(),
        "source": row.source,
        "source_kind": row.source_kind,
        "basis": row.basis,
        "available_until": _day(row.available_until),
        "region": row.region,
        "licence": row.licence,
        "note": row.note,
        **row.attributes,
    }


def model_record(model: Architecture, licence: Licence) -> dict[str, Any]:
    """A model shape as plain data, with our counts beside the published ones, and the terms of its weights."""
    count = parameter_count(architecture=model)
    return {
        **plain(model),
        "parameters": count.total,
        "active_parameters": count.active,
        "licence": licence.id,
        "may_tune": licence.may_tune,
        "may_serve_commercially": licence.may_serve_commercially,
        "licence_conditions": licence.conditions,
        "licence_source": licence.cited,
    }


def licence_record(licence: Licence) -> dict[str, Any]:
    """A licence as plain data."""
    return licence.model_dump(mode="json")


def device_record(device: Accelerator) -> dict[str, Any]:
    """A device as plain data."""
    record: dict[str, Any] = plain(device)
    return record


def _entries(
    title: str, head: tuple[str, ...], body: tuple[tuple[str, ...], ...], records: list[dict[str, Any]], key: str
) -> Sheet:
    blocks: tuple[Table | str, ...] = (Table("", head, body),) if body else ("None.",)
    return Sheet(title=f"{title}: {len(body)}", blocks=blocks, data={key: records}, records=records)


def _facts_table(title: str, record: Mapping[str, Any]) -> Table:
    facts = tuple((key, _fact(value)) for key, value in record.items() if value not in ("", None, (), []))
    return Table(title, ("Field", "Value"), facts)


def _fact(value: Any) -> str:
    """A value in full, as people write it.

    >>> _fact({"bf16": 9.894e14, "fp8": 0.5}), _fact(["a", "b"]), _fact(True)
    ('bf16 989400000000000, fp8 0.5', 'a, b', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_fact(item)}" for key, item in value.items())
    return ", ".join(map(_fact, value)) if isinstance(value, list | tuple) else str(value)


def _value(row: Row) -> str:
    if row.unit == "date":
        return _day(row.available_until) or "–"
    return " … ".join(map(in_digits, (row.mode,) if row.is_point else (row.low, row.mode, row.high)))


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
