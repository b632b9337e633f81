"""Measured training runs from a Hugging Face `trainer_state.json`, a JSON log or a CSV table."""

import csv
import io
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from estimator.catalog.calibration import parsed_json, read_text
from estimator.errors import InputError
from estimator.record import record

GIB = 2.0**30
WANTED = "a trainer_state.json, or a CSV or JSON log with tokens_per_s or peak_memory_gib"
TEXTS = ("model", "method", "gpu", "stack", "precision", "checkpointing", "sharding", "quantization")
NUMBERS = (
    "gpus", "seq_len", "micro_batch", "gradient_accumulation", "rank",
    "tokens_per_s", "step_seconds", "samples_per_s", "steps_per_s", "peak_memory_gib",
)  # fmt: skip
"""Columns of a CSV or JSON log beside `TEXTS`; each may be missing and given on the command line instead."""
MEMORY_KEYS = (
    "before_init_mem_gpu",
    "init_mem_gpu_alloc_delta",
    "train_mem_gpu_alloc_delta",
    "train_mem_gpu_peaked_delta",
)


@record
class LoggedRun:
    """What one log says about one run; texts and numbers by column."""

    source: str
    texts: Mapping[str, str]
    numbers: Mapping[str, float]


def read_log(path: Path) -> tuple[LoggedRun, ...]:
    """Runs of a log.

    Args:
        path: The file. [text]

    Returns:
        One run of a `trainer_state.json`, one per record of a JSON or CSV log. [1]

    Raises:
        UsageError: the file cannot be read.
        InputError: it is no log, or a figure is no positive number; the message names it.

    Source: `transformers.TrainerState` and `Trainer.log_metrics`.
    """
    text = read_text(path, WANTED)
    if path.suffix.lower() == ".csv":
        found = [_run(row, f"{path} line {line}") for line, row in _table(text, str(path))]
    else:
        found = list(_from_json(parsed_json(text, str(path)), str(path)))
    if not found:
        raise InputError(f"{path}: holds no run; give {WANTED}")
    return tuple(found)


def _table(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line and cells by column of each run."""
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        for row in reader:
            if None in row:
                raise InputError(
                    f"{name} line {reader.line_num}: more fields than the {len(row) - 1} columns; "
                    "quote text that contains a comma, and write numbers without a comma"
                )
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError(f"{name}: not a CSV table ({error}); give a header and one run per line") from None


def _from_json(data: Any, name: str) -> Iterator[LoggedRun]:
    if isinstance(data, Mapping) and "log_history" in data:
        yield _trainer_state(data, name)
        return
    records = data.get("runs", [data]) if isinstance(data, Mapping) else data
    if not isinstance(records, list):
        raise InputError(f"{name}: neither a run nor a list of runs; give {WANTED}")
    for number, entry in enumerate(records, 1):
        if not isinstance(entry, Mapping):
            raise InputError(f"{name} run {number}: {entry!r:.40} is no mapping; give {WANTED}")
        yield _run(entry, f"{name} run {number}")


def _run(entry: Mapping[Any, Any], source: str) -> LoggedRun:
    texts = {key: str(entry[key]).strip() for key in TEXTS if entry.get(key) not in (None, "")}
    numbers = {key: positive(entry[key], key, source) for key in NUMBERS if entry.get(key) not in (None, "")}
    return LoggedRun(source, texts, numbers)


def _trainer_state(state: Mapping[str, Any], source: str) -> LoggedRun:
    """The summary that the Trainer logs at the end of training."""
    history = state["log_history"]
    if not isinstance(history, list) or not all(isinstance(entry, Mapping) for entry in history):
        raise InputError(f"{source}: log_history is no list of mappings; give the file as the Trainer wrote it")
    summary = next((entry for entry in reversed(history) if "train_runtime" in entry), None)
    if summary is None:
        raise InputError(f"{source}: log_history has no train_runtime; give the trainer_state.json of a finished run")
    runtime = positive(summary["train_runtime"], "train_runtime", source)
    numbers: dict[str, float] = {}
    for key, name in (("train_samples_per_second", "samples_per_s"), ("train_steps_per_second", "steps_per_s")):
        if summary.get(key):
            numbers[name] = positive(summary[key], key, source)
    if state.get("train_batch_size"):
        numbers["micro_batch"] = positive(state["train_batch_size"], "train_batch_size", source)
    if summary.get("train_tokens_per_second"):
        numbers["tokens_per_s"] = positive(summary["train_tokens_per_second"], "train_tokens_per_second", source)
    elif tokens := _tokens(state, history, source):
        numbers["tokens_per_s"] = tokens / runtime
    memory = [summary[key] for key in MEMORY_KEYS if isinstance(summary.get(key), int | float)]
    if any(key in summary for key in MEMORY_KEYS[2:]) and sum(memory) > 0:
        numbers["peak_memory_gib"] = sum(memory) / GIB
    return LoggedRun(source, {}, numbers)


def _tokens(state: Mapping[str, Any], history: list[Mapping[str, Any]], source: str) -> float:
    """Tokens of the whole run as Trainer or SFTTrainer count them; 0 where neither does."""
    if state.get("num_input_tokens_seen"):
        return positive(state["num_input_tokens_seen"], "num_input_tokens_seen", source)
    counted = [entry for entry in history if entry.get("num_tokens") and entry.get("step")]
    if not counted:
        return 0.0
    tokens = positive(counted[-1]["num_tokens"], "num_tokens", source)
    step = positive(counted[-1]["step"], "step", source)
    return tokens * positive(state.get("global_step") or step, "global_step", source) / step


def positive(value: Any, key: str, source: str) -> float:
    """A figure of a log.

    Args:
        value: As it stands there.
        key: Column for messages. [text]
        source: File and place for messages. [text]

    Returns:
        The number. [1]

    Raises:
        InputError: it is no number above 0.

    Source: definition.
    """
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not 0.0 < number < 1e18:
        raise InputError(f"{source}: {key}: {value!r:.40} is no number above 0; correct it")
    return number
