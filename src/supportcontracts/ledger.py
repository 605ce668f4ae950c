"""The ledger: lots, the movements on them, and the order in which lots pay.

A *lot* is a number of units with one origin, one start and one end: a bank, the grant of a period, a rolled lot. A
*movement* adds to or takes from one lot at one instant. Movements are only ever appended; the balance as of any instant
is their sum, and for every lot, at every instant:

    granted + purchased + rolled in + returned = drawn + repaid + rolled out + forfeited + refunded + left

Lots of a benefit are also reserved, redeemed and lost; there, what is reserved is not among what is left:

    granted + rolled in + returned = redeemed + reserved + lost + rolled out + forfeited + refunded + left

A *deficit* is what a source was overdrawn by, an account of its own: overdrawn = repaid + settled + forgiven + owed.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal, get_args

import attrs

from supportcontracts._fields import Drafted, draft_of, frozen, is_whole, require_text
from supportcontracts.contracts.banks import LotOrder
from supportcontracts.contracts.benefits import Units
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.scope import EVERYTHING, Scope
from supportcontracts.errors import InvalidValue, UnitMismatch
from supportcontracts.events import Origin
from supportcontracts.money import Money
from supportcontracts.quantity import Incidents, Quantity, WorkTime
from supportcontracts.timeline import Instant, as_date, instant

__all__ = [
    "COLUMNS",
    "ENDINGS",
    "NEVER",
    "Balance",
    "Lot",
    "Movement",
    "MovementKind",
    "OpenLot",
    "balance",
    "lot_key",
    "moved",
]


def __dir__() -> list[str]:
    return __all__


MovementKind = Literal[
    "purchase",
    "grant",
    "roll-in",
    "return",
    "draw",
    "repay",
    "roll-out",
    "forfeit",
    "refund",
    "reserve",
    "release",
    "lapse",
    "redeem",
    "lose",
    "overdraw",
    "settle",
    "forgive",
    "refused",
]
"""What can happen to a lot; "overdraw", "settle" and "forgive" happen to a deficit, "refused" to nothing.

Only units of a benefit are reserved, redeemed and lost: "release" ends a reservation, "lapse" does so because its lot
ends.
"""


NEVER = 1 << 62
"""The end of a lot that does not expire, later than any instant."""


@frozen
class Movement(Drafted):
    """One addition to or deduction from one lot, at one instant, for one reason.

    Attributes:
        at: when it happened.
        kind: what happened.
        lot: the lot, or for "overdraw" and "settle" the source whose deficit it is.
        quantity: how much; zero for what was refused.
        because: the id of the entry, incident or event that caused it, or the lot it comes from.
        code: why it was refused, where it was.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> from supportcontracts.timeline import Zone
        >>> str(Movement(Zone("UTC").at("2025-03-04 10:00"), "draw", "B-07", hours(1), "W-3098"))
        '2025-03-04T10:00:00Z draw 1h 00m, B-07, W-3098'
    """

    at: Instant
    kind: MovementKind
    lot: str
    quantity: Quantity | Units
    because: str = ""
    code: str = ""

    def __str__(self) -> str:
        because = f", {self.because}" if self.because else ""
        code = f" ({self.code})" if self.code else ""
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ} {self.kind} {self.quantity}, {self.lot}{because}{code}"


_MovementDraft = draft_of(Movement)


def moved(at: Instant, kind: str, lot: str, amount: Quantity, because: str, code: str = "") -> Movement:
    """Make the movement that an engine has recorded: the fast way, with nothing to check.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> from supportcontracts.timeline import Zone
        >>> at = Zone("UTC").at("2025-03-04 10:00")
        >>> moved(at, "draw", "B-07", hours(1), "W-1") == Movement(at, "draw", "B-07", hours(1), "W-1")
        True
    """
    movement = _MovementDraft()
    movement.at = at
    movement.kind = kind
    movement.lot = lot
    movement.quantity = amount
    movement.because = because
    movement.code = code
    movement.__class__ = Movement
    return movement  # type: ignore[no-any-return]  # a Movement by now


def _date_or_none(value: date | str | None) -> date | None:
    return None if value is None else as_date(value)


def _instant_or_none(value: datetime | None) -> Instant | None:
    return None if value is None else instant(value)


@frozen
class Lot(Drafted):
    """A lot as a saved state keeps it: what it is, and what is left of it.

    Attributes:
        id: the id of the purchase, or the name of the grant.
        left: the units left.
        expires_on: the last local day on which it can be used, inclusive; None: it does not expire.
        quantity: the units it began with; None: as many as are left.
        origin: where the units come from.
        usable_from: when it may first be used; None: it already may.
        priority: lower is drawn first.
        scope: the use that it can pay for.
        cost: what the whole lot cost.
        refunded: the units refunded so far, in whole units.
        refunded_money: the money refunded so far.
        source: the pool of banks, or the meter and place of the allotment, that it belongs to.
        kind: a "bank", the "grant" of a period, or a "rolled" lot.
        held: "release": it pays for held use as soon as it can be used.
        status: "usable"; "arriving": it starts later; "unpaid": it waits for its payment; "ended": it expired.

    Rules: D16.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> Lot("B-07", left=hours(3), expires_on="2025-03-31").source
        'banks'
    """

    id: str
    left: Quantity = attrs.field(kw_only=True)
    expires_on: date | None = attrs.field(default=None, converter=_date_or_none, kw_only=True)
    quantity: Quantity = attrs.field(kw_only=True)
    origin: Origin = attrs.field(default="bought", kw_only=True)
    usable_from: Instant | None = attrs.field(default=None, converter=_instant_or_none, kw_only=True)
    priority: int = attrs.field(default=0, kw_only=True)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)
    cost: Money | None = attrs.field(default=None, kw_only=True)
    refunded: int = attrs.field(default=0, kw_only=True)
    refunded_money: Money | None = attrs.field(default=None, kw_only=True)
    source: str = attrs.field(default="banks", kw_only=True)
    kind: Literal["bank", "grant", "rolled"] = attrs.field(default="bank", kw_only=True)
    held: Literal["stays-held", "release"] = attrs.field(default="stays-held", kw_only=True)
    status: Literal["usable", "arriving", "unpaid", "ended"] = attrs.field(default="usable", kw_only=True)

    @quantity.default
    def _whole(self) -> Quantity:
        return self.left

    @property
    def has_come_in(self) -> bool:
        """Whether its units are on the books; what rolls in at the instant of the state comes after it (D2)."""
        return self.kind == "bank" or self.status != "arriving"

    def __attrs_post_init__(self) -> None:
        require_text("Lot.id", self.id)
        for name in ("left", "quantity"):
            if not isinstance(getattr(self, name), (WorkTime, Incidents)):
                raise InvalidValue(
                    f"Lot {self.id!r} {name}", repr(getattr(self, name)), "hours(…) or incidents(…) was expected"
                )
        if self.left.unit != self.quantity.unit:
            raise UnitMismatch(f"Lot {self.id!r}", f"{self.left} left of {self.quantity}", "one unit was expected")
        require_choice(f"Lot {self.id!r} origin", self.origin, get_args(Origin))
        require_choice(f"Lot {self.id!r} kind", self.kind, ("bank", "grant", "rolled"))
        require_choice(f"Lot {self.id!r} status", self.status, ("usable", "arriving", "unpaid", "ended"))
        if not is_whole(self.priority):
            raise InvalidValue(f"Lot {self.id!r} priority", repr(self.priority), "a whole number was expected")


class OpenLot:
    """A lot while a fold runs: whole units and epoch seconds, and the only mutable thing in the ledger."""

    __slots__ = (
        "cost",
        "ends",
        "expires_on",
        "id",
        "kind",
        "left",
        "origin",
        "priority",
        "quantity",
        "refunded",
        "refunded_minor",
        "releases",
        "restrictions",
        "scope",
        "source",
        "starts",
        "status",
        "unit",
    )

    def __init__(
        self,
        id: str,
        *,
        source: str,
        kind: str,
        unit: str,
        quantity: int,
        left: int,
        starts: int,
        ends: int,
        expires_on: date | None,
        origin: str,
        priority: int = 0,
        scope: Scope = EVERYTHING,
        cost: int | None = None,
        status: str = "usable",
        refunded: int = 0,
        refunded_minor: int = 0,
        releases: bool = False,
    ) -> None:
        self.id = id
        self.source = source
        self.kind = kind
        self.unit = unit
        self.quantity = quantity
        self.left = left
        self.starts = starts
        self.ends = ends
        self.expires_on = expires_on
        self.origin = origin
        self.priority = priority
        self.scope = scope
        self.restrictions = () if scope is EVERYTHING else scope.restrictions
        self.cost = cost
        self.status = status
        self.refunded = refunded
        self.refunded_minor = refunded_minor
        self.releases = releases

    @classmethod
    def of_allotment(
        cls, id: str, source: str, kind: str, unit: str, quantity: int, starts: int, ends: int, last_day: date
    ) -> "OpenLot":
        """Open a grant or a rolled lot: the fast way, since there are many, and their keywords would take longer."""
        lot = cls.__new__(cls)
        lot.id = id
        lot.source = source
        lot.kind = kind
        lot.unit = unit
        lot.quantity = lot.left = quantity
        lot.starts = starts
        lot.ends = ends
        lot.expires_on = last_day
        lot.origin = "included" if kind == "grant" else "rolled-over"
        lot.priority = lot.refunded = lot.refunded_minor = 0
        lot.scope = EVERYTHING
        lot.restrictions = ()
        lot.cost = None
        lot.status = "usable"
        lot.releases = False
        return lot

    @property
    def unit_cost(self) -> Fraction:
        """What one unit cost, in minor units; a lot that was given cost nothing."""
        return Fraction(self.cost or 0, self.quantity) if self.quantity else Fraction(0)


def _expiry(lot: OpenLot) -> int:
    return lot.ends


def _granted_first(lot: OpenLot) -> int:
    return 1 if lot.origin == "bought" else 0


_LOT_KEYS: dict[str, Callable[[OpenLot], tuple[Any, ...]]] = {
    "soonest-expiry": lambda lot: (lot.priority, _expiry(lot), _granted_first(lot), lot.starts, lot.id),
    "oldest-start": lambda lot: (lot.starts, lot.id),
    "priority": lambda lot: (lot.priority, lot.starts, lot.id),
    "granted-before-paid": lambda lot: (_granted_first(lot), _expiry(lot), lot.starts, lot.id),
    "lowest-cost": lambda lot: (lot.unit_cost, _expiry(lot), lot.starts, lot.id),
    "highest-cost": lambda lot: (-lot.unit_cost, _expiry(lot), lot.starts, lot.id),
}


def lot_key(order: LotOrder) -> Callable[[OpenLot], tuple[Any, ...]]:
    """Sort lots by a named order; every order ends in the id, so that no two lots tie.

    Rules: D16.

    Example:
        >>> callable(lot_key("soonest-expiry"))
        True
    """
    return _LOT_KEYS[order]


@frozen
class Balance:
    """What came into a lot, what went out of it, and what is left, in whole units of the lot.

    Example:
        >>> Balance(purchased=10, drawn=4).left
        6
    """

    granted: int = 0
    purchased: int = 0
    rolled_in: int = 0
    returned: int = 0
    drawn: int = 0
    repaid: int = 0
    rolled_out: int = 0
    forfeited: int = 0
    refunded: int = 0
    redeemed: int = 0
    reserved: int = 0
    lost: int = 0

    @property
    def left(self) -> int:
        """What is left: everything that came in less everything that went out or is reserved."""
        came = self.granted + self.purchased + self.rolled_in + self.returned
        went = self.drawn + self.repaid + self.rolled_out + self.forfeited + self.refunded
        return came - went - self.redeemed - self.reserved - self.lost


COLUMNS = {
    "grant": "granted",
    "purchase": "purchased",
    "roll-in": "rolled_in",
    "return": "returned",
    "draw": "drawn",
    "repay": "repaid",
    "roll-out": "rolled_out",
    "forfeit": "forfeited",
    "refund": "refunded",
    "redeem": "redeemed",
    "reserve": "reserved",
    "lose": "lost",
}
_TAKEN_BACK = {"release": "reserved", "lapse": "reserved"}


def balance(movements: Iterable[Movement], lot: str, *, as_of: datetime | None = None) -> Balance:
    """Add up the movements of one lot, up to but not including an instant; all of them if none is given.

    What ends exactly at the instant, such as an expiry, has happened; what begins there has not (D2).

    Rules: D2.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> from supportcontracts.timeline import Zone
        >>> at = Zone("UTC").at
        >>> moves = [
        ...     Movement(at("2025-03-01 00:00"), "purchase", "B-07", hours(3)),
        ...     Movement(at("2025-03-04 10:00"), "draw", "B-07", hours(1), "W-1"),
        ... ]
        >>> balance(moves, "B-07", as_of=at("2025-03-03 00:00")).left, balance(moves, "B-07").left
        (10800, 7200)
    """
    limit = None if as_of is None else instant(as_of)
    sums = dict.fromkeys(COLUMNS.values(), 0)
    for movement in movements:
        column = COLUMNS.get(movement.kind) or _TAKEN_BACK.get(movement.kind)
        if movement.lot != lot or column is None:
            continue
        ends_here = movement.at == limit and movement.kind in ENDINGS and not movement.code
        if limit is not None and movement.at >= limit and not ends_here:
            continue
        sums[column] += movement.quantity.amount if movement.kind in COLUMNS else -movement.quantity.amount
    return Balance(**sums)


ENDINGS = frozenset({"forfeit", "lapse", "roll-out"})
"""Movements that belong to the period that ends at their instant (D2); with a code they undo what just came."""
