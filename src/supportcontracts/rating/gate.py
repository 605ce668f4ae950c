"""The gate: a heap of events in, the happenings that count out, in canonical order.

Repeats are dropped, corrections act, foreign events are refused, and what was recorded later than `known_at` is left
out. The canonical order is (happened, kind rank, id): a total order, so the order of arrival is gone behind here.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from supportcontracts._fields import opaque
from supportcontracts.contracts.contract import Contract
from supportcontracts.errors import CurrencyMismatch, DuplicateEvent, ForeignEvent, InvalidValue, StaleState
from supportcontracts.events import RANKS, BankPurchase, ChargeItem, Event, Replace, Void, WorkEntry
from supportcontracts.ledger import NEVER
from supportcontracts.rating.fold import Arrival, Happening
from supportcontracts.timeline import epoch, from_epoch

__all__ = ["Gate", "happenings", "require_one_content"]


def __dir__() -> list[str]:
    return __all__


PRICED = frozenset({BankPurchase, ChargeItem, WorkEntry})
"""The events that may name money."""


class Gate:
    """What came through: the happenings in order, and the corrections that found no target."""

    __slots__ = ("happenings", "unmatched")

    def __init__(self, happenings: list[Happening], unmatched: list[Void | Replace]) -> None:
        self.happenings = happenings
        self.unmatched = unmatched


def _known(event: Event) -> Any:
    return event.at if event.recorded_at is None else event.recorded_at


def require_one_content(one: Event, other: Event) -> None:
    """Refuse two events of one id that differ in more than when they were recorded, naming only what differs.

    Raises:
        DuplicateEvent: for an id with two contents.

    Rules: D6.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> from supportcontracts.timeline import Zone
        >>> at = Zone("Europe/Berlin").at("2025-02-03 09:00")
        >>> one, other = (WorkEntry("W-1", at, customer="elm", worked=hours(each)) for each in (1, 2))
        >>> require_one_content(one, other)
        Traceback (most recent call last):
        supportcontracts.errors.DuplicateEvent: The id 'W-1' got two contents: worked 1h 00m and 2h 00m; ...
    """
    if type(one) is not type(other):
        differing = [f"a {type(one).__name__} and a {type(other).__name__}"]
    else:
        differing = list(_differing(one, other))
    if differing:
        raise DuplicateEvent(
            f"The id {one.id!r}",
            f"two contents: {', '.join(differing)}",
            "one event for each id was expected",
            "Give the second an id of its own, or record a Replace if it corrects the first.",
        )


def _differing(one: Any, other: Any, within: str = "") -> Iterator[str]:
    """Name each field in which two values of one class differ, with both contents; of events inside them too."""
    for field in attrs.fields(type(one)):
        name = f"{within}{field.name}"
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if name == "recorded_at" or mine == theirs:
            continue
        if type(mine) is type(theirs) and isinstance(mine, Event):
            yield from _differing(mine, theirs, f"{name}.")
        else:
            yield f"{name} {_shown(mine)} and {_shown(theirs)}"


def _shown(value: object) -> str:
    if isinstance(value, Event):
        return f"a {type(value).__name__}"
    return "nothing" if value is None or value == "" else str(value)


def happenings(  # noqa: C901, PLR0912  # one pass over the events, each looked at once
    contract: Contract, events: Iterable[Event], *, since: int | None, until: int, known_at: Any
) -> Gate:
    """Turn events in any order into happenings in canonical order.

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
    facts: dict[str, Any] = {}
    corrections: dict[str, Void | Replace] = {}
    customer, contract_id = contract.customer, contract.id
    ranks = RANKS
    for event in events:
        kind = type(event)
        if kind not in ranks:
            raise _no_event(event)
        if known_at is not None and _known(event) > known_at:
            continue
        if kind is Void or kind is Replace:
            _put(corrections, event)
            continue
        if facts.setdefault(event.id, event) is not event:
            _put(facts, event)
    for name in sorted(facts.keys() & corrections.keys()):
        require_one_content(facts[name], corrections[name])
    unmatched = _correct(facts, corrections, since) if corrections else []
    found: list[Happening] = []
    earliest = -NEVER if since is None else since
    for name, event in facts.items():
        at = epoch(event.at)
        kind = type(event)
        if event.customer != customer and event.customer is not None:
            raise _foreign(event, "customer", event.customer, customer)
        if event.contract is not None and event.contract != contract_id:
            raise _foreign(event, "contract", event.contract, contract_id)
        if kind in PRICED:
            _check_currency(event, contract)
        if kind is BankPurchase and event.usable_from is not None and event.usable_from < event.at:
            starts = epoch(event.usable_from)
            check_fresh(event, starts, since)
            if at < until:
                found.append((starts, ranks[BankPurchase], name, Arrival(event)))
        if at < earliest:
            check_fresh(event, at, since)
        if at < until:
            found.append((at, ranks[kind], name, event))
    found.sort()  # ids differ, so that no two events are ever compared
    return Gate(found, unmatched)


def _put(found: dict[str, Any], event: Event) -> None:
    """Keep one event of an id: the earliest recorded of equal ones (D6)."""
    earlier = found.setdefault(event.id, event)
    if earlier is event:
        return
    require_one_content(earlier, event)
    if _known(event) < _known(earlier):
        found[event.id] = event


def _correct(facts: dict[str, Any], corrections: dict[str, Void | Replace], since: int | None) -> list[Void | Replace]:
    """Let the latest correction of each target act, by (recorded, id); return those without a target (D6)."""
    winners: dict[str, Void | Replace] = {}
    for correction in sorted(corrections.values(), key=lambda c: (_known(c), c.id)):
        winners[correction.target] = correction
    unmatched = []
    for target, correction in winners.items():
        if target not in facts:
            unmatched.append(correction)
            continue
        check_fresh(facts[target], epoch(facts[target].at), since)
        if isinstance(correction, Void):
            del facts[target]
        else:
            facts[target] = correction.by
    return sorted(unmatched, key=lambda c: c.id)


def _check_currency(event: BankPurchase | ChargeItem | WorkEntry, contract: Contract) -> None:
    """Refuse money of another currency than the contract's: nothing here converts (D7)."""
    if isinstance(event, BankPurchase):
        said: Any = event.price
    elif isinstance(event, ChargeItem):
        said = event.amount
    else:
        said = event.rate
    if said is not None and said.currency != contract.currency:
        raise CurrencyMismatch(
            f"{type(event).__name__} {event.id!r}",
            str(said),
            f"{contract.currency.code} was expected, the currency of contract {contract.id!r}",
            "Convert it first, at a rate you can name.",
        )


def check_fresh(event: Event, at: int, since: int | None) -> None:
    """Refuse an event that a saved state should have seen."""
    if since is not None and at < since:
        raise StaleState(
            f"rate(opening=…) of {event.id!r}",
            f"an event that happened at {from_epoch(at)}",
            f"only events from {from_epoch(since)} on were expected",
            f"Rate again from a state that is not younger than {from_epoch(at)}, or without a state.",
        )


def _no_event(value: object) -> InvalidValue:
    return InvalidValue(
        "rate(events)",
        opaque(value),
        "events were expected, as in WorkEntry(…), Opened(…) or BankPurchase(…)",
        "Read a table with supportcontracts.interop.tables, or a document with supportcontracts.interop.codec.",
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
