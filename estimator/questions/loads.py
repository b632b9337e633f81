"""How one replica of an option answers under load: the serving plan that stands behind its ledger lines."""

from estimator.catalog import Catalog, load_catalog
from estimator.results import Estimate
from estimator.serving import Ask, OwnAnswer, ServingPlan, serving_plan
from estimator.units import SECONDS_PER_MONTH, central


def serving_of(base: Estimate, name: str, *, catalog: Catalog | None = None) -> ServingPlan | None:
    """Latency and rate of an option on its own replicas at full volume; None where it is served by others.

    Args:
        base: The estimate.
        name: An option.
        catalog: Prices and evidence of the estimate; the package's own where not given.

    Returns:
        The plan at the central case. [s, requests/s, USD/month]

    Raises:
        EstimatorError: the replica cannot be planned.
    """
    option = base.options[name]
    answer = option.parts.money.answer if option.parts is not None else None
    if option.parts is None or not isinstance(answer, OwnAnswer):
        return None
    request = option.parts.money.request
    ask = Ask(
        model=option.model,
        requests_per_s=central(option.outcome.full_requests) / SECONDS_PER_MONTH,
        input_tokens=central(request.input),
        output_tokens=central(request.written),
        gpu=answer.gpu,
        gpus=answer.gpus,
        precision=answer.precision,
    )
    return serving_plan(ask=ask, catalog=catalog or load_catalog(), on=base.on)
