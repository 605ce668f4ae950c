"""The state between two ratings: what a fold knows at an instant.

A saved state is a cache. It changes what a rating costs, never what it means: rating in one go and rating in chunks
through saved states give the same lines (law 4). An event before a state's instant makes the state useless, and rating
says from which instant to begin again.
"""

import attrs

from supportcontracts._fields import Drafted, frozen, require_text, tuple_of
from supportcontracts.errors import InvalidValue
from supportcontracts.events import WorkEntry
from supportcontracts.ledger import Lot
from supportcontracts.timeline import Instant, instant

__all__ = [
    "Carried",
    "Counter",
    "Debt",
    "HeldStretch",
    "HeldUse",
    "OpenReservation",
    "Paid",
    "State",
    "TicketState",
    "UseAttributes",
]


def __dir__() -> list[str]:
    return __all__


@frozen
class UseAttributes(Drafted):
    """What scopes, rates and multipliers look at, kept for use that is decided later."""

    product: str | None = None
    severity: int | None = None
    channel: str | None = None
    role: str | None = None
    work_type: str | None = None
    window: str | None = None
    response: str | None = None
    ticket: str | None = None
    rate: str | None = None


@frozen
class Counter:
    """A cumulative quantity of one window: the key names the rule and the window, the value is in whole units."""

    key: tuple[str | int, ...] = attrs.field(converter=tuple_of)
    value: int


@frozen
class HeldStretch:
    """A part of held use in one window, with the factor on its price; they are kept where windows differ."""

    window: str
    worked: int
    billable: int
    counted: int
    price_factor: str = ""


@frozen
class HeldUse:
    """Use that waits for an approval or a purchase, in the order in which it was held."""

    use: str
    part: int
    source: str
    meter: str
    meter_unit: str
    phase: str
    attributes: UseAttributes
    worked: int
    billable: int
    counted: int
    price_factor: str = ""
    stretches: tuple[HeldStretch, ...] = attrs.field(default=(), converter=tuple_of)


@frozen
class Paid:
    """How one part of a consumed incident was paid, so that it can be given back."""

    source: str
    lot: str
    disposition: str
    counted: int
    minor: int
    phase: str


@frozen
class Debt:
    """What one incident was overdrawn by, so that it can be given back: what is owed, what lots repaid, its money."""

    account: str
    use: str
    owed: int
    repaid: tuple[Counter, ...] = attrs.field(default=(), converter=tuple_of)
    minor: int = 0


@frozen
class TicketState(Drafted):
    """One ticket: its cycle, its status, its attributes, when it was last resolved, and how its use was paid."""

    ticket: str
    cycle: int
    status: str
    attributes: UseAttributes
    resolved_at: int | None
    meter: str
    paid: tuple[Paid, ...] = attrs.field(default=(), converter=tuple_of)


@frozen
class OpenReservation:
    """Units set aside under a key, from an instant until another."""

    key: str
    quantity: int
    expires_at: int
    unit: str
    made_at: int


@frozen
class Carried:
    """The rest of a work entry that was cut at a boundary, to be rated from an instant on."""

    at: int
    entry: WorkEntry
    part: int
    worked: int


@frozen
class State:
    """Everything that rating needs to go on from an instant.

    Attributes:
        as_of: what happened before it is in the state; its own endings are, its beginnings are not (D2).
        contract: the contract it belongs to; empty: any, as for a state carried over from another system.
        lots: banks and grants, with what is left of them.
        deficits: what each source is overdrawn by.
        debts: for which incidents, oldest first, and what became of it; what is owed beyond them is older.
        counters: cumulative quantities of windows that are still open.
        tickets: the tickets that were counted so far.
        held: use that waits.
        fired: the keys of the notices already given.
        reservations: units set aside.
        purchases: the latest purchase of each pool, with its quantity.
        paid: the ids of the banks that were paid before they were bought.
        carried: the rests of entries cut at a boundary.

    Rules: D2, law 4.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> from supportcontracts.timeline import Zone
        >>> february = State(
        ...     Zone("Europe/Berlin").at("2025-03-01 00:00"),
        ...     lots=[Lot("B-07", left=hours(3), expires_on="2025-03-31")],
        ... )
        >>> february.lots[0].id
        'B-07'
    """

    as_of: Instant = attrs.field(converter=instant)
    contract: str = ""
    lots: tuple[Lot, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    deficits: tuple[Counter, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    debts: tuple[Debt, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    counters: tuple[Counter, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    tickets: tuple[TicketState, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    held: tuple[HeldUse, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    fired: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    reservations: tuple[OpenReservation, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    purchases: tuple[Counter, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    paid: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    carried: tuple[Carried, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.contract:
            require_text("State.contract", self.contract)
        ids = [lot.id for lot in self.lots]
        if len(set(ids)) != len(ids):
            raise InvalidValue("State.lots", f"the ids {ids}", "an id of its own for each lot was expected")
