"""Ticket events: one stream for the incident table and for the clocks of a service level."""

from typing import Literal

import attrs

from supportcontracts._fields import frozen
from supportcontracts.contracts.metering import require_choice
from supportcontracts.events._head import TicketHead, check_head, check_names, check_severity, check_texts

__all__ = [
    "Acknowledged",
    "Cancelled",
    "Classified",
    "Closed",
    "CustomerReachable",
    "CustomerReplied",
    "CustomerUnreachable",
    "MarkedDuplicate",
    "Merged",
    "Notified",
    "Opened",
    "Reopened",
    "Resolved",
    "Responded",
    "Resumed",
    "SeverityChanged",
    "TicketEvent",
    "TierChanged",
    "Triaged",
    "WaitingOnCustomer",
    "WaitingOnVendor",
    "WorkaroundProvided",
]


def __dir__() -> list[str]:
    return __all__


@frozen
class Opened(TicketHead):
    """A ticket was opened.

    Rules: I1, D5.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Opened("E-1", Zone("UTC").at("2025-03-28 15:30"), ticket="T-881", severity=2).severity
        2
    """

    product: str | None = attrs.field(default=None, kw_only=True)
    severity: int | None = attrs.field(default=None, kw_only=True)
    channel: str | None = attrs.field(default=None, kw_only=True)
    response: str | None = attrs.field(default=None, kw_only=True)
    contact: str | None = attrs.field(default=None, kw_only=True)
    note: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        check_names(self, "ticket")
        check_texts(self, "product", "channel", "response", "contact", "note")
        if self.severity is not None:
            check_severity(self, self.severity)


@frozen
class Acknowledged(TicketHead):
    """Somebody took a ticket in hand; on the telephone, somebody picked up.

    An acknowledgement by itself answers nothing.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Acknowledged("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class Triaged(TicketHead):
    """A ticket was looked at and put in its place; some terms start their clocks here.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Triaged("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class Notified(TicketHead):
    """Whoever serves the ticket was given notice of it; some terms start their clocks here.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Notified("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class Responded(TicketHead):
    """Somebody answered the customer on a ticket, or told of its progress.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Responded("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class WaitingOnCustomer(TicketHead):
    """The work on a ticket waits for the customer.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> WaitingOnCustomer("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class WaitingOnVendor(TicketHead):
    """The work on a ticket waits for a supplier.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> WaitingOnVendor("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class Resumed(TicketHead):
    """The work on a ticket goes on after a wait.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Resumed("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class CustomerReplied(TicketHead):
    """The customer wrote on a ticket; a wait for the customer ends.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> CustomerReplied("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class CustomerUnreachable(TicketHead):
    """The customer cannot be reached, which a severity may require.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> CustomerUnreachable("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class CustomerReachable(TicketHead):
    """The customer can be reached again.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> CustomerReachable("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class WorkaroundProvided(TicketHead):
    """The customer was given a way around the problem; the problem itself remains.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> WorkaroundProvided("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class Resolved(TicketHead):
    """A ticket was resolved.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Resolved("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class Closed(TicketHead):
    """A ticket was closed.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Closed("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class Reopened(TicketHead):
    """A ticket that was resolved was opened again.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Reopened("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class Cancelled(TicketHead):
    """A ticket was cancelled before it was resolved.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Cancelled("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-881").ticket
        'T-881'
    """


@frozen
class Merged(TicketHead):
    """A ticket was merged into another one.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Merged("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-882", into="T-881").into
        'T-881'
    """

    into: str = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        check_names(self, "ticket", "into")


@frozen
class MarkedDuplicate(TicketHead):
    """A ticket turned out to repeat another one.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> MarkedDuplicate("E-2", Zone("UTC").at("2025-03-28 16:15"), ticket="T-882", of="T-881").of
        'T-881'
    """

    of: str = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        check_names(self, "ticket", "of")


@frozen
class Classified(TicketHead):
    """A ticket turned out to be a defect of the product, or a request for a feature.

    Rules: I2.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Classified("E-3", Zone("UTC").at("2025-03-29 09:00"), ticket="T-881", finding="product-defect").finding
        'product-defect'
    """

    finding: Literal["product-defect", "feature-request"] = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        check_names(self, "ticket")
        require_choice(f"Classified {self.id!r} finding", self.finding, ("product-defect", "feature-request"))


@frozen
class SeverityChanged(TicketHead):
    """The severity of a ticket was changed.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> SeverityChanged("E-4", Zone("UTC").at("2025-03-29 09:00"), ticket="T-881", severity=1).severity
        1
    """

    severity: int = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        check_names(self, "ticket")
        check_severity(self, self.severity)


@frozen
class TierChanged(TicketHead):
    """The tier under which a ticket is served was changed, as where its customer moved to another contract.

    Attributes:
        tier: the name of the tier from here on.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> TierChanged("E-5", Zone("UTC").at("2025-03-29 09:00"), ticket="T-881", tier="premium").tier
        'premium'
    """

    tier: str = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        check_names(self, "ticket", "tier")


TicketEvent = (
    Opened
    | Acknowledged
    | Triaged
    | Notified
    | Responded
    | WaitingOnCustomer
    | WaitingOnVendor
    | Resumed
    | CustomerReplied
    | CustomerUnreachable
    | CustomerReachable
    | SeverityChanged
    | TierChanged
    | WorkaroundProvided
    | Resolved
    | Closed
    | Reopened
    | Cancelled
    | Merged
    | MarkedDuplicate
    | Classified
)
"""Everything that happens to a ticket: one stream for the incident table and for the clocks of a service level."""
