"""What one process can say about its device, its memory and its speed."""

import resource
import statistics
import subprocess
import time
from collections.abc import Callable
from typing import Any

import torch

GIB = 2**30
KIB = 2**10


def seconds(action: Callable[[], object], device: str) -> float:
    """Wall time of an action with all its work on the device done."""
    wait = torch.cuda.synchronize if device == "cuda" else (lambda: None)
    wait()
    start = time.perf_counter()
    action()
    wait()
    return time.perf_counter() - start


def spread(times: list[float]) -> dict[str, Any]:
    """Median and quartiles."""
    low, _, high = statistics.quantiles(times, n=4) if len(times) > 1 else (times[0],) * 3
    return {"median": statistics.median(times), "quartiles": [low, high], "n": len(times)}


def memory(device: str) -> dict[str, Any]:
    """Peak bytes as the counters see them: allocated, reserved, in use on the device; resident without a GPU."""
    if device == "cpu":
        return {"peak_rss_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB / GIB}
    free, total = torch.cuda.mem_get_info()
    return {
        "peak_gib": torch.cuda.max_memory_allocated() / GIB,
        "counter": "allocated",
        "reserved_gib": torch.cuda.max_memory_reserved() / GIB,
        "device_gib": (total - free) / GIB,
        "device_total_gib": total / GIB,
    }


def machine(device: str) -> dict[str, Any]:
    """Name and driver of the device, and the version of CUDA."""
    if device == "cpu":
        return {"device_name": "cpu", "threads": torch.get_num_threads()}
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        driver = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        driver = "unknown"
    return {"device_name": torch.cuda.get_device_name(), "driver": driver, "cuda": torch.version.cuda}
