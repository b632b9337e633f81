"""All verbs by group, each with the module of this folder that has it: one is run without loading the others."""

MEMO_SUFFIXES = (".html", ".htm", ".md", ".markdown")
"""Of memos, which carry their scenario; those of `scenario/memo.py`, which is too heavy for `--help`."""
SCENARIO_SUFFIXES = (".yaml", ".yml", ".json", *MEMO_SUFFIXES)
DEFAULT_VERB = "compare"
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


def module_of(word: str) -> str:
    """The module that runs a command line that begins with this word; `commands` has all verbs."""
    return MODULES.get(DEFAULT_VERB if is_scenario(word) else word, "commands")


def is_scenario(word: str) -> bool:
    """Whether a word in place of a verb stands for a scenario file."""
    return word == "-" or word.lower().endswith(SCENARIO_SUFFIXES)
