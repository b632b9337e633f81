"""Rewrite the golden files: python tests/golden/rewrite.py. They pin behaviour and are no evidence of accuracy."""

import json
import sys
from pathlib import Path
from typing import Any

from estimator import estimate, load

HERE = Path(__file__).resolve().parent
EXAMPLES = sorted((HERE.parents[1] / "examples").glob("*.yaml"))
DRAWS = 200
KEPT = ("cost_usd", "net_benefit_usd", "quality", "probability_best", "feasible", "eligible", "cost_by_category_usd")


def summary(example: Path) -> dict[str, Any]:
    """The figures of an example that a reader acts on."""
    scenario = estimate(load(example), draws=DRAWS).to_dict()["scenarios"][0]
    options = {name: {key: option[key] for key in KEPT} for name, option in scenario["options"].items()}
    lines = {
        name: {line["key"]: line["amount_usd"]["central"] for line in option["lines"]}
        for name, option in scenario["options"].items()
    }
    return {"options": options, "lines": lines, "verdict": scenario["verdict"]}


def main() -> None:
    """Write one file per example."""
    for example in EXAMPLES:
        text = json.dumps(summary(example), indent=1, ensure_ascii=False, sort_keys=True)
        (HERE / f"{example.stem}.json").write_text(text + "\n", encoding="utf-8")
        print(f"wrote {example.stem}.json", file=sys.stderr)


if __name__ == "__main__":
    main()
