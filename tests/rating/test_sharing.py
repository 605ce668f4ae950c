"""Who caused what a shared contract cost beyond what is included. Every number is worked out by hand."""

import pytest
from hypothesis import given

from supportcontracts import (
    Band,
    Cancelled,
    CappedHours,
    CappedIncidents,
    Charge,
    ChargeItem,
    Money,
    Opened,
    PayPerHour,
    PayPerIncident,
    Price,
    Statement,
    Volume,
    close,
    hours,
    incidents,
    rate,
)
from supportcontracts.contracts.plans import Plan
from supportcontracts.errors import InvalidValue
from supportcontracts.events import Event
from supportcontracts.rating import Attribution
from supportcontracts.testing.strategies import Case, cases
from tests.property.test_statement_laws import closed_one_by_one
from tests.rating.bank_builders import at, contract, entry, happened, story
from tests.value_checks import assert_is_a_value

EURO_A_MINUTE = Price("60 EUR/h")
TEN_HOURS = CappedHours(fee=Money("1200 EUR"), allotment=hours(10), per="month", beyond=Charge(EURO_A_MINUTE))
WORK = story(
    entry("W-1", "2025-01-07 09:00", "8h", product="atlas", role="senior"),
    entry("W-2", "2025-01-08 09:00", "6h", product="relay"),
    ChargeItem("X-1", at("2025-01-09 09:00"), customer="elm", kind="travel", amount=Money("45 EUR")),
)


def january(plan: Plan, events: tuple[Event, ...] = WORK) -> Statement:
    """Close January."""
    return close(rate(contract(plan), events, until="2025-02-01"), period_ending="2025-01-31")


def told(attribution: Attribution) -> list[tuple[str, int, int, str]]:
    """Tell each sharer: name, units used, units beyond, amount."""
    return [(each.name, each.used, each.beyond, str(each.amount)) for each in attribution.sharers]


@pytest.mark.rule("D30", "D24")
def test_a_shared_excess_is_who_came_last_or_all_by_use() -> None:
    """Of 10 h atlas used 8 and relay 6: the 4 h beyond cost 240.00; by use, 8/14 of that is 137.14."""
    statement = january(TEN_HOURS)
    last = statement.attribution(by="product", how="chronological")
    assert told(last) == [("atlas", 28800, 0, "0.00 EUR"), ("relay", 21600, 14400, "240.00 EUR")]
    shared = statement.attribution(by="product", how="pro-rata")
    assert told(shared) == [("atlas", 28800, 8229, "137.14 EUR"), ("relay", 21600, 6171, "102.86 EUR")]
    assert str(shared) == (
        "C-1/2025-01 by product, pro rata\n"
        "\n"
        "product  meter    used      beyond      amount\n"
        "atlas    work   8h 00m  2h 17m 09s  137.14 EUR\n"
        "relay    work   6h 00m  1h 42m 51s  102.86 EUR"
    )
    assert shared.to_rows()[0] == {
        "statement": "C-1/2025-01", "product": "atlas", "meter": "work", "unit": "work", "used": 28800,
        "beyond": 8229, "amount_minor": 13714, "currency": "EUR",
    }  # fmt: skip
    by_role = statement.attribution(by="role", how="chronological")
    assert told(by_role) == [("", 21600, 14400, "240.00 EUR"), ("senior", 28800, 0, "0.00 EUR")]
    assert "–       work" in str(by_role)
    assert_is_a_value(shared)
    assert_is_a_value(shared.sharers[0])


@pytest.mark.rule("D24")
def test_what_stands_at_the_end_of_a_window_is_shared_by_the_units_charged_in_it() -> None:
    """14 h reach the band at 50.00: 700.00, of which atlas, with 8 h, has 400.00; a minimum without use is nobody's."""
    volume = PayPerHour(
        tariff=Charge(Volume([Band(hours(10), EURO_A_MINUTE), Band(None, Price("50 EUR/h"))]), per="period")
    )
    statement = january(volume)
    for attribution in (
        statement.attribution(by="product", how="chronological"),
        statement.attribution(by="product", how="pro-rata"),
    ):
        assert told(attribution) == [("atlas", 28800, 28800, "400.00 EUR"), ("relay", 21600, 21600, "300.00 EUR")]
    minimum = PayPerHour(tariff=Charge(EURO_A_MINUTE, minimum=Money("100 EUR")))
    unused = january(minimum, ())
    assert told(unused.attribution(by="product", how="chronological")) == [("", 0, 0, "100.00 EUR")]
    assert told(unused.attribution(by="product", how="pro-rata")) == [("", 0, 0, "100.00 EUR")]


@pytest.mark.rule("D21")
def test_what_was_given_back_was_not_used() -> None:
    """An incident of atlas that was charged and cancelled cost nothing in the end."""
    opened = happened(Opened, "T-1", "2025-01-07 09:00", product="atlas", severity=2)
    events = story(opened, happened(Cancelled, "T-1", "2025-01-08 09:00"))
    charged = january(PayPerIncident(tariff=Price("90 EUR/incident")), events)
    assert told(charged.attribution(by="severity", how="chronological")) == [("2", 0, 0, "0.00 EUR")]
    included = CappedIncidents(
        fee=Money("1200 EUR"), allotment=incidents(5), per="year", beyond=Charge(Price("90 EUR/incident"))
    )
    assert told(january(included, events).attribution(by="ticket", how="chronological")) == [("T-1", 0, 0, "0.00 EUR")]


def test_other_words_are_refused() -> None:
    """Both words have to be said, and known."""
    statement = january(TEN_HOURS)
    with pytest.raises(InvalidValue, match=r"attribution\(by\)"):
        statement.attribution(by="project", how="pro-rata")  # type: ignore[arg-type]  # what is shown
    with pytest.raises(InvalidValue, match=r"attribution\(how\)"):
        statement.attribution(by="product", how="evenly")  # type: ignore[arg-type]  # what is shown


@pytest.mark.rule("D30", "D24")
@given(case=cases())
def test_both_readings_add_up_to_the_lines(case: Case) -> None:
    """Whoever bears it, the sum is what the lines of the meters cost."""
    contract_, events, until = case
    for statement in closed_one_by_one(rate(contract_, events, until=until)):
        of_meters = sum(line.line.amount.minor for line in statement.lines if line.line.meter)
        for attribution in (
            statement.attribution(by="product", how="chronological"),
            statement.attribution(by="ticket", how="pro-rata"),
        ):
            assert sum(sharer.amount.minor for sharer in attribution.sharers) == of_meters
