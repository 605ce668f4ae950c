"""Strategies for single events of every kind, and for the events of tickets.

The contract comes first, since everything interesting happens at its boundaries. Ids repeat from one draw to the next,
as in `unique_by=lambda event: event.id` for a list; whole histories, with an id for each event, are in `stories`.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.contracts.contract import Contract
from supportcontracts.events import (
    Approval,
    BankExtended,
    BankPurchase,
    BankRefunded,
    ChargeItem,
    Event,
    Payment,
    Released,
    Replace,
    Reserved,
    TicketEvent,
    Void,
    WorkEntry,
)
from supportcontracts.testing.strategies._drawing import Feature, bounds, drawn, features, kinds_of, pick
from supportcontracts.testing.strategies._scenes import (
    EVENTS,
    TICKET_KINDS,
    draw_moment,
    draw_path,
    make_approval,
    make_extension,
    make_item,
    make_payment,
    make_purchase,
    make_refund,
    make_release,
    make_replacement,
    make_reservation,
    make_ticket_event,
    make_void,
    make_work,
)
from supportcontracts.testing.strategies._story import TICKETS, Stage, Story, checked_contract

__all__ = [
    "approvals",
    "bank_purchases",
    "charge_items",
    "extensions",
    "payments",
    "refunds",
    "releases",
    "replaces",
    "reservations",
    "ticket_events",
    "ticket_histories",
    "voids",
    "work_entries",
]


def __dir__() -> list[str]:
    return __all__


P = ParamSpec("P")
T = TypeVar("T")


def _told(
    strategy: str,
    contract: Contract,
    make: Callable[Concatenate[DrawFn, Story, P], T],
    without: Collection[Feature],
    after: Sequence[Event],
    *args: P.args,
    **kwargs: P.kwargs,
) -> SearchStrategy[T]:
    """Make a strategy for what happens in a story after some events."""
    stage = Stage.of(checked_contract(strategy, contract), features(strategy, without))

    def build(draw: DrawFn) -> T:
        story = Story(stage, draw, EVENTS, draw(_FIRST))
        for event in after:
            story.known(event)
        return make(draw, story, *args, **kwargs)

    return drawn(build)


_FIRST = st.integers(1, 99)


def work_entries(contract: Contract, *, without: Collection[Feature] = ()) -> SearchStrategy[WorkEntry]:
    """Generate work entries, with the attributes that the terms of a contract look at.

    They start or end at its boundaries or run across them. Ids repeat: a list of entries wants
    `unique_by=lambda entry: entry.id`.

    Args:
        contract: the contract that they are for.
        without: features to leave out, of: early-records, late-records, non-billable, outside-terms, zero-quantities.

    Raises:
        InvalidArgument: for an unknown feature.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts.testing.strategies import contracts
        >>> @settings(max_examples=10)
        ... @given(contracts(max_phases=1).flatmap(work_entries))
        ... def work_is_for_somebody(entry):
        ...     assert entry.customer is not None
        >>> work_is_for_somebody()
    """
    return _told("work_entries", contract, make_work, without, ())


def charge_items(contract: Contract, *, without: Collection[Feature] = ()) -> SearchStrategy[ChargeItem]:
    """Generate charge items in the currency of a contract, seldom below zero.

    Args:
        contract: the contract that they are for.
        without: features to leave out, of: early-records, late-records, negative-items, outside-terms.

    Raises:
        InvalidArgument: for an unknown feature.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts.testing.strategies import contracts
        >>> @settings(max_examples=10)
        ... @given(contracts(currency="EUR").flatmap(charge_items))
        ... def items_are_in_the_currency(item):
        ...     assert item.amount.currency.code == "EUR"
        >>> items_are_in_the_currency()
    """
    return _told("charge_items", contract, make_item, without, ())


def bank_purchases(contract: Contract, *, without: Collection[Feature] = ()) -> SearchStrategy[BankPurchase]:
    """Generate purchases of banks, of a unit and for a pool that the contract draws on.

    Args:
        contract: the contract that they are for.
        without: features to leave out, of: early-records, expired-banks, late-records, outside-terms, scopes,
            zero-quantities.

    Raises:
        InvalidArgument: for an unknown feature.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts.testing.strategies import contracts
        >>> @settings(max_examples=10)
        ... @given(contracts().flatmap(bank_purchases))
        ... def banks_are_named_by_their_purchase(bank):
        ...     assert bank.id.startswith("B-")
        >>> banks_are_named_by_their_purchase()
    """
    return _told("bank_purchases", contract, make_purchase, without, ())


def payments(
    contract: Contract, *, after: Sequence[Event] = (), without: Collection[Feature] = ()
) -> SearchStrategy[Payment]:
    """Generate payments of banks.

    Args:
        contract: the contract that they are for.
        after: events among which the banks are; without any, the banks are unknown.
        without: features to leave out, of: early-records, late-records, outside-terms.

    Raises:
        InvalidArgument: for an unknown feature.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts.testing.strategies import contracts
        >>> @settings(max_examples=10)
        ... @given(contracts().flatmap(payments))
        ... def payments_name_a_bank(payment):
        ...     assert payment.bank.startswith("B-")
        >>> payments_name_a_bank()
    """
    return _told("payments", contract, make_payment, without, after)


def extensions(
    contract: Contract, *, after: Sequence[Event] = (), without: Collection[Feature] = ()
) -> SearchStrategy[BankExtended]:
    """Generate later last days of banks, seldom such that are not later.

    Args:
        contract: the contract that they are for.
        after: events among which the banks are; without any, the banks are unknown.
        without: features to leave out, of: early-records, late-records, outside-terms.

    Raises:
        InvalidArgument: for an unknown feature.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts.testing.strategies import contracts
        >>> @settings(max_examples=10)
        ... @given(contracts().flatmap(extensions))
        ... def extensions_say_why(extension):
        ...     assert extension.reason
        >>> extensions_say_why()
    """
    return _told("extensions", contract, make_extension, without, after)


def refunds(
    contract: Contract, *, after: Sequence[Event] = (), without: Collection[Feature] = ()
) -> SearchStrategy[BankRefunded]:
    """Generate refunds of banks: of all that is left, of all that was bought, or of some units.

    Args:
        contract: the contract that they are for.
        after: events among which the banks are; without any, the banks are unknown.
        without: features to leave out, of: early-records, late-records, outside-terms, zero-quantities.

    Raises:
        InvalidArgument: for an unknown feature.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts.testing.strategies import contracts
        >>> @settings(max_examples=10)
        ... @given(contracts().flatmap(refunds))
        ... def refunds_name_a_bank(refund):
        ...     assert refund.bank.startswith("B-")
        >>> refunds_name_a_bank()
    """
    return _told("refunds", contract, make_refund, without, after)


def approvals(
    contract: Contract, *, after: Sequence[Event] = (), without: Collection[Feature] = ()
) -> SearchStrategy[Approval]:
    """Generate approvals, of all held use, of one entry or ticket, or of what never was.

    Args:
        contract: the contract that they are for.
        after: events among which the entries are.
        without: features to leave out, of: early-records, late-records, outside-terms.

    Raises:
        InvalidArgument: for an unknown feature.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts.testing.strategies import contracts
        >>> @settings(max_examples=10)
        ... @given(contracts().flatmap(approvals))
        ... def approvals_have_an_id(approval):
        ...     assert approval.id.startswith("A-")
        >>> approvals_have_an_id()
    """
    return _told("approvals", contract, make_approval, without, after)


def reservations(contract: Contract, *, without: Collection[Feature] = ()) -> SearchStrategy[Reserved]:
    """Generate reservations, of a unit and in a pool that the contract draws on.

    Args:
        contract: the contract that they are for.
        without: features to leave out, of: early-records, late-records, outside-terms, zero-quantities.

    Raises:
        InvalidArgument: for an unknown feature.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts.testing.strategies import contracts
        >>> @settings(max_examples=10)
        ... @given(contracts().flatmap(reservations))
        ... def reservations_lapse_later(reserved):
        ...     assert reserved.expires_at > reserved.at
        >>> reservations_lapse_later()
    """
    return _told("reservations", contract, make_reservation, without, ())


def releases(
    contract: Contract, *, after: Sequence[Event] = (), without: Collection[Feature] = ()
) -> SearchStrategy[Released]:
    """Generate releases of reservations.

    Args:
        contract: the contract that they are for.
        after: events among which the reservations are.
        without: features to leave out, of: early-records, late-records, outside-terms.

    Raises:
        InvalidArgument: for an unknown feature.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts.testing.strategies import contracts
        >>> @settings(max_examples=10)
        ... @given(contracts().flatmap(releases))
        ... def releases_name_a_key(released):
        ...     assert released.key in ("visit", "call")
        >>> releases_name_a_key()
    """
    return _told("releases", contract, make_release, without, after)


def voids(
    contract: Contract, *, after: Sequence[Event] = (), without: Collection[Feature] = ()
) -> SearchStrategy[Void]:
    """Generate removals of events, seldom of one that is not there.

    Args:
        contract: the contract that they are for.
        after: the events to remove; without any, the target is always missing.
        without: features to leave out, of: early-records, late-records, outside-terms.

    Raises:
        InvalidArgument: for an unknown feature.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts.testing.strategies import contracts
        >>> @settings(max_examples=10)
        ... @given(contracts().flatmap(voids))
        ... def nothing_is_there_to_void(void):
        ...     assert void.target == "W-0"
        >>> nothing_is_there_to_void()
    """
    return _told("voids", contract, make_void, without, after)


def replaces(
    contract: Contract, *, after: Sequence[Event] = (), without: Collection[Feature] = ()
) -> SearchStrategy[Replace]:
    """Generate replacements of events, by another of the same kind or the same at another instant.

    Args:
        contract: the contract that they are for.
        after: the events to replace; without any, the target is always missing.
        without: features to leave out: those of the events themselves.

    Raises:
        InvalidArgument: for an unknown feature.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts.testing.strategies import contracts
        >>> @settings(max_examples=10)
        ... @given(contracts().flatmap(replaces))
        ... def the_substitute_takes_the_id(replace):
        ...     assert replace.by.id == replace.target
        >>> the_substitute_takes_the_id()
    """
    return _told("replaces", contract, make_replacement, without, after)


# Tickets


def ticket_events(
    contract: Contract, *, kinds: Collection[type[TicketEvent]] | None = None, without: Collection[Feature] = ()
) -> SearchStrategy[TicketEvent]:
    """Generate single events of tickets.

    Args:
        contract: the contract that they are for.
        kinds: the classes of events to generate.
        without: features to leave out, of: early-records, late-records, outside-terms.

    Raises:
        InvalidArgument: for an unknown kind or feature.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts.testing.strategies import contracts
        >>> @settings(max_examples=10)
        ... @given(contracts().flatmap(ticket_events))
        ... def tickets_come_from_the_pool(event):
        ...     assert event.ticket in TICKETS
        >>> tickets_come_from_the_pool()
    """
    chosen = kinds_of("ticket_events", kinds, TICKET_KINDS)

    def make(draw: DrawFn, story: Story) -> TicketEvent:
        return make_ticket_event(draw, story, pick(draw, chosen), draw_moment(draw, story), pick(draw, TICKETS))

    return _told("ticket_events", contract, make, without, ())


def ticket_histories(
    contract: Contract,
    *,
    tickets: Sequence[str] = TICKETS,
    max_events: int = 12,
    without: Collection[Feature] = (),
) -> SearchStrategy[list[TicketEvent]]:
    """Generate the events of a few tickets, in orders that a tracker would send and in such that it would not.

    Args:
        contract: the contract that they are for.
        tickets: the names of the tickets.
        max_events: the most events.
        without: features to leave out, of: early-records, late-records, outside-terms.

    Raises:
        InvalidArgument: for an unknown feature, no tickets, or fewer than no events.

    Example:
        >>> from hypothesis import given, settings
        >>> from supportcontracts.testing.strategies import contracts
        >>> @settings(max_examples=10)
        ... @given(contracts().flatmap(ticket_histories))
        ... def ids_are_used_once(events):
        ...     assert len({event.id for event in events}) == len(events)
        >>> ids_are_used_once()
    """
    bounds("ticket_histories", int, 0, max_events)
    if not tickets:
        raise InvalidArgument("ticket_histories: tickets names none")

    def make(draw: DrawFn, story: Story) -> list[TicketEvent]:
        paths = draw(st.lists(drawn(draw_path, story, tickets), max_size=max_events))
        return [event for path in paths for event in path][:max_events]

    return _told("ticket_histories", contract, make, without, ())
