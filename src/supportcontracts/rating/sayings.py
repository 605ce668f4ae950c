"""What the lines of a contract say again and again: quantities, prices in words, amounts; made once and remembered.

The memory is invisible, since everything in it is a function of what it is asked by. It begins anew when it is full, so
that it cannot grow with the number of lines.
"""

from fractions import Fraction

from supportcontracts.money import Amount, Currency, Money, Price
from supportcontracts.quantity import Quantity, quantity

__all__ = ["MOST_REMEMBERED", "Sayings"]


def __dir__() -> list[str]:
    return __all__


MOST_REMEMBERED = 2_000
"""How many results of one kind are remembered."""


class Sayings:
    """What is remembered for one currency and rounding."""

    __slots__ = ("amounts", "currency", "nothing", "quantities", "words")

    def __init__(self, currency: Currency) -> None:
        self.currency = currency
        self.nothing = (Amount(0, currency), Money.zero(currency))
        self.quantities: dict[str, dict[int, Quantity]] = {"work": {}, "incidents": {}}
        self.words: dict[int, tuple[Price, str]] = {}
        self.amounts: dict[tuple[int, int], tuple[Amount, Money]] = {}

    def quantity(self, unit: str, amount: int) -> Quantity:
        """Say a number of whole units as a quantity."""
        known = self.quantities[unit]
        found = known.get(amount)
        if found is None:
            if len(known) >= MOST_REMEMBERED:
                known.clear()
            found = known[amount] = quantity(unit, amount)
        return found

    def price(self, price: Price) -> str:
        """Say a price in words.

        It is found by which object it is, since comparing exact prices takes longer than wording them; the memory holds
        the price too, so that no other can take its place.
        """
        found = self.words.get(id(price))
        if found is None:
            if len(self.words) >= MOST_REMEMBERED:
                self.words.clear()
            found = self.words[id(price)] = (price, str(price))
        return found[1]

    def amount(self, exact: tuple[int, int], minor: int) -> tuple[Amount, Money]:
        """Say an amount, exact as a ratio of minor units, and as it was settled; the first decides the second."""
        found = self.amounts.get(exact)
        if found is None:
            if len(self.amounts) >= MOST_REMEMBERED:
                self.amounts.clear()
            up, down = exact
            amount = Amount(Fraction(up, down * self.currency.scale), self.currency)
            found = self.amounts[exact] = (amount, Money.from_minor(minor, self.currency))
        return found
