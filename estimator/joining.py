"""What a room said in windows of futures as if it had been asked about all of them at once."""

import dataclasses
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from estimator.inputs import OptionInputs, joined_values


class Joining:
    """Joins answers of windows; arrays that several answers share are joined once.

    A figure of each future is joined; of months in each future the central months are kept; the rest stays.

    Args:
        sizes: Futures of each window. [count]
        options: Inputs over all futures, which stand for those of the windows.

        known: What is already joined, by the ids of its windows.

    Source: definition.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        options: Mapping[str, OptionInputs],
        known: Mapping[tuple[int, ...], Any] = MappingProxyType({}),
    ) -> None:
        self.sizes, self.options, self.known = sizes, options, known
        self.done: dict[tuple[int, ...], tuple[Sequence[Any], Any]] = {}

    def __call__(self, windows: Sequence[Any]) -> Any:
        """The same answer in each window: dataclasses of numbers, arrays and texts, and of such."""
        key = tuple(map(id, windows))
        if key in self.known:
            return self.known[key]
        if key not in self.done:
            self.done[key] = windows, self._made(windows)  # the windows are kept, so that their ids stay their own
        return self.done[key][1]

    def _made(self, windows: Sequence[Any]) -> Any:
        first = next((item for item in windows if item is not None), None)
        if isinstance(first, OptionInputs):
            return self.options[first.name]
        if any(isinstance(item, np.ndarray) for item in windows):
            return self._array(windows)
        if dataclasses.is_dataclass(first) and not isinstance(first, type):
            return self._fields(first, windows)
        if isinstance(first, Mapping):
            return {name: self([item.get(name) for item in windows]) for name in first}
        if isinstance(first, tuple):
            return self._items(windows)
        return first

    def _array(self, windows: Sequence[Any]) -> Any:
        if all(self._varies(item, size) or np.size(item) == 1 for item, size in zip(windows, self.sizes, strict=True)):
            return joined_values(windows, self.sizes)
        first = np.asarray(windows[0])
        return first[:1].copy() if first.ndim == 2 else first

    @staticmethod
    def _varies(item: Any, size: int) -> bool:
        return isinstance(item, np.ndarray) and item.shape == (1 + size,)

    def _fields(self, first: Any, windows: Sequence[Any]) -> Any:
        names = [item.name for item in dataclasses.fields(first) if item.init]
        found = {name: self([getattr(item, name, None) for item in windows]) for name in names}
        changed = {name: value for name, value in found.items() if value is not getattr(first, name)}
        return dataclasses.replace(first, **changed) if changed else first

    def _items(self, windows: Sequence[Any]) -> Any:
        if len({len(item) for item in windows}) > 1:  # such as warnings that only some futures give
            return tuple(dict.fromkeys(each for item in windows for each in item))
        items = tuple(self(list(each)) for each in zip(*windows, strict=True))
        first = windows[0]
        if all(new is old for new, old in zip(items, first, strict=True)):
            return first
        return type(first)(*items) if hasattr(first, "_fields") else items
