"""Laws of the codec: what goes out comes back, in any key order; what is wrong is found where it stands.

The values are drawn from the annotations of the classes, so that a new field or class is drawn as soon as it exists;
`SPECIAL` holds the fields whose values depend on each other.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias, get_args, get_origin

import attrs
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from supportcontracts.contracts.banks import Banks, BankSize, DaysLeft, PriceList, TopUp
from supportcontracts.contracts.charges import Charge, Rate
from supportcontracts.contracts.contract import Contract, Phase
from supportcontracts.contracts.incidents import IncidentTable
from supportcontracts.contracts.metering import FreeTime, Metering, ScopedMetering
from supportcontracts.contracts.plans import (
    CappedHours,
    CappedIncidents,
    Composite,
    Meter,
    PayPerHour,
    PayPerIncident,
    Plan,
    PrepaidHours,
    PrepaidIncidents,
)
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.sources import Hold, Refuse
from supportcontracts.contracts.tariffs import Band, Graduated, Package, Volume
from supportcontracts.errors import InvalidDocument, InvalidValue
from supportcontracts.events import BankPurchase, Event, Replace, Reserved, WorkEntry
from supportcontracts.interop.codec import (
    events_from_json,
    events_to_json,
    from_document,
    from_json,
    to_document,
    to_json,
)
from supportcontracts.money import Currency, Money, Price
from supportcontracts.quantity import Incidents, Unit, WorkTime
from supportcontracts.rating import State
from supportcontracts.testing import strategies
from supportcontracts.timeline import Days, Instant, Months, Term, Zone, from_epoch

Strategy: TypeAlias = st.SearchStrategy[Any]
Kind: TypeAlias = Any
Json: TypeAlias = Any

texts = st.text(min_size=1, max_size=6).filter(str.strip)
amounts = st.integers(0, 10**6)
positive = st.integers(1, 10**6)
shares = st.fractions(0, 1, max_denominator=1000) | st.integers(0, 10**13).map(lambda top: Fraction(top, 10**13))
instants = st.integers(-62_135_596_800, 253_402_300_799).map(from_epoch)
zones = st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "UTC", "+05:45"]).map(Zone)
dates = st.dates(date(1950, 1, 1), date(2150, 1, 1))
terms = st.builds(Term, dates, months=st.integers(1, 60), zone=zones) | st.builds(
    lambda day, days, zone: Term(day, last_day=Days(days).after(day), zone=zone), dates, st.integers(0, 900), zones
)


@attrs.frozen
class Drawn:
    """Values of one unit and one currency, since the terms of one meter and one contract agree in them."""

    unit: Unit
    currency: str

    def of(self, kind: Kind) -> Strategy:
        """Draw values of a kind."""
        return drawn(self, kind)

    @property
    def quantities(self) -> Strategy:
        """Quantities above zero."""
        return st.builds(WorkTime if self.unit == "work" else Incidents, positive)

    @property
    def prices(self) -> Strategy:
        """Prices, some of which no decimals can show."""
        per = st.sampled_from(["h", "min"]) if self.unit == "work" else st.just("incident")
        return st.builds(Price, st.fractions(0, 5000, max_denominator=60), st.just(self.currency), per)

    @property
    def bands(self) -> Strategy:
        """Ascending bands, the last without an end."""
        ends = st.lists(self.quantities, max_size=2, unique=True).map(sorted)
        flat = st.none() | self.of(Money)
        return ends.flatmap(
            lambda steps: st.tuples(*(st.builds(Band, st.just(step), self.prices, flat) for step in [*steps, None]))
        )

    @property
    def tariffs(self) -> Strategy:
        """Prices, and whole charges without an end."""
        return self.prices | self.of(Charge).map(lambda charge: attrs.evolve(charge, limit=None, scope=Scope()))

    @property
    def beyond(self) -> Strategy:
        """What may follow, with an end that never runs out."""
        before = st.lists(self.of(Charge), max_size=1)
        return st.builds(lambda first, last: [*first, last], before, st.sampled_from([Hold(), Refuse()]))


def objects(the: Drawn, kind: type) -> Strategy:
    """Draw objects of a class."""
    return an_object(the, kind)


@cache
def drawn(the: Drawn, kind: Kind) -> Strategy:
    """Draw values of a kind, as its annotation says."""
    scalars: dict[Any, Strategy] = {
        str: texts,
        int: positive,
        Fraction: shares,
        Money: st.builds(Money.from_minor, amounts, st.just(the.currency)),
        Price: the.prices,
        WorkTime: st.builds(WorkTime, positive),
        Incidents: st.builds(Incidents, positive),
        Days: st.builds(Days, amounts),
        Months: st.builds(Months, amounts),
        date: st.dates(),
        Instant: instants,
        Zone: zones,
        Currency: st.just(Currency(the.currency)),
        Term: terms,
        type(None): st.none(),
    }
    if kind in scalars:
        return scalars[kind]
    origin: object = get_origin(kind)
    if origin is tuple:
        return st.lists(the.of(get_args(kind)[0]), max_size=2)
    if isinstance(kind, type) and attrs.has(kind):
        return objects(the, kind)
    if all(isinstance(word, str) for word in get_args(kind)):
        return st.sampled_from(get_args(kind))
    foreign = {Incidents} if the.unit == "work" else {WorkTime}
    return st.one_of([the.of(arm) if get_args(arm) or arm not in foreign else st.nothing() for arm in get_args(kind)])


SPECIAL: dict[tuple[type, str], Callable[[Drawn], Strategy]] = {
    (BankPurchase, "quantity"): lambda the: the.quantities,
    (Banks, "offer"): lambda the: st.none() | objects(the, PriceList),
    (BankSize, "quantity"): lambda the: the.quantities,
    (CappedHours, "beyond"): lambda the: the.beyond,
    (CappedIncidents, "beyond"): lambda the: the.beyond,
    (Charge, "per"): lambda the: st.sampled_from(["period", "term"]),
    (Charge, "rates"): lambda the: st.lists(the.of(Rate), max_size=1),
    (Composite, "fees"): lambda the: st.lists(the.of(get_args(attrs.fields(Composite).fees.type)[0]), max_size=1),
    (Composite, "meters"): lambda the: st.lists(objects(the, Meter), max_size=1),
    (Contract, "phases"): lambda the: st.just([]),
    (Contract, "plan"): lambda the: plans(the.currency),
    (Contract, "term"): lambda the: terms,
    (Contract, "tier"): lambda the: st.none() | strategies.tiers(),
    (DaysLeft, "days"): lambda the: positive,
    (FreeTime, "quantity"): lambda the: st.builds(WorkTime, amounts),
    (Graduated, "bands"): lambda the: the.bands,
    (IncidentTable, "opened"): lambda the: st.just("consume"),
    (Meter, "labour"): lambda the: st.just("included"),
    (Meter, "sources"): lambda the: the.beyond,
    (Meter, "unit"): lambda the: st.just(the.unit),
    (Metering, "grace"): lambda the: st.just(WorkTime(0)),
    (Metering, "special"): lambda the: st.lists(
        st.builds(ScopedMetering, the.of(Scope), st.builds(Metering, minimum=the.of(WorkTime))), max_size=2
    ),
    (Package, "size"): lambda the: the.quantities,
    (PayPerHour, "tariff"): lambda the: the.tariffs,
    (PayPerIncident, "tariff"): lambda the: the.tariffs,
    (PrepaidHours, "beyond"): lambda the: the.beyond,
    (PrepaidIncidents, "beyond"): lambda the: the.beyond,
    (PriceList, "cutoff"): lambda the: st.none() | st.just("15:00"),
    (PriceList, "sizes"): lambda the: st.lists(the.of(BankSize), min_size=1, max_size=2).map(
        lambda sizes: sizes if len(sizes) == 2 and sizes[0].quantity < sizes[1].quantity else sizes[:1]
    ),
    (Rate, "role"): lambda the: texts,
    (Replace, "by"): lambda the: objects(the, WorkEntry),
    (TopUp, "quantity"): lambda the: the.quantities,
    (Volume, "bands"): lambda the: the.bands,
    (WorkEntry, "rate"): lambda the: st.none() | Drawn("work", the.currency).prices,
}
ALWAYS = {"currency", "customer", "opened", "per", "plan", "role", "term"}


@st.composite
def an_object(draw: st.DrawFn, the: Drawn, kind: type) -> object:
    """Draw an object of a class: the fields that have to be given, and some of those that have a default."""
    values = {}
    for field in attrs.fields(attrs.resolve_types(kind)):
        if field.init and (field.default is attrs.NOTHING or field.name in ALWAYS or draw(st.booleans())):
            special = SPECIAL.get((kind, field.name))
            values[field.name] = draw(special(the) if special else the.of(field.type))
    if kind is Replace:
        values["target"] = values["by"].id
    if kind is Reserved:
        values["at"], values["expires_at"] = sorted([values["at"], values["expires_at"]])
    if kind is Charge and isinstance(values["tariff"], Volume):
        values |= {"rates": [], "entry_rates": "ignored"}
    if "customer" in values:
        values["customer"] = values["customer"] or "elm"
    try:
        return kind(**values)
    except InvalidValue:
        reject()


def plans(currency: str) -> Strategy:
    """Draw plans of every type."""
    units: dict[type, tuple[Unit, ...]] = {
        kind: ("work",) if kind.__name__.endswith("Hours") or kind.__name__.endswith("Hour") else ("incidents",)
        for kind in get_args(Plan)
    }
    units[Composite] = ("work", "incidents")
    return st.one_of([objects(Drawn(unit, currency), kind) for kind in units for unit in units[kind]])


def both_units(kind: Kind) -> Strategy:
    """Draw values of a kind, in work or in incidents."""
    return st.builds(Drawn, st.sampled_from(["work", "incidents"]), st.sampled_from(["EUR", "JPY", "KWD"])).flatmap(
        lambda the: the.of(kind)
    )


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    """Draw contracts of one phase or of two."""
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    one: Contract = draw(objects(Drawn("work", currency), Contract))
    if draw(st.booleans()):
        return one
    assert one.term is not None
    assert one.plan is not None
    after = Term(one.term.ends_before, months=draw(st.integers(1, 12)), zone=one.term.zone)
    phases = [Phase(one.term, one.plan), Phase(after, draw(plans(currency)))]
    return attrs.evolve(one, term=None, plan=None, phases=phases)


all_plans = st.sampled_from(["EUR", "JPY", "KWD"]).flatmap(plans)
all_contracts = contracts()
all_events = both_units(Event)
documents = st.one_of(
    all_contracts.map(lambda value: (to_document(value), Contract)),
    all_plans.map(lambda value: (to_document(value), Plan)),
    all_events.map(lambda value: (to_document(value), Event)),
    st.lists(all_events, min_size=1, max_size=2).map(lambda value: (to_document(value), tuple[Event, ...])),
)


def places(node: Json, path: str = "") -> Iterator[tuple[dict[str, Any], str, str]]:
    """Yield every key of a document: the object that holds it, the key, and its path."""
    if isinstance(node, dict):
        for key, value in list(node.items()):
            below = f"{path}.{key}" if path else key
            yield node, key, below
            yield from places(value, below)
    if isinstance(node, list):
        for index, value in enumerate(node):
            yield from places(value, f"{path}[{index}]")


def shuffled(draw: st.DataObject, node: Json) -> Json:
    """Put the keys of every object in another order."""
    if isinstance(node, dict):
        return {key: shuffled(draw, node[key]) for key in draw.draw(st.permutations(list(node)))}
    return [shuffled(draw, each) for each in node] if isinstance(node, list) else node


INSTEAD = {"last_day": ("months",), "phases": ("term", "plan")}
"""What is missing where neither of two spellings is given."""


def parents(path: str) -> Iterator[str]:
    """Yield the paths of the object that holds a key and of the array or object that holds that."""
    for _ in range(3):
        path = re.sub(r"(\.?[\w-]+|\[\d+\])$", "", path)
        yield path


def outcome(document: Json, kind: Kind) -> object:
    """Read a document, and return its value or its problems; any other error is a failure."""
    try:
        return from_document(document, kind)
    except InvalidDocument as error:
        return error


def paths_of(document: Json, kind: Kind) -> list[str]:
    """Read a document that must be refused, and return the paths of its problems."""
    found = outcome(document, kind)
    assert isinstance(found, InvalidDocument)
    return [problem.path for problem in found.problems]


@given(all_plans)
def test_a_plan_survives_the_way_out_and_back(plan: Plan) -> None:
    """A plan of any type equals what is read from its document, as a plan and as its own class."""
    assert from_json(to_json(plan), Plan) == plan
    assert from_json(to_json(plan), type(plan)) == plan


@given(all_contracts)
def test_a_contract_survives_the_way_out_and_back(contract: Contract) -> None:
    """A contract equals what is read from its document, whatever its plans and phases."""
    assert from_json(to_json(contract), Contract) == contract


@given(both_units(State))
def test_a_saved_state_survives_the_way_out_and_back(state: State) -> None:
    """A state of rating equals what is read from its document, so that it can wait in a file or a row."""
    assert from_json(to_json(state), State) == state


@given(st.lists(all_events, max_size=3))
def test_events_survive_the_way_out_and_back(events: list[Event]) -> None:
    """Events of any kind equal what is read from their document, one by one and together, in their order."""
    assert events_from_json(events_to_json(events)) == tuple(events)
    for event in events:
        assert from_document(to_document(event), Event) == event


@given(documents)
def test_a_document_holds_nothing_but_texts_and_whole_numbers(pair: tuple[dict[str, Any], Any]) -> None:
    """No document holds a float or a bool, so that no reader of JSON can round what it says."""
    document, _ = pair
    leaves = [document]
    while leaves:
        node = leaves.pop()
        below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        leaves.extend(below)
        assert type(node) in (dict, list, str, int, type(None))


@given(documents, st.data())
def test_the_order_of_keys_is_irrelevant(pair: tuple[dict[str, Any], Any], data: st.DataObject) -> None:
    """A document reads the same whatever the order of its keys."""
    document, kind = pair
    assert from_document(shuffled(data, document), kind) == from_document(document, kind)


@given(documents)
def test_what_no_field_holds_is_found_at_its_key(pair: tuple[dict[str, Any], Any]) -> None:
    """A float in place of any value is a problem with the path of its key, and the only one."""
    document, kind = pair
    for holder, key, path in list(places(document)):
        value, holder[key] = holder[key], 0.5
        assert paths_of(document, kind) == [path]
        holder[key] = value


@given(documents)
def test_a_misspelt_key_is_found_where_it_stands(pair: tuple[dict[str, Any], Any]) -> None:
    """A key that no class has is a problem with its own path, or if it named the kind of an object, with that path."""
    document, kind = pair
    for holder, key, path in list(places(document)):
        holder[f"{key}-"] = holder.pop(key)
        assert (path if key == "type" else f"{path}-") in paths_of(document, kind)
        holder[key] = holder.pop(f"{key}-")


@given(documents)
def test_a_key_that_is_gone_is_missing_or_has_a_default(pair: tuple[dict[str, Any], Any]) -> None:
    """Without one of its keys a document reads otherwise, or the path of that key or of its object is a problem."""
    document, kind = pair
    before = from_document(document, kind)
    for holder, key, path in list(places(document)):
        value = holder.pop(key)
        found = outcome(document, kind)
        if isinstance(found, InvalidDocument):
            others = {re.sub(rf"{key}$", other, path) for other in INSTEAD.get(key, ())}
            around = {path, *parents(path), *others, "currency"}  # terms without money need the contract's currency
            assert {problem.path for problem in found.problems} <= around
            assert found.problems
        else:
            assert found != before
        holder[key] = value


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.text(max_size=4), below, max_size=2),
    max_leaves=4,
)


@given(documents, json_values)
def test_rubbish_is_never_another_error(pair: tuple[dict[str, Any], Any], rubbish: Json) -> None:
    """Whatever stands in place of a value, the document reads or is refused as a document."""
    document, kind = pair
    for holder, key, _ in list(places(document)):
        value, holder[key] = holder[key], rubbish
        outcome(document, kind)
        holder[key] = value


@given(json_values, st.sampled_from([Contract, Plan, Event, Term, tuple[Event, ...]]))
def test_any_text_is_refused_as_a_document(value: Json, kind: Kind) -> None:
    """Text that is JSON but no document of ours is refused as a document, and so is text that is not JSON."""
    text = json.dumps(value)
    for each in (text, text[:-1], f"{text},"):
        with pytest.raises(InvalidDocument):
            from_json(each, kind)
