"""Weekly windows: their grammar, what is wrong with a text that is none, and the one text that the same hours have.

The grammar, in which days are "mon" to "sun" and ranges may pass Sunday:

    week     "24x7" | "closed" | group (";" group)*
    group    days window+                         "mon-thu,sat 09:00-12:30 13:00-17:00"
    window   HH:MM-HH:MM                          "22:00-06:00" ends on the next day; "24:00" ends the day

Inside, a window is a pair of seconds from the midnight at which its day starts; a night window ends above 86400.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TypeAlias

from supportcontracts._fields import opaque
from supportcontracts.errors import InvalidValue

__all__ = ["CLOSED", "DAY", "Week", "Window", "hours_text", "parse_hours", "parse_week", "week_text"]


def __dir__() -> list[str]:
    return __all__


Window: TypeAlias = tuple[int, int]
"""Opening and closing in seconds from midnight; the closing is above the opening, and at most a day above it."""

Week: TypeAlias = tuple[tuple[Window, ...], ...]
"""The windows of each weekday, Monday first, each day in ascending order."""

DAY = 86_400
CLOSED = "closed"
_WEEK = 7 * DAY
_ALWAYS = "24x7"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"([0-9]{2}):([0-9]{2})[-–]([0-9]{2}):([0-9]{2})")  # as people type ranges
_LOOSE = re.compile(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?h?\s*(?:[-–]|to)\s*([0-9]{1,2})(?:[:.]?([0-9]{2}))?h?")
_SAMPLE = 'Write it as in "mon-fri 09:00-12:30 13:00-17:00; sat 10:00-14:00", or "24x7".'
_SAMPLE_HOURS = 'Write it as in "09:00-12:00", "09:00-12:30 13:00-15:00" or "closed".'


def parse_week(what: str, text: object) -> Week:
    """Read weekly windows.

    Raises:
        InvalidValue: for a text that is none, a window without length, and windows that overlap.
    """
    if not isinstance(text, str):
        raise InvalidValue(what, opaque(text), "weekly windows were expected, as text", _SAMPLE)
    plain = text.strip().lower()
    if plain == CLOSED:
        return ((),) * 7
    if plain == _ALWAYS:
        return (((0, DAY),),) * 7
    if plain == "24x5":
        raise InvalidValue(what, '"24x5"', "the days were expected", 'Write "mon-fri 00:00-24:00".')
    found: list[list[Window]] = [[] for _ in _DAYS]
    for group in plain.split(";"):
        words = group.replace(",", ", ").split() if group.strip() else []
        if not words:
            raise InvalidValue(what, f'"{text}"', "days and hours were expected between the semicolons", _SAMPLE)
        days, times = _split(words)
        if not times:
            raise InvalidValue(what, f'"{group.strip()}"', "hours were expected after the days", _SAMPLE)
        windows = [_window(what, word) for word in times]
        for day in _weekdays(what, days):
            found[day] += windows
    week = tuple(tuple(sorted(day)) for day in found)
    _refuse_overlaps(what, week)
    return tuple(_joined(day) for day in week)


def parse_hours(what: str, text: object) -> tuple[Window, ...]:
    """Read the windows of one date; "closed" has none.

    Raises:
        InvalidValue: for a text that is none, a window without length, and windows that overlap.
    """
    if not isinstance(text, str):
        raise InvalidValue(what, opaque(text), "the windows of a date were expected, as text", _SAMPLE_HOURS)
    words = text.strip().lower().replace(",", " ").split()
    if words == [CLOSED]:
        return ()
    if not words:
        raise InvalidValue(what, "an empty text", "the windows of a date were expected", _SAMPLE_HOURS)
    windows = sorted(_window(what, word, _SAMPLE_HOURS) for word in words)
    for first, second in pairwise(windows):
        if second[0] < first[1]:
            raise _overlap(what, _window_text(first), _window_text(second))
    return _joined(windows)


def week_text(week: Week) -> str:
    """Write weekly windows so that `parse_week` reads them back; equal weeks have one text.

    Example:
        >>> week_text(parse_week("week", "SAT,mon,tue 09:00-12:00 12:00-17:00"))
        'mon-tue,sat 09:00-17:00'
    """
    if not any(week):
        return CLOSED
    if week == (((0, DAY),),) * 7:
        return _ALWAYS
    groups: dict[tuple[Window, ...], list[int]] = {}
    for day, windows in enumerate(week):
        if windows:
            groups.setdefault(windows, []).append(day)
    return "; ".join(f"{_days_text(days)} {hours_text(windows)}" for windows, days in groups.items())


def hours_text(windows: Iterable[Window]) -> str:
    """Write the windows of one date so that `parse_hours` reads them back.

    Example:
        >>> hours_text(parse_hours("hours", "22:00-06:00")), hours_text(())
        ('22:00-06:00', 'closed')
    """
    return " ".join(_window_text(window) for window in windows) or CLOSED


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """Part the words of a group where the first digit stands."""
    place = next((place for place, word in enumerate(words) if word[0].isdigit()), len(words))
    return words[:place], [part for word in words[place:] if (part := word.rstrip(","))]


def _weekdays(what: str, words: list[str]) -> Iterator[int]:
    if not words:
        raise InvalidValue(what, "hours without days", "the days were expected before them", _SAMPLE)
    for part in " ".join(words).rstrip(",").split(","):
        first, dash, last = part.replace("–", "-").partition("-")  # as people type ranges
        start = _weekday(what, first.strip())
        end = _weekday(what, last.strip()) if dash else start
        for step in range((end - start) % 7 + 1):
            yield (start + step) % 7


def _weekday(what: str, word: str) -> int:
    if word in _DAYS:
        return _DAYS.index(word)
    close = next((day for day in _DAYS if word[:3] == day or (len(word) > 1 and day.startswith(word))), "")
    hint = f'Did you mean "{close}"?' if close else 'Write "mon", "tue", "wed", "thu", "fri", "sat" or "sun".'
    raise InvalidValue(what, f'"{word}"', "a weekday was expected", hint)


def _window(what: str, word: str, sample: str = _SAMPLE) -> Window:
    found = _WINDOW.fullmatch(word)
    if found is None:
        raise InvalidValue(what, f'"{word}"', "a window from HH:MM to HH:MM was expected", _suggested(word) or sample)
    opens, closes = (_time(what, word, hour, minute) for hour, minute in (found.groups()[:2], found.groups()[2:]))
    if opens == DAY:
        hint = f'Write "00:00-{found[3]}:{found[4]}" on the next day.'
        raise InvalidValue(what, f'"{word}"', "24:00 ends a day, and opens none", hint)
    if opens == closes:
        hint = 'Write "00:00-24:00" for a whole day.'
        raise InvalidValue(what, f'"{word}"', "a window with a length was expected", hint)
    return (opens, closes) if closes > opens else (opens, closes + DAY)


def _time(what: str, word: str, hour: str, minute: str) -> int:
    seconds = int(hour) * 3600 + int(minute) * 60
    if int(minute) > 59 or seconds > DAY:
        raise InvalidValue(what, f'"{word}"', "times from 00:00 to 24:00 were expected")
    return seconds


def _suggested(word: str) -> str:
    """Say how a window would be written that is spelt in another way."""
    found = _LOOSE.fullmatch(word)
    if found is None:
        return ""
    opens, closes = (f"{int(hour):02}:{minute or '00'}" for hour, minute in (found.groups()[:2], found.groups()[2:]))
    return f'Did you mean "{opens}-{closes}"?'


def _refuse_overlaps(what: str, week: Week) -> None:
    """Compare each window with the next one, the last with the first of the next week."""
    flat = [(day * DAY + opens, day * DAY + closes) for day, windows in enumerate(week) for opens, closes in windows]
    for first, second in pairwise([*flat, (flat[0][0] + _WEEK, flat[0][1] + _WEEK)]):
        if second[0] < first[1]:
            raise _overlap(what, _named(first), _named(second))


def _overlap(what: str, first: str, second: str) -> InvalidValue:
    hint = "Write them as one window, or end the first before the second starts."
    return InvalidValue(what, f"{first} and {second}", "windows that do not overlap were expected", hint)


def _joined(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Join windows that touch, unless nobody could write the result: 10:00-10:00 has no length."""
    found: list[Window] = []
    for opens, closes in windows:
        if found and found[-1][1] == opens and (closes <= DAY or closes - found[-1][0] < DAY):
            found[-1] = (found[-1][0], closes)
        else:
            found.append((opens, closes))
    return tuple(found)


def _days_text(days: list[int]) -> str:
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(_DAYS[run[0]] if len(run) == 1 else f"{_DAYS[run[0]]}-{_DAYS[run[-1]]}" for run in runs)


def _window_text(window: Window) -> str:
    opens, closes = window
    return f"{_clock(opens)}-{_clock(closes if closes <= DAY else closes - DAY)}"


def _named(window: Window) -> str:
    day, opens = divmod(window[0], DAY)
    return f'"{_DAYS[day % 7]} {_window_text((opens, window[1] - day * DAY))}"'


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"
