"""Charges: use that is priced, by which rate, over which window, up to which limit."""

from fractions import Fraction
from typing import Literal, get_args

import attrs

from supportcontracts._fields import frozen, require_text, tuple_of
from supportcontracts.contracts.allotments import require_quantity, require_share
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.scope import EVERYTHING, Scope, require_scope
from supportcontracts.contracts.tariffs import Graduated, Package, Tariff, Volume, require_money, unit_of
from supportcontracts.errors import InvalidValue, UnitMismatch
from supportcontracts.money import Money, Price
from supportcontracts.quantity import Quantity, Unit

__all__ = ["Charge", "Rate", "Window"]


def __dir__() -> list[str]:
    return __all__


Window = Literal["entry", "incident", "day", "period", "term"]
"""Over what a cumulative quantity is added up; "period" is the billing period."""


@frozen
class Rate:
    """The price for a role, a kind of work, or both; the most specific rate wins.

    Attributes:
        price: the price per unit.
        role: the role it is for, or None for every role.
        work_type: the kind of work it is for, or None for every kind.

    Rules: M9, D15.

    Example:
        >>> Rate(Price("180 EUR/h"), role="senior").role
        'senior'
    """

    price: Price
    role: str | None = attrs.field(default=None, kw_only=True)
    work_type: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.price, Price):
            raise InvalidValue("Rate.price", repr(self.price), "a price was expected", 'Write Price("140 EUR/h").')
        if self.role is None and self.work_type is None:
            raise InvalidValue(
                "Rate", "neither role nor work_type", "at least one was expected", "The tariff is the plan's default."
            )
        for name, value in (("role", self.role), ("work_type", self.work_type)):
            if value is not None:
                require_text(f"Rate.{name}", value)


def _require_units(what: str, value: Quantity, unit: Unit) -> None:
    require_quantity(what, value)
    if value.unit != unit:
        raise UnitMismatch(what, str(value), f"a quantity of {unit}, as in the tariff, was expected")


@frozen
class Charge:
    """Use is charged by a tariff.

    Attributes:
        tariff: a price, or bands, or packages.
        per: the window over which the tariff's quantity is added up; needed where the tariff is not a plain price.
        of: behind a multiplier on the quantity, whether "billable" or "counted" units are charged.
        rates: prices by role and kind of work; they replace the tariff for the work they fit.
        entry_rates: whether a rate that an entry states is "ignored" or "used".
        free_first: units that cost nothing, first in each window.
        limit: at most so many units, or so much exact money, in each `limit_per`; what lies beyond goes to the next
            source.
        limit_per: the window of the limit.
        approval: "required": use is held until the customer approves it.
        discount: a share taken off the settled lines of each `adjust_per`.
        maximum: the most that the lines of one `adjust_per` cost together; beyond it use is free.
        minimum: the least that they cost together, used or not.
        adjust_per: the window of discount, maximum and minimum.
        stubs: where the term cuts a billing period short, its maximum and minimum are "prorated" by local days, as
            fees are, or stand in "full". Limits, free units and bands are never prorated.
        scope: the use that it charges.

    Rules: T1 to T9, D10, D13, D15, D20, D23, D26, D29.

    Example:
        >>> Charge(Price("140 EUR/h")).of
        'billable'
    """

    tariff: Tariff
    per: Window | None = attrs.field(default=None, kw_only=True)
    of: Literal["billable", "counted"] = attrs.field(default="billable", kw_only=True)
    rates: tuple[Rate, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    entry_rates: Literal["ignored", "used"] = attrs.field(default="ignored", kw_only=True)
    free_first: Quantity | None = attrs.field(default=None, kw_only=True)
    limit: Quantity | Money | None = attrs.field(default=None, kw_only=True)
    limit_per: Literal["period", "term"] = attrs.field(default="period", kw_only=True)
    approval: Literal["not-needed", "required"] = attrs.field(default="not-needed", kw_only=True)
    discount: Fraction | None = attrs.field(default=None, kw_only=True)
    maximum: Money | None = attrs.field(default=None, kw_only=True)
    minimum: Money | None = attrs.field(default=None, kw_only=True)
    adjust_per: Literal["period", "term"] = attrs.field(default="period", kw_only=True)
    stubs: Literal["prorated", "full"] = attrs.field(default="prorated", kw_only=True)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)

    def __attrs_post_init__(self) -> None:
        tariff = self.tariff
        if not isinstance(tariff, (Price, Graduated, Volume, Package)):
            raise InvalidValue("Charge.tariff", repr(tariff), "a tariff was expected", 'Write Price("140 EUR/h").')
        if self.per is None and (not isinstance(tariff, Price) or self.free_first is not None):
            raise InvalidValue(
                "Charge.per",
                "no window",
                "the window over which the quantity is added up was expected",
                'Write per="entry", "incident", "day", "period" or "term".',
            )
        if self.per is not None:
            require_choice("Charge.per", self.per, get_args(Window))
        if isinstance(tariff, Volume) and self.per not in ("period", "term"):
            raise InvalidValue("Charge.per", repr(self.per), 'a volume tariff needs "period" or "term"')
        require_choice("Charge.of", self.of, ("billable", "counted"))
        require_choice("Charge.entry_rates", self.entry_rates, ("ignored", "used"))
        require_choice("Charge.limit_per", self.limit_per, ("period", "term"))
        require_choice("Charge.approval", self.approval, ("not-needed", "required"))
        require_choice("Charge.adjust_per", self.adjust_per, ("period", "term"))
        require_choice("Charge.stubs", self.stubs, ("prorated", "full"))
        require_scope("Charge.scope", self.scope)
        self._check_amounts(unit_of(tariff))
        self._check_rates(unit_of(tariff))

    def _check_amounts(self, unit: Unit) -> None:
        if self.discount is not None:
            require_share("Charge.discount", self.discount)
            if self.discount > 1:
                raise InvalidValue("Charge.discount", str(self.discount), "at most percent(100) was expected")
        for name, money in (("maximum", self.maximum), ("minimum", self.minimum)):
            if money is not None:
                require_money(f"Charge.{name}", money)
        if self.free_first is not None:
            _require_units("Charge.free_first", self.free_first, unit)
        if isinstance(self.limit, Money):
            require_money("Charge.limit", self.limit)
        elif self.limit is not None:
            _require_units("Charge.limit", self.limit, unit)

    def _check_rates(self, unit: Unit) -> None:
        for number, rate in enumerate(self.rates):
            if not isinstance(rate, Rate):
                raise InvalidValue(f"Charge.rates[{number}]", repr(rate), "a Rate was expected")
            if rate.price.unit != unit:
                raise UnitMismatch(
                    f"Charge.rates[{number}]", str(rate.price), f"a price for {unit}, as in the tariff, was expected"
                )
        pairs = [(rate.role, rate.work_type) for rate in self.rates]
        if len(set(pairs)) != len(pairs):
            raise InvalidValue("Charge.rates", "two rates for one role and kind of work", "one was expected")
        if isinstance(self.tariff, Volume) and isinstance(self.limit, Money):
            raise InvalidValue(
                "Charge.limit",
                f"{self.limit} beside a volume tariff",
                "a limit in units was expected, since the price is known only when the window ends",
                "Write limit=hours(5), or maximum=Money(…) for the window.",
            )
        if isinstance(self.tariff, Volume) and (self.rates or self.entry_rates == "used"):
            raise InvalidValue(
                "Charge.rates", "rates beside a volume tariff", "a tariff priced as it is used was expected"
            )
