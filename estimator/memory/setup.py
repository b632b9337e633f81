"""How a fine-tuning run is configured: the discrete choices that decide memory and time."""

from typing import Literal

from estimator.record import record
from estimator.units import Value

Method = Literal["full", "lora", "qlora", "dora"]
Dtype = Literal["bf16", "fp16", "fp32"]


@record(kw_only=True)
class TrainingSetup:
    """One training configuration; names follow the Hugging Face and PyTorch vocabularies."""

    method: Method = "lora"
    quantization: Literal["none", "nf4", "nf4_dq", "fp4", "gptq_int4", "gptq_int8"] = "none"
    weights_dtype: Dtype = "bf16"
    autocast: Literal["none", "bf16", "fp16"] = "none"
    rank: Value = 16.0
    """LoRA inner dimension r. [count]"""
    targets: str | tuple[str, ...] = "all-linear"
    modules_to_save: tuple[str, ...] = ()
    adapter_dtype: Dtype = "fp32"
    lora_dropout: float = 0.0
    """Share of an adapter's input that is dropped; any value above 0 keeps a mask. [1]"""
    kbit_preparation: Literal["none", "peft", "trl"] = "none"
    optimizer: Literal["adamw", "adamw_fused", "adamw_8bit", "paged_adamw", "paged_adamw_8bit", "sgd", "adafactor"] = (
        "adamw_fused"
    )
    optimizer_in_backward: bool = False
    checkpointing: Literal["none", "selective", "full", "offloaded"] = "full"
    attention: Literal["flash", "sdpa", "eager"] = "flash"
    attention_mask: bool = False
    """A padding mask reaches the attention kernel, so that SDPA cannot use its flash path."""
    cross_entropy: Literal["eager", "fused_kernel", "chunked", "fused_linear"] = "eager"
    keeps_outputs: bool = False
    """The loop holds the outputs of the model, and so its logits, through the backward pass; the Trainer does not."""
    compile: bool = False
    """Blocks are compiled, so that element-wise chains save and materialise less."""
    gradient_accumulation: Value = 1.0
    gpus: int = 1
    """Devices that share the job. [count]"""
    sharding: Literal["none", "ddp", "zero1", "zero2", "zero3", "fsdp", "layer_split"] = "none"
    """layer_split: whole blocks spread over the devices, which take turns."""
    tensor_parallel: int = 1
    """Devices that split each matrix, the stream between blocks by sequence. [count]"""
    pipeline_parallel: int = 1
    """Stages of whole blocks; the first holds as many micro-batches in flight. [count]"""
    context_parallel: int = 1
    """Devices that split each sequence. [count]"""
    expert_parallel: int = 1
    """Devices that split the routed experts. [count]"""
    packing: bool = True
    """Every micro-batch has the same length; unpacked ones leave the allocator blocks of every size."""
    offload: Literal["none", "params", "optimizer", "activations", "all"] = "none"
    implementation: Literal["transformers", "litgpt", "torchtune"] = "transformers"
    """Modelling code: litgpt fuses q, k and v, never ties the LM head, and hands the loss fp32 logits."""
    framework: str = ""
    """Library versions as free text, e.g. "transformers 4.45"; empty means current."""
