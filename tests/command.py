"""The command line for tests: in this process, which is quick, or as a process of its own.

`tests/cli/test_cli_processes.py` proves for every verb that both say the same.
"""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from estimator.cli.main import run

ROOT = Path(__file__).resolve().parents[1]
Done = subprocess.CompletedProcess[str]


def command(*arguments: str, given: str | None = None, folder: Path | None = None, **env: str) -> Done:
    """Output, messages and exit code of the command line, run in this process."""
    out, error = _stream(), _stream()
    sent = io.TextIOWrapper(io.BytesIO((given or "").encode("utf-8")), encoding="utf-8")
    streams = (contextlib.redirect_stdout(out), contextlib.redirect_stderr(error), _stdin(sent))
    with _surroundings(folder, {"NO_COLOR": "1", **env}), streams[0], streams[1], streams[2]:
        code = run(list(arguments))
    texts = (stream.buffer.getvalue().decode("utf-8") for stream in (out, error))  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(list(arguments), code, *texts)


def process(*arguments: str, given: str | None = None, folder: Path | None = None, **env: str) -> Done:
    """The same of a process of its own."""
    whole = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **env}
    return subprocess.run(
        [sys.executable, "-m", "estimator", *arguments],
        input=given, cwd=folder, env=whole, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def _stream() -> io.TextIOWrapper:
    """A stream as the command line makes it of those of the process."""
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace", write_through=True)


@contextlib.contextmanager
def _surroundings(folder: Path | None, env: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(env)
    try:
        with contextlib.chdir(folder or Path.cwd()):
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def _stdin(stream: io.TextIOWrapper) -> Iterator[None]:
    before, sys.stdin = sys.stdin, stream
    try:
        yield
    finally:
        sys.stdin = before
