"""The house decorator and the few checks that every value shares.

`frozen` makes an immutable, slotted class that refuses to be subclassed: the library matches closed unions, and a
subclass would fall through every `match`. Checks live in one `__attrs_post_init__` per class, because one method
costs a tenth of a validator per field.

attrs writes and compiles the methods of a class, which takes longer than everything else that an import does, and a
program uses a few of our classes. So a class is made at once, and finished by attrs when it is first used.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from supportcontracts.errors import FloatRefused, InvalidValue

__all__ = [
    "Drafted",
    "draft_of",
    "frozen",
    "is_whole",
    "opaque",
    "require_kind",
    "require_text",
    "require_whole",
    "tuple_of",
]


def __dir__() -> list[str]:
    return __all__


if TYPE_CHECKING:
    from attrs import frozen
else:

    def frozen(cls=None, **options):
        """Make an immutable, slotted class that is closed to subclassing.

        Example:
            >>> @frozen
            ... class Point:
            ...     x: int
            >>> Point(1)
            Point(x=1)
        """
        if cls is None:
            return lambda real: frozen(real, **options)
        caches = any(isinstance(member, cached_property) for member in vars(cls).values())
        made = attrs.frozen(cls, **options) if options or caches else _unfinished(cls)
        made.__init_subclass__ = classmethod(_refuse_subclass)
        return made


class _Sample:
    only: int


# What attrs gives to a class, and which of it is the same for all classes.
_GIVEN = {name: value for name, value in vars(attrs.frozen(_Sample)).items() if name not in vars(_Sample)}
_ALIKE = ("__attrs_props__", "__delattr__", "__setattr__")


class _Late:
    """A name that attrs gives to a class: looked up for the first time, it has the class finished."""

    __slots__ = ("finish", "name")

    def __init__(self, finish: Callable[[], None]) -> None:
        self.finish = finish

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type) -> Any:
        self.finish()
        return getattr(owner if instance is None else instance, self.name)


def _unfinished(cls: Any) -> Any:
    """Make a slotted class with the fields and methods of `cls`, which attrs finishes when it is first used.

    attrs makes a class of its own from `cls`, a twin with the same slots; only what it adds is taken. Two threads that
    finish a class at once do no harm, since both find the same.
    """

    def finish() -> None:
        twin = vars(attrs.frozen(cls))
        for name in late:
            setattr(made, name, twin[name])

    fields = cls.__annotations__
    body = {name: value for name, value in vars(cls).items() if name not in fields}
    body.pop("__dict__", None)
    weak = body.pop("__weakref__", None)
    body["__slots__"] = tuple(fields) if weak is None else (*fields, "__weakref__")
    missing = _GIVEN.keys() - body.keys() - {"only"}
    late = missing - set(_ALIKE)
    body |= {name: _Late(finish) if name in late else _GIVEN[name] for name in missing}
    made = type(cls)(cls.__name__, cls.__bases__, body)
    return made


class Drafted:
    """A base without fields, for the frozen classes that an engine makes many of."""

    __slots__ = ("__weakref__",)


def draft_of(cls: type[Drafted]) -> Any:
    """Make a class with the slots of a frozen one, whose fields can be set; who has set them all hands it over.

    To set the fields one by one and then the class takes a quarter of the time of a frozen `__init__`. Only for values
    that their maker knows to be right, since nothing checks them.

    Example:
        >>> @frozen
        ... class Point(Drafted):
        ...     x: int
        >>> point = draft_of(Point)()
        >>> point.x = 1
        >>> point.__class__ = Point
        >>> point
        Point(x=1)
    """
    return type(f"{cls.__name__}Draft", (Drafted,), {"__slots__": cls.__slots__})


def _refuse_subclass(cls: type, **_: Any) -> None:
    parent = cls.__mro__[1].__name__
    raise TypeError(
        f"{parent} is closed to subclassing, since results are matched by exact type. "
        f"Hold a {parent} in a field of your own class instead."
    )


def is_whole(value: object) -> bool:
    """Tell whether `value` is an integer; a bool is not."""
    return isinstance(value, int) and not isinstance(value, bool)


def opaque(value: object) -> str:
    """Show `value` and its kind for an error message, as in "the float 99.9"."""
    return f"the {type(value).__name__} {value!r}"


def require_whole(what: str, value: object, *, least: int | None = None) -> int:
    """Return `value` if it is an integer of at least `least`.

    Raises:
        FloatRefused: for a float.
        InvalidValue: for a bool, any other type, or a smaller number.
    """
    if isinstance(value, float):
        raise FloatRefused(
            what, opaque(value), "a whole number was expected", "Round it first, by a rule you can name."
        )
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidValue(what, opaque(value), "a whole number was expected")
    if least is not None and value < least:
        raise InvalidValue(what, str(value), f"at least {least} was expected")
    return value


def require_text(what: str, value: object) -> str:
    """Return `value` if it is a text that is not blank.

    Raises:
        InvalidValue: for anything else.
    """
    if not isinstance(value, str):
        raise InvalidValue(what, opaque(value), "a text was expected", 'Write it in quotes, as in "C-101".')
    if not value.strip():
        raise InvalidValue(what, "an empty text", "an id or a name was expected")
    return value


def require_kind(what: str, value: object, kind: type | tuple[type, ...], expected: str, hint: str = "") -> None:
    """Refuse a value that is not of a kind, and say what was expected.

    Raises:
        InvalidValue: for a value of any other kind.

    Example:
        >>> require_kind("Fee.amount", 12, int, "a whole number was expected")
    """
    if not isinstance(value, kind):
        raise InvalidValue(what, opaque(value), expected, hint)


def tuple_of(value: Any) -> tuple[Any, ...]:
    """Turn one value, several, or None into a tuple, for fields that read well with one or many.

    Example:
        >>> tuple_of("atlas"), tuple_of(["atlas", "relay"]), tuple_of(None)
        (('atlas',), ('atlas', 'relay'), ())
    """
    if type(value) is tuple:
        return value
    if value is None:
        return ()
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return tuple(value)
    return (value,)
