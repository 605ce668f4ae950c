"""The clocks of a real incident log, against times added up from its rows without the library.

Responses and resolutions of 890 incidents, in office hours, without the time in which they awaited the user. The log
knows minutes, so the sums here go day by day and minute by minute.
"""

import functools
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import attrs
import pytest

from examples.incident_log import ticket_events
from supportcontracts import ClockPolicy, SeverityChanged, Targets, TicketStatuses, Tier, Zone, seconds, track_all
from supportcontracts.coverage import Coverage
from tests.test_incident_log import LOG, moment, rows, updates

pytestmark = pytest.mark.skipif(not LOG.exists(), reason="the incident log is not beside this checkout")

UTC = Zone("UTC")
OFFICE = Coverage("mon-fri 09:00-17:00", zone=UTC)
AS_OF = datetime(2017, 3, 1)
# By priority: minutes of office time for the response, and for the resolution.
PROMISED = {1: (60, 480), 2: (120, 960), 3: (480, 2400), 4: (960, 4800)}
LOGGED = Tier(
    "logged",
    targets={
        priority: Targets(first_response=OFFICE.minutes(response), resolution=OFFICE.minutes(resolution))
        for priority, (response, resolution) in PROMISED.items()
    },
    clock=ClockPolicy(pauses={"waiting-on-customer": ["resolution"]}),
)
WAITING, FINISHED = "Awaiting User Info", ("Resolved", "Closed")
DAY = timedelta(days=1)


@functools.cache
def statuses() -> TicketStatuses:
    """Track every incident to the end of the log."""
    return track_all(LOGGED, ticket_events(rows()), as_of=UTC.at(str(AS_OF)[:16]))


@functools.cache
def unchanged() -> frozenset[str]:
    """List the incidents whose priority never changed."""
    changed = {event.ticket for event in ticket_events(rows()) if isinstance(event, SeverityChanged)}
    return frozenset(updates()) - changed


# Adding up without the library


def covered(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Cut the office time out of a stretch, day by day."""
    day = start.replace(hour=0, minute=0)
    while day < end:
        low, high = max(start, day.replace(hour=9)), min(end, day.replace(hour=17))
        if day.weekday() < 5 and low < high:
            yield low, high
        day += DAY


def states(number: str) -> list[tuple[datetime, str]]:
    """List the states of an incident, each from when on; the opening first."""
    changes = [(moment(row["sys_updated_at"]), row["incident_state"]) for row in updates()[number]]
    opened = min(moment(updates()[number][0]["opened_at"]), changes[0][0])
    return [(opened, "New"), *changes]


def counting(number: str) -> list[tuple[datetime, datetime]]:
    """List the stretches in which the resolution of an incident counts: neither waiting nor finished."""
    changes = [*states(number), (AS_OF, "the end")]
    return [
        stretch
        for (start, state), (end, _) in pairwise(changes)
        if state != WAITING and state not in FINISHED
        for stretch in covered(start, end)
    ]


def used(stretches: list[tuple[datetime, datetime]]) -> int:
    """Add up stretches, in minutes."""
    return sum((end - start) // timedelta(minutes=1) for start, end in stretches)


def due(stretches: list[tuple[datetime, datetime]], promised: int) -> datetime | None:
    """Find when so many minutes are used up; None if they never are."""
    for start, end in stretches:
        minutes = (end - start) // timedelta(minutes=1)
        if promised <= minutes:
            return start + timedelta(minutes=promised)
        promised -= minutes
    return None


def answered(number: str) -> datetime:
    """Find the first answer: work on the incident, or its solution."""
    return next(at for at, state in states(number) if state in ("Active", *FINISHED))


def solved(number: str) -> datetime:
    """Find the last time at which an incident was finished."""
    changes = states(number)
    last = max(index for index, (_, state) in enumerate(changes) if state not in FINISHED)
    return changes[last + 1][0]


# The clocks


@pytest.mark.rule("C1", "C2", "C3")
def test_every_incident_has_its_clocks() -> None:
    """Of all 890 incidents the response and the resolution are met at the right minute after the right office time."""
    assert len(statuses()) == 890
    for status in statuses():
        number = status.ticket
        response, resolution = status.first_response, status.resolution
        assert (response.state, resolution.state, status.contradictions) == ("met", "met", ()), number
        assert response.met_at == UTC.at(str(answered(number))[:16]), number
        assert resolution.met_at == UTC.at(str(solved(number))[:16]), number
        opened = states(number)[0][0]
        assert response.elapsed == seconds(60 * used(list(covered(opened, answered(number))))), number
        assert resolution.elapsed == seconds(60 * used(counting(number))), number


@pytest.mark.rule("C12")
def test_every_segment_is_accounted_for() -> None:
    """Segments follow each other over the life of every clock, and the office time in them is that of the calendar."""
    for status in statuses():
        for clock in (status.first_response, status.resolution):
            edges = [clock.started_at, *(segment.end for segment in clock.segments)]
            assert [segment.start for segment in clock.segments] == edges[:-1], status.ticket
            assert edges[-1] == clock.met_at, status.ticket
            counted = sum(segment.counted.seconds for segment in clock.segments)
            assert clock.elapsed == seconds(counted), status.ticket
            for segment in clock.segments:
                start, end = (moment(each.strftime("%d-%m-%Y %H:%M")) for each in (segment.start, segment.end))
                assert segment.covered.seconds == 60 * used(list(covered(start, end))), status.ticket
                assert segment.reason in ("running", "waiting on customer", "resolved", "no cover"), status.ticket


@pytest.mark.rule("C5", "C7")
def test_attainment_by_priority() -> None:
    """How many responses and resolutions were in time, for each priority, is what the rows say."""
    expected: Counter[tuple[str, int, str]] = Counter()
    found: Counter[tuple[str, int, str]] = Counter()
    for number in unchanged():
        priority = int(updates()[number][0]["priority"][0])
        opened = states(number)[0][0]
        response, resolution = PROMISED[priority]
        for metric, at, stretches, promised in (
            ("first-response", answered(number), list(covered(opened, answered(number))), response),
            ("resolution", solved(number), counting(number), resolution),
        ):
            limit = due(stretches, promised)
            in_time = limit is None or at <= limit
            if not in_time and metric == "resolution" and limit is not None:
                # Used up in the last minute before the ticket waited or was finished, it is due when it goes on.
                later = [start for start, _ in stretches if start >= limit]
                in_time = not later and used(stretches) == promised and at == limit
            expected[metric, priority, "met" if in_time else "missed"] += 1
        status = statuses()[number]
        for clock in (status.first_response, status.resolution):
            found[clock.metric, priority, clock.outcome] += 1
    assert found == expected
    assert sum(found.values()) == 2 * len(unchanged())
    assert (
        min(found[metric, 3, outcome] for metric in ("first-response", "resolution") for outcome in ("met", "missed"))
        > 20
    )


@pytest.mark.rule("C15")
def test_the_log_may_be_looked_at_any_day() -> None:
    """Looked at day by day, no clock that was missed is in time later, and used time only grows."""
    events = ticket_events(rows())
    before: dict[str, tuple[int, bool]] = {}
    for day in (1, 2, 3, 4, 7, 8, 20):
        for status in track_all(LOGGED, events, as_of=UTC.at(f"2016-03-{day:02} 12:00")):
            clock = status.resolution
            if clock.elapsed is None:
                continue
            late = clock.breached_at is not None
            least, missed = before.get(status.ticket, (0, False))
            assert clock.elapsed.seconds >= least, status.ticket
            assert late or not missed, status.ticket
            before[status.ticket] = (clock.elapsed.seconds, late)
    assert len(before) == 890


@pytest.mark.rule("C3")
def test_without_pauses_the_waiting_counts() -> None:
    """If nothing pauses, every incident has used at least as much, and those that waited in office hours more."""
    policy = attrs.evolve(LOGGED.clock, pauses={})
    everything = track_all(attrs.evolve(LOGGED, clock=policy), ticket_events(rows()), as_of=UTC.at(str(AS_OF)[:16]))
    for status, paused in zip(everything, statuses(), strict=True):
        waited = sum(s.covered.seconds for s in paused.resolution.segments if s.reason == "waiting on customer")
        assert status.resolution.elapsed is not None
        assert paused.resolution.elapsed is not None
        assert status.resolution.elapsed.seconds - paused.resolution.elapsed.seconds == waited, status.ticket
