"""The status of a ticket: for each metric its clock, as it stood at one instant, made when somebody looks.

A ticket has one clock for each metric, and where terms let a clock start anew, several in turn: its *cycles*. A cycle
falls into *segments*, which follow each other without a gap from its start to its end or to the instant at which it is
looked at; the seconds that they count add up to the time that is used (C12).
"""

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

import attrs

from supportcontracts._fields import frozen
from supportcontracts.contracts.tiers import METRICS, Cell, Metric, Tier
from supportcontracts.contracts.tiers.wording import cell_words
from supportcontracts.errors import InvalidValue
from supportcontracts.quantity import WorkTime
from supportcontracts.sla.clock import Cycle, Stretch
from supportcontracts.sla.printing import ClockExplanation, explained, status_text
from supportcontracts.sla.program import compiled
from supportcontracts.sla.segments import ClockSegment, segments_of
from supportcontracts.sla.table import Code, TicketState
from supportcontracts.timeline import Instant, from_epoch

__all__ = ["Contradiction", "MetricState", "MetricStatus", "Outcome", "TicketStatus"]


def __dir__() -> list[str]:
    return __all__


MetricState = Literal["not-started", "running", "paused", "untimed", "met", "ended"]
"""How a clock stands: "untimed" is one that goes on without a target, "ended" one that stopped without being met."""

Outcome = Literal["pending", "met", "missed", "none"]
"""What became of a target: met in time, missed, neither as yet, or never to be decided."""


@frozen
class Contradiction:
    """An event that contradicts the state of its ticket, and so had no effect.

    Attributes:
        event: the id of the event.
        at: when it happened.
        kind: what kind of event it is.
        state: the state in which it found the ticket.
        code: why that contradicts.

    Rules: C10.
    """

    event: str
    at: Instant
    kind: str
    state: TicketState
    code: Code

    def __str__(self) -> str:
        return f"{self.event}: {self.kind} while {self.state.replace('-', ' ')}, {self.code.replace('-', ' ')}"


@frozen
class MetricStatus:
    """One clock of a ticket: one cycle of one metric, as it stood at an instant.

    Attributes:
        metric: what is measured.
        cycle: which clock of this metric it is, from 1.
        severity: the severity that the ticket was served as.
        target: what was promised: a target, or a word for none; before the start it may still depend on the arrival.
        state: how the clock stands.
        reason: why it does not run: the state of the ticket that pauses or stopped it; "" where it runs.
        started_at: when it started; None if it has not.
        due_at: when the time is used up; None while the clock is paused, and without a target.
        elapsed: the time used, counted as the target counts; None without a target.
        allowed: the time that the target gives; None without one.
        met_at: when it was met, in time or not; None if it was not.
        ended_at: when it stopped without being met; None if it did not.
        breached_at: when the time was exceeded; None if it was not.
        as_of: the instant at which it is looked at.

    Rules: C3, C4, C5.
    """

    metric: Metric
    cycle: int
    severity: int | None
    target: Cell
    state: MetricState
    reason: str
    started_at: Instant | None
    due_at: Instant | None
    elapsed: WorkTime | None
    allowed: WorkTime | None
    met_at: Instant | None
    ended_at: Instant | None
    breached_at: Instant | None
    as_of: Instant
    stretches: tuple[Stretch, ...] = attrs.field(repr=False)

    @property
    def remaining(self) -> WorkTime | None:
        """The time that is left, never below zero; None without a target, and once the clock has stopped."""
        if self.elapsed is None or self.allowed is None or self.state not in ("running", "paused"):
            return None
        return WorkTime(max(self.allowed.seconds - self.elapsed.seconds, 0))

    @property
    def overdue(self) -> WorkTime | None:
        """The time used beyond what the target gives; None without a target."""
        if self.elapsed is None or self.allowed is None:
            return None
        return WorkTime(max(self.elapsed.seconds - self.allowed.seconds, 0))

    @property
    def outcome(self) -> Outcome:
        """What became of the target: "missed" once it was breached, "met" if it was met in time, else "pending".

        It is "none" where there is no target, and where the clock has not started or ended before its time was up.
        """
        if self.breached_at is not None:
            return "missed"
        if self.allowed is None or self.state in ("not-started", "ended"):
            return "none"
        return "met" if self.met_at is not None else "pending"

    @property
    def decided_at(self) -> Instant | None:
        """When it was decided that the target was met or missed (D33); None before."""
        return self.breached_at if self.breached_at is not None else self.met_at if self.allowed is not None else None

    @cached_property
    def segments(self) -> tuple[ClockSegment, ...]:
        """The life of the clock without a gap, and why each part counted or did not (C12)."""
        return segments_of(self.stretches)


@frozen
class TicketStatus:
    """How a ticket stands at an instant: its clocks, and the events that contradict each other.

    Attributes:
        ticket: the ticket.
        tier: the tier that it is served by.
        severity: the severity that it is served as.
        state: the state of the ticket.
        as_of: the instant at which it is looked at; what happened at it is included.
        contradictions: the events that had no effect, in order.

    Rules: C1, C15.
    """

    ticket: str
    tier: Tier
    severity: int | None
    state: TicketState
    as_of: Instant
    contradictions: tuple[Contradiction, ...]
    channel: str | None = attrs.field(repr=False)
    record: tuple[Cycle, ...] = attrs.field(repr=False)

    @cached_property
    def cycles(self) -> tuple[MetricStatus, ...]:
        """Every clock that started, in the order in which they did."""
        return tuple(_status(cycle, self.as_of) for cycle in self.record)

    @cached_property
    def metrics(self) -> Mapping[Metric, MetricStatus]:
        """The latest clock of every metric; where none started, one that says so."""
        return MappingProxyType({metric: self._latest(place) for place, metric in enumerate(METRICS)})

    def _latest(self, place: int) -> MetricStatus:
        for cycle in reversed(self.record):
            if cycle.metric == place:
                return _status(cycle, self.as_of)
        cell = compiled(self.tier).cells(self.severity, self.channel)[place]
        return _not_started(METRICS[place], self.severity, cell, self.as_of)

    def cycles_of(self, metric: Metric) -> tuple[MetricStatus, ...]:
        """Return the clocks of a metric in turn.

        Example:
            See `track`.
        """
        return tuple(status for status in self.cycles if status.metric == _known(metric))

    @cached_property
    def first_response(self) -> MetricStatus:
        """The clock of the first answer."""
        return self._latest(METRICS.index("first-response"))

    @cached_property
    def next_response(self) -> MetricStatus:
        """The clock of the answer to the oldest message that is unanswered."""
        return self._latest(METRICS.index("next-response"))

    @cached_property
    def update(self) -> MetricStatus:
        """The clock of the next periodic update."""
        return self._latest(METRICS.index("update"))

    @cached_property
    def resolution(self) -> MetricStatus:
        """The clock of the solution."""
        return self._latest(METRICS.index("resolution"))

    @cached_property
    def workaround(self) -> MetricStatus:
        """The clock of a way around the problem."""
        return self._latest(METRICS.index("workaround"))

    @cached_property
    def hold_time(self) -> MetricStatus:
        """The clock of a caller who is kept on hold."""
        return self._latest(METRICS.index("hold-time"))

    def explain(self, metric: Metric, *, cycle: int | None = None) -> ClockExplanation:
        """Derive a clock segment by segment: what counted, what did not and why, and when it is due.

        Args:
            metric: what is measured.
            cycle: which of its clocks; None: the latest.

        Raises:
            InvalidValue: for an unknown metric, or a cycle that there is none of.
        """
        found = self.metrics[_known(metric)]
        if cycle is not None:
            cycles = {status.cycle: status for status in self.cycles_of(metric)}
            if cycle not in cycles:
                listed = ", ".join(map(str, cycles)) or "none"
                raise InvalidValue("explain(cycle=…)", repr(cycle), f"one of its cycles was expected: {listed}")
            found = cycles[cycle]
        return explained(self, found)

    def to_rows(self) -> list[dict[str, Any]]:
        """Every clock as a plain dict of texts and whole numbers, ready for a data frame."""
        return [
            {
                "ticket": self.ticket,
                "tier": self.tier.name,
                "severity": status.severity,
                "metric": status.metric,
                "cycle": status.cycle,
                "target": cell_words(status.target),
                "state": status.state,
                "reason": status.reason,
                "outcome": status.outcome,
                "started_at": _text(status.started_at),
                "due_at": _text(status.due_at),
                "elapsed": None if status.elapsed is None else status.elapsed.seconds,
                "allowed": None if status.allowed is None else status.allowed.seconds,
                "remaining": None if status.remaining is None else status.remaining.seconds,
                "met_at": _text(status.met_at),
                "ended_at": _text(status.ended_at),
                "breached_at": _text(status.breached_at),
                "as_of": self.as_of.isoformat(),
            }
            for status in self.cycles
        ]

    def __str__(self) -> str:
        return status_text(self)


def _known(metric: Metric) -> Metric:
    if metric not in METRICS:
        listed = ", ".join(f'"{each}"' for each in METRICS)
        raise InvalidValue("metric", repr(metric), f"one of {listed} was expected")
    return metric


def _text(at: Instant | None) -> str | None:
    return None if at is None else at.isoformat()


def _instant(at: int | None) -> Instant | None:
    return None if at is None else from_epoch(at)


def _status(cycle: Cycle, as_of: Instant) -> MetricStatus:
    timed = cycle.promise.budget is not None
    state: MetricState
    if cycle.met is not None:
        state = "met"
    elif cycle.stopped is not None:
        state = "ended"
    elif not timed:
        state = "untimed"
    else:
        state = "paused" if cycle.reason else "running"
    return MetricStatus(
        METRICS[cycle.metric],
        cycle.number,
        cycle.severity,
        cycle.promise.target,
        state,
        cycle.reason.replace("-", " "),
        from_epoch(cycle.start),
        _instant(cycle.due_epoch),
        WorkTime(cycle.used) if timed else None,
        None if cycle.promise.budget is None else WorkTime(cycle.promise.budget),
        _instant(cycle.met),
        _instant(cycle.stopped if cycle.met is None else None),
        _instant(cycle.breached),
        as_of,
        cycle.stretches,
    )


def _not_started(metric: Metric, severity: int | None, cell: Cell, as_of: Instant) -> MetricStatus:
    return MetricStatus(
        metric, 1, severity, cell, "not-started", "", None, None, None, None, None, None, None, as_of, ()
    )
