"""Units that pay: allotments through their periods, and draws from allotments and banks.

What a sublimit still admits is added up from the notes about earlier draws whenever it is asked for.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import floor
from typing import NamedTuple

from supportcontracts.contracts.allotments import Allotment, Overdraw, SubLimit
from supportcontracts.contracts.banks import Banks
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.metering import Metering
from supportcontracts.contracts.plans import Meter
from supportcontracts.money import Price
from tests.oracle.bankdesk import GRANT, PERIOD_END, BankDesk
from tests.oracle.days import Stretch
from tests.oracle.diary import BEGINNING, ENDING, Place
from tests.oracle.notes import Debt, Lot, Owed
from tests.oracle.sums import pour
from tests.oracle.terms import PhaseView, Use, admits
from tests.oracle.windows import Run

# A source of a plan: the number of the phase, the meter, the number of the source in it.
SourceKey = tuple[int, str, int]

# Which meter overdrew last, and the price at which it is settled.
Overdrawn = tuple[str, Price]


@dataclass(frozen=True)
class Ask:
    """A use that asks its sources to pay, at an instant; `approved` once the customer said so."""

    use: Use
    place: Place
    meter: Meter
    metering: Metering
    now: int
    worked: int
    billable: int
    counted: int
    approved: bool = False
    runs: tuple[Run, ...] = ()

    def key(self, index: int) -> SourceKey:
        """Name one of its sources."""
        return (self.place.phase.number, self.meter.name, index)


@dataclass(frozen=True)
class Part:
    """What one source, and one lot of it, pays of a use."""

    index: int
    source: str
    counted: int
    disposition: str
    code: str = ""
    lot: Lot | None = None
    owed: Debt | None = None


class Drawn(NamedTuple):
    """A note: a use drew from an allotment."""

    key: SourceKey
    period: int
    now: int
    use: Use
    counted: int


class Sources(BankDesk):
    """Allotments and banks, as they pay."""

    def __init__(self, contract: Contract, until: int) -> None:
        super().__init__(contract, until)
        self.draws: list[Drawn] = []
        self.overdrawn: dict[Owed, Overdrawn] = {}

    # Draws

    def own_lots(self, key: SourceKey, now: int) -> list[Lot]:
        """List the lots of an allotment that have arrived and not ended, the earliest period first, rolled first."""
        owed = (f"{key[1]}/{key[2]}", key[0])
        lots = [lot for lot in self.book.lots.values() if lot.source == owed and not lot.ended]
        return sorted(lots, key=lambda lot: (not lot.rolled, lot.origin))

    def draw_allotment(self, ask: Ask, index: int, source: Allotment, rest: int) -> list[Part]:
        """Draw the lots of the period, then overdraw if agreed, under every sublimit that admits the use."""
        key = ask.key(index)
        owed = (f"{ask.meter.name}/{index}", ask.place.phase.number)
        periods = ask.place.phase.periods(source.per)
        period = next(period for period in periods if period.start <= ask.now < period.end)
        lots = self.own_lots(key, ask.now)
        if source.rollover is not None and source.rollover.use == "last":
            lots = [lot for lot in lots if not lot.rolled] + [lot for lot in lots if lot.rolled]
        lids = [
            self.room(ask, key, sublimit, period) for sublimit in source.sublimits if admits(sublimit.scope, ask.use)
        ]
        cups = [self.book.left(lot) for lot in lots]
        if isinstance(source.short, Overdraw):
            limit = source.short.limit
            most = floor(limit * source.quantity.amount) if isinstance(limit, Fraction) else limit.amount
            cups.append(max(0, most - self.book.owed(owed)))
            self.overdrawn[owed] = (ask.meter.name, source.short.settled_at)
        taken = pour(rest, cups, lids, all_or_nothing=source.short == "whole-to-next")
        parts = []
        for lot, counted in zip(lots, taken, strict=False):
            if counted:
                self.book.move(lot, "drawn", counted)
                parts.append(Part(index, "allotment", counted, "included", lot=lot))
        for counted in taken[len(lots) :]:
            if counted:
                debt = self.book.overdraw(owed, counted, ask.meter.unit)
                parts.append(Part(index, "overdraft", counted, "drawn", owed=debt))
        if sum(taken):
            self.draws.append(Drawn(key, period.start, ask.now, ask.use, sum(taken)))
        return parts

    def room(self, ask: Ask, key: SourceKey, sublimit: SubLimit, period: Stretch) -> int:
        """Add up what a sublimit still admits in its window."""

        def same_window(note: Drawn) -> bool:
            match sublimit.per:
                case "period":
                    return note.period == period.start
                case "day":
                    return self.day(note.now) == self.day(ask.now)
                case "week":
                    return self.day(note.now).isocalendar()[:2] == self.day(ask.now).isocalendar()[:2]

        used = sum(
            note.counted
            for note in self.draws
            if note.key == key and admits(sublimit.scope, note.use) and same_window(note)
        )
        return max(0, sublimit.quantity.amount - used)

    def draw_banks(self, ask: Ask, index: int, source: Banks, rest: int, *, overdraw: bool = True) -> list[Part]:
        """Draw the usable banks of the pool in order, then overdraw if agreed."""
        pool, unit = source.pool, ask.meter.unit
        usable = [
            lot
            for lot in self.book.banks(pool, unit)
            if lot.bank is not None
            and self.has_begun(lot, source, ask.now)
            and not lot.ended
            and admits(lot.bank.scope, ask.use)
        ]
        lots = self.in_order(usable, source)
        cups = [self.book.left(lot) for lot in lots]
        owed = (pool, unit)
        if isinstance(source.short, Overdraw) and overdraw:
            limit = source.short.limit
            if isinstance(limit, Fraction):
                newest = self.newest(pool, unit, source, ask.now)
                most = floor(limit * newest.quantity) if newest is not None else 0
            else:
                most = limit.amount
            cups.append(max(0, most - self.book.owed(owed)))
            self.overdrawn[owed] = (ask.meter.name, source.short.settled_at)
        taken = pour(rest, cups, [], all_or_nothing=source.short == "whole-to-next")
        parts = []
        drawn = {lot: counted for lot, counted in zip(lots, taken, strict=False) if counted}
        if drawn:
            self.take("drawn", drawn, ask.now, ask.use.id)
        for lot, counted in drawn.items():
            parts.append(Part(index, "banks", counted, "drawn", lot=lot))
        for counted in taken[len(lots) :]:
            if counted:
                debt = self.book.overdraw(owed, counted, ask.meter.unit)
                parts.append(Part(index, "overdraft", counted, "drawn", owed=debt))
        return parts

    # Allotments through their periods

    def plan_allotment(self, phase: PhaseView, meter: Meter, index: int, source: Allotment) -> None:
        """Plan the grants of an allotment and the ends of its periods."""
        order = f"{meter.name}/{index}"
        for number, period in enumerate(phase.periods(source.per)):
            grant = partial(self.grant, phase, meter, index, source, period)
            end = partial(self.allotment_period_ends, phase, meter, index, source, number)
            self.plan(period.start, BEGINNING, (GRANT, order), grant)
            self.plan(period.end, ENDING, (PERIOD_END, order), end)

    def grant(self, phase: PhaseView, meter: Meter, index: int, source: Allotment, period: Stretch) -> None:
        """Grant the units of a period; they first repay what is owed (D18)."""
        owed = (f"{meter.name}/{index}", phase.number)
        lot = Lot(
            f"{meter.name}/{index}/{period.starts_on}",
            meter.unit,
            source.quantity.amount,
            source=owed,
            origin=period.start,
            ends_at=period.end,
        )
        self.book.lots[lot.id] = lot
        self.book.move(lot, "granted", lot.quantity)
        self.book.repay(owed, lot, lot.quantity)

    def allotment_period_ends(self, phase: PhaseView, meter: Meter, index: int, source: Allotment, number: int) -> None:
        """Roll over what is agreed of what is left, and forfeit the rest (D19)."""
        periods = phase.periods(source.per)
        period = periods[number]
        ending = [
            lot for lot in self.own_lots((phase.number, meter.name, index), period.end) if lot.ends_at == period.end
        ]
        ending.sort(key=lambda lot: lot.rolled)
        rule = source.rollover
        rolling = 0
        if rule is not None and number < len(periods) - 1:
            base = sum(self.book.left(lot) for lot in ending if not lot.rolled or rule.base == "all-left")
            rolling = floor(rule.share * base)
            if isinstance(rule.cap, Fraction):
                rolling = min(rolling, floor(rule.cap * source.quantity.amount))
            elif rule.cap is not None:
                rolling = min(rolling, rule.cap.amount)
            if rolling:
                until = periods[min(number + rule.lasts, len(periods) - 1)].end
                name = f"{meter.name}/{index}/{period.starts_on}>rolled"
                owed = (f"{meter.name}/{index}", phase.number)
                lot = Lot(name, meter.unit, rolling, owed, rolled=True, origin=period.start, ends_at=until)
                self.plan(period.end, BEGINNING, (GRANT, name), partial(self.roll_in, lot))
        for lot, out in zip(ending, pour(rolling, [self.book.left(lot) for lot in ending], []), strict=True):
            self.book.move(lot, "rolled_out", out)
            self.book.move(lot, "forfeited", self.book.left(lot))
            lot.ended = True

    def roll_in(self, lot: Lot) -> None:
        """Let a rolled lot begin with the period after its origin."""
        self.book.lots[lot.id] = lot
        self.book.move(lot, "rolled_in", lot.quantity)
