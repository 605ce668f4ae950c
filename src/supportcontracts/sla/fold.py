"""The fold: the events of one ticket, in canonical order, through the transition table into clocks.

One pass, on integers: each event is looked up in the table, which says the state that follows and the signals that are
given; signals start, meet, end and reopen clocks; the state says which of them stand still. What the terms decide, how
a target changes or a ticket is reopened, is asked of the policy of the tier in force. What contradicts the table has no
effect and is listed (C10).
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from supportcontracts.contracts.tiers import METRICS, Cell
from supportcontracts.errors import ContradictoryEvent, InvalidValue
from supportcontracts.events import (
    CustomerReachable,
    CustomerUnreachable,
    Notified,
    Opened,
    Resumed,
    SeverityChanged,
    TicketEvent,
    TierChanged,
    Triaged,
    WaitingOnCustomer,
    WaitingOnVendor,
)
from supportcontracts.sla.clock import Clock, Cycle, due_of
from supportcontracts.sla.program import Program, promised
from supportcontracts.sla.table import ACTIONS, SIGNALS, TRANSITIONS, UNFINISHED, Code, Signal, TicketState
from supportcontracts.timeline import from_epoch

__all__ = ["Fold", "Happening"]


def __dir__() -> list[str]:
    return __all__


Happening: TypeAlias = tuple[int, int, str, TicketEvent]
"""The epoch second, the rank of its kind, its id, and the event."""

_STARTS: dict[type[TicketEvent], str] = {Opened: "opened", Triaged: "triaged", Notified: "notified"}
_WAITS = frozenset({WaitingOnCustomer, WaitingOnVendor})
_AT_ONCE = _WAITS | {Resumed}
_TERMS = frozenset({Opened, SeverityChanged, TierChanged, CustomerUnreachable, CustomerReachable})
_UPDATE = METRICS.index("update")
_NEXT = METRICS.index("next-response")
_WORKAROUND = METRICS.index("workaround")

# What each signal does, by the place of the metric.
_BY_SIGNAL = {
    signal: [(place, ACTIONS[metric][signal]) for place, metric in enumerate(METRICS) if signal in ACTIONS[metric]]
    for signal in dict.fromkeys(signal for actions in ACTIONS.values() for signal in actions)
}
# The clocks that begin with the ticket: what meets them before they started starts them too.
_WITH_TICKET = frozenset(place for place, action in _BY_SIGNAL["start"])
_REOPENED = frozenset(place for place, action in _BY_SIGNAL["reopening"])


class Fold:
    """The state of one ticket while its events pass, and all clocks that it had."""

    __slots__ = (
        "answered", "begun", "cells", "channel", "clocks", "contradictions", "current", "customer", "known", "measured",
        "program", "programs", "reasons", "scheduled", "served", "severity", "skipped", "started", "state", "ticket",
        "unanswered",
    )  # fmt: skip

    def __init__(self, ticket: str, program: Program, programs: Mapping[str, Program]) -> None:
        self.ticket = ticket
        self.program = program
        self.programs = programs
        self.state: TicketState = "unopened"
        self.customer = "reachable"
        self.severity: int | None = None
        self.channel: str | None = None
        self.served: int | None = None
        self.cells: tuple[Cell, ...] = ()
        self.reasons: tuple[str, ...] = ()
        self.measured = frozenset[int]().union(*(each.measured for each in programs.values()))
        self.clocks: list[Clock] = []
        self.current: list[Clock | None] = [None] * len(METRICS)
        self.contradictions: list[tuple[str, int, str, TicketState, Code]] = []
        self.known = 0  # from when on it was known what was promised, if that is later than the opening
        self.begun: set[str] = set()  # which of the events that may start clocks came
        self.started = False
        self.answered = self.unanswered = False
        self.scheduled: int | None = None  # when the next update begins to count
        self.skipped: tuple[int, int] = (0, 0)

    def run(self, happenings: Sequence[Happening], as_of: int) -> tuple[Cycle, ...]:
        """Pass events, none of which is later than the instant at which the clocks are looked at (C15)."""
        for place, (at, _, name, event) in enumerate(happenings):
            if self.scheduled is not None and self.scheduled <= at:
                self._start_update(self.scheduled)
            kind = type(event)
            state = self.state
            if kind in _AT_ONCE and self._cancels_out(kind, happenings, place, at):
                continue
            then, code = TRANSITIONS[kind][state]
            if code is None and kind in _TERMS:
                code = self._agree_on(event, kind, at, happenings, place)
            if code is not None:
                self._contradicts(event, at, name, state, code)
                continue
            if then != state:
                self.state = then
                self._hinder(at)
            if kind in SIGNALS:
                for signal in SIGNALS[kind]:
                    self._signal(signal, kind, state, at)
        if self.scheduled is not None and self.scheduled <= as_of:
            self._start_update(self.scheduled)
        return tuple([clock.finish(as_of, self.known) for clock in self.clocks])

    # What the table does not allow

    def _cancels_out(self, kind: type, happenings: Sequence[Happening], place: int, at: int) -> bool:
        """See whether a resumption and a wait at one instant are a pause of no length, which changes nothing (C11)."""
        skipped = self.skipped[1] if self.skipped[0] == at else 0
        if kind is not Resumed:
            if skipped:
                self.skipped = (at, skipped - 1)
            return skipped > 0
        if self.state != "open":
            return False
        waits = 0
        for then, _, _, event in happenings[place + 1 :]:
            if then != at:
                break
            waits += type(event) in _WAITS
        if waits <= skipped:
            return False
        self.skipped = (at, skipped + 1)
        return True

    def _contradicts(self, event: TicketEvent, at: int, name: str, state: TicketState, code: Code) -> None:
        if self.program.policy.contradictions == "raise":
            raise ContradictoryEvent(
                f"Ticket {self.ticket!r}",
                f"{type(event).__name__} {name!r} at {from_epoch(at)}",
                f"it contradicts the state {state!r}: {code}",
                'Void the event, or agree on contradictions="ignore" in the tier\'s ClockPolicy.',
            )
        self.contradictions.append((name, at, type(event).__name__, state, code))

    # Terms

    def _agree_on(
        self, event: TicketEvent, kind: type, at: int, happenings: Sequence[Happening], place: int
    ) -> Code | None:
        """Look up what is promised after an event that decides it; a customer cannot come back who was not gone."""
        if kind is CustomerReachable and self.customer == "reachable":
            return "not-unreachable"
        if kind is TierChanged:
            self._move(cast("TierChanged", event), at)
        elif kind is Opened:
            opened = cast("Opened", event)
            self.channel = opened.channel
            self.severity = self._first_severity(opened, happenings, place)
            self._agree()
        else:
            if kind is SeverityChanged:
                self.severity = cast("SeverityChanged", event).severity
            else:
                self.customer = "unreachable" if kind is CustomerUnreachable else "reachable"
            self._agree()
            self._change(at)
            self._hinder(at)
        return None

    def _first_severity(self, opened: Opened, happenings: Sequence[Happening], place: int) -> int | None:
        """Return the severity of a ticket, or where it was opened without one the first that it was given (C14)."""
        if opened.severity is not None or self.program.tier.unstated is not None:
            return opened.severity
        for at, _, _, event in happenings[place + 1 :]:
            if isinstance(event, SeverityChanged):
                self.known = at
                return event.severity
        return None

    def _agree(self) -> None:
        """Look up what is promised, now that the severity, the customer or the tier is another."""
        self.served, self.severity = self.program.served(self.severity, self.customer)
        self.cells = self.program.cells(self.served, self.channel)

    def _move(self, event: TierChanged, at: int) -> None:
        program = self.programs.get(event.tier)
        if program is None:
            known = ", ".join(repr(name) for name in sorted(self.programs))
            raise InvalidValue(
                f"TierChanged {event.id!r} tier",
                repr(event.tier),
                f"one of the tiers that were passed was expected: {known}",
                "Pass the others too, as in track(premium, events, as_of=…, tiers=[standard]).",
            )
        self.program = program
        self._agree()
        if not self.started and program.policy.starts in self.begun and self.state in UNFINISHED:
            self._start(at)
        self._change(at)
        self._hinder(at)

    def _change(self, at: int) -> None:
        """Let every clock that runs or pauses count against what is promised now (C6)."""
        for clock in list(self.current):
            if clock is not None and clock.stopped is None:
                self._retarget(clock, at)

    def _retarget(self, clock: Clock, at: int) -> None:
        policy, served, cell = self.program.policy, self.served, self.cells[clock.metric]
        if policy.on_change == "frozen" or (cell == clock.cell and served == clock.severity):
            return
        if cell == clock.cell:
            clock.rename(at, cell, served)
            return
        anew = policy.on_change == "from-change" and at > clock.start
        promise = promised(cell, at if anew else clock.start)
        if promise.target == clock.promise.target:
            clock.rename(at, cell, served)
        elif anew:
            clock.stop(at, "target changed", met=False)
            self._begin(clock.metric, at)
        else:
            clock.change(at, cell, promise, served, recomputed=policy.breach == "recomputed")

    # Clocks

    def _begin(self, place: int, at: int) -> Clock:
        """Start the next cycle of a metric."""
        before, cell = self.current[place], self.cells[place]
        clock = Clock(place, before.cycle + 1 if before else 1, at, cell, promised(cell, at), self.served)
        self.current[place] = clock
        self.clocks.append(clock)
        if self.reasons[place]:
            clock.pause(at, self.reasons[place])
        return clock

    def _start(self, at: int) -> None:
        self.started = True
        for place in _WITH_TICKET:
            if self.current[place] is None and place in self.measured:
                self._begin(place, at)

    def _start_update(self, at: int) -> None:
        self.scheduled = None
        self._begin(_UPDATE, at)

    def _hinder(self, at: int) -> None:
        """Pause and resume clocks as the state of the ticket says."""
        reasons = self.program.hindrances[self.state, self.customer]
        if reasons == self.reasons:
            return
        self.reasons = reasons
        if self.state not in UNFINISHED:
            return  # signals stop them
        for clock in self.current:
            if clock is not None and clock.stopped is None:
                if reasons[clock.metric]:
                    clock.pause(at, reasons[clock.metric])
                else:
                    clock.go_on(at)

    # Signals

    def _signal(self, signal: Signal, kind: type, before: TicketState, at: int) -> None:
        match signal:
            case "start":
                self.begun.add(_STARTS[kind])
                if not self.started and _STARTS[kind] == self.program.policy.starts:
                    self._start(at)
            case "message":
                self.unanswered = True
                if self.answered and self.state in UNFINISHED:
                    self._ask(at)
            case "reopening":
                self._reopen(at)
            case "withdrawal":
                self._stop(signal, at)
            case _:
                if signal == "answer":
                    self.unanswered = False
                if before in UNFINISHED:
                    self._stop(signal, at)

    def _ask(self, at: int) -> None:
        """Start the next response, unless an older message is still unanswered (C8)."""
        clock = self.current[_NEXT]
        if _NEXT in self.measured and (clock is None or clock.stopped is not None):
            self._begin(_NEXT, at)

    def _stop(self, signal: Signal, at: int) -> None:
        """Meet or end clocks, and let the updates recur."""
        if signal in ("answer", "solution"):
            self.answered, self.unanswered = True, False
        for place, action in _BY_SIGNAL[signal]:
            if place not in self.measured:
                continue
            clock = self.current[place]
            if action == "end":
                if clock is not None and clock.stopped is None:
                    clock.stop(at, self.state, met=False)
                continue
            if clock is None and (place in _WITH_TICKET or (action == "repeat" and self.scheduled is None)):
                clock = self._begin(place, at)
                if action == "repeat":
                    continue  # the first answer starts the updates
            if clock is not None and clock.stopped is None:
                clock.stop(at, self.state if signal == "solution" else signal, met=True)
                clock.final = clock.final or signal == "workaround"
                if action == "repeat":
                    self._schedule(clock, at)
        if signal in ("solution", "withdrawal"):
            self.scheduled = None

    def _schedule(self, clock: Clock, at: int) -> None:
        """Start the next update now, or when the last one was due (C9)."""
        policy = self.program.policy
        if policy.updates == "none":
            return
        due = due_of(clock.promise, clock.due) if policy.updates == "sequential" else None
        if due is not None and due > at:
            self.scheduled = due
        else:
            self._begin(_UPDATE, at)

    def _reopen(self, at: int) -> None:
        """Take clocks up again as the policy says (C7)."""
        policy = self.program.policy
        for place, clock in enumerate(list(self.current)):
            if policy.on_reopen == "no-restart":
                break
            if place == _UPDATE and clock is None and self.answered and place in self.measured:
                self._begin(place, at)
            if clock is None or clock.stopped is None:
                continue
            if clock.met is not None and (
                place not in _REOPENED or clock.final or (place == _UPDATE and policy.updates == "none")
            ):
                continue
            if policy.on_reopen == "restart" or (place == _UPDATE and clock.met is not None):
                self._begin(place, at)
                continue
            clock.reopen(at, self.reasons[place])
        self._change(at)
        if self.unanswered and self.answered:
            self._ask(at)
