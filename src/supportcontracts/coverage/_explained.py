"""Why a deadline is where it is: the windows used, the holidays and breaks skipped, the changes of the clocks crossed.

An explanation tells the time from the start to the deadline segment by segment, in local time; one of business days
tells it date by date. Of a long wait the middle is summed up, so that what is out of the ordinary stays in sight:
holidays, overrides, changes of the clocks.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby, islice
from typing import TypeAlias

from supportcontracts.coverage._days import begun, day_of, due_in_days
from supportcontracts.coverage._lines import Line
from supportcontracts.coverage._shapes import EPOCH_DAY, Blend, Labelled, Shape, segmented
from supportcontracts.coverage.segments import Reason
from supportcontracts.explain import Explanation, Step
from supportcontracts.quantity import WorkTime
from supportcontracts.timeline import Zone, from_epoch, offsets

__all__ = ["days_explained", "time_explained"]


def __dir__() -> list[str]:
    return __all__


_Change: TypeAlias = tuple[int, int, int]
"""The second at which the clocks of a zone change, and the offsets before and after it."""

_Told: TypeAlias = tuple[int, int, Reason, str, str, str]
"""A segment with its reason and name, and with the rule and the term that decided."""

_NOTHING = "–"
_UTC = Zone("UTC")
_AT_EACH_END = 6  # what is told one by one before and after the middle that is summed up
_WORTH_SUMMING = 3
_RULES = {"open": "K1", "no cover": "K1", "break": "K1", "holiday": "K3", "closure": "K4", "excluded": "K11"}
_AGREED = {"holiday": "holidays", "closure": "overrides", "excluded": "parts"}
_WORDS = {
    "closing": "when the last window that began on it closes",
    "same-time": "at the time of day of the start",
    "clamped": "at the time of day of the start, within cover",
}


# Covered time


def time_explained(label: str, line: Line, shape: Shape | Blend, start: int, seconds: int) -> Explanation[str]:
    """Say why a target of covered seconds that starts at an instant is due when it is."""
    zone, due = shape.zone, line.due(start, seconds)
    told = [_dated(shape, each) for each in segmented(line, shape, start, due)]
    changes = _changes(zone, start, due)
    steps = [step for run in _runs(told, changes) for step in _run_told(zone, run, changes)]
    steps += _unknown(shape, start, due)
    if not seconds:
        steps.append(Step("K6", "zero", "nothing to wait for: due at its start", "0h 00m"))
    elif told[-1][2] != "open":
        steps.append(
            Step("K5", "closing", "used up exactly at a closing: due at the next opening", _NOTHING, "closing")
        )
    elif not line.is_open(due):
        steps.append(Step("K5", "closing", "used up exactly at this closing: due there", _NOTHING, "closing"))
    return Explanation(f"{WorkTime(seconds)} of {label} from {_at(zone, start)}", _due(zone, due), steps)


def _dated(shape: Shape | Blend, segment: Labelled) -> _Told:
    """Add to a segment the rule that decided it, and the term: for cover on a date with hours of its own, these."""
    start, end, reason, name = segment
    if reason == "open" and (stated := shape.stated(start)) is not None:
        return start, end, reason, stated, "K4", "overrides"
    return start, end, reason, name, _RULES[reason], _AGREED.get(reason, "windows")


def _runs(told: Sequence[_Told], changes: Sequence[_Change]) -> Iterator[Sequence[_Told]]:
    """Part segments into those that are told one by one, and those of the middle that are summed up."""
    last = len(told) - _AT_EACH_END
    ordinary = [
        _AT_EACH_END <= place < last and rule == "K1" and not any(start <= at < end for at, _, _ in changes)
        for place, (start, end, _, _, rule, _) in enumerate(told)
    ]
    for summed, places in groupby(range(len(told)), key=lambda place: ordinary[place]):
        run = [told[place] for place in places]
        if summed and len(run) > _WORTH_SUMMING:
            yield run
        else:
            yield from ([each] for each in run)


def _run_told(zone: Zone, run: Sequence[_Told], changes: Sequence[_Change]) -> Iterator[Step]:
    start, _, reason, name, rule, agreed = run[0]
    end = run[-1][1]
    if len(run) > 1:
        windows = [until - since for since, until, reason, *_ in run if reason == "open"]
        working = f"{_between(zone, start, end)}: {len(windows)} windows"
        yield Step("K1", "open", working, str(WorkTime(sum(windows))), "windows")
        return
    working = f"{_between(zone, start, end)}{', ' if name else ''}{name}"
    yield Step(rule, reason, working, str(WorkTime(end - start)) if reason == "open" else _NOTHING, agreed)
    for at, before, after in changes:
        if start <= at < end:
            went = "forward" if after > before else "back"
            shown, then = _at(_UTC, at + before), _at(_UTC, at + after)
            working = f"{shown}: {went} to {then[15:] if shown[:14] == then[:14] else then}"
            yield Step("K1", "clocks", working, _NOTHING, "zone")


def _changes(zone: Zone, start: int, end: int) -> list[_Change]:
    """List the changes of the clocks between two instants."""
    found = offsets(zone, start, end)
    return [(at, found[place][1], after) for place, (at, after) in enumerate(found[1:])]


def _unknown(shape: Shape | Blend, start: int, end: int) -> Iterator[Step]:
    """Say of which years the holidays are not known, if the time between two instants reaches into them."""
    if isinstance(shape, Blend):
        for _, part in shape.parts:
            yield from _unknown(part, start, end)
        return
    days = (shape.zone.date_of_epoch(at) for at in (start, end))
    if not all(shape.holidays.covers(day) for day in days):
        working = f"holidays are listed for {shape.holidays.years} only"
        yield Step("K10", "not known", working, _NOTHING, "holidays.years")


# Business days


def days_explained(
    title: str, line: Line, shape: Shape | Blend, start: int, target: tuple[int, str]
) -> Explanation[str]:
    """Say why a target of business days that starts at an instant is due when it is."""
    zone, (count, ends) = shape.zone, target
    title = f"{title} from {_at(zone, start)}"
    if not count:
        return Explanation(title, _due(zone, start), [Step("K6", "zero", "due at its start", _NOTHING)])
    due = due_in_days(line, shape, start, count, ends)
    first = day_of(line, shape, start)
    steps = [Step("K8", "start", f"belongs to {_day(first)}", _NOTHING, "windows")]
    after = first + 1
    for number, (day, stretches, _) in enumerate(islice(begun(line, shape, first + 1), count), 1):
        steps += _skipped(shape, after, day)
        if number <= _AT_EACH_END or number > count - _AT_EACH_END:
            working = _between(zone, stretches[0][0], stretches[-1][1])
            steps.append(Step("K8", "open date", working, f"{number} of {count}", "windows"))
        elif number == _AT_EACH_END + 1:
            last = count - _AT_EACH_END
            steps.append(Step("K8", "open dates", f"from {_day(day)} on", f"{number} to {last} of {count}", "windows"))
        after = day + 1
    steps.append(Step("K8", "end", _WORDS[ends], _at(zone, due), "ends"))
    return Explanation(title, _due(zone, due), [*steps, *_unknown(shape, start, due)])


def _skipped(shape: Shape | Blend, first: int, until: int) -> Iterator[Step]:
    """Tell the dates on which no cover begins, from one up to another."""
    closed = shape.closed if isinstance(shape, Shape) else {}
    for (reason, name), days in groupby(range(first, until), key=lambda day: closed.get(day, ("no cover", ""))):
        dates = list(days)
        working = _day(dates[0]) if len(dates) == 1 else f"{_day(dates[0])} – {_day(dates[-1])}"
        agreed = _AGREED.get(reason, "windows")
        yield Step(_RULES[reason], reason, f"{working}{', ' if name else ''}{name}", _NOTHING, agreed)


# Local time in words


def _due(zone: Zone, at: int) -> str:
    return f"due {_at(zone, at)} {zone}"


def _day(number: int) -> str:
    return _UTC.format_day(from_epoch(number * 86_400))


def _at(zone: Zone, at: int) -> str:
    value = from_epoch(at)
    return f"{zone.format_day(value)[:4]}{zone.format(value)}"


def _between(zone: Zone, start: int, end: int) -> str:
    """Write a stretch in local time: as dates if it is whole ones, and a date once if it is one."""
    first, last = zone.date_of_epoch(start), zone.date_of_epoch(end - 1)
    after = date.fromordinal(last.toordinal() + 1)
    if zone.start_of_epoch(first) == start and zone.start_of_epoch(after) == end:
        days = [_day(day.toordinal() - EPOCH_DAY) for day in (first, last)]
        return days[0] if first == last else f"{days[0]} – {days[1]}"
    same = zone.date_of_epoch(end) == first
    return f"{_at(zone, start)} – {_at(zone, end)[15:] if same else _at(zone, end)}"
