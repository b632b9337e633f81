"""Did measured runs fit on their device? Predictions beside what happened."""

from collections.abc import Iterable, Mapping
from typing import Any

from estimator.errors import EstimatorError, InputError
from estimator.memory import DEFAULT_MARGIN, Fit, fit
from estimator.units import GIB, central
from estimator.validation.scores import Scored, Skipped, Validation
from estimator.validation.setups import catalog, measured_peak, source_of

FITS, DOES_NOT = 1.0, 2.0


def validate_fit(cases: Iterable[Mapping[str, Any]]) -> Validation:
    """Whether each run is predicted to fit, with the default margin, beside whether it ran out of memory.

    Args:
        cases: Runs in the form of docs/method/validation.md.

    Returns:
        Scored cases: 1 fits, 2 does not; a wrong answer has an error. A skipped case counts as wrong.

    Source: definition.
    """
    scored: list[Scored] = []
    skipped: list[Skipped] = []
    tallies: dict[bool, list[tuple[float, bool]]] = {True: [], False: []}
    for case in cases:
        oom = (case.get("measured") or {}).get("oom")
        wrong = True
        try:
            scored.append(_scored(case, oom))
            wrong = scored[-1].predicted != scored[-1].measured
        except EstimatorError as error:
            skipped.append(Skipped(str(case.get("id")), str(error)))
        if isinstance(oom, bool):
            tallies[oom].append((float(case.get("weight", 1.0)), wrong))
    rates = {
        "margin": DEFAULT_MARGIN,
        "out_of_memory": _tally(tallies[True]),
        "ran": _tally(tallies[False]),
    }
    return Validation(
        kind="fit",
        yes_or_no=True,
        unit="1 fits, 2 does not",
        predicted_key="predicted",
        measured_key="happened",
        scored=tuple(scored),
        skipped=tuple(skipped),
        groupings=((), ("outcome",), ("outcome", "method"), ("outcome", "sharding"), ("outcome", "source")),
        extra={"rates": rates},
        notes=(
            _note("ran out of memory, called fits", tallies[True]),
            _note("ran, called does not fit", tallies[False]),
        ),
    )


def _tally(outcomes: list[tuple[float, bool]]) -> dict[str, float | int | None]:
    weight = sum(each for each, _ in outcomes)
    return {
        "n": len(outcomes),
        "wrong": sum(wrong for _, wrong in outcomes),
        "share": sum(wrong for _, wrong in outcomes) / len(outcomes) if outcomes else None,
        "weighted_share": sum(each for each, wrong in outcomes if wrong) / weight if weight else None,
    }


def _note(label: str, outcomes: list[tuple[float, bool]]) -> str:
    return f"{label}: {sum(wrong for _, wrong in outcomes)} of {len(outcomes)}, skipped cases included"


def _scored(case: Mapping[str, Any], oom: Any) -> Scored:
    if not isinstance(oom, bool):
        raise InputError(f"measured.oom: {oom!r} is neither true nor false; say whether the run ran out of memory")
    found = measured_peak(case)
    gpu = case["setup"].get("gpu")
    if not gpu:
        raise InputError("setup.gpu: missing; name the device")
    result = fit(peak=found.peak, accelerator=catalog().accelerator(str(gpu)), margin=DEFAULT_MARGIN)
    return Scored(
        id=str(case.get("id")),
        predicted=FITS if result.fits else DOES_NOT,
        measured=DOES_NOT if oom else FITS,
        weight=float(case.get("weight", 1.0)),
        groups={
            "outcome": "out of memory" if oom else "ran",
            "method": found.setup.method,
            "sharding": found.setup.sharding,
            "source": source_of(case),
        },
        facts={"fits": result.fits, "oom": oom, **_sizes(result)},
    )


def _sizes(result: Fit) -> dict[str, float]:
    return {
        "needed_gib": central(result.needed_bytes) / GIB,
        "usable_gib": central(result.usable_bytes) / GIB,
        "headroom_gib": central(result.headroom_bytes) / GIB,
    }
