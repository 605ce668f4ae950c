"""What happened: one closed family of events, each with an id, the instant it happened and the instant it was recorded.

Events are plain values in any order. The canonical order is (happened, kind rank, id), a total order, so the same set
of events gives the same result whatever order it arrives in. At one instant, refunds come before purchases, payments,
extensions and approvals, and all of these before use (D3).

What was recorded later than it happened is normal and needs no consent. What is wrong is corrected by `Void` and
`Replace`, which name the id of an event and act before the events are put in order (D6).
"""

from supportcontracts.events.benefits import (
    BenefitAssigned,
    BenefitCancelled,
    BenefitEnded,
    BenefitEvent,
    BenefitExtended,
    BenefitGranted,
    BenefitOrigin,
    BenefitReserved,
    ConditionMet,
    NoShow,
    Redeemed,
    Waivable,
)
from supportcontracts.events.corrections import (
    RANKS,
    Event,
    Fact,
    Replace,
    Void,
    kind_rank,
)
from supportcontracts.events.purchases import (
    BankExtended,
    BankPurchase,
    BankRefunded,
    Origin,
    Payment,
)
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
from supportcontracts.events.work import (
    Approval,
    ChargeItem,
    Released,
    Reserved,
    WorkEntry,
)

__all__ = [
    "RANKS",
    "Acknowledged",
    "Approval",
    "BankExtended",
    "BankPurchase",
    "BankRefunded",
    "BenefitAssigned",
    "BenefitCancelled",
    "BenefitEnded",
    "BenefitEvent",
    "BenefitExtended",
    "BenefitGranted",
    "BenefitOrigin",
    "BenefitReserved",
    "Cancelled",
    "ChargeItem",
    "Classified",
    "Closed",
    "ConditionMet",
    "CustomerReachable",
    "CustomerReplied",
    "CustomerUnreachable",
    "Event",
    "Fact",
    "MarkedDuplicate",
    "Merged",
    "NoShow",
    "Notified",
    "Opened",
    "Origin",
    "Payment",
    "Redeemed",
    "Released",
    "Reopened",
    "Replace",
    "Reserved",
    "Resolved",
    "Responded",
    "Resumed",
    "SeverityChanged",
    "TicketEvent",
    "TierChanged",
    "Triaged",
    "Void",
    "WaitingOnCustomer",
    "WaitingOnVendor",
    "Waivable",
    "WorkEntry",
    "WorkaroundProvided",
    "kind_rank",
]


def __dir__() -> list[str]:
    return __all__
