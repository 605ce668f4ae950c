"""The statement of one payer for one billing period: what was closed, and stays as it was sent.

A statement stands on its own. It keeps its lines, the balances that the customer knows, the notices, the terms that
were in force and the ids of the events that it is based on: so it prints and explains itself, and can be compared with
a later rating, without the events or the library's release of the day.
"""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

import attrs

from supportcontracts._fields import frozen, require_kind, require_text, tuple_of
from supportcontracts.contracts.contract import Billing, Phase
from supportcontracts.errors import InvalidValue
from supportcontracts.explain import Explanation, Part, Step
from supportcontracts.money import Currency, Money, RoundingMode
from supportcontracts.quantity import Quantity
from supportcontracts.rating.lines import Line, Notice
from supportcontracts.rating.state import UseAttributes
from supportcontracts.rating.statements.balances import DeficitBalance, LotBalance
from supportcontracts.rating.statements.layout import Page
from supportcontracts.rating.statements.pages import statement_page
from supportcontracts.rating.statements.sharing import Attribution, How, SharedBy, attribution_of
from supportcontracts.timeline import Zone, as_date

__all__ = ["Dispute", "Statement", "StatementLine"]


def __dir__() -> list[str]:
    return __all__


def _date_or_none(value: date | str | None) -> date | None:
    return None if value is None else as_date(value)


@frozen
class Dispute:
    """The customer disputes a line, or all lines of a use: they are marked, and the rest is due.

    Attributes:
        of: the use, or the key of one line.
        reason: what the customer says.
        raised_on: when.

    Rules: D30.

    Example:
        >>> Dispute("W-3107", "we had cancelled that visit").of
        'W-3107'
    """

    of: str
    reason: str
    raised_on: date | None = attrs.field(default=None, converter=_date_or_none, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("Dispute.of", self.of)
        require_text("Dispute.reason", self.reason)


@frozen
class StatementLine:
    """One numbered line of a statement: a line of the rating, as it was when the period was closed.

    Attributes:
        no: its number on the statement, from 1.
        on: the local day on which it is shown.
        item: who pays or what it is for, in words.
        line: the line itself.
        note: the note of the event.
        ledger: the ledger code of its posting.
        tax: the tax category of its posting.
        name: the kind of a charge item, or the stretch that a fee covers in one instalment.
        charged: the quantity that was priced, where that is another one than was counted.
        factor: the multiplier on the price.
        about: what the use was about: its product, ticket, role and so on.
        steps: how the line came about, for `explain`.

    Rules: D23, D30.
    """

    no: int
    on: date
    item: str
    line: Line
    note: str = attrs.field(default="", kw_only=True)
    ledger: str = attrs.field(default="", kw_only=True)
    tax: str = attrs.field(default="", kw_only=True)
    name: str = attrs.field(default="", kw_only=True)
    charged: Quantity | None = attrs.field(default=None, kw_only=True)
    factor: Fraction | None = attrs.field(default=None, kw_only=True)
    about: UseAttributes | None = attrs.field(default=None, kw_only=True)
    steps: tuple[Step, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)


@frozen
class Statement:
    """The lines of one payer in one billing period, with the balances and notices of that period.

    Make one with `close`. It is never changed: what is recorded later comes as an `Adjustment`.

    Attributes:
        contract: the id of the contract.
        customer: whose contract it is.
        payer: who owes it.
        period: the name of the billing period.
        starts_on: the first day of the period.
        last_day: its last day, included.
        zone: the zone of the days.
        currency: the currency of every amount.
        rounding: how lines were settled.
        billing: how long a billing period is.
        agreed: the plans that were in force, each with the days for which it was.
        lines: numbered, in the order in which things happened.
        balances: the life of each lot in the period.
        deficits: what was overdrawn, repaid and owed.
        notices: the notices of the period.
        based_on: the ids of the events of the period, and of the corrections that acted on them.
        disputes: what the customer disputes.

    Raises:
        InvalidValue: for a dispute of a line that it does not have.

    Rules: D30.
    """

    contract: str
    customer: str = attrs.field(kw_only=True)
    payer: str = attrs.field(kw_only=True)
    period: str = attrs.field(kw_only=True)
    starts_on: date = attrs.field(kw_only=True)
    last_day: date = attrs.field(kw_only=True)
    zone: Zone = attrs.field(kw_only=True)
    currency: Currency = attrs.field(kw_only=True)
    rounding: RoundingMode = attrs.field(kw_only=True)
    billing: Billing = attrs.field(kw_only=True)
    agreed: tuple[Phase, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    lines: tuple[StatementLine, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    balances: tuple[LotBalance, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    deficits: tuple[DeficitBalance, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    notices: tuple[Notice, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    based_on: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    disputes: tuple[Dispute, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)

    def __attrs_post_init__(self) -> None:
        for number, line in enumerate(self.lines, 1):
            if line.no != number:
                raise InvalidValue("Statement.lines", f"the number {line.no}", f"the number {number} was expected")
        known = {line.line.use for line in self.lines} | {line.line.key for line in self.lines}
        for number, dispute in enumerate(self.disputes):
            require_kind(f"Statement.disputes[{number}]", dispute, Dispute, "a Dispute was expected")
            if dispute.of not in known:
                raise InvalidValue(
                    f"Dispute of {dispute.of!r}",
                    "no line of it",
                    f"a use or the key of a line of {self.id} was expected",
                    _near(dispute.of, known, "The uses are the `use` of each line."),
                )

    @property
    def id(self) -> str:
        """The name of the statement: contract and period, and the payer if that is not the customer."""
        return f"{self.contract}/{self.period}" + ("" if self.payer == self.customer else f"/{self.payer}")

    @property
    def total(self) -> Money:
        """The sum of its lines."""
        return self._sum(self.lines)

    @property
    def in_dispute(self) -> Money:
        """The sum of the lines that the customer disputes."""
        return self._sum(line for line in self.lines if self.is_disputed(line))

    @property
    def due(self) -> Money:
        """What is due now: the total less what is in dispute."""
        return self.total - self.in_dispute

    def _sum(self, lines: Iterable[StatementLine]) -> Money:
        return Money.from_minor(sum(line.line.amount.minor for line in lines), self.currency)

    def is_disputed(self, line: StatementLine) -> bool:
        """Tell whether the customer disputes a line.

        Example:
            See `close`.
        """
        return any(dispute.of in (line.line.use, line.line.key) for dispute in self.disputes)

    def lines_of(self, use: str) -> tuple[StatementLine, ...]:
        """The lines of one entry, ticket, bank or fee.

        Example:
            See `close`.
        """
        return tuple(line for line in self.lines if line.line.use == use)

    def explain(self, of: str | int) -> Explanation[Money]:
        """Derive the amount of one line, by its number or key, or of all lines of a use, as it was when closed.

        Raises:
            InvalidValue: if there is no such line, naming near ones.

        Example:
            See `close`.
        """
        found = [line for line in self.lines if of in (line.no, line.line.key, line.line.use)]
        if not found:
            known = {line.line.use for line in self.lines}
            hint = _near(of, known, f"Its lines are numbered from 1 to {len(self.lines)}.")
            raise InvalidValue(f"explain {self.id}", repr(of), "a line or a use of the statement was expected", hint)
        first = found[0]
        parts = [
            Part(line.item, (_said(line.line.billable), _said(line.line.counted)), line.line.amount) for line in found
        ]
        title = " · ".join(
            filter(None, [first.line.use, self.zone.format_day(first.line.at), first.note, self.id]),
        )
        steps = [step for line in found for step in line.steps]
        return Explanation(title, self._sum(found), steps, parts, ("billable", "counted"))

    def attribution(self, *, by: SharedBy, how: How) -> Attribution:
        """Say what charged use cost by those who share the contract: a view, which changes no line.

        Args:
            by: what they are told apart by: "product", "severity", "channel", "role", "work_type", "window", "ticket".
            how: "chronological": those whose use came last bear it; "pro-rata": all do, by their use.

        Raises:
            InvalidValue: for another word.

        Rules: D24, D30.

        Example:
            See `Attribution`.
        """
        return attribution_of(self, by, how)

    def to_rows(self) -> list[dict[str, Any]]:
        """Every line as a plain dict of texts and whole numbers, ready for a data frame."""
        return [
            {
                "statement": self.id,
                "no": line.no,
                "on": line.on.isoformat(),
                "item": line.item,
                "note": line.note,
                "ledger": line.ledger,
                "tax": line.tax,
                "disputed": "disputed" if self.is_disputed(line) else "",
                **line_row(line.line, self.period),
            }
            for line in self.lines
        ]

    def page(self) -> Page:
        """Lay the statement out: a title, tables and notes, in English."""
        return statement_page(self)

    def markdown(self) -> str:
        """Write the statement as Markdown.

        Example:
            See `close`.
        """
        return self.page().markdown()

    def html(self) -> str:
        """Write the statement as an HTML document, to be sent or printed.

        Example:
            See `close`.
        """
        return self.page().document()

    def __str__(self) -> str:
        return self.page().text()

    def _repr_html_(self) -> str:
        return self.page().html()


def _near(got: object, known: Iterable[str], otherwise: str) -> str:
    near = get_close_matches(str(got), sorted(known), n=1)
    return f"Did you mean {near[0]!r}?" if near else otherwise


def _said(quantity: Quantity | None) -> str:
    return "" if quantity is None else str(quantity)


def line_row(line: Line, period: str) -> dict[str, Any]:
    """The columns of a row that a statement shares with an adjustment."""
    return {
        "key": line.key,
        "at": line.at.isoformat(),
        "period": period,
        "kind": line.kind,
        "use": line.use,
        "meter": line.meter,
        "source": line.source,
        "lot": line.lot,
        "disposition": line.disposition,
        "code": line.code,
        "payer": line.payer,
        "worked": None if line.worked is None else line.worked.amount,
        "billable": None if line.billable is None else line.billable.amount,
        "counted": None if line.counted is None else line.counted.amount,
        "rate": line.rate,
        "exact": str(line.exact),
        "amount_minor": line.amount.minor,
        "currency": line.amount.currency.code,
    }
