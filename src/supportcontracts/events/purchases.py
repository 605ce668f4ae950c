"""Banks that are bought, paid for, extended and refunded."""

from datetime import date
from typing import Literal, get_args

import attrs

from supportcontracts._fields import frozen, is_whole
from supportcontracts.contracts.allotments import require_quantity
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.scope import EVERYTHING, Scope, require_scope
from supportcontracts.contracts.tariffs import require_money
from supportcontracts.errors import InvalidValue, UnitMismatch
from supportcontracts.events._head import Head, check_customer, check_head, check_names, check_texts, instant_or_none
from supportcontracts.money import Money, Price
from supportcontracts.quantity import Incidents, Quantity, WorkTime
from supportcontracts.timeline import Instant, as_date

__all__ = [
    "BankExtended",
    "BankPurchase",
    "BankRefunded",
    "Origin",
    "Payment",
]


def __dir__() -> list[str]:
    return __all__


Origin = Literal["bought", "included", "granted", "rolled-over", "courtesy"]
"""Where the units of a bank come from."""


def _date_or_none(value: date | str | None) -> date | None:
    return None if value is None else as_date(value)


@frozen
class BankPurchase(Head):
    """A bank of hours or incidents was bought or given; its id is the id of the bank.

    Attributes:
        quantity: the units in it.
        price: the price per unit, or the money for the whole bank; None: nothing is due.
        expires_on: the last local day on which it can be used, inclusive; None: it does not expire.
        usable_from: when its units may first be used; None: at the purchase, or at the payment if the terms say so.
        origin: where the units come from.
        priority: lower is drawn first.
        scope: the use that this bank can pay for.
        pool: the banks that it joins.
        held: "stays-held": use that is held stays held; "release": this bank pays for it, oldest first.
        note: shown where the bank is explained.

    Rules: D16, D17, D20, D28.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> from supportcontracts.timeline import Zone
        >>> bought = BankPurchase(
        ...     "B-10", Zone("Europe/Berlin").at("2025-03-20 11:00"), customer="birchwood", quantity=hours(20),
        ...     price=Price("115 EUR/h"), expires_on="2026-03-19",
        ... )
        >>> bought.expires_on.isoformat()
        '2026-03-19'
    """

    quantity: Quantity = attrs.field(kw_only=True)
    price: Price | Money | None = attrs.field(default=None, kw_only=True)
    expires_on: date | None = attrs.field(default=None, converter=_date_or_none, kw_only=True)
    usable_from: Instant | None = attrs.field(default=None, converter=instant_or_none, kw_only=True)
    origin: Origin = attrs.field(default="bought", kw_only=True)
    priority: int = attrs.field(default=0, kw_only=True)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)
    pool: str = attrs.field(default="banks", kw_only=True)
    held: Literal["stays-held", "release"] = attrs.field(default="stays-held", kw_only=True)
    note: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_customer(self)
        what = f"BankPurchase {self.id!r}"
        if not isinstance(self.quantity, (WorkTime, Incidents)):
            raise InvalidValue(f"{what} quantity", repr(self.quantity), "hours(…) or incidents(…) was expected")
        match self.price:
            case None:
                pass
            case Money():
                require_money(f"{what} price", self.price)
            case Price() if self.price.unit == self.quantity.unit:
                pass
            case _:
                raise UnitMismatch(
                    f"{what} price", repr(self.price), f"a price for {self.quantity.unit}, or money, was expected"
                )
        require_choice(f"{what} origin", self.origin, get_args(Origin))
        require_choice(f"{what} held", self.held, ("stays-held", "release"))
        if not is_whole(self.priority):
            raise InvalidValue(f"{what} priority", repr(self.priority), "a whole number was expected")
        require_scope(f"{what} scope", self.scope)
        check_names(self, "pool")
        check_texts(self, "note")


@frozen
class Payment(Head):
    """A bank was paid for.

    Rules: D17.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Payment("P-1", Zone("UTC").at("2025-03-28 15:30"), bank="B-10").bank
        'B-10'
    """

    bank: str = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        check_names(self, "bank")


@frozen
class BankExtended(Head):
    """The last day of a bank was moved to a later one, for a reason.

    Rules: D7.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> extended = BankExtended(
        ...     "X-4", Zone("UTC").at("2025-03-28 15:30"), bank="B-07", expires_on="2025-06-30", reason="project booked"
        ... )
        >>> extended.expires_on.isoformat()
        '2025-06-30'
    """

    bank: str = attrs.field(kw_only=True)
    expires_on: date = attrs.field(converter=as_date, kw_only=True)
    reason: str = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        check_names(self, "bank", "reason")


@frozen
class BankRefunded(Head):
    """Unused units of a bank were given back for money, at the price they were bought for.

    Attributes:
        bank: the bank.
        quantity: the units given back; None: all that is left.

    Rules: D24.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> BankRefunded("X-5", Zone("UTC").at("2025-03-28 15:30"), bank="B-07").quantity is None
        True
    """

    bank: str = attrs.field(kw_only=True)
    quantity: Quantity | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        check_names(self, "bank")
        if self.quantity is not None:
            require_quantity(f"BankRefunded {self.id!r} quantity", self.quantity)
