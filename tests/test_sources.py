"""The terms inside a plan: scopes, metering, tariffs, charges, allotments, banks, sources and incident tables."""

import importlib
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from supportcontracts import (
    Allotment,
    Band,
    Banks,
    BankSize,
    Charge,
    Currency,
    DaysLeft,
    Fallback,
    FreeTime,
    Graduated,
    Hold,
    IncidentTable,
    Metering,
    Money,
    Multiplier,
    Overdraw,
    Package,
    Price,
    PriceList,
    Rate,
    Refuse,
    Remaining,
    RemainingShare,
    Rollover,
    Scope,
    ScopedMetering,
    SubLimit,
    TopUp,
    Unlimited,
    Volume,
    days,
    hours,
    incidents,
    minutes,
    months,
    percent,
    seconds,
)
from supportcontracts.contracts.incidents import TICKET_HAPPENINGS
from supportcontracts.contracts.scope import EVERYTHING, SCOPE_ATTRIBUTES
from supportcontracts.contracts.sources import Source, source_currencies, source_unit
from supportcontracts.contracts.tariffs import Tariff, currency_of, unit_of
from supportcontracts.errors import CurrencyMismatch, FloatRefused, InvalidValue, UnitMismatch
from tests.value_checks import (
    assert_all_differ,
    assert_is_a_value,
    assert_refuses_what_does_not_belong,
    changed,
    refused,
)

Refusal = tuple[Callable[[], object], type[InvalidValue], tuple[str, ...]]

ONSITE = Scope(channels="onsite")
HOUR = Price("140 EUR/h")
DOLLARS = Price("140 USD/h")
INCIDENT = Price("290 EUR/incident")
EURO = Money("1 EUR")
BANDS = [Band(hours(1), HOUR, EURO), Band(hours(3), Price("130 EUR/h")), Band(None, Price("120 EUR/h"))]
OFFER = PriceList([BankSize(hours(5), Price("125 EUR/h")), BankSize(hours(20), HOUR, life=months(12))], cutoff="15:00")
TOP_UP = TopUp(Remaining(hours(2)), hours(10), HOUR, life=days(30))

TERMS: list[Any] = [
    Scope(
        products=["atlas", "relay"], severities=[1, 2], channels="phone", roles="senior", work_types="support",
        windows="night", responses="urgent",
    ),
    FreeTime(minutes(15), per="period", reading="all"),
    Multiplier("1.5", scope=ONSITE, on="price"),
    ScopedMetering(ONSITE, Metering(minimum=hours(2))),
    Metering(
        group="incident", free=FreeTime(minutes(5)), minimum=minutes(30), grace=minutes(5), increment=minutes(15),
        multiplier=Multiplier(2), combine="product", at_boundary="split", special=ScopedMetering(ONSITE, Metering()),
    ),
    BANDS[0],
    Graduated(BANDS),
    Volume(BANDS),
    Package(minutes(30), Money("60 EUR"), part="free"),
    Rate(Price("180 EUR/h"), role="senior", work_type="consulting"),
    Charge(
        Graduated(BANDS), per="day", of="counted", rates=Rate(HOUR, role="senior"), entry_rates="used",
        free_first=hours(1), limit=hours(9), limit_per="term", approval="required", discount=percent(10),
        maximum=Money("500 EUR"), minimum=Money("50 EUR"), adjust_per="term", scope=ONSITE,
    ),
    Overdraw(hours(5), settled_at=HOUR),
    Rollover(share=percent(50), cap=hours(4), lasts=2, use="last", base="all-left"),
    SubLimit(hours(2), scope=ONSITE, per="day"),
    Allotment(
        hours(10), per="month", rollover=Rollover(), sublimits=SubLimit(hours(2)),
        short=Overdraw(percent(20), settled_at=HOUR), scope=ONSITE,
    ),
    Remaining(hours(2)),
    RemainingShare(percent(20), of="total"),
    DaysLeft(30),
    TOP_UP,
    OFFER.sizes[1],
    OFFER,
    Banks(
        order="priority", warn_levels=[Remaining(hours(2)), RemainingShare(percent(20)), DaysLeft(30)], top_up=TOP_UP,
        usable="payment", returns=days(30), offer=OFFER, short=Overdraw(hours(1), settled_at=HOUR), scope=ONSITE,
        pool="project",
    ),
    Unlimited(review_at=hours(400), scope=ONSITE),
    Fallback("C-200", scope=ONSITE),
    Hold(scope=ONSITE),
    Refuse(scope=ONSITE),
    IncidentTable(
        opened="reserve", responded="consume", resolved="consume", closed="consume", reopened="reserve",
        cancelled="ignore", merged="ignore", duplicate="ignore", product_defect="consume", feature_request="reserve",
        reopened_within=days(14),
    ),
]  # fmt: skip
MODULES = ("allotments", "banks", "charges", "incidents", "metering", "scope", "sources", "tariffs")


def name_of(value: object) -> str:
    """Name a value by its class."""
    return type(value).__name__


def test_the_modules_show_their_public_names_only() -> None:
    """`dir` of every module lists what `__all__` lists."""
    for name in MODULES:
        module = importlib.import_module(f"supportcontracts.contracts.{name}")
        assert dir(module) == sorted(module.__all__)


# -- values -----------------------------------------------------------------------------------------------------------


def test_there_is_an_example_of_every_term() -> None:
    """The examples are of all public classes of these modules, so that none escapes the tests below."""
    found = set()
    for name in MODULES:
        module = importlib.import_module(f"supportcontracts.contracts.{name}")
        members = (getattr(module, each) for each in module.__all__)
        found |= {each for each in members if isinstance(each, type) and hasattr(each, "__attrs_attrs__")}
    assert found == {type(value) for value in TERMS}


@pytest.mark.parametrize("value", TERMS, ids=name_of)
def test_terms_are_values(value: object) -> None:
    """Every term compares, hashes, pickles, does not change, and is closed to subclassing."""
    assert_is_a_value(value)


@pytest.mark.parametrize("value", TERMS, ids=name_of)
def test_no_field_takes_what_does_not_belong_there(value: object) -> None:
    """Every field of every term refuses a value of another kind, with an error that says what was expected."""
    assert_refuses_what_does_not_belong(value)


def test_terms_that_say_different_things_differ() -> None:
    """Sources of different kinds are never equal, and a scope counts."""
    assert_all_differ([*TERMS, Hold(), Refuse(), Unlimited(), Graduated(BANDS[2]), Volume(BANDS[2])])


def test_floats_are_refused_with_what_to_write() -> None:
    """A float is no exact factor, share or quantity; the error shows the text to write."""
    error = refused(lambda: Multiplier(1.5), FloatRefused, "the float 1.5")  # type: ignore[arg-type]  # hostile
    assert "1.5" in error.hint
    error = refused(lambda: Overdraw(0.2, settled_at=HOUR), InvalidValue, "Overdraw.limit got 0.2")  # type: ignore[arg-type]  # hostile
    assert error.hint == "Write hours(10) or incidents(5)."
    refused(lambda: Charge(HOUR, discount=0.1), InvalidValue, "0.1", "percent(40)")  # type: ignore[arg-type]  # hostile


def check_refusals(refusals: list[Refusal]) -> None:
    """Check that each is refused with its kind of error and its words."""
    for build, kind, words in refusals:
        refused(build, kind, *words)


# -- scope ------------------------------------------------------------------------------------------------------------


def test_an_impossible_scope_is_refused() -> None:
    """A restriction is made of names, and of severities from 1."""
    check_refusals(
        [
            (lambda: Scope(severities=0), InvalidValue, ("Scope.severities got 0", "whole numbers from 1")),
            (lambda: Scope(severities=[1, True]), InvalidValue, ("got True",)),
            (lambda: Scope(severities="1"), InvalidValue, ("got '1'",)),
            (lambda: Scope(products=["atlas", ""]), InvalidValue, ("Scope.products got ''", "names were expected")),
            (lambda: Scope(windows=[7]), InvalidValue, ("Scope.windows got 7",)),
        ]
    )


def test_a_scope_shows_what_it_restricts() -> None:
    """The repr of a scope is what to write for it, and leaves out what it does not restrict."""
    assert repr(EVERYTHING) == "Scope()"
    assert repr(Scope(products="atlas", severities=[1, 2])) == "Scope(products=('atlas',), severities=(1, 2))"
    assert EVERYTHING.restrictions == ()
    assert Scope(roles=["senior", "junior"]).restrictions == (("role", frozenset({"senior", "junior"})),)


@pytest.mark.rule("D15")
@pytest.mark.parametrize(("name", "attribute"), SCOPE_ATTRIBUTES)
def test_a_missing_attribute_meets_only_what_is_unrestricted(name: str, attribute: str) -> None:
    """A use without an attribute is admitted where it is not restricted, and nowhere else."""
    value: object = 2 if name == "severities" else "x"
    restricted = changed(EVERYTHING, **{name: value})
    plain = SimpleNamespace(**{one: None for _, one in SCOPE_ATTRIBUTES})
    right = SimpleNamespace(**{**vars(plain), attribute: value})
    assert (restricted.admits(right), restricted.admits(plain), EVERYTHING.admits(plain)) == (True, False, True)


# -- metering ---------------------------------------------------------------------------------------------------------


def test_impossible_metering_is_refused() -> None:
    """A step has a length, a grace is shorter than a step, and special metering is one level deep."""
    nested = ScopedMetering(ONSITE, Metering(special=ScopedMetering(ONSITE, Metering())))
    check_refusals(
        [
            (lambda: FreeTime(15), InvalidValue, ("FreeTime got 15", "work time was expected", "minutes(15)")),  # type: ignore[arg-type]  # hostile
            (lambda: FreeTime(incidents(1)), InvalidValue, ("incidents(1)",)),  # type: ignore[arg-type]  # hostile
            (lambda: changed(TERMS[1], per="week"), InvalidValue, ("FreeTime.per", '"group", "period", "term"')),
            (lambda: changed(TERMS[1], reading="none"), InvalidValue, ("FreeTime.reading", '"excess", "all"')),
            (lambda: Multiplier("-1"), InvalidValue, ("Multiplier", "at least 0 was expected")),
            (lambda: changed(TERMS[2], on="rate"), InvalidValue, ("Multiplier.on", '"quantity", "price"')),
            (lambda: Metering(group="day"), InvalidValue, ("Metering.group", '"technician-day"')),  # type: ignore[arg-type]  # hostile
            (lambda: Metering(combine="sum"), InvalidValue, ("Metering.combine", '"largest", "product"')),  # type: ignore[arg-type]  # hostile
            (lambda: Metering(at_boundary="end"), InvalidValue, ("Metering.at_boundary", '"start", "split"')),  # type: ignore[arg-type]  # hostile
            (lambda: Metering(increment=15), InvalidValue, ("Metering.increment got 15", "minutes(15)")),  # type: ignore[arg-type]  # hostile
            (lambda: Metering(minimum=None), InvalidValue, ("Metering.minimum got None",)),  # type: ignore[arg-type]  # hostile
            (lambda: Metering(increment=seconds(0)), InvalidValue, ("at least 1 second", "Leave it out")),
            (
                lambda: Metering(grace=minutes(15), increment=minutes(15)),
                InvalidValue,
                ("Metering.grace got 0h 15m", "less than the increment of 0h 15m", "would drop every excess"),
            ),
            (lambda: Metering(grace=seconds(1)), InvalidValue, ("Metering.grace",)),
            (lambda: Metering(free=minutes(5)), InvalidValue, ("Metering.free", "FreeTime(minutes(15))")),  # type: ignore[arg-type]  # hostile
            (lambda: Metering(multiplier="1.5"), InvalidValue, ("Metering.multiplier", 'Multiplier("1.5")')),
            (lambda: Metering(special=Metering()), InvalidValue, ("Metering.special", "ScopedMetering(scope")),
            (lambda: Metering(special=nested), InvalidValue, ("a nested special metering", "List them side by side")),
            (lambda: ScopedMetering(ONSITE, ONSITE), InvalidValue, ("ScopedMetering.metering", "a Metering")),  # type: ignore[arg-type]  # hostile
        ]
    )


def test_a_grace_may_last_all_but_a_second_of_a_step() -> None:
    """A grace just below the increment is allowed, and so is none without an increment."""
    assert Metering(grace=seconds(899), increment=minutes(15)).grace == seconds(899)
    assert Metering().grace == seconds(0)


# -- tariffs ----------------------------------------------------------------------------------------------------------


def test_impossible_tariffs_are_refused() -> None:
    """Bands ascend to a last one without an end, in one unit and one currency; a package has a size and a price."""
    last = Band(None, HOUR)
    check_refusals(
        [
            (lambda: Band(None, "140 EUR/h"), InvalidValue, ("Band.price", 'Price("140 EUR/h")')),  # type: ignore[arg-type]  # hostile
            (lambda: Band(1, HOUR), InvalidValue, ("Band.up_to got 1", "hours(…), incidents(…) or None")),  # type: ignore[arg-type]  # hostile
            (lambda: Band(incidents(1), HOUR), UnitMismatch, ("1 incident with 140.00 EUR/h", "one unit")),
            (lambda: Band(None, HOUR, 5), InvalidValue, ("Band.flat got 5", "money, not negative")),  # type: ignore[arg-type]  # hostile
            (lambda: Band(None, HOUR, Money("-1 EUR")), InvalidValue, ("money, not negative",)),
            (lambda: Band(None, HOUR, Money("1 USD")), CurrencyMismatch, ("1.00 USD", "EUR was expected")),
            (lambda: Package(hours(0), EURO), InvalidValue, ("Package.size", "a quantity above 0")),
            (lambda: Package(30, EURO), InvalidValue, ("Package.size got 30", "minutes(30)")),  # type: ignore[arg-type]  # hostile
            (lambda: Package(hours(1), HOUR), InvalidValue, ("Package.price", "money, not negative")),  # type: ignore[arg-type]  # hostile
            (lambda: Package(hours(1), Money("-1 EUR")), InvalidValue, ("Package.price",)),
            (lambda: changed(TERMS[8], part="half"), InvalidValue, ("Package.part", '"counts-whole" or "free"')),
        ]
    )
    for kind in (Graduated, Volume):
        name = kind.__name__
        check_refusals(
            [
                (lambda kind=kind: kind([]), InvalidValue, (f"{name} got no bands",)),  # type: ignore[misc]  # a default binds the class now
                (lambda kind=kind: kind([HOUR]), InvalidValue, (f"{name}.bands[0]", "a Band was expected")),  # type: ignore[misc]  # a default binds the class now
                (
                    lambda kind=kind: kind([Band(hours(1), HOUR), Band(None, INCIDENT)]),  # type: ignore[misc]  # a default binds the class now
                    UnitMismatch,
                    (f"{name}.bands[1] got 290.00 EUR/incident", "a price per h was expected"),
                ),
                (
                    lambda kind=kind: kind([Band(hours(1), HOUR), Band(None, DOLLARS)]),  # type: ignore[misc]  # a default binds the class now
                    CurrencyMismatch,
                    (f"{name}.bands[1] got 140.00 USD/h", "EUR was expected"),
                ),
                (lambda kind=kind: kind([last, last]), InvalidValue, (f"{name}.bands[0]", "only the last has none")),  # type: ignore[misc]  # a default binds the class now
                (
                    lambda kind=kind: kind([Band(hours(2), HOUR), Band(hours(2), HOUR), last]),  # type: ignore[misc]  # a default binds the class now
                    InvalidValue,
                    (f"{name}.bands[1] got up_to=2h 00m", "more than the band before it"),
                ),
                (lambda kind=kind: kind([Band(hours(0), HOUR), last]), InvalidValue, (f"{name}.bands[0]",)),  # type: ignore[misc]  # a default binds the class now
                (
                    lambda kind=kind: kind([Band(hours(2), HOUR)]),  # type: ignore[misc]  # a default binds the class now
                    InvalidValue,
                    (f"{name}.bands got an end of 2h 00m", "a last band with up_to=None"),
                ),
            ]
        )


@pytest.mark.parametrize(
    ("tariff", "unit", "currency"),
    [
        (HOUR, "work", "EUR"),
        (Price("3 USD/min"), "work", "USD"),
        (INCIDENT, "incidents", "EUR"),
        (Graduated(BANDS), "work", "EUR"),
        (Volume(Band(None, Price("9 JPY/incident"))), "incidents", "JPY"),
        (Package(minutes(30), Money("60 CHF")), "work", "CHF"),
        (Package(incidents(5), Money("60 CHF")), "incidents", "CHF"),
    ],
)
def test_every_tariff_has_one_unit_and_one_currency(tariff: Tariff, unit: str, currency: str) -> None:
    """The unit and currency of a tariff are those of its price, its bands, or its package."""
    assert (unit_of(tariff), currency_of(tariff)) == (unit, Currency(currency))


# -- charges ----------------------------------------------------------------------------------------------------------


def test_impossible_charges_are_refused() -> None:
    """A charge states its window where it needs one, and all its quantities and prices are of the tariff's unit."""
    bands = Graduated(BANDS)
    check_refusals(
        [
            (lambda: Rate("140 EUR/h", role="senior"), InvalidValue, ("Rate.price", 'Price("140 EUR/h")')),  # type: ignore[arg-type]  # hostile
            (lambda: Rate(HOUR), InvalidValue, ("neither role nor work_type", "at least one was expected")),
            (lambda: Rate(HOUR, role=""), InvalidValue, ("Rate.role got an empty text",)),
            (lambda: Rate(HOUR, work_type=7), InvalidValue, ("Rate.work_type got the int 7",)),  # type: ignore[arg-type]  # hostile
            (lambda: Charge("140 EUR/h"), InvalidValue, ("Charge.tariff", "a tariff was expected")),  # type: ignore[arg-type]  # hostile
            (lambda: Charge(bands), InvalidValue, ("Charge.per got no window", 'Write per="entry"')),
            (lambda: Charge(HOUR, free_first=hours(1)), InvalidValue, ("Charge.per got no window",)),
            (lambda: Charge(HOUR, per="week"), InvalidValue, ("Charge.per", '"entry", "incident", "day"')),  # type: ignore[arg-type]  # hostile
            (lambda: Charge(Volume(BANDS), per="day"), InvalidValue, ("a volume tariff needs",)),
            (lambda: Charge(HOUR, of="all"), InvalidValue, ("Charge.of", '"billable", "counted"')),  # type: ignore[arg-type]  # hostile
            (lambda: Charge(HOUR, entry_rates="yes"), InvalidValue, ("Charge.entry_rates", '"ignored", "used"')),  # type: ignore[arg-type]  # hostile
            (lambda: Charge(HOUR, limit_per="day"), InvalidValue, ("Charge.limit_per", '"period", "term"')),  # type: ignore[arg-type]  # hostile
            (lambda: Charge(HOUR, approval="yes"), InvalidValue, ("Charge.approval", '"not-needed", "required"')),  # type: ignore[arg-type]  # hostile
            (lambda: Charge(HOUR, adjust_per="day"), InvalidValue, ("Charge.adjust_per", '"period", "term"')),  # type: ignore[arg-type]  # hostile
            (lambda: Charge(HOUR, discount=Fraction(-1, 9)), InvalidValue, ("Charge.discount", "not negative")),
            (lambda: Charge(HOUR, discount=percent(101)), InvalidValue, ("101/100", "at most percent(100)")),
            (lambda: Charge(HOUR, maximum="500 EUR"), InvalidValue, ("Charge.maximum", "money, not negative")),  # type: ignore[arg-type]  # hostile
            (lambda: Charge(HOUR, minimum=Money("-1 EUR")), InvalidValue, ("Charge.minimum", "money, not negative")),
            (lambda: Charge(HOUR, limit=Money("-1 EUR")), InvalidValue, ("Charge.limit", "money, not negative")),
            (lambda: Charge(HOUR, limit=5), InvalidValue, ("Charge.limit got 5", "a quantity was expected")),  # type: ignore[arg-type]  # hostile
            (lambda: Charge(HOUR, limit=incidents(5)), UnitMismatch, ("Charge.limit got 5 incidents", "of work")),
            (lambda: Charge(HOUR, per="day", free_first=EURO), InvalidValue, ("Charge.free_first",)),  # type: ignore[arg-type]  # hostile
            (
                lambda: Charge(INCIDENT, per="day", free_first=hours(1)),
                UnitMismatch,
                ("Charge.free_first got 1h 00m", "a quantity of incidents, as in the tariff, was expected"),
            ),
            (lambda: Charge(HOUR, rates=HOUR), InvalidValue, ("Charge.rates[0]", "a Rate was expected")),
            (
                lambda: Charge(HOUR, rates=Rate(INCIDENT, role="senior")),
                UnitMismatch,
                ("Charge.rates[0] got 290.00 EUR/incident", "a price for work, as in the tariff, was expected"),
            ),
            (
                lambda: Charge(HOUR, rates=[Rate(HOUR, role="senior"), Rate(Price("9 EUR/h"), role="senior")]),
                InvalidValue,
                ("two rates for one role and kind of work",),
            ),
            (
                lambda: Charge(Volume(BANDS), per="term", rates=Rate(HOUR, role="senior")),
                InvalidValue,
                ("rates beside a volume tariff", "a tariff priced as it is used"),
            ),
            (lambda: Charge(Volume(BANDS), per="term", entry_rates="used"), InvalidValue, ("beside a volume tariff",)),
        ]
    )


@pytest.mark.rule("T6")
def test_a_limit_is_a_quantity_or_money() -> None:
    """A charge may end after so many units, or after so much money; nothing at all is a limit too."""
    assert Charge(HOUR, limit=hours(5)).limit == hours(5)
    assert Charge(HOUR, limit=Money("500 EUR")).limit == Money("500 EUR")
    assert Charge(HOUR, limit=Money("0 EUR")).limit == Money("0 EUR")
    assert Charge(INCIDENT, limit=incidents(0)).limit == incidents(0)
    assert Charge(HOUR, discount=percent(100)).discount == 1


# -- allotments -------------------------------------------------------------------------------------------------------


def test_impossible_allotments_are_refused() -> None:
    """Every quantity of an allotment is of its unit, shares are exact, and a rolled lot lasts at least a period."""
    check_refusals(
        [
            (lambda: Overdraw(5, settled_at=HOUR), InvalidValue, ("Overdraw.limit got 5", "hours(10)")),  # type: ignore[arg-type]  # hostile
            (lambda: Overdraw(Fraction(-1, 5), settled_at=HOUR), InvalidValue, ("Overdraw.limit", "not negative")),
            (lambda: Overdraw(hours(5), settled_at=EURO), InvalidValue, ("Overdraw.settled_at", "a price")),  # type: ignore[arg-type]  # hostile
            (lambda: Overdraw(hours(5), settled_at=INCIDENT), UnitMismatch, ("5h 00m and 290.00 EUR/incident",)),
            (lambda: Rollover(share=Fraction(11, 10)), InvalidValue, ("Rollover.share", "at most percent(100)")),
            (lambda: Rollover(share=1), InvalidValue, ("Rollover.share got 1", "percent(40)")),  # type: ignore[arg-type]  # hostile
            (lambda: Rollover(cap=Fraction(-1)), InvalidValue, ("Rollover.cap", "not negative")),
            (lambda: Rollover(cap=4), InvalidValue, ("Rollover.cap got 4",)),  # type: ignore[arg-type]  # hostile
            (lambda: Rollover(lasts=0), InvalidValue, ("Rollover.lasts got 0", "at least 1")),
            (lambda: Rollover(lasts=True), InvalidValue, ("Rollover.lasts got True",)),
            (lambda: Rollover(use="next"), InvalidValue, ("Rollover.use", '"first", "last"')),  # type: ignore[arg-type]  # hostile
            (lambda: Rollover(base="all"), InvalidValue, ("Rollover.base", '"own-grant", "all-left"')),  # type: ignore[arg-type]  # hostile
            (lambda: SubLimit(2), InvalidValue, ("SubLimit.quantity got 2",)),  # type: ignore[arg-type]  # hostile
            (lambda: SubLimit(hours(2), per="month"), InvalidValue, ("SubLimit.per", '"period", "week", "day"')),  # type: ignore[arg-type]  # hostile
            (lambda: Allotment(10), InvalidValue, ("Allotment.quantity got 10",)),  # type: ignore[arg-type]  # hostile
            (lambda: Allotment(hours(10), per="day"), InvalidValue, ("Allotment.per", '"term", "year", "quarter"')),  # type: ignore[arg-type]  # hostile
            (lambda: Allotment(hours(10), short="stop"), InvalidValue, ("Allotment.short", '"whole-to-next"')),  # type: ignore[arg-type]  # hostile
            (lambda: Allotment(hours(10), rollover="all"), InvalidValue, ("Allotment.rollover", "Write Rollover().")),  # type: ignore[arg-type]  # hostile
            (lambda: Allotment(hours(10), sublimits=hours(2)), InvalidValue, ("Allotment.sublimits[0]",)),
            (
                lambda: Allotment(hours(10), sublimits=SubLimit(incidents(2))),
                UnitMismatch,
                ("Allotment.sublimits[0] got 2 incidents", "work was expected"),
            ),
            (
                lambda: Allotment(hours(10), rollover=Rollover(cap=incidents(2))),
                UnitMismatch,
                ("Allotment.rollover.cap got 2 incidents", "work was expected"),
            ),
            (
                lambda: Allotment(incidents(9), short=Overdraw(percent(20), settled_at=HOUR)),
                UnitMismatch,
                ("Allotment.short got 140.00 EUR/h", "a price for incidents was expected"),
            ),
        ]
    )


def test_an_overdraft_may_exceed_the_grant() -> None:
    """A share may be more than the whole of the grant or purchase, and a cap may be a share of the grant."""
    assert Overdraw(percent(150), settled_at=INCIDENT).limit == Fraction(3, 2)
    assert Allotment(hours(2), rollover=Rollover(cap=percent(50))).rollover == Rollover(cap=Fraction(1, 2))


# -- banks ------------------------------------------------------------------------------------------------------------


def test_impossible_banks_are_refused() -> None:
    """Banks name their order and levels, a price list ascends, and all of it is of one unit."""
    by_incident = BankSize(incidents(9), INCIDENT)
    check_refusals(
        [
            (lambda: Remaining(2), InvalidValue, ("Remaining got 2", "Write Remaining(hours(2)).")),  # type: ignore[arg-type]  # hostile
            (lambda: RemainingShare(20), InvalidValue, ("RemainingShare got 20", "percent(40)")),  # type: ignore[arg-type]  # hostile
            (lambda: changed(TERMS[16], of="all"), InvalidValue, ("RemainingShare.of", '"last-purchase", "total"')),
            (lambda: DaysLeft(0), InvalidValue, ("DaysLeft got 0", "at least 1")),
            (lambda: DaysLeft(days(3)), InvalidValue, ("DaysLeft",)),  # type: ignore[arg-type]  # hostile
            (lambda: changed(TOP_UP, at=DaysLeft(3)), InvalidValue, ("TopUp.at", "RemainingShare(…)")),
            (lambda: changed(TOP_UP, quantity=10), InvalidValue, ("TopUp.quantity got 10",)),
            (lambda: changed(TOP_UP, price=EURO), InvalidValue, ("TopUp.price", 'Write Price("115 EUR/h").')),
            (
                lambda: changed(TOP_UP, price=INCIDENT),
                UnitMismatch,
                ("TopUp.price got 290.00 EUR/incident", "for work"),
            ),
            (lambda: changed(TOP_UP, life=30), InvalidValue, ("TopUp.life got the int 30", "Write months(12).")),
            (
                lambda: changed(TOP_UP, at=Remaining(incidents(2))),
                UnitMismatch,
                ("TopUp.at got 2 incidents", "a level of work was expected"),
            ),
            (lambda: BankSize(20, HOUR), InvalidValue, ("BankSize.quantity got 20",)),  # type: ignore[arg-type]  # hostile
            (lambda: BankSize(hours(20), INCIDENT), UnitMismatch, ("BankSize.price", "a price for work")),
            (lambda: BankSize(hours(20), HOUR, life=12), InvalidValue, ("BankSize.life got the int 12",)),  # type: ignore[arg-type]  # hostile
            (lambda: PriceList([]), InvalidValue, ("PriceList.sizes got no sizes", "at least one BankSize")),
            (lambda: PriceList(HOUR), InvalidValue, ("PriceList.sizes[0]", "a BankSize was expected")),
            (
                lambda: PriceList([OFFER.sizes[0], by_incident]),
                UnitMismatch,
                ("PriceList.sizes[1] got 9 incidents", "sizes of one unit"),
            ),
            (
                lambda: PriceList([OFFER.sizes[0], BankSize(hours(20), DOLLARS)]),
                CurrencyMismatch,
                ("PriceList.sizes[1] got 140.00 USD/h", "one currency was expected"),
            ),
            (
                lambda: PriceList([OFFER.sizes[0], OFFER.sizes[0]]),
                InvalidValue,
                ("PriceList.sizes[1] got 5h 00m", "ascending sizes were expected"),
            ),
            (lambda: PriceList(BankSize(hours(0), HOUR)), InvalidValue, ("PriceList.sizes[0] got 0h 00m",)),
            (lambda: Banks(order="random"), InvalidValue, ("Banks.order", '"soonest-expiry", "oldest-start"')),  # type: ignore[arg-type]  # hostile
            (lambda: Banks(usable="later"), InvalidValue, ("Banks.usable", '"purchase", "payment"')),  # type: ignore[arg-type]  # hostile
            (lambda: Banks(short="stop"), InvalidValue, ("Banks.short", '"split", "whole-to-next"')),  # type: ignore[arg-type]  # hostile
            (lambda: Banks(pool=" "), InvalidValue, ("Banks.pool got an empty text",)),
            (lambda: Banks(returns=30), InvalidValue, ("Banks.returns got 30", '"forfeit" or days(30)')),  # type: ignore[arg-type]  # hostile
            (lambda: Banks(returns=months(1)), InvalidValue, ("Banks.returns",)),  # type: ignore[arg-type]  # hostile
            (lambda: Banks(warn_levels=hours(2)), InvalidValue, ("Banks.warn_levels[0]", "RemainingShare or Days")),
            (lambda: Banks(top_up=hours(2)), InvalidValue, ("Banks.top_up[0]", "a TopUp was expected")),
            (lambda: Banks(offer=OFFER.sizes[0]), InvalidValue, ("Banks.offer", "a PriceList was expected")),  # type: ignore[arg-type]  # hostile
            (
                lambda: Banks(warn_levels=Remaining(incidents(2)), top_up=TOP_UP),
                UnitMismatch,
                ("terms for work and for incidents", "one unit was expected", "Write Banks(…) for each."),
            ),
            (lambda: Banks(offer=OFFER, warn_levels=Remaining(incidents(2))), UnitMismatch, ("one unit",)),
            (
                lambda: Banks(offer=OFFER, short=Overdraw(percent(20), settled_at=INCIDENT)),
                UnitMismatch,
                ("terms for work and for incidents",),
            ),
        ]
    )


@pytest.mark.rule("B8")
def test_a_cutoff_is_a_time_of_day() -> None:
    """A cut-off is written HH:MM, from 00:00 to 23:59, in plain digits."""
    for right in ("00:00", "09:05", "19:59", "23:59"):
        assert changed(OFFER, cutoff=right).cutoff == right
    for wrong in ("24:00", "12:60", "9:00", "15.00", "15:00 ", "1500", "", "\u0660\u0669:\u0660\u0660", "15:00\n", 15):
        refused(partial(changed, OFFER, cutoff=wrong), InvalidValue, "PriceList.cutoff", 'as in "15:00"')


# -- sources and incidents --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "unit", "currencies"),
    [
        (Charge(HOUR), "work", "EUR"),
        (Charge(INCIDENT, limit=Money("9 USD")), "incidents", "EUR USD"),
        (Charge(HOUR, rates=Rate(DOLLARS, role="x"), maximum=Money("1 CHF")), "work", "CHF EUR USD"),
        (Charge(HOUR, minimum=Money("1 JPY")), "work", "EUR JPY"),
        (Allotment(hours(1)), "work", ""),
        (Allotment(incidents(1), short=Overdraw(incidents(1), settled_at=INCIDENT)), "incidents", "EUR"),
        (Banks(), None, ""),
        (Banks(warn_levels=[RemainingShare(percent(9)), DaysLeft(3)]), None, ""),
        (Banks(warn_levels=Remaining(incidents(3))), "incidents", ""),
        (Banks(top_up=TOP_UP), "work", "EUR"),
        (Banks(offer=PriceList(BankSize(hours(1), DOLLARS))), "work", "USD"),
        (Banks(short=Overdraw(percent(9), settled_at=INCIDENT)), "incidents", "EUR"),
        (Unlimited(), None, ""),
        (Unlimited(review_at=incidents(50)), "incidents", ""),
        (Fallback("C-2"), None, ""),
        (Hold(), None, ""),
        (Refuse(), None, ""),
    ],
)  # fmt: skip
def test_a_source_is_bound_to_the_unit_and_currencies_that_it_names(
    source: Source, unit: str | None, currencies: str
) -> None:
    """A source that names a quantity or price pays for that unit only; every currency it names is known."""
    assert source_unit(source) == unit
    assert sorted(currency.code for currency in source_currencies(source)) == currencies.split()


def test_impossible_sources_are_refused() -> None:
    """A review level is a quantity, a fallback names a contract, and every scope is one."""
    check_refusals(
        [
            (lambda: Unlimited(review_at=400), InvalidValue, ("Unlimited.review_at got 400",)),  # type: ignore[arg-type]  # hostile
            (lambda: Fallback(""), InvalidValue, ("Fallback.contract got an empty text",)),
            (lambda: Fallback(200), InvalidValue, ("Fallback.contract got the int 200",)),  # type: ignore[arg-type]  # hostile
        ]
    )
    for source in (Unlimited(), Fallback("C-2"), Hold(), Refuse(), Charge(HOUR), Allotment(hours(1)), Banks()):
        name = f"{type(source).__name__}.scope got the str 'atlas'"
        refused(
            partial(changed, source, scope="atlas"),
            InvalidValue,
            name,
            'Write it as in Scope(products="atlas").',
        )


@pytest.mark.rule("I1")
def test_an_incident_table_has_a_row_for_everything_and_one_that_consumes() -> None:
    """Every row names an action, and at least one of them consumes."""
    check_refusals(
        [
            (lambda: IncidentTable(opened="count"), InvalidValue, ("IncidentTable.opened", '"consume", "reserve"')),  # type: ignore[arg-type]  # hostile
            (
                lambda: IncidentTable(opened="ignore", reopened="ignore"),
                InvalidValue,
                ('no row with "consume"', "at least one was expected"),
            ),
            (
                lambda: IncidentTable(reopened_within=14),  # type: ignore[arg-type]  # hostile
                InvalidValue,
                ("IncidentTable.reopened_within got 14", "Write days(14)."),
            ),
        ]
    )
    for name in TICKET_HAPPENINGS:
        assert getattr(changed(IncidentTable(closed="consume"), **{name: "reserve"}), name) == "reserve"
        refused(partial(changed, IncidentTable(), **{name: "use"}), InvalidValue, f"IncidentTable.{name}")
    assert IncidentTable().consumed_at_opening
    assert not IncidentTable(opened="reserve").consumed_at_opening
