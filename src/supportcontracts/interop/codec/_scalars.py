"""Single values: the one text that each kind is written as, how it is read back, and what is said of anything else.

A document holds no number that could be read as a float. Money, time and shares are texts that name their unit, so a
bare number is refused with the text that was probably meant.
"""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from supportcontracts._fields import frozen, is_whole, opaque
from supportcontracts.coverage import Holiday
from supportcontracts.errors import NaiveTime
from supportcontracts.money import Currency, Money, Price
from supportcontracts.quantity import Incidents, WorkTime
from supportcontracts.timeline import Days, Instant, Months, Zone, parse_date

__all__ = ["SCALARS", "Fault", "Json", "Place", "Raw", "Scalar", "number_in", "shown"]


def __dir__() -> list[str]:
    return __all__


Json: TypeAlias = Any
"""A value of a document: an object, an array, a text, a number, true, false or null."""

Place: TypeAlias = tuple[str | int, ...]
"""Where something stands in a document: keys, and positions in arrays."""

_MOST_SHOWN = 80
_MOST_DECIMALS = 12
_UTC = Zone("UTC")
_NUMBER = r"-?[0-9][0-9,]{0,999}(?:\.[0-9]{1,999}|/[0-9]{1,999})?"
_EXACT = re.compile(r"-?[0-9]{1,999}(?:\.[0-9]{1,999}|/0*[1-9][0-9]{0,999})?")
_COUNTED = re.compile(r"([0-9]{1,999}) (day|month)s?")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)?(Z|[+-][0-9:]{5,8})?"
)


class Fault(Exception):
    """One fault of a document while it is being read, at a place below the value that is being read."""

    def __init__(self, message: str, place: Place = ()) -> None:
        super().__init__(message, place)
        self.message = message
        self.place = place


@frozen
class Raw:
    """A number of a JSON text that Python would read as a float, kept as it was written."""

    text: str


@frozen
class Scalar:
    """How one kind of single value stands in a document.

    Attributes:
        kind: the type of the value.
        name: what errors call it.
        example: how it is written, as JSON.
        pattern: which texts are meant as this kind, right or wrong.
        parse: reads such a text; None: the value stands in the document as it is.
        write: gives the text.
        bare: what to say of a bare number, with {0} for the number.
        whole: whether an integer of JSON is read too.
    """

    kind: type
    name: str
    example: str
    pattern: str = ""
    parse: Callable[[str], object] | None = None
    write: Callable[[Any], Json] = str
    bare: str = ""
    whole: bool = False

    @property
    def phrase(self) -> str:
        """What an error says is expected."""
        return f"{self.name}, as in {self.example}" if self.example else self.name

    def takes(self, value: Json) -> bool:
        """Tell whether a value of a document is meant as this kind."""
        if isinstance(value, str):
            return self.kind is str or bool(self.parse and re.fullmatch(self.pattern, value))
        return self.whole and is_whole(value)

    def read(self, value: Json) -> object:
        """Read a value of a document.

        Raises:
            Fault: for a value of another kind.
            InvalidValue: for a text of this kind that is none.
        """
        if isinstance(value, str) and self.parse is not None:
            return self.parse(value)
        if self.takes(value):
            return self.kind(value)
        number = number_in(value)
        if number is not None and self.bare:
            raise Fault(self.bare.format(number))
        raise Fault(f"got {shown(value)}; expected {self.phrase}")


def number_in(value: Json) -> str | None:
    """Return the digits of a number, or None for anything else; a bool is no number."""
    if isinstance(value, Raw):
        return value.text if value.text[-1].isdigit() else None
    return str(value) if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else None


def shown(value: Json) -> str:
    """Show a value of a document in one line, as JSON writes it."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "an array"
    if value is None or isinstance(value, (bool, str)):
        text = json.dumps(value, ensure_ascii=False)
        return text if len(text) <= _MOST_SHOWN else f'{text[:_MOST_SHOWN]}…"'
    return number_in(value) or opaque(value)


def _price(price: Price) -> str:
    """Write a price as it is printed, without commas between thousands."""
    return str(price).replace(",", "")


def _calendar(kind: type[Days] | type[Months]) -> Callable[[str], Days | Months]:
    """Read a number of days, or of months."""
    unit = kind.__name__.lower()

    def parse(text: str) -> Days | Months:
        found = _COUNTED.fullmatch(text)
        if found is None or f"{found[2]}s" != unit:
            raise Fault(f"got {shown(text)}; expected {SCALARS[kind].phrase}")
        return kind(int(found[1]))

    return parse


def _fraction(text: str) -> Fraction:
    if not _EXACT.fullmatch(text):
        raise Fault(f"got {shown(text)}; expected {SCALARS[Fraction].phrase}")
    return Fraction(text)


def _fraction_text(value: Fraction) -> str:
    """Write an exact number with decimals if few show it, and else as a ratio."""
    for places in range(_MOST_DECIMALS + 1):
        scale: int = 10**places
        if scale % value.denominator == 0:
            whole, rest = divmod(abs(value.numerator) * (scale // value.denominator), scale)
            return ("-" if value < 0 else "") + (f"{whole}.{rest:0{places}}" if places else str(whole))
    return str(value)


def _instant(text: str) -> Instant:
    found = _INSTANT.fullmatch(text)
    if found is None:
        raise Fault(f"got {shown(text)}; expected {SCALARS[Instant].phrase}")
    wall, offset = found.groups()
    if offset is None:
        hint = f'Write "{wall}Z" for UTC, or the offset that was meant, as in "{wall}+01:00".'
        raise NaiveTime("instant", shown(text), "a time with its offset was expected", hint)
    return _UTC.at(wall + offset)


def _instant_text(value: Instant) -> str:
    return value.replace(tzinfo=None).isoformat("T", "seconds") + "Z"


_AS_IN = "{{0}} has no unit; write it as in {}"

SCALARS: dict[type, Scalar] = {
    scalar.kind: scalar
    for scalar in (
        Scalar(str, "a text", "", bare='got {0}; expected a text, as in "{0}"'),
        Scalar(int, "a whole number", "", whole=True),
        Scalar(
            Fraction,
            "an exact number",
            '"1.5" or "1/2"',
            _EXACT.pattern,
            _fraction,
            _fraction_text,
            'got {0}, which could be read as a float; write "{0}"',
            whole=True,
        ),
        Scalar(
            Money,
            "money",
            '"1200.00 EUR"',
            rf"{_NUMBER} [A-Za-z]{{3}}",
            Money,
            Money.plain,
            '{0} has no currency; write "{0} EUR", or the currency you mean',
        ),
        Scalar(
            Price,
            "a price",
            '"140.00 EUR/h"',
            rf"{_NUMBER} [A-Za-z]{{3}}/[a-z]+",
            Price,
            _price,
            '{0} has no currency and no unit; write "{0} EUR/h", or those you mean',
        ),
        Scalar(
            WorkTime,
            "work time",
            '"PT1H30M"',
            r"P[0-9A-Z]+|[0-9]+[hms][0-9hms ]*",
            WorkTime.parse,
            WorkTime.iso,
            _AS_IN.format('"PT1H30M"'),
        ),
        Scalar(
            Incidents,
            "incidents",
            '"10 incidents"',
            r"-?[0-9]+ incidents?",
            Incidents.parse,
            bare=_AS_IN.format('"10 incidents"'),
        ),
        Scalar(Days, "days", '"14 days"', r"[0-9]+ days?", _calendar(Days), bare=_AS_IN.format('"14 days"')),
        Scalar(
            Months, "months", '"12 months"', r"[0-9]+ months?", _calendar(Months), bare=_AS_IN.format('"12 months"')
        ),
        Scalar(date, "a date", '"2025-02-28"', r"[0-9]{4}-[0-9]{2}-[0-9]{2}", parse_date),
        Scalar(
            Holiday,
            "a date, with its name if it has one",
            '"2025-12-25 Christmas Day"',
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: .*)?",
            Holiday.parse,
        ),
        Scalar(Instant, "an instant", '"2025-02-03T08:00:00Z"', _INSTANT.pattern, _instant, _instant_text),
        Scalar(Zone, "a time zone", '"Europe/Berlin"', r".+", Zone),
        Scalar(Currency, "a currency", '"EUR"', r"[A-Z]{3}", Currency.of),
    )
}
"""Every kind of single value that a document can hold."""
