"""Who labels: presets, rates, prices per label, accuracy."""

from estimator.catalog import TokenPrice
from estimator.errors import CatalogError, ScenarioError
from estimator.inputs import OptionInputs
from estimator.labels.noise import majority_accuracy, odd_jury, reviewed_accuracy
from estimator.scenario import Quantity
from estimator.units import MILLION, Value, central

MODELS = frozenset({"llm", "synthetic"})
"""Labellers that are a model."""
RATES = {
    None: "rate/crowd",
    "crowd": "rate/crowd",
    "vendor": "rate/vendor_offshore",
    "in_house": "rate/in_house",
    "expert": "rate/expert/generic",
    "llm": "rate/in_house",
    "synthetic": "rate/in_house",
}
"""Who is paid by the hour; for labels by a model, who audits them."""


def labeller_of(option: OptionInputs) -> str | None:
    """Preset of an option's labels: as written, llm where a model or its price is named, else None: plain people.

    Args:
        option: Inputs of the option.

    Returns:
        Name of the preset. [1]

    Raises:
        ScenarioError: a model is named, but people label.

    Source: definition.
    """
    spec = option.spec.tuning
    if spec is None:
        return None
    annotation = spec.annotation
    named = annotation.model is not None or annotation.usd_per_label is not None
    if named and annotation.labeller not in {None, *MODELS}:
        key = "model" if annotation.model is not None else "usd_per_label"
        raise ScenarioError(
            f"{option.shown(f'tuning.annotation.{key}')} is for labels by a model, but labeller is "
            f"{annotation.labeller}; remove one of them or write labeller: llm"
        )
    return annotation.labeller or ("llm" if named else None)


def usd_per_model_label_of(option: OptionInputs) -> Value:
    """Price of one label by a model: as written, else its tokens at the price of the named model, else a row.

    Args:
        option: Inputs of the option.

    Returns:
        Price of one vote. [USD/label]

    Source: token prices of the catalog; `label/llm` of the annotation table.
    """
    spec = option.spec.tuning
    if option.given("tuning.annotation.usd_per_label") is not None:
        return option["tuning.annotation.usd_per_label"]
    if spec is None or spec.annotation.model is None:
        return option.price("label/llm")
    price = token_price_of(option, spec.annotation.model, key="tuning.annotation.model")
    tier = price.tiers[0]
    return (
        option["workload.tokens.prompt"] * tier.input_usd_per_mtok
        + option["workload.tokens.output"] * tier.output_usd_per_mtok
    ) / MILLION


def token_price_of(option: OptionInputs, model: str, *, key: str) -> TokenPrice:
    """Token price of a hosted model that is not the option's own: a labeller or a judge.

    Args:
        option: Inputs of the option.
        model: `provider/model`.
        key: Where it was written.

    Returns:
        Price. [USD/Mtok]

    Raises:
        CatalogError: the model is unknown or has no price on the day.

    Source: token prices of the catalog.
    """
    try:
        price = option.world.catalog.token_price(model, on=option.world.on)
    except CatalogError as error:
        raise CatalogError(f"{option.shown(key)}: {error}") from None
    name = f"{price.provider}/{price.model}"
    for kind in ("input", "output"):
        option.fact(f"token/{name}/{kind}", "USD/Mtok", getattr(price.tiers[0], f"{kind}_usd_per_mtok"), price.source)
    return price


def label_accuracy_of(option: OptionInputs, *, accuracy: Value | None = None) -> Value:
    """Accuracy of the training labels after votes and review.

    Args:
        option: Inputs of an option that is tuned.
        accuracy: Of one vote, where something better is known than the inputs say. [1]

    Returns:
        Share of right labels. [1]

    Source: `majority_accuracy`, `reviewed_accuracy`.
    """
    one = annotation_input(option, "accuracy") if accuracy is None else accuracy
    by_model = labeller_of(option) in MODELS
    votes = 1 if by_model else odd_jury(central(option["tuning.annotation.redundancy"]))
    vote = majority_accuracy(accuracy=one, annotators=votes)
    reader = option["tuning.annotation.accuracy"] if by_model else one
    return reviewed_accuracy(
        accuracy=vote, review_share=annotation_input(option, "review_share"), reviewer_accuracy=reader
    )


def annotation_input(option: OptionInputs, field: str) -> Value:
    """One figure of the annotation: as written, else of the labeller's preset, else the default.

    Args:
        option: Inputs of the option.
        field: Key below `tuning.annotation`.

    Returns:
        Its value. [unit of the field]

    Source: rows `labeller/NAME/FIELD` of the annotation table.
    """
    key = f"tuning.annotation.{field}"
    labeller = labeller_of(option)
    row_id = f"labeller/{labeller}/{field}"
    if labeller is None or option.given(key) is not None or option.world.catalog.find(row_id, option.world.on) is None:
        return option[key]
    return option.price(row_id)


def annotator_rate_of(option: OptionInputs) -> Value:
    """Pay of those who label, or who audit labels made by a model.

    Args:
        option: Inputs of an option that is tuned.

    Returns:
        Rate. [USD/hour]

    Source: annotation table.
    """
    spec = option.spec.tuning
    annotation = spec.annotation if spec is not None else None
    named = annotation.rate if annotation is not None else None
    return usd_per_hour_of(option, named or RATES[labeller_of(option)], key="tuning.annotation.rate")


def judge_usd_per_hour_of(option: OptionInputs) -> Value:
    """Pay of those who label evaluation sets and checks: the same for all options of a scenario.

    Args:
        option: Inputs of the option.

    Returns:
        Rate of `task.evaluation_rate`. [USD/hour]

    Source: annotation table.
    """
    return usd_per_hour_of(option, option.scenario.task.evaluation_rate, key="task.evaluation_rate")


def usd_per_hour_of(option: OptionInputs, rate: str, *, key: str) -> Value:
    """Hourly rate of an annotator: a number, or a row of the annotation table.

    Args:
        option: Inputs of the option.
        rate: USD per hour as text, or a row name with or without `rate/` in front.
        key: Where it was written.

    Returns:
        Rate. [USD/hour]

    Raises:
        ScenarioError: neither.

    Source: annotation table.
    """
    try:
        number = float(rate)
    except ValueError:
        row_id = rate if rate.startswith("rate/") else f"rate/{rate}"
        return option.price(row_id, key=key)
    if not 0 <= number < 1e6:
        raise ScenarioError(f"{option.shown(key)}: {rate} is outside 0 to 1e6 USD per hour; give a rate inside")
    return option.world.from_user(key, Quantity.point(number), shown_as=option.shown(key))
