"""What every public value promises, checked on one example of it; and how a refusal is told."""

import copy
import pickle
import types
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import attrs
import pytest

from supportcontracts.errors import InvalidValue

HOSTILE: tuple[object, ...] = (object(), 1.5, b"bytes", -1, [[]])
"""Values that fit no field of any term or event."""


T = TypeVar("T")


def changed(value: T, **fields: object) -> T:
    """Return the value with other fields, whether or not they belong there."""
    found: T = attrs.evolve(value, **fields)  # type: ignore[misc]  # every value is an attrs class
    return found


def assert_is_a_value(value: object) -> None:
    """Check what every value promises: equal and hashed alike when copied, immutable, and closed to subclassing."""
    kind = type(value)
    copies = [pickle.loads(pickle.dumps(value, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]
    for same in (*copies, copy.copy(value), copy.deepcopy(value), changed(value)):
        assert type(same) is kind
        assert same == value
        assert hash(same) == hash(value)
    assert value != object()
    for field in attrs.fields(kind):  # type: ignore[arg-type]  # the same
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(value, field.name, getattr(value, field.name))
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            delattr(value, field.name)
    with pytest.raises(AttributeError):
        value.something_new = 1  # type: ignore[attr-defined]  # that there is no room for it is what is shown
    with pytest.raises(TypeError, match=f"{kind.__name__} is closed to subclassing"):
        types.new_class("Sub", (kind,))


def assert_all_differ(values: Iterable[object]) -> None:
    """Check that no two values are equal, and that a set keeps them all."""
    found = list(values)
    assert all((one == other) is (place == at) for place, one in enumerate(found) for at, other in enumerate(found))
    assert len(set(found)) == len(found)


def hostile_fields(value: object) -> Iterator[tuple[str, object]]:
    """Yield each field that the constructor of a value takes, with each value that does not belong there."""
    for field in attrs.fields(type(value)):  # type: ignore[arg-type]  # every value is an attrs class
        for hostile in HOSTILE:
            if field.init and not (hostile == -1 and isinstance(getattr(value, field.name), int)):
                yield field.name, hostile


def assert_refuses_what_does_not_belong(value: object) -> None:
    """Check that every field refuses what does not belong there, with an error that says what was expected."""
    for name, hostile in hostile_fields(value):
        with pytest.raises(InvalidValue) as caught:
            changed(value, **{name: hostile})
        assert caught.value.what
        assert caught.value.got
        assert caught.value.expected, (type(value), name, hostile)


def refused(build: Callable[[], object], kind: type[InvalidValue], *words: str) -> InvalidValue:
    """Return the error of exactly this kind with which a value is refused; its message has all the words."""
    with pytest.raises(kind) as caught:
        build()
    assert type(caught.value) is kind
    message = str(caught.value)
    assert [word for word in words if word not in message] == [], message
    return caught.value
