"""What counts as having happened: known by then, once each, as corrected, and ours (D6)."""

from collections.abc import Iterable
from typing import get_args

import attrs

from supportcontracts.contracts.contract import Contract
from supportcontracts.errors import DuplicateEvent, ForeignEvent
from supportcontracts.events import (
    Acknowledged,
    Approval,
    BankExtended,
    BankPurchase,
    BankRefunded,
    BenefitEvent,
    Cancelled,
    ChargeItem,
    Classified,
    Closed,
    CustomerReachable,
    CustomerReplied,
    CustomerUnreachable,
    Event,
    Fact,
    MarkedDuplicate,
    Merged,
    Notified,
    Opened,
    Payment,
    Released,
    Reopened,
    Replace,
    Reserved,
    Resolved,
    Responded,
    Resumed,
    SeverityChanged,
    TierChanged,
    Triaged,
    Void,
    WaitingOnCustomer,
    WaitingOnVendor,
    WorkaroundProvided,
    WorkEntry,
)
from tests.oracle.days import second_of

# The order of kinds at one instant (D3); what stands together is told apart by its id.
KINDS: tuple[tuple[type, ...], ...] = (
    (BankRefunded,),
    (BankPurchase,),
    (Payment,),
    (BankExtended,),
    (Approval,),
    (Reserved, Released),
    (Opened,),
    (TierChanged,),
    (SeverityChanged,),
    (Classified,),
    (Triaged,),
    (Notified,),
    (Acknowledged,),
    (CustomerReachable,),
    (CustomerReplied,),
    (Resumed,),
    (Responded,),
    (WorkaroundProvided,),
    (Resolved,),
    (Closed,),
    (Cancelled, Merged, MarkedDuplicate),
    (Reopened,),
    (WaitingOnVendor,),
    (WaitingOnCustomer,),
    (CustomerUnreachable,),
    (WorkEntry,),
    (ChargeItem,),
    get_args(BenefitEvent),  # no business of a rating
)


def rank(fact: Fact) -> int:
    """Look up the place of a kind at one instant."""
    return next(place for place, kinds in enumerate(KINDS) if isinstance(fact, kinds))


def recorded(event: Event) -> int:
    """Say when an event was written down."""
    return second_of(event.at if event.recorded_at is None else event.recorded_at)


def content(event: Event) -> tuple[object, ...]:
    """Everything that an event says, apart from when it was written down."""
    said = [getattr(event, field.name) for field in attrs.fields(type(event)) if field.name != "recorded_at"]
    return (type(event), *said)


def facts_of(
    contract: Contract, events: Iterable[Event], known_at: int | None
) -> tuple[list[Fact], list[Void | Replace]]:
    """List what happened, in no particular order, and the corrections of what is not there.

    Raises:
        DuplicateEvent: for one id with two contents.
        ForeignEvent: for an event of another customer or contract.
    """
    known = [event for event in events if known_at is None or recorded(event) <= known_at]
    once: dict[str, Event] = {}
    for event in sorted(known, key=recorded):
        first = once.setdefault(event.id, event)
        if content(first) != content(event):
            raise DuplicateEvent(event.id, repr(event), f"the same content as {first!r} was expected")
    facts: dict[str, Fact] = {}
    corrections: list[Void | Replace] = []
    for event in once.values():
        if isinstance(event, (Void, Replace)):
            corrections.append(event)
        else:
            facts[event.id] = event
        check_ours(contract, event)
    astray: list[Void | Replace] = []
    for correction in sorted(corrections, key=lambda each: (recorded(each), each.id)):
        latest = [each for each in corrections if each.target == correction.target]
        if correction is not max(latest, key=lambda each: (recorded(each), each.id)):
            continue
        if correction.target not in facts:
            astray.append(correction)
            continue
        if isinstance(correction, Replace):
            check_ours(contract, correction.by)
            facts[correction.target] = correction.by
        else:
            del facts[correction.target]
    return list(facts.values()), astray


def check_ours(contract: Contract, event: Event) -> None:
    """Refuse what belongs to somebody else."""
    if event.customer not in (None, contract.customer) or event.contract not in (None, contract.id):
        raise ForeignEvent(event.id, f"{event.customer} {event.contract}", f"{contract.customer} {contract.id}")
