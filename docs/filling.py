"""Fill in what the commands and examples of a page print, by running them as a reader would.

In a walk-through (`walked`) every console block is run, in reading order, in one empty folder, and the text block right
after it is replaced by what it printed. A block with a file name behind its language is saved under that name; with
`>>` before the name it is added to the end of that file.
In a page of examples (`worked`) the output below each `>>>` is replaced.
"""

import contextlib
import doctest
import inspect
import io
import os
import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import estimator
from estimator.cli.main import run

FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```\n", re.DOTALL | re.MULTILINE)
PUBLIC = re.compile(r"<!-- public names -->.*?<!-- /public names -->", re.DOTALL)
SERVERS = ("estimator dashboard", "streamlit run")
"""Commands that do not end by themselves; tests/app/ starts them."""
EXIT_CODE = re.compile(r"# exit code (\d+)$")
"""How a page says that a command is meant to fail."""


def walked(text: str) -> str:
    """A walk-through with the real output of its commands.

    Raises:
        RuntimeError: a command ended otherwise than the page says.
    """
    with _empty_folder() as folder:
        parts, done, shown = [], 0, ""
        for block in FENCE.finditer(text):
            kind, name, body = block.groups()
            if kind == "text" and shown:
                parts += [text[done : block.start()], f"```text\n{shown}```\n"]
                done = block.end()
            elif name:
                with Path(folder, name.lstrip(">")).open(
                    "a" if name.startswith(">>") else "w", encoding="utf-8"
                ) as file:
                    file.write(body)
            shown = "".join(map(printed_by, body.splitlines())) if kind == "console" else ""
        return "".join(parts) + text[done:]


def printed_by(line: str) -> str:
    """Standard output of one line of a console block; `export` holds for the lines after it."""
    words = shlex.split(line, comments=True)
    if not words or line.startswith(SERVERS):
        return ""
    if words[0] == "export":
        os.environ.update(word.split("=", 1) for word in words[1:])
        return ""
    words, shown = (words[: words.index("|")], _head(words)) if "|" in words else (words, None)
    if words[0] != "estimator":
        raise RuntimeError(f"{line}: only estimator is run here")
    expected = EXIT_CODE.search(line)
    rows = printed(*words[1:], code=int(expected[1]) if expected else 0).splitlines()
    return "".join(f"{row}\n" for row in rows[:shown])


def printed(*arguments: str, code: int = 0) -> str:
    """What the command line prints, errors that are meant included, without the spaces at the ends of its lines.

    Raises:
        RuntimeError: it ends with another exit code.
    """
    out, noted = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(noted):
        ended = run(arguments)
    if ended != code:
        raise RuntimeError(f"estimator {shlex.join(arguments)}: exit code {ended}: {noted.getvalue()}")
    text = out.getvalue() + (noted.getvalue() if code else "")
    return "\n".join(row.rstrip() for row in text.strip("\n").split("\n"))


def _head(words: list[str]) -> int:
    """Lines that `| head -n N` lets through."""
    name, flag, lines = words[words.index("|") + 1 :]
    if (name, flag) != ("head", "-n"):
        raise RuntimeError(f"{' '.join(words)}: only | head -n N is understood here")
    return int(lines)


def worked(text: str) -> str:
    """A page of examples with the real output of each."""
    names: dict[str, Any] = {}
    text = re.sub(PUBLIC, lambda _: f"<!-- public names -->\n{public_names()}\n<!-- /public names -->", text)

    def filled(block: re.Match[str]) -> str:
        return f"```python\n{_worked(block[3], names)}```\n" if block[1] == "python" else block[0]

    return FENCE.sub(filled, text)


def public_names() -> str:
    """What the package offers, each with the first sentence of its description."""
    rows = ["| name | what |", "|---|---|"]
    for name in sorted(estimator.__all__, key=str.lower):
        words = inspect.getdoc(getattr(estimator, name)) if name != "__version__" else "Version of the package."
        first = " ".join((words or "").partition("\n\n")[0].split())
        rows.append(f"| `{name}` | {first} |")
    return "\n".join(rows)


def _worked(body: str, names: dict[str, Any]) -> str:
    parts = []
    for item in doctest.DocTestParser().parse(body):
        if isinstance(item, str):
            parts.append(item)
            continue
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                exec(compile(item.source, "<example>", "single"), names)  # noqa: S102  # a page of this repository
        except Exception as error:
            error.add_note(f"example: {item.source}")
            raise
        first, *rest = item.source.splitlines()
        parts += [f">>> {first}\n", *(f"... {line}\n" for line in rest), out.getvalue()]
    return "".join(parts)


@contextlib.contextmanager
def _empty_folder() -> Iterator[str]:
    """An empty folder to work in, with settings that end with it."""
    before, here = dict(os.environ), Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield folder
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(before)


def functions(room: str) -> str:
    """The public formulas and doors of a room: what each computes, and where it comes from."""
    module = import_module(f"estimator.{room}")
    rows = ["| function | what | source |", "|---|---|---|"]
    for name in module.__all__:
        function = getattr(module, name)
        if not inspect.isfunction(function) or not function.__module__.startswith(module.__name__):
            continue
        words = inspect.getdoc(function) or ""
        source = words.partition("Source:")[2].partition("\n\n")[0].partition(">>>")[0]
        cells = (f"`{name}`", words.partition("\n\n")[0], source)
        rows.append("| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)
