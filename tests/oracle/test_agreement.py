"""The engine agrees with the oracle, which rates unit by unit and shares no code with it."""

from collections.abc import Sequence
from typing import Literal

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from supportcontracts import (
    Allotment,
    Approval,
    BankExtended,
    BankPurchase,
    BankRefunded,
    Banks,
    Cancelled,
    Charge,
    Classified,
    Contract,
    Hold,
    IncidentTable,
    Meter,
    Metering,
    Multiplier,
    Opened,
    Overdraw,
    Phase,
    Price,
    Refuse,
    Remaining,
    RemainingShare,
    Reopened,
    Resolved,
    Rollover,
    Scope,
    SeverityChanged,
    Term,
    TopUp,
    Unlimited,
    WorkEntry,
    days,
    hours,
    incidents,
    minutes,
    rate,
)
from supportcontracts.contracts.plans import (
    CappedHours,
    CappedIncidents,
    Composite,
    FixedAnnual,
    PayPerHour,
    PayPerIncident,
    Plan,
    PrepaidHours,
    PrepaidIncidents,
)
from supportcontracts.events import Event
from supportcontracts.testing.strategies import Case, cases, histories, untils, warn_levels
from tests.oracle import differences, oracle_rate


def agree(case: Case) -> None:
    """Rate both ways and compare every line, quantity, amount, balance, notice and refusal."""
    contract, events, until = case
    rating = rate(contract, events, until=until)
    note(str(rating))
    assert differences(rating, oracle_rate(contract, events, until=until)) == []


@pytest.mark.rule("D2", "D3", "D5", "D6", "D7", "D8", "D9", "D10", "D11", "D12", "D13", "D14", "D15", "D16", "D17")
@pytest.mark.rule("D18", "D19", "D20", "D21", "D22", "D23", "D24", "D25", "D26", "D28", "D29")
@given(case=cases())
def test_the_engine_agrees_with_the_oracle(case: Case) -> None:
    """Any contract, any history: the same lines, quantities, amounts, balances, notices and refusals."""
    agree(case)


@pytest.mark.parametrize(
    "plan",
    [
        FixedAnnual,
        CappedHours,
        CappedIncidents,
        PrepaidHours,
        PrepaidIncidents,
        PayPerHour,
        PayPerIncident,
        Composite,
    ],
)
def test_the_engine_agrees_on_every_contract_type(plan: type[Plan]) -> None:
    """Each contract type by itself, in one phase and in several."""
    given(case=cases(kinds=[plan]))(agree)()


# Places that random contracts seldom reach: plans made for one matter, with histories of what it is about


def in_turn(plans: Sequence[Plan], gap: int) -> Contract:
    """Agree on one plan after another, each for a month of 2025, the last one after a gap of so many months."""
    months = [*range(1, len(plans)), len(plans) + gap]
    phases = [
        Phase(Term(f"2025-{month:02}-01", months=1, zone="Europe/Berlin"), plan)
        for month, plan in zip(months, plans, strict=True)
    ]
    return Contract("C-1", customer="elm", rounding="half-up", billing="monthly", currency="EUR", phases=phases)


@st.composite
def stories(draw: st.DrawFn, plans: st.SearchStrategy[Plan], kinds: tuple[type[Event], ...]) -> Case:
    """Draw one to three phases of such plans, and a long history of such events."""
    contract = in_turn(draw(st.lists(plans, min_size=1, max_size=3)), draw(st.integers(0, 1)))
    events = draw(histories(contract, kinds=kinds, min_events=8, max_events=16))
    return contract, events, draw(untils(contract, events))


@st.composite
def watched(draw: st.DrawFn) -> Plan:
    """Banks with levels and top-ups, and unlimited incidents with a level of their own."""
    top_up = st.builds(
        TopUp,
        at=warn_levels(unit="work", kinds=[Remaining, RemainingShare]),
        quantity=st.sampled_from([hours(1), hours(2)]),
        price=st.just(Price("100 EUR/h")),
    )
    banks = Banks(
        warn_levels=draw(st.lists(warn_levels(unit="work"), max_size=4)), top_up=draw(st.lists(top_up, max_size=2))
    )
    beyond = draw(st.sampled_from([Hold(), Refuse()]))
    return Composite(meters=[Meter("work", [banks, beyond]), Meter("incidents", Unlimited(review_at=incidents(1)))])


@pytest.mark.rule("D22", "B1", "B7", "D7", "D20")
@given(
    case=stories(
        watched(),
        (
            *(WorkEntry, WorkEntry, WorkEntry, Opened, BankPurchase, BankPurchase, BankPurchase),
            *(BankExtended, BankRefunded, Approval),
        ),
    )
)
def test_the_engine_agrees_on_notices(case: Case) -> None:
    """Levels, days left, top-ups, reviews, and approvals that release nothing."""
    agree(case)


@st.composite
def below_zero(draw: st.DrawFn) -> Plan:
    """Incidents of sources that may be overdrawn."""
    short = st.builds(
        Overdraw,
        st.integers(0, 3).map(incidents),
        settled_at=st.sampled_from([Price("300 EUR/incident"), Price("33.335 EUR/incident")]),
    )
    granted = st.builds(
        Allotment,
        st.integers(0, 2).map(incidents),
        per=st.sampled_from(["month", "term"]),
        short=short,
        rollover=st.sampled_from([None, Rollover()]),
    )
    bought = st.builds(Banks, short=short)
    ways: list[list[st.SearchStrategy[Allotment | Banks]]] = [[granted], [bought], [granted, st.just(Banks())]]
    sources = [draw(source) for source in draw(st.sampled_from(ways))]
    beyond = draw(st.sampled_from([Hold(), Refuse(), Charge(Price("290 EUR/incident"))]))
    return Composite(
        meters=Meter(
            "incidents",
            [*sources, beyond],
            metering=draw(st.sampled_from([Metering(), Metering(multiplier=Multiplier(2))])),
            incidents=IncidentTable(reopened_within=draw(st.sampled_from([None, days(3)]))),
        )
    )


TICKETS = (Opened, Opened, Opened, Cancelled, Cancelled, Classified, Resolved, Reopened)


@pytest.mark.rule("D18", "D21", "B3")
@given(case=stories(below_zero(), (*TICKETS, BankPurchase, Approval)))
def test_the_engine_agrees_on_what_is_overdrawn_and_given_back(case: Case) -> None:
    """What was owed, repaid or settled in money comes back as what it became."""
    agree(case)


@st.composite
def with_labour(draw: st.DrawFn) -> Plan:
    """One or two meters for incidents that treat labour in their ways, and perhaps one for work."""
    labour: st.SearchStrategy[Literal["included", "metered", "metered-if-unpaid"]] = st.sampled_from(
        ["included", "metered", "metered-if-unpaid"]
    )
    meters = [
        Meter(
            "incidents",
            draw(st.sampled_from([[Allotment(incidents(1)), Refuse()], [Charge(Price("290 EUR/incident"))], [Hold()]])),
            labour=draw(labour),
            scope=draw(st.sampled_from([Scope(), Scope(severities=[1, 2])])),
        )
    ]
    if draw(st.booleans()):
        meters.append(Meter("incidents", Refuse(), name="rest", labour=draw(labour)))
    if draw(st.booleans()):
        ways = [Metering(), Metering(at_boundary="split"), Metering(group="incident", minimum=minutes(30))]
        meters.append(Meter("work", Charge(Price("60 EUR/h")), metering=draw(st.sampled_from(ways))))
    return Composite(meters=draw(st.permutations(meters)))


@pytest.mark.rule("D14")
@given(case=stories(with_labour(), (*TICKETS, SeverityChanged, WorkEntry, WorkEntry, WorkEntry, Approval)))
def test_the_engine_agrees_on_whose_labour_it_is(case: Case) -> None:
    """Labour is included, metered, or metered where nobody paid, as the meter of the incident says."""
    agree(case)
