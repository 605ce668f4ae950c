"""Closing a period: its part of a rating becomes a statement.

A rating may reach further than the period, or begin before it: it is then cut at the ends of the period.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from supportcontracts._fields import require_kind
from supportcontracts.contracts.contract import Contract
from supportcontracts.errors import PeriodClosed, PeriodOpen
from supportcontracts.events import BankPurchase, ChargeItem, WorkEntry
from supportcontracts.ledger import NEVER
from supportcontracts.quantity import Quantity
from supportcontracts.rating.explaining import note_of, steps_of
from supportcontracts.rating.holding import attributes_of
from supportcontracts.rating.lines import Line, line_of, notice_of
from supportcontracts.rating.printing import day_second, item_of
from supportcontracts.rating.program import FeeDue, Program, compiled
from supportcontracts.rating.records import LINE, NOTICE, LineRecord, NoticeRecord, line_record
from supportcontracts.rating.result import Rating
from supportcontracts.rating.state import UseAttributes
from supportcontracts.rating.statements.adjustment import Adjustment, Figures, figures_of
from supportcontracts.rating.statements.balances import Stretch, balances_of, deficits_of
from supportcontracts.rating.statements.calendar import first_start, period_that_ends, terms_within
from supportcontracts.rating.statements.cutting import stretches_of
from supportcontracts.rating.statements.standing import closed_documents
from supportcontracts.rating.statements.statement import Dispute, Statement, StatementLine
from supportcontracts.timeline import Period, as_date, epoch

__all__ = ["close"]


def __dir__() -> list[str]:
    return __all__


NOT_REPORTED = "base-not-reported"
"""The notice of a fee whose base is missing: its period cannot be closed (D1)."""


def close(
    rating: Rating,
    *,
    period_ending: date | str,
    closed: Iterable[Statement | Adjustment] = (),
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
    before, _ = closed_documents("close", closed, contract.id, payer or contract.customer)
    earlier = next((each for each in before if each.last_day == period.last_day), None)
    previous = next((each for each in before if each.last_day.toordinal() + 1 == period.starts_on.toordinal()), None)
    statement = _statement(rating, period, payer or contract.customer, previous, tuple(disputes))
    if earlier is None:
        return statement
    if _figures(earlier) != _figures(statement):
        raise PeriodClosed(
            f"close {earlier.id}",
            f"lines of {statement.total}",
            f"the lines with which the period was closed, of {earlier.total}, were expected",
            "What was sent stays as it was: write adjust(rating, closed=[…]) for what was recorded later.",
        )
    return earlier


def _figures(statement: Statement) -> dict[str, Figures]:
    """What the lines of a statement say that counts, by key."""
    return {each.line.key: figures_of(each.line) for each in statement.lines}


def _statement(
    rating: Rating, period: Period, payer: str, previous: Statement | None, disputes: tuple[Dispute, ...]
) -> Statement:
    contract = rating.contract
    program = compiled(contract)
    start, end = bounds_of(contract, period)
    _require_whole(rating, period, start, end)
    (stretch,) = stretches_of(rating, [(start, end)])
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
    program = compiled(rating.contract)
    records = [line_record(item) for item in stretch.journal if item[0] == LINE]
    found = [(record, line_of(record, program)) for record in records]
    own = [place for place, (_, line) in enumerate(found) if line.payer == payer]
    return tuple(numbered_lines(rating, stretch, found, own))


def numbered_lines(
    rating: Rating, stretch: Stretch, found: Sequence[tuple[LineRecord, Line]], places: Iterable[int]
) -> Iterator[StatementLine]:
    """Word and number some of the lines of a stretch.

    Args:
        rating: what they are of.
        stretch: where they stand.
        found: all lines of the stretch, with their records.
        places: which of them.
    """
    contract = rating.contract
    program = compiled(contract)
    chosen = list(places)
    wanted = {found[place][1].use for place in chosen}
    uses: dict[str, list[int]] = {}
    for place, (_, line) in enumerate(found):
        if line.use in wanted:
            uses.setdefault(line.use, []).append(place)
    steps: dict[int, Any] = {}
    for together in uses.values():
        worded = steps_of(contract, [found[place] for place in together])
        steps.update(zip(together, worded, strict=True))
    about = _abouts(rating, stretch)
    for no, place in enumerate(chosen, 1):
        record, line = found[place]
        yield _numbered(no, record, line, program, steps[place], about.get(line.use))


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
