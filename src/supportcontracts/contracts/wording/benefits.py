"""Benefits: how the promise of an extra reads, in one paragraph, with nothing in it that was not said."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supportcontracts.contracts.wording.words import capital, day_in_words, in_words, listed, share
from supportcontracts.money import Money, Price
from supportcontracts.quantity import WorkTime

if TYPE_CHECKING:
    from supportcontracts.contracts.benefits.benefit import Benefit
    from supportcontracts.contracts.benefits.conditions import Exchange, Gains
    from supportcontracts.contracts.benefits.discount import DiscountBenefit
    from supportcontracts.contracts.benefits.units import Measure

__all__ = ["amount_in_words", "describe_benefit", "describe_discount", "for_whom", "gains_in_words", "where"]


def __dir__() -> list[str]:
    return __all__


_PERS = {
    "once": ", once",
    "term": " with each term",
    "year": " a year",
    "quarter": " a quarter",
    "month": " a month",
    "event": ", each time they are granted",
}
_KINDS = {"facility": "at a facility of ours", "onsite": "on site", "online": "online"}
_EARLY = {
    "forfeit": "what is left is lost",
    "keep": "what is left can be used as if it had not",
    "refund": "what is left is refunded at its worth",
}


def where(place: str) -> str:
    """Say where something takes place.

    Example:
        >>> where("onsite"), where("our Leipzig facility")
        ('on site', 'at our Leipzig facility')
    """
    return _KINDS.get(place, f"at {place}")


def for_whom(people: int, per: str) -> str:
    """Say for how many people it is.

    Example:
        >>> for_whom(1, "booking"), for_whom(12, "booking"), for_whom(1, "unit")
        ('for one person', 'for up to twelve people', 'for one person each')
    """
    count = "one person" if people == 1 else f"up to {in_words(people)} people"
    return f"for {count}{' each' if per == 'unit' else ''}"


def amount_in_words(benefit: "Benefit", amount: "Measure") -> str:
    """Say how much of a benefit, as a letter would.

    Example:
        >>> from supportcontracts.contracts.benefits import Benefit
        >>> amount_in_words(Benefit("advice", unit="advice", quantity=WorkTime(7200)), WorkTime(3600))
        '1h 00m of advice'
    """
    if isinstance(amount, WorkTime):
        return f"{amount} of {benefit.unit}"
    return benefit.of(amount).words()  # type: ignore[union-attr]  # counted, as the quantity of the benefit is


def gains_in_words(what: str, gains: "Gains") -> str:
    """Say what an exchange gives.

    Example:
        >>> gains_in_words("conference", Money("25 EUR")), gains_in_words("exam", 2)
        ('25.00 EUR off (conference)', '2 (exam)')
    """
    return f"{gains}{' off' if isinstance(gains, Money) else ''} ({what})"


def describe_benefit(benefit: "Benefit") -> str:
    """Say in a few sentences what a benefit promises, in the order in which somebody would ask.

    Example:
        >>> from supportcontracts.contracts.benefits import Benefit
        >>> print(describe_benefit(Benefit("checks", unit="health check", quantity=2, per="year", expires="period")))
        checks: two health checks a year. They take place by the end of the period that they were granted for.
    """
    each = " for each product" if benefit.for_each else ""
    conditions = ", ".join(_conditions(benefit))
    first = f"{benefit.id}: {amount_in_words(benefit, benefit.quantity)}{each}{_PERS[benefit.per]}{_worth(benefit)}"
    sentences = [f"{first}: {conditions}" if conditions else first, *map(capital, _sentences(benefit))]
    return " ".join(f"{sentence}." for sentence in sentences)


def _worth(benefit: "Benefit") -> str:
    if benefit.worth is None:
        return ""
    if not isinstance(benefit.worth, Price):
        return f", worth {benefit.worth} each"
    number, _, per = str(benefit.worth).rpartition("/")
    return f", worth {number} {'an hour' if per == 'h' else 'a minute'}"


def _conditions(benefit: "Benefit") -> Iterator[str]:
    if benefit.people is not None:
        yield for_whom(benefit.people, benefit.people_per)
    if benefit.place:
        yield listed(map(where, benefit.place), "or")
    if benefit.holders:
        yield f"to be used by {listed(benefit.holders, 'or')}"
    if benefit.transfer is not None:
        yield benefit.transfer.replace("-", " ")
    if benefit.space is not None:
        yield "with a guaranteed place" if benefit.space == "guaranteed" else "as space allows"


def _sentences(benefit: "Benefit") -> Iterator[str]:
    they, verb = ("it", "s") if isinstance(benefit.quantity, WorkTime) else ("they", "")
    are = "is" if verb else "are"
    yield from _last_day(benefit, they, verb, are)
    if benefit.cancel_notice is not None:
        late = "is lost" if benefit.late_cancel == "lost" else "is not lost either"
        yield f"{they} can be cancelled until {benefit.cancel_notice} before; what is cancelled later {late}"
    if benefit.no_show is not None:
        yield f"if nobody comes, {they} {are}{'' if benefit.no_show == 'lost' else ' not'} lost"
    if benefit.carry_over is not None:
        yield str(benefit.carry_over)
    if benefit.earned is not None:
        yield f"what earns {'it' if verb else 'them'} earns {benefit.earned}"
    if benefit.exchanges:
        yield f"in exchange: {'; '.join(_exchange(benefit, exchange) for exchange in benefit.exchanges)}"
    if benefit.ended_early is not None:
        yield f"if the contract ends early, {_EARLY[benefit.ended_early]}"
    if benefit.book_at:
        yield f"book at {benefit.book_at}"


def _last_day(benefit: "Benefit", they: str, verb: str, are: str) -> Iterator[str]:
    """Say by when something has to have happened, and how long before it is booked."""
    lead = "" if benefit.booking_lead is None else f"booked {benefit.booking_lead} before"
    if benefit.expires_on is not None:
        by = f"by {day_in_words(benefit.expires_on)}"
    else:
        match benefit.expires:
            case None | "never":
                if benefit.expires is not None:
                    yield f"{they} do{'es' if verb else ''} not expire"
                if lead:
                    yield f"{they} {are} {lead}"
                return
            case "period":
                by = f"by the end of the period that {they} {'was' if verb else 'were'} granted for"
            case "term":
                by = "by the end of the term"
            case _:
                given = "granted" if benefit.expires.of == "grant" else "assigned"
                by = f"within {benefit.expires.life} after {they} {are} {given}"
    if benefit.by_expiry == "takes-place":
        text = f"{they} take{verb} place {by}" + (f" and {are} {lead}" if lead else "")
    else:
        ahead = f", {benefit.booking_lead} before {they} take{verb} place" if lead else ""
        text = f"{they} {are} booked {by}{ahead}"
    yield text if benefit.grace is None else f"{text}, with {benefit.grace} of grace"


def _exchange(benefit: "Benefit", exchange: "Exchange") -> str:
    return f"{amount_in_words(benefit, exchange.units)} for {gains_in_words(exchange.what, exchange.gets)}"


def describe_discount(discount: "DiscountBenefit") -> str:
    """Say what a discount is on.

    Example:
        >>> from supportcontracts.contracts.benefits import DiscountBenefit
        >>> from supportcontracts.quantity import percent
        >>> print(describe_discount(DiscountBenefit("events", share=percent(10), on="conferences", rounding="half-up")))
        events: 10 % off conferences, while the contract is in force.
    """
    return f"{discount.id}: {share(discount.share)} off {discount.on}, while the contract is in force."
