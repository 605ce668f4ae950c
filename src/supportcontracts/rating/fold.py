"""The fold: starting state + ordered happenings → new state + a contiguous journal.

One pass over the events in canonical order, with what the calendar brings merged in: at one instant, endings come
before beginnings, and both before use (D3). Inside are whole units, epoch seconds and minor units; everything that was
computed is appended to the journal as a compact record, and turned into lines and words when somebody looks.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from itertools import pairwise
from typing import Any

from supportcontracts.events import (
    RANKS,
    Approval,
    BankExtended,
    BankPurchase,
    BankRefunded,
    ChargeItem,
    Payment,
    Released,
    Reserved,
    WorkEntry,
)
from supportcontracts.ledger import OpenLot
from supportcontracts.money import Money, Price, round_ratio
from supportcontracts.rating.accounts import Accounts
from supportcontracts.rating.calendar import Calendar
from supportcontracts.rating.express import Express, Lane
from supportcontracts.rating.holding import Held
from supportcontracts.rating.incidents import Incidents
from supportcontracts.rating.measuring import Measuring
from supportcontracts.rating.meters import MeterProgram, admits
from supportcontracts.rating.program import BEGINNING, REFUND, TURN, PhaseProgram, Program, Slice
from supportcontracts.rating.records import LINE
from supportcontracts.rating.waterfall import Use, Waterfall
from supportcontracts.timeline import epoch

__all__ = ["Fold", "Happening"]


def __dir__() -> list[str]:
    return __all__


Happening = Any
"""An event, or an `Arrival`, in canonical order; what they share is `epoch` and `id`."""


class Fold:
    """One pass over the happenings of one contract; mutable, private, and gone when the call returns."""

    __slots__ = (
        "books",
        "calendar",
        "carried",
        "express",
        "held",
        "incidents",
        "lanes",
        "measuring",
        "phase",
        "piece",
        "program",
        "waterfall",
        "zone",
    )

    def __init__(self, program: Program) -> None:
        self.program = program
        self.zone = program.zone
        self.books = Accounts(program)
        self.waterfall = Waterfall(self.books)
        self.measuring = Measuring(self.books)
        self.phase: PhaseProgram | None = None
        self.piece: Slice | None = None
        self.held = Held(self)
        self.carried: list[tuple[int, int, str, Any]] = []
        self.express: Express | None = None
        self.lanes: dict[MeterProgram, Lane] = {}
        self.calendar = Calendar(self)
        self.incidents = Incidents(self)

    # -- the pass ---------------------------------------------------------------------------------------------------

    def run(self, happenings: Sequence[Happening], until: int) -> None:
        """Take the happenings in order, with the calendar merged in, up to but not including `until` (D2)."""
        books, advance, carried = self.books, self.calendar.advance, self.carried
        waiting = iter(happenings)
        event = next(waiting, None)
        while event is not None:
            at, kind = event.epoch, type(event)
            while carried and carried[0][:3] < (at, RANKS.get(kind, ARRIVAL_RANK), event.id):
                self._carry(heappop(carried))
            if at >= books.due:
                advance(at, REFUND if kind is BankRefunded else BEGINNING)
            if self.express is not None and not carried:
                event = self.express.run(event, waiting)
            else:
                self.handle(event, at)
                event = next(waiting, None)
        while carried and carried[0][0] < until:
            self._carry(heappop(carried))
        advance(until, TURN)

    def handle(self, event: Happening, at: int) -> bool:
        """Let one event have its effect, the calendar having been brought up to it.

        Returns:
            Whether the lots of work may have changed; what happens to tickets leaves them alone.
        """
        kind = type(event)
        if kind is WorkEntry:
            self.work(event, at)
        elif kind in _HANDLERS:
            _HANDLERS[kind](self, event, at)
        else:
            self.incidents.happen(event, at)
            return False
        return True

    def enter(self, phase: PhaseProgram | None, at: int) -> None:
        """Go into a phase, or into none; where its terms allow, work takes the express lane."""
        self.phase = phase
        if phase is not None:
            self.books.adopt(phase, at)
        asks = self.program.contract.record_within is not None
        plain = None if phase is None or not phase.express or asks else phase.work_meters[0]
        self.express = None if plain is None else Express(self, plain)
        self.lanes = {} if phase is None else {m: Lane(self, m) for m in phase.incident_meters if m.express}

    def recorded_late(self, event: Any) -> bool:
        """Whether use was recorded later than the terms accept, by local days (D31)."""
        within = self.program.contract.record_within
        if within is None or event.recorded_at is None:
            return False
        days = self.zone.date_of(event.recorded_at).toordinal() - self.zone.date_of(event.at).toordinal()
        return days > within.count

    def _carry(self, rest: tuple[int, int, str, Any]) -> None:
        at, _, _, (entry, part, worked) = rest
        if at >= self.books.due:
            self.calendar.advance(at, BEGINNING)
        self.work(entry, at, worked=worked, part=part)

    # -- writing ----------------------------------------------------------------------------------------------------

    def line(
        self,
        at: int,
        kind: str,
        use: str,
        *,
        disposition: str,
        minor: int = 0,
        exact: Any = None,
        code: str = "",
        lot: str = "",
        source: Any = None,
        meter: MeterProgram | None = None,
        worked: int = 0,
        billable: int = 0,
        counted: int = 0,
        price: Price | None = None,
        metered: Any = None,
        detail: Any = (),
        cause: str = "",
        piece: Slice | None = None,
        part: int = 1,
    ) -> None:
        """Append a line that did not go through a waterfall."""
        self.books.journal.append(
            (
                LINE,
                at,
                kind,
                piece or self.piece,
                meter,
                source,
                use,
                part,
                lot,
                disposition,
                code,
                worked,
                billable,
                counted,
                price,
                minor if exact is None else exact,
                minor,
                metered,
                detail,
                cause,
            )
        )

    # -- work -------------------------------------------------------------------------------------------------------

    def work(self, entry: WorkEntry, at: int, *, worked: int | None = None, part: int = 1) -> None:
        """Meter a work entry, or a part of one that was cut, and take it to the sources of its meter (D8 to D15)."""
        phase, piece = self.phase, self.piece
        whole = worked is None
        worked = entry.worked.seconds if worked is None else worked
        if entry.reservation is not None and part == 1:
            self.books.reservations.pop(entry.reservation, None)
        meter = None if phase is None else self.meter_of(phase.work_meters, entry)
        labour = entry.ticket is not None and phase is not None and self.incidents.labour_included(phase, entry.ticket)
        if phase is None or piece is None or (meter is None and not labour):
            code = "outside-term" if phase is None else "no-meter"
            self.line(at, "use", entry.id, disposition="refused", code=code, worked=worked, detail=entry, part=part)
            return
        if self.recorded_late(entry):
            self.line(
                at, "use", entry.id, disposition="refused", code="recorded-late", worked=worked, detail=entry, part=part
            )
            return
        metering = None if meter is None else meter.metering_of(entry)
        if meter is None or metering is None or labour or entry.billable != "billable":
            disposition, code = ("included", "incident") if labour else ("free", "non-billable")
            metered: tuple[Any, ...] = (entry, metering, "", worked, 0, 0, 0, 0, 0, 0, None, 0, None, None)
            self.line(
                at,
                "use",
                entry.id,
                disposition=disposition,
                code=code,
                meter=meter,
                worked=worked,
                metered=metered,
                detail=entry,
                part=part,
            )
            return
        if metering.split and whole and worked:
            worked = self._cut(entry, at, worked)
        metered = self.measuring.metered(entry, at, worked, meter, metering, phase, piece)
        billable, counted, price_factor = metered[9], metered[11], metered[12]
        if not counted:
            self.line(
                at,
                "use",
                entry.id,
                disposition="free" if worked else "included",
                code="nothing-counted",
                meter=meter,
                worked=worked,
                billable=billable,
                metered=metered,
                part=part,
            )
            return
        use = Use(
            entry.id,
            part,
            "use",
            at,
            entry,
            phase,
            piece,
            worked,
            billable,
            counted,
            price_factor,
            metered,
        )
        if metered[13] is not None and len(metered[13][0]) > 1:
            use.stretches = metered[13][0]
        parts = self.waterfall.pay(use, meter)
        if any(paid_by[3] == "held" for paid_by in parts):
            self.held.hold(use, meter, parts)

    @staticmethod
    def meter_of(meters: tuple[MeterProgram, ...], facts: Any) -> MeterProgram | None:
        """The first meter whose scope admits a use (D14)."""
        for meter in meters:
            if not meter.restrictions or admits(meter.restrictions, facts):
                return meter
        return None

    def _cut(self, entry: WorkEntry, at: int, worked: int) -> int:
        """Cut work at every end of a period or bank inside it, and carry the later parts to their instants (D5)."""
        edges = [*self.calendar.boundaries(at, at + worked), at + worked]
        for number, (start, end) in enumerate(pairwise(edges), 2):
            heappush(self.carried, (start, WORK_RANK, entry.id, (entry, number, end - start)))
        return edges[0] - at

    # -- banks ------------------------------------------------------------------------------------------------------

    def purchase(self, event: BankPurchase, at: int) -> None:
        """A bank is bought: a charge line at its price, and a lot (D17, D28)."""
        key = (event.pool, event.quantity.unit)
        if key not in self.books.pools:
            self.line(at, "purchase", event.id, disposition="refused", code="no-banks-in-terms", detail=event)
            return
        cost, exact = self._cost(event)
        price = event.price if isinstance(event.price, Price) else None
        self.line(
            at,
            "purchase",
            event.id,
            disposition="charged",
            minor=cost,
            exact=exact,
            lot=event.id,
            counted=event.quantity.amount,
            price=price,
            detail=event,
        )
        if event.id not in self.books.lots:
            starts = at if event.usable_from is None else epoch(event.usable_from)
            self.began(self.books.purchase(event, at, starts, cost), at)

    def began(self, lot: OpenLot, at: int) -> None:
        """A bank that pays for held use does so as soon as it can be used (D20)."""
        if lot.releases and lot.status == "usable" and self.held.items:
            self.held.release(at, cause=lot.id, pool=lot.source)

    def _cost(self, event: BankPurchase) -> tuple[int, Fraction]:
        if event.price is None:
            return 0, Fraction(0)
        if isinstance(event.price, Money):
            return event.price.minor, Fraction(event.price.minor)
        exact = event.price.per_unit() * event.quantity.amount
        return round_ratio(exact.numerator, exact.denominator, self.program.rounding), exact

    def arrival(self, event: "Arrival", at: int) -> None:
        """A bank whose stated start lies before its purchase is usable from that start (D17)."""
        bought = event.purchase
        if (bought.pool, bought.quantity.unit) in self.books.pools:
            self.began(self.books.purchase(bought, at, at, self._cost(bought)[0]), at)

    def _bank(self, event: Any, at: int) -> OpenLot | None:
        lot = self.books.lots.get(event.bank)
        if lot is None:
            self.books.move(at, "refused", event.bank, 0, "work", event.id, "unknown-bank")
        return lot

    def payment(self, event: Payment, at: int) -> None:
        """A bank is paid for; one that waited for it becomes usable (D17)."""
        lot = self.books.lots.get(event.bank)
        self.books.paid.add(event.bank)
        if lot is not None and lot.status == "unpaid":
            lot.starts = max(lot.starts, at)
            self.books.settle_in(lot, at)
            self.began(lot, at)

    def extension(self, event: BankExtended, at: int) -> None:
        """The last day of a bank moves (D7)."""
        lot = self._bank(event, at)
        if lot is not None:
            self.books.extend(lot, event.expires_on, at, event.id)

    def refund(self, event: BankRefunded, at: int) -> None:
        """Unused units go back for money; refunds of one bank sum to its price (D24)."""
        lot = self._bank(event, at)
        if lot is None:
            return
        amount = None if event.quantity is None else event.quantity.amount
        if event.quantity is not None and event.quantity.unit != lot.unit:
            self.books.move(at, "refused", lot.id, 0, lot.unit, event.id, "other-unit")
            return
        taken = self.books.refund(lot, amount, at, event.id)
        if taken is None:
            return
        exact = Fraction((lot.cost or 0) * lot.refunded, lot.quantity) if lot.quantity else Fraction(0)
        so_far = round_ratio(exact.numerator, exact.denominator, self.program.rounding)
        minor, lot.refunded_minor = so_far - lot.refunded_minor, so_far
        self.line(
            at,
            "refund",
            event.id,
            disposition="credited",
            minor=-minor,
            lot=lot.id,
            counted=taken,
            code=lot.unit,
            detail=(lot.cost or 0, lot.quantity, lot.refunded, so_far),
        )

    # -- the rest ---------------------------------------------------------------------------------------------------

    def charge_item(self, event: ChargeItem, at: int) -> None:
        """Money that is due beside work (D14)."""
        if self.phase is None:
            self.line(at, "charge-item", event.id, disposition="refused", code="outside-term", detail=event)
            return
        self.line(at, "charge-item", event.id, disposition="charged", minor=event.amount.minor, detail=event)

    def reserve(self, event: Reserved, at: int) -> None:
        """Units are set aside under a key; the same key again changes nothing (B9)."""
        self._lapse(at)
        if event.key not in self.books.reservations:
            unit = event.quantity.unit
            self.books.reservations[event.key] = (event.quantity.amount, epoch(event.expires_at), unit, at)

    def release(self, event: Released, at: int) -> None:
        """A reservation is given up (B9)."""
        self._lapse(at)
        self.books.reservations.pop(event.key, None)

    def _lapse(self, at: int) -> None:
        reservations = self.books.reservations
        for key in [key for key, held in reservations.items() if held[1] <= at]:
            del reservations[key]


class Arrival:
    """The start of a bank that was stated earlier than its purchase; the gate makes it from the purchase."""

    __slots__ = ("epoch", "id", "purchase")

    def __init__(self, purchase: BankPurchase) -> None:
        assert purchase.usable_from is not None
        self.epoch = epoch(purchase.usable_from)
        self.id = purchase.id
        self.purchase = purchase


_HANDLERS: dict[type, Callable[[Fold, Any, int], None]] = {
    ChargeItem: Fold.charge_item,
    BankPurchase: Fold.purchase,
    Payment: Fold.payment,
    BankExtended: Fold.extension,
    BankRefunded: Fold.refund,
    Approval: lambda fold, event, at: fold.held.approve(event, at),
    Reserved: Fold.reserve,
    Released: Fold.release,
    Arrival: Fold.arrival,
}
"""What an event does that is neither work nor a happening to a ticket."""

WORK_RANK = RANKS[WorkEntry]
ARRIVAL_RANK = RANKS[BankPurchase]
