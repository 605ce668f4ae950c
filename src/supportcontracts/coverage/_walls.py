"""Walls: stretches of wall time, and the instants at which the clocks of a zone show them.

A wall time is counted as the seconds that a UTC clock with the same hands would count since 1970. The offsets of a zone
map it to instants (rule K1): by "wall" a stretch is every instant whose wall time lies in it, by "compatible" it lasts
from the instant of one edge to that of the other, each read as RFC 5545 reads it.
"""

from bisect import bisect_right
from typing import Literal, TypeAlias

from supportcontracts.coverage._lines import Stretch, merged
from supportcontracts.coverage._windows import DAY
from supportcontracts.timeline import Zone, offsets

__all__ = ["Dst", "Piece", "days_around", "first_shown", "pieces_of", "shown"]


def __dir__() -> list[str]:
    return __all__


Dst: TypeAlias = Literal["wall", "compatible"]

Piece: TypeAlias = tuple[int, int, int]
"""A time during which a zone keeps one offset: from an instant up to another, and the offset."""

# Wall times stray from UTC by less than a day, a shift reaches into the next one, and clocks skip at most a day.
_MARGIN = 3


def pieces_of(zone: Zone, low: int, high: int) -> list[Piece]:
    """List the offsets of a zone between two instants, and for some days around them."""
    end = high + _MARGIN * DAY
    changes = offsets(zone, low - _MARGIN * DAY, end)
    ends = [at for at, _ in changes[1:]] + [end]
    return [(at, until, offset) for (at, offset), until in zip(changes, ends, strict=True)]


def days_around(low: int, high: int) -> tuple[int, int]:
    """Return the first and the last day, counted from 1970-01-01, whose shifts may touch the time between instants."""
    return low // DAY - _MARGIN, high // DAY + _MARGIN


def shown(walls: list[Stretch], pieces: list[Piece], dst: Dst) -> list[Stretch]:
    """List the instants that stretches of wall time cover; these ascend and are apart."""
    return _shown_during(walls, pieces) if dst == "wall" else _between_edges(walls, pieces)


def _shown_during(walls: list[Stretch], pieces: list[Piece]) -> list[Stretch]:
    ends = [end for _, end in walls]
    found: list[Stretch] = []
    for start, end, offset in pieces:
        for place in range(bisect_right(ends, start + offset), len(walls)):
            opens, closes = walls[place][0] - offset, walls[place][1] - offset
            if opens >= end:
                break
            found.append((max(opens, start), min(closes, end)))
    return merged(found)


def _between_edges(walls: list[Stretch], pieces: list[Piece]) -> list[Stretch]:
    read = ((_read(opens, pieces), _read(closes, pieces)) for opens, closes in walls)
    return merged(sorted((start, end) for start, end in read if start < end))


def _read(wall: int, pieces: list[Piece]) -> int:
    """Read a wall time as RFC 5545 does: a repeated one is the first, a skipped one has the offset before the gap."""
    before = pieces[0][2]
    for start, end, offset in pieces:
        if wall < start + offset:
            break
        if wall < end + offset:
            return wall - offset
        before = offset
    return wall - before


def first_shown(wall: int, pieces: list[Piece]) -> int:
    """Return the first instant at which the clocks show a wall time, or if they skip it the end of the gap (D4).

    The pieces reach beyond the day that is asked about, so that one of them shows it.
    """
    return next(max(start, wall - offset) for start, end, offset in pieces if wall < end + offset)
