"""Words: how a status reads for the person who asks, and how a clock is derived for the person who doubts it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from supportcontracts._fields import frozen, tuple_of
from supportcontracts.contracts.tiers import ArrivalTarget, Cell
from supportcontracts.contracts.tiers.wording import cell_words, metric_words
from supportcontracts.coverage import CoveredDays
from supportcontracts.explain import Step, table
from supportcontracts.quantity import WorkTime
from supportcontracts.sla.segments import ClockSegment
from supportcontracts.timeline import Instant, Zone, epoch, from_epoch, offsets

if TYPE_CHECKING:
    from supportcontracts.sla.status import MetricStatus, TicketStatus

__all__ = ["ClockExplanation", "explained", "status_text"]


def __dir__() -> list[str]:
    return __all__


NOTHING = "–"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEK = 7 * 86_400


@frozen
class ClockExplanation:
    """Why a clock stands as it does: its segments in order, and the rules that decided where the terms had a choice.

    Attributes:
        title: what is explained.
        rows: for each segment from when to when, the reason, the time that counted, and a note.
        steps: the decisions, each with its rule and the path of the term.
    """

    title: str
    rows: tuple[tuple[str, str, str, str], ...] = attrs.field(default=(), converter=tuple_of)
    steps: tuple[Step, ...] = attrs.field(default=(), converter=tuple_of)

    def __str__(self) -> str:
        lines = [self.title]
        if self.rows:
            lines.append(table(self.rows, right={2}))
        if self.steps:
            steps = [(step.rule, step.name, step.result, step.agreed_in) for step in self.steps]
            lines += ["", table([("rule", "step", "result", "agreed in"), *steps])]
        return "\n".join(lines)


# Times


def zone_of(status: "TicketStatus") -> Zone:
    """Return the zone in which a status is told: that of the first calendar that its clocks count on."""
    for cycle in status.record:
        for stretch in cycle.stretches:
            if stretch.promise.coverage is not None:
                return stretch.promise.coverage.zone
        if cycle.promise.coverage is not None:
            return cycle.promise.coverage.zone
    return Zone("UTC")


class Teller:
    """Tells instants in a zone, with the year where it is not the one of the status."""

    __slots__ = ("year", "zone")

    def __init__(self, zone: Zone, as_of: Instant) -> None:
        self.zone = zone
        self.year = zone.date_of(as_of).year

    def clock(self, at: Instant) -> str:
        """Tell the time of day."""
        return self.zone.format(at).split(" ")[1]

    def day(self, at: Instant) -> str:
        """Tell the day, as in "Fri 28 Mar"."""
        date = self.zone.date_of(at)
        year = "" if date.year == self.year else f" {date.year}"
        return f"{_WEEKDAYS[date.weekday()][:3]} {date.day} {_MONTHS[date.month - 1]}{year}"

    def weekday(self, at: Instant) -> str:
        """Tell the day of the week, as in "Fri"."""
        return _WEEKDAYS[self.zone.date_of(at).weekday()][:3]

    def moment(self, at: Instant) -> str:
        """Tell day and time, as in "Fri 28 Mar 16:15"."""
        return f"{self.day(at)} {self.clock(at)}"

    def stretch(self, start: Instant, end: Instant, *, full: bool) -> str:
        """Tell from when to when, as in "Fri 17:00 – Mon 09:00"."""
        day = self.day if full else self.weekday
        same = self.zone.date_of(start) == self.zone.date_of(end)
        return f"{day(start)} {self.clock(start)} – {'' if same else day(end) + ' '}{self.clock(end)}"


# The status


def status_text(status: "TicketStatus") -> str:
    """Tell how a ticket stands: one line for each clock that has something to tell.

    Rules: C4.
    """
    zone = zone_of(status)
    teller = Teller(zone, status.as_of)
    severity = "no severity" if status.severity is None else f"severity {status.severity}"
    as_of = f"{zone.format_day(status.as_of)} {teller.clock(status.as_of)} {zone}"
    lines = [f"{status.ticket} · {status.tier.name} · {severity} · as of {as_of}"]
    rows = [_row(each, teller) for each in _told(status)]
    if rows:
        lines.append(table([("metric", "target", "used", "left", "due", "state"), *rows], right={1, 2, 3}))
    else:
        lines.append(f"{status.state.replace('-', ' ')}; no clock has a target")
    lines += [f"without effect: {each}" for each in status.contradictions]
    return "\n".join(lines)


def _told(status: "TicketStatus") -> Iterable["MetricStatus"]:
    """Choose the clocks to tell of: of each metric the latest, and earlier ones that were missed."""
    latest = status.metrics
    for metric, last in latest.items():
        for cycle in status.cycles_of(metric):
            if cycle.breached_at is not None and cycle.cycle != last.cycle:
                yield cycle
        if last.breached_at is not None or last.target not in ("no-target", "not-offered", "if-escalated"):
            yield last


def _row(status: "MetricStatus", teller: Teller) -> tuple[str, ...]:
    name = metric_words(status.metric)
    return (
        name if status.cycle == 1 else f"{name} {status.cycle}",
        amount_of(status.target),
        _shown(status.elapsed),
        _shown(status.remaining),
        NOTHING if status.due_at is None else teller.moment(status.due_at),
        _state(status, teller),
    )


def _shown(time: WorkTime | None) -> str:
    return NOTHING if time is None else str(time)


def amount_of(target: Cell) -> str:
    """Tell a target without its calendar, as in "2h 00m", "1 day" or "best effort"."""
    if isinstance(target, str):
        return cell_words(target)
    if isinstance(target, CoveredDays):
        return "1 day" if target.days == 1 else f"{target.days} days"
    return "by arrival" if isinstance(target, ArrivalTarget) else str(target.quantity)


def _state(status: "MetricStatus", teller: Teller) -> str:
    words = []
    if status.breached_at is not None:
        words.append(f"missed {teller.moment(status.breached_at)}")
    if status.met_at is not None:
        words.append(f"met {teller.moment(status.met_at)}")
    elif status.ended_at is not None:
        words.append(f"ended {teller.moment(status.ended_at)}, {status.reason}")
    elif status.state == "paused":
        words.append(f"paused, {status.reason}")
    elif status.state == "untimed":
        words.append("running without a target")
    else:
        words.append(status.state.replace("-", " "))
    return ", ".join(words)


# One clock


def explained(ticket: "TicketStatus", status: "MetricStatus") -> ClockExplanation:
    """Derive one clock, segment by segment."""
    teller = Teller(zone_of(ticket), ticket.as_of)
    name = metric_words(status.metric)
    if status.started_at is None:
        return ClockExplanation(f"{name}: {cell_words(status.target)}, not started")
    title = f"{name}: {cell_words(status.target)} from {teller.moment(status.started_at)}"
    last = status.due_at or status.as_of
    full = epoch(max(last, status.as_of)) - epoch(status.started_at) >= _WEEK - 86_400
    rows = []
    used = 0
    for segment in status.segments:
        before, used = used, used + segment.counted.seconds
        note = _note(segment, teller, before, used)
        rows.append((teller.stretch(segment.start, segment.end, full=full), *_cells(segment), note))
    if status.state == "running" and status.due_at is not None and status.due_at > status.as_of:
        assert status.remaining is not None
        assert status.allowed is not None
        ahead = teller.stretch(status.as_of, status.due_at, full=full)
        rows.append((ahead, "if it keeps running", str(status.remaining), f"{status.allowed} used: due"))
    return ClockExplanation(title, rows, tuple(_steps(ticket, status, teller)))


def _cells(segment: ClockSegment) -> tuple[str, str]:
    reason = f"{segment.reason}, {segment.name}" if segment.name else segment.reason
    return reason, str(segment.counted) if segment.reason == "running" else NOTHING


def _note(segment: ClockSegment, teller: Teller, before: int, used: int) -> str:
    if segment.reason == "running":
        return f"{WorkTime(used)} used" if before else ""
    if segment.covered:
        return f"{segment.covered} of cover not counted"
    return _clocks_changed(segment, teller.zone)


def _clocks_changed(segment: ClockSegment, zone: Zone) -> str:
    """Say how long a time is over which the clocks changed, since the hands do not tell."""
    start, end = epoch(segment.start), epoch(segment.end)
    changes = offsets(zone, start, end)
    if len(changes) != 2:
        return ""
    (_, old), (at, new) = changes
    hours, rest = divmod(end - start, 3600)
    length = f"{hours} hours" if not rest else str(WorkTime(end - start))
    day = _WEEKDAYS[zone.date_of(from_epoch(at)).weekday()]
    return f"{length}: the clocks went {'forward' if new > old else 'back'} on {day}"


def _steps(ticket: "TicketStatus", status: "MetricStatus", teller: Teller) -> Iterable[Step]:
    """Name the decisions that the terms had to make."""
    clock = ticket.tier.clock
    targets = [stretch.promise.target for stretch in status.stretches]
    changes = [
        stretch for before, stretch in zip(status.stretches, status.stretches[1:], strict=False)
        if stretch.promise.target != before.promise.target
    ]  # fmt: skip
    for stretch in changes:
        yield Step(
            "C6",
            "target changed",
            str(targets[0]),
            f"{stretch.promise.target!s} from {teller.moment(from_epoch(stretch.start))}, "
            f"{WorkTime(stretch.used)} already used",
            f'tier.clock.on_change = "{clock.on_change}"',
        )
    if status.breached_at is not None:
        yield Step(
            "C5", "missed", "", f"the time was exceeded from {teller.moment(status.breached_at)} on",
            f'tier.clock.breach = "{clock.breach}"',
        )  # fmt: skip
