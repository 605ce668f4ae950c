"""Metering: how the work that was done becomes the quantity that counts.

A declared pipeline, always in this order, and nothing rounds anywhere else: measure, group, free time, minimum, grace,
increment, split by coverage window, multiplier on the quantity, and behind the sources a multiplier on the price.
Each stage that is not linear is a function of the cumulative quantity of its group, 0 at 0 (D10).
"""

from fractions import Fraction
from typing import Literal, get_args

import attrs

from supportcontracts._fields import frozen, require_kind, tuple_of
from supportcontracts.contracts.scope import EVERYTHING, Scope, require_scope
from supportcontracts.coverage import AnyCoverage, CombinedCoverage, Coverage
from supportcontracts.errors import InvalidValue
from supportcontracts.quantity import Number, WorkTime, ratio

__all__ = ["FreeTime", "Grouping", "Metering", "Multiplier", "ScopedMetering", "WindowReading"]


def __dir__() -> list[str]:
    return __all__


Grouping = Literal["entry", "incident", "incident-and-day", "technician-day"]
"""What is added up before free time, minimum and increment apply."""


WindowReading = Literal["at-end", "proportional", "split-then-round", "by-start", "by-majority"]
"""How work that crosses the edge of a coverage window is billed in each of the windows (D12)."""


def require_choice(what: str, value: object, choices: tuple[str, ...]) -> None:
    """Refuse a word that is not one of the choices, and list them."""
    if value not in choices:
        listed = ", ".join(f'"{choice}"' for choice in choices)
        raise InvalidValue(what, repr(value), f"one of {listed} was expected")


@frozen
class FreeTime:
    """The first part of the work costs nothing; the reading says what happens once it is passed.

    Attributes:
        quantity: the free time.
        per: the window it is free in: each metering group, each billing period, or the whole term.
        reading: "excess": only what lies beyond is metered; "all": once passed, everything is.

    Rules: M3, D10, D12.

    Example:
        >>> from supportcontracts.quantity import minutes
        >>> FreeTime(minutes(15)).reading
        'excess'
    """

    quantity: WorkTime
    per: Literal["group", "period", "term"] = attrs.field(default="group", kw_only=True)
    reading: Literal["excess", "all"] = attrs.field(default="excess", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.quantity, WorkTime):
            raise InvalidValue("FreeTime", repr(self.quantity), "work time was expected", "Write minutes(15).")
        require_choice("FreeTime.per", self.per, ("group", "period", "term"))
        require_choice("FreeTime.reading", self.reading, ("excess", "all"))


def _as_factor(value: Number) -> Fraction:
    return ratio(value, "Multiplier")


@frozen
class Multiplier:
    """Work in the scope counts, or costs, a factor times as much: at any time, or inside or outside covered time.

    A multiplier with a calendar applies to the part of the work that lies in its time. Work that states its window lies
    in it as a whole: inside the calendar that has the window's name, and outside every other.

    Attributes:
        factor: exact and not negative, as in "1.5"; 0 makes work free.
        scope: the work it applies to.
        on: "quantity": more units are counted and drawn; "price": the same units cost more.
        inside: applies while this calendar is open.
        outside: applies while this calendar is not open.
        holiday: applies on the holidays of this calendar, from 00:00 to 24:00 in its zone.
        minimum: the least billable time in the window of the multiplier, where each window is rounded by itself.

    Raises:
        InvalidValue: for more than one of inside, outside and holiday; for a calendar without holidays where its
            holidays are meant.

    Rules: M7, M8, D13.

    Example:
        >>> Multiplier("1.5", scope=Scope(channels="onsite")).factor
        Fraction(3, 2)
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> print(Multiplier("1.5", outside=office).window)
        outside mon-fri 09:00-17:00
    """

    factor: Fraction = attrs.field(converter=_as_factor)
    scope: Scope = attrs.field(default=EVERYTHING, kw_only=True)
    on: Literal["quantity", "price"] = attrs.field(default="quantity", kw_only=True)
    inside: AnyCoverage | None = attrs.field(default=None, kw_only=True)
    outside: AnyCoverage | None = attrs.field(default=None, kw_only=True)
    holiday: Coverage | None = attrs.field(default=None, kw_only=True)
    minimum: WorkTime = attrs.field(default=WorkTime(0), kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_choice("Multiplier.on", self.on, ("quantity", "price"))
        require_scope("Multiplier.scope", self.scope)
        said = [name for name in ("inside", "outside", "holiday") if getattr(self, name) is not None]
        for name in said:
            kinds = (Coverage,) if name == "holiday" else (Coverage, CombinedCoverage)
            hint = 'Write Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin").'
            require_kind(f"Multiplier.{name}", getattr(self, name), kinds, "a calendar was expected", hint)
        if len(said) > 1:
            raise InvalidValue(
                "Multiplier",
                " and ".join(said),
                "one of inside, outside and holiday was expected",
                "Write a multiplier for each; of several that apply the largest counts.",
            )
        if self.holiday is not None and not self.holiday.holidays.dates:
            raise InvalidValue("Multiplier.holiday", "a calendar without holidays", "one with holidays was expected")
        require_kind("Multiplier.minimum", self.minimum, WorkTime, "work time was expected", "Write minutes(30).")

    @property
    def window(self) -> str:
        """The time in which it applies, in words; empty if it always does."""
        if self.inside is not None:
            return f"inside {self.inside}"
        if self.outside is not None:
            return f"outside {self.outside}"
        return f"on the holidays of {self.holiday}" if self.holiday is not None else ""


@frozen
class Metering:
    """How worked time becomes billable and counted time.

    Attributes:
        group: what is added up before the stages below apply.
        free: free time, or None.
        minimum: the least billable time of a group that has any work.
        grace: an excess over the last full step of at most this is dropped.
        increment: billable time is rounded up to full steps of this.
        multiplier: factors on the quantity or the price, each with its scope.
        combine: of several quantity (or price) factors that apply, the "largest" or their "product".
        at_boundary: "start": work belongs where it starts; "split": it is cut where a period or bank ends.
        windows: how work is billed that crosses the edge of a multiplier's calendar. "at-end": what free time, rounding
            and minimum add or drop stands at the end of the work; "proportional": it is shared by the worked seconds;
            "split-then-round": each window is raised and rounded by itself; "by-start", "by-majority": all of it lies
            in the window in which it starts, or in which most of it lies.
        special: metering for narrower scopes; the first that admits the work replaces all of the above.

    Raises:
        InvalidValue: for what is no stage of metering, a grace of a full step, and a multiplier with a minimum where
            windows are not rounded by themselves.

    Rules: M1 to M8, D8 to D13.

    Example:
        >>> from supportcontracts.quantity import minutes
        >>> Metering(increment=minutes(15), minimum=minutes(30)).increment
        minutes(15)
    """

    group: Grouping = "entry"
    free: FreeTime | None = None
    minimum: WorkTime = WorkTime(0)
    grace: WorkTime = WorkTime(0)
    increment: WorkTime = WorkTime(1)
    multiplier: tuple[Multiplier, ...] = attrs.field(default=(), converter=tuple_of)
    combine: Literal["largest", "product"] = "largest"
    at_boundary: Literal["start", "split"] = "start"
    windows: WindowReading = "at-end"
    special: "tuple[ScopedMetering, ...]" = attrs.field(default=(), converter=tuple_of)

    def __attrs_post_init__(self) -> None:
        require_choice("Metering.group", self.group, get_args(Grouping))
        require_choice("Metering.combine", self.combine, ("largest", "product"))
        require_choice("Metering.at_boundary", self.at_boundary, ("start", "split"))
        require_choice("Metering.windows", self.windows, get_args(WindowReading))
        for name in ("minimum", "grace", "increment"):
            if not isinstance(getattr(self, name), WorkTime):
                raise InvalidValue(
                    f"Metering.{name}", repr(getattr(self, name)), "work time was expected", "Write minutes(15)."
                )
        if not self.increment:
            raise InvalidValue(
                "Metering.increment", "0", "a step of at least 1 second was expected", "Leave it out for no rounding."
            )
        if self.grace >= self.increment and self.grace:
            raise InvalidValue(
                "Metering.grace",
                str(self.grace),
                f"less than the increment of {self.increment} was expected",
                "A grace of a full step would drop every excess.",
            )
        if self.free is not None and not isinstance(self.free, FreeTime):
            raise InvalidValue(
                "Metering.free", repr(self.free), "FreeTime was expected", "Write FreeTime(minutes(15))."
            )
        for multiplier in self.multiplier:
            if not isinstance(multiplier, Multiplier):
                raise InvalidValue("Metering.multiplier", repr(multiplier), 'Multiplier("1.5") was expected')
            if multiplier.minimum and not (multiplier.window and self.windows == "split-then-round"):
                raise InvalidValue(
                    "Metering.multiplier",
                    f"a minimum of {multiplier.minimum.short()} for {multiplier.window or 'all time'}",
                    "a window that is rounded by itself was expected",
                    'Write windows="split-then-round", or the minimum of the whole work.',
                )
        for special in self.special:
            if not isinstance(special, ScopedMetering):
                raise InvalidValue("Metering.special", repr(special), "ScopedMetering(scope, metering) was expected")
            if special.metering.special:
                raise InvalidValue(
                    "Metering.special", "a nested special metering", "one level was expected", "List them side by side."
                )


@frozen
class ScopedMetering:
    """Metering for a narrower scope, as in a larger minimum on site.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> onsite = ScopedMetering(Scope(channels="onsite"), Metering(minimum=hours(2)))
        >>> Metering(special=onsite).special[0].metering.minimum == hours(2)
        True
    """

    scope: Scope
    metering: Metering

    def __attrs_post_init__(self) -> None:
        require_scope("ScopedMetering.scope", self.scope)
        require_kind("ScopedMetering.metering", self.metering, Metering, "a Metering was expected")
