"""The flags that say what is trained, and what they mean to the library."""

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimator.cli.app import world
from estimator.errors import InputError, UsageError

if TYPE_CHECKING:
    from estimator.memory.setup import Method as Tuned
    from estimator.planning import Futures
    from estimator.scenario import Scenario
    from estimator.training import Bounds, Space


MOST = 4096
"""Largest number of GPUs and of sequences per pass that is looked at."""


class Method(enum.StrEnum):
    """Ways to tune."""

    full = "full"
    lora = "lora"
    qlora = "qlora"
    dora = "dora"


class Term(enum.StrEnum):
    """Ways to rent."""

    on_demand = "on-demand"
    spot = "spot"
    any = "any"


class Checkpointing(enum.StrEnum):
    """What the backward pass computes again."""

    none = "none"
    selective = "selective"
    full = "full"


class Sharding(enum.StrEnum):
    """What data-parallel devices split among them."""

    ddp = "ddp"
    zero1 = "zero1"
    zero2 = "zero2"
    zero3 = "zero3"
    fsdp = "fsdp"


Tokens = Annotated[str | None, typer.Option(help="Tokens of the data set in full rows, e.g. 5M.")]
Examples = Annotated[str | None, typer.Option(help="Examples of the data set, e.g. 3k.")]
PerExample = Annotated[str | None, typer.Option(help="Mean tokens of an example.")]
Spread = Annotated[str | None, typer.Option(help="95 % quantile of the lengths over their mean, 1 to 3.8.")]
MaxTokens = Annotated[str | None, typer.Option(help="Longer examples are cut to this length.")]
Packing = Annotated[
    bool | None, typer.Option("--packing/--no-packing", help="Examples share rows instead of being padded.")
]
Epochs = Annotated[str | None, typer.Option(help="Passes over the data; 1 where not given.")]
Runs = Annotated[str | None, typer.Option(help="Full-size runs until the keeper; 1 where not given.")]
Rank = Annotated[str | None, typer.Option(help="LoRA rank.")]
Batch = Annotated[str | None, typer.Option(help="Sequences per optimizer step.")]
MicroBatch = Annotated[int | None, typer.Option(help="Sequences per GPU and pass; the best that fits otherwise.")]
Checkpoint = Annotated[Checkpointing | None, typer.Option("--checkpointing", help="Gradient checkpointing.")]
Sharded = Annotated[Sharding | None, typer.Option("--sharding", help="How several GPUs share the states.")]
Provider = Annotated[str | None, typer.Option(help="Rent from this provider only.")]
Rent = Annotated[Term | None, typer.Option("--term", help="How GPUs are rented; on-demand where not given.")]
Grid = Annotated[str, typer.Option(help="Where the electricity comes from, e.g. france, virginia.")]


def futures_of(
    draws: int, seed: int, overlay: Path | None, on: str | None, calibration: Path | None = None
) -> "Futures":
    """Draws, seed, prices and their day."""
    from estimator.cli.files import day
    from estimator.planning import Futures

    return Futures(draws=draws, seed=seed, catalog=world(overlay, calibration), on=day(on))


def methods_of(method: list[Method] | None) -> "tuple[Tuned, ...] | None":
    """Ways to tune that compete."""
    return tuple(dict.fromkeys(item.value for item in method)) if method else None


def term_of(term: Term | None) -> str | None:
    """The term as the catalog writes it."""
    return None if term is None else term.value.replace("-", "_")


def given_of(
    epochs: str | None,
    global_batch: str | None,
    packing: bool | None,
    length_spread: str | None,
    max_tokens: str | None,
    rank: str | None,
    runs: str | None,
    term: str | None,
) -> dict[str, Any]:
    """Flags as keys of the tuning section, those not given left out."""
    values = {
        "epochs": epochs,
        "global_batch": global_batch,
        "packing": packing,
        "length_spread": length_spread,
        "max_tokens": max_tokens,
        "rank": rank,
        "runs": runs,
        "term": term,
    }
    return {key: value for key, value in values.items() if value is not None}


def refuse(given: dict[str, Any]) -> None:
    """A scenario file says itself what is trained."""
    wrong = [f"--{key.replace('_', '-')}" for key, value in given.items() if value is not None]
    if wrong:
        raise UsageError(f"{', '.join(wrong)}: the scenario file says what is trained; change its tuning section")


def scenario_of(
    model: str,
    method: Method,
    tokens: str | None,
    examples: str | None,
    tokens_per_example: str | None,
    given: dict[str, Any],
    futures: "Futures",
) -> "Scenario":
    """A scenario with one option, from the flags."""
    from estimator.planning import last_reading, training_scenario

    if method is Method.full and "rank" in given:
        raise UsageError("--rank: full fine-tuning has no adapters; drop it, or choose --method lora")
    if "max_tokens" in given:
        given = {**given, "max_tokens": number_of("--max-tokens", given["max_tokens"])}
    return training_scenario(
        model=model,
        method=method.value,
        on=futures.on or last_reading(futures.catalog),
        catalog=futures.catalog,
        tokens=number_of("--tokens", tokens),
        examples=number_of("--examples", examples),
        tokens_per_example=number_of("--tokens-per-example", tokens_per_example),
        tuning=given,
    )


def number_of(flag: str, text: str | None, example: str = "5M, 3k or 600") -> float | None:
    """A number above 0 with k, M, B as suffix."""
    from estimator.scenario import parse_number

    if text is None:
        return None
    try:
        value = parse_number(text)
    except ValueError:
        raise InputError(f"{flag}: {text!r:.60} is not a number; give e.g. {example}") from None
    if not value > 0:
        raise InputError(f"{flag}: {text} is not above 0; give e.g. {example}")
    return value


def space_of(
    gpu_counts: tuple[int, ...] | None,
    micro_batch: int | None,
    checkpointing: Checkpointing | None,
    sharding: Sharding | None,
) -> "Space":
    """What the search may choose; None leaves a choice to it."""
    from estimator.training import Space

    for flag, value in (("--gpus", gpu_counts[0] if gpu_counts else None), ("--micro-batch", micro_batch)):
        if value is not None and not 1 <= value <= MOST:
            raise InputError(f"{flag}: {value} is outside 1 to {MOST}; give a whole number inside")
    if sharding is not None and gpu_counts == (1,):
        raise InputError(f"--sharding: {sharding.value} shares nothing on 1 GPU; give --gpus 2 or more, or drop it")
    space = Space(
        micro_batches=None if micro_batch is None else (micro_batch,),
        shardings=None if sharding is None else (sharding.value,),
    )
    return space.narrowed(gpu_counts=gpu_counts, checkpointing=None if checkpointing is None else checkpointing.value)


def bounds_of(deadline: str | None, budget: str | None) -> "Bounds":
    """Deadline and budget."""
    from estimator.scenario import parse_hours
    from estimator.training import Bounds

    hours, usd = float("inf"), number_of("--budget", budget, "500") or float("inf")
    if deadline is not None:
        try:
            hours = parse_hours(deadline)
        except ValueError as error:
            raise InputError(f"--deadline: {error}") from None
    return Bounds(deadline_hours=hours, budget_usd=usd)
