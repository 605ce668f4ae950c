"""Support-contract billing rules: what was agreed + what happened → what follows, and why."""

from typing import TYPE_CHECKING

from supportcontracts._lazy import lazy

if TYPE_CHECKING:
    from supportcontracts.contracts.allotments import Allotment, Overdraw, Rollover, SubLimit
    from supportcontracts.contracts.banks import Banks, BankSize, DaysLeft, PriceList, Remaining, RemainingShare, TopUp
    from supportcontracts.contracts.charges import Charge, Rate
    from supportcontracts.contracts.contract import Contract, Phase
    from supportcontracts.contracts.incidents import IncidentTable
    from supportcontracts.contracts.metering import FreeTime, Metering, Multiplier, ScopedMetering
    from supportcontracts.contracts.plans import (
        CappedHours,
        CappedIncidents,
        Composite,
        Fee,
        FixedAnnual,
        Meter,
        PayPerHour,
        PayPerIncident,
        PrepaidHours,
        PrepaidIncidents,
    )
    from supportcontracts.contracts.postings import Posting
    from supportcontracts.contracts.scope import Scope
    from supportcontracts.contracts.service_credits.schedules import CreditBand, CreditBands
    from supportcontracts.contracts.service_credits.terms import ServiceCredits, ServiceLevel
    from supportcontracts.contracts.sources import Fallback, Hold, Refuse, Unlimited
    from supportcontracts.contracts.tariffs import Band, Graduated, Package, Volume
    from supportcontracts.contracts.tiers.cells import ArrivalTarget
    from supportcontracts.contracts.tiers.checking import TicketFacts, check_promises
    from supportcontracts.contracts.tiers.policies import ClockPolicy, SeverityGate
    from supportcontracts.contracts.tiers.tier import ScopedTargets, Targets, Tier
    from supportcontracts.coverage import (
        CombinedCoverage,
        Coverage,
        CoveredDays,
        CoveredTime,
        CoverSegment,
        Holiday,
        Holidays,
        Override,
        WallTime,
    )
    from supportcontracts.events import (
        Acknowledged,
        Approval,
        BankExtended,
        BankPurchase,
        BankRefunded,
        Cancelled,
        ChargeItem,
        Classified,
        Closed,
        CustomerReachable,
        CustomerReplied,
        CustomerUnreachable,
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
    from supportcontracts.ledger import Balance, Lot, Movement
    from supportcontracts.money import Amount, Currency, Money, Price, allocate, settle
    from supportcontracts.quantity import Incidents, WorkTime, hours, incidents, minutes, percent, seconds
    from supportcontracts.rating import (
        Adjustment,
        Commitment,
        Dispute,
        Line,
        Notice,
        NotOffered,
        Preview,
        Rating,
        Ratings,
        Release,
        Reservation,
        Short,
        State,
        Statement,
        VoidCheck,
        adjust,
        available,
        buy,
        check_void,
        close,
        commit,
        preview,
        rate,
        rate_all,
        release,
        reserve,
    )
    from supportcontracts.sla import MetricStatus, TicketStatus, TicketStatuses, track, track_all
    from supportcontracts.timeline import Period, Span, Term, Zone, days, instant, months, periods


__all__ = [
    "Acknowledged",
    "Adjustment",
    "Allotment",
    "Amount",
    "Approval",
    "ArrivalTarget",
    "Balance",
    "Band",
    "BankExtended",
    "BankPurchase",
    "BankRefunded",
    "BankSize",
    "Banks",
    "Cancelled",
    "CappedHours",
    "CappedIncidents",
    "Charge",
    "ChargeItem",
    "Classified",
    "ClockPolicy",
    "Closed",
    "CombinedCoverage",
    "Commitment",
    "Composite",
    "Contract",
    "CoverSegment",
    "Coverage",
    "CoveredDays",
    "CoveredTime",
    "CreditBand",
    "CreditBands",
    "Currency",
    "CustomerReachable",
    "CustomerReplied",
    "CustomerUnreachable",
    "DaysLeft",
    "Dispute",
    "Fallback",
    "Fee",
    "FixedAnnual",
    "FreeTime",
    "Graduated",
    "Hold",
    "Holiday",
    "Holidays",
    "IncidentTable",
    "Incidents",
    "Line",
    "Lot",
    "MarkedDuplicate",
    "Merged",
    "Meter",
    "Metering",
    "MetricStatus",
    "Money",
    "Movement",
    "Multiplier",
    "NotOffered",
    "Notice",
    "Notified",
    "Opened",
    "Overdraw",
    "Override",
    "Package",
    "PayPerHour",
    "PayPerIncident",
    "Payment",
    "Period",
    "Phase",
    "Posting",
    "PrepaidHours",
    "PrepaidIncidents",
    "Preview",
    "Price",
    "PriceList",
    "Rate",
    "Rating",
    "Ratings",
    "Refuse",
    "Release",
    "Released",
    "Remaining",
    "RemainingShare",
    "Reopened",
    "Replace",
    "Reservation",
    "Reserved",
    "Resolved",
    "Responded",
    "Resumed",
    "Rollover",
    "Scope",
    "ScopedMetering",
    "ScopedTargets",
    "ServiceCredits",
    "ServiceLevel",
    "SeverityChanged",
    "SeverityGate",
    "Short",
    "Span",
    "State",
    "Statement",
    "SubLimit",
    "Targets",
    "Term",
    "TicketFacts",
    "TicketStatus",
    "TicketStatuses",
    "Tier",
    "TierChanged",
    "TopUp",
    "Triaged",
    "Unlimited",
    "Void",
    "VoidCheck",
    "Volume",
    "WaitingOnCustomer",
    "WaitingOnVendor",
    "WallTime",
    "WorkEntry",
    "WorkTime",
    "WorkaroundProvided",
    "Zone",
    "adjust",
    "allocate",
    "available",
    "buy",
    "check_promises",
    "check_void",
    "close",
    "commit",
    "days",
    "hours",
    "incidents",
    "instant",
    "minutes",
    "months",
    "percent",
    "periods",
    "preview",
    "rate",
    "rate_all",
    "release",
    "reserve",
    "seconds",
    "settle",
    "track",
    "track_all",
]

# Where each name lives; the imports above, for the eyes of tools, say the same.
__getattr__ = lazy(
    __name__,
    {
        "contracts.allotments": "Allotment Overdraw Rollover SubLimit",
        "contracts.banks": "Banks BankSize DaysLeft PriceList Remaining RemainingShare TopUp",
        "contracts.charges": "Charge Rate",
        "contracts.contract": "Contract Phase",
        "contracts.incidents": "IncidentTable",
        "contracts.metering": "FreeTime Metering Multiplier ScopedMetering",
        "contracts.plans": (
            "CappedHours CappedIncidents Composite Fee FixedAnnual Meter PayPerHour PayPerIncident PrepaidHours "
            "PrepaidIncidents"
        ),
        "contracts.postings": "Posting",
        "contracts.scope": "Scope",
        "contracts.service_credits.schedules": "CreditBand CreditBands",
        "contracts.service_credits.terms": "ServiceCredits ServiceLevel",
        "contracts.sources": "Fallback Hold Refuse Unlimited",
        "contracts.tariffs": "Band Graduated Package Volume",
        "contracts.tiers.cells": "ArrivalTarget",
        "contracts.tiers.checking": "TicketFacts check_promises",
        "contracts.tiers.policies": "ClockPolicy SeverityGate",
        "contracts.tiers.tier": "ScopedTargets Targets Tier",
        "coverage": (
            "CombinedCoverage CoverSegment Coverage CoveredDays CoveredTime Holiday Holidays Override WallTime"
        ),
        "errors": "",
        "events": (
            "Acknowledged Approval BankExtended BankPurchase BankRefunded Cancelled ChargeItem Classified Closed "
            "CustomerReachable CustomerReplied CustomerUnreachable MarkedDuplicate Merged Notified Opened Payment "
            "Released Reopened Replace Reserved Resolved Responded Resumed SeverityChanged TierChanged Triaged "
            "Void WaitingOnCustomer WaitingOnVendor WorkaroundProvided WorkEntry"
        ),
        "ledger": "Balance Lot Movement",
        "money": "Amount Currency Money Price allocate settle",
        "quantity": "Incidents WorkTime hours incidents minutes percent seconds",
        "rating": (
            "Adjustment Commitment Dispute Line Notice NotOffered Preview Rating Ratings Release Reservation Short "
            "State Statement VoidCheck adjust available buy check_void close commit preview rate rate_all release "
            "reserve"
        ),
        "sla": "MetricStatus TicketStatus TicketStatuses track track_all",
        "timeline": "Period Span Term Zone days instant months periods",
    },
)


def __dir__() -> list[str]:
    return __all__
