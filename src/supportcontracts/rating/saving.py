"""From a fold to a saved state, and back: what is kept between two ratings."""

from bisect import bisect_left
from heapq import heappush
from operator import attrgetter
from typing import Any

from supportcontracts._fields import draft_of
from supportcontracts.contracts.allotments import Allotment
from supportcontracts.errors import InvalidValue
from supportcontracts.ledger import NEVER, Lot, OpenLot
from supportcontracts.money import Money
from supportcontracts.rating.debts import OpenDebt
from supportcontracts.rating.fold import WORK_RANK, Fold
from supportcontracts.rating.incidents import Ticket
from supportcontracts.rating.program import TURN, Program
from supportcontracts.rating.state import (
    Carried,
    Counter,
    Debt,
    OpenReservation,
    Paid,
    State,
    TicketState,
    UseAttributes,
)
from supportcontracts.timeline import epoch, from_epoch

__all__ = ["opened", "saved"]


def __dir__() -> list[str]:
    return __all__


def saved(fold: Fold, until: int) -> State:
    """Keep what a fold knows at an instant; windows that have ended are left out."""
    books, program = fold.books, fold.program
    lots = [*books.lots.values(), *books.arriving.values()]
    pools = books.pools
    unfinished = {entry.id for _, _, _, (entry, _, _) in fold.carried} | {item.use for item in fold.held.items}
    return State(
        from_epoch(until),
        program.contract.id,
        lots=tuple([_lot(lot, program) for lot in sorted(lots, key=attrgetter("id"))]),
        deficits=tuple(
            Counter((name, books.overdrawn[name][0], books.overdrawn[name][1].key), owed)
            for name, owed in sorted(books.deficits.items())
            if owed
        ),
        debts=tuple(
            Debt(account, debt.use, debt.owed, tuple(Counter((lot,), paid) for lot, paid in debt.repaid), debt.minor)
            for account, debts in sorted(books.debts.of.items())
            for debt in debts
            if debt.use
        ),
        counters=tuple(
            Counter(key, value)
            for key, value in sorted(books.counts.items(), key=_as_text)
            if _is_open(key, unfinished)
        ),
        tickets=_tickets(fold.incidents.tickets),
        held=tuple(fold.held.items),
        fired=tuple(sorted(books.fired)),
        reservations=tuple(
            OpenReservation(key, amount, expires, unit, made_at)
            for key, (amount, expires, unit, made_at) in sorted(books.reservations.items())
            if expires > until
        ),
        purchases=tuple(
            Counter((pool.name, pool.unit, pool.latest), pool.latest_size)
            for _, pool in sorted(pools.items())
            if pool.latest
        ),
        paid=tuple(sorted(books.paid)),
        carried=tuple(
            Carried(at, entry, part, worked)
            for at, _, _, (entry, part, worked) in sorted(fold.carried, key=lambda c: c[:3])
        ),
    )


_AttributesDraft = draft_of(UseAttributes)
_TicketDraft = draft_of(TicketState)
_LotDraft = draft_of(Lot)


def _tickets(tickets: dict[str, Ticket]) -> tuple[TicketState, ...]:
    """Keep every ticket; most were paid alike, and say it with the same objects."""
    payments: dict[Any, tuple[Paid, ...]] = {}
    found = []
    for name in sorted(tickets):
        ticket = tickets[name]
        seen = _AttributesDraft()
        seen.product = ticket.product
        seen.severity = ticket.severity
        seen.channel = ticket.channel
        seen.response = ticket.response
        seen.ticket = name
        seen.role = seen.work_type = seen.window = seen.rate = None
        seen.__class__ = UseAttributes
        paid = payments.get(ticket.paid)
        if paid is None:
            paid = payments[ticket.paid] = tuple(Paid(*part) for part in ticket.paid)
        state = _TicketDraft()
        state.ticket = name
        state.cycle = ticket.cycle
        state.status = ticket.status
        state.attributes = seen
        state.resolved_at = ticket.resolved_at
        state.meter = ticket.meter
        state.paid = paid
        state.__class__ = TicketState
        found.append(state)
    return tuple(found)


def _as_text(item: tuple[tuple[str | int, ...], int]) -> tuple[str, ...]:
    return tuple(str(part) for part in item[0])


def _is_open(key: tuple[str | int, ...], unfinished: set[str]) -> bool:
    """Whether a counter can still change; that of a single entry can only while a part of it is to come."""
    return key[0] not in ("group", "free", "priced") or key[-2] != "entry" or key[-1] in unfinished


def _lot(lot: OpenLot, program: Program) -> Lot:
    currency, quantity = program.currency, program.sayings.quantity
    kept = _LotDraft()
    kept.id = lot.id
    kept.left = quantity(lot.unit, lot.left)
    kept.expires_on = lot.expires_on
    kept.quantity = quantity(lot.unit, lot.quantity)
    kept.origin = lot.origin
    kept.usable_from = from_epoch(lot.starts)
    kept.priority = lot.priority
    kept.scope = lot.scope
    kept.cost = None if lot.cost is None else Money.from_minor(lot.cost, currency)
    kept.refunded = lot.refunded
    kept.refunded_money = Money.from_minor(lot.refunded_minor, currency) if lot.refunded else None
    kept.source = lot.source
    kept.held = "release" if lot.releases else "stays-held"
    kept.kind = lot.kind
    kept.status = lot.status
    kept.__class__ = Lot
    return kept  # type: ignore[no-any-return]  # a Lot by now


def opened(program: Program, opening: State | None) -> Fold:
    """Begin a fold where a saved state ended, or before everything."""
    fold = Fold(program)
    if opening is None:
        return fold
    if opening.contract and opening.contract != program.contract.id:
        raise InvalidValue(
            "rate(opening=…)", f"the state of {opening.contract!r}", f"a state of {program.contract.id!r} was expected"
        )
    as_of = epoch(opening.as_of)
    books = fold.books
    schedule = program.schedule
    place = bisect_left(program.due_times, as_of)
    while place < len(schedule) and schedule[place].at == as_of and schedule[place].order < TURN:
        place += 1
    fold.calendar.place = place
    for phase in [phase for phase in program.phases if phase.start < as_of]:
        books.adopt(phase, as_of)  # what a phase said of banks holds on in a gap behind it
    fold.enter(program.phase_at(as_of - 1), as_of)
    if fold.phase is not None:
        fold.piece = fold.phase.slice_at(as_of - 1)
    for lot in opening.lots:
        _open_lot(fold, lot, as_of)
    _open_debts(fold, opening)
    books.counts.update({counter.key: counter.value for counter in opening.counters})
    books.fired.update(opening.fired)
    books.paid.update(opening.paid)
    for counter in opening.purchases:
        name, unit, latest = map(str, counter.key)
        pool = books.pools.get((name, unit))
        if pool is not None:
            pool.latest, pool.latest_size = latest, counter.value
    for held in opening.reservations:
        books.reservations[held.key] = (held.quantity, held.expires_at, held.unit, held.made_at)
    fold.held.items = list(opening.held)
    for known in opening.tickets:
        ticket = fold.incidents.tickets[known.ticket] = Ticket(known.ticket)
        ticket.product, ticket.severity = known.attributes.product, known.attributes.severity
        ticket.channel, ticket.response = known.attributes.channel, known.attributes.response
        ticket.cycle, ticket.status, ticket.resolved_at = known.cycle, known.status, known.resolved_at
        ticket.meter = known.meter
        ticket.paid = tuple((p.source, p.lot, p.disposition, p.counted, p.minor, p.phase) for p in known.paid)
    for rest in opening.carried:
        heappush(fold.carried, (rest.at, WORK_RANK, rest.entry.id, (rest.entry, rest.part, rest.worked)))
    fold.calendar.look_ahead()
    return fold


def _open_debts(fold: Fold, opening: State) -> None:
    """Owe what was owed; what no incident is known for is older than what one is."""
    books, program = fold.books, fold.program
    for deficit in opening.deficits:
        account, phase, source = map(str, deficit.key)
        books.deficits[account] = deficit.value
        of = program.source_in(phase, source)
        books.overdrawn[account] = (phase, of)
        known = sum(debt.owed for debt in opening.debts if debt.account == account)
        if of.meter.unit == "incidents" and known < deficit.value:
            books.debts.owe(account, OpenDebt("", deficit.value - known))
    for debt in opening.debts:
        repaid = [(str(lot.key[0]), lot.value) for lot in debt.repaid]
        books.debts.owe(debt.account, OpenDebt(debt.use, debt.owed, repaid, debt.minor))


def _open_lot(fold: Fold, lot: Lot, as_of: int) -> None:
    books = fold.books
    opened_lot = OpenLot(
        lot.id,
        source=lot.source,
        kind=lot.kind,
        unit=lot.left.unit,
        quantity=lot.quantity.amount,
        left=lot.left.amount,
        starts=as_of if lot.usable_from is None else epoch(lot.usable_from),
        ends=NEVER if lot.expires_on is None else books.end_of(lot.expires_on),
        expires_on=lot.expires_on,
        origin=lot.origin,
        priority=lot.priority,
        scope=lot.scope,
        cost=None if lot.cost is None else lot.cost.minor,
        status=lot.status,
        releases=lot.held == "release",
        refunded=lot.refunded,
        refunded_minor=0 if lot.refunded_money is None else lot.refunded_money.minor,
    )
    if lot.kind == "bank":
        if (lot.source, lot.left.unit) not in books.pools:
            raise InvalidValue(
                f"State.lots {lot.id!r}",
                f"a bank of {lot.source!r} with {lot.left}",
                "banks that the terms know were expected",
                "Give the plan Banks(…) of that pool and unit.",
            )
        books.lots[lot.id] = opened_lot
        books.resume(opened_lot, as_of)
    elif lot.status == "arriving":
        books.arriving[lot.source] = opened_lot
    else:
        books.lots[lot.id] = opened_lot
        if lot.status == "usable":
            group = books.allotments.setdefault(lot.source, [])
            group.append(opened_lot)
            first = _rolled_first(fold, lot)
            group.sort(key=lambda item: ((item.kind == "grant") == first, item.starts))


def _rolled_first(fold: Fold, lot: Lot) -> bool:
    """Whether rolled lots of an allotment are drawn before its own grant."""
    sources = () if fold.phase is None else fold.phase.sources()
    terms = next((source.terms for source in sources if source.key == lot.source), None)
    if not isinstance(terms, Allotment):
        raise InvalidValue(
            f"State.lots {lot.id!r}",
            f"an allotment of {lot.source!r}",
            "an allotment that the terms know at that instant was expected",
            'Name the meter and the place of its source, as in source="work/0".',
        )
    return terms.rollover is None or terms.rollover.use == "first"
