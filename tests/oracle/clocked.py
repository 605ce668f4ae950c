"""The clocks of a ticket by walking along the tape: every stretch of time is passed over, be it open, closed or paused.

A clock keeps the open seconds that passed while it ran, the instant at which they will be used up if nothing else
happens, and whether the pause it is in has met an open second yet; until it has, the pause changes nothing. Whatever
happens at one instant is done before time passes. Terms and events of the library are read as data; states, signals
and the order at one instant are written down here again, from the guide.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from supportcontracts.contracts.tiers import ArrivalTarget, Cell, Tier
from supportcontracts.coverage import Coverage, CoveredDays, CoveredTime, WallTime
from supportcontracts.events import TicketEvent
from tests.oracle.covered import Desk, Tape, due_in_days, tape
from tests.oracle.days import second_of
from tests.oracle.desks import read_week

METRICS = ("first-response", "next-response", "update", "resolution", "workaround", "hold-time")
WITH_TICKET = ("first-response", "resolution", "workaround", "hold-time")
WORKING = ("open", "waiting-on-customer", "waiting-on-vendor")
GONE = ("resolved", "closed", "cancelled", "merged")
AT_ONE_INSTANT = (
    ("Opened",), ("TierChanged",), ("SeverityChanged",), ("Classified",), ("Triaged",), ("Notified",),
    ("Acknowledged",), ("CustomerReachable",), ("CustomerReplied",), ("Resumed",), ("Responded",),
    ("WorkaroundProvided",), ("Resolved",), ("Closed",), ("Cancelled", "Merged", "MarkedDuplicate"), ("Reopened",),
    ("WaitingOnVendor",), ("WaitingOnCustomer",), ("CustomerUnreachable",),
)  # fmt: skip
WAITS = ("WaitingOnCustomer", "WaitingOnVendor")
WITHDRAWALS = ("Cancelled", "Merged", "MarkedDuplicate")
MOVES = ("SeverityChanged", "TierChanged", "CustomerReachable", "CustomerUnreachable")
STARTS = {"Opened": "opened", "Triaged": "triaged", "Notified": "notified"}
THEN = {
    "Opened": "open",
    "WaitingOnCustomer": "waiting-on-customer",
    "WaitingOnVendor": "waiting-on-vendor",
    "Resumed": "open",
    "Resolved": "resolved",
    "Closed": "closed",
    "Cancelled": "cancelled",
    "Merged": "merged",
    "MarkedDuplicate": "merged",
    "Reopened": "open",
}


# Terms, read


class Goal(NamedTuple):
    """What a clock counts against: a target or word, the tape of its calendar, its seconds, and when they are over."""

    target: object
    tape: Tape | None
    closing: str
    seconds: int | None
    due: int | None
    start: int

    def runs(self, start: int, end: int) -> list[tuple[int, int, bool]]:
        """Cut time into stretches that count, or do not; on no calendar all time does."""
        return [(start, end, True)] if self.tape is None else list(self.tape.forwards(start, end))

    def counted(self, start: int, end: int) -> int:
        """Count the seconds that count."""
        return end - start if self.tape is None else self.tape.elapsed(start, end)

    def spend(self, start: int, seconds: int) -> int:
        """Find when so many more are over."""
        if self.tape is None:
            return start + seconds
        return given(self.tape.due(start, seconds, self.closing))


class TooFarError(Exception):
    """The oracle does not look on for longer than some weeks."""


def given(found: int | None) -> int:
    """Return what was found."""
    if found is None:
        raise TooFarError
    return found


@cache
def desk_of(coverage: Coverage) -> Desk:
    """Read a calendar without holidays and overrides as tables."""
    assert not coverage.holidays.dates
    assert not coverage.overrides
    return Desk(coverage.zone.name, read_week(coverage.windows), holiday=coverage.holiday, dst=coverage.dst)


@cache
def tape_of(coverage: Coverage) -> Tape:
    """Look at a calendar."""
    return tape(desk_of(coverage))


def goal_of(cell: Cell, start: int) -> Goal:
    """Read what a cell promises to a clock that starts at an instant."""
    if isinstance(cell, ArrivalTarget):
        assert isinstance(cell.coverage, Coverage)
        cell = cell.inside if tape_of(cell.coverage).is_open(start) else cell.outside
    if isinstance(cell, WallTime):
        return Goal(cell, None, "at-closing", cell.quantity.seconds, start + cell.quantity.seconds, start)
    if isinstance(cell, (CoveredTime, CoveredDays)):
        assert isinstance(cell.coverage, Coverage)
        hours = tape_of(cell.coverage)
        if isinstance(cell, CoveredTime):
            due = given(hours.due(start, cell.quantity.seconds, cell.coverage.closing))
            return Goal(cell, hours, cell.coverage.closing, cell.quantity.seconds, due, start)
        if not cell.days:
            return Goal(cell, hours, "at-closing", 0, start, start)
        days = due_in_days(desk_of(cell.coverage), start, cell.days)
        due = given(days[cell.ends] if days else None)
        return Goal(cell, hours, "at-closing", hours.elapsed(start, due), due, start)
    return Goal(cell, None, "", None, None, start)


def measures(metric: str) -> Callable[[Tier], bool]:
    """Say whether a tier has a clock for a metric: for two always, else where a row gives a time or an effort."""
    return lambda tier: (
        metric in ("first-response", "resolution")
        or any(
            getattr(row.targets, metric.replace("-", "_")) not in (None, "no-target", "if-escalated", "not-offered")
            for row in tier.targets
        )
    )


# One clock


@dataclass(eq=False)
class OClock:
    """One cycle of one metric."""

    metric: str
    number: int
    start: int
    cell: Cell
    severity: int | None
    goal: Goal
    reason: str = ""  # why it stands still
    used: int = 0
    due: int | None = None
    late_from: int = 0  # a target is not missed before it was in force
    helped: bool = False  # whether an open second passed while it stood still
    over: int | None = None
    met: int | None = None
    ended: int | None = None
    fixed: bool = False  # a workaround that was given stays given
    standing: bool = False
    stood: int = 0  # since when
    past: list[tuple[int, int, bool, bool, Goal]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start with all the time that there is."""
        self.due, self.late_from = self.goal.due, self.start

    @property
    def stopped(self) -> bool:
        """Whether it was met or ended."""
        return self.met is not None or self.ended is not None

    def settle(self, at: int) -> None:
        """Do what the reason to stand still says by now: nothing may have come of what was taken back at once."""
        stands = bool(self.reason) or self.stopped
        if stands and not self.standing:
            self.helped, self.stood = False, at
        if self.standing and not stands:
            self.resume(at)
        self.standing = stands

    def resume(self, at: int) -> None:
        """Spend what is left from here on, if the pause took anything, and if it had not been too late before it."""
        if self.helped and self.due is not None and self.due >= self.stood:
            self.due = self.spend_rest(at)
        self.helped = False

    def spend_rest(self, at: int) -> int:
        """Find when what is left is used up; a day stands as it was promised where nothing was lost of it."""
        assert self.goal.seconds is not None
        if isinstance(self.goal.target, CoveredDays) and self.goal.counted(self.goal.start, at) == self.used:
            return given(self.goal.due)
        return self.goal.spend(at, max(self.goal.seconds - self.used, 0))

    def pass_time(self, start: int, end: int) -> None:
        """Let time pass."""
        timed = self.goal.seconds is not None
        for since, until, is_open in self.goal.runs(start, end):
            runs = timed and not self.standing
            self.past.append((since, until, runs, is_open or not timed, self.goal))
            if runs and is_open:
                self.used += until - since
            if self.standing and is_open:
                self.helped = True
            waits = self.standing and self.helped
            if self.due is not None and self.due < until and not waits and not self.stopped and self.over is None:
                self.over = max(self.due, self.late_from)

    def stop(self, at: int, *, met: bool) -> None:
        """Stop, with the due instant that it would have if it went on."""
        self.settle(at)
        if self.standing:
            self.resume(at)
        self.met, self.ended = (at, None) if met else (None, at)
        self.standing, self.helped, self.stood = True, False, at

    def reopen(self, at: int, reason: str) -> None:
        """Go on, without the time between, and only then stand still if there is a reason."""
        self.met = self.ended = None
        self.reason, self.late_from = "", at
        self.settle(at)
        if self.due is not None and self.due < at and self.over is None:
            self.over = at  # it was met in the last moment, and that is taken back
        self.reason = reason

    def change(self, at: int, cell: Cell, severity: int | None, goal: Goal, breach: str) -> None:
        """Count against something else; what is used is used."""
        self.settle(at)
        self.cell, self.severity, self.goal = cell, severity, goal
        self.helped, self.stood = False, at
        if goal.seconds is None:
            self.due = None
            return
        spent = self.used - goal.seconds
        self.due = self.spend_rest(at) if spent < 0 or (not spent and self.standing) else self.was_due(goal.seconds)
        self.late_from = at
        late = spent > 0 if self.standing else self.due < at
        if late and self.over is None:
            self.over = at
        if not late and breach == "recomputed":
            self.over = None

    def was_due(self, seconds: int) -> int:
        """Find when so much had been used up; where it then stood still in open hours, it was due when it went on."""
        used, due, helped = 0, None, False
        for since, until, runs, is_open, goal in self.past:
            if runs:
                passed = until - since if is_open else 0
                if due is None and used + passed >= seconds:
                    due = goal.spend(since, seconds - used)
                used += passed
                helped = False
                if due is not None and due < until:
                    return due
            elif due is not None:
                helped = helped or is_open
                due = until if helped else due
        return self.start if due is None else due

    def facts(self, at: int) -> dict[str, Any]:
        """Say how it stands."""
        self.settle(at)
        timed = self.goal.seconds is not None
        state = "met" if self.met is not None else "ended" if self.ended is not None else "running"
        if state == "running":
            state = "untimed" if not timed else "paused" if self.standing else "running"
        return {
            "target": self.goal.target,
            "severity": self.severity,
            "state": state,
            "started": self.start,
            "due": None if state == "paused" else self.due,
            "used": self.used if timed else None,
            "allowed": self.goal.seconds,
            "met": self.met,
            "ended": self.ended,
            "over": self.over,
        }


# One ticket


class Desktop:
    """One ticket and its clocks."""

    def __init__(self, tier: Tier, tiers: Iterable[Tier]) -> None:
        self.tier = tier
        self.tiers = {each.name: each for each in (*tiers, tier)}
        self.measured = {metric for metric in METRICS if any(map(measures(metric), self.tiers.values()))}
        self.state = "unopened"
        self.reachable = True
        self.severity: int | None = None
        self.channel: str | None = None
        self.clocks: list[OClock] = []
        self.last: dict[str, OClock] = {}
        self.wrong: list[tuple[str, str]] = []
        self.seen: set[str] = set()  # of what may start the clocks
        self.started = self.answered = self.asked = False
        self.next_update: int | None = None
        self.now = 0

    # Terms

    @property
    def served(self) -> int | None:
        """The severity that counts while the customer can be reached, or cannot."""
        tier = self.tier
        served = self.severity if self.severity is not None else tier.unstated
        rows = [row.severity for row in tier.targets]
        if served is not None and served not in rows:
            milder = [row for row in rows if row > served]
            if tier.unadmitted == "not-offered" or not milder:
                return served
            served = min(milder)
        for gate in sorted(tier.gates, key=lambda gate: gate.severity):
            if gate.severity == served and not self.reachable:
                served = gate.otherwise
                if gate.back == "kept":
                    self.severity = served
        return served

    def cell(self, metric: str) -> Cell:
        """Look up what is promised now."""
        served = self.served
        if served is None:
            return "no-target"
        for row in self.tier.targets:
            if row.severity == served:
                assert not self.tier.exceptions
                cell: Cell | None = getattr(row.targets, metric.replace("-", "_"))
                return "no-target" if cell is None else cell
        return "not-offered"

    def reason(self, metric: str) -> str:
        """Say why the clock of a metric stands still now."""
        pausing = [pause.state for pause in self.tier.clock.pauses if metric in pause.metrics]
        if self.state in pausing:
            return self.state
        return "customer-unreachable" if not self.reachable and "customer-unreachable" in pausing else ""

    # Time

    def pass_time(self, until: int) -> None:
        """Let time pass; an update that was put off may start on the way."""
        if self.next_update is not None and self.next_update <= until:
            start, self.next_update = self.next_update, None
            self.pass_time(start)
            self.begin("update")
        for clock in self.clocks:
            clock.settle(self.now)
            if until > self.now:
                clock.pass_time(self.now, until)
        self.now = until

    # What happens

    def happen(self, event: TicketEvent, others: Sequence[TicketEvent]) -> None:
        """Let one event act; `others` follow it, at any time."""
        kind = type(event).__name__
        why = self.contradicts(kind)
        if why:
            self.wrong.append((event.id, why))
            return
        before = self.state
        self.state = self.after(kind)
        self.note(kind, event, others)
        if kind in MOVES:
            if self.tier.clock.starts in self.seen and not self.started and self.state in WORKING:
                self.start()
            self.promise()
        self.wait()
        self.act(kind, before)

    def after(self, kind: str) -> str:
        """Say in which state an event leaves the ticket."""
        if kind == "CustomerReplied" and self.state == "waiting-on-customer":
            return "open"
        if kind == "Closed" and self.state in ("cancelled", "merged"):
            return self.state
        return THEN.get(kind, self.state)

    def note(self, kind: str, event: Any, others: Sequence[TicketEvent]) -> None:  # noqa: ANN401  # whatever it says
        """Note what an event says of the ticket; a severity that was never given is the first that is given later."""
        if kind == "Opened":
            self.channel, self.severity = event.channel, event.severity
            if self.severity is None and self.tier.unstated is None:
                later: list[Any] = [each for each in others if type(each).__name__ == "SeverityChanged"]
                self.severity = later[0].severity if later else None
        elif kind == "SeverityChanged":
            self.severity = event.severity
        elif kind == "TierChanged":
            self.tier = self.tiers[event.tier]
        elif kind in ("CustomerReachable", "CustomerUnreachable"):
            self.reachable = kind == "CustomerReachable"

    def contradicts(self, kind: str) -> str:
        """Say why an event cannot have happened to the ticket as it stands, or nothing."""
        state = self.state
        if kind == "Opened":
            return "" if state == "unopened" else "opened-twice"
        if state == "unopened":
            return "before-opening"
        if kind in ("SeverityChanged", "TierChanged", "CustomerUnreachable", "Classified"):
            return ""
        if kind == "CustomerReachable":
            return "not-unreachable" if self.reachable else ""
        if kind == "Reopened":
            return "" if state in GONE else "not-finished"
        if kind == "Resumed" and state == "open":
            return "not-waiting"
        allowed = {
            "Responded": ("resolved",),
            "CustomerReplied": ("resolved",),
            "Closed": ("resolved", "cancelled", "merged"),
            "Cancelled": ("resolved",),
            "Merged": ("resolved", "closed"),
            "MarkedDuplicate": ("resolved", "closed"),
        }
        if state in WORKING or state in allowed.get(kind, ()):
            return ""
        return {"resolved": "after-resolution", "closed": "after-closing"}.get(state, "after-withdrawal")

    def act(self, kind: str, before: str) -> None:
        """Start, meet, end and reopen clocks."""
        if kind in STARTS:
            self.seen.add(STARTS[kind])
            if STARTS[kind] == self.tier.clock.starts and not self.started:
                self.start()
        elif kind == "Acknowledged":
            self.meet("hold-time")
        elif kind == "CustomerReplied":
            self.asked = True
            if self.answered and before in WORKING:
                self.ask()
        elif kind in ("Responded", "WorkaroundProvided"):
            self.answer(before, workaround=kind == "WorkaroundProvided")
        elif kind in ("Resolved", "Closed") and before in WORKING:
            self.solve()
        elif kind in WITHDRAWALS:
            self.withdraw()
        elif kind == "Reopened":
            self.reopen()

    # Clocks

    def wait(self) -> None:
        """Let clocks stand still, or not, as the ticket now says."""
        if self.state in WORKING:
            for clock in self.last.values():
                if not clock.stopped:
                    clock.reason = self.reason(clock.metric)

    def begin(self, metric: str) -> None:
        """Start the next clock of a metric, if anybody measures it."""
        if metric not in self.measured:
            return
        number = self.last[metric].number + 1 if metric in self.last else 1
        cell = self.cell(metric)
        clock = OClock(metric, number, self.now, cell, self.served, goal_of(cell, self.now), self.reason(metric))
        self.clocks.append(clock)
        self.last[metric] = clock

    def start(self) -> None:
        """Start what starts with the ticket, unless it was met before."""
        self.started = True
        for metric in WITH_TICKET:
            if metric not in self.last:
                self.begin(metric)

    def meet(self, metric: str) -> None:
        """Meet a clock that goes on; one that had still to start with the ticket starts now."""
        if metric in WITH_TICKET and metric not in self.last:
            self.begin(metric)
        clock = self.last.get(metric)
        if clock is not None and not clock.stopped:
            clock.stop(self.now, met=True)

    def ask(self) -> None:
        """Wait for the next answer, if nobody does so already."""
        clock = self.last.get("next-response")
        if clock is None or clock.stopped:
            self.begin("next-response")

    def answer(self, before: str, *, workaround: bool) -> None:
        """Answer, which is an update too; once the ticket is resolved it only answers what was asked since."""
        self.asked = False
        if before not in WORKING:
            return
        self.answered = True
        if workaround:
            self.meet("workaround")
            if "workaround" in self.last:
                self.last["workaround"].fixed = True
        for metric in ("first-response", "next-response", "hold-time"):
            self.meet(metric)
        clock = self.last.get("update")
        if clock is None:
            if self.next_update is None:
                self.begin("update")
        elif not clock.stopped:
            clock.stop(self.now, met=True)
            policy = self.tier.clock.updates
            if policy == "sequential" and clock.due is not None and clock.due > self.now:
                self.next_update = clock.due
            elif policy != "none":
                self.begin("update")

    def solve(self) -> None:
        """Meet whatever goes on; nobody waits for an answer any more."""
        self.answered, self.asked, self.next_update = True, False, None
        for metric in (*WITH_TICKET, "next-response", "update"):
            self.meet(metric)

    def withdraw(self) -> None:
        """End whatever goes on."""
        self.next_update = None
        for clock in self.last.values():
            if not clock.stopped:
                clock.stop(self.now, met=False)

    def reopen(self) -> None:
        """Take clocks up again as agreed."""
        policy = self.tier.clock
        if policy.on_reopen != "no-restart":
            for metric in METRICS:
                self.reopen_clock(metric)
        self.promise()
        if self.asked and self.answered:
            self.ask()

    def reopen_clock(self, metric: str) -> None:
        """Let a clock go on or start anew: what was met for good stays met, what was ended never does."""
        policy = self.tier.clock
        clock = self.last.get(metric)
        if clock is None:
            if metric == "update" and self.answered:
                self.begin(metric)
            return
        again = metric in ("resolution", "workaround") or (metric == "update" and policy.updates != "none")
        if not clock.stopped or (clock.met is not None and (clock.fixed or not again)):
            return
        if policy.on_reopen == "restart" or (metric == "update" and clock.met is not None):
            self.begin(metric)
        else:
            clock.reopen(self.now, self.reason(metric))

    def promise(self) -> None:
        """Let every clock that goes on count against what is promised now."""
        policy = self.tier.clock
        for clock in list(self.last.values()):
            cell, served = self.cell(clock.metric), self.served
            if clock.stopped or policy.on_change == "frozen":
                continue
            if cell == clock.cell:
                clock.severity = served
                continue
            anew = policy.on_change == "from-change" and self.now > clock.start
            goal = goal_of(cell, self.now if anew else clock.start)
            if goal.target == clock.goal.target:
                clock.cell, clock.severity = cell, served
            elif anew:
                clock.stop(self.now, met=False)
                self.begin(clock.metric)
            else:
                clock.change(self.now, cell, served, goal, policy.breach)


def in_order(events: Iterable[TicketEvent], until: int) -> list[TicketEvent]:
    """Put what happened up to an instant in order, each event once."""
    ranks = {kind: rank for rank, kinds in enumerate(AT_ONE_INSTANT) for kind in kinds}
    once = {event.id: event for event in events if second_of(event.at) <= until}
    return sorted(once.values(), key=lambda event: (second_of(event.at), ranks[type(event).__name__], event.id))


def oracle_track(tier: Tier, events: Iterable[TicketEvent], as_of: int, tiers: Iterable[Tier] = ()) -> Desktop:
    """Follow one ticket up to an instant, and what happened at it."""
    desktop = Desktop(tier, tiers)
    left = in_order(events, as_of)
    if left:
        desktop.now = second_of(left[0].at)
    while left:
        event = left.pop(0)
        at = second_of(event.at)
        desktop.pass_time(at)
        if type(event).__name__ == "Resumed" and desktop.state == "open":
            # Whoever goes on and waits at one instant, without having waited, waited for no time.
            wait = next((each for each in left if second_of(each.at) == at and type(each).__name__ in WAITS), None)
            if wait is not None:
                left.remove(wait)
                continue
        desktop.happen(event, left)
    desktop.pass_time(as_of)
    return desktop
