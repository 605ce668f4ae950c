"""What Hypothesis calls when it is imported: every public type of the library gets its strategy.

The types are imported at once, since Hypothesis knows strategies by type. The strategies are imported when the first
of them is asked for: Hypothesis is still being imported when it calls this.
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any, TypeAlias, get_args

from hypothesis.strategies import SearchStrategy, register_type_strategy

from supportcontracts.contracts.allotments import Allotment, Overdraw, Rollover, SubLimit
from supportcontracts.contracts.banks import Banks, BankSize, PriceList, TopUp, WarnLevel
from supportcontracts.contracts.benefits import (
    Benefit,
    CarryOver,
    DiscountBenefit,
    Earned,
    Exchange,
    ExpiresAfter,
    Units,
)
from supportcontracts.contracts.charges import Charge, Rate
from supportcontracts.contracts.contract import Contract, Phase
from supportcontracts.contracts.escalation import EscalationLevel, Offset
from supportcontracts.contracts.incidents import IncidentTable
from supportcontracts.contracts.metering import FreeTime, Metering, Multiplier, ScopedMetering
from supportcontracts.contracts.plans import Fee, Meter, Plan, Terms, terms_of
from supportcontracts.contracts.postings import Posting
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.service_credits import (
    Claim,
    CreditBand,
    CreditCap,
    Measure,
    MinimumCredit,
    Schedule,
    ServiceCredits,
    ServiceLevel,
)
from supportcontracts.contracts.sources import Fallback, Hold, Refuse, Unlimited
from supportcontracts.contracts.tariffs import Band, Graduated, Package, Volume
from supportcontracts.contracts.tiers import (
    ArrivalTarget,
    ClockPolicy,
    Pause,
    Promise,
    PromiseCheck,
    PromiseReport,
    ScopedTargets,
    SeverityGate,
    SeverityTargets,
    Targets,
    TicketFacts,
    Tier,
)
from supportcontracts.coverage import (
    CombinedCoverage,
    Coverage,
    CoverSegment,
    Holiday,
    Holidays,
    Override,
    Target,
)
from supportcontracts.events import (
    Approval,
    BankExtended,
    BankPurchase,
    BankRefunded,
    BenefitEvent,
    ChargeItem,
    Payment,
    Released,
    Replace,
    Reserved,
    TicketEvent,
    Void,
    WorkEntry,
)
from supportcontracts.money import Amount, Currency, Money, Price
from supportcontracts.quantity import Incidents, WorkTime
from supportcontracts.timeline import Days, Months, Period, Span, Term, Zone

__all__ = ["register"]


def __dir__() -> list[str]:
    return __all__


Builder: TypeAlias = Callable[[type[Any]], SearchStrategy[Any]]

# The strategies by name, as they are not to be imported yet.
_PLAIN: dict[type[Any], str] = {
    Allotment: "allotments",
    Amount: "amounts",
    ArrivalTarget: "arrival_targets",
    Band: "bands",
    BankSize: "bank_sizes",
    Banks: "banks",
    Benefit: "benefits",
    CarryOver: "carry_overs",
    Charge: "charges",
    Claim: "claims",
    ClockPolicy: "clock_policies",
    CombinedCoverage: "combined_coverages",
    Contract: "contracts",
    CoverSegment: "cover_segments",
    Coverage: "coverages",
    CreditBand: "credit_bands",
    CreditCap: "credit_caps",
    Currency: "currencies",
    Days: "calendar_days",
    DiscountBenefit: "discount_benefits",
    Earned: "earnings",
    EscalationLevel: "escalation_levels",
    Exchange: "exchanges",
    ExpiresAfter: "expiries",
    Fee: "fees",
    FreeTime: "free_times",
    Holiday: "single_holidays",
    Holidays: "holiday_lists",
    IncidentTable: "incident_tables",
    Incidents: "incident_counts",
    Measure: "measures",
    Meter: "meters",
    Metering: "meterings",
    MinimumCredit: "minimum_credits",
    Money: "moneys",
    Months: "calendar_months",
    Multiplier: "multipliers",
    Offset: "offsets",
    Overdraw: "overdraws",
    Override: "overrides",
    Pause: "pauses",
    Period: "billing_periods",
    Phase: "phases",
    Posting: "postings",
    Price: "prices",
    PriceList: "price_lists",
    PromiseCheck: "promise_checks",
    PromiseReport: "promise_reports",
    Rate: "rates",
    Rollover: "rollovers",
    Scope: "scopes",
    ScopedMetering: "scoped_meterings",
    ScopedTargets: "scoped_targets",
    ServiceCredits: "service_credits",
    ServiceLevel: "service_levels",
    SeverityGate: "severity_gates",
    SeverityTargets: "severity_targets",
    Span: "spans",
    SubLimit: "sublimits",
    Targets: "target_rows",
    Term: "terms",
    TicketFacts: "ticket_facts",
    Tier: "tiers",
    TopUp: "top_ups",
    Units: "benefit_units",
    WorkTime: "work_times",
    Zone: "zones",
}
_KINDS: dict[str, tuple[type[Any], ...]] = {
    "credit_schedules": get_args(Schedule),
    "plans": get_args(Plan),
    "promises": get_args(Promise),
    "sources": (Unlimited, Fallback, Hold, Refuse),
    "targets": get_args(Target),
    "tariffs": (Graduated, Volume, Package),
    "warn_levels": get_args(WarnLevel),
}
_EVENTS: dict[type[Any], str] = {
    Approval: "approvals",
    BankExtended: "extensions",
    BankPurchase: "bank_purchases",
    BankRefunded: "refunds",
    ChargeItem: "charge_items",
    Payment: "payments",
    Released: "releases",
    Replace: "replaces",
    Reserved: "reservations",
    Void: "voids",
    WorkEntry: "work_entries",
}


def _strategy(name: str) -> Callable[..., SearchStrategy[Any]]:
    found: Callable[..., SearchStrategy[Any]] = getattr(import_module("supportcontracts.testing.strategies"), name)
    return found


def _plain(name: str, _: type[Any]) -> SearchStrategy[Any]:
    return _strategy(name)()


def _of_kind(name: str, kind: type[Any]) -> SearchStrategy[Any]:
    return _strategy(name)(kinds={kind})


def _event(name: str, _: type[Any]) -> SearchStrategy[Any]:
    return _strategy("contracts")().flatmap(_strategy(name))


def _ticket_event(kind: type[Any]) -> SearchStrategy[Any]:
    return _strategy("contracts")().flatmap(partial(_strategy("ticket_events"), kinds={kind}))


def _benefit_event(kind: type[Any]) -> SearchStrategy[Any]:
    return _strategy("benefits")(term="stated").flatmap(partial(_strategy("benefit_events"), kinds={kind}))


def _terms(_: type[Any]) -> SearchStrategy[Any]:
    return _strategy("plans")().map(terms_of)


def register() -> None:
    """Tell Hypothesis the strategy of every public type, for `from_type`, `builds` and `infer`.

    Example:
        >>> from hypothesis import find
        >>> from hypothesis.strategies import from_type
        >>> register()
        >>> find(from_type(WorkTime), lambda time: time < WorkTime(1))
        hours(0)
    """
    builders: dict[type[Any], Builder] = {kind: partial(_plain, name) for kind, name in _PLAIN.items()}
    builders |= {kind: partial(_of_kind, name) for name, kinds in _KINDS.items() for kind in kinds}
    builders |= {kind: partial(_event, name) for kind, name in _EVENTS.items()}
    builders |= dict.fromkeys(get_args(TicketEvent), _ticket_event)
    builders |= dict.fromkeys(get_args(BenefitEvent), _benefit_event)
    builders[Terms] = _terms
    for kind, builder in builders.items():
        register_type_strategy(kind, builder)
