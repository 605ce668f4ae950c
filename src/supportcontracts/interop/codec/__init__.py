"""Contracts, plans, terms and events as JSON documents, and back.

Every document says what it is: `{"schema": "contract", "edition": 1, …}`. Its keys are the fields of the classes; a
field at its default is left out. Where one of several kinds may stand, an object names its kind as
`"type": "capped-hours"`. Single values are texts that read as they print: `"1200.00 EUR"`, `"140.00 EUR/h"`, `"PT10H"`,
`"14 days"`, `"2025-02-03T08:00:00Z"`; shares and factors are `"1.5"` or `"1/3"`. No number of a document could be read
as a float. A key that takes one or many values takes an array, or the one value alone.

Reading builds nothing unless everything is right. All problems of a document come in one `InvalidDocument`, each with
its path. A value survives the way out and back: `from_json(to_json(value), type(value)) == value`.

It needs the extra `codec`: `pip install supportcontracts[codec]`.
"""

from collections.abc import Iterable
from types import UnionType
from typing import Any, TypeVar, overload

from supportcontracts.errors import MissingExtra

try:
    import cattrs as _cattrs  # noqa: F401  # asked for here, so that its absence is explained
except ImportError as error:
    raise MissingExtra(
        "supportcontracts.interop.codec needs cattrs, which is not installed.\n"
        "    Install it with: pip install supportcontracts[codec]"
    ) from error

from supportcontracts.events import Event
from supportcontracts.interop.codec._kinds import root_of
from supportcontracts.interop.codec._problems import parse_json
from supportcontracts.interop.codec._reader import read_document
from supportcontracts.interop.codec._schema import schema_of
from supportcontracts.interop.codec._writer import json_text, write_document

__all__ = [
    "events_from_json",
    "events_to_json",
    "from_document",
    "from_json",
    "json_schema",
    "to_document",
    "to_json",
]


def __dir__() -> list[str]:
    return __all__


T = TypeVar("T")


def to_document(value: object) -> dict[str, Any]:
    """Write a contract, a plan, an event, a part of one, or a list of events as a document of plain JSON values.

    Raises:
        InvalidValue: for a value that has no document.

    Example:
        >>> from supportcontracts.timeline import Term
        >>> to_document(Term("2025-01-01", months=12, zone="Europe/Berlin"))
        {'schema': 'term', 'edition': 1, 'starts_on': '2025-01-01', 'months': 12, 'zone': 'Europe/Berlin'}
    """
    return write_document(value)


def to_json(value: object) -> str:
    """Write what `to_document` does as JSON text, without numbers that could be read as floats.

    Raises:
        InvalidValue: for a value that has no document.

    Example:
        >>> from supportcontracts.contracts.sources import Fallback
        >>> print(to_json(Fallback("C-200")))
        {
          "schema": "fallback",
          "edition": 1,
          "contract": "C-200"
        }
    """
    return json_text(write_document(value))


@overload
def from_document(document: object, kind: type[T]) -> T: ...
@overload
def from_document(document: object, kind: UnionType) -> Any: ...  # noqa: ANN401  # whatever the union admits
def from_document(document: object, kind: type | UnionType) -> object:
    """Read a document as a value of a kind: a class, `Plan`, `Event`, or `tuple[Event, ...]`.

    Raises:
        InvalidDocument: with all problems of the document, each with its path.
        InvalidValue: for a kind that has no document.

    Example:
        >>> from supportcontracts.contracts.plans import FixedAnnual
        >>> document = {"schema": "plan", "edition": 1, "type": "fixed-annual", "fee": "19000 EUR"}
        >>> print(from_document(document, FixedAnnual).fee)
        19,000.00 EUR
    """
    return read_document(document, root_of(kind))


@overload
def from_json(text: str, kind: type[T]) -> T: ...
@overload
def from_json(text: str, kind: UnionType) -> Any: ...  # noqa: ANN401  # whatever the union admits
def from_json(text: str, kind: type | UnionType) -> object:
    """Read a JSON text as a value of a kind, as `from_document` does; numbers are taken as they are written.

    Raises:
        InvalidDocument: with all problems of the text, each with its path, or its line and column.
        InvalidValue: for a kind that has no document.

    Example:
        >>> from supportcontracts.contracts.plans import FixedAnnual
        >>> from supportcontracts.errors import InvalidDocument
        >>> try:
        ...     from_json('{"schema": "plan", "edition": 1, "type": "fixed-annual", "fee": 19000}', FixedAnnual)
        ... except InvalidDocument as error:
        ...     print(error)
        plan has 1 problem; nothing was loaded.
            fee   19000 has no currency; write "19000 EUR", or the currency you mean
    """
    root = root_of(kind)
    return read_document(parse_json(text, root.schema), root)


def events_to_json(events: Iterable[Event]) -> str:
    """Write events as one JSON document, an event on each line, in the order given.

    Raises:
        InvalidValue: for anything that is no event.

    Example:
        >>> from supportcontracts.events import Payment
        >>> from supportcontracts.timeline import Zone
        >>> print(events_to_json([Payment("P-1", Zone("UTC").at("2025-03-28 15:30"), bank="B-10")]))
        {"schema": "events", "edition": 1, "events": [
          {"type": "payment", "id": "P-1", "at": "2025-03-28T15:30:00Z", "bank": "B-10"}
        ]}
    """
    return json_text(write_document(tuple(events)))


def events_from_json(text: str) -> tuple[Event, ...]:
    """Read the events of one JSON document.

    Raises:
        InvalidDocument: with all problems of all events, each with its path, as in `events[3].worked`.

    Example:
        >>> events_from_json('{"schema": "events", "edition": 1, "events": []}')
        ()
    """
    return from_json(text, tuple[Event, ...])


def json_schema(kind: type | UnionType) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the documents that hold a kind of value.

    Raises:
        InvalidValue: for a kind that has no document.

    Example:
        >>> from supportcontracts.timeline import Term
        >>> json_schema(Term)["required"]
        ['schema', 'edition', 'starts_on', 'zone']
    """
    return schema_of(root_of(kind))
