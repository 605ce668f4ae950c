"""Events of benefits: what cannot have happened is refused when it is written down."""

from collections.abc import Callable

import pytest

from supportcontracts.errors import InvalidValue
from supportcontracts.events import BenefitReserved, Redeemed
from tests.benefits.builders import at, booked, cancelled, extended, granted, used
from tests.value_checks import refused

NOON, LATER = at("2025-03-04 12:00"), at("2025-03-05 09:00")


def reserved(**more: object) -> BenefitReserved:
    """Book one training day."""
    return BenefitReserved("R-1", NOON, benefit="training", key="june", quantity=1, **more)  # type: ignore[arg-type]  # some are refused


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: reserved(takes_place_at=at("2025-03-04 11:59")), "takes_place_at"),
        (lambda: reserved(ends_at=LATER), "takes_place_at was expected"),
        (lambda: reserved(takes_place_at=LATER, ends_at=LATER), "an instant after"),
        (lambda: reserved(who=["ines.roth", "paul.ade"], people=1), "at least 2"),
        (lambda: reserved(people=0), "at least 1"),
        (lambda: reserved(waives="expiry"), '"cancel-notice"'),
        (lambda: Redeemed("X-1", NOON, benefit="training"), "a quantity was expected"),
        (lambda: Redeemed("X-1", NOON, benefit="training", quantity=0), "at least 1"),
        (lambda: cancelled("X-1", "2025-03-04 12:00", ""), "key"),
        (lambda: granted("G-1", "2025-03-04 12:00", origin="stolen"), '"courtesy"'),
        (lambda: granted("G-1", "2025-03-04 12:00", expires_on="2025-02-29"), "28 days"),
        (lambda: extended("E-1", "2025-03-04 12:00", "2025-12-31", forfeited="maybe"), '"return"'),
        (lambda: used("X-1", "2025-03-04 12:00", benefit_=""), "unexpected"),
    ],
)
def test_what_cannot_have_happened_is_refused(build: Callable[[], object], words: str) -> None:
    """A date before the booking, an end without a start, fewer people than are named, and nothing used are refused."""
    with pytest.raises((InvalidValue, TypeError), match=words):
        build()


def test_a_use_says_how_much_in_one_of_three_ways() -> None:
    """A quantity, a booking that was kept, or the price that a discount was on: one of them has to be there."""
    error = refused(lambda: Redeemed("X-1", NOON, benefit="training"), InvalidValue, "reservation")
    assert error.what == "Redeemed 'X-1' quantity"
    assert Redeemed("X-1", NOON, benefit="training", reservation="june").quantity is None
    assert booked("R-1", "2025-03-01 10:00", "2025-03-01 10:00").id == "R-1"  # it may begin at once
