"""A status as the person reads it whose benefit it is."""

from typing import TYPE_CHECKING

from supportcontracts.contracts.benefits import Benefit, BenefitQuantity, Units
from supportcontracts.contracts.wording.words import listed
from supportcontracts.explain import table

if TYPE_CHECKING:
    from supportcontracts.benefits.status import BenefitStatus, Booking, Use

__all__ = ["heading", "number_of", "status_text"]


def __dir__() -> list[str]:
    return __all__


def heading(benefit: Benefit) -> str:
    """Name a benefit, the contract and the customer."""
    return " · ".join(each for each in (benefit.id, benefit.contract, benefit.customer) if each)


def status_text(status: "BenefitStatus") -> str:
    """Lay out what is left, what is booked, what was used, and what was refused."""
    benefit, zone = status.benefit, status.benefit.zone
    as_of = f"{zone.format_day(status.as_of)} {zone.format(status.as_of)[11:]} {zone}"
    value = "" if status.value_left is None else f", worth {status.value_left}"
    blocks = [
        f"{heading(benefit)} · as of {as_of}\n{status.left} left of {status.granted}{value}",
        _grants(status),
        _happened(status),
    ]
    blocks += [f"refused: {refusal}" for refusal in status.refusals]
    if status.unmatched:
        blocks.append(f"corrections without a target: {', '.join(status.unmatched)}")
    return "\n".join(block for block in blocks if block)


_COLUMNS = ("redeemed", "reserved", "lost", "forfeited", "refunded", "moved")


def _grants(status: "BenefitStatus") -> str:
    """One row for each grant; columns in which nothing stands are left out."""
    if not status.grants:
        return ""
    shown = [name for name in _COLUMNS if any(getattr(grant, name) for grant in status.grants)]
    holders = any(grant.holder for grant in status.grants)
    rows = [("grant", "granted", *shown, "left", "expires on", *(["for"] if holders else []))]
    for grant in status.grants:
        names = ("granted", *shown, "left")
        cells = (number_of(getattr(grant, name)) for name in names)
        expiry = "never" if grant.expires_on is None else str(grant.expires_on)
        rows.append((grant.id, *cells, expiry, *([grant.holder or ""] if holders else [])))
    return table(rows, right=set(range(1, len(shown) + 3)))


def number_of(quantity: BenefitQuantity) -> str:
    """Show a quantity in a column: units without their name, time as it is.

    Example:
        >>> from supportcontracts.contracts.benefits import Units
        >>> number_of(Units(1200, "credit"))
        '1,200'
    """
    return f"{quantity.count:,}" if isinstance(quantity, Units) else str(quantity)


def _happened(status: "BenefitStatus") -> str:
    """One row for each use, on its local day."""
    if not status.uses:
        return ""
    bookings = {booking.key: booking for booking in status.bookings}
    rows = [_use(status, use, bookings.get(use.booking or "")) for use in status.uses]
    return table(rows)


def _use(status: "BenefitStatus", use: "Use", booking: "Booking | None") -> tuple[str, ...]:
    zone = status.benefit.zone
    said = []
    if use.kind == "reserved" and booking is not None and booking.takes_place_at is not None:
        said.append(f"for {zone.date_of(booking.takes_place_at)}")
    if use.who:
        said.append(listed(use.who))
    if use.gains is not None:
        said.append(f"for {use.gains} ({use.exchange})")
    if use.booking is not None and use.kind != "reserved":
        said.append(f"booked as {use.booking}")
    return str(zone.date_of(use.at)), use.event, f"{use.quantity} {_DONE[use.kind]}", ", ".join(said)


_DONE = {"reserved": "booked", "redeemed": "redeemed", "returned": "given back", "lost": "lost"}
