"""Buying from a price list, and looking before a purchase is voided. Every number is worked out by hand."""

from typing import Any

import pytest

from supportcontracts import (
    Allotment,
    BankPurchase,
    Banks,
    BankSize,
    Charge,
    Composite,
    Contract,
    Hold,
    Meter,
    Money,
    NotOffered,
    Overdraw,
    Phase,
    PrepaidHours,
    PrepaidIncidents,
    Price,
    PriceList,
    Refuse,
    Term,
    Void,
    WorkTime,
    Zone,
    buy,
    check_void,
    days,
    hours,
    incidents,
    months,
    rate,
)
from supportcontracts.errors import InvalidValue, NaiveTime, StaleState
from supportcontracts.timeline import Instant
from tests.rating.bank_builders import BERLIN, at, bank, contract, entry, rated, story
from tests.rating.builders import tell, told

LIST = PriceList(
    [
        BankSize(hours(5), Price("125 EUR/h"), life=days(90)),
        BankSize(hours(20), Price("115 EUR/h"), life=months(12)),
        BankSize(hours(50), Price("105 EUR/h")),
    ],
    cutoff="15:00",
)
OVERAGE = Charge(Price("140 EUR/h"))


def offering(offer: PriceList, *, zone: Zone = BERLIN, **more: Any) -> Contract:
    """Build a prepaid contract with a price list, from 2025 on."""
    return contract(PrepaidHours(banks=Banks(offer=offer, **more), beyond=OVERAGE), zone=zone, months=24)


def bought(units: WorkTime, when: Instant, terms: Contract | None = None) -> BankPurchase:
    """Buy units that are on offer."""
    found = buy(terms or offering(LIST), units, id="B-1", at=when)
    assert isinstance(found, BankPurchase)
    return found


# The price list


@pytest.mark.rule("B8")
@pytest.mark.parametrize(
    ("units", "price", "expires_on"),
    [
        ("5h", "125.00 EUR/h", "2025-06-17"),  # 90 days from 20 March: 11 of March, 30, 31, 17 of June, less the last
        ("19h 59m 59s", "125.00 EUR/h", "2025-06-17"),
        ("20h", "115.00 EUR/h", "2026-03-19"),
        ("49h", "115.00 EUR/h", "2026-03-19"),
        ("50h", "105.00 EUR/h", None),
        ("500h", "105.00 EUR/h", None),
    ],
)
def test_the_largest_size_that_is_reached_gives_price_and_life(units: str, price: str, expires_on: str | None) -> None:
    """A quantity between two sizes is bought at the smaller one's unit price and life; the last size has no end."""
    found = bought(WorkTime.parse(units), at("2025-03-20 11:00"))
    assert (str(found.price), str(found.quantity)) == (price, str(WorkTime.parse(units)))
    assert (None if found.expires_on is None else found.expires_on.isoformat()) == expires_on
    assert (found.usable_from, found.pool, found.customer) == (None, "banks", "elm")


@pytest.mark.rule("B8")
@pytest.mark.parametrize("units", ["0m", "4h 59m 59s"])
def test_less_than_the_smallest_size_is_not_offered(units: str) -> None:
    """5h is the smallest bank; one second less is a value that says so, not an error."""
    found = buy(offering(LIST), WorkTime.parse(units), id="B-1", at=at("2025-03-20 11:00"))
    assert found == NotOffered(WorkTime.parse(units), hours(5))
    assert str(found) == f"{WorkTime.parse(units)} is less than the smallest bank, 5h 00m"


@pytest.mark.rule("B8", "D28")
def test_what_is_bought_can_be_recorded_and_pays() -> None:
    """20h at 115 cost 2,300.00; 21h of work leave 1h at 140."""
    terms = offering(LIST)
    purchase = bought(hours(20), at("2025-03-20 11:00"))
    rating = rate(terms, [purchase, entry("W-1", "2025-03-20 11:00", "21h")], until="2025-04-01")
    assert [tell(line) for line in rating.lines] == [
        "2025-03 purchase 2,300.00 EUR",
        "W-1 bank B-1 20h 0.00 EUR",
        "W-1 overage 1h 140.00 EUR",
    ]


@pytest.mark.rule("B8")
def test_incidents_are_offered_in_incidents() -> None:
    """A list of incidents offers no hours, and the other way round."""
    offer = PriceList([BankSize(incidents(10), Price("250 EUR/incident"))])
    terms = contract(PrepaidIncidents(banks=Banks(offer=offer), beyond=Refuse()))
    found = buy(terms, incidents(12), id="B-1", at=at("2025-03-20 11:00"))
    assert isinstance(found, BankPurchase)
    assert (str(found.price), found.quantity) == ("250.00 EUR/incident", incidents(12))
    with pytest.raises(InvalidValue, match="banks with a price list"):
        buy(terms, hours(12), id="B-1", at=at("2025-03-20 11:00"))


@pytest.mark.rule("B8")
def test_each_pool_has_its_own_list() -> None:
    """Remote banks are offered at 100, on-site banks at 130; a third pool and one without a list are not offered."""
    pools = {
        "remote": Banks(pool="remote", offer=PriceList([BankSize(hours(1), Price("100 EUR/h"))])),
        "onsite": Banks(pool="onsite", offer=PriceList([BankSize(hours(1), Price("130 EUR/h"))])),
        "free": Banks(pool="free"),
    }
    terms = contract(Composite(meters=Meter("work", [*pools.values(), OVERAGE])))
    prices = []
    for name in ("remote", "onsite"):
        found = buy(terms, hours(2), id="B-1", at=at("2025-03-20 11:00"), pool=name)
        assert isinstance(found, BankPurchase)
        prices.append((found.pool, str(found.price)))
    assert prices == [("remote", "100.00 EUR/h"), ("onsite", "130.00 EUR/h")]
    for name in ("free", "banks"):
        with pytest.raises(InvalidValue, match=f"for '{name}'"):
            buy(terms, hours(2), id="B-1", at=at("2025-03-20 11:00"), pool=name)


@pytest.mark.rule("B8", "D1")
@pytest.mark.parametrize(
    ("when", "price"),
    [
        ("2024-11-01 09:00", "125.00 EUR/h"),  # before the contract: the next phase
        ("2025-12-31 23:59:59", "125.00 EUR/h"),
        ("2026-01-01 00:00", "135.00 EUR/h"),
        ("2027-01-05 09:00", "150.00 EUR/h"),  # in the gap after 2026: the phase after it
        ("2028-03-01 09:00", "150.00 EUR/h"),  # in a phase without a list, the last one before it
        ("2029-06-01 09:00", "150.00 EUR/h"),  # after the end: the last phase with a list
    ],
)
def test_the_price_list_is_that_of_the_phase_in_force(when: str, price: str) -> None:
    """125 in 2025, 135 in 2026, 150 from February 2027, and no list in 2028: a price is dated by its phase."""

    def phase(starts: str, count: int, *prices: str) -> Phase:
        offer = PriceList([BankSize(hours(5), Price(each)) for each in prices]) if prices else None
        plan = PrepaidHours(banks=Banks(offer=offer), beyond=OVERAGE)
        return Phase(Term(starts, months=count, zone=BERLIN), plan)

    terms = contract(
        phases=[
            phase("2025-01-01", 12, "125 EUR/h"),
            phase("2026-01-01", 12, "135 EUR/h"),
            phase("2027-02-01", 11, "150 EUR/h"),
            phase("2028-01-01", 12),
        ]
    )
    assert str(bought(hours(5), at(when), terms).price) == price


# The cut-off


@pytest.mark.rule("B8")
@pytest.mark.parametrize(
    ("when", "starts", "expires_on"),
    [
        ("2025-03-20 14:59:59", None, "2026-03-19"),
        ("2025-03-20 15:00", "2025-03-21 00:00", "2026-03-20"),
        ("2025-03-20 23:59:59", "2025-03-21 00:00", "2026-03-20"),
        ("2025-03-21 00:00", None, "2026-03-20"),
        ("2025-02-28 16:00", "2025-03-01 00:00", "2026-02-28"),
        ("2024-02-29 16:00", "2024-03-01 00:00", "2025-02-28"),
        ("2025-03-29 16:00", "2025-03-30 00:00", "2026-03-29"),  # the day on which the clocks go forward
        ("2025-10-26 14:59:59", None, "2026-10-25"),  # the day on which they go back, at 3
        ("2025-10-26 15:00", "2025-10-27 00:00", "2026-10-26"),
    ],
)
def test_from_the_cutoff_on_a_bank_starts_the_next_day(when: str, starts: str | None, expires_on: str) -> None:
    """At 15:00 it is too late for today: start and life count from the next local day."""
    found = bought(hours(20), at(when))
    assert found.usable_from == (None if starts is None else at(starts))
    assert found.expires_on is not None
    assert found.expires_on.isoformat() == expires_on


@pytest.mark.rule("B8", "D4")
@pytest.mark.parametrize(
    ("cutoff", "when", "today"),
    [
        # On 30 March 2025 the clocks go from 02:00 to 03:00: 02:30 is never shown, and is passed at 03:00.
        ("02:30", "2025-03-30 01:59:59", True),
        ("02:30", "2025-03-30 03:00", False),
        ("03:00", "2025-03-30 03:00", False),
        ("03:01", "2025-03-30 03:00", True),
        # On 26 October 2025 they go from 03:00 back to 02:00: 02:30 is passed when it is first shown, at +02:00.
        ("02:30", "2025-10-26 02:29:59+02:00", True),
        ("02:30", "2025-10-26 02:30+02:00", False),
        ("02:30", "2025-10-26 02:00+01:00", False),
        ("02:30", "2025-10-26 02:29:59+01:00", False),
        ("02:30", "2025-10-26 02:30+01:00", False),
        ("03:00", "2025-10-26 02:59:59+01:00", True),  # 03:00 is first shown after the clocks went back
        ("03:00", "2025-10-26 03:00", False),
        ("00:00", "2025-10-26 00:00", False),  # a cut-off at midnight never sells for the same day
        ("23:59", "2025-10-26 23:58:59", True),
    ],
)
def test_the_cutoff_is_the_first_time_the_clocks_show_it(cutoff: str, when: str, today: bool) -> None:
    """A cut-off that the clocks skip is passed after the gap; one that they show twice, at the first time."""
    terms = offering(PriceList([BankSize(hours(5), Price("125 EUR/h"))], cutoff=cutoff))
    assert (bought(hours(5), at(when), terms).usable_from is None) is today


@pytest.mark.rule("B8", "D4")
def test_the_next_day_starts_when_it_does() -> None:
    """In Beirut 30 March 2025 began at 01:00; a bank bought too late on the 29th starts there: 22:00 UTC."""
    beirut = Zone("Asia/Beirut")
    terms = offering(LIST, zone=beirut)
    found = bought(hours(20), beirut.at("2025-03-29 18:00"), terms)
    assert found.usable_from == Zone("UTC").at("2025-03-29 22:00")


@pytest.mark.rule("B8", "D17")
def test_a_bank_bought_after_the_cutoff_does_not_pay_today() -> None:
    """Bought at 16:00, it pays for work of the next day at 00:00, and not for work of 23:59:59."""
    purchase = bought(hours(20), at("2025-03-20 16:00"))
    work = [entry("W-1", "2025-03-20 23:59:59", "1h"), entry("W-2", "2025-03-21 00:00", "1h")]
    assert told(rate(offering(LIST), [purchase, *work], until="2025-04-01"), "use") == [
        "W-1 overage 1h 140.00 EUR",
        "W-2 bank B-1 1h 0.00 EUR",
    ]


@pytest.mark.rule("B8")
def test_without_a_cutoff_a_bank_starts_at_once() -> None:
    """Bought a second before midnight, it is usable."""
    terms = offering(PriceList([BankSize(hours(5), Price("125 EUR/h"))]))
    assert bought(hours(5), at("2025-03-20 23:59:59"), terms).usable_from is None


def test_bad_input_is_refused_with_what_to_write() -> None:
    """A bare number, a naive instant, and a contract without a price list."""
    anything: Any = 20
    with pytest.raises(InvalidValue, match=r"hours\(…\)"):
        buy(offering(LIST), anything, id="B-1", at=at("2025-03-20 11:00"))
    with pytest.raises(NaiveTime):
        buy(offering(LIST), hours(20), id="B-1", at=at("2025-03-20 11:00").replace(tzinfo=None))
    with pytest.raises(InvalidValue, match="PriceList") as caught:
        buy(contract(PrepaidHours(beyond=OVERAGE)), hours(20), id="B-1", at=at("2025-03-20 11:00"))
    assert "make the BankPurchase yourself" in caught.value.hint


# Voiding


@pytest.mark.rule("D6")
def test_looking_before_a_bank_is_voided() -> None:
    """B-1 paid 3h of W-1 and 1h of W-2; voided, both move to B-2 and then to overage."""
    terms = contract(PrepaidHours(beyond=OVERAGE))
    happened = story(
        bank("B-1", "2025-01-02 09:00", "4h"),
        bank("B-2", "2025-01-03 09:00", "2h"),
        entry("W-1", "2025-02-03 09:00", "3h"),
        entry("W-2", "2025-02-04 09:00", "2h"),
    )
    rating = rate(terms, happened, until="2025-03-01")
    found = check_void(rating, "B-1")
    assert (found.bank, found.drawn, [draw.because for draw in found.draws]) == ("B-1", hours(4), ["W-1", "W-2"])
    assert str(found) == "B-1 paid 4h 00m for W-1, W-2: voiding it moves them to the next source"
    voided = rate(terms, [*happened, Void("V", at("2025-02-05 09:00"), target="B-1")], until="2025-03-01")
    assert told(voided, "use") == [
        "W-1 bank B-2 2h 0.00 EUR",
        "W-1 overage 1h 140.00 EUR",
        "W-2 overage 2h 280.00 EUR",
    ]


@pytest.mark.rule("D6")
def test_a_bank_without_draws_can_be_voided_without_harm() -> None:
    """It says so; the lines of all uses stay as they are. The same for a bank that was given."""
    terms = contract(PrepaidHours(beyond=OVERAGE))
    happened = story(
        bank("B-1", "2025-01-02 09:00", "4h"),
        bank("B-2", "2025-01-03 09:00", "2h", origin="granted"),
        entry("W-1", "2025-02-03 09:00", "3h"),
    )
    rating = rate(terms, happened[:1], until="2025-02-01")
    assert str(check_void(rating, "B-1")) == "B-1 has no draws: voiding it changes no other line"
    assert check_void(rate(terms, happened, until="2025-03-01"), "B-1").drawn == hours(
        1
    )  # what was given is drawn first
    assert check_void(rate(terms, happened, until="2025-03-01"), "B-2").drawn == hours(2)


@pytest.mark.rule("D6", "D18")
def test_what_a_bank_repaid_is_undone_too() -> None:
    """2h were overdrawn before B-1 came; its first 2h repay them, and without it they are owed again."""
    short = Overdraw(hours(5), settled_at=Price("140 EUR/h"))
    plan = Composite(meters=Meter("work", [Banks(short=short), Refuse()]))
    happened = story(
        entry("W-1", "2025-02-03 09:00", "2h"),
        bank("B-0", "2025-01-02 09:00", "0m"),
        bank("B-1", "2025-02-04 09:00", "5h"),
        entry("W-2", "2025-02-05 09:00", "1h"),
    )
    found = check_void(rated(contract(plan), *happened, until="2025-03-01"), "B-1")
    assert found.drawn == hours(3)
    assert str(found) == (
        "B-1 paid 3h 00m for the overdraft of banks/work, W-2: voiding it moves them to the next source"
    )


@pytest.mark.rule("D6", "L4")
def test_a_bank_bought_before_the_state_cannot_be_looked_at() -> None:
    """A rating that goes on from a state sees only the draws since; the error says to rate from before the purchase."""
    terms = contract(PrepaidHours(beyond=OVERAGE))
    first = rated(
        terms, bank("B-1", "2025-01-02 09:00", "4h"), entry("W-1", "2025-01-03 09:00", "1h"), until="2025-02-01"
    )
    rating = rate(terms, [bank("B-2", "2025-02-02 09:00", "4h")], until="2025-03-01", opening=first.closing)
    with pytest.raises(StaleState, match="before the state of 2025-01-31 23:00"):
        check_void(rating, "B-1")
    assert check_void(rating, "B-2").draws == ()


@pytest.mark.rule("D6")
@pytest.mark.parametrize("name", ["B-9", "work/0/2025-01-01", "W-1"])
def test_only_a_bank_can_be_looked_at(name: str) -> None:
    """An allotment, an entry or an unknown id is no purchase; the error lists the banks."""
    plan = Composite(meters=Meter("work", [Allotment(hours(1), per="term"), Banks(), Hold()]))
    terms = contract(plan, currency="EUR")
    happened = story(
        bank("B-1", "2025-01-02 09:00", "4h", price=Money("10 EUR")), entry("W-1", "2025-01-03 09:00", "2h")
    )
    with pytest.raises(InvalidValue, match="B-1"):
        check_void(rated(terms, *happened, until="2025-02-01"), name)
    with pytest.raises(InvalidValue, match="there is none"):
        check_void(rated(terms, until="2025-02-01"), name)
