"""The transition table of the clocks: what each event does to a ticket, and what that does to each clock.

Three machines run side by side, and each is a table here. The *ticket* has one state (`TICKET`). Its *customer* can be
reached or not (`CUSTOMER`). Each metric has a *clock* (`CLOCK`), which starts, goes on, stops and starts again on
signals: what an event means for whoever waits for an answer (`SIGNALS`), and what a signal does to the clock of each
metric (`ACTIONS`). Which states pause which clocks, what a change of target and what a reopening do is no part of the
tables: terms decide it, by the `ClockPolicy` of a tier.

What the tables do not allow contradicts them: the cell is a code, the event has no effect, and the status names it.
The diagrams of the guide are written from these tables.
"""

from collections.abc import Iterable
from typing import Literal, TypeAlias, get_args

from supportcontracts.events import (
    Acknowledged,
    Cancelled,
    Classified,
    Closed,
    CustomerReachable,
    CustomerReplied,
    CustomerUnreachable,
    MarkedDuplicate,
    Merged,
    Notified,
    Opened,
    Reopened,
    Resolved,
    Responded,
    Resumed,
    SeverityChanged,
    TicketEvent,
    TierChanged,
    Triaged,
    WaitingOnCustomer,
    WaitingOnVendor,
    WorkaroundProvided,
)

__all__ = [
    "ACTIONS",
    "CLOCK",
    "CODES",
    "CUSTOMER",
    "SIGNALS",
    "STATES",
    "TICKET",
    "TRANSITIONS",
    "UNFINISHED",
    "Action",
    "Code",
    "Signal",
    "TicketState",
    "diagrams",
]


def __dir__() -> list[str]:
    return __all__


TicketState = Literal[
    "unopened", "open", "waiting-on-customer", "waiting-on-vendor", "resolved", "closed", "cancelled", "merged"
]
"""The states of a ticket. A duplicate is "merged" into the ticket that it repeats."""

STATES: tuple[TicketState, ...] = get_args(TicketState)

UNFINISHED: tuple[TicketState, ...] = ("open", "waiting-on-customer", "waiting-on-vendor")
"""The states in which clocks go on."""

Code = Literal[
    "before-opening",
    "opened-twice",
    "not-waiting",
    "not-finished",
    "not-unreachable",
    "after-resolution",
    "after-closing",
    "after-withdrawal",
]
"""Why an event contradicts the state of its ticket."""

CODES: tuple[Code, ...] = get_args(Code)

Signal = Literal["start", "pick-up", "message", "answer", "workaround", "solution", "withdrawal", "reopening"]
"""What an event means for whoever waits for an answer."""

Action = Literal["start", "meet", "repeat", "end", "reopen"]
"""What a signal does to a clock. "repeat": it meets the clock, and the next one starts; it also starts the first."""

_AFTER: dict[TicketState, Code] = {
    "resolved": "after-resolution",
    "closed": "after-closing",
    "cancelled": "after-withdrawal",
    "merged": "after-withdrawal",
}

# Each row: the kind of event, the states in which it is expected, the state that follows, None for the same one.
_ROWS: tuple[tuple[type[TicketEvent], Iterable[TicketState], TicketState | None], ...] = (
    (Opened, ("unopened",), "open"),
    (Triaged, UNFINISHED, None),
    (Notified, UNFINISHED, None),
    (Acknowledged, UNFINISHED, None),
    (Responded, (*UNFINISHED, "resolved"), None),
    (WaitingOnCustomer, UNFINISHED, "waiting-on-customer"),
    (WaitingOnVendor, UNFINISHED, "waiting-on-vendor"),
    (Resumed, ("waiting-on-customer", "waiting-on-vendor"), "open"),
    (CustomerReplied, ("waiting-on-customer",), "open"),
    (CustomerReplied, ("open", "waiting-on-vendor", "resolved"), None),
    (WorkaroundProvided, UNFINISHED, None),
    (Resolved, UNFINISHED, "resolved"),
    (Closed, (*UNFINISHED, "resolved"), "closed"),
    (Closed, ("cancelled", "merged"), None),
    (Cancelled, (*UNFINISHED, "resolved"), "cancelled"),
    (Merged, (*UNFINISHED, "resolved", "closed"), "merged"),
    (MarkedDuplicate, (*UNFINISHED, "resolved", "closed"), "merged"),
    (Reopened, ("resolved", "closed", "cancelled", "merged"), "open"),
    (SeverityChanged, STATES[1:], None),
    (TierChanged, STATES[1:], None),
    (CustomerUnreachable, STATES[1:], None),
    (CustomerReachable, STATES[1:], None),
    (Classified, STATES[1:], None),
)

_UNEXPECTED: dict[type[TicketEvent], Code] = {
    Opened: "opened-twice",
    Resumed: "not-waiting",
    Reopened: "not-finished",
}
"""What the other kinds of contradictions are called, of the events that no finished state explains."""


def _code(kind: type[TicketEvent], state: TicketState) -> Code:
    """Say why an event contradicts a state."""
    if state == "unopened":
        return "before-opening"
    if kind is Opened or state in UNFINISHED:
        return _UNEXPECTED[kind]
    return _AFTER[state]


def _transitions() -> dict[type[TicketEvent], dict[TicketState, tuple[TicketState, Code | None]]]:
    expected: dict[tuple[type[TicketEvent], TicketState], TicketState] = {}
    for kind, states, then in _ROWS:
        expected |= {(kind, state): then or state for state in states}
    return {
        kind: {
            state: (expected[kind, state], None) if (kind, state) in expected else (state, _code(kind, state))
            for state in STATES
        }
        for kind in get_args(TicketEvent)
    }


TRANSITIONS = _transitions()
"""For each kind of event and state of a ticket: the state that follows, and why it contradicts, or None."""

Change: TypeAlias = tuple[str, str, str]
"""From a state, on an event or signal, to a state."""

TICKET: tuple[Change, ...] = tuple(
    (state, kind.__name__, then) for kind, states, then in _ROWS for state in states if then and then != state
)
"""The changes of state of a ticket."""

CUSTOMER: tuple[Change, ...] = (
    ("reachable", "CustomerUnreachable", "unreachable"),
    ("unreachable", "CustomerReachable", "reachable"),
)
"""The changes of state of the customer of a ticket; a second `CustomerReachable` is "not-unreachable"."""

CLOCK: tuple[Change, ...] = (
    ("not-started", "start", "running"),
    ("running", "a state that pauses", "paused"),
    ("paused", "a state that does not", "running"),
    ("running", "meet", "met"),
    ("paused", "meet", "met"),
    ("running", "end", "ended"),
    ("paused", "end", "ended"),
    ("met", "reopen", "running"),
    ("ended", "reopen", "running"),
)
"""The changes of state of a clock; what meets a clock that has not started starts it at that instant."""

SIGNALS: dict[type[TicketEvent], tuple[Signal, ...]] = {
    Opened: ("start",),
    Triaged: ("start",),
    Notified: ("start",),
    Acknowledged: ("pick-up",),
    CustomerReplied: ("message",),
    Responded: ("answer",),
    WorkaroundProvided: ("answer", "workaround"),
    Resolved: ("solution",),
    Closed: ("solution",),
    Cancelled: ("withdrawal",),
    Merged: ("withdrawal",),
    MarkedDuplicate: ("withdrawal",),
    Reopened: ("reopening",),
}
"""What events mean. Of those that start, only the one that the policy names does."""

ACTIONS: dict[str, dict[Signal, Action]] = {
    "first-response": {"start": "start", "answer": "meet", "solution": "meet", "withdrawal": "end"},
    "next-response": {"message": "start", "answer": "meet", "solution": "meet", "withdrawal": "end"},
    "update": {"answer": "repeat", "solution": "meet", "withdrawal": "end", "reopening": "reopen"},
    "resolution": {"start": "start", "solution": "meet", "withdrawal": "end", "reopening": "reopen"},
    "workaround": {
        "start": "start",
        "workaround": "meet",
        "solution": "meet",
        "withdrawal": "end",
        "reopening": "reopen",
    },
    "hold-time": {"start": "start", "pick-up": "meet", "answer": "meet", "solution": "meet", "withdrawal": "end"},
}
"""What signals do to the clock of each metric. What a withdrawal ended, a reopening reopens, whatever the metric."""


def diagrams() -> str:
    """Write the tables as the diagrams and the table that the guide shows.

    Example:
        >>> print(diagrams()[:26])
        ```mermaid
        stateDiagram-v2
    """
    signals: tuple[Signal, ...] = get_args(Signal)
    rows = [
        "| metric | " + " | ".join(signals) + " |",
        "|---|" + "---|" * len(signals),
        *(
            f"| {metric} | " + " | ".join(actions.get(signal, "") for signal in signals) + " |"
            for metric, actions in ACTIONS.items()
        ),
    ]
    meaning: dict[Signal, list[str]] = {signal: [] for signal in signals}
    for kind, given in SIGNALS.items():
        for signal in given:
            meaning[signal].append(f"`{kind.__name__}`")
    words = [f"- {signal}: {', '.join(kinds)}" for signal, kinds in meaning.items()]
    blocks = [_diagram(TICKET, "unopened"), _diagram(CUSTOMER, "reachable"), _diagram(CLOCK, "not-started")]
    return "\n\n".join([*blocks, "\n".join(rows), "\n".join(words)])


def _diagram(changes: Iterable[Change], first: str) -> str:
    arrows: dict[tuple[str, str], list[str]] = {}
    for state, on, then in changes:
        arrows.setdefault((state, then), []).append(on)
    lines = [f"    [*] --> {_node(first)}"]
    lines += [f"    {_node(state)} --> {_node(then)}: {', '.join(on)}" for (state, then), on in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def _node(state: str) -> str:
    return state.replace("-", "_")
