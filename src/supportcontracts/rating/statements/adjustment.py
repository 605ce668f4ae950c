"""The adjustment of closed periods: what was recorded later, as lines that each name the line they correct.

An adjustment changes no statement. It says of a line what was closed, what a rating of all events says now, the
difference, and why. Statements and adjustments together are a rating of all the events (law 6).
"""

from datetime import date
from difflib import get_close_matches
from typing import Any, Literal

import attrs

from supportcontracts._fields import frozen, tuple_of
from supportcontracts.errors import InvalidValue
from supportcontracts.explain import Explanation, Part, Step
from supportcontracts.money import Currency, Money
from supportcontracts.quantity import Quantity
from supportcontracts.rating.lines import Disposition, Line, LineKind
from supportcontracts.rating.statements.balances import LotBalance
from supportcontracts.rating.statements.cause import Cause
from supportcontracts.rating.statements.layout import Page
from supportcontracts.rating.statements.pages import adjustment_page, standing_words
from supportcontracts.timeline import Instant, Zone

__all__ = ["Adjustment", "AdjustmentLine", "Figures"]


def __dir__() -> list[str]:
    return __all__


@frozen
class Figures:
    """What a line says that counts: what became of which units, who pays them, and the settled amount.

    Two lines with equal figures need no correction. The exact amount before settling is not among them: settled is
    compared with settled.

    Attributes:
        disposition: what became of the units.
        source: who pays.
        lot: the lot that was drawn.
        worked: what was worked.
        billable: what was billable of it.
        counted: what was drawn or charged.
        amount: the settled amount.

    Rules: D31.

    Example:
        >>> Figures("charged", "overage", "", amount=Money("240.63 EUR")).amount
        Money("240.63 EUR")
    """

    disposition: Disposition
    source: str
    lot: str
    worked: Quantity | None = attrs.field(default=None, kw_only=True)
    billable: Quantity | None = attrs.field(default=None, kw_only=True)
    counted: Quantity | None = attrs.field(default=None, kw_only=True)
    amount: Money = attrs.field(kw_only=True)


def figures_of(line: Line) -> Figures:
    """The figures of a line."""
    return Figures(
        line.disposition,
        line.source,
        line.lot,
        worked=line.worked,
        billable=line.billable,
        counted=line.counted,
        amount=line.amount,
    )


@frozen
class AdjustmentLine:
    """One debit or credit: a line of a closed period, as it was closed and as it is now, and why.

    Attributes:
        no: its number on the adjustment, from 1.
        period: the closed period.
        corrects: the line that it corrects: its number on the statement, or "1/3", line 3 of adjustment 1; empty: the
            line is new.
        key: the key of the line.
        kind: what the line is for.
        use: the entry, ticket, bank, item or fee.
        at: when it happened.
        on: the local day on which it is shown.
        was: what was closed; None: there was no such line.
        becomes: what follows from all the events; None: there is no such line any more.
        item: who pays or what it is for, in words.
        because: why it is another line now, in words.
        causes: why, as data.
        rate: the price that won.
        note: the note of the event.
        ledger: the ledger code of its posting.
        tax: the tax category of its posting.
        steps: how the line comes about now, for `explain`.

    Raises:
        InvalidValue: for a line that neither was nor is.

    Rules: D31.
    """

    no: int
    period: str
    corrects: str
    key: str
    kind: LineKind = attrs.field(kw_only=True)
    use: str = attrs.field(kw_only=True)
    at: Instant = attrs.field(kw_only=True)
    on: date = attrs.field(kw_only=True)
    was: Figures | None = attrs.field(kw_only=True)
    becomes: Figures | None = attrs.field(kw_only=True)
    item: str = attrs.field(kw_only=True)
    because: str = attrs.field(kw_only=True)
    causes: tuple[Cause, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    rate: str = attrs.field(default="", kw_only=True)
    note: str = attrs.field(default="", kw_only=True)
    ledger: str = attrs.field(default="", kw_only=True)
    tax: str = attrs.field(default="", kw_only=True)
    steps: tuple[Step, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.was is None and self.becomes is None:
            raise InvalidValue(f"AdjustmentLine {self.key!r}", "neither was nor becomes", "one of them was expected")

    @property
    def difference(self) -> Money:
        """What is due beyond what was closed; negative: a credit."""
        was, becomes = (0 if figures is None else figures.amount.minor for figures in (self.was, self.becomes))
        known = self.was or self.becomes
        assert known is not None
        return Money.from_minor(becomes - was, known.amount.currency)


@frozen
class Adjustment:
    """What was recorded after periods were closed: debit and credit lines, with nothing to correct none.

    Make one with `adjust`.

    Attributes:
        contract: the id of the contract.
        customer: whose contract it is.
        payer: who owes it.
        number: counts the adjustments of a contract, from 1.
        periods: the closed periods that were compared.
        zone: the zone of the days.
        currency: the currency of every amount.
        lines: numbered, by period, in the order in which things happened.
        closed: the sum of the statements of these periods, with earlier adjustments of them.
        consent: who agreed that terms changed for a closed period; empty: no terms did.
        balances: the lots whose closing balance at the end of the last of these periods is another one now.
        based_on: the ids of the events that were recorded since the periods were closed.

    Rules: D31, law 6.
    """

    contract: str
    customer: str = attrs.field(kw_only=True)
    payer: str = attrs.field(kw_only=True)
    number: int = attrs.field(kw_only=True)
    periods: tuple[str, ...] = attrs.field(converter=tuple_of, kw_only=True)
    zone: Zone = attrs.field(kw_only=True)
    currency: Currency = attrs.field(kw_only=True)
    lines: tuple[AdjustmentLine, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    closed: Money = attrs.field(kw_only=True)
    consent: str = attrs.field(default="", kw_only=True)
    balances: tuple[LotBalance, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    based_on: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)

    def __attrs_post_init__(self) -> None:
        for number, line in enumerate(self.lines, 1):
            if line.no != number:
                raise InvalidValue("Adjustment.lines", f"the number {line.no}", f"the number {number} was expected")

    @property
    def id(self) -> str:
        """The name of the adjustment: the contract and its number, and the payer if that is not the customer."""
        return f"{self.contract}/adjustment-{self.number}" + ("" if self.payer == self.customer else f"/{self.payer}")

    @property
    def total(self) -> Money:
        """What is due beyond what was closed; negative: a credit."""
        return Money.from_minor(sum(line.difference.minor for line in self.lines), self.currency)

    @property
    def afresh(self) -> Money:
        """What a rating of all the events makes these periods cost."""
        return self.closed + self.total

    @property
    def direction(self) -> Literal["debit", "credit", "nothing"]:
        """Whether the customer owes more, is owed, or neither."""
        total = self.total.minor
        return "debit" if total > 0 else "credit" if total < 0 else "nothing"

    def lines_of(self, use: str) -> tuple[AdjustmentLine, ...]:
        """The lines of one entry, ticket, bank or fee.

        Example:
            See `adjust`.
        """
        return tuple(line for line in self.lines if line.use == use)

    def explain(self, of: str | int) -> Explanation[Money]:
        """Derive the difference of one line, by its number or key, or of all lines of a use.

        Raises:
            InvalidValue: if there is no such line, naming near ones.

        Example:
            See `adjust`.
        """
        found = [line for line in self.lines if of in (line.no, line.key, line.use)]
        if not found:
            near = get_close_matches(str(of), sorted({line.use for line in self.lines}), n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Its lines are numbered from 1 to {len(self.lines)}."
            raise InvalidValue(f"explain {self.id}", repr(of), "a line or a use of the adjustment was expected", hint)
        steps: list[Step] = []
        parts: list[Part[Money]] = []
        for line in found:
            where = f"{line.period} line {line.corrects}" if line.corrects else line.period
            steps.append(Step("D31", "closed", where, standing_words(line.was)))
            steps += line.steps
            steps.append(Step("D31", "adjust", line.because, str(line.difference)))
            for name, figures, sign in ((f"closed: {line.item}", line.was, -1), (line.item, line.becomes, 1)):
                if figures is not None:
                    parts.append(Part(name, (_counted(figures),), figures.amount * sign))
        total = Money.from_minor(sum(line.difference.minor for line in found), self.currency)
        title = " · ".join(filter(None, [found[0].use, self.zone.format_day(found[0].at), found[0].note, self.id]))
        return Explanation(title, total, steps, parts, ("counted",))

    def to_rows(self) -> list[dict[str, Any]]:
        """Every line as a plain dict of texts and whole numbers, ready for a data frame."""
        return [
            {
                "adjustment": self.id,
                "no": line.no,
                "period": line.period,
                "corrects": line.corrects,
                "on": line.on.isoformat(),
                "key": line.key,
                "kind": line.kind,
                "use": line.use,
                "item": line.item,
                "note": line.note,
                "ledger": line.ledger,
                "tax": line.tax,
                "payer": self.payer,
                **_columns("was", line.was),
                **_columns("becomes", line.becomes),
                "difference_minor": line.difference.minor,
                "currency": self.currency.code,
                "because": line.because,
            }
            for line in self.lines
        ]

    def page(self) -> Page:
        """Lay the adjustment out: a title, tables and notes, in English."""
        return adjustment_page(self)

    def markdown(self) -> str:
        """Write the adjustment as Markdown.

        Example:
            See `adjust`.
        """
        return self.page().markdown()

    def html(self) -> str:
        """Write the adjustment as an HTML document, to be sent or printed.

        Example:
            See `adjust`.
        """
        return self.page().document()

    def __str__(self) -> str:
        return self.page().text()

    def _repr_html_(self) -> str:
        return self.page().html()


def _counted(figures: Figures) -> str:
    return "" if figures.counted is None else str(figures.counted)


_WORDS = ("disposition", "source", "lot", "worked", "billable", "counted", "amount_minor")


def _columns(name: str, figures: Figures | None) -> dict[str, Any]:
    """The columns of what a line was, or is."""
    if figures is None:
        return dict.fromkeys([f"{name}_{word}" for word in _WORDS])
    units = (figures.worked, figures.billable, figures.counted)
    said = (
        figures.disposition,
        figures.source,
        figures.lot,
        *(None if unit is None else unit.amount for unit in units),
        figures.amount.minor,
    )
    return {f"{name}_{word}": value for word, value in zip(_WORDS, said, strict=True)}
