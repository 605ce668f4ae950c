"""The laws of terms: they are values, they read as sentences that leave nothing out, and a scope means what it says."""

import copy
import pickle
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from types import NoneType, SimpleNamespace
from typing import Any, Literal, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import attrs
import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from supportcontracts import (
    Allotment,
    Band,
    Banks,
    BankSize,
    CappedHours,
    CappedIncidents,
    Charge,
    Composite,
    Contract,
    Currency,
    DaysLeft,
    Fallback,
    Fee,
    FixedAnnual,
    FreeTime,
    Graduated,
    Hold,
    Incidents,
    IncidentTable,
    Meter,
    Metering,
    Money,
    Multiplier,
    Overdraw,
    Package,
    PayPerHour,
    PayPerIncident,
    Phase,
    PrepaidHours,
    PrepaidIncidents,
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
    Term,
    TopUp,
    Unlimited,
    Volume,
    WorkTime,
    Zone,
    hours,
    minutes,
    percent,
)
from supportcontracts.contracts.plans import Plan, currencies_of, terms_of
from supportcontracts.contracts.scope import EVERYTHING, SCOPE_ATTRIBUTES
from supportcontracts.contracts.sources import source_unit
from supportcontracts.contracts.tariffs import unit_of
from supportcontracts.contracts.wording import describe, describe_plan
from supportcontracts.coverage import CombinedCoverage, Coverage
from supportcontracts.errors import InvalidValue
from supportcontracts.testing.strategies import contracts, plans, scopes
from supportcontracts.timeline import Days, Months

T = TypeVar("T")
Path = tuple[str | int, ...]


class Leaf(NamedTuple):
    """One field of the terms, or one entry of it: where it is, whose it is, and what stands above it."""

    path: Path
    owner: Any
    name: str
    value: Any
    above: tuple[Any, ...]


def is_branch(value: object) -> bool:
    """Tell whether a value is a term with fields of its own."""
    return attrs.has(type(value)) and type(value).__module__.startswith("supportcontracts.contracts.")


def leaves(value: object, path: Path = (), above: tuple[object, ...] = ()) -> Iterator[Leaf]:
    """Yield every field of a term and of the terms inside it; of a tuple, itself and each entry."""
    above = (*above, value)
    for field in attrs.fields(type(value)):  # type: ignore[arg-type]  # terms are attrs classes
        name, inner = field.name, getattr(value, field.name)
        here: Path = (*path, name)
        if isinstance(inner, (Coverage, CombinedCoverage)) or name == "postings":
            continue  # a calendar is said by its name or its windows; codes for the bookkeeping are no sentences
        if is_branch(inner):
            yield from leaves(inner, here, above)
            continue
        yield Leaf(here, value, name, inner, above)
        if isinstance(inner, tuple):
            for place, each in enumerate(inner):
                if is_branch(each):
                    yield from leaves(each, (*here, place), above)
                else:
                    yield Leaf((*here, place), value, name, each, above)


def put(owner: T, path: Path, new: object) -> T:
    """Return the same terms with another value in one place."""
    head, *rest = path
    inner = getattr(owner, str(head))
    if rest and isinstance(rest[0], int):
        place = rest[0]
        new = put(inner[place], tuple(rest[1:]), new) if rest[1:] else new
        new = (*inner[:place], new, *inner[place + 1 :])
    elif rest:
        new = put(inner, tuple(rest), new)
    changed: T = attrs.evolve(owner, **{str(head): new})  # type: ignore[misc]  # terms are attrs classes
    return changed


# -- values -----------------------------------------------------------------------------------------------------------


@given(contract=contracts(), protocol=st.integers(2, pickle.HIGHEST_PROTOCOL))
def test_a_contract_survives_every_copy(contract: Contract, protocol: int) -> None:
    """Pickled, copied or evolved without a change, a contract is equal to itself and hashes alike."""
    again = pickle.loads(pickle.dumps(contract, protocol))
    for same in (again, copy.copy(contract), copy.deepcopy(contract), attrs.evolve(contract)):
        assert same == contract
        assert hash(same) == hash(contract)
        assert repr(same) == repr(contract)


@given(plan=plans())
def test_every_plan_has_terms_that_end_in_a_source_that_never_runs_out(plan: Plan) -> None:
    """Whatever the plan, use that finds nothing is charged, held, refused or handed over."""
    for placed in terms_of(plan).meters:
        *before, last = placed.meter.sources
        assert last.scope == EVERYTHING
        assert isinstance(last, (Unlimited, Charge, Fallback, Hold, Refuse))
        assert not isinstance(last, Charge) or last.limit is None
        assert {source_unit(source) for source in (*before, last)} <= {None, placed.meter.unit}
        assert len(placed.source_paths) == len(placed.meter.sources)


@given(contract=contracts())
def test_a_contract_has_the_currency_of_all_its_money(contract: Contract) -> None:
    """Every amount and price of a contract is in its currency."""
    money = [leaf.value for leaf in leaves(contract) if isinstance(leaf.value, (Money, Price))]
    assert {each.currency for each in money} <= {contract.currency}
    named = {currency for phase in contract.dated_phases for currency in currencies_of(phase.plan)}
    assert named == {each.currency for each in money}


@pytest.mark.rule("D17", "D21")
@given(contract=contracts(), data=st.data())
def test_no_source_changes_the_terms_of_banks_that_others_sold(contract: Contract, data: DataObject) -> None:
    """Where several sources draw from one pool, changing when its banks are usable in one of them is refused."""
    found = [leaf for leaf in leaves(contract) if isinstance(leaf.owner, Banks) and leaf.name in ("usable", "returns")]
    assume(found)
    leaf = data.draw(st.sampled_from(found))
    other: Any = {"usable": {"purchase": "payment", "payment": "purchase"}}.get(leaf.name, {}).get(leaf.value, Days(77))
    pools = [
        (source.pool, placed.meter.unit, source)
        for phase in contract.dated_phases
        for placed in terms_of(phase.plan).meters
        for source in placed.meter.sources
        if isinstance(source, Banks)
    ]
    unit = next(unit for _, unit, source in pools if source is leaf.owner)
    shared = [source for pool, of, source in pools if (pool, of) == (leaf.owner.pool, unit)]
    assert len({(source.usable, source.returns) for source in shared}) == 1
    if len(shared) == 1:
        assert put(contract, leaf.path, other) != contract
    else:
        with pytest.raises(InvalidValue, match="do not change once it is sold"):
            put(contract, leaf.path, other)


# -- wording ----------------------------------------------------------------------------------------------------------


@given(contract=contracts())
def test_every_contract_reads_as_sentences(contract: Contract) -> None:
    """A description is a heading, then lines of sentences that start with a capital and end in a full stop."""
    text = describe(contract)
    note(text)
    assert text == str(contract)
    heading, *lines = text.splitlines()
    assert heading.startswith(f"{contract.id} · {contract.customer} · ")
    for line in lines:
        assert re.fullmatch(r"(  ){0,2}[A-Z].*[.:]", line)
        assert not re.search(r"  \S|\.\.| [.,;:]|,[^ 0-9]|[;:,]\.|\bNone\b|\bFraction\b|[\[\]{}()=_]", line.lstrip())
        assert all(one[:1].isupper() for one in re.split(r"(?<=\.) ", line.strip()))
        assert not re.search(r"\b(an?) (an?)\b|\bthe the\b|\bis are\b|\bare is\b", line)
        assert not re.search(r"\bincidents (is|costs|pays)\b|\bwork (are|cost|pay)\b", line)


@given(plan=plans())
def test_every_plan_reads_without_a_customer(plan: Plan) -> None:
    """A plan reads on its own, in at least one line, and says the same each time."""
    text = describe_plan(plan)
    assert text
    assert text == describe_plan(pickle.loads(pickle.dumps(plan)))


def decimal_text(value: Fraction) -> str:
    """Write an exact number as decimals if they end, else as a ratio."""
    with localcontext() as context:
        context.prec = 60
        shown = Decimal(value.numerator) / Decimal(value.denominator)
        exact = Fraction(shown) == value
    return f"{shown.normalize():f}" if exact else f"{value.numerator}/{value.denominator}"


def ways_to_say(leaf: Leaf) -> tuple[str, ...]:
    """List the texts of which a description has to show one; none for what shows no number and no name."""
    match value := leaf.value:
        case str() if leaf.name in NAMES and not isinstance(leaf.owner, Metering):
            return (value,)
        case int() if leaf.name in COUNTED:
            return tuple(f"{value} {word}" for word in COUNTED[leaf.name])
        case WorkTime():
            return str(value), value.short()
        case Incidents() | Money() | Days() | Months():
            return (str(value),)
        case Price():
            return (str(value).rpartition("/")[0],)
        case Fraction():
            return f"{decimal_text(value * 100)} %", decimal_text(value)
        case date() | int():
            return (str(value),)
        case Term():
            return (str(value.starts_on),)
        case Zone():
            return (value.name,)
        case _:
            return ()


def is_plain(metering: Metering, unit: str) -> bool:
    """Tell whether metering leaves use as it was recorded, in every scope."""
    inner = all(is_plain(special.metering, unit) for special in metering.special)
    if unit == "incidents":
        return inner and not metering.multiplier
    return inner and attrs.evolve(metering, special=(), combine="largest") == Metering()


def of_plain_metering(leaf: Leaf) -> bool:
    """Tell whether a leaf stands in metering that changes nothing, whatever its scopes."""
    top = next((each for each in leaf.above if isinstance(each, Metering)), None)
    meter = next((each for each in leaf.above if isinstance(each, Meter)), None)
    return top is not None and is_plain(top, "work" if meter is None else meter.unit)


def says_nothing(leaf: Leaf) -> bool:
    """Tell whether a number or name stands for "nothing", so that there is nothing to say."""
    if of_plain_metering(leaf):
        return True
    match leaf.owner, leaf.name, leaf.value:
        case Metering(), "minimum" | "grace", WorkTime(seconds=0):
            return True
        case Multiplier(), "minimum", WorkTime(seconds=0):
            return True
        case Metering(), "increment", WorkTime(seconds=1):
            return True
        case _, "share", Fraction(numerator=1, denominator=1):
            return True
        case _:
            return False


NAMES = {"id", "customer", "pool", "products", "channels", "roles", "work_types", "windows", "responses", "contract"}
COUNTED = {"lasts": ("further",), "days": ("day", "days")}


@given(contract=contracts())
def test_a_description_shows_every_number_and_name(contract: Contract) -> None:
    """Every quantity, price, amount, share, day and name of the terms appears in the description."""
    note(str(contract))
    check_numbers(contract, str(contract).lower())


def check_numbers(terms: object, text: str) -> None:
    """Check that a description shows all that it has to."""
    for leaf in leaves(terms):
        expected = ways_to_say(leaf)
        if expected and not says_nothing(leaf):
            found = (re.search(rf"(?<![\w.]){re.escape(each.lower())}(?!\w)", text) for each in expected)
            assert any(found), (leaf.path, expected)


def choices(hint: object) -> tuple[Any, ...]:
    """List the words and types that an annotation admits."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    if isinstance(hint, type) and not get_args(hint):
        return (hint,)
    return tuple(choice for inner in get_args(hint) for choice in choices(inner))


def near(value: object) -> Iterator[object]:
    """Yield values a little above a number, and below a share."""
    match value:
        case WorkTime():
            yield from (WorkTime(value.seconds + 1), WorkTime(value.seconds + 1800))
        case Incidents() | Days() | Months():
            yield type(value)(value.count + 1)
        case Price():
            yield Price(value.amount + Fraction(1, 100), value.currency, value.per)
        case Money():
            yield Money.from_minor(value.minor + 1, value.currency)
        case Fraction():
            yield from (value + Fraction(1, 100), abs(value - Fraction(1, 100)))
        case int():
            yield value + 1
        case Term():
            yield Term(value.starts_on, last_day=value.last_day + timedelta(days=1), zone=value.zone)
        case _:
            pass


def neighbours(leaf: Leaf, currency: Currency) -> Iterator[object]:
    """Yield other values that may stand in one place of the terms; not all of them are valid there."""
    admitted = choices(get_type_hints(type(leaf.owner))[leaf.name])
    if NoneType in admitted and leaf.value is not None:
        yield None
    yield from near(leaf.value)
    match leaf.value:
        case str() if leaf.value in admitted:
            yield from (choice for choice in admitted if isinstance(choice, str) and choice != leaf.value)
        case str():
            yield from (f"{leaf.value}x", "12:34")
        case None:
            samples = (Money.from_minor(77, currency), WorkTime(77), Incidents(7), Fraction(1, 7), Days(77), "x7")
            yield from (sample for sample in samples if type(sample) in admitted)
        case tuple() if leaf.value:
            yield from (leaf.value[1:], leaf.value[:-1])
        case tuple() if str in admitted:
            yield ("x7",)
        case _:
            pass


def is_without_effect(leaf: Leaf, new: object) -> bool:
    """Tell whether a choice changes nothing where it stands, so that the description may leave it out."""
    owner, name = leaf.owner, leaf.name
    meter = next((each for each in leaf.above if isinstance(each, Meter)), None)
    match owner:
        case Charge():
            one_window = {leaf.value, new} == {"entry", "incident"}
            return (
                (name == "per" and isinstance(owner.tariff, Price) and owner.free_first is None)
                or (name in ("per", "of") and unit_of(owner.tariff) == "incidents" and (name == "of" or one_window))
                or (name == "limit_per" and owner.limit is None)
                or (name == "adjust_per" and (owner.discount, owner.maximum, owner.minimum) == (None, None, None))
                or (name == "stubs" and (owner.adjust_per == "term" or owner.maximum is owner.minimum is None))
            )
        case Metering() if name == "windows":
            return not any(multiplier.window for multiplier in owner.multiplier)
        case Metering() if name == "combine":
            kinds = [multiplier.on for multiplier in owner.multiplier]
            return max(kinds.count("quantity"), kinds.count("price")) < 2
        case Metering() | FreeTime() if meter is not None and meter.unit == "incidents":
            return name not in ("multiplier", "special")
        case IncidentTable() if meter is not None and meter.unit == "work":
            return True
        case IncidentTable():
            return name == "reopened" and owner.reopened_within is None
        case Meter() if name == "labour":
            return owner.unit == "work"
        case _:
            return of_plain_metering(leaf) and (isinstance(owner, (Scope, ScopedMetering)) or name == "special")


def check_neighbours(plan: Plan, found: Iterable[Leaf]) -> None:
    """Check that the plan reads otherwise once any of the leaves is changed to something that has an effect."""
    text = describe_plan(plan)
    currency = next(iter(currencies_of(plan)), Currency("EUR"))
    for leaf in found:
        for new in neighbours(leaf, currency):
            try:
                other = put(plan, leaf.path, new)
            except InvalidValue:
                continue
            if other != plan and not is_without_effect(leaf, new):
                assert describe_plan(other) != text, (leaf.path, leaf.value, new)


@given(plan=plans(), data=st.data())
def test_terms_that_differ_never_read_alike(plan: Plan, data: DataObject) -> None:
    """Change any one number, choice or name that can have an effect, and the description changes."""
    note(describe_plan(plan))
    found = list(leaves(plan))
    places = data.draw(st.lists(st.integers(0, len(found) - 1), min_size=1, max_size=24, unique=True))
    check_neighbours(plan, [found[place] for place in places])


ONSITE = Scope(channels="onsite", products="atlas", severities=1)
HOUR = Price("140 EUR/h")
CALL = Price("290 EUR/incident")
METERING = Metering(
    group="incident", free=FreeTime(minutes(5), per="period"), minimum=minutes(30), grace=minutes(5),
    increment=minutes(15), combine="product", at_boundary="split",
    multiplier=[
        Multiplier("1.5", scope=ONSITE), Multiplier(Fraction(4, 3), scope=Scope(roles="senior", windows="night")),
        Multiplier(2, on="price"), Multiplier(3, on="price", scope=Scope(work_types="training", responses="urgent")),
    ],
    special=[
        ScopedMetering(ONSITE, Metering(free=FreeTime(minutes(7), reading="all"), multiplier=Multiplier(5))),
        ScopedMetering(Scope(roles="junior"), Metering(group="technician-day", minimum=hours(2))),
    ],
)  # fmt: skip
TABLE = IncidentTable(responded="reserve", reopened="reserve", closed="consume", reopened_within=Days(14))
BANDS = [Band(hours(1), HOUR, Money("20 EUR")), Band(hours(3), Price("130 EUR/h")), Band(None, Price("120 EUR/h"))]
CHARGE = Charge(
    Graduated(BANDS), per="day", of="counted", free_first=hours(1), limit=hours(9), limit_per="term",
    rates=[Rate(HOUR, role="senior"), Rate(Price("1000/3 EUR/h"), role="senior", work_type="training")],
    entry_rates="used", approval="required", discount=percent(10), maximum=Money("500 EUR"), minimum=Money("50 EUR"),
    adjust_per="term", scope=ONSITE,
)  # fmt: skip
ROLLOVER = Rollover(share=Fraction(1, 3), cap=percent(50), lasts=2, use="last", base="all-left")
GRANT = Allotment(
    hours(10), "month", rollover=ROLLOVER, scope=ONSITE, short=Overdraw(percent(20), settled_at=HOUR),
    sublimits=[SubLimit(hours(2), per="day", scope=ONSITE), SubLimit(hours(5), per="week"), SubLimit(hours(7))],
)  # fmt: skip
OFFER = PriceList([BankSize(hours(5), HOUR), BankSize(hours(20), HOUR, life=Months(12))], cutoff="15:00")
BANKS = Banks(
    order="priority", usable="payment", returns=Days(30), offer=OFFER, scope=ONSITE, pool="project",
    short=Overdraw(hours(3), settled_at=HOUR),
    warn_levels=[Remaining(hours(2)), RemainingShare(percent(20)), DaysLeft(3)],
    top_up=[
        TopUp(Remaining(hours(1)), hours(4), HOUR, life=Days(9)),
        TopUp(RemainingShare(percent(5)), hours(6), HOUR),
    ],
)  # fmt: skip
SHARED: dict[str, Any] = {"metering": METERING, "scope": ONSITE}
FULL: list[Plan] = [
    FixedAnnual(fee=Money("1200 EUR"), review_at=hours(400), **SHARED),
    CappedHours(
        fee=Money("1200 EUR"), allotment=hours(10), per="month", rollover=Rollover(cap=hours(4)), short="whole-to-next",
        sublimits=GRANT.sublimits, beyond=[CHARGE, Hold(scope=ONSITE), Fallback("C-2")], **SHARED,
    ),
    CappedIncidents(
        fee=Money("900 EUR"), allotment=Incidents(5), per="year", rollover=ROLLOVER, incidents=TABLE,
        sublimits=SubLimit(Incidents(2), scope=ONSITE), short=Overdraw(Incidents(3), settled_at=CALL),
        beyond=[Charge(CALL, limit=Money("500 EUR")), Refuse()], **SHARED,
    ),
    PrepaidHours(banks=BANKS, beyond=Charge(Price("2 EUR/min"), per="period", free_first=hours(1)), **SHARED),
    PrepaidIncidents(banks=Banks(short="whole-to-next"), beyond=Hold(), incidents=TABLE, **SHARED),
    PayPerHour(tariff=Charge(Volume(BANDS), per="term"), **SHARED),
    PayPerIncident(
        tariff=Charge(Package(Incidents(5), Money("60 EUR")), per="day", approval="required"), incidents=TABLE, **SHARED
    ),
    Composite(
        fees=[Fee(Money("500 EUR"), per="term", name="setup"), Fee(Money("1200 EUR"))],
        meters=[
            Meter("work", [CHARGE, GRANT, BANKS, Unlimited(review_at=hours(9), scope=ONSITE), Refuse()], **SHARED),
            Meter("work", Charge(Package(minutes(30), Money("60 EUR")), per="incident"), name="visits"),
            Meter("incidents", Unlimited(review_at=Incidents(9)), labour="metered-if-unpaid", incidents=TABLE),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize("plan", FULL, ids=lambda plan: type(plan).__name__)
def test_full_terms_that_differ_never_read_alike(plan: Plan) -> None:
    """In a plan of each type that states everything it can, every number, choice and name is said."""
    check_numbers(plan, describe_plan(plan).lower())
    check_neighbours(plan, leaves(plan))


@given(contract=contracts())
def test_headers_that_differ_never_read_alike(contract: Contract) -> None:
    """Change the name, customer, days, rounding, billing, products, contacts or phases, and the description changes."""
    text = describe(contract)
    for leaf in leaves(contract):
        if leaf.owner not in (contract, *contract.phases) or leaf.name == "currency":
            continue
        for new in neighbours(leaf, contract.currency):
            try:
                other = put(contract, leaf.path, new)
            except InvalidValue:
                continue
            assert describe(other) != text, (leaf.path, leaf.value, new)


# -- scopes -----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("D15")
@given(scope=scopes(), data=st.data())
def test_a_scope_admits_what_every_restriction_names(scope: Scope, data: DataObject) -> None:
    """A use is admitted if and only if each restricted attribute has one of the values named, and is not missing."""
    pool: dict[str, list[Any]] = {name: [None, "other", 9] for name, _ in SCOPE_ATTRIBUTES}
    for name, values in pool.items():
        values.extend(getattr(scope, name) or ["atlas"])
    use = SimpleNamespace(**{one: data.draw(st.sampled_from(pool[name])) for name, one in SCOPE_ATTRIBUTES})
    expected = True
    for name, attribute in SCOPE_ATTRIBUTES:
        named = getattr(scope, name)
        if named and not any(value == getattr(use, attribute) for value in named):
            expected = False
    assert scope.admits(use) is expected
    assert EVERYTHING.admits(use)


@given(plan=plans(kinds={Composite}))
def test_a_composite_plan_is_its_own_terms(plan: Composite) -> None:
    """The terms of a composite plan are its fees and meters, in order, each with its place."""
    terms = terms_of(plan)
    assert terms.fees == plan.fees
    assert tuple(placed.meter for placed in terms.meters) == plan.meters
    assert [placed.metering_path for placed in terms.meters] == [
        f"plan.meters[{number}].metering" for number in range(len(plan.meters))
    ]


@given(contract=contracts(max_phases=1))
def test_one_phase_is_written_in_two_ways(contract: Contract) -> None:
    """A contract with one phase is equal to the one that names its term and plan, whichever way it was written."""
    assert contract.term is not None
    assert contract.plan is not None
    other = attrs.evolve(contract, term=None, plan=None, phases=Phase(contract.term, contract.plan))
    assert other == contract
    assert other.dated_phases == contract.dated_phases
