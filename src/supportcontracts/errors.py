"""Bad news that is an exception: impossible values and documents with problems.

Three channels carry bad news. An *impossible value* raises at construction an `InvalidValue`. A *document* with
problems raises one `InvalidDocument` that lists all of them, each with its path. A *business no* (bank empty, not
entitled) is never an exception: it is a returned value with a reason code.

Exceptions are data: their fields say what was got, what was expected and what to write instead; the message is built
from them and its wording is not part of the API. They compare, hash and pickle.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import attrs

__all__ = [
    "AmbiguousTime",
    "BeyondHorizon",
    "ContradictoryEvent",
    "CurrencyMismatch",
    "DuplicateEvent",
    "FloatRefused",
    "ForeignEvent",
    "InvalidDocument",
    "InvalidValue",
    "MissingExtra",
    "NaiveTime",
    "NeverOpen",
    "NoSuchTime",
    "PeriodClosed",
    "PeriodOpen",
    "Problem",
    "StaleState",
    "SupportContractsError",
    "TermsChanged",
    "UnitMismatch",
    "UnknownCurrency",
    "UnknownLine",
]


def __dir__() -> list[str]:
    return __all__


class SupportContractsError(Exception):
    """The root of every exception that this library raises on purpose."""


@attrs.frozen(slots=False, auto_exc=False)
class InvalidValue(SupportContractsError, ValueError):
    """A value that cannot be: what was got, what was expected, and what to write instead."""

    what: str
    got: str
    expected: str
    hint: str = ""

    def __reduce__(self) -> tuple[type["InvalidValue"], tuple[str, str, str, str]]:
        return type(self), (self.what, self.got, self.expected, self.hint)

    def __str__(self) -> str:
        message = f"{self.what} got {self.got}; {self.expected}."
        return f"{message}\n    {self.hint}" if self.hint else message


class FloatRefused(InvalidValue):
    """A float where exact money or time was expected: binary fractions cannot hold cents or minutes."""


class NaiveTime(InvalidValue):
    """A date-time without a zone or offset: it names no instant."""


class NoSuchTime(InvalidValue):
    """A local time that the clocks of its zone skipped."""

    def __str__(self) -> str:
        return f"{self.got} never happened in {self.what}: {self.expected}.\n    {self.hint}"


class AmbiguousTime(InvalidValue):
    """A local time that the clocks of its zone showed twice."""

    def __str__(self) -> str:
        return f"{self.got} happened twice in {self.what}: {self.expected}.\n    {self.hint}"


class NeverOpen(InvalidValue):
    """A calendar of covered time that has no opening to wait for."""


class BeyondHorizon(InvalidValue):
    """A question to a calendar about a time for which it does not answer: see its horizon, or its years of holidays."""


class UnknownCurrency(InvalidValue):
    """A currency code that ISO 4217 does not list, or that has no minor unit."""


class UnitMismatch(InvalidValue):
    """Two quantities of different units were mixed: work time and incidents never add up."""


class CurrencyMismatch(InvalidValue):
    """Two amounts in different currencies were mixed."""


class DuplicateEvent(InvalidValue):
    """The same event id came twice with different content."""


class ContradictoryEvent(InvalidValue):
    """An event that contradicts the state of its ticket, under terms by which that is an error."""


class ForeignEvent(InvalidValue):
    """An event that belongs to another customer or contract."""


class StaleState(InvalidValue):
    """A saved state that is younger than an event it should have seen; `got` names the instant to re-rate from."""


class PeriodOpen(InvalidValue):
    """A billing period that cannot be closed yet, or not from this rating; the hint says what would do."""


class PeriodClosed(InvalidValue):
    """A billing period that was closed with other content: what was sent stays as it is."""


class UnknownLine(InvalidValue):
    """A line, or a period, that no closed statement and no earlier adjustment has."""


class TermsChanged(InvalidValue):
    """Terms of a closed period that are others now, and nobody said who agreed to that."""


class MissingExtra(SupportContractsError, ImportError):
    """An optional dependency is not installed; the message names the extra to install."""


@attrs.frozen
class Problem:
    """One fault of a document, with the path of the key that has it (`banks[2].expires_on`)."""

    path: str
    message: str

    def __init_subclass__(cls, **_: object) -> None:
        raise TypeError("Problem is closed to subclassing; hold a Problem in a field of your own class instead.")

    def __str__(self) -> str:
        return f"{self.path or 'document'}: {self.message}"


@attrs.frozen(slots=False, auto_exc=False)
class InvalidDocument(SupportContractsError, ValueError):
    """A document with problems: all of them at once, each with its path. Nothing was loaded."""

    document: str
    problems: tuple[Problem, ...]

    def __reduce__(self) -> tuple[type["InvalidDocument"], tuple[str, tuple[Problem, ...]]]:
        return type(self), (self.document, self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        width = max((len(problem.path) for problem in self.problems), default=0)
        lines = [f"{self.document} has {count} problem{'s' if count != 1 else ''}; nothing was loaded."]
        lines += [f"    {problem.path:<{width}}   {problem.message}" for problem in self.problems]
        return "\n".join(lines)


class Problems:
    """Collects the faults of one document, so that all of them are reported at once."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.found: list[Problem] = []

    def add(self, path: str, message: str) -> None:
        """Note one fault at `path`."""
        self.found.append(Problem(path, message))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note faults that somebody else found."""
        self.found.extend(problems)

    @contextmanager
    def at(self, path: str) -> Iterator[None]:
        """Note an `InvalidValue` raised inside the block as a fault at `path`, and go on."""
        try:
            yield
        except InvalidValue as error:
            self.add(path, str(error).replace("\n    ", " "))

    def raise_if_any(self) -> None:
        """Raise one `InvalidDocument` if any fault was noted, in the order in which they were found."""
        if self.found:
            raise InvalidDocument(self.document, tuple(self.found))
