"""Strategies for money, prices, quantities, shares and factors.

Bounds are inclusive and of the kind of the value itself. A currency or a unit that is not asked for is drawn, unless a
bound names it.
"""

from fractions import Fraction
from functools import cache

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.money import ROUNDING_MODES, Amount, Currency, Money, Price, PriceUnit, RoundingMode
from supportcontracts.quantity import Incidents, Number, Quantity, Unit, WorkTime, ratio
from supportcontracts.testing.strategies._drawing import (
    DENOMINATORS,
    bounds,
    check_choice,
    checked,
    drawn,
    fraction,
    one_in,
    pick,
    stepped,
)

__all__ = [
    "amounts",
    "currencies",
    "factors",
    "incident_counts",
    "moneys",
    "prices",
    "quantities",
    "roundings",
    "shares",
    "work_times",
]


def __dir__() -> list[str]:
    return __all__


UNITS: tuple[Unit, ...] = ("work", "incidents")
PRICE_UNITS: tuple[PriceUnit, ...] = ("h", "min", "incident")
# One currency for each number of decimals that exists: the rounding of lines differs among them.
CURRENCY_CODES = ("EUR", "JPY", "KWD", "CLF")
SHARES = tuple(Fraction(top, bottom) for top, bottom in ((0, 1), (1, 1), (1, 2), (1, 10), (1, 3), (2, 3), (99, 100)))
FACTORS = tuple(
    Fraction(top, bottom) for top, bottom in ((1, 1), (2, 1), (3, 2), (1, 2), (0, 1), (5, 4), (4, 3), (1, 3))
)

# Money


@cache
def _all_currencies() -> tuple[Currency, ...]:
    import iso4217  # noqa: PLC0415  # reads its table when imported

    return tuple(Currency(code) for code in sorted(each.code for each in iso4217.Currency if each.exponent is not None))


def draw_currency(draw: DrawFn) -> Currency:
    """Draw one of the few currencies that contracts use."""
    return Currency.of(pick(draw, CURRENCY_CODES))


def _any_currency(draw: DrawFn) -> Currency:
    return pick(draw, _all_currencies()) if one_in(draw, 4) else draw_currency(draw)


def currencies() -> SearchStrategy[Currency]:
    """Generate currencies: every one of ISO 4217 that has a minor unit.

    Example:
        >>> from hypothesis import given
        >>> @given(currencies())
        ... def a_code_names_its_currency(currency):
        ...     assert Currency(currency.code) == currency
        >>> a_code_names_its_currency()
    """
    return drawn(_any_currency)


def roundings() -> SearchStrategy[RoundingMode]:
    """Generate rounding modes, by name.

    Example:
        >>> from hypothesis import given
        >>> from supportcontracts.money import settle
        >>> @given(roundings())
        ... def nothing_rounds_to_nothing(mode):
        ...     assert not settle(Amount("0 EUR"), rounding=mode)
        >>> nothing_rounds_to_nothing()
    """
    return st.sampled_from(ROUNDING_MODES)


def _one_currency(
    strategy: str, currency: Currency | str | None, *named: Money | Price | Amount | None
) -> Currency | None:
    """Return the currency that an argument or a bound asks for; both may, if they agree."""
    found = {value.currency for value in named if value is not None}
    if currency is not None:
        found.add(checked(strategy, Currency.of, currency))
    if len(found) > 1:
        raise InvalidArgument(f"{strategy}: {' and '.join(sorted(map(str, found)))} do not go together")
    return found.pop() if found else None


def moneys(
    *, currency: Currency | str | None = None, min_value: Money | None = None, max_value: Money | None = None
) -> SearchStrategy[Money]:
    """Generate money, settled to minor units, of either sign.

    Raises:
        InvalidArgument: for bounds in the wrong order or in another currency.

    Example:
        >>> from hypothesis import given
        >>> @given(moneys(currency="EUR"))
        ... def money_reads_what_it_prints(money):
        ...     assert Money(str(money)) == money
        >>> money_reads_what_it_prints()
    """
    low, high = bounds("moneys", Money, min_value, max_value)
    known = _one_currency("moneys", currency, low, high)
    ends = None if low is None else low.minor, None if high is None else high.minor

    def build(draw: DrawFn) -> Money:
        chosen = known or _any_currency(draw)
        return Money.from_minor(stepped(draw, *ends, (chosen.scale, 1)), chosen)

    return drawn(build)


def amounts(*, currency: Currency | str | None = None) -> SearchStrategy[Amount]:
    """Generate exact amounts of either sign, which are not settled yet.

    Raises:
        InvalidArgument: for a currency that is not one.

    Example:
        >>> from hypothesis import given
        >>> @given(amounts())
        ... def a_difference_to_itself_is_nothing(amount):
        ...     assert not amount - amount
        >>> a_difference_to_itself_is_nothing()
    """
    known = _one_currency("amounts", currency)

    def build(draw: DrawFn) -> Amount:
        chosen = known or _any_currency(draw)
        bottom = pick(draw, DENOMINATORS)
        return Amount(Fraction(draw(st.integers()), bottom), chosen)

    return drawn(build)


def prices(
    *,
    currency: Currency | str | None = None,
    per: PriceUnit | None = None,
    min_value: Price | None = None,
    max_value: Price | None = None,
) -> SearchStrategy[Price]:
    """Generate prices, among them some that no number of decimals can write.

    Raises:
        InvalidArgument: for bounds in the wrong order, in another currency or per another unit.

    Example:
        >>> from hypothesis import given
        >>> @given(prices(currency="EUR", per="h"))
        ... def no_time_costs_nothing(price):
        ...     assert not price * WorkTime(0)
        >>> no_time_costs_nothing()
    """
    low, high = bounds("prices", Price, min_value, max_value)
    known = _one_currency("prices", currency, low, high)
    asked = check_choice("prices", "per", per, PRICE_UNITS)
    units = {price.per for price in (low, high) if price is not None} | ({asked} if asked else set())
    ends = Fraction(0) if low is None else low.amount, None if high is None else high.amount
    if len(units) > 1:
        raise InvalidArgument(f"prices: per {' and per '.join(sorted(units))} do not go together")

    def build(draw: DrawFn) -> Price:
        chosen = known or _any_currency(draw)
        unit = next(iter(units), None) or pick(draw, PRICE_UNITS)
        return Price(fraction(draw, *ends), chosen, unit)

    return drawn(build)


# Quantities and factors


def work_times(*, min_value: WorkTime | None = None, max_value: WorkTime | None = None) -> SearchStrategy[WorkTime]:
    """Generate work times, from zero on, often whole quarters of an hour or minutes.

    Raises:
        InvalidArgument: for bounds that are no work times, or in the wrong order.

    Example:
        >>> from hypothesis import given
        >>> @given(work_times())
        ... def a_time_reads_what_it_prints(time):
        ...     assert WorkTime.parse(str(time)) == time
        >>> a_time_reads_what_it_prints()
    """
    low, high = bounds("work_times", WorkTime, min_value, max_value)
    least, most = low.seconds if low else 0, None if high is None else high.seconds
    return drawn(lambda draw: WorkTime(stepped(draw, least, most, (900, 60, 1))))


def incident_counts(
    *, min_value: Incidents | None = None, max_value: Incidents | None = None
) -> SearchStrategy[Incidents]:
    """Generate numbers of incidents, from zero on.

    Raises:
        InvalidArgument: for bounds that are no incidents, or in the wrong order.

    Example:
        >>> from hypothesis import given
        >>> @given(incident_counts(max_value=Incidents(3)))
        ... def there_are_at_most_three(count):
        ...     assert count <= Incidents(3)
        >>> there_are_at_most_three()
    """
    low, high = bounds("incident_counts", Incidents, min_value, max_value)
    return st.integers(low.count if low else 0, None if high is None else high.count).map(Incidents)


def quantities(
    *, unit: Unit | None = None, min_value: Quantity | None = None, max_value: Quantity | None = None
) -> SearchStrategy[Quantity]:
    """Generate quantities: work times, numbers of incidents, or both.

    Raises:
        InvalidArgument: for a bound of another unit, or bounds in the wrong order.

    Example:
        >>> from hypothesis import given
        >>> @given(quantities(unit="incidents"))
        ... def they_are_all_incidents(quantity):
        ...     assert quantity.unit == "incidents"
        >>> they_are_all_incidents()
    """
    named = [each for each in (min_value, max_value) if each is not None]
    units: set[str] = {each.unit if isinstance(each, (WorkTime, Incidents)) else repr(each) for each in named}
    check_choice("quantities", "unit", unit, UNITS)
    if unit is not None:
        units.add(unit)
    match sorted(units):
        case []:
            return st.one_of(work_times(), incident_counts())
        case ["work"]:
            return work_times(min_value=min_value, max_value=max_value)  # type: ignore[arg-type]  # of that unit
        case ["incidents"]:
            return incident_counts(min_value=min_value, max_value=max_value)  # type: ignore[arg-type]  # of that unit
        case mixed:
            raise InvalidArgument(f"quantities: {' and '.join(mixed)} do not go together")


def shares(*, min_value: Number = 0, max_value: Number = 1) -> SearchStrategy[Fraction]:
    """Generate exact shares, from nothing to the whole.

    Raises:
        InvalidArgument: for bounds that are no exact numbers, below zero, or in the wrong order.

    Example:
        >>> from hypothesis import given
        >>> @given(shares())
        ... def a_share_is_a_part(share):
        ...     assert 0 <= share <= 1
        >>> a_share_is_a_part()
    """
    return _fractions("shares", min_value, max_value, SHARES)


def factors(*, min_value: Number = 0, max_value: Number | None = None) -> SearchStrategy[Fraction]:
    """Generate exact factors, never below zero, for multipliers.

    Raises:
        InvalidArgument: for bounds that are no exact numbers, below zero, or in the wrong order.

    Example:
        >>> from hypothesis import given
        >>> @given(factors(min_value=1, max_value="1.5"))
        ... def factors_keep_their_bounds(factor):
        ...     assert 1 <= factor <= Fraction(3, 2)
        >>> factors_keep_their_bounds()
    """
    return _fractions("factors", min_value, max_value, FACTORS)


def _fractions(
    strategy: str, min_value: Number, max_value: Number | None, pool: tuple[Fraction, ...]
) -> SearchStrategy[Fraction]:
    low = checked(strategy, lambda value: ratio(value, "min_value"), min_value)
    high = None if max_value is None else checked(strategy, lambda value: ratio(value, "max_value"), max_value)
    bounds(strategy, Fraction, low, high)
    fitting = [each for each in pool if low <= each and (high is None or each <= high)]

    def build(draw: DrawFn) -> Fraction:
        return pick(draw, fitting) if fitting and not one_in(draw, 3) else fraction(draw, low, high)

    return drawn(build)
