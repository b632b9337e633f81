"""Modules that load at their first use.

A package may import at its top what only some of its functions need: the prices of tokens bring an HTTP client along.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

__all__ = ["later"]


class _Later(ModuleType):
    """Stands for a module until one of its attributes is asked for; `importlib` then loads it once for all threads."""

    def __getattr__(self, name: str) -> Any:
        _step_aside(self)
        return getattr(import_module(self.__name__), name)


@contextmanager
def later(*names: str) -> Iterator[None]:
    """Within, an `import` of these modules loads them only once one of their attributes is asked for.

    Only what is imported within waits: afterwards an `import` elsewhere loads them as ever. `LazyLoader` of the
    standard library would leave them waiting for the whole process, where two threads get in each other's way (Python
    before 3.11.9 and 3.12.3).

    Args:
        names: Modules, none of them within a package; those that are loaded already stay as they are. [text]

    Returns:
        A context, within which a package is imported. [context]

    Source: definition.

    >>> with later("tabnanny"):
    ...     import tabnanny
    >>> type(tabnanny).__name__, "tabnanny" in sys.modules, tabnanny.verbose, "tabnanny" in sys.modules
    ('_Later', False, 0, True)
    """
    waiting = [_Later(name) for name in names if name not in sys.modules and find_spec(name) is not None]
    sys.modules.update({module.__name__: module for module in waiting})
    try:
        yield
    finally:
        for module in waiting:
            _step_aside(module)


def _step_aside(module: _Later) -> None:
    if sys.modules.get(module.__name__) is module:
        del sys.modules[module.__name__]
