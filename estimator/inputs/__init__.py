"""Which value, from where? `resolve` joins scenario, defaults, catalog rows and the draws of uncertain inputs."""

from estimator.inputs.resolve import resolve
from estimator.inputs.resolved import ESCALATION, Input, Kind, OptionInputs, World, used
from estimator.inputs.sampling import sample

__all__ = ["ESCALATION", "Input", "Kind", "OptionInputs", "World", "resolve", "sample", "used"]
