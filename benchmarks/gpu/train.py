"""Measure fine-tuning steps beside predictions made before: python -m benchmarks.gpu.train --minutes 10."""

from benchmarks.gpu.campaign import campaign, cases_of, plan_of, versions
from benchmarks.gpu.grid import training_runs
from benchmarks.gpu.predict import training_prediction


def main(arguments: list[str] | None = None) -> None:
    """Run what the command line asks for."""
    plan = plan_of("train", "benchmarks.gpu.train_worker", arguments)
    campaign(plan, cases_of(plan, training_runs(plan.device), versions()), training_prediction)


if __name__ == "__main__":
    main()
