"""One training configuration in a process of its own; the parent reads the line behind the mark."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import torch

from benchmarks.gpu.build import Job, trained_model
from benchmarks.gpu.campaign import MARK
from benchmarks.gpu.meter import machine, memory, seconds, spread

WARM_UP, TIMED = 3, 10


def measured(job: Mapping[str, Any]) -> dict[str, Any]:
    """Peak memory and step time after the warm-up, when the optimizer has its states."""
    setup, device = job["setup"], job["device"]
    torch.manual_seed(0)
    work = Job(trained_model(job["architecture"], setup, device), setup, device)
    for _ in range(WARM_UP):
        work.step()
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    step = spread([seconds(work.step, device) for _ in range(TIMED)])
    tokens = setup["micro_batch"] * setup["seq_len"]
    weights = list(work.model.parameters())
    return {
        **memory(device),
        "step_time_s": step["median"],
        "step_time_s_quartiles": step["quartiles"],
        "steps": step["n"],
        "tokens_per_s_per_gpu": tokens / step["median"],
        "stored_weights": sum(weight.numel() for weight in weights),
        "trained_weights": sum(weight.numel() for weight in weights if weight.requires_grad),
        **machine(device),
    }


if __name__ == "__main__":
    print(MARK + json.dumps(measured(json.loads(sys.argv[1]))))
