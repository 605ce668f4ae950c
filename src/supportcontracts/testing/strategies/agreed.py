"""Strategies for whole agreements: fees, meters, plans of every type, phases and contracts.

A contract has up to three phases of a month to a little more than a year, so that its years, quarters and months all
come to an end and yet a failing example stays readable. What the features leave is combined freely: two or three
things per term that are not plain, rarely more.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from functools import partial
from typing import Any, get_args

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts._fields import require_text
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Billing, Contract, Phase
from supportcontracts.contracts.plans import (
    Beyond,
    CappedHours,
    CappedIncidents,
    Composite,
    Fee,
    FixedAnnual,
    Meter,
    PayPerHour,
    PayPerIncident,
    Plan,
    PrepaidHours,
    PrepaidIncidents,
)
from supportcontracts.contracts.postings import Posting
from supportcontracts.contracts.sources import Fallback, Hold, Refuse
from supportcontracts.contracts.tariffs import Tariff
from supportcontracts.money import ROUNDING_MODES, Currency, Price
from supportcontracts.quantity import Unit
from supportcontracts.testing.strategies._drawing import (
    Feature,
    bounds,
    checked,
    drawn,
    kinds_of,
    one_in,
    part,
    pick,
    several,
)
from supportcontracts.testing.strategies._frame import Frame, draw_money, draw_quantity, framed, with_sales
from supportcontracts.testing.strategies.charging import draw_charge
from supportcontracts.testing.strategies.metering import draw_incident_table, draw_metering, seldom_scope
from supportcontracts.testing.strategies.paying import (
    draw_allotment_options,
    draw_banks,
    draw_before,
    draw_end,
    draw_period,
    draw_waterfall,
)
from supportcontracts.testing.strategies.posting import draw_posting
from supportcontracts.testing.strategies.times import ODD_DAYS, draw_term, known_zone, start_days, zones
from supportcontracts.testing.strategies.values import UNITS
from supportcontracts.timeline import Days, Zone, as_zone

__all__ = ["contracts", "fees", "meters", "phases", "plans"]


def __dir__() -> list[str]:
    return __all__


PLANS: tuple[type[Plan], ...] = get_args(Plan)
CUSTOMERS = ("elm", "birchwood")

_BEYOND: tuple[type[Beyond], ...] = (Charge, Refuse, Hold, Fallback)
_BILLING: tuple[Billing, ...] = ("monthly", "term", "yearly", "quarterly")
_FEE_NAMES = ("fee", "extra fee")


def draw_fee(draw: DrawFn, frame: Frame) -> Fee:
    """Draw a fee for each year or for the term."""
    return Fee(draw_money(draw, frame), per="term" if one_in(draw, 3) else "year")


def fees(*, currency: Currency | str | None = None) -> SearchStrategy[Fee]:
    """Generate fees, for each year or for the whole term.

    Raises:
        InvalidArgument: for an unknown currency.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(fees(currency="JPY"))
        ... def fees_are_in_their_currency(fee):
        ...     assert fee.amount.currency.code == "JPY"
        >>> fees_are_in_their_currency()
    """
    return framed("fees", draw_fee, (None, currency, ()))


LABOUR = ("included", "metered", "metered-if-unpaid")


def draw_meter(draw: DrawFn, frame: Frame) -> Meter:
    """Draw a meter of the frame's unit, named after it."""
    options: dict[str, Any] = {}
    if frame.unit == "incidents":
        options["incidents"] = table = part(draw, draw_incident_table, frame.without)
        if frame.has("labour"):
            words = LABOUR if table.consumed_at_opening else LABOUR[:2]
            options["labour"] = pick(draw, words)
    else:
        options["metering"] = part(draw, draw_metering, frame.without)
    scope = seldom_scope(draw, frame.without)
    return Meter(frame.unit, part(draw, draw_waterfall, frame), scope=scope, **options)


def meters(
    *, unit: Unit | None = None, currency: Currency | str | None = None, without: Collection[Feature] = ()
) -> SearchStrategy[Meter]:
    """Generate meters, each with its waterfall.

    Args:
        unit: the unit that they measure.
        currency: the currency of all money in them.
        without: features to leave out: those of metering and sources, and incident-tables, labour.

    Raises:
        InvalidArgument: for an unknown unit, currency or feature.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(meters(unit="incidents"))
        ... def meters_measure_their_unit(meter):
        ...     assert meter.unit == "incidents"
        >>> meters_measure_their_unit()
    """
    return framed("meters", with_sales(draw_meter), (unit, currency, without))


# Plans


def draw_beyond(draw: DrawFn, frame: Frame) -> list[Beyond]:
    """Draw what follows when units are gone: mostly one thing, or a limited one before it."""
    before = [part(draw, draw_before, frame, _BEYOND)] if frame.has("limit") and one_in(draw, 5) else []
    return [*before, part(draw, draw_end, frame, _BEYOND)]


def _shared(draw: DrawFn, frame: Frame, *, incidents: bool = False) -> dict[str, Any]:
    """Draw what every plan states: how use is metered, and which."""
    options: dict[str, Any] = {
        "metering": part(draw, draw_metering, frame.without),
        "scope": seldom_scope(draw, frame.without),
    }
    if incidents:
        options["incidents"] = part(draw, draw_incident_table, frame.without)
    return options


def _fixed_annual(draw: DrawFn, frame: Frame) -> FixedAnnual:
    review = draw_quantity(draw, pick(draw, UNITS)) if frame.has("review") and one_in(draw, 2) else None
    return FixedAnnual(fee=draw_money(draw, frame), review_at=review, **_shared(draw, frame))


def _capped(draw: DrawFn, frame: Frame) -> dict[str, Any]:
    """Draw what both plans with an allotment state."""
    return {
        "fee": draw_money(draw, frame),
        "allotment": draw_quantity(draw, frame.unit),
        "per": draw_period(draw),
        "beyond": draw_beyond(draw, frame),
        **part(draw, draw_allotment_options, frame),
    }


def _charged(draw: DrawFn, frame: Frame) -> Tariff | Charge:
    """Draw what a plan by use states: a charge, or only its price."""
    charge = part(draw, draw_charge, frame, "last")
    return charge.tariff if isinstance(charge.tariff, Price) and one_in(draw, 3) else charge


def _draw_any_meter(draw: DrawFn, frame: Frame) -> Meter:
    return draw_meter(draw, frame._replace(unit=pick(draw, UNITS)))


def _composite(draw: DrawFn, frame: Frame) -> Composite:
    fees = several(draw, (0, 2), draw_fee, frame)
    meters = several(draw, (one_in(draw, 2), 3), _draw_any_meter, frame)
    for place in range(1, len(meters)):
        meters[place] = attrs.evolve(meters[place], name=f"{meters[place].unit} {place + 1}")
    return Composite(
        fees=[attrs.evolve(fee, name=name) for fee, name in zip(fees, _FEE_NAMES, strict=False)],
        meters=meters,
    )


def _prepaid(draw: DrawFn, frame: Frame) -> dict[str, Any]:
    """Draw what both plans with banks state."""
    return {"banks": part(draw, draw_banks, frame, "none"), "beyond": draw_beyond(draw, frame)}


_BUILDERS: dict[type[Plan], tuple[Unit, Callable[[DrawFn, Frame], Plan]]] = {
    FixedAnnual: ("work", _fixed_annual),
    CappedHours: ("work", lambda draw, frame: CappedHours(**_capped(draw, frame), **_shared(draw, frame))),
    CappedIncidents: (
        "incidents",
        lambda draw, frame: CappedIncidents(**_capped(draw, frame), **_shared(draw, frame, incidents=True)),
    ),
    PrepaidHours: ("work", lambda draw, frame: PrepaidHours(**_prepaid(draw, frame), **_shared(draw, frame))),
    PrepaidIncidents: (
        "incidents",
        lambda draw, frame: PrepaidIncidents(**_prepaid(draw, frame), **_shared(draw, frame, incidents=True)),
    ),
    PayPerHour: ("work", lambda draw, frame: PayPerHour(tariff=_charged(draw, frame), **_shared(draw, frame))),
    PayPerIncident: (
        "incidents",
        lambda draw, frame: PayPerIncident(tariff=_charged(draw, frame), **_shared(draw, frame, incidents=True)),
    ),
    Composite: ("work", _composite),
}


def draw_plan(draw: DrawFn, frame: Frame, kinds: Sequence[type[Plan]] = PLANS) -> Plan:
    """Draw a plan of one of the types, a composite more often than the others, which it can say all of."""
    unit, build = _BUILDERS[pick(draw, (*kinds, Composite) if Composite in kinds else kinds)]
    return build(draw, frame._replace(unit=unit))


def plans(
    *,
    kinds: Collection[type[Plan]] | None = None,
    currency: Currency | str | None = None,
    without: Collection[Feature] = (),
) -> SearchStrategy[Plan]:
    """Generate plans of every type.

    Args:
        kinds: the contract types to generate.
        currency: the currency of all money in them.
        without: features to leave out: those of `meters`, of which a plan by type has the same.

    Raises:
        InvalidArgument: for an unknown type, currency or feature.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(plans(kinds={FixedAnnual}))
        ... def a_fee_is_never_negative(plan):
        ...     assert plan.fee.minor >= 0
        >>> a_fee_is_never_negative()
    """
    chosen = kinds_of("plans", kinds, PLANS)
    build = with_sales(lambda draw, frame: draw_plan(draw, frame, chosen))
    return framed("plans", build, (None, currency, without))


# Contracts


def draw_phases(
    draw: DrawFn, frame: Frame, zone: Zone, kinds: Sequence[type[Plan]], most: tuple[int, int]
) -> list[Phase]:
    """Draw so many phases at most, of so many months each at most, some with the plan of the one before."""
    max_phases, max_months = most
    first_day = pick(draw, start_days(zone))
    lapses = (0, 0, 1, 40, 400) if frame.has("gaps") else (0,)
    phases: list[Phase] = []

    def next_phase(draw: DrawFn) -> None:
        # Every phase draws alike, though the first makes no use of some, so that any of them can be dropped.
        lapse, renewed = pick(draw, lapses), one_in(draw, 2)
        start = phases[-1].term.ends_before + timedelta(days=lapse) if phases else first_day
        term = draw_term(draw, zone, start, max_months, stubs=frame.has("stubs"))
        plan = phases[-1].plan if phases and renewed else part(draw, draw_plan, frame, kinds)
        phases.append(Phase(term, plan))

    draw(st.lists(drawn(next_phase), min_size=1, max_size=max_phases))
    return phases


def draw_zone(draw: DrawFn) -> Zone:
    """Draw a zone of a contract."""
    return draw(_ZONES) if one_in(draw, 6) else known_zone(pick(draw, tuple(ODD_DAYS)))


_ZONES = zones()


def phases(
    *,
    kinds: Collection[type[Plan]] | None = None,
    zone: Zone | str | None = None,
    currency: Currency | str | None = None,
    max_months: int = 14,
    without: Collection[Feature] = (),
) -> SearchStrategy[Phase]:
    """Generate phases: a plan for a term.

    Args:
        kinds: the contract types to generate.
        zone: the zone of the term.
        currency: the currency of all money in the plan.
        max_months: the most months that the term lasts.
        without: features to leave out: those of `plans`, and stubs.

    Raises:
        InvalidArgument: for an unknown argument.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(phases(zone="UTC", max_months=3))
        ... def phases_are_short(phase):
        ...     assert phase.term.days <= 92
        >>> phases_are_short()
    """
    known = None if zone is None else checked("phases", as_zone, zone)
    chosen = kinds_of("phases", kinds, PLANS)
    bounds("phases", int, 1, max_months)

    def build(draw: DrawFn, frame: Frame) -> Phase:
        return draw_phases(draw, frame, known or draw_zone(draw), chosen, (1, max_months))[0]

    return framed("phases", with_sales(build), (None, currency, without))


def draw_postings(draw: DrawFn, without: Collection[Feature]) -> list[Posting]:
    """Draw how lines are booked, seldom at all."""
    if "postings" in without or not one_in(draw, 5):
        return []
    return [draw_posting(draw) for _ in range(pick(draw, (1, 2)))]


def draw_record_within(draw: DrawFn, without: Collection[Feature]) -> Days | None:
    """Draw how late use may be recorded, seldom at all."""
    return None if "record-within" in without or not one_in(draw, 8) else Days(pick(draw, (1, 14, 60)))


def contracts(
    *,
    customer: str | None = None,
    kinds: Collection[type[Plan]] | None = None,
    zone: Zone | str | None = None,
    currency: Currency | str | None = None,
    max_phases: int = 3,
    max_months: int = 14,
    without: Collection[Feature] = (),
) -> SearchStrategy[Contract]:
    """Generate contracts, with their phases, lapses between them, and every way of billing and rounding.

    Args:
        customer: whose contracts they are.
        kinds: the contract types to generate.
        zone: the zone of all terms.
        currency: the currency of all money.
        max_phases: the most phases.
        max_months: the most months that each phase lasts.
        without: features to leave out: those of `plans`, and gaps, postings, record-within, stubs.

    Raises:
        InvalidArgument: for an unknown argument.

    Example:
        >>> from hypothesis import given, settings
        >>> from itertools import pairwise
        >>> @settings(max_examples=10)
        ... @given(contracts(without={"gaps"}))
        ... def phases_follow_each_other(contract):
        ...     assert all(a.term.end == b.term.start for a, b in pairwise(contract.dated_phases))
        >>> phases_follow_each_other()
    """
    if customer is not None:
        checked("contracts", partial(require_text, "customer"), customer)
    known = None if zone is None else checked("contracts", as_zone, zone)
    chosen = kinds_of("contracts", kinds, PLANS)
    most = max_phases, max_months
    for bound in most:
        bounds("contracts", int, 1, bound)

    def build(draw: DrawFn, frame: Frame) -> Contract:
        return Contract(
            "C-1",
            customer=pick(draw, CUSTOMERS) if customer is None else customer,
            rounding=pick(draw, ROUNDING_MODES),
            phases=draw_phases(draw, frame, known or draw_zone(draw), chosen, most),
            billing=pick(draw, _BILLING),
            currency=frame.currency,
            postings=draw_postings(draw, frame.without),
            record_within=draw_record_within(draw, frame.without),
        )

    return framed("contracts", with_sales(build), (None, currency, without))
