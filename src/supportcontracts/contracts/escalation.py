"""Escalation levels: when somebody is told that a target is running out, or has passed.

A level stands at a share of its target or at an offset from its due instant, counted on the target's calendar or on the
wall. It may be held until a calendar opens, so that nobody is woken by what can wait. Data only.
"""

from fractions import Fraction
from typing import Literal

import attrs

from supportcontracts._fields import frozen, require_kind, require_text, require_whole, tuple_of
from supportcontracts.contracts.allotments import require_share
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.tiers.cells import METRICS, Metric, require_coverage
from supportcontracts.contracts.wording.words import listed, share
from supportcontracts.coverage import AnyCoverage
from supportcontracts.errors import InvalidValue
from supportcontracts.quantity import WorkTime

__all__ = ["EscalationLevel", "Offset"]


def __dir__() -> list[str]:
    return __all__


@frozen
class Offset:
    """A distance from the due instant of a target.

    Attributes:
        quantity: how far; an offset of nothing is the due instant itself.
        side: "before-due" or "after-due".
        counted: "covered": on the calendar of the target; "wall": on no calendar.

    Example:
        >>> from supportcontracts.quantity import minutes
        >>> print(Offset(minutes(30), side="before-due"))
        0h 30m of cover before it is due
    """

    quantity: WorkTime
    side: Literal["before-due", "after-due"] = attrs.field(kw_only=True)
    counted: Literal["covered", "wall"] = attrs.field(default="covered", kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_kind("Offset.quantity", self.quantity, WorkTime, "a time was expected", "Write minutes(30).")
        require_choice("Offset.side", self.side, ("before-due", "after-due"))
        require_choice("Offset.counted", self.counted, ("covered", "wall"))

    def __str__(self) -> str:
        if not self.quantity:
            return "when it is due"
        cover = " of cover" if self.counted == "covered" else ""
        return f"{self.quantity}{cover} {'before' if self.side == 'before-due' else 'after'} it is due"


@frozen
class EscalationLevel:
    """Somebody is told once when a clock reaches a share of its target, or a distance from its due instant.

    Attributes:
        name: tells the levels apart; it is part of the key under which each is sent once.
        at: a share of the target, as in percent(75), which may be more than all of it; or an `Offset`.
        to: who is told.
        metrics: the metrics it is for; empty: all.
        severities: the severities it is for; empty: all.
        within: the hours in which it is sent; outside them it is held until they open. None: it is sent at once.

    Example:
        >>> from supportcontracts.quantity import percent
        >>> print(EscalationLevel("team lead", percent(75), to="paul.ade", metrics="resolution"))
        team lead: resolution at 75 % of the target, to paul.ade
    """

    name: str
    at: Fraction | Offset
    to: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    metrics: tuple[Metric, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    severities: tuple[int, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    within: AnyCoverage | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("EscalationLevel.name", self.name)
        if isinstance(self.at, Fraction):
            require_share("EscalationLevel.at", self.at)
            if not self.at:
                raise InvalidValue("EscalationLevel.at", "0 %", "more than nothing was expected", "Write percent(50).")
        else:
            hint = 'Write percent(75), or Offset(minutes(30), side="before-due").'
            require_kind("EscalationLevel.at", self.at, Offset, "a share of the target or an Offset was expected", hint)
        for person in self.to:
            require_text("EscalationLevel.to", person)
        for metric in self.metrics:
            require_choice("EscalationLevel.metrics", metric, METRICS)
        for severity in self.severities:
            require_whole("EscalationLevel.severities", severity, least=1)
        if self.within is not None:
            require_coverage("EscalationLevel.within", self.within)

    def concerns(self, metric: Metric, severity: int | None) -> bool:
        """Tell whether the level is for a metric and a severity; a missing severity meets only what is unrestricted.

        Rules: D15.

        Example:
            >>> from supportcontracts.quantity import percent
            >>> level = EscalationLevel("team lead", percent(75), severities=[1, 2])
            >>> level.concerns("update", 1), level.concerns("update", 3), level.concerns("update", None)
            (True, False, False)
        """
        return (not self.metrics or metric in self.metrics) and (not self.severities or severity in self.severities)

    def __str__(self) -> str:
        metrics = [metric.replace("-", " ") for metric in self.metrics]
        what = listed(metrics) if metrics else "any metric"
        at = f"at {share(self.at)} of the target" if isinstance(self.at, Fraction) else str(self.at)
        severities = f", for severity {listed(map(str, self.severities), 'or')}" if self.severities else ""
        to = f", to {listed(self.to)}" if self.to else ""
        held = f", held until {self.within} opens" if self.within is not None else ""
        return f"{self.name}: {what} {at}{severities}{to}{held}"
