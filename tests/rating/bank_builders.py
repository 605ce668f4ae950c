"""Short words for the examples of sources, banks and incidents, and results told as short texts.

`rated` is `rate` under watch: every example is also an example of conservation (laws 1, 2, 5, 10), and of the law that
neither the order of arrival nor repeats matter (law 3).
"""

from datetime import datetime
from typing import Any, Literal

from supportcontracts import (
    BankPurchase,
    Charge,
    Composite,
    Contract,
    Incidents,
    IncidentTable,
    Meter,
    Money,
    Opened,
    Price,
    Rating,
    State,
    WorkTime,
    Zone,
    rate,
)
from supportcontracts.contracts.sources import Source
from supportcontracts.events import Event, TicketEvent
from tests.rating.builders import BERLIN, at, contract, entry
from tests.rating.checks import check_conservation

__all__ = [
    "BERLIN", "OVERAGE", "agreed", "at", "bank", "charged", "contract", "desk", "entry", "fired", "happened", "local",
    "moved", "opened", "paid", "rated", "rolled", "story",
]  # fmt: skip

OVERAGE = Charge(Price("140 EUR/h"))


def agreed(
    *sources: Source, unit: Literal["work", "incidents"] = "work", term: dict[str, Any] | None = None, **meter: Any
) -> Contract:
    """Build a contract with one meter and these sources: calendar year 2025, monthly periods, unless `term` says."""
    return contract(Composite(meters=Meter(unit, sources, **meter)), currency="EUR", **(term or {}))


def desk(*sources: Source, table: IncidentTable | None = None, **meter: Any) -> Contract:
    """Build a contract with one meter for incidents, with these sources and this table."""
    return agreed(*sources, unit="incidents", incidents=table or IncidentTable(), **meter)


def bank(name: str, when: str, size: str | Incidents, *, zone: Zone = BERLIN, **more: Any) -> BankPurchase:
    """Build a bank, as in `bank("B-1", "2025-01-02 09:00", "10h", expires_on="2025-12-31")`."""
    quantity = WorkTime.parse(size) if isinstance(size, str) else size
    return BankPurchase(name, zone.at(when), customer="elm", quantity=quantity, **more)


def happened(kind: type[TicketEvent], ticket: str, when: str, **more: Any) -> TicketEvent:
    """Build a ticket event, as in `happened(Opened, "T-1", "2025-01-02 09:00", severity=1)`."""
    return kind(f"{ticket} {kind.__name__} {when}", at(when), ticket=ticket, **more)


def opened(ticket: str, when: str, **more: Any) -> TicketEvent:
    """Open a ticket."""
    return happened(Opened, ticket, when, **more)


def story(*events: Event) -> tuple[Event, ...]:
    """Put events together that are rated more than once."""
    return events


def rated(
    terms: Contract,
    *events: Event,
    until: str | datetime = "2026-01-01",
    opening: State | None = None,
    known_at: datetime | None = None,
) -> Rating:
    """Rate, and check the laws that hold for every contract and every set of events."""
    rating = rate(terms, events, until=until, opening=opening, known_at=known_at)
    check_conservation(rating, events, known_at=known_at)
    again = rate(terms, [*reversed(events), *events], until=until, opening=opening, known_at=known_at)
    assert again == rating, "the order of arrival, or a repeat, mattered"
    return rating


def paid(rating: Rating, use: str) -> list[str]:
    """Tell who paid a use, in order: ["grant 2025-01-01 2h 00m", "B-1 1h 00m", "charged 0h 30m 70.00 EUR"]."""
    shown = []
    for line in rating.lines_of(use):
        if line.kind not in ("use", "release"):
            continue
        payer = "overdraft" if line.source == "overdraft" else short_name(line.lot) or line.disposition
        amount = f" {line.amount}" if line.amount != Money.zero(line.amount.currency) else ""
        shown.append(f"{payer} {line.counted}{amount}" if line.counted is not None else f"{payer}{amount}")
    return shown


def moved(rating: Rating, lot: str) -> list[str]:
    """Tell what moved on a lot, with local times: ["2025-02-01 00:00 forfeit 6h 00m", "… refused ended"]."""
    return [
        f"{local(rating, movement.at)} {movement.kind} "
        f"{movement.code if movement.kind == 'refused' else movement.quantity}"
        for movement in rating.movements
        if short_name(movement.lot) == lot and (movement.quantity or movement.kind == "refused")
    ]


def short_name(lot: str) -> str:
    """Name the lots of a first source after the first day of their period: "grant 2025-01-01", "rolled 2025-01-01"."""
    kind = "rolled " if lot.endswith(">rolled") else "grant "
    return lot.removesuffix(">rolled").replace("work/0/", kind).replace("incidents/0/", kind)


def rolled(rating: Rating) -> list[str]:
    """Tell what rolled in, in order: ["2025-02-01 00:00 6h 00m"]."""
    return [f"{local(rating, m.at)} {m.quantity}" for m in rating.movements if m.kind == "roll-in"]


def charged(rating: Rating, *kinds: str) -> list[str]:
    """Tell the period and amount of every line that costs something: ["2025-01 overage 140.00 EUR"]."""
    return [
        f"{line.period} {line.source if line.kind in ('use', 'release') else line.kind} {line.amount}"
        for line in rating.lines
        if line.amount != Money.zero(line.amount.currency) and (not kinds or line.kind in kinds)
    ]


def fired(rating: Rating, *codes: str) -> list[str]:
    """Tell the notices, or those of some codes: ["warn-level W-2 2025-03-04 10:00"]."""
    return [
        f"{notice.code} {notice.because} {local(rating, notice.at)}"
        for notice in rating.notices
        if not codes or notice.code in codes
    ]


def local(rating: Rating, when: datetime) -> str:
    """Write an instant in the local time of the contract."""
    return rating.contract.zone.format(when)
