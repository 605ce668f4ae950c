"""Judging one cell: whether what replaces it is at least as good, whatever happens to a ticket.

A new target is at least as good if its calendar counts whenever the old one does, it gives no more seconds to any
start, and it waits at a closing for the next opening only if the old one did: then the seconds used are never fewer and
the seconds to use up never more, through waits, reopenings and changes of severity. A comparison of due instants alone
would not do: it says nothing of a ticket that waits in the hours that only the old calendar counts.
"""

from typing import NamedTuple

from supportcontracts.contracts.tiers.cells import ArrivalTarget, Cell, CellWord
from supportcontracts.contracts.tiers.proving.containing import contains, same_hours
from supportcontracts.contracts.tiers.proving.result import Verdict
from supportcontracts.contracts.tiers.proving.searching import (
    Limits,
    counts_whenever,
    hours_of,
    known_limits,
    later_due,
    never_more,
    targets_of,
    weaker,
)
from supportcontracts.contracts.tiers.wording import cell_words
from supportcontracts.coverage import AnyCoverage, CoveredDays, CoveredTime, Target
from supportcontracts.timeline import Zone, from_epoch

__all__ = ["Finding", "Judge", "calendars_of", "waits_at_closing"]


def __dir__() -> list[str]:
    return __all__


_UTC = Zone("UTC")


class Finding(NamedTuple):
    """What is known of one cell: the verdict, its code, and why in words."""

    verdict: Verdict
    code: str
    because: str


class Judge:
    """Judges pairs of cells, each pair once."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.known: dict[tuple[Cell, Cell], Finding] = {}

    def of(self, old: Cell, new: Cell) -> Finding:
        """Judge what replaces a cell."""
        found = self.known.get((old, new))
        if found is None:
            found = self.known[old, new] = self._judged(old, new)
        return found

    def _judged(self, old: Cell, new: Cell) -> Finding:
        if old == new:
            return Finding("same", "same", "the same")
        pairs = _arm_pairs(old, new)
        if all(_never_less(was, now) for was, now in pairs):
            return Finding("never-worse", "by-terms", _because(pairs))
        if len(pairs) == 1 and weaker(*pairs[0]):
            return Finding("worse", "promises-less", f"{cell_words(new)} promises less")
        calendars = calendars_of(old, new)
        limits = known_limits(calendars, self.limits)
        if limits is None:
            return Finding(
                "cannot-tell", "no-common-years", "the holidays of both are known for no year that was searched"
            )
        return self._searched(old, new, limits)

    def _searched(self, old: Cell, new: Cell, limits: Limits) -> Finding:
        years = f"from {_day(limits.since)} to {_day(limits.until)}"
        if all(_ends_at_closing(target) for target in targets_of(old, new)):
            met = never_more(old, new, limits)
            if met is not None and all(_counts_no_less(was, now, limits) for was, now in met):
                return Finding("never-worse", "by-search", f"no start {years} is given more time, or counted by less")
        later = later_due(old, new, limits)
        if later is None:
            because = (
                f"no start {years} is due later, but a wait or a change of severity may leave hours that count less"
            )
            return Finding("cannot-tell", "undisturbed-only", because)
        zone = next((hours.zone for hours in map(hours_of, targets_of(old, new)) if hours is not None), _UTC)

        was, now = ("never due" if at is None else f"due {_moment(zone, at)}" for at in (later.old, later.new))
        return Finding("worse", "later-due", f"started {_moment(zone, later.start)}, it is {now} and was {was}")


def _arm_pairs(old: Cell, new: Cell) -> list[tuple[Target | CellWord, Target | CellWord]]:
    """Pair what both cells may promise to one start."""
    if isinstance(old, ArrivalTarget) and isinstance(new, ArrivalTarget):
        pairs = [(old.inside, new.inside), (old.outside, new.outside)]
        if not contains(new.coverage, old.coverage):
            pairs.append((old.inside, new.outside))
        if not contains(old.coverage, new.coverage):
            pairs.append((old.outside, new.inside))
        return pairs
    if isinstance(old, ArrivalTarget):
        assert not isinstance(new, ArrivalTarget)
        return [(old.inside, new), (old.outside, new)]
    if isinstance(new, ArrivalTarget):
        return [(old, new.inside), (old, new.outside)]
    return [(old, new)]


def _never_less(old: Target | CellWord, new: Target | CellWord) -> bool:
    """Tell whether the terms alone show that one promise is at least as good as another, whatever happens."""
    if isinstance(old, str) or isinstance(new, str):
        return not weaker(old, new)
    if isinstance(old, CoveredDays) and isinstance(new, CoveredDays):
        return same_hours(new.coverage, old.coverage) and new.ends == old.ends and new.days <= old.days
    if isinstance(old, CoveredDays) or isinstance(new, CoveredDays):
        return False
    return new.quantity <= old.quantity and contains(hours_of(new), hours_of(old)) and _closes_no_later(old, new)


def _closes_no_later(old: Target, new: Target) -> bool:
    """Tell whether a new target that is used up at a closing waits for the next opening only if the old one did."""
    return not waits_at_closing(new) or waits_at_closing(old)


def waits_at_closing(target: Target) -> bool:
    """Tell whether a target that is used up at a closing is due at the next opening."""
    return isinstance(target, CoveredTime) and target.coverage.closing == "next-opening"


def _ends_at_closing(target: Target) -> bool:
    """Tell whether a target is due when its seconds are used up, as one in days is that ends at a closing."""
    return not isinstance(target, CoveredDays) or (target.ends == "closing" and target.days > 0)


def _counts_no_less(old: Target, new: Target, limits: Limits) -> bool:
    wide, narrow = hours_of(new), hours_of(old)
    return _closes_no_later(old, new) and (contains(wide, narrow) or counts_whenever(wide, narrow, limits))


def _because(pairs: list[tuple[Target | CellWord, Target | CellWord]]) -> str:
    """Say why the terms alone show it, for the plainest cells with their numbers."""
    if len(pairs) > 1:
        return "whenever it arrives, it is promised no less"
    [(old, new)] = pairs
    if isinstance(old, str):
        return f"{cell_words(old)} promised less"
    assert not isinstance(new, str)
    if isinstance(old, CoveredDays):
        assert isinstance(new, CoveredDays)
        return f"{new.days} is no more than {old.days}, of the same days"
    assert not isinstance(new, CoveredDays)
    same = "counts alike" if _alike(hours_of(new), hours_of(old)) else "counts whenever that did"
    return f"{new.quantity} is no more than {old.quantity}, and {same}"


def _alike(one: AnyCoverage | None, other: AnyCoverage | None) -> bool:
    return one is other if one is None or other is None else same_hours(one, other)


def calendars_of(*cells: Cell) -> set[AnyCoverage]:
    """List the calendars of cells: those that count, and those that decide by arrival."""
    found = {hours for hours in map(hours_of, targets_of(*cells)) if hours is not None}
    return found | {cell.coverage for cell in cells if isinstance(cell, ArrivalTarget)}


def _moment(zone: Zone, at: int) -> str:
    moment = from_epoch(at)
    return f"{zone.format_day(moment).split()[0]} {zone.format(moment)}"


def _day(at: int) -> str:
    return _UTC.format_day(from_epoch(at)).split()[1]
