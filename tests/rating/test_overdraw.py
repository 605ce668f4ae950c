"""Overdraft: how far a source may go below zero, what repays it first, and what it costs if nothing does."""

from fractions import Fraction

import pytest

from supportcontracts import (
    Allotment,
    Banks,
    Charge,
    Composite,
    Contract,
    Meter,
    Opened,
    Overdraw,
    Payment,
    Phase,
    Price,
    Refuse,
    Scope,
    SubLimit,
    Term,
    hours,
    incidents,
    percent,
    seconds,
)
from supportcontracts.quantity import Quantity
from tests.rating.bank_builders import (
    BERLIN,
    OVERAGE,
    agreed,
    at,
    bank,
    charged,
    contract,
    entry,
    happened,
    local,
    moved,
    paid,
    rated,
)

AT_150 = Price("150 EUR/h")


def monthly(limit: Quantity | Fraction, **term: int) -> Contract:
    """10h a month that may go below zero, then 140 EUR/h; what is still owed at the end costs 150 EUR/h."""
    return agreed(Allotment(hours(10), per="month", short=Overdraw(limit, settled_at=AT_150)), OVERAGE, term=term)


def pool(limit: Quantity, **banks: object) -> Contract:
    """Banks that may go below zero, then 140 EUR/h; what is still owed at the end costs 150 EUR/h."""
    return agreed(Banks(short=Overdraw(limit, settled_at=AT_150), **banks), OVERAGE)  # type: ignore[arg-type]  # any field


@pytest.mark.rule("B3", "D18")
def test_the_next_grant_first_repays_what_is_owed() -> None:
    """January 13h: 10h + 3h below zero. February's 10h − 3h = 7h: of 9h it pays 7h, and 2h are owed again."""
    rating = rated(
        monthly(hours(5)),
        entry("W-1", "2025-01-10 09:00", "13h"),
        entry("W-2", "2025-02-10 09:00", "9h"),
        until="2025-03-01",
    )
    assert paid(rating, "W-1") == ["grant 2025-01-01 10h 00m", "overdraft 3h 00m"]
    assert paid(rating, "W-2") == ["grant 2025-02-01 7h 00m", "overdraft 2h 00m"]
    assert moved(rating, "grant 2025-02-01") == [
        "2025-02-01 00:00 grant 10h 00m",
        "2025-02-01 00:00 repay 3h 00m",
        "2025-02-10 09:00 draw 7h 00m",
    ]
    assert [line.disposition for line in rating.lines] == ["included", "drawn", "included", "drawn"]
    assert charged(rating) == []


@pytest.mark.rule("B3", "L10")
def test_an_overdraft_ends_at_its_limit_to_the_second() -> None:
    """10h + 5h = 15h are paid exactly; the next second costs 140 / 3600 = 0.0388… → 0.04 EUR."""
    rating = rated(
        monthly(hours(5)), entry("W-1", "2025-01-10 09:00", "15h"), entry("W-2", "2025-01-11 09:00", "0h 00m 01s"),
        until="2025-02-01",
    )  # fmt: skip
    assert paid(rating, "W-1") == ["grant 2025-01-01 10h 00m", "overdraft 5h 00m"]
    assert paid(rating, "W-2") == ["charged 0h 00m 01s 0.04 EUR"]


@pytest.mark.rule("B3", "L10")
@pytest.mark.parametrize(
    ("limit", "overdrawn", "overage"),
    [
        (percent(20), "2h 00m", None),  # 20 % of the grant of 10h
        (Fraction(1, 7), "1h 25m 42s", "charged 0h 34m 18s 80.03 EUR"),  # 36000 / 7 = 5142.8 → 5142s; 2058s = 80.0333
        (percent(0), None, "charged 2h 00m 280.00 EUR"),
    ],
)
def test_a_limit_can_be_a_share_of_the_grant_in_whole_seconds(
    limit: Fraction, overdrawn: str | None, overage: str | None
) -> None:
    """12h of 10h: the 2h beyond are overdrawn up to the share of 10h, rounded down; the rest is charged."""
    rating = rated(monthly(limit), entry("W-1", "2025-01-10 09:00", "12h"), until="2025-02-01")
    rest = [text for text in (overdrawn and f"overdraft {overdrawn}", overage) if text]
    assert paid(rating, "W-1") == ["grant 2025-01-01 10h 00m", *rest]


@pytest.mark.rule("B3", "D18", "L10")
def test_a_deficit_greater_than_a_grant_is_repaid_by_several() -> None:
    """Limit 15h. January 25h: 10 + 15 owed.

    February's 10h all repay: 5 owed; of 12h there 10h are overdrawn (15 owed) and 2h × 140 = 280.00 charged. March
    repays 10: 5 owed, and 1h more makes 6. April repays 6 and has 4h left.
    """
    rating = rated(
        monthly(hours(15)),
        entry("W-1", "2025-01-10 09:00", "25h"),
        entry("W-2", "2025-02-10 09:00", "12h"),
        entry("W-3", "2025-03-10 09:00", "1h"),
        entry("W-4", "2025-04-10 09:00", "4h"),
        until="2025-05-01",
    )
    assert paid(rating, "W-2") == ["overdraft 10h 00m", "charged 2h 00m 280.00 EUR"]
    assert paid(rating, "W-3") == ["overdraft 1h 00m"]
    assert paid(rating, "W-4") == ["grant 2025-04-01 4h 00m"]
    repaid = [f"{local(rating, m.at)} {m.quantity}" for m in rating.movements if m.kind == "repay"]
    assert repaid == ["2025-02-01 00:00 10h 00m", "2025-03-01 00:00 10h 00m", "2025-04-01 00:00 6h 00m"]


@pytest.mark.rule("D2", "D18")
def test_what_is_owed_when_the_contract_ends_is_charged_at_the_stated_price() -> None:
    """January and February only. February 12h: 2h owed; on 1 March 2h × 150 = 300.00, in the period that ends there."""
    work = entry("W-1", "2025-02-10 09:00", "12h")
    rating = rated(monthly(hours(5), months=2), work, until="2025-03-01")
    assert charged(rating) == ["2025-02 overdraft 300.00 EUR"]
    assert local(rating, rating.lines[-1].at) == "2025-03-01 00:00"
    assert [(m.kind, str(m.quantity)) for m in rating.movements][-1] == ("settle", "2h 00m")
    earlier = rated(monthly(hours(5), months=2), work, until=at("2025-02-28 23:59:59"))
    assert charged(earlier) == []


@pytest.mark.rule("D18", "D23")
def test_a_deficit_is_settled_once_to_the_cent() -> None:
    """1h 00m 01s owed: 3601s × 150 / 3600 = 150.0416… → 150.04 EUR."""
    rating = rated(monthly(hours(5), months=1), entry("W-1", "2025-01-10 09:00", "11h 00m 01s"))
    assert charged(rating) == ["2025-01 overdraft 150.04 EUR"]


@pytest.mark.rule("D18")
def test_a_deficit_that_was_repaid_is_not_charged() -> None:
    """January 13h, February nothing: February repays 3h and forfeits 7h, and nothing is due at the end of the term."""
    rating = rated(monthly(hours(5), months=2), entry("W-1", "2025-01-10 09:00", "13h"))
    assert charged(rating) == []
    assert moved(rating, "grant 2025-02-01")[-1] == "2025-03-01 00:00 forfeit 7h 00m"


@pytest.mark.rule("B3", "B4")
def test_a_sublimit_bounds_the_overdraft_too() -> None:
    """8h a month at most, of 10h with 5h of overdraft: 13h → 8h + 5h × 140 = 700.00, and nothing is overdrawn."""
    allotment = Allotment(
        hours(10), per="month", short=Overdraw(hours(5), settled_at=AT_150), sublimits=SubLimit(hours(8))
    )
    rating = rated(agreed(allotment, OVERAGE), entry("W-1", "2025-01-10 09:00", "13h"), until="2025-02-01")
    assert paid(rating, "W-1") == ["grant 2025-01-01 8h 00m", "charged 5h 00m 700.00 EUR"]


@pytest.mark.rule("B3", "B4")
def test_what_is_overdrawn_uses_up_a_sublimit() -> None:
    """12h a month at most. 11h: 10h + 1h overdrawn; of 3h more only 12h − 11h = 1h is overdrawn, 2h are charged."""
    allotment = Allotment(
        hours(10), per="month", short=Overdraw(hours(5), settled_at=AT_150), sublimits=SubLimit(hours(12))
    )
    work = [entry("W-1", "2025-01-10 09:00", "11h"), entry("W-2", "2025-01-11 09:00", "3h")]
    rating = rated(agreed(allotment, OVERAGE), *work, until="2025-02-01")
    assert paid(rating, "W-2") == ["overdraft 1h 00m", "charged 2h 00m 280.00 EUR"]


@pytest.mark.rule("B3", "D18")
def test_an_allotment_goes_below_zero_before_the_next_source_pays() -> None:
    """10h, overdraft 2h, then a bank: 13h take 10h + 2h + 1h of the bank."""
    allotment = Allotment(hours(10), per="month", short=Overdraw(hours(2), settled_at=AT_150))
    terms = agreed(allotment, Banks(), OVERAGE)
    rating = rated(
        terms, bank("B-1", "2025-01-02 09:00", "5h"), entry("W-1", "2025-01-10 09:00", "13h"), until="2025-02-01"
    )
    assert paid(rating, "W-1") == ["grant 2025-01-01 10h 00m", "overdraft 2h 00m", "B-1 1h 00m"]


@pytest.mark.rule("B3", "D18", "L10")
def test_banks_go_below_zero_to_their_limit() -> None:
    """Limit 2h. A bank of 2h pays 2h of 3h, 1h is owed; of 2h more 1h is owed and 1h × 140 charged."""
    rating = rated(
        pool(hours(2)),
        bank("B-1", "2025-01-02 09:00", "2h"),
        entry("W-1", "2025-01-10 09:00", "3h"),
        entry("W-2", "2025-01-11 09:00", "2h"),
        until="2025-02-01",
    )
    assert paid(rating, "W-1") == ["B-1 2h 00m", "overdraft 1h 00m"]
    assert paid(rating, "W-2") == ["overdraft 1h 00m", "charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("B3", "D18")
def test_banks_that_were_never_bought_can_be_overdrawn() -> None:
    """No bank at all: of 3h 2h are owed and 1h × 140 is charged; at the end 2h × 150 = 300.00 are due."""
    rating = rated(pool(hours(2)), entry("W-1", "2025-01-10 09:00", "3h"))
    assert paid(rating, "W-1") == ["overdraft 2h 00m", "charged 1h 00m 140.00 EUR"]
    assert charged(rating, "overdraft") == ["2025-12 overdraft 300.00 EUR"]


@pytest.mark.rule("B3", "D3", "D18")
def test_a_purchase_repays_first_and_then_pays_for_work_at_its_own_instant() -> None:
    """2h are owed. A bank of 10h repays 2h; 9h that start at that very second take its 8h and 1h is owed again."""
    rating = rated(
        pool(hours(2)),
        entry("W-1", "2025-01-10 09:00", "2h"),
        entry("A-2", "2025-03-01 10:00", "9h"),
        bank("B-2", "2025-03-01 10:00", "10h"),
        until="2025-04-01",
    )
    assert paid(rating, "A-2") == ["B-2 8h 00m", "overdraft 1h 00m"]
    assert moved(rating, "B-2") == [
        "2025-03-01 10:00 purchase 10h 00m",
        "2025-03-01 10:00 repay 2h 00m",
        "2025-03-01 10:00 draw 8h 00m",
    ]


@pytest.mark.rule("B3", "L10")
def test_a_purchase_smaller_than_the_deficit_repays_what_it_can() -> None:
    """2h are owed; a bank of 1h goes all into them: 1h is owed, and of 2h more 1h is owed again, 1h charged."""
    rating = rated(
        pool(hours(2)),
        entry("W-1", "2025-01-10 09:00", "2h"),
        bank("B-2", "2025-03-01 10:00", "1h"),
        entry("W-2", "2025-03-02 09:00", "2h"),
        until="2025-04-01",
    )
    assert moved(rating, "B-2") == ["2025-03-01 10:00 purchase 1h 00m", "2025-03-01 10:00 repay 1h 00m"]
    assert paid(rating, "W-2") == ["overdraft 1h 00m", "charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("B3", "D17", "D18")
def test_a_bank_repays_when_it_becomes_usable() -> None:
    """2h are owed, the limit.

    Bought on 1 March, usable from 1 April 00:00: 1h on 31 March is still charged; on 1 April 2h are repaid before 3h
    that start there are drawn.
    """
    rating = rated(
        pool(hours(2)),
        entry("W-1", "2025-01-10 09:00", "2h"),
        bank("B-2", "2025-03-01 10:00", "10h", usable_from=at("2025-04-01 00:00")),
        entry("W-2", "2025-03-31 23:59:59", "1h"),
        entry("W-3", "2025-04-01 00:00", "3h"),
        until="2025-05-01",
    )
    assert paid(rating, "W-2") == ["charged 1h 00m 140.00 EUR"]
    assert paid(rating, "W-3") == ["B-2 3h 00m"]
    assert moved(rating, "B-2")[1:] == ["2025-04-01 00:00 repay 2h 00m", "2025-04-01 00:00 draw 3h 00m"]


@pytest.mark.rule("B3", "D17")
def test_a_bank_that_has_to_be_paid_repays_at_its_payment() -> None:
    """Bought on 1 March, paid on 5 March at 12:00: 2h are repaid then, not before."""
    rating = rated(
        pool(hours(2), usable="payment"),
        entry("W-1", "2025-01-10 09:00", "2h"),
        bank("B-2", "2025-03-01 10:00", "10h"),
        entry("W-2", "2025-03-05 11:59:59", "1h"),
        Payment("P-1", at("2025-03-05 12:00"), bank="B-2"),
        until="2025-04-01",
    )
    assert paid(rating, "W-2") == ["charged 1h 00m 140.00 EUR"]
    assert moved(rating, "B-2")[1:] == ["2025-03-05 12:00 repay 2h 00m"]


@pytest.mark.rule("B3", "D18")
def test_what_banks_owe_lives_on_over_a_gap_and_is_charged_when_the_last_phase_ends() -> None:
    """January, then from March to April.

    2h are owed at the end of January: nothing is charged then; a bank of 1h bought in the gap repays 1h; 1h × 150 =
    150.00 is due on 1 May.
    """
    plan = Composite(meters=Meter("work", [Banks(short=Overdraw(hours(2), settled_at=AT_150)), OVERAGE]))
    phases = [
        Phase(Term("2025-01-01", months=1, zone=BERLIN), plan),
        Phase(Term("2025-03-01", months=2, zone=BERLIN), plan),
    ]
    rating = rated(
        contract(phases=phases), entry("W-1", "2025-01-10 09:00", "2h"), bank("B-1", "2025-02-10 09:00", "1h")
    )
    assert charged(rating) == ["2025-04 overdraft 150.00 EUR"]
    assert moved(rating, "B-1")[1:] == ["2025-02-10 09:00 repay 1h 00m"]


@pytest.mark.rule("B3", "L10")
def test_incidents_can_be_overdrawn() -> None:
    """2 a month, 1 below zero: of 4 the third is owed, the fourth costs 290.00.

    February: 2 − 1 = 1, then 1 below zero.
    """
    short = Overdraw(incidents(1), settled_at=Price("300 EUR/incident"))
    terms = agreed(
        Allotment(incidents(2), per="month", short=short),
        Charge(Price("290 EUR/incident")),
        unit="incidents",
        term={"months": 2},
    )
    january = [happened(Opened, f"T-{n}", f"2025-01-1{n} 09:00") for n in (1, 2, 3, 4)]
    february = [happened(Opened, f"T-{n}", f"2025-02-1{n} 09:00") for n in (5, 6)]
    rating = rated(terms, *january, *february)
    assert [paid(rating, f"T-{n}") for n in (3, 4, 5, 6)] == [
        ["overdraft 1 incident"],
        ["charged 1 incident 290.00 EUR"],
        ["grant 2025-02-01 1 incident"],
        ["overdraft 1 incident"],
    ]
    assert charged(rating) == ["2025-01 overage 290.00 EUR", "2025-02 overdraft 300.00 EUR"]


@pytest.mark.rule("B3", "D15")
def test_a_source_whose_scope_does_not_admit_the_use_is_not_overdrawn() -> None:
    """Only work on atlas may use the allotment; 1h on relay is refused whole, and nothing is owed."""
    allotment = Allotment(hours(10), short=Overdraw(hours(5), settled_at=AT_150), scope=Scope(products="atlas"))
    rating = rated(agreed(allotment, Refuse()), entry("W-1", "2025-01-10 09:00", "1h", product="relay"))
    assert paid(rating, "W-1") == ["refused 1h 00m"]
    assert rating.closing.deficits == ()


@pytest.mark.rule("B3", "D5")
def test_at_a_period_end_the_deficit_is_repaid_before_work_that_starts_there() -> None:
    """1h is owed at the end of January, 1s before it ends; 10h from 1 February 00:00 find 10h − 1h = 9h and owe 1h."""
    rating = rated(
        monthly(seconds(3600)),
        entry("W-1", "2025-01-31 23:59:59", "11h"),
        entry("W-2", "2025-02-01 00:00", "10h"),
        until="2025-03-01",
    )
    assert paid(rating, "W-1") == ["grant 2025-01-01 10h 00m", "overdraft 1h 00m"]
    assert paid(rating, "W-2") == ["grant 2025-02-01 9h 00m", "overdraft 1h 00m"]
