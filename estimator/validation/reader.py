"""Typed access to the loosely filled mappings of benchmark tables."""

from collections.abc import Mapping
from typing import Any

from estimator.errors import InputError


class Reader:
    """Typed access to a loosely filled mapping."""

    def __init__(self, name: str, given: Mapping[str, Any]) -> None:
        self.name, self._given = name, given

    def mapping(self, key: str) -> Mapping[str, Any]:
        """A nested mapping; empty where it is absent."""
        value = self._given.get(key) or {}
        if not isinstance(value, Mapping):
            raise InputError(f"{self.name}: setup.{key}: {value!r:.40} is not a mapping; give tp, pp, dp …")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text, or the default where it is absent."""
        value = self._given.get(key)
        if value is None:
            if default is None:
                raise InputError(f"{self.name}: setup.{key} is missing; give it")
            return default
        return str(value)

    def count(self, key: str) -> int:
        """A whole number from 1; 0 where it is absent or not a size."""
        value = self._given.get(key)
        if value is None or isinstance(value, bool):
            return 0
        try:
            number = int(float(value))
        except (TypeError, ValueError, OverflowError):
            raise InputError(f"{self.name}: setup.{key}: {value!r:.40} is no whole number; correct it") from None
        return max(0, number)
