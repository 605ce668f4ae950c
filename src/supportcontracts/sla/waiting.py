"""The customer's own cost of waiting: the wage of whoever waits, and the work that is not done meanwhile."""

from fractions import Fraction

from supportcontracts._fields import frozen, require_kind
from supportcontracts.contracts.tiers import Metric
from supportcontracts.coverage import AnyCoverage, CombinedCoverage, Coverage
from supportcontracts.errors import InvalidValue, UnitMismatch
from supportcontracts.money import Money, Price, RoundingMode, settle
from supportcontracts.quantity import Number, WorkTime, ratio
from supportcontracts.sla.status import TicketStatus

__all__ = ["WaitingCost", "waiting_cost"]


def __dir__() -> list[str]:
    return __all__


@frozen
class WaitingCost:
    """What waiting for an answer cost the customer.

    Attributes:
        waited: the time that counts.
        wage: the wage of that time.
        lost_output: the work that was not done meanwhile.

    Rules: C21.
    """

    waited: WorkTime
    wage: Money
    lost_output: Money

    @property
    def total(self) -> Money:
        """Both together."""
        return self.wage + self.lost_output

    def __str__(self) -> str:
        return f"{self.waited} waited: {self.wage} wage + {self.lost_output} lost output = {self.total}"


def waiting_cost(
    status: TicketStatus,
    hourly_cost: Price,
    *,
    metric: Metric = "resolution",
    during: AnyCoverage | None,
    lost_output: Number = Fraction(1),
    rounding: RoundingMode,
) -> WaitingCost:
    """Price the time for which a customer waited, counted by a target or not; a clock that waits for them is free.

    Args:
        status: how the ticket stands.
        hourly_cost: the wage of whoever waits, per hour.
        metric: the clock from whose start to whose end they wait; all of its cycles count.
        during: the hours in which waiting costs them, as their own working hours; None: all hours.
        lost_output: the work not done, as a multiple of the wage; as much again by default.
        rounding: how each of the two settles.

    Raises:
        UnitMismatch: for a price that is not for work.
        InvalidValue: for what is no calendar, or an unknown metric.

    Rules: C21.

    Example:
        >>> from supportcontracts.contracts.tiers import Targets, Tier
        >>> from supportcontracts.events import Opened, Resolved
        >>> from supportcontracts.sla.verbs import track
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> at = office.zone.at
        >>> tier = Tier("basic", targets={1: Targets(resolution=office.hours(8))})
        >>> events = [
        ...     Opened("E-1", at("2025-03-03 16:00"), ticket="T-1", severity=1),
        ...     Resolved("E-2", at("2025-03-04 10:30"), ticket="T-1"),
        ... ]
        >>> status = track(tier, events, as_of=at("2025-03-05 09:00"))
        >>> print(waiting_cost(status, Price("50 EUR/h"), during=office, rounding="half-up"))
        2h 30m waited: 125.00 EUR wage + 125.00 EUR lost output = 250.00 EUR
    """
    require_kind("waiting_cost(hourly_cost)", hourly_cost, Price, "a price was expected", 'Write Price("50 EUR/h").')
    if hourly_cost.unit != "work":
        raise UnitMismatch("waiting_cost", str(hourly_cost), "a price for an hour was expected", 'Price("50 EUR/h")')
    if during is not None and not isinstance(during, (Coverage, CombinedCoverage)):
        raise InvalidValue("waiting_cost(during)", repr(during), "a calendar or None was expected")
    multiple = ratio(lost_output, "waiting_cost(lost_output)")
    waits = [
        (start, end)
        for cycle in status.cycles_of(metric)
        for start, end, _, hindrance, *_ in cycle.stretches
        if hindrance != "waiting-on-customer"
    ]
    seconds = sum(end - start if during is None else during.elapsed_epoch(start, end) for start, end in waits)
    waited = WorkTime(seconds)
    exact = hourly_cost * waited
    return WaitingCost(waited, settle(exact, rounding=rounding), settle(exact * multiple, rounding=rounding))
