"""The house decorator and the shared checks: frozen, slotted, closed, and errors that say what to write."""

import copy
import inspect
import types
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import attrs
import pytest

from supportcontracts import _fields as module
from supportcontracts._fields import frozen, is_whole, opaque, require_kind, require_text, require_whole, tuple_of
from supportcontracts.errors import FloatRefused, InvalidValue
from tests.value_checks import assert_all_differ, assert_is_a_value, refused


@frozen
class Point:
    """A value made by the plain decorator."""

    x: int
    y: int = 0


@frozen(order=True)
class Size:
    """A value made by the decorator with an option of attrs."""

    width: int


def test_the_module_shows_its_public_names_only() -> None:
    """`dir` of the module lists what `__all__` lists."""
    assert dir(module) == sorted(module.__all__)


@pytest.mark.parametrize("value", [Point(1), Point(1, 2), Size(3)])
def test_frozen_makes_values(value: object) -> None:
    """With or without options, the decorator makes an immutable, slotted class that refuses subclasses."""
    assert_is_a_value(value)
    assert not hasattr(value, "__dict__")


def test_frozen_passes_the_options_of_attrs_on() -> None:
    """An option such as `order=True` has its effect."""
    assert Size(1) < Size(2)
    assert_all_differ([Point(1), Point(2), Point(1, 1), Size(1)])


def test_a_subclass_is_refused_with_the_way_out() -> None:
    """The error of a subclass names the class, the reason, and what to do instead."""
    with pytest.raises(TypeError) as caught:

        class Sub(Point):
            """A subclass that cannot be."""

    assert str(caught.value) == (
        "Point is closed to subclassing, since results are matched by exact type. "
        "Hold a Point in a field of your own class instead."
    )


@pytest.mark.parametrize(
    ("value", "whole"),
    [(0, True), (-3, True), (10**30, True), (True, False), (1.0, False), (Fraction(1), False), ("1", False)],
)
def test_a_bool_is_no_whole_number(value: object, whole: bool) -> None:
    """Whole numbers are integers; a bool, a float and a text are not."""
    assert is_whole(value) is whole


def test_a_value_is_shown_with_its_kind() -> None:
    """An error shows what was got with its type, so that "1" and 1 cannot be confused."""
    assert (opaque(99.9), opaque("1"), opaque(None)) == ("the float 99.9", "the str '1'", "the NoneType None")


def test_whole_numbers_pass_unchanged() -> None:
    """What is allowed is returned, down to the least number named."""
    assert [require_whole("n", number) for number in (-5, 0, 7)] == [-5, 0, 7]
    assert require_whole("n", 3, least=3) == 3


@pytest.mark.parametrize(
    ("value", "least", "kind", "words"),
    [
        (1.0, None, FloatRefused, ("n got the float 1.0", "a whole number was expected", "by a rule you can name")),
        (True, None, InvalidValue, ("n got the bool True", "a whole number was expected")),
        ("3", None, InvalidValue, ("n got the str '3'", "a whole number was expected")),
        (2, 3, InvalidValue, ("n got 2; at least 3 was expected.",)),
    ],
)
def test_other_numbers_are_refused(
    value: object, least: int | None, kind: type[InvalidValue], words: tuple[str, ...]
) -> None:
    """A float, a bool, a text and a number below the least are refused, each with its reason."""
    refused(lambda: require_whole("n", value, least=least), kind, *words)


def test_texts_pass_unchanged_unless_they_are_blank() -> None:
    """A text is returned as it is; what is no text or is blank is refused."""
    assert require_text("Contract.id", " C-101") == " C-101"
    refused(lambda: require_text("Contract.id", 101), InvalidValue, "the int 101", 'Write it in quotes, as in "C-101".')
    refused(lambda: require_text("Contract.id", " \t"), InvalidValue, "an empty text", "an id or a name was expected")


def test_a_value_of_the_wanted_kind_passes() -> None:
    """A value of one of the kinds is accepted without a word; any other is refused with what to write."""
    require_kind("n", 3, int, "a number was expected")
    require_kind("n", "x", (int, str), "a number or a text was expected")
    error = refused(lambda: require_kind("n", 3, str, "a text was expected", "Write a text."), InvalidValue)
    assert str(error) == "n got the int 3; a text was expected.\n    Write a text."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ()),
        ("atlas", ("atlas",)),
        (b"atlas", (b"atlas",)),
        (7, (7,)),
        ([], ()),
        (["atlas", "relay"], ("atlas", "relay")),
        ((each for each in "ab"), ("a", "b")),
        (Point(1), (Point(1),)),
    ],
)
def test_one_or_many_become_a_tuple(value: Any, expected: tuple[object, ...]) -> None:  # noqa: ANN401  # any at all
    """None is no value, an iterable is its entries, and a text or any other single value is itself."""
    assert tuple_of(value) == expected


def fresh() -> type[Any]:
    """Make a class that nobody has used yet."""

    @frozen
    class Fresh:
        """A value with a field that must be given, and one that need not."""

        x: int
        y: int = attrs.field(default=0, kw_only=True)

    return Fresh


@pytest.mark.parametrize(
    "use",
    [
        lambda cls: cls(1) == cls(1, y=0),
        lambda cls: attrs.has(cls) and len(attrs.fields(cls)) == 2,
        lambda cls: attrs.inspect(cls).is_frozen,
        lambda cls: repr(cls(1)).endswith("Fresh(x=1, y=0)"),
        lambda cls: hash(cls(1)) == hash(cls(1)) != hash(cls(2)),
        lambda cls: attrs.evolve(cls(1), y=2).y == 2,
        lambda cls: copy.copy(cls(1)) == cls(1),
        lambda cls: cls.__match_args__ == ("x",),
        lambda cls: list(inspect.signature(cls).parameters) == ["x", "y"],
        lambda cls: cls.__new__(cls) != 1,
        lambda cls: cls.__new__(cls).__setstate__({"x": 1, "y": 2}) is None,
    ],
)
def test_a_class_is_finished_by_whatever_is_done_first(use: Callable[[Any], bool]) -> None:
    """A class is finished on first use, whichever use that is, and looks as if it had always been."""
    assert use(fresh())


def test_a_class_that_was_not_used_yet_is_closed_and_frozen_too() -> None:
    """No instance can be changed and no subclass made, even before the class is finished."""
    made: Any = fresh()
    bare = made.__new__(made)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        bare.x = 1
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del bare.x
    with pytest.raises(TypeError, match="closed to subclassing"):
        types.new_class("Sub", (made,))


def test_two_threads_may_finish_a_class_at_once() -> None:
    """Threads that meet a class for the first time all find it whole."""
    for _ in range(20):
        made = fresh()
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(made, [3] * 8)) == {made(3)}


def test_frozen_values_have_no_order_unless_asked_for() -> None:
    """Values do not compare by size, since most have no size."""
    assert attrs.inspect(Point).is_frozen
    with pytest.raises(TypeError):
        sorted([Point(1), Point(2)])
