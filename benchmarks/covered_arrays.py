"""The questions of covered time for all tickets at once, beside what a careful engineer writes with numpy alone.

`Bare` has the edges of the two years ready, knows that every instant lies between them and checks nothing.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.covered_peers import workclock_arrays
from supportcontracts import Coverage
from supportcontracts.interop.columnar import due_many, elapsed_many

__all__ = ["Bare", "runs"]

Ints: TypeAlias = NDArray[np.int64]
Asked: TypeAlias = dict[str, Callable[[int], Any]]
FIRST, LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2024, 2027))


class Bare:
    """Covered time as three columns: when stretches open, when they close, and what is covered until then."""

    def __init__(self, opens: Ints, closes: Ints) -> None:
        self.opens, self.closes = opens, closes
        self.done = np.cumsum(closes - opens)

    def covered(self, at: Ints) -> Ints:
        """Count the covered seconds before each instant."""
        place = np.searchsorted(self.opens, at, "right") - 1
        left: Ints = self.done[place] - np.maximum(self.closes[place] - at, 0)
        return left

    def due(self, at: Ints, seconds: int) -> Ints:
        """Find when so many more are covered."""
        target = self.covered(at) + seconds
        place = np.searchsorted(self.done, target)
        found: Ints = self.closes[place] - self.done[place] + target
        return found

    def elapsed(self, start: Ints, end: Ints) -> Ints:
        """Count the covered seconds between two instants."""
        return self.covered(end) - self.covered(start)


def runs(office: Coverage, opened: Sequence[int], seen: Sequence[int], target: int) -> tuple[Asked, Asked]:
    """Ask about all tickets at once, in every way that there is, after asserting that all ways agree."""
    edges = [(start, end) for start, end, is_open in office.segments_epoch(FIRST, LAST) if is_open]
    # Tickets of the first night ask about the stretch before the first one.
    bare = Bare(*(np.array(column, np.int64) for column in zip((FIRST, FIRST), *edges, strict=True)))
    at, until = np.array(opened, np.int64), np.array(seen, np.int64)
    due: Asked = {
        "bare numpy.searchsorted": lambda _: bare.due(at, target),
        "ours, int64 columns": lambda _: due_many(office, at, target),
    }
    elapsed: Asked = {
        "bare numpy.searchsorted": lambda _: bare.elapsed(at, until),
        "ours, int64 columns": lambda _: elapsed_many(office, at, until),
    }
    try:
        in_days = workclock_arrays(at.astype("datetime64[s]"), until.astype("datetime64[s]"), target)
    except ImportError:
        print("\nleft out, not installed: workclock")
    else:
        due["workclock, datetime64 columns"], elapsed["workclock, datetime64 columns"] = in_days
    for ways in (due, elapsed):
        answers = [ask(0).astype("int64").tolist() for ask in ways.values()]
        assert all(answer == answers[0] for answer in answers)
    assert answers[0] == [office.elapsed_epoch(*row) for row in zip(opened, seen, strict=True)]
    return due, elapsed
