"""What the recipe of an option does to its errors: prompt techniques, size of the adapter, whether a pilot ran."""

from estimator.inputs import OptionInputs
from estimator.labels.combine import lora_capacity_penalty
from estimator.memory import lora_parameters
from estimator.serving import technique_of
from estimator.units import Value


def prompt_gain_of(option: OptionInputs) -> Value:
    """Share of the behaviour error that the prompt recipe removes: 1 − (1 − few-shot)(1 − reasoning).

    Args:
        option: Inputs of the option.

    Returns:
        Share removed. [1]

    Source: definition.
    """
    technique = technique_of(option)
    left: Value = 1.0
    if technique == "few_shot" or option.given("prompt.few_shot_tokens") is not None:
        left = left * (1.0 - option["prompt.few_shot_gain"])
    if technique == "chain_of_thought":
        left = left * (1.0 - option["prompt.chain_of_thought_gain"])
    return 1.0 - left


def lora_penalty_of(option: OptionInputs, *, labels: Value | None = None) -> Value:
    """Error added because an adapter is too small for its data; 0 for other methods.

    Args:
        option: Inputs of the option.
        labels: Training labels where not those of the scenario. [count]

    Returns:
        Added error. [1]

    Source: `lora_capacity_penalty`.
    """
    tuning = option.spec.tuning
    if tuning is None or tuning.method in {"full", "managed"} or option.architecture is None:
        return 0.0
    count = option["tuning.labels"] if labels is None else labels
    return lora_capacity_penalty(
        examples=count + option["tuning.synthetic_labels"],
        tokens_per_example=option["workload.tokens.output"],
        adapter_parameters=lora_parameters(
            architecture=option.architecture, rank=option["tuning.rank"], targets=tuning.targets
        ),
        bits_per_token=option["tuning.learned_bits_per_token"],
        penalty=option["tuning.lora_penalty"],
    )


def has_labelled_points(option: OptionInputs) -> bool:
    """Whether a pilot measured tuned models.

    Args:
        option: Inputs of the option.

    Returns:
        True where a point has labels. [1]

    Source: definition.
    """
    return any(point.labels.mode > 0 for point in option.scenario.task.pilot)
