"""Sources: who pays for use, in order, until nothing is left to pay.

A waterfall is a tuple of sources. Each may be limited to a scope, pays what it can, and hands the rest to the next.
A waterfall ends in a source that never runs out, so that use which finds nothing is charged, held, refused or handed
over, and never silently owed (D18).
"""

from typing import assert_never

import attrs

from supportcontracts._fields import frozen, require_text
from supportcontracts.contracts.allotments import Allotment, Overdraw, require_quantity
from supportcontracts.contracts.banks import Banks, units_of
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.scope import EVERYTHING, Scope, require_scope
from supportcontracts.contracts.tariffs import currency_of, unit_of
from supportcontracts.money import Currency, Money
from supportcontracts.quantity import Quantity, Unit

__all__ = ["Fallback", "Hold", "Refuse", "Source", "Unlimited", "source_currencies", "source_unit"]


def __dir__() -> list[str]:
    return __all__


@frozen
class Unlimited:
    """Every use is included; a review level asks somebody to look, and never changes an amount.

    Attributes:
        review_at: the fair-use level: a notice when the use of a contract year passes it.

    Rules: B1, D22.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> Unlimited(review_at=hours(400)).scope
        Scope()
    """

    review_at: Quantity | None = attrs.field(default=None, kw_only=True)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.review_at is not None:
            require_quantity("Unlimited.review_at", self.review_at)
        require_scope("Unlimited.scope", self.scope)


@frozen
class Fallback:
    """What is left is handed over to another contract of the customer, which meters and pays for it by its own terms.

    Example:
        >>> Fallback("C-200").contract
        'C-200'
    """

    contract: str
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("Fallback.contract", self.contract)
        require_scope("Fallback.scope", self.scope)


@frozen
class Hold:
    """What is left waits, unpaid, until an approval or a purchase that says so releases it (D20).

    Example:
        >>> Hold().scope
        Scope()
    """

    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_scope("Hold.scope", self.scope)


@frozen
class Refuse:
    """What is left is refused: it is shown, with its reason, and nobody pays for it.

    Example:
        >>> Refuse().scope
        Scope()
    """

    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_scope("Refuse.scope", self.scope)


Source = Unlimited | Allotment | Banks | Charge | Fallback | Hold | Refuse
"""Everything that can stand in a waterfall."""


def source_currencies(source: Source) -> set[Currency]:
    """Name every currency that a source mentions."""
    found: set[Currency] = set()
    match source:
        case Charge():
            found.add(currency_of(source.tariff))
            found.update(rate.price.currency for rate in source.rates)
            found.update(m.currency for m in (source.maximum, source.minimum) if m is not None)
            if isinstance(source.limit, Money):
                found.add(source.limit.currency)
        case Allotment() | Banks():
            if isinstance(source.short, Overdraw):
                found.add(source.short.settled_at.currency)
            if isinstance(source, Banks):
                found.update(rule.price.currency for rule in source.top_up)
                if source.offer is not None:
                    found.add(source.offer.sizes[0].price.currency)
        case Unlimited() | Fallback() | Hold() | Refuse():
            pass
        case _:
            assert_never(source)
    return found


def source_unit(source: Source) -> Unit | None:
    """Name the unit that a source is bound to, or None if it pays for any."""
    match source:
        case Charge():
            return unit_of(source.tariff)
        case Allotment():
            return source.quantity.unit
        case Unlimited():
            return None if source.review_at is None else source.review_at.unit
        case Banks():
            return next(iter(units_of(source)), None)
        case Fallback() | Hold() | Refuse():
            return None
        case _:
            assert_never(source)
