"""The diary: pages for everything that happens or falls due, turned in order of instant and rank until the end.

At one instant the ranks are: endings, refunds of banks, what the calendar begins, the other events (D2, D3). A rating
`until` T turns the endings at T and nothing else of that instant.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from supportcontracts.contracts.contract import Contract
from tests.oracle.days import Stretch, local_day
from tests.oracle.notes import Book, OLine
from tests.oracle.sums import scale, settle
from tests.oracle.terms import PhaseView, phases_of

ENDING, REFUND, BEGINNING, EVENT = range(4)


@dataclass(eq=False)
class Page:
    """One thing to do at an instant, told apart by rank and order from others at the same instant."""

    when: int
    rank: int
    order: tuple[int, str]
    act: Callable[[], None]


class Place(NamedTuple):
    """Where an instant lies: its phase, and the billing period in it."""

    phase: PhaseView
    period: Stretch


class Diary:
    """The pages, the lines and the book of one rating."""

    def __init__(self, contract: Contract, until: int) -> None:
        self.until = until
        self.zone = contract.zone.name
        self.digits = contract.currency.digits
        self.rounding = contract.rounding
        self.phases = phases_of(contract)
        self.pages: list[Page] = []
        self.lines: list[OLine] = []
        self.book = Book()
        self.notices: dict[str, tuple[str, str, int]] = {}
        self.refused: set[tuple[str, str]] = set()

    def plan(self, when: int, rank: int, order: tuple[int, str], act: Callable[[], None]) -> None:
        """Add a page."""
        self.pages.append(Page(when, rank, order, act))

    def turn(self) -> None:
        """Do what is written, the earliest first; a page may add others, but none before itself."""
        while self.pages:
            page = min(self.pages, key=lambda each: (each.when, each.rank, each.order))
            if page.when > self.until or (page.when == self.until and page.rank != ENDING):
                return
            self.pages.remove(page)
            page.act()

    def place(self, at: int) -> Place | None:
        """Find the phase and billing period of an instant; None outside every phase."""
        for phase in self.phases:
            for period in phase.billing:
                if period.start <= at < period.end:
                    return Place(phase, period)
        return None

    def period_name(self, at: int) -> str:
        """Name the billing period of an instant, "-" outside every phase."""
        place = self.place(at)
        return "-" if place is None else place.period.name

    def day(self, at: int) -> date:
        """Return the local date of an instant."""
        return local_day(at, self.zone)

    def notice(self, code: str, key: str, cause: str, now: int) -> None:
        """Say something once for its key."""
        self.notices.setdefault(key, (code, cause, now))

    def settle(self, exact: Fraction) -> int:
        """Settle an amount with the contract's rounding."""
        return settle(exact, self.digits, self.rounding)

    def unsettled(self, minor: int) -> Fraction:
        """Read a settled amount as major units."""
        return Fraction(minor, scale(self.digits))
