"""Each peer's predictions beside the measurements and beside ours, on the cases that the peer can express."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from benchmarks.peers.peer import Case, Kind, LeftOutError, MemoryRun, Peer, as_run
from estimator.validation import Scored, Validation, bundled
from estimator.validation.memory import validate_memory
from estimator.validation.scores import score
from estimator.validation.time import validate_time
from estimator.validation.time_layout import TimeCase

KINDS: tuple[Kind, ...] = ("memory", "time")
VALIDATE: Mapping[Kind, Callable[[tuple[Case, ...]], Validation]] = {"memory": validate_memory, "time": validate_time}
DIGITS = 5
Runs = Mapping[str, MemoryRun | TimeCase | LeftOutError]


def rounded(value: float) -> float:
    """To five significant digits."""
    return float(f"{value:.{DIGITS}g}")


def runs_of(kind: Kind, cases: Iterable[Case]) -> Runs:
    """Every case as the peers are told about it, or why none can be asked."""
    found: dict[str, MemoryRun | TimeCase | LeftOutError] = {}
    for case in cases:
        try:
            found[str(case["id"])] = as_run(kind, case)
        except LeftOutError as error:
            found[str(case["id"])] = error
    return found


def asked(peer: Peer, runs: Runs) -> tuple[dict[str, float], dict[str, int]]:
    """Predictions by case, and how many cases are left out by reason.

    Raises:
        MissingPeerError: the package is not installed.
    """
    predict = peer.ready()
    predictions: dict[str, float] = {}
    reasons: Counter[str] = Counter()
    for name, run in runs.items():
        try:
            if isinstance(run, LeftOutError):
                raise run
            predictions[name] = rounded(predict(run))
        except LeftOutError as error:
            reasons[str(error)] += 1
    return predictions, dict(reasons.most_common())


def ours(kind: Kind, cases: Sequence[Case] | None = None) -> dict[str, Any]:
    """Measurements and our predictions by case; `without` is ours with constants fitted without the case's source."""
    asked_for = bundled(kind) if cases is None else tuple(cases)
    setups = {str(case["id"]): case["setup"] for case in asked_for}
    found = VALIDATE[kind](asked_for)
    without = {item.id: rounded(item.predicted) for item in found.left_out}
    return {
        item.id: {
            "in": [item.groups["counter"], precision(setups[item.id])] if kind == "memory" else [item.groups["method"]],
            "measured": rounded(item.measured),
            "weight": item.weight,
            "ours": rounded(item.predicted),
            **({"without": without[item.id]} if item.id in without else {}),
            **({"allowed": item.allowed_ratio} if item.allowed_ratio != 1.0 else {}),
        }
        for item in found.scored
    }


def precision(setup: Mapping[str, Any]) -> str:
    """In which precision the weights that are not quantised are kept and multiplied."""
    if setup.get("weights_dtype", "bf16") != "fp32":
        return "weights of 16 bits"
    return "mixed precision" if setup.get("autocast", "none") != "none" else "all in 32 bits"


def figures(cases: Mapping[str, Any], predicted: Mapping[str, float]) -> dict[str, float]:
    """Weighted median and p90 of the error, and bias."""
    items = [
        Scored(
            id=name,
            predicted=value,
            measured=cases[name]["measured"],
            weight=cases[name]["weight"],
            allowed_ratio=cases[name].get("allowed", 1.0),
        )
        for name, value in predicted.items()
    ]
    if not items:
        return {}
    found = score(items)
    return {key: round(found[key], 4) for key in ("median", "p90", "bias")}


def compared(cases: Mapping[str, Any], predicted: Mapping[str, float]) -> dict[str, Any]:
    """The peer's figures, and ours on the very same cases."""
    groups: dict[str, dict[str, float]] = {}
    for name, value in predicted.items():
        for group in cases[name]["in"]:
            groups.setdefault(group, {})[name] = value
    by = {group: _beside(cases, members) for group, members in sorted(groups.items())}
    return {**_beside(cases, predicted), "by": by if len(by) > 1 else {}}


def _beside(cases: Mapping[str, Any], predicted: Mapping[str, float]) -> dict[str, Any]:
    result = {
        "n": len(predicted),
        "peer": figures(cases, predicted),
        "ours": figures(cases, {name: cases[name]["ours"] for name in predicted}),
    }
    without = {name: cases[name]["without"] for name in predicted if "without" in cases[name]}
    return {**result, **({"ours_without_source": figures(cases, without)} if without else {})}


def all_runs() -> dict[Kind, Runs]:
    """Every bundled case as the peers are told about it."""
    return {kind: runs_of(kind, bundled(kind)) for kind in KINDS}


def entry(peer: Peer, cases: Mapping[str, Any], runs: Runs) -> dict[str, Any]:
    """What the results hold about one peer.

    Raises:
        MissingPeerError: the package is not installed.
    """
    predicted, reasons = asked(peer, runs)
    for name in sorted(predicted.keys() - cases.keys()):
        del predicted[name]
        reasons["not predicted by us"] = reasons.get("not predicted by us", 0) + 1
    return {
        "name": peer.name,
        "kind": peer.kind,
        "version": peer.version(),
        "source": peer.source,
        "predicts": peer.predicts,
        **compared(cases, predicted),
        "left_out": reasons,
        "predicted": predicted,
    }


def refreshed(results: Mapping[str, Any]) -> dict[str, Any]:
    """The results with our predictions of today; needs no peer."""
    cases = {kind: ours(kind) for kind in KINDS}
    peers = [{**peer, **compared(cases[peer["kind"]], peer["predicted"])} for peer in results["peers"]]
    return {**results, "cases": cases, "peers": peers}
