"""Incidents inside a fold: tickets are counted by the table of their meter, and given back when the table says so."""

from typing import TYPE_CHECKING, Any, get_args

from supportcontracts.contracts.incidents import IncidentTable
from supportcontracts.events import BenefitEvent, Closed, Opened, Reopened, Resolved, SeverityChanged
from supportcontracts.quantity import weigh
from supportcontracts.rating.meters import MeterProgram, account_of, factor_of
from supportcontracts.rating.program import PhaseProgram
from supportcontracts.rating.tickets import happening_of, transition
from supportcontracts.rating.waterfall import Use

if TYPE_CHECKING:
    from supportcontracts.rating.fold import Fold

__all__ = ["Incidents", "Ticket"]


def __dir__() -> list[str]:
    return __all__


UNRATED = frozenset(get_args(BenefitEvent))
"""Events that are about no ticket and that no amount hangs on: they pass by."""

PAYING = ("included", "drawn", "charged")

PaidPart = tuple[str, str, str, int, int, str]
"""How one part was paid: source, lot, disposition, counted units, settled minor units."""


class Ticket:
    """What is known of one ticket while a fold runs; scopes and rates look at it as they do at a work entry."""

    __slots__ = (
        "channel",
        "cycle",
        "meter",
        "paid",
        "product",
        "resolved_at",
        "response",
        "severity",
        "status",
        "ticket",
    )

    role = work_type = window = rate = None

    def __init__(self, ticket: str) -> None:
        self.ticket = ticket
        self.product: str | None = None
        self.severity: int | None = None
        self.channel: str | None = None
        self.response: str | None = None
        self.cycle = 1
        self.status: Any = "fresh"
        self.resolved_at: int | None = None
        self.meter = ""
        self.paid: tuple[PaidPart, ...] = ()

    @property
    def use(self) -> str:
        """The id of its use: a later cycle is another incident."""
        return self.ticket if self.cycle == 1 else f"{self.ticket}#{self.cycle}"


class Incidents:
    """The tickets of a fold."""

    __slots__ = ("fold", "tickets")

    def __init__(self, fold: "Fold") -> None:
        self.fold = fold
        self.tickets: dict[str, Ticket] = {}

    def labour_included(self, phase: PhaseProgram, ticket: str) -> bool:
        """Whether the labour of a ticket is part of its incident, as the meter says which counts it (D14)."""
        known = self.tickets.get(ticket)
        if known is None:
            return False
        meters = phase.incident_meters
        meter = next((m for m in meters if m.name == known.meter), None) or self.fold.meter_of(meters, known)
        if meter is None or meter.labour == "metered":
            return False
        return meter.labour == "included" or any(part[2] in PAYING for part in known.paid)

    def happen(self, event: Any, at: int) -> None:
        """Something happened to a ticket: remember what it is, and apply the row of the table (I1, I2, D5)."""
        if type(event) in UNRATED:
            return
        fold = self.fold
        phase = fold.phase
        ticket = self.tickets.get(event.ticket)
        if ticket is None:
            ticket = self.tickets[event.ticket] = Ticket(event.ticket)
        kind = type(event)
        if kind is Opened:
            ticket.product, ticket.severity = event.product, event.severity
            ticket.channel, ticket.response = event.channel, event.response
        elif kind is SeverityChanged:
            ticket.severity = event.severity
        meter = None if phase is None else fold.meter_of(phase.incident_meters, ticket)
        table = self._table(phase, meter)
        happening = happening_of(event)
        if kind is Reopened and (table is None or not self._new_cycle(ticket, table, at)):
            happening = ""
        status, effect = (ticket.status, "none") if table is None else transition(table, ticket.status, happening)
        if kind is Resolved or kind is Closed:
            ticket.resolved_at = at
        if effect == "use":
            if phase is None or meter is None:
                self._refused(ticket, event, at, "outside-term" if phase is None else "no-meter")
                return
            if fold.recorded_late(event):
                self._refused(ticket, event, at, "recorded-late")
                return
            ticket.status = status
            self._consume(ticket, event, at, meter, phase)
        elif effect == "give-back":
            ticket.status = status
            self._give_back(ticket, event, at)
        elif meter is not None:
            ticket.status = status

    def _table(self, phase: PhaseProgram | None, meter: MeterProgram | None) -> IncidentTable | None:
        """The table of the meter; without one, that of the first meter for incidents of the phase, or contract."""
        if meter is not None:
            return meter.table
        phases = self.fold.program.phases if phase is None else (phase,)
        return next((other.table for item in phases for other in item.incident_meters), None)

    @staticmethod
    def _new_cycle(ticket: Ticket, table: IncidentTable, at: int) -> bool:
        """Whether a reopened ticket is a new incident (I1)."""
        if table.reopened_within is None or ticket.resolved_at is None:
            return False
        if at < ticket.resolved_at + table.reopened_within.count * 86_400:
            return False
        ticket.cycle += 1
        ticket.status = "fresh"
        ticket.paid = ()
        return True

    def _refused(self, ticket: Ticket, event: Any, at: int, code: str) -> None:
        """An incident outside every phase, or every meter for incidents of a plan, or recorded too late (D7, D31)."""
        self.fold.line(at, "use", ticket.use, disposition="refused", code=code, worked=1, detail=event)

    def _consume(self, ticket: Ticket, event: Any, at: int, meter: MeterProgram, phase: PhaseProgram) -> None:
        fold = self.fold
        assert fold.piece is not None
        use = ticket.use
        ticket.meter = meter.name
        lane = fold.lanes.get(meter)
        told = None if lane is None else lane.take(event, use, at, ticket)
        if told is not None:
            ticket.paid = tuple(
                [(source.key, lot, source.gives, counted, minor, phase.key) for source, lot, counted, minor in told]
            )
            return
        metering = meter.metering_of(ticket)
        factor = price_factor = None
        if metering.windows is not None:
            places = metering.windows.cut(ticket, at, at)[0].places
            factor, price_factor = (metering.windows.factor(places, on) for on in ("quantity", "price"))
        if metering.quantity_factors:
            factor = factor_of(metering.quantity_factors, metering.combine, ticket)
        if metering.price_factors:
            price_factor = factor_of(metering.price_factors, metering.combine, ticket)
        counted = 1 if factor is None else weigh(1, factor)
        metered = (event, metering, "", 1, 0, 1, 0, 1, 1, 1, factor, counted, price_factor, None)
        if not counted:
            fold.line(
                at,
                "use",
                use,
                disposition="free",
                code="nothing-counted",
                meter=meter,
                worked=1,
                billable=1,
                metered=metered,
            )
            return
        paying = Use(use, 1, "use", at, ticket, phase, fold.piece, 1, 1, counted, price_factor, metered)
        parts = fold.waterfall.pay(paying, meter)
        if any(part[3] == "held" for part in parts):
            fold.held.hold(paying, meter, parts)
        ticket.paid = self._paid(fold.books.journal[-len(parts) :], phase.key)

    def released(self, ticket: str, use: str, records: list[Any], phase: PhaseProgram) -> None:
        """Held use of a ticket was paid after all: remember how, unless a later incident has begun (D20, D21)."""
        known = self.tickets.get(ticket)
        if known is not None and known.use == use:
            known.paid += self._paid(records, phase.key)

    @staticmethod
    def _paid(records: list[Any], phase: str) -> tuple[PaidPart, ...]:
        return tuple((record[5].key, record[8], record[9], record[13], record[16], phase) for record in records)

    def _give_back(self, ticket: Ticket, event: Any, at: int) -> None:
        """Units return to their lots and money is credited, at this instant; earlier lines stay (D21)."""
        fold, books = self.fold, self.fold.books
        use = ticket.use
        for item in fold.held.items:
            if item.use == use:
                source = fold.program.source_in(item.phase, item.source)
                fold.line(
                    at,
                    "release",
                    use,
                    disposition="free",
                    part=item.part,
                    code="given-back",
                    source=source,
                    meter=source.meter,
                    worked=item.worked,
                    billable=item.billable,
                    counted=item.counted,
                    cause=event.id,
                    detail=event,
                )
        fold.held.items = [item for item in fold.held.items if item.use != use]
        credits_given = 0
        owing = [part for part in ticket.paid if part[2] == "drawn" and not part[1]]
        # Before any unit returns: an incident does not repay itself.
        settled = iter([books.forgive(account_of(fold.program.source_in(p[5], p[0])), use, at) for p in owing])
        for key, lot, disposition, counted, charged, phase in ticket.paid:
            source = fold.program.source_in(phase, key)
            if lot:
                books.give_back(books.lots[lot], counted, at, use)
            if lot or disposition in ("drawn", "charged"):
                minor = next(settled) if disposition == "drawn" and not lot else charged
                credits_given += 1
                fold.line(
                    at,
                    "credit",
                    use,
                    disposition="credited",
                    minor=-minor,
                    lot=lot,
                    source=source,
                    meter=source.meter,
                    code=happening_of(event),
                    part=credits_given,
                    counted=counted,
                    detail=(minor, event),
                )
        ticket.paid = ()
