"""Rating only computes: it opens nothing, starts nothing, and gives the same result in every process."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from supportcontracts import (
    Approval,
    BankExtended,
    BankPurchase,
    BankRefunded,
    Banks,
    BankSize,
    Cancelled,
    CappedHours,
    CappedIncidents,
    Charge,
    ChargeItem,
    Composite,
    Contract,
    DaysLeft,
    Fallback,
    FixedAnnual,
    FreeTime,
    Hold,
    Meter,
    Metering,
    Money,
    Multiplier,
    Opened,
    Overdraw,
    Payment,
    PayPerHour,
    PayPerIncident,
    PrepaidHours,
    PrepaidIncidents,
    Price,
    PriceList,
    Reopened,
    Resolved,
    Rollover,
    Scope,
    Term,
    TopUp,
    Void,
    WorkEntry,
    Zone,
    available,
    buy,
    check_void,
    commit,
    hours,
    incidents,
    minutes,
    preview,
    rate,
    rate_all,
    release,
    reserve,
)
from supportcontracts.contracts.banks import Remaining
from supportcontracts.contracts.plans import Plan
from supportcontracts.events import Event
from supportcontracts.rating import program
from supportcontracts.timeline import spans, zone

Watch = Callable[[], AbstractContextManager[None]]
SAO_PAULO = Zone("America/Sao_Paulo")  # a zone whose days once began at 01:00, with rules that ended
OVERAGE = Charge(Price("140 EUR/h"), maximum=Money("300 EUR"), minimum=Money("20 EUR"))
BANKS = Banks(
    warn_levels=[Remaining(hours(2)), DaysLeft(30)],
    top_up=TopUp(Remaining(hours(1)), hours(5), Price("100 EUR/h")),
    offer=PriceList([BankSize(hours(5), Price("120 EUR/h"))], cutoff="15:00"),
)
SPLIT = Metering(
    group="incident-and-day",
    increment=minutes(15),
    minimum=minutes(30),
    free=FreeTime(minutes(5)),
    multiplier=Multiplier("1.5", scope=Scope(windows="night")),
    at_boundary="split",
)
PLANS: tuple[Plan, ...] = (
    FixedAnnual(fee=Money("19000 EUR"), review_at=hours(5)),
    CappedHours(fee=Money("1200 EUR"), allotment=hours(2), per="month", beyond=OVERAGE, rollover=Rollover()),
    CappedIncidents(fee=Money("1200 EUR"), allotment=incidents(2), per="quarter", beyond=Hold()),
    PrepaidHours(banks=BANKS, beyond=Charge(Price("140 EUR/h"), approval="required"), metering=SPLIT),
    PrepaidIncidents(beyond=Charge(Price("290 EUR/incident"))),
    PayPerHour(tariff=OVERAGE, metering=SPLIT),
    PayPerIncident(tariff=Price("290 EUR/incident")),
    Composite(meters=Meter("work", [Banks(short=Overdraw(hours(9), settled_at=Price("90 EUR/h"))), Fallback("C-2")])),
)


def agreed(plan: Plan, zone: Zone = SAO_PAULO, name: str = "C-1") -> Contract:
    """Build a contract for a year with changes of the clocks."""
    term = Term("2018-01-01", months=12, zone=zone)
    return Contract(name, customer="elm", rounding="half-even", billing="monthly", currency="EUR", term=term, plan=plan)


def a_year(zone: Zone = SAO_PAULO) -> list[Event]:
    """Build a year in which everything happens."""
    at = zone.at
    events: list[Event] = []
    for month in range(1, 13):
        for day in (3, 14, 28):
            name, when = f"{month:02}-{day:02}", f"2018-{month:02}-{day:02}"
            window = "night" if day == 28 else None
            work = hours("1.75") if day == 14 else minutes(50)
            events += [
                WorkEntry(
                    f"W-{name}", at(f"{when} 22:30"), customer="elm", worked=work, ticket=f"T-{month}", window=window
                ),
                Opened(f"E-{name}", at(f"{when} 09:00"), ticket=f"T-{name}", severity=2),
            ]
        events.append(Resolved(f"R-{month}", at(f"2018-{month:02}-15 09:00"), ticket=f"T-{month:02}-03"))
    bought = at("2018-02-01 09:00")
    events += [
        BankPurchase(
            "B-1", bought, customer="elm", quantity=hours(9), price=Price("115 EUR/h"), expires_on="2018-06-30"
        ),
        BankPurchase("B-2", bought, customer="elm", quantity=incidents(5), expires_on="2018-11-03"),
        BankExtended("X-1", at("2018-05-01 09:00"), bank="B-1", expires_on="2018-11-03", reason="booked"),
        Payment("P-1", at("2018-03-01 09:00"), bank="B-1"),
        BankRefunded("F-1", at("2018-07-01 09:00"), bank="B-1", quantity=minutes(1)),
        Approval("A-1", at("2018-08-01 09:00")),
        Cancelled("E-99", at("2018-09-01 09:00"), ticket="T-08-28"),
        Reopened("E-98", at("2018-09-02 09:00"), ticket="T-03-03"),
        ChargeItem("I-1", at("2018-10-01 09:00"), customer="elm", kind="travel", amount=Money("45 EUR")),
        Void("V-1", at("2018-10-02 09:00"), target="W-09-14"),
    ]
    return events


def forget() -> None:
    """Let rating compile everything anew."""
    for remembered in (program.compiled, program._program, program._slices, spans._periods, zone._start_of):
        remembered.cache_clear()


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: type(plan).__name__)
def test_rating_a_year_opens_nothing(plan: Plan, no_outside_world: Watch) -> None:
    """Terms and events are built before; rating, reading, printing and explaining reach for nothing outside."""
    terms, events = agreed(plan), a_year()
    forget()
    with no_outside_world():
        rating = rate(terms, events, until="2019-02-01")
        assert rating.to_rows()
        assert str(rating)
        assert rating._repr_html_()
        assert rating.movements is not None
        for use in {line.use for line in rating.lines}:
            assert str(rating.explain(use))
        for lot in rating.balance_totals():
            rating.balance(lot, as_of=terms.zone.at("2018-07-01 00:00"))
        middle = rate(terms, [event for event in events if event.id < "B-3"], until="2018-07-01")
        rate(terms, [], until="2019-01-01", opening=middle.closing)


def test_the_other_verbs_open_nothing_either(no_outside_world: Watch) -> None:
    """Previews, reservations, offers, looking before a void, and rating contracts together."""
    terms, events = agreed(PLANS[3]), a_year()
    first, second = agreed(PLANS[7]), agreed(PLANS[5], name="C-2")
    at = SAO_PAULO.at
    now, later = at("2018-04-01 09:00"), at("2018-04-03 09:00")
    work = WorkEntry("W-1", at("2018-04-02 09:00"), customer="elm", worked=hours(1))
    forget()
    with no_outside_world():
        opening = rate(terms, [event for event in events if event.at < now], until=now).closing
        assert str(preview(terms, work, opening=opening))
        assert available(terms, "work", opening=opening, as_of=now) is not None
        held = reserve(terms, hours(0), key="visit", opening=opening, as_of=now, expires_at=later)
        assert str(commit(terms, work, key="visit", opening=held.closing))
        assert str(release(terms, key="visit", opening=held.closing, as_of=now))
        assert str(buy(terms, hours(5), id="B-9", at=at("2018-11-03 16:00")))
        assert str(check_void(rate(terms, events, until="2018-07-01"), "B-1"))
        assert str(rate_all([first, second], events, until="2019-02-01"))


PROGRAM = """
import hashlib, json, sys
sys.path.insert(0, sys.argv[1])
from tests.rating import test_purity as year
from supportcontracts import rate, rate_all
from supportcontracts.interop.codec import to_json

found = []
for plan in year.PLANS:
    rating = rate(year.agreed(plan), year.a_year(), until="2019-02-01")
    found += [rating.to_rows(), str(rating), to_json(rating.closing), [str(move) for move in rating.movements]]
    found += [str(rating.explain(line.use)) for line in rating.lines]
both = rate_all([year.agreed(year.PLANS[7]), year.agreed(year.PLANS[5], name="C-2")], year.a_year(), until="2019-02-01")
print(len(found), hashlib.sha256(json.dumps([found, str(both)]).encode()).hexdigest(), hash("elm"))
"""


@pytest.mark.rule("L3")
def test_every_process_gives_the_same_result() -> None:
    """Rows, statements, explanations and states are the same whatever the seed by which Python hashes texts."""
    root = Path(__file__).parents[2]
    runs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(root)],
            capture_output=True,
            text=True,
            check=False,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root / "src"), "PATH": ""},
        )
        for seed in ("1", "2025")
    ]
    assert [run.stderr for run in runs] == ["", ""]
    one, other = (run.stdout.split() for run in runs)
    assert one[:2] == other[:2]
    assert int(one[0]) > 500
    assert one[2] != other[2], "the seeds were not used"
