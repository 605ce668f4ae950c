"""The oracle of clocks against pencil and paper: office hours 09:00-17:00, from Monday, 3 March 2025, in UTC.

These tests prove the oracle, not the library, so they quote no rule ids.
"""

from typing import Any

import pytest

from supportcontracts import (
    ClockPolicy,
    CustomerReplied,
    Opened,
    Reopened,
    Resolved,
    Responded,
    Resumed,
    SeverityChanged,
    Targets,
    Tier,
    WaitingOnCustomer,
)
from supportcontracts.coverage import Coverage
from supportcontracts.timeline import Zone
from tests.oracle.clocked import TooFarError, oracle_track
from tests.oracle.days import second_of

UTC = Zone("UTC")
OFFICE = Coverage("mon-fri 09:00-17:00", zone=UTC)
HOUR = 3600
KINDS: dict[str, Any] = {
    "answer": Responded,
    "ask": CustomerReplied,
    "go on": Resumed,
    "reopen": Reopened,
    "solve": Resolved,
    "wait": WaitingOnCustomer,
}


def clock_at(story: str, as_of: str, metric: str = "resolution", **policy: Any) -> list[object]:
    """Open at "3 16:00", let things happen, and say how the latest clock stands: state, due, used, over.

    Severity 1 is solved in two hours, severity 2 in four; answers and updates take one.
    """
    hour = OFFICE.hours(1)
    rows = {
        severity: Targets(resolution=OFFICE.hours(2 * severity), update=hour, next_response=hour) for severity in (1, 2)
    }
    tier = Tier("plain", targets=rows, clock=ClockPolicy(**policy))
    events: list[Any] = []
    for number, what in enumerate(story.split(", ")):
        day, time, *words = what.split(" ")
        word, when = " ".join(words), UTC.at(f"2025-03-{int(day):02} {time}")
        if word.startswith("severity"):
            changed: Any = Opened if not number else SeverityChanged
            events.append(changed(f"E-{number}", when, ticket="T-1", severity=int(word[-1])))
        else:
            events.append(KINDS[word](f"E-{number}", when, ticket="T-1"))
    day, time = as_of.split(" ")
    at = second_of(UTC.at(f"2025-03-{int(day):02} {time}"))
    clock = oracle_track(tier, reversed(events), at).last[metric]
    facts = clock.facts(at)
    used = None if facts["used"] is None else f"{facts['used'] // HOUR}:{facts['used'] % HOUR // 60:02}"
    return [facts["state"], shown(facts["due"]), used, shown(facts["over"])]


def shown(second: int | None) -> str | None:
    """Write an instant as day and time."""
    if second is None:
        return None
    days, rest = divmod(second - second_of(UTC.at("2025-03-01 00:00")), 86_400)
    return f"{days + 1} {rest // HOUR:02}:{rest % HOUR // 60:02}"


@pytest.mark.parametrize(
    ("story", "as_of", "expected"),
    [
        # An hour on Monday, an hour on Tuesday; missed when 10:00 has passed, and not at 10:00.
        ("3 16:00 severity 1", "4 10:00", ["running", "4 10:00", "2:00", None]),
        ("3 16:00 severity 1", "4 10:01", ["running", "4 10:00", "2:01", "4 10:00"]),
        # Half an hour used, half an hour of each day waited for: one and a half from Tuesday 09:30.
        ("3 16:00 severity 1, 3 16:30 wait", "4 09:00", ["paused", None, "0:30", None]),
        ("3 16:00 severity 1, 3 16:30 wait, 4 09:30 go on", "4 09:30", ["running", "4 11:00", "0:30", None]),
        ("3 16:00 severity 1, 3 16:30 wait, 4 09:30 ask", "4 09:30", ["running", "4 11:00", "0:30", None]),
        # A wait in the night is free; one of no time too, in whatever order it was written down.
        ("3 16:00 severity 1, 3 17:00 wait, 4 09:00 go on", "4 09:00", ["running", "4 10:00", "1:00", None]),
        ("3 16:00 severity 1, 3 16:30 wait, 3 16:30 go on", "3 16:30", ["running", "4 10:00", "0:30", None]),
        # Used up at closing, the time runs out in the night, and a wait from 17:00 on does not help.
        ("3 15:00 severity 1, 3 17:00 wait", "3 17:00", ["paused", None, "2:00", None]),
        ("3 15:00 severity 1, 3 17:00 wait", "3 17:01", ["paused", None, "2:00", "3 17:00"]),
        # Used up at noon, and waiting from noon on: due when it goes on.
        ("3 10:00 severity 1, 3 12:00 wait", "3 13:00", ["paused", None, "2:00", None]),
        ("3 10:00 severity 1, 3 12:00 wait, 3 13:00 go on", "3 13:00", ["running", "3 13:00", "2:00", None]),
        # Solved in time; solved late.
        ("3 10:00 severity 1, 3 12:00 solve", "4 12:00", ["met", "3 12:00", "2:00", None]),
        ("3 10:00 severity 1, 3 13:00 solve", "4 12:00", ["met", "3 12:00", "3:00", "3 12:00"]),
    ],
)
def test_one_clock(story: str, as_of: str, expected: list[object]) -> None:
    """Two hours to a solution, counted by hand."""
    assert clock_at(story, as_of) == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        # Four hours from 10:00; at 13:00, with three used, raised to two: missed by that, or two from then, or four.
        ({"on_change": "from-start"}, ["running", "3 12:00", "3:30", "3 13:00"]),
        ({"on_change": "from-change"}, ["running", "3 15:00", "0:30", None]),
        ({"on_change": "frozen"}, ["running", "3 14:00", "3:30", None]),
    ],
)
def test_a_change(policy: dict[str, str], expected: list[object]) -> None:
    """What is used stays used, or a new clock starts, or nothing changes."""
    assert clock_at("3 10:00 severity 2, 3 13:00 severity 1", "3 13:30", **policy) == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [({"breach": "sticky"}, "3 12:00"), ({"breach": "recomputed"}, None)],
)
def test_a_milder_target_after_a_breach(policy: dict[str, str], expected: str | None) -> None:
    """Two hours were missed at 12:00; lowered to four at 13:00, that stays, or is taken back."""
    state, due, _, over = clock_at("3 10:00 severity 1, 3 13:00 severity 2", "3 13:30", **policy)
    assert (state, due, over) == ("running", "3 14:00", expected)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        # Solved at 11:00 with an hour left, reopened on Tuesday at 10:00.
        ({"on_reopen": "resume"}, ["running", "4 11:00", "1:15", None]),
        ({"on_reopen": "restart"}, ["running", "4 12:00", "0:15", None]),
        ({"on_reopen": "no-restart"}, ["met", "3 12:00", "1:00", None]),
    ],
)
def test_a_reopening(policy: dict[str, str], expected: list[object]) -> None:
    """The clock goes on without the time between, or starts anew, or stays met."""
    assert clock_at("3 10:00 severity 1, 3 11:00 solve, 4 10:00 reopen", "4 10:15", **policy) == expected


@pytest.mark.parametrize(
    ("updates", "due"),
    [("independent", "3 13:30"), ("sequential", "3 14:00"), ("none", "3 13:00")],
)
def test_updates(updates: str, due: str) -> None:
    """Answered at 12:00, an update is due by 13:00; it comes at 12:30, and the next an hour later, or after 13:00."""
    story = "3 10:00 severity 2, 3 12:00 answer, 3 12:30 answer"
    assert clock_at(story, "3 13:15", "update", updates=updates)[1] == due


def test_the_next_answer() -> None:
    """After the first answer, the customer asks at 12:00 and 12:15: an answer is due an hour after the older one."""
    story = "3 10:00 severity 2, 3 11:00 answer, 3 12:00 ask, 3 12:15 ask"
    assert clock_at(story, "3 12:30", "next-response") == ["running", "3 13:00", "0:30", None]


def test_the_oracle_gives_up() -> None:
    """What is due after months is not looked for."""
    rare = Tier("rare", targets={1: Targets(resolution=Coverage("mon 09:00-10:00", zone=UTC).hours(50))})
    with pytest.raises(TooFarError):
        oracle_track(rare, [Opened("E-1", UTC.at("2025-03-03 10:00"), ticket="T-1", severity=1)], 1_741_000_000)
