"""Rollover: what lives on after the end of a period, for how long, and in which order it pays."""

from fractions import Fraction

import pytest

from supportcontracts import (
    Allotment,
    Charge,
    Contract,
    Opened,
    Price,
    Rating,
    Rollover,
    SubLimit,
    hours,
    incidents,
    percent,
)
from tests.rating.bank_builders import OVERAGE, agreed, at, charged, entry, happened, moved, paid, rated, rolled


def monthly(rollover: Rollover, **term: int) -> Contract:
    """10h a month with a rollover, then 140 EUR/h."""
    return agreed(Allotment(hours(10), per="month", rollover=rollover), OVERAGE, term=term)


def until_march(rollover: Rollover, january: str, february: str) -> Rating:
    """Rate one entry in January and one in February up to 1 March, without what begins on that day."""
    work = [entry("W-1", "2025-01-10 09:00", january), entry("W-2", "2025-02-10 09:00", february)]
    return rated(monthly(rollover), *work, until="2025-03-01")


@pytest.mark.rule("D19", "B5")
def test_by_default_what_is_left_of_the_own_grant_rolls_once_and_pays_first() -> None:
    """January 10h − 4h: 6h roll. February 8h: 6h rolled + 2h own.

    Own 8h roll on 1 March; of the rolled nothing is left.
    """
    rating = until_march(Rollover(), "4h", "8h")
    assert paid(rating, "W-2") == ["rolled 2025-01-01 6h 00m", "grant 2025-02-01 2h 00m"]
    assert moved(rating, "grant 2025-01-01") == [
        "2025-01-01 00:00 grant 10h 00m",
        "2025-01-10 09:00 draw 4h 00m",
        "2025-02-01 00:00 roll-out 6h 00m",
    ]
    assert moved(rating, "grant 2025-02-01")[-1] == "2025-03-01 00:00 roll-out 8h 00m"


@pytest.mark.rule("D19", "B5")
def test_a_rolled_lot_is_forfeited_after_its_period_and_does_not_roll_again() -> None:
    """January rolls 10h. February uses 1h of them: the other 9h lapse on 1 March, the own 10h roll."""
    rating = until_march(Rollover(), "0h", "1h")
    assert moved(rating, "rolled 2025-01-01") == [
        "2025-02-01 00:00 roll-in 10h 00m",
        "2025-02-10 09:00 draw 1h 00m",
        "2025-03-01 00:00 forfeit 9h 00m",
    ]
    assert moved(rating, "grant 2025-02-01")[-1] == "2025-03-01 00:00 roll-out 10h 00m"


@pytest.mark.rule("D2", "D19")
def test_the_roll_out_ends_a_period_and_the_roll_in_begins_the_next() -> None:
    """A rating until 1 February 00:00 has rolled 6h out and nothing in; one second later they are in."""
    work, terms = entry("W-1", "2025-01-10 09:00", "4h"), monthly(Rollover())
    assert rolled(rated(terms, work, until="2025-02-01")) == []
    rating = rated(terms, work, until=at("2025-02-01 00:00:01"))
    assert rolled(rating) == ["2025-02-01 00:00 6h 00m"]
    assert next(m for m in rating.movements if m.kind == "roll-in").because == "work/0/2025-01-01"


@pytest.mark.rule("D19", "B5")
def test_nothing_rolls_from_a_grant_that_was_used_up_exactly() -> None:
    """January uses 10h of 10h: no lot rolls in, and February pays 8h from its own grant."""
    rating = until_march(Rollover(), "10h", "8h")
    assert rolled(rating) == []
    assert paid(rating, "W-2") == ["grant 2025-02-01 8h 00m"]


@pytest.mark.rule("B5")
def test_rolled_units_can_be_used_last() -> None:
    """January rolls 10h, to be used last.

    February 12h: 10h own + 2h rolled; 8h lapse, and nothing own is left to roll.
    """
    rating = until_march(Rollover(use="last"), "0h", "12h")
    assert paid(rating, "W-2") == ["grant 2025-02-01 10h 00m", "rolled 2025-01-01 2h 00m"]
    assert moved(rating, "rolled 2025-01-01")[-1] == "2025-03-01 00:00 forfeit 8h 00m"
    assert rolled(rating) == ["2025-02-01 00:00 10h 00m"]


@pytest.mark.rule("B5")
@pytest.mark.parametrize(
    ("rollover", "rolls", "lapses"),
    [
        # 10h − 2h 54m 59s = 7h 05m 01s = 25501s are left in January.
        (Rollover(share=percent(50)), "3h 32m 30s", "3h 32m 31s"),  # 25501 / 2 = 12750.5 → 12750s
        (Rollover(share=percent(0)), None, "7h 05m 01s"),
        (Rollover(cap=hours(4)), "4h 00m", "3h 05m 01s"),
        (Rollover(cap=hours(8)), "7h 05m 01s", None),  # a cap above what is left
        (Rollover(cap=percent(40)), "4h 00m", "3h 05m 01s"),  # 40 % of the grant of 10h, not of what is left
        (Rollover(cap=Fraction(1, 7)), "1h 25m 42s", "5h 39m 19s"),  # 36000 / 7 = 5142.8… → 5142s
        (Rollover(share=percent(50), cap=hours(4)), "3h 32m 30s", "3h 32m 31s"),  # share first, then the cap
        (Rollover(share=percent(50), cap=hours(3)), "3h 00m", "4h 05m 01s"),
    ],
)
def test_share_and_cap_bound_what_rolls_and_the_rest_is_forfeited(
    rollover: Rollover, rolls: str | None, lapses: str | None
) -> None:
    """Of what is left the share, rounded down to whole seconds, rolls up to the cap; the rest lapses."""
    work = entry("W-1", "2025-01-10 09:00", "2h 54m 59s")
    rating = rated(monthly(rollover), work, until="2025-02-02")
    assert rolled(rating) == ([f"2025-02-01 00:00 {rolls}"] if rolls else [])
    out = [line.split(" ", 2)[2] for line in moved(rating, "grant 2025-01-01")[2:]]
    assert out == [text for text in (rolls and f"roll-out {rolls}", lapses and f"forfeit {lapses}") if text]


@pytest.mark.rule("B5")
def test_fractions_of_an_incident_do_not_roll() -> None:
    """50 % of 3 incidents = 1.5 → 1 rolls and 2 lapse; 50 % of 1 = 0.5 → nothing rolls."""
    allotment = Allotment(incidents(3), per="month", rollover=Rollover(share=percent(50)))
    terms = agreed(allotment, Charge(Price("290 EUR/incident")), unit="incidents")
    tickets = [happened(Opened, f"T-{n}", f"2025-02-0{n} 09:00") for n in (1, 2, 3)]
    rating = rated(terms, *tickets, until="2025-03-02")
    assert paid(rating, "T-1") == ["rolled 2025-01-01 1 incident"]
    assert paid(rating, "T-2") == paid(rating, "T-3") == ["grant 2025-02-01 1 incident"]
    assert moved(rating, "grant 2025-01-01")[1:] == [
        "2025-02-01 00:00 roll-out 1 incident",
        "2025-02-01 00:00 forfeit 2 incidents",
    ]
    assert rolled(rating) == ["2025-02-01 00:00 1 incident"]
    assert moved(rating, "grant 2025-02-01")[-1] == "2025-03-01 00:00 forfeit 1 incident"


@pytest.mark.rule("B5", "D19")
def test_a_rolled_lot_can_last_for_two_periods_and_the_oldest_pays_first() -> None:
    """Each month rolls what is left of its own 10h for two months.

    Feb 4h: 4 of January's 10 (6 left); February's own 10 roll. Mar 8h: January's 6, then 2 of February's (8 left);
    March's own 10 roll. Apr 30h: February's 8, March's 10, the own 10, and 2h × 140 = 280.00.
    """
    rating = rated(
        monthly(Rollover(lasts=2)),
        entry("W-1", "2025-02-10 09:00", "4h"),
        entry("W-2", "2025-03-10 09:00", "8h"),
        entry("W-3", "2025-04-10 09:00", "30h"),
        until="2025-05-01",
    )
    assert paid(rating, "W-1") == ["rolled 2025-01-01 4h 00m"]
    assert paid(rating, "W-2") == ["rolled 2025-01-01 6h 00m", "rolled 2025-02-01 2h 00m"]
    assert paid(rating, "W-3") == [
        "rolled 2025-02-01 8h 00m",
        "rolled 2025-03-01 10h 00m",
        "grant 2025-04-01 10h 00m",
        "charged 2h 00m 280.00 EUR",
    ]


@pytest.mark.rule("B5", "D19")
def test_a_lot_that_lasts_two_periods_ends_with_the_second() -> None:
    """January's 10h are there until 31 March 23:59:59, and lapse on 1 April; they do not roll again."""
    rating = rated(monthly(Rollover(lasts=2)), entry("W-1", "2025-03-31 23:59:59", "1h"), until="2025-04-02")
    assert moved(rating, "rolled 2025-01-01") == [
        "2025-02-01 00:00 roll-in 10h 00m",
        "2025-03-31 23:59:59 draw 1h 00m",
        "2025-04-01 00:00 forfeit 9h 00m",
    ]


@pytest.mark.rule("B5")
def test_used_last_the_oldest_rolled_lot_still_pays_before_the_younger() -> None:
    """March has its own 10h, then January's 10h, then February's 10h: 23h take 10 + 10 + 3."""
    rating = rated(monthly(Rollover(lasts=2, use="last")), entry("W-1", "2025-03-10 09:00", "23h"), until="2025-04-01")
    assert paid(rating, "W-1") == [
        "grant 2025-03-01 10h 00m",
        "rolled 2025-01-01 10h 00m",
        "rolled 2025-02-01 3h 00m",
    ]


@pytest.mark.rule("B5")
@pytest.mark.parametrize(
    ("rollover", "rolls", "own", "older"),
    [
        # On 1 March 10h of the own grant and 5h of January's rolled 10h are left: together 15h.
        (Rollover(base="all-left"), "15h 00m", ["roll-out 10h 00m"], ["roll-out 5h 00m"]),
        (
            Rollover(base="all-left", cap=hours(12)),
            "12h 00m",
            ["roll-out 10h 00m"],
            ["roll-out 2h 00m", "forfeit 3h 00m"],
        ),
        (Rollover(base="all-left", cap=hours(10)), "10h 00m", ["roll-out 10h 00m"], ["forfeit 5h 00m"]),
    ],
)
def test_all_that_is_left_compounds_own_grant_first(
    rollover: Rollover, rolls: str, own: list[str], older: list[str]
) -> None:
    """January rolls 10h, February uses 5h of them: what rolls on 1 March is first own, then older."""
    rating = rated(monthly(rollover), entry("W-1", "2025-02-10 09:00", "5h"), until="2025-03-02")
    assert rolled(rating) == ["2025-02-01 00:00 10h 00m", f"2025-03-01 00:00 {rolls}"]
    assert moved(rating, "grant 2025-02-01")[1:] == [f"2025-03-01 00:00 {text}" for text in own]
    assert moved(rating, "rolled 2025-01-01")[2:] == [f"2025-03-01 00:00 {text}" for text in older]


@pytest.mark.rule("B5")
def test_a_share_of_all_that_is_left_is_taken_of_the_sum() -> None:
    """January rolls 50 % of 10h = 5h.

    On 1 March 10h own + 5h rolled = 15h are left, 50 % = 7.5h roll, all of them own.
    """
    terms = monthly(Rollover(base="all-left", share=percent(50)))
    rating = rated(terms, until="2025-03-02")
    assert rolled(rating) == ["2025-02-01 00:00 5h 00m", "2025-03-01 00:00 7h 30m"]
    assert moved(rating, "grant 2025-02-01")[1:] == [
        "2025-03-01 00:00 roll-out 7h 30m",
        "2025-03-01 00:00 forfeit 2h 30m",
    ]
    assert moved(rating, "rolled 2025-01-01")[1:] == ["2025-03-01 00:00 forfeit 5h 00m"]


@pytest.mark.rule("B5")
def test_compounding_counts_only_the_rolled_lots_that_end_with_the_period() -> None:
    """Lots last two months. On 1 March January's 10h live on, so only February's own 10h roll.

    On 1 April January's 10h end: 10h own + 10h = 20h roll; February's 10h live on to the end of April.
    """
    rating = rated(monthly(Rollover(base="all-left", lasts=2)), until="2025-04-02")
    assert rolled(rating) == ["2025-02-01 00:00 10h 00m", "2025-03-01 00:00 10h 00m", "2025-04-01 00:00 20h 00m"]
    assert moved(rating, "rolled 2025-01-01")[-1] == "2025-04-01 00:00 roll-out 10h 00m"
    assert len(moved(rating, "rolled 2025-02-01")) == 1


@pytest.mark.rule("B5", "D19")
def test_nothing_rolls_out_of_the_last_period() -> None:
    """In a term of two months January's 10h roll, and on 1 March rolled and own units lapse alike."""
    rating = rated(monthly(Rollover(lasts=3), months=2))
    assert rolled(rating) == ["2025-02-01 00:00 10h 00m"]
    assert moved(rating, "rolled 2025-01-01")[-1] == "2025-03-01 00:00 forfeit 10h 00m"
    assert moved(rating, "grant 2025-02-01")[-1] == "2025-03-01 00:00 forfeit 10h 00m"


@pytest.mark.rule("B4", "B5")
def test_a_sublimit_counts_rolled_units_too() -> None:
    """6h a month at most: of 8h in February 6h are paid, all from the rolled 10h; the own 10h roll untouched."""
    allotment = Allotment(hours(10), per="month", rollover=Rollover(), sublimits=SubLimit(hours(6)))
    rating = rated(agreed(allotment, OVERAGE), entry("W-1", "2025-02-10 09:00", "8h"), until="2025-03-02")
    assert paid(rating, "W-1") == ["rolled 2025-01-01 6h 00m", "charged 2h 00m 280.00 EUR"]
    assert rolled(rating)[-1] == "2025-03-01 00:00 10h 00m"


@pytest.mark.rule("D18", "B5")
def test_whole_to_next_counts_rolled_and_own_units_together() -> None:
    """4h rolled + 10h own = 14h: 15h go to the next source whole, 14h are paid by both lots."""
    allotment = Allotment(hours(10), per="month", rollover=Rollover(cap=hours(4)), short="whole-to-next")
    work = [entry("W-1", "2025-02-10 09:00", "15h"), entry("W-2", "2025-02-11 09:00", "14h")]
    rating = rated(agreed(allotment, OVERAGE), *work, until="2025-03-01")
    assert paid(rating, "W-1") == ["charged 15h 00m 2,100.00 EUR"]
    assert paid(rating, "W-2") == ["rolled 2025-01-01 4h 00m", "grant 2025-02-01 10h 00m"]


@pytest.mark.rule("D6", "D19", "L3")
def test_work_that_is_recorded_late_takes_back_what_had_rolled() -> None:
    """January 10h − 4h = 6h rolled and February 8h paid 6 + 2. 9h of January come to light in March.

    January is then 10h − 4h − 6h = 0h left, 3h × 140 = 420.00 overage, nothing rolls, and February pays 8h of its own.
    """
    late = entry("W-9", "2025-01-20 09:00", "9h", recorded_at=at("2025-03-05 09:00"))
    work = [entry("W-1", "2025-01-10 09:00", "4h"), entry("W-2", "2025-02-10 09:00", "8h"), late]
    before = rated(monthly(Rollover()), *work, until="2025-03-01", known_at=at("2025-03-05 08:59:59"))
    after = rated(monthly(Rollover()), *work, until="2025-03-01", known_at=at("2025-03-05 09:00"))
    assert paid(before, "W-2") == ["rolled 2025-01-01 6h 00m", "grant 2025-02-01 2h 00m"]
    assert paid(after, "W-2") == ["grant 2025-02-01 8h 00m"]
    assert (charged(before), charged(after)) == ([], ["2025-01 overage 420.00 EUR"])
