"""Laws of reminders and requests: each reminder once and in time, and a yes is a yes when it is recorded."""

from datetime import date, timedelta
from itertools import pairwise

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from supportcontracts.benefits import Redeemable, RedemptionRequest, Reminder, benefit_status, can_redeem, remind
from supportcontracts.contracts.benefits import Benefit
from supportcontracts.contracts.benefits.schedule import last_booking_day, last_usable_day
from supportcontracts.events import BenefitReserved, Event, Replace, Void
from supportcontracts.testing.strategies import BenefitCase, benefit_cases, benefit_events
from supportcontracts.timeline import Days, Instant, Months

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)

Group = tuple[date, str | None]


MARGINS = st.lists(st.sampled_from([Days(14), Days(0), Days(3), Days(60), Months(1)]), unique=True, max_size=3)


def reminding_cases(max_events: int = 8) -> st.SearchStrategy[BenefitCase]:
    """Generate cases of benefits that are reminded of, where they expire at all."""

    def remindful(case: BenefitCase, book: list[Days | Months], forfeit: list[Days | Months]) -> BenefitCase:
        benefit, events, as_of = case
        return attrs.evolve(benefit, remind_margins=book, forfeit_margins=forfeit), events, as_of

    return st.builds(remindful, benefit_cases(max_events=max_events), MARGINS, MARGINS)


def window(benefit: Benefit, events: list[Event]) -> tuple[Instant, Instant]:
    """Return instants before and after everything that may happen to a benefit."""
    days = [benefit.term[0].start, benefit.term[-1].end, *(event.at for event in events)]
    return min(days) - 800 * DAY, max(days) + 1200 * DAY


@pytest.mark.rule("N12")
@given(reminding_cases(), st.data())
def test_each_reminder_is_in_exactly_one_window(case: BenefitCase, data: st.DataObject) -> None:
    """However time is cut, the windows together give the reminders of the whole, each once."""
    benefit, events, as_of = case
    first, last = window(benefit, events)
    whole = remind([benefit], events, since=first, until=last)
    instants = [as_of, *(each.at for each in whole), *(each.at + SECOND for each in whole)]
    cuts = sorted(data.draw(st.lists(st.sampled_from(instants), max_size=4)))
    edges = [first, *(cut for cut in cuts if first <= cut <= last), last]
    parts = [
        reminder for since, until in pairwise(edges) for reminder in remind([benefit], events, since=since, until=until)
    ]
    assert parts == list(whole)
    assert len({reminder.key for reminder in whole}) == len(whole)


@pytest.mark.rule("N12", "N6")
@given(reminding_cases())
def test_a_reminder_comes_early_enough_to_book(case: BenefitCase) -> None:
    """It is due at the start of a local day, on the last day of booking at the latest, and at its margin or later."""
    benefit, events, _ = case
    first, last = window(benefit, events)
    for reminder in remind([benefit], events, since=first, until=last):
        zone = benefit.zone
        assert zone.start_of(zone.date_of(reminder.at)) == reminder.at
        final = reminder.book_by if reminder.kind == "book" else last_usable_day(benefit, reminder.expires_on)
        assert reminder.margin.before(final) <= zone.date_of(reminder.at) <= final
        assert reminder.book_by == last_booking_day(benefit, reminder.expires_on)
        assert 0 < reminder.left.amount <= reminder.granted.amount
        assert reminder.explain().amount == zone.date_of(reminder.at)
        assert str(reminder)


def before(events: list[Event], at: Instant) -> list[Event]:
    """List what happened before an instant."""
    return [event for event in events if event.at < at]


@pytest.mark.rule("N12")
@given(reminding_cases())
def test_a_job_that_runs_at_midnight_knows_enough(case: BenefitCase) -> None:
    """A reminder follows from what happened before the midnight at which it is due, and from nothing later."""
    benefit, events, _ = case
    assume(not any(isinstance(event, (Void, Replace)) for event in events))
    first, last = window(benefit, events)
    whole = remind([benefit], events, since=first, until=last)
    for reminder in whole:
        then = remind([benefit], before(events, reminder.at), since=reminder.at, until=reminder.at + SECOND)
        assert reminder in then


def free(benefit: Benefit, events: list[Event], at: Instant) -> dict[Group, int]:
    """Say what is free at the start of a day, by last day and holder, before anything happens on it."""
    found: dict[Group, int] = {}
    for grant in benefit_status(benefit, before(events, at), as_of=at + SECOND).grants:
        if grant.expires_on is not None:
            group = grant.expires_on, grant.holder
            found[group] = found.get(group, 0) + grant.left.amount
    return found


def day_by_day(benefit: Benefit, events: list[Event]) -> set[tuple[date, Group, str, Days | Months]]:
    """Find the reminders by looking at every day: of the margins that are pending when units are free, the shortest."""
    moves = benefit_status(benefit, events, as_of=window(benefit, events)[1]).movements
    instants = {benefit.term[0].start + SECOND, *(event.at + SECOND for event in events)}
    instants |= {move.at + SECOND for move in moves}
    groups = {group for instant in instants for group in free(benefit, events, instant)}
    found = set()
    for group in groups:
        for kind, margins, last in (
            ("book", benefit.remind_margins, last_booking_day(benefit, group[0])),
            ("forfeiture", benefit.forfeit_margins, last_usable_day(benefit, group[0])),
        ):
            pending = {margin: margin.before(last) for margin in margins}
            day = min(pending.values(), default=last + DAY)
            while pending and day <= last:
                due = [margin for margin, since in pending.items() if since <= day]
                if due and free(benefit, events, benefit.zone.start_of(day)).get(group):
                    found.add((day, group, kind, max(due, key=lambda margin: pending[margin])))
                    pending = {margin: since for margin, since in pending.items() if margin not in due}
                day += DAY
    return found


@pytest.mark.rule("N12")
@given(reminding_cases(max_events=5))
def test_reminders_are_those_found_by_looking_at_every_day(case: BenefitCase) -> None:
    """Nothing is left out and nothing is added: the same days as by looking every midnight."""
    benefit, events, _ = case
    assume(not any(isinstance(event, (Void, Replace)) for event in events))
    first, last = window(benefit, events)
    found: tuple[Reminder, ...] = remind([benefit], events, since=first, until=last)
    days = {(benefit.zone.date_of(each.at), (each.expires_on, each.holder), each.kind, each.margin) for each in found}
    assert days == day_by_day(benefit, events)


def request_of(event: BenefitReserved) -> RedemptionRequest:
    """Ask for what an event books."""
    return RedemptionRequest(
        event.key, quantity=event.quantity, takes_place_at=event.takes_place_at, ends_at=event.ends_at, who=event.who,
        people=event.people, place=event.place, exchange=event.exchange,
    )  # fmt: skip


@pytest.mark.rule("N3", "N5", "N6", "N7", "N11")
@given(benefit_cases(max_events=6), st.data())
def test_a_yes_that_is_recorded_is_never_refused(case: BenefitCase, data: st.DataObject) -> None:
    """Recorded at the same instant, a yes takes its units, and a no is refused for the same reasons."""
    benefit, events, _ = case
    asked = data.draw(benefit_events(benefit, kinds={BenefitReserved}))
    assert isinstance(asked, BenefitReserved)
    assume(not asked.waives)
    assume(all(event.at != asked.at for event in events))
    answer = can_redeem(benefit, request_of(asked), events=events, as_of=asked.at)
    then = asked.at + SECOND
    without = benefit_status(benefit, events, as_of=then)
    if isinstance(answer, Redeemable):
        status = benefit_status(benefit, [*events, *answer.events], as_of=then)
        assert status.refusals == without.refusals
        booked = sum(quantity.amount for _, quantity in answer.grants)
        assert without.left.amount - status.left.amount == (booked if answer.events else 0)
        assert status.left == answer.left
    else:
        recorded = BenefitReserved(
            "Z-1", asked.at, benefit=benefit.id, key=asked.key, quantity=asked.quantity,
            takes_place_at=asked.takes_place_at, ends_at=asked.ends_at, who=asked.who, people=asked.people,
            place=asked.place, exchange=asked.exchange,
        )  # fmt: skip
        status = benefit_status(benefit, [*events, recorded], as_of=then)
        refusal = status.refusal("Z-1")
        assert refusal is not None
        assert tuple(unmet.code for unmet in refusal.unmet) == answer.codes
        assert status.left == without.left
    assert answer.explain().title
    assert str(answer)
