"""Covered time, with answers computed by hand or taken from published tables."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest

from supportcontracts.coverage import (
    AnyCoverage,
    CombinedCoverage,
    Coverage,
    Holidays,
    Override,
    WallTime,
)
from supportcontracts.errors import BeyondHorizon, InvalidValue, NaiveTime, NeverOpen
from supportcontracts.quantity import hours, incidents, minutes, seconds
from supportcontracts.timeline import Zone, epoch
from tests.value_checks import refused

berlin = Zone("Europe/Berlin")
at = berlin.at
office = Coverage("mon-fri 09:00-17:00", zone=berlin)
always = Coverage("24x7", zone=berlin)
nights = "mon-fri 22:00-06:00"


def opened(calendar: AnyCoverage, since: str, until: str) -> list[str]:
    """List the open stretches between two local times, in the calendar's zone."""
    zone = calendar.zone
    return [
        f"{zone.format(segment.start)} - {zone.format(segment.end)}"
        for segment in calendar.segments(zone.at(since), zone.at(until))
        if segment.is_open
    ]


def due(calendar: AnyCoverage, start: str, amount: int, direction: str = "forwards") -> str:
    """Say in local time when so many seconds from a local time are due."""
    found = calendar.due_at(calendar.zone.at(start), seconds(amount), direction=direction)  # type: ignore[arg-type]  # a word
    return calendar.zone.format(found)


# Windows


def test_a_window_is_half_open() -> None:
    """Its opening is covered, its closing is not."""
    covered = [office.is_open(at(f"2025-03-28 {time}")) for time in ("08:59:59", "09:00", "16:59:59", "17:00")]
    assert covered == [False, True, True, False]
    assert office.elapsed(at("2025-03-28 17:00"), at("2025-03-28 17:01")) == 0
    assert office.elapsed(at("2025-03-28 16:59:59"), at("2025-03-28 17:01")) == 1


def test_several_windows_a_day_with_breaks() -> None:
    """A break and another Saturday are windows like any other."""
    desk = Coverage("mon-fri 09:00-12:30 13:00-17:00; sat 10:00-14:00", zone=berlin)
    assert opened(desk, "2025-03-21 00:00", "2025-03-24 00:00") == [
        "2025-03-21 09:00 - 2025-03-21 12:30",
        "2025-03-21 13:00 - 2025-03-21 17:00",
        "2025-03-22 10:00 - 2025-03-22 14:00",
    ]
    assert desk.elapsed(at("2025-03-17 00:00"), at("2025-03-24 00:00")) == 5 * 27_000 + 4 * 3600


@pytest.mark.rule("K2")
def test_a_night_window_belongs_to_the_day_it_starts_on() -> None:
    """Friday's night ends on Saturday morning, and Sunday's does not exist."""
    assert opened(Coverage(nights, zone=berlin), "2025-03-20 12:00", "2025-03-25 12:00") == [
        "2025-03-20 22:00 - 2025-03-21 06:00",
        "2025-03-21 22:00 - 2025-03-22 06:00",
        "2025-03-24 22:00 - 2025-03-25 06:00",
    ]


@pytest.mark.rule("K2")
def test_whole_days_are_one_stretch() -> None:
    """24:00 of one day is 00:00 of the next: no second is lost between them, and no answer lands there."""
    days = Coverage("mon-fri 00:00-24:00", zone=berlin)
    assert opened(days, "2025-03-20 12:00", "2025-03-25 00:00") == [
        "2025-03-20 12:00 - 2025-03-22 00:00",
        "2025-03-24 00:00 - 2025-03-25 00:00",
    ]
    assert always.elapsed(at("2025-01-01 00:00"), at("2026-01-01 00:00")) == 365 * 86_400
    assert due(days, "2025-03-21 00:00", 0) == "2025-03-21 00:00"


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("MON-FRI 09:00-17:00", "mon-fri 09:00-17:00"),
        ("mon,tue,wed 09:00-12:00, 13:00-17:00", "mon-wed 09:00-12:00 13:00-17:00"),
        ("mon-fri 09:00-12:00 12:00-17:00", "mon-fri 09:00-17:00"),
        ("fri-mon 00:00-24:00; tue-thu 00:00-24:00", "24x7"),
        ("fri-mon 08:00-20:00", "mon,fri-sun 08:00-20:00"),
        ("mon-fri 09:00-17:00; sat 09:00-12:00; fri 18:00-20:00",
         "mon-thu 09:00-17:00; fri 09:00-17:00 18:00-20:00; sat 09:00-12:00"),
        ("mon-fri 22:00-00:00", "mon-fri 22:00-24:00"),
        ("mon-fri 20:00-22:00 22:00-06:00", "mon-fri 20:00-06:00"),
        ("mon 10:00-22:00 22:00-10:00", "mon 10:00-22:00 22:00-10:00"),
        (" sun , sat 13:00-15:00 09:00-10:00 ", "sat-sun 09:00-10:00 13:00-15:00"),
        ("24X7", "24x7"),
        ("mon–fri 09:00–17:00", "mon-fri 09:00-17:00"),
    ],
)  # fmt: skip
def test_equal_windows_have_one_text(written: str, same: str) -> None:
    """However its windows are written, a calendar states them in one way, which reads back as the same calendar."""
    calendar = Coverage(written, zone=berlin)
    assert calendar.windows == same
    assert calendar == Coverage(same, zone="Europe/Berlin")
    assert hash(calendar) == hash(Coverage(same, zone="Europe/Berlin"))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", ["days and hours were expected"]),
        ("mon-fri 09:00-17:00;", ["days and hours were expected"]),
        ("mon-fri", ["hours were expected after the days"]),
        ("09:00-17:00", ["hours without days"]),
        ("mon-fri 9-17", ['"9-17"', 'Did you mean "09:00-17:00"?']),
        ("mon-fri 9:30-17:00", ['Did you mean "09:30-17:00"?']),
        ("mon-fri from 09:00-17:00", ['"fri from"', "a weekday"]),
        ("monday-friday 09:00-17:00", ['"monday"', 'Did you mean "mon"?']),
        ("m-f 09:00-17:00", ['"m"', "a weekday was expected"]),
        ("mo-fr 09:00-17:00", ['Did you mean "mon"?']),
        ("mon-fri 09:00-09:00", ["a window with a length", '"00:00-24:00"']),
        ("mon-fri 24:00-06:00", ["24:00 ends a day", '"00:00-06:00"']),
        ("mon-fri 09:00-24:30", ["times from 00:00 to 24:00"]),
        ("mon-fri 09:00-16:60", ["times from 00:00 to 24:00"]),
        ("mon-fri soon", ["hours were expected after the days"]),
        ("mon 09:00-12:00 11:00-13:00", ['"mon 09:00-12:00" and "mon 11:00-13:00"', "do not overlap"]),
        ("mon-fri 22:00-06:00; sat 05:00-09:00", ['"fri 22:00-06:00" and "sat 05:00-09:00"']),
        ("sun 22:00-06:00; mon 05:00-09:00", ['"sun 22:00-06:00" and "mon 05:00-09:00"']),
        ("mon-fri 09:00-17:00; wed 09:00-17:00", ['"wed 09:00-17:00" and "wed 09:00-17:00"']),
        ("24x5", ['Write "mon-fri 00:00-24:00"']),
    ],
)
def test_what_is_wrong_with_windows(written: str, words: list[str]) -> None:
    """A text that states no windows is refused, with the part that is wrong and what to write instead."""
    refused(lambda: Coverage(written, zone=berlin), InvalidValue, *words)


# Due and elapsed


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        ("2025-03-28 16:00", 8 * 3600, "2025-03-31 16:00"),
        ("2025-03-28 16:59:59", 1, "2025-03-28 17:00"),
        ("2025-03-28 16:59:59", 2, "2025-03-31 09:00:01"),
        ("2025-03-28 17:00", 3600, "2025-03-31 10:00"),
        ("2025-03-29 12:00", 3600, "2025-03-31 10:00"),
        ("2025-03-28 09:00", 40 * 3600, "2025-04-03 17:00"),
        ("2025-03-28 10:00", 40 * 3600, "2025-04-04 10:00"),
    ],
)
def test_a_target_runs_while_the_calendar_is_open(start: str, amount: int, end: str) -> None:
    """Only covered time counts, over nights, a weekend and the change of clocks on 30 March."""
    assert due(office, start, amount) == end
    assert office.elapsed(at(start), at(end)) == amount
    assert office.hours(0).due_epoch(epoch(at(start))) == epoch(at(start))


@pytest.mark.rule("K5")
def test_a_target_used_up_at_a_closing() -> None:
    """It is due at that closing, or by option at the next opening; backwards the sides are swapped."""
    late = Coverage("mon-fri 09:00-17:00", zone=berlin, closing="next-opening")
    assert due(office, "2025-03-28 16:00", 3600) == "2025-03-28 17:00"
    assert due(late, "2025-03-28 16:00", 3600) == "2025-03-31 09:00"
    assert due(late, "2025-03-28 16:00", 3599) == "2025-03-28 16:59:59"
    assert due(office, "2025-03-31 10:00", 3600, "backwards") == "2025-03-31 09:00"
    assert due(late, "2025-03-31 10:00", 3600, "backwards") == "2025-03-28 17:00"
    assert due(office, "2025-03-31 10:00", 3601, "backwards") == "2025-03-28 16:59:59"
    assert due(office, "2025-03-30 10:00", 3600, "backwards") == "2025-03-28 16:00"


@pytest.mark.rule("K6")
@pytest.mark.parametrize("closing", ["at-closing", "next-opening"])
@pytest.mark.parametrize("start", ["2025-03-28 10:00", "2025-03-28 17:00", "2025-03-29 12:00"])
def test_a_zero_target_is_due_at_its_start(closing: str, start: str) -> None:
    """Nothing is waited for, inside cover or not, in either direction, in hours or in days."""
    calendar = Coverage("mon-fri 09:00-17:00", zone=berlin, closing=closing)  # type: ignore[arg-type]  # a word
    assert due(calendar, start, 0) == start
    assert due(calendar, start, 0, "backwards") == start
    assert calendar.days(0).due_at(at(start)) == WallTime(hours(0)).due_at(at(start)) == at(start)


@pytest.mark.rule("K7")
def test_elapsed_is_signed() -> None:
    """Reversed instants give the same seconds below zero."""
    start, end = at("2025-03-28 16:00"), at("2025-03-31 10:00")
    assert office.elapsed(start, end) == 7200
    assert office.elapsed(end, start) == -7200
    assert office.elapsed(start, start) == 0


def test_the_next_opening_and_closing() -> None:
    """An open instant is its own next opening; the next closing is that of what is open, or opens next."""
    for asked, opens, closes in (
        ("2025-03-28 10:00", "2025-03-28 10:00", "2025-03-28 17:00"),
        ("2025-03-28 09:00", "2025-03-28 09:00", "2025-03-28 17:00"),
        ("2025-03-28 17:00", "2025-03-31 09:00", "2025-03-31 17:00"),
        ("2025-03-30 17:00", "2025-03-31 09:00", "2025-03-31 17:00"),
    ):
        assert berlin.format(office.next_open(at(asked))) == opens
        assert berlin.format(office.next_closing(at(asked))) == closes
        assert office.next_open_epoch(epoch(at(asked))) == epoch(at(opens))
        assert office.next_closing_epoch(epoch(at(asked))) == epoch(at(closes))


# Changes of the clocks


@pytest.mark.rule("K1")
@pytest.mark.parametrize(
    ("window", "dst", "spring", "fall"),
    [
        ("01:30-02:30", "wall", 1800, 5400),
        ("02:15-02:45", "wall", 0, 3600),
        ("02:30-03:15", "wall", 900, 4500),
        ("02:30-05:00", "wall", 7200, 10_800),
        ("01:30-02:30", "compatible", 3600, 3600),
        ("02:15-02:45", "compatible", 1800, 1800),
        ("02:30-03:15", "compatible", 0, 6300),
        ("02:30-05:00", "compatible", 5400, 12_600),
    ],
)
def test_an_edge_inside_the_hour_of_the_change(window: str, dst: str, spring: int, fall: int) -> None:
    """By wall, the minutes that exist count, twice if they repeat; by RFC 5545, from edge to edge, never below zero."""
    calendar = Coverage(f"sun {window}", zone=berlin, dst=dst)  # type: ignore[arg-type]  # a word
    assert calendar.elapsed(at("2025-03-30 00:00"), at("2025-03-31 00:00")) == spring
    assert calendar.elapsed(at("2025-10-26 00:00"), at("2025-10-27 00:00")) == fall


@pytest.mark.rule("K1", "K2")
@pytest.mark.parametrize(("dst", "spring", "fall"), [("wall", 14_400, 18_000), ("compatible", 16_200, 16_200)])
def test_a_night_window_that_ends_inside_the_hour_of_the_change(dst: str, spring: int, fall: int) -> None:
    """Saturday 22:00 to Sunday 02:30 is measured over both changes."""
    calendar = Coverage("sat 22:00-02:30", zone=berlin, dst=dst)  # type: ignore[arg-type]  # a word
    assert calendar.elapsed(at("2025-03-29 12:00"), at("2025-03-30 12:00")) == spring
    assert calendar.elapsed(at("2025-10-25 12:00"), at("2025-10-26 12:00")) == fall


@pytest.mark.rule("K1")
@pytest.mark.parametrize("dst", ["wall", "compatible"])
@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        ("Europe/Berlin", "2025-03-30", 23),
        ("Europe/Berlin", "2025-10-26", 25),
        ("America/Sao_Paulo", "2018-11-04", 23),  # 00:00 was skipped
        ("America/Sao_Paulo", "2018-02-17", 25),  # 23:00 was shown twice
        ("America/Santiago", "2024-09-08", 23),  # 00:00 was skipped
        ("Asia/Tehran", "2022-03-22", 23),  # 00:00 was skipped
        ("Pacific/Apia", "2011-12-29", 24),
        ("Pacific/Apia", "2011-12-31", 24),
        ("Pacific/Apia", "2011-12-30", 0),  # the date was skipped
    ],
)
def test_whole_days_last_as_long_as_the_clocks_show_them(zone: str, day: str, length: int, dst: str) -> None:
    """24:00 of the day before resolves where midnight is skipped, and a date that was skipped is covered by nothing."""
    weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[date.fromisoformat(day).weekday()]
    calendar = Coverage(f"{weekday} 00:00-24:00", zone=zone, dst=dst)  # type: ignore[arg-type]  # a word
    noon = datetime.fromisoformat(f"{day}T12:00:00Z")
    around = epoch(noon)
    covered = calendar.elapsed_epoch(around - 3 * 86_400, around + 3 * 86_400)
    assert covered == length * 3600
    assert Coverage("24x7", zone=zone).elapsed_epoch(around - 86_400, around + 86_400) == 2 * 86_400


@pytest.mark.rule("K1")
def test_a_change_of_half_an_hour() -> None:
    """On Lord Howe the clocks go from 02:00 to 02:30, and back from 02:00 to 01:30."""
    calendar = Coverage("sun 01:30-02:30", zone="Australia/Lord_Howe")
    at = calendar.zone.at
    assert calendar.elapsed(at("2024-10-06 00:00"), at("2024-10-07 00:00")) == 1800
    assert calendar.elapsed(at("2024-04-07 00:00"), at("2024-04-08 00:00")) == 5400


def test_a_fixed_offset_does_not_follow_the_clocks() -> None:
    """Regional hours by offset are the same hours of UTC in summer and winter."""
    regional = Coverage("mon-fri 09:00-17:00", zone="+01:00")
    assert regional.is_open(datetime(2025, 7, 1, 8, tzinfo=UTC))
    assert not office.is_open(datetime(2025, 7, 1, 15, 30, tzinfo=UTC))
    assert regional.is_open(datetime(2025, 7, 1, 15, 30, tzinfo=UTC))


# Holidays and overrides


@pytest.mark.rule("K3")
def test_a_holiday_inside_night_windows() -> None:
    """It closes its date, or by option the shift that starts on it; both close eight hours, but not the same ones."""
    by_date = Coverage(nights, zone=berlin, holidays=["2025-03-18"])
    by_start = Coverage(nights, zone=berlin, holidays=["2025-03-18"], holiday="shift-start")
    assert opened(by_date, "2025-03-17 12:00", "2025-03-20 00:00") == [
        "2025-03-17 22:00 - 2025-03-18 00:00",
        "2025-03-19 00:00 - 2025-03-19 06:00",
        "2025-03-19 22:00 - 2025-03-20 00:00",
    ]
    assert opened(by_start, "2025-03-17 12:00", "2025-03-20 00:00") == [
        "2025-03-17 22:00 - 2025-03-18 06:00",
        "2025-03-19 22:00 - 2025-03-20 00:00",
    ]


@pytest.mark.rule("K3")
def test_a_holiday_is_a_date_of_the_calendar() -> None:
    """Whoever asks, from whatever zone, the date is that of the calendar's own zone."""
    closed = Coverage("24x7", zone="America/Los_Angeles", holidays=["2025-12-25"])
    at = closed.zone.at
    assert closed.is_open(at("2025-12-24 20:00"))  # already the 25th in UTC
    assert not closed.is_open(datetime(2025, 12, 26, 7, 59, tzinfo=UTC))
    assert closed.is_open(datetime(2025, 12, 26, 8, tzinfo=UTC))


@pytest.mark.rule("K4")
def test_overrides_state_open_and_close_hours_of_a_date() -> None:
    """A half day, an extra opening, a closure of some hours, and a closed date."""
    calendar = Coverage(
        "mon-fri 09:00-17:00",
        zone=berlin,
        holidays=["2025-12-24", "2025-12-25", "2025-12-26"],
        overrides=[
            Override("2025-12-24", "09:00-12:00", name="Christmas Eve"),
            Override("2025-12-27", "10:00-14:00", effect="opens"),
            Override("2025-12-29", "12:00-15:00", effect="closes"),
            Override("2025-12-30", "closed"),
            Override("2025-12-26", "12:00-13:00", effect="opens"),
        ],
    )
    assert opened(calendar, "2025-12-23 00:00", "2026-01-01 00:00") == [
        "2025-12-23 09:00 - 2025-12-23 17:00",
        "2025-12-24 09:00 - 2025-12-24 12:00",
        "2025-12-26 12:00 - 2025-12-26 13:00",
        "2025-12-27 10:00 - 2025-12-27 14:00",
        "2025-12-29 09:00 - 2025-12-29 12:00",
        "2025-12-29 15:00 - 2025-12-29 17:00",
        "2025-12-31 09:00 - 2025-12-31 17:00",
    ]


@pytest.mark.rule("K10")
def test_the_years_of_the_holidays_bound_the_answers() -> None:
    """Beyond the years that are covered a question is refused, or answered as if there were no holidays."""
    closed = Holidays(["2025-12-25", "2025-12-26"], years=2025)
    calendar = Coverage("mon-fri 09:00-17:00", zone=berlin, holidays=closed)
    assert due(calendar, "2025-12-31 16:00", 3600) == "2025-12-31 17:00"
    for ask in (
        lambda: due(calendar, "2025-12-31 16:00", 3601),
        lambda: calendar.is_open(at("2026-01-01 00:00")),
        lambda: calendar.elapsed(at("2024-12-31 12:00"), at("2025-01-07 12:00")),
        lambda: calendar.days(1).due_at(at("2025-12-31 12:00")),
        lambda: calendar.next_open(at("2025-12-31 17:00")),
    ):
        refused(ask, BeyondHorizon, "its holidays are known for 2025 only")
    reporting = Coverage(
        "mon-fri 09:00-17:00", zone=berlin, holidays=Holidays(closed.dates, years=2025, beyond="report")
    )
    assert due(reporting, "2025-12-31 16:00", 3601) == "2026-01-01 09:00:01"


@pytest.mark.rule("K3")
def test_a_holiday_on_monday_cuts_the_night_of_sunday() -> None:
    """By date the night ends at midnight, though it began in another week; by shift start it goes on."""
    for holiday, end in (("date", "2025-04-21 00:00"), ("shift-start", "2025-04-21 06:00")):
        calendar = Coverage("sun-thu 22:00-06:00", zone=berlin, holidays=["2025-04-21"], holiday=holiday)  # type: ignore[arg-type]  # a word
        assert opened(calendar, "2025-04-20 12:00", "2025-04-21 12:00") == [f"2025-04-20 22:00 - {end}"]


@pytest.mark.rule("K3", "K4")
def test_hours_of_a_holiday_come_before_the_holiday() -> None:
    """A date with hours of its own has these, even as a holiday; what reaches into it from the day before is cut."""
    for holiday, before in (("date", "2025-03-18 00:00"), ("shift-start", "2025-03-18 06:00")):
        calendar = Coverage(
            nights,
            zone=berlin,
            holidays=["2025-03-18"],
            holiday=holiday,  # type: ignore[arg-type]  # a word
            overrides=[Override("2025-03-18", "20:00-02:00")],
        )
        assert opened(calendar, "2025-03-17 12:00", "2025-03-19 12:00") == [
            f"2025-03-17 22:00 - {before}",
            "2025-03-18 20:00 - 2025-03-19 02:00",
        ]


# Business days


@pytest.mark.rule("K8")
@pytest.mark.parametrize(
    ("start", "count", "ends", "end"),
    [
        ("2025-03-28 10:30", 1, "closing", "2025-03-31 17:00"),
        ("2025-03-28 20:00", 1, "closing", "2025-03-31 17:00"),
        ("2025-03-29 12:00", 1, "closing", "2025-03-31 17:00"),
        ("2025-03-30 12:00", 2, "closing", "2025-04-01 17:00"),
        ("2025-03-28 10:30", 5, "same-time", "2025-04-04 10:30"),
        ("2025-03-29 03:00", 1, "same-time", "2025-03-31 03:00"),
        ("2025-03-29 03:00", 1, "clamped", "2025-03-31 09:00"),
        ("2025-03-28 20:00", 1, "clamped", "2025-03-31 17:00"),
        ("2025-03-28 10:30", 1, "clamped", "2025-03-31 10:30"),
        ("2025-12-24 10:30", 1, "closing", "2025-12-29 17:00"),
    ],
)
def test_business_days_are_dates(start: str, count: int, ends: str, end: str) -> None:
    """The n-th open date after that of the start, at its closing, at the same time, or at that time within cover."""
    calendar = Coverage("mon-fri 09:00-17:00", zone=berlin, holidays=["2025-12-25", "2025-12-26"])
    target = calendar.days(count, ends=ends)  # type: ignore[arg-type]  # a word
    assert berlin.format(target.due_at(at(start))) == end


@pytest.mark.rule("K3", "K8")
def test_what_a_holiday_leaves_of_its_night_is_no_business_day() -> None:
    """By date, the morning after a holiday stays open, but no cover begins on the holiday."""
    calendar = Coverage(nights, zone=berlin, holidays=["2025-03-18"])
    assert berlin.format(calendar.days(1).due_at(at("2025-03-17 12:00"))) == "2025-03-20 06:00"
    assert calendar.open_days("2025-03-17", "2025-03-19") == (date(2025, 3, 17), date(2025, 3, 19))


@pytest.mark.rule("K8")
def test_the_same_time_on_a_day_that_skips_or_repeats_it() -> None:
    """A time of day that the clocks skip is the end of the gap, one that they repeat is the first."""
    target = always.days(1, ends="same-time")
    assert berlin.format(target.due_at(at("2025-03-29 02:30"))) == "2025-03-30 03:00"
    assert berlin.format(target.due_at(at("2025-10-25 02:30"))) == "2025-10-26 02:30+02:00"


@pytest.mark.rule("K8", "K10")
def test_business_days_end_where_holidays_are_known() -> None:
    """The night of 31 December ends in a year whose holidays nobody listed, so nothing is due at its closing."""
    calendar = Coverage(nights, zone=berlin, holidays=Holidays(["2025-12-25"], years=2025))
    assert berlin.format(calendar.days(1).due_at(at("2025-12-29 23:00"))) == "2025-12-31 06:00"
    refused(lambda: calendar.days(1).due_at(at("2025-12-30 23:00")), BeyondHorizon, "known for 2025 only")


@pytest.mark.rule("K8")
def test_business_days_of_night_windows() -> None:
    """A start in the small hours belongs to the date on which its window began, and so does that window's closing."""
    calendar = Coverage(nights, zone=berlin)
    assert berlin.format(calendar.days(1).due_at(at("2025-03-18 02:00"))) == "2025-03-19 06:00"
    assert berlin.format(calendar.days(1).due_at(at("2025-03-18 07:00"))) == "2025-03-20 06:00"
    assert berlin.format(calendar.days(1, ends="same-time").due_at(at("2025-03-18 02:00"))) == "2025-03-19 02:00"
    assert berlin.format(calendar.days(1).due_at(at("2025-03-22 02:00"))) == "2025-03-25 06:00"  # Friday's window


@pytest.mark.rule("K1", "K8")
def test_a_night_window_that_the_clocks_move_keeps_its_day() -> None:
    """By its edges, 22:00-02:30 ends at 03:30 on 30 March, since 02:30 was skipped: 03:15 is still Saturday's window.

    A business day later is Sunday's window, which ends on Monday. By the wall there is no cover at 03:15, and the
    start belongs to Sunday.
    """
    by_edges = Coverage("mon-sun 22:00-02:30", zone=berlin, dst="compatible")
    by_wall = Coverage("mon-sun 22:00-02:30", zone=berlin)
    assert berlin.format(by_edges.days(1).due_at(at("2025-03-30 03:15"))) == "2025-03-31 02:30"
    assert berlin.format(by_wall.days(1).due_at(at("2025-03-30 03:15"))) == "2025-04-01 02:30"


# Never open


@pytest.mark.rule("K9")
def test_a_calendar_that_never_opens_is_refused() -> None:
    """Where it is plain it is refused when it is built, and otherwise when a bounded search has found nothing."""
    refused(lambda: Coverage("closed", zone=berlin), NeverOpen, "a calendar that opens was expected")
    weekend = office & Coverage("sat-sun 09:00-17:00", zone=berlin)
    refused(lambda: weekend.next_open(at("2025-03-28 10:00")), NeverOpen, "it has no opening before 2200")
    refused(lambda: due(weekend, "2025-03-28 10:00", 1), NeverOpen)
    refused(lambda: due(weekend, "2025-03-28 10:00", 1, "backwards"), NeverOpen, "since 1900")
    refused(lambda: weekend.days(1).due_at(at("2190-03-28 10:00")), NeverOpen)
    refused(lambda: always.next_closing(at("2190-03-28 10:00")), BeyondHorizon)
    refused(lambda: office.is_open(datetime(1899, 12, 31, tzinfo=UTC)), BeyondHorizon, "years 1900 to 2199")


# Combined calendars


@pytest.mark.rule("K11")
def test_calendars_combine_on_instants() -> None:
    """Two offices in two zones cover what either, both, or only the first does."""
    york = Coverage("mon-fri 09:00-17:00", zone="America/New_York")
    day = ("2025-03-12 00:00", "2025-03-13 00:00")  # New York has summer time already: five hours apart
    assert opened(office | york, *day) == ["2025-03-12 09:00 - 2025-03-12 22:00"]
    assert opened(office & york, *day) == ["2025-03-12 14:00 - 2025-03-12 17:00"]
    assert opened(office - york, *day) == ["2025-03-12 09:00 - 2025-03-12 14:00"]
    assert (office | york).elapsed(at(day[0]), at(day[1])) == 13 * 3600
    assert (office | york | always).parts == (office, york, always)
    assert isinstance(office & york, CombinedCoverage)


@pytest.mark.rule("K11")
def test_a_union_with_a_wider_calendar_is_the_wider_one() -> None:
    """What lies inside another stretch neither adds to it nor cuts it."""
    wide = Coverage("mon-fri 08:00-18:00", zone=berlin)
    for both in (office | wide, wide | office):
        assert opened(both, "2025-03-12 00:00", "2025-03-13 00:00") == ["2025-03-12 08:00 - 2025-03-12 18:00"]


# Bad input


def test_impossible_questions_are_refused() -> None:
    """Naive instants, other quantities and unknown words say what was expected."""
    refused(lambda: office.is_open(datetime(2025, 3, 28)), NaiveTime)
    refused(lambda: office.due_at(at("2025-03-28 10:00"), incidents(1)), InvalidValue, "work time was expected")  # type: ignore[arg-type]  # the mistake
    refused(lambda: due(office, "2025-03-28 10:00", 1, "sideways"), InvalidValue, '"forwards" or "backwards"')
    refused(lambda: Coverage("24x7", zone="Berlin"), InvalidValue, "Europe/Berlin")
    assert str(office.minutes(30)) == "0h 30m of mon-fri 09:00-17:00"
    assert minutes(30) == office.minutes(30).quantity


# What a calendar keeps


def test_where_its_list_of_edges_begins_decides_nothing() -> None:
    """Edges are listed from some midnight on; what falls exactly there is answered as it is anywhere else."""
    start = 512 * 86_400 * 39  # a Monday in 2024 at which a part of the list begins
    for closing, back in (("at-closing", 9 * 3600), ("next-opening", -55 * 3600)):
        fresh = Coverage("mon-fri 09:00-17:00", zone="UTC", closing=closing)  # type: ignore[arg-type]  # a word
        assert fresh.due_back_epoch(start + 10 * 3600, 3600) == start + back
    for first in (start, start - 1):
        fresh = Coverage("24x7", zone="UTC")
        assert fresh.is_open_epoch(first)
        assert fresh.segments_epoch(start - 86_400, start + 86_400) == [(start - 86_400, start + 86_400, True)]
        assert fresh.elapsed_epoch(start - 10**8, start + 10**8) == 2 * 10**8


def test_answers_reach_for_nothing_outside(no_outside_world: Callable[[], AbstractContextManager[None]]) -> None:
    """Zones are read when a calendar is built; no question opens a file."""
    fresh = Coverage("mon-fri 09:00-17:00", zone="America/St_Johns", holidays=["2025-12-25"]) | office
    start, end = at("2025-12-01 00:00"), at("2026-12-01 00:00")
    with no_outside_world():
        assert fresh.elapsed(start, end) > 0
        assert fresh.days(3).due_at(start) > start
        assert fresh.explain_due(start, hours(100)).steps


def test_threads_share_a_calendar() -> None:
    """Questions near and far at the same time get the answers that they get one after the other."""
    asked = [(year - 1970) * 31_557_600 for year in range(1990, 2060, 3)]
    alone = [Coverage("mon-fri 09:00-17:00", zone=berlin).due_epoch(start, 80 * 3600) for start in asked]
    for _ in range(3):
        shared = Coverage("mon-fri 09:00-17:00", zone=berlin)
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(shared.due_epoch, asked, [80 * 3600] * len(asked)))
        assert found == alone
