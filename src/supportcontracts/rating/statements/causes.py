"""Why a closed line is another one now: the event that was recorded late, or the line that came before it.

What can be named is looked for from near to far: an event of the use itself; the lot that the line draws on; another
use that draws on it first; the sources that stand before it in the waterfall; the terms; the use that came first in the
same window. There is no second rating here: everything is read off the lines that changed and the events that are new.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import attrs

from supportcontracts.events import (
    Approval,
    BankExtended,
    BankPurchase,
    BankRefunded,
    ChargeItem,
    Event,
    Payment,
    Replace,
    Void,
    WorkEntry,
)
from supportcontracts.money import Money
from supportcontracts.quantity import quantity
from supportcontracts.rating.fold import Arrival
from supportcontracts.rating.lines import Line
from supportcontracts.rating.result import Rating
from supportcontracts.rating.statements.adjustment import Adjustment
from supportcontracts.rating.statements.cause import Cause, CauseCode
from supportcontracts.rating.statements.closing import based_on
from supportcontracts.rating.statements.standing import Standing
from supportcontracts.rating.statements.statement import Statement
from supportcontracts.timeline import Instant

__all__ = ["Causes", "Change"]


def __dir__() -> list[str]:
    return __all__


_WORDS: dict[type, str] = {
    WorkEntry: "worked",
    ChargeItem: "charged",
    BankPurchase: "bought",
    BankRefunded: "refunded",
    BankExtended: "extended",
    Payment: "paid",
    Approval: "approved",
}
_WINDOWED = ("volume", "discount", "maximum", "minimum", "overdraft")


class Change(NamedTuple):
    """A line that is another one now: as it follows from all the events, and as it stands."""

    key: str
    line: Line | None
    was: Standing | None

    @property
    def _known(self) -> Any:
        return self.was if self.line is None else self.line

    @property
    def at(self) -> Instant:
        """When it happened."""
        at: Instant = self._known.at
        return at

    @property
    def use(self) -> str:
        """What it is about."""
        return str(self._known.use)

    @property
    def kind(self) -> str:
        """What it is for."""
        return str(self._known.kind)

    @property
    def lot(self) -> str:
        """The lot it draws on."""
        return str(self._paid.lot)

    @property
    def source(self) -> str:
        """Who pays."""
        return str(self._paid.source)

    @property
    def _paid(self) -> Any:
        return self.was.figures if self.line is None and self.was is not None else self.line

    @property
    def unit(self) -> str:
        """What it counts."""
        counted = [each for each in self._both() if each is not None]
        return str(counted[0].unit) if counted else ""

    def _both(self) -> tuple[Any, Any]:
        return (
            None if self.was is None else self.was.figures.counted,
            None if self.line is None else self.line.counted,
        )

    @property
    def more(self) -> int:
        """How many units it counts more than it did."""
        was, now_counted = (0 if each is None else each.amount for each in self._both())
        return now_counted - was

    @property
    def dearer(self) -> int:
        """How many minor units it costs more than it did."""
        was = 0 if self.was is None else self.was.figures.amount.minor
        return (0 if self.line is None else self.line.amount.minor) - was


class Causes:
    """The events that were recorded since periods were closed, and what they and the lines before a line explain."""

    def __init__(
        self,
        rating: Rating,
        statements: Sequence[Statement],
        bounds: Sequence[tuple[int, int]],
        adjustments: Iterable[Adjustment],
        consent: str,
    ) -> None:
        self.rating = rating
        self.zone = rating.contract.zone
        self.consent = consent
        seen = {name for adjustment in adjustments for name in adjustment.based_on}
        seen |= {name for statement in statements for name in statement.based_on}
        fresh = [name for start, end in bounds for name in based_on(rating, start, end)]
        self.late = tuple(name for name in dict.fromkeys(fresh) if name not in seen)
        self.uses: dict[str, Cause] = {}
        self.lots: dict[str, Cause] = {}
        self.releases: dict[str, Cause] = {}
        late = set(self.late)
        self.events = [each for each in rating.gate.happenings if each.id in late and not isinstance(each, Arrival)]
        self.changes: list[Change] = []
        for event in self.events:
            self._note(event, self._told(event))
        for correction, fact in rating.gate.corrected:
            if correction.id in late:
                self._note(fact, self._corrected(correction))

    # -- what the new events are about ------------------------------------------------------------------------------

    def _note(self, event: Any, told: Cause) -> None:
        """Remember what an event touches: a use, a lot, or what it releases."""
        match event:
            case BankPurchase():
                self.uses[event.id] = told
                self.lots[event.id] = self.releases[event.id] = attrs.evolve(told, lot=event.id)
            case BankRefunded() | BankExtended() | Payment():
                self.uses[event.id] = told
                self.lots[event.bank] = attrs.evolve(told, lot=event.bank)
            case Approval():
                self.releases[event.id] = told
            case WorkEntry() | ChargeItem():
                self.uses[event.id] = told
            case _:
                ticket = getattr(event, "ticket", None)
                if ticket is not None:
                    self.uses[str(ticket)] = told

    def _told(self, event: Event) -> Cause:
        """Say what happened when, and when it was recorded."""
        word = _WORDS.get(type(event)) or re.sub(r"(?<=.)(?=[A-Z])", " ", type(event).__name__).lower()
        recorded = None if event.recorded_at is None else self.zone.date_of(event.recorded_at)
        return Cause("late", event=word, happened=self.zone.date_of(event.at), recorded=recorded)

    def _corrected(self, correction: Void | Replace) -> Cause:
        at = correction.at if correction.recorded_at is None else correction.recorded_at
        code: CauseCode = "voided" if isinstance(correction, Void) else "replaced"
        return Cause(code, id=correction.id, text=correction.reason, recorded=self.zone.date_of(at))

    # -- causes -----------------------------------------------------------------------------------------------------

    def of_period(self, changes: Sequence[Change]) -> dict[str, tuple[Cause, ...]]:
        """Say of each change of a period why it is; changes of earlier periods may be the reason."""
        self.changes += changes
        return {change.key: tuple(self._because(change, changes)) for change in changes}

    def _because(self, change: Change, changes: Sequence[Change]) -> list[Cause]:
        return (
            self._own(change)
            or self._of_the_lot(change)
            or self._of_the_use(change)
            or self._of_the_window(change, changes)
            or self._of_the_terms(change)
            or self._first(change)
            or self._any()
        )

    def _own(self, change: Change) -> list[Cause]:
        """An event of the use itself, or the one that released it."""
        if change.kind == "release":
            named = [told for name, told in self.releases.items() if f"/release/{name}/" in change.key]
            if named:
                return named[:1]
        told = self.uses.get(change.use) or self.uses.get(change.use.rpartition("#")[0])
        return [] if told is None else [told]

    def _of_the_lot(self, change: Change) -> list[Cause]:
        """What happened to the lot, or another use that draws on it before."""
        if not change.lot:
            return []
        if change.lot in self.lots:
            return [self.lots[change.lot]]
        before = [
            other
            for other in self.changes
            if change.lot
            and other.lot == change.lot
            and other.use != change.use
            and other.at <= change.at
            and other.more
        ]
        direct = [other for other in before if self._own(other)]
        return [_drew(direct[0] if direct else before[-1])] if before else []

    def _of_the_use(self, change: Change) -> list[Cause]:
        """Other parts of the use that are paid otherwise now."""
        return [
            Cause(
                "paid-otherwise",
                quantity=quantity(other.unit, abs(other.more)),
                direction="less" if other.more < 0 else "more",
                lot=other.lot,
                source=other.source,
            )
            for other in self.changes
            if other.use == change.use and other.key != change.key and other.more * change.more < 0
        ]

    def _of_the_window(self, change: Change, changes: Sequence[Change]) -> list[Cause]:
        """What stands at the end of a window follows from the lines in it."""
        if change.kind not in _WINDOWED:
            return []
        if change.more and change.was is not None and change.line is not None:
            return [Cause("units", quantity=change.line.counted, instead=change.was.figures.counted)]
        others = sum(other.dearer for other in changes if other.kind not in _WINDOWED[1:] and other.kind != "fee")
        moved = Money.from_minor(others, self.rating.contract.currency)
        return [Cause("window", amount=moved)] if others else []

    def _of_the_terms(self, change: Change) -> list[Cause]:
        """Another price than was closed."""
        if change.line is None or change.was is None or change.line.rate == change.was.rate:
            return [Cause("terms", text=self.consent)] if self.consent else []
        return [Cause("price", price=change.line.rate, price_before=change.was.rate, text=self.consent)]

    def _first(self, change: Change) -> list[Cause]:
        """A use that came first, in a tariff, a limit, free time or a group that both are counted in."""
        for other in self.changes:
            if other.use != change.use and other.at <= change.at and self._own(other):
                return [Cause("no-longer-counts" if other.line is None else "came-first", id=other.use)]
        return []

    def _any(self) -> list[Cause]:
        """What else was recorded since the periods were closed."""
        return [Cause("after", id=", ".join(self.late)) if self.late else Cause("unknown")]


def _drew(other: Change) -> Cause:
    """Say what another use did to a lot."""
    if other.was is None:
        return Cause("came-first", id=other.use)
    if other.line is None:
        return Cause("no-longer-draws", id=other.use)
    more = quantity(other.unit, abs(other.more))
    return Cause("draws", id=other.use, quantity=more, direction="less" if other.more < 0 else "more")
