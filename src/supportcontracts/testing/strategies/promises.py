"""Strategies for promises beside support: benefits with every condition, discounts, and the parts of them.

A benefit is short-lived and small, so that its grants expire, its bookings meet the last day, and its units run out in
a history that can be read. Terms begin near the odd days of their zone, as those of contracts do.
"""

from datetime import date, timedelta
from typing import Any, Literal

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.contracts.benefits import (
    Benefit,
    BenefitPeriod,
    CarryOver,
    DiscountBenefit,
    Earned,
    Exchange,
    ExpiresAfter,
    Gains,
    Measure,
    Units,
)
from supportcontracts.errors import InvalidValue
from supportcontracts.money import ROUNDING_MODES, Currency, Money, Price
from supportcontracts.quantity import WorkTime
from supportcontracts.testing.strategies._drawing import check_choice, checked, drawn, fraction, one_in, pick
from supportcontracts.testing.strategies._frame import SHARES
from supportcontracts.testing.strategies.times import draw_term, known_zone, start_days, zones
from supportcontracts.testing.strategies.values import draw_currency
from supportcontracts.timeline import Days, Months, PeriodLength, Term, Zone, as_zone

__all__ = [
    "benefit_units",
    "benefits",
    "carry_overs",
    "discount_benefits",
    "earnings",
    "exchanges",
    "expiries",
]


def __dir__() -> list[str]:
    return __all__


PERSONS = ("ines.roth", "paul.ade", "eva.lind")
PLACES = ("our Leipzig facility", "facility", "onsite", "online")
COVERED = ("atlas", "relay")
CONDITION = "check-in"

_NAMES = (("training day", ""), ("conference pass", ""), ("credit", ""), ("person-day", "persons’ days"))
_COUNTS = (2, 1, 3, 5)
_TIMES = tuple(map(WorkTime, (7200, 3600, 14_400, 900)))
_PERS: tuple[BenefitPeriod, ...] = ("term", "year", "quarter", "month", "once", "event")
_LEADS: tuple[Days | Months, ...] = (Days(14), Days(1), Days(42), Days(0), Months(1))
_LIVES: tuple[Days | Months, ...] = (Days(30), Days(1), Days(180), Months(1), Months(12))
_EXPIRIES: tuple[Literal["period", "term", "never"] | None, ...] = ("period", "term", None, "never")
_MONTHS = (3, 12, 1, 6, 14)
_WINDOWS: tuple[PeriodLength, ...] = ("year", "month", "quarter", "term")
_WHATS = ("conference", "online course", "exam")
_ONE_DAY = timedelta(days=1)


def draw_measure(draw: DrawFn, *, timed: bool) -> Measure:
    """Draw a small quantity of a benefit."""
    return pick(draw, _TIMES) if timed else pick(draw, _COUNTS)


def draw_expiry(draw: DrawFn) -> ExpiresAfter:
    """Draw a life of units that the contract has no part in."""
    return ExpiresAfter(pick(draw, _LIVES), of="assignment" if one_in(draw, 3) else "grant")


def expiries() -> SearchStrategy[ExpiresAfter]:
    """Generate lives of units, from their grant or from their assignment.

    Example:
        >>> from hypothesis import given
        >>> @given(expiries())
        ... def units_live_for_a_day_at_least(expiry):
        ...     assert expiry.life.count >= 1
        >>> units_live_for_a_day_at_least()
    """
    return drawn(draw_expiry)


def draw_carry_over(draw: DrawFn, *, timed: bool) -> CarryOver:
    """Draw what is carried over."""
    options: dict[str, Any] = {}
    if one_in(draw, 2):
        options["share"] = fraction(draw, SHARES[3], SHARES[1])
    if one_in(draw, 2):
        options["most"] = draw_measure(draw, timed=timed)
    if one_in(draw, 2):
        options["condition"] = CONDITION
    return CarryOver(lasts=pick(draw, (1, 2)), **options)


def carry_overs() -> SearchStrategy[CarryOver]:
    """Generate what is carried over from one period to the next, in whole units or in time.

    Example:
        >>> from hypothesis import given
        >>> @given(carry_overs())
        ... def no_more_is_carried_than_is_left(carry_over):
        ...     assert 0 <= carry_over.carried(7) <= 7
        >>> no_more_is_carried_than_is_left()
    """
    return drawn(lambda draw: draw_carry_over(draw, timed=one_in(draw, 4)))


def draw_earned(draw: DrawFn, *, timed: bool) -> Earned:
    """Draw how often units can be earned."""
    return Earned(pick(draw, ("product", "course")), per=pick(draw, _WINDOWS), most=draw_measure(draw, timed=timed))


def earnings() -> SearchStrategy[Earned]:
    """Generate how often units can be earned, for each product or course.

    Example:
        >>> from hypothesis import given
        >>> @given(earnings())
        ... def earning_is_for_something(earned):
        ...     assert earned.by in ("product", "course")
        >>> earning_is_for_something()
    """
    return drawn(lambda draw: draw_earned(draw, timed=one_in(draw, 4)))


def draw_exchange(draw: DrawFn, currency: Currency, what: str, *, timed: bool) -> Exchange:
    """Draw what units can be exchanged for."""
    pool: tuple[Gains, ...] = (Money.from_minor(2500, currency), WorkTime(1200), 1)
    units = pick(draw, _TIMES) if timed else pick(draw, (1, 3, 2))
    return Exchange(what, units=units, gets=pick(draw, pool))


def exchanges() -> SearchStrategy[Exchange]:
    """Generate what units can be exchanged for: money off a price, time, or a number of something.

    Example:
        >>> from hypothesis import given
        >>> @given(exchanges())
        ... def a_whole_exchange_has_a_value(exchange):
        ...     assert exchange.value(exchange.units) == exchange.gets
        >>> a_whole_exchange_has_a_value()
    """
    return drawn(lambda draw: draw_exchange(draw, draw_currency(draw), pick(draw, _WHATS), timed=one_in(draw, 4)))


def benefit_units() -> SearchStrategy[Units]:
    """Generate numbers of named units.

    Example:
        >>> from hypothesis import given
        >>> @given(benefit_units())
        ... def units_read_as_they_are_counted(units):
        ...     assert str(units).startswith(f"{units.count:,} ")
        >>> units_read_as_they_are_counted()
    """
    return st.builds(lambda count, name: Units(count, *name), st.integers(0, 2000), st.sampled_from(_NAMES))


def _ends(draw: DrawFn, term: tuple[Term, ...]) -> dict[str, Any]:
    """Draw when units end: with something, after a life of their own, on a day, or nobody says."""
    how = pick(draw, ("with", "with", "on", "after"))
    if how == "with":
        return {"expires": pick(draw, _EXPIRIES)}
    if how == "after":
        return {"expires": draw_expiry(draw)}
    first, last = (term[0].starts_on, term[-1].last_day) if term else (date(2025, 1, 1), date(2025, 12, 31))
    days = (last, first, first + (last - first) / 2, last + 30 * _ONE_DAY)
    return {"expires_on": pick(draw, days)}


def _terms(draw: DrawFn, zone: Zone) -> tuple[Term, ...]:
    """Draw a term, and sometimes a second one, after a gap or without."""
    first = draw_term(draw, zone, pick(draw, start_days(zone)), pick(draw, _MONTHS))
    if not one_in(draw, 4):
        return (first,)
    gap = pick(draw, (0, 1, 40))
    return first, Term(first.ends_before + gap * _ONE_DAY, months=pick(draw, _MONTHS), zone=zone)


_FLAWS = ("carry_over", "booking_lead", "grace", "for_each", "expires_on", "expires")
"""Conditions that may contradict others, or leave no day to book; taken out one after the other until none does."""


def draw_benefit(draw: DrawFn, term: tuple[Term, ...], currency: Currency) -> Benefit:
    """Draw a promise with a few conditions; those that contradict each other are taken out again."""
    timed = one_in(draw, 5)
    name, plural = pick(draw, _NAMES)
    options: dict[str, Any] = _ends(draw, term)
    if one_in(draw, 2):
        options["worth"] = Price("180", currency, "h") if timed else Money.from_minor(90_000, currency)
    if one_in(draw, 2):
        options["booking_lead"] = pick(draw, _LEADS)
    if one_in(draw, 2):
        options |= {"cancel_notice": pick(draw, _LEADS), "late_cancel": pick(draw, ("lost", "returned"))}
    for field, values in _WORDS.items():
        if one_in(draw, 3):
            options[field] = pick(draw, values)
    if one_in(draw, 4):
        options["carry_over"] = draw_carry_over(draw, timed=timed)
    if one_in(draw, 6):
        options["earned"] = draw_earned(draw, timed=timed)
    if one_in(draw, 4):
        whats = _WHATS[: pick(draw, (1, 2))]
        options["exchanges"] = [draw_exchange(draw, currency, what, timed=timed) for what in whats]
    if timed:
        options.pop("people_per", None)
    unit = "advice" if timed else name
    options |= {"unit": unit, "plural": plural, "quantity": draw_measure(draw, timed=timed), "term": term}
    return _without_contradictions(options, _FLAWS)


def _without_contradictions(options: dict[str, Any], flaws: tuple[str, ...]) -> Benefit:
    """Build a benefit, leaving out one flaw after the other until nothing contradicts."""
    try:
        return Benefit("B-1", **options)
    except InvalidValue:
        left = {name: value for name, value in options.items() if name != flaws[0]}
        return _without_contradictions(left, flaws[1:])


_WORDS: dict[str, tuple[Any, ...]] = {
    "per": _PERS,
    "place": (PLACES[:1], PLACES[1:2], PLACES[2:]),
    "people": (1, 2, 12),
    "people_per": ("unit",),
    "holders": (PERSONS[:2], PERSONS[:1]),
    "transfer": ("transferable", "not-transferable"),
    "space": ("guaranteed", "as-available"),
    "no_show": ("lost", "returned"),
    "by_expiry": ("booked",),
    "grace": (Days(30), Days(1)),
    "ended_early": ("forfeit", "refund", "keep"),
    "products": (COVERED, COVERED[:1]),
    "for_each": ("product",),
    "book_at": ("training@halden.example",),
    "remind_margins": ((Days(14),), (Days(30), Days(7)), (Months(1), Days(0))),
    "forfeit_margins": ((Days(14),), (Days(30), Days(1))),
    "customer": ("elm",),
    "contract": ("C-101",),
    "tier": ("premium",),
}


def benefits(
    *,
    zone: Zone | str | None = None,
    currency: Currency | str | None = None,
    term: Literal["stated", "left-out", "any"] = "any",
) -> SearchStrategy[Benefit]:
    """Generate promises of countable extras, with a few conditions each, none of them impossible to use.

    Args:
        zone: the zone of their terms.
        currency: the currency of what they are worth.
        term: whether a promise states its terms itself.

    Raises:
        InvalidArgument: for a zone or currency that is none, or another word.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=20)
        ... @given(benefits(term="stated"))
        ... def its_days_can_be_reckoned(benefit):
        ...     assert benefit.zone == benefit.term[0].zone
        >>> its_days_can_be_reckoned()
    """
    check_choice("benefits", "term", term, ("stated", "left-out", "any"))
    known = None if zone is None else checked("benefits", as_zone, zone)
    money = None if currency is None else checked("benefits", Currency.of, currency)

    def build(draw: DrawFn) -> Benefit:
        left_out = term == "left-out" or (term == "any" and one_in(draw, 3))
        terms = () if left_out else _terms(draw, known or draw(_ZONES))
        return draw_benefit(draw, terms, money or draw_currency(draw))

    return drawn(build)


_ZONES = st.one_of(st.just(known_zone("Europe/Berlin")), zones())


def discount_benefits(*, term: Literal["stated", "left-out", "any"] = "any") -> SearchStrategy[DiscountBenefit]:
    """Generate promises of a discount.

    Args:
        term: whether a promise states its terms itself.

    Raises:
        InvalidArgument: for another word.

    Example:
        >>> from hypothesis import given
        >>> @given(discount_benefits())
        ... def nothing_is_discounted_to_less_than_nothing(discount):
        ...     assert 0 < discount.share <= 1
        >>> nothing_is_discounted_to_less_than_nothing()
    """
    check_choice("discount_benefits", "term", term, ("stated", "left-out", "any"))

    def build(draw: DrawFn) -> DiscountBenefit:
        left_out = term == "left-out" or (term == "any" and one_in(draw, 3))
        return DiscountBenefit(
            "D-1",
            share=fraction(draw, SHARES[3], SHARES[1]),
            on=pick(draw, ("conferences", "training")),
            rounding=pick(draw, ROUNDING_MODES),
            term=() if left_out else _terms(draw, draw(_ZONES)),
            customer=pick(draw, (None, "elm")),
        )

    return drawn(build)
