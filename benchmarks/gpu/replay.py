"""Replay real training steps without a GPU, counting live bytes: python -m benchmarks.gpu.replay.

The modules of transformers and PEFT run under PyTorch's fake tensors, which carry shapes and dtypes but no data. Every
storage is counted from the operation that makes it to its release, so the peak is that of real code at full size. It
is a check of the activation formulas by software that knows nothing of them, not a measurement on a device.
"""

import argparse
import gc
import json
import weakref
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_iter
from transformers import masking_utils

from benchmarks.gpu.build import Job, trained_model
from benchmarks.gpu.campaign import MARK, RESULTS, Finished, Plan, campaign, cases_of, versions
from benchmarks.gpu.grid import training_runs
from benchmarks.gpu.predict import training_prediction
from benchmarks.gpu.shapes import SHAPES

GIB = 2**30
DEVICE = "cpu"


class LiveBytes(TorchDispatchMode):
    """Bytes of all storages alive, and their peak."""

    def __init__(self) -> None:
        super().__init__()
        self.live = self.peak = 0
        self.peak_operation = ""
        self._known: weakref.WeakSet[Any] = weakref.WeakSet()

    def add(self, tensor: torch.Tensor, operation: str) -> None:
        """Count the storage of a tensor unless it is known."""
        storage = tensor.untyped_storage()
        if storage in self._known:
            return
        self._known.add(storage)
        size = storage.nbytes()
        self.live += size
        weakref.finalize(storage, self._release, size)
        if self.live > self.peak:
            self.peak, self.peak_operation = self.live, operation

    def _release(self, size: int) -> None:
        self.live -= size

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run the operation and count what it makes."""
        made = func(*args, **(kwargs or {}))
        for item in tree_iter(made):
            if isinstance(item, torch.Tensor):
                self.add(item, str(func))
        return made


def without_data(model: nn.Module) -> nn.Module:
    """The model of the meta device with fake weights and buffers; shared weights stay shared."""
    made: dict[int, torch.Tensor] = {}

    def fake(tensor: torch.Tensor) -> torch.Tensor:
        if id(tensor) not in made:
            empty = torch.empty(tensor.shape, dtype=tensor.dtype, device=DEVICE)
            weight = isinstance(tensor, nn.Parameter)
            made[id(tensor)] = nn.Parameter(empty, requires_grad=tensor.requires_grad) if weight else empty
        return made[id(tensor)]

    for module in model.modules():
        for tensors in (module._parameters, module._buffers):
            tensors.update({name: fake(tensor) for name, tensor in tensors.items() if tensor is not None})
    return model


def flash_attention(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, **more: Any) -> torch.Tensor:
    """What PyTorch picks on a GPU for 16-bit tensors without a mask; on a CPU it would widen keys and values."""
    if more.get("attn_mask") is not None:
        raise ValueError("flash attention takes no mask; the batches of the replay have none")
    causal = bool(more.get("is_causal"))
    out: torch.Tensor = torch.ops.aten._scaled_dot_product_flash_attention(query, key, value, 0.0, causal)[0]
    return out


def as_on_a_gpu() -> ExitStack:
    """Two choices that real data on a real device decide: flash attention, and no mask for unpacked batches."""
    patches = ExitStack()
    patches.enter_context(patch.object(nn.functional, "scaled_dot_product_attention", flash_attention))
    patches.enter_context(patch.object(masking_utils, "find_packed_sequence_indices", lambda *_: None))
    return patches


def replayed(architecture: Mapping[str, Any], setup: Mapping[str, Any]) -> dict[str, Any]:
    """Peak bytes of the second step, whose optimizer states exist."""
    model = trained_model(architecture, setup, "meta")
    with as_on_a_gpu(), FakeTensorMode(allow_non_fake_inputs=True), LiveBytes() as count:
        job = Job(without_data(model), setup, DEVICE)
        job.step()
        gc.collect()
        count.peak = count.live
        resident = count.live
        job.step()
    return {
        "peak_gib": count.peak / GIB,
        "counter": "simulated",
        "peak_bytes": count.peak,
        "resident_bytes": resident,
        "peak_operation": count.peak_operation,
    }


def cannot(setup: Mapping[str, Any]) -> bool:
    """Kernels that need a real device: bitsandbytes and Liger."""
    return setup["quantization"] != "none" or "8bit" in setup["optimizer"] or setup["cross_entropy"] != "eager"


def main(arguments: list[str] | None = None) -> None:
    """Replay the training grid shape by shape; cases that are in the file already are left as they are."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu.replay", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="no replay starts after this time")
    parser.add_argument("-o", "--output", type=Path, default=RESULTS / "replay.json")
    given = parser.parse_args(arguments)
    plan = Plan("replay", "cuda", "none", given.minutes, given.output, "")
    runs = [(shape, setup) for shape, setup in training_runs("cuda") if not cannot(setup)]
    cases = [{**case, "source": "own replay"} for case in cases_of(plan, runs, versions())]
    campaign(plan, cases, training_prediction, runner=in_this_process)


def in_this_process(_: str, case: Mapping[str, Any], __: float) -> Finished:
    """The replay in the form of a worker's result."""
    try:
        return 0, MARK + json.dumps(replayed(SHAPES[case["model"]], case["setup"])), ""
    except (RuntimeError, TypeError, ValueError) as error:
        return 1, "", f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    main()
