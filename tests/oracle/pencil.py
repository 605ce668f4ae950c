"""Short words for tests that are worked out by hand."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from supportcontracts.contracts.contract import Billing, Contract, Phase
from supportcontracts.contracts.metering import Metering
from supportcontracts.contracts.plans import (
    Composite,
    Meter,
    Plan,
)
from supportcontracts.contracts.sources import Source
from supportcontracts.events import (
    BankPurchase,
    Event,
    WorkEntry,
)
from supportcontracts.money import Price
from supportcontracts.quantity import WorkTime
from supportcontracts.timeline import Term, Zone
from tests.oracle import OracleRating, oracle_rate

HOUR = 3600
MINUTE = 60
AT_140 = Price("140 EUR/h")


def at(text: str, zone: str = "UTC") -> datetime:
    """Read a local time."""
    return Zone(zone).at(text)


def contract(
    plan: Plan | None = None,
    *,
    months: int = 12,
    last_day: str | None = None,
    zone: str = "UTC",
    billing: Billing = "monthly",
    phases: Iterable[Phase] = (),
) -> Contract:
    """Agree on one plan from 1 January 2025, or on phases."""
    if plan is None:
        return Contract("C", customer="elm", rounding="half-up", billing=billing, currency="EUR", phases=tuple(phases))
    term = Term("2025-01-01", months=None if last_day else months, last_day=last_day, zone=zone)
    return Contract("C", customer="elm", rounding="half-up", billing=billing, currency="EUR", term=term, plan=plan)


def meters(*sources: Source, metering: Metering | None = None) -> Composite:
    """Agree on one meter for work."""
    return Composite(meters=[Meter("work", sources, metering=metering or Metering())])


def work(name: str, when: str, worked: WorkTime, zone: str = "UTC", **said: Any) -> WorkEntry:
    """Record work."""
    return WorkEntry(name, at(when, zone), customer="elm", worked=worked, **said)


def bank(name: str, when: str, quantity: Any, zone: str = "UTC", **said: Any) -> BankPurchase:  # noqa: ANN401  # any field
    """Record the purchase of a bank."""
    return BankPurchase(name, at(when, zone), customer="elm", quantity=quantity, **said)


def rate(terms: Contract, *events: Event, until: str = "2026-01-01") -> OracleRating:
    """Rate until the start of a day in the contract's zone."""
    return oracle_rate(terms, events, until=Zone(terms.zone.name).start_of(until))


def use_lines(rating: OracleRating) -> list[tuple[str, str, str | None, str, int, int]]:
    """Show the lines of use: use, source, lot, disposition, counted, minor."""
    return [
        (line.use, line.source, line.lot, line.disposition, line.counted, line.minor)
        for line in rating.lines
        if line.kind == "use"
    ]


def money_lines(rating: OracleRating, *kinds: str) -> list[tuple[str, str, int]]:
    """Show lines of some kinds: kind, period, minor; of all kinds with money if none is named."""
    return [
        (line.kind, line.period, line.minor)
        for line in rating.lines
        if line.kind in kinds or (not kinds and line.minor)
    ]


def moved(rating: OracleRating, lot: str) -> dict[str, int]:
    """Show the totals of a lot that are not zero."""
    return {kind: quantity for kind, quantity in rating.balances[lot].items() if quantity}
