"""LitGPT's blocks, loss and weights against sums done by hand."""

from dataclasses import replace
from typing import Any

import pytest

from estimator.catalog.types import Architecture
from estimator.memory import TrainingSetup, training_peak
from estimator.memory.adapters import adapted_matrices
from estimator.memory.litgpt import litgpt_block
from estimator.memory.loss import loss_bytes
from estimator.memory.precision import precision_of
from estimator.memory.shape import shape_of

H, Q, KV, HEADS, FFN, VOCAB = 4096, 4096, 1024, 32, 14336, 128256
LLAMA = Architecture(
    name="Llama-3.1-8B",
    model_type="llama",
    layers=32,
    hidden=H,
    heads=HEADS,
    kv_heads=8,
    head_dim=128,
    ffn=FFN,
    vocab=VOCAB,
    max_positions=131072,
)
NORMS, MLP = 2 * (4 * H + 4), 3 * 2 * FFN
ATTENTION = 2 * 4 * Q + 4 * HEADS  # heads that share keys are repeated: q, k, v and the output are all as wide as q


def of_litgpt(**changes: Any) -> TrainingSetup:
    return TrainingSetup(implementation="litgpt", adapter_dtype="bf16", **changes)


def saved(setup: TrainingSetup, architecture: Architecture = LLAMA, *, keeps_inputs: bool = False) -> float:
    shape = shape_of(architecture)
    precision = precision_of(setup, float_norm=shape.float_norm, layer_norm=not shape.rms)
    matrices = adapted_matrices(architecture, setup.targets)
    block = litgpt_block(matrices, shape, precision, setup, keeps_inputs=keeps_inputs).total
    return float(block.of(tokens=1.0, seq_len=0.0, rank=0.0))


def test_adapters_on_queries_and_values_share_one_input_and_keep_their_outputs() -> None:
    setup = of_litgpt(targets=("query", "value"), lora_dropout=0.05)
    assert saved(setup) == NORMS + ATTENTION + MLP + 3 * H + 2 * (Q + KV)  # 2 B of a dropped input and 1 B of its mask


def test_without_dropout_every_adapter_reads_what_is_there_already() -> None:
    # one input for q, k and v, one for gate and up, the attention output and the product
    inputs = 2 * (H + Q + H + FFN)
    assert saved(of_litgpt(targets="all-linear")) == NORMS + ATTENTION + MLP + inputs


def test_equal_heads_are_not_repeated() -> None:
    # as many key heads as query heads: q, k, and one tensor of all three
    equal = replace(LLAMA, kv_heads=HEADS)
    assert saved(of_litgpt(targets=("projection",)), equal) == NORMS + 2 * (Q + Q + 3 * Q + Q) + 4 * HEADS + MLP + 2 * Q


def test_layer_norms_keep_their_input_in_its_own_dtype_and_parallel_blocks_share_them() -> None:
    neox = replace(
        LLAMA,
        model_type="gpt_neox",
        kv_heads=HEADS,
        parallel_block=True,
        norm="layer",
        norms_per_layer=2,
        gated_mlp=False,
    )
    # one norm: 2 B per element and two fp32 statistics; the MLP has no gate; the head's adapter is none of the block's
    by_hand = 2 * H + 8 + 2 * (Q + Q + 3 * Q + Q) + 4 * HEADS + 2 * FFN
    assert saved(of_litgpt(targets=("embed_out",)), neox) == by_hand


def test_soft_capped_scores_are_kept_per_position() -> None:
    gemma = replace(LLAMA, model_type="gemma2")
    setup = of_litgpt(targets=("query",))
    shape = shape_of(gemma)
    precision = precision_of(setup, float_norm=shape.float_norm, layer_norm=False)
    block = litgpt_block(adapted_matrices(gemma, setup.targets), shape, precision, setup, keeps_inputs=False)
    assert block.attention.of(tokens=1.0, seq_len=10.0, rank=0.0) == 3 * 2 * Q + 10 * (4 + 2 * 2) * HEADS


def test_old_quantized_products_keep_their_inputs() -> None:
    setup = of_litgpt(method="qlora", quantization="nf4", targets=("query",))
    more = saved(setup, keeps_inputs=True) - saved(setup)
    assert more == 2 * (2 * H + Q + FFN)  # both norms' outputs, the attention output, the product


@pytest.mark.parametrize("quantization", ["none", "nf4"])
def test_the_loss_runs_in_chunks_of_128_tokens(quantization: str) -> None:
    setup = of_litgpt(method="qlora" if quantization == "nf4" else "lora", quantization=quantization)
    shape = shape_of(LLAMA)
    found = loss_bytes(shape=shape, setup=setup, precision=precision_of(setup, float_norm=False, layer_norm=False))
    chunk = 4 * 128 * VOCAB
    head = 2 * 2 * VOCAB * H  # a quantized LM head, widened to fp16 and to bf16
    assert (found.forward, found.backward) == (8.0, 8.0)
    assert found.fixed == chunk + (head if quantization == "nf4" else chunk)


def test_an_untied_head_weighs_as_much_as_the_embedding() -> None:
    tied = replace(LLAMA, tied_embeddings=True)
    peaks = [
        training_peak(architecture=tied, setup=setup, micro_batch=1.0, seq_len=128.0)
        for setup in (of_litgpt(), TrainingSetup(adapter_dtype="bf16"))
    ]
    litgpt, transformers = (peak.lines["weights"] for peak in peaks)
    assert litgpt - transformers == 2 * VOCAB * H
