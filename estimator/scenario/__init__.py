"""What does the user ask? Scenario files: models, load, dump, JSON schema, templates. No arithmetic."""

from estimator.scenario.annotation import Annotation, Collection
from estimator.scenario.condition import Minus, Named, Node, Not, Number, Pair, names_in, parse_condition
from estimator.scenario.constraints import Budget, Constraints, LatencyLimit, Skill
from estimator.scenario.correlation import Correlation
from estimator.scenario.fields import Part, TaskKind, parse_hours
from estimator.scenario.files import dumps, from_data, load, loads, to_data
from estimator.scenario.folders import scenario_files
from estimator.scenario.number import parse_number
from estimator.scenario.option import (
    Option,
    OwnedGpu,
    Pretraining,
    Prompt,
    Serving,
    Tuning,
)
from estimator.scenario.overrides import parse_overrides, with_overrides
from estimator.scenario.policy import Policy, load_policy
from estimator.scenario.quantity import Limits, Quantity
from estimator.scenario.retrieval import Retrieval
from estimator.scenario.scenario import Scenario
from estimator.scenario.schema import json_schema
from estimator.scenario.stages import Stage, Trigger
from estimator.scenario.task import PilotPoint, RequestTokens, Task, Workload
from estimator.scenario.upkeep import Upkeep

__all__ = [
    "Annotation",
    "Budget",
    "Collection",
    "Constraints",
    "Correlation",
    "LatencyLimit",
    "Limits",
    "Minus",
    "Named",
    "Node",
    "Not",
    "Number",
    "Option",
    "OwnedGpu",
    "Pair",
    "Part",
    "PilotPoint",
    "Policy",
    "Pretraining",
    "Prompt",
    "Quantity",
    "RequestTokens",
    "Retrieval",
    "Scenario",
    "Serving",
    "Skill",
    "Stage",
    "Task",
    "TaskKind",
    "Trigger",
    "Tuning",
    "Upkeep",
    "Workload",
    "dumps",
    "from_data",
    "json_schema",
    "load",
    "load_policy",
    "loads",
    "names_in",
    "parse_condition",
    "parse_hours",
    "parse_number",
    "parse_overrides",
    "scenario_files",
    "to_data",
    "with_overrides",
]
