"""Discounts while covered: what comes off a price, settled once, with the terms that decided."""

from datetime import datetime
from typing import TypeAlias

from supportcontracts._fields import frozen, require_kind
from supportcontracts.contracts.benefits import DiscountBenefit
from supportcontracts.contracts.tariffs import require_money
from supportcontracts.contracts.wording.words import share
from supportcontracts.errors import InvalidValue
from supportcontracts.explain import Explanation, Step
from supportcontracts.money import Amount, Money, settle
from supportcontracts.timeline import Instant, instant

__all__ = ["DiscountAnswer", "Discounted", "NotDiscounted", "discount_on"]


def __dir__() -> list[str]:
    return __all__


@frozen
class Discounted:
    """What a discount takes off a price.

    Attributes:
        discount: what was promised.
        price: the price before it.
        saving: what comes off, settled.
        to_pay: what is left to pay.
        as_of: when.

    Rules: N16, S1.
    """

    discount: DiscountBenefit
    price: Money
    saving: Money
    to_pay: Money
    as_of: Instant

    def __str__(self) -> str:
        return f"{self.price} less {share(self.discount.share)}: {self.to_pay}, {self.saving} saved"

    def explain(self) -> Explanation[Money]:
        """Show the share, the exact saving and how it settled."""
        exact = Amount.of(self.price) * self.discount.share
        name = self.discount.id
        steps = [
            Step("N16", "discount", f"{share(self.discount.share)} × {self.price}", str(exact), f"{name}.share"),
            Step("S1", "settle", f"{self.discount.rounding} to the minor unit", str(self.saving), f"{name}.rounding"),
            Step("N16", "to pay", f"{self.price} − {self.saving}", str(self.to_pay)),
        ]
        return Explanation(f"{name} on {self.discount.on}", self.to_pay, steps)


@frozen
class NotDiscounted:
    """No discount: the terms are not in force at that instant.

    Attributes:
        discount: what was promised.
        price: the price, which stays.
        code: "outside-term".
        as_of: when.

    Rules: N16.
    """

    discount: DiscountBenefit
    price: Money
    code: str
    as_of: Instant

    @property
    def to_pay(self) -> Money:
        """The whole price."""
        return self.price

    def __str__(self) -> str:
        return f"{self.price}: the contract is not in force, so there is no discount"

    def explain(self) -> Explanation[Money]:
        """Show the terms, none of which is in force."""
        terms = "; ".join(map(str, self.discount.term))
        step = Step("N16", "in force", terms, self.code, f"{self.discount.id}.term")
        return Explanation(f"{self.discount.id} on {self.discount.on}", self.price, [step])


DiscountAnswer: TypeAlias = Discounted | NotDiscounted
"""What a discount does to a price."""


def discount_on(discount: DiscountBenefit, price: Money, *, as_of: datetime) -> DiscountAnswer:
    """Take a discount off a price, if its terms are in force.

    Args:
        discount: what was promised; it needs a term, its own or that of a contract (`Contract.promised`).
        price: the price before it, not below zero.
        as_of: when it is bought.

    Raises:
        InvalidValue: for a discount without a term.

    Rules: N16, S1.

    Example:
        >>> from supportcontracts.quantity import percent
        >>> from supportcontracts.timeline import Term
        >>> year = Term("2025-01-01", months=12, zone="Europe/Berlin")
        >>> off = DiscountBenefit("events", share=percent(10), on="conferences", rounding="half-up", term=year)
        >>> print(discount_on(off, Money("399.95 EUR"), as_of=year.zone.at("2025-06-01 10:00")))
        399.95 EUR less 10 %: 359.95 EUR, 40.00 EUR saved
    """
    require_kind("discount_on(discount)", discount, DiscountBenefit, "DiscountBenefit(…) was expected")
    require_money("discount_on(price)", price)
    at = instant(as_of)
    if not discount.term:
        hint = "Give it a term=Term(…), or put it in a contract and take it from Contract.promised."
        raise InvalidValue(f"DiscountBenefit {discount.id!r}", "no term", "one was expected", hint)
    if not any(term.contains(at) for term in discount.term):
        return NotDiscounted(discount, price, "outside-term", at)
    saving = settle(Amount.of(price) * discount.share, rounding=discount.rounding)
    return Discounted(discount, price, saving, price - saving, at)
