"""Escalation: what a scheduler should send between two instants, each once, however time is cut.

A level is reached at the first instant at which a clock, while it runs, has come to it. That instant follows from what
happened until then and from nothing later, so a scheduler that asks for one span after the other gets each escalation
in exactly one of them. Its key names the clock and the level: what was sent under a key need not be sent again.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from supportcontracts._fields import frozen, require_kind
from supportcontracts.contracts.escalation import EscalationLevel, Offset
from supportcontracts.contracts.tiers import METRICS, PAUSE_STATES, Metric, Tier
from supportcontracts.contracts.tiers.wording import metric_words
from supportcontracts.errors import InvalidValue
from supportcontracts.events import Event, Opened
from supportcontracts.sla.clock import Cycle, Stretch
from supportcontracts.sla.verbs import track_all
from supportcontracts.timeline import Instant, epoch, from_epoch, instant

__all__ = ["Escalation", "due_escalations"]


def __dir__() -> list[str]:
    return __all__


@frozen
class Escalation:
    """Something to send: a level that a clock has reached.

    Attributes:
        key: names the ticket, the metric, the cycle and the level; the same escalation always has the same key.
        at: when to send it.
        ticket: the ticket.
        metric: what is measured.
        cycle: which clock of the metric, from 1.
        severity: the severity that the ticket is served as.
        level: the name of the level.
        to: who is told.
        reached_at: when the clock reached the level; earlier than `at` where it was held.
        due_at: when the clock was due, as it was known then.

    Rules: C16, C17.
    """

    key: str
    at: Instant
    ticket: str
    metric: Metric
    cycle: int
    severity: int | None
    level: str
    to: tuple[str, ...]
    reached_at: Instant
    due_at: Instant

    def to_row(self) -> dict[str, Any]:
        """The escalation as a plain dict of texts and whole numbers, ready for a data frame."""
        return {
            "key": self.key,
            "at": self.at.isoformat(),
            "ticket": self.ticket,
            "metric": self.metric,
            "cycle": self.cycle,
            "severity": self.severity,
            "level": self.level,
            "to": ", ".join(self.to),
            "reached_at": self.reached_at.isoformat(),
            "due_at": self.due_at.isoformat(),
        }

    def __str__(self) -> str:
        to = f" to {', '.join(self.to)}" if self.to else ""
        at, due = (value.strftime("%Y-%m-%d %H:%M") for value in (self.at, self.due_at))
        return f"{at} UTC  {self.ticket} {metric_words(self.metric)}: {self.level}{to}, due {due} UTC"


def due_escalations(
    tier: Tier | Callable[[Opened], Tier | None],
    events: Iterable[Event],
    levels: EscalationLevel | Iterable[EscalationLevel],
    *,
    since: datetime,
    until: datetime,
    tiers: Iterable[Tier] = (),
    known_at: datetime | None = None,
) -> tuple[Escalation, ...]:
    """List what is to be sent from one instant up to another, in order, each escalation once.

    A level is reached while a clock runs; what a pause holds up is reached when the clock goes on. Outside the hours of
    a level it is held until they open, and dropped if the clock was met or ended by then. Where events are recorded
    late, ask for a longer time and leave out the keys that were sent already.

    Args:
        tier: what was agreed for all tickets, or a function from the opening of a ticket to its tier, or None.
        events: what happened, in any order; what happened at `until` or later does not matter.
        levels: the levels, each with a name of its own.
        since: the first instant.
        until: the first instant that no longer belongs.
        tiers: other tiers to which tickets may be moved, by name.
        known_at: leave out what was recorded after this instant; None: keep everything.

    Raises:
        InvalidValue: for an end before the start, and for two levels of one name.

    Rules: C16, C17.

    Example:
        >>> from supportcontracts.contracts.tiers import Targets
        >>> from supportcontracts.coverage import Coverage
        >>> from supportcontracts.quantity import percent
        >>> office = Coverage("mon-fri 09:00-17:00", zone="UTC")
        >>> at = office.zone.at
        >>> tier = Tier("premium", targets={2: Targets(resolution=office.hours(8))})
        >>> events = [Opened("E-1", at("2025-03-03 10:00"), ticket="T-1", severity=2)]
        >>> levels = [EscalationLevel("half", percent(50)), EscalationLevel("lead", percent(75), to="paul.ade")]
        >>> today = {"since": at("2025-03-03 12:00"), "until": at("2025-03-04 00:00")}
        >>> for each in due_escalations(tier, events, levels, **today):
        ...     print(each)
        2025-03-03 14:00 UTC  T-1 resolution: half, due 2025-03-04 10:00 UTC
        2025-03-03 16:00 UTC  T-1 resolution: lead to paul.ade, due 2025-03-04 10:00 UTC
    """
    first, last = instant(since), instant(until)
    if last < first:
        raise InvalidValue("due_escalations(until=…)", str(last), f"an instant from {first} on was expected")
    agreed = _levels(levels)
    if first == last:
        return ()
    low, high = epoch(first), epoch(last)
    found = []
    for status in track_all(tier, events, as_of=from_epoch(high - 1), tiers=tiers, known_at=known_at):
        for cycle in status.record:
            for level in agreed:
                sent = _sent(cycle, level, high - 1)
                if sent is not None and low <= sent[0] < high:
                    found.append(_escalation(status.ticket, cycle, level, *sent))
    return tuple(sorted(found, key=lambda each: (each.at, each.key)))


def _levels(levels: EscalationLevel | Iterable[EscalationLevel]) -> list[EscalationLevel]:
    given = [levels] if isinstance(levels, EscalationLevel) else list(levels)
    names = set()
    for level in given:
        require_kind("due_escalations(levels)", level, EscalationLevel, "escalation levels were expected")
        if level.name in names:
            raise InvalidValue(
                "due_escalations(levels)",
                f"two levels named {level.name!r}",
                "each name once was expected, since it is part of the key",
                "Give one of them a name of its own.",
            )
        names.add(level.name)
    return given


def _escalation(
    ticket: str, cycle: Cycle, level: EscalationLevel, at: int, reached: int, stretch: Stretch
) -> Escalation:
    metric = METRICS[cycle.metric]
    due = stretch.due_epoch
    assert due is not None
    return Escalation(
        f"{ticket}/{metric}/{cycle.number}/{level.name}",
        from_epoch(at),
        ticket,
        metric,
        cycle.number,
        stretch.severity,
        level.name,
        level.to,
        from_epoch(reached),
        from_epoch(due),
    )


def _sent(cycle: Cycle, level: EscalationLevel, as_of: int) -> tuple[int, int, Stretch] | None:
    """Find when a level is to be sent for a clock, when it was reached, and in which stretch; None if never so far."""
    for stretch in _running(cycle, as_of):
        if not level.concerns(METRICS[cycle.metric], stretch.severity):
            continue
        reached = max(_reached(stretch, level), stretch.start, cycle.known)
        if reached >= stretch.end:
            continue
        at = reached
        if level.within is not None:
            at = level.within.next_open_epoch(reached)
        if at > as_of:
            return None  # whether it is sent then is not known yet
        if _lives(cycle, at):
            return at, reached, stretch
    return None


def _running(cycle: Cycle, as_of: int) -> Iterable[Stretch]:
    """List the stretches in which a clock ran; the last one includes the instant at which it is looked at."""
    for stretch in cycle.stretches:
        if not stretch.reason and stretch.due is not None:
            yield stretch
    if cycle.stopped is None and not cycle.reason and cycle.due is not None:
        yield Stretch(as_of, as_of + 1, cycle.promise, "", cycle.used, cycle.due, cycle.severity)


def _lives(cycle: Cycle, at: int) -> bool:
    """Tell whether a clock is neither met nor ended at an instant."""
    if cycle.stopped is not None and at >= cycle.stopped:
        return False
    gaps = (each for each in cycle.stretches if each.reason and each.reason not in PAUSE_STATES)
    return not any(gap.start <= at < gap.end for gap in gaps)


def _reached(stretch: Stretch, level: EscalationLevel) -> int:
    """Find when a clock that runs on as in a stretch comes to a level."""
    promise, due = stretch.promise, stretch.due_epoch
    assert promise.budget is not None
    assert due is not None
    coverage = promise.coverage
    if not isinstance(level.at, Offset):
        threshold = -(-promise.budget * level.at.numerator // level.at.denominator)
        if threshold == promise.budget:
            return due
        left = threshold - stretch.used
        if left <= 0:
            return stretch.start
        return promise.spent_after(stretch.start, left)
    seconds = level.at.quantity.seconds
    if level.at.counted == "wall" or coverage is None:
        return due - seconds if level.at.side == "before-due" else due + seconds
    if level.at.side == "before-due":
        return coverage.due_back_epoch(due, seconds)
    return coverage.due_epoch(due, seconds)
