"""How amounts are written and read: one grammar for money, exact amounts and prices.

A number has a minus sign in front, commas between thousands, a point before its decimals; a number that no decimals can
show is a ratio, "1000/3". In many languages comma and point change places, so text that could be read either way is
refused: commas need all the decimals of the currency beside them.
"""

import re
from decimal import Decimal
from fractions import Fraction

from supportcontracts._fields import opaque
from supportcontracts.errors import FloatRefused, InvalidValue
from supportcontracts.money.currency import Currency
from supportcontracts.quantity import exact

__all__ = ["read_amount", "read_text", "show_fraction", "show_minor"]


def __dir__() -> list[str]:
    return __all__


_LONGEST = 1000
_NUMBER = re.compile(r"(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")
_RATIO = re.compile(r"-?[0-9]+/0*[1-9][0-9]*")
_WITH_CODE = re.compile(r"([-0-9.,/]+) ([A-Za-z]+)")


def show_minor(minor: int, digits: int, *, thousands: str = ",") -> str:
    """Show whole minor units as a number with `digits` decimals.

    Example:
        >>> show_minor(-141000, 2), show_minor(1200, 0), show_minor(5, 2)
        ('-1,410.00', '1,200', '0.05')
    """
    sign = "-" if minor < 0 else ""
    whole, rest = divmod(abs(minor), 10**digits)
    number = f"{whole:,}" if thousands else str(whole)
    return f"{sign}{number}.{rest:0{digits}}" if digits else f"{sign}{number}"


def show_fraction(value: Fraction, digits: int, *, thousands: str = ",") -> str:
    """Show an exact number with at least `digits` decimals, as a ratio if it has no end.

    Example:
        >>> show_fraction(Fraction(1925, 8), 2), show_fraction(Fraction(140), 2), show_fraction(Fraction(1000, 3), 2)
        ('240.625', '140.00', '1000/3')
    """
    odd, twos, fives = value.denominator, 0, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    while odd % 5 == 0:
        odd, fives = odd // 5, fives + 1
    if odd != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(digits, twos, fives)
    return show_minor(value.numerator * 10**places // value.denominator, places, thousands=thousands)


def read_amount(what: str, amount: object, currency: Currency | str | None, write: str) -> tuple[Fraction, Currency]:
    """Read an exact amount, from text that names its currency or from a number and a currency.

    Raises:
        FloatRefused: for a float.
        UnknownCurrency: for a currency that is not one.
        InvalidValue: for anything else that is not an amount, or lacks its currency.

    Example:
        >>> read_amount("Amount", "240.625 EUR", None, "240.625 EUR")
        (Fraction(1925, 8), Currency("EUR"))
    """
    if isinstance(amount, float):
        raise FloatRefused(
            what,
            opaque(amount),
            "a float cannot hold cents exactly",
            f'Write the amount and its currency as text, as in {what}("{write}").',
        )
    if isinstance(amount, str):
        value, known, _ = read_text(what, amount, currency, write)
        return value, known
    if not isinstance(amount, (int, Decimal, Fraction)) or isinstance(amount, bool):
        got = "nothing" if amount is None else opaque(amount)
        raise InvalidValue(what, got, "an amount and its currency were expected", f'Write {what}("{write}").')
    if currency is None:
        raise InvalidValue(what, opaque(amount), "an amount needs its currency", f'Write {what}("{write}").')
    return exact(what, amount, write=f'{what}("{write}")'), Currency.of(currency)


def read_text(
    what: str, text: str, currency: Currency | str | None, write: str
) -> tuple[Fraction, Currency, int | None]:
    """Read an amount from text; tell also how many decimals were written, None for a ratio.

    The text is "99.90 EUR" without a currency beside it, "99.90" with one.

    Raises:
        UnknownCurrency: for a currency that is not one.
        InvalidValue: for any other text.

    Example:
        >>> read_text("Money", "1,410.00", "EUR", "99.90 EUR")
        (Fraction(1410, 1), Currency("EUR"), 2)
    """
    number, code = text, currency
    if currency is None:
        split = _WITH_CODE.fullmatch(text)
        number, code = split.groups() if split else ("", None)
    found = _NUMBER.fullmatch(number)
    if code is None or len(number) > _LONGEST or not (found or _RATIO.fullmatch(number)):
        apart = "a number was expected" if currency is not None else "an amount and its currency code were expected"
        raise InvalidValue(what, opaque(text), apart, f'Write {what}("{write}").')
    known = Currency.of(code)
    if found is None:
        return Fraction(number), known, None
    sign, whole, decimals = found.groups(default="")
    if "," in whole and len(decimals) < known.digits:
        raise InvalidValue(
            what,
            f'"{text}"',
            "the comma could mean thousands or decimals",
            f'Write "{text.replace(",", "")}"; commas need all {known.digits} decimals beside them.',
        )
    plain = sign + whole.replace(",", "")
    return Fraction(f"{plain}.{decimals}" if decimals else plain), known, len(decimals)
