"""One clock: the time that one promise was given, from its start until it was met, ended, or is looked at.

A clock runs on integers. Its *stretches* tell its whole life without a gap: each from an instant up to another, with
the promise that was in force, why it stood still ("" where it ran), the seconds used before it, and when it was due.
Segments, explanations and escalations are read off them.

When a clock is due is kept as a `Due`: the instant, or that from which the rest of the budget is spent. Most clocks are
never asked, since as long as less than the budget is used, none is late; so the calendar is asked once for each stretch
that ran, and no more.

Three invariants hold the laws together. Used seconds are those counted under the promise in force when they passed,
and never counted anew. A pause in which no covered second passed leaves the due instant alone. What is past is never
changed by what follows, but for a met clock that is reopened.
"""

from typing import NamedTuple, TypeAlias

from supportcontracts.sla.program import Promise

__all__ = ["Clock", "Cycle", "Due", "Stretch", "due_of"]


def __dir__() -> list[str]:
    return __all__


Due: TypeAlias = int | tuple[int, int] | None
"""When a clock is due: an instant; or an instant and the seconds used by then, and the rest follows; or never."""


# Records are made in every step of the fold: this way takes half as long as calling their classes.
_made = tuple.__new__


def due_of(promise: Promise, due: Due) -> int | None:
    """Find the instant at which a clock is due.

    Example:
        >>> from supportcontracts.coverage import WallTime
        >>> from supportcontracts.quantity import seconds
        >>> promise = Promise(WallTime(seconds(90)), 0, None, 90)
        >>> due_of(promise, (1000, 30)), due_of(promise, 1060)
        (1060, 1060)
    """
    return promise.due_after(*due) if type(due) is tuple else due  # type: ignore[return-value]  # an int, or None


class Stretch(NamedTuple):
    """A part of the life of a clock in which nothing changed."""

    start: int
    end: int
    promise: Promise
    reason: str
    used: int
    due: Due
    severity: int | None

    @property
    def due_epoch(self) -> int | None:
        """When the clock was due; None where it stood still, and without a target."""
        return None if self.reason else due_of(self.promise, self.due)


class Cycle(NamedTuple):
    """What there is to know of one cycle of one metric at the instant at which it was looked at."""

    metric: int
    number: int
    severity: int | None
    start: int
    promise: Promise
    reason: str
    used: int
    due: Due
    met: int | None
    stopped: int | None
    breached: int | None
    known: int
    stretches: tuple[Stretch, ...]

    @property
    def due_epoch(self) -> int | None:
        """When the clock is due, or was when it stopped; None while it is paused, and without a target."""
        return due_of(self.promise, self.due) if self.stopped is not None or not self.reason else None


class Clock:
    """One cycle of one metric, as it runs."""

    __slots__ = (
        "breached", "cell", "cycle", "due", "final", "met", "metric", "paused", "promise", "ran", "reason",
        "severity", "since", "start", "stopped", "stretches", "used",
    )  # fmt: skip

    def __init__(self, metric: int, cycle: int, at: int, cell: object, promise: Promise, severity: int | None) -> None:
        self.metric = metric
        self.cycle = cycle
        self.start = self.since = at
        self.cell = cell
        self.promise = promise
        self.severity = severity
        self.stretches: list[Stretch] = []
        self.used = 0
        self.reason = ""
        self.due: Due = None if promise.budget is None else (at, 0)
        self.ran: tuple[int, int, Due] | None = None  # when it last went on, and the pause before that
        self.paused = at
        self.breached: int | None = None
        self.met: int | None = None
        self.stopped: int | None = None
        self.final = False

    def settle(self, at: int) -> None:
        """Close the stretch that ends here, and see whether the clock passed its due instant (C5)."""
        since = self.since
        if at == since:
            return
        promise, reason = self.promise, self.reason
        self.stretches.append(_made(Stretch, (since, at, promise, reason, self.used, self.due, self.severity)))
        self.since = at
        budget = promise.budget
        if budget is None:
            return
        if not reason:
            coverage = promise.coverage
            self.used += at - since if coverage is None else coverage.elapsed_epoch(since, at)
        if self.used >= budget and self.breached is None and self.stopped is None:
            due = due_of(promise, self.due)
            assert due is not None
            # A pause only helps while there is cover: in the night the time that is left runs out all the same.
            if due < at and (not reason or promise.elapsed(self.paused, due + 1) == 0):
                self.breached = due

    def pause(self, at: int, reason: str) -> None:
        """Stand still from here on, or stand still for another reason."""
        if reason == self.reason:
            return
        self.settle(at)
        if not self.reason:
            if self.ran is not None and self.ran[0] == at:
                _, self.paused, self.due = self.ran  # it did not run at all
            else:
                self.paused = at
        self.reason = reason

    def go_on(self, at: int) -> None:
        """Run from here on."""
        if not self.reason:
            return
        self.settle(at)
        self.reason = ""
        self.ran = (at, self.paused, self.due)
        self.due = self.due_if_resumed(at)

    def due_if_resumed(self, at: int) -> Due:
        """Say when a clock that stands still would be due if it went on at an instant."""
        budget = self.promise.budget
        if budget is None:
            return None
        if self.used < budget:
            return at, self.used
        due = due_of(self.promise, self.due)
        assert due is not None
        return due if due < self.paused or self.promise.elapsed(self.paused, at) == 0 else at

    def rename(self, at: int, cell: object, severity: int | None) -> None:
        """Serve the clock as another severity that is promised the same."""
        self.settle(at)
        self.cell, self.severity = cell, severity

    def change(self, at: int, cell: object, promise: Promise, severity: int | None, *, recomputed: bool) -> None:
        """Count against another promise from here on; what was used stays used (C6)."""
        self.settle(at)
        self.cell, self.promise, self.severity = cell, promise, severity
        self.ran = None
        budget = promise.budget
        if budget is None:
            self.due = None
            return
        late = self.used > budget
        if late or (self.used == budget and not self.reason):
            due = self._used_up(budget)
            late = late or due < at
            self.due = due
        else:
            self.due = (at, self.used)
        self.paused = at
        if late and self.breached is None:
            self.breached = at
        elif not late and recomputed:
            self.breached = None

    def _used_up(self, budget: int) -> int:
        """Find when a clock with this budget would have been due, in what is past."""
        due = None
        for start, end, promise, reason, used, _, _ in self.stretches:
            runs = not reason and promise.budget is not None
            passed = promise.elapsed(start, end)
            if due is None:
                if runs and used + passed >= budget:
                    left = budget - used
                    due = start + left if promise.coverage is None else promise.coverage.due_epoch(start, left)
                    if due < end:
                        return due
            elif runs:
                return due
            elif passed:
                due = end  # nothing was left when it paused, so it was due when it went on
        return self.start if due is None else due

    def stop(self, at: int, reason: str, *, met: bool) -> None:
        """Stop for good, unless the ticket is reopened."""
        self.settle(at)
        if self.reason:
            self.due = self.due_if_resumed(at)
        self.paused, self.ran = at, None
        self.reason, self.stopped = reason, at
        if met:
            self.met = at

    def reopen(self, at: int, reason: str) -> None:
        """Take back that the clock stopped: go on without the time between, and only then pause if there is a reason.

        So a reopening into a pause is missed when the same one without the pause is, as long as nothing is covered.
        """
        self.settle(at)
        self.stopped = self.met = None
        self.go_on(at)
        if isinstance(self.due, int) and self.due < at and self.breached is None:
            self.breached = at  # it was met just in time, and has no time left: late as soon as that is taken back
        self.ran = None
        self.pause(at, reason)

    def finish(self, as_of: int, known: int) -> Cycle:
        """Close the last stretch at the instant at which the clock is looked at.

        What was promised was `known` from an instant that may be later than the start (C14).
        """
        if self.stopped is None:
            self.settle(as_of)
        return _made(
            Cycle,
            (
                self.metric,
                self.cycle,
                self.severity,
                self.start,
                self.promise,
                self.reason,
                self.used,
                self.due,
                self.met,
                self.stopped,
                self.breached,
                max(self.start, known),
                tuple(self.stretches),
            ),
        )
