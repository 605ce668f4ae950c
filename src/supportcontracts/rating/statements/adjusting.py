"""Adjusting closed periods: a fresh rating of all the events, compared with what was closed, key by key.

Settled amounts are compared with settled amounts, so that no fraction of a cent becomes a line of its own; units and
who paid them are compared too, and how a line was paid never changes what is due.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from supportcontracts._fields import require_kind, require_text
from supportcontracts.contracts.contract import Contract
from supportcontracts.errors import InvalidValue, PeriodOpen, TermsChanged
from supportcontracts.ledger import NEVER
from supportcontracts.money import Money
from supportcontracts.rating.lines import line_of
from supportcontracts.rating.program import compiled
from supportcontracts.rating.records import LINE, line_record
from supportcontracts.rating.result import Rating
from supportcontracts.rating.statements.adjustment import Adjustment, AdjustmentLine, figures_of
from supportcontracts.rating.statements.balances import LotBalance, Stretch, balances_of
from supportcontracts.rating.statements.calendar import first_start, terms_within
from supportcontracts.rating.statements.cause import Cause
from supportcontracts.rating.statements.causes import Causes, Change
from supportcontracts.rating.statements.closing import numbered_lines
from supportcontracts.rating.statements.cutting import stretches_of
from supportcontracts.rating.statements.standing import Books, Standing, standing
from supportcontracts.rating.statements.statement import Statement, StatementLine
from supportcontracts.timeline import epoch

__all__ = ["adjust"]


def __dir__() -> list[str]:
    return __all__


def adjust(
    rating: Rating,
    *,
    closed: Iterable[Statement | Adjustment],
    consent: str | None = None,
    payer: str | None = None,
) -> Adjustment:
    """Say what was recorded after periods were closed: each line that is another one now, the difference, and why.

    Late work needs no consent. Nothing to correct gives an adjustment without lines.

    Args:
        rating: what follows from the contract and all the events known now, up to the end of the periods at least.
        closed: the statements of the contract, and all adjustments of them so far, in any order. Periods before the
            state that the rating goes on from are left as they are.
        consent: who agreed, where the terms of a closed period are others now, as in "amendment 2 of 2 April 2025".
        payer: whose statements; None: the customer's.

    Returns:
        The adjustment, numbered after those in `closed`.

    Raises:
        PeriodOpen: if the rating ends before a closed period does.
        UnknownLine: for an adjustment in `closed` of a line or period that is not there, or that stands otherwise.
        TermsChanged: if the terms of a closed period are others now, without consent.
        InvalidValue: for documents of another contract, and if no closed period lies in the rating.

    Rules: D31, law 6.

    Example:
        >>> from supportcontracts import Money, PayPerHour, Price, Term, WorkEntry, Zone, close, hours, rate
        >>> berlin = Zone("Europe/Berlin")
        >>> c = Contract(
        ...     "C-9", customer="elm", rounding="half-up", billing="monthly",
        ...     term=Term("2025-01-01", months=12, zone=berlin), plan=PayPerHour(tariff=Price("140 EUR/h")),
        ... )
        >>> january = close(rate(c, [], until="2025-02-01"), period_ending="2025-01-31")
        >>> late = WorkEntry(
        ...     "W-1", berlin.at("2025-01-07 09:00"), customer="elm", worked=hours(2),
        ...     recorded_at=berlin.at("2025-02-03 08:00"),
        ... )
        >>> adjustment = adjust(rate(c, [late], until="2025-02-01"), closed=[january])
        >>> print(adjustment)
        Adjustment 1 of C-9 / 2025-01 · elm
        <BLANKLINE>
        line   entry  was  is                  difference  because
        new    W-1    –    2h 00m, 280.00 EUR  280.00 EUR  worked 07 Jan, recorded 03 Feb
        debit                                  280.00 EUR
        closed 0.00 EUR + adjustment 280.00 EUR = rated afresh 280.00 EUR
        >>> adjustment.direction, str(adjustment.afresh), len(adjustment.lines_of("W-1"))
        ('debit', '280.00 EUR', 1)
        >>> adjustment.explain(1).steps[-1].working
        'worked 07 Jan, recorded 03 Feb'
        >>> adjustment.markdown().splitlines()[0], adjustment.html().splitlines()[0]
        ('**Adjustment 1 of C-9 / 2025-01 · elm**', '<!DOCTYPE html>')
    """
    require_kind("adjust", rating, Rating, "a Rating was expected", "Write adjust(rate(…), closed=[…]).")
    contract = rating.contract
    if consent is not None:
        require_text("adjust(consent)", consent)
    books = standing(closed, contract.id, payer or contract.customer)
    statements = _compared(rating, books.statements)
    used = _consent(contract, statements, consent)
    bounds = [_bounds(contract, statement) for statement in statements]
    stretches = stretches_of(rating, bounds)
    causes = Causes(rating, statements, bounds, books.adjustments, used)
    lines: list[AdjustmentLine] = []
    for statement, stretch in zip(statements, stretches, strict=True):
        lines += _corrections(rating, statement, stretch, books, causes, len(lines))
    now_closed = sum(
        each.figures.amount.minor for statement in statements for each in books.lines[statement.period].values()
    )
    return Adjustment(
        contract.id,
        customer=contract.customer,
        payer=payer or contract.customer,
        number=len(books.adjustments) + 1,
        periods=[statement.period for statement in statements],
        zone=contract.zone,
        currency=contract.currency,
        lines=lines,
        closed=Money.from_minor(now_closed, contract.currency),
        consent=used,
        balances=_balances(rating, statements[-1], stretches[-1]),
        based_on=causes.late,
    )


def _compared(rating: Rating, statements: Sequence[Statement]) -> list[Statement]:
    """The closed periods that lie in the rating; what it does not reach cannot be compared."""
    contract = rating.contract
    found = []
    for statement in statements:
        start, end = _bounds(contract, statement)
        opening = rating.opening
        if opening is not None and (epoch(opening.as_of) >= end or (opening.contract and epoch(opening.as_of) > start)):
            continue
        if epoch(rating.until) < end:
            last = contract.zone.start_of(statement.last_day.fromordinal(statement.last_day.toordinal() + 1))
            raise PeriodOpen(
                f"adjust {statement.id}",
                f"a rating until {contract.zone.format(rating.until)}",
                f"one that reaches the end of the period, {contract.zone.format(last)}, was expected",
                "Rate further, or leave the statement out.",
            )
        found.append(statement)
    if not found:
        raise InvalidValue(
            "adjust(closed)",
            ", ".join(statement.id for statement in statements) or "no statement",
            "a closed period that lies in the rating was expected",
            "Pass the statements to correct, and rate from before the first of them.",
        )
    return found


def _bounds(contract: Contract, statement: Statement) -> tuple[int, int]:
    """The instants of a closed period, in epoch seconds, as it was closed."""
    zone = contract.zone
    first = -NEVER if statement.starts_on == first_start(contract) else zone.start_of_epoch(statement.starts_on)
    return first, zone.start_of_epoch(statement.last_day.fromordinal(statement.last_day.toordinal() + 1))


def _consent(contract: Contract, statements: Sequence[Statement], consent: str | None) -> str:
    """Refuse terms that are others for a closed period, unless it is said who agreed to that."""
    for statement in statements:
        agreed = terms_within(contract, statement.starts_on, statement.last_day)
        differing = [
            name
            for name, was, becomes in (
                ("the rounding", statement.rounding, contract.rounding),
                ("the billing", statement.billing, contract.billing),
                ("the plan", statement.agreed, agreed),
            )
            if was != becomes
        ]
        if differing and consent is None:
            raise TermsChanged(
                f"adjust {statement.id}",
                f"another contract: {' and '.join(differing)} changed",
                "the terms under which the period was closed were expected",
                'Let the change begin after it, or name who agreed, as in consent="amendment 2 of 2 April 2025".',
            )
        if differing:
            return consent or ""
    return ""


class _Fresh(NamedTuple):
    """A line as it follows from all the events, with its place among them."""

    place: int
    record: Any
    line: Any


def _corrections(
    rating: Rating, statement: Statement, stretch: Stretch, books: Books, causes: Causes, before: int
) -> list[AdjustmentLine]:
    """The lines of one period that are others now, in the order in which things happened."""
    program = compiled(rating.contract)
    records = [line_record(item) for item in stretch.journal if item[0] == LINE]
    pairs = [(record, line_of(record, program)) for record in records]
    fresh = {
        line.key: _Fresh(place, record, line)
        for place, (record, line) in enumerate(pairs)
        if line.payer == statement.payer
    }
    stand = books.lines[statement.period]
    changes = [
        Change(key, fresh[key].line if key in fresh else None, stand.get(key))
        for key in [*fresh, *(key for key in stand if key not in fresh)]
        if (figures_of(fresh[key].line) if key in fresh else None) != (stand[key].figures if key in stand else None)
    ]
    if not changes:
        return []
    places = {each.key: fresh[each.key].place for each in changes if each.key in fresh}
    worded = {line.line.key: line for line in numbered_lines(rating, stretch, pairs, places.values())}
    changes.sort(key=lambda change: (change.at, places.get(change.key, len(pairs)), change.key))
    because = causes.of_period(changes)
    return [
        _line(number, statement.period, change, worded.get(change.key), because[change.key])
        for number, change in enumerate(changes, before + 1)
    ]


def _line(
    no: int, period: str, change: Change, worded: StatementLine | None, causes: tuple[Cause, ...]
) -> AdjustmentLine:
    was = change.was
    if worded is None:
        assert was is not None
        known: StatementLine | Standing = was
        kind, use, at, rate = was.kind, was.use, was.at, was.rate
    else:
        known = worded
        kind, use, at, rate = worded.line.kind, worded.line.use, worded.line.at, worded.line.rate
    return AdjustmentLine(
        no,
        period,
        "" if was is None else was.where,
        change.key,
        kind=kind,
        use=use,
        at=at,
        on=known.on,
        was=None if was is None else was.figures,
        becomes=None if worded is None else figures_of(worded.line),
        item=known.item,
        because=", ".join(map(str, causes)),
        causes=causes,
        rate=rate,
        note=known.note,
        ledger=known.ledger,
        tax=known.tax,
        steps=() if worded is None else worded.steps,
    )


def _balances(rating: Rating, statement: Statement, stretch: Stretch) -> tuple[LotBalance, ...]:
    """The lots that hold something else at the end of the last closed period than its statement printed."""
    if statement.payer != statement.customer:
        return ()
    at_the_end = Stretch((), stretch.after, stretch.after)
    found = balances_of(compiled(rating.contract), at_the_end, statement.balances)
    return tuple(balance for balance in found if balance.adjusted)
