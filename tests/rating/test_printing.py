"""Statements: what a person reads about a contract. Every number is worked out by hand."""

import re
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given

from supportcontracts import (
    Allotment,
    Approval,
    Band,
    BankPurchase,
    BankRefunded,
    Banks,
    Cancelled,
    CappedHours,
    CappedIncidents,
    Charge,
    ChargeItem,
    Classified,
    Composite,
    Fallback,
    FixedAnnual,
    Graduated,
    Hold,
    Meter,
    Metering,
    Money,
    Multiplier,
    Opened,
    Overdraw,
    Payment,
    PayPerHour,
    PayPerIncident,
    PrepaidHours,
    PrepaidIncidents,
    Price,
    Rating,
    Refuse,
    Remaining,
    Rollover,
    Scope,
    State,
    TopUp,
    Volume,
    hours,
    incidents,
    rate,
)
from supportcontracts.contracts.plans import Plan
from supportcontracts.events import Event
from supportcontracts.rating.printing import lot_word, when
from supportcontracts.testing.strategies import Case, cases
from tests.rating.bank_builders import BERLIN, at, bank, contract, entry, happened, story

EURO_A_MINUTE = Price("60 EUR/h")
BANDS = Graduated([Band(hours(1), EURO_A_MINUTE), Band(None, Price("120 EUR/h"))])


def statement(plan: Plan, *events: Event, until: str = "2025-04-01", **more: Any) -> list[str]:
    """Print the statement of a contract, line by line."""
    opening: State | None = more.pop("opening", None)
    rating = rate(contract(plan, currency="EUR", **more), events, until=until, opening=opening)
    return str(rating).splitlines()


def rows(lines: list[str]) -> list[str]:
    """The rows between heading and total, with one blank between columns."""
    end = next(number for number, line in enumerate(lines) if line.startswith("total"))
    return [re.sub(" +", " ", line).strip() for line in lines[2:end]]


def travel(name: str, when: str) -> ChargeItem:
    """Build 45.00 for travel."""
    return ChargeItem(name, at(when), customer="elm", kind="travel", amount=Money("45 EUR"))


# Whole statements


def test_a_statement_of_capped_hours() -> None:
    """The fee, 10h of the allotment, 1.5h beyond it at 140.00: 1,200 + 210 = 1,410.00."""
    plan = CappedHours(fee=Money("1200 EUR"), allotment=hours(10), per="term", beyond=Charge(Price("140 EUR/h")))
    work = [
        entry("W-1", "2025-02-03 09:00", "6h"),
        entry("W-2", "2025-03-11 13:00", "3h"),
        entry("W-3", "2025-05-20 10:00", "2h 30m"),
    ]
    assert statement(plan, *work, until="2025-07-01", billing="yearly") == [
        "C-1 · elm · rated until 2025-07-01",
        "date        entry  paid by                     time        amount",
        "2025-01-01         fee for the term                  1,200.00 EUR",
        "2025-02-03  W-1    allotment                 6h 00m      0.00 EUR",
        "2025-03-11  W-2    allotment                 3h 00m      0.00 EUR",
        "2025-05-20  W-3    allotment                 1h 00m      0.00 EUR",
        "                   overage at 140.00 EUR/h   1h 30m    210.00 EUR",
        "total                                       11h 30m  1,410.00 EUR",
        "allotment from 2025-01-01: 10h 00m granted, 10h 00m used, 0h 00m left",
    ]


def test_a_statement_of_prepaid_hours() -> None:
    """B-2 pays 3h and ends, B-1 pays 2h of its 4h and gives 1h back: 240 − 60; a top-up is proposed."""
    banks = Banks(warn_levels=Remaining(hours(3)), top_up=TopUp(Remaining(hours(2)), hours(10), Price("100 EUR/h")))
    lines = statement(
        PrepaidHours(banks=banks, beyond=Refuse()),
        bank("B-1", "2025-01-02 09:00", "4h", price=EURO_A_MINUTE, expires_on="2025-12-31"),
        bank("B-2", "2025-01-03 09:00", "4h", price=Money("100 EUR"), expires_on="2025-02-28"),
        bank("B-3", "2025-01-04 09:00", "0m"),
        bank("B-4", "2025-01-05 09:00", "30m", origin="courtesy", priority=1),
        entry("W-1", "2025-02-03 09:00", "3h"),
        entry("W-2", "2025-03-03 09:00", "2h"),
        BankRefunded("F-1", at("2025-03-04 09:00"), bank="B-1", quantity=hours(1)),
    )
    assert lines == [
        "C-1 · elm · rated until 2025-04-01",
        "date        entry  paid by                          time      amount",
        "2025-01-02  B-1    bank of 4h 00m at 60.00 EUR/h          240.00 EUR",
        "2025-01-03  B-2    bank of 4h 00m                         100.00 EUR",
        "2025-01-04  B-3    bank of 0h 00m                           0.00 EUR",
        "2025-01-05  B-4    bank of 0h 30m                           0.00 EUR",
        "2025-02-03  W-1    bank B-2                       3h 00m    0.00 EUR",
        "2025-03-03  W-2    bank B-1                       2h 00m    0.00 EUR",
        "2025-03-04  F-1    refund of B-1                          -60.00 EUR",
        "total                                             5h 00m  280.00 EUR",
        "",
        "bank  opening  bought    used  expired  refunded  closing  expires on",
        "B-1         –  4h 00m  2h 00m        –    1h 00m   1h 00m  2025-12-31",
        "B-2         –  4h 00m  3h 00m   1h 00m         –   0h 00m  2025-02-28",
        "B-3         –       –       –        –         –   0h 00m  never",
        "B-4         –  0h 30m       –        –         –   0h 30m  never",
        "notice: W-2 on 2025-03-03 passed 3h 00m remaining and left 2h 30m",
        "notice: F-1 on 2025-03-04 left 1h 30m: top up by 10h 00m at 100.00 EUR/h",
    ]


def test_a_statement_that_goes_on_from_a_state() -> None:
    """February opens with 3h of B-1, buys 2h as B-2, uses 1h, and closes with 2h and 2h."""
    plan = PrepaidHours(beyond=Refuse())
    terms = contract(plan, currency="EUR")
    first = rate(terms, story(bank("B-1", "2025-01-02 09:00", "3h")), until="2025-02-01 08:30")
    lines = statement(
        plan,
        bank("B-2", "2025-02-02 09:00", "2h"),
        entry("W-1", "2025-02-03 09:00", "1h"),
        until="2025-03-01",
        opening=first.closing,
    )
    assert lines[0] == "C-1 · elm · rated from 2025-02-01 08:30 until 2025-03-01"
    assert lines[-3:] == [
        "bank  opening  bought    used  expired  refunded  closing  expires on",
        "B-1    3h 00m       –  1h 00m        –         –   2h 00m  never",
        "B-2         –  2h 00m       –        –         –   2h 00m  never",
    ]


def test_a_unit_that_comes_back_is_shown_where_it_went() -> None:
    """Of 2 incidents of an allotment, used in January, one comes back in February: 0 − 0 + 1 = 1."""
    terms = CappedIncidents(fee=Money("0 EUR"), allotment=incidents(2), per="term", beyond=Refuse())
    opened = story(happened(Opened, "T-1", "2025-01-03 09:00"), happened(Opened, "T-2", "2025-01-04 09:00"))
    opening = rate(contract(terms), opened, until="2025-02-01").closing
    cancelled = happened(Cancelled, "T-1", "2025-02-03 09:00")
    lines = statement(terms, cancelled, until="2025-02-04", opening=opening, billing="yearly")
    assert rows(lines) == ["2025-02-03 T-1 given back to allotment: cancelled 0.00 EUR"]
    assert re.sub(" +", " ", lines[-2]) == "total -1 incident 0.00 EUR"
    assert lines[-1] == (
        "allotment from 2025-01-01: 0 incidents granted, 0 incidents used, 1 incident returned, 1 incident left"
    )


def test_a_unit_that_comes_back_to_a_bank_has_a_column() -> None:
    """2 bought, 2 used, 1 returned: 1 is left. In a statement of its own the return is all there is."""
    plan = PrepaidIncidents(beyond=Refuse())
    before = story(
        bank("B-1", "2025-01-02 09:00", incidents(2)),
        happened(Opened, "T-1", "2025-01-03 09:00"),
        happened(Opened, "T-2", "2025-01-04 09:00"),
    )
    cancelled = happened(Cancelled, "T-1", "2025-02-03 09:00")
    assert statement(plan, *before, cancelled)[-3:] == [
        "",
        "bank  opening       bought         used    returned  expired  refunded     closing  expires on",
        "B-1         –  2 incidents  2 incidents  1 incident        –         –  1 incident  never",
    ]
    opening = rate(contract(plan, currency="EUR"), before, until="2025-02-01").closing
    lines = statement(plan, cancelled, opening=opening)
    assert rows(lines) == ["2025-02-03 T-1 given back to bank B-1: cancelled 0.00 EUR"]
    assert lines[-3:] == [
        "",
        "bank  opening  bought  used    returned  expired  refunded     closing  expires on",
        "B-1         –       –     –  1 incident        –         –  1 incident  never",
    ]


# Every kind of line


@pytest.mark.parametrize(
    ("plan", "events", "expected"),
    [
        (FixedAnnual(fee=Money("1200 EUR")), [], "2025-01-01 fee 300.00 EUR"),
        (
            FixedAnnual(fee=Money("0 EUR")),
            [entry("W", "2025-02-03 09:00", "2h")],
            "2025-02-03 W included 2h 00m 0.00 EUR",
        ),
        (
            FixedAnnual(fee=Money("0 EUR")),
            [happened(Opened, "T-1", "2025-02-03 09:00")],
            "2025-02-03 T-1 included 1 incident 0.00 EUR",
        ),
        (
            PayPerHour(tariff=EURO_A_MINUTE),
            [entry("W", "2025-02-03 09:00", "2h")],
            "2025-02-03 W charge at 60.00 EUR/h 2h 00m 120.00 EUR",
        ),
        (
            PayPerHour(tariff=Charge(BANDS, per="day")),
            [entry("W", "2025-02-03 09:00", "2h")],
            "2025-02-03 W charge 2h 00m 180.00 EUR",
        ),
        (
            PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(multiplier=Multiplier("1.5", on="price"))),
            [entry("W", "2025-02-03 09:00", "2h")],
            "2025-02-03 W charge at 60.00 EUR/h × 1.5 2h 00m 180.00 EUR",
        ),
        (
            PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(multiplier=Multiplier("1.5"))),
            [entry("W", "2025-02-03 09:00", "2h")],
            "2025-02-03 W charge at 60.00 EUR/h for 2h 00m 3h 00m 120.00 EUR",
        ),
        (
            PayPerHour(tariff=Charge(EURO_A_MINUTE, of="counted"), metering=Metering(multiplier=Multiplier("1.5"))),
            [entry("W", "2025-02-03 09:00", "2h")],
            "2025-02-03 W charge at 60.00 EUR/h 3h 00m 180.00 EUR",
        ),
        (
            PayPerIncident(tariff=Price("290 EUR/incident")),
            [happened(Opened, "T-1", "2025-02-03 09:00")],
            "2025-02-03 T-1 charge at 290.00 EUR/incident 1 incident 290.00 EUR",
        ),
        (
            PayPerIncident(tariff=Price("290 EUR/incident")),
            [
                happened(Opened, "T-1", "2025-02-03 09:00"),
                happened(Classified, "T-1", "2025-02-04 09:00", finding="feature-request"),
            ],
            "2025-02-04 T-1 credit: feature request -290.00 EUR",
        ),
        (
            PayPerHour(tariff=EURO_A_MINUTE),
            [entry("W", "2025-02-03 09:00", "2h", billable="non-billable")],
            "2025-02-03 W not billable 2h 00m 0.00 EUR",
        ),
        (
            PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(multiplier=Multiplier(0))),
            [entry("W", "2025-02-03 09:00", "2h")],
            "2025-02-03 W free 2h 00m 0.00 EUR",
        ),
        (
            PayPerHour(tariff=EURO_A_MINUTE),
            [entry("W", "2024-12-31 09:00", "2h")],
            "2024-12-31 W outside the term 2h 00m 0.00 EUR",
        ),
        (
            PayPerHour(tariff=EURO_A_MINUTE, scope=Scope(products="atlas")),
            [entry("W", "2025-02-03 09:00", "2h", product="relay")],
            "2025-02-03 W not in the contract 2h 00m 0.00 EUR",
        ),
        (
            PrepaidHours(beyond=Refuse()),
            [entry("W", "2025-02-03 09:00", "2h")],
            "2025-02-03 W refused: used up 2h 00m 0.00 EUR",
        ),
        (
            PrepaidHours(beyond=Hold()),
            [entry("W", "2025-02-03 09:00", "2h")],
            "2025-02-03 W held 2h 00m 0.00 EUR",
        ),
        (
            PayPerHour(tariff=Charge(EURO_A_MINUTE, approval="required")),
            [entry("W", "2025-02-03 09:00", "2h")],
            "2025-02-03 W held for approval 2h 00m 0.00 EUR",
        ),
        (
            PrepaidHours(beyond=Fallback("C-2")),
            [entry("W", "2025-02-03 09:00", "2h")],
            "2025-02-03 W handed over to C-2 2h 00m 0.00 EUR",
        ),
        (
            PayPerHour(tariff=EURO_A_MINUTE),
            [bank("B-1", "2025-02-03 09:00", "2h")],
            "2025-02-03 B-1 refused: no banks in the terms 0.00 EUR",
        ),
        (
            PayPerHour(tariff=EURO_A_MINUTE),
            [travel("X", "2025-02-03 09:00")],
            "2025-02-03 X travel 45.00 EUR",
        ),
        (
            PayPerHour(tariff=EURO_A_MINUTE),
            [travel("X", "2024-12-31 09:00")],
            "2024-12-31 X outside the term 0.00 EUR",
        ),
        (
            PayPerHour(tariff=Charge(EURO_A_MINUTE, approval="required")),
            [entry("W", "2025-02-03 09:00", "2h"), Approval("A", at("2025-03-03 09:00"))],
            "2025-03-03 W charge at 60.00 EUR/h, released 2h 00m 120.00 EUR",
        ),
        (
            PrepaidHours(beyond=Hold()),
            [entry("W", "2025-02-03 09:00", "2h"), bank("B-1", "2025-03-03 09:00", "2h", held="release")],
            "2025-03-03 W bank B-1, released 2h 00m 0.00 EUR",
        ),
        (
            CappedHours(
                fee=Money("0 EUR"), allotment=hours(2), per="month", beyond=Refuse(), rollover=Rollover()
            ),
            [entry("W", "2025-02-03 09:00", "1h")],
            "2025-02-03 W rolled over 1h 00m 0.00 EUR",
        ),
        (
            Composite(meters=Meter("work", [Banks(short=Overdraw(hours(2), settled_at=EURO_A_MINUTE)), Hold()])),
            [entry("W", "2025-02-03 09:00", "2h")],
            "2025-02-03 W overdraft 2h 00m 0.00 EUR",
        ),
        (
            Composite(meters=Meter("incidents", Charge(Price("290 EUR/incident")), labour="included")),
            [entry("W", "2025-02-03 09:00", "2h")],
            "2025-02-03 W not in the contract 2h 00m 0.00 EUR",
        ),
        (
            Composite(
                meters=[
                    Meter("incidents", Charge(Price("290 EUR/incident")), labour="metered-if-unpaid"),
                    Meter("work", Charge(EURO_A_MINUTE)),
                ]
            ),
            [happened(Opened, "T-1", "2025-02-03 09:00"), entry("W", "2025-02-03 10:00", "2h", ticket="T-1")],
            "2025-02-03 W included in the incident 2h 00m 0.00 EUR",
        ),
    ],
)  # fmt: skip
def test_a_line_says_who_pays(plan: Plan, events: list[Event], expected: str) -> None:
    """Day, entry, payer, time and amount of the line that matters, in words for a customer."""
    assert expected in rows(statement(plan, *events, billing="quarterly"))


@pytest.mark.rule("D26")
def test_the_lines_of_a_window_have_no_entry() -> None:
    """6h at 50.00 are 300.00; 10 % off leaves 270.00; the maximum of 200.00 takes 70.00: in this order."""
    bands = Volume([Band(hours(5), EURO_A_MINUTE), Band(None, Price("50 EUR/h"))])
    charge = Charge(bands, per="period", discount=Fraction(1, 10), maximum=Money("200 EUR"))
    lines = statement(PayPerHour(tariff=charge), entry("W", "2025-02-03 09:00", "6h"), until="2025-03-02")
    assert rows(lines) == [
        "2025-02-03 W charge 6h 00m 0.00 EUR",
        "2025-02-28 volume price 50.00 EUR/h 6h 00m 300.00 EUR",
        "discount -30.00 EUR",
        "maximum -70.00 EUR",
    ]
    minimum = PayPerHour(tariff=Charge(EURO_A_MINUTE, minimum=Money("20 EUR")))
    assert rows(statement(minimum, until="2025-02-02")) == ["2025-01-31 minimum 20.00 EUR"]


@pytest.mark.rule("D20", "D18")
def test_the_lines_at_the_end_of_a_contract() -> None:
    """What is still held is refused, what is still overdrawn is charged: 2h at 60.00."""
    held = PayPerHour(tariff=Charge(EURO_A_MINUTE, approval="required"))
    lines = statement(held, entry("W", "2025-02-03 09:00", "2h"), until="2026-01-01")
    assert rows(lines)[-1] == "2025-12-31 W refused: not released 2h 00m 0.00 EUR"
    short = Overdraw(hours(2), settled_at=EURO_A_MINUTE)
    owing = Composite(meters=Meter("work", [Banks(short=short), Hold()]))
    lines = statement(owing, bank("B-0", "2025-01-02 09:00", "0m"), entry("W", "2025-02-03 09:00", "2h"))
    assert lines[-1] == "overdrawn: 2h 00m of banks, repaid first from what comes next"
    settled = statement(owing, entry("W", "2025-02-03 09:00", "2h"), until="2026-01-01")
    assert rows(settled)[-1] == "2025-12-31 overdrawn, at 60.00 EUR/h 2h 00m 120.00 EUR"
    assert not [line for line in settled if line.startswith("overdrawn:")]


def test_allotments_of_several_meters_are_told_apart() -> None:
    """With two meters each allotment names its own; what rolled over, was forfeited or came in is said."""
    plan = Composite(
        meters=[
            Meter("work", [Allotment(hours(1), per="month"), Refuse()], name="remote", scope=Scope(channels="remote")),
            Meter("work", [Allotment(hours(2), per="month", rollover=Rollover()), Refuse()], name="on site"),
        ]
    )
    lines = statement(plan, entry("W", "2025-02-03 09:00", "1h"), until="2025-02-04")
    assert lines[-5:] == [
        "allotment of on site from 2025-01-01: 2h 00m granted, 0h 00m used, 2h 00m rolled over, 0h 00m left",
        "rolled over of on site from 2025-01-01: 2h 00m granted, 1h 00m used, 1h 00m left",
        "allotment of on site from 2025-02-01: 2h 00m granted, 0h 00m used, 2h 00m left",
        "allotment of remote from 2025-01-01: 1h 00m granted, 0h 00m used, 1h 00m forfeited, 0h 00m left",
        "allotment of remote from 2025-02-01: 1h 00m granted, 0h 00m used, 1h 00m left",
    ]


def test_an_allotment_is_shown_even_where_nothing_moved() -> None:
    """From a state of January on, a quiet February still says that 10h are left."""
    plan = CappedHours(fee=Money("0 EUR"), allotment=hours(10), per="term", beyond=Refuse())
    opening = rate(contract(plan), [], until="2025-02-01").closing
    lines = statement(plan, until="2025-03-01", opening=opening)
    assert lines[-1] == "allotment from 2025-01-01: 10h 00m granted, 0h 00m used, 10h 00m left"


def test_totals_of_two_units_stand_side_by_side() -> None:
    """Hours and incidents never add up: 1 incident, 2h; what was refused is in neither."""
    lines = statement(
        FixedAnnual(fee=Money("0 EUR")),
        happened(Opened, "T-1", "2025-02-03 09:00"),
        entry("W-1", "2025-02-03 09:00", "2h"),
        entry("W-0", "2024-02-03 09:00", "2h"),
    )
    assert "1 incident, 2h 00m" in next(line for line in lines if line.startswith("total"))


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2025-04-01", "2025-04-01"),
        ("2025-04-01 09:30", "2025-04-01 09:30"),
        ("2025-04-01 09:30:15", "2025-04-01 09:30:15"),
        ("2025-10-26 02:30+01:00", "2025-10-26 02:30+01:00"),
    ],
)
def test_the_heading_says_until_when(until: str, said: str) -> None:
    """A day without a time is its first instant; a time that the clocks showed twice has its offset."""
    assert statement(PayPerHour(tariff=EURO_A_MINUTE), until=until)[0] == f"C-1 · elm · rated until {said}"


# The layout


def test_columns_are_aligned() -> None:
    """In every row each column starts or ends at the same place, two blanks from the next, as its head does."""
    lines = statement(
        FixedAnnual(fee=Money("120000 EUR")),
        entry("W-1", "2025-02-03 09:00", "2h"),
        entry("A-long-name", "2025-02-04 09:00", "120h"),
    )
    head, *body = lines[1:]
    assert len({len(line) for line in [head, *body]}) == 1
    for name in ("date", "entry", "paid by"):
        start = head.index(name)
        assert all(line[start - 2 : start] in ("  ", "") for line in body), name
    for name in ("time", "amount"):
        end = head.index(name) + len(name)
        assert all(line[end - 1] != " " or name == "time" for line in body), name
        assert all(line[end : end + 2] in ("  ", "") for line in body), name


def cells(html: str) -> list[str]:
    """The contents of the cells of a page."""
    return re.findall(r"<t[dh]>(.*?)</t[dh]>", html)


def test_a_notebook_shows_tables() -> None:
    """The lines, with their heading as caption; a paragraph for each allotment and notice; the banks as a table."""
    plan = PrepaidHours(banks=Banks(warn_levels=Remaining(hours(2))), beyond=Refuse())
    terms = contract(plan, currency="EUR")
    html = rate(
        terms, [bank("B-1", "2025-01-02 09:00", "3h"), entry("W-1", "2025-02-03 09:00", "2h")], until="2025-03-01"
    )._repr_html_()
    assert html.startswith("<table><caption>C-1 · elm · rated until 2025-03-01</caption><thead><tr><th>date</th>")
    assert "<p>notice: W-1 on 2025-02-03 passed 2h 00m remaining and left 1h 00m</p>" in html
    assert cells(html)[:5] == ["date", "entry", "paid by", "time", "amount"]
    assert cells(html)[-8:] == ["B-1", "–", "3h 00m", "2h 00m", "–", "–", "1h 00m", "never"]
    quiet = rate(contract(PayPerHour(tariff=EURO_A_MINUTE)), [], until="2025-03-01")._repr_html_()
    assert quiet.count("<table>") == 1


def test_a_notebook_shows_text_as_text() -> None:
    """Whatever ids, customers and kinds contain, nothing of it becomes markup."""
    evil = "<script>alert('&')</script>"
    plan = Composite(
        meters=Meter("work", [Allotment(hours(1)), Banks(warn_levels=Remaining(hours(9))), Hold()], name=evil)
    )
    terms = contract(plan, customer=evil, currency="EUR")
    item = ChargeItem(f"X{evil}", at("2025-02-04 09:00"), customer=evil, kind=evil, amount=Money("45 EUR"))
    bought = BankPurchase(f"B{evil}", at("2025-01-02 09:00"), customer=evil, quantity=hours(10))
    work = entry(f"W{evil}", "2025-02-03 09:00", "3h")
    html = rate(terms, [item, bought, attrs.evolve(work, customer=evil)], until="2025-03-01")._repr_html_()
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;") >= 7
    assert not re.search(r"<(?!/?(table|caption|thead|tbody|tr|th|td|p)>)", html)


@given(case=cases())
def test_every_rating_prints(case: Case) -> None:
    """A statement of anything has a heading, aligned rows, a total, and no sign of a missing word."""
    contract_, events, until = case
    rating = rate(contract_, events, until=until)
    check(rating)
    middle = until if not events else max(event.at for event in events)
    if middle <= until:
        late = [event for event in events if event.at >= middle and not hasattr(event, "target")]
        early = [event for event in events if event.at < middle and not hasattr(event, "target")]
        if not any(getattr(event, "usable_from", None) for event in late):
            first = rate(contract_, early, until=middle)
            check(rate(contract_, late, until=until, opening=first.closing))


def check(rating: Rating) -> None:
    """Check the shape of one statement, in text and in HTML."""
    lines = str(rating).splitlines()
    assert lines[0].startswith(f"{rating.contract.id} · {rating.contract.customer} · rated ")
    (total,) = [line for line in lines if line.startswith("total")]
    assert total.endswith(str(rating.total))
    assert lines.index(total) == len(rating.lines) + 2
    assert len({len(line) for line in lines[1 : lines.index(total) + 1]}) == 1
    assert not any(word in str(rating) for word in ("None", "-0.00 ", "unlimited", "no-meter", "_"))
    html = rating._repr_html_()
    assert len(re.findall("<tr>", html)) >= len(rating.lines) + 2


# The words that other results share


def test_lots_and_instants_have_one_wording() -> None:
    """A bank is named, an allotment is not; an instant has its weekday, and its offset where it is needed."""
    assert [lot_word("B-1", "bank"), lot_word("work/0/2025-01-01", "grant"), lot_word("x>rolled", "rolled")] == [
        "bank B-1",
        "allotment",
        "rolled over",
    ]
    assert when(BERLIN, at("2025-10-26 02:30+02:00")) == "Sun 2025-10-26 02:30+02:00"


def test_a_payment_has_no_line() -> None:
    """Paying for a bank is no charge: the statement shows the purchase only."""
    plan = PrepaidHours(banks=Banks(usable="payment"), beyond=Refuse())
    bought = bank("B-1", "2025-01-02 09:00", "1h", price=Money("10 EUR"))
    lines = statement(plan, bought, Payment("P", at("2025-01-03 09:00"), bank="B-1"))
    assert rows(lines) == ["2025-01-02 B-1 bank of 1h 00m 10.00 EUR"]
