"""Why a calendar is closed, and why a deadline is where it is, in words that were written by hand."""

import pytest

from supportcontracts.coverage import AnyCoverage, Coverage, Holidays, Override
from supportcontracts.quantity import hours, minutes, seconds
from supportcontracts.timeline import Zone

berlin = Zone("Europe/Berlin")
at = berlin.at
office = Coverage("mon-fri 09:00-17:00", zone=berlin)
desk = Coverage(
    "mon-fri 09:00-12:30 13:00-17:00",
    zone=berlin,
    name="desk",
    holidays=["2025-12-25 Christmas Day", "2025-12-26"],
    overrides=[
        Override("2025-12-24", "09:00-12:00", name="Christmas Eve"),
        Override("2025-12-23", "14:00-15:00", effect="closes", name="inventory"),
        Override("2025-12-29", "closed", name="move"),
    ],
)


def told(calendar: AnyCoverage, since: str, until: str) -> list[str]:
    """List the segments between two local times, in the calendar's zone."""
    zone = calendar.zone
    return [
        f"{zone.format(each.start)[5:]} {zone.format(each.end)[5:]} {each.reason} {each.name}".strip()
        for each in calendar.segments(zone.at(since), zone.at(until))
    ]


def steps(calendar: AnyCoverage, start: str, amount: int) -> list[str]:
    """List the steps of an explanation without the year, and its result."""
    found = calendar.explain_due(calendar.zone.at(start), seconds(amount))
    rows = [f"{step.rule} {step.name}: {step.working} | {step.result} | {step.agreed_in}" for step in found.steps]
    return [row.replace("2025-", "") for row in [*rows, found.amount]]


# Why it is closed


@pytest.mark.rule("K3", "K4")
def test_every_closed_time_has_its_reason() -> None:
    """Breaks, closures of hours and of dates, half days and holidays, each with its name."""
    assert told(desk, "2025-12-23 08:00", "2025-12-30 10:00") == [
        "12-23 08:00 12-23 09:00 no cover",
        "12-23 09:00 12-23 12:30 open",
        "12-23 12:30 12-23 13:00 break",
        "12-23 13:00 12-23 14:00 open",
        "12-23 14:00 12-23 15:00 closure inventory",
        "12-23 15:00 12-23 17:00 open",
        "12-23 17:00 12-24 09:00 no cover",
        "12-24 09:00 12-24 12:00 open",
        "12-24 12:00 12-25 00:00 no cover",
        "12-25 00:00 12-26 00:00 holiday Christmas Day",
        "12-26 00:00 12-27 00:00 holiday",
        "12-27 00:00 12-29 00:00 no cover",
        "12-29 00:00 12-30 00:00 closure move",
        "12-30 00:00 12-30 09:00 no cover",
        "12-30 09:00 12-30 10:00 open",
    ]
    assert desk.segments(at("2025-12-23 08:00"), at("2025-12-23 08:00")) == ()


@pytest.mark.rule("K4")
def test_a_closure_comes_before_a_break_and_a_holiday() -> None:
    """Where reasons meet, what somebody decided for the date is told."""
    calendar = Coverage(
        "mon-fri 09:00-12:30 13:00-17:00",
        zone=berlin,
        holidays=["2025-12-25 Christmas Day"],
        overrides=[
            Override("2025-12-23", "12:00-13:30", effect="closes", name="inventory"),
            Override("2025-12-25", "closed", name="move"),
        ],
    )
    assert told(calendar, "2025-12-23 11:00", "2025-12-23 14:00") == [
        "12-23 11:00 12-23 12:00 open",
        "12-23 12:00 12-23 13:30 closure inventory",
        "12-23 13:30 12-23 14:00 open",
    ]
    assert told(calendar, "2025-12-25 08:00", "2025-12-25 20:00") == ["12-25 08:00 12-25 20:00 closure move"]


@pytest.mark.rule("K3")
def test_the_shift_of_a_holiday_is_what_it_closes() -> None:
    """By shift start, the night that would have begun on the holiday is closed because of it, and no other time."""
    nights = Coverage("mon-fri 22:00-06:00", zone=berlin, holidays=["2025-03-18 fair"], holiday="shift-start")
    assert told(nights, "2025-03-18 00:00", "2025-03-19 12:00") == [
        "03-18 00:00 03-18 06:00 open",
        "03-18 06:00 03-18 22:00 no cover",
        "03-18 22:00 03-19 06:00 holiday fair",
        "03-19 06:00 03-19 12:00 no cover",
    ]


@pytest.mark.rule("K11")
def test_a_combination_tells_which_part_decided() -> None:
    """A difference names what it excludes; a union and an intersection give the reason that says most."""
    york = Coverage("mon-fri 09:00-17:00", zone="America/New_York", holidays=["2025-03-12 parade"])
    day = ("2025-03-12 08:00", "2025-03-12 23:30")
    assert told(office - york, "2025-03-13 08:00", "2025-03-13 23:30") == [
        "03-13 08:00 03-13 09:00 no cover",
        "03-13 09:00 03-13 14:00 open",
        "03-13 14:00 03-13 17:00 excluded",
        "03-13 17:00 03-13 23:30 no cover",
    ]
    assert told(office | york, *day) == [
        "03-12 08:00 03-12 09:00 holiday parade",
        "03-12 09:00 03-12 17:00 open",
        "03-12 17:00 03-12 23:30 holiday parade",
    ]
    assert told(office & york, *day) == ["03-12 08:00 03-12 23:30 holiday parade"]
    assert told((office & york) | desk, *day)[-1] == "03-12 17:00 03-12 23:30 holiday parade"


# Why it is due then


@pytest.mark.rule("K1")
def test_windows_breaks_and_holidays_are_told_in_order() -> None:
    """From the half day over the holidays, the weekend and the closed Monday to Tuesday."""
    assert steps(desk, "2025-12-23 12:00", 8 * 3600) == [
        "K1 open: Tue 12-23 12:00 – 12:30 | 0h 30m | windows",
        "K1 break: Tue 12-23 12:30 – 13:00 | – | windows",
        "K1 open: Tue 12-23 13:00 – 14:00 | 1h 00m | windows",
        "K4 closure: Tue 12-23 14:00 – 15:00, inventory | – | overrides",
        "K1 open: Tue 12-23 15:00 – 17:00 | 2h 00m | windows",
        "K1 no cover: Tue 12-23 17:00 – Wed 12-24 09:00 | – | windows",
        "K4 open: Wed 12-24 09:00 – 12:00, Christmas Eve | 3h 00m | overrides",
        "K1 no cover: Wed 12-24 12:00 – Thu 12-25 00:00 | – | windows",
        "K3 holiday: Thu 12-25, Christmas Day | – | holidays",
        "K3 holiday: Fri 12-26 | – | holidays",
        "K1 no cover: Sat 12-27 – Sun 12-28 | – | windows",
        "K4 closure: Mon 12-29, move | – | overrides",
        "K1 no cover: Tue 12-30 00:00 – 09:00 | – | windows",
        "K1 open: Tue 12-30 09:00 – 10:30 | 1h 30m | windows",
        "due Tue 12-30 10:30 Europe/Berlin",
    ]


@pytest.mark.rule("K1")
def test_the_changes_of_the_clocks_are_told() -> None:
    """A change is told with the times that the clocks showed before and after it, in cover or outside."""
    assert steps(office, "2025-03-28 16:00", 7200) == [
        "K1 open: Fri 03-28 16:00 – 17:00 | 1h 00m | windows",
        "K1 no cover: Fri 03-28 17:00 – Mon 03-31 09:00 | – | windows",
        "K1 clocks: Sun 03-30 02:00: forward to 03:00 | – | zone",
        "K1 open: Mon 03-31 09:00 – 10:00 | 1h 00m | windows",
        "due Mon 03-31 10:00 Europe/Berlin",
    ]
    always = Coverage("24x7", zone=berlin)
    assert steps(always, "2025-10-25 12:00", 25 * 3600) == [
        "K1 open: Sat 10-25 12:00 – Sun 10-26 12:00 | 25h 00m | windows",
        "K1 clocks: Sun 10-26 03:00: back to 02:00 | – | zone",
        "due Sun 10-26 12:00 Europe/Berlin",
    ]
    apia = Coverage("24x7", zone="Pacific/Apia")
    found = apia.explain_due(apia.zone.at("2011-12-29 12:00"), hours(24))
    assert found.steps[1].working == "Fri 2011-12-30 00:00: forward to Sat 2011-12-31 00:00"


@pytest.mark.rule("K1")
def test_a_change_at_an_edge_is_told_once() -> None:
    """Where midnight is skipped, Saturday's window closes at the change, and what follows tells it."""
    calendar = Coverage("sat 00:00-24:00; sun 12:00-13:00", zone="America/Sao_Paulo")
    found = calendar.explain_due(calendar.zone.at("2018-11-03 12:00"), minutes(12 * 60 + 30))
    assert [(step.name, step.working) for step in found.steps] == [
        ("open", "Sat 2018-11-03 12:00 – Sun 2018-11-04 01:00"),
        ("no cover", "Sun 2018-11-04 01:00 – 12:00"),
        ("clocks", "Sun 2018-11-04 00:00: forward to 01:00"),
        ("open", "Sun 2018-11-04 12:00 – 12:30"),
    ]


@pytest.mark.rule("K5", "K6")
def test_conventions_that_decided_are_told() -> None:
    """A closing, the next opening, a target of zero."""
    assert steps(office, "2025-03-28 16:00", 3600)[1:] == [
        "K5 closing: used up exactly at this closing: due there | – | closing",
        "due Fri 03-28 17:00 Europe/Berlin",
    ]
    late = Coverage("mon-fri 09:00-17:00", zone=berlin, closing="next-opening")
    assert steps(late, "2025-03-27 16:00", 3600) == [
        "K1 open: Thu 03-27 16:00 – 17:00 | 1h 00m | windows",
        "K1 no cover: Thu 03-27 17:00 – Fri 03-28 09:00 | – | windows",
        "K5 closing: used up exactly at a closing: due at the next opening | – | closing",
        "due Fri 03-28 09:00 Europe/Berlin",
    ]
    assert steps(office, "2025-03-29 16:00", 0) == [
        "K6 zero: nothing to wait for: due at its start | 0h 00m | ",
        "due Sat 03-29 16:00 Europe/Berlin",
    ]


def test_the_middle_of_a_long_wait_is_summed_up() -> None:
    """Six segments at each end are told; between them windows are added up, around what is out of the ordinary."""
    may = Coverage("mon-fri 09:00-17:00", zone=berlin, holidays=["2025-05-01 Labour Day"])
    assert steps(may, "2025-04-14 09:00", 200 * 3600) == [
        "K1 open: Mon 04-14 09:00 – 17:00 | 8h 00m | windows",
        "K1 no cover: Mon 04-14 17:00 – Tue 04-15 09:00 | – | windows",
        "K1 open: Tue 04-15 09:00 – 17:00 | 8h 00m | windows",
        "K1 no cover: Tue 04-15 17:00 – Wed 04-16 09:00 | – | windows",
        "K1 open: Wed 04-16 09:00 – 17:00 | 8h 00m | windows",
        "K1 no cover: Wed 04-16 17:00 – Thu 04-17 09:00 | – | windows",
        "K1 open: Thu 04-17 09:00 – Thu 05-01 00:00: 10 windows | 80h 00m | windows",
        "K3 holiday: Thu 05-01, Labour Day | – | holidays",
        "K1 open: Fri 05-02 00:00 – Wed 05-14 17:00: 9 windows | 72h 00m | windows",
        "K1 no cover: Wed 05-14 17:00 – Thu 05-15 09:00 | – | windows",
        "K1 open: Thu 05-15 09:00 – 17:00 | 8h 00m | windows",
        "K1 no cover: Thu 05-15 17:00 – Fri 05-16 09:00 | – | windows",
        "K1 open: Fri 05-16 09:00 – 17:00 | 8h 00m | windows",
        "K1 no cover: Fri 05-16 17:00 – Mon 05-19 09:00 | – | windows",
        "K1 open: Mon 05-19 09:00 – 17:00 | 8h 00m | windows",
        "K5 closing: used up exactly at this closing: due there | – | closing",
        "due Mon 05-19 17:00 Europe/Berlin",
    ]


@pytest.mark.rule("K10")
def test_years_without_known_holidays_are_told() -> None:
    """A calendar that reports says so where its answer reaches beyond the years of its holidays, in any part."""
    known = Holidays(["2025-12-25"], years=2025, beyond="report")
    calendar = Coverage("mon-fri 09:00-17:00", zone=berlin, holidays=known)
    told = "K10 not known: holidays are listed for 2025 only | – | holidays.years".replace("2025-", "")
    assert told in steps(calendar, "2025-12-31 16:00", 7200)
    assert told not in steps(calendar, "2025-12-30 16:00", 7200)
    assert told in steps(calendar | office, "2025-12-31 16:00", 7200)
    found = calendar.days(1).explain_due(at("2025-12-31 16:00"))
    assert [step.rule for step in found.steps][-1] == "K10"


# Business days


def days(calendar: AnyCoverage, start: str, count: int, ends: str = "closing") -> list[str]:
    """List the steps of an explanation of business days, and its result."""
    target = calendar.days(count, ends=ends)  # type: ignore[arg-type]  # a word
    found = target.explain_due(calendar.zone.at(start))
    rows = [f"{step.rule} {step.name}: {step.working} | {step.result} | {step.agreed_in}" for step in found.steps]
    return [row.replace("2025-", "") for row in [*rows, found.amount]]


@pytest.mark.rule("K8")
def test_dates_that_count_and_dates_that_do_not_are_told() -> None:
    """Each open date with its hours, and between them the holidays and the days without windows."""
    assert days(desk, "2025-12-23 12:00", 2, "clamped") == [
        "K8 start: belongs to Tue 12-23 | – | windows",
        "K8 open date: Wed 12-24 09:00 – 12:00 | 1 of 2 | windows",
        "K3 holiday: Thu 12-25, Christmas Day | – | holidays",
        "K3 holiday: Fri 12-26 | – | holidays",
        "K1 no cover: Sat 12-27 – Sun 12-28 | – | windows",
        "K4 closure: Mon 12-29, move | – | overrides",
        "K8 open date: Tue 12-30 09:00 – 17:00 | 2 of 2 | windows",
        "K8 end: at the time of day of the start, within cover | Tue 12-30 12:00 | ends",
        "due Tue 12-30 12:00 Europe/Berlin",
    ]
    assert days(desk, "2025-12-23 12:00", 0) == [
        "K6 zero: due at its start | – | ",
        "due Tue 12-23 12:00 Europe/Berlin",
    ]


@pytest.mark.rule("K8")
def test_the_middle_of_many_dates_is_summed_up() -> None:
    """Of many dates six are told at each end, and every day without windows."""
    found = days(office, "2025-03-03 12:00", 20)
    assert (
        found[6:9]
        == [
            "K1 no cover: Sat 03-08 – Sun 03-09 | – | windows",
            "K8 open date: Mon 03-10 09:00 – 17:00 | 5 of 20 | windows",
            "K8 open date: Tue 03-11 09:00 – 17:00 | 6 of 20 | windows",
        ]
        or found
    )
    assert "K8 open dates: from Wed 03-12 on | 7 to 14 of 20 | windows" in found
    assert found[-3:] == [
        "K8 open date: Mon 03-31 09:00 – 17:00 | 20 of 20 | windows",
        "K8 end: when the last window that began on it closes | Mon 03-31 17:00 | ends",
        "due Mon 03-31 17:00 Europe/Berlin",
    ]


@pytest.mark.rule("K8")
def test_a_night_belongs_to_the_date_on_which_it_began() -> None:
    """A start in the small hours is told with its date, and so is the closing of the night."""
    nights = Coverage("mon-fri 22:00-06:00", zone=berlin)
    assert days(nights, "2025-03-18 02:00", 1, "same-time") == [
        "K8 start: belongs to Mon 03-17 | – | windows",
        "K8 open date: Tue 03-18 22:00 – Wed 03-19 06:00 | 1 of 1 | windows",
        "K8 end: at the time of day of the start | Wed 03-19 02:00 | ends",
        "due Wed 03-19 02:00 Europe/Berlin",
    ]
    sun = nights | office
    assert days(sun, "2025-03-18 02:00", 1)[1:3] == [
        "K8 open date: Wed 03-19 | 1 of 1 | windows",
        "K8 end: when the last window that began on it closes | Thu 03-20 00:00 | ends",
    ]
    assert minutes(1) == seconds(60)
