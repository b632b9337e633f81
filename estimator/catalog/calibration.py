"""Factors from the user's own runs: measured over predicted time and memory, in a small JSON file."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from estimator.errors import InputError, UsageError
from estimator.reading import bounded_text
from estimator.record import record

Quantity = Literal["time", "memory"]
QUANTITIES: tuple[Quantity, ...] = ("time", "memory")
MAX_BYTES = 8 * 2**20
LOWEST, HIGHEST = 0.02, 50.0
"""Factors outside are a mistake of units, not a property of a machine."""
SMALLEST_SPREAD = 0.05
"""Runs on one machine repeat within about 5 %. [1]"""
UNKNOWN_SPREAD = 0.15
"""Spread that a single run is given; team judgement, about that of the model within one source. [1]"""


@record(kw_only=True)
class Factor:
    """Measured over predicted, for one method on one GPU."""

    quantity: Quantity
    method: str
    gpu: str
    factor: float
    """Geometric mean. [1]"""
    spread: float
    """Standard deviation of the logarithm. [1]"""
    n: int
    """Runs. [count]"""
    sources: tuple[str, ...] = ()

    @property
    def predictive_spread(self) -> float:
        """Spread of the next run: that of the runs, and that of their mean. [1]."""
        return max(self.spread, SMALLEST_SPREAD) * math.sqrt(1.0 + 1.0 / self.n)


@record(kw_only=True)
class Calibration:
    """All factors of a file."""

    factors: tuple[Factor, ...] = ()
    origin: str = ""

    def find(self, quantity: Quantity, *, method: str, gpu: str | None = None) -> Factor | None:
        """Factor of a method on a GPU, else of the method on all calibrated GPUs together, else None."""
        same = [item for item in self.factors if item.quantity == quantity and item.method == method]
        exact = [item for item in same if item.gpu == gpu]
        return pooled(exact or same) if same else None


def factor_of(quantity: Quantity, method: str, gpu: str, ratios: Sequence[float], sources: Sequence[str]) -> Factor:
    """Geometric mean and spread of some ratios.

    Args:
        quantity: What was measured.
        method: Tuning method.
        gpu: Catalog name.
        ratios: Measured over predicted, one per run. [1]
        sources: Where each run was read.

    Returns:
        The factor. [1]

    Source: definition; the sample standard deviation, or a judged one for a single run.

    >>> factor_of("time", "lora", "L4-24GB", [0.5, 2.0], ["a", "b"]).factor
    1.0
    """
    logs = [math.log(ratio) for ratio in ratios]
    mean = math.fsum(logs) / len(logs)
    spread = UNKNOWN_SPREAD
    if len(logs) > 1:
        spread = math.sqrt(math.fsum((value - mean) ** 2 for value in logs) / (len(logs) - 1))
    names = tuple(dict.fromkeys(sources))
    return Factor(
        quantity=quantity, method=method, gpu=gpu, factor=math.exp(mean), spread=spread, n=len(logs), sources=names
    )


def pooled(factors: Sequence[Factor]) -> Factor:
    """Several factors as one, weighted by runs; what differs between them widens the spread.

    Args:
        factors: At least one.

    Returns:
        The pooled factor. [1]

    Source: law of total variance.
    """
    first = factors[0]
    if len(factors) == 1:
        return first
    n = sum(item.n for item in factors)
    mean = math.fsum(item.n * math.log(item.factor) for item in factors) / n
    square = math.fsum(item.n * (item.spread**2 + (math.log(item.factor) - mean) ** 2) for item in factors) / n
    return Factor(
        quantity=first.quantity,
        method=first.method,
        gpu="any",
        factor=math.exp(mean),
        spread=math.sqrt(square),
        n=n,
        sources=tuple(dict.fromkeys(source for item in factors for source in item.sources)),
    )


def calibration_data(calibration: Calibration) -> dict[str, Any]:
    """The calibration as JSON data, as `read_calibration` takes it."""
    return {"kind": "calibration", "factors": [asdict(item) for item in calibration.factors]}


def read_calibration(path: Path) -> Calibration:
    """Factors from a file that `estimator calibrate` wrote.

    Args:
        path: The file. [text]

    Returns:
        The factors. [1]

    Raises:
        UsageError: the file is missing, too large or no text.
        InputError: it is no calibration, or a factor is out of range; the message names it.

    Source: definition.
    """
    data = parsed_json(read_text(path, "a file written by estimator calibrate"), str(path))
    if not isinstance(data, dict) or data.get("kind") != "calibration" or not isinstance(data.get("factors"), list):
        raise InputError(f"{path}: no calibration; write one with estimator calibrate LOG… -o {path.name}")
    found = tuple(_factor(item, f"{path}: factors[{i}]") for i, item in enumerate(data["factors"]))
    if not found:
        raise InputError(f"{path}: holds no factor; calibrate with at least one run")
    return Calibration(factors=found, origin=path.name)


def read_text(path: Path, wanted: str) -> str:
    """Text of a user's file.

    Args:
        path: The file. [text]
        wanted: What to give instead. [text]

    Returns:
        Its text. [text]

    Raises:
        UsageError: missing, too large or no UTF-8.

    Source: definition.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path}: larger than {MAX_BYTES // 2**20} MiB; give {wanted}")
        return bounded_text(path, MAX_BYTES, "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 text (byte {error.start}); give {wanted}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no valid name"
        raise UsageError(f"{path}: cannot be read ({reason}); give {wanted}") from None


def parsed_json(text: str, name: str) -> Any:
    """JSON of a user's file.

    Args:
        text: The content. [text]
        name: File for messages. [text]

    Returns:
        The data. [1]

    Raises:
        InputError: not JSON.

    Source: definition.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: not JSON ({error!s:.80}); correct the file") from None


def _factor(item: Any, where: str) -> Factor:
    if not isinstance(item, Mapping):
        raise InputError(f"{where}: {item!r:.40} is no mapping; give quantity, method, gpu, factor, spread, n")
    if item.get("quantity") not in QUANTITIES:
        raise InputError(f"{where}.quantity: {item.get('quantity')!r:.40} is not one of {', '.join(QUANTITIES)}")
    sources = item.get("sources") or []
    return Factor(
        quantity=item["quantity"],
        method=str(item.get("method", "")),
        gpu=str(item.get("gpu", "any")),
        factor=_number(item, "factor", where, LOWEST, HIGHEST),
        spread=_number(item, "spread", where, 0.0, 5.0),
        n=int(_number(item, "n", where, 1, 1_000_000)),
        sources=tuple(map(str, sources)) if isinstance(sources, list) else (),
    )


def _number(item: Mapping[str, Any], key: str, where: str, least: float, most: float) -> float:
    value = item.get(key)
    good = isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
    if not good:
        raise InputError(f"{where}.{key}: {value!r:.40} is no number from {least:g} to {most:g}; calibrate again")
    return float(value)  # type: ignore[arg-type]  # checked above
