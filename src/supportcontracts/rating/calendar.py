"""The calendar of a fold: what falls due by itself, in the order endings, turn of period, beginnings (D2, D3)."""

from collections.abc import Callable
from fractions import Fraction
from heapq import heappop
from typing import TYPE_CHECKING, Any, ClassVar

from supportcontracts.contracts.allotments import Allotment
from supportcontracts.ledger import NEVER, OpenLot
from supportcontracts.money import Money, round_ratio
from supportcontracts.quantity import Quantity
from supportcontracts.rating.meters import SourceProgram
from supportcontracts.rating.pricing import volume_price
from supportcontracts.rating.program import (
    ARRIVE,
    DAYS_LEFT,
    END_ADJUST,
    END_ALLOTMENT,
    END_DEFICIT,
    END_HELD,
    END_LOT,
    END_VOLUME,
    FEE,
    GRANT,
    TURN,
    FeeDue,
    Grant,
)
from supportcontracts.rating.records import LINE

if TYPE_CHECKING:
    from supportcontracts.rating.fold import Fold

__all__ = ["Calendar"]


def __dir__() -> list[str]:
    return __all__


class Calendar:
    """What is due, from the program's schedule and from what happened; it acts on the accounts of the fold."""

    __slots__ = ("fold", "place")

    def __init__(self, fold: "Fold") -> None:
        self.fold = fold
        self.place = 0
        self.look_ahead()

    def look_ahead(self) -> None:
        """Remember when the next thing is due."""
        times, heap = self.fold.program.due_times, self.fold.books.heap
        scheduled = times[self.place] if self.place < len(times) else NEVER
        self.fold.books.due = min(scheduled, heap[0][0]) if heap else scheduled

    def advance(self, at: int, before: int) -> bool:
        """Do everything that is due before `at`, and at `at` what comes in order before `before`.

        Returns:
            Whether that was more than fees and changes of the billing period, which touch no lot.
        """
        fold, schedule, heap = self.fold, self.fold.program.schedule, self.fold.books.heap
        place, count = self.place, len(schedule)
        more = False
        while True:
            if heap and (place == count or heap[0][:3] < schedule[place][:3]):
                when, order, _, _, what = heap[0]
                if when > at or (when == at and order >= before):
                    break
                heappop(heap)
            elif place < count:
                when, order, _, what = schedule[place]
                if when > at or (when == at and order >= before):
                    break
                place += 1
            else:
                break
            if order == TURN and what[0] is fold.phase:
                fold.piece = what[1]
            elif order == FEE:
                self._fee(when, what)
            else:
                self.place = place
                self.ACTIONS[order](self, when, what)
                more = True
        self.place = place
        self.look_ahead()
        return more

    def boundaries(self, after: int, before: int) -> list[int]:
        """The instants strictly between two at which a period, an allotment or a bank ends, as known now (D5)."""
        program = self.fold.program
        found = {after}
        found |= {due.at for due in program.schedule[self.place :] if due.order in (END_ALLOTMENT, TURN)}
        banks = (lot for lot in self.fold.books.lots.values() if lot.kind == "bank")
        found |= {lot.ends for lot in banks if lot.status != "ended"}
        return sorted(edge for edge in found if after < edge < before)

    # -- endings ----------------------------------------------------------------------------------------------------

    def _end_lot(self, at: int, lot: OpenLot) -> None:
        if lot.ends == at and lot.status != "ended":
            self.fold.books.expire(lot, at)

    def _end_allotment(self, at: int, grant: Grant) -> None:
        """Roll over what the terms let roll, and forfeit the rest (D19)."""
        books, source = self.fold.books, grant.source
        lots = books.allotments.get(source.key, [])
        ending: list[OpenLot] = []
        living: list[OpenLot] = []
        for lot in lots:
            (ending if lot.kind == "grant" or lot.ends <= at else living).append(lot)
        books.allotments[source.key] = living
        if len(ending) > 1:
            ending.sort(key=lambda lot: lot.kind)
        self._roll(at, grant, ending)
        for lot in ending:
            books.expire(lot, at)
            if lot.unit == "work":
                del books.lots[lot.id]

    def _roll(self, at: int, grant: Grant, ending: list[OpenLot]) -> None:
        books, source = self.fold.books, grant.source
        assert isinstance(source.terms, Allotment)
        rollover = source.terms.rollover
        if rollover is None or grant.last:
            return
        base = [lot for lot in ending if lot.left and (lot.kind == "grant" or rollover.base == "all-left")]
        if not base:
            return
        left = sum([lot.left for lot in base])
        rolls = _share(rollover.share, left)
        if rollover.cap is not None:
            rolls = min(rolls, _share(rollover.cap, grant.size))
        if not rolls:
            return
        rest = rolls
        for lot in base:
            out = min(lot.left, rest)
            if out:
                lot.left -= out
                rest -= out
                books.move(at, "roll-out", lot.id, out, lot.unit, grant.rolled)
        unit, ends, last_day = source.meter.unit, grant.rolled_end, grant.rolled_until
        rolled = OpenLot.of_allotment(grant.rolled, source.key, "rolled", unit, rolls, at, ends, last_day)
        rolled.status = "arriving"
        books.arriving[source.key] = rolled

    def _volume(self, at: int, what: tuple[SourceProgram, str]) -> None:
        """Price the whole quantity of a window by the band that it reached (D26)."""
        source, window = what
        fold = self.fold
        quantity = max(
            0, fold.books.counts.pop(("volume", source.key, source.per or "period", window), 0) - source.free_first
        )
        if not quantity:
            return
        band, exact = volume_price(source.charge.tariff, quantity)  # type: ignore[arg-type]  # volume by its flag
        minor = round_ratio(exact.numerator, exact.denominator, fold.program.rounding)
        fold.line(
            at,
            "volume",
            f"{source.key}/{window}",
            disposition="charged",
            minor=minor,
            exact=exact,
            source=source,
            meter=source.meter,
            counted=quantity,
            price=band.price,
            detail=band,
        )
        if source.adjusted:
            per = source.charge.adjust_per
            piece, phase = fold.piece, fold.phase
            assert piece is not None
            assert phase is not None
            settled = ("settled", source.key, piece.key if per == "period" else phase.key)
            fold.books.counts[settled] = fold.books.counts.get(settled, 0) + minor

    def _adjust(self, at: int, what: tuple[SourceProgram, str, tuple[int, int]]) -> None:
        """Discount, then maximum, then minimum, one line each, over the settled lines of the window (D26)."""
        source, window, days = what
        charge, fold = source.charge, self.fold
        stub = days if charge.stubs == "prorated" else (1, 1)
        total = fold.books.counts.pop(("settled", source.key, window), 0)
        for kind in ("discount", "maximum", "minimum"):
            change = bound = 0
            exact = None
            if kind == "discount" and charge.discount is not None:
                exact = charge.discount * total
                exact = -exact
                change = round_ratio(exact.numerator, exact.denominator, fold.program.rounding)
            elif kind == "maximum" and charge.maximum is not None:
                bound = self._prorated(charge.maximum, stub)
                change = min(0, bound - total)
            elif kind == "minimum" and charge.minimum is not None:
                bound = self._prorated(charge.minimum, stub)
                change = max(0, bound - total)
            if change:
                fold.line(
                    at,
                    kind,
                    f"{source.key}/{window}",
                    disposition="charged" if change > 0 else "credited",
                    minor=change,
                    exact=exact,
                    source=source,
                    meter=source.meter,
                    detail=(total, bound, stub),
                )
                total += change

    def _prorated(self, amount: Money, days: tuple[int, int]) -> int:
        """Take the days of a period out of those of its cycle, settled once (D29)."""
        return round_ratio(amount.minor * days[0], days[1], self.fold.program.rounding)

    def _end_deficit(self, at: int, account: str) -> None:
        """Charge what is still owed, at the price of the source that went below zero last (D18)."""
        fold = self.fold
        owed = fold.books.deficits.get(account, 0)
        if not owed:
            return
        _, source = fold.books.overdrawn[account]
        assert source.overdraw is not None
        price = source.overdraw.settled_at
        exact = price.per_unit() * owed
        minor = round_ratio(exact.numerator, exact.denominator, fold.program.rounding)
        fold.books.settle_debt(account, minor, source.meter.unit, at)
        fold.line(
            at,
            "overdraft",
            account,
            disposition="charged",
            minor=minor,
            exact=exact,
            source=source,
            meter=source.meter,
            counted=owed,
            price=price,
        )

    def _end_held(self, at: int, _: object) -> None:
        """Refuse what is still held when the contract ends (D20)."""
        fold = self.fold
        for item in fold.held.items:
            source = fold.program.source_in(item.phase, item.source)
            fold.line(
                at,
                "release",
                item.use,
                disposition="refused",
                part=item.part,
                code="held-at-end",
                source=source,
                meter=source.meter,
                worked=item.worked,
                billable=item.billable,
                counted=item.counted,
                detail=item,
            )
        fold.held.items = []

    # -- turn and beginnings ----------------------------------------------------------------------------------------

    def _turn(self, at: int, what: tuple[Any, Any]) -> None:
        fold = self.fold
        phase, fold.piece = what
        if phase is not fold.phase:
            fold.enter(phase, at)

    def _fee(self, at: int, due: FeeDue) -> None:
        self.fold.books.journal.append(
            (
                LINE,
                at,
                "fee",
                self.fold.piece,
                None,
                None,
                due.fee.name,
                1,
                "",
                "charged",
                "",
                0,
                0,
                0,
                None,
                due.minor,
                due.minor,
                None,
                due,
                "",
            )
        )

    def _grant(self, at: int, grant: Grant) -> None:
        """Grant the units of a period; a deficit is repaid from them first (D18, D19, D29)."""
        books, source = self.fold.books, grant.source
        assert isinstance(source.terms, Allotment)
        key, unit, size = source.key, source.meter.unit, grant.size
        own = OpenLot.of_allotment(grant.own, key, "grant", unit, size, at, grant.end, grant.last_day)
        books.lots[own.id] = own
        books.move(at, "grant", own.id, size, unit, key)
        lots = [lot for lot in books.allotments.get(source.key, ()) if lot.kind == "rolled"]
        rolled = books.arriving.pop(source.key, None)
        if rolled is not None:
            rolled.status = "usable"
            books.lots[rolled.id] = rolled
            books.move(at, "roll-in", rolled.id, rolled.quantity, rolled.unit, rolled.id.removesuffix(">rolled"))
            lots.append(rolled)
        books.repay(own, own.left, at)
        first = source.terms.rollover is None or source.terms.rollover.use == "first"
        books.allotments[source.key] = [*lots, own] if first else [own, *lots]

    def _arrive(self, at: int, lot: OpenLot) -> None:
        if lot.status == "arriving" and lot.starts == at:
            self.fold.books.arrive(lot, at)
            self.fold.began(lot, at)

    def _days_left(self, at: int, what: tuple[OpenLot, Any, Any]) -> None:
        lot, expires_on, level = what
        # An extension, or the terms of another phase, may have overtaken it.
        if lot.expires_on == expires_on and level in self.fold.books.pool_of(lot).terms.warn_levels:
            self.fold.books.warn_days(lot, level, at)

    # What to do when something is due, but for fees and turns within a phase, which `advance` does by itself.
    ACTIONS: ClassVar[dict[int, Callable[["Calendar", int, Any], None]]] = {
        END_LOT: _end_lot,
        END_ALLOTMENT: _end_allotment,
        END_VOLUME: _volume,
        END_ADJUST: _adjust,
        END_DEFICIT: _end_deficit,
        END_HELD: _end_held,
        TURN: _turn,
        GRANT: _grant,
        ARRIVE: _arrive,
        DAYS_LEFT: _days_left,
    }


def _share(share: Fraction | Quantity, whole: int) -> int:
    """A share of whole units, rounded down, or a quantity of its own."""
    return whole * share.numerator // share.denominator if isinstance(share, Fraction) else share.amount
