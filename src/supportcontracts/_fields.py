"""The house decorator and the few checks that every value shares.

`frozen` makes an immutable, slotted class that refuses to be subclassed: the library matches closed unions, and a
subclass would fall through every `match`. Checks live in one `__attrs_post_init__` per class, because one method
costs a tenth of a validator per field.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import attrs

from supportcontracts.errors import FloatRefused, InvalidValue

__all__ = ["frozen", "is_whole", "opaque", "require_kind", "require_text", "require_whole", "tuple_of"]


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
        made = attrs.frozen(cls, **options)
        made.__init_subclass__ = classmethod(_refuse_subclass)
        return made


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
    if value is None:
        return ()
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return tuple(value)
    return (value,)
