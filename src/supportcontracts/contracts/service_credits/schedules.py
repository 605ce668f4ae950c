"""Schedules: from what was measured to the size of a credit.

A size is a share of the base fee, an amount of money, or days of the service. What is measured is a ratio (attainment,
availability), a count (breaches) or a time (lateness, downtime). Bands are `[at_least, below)` (D25), so that 99.9 %
belongs to one band only; a table with holes or overlaps is refused when it is built, and all of them are named.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Literal

import attrs

from supportcontracts._fields import frozen, require_kind, tuple_of
from supportcontracts.contracts.allotments import require_share
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.tariffs import require_money
from supportcontracts.contracts.wording.words import listed, share
from supportcontracts.errors import InvalidValue
from supportcontracts.money import Money
from supportcontracts.quantity import Number, WorkTime, ratio
from supportcontracts.timeline import Days

__all__ = [
    "Bound",
    "CreditBand",
    "CreditBands",
    "CreditEach",
    "CreditSize",
    "CreditSteps",
    "DowntimeMultiple",
    "Measured",
    "PoolShare",
    "Schedule",
    "Sized",
    "bound_words",
    "require_size",
    "size_words",
]


def __dir__() -> list[str]:
    return __all__


CreditSize = Fraction | Days | Money  # documents try days first: "1 day" looks like money, too
"""How large a credit is: a share of the base fee, as in percent(10), an amount, or days of the service."""

Bound = Fraction | WorkTime
"""A limit of what is measured: a ratio or a count, or a time."""

Measured = Literal["ratio", "count", "time"]
"""What is measured: of a ratio less is worse, of a count or a time more."""

Sized = tuple[CreditSize, Fraction]
"""A size of a credit, and how many times it is due."""


def require_size(what: str, value: object) -> None:
    """Refuse what is no size of a credit, or nothing."""
    if isinstance(value, Fraction):
        require_share(what, value)
    elif isinstance(value, Money):
        require_money(what, value)
    else:
        require_kind(
            what,
            value,
            Days,
            "a share, money or days were expected",
            'Write percent(10), Money("50 EUR") or days(3).',
        )
    if value in (Fraction(0), Days(0)) or (isinstance(value, Money) and not value.minor):
        raise InvalidValue(what, "nothing", "a credit was expected", "Leave the band or the level out.")


def size_words(size: CreditSize) -> str:
    """Say the size of a credit.

    Example:
        >>> size_words(Fraction(1, 10)), size_words(Days(1)), size_words(Money("50 EUR"))
        ('10 % of the fee', '1 day', '50.00 EUR')
    """
    return f"{share(size)} of the fee" if isinstance(size, Fraction) else str(size)


def bound_words(bound: Bound, *, of: Literal["ratio", "count"] = "ratio") -> str:
    """Say a limit: a ratio as a percentage, a count as a number, a time as a time.

    Example:
        >>> bound_words(Fraction(999, 1000)), bound_words(Fraction(3), of="count"), bound_words(WorkTime(1800))
        ('99.9 %', '3', '0h 30m')
    """
    if isinstance(bound, WorkTime):
        return str(bound)
    return share(bound) if of == "ratio" else str(bound)


def _as_bound(value: Fraction | WorkTime | int) -> Fraction | WorkTime:
    return Fraction(value) if isinstance(value, int) else value


def _as_bound_or_none(value: Fraction | WorkTime | int | None) -> Fraction | WorkTime | None:
    return None if value is None else _as_bound(value)


def _require_bound(what: str, value: object) -> None:
    if isinstance(value, Fraction) and value >= 0:
        return
    require_kind(
        what, value, WorkTime, "a share, a count or a time was expected", 'Write percent("99.9"), 3 or minutes(30).'
    )


@frozen
class CreditBand:
    """One band of a credit table: from `at_least` on, up to but not including `below`.

    Attributes:
        credit: what is due in the band.
        at_least: the lower end, inclusive; a share, as in percent(95), a count, or a time.
        below: the upper end, exclusive; None: the band has no end.

    Rules: A7, D25.

    Example:
        >>> from supportcontracts.quantity import percent
        >>> str(CreditBand(percent(10), at_least=percent(95), below=percent(99)).below)
        '99/100'
    """

    credit: CreditSize
    at_least: Bound = attrs.field(converter=_as_bound, kw_only=True)
    below: Bound | None = attrs.field(default=None, converter=_as_bound_or_none, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_size("CreditBand.credit", self.credit)
        _require_bound("CreditBand.at_least", self.at_least)
        if self.below is None:
            return
        _require_bound("CreditBand.below", self.below)
        if type(self.below) is not type(self.at_least):
            raise InvalidValue(
                "CreditBand",
                f"{bound_words(self.at_least)} and {bound_words(self.below)}",
                "two limits of one kind were expected",
            )
        if not _less(self.at_least, self.below):
            raise InvalidValue(
                "CreditBand.below",
                bound_words(self.below),
                f"more than {bound_words(self.at_least)} was expected, since a band is at least one limit and below"
                " the other",
            )

    def holds(self, value: Bound) -> bool:
        """Tell whether a value falls in the band.

        Example:
            >>> band = CreditBand(Days(3), at_least=1, below=3)
            >>> band.holds(Fraction(1)), band.holds(Fraction(3))
            (True, False)
        """
        return not _less(value, self.at_least) and (self.below is None or _less(value, self.below))


def _raw(bound: Bound) -> Fraction:
    return Fraction(bound.seconds) if isinstance(bound, WorkTime) else bound


def _less(one: Bound, other: Bound) -> bool:
    return _raw(one) < _raw(other)


@frozen
class CreditBands:
    """A table of credits by what was measured; outside its bands nothing is due.

    For a ratio, where less is worse, the table starts at 0 and ends at the level that was promised. For a count or a
    time, where more is worse, it starts at the first value that is credited and has no end.

    Attributes:
        bands: in any order; they stand in ascending order.

    Raises:
        InvalidValue: naming every hole and every overlap.

    Rules: A7, D25.

    Example:
        >>> from supportcontracts.quantity import percent
        >>> uptime = CreditBands([
        ...     CreditBand(percent(10), at_least=percent(99), below=percent("99.9")),
        ...     CreditBand(percent(25), at_least=percent(0), below=percent(99)),
        ... ])
        >>> uptime.due(percent(99)), uptime.due(percent("99.9"))
        ((Fraction(1, 10), Fraction(1, 1)), None)
    """

    bands: tuple[CreditBand, ...] = attrs.field(converter=tuple_of)

    def __attrs_post_init__(self) -> None:
        for number, band in enumerate(self.bands):
            require_kind(f"CreditBands.bands[{number}]", band, CreditBand, "a CreditBand was expected")
        if not self.bands:
            raise InvalidValue("CreditBands.bands", "no bands", "at least one was expected")
        if len({type(band.at_least) for band in self.bands}) > 1:
            raise InvalidValue("CreditBands.bands", "times beside shares or counts", "limits of one kind were expected")
        ordered = sorted(self.bands, key=lambda band: _raw(band.at_least))
        object.__setattr__(self, "bands", tuple(ordered))
        faults = list(_faults(ordered))
        if faults:
            raise InvalidValue(
                "CreditBands.bands",
                listed(faults),
                "bands that meet, from 0 or without an end, were expected",
                "Each band ends where the next one starts, since its end is not part of it.",
            )
        _require_unit(ordered)

    @property
    def unit(self) -> Measured:
        """What the table is for: a ratio where it ends at what was promised, else a count or a time."""
        return _unit(self.bands)

    def due(self, value: Bound) -> Sized | None:
        """Return the credit for what was measured, and how many times it is due; None if nothing is.

        Example:
            >>> by_count = CreditBands([CreditBand(Days(1), at_least=3, below=5), CreditBand(Days(7), at_least=5)])
            >>> by_count.due(Fraction(2)), by_count.due(Fraction(5))
            (None, (Days(count=7), Fraction(1, 1)))
        """
        for band in self.bands:
            if band.holds(value):
                return band.credit, Fraction(1)
        return None


def _unit(bands: Sequence[CreditBand]) -> Measured:
    if isinstance(bands[0].at_least, WorkTime):
        return "time"
    return "count" if bands[-1].below is None else "ratio"


def _require_unit(bands: list[CreditBand]) -> None:
    """Refuse limits that no ratio, count or time can have."""
    for band in bands:
        for limit in (band.at_least, band.below):
            if isinstance(limit, WorkTime):
                if bands[-1].below is None:
                    continue
                got, expected = f"an end of {bands[-1].below}", "no end was expected, since more time is worse"
            elif limit is None or (limit.denominator == 1 if _unit(bands) == "count" else limit <= 1):
                continue
            else:
                got, expected = (
                    f"the limit {limit}",
                    "shares up to 1, or whole counts without an end, were expected",
                )
            raise InvalidValue("CreditBands.bands", got, expected, 'Write percent("99.9"), 3 or minutes(30).')


def _faults(bands: list[CreditBand]) -> Iterator[str]:
    """Say where ascending bands leave a hole, overlap, or have no sensible ends."""
    opens = any(band.below is None for band in bands)
    ratios = not opens and all(_raw(band.at_least) <= 1 for band in bands)

    def said(bound: Bound) -> str:
        return bound_words(bound, of="ratio" if ratios else "count")

    first, reach = bands[0].at_least, bands[0].below
    for band in bands[1:]:
        if reach is None or _less(band.at_least, reach):
            ends = [end for end in (reach, band.below) if end is not None]
            upto = f"to {said(min(ends, key=_raw))}" if ends else "on"
            yield f"an overlap from {said(band.at_least)} {upto}"
        elif _less(reach, band.at_least):
            yield f"a hole from {said(reach)} to {said(band.at_least)}"
        reach = None if reach is None or band.below is None else max(reach, band.below, key=_raw)
    if opens and not _raw(first):
        yield "a credit for every value"
    elif reach is not None and _raw(first):
        yield f"holes below {said(first)} and from {said(reach)} on"


@frozen
class CreditEach:
    """Each breach is credited by itself.

    Example:
        >>> CreditEach(Days(1)).due(Fraction(3))
        (Days(count=1), Fraction(3, 1))
    """

    credit: CreditSize

    def __attrs_post_init__(self) -> None:
        require_size("CreditEach.credit", self.credit)

    def due(self, value: Bound) -> Sized | None:
        """Return the credit and how many times it is due; None if nothing is.

        Example:
            >>> CreditEach(Days(1)).due(Fraction(0))
        """
        return (self.credit, _raw(value)) if _raw(value) else None


@frozen
class CreditSteps:
    """A credit for each step by which a ratio falls short of a limit, or a time goes beyond it.

    Attributes:
        credit: what one step is worth.
        step: the size of a step: a share, as in percent(1), or a time, as in minutes(30).
        limit: the ratio that was promised, or the time that is free.
        count: "part-thereof": a step that is begun counts in full; "full-only": only full steps count; "exact": parts
            of steps count as such.

    Rules: A8.

    Example:
        >>> from supportcontracts.quantity import minutes, percent
        >>> half_hours = CreditSteps(percent(5), step=minutes(30), limit=minutes(0), count="part-thereof")
        >>> half_hours.due(minutes(31))
        (Fraction(1, 20), Fraction(2, 1))
    """

    credit: CreditSize
    step: Bound = attrs.field(converter=_as_bound, kw_only=True)
    limit: Bound = attrs.field(converter=_as_bound, kw_only=True)
    count: Literal["part-thereof", "full-only", "exact"] = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_size("CreditSteps.credit", self.credit)
        _require_bound("CreditSteps.step", self.step)
        _require_bound("CreditSteps.limit", self.limit)
        require_choice("CreditSteps.count", self.count, ("part-thereof", "full-only", "exact"))
        if type(self.step) is not type(self.limit):
            raise InvalidValue(
                "CreditSteps",
                f"a step of {bound_words(self.step)} and a limit of {bound_words(self.limit)}",
                "both of one kind were expected",
            )
        if not _raw(self.step):
            raise InvalidValue("CreditSteps.step", "0", "a step above 0 was expected")

    def due(self, value: Bound) -> Sized | None:
        """Return the credit and how many steps it is due for; None if nothing is.

        Example:
            >>> from supportcontracts.quantity import percent
            >>> steps = CreditSteps(percent(2), step=percent(1), limit=percent(95), count="full-only")
            >>> steps.due(percent("92.5")), steps.due(percent("94.5"))
            ((Fraction(1, 50), Fraction(2, 1)), None)
        """
        over = _raw(value) - _raw(self.limit) if isinstance(self.limit, WorkTime) else _raw(self.limit) - _raw(value)
        steps = max(over, Fraction(0)) / _raw(self.step)
        if self.count == "part-thereof":
            steps = Fraction(-(-steps.numerator // steps.denominator))
        elif self.count == "full-only":
            steps = Fraction(steps.numerator // steps.denominator)
        return (self.credit, steps) if steps else None


def _as_factor(value: Number) -> Fraction:
    return ratio(value, "DowntimeMultiple.factor")


@frozen
class DowntimeMultiple:
    """The credit is a multiple of the fee for the time that was lost: factor x fee x downtime / length of the window.

    Example:
        >>> DowntimeMultiple(100).factor
        Fraction(100, 1)
    """

    factor: Fraction = attrs.field(converter=_as_factor)

    def __attrs_post_init__(self) -> None:
        if not self.factor:
            raise InvalidValue("DowntimeMultiple.factor", "0", "a factor above 0 was expected")


def _as_weight(value: Number) -> Fraction:
    return ratio(value, "PoolShare.weight")


@frozen
class PoolShare:
    """A level that is missed takes its part of the pool: at-risk share of the fee x allocation x weight.

    Attributes:
        below: the ratio that was promised; the level is missed below it.
        allocation: the part of the pool that is set aside for the level, as in percent(40).
        weight: a factor on it.

    Example:
        >>> from supportcontracts.quantity import percent
        >>> PoolShare(below=percent(95), allocation=percent(40), weight=2).part
        Fraction(4, 5)
    """

    below: Fraction = attrs.field(kw_only=True)
    allocation: Fraction = attrs.field(kw_only=True)
    weight: Fraction = attrs.field(default=Fraction(1), converter=_as_weight, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_share("PoolShare.below", self.below)
        require_share("PoolShare.allocation", self.allocation)

    @property
    def part(self) -> Fraction:
        """The part of the pool that is due when the level is missed."""
        return self.allocation * self.weight


Schedule = CreditBands | CreditEach | CreditSteps | DowntimeMultiple | PoolShare
"""Every way from what was measured to a credit."""
