"""Hypothesis strategies for every value of the library, from a currency to a contract with its whole history.

They follow the style of Hypothesis: plural names; knobs that are keywords and broad unless they are turned; bounds that
are inclusive; `InvalidArgument` for what cannot be. Values are small and simple ones come first, so that a failing
example shrinks to one that can be read. What makes a value less plain is a *feature*, a word of `FEATURES`, and
`without` leaves features out: `cases(without={"volume"})` for a law that holds for all tariffs but one.

`cases()` gives what a law of rating takes: a contract, its history, and the instant up to which to rate.
"""

from supportcontracts.testing.strategies._drawing import (
    FEATURES,
    Feature,
)
from supportcontracts.testing.strategies.agreed import (
    contracts,
    fees,
    meters,
    phases,
    plans,
)
from supportcontracts.testing.strategies.charging import (
    bands,
    charges,
    rates,
    tariffs,
)
from supportcontracts.testing.strategies.clocking import ClockCase, clock_cases
from supportcontracts.testing.strategies.covering import (
    any_coverages,
    combined_coverages,
    cover_segments,
    coverages,
    holiday_lists,
    instants_near,
    overrides,
    single_holidays,
    targets,
    weekly_windows,
)
from supportcontracts.testing.strategies.events import (
    approvals,
    bank_purchases,
    charge_items,
    extensions,
    payments,
    refunds,
    releases,
    replaces,
    reservations,
    ticket_events,
    ticket_histories,
    voids,
    work_entries,
)
from supportcontracts.testing.strategies.lives import (
    reinstatement_policies,
    renewals,
    uplifts,
)
from supportcontracts.testing.strategies.metering import (
    CHANNELS,
    PRODUCTS,
    RESPONSES,
    ROLES,
    SEVERITIES,
    WINDOWS,
    WORK_TYPES,
    free_times,
    incident_tables,
    meterings,
    multipliers,
    scoped_meterings,
    scopes,
)
from supportcontracts.testing.strategies.paying import (
    allotments,
    bank_sizes,
    banks,
    overdraws,
    price_lists,
    rollovers,
    sources,
    sublimits,
    top_ups,
    warn_levels,
    waterfalls,
)
from supportcontracts.testing.strategies.posting import (
    LEDGERS,
    TAXES,
    postings,
)
from supportcontracts.testing.strategies.stories import (
    Case,
    cases,
    histories,
    untils,
)
from supportcontracts.testing.strategies.times import (
    billing_periods,
    calendar_days,
    calendar_months,
    instants,
    spans,
    terms,
    zones,
)
from supportcontracts.testing.strategies.values import (
    amounts,
    currencies,
    factors,
    incident_counts,
    moneys,
    prices,
    quantities,
    roundings,
    shares,
    work_times,
)

__all__ = [
    "CHANNELS",
    "FEATURES",
    "LEDGERS",
    "PRODUCTS",
    "RESPONSES",
    "ROLES",
    "SEVERITIES",
    "TAXES",
    "WINDOWS",
    "WORK_TYPES",
    "Case",
    "ClockCase",
    "Feature",
    "allotments",
    "amounts",
    "any_coverages",
    "approvals",
    "bands",
    "bank_purchases",
    "bank_sizes",
    "banks",
    "billing_periods",
    "calendar_days",
    "calendar_months",
    "cases",
    "charge_items",
    "charges",
    "clock_cases",
    "combined_coverages",
    "contracts",
    "cover_segments",
    "coverages",
    "currencies",
    "extensions",
    "factors",
    "fees",
    "free_times",
    "histories",
    "holiday_lists",
    "incident_counts",
    "incident_tables",
    "instants",
    "instants_near",
    "meterings",
    "meters",
    "moneys",
    "multipliers",
    "overdraws",
    "overrides",
    "payments",
    "phases",
    "plans",
    "postings",
    "price_lists",
    "prices",
    "quantities",
    "rates",
    "refunds",
    "reinstatement_policies",
    "releases",
    "renewals",
    "replaces",
    "reservations",
    "rollovers",
    "roundings",
    "scoped_meterings",
    "scopes",
    "shares",
    "single_holidays",
    "sources",
    "spans",
    "sublimits",
    "targets",
    "tariffs",
    "terms",
    "ticket_events",
    "ticket_histories",
    "top_ups",
    "untils",
    "uplifts",
    "voids",
    "warn_levels",
    "waterfalls",
    "weekly_windows",
    "work_entries",
    "work_times",
    "zones",
]


def __dir__() -> list[str]:
    return __all__
