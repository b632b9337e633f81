"""`estimator train` and `estimator plan`: hours of a run, and the cheapest plan under a deadline and a budget."""

from typing import Annotated

import typer

from estimator.cli.app import (
    Calibration,
    Draws,
    Form,
    InCurrency,
    On,
    Output,
    Overlay,
    Rates,
    Seed,
    Set,
    app,
    examples,
    format_name,
    in_currency,
    note,
    show,
)
from estimator.cli.completing import gpu_names, model_names
from estimator.cli.job import (
    Batch,
    Checkpoint,
    Epochs,
    Examples,
    Grid,
    MaxTokens,
    Method,
    MicroBatch,
    Packing,
    PerExample,
    Provider,
    Rank,
    Rent,
    Runs,
    Sharded,
    Spread,
    Tokens,
    bounds_of,
    futures_of,
    given_of,
    methods_of,
    refuse,
    scenario_of,
    space_of,
    term_of,
)
from estimator.cli.verbs import MEMO_SUFFIXES
from estimator.errors import UsageError

SCENARIO_SUFFIXES = (".yaml", ".yml", *MEMO_SUFFIXES)


@app.command(
    epilog=examples(
        "estimator train Qwen/Qwen3-8B --method qlora --examples 3k --tokens-per-example 600 --epochs 3",
        "estimator train meta-llama/Llama-3.1-8B --tokens 5M --gpu H100-80GB --gpus 2 --term spot -f json",
    )
)
def train(
    model: Annotated[
        str,
        typer.Argument(help="Catalog name, or path of a config.json.", metavar="MODEL", autocompletion=model_names),
    ],
    method: Annotated[Method, typer.Option(help="How it is tuned.")] = Method.lora,
    tokens: Tokens = None,
    examples: Examples = None,
    tokens_per_example: PerExample = None,
    epochs: Epochs = None,
    gpu: Annotated[str, typer.Option(help="GPU, e.g. H100-80GB, 4090.", autocompletion=gpu_names)] = "H100-80GB",
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
    currency: InCurrency = "USD",
    rates: Rates = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """Predict step time, hours, price, energy and memory of a fine-tuning run."""
    from estimator.planning import Hardware, plan_training
    from estimator.report.training import train_sheet

    futures = futures_of(draws, seed, overlay, on, calibration)
    given = given_of(epochs, global_batch, packing, length_spread, max_tokens, rank, runs, term_of(term))
    scenario = scenario_of(model, method, tokens, examples, tokens_per_example, given, futures)
    space = space_of((gpus,), micro_batch, checkpointing, sharding)
    hardware = Hardware(gpu=gpu, provider=provider, unpriced=True, grid=grid)
    with in_currency(currency, rates, futures.catalog, [scenario], futures.on):
        answer = plan_training(scenario, space=space, hardware=hardware, futures=futures)
        show(train_sheet(answer), form, output)
    for text in answer.notes:
        note(text)


@app.command(
    epilog=examples(
        "estimator plan examples/triage.yaml --option lora --deadline 24h --budget 500 --term any",
        "estimator plan Qwen/Qwen3-8B --method lora --method qlora --tokens 5M --deadline 24h",
    )
)
def plan(
    what: Annotated[
        str,
        typer.Argument(
            help="Scenario file, - for stdin, or a model.", metavar="FILE|MODEL", autocompletion=model_names
        ),
    ],
    changes: Set = None,
    option: Annotated[str | None, typer.Option(help="Option of the file; the first that trains otherwise.")] = None,
    deadline: Annotated[str | None, typer.Option(help="Wall time of all runs, e.g. 24h, 3d.")] = None,
    budget: Annotated[str | None, typer.Option(help="USD of all runs, e.g. 500, 2k.")] = None,
    term: Rent = None,
    provider: Provider = None,
    gpu: Annotated[str | None, typer.Option(help="This GPU only.", autocompletion=gpu_names)] = None,
    gpus: Annotated[int | None, typer.Option(help="This many GPUs only.")] = None,
    owned: Annotated[str | None, typer.Option(help="A bought GPU that competes with rented ones.")] = None,
    owned_usd: Annotated[str | None, typer.Option(help="Its price with its share of the server.")] = None,
    method: Annotated[
        list[Method] | None, typer.Option(help="With MODEL: how it is tuned, lora otherwise; several compete.")
    ] = None,
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
    currency: InCurrency = "USD",
    rates: Rates = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """Find the cheapest hardware and set-up that trains in memory, time and budget, and say why the others lost."""
    from estimator.cli.files import read_scenario
    from estimator.planning import Hardware, plan_training
    from estimator.report.training import plan_sheet

    futures = futures_of(draws, seed, overlay, on, calibration)
    given = given_of(epochs, global_batch, packing, length_spread, max_tokens, rank, runs, None)
    if what == "-" or what.endswith(SCENARIO_SUFFIXES):
        described = {"tokens": tokens, "examples": examples, "tokens_per_example": tokens_per_example}
        refuse({**given, **described, "method": method or None})
        scenario = read_scenario(what, changes)
    else:
        if option is not None or changes:
            flag = "--set changes" if changes else "--option names an option of"
            raise UsageError(f"{flag} a scenario file, but a model is given; drop it")
        first = method[0] if method else Method.lora
        scenario = scenario_of(what, first, tokens, examples, tokens_per_example, given, futures)
    with in_currency(currency, rates, futures.catalog, [scenario], futures.on):
        answer = plan_training(
            scenario,
            option=option,
            methods=methods_of(method),
            bounds=bounds_of(deadline, budget),
            space=space_of(None if gpus is None else (gpus,), micro_batch, checkpointing, sharding),
            hardware=Hardware(
                gpu=gpu, provider=provider, term=term_of(term), owned_gpu=owned, owned_usd=owned_usd, grid=grid
            ),
            futures=futures,
        )
        show(plan_sheet(answer), form, output)
        if answer.planned.plan.chosen is None and format_name(form, output) != "table":
            note(answer.planned.plan.reason)
    for text in answer.notes:
        note(text)
