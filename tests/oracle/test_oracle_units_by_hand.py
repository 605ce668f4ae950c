"""The oracle's allotments and banks against pencil and paper: every docstring shows the working.

These tests prove the oracle, not the library, so they quote no rule ids.
"""

from fractions import Fraction
from typing import Any

import pytest

from supportcontracts.contracts.allotments import Allotment, Overdraw, Rollover, SubLimit
from supportcontracts.contracts.banks import Banks, DaysLeft, Remaining, RemainingShare, TopUp
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.metering import Metering, Multiplier
from supportcontracts.contracts.plans import (
    PrepaidHours,
)
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.sources import Fallback, Hold, Refuse
from supportcontracts.events import (
    Approval,
    BankExtended,
    BankRefunded,
    Event,
    Payment,
    Released,
    Reserved,
)
from supportcontracts.money import Money, Price
from supportcontracts.quantity import WorkTime, hours, minutes, percent, ratio
from tests.oracle.days import second_of
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

# Allotments


def test_what_is_left_rolls_over_once() -> None:
    """10 h a month. January uses 4, 6 roll; February uses 8: 6 rolled, 2 own; 8 own left roll, nothing rolled does.

    March uses nothing: the 8 rolled ones end, 10 own ones too, since the term ends.
    """
    rating = rate(
        contract(meters(Allotment(hours(10), "month", rollover=Rollover()), Refuse()), months=3),
        work("W-1", "2025-01-10 09:00", hours(4)),
        work("W-2", "2025-02-10 09:00", hours(8)),
    )
    assert [line[2:5] for line in use_lines(rating)][1:] == [
        ("work/0/2025-01-01>rolled", "included", 6 * HOUR),
        ("work/0/2025-02-01", "included", 2 * HOUR),
    ]
    hour = {lot: {kind: units // HOUR for kind, units in moved(rating, lot).items()} for lot in rating.balances}
    assert hour == {
        "work/0/2025-01-01": {"granted": 10, "drawn": 4, "rolled_out": 6},
        "work/0/2025-01-01>rolled": {"rolled_in": 6, "drawn": 6},
        "work/0/2025-02-01": {"granted": 10, "drawn": 2, "rolled_out": 8},
        "work/0/2025-02-01>rolled": {"rolled_in": 8, "forfeited": 8},
        "work/0/2025-03-01": {"granted": 10, "forfeited": 10},
    }


def test_only_the_own_grant_rolls() -> None:
    """10 h a month: January rolls half of 10. February uses 1 of the 5 and rolls half of its own 10, not of 10 + 4."""
    rule = Rollover(share=ratio("0.5"))
    rating = rate(
        contract(meters(Allotment(hours(10), "month", rollover=rule), Refuse())),
        work("W", "2025-02-10 09:00", hours(1)),
        until="2025-03-02",
    )
    assert moved(rating, "work/0/2025-01-01>rolled") == {"rolled_in": 18000, "drawn": 3600, "forfeited": 14400}
    assert moved(rating, "work/0/2025-02-01>rolled") == {"rolled_in": 18000, "left": 18000}


def test_a_rollover_with_share_cap_and_two_lives() -> None:
    """10 h a month unused, half rolls, at most 40 % of 10 h = 4 h, for two periods, drawn last.

    January rolls min(5, 4) = 4 and forfeits 6, February the same. In March 15 h draw 10 own, 4 of January, 1 of
    February; then January's lot has ended and February's 3 last until the end of April.
    """
    rule = Rollover(share=ratio("0.5"), cap=percent(40), lasts=2, use="last")
    terms = contract(meters(Allotment(hours(10), "month", rollover=rule), Refuse()))
    rating = rate(terms, work("W", "2025-03-10 09:00", hours(15)), until="2025-04-01")
    assert [(line[2], line[4] // HOUR) for line in use_lines(rating)] == [
        ("work/0/2025-03-01", 10),
        ("work/0/2025-01-01>rolled", 4),
        ("work/0/2025-02-01>rolled", 1),
    ]
    assert moved(rating, "work/0/2025-01-01") == {"granted": 36000, "rolled_out": 4 * HOUR, "forfeited": 6 * HOUR}
    assert rating.balances["work/0/2025-02-01>rolled"]["left"] == 3 * HOUR
    later = rate(terms, work("W", "2025-03-10 09:00", hours(15)), until="2025-05-01")
    assert later.balances["work/0/2025-02-01>rolled"]["forfeited"] == 3 * HOUR


def test_a_rollover_with_a_cap_in_hours() -> None:
    """10 h unused, at most 3 h 30 roll."""
    rule = Rollover(cap=minutes(210))
    rating = rate(contract(meters(Allotment(hours(10), "month", rollover=rule), Refuse())), until="2025-02-02")
    assert moved(rating, "work/0/2025-01-01>rolled") == {"rolled_in": 12600, "left": 12600}


def test_all_that_is_left_compounds() -> None:
    """10 h a month unused: January rolls 10; February has 10 + 10 and rolls 20, from its own lot first."""
    rule = Rollover(base="all-left")
    rating = rate(contract(meters(Allotment(hours(10), "month", rollover=rule), Refuse())), until="2025-03-02")
    assert moved(rating, "work/0/2025-01-01>rolled") == {"rolled_in": 36000, "rolled_out": 36000}
    assert moved(rating, "work/0/2025-02-01>rolled") == {"rolled_in": 72000, "left": 72000}


def test_endings_at_the_end_but_not_beginnings() -> None:
    """Until 1 February the 10 h of January have rolled out, and neither the rolled lot nor February has begun."""
    terms = contract(meters(Allotment(hours(10), "month", rollover=Rollover()), Refuse()))
    rating = rate(terms, until="2025-02-01")
    assert {lot: moved(rating, lot) for lot in rating.balances} == {
        "work/0/2025-01-01": {"granted": 36000, "rolled_out": 36000}
    }


def test_an_allotment_is_overdrawn_and_repaid() -> None:
    """13 h of 10 with 20 % = 2 h overdraft: 10 + 2, and 1 h charged. February's 10 repay 2, so 9 h overdraw 1.

    The term ends then: 1 h is settled at 150.00. The second month's 10 - 2 - 8 = 0.
    """
    short = Overdraw(percent(20), settled_at=Price("150 EUR/h"))
    terms = contract(meters(Allotment(hours(10), "month", short=short), Charge(AT_140)), months=2)
    events = work("W-1", "2025-01-10 09:00", hours(13)), work("W-2", "2025-02-10 09:00", hours(9))
    rating = rate(terms, *events)
    assert [(line[1], line[3], line[4] // HOUR, line[5]) for line in use_lines(rating)] == [
        ("allotment", "included", 10, 0),
        ("overdraft", "drawn", 2, 0),
        ("overage", "charged", 1, 14000),
        ("allotment", "included", 8, 0),
        ("overdraft", "drawn", 1, 0),
    ]
    assert money_lines(rating, "overdraft") == [("overdraft", "2025-02", 15000)]
    assert moved(rating, "work/0/2025-02-01") == {"granted": 36000, "repaid": 7200, "drawn": 28800}
    assert rate(terms, *events, until="2025-02-20").deficits == {"work/0": HOUR}
    assert rating.deficits == {}


def test_whole_to_next() -> None:
    """2 h of an allotment do not pay for 3 h, but all of the next 2 h."""
    rating = rate(
        contract(meters(Allotment(hours(2), short="whole-to-next"), Charge(AT_140))),
        work("W-1", "2025-01-10 09:00", hours(3)),
        work("W-2", "2025-01-11 09:00", hours(2)),
    )
    assert [(line[1], line[4] // HOUR) for line in use_lines(rating)] == [("overage", 3), ("allotment", 2)]


def test_sublimits() -> None:
    """Of 40 h at most 5 on site, and at most 3 a day in all.

    Monday: 4 h on site -> 3, then the day is full: 2 h by phone -> 0. Tuesday: 1 h by phone, which is none of the 5,
    then 4 h on site -> 2, of which the day has exactly 2 and the 5 too. Wednesday: nothing on site.
    """
    limits = [SubLimit(hours(5), scope=Scope(channels="onsite")), SubLimit(hours(3), per="day")]
    rating = rate(
        contract(meters(Allotment(hours(40), sublimits=limits), Refuse())),
        work("W-1", "2025-01-06 09:00", hours(4), channel="onsite"),
        work("W-2", "2025-01-06 14:00", hours(2), channel="phone"),
        work("W-3", "2025-01-07 09:00", hours(1), channel="phone"),
        work("W-4", "2025-01-07 14:00", hours(4), channel="onsite"),
        work("W-5", "2025-01-08 14:00", hours(1), channel="onsite"),
    )
    assert [(line[0], line[1], line[4] // HOUR) for line in use_lines(rating)] == [
        ("W-1", "allotment", 3),
        ("W-1", "refuse", 1),
        ("W-2", "refuse", 2),
        ("W-3", "allotment", 1),
        ("W-4", "allotment", 2),
        ("W-4", "refuse", 2),
        ("W-5", "refuse", 1),
    ]
    assert {line.code for line in rating.lines if line.disposition == "refused"} == {"exhausted"}


def test_a_week_starts_on_monday() -> None:
    """3 h a week: Sunday 2025-01-05 and Monday 2025-01-06 lie in two weeks."""
    rating = rate(
        contract(meters(Allotment(hours(40), sublimits=SubLimit(hours(3), per="week")), Refuse())),
        work("W-1", "2025-01-05 09:00", hours(3)),
        work("W-2", "2025-01-06 09:00", hours(2)),
        work("W-3", "2025-01-12 09:00", hours(2)),
    )
    assert [(line[1], line[4] // HOUR) for line in use_lines(rating)] == [
        ("allotment", 3),
        ("allotment", 2),
        ("allotment", 1),
        ("refuse", 1),
    ]


# Banks


def test_banks_pay_soonest_expiry_first() -> None:
    """160 min x 1.5 = 4 h: B-07 has 1.5 h, B-09 0.75 h, 1.75 h x 137.50 = 240.625, half up 240.63.

    160 min worked by 90 : 45 : 105 are 60, 30 and 70 min.
    """
    plan = PrepaidHours(
        metering=Metering(multiplier=Multiplier("1.5")), beyond=Charge(Price("137.50 EUR/h"), of="counted")
    )
    rating = rate(
        contract(plan),
        bank("B-09", "2025-01-01 09:00", minutes(45), expires_on="2025-09-30"),
        bank("B-07", "2025-01-02 09:00", minutes(90), expires_on="2025-03-31"),
        work("W", "2025-03-18 16:00", minutes(160)),
    )
    assert [(line.lot, line.worked // 60, line.counted // 60, line.exact, line.minor) for line in rating.lines[2:]] == [
        ("B-07", 60, 90, 0, 0),
        ("B-09", 30, 45, 0, 0),
        (None, 70, 105, Fraction(1925, 8), 24063),
    ]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("soonest-expiry", ["D", "C", "A", "B"]),
        ("oldest-start", ["A", "B", "C", "D"]),
        ("priority", ["D", "A", "B", "C"]),
        ("granted-before-paid", ["B", "C", "A", "D"]),
        ("lowest-cost", ["B", "C", "A", "D"]),
        ("highest-cost", ["C", "A", "D", "B"]),
    ],
)
def test_orders_of_banks(order: Any, expected: list[str]) -> None:  # noqa: ANN401  # a literal
    """A costs 100 and ends in June; B is granted and never ends; C costs 100 and ends in May; D has priority -1.

    D costs 100 too and never ends. By cost: B is free; C, A and D cost the same and go by expiry, none last.
    """
    rating = rate(
        contract(PrepaidHours(banks=Banks(order=order), beyond=Refuse())),
        bank("D", "2025-01-04 09:00", hours(1), price=Price("100 EUR/h"), priority=-1),
        bank("C", "2025-01-03 09:00", hours(1), price=Money("100 EUR"), expires_on="2025-05-31"),
        bank("B", "2025-01-02 09:00", hours(1), origin="granted"),
        bank("A", "2025-01-01 09:00", hours(1), price=Price("100 EUR/h"), expires_on="2025-06-30"),
        work("W", "2025-02-01 09:00", hours(4)),
    )
    assert [line[2] for line in use_lines(rating)] == expected


def test_a_bank_ends_with_its_last_local_day() -> None:
    """31 March ends in Berlin at 22:00 UTC: work at 21:59:59 is drawn, at 22:00 refused; 1 h - 1 s is forfeited."""
    events: list[Event] = [
        bank("B", "2025-03-01 09:00", hours(1), expires_on="2025-03-31"),
        work("W-1", "2025-03-31 21:59:59", WorkTime(1)),
        work("W-2", "2025-03-31 22:00", WorkTime(1)),
    ]
    rating = rate(contract(PrepaidHours(beyond=Refuse()), zone="Europe/Berlin"), *events)
    assert [line[3] for line in use_lines(rating)] == ["drawn", "refused"]
    assert moved(rating, "B") == {"bought": 3600, "drawn": 1, "forfeited": 3599}


def test_a_bank_is_extended_while_it_lives() -> None:
    """B-1 moves from March to June and pays in April; B-2 had ended; B-3 would not end later."""
    rating = rate(
        contract(PrepaidHours(beyond=Refuse())),
        bank("B-1", "2025-01-01 09:00", hours(1), expires_on="2025-03-31"),
        bank("B-2", "2025-01-01 09:00", hours(1), expires_on="2025-01-31"),
        bank("B-3", "2025-01-01 09:00", hours(1), expires_on="2025-02-28"),
        BankExtended("X-1", at("2025-02-10 09:00"), bank="B-1", expires_on="2025-06-30", reason="r"),
        BankExtended("X-2", at("2025-02-10 09:00"), bank="B-2", expires_on="2025-06-30", reason="r"),
        BankExtended("X-3", at("2025-02-10 09:00"), bank="B-3", expires_on="2025-02-28", reason="r"),
        work("W", "2025-04-10 09:00", hours(1)),
    )
    assert use_lines(rating) == [("W", "banks", "B-1", "drawn", HOUR, 0)]
    assert rating.refused == {("X-2", "ended"), ("X-3", "not-later")}


def test_refunds_sum_to_the_price() -> None:
    """3 h for 100.00: 1 h is 33.33; 2 h are 66.67, so the second is 33.34; the third 33.33; a fourth is not left."""
    rating = rate(
        contract(PrepaidHours(beyond=Refuse())),
        bank("B", "2025-01-01 09:00", hours(3), price=Money("100 EUR")),
        *[BankRefunded(f"R-{n}", at(f"2025-02-0{n} 09:00"), bank="B", quantity=hours(1)) for n in (1, 2, 3, 4)],
    )
    assert money_lines(rating) == [
        ("purchase", "2025-01", 10000),
        ("refund", "2025-02", -3333),
        ("refund", "2025-02", -3334),
        ("refund", "2025-02", -3333),
    ]
    assert rating.refused == {("R-4", "exceeds-left")}


def test_a_bank_pays_from_its_payment() -> None:
    """Bought on the 1st, paid on the 10th: the work of the 5th is refused; one usable from the 20th waits for that."""
    rating = rate(
        contract(PrepaidHours(banks=Banks(usable="payment"), beyond=Refuse())),
        bank("B-1", "2025-01-01 09:00", hours(1)),
        bank("B-2", "2025-01-02 09:00", hours(1), usable_from=at("2025-01-20 00:00")),
        Payment("P-2", at("2025-01-03 09:00"), bank="B-2"),
        work("W-1", "2025-01-05 09:00", hours(1)),
        Payment("P-1", at("2025-01-10 09:00"), bank="B-1"),
        work("W-2", "2025-01-10 09:00", hours(2)),
        work("W-3", "2025-01-20 00:00", hours(1)),
    )
    assert [line[:5] for line in use_lines(rating)] == [
        ("W-1", "refuse", None, "refused", 3600),
        ("W-2", "banks", "B-1", "drawn", 3600),
        ("W-2", "refuse", None, "refused", 3600),
        ("W-3", "banks", "B-2", "drawn", 3600),
    ]


def test_a_bank_that_says_so_reaches_back() -> None:
    """Bought on the 20th, usable from the 1st: it pays for the 5th, and is charged on the 20th; B-2 does not reach."""
    rating = rate(
        contract(PrepaidHours(beyond=Refuse())),
        work("W-1", "2025-03-05 09:00", hours(2)),
        bank("B-1", "2025-04-20 09:00", hours(1), usable_from=at("2025-03-01 00:00"), price=Price("90 EUR/h")),
        bank("B-2", "2025-04-20 09:00", hours(1)),
    )
    assert [line[2:5] for line in use_lines(rating)] == [("B-1", "drawn", 3600), (None, "refused", 3600)]
    assert money_lines(rating) == [("purchase", "2025-04", 9000)]


def test_banks_are_overdrawn_and_repaid_by_the_next() -> None:
    """1 h of 3 is there, 1.5 h may be owed, 0.5 h is charged; B-2 repays 1.5 of its 2 h; 1 h more owes 0.5 at 150."""
    short = Overdraw(minutes(90), settled_at=Price("150 EUR/h"))
    rating = rate(
        contract(PrepaidHours(banks=Banks(short=short), beyond=Charge(AT_140))),
        bank("B-1", "2025-01-01 09:00", hours(1)),
        work("W-1", "2025-01-05 09:00", hours(3)),
        bank("B-2", "2025-01-10 09:00", hours(2)),
        work("W-2", "2025-01-15 09:00", hours(1)),
    )
    assert [(line[1], line[4] // MINUTE) for line in use_lines(rating)] == [
        ("banks", 60),
        ("overdraft", 90),
        ("overage", 30),
        ("banks", 30),
        ("overdraft", 30),
    ]
    assert moved(rating, "B-2") == {"bought": 7200, "repaid": 5400, "drawn": 1800}
    assert money_lines(rating, "overdraft") == [("overdraft", "2025-12", 7500)]


def test_a_bank_repays_from_its_payment() -> None:
    """1 h is owed; B-2 is bought on the 10th and paid on the 20th, so on the 15th nothing is there and 3 h wait.

    B-3 releases what waits, but never by borrowing: of 3 h held it pays the 2 it has.
    """
    short = Overdraw(hours(1), settled_at=AT_140)
    rating = rate(
        contract(PrepaidHours(banks=Banks(short=short, usable="payment"), beyond=Hold())),
        work("W-1", "2025-01-05 09:00", hours(1)),
        bank("B-2", "2025-01-10 09:00", hours(1)),
        work("W-2", "2025-01-15 09:00", hours(3)),
        Payment("P-2", at("2025-01-20 09:00"), bank="B-2"),
        bank("B-3", "2025-01-21 09:00", hours(2), held="release"),
        Payment("P-3", at("2025-01-22 09:00"), bank="B-3"),
        until="2025-02-01",
    )
    assert [(line[0], line[1], line[2], line[4] // HOUR) for line in use_lines(rating)] == [
        ("W-1", "overdraft", None, 1),
        ("W-2", "hold", None, 3),
        ("W-2", "banks", "B-3", 2),
    ]
    assert moved(rating, "B-2") == {"bought": 3600, "repaid": 3600}


def test_a_bank_pays_only_in_its_scope() -> None:
    """B-1 is for atlas, B-2 for everything: W-1 about relay is paid by B-2, though B-1 ends sooner."""
    rating = rate(
        contract(PrepaidHours(beyond=Fallback("C-200"))),
        bank("B-1", "2025-01-01 09:00", hours(1), expires_on="2025-06-30", scope=Scope(products="atlas")),
        bank("B-2", "2025-01-01 09:00", hours(1)),
        work("W-1", "2025-01-05 09:00", hours(1), product="relay"),
        work("W-2", "2025-01-06 09:00", hours(1)),
    )
    assert [line[1:4] for line in use_lines(rating)] == [
        ("banks", "B-2", "drawn"),
        ("fallback C-200", None, "handed-over"),
    ]


def test_levels_fire_once_for_each_newest_purchase() -> None:
    """Level 2 h of 10: 8 h leave exactly 2: fires. 1 h more: not again. B-2 lifts it to 11; 9 h leave 2: fires for B-2.

    Level 1, half of the last purchase of 10 h: passed by the same entries, 10 -> 2 and 11 -> 2.
    """
    levels = [Remaining(hours(2)), RemainingShare(percent(50))]
    rating = rate(
        contract(PrepaidHours(banks=Banks(warn_levels=levels), beyond=Refuse())),
        bank("B-1", "2025-01-01 09:00", hours(10)),
        work("W-1", "2025-01-02 09:00", hours(8)),
        work("W-2", "2025-01-03 09:00", hours(1)),
        bank("B-2", "2025-01-04 09:00", hours(10)),
        work("W-3", "2025-01-05 09:00", hours(9)),
    )
    first, third = second_of(at("2025-01-02 09:00")), second_of(at("2025-01-05 09:00"))
    assert rating.notices == {
        ("warn-level", f"banks/{newest}/{level}", cause, when)
        for level in ("2h 00m", "1/2 of last-purchase")
        for newest, cause, when in (("B-1", "W-1", first), ("B-2", "W-3", third))
    }


def test_levels_of_what_expires_and_of_days() -> None:
    """B ends with 31 March: 30 days before is 1 March. At its end 5 h are forfeited, past 2 h, because of B itself.

    The refund of 4 of 9 h passes 60 % of 9 = 5.4 h of all that is usable.
    """
    levels = [Remaining(hours(2)), DaysLeft(30), RemainingShare(percent(60), of="total")]
    rating = rate(
        contract(PrepaidHours(banks=Banks(warn_levels=levels), beyond=Refuse())),
        bank("B", "2025-01-01 09:00", hours(9), expires_on="2025-03-31"),
        BankRefunded("R", at("2025-02-01 09:00"), bank="B", quantity=hours(4)),
    )
    assert rating.notices == {
        ("warn-level", "banks/B/2h 00m", "B", second_of(at("2025-04-01 00:00"))),
        ("days-left", "B/2025-03-31/30 days", "B", second_of(at("2025-03-01 00:00"))),
        ("warn-level", "banks/B/3/5 of total", "R", second_of(at("2025-02-01 09:00"))),
    }


def test_of_two_top_ups_passed_at_once_the_lower_proposes() -> None:
    """8 of 10 h leave 2 h, past 5 h and past 3 h: the rule at 3 h proposes. A bank bought on its last day warns."""
    rules = [TopUp(at=Remaining(hours(n)), quantity=hours(n), price=AT_140) for n in (5, 3)]
    rating = rate(
        contract(PrepaidHours(banks=Banks(top_up=rules, warn_levels=DaysLeft(1)), beyond=Refuse())),
        bank("B-1", "2025-01-01 09:00", hours(10)),
        work("W-1", "2025-01-02 09:00", hours(8)),
        bank("B-2", "2025-01-03 09:00", hours(1), expires_on="2025-01-03"),
    )
    assert rating.notices == {
        ("top-up", "banks/B-1/top-up 3h 00m", "W-1", second_of(at("2025-01-02 09:00"))),
        ("days-left", "B-2/2025-01-03/1 days", "B-2", second_of(at("2025-01-03 09:00"))),
    }


def test_an_approval_that_releases_nothing_is_noticed() -> None:
    """Nothing is held of W-9; W-1 is held, and Hold takes it again."""
    rating = rate(
        contract(PrepaidHours(beyond=Hold())),
        work("W-1", "2025-01-02 09:00", hours(1)),
        Approval("A-1", at("2025-01-03 09:00"), of="W-9"),
        Approval("A-2", at("2025-01-03 09:00"), of="W-1"),
        until="2025-02-01",
    )
    assert {notice[:3] for notice in rating.notices} == {
        ("nothing-held", "approval/A-1", "A-1"),
        ("stays-held", "stays-held/A-2", "A-2"),
    }


def test_refusals_about_banks() -> None:
    """Nobody knows B-9, which may still be bought; B-1 has ended when refunded; B-2 had ended before it was bought."""
    rating = rate(
        contract(PrepaidHours(beyond=Refuse())),
        bank("B-1", "2025-01-01 09:00", hours(1), expires_on="2025-01-31"),
        bank("B-2", "2025-01-05 09:00", hours(1), expires_on="2025-01-04"),
        Payment("X-1", at("2025-01-10 09:00"), bank="B-9"),
        BankExtended("X-2", at("2025-01-10 09:00"), bank="B-9", expires_on="2025-12-31", reason="r"),
        BankRefunded("X-3", at("2025-01-10 09:00"), bank="B-9"),
        BankRefunded("X-4", at("2025-02-01 00:00"), bank="B-1"),
        work("W", "2025-01-20 09:00", minutes(90)),
    )
    assert rating.refused == {
        ("X-2", "unknown-bank"),
        ("X-3", "unknown-bank"),
        ("X-4", "ended"),
    }
    assert moved(rating, "B-2") == {"bought": 3600, "forfeited": 3600}
    assert [line[2:5] for line in use_lines(rating)] == [("B-1", "drawn", 3600), (None, "refused", 1800)]


def test_an_overdraft_by_share_of_the_newest_bank() -> None:
    """Half of the last purchase of 2 h may be owed, not of the 8 h before: of 12 h 10 are there, 1 owed, 1 refused."""
    short = Overdraw(percent(50), settled_at=AT_140)
    rating = rate(
        contract(PrepaidHours(banks=Banks(short=short), beyond=Refuse())),
        bank("B-1", "2025-01-01 09:00", hours(8)),
        bank("B-2", "2025-01-02 09:00", hours(2)),
        work("W", "2025-01-03 09:00", hours(12)),
        until="2025-02-01",
    )
    assert [(line[1], line[4] // HOUR) for line in use_lines(rating)] == [
        ("banks", 8),
        ("banks", 2),
        ("overdraft", 1),
        ("refuse", 1),
    ]
    assert rating.deficits == {"banks": HOUR}


def test_a_reservation_changes_no_amount() -> None:
    """An hour that is set aside is drawn all the same."""
    rating = rate(
        contract(PrepaidHours(beyond=Refuse())),
        bank("B", "2025-01-01 09:00", hours(1)),
        Reserved("R", at("2025-01-02 09:00"), key="k", quantity=hours(1), expires_at=at("2025-02-02 09:00")),
        work("W", "2025-01-03 09:00", hours(1)),
        Released("R-2", at("2025-01-04 09:00"), key="k"),
    )
    assert use_lines(rating) == [("W", "banks", "B", "drawn", HOUR, 0)]
