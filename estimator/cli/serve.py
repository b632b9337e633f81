"""`estimator serve`: what it takes to answer requests, on own GPUs or at a hosted model."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimator.cli.app import (
    Form,
    Format,
    InCurrency,
    On,
    Overlay,
    Rates,
    app,
    examples,
    format_name,
    in_currency,
    note,
    refuse_given,
    show,
    world,
)
from estimator.cli.completing import gpu_names, model_names
from estimator.cli.files import output_asked
from estimator.errors import UsageError

if TYPE_CHECKING:
    from estimator.serving import HostedPlan

OF_HOSTED = ("cached_prefix", "hit_rate", "reasoning", "batch_share", "region_surcharge", "months")
"""Parameters that say how a hosted model is billed."""
OF_REPLICAS = (
    *("gpus", "precision", "kv_precision", "engine", "against", "profile", "autoscale", "minimum_replicas"),
    *("adapters", "usd_per_gpu_hour", "purchase_usd"),
)
"""Parameters of own replicas."""


@app.command(
    epilog=examples(
        "estimator serve Qwen/Qwen3-8B --gpu H100-80GB --rps 5 --input 1500 --output 200",
        "estimator serve Qwen/Qwen3-8B --rps 5 --input 1500 --output 200 --against openai/gpt-5-mini",
        "estimator serve openai/gpt-5-mini --rps 2 --input 1500 --output 200 -f csv",
    )
)
def serve(
    context: typer.Context,
    model: Annotated[
        str,
        typer.Argument(
            help="Catalog name, config.json, or hosted provider/model.", metavar="MODEL", autocompletion=model_names
        ),
    ],
    rps: Annotated[float, typer.Option(help="Requests per second, mean over the profile.")],
    input_: Annotated[float, typer.Option("--input", help="Tokens read per request.")],
    output_: Annotated[float, typer.Option("--output", help="Tokens written per request.", metavar="FLOAT")],
    gpu: Annotated[
        str | None, typer.Option(help="Own replicas on this GPU; H100-80GB for open weights.", autocompletion=gpu_names)
    ] = None,
    gpus: Annotated[int | None, typer.Option(help="GPUs per replica; the fewest that hold the model.")] = None,
    precision: Annotated[str, typer.Option(help="Weights: bf16, fp16, fp8, int8, w8a16, int4, fp4.")] = "bf16",
    kv_precision: Annotated[str | None, typer.Option(help="Cache: bf16, fp16, fp8, int8, fp4.")] = None,
    engine: Annotated[str, typer.Option(help="Engine and release, e.g. vllm@0.6, tensorrt-llm, sglang.")] = "vllm",
    against: Annotated[str | None, typer.Option(help="Hosted model to compare with, provider/model.")] = None,
    profile: Annotated[str, typer.Option(help="Load over the hours: office, office-week, consumer, flat.")] = "office",
    autoscale: Annotated[bool, typer.Option(help="Replicas follow the profile hour by hour.")] = False,
    minimum_replicas: Annotated[int, typer.Option(help="Replicas that always run.")] = 1,
    adapters: Annotated[int, typer.Option(help="LoRA adapters kept on one base.")] = 0,
    usd_per_gpu_hour: Annotated[float | None, typer.Option(help="A price of your own.")] = None,
    purchase_usd: Annotated[float | None, typer.Option(help="Price of a bought GPU with its server share.")] = None,
    cached_prefix: Annotated[float, typer.Option(help="Hosted: input tokens that are the same each time.")] = 0.0,
    hit_rate: Annotated[float | None, typer.Option(help="Hosted: share of requests that find them cached.")] = None,
    reasoning: Annotated[float, typer.Option(help="Hosted: tokens of thinking, billed as output.")] = 0.0,
    batch_share: Annotated[float, typer.Option(help="Hosted: share of requests sent as a batch.")] = 0.0,
    region_surcharge: Annotated[float, typer.Option(help="Hosted: share on top for a chosen region.")] = 0.0,
    months: Annotated[int, typer.Option(help="Hosted: horizon of the price paths.")] = 36,
    overlay: Overlay = None,
    on: On = None,
    currency: InCurrency = "USD",
    rates: Rates = None,
    form: Form = None,
    file: Annotated[
        Path | None,
        typer.Option("-o", "--file", callback=output_asked, help="Write to this file instead of stdout."),
    ] = None,
) -> None:
    """Replicas, latency and cost of serving a model, compared with an API at the use it really has."""
    from estimator.cli.files import day
    from estimator.report.serving import serving_sheet
    from estimator.serving import SERVING_GPU, Ask, HostedAsk, hosted_plan, serving_plan

    catalog = world(overlay)
    prices = day(on) or date.today()
    if gpu is None and catalog.is_hosted(model):
        why = f"only own replicas have that, and {model} is hosted; drop it, or name open weights and a --gpu"
        refuse_given(context, OF_REPLICAS, why)
        wanted = HostedAsk(
            model=model,
            requests_per_s=rps,
            input_tokens=input_,
            output_tokens=output_,
            cached_prefix=cached_prefix,
            hit_rate=hit_rate,
            reasoning_tokens=reasoning,
            batch_share=batch_share,
            region_surcharge=region_surcharge,
            months=months,
        )
        with in_currency(currency, rates, catalog, (), prices):
            _show_hosted(context, hosted_plan(ask=wanted, catalog=catalog, on=prices), form, file)
        return
    if catalog.is_hosted(model) and not catalog.has_shape(model):
        raise UsageError(f"--gpu: {model} is only hosted; drop --gpu, or name an open-weights model")
    refuse_given(context, OF_HOSTED, "only a hosted model is billed so; drop it, or name a hosted provider/model")
    ask = Ask(
        model=model,
        requests_per_s=rps,
        input_tokens=input_,
        output_tokens=output_,
        gpu=gpu or SERVING_GPU,
        gpus=gpus,
        precision=precision,
        kv_precision=kv_precision,
        engine=engine,
        profile=profile,
        autoscale=autoscale,
        minimum_replicas=minimum_replicas,
        adapters=adapters,
        against=against,
        usd_per_gpu_hour=usd_per_gpu_hour,
        purchase_usd=purchase_usd,
    )
    with in_currency(currency, rates, catalog, (), prices):
        show(serving_sheet(serving_plan(ask=ask, catalog=catalog, on=prices)), form, file)


def _show_hosted(context: typer.Context, plan: "HostedPlan", form: Format | None, file: Path | None) -> None:
    """Write the plan of a hosted model; a table holds its notes itself."""
    from estimator.report.serving import hosted_sheet

    if not plan.ask.cached_prefix:
        refuse_given(context, ["hit_rate"], "nothing is cached without --cached-prefix; drop it, or give both")
    show(hosted_sheet(plan), form, file)
    if format_name(form, file) != "table":
        for text in plan.notes:
            note(text)
