"""The gate: a heap of events in, those that count out, in canonical order.

Repeats are dropped, corrections act, foreign events are refused, and what was recorded later than `known_at` is left
out. The canonical order is (happened, kind rank, id): a total order, so the order of arrival is gone behind here.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from supportcontracts.contracts.contract import Contract
from supportcontracts.errors import CurrencyMismatch, ForeignEvent, InvalidValue, StaleState
from supportcontracts.events import RANKS, BankPurchase, ChargeItem, Event, Fact, Replace, Void, WorkEntry
from supportcontracts.events.gathering import gather
from supportcontracts.ledger import NEVER
from supportcontracts.money import Money, Price
from supportcontracts.rating.fold import ARRIVAL_RANK, Arrival, Happening
from supportcontracts.rating.incidents import UNRATED
from supportcontracts.timeline import from_epoch

__all__ = ["Gate", "happenings"]


def __dir__() -> list[str]:
    return __all__


_EPOCH = attrgetter("epoch")
_RANKS = {**RANKS, Arrival: ARRIVAL_RANK}


class Gate:
    """What came through: the events in order, the corrections that found no target, and those that acted."""

    __slots__ = ("corrected", "happenings", "unmatched")

    def __init__(
        self,
        happenings: Sequence[Happening] = (),
        unmatched: Sequence[Void | Replace] = (),
        corrected: Sequence[tuple[Void | Replace, Fact]] = (),
    ) -> None:
        self.happenings = happenings
        self.unmatched = unmatched
        self.corrected = corrected


def happenings(contract: Contract, events: Iterable[Event], *, since: int | None, until: int, known_at: Any) -> Gate:
    """Put the events that count into canonical order.

    Args:
        contract: whose events they must be.
        events: in any order, repeats allowed.
        since: the epoch second of the opening state, or None.
        until: the epoch second at which to stop.
        known_at: leave out what was recorded after this instant; None: keep everything.

    Raises:
        DuplicateEvent: for one id with two contents.
        ForeignEvent: for an event of another customer or contract.
        StaleState: for an event, or the target of a correction, that lies before `since`.

    Rules: D2, D3, D6, law 3.
    """
    gathered = gather("rate", events, known_at)
    for _, fact in gathered.corrected:
        check_fresh(fact, fact.epoch, since)
    customer, contract_id = contract.customer, contract.id
    found: list[Happening] = []
    earliest = -NEVER if since is None else since
    for event in gathered.facts.values():
        if event.customer != customer and event.customer is not None:
            raise _foreign(event, "customer", event.customer, customer)
        if event.contract is not None and event.contract != contract_id:
            raise _foreign(event, "contract", event.contract, contract_id)
        if type(event) is WorkEntry:
            if event.rate is not None:
                _check_currency(event, event.rate, contract)
        elif type(event) is ChargeItem:
            _check_currency(event, event.amount, contract)
        elif type(event) is BankPurchase:
            _check_currency(event, event.price, contract)
            found += _earlier_start(event, since, until)
        if event.epoch < earliest:
            check_fresh(event, event.epoch, since)
        if event.epoch < until:
            found.append(event)
    found.sort(key=_EPOCH)
    if len({event.epoch for event in found}) < len(found):
        found.sort(key=_in_order)
    return Gate(found, gathered.unmatched, gathered.corrected)


def _earlier_start(event: BankPurchase, since: int | None, until: int) -> list[Happening]:
    """A bank whose start is stated earlier than its purchase arrives by itself, at that start (D17)."""
    if event.usable_from is None or event.usable_from >= event.at:
        return []
    arrival = Arrival(event)
    check_fresh(event, arrival.epoch, since)
    return [arrival] if event.epoch < until else []


def _in_order(event: Any) -> tuple[int, int, str]:
    """The place of an event in the canonical order; ids differ, so no two have the same."""
    return event.epoch, _RANKS[type(event)], event.id


def _check_currency(event: Event, said: Money | Price | None, contract: Contract) -> None:
    """Refuse money of another currency than the contract's: nothing here converts (D7)."""
    if said is not None and said.currency != contract.currency:
        raise CurrencyMismatch(
            f"{type(event).__name__} {event.id!r}",
            str(said),
            f"{contract.currency.code} was expected, the currency of contract {contract.id!r}",
            "Convert it first, at a rate you can name.",
        )


def check_fresh(event: Event, at: int, since: int | None) -> None:
    """Refuse an event that a saved state should have seen."""
    if since is not None and at < since and type(event) not in UNRATED:
        raise StaleState(
            f"rate(opening=…) of {event.id!r}",
            f"an event that happened at {from_epoch(at)}",
            f"only events from {from_epoch(since)} on were expected",
            f"Rate again from a state that is not younger than {from_epoch(at)}, or without a state.",
        )


def _foreign(event: Event, what: str, got: str, expected: str) -> ForeignEvent:
    return ForeignEvent(
        f"Event {event.id!r}",
        f"the {what} {got!r}",
        f"the {what} {expected!r} was expected",
        f"Pass only the events of {expected!r}, or rate it under its own contract.",
    )


def check_until(until: int, since: int | None) -> None:
    """Refuse to rate backwards."""
    if since is not None and until < since:
        raise InvalidValue(
            "rate(until=…)", str(from_epoch(until)), f"an instant from {from_epoch(since)} on was expected"
        )
