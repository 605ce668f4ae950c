"""Are we on time? The clocks of tickets, as a pure fold over what happened to them.

`track` says how a ticket stands at an instant, `track_all` how all of them do. `table` holds the transition table that
drives the clocks, `program` what a tier says, looked up once, `clock` one clock, `fold` the pass over the events.
`status` and `segments` are what comes out, `printing` how it reads, and `escalating` what is to be sent, and when.
"""

from supportcontracts.sla.attainment import Attainment, AttainmentCell, Exclusion, TicketOutcome, attainment
from supportcontracts.sla.crediting import propose_credits
from supportcontracts.sla.escalating import Escalation, due_escalations
from supportcontracts.sla.printing import ClockExplanation
from supportcontracts.sla.proposal import CreditLine, Outage, Refusal, ServiceCreditProposal
from supportcontracts.sla.segments import ClockSegment
from supportcontracts.sla.status import Contradiction, MetricState, MetricStatus, Outcome, TicketStatus
from supportcontracts.sla.table import Code, TicketState
from supportcontracts.sla.verbs import TicketStatuses, track, track_all
from supportcontracts.sla.waiting import WaitingCost, waiting_cost

__all__ = [
    "Attainment",
    "AttainmentCell",
    "ClockExplanation",
    "ClockSegment",
    "Code",
    "Contradiction",
    "CreditLine",
    "Escalation",
    "Exclusion",
    "MetricState",
    "MetricStatus",
    "Outage",
    "Outcome",
    "Refusal",
    "ServiceCreditProposal",
    "TicketOutcome",
    "TicketState",
    "TicketStatus",
    "TicketStatuses",
    "WaitingCost",
    "attainment",
    "due_escalations",
    "propose_credits",
    "track",
    "track_all",
    "waiting_cost",
]


def __dir__() -> list[str]:
    return __all__
