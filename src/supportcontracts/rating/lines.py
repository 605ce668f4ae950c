"""What a rating says: lines and notices, made from the journal when somebody looks."""

from typing import Any, Literal

from supportcontracts._fields import frozen
from supportcontracts.events import BankPurchase, WorkEntry
from supportcontracts.money import Amount, Money
from supportcontracts.quantity import Quantity, quantity
from supportcontracts.rating.program import Program
from supportcontracts.rating.records import LineRecord, NoticeRecord, exact_of
from supportcontracts.timeline import Instant, from_epoch

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
class Line:
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
            "nothing-held".
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


def line_of(record: LineRecord, program: Program) -> Line:
    """Make the line of a record."""
    currency = program.currency
    unit = unit_of(record)
    source = source_word(record)
    period = record.piece.name if record.piece is not None else "-"
    place = record.lot or (record.source.key if record.source is not None else record.code)
    if record.source is None and record.disposition == "refused":
        place = f"{record.code}/{record.detail.id}"
    use = record.use if record.part == 1 else f"{record.use}#{record.part}"
    key = "/".join([part for part in (program.contract.id, period, record.kind, record.cause, use, place) if part])
    worked: Quantity | None = None
    billable: Quantity | None = None
    counted: Quantity | None = None
    if unit is not None:
        # Most lines show one quantity three times; one object can say it.
        worked = quantity(unit, record.worked)
        billable = worked if record.billable == record.worked else quantity(unit, record.billable)
        counted = billable if record.counted == record.billable else quantity(unit, record.counted)
    if record.minor or record.exact:
        exact = Amount(exact_of(record) / currency.scale, currency)
        amount = Money.from_minor(record.minor, currency)
    else:
        exact, amount = program.nothing
    return Line(
        key,
        from_epoch(record.at),
        period,
        record.kind,  # type: ignore[arg-type]  # a kind by construction
        record.use,
        "" if record.meter is None else record.meter.name,
        source,
        record.lot,
        record.disposition,  # type: ignore[arg-type]  # a disposition by construction
        "" if record.code == "overdraft" else record.code,
        program.contract.customer,
        worked,
        billable,
        counted,
        "" if record.price is None else program.say(record.price),
        exact,
        amount,
    )


def unit_of(record: LineRecord) -> str | None:
    """The unit of a line's quantities; None for a line of money alone."""
    if record.meter is not None:
        return record.meter.unit
    match record.detail:
        case BankPurchase():
            return record.detail.quantity.unit
        case WorkEntry():
            return "work"
    if record.kind == "refund":
        return record.code
    return "incidents" if record.kind == "use" else None


def source_word(record: LineRecord) -> str:
    """Name who pays, in one word."""
    if record.source is None:
        return "none" if record.kind in ("use", "release") else record.kind
    if record.code == "overdraft":
        return "overdraft"
    return str(record.source.label)


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
            lot, unit, left, expires_on, days = record.detail
            text = f"bank {lot} has {quantity_word(unit, left)} left and expires on {expires_on}, in {days} days"
        case "fair-use-review":
            level, used = record.detail
            text = f"{record.because} on {day} took the year past {level}, to {quantity_word(level.unit, used)}: review"
        case "base-not-reported":
            text = f"{record.because}: the base for {record.detail} is not reported"
        case "unmatched-correction":
            text = f"{record.because} corrects {record.detail}, which is not there"
        case _:
            text = f"{record.because} approves {record.detail or 'held use'}, and nothing is held"
    return Notice(record.code, record.key, at, record.because, text, proposal)
