"""What waiting cost the customer, by hand."""

import pytest

from supportcontracts.contracts.tiers import Targets, Tier
from supportcontracts.coverage import Coverage
from supportcontracts.errors import InvalidValue, UnitMismatch
from supportcontracts.events import CustomerReplied, Opened, Resolved, WaitingOnCustomer
from supportcontracts.money import Money, Price
from supportcontracts.quantity import hours, minutes
from supportcontracts.sla import TicketStatus, track, waiting_cost

OFFICE = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
at = OFFICE.zone.at


def ticket(resolution: str = "target") -> TicketStatus:
    """Open at 15:00, wait for the customer from 16:00 to 10:00, resolve at 12:00."""
    cell = OFFICE.hours(4) if resolution == "target" else "no-target"
    tier = Tier("basic", targets={1: Targets(resolution=cell)})  # type: ignore[arg-type]  # one of the two
    return track(
        tier,
        [
            Opened("E-1", at("2025-03-03 15:00"), ticket="T-1", severity=1),
            WaitingOnCustomer("E-2", at("2025-03-03 16:00"), ticket="T-1"),
            CustomerReplied("E-3", at("2025-03-04 10:00"), ticket="T-1"),
            Resolved("E-4", at("2025-03-04 12:00"), ticket="T-1"),
        ],
        as_of=at("2025-03-05 09:00"),
    )


@pytest.mark.rule("C21")
def test_an_hour_of_waiting_costs_the_wage_and_as_much_again() -> None:
    """An hour before and two hours after the customer's turn: 3 × 50.00, and 150.00 of lost output."""
    found = waiting_cost(ticket(), Price("50 EUR/h"), during=OFFICE, rounding="half-up")
    assert (found.waited, found.wage, found.lost_output, found.total) == (
        hours(3),
        Money("150 EUR"),
        Money("150 EUR"),
        Money("300 EUR"),
    )


@pytest.mark.rule("C21")
def test_hours_and_multiples_are_the_customers() -> None:
    """In other working hours other time counts, and lost output may be less than the wage."""
    mornings = Coverage("mon-fri 08:00-11:30", zone="Europe/Berlin")
    found = waiting_cost(ticket(), Price("50 EUR/h"), during=mornings, lost_output="0.5", rounding="half-up")
    assert (found.waited, found.total) == (minutes(90), Money("112.50 EUR"))
    untimed = waiting_cost(ticket("none"), Price("1 EUR/h"), during=None, rounding="up")
    assert (untimed.waited, str(untimed)) == (
        hours(3),
        "3h 00m waited: 3.00 EUR wage + 3.00 EUR lost output = 6.00 EUR",
    )


@pytest.mark.rule("C21")
def test_what_cannot_be_priced_is_refused() -> None:
    """A price for incidents, something that is no calendar and an unknown metric are refused."""
    with pytest.raises(UnitMismatch, match="for an hour"):
        waiting_cost(ticket(), Price("5 EUR/incident"), during=None, rounding="up")
    with pytest.raises(InvalidValue, match="a calendar or None"):
        waiting_cost(ticket(), Price("5 EUR/h"), during="always", rounding="up")  # type: ignore[arg-type]  # hostile
    with pytest.raises(InvalidValue, match="metric"):
        waiting_cost(ticket(), Price("5 EUR/h"), metric="mood", during=None, rounding="up")  # type: ignore[arg-type]  # hostile
