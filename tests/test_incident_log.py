"""A real incident log, rated per location under three contracts, against counts made without the library."""

import csv
import functools
import itertools
from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from examples.incident_log import ticket_events
from supportcontracts import (
    BankPurchase,
    CappedIncidents,
    Charge,
    Contract,
    IncidentTable,
    Line,
    Money,
    Movement,
    Notice,
    Opened,
    PayPerIncident,
    PrepaidIncidents,
    Price,
    Rating,
    Reopened,
    Term,
    Zone,
    days,
    incidents,
    rate,
)
from supportcontracts.contracts.plans import Plan
from supportcontracts.events import Event, TicketEvent

LOG = Path(__file__).parents[1].parent / "shared" / "data" / "incident_event_log.csv"
pytestmark = pytest.mark.skipif(not LOG.exists(), reason="the incident log is not beside this checkout")

UTC = Zone("UTC")
UNTIL = "2017-03-01"
TERM = Term("2016-01-01", months=24, zone=UTC)
INCLUDED, BOUGHT = 12, 7
CAPPED = CappedIncidents(
    fee=Money("2400 EUR"),
    allotment=incidents(INCLUDED),
    per="term",
    beyond=Charge(Price("55.55 EUR/incident")),
)
PREPAID = PrepaidIncidents(beyond=Charge(Price("70 EUR/incident")))
PER_INCIDENT = PayPerIncident(tariff=Price("49.90 EUR/incident"))
REOPENED = PayPerIncident(tariff=Price("49.90 EUR/incident"), incidents=IncidentTable(reopened_within=days(0)))
PLANS: dict[str, Plan] = {"capped": CAPPED, "prepaid": PREPAID, "per incident": PER_INCIDENT, "per reopening": REOPENED}


# Counting without the library


@functools.cache
def rows() -> list[dict[str, str]]:
    """Read the log."""
    with LOG.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moment(text: str) -> datetime:
    """Read a time of the log."""
    return datetime.strptime(text, "%d-%m-%Y %H:%M")


@functools.cache
def updates() -> dict[str, list[dict[str, str]]]:
    """Put the updates of each incident in order."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in sorted(rows(), key=lambda row: (moment(row["sys_updated_at"]), int(row["sys_mod_count"]))):
        found.setdefault(row["number"], []).append(row)
    return found


@functools.cache
def locations() -> dict[str, list[datetime]]:
    """List for each location when its incidents were opened."""
    found: dict[str, list[datetime]] = {}
    for rows_of_one in updates().values():
        opened = min(moment(rows_of_one[0]["opened_at"]), moment(rows_of_one[0]["sys_updated_at"]))
        found.setdefault(rows_of_one[0]["location"], []).append(opened)
    return found


def reopenings() -> Counter[str]:
    """Count for each location how often an incident left Resolved or Closed for unfinished work."""
    found: Counter[str] = Counter()
    for rows_of_one in updates().values():
        for before, after in itertools.pairwise(rows_of_one):
            if before["incident_state"] in ("Resolved", "Closed"):
                found[rows_of_one[0]["location"]] += after["incident_state"] not in ("Resolved", "Closed")
    return found


def cents(price: str, count: int) -> int:
    """Multiply a price in euros."""
    exact = Fraction(price) * 100 * count
    assert exact.denominator == 1
    return int(exact)


# Rating


@functools.cache
def events() -> dict[str, tuple[TicketEvent, ...]]:
    """Convert the log, by location."""
    found: dict[str, list[TicketEvent]] = {}
    for event in ticket_events(rows()):
        found.setdefault(str(event.customer), []).append(event)
    return {location: tuple(of_one) for location, of_one in found.items()}


def happened(location: str, plan: str) -> list[Event]:
    """List the events of a location, with the bank that a prepaid plan begins with."""
    bank = BankPurchase(
        "B-1",
        UTC.at("2016-02-01 09:00"),
        customer=location,
        quantity=incidents(BOUGHT),
        price=Price("40 EUR/incident"),
        expires_on="2016-03-01",
    )
    return [*events()[location], *([bank] if plan == "prepaid" else [])]


def contract_of(location: str, plan: str) -> Contract:
    """Sell a plan to a location."""
    return Contract(f"C {location}", customer=location, rounding="half-up", term=TERM, plan=PLANS[plan])


@functools.cache
def rated(location: str, plan: str) -> Rating:
    """Rate a location to the end of the log."""
    return rate(contract_of(location, plan), happened(location, plan), until=UNTIL)


def counted(rating: Rating) -> Counter[str]:
    """Count the incidents of a rating by who paid."""
    found: Counter[str] = Counter()
    for line in rating.lines:
        if line.kind == "use" and line.counted is not None:
            found[line.source] += line.counted.amount
    return +found


@pytest.mark.rule("I1")
def test_the_converter_opens_every_incident_once_and_reopens_what_was_finished() -> None:
    """One opening for each incident of the log, one reopening for each that left Resolved or Closed."""
    converted = [event for of_one in events().values() for event in of_one]
    opened = [event for event in converted if isinstance(event, Opened)]
    assert len(opened) == len({event.ticket for event in opened}) == len({row["number"] for row in rows()})
    assert len({event.id for event in converted}) == len(converted)
    again = Counter(str(event.customer) for event in converted if isinstance(event, Reopened))
    assert again == +reopenings()
    assert sum(again.values()) > 10


@pytest.mark.rule("I1", "B1", "T1", "F1")
def test_capped_incidents_cost_the_fee_and_what_lies_beyond() -> None:
    """Each location owes the fee, and the price of every incident beyond the included ones."""
    for location, opened in locations().items():
        beyond = max(0, len(opened) - INCLUDED)
        rating = rated(location, "capped")
        assert rating.total.minor == cents("2400", 2) + cents("55.55", beyond), location
        assert counted(rating) == +Counter(allotment=len(opened) - beyond, overage=beyond), location
    assert any(len(opened) > INCLUDED for opened in locations().values())


@pytest.mark.rule("B2", "B6", "D28", "I1")
def test_prepaid_incidents_draw_the_bank_until_it_ends() -> None:
    """The bank pays for incidents opened up to its last day, as long as it has units; the others are charged."""
    for location, opened in locations().items():
        in_time = sum(at < datetime(2016, 3, 2) for at in opened)
        drawn = min(BOUGHT, in_time)
        rating = rated(location, "prepaid")
        assert counted(rating) == +Counter(bank=drawn, overage=len(opened) - drawn), location
        assert rating.total.minor == cents("40", BOUGHT) + cents("70", len(opened) - drawn), location
        bank = rating.balance("B-1")
        assert (bank.purchased, bank.drawn, bank.forfeited, bank.left) == (BOUGHT, drawn, BOUGHT - drawn, 0), location


@pytest.mark.rule("T1", "I1")
def test_incidents_are_charged_once_however_many_updates_they_have() -> None:
    """Each location owes the price of its distinct incidents; reopening an incident does not make it another one."""
    for location, opened in locations().items():
        assert rated(location, "per incident").total.minor == cents("49.90", len(opened)), location
    assert sum(len(opened) for opened in locations().values()) == 890


@pytest.mark.rule("I1")
def test_incidents_that_come_back_count_again_where_the_terms_say_so() -> None:
    """Where a reopened ticket is always a new incident, every reopening costs as much as an opening."""
    again = reopenings()
    for location, opened in locations().items():
        expected = cents("49.90", len(opened) + again[location])
        assert rated(location, "per reopening").total.minor == expected, location


# Laws on real data


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.rule("L1", "L2", "L5")
def test_nothing_is_lost(plan: str) -> None:
    """Every incident has one disposition, lots balance, and lines add up to the total."""
    for location in locations():
        rating = rated(location, plan)
        uses = Counter(line.use for line in rating.lines if line.kind == "use")
        assert set(uses.values()) <= {1}, location
        assert {use.partition("#")[0] for use in uses} == {event.ticket for event in events()[location]}, location
        left = {lot.id: lot.left.amount for lot in rating.closing.lots}
        assert all(balance.left == left.get(lot, 0) for lot, balance in rating.balance_totals().items()), location
        assert sum(line.amount.minor for line in rating.lines) == rating.total.minor, location


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.rule("L3")
def test_the_order_of_arrival_is_irrelevant(plan: str) -> None:
    """Shuffled and repeated, the log rates to the same lines, movements, notices and state."""
    generator = Random(2016)
    for location in locations():
        shuffled = happened(location, plan) * 2
        generator.shuffle(shuffled)
        assert rate(contract_of(location, plan), shuffled, until=UNTIL) == rated(location, plan), location


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.rule("L4")
def test_a_log_may_be_rated_in_chunks(plan: str) -> None:
    """Day by day through the busy days, each chunk going on from the state of the last, gives the lines of one go."""
    first = datetime(2016, 2, 28)
    cuts = [UTC.start_of((first + timedelta(days=n)).date()) for n in (0, 1, 2, 3, 4, 8, 30)] + [UTC.moment(UNTIL)]
    for location in locations():
        contract, all_of_them = contract_of(location, plan), happened(location, plan)
        state = since = None
        lines: list[Line] = []
        movements: list[Movement] = []
        notices: list[Notice] = []
        for until in cuts:
            chunk = [event for event in all_of_them if event.at < until and (since is None or event.at >= since)]
            part = rate(contract, chunk, until=until, opening=state)
            lines += part.lines
            movements += part.movements
            notices += part.notices
            state, since = part.closing, until
        whole = rated(location, plan)
        assert (tuple(lines), tuple(movements), tuple(notices)) == (whole.lines, whole.movements, whole.notices)
        assert state == whole.closing, location
