"""Strategies for what happens to benefits: single events, whole histories, and the cases that their laws take.

Events meet where something is decided: at the first and last second of grants, on the last day of booking, on the last
day of a notice, at the same instant as each other. Quantities use up what is granted, or just exceed it.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, get_args

import attrs
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.contracts.benefits import Benefit, Measure
from supportcontracts.contracts.benefits.schedule import expiry_of, grants_due, last_booking_day, last_usable_day
from supportcontracts.contracts.benefits.units import raw
from supportcontracts.events import (
    BenefitAssigned,
    BenefitCancelled,
    BenefitEnded,
    BenefitEvent,
    BenefitExtended,
    BenefitGranted,
    BenefitReserved,
    ConditionMet,
    Event,
    NoShow,
    Redeemed,
    Replace,
    Void,
    kind_rank,
)
from supportcontracts.money import Money, Price
from supportcontracts.quantity import WorkTime
from supportcontracts.testing.strategies._drawing import bounds, drawn, kinds_of, one_in, pick
from supportcontracts.testing.strategies.promises import CONDITION, COVERED, PERSONS, PLACES, benefits, draw_measure
from supportcontracts.timeline import Days, Instant, Zone, epoch, from_epoch

__all__ = ["BenefitCase", "benefit_cases", "benefit_events", "benefit_histories"]


def __dir__() -> list[str]:
    return __all__


BenefitCase = tuple[Benefit, list[Event], Instant]
"""A benefit, its history, and the instant as of which to look at it."""

BENEFIT_KINDS: tuple[type[BenefitEvent], ...] = get_args(BenefitEvent)

DAY = 86_400
_SHIFTS = (0, 0, 0, -1, 1, 9 * 3600, DAY, -DAY)
_AHEAD = (3600, 0, DAY, 14 * DAY, 42 * DAY, 15 * DAY, 60 * DAY)
_LAGS = (None, None, None, 5 * DAY, -DAY)
_ONE_DAY = timedelta(days=1)


class Life:
    """One history of a benefit while it is drawn: the instants that matter, and what later events can refer to."""

    def __init__(self, benefit: Benefit) -> None:
        self.benefit = benefit
        self.zone = benefit.zone
        self.events: list[Event] = []
        self.bookings: dict[str, BenefitReserved] = {}
        self.grants: list[str] = []
        self.focus: list[int] = []
        self.starts: list[int] = []
        for due in islice(grants_due(benefit), 4):
            self.grants.append(due.name)
            expires_on = expiry_of(benefit, due.starts_on, due.period_last, due.term.last_day)
            self._watch(due.starts_on, expires_on)
        self.span = epoch(benefit.term[0].start), epoch(benefit.term[-1].end)
        if not self.focus:
            term = benefit.term[0]
            self._watch(term.starts_on, expiry_of(benefit, term.starts_on, None, term.last_day))

    def _watch(self, first: date, expires_on: date | None) -> None:
        days = [first]
        if expires_on is not None:
            usable = last_usable_day(self.benefit, expires_on)
            book_by = last_booking_day(self.benefit, expires_on)
            days += [expires_on + _ONE_DAY, usable + _ONE_DAY, book_by, book_by + _ONE_DAY]
        self.focus += [self.zone.start_of_epoch(day) for day in days]
        self.starts.append(self.zone.start_of_epoch(first))

    def moment(self, draw: DrawFn) -> int:
        """Draw when something happens: in the terms, at an instant that matters or next to it, seldom around them."""
        how = pick(draw, ("inside", "inside", "focus", "focus", "around"))
        if how == "focus":
            return pick(draw, self.focus) + pick(draw, _SHIFTS)
        first, last = self.span
        around = 40 if how == "around" else 0
        return draw(st.integers(first // DAY - around, last // DAY + around)) * DAY + draw(_SECONDS)

    def early(self, draw: DrawFn) -> int:
        """Draw an instant soon after a grant, from which there is time to book."""
        return pick(draw, self.starts) + pick(draw, (9 * 3600, 0, DAY, 10 * DAY))

    def add(self, event: Event) -> None:
        """Let an event happen."""
        self.events.append(event)
        if event.epoch not in self.focus and len(self.focus) < 24:
            self.focus.append(event.epoch)
        if isinstance(event, BenefitReserved):
            self.bookings.setdefault(event.key, event)
            if event.takes_place_at is not None:
                self._meet(event)
        if isinstance(event, BenefitGranted):
            self.grants.append(event.id)

    def _meet(self, booked: BenefitReserved) -> None:
        """Watch when it takes place, and the last day on which it can be cancelled."""
        assert booked.takes_place_at is not None
        day = self.zone.date_of(booked.takes_place_at)
        notice = self.benefit.cancel_notice
        days = [] if notice is None else [notice.before(day), notice.before(day) + _ONE_DAY]
        self.focus += [self.zone.start_of_epoch(each) for each in days]


_SECONDS = st.integers(0, DAY - 1)


def _head(draw: DrawFn, life: Life, id_: str, at: int) -> dict[str, Any]:
    lag, said = pick(draw, _LAGS), one_in(draw, 4)
    benefit = life.benefit
    return {
        "id": id_,
        "at": from_epoch(at),
        "benefit": benefit.id,
        "customer": benefit.customer if said else None,
        "contract": benefit.contract if said else None,
        "recorded_at": None if lag is None else from_epoch(at + lag),
    }


def _quantity(draw: DrawFn, life: Life) -> Measure:
    """Draw one unit, all that is granted, one more, or any; seldom in the wrong unit."""
    timed = isinstance(life.benefit.quantity, WorkTime)
    if one_in(draw, 20):
        return draw_measure(draw, timed=not timed)
    whole = raw(life.benefit.quantity)
    if timed:
        return pick(draw, (WorkTime(900), life.benefit.quantity, WorkTime(whole - 1), WorkTime(1), WorkTime(whole + 1)))
    return pick(draw, (1, 1, whole, 2, whole + 1))


def _said(draw: DrawFn) -> dict[str, Any]:
    """Draw what is said of who takes part, and where; mostly nothing."""
    options: dict[str, Any] = {}
    if one_in(draw, 4):
        options["who"] = pick(draw, (PERSONS[:1], PERSONS[1:2], PERSONS[2:], PERSONS[:2]))
    if one_in(draw, 8):
        options["people"] = pick(draw, (2, 3, 12))
    if one_in(draw, 8):
        options["place"] = pick(draw, (*PLACES, "Hotel Elbe"))
    if one_in(draw, 8):
        options["waives"] = pick(draw, (("place",), ("booking-lead",), ("people", "person")))
    return options


def _use(draw: DrawFn, life: Life) -> dict[str, Any]:
    options = _said(draw)
    if life.benefit.exchanges and one_in(draw, 3):
        options["exchange"] = pick(draw, (*(each.what for each in life.benefit.exchanges), "lunch"))
    return options


def _granted(draw: DrawFn, life: Life, id_: str, at: int) -> BenefitGranted:
    options: dict[str, Any] = {"origin": pick(draw, ("granted", "bought", "earned", "earned", "courtesy"))}
    if options["origin"] == "earned":
        options["earned_by"] = pick(draw, (*COVERED, "archive", None))
    if one_in(draw, 3):
        day = life.zone.date_of_epoch(at)
        options["expires_on"] = day + pick(draw, (30, 0, 200, -1)) * _ONE_DAY
    if life.benefit.worth is not None and one_in(draw, 4):
        currency = life.benefit.worth.currency
        timed = isinstance(life.benefit.worth, Price)
        options["worth"] = Price("60", currency, "h") if timed else Money.from_minor(2500, currency)
    return BenefitGranted(**_head(draw, life, id_, at), quantity=_quantity(draw, life), **options)


def _assigned(draw: DrawFn, life: Life, id_: str, at: int) -> BenefitAssigned:
    taken: dict[str, Any] = {"taken_from": pick(draw, PERSONS[:2])} if one_in(draw, 3) else {}
    return BenefitAssigned(
        **_head(draw, life, id_, at), person=pick(draw, PERSONS), quantity=_quantity(draw, life), **taken
    )


def _reserved(draw: DrawFn, life: Life, id_: str, at: int) -> BenefitReserved:
    key = pick(draw, [*life.bookings]) if life.bookings and one_in(draw, 8) else f"K-{id_}"
    options = _use(draw, life)
    if not one_in(draw, 6):
        later = [moment + shift for moment in life.focus for shift in (0, -1) if moment + shift >= at]
        starts = pick(draw, later) if later and one_in(draw, 3) else at + pick(draw, _ahead(life.benefit))
        options["takes_place_at"] = from_epoch(starts)
        if one_in(draw, 4):
            options["ends_at"] = from_epoch(starts + pick(draw, (1, 8 * 3600, DAY, 2 * DAY)))
    return BenefitReserved(**_head(draw, life, id_, at), key=key, quantity=_quantity(draw, life), **options)


def _ahead(benefit: Benefit) -> tuple[int, ...]:
    """List how long after its booking something takes place: mostly as long as the lead asks, or a day less."""
    lead = benefit.booking_lead
    if lead is None:
        return _AHEAD
    days = lead.count * (1 if isinstance(lead, Days) else 31)
    return days * DAY, (days + 1) * DAY, (days + 20) * DAY, max(days - 1, 0) * DAY, *_AHEAD


def _key(draw: DrawFn, life: Life) -> str:
    """Draw the key of a booking, seldom of one that never was."""
    return "K-0" if not life.bookings or one_in(draw, 16) else pick(draw, [*reversed(life.bookings)])


def _after(draw: DrawFn, life: Life, key: str, at: int) -> int:
    """Draw when something becomes of a booking: when it takes place, or soon after it was made, or at any time."""
    booking = life.bookings.get(key)
    if booking is None or one_in(draw, 4):
        return at
    if booking.takes_place_at is not None and one_in(draw, 2):
        return life.zone.start_of_epoch(life.zone.date_of(booking.takes_place_at)) + pick(draw, (9 * 3600, 0, -1, DAY))
    return booking.epoch + pick(draw, (3600, 0, DAY, 10 * DAY))


def _cancelled(draw: DrawFn, life: Life, id_: str, at: int) -> BenefitCancelled:
    key = _key(draw, life)
    options: dict[str, Any] = {"quantity": _quantity(draw, life)} if one_in(draw, 4) else {}
    if one_in(draw, 6):
        options["waives"] = "cancel-notice"
    return BenefitCancelled(**_head(draw, life, id_, _after(draw, life, key, at)), key=key, **options)


def _no_show(draw: DrawFn, life: Life, id_: str, at: int) -> NoShow:
    key = _key(draw, life)
    return NoShow(**_head(draw, life, id_, _after(draw, life, key, at)), key=key)


def _redeemed(draw: DrawFn, life: Life, id_: str, at: int) -> Redeemed:
    options = _use(draw, life)
    if not life.bookings or one_in(draw, 3):
        return Redeemed(**_head(draw, life, id_, at), quantity=_quantity(draw, life), **options)
    key = _key(draw, life)
    quantity = None if one_in(draw, 2) else _quantity(draw, life)
    head = _head(draw, life, id_, _after(draw, life, key, at))
    return Redeemed(**head, quantity=quantity, reservation=key, **options)


def _extended(draw: DrawFn, life: Life, id_: str, at: int) -> BenefitExtended:
    day = life.zone.date_of_epoch(pick(draw, life.focus)) + pick(draw, (30, 0, 1, 90, -1)) * _ONE_DAY
    options: dict[str, Any] = {"forfeited": pick(draw, ("stay", "return"))}
    if one_in(draw, 3):
        options["grant"] = pick(draw, [*life.grants, "B-0"])
    return BenefitExtended(**_head(draw, life, id_, at), expires_on=day, reason="illness", **options)


def _condition_met(draw: DrawFn, life: Life, id_: str, at: int) -> ConditionMet:
    return ConditionMet(**_head(draw, life, id_, at), condition=pick(draw, (CONDITION, CONDITION, "survey")))


def _ended(draw: DrawFn, life: Life, id_: str, at: int) -> BenefitEnded:
    return BenefitEnded(**_head(draw, life, id_, at))


_MAKERS: dict[type[BenefitEvent], Callable[[DrawFn, Life, str, int], BenefitEvent]] = {
    BenefitReserved: _reserved,
    Redeemed: _redeemed,
    BenefitCancelled: _cancelled,
    BenefitGranted: _granted,
    NoShow: _no_show,
    BenefitExtended: _extended,
    BenefitAssigned: _assigned,
    ConditionMet: _condition_met,
    BenefitEnded: _ended,
}
_OFTEN = {BenefitReserved: 2, Redeemed: 3, BenefitGranted: 2, BenefitExtended: 2, BenefitAssigned: 2}
_PATHS: tuple[tuple[tuple[type[BenefitEvent], ...], int], ...] = (
    ((BenefitReserved, Redeemed), 4),
    ((BenefitReserved, BenefitCancelled), 4),
    ((BenefitReserved, NoShow), 3),
    ((BenefitReserved, BenefitCancelled, Redeemed), 1),
    ((BenefitReserved, BenefitExtended, Redeemed), 1),
    ((BenefitAssigned, Redeemed), 1),
    ((BenefitAssigned, BenefitAssigned, BenefitReserved), 1),
)
"""What tends to follow what, and how often."""


def draw_benefit_event(draw: DrawFn, life: Life, kind: type[BenefitEvent], id_: str, at: int) -> BenefitEvent:
    """Draw one event of a kind; what becomes of a booking may happen at another instant than the one given."""
    return _MAKERS[kind](draw, life, id_, at)


def benefit_events(
    benefit: Benefit, *, kinds: Collection[type[BenefitEvent]] | None = None
) -> SearchStrategy[BenefitEvent]:
    """Generate single events of a benefit that states its term.

    Args:
        benefit: the benefit that they are about.
        kinds: the classes of events to generate.

    Raises:
        InvalidArgument: for anything but a benefit with a term, and for an unknown kind.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(benefits(term="stated").flatmap(benefit_events))
        ... def events_name_their_benefit(event):
        ...     assert event.benefit == "B-1"
        >>> events_name_their_benefit()
    """
    chosen = kinds_of("benefit_events", kinds, tuple(_MAKERS))
    checked_benefit("benefit_events", benefit)

    def build(draw: DrawFn) -> BenefitEvent:
        life = Life(benefit)
        return draw_benefit_event(draw, life, pick(draw, chosen), f"X-{draw(_FIRST)}", life.moment(draw))

    return drawn(build)


_FIRST = st.integers(1, 99)


def checked_benefit(strategy: str, benefit: object) -> Benefit:
    """Return the benefit that a strategy is given.

    Raises:
        InvalidArgument: for anything else, and for one without a term.
    """
    if not isinstance(benefit, Benefit) or not benefit.term:
        hint = 'draw one first with benefits(term="stated"), or use benefit_cases()'
        raise InvalidArgument(f"{strategy}: {benefit!r} is no benefit with a term; {hint}")
    return benefit


def draw_life(draw: DrawFn, benefit: Benefit, kinds: Sequence[type[BenefitEvent]], most: int) -> list[Event]:
    """Draw a history with at most so many events, some of them corrected or given twice."""
    life = Life(benefit)
    wheel: list[tuple[type[BenefitEvent], ...]] = [(kind,) for kind in kinds for _ in range(_OFTEN.get(kind, 1))]
    wheel += [path for path, often in _PATHS if set(path) <= set(kinds) for _ in range(often)]

    def play(draw: DrawFn) -> None:
        count = len(life.events) + 1
        facts = [event for event in life.events if not isinstance(event, (Void, Replace))]
        if facts and one_in(draw, 10):
            life.add(_correction(draw, facts, f"V-{count}"))
        elif facts and one_in(draw, 20):
            life.events.append(attrs.evolve(pick(draw, facts), recorded_at=None))
        else:
            path = pick(draw, wheel)
            at = life.moment(draw) if len(path) == 1 or one_in(draw, 3) else life.early(draw)
            for place, kind in enumerate(path):
                life.add(draw_benefit_event(draw, life, kind, f"E-{count + place}", at))
                at += pick(draw, (3600, 0, DAY, 10 * DAY))

    least = pick(draw, range(max(most - 1, 1)))
    draw(st.lists(drawn(play), min_size=least, max_size=min(least + 2, most)))
    events = life.events[:most]
    order = pick(draw, ("canonical", "as drawn", "reversed"))
    if order == "canonical":
        return sorted(events, key=lambda event: (event.epoch, kind_rank(event), event.id))
    return events if order == "as drawn" else events[::-1]


def _correction(draw: DrawFn, facts: Sequence[Any], id_: str) -> Void | Replace:
    """Draw the removal of an event, or the same event at another instant."""
    fact = pick(draw, facts)
    at = from_epoch(fact.epoch + pick(draw, (DAY, 0)))
    if one_in(draw, 2):
        return Void(id_, at, target=fact.id)
    moved = fact.epoch - pick(draw, (3600, 0, DAY))
    return Replace(id_, at, target=fact.id, by=attrs.evolve(fact, at=from_epoch(moved), recorded_at=None))


def benefit_histories(
    benefit: Benefit, *, kinds: Collection[type[BenefitEvent]] | None = None, max_events: int = 10
) -> SearchStrategy[list[Event]]:
    """Generate histories of a benefit that states its term: in any order, some events corrected, some twice.

    Args:
        benefit: the benefit that they are of.
        kinds: the classes of events to generate, beside corrections.
        max_events: the most events.

    Raises:
        InvalidArgument: for anything but a benefit with a term, an unknown kind, or fewer than no events.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(benefits(term="stated").flatmap(benefit_histories))
        ... def histories_are_short(events):
        ...     assert len(events) <= 10
        >>> histories_are_short()
    """
    bounds("benefit_histories", int, 0, max_events)
    chosen = kinds_of("benefit_histories", kinds, tuple(_MAKERS))
    return drawn(draw_life, checked_benefit("benefit_histories", benefit), chosen, max_events)


def benefit_cases(
    *,
    zone: Zone | str | None = None,
    kinds: Collection[type[BenefitEvent]] | None = None,
    max_events: int = 10,
) -> SearchStrategy[BenefitCase]:
    """Generate what a law of benefits takes: a benefit, its history, and the instant as of which to look at it.

    Args:
        zone: the zone of the benefit.
        kinds: the classes of events to generate, beside corrections.
        max_events: the most events.

    Raises:
        InvalidArgument: for an unknown zone or kind, or fewer than no events.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(benefit_cases(max_events=3))
        ... def there_are_at_most_three(case):
        ...     benefit, events, as_of = case
        ...     assert len(events) <= 3
        >>> there_are_at_most_three()
    """
    promised = benefits(zone=zone, term="stated")
    chosen = kinds_of("benefit_cases", kinds, tuple(_MAKERS))
    bounds("benefit_cases", int, 0, max_events)

    def build(draw: DrawFn) -> BenefitCase:
        benefit = draw(promised)
        events = draw_life(draw, benefit, chosen, max_events)
        life = Life(benefit)
        last = max([*life.focus, *(event.epoch for event in events)])
        instants = [last + 400 * DAY, *life.focus, *(event.epoch for event in events)]
        return benefit, events, from_epoch(pick(draw, instants) + pick(draw, (0, 1)))

    return drawn(build)
