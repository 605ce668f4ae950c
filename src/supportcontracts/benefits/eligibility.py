"""May they have it? One request against one benefit: yes, with what to record, or every reason why not.

Nothing happens until the caller records the event. The answer is made by the very code that would take it, so a yes
that is recorded at the same instant is never refused.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, TypeAlias

import attrs

from supportcontracts._fields import frozen, require_kind, require_text, require_whole, tuple_of
from supportcontracts.benefits.bookings import Bookings
from supportcontracts.benefits.explaining import reason_step, term_of
from supportcontracts.benefits.fold import Fold
from supportcontracts.benefits.gate import facts_of
from supportcontracts.benefits.judging import Unmet, Wish
from supportcontracts.contracts.benefits import Benefit, BenefitQuantity, Gains, Measure
from supportcontracts.contracts.benefits.promises import require_benefit
from supportcontracts.contracts.benefits.units import raw, require_measure
from supportcontracts.contracts.wording.benefits import amount_in_words, for_whom, where
from supportcontracts.contracts.wording.words import capital, day_in_words, listed
from supportcontracts.errors import InvalidValue
from supportcontracts.events import BenefitReserved, Event
from supportcontracts.explain import Explanation, Step
from supportcontracts.timeline import Instant, epoch, instant

__all__ = ["Eligibility", "NotRedeemable", "Redeemable", "RedemptionRequest", "can_redeem"]


def __dir__() -> list[str]:
    return __all__


def _instant_or_none(value: datetime | None) -> Instant | None:
    return None if value is None else instant(value)


@frozen
class RedemptionRequest:
    """Somebody asks to book units of a benefit.

    What a request leaves out is not judged; the answer then says under which conditions it is a yes.

    Attributes:
        key: the name that the booking gets; asked again under the same name, it is the same booking.
        quantity: the units.
        takes_place_at: when it would start; None: the date is open.
        ends_at: when it would end; None: on the local day on which it starts.
        who: the people who would take part, by name.
        people: how many would take part; None: as many as are named.
        place: where: "facility", "onsite", "online", or the name of a place.
        exchange: what the units would be exchanged for.

    Example:
        >>> RedemptionRequest("leipzig-june", quantity=1, who="ines.roth").who
        ('ines.roth',)
    """

    key: str
    quantity: Measure = attrs.field(default=1, kw_only=True)
    takes_place_at: Instant | None = attrs.field(default=None, converter=_instant_or_none, kw_only=True)
    ends_at: Instant | None = attrs.field(default=None, converter=_instant_or_none, kw_only=True)
    who: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    people: int | None = attrs.field(default=None, kw_only=True)
    place: str | None = attrs.field(default=None, kw_only=True)
    exchange: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("RedemptionRequest.key", self.key)
        what = f"RedemptionRequest {self.key!r}"
        require_measure(f"{what} quantity", self.quantity)
        for number, person in enumerate(self.who):
            require_text(f"{what} who[{number}]", person)
        if self.people is not None:
            require_whole(f"{what} people", self.people, least=max(1, len(self.who)))
        for name in ("place", "exchange"):
            if getattr(self, name) is not None:
                require_text(f"{what} {name}", getattr(self, name))
        if self.ends_at is not None and (self.takes_place_at is None or self.ends_at <= self.takes_place_at):
            expected = f"an instant after takes_place_at, {self.takes_place_at}, was expected"
            raise InvalidValue(f"{what} ends_at", str(self.ends_at), expected)


@frozen
class Redeemable:
    """Yes: it can be booked now, and this is what to record.

    Attributes:
        benefit: what was promised.
        request: what was asked.
        as_of: when.
        grants: from which grants the units would come, the soonest to expire first.
        left: what would be left after it.
        provided: the conditions that the promise states and the request is silent on, in words.
        gains: what the units would be exchanged for, as a value.
        events: what to record; nothing, if it is booked under this key already.

    Rules: N3, N7.
    """

    benefit: Benefit
    request: RedemptionRequest
    as_of: Instant
    grants: tuple[tuple[str, BenefitQuantity], ...]
    left: BenefitQuantity
    provided: tuple[str, ...]
    gains: Gains | None
    events: tuple[Event, ...]

    def __str__(self) -> str:
        quantity = amount_in_words(self.benefit, self.request.quantity)
        day = self.request.takes_place_at
        on = "" if day is None else f" on {day_in_words(self.benefit.zone.date_of(day))}"
        who = f" for {listed(self.request.who)}" if self.request.who else ""
        gains = "" if self.gains is None else f", for {self.gains} ({self.request.exchange})"
        if not self.events:
            return f"Yes: {quantity}{on}{who} is booked as {self.request.key} already."
        left = amount_in_words(self.benefit, self.benefit.measure(self.left.amount)) if self.left else "nothing"
        provided = f" Provided: {', '.join(self.provided)}." if self.provided else ""
        return f"Yes: {quantity}{on}{who}{gains}; {left} would be left.{provided}"

    def explain(self) -> Explanation[BenefitQuantity]:
        """Show every condition that the promise states, and from which grants the units would come."""
        steps = [*_conditions(self.benefit, self.request)]
        steps += [Step("N3", "draw", name, str(quantity)) for name, quantity in self.grants]
        quantity = self.benefit.of(raw(self.request.quantity))
        return Explanation(f"{self.request.key} · {self.benefit.id}", quantity, steps)


@frozen
class NotRedeemable:
    """No: every condition that is not met, in the customer's words.

    Attributes:
        benefit: what was promised.
        request: what was asked.
        as_of: when.
        unmet: the reasons, each with its code.
        events: nothing to record.

    Rules: D7, N7.
    """

    benefit: Benefit
    request: RedemptionRequest
    as_of: Instant
    unmet: tuple[Unmet, ...]
    events: tuple[Event, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in order."""
        return tuple(unmet.code for unmet in self.unmet)

    def __str__(self) -> str:
        return f"No: {' '.join(map(str, self.unmet))}"

    def explain(self) -> Explanation[BenefitQuantity]:
        """Show each reason, with its rule and the term that decided."""
        steps = [reason_step(self.benefit, unmet) for unmet in self.unmet]
        return Explanation(f"{self.request.key} · {self.benefit.id}", self.benefit.of(0), steps)


Eligibility: TypeAlias = Redeemable | NotRedeemable
"""The answer to a request."""


def can_redeem(
    benefit: Benefit,
    request: RedemptionRequest,
    *,
    events: Iterable[Event],
    as_of: datetime,
    known_at: datetime | None = None,
) -> Eligibility:
    """Say whether units of a benefit can be booked now, or every reason why not; nothing happens by asking.

    Args:
        benefit: what was promised; it needs a term, its own or that of a contract (`Contract.promised`).
        request: what is asked.
        events: what happened, in any order; events about anything else pass by.
        as_of: now; what happened up to and including this instant counts, and what begins at it has begun.
        known_at: leave out what was recorded after this instant.

    Raises:
        ForeignEvent: for an event of the benefit that names another customer or contract.

    Rules: N3 to N7, N10, N11.

    Example:
        >>> from supportcontracts.timeline import Term
        >>> year = Term("2025-01-01", months=12, zone="Europe/Berlin")
        >>> training = Benefit(
        ...     "training", unit="training day", quantity=2, people=1, place="a training facility", expires="term",
        ...     term=year,
        ... )
        >>> asked = RedemptionRequest("R-1", quantity=2, place="onsite")
        >>> print(can_redeem(training, asked, events=[], as_of=year.zone.at("2025-03-01 10:00")))
        No: Onsite training days are not included: they take place at a training facility, for one person.
    """
    require_benefit("can_redeem(benefit)", benefit)
    require_kind("can_redeem(request)", request, RedemptionRequest, 'RedemptionRequest("R-1", …) was expected')
    now = instant(as_of)
    second = epoch(now)
    sorted_ = facts_of("can_redeem", benefit, events, known_at=known_at)
    books = Fold(benefit).run(sorted_.before(second + 1), second, beginnings=True)
    wish = _wish(request)
    known = books.bookings.get(request.key)
    if known is not None:
        if known.wish != wish:
            words = f"there is another booking {request.key} already"
            return NotRedeemable(benefit, request, now, (Unmet("reserved-before", words),))
        parts = tuple((draw.grant.id, benefit.of(draw.took)) for draw in known.draws)
        left = sum(grant.units["left"] for grant in books.grants.values())
        return Redeemable(benefit, request, now, parts, benefit.of(left), (), _gains(benefit, request), ())
    grants, unmet = Bookings(books).judge(wish, booked_on=benefit.zone.date_of(now))
    if request.takes_place_at is not None and request.takes_place_at < now:
        day = day_in_words(benefit.zone.date_of(request.takes_place_at))
        unmet = (*unmet, Unmet("in-the-past", f"{day} has passed"))
    if unmet:
        return NotRedeemable(benefit, request, now, unmet)
    rest, found = raw(request.quantity), []
    for grant in grants:
        took = min(rest, grant.units["left"])
        rest -= took
        if took:
            found.append((grant.id, benefit.of(took)))
    left = sum(grant.units["left"] for grant in books.grants.values()) - raw(request.quantity)
    return Redeemable(
        benefit,
        request,
        now,
        tuple(found),
        benefit.of(left),
        tuple(_provided(benefit, request)),
        _gains(benefit, request),
        (_booking(benefit, request, now),),
    )


def _wish(request: RedemptionRequest) -> Wish:
    starts = None if request.takes_place_at is None else epoch(request.takes_place_at)
    ends = None if request.ends_at is None else epoch(request.ends_at)
    return Wish(request.quantity, request.who, request.people, request.place, request.exchange, starts, ends)


def _gains(benefit: Benefit, request: RedemptionRequest) -> Gains | None:
    exchange = next((each for each in benefit.exchanges if each.what == request.exchange), None)
    return None if exchange is None else exchange.value(request.quantity)


def _booking(benefit: Benefit, request: RedemptionRequest, now: Instant) -> BenefitReserved:
    return BenefitReserved(
        f"{benefit.id}/{request.key}",
        now,
        customer=benefit.customer,
        contract=benefit.contract,
        benefit=benefit.id,
        key=request.key,
        quantity=request.quantity,
        takes_place_at=request.takes_place_at,
        ends_at=request.ends_at,
        who=request.who,
        people=request.people,
        place=request.place,
        exchange=request.exchange,
    )


def _provided(benefit: Benefit, request: RedemptionRequest) -> Iterator[str]:
    """Say what the promise asks for and the request does not speak of."""
    if benefit.people is not None and request.people is None and not request.who:
        yield for_whom(benefit.people, benefit.people_per)
    if benefit.place and request.place is None:
        yield listed(map(where, benefit.place), "or")
    if benefit.holders and not request.who and benefit.transfer != "transferable":
        yield f"used by {listed(benefit.holders, 'or')}"
    if benefit.booking_lead is not None and request.takes_place_at is None:
        yield f"booked {benefit.booking_lead} before it takes place"


def _conditions(benefit: Benefit, request: RedemptionRequest) -> Iterator[Step]:
    """One step for each condition that the promise states, with what the request says of it."""
    said: dict[str, Any] = {
        "place": (listed(benefit.place, "or") if benefit.place else None, request.place),
        "people": (benefit.people, request.people or len(request.who) or None),
        "holders": (listed(benefit.holders) if benefit.holders else None, listed(request.who) if request.who else None),
        "booking_lead": (benefit.booking_lead, request.takes_place_at and benefit.zone.date_of(request.takes_place_at)),
    }
    for name, (promised, asked) in said.items():
        if promised is not None:
            rule = "N6" if name == "booking_lead" else "N7"
            result = "not said" if asked is None else f"{asked}: met"
            yield Step(rule, capital(name).replace("_", " ").lower(), str(promised), result, term_of(benefit, name))
