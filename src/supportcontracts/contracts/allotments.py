"""Allotments: units granted anew for each period, rolled over, limited within, and overdrawn.

What a source that is short does is said by `short`: "split" (pay what is there), "whole-to-next" (all or nothing) or
`Overdraw` (go below zero, to a limit): borrowing, a negative carry and an overdraft are one thing (D18).
"""

from fractions import Fraction
from typing import Literal, get_args

import attrs

from supportcontracts._fields import frozen, is_whole, require_kind, tuple_of
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.scope import EVERYTHING, Scope, require_scope
from supportcontracts.errors import InvalidValue, UnitMismatch
from supportcontracts.money import Price
from supportcontracts.quantity import Incidents, Quantity, WorkTime

__all__ = ["Allotment", "Overdraw", "Rollover", "Short", "SubLimit"]


def __dir__() -> list[str]:
    return __all__


AllotmentPeriod = Literal["term", "year", "quarter", "month"]


def require_quantity(what: str, value: object, hint: str = "Write hours(10) or incidents(5).") -> None:
    """Refuse what is neither work time nor incidents."""
    if not isinstance(value, (WorkTime, Incidents)):
        raise InvalidValue(what, repr(value), "a quantity was expected", hint)


def require_share(what: str, value: object) -> None:
    """Refuse what is not an exact share, or is below zero."""
    if not isinstance(value, Fraction) or value < 0:
        raise InvalidValue(what, repr(value), "an exact share, not negative, was expected", "Write percent(40).")


@frozen
class Overdraw:
    """A source that is short may go below zero, to a limit; the deficit is repaid first from what comes next.

    What comes next is a grant, a purchase, or a unit that is given back. Borrowing from the next period, a negative
    carry and an overdraft are this one thing.

    Attributes:
        limit: how far below zero: a quantity, or a share, as in percent(20): of the period's own grant for an
            allotment; for banks, of the latest purchase that has become usable.
        settled_at: the price of what is still owed at the end: an allotment's with its phase, that of banks with the
            contract.

    Rules: B3, D18.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> Overdraw(hours(5), settled_at=Price("140 EUR/h")).limit == hours(5)
        True
    """

    limit: Quantity | Fraction
    settled_at: Price = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_kind("Overdraw.settled_at", self.settled_at, Price, "a price was expected", 'Write Price("140 EUR/h").')
        if isinstance(self.limit, Fraction):
            require_share("Overdraw.limit", self.limit)
        else:
            require_quantity("Overdraw.limit", self.limit)
            if self.limit.unit != self.settled_at.unit:
                raise UnitMismatch("Overdraw", f"{self.limit} and {self.settled_at}", "one unit was expected")


Short = Literal["split", "whole-to-next"] | Overdraw
"""What a source does that cannot pay all of what is asked."""


def require_short(what: str, value: object) -> None:
    """Refuse what does not say what a source does that is short."""
    if not isinstance(value, Overdraw) and value not in ("split", "whole-to-next"):
        raise InvalidValue(what, repr(value), '"split", "whole-to-next" or Overdraw(…) was expected')


@frozen
class Rollover:
    """Unused units of a period live on as a new lot that names its origin.

    Attributes:
        share: how much of the base rolls, exact; fractions of a unit are dropped.
        cap: the most that rolls from one period: a quantity, or a share of the period's own grant.
        lasts: for how many further periods a rolled lot can be used.
        use: whether rolled lots are drawn "first", before the period's own grant, or "last".
        base: "own-grant": only what is left of the period's own grant rolls; "all-left": also what is left of rolled
            lots that end with the period, which compounds.

    Rules: B5, D19.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> Rollover(cap=hours(4)).lasts
        1
    """

    share: Fraction = attrs.field(default=Fraction(1), kw_only=True)
    cap: Quantity | Fraction | None = attrs.field(default=None, kw_only=True)
    lasts: int = attrs.field(default=1, kw_only=True)
    use: Literal["first", "last"] = attrs.field(default="first", kw_only=True)
    base: Literal["own-grant", "all-left"] = attrs.field(default="own-grant", kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_share("Rollover.share", self.share)
        if self.share > 1:
            raise InvalidValue("Rollover.share", str(self.share), "at most percent(100) was expected")
        if isinstance(self.cap, Fraction):
            require_share("Rollover.cap", self.cap)
        elif self.cap is not None:
            require_quantity("Rollover.cap", self.cap)
        if not is_whole(self.lasts) or self.lasts < 1:
            raise InvalidValue("Rollover.lasts", repr(self.lasts), "a number of periods, at least 1, was expected")
        require_choice("Rollover.use", self.use, ("first", "last"))
        require_choice("Rollover.base", self.base, ("own-grant", "all-left"))


@frozen
class SubLimit:
    """At most so much of a source may pay for a narrower scope, or in a shorter window.

    Attributes:
        quantity: the most that may be drawn.
        scope: the use that it limits; what it does not admit is not limited.
        per: the window: the source's own "period", or each local "day" or "week" (Monday to Sunday).

    Rules: B4.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> ten_on_site = SubLimit(hours(10), scope=Scope(channels="onsite"))
    """

    quantity: Quantity
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)
    per: Literal["period", "week", "day"] = attrs.field(default="period", kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_quantity("SubLimit.quantity", self.quantity)
        require_scope("SubLimit.scope", self.scope)
        require_choice("SubLimit.per", self.per, ("period", "week", "day"))


@frozen
class Allotment:
    """Units granted anew for each period of the term, and forfeited or rolled over at its end.

    Attributes:
        quantity: the units of one period.
        per: the period: the whole "term", or each "year", "quarter" or "month" from its start.
        rollover: what happens to unused units; None: they are forfeited.
        sublimits: narrower limits inside the allotment.
        short: what happens when it cannot pay all.
        scope: the use that it pays for.

    Rules: B1, B4, B5, D18, D19, D29.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> Allotment(hours(40), per="month", rollover=Rollover()).per
        'month'
    """

    quantity: Quantity
    per: AllotmentPeriod = "term"
    rollover: Rollover | None = attrs.field(default=None, kw_only=True)
    sublimits: tuple[SubLimit, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    short: Short = attrs.field(default="split", kw_only=True)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_quantity("Allotment.quantity", self.quantity)
        require_choice("Allotment.per", self.per, get_args(AllotmentPeriod))
        require_short("Allotment.short", self.short)
        require_scope("Allotment.scope", self.scope)
        if self.rollover is not None:
            require_kind("Allotment.rollover", self.rollover, Rollover, "a Rollover was expected", "Write Rollover().")
        unit = self.quantity.unit
        for number, sublimit in enumerate(self.sublimits):
            if not isinstance(sublimit, SubLimit):
                raise InvalidValue(f"Allotment.sublimits[{number}]", repr(sublimit), "a SubLimit was expected")
            if sublimit.quantity.unit != unit:
                raise UnitMismatch(f"Allotment.sublimits[{number}]", str(sublimit.quantity), f"{unit} was expected")
        cap = None if self.rollover is None else self.rollover.cap
        if isinstance(cap, (WorkTime, Incidents)) and cap.unit != unit:
            raise UnitMismatch("Allotment.rollover.cap", str(cap), f"{unit} was expected")
        if isinstance(self.short, Overdraw) and self.short.settled_at.unit != unit:
            raise UnitMismatch("Allotment.short", str(self.short.settled_at), f"a price for {unit} was expected")
