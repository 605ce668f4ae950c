"""The incident table as a state machine: what a happening to a ticket does to a unit.

States of a ticket: *fresh*, *reserved*, *consumed*, *released*. The row of the table for a happening names an action:

| state | consume | reserve | release |
|---|---|---|---|
| fresh | consumed: a use | reserved | released |
| reserved | consumed: a use | reserved | released |
| consumed | consumed | consumed | released: given back (D21) |
| released | released | released | released |

So a ticket is one use however often a row says "consume". A ticket that is reopened more than `reopened_within` after
it was resolved starts a new cycle, which is fresh; reopened sooner, it stays the same incident.
"""

from typing import Literal

from supportcontracts.contracts.incidents import IncidentAction, IncidentTable
from supportcontracts.events import (
    Cancelled,
    Classified,
    Closed,
    MarkedDuplicate,
    Merged,
    Opened,
    Reopened,
    Resolved,
    Responded,
    TicketEvent,
)

__all__ = ["Effect", "TicketStatus", "happening_of", "transition"]


def __dir__() -> list[str]:
    return __all__


TicketStatus = Literal["fresh", "reserved", "consumed", "released"]
Effect = Literal["none", "use", "give-back"]

_HAPPENINGS: dict[type, str] = {
    Opened: "opened",
    Responded: "responded",
    Resolved: "resolved",
    Closed: "closed",
    Reopened: "reopened",
    Cancelled: "cancelled",
    Merged: "merged",
    MarkedDuplicate: "duplicate",
}

_TRANSITIONS: dict[tuple[TicketStatus, IncidentAction], tuple[TicketStatus, Effect]] = {
    ("fresh", "consume"): ("consumed", "use"),
    ("fresh", "reserve"): ("reserved", "none"),
    ("fresh", "release"): ("released", "none"),
    ("reserved", "consume"): ("consumed", "use"),
    ("reserved", "release"): ("released", "none"),
    ("consumed", "release"): ("released", "give-back"),
}


def happening_of(event: TicketEvent) -> str:
    """Name the row of the incident table for an event; "" if the table has none.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> happening_of(Merged("E", Zone("UTC").at("2025-03-28 16:15"), ticket="T-2", into="T-1"))
        'merged'
    """
    found = _HAPPENINGS.get(type(event))
    if found is not None:
        return found
    return event.finding.replace("-", "_") if isinstance(event, Classified) else ""


def transition(table: IncidentTable, status: TicketStatus, happening: str) -> tuple[TicketStatus, Effect]:
    """Apply one row of the table; what the table does not name changes nothing.

    Rules: I1, I2.

    Example:
        >>> transition(IncidentTable(), "fresh", "opened"), transition(IncidentTable(), "consumed", "merged")
        (('consumed', 'use'), ('released', 'give-back'))
    """
    action: IncidentAction = getattr(table, happening) if happening else "ignore"
    return _TRANSITIONS.get((status, action), (status, "none"))
