"""What rating is asked with: opening states, events and corrections that cannot be."""

import pytest

from supportcontracts import (
    Band,
    BankPurchase,
    BankRefunded,
    Banks,
    CappedHours,
    Charge,
    Composite,
    Contract,
    Lot,
    Meter,
    Money,
    Opened,
    PrepaidHours,
    Price,
    Refuse,
    Replace,
    Reserved,
    Scope,
    State,
    Term,
    Volume,
    WorkEntry,
    Zone,
    hours,
    incidents,
    rate,
)
from supportcontracts.errors import InvalidValue
from supportcontracts.rating.state import Counter

BERLIN = Zone("Europe/Berlin")
AT = BERLIN.at
TERM = Term("2025-01-01", months=12, zone=BERLIN)
CAPPED = Contract(
    "C-1",
    customer="elm",
    rounding="half-up",
    term=TERM,
    plan=CappedHours(fee=Money("1200 EUR"), allotment=hours(10), per="term", beyond=Charge(Price("140 EUR/h"))),
)
PREPAID = Contract(
    "C-2", customer="elm", rounding="half-up", currency="EUR", term=TERM, plan=PrepaidHours(beyond=Refuse())
)


def test_an_opening_that_is_no_state_is_refused() -> None:
    """What is passed as opening has to be a State; the message says what to write."""
    with pytest.raises(InvalidValue, match=r"Write opening=earlier\.closing"):
        rate(CAPPED, [], until="2025-02-01", opening="x")  # type: ignore[arg-type]  # what a reader may try


def test_events_that_are_no_collection_are_refused() -> None:
    """One event, or none at all, is no collection of events."""
    with pytest.raises(InvalidValue, match="several events were expected"):
        rate(CAPPED, None, until="2025-02-01")  # type: ignore[arg-type]  # what a reader may try


def test_a_state_of_another_contract_is_refused() -> None:
    """A saved state goes on with the contract that it was saved for."""
    closing = rate(CAPPED, [], until="2025-02-01").closing
    with pytest.raises(InvalidValue, match="the state of 'C-1'"):
        rate(PREPAID, [], until="2025-03-01", opening=closing)


def test_two_lots_of_one_id_are_refused() -> None:
    """A state names each of its lots once."""
    lot = Lot("B-1", left=hours(1))
    with pytest.raises(InvalidValue, match="an id of its own for each lot"):
        State(AT("2025-02-01 00:00"), lots=[lot, lot])


def test_a_bank_that_the_terms_do_not_know_is_refused() -> None:
    """A contract without banks cannot go on from a state that has one."""
    opening = State(AT("2025-02-01 00:00"), lots=[Lot("B-1", left=hours(1))])
    with pytest.raises(InvalidValue, match="banks that the terms know were expected"):
        rate(CAPPED, [], until="2025-03-01", opening=opening)


def test_an_allotment_that_the_terms_do_not_know_is_refused() -> None:
    """A grant has to name the meter and the place of an allotment that is in force."""
    lot = Lot("G-1", left=hours(1), source="work/7", kind="grant", expires_on="2025-12-31")
    with pytest.raises(InvalidValue, match="an allotment that the terms know"):
        rate(CAPPED, [], until="2025-03-01", opening=State(AT("2025-02-01 00:00"), lots=[lot]))


def test_the_latest_purchase_of_a_pool_that_is_gone_is_forgotten() -> None:
    """A state may still name a pool that later terms no longer have; nothing is left of it, so nothing changes."""
    opening = State(AT("2025-02-01 00:00"), purchases=[Counter(("spare", "work", "B-1"), 3600)])
    assert rate(CAPPED, [], until="2025-03-01", opening=opening).lines == ()


@pytest.mark.rule("D7")
def test_a_refund_in_another_unit_is_refused_as_a_movement() -> None:
    """Two incidents cannot be taken out of a bank of hours: a refused movement, and no money."""
    bank = BankPurchase("B-1", AT("2025-01-02 09:00"), customer="elm", quantity=hours(5), price=Price("100 EUR/h"))
    refund = BankRefunded("F-1", AT("2025-01-03 09:00"), bank="B-1", quantity=incidents(2))
    rating = rate(PREPAID, (bank, refund), until="2025-02-01")
    assert [(move.kind, move.code) for move in rating.movements] == [("purchase", ""), ("refused", "other-unit")]
    assert str(rating.total) == "500.00 EUR"


@pytest.mark.rule("D6")
def test_a_replacement_without_money_is_taken_in_any_currency() -> None:
    """A ticket event names no money, so only its customer and contract are looked at."""
    wrong = Opened("E-1", AT("2025-01-02 09:00"), ticket="T-1", customer="elm")
    right = Opened("E-1", AT("2025-01-03 09:00"), ticket="T-1", customer="elm")
    fix = Replace("V-1", AT("2025-01-04 09:00"), target="E-1", by=right)
    assert rate(PREPAID, (wrong, fix), until="2025-02-01").lines == ()


@pytest.mark.rule("B2", "D15")
def test_banks_that_pay_all_or_nothing_look_only_at_those_that_admit_the_use() -> None:
    """5h on atlas alone and 1h for anything: 2h of relay find 1h, which is not all, so they are refused."""
    meter = Meter("work", [Banks(short="whole-to-next"), Refuse()])
    contract = Contract(
        "C-3", customer="elm", rounding="half-up", currency="EUR", term=TERM, plan=Composite(meters=meter)
    )
    for_atlas = Scope(products="atlas")
    events = (
        BankPurchase("B-1", AT("2025-01-02 09:00"), customer="elm", quantity=hours(5), scope=for_atlas),
        BankPurchase("B-2", AT("2025-01-02 09:00"), customer="elm", quantity=hours(1)),
        WorkEntry("W-1", AT("2025-01-03 09:00"), customer="elm", worked=hours(2), product="relay"),
        WorkEntry("W-2", AT("2025-01-04 09:00"), customer="elm", worked=hours(2), product="atlas"),
    )
    rating = rate(contract, events, until="2025-02-01")
    assert [line.disposition for line in rating.lines_of("W-1")] == ["refused"]
    assert [(line.lot, str(line.counted)) for line in rating.lines_of("W-2")] == [("B-1", "2h 00m")]


@pytest.mark.rule("D17", "D2")
def test_a_purchase_at_the_end_of_the_rating_does_not_reach_back_yet() -> None:
    """Bought at the very end of the rating, it is not rated, and so its earlier start is not either."""
    bank = BankPurchase(
        "B-1",
        AT("2025-02-01 00:00"),
        customer="elm",
        quantity=hours(5),
        usable_from=AT("2025-01-10 09:00"),
    )
    work = WorkEntry("W-1", AT("2025-01-11 09:00"), customer="elm", worked=hours(2))
    first = rate(PREPAID, (bank, work), until="2025-02-01")
    assert [line.disposition for line in first.lines] == ["refused"]
    later = rate(PREPAID, (bank, work), until="2025-02-02")
    assert [line.disposition for line in later.lines_of("W-1")] == ["drawn"]


@pytest.mark.rule("D24", "D17")
def test_a_bank_that_waits_for_its_payment_can_be_refunded() -> None:
    """5h at 100.00 are bought and not paid; 2h of them are refunded for 200.00, and no level is passed."""
    plan = PrepaidHours(banks=Banks(usable="payment"), beyond=Refuse())
    contract = Contract("C-4", customer="elm", rounding="half-up", currency="EUR", term=TERM, plan=plan)
    bank = BankPurchase("B-1", AT("2025-01-02 09:00"), customer="elm", quantity=hours(5), price=Price("100 EUR/h"))
    refund = BankRefunded("F-1", AT("2025-01-03 09:00"), bank="B-1", quantity=hours(2))
    rating = rate(contract, (bank, refund), until="2025-02-01")
    assert str(rating.total) == "300.00 EUR"
    assert rating.balance("B-1").left == 3 * 3600


@pytest.mark.rule("B9")
def test_a_key_that_is_reserved_already_changes_nothing() -> None:
    """The second reservation under one key neither adds to the first nor moves its end."""
    first = Reserved("R-1", AT("2025-01-02 09:00"), key="visit", quantity=hours(2), expires_at=AT("2025-01-09 09:00"))
    again = Reserved("R-2", AT("2025-01-03 09:00"), key="visit", quantity=hours(4), expires_at=AT("2025-02-09 09:00"))
    (held,) = rate(CAPPED, (first, again), until="2025-01-04").closing.reservations
    assert (held.key, held.quantity) == ("visit", 2 * 3600)


@pytest.mark.rule("D7", "D17")
def test_a_purchase_for_banks_that_the_terms_do_not_have_opens_none() -> None:
    """Not even its earlier start does: one refused line, no lot, no money."""
    bank = BankPurchase(
        "B-1",
        AT("2025-01-10 09:00"),
        customer="elm",
        quantity=hours(5),
        price=Price("100 EUR/h"),
        usable_from=AT("2025-01-02 09:00"),
    )
    rating = rate(CAPPED, (bank,), until="2025-01-31")
    assert [(line.disposition, line.code, str(line.amount)) for line in rating.lines_of("B-1")] == [
        ("refused", "no-banks-in-terms", "0.00 EUR")
    ]
    assert rating.balance("B-1").left == 0


def test_a_volume_tariff_takes_no_limit_of_money() -> None:
    """What a use costs is known only at the end, so nobody could tell which use is beyond the limit."""
    volume = Volume([Band(None, Price("140 EUR/h"))])
    with pytest.raises(InvalidValue, match="a limit in units was expected"):
        Charge(volume, per="period", limit=Money("100 EUR"))
