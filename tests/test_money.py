"""Money: written, printed, settled, split, refused. Every expected value is worked out by hand."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import partial
from operator import add, floordiv, ge, gt, le, lt, mul, sub, truediv
from typing import Any, assert_type

import attrs
import pytest

from supportcontracts import money as module
from supportcontracts.errors import CurrencyMismatch, FloatRefused, InvalidValue, UnitMismatch, UnknownCurrency
from supportcontracts.money import (
    ROUNDING_MODES,
    Amount,
    Currency,
    Money,
    Price,
    RoundingMode,
    allocate,
    check_rounding,
    round_ratio,
    settle,
)
from supportcontracts.quantity import Incidents, WorkTime, hours, incidents, minutes, percent, seconds

ORDERINGS = [lt, le, gt, ge]


def test_the_module_shows_its_public_names_only() -> None:
    """`dir` of the package and of its parts lists what `__all__` lists."""
    for part in (module, module.amounts, module.currency, module.price, module.rounding, module.settling, module.text):
        assert dir(part) == sorted(part.__all__)


# ---------------------------------------------------------------------------------------------------------- currencies


@pytest.mark.parametrize(
    ("code", "digits", "scale"), [("EUR", 2, 100), ("JPY", 0, 1), ("BHD", 3, 1000), ("CLF", 4, 10_000), ("CHF", 2, 100)]
)
def test_a_currency_knows_its_decimals(code: str, digits: int, scale: int) -> None:
    """The decimals of ISO 4217: none for the yen, three for the dinar, two for most."""
    currency = Currency(code)
    assert (currency.digits, currency.scale, str(currency), repr(currency)) == (
        digits,
        scale,
        code,
        f'Currency("{code}")',
    )


def test_currencies_are_the_same_if_their_codes_are() -> None:
    """Two currencies of one code are equal and hash alike; `Currency.of` returns what it is given."""
    assert Currency("EUR") == Currency.of("EUR") != Currency("USD")
    assert len({Currency("EUR"), Currency.of("EUR"), Currency("USD")}) == 2
    euro = Currency("EUR")
    assert Currency.of(euro) is euro


@pytest.mark.parametrize(
    ("code", "expected", "hint"),
    [
        ("eur", "codes are in upper case", 'Write "EUR".'),
        ("EURO", "ISO 4217 lists no such code", "Did you mean EUR?"),
        ("USX", "ISO 4217 lists no such code", "USD"),
        ("12345", "ISO 4217 lists no such code", 'Write it as in "EUR".'),
        ("XAU", "no minor unit", ""),
        ("XXX", "no minor unit", ""),
        ("xau", "ISO 4217 lists no such code", ""),
        (None, "an ISO 4217 code was expected", ""),
        ([], "an ISO 4217 code was expected", ""),
        (978, "an ISO 4217 code was expected", ""),
    ],
)
def test_other_codes_are_refused_with_a_near_match(code: Any, expected: str, hint: str) -> None:  # noqa: ANN401  # hostile
    """A code that is not listed, is in lower case or has no minor unit names no currency."""
    for build in (Currency, Currency.of):
        with pytest.raises(UnknownCurrency) as caught:
            build(code)
        assert expected in caught.value.expected
        assert hint in caught.value.hint


# --------------------------------------------------------------------------------------------------------------- money


@pytest.mark.parametrize(
    ("money", "minor", "code"),
    [
        (Money("99.90 EUR"), 9_990, "EUR"),
        (Money("1,410.00 EUR"), 141_000, "EUR"),
        (Money("1410 EUR"), 141_000, "EUR"),
        (Money("1,234,567.89 EUR"), 123_456_789, "EUR"),
        (Money("-12.50 EUR"), -1_250, "EUR"),
        (Money("12.5 EUR"), 1_250, "EUR"),
        (Money("-0.05 EUR"), -5, "EUR"),
        (Money("1,200 JPY"), 1_200, "JPY"),
        (Money("1.234 BHD"), 1_234, "BHD"),
        (Money("99.90", "EUR"), 9_990, "EUR"),
        (Money("1,410.00", Currency("EUR")), 141_000, "EUR"),
        (Money(1200, "EUR"), 120_000, "EUR"),
        (Money(Decimal("99.90"), "EUR"), 9_990, "EUR"),
        (Money(Decimal("1E+2"), "EUR"), 10_000, "EUR"),
        (Money(Fraction(1, 4), "EUR"), 25, "EUR"),
        (Money(minor=5, currency="EUR"), 5, "EUR"),
        (Money.from_minor(5, "EUR"), 5, "EUR"),
        (Money.zero("JPY"), 0, "JPY"),
    ],
)
def test_money_is_whole_minor_units_of_a_currency(money: Money, minor: int, code: str) -> None:
    """Text, numbers with a currency and minor units are three ways to write the same money."""
    assert (money.minor, money.currency) == (minor, Currency(code))


@pytest.mark.parametrize(
    ("money", "printed", "number", "shown"),
    [
        (Money("1410 EUR"), "1,410.00 EUR", "1,410.00", 'Money("1410.00 EUR")'),
        (Money("-1410.5 EUR"), "-1,410.50 EUR", "-1,410.50", 'Money("-1410.50 EUR")'),
        (Money("-0.05 EUR"), "-0.05 EUR", "-0.05", 'Money("-0.05 EUR")'),
        (Money("0 EUR"), "0.00 EUR", "0.00", 'Money("0.00 EUR")'),
        (Money("1234567 JPY"), "1,234,567 JPY", "1,234,567", 'Money("1234567 JPY")'),
        (Money("-7 JPY"), "-7 JPY", "-7", 'Money("-7 JPY")'),
        (Money("1234.5 BHD"), "1,234.500 BHD", "1,234.500", 'Money("1234.500 BHD")'),
    ],
)
def test_money_prints_with_all_its_decimals(money: Money, printed: str, number: str, shown: str) -> None:
    """The sign comes first, commas part thousands, decimals are those of the currency; documents have no commas."""
    assert (str(money), money.number(), repr(money)) == (printed, number, shown)
    assert money.plain() == printed.replace(",", "")


def test_a_float_is_refused_with_the_text_to_write() -> None:
    """A float cannot hold cents: the error says which text to write instead."""
    make: Callable[..., object] = Money
    with pytest.raises(FloatRefused) as caught:
        make(99.90)
    assert str(caught.value) == (
        "Money got the float 99.9; a float cannot hold cents exactly.\n"
        '    Write the amount and its currency as text, as in Money("99.90 EUR").'
    )


EUROS = Money("2 EUR")
EXACT = Amount("2 EUR")
PER_HOUR = Price("2 EUR/h")


FLOATS: dict[str, Callable[[Any], object]] = {
    "money": Money,
    "money and currency": lambda value: Money(value, "EUR"),
    "minor units": lambda value: Money(minor=value, currency="EUR"),
    "from minor units": lambda value: Money.from_minor(value, "EUR"),
    "amount": Amount,
    "amount and currency": lambda value: Amount(value, "EUR"),
    "price": Price,
    "price, currency and unit": lambda value: Price(value, "EUR", "h"),
    "factor of money": lambda value: EUROS * value,
    "factor of an amount": lambda value: value * EXACT,
    "factor of a price": lambda value: PER_HOUR * value,
    "scale of a price": PER_HOUR.times,
    "total": lambda value: allocate(value, [1]),
    "weight": lambda value: allocate(EUROS, [value]),
    "weight by key": lambda value: allocate(EUROS, {"a": value}),
    "settled amount": lambda value: settle(value, rounding="up"),
    "step": lambda value: settle(EXACT, rounding="up", step=value),
}


@pytest.mark.parametrize("build", FLOATS.values(), ids=FLOATS)
@pytest.mark.parametrize("value", [1.0, 0.05, float("nan"), float("inf")])
def test_floats_are_refused_everywhere(build: Callable[[object], object], value: float) -> None:
    """Nothing that is money is made from a float or multiplied by one, not even a float that is whole."""
    with pytest.raises(FloatRefused) as caught:
        build(value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("99.905 EUR", 'settle(Amount("99.905 EUR"), rounding="half-up")'),
        ("1.410 EUR", 'settle(Amount("1.410 EUR"), rounding="half-up")'),
        ("1.0 JPY", 'settle(Amount("1.0 JPY"), rounding="half-up")'),
        ("1000/3 EUR", 'settle(Amount("1000/3 EUR"), rounding="half-up")'),
        ("6/3 EUR", 'settle(Amount("6/3 EUR"), rounding="half-up")'),
    ],
)
def test_money_off_the_step_is_refused(text: str, hint: str) -> None:
    """An amount with more decimals than its currency is not money yet: it has to be settled, with a stated rounding."""
    with pytest.raises(InvalidValue, match=r"has (2|no) decimals") as caught:
        Money(text)
    assert hint in caught.value.hint
    number, _, code = text.partition(" ")
    with pytest.raises(InvalidValue, match=r"has (2|no) decimals") as caught:
        Money(number, code)
    assert hint in caught.value.hint


@pytest.mark.parametrize("value", [Decimal("99.905"), Fraction(1, 3)])
def test_numbers_off_the_step_are_refused(value: Decimal | Fraction) -> None:
    """An exact number that is not whole minor units is refused, too."""
    with pytest.raises(InvalidValue, match="settle"):
        Money(value, "EUR")


@pytest.mark.parametrize("kind", [Money, Amount])
@pytest.mark.parametrize("text", ["1,410 EUR", "1,410.5 EUR", "1,410 BHD", "1,410.00 BHD"])
def test_a_comma_that_could_be_a_decimal_point_is_refused(kind: Callable[[str], object], text: str) -> None:
    """Thousands have commas only beside all the decimals of the currency; else "1,410" might mean 1.41."""
    with pytest.raises(InvalidValue, match="the comma could mean thousands or decimals") as caught:
        kind(text)
    assert text.replace(",", "") in caught.value.hint


@pytest.mark.parametrize("kind", [Money, Amount])
@pytest.mark.parametrize(
    "arguments",
    [
        (), (None,), ("",), ("99.90",), ("EUR",), ("EUR 99.90",), ("99.90EUR",), ("99.90  EUR",), (" 9 EUR",),
        ("99.90 EUR\n",), ("1.410,00 EUR",), ("1,41.00 EUR",), ("1 410 EUR",), ("+5 EUR",), ("1e3 EUR",), ("- 5 EUR",),
        ("5. EUR",), (".5 EUR",), ("٣ EUR",), ("1/0 EUR",), ("1/-3 EUR",), ("5 €",), ("nan EUR",),
        (1200,), (True, "EUR"), ("99.90 EUR", "EUR"), ("", "EUR"), (Decimal("NaN"), "EUR"),
        (Decimal("Infinity"), "EUR"),
        (1j, "EUR"), ("9" * 1001 + " EUR",), (EUROS,), ([1], "EUR"),
    ],
)  # fmt: skip
def test_what_is_not_an_amount_is_refused(kind: Callable[..., object], arguments: tuple[object, ...]) -> None:
    """Amounts are read strictly: plain ASCII number, one space, code; or a finite number and a currency."""
    if kind is Amount and not arguments:
        arguments = (None,)
    with pytest.raises(InvalidValue) as caught:
        kind(*arguments)
    assert not isinstance(caught.value, FloatRefused)
    assert caught.value.hint


def test_unknown_currencies_are_told_as_such() -> None:
    """An amount with a code that names no currency raises the currency's own error."""
    for build in (
        partial(Money, "12 eur"), partial(Money, 12, "XAU"), partial(Money.from_minor, 12, "EURO"),
        partial(Amount, "12 eur"), partial(Price, "12 eur/h"), partial(Money, minor=1, currency="eur"),
    ):  # fmt: skip
        with pytest.raises(UnknownCurrency):
            build()


def test_minor_units_stand_beside_a_currency_and_nothing_else() -> None:
    """The keyword `minor` takes a whole number and a currency, and excludes an amount."""
    for build in (
        partial(Money, minor=5), partial(Money, "1 EUR", minor=5), partial(Money, 1, "EUR", minor=5),
        partial(Money, minor=True, currency="EUR"), partial(Money.from_minor, True, "EUR"),
    ):  # fmt: skip
        with pytest.raises(InvalidValue):
            build()


def test_money_calculates_in_its_currency() -> None:
    """Money adds, subtracts, negates, multiplies by ints, sums and compares within a currency."""
    assert Money("1200 EUR") + Money("210 EUR") == Money("1410 EUR")
    assert Money("1 EUR") - Money("2.50 EUR") == -Money("1.50 EUR") == Money("-1.50 EUR")
    assert abs(Money("-1.50 EUR")) == abs(Money("1.50 EUR")) == Money("1.50 EUR")
    assert Money("1.50 EUR") * 3 == 3 * Money("1.50 EUR") == Money("4.50 EUR")
    assert sum([Money("1 EUR"), Money("2 EUR")]) == sum([], Money("3 EUR")) == Money("3 EUR")
    assert Money("1 EUR") < Money("2 EUR") <= Money("2 EUR") >= Money("2 EUR") > Money("-2 EUR")
    assert not Money("1 EUR") < Money("1 EUR")
    assert not Money("1 EUR") > Money("1 EUR")
    assert [bool(Money(text)) for text in ("0 EUR", "0.01 EUR", "-0.01 EUR")] == [False, True, True]
    assert Money("0 EUR") != Money("0 USD")


def test_amounts_calculate_exactly() -> None:
    """Amounts add, subtract, negate, multiply by ints and fractions, sum and compare within a currency."""
    third = Amount("1000 EUR") * Fraction(1, 3)
    assert third + third + third == sum([third, third, third]) == third * 3 == 3 * third == Amount("1000 EUR")
    assert third - third == Amount("0 EUR")
    assert -third == Amount("-1000/3 EUR")
    assert Amount("240.625 EUR") < third <= Amount("1000/3 EUR") >= third > -third
    assert not third < Amount("1000/3 EUR")
    assert not third > Amount("1000/3 EUR")
    assert [bool(Amount(text)) for text in ("0 EUR", "1/3 EUR")] == [False, True]
    assert Amount("137.50 EUR") * percent(175) == Amount("240.625 EUR")
    assert Amount.of(Money("-99.90 EUR")) == Amount("-99.9 EUR")
    assert Amount.of(Money("5 JPY")).value == 5
    with pytest.raises(InvalidValue, match="Money was expected"):
        Amount.of(Amount("1 EUR"))  # type: ignore[arg-type]  # what a reader may try


@pytest.mark.parametrize(
    ("amount", "printed", "shown"),
    [
        (Amount("240.625 EUR"), "240.625 EUR", 'Amount("240.625 EUR")'),
        (Amount("140 EUR"), "140.00 EUR", 'Amount("140.00 EUR")'),
        (Amount(Fraction(1000, 3), "EUR"), "1000/3 EUR", 'Amount("1000/3 EUR")'),
        (Amount(Fraction(-1, 7), "EUR"), "-1/7 EUR", 'Amount("-1/7 EUR")'),
        (Amount("-1234.5 EUR"), "-1,234.50 EUR", 'Amount("-1234.50 EUR")'),
        (Amount(Fraction(1, 125), "EUR"), "0.008 EUR", 'Amount("0.008 EUR")'),
        (Amount(Fraction(1, 80), "JPY"), "0.0125 JPY", 'Amount("0.0125 JPY")'),
        (Amount("1,234.5 JPY"), "1,234.5 JPY", 'Amount("1234.5 JPY")'),
        (Amount(Fraction(1, 6), "EUR"), "1/6 EUR", 'Amount("1/6 EUR")'),
    ],
)
def test_amounts_print_exactly(amount: Amount, printed: str, shown: str) -> None:
    """Decimals are shown to their end, at least the currency's; a number without end is a ratio."""
    assert (str(amount), repr(amount)) == (printed, shown)


@pytest.mark.parametrize("operation", [add, sub, *ORDERINGS])
@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Money("1 EUR"), Money("1 USD")), (Money("0 EUR"), Money("0 JPY")), (Amount("1 EUR"), Amount("1 USD")),
        (Money("1 EUR"), 1), (Money("1 EUR"), 0), (Amount("1 EUR"), Fraction(1)), (Money("1 EUR"), Decimal(1)),
        (Amount("1 EUR"), 1.5), (Money("1 EUR"), True),
    ],
)  # fmt: skip
def test_currencies_never_mix(operation: Callable[[object, object], object], left: object, right: object) -> None:
    """Amounts in two currencies, or an amount and a bare number, neither add up nor compare; they are unequal."""
    with pytest.raises(CurrencyMismatch) as caught:
        operation(left, right)
    assert caught.value.hint
    assert left != right


def test_a_mismatch_names_both_currencies() -> None:
    """The error shows both amounts and what to do."""
    with pytest.raises(CurrencyMismatch) as caught:
        Money("1 EUR") + Money("2 USD")
    assert str(caught.value) == (
        "Money got 1.00 EUR and 2.00 USD; EUR and USD never add up or compare.\n"
        "    Keep one total per currency, or convert one of them first at a rate of your own."
    )


@pytest.mark.parametrize("number", [1, True, 1.5, Decimal(1)])
def test_numbers_on_the_left_have_no_currency_either(number: object) -> None:
    """Only the int 0, from which sum() starts, is added from the left."""
    for ours in (EUROS, EXACT):
        assert add(0, ours) is ours
        with pytest.raises(CurrencyMismatch):
            add(number, ours)


@pytest.mark.parametrize("operation", [add, sub, *ORDERINGS])
def test_settled_and_exact_money_never_mix(operation: Callable[[object, object], object]) -> None:
    """An amount is not money before it is settled, even if it is whole: the error names both ways out."""
    for left, right in ((EUROS, EXACT), (EXACT, EUROS)):
        with pytest.raises(InvalidValue, match="never mix") as caught:
            operation(left, right)
        assert "Amount.of(money)" in caught.value.hint
        assert "settle(" in caught.value.hint
        assert left != right


@pytest.mark.parametrize("operation", [add, sub, mul, *ORDERINGS])
@pytest.mark.parametrize("stranger", [None, {}, object()])
def test_strangers_are_left_to_python(operation: Callable[[object, object], object], stranger: object) -> None:
    """With an operand of another class, Python's own TypeError tells which operator is missing."""
    for ours in (EUROS, EXACT, PER_HOUR):
        with pytest.raises(TypeError):
            operation(ours, stranger)
        with pytest.raises(TypeError):
            operation(stranger, ours)


@pytest.mark.parametrize("factor", [True, Fraction(3, 2), Decimal("1.5")])
def test_a_factor_that_needs_rounding_is_refused(factor: object) -> None:
    """Money is multiplied by ints only; the error shows how to settle the product."""
    for left, right in ((EUROS, factor), (factor, EUROS)):
        with pytest.raises(InvalidValue, match="settle") as caught:
            mul(left, right)
        assert "whole numbers only" in caught.value.expected


@pytest.mark.parametrize("factor", [True, Decimal("1.5")])
def test_an_amount_takes_ints_and_fractions(factor: object) -> None:
    """An exact amount is multiplied by ints and fractions only."""
    with pytest.raises(InvalidValue, match="an int or a Fraction was expected"):
        mul(EXACT, factor)


@pytest.mark.parametrize("operation", [truediv, floordiv])
def test_money_is_not_divided(operation: Callable[[object, object], object]) -> None:
    """Parts that are rounded one by one do not add up: the error names `allocate`."""
    with pytest.raises(InvalidValue, match="allocate"):
        operation(EUROS, 2)


def test_values_evolve() -> None:
    """`attrs.evolve` changes single fields of every kind of money."""
    assert attrs.evolve(Money("1 EUR"), minor=5) == Money("0.05 EUR")
    assert attrs.evolve(Money("1 EUR"), currency=Currency("JPY")) == Money("100 JPY")
    assert attrs.evolve(Amount("1/3 EUR"), currency=Currency("JPY")) == Amount("1/3 JPY")
    assert attrs.evolve(Price("140 EUR/h"), per="min") == Price("140 EUR/min")
    assert attrs.evolve(Currency("EUR"), code="JPY").digits == 0


# -------------------------------------------------------------------------------------------------------------- prices


@pytest.mark.parametrize(
    ("price", "amount", "per", "unit", "printed"),
    [
        (Price("140 EUR/h"), Fraction(140), "h", "work", "140.00 EUR/h"),
        (Price("290 EUR/incident"), Fraction(290), "incident", "incidents", "290.00 EUR/incident"),
        (Price("2.5 EUR/min"), Fraction(5, 2), "min", "work", "2.50 EUR/min"),
        (Price("137.50", "EUR", per="h"), Fraction(275, 2), "h", "work", "137.50 EUR/h"),
        (Price("140 EUR", per="h"), Fraction(140), "h", "work", "140.00 EUR/h"),
        (Price(1200, Currency("EUR"), "h"), Fraction(1200), "h", "work", "1,200.00 EUR/h"),
        (Price("1,200.00 EUR/h"), Fraction(1200), "h", "work", "1,200.00 EUR/h"),
        (Price(Decimal("0.125"), "EUR", "min"), Fraction(1, 8), "min", "work", "0.125 EUR/min"),
        (Price("1/3 EUR/h"), Fraction(1, 3), "h", "work", "1/3 EUR/h"),
        (Price(Fraction(1, 3), "EUR", "h"), Fraction(1, 3), "h", "work", "1/3 EUR/h"),
        (Price("1/3", "EUR", "h"), Fraction(1, 3), "h", "work", "1/3 EUR/h"),
        (Price("0 EUR/h"), Fraction(0), "h", "work", "0.00 EUR/h"),
        (Price("15000 JPY/h"), Fraction(15_000), "h", "work", "15,000 JPY/h"),
    ],
)
def test_a_price_is_exact_and_has_a_unit(price: Price, amount: Fraction, per: str, unit: str, printed: str) -> None:
    """Text or a number with a currency and a unit: hours and minutes price work, incidents price incidents."""
    assert (price.amount, price.per, price.unit, str(price)) == (amount, per, unit, printed)
    assert repr(price) == f'Price("{printed.replace(",", "")}")'
    assert bool(price) is (amount != 0)


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("140 EUR",), ("140/h",), ("140 EUR/hour",), ("140 EUR/",), ("140 EUR / h",), ("EUR/h",), ("140 EUR/h ",),
        ("1/3 EUR",), ("140", "EUR"), ("140", "EUR", "H"), ("140 EUR/h", None, "h"), ("140 EUR/h", "EUR", "h"),
        (140,), (140, "EUR"), (140, None, "h"), ("140", None, "h"), (140, "EUR", 1),
        ("-1 EUR/h",), (-1, "EUR", "h"), (True, "EUR", "h"),
        (None, "EUR", "h"), ("1,410 EUR/h",), (140, "EUR", ["h"]),
    ],
)  # fmt: skip
def test_what_is_not_a_price_is_refused(arguments: tuple[object, ...]) -> None:
    """A price names its amount, currency and unit, and is never below zero."""
    make: Callable[..., object] = Price
    with pytest.raises(InvalidValue) as caught:
        make(*(arguments or (None,)))
    assert caught.value.hint


@pytest.mark.parametrize(
    ("price", "quantity", "expected"),
    [
        (Price("137.50 EUR/h"), minutes(105), "240.625 EUR"),
        (Price("140 EUR/h"), hours("1.5"), "210.00 EUR"),
        (Price("2.50 EUR/min"), seconds(90), "3.75 EUR"),
        (Price("1 EUR/h"), seconds(1), "1/3600 EUR"),
        (Price("290 EUR/incident"), incidents(3), "870.00 EUR"),
        (Price("290 EUR/incident"), incidents(0), "0.00 EUR"),
    ],
)
def test_a_price_times_a_quantity_is_exact(price: Price, quantity: WorkTime | Incidents, expected: str) -> None:
    """The product is an amount that nothing has rounded, in either order, and `per_unit` gives the same in cents."""
    assert price * quantity == quantity * price == Amount(expected)
    assert Amount(price.per_unit() * quantity.amount / price.currency.scale, price.currency) == Amount(expected)


def test_the_price_per_raw_unit_is_in_minor_units() -> None:
    """Cents per second or per incident: 140 EUR/h is 14000 cents in 3600 seconds; the yen has no cents."""
    assert Price("140 EUR/h").per_unit() == Fraction(14_000, 3_600)
    assert Price("6 EUR/min").per_unit() == 10
    assert Price("290 EUR/incident").per_unit() == 29_000
    assert Price("3600 JPY/h").per_unit() == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Price("1 EUR/h"), incidents(1)), (Price("1 EUR/min"), incidents(1)), (hours(1), Price("1 EUR/incident")),
        (Price("1 EUR/h"), 2), (2, Price("1 EUR/h")), (Price("1 EUR/h"), Fraction(1, 2)), (Price("1 EUR/h"), True),
    ],
)  # fmt: skip
def test_a_price_meets_its_own_unit_only(left: object, right: object) -> None:
    """A price for work does not price incidents, nor the other way round, and a bare number has no unit."""
    with pytest.raises(UnitMismatch) as caught:
        mul(left, right)
    assert caught.value.hint


def test_a_price_is_scaled_exactly() -> None:
    """A factor of at least zero gives a price again, unrounded."""
    assert Price("140 EUR/h").times("1.5") == Price("210 EUR/h")
    assert Price("100 EUR/incident").times(Fraction(1, 3)) == Price("100/3 EUR/incident")
    assert Price("140 EUR/h").times(0) == Price("0 EUR/h")
    with pytest.raises(InvalidValue, match="at least 0"):
        Price("140 EUR/h").times(-1)


def test_prices_compare_within_currency_and_unit() -> None:
    """Prices of one currency and unit have an order."""
    low, high = Price("140 EUR/h"), Price("140.01 EUR/h")
    same = Price("140", "EUR", "h")
    assert low < high
    assert low <= same <= high
    assert high > low
    assert high >= low >= same
    assert not low < same
    assert not low > same
    assert not high <= low
    assert not low >= high
    assert low == same != high


@pytest.mark.parametrize("operation", ORDERINGS)
def test_prices_of_other_currencies_or_units_do_not_compare(operation: Callable[[object, object], object]) -> None:
    """Between currencies and between units there is no order, and no equality."""
    for other, error in (
        (Price("2 USD/h"), CurrencyMismatch),
        (Price("2 EUR/min"), UnitMismatch),
        (Price("2 EUR/incident"), UnitMismatch),
    ):
        assert other != PER_HOUR
        with pytest.raises(error) as caught:
            operation(PER_HOUR, other)
        assert caught.value.hint


# ------------------------------------------------------------------------------------------------- rounding, settling


@pytest.mark.rule("D23")
@pytest.mark.parametrize(
    ("tenths", "half_up", "half_even", "up", "down"),
    [
        (0, 0, 0, 0, 0), (4, 0, 0, 1, 0), (5, 1, 0, 1, 0), (6, 1, 1, 1, 0), (10, 1, 1, 1, 1), (15, 2, 2, 2, 1),
        (24, 2, 2, 3, 2), (25, 3, 2, 3, 2), (26, 3, 3, 3, 2), (35, 4, 4, 4, 3), (-4, 0, 0, -1, 0), (-5, -1, 0, -1, 0),
        (-6, -1, -1, -1, 0), (-10, -1, -1, -1, -1), (-15, -2, -2, -2, -1), (-25, -3, -2, -3, -2), (-26, -3, -3, -3, -2),
    ],
)  # fmt: skip
def test_the_four_modes(tenths: int, half_up: int, half_even: int, up: int, down: int) -> None:
    """Half-up takes halves away from zero, half-even to the even neighbour; up is away from zero, down toward it."""
    expected = dict(zip(ROUNDING_MODES, (half_up, half_even, up, down), strict=True))
    for mode in ROUNDING_MODES:
        assert round_ratio(tenths, 10, mode) == expected[mode]
        assert type(round_ratio(tenths, 10, mode)) is int


@pytest.mark.rule("D23")
@pytest.mark.parametrize("value", [None, "", "bankers", "half_up", "HALF-UP", 1, True, ["up"]])
def test_a_rounding_is_one_of_four_words_and_never_a_default(value: Any) -> None:  # noqa: ANN401  # hostile
    """Missing or unknown roundings are refused with the list of choices."""
    for build in (
        partial(check_rounding, value), partial(round_ratio, 1, 2, value), partial(settle, EXACT, rounding=value)
    ):  # fmt: skip
        with pytest.raises(InvalidValue, match='choose "half-up", "half-even", "up" or "down"'):
            build()
    with pytest.raises(TypeError, match="rounding"):
        settle(EXACT)  # type: ignore[call-arg]  # what a reader may try
    assert [check_rounding(mode) for mode in ROUNDING_MODES] == list(ROUNDING_MODES)


def test_a_ratio_has_a_positive_denominator() -> None:
    """A denominator of zero or less is refused rather than read."""
    for denominator in (0, -2):
        with pytest.raises(InvalidValue, match="above 0"):
            round_ratio(1, denominator, "up")


@pytest.mark.rule("D23")
@pytest.mark.parametrize(
    ("amount", "rounding", "step", "expected"),
    [
        ("240.625 EUR", "half-up", None, "240.63 EUR"),
        ("240.625 EUR", "half-even", None, "240.62 EUR"),
        ("240.625 EUR", "up", None, "240.63 EUR"),
        ("240.625 EUR", "down", None, "240.62 EUR"),
        ("-240.625 EUR", "half-up", None, "-240.63 EUR"),
        ("-240.625 EUR", "down", None, "-240.62 EUR"),
        ("1000/3 EUR", "half-up", None, "333.33 EUR"),
        ("1000/3 EUR", "up", None, "333.34 EUR"),
        ("0.5 JPY", "half-up", None, "1 JPY"),
        ("0.0005 BHD", "half-up", None, "0.001 BHD"),
        ("99.90 EUR", "up", None, "99.90 EUR"),
        ("7.23 CHF", "half-up", "0.05 CHF", "7.25 CHF"),
        ("7.225 CHF", "half-up", "0.05 CHF", "7.25 CHF"),
        ("7.2249 CHF", "half-up", "0.05 CHF", "7.20 CHF"),
        ("7.23 CHF", "down", "0.05 CHF", "7.20 CHF"),
        ("1234.56 EUR", "half-up", "10 EUR", "1230 EUR"),
        ("1235 EUR", "half-even", "10 EUR", "1240 EUR"),
        ("-3 EUR", "up", "2 EUR", "-4 EUR"),
    ],
)
def test_settling_rounds_once_to_the_step(amount: str, rounding: RoundingMode, step: str | None, expected: str) -> None:
    """An exact amount becomes money by the stated rounding, to one minor unit or to a stated step."""
    got = settle(Amount(amount), rounding=rounding, step=Money(step) if step else None)
    assert got == Money(expected)


def test_settling_refuses_what_is_no_amount_and_what_is_no_step() -> None:
    """Money is settled already, and a step is money above zero in the same currency."""
    with pytest.raises(InvalidValue, match=r"Amount\.of"):
        settle(EUROS, rounding="up")  # type: ignore[arg-type]  # what a reader may try
    with pytest.raises(InvalidValue, match="a step of money"):
        settle(EXACT, rounding="up", step="0.05 EUR")  # type: ignore[arg-type]  # what a reader may try
    for step in ("0 EUR", "-0.05 EUR"):
        with pytest.raises(InvalidValue, match="above zero"):
            settle(EXACT, rounding="up", step=Money(step))
    with pytest.raises(CurrencyMismatch, match="Write the step in EUR"):
        settle(EXACT, rounding="up", step=Money("0.05 CHF"))


# ---------------------------------------------------------------------------------------------------------- allocating


@pytest.mark.rule("D24")
def test_parts_add_up_to_the_total() -> None:
    """Money, work time and incidents are split by largest remainder, ties to the first, negatives mirrored."""
    assert allocate(Money("100 EUR"), [1, 1, 1]) == (Money("33.34 EUR"), Money("33.33 EUR"), Money("33.33 EUR"))
    assert allocate(Money("-100 EUR"), (1, 1, 1)) == (Money("-33.34 EUR"), Money("-33.33 EUR"), Money("-33.33 EUR"))
    assert allocate(Money("100 JPY"), [Decimal("0.5"), Fraction(1, 4), 0]) == tuple(
        map(Money, ("67 JPY", "33 JPY", "0 JPY"))
    )
    assert allocate(seconds(10), [1, 2]) == (seconds(3), seconds(7))
    assert allocate(incidents(5), [1, 1]) == (incidents(3), incidents(2))


@pytest.mark.rule("D24")
def test_ties_between_keys_go_to_the_smallest_key() -> None:
    """With keys, the result keeps their order, but spare units go by key, however the mapping is ordered."""
    got = allocate(Money("1 EUR"), {"relay": 1, "atlas": 1, "bolt": 1})
    assert list(got.items()) == [
        ("relay", Money("0.33 EUR")), ("atlas", Money("0.34 EUR")), ("bolt", Money("0.33 EUR"))
    ]  # fmt: skip
    assert allocate(hours(1), {"b": 0, "a": 3}) == {"b": hours(0), "a": hours(1)}


@pytest.mark.rule("D24")
@pytest.mark.parametrize(
    ("total", "weights"),
    [
        (EUROS, []), (EUROS, [0, 0]), (EUROS, [1, -1]), (EUROS, {}), (EUROS, {"a": 0}), (EUROS, {"a": -1}),
        (EUROS, ["1"]), (EUROS, {1: 1}), (EUROS, {"a": 1, 2: 1}), (EXACT, [1]), (100, [1]), (None, [1]),
        (PER_HOUR, [1]),
    ],
)  # fmt: skip
def test_what_cannot_be_split_is_refused(total: Any, weights: Any) -> None:  # noqa: ANN401  # hostile
    """No weights, only zeros, a negative weight, keys without order or a total that is not whole: all are refused."""
    with pytest.raises(InvalidValue):
        allocate(total, weights)


def test_allocating_keeps_types() -> None:
    """Checkers see a tuple or a dict of the same kind as the total."""
    assert_type(allocate(Money("1 EUR"), [1]), tuple[Money, ...])
    assert_type(allocate(hours(1), {"a": 1}), dict[str, WorkTime])
    assert_type(allocate(incidents(1), [Fraction(1)]), tuple[Incidents, ...])
