"""The workload: many contracts of four types over 24 months, with work in random order."""

from datetime import UTC, datetime, timedelta
from random import Random

from supportcontracts import (
    BankPurchase,
    Banks,
    CappedHours,
    Charge,
    Contract,
    FixedAnnual,
    Metering,
    Money,
    Multiplier,
    Opened,
    PayPerIncident,
    PrepaidHours,
    Price,
    Remaining,
    Rollover,
    Scope,
    Term,
    WorkEntry,
    Zone,
    hours,
    minutes,
)
from supportcontracts.contracts.plans import Plan

__all__ = ["UNTIL", "Account", "Happening", "portfolio"]

BERLIN = Zone("Europe/Berlin")
TERM = Term("2024-01-01", months=24, zone=BERLIN)
START = datetime(2024, 1, 1, tzinfo=UTC)
UNTIL = "2026-01-01"
METERING = Metering(increment=minutes(15), multiplier=Multiplier("1.5", scope=Scope(windows="after-hours")))

Happening = WorkEntry | Opened | BankPurchase
Account = tuple[Contract, list[Happening]]

PLANS: tuple[Plan, ...] = (
    FixedAnnual(fee=Money("19000 EUR"), metering=METERING),
    CappedHours(
        fee=Money("1200 EUR"),
        allotment=hours(4),
        per="month",
        rollover=Rollover(),
        beyond=Charge(Price("140 EUR/h")),
        metering=METERING,
    ),
    PrepaidHours(
        banks=Banks(warn_levels=[Remaining(hours(2))]),
        beyond=Charge(Price("137.50 EUR/h"), of="counted"),
        metering=METERING,
    ),
    PayPerIncident(tariff=Price("290 EUR/incident"), metering=METERING),
)


def portfolio(entries: int, *, per_contract: int = 100, seed: int = 2025) -> list[Account]:
    """Make contracts with their events: a quarter each fixed, capped hours, three prepaid banks, per incident."""
    rng = Random(seed)
    found = []
    for number in range(entries // per_contract):
        contract = Contract(
            f"C-{number}",
            customer=f"customer-{number}",
            rounding="half-up",
            billing="monthly",
            currency="EUR",
            term=TERM,
            plan=PLANS[number % 4],
        )
        found.append((contract, _events(contract, number, per_contract, rng)))
    return found


def _events(contract: Contract, number: int, count: int, rng: Random) -> list[Happening]:
    events: list[Happening] = []
    if number % 4 == 2:
        for place in range(3):
            at = START + timedelta(days=200 * place, hours=1)
            last_day = (at + timedelta(days=360)).date()
            events.append(
                BankPurchase(
                    f"B-{number}-{place}",
                    at,
                    customer=contract.customer,
                    quantity=hours(25),
                    price=Price("115 EUR/h"),
                    expires_on=last_day,
                )
            )
    for place in range(count):
        at = START + timedelta(minutes=rng.randrange(120, 730 * 24 * 60))
        name = f"W-{number}-{place}"
        if number % 4 == 3 and place % 2:
            events.append(Opened(name, at, ticket=name, customer=contract.customer))
        else:
            window = "after-hours" if rng.random() < 0.25 else "in-hours"
            worked = minutes(rng.randrange(1, 181))
            events.append(WorkEntry(name, at, customer=contract.customer, worked=worked, window=window))
    rng.shuffle(events)
    return events
