"""Give-backs: units return to the lots that paid, money is a credit, what was owed is no longer owed."""

from typing import Any

import pytest

from supportcontracts import (
    Allotment,
    Approval,
    Band,
    Banks,
    Cancelled,
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
    Overdraw,
    PayPerIncident,
    Phase,
    Price,
    Refuse,
    Remaining,
    Reopened,
    Resolved,
    Scope,
    State,
    Term,
    Void,
    days,
    incidents,
)
from supportcontracts.events import TicketEvent
from supportcontracts.interop.codec import from_json, to_json
from supportcontracts.rating.state import Counter
from tests.rating.bank_builders import (
    BERLIN,
    at,
    bank,
    charged,
    contract,
    desk,
    fired,
    happened,
    moved,
    opened,
    paid,
    rated,
)

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


ONE_BELOW = Overdraw(incidents(1), settled_at=Price("300 EUR/incident"))


def below(limit: int = 1, price: str = "300 EUR/incident", **term: Any) -> Contract:
    """Agree on 2 incidents a month and some below zero, in January unless something else is said."""
    short = Overdraw(incidents(limit), settled_at=Price(price))
    return desk(Allotment(incidents(2), per="month", short=short), Refuse(), term=term or {"months": 1})


@pytest.mark.rule("D21", "D18")
def test_an_overdrawn_unit_that_was_settled_in_money_is_credited_in_money() -> None:
    """T-3 was owed when January, the whole term, ended: 300.00 are charged. Cancelled in February, 300.00 come back."""
    rating = rated(
        below(),
        *(opened(f"T-{n}", f"2025-01-1{n} 09:00") for n in (1, 2, 3)),
        happened(Cancelled, "T-3", "2025-02-05 09:00"),
        until="2025-03-01",
    )
    assert charged(rating) == ["2025-01 overdraft 300.00 EUR", "- credit -300.00 EUR"]
    assert rating.total == Money("0 EUR")


@pytest.mark.rule("D21", "D24")
def test_credits_of_what_was_settled_together_sum_to_what_was_settled() -> None:
    """2 × 33.335 = 66.67 in one line; given back one by one they are 33.34 and 33.33, the earlier one the cent more."""
    rating = rated(
        below(2, "33.335 EUR/incident"),
        *(opened(f"T-{n}", f"2025-01-1{n} 09:00") for n in (1, 2, 3, 4)),
        happened(Cancelled, "T-4", "2025-02-05 09:00"),
        happened(Cancelled, "T-3", "2025-02-06 09:00"),
        until="2025-03-01",
    )
    assert charged(rating) == ["2025-01 overdraft 66.67 EUR", "- credit -33.33 EUR", "- credit -33.34 EUR"]


@pytest.mark.rule("D21", "D18")
def test_the_oldest_debt_is_repaid_first_and_only_what_was_settled_is_credited() -> None:
    """T-3, owed in January, was repaid by February's grant; T-5, owed in February, was settled.

    Given back in March, T-3 returns to the grant that repaid it, which has ended, and T-5 is 300.00 of money.
    """
    story = [
        *(opened(f"T-{n}", f"2025-01-1{n} 09:00") for n in (1, 2, 3)),
        *(opened(f"T-{n}", f"2025-02-1{n} 09:00") for n in (4, 5)),
    ]
    third, fifth = (happened(Cancelled, f"T-{n}", "2025-03-05 09:00") for n in (3, 5))
    terms = below(months=2)
    rating = rated(terms, *story, third, until="2025-04-01")
    assert charged(rating) == ["2025-02 overdraft 300.00 EUR"]
    assert moved(rating, "grant 2025-02-01") == [
        "2025-02-01 00:00 grant 2 incidents",
        "2025-02-01 00:00 repay 1 incident",
        "2025-02-14 09:00 draw 1 incident",
        "2025-03-05 09:00 return 1 incident",
        "2025-03-05 09:00 forfeit 1 incident",
    ]
    assert charged(rated(terms, *story, fifth, until="2025-04-01")) == [
        "2025-02 overdraft 300.00 EUR",
        "- credit -300.00 EUR",
    ]


@pytest.mark.rule("D21", "D18")
def test_what_a_phase_settled_is_credited_even_while_the_next_one_owes() -> None:
    """T-1 was owed in January and settled at 300.00; T-2 is owed in February, by the same source of the next phase.

    Cancelled in February, T-1 is credited its 300.00, and T-2 is owed as before.
    """
    plan = Composite(meters=Meter("incidents", [Allotment(incidents(0), per="month", short=ONE_BELOW), Refuse()]))
    phases = [Phase(Term(f"2025-0{month}-01", months=1, zone=BERLIN), plan) for month in (1, 2)]
    rating = rated(
        contract(phases=phases),
        opened("T-1", "2025-01-10 09:00"),
        opened("T-2", "2025-02-10 09:00"),
        happened(Cancelled, "T-1", "2025-02-11 09:00"),
        until="2025-02-20",
    )
    assert charged(rating) == ["2025-01 overdraft 300.00 EUR", "2025-02 credit -300.00 EUR"]
    assert [deficit.value for deficit in rating.closing.deficits] == [1]


@pytest.mark.rule("D18", "D21", "B3")
def test_a_unit_that_returns_to_a_bank_repays_what_its_pool_owes_first() -> None:
    """B-1 paid for T-1, and T-2 is owed.

    The unit of T-1 repays T-2: nothing is owed, B-1 is empty, T-3 is owed anew, and 300.00 are due at the end for it.
    """
    rating = rated(
        desk(Banks(short=ONE_BELOW), Refuse()),
        bank("B-1", "2025-01-02 09:00", incidents(1)),
        opened("T-1", "2025-01-10 09:00"),
        opened("T-2", "2025-01-11 09:00"),
        happened(Cancelled, "T-1", "2025-01-12 09:00"),
        opened("T-3", "2025-01-13 09:00"),
        opened("T-4", "2025-01-14 09:00"),
    )
    assert moved(rating, "B-1")[2:] == ["2025-01-12 09:00 return 1 incident", "2025-01-12 09:00 repay 1 incident"]
    assert [paid(rating, f"T-{n}") for n in (2, 3, 4)] == [
        ["overdraft 1 incident"],
        ["overdraft 1 incident"],
        ["refused 1 incident"],
    ]
    assert charged(rating) == ["2025-12 overdraft 300.00 EUR"]


@pytest.mark.rule("D18", "D21", "B3")
def test_a_unit_that_returns_to_a_grant_repays_what_is_owed_first() -> None:
    """January's 2 paid for T-1 and T-2, and T-3 is owed: the unit of T-1 repays it, and February has its full 2."""
    rating = rated(
        below(months=2),
        *(opened(f"T-{n}", f"2025-01-1{n} 09:00") for n in (1, 2, 3)),
        happened(Cancelled, "T-1", "2025-01-20 09:00"),
        until="2025-02-10",
    )
    assert moved(rating, "grant 2025-01-01")[3:] == [
        "2025-01-20 09:00 return 1 incident",
        "2025-01-20 09:00 repay 1 incident",
    ]
    assert moved(rating, "grant 2025-02-01") == ["2025-02-01 00:00 grant 2 incidents"]


@pytest.mark.rule("D18", "D21")
def test_a_unit_that_returns_to_an_ended_bank_which_lives_on_repays_too() -> None:
    """B-1 ended with January; the unit of T-1 comes back for 10 days, and repays T-2."""
    rating = rated(
        desk(Banks(short=ONE_BELOW, returns=days(10)), Refuse()),
        bank("B-1", "2025-01-02 09:00", incidents(1), expires_on="2025-01-31"),
        opened("T-1", "2025-01-10 09:00"),
        opened("T-2", "2025-01-11 09:00"),
        happened(Cancelled, "T-1", "2025-02-05 09:00"),
        until="2025-03-01",
    )
    assert moved(rating, "B-1")[2:] == ["2025-02-05 09:00 return 1 incident", "2025-02-05 09:00 repay 1 incident"]
    assert rating.closing.deficits == ()


@pytest.mark.rule("D18", "D21")
def test_an_incident_that_is_given_back_does_not_repay_itself() -> None:
    """A grave incident took B-1 and one unit below: given back, the debt is forgiven and B-1 has its unit again."""
    rating = rated(
        desk(Banks(short=ONE_BELOW), Refuse(), metering=Metering(multiplier=Multiplier(2))),
        bank("B-1", "2025-01-02 09:00", incidents(1)),
        opened("T-1", "2025-01-10 09:00"),
        happened(Cancelled, "T-1", "2025-01-12 09:00"),
        until="2025-02-01",
    )
    assert moved(rating, "B-1")[2:] == ["2025-01-12 09:00 return 1 incident"]
    assert [(m.kind, m.lot) for m in rating.movements if m.kind in ("overdraw", "forgive", "repay")] == [
        ("overdraw", "banks/incidents"),
        ("forgive", "banks/incidents"),
    ]
    assert str(rating.closing.lots[0].left) == "1 incident"


@pytest.mark.rule("D18", "D21", "B3")
def test_only_the_unit_that_returns_repays() -> None:
    """B-1 of 2 is for atlas. T-1 took one of it, T-2 and T-3 for relay are owed: of the two only one is repaid."""
    short = Overdraw(incidents(2), settled_at=Price("300 EUR/incident"))
    rating = rated(
        desk(Banks(short=short), Refuse()),
        bank("B-1", "2025-01-02 09:00", incidents(2), scope=Scope(products="atlas")),
        opened("T-1", "2025-01-10 09:00", product="atlas"),
        *(opened(f"T-{n}", f"2025-01-1{n} 09:00", product="relay") for n in (2, 3)),
        happened(Cancelled, "T-1", "2025-01-15 09:00"),
        until="2025-02-01",
    )
    assert moved(rating, "B-1")[2:] == ["2025-01-15 09:00 return 1 incident", "2025-01-15 09:00 repay 1 incident"]
    assert str(rating.closing.lots[0].left) == "1 incident"
    assert [deficit.value for deficit in rating.closing.deficits] == [1]


@pytest.mark.rule("D18", "D21")
def test_a_debt_that_was_forgiven_has_no_share_in_what_is_settled() -> None:
    """T-3 was cancelled while it was owed; T-4 alone is settled, and all of its 300.00 come back when it is, too."""
    rating = rated(
        below(),
        *(opened(f"T-{n}", f"2025-01-1{n} 09:00") for n in (1, 2, 3)),
        happened(Cancelled, "T-3", "2025-01-20 09:00"),
        opened("T-4", "2025-01-21 09:00"),
        happened(Cancelled, "T-4", "2025-02-05 09:00"),
        until="2025-03-01",
    )
    assert charged(rating) == ["2025-01 overdraft 300.00 EUR", "- credit -300.00 EUR"]


@pytest.mark.rule("D18", "D22")
def test_a_unit_that_repays_does_not_remain() -> None:
    """The unit of T-1 repaid T-2, so of B-2 alone, of 2, the first use leaves 1: the level is passed then."""
    rating = rated(
        desk(Banks(short=ONE_BELOW, warn_levels=Remaining(incidents(1))), Refuse()),
        bank("B-1", "2025-01-02 09:00", incidents(1)),
        opened("T-1", "2025-01-10 09:00"),
        opened("T-2", "2025-01-11 09:00"),
        happened(Cancelled, "T-1", "2025-01-12 09:00"),
        bank("B-2", "2025-01-13 09:00", incidents(2)),
        opened("T-3", "2025-01-14 09:00"),
        until="2025-02-01",
    )
    assert fired(rating) == ["warn-level T-3 2025-01-14 09:00"]


@pytest.mark.rule("D20", "D21")
def test_each_part_of_an_incident_is_credited_what_it_was_settled_at() -> None:
    """A grave incident: one unit was owed and settled with January at 300.00, one was held, and is owed since February.

    Cancelled in February the first is credited 300.00, and the second is forgiven.
    """
    plan = Composite(
        meters=Meter(
            "incidents",
            [Allotment(incidents(0), per="month", short=ONE_BELOW), Hold()],
            metering=Metering(multiplier=Multiplier(2)),
        )
    )
    phases = [Phase(Term(f"2025-0{month}-01", months=1, zone=BERLIN), plan) for month in (1, 2)]
    rating = rated(
        contract(phases=phases),
        opened("T-1", "2025-01-10 09:00"),
        Approval("A-1", at("2025-02-03 09:00"), of="T-1"),
        happened(Cancelled, "T-1", "2025-02-11 09:00"),
    )
    assert [str(line.amount) for line in rating.lines if line.kind == "credit"] == ["-300.00 EUR", "0.00 EUR"]
    assert charged(rating) == ["2025-01 overdraft 300.00 EUR", "2025-02 credit -300.00 EUR"]


@pytest.mark.rule("L4", "D21")
@pytest.mark.parametrize("cut", ["2025-01-20", "2025-02-05", "2025-03-01", "2025-03-02"])
def test_what_became_of_a_debt_is_kept_in_a_saved_state(cut: str) -> None:
    """Rated in two parts, through a state that was written and read, debts come back as if rated in one go."""
    terms = below(months=2)
    story = [
        *(opened(f"T-{n}", f"2025-01-1{n} 09:00") for n in (1, 2, 3)),
        *(opened(f"T-{n}", f"2025-02-1{n} 09:00") for n in (4, 5)),
        *(happened(Cancelled, f"T-{n}", "2025-03-05 09:00") for n in (3, 5)),
    ]
    whole = rated(terms, *story, until="2025-04-01")
    stop = at(f"{cut} 00:00")
    first = rated(terms, *(event for event in story if event.at < stop), until=stop)
    opening = from_json(to_json(first.closing), State)
    second = rated(terms, *(event for event in story if event.at >= stop), until="2025-04-01", opening=opening)
    assert first.lines + second.lines == whole.lines
    assert first.movements + second.movements == whole.movements
    assert second.closing == whole.closing


@pytest.mark.rule("D18", "D21", "D24")
def test_a_deficit_carried_over_from_another_system_is_the_oldest() -> None:
    """A state says that one unit is owed, and not for what; T-1 is owed beside it.

    B-1 of one unit repays the old one. At the end T-1 is settled at 300.00, and credited when it is given back.
    """
    state = State(at("2025-01-05 00:00"), deficits=[Counter(("banks/incidents", "2025-01-01", "incidents/0"), 1)])
    short = Overdraw(incidents(2), settled_at=Price("300 EUR/incident"))
    rating = rated(
        desk(Banks(short=short), Refuse(), term={"months": 2}),
        opened("T-1", "2025-01-10 09:00"),
        bank("B-1", "2025-01-11 09:00", incidents(1)),
        happened(Cancelled, "T-1", "2025-03-05 09:00"),
        until="2025-04-01",
        opening=state,
    )
    assert charged(rating) == ["2025-02 overdraft 300.00 EUR", "- credit -300.00 EUR"]
    assert rating.closing.debts == ()


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
