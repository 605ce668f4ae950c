"""Documents: the form of each kind of value, which kinds have one, JSON Schema, and the extra that the codec needs."""

import importlib
import json
import sys
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

import attrs
import pytest

from supportcontracts.contracts.banks import Banks, Remaining
from supportcontracts.contracts.charges import Charge, Rate
from supportcontracts.contracts.contract import Contract, Phase
from supportcontracts.contracts.metering import Metering, Multiplier
from supportcontracts.contracts.plans import (
    CappedHours,
    CappedIncidents,
    Composite,
    Fee,
    FixedAnnual,
    Meter,
    PayPerHour,
    PayPerIncident,
    Plan,
    PrepaidHours,
)
from supportcontracts.contracts.scope import Scope
from supportcontracts.contracts.sources import Hold, Refuse
from supportcontracts.contracts.tariffs import Band, Graduated
from supportcontracts.coverage import Coverage, CoveredTime, Holiday, Holidays, Override, Target
from supportcontracts.errors import InvalidDocument, InvalidValue, MissingExtra
from supportcontracts.events import BankPurchase, ChargeItem, Event, Payment, Replace, WorkEntry
from supportcontracts.interop.codec import (
    events_from_json,
    events_to_json,
    from_document,
    from_json,
    json_schema,
    to_document,
    to_json,
)
from supportcontracts.interop.codec._scalars import SCALARS
from supportcontracts.money import Currency, Money, Price
from supportcontracts.quantity import Incidents, WorkTime, hours, incidents, minutes, percent
from supportcontracts.timeline import Days, Instant, Months, Term, Zone, days, months

Kind: TypeAlias = Any
Json: TypeAlias = Any
Value: TypeAlias = Any

jsonschema: Any = importlib.import_module("jsonschema")

berlin = Zone("Europe/Berlin")
year = Term("2025-01-01", months=12, zone=berlin)
capped = CappedHours(fee=Money("1200 EUR"), allotment=hours(10), per="term", beyond=Charge(Price("140 EUR/h")))
c101 = Contract("C-101", customer="elm", rounding="half-up", term=year, plan=capped)
c101_document = {
    "schema": "contract",
    "edition": 1,
    "id": "C-101",
    "customer": "elm",
    "term": {"starts_on": "2025-01-01", "months": 12, "zone": "Europe/Berlin"},
    "plan": {
        "type": "capped-hours",
        "fee": "1200.00 EUR",
        "allotment": "PT10H",
        "per": "term",
        "beyond": {"type": "charge", "tariff": "140.00 EUR/h"},
    },
    "rounding": "half-up",
}
entry = WorkEntry("W-1", berlin.at("2025-02-03 09:00"), customer="elm", worked=hours(6))


def plan_document(kind: str, **fields: Any) -> dict[str, Any]:
    """Write the document of a plan."""
    return {"schema": "plan", "edition": 1, "type": kind, **fields}


def problems_of(document: Json, kind: Kind) -> dict[str, str]:
    """Read a document, or a JSON text, that must be refused, and return its problems by path."""
    with pytest.raises(InvalidDocument) as caught:
        from_json(document, kind) if isinstance(document, str) else from_document(document, kind)
    found = {problem.path: problem.message for problem in caught.value.problems}
    assert len(found) == len(caught.value.problems)
    return found


# The form of documents


def test_the_document_of_a_contract() -> None:
    """A contract is its fields under their own names, with single values as texts and defaults left out."""
    assert to_document(c101) == c101_document
    assert json.loads(to_json(c101)) == c101_document
    assert from_document(c101_document, Contract) == c101


def test_the_document_of_a_contract_in_phases() -> None:
    """Phases are an array; a currency stands in the document only where no term mentions money."""
    next_year = Term("2026-01-01", last_day="2026-12-30", zone=berlin)
    held = PrepaidHours(beyond=Hold())
    contract = Contract(
        "C-1", customer="elm", rounding="up", currency="EUR", phases=[Phase(year, held), Phase(next_year, held)]
    )
    assert to_document(contract) == {
        "schema": "contract",
        "edition": 1,
        "id": "C-1",
        "customer": "elm",
        "rounding": "up",
        "currency": "EUR",
        "phases": [
            {
                "term": {"starts_on": "2025-01-01", "months": 12, "zone": "Europe/Berlin"},
                "plan": {"type": "prepaid-hours", "beyond": {"type": "hold"}},
            },
            {
                "term": {"starts_on": "2026-01-01", "last_day": "2026-12-30", "zone": "Europe/Berlin"},
                "plan": {"type": "prepaid-hours", "beyond": {"type": "hold"}},
            },
        ],
    }
    assert from_json(to_json(contract), Contract) == contract


def test_a_field_named_in_the_singular_holds_one_value_or_an_array() -> None:
    """One value under `beyond` or `multiplier` stands alone, as its path in explanations says; others are arrays."""
    plan = PrepaidHours(
        banks=Banks(warn_levels=Remaining(hours(2))),
        metering=Metering(multiplier=Multiplier("1.5", scope=Scope(channels="onsite"))),
        beyond=[Charge(Price("137.50 EUR/h"), limit=hours(5)), Refuse()],
    )
    assert to_document(plan) == plan_document(
        "prepaid-hours",
        banks={"warn_levels": [{"type": "remaining", "quantity": "PT2H"}]},
        metering={"multiplier": {"factor": "1.5", "scope": {"channels": ["onsite"]}}},
        beyond=[{"type": "charge", "tariff": "137.50 EUR/h", "limit": "PT5H"}, {"type": "refuse"}],
    )
    assert from_document(to_document(plan), Plan) == plan


def test_one_value_is_read_wherever_many_may_stand() -> None:
    """An array of one, a value alone and a Python tuple read alike."""
    alike = [
        plan_document("composite", fees=fees, meters={"unit": "work", "sources": {"type": "refuse"}})
        for fees in ({"amount": "2400 EUR"}, [{"amount": "2400 EUR"}], ({"amount": "2400 EUR"},))
    ]
    plan = Composite(fees=Fee(Money("2400 EUR")), meters=Meter("work", Refuse()))
    assert [from_document(document, Plan) for document in alike] == [plan] * 3


def test_an_event_says_its_kind_alone_and_among_others() -> None:
    """An event has the same form in a document of its own and in a list, where each stands on a line."""
    written = {"type": "work-entry", "id": "W-1", "at": "2025-02-03T08:00:00Z", "customer": "elm", "worked": "PT6H"}
    right = Replace("V-1", berlin.at("2025-02-04 09:00"), target="W-1", by=entry)
    corrected = {"type": "replace", "id": "V-1", "at": "2025-02-04T08:00:00Z", "target": "W-1", "by": written}
    assert to_document(entry) == {"schema": "event", "edition": 1, **written}
    assert to_document([entry, right]) == {"schema": "events", "edition": 1, "events": [written, corrected]}
    both: list[Event] = [entry, right]
    text = events_to_json(iter(both))
    assert text == to_json((entry, right))
    assert [json.loads(line.rstrip(",")) for line in text.splitlines()[1:-1]] == [written, corrected]
    assert events_from_json(text) == (entry, right)
    assert events_from_json(events_to_json([])) == ()
    assert from_json(text, tuple[Event, ...]) == (entry, right)


def test_a_field_that_may_be_nothing_and_has_no_default_says_so() -> None:
    """The end of the last band is written as null, since it has no default."""
    tariff = Graduated([Band(hours(1), Price("140 EUR/h")), Band(None, Price("120 EUR/h"))])
    bands = [{"up_to": "PT1H", "price": "140.00 EUR/h"}, {"up_to": None, "price": "120.00 EUR/h"}]
    assert to_document(tariff) == {"schema": "graduated", "edition": 1, "bands": bands}
    assert from_json(to_json(tariff), Graduated) == tariff


def test_json_text_shows_letters_as_they_are() -> None:
    """Text in any script is written as itself, not as escapes."""
    assert '"Größe"' in to_json(Fee(Money("1 EUR"), name="Größe"))


def test_the_document_of_a_calendar_and_of_a_target() -> None:
    """Windows are text, holidays are dates with their names, and a target holds its calendar."""
    office = Coverage(
        "mon-fri 09:00-12:30 13:00-17:00; sat 10:00-14:00",
        zone=berlin,
        holidays=Holidays(["2025-12-25 Christmas Day", "2025-12-26"], years="2025-2026"),
        overrides=Override("2025-12-24", "09:00-12:00"),
    )
    calendar = {
        "type": "coverage",
        "windows": "mon-fri 09:00-12:30 13:00-17:00; sat 10:00-14:00",
        "zone": "Europe/Berlin",
        "holidays": {"dates": ["2025-12-25 Christmas Day", "2025-12-26"], "years": "2025-2026"},
        "overrides": [{"on": "2025-12-24", "windows": "09:00-12:00"}],
    }
    assert to_document(office) == {"schema": "coverage", "edition": 1, **calendar}
    document = {"schema": "target", "edition": 1, "type": "covered-time", "coverage": calendar, "quantity": "PT2H"}
    assert to_document(office.hours(2)) == document
    assert from_document(document, Target) == from_document(document, CoveredTime) == office.hours(2)


def test_what_is_wrong_with_a_calendar_is_told_with_its_path() -> None:
    """Holidays and overrides that are none are reported together; windows when all fields could be read."""
    document = {
        "schema": "coverage",
        "edition": 1,
        "type": "coverage",
        "windows": "mon-fri 9-17",
        "zone": "Europe/Berlin",
        "holidays": {"dates": ["2025-02-29"]},
        "overrides": [{"on": "2025-12-24", "windows": "09:00-09:00"}],
    }
    assert set(problems_of(document, Coverage)) == {"holidays.dates[0]", "overrides[0].windows"}
    document |= {"holidays": {"dates": ["2025-02-28"]}, "overrides": []}
    assert problems_of(document, Coverage) == {
        "windows": 'Coverage.windows got "9-17"; a window from HH:MM to HH:MM was expected. Did you mean "09:00-17:00"?'
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Money("1200 EUR"), "1200.00 EUR"),
        (Money("-5 JPY"), "-5 JPY"),
        (Price("1200.5 EUR/h"), "1200.50 EUR/h"),
        (Price(Fraction(1, 3), "EUR", "min"), "1/3 EUR/min"),
        (hours("1.5"), "PT1H30M"),
        (WorkTime(0), "PT0S"),
        (incidents(10), "10 incidents"),
        (incidents(1), "1 incident"),
        (days(14), "14 days"),
        (months(1), "1 month"),
        (Fraction(3, 2), "1.5"),
        (Fraction(1, 2), "0.5"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(2), "2"),
        (Fraction(1, 3), "1/3"),
        (Fraction(1, 2**40), "1/1099511627776"),
        (berlin.at("2025-02-03 09:00"), "2025-02-03T08:00:00Z"),
        (Zone("UTC").at("0001-01-01 00:00:01"), "0001-01-01T00:00:01Z"),
        (date(2025, 2, 28), "2025-02-28"),
        (Holiday("2025-12-25", "Christmas Day"), "2025-12-25 Christmas Day"),
        (Holiday("2025-12-26"), "2025-12-26"),
        (berlin, "Europe/Berlin"),
        (Currency("EUR"), "EUR"),
    ],
)
def test_single_values_are_written_as_one_text(value: Value, text: str) -> None:
    """Each kind of single value is written as one text, which reads back as the same value."""
    scalar = SCALARS[type(value)]
    assert scalar.write(value) == text
    assert scalar.read(text) == value
    assert scalar.takes(text)
    assert [
        kind for kind in (Money, Price, WorkTime, Incidents, Days, Months, Fraction) if SCALARS[kind].takes(text)
    ] in (
        [type(value)],
        [],
    )


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (WorkTime, "1h 30m", minutes(90)),
        (Incidents, "3 incidents", incidents(3)),
        (Fraction, "1/2", Fraction(1, 2)),
        (Fraction, 2, Fraction(2)),
        (Money, "1,410.00 EUR", Money("1410 EUR")),
        (Instant, "2025-02-03T09:00:00+01:00", berlin.at("2025-02-03 09:00")),
        (Instant, "2025-02-03 08:00Z", berlin.at("2025-02-03 09:00")),
        (Instant, "2025-02-03T08:00:00.999Z", berlin.at("2025-02-03 09:00")),
        (Days, "1 day", days(1)),
    ],
)
def test_other_spellings_of_single_values(kind: type, written: Json, value: Value) -> None:
    """A text that prints elsewhere, any offset, and a fraction of a second, which is dropped, are read too."""
    assert SCALARS[kind].takes(written)
    assert SCALARS[kind].read(written) == value


# Kinds that have documents, and kinds that have none


def test_a_plan_or_event_is_read_as_its_own_class_only() -> None:
    """Asked for one class, or some of a family, the codec refuses the others by their type."""
    assert from_document(to_document(capped), CappedHours) == capped
    refused = problems_of(to_document(capped), FixedAnnual)
    assert refused == {"type": 'got "capped-hours"; choose "fixed-annual"'}
    assert from_document(to_document(entry), WorkEntry | ChargeItem) == entry
    assert list(problems_of(to_document(entry), Payment | ChargeItem)) == ["type"]


@attrs.frozen
class Ledger:
    """A class with a field that no document can hold."""

    lots: dict[str, int]


@pytest.mark.parametrize("value", [5, "text", hours(1), Money("1 EUR"), c101.zone, None, Ledger({})])
def test_what_has_no_document_is_refused(value: Value) -> None:
    """A single value, a plain Python value and a class with foreign fields are no documents."""
    with pytest.raises(InvalidValue, match=r"codec got \w+; a kind with a document was expected"):
        to_document(value)
    with pytest.raises(InvalidValue, match="a kind with a document was expected"):
        from_document({}, type(value))


@pytest.mark.parametrize("kind", [dict[str, int], list[Event], tuple[Contract, ...], tuple[Event, Event], Event | Plan])
def test_other_kinds_have_no_document(kind: Kind) -> None:
    """Of lists only a list of events is a document, and of unions only those within one family."""
    with pytest.raises(InvalidValue, match="a kind with a document was expected"):
        json_schema(kind)


def test_a_list_of_events_holds_events_only() -> None:
    """A value that is no event is refused with its position."""
    with pytest.raises(InvalidValue, match=r"events\[1\] got .*; an event was expected"):
        to_document([entry, capped])


@attrs.frozen
class Broken:
    """A class whose constructor fails by mistake."""

    id: str

    def __attrs_post_init__(self) -> None:
        raise ZeroDivisionError(self.id)


@pytest.mark.parametrize("part", ["_kinds", "_problems", "_reader", "_scalars", "_schema", "_writer"])
def test_the_parts_of_the_codec_list_what_they_share(part: str) -> None:
    """Completion on a part of the codec shows what it shares with the others, and nothing else."""
    module = importlib.import_module(f"supportcontracts.interop.codec.{part}")
    assert dir(module) == sorted(module.__all__)
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


def test_a_mistake_of_the_library_is_no_problem_of_the_document() -> None:
    """An error that says nothing about the document is not dressed up as a problem of it."""
    with pytest.raises(ZeroDivisionError, match="B-1"):
        from_document({"schema": "broken", "edition": 1, "id": "B-1"}, Broken)


def test_without_cattrs_the_import_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing the codec without its extra raises an error that names the command."""
    for name in [name for name in sys.modules if name.startswith("supportcontracts.interop")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cattrs", None)
    with pytest.raises(MissingExtra, match=r"pip install supportcontracts\[codec\]"):
        importlib.import_module("supportcontracts.interop.codec")


# JSON Schema


def valid(document: Json, kind: Kind) -> bool:
    """Tell whether a document meets the schema of a kind, by an independent validator."""
    validator = jsonschema.Draft202012Validator(json_schema(kind))
    return bool(validator.is_valid(document))


@pytest.mark.parametrize("kind", [Contract, Plan, Event, tuple[Event, ...], Term, Charge, CappedIncidents, Metering])
def test_schemas_are_json_schemas(kind: Kind) -> None:
    """Every schema meets the meta-schema of its dialect and is itself plain JSON."""
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


def test_a_schema_describes_what_is_written() -> None:
    """Documents that are written are valid, and one wrong key, word, text or number in them is not."""
    purchase = BankPurchase("B-1", entry.at, customer="elm", quantity=hours(5), price=Price("115 EUR/h"))
    plan = PayPerIncident(
        tariff=Charge(Price("290 EUR/incident"), discount=percent(5), rates=Rate(Price("1 EUR/incident"), role="x"))
    )
    for value, kind in (
        (c101, Contract),
        (capped, Plan),
        (plan, Plan),
        (plan, PayPerIncident),
        (entry, Event),
        ([entry, purchase], tuple[Event, ...]),
        (year, Term),
        (Metering(multiplier=[Multiplier("1.5"), Multiplier(2)]), Metering),
    ):
        assert valid(to_document(value), kind)
    wrong: list[dict[str, Json]] = [
        {"rounding": "half_up"}, {"edition": 2}, {"x": 1}, {"billing": 5}, {"term": None}, {"phases": []}
    ]  # fmt: skip
    for change in wrong:
        assert not valid(c101_document | change, Contract)
    for key in ("schema", "id", "term", "rounding"):
        assert not valid({name: value for name, value in c101_document.items() if name != key}, Contract)
    for changed in ({"fee": 1200.5}, {"fee": "1200"}, {"beyond": {"tariff": "140 EUR/h"}}, {"type": "fixed-annual"}):
        assert not valid(to_document(capped) | changed, Plan)


def test_a_schema_shows_descriptions_and_defaults() -> None:
    """A schema says what an object is, and what a field is if it is left out."""
    schema = json_schema(PayPerHour)
    assert schema["title"] == "plan"
    assert schema["description"] == "Every hour is charged as it is used."
    assert schema["required"] == ["schema", "edition", "type", "tariff"]
    charge = schema["$defs"]["typed-charge"]["properties"]
    assert charge["of"] == {"enum": ["billable", "counted"], "default": "billable"}
    assert "default" not in charge["per"]
