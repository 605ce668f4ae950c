"""The laws of clocks, for any tier, any calendar, and anything that may happen to a ticket, in any order."""

import pickle
from collections.abc import Iterable
from itertools import pairwise
from random import Random

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from supportcontracts import (
    Acknowledged,
    CustomerReplied,
    Opened,
    Reopened,
    Resolved,
    Responded,
    Resumed,
    SeverityChanged,
    TierChanged,
    Void,
    WaitingOnCustomer,
    WaitingOnVendor,
    track,
    track_all,
)
from supportcontracts.contracts.tiers import METRICS, ClockPolicy, Targets, Tier
from supportcontracts.coverage import Coverage, CoveredTime, WallTime
from supportcontracts.events import TicketEvent
from supportcontracts.quantity import WorkTime
from supportcontracts.sla import ClockSegment, MetricStatus, TicketStatus
from supportcontracts.testing.strategies import ClockCase, clock_cases
from supportcontracts.testing.strategies.clocking import TICKET
from supportcontracts.timeline import Instant, epoch, from_epoch

WAITS = (WaitingOnCustomer, WaitingOnVendor)
STATE_OF = {WaitingOnCustomer: "waiting-on-customer", WaitingOnVendor: "waiting-on-vendor"}
MOSTLY_WAITING = (*WAITS, Resumed, CustomerReplied, Responded, SeverityChanged, Resolved, Reopened)


def look(case: ClockCase, as_of: Instant | None = None, events: Iterable[TicketEvent] | None = None) -> TicketStatus:
    """Look at the ticket of a case, or at another instant, or with other events."""
    happened = case.events if events is None else events
    return track(case.tier, happened, as_of=as_of or case.as_of, tiers=case.tiers, ticket=TICKET)


def facts(clock: MetricStatus) -> tuple[object, ...]:
    """Take what a clock says, but for how it is cut inside."""
    said = [getattr(clock, field.name) for field in attrs.fields(MetricStatus) if field.name != "stretches"]
    return (*said, clock.segments, clock.outcome, clock.remaining, clock.overdue)


def said(status: TicketStatus) -> list[tuple[object, ...]]:
    """Take what all clocks of a ticket say."""
    return [facts(clock) for clock in status.cycles]


def cut(segments: Iterable[ClockSegment], end: Instant) -> list[tuple[Instant, Instant, str]]:
    """Cut segments off at an instant."""
    return [(each.start, min(each.end, end), each.reason) for each in segments if each.start < end]


@pytest.mark.rule("C1", "D6")
@given(case=clock_cases(), seed=st.integers(0, 99))
def test_the_order_of_arrival_is_irrelevant(case: ClockCase, seed: int) -> None:
    """Shuffled and repeated, the same events give the same status."""
    shuffled = case.events * 2
    Random(seed).shuffle(shuffled)
    assert look(case, events=shuffled) == look(case)
    assert track_all(case.tier, shuffled, as_of=case.as_of, tiers=case.tiers).statuses == (look(case),)


@pytest.mark.rule("C12", "C3", "C5")
@given(case=clock_cases())
def test_segments_account_for_every_second(case: ClockCase) -> None:
    """Segments follow each other from the start of a clock to its end; what they count adds up to what is used."""
    for clock in look(case).cycles:
        end = clock.met_at or clock.ended_at or clock.as_of
        edges = [clock.started_at, *(each.end for each in clock.segments)]
        assert [each.start for each in clock.segments] == edges[:-1]
        assert edges[-1] == end
        counted = sum(each.counted.seconds for each in clock.segments)
        assert counted == (0 if clock.elapsed is None else clock.elapsed.seconds) or clock.elapsed is None
        for each in clock.segments:
            assert 0 <= each.counted.seconds <= each.covered.seconds <= each.seconds
            assert each.counted.seconds == (each.covered.seconds if each.reason == "running" else 0)
        for one, other in pairwise(clock.segments):
            assert (one.reason, one.name, bool(one.covered)) != (other.reason, other.name, bool(other.covered))


@pytest.mark.rule("C4", "C5")
@given(case=clock_cases())
def test_states_say_what_they_mean(case: ClockCase) -> None:
    """Each state has its instants: what runs is due, what pauses is not, what is met or ended is so once."""
    status = look(case)
    for clock in status.metrics.values():
        timed = clock.allowed is not None
        assert (clock.state == "not-started") == (clock.started_at is None)
        assert (clock.state == "met") == (clock.met_at is not None)
        assert (clock.state == "ended") == (clock.ended_at is not None)
        assert (clock.elapsed is not None) == timed
        if clock.state in ("running", "paused"):
            assert timed
            assert (clock.due_at is None) == (clock.state == "paused")
            assert clock.remaining is not None
            assert clock.overdue is not None
            assert not (clock.remaining and clock.overdue)
        if clock.state == "running" and clock.due_at is not None:
            assert (clock.due_at < clock.as_of) <= (clock.breached_at is not None)
        if clock.breached_at is not None:
            assert clock.started_at is not None
            assert clock.started_at <= clock.breached_at
            assert clock.outcome == "missed"
            assert clock.decided_at == clock.breached_at


@pytest.mark.rule("C15")
@given(case=clock_cases(breach="sticky"), data=st.data())
def test_looked_at_later_what_is_past_stays(case: ClockCase, data: st.DataObject) -> None:
    """Every clock goes on where it stood: same start, same segments so far, and a breach that was known stays."""
    opening = next((event for event in case.events if isinstance(event, Opened)), None)
    assume(opening is None or opening.severity is not None or case.tier.unstated is not None)
    moments = sorted({epoch(event.at) + shift for event in case.events for shift in (0, 1, 1800)})
    early = from_epoch(data.draw(st.sampled_from(moments)))
    assume(early <= case.as_of)
    then, now = look(case, early), look(case)
    assert then.contradictions == now.contradictions[: len(then.contradictions)]
    for before in then.cycles:
        after = now.cycles_of(before.metric)[before.cycle - 1]
        assert (after.cycle, after.started_at) == (before.cycle, before.started_at)
        end = before.met_at or before.ended_at or early
        assert cut(after.segments, end) == cut(before.segments, early)
        if before.breached_at is not None:
            assert after.breached_at == before.breached_at
        elif after.breached_at is not None:
            assert after.breached_at >= early


@pytest.mark.rule("C4", "C5")
@given(case=clock_cases())
def test_a_clock_that_keeps_running_is_missed_just_after_it_is_due(case: ClockCase) -> None:
    """If nothing else happens, it is not missed at its due instant, and a second later it is."""
    for clock in look(case).cycles:
        if clock.state != "running" or clock.breached_at is not None or clock.metric == "update":
            continue
        assert clock.due_at is not None
        if clock.due_at.year > 2100:
            continue
        at, after = (look(case, from_epoch(epoch(clock.due_at) + shift)) for shift in (0, 1))
        assert at.cycles_of(clock.metric)[clock.cycle - 1].outcome == "pending"
        late = after.cycles_of(clock.metric)[clock.cycle - 1]
        assert (late.outcome, late.breached_at) == ("missed", clock.due_at)
        if isinstance(clock.target, (CoveredTime, WallTime)):
            assert at.cycles_of(clock.metric)[clock.cycle - 1].elapsed == clock.allowed


def gaps(case: ClockCase) -> list[tuple[int, int]]:
    """List the times without cover in which a ticket is open and nothing happens to it."""
    (coverage,) = {getattr(cell, "coverage", None) for row in case.tier.targets for cell in cells(row.targets)}
    assert isinstance(coverage, Coverage)
    known = sorted(epoch(event.at) for event in case.events)
    found = coverage.segments_epoch(known[0], epoch(case.as_of))
    return [
        (low, high)
        for low, high, is_open in found
        if not is_open and not any(low <= at <= high for at in known) and look(case, from_epoch(low)).state == "open"
    ]


def cells(targets: Targets) -> list[object]:
    """List the cells of a row."""
    return [targets.cell(metric) for metric in METRICS]


@pytest.mark.rule("C3")
@given(case=clock_cases(calendars="one"), data=st.data())
def test_a_pause_outside_cover_is_free(case: ClockCase, data: st.DataObject) -> None:
    """A wait during which the calendar of the ticket is closed changes no clock, not even by a second."""
    case = case._replace(as_of=from_epoch(epoch(case.as_of) + 4 * 86_400))  # a night or two in which nothing happens
    free = gaps(case)
    assume(free)
    low, high = data.draw(st.sampled_from(free))
    start, end = sorted(data.draw(st.sampled_from([low, low + 1, (low + high) // 2, high - 1, high])) for _ in "ab")
    waits: list[TicketEvent] = [
        WaitingOnCustomer("P-1", from_epoch(start), ticket=TICKET),
        Resumed("P-2", from_epoch(end), ticket=TICKET),
    ]
    assert said(look(case, events=[*case.events, *waits])) == said(look(case))
    during = from_epoch((start + end) // 2)
    for one, other in zip(look(case, during, [*case.events, *waits]).cycles, look(case, during).cycles, strict=True):
        assert (one.elapsed, one.breached_at, one.segments) == (other.elapsed, other.breached_at, other.segments)


@pytest.mark.rule("C3", "C11")
@given(case=clock_cases(kinds=MOSTLY_WAITING), data=st.data())
def test_splitting_a_pause_changes_nothing(case: ClockCase, data: st.DataObject) -> None:
    """A wait that is resumed and begun again at one instant is one wait."""
    moments = sorted({epoch(event.at) for event in case.events} | {epoch(case.as_of) + 7200})
    waits = [
        (event, low, high)
        for event in case.events
        for low, high in pairwise(moments)
        if isinstance(event, WAITS) and epoch(event.at) == low and high - low >= 2
        if look(case, event.at).state == STATE_OF[type(event)]
    ]
    assume(waits)
    wait, low, high = data.draw(st.sampled_from(waits))
    middle = from_epoch(data.draw(st.integers(low + 1, high - 1)))
    split: list[TicketEvent] = [Resumed("P-1", middle, ticket=TICKET), type(wait)("P-2", middle, ticket=TICKET)]
    assert said(look(case, events=[*case.events, *split])) == said(look(case))


@pytest.mark.rule("C11")
@given(case=clock_cases(), data=st.data())
def test_a_pause_of_no_length_changes_nothing(case: ClockCase, data: st.DataObject) -> None:
    """A wait that ends at the instant at which it begins leaves every clock as it is."""
    at = from_epoch(data.draw(st.integers(epoch(case.events[0].at) - 3600, epoch(case.as_of))))
    assume(not any(event.at == at for event in case.events))
    assume(look(case, at).state in ("open", "waiting-on-customer"))
    kind = WaitingOnCustomer
    pair: list[TicketEvent] = [kind("P-1", at, ticket=TICKET), Resumed("P-2", at, ticket=TICKET)]
    assert said(look(case, events=[*case.events, *pair])) == said(look(case))


@pytest.mark.rule("C6")
@given(case=clock_cases(), data=st.data())
def test_an_equal_target_is_no_change(case: ClockCase, data: st.DataObject) -> None:
    """Where two severities are promised the same, moving between them changes no clock."""
    rows = {row.severity: row.targets for row in case.tier.targets}
    same = Tier(
        case.tier.name,
        targets={**dict.fromkeys((1, 2), rows[1]), 3: rows[2]},
        unstated=1,
        clock=case.tier.clock,
    )
    plain = [event for event in case.events if not isinstance(event, (TierChanged, SeverityChanged))]
    opened = [attrs.evolve(event, severity=1) if isinstance(event, Opened) else event for event in plain]
    assume(opened)
    moves = [
        SeverityChanged(f"S-{number}", from_epoch(at), ticket=TICKET, severity=2 - number % 2)
        for number, at in enumerate(
            data.draw(
                st.lists(st.integers(epoch(opened[0].at), epoch(case.as_of)), min_size=1, max_size=4, unique=True)
            )
        )
    ]
    quiet = track(same, opened, as_of=case.as_of, ticket=TICKET)
    moved = track(same, [*opened, *moves], as_of=case.as_of, ticket=TICKET)
    for one, other in zip(quiet.cycles, moved.cycles, strict=True):
        assert facts(attrs.evolve(one, severity=0)) == facts(attrs.evolve(other, severity=0))


@pytest.mark.rule("C6", "C3")
@given(case=clock_cases(kinds=[Acknowledged, SeverityChanged, WaitingOnCustomer, Resumed]), length=st.integers(0, 9))
def test_used_time_stays_used(case: ClockCase, length: int) -> None:
    """With one calendar and targets that only differ in length, what is used does not depend on the changes."""
    target = next((clock.target for clock in look(case).cycles if isinstance(clock.target, CoveredTime)), None)
    assume(target is not None)
    assert isinstance(target, CoveredTime)
    coverage = target.coverage

    def agreed(*hours: int) -> Tier:
        return Tier(
            "one",
            targets={severity: Targets(resolution=coverage.hours(each)) for severity, each in enumerate(hours, 1)},
            clock=ClockPolicy(pauses=case.tier.clock.pauses),
            unstated=1,
        )

    def used(tier: Tier) -> list[WorkTime | None]:
        status = track(tier, case.events, as_of=case.as_of, ticket=TICKET)
        return [clock.elapsed for clock in status.cycles_of("resolution")]

    assert used(agreed(length, 5, 2, 8)) == used(agreed(4, 4, 4, 4))


@pytest.mark.rule("D6")
@given(case=clock_cases(), data=st.data())
def test_a_voided_event_never_was(case: ClockCase, data: st.DataObject) -> None:
    """A status with an event voided is the status without it."""
    event = data.draw(st.sampled_from(case.events))
    void = Void("V-1", case.as_of, target=event.id)
    rest = [each for each in case.events if each is not event]
    everything = [*case.events, void]
    assert track(case.tier, everything, as_of=case.as_of, tiers=case.tiers, ticket=TICKET) == look(case, events=rest)


@pytest.mark.rule("C10")
@given(case=clock_cases())
def test_contradictions_change_nothing(case: ClockCase) -> None:
    """Without the events that are named as contradictions, the clocks are the same, and none is named."""
    status = look(case)
    named = {each.event for each in status.contradictions}
    quiet = look(case, events=[event for event in case.events if event.id not in named])
    assert said(quiet) == said(status)
    assert quiet.contradictions == ()
    assert quiet.state == status.state


@pytest.mark.rule("C7", "C15")
@given(case=clock_cases(), length=st.integers(0, 400_000))
def test_a_resolution_that_is_taken_back_loses_only_the_time_between(case: ClockCase, length: int) -> None:
    """Resolved and reopened, the resolution has used the same time as if it had been paused in between."""
    policy = attrs.evolve(case.tier.clock, on_reopen="resume", pauses={"waiting-on-customer": ["resolution"]})
    tier, *tiers = (attrs.evolve(each, clock=policy) for each in (case.tier, *case.tiers))
    assume(look(case).state == "open")
    start, end = case.as_of, from_epoch(epoch(case.as_of) + length)
    later = from_epoch(epoch(end) + 5000)
    assume(not any(event.at == start for event in case.events))
    solved: list[TicketEvent] = [Resolved("P-1", start, ticket=TICKET), Reopened("P-2", end, ticket=TICKET)]
    paused: list[TicketEvent] = [WaitingOnCustomer("P-1", start, ticket=TICKET), Resumed("P-2", end, ticket=TICKET)]
    one, other = (
        track(tier, [*case.events, *pair], as_of=later, tiers=tiers, ticket=TICKET) for pair in (solved, paused)
    )
    a, b = one.resolution, other.resolution
    if a.state == "running" and b.state == "running" and b.breached_at is None:
        assert (a.elapsed, a.due_at) == (b.elapsed, b.due_at)


@given(case=clock_cases())
def test_every_status_prints_and_explains_itself(case: ClockCase) -> None:
    """Printing, explaining and rows work for any ticket, and a status is a value."""
    status = look(case)
    assert str(status).startswith(f"{TICKET} · ")
    assert len(status.to_rows()) == len(status.cycles)
    for metric in status.metrics:
        assert str(status.explain(metric)).startswith(metric.replace("-", " "))
        for clock in status.cycles_of(metric):
            assert len(status.explain(metric, cycle=clock.cycle).rows) >= len(clock.segments)
    copy = pickle.loads(pickle.dumps(status))
    assert copy == status
    assert hash(copy) == hash(status)
    assert said(copy) == said(status)
