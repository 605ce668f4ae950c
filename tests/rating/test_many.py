"""Rating contracts together: whose event is whose, and what one contract hands over to the next."""

from collections.abc import Iterable
from itertools import pairwise, permutations
from typing import Any, Literal, get_args

import attrs
import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st

from supportcontracts import (
    Allotment,
    Approval,
    BankExtended,
    BankPurchase,
    BankRefunded,
    Banks,
    Cancelled,
    Charge,
    ChargeItem,
    Classified,
    Closed,
    Composite,
    Contract,
    Fallback,
    Hold,
    IncidentTable,
    Line,
    Merged,
    Meter,
    Metering,
    Money,
    Multiplier,
    Opened,
    Payment,
    PayPerHour,
    PayPerIncident,
    Phase,
    PrepaidHours,
    Price,
    Rate,
    Rating,
    Ratings,
    Refuse,
    Released,
    Reopened,
    Replace,
    Reserved,
    Resolved,
    Responded,
    Scope,
    SeverityChanged,
    State,
    Term,
    Void,
    WorkEntry,
    Zone,
    days,
    hours,
    incidents,
    minutes,
    rate,
    rate_all,
)
from supportcontracts.contracts.plans import Plan
from supportcontracts.contracts.sources import Source
from supportcontracts.errors import InvalidValue, StaleState
from supportcontracts.events import Event, Fact
from supportcontracts.testing.strategies import contracts, histories, meters
from supportcontracts.timeline import Instant, epoch, from_epoch
from tests.rating.bank_builders import BERLIN, at, bank, entry, happened, story
from tests.rating.builders import told

EURO_A_MINUTE = Price("60 EUR/h")
HOURLY = PayPerHour(tariff=EURO_A_MINUTE)
PER_TICKET = PayPerIncident(tariff=Price("290 EUR/incident"))


def named(name: str, plan: Plan, *, zone: Zone = BERLIN, customer: str = "elm") -> Contract:
    """Build a contract under a name: calendar year 2025 in months, half up."""
    term = Term("2025-01-01", months=12, zone=zone)
    return Contract(
        name, customer=customer, rounding="half-up", billing="monthly", currency="EUR", term=term, plan=plan
    )


def chain(*sources: list[Source], unit: Literal["work", "incidents"] = "work", **meter: Any) -> list[Contract]:
    """Build C-1, C-2 … with one meter each and these sources; all but the last fall back to the next."""
    found = []
    for number, own in enumerate(sources, 1):
        end = [Fallback(f"C-{number + 1}")] if number < len(sources) else []
        found.append(named(f"C-{number}", Composite(meters=Meter(unit, [*own, *end], **meter))))
    return found


def uses(ratings: Ratings) -> dict[str, list[str]]:
    """Tell the lines of use of every contract."""
    return {rating.contract.id: told(rating, "use", "release", "credit") for rating in ratings}


def rated(agreed: Iterable[Contract], *events: Event, until: str | Instant = "2026-01-01", **more: Any) -> Ratings:
    """Rate contracts together, and check that the order of arrival and repeats do not matter."""
    known = list(agreed)
    ratings = rate_all(known, events, until=until, **more)
    assert rate_all(known, [*reversed(events), *events], until=until, **more) == ratings
    assert rate_all(known[::-1], events, until=until, **more).ratings == ratings.ratings[::-1]
    return ratings


# Chains of fallbacks


@pytest.mark.rule("B10", "D18")
def test_what_a_contract_cannot_pay_goes_on_to_the_next() -> None:
    """Of 5h the allotment of C-1 pays 2h; the other 3h are charged by C-2 at a euro a minute: 180.00."""
    ratings = rated(chain([Allotment(hours(2))], [Charge(EURO_A_MINUTE)]), entry("W-1", "2025-02-03 09:00", "5h"))
    assert uses(ratings) == {
        "C-1": ["W-1 allotment 2h 0.00 EUR", "W-1 fallback C-2 3h 0.00 EUR"],
        "C-2": ["W-1@C-1 charge 3h 180.00 EUR"],
    }


@pytest.mark.rule("B10")
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_chain_of_three_passes_the_rest_on_twice(order: tuple[int, ...]) -> None:
    """Of 6h: 1h and 2h from two allotments, 3h charged, whatever the order in which the contracts are given."""
    found = chain([Allotment(hours(1))], [Allotment(hours(2))], [Charge(EURO_A_MINUTE)])
    ratings = rated([found[place] for place in order], entry("W-1", "2025-02-03 09:00", "6h"))
    assert uses(ratings) == {
        f"C-{place + 1}": [
            ["W-1 allotment 1h 0.00 EUR", "W-1 fallback C-2 5h 0.00 EUR"],
            ["W-1@C-1 allotment 2h 0.00 EUR", "W-1@C-1 fallback C-3 3h 0.00 EUR"],
            ["W-1@C-1@C-2 charge 3h 180.00 EUR"],
        ][place]
        for place in order
    }
    assert [rating.contract.id for rating in ratings] == [f"C-{place + 1}" for place in order]


@pytest.mark.rule("B10")
def test_two_contracts_can_fall_back_to_one() -> None:
    """C-1 for atlas and C-2 for relay share C-3; a customer with two such heads names the contract of each entry."""
    atlas = named("C-1", Composite(meters=Meter("work", Fallback("C-3"))))
    relay = named("C-2", Composite(meters=Meter("work", Fallback("C-3"))))
    ratings = rated(
        [atlas, relay, named("C-3", HOURLY)],
        entry("W-1", "2025-02-03 09:00", "1h", contract="C-1"),
        entry("W-2", "2025-02-03 09:00", "1h", contract="C-2"),
        entry("W-3", "2025-02-03 09:00", "1h"),
    )
    assert uses(ratings)["C-3"] == ["W-1@C-1 charge 1h 60.00 EUR", "W-2@C-2 charge 1h 60.00 EUR"]
    assert [event.id for event in ratings.unrouted] == ["W-3"]


@pytest.mark.rule("B10", "D9")
def test_the_other_contract_meters_by_its_own_terms() -> None:
    """C-1 counts 10m as it was worked; C-2 rounds 10m up to 15m and charges the role's rate of 120: 30.00."""
    first, _ = chain([Allotment(hours(0))], [Refuse()])
    second = named(
        "C-2",
        PayPerHour(
            tariff=Charge(EURO_A_MINUTE, rates=Rate(Price("120 EUR/h"), role="lead")),
            metering=Metering(increment=minutes(15)),
        ),
    )
    ratings = rated([first, second], entry("W-1", "2025-02-03 09:00", "10m", role="lead", note="import"))
    assert uses(ratings)["C-2"] == ["W-1@C-1 charge 15m 30.00 EUR"]
    assert ratings["C-2"].explain("W-1@C-1").title == "W-1@C-1 · Mon 2025-02-03 · import · C-2"


@pytest.mark.rule("B10", "D8")
def test_worked_time_is_handed_over_as_it_was_worked() -> None:
    """3h of work count double; of the 6h counted 2h are drawn, so that a third of the work, 1h, is not handed over."""
    first, second = chain([Allotment(hours(2))], [Charge(EURO_A_MINUTE)])
    doubled = Meter("work", [Allotment(hours(2)), Fallback("C-2")], metering=Metering(multiplier=Multiplier(2)))
    first = attrs.evolve(first, plan=Composite(meters=doubled))
    ratings = rated([first, second], entry("W-1", "2025-02-03 09:00", "3h"))
    assert uses(ratings)["C-2"] == ["W-1@C-1 charge 2h 120.00 EUR"]


@pytest.mark.rule("B10", "D7")
def test_what_is_handed_over_outside_the_term_of_the_other_is_refused_there() -> None:
    """C-2 ends in June; work handed over in July is a refused line of C-2, and not lost."""
    first, second = chain([Allotment(hours(0))], [Charge(EURO_A_MINUTE)])
    shorter = attrs.evolve(second, term=Term("2025-01-01", months=6, zone=BERLIN))
    ratings = rated([first, shorter], entry("W-1", "2025-07-01 00:00", "1h"))
    (line,) = [line for line in ratings["C-2"].lines if line.use == "W-1@C-1"]
    assert (line.disposition, line.code, line.worked) == ("refused", "outside-term", hours(1))


@pytest.mark.rule("B10", "D3")
def test_at_one_instant_a_bank_of_the_other_contract_pays_for_what_it_is_handed() -> None:
    """Work handed over at 09:00 finds the bank that C-2 bought at 09:00, and other work of C-2 comes by its id."""
    first, second = chain([Allotment(hours(0))], [Banks(), Charge(EURO_A_MINUTE)])
    ratings = rated(
        [first, second],
        entry("W-1", "2025-02-03 09:00", "1h"),
        entry("W-0", "2025-02-03 09:00", "1h", contract="C-2"),
        bank("B-1", "2025-02-03 09:00", "1h 30m", contract="C-2"),
    )
    assert uses(ratings)["C-2"] == [
        "W-0 bank B-1 1h 0.00 EUR",
        "W-1@C-1 bank B-1 30m 0.00 EUR",
        "W-1@C-1 overage 30m 30.00 EUR",
    ]


@pytest.mark.rule("B10", "D5")
def test_the_parts_of_cut_work_are_handed_over_one_by_one() -> None:
    """Cut at the end of January, both hours go on at their own starts, each under a name of its own."""
    found = chain(
        [Allotment(minutes(30), per="month")], [Charge(EURO_A_MINUTE)], metering=Metering(at_boundary="split")
    )
    work = entry("W-1", "2025-01-31 23:00", "2h")
    ratings = rated(found, work)
    assert uses(ratings)["C-2"] == ["W-1@C-1 charge 30m 30.00 EUR", "W-1#2@C-1 charge 30m 30.00 EUR"]
    assert [line.period for line in ratings["C-2"].lines] == ["2025-01", "2025-02"]
    assert rated(found, work, known_at=at("2025-01-31 23:00"))["C-2"].total == Money("60 EUR")


@pytest.mark.rule("B10", "D20")
def test_held_work_that_is_released_is_handed_over_then() -> None:
    """Both hours are held; the approval charges one, up to the limit, and hands over the other, with its role."""
    limited = Charge(EURO_A_MINUTE, limit=hours(1), approval="required")
    first, _ = chain([limited], [Refuse()])
    second = named("C-2", PayPerHour(tariff=Charge(EURO_A_MINUTE, rates=Rate(Price("120 EUR/h"), role="lead"))))
    events = story(
        entry("W-1", "2025-02-03 09:00", "1h"),
        entry("W-2", "2025-02-04 09:00", "1h", role="lead", technician="ana"),
        Approval("A-1", at("2025-02-10 09:00")),
    )
    ratings = rated([first, second], *events)
    assert uses(ratings) == {
        "C-1": [
            "W-1 held 1h 0.00 EUR",
            "W-2 held 1h 0.00 EUR",
            "W-1 charge 1h 60.00 EUR",
            "W-2 fallback C-2 1h 0.00 EUR",
        ],
        "C-2": ["W-2 (A-1/work/0)@C-1 charge 1h 120.00 EUR"],
    }
    assert ratings["C-2"].lines[0].at == at("2025-02-10 09:00")


@pytest.mark.rule("B10", "D20", "L4")
def test_work_held_before_the_state_is_handed_over_with_what_the_state_remembers() -> None:
    """Held in January and approved in February, through a state in between: the entry's rate and role count."""
    limited = Charge(EURO_A_MINUTE, limit=hours(0), approval="required")
    first, _ = chain([limited], [Refuse()])
    own = Charge(EURO_A_MINUTE, rates=Rate(Price("120 EUR/h"), role="lead"), entry_rates="used")
    second = named("C-2", PayPerHour(tariff=own))
    holding = Meter("work", [Charge(EURO_A_MINUTE, limit=hours(9), approval="required"), Fallback("C-2")])
    first = attrs.evolve(first, plan=Composite(meters=holding))
    held = story(
        entry("W-1", "2025-01-03 09:00", "9h"),
        entry("W-2", "2025-01-04 09:00", "1h", role="lead", ticket="T-1"),
        entry("W-3", "2025-01-05 09:00", "1h", rate=Price("200 EUR/h")),
    )
    openings = closing(rated([first, second], *held, until="2025-02-01"))
    ratings = rated([first, second], Approval("A-1", at("2025-02-10 09:00")), openings=openings)
    assert uses(ratings)["C-2"] == [
        "W-2 (A-1/work/0)@C-1 charge 1h 120.00 EUR",
        "W-3 (A-1/work/0)@C-1 charge 1h 200.00 EUR",
    ]


# Incidents


def ticket_of(found: list[Contract]) -> dict[str, list[str]]:
    """Rate the life of one ticket: opened on Monday, cancelled on Wednesday."""
    return uses(
        rated(
            found,
            happened(Opened, "T-1", "2025-02-03 09:00", customer="elm"),
            happened(Cancelled, "T-1", "2025-02-05 09:00"),
        )
    )


@pytest.mark.rule("B10", "D14")
def test_an_incident_is_handed_over_as_one() -> None:
    """The allotment has one incident; the second is charged by C-2, with its attributes: on site, 400.00."""
    meter = Meter("incidents", [Allotment(incidents(1)), Fallback("C-2")])
    onsite = Meter("incidents", Charge(Price("400 EUR/incident")), name="on site", scope=Scope(channels="onsite"))
    other = Meter("incidents", Charge(Price("290 EUR/incident")))
    ratings = rated(
        [named("C-1", Composite(meters=meter)), named("C-2", Composite(meters=[onsite, other]))],
        happened(Opened, "T-1", "2025-02-03 09:00"),
        happened(Opened, "T-2", "2025-02-04 09:00", channel="onsite", severity=1, product="atlas", response="urgent"),
    )
    assert uses(ratings) == {
        "C-1": ["T-1 allotment 1 incident 0.00 EUR", "T-2 fallback C-2 1 incident 0.00 EUR"],
        "C-2": ["T-2@C-1 charge 1 incident 400.00 EUR"],
    }


@pytest.mark.rule("B10", "D21", "I2")
def test_what_happens_to_the_ticket_later_reaches_the_contract_that_took_it() -> None:
    """Cancelled on Wednesday, the incident that C-2 charged on Monday is credited on Wednesday: 290.00."""
    assert ticket_of(chain([Allotment(incidents(0))], [Charge(Price("290 EUR/incident"))], unit="incidents")) == {
        "C-1": ["T-1 fallback C-2 1 incident 0.00 EUR"],
        "C-2": ["T-1@C-1 charge 1 incident 290.00 EUR", "2025-02 credit -290.00 EUR"],
    }


@pytest.mark.rule("B10", "I2")
def test_the_other_contract_gives_back_by_its_own_table() -> None:
    """Under C-2's table a cancelled ticket still counts, whatever the table of C-1 says."""
    first, second = chain([Allotment(incidents(0))], [Charge(Price("290 EUR/incident"))], unit="incidents")
    strict = attrs.evolve(PER_TICKET, incidents=IncidentTable(cancelled="ignore"))
    assert ticket_of([first, named("C-2", strict)])["C-2"] == ["T-1@C-1 charge 1 incident 290.00 EUR"]
    assert len(ticket_of([first, second])["C-2"]) == 2


@pytest.mark.rule("B10", "I1", "D5")
def test_incidents_that_count_at_different_happenings() -> None:
    """C-1 counts at the resolution, C-2 at the opening, C-3 at the closing: each in its turn."""
    tables = [
        IncidentTable(opened="reserve", resolved="consume"),
        IncidentTable(),
        IncidentTable(opened="ignore", closed="consume"),
    ]
    prices = [
        Meter("incidents", Charge(Price("500 EUR/incident")), name="grave", scope=Scope(severities=1), incidents=table)
        for table in tables
    ]
    plans = [
        Composite(meters=Meter("incidents", [Allotment(incidents(0)), Fallback("C-2")], incidents=tables[0])),
        Composite(meters=Meter("incidents", [Allotment(incidents(0)), Fallback("C-3")], incidents=tables[1])),
        Composite(meters=[prices[2], Meter("incidents", Charge(Price("290 EUR/incident")), incidents=tables[2])]),
    ]
    life = story(
        happened(Opened, "T-1", "2025-02-03 09:00", severity=3),
        happened(SeverityChanged, "T-1", "2025-02-04 09:00", severity=1),
        happened(Responded, "T-1", "2025-02-04 10:00"),
        happened(Resolved, "T-1", "2025-02-05 09:00"),
        happened(SeverityChanged, "T-1", "2025-02-05 10:00", severity=2),
        happened(Closed, "T-1", "2025-02-10 09:00"),
    )
    ratings = rated([named(f"C-{n}", plan) for n, plan in enumerate(plans, 1)], *life)
    assert [[(line.use, str(line.amount), line.at) for line in rating.lines] for rating in ratings] == [
        [("T-1", "0.00 EUR", at("2025-02-05 09:00"))],
        [("T-1@C-1", "0.00 EUR", at("2025-02-05 09:00"))],
        [("T-1@C-1@C-2", "290.00 EUR", at("2025-02-10 09:00"))],
    ]
    early = rated([named(f"C-{n}", plan) for n, plan in enumerate(plans, 1)], *life[:4])
    assert [len(rating.lines) for rating in early] == [1, 1, 0]
    graver = rated([named(f"C-{n}", plan) for n, plan in enumerate(plans, 1)], *life[:4], life[5])
    assert str(graver["C-3"].total) == "500.00 EUR"


@pytest.mark.rule("B10", "I1")
def test_the_happening_that_counts_under_one_contract_counts_under_the_next() -> None:
    """Both count at the resolution: what C-1 hands over there, C-2 charges there."""
    table = IncidentTable(opened="ignore", resolved="consume")
    found = chain([Allotment(incidents(0))], [Charge(Price("290 EUR/incident"))], unit="incidents", incidents=table)
    ratings = rated(found, happened(Opened, "T-1", "2025-02-03 09:00"), happened(Resolved, "T-1", "2025-02-05 09:00"))
    (line,) = ratings["C-2"].lines
    assert (line.at, str(line.amount)) == (at("2025-02-05 09:00"), "290.00 EUR")


@pytest.mark.rule("B10", "I1")
def test_a_later_incident_of_a_ticket_is_not_resolved_by_the_first() -> None:
    """Resolved in February, reopened in April as another incident: C-2 counts each at its own resolution."""
    meter = Meter(
        "incidents", [Allotment(incidents(0)), Fallback("C-2")], incidents=IncidentTable(reopened_within=days(14))
    )
    table = IncidentTable(opened="ignore", resolved="consume")
    second = named("C-2", PayPerIncident(tariff=Price("290 EUR/incident"), incidents=table))
    life = story(
        happened(Opened, "T-1", "2025-02-03 09:00"),
        happened(Resolved, "T-1", "2025-02-05 09:00"),
        happened(Reopened, "T-1", "2025-04-01 09:00"),
        happened(Resolved, "T-1", "2025-04-02 09:00"),
    )
    ratings = rated([named("C-1", Composite(meters=meter)), second], *life)
    assert [(line.use, BERLIN.format(line.at)) for line in ratings["C-2"].lines] == [
        ("T-1@C-1", "2025-02-05 09:00"),
        ("T-1#2@C-1", "2025-04-02 09:00"),
    ]


@pytest.mark.rule("B10", "I1")
def test_a_reopened_ticket_goes_on_where_its_new_incident_goes() -> None:
    """The first incident is handed over; reopened after 14 days it is a new one, which the next month's allotment pays.

    What happens after that is no matter of C-2 any more: the cancellation gives back the new incident only.
    """
    table = IncidentTable(reopened_within=days(14))
    meter = Meter("incidents", [Allotment(incidents(1), per="month"), Fallback("C-2")], incidents=table)
    found = [named("C-1", Composite(meters=meter)), named("C-2", PER_TICKET)]
    ratings = rated(
        found,
        happened(Opened, "T-0", "2025-02-03 08:00"),
        happened(Opened, "T-1", "2025-02-03 09:00"),
        happened(Resolved, "T-1", "2025-02-20 09:00"),
        happened(Reopened, "T-1", "2025-03-06 08:59:59"),  # the same incident
        happened(Closed, "T-1", "2025-03-06 09:00"),
        happened(Reopened, "T-1", "2025-03-20 09:00"),  # a new one
        happened(Cancelled, "T-1", "2025-03-21 09:00"),
    )
    assert uses(ratings) == {
        "C-1": [
            "T-0 allotment 1 incident 0.00 EUR",
            "T-1 fallback C-2 1 incident 0.00 EUR",
            "T-1#2 allotment 1 incident 0.00 EUR",
            "2025-03 credit 0.00 EUR",
        ],
        "C-2": ["T-1@C-1 charge 1 incident 290.00 EUR"],
    }
    both = rated(
        found,
        happened(Opened, "T-1", "2025-02-03 09:00"),
        happened(Opened, "T-2", "2025-03-01 09:00"),
        happened(Resolved, "T-1", "2025-02-20 09:00"),
        happened(Reopened, "T-1", "2025-03-20 09:00"),
        happened(Resolved, "T-1", "2025-03-21 09:00"),
        happened(Merged, "T-1", "2025-03-22 09:00", into="T-2"),
    )
    assert uses(both)["C-2"] == ["T-1#2@C-1 charge 1 incident 290.00 EUR", "2025-03 credit -290.00 EUR"]


@pytest.mark.rule("B10", "D20")
@pytest.mark.parametrize(("resolved", "expected"), [(True, ["2025-02-10 09:00"]), (False, [])])
def test_a_held_incident_is_handed_over_when_it_is_released(resolved: bool, expected: list[str]) -> None:
    """C-2 counts at the resolution: of a ticket that was resolved before its release, at the release."""
    limited = Charge(Price("100 EUR/incident"), limit=incidents(1), approval="required")
    meter = Meter("incidents", [limited, Fallback("C-2")])
    table = IncidentTable(opened="ignore", resolved="consume")
    second = named("C-2", PayPerIncident(tariff=Price("290 EUR/incident"), incidents=table))
    events = story(
        happened(Opened, "T-0", "2025-02-03 08:00"),
        happened(Opened, "T-1", "2025-02-03 09:00"),
        *([happened(Resolved, "T-1", "2025-02-05 09:00")] if resolved else []),
        Approval("A-1", at("2025-02-10 09:00")),
    )
    first = named("C-1", Composite(meters=meter))
    ratings = rated([first, second], *events)
    assert [BERLIN.format(line.at) for line in ratings["C-2"].lines] == expected
    openings = closing(rated([first, second], *events[:-1], until="2025-02-08"))
    assert rated([first, second], events[-1], openings=openings)["C-2"].lines == ratings["C-2"].lines
    later = rated([first, second], *events, happened(Resolved, "T-1", "2025-02-12 09:00"))
    assert [BERLIN.format(line.at) for line in later["C-2"].lines] == (expected or ["2025-02-12 09:00"])


@pytest.mark.rule("B10", "L4")
def test_an_incident_handed_over_before_the_state_is_still_given_back() -> None:
    """Handed over in January, found to be a defect in February, through a state in between: credited."""
    found = chain([Allotment(incidents(0))], [Charge(Price("290 EUR/incident"))], unit="incidents")
    openings = closing(rated(found, happened(Opened, "T-1", "2025-01-03 09:00"), until="2025-02-01"))
    later = story(
        happened(SeverityChanged, "T-1", "2025-02-02 09:00", severity=2),
        happened(Classified, "T-1", "2025-02-03 09:00", finding="product-defect"),
        happened(Closed, "T-1", "2025-02-04 09:00"),
    )
    assert uses(rated(found, *later, openings=openings))["C-2"] == ["2025-02 credit -290.00 EUR"]
    assert closing(rated(found, *later, openings=openings))["C-2"].tickets[0].status == "released"


@pytest.mark.rule("B10", "L4")
def test_after_the_give_back_nothing_more_is_passed_on() -> None:
    """Whether the closing of a cancelled ticket comes in the same chunk or in the next, C-2 hears nothing of it."""
    found = chain([Allotment(incidents(0))], [Charge(Price("290 EUR/incident"))], unit="incidents")
    life = story(
        happened(Opened, "T-1", "2025-01-03 09:00"),
        happened(Cancelled, "T-1", "2025-01-04 09:00"),
        happened(Closed, "T-1", "2025-02-04 09:00"),
    )
    first = rated(found, *life[:2], until="2025-02-01")
    chunks = rated(found, *life[2:], openings=closing(first))
    assert closing(chunks) == closing(rated(found, *life))
    assert closing(chunks)["C-2"].tickets[0].resolved_at is None


# Whose event is whose


@pytest.mark.rule("L3")
def test_an_event_belongs_to_the_contract_that_it_names() -> None:
    """Named, work goes straight to the contract behind; a name that is not here is listed, whoever the customer is."""
    found = chain([Allotment(hours(9))], [Charge(EURO_A_MINUTE)])
    ratings = rated(
        found,
        entry("W-1", "2025-02-03 09:00", "1h", contract="C-2"),
        entry("W-2", "2025-02-03 09:00", "1h", contract="C-9"),
        entry("W-3", "2025-02-03 09:00", "1h"),
    )
    assert uses(ratings) == {"C-1": ["W-3 allotment 1h 0.00 EUR"], "C-2": ["W-1 charge 1h 60.00 EUR"]}
    assert [event.id for event in ratings.unrouted] == ["W-2"]


@pytest.mark.rule("L3")
def test_what_belongs_to_nobody_is_listed_once_in_order() -> None:
    """A stranger's work, given twice, a purchase of a customer with two contracts, and a payment of an unknown bank."""
    stray = story(
        WorkEntry("W-9", at("2025-02-03 09:00"), customer="oak", worked=hours(1)),
        bank("B-1", "2025-02-03 08:00", "1h"),
        Payment("P-1", at("2025-02-03 09:00"), bank="B-9"),
        Void("V-1", at("2025-02-03 10:00"), target="W-8"),
    )
    found = [named("C-1", HOURLY), named("C-2", HOURLY)]
    ratings = rated(found, *stray, entry("W-1", "2025-02-03 09:00", "1h", contract="C-1"))
    assert [event.id for event in ratings.unrouted] == ["B-1", "P-1", "W-9", "V-1"]
    assert str(ratings).endswith("under no contract: B-1, P-1, W-9, V-1")
    assert [len(rating.lines) for rating in ratings] == [1, 0]


@pytest.mark.rule("L3")
def test_an_event_without_a_customer_belongs_to_the_only_contract() -> None:
    """As in `rate`, an event that names nobody is of the contract at hand, if there is only one that it can be."""
    opened = happened(Opened, "T-1", "2025-02-03 09:00")
    assert uses(rated([named("C-1", PER_TICKET)], opened)) == {"C-1": ["T-1 charge 1 incident 290.00 EUR"]}
    assert rated([named("C-1", PER_TICKET), named("C-2", PER_TICKET)], opened).unrouted == (opened,)
    assert rated([named("C-1", PER_TICKET)], Approval("A", at("2025-02-03 09:00")))["C-1"].notices


FOLLOWERS = [
    (bank("B-1", "2025-02-03 09:00", "9h"), Payment("X", at("2025-02-04 09:00"), bank="B-1")),
    (
        bank("B-1", "2025-02-03 09:00", "9h"),
        BankExtended("X", at("2025-02-04 09:00"), bank="B-1", expires_on="2025-12-31", reason="project"),
    ),
    (bank("B-1", "2025-02-03 09:00", "9h"), BankRefunded("X", at("2025-02-04 09:00"), bank="B-1")),
    (entry("W-1", "2025-02-03 09:00", "1h"), Approval("X", at("2025-02-04 09:00"), of="W-1")),
    (happened(Opened, "T-1", "2025-02-03 09:00"), Approval("X", at("2025-02-04 09:00"), of="T-1")),
    (happened(Opened, "T-1", "2025-02-03 09:00"), happened(Resolved, "T-1", "2025-02-04 09:00")),
    (happened(Resolved, "T-1", "2025-02-03 09:00"), happened(Opened, "T-1", "2025-02-02 09:00")),
    (entry("W-1", "2025-02-03 09:00", "1h", ticket="T-1"), happened(Resolved, "T-1", "2025-02-04 09:00")),
    (entry("W-1", "2025-02-03 09:00", "1h"), Void("X", at("2025-02-04 09:00"), target="W-1")),
    (
        entry("W-1", "2025-02-03 09:00", "1h"),
        Replace("X", at("2025-02-04 09:00"), target="W-1", by=entry("W-1", "2025-02-03 09:00", "2h")),
    ),
    (
        Reserved("R-1", at("2025-02-03 09:00"), key="k", quantity=hours(1), expires_at=at("2025-02-05 09:00")),
        Released("X", at("2025-02-04 09:00"), key="k"),
    ),
    (happened(Opened, "T-1", "2025-02-03 09:00"), entry("W-1", "2025-02-03 09:00", "1h", ticket="T-1")),
    (
        happened(Opened, "T-1", "2025-02-03 09:00"),
        ChargeItem("X", at("2025-02-04 09:00"), customer="elm", kind="travel", amount=Money("9 EUR"), ticket="T-1"),
    ),
]


@pytest.mark.rule("D6", "L3")
@pytest.mark.parametrize("customer", [None, "elm"])
@pytest.mark.parametrize(("first", "follower"), FOLLOWERS, ids=lambda event: type(event).__name__)
def test_an_event_follows_what_it_is_about(first: Any, follower: Any, customer: str | None) -> None:  # noqa: ANN401  # any event
    """The first event names C-2 of three contracts; the other names none, and follows it there."""
    if customer is not None or not isinstance(follower, (WorkEntry, ChargeItem)):
        follower = attrs.evolve(follower, customer=customer)
    plan = Composite(meters=[Meter("work", [Banks(), Hold()]), Meter("incidents", Hold())])
    found = [named("C-1", plan), named("C-2", plan), named("C-3", plan, customer="oak")]
    ratings = rated(found, attrs.evolve(first, contract="C-2"), follower)
    assert ratings.unrouted == ()
    alone = rate(found[1], [first, follower], until="2026-01-01")
    assert (ratings["C-2"], ratings["C-1"].lines) == (alone, ())


@pytest.mark.rule("L3")
@pytest.mark.parametrize("follower", [follower for _, follower in FOLLOWERS if follower.customer is None])
def test_what_is_about_a_thing_in_a_state_follows_it(follower: Event) -> None:
    """A bank, a ticket, held work and a reservation of C-2's opening state are known too, for each customer apart."""
    plan = Composite(meters=[Meter("work", [Banks(), Hold()]), Meter("incidents", Hold())])
    found = [named("C-1", plan), named("C-2", plan), named("C-3", plan, customer="oak")]
    before = story(
        bank("B-1", "2025-01-03 09:00", "1m"),
        entry("W-1", "2025-01-04 09:00", "1h"),
        *(first for first, _ in FOLLOWERS if isinstance(first, (Opened, Reserved))),
    )
    before = story(*(attrs.evolve(event, contract="C-2", at=at("2025-01-31 09:00")) for event in before))
    openings = closing(rate_all(found, before, until="2025-02-01"))
    if isinstance(follower, (Void, Replace)):
        with pytest.raises(StaleState):  # without a home it falls to nobody; with one it comes too late
            rate_all(found, [attrs.evolve(follower, contract="C-2")], until="2026-01-01", openings=openings)
        assert rate_all(found, [follower], until="2026-01-01", openings=openings).unrouted == (follower,)
        return
    ratings = rated(found, attrs.evolve(follower, at=at("2025-02-02 09:00")), openings=openings)
    assert ratings.unrouted == ()
    assert (ratings["C-1"].closing.tickets, ratings["C-3"].closing.tickets) == ((), ())


@pytest.mark.rule("L3")
def test_one_id_at_two_customers_is_told_apart_by_the_customer() -> None:
    """Both elm and oak have a bank B-1: a payment that names oak is oak's, one that names nobody is listed."""
    plan = PrepaidHours(banks=Banks(usable="payment"), beyond=Charge(EURO_A_MINUTE))
    found = [named("C-1", plan), named("C-2", plan, customer="oak")]
    banks = [bank("B-1", "2025-01-02 09:00", "1h"), attrs.evolve(bank("B-1", "2025-01-02 09:00", "1h"), customer="oak")]
    ratings = rated(
        found,
        *banks,
        Payment("P-1", at("2025-01-03 09:00"), bank="B-1", customer="oak"),
        Payment("P-2", at("2025-01-04 09:00"), bank="B-1"),
    )
    assert [event.id for event in ratings.unrouted] == ["P-2"]
    assert [rating.closing.lots[0].status for rating in ratings] == ["unpaid", "usable"]


@pytest.mark.rule("L3", "D1")
def test_what_is_not_known_yet_has_no_say() -> None:
    """An opening recorded in April names C-2; as known in March, the ticket's response falls to nobody."""
    late = happened(Opened, "T-1", "2025-02-03 09:00", contract="C-2", recorded_at=at("2025-04-01 09:00"))
    answer = happened(Responded, "T-1", "2025-02-03 10:00")
    found = [named("C-1", PER_TICKET), named("C-2", PER_TICKET)]
    assert rated(found, late, answer).unrouted == ()
    assert rated(found, late, answer, known_at=at("2025-03-01 09:00")).unrouted == (answer,)
    stray = entry("W-1", "2025-02-03 09:00", "1h", recorded_at=at("2025-04-01 09:00"))
    assert rated(found, stray, known_at=at("2025-03-01 09:00")).unrouted == ()


@pytest.mark.rule("B10", "D20")
def test_what_was_handed_over_was_known_when_its_cause_was() -> None:
    """An approval recorded before it happened, known then: what it hands over is known too, whenever it falls."""
    limited = Charge(EURO_A_MINUTE, limit=hours(1), approval="required")
    found = chain([limited], [Charge(EURO_A_MINUTE)])
    ratings = rated(
        found,
        entry("W-1", "2025-02-03 09:00", "1h"),
        entry("W-2", "2025-02-04 09:00", "1h"),
        Approval("A-1", at("2025-03-10 09:00"), recorded_at=at("2025-02-05 09:00")),
        known_at=at("2025-02-06 09:00"),
    )
    assert uses(ratings)["C-2"] == ["W-2 (A-1/work/0)@C-1 charge 1h 60.00 EUR"]


# What cannot be rated together


@pytest.mark.rule("B10")
@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([named("C-1", HOURLY), named("C-1", HOURLY)], "2 contracts with 1 ids"),
        (chain([], [Refuse()])[:1], "a fallback to 'C-2'; a contract of this call"),
        ([chain([], [Refuse()])[0], named("C-2", HOURLY, customer="oak")], "'C-2' of 'oak'"),
        (
            [named(f"C-{n}", Composite(meters=Meter("work", Fallback(f"C-{3 - n}")))) for n in (1, 2)],
            "in a circle among C-1, C-2",
        ),
        (
            [named(f"C-{n}", Composite(meters=Meter("work", Fallback(f"C-{n % 3 + 1}")))) for n in (1, 2, 3)],
            "in a circle among C-1, C-2, C-3",
        ),
        (
            [named("C-1", Composite(meters=Meter("incidents", Fallback("C-2")))), named("C-2", HOURLY)],
            "a fallback of incidents to 'C-2', which does not count any",
        ),
    ],
    ids=["one id", "absent", "another customer", "two", "three", "unit"],
)  # fmt: skip
def test_fallbacks_that_lead_nowhere_are_refused(found: list[Contract], message: str) -> None:
    """Two contracts of one id, a target that is not here, not the customer's or of no use, and circles."""
    with pytest.raises(InvalidValue, match=message):
        rate_all(found, [], until="2026-01-01")


@pytest.mark.rule("B10", "L4")
def test_states_between_which_something_would_be_lost_are_refused() -> None:
    """What C-1 handed over before its state is not handed over again: C-2 must not be rated from further back."""
    first, second = chain([Allotment(hours(0))], [Charge(EURO_A_MINUTE)])
    young = State(at("2025-03-01 00:00"), "C-1")
    for other in ({}, {"C-2": State(at("2025-02-28 23:59:59"), "C-2")}):
        with pytest.raises(InvalidValue, match="states of one instant"):
            rate_all([first, second], [], until="2026-01-01", openings={"C-1": young, **other})
    late = attrs.evolve(second, term=Term("2025-03-01", months=10, zone=BERLIN))
    assert rate_all([first, late], [], until="2026-01-01", openings={"C-1": young})["C-2"].lines == ()
    ahead = {"C-1": young, "C-2": State(at("2025-04-01 00:00"), "C-2")}
    with pytest.raises(StaleState, match="W-1@C-1"):
        rate_all([first, second], [entry("W-1", "2025-03-05 09:00", "1h")], until="2026-01-01", openings=ahead)


@pytest.mark.rule("B10", "D2")
def test_stops_that_differ_between_zones_are_refused() -> None:
    """A date is another instant in New York; between the two stops something handed over would be lost."""
    first, _ = chain([Allotment(hours(0))], [Refuse()])
    abroad = named("C-2", HOURLY, zone=Zone("America/New_York"))
    with pytest.raises(InvalidValue, match="one instant for both") as caught:
        rate_all([first, abroad], [], until="2025-07-01")
    assert "offset" in caught.value.hint
    assert len(rate_all([first, abroad], [], until=at("2025-07-01 00:00"))) == 2


def test_ratings_are_found_by_contract() -> None:
    """By its id, one by one, and all together; an id that is not there is an error that lists those that are."""
    ratings = rated([named("C-1", HOURLY), named("C-2", HOURLY)])
    assert ratings["C-2"].contract.id == "C-2"
    assert [rating.contract.id for rating in ratings] == ["C-1", "C-2"]
    assert len(ratings) == 2
    with pytest.raises(KeyError, match="no rating of 'C-9'; there are C-1, C-2"):
        ratings["C-9"]
    assert str(ratings) == f"{ratings['C-1']}\n\n{ratings['C-2']}"
    assert rate_all([], [], until=at("2025-07-01 00:00")).ratings == ()


# Laws


def closing(ratings: Ratings) -> dict[str, State]:
    """The states to go on from."""
    return {rating.contract.id: rating.closing for rating in ratings}


def parts(rating: Rating, unit: str) -> list[Line]:
    """The lines of use and of released use, of one unit."""
    return [
        line
        for line in rating.lines
        if line.kind in ("use", "release") and line.worked is not None and line.worked.unit == unit
    ]


@st.composite
def chains(draw: st.DrawFn, kinds: tuple[type[Event], ...] | None = None) -> tuple[list[Contract], list[Event]]:
    """Draw two or three contracts of one customer, each falling back to the next, with a history."""
    base = draw(contracts(max_phases=1, max_months=4, currency="EUR", customer="elm"))
    found = []
    count = draw(st.integers(2, 3))
    for number in range(1, count + 1):
        own = [
            draw(meters(unit=unit, currency="EUR", without={"fallback", "labour"})) for unit in ("work", "incidents")
        ]
        if number < count:
            ends = Fallback(f"C-{number + 1}")
            own = [attrs.evolve(meter, sources=(*meter.sources[:-1], ends), scope=Scope()) for meter in own]
        phases = [Phase(phase.term, Composite(meters=own)) for phase in base.dated_phases]
        found.append(attrs.evolve(base, id=f"C-{number}", term=None, plan=None, phases=phases))
    events = draw(histories(found[0], kinds=kinds, max_events=10))
    return found, [attrs.evolve(event, contract=None) for event in events]


def taken(ratings: Ratings, source: Contract, target: Contract) -> list[Line]:
    """The uses of a contract that another has handed over."""
    return [
        line
        for unit in ("work", "incidents")
        for line in parts(ratings[target.id], unit)
        if line.use.partition("@")[2].endswith(source.id) and line.kind == "use"
    ]


@pytest.mark.rule("B10", "L1", "L3")
@given(case=chains())
def test_what_is_handed_over_is_received(case: tuple[list[Contract], list[Event]]) -> None:
    """The worked time that a contract hands over is what the next one has of it, to the second, in any order."""
    found, events = case
    until = from_epoch(epoch(found[0].dated_phases[-1].term.end) + 40 * 86_400)
    ratings = rate_all(found, events, until=until)
    note(str(ratings))
    assert ratings.unrouted == ()
    assert rate_all(found[::-1], [*events[::-1], *events], until=until).ratings == ratings.ratings[::-1]
    for source, target in pairwise(found):
        handed = [line for line in parts(ratings[source.id], "work") if line.disposition == "handed-over"]
        given_ = sum(line.worked.amount for line in handed if line.worked is not None)
        received = [line for line in taken(ratings, source, target) if line.worked and line.worked.unit == "work"]
        assert given_ == sum(line.worked.amount for line in received if line.worked is not None)


@pytest.mark.rule("B10", "L4")
@given(case=chains(kinds=get_args(Fact)), data=st.data())
def test_chunks_hand_over_what_one_go_does(case: tuple[list[Contract], list[Event]], data: st.DataObject) -> None:
    """Contracts rated together through states at any instant have the lines that they have in one go."""
    found, events = case
    assume(not any(isinstance(event, BankPurchase) and event.usable_from for event in events))
    seconds = sorted({epoch(event.at) + shift for event in events for shift in (0, 1)})
    assume(seconds)
    cut = from_epoch(data.draw(st.sampled_from(seconds), label="cut"))
    until = max(cut, from_epoch(epoch(found[0].dated_phases[-1].term.end) + 40 * 86_400))
    whole = rate_all(found, events, until=until)
    first = rate_all(found, [event for event in events if event.at < cut], until=cut)
    second = rate_all(found, [event for event in events if event.at >= cut], until=until, openings=closing(first))
    for one, two, all_ in zip(first, second, whole, strict=True):
        assert one.lines + two.lines == all_.lines
        assert two.closing == all_.closing
