"""Coverage agrees with the oracle, which looks at the clock on the wall every minute and shares no code with it."""

from typing import Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportcontracts.coverage import AnyCoverage, CombinedCoverage
from tests.oracle.covered import DAY, Tape, both, due_in_days, due_in_days_of_many
from tests.oracle.desks import Scene, moments, scenes, targets

Closing = Literal["at-closing", "next-opening"]
Ends = Literal["closing", "same-time", "clamped"]
Operator = Literal["|", "&", "-"]
ENDS: tuple[Ends, ...] = ("closing", "same-time", "clamped")
CLOSINGS: tuple[Closing, ...] = ("at-closing", "next-opening")


def agree_on_runs(coverage: AnyCoverage, tape: Tape, start: int, end: int) -> None:
    """Compare every opening and closing in a stretch of time, and its ends."""
    assert coverage.segments_epoch(start, end) == tape.runs(start, end)
    assert coverage.is_open_epoch(start) == tape.is_open(start)
    assert coverage.elapsed_epoch(start, end) == tape.elapsed(start, end)


def agree_on_deadlines(coverage: AnyCoverage, tape: Tape, start: int, target: int) -> None:
    """Compare when a target is used up, both ways and by both conventions of a closing.

    Where hours are rare, the oracle gives up looking at the clock, and the library may find what it will.
    """
    for closing in CLOSINGS:
        calendar = attrs.evolve(coverage, closing=closing)
        due = tape.due(start, target, closing)
        assert due is None or calendar.due_epoch(start, target) == due, closing
        back = tape.due_backwards(start, target, closing)
        assert back is None or calendar.due_back_epoch(start, target) == back, closing


@pytest.mark.rule("K1", "K2", "K3", "K4", "K7")
@given(st.data())
def test_a_calendar_is_open_when_the_oracle_says_so(data: st.DataObject) -> None:
    """Any hours in any zone: the same openings and closings to the second, and the same seconds counted."""
    scene = data.draw(scenes())
    agree_on_runs(scene.coverage, scene.tape, scene.around - 5 * DAY, scene.around + 5 * DAY)
    start, end = sorted((data.draw(moments(scene.around)), data.draw(moments(scene.around))))
    agree_on_runs(scene.coverage, scene.tape, start, end)
    assert scene.coverage.elapsed_epoch(end, start) == -scene.tape.elapsed(start, end)


@pytest.mark.rule("K5", "K6")
@given(st.data())
def test_a_deadline_is_where_the_oracle_finds_it(data: st.DataObject) -> None:
    """Any start and target: due at the same second, both ways and by both conventions; so up to any edge exactly."""
    scene = data.draw(scenes(often=True))
    tape = scene.tape
    start = data.draw(moments(scene.around))
    agree_on_deadlines(scene.coverage, tape, start, data.draw(targets()))
    closing = tape.next_closing(start + data.draw(st.integers(0, 3 * DAY)))
    opening = tape.last_opening(start - data.draw(st.integers(0, 3 * DAY)))
    agree_on_deadlines(scene.coverage, tape, start, 0 if closing is None else tape.elapsed(start, closing))
    agree_on_deadlines(scene.coverage, tape, start, 0 if opening is None else tape.elapsed(opening, start))


@pytest.mark.rule("K9")
@given(st.data())
def test_the_next_edges_are_where_the_oracle_finds_them(data: st.DataObject) -> None:
    """Any instant: the same next opening, and the same end of the cover that is open then."""
    scene = data.draw(scenes(often=True))
    at = data.draw(moments(scene.around))
    assert scene.coverage.next_open_epoch(at) == scene.tape.next_open(at)
    closing = scene.tape.next_closing(at)
    assert closing is None or scene.coverage.next_closing_epoch(at) == closing


@pytest.mark.rule("K8")
@given(st.data())
def test_a_number_of_days_ends_where_the_oracle_ends(data: st.DataObject) -> None:
    """Any start and up to six business days: the same date, at its closing, the same time, or held inside its hours."""
    scene = data.draw(scenes(often=True))
    start, count = data.draw(moments(scene.around)), data.draw(st.integers(1, 6))
    found = {ends: scene.coverage.days(count, ends=ends).due_epoch(start) for ends in ENDS}
    assert found == due_in_days(scene.desk, start, count)


@pytest.mark.rule("K11")
@given(st.data())
def test_combined_calendars_agree_with_the_oracle(data: st.DataObject) -> None:
    """Two or three calendars in any zones, joined in any way: the same runs, deadlines and days."""
    first = data.draw(scenes(often=True))
    coverage: AnyCoverage = first.coverage
    tape = first.tape
    for _ in range(data.draw(st.integers(1, 2))):
        operator: Operator = data.draw(st.sampled_from(["|", "&", "-"]))
        coverage, tape = joined(operator, coverage, tape, data.draw(scenes(near=first)))
    agree_on_runs(coverage, tape, first.around - 4 * DAY, first.around + 4 * DAY)
    start = data.draw(moments(first.around))
    agree_on_deadlines(coverage, tape, start, data.draw(targets()))
    days = due_in_days_of_many(tape, first.desk.zone, start, 2)
    if days is not None:
        assert {ends: coverage.days(2, ends=ends).due_epoch(start) for ends in ENDS} == days


def joined(operator: Operator, left: AnyCoverage, tape: Tape, right: Scene) -> tuple[CombinedCoverage, Tape]:
    """Join two calendars, and their tapes."""
    other = right.coverage
    coverage = left | other if operator == "|" else left & other if operator == "&" else left - other
    return coverage, both(operator, tape, right.tape)
