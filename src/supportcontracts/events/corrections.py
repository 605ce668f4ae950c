"""Corrections, the closed family of all events, and their order at one instant."""

import attrs

from supportcontracts._fields import frozen
from supportcontracts.errors import InvalidValue
from supportcontracts.events._head import Head, check_head, check_names, check_texts
from supportcontracts.events.benefits import (
    BenefitAssigned,
    BenefitCancelled,
    BenefitEnded,
    BenefitEvent,
    BenefitExtended,
    BenefitGranted,
    BenefitReserved,
    ConditionMet,
    NoShow,
    Redeemed,
)
from supportcontracts.events.purchases import BankExtended, BankPurchase, BankRefunded, Payment
from supportcontracts.events.tickets import (
    Acknowledged,
    Cancelled,
    Classified,
    Closed,
    CustomerReachable,
    CustomerReplied,
    CustomerUnreachable,
    MarkedDuplicate,
    Merged,
    Notified,
    Opened,
    Reopened,
    Resolved,
    Responded,
    Resumed,
    SeverityChanged,
    TicketEvent,
    TierChanged,
    Triaged,
    WaitingOnCustomer,
    WaitingOnVendor,
    WorkaroundProvided,
)
from supportcontracts.events.work import Approval, ChargeItem, Released, Reserved, WorkEntry

__all__ = [
    "RANKS",
    "Event",
    "Fact",
    "Replace",
    "Void",
    "kind_rank",
]


def __dir__() -> list[str]:
    return __all__


@frozen
class Void(Head):
    """An event should never have counted: rating goes as if it had not been recorded.

    Attributes:
        target: the id of the event.
        reason: why.

    Rules: D6.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Void("V-1", Zone("UTC").at("2025-04-03 09:00"), target="W-3", reason="typed twice").target
        'W-3'
    """

    target: str = attrs.field(kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        check_names(self, "target")
        check_texts(self, "reason")


@frozen
class Replace(Head):
    """An event is replaced by another of the same id: rating goes as if that one had been recorded.

    Attributes:
        target: the id of the event.
        by: what it should have been, under the same id.
        reason: why.

    Rules: D6.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> from supportcontracts.timeline import Zone
        >>> at = Zone("UTC").at
        >>> right = WorkEntry("W-3", at("2025-04-02 09:00"), customer="elm", worked=hours(2))
        >>> Replace("V-2", at("2025-04-03 09:00"), target="W-3", by=right).target
        'W-3'
    """

    target: str = attrs.field(kw_only=True)
    by: "Fact" = attrs.field(kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        check_texts(self, "reason")
        if type(self.by) not in RANKS or isinstance(self.by, (Void, Replace)):
            raise InvalidValue(f"Replace {self.id!r} by", repr(self.by), "an event that is no correction was expected")
        if self.by.id != self.target:
            raise InvalidValue(
                f"Replace {self.id!r} by", repr(self.by.id), f"the id of its target, {self.target!r}, was expected"
            )


Fact = (
    WorkEntry
    | TicketEvent
    | ChargeItem
    | BankPurchase
    | Payment
    | BankExtended
    | BankRefunded
    | Approval
    | Reserved
    | Released
    | BenefitEvent
)
"""Every event that is not a correction."""

Event = Fact | Void | Replace
"""Every event."""

RANKS: dict[type, int] = {
    kind: rank
    for rank, kinds in enumerate(
        (
            (BankRefunded, BenefitEnded),
            (BankPurchase, BenefitGranted),
            (Payment,),
            (BankExtended, BenefitExtended),
            (ConditionMet, BenefitAssigned),
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
            (BenefitCancelled, NoShow),
            (BenefitReserved,),
            (Redeemed,),
            (WorkEntry,),
            (ChargeItem,),
            (Void, Replace),
        )
    )
    for kind in kinds
}


def kind_rank(event: Event) -> int:
    """Rank kinds of events that happen at one instant: endings, then beginnings, then use (D3).

    Rules: D3.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> at = Zone("UTC").at("2025-03-28 15:30")
        >>> kind_rank(BankRefunded("X", at, bank="B")) < kind_rank(Payment("P", at, bank="B"))
        True
    """
    return RANKS[type(event)]
