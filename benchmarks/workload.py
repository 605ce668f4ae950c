"""The workload: many contracts of four types over 24 months, with work in random order."""

from datetime import UTC, datetime, timedelta
from random import Random

from supportcontracts import (
    Banks,
    BankPurchase,
    CappedHours,
    Charge,
    Contract,
    FixedAnnual,
    Incidents,
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

__all__ = ["portfolio"]

BERLIN = Zone("Europe/Berlin")
TERM = Term("2024-01-01", months=24, zone=BERLIN)
START = datetime(2024, 1, 1, tzinfo=UTC)
METERING = Metering(increment=minutes(15), multiplier=Multiplier("1.5", scope=Scope(windows="after-hours")))


def portfolio(entries: int, *, per_contract: int = 100, seed: int = 2025) -> list[tuple[Contract, list[WorkEntry | Opened | BankPurchase]]]:
    """Make contracts with their events: a quarter each fixed, capped hours, three prepaid banks, per incident."""
    rng = Random(seed)
    found = []
    for number in range(entries // per_contract):
        contract = _contract(number)
        found.append((contract, _events(contract, number, per_contract, rng)))
    return found


def _contract(number: int) -> Contract:
    name, customer = f"C-{number}", f"customer-{number}"
    head = {"customer": customer, "rounding": "half-up", "billing": "monthly", "term": TERM, "currency": "EUR"}
    match number % 4:
        case 0:
            return Contract(name, plan=FixedAnnual(fee=Money("19000 EUR"), metering=METERING), **head)
        case 1:
            plan = CappedHours(
                fee=Money("1200 EUR"),
                allotment=hours(4),
                per="month",
                rollover=Rollover(),
                beyond=Charge(Price("140 EUR/h")),
                metering=METERING,
            )
            return Contract(name, plan=plan, **head)
        case 2:
            banks = Banks(warn_levels=[Remaining(hours(2))])
            plan = PrepaidHours(banks=banks, beyond=Charge(Price("137.50 EUR/h"), of="counted"), metering=METERING)
            return Contract(name, plan=plan, **head)
        case _:
            return Contract(name, plan=PayPerIncident(tariff=Price("290 EUR/incident"), metering=METERING), **head)


def _events(contract: Contract, number: int, count: int, rng: Random) -> list[WorkEntry | Opened | BankPurchase]:
    events: list[WorkEntry | Opened | BankPurchase] = []
    if number % 4 == 2:
        for place in range(3):
            at = START + timedelta(days=200 * place)
            events.append(
                BankPurchase(
                    f"B-{number}-{place}",
                    at,
                    customer=contract.customer,
                    quantity=hours(25),
                    price=Price("115 EUR/h"),
                    expires_on=(at + timedelta(days=360)).date(),
                )
            )
    for place in range(count):
        at = START + timedelta(minutes=rng.randrange(1, 730 * 24 * 60))
        name = f"W-{number}-{place}"
        if number % 4 == 3 and place % 2:
            events.append(Opened(name, at, ticket=name, customer=contract.customer))
        else:
            window = "after-hours" if rng.random() < 0.25 else "in-hours"
            worked = minutes(rng.randrange(1, 181))
            events.append(WorkEntry(name, at, customer=contract.customer, worked=worked, window=window))
    rng.shuffle(events)
    return events
