"""A rating as a statement that a customer can read, in text and in HTML."""

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from supportcontracts.explain import table
from supportcontracts.ledger import Balance
from supportcontracts.quantity import quantity
from supportcontracts.rating.lines import Line

if TYPE_CHECKING:
    from supportcontracts.rating.result import Rating

__all__ = ["lot_word", "metering_words", "paid_by", "statement_html", "statement_text", "when"]


def __dir__() -> list[str]:
    return __all__


_SOURCES = {
    "unlimited": "included",
    "outside-term": "outside the term",
    "no-meter": "not in the contract",
    "non-billable": "not billable",
    "nothing-counted": "free",
    "incident": "included in the incident",
    "hold": "held for approval",
    "exhausted": "refused: used up",
    "rolled": "rolled over",
    "held-at-end": "refused: never approved",
    "no-banks-in-terms": "refused: no banks in the terms",
}


def paid_by(line: Line) -> str:
    """Say who pays a line, and at what price."""
    match line.kind:
        case "fee":
            return line.use if line.code == "" else f"{line.use} {line.code}"
        case "purchase" if line.disposition == "charged":
            at = f" at {line.rate}" if line.rate else ""
            return f"bank of {line.counted}{at}"
        case "refund":
            return f"refund of {line.lot}"
        case "credit":
            return f"credit: {line.code.replace('_', ' ')}"
        case "volume":
            return f"volume price {line.rate}"
        case "discount" | "maximum" | "minimum":
            return line.kind
        case "overdraft":
            return f"overdrawn, at {line.rate}"
        case "charge-item" if line.disposition == "charged":
            return line.code or "charge item"
        case _:
            word = _SOURCES.get(line.code or line.source, line.source)
            if line.source == "bank":
                word = f"bank {line.lot}"
            if line.lot.endswith(">rolled"):
                word = "rolled over"
            if line.disposition == "held":
                word = "held for approval"
            if line.disposition == "charged" and line.rate:
                word = f"{word} at {line.rate}"
            return f"{word}, released" if line.kind == "release" and line.disposition != "refused" else word


def time_of(line: Line) -> str:
    """Say the quantity of a line, where it has one."""
    if line.counted is None or line.kind in ("purchase", "refund", "credit", "discount", "maximum", "minimum"):
        return ""
    return str(line.counted if line.counted or line.disposition not in ("free", "included") else line.worked)


def _rows(rating: "Rating") -> list[tuple[str, ...]]:
    zone = rating.contract.zone
    rows: list[tuple[str, ...]] = []
    last = ("", "")
    for line in rating.lines:
        shown = (zone.date_of(line.at).isoformat(), "" if line.kind in _NAMELESS else line.use)
        rows.append((*(shown if shown != last else ("", "")), paid_by(line), time_of(line), str(line.amount)))
        last = shown
    return rows


_NAMELESS = ("fee", "volume", "discount", "maximum", "minimum", "overdraft")


def totals(rating: "Rating") -> str:
    """Say how much was used in all, by unit."""
    sums: dict[str, int] = {}
    for line in rating.lines:
        if line.kind == "use" and line.counted is not None and line.disposition != "refused":
            sums[line.counted.unit] = sums.get(line.counted.unit, 0) + line.counted.amount
    return ", ".join(str(quantity(unit, amount)) for unit, amount in sums.items())


def _balances(rating: "Rating") -> list[str]:
    """Say what was granted, used and left of each allotment, and the life of each bank."""
    shown = []
    kinds = {lot.id: lot for lot in rating.closing.lots}
    opening = {} if rating.opening is None else {lot.id: lot for lot in rating.opening.lots}
    sums = rating.balance_totals()
    names = sorted(sums.keys() | {name for name, lot in kinds.items() if lot.kind == "bank"})
    units = {move.lot: move.quantity.unit for move in rating.movements}
    units |= {name: lot.left.unit for name, lot in [*opening.items(), *kinds.items()]}
    banks: list[tuple[str, ...]] = []
    for name in names:
        unit = units[name]
        before = opening[name].left.amount if name in opening else 0
        found = rating.balance(name)

        def say(amount: int, of: str = unit) -> str:
            return str(quantity(of, amount))

        lot = kinds.get(name) or opening.get(name)
        if lot is not None and lot.kind == "bank":
            ends = "never" if lot.expires_on is None else lot.expires_on.isoformat()
            taken = found.drawn + found.repaid - found.returned
            row = (before, found.purchased, taken, found.forfeited, found.refunded, found.left)
            banks.append((name, *(say(max(0, amount)) if amount else "–" for amount in row[:-1]), say(row[-1]), ends))
        else:
            shown.append(_allotment(name, found.granted + found.rolled_in, found, say))
    if banks:
        heads = ("bank", "opening", "bought", "used", "expired", "refunded", "closing", "expires on")
        shown += ["", table([heads, *banks], right={1, 2, 3, 4, 5, 6})]
    return shown


def _allotment(name: str, came: int, found: Balance, say: Callable[[int], str]) -> str:
    word = "rolled over" if name.endswith(">rolled") else "allotment"
    rest = [f"{say(came)} granted", f"{say(found.drawn + found.repaid - found.returned)} used"]
    if found.rolled_out:
        rest.append(f"{say(found.rolled_out)} rolled over")
    if found.forfeited:
        rest.append(f"{say(found.forfeited)} forfeited")
    return f"{word} from {name.removesuffix('>rolled').rpartition('/')[2]}: {', '.join(rest)}, {say(found.left)} left"


def _heading(rating: "Rating") -> str:
    contract = rating.contract
    since = "" if rating.opening is None else f"from {contract.zone.format(rating.opening.as_of)} "
    return f"{contract.id} · {contract.customer} · rated {since}until {_moment(rating)}"


def _moment(rating: "Rating") -> str:
    return rating.contract.zone.format(rating.until).removesuffix(" 00:00")


def statement_text(rating: "Rating") -> str:
    """Print a rating as a statement."""
    rows = [("date", "entry", "paid by", "time", "amount"), *_rows(rating)]
    rows.append(("total", "", "", totals(rating), str(rating.total)))
    blocks = [_heading(rating), table(rows, right={3, 4}), *_balances(rating)]
    blocks += [f"notice: {notice}" for notice in rating.notices]
    return "\n".join(blocks)


def statement_html(rating: "Rating") -> str:
    """Render a rating as an HTML table, with everything escaped."""
    heads = ("date", "entry", "paid by", "time", "amount")
    head = "".join(f"<th>{cell}</th>" for cell in heads)
    rows = [*_rows(rating), ("total", "", "", totals(rating), str(rating.total))]
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    notes = "".join(f"<p>{escape(str(note))}</p>" for note in [*filter(None, _balances(rating)), *rating.notices])
    caption = f"<caption>{escape(_heading(rating))}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}"
