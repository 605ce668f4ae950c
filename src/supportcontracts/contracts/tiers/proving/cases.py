"""Cases: which cells of two tiers one ticket can meet, and where one cell depends on others.

A severity is served as what both tiers make of it, while the customer can be reached and while not. Cells are judged
one by one; where the clock policy makes a clock that changes its target start anew, or an update start when the one
before it was due, that says too little, and the cells of a metric are judged together.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from supportcontracts.contracts.tiers.cells import Cell, Metric
from supportcontracts.contracts.tiers.proving.containing import same_hours
from supportcontracts.contracts.tiers.proving.judging import Finding, Judge, waits_at_closing
from supportcontracts.contracts.tiers.proving.result import ProofLine
from supportcontracts.contracts.tiers.proving.searching import targets_of
from supportcontracts.contracts.tiers.tier import Tier
from supportcontracts.contracts.tiers.wording import cell_words, metric_words, said_metrics
from supportcontracts.coverage import AnyCoverage, CoveredTime, Target, WallTime

__all__ = ["cell_lines"]


def __dir__() -> list[str]:
    return __all__


class Case(NamedTuple):
    """What a ticket may be served as, under the old tier and under the new one."""

    label: str
    severity: int | None
    old: int | None
    new: int | None


def _cases(old: Tier, new: Tier) -> Iterator[Case]:
    """List what each severity is served as under both tiers, while the customer can be reached and while not."""
    graver = range(1, max(*old.severities, *new.severities) + 2)
    stated: list[int | None] = [
        severity for severity in graver if (old.served_as(severity), new.served_as(severity)) != (None, None)
    ]
    if old.unstated is not None and old.unstated == new.unstated:
        stated.append(None)
    for severity in stated:
        name = "no severity" if severity is None else f"severity {severity}"
        yield Case(name, severity, old.served_as(severity), new.served_as(severity))
        if not old.gates and not new.gates:
            continue
        if _serve_alike(old, new):
            pairs = [tuple(tier.served_as(severity, customer="unreachable") for tier in (old, new))]
        else:
            # The two tiers may have seen the customer at different severities, so any two may meet.
            pairs = list(product(_led_to(old, severity), _led_to(new, severity)))
        for was, now in pairs:
            if (was, now) != (old.served_as(severity), new.served_as(severity)):
                yield Case(f"{name} served as {was or 'none'}, now as {now or 'none'}", severity, was, now)


def _serve_alike(old: Tier, new: Tier) -> bool:
    """Tell whether two tiers make the same of every severity."""
    alike = ("severities", "gates", "unadmitted", "unstated")
    return all(getattr(old, name) == getattr(new, name) for name in alike)


def _led_to(tier: Tier, severity: int | None) -> list[int | None]:
    """List what a severity is served as, and what gates lead on to."""
    found = [tier.served_as(severity)]
    for gate in tier.gates:
        if gate.severity in found:
            found.append(gate.otherwise)
    return found


def _channels(*tiers: Tier) -> list[str | None]:
    """List the channels for which there are exceptions, behind all others."""
    named = {channel for tier in tiers for exception in tier.exceptions for channel in exception.scope.channels}
    return [None, *sorted(named)]


def _cell(tier: Tier, served: int | None, metric: Metric, channel: str | None) -> Cell:
    return "not-offered" if served is None else tier.target(served, metric, channel)


def cell_lines(old: Tier, new: Tier, judge: Judge) -> Iterator[ProofLine]:
    """Judge every cell that a ticket can meet; channels are named where they make a difference."""
    cases = list(_cases(old, new))
    for metric, channel in product(said_metrics(old, new), _channels(old, new)):
        cells = _cells(old, new, cases, metric, channel)
        if channel is not None and cells == _cells(old, new, cases, metric, None):
            continue
        by = f", by {channel}" if channel is not None else ""
        doubt = _doubt(old, new, metric, cells)
        for case, (was, now) in zip(cases, cells, strict=True):
            found = judge.of(was, now)
            if doubt is not None and found.verdict != "worse":
                found = doubt
            yield ProofLine(
                f"{case.label}, {metric_words(metric)}{by}",
                cell_words(was),
                cell_words(now),
                *found,
                severity=case.severity,
                metric=metric,
                channel=channel,
            )


def _cells(old: Tier, new: Tier, cases: list[Case], metric: Metric, channel: str | None) -> list[tuple[Cell, Cell]]:
    """List what both tiers promise in each case."""
    return [(_cell(old, case.old, metric, channel), _cell(new, case.new, metric, channel)) for case in cases]


def _doubt(old: Tier, new: Tier, metric: Metric, cells: list[tuple[Cell, Cell]]) -> Finding | None:
    """Say why the cells of a metric cannot be judged one by one, if the clock policy makes one depend on another."""
    if all(was == now for was, now in cells):
        return None
    policy = new.clock
    plain = all(_is_plain(cell) for pair in cells for cell in pair)
    if policy.on_change == "from-change":
        if old.gates != new.gates:
            return Finding("cannot-tell", "gates-restart", "gates change, and a changed target starts anew")
        if not plain or not _restart_alike(cells):
            because = "a changed target starts anew, and severities no longer differ where they did"
            return Finding("cannot-tell", "targets-restart", because)
    if policy.on_change == "from-start" and not _close_alike(cells):
        because = "what is used up at a closing waits for the next opening, on calendars that differ"
        return Finding("cannot-tell", "closings-differ", because)
    if metric == "update" and policy.updates == "sequential":
        timed = all(isinstance(was, str) == isinstance(now, str) for was, now in cells)
        if not plain or not timed:
            because = "an update is counted from when the one before it was due, and not every one is due alike"
            return Finding("cannot-tell", "updates-in-sequence", because)
    return None


def _close_alike(cells: list[tuple[Cell, Cell]]) -> bool:
    """Tell whether nothing new waits at a closing, or all that is old does on one calendar and all that is new on one.

    What was used up at a closing before the target changed is due at the opening after it, though the target that it
    changed to may count in between.
    """
    before, after = (targets_of(*side) for side in zip(*cells, strict=True))
    if len(set(cells)) == 1 or not any(map(waits_at_closing, after)):
        return True
    return all(
        waits_at_closing(target) and same_hours(_hours(target), _hours(side[0]))
        for side in (before, after)
        for target in side
    )


def _hours(target: Target) -> AnyCoverage:
    assert isinstance(target, CoveredTime)  # only covered time waits at a closing
    return target.coverage


def _is_plain(cell: Cell) -> bool:
    """Tell whether an earlier start never makes the target of a cell due later, whatever pauses it."""
    return isinstance(cell, (str, CoveredTime, WallTime))


def _restart_alike(cells: list[tuple[Cell, Cell]]) -> bool:
    """Tell whether severities that had one target still have one, so that going between them starts nothing anew."""
    return all(
        now == other_now
        for (was, now), (other_was, other_now) in product(cells, repeat=2)
        if was == other_was and not isinstance(was, str)
    )
