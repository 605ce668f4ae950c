"""Laws of money: reading inverts printing, settling rounds once and as stated, splits lose nothing, kinds never mix."""

import copy
import pickle
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from fractions import Fraction
from operator import add, ge, gt, le, lt, sub

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportcontracts import money as words
from supportcontracts.errors import CurrencyMismatch, InvalidValue, UnitMismatch
from supportcontracts.money import (
    ROUNDING_MODES,
    Amount,
    Currency,
    Money,
    Price,
    PriceUnit,
    RoundingMode,
    allocate,
    round_ratio,
    settle,
)
from supportcontracts.quantity import Incidents, Quantity, WorkTime

NAMES = vars(words)
ORACLE = {"half-up": ROUND_HALF_UP, "half-even": ROUND_HALF_EVEN, "up": ROUND_UP, "down": ROUND_DOWN}

codes = st.sampled_from(["EUR", "USD", "CHF", "JPY", "BHD", "CLF"])
modes: st.SearchStrategy[RoundingMode] = st.sampled_from(ROUNDING_MODES)
minors = st.integers(-(10**7), 10**7) | st.integers(-(10**20), 10**20)
# Halves of a cent and near them are where the modes differ, so they are drawn often.
exact_values = (
    st.fractions(-1000, 1000, max_denominator=10_000)
    | st.integers(-(10**6), 10**6).map(lambda n: Fraction(n, 200))
    | st.integers(-(10**6), 10**6).map(lambda n: Fraction(n, 8_000))
    | st.integers(-(10**6), 10**6).map(lambda n: Fraction(n, 3_125))
)
monies = st.builds(Money.from_minor, minors, codes)
amounts = st.builds(Amount, exact_values, codes)
price_units: st.SearchStrategy[PriceUnit] = st.sampled_from(["h", "min", "incident"])
prices = st.builds(Price, exact_values.map(abs), codes, price_units)
quantities = st.integers(0, 10**6).map(WorkTime) | st.integers(0, 10**4).map(Incidents)
weights = st.integers(0, 50) | st.fractions(0, 100, max_denominator=60) | st.decimals(0, 100, places=3)
weight_lists = st.lists(weights, min_size=1, max_size=8).filter(any)
weight_maps = st.dictionaries(st.text("abcxyz", max_size=3), weights, min_size=1, max_size=8).filter(
    lambda mapping: any(mapping.values())
)


@given(monies)
def test_money_reads_every_text_it_prints(money: Money) -> None:
    """Text, document text, number beside a currency and repr all lead back to the same money."""
    assert Money(str(money)) == Money(money.plain()) == Money(money.number(), money.currency) == money
    assert eval(repr(money), NAMES) == money  # a repr is code


@given(amounts)
def test_amounts_read_every_text_they_print(amount: Amount) -> None:
    """Text and repr lead back to the same amount, with and without an end to its decimals."""
    assert Amount(str(amount)) == amount
    assert eval(repr(amount), NAMES) == amount  # a repr is code


@given(prices)
def test_prices_read_every_text_they_print(price: Price) -> None:
    """Text and repr lead back to the same price."""
    assert Price(str(price)) == price
    assert eval(repr(price), NAMES) == price  # a repr is code


@given(st.text(max_size=12) | st.from_regex(r"-?[0-9,]{0,7}[./]?[0-9]{0,3} ?(EUR|JPY|eur)?(/h)?", fullmatch=True))
def test_reading_gives_a_value_or_says_why_not(text: str) -> None:
    """Whatever the text, the only error is an `InvalidValue`."""
    kinds: tuple[Callable[[str], object], ...] = (Money, Amount, Price)
    for kind in kinds:
        try:
            read = kind(text)
        except InvalidValue:
            continue
        assert kind(str(read)) == read


@given(monies | amounts | prices | codes.map(Currency), st.integers(2, pickle.HIGHEST_PROTOCOL))
def test_values_survive_pickle_copy_and_evolve(one: Money | Amount | Price | Currency, protocol: int) -> None:
    """A pickled, copied or evolved value equals the original and has its hash and its text."""
    pickled = pickle.loads(pickle.dumps(one, protocol))
    for twin in (pickled, copy.copy(one), copy.deepcopy(one), attrs.evolve(one)):
        assert twin == one
        assert hash(twin) == hash(one)
        assert str(twin) == str(one)


@pytest.mark.rule("D23")
@given(st.integers(-(10**15), 10**15), st.integers(1, 10**6), modes)
def test_rounding_is_that_of_decimal_arithmetic(numerator: int, denominator: int, mode: RoundingMode) -> None:
    """A ratio rounds as the standard library rounds the same number in decimals."""
    with localcontext(prec=80):
        expected = (Decimal(numerator) / Decimal(denominator)).quantize(Decimal(1), ORACLE[mode])
    assert round_ratio(numerator, denominator, mode) == expected


@pytest.mark.rule("D23")
@given(st.integers(-(10**6), 10**6), st.integers(1, 60).map(lambda n: 2 * n), modes)
def test_halves_round_as_stated(whole: int, denominator: int, mode: RoundingMode) -> None:
    """Exactly between two whole numbers, every mode still agrees with decimal arithmetic."""
    half = Decimal(whole) + Decimal("0.5")
    expected = half.quantize(Decimal(1), ORACLE[mode])
    assert round_ratio(whole * denominator + denominator // 2, denominator, mode) == expected


@pytest.mark.rule("D23")
@given(st.integers(-(10**9), 10**9), st.integers(1, 10**4), modes)
def test_rounding_is_symmetric_around_zero(numerator: int, denominator: int, mode: RoundingMode) -> None:
    """A credit rounds as the charge it takes back, in all four modes."""
    assert round_ratio(-numerator, denominator, mode) == -round_ratio(numerator, denominator, mode)


@pytest.mark.rule("D23")
@given(amounts, modes)
def test_settling_is_that_of_decimal_arithmetic(amount: Amount, mode: RoundingMode) -> None:
    """Settled money is the exact amount rounded by the standard library to the decimals of the currency."""
    settled = settle(amount, rounding=mode)
    with localcontext(prec=80):
        exact = Decimal(amount.value.numerator) / Decimal(amount.value.denominator)
        expected = exact.quantize(Decimal(1).scaleb(-amount.currency.digits), ORACLE[mode])
    assert settled.number().replace(",", "") == f"{expected + 0:f}"
    assert settled.currency == amount.currency


@pytest.mark.rule("D23")
@given(amounts, modes, st.integers(1, 5000))
def test_settling_errs_by_less_than_one_step(amount: Amount, mode: RoundingMode, size: int) -> None:
    """Settled money is a multiple of the step, less than one step from the amount, in the direction of the mode."""
    step = Money.from_minor(size, amount.currency)
    settled = settle(amount, rounding=mode, step=step)
    assert settled.minor % size == 0
    error = abs(Amount.of(settled).value) - abs(amount.value)
    width = Amount.of(step).value
    if mode == "up":
        assert 0 <= error < width
    elif mode == "down":
        assert -width < error <= 0
    else:
        assert abs(error) <= width / 2
    assert settle(-amount, rounding=mode, step=step) == -settled


@given(monies, modes)
def test_settled_money_settles_to_itself(money: Money, mode: RoundingMode) -> None:
    """Money is exact already, so no rounding changes it."""
    assert settle(Amount.of(money), rounding=mode) == money


@given(minors, minors, codes)
def test_money_is_as_additive_as_its_minor_units(left: int, right: int, code: str) -> None:
    """Sums, differences, products, comparisons and hashes within a currency are those of the integers."""
    a, b = Money.from_minor(left, code), Money.from_minor(right, code)
    assert (a + b).minor == left + right
    assert (a - b).minor == left - right == (-(b - a)).minor
    assert (a * 3).minor == 3 * left
    assert (a < b, a <= b, a > b, a >= b) == (left < right, left <= right, left > right, left >= right)
    assert (a == b) is (left == right)
    assert left != right or hash(a) == hash(b)
    assert abs(a).minor == abs(left)
    assert Amount.of(a) + Amount.of(b) == Amount.of(a + b)


@given(minors, codes, codes, st.sampled_from([add, sub, lt, le, gt, ge]))
def test_currencies_never_mix(minor: int, one: str, other: str, operation: Callable[..., object]) -> None:
    """Money of two currencies is unequal and refuses every other operation; exact amounts and prices alike."""
    left, right = Money.from_minor(minor, one), Money.from_minor(minor, other)
    if one == other:
        operation(left, right)
        return
    assert left != right
    with pytest.raises(CurrencyMismatch):
        operation(left, right)
    with pytest.raises(CurrencyMismatch):
        operation(Amount.of(left), Amount.of(right))


@given(prices, quantities)
def test_a_price_times_a_quantity_is_exact(price: Price, quantity: Quantity) -> None:
    """The amount is price x units by definition, with 3600 seconds to the hour; units that differ are refused."""
    if price.unit != quantity.unit:
        with pytest.raises(UnitMismatch):
            price * quantity
        return
    size = {"h": 3600, "min": 60, "incident": 1}[price.per]
    assert (
        price * quantity == quantity * price == Amount(price.amount * Fraction(quantity.amount, size), price.currency)
    )
    minor = price.per_unit() * quantity.amount
    assert minor == (price * quantity).value * 10**price.currency.digits


@pytest.mark.rule("D24")
@given(monies | quantities, weight_lists)
def test_parts_add_up_and_mirror(total: Money | Quantity, parts: list[int | Fraction | Decimal]) -> None:
    """Parts sum to the total, have its kind, and those of a negative total are negated."""
    if isinstance(total, Money):
        split = allocate(total, parts)
        assert sum(split, Money.zero(total.currency)) == total
        assert allocate(-total, parts) == tuple(-part for part in split)
    elif isinstance(total, WorkTime):
        assert sum(allocate(total, parts), WorkTime(0)) == total
    else:
        assert sum(allocate(total, parts), Incidents(0)) == total


@pytest.mark.rule("D24")
@given(monies, weight_maps)
def test_keys_make_a_split_independent_of_order(total: Money, parts: dict[str, int | Fraction | Decimal]) -> None:
    """With keys, the order of the mapping changes nothing but the order of the result; ties go by key."""
    shuffled = dict(sorted(parts.items(), reverse=True))
    split = allocate(total, parts)
    assert list(split) == list(parts)
    assert split == allocate(total, shuffled)
    assert tuple(split[key] for key in sorted(parts)) == allocate(total, [parts[key] for key in sorted(parts)])
