"""Segments: the life of a clock cut where it ran, stood still, or had no cover, so that every second has its reason."""

from collections.abc import Iterable

import attrs

from supportcontracts._fields import frozen
from supportcontracts.quantity import WorkTime
from supportcontracts.sla.clock import Stretch
from supportcontracts.timeline import Instant, epoch, from_epoch

__all__ = ["ClockSegment", "segments_of"]


def __dir__() -> list[str]:
    return __all__


@frozen
class ClockSegment:
    """The time from `start` up to, but not including, `end`, in which a clock counted, or did not for one reason.

    Attributes:
        start: the first instant.
        end: the first instant after it.
        reason: "running"; or the state of the ticket for which the clock stood still, as in "waiting on customer"; or
            why its calendar was closed, as in "no cover" or "holiday"; or the word that stands for a target.
        counted: the time that counted: all of it while the clock ran, else none.
        covered: the time on the calendar of the target, counted or not.
        name: the name of the holiday or closure, if it has one.

    Rules: C3, C12.
    """

    start: Instant
    end: Instant
    reason: str
    counted: WorkTime
    covered: WorkTime
    name: str = attrs.field(default="")

    @property
    def seconds(self) -> int:
        """The length in elapsed seconds."""
        return epoch(self.end) - epoch(self.start)


def segments_of(stretches: Iterable[Stretch]) -> tuple[ClockSegment, ...]:
    """Cut the stretches of a clock at the openings and closings of their calendars, and join what is alike."""
    found: list[tuple[int, int, str, int, int, str]] = []
    for stretch in stretches:
        for start, end, reason, covered, name in _parts(stretch):
            counted = covered if reason == "running" else 0
            if found and (found[-1][2], found[-1][5]) == (reason, name):
                since, _, _, before, under, _ = found[-1]
                found[-1] = (since, end, reason, before + counted, under + covered, name)
            else:
                found.append((start, end, reason, counted, covered, name))
    return tuple(
        ClockSegment(from_epoch(start), from_epoch(end), reason, WorkTime(counted), WorkTime(covered), name)
        for start, end, reason, counted, covered, name in found
    )


def _parts(stretch: Stretch) -> Iterable[tuple[int, int, str, int, str]]:
    start, end, promise, hindrance = stretch[:4]
    if promise.budget is None:
        yield start, end, str(promise.target).replace("-", " "), 0, ""
        return
    reason = hindrance.replace("-", " ") or "running"
    if promise.coverage is None:
        yield start, end, reason, end - start, ""
        return
    for each in promise.coverage.segments(from_epoch(start), from_epoch(end)):
        if each.is_open:
            yield epoch(each.start), epoch(each.end), reason, each.seconds, ""
        else:
            yield epoch(each.start), epoch(each.end), each.reason, 0, each.name
