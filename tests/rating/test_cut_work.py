"""What adds up across boundaries: work over midnight, groups over phases and saved states. Worked out by hand."""

import re
from fractions import Fraction

import pytest

from supportcontracts import (
    Band,
    BankPurchase,
    CappedHours,
    Charge,
    Composite,
    FreeTime,
    Graduated,
    Meter,
    Metering,
    Money,
    Multiplier,
    Package,
    PayPerHour,
    Phase,
    PrepaidHours,
    Price,
    Rating,
    Refuse,
    Term,
    Unlimited,
    Volume,
    WorkEntry,
    hours,
    minutes,
    percent,
    seconds,
)
from tests.rating.builders import EURO_A_MINUTE, amounts, at, billable, contract, entry, metered, rated, told

NOTHING = seconds(0)

# Work that runs over a boundary


def parts(rating: Rating) -> list[str]:
    """Tell every line; how the parts of cut work are told apart in it plays no part."""
    return [re.sub(r"#\d+ ", " ", row) for row in told(rating)]


@pytest.mark.rule("D5")
def test_work_belongs_where_it_starts() -> None:
    """Ten hours from the last second of January are January's, as is their price window."""
    (line,) = metered(Metering(), entry("W-1", "2025-01-31 23:59:59", "10h")).lines
    assert (line.period, str(line.amount)) == ("2025-01", "600.00 EUR")


@pytest.mark.rule("D5")
@pytest.mark.parametrize(
    ("start", "worked", "expected"),
    [
        ("2025-01-31 23:00", "1h", ["2025-01 1h 00m"]),  # ends exactly at the boundary: not cut
        ("2025-01-31 23:00", "1h 1s", ["2025-01 1h 00m", "2025-02 0h 00m 01s"]),
        ("2025-01-31 23:59:59", "1h", ["2025-01 0h 00m 01s", "2025-02 0h 59m 59s"]),
        ("2025-02-01 00:00", "1h", ["2025-02 1h 00m"]),  # starts exactly at the boundary: not cut
        ("2025-03-31 23:30", "1h", ["2025-03 0h 30m", "2025-04 0h 30m"]),
        (
            "2025-01-31 23:00",
            "674h",
            ["2025-01 1h 00m", "2025-02 672h 00m", "2025-03 1h 00m"],
        ),  # February: 28 × 24 = 672
        (
            "2025-02-28 23:00",
            "745h",
            ["2025-02 1h 00m", "2025-03 743h 00m", "2025-04 1h 00m"],
        ),  # March: 31 × 24 − 1 = 743
    ],
)
def test_work_may_be_cut_where_a_period_ends(start: str, worked: str, expected: list[str]) -> None:
    """With at_boundary="split" each part belongs to the billing period in which it starts."""
    rating = metered(Metering(at_boundary="split"), entry("W-1", start, worked))
    assert [f"{line.period} {line.counted}" for line in rating.lines] == expected


@pytest.mark.rule("D5", "M4", "M6")
def test_the_parts_of_cut_work_are_metered_as_one_group() -> None:
    """Cut into 30 and 40 minutes, steps of an hour make 60 and then 60; a minimum of 3 hours falls on the first part.

    30 → 1h, 70 → 2h: the second part causes another hour. With the minimum: 30 → 3h, 70 → 3h: it causes nothing.
    """
    work = entry("W-1", "2025-01-31 23:30", "1h 10m")
    steps = metered(Metering(at_boundary="split", increment=hours(1)), work)
    assert parts(steps) == ["W-1 charge 1h 60.00 EUR", "W-1 charge 1h 60.00 EUR"]
    least = metered(Metering(at_boundary="split", minimum=hours(3)), work)
    assert parts(least) == ["W-1 charge 3h 180.00 EUR", "W-1 none 0m 0.00 EUR"]
    assert [line.worked for line in least.lines] == [minutes(30), minutes(40)]
    assert [line.period for line in least.lines] == ["2025-01", "2025-02"]


@pytest.mark.rule("D5", "M3", "M8")
def test_cut_work_has_its_free_time_once_and_each_part_is_multiplied() -> None:
    """Of 30 + 30 minutes the first 15 are free; × 1.5 the parts count 22m 30s and 45m."""
    metering = Metering(at_boundary="split", free=FreeTime(minutes(15)), multiplier=Multiplier("1.5"))
    rating = metered(metering, entry("W-1", "2025-01-31 23:30", "1h"))
    assert parts(rating) == ["W-1 charge 22m 30s 15.00 EUR", "W-1 charge 45m 30.00 EUR"]


@pytest.mark.rule("D5", "M2")
def test_cut_work_goes_on_in_the_group_of_its_ticket() -> None:
    """Steps of 30 over one ticket: 10 → 30, then a cut entry of 20 + 5: 30 → 30 and 35 → 60; the last 25 fit."""
    rating = metered(
        Metering(at_boundary="split", group="incident", increment=minutes(30)),
        entry("W-1", "2025-01-31 20:00", "10m", ticket="T-1"),
        entry("W-2", "2025-01-31 23:40", "25m", ticket="T-1"),
        entry("W-3", "2025-02-01 09:00", "25m", ticket="T-1"),
    )
    assert parts(rating) == [
        "W-1 charge 30m 30.00 EUR",
        "W-2 none 0m 0.00 EUR",
        "W-2 charge 30m 30.00 EUR",
        "W-3 none 0m 0.00 EUR",
    ]


@pytest.mark.rule("D5", "M2")
def test_cut_work_of_a_technician_day_stays_one_group() -> None:
    """The parts of an entry that began on 31 January are its day's; work that starts on 1 February is that day's.

    Steps of an hour: 30 minutes → 1h, 40 → 1h; then 20 minutes of 1 February → 1h.
    """
    rating = metered(
        Metering(at_boundary="split", group="technician-day", increment=hours(1)),
        entry("W-1", "2025-01-31 23:30", "40m", technician="ann"),
        entry("W-2", "2025-02-01 09:00", "20m", technician="ann"),
    )
    assert [(line.worked, line.billable) for line in rating.lines] == [
        (minutes(30), hours(1)),
        (minutes(10), NOTHING),
        (minutes(20), hours(1)),
    ]


@pytest.mark.rule("D5", "D2", "D7")
def test_cut_work_beyond_the_term_is_refused() -> None:
    """A term that ends with 30 March 2025, a day of 23 hours, ends 21h 30m after 01:30: the rest of 22h is refused."""
    plan = PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(at_boundary="split"))
    agreed = contract(plan, last_day="2025-03-30")
    rating = rated(agreed, entry("W-1", "2025-03-30 01:30", "22h"))
    assert [(line.period, line.worked, line.code) for line in rating.lines] == [
        ("2025-03-01/2025-03-30", minutes(21 * 60 + 30), ""),
        ("-", minutes(30), "outside-term"),
    ]
    assert str(rating.total) == "1,290.00 EUR"


@pytest.mark.rule("D5", "D2", "L4")
def test_a_rating_that_stops_at_a_boundary_leaves_the_rest_of_cut_work_to_the_next() -> None:
    """Until 1 February only January's 30 minutes are rated, going on from there the other 40, as in one go."""
    agreed = contract(PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(at_boundary="split", increment=hours(1))))
    work = entry("W-1", "2025-01-31 23:30", "1h 10m")
    january = rated(agreed, work, until="2025-02-01")
    assert parts(january) == ["W-1 charge 1h 60.00 EUR"]
    later = rated(agreed, until="2025-03-01", opening=january.closing)
    assert parts(later) == ["W-1 charge 1h 60.00 EUR"]
    assert january.lines + later.lines == rated(agreed, work, until="2025-03-01").lines


@pytest.mark.rule("D5")
def test_a_use_without_limit_still_keeps_its_parts_apart() -> None:
    """Unlimited cover pays each part in its own billing period."""
    meter = Meter("work", [Unlimited()], metering=Metering(at_boundary="split"))
    rating = rated(contract(Composite(meters=meter), currency="EUR"), entry("W-1", "2025-01-31 23:00", "2h"))
    assert [(line.period, line.disposition, line.counted) for line in rating.lines] == [
        ("2025-01", "included", hours(1)),
        ("2025-02", "included", hours(1)),
    ]


@pytest.mark.rule("D5", "D8", "L5")
def test_the_parts_of_cut_work_are_lines_of_one_entry() -> None:
    """Asked for W-1, the rating shows both parts and explains their sum, each under a key of its own.

    The second boundary, the end of an empty bank on 10 February, lies inside one billing period.
    """
    plan = PrepaidHours(beyond=Charge(EURO_A_MINUTE), metering=Metering(at_boundary="split"))
    bank = BankPurchase("B-1", at("2025-01-10 09:00"), customer="elm", quantity=hours(0), expires_on="2025-02-10")
    rating = rated(plan, bank, entry("W-1", "2025-01-31 23:00", "241h"))
    lines = rating.lines_of("W-1")
    assert [line.counted for line in lines] == [hours(1), hours(240)]
    cut = rated(plan, bank, entry("W-1", "2025-02-10 23:00", "2h"))
    assert [line.counted for line in cut.lines_of("W-1")] == [hours(1), hours(1)]
    assert str(cut.explain("W-1").amount) == "120.00 EUR"
    assert len({line.key for line in cut.lines}) == len(cut.lines)


@pytest.mark.rule("D5", "D3")
def test_the_rest_of_cut_work_takes_its_turn_by_id() -> None:
    """Of the hour of February, W-1 takes 20 minutes, the rest of W-5 25, and W-9 what is left of it: 15.

    All start at the first second of February, behind its grant.
    """
    plan = CappedHours(
        fee=Money("0 EUR"),
        allotment=hours(1),
        per="month",
        beyond=Refuse(),
        metering=Metering(at_boundary="split"),
    )
    rating = rated(
        plan,
        entry("W-5", "2025-01-31 23:50", "35m"),
        entry("W-9", "2025-02-01 00:00", "20m"),
        entry("W-1", "2025-02-01 00:00", "20m"),
    )
    assert [row for row in parts(rating) if row.startswith("W-")] == [
        "W-5 allotment 10m 0.00 EUR",
        "W-1 allotment 20m 0.00 EUR",
        "W-5 allotment 25m 0.00 EUR",
        "W-9 allotment 15m 0.00 EUR",
        "W-9 refused/exhausted 5m 0.00 EUR",
    ]


@pytest.mark.rule("D5", "D10")
@pytest.mark.parametrize(
    ("charge", "expected"),
    [
        # One hour at 140 EUR/h and one at 120, not two first hours.
        (Charge(Graduated([Band(hours(1), Price("140 EUR/h")), Band(None, Price("120 EUR/h"))]), per="entry"), "260"),
        # The free hour of the entry once.
        (Charge(EURO_A_MINUTE, per="entry", free_first=hours(1)), "60"),
        # Two hours are one package of two hours.
        (Charge(Package(hours(2), Money("50 EUR")), per="entry"), "50"),
        # Without a ticket an entry is an incident of its own, parts or not.
        (Charge(Package(hours(2), Money("50 EUR")), per="incident"), "50"),
    ],
    ids=["bands", "free first", "package", "incident"],
)
def test_the_window_of_an_entry_holds_all_its_parts(charge: Charge, expected: str) -> None:
    """An entry of two hours, cut in the middle, costs what it costs in one piece."""
    rating = metered(Metering(at_boundary="split"), entry("W-1", "2025-01-31 23:00", "2h"), charge=charge)
    assert str(rating.total) == f"{expected}.00 EUR"


@pytest.mark.rule("D5", "D16")
def test_work_is_cut_where_was_known_when_it_began() -> None:
    """A bank that is bought while the work goes on, for one day, cuts nothing: it pays for the part that starts in it.

    48 hours from 22:00 on 31 January are cut at midnight; the bank bought at 23:00 lasts to the end of 1 February.
    """
    plan = PrepaidHours(beyond=Charge(EURO_A_MINUTE), metering=Metering(at_boundary="split"))
    bank = BankPurchase("B-1", at("2025-01-31 23:00"), customer="elm", quantity=hours(100), expires_on="2025-02-01")
    assert parts(rated(plan, bank, entry("W-1", "2025-01-31 22:00", "48h"))) == [
        "W-1 overage 2h 120.00 EUR",
        "2025-01 purchase 0.00 EUR",
        "W-1 bank B-1 46h 0.00 EUR",
    ]


# Phases


def in_phases(plans: list[PayPerHour], *work: WorkEntry) -> Rating:
    """Rate work under two phases, 2024 and 2025."""
    phases = [
        Phase(Term(f"{year}-01-01", months=12, zone="Europe/Berlin"), plan) for year, plan in enumerate(plans, 2024)
    ]
    return rated(contract(phases=phases), *work)


@pytest.mark.rule("D9", "M2")
def test_a_group_ends_with_the_terms_that_meter_it() -> None:
    """Ten minutes on one ticket in each of two phases are a quarter by the first terms, and an hour by the second's."""
    plans = [
        PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(group="incident", increment=step))
        for step in (minutes(15), hours(1))
    ]
    rating = in_phases(
        plans,
        entry("W-1", "2024-12-31 09:00", "10m", ticket="T-1"),
        entry("W-2", "2025-01-02 09:00", "10m", ticket="T-1"),
    )
    assert billable(rating) == ["15m", "1h"]


@pytest.mark.rule("D9", "M3")
def test_free_time_of_a_group_is_that_of_its_terms() -> None:
    """A ticket that used up 20 free minutes in 2024 finds the 30 of the new terms untouched."""
    plans = [
        PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(group="incident", free=FreeTime(free)))
        for free in (minutes(20), minutes(30))
    ]
    rating = in_phases(
        plans,
        entry("W-1", "2024-12-31 09:00", "40m", ticket="T-1"),
        entry("W-2", "2025-01-02 09:00", "40m", ticket="T-1"),
    )
    assert billable(rating) == ["20m", "10m"]


@pytest.mark.rule("D10", "T2")
def test_the_bands_of_an_incident_are_those_of_the_terms_that_charge_it() -> None:
    """An hour on one ticket in each of two phases fills the first band of each tariff: 140 and then 200."""
    plans = [
        PayPerHour(
            tariff=Charge(Graduated([Band(hours(1), Price(first)), Band(None, Price("100 EUR/h"))]), per="incident")
        )
        for first in ("140 EUR/h", "200 EUR/h")
    ]
    rating = in_phases(
        plans,
        entry("W-1", "2024-12-31 09:00", "1h", ticket="T-1"),
        entry("W-2", "2025-01-02 09:00", "1h", ticket="T-1"),
    )
    assert amounts(rating) == ["140.00 EUR", "200.00 EUR"]


# Saved states


@pytest.mark.rule("D10", "L4")
@pytest.mark.parametrize(
    "charge",
    [
        Charge(EURO_A_MINUTE),
        Charge(EURO_A_MINUTE, limit=minutes(70), limit_per="term", discount=percent(10), adjust_per="term"),
        Charge(Price(Fraction(100, 3), "EUR", "h"), limit=Money("50 EUR"), limit_per="term"),
        Charge(Package(minutes(25), Money("11 EUR")), per="incident", minimum=Money("30 EUR")),
        Charge(Volume([Band(hours(1), Price("2 EUR/h")), Band(None, Price("1 EUR/h"))]), per="term"),
    ],
    ids=["flat", "limit", "money", "package", "volume"],
)
@pytest.mark.parametrize("group", ["entry", "incident", "incident-and-day", "technician-day"])
def test_what_adds_up_goes_on_through_saved_states(charge: Charge, group: str) -> None:
    """Groups, free time, limits, packages and volumes give the same lines day by day as in one go."""
    metering = Metering(
        group=group,  # type: ignore[arg-type]  # one of the words
        free=FreeTime(minutes(20), per="term"),
        minimum=minutes(10),
        grace=minutes(2),
        increment=minutes(7),
        multiplier=Multiplier("1.5"),
    )
    agreed = contract(
        Composite(meters=Meter("work", [charge, Unlimited()] if charge.limit else [charge], metering=metering)),
        months=1,
    )
    work = [
        entry(
            f"W-{n:02}",
            f"2025-01-{1 + n // 3:02} {9 + n % 3:02}:00",
            f"{5 + n}m",
            ticket=f"T-{n % 2}",
            technician="ann",
        )
        for n in range(18)
    ]
    stops = [f"2025-01-{day:02}" for day in range(2, 9)] + ["2025-02-01"]
    found: tuple[object, ...] = ()
    state = None
    for stop in stops:
        rating = (
            rated(agreed, *work, until=stop, opening=state)
            if state is None
            else rated(agreed, *(item for item in work if item.at >= state.as_of), until=stop, opening=state)
        )
        found += rating.lines
        state = rating.closing
    assert found == rated(agreed, *work, until="2025-02-01").lines
