"""Crediting: what missed levels of service are worth in one window, as a proposal.

Each level is measured, sized by its schedule and settled once. Then, in this order: credits of one incident are
combined, credits of levels are combined, caps hold from the narrow to the wide, and the conditions are looked at:
least credit, claim, standing. A proposal changes nothing; granted, it is an event, and stays as it is (D33).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal, assert_never

import attrs

from supportcontracts._fields import frozen
from supportcontracts.contracts.service_credits import (
    CreditBands,
    CreditCap,
    CreditEach,
    CreditSize,
    CreditSteps,
    CreditWindow,
    DowntimeMultiple,
    Measure,
    PoolShare,
    ServiceCredits,
    ServiceLevel,
    size_words,
)
from supportcontracts.contracts.tariffs import require_money
from supportcontracts.errors import InvalidValue
from supportcontracts.explain import Step
from supportcontracts.money import Amount, Money, RoundingMode, round_ratio, settle
from supportcontracts.money.text import show_fraction
from supportcontracts.quantity import WorkTime, allocate_whole
from supportcontracts.sla.attainment import Exclusion, outcomes_of, percentage
from supportcontracts.sla.proposal import CreditLine, Outage, Refusal, ServiceCreditProposal
from supportcontracts.sla.status import TicketStatus
from supportcontracts.timeline import Days, Instant, Period, Term, epoch, instant

__all__ = ["propose_credits"]


def __dir__() -> list[str]:
    return __all__


@attrs.define
class _Line:
    """A line in the making, in whole units: minor units, or days."""

    level: ServiceLevel
    incident: str | None
    at: int
    measured: str
    credit: int
    left: int
    steps: list[Step]
    reported: int | None = None
    is_outage: bool = False
    code: Any = ""

    def drop(self, code: str, why: str) -> None:
        """Grant nothing of it, for a reason."""
        self.left, self.code = 0, code
        self.steps.append(Step("C20", code.replace("-", " "), why, "–"))


@frozen
class _Facts:
    """What happened, and how it is turned into whole units."""

    terms: ServiceCredits
    window: Period | Term
    base: Money
    statuses: tuple[TicketStatus, ...]
    outages: tuple[Outage, ...]
    exclusions: tuple[Exclusion, ...]
    rounding: RoundingMode

    @property
    def in_days(self) -> bool:
        return self.terms.granted_as == "term-extension"

    def whole(self, units: int) -> Money | Days:
        return Days(units) if self.in_days else Money.from_minor(units, self.base.currency)

    def worth(self, size: CreditSize, times: Fraction) -> int:
        """Settle a size, so many times, once."""
        if self.in_days:
            assert isinstance(size, Days)  # the terms promise it
            exact = size.count * times
            return round_ratio(exact.numerator, exact.denominator, self.rounding)
        if isinstance(size, Money):
            amount = Amount.of(size) * times
        elif isinstance(size, Days):
            length = 30 if self.terms.day_of == "thirtieth" else self.window.days
            amount = Amount.of(self.base) * (size.count * times / length)
        else:
            amount = Amount.of(self.base) * (size * times)
        return settle(amount, rounding=self.rounding).minor

    def limit(self, cap: CreditCap) -> int:
        """The limit of a cap in whole units; a share of an extension is one of the days of the window."""
        if self.in_days and isinstance(cap.limit, Fraction):
            return int(cap.limit * self.window.days)
        if self.in_days and isinstance(cap.limit, Money):
            raise InvalidValue("CreditCap.limit", str(cap.limit), "days were expected where the term is extended")
        return self.worth(cap.limit, Fraction(1))

    # -- what is measured -------------------------------------------------------------------------------------------

    def lines(self, level: ServiceLevel) -> list[_Line]:
        """Measure a level, and size what it is worth."""
        measure = level.measure
        if measure.kind in ("attainment", "breaches", "lateness"):
            return self._of_tickets(level, measure)
        return self._of_outages(level, measure)

    def _of_tickets(self, level: ServiceLevel, measure: Measure) -> list[_Line]:
        reasons = [each for each in self.exclusions if each.reason in level.excluded]
        outcomes = [
            each
            for each in outcomes_of(self.statuses, reasons)
            if each.metric in measure.metrics
            and (not measure.severities or each.severity in measure.severities)
            and self.window.span.contains(each.decided_at)
            and not each.excluded
        ]
        if level.users == "affected":
            raise InvalidValue(
                f"ServiceLevel {level.name!r}",
                f"the users affected by {measure.kind}",
                "outages were expected, since only they say whom they affected",
            )
        if len({each.ticket for each in outcomes}) < level.sample or not outcomes:
            return []
        missed = [each for each in outcomes if each.outcome == "missed"]
        if measure.kind == "attainment":
            ratio = Fraction(len(outcomes) - len(missed), len(outcomes))
            words = f"{len(outcomes) - len(missed)} of {len(outcomes)} in time, {percentage(ratio)}"
            return self._sized(level, None, epoch(self.window.end), ratio, words)
        if measure.kind == "breaches":
            return self._sized(level, None, epoch(self.window.end), Fraction(len(missed)), f"{len(missed)} missed")
        if level.each == "window":
            late = sum((each.late for each in missed), WorkTime(0))
            return self._sized(level, None, epoch(self.window.end), late, f"{late} late in all")
        found = []
        for ticket in dict.fromkeys(each.ticket for each in missed):
            own = [each for each in missed if each.ticket == ticket]
            late = sum((each.late for each in own), WorkTime(0))
            found += self._sized(level, ticket, epoch(own[0].decided_at), late, f"{late} late")
        return found

    def _of_outages(self, level: ServiceLevel, measure: Measure) -> list[_Line]:
        closed = [
            (epoch(each.span.start), epoch(each.span.end))
            for each in self.exclusions
            if each.span is not None and each.reason in level.excluded
        ]
        whole = _without((epoch(self.window.start), epoch(self.window.end)), closed)
        length = _seconds(whole)
        own = [each for each in self.outages if measure.service is None or each.service in (None, measure.service)]
        downs = {
            each.id: [
                piece
                for low, high in whole
                if (piece := (max(low, epoch(each.span.start)), min(high, epoch(each.span.end))))[0] < piece[1]
            ]
            for each in own
        }
        if not length:
            return []
        if level.each == "incident":
            found = []
            for outage in own:
                if downs[outage.id]:
                    reported = None if outage.reported_at is None else epoch(outage.reported_at)
                    users = outage.users if level.users == "affected" else Fraction(1)
                    at, seconds = epoch(outage.span.start), _seconds(downs[outage.id])
                    words = f"{WorkTime(seconds)} down"
                    lines = self._sized(level, outage.id, at, WorkTime(seconds), words, users=users, length=length)
                    found += [attrs.evolve(line, reported=reported, is_outage=True) for line in lines]
            return found
        down = _seconds(_merged([piece for pieces in downs.values() for piece in pieces]))
        users = Fraction(1)
        if level.users == "affected" and down:
            weights = [(each.users, _seconds(downs[each.id])) for each in own]
            users = sum(share * seconds for share, seconds in weights) / Fraction(sum(s for _, s in weights))
        end = epoch(self.window.end)
        if measure.kind == "availability":
            up = 1 - Fraction(down, length)
            return self._sized(level, None, end, up, f"up {percentage(up)}", users=users, length=length)
        words = f"{WorkTime(down)} down"
        return self._sized(level, None, end, WorkTime(down), words, users=users, length=length)

    def _sized(
        self,
        level: ServiceLevel,
        incident: str | None,
        at: int,
        value: Fraction | WorkTime,
        words: str,
        *,
        users: Fraction = Fraction(1),
        length: int = 1,
    ) -> list[_Line]:
        """Size what was measured, and settle it once; nothing where the level was kept."""
        sized: tuple[CreditSize, Fraction] | None
        schedule = level.credit
        match schedule:
            case CreditBands() | CreditEach() | CreditSteps():
                sized = schedule.due(value)
            case DowntimeMultiple():
                assert isinstance(value, WorkTime)  # the terms promise it
                sized = (schedule.factor * Fraction(value.seconds, length), Fraction(1)) if value else None
            case PoolShare():
                assert not isinstance(value, WorkTime)  # the terms promise it
                assert self.terms.at_risk is not None  # the same
                sized = (schedule.part * self.terms.at_risk, Fraction(1)) if value < schedule.below else None
            case _:
                assert_never(schedule)
        if sized is None:
            return []
        size, times = sized
        credit = self.worth(size, times * users)
        said = size_words(size) + (f" × {show_fraction(times, 0)}" if times != 1 else "")
        said += f", for {show_fraction(users, 0)} of the users" if users != 1 else ""
        steps = [Step("C19", "measure", words, ""), Step("C19", "size", said, str(self.whole(credit)))]
        return [_Line(level, incident, at, words, credit, credit, steps)]


Piece = tuple[int, int]


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Join stretches that overlap or touch."""
    found: list[Piece] = []
    for low, high in sorted(pieces):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], high)
        else:
            found.append((low, high))
    return found


def _without(whole: Piece, holes: Iterable[Piece]) -> list[Piece]:
    """Take stretches out of a whole."""
    start, end = whole
    found = []
    for low, high in _merged(holes):
        if start < min(low, end):
            found.append((start, min(low, end)))
        start = max(start, high)
    if start < end:
        found.append((start, end))
    return found


def _seconds(pieces: Iterable[Piece]) -> int:
    return sum(high - low for low, high in pieces)


def propose_credits(  # noqa: PLR0913  # every fact is said by name
    terms: ServiceCredits,
    statuses: Iterable[TicketStatus] = (),
    *,
    window: Period | Term,
    per: CreditWindow,
    fees: Mapping[str, Money],
    rounding: RoundingMode,
    as_of: datetime,
    outages: Iterable[Outage] = (),
    exclusions: Iterable[Exclusion] = (),
    claimed_at: datetime | None = None,
    overdue: Money | None = None,
    chosen: Iterable[str] = (),
    granted_before: Mapping[Literal["year", "term"], Money | Days] | None = None,
) -> ServiceCreditProposal:
    """Propose what the missed levels of a window are worth.

    Args:
        terms: what was agreed.
        statuses: how the tickets stand, as `track_all` says it.
        window: the window that is measured.
        per: its length; levels that are measured over another length are left to theirs.
        fees: the settled fees of the window, by name.
        rounding: how each credit settles.
        as_of: the instant at which it is looked at, for open claims.
        outages: when services were down.
        exclusions: tickets and times that do not count for the levels that name their reason.
        claimed_at: when the customer claimed; None: not yet.
        overdue: what the customer owes that is due; None: nothing.
        chosen: the levels that the customer chose, where that is agreed.
        granted_before: what was granted earlier in the year or term, for the caps on them.

    Raises:
        InvalidValue: for fees that the terms name and are not there, for an id of two outages, and for a level by
            tickets that asks for the users affected.

    Rules: C18 to C20, D24, D33.

    Example:
        >>> from supportcontracts.contracts.service_credits import CreditBand
        >>> from supportcontracts.quantity import percent
        >>> from supportcontracts.timeline import Span, Term, Zone
        >>> uptime = CreditBands([
        ...     CreditBand(percent(10), at_least=percent(99), below=percent("99.9")),
        ...     CreditBand(percent(25), at_least=percent(0), below=percent(99)),
        ... ])
        >>> terms = ServiceCredits([ServiceLevel("uptime", Measure("availability"), uptime, per="month")])
        >>> at = Zone("UTC").at
        >>> down = Outage("O-1", Span(at("2025-04-04 10:00"), at("2025-04-04 11:12")))
        >>> proposal = propose_credits(
        ...     terms, window=Term("2025-04-01", months=1, zone="UTC"), per="month", fees={"fee": Money("300 EUR")},
        ...     rounding="half-up", as_of=at("2025-05-02 00:00"), outages=[down],
        ... )
        >>> print(proposal)
        uptime  up 99.83… %  30.00 EUR
        total                30.00 EUR
        >>> proposal.granted("SC-1", at=at("2025-05-02 09:00"), customer="elm").amount
        Money("-30.00 EUR")
    """
    base = _base(terms, fees)
    down = tuple(outages)
    if len({each.id for each in down}) != len(down):
        raise InvalidValue("propose_credits(outages)", "an id twice", "ids that tell the outages apart were expected")
    facts = _Facts(terms, window, base, tuple(statuses), down, tuple(exclusions), rounding)
    lines = [line for level in terms.levels if level.per == per for line in facts.lines(level)]
    claim_by = _claims(facts, lines, None if claimed_at is None else instant(claimed_at))
    picked = tuple(chosen)
    undecided = _combine(terms, lines, picked)
    _cap(facts, lines, granted_before or {})
    total = facts.whole(sum(line.left for line in lines))
    code, reason = _verdict(facts, lines, total, claimed_at, claim_by, instant(as_of), overdue, undecided=undecided)
    shown = tuple(
        CreditLine(
            line.level.name,
            line.incident,
            line.measured,
            facts.whole(line.credit),
            facts.whole(line.left),
            tuple(line.steps),
            line.code,
        )
        for line in lines
    )
    return ServiceCreditProposal(window, per, base, shown, facts.whole(0) if code else total, code, reason, claim_by)


def _base(terms: ServiceCredits, fees: Mapping[str, Money]) -> Money:
    if not fees:
        raise InvalidValue("propose_credits(fees)", "no fees", "the settled fees of the window were expected")
    for name, fee in fees.items():
        require_money(f"propose_credits(fees[{name!r}])", fee)
    missing = [name for name in terms.fees if name not in fees]
    if missing:
        known = ", ".join(sorted(fees))
        raise InvalidValue("propose_credits(fees)", f"none called {missing[0]!r}", f"one was expected, beside {known}")
    own = [fees[name] for name in (terms.fees or sorted(fees))]
    return sum(own[1:], own[0])


def _claims(facts: _Facts, lines: list[_Line], claimed: Instant | None) -> date | None:
    """Drop what was reported or claimed too late, and say until when a claim is in time."""
    claim, zone = facts.terms.claim, facts.window.zone
    if claim is None:
        return None
    deadlines = []
    for line in lines:
        by_incident = claim.counted_from == "incident" and line.incident is not None
        deadline = claim.within.after(zone.date_of_epoch(line.at) if by_incident else facts.window.last_day)
        deadlines.append(deadline)
        limit = claim.reported_within
        if limit is not None and line.is_outage and (line.reported is None or line.reported - line.at > limit.seconds):
            line.drop("reported-too-late", f"not reported within {limit}")
        elif claimed is not None and zone.date_of(claimed) > deadline:
            line.drop("claim-too-late", f"claimed after {deadline}")
    return max(deadlines, default=None)


def _combine(terms: ServiceCredits, lines: list[_Line], chosen: tuple[str, ...]) -> bool:
    """Let one level count where the terms say so, incident by incident and over the window; True: nobody has chosen."""
    groups: dict[str | None, list[_Line]] = {}
    for line in lines:
        if line.left:
            groups.setdefault(line.incident, []).append(line)
    undecided = False
    for group in groups.values():
        if terms.several == "added" or len(group) < 2:
            continue
        if terms.several == "largest":
            kept = max(group, key=lambda line: line.left)  # of equals the level that stands first
        else:
            wanted = [line for line in group if line.level.name in chosen]
            if len(wanted) != 1:
                undecided = True
                continue
            kept = wanted[0]
        for line in group:
            if line is not kept:
                line.drop("another-level", f"{kept.level.name} counts instead")
    return undecided


def _cap(facts: _Facts, lines: list[_Line], before: Mapping[Literal["year", "term"], Money | Days]) -> None:
    """Hold caps from the narrow to the wide; what a cap leaves is shared by largest remainder (D24)."""
    for cap in facts.terms.caps:
        groups: dict[object, list[_Line]] = {}
        for line in lines:
            if not line.left or (cap.levels and line.level.name not in cap.levels):
                continue
            if cap.per == "incident" and line.incident is None:
                continue
            key = line.incident if cap.per == "incident" else line.level.name if cap.per == "level" else None
            groups.setdefault(key, []).append(line)
        limit = facts.limit(cap)
        if cap.per in ("year", "term"):
            spent = before.get(cap.per, facts.whole(0))
            limit = max(0, limit - (spent.minor if isinstance(spent, Money) else spent.count))
        for group in groups.values():
            if sum(line.left for line in group) <= limit:
                continue
            shares = allocate_whole(limit, [line.left for line in group]) if limit else [0] * len(group)
            for line, part in zip(group, shares, strict=True):
                line.left, line.code = part, "cap"
                words = f"at most {facts.whole(limit)} for the {cap.per}"
                line.steps.append(Step("C20", "cap", words, str(facts.whole(part))))


def _verdict(
    facts: _Facts,
    lines: list[_Line],
    total: Money | Days,
    claimed_at: datetime | None,
    claim_by: date | None,
    as_of: Instant,
    overdue: Money | None,
    *,
    undecided: bool,
) -> tuple[Refusal | Literal[""], str]:
    """Say whether the credit is due, and if not why."""
    terms = facts.terms
    if not lines:
        return "nothing-missed", "every level was kept, or too little happened to tell"
    if terms.standing == "nothing-overdue" and overdue:
        return "not-in-good-standing", f"{overdue} are overdue"
    if claim_by is not None and claimed_at is None:
        if facts.window.zone.date_of(as_of) > claim_by:
            return "claim-too-late", f"it had to be claimed by {claim_by}"
        return "claim-missing", f"to be claimed by {claim_by}"
    if undecided:
        return "customer-has-to-choose", "several levels were missed, and one of them counts"
    dropped = [line.code for line in lines if line.code in ("claim-too-late", "reported-too-late")]
    if len(dropped) == len(lines):
        return dropped[0], "; ".join(dict.fromkeys(line.steps[-1].working for line in lines))
    if terms.minimum is not None and isinstance(total, Money) and not terms.minimum.admits(total):
        rule = "more than" if terms.minimum.rule == "more-than" else "at least"
        return "below-minimum", f"{total} is not {rule} {terms.minimum.amount}"
    return "", ""
