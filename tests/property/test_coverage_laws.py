"""Laws of covered time: they hold for every calendar, in every zone, around every odd change of clocks."""

import pickle
from datetime import date, timedelta
from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportcontracts.coverage import AnyCoverage, Coverage, CoveredDays, WallTime
from supportcontracts.errors import BeyondHorizon
from supportcontracts.interop.codec import from_json, to_json
from supportcontracts.quantity import WorkTime
from supportcontracts.testing import strategies
from supportcontracts.timeline import Instant, Zone, epoch, from_epoch

HORIZON = -2_208_988_800, 7_258_118_400
amounts = st.integers(0, 60 * 3600) | st.sampled_from([0, 1, 1800, 3600, 8 * 3600])


# Calendars that open again and again: a search of one that never opens goes to the horizon, and takes its time.
calendars = strategies.coverages(beyond="report") | strategies.combined_coverages(operation="union", beyond="report")


@st.composite
def asked(draw: st.DrawFn, count: int = 2) -> tuple[AnyCoverage, list[int]]:
    """Draw a calendar that answers in every year, and instants near its odd days, in order."""
    calendar = draw(calendars)
    near = strategies.instants_near(calendar)
    return calendar, sorted(epoch(draw(near)) for _ in range(count))


# Elapsed and due


@pytest.mark.rule("K7")
@given(asked(3))
def test_elapsed_adds_up(case: tuple[AnyCoverage, list[int]]) -> None:
    """What is covered from a to c is what is covered from a to b and from b to c, in whatever order they lie."""
    calendar, (a, b, c) = case
    for one, two, three in ((a, b, c), (b, a, c), (c, a, b)):
        whole = calendar.elapsed_epoch(one, three)
        assert calendar.elapsed_epoch(one, two) + calendar.elapsed_epoch(two, three) == whole
    assert calendar.elapsed_epoch(a, b) == -calendar.elapsed_epoch(b, a)
    assert 0 <= calendar.elapsed_epoch(a, c) <= c - a


@given(asked(1), amounts)
def test_a_target_is_used_up_when_it_is_due(case: tuple[AnyCoverage, list[int]], seconds: int) -> None:
    """From its start to where it is due, exactly the target is covered."""
    calendar, (start,) = case
    due = calendar.due_epoch(start, seconds)
    assert due >= start
    assert calendar.elapsed_epoch(start, due) == seconds


@given(asked(1), amounts)
def test_a_target_is_used_up_backwards(case: tuple[AnyCoverage, list[int]], seconds: int) -> None:
    """From where a target would have to start to its end, exactly the target is covered."""
    calendar, (end,) = case
    start = calendar.due_back_epoch(end, seconds)
    assert start <= end
    assert calendar.elapsed_epoch(start, end) == seconds


@pytest.mark.rule("K5")
@given(asked(1), st.integers(1, 60 * 3600))
def test_a_target_is_due_at_the_earliest_or_the_latest_instant(
    case: tuple[AnyCoverage, list[int]], seconds: int
) -> None:
    """At the closing nothing earlier would do; at the next opening nothing later would: the clock runs on there."""
    calendar, (start,) = case
    first = attrs.evolve(calendar, closing="at-closing").due_epoch(start, seconds)
    last = attrs.evolve(calendar, closing="next-opening").due_epoch(start, seconds)
    assert first <= last
    assert calendar.elapsed_epoch(start, first - 1) == seconds - 1
    assert calendar.elapsed_epoch(start, last + 1) == seconds + 1
    assert first == last or calendar.is_open_epoch(last) > calendar.is_open_epoch(first)


@given(asked(2), amounts, amounts)
def test_due_is_monotone(case: tuple[AnyCoverage, list[int]], seconds: int, more: int) -> None:
    """What starts later is not due earlier, and neither is a larger target."""
    calendar, (early, late) = case
    due = calendar.due_epoch(early, seconds)
    assert due <= calendar.due_epoch(early, seconds + more)
    assert due <= calendar.due_epoch(late, seconds)


@pytest.mark.rule("K6")
@given(asked(1))
def test_a_zero_target_waits_for_nothing(case: tuple[AnyCoverage, list[int]]) -> None:
    """Whatever the calendar, a target of nothing is due at its start."""
    calendar, (start,) = case
    assert calendar.due_epoch(start, 0) == calendar.due_back_epoch(start, 0) == start
    assert calendar.days(0).due_epoch(start) == WallTime(WorkTime(0)).due_epoch(start) == start


# Open, closed and why


@given(asked(2))
def test_segments_part_the_time_without_gaps(case: tuple[AnyCoverage, list[int]]) -> None:
    """Segments follow each other from start to end; the open ones are what is covered, and all say the same."""
    calendar, (start, end) = case
    end = min(end, start + 90 * 86_400)
    found = calendar.segments(from_epoch(start), from_epoch(end))
    plain = calendar.segments_epoch(start, end)
    for segments in ([(epoch(each.start), epoch(each.end), each.is_open) for each in found], plain):
        assert all(one[1] == two[0] for one, two in pairwise(segments))
        assert [segments[0][0], segments[-1][1]] == [start, end] if start < end else not segments
        assert sum(until - since for since, until, is_open in segments if is_open) == calendar.elapsed_epoch(start, end)
        for since, until, is_open in segments:
            assert since < until
            assert calendar.is_open_epoch(since) == calendar.is_open_epoch(until - 1) == is_open
            assert calendar.elapsed_epoch(since, until) == (until - since if is_open else 0)
    assert all(one[2] != two[2] for one, two in pairwise(plain))
    assert all((one.reason, one.name) != (two.reason, two.name) for one, two in pairwise(found))


@pytest.mark.rule("K9")
@given(asked(1))
def test_the_next_opening_and_closing_bound_the_next_cover(case: tuple[AnyCoverage, list[int]]) -> None:
    """Nothing is covered up to the next opening, everything from there to the next closing, and nothing at it."""
    calendar, (at,) = case
    opens = calendar.next_open_epoch(at)
    assert opens >= at
    assert calendar.elapsed_epoch(at, opens) == 0
    assert calendar.is_open_epoch(opens)
    try:
        closes = calendar.next_closing_epoch(at)
    except BeyondHorizon:
        assert calendar.elapsed_epoch(opens, HORIZON[1] - 1) == HORIZON[1] - 1 - opens
        return
    assert calendar.elapsed_epoch(opens, closes) == closes - opens > 0
    assert not calendar.is_open_epoch(closes)


def shows(calendar: Coverage, at: int) -> bool:
    """Tell from the clocks of its zone alone whether a calendar of the "wall" convention is open."""
    zone, week = calendar.zone, calendar._shape.week
    local = from_epoch(at).astimezone(zone.tzinfo).replace(tzinfo=None)
    holidays = {holiday.on for holiday in calendar.holidays.dates}
    for day in (local.date(), local.date() - timedelta(days=1)):
        time = int((local - Instant(day.year, day.month, day.day)).total_seconds())
        closed = (local.date() if calendar.holiday == "date" else day) in holidays
        if not closed and any(opens <= time < closes for opens, closes in week[day.weekday()]):
            return True
    return False


@pytest.mark.rule("K1", "K2", "K3")
@given(st.data(), strategies.coverages(beyond="report"))
def test_a_calendar_is_open_when_its_clocks_show_so(data: st.DataObject, drawn: Coverage) -> None:
    """An instant is covered if the wall time that the clocks show at it lies in a window that no holiday closes."""
    calendar = attrs.evolve(drawn, dst="wall", overrides=())
    for at in data.draw(st.lists(strategies.instants_near(calendar), min_size=1, max_size=8)):
        assert calendar.is_open(at) == shows(calendar, epoch(at))


@pytest.mark.rule("K3")
@given(st.data(), strategies.coverages(beyond="report"))
def test_a_holiday_closes_and_never_opens(data: st.DataObject, drawn: Coverage) -> None:
    """By date, a further holiday closes its date and leaves every other instant as it was."""
    calendar = attrs.evolve(drawn, dst="wall", holiday="date", overrides=(), holidays=())
    at = data.draw(strategies.instants_near(calendar))
    day = calendar.zone.date_of(at)
    closed = attrs.evolve(calendar, holidays=[day])
    assert not closed.is_open(at)
    other = data.draw(strategies.instants_near(calendar))
    assert closed.is_open(other) == (calendar.is_open(other) and calendar.zone.date_of(other) != day)


@pytest.mark.rule("K1")
@given(st.data(), strategies.weekly_windows(), st.integers(-1439, 1439))
def test_moving_zone_and_windows_together_changes_nothing(data: st.DataObject, windows: str, minutes: int) -> None:
    """A calendar an hour further east whose windows are an hour later is the same calendar."""
    base = Coverage(windows, zone="UTC")
    sign = "-" if minutes < 0 else "+"
    zone = Zone(f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}")
    week = 7 * 86_400
    moved: list[str] = []
    for number, day in enumerate(base._shape.week):
        for opens, closes in day:
            start = (number * 86_400 + opens + 60 * minutes) % week
            moved += pieces(start, closes - opens)
    other = Coverage("; ".join(moved), zone=zone)
    start, end = sorted(epoch(data.draw(strategies.instants_near(base))) for _ in range(2))
    assert base.elapsed_epoch(start, end) == other.elapsed_epoch(start, end)
    assert base.due_epoch(start, 8 * 3600) == other.due_epoch(start, 8 * 3600)
    assert base.next_open_epoch(start) == other.next_open_epoch(start)


def pieces(start: int, length: int) -> list[str]:
    """Write a stretch of a week as windows that end at midnight at the latest."""
    found: list[str] = []
    while length:
        day, opens = divmod(start, 86_400)
        part = min(length, 86_400 - opens)
        clock = [f"{time // 3600:02}:{time % 3600 // 60:02}" for time in (opens, opens + part)]
        found.append(f"{('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')[day % 7]} {'-'.join(clock)}")
        start, length = (start + part) % (7 * 86_400), length - part
    return found


@given(strategies.weekly_windows())
def test_the_text_of_a_calendar_reads_back(windows: str) -> None:
    """Windows are written in one way, which is read as the same windows."""
    calendar = Coverage(windows, zone="UTC")
    again = Coverage(calendar.windows, zone="UTC")
    assert again == calendar
    assert again._shape.week == calendar._shape.week


# Combined calendars


@pytest.mark.rule("K11")
@given(st.data(), strategies.any_coverages(beyond="report"), strategies.any_coverages(beyond="report"))
def test_set_algebra_holds_on_instants(data: st.DataObject, one: AnyCoverage, other: AnyCoverage) -> None:
    """Union, intersection and difference are those of the open instants, and so are their lengths."""
    near = strategies.instants_near(one) | strategies.instants_near(other)
    start, end = sorted(epoch(data.draw(near)) for _ in range(2))
    for at in (start, end):
        first, second = one.is_open_epoch(at), other.is_open_epoch(at)
        assert (one | other).is_open_epoch(at) == (first or second)
        assert (one & other).is_open_epoch(at) == (first and second)
        assert (one - other).is_open_epoch(at) == (first and not second)
    lengths = {
        name: calendar.elapsed_epoch(start, end)
        for name, calendar in (("|", one | other), ("&", one & other), ("-", one - other), ("a", one), ("b", other))
    }
    assert lengths["|"] + lengths["&"] == lengths["a"] + lengths["b"]
    assert lengths["-"] + lengths["&"] == lengths["a"]
    assert (other | one).elapsed_epoch(start, end) == lengths["|"]
    assert (other & one).elapsed_epoch(start, end) == lengths["&"]


# Business days


@pytest.mark.rule("K8")
@given(st.data(), calendars, st.integers(1, 4))
def test_business_days_count_dates(data: st.DataObject, calendar: AnyCoverage, count: int) -> None:
    """One day more is due later, on the next open date; the n-th closing lies on or after the n-th open date."""
    start = data.draw(strategies.instants_near(calendar))
    found = [calendar.days(number).due_at(start) for number in range(count + 2)]
    assert found[0] == start
    assert all(one < two for one, two in pairwise(found[1:]))
    first = calendar.zone.date_of(start)
    opened = calendar.open_days(first, first + timedelta(days=800))
    later = [day for day in opened if day > first]
    # A start in a night window belongs to the day before, so that its own date may be the first to count.
    assert calendar.zone.date_of(found[count]) >= (opened if opened[:1] == (first,) else later)[count - 1]
    clamped = calendar.days(count, ends="clamped").due_epoch(epoch(start))
    assert clamped <= epoch(found[count])
    assert calendar.is_open_epoch(clamped) or calendar.is_open_epoch(clamped - 1)


# What a calendar keeps


@given(st.data(), calendars)
def test_what_was_asked_before_changes_no_answer(data: st.DataObject, calendar: AnyCoverage) -> None:
    """A calendar that has answered near and far questions and a fresh one of the same terms answer alike."""
    fresh: AnyCoverage = pickle.loads(pickle.dumps(calendar))
    assert fresh == calendar
    assert hash(fresh) == hash(calendar)
    near = strategies.instants_near(calendar)
    far = strategies.instants(min_value=from_epoch(0), max_value=from_epoch(3_000_000_000))
    for at in data.draw(st.lists(near | far, max_size=3)):
        calendar.is_open(at)
    start, end = (epoch(data.draw(near | far)) for _ in range(2))
    seconds = data.draw(amounts)
    assert fresh.elapsed_epoch(start, end) == calendar.elapsed_epoch(start, end)
    assert fresh.due_epoch(start, seconds) == calendar.due_epoch(start, seconds)


@given(st.data(), strategies.any_coverages())
def test_a_calendar_survives_the_way_out_and_back(data: st.DataObject, calendar: AnyCoverage) -> None:
    """As a JSON document and as its own text, a calendar and its targets stay what they are."""
    assert from_json(to_json(calendar), type(calendar)) == calendar
    target = data.draw(strategies.targets(calendar=calendar))
    assert from_json(to_json(target), type(target)) == target


@pytest.mark.rule("K10")
@given(st.data(), strategies.coverages(beyond="refuse"))
def test_no_answer_rests_on_unknown_holidays(data: st.DataObject, calendar: Coverage) -> None:
    """Whatever is answered, both the question and the answer lie in years whose holidays are listed."""
    start = epoch(data.draw(strategies.instants_near(calendar)))
    seconds = data.draw(amounts)
    try:
        due = calendar.due_epoch(start, seconds)
    except BeyondHorizon:
        return
    for at in (start, due - (due > start)):
        assert calendar.holidays.covers(calendar.zone.date_of_epoch(at))


# Explanations


@given(asked(1), st.integers(1, 60 * 3600))
def test_the_windows_of_an_explanation_add_up(case: tuple[AnyCoverage, list[int]], seconds: int) -> None:
    """The open steps of an explanation are the target, to the second."""
    calendar, (start,) = case
    found = calendar.explain_due(from_epoch(start), WorkTime(seconds))
    opened = [WorkTime.parse(step.result).seconds for step in found.steps if step.name == "open"]
    assert sum(opened) == seconds
    assert str(found)


@given(asked(1), st.integers(0, 20), st.sampled_from(["closing", "same-time", "clamped"]))
def test_the_dates_of_an_explanation_are_counted(case: tuple[AnyCoverage, list[int]], count: int, ends: str) -> None:
    """An explanation of business days counts to the last one, and ends where the target is due."""
    calendar, (start,) = case
    target = CoveredDays(calendar, count, ends=ends)  # type: ignore[arg-type]  # a word
    found = target.explain_due(from_epoch(start))
    if count:
        assert f"{count} of {count}" in [step.result for step in found.steps]
        assert found.amount == f"due {found.steps[-1].result} {calendar.zone}" or found.steps[-1].rule == "K10"


def test_dates_are_not_hours() -> None:
    """Five business days are no forty hours: the one counts dates, the other covered time."""
    office = Coverage("mon-fri 09:00-17:00", zone="UTC")
    friday = office.zone.at("2025-03-28 10:00")
    assert office.days(5).due_at(friday) > office.hours(40).due_at(friday)
    assert office.open_days(date(2025, 3, 28), date(2025, 4, 4))[5] == date(2025, 4, 4)
