"""Records: frozen dataclasses that take little time to define.

`dataclasses` compiles six functions for each frozen class, one to two milliseconds together; with some three hundred
classes that was a third of the time every command took to start. Here one function is compiled, `__init__`. Equality,
hash, text, pickling and the refusal to change are written once and shared; everything else is the library's own.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform, overload

__all__ = ["record"]

T = TypeVar("T")


@overload
def record(cls: type[T], /) -> type[T]: ...
@overload
def record(*, kw_only: bool = False, slots: bool = True) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[Any] | None = None, /, *, kw_only: bool = False, slots: bool = True) -> Any:
    """A frozen dataclass: fields, `replace`, defaults, equality, hash and `__post_init__` as usual.

    Every field is part of all of them: one with `init`, `repr`, `compare` or `hash` of its own is refused.

    Args:
        cls: The class with annotated fields. [class]
        kw_only: Whether every field is given by name. [bool]
        slots: Whether instances have slots; without them they can hold `cached_property`. [bool]

    Returns:
        The class, or the decorator where options were given. [class]

    Raises:
        TypeError: a field is left out of `__init__`, text, equality or hash.

    Source: definition; `dataclasses` of the standard library.

    >>> @record
    ... class Point:
    ...     x: float
    ...     y: float = 0.0
    >>> Point(1.0), Point(1.0) == Point(1.0, 0.0)
    (Point(x=1.0, y=0.0), True)
    """

    def made(plain: type[Any]) -> type[Any]:
        own = set(vars(plain))
        bare = dataclass(init=False, repr=False, eq=False, kw_only=kw_only, slots=slots)(plain)
        names = tuple(each.name for each in fields(bare))
        for each in fields(bare):
            if not (each.init and each.repr and each.compare) or each.hash is not None:
                raise TypeError(
                    f"{plain.__name__}.{each.name}: a record's field is part of everything; use a dataclass"
                )
        bare.__init__ = _Init(bare)
        bare._values = staticmethod(attrgetter(*names) if names else _nothing)
        for name, shared in _SHARED.items():
            if name not in own:
                setattr(bare, name, shared)
        if slots:
            setattr(bare, "__getstate__", _state)  # noqa: B010  # mypy knows only the signature of `object`
            bare.__setstate__ = _restore
        return bare

    return made if cls is None else made(cls)


class _Init:
    """`__init__`, compiled when it is first asked for: a command makes instances of few of the classes it loads."""

    def __init__(self, cls: type[Any]) -> None:
        self.cls = cls

    def __get__(self, instance: Any, owner: type[Any] | None = None) -> Callable[..., None]:
        made: Any = _init_of(self.cls)
        type.__setattr__(self.cls, "__init__", made)
        bound: Callable[..., None] = made.__get__(instance, owner)
        return bound


def _init_of(cls: type[Any]) -> Callable[..., None]:
    scope: dict[str, Any] = {"_put": object.__setattr__, "_unset": MISSING}
    by_place: list[str] = []
    by_name: list[str] = []
    body: list[str] = []
    for each in fields(cls):
        name, value = each.name, each.name
        if each.default_factory is not MISSING:
            scope[f"_make_{name}"], value = each.default_factory, f"_make_{name}() if {name} is _unset else {name}"
        (by_name if each.kw_only else by_place).append(_parameter(each, scope))
        body.append(f"_put(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    given = ["self", *by_place, *(["*", *by_name] if by_name else [])]
    exec(f"def __init__({', '.join(given)}):\n " + "\n ".join(body or ["pass"]), scope)  # noqa: S102  # names of fields
    made: Callable[..., None] = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__annotations__ = {each.name: each.type for each in fields(cls)} | {"return": None}
    return made


def _parameter(each: "Field[Any]", scope: dict[str, Any]) -> str:
    if each.default_factory is not MISSING:
        return f"{each.name}=_unset"
    if each.default is MISSING:
        return each.name
    scope[f"_default_{each.name}"] = each.default
    return f"{each.name}=_default_{each.name}"


def _nothing(_: Any) -> tuple[()]:
    return ()


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return (self._values(self),) == (self._values(other),)


def _hash(self: Any) -> int:
    return hash(self._values(self))


def _text(self: Any) -> str:
    shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self))
    return f"{self.__class__.__qualname__}({shown})"


def _refuse(self: Any, name: str, *_: Any) -> None:
    raise FrozenInstanceError(f"{type(self).__name__} does not change: field {name!r} stays; use dataclasses.replace")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)


_SHARED = {"__eq__": _equal, "__hash__": _hash, "__repr__": _text, "__setattr__": _refuse, "__delattr__": _refuse}
