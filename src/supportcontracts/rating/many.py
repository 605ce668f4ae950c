"""Rating many contracts at once, with what one hands over to the next.

Three steps: every event finds its contract; the contracts are rated in the order of their fallbacks, so that a contract
comes before those that it falls back to; and what a rating hands over becomes events of the next contract. Work goes on
as an entry of its own, "W-3@C-101". An incident goes on as a ticket of its own, "T-7@C-101", together with what happens
to the ticket from then on, so that the other contract counts it, and gives it back, by its own terms.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import attrs

from supportcontracts._fields import frozen
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.plans import terms_of
from supportcontracts.contracts.sources import Fallback
from supportcontracts.errors import InvalidValue
from supportcontracts.events import (
    Approval,
    BankExtended,
    BankPurchase,
    BankRefunded,
    ChargeItem,
    Closed,
    Event,
    Opened,
    Payment,
    Released,
    Reopened,
    Replace,
    Reserved,
    Resolved,
    SeverityChanged,
    TicketEvent,
    Void,
    WorkEntry,
    kind_rank,
)
from supportcontracts.money import Price
from supportcontracts.quantity import WorkTime
from supportcontracts.rating.gate import happenings
from supportcontracts.rating.program import compiled
from supportcontracts.rating.records import LineRecord
from supportcontracts.rating.result import Rating
from supportcontracts.rating.state import State
from supportcontracts.rating.tickets import happening_of
from supportcontracts.rating.verbs import rate
from supportcontracts.timeline import epoch, from_epoch, instant

__all__ = ["Ratings", "rate_all"]


def __dir__() -> list[str]:
    return __all__


@frozen
class Ratings:
    """The ratings of several contracts, in the order in which they were given, and the events that fit none.

    Attributes:
        ratings: one for each contract.
        unrouted: events of customers without a contract here, or that could belong to several, in canonical order.
    """

    ratings: tuple[Rating, ...]
    unrouted: tuple[Event, ...]

    def __getitem__(self, contract: str) -> Rating:
        for rating in self.ratings:
            if rating.contract.id == contract:
                return rating
        known = ", ".join(rating.contract.id for rating in self.ratings)
        raise KeyError(f"no rating of {contract!r}; there are {known}")

    def __iter__(self) -> Iterator[Rating]:
        return iter(self.ratings)

    def __len__(self) -> int:
        return len(self.ratings)

    def __str__(self) -> str:
        blocks = [str(rating) for rating in self.ratings]
        if self.unrouted:
            blocks.append(f"under no contract: {', '.join(event.id for event in self.unrouted)}")
        return "\n\n".join(blocks)


def rate_all(
    contracts: Iterable[Contract],
    events: Iterable[Event],
    *,
    until: datetime | date | str,
    openings: Mapping[str, State] | None = None,
    known_at: datetime | None = None,
) -> Ratings:
    """Rate many contracts, and carry what one hands over by `Fallback` to the next.

    An event belongs to the contract that it names. Else a correction, a payment, an approval or what happens to a
    ticket follows the event, bank or ticket that it is about. Else it belongs to the only contract of its customer that
    no other contract of the customer falls back to; an event without a customer, to the only such contract of all.

    Args:
        contracts: with ids of their own.
        events: of all of them, in any order.
        until: where to stop, as for `rate`.
        openings: the states to go on from, by contract id.
        known_at: leave out what was recorded after this instant; None: use everything.

    Raises:
        InvalidValue: for two contracts of one id; for a fallback to a contract that is not here, is not the customer's
            or cannot count what it is handed; for fallbacks in a circle; where the states or the stops of a contract
            and of its fallback lie apart, so that something could be lost between them.

    Rules: B10, D18.

    Example:
        >>> from supportcontracts import CappedHours, Money, PayPerHour, Term, Zone, hours
        >>> zone = Zone("Europe/Berlin")
        >>> term = Term("2025-01-01", months=12, zone=zone)
        >>> first = Contract(
        ...     "C-1", customer="elm", rounding="half-up", term=term,
        ...     plan=CappedHours(fee=Money("1200 EUR"), allotment=hours(2), per="term", beyond=Fallback("C-2")),
        ... )
        >>> second = Contract(
        ...     "C-2", customer="elm", rounding="half-up", term=term, plan=PayPerHour(tariff=Price("150 EUR/h"))
        ... )
        >>> work = [WorkEntry("W-1", zone.at("2025-02-03 09:00"), customer="elm", worked=hours(3))]
        >>> both = rate_all([first, second], work, until="2025-03-01")
        >>> str(both["C-1"].total), str(both["C-2"].total)
        ('1,200.00 EUR', '150.00 EUR')
    """
    known = tuple(contracts)
    by_id = {contract.id: contract for contract in known}
    if len(by_id) != len(known):
        raise InvalidValue("rate_all", f"{len(known)} contracts with {len(by_id)} ids", "an id of its own was expected")
    states = {} if openings is None else openings
    known_by = None if known_at is None else instant(known_at)
    targets = {contract.id: _targets(contract) for contract in known}
    order = _in_order(by_id, targets)
    _check_instants(by_id, targets, until, states)
    routes = _Routes(known, targets, states)
    routed, unrouted = routes.sort(event for event in events if known_by is None or _known(event) <= known_by)
    found: dict[str, Rating] = {}
    for name in order:
        opening = states.get(name)
        rating = rate(by_id[name], routed[name], until=until, opening=opening, known_at=known_by)
        found[name] = rating
        for event in [*_work(rating), *_incidents(rating, routed[name], known_by)] if targets[name] else ():
            assert event.contract is not None
            routed[event.contract].append(event if known_by is None else attrs.evolve(event, recorded_at=known_by))
    return Ratings(tuple(found[contract.id] for contract in known), unrouted)


def _known(event: Event) -> datetime:
    return event.at if event.recorded_at is None else event.recorded_at


# -- the order of the contracts ----------------------------------------------------------------------------------------


def _targets(contract: Contract) -> frozenset[tuple[str, str]]:
    """The contracts that a contract falls back to, each with the unit that it would be handed."""
    return frozenset(
        (source.contract, placed.meter.unit)
        for phase in contract.dated_phases
        for placed in terms_of(phase.plan).meters
        for source in placed.meter.sources
        if isinstance(source, Fallback)
    )


def _counts_incidents(contract: Contract) -> bool:
    return all(
        any(placed.meter.unit == "incidents" for placed in terms_of(phase.plan).meters)
        for phase in contract.dated_phases
    )


def _in_order(by_id: Mapping[str, Contract], targets: Mapping[str, frozenset[tuple[str, str]]]) -> list[str]:
    """Put every contract before those it falls back to, and refuse what cannot be handed over, or a circle (B10)."""
    for name, wanted in targets.items():
        for target, unit in sorted(wanted):
            where = f"Contract {name!r}"
            if target not in by_id:
                raise InvalidValue(where, f"a fallback to {target!r}", "a contract of this call was expected")
            other = by_id[target]
            if other.customer != by_id[name].customer:
                raise InvalidValue(
                    where,
                    f"a fallback to {target!r} of {other.customer!r}",
                    "a contract of the same customer was expected",
                )
            if unit == "incidents" and not _counts_incidents(other):
                raise InvalidValue(
                    where,
                    f"a fallback of incidents to {target!r}, which does not count any",
                    "a contract with a meter for incidents in every phase was expected",
                )
    order: list[str] = []
    waiting = dict.fromkeys(by_id)
    while waiting:
        behind = {target for name in waiting for target, _ in targets[name]}
        free = [name for name in waiting if name not in behind]
        if not free:
            circle = ", ".join(sorted(waiting))
            raise InvalidValue("rate_all", f"fallbacks in a circle among {circle}", "an end was expected")
        order += free
        for name in free:
            del waiting[name]
    return order


def _check_instants(
    by_id: Mapping[str, Contract],
    targets: Mapping[str, frozenset[tuple[str, str]]],
    until: datetime | date | str,
    states: Mapping[str, State],
) -> None:
    """Refuse stops and states between which something handed over would be lost."""
    for name, wanted in targets.items():
        for target, _ in sorted(wanted):
            stops = [by_id[each].zone.moment(until, what="rate_all(until=…)") for each in (name, target)]
            if stops[0] != stops[1]:
                raise InvalidValue(
                    "rate_all(until=…)",
                    f"{until}, which is {stops[0]} for {name!r} and {stops[1]} for {target!r}",
                    "one instant for both was expected, since one falls back to the other",
                    'Write it with an offset, as in "2025-07-01 00:00+00:00".',
                )
            mine, other = states.get(name), states.get(target)
            begins = by_id[target].dated_phases[0].term.start if other is None else other.as_of
            if mine is not None and begins < mine.as_of:
                raise InvalidValue(
                    "rate_all(openings=…)",
                    f"a state of {name!r} as of {mine.as_of}, and {target!r} to be rated from {begins} on",
                    "states of one instant were expected, since one falls back to the other",
                    "Rate both from states that were closed together.",
                )


# -- which event belongs to which contract -----------------------------------------------------------------------------

_Link = tuple[str, str]


class _Routes:
    """Where events go, as far as it is known: by contract, by what they are about, by customer."""

    def __init__(
        self,
        contracts: tuple[Contract, ...],
        targets: Mapping[str, frozenset[tuple[str, str]]],
        states: Mapping[str, State],
    ) -> None:
        self.customers = {contract.id: contract.customer for contract in contracts}
        behind = {target for wanted in targets.values() for target, _ in wanted}
        self.heads = [contract.id for contract in contracts if contract.id not in behind]
        self.homes: dict[_Link, set[str]] = {}
        for name in self.customers:
            state = states.get(name)
            if state is not None:
                links = [("bank", lot.id) for lot in state.lots if lot.kind == "bank"]
                links += [("ticket", ticket.ticket) for ticket in state.tickets]
                links += [("use", held.use) for held in state.held]
                links += [("key", reservation.key) for reservation in state.reservations]
                self._settle(name, links)

    def _settle(self, contract: str, links: Iterable[_Link]) -> None:
        for link in links:
            self.homes.setdefault(link, set()).add(contract)

    def by_name(self, event: Event) -> str | None:
        """The contract that an event names."""
        return event.contract if event.contract in self.customers else None

    def by_head(self, event: Event) -> str | None:
        """The only contract of the customer, or of all, that no other falls back to."""
        heads = [name for name in self.heads if event.customer in (None, self.customers[name])]
        return heads[0] if len(heads) == 1 else None

    def by_link(self, event: Event) -> str | None:
        """The only contract of what an event is about."""
        for link in _about(event):
            places = [name for name in self.homes.get(link, ()) if event.customer in (None, self.customers[name])]
            if len(places) == 1:
                return places[0]
        return None

    def sort(self, events: Iterable[Event]) -> tuple[dict[str, list[Event]], tuple[Event, ...]]:
        """Give every event to its contract; return those that fit none too. The order of arrival has no say (L3)."""
        routed: dict[str, list[Event]] = {name: [] for name in self.customers}
        waiting = list(events)
        for wave in (self._first, self._second, self._third, self._last):
            placed = [(event, wave(event)) for event in waiting]
            waiting = [event for event, place in placed if place is None]
            for event, place in placed:
                if place is not None:
                    routed[place].append(event)
                    self._settle(place, _names(event))
        stray = dict.fromkeys(sorted(waiting, key=lambda event: (event.at, kind_rank(event), event.id)))
        return routed, tuple(stray)

    def _first(self, event: Event) -> str | None:
        """Events that name a contract, and those that are about nothing but their customer."""
        if event.contract is not None or event.customer is None or not isinstance(event, _ON_ITS_OWN):
            return self.by_name(event)
        return self.by_head(event)

    def _second(self, event: Event) -> str | None:
        """Ticket events, as others of the ticket, or by their customer."""
        if event.contract is not None or not isinstance(event, TicketEvent):
            return None
        return self.by_link(event) or (None if event.customer is None else self.by_head(event))

    def _third(self, event: Event) -> str | None:
        """Everything but corrections."""
        if event.contract is not None or isinstance(event, (Void, Replace)):
            return None
        return self.by_link(event) or self.by_head(event)

    def _last(self, event: Event) -> str | None:
        """Corrections follow what they correct."""
        return None if event.contract is not None else self.by_link(event) or self.by_head(event)


_ON_ITS_OWN = (WorkEntry, ChargeItem, BankPurchase, Reserved)


def _about(event: Event) -> list[_Link]:
    """What an event is about, in the order in which it is looked up."""
    match event:
        case Void() | Replace():
            return [("event", event.target)]
        case Payment() | BankExtended() | BankRefunded():
            return [("bank", event.bank)]
        case Approval():
            return [] if event.of is None else [("use", event.of), ("ticket", event.of)]
        case Released() | Reserved():
            return [("key", event.key)]
        case BankPurchase():
            return []
        case WorkEntry() | ChargeItem():
            return [] if event.ticket is None else [("ticket", event.ticket)]
        case _ if isinstance(event, TicketEvent):
            return [("ticket", event.ticket), ("labour", event.ticket)]
        case _:
            return []


def _names(event: Event) -> list[_Link]:
    """What later events may be about, now that this one has a contract."""
    links = [("event", event.id)]
    match event:
        case BankPurchase():
            links.append(("bank", event.id))
        case Reserved():
            links.append(("key", event.key))
        case WorkEntry():
            links.append(("use", event.id))
            if event.ticket is not None:
                links.append(("labour", event.ticket))
        case _ if isinstance(event, TicketEvent):
            links.append(("ticket", event.ticket))
    return links


# -- what is handed over -----------------------------------------------------------------------------------------------


def _handed_over(rating: Rating, unit: str) -> list[tuple[LineRecord, str, str]]:
    """The parts of one unit that a rating hands over, each with the contract that takes it and its name there (B10)."""
    found = []
    for record in rating.records:
        if record.disposition == "handed-over" and record.meter is not None and record.meter.unit == unit:
            assert record.source is not None
            fallback: Any = record.source.terms
            part = "" if record.part == 1 else f"#{record.part}"
            cause = f" ({record.cause})" if record.cause else ""
            found.append((record, str(fallback.contract), f"{record.use}{part}{cause}@{rating.contract.id}"))
    return found


def _work(rating: Rating) -> Iterator[Event]:
    """Work that is handed over, as entries of the contracts that take it."""
    handed = _handed_over(rating, "work")
    entries = {}
    if any(record.metered is None for record, _, _ in handed):
        entries = {record.use: record.metered.event for record in rating.records if record.metered is not None}
    for record, target, name in handed:
        entry = record.metered.event if record.metered is not None else entries.get(record.use)
        entry = _held_before(record.use, rating) if entry is None else entry
        yield attrs.evolve(
            entry, id=name, at=from_epoch(record.at), worked=WorkTime(record.worked), contract=target, reservation=None
        )


def _held_before(use: str, rating: Rating) -> WorkEntry:
    """The entry of work that was held when the rating began, as far as its state remembers it."""
    assert rating.opening is not None
    facts = next(held.attributes for held in rating.opening.held if held.use == use)
    return WorkEntry(
        use,
        rating.opening.as_of,
        customer=rating.contract.customer,
        worked=WorkTime(0),
        ticket=facts.ticket,
        product=facts.product,
        severity=facts.severity,
        channel=facts.channel,
        role=facts.role,
        work_type=facts.work_type,
        window=facts.window,
        response=facts.response,
        rate=None if facts.rate is None else Price(facts.rate),
    )


class _Ticket:
    """What is known of a ticket, and under which names other contracts have taken it over."""

    def __init__(self, ticket: str) -> None:
        self.ticket = ticket
        self.facts: dict[str, Any] = {}
        self.first = True
        self.resolved_at: int | None = None
        self.table: Any = None
        self.taken: list[tuple[str, str]] = []

    def starts_anew(self, at: int) -> bool:
        """Whether a ticket reopened now is another incident, as its meter has it (I1)."""
        within = None if self.table is None else self.table.reopened_within
        return within is not None and self.resolved_at is not None and at >= self.resolved_at + within.count * 86_400


def _incidents(rating: Rating, events: Iterable[Event], known_at: datetime | None) -> Iterator[Event]:
    """Incidents that are handed over, as tickets of the contracts that take them, with what happens to them later."""
    opening = rating.opening
    since = None if opening is None else epoch(opening.as_of)
    tickets = {} if opening is None else {known.ticket: _resumed(known, rating) for known in opening.tickets}
    handed = _handed_over(rating, "incidents")
    if not handed and not any(ticket.taken for ticket in tickets.values()):
        return
    consumed = {}
    held = {} if opening is None else {item.use: str(item.attributes.ticket) for item in opening.held}
    for record in rating.records:
        if record.metered is not None and record.meter is not None and record.meter.unit == "incidents":
            held[record.use] = record.metered.event.ticket
    for record, target, name in handed:
        if record.metered is not None:
            consumed[record.metered.event.id] = (record, target, name)
    gate = happenings(rating.contract, events, since=since, until=epoch(rating.until), known_at=known_at)
    steps: list[tuple[int, int, str, Any]] = [
        (each.epoch, kind_rank(each), each.id, each) for each in gate.happenings if isinstance(each, TicketEvent)
    ]
    steps += [(each[0].at, -1, each[2], each) for each in handed if each[0].metered is None]
    for at, rank, _, what in sorted(steps, key=lambda step: step[:3]):
        name = held[what[0].use] if rank < 0 else what.ticket
        ticket = tickets.setdefault(name, _Ticket(name))
        if rank < 0:
            yield from _taken_over(ticket, what, at, None)
            continue
        yield from _followed(ticket, what, at)
        if what.id in consumed:
            yield from _taken_over(ticket, consumed[what.id], at, what)
        if isinstance(what, (Resolved, Closed)):
            ticket.resolved_at = at


def _resumed(known: Any, rating: Rating) -> _Ticket:
    """A ticket as the opening state has it."""
    ticket = _Ticket(known.ticket)
    for name in ("product", "severity", "channel", "response"):
        ticket.facts[name] = getattr(known.attributes, name)
    ticket.first, ticket.resolved_at = known.cycle == 1, known.resolved_at
    program = compiled(rating.contract)
    meters = (meter for phase in program.phases for meter in phase.incident_meters if meter.name == known.meter)
    ticket.table = next((meter.table for meter in meters), None)
    use = known.ticket if ticket.first else f"{known.ticket}#{known.cycle}"
    for paid in known.paid:
        if paid.disposition == "handed-over":
            fallback: Any = program.source_in(paid.phase, paid.source).terms
            ticket.taken.append((fallback.contract, f"{use}@{rating.contract.id}"))
    return ticket


def _taken_over(
    ticket: _Ticket, handed: tuple[LineRecord, str, str], at: int, event: TicketEvent | None
) -> Iterator[Event]:
    """Open a ticket under the other contract, in the state in which it is handed over."""
    record, target, name = handed
    assert record.meter is not None
    ticket.table, ticket.first = record.meter.table, record.use == ticket.ticket
    ticket.taken.append((target, name))
    yield Opened(name, from_epoch(at), contract=target, ticket=name, **ticket.facts)
    if ticket.first and ticket.resolved_at is not None:
        yield Resolved(f"{name}/resolved", from_epoch(at), contract=target, ticket=name)
    if event is not None and not isinstance(event, (Opened, Reopened)):
        yield attrs.evolve(event, id=f"{event.id}@{name}", ticket=name, contract=target)


def _followed(ticket: _Ticket, event: TicketEvent, at: int) -> Iterator[Event]:
    """Take note of what happened to a ticket, and pass it on to the contracts that have taken it over."""
    if isinstance(event, Opened):
        ticket.facts = {name: getattr(event, name) for name in ("product", "severity", "channel", "response")}
        return
    if isinstance(event, SeverityChanged):
        ticket.facts["severity"] = event.severity
    if isinstance(event, Reopened):
        if ticket.starts_anew(at):
            ticket.taken, ticket.first = [], False
        return
    for target, name in ticket.taken:
        yield attrs.evolve(event, id=f"{event.id}@{name}", ticket=name, contract=target)
    happening = happening_of(event)
    if ticket.table is not None and happening and getattr(ticket.table, happening) == "release":
        ticket.taken = []
