"""Short ways to write benefits and what happens to them, for the tests of benefits."""

from typing import Any

from supportcontracts import Money, Term, Zone
from supportcontracts.benefits import BenefitStatus, benefit_status
from supportcontracts.contracts.benefits import Benefit, Measure
from supportcontracts.events import (
    BenefitAssigned,
    BenefitCancelled,
    BenefitEnded,
    BenefitExtended,
    BenefitGranted,
    BenefitReserved,
    ConditionMet,
    Event,
    NoShow,
    Redeemed,
)

BERLIN = Zone("Europe/Berlin")
at = BERLIN.at
YEAR = Term("2025-01-01", months=12, zone=BERLIN)
NEXT = Term("2026-01-01", months=12, zone=BERLIN)
GRANT = "training/2025-01-01"


def training(**more: Any) -> Benefit:
    """Promise two training days in 2025, worth 900 EUR each, that end with the term."""
    plain: dict[str, Any] = {
        "unit": "training day", "quantity": 2, "worth": Money("900 EUR"), "expires": "term", "term": YEAR,
    }  # fmt: skip
    if "expires_on" in more:
        plain.pop("expires")
    return Benefit("training", **plain | more)


def credits_(**more: Any) -> Benefit:
    """Promise credits in 2025 that only events grant, and that do not expire unless they say so."""
    plain: dict[str, Any] = {"unit": "credit", "quantity": 1, "per": "event", "term": YEAR}
    return Benefit("training", **plain | more)


def granted(id_: str, when: str, quantity: Measure = 1, **more: Any) -> Event:
    """Grant units."""
    return BenefitGranted(id_, at(when), benefit="training", quantity=quantity, **more)


def assigned(id_: str, when: str, person: str, quantity: Measure = 1, **more: Any) -> Event:
    """Assign units to a person."""
    return BenefitAssigned(id_, at(when), benefit="training", person=person, quantity=quantity, **more)


def booked(id_: str, when: str, on: str | None = None, quantity: Measure = 1, **more: Any) -> Event:
    """Book units under the id of the event."""
    starts = None if on is None else at(on)
    return BenefitReserved(
        id_, at(when), benefit="training", key=more.pop("key", id_), quantity=quantity, takes_place_at=starts, **more
    )


def cancelled(id_: str, when: str, key: str, **more: Any) -> Event:
    """Cancel a booking."""
    return BenefitCancelled(id_, at(when), benefit="training", key=key, **more)


def missed(id_: str, when: str, key: str) -> Event:
    """Let nobody come."""
    return NoShow(id_, at(when), benefit="training", key=key)


def used(id_: str, when: str, quantity: Measure | None = 1, **more: Any) -> Redeemed:
    """Redeem units that were not booked."""
    return Redeemed(id_, at(when), benefit="training", quantity=quantity, **more)


def kept(id_: str, when: str, key: str, **more: Any) -> Event:
    """Redeem what was booked."""
    return Redeemed(id_, at(when), benefit="training", reservation=key, **more)


def extended(id_: str, when: str, on: str, **more: Any) -> Event:
    """Move the last day."""
    return BenefitExtended(id_, at(when), benefit="training", expires_on=on, reason="illness", **more)


def met(id_: str, when: str, condition: str = "check-in") -> Event:
    """Meet a condition."""
    return ConditionMet(id_, at(when), benefit="training", condition=condition)


def ended(id_: str, when: str) -> Event:
    """End the promise early."""
    return BenefitEnded(id_, at(when), benefit="training", reason="terminated")


def status(benefit: Benefit, *events: Event, as_of: str = "2027-01-01") -> BenefitStatus:
    """Look at a benefit."""
    return benefit_status(benefit, events, as_of=as_of)


def units(found: BenefitStatus) -> dict[str, int]:
    """Say where the units are, leaving out where none is."""
    names = ("granted", "left", "reserved", "redeemed", "lost", "forfeited", "refunded")
    return {name: amount for name in names if (amount := getattr(found, name).amount)}


def refused(found: BenefitStatus) -> dict[str, tuple[str, ...]]:
    """Say what was refused, with the codes of the reasons."""
    return {each.event: tuple(unmet.code for unmet in each.unmet) for each in found.refusals}
