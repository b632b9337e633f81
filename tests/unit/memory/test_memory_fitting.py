"""Largest sizes by inversion, and set-ups from what a user says."""

import numpy as np
import pytest

from estimator.catalog.types import Architecture
from estimator.errors import InputError
from estimator.memory import TrainingSetup, largest_micro_batch, largest_seq_len, training_peak
from estimator.memory.choices import choices, usual_setup
from estimator.memory.invert import largest_whole

LLAMA = Architecture(
    name="Llama-3.1-8B",
    model_type="llama",
    layers=32,
    hidden=4096,
    heads=32,
    kv_heads=8,
    head_dim=128,
    ffn=14336,
    vocab=128256,
    max_positions=131072,
)


def test_inversion_of_a_line_by_hand() -> None:
    found = largest_whole(needed=lambda n: 2.0 * n + 1.0, budget=np.array([2.9, 3.0, 100.0]), limit=64)
    assert found.tolist() == [0.0, 1.0, 49.0]


def test_inversion_ends_at_its_limit() -> None:
    assert float(largest_whole(needed=lambda n: 0.0 * n, budget=1.0, limit=7)) == 7.0


@pytest.mark.parametrize("door", ["micro_batch", "seq_len"])
def test_a_limit_below_one_is_refused(door: str) -> None:
    with pytest.raises(InputError, match="limit: 0 is below 1"):
        largest_whole(needed=lambda n: n, budget=1.0, limit=0)


def test_a_budget_that_equals_a_need_holds_exactly_that_size() -> None:
    setup = TrainingSetup()
    sizes = np.array([1.0, 2.0, 7.0, 12.0])
    exact = training_peak(architecture=LLAMA, setup=setup, micro_batch=sizes, seq_len=1024.0).pressed_bytes
    found = largest_micro_batch(architecture=LLAMA, setup=setup, seq_len=1024.0, usable_bytes=exact, margin=0.0)
    assert found.tolist() == sizes.tolist()
    below = largest_micro_batch(
        architecture=LLAMA, setup=setup, seq_len=1024.0, usable_bytes=np.asarray(exact) * (1 - 1e-9), margin=0.0
    )
    assert below.tolist() == (sizes - 1).tolist()


def test_nothing_fits_where_the_states_alone_are_too_large() -> None:
    setup = TrainingSetup(method="full", weights_dtype="fp32", optimizer="adamw")
    usable = np.array([24e9, 80e9])
    assert (
        largest_micro_batch(architecture=LLAMA, setup=setup, seq_len=8.0, usable_bytes=usable, margin=0.05).max() == 0
    )
    assert (
        largest_seq_len(architecture=LLAMA, setup=setup, micro_batch=1.0, usable_bytes=usable, margin=0.05).max() == 0
    )


def test_usual_set_ups_by_method() -> None:
    assert usual_setup(method="full") == TrainingSetup(method="full")
    assert usual_setup(method="lora") == usual_setup() == TrainingSetup(method="lora", adapter_dtype="fp32")
    assert usual_setup(method="dora") == TrainingSetup(method="dora")
    prepared = TrainingSetup(method="qlora", quantization="nf4_dq", autocast="bf16", kbit_preparation="peft")
    assert usual_setup(method="qlora") == prepared


def test_text_and_values_give_the_same_set_up() -> None:
    text = usual_setup(method="lora", rank="32", targets="q_proj, v_proj", lora_dropout="0.1", attention_mask="yes")
    value = usual_setup(method="lora", rank=32, targets=("q_proj", "v_proj"), lora_dropout=0.1, attention_mask=True)
    assert text == value
    assert text.targets == ("q_proj", "v_proj")


@pytest.mark.parametrize(
    ("given", "sharding"),
    [
        ({}, "none"),
        ({"gpus": 8}, "fsdp"),
        ({"gpus": 8, "sharding": "ddp"}, "ddp"),
        ({"offload": "params"}, "zero3"),
        ({"offload": "optimizer", "sharding": "zero2"}, "zero2"),
        ({"offload": "optimizer"}, "none"),
    ],
)
def test_sharding_where_it_is_not_stated(given: dict[str, object], sharding: str) -> None:
    assert usual_setup(**given).sharding == sharding


BAD: list[tuple[dict[str, object], str]] = [
    ({"method": "loraa"}, "method: 'loraa' is not one of full, lora, qlora, dora; did you mean 'lora'"),
    ({"metod": "lora"}, "unknown choice 'metod'; did you mean 'method'"),
    ({"rank": 0}, "rank: '0' is not a whole number from 1 to 65536"),
    ({"rank": float("nan")}, "rank: 'nan' is not a whole number"),
    ({"rank": "many"}, "rank: 'many' is not a whole number"),
    ({"rank": True}, "rank: 'True' is not a whole number"),
    ({"rank": 10**400}, "rank: '1000"),
    ({"gpus": 2.5}, "gpus: '2.5' is not a whole number"),
    ({"lora_dropout": 1.0}, "lora_dropout: '1.0' is not a number from 0 to 0.999"),
    ({"attention_mask": "perhaps"}, "attention_mask: 'perhaps' is neither true nor false"),
    ({"targets": 7}, "targets: '7' is not module names"),
    ({"framework": "x" * 500}, "framework: 'xxx"),
    ({"method": "full", "rank": 8}, "rank: full fine-tuning has no adapters"),
    ({"method": "full", "quantization": "nf4"}, "quantization: nf4 weights cannot be trained"),
    ({"method": "qlora", "quantization": "none"}, "quantization: none contradicts method qlora"),
    ({"method": "lora", "kbit_preparation": "peft"}, "kbit_preparation: peft needs a quantized base"),
    ({"optimizer_in_backward": True, "gradient_accumulation": 4}, "optimizer_in_backward: gradients cannot accumulate"),
    ({"sharding": "fsdp"}, "sharding: fsdp shares nothing on 1 GPU"),
    ({"gpus": 4, "sharding": "none"}, "sharding: none says nothing about 4 GPUs"),
    ({"offload": "params", "sharding": "none"}, "offload: params needs sharding zero3 or fsdp"),
    ({"offload": "all", "gpus": 4, "sharding": "zero2"}, "offload: all needs sharding zero3 or fsdp, not zero2"),
]


@pytest.mark.parametrize(("given", "message"), BAD, ids=lambda item: str(item)[:40] if isinstance(item, str) else "")
def test_each_wrong_choice_has_its_message(given: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as caught:
        usual_setup(**given)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 700


def test_every_choice_says_what_it_may_be() -> None:
    said = choices()
    assert said["gpus"] == "1 to 100000"
    assert said["lora_dropout"] == "0 to below 1"
    assert said["optimizer"].startswith("adamw, ")
    assert said["targets"] == "module names, separated by commas"
    assert said["attention_mask"] == "true or false"
