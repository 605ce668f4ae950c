"""From the audit log of a helpdesk to ticket events: a converter to copy and change for a log of your own.

The log has one row for each update of an incident. What matters is where the state changes from one row of an incident
to the next, in the order of the updates:

    the first row                      opened, when the incident was opened or first updated, whichever is earlier
    to Active, the first time          responded
    to Awaiting User Info              waiting on the customer
    from there to unfinished work      the customer replied
    to Awaiting Vendor                 waiting on a supplier
    from there to unfinished work      resumed
    to Resolved, to Closed             resolved, closed
    from there to unfinished work      reopened
    another priority                   the severity changed

The location stands in for the customer, the category for the product. What the log does not know is written "?".
Its times name no zone; here they are read as UTC.
"""
# ruff: noqa: INP001  # an example to read, not a package

from collections.abc import Iterable, Iterator, Mapping

from supportcontracts import (
    Closed,
    CustomerReplied,
    Opened,
    Reopened,
    Resolved,
    Responded,
    Resumed,
    SeverityChanged,
    WaitingOnCustomer,
    WaitingOnVendor,
    Zone,
)
from supportcontracts.events import TicketEvent

__all__ = ["ticket_events"]

Row = Mapping[str, str]

UTC = Zone("UTC")
FINISHED = {"Resolved": Resolved, "Closed": Closed}
WAITING, AT_VENDOR = "Awaiting User Info", "Awaiting Vendor"


def ticket_events(rows: Iterable[Row]) -> list[TicketEvent]:
    """Turn the rows of a log, in any order, into the events of its incidents.

    Example:
        >>> row = {
        ...     "number": "INC-1", "incident_state": "New", "sys_mod_count": "0", "opened_at": "29-02-2016 01:16",
        ...     "sys_updated_at": "29-02-2016 01:23", "location": "Location 143", "category": "Category 55",
        ...     "priority": "3 - Moderate", "caller_id": "Caller 2403",
        ... }
        >>> done = row | {"incident_state": "Resolved", "sys_mod_count": "1", "sys_updated_at": "29-02-2016 08:53"}
        >>> for event in ticket_events([done, row]):
        ...     print(event.id, type(event).__name__, event.at, event.customer)
        INC-1/0 Opened 2016-02-29 01:16:00+00:00 Location 143
        INC-1/1 Resolved 2016-02-29 08:53:00+00:00 Location 143
    """
    incidents: dict[str, list[Row]] = {}
    for row in rows:
        incidents.setdefault(row["number"], []).append(row)
    return [event for updates in incidents.values() for event in _events_of(updates)]


def _events_of(updates: list[Row]) -> Iterator[TicketEvent]:
    """Yield the events of one incident."""
    updates = sorted(updates, key=lambda row: (_local(row["sys_updated_at"]), int(row["sys_mod_count"])))
    first = updates[0]
    ticket, customer = first["number"], first["location"]
    opened_at = min(_local(first["opened_at"]), _local(first["sys_updated_at"]))
    yield Opened(
        f"{ticket}/0",
        UTC.at(opened_at),
        ticket=ticket,
        customer=customer,
        product=_known(first["category"]),
        severity=_severity(first),
        contact=_known(first["caller_id"]),
    )
    count = 0
    responded = False
    state, severity = "New", _severity(first)
    for row in updates:
        at = UTC.at(_local(row["sys_updated_at"]))
        happened: list[type] = []
        if row["incident_state"] != state:
            happened = list(_between(state, row["incident_state"], responded=responded))
            responded = responded or Responded in happened
            state = row["incident_state"]
        for kind in happened:
            count += 1
            yield kind(f"{ticket}/{count}", at, ticket=ticket, customer=customer)
        if _severity(row) != severity:
            count += 1
            severity = _severity(row)
            yield SeverityChanged(f"{ticket}/{count}", at, ticket=ticket, customer=customer, severity=severity)


def _between(state: str, new: str, *, responded: bool) -> Iterator[type]:
    """Yield the kinds of events that a change of state stands for."""
    if new in FINISHED:
        if not (state == "Closed" and new == "Resolved"):  # already as finished as can be
            yield FINISHED[new]
        return
    if state in FINISHED:
        yield Reopened
    if state == WAITING:
        yield CustomerReplied
    if state == AT_VENDOR and new != WAITING:
        yield Resumed
    if new == AT_VENDOR:
        yield WaitingOnVendor
    if new == WAITING:
        yield WaitingOnCustomer
    if new == "Active" and not responded:
        yield Responded


def _local(text: str) -> str:
    """Rewrite "29-02-2016 01:16" as "2016-02-29 01:16"."""
    day, time = text.split(" ")
    return "-".join(reversed(day.split("-"))) + " " + time


def _severity(row: Row) -> int:
    """Read "3 - Moderate" as 3."""
    return int(row["priority"].partition(" ")[0])


def _known(text: str) -> str | None:
    return None if text == "?" else text
