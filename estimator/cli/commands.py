"""All verbs: importing a module adds its verbs to the application; the group is where `--help` lists them."""

from estimator.cli import (
    breakdown,
    breakeven,
    calibrate,
    catalog,
    check,
    compare,
    diff,
    doctor,
    explain,
    labels,
    learn,
    memory,
    portfolio,
    report,
    retrieval,
    serve,
    simulate,
    start,
    sweep,
    training,
    validate,
)
from estimator.cli.app import app
from estimator.cli.grouped import GROUPS

_BY_GROUP = {
    "Start": (start, doctor),
    "Decide": (compare, breakdown, diff, portfolio, explain, learn, report),
    "Explore": (breakeven, simulate, sweep, memory, training, serve, retrieval, labels),
    "Data": (catalog, calibrate, validate),
    "CI": (check,),
}
GROUPS.update({title: [module.__name__ for module in modules] for title, modules in _BY_GROUP.items()})

__all__ = ["app"]
