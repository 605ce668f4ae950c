"""Escalation by hand: when each level is reached, held, dropped, and sent once."""

import pickle
from fractions import Fraction
from typing import Any

import pytest

from supportcontracts import (
    CustomerReplied,
    Opened,
    Reopened,
    Resolved,
    Responded,
    Resumed,
    SeverityChanged,
    Targets,
    Tier,
    TierChanged,
    WaitingOnCustomer,
    minutes,
    percent,
)
from supportcontracts.contracts.escalation import EscalationLevel, Offset
from supportcontracts.coverage import WallTime
from supportcontracts.errors import InvalidValue
from supportcontracts.quantity import hours
from supportcontracts.sla import due_escalations
from tests.sla.builders import ALWAYS, OFFICE, PREMIUM, TUESDAY, WEDNESDAY, Ticket, at, shown
from tests.value_checks import refused

ONE = Tier("one", targets={1: Targets(resolution=OFFICE.hours(4)), 2: Targets(resolution=OFFICE.hours(8))})
WEEK: dict[str, Any] = {"since": at("00:00"), "until": at("2025-03-10 00:00")}


def sent(ticket: Ticket, *levels: EscalationLevel, agreed: Tier = ONE, **more: Any) -> list[tuple[str, str | None]]:
    """List what is to be sent in the week: the level, and when."""
    return [(each.level, shown(each.at)) for each in due_escalations(agreed, ticket.events, levels, **(WEEK | more))]


def level(name: str, place: Fraction | Offset, **more: Any) -> EscalationLevel:
    """Write a level briefly."""
    return EscalationLevel(name, place, **more)


@pytest.mark.rule("C16")
def test_shares_count_the_time_that_is_used() -> None:
    """Half of eight hours from Monday 10:00 is used at 14:00, all of it on Tuesday at 10:00, half more at 14:00."""
    levels = [level("half", percent(50)), level("all", percent(100)), level("more", percent(150))]
    assert sent(Ticket(), *levels) == [("half", "14:00"), ("all", f"{TUESDAY} 10:00"), ("more", f"{TUESDAY} 14:00")]
    third = sent(Ticket(), level("third", percent("33.3")))
    assert third == [("third", "12:39:51")]  # 9590.4 seconds, the first whole second at which so much is used


@pytest.mark.rule("C16")
def test_all_of_a_target_is_its_due_instant() -> None:
    """A day that ends at the same time is due in the evening, though its covered time is used up at closing."""
    agreed = Tier("same", targets={2: Targets(resolution=OFFICE.days(1, ends="same-time"))})
    levels = [level("all", percent(100)), level("nearly", percent("99.9"))]
    assert sent(Ticket(2, "18:00"), *levels, agreed=agreed) == [
        ("nearly", f"{TUESDAY} 16:59:32"),  # all but 28.8 of 28,800 seconds
        ("all", f"{TUESDAY} 18:00"),
    ]


@pytest.mark.rule("C16")
def test_offsets_count_from_the_due_instant() -> None:
    """Due on Tuesday at 10:00: two hours of cover before that is Monday 16:00, by the wall it is Tuesday 08:00."""
    covered = level("covered", Offset(hours(2), side="before-due"))
    wall = level("wall", Offset(hours(2), side="before-due", counted="wall"))
    after = level("after", Offset(hours(8), side="after-due"))
    later = level("later", Offset(hours(8), side="after-due", counted="wall"))
    assert sent(Ticket(), covered, wall, after, later) == [
        ("covered", "16:00"),
        ("wall", f"{TUESDAY} 08:00"),
        ("later", f"{TUESDAY} 18:00"),
        ("after", f"{WEDNESDAY} 10:00"),
    ]
    assert sent(Ticket(), level("now", Offset(minutes(0), side="after-due"))) == [("now", f"{TUESDAY} 10:00")]


@pytest.mark.rule("C16")
def test_targets_on_no_calendar_have_levels_too() -> None:
    """Thirty hours of wall time: half after 15, and an hour before due is an hour of the wall."""
    agreed = Tier("wall", targets={2: Targets(resolution=WallTime(hours(30)))})
    levels = [level("half", percent(50)), level("hour", Offset(hours(1), side="before-due"))]
    assert sent(Ticket(), *levels, agreed=agreed) == [("half", f"{TUESDAY} 01:00"), ("hour", f"{TUESDAY} 15:00")]


@pytest.mark.rule("C16")
def test_a_level_far_before_due_is_reached_at_the_start() -> None:
    """What lies before the clock began is reached when it begins."""
    assert sent(Ticket(), level("early", Offset(hours(40), side="before-due"))) == [("early", "10:00")]


@pytest.mark.rule("C16")
def test_a_pause_holds_up_what_it_holds_up() -> None:
    """Half is reached after four hours that count; a level that comes near in a pause is reached when it ends."""
    ticket = Ticket().then(WaitingOnCustomer, "13:00").then(Resumed, "15:00")
    assert sent(ticket, level("half", percent(50))) == [("half", "16:00")]
    exact = Ticket().then(WaitingOnCustomer, "14:00").then(Resumed, "15:00")
    assert sent(exact, level("half", percent(50))) == [("half", "15:00")]
    waiting = Ticket().then(WaitingOnCustomer, "14:00")
    assert sent(waiting, level("half", percent(50))) == []


@pytest.mark.rule("C16")
def test_what_is_met_at_the_instant_is_not_sent() -> None:
    """Resolved at 14:00, half was not exceeded; a second later, it was reached."""
    assert sent(Ticket().then(Resolved, "14:00"), level("half", percent(50))) == []
    assert sent(Ticket().then(Resolved, "14:00:01"), level("half", percent(50))) == [("half", "14:00")]


@pytest.mark.rule("C16")
def test_a_level_is_sent_once_for_a_clock() -> None:
    """Relaxed after half of the shorter target was sent, half of the longer one is not sent again."""
    ticket = Ticket(1).then(SeverityChanged, "13:00", severity=2)
    assert sent(ticket, level("half", percent(50))) == [("half", "12:00")]
    tightened = Ticket(2).then(SeverityChanged, "13:00", severity=1)
    assert sent(tightened, level("half", percent(50)), level("all", percent(100))) == [
        ("half", "13:00"),
        ("all", "14:00"),
    ]
    late = Ticket(2).then(SeverityChanged, f"{TUESDAY} 09:30", severity=1)
    assert sent(late, level("all", percent(100))) == [("all", f"{TUESDAY} 09:30")]


@pytest.mark.rule("C16")
def test_a_new_clock_has_its_own_levels() -> None:
    """Each unanswered message is a clock of its own, with a key of its own."""
    ticket = Ticket().then(Responded, "10:00").then(CustomerReplied, "11:00").then(Responded, "13:00")
    ticket.then(CustomerReplied, "14:00")
    found = due_escalations(PREMIUM, ticket.events, level("half", percent(50), metrics="next-response"), **WEEK)
    assert [(each.key, shown(each.at)) for each in found] == [
        ("T-1/next-response/1/half", "12:30"),
        ("T-1/next-response/2/half", "15:30"),
    ]


@pytest.mark.rule("C16")
def test_levels_are_for_their_metrics_and_severities() -> None:
    """A level for severity 1 begins to concern a ticket when it is raised, even if nothing else changes."""
    only = level("lead", percent(25), metrics="resolution", severities=1)
    assert sent(Ticket(2), only) == []
    equal = Tier("equal", targets=dict.fromkeys((1, 2), Targets(resolution=OFFICE.hours(8))))
    raised = Ticket(2).then(SeverityChanged, "15:00", severity=1)
    (found,) = due_escalations(equal, raised.events, only, **WEEK)
    assert (shown(found.at), found.severity) == ("15:00", 1)
    assert sent(Ticket(2), level("other", percent(50), metrics="first-response")) == []


@pytest.mark.rule("C14", "C16")
def test_nothing_is_reached_before_the_severity_is_known() -> None:
    """A severity that counts from the opening is escalated from when it was given."""
    ticket = Ticket(None).then(SeverityChanged, "15:00", severity=2)
    levels = [level("half", percent(50)), level("three quarters", percent(75))]
    assert sent(ticket, *levels) == [("half", "15:00"), ("three quarters", "16:00")]


# Hours


@pytest.mark.rule("C17")
def test_a_level_is_held_until_its_hours() -> None:
    """Reached at 23:00 on a clock that never closes, it is sent at 09:00, and says when it was reached."""
    agreed = Tier("always", targets={2: Targets(resolution=ALWAYS.hours(26))})
    held = level("half", percent(50), within=OFFICE)
    (found,) = due_escalations(agreed, Ticket().events, held, **WEEK)
    assert (shown(found.at), shown(found.reached_at), shown(found.due_at)) == (
        f"{TUESDAY} 09:00", "23:00", f"{TUESDAY} 12:00",
    )  # fmt: skip
    assert sent(Ticket(), level("half", percent(50), within=OFFICE)) == [("half", "14:00")]


@pytest.mark.rule("C17")
def test_what_is_met_while_it_is_held_is_dropped() -> None:
    """Resolved in the night, nobody is told in the morning; reopened, they are told when it comes to that again."""
    agreed = Tier("always", targets={2: Targets(resolution=ALWAYS.hours(26))})
    held = level("half", percent(50), within=OFFICE)
    night = Ticket().then(Resolved, f"{TUESDAY} 05:00")
    assert sent(night, held, agreed=agreed) == []
    again = Ticket().then(Resolved, f"{TUESDAY} 05:00").then(Reopened, f"{TUESDAY} 11:00")
    assert sent(again, held, agreed=agreed) == [("half", f"{TUESDAY} 11:00")]
    waiting = Ticket().then(WaitingOnCustomer, f"{TUESDAY} 05:00")
    assert sent(waiting, held, agreed=agreed) == [("half", f"{TUESDAY} 09:00")]


@pytest.mark.rule("C17", "C16")
def test_what_is_held_beyond_the_end_comes_later() -> None:
    """A span that ends in the night has nothing of it, the next one has it."""
    agreed = Tier("always", targets={2: Targets(resolution=ALWAYS.hours(26))})
    held = level("half", percent(50), within=OFFICE)
    evening = at(f"{TUESDAY} 08:00")
    assert sent(Ticket(), held, agreed=agreed, until=evening) == []
    assert sent(Ticket(), held, agreed=agreed, since=evening) == [("half", f"{TUESDAY} 09:00")]


# The verb


@pytest.mark.rule("C16")
def test_spans_are_half_open() -> None:
    """What is due at the end of a span belongs to the next one; an empty span has nothing."""
    half = level("half", percent(50))
    assert sent(Ticket(), half, until=at("14:00")) == []
    assert sent(Ticket(), half, since=at("14:00")) == [("half", "14:00")]
    assert sent(Ticket(), half, since=at("14:00"), until=at("14:00")) == []
    assert sent(Ticket(), half, since=at("14:00"), until=at("14:00:01")) == [("half", "14:00")]
    error = refused(lambda: sent(Ticket(), half, since=at("14:00"), until=at("13:00")), InvalidValue)
    assert error.what == "due_escalations(until=…)"


def test_levels_have_names_of_their_own() -> None:
    """Two levels of one name would share their keys; what is no level is refused."""
    refused(
        lambda: sent(Ticket(), level("a", percent(1)), level("a", percent(2))), InvalidValue, "two levels named 'a'"
    )
    none: list[Any] = ["half"]
    refused(lambda: due_escalations(ONE, [], none, **WEEK), InvalidValue, "escalation levels were expected")


def test_escalations_are_values_that_print() -> None:
    """An escalation prints in a line, gives a row, and pickles; several tickets and tiers come in order."""
    lead = level("lead", percent(75), to=["paul.ade", "ines.roth"])
    events = [
        *Ticket().then(TierChanged, "11:00", tier="two").events,
        Opened("F-1", at("09:00"), ticket="T-2", severity=2),
    ]
    two = Tier("two", targets={2: Targets(resolution=OFFICE.hours(4))})
    first, second = due_escalations(lambda _: ONE, events, lead, tiers=[two], **WEEK)
    assert (first.ticket, shown(first.at), second.ticket, shown(second.at)) == ("T-1", "13:00", "T-2", "15:00")
    assert str(first) == "2025-03-03 12:00 UTC  T-1 resolution: lead to paul.ade, ines.roth, due 2025-03-03 13:00 UTC"
    assert first.to_row()["to"] == "paul.ade, ines.roth"
    assert pickle.loads(pickle.dumps(first)) == first
