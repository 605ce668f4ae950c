"""Are we on time? The clocks of tickets, as a pure fold over what happened to them.

`track` says how a ticket stands at an instant, `track_all` how all of them do. `table` holds the transition table that
drives the clocks, `program` what a tier says, looked up once, `clock` one clock, `fold` the pass over the events.
`status` and `segments` are what comes out, `printing` how it reads, and `escalating` what is to be sent, and when.
"""

from supportcontracts.sla.escalating import Escalation, due_escalations
from supportcontracts.sla.printing import ClockExplanation
from supportcontracts.sla.segments import ClockSegment
from supportcontracts.sla.status import Contradiction, MetricState, MetricStatus, Outcome, TicketStatus
from supportcontracts.sla.table import Code, TicketState
from supportcontracts.sla.verbs import TicketStatuses, track, track_all

__all__ = [
    "ClockExplanation",
    "ClockSegment",
    "Code",
    "Contradiction",
    "Escalation",
    "MetricState",
    "MetricStatus",
    "Outcome",
    "TicketState",
    "TicketStatus",
    "TicketStatuses",
    "due_escalations",
    "track",
    "track_all",
]


def __dir__() -> list[str]:
    return __all__
