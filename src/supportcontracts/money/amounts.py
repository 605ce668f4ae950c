"""Money in whole minor units, and the exact amounts that become money when they are settled.

`Money` adds, compares and multiplies by whole numbers, because all of that stays whole. `Amount` is a fraction of the
currency and takes exact factors as well. Neither adds to the other: the step between them is `settle`.
"""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import NoReturn

from supportcontracts._fields import frozen, is_whole, opaque, require_whole
from supportcontracts.errors import CurrencyMismatch, FloatRefused, InvalidValue
from supportcontracts.money.currency import Currency
from supportcontracts.money.text import read_amount, read_text, show_fraction, show_minor
from supportcontracts.quantity import Number

__all__ = ["Amount", "Money"]


def __dir__() -> list[str]:
    return __all__


_set = object.__setattr__


@frozen(init=False, repr=False)
class Money:
    """Money is settled: a whole number of minor units of one currency.

    It is written as it is printed, `Money("1,410.00 EUR")`, or as a number with a currency, `Money(1200, "EUR")`. Sums
    start from the int 0 or from `Money.zero`. `attrs.evolve` works through the keyword `minor`.

    Args:
        amount: text that names the currency; or text, an int, a Decimal or a Fraction of major units.
        currency: a code or a `Currency`, if `amount` does not name it.
        minor: whole minor units in place of `amount`.

    Attributes:
        minor: whole minor units (cents).
        currency: the currency.

    Raises:
        FloatRefused: for a float.
        UnknownCurrency: for a currency that is not one.
        InvalidValue: for an amount with more decimals than the currency, or anything else that is not an amount.

    Example:
        >>> Money("1200 EUR") + Money("210 EUR")
        Money("1410.00 EUR")
        >>> print(Money("1200 EUR") + Money("210 EUR"))
        1,410.00 EUR
    """

    minor: int
    currency: Currency

    def __init__(
        self, amount: Number | None = None, currency: Currency | str | None = None, *, minor: int | None = None
    ) -> None:
        if minor is not None:
            if amount is not None or currency is None:
                raise InvalidValue(
                    "Money", f"{minor} minor units", "a currency was expected beside them, and no amount"
                )
            _set(self, "minor", minor if type(minor) is int else _whole(minor))
            _set(self, "currency", Currency.of(currency))
            return
        decimals: int | None = 0
        if isinstance(amount, str):
            value, known, decimals = read_text("Money", amount, currency, "99.90 EUR")
        else:
            value, known = read_amount("Money", amount, currency, "99.90 EUR")
        cents = value * known.scale
        if cents.denominator != 1 or decimals is None or decimals > known.digits:
            text = amount if isinstance(amount, str) and currency is None else f"{amount} {known}"
            raise InvalidValue(
                "Money",
                f'"{text}"',
                f"{known} has {known.digits or 'no'} decimals",
                f'Round where the rounding is stated: settle(Amount("{text}"), rounding="half-up").',
            )
        _set(self, "minor", cents.numerator)
        _set(self, "currency", known)

    @classmethod
    def from_minor(cls, minor: int, currency: Currency | str) -> "Money":
        """Build money from whole minor units: the fast way.

        Raises:
            FloatRefused: for a float.
            UnknownCurrency: for a currency that is not one.
            InvalidValue: for anything else that is not a whole number.

        Example:
            >>> print(Money.from_minor(24063, "EUR"))
            240.63 EUR
        """
        if type(minor) is not int:
            _whole(minor)
        if type(currency) is not Currency:
            currency = Currency.of(currency)
        money = cls.__new__(cls)
        _set_minor(money, minor)
        _set_currency(money, currency)
        return money

    @classmethod
    def zero(cls, currency: Currency | str) -> "Money":
        """Return no money at all, of a currency.

        Example:
            >>> print(Money.zero("JPY"))
            0 JPY
        """
        return cls.from_minor(0, currency)

    def number(self) -> str:
        """Print the amount without its currency, for tables whose heading names it.

        Example:
            >>> Money("-1410 EUR").number()
            '-1,410.00'
        """
        return show_minor(self.minor, self.currency.digits)

    def plain(self) -> str:
        """Print the amount without commas, for documents.

        Example:
            >>> Money("1410 EUR").plain()
            '1410.00 EUR'
        """
        return f"{show_minor(self.minor, self.currency.digits, thousands='')} {self.currency.code}"

    def __str__(self) -> str:
        return f"{show_minor(self.minor, self.currency.digits)} {self.currency.code}"

    def __repr__(self) -> str:
        return f'Money("{self.plain()}")'

    def __bool__(self) -> bool:
        return self.minor != 0

    def __add__(self, other: "Money") -> "Money":
        return Money.from_minor(self.minor + other.minor, self.currency) if _alike(self, other) else NotImplemented

    def __radd__(self, other: int) -> "Money":
        if is_whole(other) and other == 0:
            return self  # the builtin sum() starts from the int 0
        _alike(self, other)
        return NotImplemented

    def __sub__(self, other: "Money") -> "Money":
        return Money.from_minor(self.minor - other.minor, self.currency) if _alike(self, other) else NotImplemented

    def __neg__(self) -> "Money":
        return Money.from_minor(-self.minor, self.currency)

    def __abs__(self) -> "Money":
        return Money.from_minor(abs(self.minor), self.currency)

    def __mul__(self, factor: int) -> "Money":
        if is_whole(factor):
            return Money.from_minor(self.minor * factor, self.currency)
        _refuse_factor("Money", factor, "money is multiplied by whole numbers only", _SETTLE)
        return NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> NoReturn:
        raise InvalidValue(
            "Money",
            f"a division by {other!r}",
            "parts that are rounded one by one do not add up",
            "Write allocate(money, [1, 1]) to split it into equal parts.",
        )

    __floordiv__ = __truediv__

    def __lt__(self, other: "Money") -> bool:
        return self.minor < other.minor if _alike(self, other) else NotImplemented

    def __le__(self, other: "Money") -> bool:
        return self.minor <= other.minor if _alike(self, other) else NotImplemented

    def __gt__(self, other: "Money") -> bool:
        return self.minor > other.minor if _alike(self, other) else NotImplemented

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= other.minor if _alike(self, other) else NotImplemented


# A slot's own setter passes the frozen __setattr__ by, at half the price of object.__setattr__.
_set_minor: Callable[[Money, int], None] = Money.minor.__set__  # type: ignore[attr-defined]  # a slot on the class
_set_currency: Callable[[Money, Currency], None] = Money.currency.__set__  # type: ignore[attr-defined]  # likewise

_SETTLE = 'Write settle(Amount.of(money) * ratio("1.5"), rounding="half-up").'


@frozen(init=False, repr=False)
class Amount:
    """An amount is exact money that is not settled yet: any fraction of the currency.

    It is written as it is printed, `Amount("240.625 EUR")` or `Amount("1000/3 EUR")`, or as a number with a currency.

    Args:
        value: text that names the currency; or text, an int, a Decimal or a Fraction of major units.
        currency: a code or a `Currency`, if `value` does not name it.

    Attributes:
        value: the exact number of major units (euros).
        currency: the currency.

    Raises:
        FloatRefused: for a float.
        UnknownCurrency: for a currency that is not one.
        InvalidValue: for anything else that is not an amount.

    Example:
        >>> print(Amount("137.50 EUR") * Fraction(7, 4), Amount("1000 EUR") * Fraction(1, 3), sep=", ")
        240.625 EUR, 1000/3 EUR
    """

    value: Fraction
    currency: Currency

    def __init__(self, value: Number, currency: Currency | str | None = None) -> None:
        number, known = read_amount("Amount", value, currency, "99.90 EUR")
        _set(self, "value", number)
        _set(self, "currency", known)

    @classmethod
    def of(cls, money: Money) -> "Amount":
        """Return the exact amount that settled money is.

        Raises:
            InvalidValue: for anything else than money.

        Example:
            >>> Amount.of(Money("99.90 EUR")).value
            Fraction(999, 10)
        """
        if not isinstance(money, Money):
            raise InvalidValue("Amount.of", opaque(money), "Money was expected", 'Write Amount("99.90 EUR").')
        return cls(Fraction(money.minor, money.currency.scale), money.currency)

    def __str__(self) -> str:
        return f"{show_fraction(self.value, self.currency.digits)} {self.currency.code}"

    def __repr__(self) -> str:
        return f'Amount("{show_fraction(self.value, self.currency.digits, thousands="")} {self.currency.code}")'

    def __bool__(self) -> bool:
        return self.value != 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.value + other.value, self.currency) if _alike(self, other) else NotImplemented

    def __radd__(self, other: int) -> "Amount":
        if is_whole(other) and other == 0:
            return self  # the builtin sum() starts from the int 0
        _alike(self, other)
        return NotImplemented

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.value - other.value, self.currency) if _alike(self, other) else NotImplemented

    def __neg__(self) -> "Amount":
        return Amount(-self.value, self.currency)

    def __mul__(self, factor: int | Fraction) -> "Amount":
        if is_whole(factor) or isinstance(factor, Fraction):
            return Amount(self.value * factor, self.currency)
        _refuse_factor("Amount", factor, "an int or a Fraction was expected", 'Write amount * ratio("1.5").')
        return NotImplemented

    __rmul__ = __mul__

    def __lt__(self, other: "Amount") -> bool:
        return self.value < other.value if _alike(self, other) else NotImplemented

    def __le__(self, other: "Amount") -> bool:
        return self.value <= other.value if _alike(self, other) else NotImplemented

    def __gt__(self, other: "Amount") -> bool:
        return self.value > other.value if _alike(self, other) else NotImplemented

    def __ge__(self, other: "Amount") -> bool:
        return self.value >= other.value if _alike(self, other) else NotImplemented


def _whole(minor: object) -> int:
    if isinstance(minor, float):
        hint = 'Write the amount and its currency as text, as in Money("99.90 EUR").'
        raise FloatRefused("Money", opaque(minor), "minor units are whole", hint)
    return require_whole("Money", minor)


def _refuse_factor(name: str, factor: object, expected: str, hint: str) -> None:
    """Refuse a number that is no factor here; any other operand is left to its own class."""
    if isinstance(factor, float):
        raise FloatRefused(name, opaque(factor), "a float is not exact", hint)
    if isinstance(factor, (bool, Decimal, Fraction)):
        raise InvalidValue(name, f"the {type(factor).__name__} {factor}", expected, hint)


def _alike(left: Money | Amount, right: object) -> bool:
    """Tell whether `right` is of the kind and currency of `left`; refuse what would mix money without a word."""
    name = type(left).__name__
    if type(right) is type(left):
        ours, theirs = left.currency, right.currency
        if ours is theirs or ours == theirs:
            return True
        raise CurrencyMismatch(
            name,
            f"{left} and {right}",
            f"{ours} and {theirs} never add up or compare",
            "Keep one total per currency, or convert one of them first at a rate of your own.",
        )
    if isinstance(right, (Money, Amount)):
        raise InvalidValue(
            name,
            f"{left} and {right!r}",
            "settled money and exact amounts never mix",
            'Write Amount.of(money) for the one, or settle(amount, rounding="half-up") for the other.',
        )
    if isinstance(right, (int, float, Decimal, Fraction)):
        raise CurrencyMismatch(
            name, opaque(right), "a bare number has no currency", f'Write {name}("{right} {left.currency}").'
        )
    return False
