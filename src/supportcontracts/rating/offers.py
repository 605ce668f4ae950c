"""Buying a bank from a price list, and looking before a bank is voided; both only say what would follow."""

from datetime import date, datetime

from supportcontracts._fields import frozen
from supportcontracts.contracts.banks import Banks, BankSize, PriceList
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.plans import terms_of
from supportcontracts.errors import InvalidValue, StaleState
from supportcontracts.events import BankPurchase
from supportcontracts.ledger import Movement
from supportcontracts.quantity import Incidents, Quantity, WorkTime, quantity
from supportcontracts.rating.result import Rating
from supportcontracts.timeline import Instant, Zone, epoch, instant

__all__ = ["NotOffered", "VoidCheck", "buy", "check_void"]


def __dir__() -> list[str]:
    return __all__


_DAY = 86_400


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
    cut-off, which is the first instant of the local day at which the clocks show that time or a later one, the bank
    starts with the next local day, and its life too.

    Args:
        contract: the price list is that of the phase in force, else of the next phase that has one, else of the last.
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
    bought = instant(at)
    offer = _offer(contract, units, pool, bought)
    row = _row(offer, units)
    if row is None:
        return NotOffered(units, offer.sizes[0].quantity)
    zone = contract.zone
    day = zone.date_of(bought)
    usable_from = None
    if offer.cutoff is not None and _passed(offer.cutoff, zone, epoch(bought)):
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


def _offer(contract: Contract, units: Quantity, pool: str, at: Instant) -> PriceList:
    phases = contract.dated_phases
    ahead = [phase for phase in phases if phase.term.end > at]
    for phase in [*ahead, *(phase for phase in reversed(phases) if phase not in ahead)]:
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


def _passed(cutoff: str, zone: Zone, at: int) -> bool:
    """Whether the clocks of a local day have shown the cut-off or a later time, even if they went back since (D4)."""
    shown = at + zone.offset_at(at)
    wall = shown - shown % _DAY + 3600 * int(cutoff[:2]) + 60 * int(cutoff[3:])
    if shown >= wall:
        return True
    first = wall - zone.offset_at(zone.start_of_epoch(zone.date_of_epoch(at)))
    return first <= at and first + zone.offset_at(first) == wall


def _row(offer: PriceList, units: Quantity) -> BankSize | None:
    reached = [size for size in offer.sizes if size.quantity.amount <= units.amount]
    return reached[-1] if reached else None


@frozen
class VoidCheck:
    """What voiding a bank would undo: what it paid would move to the next source.

    Attributes:
        bank: the bank.
        draws: what was drawn from it, and what it repaid of an overdraft.
        drawn: how much in all.

    Rules: D6.
    """

    bank: str
    draws: tuple[Movement, ...]
    drawn: Quantity

    def __str__(self) -> str:
        if not self.draws:
            return f"{self.bank} has no draws: voiding it changes no other line"
        uses = ", ".join(dict.fromkeys(_paid_for(draw) for draw in self.draws))
        return f"{self.bank} paid {self.drawn} for {uses}: voiding it moves them to the next source"


def _paid_for(draw: Movement) -> str:
    return draw.because if draw.kind == "draw" else f"the overdraft of {draw.because}"


def check_void(rating: Rating, bank: str) -> VoidCheck:
    """Look before a purchase is voided: a voided purchase never was, so its draws move to the next source.

    Args:
        rating: a rating that has the purchase.
        bank: the id of the purchase.

    Raises:
        StaleState: if the bank was bought before the opening state of the rating, which cannot see all of its draws.
        InvalidValue: if there is no such bank.

    Rules: D6.

    Example:
        >>> from supportcontracts import PrepaidHours, Refuse, Term, WorkEntry, Zone, hours, rate
        >>> zone = Zone("Europe/Berlin")
        >>> c = Contract(
        ...     "C-1", customer="elm", rounding="half-up", currency="EUR", plan=PrepaidHours(beyond=Refuse()),
        ...     term=Term("2025-01-01", months=12, zone=zone),
        ... )
        >>> bought = BankPurchase("B-1", zone.at("2025-01-02 09:00"), customer="elm", quantity=hours(5))
        >>> work = WorkEntry("W-1", zone.at("2025-02-03 09:00"), customer="elm", worked=hours(2))
        >>> print(check_void(rate(c, [bought, work], until="2025-03-01"), "B-1"))
        B-1 paid 2h 00m for W-1: voiding it moves them to the next source
    """
    if rating.opening is not None and any(lot.id == bank for lot in rating.opening.lots):
        raise StaleState(
            "check_void",
            f"{bank!r}, which was bought before the state of {rating.opening.as_of}",
            "a bank bought since was expected",
            f"Rate again from a state before {bank!r} was bought, with all events since.",
        )
    known = {lot.id: lot for lot in rating.closing.lots if lot.kind == "bank"}
    if bank not in known:
        listed = ", ".join(sorted(known)) or "there is none"
        raise InvalidValue("check_void", repr(bank), f"a bank of the rating was expected: {listed}")
    draws = tuple(move for move in rating.movements if move.lot == bank and move.kind in ("draw", "repay"))
    total = sum(move.quantity.amount for move in draws)
    return VoidCheck(bank, draws, quantity(known[bank].left.unit, total))
