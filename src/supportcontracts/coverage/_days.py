"""Days: the dates on which a calendar opens, and what is due on the n-th of them (rule K8).

A date counts if cover begins on it, and a night window with its closing belongs to the date on which it began. Dates
of a combined calendar are those of its first part's zone, bounded by their midnights.
"""

from collections.abc import Iterator
from datetime import date

from supportcontracts.coverage._lines import Line, Stretch
from supportcontracts.coverage._shapes import EPOCH_DAY, Blend, Shape, day_number
from supportcontracts.coverage._walls import Piece, first_shown, pieces_of
from supportcontracts.coverage._windows import DAY

__all__ = ["begun", "day_of", "due_in_days", "open_days"]


def __dir__() -> list[str]:
    return __all__


# Offsets are looked up for a month at a time.
_BLOCK = 32


def due_in_days(line: Line, shape: Shape | Blend, start: int, count: int, ends: str) -> int:
    """Find the second at which a target of `count` days is due, at least one, that starts at `start`.

    Raises:
        NeverOpen: if no date is open any more.
        BeyondHorizon: if the limits of the line are in the way.
    """
    wall = start + shape.zone.offset_at(start)
    day = day_of(line, shape, start)
    left = count
    for number, stretches, pieces in begun(line, shape, day + 1):
        left -= 1
        if not left:
            due = _due_on(stretches, first_shown(number * DAY + wall - day * DAY, pieces), ends)
            if due < line.last:
                return due
            break
    raise line.refusals.endless(start, line.last, met=left < count)


def day_of(line: Line, shape: Shape | Blend, at: int) -> int:
    """Return the day to which an instant belongs: inside a night window, the one on which that began."""
    is_open = line.is_open(at)
    day = (at + shape.zone.offset_at(at)) // DAY
    return day - (is_open and shape.reaches_into(day, at))


def open_days(line: Line, shape: Shape | Blend, first: date, last: date) -> Iterator[date]:
    """List the dates from one to another, both included, on which cover begins."""
    end = day_number(last)
    for number, _, _ in begun(line, shape, day_number(first)):
        if number > end:
            return
        yield date.fromordinal(number + EPOCH_DAY)


def begun(line: Line, shape: Shape | Blend, first: int) -> Iterator[tuple[int, list[Stretch], list[Piece]]]:
    """List the days from one on on which cover begins, with the stretches that began, up to the limit of the line."""
    for block in range(first, line.last // DAY + 2, _BLOCK):
        pieces = pieces_of(shape.zone, block * DAY, (block + _BLOCK) * DAY)
        for day in range(block, block + _BLOCK):
            stretches = shape.begun(day, pieces, line)
            if stretches and stretches[0][0] < line.last:
                yield day, stretches, pieces


def _due_on(stretches: list[Stretch], same_time: int, ends: str) -> int:
    """Choose the instant of a date at which a target is due, of which cover begins on it."""
    if ends == "same-time":
        return same_time
    if ends == "closing":
        return stretches[-1][1]
    return max((min(closes, same_time) for opens, closes in stretches if opens <= same_time), default=stretches[0][0])
