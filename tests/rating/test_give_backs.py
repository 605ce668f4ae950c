"""Give-backs: units return to the lots that paid, money is a credit, what was owed is no longer owed."""

import pytest

from supportcontracts import (
    Allotment,
    Band,
    Banks,
    Cancelled,
    Charge,
    Classified,
    Closed,
    Fallback,
    Graduated,
    IncidentTable,
    MarkedDuplicate,
    Merged,
    Metering,
    Multiplier,
    Overdraw,
    PayPerIncident,
    Price,
    Refuse,
    Reopened,
    Resolved,
    Scope,
    Void,
    days,
    incidents,
)
from supportcontracts.events import TicketEvent
from tests.rating.bank_builders import at, bank, charged, contract, desk, happened, moved, opened, paid, rated

AT_290 = Charge(Price("290 EUR/incident"))
MONTHLY_2 = Allotment(incidents(2), per="month")
ON_RESOLUTION = IncidentTable(opened="reserve", resolved="consume")


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
