"""Incidents: what counts as one, when it counts, how often, and whose labour it includes."""

import pytest

from supportcontracts import (
    Allotment,
    Banks,
    CappedIncidents,
    Charge,
    Classified,
    Closed,
    Composite,
    Contract,
    Hold,
    IncidentTable,
    Meter,
    Metering,
    Money,
    Multiplier,
    PayPerIncident,
    Price,
    Refuse,
    Reopened,
    Resolved,
    Responded,
    Scope,
    SeverityChanged,
    Unlimited,
    days,
    incidents,
)
from supportcontracts.contracts.sources import Source
from tests.rating.bank_builders import (
    bank,
    charged,
    contract,
    desk,
    entry,
    happened,
    local,
    moved,
    opened,
    paid,
    rated,
)

AT_290 = Charge(Price("290 EUR/incident"))
MONTHLY_2 = Allotment(incidents(2), per="month")
ON_RESOLUTION = IncidentTable(opened="reserve", resolved="consume")


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


def by_incident_and_hour(incident: Meter) -> Contract:
    """Incidents by a meter, and all other work at 140 EUR/h."""
    return contract(Composite(meters=[incident, Meter("work", Charge(Price("140 EUR/h")))]))


def metered_if_unpaid(*sources: Source) -> Contract:
    """Incidents paid by these sources; the labour of the others costs 140 EUR/h."""
    return by_incident_and_hour(Meter("incidents", sources, labour="metered-if-unpaid"))


@pytest.mark.rule("D14")
def test_beside_a_meter_for_work_an_incident_includes_its_labour() -> None:
    """290.00 for T-1, its 2h included; 1h without a ticket, and 1h on a ticket nobody opened, cost 140.00 each."""
    rating = rated(
        by_incident_and_hour(Meter("incidents", AT_290)),
        opened("T-1", "2025-01-10 09:00"),
        entry("W-1", "2025-01-10 10:00", "2h", ticket="T-1"),
        entry("W-2", "2025-01-10 13:00", "1h"),
        entry("W-3", "2025-01-10 15:00", "1h", ticket="T-9"),
    )
    assert charged(rating) == ["2025-01 charge 290.00 EUR", "2025-01 charge 140.00 EUR", "2025-01 charge 140.00 EUR"]
    (line,) = rating.lines_of("W-1")
    assert (line.disposition, line.code, str(line.worked), str(line.counted)) == (
        "included",
        "incident",
        "2h 00m",
        "0h 00m",
    )


@pytest.mark.rule("D14", "D21")
def test_included_labour_does_not_ask_what_became_of_the_incident() -> None:
    """Not consumed yet, refused, or given back: the labour of a ticket is part of it, 0.00 in every case."""
    rating = rated(
        by_incident_and_hour(Meter("incidents", [Allotment(incidents(1)), Refuse()], incidents=ON_RESOLUTION)),
        *(opened(f"T-{n}", f"2025-01-1{n} 09:00") for n in (1, 2)),
        entry("W-1", "2025-01-12 10:00", "1h", ticket="T-1"),
        *(happened(Resolved, f"T-{n}", "2025-01-13 09:00") for n in (1, 2)),
        entry("W-2", "2025-01-13 10:00", "1h", ticket="T-2"),
        happened(Classified, "T-1", "2025-01-14 09:00", finding="product-defect"),
        entry("W-3", "2025-01-14 10:00", "1h", ticket="T-1"),
    )
    assert paid(rating, "T-2") == ["refused 1 incident"]
    assert [line.code for n in (1, 2, 3) for line in rating.lines_of(f"W-{n}")] == ["incident"] * 3


@pytest.mark.rule("D14")
def test_labour_can_be_metered_beside_the_incident() -> None:
    """Both are counted: 290.00 for T-1, and 2h × 140 = 280.00 for the work on it."""
    rating = rated(
        by_incident_and_hour(Meter("incidents", AT_290, labour="metered")),
        opened("T-1", "2025-01-10 09:00"),
        entry("W-1", "2025-01-10 10:00", "2h", ticket="T-1"),
    )
    assert charged(rating) == ["2025-01 charge 290.00 EUR", "2025-01 charge 280.00 EUR"]


@pytest.mark.rule("D14")
def test_labour_is_included_where_no_meter_is_for_work() -> None:
    """Work on T-1 is shown and included; work without a ticket is not in the contract."""
    rating = rated(
        contract(Composite(meters=Meter("incidents", AT_290))),
        opened("T-1", "2025-01-10 09:00"),
        entry("W-1", "2025-01-10 10:00", "2h", ticket="T-1"),
        entry("W-2", "2025-01-10 13:00", "1h"),
    )
    assert [(line.disposition, line.code, line.meter, str(line.worked)) for line in rating.lines[1:]] == [
        ("included", "incident", "", "2h 00m"),
        ("refused", "no-meter", "", "1h 00m"),
    ]
    assert str(rating.explain("W-1").amount) == "0.00 EUR"


@pytest.mark.rule("D14")
def test_labour_follows_the_meter_of_its_incident() -> None:
    """Grave incidents include their labour, others do not; one that no meter admits is work like any other."""
    rating = rated(
        contract(
            Composite(
                meters=[
                    Meter("incidents", Unlimited(), name="grave", scope=Scope(severities=1)),
                    Meter("incidents", AT_290, labour="metered", scope=Scope(severities=[2, 3])),
                    Meter("work", Charge(Price("140 EUR/h"))),
                ]
            )
        ),
        *(opened(f"T-{n}", f"2025-01-1{n} 09:00", severity=n) for n in (1, 2, 4)),
        *(entry(f"W-{n}", "2025-01-20 09:00", "1h", ticket=f"T-{n}") for n in (1, 2, 4)),
    )
    assert [rating.lines_of(f"W-{n}")[0].disposition for n in (1, 2, 4)] == ["included", "charged", "charged"]


@pytest.mark.rule("D14", "D5")
def test_an_incident_that_was_counted_keeps_its_meter() -> None:
    """T-1 was counted as grave, and is not any more: its labour is still part of it."""
    rating = rated(
        contract(
            Composite(
                meters=[
                    Meter("incidents", Unlimited(), name="grave", scope=Scope(severities=1)),
                    Meter("incidents", AT_290, labour="metered"),
                    Meter("work", Charge(Price("140 EUR/h"))),
                ]
            )
        ),
        opened("T-1", "2025-01-10 09:00", severity=1),
        happened(SeverityChanged, "T-1", "2025-01-11 09:00", severity=3),
        entry("W-1", "2025-01-12 09:00", "1h", ticket="T-1"),
    )
    assert [line.disposition for line in rating.lines_of("W-1")] == ["included"]


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
