"""What a labelling project costs, how good its labels are, and when they are there."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from estimator.catalog import Catalog, Row, load_catalog
from estimator.errors import CatalogError, InputError, ScenarioError, UnknownNameError
from estimator.inputs import Input, OptionInputs, resolve, used
from estimator.labels import (
    Data,
    Redundancy,
    annotation_input,
    annotator_rate_of,
    data_of,
    evaluation_set_size,
    human_evaluation_usd,
    judge_evaluation_usd,
    label_accuracy_of,
    noise_discount,
    paired_set_size,
    redundancy_plan,
    typical_discordant_share,
    wilson_set_size,
)
from estimator.record import record
from estimator.scenario import from_data
from estimator.units import MINUTES_PER_HOUR, Value, central

PROJECT = "project"
"""Name of the only option of a labelling project."""
_NOTHING_ELSE = {
    "fee": 0,
    "review_share": 0,
    "rejected_share": 0,
    "guideline_hours": 0,
    "training_hours": 0,
    "tooling_usd": 0,
}
"""A published figure holds what its authors counted and nothing else."""


@record(kw_only=True)
class EvaluationNeed:
    """Answers to judge for a wanted certainty, and what that costs."""

    quality: float
    half_width: float
    wald: float
    wilson: float
    paired: float
    """Items to tell two options apart that differ by the half width, both judged on all of them. [count]"""
    human_usd: Value
    judge_usd: Value


@record(kw_only=True)
class LabellingProject:
    """Cost, quality and calendar time of a labelling project."""

    data: Data
    accuracy: Value
    """Share of right labels after votes and review. [1]"""
    worth: Value
    """Effective labels per label. [1]"""
    evaluation: EvaluationNeed
    redundancy: Redundancy | None
    """None where a vote is no better than chance, or a model labels."""
    like: str
    published_usd: float | None
    """What the project that was imitated paid, where it says. [USD]"""
    on: date
    inputs: tuple[Input, ...]

    def per_label(self, usd: Value) -> Value:
        """A cost of the project spread over its labels. [USD/label]"""
        return usd / self.data.labels

    @property
    def usd_per_effective_label(self) -> Value:
        """Cost of one label's worth of clean signal. [USD/label]"""
        worth = np.asarray(self.worth, dtype=float)
        cost: Value = np.where(
            worth > 0, self.data.total / (self.data.labels * np.where(worth > 0, worth, 1.0)), np.inf
        )
        return cost


def labelling_project(
    *,
    labels: Any = None,
    kind: str = "classification",
    annotation: Mapping[str, Any] | None = None,
    collection: Mapping[str, Any] | None = None,
    tokens: Mapping[str, Any] | None = None,
    classes: Any = None,
    like: str = "",
    quality: float = 0.85,
    half_width: float = 0.03,
    draws: int = 2000,
    seed: int = 0,
    catalog: Catalog | None = None,
    on: date | None = None,
) -> LabellingProject:
    """Cost, quality and calendar time of a labelling project.

    Args:
        labels: Labels wanted, as in a scenario; those of the imitated project, else 1,000, where not given. [count]
        kind: Kind of task: sets the minutes per label.
        annotation: Keys of `tuning.annotation`, as in a scenario.
        collection: Keys of `tuning.collection`.
        tokens: `prompt` and `output` of one example, for labels made by a model. [token]
        classes: Answers to choose from. [count]
        like: Published project whose figures are used where none are given: rows `project/NAME/…`.
        quality: Expected quality of the option that is evaluated. [1]
        half_width: Wanted half width of its confidence interval. [1]
        draws: Futures. [count]
        seed: Seed of the futures.
        catalog: Prices and evidence; the package's own where not given.
        on: Day of the prices; the newest reading of the annotation table where not given.

    Returns:
        The project. [USD]

    Raises:
        EstimatorError: a figure cannot be used; the message says which and what to do.
    """
    world = catalog or load_catalog()
    if not 0.0 < quality < 1.0 or not 0.0 < half_width < 0.5:
        raise InputError(
            f"quality {quality:g} and half_width {half_width:g}: give a quality between 0 and 1 and a half width "
            "between 0 and 0.5"
        )
    day = on or max(row.read_on for row in world.rows("annotation"))
    rows = _like(world, like, day)
    written, count = _annotation_of(rows, annotation or {}, labels)
    tuning = {"method": "lora", "labels": count, "annotation": written, "collection": _collection(rows, collection)}
    data: dict[str, Any] = {
        "name": "labelling project",
        "start": f"{day:%Y-%m}",
        "horizon": 12,
        "prices_on": day,
        "workload": {"requests_per_month": 1, "tokens": tokens or {"prompt": 700, "output": 50}},
        "task": {"kind": kind} | ({"classes": classes} if classes is not None else {}),
        "options": {PROJECT: {"model": "Qwen/Qwen3-8B", "tuning": tuning}},
    }
    if labels is not None:
        rows = {name: row for name, row in rows.items() if name != "usd"}
    try:
        scenario = from_data(data, origin=PROJECT)
        option = resolve(scenario, catalog=world, on=day, draws=draws, seed=seed)[PROJECT]
        return _project(option, rows, like, quality, half_width)
    except (ScenarioError, CatalogError) as error:
        raise InputError(_as_flags(str(error))) from None


def _like(catalog: Catalog, like: str, day: date) -> dict[str, Row]:
    if not like:
        return {}
    prefix = f"project/{like}/"
    rows = {row.id.removeprefix(prefix): row for row in catalog.rows("annotation") if row.id.startswith(prefix)}
    if not rows:
        known = {row.id.split("/")[1] for row in catalog.rows("annotation") if row.id.startswith("project/")}
        raise UnknownNameError("project", like, sorted(known), f"choose among {', '.join(sorted(known))}")
    return {name: row for name, row in rows.items() if row.valid_from <= day}


def _annotation_of(rows: Mapping[str, Row], written: Mapping[str, Any], labels: Any) -> tuple[dict[str, Any], Any]:
    given = {key: value for key, value in written.items() if value is not None}
    if not rows:
        return given, 1000 if labels is None else labels
    base: dict[str, Any] = dict(_NOTHING_ELSE)
    base |= {key: _quantity(rows[key]) for key in ("minutes", "redundancy", "usd_per_label") if key in rows}
    if "usd_per_hour" in rows:
        base["rate"] = f"{rows['usd_per_hour'].mode:g}"
    if "usd_per_label" in rows:
        base["labeller"] = "llm"
    known = _quantity(rows["labels"]) if "labels" in rows else 1000
    return base | given, known if labels is None else labels


def _collection(rows: Mapping[str, Row], written: Mapping[str, Any] | None) -> dict[str, Any]:
    nothing = {"gather_minutes": 0, "deduplicate_usd": 0, "redact_minutes": 0} if rows else {}
    return nothing | {key: value for key, value in (written or {}).items() if value is not None}


def _quantity(row: Row) -> Any:
    if row.is_point:
        return {"value": row.mode, "source": row.source}
    return {"low": row.low, "mode": row.mode, "high": row.high, "source": row.source}


def _as_flags(message: str) -> str:
    """Keys of the scenario that stands behind a project, as the flags that set them."""
    text = message.removeprefix(f"{PROJECT}: ")
    for prefix in ("tuning.annotation.", "tuning.collection.", "tuning."):
        head = f"options.{PROJECT}.{prefix}"
        if text.startswith(head):
            name, _, rest = text.removeprefix(head).partition(":")
            return f"--{name.replace('_', '-')}:{rest}"
    for key, flag in (("prompt", "prompt-tokens"), ("output", "output-tokens")):
        text = text.replace(f"workload.tokens.{key}:", f"--{flag}:")
    return f"--{text.removeprefix('task.')}" if text.startswith("task.") else text


def _project(
    option: OptionInputs, rows: Mapping[str, Row], like: str, quality: float, half_width: float
) -> LabellingProject:
    data = data_of(option)
    if data is None:
        raise InputError("project: nothing is labelled; give labels")
    accuracy = label_accuracy_of(option)
    random = (1.0 - accuracy) * (1.0 - annotation_input(option, "systematic"))
    vote_usd = option["tuning.annotation.minutes"] / MINUTES_PER_HOUR * annotator_rate_of(option)
    one = central(annotation_input(option, "accuracy"))
    people = data.labeller not in {"llm", "synthetic"}
    plan = None
    if people and 0.5 < one < 1.0:
        plan = redundancy_plan(accuracy=one, usd_per_vote=central(vote_usd), quality=quality, half_width=half_width)
    published = rows.get("usd")
    item = rows.get("usd_per_item")
    paid = published.mode if published else item.mode * central(data.labels) if item else None
    return LabellingProject(
        data=data,
        accuracy=accuracy,
        worth=noise_discount(noise=random, classes=option["task.classes"]),
        evaluation=_evaluation(option, quality, half_width, vote_usd),
        redundancy=plan,
        like=like,
        published_usd=paid,
        on=option.world.on,
        inputs=used(option.world.touched.values()),
    )


def _evaluation(option: OptionInputs, quality: float, half_width: float, vote_usd: Value) -> EvaluationNeed:
    items = evaluation_set_size(accuracy=quality, half_width=half_width)
    share = max(half_width, typical_discordant_share(quality=quality))
    return EvaluationNeed(
        quality=quality,
        half_width=half_width,
        wald=central(items),
        wilson=central(wilson_set_size(accuracy=quality, half_width=half_width)),
        paired=central(paired_set_size(difference=half_width, discordant_share=share)),
        human_usd=human_evaluation_usd(items=items, minutes=MINUTES_PER_HOUR, usd_per_hour=vote_usd),
        judge_usd=judge_evaluation_usd(
            items=items,
            usd_per_judgement=option["upkeep.judge_usd_per_answer"],
            audit_share=annotation_input(option, "review_share"),
            audit_usd=vote_usd,
        ),
    )
