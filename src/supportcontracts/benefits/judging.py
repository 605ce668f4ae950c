"""The conditions of a promise, judged: what of a wish they do not allow, in the customer's words.

A condition that the promise leaves open is never unmet, and neither is one on which the wish is silent (N7). Whether
there is anything left to use is for the ledger, not for this module.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from supportcontracts._fields import frozen
from supportcontracts.contracts.benefits import Benefit, Measure
from supportcontracts.contracts.benefits.units import raw
from supportcontracts.contracts.wording.benefits import amount_in_words, for_whom, where
from supportcontracts.contracts.wording.words import capital, day_in_words, in_words, listed
from supportcontracts.events import BenefitReserved, Redeemed
from supportcontracts.quantity import WorkTime
from supportcontracts.timeline import epoch

__all__ = ["Reason", "Unmet", "Wish"]


def __dir__() -> list[str]:
    return __all__


Reason: TypeAlias = Literal[
    "after-expiry",
    "assigned-to-others",
    "booking-lead",
    "earned-before",
    "ended-early",
    "exceeds-left",
    "exceeds-reserved",
    "exchange",
    "exchange-rest",
    "expired",
    "id-taken",
    "in-the-past",
    "not-assigned",
    "not-covered",
    "not-granted",
    "not-later",
    "not-transferable",
    "not-yet",
    "outside-term",
    "people",
    "person",
    "place",
    "reserved-before",
    "unit",
    "unknown-grant",
    "unknown-reservation",
]
"""Why something that was asked for, or recorded, does not happen."""


@frozen
class Unmet:
    """One reason why something does not happen: a stable code, and the words for the customer.

    Example:
        >>> print(Unmet("people", "two people are too many: it is for one person"))
        Two people are too many: it is for one person.
    """

    code: Reason
    words: str

    def __str__(self) -> str:
        return f"{capital(self.words)}."


class Wish(NamedTuple):
    """What somebody wants to book or use: in raw units and epoch seconds."""

    quantity: Measure
    who: tuple[str, ...]
    people: int | None
    place: str | None
    exchange: str | None
    starts: int | None = None
    ends: int | None = None

    @classmethod
    def of(cls, event: BenefitReserved | Redeemed, quantity: Measure) -> "Wish":
        """Read what an event is about."""
        starts = ends = None
        if isinstance(event, BenefitReserved) and event.takes_place_at is not None:
            starts = epoch(event.takes_place_at)
            ends = None if event.ends_at is None else epoch(event.ends_at)
        return cls(quantity, event.who, event.people, event.place, event.exchange, starts, ends)

    @property
    def last_second(self) -> int | None:
        """The last second in which it takes place, as far as that is known."""
        return self.starts if self.ends is None else self.ends - 1


def they(benefit: Benefit) -> tuple[str, str, str]:
    """Return the words that stand for the units of a benefit: a pronoun, "are", and an ending of verbs."""
    return ("it", "is", "s") if isinstance(benefit.quantity, WorkTime) else ("they", "are", "")


def plural(benefit: Benefit) -> str:
    """Name the units of a benefit, without a number."""
    return benefit.unit if isinstance(benefit.quantity, WorkTime) else benefit.of(2).plural  # type: ignore[union-attr]  # counted


def unmet_conditions(
    benefit: Benefit, wish: Wish, *, booked_on: date | None, waives: Collection[str] = ()
) -> tuple[Unmet, ...]:
    """List what the conditions of a promise do not allow of a wish.

    Args:
        benefit: the promise.
        wish: what is wanted.
        booked_on: the local day of the booking; None: it takes place now, and no lead applies.
        waives: conditions that we waive.

    Rules: N6, N7, N11.
    """
    counting = tuple(_counting(benefit, wish))
    if counting and counting[0].code == "unit":
        return counting  # nothing else can be said of something else
    rest = (*_where(benefit, wish), *_whom(benefit, wish), *_lead(benefit, wish, booked_on))
    return (*counting, *(unmet for unmet in rest if unmet.code not in waives))


def _counting(benefit: Benefit, wish: Wish) -> Iterator[Unmet]:
    """Judge the unit, and whether the quantity makes whole exchanges."""
    pronoun, are, _ = they(benefit)
    if isinstance(wish.quantity, WorkTime) is not isinstance(benefit.quantity, WorkTime):
        unit = "in time" if isinstance(benefit.quantity, WorkTime) else f"in {plural(benefit)}"
        yield Unmet("unit", f"{pronoun} {are} counted {unit}, and {wish.quantity} was asked for")
        return
    if wish.exchange is None:
        return
    known = {exchange.what: exchange for exchange in benefit.exchanges}
    exchange = known.get(wish.exchange)
    if exchange is None:
        only = f"; only for {listed(known, 'or')}" if known else ""
        yield Unmet("exchange", f"{pronoun} cannot be exchanged for {wish.exchange}{only}")
    elif exchange.value(wish.quantity) is None:
        takes = amount_in_words(benefit, exchange.units)
        asked = amount_in_words(benefit, wish.quantity)
        yield Unmet("exchange-rest", f"{asked} cannot be exchanged for {wish.exchange}, which takes {takes} each")


def _where(benefit: Benefit, wish: Wish) -> Iterator[Unmet]:
    if wish.place is None or not benefit.place or _admits(benefit.place, wish.place):
        return
    pronoun, are, s = they(benefit)
    noun = plural(benefit)
    asked = f"{wish.place} {noun}" if wish.place in ("onsite", "online") else f"{noun} {where(wish.place)}"
    places = listed(map(where, benefit.place), "or")
    people = "" if benefit.people is None else f", {for_whom(benefit.people, benefit.people_per)}"
    yield Unmet("place", f"{asked} {are} not included: {pronoun} take{s} place {places}{people}")


def _admits(places: tuple[str, ...], place: str) -> bool:
    """Tell whether a place is one of those that are promised: by name, by kind, or as any place of ours."""
    named = [each for each in places if each not in ("facility", "onsite", "online")]
    if place == "facility":
        return "facility" in places or bool(named)
    return place in places or ("facility" in places and place not in ("onsite", "online"))


def _whom(benefit: Benefit, wish: Wish) -> Iterator[Unmet]:
    pronoun, are, _ = they(benefit)
    count = wish.people or len(wish.who)
    if benefit.people is not None:
        most = benefit.people * (raw(wish.quantity) if benefit.people_per == "unit" else 1)
        if count > most:
            each = for_whom(benefit.people, benefit.people_per)
            yield Unmet("people", f"{in_words(count)} people are too many: {pronoun} {are} {each}")
    if benefit.holders and benefit.transfer != "transferable":
        others = [person for person in wish.who if person not in benefit.holders]
        if others:
            them = "it" if pronoun == "it" else "them"
            yield Unmet("person", f"only {listed(benefit.holders)} may use {them}, not {listed(others, 'or')}")


def _lead(benefit: Benefit, wish: Wish, booked_on: date | None) -> Iterator[Unmet]:
    if benefit.booking_lead is None or booked_on is None or wish.starts is None:
        return
    day = benefit.zone.date_of_epoch(wish.starts)
    book_by = benefit.booking_lead.before(day)
    if booked_on > book_by:
        pronoun, are, s = they(benefit)
        ahead = f"{pronoun} {are} booked {benefit.booking_lead} before {pronoun} take{s} place"
        yield Unmet("booking-lead", f"{ahead}: for {day_in_words(day)} that was by {day_in_words(book_by)}")
