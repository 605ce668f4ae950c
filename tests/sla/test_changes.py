"""Changes under way: another severity, another tier, a customer who cannot be reached, corrections, contradictions."""

from collections.abc import Callable
from typing import Any

import pytest

from supportcontracts import (
    Acknowledged,
    Cancelled,
    Classified,
    ClockPolicy,
    Closed,
    CustomerReachable,
    CustomerReplied,
    CustomerUnreachable,
    Merged,
    Opened,
    Reopened,
    Replace,
    Resolved,
    Responded,
    Resumed,
    SeverityChanged,
    SeverityGate,
    Targets,
    Tier,
    TierChanged,
    Triaged,
    Void,
    WaitingOnCustomer,
    WaitingOnVendor,
    WorkEntry,
)
from supportcontracts.contracts.tiers import ArrivalTarget
from supportcontracts.coverage import WallTime
from supportcontracts.errors import ContradictoryEvent, DuplicateEvent, InvalidValue
from supportcontracts.quantity import hours
from supportcontracts.sla import track, track_all
from tests.sla.builders import OFFICE, PREMIUM, TUESDAY, Ticket, at, life, shown, tier
from tests.value_checks import refused

EQUAL = Tier(
    "equal",
    targets={
        1: Targets(resolution=OFFICE.hours(2)),
        2: Targets(resolution=OFFICE.hours(3)),
        3: Targets(resolution=OFFICE.hours(3)),
        4: Targets(resolution="no-target"),
    },
)


def by(policy: str, **more: Any) -> Tier:
    """Make the tier of these tests with another policy for changes."""
    return Tier(EQUAL.name, targets=EQUAL.targets, clock=ClockPolicy(on_change=policy, **more))  # type: ignore[arg-type]  # a word of the policy


# Severity


@pytest.mark.rule("C6")
def test_a_change_keeps_the_time_that_is_used() -> None:
    """Three hours from 10:00, raised at 11:00 to two: due at 12:00, as one hour is used."""
    ticket = Ticket().then(SeverityChanged, "11:00", severity=1)
    clock = ticket.clock("resolution", "11:30", EQUAL)
    assert (shown(clock.due_at), str(clock.elapsed), clock.severity) == ("12:00", "1h 30m", 1)
    assert life(clock) == [("10:00", "11:30", "running", "1h 30m")]


@pytest.mark.rule("C6")
def test_a_change_may_start_a_new_clock_or_nothing() -> None:
    """From the change on, two hours are due at 13:00; frozen, the first three stay."""
    ticket = Ticket().then(SeverityChanged, "11:00", severity=1)
    old, new = ticket.status("11:30", by("from-change")).cycles_of("resolution")
    assert (old.state, old.reason, shown(old.ended_at), old.outcome) == ("ended", "target changed", "11:00", "none")
    assert (new.cycle, shown(new.started_at), shown(new.due_at)) == (2, "11:00", "13:00")
    frozen = ticket.clock("resolution", "11:30", by("frozen"))
    assert (frozen.cycle, shown(frozen.due_at), frozen.severity) == (1, "13:00", 2)


@pytest.mark.parametrize("policy", ["from-start", "from-change", "frozen"])
@pytest.mark.rule("C6")
def test_an_equal_target_is_no_change(policy: str) -> None:
    """Severities 2 and 3 are promised the same, so a change between them leaves the clock as it is."""
    ticket = Ticket().then(WaitingOnCustomer, "10:30").then(Resumed, "11:30")
    before = ticket.clock("resolution", "12:00", by(policy))
    ticket.then(SeverityChanged, "11:00", severity=3)
    after = ticket.clock("resolution", "12:00", by(policy))
    assert (after.cycle, after.due_at, after.segments) == (before.cycle, before.due_at, before.segments)


@pytest.mark.rule("C6", "C3")
def test_a_pause_survives_a_change() -> None:
    """Raised while it waits, the clock goes on waiting; the hour that it ran counts, the wait does not."""
    ticket = Ticket().then(WaitingOnCustomer, "11:00").then(SeverityChanged, "12:00", severity=1)
    for policy, left, due in (("from-start", "1h 00m", "15:00"), ("from-change", "2h 00m", "16:00")):
        clock = ticket.clock("resolution", "13:00", by(policy))
        assert (clock.state, clock.due_at, str(clock.remaining)) == ("paused", None, left)
        resumed = Ticket().then(WaitingOnCustomer, "11:00").then(SeverityChanged, "12:00", severity=1)
        assert shown(resumed.then(Resumed, "14:00").clock("resolution", "14:30", by(policy)).due_at) == due


@pytest.mark.rule("C6", "C5")
def test_a_change_can_miss_a_target_at_once() -> None:
    """Raised at 12:30, two hours were used up at 12:00: missed from the change on, since before it nothing was."""
    ticket = Ticket().then(SeverityChanged, "12:30", severity=1)
    assert ticket.clock("resolution", "12:29", EQUAL).outcome == "pending"
    clock = ticket.clock("resolution", "12:30", EQUAL)
    assert (clock.outcome, shown(clock.due_at), shown(clock.breached_at)) == ("missed", "12:00", "12:30")
    exact = Ticket().then(SeverityChanged, "12:00", severity=1)
    assert exact.clock("resolution", "12:00", EQUAL).outcome == "pending"
    assert shown(exact.clock("resolution", "12:01", EQUAL).breached_at) == "12:00"


@pytest.mark.rule("C6", "C5")
def test_a_change_while_paused_misses_only_what_is_exceeded() -> None:
    """Two and a half hours used are more than two; exactly two, in a pause, are not."""
    over = Ticket().then(WaitingOnCustomer, "12:30").then(SeverityChanged, "13:00", severity=1)
    clock = over.clock("resolution", "14:00", EQUAL)
    assert (clock.state, shown(clock.breached_at), str(clock.overdue)) == ("paused", "13:00", "0h 30m")
    assert shown(over.then(Resumed, "14:00").clock("resolution", "14:30", EQUAL).due_at) == "12:00"
    exact = Ticket().then(WaitingOnCustomer, "12:00").then(SeverityChanged, "13:00", severity=1)
    assert exact.clock("resolution", "14:00", EQUAL).outcome == "pending"
    assert shown(exact.then(Resumed, "15:00").clock("resolution", "15:00", EQUAL).due_at) == "15:00"


@pytest.mark.rule("C5")
def test_a_breach_stays_or_is_computed_anew() -> None:
    """Two hours missed at 12:00; lowered at 12:30 to three, it stays missed, or is open again until 13:00."""
    ticket = Ticket(1).then(SeverityChanged, "12:30", severity=2)
    sticky = ticket.clock("resolution", "12:45", EQUAL)
    assert (sticky.outcome, shown(sticky.breached_at), shown(sticky.due_at)) == ("missed", "12:00", "13:00")
    anew = by("from-start", breach="recomputed")
    assert ticket.clock("resolution", "12:15", anew).outcome == "missed"
    assert ticket.clock("resolution", "12:45", anew).outcome == "pending"
    assert shown(ticket.clock("resolution", "13:30", anew).breached_at) == "13:00"
    still = Ticket(1).then(SeverityChanged, "14:00", severity=2)
    assert shown(still.clock("resolution", "14:30", anew).breached_at) == "12:00"
    paused = Ticket(1).then(WaitingOnCustomer, "12:30").then(SeverityChanged, "13:00", severity=2)
    assert paused.clock("resolution", "14:00", anew).outcome == "pending"


@pytest.mark.rule("C6")
def test_another_calendar_counts_from_the_change_on() -> None:
    """One office hour is used on Monday; from 17:00 on four round-the-clock hours give three more."""
    ticket = Ticket(2, "16:00").then(SeverityChanged, "20:00", severity=1)
    clock = ticket.clock("resolution", "21:00")
    assert (shown(clock.due_at), str(clock.elapsed)) == ("23:00", "2h 00m")
    assert life(clock) == [
        ("16:00", "17:00", "running", "1h 00m"),
        ("17:00", "20:00", "no cover", "0h 00m"),
        ("20:00", "21:00", "running", "1h 00m"),
    ]


@pytest.mark.rule("C6")
def test_what_was_used_up_is_found_on_the_calendar_on_which_it_was_used() -> None:
    """Seven hours over Monday and Tuesday: two of them were used up on Tuesday at 09:00, in wall time earlier."""
    targets = {1: Targets(resolution=WallTime(hours(2))), 2: Targets(resolution=OFFICE.hours(9))}
    agreed = Tier("mixed", targets=targets)
    ticket = Ticket(2, "15:00").then(SeverityChanged, f"{TUESDAY} 12:00", severity=1)
    clock = ticket.clock("resolution", f"{TUESDAY} 12:00", agreed)
    assert (shown(clock.due_at), shown(clock.breached_at)) == ("17:00", f"{TUESDAY} 12:00")
    back = Tier("back", targets={1: targets[2], 2: targets[1]})
    wall = Ticket(1, "15:00").then(SeverityChanged, f"{TUESDAY} 12:00", severity=2)
    assert shown(wall.clock("resolution", f"{TUESDAY} 12:00", back).due_at) == "17:00"
    zero = Tier("zero", targets={1: Targets(resolution=OFFICE.hours(0)), 2: targets[2]})
    assert shown(ticket.clock("resolution", f"{TUESDAY} 12:00", zero).due_at) == "15:00"
    early = Tier("early", targets={1: targets[1], 2: Targets(resolution=WallTime(hours(30)))})
    assert shown(ticket.clock("resolution", f"{TUESDAY} 12:00", early).due_at) == "17:00"


@pytest.mark.rule("C6")
def test_a_severity_without_a_target_counts_nothing_for_a_while() -> None:
    """Lowered to a severity without a target and raised again: the time between does not count, the rest does."""
    ticket = Ticket().then(SeverityChanged, "11:00", severity=4).then(SeverityChanged, "12:00", severity=2)
    between = ticket.clock("resolution", "11:30", EQUAL)
    assert (between.state, between.due_at, between.elapsed) == ("untimed", None, None)
    clock = ticket.clock("resolution", "13:00", EQUAL)
    assert (shown(clock.due_at), str(clock.elapsed)) == ("14:00", "2h 00m")
    assert life(clock)[1] == ("11:00", "12:00", "no target", "0h 00m")
    cycles = ticket.status("13:00", by("from-change")).cycles_of("resolution")
    assert [(each.state, each.outcome) for each in cycles] == [
        ("ended", "none"),
        ("ended", "none"),
        ("running", "pending"),
    ]


@pytest.mark.rule("C6", "A2")
def test_a_target_by_arrival_is_not_chosen_anew_by_a_change() -> None:
    """The same cell is no change, whenever it is looked up."""
    cell = ArrivalTarget(OFFICE, inside=OFFICE.hours(2), outside=OFFICE.hours(4))
    agreed = Tier(
        "arrival", targets={1: Targets(resolution=cell), 2: Targets(resolution=cell)}, clock=by("from-change").clock
    )
    clock = Ticket(2, "16:00").then(SeverityChanged, "18:00", severity=1).clock("resolution", "19:00", agreed)
    assert (clock.cycle, shown(clock.due_at)) == (1, f"{TUESDAY} 10:00")
    plain = Tier("plain", targets={1: Targets(resolution=OFFICE.hours(2)), 2: Targets(resolution=cell)})
    same = Ticket(2, "16:00").then(SeverityChanged, "16:30", severity=1).clock("resolution", "19:00", plain)
    assert (same.severity, shown(same.due_at)) == (1, f"{TUESDAY} 10:00")


@pytest.mark.rule("C7", "C6")
def test_a_change_while_resolved_counts_from_the_reopening() -> None:
    """What is resolved is judged by what was promised then; reopened, the ticket has its new severity."""
    ticket = Ticket().then(Resolved, "12:00").then(SeverityChanged, "12:30", severity=1)
    met = ticket.status("12:45", EQUAL)
    assert (met.severity, met.resolution.severity, met.resolution.outcome) == (1, 2, "met")
    clock = ticket.then(Reopened, "13:00").clock("resolution", "13:00", EQUAL)
    assert (shown(clock.due_at), clock.severity, clock.outcome) == ("13:00", 1, "pending")
    assert shown(ticket.clock("resolution", "13:01", EQUAL).breached_at) == "13:00"


@pytest.mark.rule("C6", "C5")
def test_what_was_used_up_is_found_around_pauses() -> None:
    """Two hours are used up where a clock with two hours would have been due, pauses and all."""
    early = Ticket().then(WaitingOnCustomer, "10:30").then(Resumed, "11:30").then(SeverityChanged, "13:30", severity=1)
    assert shown(early.clock("resolution", "13:30", EQUAL).due_at) == "13:00"
    exact = Ticket().then(WaitingOnCustomer, "12:00").then(Resumed, "13:00").then(SeverityChanged, "13:30", severity=1)
    clock = exact.clock("resolution", "13:30", EQUAL)
    assert (shown(clock.due_at), shown(clock.breached_at)) == ("13:00", "13:30")
    night = Ticket(2, "15:00").then(WaitingOnCustomer, "17:00").then(Resumed, "18:00")
    late = night.then(SeverityChanged, "20:00", severity=1).clock("resolution", "20:00", EQUAL)
    assert (shown(late.due_at), shown(late.breached_at)) == ("17:00", "20:00")


# Tiers


@pytest.mark.rule("C6")
def test_a_ticket_may_move_to_another_tier() -> None:
    """From the move on the other tier promises, and its policy decides about the change and the pauses."""
    basic = Tier(
        "basic",
        targets={2: Targets(resolution=OFFICE.hours(4))},
        clock=ClockPolicy(pauses={"waiting-on-vendor": ["resolution"]}),
    )
    ticket = Ticket().then(WaitingOnVendor, "10:30").then(TierChanged, "11:00", tier="basic")
    status = ticket.status("12:00", tiers=[basic])
    assert (status.tier, status.resolution.state, str(status.resolution.remaining)) == (basic, "paused", "3h 00m")
    assert (status.first_response.state, status.first_response.target) == ("untimed", "no-target")
    back = ticket.then(TierChanged, "13:00", tier="premium").status("14:00", tiers=[basic])
    assert (back.tier.name, back.resolution.state, str(back.resolution.elapsed)) == ("premium", "running", "2h 00m")


@pytest.mark.rule("C2")
def test_another_tier_may_start_the_clocks() -> None:
    """Where the old tier waits for a triage and the new one does not, the clocks start with the move."""
    ticket = Ticket().then(TierChanged, "11:00", tier="premium")
    clock = ticket.clock("resolution", "12:00", tier("triaged", starts="triaged"), tiers=[PREMIUM])
    assert shown(clock.started_at) == "11:00"
    closed = Ticket().then(Cancelled, "10:30").then(TierChanged, "11:00", tier="premium")
    assert closed.status("12:00", tier("triaged", starts="triaged"), tiers=[PREMIUM]).cycles == ()


def test_a_tier_that_nobody_passed_is_refused() -> None:
    """A move to an unknown tier names those that are known; two tiers of one name would be two promises."""
    ticket = Ticket().then(TierChanged, "11:00", tier="gold")
    refused(lambda: ticket.status("12:00"), InvalidValue, "TierChanged 'E-2' tier", "'premium'", "tiers=[standard]")
    assert ticket.status("10:59").tier is PREMIUM
    refused(lambda: ticket.status("12:00", tiers=[EQUAL, by("frozen")]), InvalidValue, "two tiers named 'equal'")
    refused(lambda: ticket.status("12:00", tiers=["gold"]), InvalidValue, "tiers were expected")
    refused(lambda: ticket.status("12:00", "gold"), InvalidValue, "a Tier was expected")  # type: ignore[arg-type]  # the mistake that is told


# A customer who cannot be reached


@pytest.mark.rule("A3", "C6")
def test_a_severity_needs_a_customer_who_can_be_reached() -> None:
    """While the customer cannot be reached severity 1 is served as 2; back again it is 1, unless terms keep it."""

    def agreed(back: str) -> Tier:
        gate = SeverityGate(1, otherwise=2, back=back)  # type: ignore[arg-type]  # a word of the gate
        return Tier("gated", targets=EQUAL.targets, gates=gate)

    ticket = Ticket(1).then(CustomerUnreachable, "10:30").then(CustomerReachable, "11:30")
    assert shown(ticket.clock("resolution", "10:15", agreed("restored")).due_at) == "12:00"
    gated = ticket.status("11:00", agreed("restored"))
    assert (gated.severity, shown(gated.resolution.due_at)) == (2, "13:00")
    restored = ticket.status("11:30", agreed("restored"))
    assert (restored.severity, shown(restored.resolution.due_at)) == (1, "12:00")
    kept = ticket.status("11:30", agreed("kept"))
    assert (kept.severity, shown(kept.resolution.due_at)) == (2, "13:00")
    raised = ticket.then(SeverityChanged, "11:45", severity=1).status("11:45", agreed("kept"))
    assert raised.severity == 1
    milder = Ticket(3).then(CustomerUnreachable, "10:30")
    assert milder.status("11:00", agreed("kept")).severity == 3


@pytest.mark.rule("A4", "C3")
def test_a_customer_who_cannot_be_reached_may_pause_a_clock() -> None:
    """The pause ends with the customer's return, and not with that of the supplier."""
    agreed = tier(pauses={"customer-unreachable": ["resolution"], "waiting-on-vendor": ["resolution"]})
    ticket = Ticket().then(CustomerUnreachable, "11:00").then(WaitingOnVendor, "12:00").then(Resumed, "13:00")
    ticket.then(CustomerReachable, "14:00")
    assert life(ticket.clock("resolution", "15:00", agreed)) == [
        ("10:00", "11:00", "running", "1h 00m"),
        ("11:00", "12:00", "customer unreachable", "0h 00m"),
        ("12:00", "13:00", "waiting on vendor", "0h 00m"),
        ("13:00", "14:00", "customer unreachable", "0h 00m"),
        ("14:00", "15:00", "running", "1h 00m"),
    ]
    one = tier(pauses={"customer-unreachable": ["resolution"], "waiting-on-vendor": ["update"]})
    assert life(ticket.clock("resolution", "15:00", one))[1] == ("11:00", "14:00", "customer unreachable", "0h 00m")
    again = Ticket().then(CustomerUnreachable, "11:00").then(Resolved, "12:00").then(Reopened, "13:00")
    assert again.clock("resolution", "14:00", one).reason == "customer unreachable"
    back = again.then(CustomerReachable, "12:30")
    assert str(back.clock("resolution", "14:00", one).elapsed) == "2h 00m"


# One instant


@pytest.mark.rule("C11")
def test_a_pause_of_no_length_changes_nothing() -> None:
    """A wait and a resumption at one instant leave a ticket as it was, whether it waited or not."""
    ticket = Ticket().then(WaitingOnCustomer, "11:00").then(Resumed, "11:00")
    assert str(ticket.clock("resolution", "12:00").elapsed) == "2h 00m"
    assert ticket.status("12:00").contradictions == ()
    waiting = Ticket().then(WaitingOnCustomer, "10:30").then(Resumed, "11:00").then(WaitingOnCustomer, "11:00")
    assert str(waiting.clock("resolution", "12:00").elapsed) == "0h 30m"
    twice = Ticket().then(WaitingOnCustomer, "11:00").then(Resumed, "11:00").then(WaitingOnCustomer, "11:00")
    assert twice.clock("resolution", "12:00").state == "paused"
    assert twice.status("12:00").contradictions == ()
    both = Ticket().then(Resumed, "11:00").then(WaitingOnCustomer, "11:00").then(Resumed, "11:00")
    assert [each.code for each in both.status("12:00").contradictions] == ["not-waiting"]
    assert both.clock("resolution", "12:00").state == "running"


@pytest.mark.rule("C11", "C5")
def test_a_wait_that_goes_on_at_the_instant_of_its_end_is_one_wait() -> None:
    """With nothing left, a clock that is resumed and paused at one instant is due when it really goes on."""
    agreed = tier(pauses={"waiting-on-customer": ["first-response"], "waiting-on-vendor": ["first-response"]})
    ticket = Ticket().then(WaitingOnCustomer, "12:00").then(Resumed, "13:00").then(WaitingOnVendor, "13:00")
    ticket.then(Resumed, "14:00")
    assert shown(ticket.clock("first-response", "14:00", agreed).due_at) == "14:00"
    night = Ticket().then(WaitingOnCustomer, "12:00").then(Resumed, "18:00").then(WaitingOnVendor, "18:00")
    assert shown(night.then(Resumed, "20:00").clock("first-response", "20:00", agreed).due_at) == "20:00"
    assert night.clock("first-response", "20:00", agreed).outcome == "pending"


# Contradictions

CASES: list[tuple[Callable[[], Ticket], str, str]] = [
    (lambda: Ticket().then(Resumed, "11:00"), "not-waiting", "open"),
    (lambda: Ticket().then(WaitingOnCustomer, "12:00").then(Resumed, "11:00"), "not-waiting", "open"),
    (lambda: Ticket().then(Reopened, "11:00"), "not-finished", "open"),
    (lambda: Ticket().then(Opened, "11:00"), "opened-twice", "open"),
    (lambda: Ticket().then(Resolved, "09:00"), "before-opening", "unopened"),
    (lambda: Ticket().then(CustomerReachable, "11:00"), "not-unreachable", "open"),
    (lambda: Ticket().then(Resolved, "11:00").then(Resolved, "12:00"), "after-resolution", "resolved"),
    (lambda: Ticket().then(Resolved, "11:00").then(WaitingOnCustomer, "12:00"), "after-resolution", "resolved"),
    (lambda: Ticket().then(Resolved, "11:00").then(Acknowledged, "12:00"), "after-resolution", "resolved"),
    (lambda: Ticket().then(Closed, "11:00").then(Responded, "12:00"), "after-closing", "closed"),
    (lambda: Ticket().then(Closed, "11:00").then(CustomerReplied, "12:00"), "after-closing", "closed"),
    (lambda: Ticket().then(Cancelled, "11:00").then(Responded, "12:00"), "after-withdrawal", "cancelled"),
    (lambda: Ticket().then(Merged, "11:00", into="T-9").then(Resolved, "12:00"), "after-withdrawal", "merged"),
]


@pytest.mark.parametrize(("ticket", "code", "state"), CASES)
@pytest.mark.rule("C10")
def test_a_contradiction_has_no_effect_and_is_named(ticket: Callable[[], Ticket], code: str, state: str) -> None:
    """The status is the one without the event, and says which event was left out, and why."""
    told = ticket()
    status = told.status(f"{TUESDAY} 12:00")
    (found,) = status.contradictions
    last = told.events[-1]
    assert (found.event, found.at, found.kind) == (last.id, last.at, type(last).__name__)
    assert (found.code, found.state) == (code, state)
    told.events.remove(last)
    assert status.record == told.status(f"{TUESDAY} 12:00").record
    assert str(status).splitlines()[-1] == f"without effect: {found}"


@pytest.mark.parametrize(("ticket", "code", "state"), CASES)
@pytest.mark.rule("C10")
def test_a_contradiction_may_be_an_error(ticket: Callable[[], Ticket], code: str, state: str) -> None:
    """Where the terms say so, it raises, and names the ticket, the event, the state and the reason."""
    told = ticket()
    strict = tier(contradictions="raise")
    error = refused(
        lambda: told.status(f"{TUESDAY} 12:00", strict), ContradictoryEvent, "Ticket 'T-1'", code, f"'{state}'"
    )
    assert repr(told.events[-1].id) in error.got


@pytest.mark.rule("C10")
def test_what_only_tells_again_is_no_contradiction() -> None:
    """A second triage, wait or classification, and a late "closed" for a cancelled ticket, are no news."""
    ticket = Ticket().then(Triaged, "10:10").then(Triaged, "10:20").then(WaitingOnVendor, "10:30")
    ticket.then(WaitingOnVendor, "10:40").then(CustomerUnreachable, "10:50").then(CustomerUnreachable, "10:55")
    ticket.then(Classified, "11:00", finding="product-defect").then(Cancelled, "12:00").then(Closed, "13:00")
    status = ticket.status("14:00")
    assert (status.contradictions, status.state) == ((), "cancelled")


@pytest.mark.rule("C10", "C15")
def test_a_ticket_that_was_never_opened_has_no_clocks() -> None:
    """Without its opening, or looked at before it, a ticket has a state and nothing else."""
    closed = Closed("E-1", at("10:00"), ticket="T-1")
    status = track(PREMIUM, [closed], as_of=at("12:00"))
    assert (status.state, status.cycles, [each.code for each in status.contradictions]) == (
        "unopened",
        (),
        ["before-opening"],
    )
    early = Ticket().status("09:00")
    assert (early.state, early.severity, early.contradictions) == ("unopened", None, ())
    assert {clock.state for clock in early.metrics.values()} == {"not-started"}


# Corrections, repeats, several tickets


@pytest.mark.rule("D6", "C1")
def test_corrections_act_before_the_clocks() -> None:
    """A voided response was never given, a replaced one was given when the replacement says."""
    ticket = Ticket().then(Responded, "11:00")
    void = Void("V-1", at("13:00"), target="E-2")
    right = Replace("V-2", at("14:00"), target="E-2", by=Responded("E-2", at("11:30"), ticket="T-1"))
    for corrections, met in (([], "11:00"), ([void], None), ([void, right], "11:30")):
        events: list[Any] = [*corrections, *ticket.events]
        assert shown(track(PREMIUM, events, as_of=at("11:45")).first_response.met_at) == met
    known = track(PREMIUM, [*ticket.events, void], as_of=at("11:45"), known_at=at("12:00"))
    assert shown(known.first_response.met_at) == "11:00"


@pytest.mark.rule("D6")
def test_repeats_count_once_and_two_contents_are_an_error() -> None:
    """The same event twice is one; the same id for two events is refused."""
    ticket = Ticket().then(Responded, "11:00")
    assert track(PREMIUM, ticket.events * 2, as_of=at("12:00")) == ticket.status("12:00")
    other = Responded("E-2", at("11:01"), ticket="T-1")
    refused(lambda: track(PREMIUM, [*ticket.events, other], as_of=at("12:00")), DuplicateEvent, "'E-2'")
    refused(lambda: track(PREMIUM, [object()], as_of=at("12:00")), InvalidValue, "track(events)")  # type: ignore[list-item]  # no event


def heap() -> list[Any]:
    """Make the events of two tickets, with work and corrections among them."""
    other = [Opened("F-1", at("09:00"), ticket="T-2", severity=1), Resolved("F-2", at("09:30"), ticket="T-2")]
    work = WorkEntry("W-1", at("10:00"), customer="elm", worked=hours(1))
    return [*other, work, *Ticket().then(Responded, "11:00").events, Void("V-1", at("12:00"), target="gone")]


def test_one_ticket_of_several_is_named() -> None:
    """The events of several tickets want a name; other events are passed over; an unknown name is a ticket unopened."""
    assert track(PREMIUM, heap(), as_of=at("12:00"), ticket="T-1").first_response.state == "met"
    assert track(PREMIUM, heap(), as_of=at("12:00"), ticket="T-9").state == "unopened"
    refused(
        lambda: track(PREMIUM, heap(), as_of=at("12:00")), InvalidValue, "2 tickets: 'T-1', 'T-2'", 'ticket="T-881"'
    )
    many = [Opened(f"E-{n}", at("10:00"), ticket=f"T-{n}") for n in range(5)]
    refused(lambda: track(PREMIUM, many, as_of=at("12:00")), InvalidValue, "5 tickets: 'T-0', 'T-1', 'T-2', …")
    refused(lambda: track(PREMIUM, [], as_of=at("12:00")), InvalidValue, "events of 0 tickets;")


def test_all_tickets_at_once() -> None:
    """Each ticket has the status that it has alone; what finds no tier or no target is said."""
    statuses = track_all(PREMIUM, heap(), as_of=at("12:00"))
    assert [status.ticket for status in statuses] == ["T-1", "T-2"]
    assert len(statuses) == 2
    for status in statuses:
        assert status == track(PREMIUM, heap(), as_of=at("12:00"), ticket=status.ticket)
    assert statuses["T-2"].resolution.outcome == "met"
    with pytest.raises(KeyError, match="no status of 'T-9'"):
        statuses["T-9"]
    assert [row["ticket"] for row in statuses.to_rows()] == [
        row["ticket"] for each in statuses for row in each.to_rows()
    ]
    assert [each.id for each in statuses.unmatched] == ["V-1"]
    some = track_all(lambda opened: PREMIUM if opened.severity == 1 else None, heap(), as_of=at("12:00"))
    assert ([status.ticket for status in some], some.untracked) == (["T-2"], ("T-1",))
    late = [Closed("F-9", at("11:00"), ticket="T-3")]
    assert track_all(lambda _: PREMIUM, late, as_of=at("12:00")).untracked == ("T-3",)
    assert str(some).endswith("without a tier: T-1\n\ncorrections of what is not there: V-1")
    assert str(track_all(PREMIUM, [], as_of=at("12:00"))) == ""
