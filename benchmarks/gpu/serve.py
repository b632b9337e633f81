"""Measure prefill and decode rates beside predictions made before: python -m benchmarks.gpu.serve --minutes 5."""

from benchmarks.gpu.campaign import campaign, cases_of, plan_of, versions
from benchmarks.gpu.grid import serving_runs
from benchmarks.gpu.predict import serving_prediction


def main(arguments: list[str] | None = None) -> None:
    """Run what the command line asks for."""
    plan = plan_of("serve", "benchmarks.gpu.serve_worker", arguments)
    campaign(plan, cases_of(plan, serving_runs(plan.device), versions()), serving_prediction)


if __name__ == "__main__":
    main()
