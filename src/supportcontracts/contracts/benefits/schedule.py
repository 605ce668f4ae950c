"""Days of a promise: when its terms grant units, when those end, and the last day on which they can be booked.

Everything here is a calendar date; the engine turns dates into instants in the zone of the promise.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from supportcontracts.contracts.benefits.conditions import ExpiresAfter
from supportcontracts.contracts.benefits.units import raw
from supportcontracts.errors import InvalidValue
from supportcontracts.timeline import Days, Months, Term, periods

if TYPE_CHECKING:
    from supportcontracts.contracts.benefits.benefit import Benefit

__all__ = ["Due", "check_usable", "expiry_of", "grants_due", "last_booking_day", "last_usable_day"]


def __dir__() -> list[str]:
    return __all__


_ONE_DAY = timedelta(days=1)
_LIVES = {"month": Months(1), "quarter": Months(3), "year": Months(12)}
# The first days of the months of a leap year: among them every length that some months or days can have.
_ANCHORS = tuple(date(2024, month, 1) for month in range(1, 13))


class Due(NamedTuple):
    """A grant that the terms make: its name, its first day, the last days of its period and term, and how much."""

    name: str
    starts_on: date
    period_last: date
    term: Term
    amount: int


def grants_due(benefit: "Benefit") -> Iterator[Due]:
    """Yield the grants that the terms make, in order; none where only events grant.

    Rules: N1.
    """
    per = benefit.per
    if per == "event":
        return
    amount = raw(benefit.quantity) * (len(benefit.products) if benefit.for_each else 1)
    for term in benefit.term[:1] if per == "once" else benefit.term:
        for period in periods(term, "term" if per == "once" else per):
            yield Due(f"{benefit.id}/{period.starts_on}", period.starts_on, period.last_day, term, amount)


def expiry_of(benefit: "Benefit", granted_on: date, period_last: date | None, term_last: date | None) -> date | None:
    """Return the last day of units granted on a day, without grace; None if they do not expire.

    Rules: N4, N7.
    """
    if benefit.expires_on is not None:
        return benefit.expires_on
    match benefit.expires:
        case None | "never":
            return None
        case "period":
            return term_last if period_last is None else period_last
        case ExpiresAfter(life=life, of="grant"):
            return life.after(granted_on) - _ONE_DAY
        case _:
            return term_last


def last_usable_day(benefit: "Benefit", expires_on: date) -> date:
    """Return the last day on which units can be used, grace included."""
    return expires_on if benefit.grace is None else benefit.grace.after(expires_on)


def last_booking_day(benefit: "Benefit", last_day: date) -> date:
    """Return the last day on which something can be booked that still takes place in time.

    Rules: N5, N6.
    """
    if benefit.by_expiry == "booked" or benefit.booking_lead is None:
        return last_day
    return benefit.booking_lead.before(last_day)


def check_usable(benefit: "Benefit") -> None:
    """Refuse a promise none of whose grants could ever be booked in time.

    Rules: N15.
    """
    if benefit.term:
        dues = list(grants_due(benefit))
        lives = [(due.starts_on, expiry_of(benefit, due.starts_on, due.period_last, due.term.last_day)) for due in dues]
    else:
        life = _life(benefit)
        lives = [] if life is None else [(day, life.after(day) - _ONE_DAY) for day in _ANCHORS]
    if not lives or any(_bookable(benefit, first, last) for first, last in lives):
        return
    first, last = lives[0]
    assert last is not None
    usable = last_usable_day(benefit, last)
    book_by = last_booking_day(benefit, usable)
    lead = "" if book_by == usable else f", to be booked {benefit.booking_lead} before"
    raise InvalidValue(
        f"Benefit {benefit.id!r}",
        f"units that are granted on {first} and can be used until {usable}{lead}",
        "a day on which they can still be booked was expected",
        "Let them last longer, or shorten the booking lead.",
    )


def _life(benefit: "Benefit") -> Days | Months | None:
    """Return how long units last, where that is known without a term."""
    if isinstance(benefit.expires, ExpiresAfter):
        return benefit.expires.life
    return _LIVES.get(benefit.per) if benefit.expires == "period" else None


def _bookable(benefit: "Benefit", first: date, last: date | None) -> bool:
    return last is None or last_booking_day(benefit, last_usable_day(benefit, last)) >= first
