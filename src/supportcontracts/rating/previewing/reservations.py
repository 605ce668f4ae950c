"""Units set aside for a visit: reserved under a key, then committed by the work that was done, or released.

Each verb takes a saved state and gives a value: what follows, the events to record, and the state after them. Nothing
happens until the caller records the events. A reservation lowers what is available, never what is left, and never an
amount (B9).
"""

from datetime import datetime

import attrs

from supportcontracts._fields import frozen, require_text
from supportcontracts.contracts.contract import Contract
from supportcontracts.errors import InvalidValue, StaleState
from supportcontracts.events import Event, Released, Reserved, WorkEntry
from supportcontracts.money import Money
from supportcontracts.quantity import Incidents, Quantity, Unit, WorkTime, quantity
from supportcontracts.rating.lines import Line
from supportcontracts.rating.previewing.uses import Preview, brought_to, preview
from supportcontracts.rating.printing import lot_word, when
from supportcontracts.rating.program import compiled
from supportcontracts.rating.state import OpenReservation, State
from supportcontracts.rating.verbs import rate
from supportcontracts.timeline import Instant, Zone, epoch, from_epoch, instant

__all__ = ["Commitment", "Release", "Reservation", "Short", "Stock", "available", "commit", "release", "reserve"]


def __dir__() -> list[str]:
    return __all__


@frozen
class Stock:
    """What is left in the lots of one unit that can pay now, and how much of it is free, which is not set aside.

    Attributes:
        lots: each lot that has units left, in words, with what is left of it.
        left: what is left in all of them.
        free: what is left less what is reserved, and not below zero.

    Rules: B9.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> print(Stock((("bank B-10", hours(18)),), hours(18), hours(16)))
        bank B-10 18h 00m, of which free 16h 00m
    """

    lots: tuple[tuple[str, Quantity], ...]
    left: Quantity
    free: Quantity

    def __str__(self) -> str:
        if not self.lots:
            return "nothing left"
        kind = "banks" if all(lot.startswith("bank ") for lot, _ in self.lots) else "lots"
        only = f"{self.lots[0][0]} {self.left}"
        shown = only if len(self.lots) == 1 else f"{self.left} in {len(self.lots)} {kind}"
        return f"{shown}, all free" if self.free == self.left else f"{shown}, of which free {self.free}"


@frozen
class Reservation:
    """Units are set aside under a key.

    Attributes:
        key: makes it safe to ask twice.
        quantity: the units set aside.
        expires_at: when the reservation lapses.
        stock: what is left, and what of it is still free for others.
        events: what to record; empty where the key was reserved before.
        closing: the state after them.

    Rules: B9.
    """

    key: str
    quantity: Quantity
    expires_at: Instant
    stock: Stock
    events: tuple[Event, ...]
    closing: State
    _zone: Zone = attrs.field(repr=False)

    @property
    def free(self) -> Quantity:
        """What is still free for others."""
        return self.stock.free

    def __str__(self) -> str:
        return f"{self.key}: {self.quantity} reserved until {when(self._zone, self.expires_at)}; {self.stock}"


@frozen
class Short:
    """There is not enough to set aside; nothing was reserved.

    Attributes:
        key: what was asked for.
        missing: the units that are not there.
        stock: what is left, and what of it is free.
        closing: the state, unchanged.
        events: nothing to record.

    Rules: B9.
    """

    key: str
    missing: Quantity
    stock: Stock
    closing: State
    events: tuple[Event, ...] = ()

    @property
    def free(self) -> Quantity:
        """What could be set aside."""
        return self.stock.free

    def __str__(self) -> str:
        return f"{self.key}: {self.missing} missing; {self.stock}"


@frozen
class Commitment:
    """Reserved work was done: what it drew or cost, and what of the reservation was not needed.

    Attributes:
        key: the key of the reservation.
        worked: the time that was worked.
        used: what it counted as, without what was refused.
        given_back: what was set aside and not needed; nothing, if the reservation had lapsed.
        preview: its lines, as they stand when it is recorded.
        stock: what is left, and what of it is free.
        events: what to record.
        closing: the state after them, one second after the work started.

    Rules: B9.
    """

    key: str
    worked: WorkTime
    used: WorkTime
    given_back: Quantity
    preview: Preview
    stock: Stock
    events: tuple[Event, ...]
    closing: State

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the work."""
        return self.preview.lines

    @property
    def amount(self) -> Money:
        """What it costs."""
        return self.preview.amount

    def __str__(self) -> str:
        words = self.preview.metering
        how = f" ({self.worked}, {words})" if words and self.used != self.worked else ""
        cost = f"; {self.amount}" if self.amount else ""
        return f"{self.key}: {self.used} used{how}, {self.given_back} given back{cost}; {self.stock}"


@frozen
class Release:
    """A reservation was given up.

    Attributes:
        key: the key of the reservation.
        given_back: what had been set aside; None, if there was no such reservation any more.
        stock: what is left of that unit, and what of it is free; None, if nothing was given back.
        events: what to record.
        closing: the state after them.

    Rules: B9.
    """

    key: str
    given_back: Quantity | None
    stock: Stock | None
    events: tuple[Event, ...]
    closing: State

    def __str__(self) -> str:
        rest = "" if self.stock is None else f"; {self.stock}"
        return f"{self.key}: {self.given_back or 'nothing'} given back{rest}"


def available(contract: Contract, unit: Unit, *, opening: State | None, as_of: datetime) -> Quantity:
    """Say how many units could be drawn now: what is left in usable lots, less what is reserved.

    What unlimited cover, a charge or an overdraft would pay is not counted: there is nothing to set aside.

    Args:
        contract: what was agreed.
        unit: "work" or "incidents".
        opening: the state to start from.
        as_of: now.

    Raises:
        StaleState: if now lies before the state.

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
    return _stock(contract, unit, opening, _now(opening, as_of)).free


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

    Raises:
        StaleState: if now lies before the state.
        InvalidValue: if it would lapse before it begins.

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
        >>> print(held)
        T-1/visit: 2h 00m reserved until Wed 2025-02-05 17:00; allotment 10h 00m, of which free 8h 00m
        >>> print(reserve(c, hours(9), key="T-2/visit", opening=held.closing, as_of=now, expires_at=later))
        T-2/visit: 1h 00m missing; allotment 10h 00m, of which free 8h 00m
    """
    require_text("reserve(key)", key)
    if not isinstance(units, (WorkTime, Incidents)):
        raise InvalidValue("reserve(units)", repr(units), "hours(…) or incidents(…) was expected")
    now = _now(opening, as_of)
    base = _base(contract, opening, now)
    known = _reserved(opening, key, now)
    if known is not None:
        held, lapses = quantity(known.unit, known.quantity), from_epoch(known.expires_at)
        return Reservation(key, held, lapses, _stock(contract, held.unit, opening, now), (), base, contract.zone)
    event = Reserved(
        f"reserve/{key}/{now}",
        from_epoch(now),
        customer=contract.customer,
        key=key,
        quantity=units,
        expires_at=expires_at,
    )
    stock = _stock(contract, units.unit, opening, now)
    if stock.free.amount < units.amount:
        return Short(key, quantity(units.unit, units.amount - stock.free.amount), stock, base)
    held_until = OpenReservation(key, units.amount, epoch(event.expires_at), units.unit, now)
    others = tuple(item for item in base.reservations if item.key != key)
    closing = attrs.evolve(base, reservations=(*others, held_until))
    free = quantity(units.unit, stock.free.amount - units.amount)
    after = attrs.evolve(stock, free=free)
    return Reservation(key, units, event.expires_at, after, (event,), closing, contract.zone)


def commit(contract: Contract, entry: WorkEntry, *, key: str, opening: State | None) -> Commitment:
    """Record the work that a reservation was for: it is rated as any other, and what was not needed is free again.

    Work that began before it was reserved for commits the reservation too: a release is recorded beside it, since in
    the order of events the work comes first.

    Args:
        contract: what was agreed.
        entry: the work that was done.
        key: the key of the reservation; one that lapsed changes nothing else.
        opening: the state to start from.

    Raises:
        StaleState: if the work lies before the state.
        ForeignEvent: for work of another customer or contract.
        InvalidValue: for anything but a work entry, or one that names another key.

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
        T-1/visit: 1h 15m used, 0h 45m given back; allotment 8h 45m, all free
    """
    require_text("commit(key)", key)
    if not isinstance(entry, WorkEntry) or entry.reservation not in (None, key):
        raise InvalidValue("commit", repr(entry), f"a work entry was expected, for {key!r} or no reservation")
    event = attrs.evolve(entry, reservation=key)
    at = epoch(entry.at)
    seen = preview(contract, event, opening=opening)
    closing = rate(contract, [event], until=from_epoch(at + 1), opening=opening).closing
    used = WorkTime(sum(line.counted.amount for line in seen.lines if line.counted and line.disposition != "refused"))
    known = _reserved(opening, key, at)
    back: Quantity = WorkTime(0)
    if known is not None:
        back = quantity(known.unit, max(0, known.quantity - (used.amount if known.unit == "work" else 0)))
    stock = _stock(contract, "work" if known is None else back.unit, closing, at + 1)
    events: tuple[Event, ...] = (event,)
    if known is not None and known.made_at > at:
        # The work began before it was reserved for: in the order of events its commitment comes too soon.
        events = (event, _released(contract, key, known.made_at + 1))
    return Commitment(key, entry.worked, used, back, seen, stock, events, closing)


def release(contract: Contract, *, key: str, opening: State | None, as_of: datetime) -> Release:
    """Give a reservation up; one that is not there changes nothing.

    Given up in the very second in which it was made, it is recorded as of the next one, since nothing tells the order
    of the two within a second.

    Args:
        contract: what was agreed.
        key: the key of the reservation.
        opening: the state to start from.
        as_of: now.

    Raises:
        StaleState: if now lies before the state.

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
    require_text("release(key)", key)
    now = _now(opening, as_of)
    base = _base(contract, opening, now)
    known = _reserved(opening, key, now)
    if known is None:
        return Release(key, None, None, (), base)
    event = _released(contract, key, max(now, known.made_at + 1))
    closing = attrs.evolve(base, reservations=tuple(item for item in base.reservations if item.key != key))
    back = quantity(known.unit, known.quantity)
    return Release(key, back, _stock(contract, back.unit, closing, now), (event,), closing)


def _now(opening: State | None, as_of: datetime) -> int:
    """The second that is meant by now; in the last second of the state, the next one, since it has seen that one.

    Reservations change no amount, so nothing else of that second could come out differently.
    """
    now = epoch(instant(as_of))
    since = now if opening is None else epoch(opening.as_of)
    if now < since - 1:
        raise StaleState(
            "as_of",
            str(from_epoch(now)),
            f"an instant from {from_epoch(since)} on was expected, where the state begins",
            f"Rate again up to {from_epoch(now)}, and start from that state.",
        )
    return max(now, since)


def _base(contract: Contract, opening: State | None, now: int) -> State:
    """The state that a reservation is added to: the opening one, since setting units aside moves no other event."""
    if opening is not None:
        return opening
    return State(from_epoch(min(now, compiled(contract).phases[0].start)), contract.id)


def _reserved(opening: State | None, key: str, at: int) -> OpenReservation | None:
    """The reservation of a key, if it has not lapsed (B9)."""
    items = () if opening is None else opening.reservations
    return next((item for item in items if item.key == key and item.expires_at > at), None)


def _released(contract: Contract, key: str, at: int) -> Released:
    """Give a reservation up; not in the second in which it was made, where the order of the two is not told."""
    return Released(f"release/{key}/{at}", from_epoch(at), customer=contract.customer, key=key)


def _stock(contract: Contract, unit: str, opening: State | None, now: int) -> Stock:
    books = brought_to(contract, opening, now).books
    lots = [
        lot
        for lot in books.lots.values()
        if lot.unit == unit and lot.left and lot.status == "usable" and lot.starts <= now
    ]
    left = sum(lot.left for lot in lots)
    held = sum(amount for amount, expires, of, _ in books.reservations.values() if of == unit and expires > now)
    return Stock(
        tuple((lot_word(lot.id, lot.kind), quantity(unit, lot.left)) for lot in lots),
        quantity(unit, left),
        quantity(unit, max(0, left - held)),
    )
