"""What a rating says: lines and notices, made from the journal when somebody looks."""

from fractions import Fraction
from typing import Any, Literal

from supportcontracts._fields import Drafted, draft_of, frozen
from supportcontracts.events import BankPurchase, WorkEntry
from supportcontracts.money import Amount, Money
from supportcontracts.quantity import Quantity, quantity
from supportcontracts.rating.meters import SourceProgram
from supportcontracts.rating.program import Program
from supportcontracts.rating.records import NoticeRecord
from supportcontracts.timeline import Days, Instant, from_epoch

__all__ = ["Disposition", "Line", "LineKind", "Notice"]


def __dir__() -> list[str]:
    return __all__


LineKind = Literal[
    "use",
    "release",
    "fee",
    "purchase",
    "charge-item",
    "refund",
    "credit",
    "volume",
    "discount",
    "maximum",
    "minimum",
    "overdraft",
]

Disposition = Literal["included", "drawn", "charged", "free", "held", "handed-over", "refused", "credited"]


@frozen
class Line(Drafted):
    """One use, fee, purchase or credit × one source × one price, settled once.

    Attributes:
        key: made of contract, period, kind, use and source, never of a counter; the same events give the same keys.
        at: when it happened.
        period: the billing period it falls in; "-" outside every phase.
        kind: what the line is for.
        use: the entry, ticket, bank, item or fee.
        meter: the meter; empty where none measured it.
        source: who pays: "allotment", "bank", "overage" …
        lot: the lot that was drawn; empty where none was.
        disposition: what became of the units.
        code: the reason, where there is one to give.
        payer: who owes the amount: the customer.
        worked: what was worked, in the unit of the meter.
        billable: after minimum, increment and the like.
        counted: after a multiplier on the quantity; what was drawn.
        rate: the price that won, in words; empty where nothing was priced.
        exact: the amount before it was settled.
        amount: the amount due.

    Rules: D8, D23.
    """

    key: str
    at: Instant
    period: str
    kind: LineKind
    use: str
    meter: str
    source: str
    lot: str
    disposition: Disposition
    code: str
    payer: str
    worked: Quantity | None
    billable: Quantity | None
    counted: Quantity | None
    rate: str
    exact: Amount
    amount: Money


@frozen
class Notice:
    """Something to know, given once for its key; it never changes an amount.

    Attributes:
        code: "warn-level", "top-up", "days-left", "fair-use-review", "base-not-reported", "unmatched-correction",
            "nothing-held", "stays-held".
        key: made of the lot or source window and the level; re-rating may move a notice, and never repeats it.
        at: the instant that crossed the level.
        because: the entry, incident or bank that crossed it.
        text: the notice in words.
        proposal: of a top-up, the purchase to record if it is accepted.

    Rules: D22.
    """

    code: str
    key: str
    at: Instant
    because: str
    text: str
    proposal: BankPurchase | None = None

    def __str__(self) -> str:
        return self.text


_LineDraft = draft_of(Line)


def line_of(record: tuple[Any, ...], program: Program) -> Line:
    """Make the line of a record, which is written in full."""
    (
        _,
        at,
        kind,
        piece,
        meter,
        source,
        use,
        part,
        lot,
        disposition,
        code,
        worked,
        billable,
        counted,
        price,
        exact,
        minor,
        metered,
        detail,
        cause,
    ) = record
    contract, says = program.contract, program.sayings
    period = "-" if piece is None else piece.name
    place = lot or (code if source is None else source.key)
    if source is None and disposition == "refused":
        place = f"{code}/{detail.id}"
    part_of_use = use if part == 1 else f"{use}#{part}"
    unit = _unit_of(kind, code, detail) if meter is None else meter.unit
    line = _LineDraft()
    line.key = "/".join([part for part in (contract.id, period, kind, cause, part_of_use, place) if part])
    # The instant of the event itself, unless the record is of a later part of it.
    line.at = metered[0].at if metered is not None and metered[0].epoch == at else from_epoch(at)
    line.period = period
    line.kind = kind
    line.use = use
    line.meter = "" if meter is None else meter.name
    line.source = _source_word(kind, code, source)
    line.lot = lot
    line.disposition = disposition
    line.code = "" if code == "overdraft" else code
    line.payer = contract.customer
    if unit is None:
        line.worked = line.billable = line.counted = None
    else:
        line.worked = says.quantity(unit, worked)
        line.billable = says.quantity(unit, billable)
        line.counted = says.quantity(unit, counted)
    line.rate = "" if price is None else says.price(price)
    if not minor and not exact:
        line.exact, line.amount = says.nothing
    elif isinstance(exact, tuple):
        line.exact, line.amount = says.amount(exact, minor)
    else:
        line.exact = Amount(Fraction(exact) / program.currency.scale, program.currency)
        line.amount = Money.from_minor(minor, program.currency)
    line.__class__ = Line
    return line  # type: ignore[no-any-return]  # a Line by now


def use_of(record: tuple[Any, ...], program: Program) -> Line:
    """Make the line of a use or a part that is written in short; it says what `line_of` says of the record in full."""
    _, _, piece, source, event, use, lot, _, minor, (_, _, billable, _, counted), *part = record
    contract, says, meter = program.contract, program.sayings, source.meter
    line = _LineDraft()
    if part:
        worked, billable, counted, _ = part[0]
        line.worked = says.quantity(meter.unit, worked)
    else:
        line.worked = event.worked if meter.unit == "work" else says.quantity("incidents", 1)
    line.key = f"{contract.id}/{piece.name}/use/{use}/{lot or source.key}"
    line.at = event.at
    line.period = piece.name
    line.kind = "use"
    line.use = use
    line.meter = meter.name
    line.source = source.label
    line.lot = lot
    line.disposition = source.gives
    line.code = ""
    line.payer = contract.customer
    line.billable = says.quantity(meter.unit, billable)
    line.counted = line.billable if billable == counted else says.quantity(meter.unit, counted)
    if source.gives == "charged":
        line.rate = says.price(source.charge.tariff)
        up, down = source.flat_ratio
        line.exact, line.amount = says.amount((up * (counted if source.by_counted else billable), down), minor)
    else:
        line.rate = ""
        line.exact, line.amount = says.nothing
    line.__class__ = Line
    return line  # type: ignore[no-any-return]  # a Line by now


def _unit_of(kind: str, code: str, detail: Any) -> str | None:
    """The unit of a line's quantities where no meter measured it; None for a line of money alone."""
    match detail:
        case BankPurchase():
            return detail.quantity.unit
        case WorkEntry():
            return "work"
    if kind == "refund":
        return code
    return "incidents" if kind == "use" else None


def _source_word(kind: str, code: str, source: SourceProgram | None) -> str:
    """Name who pays, in one word."""
    if source is None:
        return "none" if kind in ("use", "release") else kind
    return "overdraft" if code == "overdraft" else source.label


def quantity_word(unit: Any, amount: Any) -> str:
    """Say a number of whole units."""
    return str(quantity(unit, int(amount)))


def notice_of(record: NoticeRecord, program: Program) -> Notice:
    """Make the notice of a record, in words."""
    at = from_epoch(record.at)
    day = program.zone.date_of_epoch(record.at)
    proposal: BankPurchase | None = None
    match record.code:
        case "warn-level":
            _, unit, level, left, _ = record.detail
            text = (
                f"{record.because} on {day} passed {quantity_word(unit, level)} remaining "
                f"and left {quantity_word(unit, left)}"
            )
        case "top-up":
            pool, unit, level, left, rule = record.detail
            expires_on = None
            if rule.life is not None:
                after = rule.life.after(day)
                expires_on = after.fromordinal(after.toordinal() - 1)
            proposal = BankPurchase(
                record.key,
                at,
                customer=program.contract.customer,
                quantity=rule.quantity,
                price=rule.price,
                expires_on=expires_on,
                pool=pool,
            )
            text = (
                f"{record.because} on {day} left {quantity_word(unit, left)}: top up by {rule.quantity} at {rule.price}"
            )
        case "days-left":
            lot, unit, left, expires_on = record.detail
            days = (expires_on - day).days
            soon = f"in {Days(days)}" if days else "today"
            text = f"bank {lot} has {quantity_word(unit, left)} left and expires on {expires_on}, {soon}"
        case "fair-use-review":
            level, used = record.detail
            text = f"{record.because} on {day} took the year past {level}, to {quantity_word(level.unit, used)}: review"
        case "base-not-reported":
            text = f"{record.because}: the base for {record.detail} is not reported"
        case "unmatched-correction":
            text = f"{record.because} corrects {record.detail}, which is not there"
        case "stays-held":
            of, reason = record.detail
            text = f"{record.because} does not release {of or 'held use'}: {reason}"
        case _:
            text = f"{record.because} approves {record.detail or 'held use'}, and nothing is held"
    return Notice(record.code, record.key, at, record.because, text, proposal)
