"""Scope: to which work a term applies, by the attributes that a use carries.

A restriction is a tuple of admitted values; an empty one admits everything. A use that lacks an attribute is admitted
only where that attribute is not restricted (D15).
"""

from typing import Any, Protocol

import attrs

from supportcontracts._fields import frozen, is_whole, require_kind, tuple_of
from supportcontracts.errors import InvalidValue

__all__ = ["EVERYTHING", "SCOPE_ATTRIBUTES", "Attributes", "Scope"]


def __dir__() -> list[str]:
    return __all__


class Attributes(Protocol):
    """What a scope asks of a use: the attributes, each of which may be missing."""

    @property
    def product(self) -> str | None:
        """The product it is about."""
        ...

    @property
    def severity(self) -> int | None:
        """How grave it is, 1 the gravest."""
        ...

    @property
    def channel(self) -> str | None:
        """How it reached the desk."""
        ...

    @property
    def role(self) -> str | None:
        """The role of the person who works."""
        ...

    @property
    def work_type(self) -> str | None:
        """The kind of work."""
        ...

    @property
    def window(self) -> str | None:
        """The coverage window, by name."""
        ...

    @property
    def response(self) -> str | None:
        """The response that was asked for."""
        ...


SCOPE_ATTRIBUTES = (
    ("products", "product"),
    ("severities", "severity"),
    ("channels", "channel"),
    ("roles", "role"),
    ("work_types", "work_type"),
    ("windows", "window"),
    ("responses", "response"),
)
"""Each restriction of a scope, with the attribute of a use that it looks at."""


@frozen
class Scope:
    """A term applies to a use if every restriction admits it; without restrictions it applies to everything.

    Attributes:
        products: admitted products.
        severities: admitted severities, as whole numbers, 1 the gravest.
        channels: admitted channels ("phone", "onsite" …).
        roles: admitted roles of the person who works.
        work_types: admitted kinds of work.
        windows: admitted coverage windows, by the name that the use states.
        responses: admitted requested responses ("urgent" …): what was asked for, never what was given.

    Rules: D15.

    Example:
        >>> Scope(products="atlas", severities=[1, 2])
        Scope(products=('atlas',), severities=(1, 2))
    """

    products: tuple[str, ...] = attrs.field(default=(), converter=tuple_of)
    severities: tuple[int, ...] = attrs.field(default=(), converter=tuple_of)
    channels: tuple[str, ...] = attrs.field(default=(), converter=tuple_of)
    roles: tuple[str, ...] = attrs.field(default=(), converter=tuple_of)
    work_types: tuple[str, ...] = attrs.field(default=(), converter=tuple_of)
    windows: tuple[str, ...] = attrs.field(default=(), converter=tuple_of)
    responses: tuple[str, ...] = attrs.field(default=(), converter=tuple_of)

    def __attrs_post_init__(self) -> None:
        for name, _ in SCOPE_ATTRIBUTES:
            for value in getattr(self, name):
                if name == "severities":
                    if not is_whole(value) or value < 1:
                        raise InvalidValue("Scope.severities", repr(value), "whole numbers from 1 were expected")
                elif not isinstance(value, str) or not value:
                    raise InvalidValue(f"Scope.{name}", repr(value), "names were expected, as texts")

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name, _ in SCOPE_ATTRIBUTES if getattr(self, name))
        return f"Scope({said})"

    @property
    def restrictions(self) -> tuple[tuple[str, frozenset[Any]], ...]:
        """The attributes that are restricted, each with the values that it admits."""
        return tuple(
            (attribute, frozenset(getattr(self, name))) for name, attribute in SCOPE_ATTRIBUTES if getattr(self, name)
        )

    def admits(self, use: Attributes) -> bool:
        """Tell whether every restriction admits the use; a missing attribute meets only what is unrestricted.

        Rules: D15.

        Example:
            >>> from types import SimpleNamespace
            >>> phone_call = SimpleNamespace(channel="phone")
            >>> Scope(channels=["phone", "chat"]).admits(phone_call), Scope(channels="onsite").admits(phone_call)
            (True, False)
        """
        return all(getattr(use, attribute) in admitted for attribute, admitted in self.restrictions)


def require_scope(what: str, value: object) -> None:
    """Refuse what is not a scope."""
    require_kind(what, value, Scope, "a Scope was expected", 'Write it as in Scope(products="atlas").')


EVERYTHING = Scope()
"""The scope without restrictions."""
