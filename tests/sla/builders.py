"""Tiers, tickets and times for the tests of the clocks, and the few ways to write them briefly."""

from datetime import datetime
from typing import Any

from supportcontracts import ClockPolicy, Opened, Targets, Tier, Zone
from supportcontracts.coverage import Coverage
from supportcontracts.events import TicketEvent
from supportcontracts.quantity import WorkTime
from supportcontracts.sla import MetricStatus, TicketStatus, track
from supportcontracts.timeline import Instant

BERLIN = Zone("Europe/Berlin")
OFFICE = Coverage("mon-fri 09:00-17:00", zone=BERLIN)
ALWAYS = Coverage("24x7", zone=BERLIN)

# 3 to 7 March 2025 are a Monday to a Friday without a change of the clocks.
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (f"2025-03-{day:02}" for day in range(3, 8))


def at(text: str) -> Instant:
    """Read a local time; "10:00" is on that Monday."""
    return BERLIN.at(text if " " in text else f"{MONDAY} {text}")


def tier(name: str = "premium", **policy: Any) -> Tier:
    """Make a tier with round targets in office hours; severity 1 is served round the clock."""
    return Tier(
        name,
        targets={
            1: Targets(first_response=ALWAYS.hours(1), resolution=ALWAYS.hours(4)),
            2: Targets(
                first_response=OFFICE.hours(2),
                next_response=OFFICE.hours(3),
                update=OFFICE.hours(4),
                resolution=OFFICE.hours(8),
                workaround=OFFICE.hours(6),
                hold_time=ALWAYS.minutes(5),
            ),
            3: Targets(first_response=OFFICE.days(1), resolution="best-effort"),
            4: Targets(first_response="no-target", resolution="not-offered"),
        },
        clock=ClockPolicy(**policy),
    )


PREMIUM = tier()


class Ticket:
    """The events of a ticket as they are written down, each with the next id."""

    def __init__(self, severity: int | None = 2, opened: str = "10:00", **more: Any) -> None:
        self.events: list[TicketEvent] = []
        self.then(Opened, opened, severity=severity, **more)

    def then(self, kind: type[TicketEvent], when: str, **more: Any) -> "Ticket":
        """Add what happened next."""
        self.events.append(kind(f"E-{len(self.events) + 1}", at(when), ticket="T-1", **more))
        return self

    def status(self, as_of: str | datetime, agreed: Tier = PREMIUM, **more: Any) -> TicketStatus:
        """Look at the ticket."""
        return track(agreed, self.events, as_of=at(as_of) if isinstance(as_of, str) else as_of, **more)

    def clock(self, metric: str, as_of: str, agreed: Tier = PREMIUM, **more: Any) -> MetricStatus:
        """Look at one of its clocks."""
        return self.status(as_of, agreed, **more).metrics[metric]  # type: ignore[index]  # a metric by its name


def shown(value: datetime | WorkTime | None) -> str | None:
    """Write an instant as local time, and a work time as it prints."""
    if value is None or isinstance(value, WorkTime):
        return None if value is None else str(value)
    return BERLIN.format(value).removeprefix(f"{MONDAY} ")


def life(clock: MetricStatus) -> list[tuple[str | None, str | None, str, str]]:
    """List the segments of a clock: from, to, reason, counted."""
    return [(shown(each.start), shown(each.end), each.reason, str(each.counted)) for each in clock.segments]
