"""Tables: what a helpdesk exports as CSV, as events, with every row that fails named by its line.

A table comes in as lines of text; nothing here opens a file. Its columns have the names of the fields, or the names
that `columns` gives them. Times are local times of a stated zone, unless they end in an offset. Nothing is guessed: a
cell that could mean two things is a problem, and so is decimal time that is not whole seconds, until its rounding is
stated.

A row that fails never takes others with it. What to do about it is the caller's decision: `table.report` says what was
skipped, `table.require_clean()` refuses to go on.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, get_args

from supportcontracts._fields import opaque
from supportcontracts.errors import InvalidValue
from supportcontracts.events import (
    Acknowledged,
    BankPurchase,
    Cancelled,
    ChargeItem,
    Classified,
    Closed,
    CustomerReachable,
    CustomerReplied,
    CustomerUnreachable,
    MarkedDuplicate,
    Merged,
    Notified,
    Opened,
    Origin,
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
    WorkEntry,
)
from supportcontracts.interop.tables._cells import (
    HoursRounding,
    Unreadable,
    clock_time,
    flag,
    instant_in,
    name,
    price,
    price_or_money,
    quantity,
    time_in,
    value_of,
    whole,
    word,
)
from supportcontracts.interop.tables._rows import Layout, RowProblem, Table, read_table
from supportcontracts.money import Money
from supportcontracts.quantity import WorkTime, seconds
from supportcontracts.timeline import Zone, as_zone, epoch, parse_date

__all__ = [
    "HoursRounding",
    "ItemTable",
    "PurchaseTable",
    "RowProblem",
    "Table",
    "TicketTable",
    "WorkTable",
    "read_items_csv",
    "read_purchases_csv",
    "read_tickets_csv",
    "read_work_csv",
]


def __dir__() -> list[str]:
    return __all__


WorkTable: TypeAlias = Table[WorkEntry]
TicketTable: TypeAlias = Table[TicketEvent]
PurchaseTable: TypeAlias = Table[BankPurchase]
ItemTable: TypeAlias = Table[ChargeItem]


# Work

_LENGTHS = ("minutes", "hours", "seconds", "worked", "ended_at")


def read_work_csv(
    lines: Iterable[str],
    *,
    zone: Zone | str,
    columns: Mapping[str, str] | None = None,
    hours_rounding: HoursRounding | None = None,
    delimiter: str = ",",
) -> WorkTable:
    """Read work entries, one from each row.

    The fields are `id`, `started_at` and `customer`, and how long somebody worked: as decimal `minutes`, `hours` or
    `seconds`, as `worked` ("1:30", "1h 30m"), or by `ended_at`. A row may fill several of these if they agree. Further
    fields are `recorded_at`, `contract`, `ticket`, `product`, `severity`, `channel`, `role`, `work_type`, `technician`,
    `window`, `response`, `billable` (yes, no, true, false, 1 or 0), `rate` ("140 EUR/h") and `note`.

    Args:
        lines: the lines of the table, its header first; a whole text is taken apart.
        zone: the zone of the local times.
        columns: the header of each field to read; None: headers are the names of the fields.
        hours_rounding: how decimal hours that are not whole seconds are rounded: "half-up", "up" or "down" to whole
            seconds; None: such a row is a problem.
        delimiter: what stands between two cells.

    Returns:
        A table with the entries, in the order of the rows, and the problems.

    Raises:
        InvalidValue: for lines that are no text, and for columns that work entries do not have.

    Rules: D4, D12, M1.

    Example:
        >>> table = read_work_csv(
        ...     ["Worklog,Started,Organisation,Minutes", "W-1,2025-02-03 09:00,elm,90", "W-2,2025-02-31 09:00,elm,15"],
        ...     zone="Europe/Berlin",
        ...     columns={"id": "Worklog", "started_at": "Started", "customer": "Organisation", "minutes": "Minutes"},
        ... )
        >>> [str(entry.worked) for entry in table.entries]
        ['1h 30m']
        >>> print(table.report)
        2 rows: 1 work entry in half hours, 1 customer, 1h 30m; 1 row skipped
        line 3: Started "2025-02-31 09:00": February 2025 has 28 days
    """
    if hours_rounding is not None and hours_rounding not in get_args(HoursRounding):
        raise InvalidValue("hours_rounding", opaque(hours_rounding), 'choose "half-up", "up" or "down"')
    moment = instant_in(as_zone(zone))
    names = ("customer", "ticket", "product", "channel", "role", "work_type", "technician", "window", "response")
    layout = Layout(
        "work entry",
        "work entries",
        {
            "id": name,
            "started_at": moment,
            "ended_at": moment,
            "recorded_at": moment,
            "minutes": time_in(60),
            "hours": time_in(3600, hours_rounding, option="hours_rounding"),
            "seconds": time_in(1),
            "worked": clock_time,
            "severity": _severity,
            "billable": flag,
            "rate": price,
            **dict.fromkeys((*names, "contract", "note"), name),
        },
        (("id",), ("started_at",), ("customer",), _LENGTHS),
        frozenset({"id", "started_at", "customer"}),
        _work_entry,
    )
    return read_table(lines, layout, columns, delimiter)


def _work_entry(cells: dict[str, Any]) -> WorkEntry:
    at = cells.pop("started_at")
    said: dict[str, WorkTime] = {}
    for field in _LENGTHS:
        if field in cells:
            value = cells.pop(field)
            said[field] = value if field != "ended_at" else _between(at, value)
    if not said:
        raise Unreadable("is empty", *_LENGTHS)
    (first, worked), *others = said.items()
    for field, other in others:
        if other != worked:
            raise Unreadable(f"says {other}, and {first} says {worked}; leave the wrong one empty", field)
    return WorkEntry(cells.pop("id"), at, worked=worked, **cells)


def _between(at: Any, end: Any) -> WorkTime:  # noqa: ANN401  # two instants
    if end < at:
        raise Unreadable("lies before the start of the work", "ended_at")
    return seconds(epoch(end) - epoch(at))


_severity = whole(1, "a whole number from 1")


# Tickets

_HAPPENINGS: dict[str, tuple[type, tuple[str, ...], dict[str, str]]] = {
    "opened": (Opened, ("product", "severity", "channel", "response", "contact", "note"), {}),
    "acknowledged": (Acknowledged, (), {}),
    "triaged": (Triaged, (), {}),
    "notified": (Notified, (), {}),
    "responded": (Responded, (), {}),
    "waiting-on-customer": (WaitingOnCustomer, (), {}),
    "waiting-on-vendor": (WaitingOnVendor, (), {}),
    "resumed": (Resumed, (), {}),
    "customer-replied": (CustomerReplied, (), {}),
    "customer-unreachable": (CustomerUnreachable, (), {}),
    "customer-reachable": (CustomerReachable, (), {}),
    "severity-changed": (SeverityChanged, ("severity",), {}),
    "tier-changed": (TierChanged, ("tier",), {}),
    "workaround-provided": (WorkaroundProvided, (), {}),
    "resolved": (Resolved, (), {}),
    "closed": (Closed, (), {}),
    "reopened": (Reopened, (), {}),
    "cancelled": (Cancelled, (), {}),
    "merged": (Merged, ("into",), {}),
    "duplicate": (MarkedDuplicate, ("of",), {}),
    "product-defect": (Classified, (), {"finding": "product-defect"}),
    "feature-request": (Classified, (), {"finding": "feature-request"}),
}
_NEEDED_BY = {"severity-changed": "severity", "tier-changed": "tier", "merged": "into", "duplicate": "of"}


def read_tickets_csv(
    lines: Iterable[str], *, zone: Zone | str, columns: Mapping[str, str] | None = None, delimiter: str = ","
) -> TicketTable:
    """Read what happened to tickets, one happening from each row.

    The fields are `id`, `at`, `ticket` and `event`: opened, acknowledged, triaged, notified, responded,
    waiting-on-customer, waiting-on-vendor, resumed, customer-replied, customer-unreachable, customer-reachable,
    severity-changed, tier-changed (with `tier`), workaround-provided, resolved, closed, reopened, cancelled, merged
    (with `into`), duplicate (with `of`), product-defect or feature-request. Further fields are `customer`, `contract`
    and `recorded_at`; `product`, `channel`, `response`, `contact` and `note`, which are read where a ticket is opened;
    and `severity`, which is read there and where it changes.

    Args:
        lines: the lines of the table, its header first; a whole text is taken apart.
        zone: the zone of the local times.
        columns: the header of each field to read; None: headers are the names of the fields.
        delimiter: what stands between two cells.

    Returns:
        A table with the events, in the order of the rows, and the problems.

    Raises:
        InvalidValue: for lines that are no text, and for columns that ticket events do not have.

    Rules: D4, I1.

    Example:
        >>> table = read_tickets_csv(
        ...     ["id,at,ticket,event,customer", "E-1,2025-02-03 09:00,T-1,opened,elm", "E-2,2025-02-03,T-1,lost,elm"],
        ...     zone="Europe/Berlin",
        ... )
        >>> table.entries[0].ticket, str(table.problems[0])[:38]
        ('T-1', 'line 3: event "lost": choose opened, a')
    """
    moment = instant_in(as_zone(zone))
    names = (
        "id",
        "ticket",
        "customer",
        "contract",
        "product",
        "channel",
        "response",
        "contact",
        "note",
        "into",
        "of",
        "tier",
    )
    layout = Layout(
        "ticket event",
        "ticket events",
        {
            "at": moment,
            "recorded_at": moment,
            "event": word({kind: kind for kind in _HAPPENINGS}),
            "severity": _severity,
            **dict.fromkeys(names, name),
        },
        (("id",), ("at",), ("ticket",), ("event",)),
        frozenset({"id", "at", "ticket", "event"}),
        _ticket_event,
    )
    return read_table(lines, layout, columns, delimiter)


def _ticket_event(cells: dict[str, Any]) -> TicketEvent:
    happened = cells["event"]
    kind, own, fixed = _HAPPENINGS[happened]
    needed = _NEEDED_BY.get(happened)
    if needed is not None and needed not in cells:
        raise Unreadable(f"is empty, and {happened} needs it", needed)
    taken = {field: cells[field] for field in ("ticket", "customer", "contract", "recorded_at", *own) if field in cells}
    event: TicketEvent = kind(cells["id"], cells["at"], **taken, **fixed)
    return event


# Purchases and charge items


def read_purchases_csv(
    lines: Iterable[str], *, zone: Zone | str, columns: Mapping[str, str] | None = None, delimiter: str = ","
) -> PurchaseTable:
    """Read banks that were bought or given, one from each row.

    The fields are `id`, `at`, `customer` and `quantity` ("20h", "10 incidents"). Further fields are `price` per unit
    ("115 EUR/h") or for the whole bank ("2300 EUR"), `expires_on` (the last day), `usable_from`, `origin` (bought,
    included, granted, rolled-over or courtesy), `priority`, `pool`, `held` (stays-held or release), `contract`,
    `recorded_at` and `note`.

    Args:
        lines: the lines of the table, its header first; a whole text is taken apart.
        zone: the zone of the local times.
        columns: the header of each field to read; None: headers are the names of the fields.
        delimiter: what stands between two cells.

    Returns:
        A table with the purchases, in the order of the rows, and the problems.

    Raises:
        InvalidValue: for lines that are no text, and for columns that purchases do not have.

    Rules: D4, D28.

    Example:
        >>> table = read_purchases_csv(
        ...     ["id,at,customer,quantity,price", "B-10,2025-03-20 11:00,birchwood,20h,115 EUR/h"], zone="Europe/Berlin"
        ... )
        >>> print(table.entries[0].quantity, table.entries[0].price)
        20h 00m 115.00 EUR/h
    """
    moment = instant_in(as_zone(zone))
    origins: dict[str, str] = {origin: origin for origin in get_args(Origin)}
    layout = Layout(
        "purchase",
        "purchases",
        {
            "at": moment,
            "recorded_at": moment,
            "usable_from": moment,
            "quantity": quantity,
            "price": price_or_money,
            "expires_on": value_of(parse_date),
            "origin": word(origins),
            "priority": whole(0, "a whole number from 0"),
            "held": word({"stays-held": "stays-held", "release": "release"}),
            **dict.fromkeys(("id", "customer", "pool", "contract", "note"), name),
        },
        (("id",), ("at",), ("customer",), ("quantity",)),
        frozenset({"id", "at", "customer", "quantity"}),
        lambda cells: BankPurchase(cells.pop("id"), cells.pop("at"), **cells),
    )
    return read_table(lines, layout, columns, delimiter)


def read_items_csv(
    lines: Iterable[str], *, zone: Zone | str, columns: Mapping[str, str] | None = None, delimiter: str = ","
) -> ItemTable:
    """Read charge items (travel, expenses, surcharges), one from each row.

    The fields are `id`, `at`, `customer`, `kind` and `amount` ("45.00 EUR"). Further fields are `ticket`, `contract`,
    `recorded_at` and `note`.

    Args:
        lines: the lines of the table, its header first; a whole text is taken apart.
        zone: the zone of the local times.
        columns: the header of each field to read; None: headers are the names of the fields.
        delimiter: what stands between two cells.

    Returns:
        A table with the charge items, in the order of the rows, and the problems.

    Raises:
        InvalidValue: for lines that are no text, and for columns that charge items do not have.

    Rules: D4, D14.

    Example:
        >>> table = read_items_csv(
        ...     ["id,at,customer,kind,amount", "X-1,2025-02-03,elm,travel,45 EUR", "X-2,2025-02-04,elm,travel,45"],
        ...     zone="Europe/Berlin",
        ... )
        >>> print(table.entries[0].amount)
        45.00 EUR
        >>> print(table.problems[0])
        line 3: amount "45": an amount and its currency code were expected. Write "99.90 EUR".
    """
    moment = instant_in(as_zone(zone))
    layout = Layout(
        "charge item",
        "charge items",
        {
            "at": moment,
            "recorded_at": moment,
            "amount": value_of(Money),
            **dict.fromkeys(("id", "customer", "kind", "ticket", "contract", "note"), name),
        },
        (("id",), ("at",), ("customer",), ("kind",), ("amount",)),
        frozenset({"id", "at", "customer", "kind", "amount"}),
        lambda cells: ChargeItem(cells.pop("id"), cells.pop("at"), **cells),
    )
    return read_table(lines, layout, columns, delimiter)
