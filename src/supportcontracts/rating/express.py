"""The express lane: work whose metering is plain, paid by sources that are plain.

Most work is: no group to add up, no scope to look at, no limit to keep. What metering makes of such an entry depends on
the entry alone and is remembered, and paying for it is a few comparisons of whole numbers. For that work this lane
writes what the waterfall would, in a tenth of the time; any other entry goes the long way. The tests rate everything
both ways and compare.

Invariants:

- An entry is paid whole by the lane, or it is not touched.
- A *payer* is the source, and the lot if it has one, that paid last. It has *room* for as many units as it can pay
  while nothing has to be looked at: no lot runs empty, no level is passed. The lane forgets it as soon as anything but
  the lane, a change of the billing period or a fee has had its turn.
"""

from collections.abc import Iterator
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from supportcontracts.events import BankRefunded, WorkEntry
from supportcontracts.ledger import NEVER, OpenLot
from supportcontracts.money import round_ratio
from supportcontracts.quantity import split_whole, weigh
from supportcontracts.rating.meters import ALLOTMENT, BANKS, CHARGE, MeterProgram, SourceProgram, factor_of
from supportcontracts.rating.program import BEGINNING, REFUND
from supportcontracts.rating.records import PART, USE
from supportcontracts.rating.sayings import MOST_REMEMBERED

if TYPE_CHECKING:
    from supportcontracts.rating.fold import Fold

__all__ = ["Express", "Lane"]


def __dir__() -> list[str]:
    return __all__


Share = tuple[SourceProgram, OpenLot | None, int, int]
"""Who pays, from which lot, how many counted units, and what the lot had before."""

Measured = tuple[int, int, int, Any, int]
"""What metering makes of an entry: time less free time, raised to the minimum, stepped, the multiplier, counted."""

Told = tuple[SourceProgram, str, int, int]
"""Who paid, from which lot, how many counted units, and at what settled amount."""

Payer = tuple[Any, OpenLot | None, Any, int]
"""A source, its lot and pool if it has any, and its room."""

NO_LOTS: list[OpenLot] = []
NO_ROOM = -1
NO_PAYER: Payer = (None, None, None, NO_ROOM)


class Lane:
    """What a meter with plain metering needs to pay for a use from plain sources, on the accounts of a fold."""

    __slots__ = ("attributes", "books", "fold", "measured", "meter", "metering", "prices", "rounding", "sources")

    def __init__(self, fold: "Fold", meter: MeterProgram) -> None:
        books = fold.books
        self.fold = fold
        self.books = books
        self.meter = meter
        self.metering = meter.metering
        self.rounding = fold.program.rounding
        self.sources = [
            (source, books.pools[source.pool, meter.unit] if source.kind == BANKS else None) for source in meter.sources
        ]
        self.attributes: Any = attrgetter(*self.metering.looked_at) if self.metering.looked_at else None
        self.measured: dict[Any, dict[int, Measured]] = self.metering.measured
        self.prices: dict[int, int] = {}

    def take(self, event: Any, use: str, at: int, facts: Any) -> list[Told] | None:
        """Pay for a consumed incident, if all of its payers are plain.

        Args:
            event: what consumed it.
            use: the id of the use.
            at: when.
            facts: what multipliers look at.

        Returns:
            Who paid, from which lot, how many counted units, and at what settled amount; None if nothing was done.
        """
        times = self.measured.setdefault(None if self.attributes is None else self.attributes(facts), {})
        found = times.get(1) or self._measure(facts, 1, times)
        shares = self._shares(found[4]) if found[4] else None
        return None if shares is None else self._pay(event, use, 1, at, shares, found)

    def _measure(self, facts: Any, worked: int, times: dict[int, Measured]) -> Measured:
        """Take worked time through free time, minimum, grace, increment and multipliers, and remember it (M1 to M8)."""
        metering = self.metering
        time = raised = stepped = worked
        if self.meter.unit == "work":
            time = metering.unfree(worked) if metering.free else worked
            raised = max(time, metering.minimum) if time else 0
            stepped = metering.rounded(raised)
        factor = factor_of(metering.quantity_factors, metering.combine, facts) if metering.quantity_factors else None
        counted = stepped if factor is None else weigh(stepped, factor)
        if len(times) >= MOST_REMEMBERED:
            times.clear()
        found = times[worked] = (time, raised, stepped, factor, counted)
        return found

    def _shares(self, counted: int) -> list[Share] | None:
        """Who would pay, source by source and lot by lot; None where the waterfall has to decide. Nothing changes."""
        shares: list[Share] = []
        rest = counted
        for source, pool in self.sources:  # pragma: no branch  # the last source never runs out
            if not source.plain:
                return None
            if pool is not None:
                lots = pool.in_order(source.order)
            elif source.kind == ALLOTMENT:
                lots = self.books.allotments.get(source.key, NO_LOTS)
            else:
                shares.append((source, None, rest, 0))
                break
            for lot in lots:
                had = lot.left
                if had:
                    if lot.restrictions:
                        return None
                    if had >= rest:
                        shares.append((source, lot, rest, had))
                        return shares
                    shares.append((source, lot, had, had))
                    rest -= had
            if source.overdraw is not None:
                return None
        return shares

    def _pay(self, event: Any, use: str, worked: int, at: int, shares: list[Share], found: Measured) -> list[Told]:
        """Draw what each one pays, write it, and tell what it came to."""
        drawn: dict[SourceProgram, int] = {}
        for source, lot, pays, had in shares:
            if lot is not None:
                lot.left = had - pays
                if source.kind == BANKS:
                    drawn[source] = drawn.get(source, 0) + pays
                    if pays == had:
                        self.books.pools[source.pool, source.meter.unit].sorted.clear()
        for source, amount in drawn.items():
            pool = self.books.pools[source.pool, source.meter.unit]
            before = pool.left
            pool.left = before - amount
            if pool.alert is None or pool.left <= pool.alert:
                self.books.warn(pool, before, at, use)
        piece, write = self.fold.piece, self.books.journal.append
        if len(shares) == 1:
            source, lot, pays, had = shares[0]
            minor = self._price(source, found[4] if source.by_counted else found[2]) if source.kind == CHARGE else 0
            lot_id = "" if lot is None else lot.id
            write((USE, at, piece, source, event, use, lot_id, had, minor, found))
            return [(source, lot_id, pays, minor)]
        # Quantities of the parts add up, and each part is priced from the quantity that it shows (D8, D23).
        weights = [share[2] for share in shares]
        times, billables = split_whole(worked, weights), split_whole(found[2], weights)
        rest = found[4]
        told = []
        for number, (source, lot, pays, had) in enumerate(shares):
            rest -= pays
            billable = billables[number]
            minor = self._price(source, pays if source.by_counted else billable) if source.kind == CHARGE else 0
            lot_id = "" if lot is None else lot.id
            part = (times[number], billable, pays, rest)
            write((PART, at, piece, source, event, use, lot_id, had, minor, found, part))
            told.append((source, lot_id, pays, minor))
        return told

    def _price(self, source: SourceProgram, quantity: int) -> int:
        """Settle what a quantity costs; there is one plain charge in a waterfall, the last source (D23)."""
        minor = self.prices.get(quantity)
        if minor is None:
            up, down = source.flat_ratio  # type: ignore[misc]  # a plain charge is flat
            minor = self.prices[quantity] = round_ratio(up * quantity, down, self.rounding)
        return minor


class Express(Lane):
    """The lane of all work in a phase whose first meter admits everything and is plain."""

    __slots__ = ()

    def run(self, first: Any, waiting: Iterator[Any]) -> Any:  # noqa: C901, PLR0912  # one pass, everything at hand
        """Take the events in order, with the calendar merged in, as long as the phase lasts.

        Args:
            first: the next event.
            waiting: the events after it, in canonical order.

        Returns:
            The first event after the phase, to which the calendar has been advanced; None if there is none.
        """
        fold, books, attributes, measured = self.fold, self.books, self.attributes, self.measured
        due, piece, write = books.due, fold.piece, books.journal.append
        times = measured.setdefault(None, {})
        source, lot, pool, room = NO_PAYER
        lot_id = ""
        for event in chain((first,), waiting):
            at = event.epoch
            if at >= due:
                if fold.calendar.advance(at, REFUND if type(event) is BankRefunded else BEGINNING):
                    if fold.express is not self:
                        return event
                    room = NO_ROOM
                due, piece = books.due, fold.piece
            if type(event) is WorkEntry and event.billable == "billable" and event.reservation is None:
                worked = event.worked.seconds
                if attributes is not None:
                    facts = attributes(event)
                    times = measured.get(facts) or measured.setdefault(facts, {})
                found = times.get(worked) or self._measure(event, worked, times)
                counted = found[4]
                if counted > room and counted:
                    source, lot, pool, room = self._payer()
                    lot_id = "" if lot is None else lot.id
                if 0 < counted <= room:
                    room -= counted
                    had = minor = 0
                    if lot is not None:
                        had = lot.left
                        lot.left = had - counted
                        if pool is not None:
                            pool.left -= counted
                    elif source.kind == CHARGE:
                        minor = self._price(source, counted if source.by_counted else found[2])
                    write((USE, at, piece, source, event, event.id, lot_id, had, minor, found))
                    continue
                shares = self._shares(counted) if counted else None
                if shares is not None:
                    self._pay(event, event.id, worked, at, shares, found)
                    room = NO_ROOM
                    continue
            if fold.handle(event, at):
                room = NO_ROOM
            due = books.due
        return None

    def _payer(self) -> Payer:
        """The first that has anything left, with its room."""
        for source, pool in self.sources:  # pragma: no branch  # the last source never runs out
            if not source.plain:
                break
            if pool is not None:
                lots = pool.in_order(source.order)
            elif source.kind == ALLOTMENT:
                lots = self.books.allotments.get(source.key, NO_LOTS)
            else:
                return source, None, None, NEVER
            for lot in lots:
                if lot.left:
                    if lot.restrictions:
                        return NO_PAYER
                    if pool is None:
                        return source, lot, None, lot.left - 1
                    if pool.alert is None:
                        return NO_PAYER
                    return source, lot, pool, min(lot.left, pool.left - pool.alert) - 1
            if source.overdraw is not None:
                break
        return NO_PAYER
