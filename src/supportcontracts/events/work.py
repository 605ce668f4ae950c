"""Work, charge items, approvals and reservations."""

from typing import Literal

import attrs

from supportcontracts._fields import frozen
from supportcontracts.contracts.metering import require_choice
from supportcontracts.errors import InvalidValue, UnitMismatch
from supportcontracts.events._head import Head, check_customer, check_head, check_names, check_severity, check_texts
from supportcontracts.money import Money, Price
from supportcontracts.quantity import Incidents, Quantity, WorkTime
from supportcontracts.timeline import Instant, instant

__all__ = [
    "Approval",
    "ChargeItem",
    "Released",
    "Reserved",
    "WorkEntry",
]


def __dir__() -> list[str]:
    return __all__


_TEXTS = (
    "ticket", "product", "channel", "role", "work_type", "window", "response", "technician", "reservation", "note",
)  # fmt: skip


@frozen
class WorkEntry(Head):
    """Somebody worked for a customer, from an instant on, for so long.

    Attributes:
        id: names the entry; the same id with other content is an error.
        at: the instant the work started.
        customer: whom it was for.
        worked: how long, in whole seconds.
        recorded_at: when it was written down; None: when it happened.
        contract: the contract it is for; None: the one it is rated under.
        ticket: the ticket it belongs to; groups by incident use it.
        product, severity, channel, role, work_type, window, response: what scopes, rates and multipliers look at.
        technician: who worked; groups by technician and day use it.
        billable: "non-billable" work is metered and shown, and never drawn or charged.
        rate: a price of its own, used if the terms allow it.
        reservation: the key of the reservation that this work commits.
        note: shown where the entry is explained.

    Raises:
        NaiveTime: for an instant without zone.
        InvalidValue: for anything else that cannot be.

    Rules: M1, D5, D14, D15.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> from supportcontracts.timeline import Zone
        >>> entry = WorkEntry("W-1", Zone("Europe/Berlin").at("2025-02-03 09:00"), customer="elm", worked=hours(6))
        >>> str(entry.worked)
        '6h 00m'
    """

    worked: WorkTime = attrs.field(kw_only=True)
    ticket: str | None = attrs.field(default=None, kw_only=True)
    product: str | None = attrs.field(default=None, kw_only=True)
    severity: int | None = attrs.field(default=None, kw_only=True)
    channel: str | None = attrs.field(default=None, kw_only=True)
    role: str | None = attrs.field(default=None, kw_only=True)
    work_type: str | None = attrs.field(default=None, kw_only=True)
    window: str | None = attrs.field(default=None, kw_only=True)
    response: str | None = attrs.field(default=None, kw_only=True)
    technician: str | None = attrs.field(default=None, kw_only=True)
    billable: Literal["billable", "non-billable"] = attrs.field(default="billable", kw_only=True)
    rate: Price | None = attrs.field(default=None, kw_only=True)
    reservation: str | None = attrs.field(default=None, kw_only=True)
    note: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_customer(self)
        if self.worked.__class__ is not WorkTime:
            raise InvalidValue(
                f"WorkEntry {self.id!r} worked", repr(self.worked), "work time was expected", 'Write hours("1.5").'
            )
        for text in (
            self.ticket, self.product, self.channel, self.role, self.work_type, self.window, self.response,
            self.technician, self.reservation, self.note,
        ):  # fmt: skip
            if text is not None and text.__class__ is not str:
                check_texts(self, *_TEXTS)
        if self.severity is not None:
            check_severity(self, self.severity)
        if self.billable != "billable":
            require_choice(f"WorkEntry {self.id!r} billable", self.billable, ("billable", "non-billable"))
        if self.rate is not None and (not isinstance(self.rate, Price) or self.rate.unit != "work"):
            raise UnitMismatch(f"WorkEntry {self.id!r} rate", repr(self.rate), "a price per hour was expected")


@frozen
class ChargeItem(Head):
    """Money that is due beside work: travel, mileage, an expense, a surcharge for short notice or late cancellation.

    Attributes:
        kind: what it is for, as the customer should read it.
        amount: the amount due.
        note: shown where the entry is explained.

    Rules: D14, D23.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> item = ChargeItem(
        ...     "X-1", Zone("UTC").at("2025-03-28 15:30"), customer="elm", kind="travel", amount=Money("45 EUR")
        ... )
        >>> str(item.amount)
        '45.00 EUR'
    """

    kind: str = attrs.field(kw_only=True)
    amount: Money = attrs.field(kw_only=True)
    ticket: str | None = attrs.field(default=None, kw_only=True)
    note: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_customer(self)
        check_names(self, "kind")
        check_texts(self, "ticket", "note")
        if not isinstance(self.amount, Money):
            raise InvalidValue(
                f"ChargeItem {self.id!r} amount", repr(self.amount), "money was expected", 'Write Money("45 EUR").'
            )


@frozen
class Approval(Head):
    """The customer approved held use: of one entry or incident, or of all that is held.

    Attributes:
        of: the id of the work entry, or the ticket; None: everything held so far.

    Rules: D20.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Approval("A-1", Zone("UTC").at("2025-03-28 15:30"), of="W-3").of
        'W-3'
    """

    of: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        check_texts(self, "of")


@frozen
class Reserved(Head):
    """Units were set aside under a key; they lower what is available, never what is left and never an amount.

    Attributes:
        key: makes it safe to ask twice; a second reservation with the key changes nothing.
        quantity: the units set aside.
        expires_at: when the reservation lapses by itself.

    Rules: B9.

    Example:
        >>> from supportcontracts.quantity import hours
        >>> from supportcontracts.timeline import Zone
        >>> at = Zone("UTC").at
        >>> held = Reserved(
        ...     "R-1", at("2025-04-02 15:30"), key="T-902/visit", quantity=hours(2), expires_at=at("2025-04-04 17:00")
        ... )
        >>> held.key
        'T-902/visit'
    """

    key: str = attrs.field(kw_only=True)
    quantity: Quantity = attrs.field(kw_only=True)
    expires_at: Instant = attrs.field(converter=instant, kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        check_names(self, "key")
        if not isinstance(self.quantity, (WorkTime, Incidents)):
            raise InvalidValue(f"Reserved {self.id!r} quantity", repr(self.quantity), "hours(…) was expected")
        if self.expires_at <= self.at:
            raise InvalidValue(f"Reserved {self.id!r} expires_at", str(self.expires_at), "a later instant was expected")


@frozen
class Released(Head):
    """A reservation was given up.

    Rules: B9.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Released("R-2", Zone("UTC").at("2025-04-03 09:00"), key="T-902/visit").key
        'T-902/visit'
    """

    key: str = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        check_names(self, "key")
