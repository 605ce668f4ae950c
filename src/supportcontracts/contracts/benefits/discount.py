"""The promise of a discount: a share off the price of something, while the contract is in force.

It is never used up, so it has no grants and no expiry; what it saved is counted by the uses that are recorded.
"""

from fractions import Fraction

import attrs

from supportcontracts._fields import frozen, require_text, tuple_of
from supportcontracts.contracts.benefits.benefit import require_terms
from supportcontracts.contracts.benefits.conditions import require_part
from supportcontracts.contracts.wording.benefits import describe_discount
from supportcontracts.money import RoundingMode, check_rounding
from supportcontracts.timeline import Term

__all__ = ["DiscountBenefit"]


def __dir__() -> list[str]:
    return __all__


@frozen
class DiscountBenefit:
    """A share off the price of something, while the contract is in force.

    Attributes:
        id: the name of the promise.
        share: how much off, exact, as in percent(10).
        on: what it is off.
        rounding: how the saving settles to the minor unit; there is no default.
        term: the terms in which it holds; in a contract, those of its phases.
        customer: whose it is; in a contract, its customer.
        contract: the contract that promises it.
        tier: the tier that it came with.

    Rules: N16.

    Example:
        >>> from supportcontracts.quantity import percent
        >>> print(DiscountBenefit("events", share=percent(10), on="conferences", rounding="half-up"))
        events: 10 % off conferences, while the contract is in force.
    """

    id: str
    share: Fraction = attrs.field(kw_only=True)
    on: str = attrs.field(kw_only=True)
    rounding: RoundingMode = attrs.field(kw_only=True)
    term: tuple[Term, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    customer: str | None = attrs.field(default=None, kw_only=True)
    contract: str | None = attrs.field(default=None, kw_only=True)
    tier: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("DiscountBenefit.id", self.id)
        what = f"DiscountBenefit {self.id!r}"
        require_part(f"{what} share", self.share)
        require_text(f"{what} on", self.on)
        check_rounding(self.rounding)
        require_terms(f"{what} term", self.term)
        for name in ("customer", "contract", "tier"):
            if getattr(self, name) is not None:
                require_text(f"{what} {name}", getattr(self, name))

    def under(
        self,
        *,
        customer: str,
        contract: str,
        term: tuple[Term, ...],
        products: tuple[str, ...] = (),  # noqa: ARG002  # a discount is not counted by product
        tier: str | None = None,
    ) -> "DiscountBenefit":
        """Return the promise as a contract makes it: what it leaves out comes from there.

        Example:
            >>> from supportcontracts.quantity import percent
            >>> year = Term("2025-01-01", months=12, zone="Europe/Berlin")
            >>> promised = DiscountBenefit("events", share=percent(10), on="conferences", rounding="half-up")
            >>> promised.under(customer="elm", contract="C-7", term=(year,)).customer
            'elm'
        """
        return attrs.evolve(
            self,
            customer=self.customer or customer,
            contract=self.contract or contract,
            term=self.term or term,
            tier=self.tier or tier,
        )

    def __str__(self) -> str:
        return describe_discount(self)
