"""The bank contract of the documents: its terms, what it began March 2025 with, and what happened in March."""

from typing import Any

from supportcontracts import (
    BankPurchase,
    Banks,
    Charge,
    Contract,
    Coverage,
    Lot,
    Metering,
    Multiplier,
    PrepaidHours,
    Price,
    Remaining,
    State,
    Term,
    WorkEntry,
    hours,
    minutes,
)
from tests.rating.builders import BERLIN, at

OFFICE = Coverage("mon-fri 09:00-17:00", zone=BERLIN)

C104 = Contract(
    "C-104",
    customer="birchwood",
    rounding="half-up",
    billing="monthly",
    term=Term("2024-10-01", months=24, zone=BERLIN),
    plan=PrepaidHours(
        metering=Metering(increment=minutes(15), multiplier=Multiplier("1.5", outside=OFFICE)),
        banks=Banks(order="soonest-expiry", warn_levels=Remaining(hours(2))),
        beyond=Charge(Price("137.50 EUR/h"), of="counted"),
    ),
)
FEBRUARY = State(
    at("2025-03-01 00:00"),
    lots=[Lot("B-07", left=hours(3), expires_on="2025-03-31"), Lot("B-09", left=minutes(45), expires_on="2025-09-30")],
)


def work(name: str, when: str, length: int, note: str = "", **more: Any) -> WorkEntry:
    """Build work for birchwood, in minutes."""
    return WorkEntry(name, at(when), customer="birchwood", worked=minutes(length), note=note, **more)


MARCH = (
    work("W-3098", "2025-03-04 10:00", 80, "slow import"),
    work("W-3107", "2025-03-18 16:00", 170, "index rebuild"),
    BankPurchase(
        "B-10",
        at("2025-03-20 11:00"),
        customer="birchwood",
        quantity=hours(20),
        price=Price("115 EUR/h"),
        expires_on="2026-03-19",
    ),
    work("W-3115", "2025-03-27 09:30", 90, "report layout"),
)
