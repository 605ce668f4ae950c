"""A statement laid out in English: its lines with their total, its balances, and what else to know."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from supportcontracts.quantity import quantity
from supportcontracts.rating.lines import Line
from supportcontracts.rating.printing import lot_word, time_of
from supportcontracts.rating.statements.balances import DeficitBalance, LotBalance
from supportcontracts.rating.statements.layout import Page, Table

if TYPE_CHECKING:
    from supportcontracts.rating.statements.adjustment import Adjustment, AdjustmentLine, Figures
    from supportcontracts.rating.statements.statement import Statement

__all__ = ["adjustment_page", "day_of", "days_of", "lot_name", "signed", "standing_words", "statement_page"]


def __dir__() -> list[str]:
    return __all__


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_NAMELESS = ("fee", "volume", "discount", "maximum", "minimum", "overdraft")
_USED = ("included", "drawn", "charged", "credited")


def days_of(first: date, last: date) -> str:
    """Say a stretch of days.

    Example:
        >>> days_of(date(2025, 3, 1), date(2025, 3, 31))
        '1 to 31 March 2025'
        >>> days_of(date(2025, 1, 15), date(2025, 2, 14)), days_of(date(2024, 10, 1), date(2026, 9, 30))
        ('15 January to 14 February 2025', '1 October 2024 to 30 September 2026')
    """
    end = f"{last.day} {_MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return end
    if first.year != last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} {first.year} to {end}"
    if first.month != last.month:
        return f"{first.day} {_MONTHS[first.month - 1]} to {end}"
    return f"{first.day} to {end}"


def day_of(day: date, first: date, last: date) -> str:
    """Write a day of a period, without its year where every day of the period is of that year.

    Example:
        >>> march = date(2025, 3, 1), date(2025, 3, 31)
        >>> day_of(date(2025, 3, 4), *march), day_of(date(2024, 12, 30), *march)
        ('04 Mar', '2024-12-30')
    """
    if day.year == first.year == last.year:
        return f"{day.day:02} {_MONTHS[day.month - 1][:3]}"
    return day.isoformat()


def signed(unit: str, amount: int) -> str:
    """Say a number of whole units that may be negative.

    Example:
        >>> signed("work", -5400), signed("incidents", 2)
        ('-1h 30m', '2 incidents')
    """
    return f"-{quantity(unit, -amount)}" if amount < 0 else str(quantity(unit, amount))


def statement_page(statement: "Statement") -> Page:
    """Lay a statement out."""
    return Page(
        f"Statement {statement.contract} / {statement.period} · {_whose(statement)} · "
        f"{days_of(statement.starts_on, statement.last_day)}, {statement.zone.name}",
        [
            _lines(statement),
            *balance_tables(statement.balances),
            *(_owed(deficit) for deficit in statement.deficits),
            *(f"notice: {notice}" for notice in statement.notices),
            *(f"in dispute: {dispute.of}, {dispute.reason}" for dispute in statement.disputes),
        ],
    )


def _whose(document: "Statement | Adjustment") -> str:
    if document.payer == document.customer:
        return document.customer
    return f"{document.customer}, paid by {document.payer}"


def _lines(statement: "Statement") -> Table:
    tagged = [name for name in ("ledger", "tax") if any(getattr(line, name) for line in statement.lines)]
    rows = []
    last = ("", "")
    for line in statement.lines:
        use = "" if line.line.kind in _NAMELESS else line.line.use
        shown = (day_of(line.on, statement.starts_on, statement.last_day), use)
        day = "" if shown == last else shown[0]
        last = shown
        mark = " (disputed)" if statement.is_disputed(line) else ""
        item = f"{' '.join(filter(None, [line.note and f'{one_line(line.note)},', line.item]))}{mark}"
        tags = [getattr(line, name) for name in tagged]
        rows.append((str(line.no), day, use, item, *tags, time_of(line.line), str(line.line.amount)))
    blank = [""] * (2 + len(tagged))
    feet = [("total", "", *blank, used_in_all(line.line for line in statement.lines), str(statement.total))]
    if statement.disputes:
        feet.append(("in dispute", "", *blank, "", str(statement.in_dispute)))
        feet.append(("due", "", *blank, "", str(statement.due)))
    heads = ("no", "date", "entry", "for", *tagged, "time", "amount")
    return Table(heads, rows, feet=feet, right=frozenset({len(heads) - 2, len(heads) - 1}))


def one_line(text: str) -> str:
    r"""Put a text into one line.

    Example:
        >>> one_line("slow\nimport ")
        'slow import'
    """
    return " ".join(text.split())


def used_in_all(lines: Iterable[Line]) -> str:
    """Say how much was used in all, less what was given back, by unit."""
    sums: dict[str, int] = {}
    for line in lines:
        sign = {"use": 1, "release": 1, "credit": -1}.get(line.kind, 0)
        if sign and line.counted is not None and line.disposition in _USED:
            sums[line.counted.unit] = sums.get(line.counted.unit, 0) + sign * line.counted.amount
    return ", ".join(signed(unit, amount) for unit, amount in sums.items())


_COLUMNS = ("opening", "adjusted", "added", "used", "returned", "rolled", "expired", "refunded", "closing")
_ALWAYS = ("opening", "added", "used", "expired", "closing")
_HEADS = {"rolled": "rolled over"}


def balance_tables(balances: Sequence[LotBalance]) -> Iterable[Table]:
    """One table of the banks, and one of the allotments; columns in which nothing happened are left out."""
    banks = [balance for balance in balances if balance.kind == "bank"]
    grants = [balance for balance in balances if balance.kind != "bank"]
    if banks:
        yield _balances("bank", "bought", "expires on", banks, [balance.lot for balance in banks])
    if grants:
        several = len({balance.source for balance in grants}) > 1
        yield _balances("allotment", "granted", "until", grants, [_grant_word(balance, several) for balance in grants])


def _grant_word(balance: LotBalance, several: bool) -> str:  # noqa: FBT001  # whether there is more than one source
    word = lot_word(balance.lot, balance.kind)
    starts = balance.lot.removesuffix(">rolled").rpartition("/")[2]
    return f"{word}{f' of {balance.source}' if several else ''} from {starts}"


def _balances(what: str, added: str, ends: str, balances: Sequence[LotBalance], names: Sequence[str]) -> Table:
    columns = [name for name in _COLUMNS if name in _ALWAYS or any(getattr(balance, name) for balance in balances)]
    heads = (what, *({"added": added, **_HEADS}.get(name, name) for name in columns), ends)
    rows = []
    for name, balance in zip(names, balances, strict=True):
        cells = [_cell(balance.unit, getattr(balance, column), column) for column in columns]
        rows.append((name, *cells, "never" if balance.expires_on is None else balance.expires_on.isoformat()))
    feet = []
    if len(balances) > 1 and len({balance.unit for balance in balances}) == 1:
        sums = [
            _cell(balances[0].unit, sum(getattr(balance, column) for balance in balances), column) for column in columns
        ]
        feet.append(("total", *sums, ""))
    return Table(heads, rows, feet=feet, right=frozenset(range(1, len(heads) - 1)))


def _cell(unit: str, amount: int, column: str) -> str:
    return signed(unit, amount) if amount or column == "closing" else "–"


def lot_name(lot: str, source: str) -> str:
    """Name a lot in a sentence: a bank by its id, a grant by what it is.

    Example:
        >>> lot_name("B-07", "bank"), lot_name("work/0/2025-01-01", "allotment")
        ('B-07', 'allotment')
    """
    return lot if source == "bank" else lot_word(lot, "rolled" if lot.endswith(">rolled") else "grant")


def standing_words(figures: "Figures | None") -> str:
    """Say what a line is in a cell: how much from which lot, or at what amount.

    Example:
        >>> standing_words(None)
        '–'
    """
    if figures is None:
        return "–"
    counted = "" if figures.counted is None else str(figures.counted or figures.worked)
    match figures.disposition:
        case "included" | "drawn" if figures.lot:
            return f"{counted} from {lot_name(figures.lot, figures.source)}"
        case "charged" | "credited":
            return ", ".join(filter(None, [counted, str(figures.amount)]))
        case word:
            return " ".join(filter(None, [counted, word.replace("-", " ")]))


def _seen(line: "AdjustmentLine") -> bool:
    """Whether a reader can see what changed; of a use that is paid otherwise the worked time is shared out anew."""
    return standing_words(line.was) != standing_words(line.becomes) or bool(line.difference)


def _worked(line: "AdjustmentLine", figures: "Figures | None") -> str:
    """Say what was worked where nothing else changed."""
    return f" ({figures.worked} worked)" if figures is not None and not _seen(line) else ""


def adjustment_page(adjustment: "Adjustment") -> Page:
    """Lay an adjustment out."""
    title = f"Adjustment {adjustment.number} of {adjustment.contract} / {', '.join(adjustment.periods)} · "
    title += _whose(adjustment)
    sums = f"closed {adjustment.closed} + adjustment {adjustment.total} = rated afresh {adjustment.afresh}"
    consent = [f"by consent: {adjustment.consent}"] if adjustment.consent else []
    if not adjustment.lines:
        return Page(title, [f"nothing to correct: closed {adjustment.closed} = rated afresh", *consent])
    several = len({line.period for line in adjustment.lines}) > 1
    tagged = [name for name in ("ledger", "tax") if any(getattr(line, name) for line in adjustment.lines)]
    heads = ("line", *(["period"] if several else []), "entry", "was", "is", *tagged, "difference", "because")
    shown = {line.use for line in adjustment.lines if _seen(line)}
    rows = [
        (
            line.corrects or "new",
            *([line.period] if several else []),
            line.use if line.kind not in _NAMELESS else line.item,
            *(f"{standing_words(each)}{_worked(line, each)}" for each in (line.was, line.becomes)),
            *(getattr(line, name) for name in tagged),
            str(line.difference),
            one_line(line.because),
        )
        for line in adjustment.lines
        if _seen(line) or line.use not in shown
    ]
    word = "total" if adjustment.direction == "nothing" else adjustment.direction
    feet = [(word, *[""] * (len(heads) - 3), str(adjustment.total), "")]
    lines = Table(heads, rows, feet=feet, right=frozenset({len(heads) - 2}))
    return Page(title, [lines, sums, *consent, *balance_tables(adjustment.balances)])


def _owed(deficit: DeficitBalance) -> str:
    """Say what became of a deficit."""
    columns = (
        (deficit.opening, "at the start"),
        (deficit.adjusted, "adjusted"),
        (deficit.overdrawn, "overdrawn"),
        (deficit.repaid, "repaid"),
        (deficit.settled, "charged"),
        (deficit.forgiven, "given back"),
    )
    said = [f"{signed(deficit.unit, amount)} {what}" for amount, what in columns if amount]
    name = deficit.account.rpartition("/")[0]
    return f"overdraft of {name}: {', '.join([*said, f'{signed(deficit.unit, deficit.closing)} owed'])}"
