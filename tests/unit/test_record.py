"""Records behave as the frozen dataclasses of the standard library do."""

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, asdict, astuple, dataclass, field, fields, is_dataclass, replace
from functools import cached_property
from typing import ClassVar

import pytest

from estimator.record import record


@record
class Point:
    """By place."""

    x: float
    y: float = 0.0
    tags: tuple[str, ...] = field(default=("a",))


@dataclass(frozen=True, slots=True)
class Same:
    """The library's own."""

    x: float
    y: float = 0.0
    tags: tuple[str, ...] = field(default=("a",))


@record(kw_only=True, slots=False)
class Named:
    """By name, with a memory."""

    kind: ClassVar[str] = "named"
    size: int
    many: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("size")

    @cached_property
    def double(self) -> int:
        """Twice the size."""
        return 2 * self.size


@record
class Wider(Point):
    """With one field more."""

    z: float = 1.0

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = Point.__hash__


@record
class Empty:
    """Without fields."""


def test_it_is_what_the_library_makes() -> None:
    ours, theirs = Point(1.0, tags=("b",)), Same(1.0, tags=("b",))
    assert is_dataclass(ours)
    assert repr(ours) == repr(theirs).replace("Same", "Point")
    assert astuple(ours) == astuple(theirs)
    assert asdict(ours) == asdict(theirs)
    assert [each.name for each in fields(Point)] == ["x", "y", "tags"]
    assert Point.__match_args__ == Same.__match_args__
    assert list(inspect.signature(Point).parameters) == list(inspect.signature(Same).parameters)
    assert hash(ours) == hash(Point(1.0, tags=("b",))) == hash(theirs)


def test_equality_is_by_class_and_fields() -> None:
    assert Point(1.0) == Point(1.0, 0.0)
    assert Point(1.0) != Point(2.0)
    assert Point(1.0) != Same(1.0)  # type: ignore[comparison-overlap]
    assert (Wider(1.0) == Wider(2.0)) is True
    assert Empty() == Empty()
    assert hash(Empty()) == hash(())


@pytest.mark.parametrize("thing", [Point(1.0), Named(size=1)])
def test_nothing_changes(thing: Point | Named) -> None:
    name = fields(thing)[0].name
    with pytest.raises(FrozenInstanceError, match=name):
        setattr(thing, name, 2)
    with pytest.raises(FrozenInstanceError):
        delattr(thing, name)
    with pytest.raises(FrozenInstanceError):
        thing.other = 1  # type: ignore[union-attr]


def test_arguments_are_checked_as_usual() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional"):
        Named(1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'q'"):
        Point(1.0, q=1)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="size"):
        Named(size=-1)


def test_copies_and_defaults() -> None:
    one, other = Named(size=3), Named(size=3)
    assert one.many is not other.many
    assert one.double == 6
    assert replace(one, size=4).double == 8
    for thing in (Point(1.0, 2.0), one, Wider(1.0, z=3.0)):
        stored = pickle.loads(pickle.dumps(thing))  # noqa: S301  # its own bytes
        for twin in (stored, copy.copy(thing), copy.deepcopy(thing)):
            assert astuple(twin) == astuple(thing)
    assert not hasattr(Point(1.0), "__dict__")
    match Point(1.0, 5.0):
        case Point(_, height):
            assert height == 5.0


def test_a_field_that_is_left_out_of_something_is_refused() -> None:
    class Odd:
        """With a field outside equality."""

        x: float = field(default=0.0, compare=False)

    with pytest.raises(TypeError, match=r"Odd\.x: a record's field is part of everything"):
        record(Odd)
