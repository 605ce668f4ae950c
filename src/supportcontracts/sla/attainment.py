"""Attainment: of the tickets whose target was decided in a window, the exact share that was in time.

A ticket counts once for each metric, however many clocks of it ran (D33): as missed in the window in which the first of
its clocks was breached, else as met in the window in which the last of them was met. What is excluded is listed with
its reason, and a sample that is too small has no ratio.
"""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal

import attrs

from supportcontracts._fields import frozen, require_kind, require_text, require_whole, tuple_of
from supportcontracts.contracts.metering import require_choice
from supportcontracts.contracts.tiers import METRICS, Metric
from supportcontracts.errors import InvalidValue
from supportcontracts.explain import table
from supportcontracts.money.text import show_fraction
from supportcontracts.quantity import WorkTime
from supportcontracts.sla.status import TicketStatus
from supportcontracts.timeline import Instant, Span, epoch, instant

__all__ = ["Attainment", "AttainmentCell", "Exclusion", "TicketOutcome", "attainment"]


def __dir__() -> list[str]:
    return __all__


@frozen
class Exclusion:
    """A ticket, or a stretch of time, does not count, for a reason.

    Attributes:
        reason: why, as in "force-majeure" or "customer-caused".
        ticket: the ticket that is left out; None: a stretch of time is.
        metrics: the metrics for which it is left out; empty: all.
        span: the time that is left out, of outages and of the window; None: a ticket is.

    Example:
        >>> Exclusion("force-majeure", ticket="T-881").ticket
        'T-881'
    """

    reason: str
    ticket: str | None = attrs.field(default=None, kw_only=True)
    metrics: tuple[Metric, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    span: Span | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("Exclusion.reason", self.reason)
        if (self.ticket is None) == (self.span is None):
            raise InvalidValue("Exclusion", "both or neither", "a ticket or a span was expected")
        if self.ticket is not None:
            require_text("Exclusion.ticket", self.ticket)
        else:
            require_kind("Exclusion.span", self.span, Span, "a Span was expected", "Write Span(start, end).")
        for metric in self.metrics:
            require_choice("Exclusion.metrics", metric, METRICS)


@frozen
class TicketOutcome:
    """What one ticket adds to the attainment of a metric.

    Attributes:
        ticket: the ticket.
        metric: the metric.
        severity: the severity of the clock that decided.
        outcome: "met" or "missed".
        decided_at: when.
        late: the time beyond the target, over all clocks of the metric.
        excluded: the reason for which it does not count; "" if it does.
    """

    ticket: str
    metric: Metric
    severity: int | None
    outcome: Literal["met", "missed"]
    decided_at: Instant
    late: WorkTime
    excluded: str = ""


@frozen
class AttainmentCell:
    """The attainment of one metric, for one severity or for all.

    Attributes:
        metric: the metric.
        severity: the severity; None: all of them.
        met: how many tickets were in time.
        missed: how many were not.
        excluded: how many do not count.
        ratio: the exact share that was in time; None with fewer tickets than the sample asks for.
    """

    metric: Metric
    severity: int | None
    met: int
    missed: int
    excluded: int
    ratio: Fraction | None


@frozen
class Attainment:
    """The attainment of a window.

    Attributes:
        since: the start of the window.
        until: its end, not included.
        sample: the fewest tickets that have a ratio.
        outcomes: every ticket and metric that was decided in the window, in order.

    Rules: C18, D33.
    """

    since: Instant
    until: Instant
    sample: int
    outcomes: tuple[TicketOutcome, ...]

    @property
    def cells(self) -> tuple[AttainmentCell, ...]:
        """Each metric over all severities, then severity by severity."""
        found: list[AttainmentCell] = []
        for metric in METRICS:
            own = [each for each in self.outcomes if each.metric == metric]
            grades = sorted({each.severity for each in own if each.severity is not None})
            if own:
                found.append(self.cell(metric))
                found += [self.cell(metric, severity) for severity in grades]
        return tuple(found)

    def cell(self, metric: Metric, severity: int | None = None) -> AttainmentCell:
        """Count one metric, for one severity or for all.

        Raises:
            InvalidValue: for an unknown metric.

        Example:
            See `attainment`.
        """
        require_choice("metric", metric, METRICS)
        own = [e for e in self.outcomes if e.metric == metric and severity in (None, e.severity)]
        counted = [each for each in own if not each.excluded]
        met = sum(each.outcome == "met" for each in counted)
        enough = len(counted) >= self.sample
        ratio = Fraction(met, len(counted)) if enough else None
        return AttainmentCell(metric, severity, met, len(counted) - met, len(own) - len(counted), ratio)

    def explain(self, metric: Metric, severity: int | None = None) -> str:
        """List the tickets behind a cell: what became of each, when, and why it is left out if it is."""
        own = [e for e in self.outcomes if e.metric == metric and severity in (None, e.severity)]
        rows = [("ticket", "severity", "outcome", "decided at, UTC", "late", "left out")]
        rows += [
            (
                each.ticket,
                "–" if each.severity is None else str(each.severity),
                each.outcome,
                f"{each.decided_at:%Y-%m-%d %H:%M:%S}",
                str(each.late) if each.outcome == "missed" else "–",
                each.excluded,
            )
            for each in own
        ]
        return table(rows)

    def to_rows(self) -> list[dict[str, Any]]:
        """List the cells as plain rows; a ratio is an exact text, as in "9/10"."""
        return [
            {
                "metric": cell.metric,
                "severity": cell.severity,
                "met": cell.met,
                "missed": cell.missed,
                "excluded": cell.excluded,
                "ratio": None if cell.ratio is None else str(cell.ratio),
            }
            for cell in self.cells
        ]

    def __str__(self) -> str:
        rows = [("metric", "severity", "met", "missed", "left out", "attainment")]
        for cell in self.cells:
            name = cell.metric.replace("-", " ") if cell.severity is None else ""
            grade = "all" if cell.severity is None else str(cell.severity)
            counts = (str(cell.met), str(cell.missed), str(cell.excluded))
            rows.append((name, grade, *counts, percentage(cell.ratio)))
        return table(rows, right={2, 3, 4, 5})


def percentage(ratio: Fraction | None) -> str:
    """Say a ratio in per cent: exactly where it ends within two decimals, else rounded down with a sign that it was.

    Rounded down, since 99.996 % has not reached 100 %.

    Example:
        >>> percentage(Fraction(9, 10)), percentage(Fraction(2, 3)), percentage(None)
        ('90 %', '66.66… %', '–')
    """
    if ratio is None:
        return "–"
    hundredths = ratio * 10_000
    if hundredths.denominator == 1:
        return f"{show_fraction(ratio * 100, 0)} %"
    whole = hundredths.numerator // hundredths.denominator
    return f"{whole // 100}.{whole % 100:02}… %"


def outcomes_of(statuses: Iterable[TicketStatus], exclusions: Iterable[Exclusion] = ()) -> list[TicketOutcome]:
    """Decide every ticket and metric once, as far as it is decided (D33).

    Example:
        >>> outcomes_of([])
        []
    """
    left_out = [each for each in exclusions if each.ticket is not None]
    found = []
    for status in statuses:
        for metric in METRICS:
            decided = [each for each in status.cycles_of(metric) if each.outcome in ("met", "missed")]
            missed = [each for each in decided if each.outcome == "missed"]
            if not decided:
                continue
            deciding = missed[0] if missed else decided[-1]
            at = deciding.decided_at
            assert at is not None
            late = sum((each.overdue or WorkTime(0) for each in missed), WorkTime(0))
            reasons = [e.reason for e in left_out if e.ticket == status.ticket and metric in (e.metrics or METRICS)]
            found.append(
                TicketOutcome(
                    status.ticket,
                    metric,
                    deciding.severity,
                    "missed" if missed else "met",
                    at,
                    late,
                    ", ".join(sorted(set(reasons))),
                )
            )
    return sorted(found, key=lambda each: (METRICS.index(each.metric), epoch(each.decided_at), each.ticket))


def attainment(
    statuses: Iterable[TicketStatus],
    *,
    since: datetime,
    until: datetime,
    exclusions: Iterable[Exclusion] = (),
    sample: int = 1,
) -> Attainment:
    """Count which targets were met in time, of those that were decided in [since, until).

    Args:
        statuses: how the tickets stand, as `track_all` says it.
        since: the start of the window.
        until: its end, not included.
        exclusions: tickets that do not count, with the reason.
        sample: with fewer tickets than this there is no ratio.

    Raises:
        InvalidValue: for a window that ends before it starts, or a sample below 1.

    Rules: C18, D33.

    Example:
        >>> from supportcontracts.contracts.tiers import Targets, Tier
        >>> from supportcontracts.coverage import Coverage
        >>> from supportcontracts.events import Opened, Responded
        >>> from supportcontracts.sla.verbs import track_all
        >>> office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin")
        >>> at = office.zone.at
        >>> tier = Tier("basic", targets={2: Targets(first_response=office.hours(2))})
        >>> events = [
        ...     Opened("E-1", at("2025-03-03 09:00"), ticket="T-1", severity=2),
        ...     Responded("E-2", at("2025-03-03 10:00"), ticket="T-1"),
        ...     Opened("E-3", at("2025-03-03 09:00"), ticket="T-2", severity=2),
        ... ]
        >>> statuses = track_all(tier, events, as_of=at("2025-03-31 12:00"))
        >>> print(attainment(statuses, since=at("2025-03-01 00:00"), until=at("2025-04-01 00:00")))
        metric          severity  met  missed  left out  attainment
        first response  all         1       1         0        50 %
                        2           1       1         0        50 %
    """
    require_whole("sample", sample, least=1)
    window = Span(instant(since), instant(until))
    found = [each for each in outcomes_of(statuses, exclusions) if window.contains(each.decided_at)]
    return Attainment(window.start, window.end, sample, tuple(found))
