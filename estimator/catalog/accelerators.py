"""Accelerators from the catalog file, and the short forms people write."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from estimator.catalog.types import Accelerator
from estimator.errors import CatalogError
from estimator.units import GB, GIB, TERA

_VENDORS = re.compile(r"nvidia|geforce|tesla|amd|instinct|intel|[^a-z0-9]")


def short_form(name: str) -> str:
    """The name without vendor, case and punctuation, so that `NVIDIA H100 80GB` is `H100-80GB`.

    Args:
        name: What somebody wrote. [text]

    Returns:
        Key for comparison. [text]

    Source: definition.

    >>> short_form("NVIDIA H100-80GB")
    'h10080gb'
    """
    return _VENDORS.sub("", name.lower())


def alias_table(accelerators: Iterable[Accelerator]) -> dict[str, str]:
    """Name by short form, of every name and alias.

    Args:
        accelerators: The devices.

    Returns:
        Catalog name by short form. [text]

    Raises:
        CatalogError: a short form means two devices.

    Source: definition.
    """
    found: dict[str, str] = {}
    for item in accelerators:
        for form in (item.name, *item.aliases):
            if found.setdefault(short_form(form), item.name) != item.name:
                raise CatalogError(
                    f"accelerators.json: {form!r} means {found[short_form(form)]} and {item.name}; remove it from one"
                )
    return found


def accelerator_of(name: str, data: Mapping[str, Any]) -> Accelerator:
    """One entry of the file in SI units.

    Args:
        name: Catalog name. [text]
        data: Entry: GB, GiB, GB/s, TFLOP/s, W.

    Returns:
        The device: B, B/s, FLOP/s, W. [1]

    Raises:
        CatalogError: a field is missing or no number above 0; the message names it.

    Source: the source of the entry.
    """
    try:
        return Accelerator(
            name=name,
            vendor=str(data["vendor"]),
            memory_bytes=_positive(data, "memory_gb") * GB,
            usable_memory_bytes=_positive(data, "usable_gib") * GIB,
            bandwidth_bytes_per_s=_positive(data, "bandwidth_gb_s") * GB,
            peak_flops_per_s=_rates(data, "peak_tflops"),
            matmul_flops_per_s=_rates(data, "matmul_tflops"),
            matmul_is_measured=bool(data["matmul_is_measured"]),
            link_bytes_per_s=_positive(data, "link_gb_s") * GB,
            tdp_w=_positive(data, "tdp_w"),
            devices_per_node=int(_positive(data, "devices_per_node", least=1.0)),
            aliases=_names(data["aliases"]),
            source=str(data["source"]),
            note=str(data["note"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CatalogError(f"accelerators.json: {name}: field {error} is missing or wrong; see another entry") from None


def _rates(data: Mapping[str, Any], field: str) -> dict[str, float]:
    if not data[field]:
        raise ValueError(f"{field!r} (empty, not TFLOP/s by number format, e.g. bf16)")
    return {dtype: _positive(data[field], dtype) * TERA for dtype in data[field]}


def _positive(data: Mapping[str, Any], field: str, *, least: float = 0.0) -> float:
    value = float(data[field])
    if not (math.isfinite(value) and value > 0 and value >= least):
        raise ValueError(f"{field!r} ({data[field]!r:.40}, not a number {f'from {least:g}' if least else 'above 0'})")
    return value


def _names(listed: Any) -> tuple[str, ...]:
    if not isinstance(listed, list):
        raise ValueError(f"'aliases' ({listed!r:.40}, not a list of names)")
    return tuple(map(str, listed))
