"""What is still theirs: the state of one benefit at an instant, with everything that led to it."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal

import attrs

from supportcontracts._fields import frozen
from supportcontracts.benefits.books import Books, OpenBooking, OpenGrant, UseEvent, UseKind, UseRecord
from supportcontracts.benefits.explaining import explanation
from supportcontracts.benefits.fold import Fold
from supportcontracts.benefits.gate import Sorted, facts_of
from supportcontracts.benefits.judging import Unmet
from supportcontracts.benefits.printing import status_text
from supportcontracts.contracts.benefits import Benefit, BenefitQuantity, Gains
from supportcontracts.contracts.benefits.units import raw
from supportcontracts.events import BenefitReserved, Event
from supportcontracts.explain import Explanation
from supportcontracts.ledger import Balance, Movement, balance
from supportcontracts.money import Amount
from supportcontracts.timeline import Instant, epoch, from_epoch

__all__ = ["BenefitStatus", "Booking", "Grant", "Refusal", "Use", "benefit_status"]


def __dir__() -> list[str]:
    return __all__


@frozen
class Grant:
    """One grant of a benefit: where its units are.

    At every instant: granted = left + reserved + redeemed + lost + forfeited + refunded + moved.

    Attributes:
        id: the name of the grant; of one that an event made, the id of the event.
        granted: the units that it began with.
        left: the units that can still be booked or used.
        reserved: the units that are booked.
        redeemed: the units that were used.
        lost: the units that were cancelled too late, or booked for nothing.
        forfeited: the units that had not been used when they expired.
        refunded: the units that were paid back.
        moved: the units that became a grant of their own: assigned to a person, or carried over.
        starts_at: from when it could be used.
        expires_on: its last local day, without grace; None: it does not expire.
        holder: the person to whom it is assigned.
        state: "open", "expired", or "ended-early" with the promise.
        value: what the units left are worth; None: nobody said.

    Rules: N2.
    """

    id: str
    granted: BenefitQuantity
    left: BenefitQuantity
    reserved: BenefitQuantity
    redeemed: BenefitQuantity
    lost: BenefitQuantity
    forfeited: BenefitQuantity
    refunded: BenefitQuantity
    moved: BenefitQuantity
    starts_at: Instant
    expires_on: date | None
    holder: str | None
    state: Literal["open", "expired", "ended-early"]
    value: Amount | None


@frozen
class Booking:
    """One booking, and what became of it.

    Attributes:
        key: its name.
        event: the id of the event that made it.
        at: when it was made.
        quantity: the units that were booked.
        open: the units that still are.
        takes_place_at: when it starts; None: the date is open.
        ends_at: when it ends, where that was said.
        who: the people who take part, by name.
        people: how many take part, where that was said.
        place: where.
        exchange: what the units are exchanged for.
        note: what was noted.
        outcomes: what became of its units, each with how many and the event.
    """

    key: str
    event: str
    at: Instant
    quantity: BenefitQuantity
    open: BenefitQuantity
    takes_place_at: Instant | None
    ends_at: Instant | None
    who: tuple[str, ...]
    people: int | None
    place: str | None
    exchange: str | None
    note: str
    outcomes: tuple[tuple[str, BenefitQuantity, str], ...]


@frozen
class Use:
    """One thing that drew units or gave them back.

    Attributes:
        event: the id of the event.
        at: when it happened.
        kind: "reserved", "redeemed", "returned" or "lost".
        quantity: how much.
        grants: from which grants, or to which.
        booking: the key of the booking, if it was one.
        who: the people who took part, by name.
        people: how many took part, where that was said.
        place: where it took place, where that was said.
        exchange: what the units were exchanged for.
        gains: what they were exchanged for, as a value.
        value: what the units are worth; None: nobody said.

    Rules: N3, N11.
    """

    event: str
    at: Instant
    kind: UseKind
    quantity: BenefitQuantity
    grants: tuple[tuple[str, BenefitQuantity], ...]
    booking: str | None
    who: tuple[str, ...]
    people: int | None
    place: str | None
    exchange: str | None
    gains: Gains | None
    value: Amount | None


@frozen
class Refusal:
    """An event that changed nothing, and every reason why.

    Rules: D7.
    """

    event: str
    at: Instant
    unmet: tuple[Unmet, ...]

    @property
    def code(self) -> str:
        """The code of the first reason."""
        return self.unmet[0].code

    def __str__(self) -> str:
        return f"{self.event}: {' '.join(map(str, self.unmet))}"


@frozen
class BenefitStatus:
    """What is still theirs of one benefit at an instant, and how it came to that.

    Attributes:
        benefit: what was promised.
        as_of: what happened before it is in; what expires at it has expired, what begins there has not begun (D2).
        grants: every grant, in the order in which they began.
        bookings: every booking, in the order in which they were made.
        uses: everything that drew units or gave them back, in order.
        movements: every movement of the ledger, in order, with what was refused.
        refusals: every event that changed nothing.
        unmatched: the ids of corrections whose target is not among the events.

    Rules: D2, N2.
    """

    benefit: Benefit
    as_of: Instant
    grants: tuple[Grant, ...]
    bookings: tuple[Booking, ...]
    uses: tuple[Use, ...]
    movements: tuple[Movement, ...]
    refusals: tuple[Refusal, ...]
    unmatched: tuple[str, ...] = ()
    _books: Books = attrs.field(default=None, repr=False, eq=False, kw_only=True)

    def _sum(self, name: str) -> BenefitQuantity:
        return self.benefit.of(sum(getattr(grant, name).amount for grant in self.grants))

    @property
    def granted(self) -> BenefitQuantity:
        """The units granted so far; what moved from one grant to another counts once."""
        return self.benefit.of(sum(m.quantity.amount for m in self.movements if m.kind == "grant"))

    @property
    def left(self) -> BenefitQuantity:
        """The units that can still be booked or used, and what is being carried over at this very instant."""
        arrived = sum(m.quantity.amount for m in self.movements if m.kind == "roll-in")
        return self.benefit.of(self._sum("left").amount + self._sum("moved").amount - arrived)

    @property
    def reserved(self) -> BenefitQuantity:
        """The units that are booked."""
        return self._sum("reserved")

    @property
    def redeemed(self) -> BenefitQuantity:
        """The units that were used."""
        return self._sum("redeemed")

    @property
    def lost(self) -> BenefitQuantity:
        """The units that were cancelled too late, or booked for nothing."""
        return self._sum("lost")

    @property
    def forfeited(self) -> BenefitQuantity:
        """The units that had not been used when they expired."""
        return self._sum("forfeited")

    @property
    def refunded(self) -> BenefitQuantity:
        """The units that were paid back when the promise ended early."""
        return self._sum("refunded")

    @property
    def utilisation(self) -> Fraction | None:
        """The exact share of the units granted that were used; None if nothing was granted."""
        granted = self.granted.amount
        return Fraction(self.redeemed.amount, granted) if granted else None

    @property
    def value_left(self) -> Amount | None:
        """What the units left are worth, exactly; None if nobody said what one is worth."""
        return self._value("left")

    @property
    def breakage(self) -> Amount | None:
        """What the units that were forfeited and lost are worth, exactly (N17)."""
        return _total((self._value("forfeited"), self._value("lost")))

    @property
    def refund(self) -> Amount | None:
        """What the units that were paid back are worth, exactly (N14)."""
        return self._value("refunded")

    def _value(self, name: str) -> Amount | None:
        """Add up what units in one state are worth, each at the worth of its grant."""
        grants = self._books.grants
        values = (
            self.benefit.value(getattr(grant, name).amount, grants[grant.id].worth)
            for grant in self.grants
            if getattr(grant, name)
        )
        nothing = self.benefit.value(0)
        return _total([nothing, *values] if nothing is not None else values)

    @property
    def first_used_on(self) -> date | None:
        """The local day on which a unit was redeemed first."""
        at = next((use.at for use in self.uses if use.kind == "redeemed"), None)
        return None if at is None else self.benefit.zone.date_of(at)

    def balance(self, grant: str, *, as_of: datetime | None = None) -> Balance:
        """Add up the movements of one grant, as of any past instant.

        Rules: D2.
        """
        return balance(self.movements, grant, as_of=as_of)

    def refusal(self, event: str) -> Refusal | None:
        """Return why an event changed nothing; None if it did not."""
        return next((refusal for refusal in self.refusals if refusal.event == event), None)

    def explain(self, name: str) -> Explanation[BenefitQuantity]:
        """Derive what became of an event, or where the units of a grant are, step by step.

        Raises:
            InvalidValue: if nothing here has that name.
        """
        return explanation(self, self._books, name)

    def to_rows(self) -> list[dict[str, Any]]:
        """Every grant as a plain dict of texts and whole numbers, ready for a data frame."""
        return [
            {
                "benefit": self.benefit.id,
                "contract": self.benefit.contract,
                "customer": self.benefit.customer,
                "tier": self.benefit.tier,
                "grant": grant.id,
                "holder": grant.holder,
                "unit": self.benefit.unit,
                "starts_at": grant.starts_at.isoformat(),
                "expires_on": None if grant.expires_on is None else grant.expires_on.isoformat(),
                "state": grant.state,
                **{name: getattr(grant, name).amount for name in ("granted", *_STATES)},
                "value_left": None if grant.value is None else str(grant.value),
            }
            for grant in self.grants
        ]

    def __str__(self) -> str:
        return status_text(self)


_STATES = ("left", "reserved", "redeemed", "lost", "forfeited", "refunded", "moved")


def _total(values: Iterable[Amount | None]) -> Amount | None:
    """Add up what is known; None if nothing is."""
    known = [value for value in values if value is not None]
    return sum(known[1:], start=known[0]) if known else None


def benefit_status(
    benefit: Benefit, events: Iterable[Event], *, as_of: datetime | date | str, known_at: datetime | None = None
) -> BenefitStatus:
    """Say what is still theirs of a benefit at an instant: what was granted, booked, used, lost and forfeited.

    Args:
        benefit: what was promised; it needs a term, its own or that of a contract (`Contract.promised`).
        events: what happened, in any order; events about anything else pass by.
        as_of: what happened before it counts; a date is its first instant in the zone of the promise.
        known_at: leave out what was recorded after this instant.

    Raises:
        ForeignEvent: for an event of the benefit that names another customer or contract.
        DuplicateEvent: for one id with two contents.

    Rules: D2, D3, D6, D7, N1 to N14.

    Example:
        >>> from supportcontracts.events import Redeemed
        >>> from supportcontracts.timeline import Term, Zone
        >>> year = Term("2025-01-01", months=12, zone="Europe/Berlin")
        >>> training = Benefit("training", unit="training day", quantity=2, expires="term", term=year)
        >>> used = Redeemed("X-1", year.zone.at("2025-06-12 09:00"), benefit="training", quantity=1)
        >>> status = benefit_status(training, [used], as_of="2025-07-01")
        >>> print(status.left, "of", status.granted)
        1 training day of 2 training days
    """
    sorted_ = facts_of("benefit_status", benefit, events, known_at=known_at)
    return status_of(benefit, sorted_, epoch(benefit.zone.moment(as_of)))


def status_of(benefit: Benefit, sorted_: Sorted, as_of: int) -> BenefitStatus:
    """Fold the facts of a benefit up to an instant, and read the result off the books."""
    books = Fold(benefit).run(sorted_.before(as_of), as_of)
    return BenefitStatus(
        benefit,
        from_epoch(as_of),
        tuple(_grant(benefit, grant) for grant in books.grants.values()),
        tuple(_booking(benefit.of, booking) for booking in books.bookings.values()),
        tuple(_use(benefit, use) for use in books.uses),
        tuple(books.movements),
        tuple(Refusal(event, from_epoch(at), unmet) for event, at, unmet in books.refusals),
        sorted_.unmatched,
        books=books,
    )


_ENDS: dict[str, Literal["open", "expired", "ended-early"]] = {
    "": "open",
    "expired": "expired",
    "early": "ended-early",
}


def _grant(benefit: Benefit, grant: OpenGrant) -> Grant:
    units = {state: benefit.of(amount) for state, amount in grant.units.items()}
    return Grant(
        id=grant.id,
        granted=benefit.of(grant.lot.quantity),
        left=units["left"],
        reserved=units["reserved"],
        redeemed=units["redeemed"],
        lost=units["lost"],
        forfeited=units["forfeited"],
        refunded=units["refunded"],
        moved=units["moved"],
        starts_at=from_epoch(grant.lot.starts),
        expires_on=grant.expires_on,
        holder=grant.holder,
        state=_ENDS[grant.closed],
        value=benefit.value(grant.units["left"], grant.worth),
    )


def _booking(of: Callable[[int], BenefitQuantity], booking: OpenBooking) -> Booking:
    event = booking.event
    return Booking(
        event.key,
        event.id,
        event.at,
        of(raw(event.quantity)),
        of(booking.open),
        event.takes_place_at,
        event.ends_at,
        event.who,
        event.people,
        event.place,
        event.exchange,
        event.note,
        tuple((outcome, of(amount), because) for outcome, amount, because in booking.outcomes),
    )


def _use(benefit: Benefit, use: UseRecord) -> Use:
    """Read a use off the books; on what its own event is silent, that of its booking speaks."""
    booked = None if use.booking is None else use.booking.event
    said = {name: _said(use.event, booked, name) for name in ("who", "people", "place", "exchange")}
    exchange = next((each for each in benefit.exchanges if each.what == said["exchange"]), None)
    values = (benefit.value(took, grant.worth) for grant, _, took, _ in use.parts)
    return Use(
        use.event.id,
        from_epoch(use.at),
        use.kind,
        benefit.of(use.amount),
        tuple((grant.id, benefit.of(took)) for grant, _, took, _ in use.parts),
        None if booked is None else booked.key,
        **said,
        gains=None if exchange is None else exchange.value(benefit.measure(use.amount)),
        value=_total(values),
    )


def _said(event: UseEvent, booked: BenefitReserved | None, name: str) -> Any:  # noqa: ANN401  # whatever the field holds
    said = getattr(event, name, None)
    return said or getattr(booked, name, () if name == "who" else None)
