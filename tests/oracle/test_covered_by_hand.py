"""The oracle of covered time against pencil and paper.

These tests prove the oracle, not the library, so they quote no rule ids.
"""

from datetime import UTC, date, datetime

import pytest

from tests.oracle.covered import DAY, Desk, Windows, both, due_in_days, due_in_days_of_many, tape

HOUR = 3600
MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


def window(text: str) -> tuple[int, int]:
    """Read "22:00-06:00" as seconds after midnight, a window over midnight as one that ends after 24:00."""
    opens, closes = (int(part[:2]) * HOUR + int(part[3:]) * 60 for part in text.split("-"))
    return opens, closes if closes > opens else closes + DAY


def week(text: str, days: tuple[int, ...] = EVERY_DAY) -> tuple[Windows, ...]:
    """Agree on the same windows for some weekdays."""
    windows = tuple(window(part) for part in text.split())
    return tuple(windows if day in days else () for day in range(7))


def at(text: str) -> int:
    """Read an instant with its offset, or in UTC."""
    read = datetime.fromisoformat(text)
    return int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp())


def said(second: int | None) -> str:
    """Write an instant in UTC."""
    assert second is not None
    return f"{datetime.fromtimestamp(second, UTC):%m-%d %H:%M:%S}"


OFFICE = tape(Desk("UTC", week("09:00-17:00", MONDAY_TO_FRIDAY)))


# Counting, Monday 3 March 2025 and after, in UTC


def test_a_window_has_its_opening_and_not_its_closing() -> None:
    """At 09:00:00 and 16:59:59 the desk is open, at 08:59:59 and 17:00:00 it is not, on Saturday neither."""
    times = ("2025-03-03T08:59:59", "2025-03-03T09:00", "2025-03-03T16:59:59", "2025-03-03T17:00", "2025-03-08T10:00")
    assert [OFFICE.is_open(at(time)) for time in times] == [False, True, True, False, False]


def test_elapsed_counts_seconds_and_not_nights() -> None:
    """From 16:59:59 on Friday to 09:00:02 on Monday are 1 + 2 seconds; the other way round it is minus three."""
    friday, monday = at("2025-03-07T16:59:59"), at("2025-03-10T09:00:02")
    assert OFFICE.elapsed(friday, monday) == 3
    assert OFFICE.elapsed(monday, friday) == -3


def test_a_target_used_up_at_closing() -> None:
    """8 h from Monday 09:00 end at 17:00, or at 09:00 on Tuesday; a second less or more is due a second off."""
    monday = at("2025-03-03T09:00")
    assert said(OFFICE.due(monday, 8 * HOUR)) == "03-03 17:00:00"
    assert said(OFFICE.due(monday, 8 * HOUR, "next-opening")) == "03-04 09:00:00"
    assert said(OFFICE.due(monday, 8 * HOUR - 1)) == "03-03 16:59:59"
    assert said(OFFICE.due(monday, 8 * HOUR + 1)) == "03-04 09:00:01"


def test_counting_backwards() -> None:
    """8 h before Monday 17:00 is 09:00, or Friday's closing; 9 h before it is Friday 16:00; 0 h before it is itself."""
    monday = at("2025-03-03T17:00")
    assert said(OFFICE.due_backwards(monday, 8 * HOUR)) == "03-03 09:00:00"
    assert said(OFFICE.due_backwards(monday, 9 * HOUR)) == "02-28 16:00:00"
    assert OFFICE.due_backwards(monday, 0) == OFFICE.due(monday, 0) == monday
    assert said(OFFICE.due_backwards(monday, 8 * HOUR, "next-opening")) == "02-28 17:00:00"


def test_the_next_edges() -> None:
    """From Saturday the desk opens on Monday 09:00 and closes at 17:00; from 10:00 it is open, and closes the same."""
    assert said(OFFICE.next_open(at("2025-03-08T12:00"))) == "03-10 09:00:00"
    assert said(OFFICE.next_closing(at("2025-03-08T12:00"))) == "03-10 17:00:00"
    assert said(OFFICE.next_open(at("2025-03-10T10:00:30"))) == "03-10 10:00:30"
    assert said(OFFICE.next_closing(at("2025-03-10T10:00:30"))) == "03-10 17:00:00"
    assert said(OFFICE.next_closing(at("2025-03-10T17:00"))) == "03-11 17:00:00"
    assert said(OFFICE.last_open(at("2025-03-10T09:00"))) == "03-07 17:00:00"
    assert said(OFFICE.last_opening(at("2025-03-10T09:00"))) == "03-07 09:00:00"


def test_runs_cut_a_stretch_where_the_desk_opens_or_closes() -> None:
    """From 08:30 to 18:00 on a Monday: closed for half an hour, open for eight, closed for one."""
    runs = OFFICE.runs(at("2025-03-03T08:30"), at("2025-03-03T18:00"))
    assert [(end - start, is_open) for start, end, is_open in runs] == [
        (1800, False),
        (8 * HOUR, True),
        (HOUR, False),
    ]


def test_a_desk_that_never_opens_is_given_up() -> None:
    """Nothing is ever due there, forwards or backwards, and nothing opens or closes."""
    never = tape(Desk("UTC", week("", ())))
    assert never.due(0, 1) is never.due_backwards(0, 1) is never.next_open(0) is never.next_closing(0) is None
    assert never.last_opening(0) is None


def test_a_desk_that_never_closes() -> None:
    """Days from 00:00 to 24:00 have no seam between them: a week is one run, and no closing is found."""
    always = tape(Desk("UTC", week("00:00-24:00")))
    assert always.runs(0, 7 * DAY) == [(0, 7 * DAY, True)]
    assert always.next_closing(0) is None


# Nights, holidays, other hours


def test_a_night_belongs_to_the_day_it_starts_on() -> None:
    """Monday to Friday 22:00-06:00: Saturday 05:59 is still Friday's night, Monday 05:59 is nobody's."""
    nights = tape(Desk("UTC", week("22:00-06:00", MONDAY_TO_FRIDAY)))
    assert nights.is_open(at("2025-03-08T05:59"))
    assert not nights.is_open(at("2025-03-10T05:59"))


@pytest.mark.parametrize("dst", ["wall", "compatible"])
def test_two_schools_of_holidays(dst: str) -> None:
    """Nights 22-06, Tuesday 4 March closed: Monday 22-24 and Wednesday 00-06, or Monday 22 to Tuesday 06."""
    nights = week("22:00-06:00", MONDAY_TO_FRIDAY)
    start, end = at("2025-03-03T12:00"), at("2025-03-05T12:00")

    def open_runs(school: str) -> list[str]:
        desk = Desk("UTC", nights, frozenset([date(2025, 3, 4)]), holiday=school, dst=dst)
        return [f"{said(one)} {said(two)}" for one, two, is_open in tape(desk).runs(start, end) if is_open]

    assert open_runs("date") == ["03-03 22:00:00 03-04 00:00:00", "03-05 00:00:00 03-05 06:00:00"]
    assert open_runs("shift-start") == ["03-03 22:00:00 03-04 06:00:00"]


def test_a_holiday_is_a_date_of_the_desk() -> None:
    """24 December in Los Angeles is 08:00 UTC on that day to 08:00 UTC on the next, of a desk that never closes."""
    desk = tape(Desk("America/Los_Angeles", week("00:00-24:00"), frozenset([date(2025, 12, 24)])))
    assert desk.runs(at("2025-12-24T00:00"), at("2025-12-26T00:00")) == [
        (at("2025-12-24T00:00"), at("2025-12-24T08:00"), True),
        (at("2025-12-24T08:00"), at("2025-12-25T08:00"), False),
        (at("2025-12-25T08:00"), at("2025-12-26T00:00"), True),
    ]


def test_other_hours_replace_those_of_a_date() -> None:
    """On 24 December, a holiday, 09:00-12:00 was agreed after all, and nothing on the 23rd: 3 h in two days."""
    hours = {date(2025, 12, 24): (window("09:00-12:00"),), date(2025, 12, 23): ()}
    desk = tape(Desk("UTC", week("09:00-17:00"), frozenset([date(2025, 12, 24)]), hours))
    assert desk.elapsed(at("2025-12-23"), at("2025-12-25")) == 3 * HOUR


def test_hours_besides_and_hours_less() -> None:
    """09-17, and 06-08 besides on the 23rd; 15-16 closed after all on the 24th; 10-11 on a holiday: 10 + 7 + 1 h."""
    days = [date(2025, 12, day) for day in (23, 24, 25)]
    extra = {days[0]: (window("06:00-08:00"),), days[2]: (window("10:00-11:00"),)}
    less = {days[1]: (window("15:00-16:00"),)}
    desk = tape(Desk("UTC", week("09:00-17:00"), frozenset(days[2:]), extra=extra, less=less))
    assert [desk.elapsed(at(f"{day}"), at(f"{day}") + DAY) for day in days] == [10 * HOUR, 7 * HOUR, HOUR]


# Clocks that change

# Seconds counted on the day of the change and the night into it; "compatible" is what RFC 5545 says of both edges.
IN_BERLIN = [
    # window, spring by the wall, by the edges; autumn by the wall, by the edges
    ("01:30-02:30", 1800, 3600, 5400, 3600),
    ("02:15-02:45", 0, 1800, 3600, 1800),
    ("02:30-03:15", 900, 0, 4500, 6300),
    ("02:30-05:00", 7200, 5400, 10800, 12600),
    ("22:00-02:30", 14400, 16200, 18000, 16200),
]


@pytest.mark.parametrize("row", IN_BERLIN, ids=lambda row: row[0])
def test_edges_within_the_changing_hour(row: tuple[str, int, int, int, int]) -> None:
    """The published table: minutes that exist count, twice if they repeat; or edges move with the gap, first if two."""
    text, *expected = row
    found = []
    for noon in ("2025-03-29T12:00", "2025-10-25T12:00"):
        for dst in ("wall", "compatible"):
            opened = week(text, (5,) if text.startswith("22") else (6,))  # Saturday's night, or Sunday
            found.append(tape(Desk("Europe/Berlin", opened, dst=dst)).elapsed(at(noon), at(noon) + DAY))
    assert found == expected


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2025-03-30", 23),
        ("Europe/Berlin", "2025-10-26", 25),
        ("America/Sao_Paulo", "2018-11-04", 23),  # midnight itself is skipped
        ("America/Sao_Paulo", "2018-02-17", 25),  # 23:00-24:00 twice
        ("Pacific/Apia", "2011-12-30", 0),  # a day that never was
        ("Australia/Lord_Howe", "2024-04-07", 24.5),
        ("Australia/Lord_Howe", "2024-10-06", 23.5),
        ("Asia/Tehran", "2022-03-22", 23),
        ("Asia/Kathmandu", "2025-03-30", 24),
        ("+05:30", "2025-03-30", 24),
        ("-03:30", "2025-03-30", 24),
    ],
)
def test_a_day_has_the_hours_that_the_clocks_give_it(zone: str, day: str, hours: float) -> None:
    """A desk that is open on one date from 00:00 to 24:00 counts 23, 24 or 25 hours, or what the zone makes of it."""
    desk = Desk(zone, week("", ()), hours={date.fromisoformat(day): ((0, DAY),)})
    around = at(day)
    assert tape(desk).elapsed(around - 2 * DAY, around + 3 * DAY) == hours * HOUR


def test_eight_hours_from_friday_are_not_touched_by_a_change_on_sunday() -> None:
    """Friday 16:00 in Berlin, an hour left: seven more on Monday end at 16:00, summer time by then."""
    berlin = tape(Desk("Europe/Berlin", week("09:00-17:00", MONDAY_TO_FRIDAY)))
    assert berlin.due(at("2025-03-28T16:00+01:00"), 8 * HOUR) == at("2025-03-31T16:00+02:00")


# Several desks


def test_desks_are_joined_by_the_instant() -> None:
    """UTC 09-17 and 08-16 an hour further east, 07-15 UTC: together 10 h, both at once 6 h, the first alone 2 h."""
    first = tape(Desk("UTC", week("09:00-17:00")))
    second = tape(Desk("+01:00", week("08:00-16:00")))
    start, end = at("2025-03-03"), at("2025-03-04")
    counts = [both(operator, first, second).elapsed(start, end) for operator in ("|", "&", "-")]
    assert counts == [10 * HOUR, 6 * HOUR, 2 * HOUR]


# Business days


@pytest.mark.parametrize(
    ("hours", "start", "count", "expected"),
    [
        # Friday: the next day is Monday, at 17:00 or 10:30 or, within the hours, 10:30.
        ("09:00-17:00", "2025-03-07T10:30", 1, ("03-10 17:00:00", "03-10 10:30:00", "03-10 10:30:00")),
        # Saturday: Monday too, 08:00 is before the opening.
        ("09:00-17:00", "2025-03-08T08:00", 1, ("03-10 17:00:00", "03-10 08:00:00", "03-10 09:00:00")),
        # In the break, held at the closing before it.
        ("09:00-12:00 13:00-17:00", "2025-03-08T12:15", 2, ("03-11 17:00:00", "03-11 12:15:00", "03-11 12:00:00")),
        # Saturday 02:00 is still Friday's night: Monday's ends on Tuesday at 06:00, and 02:00 of it is on Tuesday.
        ("22:00-06:00", "2025-03-08T02:00", 1, ("03-11 06:00:00", "03-11 02:00:00", "03-11 02:00:00")),
        # Saturday 07:00 is nobody's, and Monday's night begins after 07:00.
        ("22:00-06:00", "2025-03-08T07:00", 1, ("03-11 06:00:00", "03-10 07:00:00", "03-10 22:00:00")),
    ],
)
def test_business_days(hours: str, start: str, count: int, expected: tuple[str, str, str]) -> None:
    """Dates are counted from Monday to Friday, and a night belongs to the date on which it began."""
    desk = Desk("UTC", week(hours, MONDAY_TO_FRIDAY))
    found = due_in_days(desk, at(start), count)
    assert found is not None
    assert [said(found[ends]) for ends in ("closing", "same-time", "clamped")] == list(expected)


def test_business_days_of_several_desks() -> None:
    """Monday 20:00 in UTC, 09-17 there and in -08:00: the next date counts, its cover ends with it at midnight.

    Until 01:00 and from 17:00 to 24:00 the other desk is open, which is 17:00-01:00 in UTC.
    """
    covered = both("|", OFFICE, tape(Desk("-08:00", week("09:00-17:00", MONDAY_TO_FRIDAY))))
    found = due_in_days_of_many(covered, "UTC", at("2025-03-03T20:00"), 1)
    assert found == dict.fromkeys(("same-time", "clamped"), at("2025-03-04T20:00")) | {"closing": at("2025-03-05")}


def test_a_skipped_time_of_day_is_the_end_of_the_gap() -> None:
    """Saturday 02:30 in Berlin: there is no 02:30 on Sunday, 30 March 2025; the clocks went to 03:00 at 01:00 UTC."""
    desk = Desk("Europe/Berlin", week("00:00-24:00"))
    found = due_in_days(desk, at("2025-03-29T02:30+01:00"), 1)
    assert found is not None
    assert said(found["same-time"]) == "03-30 01:00:00"


def test_no_business_day_is_given_up() -> None:
    """A desk that never opens has no date to count, alone or with another."""
    never = Desk("UTC", week("", ()))
    assert due_in_days(never, 0, 1) is due_in_days_of_many(tape(never), "UTC", 0, 1) is None
