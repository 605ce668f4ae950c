"""The clocks agree with the oracle, which lets time pass over every stretch and shares no code with them."""

from typing import Any

import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st

from supportcontracts import track
from supportcontracts.sla import MetricStatus, TicketStatus
from supportcontracts.testing.strategies import ClockCase, clock_cases
from supportcontracts.timeline import Instant, epoch, from_epoch
from tests.oracle.clocked import Desktop, TooFarError, oracle_track


def second(at: Instant | None) -> int | None:
    """Read an instant, if there is one."""
    return None if at is None else epoch(at)


def facts(clock: MetricStatus) -> dict[str, Any]:
    """Say how a clock of the library stands, in the words of the oracle."""
    return {
        "target": clock.target,
        "severity": clock.severity,
        "state": clock.state,
        "started": second(clock.started_at),
        "due": second(clock.due_at),
        "used": None if clock.elapsed is None else clock.elapsed.seconds,
        "allowed": None if clock.allowed is None else clock.allowed.seconds,
        "met": second(clock.met_at),
        "ended": second(clock.ended_at),
        "over": second(clock.breached_at),
    }


def agree(status: TicketStatus, desktop: Desktop) -> None:
    """Compare the ticket, what contradicts it, and every clock that it had."""
    served = None if desktop.state == "unopened" else desktop.served
    assert (status.state, status.severity, status.tier) == (desktop.state, served, desktop.tier)
    assert [(each.event, each.code) for each in status.contradictions] == desktop.wrong
    ours = {(clock.metric, clock.cycle): facts(clock) for clock in status.cycles}
    theirs = {(clock.metric, clock.number): clock.facts(desktop.now) for clock in desktop.clocks}
    assert sorted(ours) == sorted(theirs)
    different = [
        (*clock, fact, ours[clock][fact], theirs[clock][fact])
        for clock in ours
        for fact in ours[clock]
        if ours[clock][fact] != theirs[clock][fact]
    ]
    assert different == []


def look(case: ClockCase, at: int) -> None:
    """Look at a ticket both ways at an instant."""
    try:
        desktop = oracle_track(case.tier, case.events, at, case.tiers)
    except TooFarError:
        assume(False)
    status = track(case.tier, case.events, as_of=from_epoch(at), tiers=case.tiers, ticket="T-1")
    note(str(status))
    agree(status, desktop)


@pytest.mark.rule("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C10", "C11", "C13", "C14", "C15")
@given(case=clock_cases(), data=st.data())
def test_clocks_agree_with_the_oracle(case: ClockCase, data: st.DataObject) -> None:
    """Any tier and policy, anything that may happen in any order, looked at whenever: the same clocks."""
    look(case, epoch(case.as_of))
    moments = sorted({epoch(event.at) + shift for event in case.events for shift in (0, 1, 3600)})
    look(case, data.draw(st.sampled_from(moments)))
