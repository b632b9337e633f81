"""Hugging Face accelerate: training with Adam as its `estimate-memory` prints it, without a look-up on the hub."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.peers.peer import ADAMW, SIXTEEN_BITS, LeftOutError, MemoryRun, Peer, need
from estimator.units import GIB

CONFIGS = Path(__file__).resolve().parents[2] / "pricing" / "models.json"
OURS = ("source", "read_on", "licence", "published_parameters", "published_active_parameters")
"""Keys of our catalog that no configuration class knows."""


def config_of(model: str) -> Mapping[str, Any]:
    """Keys of a model's `config.json` as our catalog has them.

    Raises:
        LeftOutError: the catalog has none.
    """
    entries = json.loads(CONFIGS.read_text(encoding="utf-8"))
    need(model in entries, "no config.json in the catalog")
    return {key: value for key, value in entries[model].items() if key not in OURS and "training_tokens" not in key}


def prepare() -> Callable[[MemoryRun], float]:
    """Load accelerate and transformers."""
    from accelerate import init_empty_weights
    from accelerate.commands.estimate import estimate_training_usage
    from accelerate.utils import calculate_maximum_sizes
    from transformers import AutoConfig, AutoModel

    @cache
    def model_bytes(model: str) -> int:
        config = dict(config_of(model))
        try:
            known = AutoConfig.for_model(config.pop("model_type", "llama"), **config)
        except ValueError:
            raise LeftOutError("transformers has no class of the model") from None
        with init_empty_weights():
            empty = AutoModel.from_config(known)
        return int(calculate_maximum_sizes(empty.float())[0])

    def predict(run: MemoryRun) -> float:
        setup = run.setup
        need(setup.method == "full", "adapters are not in its terms")
        need(setup.optimizer in ADAMW, "its only optimizer is Adam")
        need(setup.sharding in ("none", "ddp"), "sharding is not in its terms")
        need(setup.offload == "none", "offloading is not in its terms")
        half = setup.weights_dtype in SIXTEEN_BITS or setup.autocast != "none"
        sizes = estimate_training_usage(model_bytes(run.model), "float16" if half else "float32")
        return float(max(sizes.values())) / GIB

    return predict


PEER = Peer(
    name="accelerate estimate-memory",
    kind="memory",
    package="accelerate",
    source="https://github.com/huggingface/accelerate/blob/main/src/accelerate/commands/estimate.py",
    predicts="largest of weights, gradients, moments and step; no batch, length or activations",
    prepare=prepare,
)
