"""Modules that load at their first use.

A package may import at its top what only some of its functions need: the prices of tokens bring an HTTP client along.
"""

import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

__all__ = ["later"]


class _Later:
    """Finds modules as usual and puts their loading off."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = names

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name in self.names else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


@contextmanager
def later(*names: str) -> Iterator[None]:
    """Within, an `import` of these modules loads them only once one of their attributes is asked for.

    Args:
        names: Modules, none of them within a package; those that are loaded already stay as they are. [text]

    Returns:
        A context, within which a package is imported. [context]

    Source: `importlib.util.LazyLoader` of the standard library.

    >>> with later("tabnanny"):
    ...     import tabnanny
    >>> type(tabnanny).__name__
    '_LazyModule'
    """
    finder = _Later(names)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
