"""Notices: levels of what remains, days left, top-ups and fair use. None of them ever changes an amount."""

from fractions import Fraction

import pytest

from supportcontracts import (
    Allotment,
    BankExtended,
    BankRefunded,
    Banks,
    Cancelled,
    Contract,
    DaysLeft,
    FixedAnnual,
    Lot,
    Money,
    Opened,
    Overdraw,
    Phase,
    PrepaidHours,
    Price,
    Refuse,
    Remaining,
    RemainingShare,
    State,
    Term,
    TopUp,
    Unlimited,
    Void,
    days,
    hours,
    incidents,
    months,
    percent,
    seconds,
)
from supportcontracts.contracts.banks import WarnLevel
from tests.rating.bank_builders import (
    BERLIN,
    OVERAGE,
    agreed,
    at,
    bank,
    contract,
    entry,
    fired,
    happened,
    paid,
    rated,
    story,
)

AT_115 = Price("115 EUR/h")


def warned(*levels: WarnLevel) -> Contract:
    """Banks with these levels, then 140 EUR/h."""
    return agreed(Banks(warn_levels=levels), OVERAGE)


# Levels


@pytest.mark.rule("D22")
def test_a_level_fires_when_what_remains_falls_to_it() -> None:
    """5h − 2h = 3h: not yet. − 59m 59s = 2h 00m 01s: not yet. − 1s = 2h 00m: now. − 1h: never again."""
    rating = rated(
        warned(Remaining(hours(2))),
        bank("B-1", "2025-01-02 09:00", "5h"),
        entry("W-1", "2025-01-10 09:00", "2h"),
        entry("W-2", "2025-01-11 09:00", "0h 59m 59s"),
        entry("W-3", "2025-01-12 09:00", "0h 00m 01s"),
        entry("W-4", "2025-01-13 09:00", "1h"),
    )
    assert fired(rating) == ["warn-level W-3 2025-01-12 09:00"]


@pytest.mark.rule("D22")
def test_one_entry_that_passes_three_levels_gives_three_notices() -> None:
    """5h − 4h 30m = 30m, past 4h, 2h and 1h; the keys of the three are different."""
    rating = rated(
        warned(Remaining(hours(4)), Remaining(hours(2)), Remaining(hours(1))),
        bank("B-1", "2025-01-02 09:00", "5h"),
        entry("W-1", "2025-01-10 09:00", "4h 30m"),
    )
    assert fired(rating) == ["warn-level W-1 2025-01-10 09:00"] * 3
    assert len({notice.key for notice in rating.notices}) == 3


@pytest.mark.rule("D22")
def test_what_remains_is_counted_over_all_usable_banks() -> None:
    """3h + 5h, of which B-2 starts on 1 April.

    1h used: 2h usable remain, and the level of 2h fires although B-2 exists.
    """
    rating = rated(
        warned(Remaining(hours(2))),
        bank("B-1", "2025-01-02 09:00", "3h"),
        bank("B-2", "2025-01-02 09:00", "5h", usable_from=at("2025-04-01 00:00")),
        entry("W-1", "2025-01-10 09:00", "1h"),
        until="2025-03-01",
    )
    assert fired(rating) == ["warn-level W-1 2025-01-10 09:00"]


@pytest.mark.rule("D22")
def test_two_banks_that_are_usable_are_added_up() -> None:
    """3h + 5h = 8h; W-1 empties B-1: 5h remain, above 2h. W-2 takes 3h: 2h remain."""
    rating = rated(
        warned(Remaining(hours(2))),
        bank("B-1", "2025-01-02 09:00", "3h", expires_on="2025-06-30"),
        bank("B-2", "2025-01-02 09:00", "5h"),
        entry("W-1", "2025-01-10 09:00", "3h"),
        entry("W-2", "2025-01-11 09:00", "3h"),
        until="2025-03-01",
    )
    assert fired(rating) == ["warn-level W-2 2025-01-11 09:00"]


@pytest.mark.rule("D22", "B6")
def test_an_expiry_passes_a_level_too() -> None:
    """5h + 1h: with the end of 31 March 1h remains, so the level of 2h fires at 1 April 00:00, because of B-1."""
    rating = rated(
        warned(Remaining(hours(2))),
        bank("B-1", "2025-01-02 09:00", "5h", expires_on="2025-03-31"),
        bank("B-2", "2025-01-02 09:00", "1h"),
    )
    assert fired(rating) == ["warn-level B-1 2025-04-01 00:00"]


@pytest.mark.rule("D22")
def test_a_refund_passes_a_level_too() -> None:
    """5h − 4h refunded = 1h."""
    rating = rated(
        warned(Remaining(hours(2))),
        bank("B-1", "2025-01-02 09:00", "5h"),
        BankRefunded("X-1", at("2025-02-10 09:00"), bank="B-1", quantity=hours(4)),
    )
    assert [(notice.code, notice.at) for notice in rating.notices] == [("warn-level", at("2025-02-10 09:00"))]


@pytest.mark.rule("D22")
def test_a_purchase_below_a_level_does_not_fire_it() -> None:
    """From 0h to 1h is a rise; the use of that hour is a fall, but not from above 2h."""
    rating = rated(
        warned(Remaining(hours(2))), bank("B-1", "2025-01-02 09:00", "1h"), entry("W-1", "2025-01-10 09:00", "1h")
    )
    assert fired(rating) == []


@pytest.mark.rule("D22")
def test_a_fall_that_starts_at_the_level_does_not_fire_it() -> None:
    """A bank of exactly 2h, the level: 2h − 1h = 1h falls, but not from above 2h."""
    rating = rated(
        warned(Remaining(hours(2))), bank("B-1", "2025-01-02 09:00", "2h"), entry("W-1", "2025-01-10 09:00", "1h")
    )
    assert fired(rating) == []


@pytest.mark.rule("D22")
@pytest.mark.parametrize(
    ("level", "expected"),
    [
        # 10h and then 5h are bought; 4h, 7h, 3h are used: 15 → 11 → 4 → 1.
        (RemainingShare(percent(20)), ["warn-level W-3 2025-01-12 09:00"]),  # 20 % of 5h = 1h
        (RemainingShare(percent(20), of="total"), ["warn-level W-3 2025-01-12 09:00"]),  # 20 % of 15h = 3h
        (RemainingShare(percent(30), of="total"), ["warn-level W-2 2025-01-11 09:00"]),  # 30 % of 15h = 4.5h
        (RemainingShare(percent(80)), ["warn-level W-2 2025-01-11 09:00"]),  # 80 % of 5h = 4h
        (RemainingShare(Fraction(1, 6)), []),  # 1/6 of 5h = 50m
    ],
)
def test_a_level_can_be_a_share_of_the_last_purchase_or_of_all(level: WarnLevel, expected: list[str]) -> None:
    """Each share is taken of the 5h bought last, or of the 15h bought in all."""
    rating = rated(
        warned(level),
        bank("B-1", "2025-01-02 09:00", "10h"),
        bank("B-2", "2025-01-03 09:00", "5h"),
        entry("W-1", "2025-01-10 09:00", "4h"),
        entry("W-2", "2025-01-11 09:00", "7h"),
        entry("W-3", "2025-01-12 09:00", "3h"),
    )
    assert fired(rating) == expected


@pytest.mark.rule("D22", "I1")
def test_a_level_of_incidents_fires_too() -> None:
    """3 − 1 = 2: not yet at 1. − 1 = 1: now."""
    terms = agreed(Banks(warn_levels=Remaining(incidents(1))), Refuse(), unit="incidents")
    tickets = [happened(Opened, f"T-{n}", f"2025-01-1{n} 09:00") for n in (1, 2, 3)]
    rating = rated(terms, bank("B-1", "2025-01-02 09:00", incidents(3)), *tickets)
    assert fired(rating) == ["warn-level T-2 2025-01-12 09:00"]


@pytest.mark.rule("D22")
def test_a_level_fires_again_after_a_new_purchase_under_another_key() -> None:
    """5h − 3h = 2h: now. B-2 lifts it to 7h; − 5h = 2h: again, for the new bank; − 1h: no more."""
    rating = rated(
        warned(Remaining(hours(2))),
        bank("B-1", "2025-01-02 09:00", "5h"),
        entry("W-1", "2025-01-10 09:00", "3h"),
        bank("B-2", "2025-02-02 09:00", "5h"),
        entry("W-2", "2025-02-10 09:00", "5h"),
        entry("W-3", "2025-02-11 09:00", "1h"),
    )
    assert fired(rating) == ["warn-level W-1 2025-01-10 09:00", "warn-level W-2 2025-02-10 09:00"]
    assert rating.notices[0].key != rating.notices[1].key


@pytest.mark.rule("D22", "D6")
def test_a_correction_moves_a_notice_and_keeps_its_key() -> None:
    """W-1 brought 5h to 2h. Without it W-2 brings 5h to 1h: the same level under the same key, later."""
    events = story(
        bank("B-1", "2025-01-02 09:00", "5h"),
        entry("W-1", "2025-01-10 09:00", "3h"),
        entry("W-2", "2025-01-11 09:00", "4h"),
    )
    before = rated(warned(Remaining(hours(2))), *events)
    after = rated(warned(Remaining(hours(2))), *events, Void("V-1", at("2025-01-12 09:00"), target="W-1"))
    assert (fired(before), fired(after)) == (["warn-level W-1 2025-01-10 09:00"], ["warn-level W-2 2025-01-11 09:00"])
    assert before.notices[0].key == after.notices[0].key


@pytest.mark.rule("D22", "L4")
def test_a_saved_state_does_not_give_a_notice_again() -> None:
    """2h were reached in January; in February 1h more is used, and nothing is said."""
    terms = warned(Remaining(hours(2)))
    january = rated(
        terms, bank("B-1", "2025-01-02 09:00", "5h"), entry("W-1", "2025-01-10 09:00", "3h"), until="2025-02-01"
    )
    february = rated(terms, entry("W-2", "2025-02-10 09:00", "1h"), until="2025-03-01", opening=january.closing)
    assert (fired(january), fired(february)) == (["warn-level W-1 2025-01-10 09:00"], [])


# Days left


@pytest.mark.rule("D22")
@pytest.mark.parametrize(
    ("expires_on", "number", "day"),
    [
        ("2025-03-31", 30, "2025-03-01"),
        ("2025-04-10", 30, "2025-03-11"),  # over the spring change: counted in days, not in hours
        ("2025-11-10", 30, "2025-10-11"),  # over the autumn change
        ("2025-03-31", 1, "2025-03-30"),
    ],
)
def test_days_left_counts_local_days_back_from_the_last_day(expires_on: str, number: int, day: str) -> None:
    """The notice comes with the first second of that local day, while the bank still has units."""
    rating = rated(warned(DaysLeft(number)), bank("B-1", "2025-01-02 09:00", "5h", expires_on=expires_on))
    assert fired(rating) == [f"days-left B-1 {day} 00:00"]


@pytest.mark.rule("D22")
def test_days_left_are_said_only_of_a_bank_that_has_units() -> None:
    """B-1 was used up by 1 March; of B-2 1s is left, and B-3 does not expire."""
    rating = rated(
        warned(DaysLeft(30)),
        bank("B-1", "2025-01-02 09:00", "1h", expires_on="2025-03-31"),
        bank("B-2", "2025-01-03 09:00", "1h", expires_on="2025-03-31"),
        bank("B-3", "2025-01-03 09:00", "1h"),
        entry("W-1", "2025-02-10 09:00", "1h 59m 59s"),
    )
    assert fired(rating) == ["days-left B-2 2025-03-01 00:00"]


@pytest.mark.rule("D22", "D7")
def test_an_extension_moves_the_days_left() -> None:
    """Extended on 10 February from 31 March to 30 June: the notice comes 30 days before that, on 31 May."""
    rating = rated(
        warned(DaysLeft(30)),
        bank("B-1", "2025-01-02 09:00", "5h", expires_on="2025-03-31"),
        BankExtended("X-1", at("2025-02-10 09:00"), bank="B-1", expires_on="2025-06-30", reason="project booked"),
    )
    assert fired(rating) == ["days-left B-1 2025-05-31 00:00"]


@pytest.mark.rule("D22")
def test_a_bank_that_comes_with_fewer_days_left_says_so_at_once() -> None:
    """Bought on 10 March, 21 days to go: both levels above that at the purchase; the third when 7 days are left."""
    rating = rated(
        warned(DaysLeft(60), DaysLeft(30), DaysLeft(7)),
        bank("B-1", "2025-03-10 10:00", "5h", expires_on="2025-03-31"),
    )
    assert fired(rating) == [
        "days-left B-1 2025-03-10 10:00",
        "days-left B-1 2025-03-10 10:00",
        "days-left B-1 2025-03-24 00:00",
    ]
    assert [str(notice) for notice in rating.notices] == [
        "bank B-1 has 5h 00m left and expires on 2025-03-31, in 21 days",
        "bank B-1 has 5h 00m left and expires on 2025-03-31, in 21 days",
        "bank B-1 has 5h 00m left and expires on 2025-03-31, in 7 days",
    ]


@pytest.mark.rule("D22")
@pytest.mark.parametrize(
    ("expires_on", "said"),
    [("2025-03-10", "today"), ("2025-03-11", "in 1 day"), ("2025-03-12", "in 2 days")],
)
def test_the_last_days_are_said_in_words(expires_on: str, said: str) -> None:
    """A bank that is bought on its last day expires today."""
    (notice,) = rated(warned(DaysLeft(30)), bank("B-1", "2025-03-10 10:00", "5h", expires_on=expires_on)).notices
    assert str(notice) == f"bank B-1 has 5h 00m left and expires on {expires_on}, {said}"


@pytest.mark.rule("D22", "D3")
def test_a_bank_that_comes_on_the_very_day_of_its_level_says_so_then() -> None:
    """30 days before 31 March is 1 March 00:00: bought before, then or after, it is said once, at the later."""
    for bought, said in (("02-28 23:59:59", "03-01 00:00"), ("03-01 00:00", "03-01 00:00"), ("03-01 00:01",) * 2):
        rating = rated(warned(DaysLeft(30)), bank("B-1", f"2025-{bought}", "5h", expires_on="2025-03-31"))
        assert fired(rating) == [f"days-left B-1 2025-{said}"]


@pytest.mark.rule("D22")
def test_terms_without_a_level_do_not_say_it() -> None:
    """Only January's terms have a level, and B-1 passes it in March."""
    phases = [
        Phase(
            Term("2025-01-01", months=1, zone=BERLIN),
            PrepaidHours(banks=Banks(warn_levels=DaysLeft(30)), beyond=OVERAGE),
        ),
        Phase(Term("2025-02-01", months=11, zone=BERLIN), PrepaidHours(banks=Banks(), beyond=OVERAGE)),
    ]
    assert fired(rated(contract(phases=phases), bank("B-1", "2025-01-02 09:00", "5h", expires_on="2025-03-31"))) == []


@pytest.mark.rule("D22", "D17")
def test_a_bank_bought_after_its_last_day_has_nothing_to_say() -> None:
    """It is lost whole; nothing is left to be used in time."""
    assert fired(rated(warned(DaysLeft(30)), bank("B-1", "2025-03-10 10:00", "5h", expires_on="2025-03-09"))) == []


@pytest.mark.rule("D22", "D18")
def test_a_bank_that_only_repays_has_nothing_to_say() -> None:
    """1h was owed, and all of the bank of 1h repaid it."""
    short = Overdraw(hours(1), settled_at=AT_115)
    terms = agreed(Banks(warn_levels=DaysLeft(30), short=short), OVERAGE)
    rating = rated(
        terms, entry("W-1", "2025-03-03 09:00", "1h"), bank("B-1", "2025-03-10 10:00", "1h", expires_on="2025-03-31")
    )
    assert fired(rating) == []


@pytest.mark.rule("D22", "D7")
def test_an_extension_into_the_days_left_says_so_at_once() -> None:
    """Said on 1 March for the 31st; extended on the 30th to 10 April, 11 days from then, it is said of that day too."""
    rating = rated(
        warned(DaysLeft(30)),
        bank("B-1", "2025-01-02 09:00", "5h", expires_on="2025-03-31"),
        BankExtended("X-1", at("2025-03-30 09:00"), bank="B-1", expires_on="2025-04-10", reason="project booked"),
    )
    assert fired(rating) == ["days-left B-1 2025-03-01 00:00", "days-left B-1 2025-03-30 09:00"]


@pytest.mark.rule("D21", "D22")
def test_a_unit_that_comes_back_for_some_days_says_so() -> None:
    """B-1 ended empty in January; the unit of T-1 comes back on 5 February for 10 days."""
    terms = agreed(Banks(warn_levels=DaysLeft(20), returns=days(10)), Refuse(), unit="incidents")
    rating = rated(
        terms,
        bank("B-1", "2024-06-02 09:00", incidents(1), expires_on="2025-01-31"),
        happened(Opened, "T-1", "2025-01-02 09:00"),
        happened(Cancelled, "T-1", "2025-02-05 09:00"),
    )
    assert fired(rating) == ["days-left B-1 2025-02-05 09:00"]
    assert str(rating.notices[0]) == "bank B-1 has 1 incident left and expires on 2025-02-15, in 10 days"


@pytest.mark.rule("D22")
def test_terms_that_bring_a_level_say_it_of_the_banks_that_have_passed_it() -> None:
    """From February on 90 days are a level: B-1 with 58 days to go is named when they begin, and B-2 in March."""
    phases = [
        Phase(Term("2025-01-01", months=1, zone=BERLIN), PrepaidHours(banks=Banks(), beyond=OVERAGE)),
        Phase(
            Term("2025-02-01", months=11, zone=BERLIN),
            PrepaidHours(banks=Banks(warn_levels=DaysLeft(90)), beyond=OVERAGE),
        ),
    ]
    rating = rated(
        contract(phases=phases),
        bank("B-1", "2025-01-02 09:00", "5h", expires_on="2025-03-31"),
        bank("B-2", "2025-01-02 09:00", "5h", expires_on="2025-05-31"),
    )
    assert fired(rating) == ["days-left B-1 2025-02-01 00:00", "days-left B-2 2025-03-02 00:00"]


@pytest.mark.rule("D22", "L4")
@pytest.mark.parametrize("cut", ["2025-03-10 10:00", "2025-03-10 10:00:01", "2025-03-24 00:00", "2025-03-25 00:00"])
def test_a_state_does_not_say_days_left_again(cut: str) -> None:
    """Through a saved state at any instant the same notices come once; what is carried over was said before."""
    terms = warned(DaysLeft(30), DaysLeft(7))
    bought = bank("B-1", "2025-03-10 10:00", "5h", expires_on="2025-03-31")
    stop = at(cut)
    first = rated(terms, bought, until=stop)
    rest = [] if bought.at < stop else [bought]
    second = rated(terms, *rest, opening=first.closing)
    assert first.notices + second.notices == rated(terms, bought).notices
    carried = State(stop, lots=[Lot("B-9", left=hours(3), expires_on="2025-03-31")])
    assert fired(rated(terms, opening=carried))[:1] == (["days-left B-9 2025-03-24 00:00"] if cut[8:10] != "25" else [])


@pytest.mark.rule("D22", "L4")
@pytest.mark.parametrize("cut", ["2025-01-15 00:00", "2025-02-01 00:00", "2025-03-01 00:00", "2025-03-15 00:00"])
def test_in_a_gap_the_levels_of_the_phase_before_hold_on(cut: str) -> None:
    """Only February has a level, 2h; in March, the gap, a refund of 4h takes the bank past it, also from a state."""
    plans = (PrepaidHours(banks=banks, beyond=OVERAGE) for banks in (Banks(), Banks(warn_levels=Remaining(hours(2)))))
    phases = [Phase(Term(f"2025-0{n}-01", months=1, zone=BERLIN), plan) for n, plan in enumerate(plans, 1)]
    last = Phase(Term("2025-04-01", months=1, zone=BERLIN), PrepaidHours(beyond=OVERAGE))
    terms, stop = contract(phases=[*phases, last]), at(cut)
    bought = bank("B-1", "2025-01-02 09:00", "5h")
    opening = rated(terms, bought, until=stop).closing
    refund = BankRefunded("R-1", at("2025-03-20 09:00"), bank="B-1", quantity=hours(4))
    assert fired(rated(terms, refund, opening=opening)) == ["warn-level R-1 2025-03-20 09:00"]


# Top-up


@pytest.mark.rule("B7", "D22")
def test_a_top_up_is_a_proposal_without_effect() -> None:
    """5h − 3h = 2h: 10h at 115 are proposed; the next 3h still take the 2h that are left, and 1h is charged."""
    terms = agreed(Banks(top_up=TopUp(Remaining(hours(2)), hours(10), AT_115)), OVERAGE)
    rating = rated(
        terms,
        bank("B-1", "2025-01-02 09:00", "5h"),
        entry("W-1", "2025-03-10 09:00", "3h"),
        entry("W-2", "2025-03-11 09:00", "3h"),
    )
    assert fired(rating, "top-up") == ["top-up W-1 2025-03-10 09:00"]
    proposal = rating.notices[0].proposal
    assert proposal is not None
    assert (proposal.quantity, proposal.price, proposal.customer, proposal.expires_on) == (
        hours(10),
        AT_115,
        "elm",
        None,
    )
    assert paid(rating, "W-2") == ["B-1 2h 00m", "charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("B7")
def test_a_proposal_that_is_recorded_pays() -> None:
    """The proposal recorded as it is: W-2 takes 2h of B-1 and 1h of the new bank, and 1150.00 are due."""
    terms = agreed(Banks(top_up=TopUp(Remaining(hours(2)), hours(10), AT_115)), OVERAGE)
    events = story(
        bank("B-1", "2025-01-02 09:00", "5h"),
        entry("W-1", "2025-03-10 09:00", "3h"),
        entry("W-2", "2025-03-11 09:00", "3h"),
    )
    proposal = rated(terms, *events).notices[0].proposal
    assert proposal is not None
    rating = rated(terms, *events, proposal)
    assert paid(rating, "W-2") == ["B-1 2h 00m", f"{proposal.id} 1h 00m"]
    assert str(rating.total) == "1,150.00 EUR"


@pytest.mark.rule("B7", "D22")
def test_of_several_top_up_rules_passed_at_once_only_the_lowest_proposes() -> None:
    """10h − 9h = 1h passes 5h and 2h: the rule for 2h proposes its 20h, the rule for 5h nothing."""
    rules = [TopUp(Remaining(hours(5)), hours(10), AT_115), TopUp(Remaining(hours(2)), hours(20), AT_115)]
    rating = rated(
        agreed(Banks(top_up=rules), OVERAGE),
        bank("B-1", "2025-01-02 09:00", "10h"),
        entry("W-1", "2025-03-10 09:00", "9h"),
    )
    assert [notice.proposal.quantity for notice in rating.notices if notice.proposal] == [hours(20)]


@pytest.mark.rule("B7", "D22")
def test_top_up_rules_passed_one_after_the_other_each_propose() -> None:
    """10h − 5h = 5h: the rule for 5h; − 3h = 2h: the rule for 2h."""
    rules = [TopUp(Remaining(hours(5)), hours(10), AT_115), TopUp(Remaining(hours(2)), hours(20), AT_115)]
    rating = rated(
        agreed(Banks(top_up=rules), OVERAGE),
        bank("B-1", "2025-01-02 09:00", "10h"),
        entry("W-1", "2025-03-10 09:00", "5h"),
        entry("W-2", "2025-03-11 09:00", "3h"),
    )
    assert fired(rating, "top-up") == ["top-up W-1 2025-03-10 09:00", "top-up W-2 2025-03-11 09:00"]
    assert [notice.proposal.quantity for notice in rating.notices if notice.proposal] == [hours(10), hours(20)]


@pytest.mark.rule("B7")
@pytest.mark.parametrize(("life", "last_day"), [(months(12), "2026-03-09"), (days(30), "2025-04-08"), (None, None)])
def test_a_proposed_bank_lasts_from_the_local_day_of_the_proposal(life: object, last_day: str | None) -> None:
    """Proposed at 00:30 on 10 March, 23:30 UTC on the 9th: 12 months last to 9 March 2026, 30 days to 8 April 2025."""
    rule = TopUp(Remaining(hours(2)), hours(10), AT_115, life=life)  # type: ignore[arg-type]  # one of three kinds
    rating = rated(
        agreed(Banks(top_up=rule), OVERAGE),
        bank("B-1", "2025-01-02 09:00", "5h"),
        entry("W-1", "2025-03-10 00:30", "3h"),
    )
    proposal = rating.notices[0].proposal
    assert proposal is not None
    assert (proposal.expires_on and proposal.expires_on.isoformat()) == last_day


# Fair use


@pytest.mark.rule("B1", "D22")
def test_the_review_level_fires_when_it_is_passed_not_when_it_is_reached() -> None:
    """10h of 10h: nothing. 1s more: a review. 5h more: nothing again; and all of it is included."""
    rating = rated(
        agreed(Unlimited(review_at=hours(10))),
        entry("W-1", "2025-01-10 09:00", "10h"),
        entry("W-2", "2025-01-11 09:00", "0h 00m 01s"),
        entry("W-3", "2025-01-12 09:00", "5h"),
    )
    assert fired(rating) == ["fair-use-review W-2 2025-01-11 09:00"]
    assert {line.disposition for line in rating.lines} == {"included"}


@pytest.mark.rule("B1", "D22")
def test_the_review_level_is_counted_anew_in_each_contract_year() -> None:
    """Years begin on 1 July: 11h on 30 June 23:59:59 pass 10h in the first, 10h from 1 July do not, 1s more does."""
    terms = agreed(Unlimited(review_at=hours(10)), term={"starts": "2024-07-01", "months": 24})
    rating = rated(
        terms,
        entry("W-1", "2025-06-30 23:59:59", "11h"),
        entry("W-2", "2025-07-01 00:00", "10h"),
        entry("W-3", "2025-07-02 00:00", "0h 00m 01s"),
        until="2026-07-01",
    )
    assert fired(rating) == ["fair-use-review W-1 2025-06-30 23:59:59", "fair-use-review W-3 2025-07-02 00:00"]
    assert len({notice.key for notice in rating.notices}) == 2


@pytest.mark.rule("B1", "D22")
def test_a_review_level_never_changes_an_amount() -> None:
    """A fixed fee of 1200.00 is 1200.00 with a review level that was passed, and without one."""
    work = entry("W-1", "2025-01-10 09:00", "11h")
    plain = rated(contract(FixedAnnual(fee=Money("1200 EUR"))), work)
    reviewed = rated(contract(FixedAnnual(fee=Money("1200 EUR"), review_at=hours(10))), work)
    assert plain.total == reviewed.total == Money("1200 EUR")
    assert fired(plain) == []
    assert fired(reviewed) == ["fair-use-review W-1 2025-01-10 09:00"]


@pytest.mark.rule("B1", "D22", "I1")
def test_a_review_level_of_incidents_looks_at_incidents_only() -> None:
    """2 incidents reach the level, the third passes it; hours of work do not count."""
    tickets = [happened(Opened, f"T-{n}", f"2025-01-1{n} 09:00") for n in (1, 2, 3)]
    terms = contract(FixedAnnual(fee=Money("1200 EUR"), review_at=incidents(2)))
    rating = rated(terms, *tickets, entry("W-1", "2025-01-10 09:00", "50h"))
    assert fired(rating) == ["fair-use-review T-3 2025-01-13 09:00"]


@pytest.mark.rule("D22")
def test_levels_look_at_banks_not_at_other_sources() -> None:
    """The allotment pays 10h; the bank stays at 3h, above 2h, and nothing is said."""
    terms = agreed(Allotment(hours(10)), Banks(warn_levels=Remaining(hours(2))), OVERAGE)
    rating = rated(terms, bank("B-1", "2025-01-02 09:00", "3h"), entry("W-1", "2025-01-10 09:00", "10h"))
    assert fired(rating) == []
    assert seconds(10800).amount == rating.balance("B-1").left
