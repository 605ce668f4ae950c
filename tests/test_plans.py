"""Plans: what each contract type is made of, what is refused, and how it reads."""

from collections.abc import Callable
from functools import partial
from typing import Any, get_args

import pytest

from supportcontracts import (
    Allotment,
    Banks,
    CappedHours,
    CappedIncidents,
    Charge,
    Composite,
    Currency,
    Fallback,
    Fee,
    FixedAnnual,
    Hold,
    IncidentTable,
    Meter,
    Metering,
    Money,
    Overdraw,
    Package,
    PayPerHour,
    PayPerIncident,
    PrepaidHours,
    PrepaidIncidents,
    Price,
    Refuse,
    Remaining,
    Rollover,
    Scope,
    SubLimit,
    Unlimited,
    days,
    hours,
    incidents,
    minutes,
    percent,
)
from supportcontracts.contracts import plans as module
from supportcontracts.contracts.plans import PlacedMeter, Plan, Terms, currencies_of, terms_of
from supportcontracts.contracts.sources import Source
from supportcontracts.errors import InvalidValue, UnitMismatch
from tests.value_checks import (
    assert_all_differ,
    assert_is_a_value,
    assert_refuses_what_does_not_belong,
    changed,
    refused,
)

HOUR = Price("140 EUR/h")
INCIDENT = Price("290 EUR/incident")
OVERAGE = Charge(HOUR)
FEE = Money("1200 EUR")
ONSITE = Scope(channels="onsite")
QUARTERS = Metering(increment=minutes(15))
LATE = IncidentTable(opened="reserve", resolved="consume", reopened_within=days(14))

CAPPED: dict[str, Any] = {
    "fee": FEE, "per": "month", "rollover": Rollover(), "metering": QUARTERS, "scope": ONSITE,
}  # fmt: skip
PLANS: list[Any] = [
    FixedAnnual(fee=FEE, review_at=hours(400), metering=QUARTERS, scope=ONSITE),
    CappedHours(
        **CAPPED, allotment=hours(10), sublimits=SubLimit(hours(2)), beyond=OVERAGE,
        short=Overdraw(hours(1), settled_at=HOUR),
    ),
    CappedIncidents(
        **CAPPED, allotment=incidents(5), sublimits=SubLimit(incidents(2)), beyond=[Refuse()], incidents=LATE,
        short="whole-to-next",
    ),
    PrepaidHours(
        banks=Banks(pool="project"), beyond=[Charge(HOUR, limit=hours(5)), Refuse()], metering=QUARTERS, scope=ONSITE,
    ),
    PrepaidIncidents(banks=Banks(), beyond=Hold(), incidents=LATE, metering=QUARTERS, scope=ONSITE),
    PayPerHour(tariff=HOUR, metering=QUARTERS, scope=ONSITE),
    PayPerIncident(tariff=INCIDENT, incidents=LATE, metering=QUARTERS, scope=ONSITE),
    Composite(
        fees=Fee(Money("500 EUR"), per="term", name="setup"),
        meters=Meter("incidents", Charge(INCIDENT), incidents=IncidentTable(), metering=QUARTERS, scope=ONSITE),
    ),
]  # fmt: skip
METER = Meter(
    "incidents", [Allotment(incidents(5)), Refuse()], name="calls", scope=ONSITE, metering=QUARTERS,
    labour="metered-if-unpaid",
)  # fmt: skip


def name_of(value: object) -> str:
    """Name a value by its class."""
    return type(value).__name__


def test_the_module_shows_its_public_names_only() -> None:
    """`dir` of the module lists what `__all__` lists."""
    assert dir(module) == sorted(module.__all__)


# -- values -----------------------------------------------------------------------------------------------------------


def test_there_is_an_example_of_every_plan() -> None:
    """The examples are of all contract types, so that none escapes the tests below."""
    assert {type(plan) for plan in PLANS} == set(get_args(Plan))


@pytest.mark.parametrize("value", [*PLANS, METER, Fee(FEE), *(terms_of(plan) for plan in PLANS)], ids=name_of)
def test_plans_are_values(value: object) -> None:
    """Plans, fees, meters and their terms compare, hash, pickle, do not change, and are closed to subclassing."""
    assert_is_a_value(value)


@pytest.mark.parametrize("value", [*PLANS, METER, Fee(FEE)], ids=name_of)
def test_no_field_takes_what_does_not_belong_there(value: object) -> None:
    """Every field of a plan refuses a value of another kind, with an error that says what was expected."""
    assert_refuses_what_does_not_belong(value)


def test_plans_of_different_types_differ() -> None:
    """A plan is never equal to one of another type, nor to one with other terms."""
    assert_all_differ([*PLANS, PayPerHour(tariff=HOUR), FixedAnnual(fee=FEE), METER])


# -- refusals ---------------------------------------------------------------------------------------------------------

REFUSALS: list[tuple[Callable[[], object], type[InvalidValue], tuple[str, ...]]] = [
    (lambda: changed(PLANS[0], fee="1200 EUR"), InvalidValue, ("FixedAnnual.fee", 'Write Money("1200 EUR").')),
    (lambda: changed(PLANS[0], fee=Money("-1 EUR")), InvalidValue, ("FixedAnnual.fee", "money, not negative")),
    (lambda: changed(PLANS[0], review_at=400), InvalidValue, ("FixedAnnual.review_at", "hours(…) or incidents(…)")),
    (lambda: changed(PLANS[0], scope="x"), InvalidValue, ("FixedAnnual.scope got the str 'x'", "Scope(products=")),
    (lambda: changed(PLANS[0], metering=None), InvalidValue, ("FixedAnnual.metering", "a Metering was expected")),
    (lambda: changed(PLANS[1], fee=Money("-1 EUR")), InvalidValue, ("CappedHours.fee",)),
    (lambda: changed(PLANS[1], allotment=incidents(5)), InvalidValue, ("CappedHours.allotment", "Write hours(10).")),
    (lambda: changed(PLANS[1], per="week"), InvalidValue, ("Allotment.per", '"term", "year", "quarter", "month"')),
    (lambda: changed(PLANS[1], beyond=HOUR), InvalidValue, ("CappedHours.beyond", "Charge, Hold, Refuse or Fallback")),
    (
        lambda: changed(PLANS[1], beyond=Charge(INCIDENT)),
        UnitMismatch,
        ("CappedHours.beyond got a tariff for incidents", "a tariff for work was expected"),
    ),
    (lambda: changed(PLANS[1], sublimits=SubLimit(incidents(1))), UnitMismatch, ("Allotment.sublimits[0]",)),
    (
        lambda: changed(PLANS[2], allotment=hours(5)),
        InvalidValue,
        ("CappedIncidents.allotment", "incidents were expected", "Write incidents(12)."),
    ),
    (lambda: changed(PLANS[2], fee=None), InvalidValue, ("CappedIncidents.fee got None",)),
    (lambda: changed(PLANS[2], beyond=OVERAGE), UnitMismatch, ("CappedIncidents.beyond got a tariff for work",)),
    (lambda: changed(PLANS[2], incidents=None), InvalidValue, ("CappedIncidents.incidents", "an IncidentTable")),
    (lambda: changed(PLANS[3], banks=None), InvalidValue, ("PrepaidHours.banks got None", "Banks(…) was expected")),
    (
        lambda: changed(PLANS[3], banks=Banks(warn_levels=Remaining(incidents(2)))),
        UnitMismatch,
        ("PrepaidHours.banks got banks of incidents", "banks of work were expected"),
    ),
    (
        lambda: changed(PLANS[4], banks=Banks(short=Overdraw(percent(20), settled_at=HOUR))),
        UnitMismatch,
        ("PrepaidIncidents.banks got banks of work",),
    ),
    (lambda: changed(PLANS[4], incidents=LATE.opened), InvalidValue, ("PrepaidIncidents.incidents",)),
    (lambda: changed(PLANS[5], tariff=INCIDENT), UnitMismatch, ("PayPerHour.tariff got a tariff for incidents",)),
    (lambda: changed(PLANS[5], tariff=Package(hours(1), FEE)), InvalidValue, ("Charge.per got no window",)),
    (
        lambda: changed(PLANS[5], tariff=Charge(HOUR, limit=hours(5))),
        InvalidValue,
        ("PayPerHour.tariff got an end in Charge with a scope or limit", "an end that never runs out"),
    ),
    (lambda: changed(PLANS[6], tariff=HOUR), UnitMismatch, ("PayPerIncident.tariff got a tariff for work",)),
    (lambda: changed(PLANS[6], incidents=1), InvalidValue, ("PayPerIncident.incidents",)),
    (lambda: Fee(Money("-1 EUR")), InvalidValue, ("Fee.amount got", "money, not negative")),
    (lambda: changed(Fee(FEE), per="month"), InvalidValue, ("Fee.per", '"year", "term"')),
    (lambda: Fee(FEE, name=" "), InvalidValue, ("Fee.name got an empty text",)),
    (lambda: changed(METER, unit="hours"), InvalidValue, ("Meter.unit got 'hours'", '"work", "incidents"')),
    (lambda: changed(METER, name=""), InvalidValue, ("Meter.name got an empty text",)),
    (
        lambda: changed(METER, labour="free"),
        InvalidValue,
        ("Meter.labour", '"included", "metered-if-unpaid", "metered"'),
    ),
    (lambda: changed(METER, incidents=None), InvalidValue, ("Meter.incidents", "an IncidentTable was expected")),
    (
        lambda: changed(METER, sources=()),
        InvalidValue,
        ("Meter.sources got no sources", "End it with Charge or Refuse"),
    ),
    (lambda: changed(METER, sources=HOUR), InvalidValue, ("Meter.sources[0]", "a source was expected")),
    (
        lambda: changed(METER, sources=[Allotment(hours(5)), Refuse()]),
        UnitMismatch,
        ("Meter.sources[0] got a source for work", "one for incidents was expected"),
    ),
    (
        lambda: changed(METER, incidents=LATE),
        InvalidValue,
        ("Meter.labour", "incidents consumed at opening were expected", "nobody could know yet whether it is paid"),
    ),
    (lambda: Composite(fees=FEE), InvalidValue, ("Composite.fees[0]", "a Fee was expected")),
    (lambda: Composite(meters=[METER, None]), InvalidValue, ("Composite.meters[1] got None", "a Meter was expected")),
    (
        lambda: Composite(meters=[METER, METER]),
        InvalidValue,
        ("Composite.meters got the names ['calls', 'calls']", "a name of its own for each"),
    ),
    (lambda: Composite(fees=[Fee(FEE), Fee(FEE, per="term")]), InvalidValue, ("Composite.fees got the names",)),
]


@pytest.mark.parametrize(("build", "kind", "words"), REFUSALS)
def test_an_impossible_plan_is_refused(
    build: Callable[[], object], kind: type[InvalidValue], words: tuple[str, ...]
) -> None:
    """The error names the plan and its field, what it got, what was expected, and what to write."""
    refused(build, kind, *words)


NEVER: list[Source] = [OVERAGE, Hold(), Refuse(), Fallback("C-2"), Unlimited()]
ENDS: list[Source] = [
    Charge(HOUR, limit=hours(5)), Charge(HOUR, limit=FEE), Charge(HOUR, scope=ONSITE), Hold(scope=ONSITE),
    Refuse(scope=ONSITE), Fallback("C-2", scope=ONSITE), Unlimited(scope=ONSITE), Allotment(hours(5)), Banks(),
]  # fmt: skip


@pytest.mark.rule("D18")
@pytest.mark.parametrize("source", NEVER, ids=name_of)
def test_a_waterfall_ends_in_a_source_that_never_runs_out(source: Source) -> None:
    """A charge without a limit, a hold, a refusal, a fallback and an unlimited source take all that is left."""
    assert Meter("work", [*ENDS, source]).sources[-1] == source
    if not isinstance(source, Unlimited):
        assert CappedHours(fee=FEE, allotment=hours(1), per="term", beyond=source).beyond == (source,)


@pytest.mark.rule("D18")
@pytest.mark.parametrize("source", ENDS, ids=name_of)
def test_a_waterfall_never_ends_in_a_source_that_may_leave_something(source: Source) -> None:
    """What has a limit, a scope or units of its own may leave something to pay, and is refused as the last."""
    refused(
        partial(Meter, "work", source),
        InvalidValue,
        f"a waterfall that ends in {type(source).__name__}",
        "End it with Charge(…), Hold(), Refuse(), Fallback(…) or Unlimited().",
    )
    if isinstance(source, (Charge, Hold, Refuse, Fallback)):
        refused(
            partial(PrepaidHours, beyond=source),
            InvalidValue,
            f"PrepaidHours.beyond got an end in {type(source).__name__} with a scope or limit",
            "Write several in order, as in beyond=[Charge(…, limit=hours(5)), Refuse()].",
        )
    refused(lambda: PrepaidHours(beyond=[]), InvalidValue, "PrepaidHours.beyond got nothing")


def test_a_meter_is_named_after_its_unit() -> None:
    """A meter without a name is called what it measures."""
    assert Meter("work", Refuse()).name == "work"
    assert Meter("incidents", Refuse()).name == "incidents"


# -- terms ------------------------------------------------------------------------------------------------------------


def work(*sources: Source, **more: Any) -> Meter:  # whatever a meter takes
    """Build a meter for onsite work in quarter hours."""
    return Meter("work", sources, metering=QUARTERS, scope=ONSITE, **more)


def tickets(*sources: Source) -> Meter:
    """Build a meter for onsite incidents, consumed late."""
    return Meter("incidents", sources, metering=QUARTERS, scope=ONSITE, incidents=LATE, labour="metered")


LABOUR = PlacedMeter(work(Unlimited(), name="labour"), "plan.metering", ("plan.incidents",))
GRANT = Allotment(
    hours(10), "month", rollover=Rollover(), sublimits=SubLimit(hours(2)), short=Overdraw(hours(1), settled_at=HOUR)
)
CALLS = Allotment(incidents(5), "month", rollover=Rollover(), sublimits=SubLimit(incidents(2)), short="whole-to-next")


def placed(meter: Meter, *paths: str) -> PlacedMeter:
    """Place a meter of a plan by type."""
    return PlacedMeter(meter, "plan.metering", paths)


@pytest.mark.rule("D14")
@pytest.mark.parametrize(
    ("plan", "terms"),
    [
        (
            PLANS[0],
            Terms(
                (Fee(FEE),),
                ("plan.fee",),
                (
                    placed(work(Unlimited(review_at=hours(400))), "plan.review_at"),
                    placed(
                        Meter("incidents", Unlimited(), metering=QUARTERS, scope=ONSITE, labour="metered"),
                        "plan.review_at",
                    ),
                ),
            ),
        ),
        (
            PLANS[1],
            Terms((Fee(FEE),), ("plan.fee",), (placed(work(GRANT, OVERAGE), "plan.allotment", "plan.beyond"),)),
        ),
        (
            PLANS[2],
            Terms(
                (Fee(FEE),), ("plan.fee",), (placed(tickets(CALLS, Refuse()), "plan.allotment", "plan.beyond"), LABOUR)
            ),
        ),
        (
            PLANS[3],
            Terms(
                (),
                (),
                (
                    placed(
                        work(Banks(pool="project"), Charge(HOUR, limit=hours(5)), Refuse()),
                        "plan.banks", "plan.beyond[0]", "plan.beyond[1]",
                    ),
                ),
            ),
        ),
        (PLANS[4], Terms((), (), (placed(tickets(Banks(), Hold()), "plan.banks", "plan.beyond"), LABOUR))),
        (PLANS[5], Terms((), (), (placed(work(OVERAGE), "plan"),))),
        (PLANS[6], Terms((), (), (placed(tickets(Charge(INCIDENT)), "plan"), LABOUR))),
        (
            PLANS[7],
            Terms(
                (Fee(Money("500 EUR"), per="term", name="setup"),),
                ("plan.fees[0]",),
                (PlacedMeter(PLANS[7].meters[0], "plan.meters[0].metering", ("plan.meters[0].sources[0]",)),),
            ),
        ),
        (Composite(), Terms((), (), ())),
    ],
)  # fmt: skip
def test_every_plan_is_fees_and_meters(plan: Plan, terms: Terms) -> None:
    """Each contract type is a friendly name for fees and meters, and each of them knows the term it came from."""
    assert terms_of(plan) == terms


def test_a_review_level_belongs_to_the_meter_of_its_unit() -> None:
    """A fixed fee can be reviewed by the hours or by the incidents of a year."""
    sources = [item.meter.sources[0] for item in terms_of(FixedAnnual(fee=FEE, review_at=incidents(9))).meters]
    assert sources == [Unlimited(), Unlimited(review_at=incidents(9))]


def test_a_plan_names_its_currencies() -> None:
    """Every currency of fees and sources is named; a plan that mentions no money has none."""
    mixed = Composite(fees=Fee(Money("1 JPY")), meters=Meter("work", [Charge(HOUR, limit=Money("5 USD")), Refuse()]))
    assert currencies_of(mixed) == {Currency("JPY"), Currency("EUR"), Currency("USD")}
    assert currencies_of(PrepaidHours(beyond=Hold())) == frozenset()
