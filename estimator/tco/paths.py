"""Months of many futures in half the space: the central case in full, the futures in single precision."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from estimator.record import record
from estimator.units import Array


@record
class Path:
    """A figure of each month in each future."""

    middle: Array
    """The central case, shape (months,)."""
    futures: npt.NDArray[np.float32] | None = None
    """The futures, shape (futures, months); None where they are all as the central case."""

    def all(self) -> Array:
        """Central case first, shape (1 or 1 + futures, months)."""
        return self.some(0, 1 if self.futures is None else 1 + self.futures.shape[0])

    def some(self, first: int, end: int) -> Array:
        """Rows of `all` from the first to before the end, shape (1 or rows, months)."""
        if self.futures is None:
            return self.middle[None]
        if first > 0:
            return self.futures[first - 1 : end - 1].astype(float)
        found = np.empty((min(end, 1 + self.futures.shape[0]), self.middle.size))
        found[0], found[1:] = self.middle, self.futures[: end - 1]
        return found


def narrowed(path: Array) -> Path:
    """A path whose futures are held in single precision, good to seven digits.

    Args:
        path: Central case first, shape (1 or 1 + futures, months). [any unit]

    Returns:
        The same path. [unit of the path]

    Source: IEEE 754, binary32.

    >>> narrowed(np.array([[0.1, 1.0], [0.5, 2.0]])).all().tolist()
    [[0.1, 1.0], [0.5, 2.0]]
    """
    return Path(path[0].copy(), path[1:].astype(np.float32) if path.shape[0] > 1 else None)


def joined_paths(paths: Sequence[Path], sizes: Sequence[int]) -> Path:
    """Windows of futures one after another, the central case once.

    Args:
        paths: One path per window. [any unit]
        sizes: Futures of each window. [count]

    Returns:
        The path over all futures. [unit of the paths]

    Source: definition.

    >>> windows = [Path(np.zeros(1), np.full((2, 1), place, dtype=np.float32)) for place in (1, 2)]
    >>> joined_paths(windows, [2, 2]).futures.ravel().tolist()
    [1.0, 1.0, 2.0, 2.0]
    """
    first = paths[0].middle
    if all(path.futures is None for path in paths):
        return paths[0]
    futures = np.empty((sum(sizes), first.size), dtype=np.float32)
    start = 0
    for path, size in zip(paths, sizes, strict=True):
        futures[start : start + size] = path.middle if path.futures is None else path.futures
        start += size
    return Path(first, futures)
