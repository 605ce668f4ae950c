"""Money: settled in whole minor units, exact until then, priced per unit of a quantity.

The model has three kinds of money and one crossing. A `Price` times a quantity is an `Amount`: an exact fraction of the
currency, which nothing rounds. `settle` is the only way from there to `Money`, whole minor units that can be invoiced,
and the rounding has to be stated. `allocate` splits what is whole, and its parts always add up. The kinds never mix,
nor do currencies; floats are refused.
"""

from supportcontracts.money.amounts import Amount, Money
from supportcontracts.money.currency import Currency
from supportcontracts.money.price import Price, PriceUnit
from supportcontracts.money.rounding import ROUNDING_MODES, RoundingMode, check_rounding, round_ratio
from supportcontracts.money.settling import allocate, settle

__all__ = [
    "ROUNDING_MODES",
    "Amount",
    "Currency",
    "Money",
    "Price",
    "PriceUnit",
    "RoundingMode",
    "allocate",
    "check_rounding",
    "round_ratio",
    "settle",
]


def __dir__() -> list[str]:
    return __all__
