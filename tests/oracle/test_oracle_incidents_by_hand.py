"""The oracle's incidents, and what waits, against pencil and paper: every docstring shows the working.

These tests prove the oracle, not the library, so they quote no rule ids.
"""

from typing import Any

import pytest

from supportcontracts.contracts.allotments import Allotment, Overdraw
from supportcontracts.contracts.banks import Banks
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Phase
from supportcontracts.contracts.incidents import TICKET_HAPPENINGS, IncidentTable
from supportcontracts.contracts.metering import Metering, Multiplier
from supportcontracts.contracts.plans import (
    CappedIncidents,
    Composite,
    Meter,
    PayPerHour,
    PayPerIncident,
    PrepaidHours,
    PrepaidIncidents,
)
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.sources import Hold, Refuse
from supportcontracts.events import (
    Approval,
    Cancelled,
    Classified,
    Closed,
    Event,
    MarkedDuplicate,
    Merged,
    Opened,
    Reopened,
    Resolved,
    Responded,
    SeverityChanged,
    WaitingOnCustomer,
)
from supportcontracts.money import Money, Price
from supportcontracts.quantity import hours, incidents, minutes
from supportcontracts.timeline import Term, days
from tests.oracle.pencil import (
    AT_140,
    HOUR,
    MINUTE,
    at,
    bank,
    contract,
    meters,
    money_lines,
    moved,
    rate,
    use_lines,
    work,
)

# What waits


def test_a_charge_waits_for_its_approval() -> None:
    """2 h: 1 is drawn, 1 waits in January; approved in March it costs 140.00 there; W-2 is never approved."""
    rating = rate(
        contract(meters(Allotment(hours(1)), Charge(AT_140, approval="required"))),
        work("W-1", "2025-01-10 09:00", hours(2)),
        work("W-2", "2025-01-11 09:00", hours(1)),
        Approval("A-1", at("2025-03-01 09:00"), of="W-1"),
    )
    assert [(line.period, line.use, line.disposition, line.code, line.minor) for line in rating.lines] == [
        ("2025-01", "W-1", "included", "", 0),
        ("2025-01", "W-1", "held", "", 0),
        ("2025-01", "W-2", "held", "", 0),
        ("2025-03", "W-1", "charged", "", 14000),
        ("2025-12", "W-2", "refused", "held-at-end", 0),
    ]


def test_a_release_asks_the_first_source_again() -> None:
    """January's 1 h leaves 2 of 3 h held; approved in February, its 1 h pays, 1 h is held again, refused at the end."""
    rating = rate(
        contract(meters(Allotment(hours(1), "month"), Hold()), months=2),
        work("W", "2025-01-10 09:00", hours(3)),
        Approval("A", at("2025-02-10 09:00")),
    )
    assert [(line.period, line.lot, line.disposition, line.counted // HOUR) for line in rating.lines] == [
        ("2025-01", "work/0/2025-01-01", "included", 1),
        ("2025-01", None, "held", 2),
        ("2025-02", "work/0/2025-02-01", "included", 1),
        ("2025-02", None, "refused", 1),
    ]


def test_a_purchase_releases_the_oldest_first() -> None:
    """1 h and 2 h wait; B-1 leaves them waiting, B-2 with 2 h pays the first and half of the second from B-1 and B-2.

    B-1 has 0.5 h and ends sooner, so it pays 0.5 h of W-1, B-2 0.5 h of W-1 and 1.5 h of W-2; 0.5 h is refused.
    """
    rating = rate(
        contract(PrepaidHours(beyond=Hold())),
        work("W-1", "2025-01-10 09:00", hours(1)),
        work("W-2", "2025-01-11 09:00", hours(2)),
        bank("B-1", "2025-02-01 09:00", minutes(30), expires_on="2025-06-30"),
        bank("B-2", "2025-02-02 09:00", hours(2), held="release"),
    )
    assert [(line[0], line[2], line[3], line[4] // MINUTE) for line in use_lines(rating)] == [
        ("W-1", None, "held", 60),
        ("W-2", None, "held", 120),
        ("W-1", "B-1", "drawn", 30),
        ("W-1", "B-2", "drawn", 30),
        ("W-2", "B-2", "drawn", 90),
        ("W-2", None, "refused", 30),
    ]


def test_what_waits_outlives_its_phase_but_not_its_meter() -> None:
    """Held in January under meters "work" and "other"; February has only "work", which charges when all is approved.

    A bank for atlas that releases does not pay for work about nothing. "other" waits and is refused at the end.
    """
    onsite = Scope(channels="onsite")
    banks = Banks()
    first = Composite(
        meters=[Meter("work", [banks, Hold()], scope=onsite), Meter("work", [banks, Hold()], name="other")]
    )
    second = Composite(meters=Meter("work", [banks, Charge(AT_140)]))
    terms = contract(
        phases=[
            Phase(Term("2025-01-01", months=1, zone="UTC"), first),
            Phase(Term("2025-02-01", months=1, zone="UTC"), second),
        ]
    )
    rating = rate(
        terms,
        work("W-1", "2025-01-10 09:00", hours(1), channel="onsite"),
        work("W-2", "2025-01-11 09:00", hours(1)),
        bank("B", "2025-02-01 09:00", hours(1), scope=Scope(products="atlas"), held="release"),
        Approval("A-1", at("2025-02-10 09:00")),
        Approval("A-2", at("2025-04-10 09:00")),
    )
    assert [(line.use, line.period, line.meter, line.disposition) for line in rating.lines if line.kind == "use"] == [
        ("W-1", "2025-01", "work", "held"),
        ("W-2", "2025-01", "other", "held"),
        ("W-1", "2025-02", "work", "charged"),
        ("W-2", "2025-02", "other", "refused"),
    ]


# Incidents


def test_an_incident_is_consumed_once_and_given_back() -> None:
    """2 incidents: T-1 takes one, is reopened within the terms, and is a defect: it returns, so that T-3 finds one."""
    plan = CappedIncidents(
        fee=Money("0 EUR"), allotment=incidents(2), per="year", beyond=Charge(Price("290 EUR/incident"))
    )
    rating = rate(
        contract(plan, billing="yearly"),
        Opened("E-1", at("2025-01-10 09:00"), ticket="T-1"),
        Resolved("E-2", at("2025-01-11 09:00"), ticket="T-1"),
        Reopened("E-3", at("2025-06-11 09:00"), ticket="T-1"),
        Opened("E-4", at("2025-06-12 09:00"), ticket="T-2"),
        Classified("E-5", at("2025-06-13 09:00"), ticket="T-1", finding="product-defect"),
        Opened("E-6", at("2025-06-14 09:00"), ticket="T-3"),
        Opened("E-7", at("2025-06-15 09:00"), ticket="T-4"),
        work("W", "2025-06-16 09:00", hours(3), ticket="T-4"),
    )
    lot = "incidents/0/2025-01-01"
    assert use_lines(rating) == [
        ("T-1", "allotment", lot, "included", 1, 0),
        ("T-2", "allotment", lot, "included", 1, 0),
        ("T-3", "allotment", lot, "included", 1, 0),
        ("T-4", "overage", None, "charged", 1, 29000),
        ("W", "unlimited", None, "included", 10800, 0),
    ]
    assert moved(rating, lot) == {"granted": 2, "drawn": 3, "returned": 1}
    assert rating.lines[-1].meter == "labour"


def test_money_for_an_incident_is_credited() -> None:
    """290.00 in January, cancelled in February: - 290.00 there; a later row consumes nothing more."""
    rating = rate(
        contract(PayPerIncident(tariff=Price("290 EUR/incident"), incidents=IncidentTable(resolved="consume"))),
        Opened("E-1", at("2025-01-10 09:00"), ticket="T"),
        Cancelled("E-2", at("2025-02-10 09:00"), ticket="T"),
        Resolved("E-3", at("2025-02-11 09:00"), ticket="T"),
    )
    assert money_lines(rating) == [("use", "2025-01", 29000), ("credit", "2025-02", -29000)]


def test_a_ticket_that_is_reopened_late_is_a_new_incident() -> None:
    """Resolved on 1 March at 09:00, 14 days: until 15 March 09:00 it is the same, at 09:00 it is T#2."""
    plan = PayPerIncident(tariff=Price("290 EUR/incident"), incidents=IncidentTable(reopened_within=days(14)))
    opened = Opened("E-1", at("2025-02-10 09:00"), ticket="T")
    done = Resolved("E-2", at("2025-03-01 09:00"), ticket="T")
    early, late = (Reopened("E-3", at(text), ticket="T") for text in ("2025-03-15 08:59:59", "2025-03-15 09:00"))
    assert [line[0] for line in use_lines(rate(contract(plan), opened, done, early))] == ["T"]
    assert [line[0] for line in use_lines(rate(contract(plan), opened, done, late))] == ["T", "T#2"]


def test_a_reserved_incident_is_freed() -> None:
    """Reserved when opened, consumed when resolved: T-1 is resolved, T-2 is cancelled before and never counts."""
    table = IncidentTable(opened="reserve", resolved="consume")
    rating = rate(
        contract(PrepaidIncidents(beyond=Refuse(), incidents=table)),
        bank("B", "2025-01-01 09:00", incidents(5), price=Price("200 EUR/incident")),
        Opened("E-1", at("2025-01-10 09:00"), ticket="T-1"),
        Opened("E-2", at("2025-01-10 10:00"), ticket="T-2"),
        Cancelled("E-3", at("2025-01-11 09:00"), ticket="T-2"),
        Resolved("E-4", at("2025-01-12 09:00"), ticket="T-1"),
    )
    assert use_lines(rating) == [("T-1", "banks", "B", "drawn", 1, 0)]
    assert money_lines(rating) == [("purchase", "2025-01", 100000)]


def test_a_return_to_a_bank_that_lives() -> None:
    """The unit of T-1 is in the bank again, and pays for T-2."""
    rating = rate(
        contract(PrepaidIncidents(beyond=Refuse())),
        bank("B", "2025-01-01 09:00", incidents(1), expires_on="2025-12-30"),
        Opened("E-1", at("2025-01-10 09:00"), ticket="T-1"),
        Cancelled("E-2", at("2025-02-05 09:00"), ticket="T-1"),
        Opened("E-3", at("2025-02-15 09:00"), ticket="T-2"),
    )
    assert moved(rating, "B") == {"bought": 1, "drawn": 2, "returned": 1}


@pytest.mark.parametrize(
    ("returns", "expected"),
    [
        ("forfeit", {"bought": 1, "drawn": 1, "returned": 1, "forfeited": 1}),
        (days(10), {"bought": 1, "drawn": 2, "returned": 1}),
    ],
)
def test_a_return_to_a_bank_that_has_ended(returns: Any, expected: dict[str, int]) -> None:  # noqa: ANN401  # a literal
    """B ended with January; T-1's unit comes back on 5 February: lost, or usable for 10 days and drawn on the 15th."""
    rating = rate(
        contract(PrepaidIncidents(banks=Banks(returns=returns), beyond=Refuse())),
        bank("B", "2025-01-01 09:00", incidents(1), expires_on="2025-01-31"),
        Opened("E-1", at("2025-01-10 09:00"), ticket="T-1"),
        Cancelled("E-2", at("2025-02-05 09:00"), ticket="T-1"),
        Opened("E-3", at("2025-02-15 23:59:59"), ticket="T-2"),
    )
    assert moved(rating, "B") == expected


def test_severity_at_the_consuming_event_counts() -> None:
    """Opened at severity 3, raised to 1 before it is resolved: 2 units; severity 2: 1 x 1.5 = 1.5, half up 2."""
    weights = [Multiplier(2, scope=Scope(severities=1)), Multiplier("1.5", scope=Scope(severities=2))]
    table = IncidentTable(opened="ignore", resolved="consume")
    plan = PayPerIncident(tariff=Price("100 EUR/incident"), incidents=table, metering=Metering(multiplier=weights))
    rating = rate(
        contract(plan),
        Opened("E-1", at("2025-01-10 09:00"), ticket="T-1", severity=3),
        SeverityChanged("E-2", at("2025-01-11 09:00"), ticket="T-1", severity=1),
        Resolved("E-3", at("2025-01-12 09:00"), ticket="T-1"),
        Opened("E-4", at("2025-01-13 09:00"), ticket="T-2", severity=2),
        Resolved("E-5", at("2025-01-14 09:00"), ticket="T-2"),
    )
    assert use_lines(rating) == [
        ("T-1", "charge", None, "charged", 2, 20000),
        ("T-2", "charge", None, "charged", 2, 20000),
    ]


@pytest.mark.parametrize(
    ("row", "event"),
    [
        ("responded", Responded("E-2", at("2025-01-11 09:00"), ticket="T")),
        ("resolved", Resolved("E-2", at("2025-01-11 09:00"), ticket="T")),
        ("closed", Closed("E-2", at("2025-01-11 09:00"), ticket="T")),
        ("cancelled", Cancelled("E-2", at("2025-01-11 09:00"), ticket="T")),
        ("merged", Merged("E-2", at("2025-01-11 09:00"), ticket="T", into="T-9")),
        ("duplicate", MarkedDuplicate("E-2", at("2025-01-11 09:00"), ticket="T", of="T-9")),
        ("product_defect", Classified("E-2", at("2025-01-11 09:00"), ticket="T", finding="product-defect")),
        ("feature_request", Classified("E-2", at("2025-01-11 09:00"), ticket="T", finding="feature-request")),
    ],
)
def test_every_row_of_the_table(row: str, event: Event) -> None:
    """With "ignore" in every row but one, only the event of that row consumes; waiting for the customer has no row."""
    ignored = dict.fromkeys(TICKET_HAPPENINGS, "ignore")
    table = IncidentTable(**{**ignored, row: "consume"})  # type: ignore[arg-type]  # each is one of the words
    terms = contract(PayPerIncident(tariff=Price("290 EUR/incident"), incidents=table))
    opened = Opened("E-1", at("2025-01-10 09:00"), ticket="T")
    waiting = WaitingOnCustomer("E-0", at("2025-01-10 10:00"), ticket="T")
    assert [line[0] for line in use_lines(rate(terms, opened, waiting, event))] == ["T"]
    assert use_lines(rate(terms, opened, waiting)) == []


def test_incidents_that_nobody_measures() -> None:
    """Opened before the term, and about relay where only atlas is measured: refused; a plan by hour ignores tickets."""
    scope = Scope(products="atlas")
    plan = Composite(meters=Meter("incidents", [Charge(Price("290 EUR/incident"))], scope=scope))
    events: list[Event] = [
        Opened("E-1", at("2024-12-10 09:00"), ticket="T-1", product="atlas"),
        Opened("E-2", at("2025-01-10 09:00"), ticket="T-2", product="relay"),
        Resolved("E-3", at("2025-01-11 09:00"), ticket="T-2"),
        Opened("E-4", at("2025-01-12 09:00"), ticket="T-3", product="atlas"),
    ]
    rating = rate(contract(plan), *events)
    assert [(line.period, line.use, line.code, line.minor) for line in rating.lines] == [
        ("-", "T-1", "outside-term", 0),
        ("2025-01", "T-2", "no-meter", 0),
        ("2025-01", "T-3", "", 29000),
    ]
    assert rate(contract(PayPerHour(tariff=AT_140)), *events).lines == ()


def test_what_an_incident_took_goes_back_where_it_came_from() -> None:
    """T-1 took the unit of January, which has ended by February: it returns and is forfeited.

    T-2 borrowed February's overdraft, which shrinks again: nothing is owed at the end. T-3 was held: it waits no more.
    """
    short = Overdraw(incidents(1), settled_at=Price("300 EUR/incident"))
    month = Allotment(incidents(1), "month", short=short)
    plan = Composite(meters=Meter("incidents", [month, Hold()]))
    opened = [
        Opened("E-1", at("2025-01-10 09:00"), ticket="T-1"),
        Opened("E-2", at("2025-02-10 09:00"), ticket="T-0"),
        Opened("E-3", at("2025-02-11 09:00"), ticket="T-2"),
        Opened("E-4", at("2025-02-12 09:00"), ticket="T-3"),
    ]
    gone = [Cancelled(f"G-{n}", at("2025-02-20 09:00"), ticket=f"T-{n}") for n in (1, 2, 3)]
    rating = rate(contract(plan, months=2), *opened, *gone)
    assert [(line[0], line[1], line[3]) for line in use_lines(rating)] == [
        ("T-1", "allotment", "included"),
        ("T-0", "allotment", "included"),
        ("T-2", "overdraft", "drawn"),
        ("T-3", "hold", "held"),
    ]
    assert moved(rating, "incidents/0/2025-01-01") == {"granted": 1, "drawn": 1, "returned": 1, "forfeited": 1}
    assert money_lines(rating) == []
    kept = rate(contract(plan, months=2), *opened)
    assert money_lines(kept) == [("overdraft", "2025-02", 30000)]
    assert [line.code for line in kept.lines if line.disposition == "refused"] == ["held-at-end"]
