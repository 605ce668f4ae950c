"""Short words for the examples of rating: one customer, Berlin unless stated, and results told as short texts."""

from datetime import date, datetime
from typing import Any

from supportcontracts import (
    Charge,
    Contract,
    Line,
    Metering,
    PayPerHour,
    Price,
    Rating,
    Term,
    WorkEntry,
    WorkTime,
    Zone,
    rate,
)
from supportcontracts.contracts.plans import Plan
from supportcontracts.events import Event

BERLIN = Zone("Europe/Berlin")
at = BERLIN.at
EURO_A_MINUTE = Price("60 EUR/h")


def entry(name: str, when: str, worked: str, *, zone: Zone = BERLIN, **more: Any) -> WorkEntry:
    """Build work for the customer "elm", as in `entry("W-1", "2025-02-03 09:00", "1h 30m", role="senior")`."""
    return WorkEntry(name, zone.at(when), customer="elm", worked=WorkTime.parse(worked), **more)


def contract(
    plan: Plan | None = None,
    *,
    starts: str = "2025-01-01",
    months: int | None = 12,
    last_day: str | None = None,
    zone: Zone = BERLIN,
    **more: Any,
) -> Contract:
    """Build contract "C-1" of "elm": calendar year 2025 in months, half up, unless something else is said."""
    more = {"customer": "elm", "rounding": "half-up", "billing": "monthly", **more}
    if plan is None:
        return Contract("C-1", **more)
    term = Term(starts, months=None if last_day else months, last_day=last_day, zone=zone)
    return Contract("C-1", term=term, plan=plan, **more)


def rated(agreed: Contract | Plan, *events: Event, until: datetime | date | str = "2026-01-01", **more: Any) -> Rating:
    """Rate events under a contract, or under a plan put into `contract(plan)`."""
    terms = agreed if isinstance(agreed, Contract) else contract(agreed)
    return rate(terms, events, until=until, **more)


def tell(line: Line) -> str:
    """Tell a line in one row: "W-1 overage 1h 30m 210.00 EUR" for use, "2025-01 fee 100.00 EUR" for the rest.

    A bank is told with its lot ("W-1 bank B-1 1h 0.00 EUR"), what nobody paid by what became of it ("W-1 held 1h …",
    "W-1 refused/exhausted 1h …").
    """
    if line.kind not in ("use", "release"):
        return f"{line.period} {line.kind} {line.amount}"
    assert line.counted is not None
    counted = line.counted.short() if isinstance(line.counted, WorkTime) else str(line.counted)
    match line.disposition:
        case "refused":
            payer = f"refused/{line.code}"
        case "held":
            payer = "held"
        case "drawn" if line.lot:
            payer = f"bank {line.lot}"
        case _:
            payer = line.source
    return f"{line.use} {payer} {counted} {line.amount}"


def told(rating: Rating, *kinds: str) -> list[str]:
    """Tell every line, or those of some kinds, in the order of the rating."""
    return [tell(line) for line in rating.lines if not kinds or line.kind in kinds]


def quantities(rating: Rating, use: str) -> str:
    """Tell what a use was metered to, over all its lines: "worked > billable > counted", as in "50m > 1h > 1h 30m"."""
    lines = [line for line in rating.lines_of(use) if line.kind == "use"]
    sums = [sum(getattr(line, name).amount for line in lines) for name in ("worked", "billable", "counted")]
    return " > ".join(WorkTime(amount).short() for amount in sums)


def amounts(rating: Rating, *kinds: str) -> list[str]:
    """List the amounts of the lines of some kinds, or of all, as texts."""
    return [str(line.amount) for line in rating.lines if not kinds or line.kind in kinds]


def metered(metering: Metering, *work: WorkEntry, charge: Charge | None = None) -> Rating:
    """Rate work that is paid by the hour, at a euro a minute unless a charge is given, under a metering."""
    return rated(PayPerHour(tariff=charge or EURO_A_MINUTE, metering=metering), *work)


def one(metering: Metering, worked: str, **more: Any) -> str:
    """Meter one entry, and tell its quantities."""
    return quantities(metered(metering, entry("W-1", "2025-02-03 09:00", worked, **more)), "W-1")


def billable(rating: Rating) -> list[str]:
    """List the billable time of each entry, in the order of the rating."""
    return [quantities(rating, name).split(" > ")[1] for name in dict.fromkeys(line.use for line in rating.lines)]
