"""A rating as a statement that a customer can read, in text and in HTML, and the words that other results share."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from supportcontracts.events import ChargeItem, WorkEntry
from supportcontracts.explain import table
from supportcontracts.ledger import COLUMNS
from supportcontracts.money.text import show_fraction
from supportcontracts.quantity import WorkTime, quantity
from supportcontracts.rating.lines import Line
from supportcontracts.rating.meters import admits
from supportcontracts.rating.program import FeeDue, compiled
from supportcontracts.rating.records import LineRecord, Metered
from supportcontracts.timeline import Zone

if TYPE_CHECKING:
    from supportcontracts.rating.result import Rating

__all__ = ["day_second", "item_of", "lot_word", "metering_words", "paid_by", "statement_html", "statement_text", "when"]


def __dir__() -> list[str]:
    return __all__


_SOURCES = {
    "unlimited": "included",
    "outside-term": "outside the term",
    "no-meter": "not in the contract",
    "recorded-late": "refused: recorded too late",
    "non-billable": "not billable",
    "nothing-counted": "free",
    "incident": "included in the incident",
    "exhausted": "refused: used up",
    "held-at-end": "refused: not released",
    "given-back": "no longer held",
    "no-banks-in-terms": "refused: no banks in the terms",
}
_NAMELESS = ("fee", "volume", "discount", "maximum", "minimum", "overdraft")
_AT_THE_END = ("volume", "discount", "maximum", "minimum", "overdraft")
_HEADS = ("date", "entry", "paid by", "time", "amount")


def paid_by(line: Line) -> str:
    """Say who pays a line, and at what price."""
    match line.kind:
        case "fee":
            return line.use
        case "purchase" if line.disposition == "charged":
            at = f" at {line.rate}" if line.rate else ""
            return f"bank of {line.counted}{at}"
        case "refund":
            return f"refund of {line.lot}"
        case "credit":
            lot = f" to {_payer(line)}" if line.lot else ""
            return f"{'credit' if line.amount else 'given back'}{lot}: {line.code.replace('_', ' ')}"
        case "volume":
            return f"volume price {line.rate}"
        case "discount" | "maximum" | "minimum":
            return line.kind
        case "overdraft":
            return f"overdrawn, at {line.rate}"
        case "charge-item" if line.disposition == "charged":
            return "charge item"
        case _:
            word = _payer(line)
            paid = line.kind == "release" and line.disposition not in ("refused", "free")
            return f"{word}, released" if paid else word


def _payer(line: Line) -> str:
    """Name the source of a use, or what became of the use if none pays it."""
    if line.lot:
        kind = "bank" if line.source == "bank" else "rolled" if line.lot.endswith(">rolled") else "grant"
        return lot_word(line.lot, kind)
    match line.disposition:
        case "held":
            return "held" if line.source == "hold" else "held for approval"
        case "handed-over":
            return line.source.replace("fallback", "handed over to", 1)
        case "charged" if line.rate:
            return f"{line.source} at {line.rate}"
        case _:
            return _SOURCES.get(line.code or line.source, line.source)


def time_of(line: Line) -> str:
    """Say the quantity of a line, where it has one."""
    if line.counted is None or line.kind in ("purchase", "refund", "credit", "discount", "maximum", "minimum"):
        return ""
    return str(line.counted or line.worked)


def _rows(rating: "Rating") -> list[tuple[str, ...]]:
    zone = rating.contract.zone
    rows: list[tuple[str, ...]] = []
    last = ("", "")
    for record, line in zip(rating.records, rating.lines, strict=True):
        day = zone.date_of_epoch(day_second(record, line))
        shown = (day.isoformat(), "" if line.kind in _NAMELESS else line.use)
        item = item_of(record, line)
        rows.append((*(shown if shown != last else ("", "")), item, time_of(line), str(line.amount)))
        last = shown
    return rows


def day_second(record: LineRecord, line: Line) -> int:
    """A second of the day on which a line is shown: what stands at the end of a window belongs to its last day (D2)."""
    ends = line.kind in _AT_THE_END or line.code == "held-at-end"
    return record.at - 1 if ends else record.at


def item_of(record: LineRecord, line: Line) -> str:
    """Say what a line is for, and what it was priced from where the time beside it does not say so."""
    detail = record.detail
    if isinstance(detail, ChargeItem) and not line.code:
        return detail.kind
    if isinstance(detail, FeeDue) and detail.covers:
        return f"{line.use} for {detail.covers}"
    text = paid_by(line)
    if line.disposition != "charged" or record.source is None or line.kind not in ("use", "release"):
        return text
    if line.billable != line.counted and not record.source.of_counted and line.billable is not None:
        text = f"{text} for {line.billable}"
    if line.kind == "use" and record.detail[0] == "apart":
        pieces = " + ".join(f"{WorkTime(each[2]).short()} × {show_fraction(each[5], 0)}" for each in record.detail[1])
        return f"{text}, {pieces}"
    factor = None if record.metered is None else record.metered.price_factor
    return text if factor is None else f"{text} × {show_fraction(factor, 0)}"


def totals(rating: "Rating") -> str:
    """Say how much was used in all, less what was given back, by unit."""
    sums: dict[str, int] = {}
    for line in rating.lines:
        if line.counted is None or line.disposition not in ("included", "drawn", "charged", "credited"):
            continue
        sign = {"use": 1, "release": 1, "credit": -1}.get(line.kind, 0)
        if sign:
            sums[line.counted.unit] = sums.get(line.counted.unit, 0) + sign * line.counted.amount
    # More can come back than was used where the use lies before the opening state.
    return ", ".join(f"{'-' if amount < 0 else ''}{quantity(unit, abs(amount))}" for unit, amount in sums.items())


def lot_word(lot: str, kind: str) -> str:
    """Name a lot as a customer knows it.

    Example:
        >>> lot_word("B-07", "bank"), lot_word("work/0/2025-01-01", "grant")
        ('bank B-07', 'allotment')
    """
    return f"bank {lot}" if kind == "bank" else "rolled over" if kind == "rolled" else "allotment"


def _allotments(rating: "Rating") -> list[str]:
    """Say of each allotment what was granted, what became of it, and what is left."""
    banks = {lot.id for lot in rating.closing.lots if lot.kind == "bank"}
    units = {move.lot: move.quantity.unit for move in rating.movements if move.kind in COLUMNS}
    units |= {lot.id: lot.left.unit for lot in rating.closing.lots if lot.status == "usable"}
    names = sorted(units.keys() - banks)
    several = len({name.rpartition("/")[0] for name in names}) > 1
    shown = []
    for name in names:
        source, _, starts = name.removesuffix(">rolled").rpartition("/")
        word = lot_word(name, "rolled" if name.endswith(">rolled") else "grant")
        of = f" of {source.rpartition('/')[0]}" if several else ""
        found = rating.balance(name)
        columns = (
            (found.granted + found.rolled_in, "granted", "always"),
            (found.drawn + found.repaid, "used", "always"),
            (found.returned, "returned", ""),
            (found.rolled_out, "rolled over", ""),
            (found.forfeited, "forfeited", ""),
            (found.left, "left", "always"),
        )
        parts = [f"{quantity(units[name], amount)} {what}" for amount, what, always in columns if amount or always]
        shown.append(f"{word}{of} from {starts}: {', '.join(parts)}")
    return shown


def _overdrawn(rating: "Rating") -> list[str]:
    """Say what each source is overdrawn by."""
    program = compiled(rating.contract)
    shown = []
    for deficit in rating.closing.deficits:
        account, phase, source = map(str, deficit.key)
        owed = quantity(program.source_in(phase, source).meter.unit, deficit.value)
        shown.append(f"overdrawn: {owed} of {account.rpartition('/')[0]}, repaid first from what comes next")
    return shown


_BANK_HEADS = ("bank", "opening", "bought", "used", "returned", "expired", "refunded", "closing", "expires on")


def _bank_rows(rating: "Rating") -> list[tuple[str, ...]]:
    """Show the life of each bank, from its opening to its closing balance; nothing if there are no banks."""
    opening = {} if rating.opening is None else {lot.id: lot.left.amount for lot in rating.opening.lots}
    rows: list[tuple[str, ...]] = []
    for lot in rating.closing.lots:
        if lot.kind == "bank":
            found = rating.balance(lot.id)
            before = opening.get(lot.id, 0)
            came = found.purchased + found.granted - before
            went = (found.drawn + found.repaid, found.returned, found.forfeited, found.refunded)
            columns = [str(quantity(lot.left.unit, each)) if each else "–" for each in (before, came, *went)]
            ends = "never" if lot.expires_on is None else lot.expires_on.isoformat()
            rows.append((lot.id, *columns, str(lot.left), ends))
    kept = [n for n, head in enumerate(_BANK_HEADS) if head != "returned" or any(row[n] != "–" for row in rows)]
    return [tuple(row[n] for n in kept) for row in [_BANK_HEADS, *rows]] if rows else []


def _heading(rating: "Rating") -> str:
    contract = rating.contract
    since = "" if rating.opening is None else f"from {contract.zone.format(rating.opening.as_of)} "
    return f"{contract.id} · {contract.customer} · rated {since}until {_moment(rating)}"


def _moment(rating: "Rating") -> str:
    return rating.contract.zone.format(rating.until).removesuffix(" 00:00")


def when(zone: Zone, at: datetime) -> str:
    """Write an instant in local time, with its weekday.

    Example:
        >>> berlin = Zone("Europe/Berlin")
        >>> when(berlin, berlin.at("2025-04-02 18:00"))
        'Wed 2025-04-02 18:00'
    """
    return f"{zone.format_day(at)[:3]} {zone.format(at)}"


def metering_words(records: Iterable[LineRecord]) -> str:
    """Say in a few words how worked time became counted time; empty where nothing changed it."""
    words: dict[str, None] = {}
    for record in records:
        if record.metered is not None and record.code not in ("non-billable", "incident"):
            words.update(dict.fromkeys(_metering_words(record.metered)))
    return ", ".join(words)


def _metering_words(metered: Metered) -> Iterator[str]:
    metering = metered.metering
    if metered.metered != metered.worked:
        free = metered.worked - metered.metered
        yield f"{WorkTime(free).short()} free" if free > 0 else "free time passed"
    if metered.group_before:
        yield f"after {WorkTime(metered.group_before).short()} in {metered.group}"
    if metered.raised > metered.group_before + metered.metered:
        yield f"minimum {WorkTime(metering.minimum).short()}"
    if metered.stepped != metered.raised:
        name, step = (
            ("grace", metering.grace) if metered.stepped < metered.raised else ("increment", metering.increment)
        )
        yield f"{name} {WorkTime(step).short()}"
    if metered.windows is not None:
        for each in metered.windows[0]:
            if each.factor is not None:
                yield f"{each.window} × {show_fraction(each.factor, 0)}".lstrip()
    elif metered.factor is not None:
        yield f"{_multiplied(metered)}× {show_fraction(metered.factor, 0)}"


def _multiplied(metered: Metered) -> str:
    """Name the attributes of an entry to which its multiplier applies: "after-hours "."""
    entry, metering = metered.event, metered.metering
    if metering is None or not isinstance(entry, WorkEntry):
        return ""
    names = [
        f"severity {entry.severity}" if attribute == "severity" else str(getattr(entry, attribute))
        for restrictions, factor in metering.quantity_factors
        if admits(restrictions, entry) and (factor == metered.factor or metering.combine == "product")
        for attribute, _ in restrictions
    ]
    return "".join(f"{name} " for name in dict.fromkeys(names))


def _blocks(rating: "Rating") -> tuple[list[tuple[str, ...]], list[str], list[tuple[str, ...]], list[str]]:
    """The parts of a statement: its lines, what became of the allotments, its banks, and what else to know."""
    rows = [_HEADS, *_rows(rating), ("total", "", "", totals(rating), str(rating.total))]
    notes = [*_overdrawn(rating), *(f"notice: {notice}" for notice in rating.notices)]
    return rows, _allotments(rating), _bank_rows(rating), notes


def statement_text(rating: "Rating") -> str:
    """Print a rating as a statement."""
    rows, allotments, banks, notes = _blocks(rating)
    life = ["", table(banks, right=set(range(1, len(banks[0]) - 1)))] if banks else []
    return "\n".join([_heading(rating), table(rows, right={3, 4}), *allotments, *life, *notes])


def statement_html(rating: "Rating") -> str:
    """Render a rating as HTML tables, with everything escaped."""
    rows, allotments, banks, notes = _blocks(rating)
    life = _html_table(banks) if banks else ""
    said = [f"<p>{escape(text)}</p>" for text in [*allotments, *notes]]
    return "".join([_html_table(rows, f"<caption>{escape(_heading(rating))}</caption>"), *said, life])


def _html_table(rows: list[tuple[str, ...]], caption: str = "") -> str:
    head, *body = rows
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    cells = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in body)
    return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{cells}</tbody></table>"
