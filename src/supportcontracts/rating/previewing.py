"""What one use would cost, and units set aside for it: the answers for the phone, which change nothing by themselves.

Each verb takes a saved state and gives a value: what follows, the events to record, and the state after them. Nothing
happens until the caller records the events.
"""

from datetime import datetime
from typing import Any

import attrs

from supportcontracts._fields import frozen, require_text
from supportcontracts.contracts.contract import Contract
from supportcontracts.errors import InvalidValue, StaleState
from supportcontracts.events import Event, Released, Reserved, WorkEntry, kind_rank
from supportcontracts.money import Money
from supportcontracts.quantity import Incidents, Quantity, WorkTime, quantity
from supportcontracts.rating.fold import Fold
from supportcontracts.rating.lines import Line, Notice, line_of, notice_of
from supportcontracts.rating.printing import paid_by
from supportcontracts.rating.program import BEGINNING, compiled
from supportcontracts.rating.records import LINE, NOTICE, NoticeRecord, line_record
from supportcontracts.rating.saving import opened, saved
from supportcontracts.rating.state import OpenReservation, State
from supportcontracts.timeline import epoch, from_epoch, instant

__all__ = [
    "Commitment",
    "Preview",
    "Release",
    "Reservation",
    "Short",
    "available",
    "commit",
    "preview",
    "release",
    "reserve",
]


def __dir__() -> list[str]:
    return __all__


@frozen
class Preview:
    """What a use would cost, line by line, and what would be left; nothing was changed.

    Attributes:
        lines: the lines it would have.
        notices: the notices it would give.
        amount: what it would cost.
        left: what would be left of each lot that it would draw.
    """

    lines: tuple[Line, ...]
    notices: tuple[Notice, ...]
    amount: Money
    left: tuple[tuple[str, Quantity], ...]

    def __str__(self) -> str:
        paid = "; ".join(
            f"{paid_by(line)} {line.counted}" if line.counted is not None else paid_by(line) for line in self.lines
        )
        left = "".join(f"; {lot}: {rest} left" for lot, rest in self.left)
        return f"{self.amount}: {paid}{left}"


@frozen
class Reservation:
    """Units are set aside under a key.

    Attributes:
        key: makes it safe to ask twice.
        quantity: the units set aside.
        expires_at: when the reservation lapses.
        free: what is still available to others.
        events: what to record; empty where the key was reserved before.
        closing: the state after them.

    Rules: B9.
    """

    key: str
    quantity: Quantity
    expires_at: datetime
    free: Quantity
    events: tuple[Event, ...]
    closing: State

    def __str__(self) -> str:
        return f"{self.key}: {self.quantity} reserved until {self.expires_at:%Y-%m-%d %H:%M} UTC, {self.free} free"


@frozen
class Short:
    """There is not enough to set aside; nothing was reserved.

    Rules: B9.
    """

    key: str
    missing: Quantity
    free: Quantity
    closing: State
    events: tuple[Event, ...] = ()

    def __str__(self) -> str:
        return f"{self.key}: {self.missing} missing, {self.free} free"


@frozen
class Commitment:
    """Reserved work was done: what it drew or cost, and what of the reservation was not needed.

    Rules: B9.
    """

    key: str
    lines: tuple[Line, ...]
    used: Quantity
    given_back: Quantity
    amount: Money
    events: tuple[Event, ...]
    closing: State

    def __str__(self) -> str:
        return f"{self.key}: {self.used} used, {self.given_back} given back; {self.amount}"


@frozen
class Release:
    """A reservation was given up.

    Rules: B9.
    """

    key: str
    given_back: Quantity | None
    events: tuple[Event, ...]
    closing: State

    def __str__(self) -> str:
        return f"{self.key}: {self.given_back or 'nothing'} given back"


def preview(contract: Contract, use: Event, *, opening: State | None) -> Preview:
    """Price one hypothetical use, as rating would, without changing anything.

    Args:
        contract: what was agreed.
        use: a work entry, or the ticket event that would consume an incident.
        opening: the state to start from; None: before everything.

    Raises:
        StaleState: if the use lies before the state.

    Example:
        >>> from supportcontracts import PayPerHour, Price, Term, Zone, hours
        >>> zone = Zone("Europe/Berlin")
        >>> c = Contract(
        ...     "C-1", customer="elm", rounding="half-up", term=Term("2025-01-01", months=12, zone=zone),
        ...     plan=PayPerHour(tariff=Price("150 EUR/h")),
        ... )
        >>> draft = WorkEntry("draft", zone.at("2025-02-03 09:00"), customer="elm", worked=hours(2))
        >>> print(preview(c, draft, opening=None))
        300.00 EUR: charge at 150.00 EUR/h 2h 00m
    """
    fold = _at(contract, opening, epoch(use.at), use.id)
    start = len(fold.books.journal)
    fold.run([(epoch(use.at), kind_rank(use), use.id, use)], epoch(use.at))
    lines, notices = _read(fold, start)
    lots = {line.lot: fold.books.lots[line.lot] for line in lines if line.lot and line.lot in fold.books.lots}
    left = tuple((name, quantity(lot.unit, lot.left)) for name, lot in lots.items())
    return Preview(lines, notices, _sum(lines, contract), left)


def available(contract: Contract, unit: str, *, opening: State | None, as_of: datetime) -> Quantity:
    """Say how many units could be drawn now: what is left in usable lots, less what is reserved.

    Args:
        contract: what was agreed.
        unit: "work" or "incidents".
        opening: the state to start from.
        as_of: now.

    Rules: B9.

    Example:
        >>> from supportcontracts import CappedHours, Money, Refuse, Term, Zone, hours
        >>> zone = Zone("Europe/Berlin")
        >>> c = Contract(
        ...     "C-1", customer="elm", rounding="half-up", term=Term("2025-01-01", months=12, zone=zone),
        ...     plan=CappedHours(fee=Money("1200 EUR"), allotment=hours(10), per="term", beyond=Refuse()),
        ... )
        >>> str(available(c, "work", opening=None, as_of=zone.at("2025-02-03 09:00")))
        '10h 00m'
    """
    if unit not in ("work", "incidents"):
        raise InvalidValue("available(unit)", repr(unit), '"work" or "incidents" was expected')
    now = _not_before(opening, epoch(instant(as_of)))
    fold = _at(contract, opening, now, "available")
    return quantity(unit, max(0, _free(fold, unit, now)))


def reserve(
    contract: Contract,
    units: Quantity,
    *,
    key: str,
    opening: State | None,
    as_of: datetime,
    expires_at: datetime,
) -> Reservation | Short:
    """Set units aside under a key; asking again with the key changes nothing.

    Args:
        contract: what was agreed.
        units: how many.
        key: names what they are for.
        opening: the state to start from.
        as_of: now.
        expires_at: when the reservation lapses by itself.

    Returns:
        `Reservation`, or `Short` if fewer units are free.

    Rules: B9.

    Example:
        >>> from supportcontracts import CappedHours, Money, Refuse, Term, Zone, hours
        >>> zone = Zone("Europe/Berlin")
        >>> c = Contract(
        ...     "C-1", customer="elm", rounding="half-up", term=Term("2025-01-01", months=12, zone=zone),
        ...     plan=CappedHours(fee=Money("1200 EUR"), allotment=hours(10), per="term", beyond=Refuse()),
        ... )
        >>> now, later = zone.at("2025-02-03 09:00"), zone.at("2025-02-05 17:00")
        >>> held = reserve(c, hours(2), key="T-1/visit", opening=None, as_of=now, expires_at=later)
        >>> str(held.free)
        '8h 00m'
        >>> reserve(c, hours(9), key="T-2/visit", opening=held.closing, as_of=now, expires_at=later).missing
        hours(1)
    """
    require_text("reserve(key)", key)
    if not isinstance(units, (WorkTime, Incidents)):
        raise InvalidValue("reserve(units)", repr(units), "hours(…) or incidents(…) was expected")
    now = _not_before(opening, epoch(instant(as_of)))
    fold = _at(contract, opening, now, key)
    known = fold.books.reservations.get(key)
    if known is not None and known[1] > now:
        free = quantity(units.unit, max(0, _free(fold, units.unit, now)))
        held = quantity(known[2], known[0])
        return Reservation(key, held, from_epoch(known[1]), free, (), _base(contract, opening, now))
    free_units = max(0, _free(fold, units.unit, now))
    if free_units < units.amount:
        missing = quantity(units.unit, units.amount - free_units)
        return Short(key, missing, quantity(units.unit, free_units), _base(contract, opening, now))
    event = Reserved(
        f"reserve/{key}/{now}",
        from_epoch(now),
        customer=contract.customer,
        key=key,
        quantity=units,
        expires_at=expires_at,
    )
    left = quantity(units.unit, free_units - units.amount)
    base = _base(contract, opening, now)
    held_until = OpenReservation(key, units.amount, epoch(event.expires_at), units.unit)
    others = tuple(item for item in base.reservations if item.key != key)
    closing = attrs.evolve(base, reservations=(*others, held_until))
    return Reservation(key, units, event.expires_at, left, (event,), closing)


def commit(contract: Contract, entry: WorkEntry, *, key: str, opening: State | None) -> Commitment:
    """Record the work that a reservation was for: it is rated as any other, and what was not needed is free again.

    Args:
        contract: what was agreed.
        entry: the work that was done.
        key: the key of the reservation; one that lapsed changes nothing else.
        opening: the state to start from.

    Raises:
        StaleState: if the work lies before the state.

    Rules: B9.

    Example:
        >>> from supportcontracts import CappedHours, Money, Refuse, Term, Zone, hours
        >>> zone = Zone("Europe/Berlin")
        >>> c = Contract(
        ...     "C-1", customer="elm", rounding="half-up", term=Term("2025-01-01", months=12, zone=zone),
        ...     plan=CappedHours(fee=Money("1200 EUR"), allotment=hours(10), per="term", beyond=Refuse()),
        ... )
        >>> held = reserve(
        ...     c, hours(2), key="T-1/visit", opening=None,
        ...     as_of=zone.at("2025-02-03 09:00"), expires_at=zone.at("2025-02-05 17:00"),
        ... )
        >>> done = WorkEntry("W-1", zone.at("2025-02-04 09:00"), customer="elm", worked=hours("1.25"))
        >>> print(commit(c, done, key="T-1/visit", opening=held.closing))
        T-1/visit: 1h 15m used, 0h 45m given back; 0.00 EUR
    """
    at = epoch(entry.at)
    event = attrs.evolve(entry, reservation=key)
    fold = _at(contract, opening, at, entry.id)
    known = fold.books.reservations.get(key)
    start = len(fold.books.journal)
    fold.run([(at, kind_rank(event), event.id, event)], at + 1)
    lines, _ = _read(fold, start)
    used = sum(line.counted.amount for line in lines if line.counted is not None and line.kind == "use")
    held = known[0] if known is not None and known[1] > at else 0
    closing = saved(fold, at + 1)
    back = WorkTime(max(0, held - used))
    return Commitment(key, lines, WorkTime(used), back, _sum(lines, contract), (event,), closing)


def release(contract: Contract, *, key: str, opening: State | None, as_of: datetime) -> Release:
    """Give a reservation up; one that is not there changes nothing.

    Args:
        contract: what was agreed.
        key: the key of the reservation.
        opening: the state to start from.
        as_of: now.

    Rules: B9.

    Example:
        >>> from supportcontracts import PayPerHour, Price, Term, Zone
        >>> zone = Zone("Europe/Berlin")
        >>> c = Contract(
        ...     "C-1", customer="elm", rounding="half-up", term=Term("2025-01-01", months=12, zone=zone),
        ...     plan=PayPerHour(tariff=Price("150 EUR/h")),
        ... )
        >>> print(release(c, key="T-1/visit", opening=None, as_of=zone.at("2025-02-03 09:00")))
        T-1/visit: nothing given back
    """
    now = _not_before(opening, epoch(instant(as_of)))
    fold = _at(contract, opening, now, key)
    known = fold.books.reservations.get(key)
    if known is None or known[1] <= now:
        return Release(key, None, (), _base(contract, opening, now))
    event = Released(f"release/{key}/{now}", from_epoch(now), customer=contract.customer, key=key)
    base = _base(contract, opening, now)
    closing = attrs.evolve(base, reservations=tuple(item for item in base.reservations if item.key != key))
    back = quantity(known[2], known[0])
    return Release(key, back, (event,), closing)


def _base(contract: Contract, opening: State | None, now: int) -> State:
    """The state that a reservation is added to: the opening one, since setting units aside moves no other event."""
    if opening is not None:
        return opening
    return State(from_epoch(min(now, compiled(contract).phases[0].start)), contract.id)


def _not_before(opening: State | None, at: int) -> int:
    """Reservations change no amount, so one asked for in the second of the state is taken after it."""
    return at if opening is None else max(at, epoch(opening.as_of))


def _at(contract: Contract, opening: State | None, at: int, what: str) -> Fold:
    """Open a state, and bring the calendar up to an instant, its beginnings included."""
    if opening is not None and at < epoch(opening.as_of):
        raise StaleState(
            f"The state for {what!r}",
            f"a use at {from_epoch(at)}",
            f"one from {opening.as_of} on was expected",
            f"Rate again up to {from_epoch(at)}, and start from that state.",
        )
    fold = opened(compiled(contract), opening)
    fold.calendar.advance(at, BEGINNING)
    return fold


def _read(fold: Fold, start: int) -> tuple[tuple[Line, ...], tuple[Notice, ...]]:
    journal: list[Any] = fold.books.journal[start:]
    lines = tuple(
        line_of(line_record(item), fold.program)
        for item in journal
        if item[0] == LINE and item[2] in ("use", "release")
    )
    return lines, tuple(notice_of(NoticeRecord._make(item), fold.program) for item in journal if item[0] == NOTICE)


def _sum(lines: tuple[Line, ...], contract: Contract) -> Money:
    return sum((line.amount for line in lines), Money.zero(contract.currency))


def _free(fold: Fold, unit: str, at: int) -> int:
    books = fold.books
    left = sum(
        lot.left for lot in books.lots.values() if lot.unit == unit and lot.status == "usable" and lot.starts <= at
    )
    held = sum(amount for amount, expires, of in books.reservations.values() if of == unit and expires > at)
    return left - held
