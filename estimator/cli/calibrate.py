"""`estimator calibrate`: factors from the user's own training logs."""

from pathlib import Path
from typing import Annotated

import typer

from estimator.cli.app import Form, Output, Overlay, app, examples, show, world
from estimator.cli.completing import gpu_names, model_names


@app.command(
    epilog=examples(
        "estimator calibrate out/trainer_state.json --model Qwen/Qwen3-8B --gpu H100 --seq-len 2048",
        "estimator calibrate runs.csv -o calibration.json",
        "estimator compare examples/triage.yaml --calibration calibration.json",
    )
)
def calibrate(
    logs: Annotated[
        list[Path], typer.Argument(help="trainer_state.json, JSON or CSV logs of measured runs.", metavar="LOG...")
    ],
    model: Annotated[
        str | None, typer.Option(help="Model of runs whose log does not say.", autocompletion=model_names)
    ] = None,
    gpu: Annotated[str | None, typer.Option(help="GPU, likewise.", autocompletion=gpu_names)] = None,
    gpus: Annotated[int | None, typer.Option(min=1, help="Number of GPUs of the job; 1 where not given.")] = None,
    method: Annotated[str | None, typer.Option(help="full, lora, qlora or dora; lora where not given.")] = None,
    seq_len: Annotated[float | None, typer.Option(min=1, help="Tokens of a sequence, padding included.")] = None,
    micro_batch: Annotated[float | None, typer.Option(min=1, help="Sequences per GPU and forward pass.")] = None,
    gradient_accumulation: Annotated[float | None, typer.Option(min=1, help="Micro-batches per step.")] = None,
    rank: Annotated[float | None, typer.Option(min=1, help="LoRA rank; 16 where not given.")] = None,
    stack: Annotated[str | None, typer.Option(help="eager, fused, compiled, megatron or fused_cpp.")] = None,
    checkpointing: Annotated[str | None, typer.Option(help="none, selective or full; full where not given.")] = None,
    sharding: Annotated[str | None, typer.Option(help="none, ddp, zero1, zero2, zero3 or fsdp.")] = None,
    overlay: Overlay = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """Compare your own training runs with the prediction; -o calibration.json keeps the factors for --calibration."""
    from estimator.catalog.run_logs import read_log
    from estimator.report.calibration import calibration_sheet
    from estimator.training.calibrate import calibration_of

    given = {
        "model": model,
        "gpu": gpu,
        "gpus": gpus,
        "method": method,
        "seq_len": seq_len,
        "micro_batch": micro_batch,
        "gradient_accumulation": gradient_accumulation,
        "rank": rank,
        "stack": stack,
        "checkpointing": checkpointing,
        "sharding": sharding,
    }
    runs = [run for log in logs for run in read_log(log)]
    show(calibration_sheet(calibration_of(runs, given=given, catalog=world(overlay))), form, output)
