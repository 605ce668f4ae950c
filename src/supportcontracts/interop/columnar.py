"""Columns: the questions to a calendar of covered time, for whole arrays of instants at once.

Instants are int64 seconds since 1970, or `datetime64` in UTC; what comes back is of the same kind. The answers are
exactly those of the calendar itself, to the second, and so are its refusals: one instant that it cannot answer for
refuses the whole array. It needs the extra `columnar`: `pip install supportcontracts[columnar]`.

An edge is looked up in a guide, a table from buckets of equal width to the first edge of each, and then stepped to,
one or two edges on. That is some times faster than a binary search per instant.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from supportcontracts.coverage import AnyCoverage
from supportcontracts.coverage._lines import Edges, Line
from supportcontracts.errors import FloatRefused, InvalidValue, MissingExtra
from supportcontracts.quantity import WorkTime

try:
    import numpy as np
    from numpy.typing import NDArray
except ImportError as error:
    raise MissingExtra(
        "supportcontracts.interop.columnar needs numpy, which is not installed.\n"
        "    Install it with: pip install supportcontracts[columnar]",
        name="numpy",
    ) from error

__all__ = ["due_many", "elapsed_many", "is_open_many"]


def __dir__() -> list[str]:
    return __all__


Instants: TypeAlias = NDArray[np.integer[Any]] | NDArray[np.datetime64] | Sequence[int]
Ints: TypeAlias = NDArray[np.int64]

# Below so many values, and above so many steps from a bucket to an edge, a binary search costs less.
_FEW = 256
_MOST_STEPS = 4


def due_many(
    coverage: AnyCoverage,
    starts: Instants,
    seconds: WorkTime | int | NDArray[np.integer[Any]] | Sequence[int],
    *,
    direction: Literal["forwards", "backwards"] = "forwards",
) -> NDArray[Any]:
    """Find for each start the instant by which so much covered time is used up, as `due_at` does for one.

    Args:
        coverage: the calendar.
        starts: shape (n,), int64 seconds since 1970 or datetime64 in UTC; fractions of a second are dropped (rule D4).
        seconds: the target, one for all or shape (n,), in whole seconds.
        direction: "backwards" finds the latest instants from which so much is covered up to `starts`.

    Returns:
        The instants: shape (n,), int64, or datetime64[s] if the starts are.

    Raises:
        FloatRefused: for floats.
        InvalidValue: for anything else but instants and whole seconds from 0 on.
        NeverOpen, BeyondHorizon: if one of them cannot be answered.

    Rules: K5, K6.

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> import numpy as np
        >>> print(due_many(office, np.array(["2025-03-28T15:00", "2025-03-29T15:00"], "datetime64[s]"), 3600))
        ['2025-03-28T16:00:00' '2025-03-31T08:00:00']
    """
    if direction not in ("forwards", "backwards"):
        raise InvalidValue("due_many", repr(direction), 'choose "forwards" or "backwards"')
    at = _instants("due_many", starts)
    amounts = _amounts(seconds, len(at))
    found = at.copy()
    runs = np.flatnonzero(amounts) if np.any(amounts) else ()  # a target of zero is due at its start
    if len(at):
        edges = _edges(coverage, at)
        if len(runs) == len(at):
            found = _due(coverage, edges, at, amounts, up=direction == "forwards")
        elif len(runs):
            found[runs] = _due(coverage, edges, at[runs], amounts[runs], up=direction == "forwards")
    return found.view("datetime64[s]") if np.asarray(starts).dtype.kind == "M" else found


def elapsed_many(coverage: AnyCoverage, starts: Instants, ends: Instants) -> Ints:
    """Count for each pair of instants the covered seconds between them, signed, as `elapsed` does for one (rule K7).

    Args:
        coverage: the calendar.
        starts: shape (n,), int64 seconds since 1970 or datetime64 in UTC.
        ends: the same.

    Returns:
        The seconds: shape (n,), int64, below zero where the end is earlier.

    Raises:
        FloatRefused: for floats.
        InvalidValue: for anything else but instants, and arrays of different lengths.
        BeyondHorizon: if one of them cannot be answered.

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> office = Coverage("thu-fri 00:00-08:00", zone="UTC")
        >>> print(elapsed_many(office, [0, 0], [3600, 86_400]))
        [ 3600 28800]
    """
    first, last = _instants("elapsed_many", starts), _instants("elapsed_many", ends)
    if first.shape != last.shape:
        got = f"{len(first)} starts and {len(last)} ends"
        raise InvalidValue("elapsed_many", got, "as many of the one as of the other were expected")
    if not len(first):
        return first
    edges = _edges(coverage, np.array([min(first.min(), last.min()), max(first.max(), last.max())]))
    return _covered(edges, last) - _covered(edges, first)


def is_open_many(coverage: AnyCoverage, at: Instants) -> NDArray[np.bool_]:
    """Tell for each instant whether it is covered, as `is_open` does for one.

    Args:
        coverage: the calendar.
        at: shape (n,), int64 seconds since 1970 or datetime64 in UTC.

    Returns:
        Shape (n,), bool.

    Raises:
        FloatRefused: for floats.
        InvalidValue: for anything else but instants.
        BeyondHorizon: if one of them cannot be answered.

    Example:
        >>> from supportcontracts.coverage import Coverage
        >>> print(is_open_many(Coverage("thu 00:00-08:00", zone="UTC"), [0, 28_800]))
        [ True False]
    """
    asked = _instants("is_open_many", at)
    if not len(asked):
        return np.zeros(0, np.bool_)
    edges = _edges(coverage, asked)
    low, high = _around(edges.starts, asked)
    opens, ends = _column(edges.starts, low, high), _column(edges.ends, low, high)
    return ends[_places(opens, asked, "right") - 1] > asked


# Edges as columns


def _line_of(coverage: AnyCoverage) -> Line:
    """Return the line on which a calendar answers: columns are its second way, not a second engine."""
    return coverage._line  # noqa: SLF001  # the same answers need the same edges


def _edges(coverage: AnyCoverage, at: Ints) -> Edges:
    """Return edges of a calendar that hold at the first and the last of some instants, and between them."""
    return _line_of(coverage).known(int(at.min()), int(at.max()))


def _around(edges: list[int], values: Ints) -> tuple[int, int]:
    """Return the places from the last edge at or before the least value to the first above the greatest."""
    return bisect_right(edges, int(values.min())) - 1, bisect_right(edges, int(values.max())) + 1


def _column(edges: list[int], low: int, high: int) -> Ints:
    return np.array(edges[low:high], np.int64)


def _covered(edges: Edges, at: Ints) -> Ints:
    """Count the covered seconds from the origin of the edges to each instant."""
    low, high = _around(edges.starts, at)
    opens, ends, done = (_column(each, low, high) for each in (edges.starts, edges.ends, edges.done))
    place = _places(opens, at, "right") - 1
    covered: Ints = done[place] - np.maximum(ends[place] - at, 0)
    return covered


def _due(coverage: AnyCoverage, edges: Edges, at: Ints, amounts: Ints, *, up: bool) -> Ints:
    """Find where targets above zero are due."""
    across = coverage.closing == "next-opening"
    covered = _covered(edges, at)
    targets = covered + amounts if up else covered - amounts
    row = int(targets.argmax() if up else targets.argmin())
    farthest = int(targets[row])
    line = _line_of(coverage)
    while (farthest >= edges.done[-1] + (not across)) if up else (farthest <= edges.done[0]):
        edges = line.more(edges, int(at[row]), up=up)
    low, high = _around(edges.done, targets)
    ends, done = _column(edges.ends, low, high), _column(edges.done, low, high)
    place = _places(done, targets, "right" if across == up else "left")
    due: Ints = ends[place] - done[place] + targets
    return due


def _places(edges: Ints, values: Ints, side: Literal["left", "right"]) -> Ints:
    """Do what `numpy.searchsorted` does, for edges that are spread about evenly and many values, faster.

    No value lies below the first edge.
    """
    count, origin = len(edges), edges[0]
    span = int(edges[-1] - origin)
    if len(values) < _FEW or span < 2 * count:
        return np.searchsorted(edges, values, side)
    width = span // (2 * count)
    buckets = span // width + 2
    guide = np.searchsorted(edges, origin + np.arange(buckets) * width, side)
    steps = int(np.diff(guide).max())
    if steps > _MOST_STEPS:
        return np.searchsorted(edges, values, side)
    bucket = (values - origin) // width
    np.minimum(bucket, buckets - 1, out=bucket)
    place: Ints = guide[bucket]
    ahead = np.append(edges, np.iinfo(np.int64).max)
    for _ in range(steps):
        place += (ahead[place] <= values) if side == "right" else (ahead[place] < values)
    return place


# What comes in


def _instants(what: str, value: Instants) -> Ints:
    """Return instants as seconds since 1970.

    Raises:
        FloatRefused, InvalidValue: for anything else.
    """
    found = np.asarray(value)
    hint = "Write int64 seconds since 1970, or datetime64 in UTC."
    if found.dtype.kind == "M":
        if np.isnat(found).any():
            raise InvalidValue(what, f"NaT at {int(np.isnat(found).argmax())}", "an instant was expected", hint)
        found = found.astype("datetime64[s]").view(np.int64)
    return _whole(what, found, hint)


def _amounts(seconds: WorkTime | int | NDArray[np.integer[Any]] | Sequence[int], count: int) -> Ints:
    """Return targets as seconds, one for each of so many starts.

    Raises:
        FloatRefused, InvalidValue: for anything else.
    """
    if isinstance(seconds, WorkTime):
        return np.full(count, seconds.seconds, np.int64)
    found = np.asarray(seconds)
    found = _whole("due_many", found if found.ndim else found.reshape(1), "Write hours(8), or whole seconds.")
    if len(found) not in (1, count):
        raise InvalidValue("due_many", f"{len(found)} targets for {count} starts", "one for all, or one for each")
    if len(found) and found.min() < 0:
        raise InvalidValue("due_many", str(found.min()), "at least 0 was expected")
    return np.broadcast_to(found, count)


def _whole(what: str, found: NDArray[Any], hint: str) -> Ints:
    """Return an array of whole numbers as int64."""
    if not found.size and found.ndim == 1:
        return np.zeros(0, np.int64)
    if found.dtype.kind == "f":
        raise FloatRefused(what, f"an array of {found.dtype}", "whole seconds were expected", hint)
    if found.dtype.kind not in "iu" or found.ndim != 1:
        got = f"an array of {found.dtype}, shape {found.shape}"
        raise InvalidValue(what, got, "one column of whole seconds was expected", hint)
    return found.astype(np.int64)
