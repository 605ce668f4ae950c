"""Problems of documents: what is wrong, where it stands, and what to write instead, all of it at once."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import pytest

from supportcontracts.contracts.banks import PriceList
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.plans import CappedHours, Plan
from supportcontracts.errors import InvalidDocument, InvalidValue
from supportcontracts.events import Event, Payment, WorkEntry
from supportcontracts.interop.codec import from_document, from_json, to_document, to_json
from supportcontracts.interop.codec._scalars import SCALARS, Fault
from supportcontracts.money import Money, Price
from supportcontracts.quantity import Incidents, hours
from supportcontracts.timeline import Days, Instant, Months, Term, Zone

Kind: TypeAlias = Any
Json: TypeAlias = Any

berlin = Zone("Europe/Berlin")
capped = CappedHours(fee=Money("1200 EUR"), allotment=hours(10), per="term", beyond=Charge(Price("140 EUR/h")))
c101 = Contract(
    "C-101", customer="elm", rounding="half-up", term=Term("2025-01-01", months=12, zone=berlin), plan=capped
)
entry = WorkEntry("W-1", berlin.at("2025-02-03 09:00"), customer="elm", worked=hours(6))


def plan_document(kind: str, **fields: Any) -> dict[str, Any]:
    """Write the document of a plan."""
    return {"schema": "plan", "edition": 1, "type": kind, **fields}


def charge_document(**fields: Any) -> dict[str, Any]:
    """Write the document of a charge."""
    return {"schema": "charge", "edition": 1, "tariff": "140 EUR/h", **fields}


def entry_document(**fields: Any) -> dict[str, Any]:
    """Write the document of a work entry, without what is None."""
    document = to_document(entry) | fields
    return {key: value for key, value in document.items() if value is not None}


def problems_of(document: Json, kind: Kind) -> dict[str, str]:
    """Read a document, or a JSON text, that must be refused, and return its problems by path."""
    with pytest.raises(InvalidDocument) as caught:
        from_json(document, kind) if isinstance(document, str) else from_document(document, kind)
    found = {problem.path: problem.message for problem in caught.value.problems}
    assert len(found) == len(caught.value.problems)
    return found


def test_the_problems_of_a_contract() -> None:
    """All problems of a contract come at once, in the order of the document, aligned, each saying what to write."""
    with pytest.raises(InvalidDocument) as caught:
        from_json(
            """
{"schema": "contract", "edition": 1, "id": "C-102", "customer": "elm",
 "term": {"starts_on": "2025-02-29", "months": 12, "zone": "Europe/Berlin"},
 "plan": {"type": "capped-hours", "fee": 1200.50, "alotment": "PT10H", "per": "term", "beyond": {"type": "refuse"}}}
""",
            Contract,
        )
    assert str(caught.value) == (
        'contract "C-102" has 4 problems; nothing was loaded.\n'
        '    term.starts_on   "2025-02-29" is not a date: February 2025 has 28 days\n'
        '    plan.fee         1200.50 has no currency; write "1200.50 EUR", or the currency you mean\n'
        '    plan.alotment    unknown key; did you mean "allotment"?\n'
        '    rounding         missing; choose "half-up", "half-even", "up" or "down"'
    )


def test_the_problems_of_events() -> None:
    """A problem of an event has its place in the list; events without problems do not hide it."""
    listed = to_document([entry, Payment("P-1", entry.at, bank="B-1"), entry])
    del listed["events"][1]["bank"]
    listed["events"][2]["worked"] = "ten"
    assert problems_of(listed, tuple[Event, ...]) == {
        "events[1].bank": "missing; expected a text",
        "events[2].worked": "WorkTime got the str 'ten'; hours, minutes and seconds were expected. "
        'Write "1h 30m" or "PT1H30M".',
    }
    with pytest.raises(InvalidDocument, match=r"^list of events has 2 problems"):
        from_document(listed, tuple[Event, ...])


@pytest.mark.parametrize(
    ("changed", "path", "message"),
    [
        ({"worked": 6}, "worked", '6 has no unit; write it as in "PT1H30M"'),
        ({"worked": True}, "worked", 'got true; expected work time, as in "PT1H30M"'),
        ({"worked": None}, "worked", 'missing; expected work time, as in "PT1H30M"'),
        ({"worked": {}}, "worked", 'got an object; expected work time, as in "PT1H30M"'),
        ({"worked": ["PT1H"]}, "worked", 'got an array; expected work time, as in "PT1H30M"'),
        ({"worked": {1}}, "worked", 'got the set {1}; expected work time, as in "PT1H30M"'),
        ({"rate": 140}, "rate", '140 has no currency and no unit; write "140 EUR/h", or those you mean'),
        (
            {"rate": "140 EUR"},
            "rate",
            (
                "Price got the str '140 EUR'; an amount, its currency and a unit were expected. "
                'Write it as in "140 EUR/h".'
            ),
        ),
        ({"note": 5}, "note", 'got 5; expected a text, as in "5"'),
        ({"role": Decimal("1.5")}, "role", 'got 1.5; expected a text, as in "1.5"'),
        ({"note": {}}, "note", "got an object; expected a text"),
        ({"severity": "2"}, "severity", 'got "2"; expected a whole number'),
        ({"severity": 2.0}, "severity", "got 2.0; expected a whole number"),
        ({"severity": True}, "severity", "got true; expected a whole number, or null"),
        ({"severity": 0}, "severity", "WorkEntry 'W-1' severity got 0; a whole number from 1 was expected."),
        ({"billable": "no"}, "billable", 'got "no"; choose "billable" or "non-billable"'),
        (
            {"at": "2025-02-03T09:00"},
            "at",
            (
                'instant got "2025-02-03T09:00"; a time with its offset was expected. '
                'Write "2025-02-03T09:00Z" for UTC, or the offset that was meant, as in "2025-02-03T09:00+01:00".'
            ),
        ),
        ({"at": "2025-02-03"}, "at", 'got "2025-02-03"; expected an instant, as in "2025-02-03T08:00:00Z"'),
        ({"at": 1738569600}, "at", 'got 1738569600; expected an instant, as in "2025-02-03T08:00:00Z"'),
        ({"at": "2025-02-30T09:00Z"}, "at", '"2025-02-30" is not a date: February 2025 has 28 days'),
        ({"customer": ""}, "customer", "WorkEntry 'W-1' customer got ''; a customer was expected."),
        ({"x y": 1}, '["x y"]', "unknown key"),
        ({"x.y": 1}, '["x.y"]', "unknown key"),
        ({"techncian": "eva"}, "techncian", 'unknown key; did you mean "technician"?'),
    ],
)  # fmt: skip
def test_every_wrong_value_says_what_to_write(changed: dict[Any, Any], path: str, message: str) -> None:
    """A value of another kind, a number without unit, and an impossible value each say what was got and expected."""
    assert problems_of(entry_document(**changed), WorkEntry) == {path: message}


@pytest.mark.parametrize(
    ("kind", "written", "message"),
    [
        (Incidents, 3, '3 has no unit; write it as in "10 incidents"'),
        (Days, 14, '14 has no unit; write it as in "14 days"'),
        (Days, "14 weeks", 'got "14 weeks"; expected days, as in "14 days"'),
        (Days, "14 months", 'got "14 months"; expected days, as in "14 days"'),
        (Months, "14 days", 'got "14 days"; expected months, as in "12 months"'),
        (Fraction, 1.5, 'got 1.5, which could be read as a float; write "1.5"'),
        (Fraction, "half", 'got "half"; expected an exact number, as in "1.5" or "1/2"'),
        (Fraction, "1/0", 'got "1/0"; expected an exact number, as in "1.5" or "1/2"'),
        (Zone, 1, 'got 1; expected a time zone, as in "Europe/Berlin"'),
        (Instant, "x" * 100, f'got "{"x" * 79}…"; expected an instant, as in "2025-02-03T08:00:00Z"'),
    ],
)
def test_what_is_no_single_value_of_a_kind(kind: type, written: Json, message: str) -> None:
    """Each kind refuses numbers without unit and texts of other kinds; long texts are cut in the message."""
    scalar = SCALARS[kind]
    with pytest.raises(Fault) as caught:
        scalar.read(written)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        (
            {"limit": "10 days"},
            {"limit": 'got "10 days"; expected work time, as in "PT1H30M", or incidents, as in "10 incidents", '
             'or money, as in "1200.00 EUR", or null'},
        ),
        (
            {"limit": "5.005 EUR"},
            {"limit": 'Money got "5.005 EUR"; EUR has 2 decimals. Round where the rounding is stated: '
             'settle(Amount("5.005 EUR"), rounding="half-up").'},
        ),
        (
            {"tariff": {"type": "gradated", "bands": []}},
            {"tariff.type": 'got "gradated"; did you mean "graduated"? choose "graduated", "volume" or "package"'},
        ),
        ({"tariff": {"type": 7}}, {"tariff.type": 'got 7; choose "graduated", "volume" or "package"'}),
        ({"tariff": {"type": "x"}}, {"tariff.type": 'got "x"; choose "graduated", "volume" or "package"'}),
        ({"tariff": {"bands": []}}, {"tariff.type": 'missing; choose "graduated", "volume" or "package"'}),
        (
            {"tariff": []},
            {"tariff": 'got an array; expected a price, as in "140.00 EUR/h", '
             'or an object of type "graduated", "volume" or "package"'},
        ),
        ({"tariff": 140}, {"tariff": '140 has no currency and no unit; write "140 EUR/h", or those you mean'}),
        (
            {"tariff": {"type": "graduated", "bands": {"price": "3 EUR/h"}}},
            {"tariff.bands.up_to": 'missing; expected work time, as in "PT1H30M", or incidents, as in "10 incidents", '
             "or null"},
        ),
        ({"rates": [{"price": "1 EUR/h"}, 5]}, {
            "rates[0]": "Rate got neither role nor work_type; at least one was expected. "
            "The tariff is the plan's default.",
            "rates[1]": 'got 5; expected an object with "price"',
        }),
        ({"scope": "phone"}, {"scope": 'got "phone"; expected an object'}),
        ({"scope": {"channels": ["phone", 5]}}, {"scope.channels[1]": 'got 5; expected a text, as in "5"'}),
        (
            {"scope": {"severities": 0}},
            {"scope.severities": "Scope.severities got 0; whole numbers from 1 were expected."},
        ),
        (
            {"tariff": {"type": "volume", "bands": [{"up_to": None, "price": "1 EUR/h"}]}},
            {"per": "Charge.per got no window; the window over which the quantity is added up was expected. "
             'Write per="entry", "incident", "day", "period" or "term".'},
        ),
        (
            {"tariff": {"type": "graduated", "bands": [{"up_to": None, "price": "1 EUR/h"}] * 2}, "per": "day"},
            {"tariff.bands[0]": "Graduated.bands[0] got up_to=None; an end was expected: only the last has none."},
        ),
    ],
)  # fmt: skip
def test_problems_inside_a_charge(fields: dict[str, Any], problems: dict[str, str]) -> None:
    """Unions name what they admit, arrays count, and what a constructor refuses is found at the field it names."""
    assert problems_of(charge_document(**fields), Charge) == problems


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"rollover": "all"}, {"rollover": 'got "all"; expected an object, or null'}),
        ({"rollover": {"cap": "1/2", "share": "0.5", "shere": 1}}, {"rollover.shere": "unknown key"}),
        (
            {"short": "spilt"},
            {"short": 'got "spilt"; expected "split" or "whole-to-next", or an object of type "overdraw"'},
        ),
        ({"short": {"type": "overdraw", "limit": "20%", "settled_at": "1 EUR/h"}}, {
            "short.limit": 'got "20%"; expected work time, as in "PT1H30M", or incidents, as in "10 incidents", '
            'or an exact number, as in "1.5" or "1/2"',
        }),
        ({"fee": "-1 EUR", "per": "yaer"}, {"per": 'got "yaer"; choose "term", "year", "quarter" or "month"'}),
        ({"beyond": None}, {"beyond": 'got null; expected an object of type "charge", "hold", "refuse" or "fallback"'}),
        ({"fee": "-1 EUR"}, {"fee": 'CappedHours.fee got "-1.00 EUR"; money, not negative, was expected. '
                             'Write "1200 EUR".'}),
    ],
)  # fmt: skip
def test_problems_inside_a_plan(fields: dict[str, Any], problems: dict[str, str]) -> None:
    """Optional objects, words beside objects and impossible amounts each say what belongs there."""
    plan = plan_document("capped-hours", allotment="PT10H", beyond={"type": "hold"}, fee="1 EUR", per="term") | fields
    assert problems_of(plan, Plan) == problems
    plan.pop("beyond")
    missing = 'missing; expected an object of type "charge", "hold", "refuse" or "fallback"'
    assert problems_of(plan, Plan)["beyond"] == missing


def test_a_problem_of_an_object_as_a_whole_has_the_path_of_the_object() -> None:
    """What no single field shows is reported where the object stands; of a whole document the path is empty."""
    wrong = json.loads(to_json(c101))
    wrong["plan"]["beyond"]["tariff"] = "140 USD/h"
    assert problems_of(wrong, Contract) == {
        "": "Contract got EUR and USD; terms in one currency were expected. Write one contract for each."
    }
    wrong["term"] |= {"months": 12, "last_day": "2025-12-31"}
    assert problems_of(wrong, Contract) == {
        "term": "Term got both months and last_day; exactly one of the two was expected. "
        'Write months=12, or last_day="2025-12-31".'
    }
    wrong["term"] = {"starts_on": "2025-01-01", "months": 0, "zone": "Europe/Berlin"}
    assert problems_of(wrong, Contract) == {"term.months": "months got 0; at least 1 was expected."}


def test_one_value_where_many_may_stand_has_no_number_in_its_path() -> None:
    """A constructor that complains about the first of several means the one value that stands alone."""
    empty = {"quantity": "PT0S", "price": "1 EUR/h"}
    for sizes, path in ((empty, "sizes"), ([empty], "sizes[0]")):
        document = {"schema": "price-list", "edition": 1, "sizes": sizes}
        assert problems_of(document, PriceList) == {
            path: "PriceList.sizes[0] got 0h 00m; ascending sizes were expected."
        }


def test_an_empty_text_where_many_may_stand_is_a_problem_at_its_key() -> None:
    """`"contacts": ""` is one contact without a name, which is refused where it stands."""
    assert "contacts" in problems_of(to_document(c101) | {"contacts": ""}, Contract)


def test_of_two_spellings_the_one_that_was_begun_is_complained_about() -> None:
    """A contract needs term and plan, or phases; a term needs months or its last day; each missing key is named."""
    head = {"schema": "contract", "edition": 1, "id": "C-1", "customer": "elm", "rounding": "up"}
    no_plan = problems_of({**head, "term": {"starts_on": "2025-01-01", "zone": "UTC"}}, Contract)
    assert list(no_plan) == ["term.months", "plan"]
    assert no_plan["term.months"] == 'missing; expected a whole number; or write "last_day"'
    assert no_plan["plan"].endswith('"pay-per-incident" or "composite"; or write "phases"')
    assert list(problems_of(head, Contract)) == ["term", "plan"]
    assert list(problems_of(head | {"id": ""}, Contract)) == ["id", "term", "plan"]
    assert list(problems_of({**head, "phases": [{"plan": {"type": "fixed-annual"}}]}, Contract)) == [
        "phases[0].plan.fee",
        "phases[0].term",
    ]


def test_a_key_given_twice_is_a_problem_in_any_object() -> None:
    """JSON lets one key stand twice in an object, and readers differ on which counts: none does."""
    text = to_json([entry]).replace('"id": "W-1"', '"id": "W-1", "note": "", "id": "W-2", "note": "moved"')
    assert problems_of(text, tuple[Event, ...]) == {
        "events[0].id": "given more than once; keep one",
        "events[0].note": "given more than once; keep one",
    }
    with pytest.raises(InvalidDocument) as caught:
        from_json(text.replace('"moved"', "5").replace('"edition": 1', '"edition": 2, "edition": 1'), tuple[Event, ...])
    assert [problem.path for problem in caught.value.problems] == [
        "edition",
        "events[0].id",
        "events[0].note",
        "events[0].note",
    ]


@pytest.mark.parametrize(
    ("head", "problems"),
    [
        ({}, {"schema": 'missing; write "term"', "edition": "missing; this release knows edition 1", "zone": None}),
        ({"schema": "term", "edition": 1}, {"zone": None}),
        ({"schema": "terms", "edition": 1}, {"schema": 'got "terms"; write "term"'}),
        ({"schema": "term", "edition": 2}, {"edition": "got 2; this release knows edition 1"}),
        ({"schema": "term", "edition": True}, {"edition": "got true; this release knows edition 1"}),
        ({"schema": None, "edition": 1.0}, {
            "schema": 'got null; write "term"', "edition": "got 1.0; this release knows edition 1",
        }),
    ],
)  # fmt: skip
def test_a_document_says_what_it_is(head: dict[str, Any], problems: dict[str, str | None]) -> None:
    """Schema and edition are needed; where either is another one, nothing else is said about the document."""
    found = problems_of({"starts_on": "2025-01-01", "months": 12, **head}, Term)
    assert found == {
        path: message or 'missing; expected a time zone, as in "Europe/Berlin"' for path, message in problems.items()
    }


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", {"line 1, column 1": "this is not JSON: expecting value"}),
        ('{"schema": "term",\n "edition" 1}', {"line 2, column 12": "this is not JSON: expecting ':' delimiter"}),
        ("[" * 100_000, {"": "nested more than 64 deep"}),
        ("[" * 65 + "]" * 65, {"": "nested more than 64 deep"}),
        ("[" * 64 + "]" * 64, {"": 'got an array; expected an object with "schema"'}),
        ("null", {"": 'got null; expected an object with "schema"'}),
        ("NaN", {"": 'got NaN; expected an object with "schema"'}),
    ],
)
def test_text_that_holds_no_document(text: str, problems: dict[str, str]) -> None:
    """Text that is not JSON is a problem with its line and column; JSON that is no object says so."""
    assert problems_of(text, Contract) == problems


def test_numbers_are_taken_as_they_are_written() -> None:
    """No number of a text is rounded, whatever its length, before the message shows it."""
    long = "9" * 1001
    template = json.dumps(plan_document("fixed-annual", fee=0))
    for number in ("0.10", "1e3", "-5", long, "1.5E-7"):
        found = problems_of(template.replace('"fee": 0', f'"fee": {number}'), Plan)
        assert found == {"fee": f'{number} has no currency; write "{number} EUR", or the currency you mean'}
    assert problems_of(template.replace('"fee": 0', '"fee": -Infinity'), Plan) == {
        "fee": 'got -Infinity; expected money, as in "1200.00 EUR"'
    }


def test_a_document_may_be_any_python_value() -> None:
    """A cycle, a list, a float and keys that are no texts are problems of the document, too."""
    cycle = charge_document()
    cycle["scope"] = {"a": cycle, "b": cycle}
    assert problems_of(cycle, Charge) == {"": "nested more than 64 deep"}
    assert problems_of([], Charge) == {"": 'got an array; expected an object with "schema"'}
    assert problems_of(charge_document(discount=0.5), Charge) == {
        "discount": 'got 0.5, which could be read as a float; write "0.5"'
    }
    assert problems_of({**charge_document(), 5: 5, None: 5}, Charge) == {"[5]": "unknown key", "None": "unknown key"}


def test_only_text_is_parsed() -> None:
    """What is no text cannot hold JSON."""
    with pytest.raises(InvalidValue, match="JSON got a value of type bytes; a text was expected"):
        from_json(b"{}", Contract)  # type: ignore[call-overload]  # refused
