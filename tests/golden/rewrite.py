"""Rewrite the golden files: python tests/golden/rewrite.py. They pin behaviour and are no evidence of accuracy."""

import json
import os
import subprocess
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


VERBS = {
    "compare-two.txt": ("compare", "examples/triage.yaml", "tests/golden/triage-grown.yml"),
    "diff.txt": ("diff", "examples/triage.yaml", "tests/golden/triage-grown.yml"),
    "diff-output.json": ("diff", "examples/triage.yaml", "tests/golden/triage-grown.yml", "-f", "json"),
    "breakdown.txt": ("breakdown", "examples/triage.yaml", "--option", "lora_rag"),
}
"""Files that hold what a verb prints."""


def printed(arguments: tuple[str, ...]) -> str:
    """Output of the command line, as a subprocess."""
    root = HERE.parents[1]
    env = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "estimator", *arguments, "--draws", str(DRAWS)]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout


def main() -> None:
    """Write one file per example and per verb."""
    for name, arguments in VERBS.items():
        (HERE / name).write_text(printed(arguments), encoding="utf-8")
        print(f"wrote {name}", file=sys.stderr)
    for example in EXAMPLES:
        text = json.dumps(summary(example), indent=1, ensure_ascii=False, sort_keys=True)
        (HERE / f"{example.stem}.json").write_text(text + "\n", encoding="utf-8")
        print(f"wrote {example.stem}.json", file=sys.stderr)


if __name__ == "__main__":
    main()
