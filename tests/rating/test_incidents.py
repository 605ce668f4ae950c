"""Incidents: what counts as one, when it counts, how often, and what is given back."""

from typing import Any

import pytest

from supportcontracts import (
    Allotment,
    Band,
    Banks,
    Cancelled,
    CappedIncidents,
    Charge,
    Classified,
    Closed,
    Composite,
    Contract,
    Fallback,
    Graduated,
    Hold,
    IncidentTable,
    MarkedDuplicate,
    Merged,
    Meter,
    Metering,
    Money,
    Multiplier,
    Opened,
    Overdraw,
    PayPerIncident,
    Price,
    Refuse,
    Reopened,
    Resolved,
    Responded,
    Scope,
    SeverityChanged,
    Void,
    days,
    incidents,
)
from supportcontracts.contracts.sources import Source
from supportcontracts.events import TicketEvent
from tests.rating.bank_builders import agreed, at, bank, charged, contract, entry, happened, local, moved, paid, rated

AT_290 = Charge(Price("290 EUR/incident"))
MONTHLY_2 = Allotment(incidents(2), per="month")
ON_RESOLUTION = IncidentTable(opened="reserve", resolved="consume")


def desk(*sources: Source, table: IncidentTable | None = None, **meter: Any) -> Contract:
    """One meter for incidents with these sources and this table."""
    return agreed(*sources, unit="incidents", incidents=table or IncidentTable(), **meter)


def opened(ticket: str, when: str, **more: Any) -> TicketEvent:
    """Open a ticket."""
    return happened(Opened, ticket, when, **more)


# What counts, and when


@pytest.mark.rule("I1")
def test_many_contacts_about_one_ticket_are_one_incident() -> None:
    """Opened, answered, resolved, closed, and opened again: one unit of the two."""
    rating = rated(
        desk(MONTHLY_2, AT_290),
        opened("T-1", "2025-01-10 09:00"),
        happened(Responded, "T-1", "2025-01-10 10:00"),
        happened(Resolved, "T-1", "2025-01-11 09:00"),
        happened(Reopened, "T-1", "2025-01-12 09:00"),
        happened(Resolved, "T-1", "2025-01-13 09:00"),
        happened(Closed, "T-1", "2025-01-14 09:00"),
        until="2025-02-01",
    )
    assert paid(rating, "T-1") == ["grant 2025-01-01 1 incident"]
    assert rating.balance("incidents/0/2025-01-01").drawn == 1


@pytest.mark.rule("I1", "D5")
def test_an_incident_belongs_to_the_period_in_which_it_is_consumed() -> None:
    """Opened on 31 January, resolved on 1 February 00:00, consumed at resolution: February's unit, February's line."""
    rating = rated(
        desk(MONTHLY_2, AT_290, table=ON_RESOLUTION),
        opened("T-1", "2025-01-31 23:59:59"),
        happened(Resolved, "T-1", "2025-02-01 00:00"),
        until="2025-03-01",
    )
    assert paid(rating, "T-1") == ["grant 2025-02-01 1 incident"]
    assert rating.lines[0].period == "2025-02"


@pytest.mark.rule("I1")
def test_a_reservation_is_not_yet_a_use() -> None:
    """Opened and never resolved: nothing is counted, and both units of January lapse."""
    rating = rated(desk(MONTHLY_2, AT_290, table=ON_RESOLUTION), opened("T-1", "2025-01-10 09:00"), until="2025-02-01")
    assert rating.lines == ()
    assert moved(rating, "grant 2025-01-01")[-1] == "2025-02-01 00:00 forfeit 2 incidents"


@pytest.mark.rule("I1")
@pytest.mark.parametrize(
    ("table", "when"),
    [
        (IncidentTable(), "2025-01-10 09:00"),
        (IncidentTable(opened="reserve", responded="consume"), "2025-01-10 10:00"),
        (IncidentTable(opened="reserve", resolved="consume"), "2025-01-11 09:00"),
        (IncidentTable(opened="ignore", closed="consume"), "2025-01-12 09:00"),
        (IncidentTable(opened="ignore", resolved="consume", closed="consume"), "2025-01-11 09:00"),  # once
    ],
)
def test_the_first_row_that_says_consume_counts(table: IncidentTable, when: str) -> None:
    """The same four happenings, and one line at the first instant whose row consumes."""
    rating = rated(
        desk(AT_290, table=table),
        opened("T-1", "2025-01-10 09:00"),
        happened(Responded, "T-1", "2025-01-10 10:00"),
        happened(Resolved, "T-1", "2025-01-11 09:00"),
        happened(Closed, "T-1", "2025-01-12 09:00"),
    )
    assert [(local(rating, line.at), str(line.amount)) for line in rating.lines] == [(when, "290.00 EUR")]


@pytest.mark.rule("I1", "D2")
@pytest.mark.parametrize(
    ("reopened", "uses"),
    [("2025-01-25 11:59:59", ["T-1"]), ("2025-01-25 12:00:00", ["T-1", "T-1#2"])],
)
def test_reopened_within_the_days_it_is_the_same_incident_and_from_then_on_a_new_one(
    reopened: str, uses: list[str]
) -> None:
    """Resolved on 11 January at 12:00; 14 days end on the 25th at 12:00, and that instant is outside."""
    rating = rated(
        desk(AT_290, table=IncidentTable(reopened_within=days(14))),
        opened("T-1", "2025-01-10 09:00"),
        happened(Resolved, "T-1", "2025-01-11 12:00"),
        happened(Reopened, "T-1", reopened),
    )
    assert [line.use for line in rating.lines] == uses
    assert rating.total == Money("290 EUR") * len(uses)


@pytest.mark.rule("I1")
def test_the_days_to_reopen_are_counted_from_the_last_resolution_or_closing() -> None:
    """Resolved on the 1st, closed on the 10th, reopened on the 20th: 10 days after the closing, the same incident.

    Resolved again on the 21st, reopened 14 days later, on 4 February: a new one.
    """
    rating = rated(
        desk(AT_290, table=IncidentTable(reopened_within=days(14))),
        opened("T-1", "2025-01-01 09:00"),
        happened(Resolved, "T-1", "2025-01-01 12:00"),
        happened(Closed, "T-1", "2025-01-10 12:00"),
        happened(Reopened, "T-1", "2025-01-20 12:00"),
        happened(Resolved, "T-1", "2025-01-21 12:00"),
        happened(Reopened, "T-1", "2025-02-04 12:00"),
    )
    assert charged(rating) == ["2025-01 charge 290.00 EUR", "2025-02 charge 290.00 EUR"]


@pytest.mark.rule("I1")
def test_without_a_number_of_days_a_ticket_stays_the_same_incident_for_ever() -> None:
    """Reopened eleven months later: still one unit."""
    rating = rated(
        desk(AT_290),
        opened("T-1", "2025-01-10 09:00"),
        happened(Resolved, "T-1", "2025-01-11 12:00"),
        happened(Reopened, "T-1", "2025-12-11 12:00"),
    )
    assert charged(rating) == ["2025-01 charge 290.00 EUR"]


@pytest.mark.rule("I1")
def test_a_new_cycle_counts_at_its_own_consuming_row() -> None:
    """Consumed at resolution, reopening ignored: the second resolution, late, counts as T-1#2; one in time does not."""
    table = IncidentTable(opened="reserve", resolved="consume", reopened="ignore", reopened_within=days(14))
    rating = rated(
        desk(AT_290, table=table),
        opened("T-1", "2025-01-01 09:00"),
        happened(Resolved, "T-1", "2025-01-02 12:00"),
        happened(Reopened, "T-1", "2025-01-05 12:00"),
        happened(Resolved, "T-1", "2025-01-06 12:00"),
        happened(Reopened, "T-1", "2025-03-01 12:00"),
        happened(Resolved, "T-1", "2025-03-02 12:00"),
    )
    assert [(line.use, local(rating, line.at)) for line in rating.lines] == [
        ("T-1", "2025-01-02 12:00"),
        ("T-1#2", "2025-03-02 12:00"),
    ]


@pytest.mark.rule("I1", "D7", "D2")
def test_an_incident_outside_the_term_is_refused() -> None:
    """Opened one second before the term and at its end: two refused lines for 0.00; the first second is covered."""
    rating = rated(
        desk(MONTHLY_2, AT_290),
        opened("T-1", "2024-12-31 23:59:59"),
        opened("T-2", "2025-01-01 00:00:00"),
        opened("T-3", "2026-01-01 00:00:00"),
        until="2026-02-01",
    )
    assert [(line.use, line.disposition, line.code) for line in rating.lines] == [
        ("T-1", "refused", "outside-term"),
        ("T-2", "included", ""),
        ("T-3", "refused", "outside-term"),
    ]


# How much


@pytest.mark.rule("I1", "M8")
@pytest.mark.parametrize(("factor", "counted"), [("2", 2), ("1.5", 2), ("1.4", 1), ("2.5", 3), ("0.5", 1)])
def test_a_grave_incident_counts_several_units_in_whole_units(factor: str, counted: int) -> None:
    """1 × 2 = 2; halves are rounded up: 1.5 → 2, 2.5 → 3, 0.5 → 1; 1.4 → 1. Severity 2 counts 1."""
    metering = Metering(multiplier=Multiplier(factor, scope=Scope(severities=1)))
    rating = rated(
        desk(Allotment(incidents(10)), AT_290, metering=metering),
        opened("T-1", "2025-01-10 09:00", severity=1),
        opened("T-2", "2025-01-11 09:00", severity=2),
    )
    assert [line.counted for line in rating.lines] == [incidents(counted), incidents(1)]


@pytest.mark.rule("I1", "D8")
def test_an_incident_of_two_units_can_be_paid_by_two_sources() -> None:
    """Severity 1 counts 2; the bank has 1 left, the other unit is charged: 290.00."""
    metering = Metering(multiplier=Multiplier(2, scope=Scope(severities=1)))
    rating = rated(
        desk(Banks(), AT_290, metering=metering),
        bank("B-1", "2025-01-02 09:00", incidents(1)),
        opened("T-1", "2025-01-10 09:00", severity=1),
    )
    assert paid(rating, "T-1") == ["B-1 1 incident", "charged 1 incident 290.00 EUR"]


@pytest.mark.rule("I1", "D5")
def test_an_incident_counts_with_its_severity_at_the_consuming_event() -> None:
    """Opened as 3, raised to 1 before it was resolved and to 2 afterwards: it counts 2 units, as severity 1."""
    metering = Metering(multiplier=Multiplier(2, scope=Scope(severities=1)))
    rating = rated(
        desk(AT_290, table=ON_RESOLUTION, metering=metering),
        opened("T-1", "2025-01-10 09:00", severity=3),
        happened(SeverityChanged, "T-1", "2025-01-10 12:00", severity=1),
        happened(Resolved, "T-1", "2025-01-11 09:00"),
        happened(SeverityChanged, "T-1", "2025-01-12 09:00", severity=2),
    )
    assert paid(rating, "T-1") == ["charged 2 incidents 580.00 EUR"]


@pytest.mark.rule("D3", "I1")
def test_at_one_instant_the_severity_is_known_before_the_resolution() -> None:
    """Raised to 1 and resolved in the same second: 2 units × 290 = 580.00."""
    metering = Metering(multiplier=Multiplier(2, scope=Scope(severities=1)))
    rating = rated(
        desk(AT_290, table=ON_RESOLUTION, metering=metering),
        opened("T-1", "2025-01-10 09:00", severity=3),
        happened(Resolved, "T-1", "2025-01-11 09:00"),
        happened(SeverityChanged, "T-1", "2025-01-11 09:00", severity=1),
    )
    assert str(rating.total) == "580.00 EUR"


@pytest.mark.rule("D14", "D5")
def test_an_incident_belongs_to_the_first_meter_that_admits_it_when_it_is_consumed() -> None:
    """Severity 1 costs 500, the rest 290. T-1 was opened as 3 and resolved as 1: 500.00. T-2 says nothing: 290.00."""
    meters = [
        Meter(
            "incidents",
            Charge(Price("500 EUR/incident")),
            name="grave",
            scope=Scope(severities=1),
            incidents=ON_RESOLUTION,
        ),
        Meter("incidents", AT_290, incidents=ON_RESOLUTION),
    ]
    rating = rated(
        contract(Composite(meters=meters)),
        opened("T-1", "2025-01-10 09:00", severity=3),
        opened("T-2", "2025-01-10 09:00"),
        happened(SeverityChanged, "T-1", "2025-01-10 12:00", severity=1),
        happened(Resolved, "T-1", "2025-01-11 09:00"),
        happened(Resolved, "T-2", "2025-01-11 09:00"),
    )
    assert [(line.use, line.meter, str(line.amount)) for line in rating.lines] == [
        ("T-1", "grave", "500.00 EUR"),
        ("T-2", "incidents", "290.00 EUR"),
    ]


# What is given back


@pytest.mark.rule("I2", "D21")
@pytest.mark.parametrize(
    ("row", "kind", "more"),
    [
        ("cancelled", Cancelled, {}),
        ("merged", Merged, {"into": "T-9"}),
        ("duplicate", MarkedDuplicate, {"of": "T-9"}),
        ("product_defect", Classified, {"finding": "product-defect"}),
        ("feature_request", Classified, {"finding": "feature-request"}),
    ],
)
def test_each_finding_gives_the_unit_back_unless_its_row_says_otherwise(
    row: str, kind: type[TicketEvent], more: dict[str, str]
) -> None:
    """2 units: T-1 gives its own back on 12 January, so T-3 is paid; with the row ignored, T-3 costs 290.00.

    The earlier line of T-1 stays as it was.
    """
    events = [
        opened("T-1", "2025-01-10 09:00"),
        opened("T-2", "2025-01-11 09:00"),
        happened(kind, "T-1", "2025-01-12 09:00", **more),
        opened("T-3", "2025-01-13 09:00"),
    ]
    given = rated(desk(MONTHLY_2, AT_290), *events, until="2025-02-01")
    kept = rated(desk(MONTHLY_2, AT_290, table=IncidentTable(**{row: "ignore"})), *events, until="2025-02-01")  # type: ignore[arg-type]  # a word for a row
    assert paid(given, "T-1") == ["grant 2025-01-01 1 incident"]
    assert paid(given, "T-3") == ["grant 2025-01-01 1 incident"]
    assert moved(given, "grant 2025-01-01")[3] == "2025-01-12 09:00 return 1 incident"
    assert paid(kept, "T-3") == ["charged 1 incident 290.00 EUR"]


@pytest.mark.rule("I2", "D21")
def test_a_reservation_that_is_released_was_never_a_use() -> None:
    """Opened, cancelled before its resolution, resolved after all: nothing is counted and nothing given back."""
    rating = rated(
        desk(MONTHLY_2, AT_290, table=ON_RESOLUTION),
        opened("T-1", "2025-01-10 09:00"),
        happened(Cancelled, "T-1", "2025-01-11 09:00"),
        happened(Resolved, "T-1", "2025-01-12 09:00"),
        until="2025-02-01",
    )
    assert rating.lines == ()
    assert [m.kind for m in rating.movements] == ["grant", "forfeit"]


@pytest.mark.rule("I2", "D21")
def test_after_a_release_a_ticket_counts_again_only_in_a_new_cycle() -> None:
    """Charged on the 10th, credited on the 12th; closed on the 13th, and reopened as T-1#2 on 1 March.

    Closing consumes, but only in a new cycle; reopening after more than 14 days begins one.
    """
    table = IncidentTable(closed="consume", reopened_within=days(14))
    rating = rated(
        desk(AT_290, table=table),
        opened("T-1", "2025-01-10 09:00"),
        happened(Cancelled, "T-1", "2025-01-12 09:00"),
        happened(Closed, "T-1", "2025-01-13 09:00"),
        happened(Reopened, "T-1", "2025-03-01 09:00"),
    )
    assert [(line.use, line.kind, str(line.amount)) for line in rating.lines] == [
        ("T-1", "use", "290.00 EUR"),
        ("T-1", "credit", "-290.00 EUR"),
        ("T-1#2", "use", "290.00 EUR"),
    ]


@pytest.mark.rule("I2", "D21")
def test_a_unit_is_given_back_once() -> None:
    """Cancelled, then found to be a defect, then merged: one credit of 290.00."""
    rating = rated(
        desk(AT_290),
        opened("T-1", "2025-01-10 09:00"),
        happened(Cancelled, "T-1", "2025-01-12 09:00"),
        happened(Classified, "T-1", "2025-01-13 09:00", finding="product-defect"),
        happened(Merged, "T-1", "2025-01-14 09:00", into="T-9"),
    )
    assert charged(rating) == ["2025-01 charge 290.00 EUR", "2025-01 credit -290.00 EUR"]


@pytest.mark.rule("I2", "D21")
def test_a_give_back_concerns_the_latest_cycle_only() -> None:
    """T-1 was charged in January and, as a new incident, in March; the defect found in April credits March's only."""
    rating = rated(
        desk(AT_290, table=IncidentTable(reopened_within=days(14))),
        opened("T-1", "2025-01-10 09:00"),
        happened(Resolved, "T-1", "2025-01-11 09:00"),
        happened(Reopened, "T-1", "2025-03-10 09:00"),
        happened(Classified, "T-1", "2025-04-10 09:00", finding="product-defect"),
    )
    assert charged(rating) == ["2025-01 charge 290.00 EUR", "2025-03 charge 290.00 EUR", "2025-04 credit -290.00 EUR"]
    assert rating.lines[-1].use == "T-1#2"


@pytest.mark.rule("D21")
def test_a_credit_is_the_settled_amount_and_belongs_to_the_period_of_the_give_back() -> None:
    """99.995 settles to 100.00 in January; 100.00 are credited in February, whatever the exact price was."""
    rating = rated(
        contract(PayPerIncident(tariff=Price("99.995 EUR/incident"))),
        opened("T-1", "2025-01-10 09:00"),
        happened(Classified, "T-1", "2025-02-10 09:00", finding="product-defect"),
    )
    assert charged(rating) == ["2025-01 charge 100.00 EUR", "2025-02 credit -100.00 EUR"]
    assert rating.lines[-1].disposition == "credited"


@pytest.mark.rule("D21")
def test_a_give_back_does_not_price_anything_again() -> None:
    """The first incident of a period costs 300, each further one 200.

    T-1 300, T-2 200; T-1 is credited with 300; T-3 is still the third of the period and costs 200.
    """
    tariff = Graduated([Band(incidents(1), Price("300 EUR/incident")), Band(None, Price("200 EUR/incident"))])
    rating = rated(
        desk(Charge(tariff, per="period")),
        opened("T-1", "2025-01-10 09:00"),
        opened("T-2", "2025-01-11 09:00"),
        happened(Cancelled, "T-1", "2025-01-12 09:00"),
        opened("T-3", "2025-01-13 09:00"),
    )
    assert [(line.use, str(line.amount)) for line in rating.lines] == [
        ("T-1", "300.00 EUR"),
        ("T-2", "200.00 EUR"),
        ("T-1", "-300.00 EUR"),
        ("T-3", "200.00 EUR"),
    ]


@pytest.mark.rule("D21", "I2")
def test_an_incident_paid_by_bank_and_money_is_given_back_in_both() -> None:
    """Two units: one of B-1, one for 290.00. The defect returns one unit to B-1 and credits 290.00."""
    metering = Metering(multiplier=Multiplier(2, scope=Scope(severities=1)))
    rating = rated(
        desk(Banks(), AT_290, metering=metering),
        bank("B-1", "2025-01-02 09:00", incidents(1)),
        opened("T-1", "2025-01-10 09:00", severity=1),
        happened(Classified, "T-1", "2025-02-10 09:00", finding="product-defect"),
    )
    assert rating.balance("B-1").left == 1
    assert moved(rating, "B-1")[1:] == ["2025-01-10 09:00 draw 1 incident", "2025-02-10 09:00 return 1 incident"]
    assert charged(rating) == ["2025-01 overage 290.00 EUR", "2025-02 credit -290.00 EUR"]


@pytest.mark.rule("D21")
def test_units_return_to_each_bank_they_came_from() -> None:
    """Two units, one from B-1 and one from B-2: both have their unit back."""
    metering = Metering(multiplier=Multiplier(2))
    rating = rated(
        desk(Banks(), AT_290, metering=metering),
        bank("B-1", "2025-01-02 09:00", incidents(1)),
        bank("B-2", "2025-01-03 09:00", incidents(1)),
        opened("T-1", "2025-01-10 09:00"),
        happened(Cancelled, "T-1", "2025-01-11 09:00"),
    )
    assert [rating.balance(lot).left for lot in ("B-1", "B-2")] == [1, 1]


@pytest.mark.rule("D21", "D3")
def test_a_unit_given_back_pays_for_what_comes_after_it_in_order() -> None:
    """At one instant T-2 is opened and T-1 cancelled.

    Openings come first, so T-2 finds nothing; T-3, later, is paid.
    """
    rating = rated(
        desk(Banks(), Refuse()),
        bank("B-1", "2025-01-02 09:00", incidents(1)),
        opened("T-1", "2025-01-10 09:00"),
        happened(Cancelled, "T-1", "2025-01-11 09:00"),
        opened("T-2", "2025-01-11 09:00"),
        opened("T-3", "2025-01-11 09:00:01"),
    )
    assert paid(rating, "T-2") == ["refused 1 incident"]
    assert paid(rating, "T-3") == ["B-1 1 incident"]


@pytest.mark.rule("D21", "L2")
def test_a_unit_of_a_past_grant_returns_and_is_lost_again() -> None:
    """January's unit comes back in February: January has ended, so it is lost again, and February still has 2."""
    rating = rated(
        desk(MONTHLY_2, AT_290),
        opened("T-1", "2025-01-10 09:00"),
        happened(Cancelled, "T-1", "2025-02-10 09:00"),
        *(opened(f"T-{n}", f"2025-02-1{n} 09:00") for n in (2, 3, 4)),
    )
    assert moved(rating, "grant 2025-01-01")[2:] == [
        "2025-02-01 00:00 forfeit 1 incident",
        "2025-02-10 09:00 return 1 incident",
        "2025-02-10 09:00 forfeit 1 incident",
    ]
    assert paid(rating, "T-4") == ["charged 1 incident 290.00 EUR"]


@pytest.mark.rule("D21", "B6")
def test_by_default_a_unit_that_returns_to_an_ended_bank_is_forfeited() -> None:
    """B-1 ended with March; its unit comes back on 5 May and is gone: T-2 costs 290.00."""
    rating = rated(
        desk(Banks(), AT_290),
        bank("B-1", "2025-01-02 09:00", incidents(1), expires_on="2025-03-31"),
        opened("T-1", "2025-01-10 09:00"),
        happened(Classified, "T-1", "2025-05-05 09:00", finding="product-defect"),
        opened("T-2", "2025-05-06 09:00"),
    )
    assert moved(rating, "B-1")[2:] == ["2025-05-05 09:00 return 1 incident", "2025-05-05 09:00 forfeit 1 incident"]
    assert paid(rating, "T-2") == ["charged 1 incident 290.00 EUR"]


@pytest.mark.rule("D21", "B6")
def test_a_unit_that_returns_to_an_ended_bank_can_be_usable_for_some_days() -> None:
    """Returned on 5 May with 30 days: it pays on 3 June; of two units that came back the other has lapsed by 8 June."""
    rating = rated(
        desk(Banks(returns=days(30)), AT_290),
        bank("B-1", "2025-01-02 09:00", incidents(2), expires_on="2025-03-31"),
        opened("T-1", "2025-01-10 09:00"),
        opened("T-2", "2025-01-11 09:00"),
        happened(Classified, "T-1", "2025-05-05 09:00", finding="product-defect"),
        happened(Classified, "T-2", "2025-05-05 09:00", finding="product-defect"),
        opened("T-3", "2025-06-03 08:00"),
        opened("T-4", "2025-06-08 09:00"),
    )
    assert paid(rating, "T-3") == ["B-1 1 incident"]
    assert paid(rating, "T-4") == ["charged 1 incident 290.00 EUR"]
    assert rating.balance("B-1").forfeited == 1


@pytest.mark.rule("D21", "D3", "B6")
def test_a_unit_that_returns_at_the_instant_of_the_expiry_comes_back_to_an_ended_bank() -> None:
    """The bank ends at 1 April 00:00, and the ticket is cancelled in that second: the unit is forfeited."""
    rating = rated(
        desk(Banks(), AT_290),
        bank("B-1", "2025-01-02 09:00", incidents(1), expires_on="2025-03-31"),
        opened("T-1", "2025-01-10 09:00"),
        happened(Cancelled, "T-1", "2025-04-01 00:00"),
        opened("T-2", "2025-04-01 00:00:01"),
    )
    assert rating.balance("B-1").forfeited == 1
    assert paid(rating, "T-2") == ["charged 1 incident 290.00 EUR"]


@pytest.mark.rule("D21", "B3")
def test_an_overdrawn_unit_that_is_given_back_is_no_longer_owed() -> None:
    """2 a month and 1 below zero: T-3 is owed. Cancelled in January, it is owed no more: February has its full 2."""
    short = Overdraw(incidents(1), settled_at=Price("300 EUR/incident"))
    rating = rated(
        desk(Allotment(incidents(2), per="month", short=short), Refuse(), term={"months": 2}),
        *(opened(f"T-{n}", f"2025-01-1{n} 09:00") for n in (1, 2, 3)),
        happened(Cancelled, "T-3", "2025-01-20 09:00"),
        *(opened(f"T-{n}", f"2025-02-1{n} 09:00") for n in (4, 5)),
    )
    assert paid(rating, "T-4") == paid(rating, "T-5") == ["grant 2025-02-01 1 incident"]
    assert charged(rating) == []
    assert set(rating.balance_totals()) == {"incidents/0/2025-01-01", "incidents/0/2025-02-01"}


@pytest.mark.rule("D21", "B3")
def test_an_overdrawn_unit_that_was_repaid_comes_back_to_the_lot_that_repaid_it() -> None:
    """T-3 was owed in January and repaid from February's 2.

    Found to be a defect in February, its unit is there again: T-4 and T-5 are both paid, and nobody loses a unit for an
    incident that does not count.
    """
    short = Overdraw(incidents(1), settled_at=Price("300 EUR/incident"))
    rating = rated(
        desk(Allotment(incidents(2), per="month", short=short), Refuse(), term={"months": 2}),
        *(opened(f"T-{n}", f"2025-01-1{n} 09:00") for n in (1, 2, 3)),
        happened(Classified, "T-3", "2025-02-05 09:00", finding="product-defect"),
        *(opened(f"T-{n}", f"2025-02-1{n} 09:00") for n in (4, 5)),
    )
    assert paid(rating, "T-4") == paid(rating, "T-5") == ["grant 2025-02-01 1 incident"]
    assert charged(rating) == []


@pytest.mark.rule("D21", "D6")
def test_what_should_never_have_counted_is_voided_and_leaves_no_line() -> None:
    """A void of the opening: no line, no credit, and the bank of 1 pays for T-2."""
    first = opened("T-1", "2025-01-10 09:00")
    rating = rated(
        desk(Banks(), AT_290),
        bank("B-1", "2025-01-02 09:00", incidents(1)),
        first,
        Void("V-1", at("2025-01-11 09:00"), target=first.id, reason="spam"),
        opened("T-2", "2025-01-12 09:00"),
    )
    assert [line.use for line in rating.lines] == ["B-1", "T-2"]
    assert paid(rating, "T-2") == ["B-1 1 incident"]


@pytest.mark.rule("D21", "D7")
def test_a_refused_incident_has_nothing_to_give_back() -> None:
    """Refused for want of units, then cancelled: no movement, no credit."""
    rating = rated(
        desk(Banks(), Refuse()), opened("T-1", "2025-01-10 09:00"), happened(Cancelled, "T-1", "2025-01-11 09:00")
    )
    assert paid(rating, "T-1") == ["refused 1 incident"]
    assert rating.movements == ()


@pytest.mark.rule("D21", "D14")
def test_an_incident_that_another_contract_pays_has_nothing_to_give_back_here() -> None:
    """Handed over to C-200 and then cancelled: no movement, no credit."""
    rating = rated(
        desk(Fallback("C-200")), opened("T-1", "2025-01-10 09:00"), happened(Cancelled, "T-1", "2025-01-11 09:00")
    )
    assert paid(rating, "T-1") == ["handed-over 1 incident"]
    assert rating.movements == ()


@pytest.mark.rule("I1")
def test_a_ticket_that_is_opened_twice_counts_once() -> None:
    """Two events, two ids, one ticket: 290.00."""
    rating = rated(desk(AT_290), opened("T-1", "2025-01-10 09:00"), opened("T-1", "2025-01-11 09:00"))
    assert charged(rating) == ["2025-01 charge 290.00 EUR"]


@pytest.mark.rule("I1", "D8")
def test_an_incident_that_counts_nothing_is_free() -> None:
    """A factor of 0: a zero line, nothing drawn, and nothing to credit when it is cancelled."""
    rating = rated(
        desk(AT_290, metering=Metering(multiplier=Multiplier(0))),
        opened("T-1", "2025-01-10 09:00"),
        happened(Cancelled, "T-1", "2025-01-11 09:00"),
    )
    assert paid(rating, "T-1") == ["free 0 incidents"]


@pytest.mark.rule("I2", "D21")
def test_a_finding_after_the_end_of_the_contract_is_credited_all_the_same() -> None:
    """Charged in December, found to be a defect in January: 290.00 come back, in no period of the contract."""
    rating = rated(
        desk(AT_290),
        opened("T-1", "2025-12-10 09:00"),
        happened(Classified, "T-1", "2026-01-05 09:00", finding="product-defect"),
        until="2026-02-01",
    )
    assert charged(rating) == ["2025-12 charge 290.00 EUR", "- credit -290.00 EUR"]


# Labour


@pytest.mark.rule("D14")
def test_a_plan_by_incident_includes_the_labour() -> None:
    """One incident costs 290.00; the 7h worked on it, and work without a ticket, cost nothing."""
    rating = rated(
        contract(PayPerIncident(tariff=Price("290 EUR/incident"))),
        opened("T-1", "2025-01-10 09:00"),
        entry("W-1", "2025-01-10 10:00", "7h", ticket="T-1"),
        entry("W-2", "2025-01-10 18:00", "1h"),
    )
    assert charged(rating) == ["2025-01 charge 290.00 EUR"]
    assert [line.disposition for line in rating.lines_of("W-1") + rating.lines_of("W-2")] == ["included", "included"]


@pytest.mark.rule("D14", "B1")
def test_capped_incidents_charge_beyond_the_cap_and_not_for_labour() -> None:
    """900 a year for 1 incident; T-2 costs 290.00, its 3h nothing: 1190.00."""
    plan = CappedIncidents(fee=Money("900 EUR"), allotment=incidents(1), per="year", beyond=AT_290)
    rating = rated(
        contract(plan),
        opened("T-1", "2025-01-10 09:00"),
        opened("T-2", "2025-01-11 09:00"),
        entry("W-1", "2025-01-11 10:00", "3h", ticket="T-2"),
    )
    assert str(rating.total) == "1,190.00 EUR"


def metered_if_unpaid(*sources: Source) -> Contract:
    """Incidents paid by these sources; the labour of the others costs 140 EUR/h."""
    meters = [
        Meter("incidents", sources, labour="metered-if-unpaid"),
        Meter("work", Charge(Price("140 EUR/h"))),
    ]
    return contract(Composite(meters=meters))


@pytest.mark.rule("D14")
def test_the_labour_of_an_incident_that_no_source_paid_can_be_metered() -> None:
    """T-1 is paid by the allotment, so its 2h are included; T-2 is refused, so its 2h × 140 = 280.00 are charged."""
    rating = rated(
        metered_if_unpaid(Allotment(incidents(1)), Refuse()),
        opened("T-1", "2025-01-10 09:00"),
        opened("T-2", "2025-01-11 09:00"),
        entry("W-1", "2025-01-12 09:00", "2h", ticket="T-1"),
        entry("W-2", "2025-01-12 12:00", "2h", ticket="T-2"),
        entry("W-3", "2025-01-12 15:00", "1h"),
    )
    assert [line.disposition for line in rating.lines_of("W-1")] == ["included"]
    assert paid(rating, "W-2") == ["charged 2h 00m 280.00 EUR"]
    assert paid(rating, "W-3") == ["charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("D14")
@pytest.mark.parametrize(
    ("source", "labour"),
    [
        (Charge(Price("290 EUR/incident")), "included"),  # money is a payment
        (Hold(), "charged"),
        (Refuse(), "charged"),
    ],
)
def test_a_charged_incident_is_paid_and_a_held_or_refused_one_is_not(source: Source, labour: str) -> None:
    """The labour of T-1 follows what became of T-1."""
    rating = rated(
        metered_if_unpaid(source),
        opened("T-1", "2025-01-10 09:00"),
        entry("W-1", "2025-01-10 10:00", "1h", ticket="T-1"),
        until="2025-02-01",
    )
    assert [line.disposition for line in rating.lines_of("W-1")] == [labour]


@pytest.mark.rule("D14", "D3")
def test_the_labour_of_a_ticket_opened_in_the_same_second_is_included() -> None:
    """Openings come before work: 1h that starts with the opening of T-1 is part of it."""
    rating = rated(
        metered_if_unpaid(Allotment(incidents(1)), Refuse()),
        opened("T-1", "2025-01-10 09:00"),
        entry("A-1", "2025-01-10 09:00", "1h", ticket="T-1"),
    )
    assert [line.disposition for line in rating.lines_of("A-1")] == ["included"]
