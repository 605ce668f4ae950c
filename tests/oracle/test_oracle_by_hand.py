"""The oracle against pencil and paper: every docstring shows the working of the numbers below it.

These tests prove the oracle, not the library, so they quote no rule ids.
"""

from datetime import UTC, date, datetime
from fractions import Fraction
from types import SimpleNamespace

import pytest

from supportcontracts.contracts.allotments import Allotment, Overdraw
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Phase
from supportcontracts.contracts.metering import Metering
from supportcontracts.contracts.plans import (
    CappedHours,
    Composite,
    Fee,
    FixedAnnual,
    PayPerHour,
    PrepaidHours,
)
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.sources import Refuse, Unlimited
from supportcontracts.contracts.tariffs import Band, Graduated, Package, Volume
from supportcontracts.errors import DuplicateEvent, ForeignEvent
from supportcontracts.events import (
    BankRefunded,
    ChargeItem,
    Event,
    Replace,
    Void,
    WorkEntry,
)
from supportcontracts.money import Money, Price
from supportcontracts.quantity import hours, minutes
from supportcontracts.timeline import Term
from tests.oracle import OLine, differences, oracle_rate
from tests.oracle.compare import BALANCES
from tests.oracle.days import cut, local_day, second_of, start_of
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
from tests.oracle.sums import billable, cost, settle, share_out

# Arithmetic


@pytest.mark.parametrize(
    ("text", "half_up", "half_even", "up", "down"),
    [
        ("240.625", 24063, 24062, 24063, 24062),
        ("-240.625", -24063, -24062, -24063, -24062),
        ("0.635", 64, 64, 64, 63),
        ("0.6301", 63, 63, 64, 63),
        ("7", 700, 700, 700, 700),
    ],
)
def test_settling(text: str, half_up: int, half_even: int, up: int, down: int) -> None:
    """240.625 lies between 240.62 (even) and 240.63: away from zero .63, to even .62; negatives mirror."""
    found = [settle(Fraction(text), 2, mode) for mode in ("half-up", "half-even", "up", "down")]
    assert found == [half_up, half_even, up, down]


def test_spare_units_go_to_the_largest_remainder() -> None:
    """100 by 1:1:1 is 33 1/3 each: the first gets the spare; 10 by 1:2 is 3 1/3 and 6 2/3: the second does."""
    assert share_out(100, [1, 1, 1]) == [34, 33, 33]
    assert share_out(10, [1, 2]) == [3, 7]
    assert share_out(3, [1, 0, 1]) == [2, 0, 1]


@pytest.mark.parametrize(
    ("minimum", "grace", "worked", "expected"),
    [(30, 5, 3, 30), (30, 5, 35, 30), (30, 5, 36, 45), (0, 5, 3, 0), (0, 5, 20, 15), (0, 5, 21, 30), (20, 5, 1, 15)],
)
def test_minimum_grace_and_increment(minimum: int, grace: int, worked: int, expected: int) -> None:
    """Steps of 15: 35 is 2 steps and 5, which grace drops; 36 is a third step; a minimum of 20 is 1 step and 5."""
    rules = Metering(minimum=minutes(minimum), grace=minutes(grace), increment=minutes(15))
    assert billable(worked * MINUTE, rules) == expected * MINUTE


def test_tariffs() -> None:
    """Graduated 90 min: 1 h at 140 and 1/2 h at 120 = 200, and 10 flat for the second band; 60 min: no flat.

    Volume 12 h at 120 = 1440, 10 h still at 140 = 1400. Packages of 30 min at 60: 31 min fill 1 and start 2.
    """
    bands = [Band(hours(1), AT_140), Band(None, Price("120 EUR/h"), Money("10 EUR"))]
    assert [cost(Graduated(bands), minute * MINUTE) for minute in (0, 60, 90, 180)] == [0, 140, 210, 390]
    sizes = Volume([Band(hours(10), AT_140), Band(None, Price("120 EUR/h"))])
    assert [cost(sizes, hour * HOUR) for hour in (0, 10, 12)] == [0, 1400, 1440]
    whole, full = (Package(minutes(30), Money("60 EUR"), part=part) for part in ("counts-whole", "free"))
    assert [cost(whole, minute * MINUTE) for minute in (0, 30, 31)] == [0, 60, 120]
    assert [cost(full, minute * MINUTE) for minute in (29, 30, 31)] == [0, 60, 60]


# Days


def test_local_days() -> None:
    """Berlin is at +1 in winter and +2 in summer; Sao Paulo skipped 00:00 on 2018-11-04 and began at 01:00 (-2)."""
    assert start_of(date(2025, 1, 1), "Europe/Berlin") == second_of(datetime(2024, 12, 31, 23, tzinfo=UTC))
    assert start_of(date(2025, 7, 1), "Europe/Berlin") == second_of(datetime(2025, 6, 30, 22, tzinfo=UTC))
    assert start_of(date(2018, 11, 4), "America/Sao_Paulo") == second_of(datetime(2018, 11, 4, 3, tzinfo=UTC))
    assert start_of(date(1970, 1, 1), "-03:30") == 3 * HOUR + 30 * MINUTE
    assert local_day(0, "-03:30") == date(1969, 12, 31)


def test_periods_are_counted_from_the_anchor() -> None:
    """From 31 January the months start on 31 January, 28 February and 31 March; the term cuts the last at 15 April."""
    found = cut(date(2025, 1, 31), date(2025, 4, 16), "month", "UTC")
    assert [(each.name, each.days, each.full_days) for each in found] == [
        ("2025-01-31/2025-02-27", 28, 28),
        ("2025-02-28/2025-03-30", 31, 31),
        ("2025-03-31/2025-04-15", 16, 30),
    ]
    names = [
        cut(date(2025, month, 1), date(2026, month, 1), per, "UTC")[0].name
        for month, per in ((1, "year"), (4, "quarter"), (2, "quarter"))
    ]
    assert names == ["2025", "2025-Q2", "2025-02-01/2025-04-30"]


# Fees


def test_instalments_sum_to_the_fee() -> None:
    """1000.00 over 12 months is 83.333...: 83.33 each leaves 4 cents for the first four months."""
    rating = rate(contract(FixedAnnual(fee=Money("1000 EUR"))))
    assert [minor for _, _, minor in money_lines(rating)] == [8334] * 4 + [8333] * 8


def test_a_part_year_is_prorated_by_days() -> None:
    """15 months: the second year has 90 of 365 days, 1200 x 90/365 = 295.89; over 3 months 98.63 each."""
    rating = rate(contract(FixedAnnual(fee=Money("1200 EUR")), last_day="2026-03-31"), until="2026-04-01")
    assert [minor for _, _, minor in money_lines(rating)] == [10000] * 12 + [9863] * 3
    whole = rate(contract(FixedAnnual(fee=Money("1200 EUR")), last_day="2026-03-31", billing="term"))
    assert money_lines(whole) == [("fee", "2025-01-01/2026-03-31", 149589)]


def test_a_fee_for_the_term() -> None:
    """100.00 for 3 months: 33.34, 33.33, 33.33; until 1 March the instalment of March is not due yet (D2)."""
    plan = Composite(fees=Fee(Money("100 EUR"), per="term", name="set-up"))
    assert money_lines(rate(contract(plan, months=3))) == [
        ("fee", "2025-01", 3334),
        ("fee", "2025-02", 3333),
        ("fee", "2025-03", 3333),
    ]
    assert len(rate(contract(plan, months=3), until="2025-03-01").lines) == 2


# The everyday contract


def test_an_allotment_then_overage() -> None:
    """10 h pay for 6 h, 3 h and 1 h; the other 1.5 h cost 1.5 x 140 = 210.00, beside the fee of 1200.00."""
    plan = CappedHours(fee=Money("1200 EUR"), allotment=hours(10), per="term", beyond=Charge(AT_140))
    rating = rate(
        contract(plan, zone="Europe/Berlin", billing="yearly"),
        work("W-3", "2025-05-20 10:00", minutes(150), "Europe/Berlin"),
        work("W-1", "2025-02-03 09:00", hours(6), "Europe/Berlin"),
        work("W-2", "2025-03-11 13:00", hours(3), "Europe/Berlin"),
        until="2025-07-01",
    )
    lot = "work/0/2025-01-01"
    assert money_lines(rating) == [("fee", "2025", 120000), ("use", "2025", 21000)]
    assert use_lines(rating) == [
        ("W-1", "allotment", lot, "included", 6 * HOUR, 0),
        ("W-2", "allotment", lot, "included", 3 * HOUR, 0),
        ("W-3", "allotment", lot, "included", HOUR, 0),
        ("W-3", "overage", None, "charged", 90 * MINUTE, 21000),
    ]
    assert moved(rating, lot) == {"granted": 10 * HOUR, "drawn": 10 * HOUR}


def test_outside_every_phase() -> None:
    """Work before the term and in the gap of February is refused for 0.00; a bank may be bought there."""
    plan = PrepaidHours(beyond=Refuse())
    terms = contract(
        phases=[
            Phase(Term("2025-01-01", months=1, zone="UTC"), plan),
            Phase(Term("2025-03-01", months=1, zone="UTC"), plan),
        ]
    )
    rating = rate(
        terms,
        bank("B-1", "2024-12-20 09:00", hours(2), price=Price("100 EUR/h")),
        work("W-0", "2024-12-31 23:00", hours(1)),
        work("W-1", "2025-02-10 09:00", hours(1)),
        work("W-2", "2025-03-10 09:00", hours(1)),
        ChargeItem("X-1", at("2025-02-11 09:00"), customer="elm", kind="travel", amount=Money("45 EUR")),
        ChargeItem("X-2", at("2025-03-11 09:00"), customer="elm", kind="travel", amount=Money("45 EUR")),
    )
    assert [(line.kind, line.period, line.use, line.disposition, line.code, line.minor) for line in rating.lines] == [
        ("purchase", "-", "B-1", "charged", "", 20000),
        ("use", "-", "W-0", "refused", "outside-term", 0),
        ("use", "-", "W-1", "refused", "outside-term", 0),
        ("charge-item", "-", "X-1", "refused", "outside-term", 0),
        ("use", "2025-03", "W-2", "drawn", "", 0),
        ("charge-item", "2025-03", "X-2", "charged", "", 4500),
    ]


# What counts as having happened


def test_corrections() -> None:
    """W-1 is void, W-2 becomes 3 h (the later correction wins), W-3 stays; on 8 January no error was known."""
    terms = contract(PayPerHour(tariff=AT_140))
    right = work("W-2", "2025-01-02 09:00", hours(3))
    events: list[Event] = [
        work("W-1", "2025-01-01 09:00", hours(1)),
        work("W-2", "2025-01-02 09:00", hours(2)),
        work("W-3", "2025-01-03 09:00", hours(1)),
        Void("V-1", at("2025-01-09 09:00"), target="W-1"),
        Void("V-2", at("2025-01-09 09:00"), target="W-2"),
        Replace("V-3", at("2025-01-09 10:00"), target="W-2", by=right),
        Void("V-4", at("2025-01-09 09:00"), target="W-9"),
        work("W-3", "2025-01-03 09:00", hours(1), recorded_at=at("2025-01-20 09:00")),
    ]
    rating = oracle_rate(terms, events, until=at("2025-02-01 00:00"))
    assert [(line.use, line.minor) for line in rating.lines] == [("W-2", 42000), ("W-3", 14000)]
    before = oracle_rate(terms, reversed(events), until=at("2025-02-01 00:00"), known_at=at("2025-01-08 00:00"))
    assert [(line.use, line.minor) for line in before.lines] == [("W-1", 14000), ("W-2", 28000), ("W-3", 14000)]


def test_one_id_has_one_content_and_one_owner() -> None:
    """Two contents under one id, another customer and another contract are errors."""
    terms = contract(PayPerHour(tariff=AT_140))
    entry = work("W", "2025-01-01 09:00", hours(1))
    with pytest.raises(DuplicateEvent):
        rate(terms, entry, work("W", "2025-01-01 09:00", hours(2)))
    with pytest.raises(ForeignEvent):
        rate(terms, WorkEntry("W", at("2025-01-01 09:00"), customer="oak", worked=hours(1)))
    with pytest.raises(ForeignEvent):
        rate(terms, work("W", "2025-01-01 09:00", hours(1), contract="D"))


def test_the_end_is_exclusive() -> None:
    """Work at the very instant of `until` is left out, a second before it counts."""
    terms = contract(PayPerHour(tariff=AT_140))
    entries = work("W-1", "2025-01-31 23:59:59", hours(1)), work("W-2", "2025-02-01 00:00", hours(1))
    assert [line[0] for line in use_lines(rate(terms, *entries, until="2025-02-01"))] == ["W-1"]


def test_a_bank_begins_before_work_at_the_same_instant() -> None:
    """Bought and worked at 09:00: drawn; refunded at 10:00 before the work at 10:00: refused."""
    rating = rate(
        contract(PrepaidHours(beyond=Refuse())),
        work("A-1", "2025-01-01 09:00", hours(1)),
        bank("B", "2025-01-01 09:00", hours(2)),
        work("A-2", "2025-01-01 10:00", hours(1)),
        BankRefunded("R", at("2025-01-01 10:00"), bank="B"),
    )
    assert [line[3] for line in use_lines(rating)] == ["drawn", "refused"]


def test_a_later_phase_has_its_own_terms() -> None:
    """January at 140, February at 100; the allotment of January is gone with its phase, its overdraft settled there."""
    short = Overdraw(hours(1), settled_at=Price("150 EUR/h"))
    first = meters(Allotment(hours(1), short=short), Charge(AT_140))
    terms = contract(
        phases=[
            Phase(Term("2025-01-01", months=1, zone="UTC"), first),
            Phase(Term("2025-02-01", months=1, zone="UTC"), PayPerHour(tariff=Price("100 EUR/h"))),
        ]
    )
    rating = rate(terms, work("W-1", "2025-01-10 09:00", hours(3)), work("W-2", "2025-02-10 09:00", hours(1)))
    assert money_lines(rating) == [
        ("use", "2025-01", 14000),
        ("overdraft", "2025-01", 15000),
        ("use", "2025-02", 10000),
    ]


# Comparison


def real_line(line: OLine, **other: object) -> SimpleNamespace:
    """Dress a line of the oracle as a line of the library."""
    fields = {
        **line._asdict(),
        **{name: SimpleNamespace(amount=getattr(line, name)) for name in ("worked", "billable", "counted")},
        "exact": SimpleNamespace(value=line.exact),
        "amount": SimpleNamespace(minor=line.minor),
    }
    return SimpleNamespace(**{**fields, **other})


def real_balances(balances: dict[str, dict[str, int]]) -> dict[str, SimpleNamespace]:
    """Write balances down as the real rating does, where what was bought is called purchased."""
    names = {"bought": "purchased"}
    zero = dict.fromkeys(BALANCES, 0)
    return {
        lot: SimpleNamespace(**{names.get(name, name): amount for name, amount in (zero | found).items()})
        for lot, found in balances.items()
    }


def test_differences_are_found() -> None:
    """The same lines in any order do not differ; a cent, a line, a notice, a refusal and a unit of a balance do."""
    expected = rate(
        contract(PrepaidHours(beyond=Charge(AT_140))),
        bank("B", "2025-01-01 09:00", hours(1), price=Money("100 EUR")),
        work("W", "2025-01-02 09:00", hours(2)),
    )
    lines = [real_line(line) for line in expected.lines]
    quiet = {"notices": (), "movements": ()}
    same = SimpleNamespace(lines=lines[::-1], balance_totals=lambda: real_balances(expected.balances), **quiet)
    assert differences(same, expected) == []
    cent = real_line(expected.lines[-1], amount=SimpleNamespace(minor=14001))
    noticed = SimpleNamespace(code="warn-level", key="K", because="W", at=at("2025-01-02 09:00"))
    refused = SimpleNamespace(kind="refused", because="X", code="ended")
    off = SimpleNamespace(
        lines=[*lines[1:-1], cent],
        balance_totals=lambda: real_balances({"B": {"bought": 3600, "left": 1}}),
        notices=[noticed],
        movements=[refused],
    )
    found = differences(off, expected)
    assert [text.split(":")[0] for text in found] == [
        "only rating, 1 x",
        "only oracle, 1 x",
        "only oracle, 1 x",
        "only rating, notice ('warn-level', 'K', 'W', 1735808400)",
        "only rating, refused ('X', 'ended')",
        "lot B drawn",
        "lot B left",
    ]


def test_unlimited_in_the_middle_pays_all() -> None:
    """What stands behind Unlimited is never asked; a source whose scope does not admit the use is passed over."""
    phone = Unlimited(scope=Scope(channels="phone"))
    rating = rate(
        contract(meters(phone, Charge(AT_140))),
        work("W-1", "2025-01-01 09:00", hours(1), channel="phone"),
        work("W-2", "2025-01-02 09:00", hours(1)),
    )
    assert [line[1] for line in use_lines(rating)] == ["unlimited", "overage"]
