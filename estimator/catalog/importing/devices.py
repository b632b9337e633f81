"""Which of our accelerators a name of the SkyPilot catalogue means.

There a bare `A100` has 40 GB and a bare `V100` 16 GB, which other people's short forms do not say. The memory in
`GpuInfo` decides between variants, but not every provider's file fills it alike: it may be that of one device, of all
devices of the instance (Vast), in GB under the name of MiB (RunPod), or that of the host (Nebius).
"""

import ast
import re
import warnings
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from estimator.catalog.accelerators import alias_table, short_form
from estimator.catalog.types import Accelerator
from estimator.units import GB, GIB

LONGEST_INFO = 4_000
"""Longest `GpuInfo` that is read; real ones have some 150 signs. [count]"""
BARE_NAMES: Mapping[str, float] = MappingProxyType({"A100": 40.0, "V100": 16.0})
"""Memory of names that SkyPilot uses for the smaller variant. [GB]"""
FORMS = ("SXM", "NVL", "PCIE")
MEMORY_TOLERANCE = 0.05
SMALLEST_MIB = 1024.0
"""Below this a "size in MiB" is a size in GB: no accelerator has less than a GiB. [MiB]"""
MIB_PER_GIB = 1024.0
_VARIANT = re.compile(r"[-_ ](?:SXM\d?|NVL|PCIE|MEGA|\d+GB)(?![A-Z0-9])", re.IGNORECASE)
_STATED = re.compile(r"(\d+)GB", re.IGNORECASE)


class Devices:
    """The accelerators of a catalog, to be found by other people's names."""

    def __init__(self, accelerators: Iterable[Accelerator]) -> None:
        self._by_name = {item.name: item for item in accelerators}
        self._aliases = alias_table(self._by_name.values())
        self._known: dict[tuple[str, int, str, str], str | None] = {}

    def meant(self, name: str, *, count: int, info: str, hint: str = "") -> str | None:
        """Our name of an accelerator, or None where we have none such.

        Args:
            name: Name in the catalogue, such as `A100-80GB`. [text]
            count: Devices in the instance. [count]
            info: Its `GpuInfo`, a Python literal. [text]
            hint: More text in which the form may stand, such as the instance. [text]

        Returns:
            A name of `accelerators.json`. [text]

        Source: data of the SkyPilot catalogue v5 to v8.
        """
        key = (name, count, info, hint)
        if key not in self._known:
            self._known[key] = self._found(name, count, info, hint)
        return self._known[key]

    def _found(self, name: str, count: int, info: str, hint: str) -> str | None:
        found = self._aliases.get(short_form(name)) or self._aliases.get(short_form(_VARIANT.sub("", name)))
        if found is None:
            return None
        base = self._by_name[found]
        family = [item for item in self._by_name.values() if _family(item.name) == _family(found)]
        model, size, total = _model_and_sizes(info)
        shared = count if total != size * count else 1
        stated = _stated_gb(name, base)
        fits = [item for item in family if any(_alike(item, one) for one in _sizes_bytes(size, shared))]
        named = [item for item in fits or family if _alike(item, stated * GB)]
        return _best(named or fits or [base], base, f"{name} {model} {hint}".upper())


def _best(choice: list[Accelerator], base: Accelerator, text: str) -> str:
    forms = [form for form in FORMS if form in text]
    for form in forms:
        for item in choice:
            if form in item.name.upper():
                return item.name
    return base.name if base in choice else choice[0].name


def _family(name: str) -> str:
    """First word where it tells the chip, so that `A100-SXM4-40GB` and `A100-PCIe-80GB` are of one family."""
    first = name.partition("-")[0]
    return first if any(sign.isdigit() for sign in first) else name


def _stated_gb(name: str, base: Accelerator) -> float:
    match = _STATED.search(name)
    if match:
        return float(match[1])
    bare = _VARIANT.sub("", name).upper()
    return BARE_NAMES.get(bare, base.memory_bytes / GB)


def _sizes_bytes(size: float, shared: int) -> list[float]:
    """What a size may mean: that of one device, in MiB or GB, or of all devices that may share it."""
    if size <= 0:
        return []
    gib = size / MIB_PER_GIB if size >= SMALLEST_MIB else size
    return [gib / devices * unit for devices in (1, shared) for unit in (GIB, GB)]


def _alike(item: Accelerator, size_bytes: float) -> bool:
    return abs(size_bytes - item.memory_bytes) <= MEMORY_TOLERANCE * item.memory_bytes


@lru_cache(maxsize=4096)
def _model_and_sizes(info: str) -> tuple[str, float, float]:
    """Name and size of the first GPU of a `GpuInfo`, and the size of all; nothing and 0 where it cannot be read."""
    data = _literal(info)
    try:
        gpu = data["Gpus"][0]
        size, total = float(gpu["MemoryInfo"]["SizeInMiB"]), float(data.get("TotalGpuMemoryInMiB", 0))
        return str(gpu.get("Name", ""))[:80], size if 0 < size < float("inf") else 0.0, total
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError):
        return "", 0.0, 0.0


def _literal(text: str) -> Any:
    if not text or len(text) > LONGEST_INFO:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
