"""What every event has: an id, the instant it happened, the instant it was recorded, and whose it is."""

from datetime import datetime

import attrs

from supportcontracts._fields import is_whole, require_text
from supportcontracts.errors import InvalidValue
from supportcontracts.timeline import Instant, instant

__all__ = [
    "Head",
    "TicketHead",
]


def __dir__() -> list[str]:
    return __all__


def instant_or_none(value: datetime | None) -> Instant | None:
    return None if value is None else instant(value)


@attrs.frozen
class Head:
    """What every event has; data only, and never an event itself."""

    id: str
    at: Instant = attrs.field(converter=instant)
    customer: str | None = attrs.field(default=None, kw_only=True)
    recorded_at: Instant | None = attrs.field(default=None, converter=instant_or_none, kw_only=True)
    contract: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)


@attrs.frozen
class TicketHead(Head):
    """What every ticket event has; data only, and never an event itself."""

    ticket: str = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_head(self)
        require_text(f"{type(self).__name__} {self.id!r} ticket", self.ticket)


def check_head(event: Head) -> None:
    if not isinstance(event.id, str) or not event.id:
        raise InvalidValue(f"{type(event).__name__}.id", repr(event.id), "an id was expected, as a text")


def check_customer(event: Head) -> None:
    check_head(event)
    if not isinstance(event.customer, str) or not event.customer:
        raise InvalidValue(
            f"{type(event).__name__} {event.id!r} customer", repr(event.customer), "a customer was expected"
        )


def check_severity(event: Head, severity: object) -> None:
    """Refuse a severity that is not a whole number from 1."""
    if not is_whole(severity) or severity < 1:  # type: ignore[operator]  # whole by then
        raise InvalidValue(
            f"{type(event).__name__} {event.id!r} severity", repr(severity), "a whole number from 1 was expected"
        )
