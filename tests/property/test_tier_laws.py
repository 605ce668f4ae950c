"""Laws of what is promised: calendars at every instant, a search at every start, documents there and back."""

from typing import Any, TypeAlias

import attrs
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from supportcontracts.contracts.escalation import EscalationLevel
from supportcontracts.contracts.service_credits import ServiceCredits
from supportcontracts.contracts.tiers import ClockPolicy, TicketFacts, Tier
from supportcontracts.contracts.tiers.proving.containing import contains
from supportcontracts.contracts.tiers.proving.searching import Limits, budget_at, later_due, never_more
from supportcontracts.coverage import AnyCoverage, Coverage, Target
from supportcontracts.errors import NeverOpen
from supportcontracts.interop.codec import from_json, to_json
from supportcontracts.testing import strategies
from supportcontracts.testing.strategies import any_coverages, combined_coverages, coverages
from supportcontracts.testing.strategies.covering import instants_near
from supportcontracts.timeline import epoch

Strategy: TypeAlias = st.SearchStrategy[Any]

DAY = 86_400


@pytest.mark.rule("A6")
@given(
    data=st.data(), wide=any_coverages(beyond="report"), narrow=any_coverages(beyond="report"), how=st.integers(0, 5)
)
def test_what_contains_another_is_open_whenever_it_is(
    data: st.DataObject, wide: AnyCoverage, narrow: AnyCoverage, how: int
) -> None:
    """Where the terms show that one calendar holds another one, no instant shows otherwise."""
    pairs = [(wide, narrow), (wide | narrow, narrow), (narrow, narrow & wide), (narrow, narrow - wide)]
    if isinstance(narrow, Coverage):
        pairs.append((attrs.evolve(narrow, holidays=()), narrow))
        pairs.append((attrs.evolve(narrow, windows="mon-sun 00:00-23:59"), narrow))
    wider, narrower = pairs[how % len(pairs)]
    found = contains(wider, narrower)
    event(f"{how}: {found}")
    at = epoch(data.draw(instants_near(narrower)))
    if found:
        assert wider.is_open_epoch(at) or not narrower.is_open_epoch(at)


@pytest.mark.rule("A6")
@given(
    data=st.data(), calendar=coverages(beyond="report"), other=combined_coverages(operation="union", beyond="report")
)
def test_a_search_misses_no_start(data: st.DataObject, calendar: AnyCoverage, other: AnyCoverage) -> None:
    """What a search finds of all starts holds for each of them; what it finds of one start is so."""
    start = epoch(data.draw(instants_near(calendar)))
    limits = Limits(start - 2 * DAY, start + 12 * DAY)
    targets: list[Target] = [calendar.days(1), calendar.days(2), calendar.hours(8), other.hours(8), other.days(1)]
    old, new = (data.draw(st.sampled_from(targets)) for _ in range(2))
    met, later = never_more(old, new, limits), later_due(old, new, limits)
    event(f"{met is not None}, {later is not None}")
    for at in (start, start - 1, start + data.draw(st.integers(-2 * DAY, 9 * DAY))):
        due = due_or_none(old, at)
        if due is None or due > limits.until:
            continue
        if met is not None:
            assert budget_at(new, at) <= budget_at(old, at)
        if later is None and (now := due_or_none(new, at)) is not None:
            assert now <= due
    if later is not None:
        assert (old.due_epoch(later.start), new.due_epoch(later.start)) == (later.old, later.new)
        assert later.new is not None
        assert later.old is not None
        assert later.new > later.old


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Tier, strategies.tiers()),
        (ServiceCredits, strategies.service_credits()),
        (EscalationLevel, strategies.escalation_levels()),
        (TicketFacts, strategies.ticket_facts()),
        (ClockPolicy, strategies.clock_policies()),
    ],
    ids=lambda kind: getattr(kind, "__name__", ""),
)
@given(data=st.data())
def test_what_is_promised_reads_back_from_json(kind: type[object], values: Strategy, data: st.DataObject) -> None:
    """What is written as a document is read back as the same value."""
    value = data.draw(values)
    assert from_json(to_json(value), kind) == value


def due_or_none(target: Target, start: int) -> int | None:
    """Return when a target is due, or None if its calendar does not open any more."""
    try:
        return target.due_epoch(start)
    except NeverOpen:
        return None
