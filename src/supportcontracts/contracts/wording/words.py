"""Words: lists, nouns with the verbs that agree, and how shares, prices, windows and scopes read inside a sentence.

Phrases start in lower case and have no full stop; `sentence` gives them both.
"""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from supportcontracts.contracts.scope import EVERYTHING, Scope
from supportcontracts.money import Price
from supportcontracts.money.text import show_fraction
from supportcontracts.quantity import Quantity, Unit, WorkTime

__all__ = [
    "Noun",
    "capital",
    "day_in_words",
    "for_scope",
    "in_words",
    "listed",
    "noun_of",
    "number",
    "per_unit",
    "plural_of",
    "scoped",
    "sentence",
    "share",
    "short",
    "verb",
    "window",
]


def __dir__() -> list[str]:
    return __all__


class Noun(NamedTuple):
    """What a sentence is about, with the verbs and the pronoun that agree with it."""

    text: str
    be: str = "is"
    cost: str = "costs"
    it: str = "it"


def noun_of(unit: Unit) -> Noun:
    """Name what a unit measures.

    Example:
        >>> noun_of("incidents")
        Noun(text='incidents', be='are', cost='cost', it='them')
    """
    return Noun("work") if unit == "work" else Noun("incidents", "are", "cost", "them")


def listed(words: Iterable[str], last: str = "and") -> str:
    """Join words as a list is spoken.

    Example:
        >>> listed(["a"]), listed(["a", "b", "c"], "or")
        ('a', 'a, b or c')
    """
    *most, final = words
    return f"{', '.join(most)} {last} {final}" if most else final


def capital(text: str) -> str:
    """Start a phrase with a capital letter, whatever the rest is.

    Example:
        >>> capital("an EUR amount")
        'An EUR amount'
    """
    return f"{text[:1].upper()}{text[1:]}"


def sentence(*clauses: str) -> str:
    """Make one sentence of clauses.

    Example:
        >>> sentence("work is free", "incidents are not")
        'Work is free; incidents are not.'
    """
    return f"{capital('; '.join(clauses))}."


_SMALL = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def in_words(count: int) -> str:
    """Write a small number as a letter would, and a larger one in digits.

    Example:
        >>> in_words(2), in_words(0), in_words(13)
        ('two', 'no', '13')
    """
    return _SMALL[count] if count < len(_SMALL) else f"{count:,}"


def plural_of(noun: str) -> str:
    """Return the regular plural of a noun; of several words the last one takes the ending.

    Example:
        >>> plural_of("training day"), plural_of("conference pass"), plural_of("enquiry")
        ('training days', 'conference passes', 'enquiries')
    """
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day_in_words(day: date) -> str:
    """Write a date as a letter would.

    Example:
        >>> day_in_words(date(2025, 12, 31))
        '31 December 2025'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def number(value: Fraction) -> str:
    """Show an exact number, as a ratio if no decimals can show it.

    Example:
        >>> number(Fraction(3, 2)), number(Fraction(4, 3))
        ('1.5', '4/3')
    """
    return show_fraction(value, 0)


def share(value: Fraction) -> str:
    """Show a share as a percentage, or as a ratio if no decimals can show it.

    Example:
        >>> share(Fraction(1, 8)), share(Fraction(1, 3))
        ('12.5 %', '1/3')
    """
    hundredths = number(value * 100)
    return number(value) if "/" in hundredths else f"{hundredths} %"


def short(size: Quantity) -> str:
    """Show the size of a step or a package, without parts that are zero.

    Example:
        >>> short(WorkTime(900))
        '15m'
    """
    return size.short() if isinstance(size, WorkTime) else str(size)


def verb(size: Quantity) -> str:
    """Say whether a quantity "is" or "are": time and one incident are singular.

    Example:
        >>> verb(WorkTime(7200))
        'is'
    """
    return "is" if isinstance(size, WorkTime) or size.amount == 1 else "are"


_UNITS = {"h": "hour", "min": "minute", "incident": "incident"}


def per_unit(price: Price, of: str = "") -> str:
    """Say a price; of work, for which quantity of it.

    Example:
        >>> per_unit(Price("137.50 EUR/h"), "counted"), per_unit(Price("290 EUR/incident"), "counted")
        ('137.50 EUR per counted hour', '290.00 EUR per incident')
    """
    kind = f"{of} " if of and price.unit == "work" else ""
    return f"{str(price).removesuffix(f'/{price.per}')} per {kind}{_UNITS[price.per]}"


_WINDOWS = {
    "entry": "each entry",
    "incident": "each ticket",
    "day": "each day",
    "period": "each billing period",
    "term": "the term",
}


def window(per: str, unit: Unit) -> str:
    """Say over what a quantity is added up; an incident is both an entry and a ticket of its own.

    Example:
        >>> window("incident", "work"), window("incident", "incidents")
        ('each ticket', 'each incident')
    """
    return "each incident" if unit == "incidents" and per in ("entry", "incident") else _WINDOWS[per]


_TRAITS = (
    ("products", "about"),
    ("severities", "of severity"),
    ("work_types", "of type"),
    ("roles", "by"),
    ("windows", "in"),
    ("responses", "with response"),
)


def scoped(noun: str, scope: Scope) -> str:
    """Narrow a noun to a scope.

    Example:
        >>> scoped("work", Scope(channels="onsite", products=["atlas", "relay"], severities=1))
        'onsite work about atlas or relay of severity 1'
    """
    words = [f"{listed(scope.channels, 'or')} {noun}"] if scope.channels else [noun]
    for name, word in _TRAITS:
        if values := getattr(scope, name):
            words.append(f"{word} {listed(map(str, values), 'or')}")
    return " ".join(words)


def for_scope(noun: str, scope: Scope) -> str:
    """Say what a term is for, where it is not for everything.

    Example:
        >>> for_scope("work", Scope(channels="onsite")), for_scope("work", EVERYTHING)
        (' for onsite work', '')
    """
    return "" if scope == EVERYTHING else f" for {scoped(noun, scope)}"
