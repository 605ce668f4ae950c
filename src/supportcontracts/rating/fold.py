"""The fold: starting state + ordered happenings → new state + a contiguous journal.

One pass over the events in canonical order, with what the calendar brings merged in: at one instant, endings come
before beginnings, and both before use (D3). Inside are whole units, epoch seconds and minor units; everything that was
computed is appended to the journal as a compact record, and turned into lines and words when somebody looks.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from typing import Any

import attrs

from supportcontracts.events import (
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
from supportcontracts.quantity import weigh
from supportcontracts.rating.accounts import Accounts
from supportcontracts.rating.calendar import Calendar
from supportcontracts.rating.incidents import Incidents
from supportcontracts.rating.program import (
    BEGINNING,
    CHARGE,
    REFUND,
    TURN,
    MeteringProgram,
    MeterProgram,
    PhaseProgram,
    Program,
    Slice,
    admits,
    factor_of,
)
from supportcontracts.rating.records import LINE, Metered
from supportcontracts.rating.state import HeldUse, UseAttributes
from supportcontracts.rating.waterfall import Part, Use, Waterfall
from supportcontracts.timeline import epoch

__all__ = ["Fold", "Happening"]


def __dir__() -> list[str]:
    return __all__


Happening = tuple[int, int, str, Any]
"""An event in canonical order: (instant, kind rank, id, event)."""


class Fold:
    """One pass over the happenings of one contract; mutable, private, and gone when the call returns."""

    __slots__ = (
        "books",
        "calendar",
        "carried",
        "handlers",
        "held",
        "incidents",
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
        self.phase: PhaseProgram | None = None
        self.piece: Slice | None = None
        self.held: list[HeldUse] = []
        self.carried: list[tuple[int, int, str, Any]] = []
        self.calendar = Calendar(self)
        self.incidents = Incidents(self)
        self.handlers: dict[type, Callable[[Any, int], None]] = {
            WorkEntry: self.work,
            ChargeItem: self.charge_item,
            BankPurchase: self.purchase,
            Payment: self.payment,
            BankExtended: self.extension,
            BankRefunded: self.refund,
            Approval: self.approval,
            Reserved: self.reserve,
            Released: self.release,
            Arrival: self.arrival,
        }

    # -- the pass ---------------------------------------------------------------------------------------------------

    def run(self, happenings: Sequence[Happening], until: int) -> None:
        """Take the happenings in order, with the calendar merged in, up to but not including `until` (D2)."""
        books, handlers, advance, carried = self.books, self.handlers, self.calendar.advance, self.carried
        ticket = self.incidents.happen
        for happening in happenings:
            while carried and carried[0][:3] < happening[:3]:
                self._carry(heappop(carried))
            at, rank, _, event = happening
            if at >= books.due:
                advance(at, BEGINNING if rank else REFUND)
            handlers.get(type(event), ticket)(event, at)
        while carried and carried[0][0] < until:
            self._carry(heappop(carried))
        advance(until, TURN)

    def _carry(self, rest: tuple[int, int, str, Any]) -> None:
        at, _, _, (entry, number, worked) = rest
        if at >= self.books.due:
            self.calendar.advance(at, BEGINNING)
        self.work(entry, at, worked=worked, number=number)

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
        metered: Metered | None = None,
        detail: Any = (),
        piece: Slice | None = None,
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
            )
        )

    # -- work -------------------------------------------------------------------------------------------------------

    def work(self, entry: WorkEntry, at: int, *, worked: int | None = None, number: int = 1) -> None:
        """Meter a work entry, and take it to the sources of its meter (D8 to D15)."""
        phase, piece = self.phase, self.piece
        worked = entry.worked.seconds if worked is None else worked
        use = entry.id if number == 1 else f"{entry.id}#{number}"
        if entry.reservation is not None:
            self.books.reservations.pop(entry.reservation, None)
        if phase is None or piece is None:
            self.line(at, "use", use, disposition="refused", code="outside-term", worked=worked, detail=entry)
            return
        meter = self._meter(phase.work_meters, entry)
        if meter is None:
            self.line(at, "use", use, disposition="refused", code="no-meter", worked=worked, detail=entry)
            return
        metering = meter.metering
        for restrictions, special in meter.meterings:
            if admits(restrictions, entry):
                metering = special
                break
        if metering.split and worked:
            worked = self._cut(entry, at, worked, number)
        if entry.billable != "billable":
            metered = Metered(entry, use, metering, "", worked, 0, 0, 0, 0, 0, 0, None, 0, None)
            self.line(
                at, "use", use, disposition="free", code="non-billable", meter=meter, worked=worked, metered=metered
            )
            return
        if entry.ticket is not None and self.incidents.labour_included(phase, entry.ticket):
            metered = Metered(entry, use, metering, "", worked, 0, 0, 0, 0, 0, 0, None, 0, None)
            self.line(
                at, "use", use, disposition="included", code="incident", meter=meter, worked=worked, metered=metered
            )
            return
        metered = self._metered(entry, at, use, worked, meter, metering, phase, piece)
        if not metered.counted:
            disposition = "free" if worked else "included"
            self.line(
                at,
                "use",
                use,
                disposition=disposition,
                code="nothing-counted",
                meter=meter,
                worked=worked,
                billable=metered.billable,
                metered=metered,
            )
            return
        parts = self.waterfall.pay(
            Use(
                use,
                "use",
                at,
                entry,
                phase,
                piece,
                worked,
                metered.billable,
                metered.counted,
                metered.price_factor,
                metered,
            ),
            meter,
        )
        if any(part[3] == "held" for part in parts):
            self.hold(use, meter, phase, entry, parts, metered.price_factor)

    @staticmethod
    def _meter(meters: tuple[MeterProgram, ...], facts: Any) -> MeterProgram | None:
        for meter in meters:
            if not meter.restrictions or admits(meter.restrictions, facts):
                return meter
        return None

    def _metered(
        self,
        entry: WorkEntry,
        at: int,
        use: str,
        worked: int,
        meter: MeterProgram,
        metering: MeteringProgram,
        phase: PhaseProgram,
        piece: Slice,
    ) -> Metered:
        """Take worked time through free time, minimum, grace, increment and multipliers (M1 to M8)."""
        free_before = group_before = 0
        group = ""
        if metering.plain:
            time = metering.unfree(worked) if metering.free else worked
            raised = max(time, metering.minimum) if time else 0
            billable = stepped = metering.rounded(raised)
        else:
            counts = self.books.counts
            group, group_key = self._group(entry, at, meter, metering)
            if metering.free_per == "group":
                free_key = ("free", *group_key)
            else:
                free_key = (
                    "free",
                    metering.key,
                    metering.free_per,
                    phase.key if metering.free_per == "term" else piece.key,
                )
            free_before = counts.get(free_key, 0)
            time = metering.unfree(free_before + worked) - metering.unfree(free_before)
            counts[free_key] = free_before + worked
            total_key = ("group", *group_key)
            group_before = counts.get(total_key, 0)
            total = group_before + time
            raised = max(total, metering.minimum) if total else 0
            stepped = metering.rounded(raised)
            billable = stepped - metering.step(group_before)
            counts[total_key] = total
        factor = factor_of(metering.quantity_factors, metering.combine, entry) if metering.quantity_factors else None
        counted = billable if factor is None else weigh(billable, factor)
        price_factor = factor_of(metering.price_factors, metering.combine, entry) if metering.price_factors else None
        return Metered(
            entry,
            use,
            metering,
            group,
            worked,
            free_before,
            time,
            group_before,
            raised,
            stepped,
            billable,
            factor,
            counted,
            price_factor,
        )

    def _group(
        self, entry: WorkEntry, at: int, meter: MeterProgram, metering: MeteringProgram
    ) -> tuple[str, tuple[str | int, ...]]:
        """Name the group of an entry; another metering or another rate is another group (D9)."""
        rates = tuple(str(self.waterfall.rate(source, entry)) for source in meter.sources if source.kind == CHARGE)
        named: tuple[str, ...]
        match metering.group:
            case "incident" if entry.ticket is not None:
                named = ("incident", entry.ticket)
            case "incident-and-day" if entry.ticket is not None:
                named = ("incident-and-day", entry.ticket, self.zone.date_of_epoch(at).isoformat())
            case "technician-day" if entry.technician is not None:
                named = ("technician-day", entry.technician, self.zone.date_of_epoch(at).isoformat())
            case _:
                named = ("entry", entry.id)
        return " ".join(named[1:]), (metering.key, *rates, *named)

    def _cut(self, entry: WorkEntry, at: int, worked: int, number: int) -> int:
        """Cut work at the next end of a period or bank, and carry the rest to that instant (D5)."""
        boundary = self.calendar.next_boundary(at, at + worked)
        if boundary is None:
            return worked
        now = boundary - at
        heappush(self.carried, (boundary, WORK_RANK, entry.id, (entry, number + 1, worked - now)))
        return now

    # -- held use ---------------------------------------------------------------------------------------------------

    def hold(
        self,
        use: str,
        meter: MeterProgram,
        phase: PhaseProgram,
        facts: Any,
        parts: list[Part],
        price_factor: Fraction | None,
    ) -> None:
        """Remember the held parts of a use, in the order in which they were held (D20)."""
        journal = self.books.journal
        for number, part in enumerate(parts):
            if part[3] == "held":
                record = journal[len(journal) - len(parts) + number]
                attributes = facts if isinstance(facts, UseAttributes) else _attributes(facts)
                factor = "" if price_factor is None else str(price_factor)
                self.held.append(
                    HeldUse(
                        use, meter.name, meter.unit, phase.key, attributes, record[10], record[11], record[12], factor
                    )
                )

    def release_held(self, at: int, of: str | None, *, approved: bool, pool: str = "") -> None:
        """Rate held use again, oldest first, in the period of the release (D20)."""
        waiting, self.held = self.held, []
        phase, piece = self.phase, self.piece
        for item in waiting:
            wanted = of is None or of in (item.use, item.use.partition("#")[0])
            held_phase = next(p for p in self.program.phases if p.key == item.phase)
            meter = next(m for m in held_phase.meters if m.name == item.meter)
            if not wanted or phase is None or piece is None:
                self.held.append(item)
                continue
            factor = Fraction(item.price_factor) if item.price_factor else None
            use = Use(
                item.use,
                "release",
                at,
                item.attributes,
                phase,
                piece,
                item.worked,
                item.billable,
                item.counted,
                factor,
                None,
            )
            before = len(self.books.journal)
            if pool:
                self.waterfall.pay_from_pool(use, meter)
            else:
                self.waterfall.pay(use, meter, approved=approved)
            self._still_held(item, before)

    def _still_held(self, item: HeldUse, before: int) -> None:
        """Keep holding what a release did not pay; a line that would only say "held" again is not written."""
        journal = self.books.journal
        kept: list[Any] = []
        worked, billable, counted = item.worked, item.billable, item.counted
        for record in journal[before:]:
            if record[0] == LINE and record[2] == "release" and record[8] == "held":
                continue
            if record[0] == LINE and record[2] == "release":
                worked, billable, counted = worked - record[10], billable - record[11], counted - record[12]
            kept.append(record)
        journal[before:] = kept
        if item.meter_unit == "incidents" and item.attributes.ticket is not None:
            lines = [record for record in kept if record[0] == LINE]
            self.incidents.released(item.attributes.ticket, lines)
        if counted:
            self.held.append(attrs.evolve(item, worked=worked, billable=billable, counted=counted))

    def approval(self, event: Approval, at: int) -> None:
        """The customer approves held use (D20)."""
        if not any(event.of is None or event.of in (item.use, item.use.partition("#")[0]) for item in self.held):
            self.books.notify(at, "nothing-held", f"approval/{event.id}", event.id, event.of)
            return
        self.release_held(at, event.of, approved=True)

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
            self.books.purchase(event, at, starts, cost)
        if event.held == "release" and self.held:
            self.release_held(at, None, approved=False, pool=event.pool)

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
            self.books.purchase(bought, at, at, self._cost(bought)[0])

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
            self.books.settle_in(lot, at)

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
            self.books.reservations[event.key] = (event.quantity.amount, epoch(event.expires_at), event.pool, unit)

    def release(self, event: Released, at: int) -> None:
        """A reservation is given up (B9)."""
        self._lapse(at)
        self.books.reservations.pop(event.key, None)

    def _lapse(self, at: int) -> None:
        reservations = self.books.reservations
        for key in [key for key, (_, expires, _, _) in reservations.items() if expires <= at]:
            del reservations[key]


class Arrival:
    """The start of a bank that was stated earlier than its purchase; the gate makes it from the purchase."""

    __slots__ = ("id", "purchase")

    def __init__(self, purchase: BankPurchase) -> None:
        self.id = purchase.id
        self.purchase = purchase


WORK_RANK = 16


def _attributes(facts: Any) -> UseAttributes:
    return UseAttributes(
        facts.product,
        facts.severity,
        facts.channel,
        facts.role,
        facts.work_type,
        facts.window,
        facts.response,
        facts.ticket,
        None if facts.rate is None else repr(facts.rate),
    )
