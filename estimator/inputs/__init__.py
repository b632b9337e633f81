"""Which value, from where? `resolve` joins scenario, defaults, catalog rows and the draws of uncertain inputs."""

from estimator.inputs.resolve import check_futures, resolve
from estimator.inputs.resolved import Kind, OptionInputs
from estimator.inputs.sampling import sample
from estimator.inputs.windows import joined_values
from estimator.inputs.world import ESCALATION, Input, World, used

__all__ = [
    "ESCALATION",
    "Input",
    "Kind",
    "OptionInputs",
    "World",
    "check_futures",
    "joined_values",
    "resolve",
    "sample",
    "used",
]
