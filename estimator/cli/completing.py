"""What the shell offers after the Tab key: names from the catalog, read only then; silence where anything is wrong."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from estimator.errors import EstimatorError

TUNED = ("full", "lora", "qlora", "dora")


def model_names(incomplete: str) -> list[str]:
    """Models with open weights."""
    return _beginning(incomplete, lambda: _known().architectures())


def gpu_names(incomplete: str) -> list[str]:
    """Devices."""
    return _beginning(incomplete, lambda: _known().accelerators())


def method_names(incomplete: str) -> list[str]:
    """Ways to tune."""
    return _beginning(incomplete, lambda: TUNED)


def prediction_names(incomplete: str) -> list[str]:
    """What `validate` compares with measurements."""

    def kinds() -> Iterable[str]:
        from estimator.validation import ALL, KINDS

        return (*KINDS, ALL)

    return _beginning(incomplete, kinds)


def entry_names(ctx: Any, incomplete: str) -> list[str]:
    """Entries of the kind of the catalog that was typed before."""
    return _beginning(incomplete, lambda: _entries(str(ctx.params.get("kind"))))


def _beginning(incomplete: str, names: Callable[[], Iterable[str]]) -> list[str]:
    """Names that begin as typed; none where they cannot be had, as a message would land in the user's line."""
    with suppress(EstimatorError, OSError, ValueError, LookupError):
        return sorted(name for name in set(names()) if name.startswith(incomplete))
    return []


def _known() -> Any:
    from estimator.catalog import load_catalog

    return load_catalog()


def _entries(kind: str) -> Iterable[str]:
    from estimator.catalog import evidence_rows, price_rows

    known = _known()
    if kind == "models":
        return tuple(known.architectures())
    if kind == "gpus":
        return tuple(known.accelerators())
    if kind == "licences":
        return tuple(known.licences)
    return tuple(row.id for row in (price_rows(known) if kind == "prices" else evidence_rows(known)))
