"""Buying a bank from a price list, and looking before a bank is voided."""

from datetime import date, datetime

from supportcontracts._fields import frozen
from supportcontracts.contracts.banks import Banks, BankSize, PriceList
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.plans import terms_of
from supportcontracts.errors import InvalidValue
from supportcontracts.events import BankPurchase
from supportcontracts.ledger import Movement
from supportcontracts.quantity import Incidents, Quantity, WorkTime, quantity
from supportcontracts.rating.result import Rating
from supportcontracts.timeline import instant

__all__ = ["NotOffered", "VoidCheck", "buy", "check_void"]


def __dir__() -> list[str]:
    return __all__


@frozen
class NotOffered:
    """The price list has no row for so few units.

    Attributes:
        quantity: what was asked for.
        minimum: the smallest bank on offer.

    Rules: B8.
    """

    quantity: Quantity
    minimum: Quantity

    def __str__(self) -> str:
        return f"{self.quantity} is less than the smallest bank, {self.minimum}"


def buy(
    contract: Contract, units: Quantity, *, id: str, at: datetime, pool: str = "banks"
) -> BankPurchase | NotOffered:
    """Make the purchase of a bank from the price list of a contract; nothing is bought until it is recorded.

    The row with the largest size that the quantity reaches gives the unit price and the life. Bought at or after the
    cut-off, the bank starts with the next local day.

    Args:
        contract: its plan, or that of its latest phase, offers the banks.
        units: how many units.
        id: the id of the bank.
        at: when it is bought.
        pool: the banks that it joins.

    Returns:
        The purchase, or `NotOffered`.

    Raises:
        InvalidValue: if the contract offers no banks of this unit.

    Rules: B8.

    Example:
        >>> from supportcontracts import Money, PrepaidHours, Price, Refuse, Term, Zone, hours, months
        >>> zone = Zone("Europe/Berlin")
        >>> offer = PriceList(
        ...     [BankSize(hours(5), Price("125 EUR/h")), BankSize(hours(20), Price("115 EUR/h"), life=months(12))],
        ...     cutoff="15:00",
        ... )
        >>> c = Contract(
        ...     "C-1", customer="elm", rounding="half-up", term=Term("2025-01-01", months=24, zone=zone),
        ...     plan=PrepaidHours(banks=Banks(offer=offer), beyond=Refuse()),
        ... )
        >>> bought = buy(c, hours(20), id="B-10", at=zone.at("2025-03-20 11:00"))
        >>> str(bought.price), bought.expires_on.isoformat()
        ('115.00 EUR/h', '2026-03-19')
        >>> print(buy(c, hours(2), id="B-11", at=zone.at("2025-03-20 11:00")))
        2h 00m is less than the smallest bank, 5h 00m
    """
    if not isinstance(units, (WorkTime, Incidents)):
        raise InvalidValue("buy(units)", repr(units), "hours(…) or incidents(…) was expected")
    offer = _offer(contract, units, pool)
    row = _row(offer, units)
    if row is None:
        return NotOffered(units, offer.sizes[0].quantity)
    bought = instant(at)
    zone = contract.zone
    day = zone.date_of(bought)
    usable_from = None
    if offer.cutoff is not None and f"{zone.local(bought):%H:%M}" >= offer.cutoff:
        day = date.fromordinal(day.toordinal() + 1)
        usable_from = zone.start_of(day)
    expires_on = None if row.life is None else date.fromordinal(row.life.after(day).toordinal() - 1)
    return BankPurchase(
        id,
        bought,
        customer=contract.customer,
        quantity=units,
        price=row.price,
        expires_on=expires_on,
        usable_from=usable_from,
        pool=pool,
    )


def _offer(contract: Contract, units: Quantity, pool: str) -> PriceList:
    for phase in reversed(contract.dated_phases):
        for placed in terms_of(phase.plan).meters:
            for source in placed.meter.sources:
                if (
                    isinstance(source, Banks)
                    and source.pool == pool
                    and placed.meter.unit == units.unit
                    and source.offer
                ):
                    return source.offer
    raise InvalidValue(
        f"buy({contract.id!r})",
        f"{units} for {pool!r}",
        "banks with a price list in the terms were expected",
        "Write Banks(offer=PriceList([BankSize(…)])), or make the BankPurchase yourself.",
    )


def _row(offer: PriceList, units: Quantity) -> BankSize | None:
    reached = [size for size in offer.sizes if size.quantity.amount <= units.amount]
    return reached[-1] if reached else None


@frozen
class VoidCheck:
    """What voiding a bank would undo: the draws that would move to the next source.

    Attributes:
        bank: the bank.
        draws: what was drawn from it.
        drawn: how much in all.

    Rules: D6.
    """

    bank: str
    draws: tuple[Movement, ...]
    drawn: Quantity

    def __str__(self) -> str:
        if not self.draws:
            return f"{self.bank} has no draws: voiding it changes no other line"
        uses = ", ".join(dict.fromkeys(draw.because for draw in self.draws))
        return f"{self.bank} paid {self.drawn} for {uses}: voiding it moves them to the next source"


def check_void(rating: Rating, bank: str) -> VoidCheck:
    """Look before a purchase is voided: a voided purchase never was, so its draws move to the next source.

    Args:
        rating: a rating that has the bank.
        bank: the id of its purchase.

    Rules: D6.
    """
    draws = tuple(move for move in rating.movements if move.kind == "draw" and move.lot == bank)
    unit = next((move.quantity.unit for move in rating.movements if move.lot == bank), None)
    if unit is None:
        known = ", ".join(sorted({move.lot for move in rating.movements if move.kind == "purchase"})) or "none"
        raise InvalidValue("check_void", repr(bank), f"a bank of the rating was expected: {known}")
    return VoidCheck(bank, draws, quantity(unit, sum(move.quantity.amount for move in draws)))
