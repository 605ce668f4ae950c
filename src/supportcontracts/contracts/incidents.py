"""What counts as an incident: a table from what happens to a ticket to what happens to a unit.

One incident is one issue that cannot be broken down; many contacts about it are still one. The same stream of ticket
events feeds this table and the clocks of a service level.
"""

from typing import Literal, get_args

import attrs

from supportcontracts._fields import frozen
from supportcontracts.contracts.metering import require_choice
from supportcontracts.errors import InvalidValue
from supportcontracts.timeline import Days

__all__ = ["TICKET_HAPPENINGS", "IncidentAction", "IncidentTable"]


def __dir__() -> list[str]:
    return __all__


IncidentAction = Literal["consume", "reserve", "release", "ignore"]
"""consume: a unit is used, once per incident; reserve: it is set aside; release: it is freed, or given back."""

TICKET_HAPPENINGS = (
    "opened",
    "responded",
    "resolved",
    "closed",
    "reopened",
    "cancelled",
    "merged",
    "duplicate",
    "product_defect",
    "feature_request",
)
"""The happenings that the table has a row for."""


@frozen
class IncidentTable:
    """Each happening to a ticket consumes, reserves or releases a unit, or is ignored.

    A ticket is one incident however often a row says "consume". A release before the unit was consumed frees the
    reservation; after it, the unit returns to its lot and money is credited, at that instant (D21).

    Attributes:
        reopened_within: a ticket reopened within so many days of its resolution is the same incident; later it is a
            new one, and the row `reopened` applies to it. None: it always stays the same incident.

    Rules: I1, I2, D5, D21.

    Example:
        >>> from supportcontracts.timeline import days
        >>> on_resolution = IncidentTable(opened="reserve", resolved="consume", reopened_within=days(14))
        >>> on_resolution.consumed_at_opening
        False
    """

    opened: IncidentAction = attrs.field(default="consume", kw_only=True)
    responded: IncidentAction = attrs.field(default="ignore", kw_only=True)
    resolved: IncidentAction = attrs.field(default="ignore", kw_only=True)
    closed: IncidentAction = attrs.field(default="ignore", kw_only=True)
    reopened: IncidentAction = attrs.field(default="consume", kw_only=True)
    cancelled: IncidentAction = attrs.field(default="release", kw_only=True)
    merged: IncidentAction = attrs.field(default="release", kw_only=True)
    duplicate: IncidentAction = attrs.field(default="release", kw_only=True)
    product_defect: IncidentAction = attrs.field(default="release", kw_only=True)
    feature_request: IncidentAction = attrs.field(default="release", kw_only=True)
    reopened_within: Days | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        actions = [getattr(self, name) for name in TICKET_HAPPENINGS]
        for name, action in zip(TICKET_HAPPENINGS, actions, strict=True):
            require_choice(f"IncidentTable.{name}", action, get_args(IncidentAction))
        if "consume" not in actions:
            raise InvalidValue("IncidentTable", 'no row with "consume"', "at least one was expected")
        if self.reopened_within is not None and not isinstance(self.reopened_within, Days):
            raise InvalidValue(
                "IncidentTable.reopened_within", repr(self.reopened_within), "days were expected", "Write days(14)."
            )

    @property
    def consumed_at_opening(self) -> bool:
        """Whether a unit is consumed as soon as the ticket is opened."""
        return self.opened == "consume"
