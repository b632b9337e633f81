"""`estimator train` and `estimator plan`: hours of a run, and the cheapest plan under a deadline and a budget."""

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from estimator.cli.app import Form, On, Output, Overlay, Quiet, app, note, show, world
from estimator.errors import InputError, UsageError

if TYPE_CHECKING:
    from estimator.planning import Futures
    from estimator.scenario import Scenario
    from estimator.training import Bounds, Space

SCENARIO_SUFFIXES = (".yaml", ".yml")


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
Draws = Annotated[int, typer.Option(help="Number of futures.")]
Seed = Annotated[int, typer.Option(help="Seed of the futures.")]


@app.command(
    epilog="Example: estimator train Qwen/Qwen3-8B --method qlora --examples 3k --tokens-per-example 600 --epochs 3"
)
def train(
    model: Annotated[str, typer.Argument(help="Catalog name, or a Hugging Face config.json.", metavar="MODEL")],
    method: Annotated[Method, typer.Option(help="How it is tuned.")] = Method.lora,
    tokens: Tokens = None,
    examples: Examples = None,
    tokens_per_example: PerExample = None,
    epochs: Epochs = None,
    gpu: Annotated[str, typer.Option(help="GPU, e.g. H100-80GB, 4090.")] = "H100-80GB",
    gpus: Annotated[int, typer.Option(help="GPUs that share the job.")] = 1,
    micro_batch: MicroBatch = None,
    global_batch: Batch = None,
    packing: Packing = None,
    length_spread: Spread = None,
    max_tokens: MaxTokens = None,
    checkpointing: Checkpoint = None,
    sharding: Sharded = None,
    rank: Rank = None,
    runs: Runs = None,
    provider: Provider = None,
    term: Rent = None,
    grid: Grid = "us-average",
    draws: Draws = 10_000,
    seed: Seed = 0,
    on: On = None,
    overlay: Overlay = None,
    form: Form = None,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Predict step time, hours, price, energy and memory of a fine-tuning run."""
    from estimator.planning import Hardware, plan_training
    from estimator.report.training import train_sheet

    futures = _futures(draws, seed, overlay, on)
    given = _given(epochs, global_batch, packing, length_spread, max_tokens, rank, runs, _term(term))
    scenario = _scenario(model, method, tokens, examples, tokens_per_example, given, futures)
    space = _space((gpus,), micro_batch, checkpointing, sharding)
    hardware = Hardware(gpu=gpu, provider=provider, unpriced=True, grid=grid)
    answer = plan_training(scenario, space=space, hardware=hardware, futures=futures)
    show(train_sheet(answer), form, output)
    _notes(answer.notes, quiet)


@app.command(epilog="Example: estimator plan examples/triage.yaml --option lora --deadline 24h --budget 500 --term any")
def plan(
    what: Annotated[str, typer.Argument(help="Scenario file (- is stdin), or a model.", metavar="FILE|MODEL")],
    option: Annotated[str | None, typer.Option(help="Option of the file; the first that trains otherwise.")] = None,
    deadline: Annotated[str | None, typer.Option(help="Wall time of all runs, e.g. 24h, 3d.")] = None,
    budget: Annotated[str | None, typer.Option(help="USD of all runs, e.g. 500, 2k.")] = None,
    term: Rent = None,
    provider: Provider = None,
    gpu: Annotated[str | None, typer.Option(help="This GPU only.")] = None,
    gpus: Annotated[int | None, typer.Option(help="This many GPUs only.")] = None,
    owned: Annotated[str | None, typer.Option(help="A bought GPU that competes with rented ones.")] = None,
    owned_usd: Annotated[str | None, typer.Option(help="Its price with its share of the server.")] = None,
    method: Annotated[Method | None, typer.Option(help="With MODEL: how it is tuned; lora otherwise.")] = None,
    tokens: Tokens = None,
    examples: Examples = None,
    tokens_per_example: PerExample = None,
    epochs: Epochs = None,
    micro_batch: MicroBatch = None,
    global_batch: Batch = None,
    packing: Packing = None,
    length_spread: Spread = None,
    max_tokens: MaxTokens = None,
    checkpointing: Checkpoint = None,
    sharding: Sharded = None,
    rank: Rank = None,
    runs: Runs = None,
    grid: Grid = "us-average",
    draws: Draws = 10_000,
    seed: Seed = 0,
    on: On = None,
    overlay: Overlay = None,
    form: Form = None,
    output: Output = None,
    quiet: Quiet = False,
) -> None:
    """Find the cheapest hardware and set-up that trains in memory, time and budget, and say why the others lost."""
    from estimator.planning import Hardware, plan_training
    from estimator.report.training import plan_sheet

    futures = _futures(draws, seed, overlay, on)
    given = _given(epochs, global_batch, packing, length_spread, max_tokens, rank, runs, None)
    if what == "-" or what.endswith(SCENARIO_SUFFIXES):
        _refuse(
            {
                **given,
                "method": method,
                "tokens": tokens,
                "examples": examples,
                "tokens_per_example": tokens_per_example,
            }
        )
        from estimator.cli.files import read_scenario

        scenario = read_scenario(what)
    else:
        if option is not None:
            raise UsageError("--option names an option of a scenario file, but a model is given; drop it")
        scenario = _scenario(what, method or Method.lora, tokens, examples, tokens_per_example, given, futures)
    answer = plan_training(
        scenario,
        option=option,
        bounds=_bounds(deadline, budget),
        space=_space(None if gpus is None else (gpus,), micro_batch, checkpointing, sharding),
        hardware=Hardware(
            gpu=gpu, provider=provider, term=_term(term), owned_gpu=owned, owned_usd=owned_usd, grid=grid
        ),
        futures=futures,
    )
    show(plan_sheet(answer), form, output)
    _notes(answer.notes, quiet)


def _notes(notes: tuple[str, ...], quiet: bool) -> None:
    if not quiet:
        for text in notes:
            note(text)


def _futures(draws: int, seed: int, overlay: Path | None, on: str | None) -> "Futures":
    from estimator.cli.files import day
    from estimator.planning import Futures

    return Futures(draws=draws, seed=seed, catalog=world(overlay), on=day(on))


def _term(term: Term | None) -> str | None:
    return None if term is None else term.value.replace("-", "_")


def _given(
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


def _refuse(given: dict[str, Any]) -> None:
    """A scenario file says itself what is trained."""
    wrong = [f"--{key.replace('_', '-')}" for key, value in given.items() if value is not None]
    if wrong:
        raise UsageError(f"{', '.join(wrong)}: the scenario file says what is trained; change its tuning section")


def _scenario(
    model: str,
    method: Method,
    tokens: str | None,
    examples: str | None,
    tokens_per_example: str | None,
    given: dict[str, Any],
    futures: "Futures",
) -> "Scenario":
    from estimator.planning import last_reading, training_scenario

    return training_scenario(
        model=model,
        method=method.value,
        on=futures.on or last_reading(futures.catalog),
        catalog=futures.catalog,
        tokens=_number("--tokens", tokens),
        examples=_number("--examples", examples),
        tokens_per_example=_number("--tokens-per-example", tokens_per_example),
        tuning={**given, "max_tokens": _number("--max-tokens", given["max_tokens"])}
        if "max_tokens" in given
        else given,
    )


def _number(flag: str, text: str | None, example: str = "5M, 3k or 600") -> float | None:
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


def _space(
    gpu_counts: tuple[int, ...] | None,
    micro_batch: int | None,
    checkpointing: Checkpointing | None,
    sharding: Sharding | None,
) -> "Space":
    from estimator.training import Space

    for flag, value, most in (("--gpus", (gpu_counts or (1,))[0], 4096), ("--micro-batch", micro_batch or 1, 4096)):
        if not 1 <= value <= most:
            raise InputError(f"{flag}: {value} is outside 1 to {most}; give a whole number inside")
    if micro_batch == 0:
        raise InputError("--micro-batch: 0 is outside 1 to 4096; give a whole number inside")
    space = Space(
        micro_batches=None if micro_batch is None else (micro_batch,),
        shardings=None if sharding is None else (sharding.value,),
    )
    return space.narrowed(gpu_counts=gpu_counts, checkpointing=None if checkpointing is None else checkpointing.value)


def _bounds(deadline: str | None, budget: str | None) -> "Bounds":
    from estimator.scenario import parse_hours
    from estimator.training import Bounds

    hours, usd = float("inf"), _number("--budget", budget, "500") or float("inf")
    if deadline is not None:
        try:
            hours = parse_hours(deadline)
        except ValueError as error:
            raise InputError(f"--deadline: {error}") from None
    return Bounds(deadline_hours=hours, budget_usd=usd)
