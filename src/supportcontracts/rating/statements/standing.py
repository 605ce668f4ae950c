"""What stands of closed periods: their statements, with the adjustments of them so far."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import attrs

from supportcontracts._fields import opaque
from supportcontracts.errors import InvalidValue, PeriodClosed, UnknownLine
from supportcontracts.rating.lines import LineKind
from supportcontracts.rating.statements.adjustment import Adjustment, AdjustmentLine, Figures, figures_of
from supportcontracts.rating.statements.statement import Statement, StatementLine
from supportcontracts.timeline import Instant

__all__ = ["Books", "Standing", "closed_documents", "standing"]


def __dir__() -> list[str]:
    return __all__


class Standing(NamedTuple):
    """A line as it stands: its figures, and where they were said last."""

    figures: Figures
    where: str
    kind: LineKind
    use: str
    at: Instant
    on: date
    item: str
    rate: str
    note: str
    ledger: str
    tax: str


class Books(NamedTuple):
    """The closed periods of one payer, oldest first, what stands in each by key, and the adjustments so far."""

    statements: list[Statement]
    lines: dict[str, dict[str, Standing]]
    adjustments: list[Adjustment]


def closed_documents(
    verb: str, closed: Iterable[Statement | Adjustment], contract: str, payer: str
) -> tuple[list[Statement], list[Adjustment]]:
    """Sort what was closed for a payer into statements, by day, and adjustments, by number; repeats count once.

    Raises:
        InvalidValue: for anything else, and for documents of another contract.
        PeriodClosed: for two statements of one period, or two adjustments of one number.
    """
    statements: dict[date, Statement] = {}
    adjustments: dict[int, Adjustment] = {}
    for each in closed:
        if not isinstance(each, (Statement, Adjustment)):
            raise InvalidValue(f"{verb}(closed)", opaque(each), "statements and adjustments were expected")
        if each.contract != contract:
            raise InvalidValue(f"{verb}(closed)", each.id, f"statements and adjustments of {contract!r} were expected")
        if each.payer != payer:
            continue
        if isinstance(each, Statement):
            known: Statement | Adjustment = statements.setdefault(each.last_day, each)
        else:
            known = adjustments.setdefault(each.number, each)
        if _content(known) != _content(each):
            raise PeriodClosed(
                f"{verb}(closed) {each.id}",
                f"two documents of {known.total} and {each.total}",
                "one for each period and number was expected",
                "What was sent first stays; make what came later an adjustment.",
            )
    return [statements[day] for day in sorted(statements)], [adjustments[number] for number in sorted(adjustments)]


def _content(document: Statement | Adjustment) -> Statement | Adjustment:
    """A document without what the customer said to it."""
    return attrs.evolve(document, disputes=()) if isinstance(document, Statement) else document


def standing(closed: Iterable[Statement | Adjustment], contract: str, payer: str) -> Books:
    """Add the adjustments so far to the statements, line by line.

    Raises:
        UnknownLine: for an adjustment of a period or line that is not among them, or stands otherwise, and if an
            adjustment is missing.
    """
    statements, adjustments = closed_documents("adjust", closed, contract, payer)
    lines = {each.period: {line.line.key: _closed_line(line) for line in each.lines} for each in statements}
    for place, adjustment in enumerate(adjustments, 1):
        if adjustment.number != place:
            raise UnknownLine(
                f"adjust(closed) {adjustment.id}",
                f"adjustment {adjustment.number} without adjustment {place}",
                "all adjustments so far were expected",
                "Pass every adjustment of the contract, in any order.",
            )
        for line in adjustment.lines:
            _apply(adjustment, line, lines)
    return Books(statements, lines, adjustments)


def _apply(adjustment: Adjustment, line: AdjustmentLine, lines: dict[str, dict[str, Standing]]) -> None:
    """Let one line of an adjustment take the place of what it corrects."""
    what = f"adjust(closed) {adjustment.id} line {line.no}"
    if line.period not in lines:
        raise UnknownLine(
            what,
            f"a line of {line.period}",
            f"a closed period was expected: {', '.join(lines) or 'none is given'}",
            f"Pass the statement of {line.period} too.",
        )
    known = lines[line.period].pop(line.key, None)
    if (known and known.figures) != line.was:
        raise UnknownLine(
            what,
            f"a correction of {line.key!r} {'as a new line' if line.was is None else f'of {line.was.amount}'}",
            f"the line as it stands was expected: {'there is none' if known is None else known.figures.amount}",
            "Pass the statement as it was closed, and every adjustment since.",
        )
    if line.becomes is not None:
        lines[line.period][line.key] = Standing(
            line.becomes,
            f"{adjustment.number}/{line.no}",
            line.kind,
            line.use,
            line.at,
            line.on,
            line.item,
            line.rate,
            line.note,
            line.ledger,
            line.tax,
        )


def _closed_line(line: StatementLine) -> Standing:
    return Standing(
        figures_of(line.line),
        str(line.no),
        line.line.kind,
        line.line.use,
        line.line.at,
        line.on,
        line.item,
        line.line.rate,
        line.note,
        line.ledger,
        line.tax,
    )
