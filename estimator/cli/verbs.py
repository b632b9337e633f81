"""All verbs by group, each with the module of this folder that has it: one is run without loading the others."""

GROUPS = {
    "Start": {"init": "start", "schema": "start", "dashboard": "start", "doctor": "doctor"},
    "Decide": {
        "compare": "compare",
        "breakdown": "breakdown",
        "diff": "diff",
        "portfolio": "portfolio",
        "explain": "explain",
        "learn": "learn",
        "retrain": "learn",
        "report": "report",
    },
    "Explore": {
        "breakeven": "breakeven",
        "simulate": "simulate",
        "sensitivity": "simulate",
        "sweep": "sweep",
        "memory": "memory",
        "train": "training",
        "plan": "training",
        "serve": "serve",
        "retrieval": "retrieval",
        "labels": "labels",
    },
    "Data": {"catalog": "catalog", "calibrate": "calibrate", "validate": "validate"},
    "CI": {"check": "check"},
}
"""In the order of `estimator --help`."""
MODULES = {verb: module for verbs in GROUPS.values() for verb, module in verbs.items()}
