"""Cells of a tier's table: what one severity is promised for one metric.

A cell is a target on a calendar, a target that depends on when the ticket arrives, or a word. The words are four
different things: "best-effort" promises effort and no time; "no-target" serves without any promise; "if-escalated"
serves once somebody escalates; "not-offered" does not serve at all. None of them has a due instant.
"""

from typing import Literal, get_args

from supportcontracts._fields import frozen, opaque
from supportcontracts.coverage import (
    AnyCoverage,
    CombinedCoverage,
    Coverage,
    CoveredDays,
    CoveredTime,
    Target,
    WallTime,
)
from supportcontracts.errors import InvalidValue

__all__ = [
    "COVERAGES",
    "METRICS",
    "TARGETS",
    "WORDS",
    "ArrivalTarget",
    "Cell",
    "CellWord",
    "Metric",
    "field_of",
    "require_cell",
    "require_coverage",
]


def __dir__() -> list[str]:
    return __all__


Metric = Literal["first-response", "next-response", "update", "resolution", "workaround", "hold-time"]
"""What a tier measures: the first answer, later answers, periodic updates, the solution, a workaround, and how long a
caller is kept on hold."""

METRICS: tuple[Metric, ...] = get_args(Metric)

CellWord = Literal["best-effort", "no-target", "if-escalated", "not-offered"]
"""What a cell says instead of a target, from the most that is promised to the least."""

WORDS: tuple[CellWord, ...] = get_args(CellWord)

TARGETS = (CoveredTime, CoveredDays, WallTime)
"""Every class of target."""

COVERAGES = (Coverage, CombinedCoverage)
"""Every class of calendar."""


@frozen
class ArrivalTarget:
    """A target that depends on whether the ticket arrives inside or outside the hours of a calendar.

    What counts is the instant at which the clock starts; a clock that starts at closing starts outside.

    Attributes:
        coverage: the hours that decide.
        inside: what is promised to a ticket that arrives inside them.
        outside: what is promised to any other.

    Rules: A2.

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("mon-fri 09:00-17:00", zone="UTC")
        >>> by_arrival = ArrivalTarget(office, inside=office.hours(2), outside="best-effort")
        >>> by_arrival.at_epoch(0)  # Thursday 1 January 1970, 00:00
        'best-effort'
    """

    coverage: AnyCoverage
    inside: Target | CellWord
    outside: Target | CellWord

    def __attrs_post_init__(self) -> None:
        require_coverage("ArrivalTarget.coverage", self.coverage)
        for name, arm in (("inside", self.inside), ("outside", self.outside)):
            if isinstance(arm, ArrivalTarget):
                raise InvalidValue(
                    f"ArrivalTarget.{name}",
                    "an ArrivalTarget",
                    "a target or a word was expected",
                    "Only one calendar can decide by arrival.",
                )
            require_cell(f"ArrivalTarget.{name}", arm)

    def at_epoch(self, start: int) -> Target | CellWord:
        """Return what is promised to a ticket whose clock starts at an instant, in epoch seconds.

        Example:
            >>> from supportcontracts.coverage import Coverage
            >>> office = Coverage("mon-fri 09:00-17:00", zone="UTC")
            >>> ArrivalTarget(office, inside="no-target", outside="best-effort").at_epoch(9 * 3600)
            'no-target'
        """
        return self.inside if self.coverage.is_open_epoch(start) else self.outside


Cell = Target | ArrivalTarget | CellWord
"""What a tier promises to one severity for one metric."""


def field_of(metric: Metric) -> str:
    """Name the field of `Targets` that holds a metric.

    Example:
        >>> field_of("first-response")
        'first_response'
    """
    return metric.replace("-", "_")


def require_coverage(what: str, value: object) -> None:
    """Refuse what is not a calendar."""
    if not isinstance(value, COVERAGES):
        raise InvalidValue(
            what,
            opaque(value),
            "a coverage calendar was expected",
            'Write it as in Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin").',
        )


def require_cell(what: str, value: object) -> None:
    """Refuse what is neither a target nor one of the words."""
    if isinstance(value, (*TARGETS, ArrivalTarget)) or (isinstance(value, str) and value in WORDS):
        return
    listed = ", ".join(f'"{word}"' for word in WORDS)
    raise InvalidValue(
        what,
        opaque(value),
        f"a target on a calendar or one of {listed} was expected",
        "A calendar makes its own targets, as in office.hours(2) or office.days(1).",
    )
