"""One clock: the time that one promise was given, from its start until it was met, ended, or is looked at.

A clock runs on integers. While it runs it has a due instant; while it stands still it has what is left, and a reason.
Its *stretches* tell its whole life without a gap: each from an instant up to another, with the promise that was in
force, why it stood still ("" where it ran), the seconds used before it, and the due instant while it ran. Segments,
explanations and escalations are read off them.

Three invariants hold the laws together. Used seconds are those counted under the promise in force when they passed,
and never counted anew. A pause in which no covered second passed leaves the due instant alone. What is past is never
changed by what follows, but for a met clock that is reopened.
"""

from typing import NamedTuple

from supportcontracts.sla.program import Promise

__all__ = ["Clock", "Cycle", "Stretch"]


def __dir__() -> list[str]:
    return __all__


class Stretch(NamedTuple):
    """A part of the life of a clock in which nothing changed."""

    start: int
    end: int
    promise: Promise
    reason: str
    used: int
    due: int | None
    severity: int | None


class Cycle(NamedTuple):
    """What there is to know of one cycle of one metric at the instant at which it was looked at."""

    metric: int
    number: int
    severity: int | None
    start: int
    promise: Promise
    reason: str
    used: int
    due: int | None
    met: int | None
    stopped: int | None
    breached: int | None
    known: int
    stretches: tuple[Stretch, ...]


class Clock:
    """One cycle of one metric, as it runs."""

    __slots__ = (
        "breached", "cell", "cycle", "due", "final", "in_force", "met", "metric", "paused", "promise", "ran", "reason",
        "severity", "since", "start", "stopped", "stretches", "used",
    )  # fmt: skip

    def __init__(self, metric: int, cycle: int, at: int, cell: object, promise: Promise, severity: int | None) -> None:
        self.metric = metric
        self.cycle = cycle
        self.start = self.since = self.in_force = at
        self.cell = cell
        self.promise = promise
        self.severity = severity
        self.stretches: list[Stretch] = []
        self.used = 0
        self.reason = ""
        self.due = promise.due
        self.ran: tuple[int, int, int | None] | None = None  # when it last went on, and the pause before that
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
        promise, reason, due = self.promise, self.reason, self.due
        self.stretches.append(Stretch(since, at, promise, reason, self.used, None if reason else due, self.severity))
        self.since = at
        if due is None:
            return
        if not reason:
            self.used += promise.elapsed(since, at)
            if at > due and self.breached is None:
                self.breached = max(due, self.in_force)
        elif (
            # A pause only helps while there is cover: in the night the time that is left runs out all the same.
            self.paused <= due < at
            and self.stopped is None
            and self.breached is None
            and promise.elapsed(self.paused, due + 1) == 0
        ):
            self.breached = max(due, self.in_force)

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
        due = self.due_if_resumed(at)
        if due != self.due:
            self.due, self.in_force = due, at

    def due_if_resumed(self, at: int) -> int | None:
        """Say when a clock that stands still would be due if it went on at an instant."""
        due = self.due
        if due is None or due < self.paused or self.promise.elapsed(self.paused, at) == 0:
            return due
        return self.promise.due_after(at, self.used)

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
        over = self.used > budget
        if over or (self.used == budget and not self.reason):
            self.due = self._used_up(budget)
        else:
            self.due = promise.due_after(at, self.used)
        self.in_force = self.paused = at
        late = over if self.reason else at > self.due
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

    def reopen(self, at: int) -> None:
        """Take back that the clock stopped; until it goes on it stands still for the reason for which it stopped."""
        self.settle(at)
        self.in_force = at
        self.stopped = self.met = None

    def finish(self, as_of: int, known: int) -> Cycle:
        """Close the last stretch at the instant at which the clock is looked at.

        What was promised was `known` from an instant that may be later than the start (C14).
        """
        if self.stopped is None:
            self.settle(as_of)
        return Cycle(
            self.metric,
            self.cycle,
            self.severity,
            self.start,
            self.promise,
            self.reason,
            self.used,
            self.due if self.stopped is not None or not self.reason else None,
            self.met,
            self.stopped,
            self.breached,
            max(self.start, known),
            tuple(self.stretches),
        )
