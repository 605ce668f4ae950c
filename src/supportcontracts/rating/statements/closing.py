"""Closing a period: its part of a rating becomes a statement.

A rating may reach further than the period. Its events are then taken once more up to the end of the period, so that
balances and last days are those of that instant, and what stands exactly at a boundary is on the right side of it (D2).
"""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import Any

from supportcontracts._fields import require_kind
from supportcontracts.contracts.contract import Contract
from supportcontracts.errors import InvalidValue, PeriodClosed, PeriodOpen
from supportcontracts.events import BankPurchase, ChargeItem, WorkEntry
from supportcontracts.ledger import NEVER
from supportcontracts.quantity import Quantity
from supportcontracts.rating.explaining import note_of, steps_of
from supportcontracts.rating.fold import attributes_of
from supportcontracts.rating.lines import Line, line_of, notice_of
from supportcontracts.rating.printing import day_second, item_of
from supportcontracts.rating.program import FeeDue, Program, compiled
from supportcontracts.rating.records import LINE, NOTICE, LineRecord, NoticeRecord, full, line_record
from supportcontracts.rating.result import Rating
from supportcontracts.rating.saving import opened, saved
from supportcontracts.rating.state import UseAttributes
from supportcontracts.rating.statements.balances import Stretch, balances_of, deficits_of
from supportcontracts.rating.statements.calendar import first_start, period_that_ends, terms_within
from supportcontracts.rating.statements.statement import Dispute, Statement, StatementLine
from supportcontracts.timeline import Period, as_date, epoch

__all__ = ["close"]


def __dir__() -> list[str]:
    return __all__


_EPOCH = attrgetter("epoch")

NOT_REPORTED = "base-not-reported"
"""The notice of a fee whose base is missing: its period cannot be closed (D1)."""


def close(
    rating: Rating,
    *,
    period_ending: date | str,
    closed: Iterable[Statement] = (),
    payer: str | None = None,
    disputes: Iterable[Dispute] = (),
) -> Statement:
    """Close a billing period: the lines of one payer that fall in it become a statement, which is never changed.

    Args:
        rating: what follows from the contract and the events, up to the end of the period at least.
        period_ending: the last day of the period.
        closed: what was closed so far. Opening balances repeat the statement of the period before, and a period that
            was closed already is not closed with other content.
        payer: whose lines; None: the customer's.
        disputes: the uses and lines that the customer disputes.

    Returns:
        The statement; the one in `closed`, if the period was closed with the same lines.

    Raises:
        InvalidValue: for a day on which no period ends.
        PeriodOpen: if the rating does not hold the whole period, or the base of a fee of it is not reported.
        PeriodClosed: if the period was closed with other lines.

    Rules: D1, D2, D30.

    Example:
        >>> from supportcontracts import Money, PayPerHour, Price, Term, WorkEntry, Zone, hours, rate
        >>> berlin = Zone("Europe/Berlin")
        >>> c = Contract(
        ...     "C-9", customer="elm", rounding="half-up", billing="monthly",
        ...     term=Term("2025-01-01", months=12, zone=berlin), plan=PayPerHour(tariff=Price("140 EUR/h")),
        ... )
        >>> work = [WorkEntry("W-1", berlin.at("2025-01-07 09:00"), customer="elm", worked=hours(2), note="import")]
        >>> statement = close(rate(c, work, until="2025-02-01"), period_ending="2025-01-31")
        >>> print(statement)
        Statement C-9 / 2025-01 · elm · 1 to 31 January 2025, Europe/Berlin
        <BLANKLINE>
        no     date    entry  for                               time      amount
        1      07 Jan  W-1    import, charge at 140.00 EUR/h  2h 00m  280.00 EUR
        total                                                 2h 00m  280.00 EUR
        >>> str(statement.due), len(statement.lines_of("W-1")), statement.is_disputed(statement.lines[0])
        ('280.00 EUR', 1, False)
        >>> statement.explain(1).steps[-1].working
        'half up to 0.01 EUR'
        >>> statement.markdown().splitlines()[0], statement.html().splitlines()[0]
        ('**Statement C-9 / 2025-01 · elm · 1 to 31 January 2025, Europe/Berlin**', '<!DOCTYPE html>')
    """
    require_kind("close", rating, Rating, "a Rating was expected", "Write close(rate(…), period_ending=…).")
    contract = rating.contract
    period = period_that_ends(contract, as_date(period_ending))
    before = _closed_before(closed, contract, payer or contract.customer)
    earlier = next((each for each in before if each.last_day == period.last_day), None)
    previous = next((each for each in before if each.last_day.toordinal() + 1 == period.starts_on.toordinal()), None)
    statement = _statement(rating, period, payer or contract.customer, previous, tuple(disputes))
    if earlier is None:
        return statement
    if figures_of(earlier) != figures_of(statement):
        raise PeriodClosed(
            f"close {earlier.id}",
            f"lines of {statement.total}",
            f"the lines with which the period was closed, of {earlier.total}, were expected",
            "What was sent stays as it was: write adjust(rating, closed=[…]) for what was recorded later.",
        )
    return earlier


def _closed_before(closed: Iterable[Statement], contract: Contract, payer: str) -> list[Statement]:
    """The statements of a payer among what was closed."""
    found = []
    for each in closed:
        require_kind("close(closed)", each, Statement, "statements were expected")
        if each.contract != contract.id:
            raise InvalidValue("close(closed)", each.id, f"statements of {contract.id!r} were expected")
        if each.payer == payer:
            found.append(each)
    return found


def figures_of(statement: Statement) -> dict[str, tuple[Any, ...]]:
    """What the lines of a statement say that counts, by key."""
    return {each.line.key: figures(each.line) for each in statement.lines}


def figures(line: Line) -> tuple[Any, ...]:
    """What a line says that counts: what became of which units, who pays them, and the settled amount."""
    return (
        line.disposition,
        line.source,
        line.lot,
        line.worked,
        line.billable,
        line.counted,
        line.amount,
    )


def stretch_of(rating: Rating, start: int, end: int) -> Stretch:
    """Take the events of a rating once more, from where it began up to an instant, and keep what lies after another.

    Args:
        rating: what was rated.
        start: from when on, in epoch seconds.
        end: up to when.
    """
    since = -NEVER if rating.opening is None else epoch(rating.opening.as_of)
    # What a correction without a target says was noted before the events were taken, whenever it was made.
    unmatched = [item for item in rating.journal if item[0] == NOTICE and item[2] == "unmatched-correction"]
    own = [item for item in unmatched if start <= item[1] < end]
    if since >= start and epoch(rating.until) == end:
        return Stretch([*own, *rating.journal[len(unmatched) :]], rating.opening, rating.closing)
    fold = opened(compiled(rating.contract), rating.opening)
    happenings = rating.gate.happenings
    first, last = (bisect_left(happenings, edge, key=_EPOCH) for edge in (start, end))
    before = rating.opening
    if since < start:
        fold.run(happenings[:first], start)
        before = saved(fold, start)
    known = len(fold.books.journal)
    fold.run(happenings[first:last], end)
    return Stretch([*own, *map(full, fold.books.journal[known:])], before, saved(fold, end))


def _statement(
    rating: Rating, period: Period, payer: str, previous: Statement | None, disputes: tuple[Dispute, ...]
) -> Statement:
    contract = rating.contract
    program = compiled(contract)
    start, end = bounds_of(contract, period)
    _require_whole(rating, period, start, end)
    stretch = stretch_of(rating, start, end)
    notices = [notice_of(NoticeRecord._make(item), program) for item in stretch.journal if item[0] == NOTICE]
    missing = next((notice for notice in notices if notice.code == NOT_REPORTED), None)
    if missing is not None:
        raise PeriodOpen(
            f"close {contract.id}/{period.name}",
            str(missing),
            "the base of every fee was expected",
            "Record what is missing and rate again; until then the period stays open.",
        )
    own = payer == contract.customer
    printed = (None, None) if previous is None else (previous.balances, previous.deficits)
    return Statement(
        contract.id,
        customer=contract.customer,
        payer=payer,
        period=period.name,
        starts_on=period.starts_on,
        last_day=period.last_day,
        zone=contract.zone,
        currency=contract.currency,
        rounding=contract.rounding,
        billing=contract.billing,
        agreed=terms_within(contract, period.starts_on, period.last_day),
        lines=statement_lines(rating, stretch, payer),
        balances=balances_of(program, stretch, printed[0]) if own else (),
        deficits=deficits_of(program, stretch, printed[1]) if own else (),
        notices=notices if own else (),
        based_on=based_on(rating, start, end),
        disputes=disputes,
    )


def bounds_of(contract: Contract, period: Period) -> tuple[int, int]:
    """The instants of a period, in epoch seconds; the first one reaches back to before everything."""
    start = -NEVER if period.starts_on == first_start(contract) else epoch(period.start)
    return start, epoch(period.end)


def _require_whole(rating: Rating, period: Period, start: int, end: int) -> None:
    """Refuse a rating that does not hold the whole period."""
    contract = rating.contract
    what = f"close {contract.id}/{period.name}"
    if epoch(rating.until) < end:
        raise PeriodOpen(
            what,
            f"a rating until {contract.zone.format(rating.until)}",
            f"one that reaches the end of the period, {contract.zone.format(period.end)}, was expected",
            f'Write rate(…, until="{period.ends_before}"), or close an earlier period.',
        )
    opening = rating.opening
    # A state that was written by hand stands for another system, which billed what came before it.
    if opening is not None and (epoch(opening.as_of) >= end or (opening.contract and epoch(opening.as_of) > start)):
        since = "the beginning, without a state" if start == -NEVER else contract.zone.format(period.start)
        raise PeriodOpen(
            what,
            f"a rating that begins at {contract.zone.format(opening.as_of)}",
            f"one that holds the period from {since} was expected",
            "Rate again from an older state, or without one.",
        )


def based_on(rating: Rating, start: int, end: int) -> tuple[str, ...]:
    """The ids of the events that happened in a stretch, and of the corrections of what happened in it."""
    ids = {event.id: None for event in rating.gate.happenings if start <= event.epoch < end}
    for correction, fact in rating.gate.corrected:
        if start <= fact.epoch < end:
            ids[correction.id] = None
    return tuple(ids)


# -- lines ----------------------------------------------------------------------------------------------------------


def statement_lines(rating: Rating, stretch: Stretch, payer: str) -> tuple[StatementLine, ...]:
    """Number the lines of one payer, and keep with each what it needs to stand on its own."""
    contract = rating.contract
    program = compiled(contract)
    records = [line_record(item) for item in stretch.journal if item[0] == LINE]
    found = [(record, line_of(record, program)) for record in records]
    uses: dict[str, list[int]] = {}
    for place, (_, line) in enumerate(found):
        uses.setdefault(line.use, []).append(place)
    steps: dict[int, Any] = {}
    for places in uses.values():
        worded = steps_of(contract, [found[place] for place in places])
        steps.update(zip(places, worded, strict=True))
    about = _abouts(rating, stretch)
    own = [(place, record, line) for place, (record, line) in enumerate(found) if line.payer == payer]
    return tuple(
        _numbered(no, record, line, program, steps[place], about.get(line.use))
        for no, (place, record, line) in enumerate(own, 1)
    )


def _numbered(
    no: int, record: LineRecord, line: Line, program: Program, steps: Any, about: UseAttributes | None
) -> StatementLine:
    detail = record.detail
    name = detail.kind if isinstance(detail, ChargeItem) else detail.covers if isinstance(detail, FeeDue) else ""
    posting = next((each for each in program.contract.postings if each.fits(line.kind, _posted(record, line))), None)
    return StatementLine(
        no,
        program.zone.date_of_epoch(day_second(record, line)),
        item_of(record, line),
        line,
        note=note_of(record),
        ledger="" if posting is None else posting.ledger,
        tax="" if posting is None else posting.tax,
        name=name,
        charged=_charged(record, line),
        factor=None if record.metered is None else record.metered.price_factor,
        about=about,
        steps=steps,
    )


def _charged(record: LineRecord, line: Line) -> Quantity | None:
    """The quantity that was priced, where the line shows another."""
    if line.disposition != "charged" or record.source is None or line.kind not in ("use", "release"):
        return None
    return None if line.billable == line.counted or record.source.of_counted else line.billable


def _posted(record: LineRecord, line: Line) -> str:
    """The name that postings know a line by: its fee, kind of charge item, pool or meter."""
    match record.detail:
        case ChargeItem(kind=kind):
            return kind
        case BankPurchase(pool=pool):
            return pool
    return line.use if line.kind == "fee" else line.meter


def _abouts(rating: Rating, stretch: Stretch) -> dict[str, UseAttributes]:
    """What each use is about: an entry by its event, an incident by its ticket, held use as it was kept."""
    held = () if stretch.before is None else stretch.before.held
    found = {item.use: item.attributes for item in held}
    for ticket in stretch.after.tickets:
        found[ticket.ticket] = ticket.attributes
        found |= {f"{ticket.ticket}#{cycle}": ticket.attributes for cycle in range(2, ticket.cycle + 1)}
    for event in rating.gate.happenings:
        if isinstance(event, WorkEntry):
            found[event.id] = attributes_of(event)
    return {use: about for use, about in found.items() if about != _NOTHING}


_NOTHING = UseAttributes()
