"""Options whose figures are given, for tests of what is said of them."""

import math
from dataclasses import replace

import numpy as np

from estimator.decision import Band, Blocker, Outcome, Standing
from estimator.inputs import Kind
from estimator.tco import Ledger, Line, upfront

MONTHS = 2


def at(p50: float, *, mean: float | None = None, p10: float = math.nan, p90: float = math.nan) -> Band:
    return Band(p50, p50 if mean is None else mean, 0.0, p10, p10, p50, p90, p90)


def standing(
    name: str,
    kind: Kind = "prompt",
    *,
    net: float,
    cost: float,
    quality: float = 0.7,
    best: float = 0.0,
    month: Band | None = None,
    blockers: tuple[Blocker, ...] = (),
) -> Standing:
    return Standing(
        name=name,
        kind=kind,
        eligible=not blockers,
        blockers=blockers,
        cost=at(cost),
        net_benefit=at(-1.0, mean=net),
        quality=at(quality),
        cost_per_success=at(1.0),
        relative_cost=None,
        break_even_month=month,
        probability_break_even=None,
        probability_best=best,
        probability_good_enough=1.0,
        regret_usd=20.0,
    )


def outcome(name: str, kind: Kind = "prompt", *, stages: tuple[Kind, ...] = (), **usd: float) -> Outcome:
    """An option whose cost lines, named category__item, are all paid before launch."""
    keys = {key.replace("__", "."): value for key, value in usd.items()}
    lines = tuple(
        Line(key, key, key.partition(".")[0], "hour", value, upfront(months=MONTHS)) for key, value in keys.items()
    )
    empty, requests = Ledger((), MONTHS, 0.0), np.ones((1, MONTHS))
    return Outcome(name, kind, Ledger(lines, MONTHS, 0.0), empty, requests, requests, 1, stages=stages)


PROMPT = standing("prompt", net=100.0, cost=50.0, best=0.1)
LORA = standing("lora", "tuning", net=300.0, cost=80.0, quality=0.8, best=0.55, month=at(7.0, p10=3.0, p90=math.inf))
RAG = standing("rag", "rag", net=250.0, cost=60.0, quality=0.75, best=0.35, month=at(0.0))
OUTCOMES = (
    outcome("prompt", inference__output=40.0, build__prompt=10.0),
    replace(
        outcome(
            "lora", "tuning", inference__output=30.0, build__prompt=10.0, build__tuning=15.0, retraining__labels=25.0
        ),
        ends=("its platform closes on 2027-05-01",),
    ),
    outcome("rag", "rag", inference__output=45.0, build__prompt=10.0, build__retrieval=5.0),
)
