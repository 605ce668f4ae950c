"""How a status reads, and how a clock is derived, against texts written by hand."""

from datetime import date

import attrs
import pytest

from supportcontracts import (
    Cancelled,
    CustomerReplied,
    Opened,
    Reopened,
    Resolved,
    Responded,
    SeverityChanged,
    Targets,
    Tier,
    WaitingOnCustomer,
    track,
)
from supportcontracts.contracts.tiers import ArrivalTarget
from supportcontracts.coverage import Coverage, Holiday, Holidays, WallTime
from supportcontracts.errors import InvalidValue
from supportcontracts.quantity import hours
from tests.sla.builders import BERLIN, OFFICE, TUESDAY, Ticket, at, tier
from tests.value_checks import assert_is_a_value, refused

PLAIN = Tier(
    "plain",
    targets={
        1: Targets(resolution=OFFICE.hours(4)),
        2: Targets(first_response=OFFICE.hours(2), resolution=OFFICE.hours(8)),
        3: Targets(first_response=OFFICE.days(1), resolution="best-effort"),
        4: Targets(first_response=OFFICE.days(2)),
    },
)


@pytest.mark.rule("C4")
def test_the_ticket_of_the_guide_prints() -> None:
    """One line for each clock with a target: what it gives, what is used and left, when it is due, how it stands."""
    ticket = (
        Ticket(2, "2025-03-28 15:30")
        .then(Responded, "2025-03-28 16:15")
        .then(WaitingOnCustomer, "2025-03-28 16:30")
        .then(CustomerReplied, "2025-03-31 09:30")
    )
    assert str(ticket.status("2025-03-31 12:00", PLAIN)) == (
        "T-1 · plain · severity 2 · as of Mon 2025-03-31 12:00 Europe/Berlin\n"
        "metric          target    used    left  due               state\n"
        "first response  2h 00m  0h 45m       –  Mon 31 Mar 09:30  met Fri 28 Mar 16:15\n"
        "resolution      8h 00m  3h 30m  4h 30m  Mon 31 Mar 16:30  running"
    )
    assert str(ticket.status("2025-03-31 12:00", PLAIN).explain("resolution")) == (
        "resolution: 8h 00m of mon-fri 09:00-17:00 from Fri 28 Mar 15:30\n"
        "Fri 15:30 – 16:30      running              1h 00m\n"
        "Fri 16:30 – 17:00      waiting on customer       –  0h 30m of cover not counted\n"
        "Fri 17:00 – Mon 09:00  no cover                  –  63 hours: the clocks went forward on Sunday\n"
        "Mon 09:00 – 09:30      waiting on customer       –  0h 30m of cover not counted\n"
        "Mon 09:30 – 12:00      running              2h 30m  3h 30m used\n"
        "Mon 12:00 – 16:30      if it keeps running  4h 30m  8h 00m used: due"
    )


@pytest.mark.rule("C4", "C5")
def test_states_read_as_they_are() -> None:
    """Paused, missed, ended, without a target: each says so, with its instants."""
    ticket = Ticket(2, "10:00").then(WaitingOnCustomer, "15:00")
    assert str(ticket.status(f"{TUESDAY} 10:00", PLAIN)).splitlines()[2:] == [
        "first response  2h 00m  8h 00m  0h 00m  Mon 3 Mar 12:00  missed Mon 3 Mar 12:00, running",
        "resolution      8h 00m  5h 00m  3h 00m  –                paused, waiting on customer",
    ]
    ended = Ticket(2, "10:00").then(Responded, "13:00").then(Cancelled, "14:00")
    assert str(ended.status("15:00", PLAIN)).splitlines()[2:] == [
        "first response  2h 00m  3h 00m     –  Mon 3 Mar 12:00  missed Mon 3 Mar 12:00, met Mon 3 Mar 13:00",
        "resolution      8h 00m  4h 00m     –  Tue 4 Mar 10:00  ended Mon 3 Mar 14:00, cancelled",
    ]
    effort = Ticket(3, "10:00").status("12:00", PLAIN)
    assert str(effort).splitlines()[2:] == [
        "first response        1 day  2h 00m  13h 00m  Tue 4 Mar 17:00  running",
        "resolution      best effort       –        –  –                running without a target",
    ]
    assert "2 days" in str(Ticket(4, "10:00").status("12:00", PLAIN))


def test_a_ticket_without_clocks_says_so() -> None:
    """Before its opening, or without any target, a ticket shows its state and no table."""
    assert str(Ticket(2).status("09:00", PLAIN)) == (
        "T-1 · plain · no severity · as of Mon 2025-03-03 08:00 UTC\nunopened; no clock has a target"
    )
    assert str(Ticket(2).status("10:00", PLAIN)).splitlines()[0].endswith("10:00 Europe/Berlin")
    nothing = Tier("nothing", targets={2: Targets(resolution="not-offered")})
    assert str(Ticket(2).status("11:00", nothing)).splitlines()[1] == "open; no clock has a target"


def test_a_clock_that_has_not_started_says_so() -> None:
    """Its target is shown, by arrival if it is not decided yet, and no zone is known but the calendar's to be."""
    cell = ArrivalTarget(OFFICE, inside=OFFICE.hours(2), outside=OFFICE.hours(4))
    late = Tier("late", targets={2: Targets(resolution=cell)}, clock=tier(starts="triaged").clock)
    status = Ticket(2).status("11:00", late)
    assert str(status).splitlines()[1:] == [
        "metric          target  used  left  due  state",
        "resolution  by arrival     –     –  –    not started",
    ]
    assert str(status.explain("resolution")) == (
        "resolution: 2h 00m of mon-fri 09:00-17:00 if it arrives in mon-fri 09:00-17:00, "
        "else 4h 00m of mon-fri 09:00-17:00, not started"
    )


def test_earlier_cycles_are_shown_if_they_were_missed() -> None:
    """Of several clocks of a metric the latest is shown, and those that were missed, with their numbers."""
    restart = Tier("restart", targets=PLAIN.targets, clock=tier(on_reopen="restart").clock)
    ticket = Ticket(1, "10:00").then(Resolved, "15:00").then(Reopened, "16:00").then(Resolved, "16:30")
    ticket.then(Reopened, f"{TUESDAY} 09:00")
    assert str(ticket.status(f"{TUESDAY} 10:00", restart)).splitlines()[2:] == [
        "resolution    4h 00m  5h 00m       –  Mon 3 Mar 14:00  missed Mon 3 Mar 14:00, met Mon 3 Mar 15:00",
        "resolution 3  4h 00m  1h 00m  3h 00m  Tue 4 Mar 13:00  running",
    ]


def test_wall_time_and_other_years_are_told_in_full() -> None:
    """Without a calendar times are told in UTC; another year is named; a week or more names the days in full."""
    agreed = Tier("wall", targets={2: Targets(resolution=WallTime(hours(300)))})
    events = [Opened("E-1", BERLIN.at("2024-12-27 10:00"), ticket="T-1", severity=2)]
    status = track(agreed, events, as_of=BERLIN.at("2025-01-02 10:00"))
    assert str(status) == (
        "T-1 · wall · severity 2 · as of Thu 2025-01-02 09:00 UTC\n"
        "metric        target      used      left  due              state\n"
        "resolution  300h 00m  144h 00m  156h 00m  Wed 8 Jan 21:00  running"
    )
    assert str(status.explain("resolution")) == (
        "resolution: 300h 00m of wall time from Fri 27 Dec 2024 09:00\n"
        "Fri 27 Dec 2024 09:00 – Thu 2 Jan 09:00  running              144h 00m\n"
        "Thu 2 Jan 09:00 – Wed 8 Jan 21:00        if it keeps running  156h 00m  300h 00m used: due"
    )


def test_closures_are_named_and_clocks_that_go_back_are_told() -> None:
    """A holiday stands with its name; a night in which the clocks went back says how long it was."""
    days = Holidays([Holiday(date(2025, 10, 27), "Feast")])
    agreed = Tier(
        "autumn", targets={2: Targets(resolution=Coverage("mon-fri 09:00-17:30", zone=BERLIN, holidays=days).hours(8))}
    )
    events = [Opened("E-1", BERLIN.at("2025-10-24 17:00"), ticket="T-1", severity=2)]
    told = track(agreed, events, as_of=BERLIN.at("2025-10-28 10:00")).explain("resolution")
    assert str(told).splitlines()[1:] == [
        "Fri 17:00 – 17:30      running              0h 30m",
        "Fri 17:30 – Mon 00:00  no cover                  –  55h 30m: the clocks went back on Sunday",
        "Mon 00:00 – Tue 00:00  holiday, Feast            –",
        "Tue 00:00 – 09:00      no cover                  –",
        "Tue 09:00 – 10:00      running              1h 00m  1h 30m used",
        "Tue 10:00 – 16:30      if it keeps running  6h 30m  8h 00m used: due",
    ]


@pytest.mark.rule("C5", "C6")
def test_decisions_of_the_terms_are_cited() -> None:
    """A changed target and a breach stand below the segments, each with its rule and the path of the term."""
    ticket = Ticket(2, "10:00").then(SeverityChanged, "11:00", severity=1)
    assert str(ticket.status("15:00", PLAIN).explain("resolution")) == (
        "resolution: 4h 00m of mon-fri 09:00-17:00 from Mon 3 Mar 10:00\n"
        "Mon 10:00 – 15:00  running  5h 00m\n"
        "\n"
        "rule  step            result                                                                   agreed in\n"
        "C6    target changed  4h 00m of mon-fri 09:00-17:00 from Mon 3 Mar 11:00, 1h 00m already used  "
        'tier.clock.on_change = "from-start"\n'
        "C5    missed          the time was exceeded from Mon 3 Mar 14:00 on                            "
        'tier.clock.breach = "sticky"'
    )


def test_every_cycle_can_be_explained() -> None:
    """A cycle is asked for by its number; there is none of another, and no other metric."""
    restart = Tier("restart", targets=PLAIN.targets, clock=tier(on_reopen="restart").clock)
    status = Ticket(1).then(Resolved, "11:00").then(Reopened, "12:00").status("12:30", restart)
    assert status.explain("resolution", cycle=1).rows[0][0] == "Mon 10:00 – 11:00"
    assert status.explain("resolution").rows[0][0] == "Mon 12:00 – 12:30"
    refused(lambda: status.explain("resolution", cycle=3), InvalidValue, "one of its cycles was expected: 1, 2")
    refused(lambda: status.explain("update", cycle=1), InvalidValue, "one of its cycles was expected: none")
    refused(lambda: status.explain("answer"), InvalidValue, '"first-response"')  # type: ignore[arg-type]  # the mistake that is told
    refused(lambda: status.cycles_of("answer"), InvalidValue, "'answer'")  # type: ignore[arg-type]  # the same


def test_rows_are_plain() -> None:
    """A row of a clock has texts, whole numbers and None only, one row for each clock that started."""
    _, row = Ticket(1).status("11:00", PLAIN).to_rows()
    assert row == {
        "ticket": "T-1", "tier": "plain", "severity": 1, "metric": "resolution", "cycle": 1,
        "target": "4h 00m of mon-fri 09:00-17:00", "state": "running", "reason": "", "outcome": "pending",
        "started_at": "2025-03-03T09:00:00+00:00", "due_at": "2025-03-03T13:00:00+00:00", "elapsed": 3600,
        "allowed": 14400, "remaining": 10800, "met_at": None, "ended_at": None, "breached_at": None,
        "as_of": "2025-03-03T10:00:00+00:00",
    }  # fmt: skip


def test_results_are_values() -> None:
    """Statuses, segments, contradictions and explanations compare, hash, pickle and do not change."""
    status = Ticket(2).then(Reopened, "10:30").status("12:00", PLAIN)
    assert_is_a_value(status.contradictions[0])
    assert_is_a_value(status.resolution)
    assert_is_a_value(status.resolution.segments[0])
    assert_is_a_value(status.explain("resolution"))
    assert_is_a_value(status)
    with pytest.raises(TypeError):
        status.metrics["resolution"] = status.first_response  # type: ignore[index]  # the mapping is read only
    assert status.first_response is status.first_response
    assert attrs.fields(type(status.resolution)).metric.name == "metric"
    assert at("10:00") == status.resolution.started_at
