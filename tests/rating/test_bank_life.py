"""The life of a bank: expiry, extension, refund, and what becomes of its draws when it should never have been."""

import pytest

from supportcontracts import (
    BankExtended,
    BankRefunded,
    Banks,
    Money,
    Payment,
    Price,
    Refuse,
    Replace,
    Void,
    hours,
    incidents,
    seconds,
)
from supportcontracts.errors import DuplicateEvent, ForeignEvent
from supportcontracts.quantity import Quantity
from tests.rating.bank_builders import OVERAGE, agreed, at, bank, charged, entry, fired, moved, paid, rated, story

PREPAID = agreed(Banks(), OVERAGE)
UNTIL_MARCH = bank("B-1", "2025-01-02 09:00", "10h", expires_on="2025-03-31", price=Price("115 EUR/h"))


def extended(when: str, expires_on: str, name: str = "X-1", **more: object) -> BankExtended:
    """Extend bank B-1."""
    return BankExtended(name, at(when), bank="B-1", expires_on=expires_on, reason="project booked", **more)  # type: ignore[arg-type]  # any field


def refunded(when: str, quantity: Quantity | None = None, name: str = "X-1") -> BankRefunded:
    """Refund units of bank B-1, or all that is left."""
    return BankRefunded(name, at(when), bank="B-1", quantity=quantity)


# Expiry and extension


@pytest.mark.rule("B6", "L2")
def test_at_the_end_of_its_last_day_what_is_left_of_a_bank_is_forfeited() -> None:
    """10h − 4h = 6h lapse at 1 April 00:00: before it 6h are left, from it on 0h."""
    rating = rated(PREPAID, UNTIL_MARCH, entry("W-1", "2025-02-10 09:00", "4h"))
    assert moved(rating, "B-1") == [
        "2025-01-02 09:00 purchase 10h 00m",
        "2025-02-10 09:00 draw 4h 00m",
        "2025-04-01 00:00 forfeit 6h 00m",
    ]
    assert rating.balance("B-1", as_of=at("2025-03-31 23:59:59")).left == 6 * 3600
    assert rating.balance("B-1", as_of=at("2025-04-01 00:00")).left == 0


@pytest.mark.rule("B6", "D2")
def test_the_expiry_belongs_to_the_rating_that_ends_there() -> None:
    """A rating until 1 April 00:00 has forfeited the 10h; one second earlier they are still there."""
    assert rated(PREPAID, UNTIL_MARCH, until="2025-04-01").balance("B-1").forfeited == 36000
    assert rated(PREPAID, UNTIL_MARCH, until=at("2025-03-31 23:59:59")).balance("B-1").left == 36000


@pytest.mark.rule("B6")
def test_a_bank_without_a_last_day_does_not_expire() -> None:
    """Ten years on the 10h are still there, for the term that lasts so long."""
    terms = agreed(Banks(), OVERAGE, term={"months": 120})
    rating = rated(
        terms, bank("B-1", "2025-01-02 09:00", "10h"), entry("W-1", "2034-12-31 23:59:59", "10h"), until="2035-01-01"
    )
    assert paid(rating, "W-1") == ["B-1 10h 00m"]


@pytest.mark.rule("B6", "D7")
def test_an_extension_moves_the_end_of_a_bank() -> None:
    """Extended in its last second to 30 June: it pays on 30 June 23:59:59, and the other 9h lapse then."""
    rating = rated(
        PREPAID,
        UNTIL_MARCH,
        extended("2025-03-31 23:59:59", "2025-06-30"),
        entry("W-1", "2025-06-30 23:59:59", "1h"),
        entry("W-2", "2025-07-01 00:00:00", "1h"),
    )
    assert paid(rating, "W-1") == ["B-1 1h 00m"]
    assert paid(rating, "W-2") == ["charged 1h 00m 140.00 EUR"]
    assert moved(rating, "B-1")[1:] == ["2025-06-30 23:59:59 draw 1h 00m", "2025-07-01 00:00 forfeit 9h 00m"]


@pytest.mark.rule("D3", "D7")
def test_an_extension_at_the_instant_of_the_end_comes_too_late() -> None:
    """At 1 April 00:00 the bank ends first: the extension is refused with a code, and the 10h are lost."""
    rating = rated(
        PREPAID, UNTIL_MARCH, extended("2025-04-01 00:00", "2025-06-30"), entry("W-1", "2025-04-01 00:00", "1h")
    )
    assert moved(rating, "B-1")[1:] == ["2025-04-01 00:00 forfeit 10h 00m", "2025-04-01 00:00 refused ended"]
    assert paid(rating, "W-1") == ["charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("D7")
@pytest.mark.parametrize("expires_on", ["2025-03-31", "2025-03-30"])
def test_an_extension_to_the_same_day_or_an_earlier_one_is_refused(expires_on: str) -> None:
    """Only a later last day extends: the bank still ends with 31 March."""
    rating = rated(PREPAID, UNTIL_MARCH, extended("2025-02-10 09:00", expires_on))
    assert moved(rating, "B-1")[1:] == ["2025-02-10 09:00 refused not-later", "2025-04-01 00:00 forfeit 10h 00m"]


@pytest.mark.rule("D7")
def test_no_day_is_later_than_never() -> None:
    """A bank that does not expire cannot be extended to a date: it would end sooner."""
    rating = rated(
        PREPAID,
        bank("B-1", "2025-01-02 09:00", "10h"),
        extended("2025-02-10 09:00", "2025-06-30"),
        entry("W-1", "2025-07-01 00:00", "1h"),
    )
    assert moved(rating, "B-1")[1] == "2025-02-10 09:00 refused not-later"
    assert paid(rating, "W-1") == ["B-1 1h 00m"]


@pytest.mark.rule("D7")
def test_what_happens_to_a_bank_that_does_not_exist_is_refused_not_an_error() -> None:
    """Extension, refund and payment of a bank that was never bought: refused movements, no line, no error."""
    rating = rated(
        PREPAID,
        extended("2025-02-10 09:00", "2025-06-30"),
        refunded("2025-02-11 09:00", name="X-2"),
        Payment("P-1", at("2025-02-12 09:00"), bank="B-1"),
    )
    assert {movement.kind for movement in rating.movements} == {"refused"}
    assert all(movement.code for movement in rating.movements)
    assert rating.lines == ()


@pytest.mark.rule("D16", "D7")
def test_an_extended_bank_takes_its_new_place_in_the_order() -> None:
    """B-1 ends in March, B-2 in May: B-1 pays until it is extended to June, then B-2 does."""
    rating = rated(
        PREPAID,
        UNTIL_MARCH,
        bank("B-2", "2025-01-02 09:00", "10h", expires_on="2025-05-31"),
        entry("W-1", "2025-02-10 08:59:59", "1h"),
        extended("2025-02-10 09:00", "2025-06-30"),
        entry("A-2", "2025-02-10 09:00:00", "1h"),
    )
    assert paid(rating, "W-1") == ["B-1 1h 00m"]
    assert paid(rating, "A-2") == ["B-2 1h 00m"]


@pytest.mark.rule("D6", "D7")
def test_an_extension_recorded_after_the_end_counts_from_when_it_happened() -> None:
    """Granted on 28 March, typed in on 10 April: work on 5 April is drawn after all."""
    events = story(
        UNTIL_MARCH,
        extended("2025-03-28 09:00", "2025-06-30", recorded_at=at("2025-04-10 09:00")),
        entry("W-1", "2025-04-05 09:00", "1h"),
    )
    assert paid(rated(PREPAID, *events), "W-1") == ["B-1 1h 00m"]
    before = rated(PREPAID, *events, until="2025-04-10", known_at=at("2025-04-10 08:59:59"))
    assert paid(before, "W-1") == ["charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("B6", "D7")
def test_a_bank_can_be_extended_twice() -> None:
    """To 30 April, then to 31 May, each while it lives; its 10h lapse at 1 June."""
    rating = rated(
        PREPAID,
        UNTIL_MARCH,
        extended("2025-03-31 12:00", "2025-04-30"),
        extended("2025-04-30 12:00", "2025-05-31", "X-2"),
    )
    assert moved(rating, "B-1")[1:] == ["2025-06-01 00:00 forfeit 10h 00m"]


# Refund


@pytest.mark.rule("D24")
def test_a_refund_gives_what_is_left_for_the_price_it_was_bought_for() -> None:
    """10h at 115; 4h are used: 6h × 115 = 690.00 come back, and the bank is empty."""
    rating = rated(
        PREPAID,
        UNTIL_MARCH,
        entry("W-1", "2025-02-10 09:00", "4h"),
        refunded("2025-03-10 09:00"),
        entry("W-2", "2025-03-11 09:00", "1h"),
    )
    assert charged(rating) == [
        "2025-01 purchase 1,150.00 EUR",
        "2025-03 refund -690.00 EUR",
        "2025-03 overage 140.00 EUR",
    ]
    assert moved(rating, "B-1")[2:] == ["2025-03-10 09:00 refund 6h 00m"]


@pytest.mark.rule("D24")
def test_partial_refunds_add_up_to_the_price() -> None:
    """3h for 100.00. Cumulative shares: 33.33, 66.67, 100.00; so 33.33, 33.34 and 33.33 come back."""
    three = [refunded(f"2025-02-0{n} 09:00", hours(1), f"X-{n}") for n in (1, 2, 3)]
    rating = rated(PREPAID, bank("B-1", "2025-01-02 09:00", "3h", price=Money("100 EUR")), *three)
    assert charged(rating, "refund") == [
        "2025-02 refund -33.33 EUR",
        "2025-02 refund -33.34 EUR",
        "2025-02 refund -33.33 EUR",
    ]
    assert str(rating.total) == "0.00 EUR"


@pytest.mark.rule("D24")
def test_partial_refunds_of_incidents_are_cumulative_too() -> None:
    """5 for 99.99. 2 of 5: 39.996 → 40.00 come back; all 5: 99.99 − 40.00 = 59.99."""
    terms = agreed(Banks(), Refuse(), unit="incidents")
    rating = rated(
        terms,
        bank("B-1", "2025-01-02 09:00", incidents(5), price=Money("99.99 EUR")),
        refunded("2025-02-01 09:00", incidents(2)),
        refunded("2025-02-02 09:00", None, "X-2"),
    )
    assert charged(rating, "refund") == ["2025-02 refund -40.00 EUR", "2025-02 refund -59.99 EUR"]


@pytest.mark.rule("D24")
def test_units_used_between_two_refunds_do_not_disturb_the_shares() -> None:
    """7h for 100.00: 2h → 200/7 = 28.57; 3h are used; the last 2h → 400/7 = 57.14 − 28.57 = 28.57."""
    rating = rated(
        PREPAID,
        bank("B-1", "2025-01-02 09:00", "7h", price=Money("100 EUR")),
        refunded("2025-02-01 09:00", hours(2)),
        entry("W-1", "2025-02-02 09:00", "3h"),
        refunded("2025-02-03 09:00", None, "X-2"),
    )
    assert charged(rating, "refund") == ["2025-02 refund -28.57 EUR", "2025-02 refund -28.57 EUR"]


@pytest.mark.rule("D7", "D24")
def test_more_than_is_left_is_not_refunded() -> None:
    """6h are left: 6h 00m 01s are refused with a code and cost nothing; 6h are then refunded for 690.00."""
    rating = rated(
        PREPAID,
        UNTIL_MARCH,
        entry("W-1", "2025-02-10 09:00", "4h"),
        refunded("2025-03-10 09:00", seconds(6 * 3600 + 1)),
        refunded("2025-03-10 10:00", hours(6), "X-2"),
    )
    assert moved(rating, "B-1")[2:] == ["2025-03-10 09:00 refused exceeds-left", "2025-03-10 10:00 refund 6h 00m"]
    assert charged(rating, "refund") == ["2025-03 refund -690.00 EUR"]


@pytest.mark.rule("D3", "D7")
def test_a_bank_that_has_ended_is_not_refunded() -> None:
    """At 1 April 00:00 the bank ends before it is refunded: refused with a code, and no money moves."""
    rating = rated(PREPAID, UNTIL_MARCH, refunded("2025-04-01 00:00"))
    assert moved(rating, "B-1")[1:] == ["2025-04-01 00:00 forfeit 10h 00m", "2025-04-01 00:00 refused ended"]
    assert charged(rating, "refund") == []


@pytest.mark.rule("D3")
def test_a_refund_comes_before_the_use_of_its_instant() -> None:
    """All 10h are refunded at 09:00; work that starts at 09:00 finds nothing."""
    rating = rated(PREPAID, UNTIL_MARCH, entry("A-1", "2025-02-10 09:00", "1h"), refunded("2025-02-10 09:00"))
    assert paid(rating, "A-1") == ["charged 1h 00m 140.00 EUR"]
    assert charged(rating, "refund") == ["2025-02 refund -1,150.00 EUR"]


@pytest.mark.rule("D3", "D7")
def test_a_refund_comes_before_a_purchase_of_its_instant() -> None:
    """Refunded at the very second of its purchase the bank does not exist yet: refused, and its 10h are there."""
    rating = rated(PREPAID, UNTIL_MARCH, refunded("2025-01-02 09:00"), entry("W-1", "2025-02-10 09:00", "1h"))
    assert [movement.kind for movement in rating.movements][:2] == ["refused", "purchase"]
    assert paid(rating, "W-1") == ["B-1 1h 00m"]


@pytest.mark.rule("D24", "D28")
def test_a_bank_that_cost_nothing_is_refunded_for_nothing() -> None:
    """A granted bank gives its 10h back for 0.00."""
    rating = rated(PREPAID, bank("B-1", "2025-01-02 09:00", "10h", origin="granted"), refunded("2025-02-10 09:00"))
    assert rating.balance("B-1").refunded == 36000
    assert charged(rating) == []


# What should never have been


@pytest.mark.rule("D6")
def test_the_draws_of_a_voided_bank_move_to_the_next_source() -> None:
    """B-1 paid 3h of 3h. It never was: B-2 has 2h, and 1h × 140 = 140.00 is charged; of B-1 nothing is left to see."""
    void = Void("V-1", at("2025-04-03 09:00"), target="B-1", reason="typed twice")
    events = story(UNTIL_MARCH, bank("B-2", "2025-01-02 09:00", "2h"), entry("W-1", "2025-02-10 09:00", "3h"))
    assert paid(rated(PREPAID, *events), "W-1") == ["B-1 3h 00m"]
    rating = rated(PREPAID, *events, void)
    assert paid(rating, "W-1") == ["B-2 2h 00m", "charged 1h 00m 140.00 EUR"]
    assert moved(rating, "B-1") == []
    assert charged(rating, "purchase") == []


@pytest.mark.rule("D6")
def test_a_voided_entry_gives_its_units_to_the_entries_after_it() -> None:
    """2h: W-1 took them and W-2 was charged. Without W-1 the bank pays for W-2."""
    events = story(
        bank("B-1", "2025-01-02 09:00", "2h"),
        entry("W-1", "2025-02-10 09:00", "2h"),
        entry("W-2", "2025-02-11 09:00", "2h"),
    )
    rating = rated(PREPAID, *events, Void("V-1", at("2025-02-12 09:00"), target="W-1"))
    assert rating.lines_of("W-1") == ()
    assert paid(rating, "W-2") == ["B-1 2h 00m"]


@pytest.mark.rule("D6")
def test_a_replaced_bank_is_rated_as_what_it_should_have_been() -> None:
    """5h instead of 10h at 115: 575.00; W-1 takes 4h, W-2 gets 1h of 4h and 3h × 140 = 420.00 are charged."""
    right = bank("B-1", "2025-01-02 09:00", "5h", price=Price("115 EUR/h"))
    rating = rated(
        PREPAID,
        UNTIL_MARCH,
        entry("W-1", "2025-02-10 09:00", "4h"),
        entry("W-2", "2025-02-11 09:00", "4h"),
        Replace("V-1", at("2025-04-03 09:00"), target="B-1", by=right),
    )
    assert paid(rating, "W-2") == ["B-1 1h 00m", "charged 3h 00m 420.00 EUR"]
    assert charged(rating) == ["2025-01 purchase 575.00 EUR", "2025-02 overage 420.00 EUR"]


@pytest.mark.rule("D6")
@pytest.mark.parametrize(
    ("void", "replace", "expected"),
    [
        (("V-1", "2025-03-02 09:00"), ("V-2", "2025-03-01 09:00"), []),  # the Void was recorded later
        (("V-1", "2025-03-01 09:00"), ("V-2", "2025-03-02 09:00"), ["charged 1h 00m 140.00 EUR"]),
        (("V-1", "2025-03-01 09:00"), ("V-2", "2025-03-01 09:00"), ["charged 1h 00m 140.00 EUR"]),  # V-2 > V-1
        (("V-2", "2025-03-01 09:00"), ("V-1", "2025-03-01 09:00"), []),
    ],
)
def test_of_two_corrections_the_latest_recorded_wins(
    void: tuple[str, str], replace: tuple[str, str], expected: list[str]
) -> None:
    """Recorded later wins, whenever the correction says that it happened; of two at one instant the greater id."""
    happened = at("2025-02-20 09:00")
    rating = rated(
        agreed(OVERAGE),
        entry("W-1", "2025-02-10 09:00", "2h"),
        Void(void[0], happened, target="W-1", recorded_at=at(void[1])),
        Replace(
            replace[0], happened, target="W-1", by=entry("W-1", "2025-02-10 09:00", "1h"), recorded_at=at(replace[1])
        ),
    )
    assert paid(rating, "W-1") == expected


@pytest.mark.rule("D6")
def test_a_correction_that_comes_twice_was_recorded_when_it_first_was() -> None:
    """The Void was recorded on 1 March and sent again on the 3rd; the Replace of 2 March is later than the first."""
    void, again = (
        Void("V-1", at("2025-02-20 09:00"), target="W-1", recorded_at=at(f"2025-03-0{day} 09:00")) for day in (1, 3)
    )
    right = entry("W-1", "2025-02-10 09:00", "1h")
    replace = Replace("V-2", at("2025-02-20 09:00"), target="W-1", by=right, recorded_at=at("2025-03-02 09:00"))
    rating = rated(agreed(OVERAGE), entry("W-1", "2025-02-10 09:00", "2h"), void, replace, again)
    assert paid(rating, "W-1") == ["charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("D6", "D2")
def test_a_correction_made_after_the_period_still_corrects_it() -> None:
    """Voided on 5 March: a rating until 1 February knows it, and shows no work; as of February it was charged."""
    events = story(entry("W-1", "2025-01-10 09:00", "1h"), Void("V-1", at("2025-03-05 09:00"), target="W-1"))
    assert rated(agreed(OVERAGE), *events, until="2025-02-01").lines == ()
    before = rated(agreed(OVERAGE), *events, until="2025-02-01", known_at=at("2025-03-05 08:59:59"))
    assert paid(before, "W-1") == ["charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("D6", "D2")
def test_a_replacement_is_rated_at_its_own_instant() -> None:
    """Moved from January to February: a rating until 1 February no longer has it, and one until March has it there."""
    events = story(
        entry("W-1", "2025-01-31 09:00", "1h"),
        Replace("V-1", at("2025-03-05 09:00"), target="W-1", by=entry("W-1", "2025-02-01 09:00", "1h")),
    )
    assert rated(agreed(OVERAGE), *events, until="2025-02-01").lines == ()
    assert charged(rated(agreed(OVERAGE), *events, until="2025-03-01")) == ["2025-02 charge 140.00 EUR"]


@pytest.mark.rule("D6")
def test_a_correction_of_something_unknown_is_reported_and_changes_nothing() -> None:
    """W-9 is not there: one notice, and W-1 costs what it costs."""
    rating = rated(
        agreed(OVERAGE), entry("W-1", "2025-01-10 09:00", "1h"), Void("V-1", at("2025-01-11 09:00"), target="W-9")
    )
    assert [notice.code for notice in rating.notices] == ["unmatched-correction"]
    assert str(rating.total) == "140.00 EUR"


@pytest.mark.rule("D6", "L3")
def test_an_event_that_comes_twice_counts_once_and_was_known_when_it_was_first_recorded() -> None:
    """The same hour recorded on 11 and 15 January is one hour, and known from the 11th on, in either order."""
    first = entry("W-1", "2025-01-10 09:00", "1h", recorded_at=at("2025-01-11 09:00"))
    again = entry("W-1", "2025-01-10 09:00", "1h", recorded_at=at("2025-01-15 09:00"))
    for events in ([first, again], [again, first]):
        assert str(rated(agreed(OVERAGE), *events).total) == "140.00 EUR"
        assert str(rated(agreed(OVERAGE), *events, known_at=at("2025-01-12 09:00")).total) == "140.00 EUR"
    assert rated(agreed(OVERAGE), first, known_at=at("2025-01-11 08:59:59")).lines == ()


@pytest.mark.rule("D6", "D7")
def test_one_id_with_two_contents_is_an_error_that_names_it() -> None:
    """W-1 with 1h and W-1 with 2h cannot both be true."""
    with pytest.raises(DuplicateEvent, match="W-1"):
        rated(agreed(OVERAGE), entry("W-1", "2025-01-10 09:00", "1h"), entry("W-1", "2025-01-10 09:00", "2h"))


@pytest.mark.rule("D7")
def test_an_event_of_another_customer_or_contract_is_an_error() -> None:
    """The contract is C-1 of elm: work for C-2 was sent to the wrong place."""
    with pytest.raises(ForeignEvent, match="W-1"):
        rated(agreed(OVERAGE), entry("W-1", "2025-01-10 09:00", "1h", contract="C-2"))


@pytest.mark.rule("D6", "D7")
def test_a_refund_made_good_by_a_later_correction_stands() -> None:
    """6h were refused as more than the 5h left; without the entry of 5h they are given back, 6h × 115 = 690.00."""
    events = story(UNTIL_MARCH, entry("W-1", "2025-02-10 09:00", "5h"), refunded("2025-03-10 09:00", hours(6)))
    assert charged(rated(PREPAID, *events), "refund") == []
    rating = rated(PREPAID, *events, Void("V-1", at("2025-03-11 09:00"), target="W-1"))
    assert charged(rating, "refund") == ["2025-03 refund -690.00 EUR"]
    assert fired(rating) == []
