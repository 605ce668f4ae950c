"""The laws of terms: they are values, they read as sentences that leave nothing out, and a scope means what it says."""

import copy
import pickle
import re
from collections.abc import Iterator
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

from supportcontracts.contracts.banks import Banks
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Contract, Phase
from supportcontracts.contracts.incidents import IncidentTable
from supportcontracts.contracts.metering import FreeTime, Metering, ScopedMetering
from supportcontracts.contracts.plans import Composite, Meter, Plan, currencies_of, terms_of
from supportcontracts.contracts.scope import EVERYTHING, SCOPE_ATTRIBUTES, Scope
from supportcontracts.contracts.sources import Fallback, Hold, Refuse, Unlimited, source_unit
from supportcontracts.contracts.tariffs import unit_of
from supportcontracts.contracts.wording import describe, describe_plan
from supportcontracts.errors import InvalidValue
from supportcontracts.money import Currency, Money, Price
from supportcontracts.quantity import Incidents, WorkTime
from supportcontracts.testing.strategies import contracts, plans, scopes
from supportcontracts.timeline import Days, Months, Term, Zone

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
        case str() if leaf.name in NAMES:
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
    text = str(contract).lower()
    note(text)
    for leaf in leaves(contract):
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
            )
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


@given(plan=plans(), data=st.data())
def test_terms_that_differ_never_read_alike(plan: Plan, data: DataObject) -> None:
    """Change any one number, choice or name that can have an effect, and the description changes."""
    text = describe_plan(plan)
    note(text)
    currency = next(iter(currencies_of(plan)), Currency("EUR"))
    found = list(leaves(plan))
    places = data.draw(st.lists(st.integers(0, len(found) - 1), min_size=1, max_size=24, unique=True))
    for leaf in (found[place] for place in places):
        for new in neighbours(leaf, currency):
            try:
                other = put(plan, leaf.path, new)
            except InvalidValue:
                continue
            if other != plan and not is_without_effect(leaf, new):
                assert describe_plan(other) != text, (leaf.path, leaf.value, new)


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
