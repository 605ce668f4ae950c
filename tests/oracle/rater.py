"""The oracle: events on the pages of a diary, metered in their groups, tickets followed through the incident table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from supportcontracts.contracts.allotments import Allotment
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.metering import Metering
from supportcontracts.contracts.plans import Meter
from supportcontracts.events import (
    Approval,
    BankExtended,
    BankPurchase,
    BankRefunded,
    Cancelled,
    ChargeItem,
    Classified,
    Closed,
    Event,
    Fact,
    MarkedDuplicate,
    Merged,
    Opened,
    Payment,
    Released,
    Reopened,
    Reserved,
    Resolved,
    Responded,
    SeverityChanged,
    TicketEvent,
    WorkEntry,
)
from tests.oracle.bankdesk import ARRIVAL, first_use
from tests.oracle.days import plus_days, second_of
from tests.oracle.diary import BEGINNING, EVENT, REFUND, Place
from tests.oracle.facts import facts_of, rank
from tests.oracle.notes import OLine, OracleRating
from tests.oracle.sources import Ask
from tests.oracle.sums import billable, major, per_raw_unit
from tests.oracle.terms import Use, admits, metering_for, winning_rate
from tests.oracle.waterfall import Waterfall, weighted
from tests.oracle.windows import Run, State, rounded_apart, run_of, state_at
from tests.oracle.windows import runs as tape_runs

Group = tuple[object, ...]


def oracle_rate(
    contract: Contract, events: Iterable[Event], *, until: datetime, known_at: datetime | None = None
) -> OracleRating:
    """Rate a small contract slowly.

    Raises:
        DuplicateEvent: for one id with two contents.
        ForeignEvent: for an event of another customer or contract.
    """
    end = second_of(until)
    oracle = Oracle(contract, end)
    facts, astray = facts_of(contract, events, None if known_at is None else second_of(known_at))
    for correction in astray:
        oracle.notice("unmatched-correction", f"correction/{correction.id}", correction.id, second_of(correction.at))
    for fact in facts:
        if second_of(fact.at) < end:
            oracle.expect(fact)
    oracle.turn()
    owed = {key: oracle.book.owed(key) for key, _ in oracle.book.debts}
    return OracleRating(
        tuple(oracle.lines),
        {lot.id: oracle.book.totals(lot) for lot in oracle.book.lots.values()},
        {str(key[0]): quantity for key, quantity in owed.items() if quantity},
        {(code, key, cause, now) for key, (code, cause, now) in oracle.notices.items()},
        oracle.refused,
    )


class Work(NamedTuple):
    """A work entry, or the piece of one between two boundaries; `day` is the local day on which the entry started."""

    entry: WorkEntry
    at: int
    worked: int
    day: date
    whole: bool


class Metered(NamedTuple):
    """A note: what a piece of work added to its group, before and after its free time."""

    terms: tuple[int, str, int]
    group: Group
    period: int
    worked: int
    beyond_free: int
    windows: tuple[tuple[State, int], ...] = ()


@dataclass
class Ticket:
    """A ticket: what is known of it, and where it stands in its present cycle."""

    product: str | None = None
    channel: str | None = None
    response: str | None = None
    severity: int | None = None
    cycle: int = 1
    state: str = "fresh"
    meter: str = ""
    done_at: int | None = None


class Oracle(Waterfall):
    """The whole of it."""

    def __init__(self, contract: Contract, until: int) -> None:
        super().__init__(contract, until)
        self.within = contract.record_within
        self.metered: list[Metered] = []
        self.tickets: dict[str, Ticket] = {}

    def expect(self, fact: Fact) -> None:
        """Write an event on its page; a bank that is usable before it was bought arrives on a page of its own (D17)."""
        now = second_of(fact.at)
        place = REFUND if isinstance(fact, BankRefunded) else EVENT
        self.plan(now, place, (rank(fact), fact.id), partial(self.happen, fact, now))
        if isinstance(fact, BankPurchase) and first_use(fact) < now and self.is_known(fact):
            begins = first_use(fact)
            self.plan(begins, BEGINNING, (ARRIVAL, fact.id), partial(self.arrive, fact, begins))

    def happen(self, fact: Fact, now: int) -> None:
        """Let an event happen; reservations and benefits never change an amount."""
        match fact:
            case WorkEntry():
                self.work(Work(fact, now, fact.worked.seconds, self.day(now), whole=True))
            case ChargeItem():
                self.charge_item(fact, now)
            case BankPurchase():
                self.purchased(fact)
            case Payment():
                self.paid(fact)
            case BankExtended():
                self.extended(fact)
            case BankRefunded():
                self.refunded(fact)
            case Approval():
                self.approve(fact, now)
            case Reserved() | Released():
                pass
            case _ if isinstance(fact, TicketEvent):
                self.ticket_event(fact, now)
            case _:
                pass  # benefits are no business of a rating

    # Work

    def work(self, work: Work) -> None:
        """Meter a work entry, cut first where its metering says so, and let its sources pay."""
        entry = work.entry
        use = use_of(entry)
        place = self.place(work.at)
        if place is None:
            self.lines.append(
                OLine("use", "-", use.id, source="none", disposition="refused", code="outside-term", worked=work.worked)
            )
            return
        meter = next((meter for meter in place.phase.meters if meter.unit == "work" and admits(meter.scope, use)), None)
        line = OLine(
            "use", place.period.name, use.id, source="none", disposition="refused", code="no-meter", worked=work.worked
        )
        labour = self.includes_labour(entry.ticket, place)
        if meter is None and not labour:
            self.lines.append(line)
            return
        if self.is_late(entry):
            self.lines.append(line._replace(code="recorded-late"))
            return
        if labour or meter is None:
            name = "" if meter is None else meter.name
            self.lines.append(line._replace(meter=name, disposition="included", code="incident"))
            return
        number, metering = metering_for(meter, use)
        if entry.billable == "non-billable":
            line = line._replace(meter=meter.name, source="non-billable", disposition="free", code="")
            self.lines.append(line)
            return
        first, *others = self.pieces(work) if metering.at_boundary == "split" and work.whole else [work]
        for piece in others:
            self.plan(piece.at, EVENT, (rank(entry), entry.id), partial(self.work, piece))
        minted, runs = self.meter(first, place, meter, number, metering)
        self.rate_use(weighted(Ask(use, place, meter, metering, work.at, first.worked, minted, 0, runs=tuple(runs))))

    def pieces(self, work: Work) -> list[Work]:
        """Cut work at every boundary inside it that is known when it starts (D5)."""
        edges = {work.at, work.at + work.worked}
        for phase in self.phases:
            edges |= {phase.whole.end, *(period.end for period in phase.billing)}
            for meter in phase.meters:
                for source in meter.sources:
                    if isinstance(source, Allotment):
                        edges |= {period.end for period in phase.periods(source.per)}
        edges |= {lot.ends_at for lot in self.book.lots.values() if lot.bank is not None and lot.ends_at is not None}
        inside = sorted(edge for edge in edges if work.at <= edge <= work.at + work.worked)
        if len(inside) == 1:
            return [work]
        return [Work(work.entry, start, end - start, work.day, whole=False) for start, end in pairwise(inside)]

    def meter(self, work: Work, place: Place, meter: Meter, number: int, metering: Metering) -> tuple[int, list[Run]]:
        """Return the billable seconds, and their windows: the increase that the work causes in its group (D10)."""
        terms = (place.phase.number, meter.name, number)
        group = self.group(work, meter, metering)
        same_terms = [note for note in self.metered if note.terms == terms]
        same_group = [note for note in same_terms if note.group == group]
        free = metering.free
        beyond = work.worked
        if free is not None:
            window = {
                "group": same_group,
                "period": [note for note in same_terms if note.period == place.period.start],
                "term": same_terms,
            }[free.per]
            had = sum(note.worked for note in window)
            beyond = beyond_free(had + work.worked, metering) - beyond_free(had, metering)
        had_beyond = sum(note.beyond_free for note in same_group)
        timed = any(each.inside or each.outside or each.holiday for each in metering.multiplier)
        use, start = use_of(work.entry), work.at
        if timed and metering.windows == "split-then-round":
            had_windows: dict[State, int] = {}
            for note in same_group:
                had_windows.update(note.windows)
            runs, now = rounded_apart(metering, use, start, work.worked, beyond, had_windows)
            self.metered.append(Metered(terms, group, place.period.start, work.worked, beyond, tuple(now.items())))
            return sum(run.billable for run in runs), runs
        self.metered.append(Metered(terms, group, place.period.start, work.worked, beyond))
        minted = billable(had_beyond + beyond, metering) - billable(had_beyond, metering)
        return minted, tape_runs(metering, use, start, work.worked, beyond, minted) if timed else []

    def group(self, work: Work, meter: Meter, metering: Metering) -> Group:
        """Name what is added up together; work at another rate stands apart (D9)."""
        use = use_of(work.entry)
        rates = tuple(
            None if rate is None else per_raw_unit(rate)
            for rate in (winning_rate(source, use) for source in meter.sources if isinstance(source, Charge))
        )
        alone = ("entry", use.id)
        ticket, technician = use.ticket, work.entry.technician
        match metering.group:
            case "entry":
                return (alone, rates)
            case "incident":
                return (alone if ticket is None else ("ticket", ticket), rates)
            case "incident-and-day":
                return (alone if ticket is None else ("ticket", ticket, work.day), rates)
            case "technician-day":
                return (alone if technician is None else ("technician", technician, work.day), rates)

    def is_late(self, event: WorkEntry | TicketEvent) -> bool:
        """Count the local days from an event to its record, where the terms bound them (D31)."""
        within = self.within
        if within is None or event.recorded_at is None:
            return False
        return plus_days(self.day(second_of(event.at)), within.count) < self.day(second_of(event.recorded_at))

    def charge_item(self, item: ChargeItem, now: int) -> None:
        """Charge money that is due beside work."""
        place = self.place(now)
        line = OLine("charge-item", self.period_name(now), item.id, source=item.kind)
        if place is None:
            self.lines.append(line._replace(disposition="refused", code="outside-term"))
        else:
            self.lines.append(line._replace(disposition="charged", exact=major(item.amount), minor=item.amount.minor))

    # Tickets

    def ticket_event(self, event: TicketEvent, now: int) -> None:
        """Follow a ticket: note what it says of itself, then do what the row of the table says."""
        ticket = self.tickets.setdefault(event.ticket, Ticket())
        if isinstance(event, Opened):
            ticket.product, ticket.channel, ticket.response = event.product, event.channel, event.response
            ticket.severity = event.severity
        elif isinstance(event, SeverityChanged):
            ticket.severity = event.severity
        self.incident(event, ticket, now)
        if isinstance(event, (Resolved, Closed)):
            ticket.done_at = now

    def incident(self, event: TicketEvent, ticket: Ticket, now: int) -> None:
        """Find the meter that the ticket belongs to, and the row of its table."""
        use = incident_of(event.ticket, ticket)
        place = self.place(now)
        phases = self.phases if place is None else (place.phase,)
        meters = [meter for phase in phases for meter in phase.meters if meter.unit == "incidents"]
        meter = next((meter for meter in meters if place is not None and admits(meter.scope, use)), None)
        if not meters:
            return
        table = (meter or meters[0]).incidents
        if isinstance(event, Reopened):
            within = table.reopened_within
            if within is None or ticket.done_at is None or now < ticket.done_at + within.count * 86_400:
                return
            ticket.cycle += 1
            ticket.state = "fresh"
        match getattr(table, row_of(event), "ignore"):
            case "consume" if ticket.state in ("fresh", "reserved") and meter is not None and self.is_late(event):
                name, period = incident_of(event.ticket, ticket).id, self.period_name(now)
                line = OLine("use", period, name, source="none", disposition="refused", code="recorded-late", worked=1)
                self.lines.append(line)
            case "consume" if place is not None and meter is not None:
                self.consume(event.ticket, ticket, place, meter, now)
            case "consume" if ticket.state not in ("consumed", "released"):
                code = "outside-term" if place is None else "no-meter"
                name = incident_of(event.ticket, ticket).id
                line = OLine("use", self.period_name(now), name, source="none", disposition="refused", code=code)
                self.lines.append(line._replace(worked=1))
            case "reserve" if ticket.state == "fresh" and meter is not None:
                ticket.state = "reserved"
            case "release" if ticket.state == "consumed":
                self.give_back(incident_of(event.ticket, ticket).id, now)
                ticket.state = "released"
            case "release" if meter is not None:
                ticket.state = "released"
            case _:
                pass

    def includes_labour(self, name: str | None, place: Place) -> bool:
        """Ask the meter that counted a ticket, or else the one that would, what becomes of the labour (D14)."""
        ticket = self.tickets.get(name or "")
        if name is None or ticket is None:
            return False
        use = incident_of(name, ticket)
        meters = [meter for meter in place.phase.meters if meter.unit == "incidents"]
        counted_it = [meter for meter in meters if meter.name == ticket.meter]
        for meter in counted_it or [meter for meter in meters if admits(meter.scope, use)]:
            match meter.labour:
                case "included":
                    return True
                case "metered":
                    return False
                case "metered-if-unpaid":
                    paid = {part.part.disposition for part in self.paid_for.get(use.id, [])}
                    return ticket.state == "consumed" and bool(paid & {"included", "drawn", "charged"})
        return False

    def consume(self, name: str, ticket: Ticket, place: Place, meter: Meter, now: int) -> None:
        """Use a unit, once in a cycle, and not after it was released."""
        if ticket.state in ("consumed", "released"):
            return
        ticket.state = "consumed"
        ticket.meter = meter.name
        use = incident_of(name, ticket)
        _, metering = metering_for(meter, use)
        timed = any(each.inside or each.outside or each.holiday for each in metering.multiplier)
        runs = (run_of(metering, state_at(metering, use, now), 1, 1),) if timed else ()
        self.rate_use(weighted(Ask(use, place, meter, metering, now, 1, 1, 0, runs=runs)))


def beyond_free(worked: int, metering: Metering) -> int:
    """Say how much of the work of a window is not free."""
    assert metering.free is not None
    free = metering.free.quantity.seconds
    if worked <= free:
        return 0
    return worked - free if metering.free.reading == "excess" else worked


def use_of(entry: WorkEntry) -> Use:
    """Read a work entry as a use."""
    return Use(
        entry.id,
        "work",
        entry.ticket,
        entry.product,
        entry.severity,
        entry.channel,
        entry.role,
        entry.work_type,
        entry.window,
        entry.response,
        entry.rate,
    )


def incident_of(name: str, ticket: Ticket) -> Use:
    """Read a ticket in its present cycle as a use; the first cycle has the name of the ticket."""
    cycle = name if ticket.cycle == 1 else f"{name}#{ticket.cycle}"
    return Use(
        cycle,
        "incidents",
        name,
        product=ticket.product,
        severity=ticket.severity,
        channel=ticket.channel,
        response=ticket.response,
    )


def row_of(event: TicketEvent) -> str:
    """Name the row of the incident table; what has none is ignored."""
    match event:
        case Opened():
            return "opened"
        case Responded():
            return "responded"
        case Resolved():
            return "resolved"
        case Closed():
            return "closed"
        case Reopened():
            return "reopened"
        case Cancelled():
            return "cancelled"
        case Merged():
            return "merged"
        case MarkedDuplicate():
            return "duplicate"
        case Classified():
            return event.finding.replace("-", "_")
        case _:
            return "none"
