"""What happens to benefits: granted, assigned, reserved, redeemed, cancelled, missed, extended, ended.

Units that the terms grant need no event; these are for everything that somebody does. Each names the benefit, and its
customer or contract wherever several may have it. The ids of grants and the keys of reservations are names that later
events refer to.
"""

from datetime import date
from typing import Literal, TypeAlias, get_args

import attrs

from supportcontracts._fields import frozen, require_kind, require_whole, tuple_of
from supportcontracts.contracts.benefits.units import Measure, require_measure
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.tariffs import require_money
from supportcontracts.errors import InvalidValue
from supportcontracts.events._head import Head, check_head, check_names, check_texts, instant_or_none
from supportcontracts.money import Money, Price
from supportcontracts.timeline import Instant, as_date

__all__ = [
    "BenefitAssigned",
    "BenefitCancelled",
    "BenefitEnded",
    "BenefitEvent",
    "BenefitExtended",
    "BenefitGranted",
    "BenefitOrigin",
    "BenefitReserved",
    "ConditionMet",
    "NoShow",
    "Redeemed",
    "Waivable",
]


def __dir__() -> list[str]:
    return __all__


BenefitOrigin: TypeAlias = Literal["granted", "bought", "earned", "courtesy"]
"""Where units come from that an event grants."""

Waivable: TypeAlias = Literal["place", "people", "person", "booking-lead", "cancel-notice"]
"""Conditions that we may waive for one booking; that there are units left, and that they have not expired, are none."""


def _date_or_none(value: date | str | None) -> date | None:
    return None if value is None else as_date(value)


@attrs.frozen
class BenefitHead(Head):
    """What every event of a benefit has; data only, and never an event itself."""

    benefit: str = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_benefit(self)


def check_benefit(event: BenefitHead, *names: str) -> None:
    """Refuse an event that names no benefit, or not what else it has to name."""
    check_head(event)
    check_names(event, "benefit", *names)


def _check_quantity(event: "BenefitGranted | BenefitAssigned | BenefitReserved | BenefitCancelled | Redeemed") -> None:
    require_measure(f"{type(event).__name__} {event.id!r} quantity", event.quantity)


def _check_use(event: "BenefitReserved | Redeemed") -> None:
    """Refuse what says neither who takes part nor how many, or waives what cannot be waived."""
    what = f"{type(event).__name__} {event.id!r}"
    for number, person in enumerate(event.who):
        require_kind(f"{what} who[{number}]", person, str, "a name was expected")
    if event.people is not None:
        require_whole(f"{what} people", event.people, least=max(1, len(event.who)))
    check_texts(event, "place", "exchange", "note")
    _check_waives(event)


def _check_waives(event: "BenefitReserved | Redeemed | BenefitCancelled") -> None:
    for number, code in enumerate(event.waives):
        require_choice(f"{type(event).__name__} {event.id!r} waives[{number}]", code, get_args(Waivable))


@frozen
class BenefitGranted(BenefitHead):
    """Units were given, bought or earned, beside those that the terms grant; its id is the id of the grant.

    Attributes:
        quantity: the units.
        origin: where they come from.
        expires_on: the last local day on which they can be used, inclusive; None: as the terms say.
        worth: the value of one unit, or the price of an hour; None: as the terms say.
        earned_by: what earned them, as in a product.
        reason: why, as the customer should read it.

    Rules: N1, N9.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> at = Zone("UTC").at("2025-03-28 15:30")
        >>> BenefitGranted("G-1", at, benefit="credits", quantity=1, origin="earned", earned_by="atlas").quantity
        1
    """

    quantity: Measure = attrs.field(kw_only=True)
    origin: BenefitOrigin = attrs.field(default="granted", kw_only=True)
    expires_on: date | None = attrs.field(default=None, converter=_date_or_none, kw_only=True)
    worth: Money | Price | None = attrs.field(default=None, kw_only=True)
    earned_by: str | None = attrs.field(default=None, kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_benefit(self)
        _check_quantity(self)
        require_choice(f"BenefitGranted {self.id!r} origin", self.origin, get_args(BenefitOrigin))
        if self.worth is not None:
            expected = 'Money("900 EUR"), or a price of work, was expected'
            require_kind(f"BenefitGranted {self.id!r} worth", self.worth, (Money, Price), expected)
        check_texts(self, "earned_by", "reason")


@frozen
class BenefitAssigned(BenefitHead):
    """Units were assigned to a person, who alone may use them from then on.

    Attributes:
        person: who may use them.
        quantity: the units.
        taken_from: the person who had them; None: they were nobody's.

    Rules: N10.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> at = Zone("UTC").at("2025-03-28 15:30")
        >>> BenefitAssigned("A-1", at, benefit="vouchers", person="ines.roth", quantity=1).person
        'ines.roth'
    """

    person: str = attrs.field(kw_only=True)
    quantity: Measure = attrs.field(default=1, kw_only=True)
    taken_from: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_benefit(self, "person")
        _check_quantity(self)
        if self.taken_from is not None:
            check_names(self, "taken_from")


@frozen
class BenefitReserved(BenefitHead):
    """Units were booked under a key: they are no longer free for others, and not used yet.

    Attributes:
        key: the name of the booking; a second booking with the key changes nothing.
        quantity: the units.
        takes_place_at: when it starts; None: the date is open.
        ends_at: when it ends; None: on the local day on which it starts.
        who: the people who take part, by name.
        people: how many take part; None: as many as are named.
        place: where: "facility", "onsite", "online", or the name of a place.
        exchange: what the units are exchanged for.
        waives: the conditions that we waive for this booking.
        note: shown where the booking is.

    Rules: N5, N6.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> at = Zone("UTC").at
        >>> booked = BenefitReserved(
        ...     "R-1", at("2025-03-28 15:30"), benefit="training", key="leipzig-june", quantity=1,
        ...     takes_place_at=at("2025-06-12 09:00"), who="ines.roth",
        ... )
        >>> booked.who
        ('ines.roth',)
    """

    key: str = attrs.field(kw_only=True)
    quantity: Measure = attrs.field(kw_only=True)
    takes_place_at: Instant | None = attrs.field(default=None, converter=instant_or_none, kw_only=True)
    ends_at: Instant | None = attrs.field(default=None, converter=instant_or_none, kw_only=True)
    who: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    people: int | None = attrs.field(default=None, kw_only=True)
    place: str | None = attrs.field(default=None, kw_only=True)
    exchange: str | None = attrs.field(default=None, kw_only=True)
    waives: tuple[Waivable, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    note: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_benefit(self, "key")
        _check_quantity(self)
        _check_use(self)
        what = f"BenefitReserved {self.id!r}"
        if self.takes_place_at is not None and self.takes_place_at < self.at:
            raise InvalidValue(f"{what} takes_place_at", str(self.takes_place_at), f"not before {self.at} was expected")
        if self.ends_at is not None:
            if self.takes_place_at is None:
                raise InvalidValue(f"{what} ends_at", str(self.ends_at), "takes_place_at was expected with it")
            if self.ends_at <= self.takes_place_at:
                after = f"an instant after {self.takes_place_at} was expected"
                raise InvalidValue(f"{what} ends_at", str(self.ends_at), after)


@frozen
class BenefitCancelled(BenefitHead):
    """A booking was cancelled: in time its units are free again, later they are lost if the terms say so.

    Attributes:
        key: the booking.
        quantity: the units that are cancelled; None: all that are still booked.
        waives: "cancel-notice": it counts as in time.
        reason: why.

    Rules: N6.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> at = Zone("UTC").at("2025-03-28 15:30")
        >>> BenefitCancelled("X-1", at, benefit="training", key="leipzig-june").quantity is None
        True
    """

    key: str = attrs.field(kw_only=True)
    quantity: Measure | None = attrs.field(default=None, kw_only=True)
    waives: tuple[Waivable, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    reason: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_benefit(self, "key")
        if self.quantity is not None:
            _check_quantity(self)
        _check_waives(self)
        check_texts(self, "reason")


@frozen
class NoShow(BenefitHead):
    """What was booked took place, and nobody came.

    Rules: N6.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> NoShow("X-2", Zone("UTC").at("2025-06-12 10:00"), benefit="training", key="leipzig-june").key
        'leipzig-june'
    """

    key: str = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_benefit(self, "key")


@frozen
class Redeemed(BenefitHead):
    """Units were used: what they were for took place.

    Attributes:
        quantity: the units; None: all that are still booked under `reservation`, or what a discount was used for.
        reservation: the key of the booking; None: it was not booked.
        who: the people who took part, by name.
        people: how many took part; None: as many as are named.
        place: where it took place.
        exchange: what the units were exchanged for.
        amount: of a discount, the price that it was on.
        waives: the conditions that we waive for this use.
        note: shown where the use is.

    Rules: N2, N3, N4.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> Redeemed("X-1", Zone("UTC").at("2025-06-12 09:00"), benefit="training-2025", quantity=1).quantity
        1
    """

    quantity: Measure | None = attrs.field(default=None, kw_only=True)
    reservation: str | None = attrs.field(default=None, kw_only=True)
    who: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    people: int | None = attrs.field(default=None, kw_only=True)
    place: str | None = attrs.field(default=None, kw_only=True)
    exchange: str | None = attrs.field(default=None, kw_only=True)
    amount: Money | None = attrs.field(default=None, kw_only=True)
    waives: tuple[Waivable, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    note: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_benefit(self)
        if self.quantity is not None:
            _check_quantity(self)
        if self.reservation is not None:
            check_names(self, "reservation")
        if self.amount is not None:
            require_money(f"Redeemed {self.id!r} amount", self.amount)
        if self.quantity is None and self.reservation is None and self.amount is None:
            hint = "Write quantity=1; or the reservation that was kept, or the amount that a discount was on."
            raise InvalidValue(f"Redeemed {self.id!r} quantity", "none", "a quantity was expected", hint)
        _check_use(self)


@frozen
class BenefitExtended(BenefitHead):
    """The last day of units was moved to a later one, for a reason; no unit is lost by it.

    Attributes:
        expires_on: the new last local day, inclusive.
        reason: why.
        grant: the grant; None: every grant of the benefit that ends earlier.
        forfeited: what of units that have expired already: they "stay" forfeited, or they "return".

    Rules: N13.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> extended = BenefitExtended(
        ...     "X-4", Zone("UTC").at("2025-12-28 15:30"), benefit="training", expires_on="2026-03-31", reason="illness"
        ... )
        >>> extended.expires_on.isoformat()
        '2026-03-31'
    """

    expires_on: date = attrs.field(converter=as_date, kw_only=True)
    reason: str = attrs.field(kw_only=True)
    grant: str | None = attrs.field(default=None, kw_only=True)
    forfeited: Literal["stay", "return"] = attrs.field(default="stay", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_benefit(self, "reason")
        if self.grant is not None:
            check_names(self, "grant")
        require_choice(f"BenefitExtended {self.id!r} forfeited", self.forfeited, ("stay", "return"))


@frozen
class ConditionMet(BenefitHead):
    """A condition on which units are carried over was met.

    Rules: N8.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> ConditionMet("X-5", Zone("UTC").at("2025-06-12 10:00"), benefit="checks", condition="check-in").condition
        'check-in'
    """

    condition: str = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_benefit(self, "condition")


@frozen
class BenefitEnded(BenefitHead):
    """The promise ended before its term did, as when a contract is terminated; the terms say what of units left.

    Rules: N14.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> BenefitEnded("X-6", Zone("UTC").at("2025-06-30 22:00"), benefit="training", reason="terminated").reason
        'terminated'
    """

    reason: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_benefit(self)
        check_texts(self, "reason")


BenefitEvent: TypeAlias = (
    BenefitGranted
    | BenefitAssigned
    | BenefitReserved
    | BenefitCancelled
    | NoShow
    | Redeemed
    | BenefitExtended
    | ConditionMet
    | BenefitEnded
)
"""What can happen to a benefit."""
