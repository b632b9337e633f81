"""What a training library does where its user says nothing."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

STACKS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "litgpt": {
            "implementation": "litgpt",
            "adapter_dtype": "bf16",
            "lora_dropout": 0.05,
            "cross_entropy": "chunked",
            "attention": "sdpa",
            "optimizer": "adamw",
        },
        "torchtune": {
            "implementation": "torchtune",
            "adapter_dtype": "bf16",
            "cross_entropy": "chunked",
            "attention": "sdpa",
            "optimizer": "adamw_fused",
        },
        "torchtitan": {
            "implementation": "torchtune",
            "weights_dtype": "fp32",
            "autocast": "bf16",
            "sharding": "fsdp",
            "checkpointing": "selective",
            "attention": "sdpa",
        },
        "unsloth": {"checkpointing": "offloaded", "cross_entropy": "chunked", "optimizer": "adamw_8bit"},
        "trainer": {"attention": "sdpa", "optimizer": "adamw"},
        "transformers": {"keeps_outputs": True, "attention": "sdpa", "optimizer": "adamw"},
    }
)
"""Defaults by library; read in its documentation and sources."""
ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "litgpt": "litgpt",
        "lit-gpt": "litgpt",
        "torchtune": "torchtune",
        "torchtitan": "torchtitan",
        "unsloth": "unsloth",
        "trl": "trainer",
        "trainer": "trainer",
        "axolotl": "trainer",
        "llamafactory": "trainer",
        "llama-factory": "trainer",
        "swift": "trainer",
        "deepspeed": "trainer",
    }
)
"""What a text may call a library; one that names transformers alone is a loop of its own."""
LITGPT_NAMES = frozenset({"query", "key", "value", "projection"})
"""LitGPT's names of what an adapter is put on; other libraries call them q_proj, query_key_value, …"""
TORCHTUNE_NAMES = frozenset({"output_proj"})
_BITSANDBYTES = re.compile(r"bitsandbytes\D{0,3}(\d+)\.(\d+)")


def stack_of(framework: str, modules: Iterable[str] = ()) -> Mapping[str, Any]:
    """Defaults of the library that a text names, or whose module names are used; those of transformers otherwise.

    Args:
        framework: E.g. "torchtune 0.4" or "torch 2.4.1, transformers 4.45.2". [text]
        modules: Names of adapted modules in the library's own vocabulary.

    Returns:
        Fields of `TrainingSetup`.

    Source: default configurations of LitGPT, torchtune, torchtitan, Unsloth and the transformers Trainer.

    >>> stack_of("LitGPT 0.4")["implementation"], stack_of("", ("query", "value"))["implementation"]
    ('litgpt', 'litgpt')
    """
    return STACKS[_name_of(framework.lower(), {name.lower().split("(")[0] for name in modules})]


def _name_of(text: str, modules: set[str]) -> str:
    for name in ALIASES:
        if name in text:
            return ALIASES[name]
    if modules & LITGPT_NAMES:
        return "litgpt"
    if modules & TORCHTUNE_NAMES:
        return "torchtune"
    return "transformers" if "transformers" in text else "trainer"


def keeps_quantized_inputs(framework: str, implementation: str) -> bool:
    """Whether the quantized product keeps its input in the graph, as bitsandbytes before 0.43 does.

    Args:
        framework: Library versions. [text]
        implementation: Modelling code; LitGPT asks for bitsandbytes 0.42.

    Returns:
        True for bitsandbytes before 0.43. [1]

    Source: bitsandbytes, `MatMul4Bit` of 0.42.0 (`ctx.tensors = (A, B)`) and 0.43.3 (`ctx.tensors = (None, B)`).

    >>> keeps_quantized_inputs("bitsandbytes 0.41.1", "transformers"), keeps_quantized_inputs("", "litgpt")
    (True, True)
    """
    match = _BITSANDBYTES.search(framework)
    if match:
        return (int(match[1]), int(match[2])) < (0, 43)
    return implementation == "litgpt"
