"""Metering by example: worked time becomes billable time. Every number is worked out by hand.

Quantities are told as "worked > billable > counted". The price is 60 EUR/h, one euro a minute.
"""

import pytest

from supportcontracts import (
    CappedHours,
    Charge,
    FreeTime,
    Metering,
    Money,
    Multiplier,
    PayPerHour,
    Price,
    Rate,
    Refuse,
    Zone,
    hours,
    minutes,
    seconds,
)
from tests.rating.builders import (
    EURO_A_MINUTE,
    amounts,
    billable,
    contract,
    entry,
    metered,
    one,
    quantities,
    rated,
    told,
)

DAY = "2025-02-03 09:00"
NOTHING = seconds(0)

# Measure, minimum, grace, increment


@pytest.mark.rule("M1")
@pytest.mark.parametrize(
    ("worked", "amount"),
    [
        ("1s", "0.02 EUR"),  # 1/60 = 0.0166…
        ("29s", "0.48 EUR"),  # 29/60 = 0.4833…
        ("59m 59s", "59.98 EUR"),  # 3599/60 = 59.9833…
        ("1h", "60.00 EUR"),
        ("100h 1s", "6,000.02 EUR"),
    ],
)
def test_work_counts_to_the_second(worked: str, amount: str) -> None:
    """Without further terms, worked, billable and counted time are what was recorded, second by second."""
    rating = metered(Metering(), entry("W-1", DAY, worked))
    assert quantities(rating, "W-1") == f"{worked} > {worked} > {worked}"
    assert amounts(rating) == [amount]


@pytest.mark.rule("M6", "D11")
@pytest.mark.parametrize(
    ("worked", "expected"),
    [
        ("0m", "0m"),
        ("1s", "15m"),
        ("14m 59s", "15m"),
        ("15m", "15m"),
        ("15m 1s", "30m"),
        ("30m", "30m"),
        ("29m 59s", "30m"),
        ("24h 1s", "24h 15m"),
    ],
)
def test_billable_time_is_rounded_up_to_full_increments(worked: str, expected: str) -> None:
    """A full quarter of an hour stays, one second more is another; nothing stays nothing."""
    assert one(Metering(increment=minutes(15)), worked) == f"{worked} > {expected} > {expected}"


@pytest.mark.rule("M4", "D10", "D11")
@pytest.mark.parametrize(
    ("worked", "expected"),
    [
        ("0m", "0m"),
        ("1s", "30m"),
        ("29m 59s", "30m"),
        ("30m", "30m"),
        ("30m 1s", "45m"),
        ("45m", "45m"),
        ("1h 10m", "1h 15m"),  # minimum first, then the step: 70 is above 30, and 5 steps are 75
    ],
)
def test_any_work_has_at_least_the_minimum(worked: str, expected: str) -> None:
    """Below the minimum of 30 minutes work is raised to it, above it only the increment of 15 applies."""
    assert one(Metering(minimum=minutes(30), increment=minutes(15)), worked) == f"{worked} > {expected} > {expected}"


@pytest.mark.rule("D11", "M4", "M6")
@pytest.mark.parametrize(("worked", "expected"), [("1s", "30m"), ("20m", "30m"), ("30m", "30m"), ("30m 1s", "45m")])
def test_a_minimum_between_two_steps_is_itself_rounded_up(worked: str, expected: str) -> None:
    """The increment of 15 applies to max(worked, 20 minutes): 20 is one step and 5 minutes, so two steps."""
    assert one(Metering(minimum=minutes(20), increment=minutes(15)), worked) == f"{worked} > {expected} > {expected}"


@pytest.mark.rule("M5", "D11")
@pytest.mark.parametrize(
    ("worked", "expected"),
    [
        ("3m", "0m"),  # an excess of 3 over no step at all
        ("5m", "0m"),
        ("5m 1s", "15m"),
        ("15m", "15m"),
        ("20m", "15m"),
        ("20m 1s", "30m"),
        ("30m", "30m"),
        ("35m", "30m"),
        ("35m 1s", "45m"),
    ],
)
def test_an_excess_of_at_most_the_grace_is_dropped(worked: str, expected: str) -> None:
    """Of steps of 15 minutes, an excess of up to 5 minutes is dropped; one second more is a full step."""
    assert one(Metering(grace=minutes(5), increment=minutes(15)), worked) == f"{worked} > {expected} > {expected}"


@pytest.mark.rule("M5", "M4", "D11")
@pytest.mark.parametrize(("worked", "expected"), [("3m", "30m"), ("30m", "30m"), ("35m", "30m"), ("35m 1s", "45m")])
def test_the_grace_is_an_excess_over_the_minimum_too(worked: str, expected: str) -> None:
    """Three minutes are first raised to the minimum of 30, a full number of steps, so no grace drops them."""
    metering = Metering(minimum=minutes(30), grace=minutes(5), increment=minutes(15))
    assert one(metering, worked) == f"{worked} > {expected} > {expected}"


@pytest.mark.rule("M5", "D8")
def test_work_that_the_grace_drops_is_one_free_line() -> None:
    """Work of 5 minutes within the grace of 5 is shown as free: worked 5 minutes, nothing billable, 0.00."""
    rating = metered(Metering(grace=minutes(5), increment=minutes(15)), entry("W-1", DAY, "5m"))
    (line,) = rating.lines_of("W-1")
    assert (line.disposition, line.source, line.code) == ("free", "none", "nothing-counted")
    assert (line.worked, line.billable, line.counted) == (minutes(5), NOTHING, NOTHING)
    assert line.amount == Money("0 EUR")


@pytest.mark.rule("D10", "M4")
def test_no_work_at_all_is_not_raised_to_a_minimum() -> None:
    """An entry of no length is one line of nothing, whatever the minimum, the increment and the multiplier."""
    metering = Metering(minimum=hours(1), increment=hours(1), multiplier=Multiplier("2"))
    rating = metered(metering, entry("W-1", DAY, "0m"))
    (line,) = rating.lines
    assert (line.disposition, line.worked, line.billable, line.counted) == ("included", NOTHING, NOTHING, NOTHING)
    assert line.amount == Money("0 EUR")


# Groups


@pytest.mark.rule("M2", "D10")
def test_entries_of_one_incident_are_added_up_before_rounding() -> None:
    """Each entry gets the step that it causes: 5 → 15, 10 → 15 (no more), 15 → 15 (no more), 15m 1s → 30."""
    metering = Metering(group="incident", increment=minutes(15))
    rating = metered(
        metering,
        entry("W-1", "2025-02-03 09:00", "5m", ticket="T-1"),
        entry("W-2", "2025-02-04 09:00", "5m", ticket="T-1"),
        entry("W-3", "2025-03-04 09:00", "5m", ticket="T-1"),  # another day and another billing period
        entry("W-4", "2025-04-04 09:00", "1s", ticket="T-1"),
    )
    assert told(rating) == [
        "W-1 charge 15m 15.00 EUR",
        "W-2 none 0m 0.00 EUR",
        "W-3 none 0m 0.00 EUR",
        "W-4 charge 15m 15.00 EUR",
    ]
    assert quantities(rating, "W-2") == "5m > 0m > 0m"


@pytest.mark.rule("M2")
def test_another_incident_is_another_group() -> None:
    """Five minutes on each of two tickets are two quarters, and entries without a ticket are alone."""
    rating = metered(
        Metering(group="incident", increment=minutes(15)),
        entry("W-1", "2025-02-03 09:00", "5m", ticket="T-1"),
        entry("W-2", "2025-02-03 09:10", "5m", ticket="T-2"),
        entry("W-3", "2025-02-03 09:20", "5m"),
        entry("W-4", "2025-02-03 09:30", "5m"),
        entry("W-5", "2025-02-03 09:40", "5m", ticket="T-1"),
    )
    assert billable(rating) == ["15m", "15m", "15m", "15m", "0m"]


@pytest.mark.rule("M2", "M4")
def test_a_minimum_is_raised_once_for_its_group() -> None:
    """Of 40, then 30, then 1 minute on one ticket with a minimum of 60, the first gets 60, the next 10, then 1."""
    rating = metered(
        Metering(group="incident", minimum=hours(1)),
        entry("W-1", "2025-02-03 09:00", "40m", ticket="T-1"),
        entry("W-2", "2025-02-03 11:00", "30m", ticket="T-1"),
        entry("W-3", "2025-02-03 13:00", "1m", ticket="T-1"),
    )
    assert billable(rating) == ["1h", "10m", "1m"]


@pytest.mark.rule("M2", "M5")
def test_a_grace_that_adds_up_is_passed_once() -> None:
    """Of 4 minutes each on one ticket: 4 → 0, 8 → 15, 12 → 15, 16 → 15 (1 over), 20 → 15, 24 → 30."""
    work = [entry(f"W-{n}", f"2025-02-03 0{n}:00", "4m", ticket="T-1") for n in range(1, 7)]
    rating = metered(Metering(group="incident", grace=minutes(5), increment=minutes(15)), *work)
    assert billable(rating) == ["0m", "15m", "0m", "0m", "0m", "15m"]


@pytest.mark.rule("M2", "D5")
def test_an_incident_and_day_is_the_local_day_of_the_start() -> None:
    """Two entries of one ticket around midnight in Berlin are two groups, though they start on one day in UTC.

    23:50 in Berlin is 22:50 UTC and 00:10 is 23:10 UTC. The first runs past midnight and stays on its day.
    """
    rating = metered(
        Metering(group="incident-and-day", increment=minutes(15)),
        entry("W-1", "2025-02-03 23:50", "14m", ticket="T-1"),
        entry("W-2", "2025-02-04 00:10", "1m", ticket="T-1"),
        entry("W-3", "2025-02-04 23:59:59", "14m", ticket="T-1"),  # 1 + 14 = 15 on the 4th
        entry("W-4", "2025-02-05 00:00", "1m", ticket="T-1"),
        entry("W-5", "2025-02-05 09:00", "1m", ticket="T-2"),
    )
    assert billable(rating) == ["15m", "15m", "0m", "15m", "15m"]


@pytest.mark.rule("M2")
def test_a_technician_day_adds_up_all_tickets_of_a_local_day() -> None:
    """One technician's work of a local day is one group, whoever's ticket it is, though two days in UTC.

    00:30 in Berlin is 23:30 UTC of the day before. A technician who is not named has no day to add up.
    """
    rating = metered(
        Metering(group="technician-day", increment=hours(1)),
        entry("W-1", "2025-02-04 00:30", "20m", technician="ann", ticket="T-1"),
        entry("W-2", "2025-02-04 09:00", "20m", technician="ann", ticket="T-2"),
        entry("W-3", "2025-02-04 10:00", "20m", technician="bob"),
        entry("W-4", "2025-02-04 11:00", "20m"),
        entry("W-5", "2025-02-04 12:00", "20m"),
        entry("W-6", "2025-02-04 23:59:59", "20m 1s", technician="ann"),  # 60m 1s in all
        entry("W-7", "2025-02-05 00:00", "20m", technician="ann"),
    )
    assert billable(rating) == ["1h", "0m", "1h", "1h", "1h", "1h", "1h"]


@pytest.mark.rule("M2")
@pytest.mark.parametrize(
    ("first", "last", "after"),
    [
        ("2025-03-30 00:00", "2025-03-30 23:59:59", "2025-03-31 00:00"),  # 23 hours: the clocks go forward
        ("2025-10-26 00:00", "2025-10-26 23:59:59", "2025-10-27 00:00"),  # 25 hours: they go back
    ],
)
def test_a_technician_day_is_as_long_as_the_clocks_make_it(first: str, last: str, after: str) -> None:
    """The first and last second of a day on which the clocks change are in one group, the next midnight is not."""
    rating = metered(
        Metering(group="technician-day", increment=hours(1)),
        entry("W-1", first, "1m", technician="ann"),
        entry("W-2", last, "1m", technician="ann"),
        entry("W-3", after, "1m", technician="ann"),
    )
    assert billable(rating) == ["1h", "0m", "1h"]


@pytest.mark.rule("M2", "D4")
def test_a_local_day_without_midnight_starts_after_the_gap() -> None:
    """In São Paulo the clocks went from 00:00 to 01:00 on 4 November 2018: 23:59:59 and 01:00 are two days."""
    zone = Zone("America/Sao_Paulo")
    plan = PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(group="technician-day", increment=hours(1)))
    rating = rated(
        contract(plan, starts="2018-01-01", zone=zone),
        entry("W-1", "2018-11-03 23:59:59", "1m", technician="ann", zone=zone),
        entry("W-2", "2018-11-04 01:00", "1m", technician="ann", zone=zone),
        entry("W-3", "2018-11-04 23:00", "1m", technician="ann", zone=zone),
        until="2019-01-01",
    )
    assert billable(rating) == ["1h", "1h", "0m"]


@pytest.mark.rule("D10", "D6", "L3")
def test_a_group_is_added_up_in_canonical_order() -> None:
    """Entries count in order of instant, then id as text, however they arrive: W-10 comes before W-9."""
    work = [
        entry("W-9", "2025-02-03 09:00", "5m", ticket="T-1"),
        entry("W-10", "2025-02-03 09:00", "5m", ticket="T-1"),
        entry("W-1", "2025-02-03 09:00:01", "5m", ticket="T-1"),
    ]
    metering = Metering(group="incident", increment=minutes(15))
    for arrived in (work, work[::-1]):
        rating = metered(metering, *arrived)
        assert told(rating) == [
            "W-10 charge 15m 15.00 EUR",
            "W-9 none 0m 0.00 EUR",
            "W-1 none 0m 0.00 EUR",
        ]


@pytest.mark.rule("D9")
def test_entries_with_another_rate_are_another_group() -> None:
    """Five minutes by a senior and five by others are two quarters; roles without a rate of their own share one."""
    charge = Charge(EURO_A_MINUTE, rates=Rate(Price("120 EUR/h"), role="senior"))
    rating = metered(
        Metering(group="incident", increment=minutes(15)),
        entry("W-1", "2025-02-03 09:00", "5m", ticket="T-1", role="senior"),
        entry("W-2", "2025-02-03 09:10", "5m", ticket="T-1", role="junior"),
        entry("W-3", "2025-02-03 09:20", "5m", ticket="T-1"),
        entry("W-4", "2025-02-03 09:30", "10m", ticket="T-1", role="senior"),
        charge=charge,
    )
    assert billable(rating) == ["15m", "15m", "0m", "0m"]
    assert amounts(rating) == ["30.00 EUR", "15.00 EUR", "0.00 EUR", "0.00 EUR"]


@pytest.mark.rule("D9", "D15")
def test_entries_with_a_rate_of_their_own_are_grouped_by_it() -> None:
    """Where an entry's rate is used, two entries at 90 EUR/h share a group, one at 120 EUR/h does not."""
    work = [
        entry("W-1", "2025-02-03 09:00", "5m", ticket="T-1", rate=Price("90 EUR/h")),
        entry("W-2", "2025-02-03 09:10", "5m", ticket="T-1", rate=Price("90 EUR/h")),
        entry("W-3", "2025-02-03 09:20", "5m", ticket="T-1", rate=Price("120 EUR/h")),
    ]
    metering = Metering(group="incident", increment=minutes(15))
    used = metered(metering, *work, charge=Charge(EURO_A_MINUTE, entry_rates="used"))
    assert billable(used) == ["15m", "0m", "15m"]
    ignored = metered(metering, *work, charge=Charge(EURO_A_MINUTE))
    assert billable(ignored) == ["15m", "0m", "0m"]


@pytest.mark.rule("D9")
def test_metering_does_not_ask_who_pays() -> None:
    """Twelve minutes are one quarter: 10 minutes from the allotment and 5 charged, not 10 and another quarter."""
    plan = CappedHours(
        fee=Money("0 EUR"),
        allotment=minutes(10),
        per="term",
        beyond=Charge(EURO_A_MINUTE),
        metering=Metering(increment=minutes(15)),
    )
    assert told(rated(plan, entry("W-1", DAY, "12m")), "use") == [
        "W-1 allotment 10m 0.00 EUR",
        "W-1 overage 5m 5.00 EUR",
    ]


# Free time


@pytest.mark.rule("M3", "D12")
@pytest.mark.parametrize(
    ("worked", "excess", "everything"),
    [
        ("14m 59s", "0m", "0m"),
        ("15m", "0m", "0m"),
        ("15m 1s", "1s", "15m 1s"),
        ("1h", "45m", "1h"),
    ],
)
def test_free_time_counts_the_excess_or_everything(worked: str, excess: str, everything: str) -> None:
    """The first 15 minutes are free: what lies beyond counts, or with the reading "all" everything once passed."""
    free = FreeTime(minutes(15))
    assert one(Metering(free=free), worked) == f"{worked} > {excess} > {excess}"
    free = FreeTime(minutes(15), reading="all")
    assert one(Metering(free=free), worked) == f"{worked} > {everything} > {everything}"


@pytest.mark.rule("M3", "M4", "D10")
@pytest.mark.parametrize(("worked", "expected"), [("15m", "0m"), ("15m 1s", "30m"), ("45m", "30m"), ("50m", "45m")])
def test_the_minimum_applies_to_what_is_not_free(worked: str, expected: str) -> None:
    """After 15 free minutes nothing stays nothing, one second is raised to 30, and 35 minutes are three quarters."""
    metering = Metering(free=FreeTime(minutes(15)), minimum=minutes(30), increment=minutes(15))
    assert one(metering, worked) == f"{worked} > {expected} > {expected}"


@pytest.mark.rule("M3", "M2", "D10")
def test_an_entry_that_passes_the_free_time_of_its_group_may_bring_back_what_was_free() -> None:
    """With the reading "all", 10 and 10 minutes on a ticket cost nothing, then all 20, by the second entry."""
    work = [
        entry("W-1", "2025-02-03 09:00", "10m", ticket="T-1"),
        entry("W-2", "2025-02-04 09:00", "10m", ticket="T-1"),
        entry("W-3", "2025-02-05 09:00", "1m", ticket="T-1"),
    ]
    everything = metered(Metering(group="incident", free=FreeTime(minutes(15), reading="all")), *work)
    assert [quantities(everything, name) for name in ("W-1", "W-2", "W-3")] == [
        "10m > 0m > 0m",
        "10m > 20m > 20m",
        "1m > 1m > 1m",
    ]
    excess = metered(Metering(group="incident", free=FreeTime(minutes(15))), *work)
    assert billable(excess) == ["0m", "5m", "1m"]


@pytest.mark.rule("M3", "D10")
def test_free_time_of_a_period_is_used_up_by_all_its_work() -> None:
    """One hour a month is free: 40 and 40 minutes leave 20; February starts anew, a second beyond an hour counts."""
    rating = metered(
        Metering(free=FreeTime(hours(1), per="period")),
        entry("W-1", "2025-01-10 09:00", "40m", ticket="T-1"),
        entry("W-2", "2025-01-31 23:59:59", "40m", ticket="T-2"),  # January by its start
        entry("W-3", "2025-02-01 00:00", "1h"),
        entry("W-4", "2025-02-02 09:00", "1s"),
    )
    assert billable(rating) == ["0m", "20m", "0m", "1s"]


@pytest.mark.rule("M3", "D10")
def test_free_time_of_a_period_with_the_reading_all_brings_back_the_whole_month() -> None:
    """Forty minutes are free; 30 more pass the hour and make all 70 count."""
    rating = metered(
        Metering(free=FreeTime(hours(1), per="period", reading="all")),
        entry("W-1", "2025-01-10 09:00", "40m"),
        entry("W-2", "2025-01-11 09:00", "30m"),
    )
    assert [quantities(rating, "W-1"), quantities(rating, "W-2")] == ["40m > 0m > 0m", "30m > 1h 10m > 1h 10m"]


@pytest.mark.rule("M3", "D10")
def test_free_time_of_a_term_is_free_once() -> None:
    """One hour in the term is free: 40 minutes in January and 20 in March use it, later work counts."""
    rating = metered(
        Metering(free=FreeTime(hours(1), per="term")),
        entry("W-1", "2025-01-10 09:00", "40m"),
        entry("W-2", "2025-03-10 09:00", "20m"),
        entry("W-3", "2025-12-31 23:59:59", "1m"),
    )
    assert billable(rating) == ["0m", "0m", "1m"]


@pytest.mark.rule("M3", "M6")
def test_free_time_of_a_period_precedes_the_increment_of_each_entry() -> None:
    """Of 10 free minutes a month, an entry of 12 leaves 2, a quarter; the next of 1 minute is a quarter too."""
    rating = metered(
        Metering(free=FreeTime(minutes(10), per="period"), increment=minutes(15)),
        entry("W-1", "2025-01-10 09:00", "12m"),
        entry("W-2", "2025-01-10 10:00", "1m"),
    )
    assert [quantities(rating, "W-1"), quantities(rating, "W-2")] == ["12m > 15m > 15m", "1m > 15m > 15m"]


@pytest.mark.rule("M3", "D8")
def test_work_in_the_free_time_is_a_free_line() -> None:
    """Work within the free time is one line: free, worked as recorded, nothing billable, 0.00."""
    rating = metered(Metering(free=FreeTime(minutes(15))), entry("W-1", DAY, "15m"))
    (line,) = rating.lines
    assert (line.disposition, line.source, line.worked, line.billable) == ("free", "none", minutes(15), NOTHING)


# Work that is not billable


@pytest.mark.rule("M2", "M3")
def test_work_that_is_not_billable_enters_no_total() -> None:
    """Non-billable work is a free line of its own, and takes neither free time nor part of a step.

    Of 10 free minutes, 9 billable minutes use 9; the next 6 use 1 and leave 5, a quarter, and 10 more fit into it.
    """
    rating = metered(
        Metering(group="incident", free=FreeTime(minutes(10)), increment=minutes(15)),
        entry("W-1", "2025-02-03 09:00", "2h", ticket="T-1", billable="non-billable"),
        entry("W-2", "2025-02-03 12:00", "9m", ticket="T-1"),
        entry("W-3", "2025-02-03 13:00", "6m", ticket="T-1"),
        entry("W-4", "2025-02-03 14:00", "1h", ticket="T-1", billable="non-billable"),
        entry("W-5", "2025-02-03 16:00", "10m", ticket="T-1"),
    )
    (line,) = rating.lines_of("W-1")
    assert (line.disposition, line.code, line.worked, line.counted) == ("free", "non-billable", hours(2), NOTHING)
    assert billable(rating) == ["0m", "0m", "15m", "0m", "0m"]


@pytest.mark.rule("D10", "M4")
def test_work_that_is_not_billable_draws_nothing() -> None:
    """An allotment is left as it was, and no minimum is due."""
    plan = CappedHours(
        fee=Money("0 EUR"),
        allotment=hours(1),
        per="term",
        beyond=Refuse(),
        metering=Metering(minimum=hours(1)),
    )
    rating = rated(
        plan,
        entry("W-1", DAY, "3h", billable="non-billable"),
        entry("W-2", "2025-02-04 09:00", "1m"),
        until="2025-03-01",
    )
    assert told(rating, "use") == ["W-1 none 0m 0.00 EUR", "W-2 allotment 1h 0.00 EUR"]
