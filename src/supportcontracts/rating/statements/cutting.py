"""Cutting a rating at instants: its events are taken once more, and what was recorded between two instants is kept.

Balances and last days are then those of each instant, and what stands exactly at a boundary is on the right side of it
(D2).
"""

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from supportcontracts.ledger import NEVER
from supportcontracts.rating.program import compiled
from supportcontracts.rating.records import NOTICE, full
from supportcontracts.rating.result import Rating
from supportcontracts.rating.saving import opened, saved
from supportcontracts.rating.state import State
from supportcontracts.rating.statements.balances import Stretch
from supportcontracts.timeline import epoch

__all__ = ["stretches_of"]


def __dir__() -> list[str]:
    return __all__


_EPOCH = attrgetter("epoch")


def stretches_of(rating: Rating, bounds: Sequence[tuple[int, int]]) -> list[Stretch]:
    """Take the events of a rating once more, from where it began, and keep what was recorded in each stretch.

    Args:
        rating: what was rated.
        bounds: the stretches, in epoch seconds, none after the end of the rating.
    """
    since = -NEVER if rating.opening is None else epoch(rating.opening.as_of)
    # What a correction without a target says is noted before the events are taken, whenever it was made.
    unmatched = [item for item in rating.journal if _is_unmatched(item)]
    if len(bounds) == 1 and since >= bounds[0][0] and epoch(rating.until) == bounds[0][1]:
        journal: Sequence[Any] = [item for item in rating.journal if not _is_unmatched(item)]
        marks = {bounds[0][0]: (0, rating.opening), bounds[0][1]: (len(journal), rating.closing)}
    else:
        journal, marks = _marked(rating, since, sorted({edge for both in bounds for edge in both}))
    found = []
    for start, end in bounds:
        first, before = marks[start]
        last, after = marks[end]
        assert after is not None
        own = [item for item in unmatched if start <= item[1] < end]
        found.append(Stretch([*own, *map(full, journal[first:last])], before, after))
    return found


def _is_unmatched(item: Any) -> bool:
    return bool(item[0] == NOTICE and item[2] == "unmatched-correction")


def _marked(
    rating: Rating, since: int, edges: Sequence[int]
) -> tuple[Sequence[Any], dict[int, tuple[int, State | None]]]:
    """Fold the events again, and note at each edge how much was recorded and what was known."""
    fold = opened(compiled(rating.contract), rating.opening)
    happenings = rating.gate.happenings
    marks: dict[int, tuple[int, State | None]] = {}
    place = 0
    for edge in edges:
        if edge <= since:
            marks[edge] = (0, rating.opening)
            continue
        following = bisect_left(happenings, edge, key=_EPOCH)
        fold.run(happenings[place:following], edge)
        place = following
        marks[edge] = (len(fold.books.journal), saved(fold, edge))
    return fold.books.journal, marks
