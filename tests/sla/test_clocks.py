"""Clocks by hand: what starts, pauses, meets, breaks and ends them."""

from datetime import timedelta

import pytest

from supportcontracts import (
    Acknowledged,
    Cancelled,
    Closed,
    CustomerReplied,
    CustomerUnreachable,
    MarkedDuplicate,
    Merged,
    Notified,
    Reopened,
    Resolved,
    Responded,
    Resumed,
    Scope,
    ScopedTargets,
    SeverityChanged,
    Targets,
    Tier,
    Triaged,
    WaitingOnCustomer,
    WaitingOnVendor,
    WorkaroundProvided,
)
from supportcontracts.contracts.tiers import ArrivalTarget
from supportcontracts.coverage import Coverage, WallTime
from supportcontracts.events import TicketEvent
from supportcontracts.quantity import hours
from tests.sla.builders import ALWAYS, BERLIN, FRIDAY, MONDAY, OFFICE, TUESDAY, WEDNESDAY, Ticket, at, life, shown, tier


@pytest.mark.rule("C2", "C3", "C4", "C12")
def test_the_ticket_of_the_guide() -> None:
    """Friday 15:30, answered 16:15, waiting from 16:30 to Monday 09:30, over the change of the clocks."""
    ticket = (
        Ticket(2, "2025-03-28 15:30")
        .then(Responded, "2025-03-28 16:15")
        .then(WaitingOnCustomer, "2025-03-28 16:30")
        .then(CustomerReplied, "2025-03-31 09:30")
    )
    clock = ticket.clock("resolution", "2025-03-31 12:00")
    assert (clock.state, shown(clock.due_at), str(clock.elapsed), str(clock.remaining)) == (
        "running", "2025-03-31 16:30", "3h 30m", "4h 30m",
    )  # fmt: skip
    assert life(clock) == [
        ("2025-03-28 15:30", "2025-03-28 16:30", "running", "1h 00m"),
        ("2025-03-28 16:30", "2025-03-28 17:00", "waiting on customer", "0h 00m"),
        ("2025-03-28 17:00", "2025-03-31 09:00", "no cover", "0h 00m"),
        ("2025-03-31 09:00", "2025-03-31 09:30", "waiting on customer", "0h 00m"),
        ("2025-03-31 09:30", "2025-03-31 12:00", "running", "2h 30m"),
    ]
    first = ticket.clock("first-response", "2025-03-31 12:00")
    assert (first.state, shown(first.met_at), str(first.elapsed)) == ("met", "2025-03-28 16:15", "0h 45m")
    assert (shown(first.due_at), first.remaining, first.outcome) == ("2025-03-31 09:30", None, "met")


# What starts, meets and ends


@pytest.mark.parametrize(
    ("kind", "met"),
    [
        (Acknowledged, {"hold-time"}),
        (Responded, {"hold-time", "first-response"}),
        (WorkaroundProvided, {"hold-time", "first-response", "workaround"}),
        (Resolved, {"hold-time", "first-response", "workaround", "resolution"}),
        (Closed, {"hold-time", "first-response", "workaround", "resolution"}),
    ],
)
@pytest.mark.rule("C2")
def test_each_event_meets_its_clocks(kind: type[TicketEvent], met: set[str]) -> None:
    """Picking up ends the hold, an answer is the first response, a workaround is an answer, a solution is all of it."""
    status = Ticket().then(kind, "10:04").status("12:00")
    assert {metric for metric, clock in status.metrics.items() if clock.met_at == at("10:04")} == met
    assert (status.hold_time.state, status.workaround.cycle) == ("met", 1)


@pytest.mark.parametrize("kind", [Cancelled, Merged, MarkedDuplicate])
@pytest.mark.rule("C2")
def test_a_withdrawal_ends_what_runs(kind: type[TicketEvent]) -> None:
    """What was met stays met; what ran or paused ends, neither met nor missed, and what had run over time is missed."""
    more = {"Merged": {"into": "T-9"}, "MarkedDuplicate": {"of": "T-9"}}.get(kind.__name__, {})
    status = Ticket().then(Responded, "10:30").then(kind, "17:00", **more).status(f"{FRIDAY} 12:00")
    assert (status.first_response.state, status.first_response.outcome) == ("met", "met")
    resolution = status.resolution
    assert (resolution.state, shown(resolution.ended_at), resolution.outcome) == ("ended", "17:00", "none")
    assert (str(resolution.elapsed), resolution.remaining) == ("7h 00m", None)
    assert (status.workaround.outcome, shown(status.workaround.breached_at)) == ("missed", "16:00")
    assert status.update.state == "ended"
    assert status.state == ("cancelled" if kind is Cancelled else "merged")


@pytest.mark.rule("C2")
def test_clocks_start_where_the_terms_say() -> None:
    """At triage or notice the first counts; until then no clock has started; the opening alone starts nothing."""
    for starts, kind in (("triaged", Triaged), ("notified", Notified)):
        agreed = tier(starts=starts)
        ticket = Ticket()
        before = ticket.status("11:00", agreed)
        assert {clock.state for clock in before.metrics.values()} == {"not-started"}
        assert before.cycles == ()
        ticket.then(kind, "11:00").then(kind, "12:00")
        assert shown(ticket.clock("resolution", "13:00", agreed).started_at) == "11:00"
        assert shown(ticket.clock("resolution", "13:00").started_at) == "10:00"


@pytest.mark.rule("C2")
def test_what_meets_a_clock_that_has_not_started_starts_it() -> None:
    """An answer before the triage meets the first response in no time; the triage then starts the others."""
    agreed = tier(starts="triaged")
    status = Ticket().then(Responded, "10:30").then(Triaged, "11:00").status("12:00", agreed)
    first = status.first_response
    assert (shown(first.started_at), shown(first.met_at), str(first.elapsed)) == ("10:30", "10:30", "0h 00m")
    assert first.segments == ()
    assert shown(status.resolution.started_at) == "11:00"


@pytest.mark.rule("C14")
def test_the_first_severity_counts_from_the_start() -> None:
    """A ticket that gets its severity later is promised as if it had had it all the time."""
    ticket = Ticket(None).then(Triaged, "10:10").then(SeverityChanged, "10:30", severity=2)
    before, after = ticket.clock("resolution", "10:29"), ticket.clock("resolution", "11:00")
    assert (before.state, before.target, before.due_at, before.elapsed) == ("untimed", "no-target", None, None)
    assert (shown(after.started_at), shown(after.due_at), str(after.elapsed)) == (
        "10:00", f"{TUESDAY} 10:00", "1h 00m",
    )  # fmt: skip
    frozen = ticket.clock("resolution", "11:00", tier(on_change="frozen"))
    assert shown(frozen.due_at) == f"{TUESDAY} 10:00"


@pytest.mark.rule("C14")
def test_a_tier_may_serve_a_ticket_without_severity() -> None:
    """Where the terms name a severity for tickets that state none, stating one later is a change."""
    agreed = Tier(
        "stated", targets={1: Targets(resolution=OFFICE.hours(1)), 2: Targets(resolution=OFFICE.hours(2))}, unstated=2
    )
    ticket = Ticket(None).then(SeverityChanged, "10:30", severity=1)
    assert shown(ticket.clock("resolution", "10:29", agreed).due_at) == "12:00"
    assert shown(ticket.clock("resolution", "10:30", agreed).due_at) == "11:00"


# Targets of other kinds


@pytest.mark.rule("C13")
def test_a_target_in_days_is_the_covered_time_to_its_last_closing() -> None:
    """One business day from Monday 10:00 is due on Tuesday at closing, 15 covered hours later."""
    clock = Ticket(3).clock("first-response", "12:00")
    assert (shown(clock.due_at), str(clock.allowed), str(clock.elapsed)) == (f"{TUESDAY} 17:00", "15h 00m", "2h 00m")


@pytest.mark.rule("C13")
def test_a_day_that_ends_at_the_same_time_may_end_in_the_evening() -> None:
    """Opened on Monday at 18:00, one day at the same time is due on Tuesday at 18:00, though cover ends at 17:00."""
    agreed = Tier("same", targets={2: Targets(resolution=OFFICE.days(1, ends="same-time"))})
    ticket = Ticket(2, "18:00")
    assert shown(ticket.clock("resolution", "19:00", agreed).due_at) == f"{TUESDAY} 18:00"
    assert ticket.clock("resolution", f"{TUESDAY} 18:00", agreed).outcome == "pending"
    assert shown(ticket.clock("resolution", f"{TUESDAY} 18:01", agreed).breached_at) == f"{TUESDAY} 18:00"


@pytest.mark.rule("C13")
def test_a_pause_moves_a_target_in_days_by_the_cover_that_was_lost() -> None:
    """Three hours of office time lost on Monday make it Wednesday 12:00; a night lost moves nothing."""
    agreed = tier(pauses={"waiting-on-customer": ["first-response"]})
    lost = Ticket(3).then(WaitingOnCustomer, "11:00").then(Resumed, "14:00")
    assert shown(lost.clock("first-response", "15:00", agreed).due_at) == f"{WEDNESDAY} 12:00"
    night = Ticket(3).then(WaitingOnCustomer, "17:00").then(Resumed, f"{TUESDAY} 09:00")
    assert shown(night.clock("first-response", f"{TUESDAY} 10:00", agreed).due_at) == f"{TUESDAY} 17:00"


@pytest.mark.rule("C13")
def test_days_end_at_a_closing_by_any_convention() -> None:
    """Where covered time runs over to the next opening, a pause still leaves a day to end at a closing."""
    over = Coverage("mon-fri 09:00-17:00", zone=BERLIN, closing="next-opening")
    agreed = Tier(
        "over",
        targets={2: Targets(resolution=over.days(1), first_response=over.hours(15))},
        clock=tier(pauses={"waiting-on-customer": ["resolution", "first-response"]}).clock,
    )
    ticket = Ticket().then(WaitingOnCustomer, "11:00").then(Resumed, f"{TUESDAY} 11:00")
    status = ticket.status(f"{TUESDAY} 12:00", agreed)
    # 1 hour on Monday, 6 on Tuesday and 8 on Wednesday make the 15.
    assert shown(status.resolution.due_at) == f"{WEDNESDAY} 17:00"
    assert shown(status.first_response.due_at) == "2025-03-06 09:00"


@pytest.mark.rule("C3")
def test_wall_time_counts_day_and_night() -> None:
    """A target on no calendar counts every second that the clock runs."""
    agreed = Tier("wall", targets={2: Targets(resolution=WallTime(hours(30)))})
    clock = Ticket().clock("resolution", f"{TUESDAY} 10:00", agreed)
    assert (shown(clock.due_at), str(clock.elapsed)) == (f"{TUESDAY} 16:00", "24h 00m")
    assert life(clock) == [("10:00", f"{TUESDAY} 10:00", "running", "24h 00m")]
    paused = Ticket().then(WaitingOnCustomer, "20:00").then(Resumed, "22:00")
    assert shown(paused.clock("resolution", "23:00", agreed).due_at) == f"{TUESDAY} 18:00"


@pytest.mark.rule("A2")
def test_a_target_by_arrival_is_chosen_at_the_start() -> None:
    """Two hours inside office hours, four from the next opening outside."""
    cell = ArrivalTarget(OFFICE, inside=OFFICE.hours(2), outside=OFFICE.hours(4))
    agreed = Tier("arrival", targets={2: Targets(resolution=cell)})
    assert shown(Ticket(2, "16:00").clock("resolution", "16:30", agreed).due_at) == f"{TUESDAY} 10:00"
    assert shown(Ticket(2, "17:00").clock("resolution", "17:30", agreed).due_at) == f"{TUESDAY} 13:00"


@pytest.mark.rule("C4")
def test_words_are_not_targets() -> None:
    """Best effort goes on without a due instant; what is not promised has none either, and nothing to decide."""
    effort = Ticket(3).clock("resolution", "12:00")
    assert (effort.state, effort.target, effort.due_at, effort.elapsed) == ("untimed", "best-effort", None, None)
    assert (effort.allowed, effort.remaining, effort.overdue, effort.outcome) == (None, None, None, "none")
    assert life(effort) == [("10:00", "12:00", "best effort", "0h 00m")]
    status = Ticket(4).then(Resolved, "11:00").status("12:00")
    assert {clock.outcome for clock in status.cycles} == {"none"}
    assert status.resolution.decided_at is None
    assert status.resolution.state == "met"


@pytest.mark.rule("C2")
def test_what_no_severity_is_promised_has_no_clock() -> None:
    """But for the response and the resolution, only promises are measured; best effort is one, an exception has one."""
    phone = ScopedTargets(Scope(channels="phone"), Targets(hold_time=ALWAYS.minutes(5)))
    targets = {2: Targets(workaround="best-effort", update="not-offered")}
    agreed = Tier("narrow", targets=targets, exceptions=phone)
    ticket = Ticket().then(Responded, "10:30").then(CustomerReplied, "11:00").then(Responded, "11:30")
    ticket.then(Resolved, "12:00").then(Reopened, "13:00")
    status = ticket.status("14:00", agreed)
    assert {clock.metric for clock in status.cycles} == {"first-response", "resolution", "workaround", "hold-time"}
    assert {status.next_response.state, status.update.state} == {"not-started"}


# Pauses


@pytest.mark.rule("C3", "C4", "A4")
def test_a_paused_clock_shows_what_is_left() -> None:
    """While it waits there is no due instant; afterwards the covered time that passed is added."""
    ticket = Ticket().then(WaitingOnCustomer, "11:00")
    clock = ticket.clock("resolution", "16:00")
    assert (clock.state, clock.reason, clock.due_at) == ("paused", "waiting on customer", None)
    assert (str(clock.elapsed), str(clock.remaining)) == ("1h 00m", "7h 00m")
    assert ticket.clock("first-response", "16:00").state == "running"
    ticket.then(Resumed, "16:00")
    assert shown(ticket.clock("resolution", "16:30").due_at) == f"{TUESDAY} 15:00"


@pytest.mark.rule("A4")
def test_only_the_states_that_the_terms_name_pause() -> None:
    """By default waiting for a supplier pauses nothing; where it does, one wait follows the other without a gap."""
    ticket = Ticket().then(WaitingOnVendor, "11:00").then(WaitingOnCustomer, "12:00").then(Resumed, "13:00")
    assert str(ticket.clock("resolution", "14:00").elapsed) == "3h 00m"
    both = tier(pauses={"waiting-on-vendor": ["resolution"], "waiting-on-customer": ["resolution"]})
    assert life(ticket.clock("resolution", "14:00", both)) == [
        ("10:00", "11:00", "running", "1h 00m"),
        ("11:00", "12:00", "waiting on vendor", "0h 00m"),
        ("12:00", "13:00", "waiting on customer", "0h 00m"),
        ("13:00", "14:00", "running", "1h 00m"),
    ]
    assert ticket.clock("resolution", "12:30", both).reason == "waiting on customer"


@pytest.mark.rule("C3")
def test_a_message_does_not_end_a_wait_for_a_supplier() -> None:
    """The customer's answer ends the wait for the customer; a supplier still has to come back."""
    agreed = tier(pauses={"waiting-on-vendor": ["resolution"]})
    ticket = Ticket().then(WaitingOnVendor, "11:00").then(CustomerReplied, "12:00")
    assert ticket.clock("resolution", "13:00", agreed).state == "paused"


@pytest.mark.rule("C3")
def test_a_clock_may_start_in_a_pause() -> None:
    """A clock that starts while its ticket waits stands still from the start."""
    agreed = tier(starts="notified")
    ticket = Ticket().then(WaitingOnCustomer, "10:30").then(Notified, "11:00").then(Resumed, "12:00")
    clock = ticket.clock("resolution", "13:00", agreed)
    assert life(clock) == [
        ("11:00", "12:00", "waiting on customer", "0h 00m"),
        ("12:00", "13:00", "running", "1h 00m"),
    ]


@pytest.mark.rule("C2", "C4")
def test_a_clock_can_be_met_while_it_is_paused() -> None:
    """Resolved while the customer is waited for: what was used is used, and it was due as if it had gone on then."""
    ticket = Ticket().then(WaitingOnCustomer, "12:00").then(Resolved, "14:00")
    clock = ticket.clock("resolution", "15:00")
    assert (clock.state, str(clock.elapsed), shown(clock.due_at)) == ("met", "2h 00m", f"{TUESDAY} 12:00")
    assert clock.outcome == "met"
    assert clock.segments[-1].seconds == 7200


# Breach


@pytest.mark.rule("C5")
def test_met_at_the_due_instant_is_met_in_time() -> None:
    """Due at 12:00: an answer at 12:00 is in time, one a second later is not."""
    assert Ticket().then(Responded, "12:00").clock("first-response", "13:00").outcome == "met"
    late = Ticket().then(Responded, "12:00:01").clock("first-response", "13:00")
    assert (late.outcome, late.state, shown(late.breached_at), shown(late.decided_at)) == (
        "missed", "met", "12:00", "12:00",
    )  # fmt: skip
    assert str(late.overdue) == "0h 00m 01s"


@pytest.mark.rule("C5")
def test_a_breach_is_known_once_the_instant_has_passed() -> None:
    """At the due instant nothing is missed, one second later it is; the due instant stays."""
    ticket = Ticket()
    due = ticket.clock("first-response", "11:00").due_at
    assert due == at("12:00")
    assert ticket.clock("first-response", "12:00").outcome == "pending"
    after = ticket.status(due + timedelta(seconds=1)).first_response
    assert (after.outcome, after.breached_at, after.due_at, after.state) == ("missed", due, due, "running")
    assert str(after.remaining) == "0h 00m"


@pytest.mark.rule("C5")
def test_time_used_up_at_closing_is_exceeded_in_the_night() -> None:
    """Two hours from 15:00 are due at closing; at 17:01 the promise is broken, though no covered second passed."""
    clock = Ticket(2, "15:00").clock("first-response", "17:01")
    assert (shown(clock.breached_at), str(clock.elapsed), str(clock.overdue)) == ("17:00", "2h 00m", "0h 00m")


@pytest.mark.rule("C5")
def test_a_clock_that_is_paused_at_its_last_second_is_not_late() -> None:
    """Paused with nothing left, it is due when it goes on."""
    agreed = tier(pauses={"waiting-on-customer": ["first-response"]})
    ticket = Ticket().then(WaitingOnCustomer, "12:00")
    paused = ticket.clock("first-response", "13:00", agreed)
    assert (paused.outcome, str(paused.remaining), paused.breached_at) == ("pending", "0h 00m", None)
    ticket.then(Resumed, "14:00")
    assert shown(ticket.clock("first-response", "14:00", agreed).due_at) == "14:00"
    assert shown(ticket.clock("first-response", "14:01", agreed).breached_at) == "14:00"


@pytest.mark.rule("C5", "C3")
def test_a_pause_that_begins_after_closing_saves_nothing() -> None:
    """Time that ran out at closing is exceeded, whether or not the ticket waits through the night."""
    agreed = tier(pauses={"waiting-on-customer": ["first-response"]})
    for paused in ("17:00", "18:00"):
        ticket = Ticket(2, "15:00").then(WaitingOnCustomer, paused)
        assert ticket.clock("first-response", "17:00", agreed).breached_at is None
        assert shown(ticket.clock("first-response", "19:00", agreed).breached_at) == "17:00"
        assert shown(ticket.clock("first-response", f"{TUESDAY} 12:00", agreed).breached_at) == "17:00"
        resumed = ticket.then(Resumed, "18:30").clock("first-response", "19:00", agreed)
        assert (shown(resumed.due_at), shown(resumed.breached_at)) == ("17:00", "17:00")


@pytest.mark.rule("C5", "C4")
def test_a_late_clock_can_be_paused_and_stays_late() -> None:
    """The breach stays through a pause, and so does the due instant once the clock runs again."""
    agreed = tier(pauses={"waiting-on-customer": ["first-response"]})
    ticket = Ticket().then(WaitingOnCustomer, "13:00").then(Resumed, "15:00")
    paused = ticket.clock("first-response", "14:00", agreed)
    assert (paused.state, paused.due_at, shown(paused.breached_at)) == ("paused", None, "12:00")
    after = ticket.clock("first-response", "16:00", agreed)
    assert (shown(after.due_at), str(after.elapsed), str(after.overdue)) == ("12:00", "4h 00m", "2h 00m")


# The next response


@pytest.mark.rule("C8")
def test_the_next_response_starts_at_the_oldest_unanswered_message() -> None:
    """Messages before the first answer are part of it; later ones start one clock, which one answer meets."""
    ticket = Ticket().then(CustomerReplied, "10:10").then(Responded, "10:30")
    assert ticket.status("10:30").next_response.state == "not-started"
    ticket.then(CustomerReplied, "11:00").then(CustomerReplied, "11:30").then(Responded, "12:00")
    ticket.then(CustomerReplied, "13:00")
    first, second = ticket.status("14:00").cycles_of("next-response")
    assert (shown(first.started_at), shown(first.met_at), shown(first.due_at)) == ("11:00", "12:00", "14:00")
    assert (shown(second.started_at), second.state, second.cycle) == ("13:00", "running", 2)


@pytest.mark.rule("C8")
def test_a_message_at_the_instant_of_an_answer_is_answered() -> None:
    """At one instant the message comes first, so the answer meets it."""
    ticket = Ticket().then(Responded, "10:30").then(Responded, "11:00").then(CustomerReplied, "11:00")
    (clock,) = ticket.status("12:00").cycles_of("next-response")
    assert (clock.state, str(clock.elapsed)) == ("met", "0h 00m")


@pytest.mark.rule("C8")
def test_a_solution_answers_and_a_message_after_it_waits_for_the_reopening() -> None:
    """A message after the solution starts no clock; if the ticket is reopened, it is owed an answer from then on."""
    ticket = Ticket().then(Responded, "10:30").then(CustomerReplied, "11:00").then(Resolved, "11:30")
    ticket.then(CustomerReplied, "12:00")
    (clock,) = ticket.status("12:30").cycles_of("next-response")
    assert (clock.state, shown(clock.met_at)) == ("met", "11:30")
    ticket.then(Reopened, "13:00")
    assert [shown(each.started_at) for each in ticket.status("13:30").cycles_of("next-response")] == ["11:00", "13:00"]
    answered = Ticket().then(Resolved, "11:30").then(CustomerReplied, "12:00").then(Responded, "12:30")
    assert answered.then(Reopened, "13:00").status("14:00").cycles_of("next-response") == ()


# Updates


@pytest.mark.rule("C9")
def test_updates_run_from_one_answer_to_the_next() -> None:
    """The first answer starts them; each later one meets one and starts the next; a solution ends the row."""
    ticket = Ticket(2, "09:00").then(Responded, "09:30").then(Responded, "11:00").then(Resolved, "12:00")
    one, two = ticket.status("13:00").cycles_of("update")
    assert (shown(one.started_at), shown(one.due_at), shown(one.met_at)) == ("09:30", "13:30", "11:00")
    assert (shown(two.started_at), shown(two.due_at), shown(two.met_at)) == ("11:00", "15:00", "12:00")


@pytest.mark.rule("C9")
def test_updates_may_follow_when_the_last_one_was_due() -> None:
    """Sequential: an early update buys no delay; a late one starts the next at once; what comes between counts not."""
    agreed = tier(updates="sequential")
    ticket = Ticket(2, "09:00").then(Responded, "09:00").then(Responded, "11:00").then(Responded, "12:00")
    assert len(ticket.status("12:59", agreed).cycles_of("update")) == 1
    one, two = ticket.status("14:00", agreed).cycles_of("update")
    assert (shown(one.due_at), shown(one.met_at)) == ("13:00", "11:00")
    assert (shown(two.started_at), shown(two.due_at), two.state) == ("13:00", "17:00", "running")
    ticket.then(Responded, f"{TUESDAY} 10:00")
    *_, three = ticket.status(f"{TUESDAY} 11:00", agreed).cycles_of("update")
    assert (shown(three.started_at), three.cycle) == (f"{TUESDAY} 10:00", 3)
    solved = Ticket(2, "09:00").then(Responded, "09:00").then(Responded, "11:00").then(Resolved, "12:00")
    assert len(solved.status("16:00", agreed).cycles_of("update")) == 1


@pytest.mark.rule("C9")
def test_an_update_may_be_owed_once_only() -> None:
    """Without recurrence the first one is the last."""
    ticket = Ticket().then(Responded, "10:30").then(Responded, "11:00").then(Responded, "12:00")
    (clock,) = ticket.status("13:00", tier(updates="none")).cycles_of("update")
    assert (clock.state, shown(clock.met_at)) == ("met", "11:00")


# Reopening


@pytest.mark.rule("C7")
def test_reopening_goes_on_without_the_time_that_the_ticket_was_resolved() -> None:
    """By default the resolution takes up its clock; the first response and a workaround that was given stay met."""
    ticket = Ticket().then(WorkaroundProvided, "10:30").then(Resolved, "12:00").then(Reopened, "15:00")
    status = ticket.status("16:00")
    assert life(status.resolution) == [
        ("10:00", "12:00", "running", "2h 00m"),
        ("12:00", "15:00", "resolved", "0h 00m"),
        ("15:00", "16:00", "running", "1h 00m"),
    ]
    assert (status.resolution.state, shown(status.resolution.due_at)) == ("running", f"{TUESDAY} 13:00")
    assert (status.first_response.state, status.workaround.state) == ("met", "met")
    assert Ticket().then(Resolved, "12:00").then(Reopened, "15:00").clock("workaround", "16:00").state == "running"


@pytest.mark.rule("C7", "C3")
def test_reopening_into_a_pause_without_cover_is_as_free_as_any() -> None:
    """Solved with nothing left and reopened in the night, it is missed then, whether or not it waits at once."""
    agreed = tier(pauses={"customer-unreachable": ["resolution"]})
    for waits in (True, False):
        ticket = Ticket().then(Resolved, f"{TUESDAY} 10:00").then(Reopened, f"{TUESDAY} 20:00")
        if waits:
            ticket.then(CustomerUnreachable, f"{TUESDAY} 19:00")
        assert ticket.clock("resolution", f"{TUESDAY} 20:00", agreed).outcome == "pending"
        clock = ticket.clock("resolution", f"{TUESDAY} 21:00", agreed)
        assert (clock.state, shown(clock.breached_at)) == ("paused" if waits else "running", f"{TUESDAY} 20:00")


@pytest.mark.rule("C7")
def test_reopening_may_start_a_new_clock_or_none() -> None:
    """With "restart" another cycle begins and the first stays as it was; "no-restart" leaves what was met."""
    ticket = Ticket().then(Resolved, "12:00").then(Reopened, "15:00")
    one, two = ticket.status("16:00", tier(on_reopen="restart")).cycles_of("resolution")
    assert (one.state, shown(one.met_at)) == ("met", "12:00")
    assert (two.cycle, shown(two.started_at), shown(two.due_at)) == (2, "15:00", f"{TUESDAY} 15:00")
    (only,) = ticket.status("16:00", tier(on_reopen="no-restart")).cycles_of("resolution")
    assert (only.state, shown(only.met_at)) == ("met", "12:00")


@pytest.mark.rule("C7")
def test_updates_begin_anew_with_a_reopened_ticket() -> None:
    """The reopening starts the next update, unless terms owe one only, or nothing is taken up."""
    ticket = Ticket().then(Responded, "10:30").then(Resolved, "12:00").then(Reopened, "15:00")
    assert [shown(clock.started_at) for clock in ticket.status("16:00").cycles_of("update")] == ["10:30", "15:00"]
    for agreed in (tier(updates="none"), tier(on_reopen="no-restart")):
        assert len(ticket.status("16:00", agreed).cycles_of("update")) == 1
    never = Ticket().then(Resolved, "12:00").then(Reopened, "15:00")
    assert [shown(clock.started_at) for clock in never.status("16:00").cycles_of("update")] == ["15:00"]


@pytest.mark.rule("C7")
def test_what_a_withdrawal_ended_is_taken_up_again() -> None:
    """A ticket that was cancelled by mistake owes its first answer still."""
    ticket = Ticket().then(Cancelled, "11:00").then(Reopened, "14:00")
    first = ticket.clock("first-response", "14:30")
    assert life(first)[1] == ("11:00", "14:00", "cancelled", "0h 00m")
    assert (first.state, shown(first.due_at)) == ("running", "15:00")
    assert [c.state for c in ticket.status("15:00", tier(on_reopen="no-restart")).cycles_of("first-response")] == [
        "ended"
    ]


@pytest.mark.rule("C7")
def test_a_reopened_ticket_may_wait_at_once() -> None:
    """Reopened and waiting at one instant: the clock goes on standing still, for another reason."""
    ticket = Ticket().then(Resolved, "12:00").then(Reopened, "13:00").then(WaitingOnCustomer, "13:00")
    clock = ticket.clock("resolution", "14:00")
    assert life(clock)[1:] == [
        ("12:00", "13:00", "resolved", "0h 00m"),
        ("13:00", "14:00", "waiting on customer", "0h 00m"),
    ]


@pytest.mark.rule("C7", "C5")
def test_a_solution_just_in_time_leaves_no_time() -> None:
    """Due and resolved at closing, and reopened in the evening: late from the reopening on, and not before."""
    ticket = Ticket(2, "15:00").then(Responded, "17:00").then(Cancelled, "17:00")
    assert ticket.clock("first-response", "19:00").outcome == "met"
    agreed = Tier("two", targets={2: Targets(resolution=OFFICE.hours(2))})
    solved = Ticket(2, "15:00").then(Resolved, "17:00").then(Reopened, "18:00")
    assert solved.clock("resolution", "17:59", agreed).outcome == "met"
    assert shown(solved.clock("resolution", "18:00", agreed).breached_at) == "18:00"
    morning = Ticket(2, "15:00").then(Resolved, "17:00").then(Reopened, f"{TUESDAY} 10:00")
    clock = morning.clock("resolution", f"{TUESDAY} 10:00", agreed)
    assert (clock.outcome, shown(clock.due_at)) == ("pending", f"{TUESDAY} 10:00")
    waiting = Ticket(2, "15:00").then(Resolved, "17:00").then(Reopened, "18:00").then(WaitingOnCustomer, "18:00")
    assert shown(waiting.clock("resolution", f"{TUESDAY} 10:00", agreed).breached_at) == "18:00"


@pytest.mark.rule("C7", "C5")
def test_a_breach_stays_when_a_late_ticket_is_reopened() -> None:
    """Resolved late and reopened, the resolution was missed when it was missed."""
    ticket = (
        Ticket()
        .then(Resolved, f"{TUESDAY} 12:00")
        .then(Reopened, f"{TUESDAY} 14:00")
        .then(Resolved, f"{TUESDAY} 15:00")
    )
    clock = ticket.clock("resolution", f"{WEDNESDAY} 10:00")
    assert (clock.outcome, shown(clock.breached_at), shown(clock.met_at)) == (
        "missed", f"{TUESDAY} 10:00", f"{TUESDAY} 15:00",
    )  # fmt: skip


@pytest.mark.rule("C1")
def test_a_ticket_may_open_at_the_last_second_of_cover() -> None:
    """Opened at 16:59:59, one second counts before the night."""
    clock = Ticket(2, f"{MONDAY} 16:59:59").clock("first-response", f"{TUESDAY} 09:00")
    assert str(clock.elapsed) == "0h 00m 01s"
    assert shown(clock.due_at) == f"{TUESDAY} 10:59:59"


@pytest.mark.rule("C15")
def test_what_happens_at_the_instant_counts_and_what_comes_later_does_not() -> None:
    """A status as of 12:00 knows what happened at 12:00, and nothing of 12:01."""
    ticket = Ticket().then(Responded, "12:00").then(Resolved, "12:01")
    status = ticket.status("12:00")
    assert (status.first_response.state, status.resolution.state) == ("met", "running")
