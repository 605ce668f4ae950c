"""Reminders: who should hear what, and on which day, while there is still time to act on it.

The last day of booking is the last day less the booking lead, and a reminder is due so long before that as the promise
says. It is due at the first start of a local day, from its own day on, at which units are free: what is granted late,
or comes back from a booking, is not forgotten. Whether they are free then follows from what happened before that
midnight, and from nothing later. So a job that asks for one day after the other gets each reminder in exactly one of
them, and never too late to book. Its key names it: what was sent under a key need not be sent again.

What is about to be lost is a message of its own, for the account manager, counted back from the last usable day.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Literal

from supportcontracts._fields import frozen
from supportcontracts.benefits.books import Books, Snapshot
from supportcontracts.benefits.explaining import expiry_step, term_of
from supportcontracts.benefits.fold import Fold
from supportcontracts.benefits.gate import sort_out
from supportcontracts.contracts.benefits import AnyBenefit, Benefit, BenefitQuantity
from supportcontracts.contracts.benefits.schedule import last_booking_day, last_usable_day
from supportcontracts.contracts.wording.benefits import amount_in_words, for_whom, where
from supportcontracts.contracts.wording.words import capital, day_in_words, in_words, listed
from supportcontracts.errors import InvalidValue
from supportcontracts.events import Event
from supportcontracts.explain import Explanation, Step
from supportcontracts.money import Amount
from supportcontracts.quantity import WorkTime
from supportcontracts.timeline import Days, Instant, Months, epoch, from_epoch

__all__ = ["Reminder", "remind"]


def __dir__() -> list[str]:
    return __all__


_ONE_DAY = Days(1)


@frozen
class Reminder:
    """Something to send: that units have to be booked, or that they are about to be lost.

    Attributes:
        key: names the promise, the units and the margin; the same reminder always has the same key.
        at: when it is due, at the start of a local day.
        kind: "book", for the customer; "forfeiture", for the account manager.
        benefit: what was promised.
        holder: the person to whom the units are assigned; None: they are nobody's.
        left: the units that are free.
        granted: the units of the grants that they are left of.
        value: what they are worth; None: nobody said.
        expires_on: their last day, without grace.
        book_by: the last day on which they can be booked.
        margin: how long before that the promise says to remind.

    Rules: N12.
    """

    key: str
    at: Instant
    kind: Literal["book", "forfeiture"]
    benefit: Benefit
    holder: str | None
    left: BenefitQuantity
    granted: BenefitQuantity
    value: Amount | None
    expires_on: date
    book_by: date
    margin: Days | Months

    @property
    def to(self) -> Literal["customer", "account-manager"]:
        """Who should hear it."""
        return "customer" if self.kind == "book" else "account-manager"

    def __str__(self) -> str:
        return _to_customer(self) if self.kind == "book" else _to_manager(self)

    def explain(self) -> Explanation[date]:
        """Show how the day was counted back from the last one, with the term of each step."""
        benefit = self.benefit
        name = "remind_margins" if self.kind == "book" else "forfeit_margins"
        base = self.book_by if self.kind == "book" else last_usable_day(benefit, self.expires_on)
        steps = [expiry_step(benefit, self.expires_on)]
        if self.kind == "book" and self.book_by != self.expires_on:
            working = f"{self.expires_on} − {benefit.booking_lead} booking lead"
            steps.append(Step("N6", "book by", working, str(self.book_by), term_of(benefit, "booking_lead")))
        day, due = benefit.zone.date_of(self.at), self.margin.before(base)
        steps.append(Step("N12", "due", f"{base} − {self.margin} margin", str(due), term_of(benefit, name)))
        if day != due:
            steps.append(Step("N12", "remind", f"nothing was free from {due} on", str(day)))
        return Explanation(self.key, day, steps)

    def to_row(self) -> dict[str, Any]:
        """The reminder as a plain dict of texts and whole numbers, ready for a data frame."""
        benefit = self.benefit
        return {
            "key": self.key,
            "at": self.at.isoformat(),
            "day": benefit.zone.date_of(self.at).isoformat(),
            "to": self.to,
            "kind": self.kind,
            "benefit": benefit.id,
            "contract": benefit.contract,
            "customer": benefit.customer,
            "tier": benefit.tier,
            "holder": self.holder,
            "left": self.left.amount,
            "granted": self.granted.amount,
            "unit": benefit.unit,
            "value": None if self.value is None else str(self.value),
            "book_by": self.book_by.isoformat(),
            "expires_on": self.expires_on.isoformat(),
            "book_at": benefit.book_at,
            "text": str(self),
        }


def remind(
    benefits: Iterable[AnyBenefit],
    events: Iterable[Event],
    *,
    since: datetime | date | str,
    until: datetime | date | str,
    known_at: datetime | None = None,
) -> tuple[Reminder, ...]:
    """List the reminders that are due from one instant up to another, each once however time is cut.

    There is none for what is used up or booked. If several margins of the same units fall on one day, because units
    came late, the shortest of them speaks for all.

    Args:
        benefits: what was promised, to as many customers as you like; discounts are passed over.
        events: what happened, in any order; events about anything else pass by.
        since: the first instant; a date is its first instant in the zone of each benefit.
        until: the first instant that no longer belongs.
        known_at: leave out what was recorded after this instant.

    Raises:
        ForeignEvent: for an event that could belong to several of the benefits.
        InvalidValue: for a benefit that is given twice or has no term, and for an end before the start.

    Rules: N12.

    Example:
        >>> from supportcontracts.timeline import Term
        >>> training = Benefit(
        ...     "training", unit="training day", quantity=2, expires="term", booking_lead=Days(42),
        ...     remind_margins=Days(14), term=Term("2025-01-01", months=12, zone="Europe/Berlin"),
        ... )
        >>> for reminder in remind([training], [], since="2025-11-05", until="2025-11-06"):
        ...     print(reminder)
        Both of your training days are left. They must take place by 31 December 2025; please book by 19 November 2025.
    """
    promised = tuple(benefits)
    found: list[Reminder] = []
    for benefit, sorted_ in zip(promised, sort_out("remind", promised, events, known_at=known_at), strict=True):
        if isinstance(benefit, Benefit):
            first, last = (epoch(benefit.zone.moment(each)) for each in (since, until))
            if last < first:
                expected = f"an instant not before {from_epoch(first)} was expected"
                raise InvalidValue("remind(until=…)", str(from_epoch(last)), expected)
            books = Fold(benefit).run(sorted_.before(last), last)
            found += (reminder for reminder in _reminders(books, last) if first <= epoch(reminder.at))
    return tuple(sorted(found, key=lambda reminder: (reminder.at, reminder.key)))


Units = tuple[date, str | None]
"""The units that a reminder is about: those with one last day, of one holder."""


def _reminders(books: Books, until: int) -> Iterator[Reminder]:
    """Yield every reminder of a benefit before an instant."""
    benefit = books.benefit
    seen = ((shot.expires_on, shot.grant.holder) for shot in books.snapshots if shot.expires_on is not None)
    for units in dict.fromkeys(seen):
        book_by = last_booking_day(benefit, units[0])
        usable = last_usable_day(benefit, units[0])
        for kind, margins, last in (
            ("book", benefit.remind_margins, book_by),
            ("forfeiture", benefit.forfeit_margins, usable),
        ):
            yield from _of_units(books, units, kind, margins, last, until)  # type: ignore[arg-type]  # one of two words


def _of_units(
    books: Books,
    units: Units,
    kind: Literal["book", "forfeiture"],
    margins: Sequence[Days | Months],
    last: date,
    until: int,
) -> Iterator[Reminder]:
    """Yield the reminders about some units: of the margins that fall on one day, the shortest."""
    by_day: dict[date, Days | Months] = {}
    for margin in sorted(margins, key=lambda margin: margin.before(last)):
        day = _first_free(books, units, margin.before(last), last, until)
        if day is not None:
            by_day[day] = margin
    for day, margin in by_day.items():
        yield _reminder(books, units, kind, margin, day)


def _first_free(books: Books, units: Units, first: date, last: date, until: int) -> date | None:
    """Return the first local day, of those given, at whose start units are free; None if there is none before `until`.

    Only at its first day, and after something happened, can that have become so.
    """
    zone = books.benefit.zone
    days = {first}
    for shot in books.snapshots:
        day = zone.date_of_epoch(shot.at)
        days.add(_ONE_DAY.after(day) if shot.by_event or zone.start_of_epoch(day) < shot.at else day)
    for day in sorted(day for day in days if first <= day <= last):
        start = zone.start_of_epoch(day)
        if start >= until:
            return None
        if any(shot.left for shot in _at(books, units, start)):
            return day
    return None


def _at(books: Books, units: Units, start: int) -> list[Snapshot]:
    """List what the grants of some units look like at the start of a day, before anything happens on it."""
    latest = {
        shot.grant.id: shot for shot in books.snapshots if shot.at < start or (shot.at == start and not shot.by_event)
    }
    return [shot for shot in latest.values() if (shot.expires_on, shot.grant.holder) == units]


def _reminder(
    books: Books, units: Units, kind: Literal["book", "forfeiture"], margin: Days | Months, day: date
) -> Reminder:
    benefit = books.benefit
    start = benefit.zone.start_of_epoch(day)
    shots = _at(books, units, start)
    left = sum(shot.left for shot in shots)
    values = [benefit.value(shot.left, shot.grant.worth) for shot in shots]
    known = [value for value in values if value is not None]
    expires_on, holder = units
    whose = benefit.contract or benefit.customer
    key = "/".join(filter(None, (whose, benefit.id, holder, str(expires_on), kind, str(margin))))
    return Reminder(
        key,
        from_epoch(start),
        kind,
        benefit,
        holder,
        benefit.of(left),
        benefit.of(sum(shot.granted for shot in shots)),
        sum(known[1:], start=known[0]) if known else None,
        expires_on,
        last_booking_day(benefit, expires_on),
        margin,
    )


# Words


def _left_of(reminder: Reminder) -> str:
    """Say what is left of what there was, as somebody would."""
    benefit, left, granted = reminder.benefit, reminder.left, reminder.granted
    if isinstance(left, WorkTime) or isinstance(granted, WorkTime):
        whole = (
            f"{left} of your {granted} of {benefit.unit}"
            if left != granted
            else f"All of your {granted} of {benefit.unit}"
        )
        return f"{whole} is left"
    if granted.count == 1:
        return f"Your {benefit.unit} is unused"
    if left == granted:
        all_ = "Both of your" if granted.count == 2 else f"All {in_words(granted.count)} of your"
        return f"{all_} {granted.plural} are left"
    number = capital(in_words(left.count))
    return f"{number} of your {in_words(granted.count)} {granted.plural} {'is' if left.count == 1 else 'are'} left"


def _to_customer(reminder: Reminder) -> str:
    benefit = reminder.benefit
    said = [_left_of(reminder)]
    if reminder.value is not None:
        said.append(f"worth {reminder.value}")
    conditions = [] if benefit.people is None else [for_whom(benefit.people, benefit.people_per)]
    if benefit.place:
        conditions.append(listed(map(where, benefit.place), "or"))
    if reminder.holder is not None:
        conditions.append(f"assigned to {reminder.holder}")
    about = f": {', '.join(conditions)}" if conditions else ""
    it = "It" if isinstance(reminder.left, WorkTime) or reminder.left.count == 1 else "They"
    last, book_by = day_in_words(reminder.expires_on), day_in_words(reminder.book_by)
    at = f" at {benefit.book_at}" if benefit.book_at else ""
    if benefit.by_expiry == "booked":
        return f"{', '.join(said)}{about}. Please book by {last}{at}."
    if benefit.needs_assignment and reminder.holder is None:
        return f"{', '.join(said)}{about}. {it} must be assigned to a person by {last}{at}."
    must = f"{it} must take place by {last}"
    if reminder.book_by == reminder.expires_on and not at:
        return f"{', '.join(said)}{about}. {must}."
    return f"{', '.join(said)}{about}. {must}; please book by {book_by}{at}."


def _to_manager(reminder: Reminder) -> str:
    benefit = reminder.benefit
    whose = " · ".join(filter(None, (benefit.customer, benefit.contract, reminder.holder)))
    worth = "" if reminder.value is None else f", worth {reminder.value},"
    it = "it" if isinstance(reminder.left, WorkTime) or reminder.left.count == 1 else "they"
    amount = amount_in_words(benefit, benefit.measure(reminder.left.amount))
    usable = day_in_words(last_usable_day(benefit, reminder.expires_on))
    day = benefit.zone.date_of(reminder.at)
    book = f"{it} can be booked until {day_in_words(reminder.book_by)}"
    if day > reminder.book_by:
        book = f"{it} had to be booked by {day_in_words(reminder.book_by)}; only an extension can help"
    return f"{whose + ': ' if whose else ''}{amount}{worth} will be forfeited after {usable}; {book}."
