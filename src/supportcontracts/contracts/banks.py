"""Banks: units bought in advance, the order in which they pay, and the notices about what remains."""

import re
from fractions import Fraction
from typing import Literal, get_args

import attrs

from supportcontracts._fields import frozen, is_whole, require_kind, require_text, tuple_of
from supportcontracts.contracts.allotments import Overdraw, Short, require_quantity, require_share, require_short
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.scope import EVERYTHING, Scope, require_scope
from supportcontracts.errors import CurrencyMismatch, InvalidValue, UnitMismatch
from supportcontracts.money import Price
from supportcontracts.quantity import Quantity, Unit
from supportcontracts.timeline import Days, Months

__all__ = [
    "BankSize",
    "Banks",
    "DaysLeft",
    "LotOrder",
    "PriceList",
    "Remaining",
    "RemainingShare",
    "TopUp",
    "WarnLevel",
]


def __dir__() -> list[str]:
    return __all__


_TIME = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")

LotOrder = Literal["soonest-expiry", "oldest-start", "priority", "granted-before-paid", "lowest-cost", "highest-cost"]
"""Which lot pays first. Every order ends in the id of the lot, so that no two lots ever tie (D16)."""


@frozen
class Remaining:
    """Warn when what remains in all usable banks falls to this quantity or below it.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> str(Remaining(hours(2)).quantity)
        '2h 00m'
    """

    quantity: Quantity

    def __attrs_post_init__(self) -> None:
        require_quantity("Remaining", self.quantity, "Write Remaining(hours(2)).")


@frozen
class RemainingShare:
    """Warn when what remains falls to a share of the last purchase, or of all that was bought and is still usable.

    Example:
        >>> from supportcontracts.quantity import percent
        >>> RemainingShare(percent(20)).of
        'last-purchase'
    """

    share: Fraction
    of: Literal["last-purchase", "total"] = attrs.field(default="last-purchase", kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_share("RemainingShare", self.share)
        require_choice("RemainingShare.of", self.of, ("last-purchase", "total"))


@frozen
class DaysLeft:
    """Warn so many days before the last day of a bank that still has units, from the first second of that local day.

    A bank that comes with fewer days left, by purchase, extension or return, says so at once; and so does one that
    finds the level in the terms of a phase that begins.

    Rules: D22.

    Example:
        >>> DaysLeft(30).days
        30
    """

    days: int

    def __attrs_post_init__(self) -> None:
        if not is_whole(self.days) or self.days < 1:
            raise InvalidValue("DaysLeft", repr(self.days), "a number of days, at least 1, was expected")


WarnLevel = Remaining | RemainingShare | DaysLeft


def _check_size(what: str, quantity: Quantity, price: Price, life: Months | Days | None) -> None:
    require_quantity(f"{what}.quantity", quantity)
    require_kind(f"{what}.price", price, Price, "a price was expected", 'Write Price("115 EUR/h").')
    if price.unit != quantity.unit:
        raise UnitMismatch(f"{what}.price", str(price), f"a price for {quantity.unit} was expected")
    if life is not None:
        require_kind(f"{what}.life", life, (Months, Days), "months or days were expected", "Write months(12).")


@frozen
class TopUp:
    """When what remains passes a level, propose the purchase of a bank; nothing is bought until it is recorded.

    Attributes:
        at: the level.
        quantity: the size of the bank proposed.
        price: its price per unit.
        life: how long the bank would last, from the local day of the proposal; None: it does not expire.

    Rules: B7, D22.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> str(TopUp(Remaining(hours(2)), hours(10), Price("115 EUR/h")).price)
        '115.00 EUR/h'
    """

    at: Remaining | RemainingShare
    quantity: Quantity
    price: Price
    life: Months | Days | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.at, (Remaining, RemainingShare)):
            raise InvalidValue("TopUp.at", repr(self.at), "Remaining(…) or RemainingShare(…) was expected")
        _check_size("TopUp", self.quantity, self.price, self.life)
        if isinstance(self.at, Remaining) and self.at.quantity.unit != self.quantity.unit:
            raise UnitMismatch("TopUp.at", str(self.at.quantity), f"a level of {self.quantity.unit} was expected")


@frozen
class BankSize:
    """One row of a price list: from this quantity on, this unit price and this life.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> from supportcontracts.timeline import months
        >>> str(BankSize(hours(20), Price("115 EUR/h"), life=months(12)).quantity)
        '20h 00m'
    """

    quantity: Quantity
    price: Price
    life: Months | Days | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _check_size("BankSize", self.quantity, self.price, self.life)


@frozen
class PriceList:
    """The banks on offer: a purchase takes the row with the largest size that it reaches.

    Attributes:
        sizes: ascending; the smallest is the minimum purchase.
        cutoff: local time of day "HH:MM"; what is bought at or after it starts on the next day. None: no cut-off.

    Rules: B8.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> offer = PriceList([BankSize(hours(5), Price("125 EUR/h")), BankSize(hours(20), Price("115 EUR/h"))])
        >>> len(offer.sizes)
        2
    """

    sizes: tuple[BankSize, ...] = attrs.field(converter=tuple_of)
    cutoff: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not self.sizes:
            raise InvalidValue("PriceList.sizes", "no sizes", "at least one BankSize was expected")
        previous = 0
        for number, size in enumerate(self.sizes):
            if not isinstance(size, BankSize):
                raise InvalidValue(f"PriceList.sizes[{number}]", repr(size), "a BankSize was expected")
            if size.quantity.unit != self.sizes[0].quantity.unit:
                raise UnitMismatch(f"PriceList.sizes[{number}]", str(size.quantity), "sizes of one unit were expected")
            if size.price.currency != self.sizes[0].price.currency:
                raise CurrencyMismatch(f"PriceList.sizes[{number}]", str(size.price), "one currency was expected")
            if size.quantity.amount <= previous:
                raise InvalidValue(f"PriceList.sizes[{number}]", str(size.quantity), "ascending sizes were expected")
            previous = size.quantity.amount
        if self.cutoff is not None and not (isinstance(self.cutoff, str) and _TIME.fullmatch(self.cutoff)):
            raise InvalidValue("PriceList.cutoff", repr(self.cutoff), 'a time of day was expected, as in "15:00"')


@frozen
class Banks:
    """Prepaid banks, bought as events, pay in a named order until they are used up or expire.

    Attributes:
        order: which bank pays first.
        warn_levels: notices about what remains; each fires once, with the entry and the instant that crossed it.
        top_up: purchases to propose; of several rules passed at once only the lowest proposes.
        usable: from the "purchase" on, or only from its "payment".
        returns: what becomes of a unit given back to a bank that has ended: "forfeit", or usable for so many days.
        offer: the price list; None: any purchase is taken as it is.
        short: what happens when the banks cannot pay all.
        scope: the use that they pay for.
        pool: the name under which several meters share the same banks.

    Rules: B2, B6, B7, D16, D17, D21, D22.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> Banks(warn_levels=[Remaining(hours(2))]).order
        'soonest-expiry'
    """

    order: LotOrder = attrs.field(default="soonest-expiry", kw_only=True)
    warn_levels: tuple[WarnLevel, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    top_up: tuple[TopUp, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    usable: Literal["purchase", "payment"] = attrs.field(default="purchase", kw_only=True)
    returns: Literal["forfeit"] | Days = attrs.field(default="forfeit", kw_only=True)
    offer: PriceList | None = attrs.field(default=None, kw_only=True)
    short: Short = attrs.field(default="split", kw_only=True)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)
    pool: str = attrs.field(default="banks", kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_choice("Banks.order", self.order, get_args(LotOrder))
        require_choice("Banks.usable", self.usable, ("purchase", "payment"))
        require_short("Banks.short", self.short)
        require_scope("Banks.scope", self.scope)
        require_text("Banks.pool", self.pool)
        if self.returns != "forfeit" and not isinstance(self.returns, Days):
            raise InvalidValue("Banks.returns", repr(self.returns), '"forfeit" or days(30) was expected')
        for number, level in enumerate(self.warn_levels):
            if not isinstance(level, (Remaining, RemainingShare, DaysLeft)):
                raise InvalidValue(
                    f"Banks.warn_levels[{number}]", repr(level), "Remaining, RemainingShare or DaysLeft was expected"
                )
        for number, rule in enumerate(self.top_up):
            if not isinstance(rule, TopUp):
                raise InvalidValue(f"Banks.top_up[{number}]", repr(rule), "a TopUp was expected")
        if self.offer is not None:
            require_kind("Banks.offer", self.offer, PriceList, "a PriceList was expected")
        if len(units_of(self)) > 1:
            raise UnitMismatch(
                "Banks", "terms for work and for incidents", "one unit was expected", "Write Banks(…) for each."
            )


def units_of(banks: Banks) -> set[Unit]:
    """Name the units that the terms of banks mention: one, or none if they would fit either."""
    found: set[Unit] = {level.quantity.unit for level in banks.warn_levels if isinstance(level, Remaining)}
    found.update(rule.quantity.unit for rule in banks.top_up)
    if banks.offer is not None:
        found.add(banks.offer.sizes[0].quantity.unit)
    if isinstance(banks.short, Overdraw):
        found.add(banks.short.settled_at.unit)
    return found
