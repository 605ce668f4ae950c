"""Rating many contracts at once, with what one hands over to the next."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import attrs

from supportcontracts._fields import frozen
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.plans import terms_of
from supportcontracts.contracts.sources import Fallback
from supportcontracts.errors import InvalidValue
from supportcontracts.events import Event, Opened, WorkEntry
from supportcontracts.quantity import WorkTime
from supportcontracts.rating.records import LineRecord
from supportcontracts.rating.result import Rating
from supportcontracts.rating.state import State
from supportcontracts.rating.verbs import rate
from supportcontracts.timeline import from_epoch

__all__ = ["Ratings", "rate_all"]


def __dir__() -> list[str]:
    return __all__


@frozen
class Ratings:
    """The ratings of several contracts, in the order in which they were given, and the events that fit none.

    Attributes:
        ratings: one for each contract.
        unrouted: events of customers without a contract here, or that could belong to several.
    """

    ratings: tuple[Rating, ...]
    unrouted: tuple[Event, ...]

    def __getitem__(self, contract: str) -> Rating:
        for rating in self.ratings:
            if rating.contract.id == contract:
                return rating
        known = ", ".join(rating.contract.id for rating in self.ratings)
        raise KeyError(f"no rating of {contract!r}; there are {known}")

    def __str__(self) -> str:
        return "\n\n".join(str(rating) for rating in self.ratings)


def rate_all(
    contracts: Iterable[Contract],
    events: Iterable[Event],
    *,
    until: datetime | date | str,
    openings: Mapping[str, State] | None = None,
    known_at: datetime | None = None,
) -> Ratings:
    """Rate many contracts, and carry what one hands over by `Fallback` to the next.

    An event belongs to the contract that it names, else to the only contract of its customer that no other contract
    of the customer falls back to. A part that is handed over is rated by the other contract as use of its own, with
    the id "W-3@C-101".

    Args:
        contracts: with ids of their own.
        events: of all of them, in any order.
        until: where to stop, as for `rate`.
        openings: the states to go on from, by contract id.
        known_at: as for `rate`.

    Raises:
        InvalidValue: for two contracts of one id, a fallback to a contract that is not here or not the customer's, or
            fallbacks in a circle.

    Rules: B10, D18.

    Example:
        >>> from supportcontracts import CappedHours, Money, PayPerHour, Price, Term, Zone, hours
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
    targets = {contract.id: _targets(contract) for contract in known}
    order = _in_order(by_id, targets)
    routed, unrouted = _route(known, targets, events)
    found: dict[str, Rating] = {}
    for name in order:
        opening = None if openings is None else openings.get(name)
        rating = rate(by_id[name], routed[name], until=until, opening=opening, known_at=known_at)
        found[name] = rating
        for target, event in _handed_over(rating):
            routed[target].append(event)
    return Ratings(tuple(found[contract.id] for contract in known), tuple(unrouted))


def _targets(contract: Contract) -> frozenset[str]:
    return frozenset(
        source.contract
        for phase in contract.dated_phases
        for placed in terms_of(phase.plan).meters
        for source in placed.meter.sources
        if isinstance(source, Fallback)
    )


def _in_order(by_id: Mapping[str, Contract], targets: Mapping[str, frozenset[str]]) -> list[str]:
    """Put every contract before those it falls back to, and refuse a circle (B10)."""
    for name, wanted in targets.items():
        for target in wanted:
            if target not in by_id:
                raise InvalidValue(
                    f"Contract {name!r}", f"a fallback to {target!r}", "a contract of this call was expected"
                )
            if by_id[target].customer != by_id[name].customer:
                raise InvalidValue(
                    f"Contract {name!r}",
                    f"a fallback to {target!r} of {by_id[target].customer!r}",
                    "a contract of the same customer was expected",
                )
    order: list[str] = []
    waiting = dict.fromkeys(by_id)
    while waiting:
        free = [name for name in waiting if not any(name in targets[other] for other in waiting)]
        if not free:
            circle = ", ".join(sorted(waiting))
            raise InvalidValue("rate_all", f"fallbacks in a circle among {circle}", "an end was expected")
        order += free
        for name in free:
            del waiting[name]
    return order


def _route(
    contracts: tuple[Contract, ...], targets: Mapping[str, frozenset[str]], events: Iterable[Event]
) -> tuple[dict[str, list[Event]], list[Event]]:
    routed: dict[str, list[Event]] = {contract.id: [] for contract in contracts}
    behind = frozenset().union(*targets.values()) if targets else frozenset()
    heads: dict[str, list[str]] = {}
    for contract in contracts:
        if contract.id not in behind:
            heads.setdefault(contract.customer, []).append(contract.id)
    home: dict[str, list[str]] = {}
    later: list[Event] = []
    unrouted: list[Event] = []
    for event in events:
        place = [event.contract] if event.contract is not None else heads.get(event.customer or "", [])
        if len(place) == 1 and place[0] in routed:
            routed[place[0]].append(event)
            home.setdefault(event.id, place)
            home.setdefault(getattr(event, "ticket", None) or event.id, place)
        elif event.customer is None and event.contract is None:
            later.append(event)
        else:
            unrouted.append(event)
    for event in later:
        names = [getattr(event, name, None) for name in ("ticket", "bank", "target", "of")]
        places = [home[name] for name in names if name in home]
        if places:
            routed[places[0][0]].append(event)
        else:
            unrouted.append(event)
    return routed, unrouted


def _handed_over(rating: Rating) -> list[tuple[str, Event]]:
    """The parts that a rating hands over, as events of the contracts that take them (B10)."""
    found: list[tuple[str, Event]] = []
    for record in rating.records:
        if record.disposition == "handed-over":
            assert record.source is not None
            fallback: Any = record.source.terms
            found.append((fallback.contract, _event_of(record, rating, fallback.contract)))
    return found


def _event_of(record: LineRecord, rating: Rating, target: str) -> Event:
    name = f"{record.use}@{rating.contract.id}"
    at = from_epoch(record.at)
    event = None if record.metered is None else record.metered.event
    if isinstance(event, WorkEntry):
        return attrs.evolve(event, id=name, at=at, worked=WorkTime(record.worked), contract=target, reservation=None)
    facts = record.detail if record.metered is None else event
    return Opened(
        name,
        at,
        ticket=name,
        customer=rating.contract.customer,
        contract=target,
        product=getattr(facts, "product", None),
        severity=getattr(facts, "severity", None),
        channel=getattr(facts, "channel", None),
        response=getattr(facts, "response", None),
    )
