"""The laws of looking ahead: a preview is what rating says, and neither it nor a reservation changes an amount."""

from typing import get_args

import attrs
import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st

from supportcontracts import (
    Approval,
    ChargeItem,
    Commitment,
    Contract,
    Release,
    Released,
    Reservation,
    Reserved,
    Short,
    State,
    WorkEntry,
    available,
    commit,
    preview,
    rate,
    release,
    reserve,
)
from supportcontracts.errors import StaleState
from supportcontracts.events import Event, Fact, TicketEvent
from supportcontracts.interop.codec import from_json, to_json
from supportcontracts.quantity import Unit, quantity
from supportcontracts.testing.strategies import Case, cases, work_times
from supportcontracts.timeline import Instant, epoch, from_epoch

# Corrections, and banks that reach back, make states stale, which is not the matter here.
FACTS: tuple[type[Event], ...] = get_args(Fact)
UNITS: tuple[Unit, ...] = ("work", "incidents")
USES = (WorkEntry, TicketEvent, ChargeItem, Approval)
# What an event causes by itself; everything else is brought by the calendar.
CAUSED = ("use", "release", "charge-item", "credit")
AT_END = "held-at-end"
DAY = 86_400


def plain(events: list[Event]) -> list[Event]:
    """Leave out what reaches back, and repeats."""
    return list({event.id: event for event in events if not getattr(event, "usable_from", None)}.values())


def states(data: st.DataObject, agreed: Contract, events: list[Event], last: Instant) -> State | None:
    """Draw a state from before an instant, or none: what happened until then is in it."""
    seconds = sorted({epoch(event.at) + shift for event in events for shift in (0, 1)} | {epoch(last)})
    cut = data.draw(st.sampled_from([None, *(each for each in seconds if each <= epoch(last))]), label="state as of")
    if cut is None:
        return None
    return rate(agreed, [event for event in events if epoch(event.at) < cut], until=from_epoch(cut)).closing


@given(case=cases(event_kinds=FACTS), data=st.data())
def test_a_preview_is_what_rating_says(case: Case, data: st.DataObject) -> None:
    """The lines and notices of a use are those by which a rating with it differs from one without it."""
    agreed, events, _ = case
    events = plain(events)
    uses = [event for event in events if isinstance(event, USES)]
    assume(uses)
    use = data.draw(st.sampled_from(uses), label="use")
    opening = states(data, agreed, [event for event in events if event is not use], use.at)
    lasting = use.worked.seconds if isinstance(use, WorkEntry) else 0
    until = from_epoch(epoch(use.at) + lasting + 1)
    seen = preview(agreed, use, opening=opening)
    note(str(seen))
    without = rate(agreed, [], until=until, opening=opening)
    with_it = rate(agreed, [use], until=until, opening=opening)
    others = set(without.lines)
    caused = [line for line in with_it.lines if line.kind in CAUSED and line not in others and line.code != AT_END]
    if isinstance(use, (WorkEntry, ChargeItem)):
        own = [line for line in with_it.lines_of(use.id) if line.kind in ("use", "charge-item")]
        assert list(seen.lines) == own
    assert list(seen.lines) == caused
    assert seen.amount == sum((line.amount for line in caused), seen.amount - seen.amount)
    given_before = {notice.key for notice in without.notices}
    if not lasting:
        assert [n for n in with_it.notices if n.key not in given_before] == list(seen.notices)
    assert {notice.key for notice in seen.notices} <= {notice.key for notice in with_it.notices}
    for use_of_line in {line.use for line in seen.lines}:
        assert seen.explain(use_of_line) == attrs.evolve(with_it, journal=seen._rating.journal).explain(use_of_line)


@given(case=cases(event_kinds=FACTS), data=st.data())
def test_a_preview_changes_nothing(case: Case, data: st.DataObject) -> None:
    """Asked twice it says the same, from a state as from that state written and read, and the state stays as it was."""
    agreed, events, _ = case
    events = plain(events)
    uses = [event for event in events if isinstance(event, USES)]
    assume(uses)
    use = data.draw(st.sampled_from(uses), label="use")
    opening = states(data, agreed, [event for event in events if event is not use], use.at)
    before = "" if opening is None else to_json(opening)
    seen = preview(agreed, use, opening=opening)
    assert preview(agreed, use, opening=opening) == seen
    if opening is not None:
        assert to_json(opening) == before
        assert preview(agreed, use, opening=from_json(before, State)) == seen
        with pytest.raises(StaleState):
            preview(agreed, attrs.evolve(use, at=from_epoch(epoch(opening.as_of) - 1)), opening=opening)


@pytest.mark.rule("B9")
@given(case=cases(event_kinds=[*FACTS, Reserved, Reserved, Released, WorkEntry]))
def test_reservations_change_no_line(case: Case) -> None:
    """A history without its reservations, and without what commits them, has the same lines, movements and lots."""
    agreed, events, until = case
    bare = [
        attrs.evolve(event, reservation=None) if isinstance(event, WorkEntry) else event
        for event in events
        if not isinstance(event, (Reserved, Released))
    ]
    with_them, without = rate(agreed, events, until=until), rate(agreed, bare, until=until)
    assert (with_them.lines, with_them.movements, with_them.notices) == (
        without.lines,
        without.movements,
        without.notices,
    )
    assert attrs.evolve(with_them.closing, reservations=(), carried=()) == attrs.evolve(
        without.closing, reservations=(), carried=()
    )


@pytest.mark.rule("B9")
@given(case=cases(event_kinds=FACTS), data=st.data(), unit=st.sampled_from(UNITS))
def test_exactly_what_is_available_can_be_set_aside(case: Case, data: st.DataObject, unit: Unit) -> None:
    """All of it can, one unit more cannot; then nothing is available, until the reservation lapses or is released."""
    agreed, events, until = case
    events = plain(events)
    opening = states(data, agreed, events, until)
    now = until if opening is None else max(until, opening.as_of)
    lapses = from_epoch(epoch(now) + 1)
    free = available(agreed, unit, opening=opening, as_of=now)
    assert free.amount >= 0
    more = reserve(agreed, quantity(unit, free.amount + 1), key="more", opening=opening, as_of=now, expires_at=lapses)
    assert isinstance(more, Short)
    assert more.missing == quantity(unit, 1)
    held = reserve(agreed, free, key="all", opening=opening, as_of=now, expires_at=lapses)
    assert isinstance(held, Reservation)
    assert not held.free
    assert not available(agreed, unit, opening=held.closing, as_of=now)
    gone = release(agreed, key="all", opening=held.closing, as_of=now)
    assert available(agreed, unit, opening=gone.closing, as_of=now) == free
    afterwards = available(agreed, unit, opening=opening, as_of=lapses)
    assert available(agreed, unit, opening=held.closing, as_of=lapses) == afterwards


@pytest.mark.rule("B9", "L4")
@given(case=cases(event_kinds=FACTS), data=st.data())
def test_what_was_asked_for_can_be_recorded_and_rated(case: Case, data: st.DataObject) -> None:
    """Any run of reservations, commitments and releases ends in the state to which its events are rated."""
    agreed, events, until = case
    opening = rate(agreed, plain(events), until=until).closing
    state, recorded, now = opening, list[Event](), epoch(until)
    answer: Reservation | Short | Commitment | Release
    for number in range(data.draw(st.integers(1, 5), label="steps")):
        now += data.draw(st.sampled_from([2, 60, DAY, 40 * DAY]), label="later")
        key = data.draw(st.sampled_from(["visit", "call"]), label="key")
        what = data.draw(st.sampled_from(["reserve", "commit", "release"]), label="what")
        at = from_epoch(now)
        if what == "reserve":
            lasts = data.draw(st.sampled_from([1, 60, 2 * DAY, 400 * DAY]), label="lasts")
            units = data.draw(st.builds(quantity, st.sampled_from(UNITS), st.sampled_from([0, 1, 1800])), label="units")
            answer = reserve(agreed, units, key=key, opening=state, as_of=at, expires_at=from_epoch(now + lasts))
        elif what == "commit":
            worked = data.draw(work_times(), label="worked")
            earlier = data.draw(st.sampled_from([0, 1, 60, DAY]), label="begun earlier")
            begun = max(from_epoch(now - earlier), state.as_of)
            work = WorkEntry(f"done {number}", begun, customer=agreed.customer, worked=worked)
            answer = commit(agreed, work, key=key, opening=state)
        else:
            at_once = data.draw(st.sampled_from([0, 2]), label="at once")
            answer = release(agreed, key=key, opening=state, as_of=max(from_epoch(now - at_once), state.as_of))
        note(str(answer))
        recorded += answer.events
        state = answer.closing
    end = from_epoch(now + 2 + data.draw(st.sampled_from([0, 60, 400 * DAY]), label="end"))
    assert (
        rate(agreed, [], until=end, opening=state).closing == rate(agreed, recorded, until=end, opening=opening).closing
    )
