"""Banks: from when to when they pay, by purchase, stated start, payment and last day."""

from typing import Any

import pytest

from supportcontracts import (
    Banks,
    Metering,
    Payment,
    Price,
    Void,
    Zone,
)
from tests.rating.bank_builders import (
    BERLIN,
    OVERAGE,
    agreed,
    at,
    bank,
    charged,
    entry,
    moved,
    paid,
    rated,
)

PREPAID = agreed(Banks(), OVERAGE)
ON_PAYMENT = agreed(Banks(usable="payment"), OVERAGE)
UTC, BEIRUT, HAVANA = Zone("UTC"), Zone("Asia/Beirut"), Zone("America/Havana")


# From when to when


@pytest.mark.rule("B6", "D2", "D3")
@pytest.mark.parametrize(
    ("zone", "expires_on", "last", "gone"),
    [
        (Zone("Europe/Berlin"), "2025-03-29", "2025-03-29 23:59:59", "2025-03-30 00:00:00"),
        # The day of the spring change has 23 hours, the day of the autumn change 25.
        (Zone("Europe/Berlin"), "2025-03-30", "2025-03-30 23:59:59", "2025-03-31 00:00:00"),
        (Zone("Europe/Berlin"), "2025-10-26", "2025-10-26 23:59:59", "2025-10-27 00:00:00"),
        # A leap day, and 28 February of a leap year.
        (Zone("Europe/Berlin"), "2024-02-29", "2024-02-29 23:59:59", "2024-03-01 00:00:00"),
        (Zone("Europe/Berlin"), "2024-02-28", "2024-02-28 23:59:59", "2024-02-29 00:00:00"),
        # Beirut had no midnight between these two seconds.
        (BEIRUT, "2025-03-29", "2025-03-29 23:59:59", "2025-03-30 01:00:00"),
    ],
)
def test_a_bank_pays_up_to_the_last_second_of_its_last_local_day(
    zone: Zone, expires_on: str, last: str, gone: str
) -> None:
    """Work that starts in the last second is paid whole, however long it lasts; one second later nothing is left."""
    terms = agreed(Banks(), OVERAGE, term={"starts": "2024-01-01", "months": 24, "zone": zone})
    rating = rated(
        terms,
        bank("B-1", "2024-01-02 09:00", "10h", expires_on=expires_on),
        entry("W-1", last, "2h", zone=zone),
        entry("W-2", gone, "1h", zone=zone),
    )
    assert paid(rating, "W-1") == ["B-1 2h 00m"]
    assert paid(rating, "W-2") == ["charged 1h 00m 140.00 EUR"]
    assert moved(rating, "B-1")[-1] == f"{gone.removesuffix(':00')} forfeit 8h 00m"


@pytest.mark.rule("B6", "D4")
def test_a_bank_whose_last_midnight_is_repeated_ends_at_the_first() -> None:
    """Havana showed 00:00 of 2 November 2025 twice, at 04:00 and 05:00 UTC: a bank until the 1st ends at 04:00."""
    terms = agreed(Banks(), OVERAGE, term={"zone": HAVANA})
    rating = rated(
        terms,
        bank("B-1", "2025-01-02 09:00", "10h", expires_on="2025-11-01"),
        entry("W-1", "2025-11-02 03:59:59", "1h", zone=UTC),
        entry("W-2", "2025-11-02 04:00:00", "1h", zone=UTC),
    )
    assert paid(rating, "W-1") == ["B-1 1h 00m"]
    assert paid(rating, "W-2") == ["charged 1h 00m 140.00 EUR"]
    assert [UTC.format(m.at) for m in rating.movements if m.kind == "forfeit"] == ["2025-11-02 04:00"]


@pytest.mark.rule("D3", "D17")
def test_a_bank_pays_from_the_instant_of_its_purchase() -> None:
    """Bought at 11:00:00: 1h from 10:59:59 is charged, 1h from 11:00:00 is drawn, whatever the ids."""
    rating = rated(
        PREPAID,
        bank("B-1", "2025-01-10 11:00", "10h"),
        entry("A-1", "2025-01-10 10:59:59", "1h"),
        entry("A-2", "2025-01-10 11:00:00", "1h"),
    )
    assert paid(rating, "A-1") == ["charged 1h 00m 140.00 EUR"]
    assert paid(rating, "A-2") == ["B-1 1h 00m"]


@pytest.mark.rule("D3")
def test_where_one_bank_ends_and_another_begins_the_new_one_pays() -> None:
    """B-1 ends and B-2 is bought at 1 April 00:00: 1h that starts there is drawn from B-2, and B-1's 10h are lost."""
    rating = rated(
        PREPAID,
        bank("B-1", "2025-01-02 09:00", "10h", expires_on="2025-03-31"),
        bank("B-2", "2025-04-01 00:00", "10h"),
        entry("W-1", "2025-04-01 00:00", "1h"),
    )
    assert paid(rating, "W-1") == ["B-2 1h 00m"]
    assert moved(rating, "B-1")[-1] == "2025-04-01 00:00 forfeit 10h 00m"


@pytest.mark.rule("D5")
def test_work_split_at_an_expiry_is_paid_by_the_bank_up_to_its_end() -> None:
    """22:00 to 02:00 over the end of 14 March: 2h from the bank, 2h × 140 = 280.00 after it; 8h lapse."""
    terms = agreed(Banks(), OVERAGE, metering=Metering(at_boundary="split"))
    rating = rated(
        terms,
        bank("B-1", "2025-01-02 09:00", "10h", expires_on="2025-03-14"),
        entry("W-1", "2025-03-14 22:00", "4h"),
        until="2025-04-01",
    )
    assert paid(rating, "W-1") == ["B-1 2h 00m", "charged 2h 00m 280.00 EUR"]
    assert moved(rating, "B-1")[-1] == "2025-03-15 00:00 forfeit 8h 00m"


@pytest.mark.rule("D5")
def test_a_boundary_of_a_bank_bought_after_the_work_began_does_not_cut_it() -> None:
    """22:00 to 02:00; a bank bought at 23:00 on its last day was not there when the work began: 4h are charged."""
    terms = agreed(Banks(), OVERAGE, metering=Metering(at_boundary="split"))
    rating = rated(
        terms,
        entry("W-1", "2025-03-14 22:00", "4h"),
        bank("B-1", "2025-03-14 23:00", "10h", expires_on="2025-03-14"),
        until="2025-04-01",
    )
    assert paid(rating, "W-1") == ["charged 4h 00m 560.00 EUR"]


@pytest.mark.rule("D17")
def test_a_stated_later_start_is_waited_for() -> None:
    """Bought on 10 January, usable from 1 February 00:00: not one second before, and at that second."""
    rating = rated(
        PREPAID,
        bank("B-1", "2025-01-10 09:00", "10h", usable_from=at("2025-02-01 00:00")),
        entry("W-1", "2025-01-31 23:59:59", "1h"),
        entry("W-2", "2025-02-01 00:00:00", "1h"),
    )
    assert paid(rating, "W-1") == ["charged 1h 00m 140.00 EUR"]
    assert paid(rating, "W-2") == ["B-1 1h 00m"]


@pytest.mark.rule("D17", "L2", "L10")
def test_a_stated_earlier_start_reaches_back_before_the_purchase() -> None:
    """Bought on 10 March, usable from 1 March 00:00: it pays for 5 March, and not for the second before 1 March.

    The purchase is a line of the 10th all the same; its units are there when they may first be used.
    """
    rating = rated(
        PREPAID,
        entry("W-1", "2025-02-28 23:59:59", "1h"),
        entry("W-2", "2025-03-01 00:00:00", "1h"),
        entry("W-3", "2025-03-05 09:00", "1h"),
        bank("B-1", "2025-03-10 09:00", "10h", usable_from=at("2025-03-01 00:00"), price=Price("115 EUR/h")),
    )
    assert paid(rating, "W-1") == ["charged 1h 00m 140.00 EUR"]
    assert paid(rating, "W-2") == paid(rating, "W-3") == ["B-1 1h 00m"]
    assert charged(rating, "purchase") == ["2025-03 purchase 1,150.00 EUR"]
    assert rating.lines_of("B-1")[0].at == at("2025-03-10 09:00")


@pytest.mark.rule("D17")
def test_a_purchase_that_is_recorded_late_pays_from_when_it_happened() -> None:
    """Bought on 3 March, recorded on 20 March: it pays for 5 March.

    Being recorded late does not make it start late, and does not reach back either: 2 March is charged.
    """
    rating = rated(
        PREPAID,
        entry("W-1", "2025-03-02 09:00", "1h"),
        entry("W-2", "2025-03-05 09:00", "1h"),
        bank("B-1", "2025-03-03 09:00", "10h", recorded_at=at("2025-03-20 09:00")),
    )
    assert paid(rating, "W-1") == ["charged 1h 00m 140.00 EUR"]
    assert paid(rating, "W-2") == ["B-1 1h 00m"]


@pytest.mark.rule("D17", "D3")
def test_where_payment_is_required_a_bank_pays_from_its_payment() -> None:
    """Bought on 3 March, paid on 5 March at 12:00: the second before is charged, that second is drawn."""
    rating = rated(
        ON_PAYMENT,
        bank("B-1", "2025-03-03 09:00", "10h"),
        Payment("P-1", at("2025-03-05 12:00"), bank="B-1"),
        entry("A-1", "2025-03-05 11:59:59", "1h"),
        entry("A-2", "2025-03-05 12:00:00", "1h"),
    )
    assert paid(rating, "A-1") == ["charged 1h 00m 140.00 EUR"]
    assert paid(rating, "A-2") == ["B-1 1h 00m"]


@pytest.mark.rule("D17")
@pytest.mark.parametrize(
    ("paid_at", "starts", "first"),
    [
        ("2025-03-05 12:00", "2025-03-08 00:00", "2025-03-08 00:00"),  # paid before the stated start
        ("2025-03-05 12:00", "2025-02-01 00:00", "2025-03-05 12:00"),  # a start stated earlier waits for the payment
        ("2025-03-01 12:00", None, "2025-03-03 09:00"),  # paid in advance: from the purchase
        ("2025-03-01 12:00", "2025-02-01 00:00", "2025-03-01 12:00"),  # paid in advance, and stated earlier still
    ],
)
def test_where_payment_is_required_the_later_of_start_and_payment_counts(
    paid_at: str, starts: str | None, first: str
) -> None:
    """Bought on 3 March at 09:00. Work in the first usable second is drawn, work one second before is charged."""
    begins = at(first)
    rating = rated(
        ON_PAYMENT,
        bank("B-1", "2025-03-03 09:00", "10h", usable_from=at(starts) if starts else None),
        Payment("P-1", at(paid_at), bank="B-1"),
        entry("W-1", BERLIN.format(begins.subtract(seconds=1)), "1h"),
        entry("W-2", BERLIN.format(begins), "1h"),
    )
    assert paid(rating, "W-1") == ["charged 1h 00m 140.00 EUR"]
    assert paid(rating, "W-2") == ["B-1 1h 00m"]


@pytest.mark.rule("D17")
def test_a_bank_that_was_given_needs_no_payment() -> None:
    """Payment is required of bought banks; a granted one pays from the start."""
    rating = rated(
        ON_PAYMENT, bank("B-1", "2025-03-03 09:00", "10h", origin="granted"), entry("W-1", "2025-03-04 09:00", "1h")
    )
    assert paid(rating, "W-1") == ["B-1 1h 00m"]


@pytest.mark.rule("D17", "B6")
def test_a_bank_that_was_never_paid_for_is_lost_whole_at_its_end() -> None:
    """Bought and not paid: 1h is charged, and all 10h are forfeited after 31 March; a later payment changes nothing."""
    rating = rated(
        ON_PAYMENT,
        bank("B-1", "2025-03-03 09:00", "10h", expires_on="2025-03-31"),
        entry("W-1", "2025-03-04 09:00", "1h"),
        Payment("P-1", at("2025-04-01 00:00"), bank="B-1"),
        entry("W-2", "2025-04-02 09:00", "1h"),
    )
    assert paid(rating, "W-1") == paid(rating, "W-2") == ["charged 1h 00m 140.00 EUR"]
    assert moved(rating, "B-1")[:2] == ["2025-03-03 09:00 purchase 10h 00m", "2025-04-01 00:00 forfeit 10h 00m"]


@pytest.mark.rule("D17")
def test_a_payment_changes_nothing_where_none_is_required() -> None:
    """The bank pays from its purchase; a payment two days later, or a second one, moves nothing."""
    rating = rated(
        PREPAID,
        bank("B-1", "2025-03-03 09:00", "10h"),
        entry("W-1", "2025-03-04 09:00", "1h"),
        Payment("P-1", at("2025-03-05 12:00"), bank="B-1"),
        Payment("P-2", at("2025-03-06 12:00"), bank="B-1"),
    )
    assert paid(rating, "W-1") == ["B-1 1h 00m"]
    assert len(moved(rating, "B-1")) == 2


@pytest.mark.rule("D17", "B6")
def test_a_bank_can_begin_and_end_before_it_is_bought() -> None:
    """Bought on 10 March for 1 to 5 March: it pays for the 2nd, and with the 5th its other 4h lapse."""
    rating = rated(
        PREPAID,
        bank("B-1", "2025-03-10 09:00", "5h", usable_from=at("2025-03-01 00:00"), expires_on="2025-03-05"),
        entry("W-1", "2025-03-02 09:00", "1h"),
    )
    assert moved(rating, "B-1") == [
        "2025-03-01 00:00 purchase 5h 00m",
        "2025-03-02 09:00 draw 1h 00m",
        "2025-03-06 00:00 forfeit 4h 00m",
    ]


@pytest.mark.rule("B6", "D17")
@pytest.mark.parametrize(
    ("more", "lapses"),
    [
        ({"expires_on": "2025-03-09"}, "2025-03-10 00:00"),  # bought at the instant of its end
        ({"expires_on": "2025-03-05"}, "2025-03-10 09:00"),  # bought after its last day
        (
            {"expires_on": "2025-04-05", "usable_from": at("2025-05-01 00:00")},
            "2025-04-06 00:00",
        ),  # ends before it begins
    ],
)
def test_a_bank_that_is_never_usable_is_lost_whole(more: dict[str, Any], lapses: str) -> None:
    """Its price is due all the same, its 5h are forfeited at the first instant at which it is both bought and over."""
    bought = "2025-03-10 00:00" if lapses == "2025-03-10 00:00" else "2025-03-10 09:00"
    work = [entry("W-1", bought, "1h"), entry("W-2", "2025-05-12 09:00", "1h")]
    rating = rated(PREPAID, bank("B-1", bought, "5h", **more), *work)
    assert moved(rating, "B-1")[1:] == [f"{lapses} forfeit 5h 00m"]
    assert paid(rating, "W-1") == paid(rating, "W-2") == ["charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("D17", "D6")
def test_without_its_payment_a_bank_waits_again() -> None:
    """The payment was typed by mistake and voided: the hour it had let the bank pay for is charged."""
    rating = rated(
        ON_PAYMENT,
        bank("B-1", "2025-03-03 09:00", "10h"),
        Payment("P-1", at("2025-03-05 12:00"), bank="B-1"),
        entry("W-1", "2025-03-06 09:00", "1h"),
        Void("V-1", at("2025-03-07 09:00"), target="P-1"),
    )
    assert paid(rating, "W-1") == ["charged 1h 00m 140.00 EUR"]
