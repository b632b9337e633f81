"""A randomly initialised model with its optimizer and loss, as a configuration of the grid asks for it."""

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import Any

import torch
from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
from torch import Tensor, nn
from transformers import AutoConfig, AutoModelForCausalLM

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}
LEARNING_RATE = 1e-5


def base_model(architecture: Mapping[str, Any], setup: Mapping[str, Any], device: str) -> nn.Module:
    """The model with random weights on the device, in the dtype and with the attention asked for."""
    config = AutoConfig.for_model(**architecture)
    config.use_cache = False
    attention = "eager" if setup.get("attention") == "eager" else "sdpa"
    quantised = setup.get("quantization", "none") != "none"
    with torch.device("cpu" if quantised else device):
        model = AutoModelForCausalLM.from_config(
            config, dtype=DTYPES[setup.get("weights_dtype", "bf16")], attn_implementation=attention
        )
    return quantise(model).to(device) if quantised else model


def quantise(model: nn.Module) -> nn.Module:
    """Linear layers of the blocks as bitsandbytes NF4 with double quantisation, as QLoRA loads them."""
    import bitsandbytes

    for name, module in list(model.named_modules()):
        if not isinstance(module, nn.Linear) or name.endswith(("lm_head", "embed_out")):
            continue
        narrow = bitsandbytes.nn.Linear4bit(
            module.in_features,
            module.out_features,
            bias=module.bias is not None,
            compute_dtype=torch.bfloat16,
            quant_type="nf4",
        )
        narrow.weight = bitsandbytes.nn.Params4bit(module.weight.data, requires_grad=False, quant_type="nf4")
        narrow.bias = module.bias
        parent, _, child = name.rpartition(".")
        setattr(model.get_submodule(parent), child, narrow)
    model.is_loaded_in_4bit = True
    return model


def trained_model(architecture: Mapping[str, Any], setup: Mapping[str, Any], device: str) -> nn.Module:
    """The model ready for steps: adapters put on, blocks checkpointed."""
    model = base_model(architecture, setup, device)
    method, recompute = setup["method"], setup.get("checkpointing") == "full"
    if setup.get("kbit_preparation") == "peft":
        model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=False)
    if recompute:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    if method != "full":
        if recompute:
            model.enable_input_require_grads()
        targets = setup.get("lora_targets", "all-linear")
        lora = LoraConfig(
            r=int(setup["lora_rank"]),
            lora_alpha=2 * int(setup["lora_rank"]),
            lora_dropout=0.0,
            target_modules=targets if isinstance(targets, str) else list(targets),
            use_dora=method == "dora",
            task_type="CAUSAL_LM",
        )
        model = get_peft_model(model, lora, autocast_adapter_dtype=setup.get("adapter_dtype", "fp32") == "fp32")
    model.train()
    return model


def optimizer(name: str, weights: Iterator[nn.Parameter]) -> torch.optim.Optimizer:
    """The optimizer by the name that the estimator uses."""
    trained = [weight for weight in weights if weight.requires_grad]
    if name == "adamw_8bit":
        import bitsandbytes

        return bitsandbytes.optim.AdamW8bit(trained, lr=LEARNING_RATE)
    if name == "sgd":
        return torch.optim.SGD(trained, lr=LEARNING_RATE)
    kind = {"fused": True} if name == "adamw_fused" else {"foreach": True}
    return torch.optim.AdamW(trained, lr=LEARNING_RATE, **kind)


def backward(model: nn.Module, setup: Mapping[str, Any], tokens: Tensor) -> None:
    """Forward and backward of one micro-batch; the outputs, and so the logits, live until the backward pass ends."""
    if setup.get("cross_entropy") == "fused_linear":
        _fused_loss(model, tokens).backward()
        return
    narrow = setup.get("autocast", "none") != "none"
    with torch.autocast(tokens.device.type, torch.bfloat16) if narrow else nullcontext():
        outputs = model(input_ids=tokens, labels=tokens)
    outputs.loss.backward()


def _fused_loss(model: nn.Module, tokens: Tensor) -> Tensor:
    from liger_kernel.transformers import LigerFusedLinearCrossEntropyLoss

    core = model.get_base_model() if hasattr(model, "get_base_model") else model
    hidden = core.base_model(input_ids=tokens).last_hidden_state[:, :-1]
    head = core.get_output_embeddings().weight
    loss: Tensor = LigerFusedLinearCrossEntropyLoss()(head, hidden.flatten(0, 1), tokens[:, 1:].flatten())
    return loss


class Job:
    """A model and its optimizer; `step` is one optimizer step on one micro-batch of random tokens."""

    def __init__(self, model: nn.Module, setup: Mapping[str, Any], device: str) -> None:
        self.model = model
        self.optimizer = optimizer(setup["optimizer"], self.model.parameters())
        self.setup = setup
        size = (int(setup["micro_batch"]), int(setup["seq_len"]))
        self.tokens = torch.randint(model.config.vocab_size, size, device=device)

    def step(self) -> None:
        """Forward, backward, update, gradients dropped."""
        backward(self.model, self.setup, self.tokens)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
