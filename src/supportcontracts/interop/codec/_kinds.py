"""Kinds of values: what a type annotation says a document may hold there, derived from the fields of the classes.

A kind is a single value, a word of a `Literal`, an object with the fields of a class, one or many of a kind (a tuple),
or one of several kinds (a union). In a union of two or more, an object carries the name of its class as "type", in
kebab-case. A document on its own also says which `schema` it is, and in which edition.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin

import attrs

from supportcontracts._fields import frozen, opaque
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.plans import Plan
from supportcontracts.coverage import AnyCoverage, Target
from supportcontracts.errors import InvalidValue
from supportcontracts.events import Event
from supportcontracts.interop.codec._scalars import SCALARS, Json, Scalar, number_in
from supportcontracts.timeline import Term, Zone

__all__ = [
    "EDITION",
    "SPELLINGS",
    "Arms",
    "EventList",
    "Kind",
    "Root",
    "TermDocument",
    "arms_of",
    "expected",
    "field_kinds",
    "is_literal",
    "is_object",
    "is_tuple",
    "is_union",
    "item_of",
    "listed",
    "root_of",
    "tag_of",
]


def __dir__() -> list[str]:
    return __all__


Kind: TypeAlias = Any
"""What a field may hold, as its annotation says: a class, a union, a `Literal` or a tuple."""

EDITION = 1
"""The edition of every schema that this release writes and reads."""


# Classes whose documents have other fields than their constructors


@frozen
class TermDocument:
    """A term as it stands in a document; the term itself is built, and so checked, with it."""

    starts_on: date
    months: int | None = None
    last_day: date | None = None
    zone: Zone = attrs.field(kw_only=True)
    term: Term = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        term = Term(self.starts_on, months=self.months, last_day=self.last_day, zone=self.zone)
        object.__setattr__(self, "term", term)


@frozen
class EventList:
    """The events of one document."""

    events: tuple[Event, ...]

    def __attrs_post_init__(self) -> None:
        for number, event in enumerate(self.events):
            if type(event) not in get_args(Event):
                raise InvalidValue(f"events[{number}]", opaque(event), "an event was expected")


SPELLINGS: dict[type, tuple[tuple[str, ...], ...]] = {
    Contract: (("term", "plan"), ("phases",)),
    TermDocument: (("months",), ("last_day",)),
}
"""Classes of which exactly one group of optional fields has to be given; the everyday one comes first."""


# The documents


@frozen
class Root:
    """A whole document: its schema, and the classes whose fields it may have.

    Attributes:
        schema: the name of the document.
        classes: what it holds; of several, "type" says which, and so it does for the only one of a family.
        tagged: whether it carries a "type".
    """

    schema: str
    classes: tuple[type, ...]
    tagged: bool


# A class that is in no family has a schema of its own, named after it: "contract", "term", "state".
_FAMILIES: dict[str, Kind] = {"coverage": AnyCoverage, "event": Event, "plan": Plan, "target": Target}


def root_of(kind: Kind) -> Root:
    """Say which document holds values of a kind.

    Raises:
        InvalidValue: for a kind that has no document.
    """
    if kind is EventList or (is_tuple(kind) and item_of(kind) == Event):
        return Root("events", (EventList,), tagged=False)
    classes = get_args(kind) if is_union(kind) else (kind,)
    for schema, family in _FAMILIES.items():
        if set(classes) <= set(get_args(family)):
            return Root(schema, classes, tagged=True)
    if len(classes) == 1 and is_object(kind) and _is_known(kind, set()):
        return Root(tag_of(kind), classes, tagged=False)
    hint = "Write Contract, Plan, Event or tuple[Event, ...], or the class of one of their parts."
    raise InvalidValue("codec", str(getattr(kind, "__name__", kind)), "a kind with a document was expected", hint)


def _is_known(kind: Kind, seen: set[Kind]) -> bool:
    """Tell whether everything in values of this kind can stand in a document."""
    if kind in seen or kind in SCALARS or kind is type(None) or is_literal(kind):
        return True
    seen.add(kind)
    if is_union(kind):
        return all(_is_known(arm, seen) for arm in get_args(kind))
    if is_tuple(kind):
        return _is_known(item_of(kind), seen)
    return is_object(kind) and all(_is_known(each, seen) for each in field_kinds(kind).values())


# What an annotation says


def is_union(kind: Kind) -> bool:
    """Tell whether a kind is one of several."""
    return _origin(kind) in (Union, UnionType)


def is_tuple(kind: Kind) -> bool:
    """Tell whether a kind is one or many of another."""
    return _origin(kind) is tuple and get_args(kind)[1:] == (Ellipsis,)


def is_literal(kind: Kind) -> bool:
    """Tell whether a kind is one of some words."""
    return _origin(kind) is Literal


def _origin(kind: Kind) -> object:
    return get_origin(kind)


def is_object(kind: Kind) -> bool:
    """Tell whether a kind is an object with the fields of its class."""
    return isinstance(kind, type) and attrs.has(kind) and kind not in SCALARS


def item_of(kind: Kind) -> Kind:
    """Return the kind of which a tuple holds one or many."""
    return get_args(kind)[0]


@cache
def field_kinds(kind: type) -> dict[str, Kind]:
    """Name the fields of a class that stand in a document, each with its kind."""
    source = TermDocument if kind is Term else kind
    return {field.name: field.type for field in attrs.fields(attrs.resolve_types(source)) if field.init}


def tag_of(kind: type) -> str:
    """Return the name of a class in kebab-case, as documents write it.

    Example:
        >>> tag_of(TermDocument)
        'term-document'
    """
    return re.sub(r"(?<=.)(?=[A-Z])", "-", kind.__name__).lower()


@frozen
class Arms:
    """What a union admits: null, words, single values, and objects by tag; `tagged` if it has two arms or more."""

    null: bool
    words: tuple[str, ...]
    scalars: tuple[Scalar, ...]
    objects: dict[str, type] = attrs.field(hash=False)
    tagged: bool

    def scalar_for(self, value: Json) -> Scalar | None:
        """Return the kind of single value that a value of a document is meant as."""
        for scalar in self.scalars:
            if scalar.takes(value):
                return scalar
        lone = len(self.scalars) == 1 and not self.words and (isinstance(value, str) or number_in(value) is not None)
        return self.scalars[0] if lone else None


@cache
def arms_of(kind: Kind) -> Arms:
    """Sort the arms of a union."""
    arms = get_args(kind)
    words = tuple(word for arm in arms if is_literal(arm) for word in get_args(arm))
    objects = {tag_of(arm): arm for arm in arms if is_object(arm)}
    scalars = tuple(SCALARS[arm] for arm in arms if arm in SCALARS)
    null = type(None) in arms
    return Arms(null, words, scalars, objects, tagged=len(arms) - null > 1)


# What errors say


def listed(words: Iterable[str]) -> str:
    """Name the words to choose from.

    Example:
        >>> listed(["half-up", "up", "down"])
        '"half-up", "up" or "down"'
    """
    *first, last = (f'"{word}"' for word in words)
    return f"{', '.join(first)} or {last}" if first else last


def expected(kind: Kind) -> str:
    """Say what belongs where a value of this kind is missing, or is another one."""
    if is_tuple(kind):
        return expected(item_of(kind))
    if is_literal(kind):
        return f"choose {listed(get_args(kind))}"
    return "expected " + ", or ".join(_phrases(kind))


def _phrases(kind: Kind) -> Iterator[str]:
    if is_union(kind):
        arms = arms_of(kind)
        yield from (scalar.phrase for scalar in arms.scalars)
        if arms.words:
            yield listed(arms.words)
        if arms.tagged and arms.objects:
            yield f"an object of type {listed(arms.objects)}"
        else:
            yield from (phrase for arm in arms.objects.values() for phrase in _phrases(arm))
        if arms.null:
            yield "null"
    elif kind in SCALARS:
        yield SCALARS[kind].phrase
    else:
        source = TermDocument if kind is Term else kind
        needed = [field.name for field in attrs.fields(source) if field.init and field.default is attrs.NOTHING]
        yield f"an object with {listed(needed).replace(' or ', ' and ')}" if needed else "an object"
