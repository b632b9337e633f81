"""A campaign: predict every case, write that down, then run each in its own process until the time is up."""

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.gpu.grid import label
from benchmarks.gpu.shapes import SHAPES, described
from benchmarks.gpu.store import CaseFile

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).parent / "results"
OUT_OF_MEMORY = re.compile(r"out of memory|OutOfMemoryError|CUBLAS_STATUS_ALLOC_FAILED", re.IGNORECASE)
KILLED = (-9, 137)
"""Exit codes of a process that the kernel killed, mostly for memory."""
LONGEST_RUN_S = 300.0
MARK = "RESULT "
Finished = tuple[int, str, str]
Runner = Callable[[str, Mapping[str, Any], float], Finished]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the command line asks for."""

    what: str
    device: str
    gpu: str
    minutes: float
    file: Path
    worker: str


def plan_of(what: str, worker: str, arguments: list[str] | None = None) -> Plan:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.gpu.{what}")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda", help="cpu: a tiny model, no validation")
    parser.add_argument("--gpu", default="", help="catalog name of the device where its own name is unknown")
    parser.add_argument("--minutes", type=float, default=10.0, help="no run starts after this time")
    parser.add_argument("-o", "--output", type=Path, help="file of cases; one that exists is continued")
    given = parser.parse_args(arguments)
    gpu = given.gpu or ("cpu" if given.device == "cpu" else device_name())
    day = datetime.now(UTC).date().isoformat()
    file = given.output or RESULTS / f"{what}-{gpu}-{day}.json"
    return Plan(what, given.device, gpu, given.minutes, file, worker)


def device_name() -> str:
    """The catalog's name of the GPU in this machine."""
    from estimator.catalog import load_catalog
    from estimator.errors import EstimatorError

    try:
        import torch

        seen = torch.cuda.get_device_name()
        form = re.sub(r"^NVIDIA |HBM\w*|GeForce ", "", seen).strip()
        return load_catalog().accelerator(form).name
    except (ImportError, RuntimeError, AssertionError):
        sys.exit("no CUDA device is usable here; use --device cpu for a dry run on a tiny model")
    except EstimatorError as error:
        sys.exit(f"{error}\ngive the catalog's name of this device with --gpu")


def versions() -> str:
    """Versions of the libraries as one text; it is the `framework` of every case."""
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for name in ("torch", "transformers", "peft", "bitsandbytes", "liger-kernel"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def cases_of(plan: Plan, runs: Iterable[tuple[str, Mapping[str, Any]]], framework: str) -> list[dict[str, Any]]:
    """Cases without prediction or measurement."""
    day = datetime.now(UTC).date().isoformat()
    found = []
    for shape, setup in runs:
        stack = framework if setup.get("cross_entropy") == "fused_linear" else re.sub(r", liger\S* \S+", "", framework)
        found.append(
            {
                "id": f"{plan.what} {plan.gpu} {label(shape, setup)}",
                "source": "own measurement",
                "as_of": day,
                "model": shape,
                "architecture": described(shape),
                "setup": {**setup, "gpu": plan.gpu, "framework": stack},
                "completeness": 3,
                "weight": 1.0,
            }
        )
    return found


def in_own_process(worker: str, case: Mapping[str, Any], seconds: float) -> Finished:
    """Exit code, stdout and stderr of the worker on a case; a run that takes too long counts as exit code 124."""
    job = {"architecture": SHAPES[case["model"]], "setup": case["setup"], "device": case["device"]}
    command = [sys.executable, "-m", worker, json.dumps(job)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return 124, "", f"took longer than {seconds:.0f} s"
    return done.returncode, done.stdout, done.stderr


def outcome(finished: Finished) -> dict[str, Any]:
    """What a process measured, or that it ran out of memory, or its last line of error.

    >>> outcome((1, "", "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB"))["oom"]
    True
    """
    code, output, errors = finished
    lines = [line for line in output.splitlines() if line.startswith(MARK)]
    if code == 0 and lines:
        return {**json.loads(lines[-1].removeprefix(MARK)), "oom": False}
    if OUT_OF_MEMORY.search(errors) or code in KILLED:
        said = next((line for line in errors.splitlines() if OUT_OF_MEMORY.search(line)), "killed")
        return {"oom": True, "message": said[:300]}
    return {"error": (errors.strip().splitlines() or [f"exit code {code}"])[-1][:300]}


def campaign(
    plan: Plan,
    cases: list[dict[str, Any]],
    predict: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    runner: Runner = in_own_process,
    clock: Callable[[], float] = time.monotonic,
) -> CaseFile:
    """Predict all cases, write them, then measure what is open until the time is up."""
    file, start = CaseFile(plan.file), clock()
    for case in cases:
        if case["id"] not in file.cases:
            file.predict({**case, "device": plan.device}, predict(case))
    file.write()
    for case in file.open_cases():
        left = 60.0 * plan.minutes - (clock() - start)
        if left <= 0:
            break
        found = outcome(runner(plan.worker, case, min(left, LONGEST_RUN_S)))
        file.measure(case["id"], found)
        print(f"{case['id']}: {told(case['prediction'], found)}", flush=True)
    print(f"{len(file.open_cases())} of {len(file.cases)} cases open; {plan.file}")
    return file


SHOWN = (
    ("peak_gib", "allocated_gib", "GiB"),
    ("tokens_per_s_per_gpu", "tokens_per_s_per_gpu", "tokens/s"),
    ("output_tokens_per_s_total", "output_tokens_per_s_total", "tokens/s"),
    ("peak_rss_gib", "", "GiB resident"),
)


def told(prediction: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """One line: measured figures with the predicted ones behind."""
    if "error" in found:
        return f"error: {found['error']}"
    if found.get("oom"):
        return "out of memory"
    parts = []
    for key, predicted, unit in SHOWN:
        if key in found:
            behind = f" (predicted {prediction[predicted]:,.2f})" if predicted in prediction else ""
            parts.append(f"{found[key]:,.2f} {unit}{behind}")
    return ", ".join(parts)
