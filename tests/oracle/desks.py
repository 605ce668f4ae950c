"""Random desks, each written twice: as the terms that the library reads, and as the tables that the oracle reads.

They have their odd days in common: dates on which the clocks of a zone change, or on which there is no such date. Hours
like to start and end where clocks change, dates that are closed lie around them, and so do the instants that are asked
about, many of them within a second of a quarter of an hour.
"""

from datetime import date
from typing import Literal, NamedTuple, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.coverage import Coverage, Override
from tests.oracle.covered import DAY, MINUTE, Desk, Tape, Windows, tape
from tests.oracle.days import local_day, plus_days, start_of

T = TypeVar("T")

ODD_DAYS = {
    "Europe/Berlin": ("2025-03-30", "2025-10-26"),
    "America/New_York": ("2025-03-09", "2025-11-02"),
    "America/Sao_Paulo": ("2018-02-18", "2018-11-04"),  # midnight is skipped, or 23:00 repeated
    "America/Santiago": ("2024-04-07", "2024-09-08"),  # the same
    "America/Havana": ("2025-03-09", "2025-11-02"),  # midnight is skipped, or 00:00 repeated
    "America/St_Johns": ("2010-03-14", "2010-11-07"),  # at a minute past midnight
    "Asia/Tehran": ("2022-03-22", "2022-09-22"),
    "Asia/Pyongyang": ("2018-05-05", "2015-08-15"),  # half an hour around midnight
    "Australia/Lord_Howe": ("2024-04-07", "2024-10-06"),  # half an hour
    "Antarctica/Troll": ("2025-03-30", "2025-10-26"),  # two hours
    "Pacific/Apia": ("2011-12-30", "2012-04-01"),  # a date that never was
    "Pacific/Kwajalein": ("1993-08-21",),  # the same
    "Africa/Casablanca": ("2025-02-23", "2025-04-06"),  # winter time for Ramadan
    "Asia/Kathmandu": ("2025-03-30",),
    "UTC": ("2024-02-29",),
}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Minutes after midnight at which hours start and end; of nights, at which they end on the next day.
EDGES = tuple(sorted({*range(0, 240, 15), *range(1320, 1440, 30), 1, 540, 720, 780, 1020, 1439, 1440}))
MORNINGS = (1, 15, 60, 90, 120, 150, 180, 360)
HOURS = (((9, 17),), ((22, 30),), ((9, 12), (13, 17)), ((6, 14), (14, 22), (22, 30)), ((0, 24),), ((18, 26),))
Dst = Literal["wall", "compatible"]


class Scene(NamedTuple):
    """One desk as terms and as a tape, the first second of its odd day, and the tables from which both were made."""

    coverage: Coverage
    tape: Tape
    desk: Desk
    around: int

    def __repr__(self) -> str:
        """Write what is needed to make it again."""
        return repr(self.coverage)


def text_of(windows: Windows) -> str:
    """Write the hours of a day as people do."""

    def clock(second: int) -> str:
        minutes = second // MINUTE if second <= DAY else second // MINUTE - 1440
        return f"{minutes // 60:02}:{minutes % 60:02}"

    return " ".join(f"{clock(opens)}-{clock(closes)}" for opens, closes in windows)


def week_text(week: tuple[Windows, ...]) -> str:
    """Write the hours of a week, day by day."""
    groups = (f"{day} {text_of(windows)}" for day, windows in zip(WEEKDAYS, week, strict=True) if windows)
    return "; ".join(groups) or "closed"


def read_week(text: str) -> tuple[Windows, ...]:
    """Read the hours of a week as they print."""
    week: list[Windows] = [()] * 7
    for group in ("mon-sun 00:00-24:00" if text == "24x7" else text).split("; "):
        names, *hours = group.split(" ")
        windows = []
        for each in hours:
            opens, closes = (int(clock[:2]) * 3600 + int(clock[3:]) * MINUTE for clock in each.split("-"))
            windows.append((opens, closes if closes > opens else closes + DAY))
        for name in names.split(","):
            first, last = (WEEKDAYS.index(day) for day in (name[:3], name[-3:]))
            for day in range(first, last + 1):
                week[day] = tuple(windows)
    return tuple(week)


@st.composite
def hours_of_a_day(draw: DrawFn) -> Windows:
    """Draw windows of a day that do not overlap, the last of which may end on the next day."""
    if draw(st.booleans()):
        found = [(opens * 60, closes * 60) for opens, closes in draw(st.sampled_from(HOURS))]
    else:
        edges = sorted(draw(st.sets(st.sampled_from(EDGES), min_size=2, max_size=6)))
        found = list(zip(edges[0::2], edges[1::2], strict=False))
        if len(edges) % 2 and 1 < edges[-1] < 1440:
            found.append((edges[-1], 1440 + min(draw(st.sampled_from(MORNINGS)), edges[-1] - 1)))
    return tuple((opens * MINUTE, closes * MINUTE) for opens, closes in found)


@st.composite
def weeks(draw: DrawFn) -> tuple[Windows, ...]:
    """Draw a few kinds of days, give one to every weekday, and let each night end before the next day's hours start."""
    kinds: list[Windows] = [(), *draw(st.lists(hours_of_a_day(), min_size=1, max_size=3))]
    week = [draw(st.sampled_from(kinds)) for _ in WEEKDAYS]
    for day, windows in enumerate(week):
        after = week[(day + 1) % 7]
        if windows and windows[-1][1] > DAY and after:
            opens, closes = windows[-1]
            closes = min(closes, DAY + after[0][0])
            week[day] = (*windows[:-1], (opens, closes))
    return tuple(week)


def dated(draw: DrawFn, around: date, values: SearchStrategy[T], most: int = 2) -> dict[date, T]:
    """Draw something for a few dates around the odd day."""
    near = st.integers(-2, 2).map(lambda ahead: plus_days(around, ahead))
    return draw(st.dictionaries(near, values, max_size=most))


@st.composite
def scenes(draw: DrawFn, *, often: bool = False, near: Scene | None = None) -> Scene:
    """Draw a desk that opens somewhere around its odd day, or `often`, every week; or `near` the odd day of another."""
    zone = draw(st.sampled_from([*ODD_DAYS, "+05:45", "-03:30"]))
    odd = date.fromisoformat(draw(st.sampled_from(ODD_DAYS.get(zone, ("2024-02-29",)))))
    if near is not None:
        odd = local_day(near.around, zone)
    week = draw(weeks())
    own = dated(draw, odd, hours_of_a_day())
    extra = dated(draw, odd, hours_of_a_day(), 1)
    less = dated(draw, odd, hours_of_a_day(), 1)
    holidays = frozenset(dated(draw, odd, st.none(), 3))
    shut = frozenset(dated(draw, odd, st.none(), 1)) - set(own)
    if not any(week) and (often or not (own or extra)):
        week = (((9 * 3600, 17 * 3600),),) * 7
    holiday: Literal["date", "shift-start"] = draw(st.sampled_from(["date", "shift-start"]))
    edges: Dst = draw(st.sampled_from(["wall", "compatible"]))
    overrides = [
        *(Override(day, text_of(windows)) for day, windows in own.items()),
        *(Override(day, text_of(windows), effect="opens") for day, windows in extra.items()),
        *(Override(day, text_of(windows), effect="closes") for day, windows in less.items()),
        *(Override(day, "closed") for day in shut),
    ]
    coverage = Coverage(
        week_text(week), zone=zone, holidays=sorted(holidays), overrides=overrides, holiday=holiday, dst=edges
    )
    desk = Desk(zone, week, holidays | shut, own, extra, less, holiday=holiday, dst=edges)
    return Scene(coverage, tape(desk), desk, start_of(odd, zone))


def moments(around: int, days: int = 5) -> SearchStrategy[int]:
    """Draw instants from so many days before another to as many after it, most of them near a quarter of an hour."""
    quarters = st.integers(-days * 96, days * 96)
    near = st.sampled_from([0, 0, -1, 1, 60, 440])
    return st.builds(lambda quarter, off: around + quarter * 900 + off, quarters, near)


def targets() -> SearchStrategy[int]:
    """Draw covered seconds, many of them whole quarters of an hour, so that closings are met."""
    return st.builds(
        lambda quarter, off: max(0, quarter * 900 + off), st.integers(0, 160), st.sampled_from([0, 0, -1, 7])
    )
