"""Segments: what a calendar is at every instant of a stretch of time, open or closed, and why."""

from typing import Literal, TypeAlias

import attrs

from supportcontracts._fields import frozen, require_kind
from supportcontracts.errors import InvalidValue
from supportcontracts.timeline import Instant, epoch, instant

__all__ = ["CoverSegment", "Reason"]


def __dir__() -> list[str]:
    return __all__


Reason: TypeAlias = Literal["open", "no cover", "break", "holiday", "closure", "excluded"]
"""Why a calendar is open or closed: outside its windows, between two of a day, on a holiday, by an override, or by
another calendar that is taken out of it."""

REASONS = ("open", "no cover", "break", "holiday", "closure", "excluded")


@frozen
class CoverSegment:
    """The time from `start` up to, but not including, `end`, during which a calendar is open, or closed for one reason.

    Attributes:
        start: the first instant.
        end: the first instant after it.
        reason: "open", or why it is closed: "no cover" outside the windows, "break" between two windows of a day,
            "holiday", "closure" by an override, "excluded" by a calendar that was taken out.
        name: the name of the holiday or override, if it has one.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> at = Zone("UTC").at
        >>> print(CoverSegment(at("2025-12-25 00:00"), at("2025-12-26 00:00"), "holiday", "Christmas Day"))
        2025-12-25 00:00 to 2025-12-26 00:00 UTC: holiday, Christmas Day
    """

    start: Instant = attrs.field(converter=instant)
    end: Instant = attrs.field(converter=instant)
    reason: Reason
    name: str = ""

    def __attrs_post_init__(self) -> None:
        if self.reason not in REASONS:
            listed = ", ".join(f'"{reason}"' for reason in REASONS)
            raise InvalidValue("CoverSegment.reason", repr(self.reason), f"one of {listed} was expected")
        require_kind("CoverSegment.name", self.name, str, "a name was expected, as text")
        if self.end <= self.start:
            raise InvalidValue("CoverSegment", f"{self.start} to {self.end}", "an end after its start was expected")

    @property
    def is_open(self) -> bool:
        """Whether the calendar is open during the segment."""
        return self.reason == "open"

    @property
    def seconds(self) -> int:
        """The length in elapsed seconds."""
        return epoch(self.end) - epoch(self.start)

    def __str__(self) -> str:
        start, end = (value.replace(tzinfo=None).isoformat(" ", "minutes") for value in (self.start, self.end))
        return f"{start} to {end} UTC: {self.reason}{', ' if self.name else ''}{self.name}"
