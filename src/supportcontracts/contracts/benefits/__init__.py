"""What is promised beside support: countable extras and discounts, with every condition as data, and no engine.

A `Benefit` is so many units of something with a name (training days, conference passes, advisory hours). Where, for
how many people, until when, booked how long before: each condition is a field, and one that is left out binds nobody
(N7). A `DiscountBenefit` is a share off a price.
"""

from supportcontracts.contracts.benefits.benefit import Benefit, BenefitPeriod
from supportcontracts.contracts.benefits.conditions import CarryOver, Earned, Exchange, ExpiresAfter, Gains
from supportcontracts.contracts.benefits.discount import DiscountBenefit
from supportcontracts.contracts.benefits.promises import AnyBenefit
from supportcontracts.contracts.benefits.units import BenefitQuantity, Measure, Units

__all__ = [
    "AnyBenefit",
    "Benefit",
    "BenefitPeriod",
    "BenefitQuantity",
    "CarryOver",
    "DiscountBenefit",
    "Earned",
    "Exchange",
    "ExpiresAfter",
    "Gains",
    "Measure",
    "Units",
]


def __dir__() -> list[str]:
    return __all__
