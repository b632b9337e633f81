"""`estimator memory`: what a fine-tuning run needs, where it fits, and what would make it fit."""

from typing import Annotated, Any

import typer

from estimator.cli.app import Form, Output, Overlay, app, examples, format_name, note, show, world
from estimator.cli.completing import gpu_names, method_names, model_names
from estimator.errors import UsageError, did_you_mean


@app.command(
    epilog=examples(
        "estimator memory meta-llama/Llama-3.1-8B --method lora --gpu H100-80GB",
        "estimator memory Qwen/Qwen3-8B --method qlora --seq-len 4096 --micro-batch 2",
        "estimator memory Qwen/Qwen2.5-32B --method full --gpu H100-80GB --gpus 8 --sharding zero3 -f json",
    )
)
def memory(
    model: Annotated[
        str, typer.Argument(help="Catalog name, or path of a config.json.", metavar="MODEL", autocompletion=model_names)
    ],
    method: Annotated[str, typer.Option(help="full, lora, qlora or dora.", autocompletion=method_names)] = "lora",
    gpu: Annotated[
        str | None, typer.Option(help="Device; every GPU of the catalog where not given.", autocompletion=gpu_names)
    ] = None,
    all_gpus: Annotated[bool, typer.Option("--all-gpus", help="Every GPU besides the named one.")] = False,
    micro_batch: Annotated[int, typer.Option(help="Sequences per GPU and forward pass.")] = 1,
    seq_len: Annotated[
        int | None, typer.Option(help="Tokens of the longest sequence; 2048, or what the model can read.")
    ] = None,
    accumulation: Annotated[int | None, typer.Option(help="Micro-batches per optimizer step.")] = None,
    gpus: Annotated[int | None, typer.Option(help="GPUs that share the job.")] = None,
    sharding: Annotated[str | None, typer.Option(help="ddp, zero1, zero2, zero3, fsdp or layer_split.")] = None,
    offload: Annotated[str | None, typer.Option(help="params, optimizer, activations or all, to the host.")] = None,
    rank: Annotated[int | None, typer.Option(help="LoRA rank.")] = None,
    targets: Annotated[str | None, typer.Option(help="all-linear, attention, or module names with commas.")] = None,
    adapter_dtype: Annotated[str | None, typer.Option(help="bf16, fp16 or fp32.")] = None,
    weights_dtype: Annotated[str | None, typer.Option(help="bf16, fp16 or fp32.")] = None,
    autocast: Annotated[str | None, typer.Option(help="none, bf16 or fp16.")] = None,
    quantization: Annotated[str | None, typer.Option(help="nf4, nf4_dq, fp4, gptq_int4 or gptq_int8.")] = None,
    kbit_preparation: Annotated[str | None, typer.Option(help="none, peft or trl.")] = None,
    optimizer: Annotated[
        str | None,
        typer.Option(help="adamw, adamw_fused, adamw_8bit, paged_adamw, paged_adamw_8bit, sgd or adafactor."),
    ] = None,
    checkpointing: Annotated[str | None, typer.Option(help="none, selective, full or offloaded.")] = None,
    attention: Annotated[str | None, typer.Option(help="flash, sdpa or eager.")] = None,
    cross_entropy: Annotated[str | None, typer.Option(help="eager, fused_kernel, chunked or fused_linear.")] = None,
    margin: Annotated[
        float | None, typer.Option(help="Share of the usable memory kept free; 0.05 if not given.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Any other choice, e.g. lora_dropout=0.05.", metavar="KEY=VALUE")
    ] = None,
    overlay: Overlay = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """Memory of a fine-tuning run: itemised peak, fit on each GPU, and what would make it fit."""
    from estimator.fitting import memory_of
    from estimator.report.memory import memory_sheet

    named = {
        "seq_len": seq_len,
        "margin": margin,
        "method": method,
        "gradient_accumulation": accumulation,
        "gpus": gpus,
        "sharding": sharding,
        "offload": offload,
        "rank": rank,
        "targets": targets,
        "adapter_dtype": adapter_dtype,
        "weights_dtype": weights_dtype,
        "autocast": autocast,
        "quantization": quantization,
        "kbit_preparation": kbit_preparation,
        "optimizer": optimizer,
        "checkpointing": checkpointing,
        "attention": attention,
        "cross_entropy": cross_entropy,
    }
    answer = memory_of(
        model,
        gpu=gpu,
        all_gpus=all_gpus,
        micro_batch=micro_batch,
        catalog=world(overlay),
        **_together({name: value for name, value in named.items() if value is not None}, settings or []),
    )
    show(memory_sheet(answer), form, output)
    if format_name(form, output) != "table":
        for text in answer.warnings:
            note(text)


def _together(named: dict[str, Any], settings: list[str]) -> dict[str, Any]:
    """Named options and KEY=VALUE texts as one mapping; nothing may be said twice."""
    from estimator.memory.choices import choices

    found, known = dict(named), choices()
    for text in settings:
        key, sign, value = text.partition("=")
        name = key.strip().replace("-", "_")
        if not sign or not name or not value.strip():
            raise UsageError(f"--set: {text[:60]!r} is not KEY=VALUE; give e.g. lora_dropout=0.05")
        if name not in known:
            near = did_you_mean(name[:60], known) or f"; give one of {', '.join(known)}"
            raise UsageError(f"--set: unknown choice {name[:60]!r}{near}")
        if name in found:
            raise UsageError(f"--set: {name[:60]} is given twice; give it once")
        found[name] = value.strip()
    return found
