"""What every promise beside support has in common, whether it is counted or a share off a price."""

from collections.abc import Iterator
from typing import TypeAlias

from supportcontracts._fields import opaque
from supportcontracts.contracts.benefits.benefit import Benefit
from supportcontracts.contracts.benefits.discount import DiscountBenefit
from supportcontracts.errors import InvalidValue
from supportcontracts.money import Currency, Money

__all__ = ["AnyBenefit", "benefit_currencies", "require_benefit"]


def __dir__() -> list[str]:
    return __all__


AnyBenefit: TypeAlias = Benefit | DiscountBenefit
"""Whatever may be promised beside support."""


def require_benefit(what: str, value: object) -> AnyBenefit:
    """Return what is promised; refuse anything else, such as a contract."""
    if not isinstance(value, (Benefit, DiscountBenefit)):
        hint = "Write Benefit(…), or take the promises of a contract from Contract.promised."
        raise InvalidValue(what, opaque(value), "a benefit was expected", hint)
    return value


def benefit_currencies(benefit: AnyBenefit) -> Iterator[Currency]:
    """Yield the currencies of the money that a promise names."""
    if isinstance(benefit, Benefit):
        if benefit.worth is not None:
            yield benefit.worth.currency
        yield from (exchange.gets.currency for exchange in benefit.exchanges if isinstance(exchange.gets, Money))
