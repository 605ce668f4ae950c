"""What every event has: an id, the instant it happened, the instant it was recorded, and whose it is."""

from datetime import datetime

import attrs

from supportcontracts._fields import is_whole, opaque, require_text
from supportcontracts.errors import InvalidValue
from supportcontracts.timeline import Instant, epoch, instant

__all__ = [
    "Head",
    "TicketHead",
]


def __dir__() -> list[str]:
    return __all__


def instant_or_none(value: datetime | None) -> Instant | None:
    return None if value is None else instant(value)


def _epoch_of(event: "Head") -> int:
    return epoch(event.at)


@attrs.frozen
class Head:
    """What every event has; data only, and never an event itself.

    Engines put events in order by `epoch`, the instant in whole seconds since 1970: it is counted once, here.
    """

    id: str
    at: Instant = attrs.field(converter=instant)
    epoch: int = attrs.field(init=False, default=attrs.Factory(_epoch_of, takes_self=True), eq=False, repr=False)
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
        check_names(self, "ticket")


def check_head(event: Head) -> None:
    """Refuse an event without an id, or with a customer or contract that is no name."""
    if not isinstance(event.id, str) or not event.id:
        raise InvalidValue(f"{type(event).__name__}.id", repr(event.id), "an id was expected, as a text")
    if event.customer is not None or event.contract is not None:
        check_texts(event, "customer", "contract")


def check_texts(event: Head, *names: str) -> None:
    """Refuse fields that are neither a text nor left out, such as a ticket that is a number."""
    for name in names:
        value = getattr(event, name)
        if value is not None and not isinstance(value, str):
            raise InvalidValue(
                f"{type(event).__name__} {event.id!r} {name}",
                opaque(value),
                "a text was expected",
                'Write it in quotes, as in "T-881".',
            )


def check_names(event: Head, *names: str) -> None:
    """Refuse fields that do not name anything."""
    for name in names:
        require_text(f"{type(event).__name__} {event.id!r} {name}", getattr(event, name))


def check_customer(event: Head) -> None:
    """Refuse an event without an id or a customer."""
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
