"""The law of proofs: what is proved of two tiers holds for every ticket."""

from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from supportcontracts import TierChanged, track
from supportcontracts.contracts.tiers import (
    METRICS,
    WORDS,
    ArrivalTarget,
    Cell,
    SeverityTargets,
    Targets,
    Tier,
    field_of,
    never_worse,
)
from supportcontracts.contracts.tiers.proving.judging import Judge
from supportcontracts.contracts.tiers.proving.searching import Limits
from supportcontracts.coverage import Coverage, CoveredDays, CoveredTime, WallTime
from supportcontracts.quantity import WorkTime
from supportcontracts.sla import MetricStatus
from supportcontracts.sla.table import TRANSITIONS
from supportcontracts.testing.strategies.clocking import TICKET, ClockCase, clock_cases
from supportcontracts.timeline import Zone, epoch, from_epoch

KINDS = [kind for kind in TRANSITIONS if kind is not TierChanged]
ALWAYS = Coverage("24x7", zone="UTC")
WIDER = Coverage("mon-sun 06:00-20:00", zone="Europe/Berlin")
DAY = 86_400


HOWS = ("same", "same", "same", "same", "less", "wider", "always", "wall", "days", "time", "word", "arrival", "nothing")


def replaced(cell: Cell, how: str, part: int) -> Cell:
    """Return what may replace a cell: something that looks better, and sometimes is not."""
    match cell:
        case CoveredTime(coverage=coverage, quantity=quantity):
            shorter = WorkTime(quantity.seconds * part // 2)
            choices: dict[str, Cell] = {
                "less": CoveredTime(coverage, shorter),
                "wider": CoveredTime(coverage | WIDER, shorter),
                "always": CoveredTime(ALWAYS, shorter),
                "wall": WallTime(shorter),
                "days": CoveredDays(coverage, part - 1 if part else 1),
                "time": CoveredTime(attrs.evolve(coverage, closing="at-closing"), quantity),
                "nothing": CoveredTime(coverage, WorkTime(0)),
                "word": "best-effort",
                "arrival": ArrivalTarget(coverage, inside=cell, outside=CoveredTime(coverage, shorter)),
            }
            return choices.get(how, cell)
        case CoveredDays(coverage=coverage, days=days):
            choices = {
                "less": attrs.evolve(cell, days=max(days - 1, 0)),
                "days": attrs.evolve(cell, ends="closing"),
                "always": CoveredTime(ALWAYS, WorkTime(4 * 3600 * part)),
                "wall": WallTime(WorkTime(4 * 3600 * part)),
                "wider": CoveredDays(coverage | WIDER, days),
                "time": CoveredTime(coverage, WorkTime(4 * 3600 * part)),
                "nothing": CoveredTime(coverage, WorkTime(1)),
                "word": "if-escalated",
            }
            return choices.get(how, cell)
        case WallTime(quantity=quantity):
            shorter = WorkTime(quantity.seconds * part // 2)
            return CoveredTime(ALWAYS, shorter) if how == "always" else WallTime(shorter)
        case ArrivalTarget():
            return cell.inside if how == "less" else attrs.evolve(cell, outside=cell.inside)
        case _:
            place = WORDS.index(cell)
            targets: dict[str, Cell] = {"less": ALWAYS.hours(3), "wider": WIDER.days(1)}
            return targets.get(how, WORDS[max(place - part, 0)])


def calmed(cell: Cell) -> Cell:
    """Return a cell that does not wait at a closing."""
    match cell:
        case CoveredTime():
            return attrs.evolve(cell, coverage=attrs.evolve(cell.coverage, closing="at-closing"))
        case ArrivalTarget():
            arms: dict[str, Any] = {name: calmed(getattr(cell, name)) for name in ("inside", "outside")}
            return attrs.evolve(cell, **arms)
        case _:
            return cell


@st.composite
def changed_tiers(draw: DrawFn, old: Tier, limits: Limits) -> Tier:
    """Draw a tier that replaces another one, in which no cell alone is known to be worse."""
    judge = Judge(limits)
    calm = draw(st.sampled_from(["calm", "as-it-is"])) == "calm"
    rows = []
    for row in old.targets:
        cells: dict[str, Any] = {}
        for metric in METRICS:
            cell = old.target(row.severity, metric)
            other = replaced(cell, draw(st.sampled_from(HOWS)), draw(st.sampled_from([1, 2, 3, 0])))
            kept = judge.of(cell, other).verdict in ("never-worse", "same")
            cells[field_of(metric)] = calmed(other if kept else cell) if calm else other if kept else cell
        rows.append(SeverityTargets(row.severity, Targets(**cells)))
    match draw(st.sampled_from(["nothing", "gates", "pauses", "row"])):
        case "gates":
            return attrs.evolve(old, targets=rows, gates=())
        case "pauses":
            return attrs.evolve(old, targets=rows, clock=attrs.evolve(old.clock, pauses=old.clock.pauses[:1]))
        case "row" if 3 not in old.severities:
            return attrs.evolve(old, targets=[*rows, SeverityTargets(3, rows[-1].targets)])
        case _:
            return attrs.evolve(old, targets=rows)


def cycles(tier: Tier, case: ClockCase) -> dict[tuple[str, int], MetricStatus]:
    """Track the ticket of a case: each cycle of each metric."""
    status = track(tier, case.events, as_of=case.as_of, ticket=TICKET)
    return {(clock.metric, clock.cycle): clock for clock in status.cycles}


def compared(case: ClockCase, new: Tier) -> Iterator[tuple[MetricStatus, MetricStatus]]:
    """Pair the clocks of a ticket under both tiers.

    Where a change of severity starts a clock anew, it may do so in one tier and not in the other, since equal targets
    are no change: so only the latest cycle of each metric compares, and of updates, which recur by themselves, none.
    """
    before, after = cycles(case.tier, case), cycles(new, case)
    if case.tier.clock.on_change != "from-change":
        yield from ((clock, after[cycle]) for cycle, clock in before.items() if cycle in after)
        return
    for metric in {metric for metric, _ in before if metric != "update"} & {metric for metric, _ in after}:
        latest = [max(cycle for name, cycle in found if name == metric) for found in (before, after)]
        yield before[metric, latest[0]], after[metric, latest[1]]


def left(clock: MetricStatus) -> int | None:
    """Return the seconds that are left of a target, below zero once it is exceeded."""
    return None if clock.allowed is None or clock.elapsed is None else clock.allowed.seconds - clock.elapsed.seconds


def used_up_as_it_stopped(clock: MetricStatus) -> bool:
    """Tell whether a wait began in the very second in which the time was used up."""
    return any(stretch.reason and stretch.used == stretch.promise.budget for stretch in clock.stretches)


@pytest.mark.rule("A6")
@given(case=clock_cases(kinds=KINDS), data=st.data())
def test_what_is_proved_holds_for_every_ticket(case: ClockCase, data: st.DataObject) -> None:
    """Where a tier is never worse, no clock of a ticket has more time left or is due later, whatever happened to it."""
    as_of = epoch(case.as_of)
    since, until = (from_epoch(as_of + DAY * shift).date() for shift in (-15, 60))
    limits = Limits(*(Zone("UTC").start_of_epoch(day) for day in (since, until)))
    new = data.draw(changed_tiers(case.tier, limits))
    proof = never_worse(case.tier, new, since=since, until=until)
    for line in proof.lines:
        event(f"{line.verdict} {line.code}")
    assume(proof.verdict == "never-worse")
    for was, now in compared(case, new):
        time_was, time_now = left(was), left(now)
        if time_was is not None and (was.due_at is None or epoch(was.due_at) <= limits.until):
            assert time_now is not None
            assert time_now <= time_was
        if was.due_at is not None and epoch(was.due_at) <= limits.until:
            assert now.due_at is not None
            assert now.due_at <= was.due_at or used_up_as_it_stopped(now)
