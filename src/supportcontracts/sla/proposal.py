"""Proposals: outages as they happened, and what missed levels are worth, line by line, before anything is granted."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal

import attrs

from supportcontracts._fields import frozen, require_kind, require_text
from supportcontracts.contracts.service_credits import CreditWindow
from supportcontracts.errors import InvalidValue
from supportcontracts.events import ChargeItem
from supportcontracts.explain import Step, table
from supportcontracts.money import Money
from supportcontracts.timeline import Days, Instant, Period, Span, Term, instant

__all__ = ["CreditLine", "Outage", "Refusal", "ServiceCreditProposal"]


def __dir__() -> list[str]:
    return __all__


def _instant_or_none(value: datetime | None) -> Instant | None:
    return None if value is None else instant(value)


@frozen
class Outage:
    """A service was down.

    Attributes:
        id: names the outage.
        span: from when until when.
        service: which service; None: all of it.
        users: the exact share of the users who were affected, as in Fraction(2, 200).
        reported_at: when the customer reported it; None: not said.

    Example:
        >>> from supportcontracts.timeline import Zone
        >>> at = Zone("UTC").at
        >>> Outage("O-1", Span(at("2025-03-04 10:00"), at("2025-03-04 10:45"))).span.seconds
        2700
    """

    id: str
    span: Span
    service: str | None = attrs.field(default=None, kw_only=True)
    users: Fraction = attrs.field(default=Fraction(1), kw_only=True)
    reported_at: Instant | None = attrs.field(default=None, converter=_instant_or_none, kw_only=True)

    def __attrs_post_init__(self) -> None:
        require_text("Outage.id", self.id)
        require_kind("Outage.span", self.span, Span, "a Span was expected", "Write Span(start, end).")
        if self.service is not None:
            require_text("Outage.service", self.service)
        if not isinstance(self.users, Fraction) or not 0 <= self.users <= 1:
            raise InvalidValue("Outage.users", repr(self.users), "a share from 0 to 1 was expected", "Fraction(2, 200)")


Refusal = Literal[
    "nothing-missed",
    "below-minimum",
    "claim-missing",
    "claim-too-late",
    "reported-too-late",
    "not-in-good-standing",
    "customer-has-to-choose",
]
"""Why a credit is not due, or not yet."""


@frozen
class CreditLine:
    """What one level, or one incident under it, is worth.

    Attributes:
        level: the name of the level.
        incident: the ticket or outage, where each counts by itself; None: the whole window.
        measured: what was measured, in words.
        credit: settled, before anything is combined or capped.
        granted: what is left of it after that.
        steps: how it came about.
        code: why it is not granted; "" if it is.
    """

    level: str
    incident: str | None
    measured: str
    credit: Money | Days
    granted: Money | Days
    steps: tuple[Step, ...]
    code: Refusal | Literal["", "another-level", "cap"] = ""


@frozen
class ServiceCreditProposal:
    """What the levels of a window are worth, line by line, and whether it is due.

    Attributes:
        window: the window.
        per: its length, as the levels name it.
        base: the fee of which shares are taken.
        lines: every level that was missed.
        total: what is proposed; nothing where `code` says why not.
        code: why nothing is due, or not yet; "" if it is.
        reason: the same in words.
        claim_by: the last local day of a claim; None: none is needed.

    Rules: C19, C20, D33.
    """

    window: Period | Term
    per: CreditWindow
    base: Money
    lines: tuple[CreditLine, ...]
    total: Money | Days
    code: Refusal | Literal[""]
    reason: str
    claim_by: date | None

    @property
    def is_due(self) -> bool:
        """Whether there is something to grant."""
        return not self.code

    def granted(self, id: str, *, at: datetime, customer: str) -> ChargeItem:
        """Return the event that grants the credit: a charge item below zero, which a statement takes as a line (D33).

        Raises:
            InvalidValue: where nothing is due, or days of the term are.

        Example:
            See `propose_credits`.
        """
        if self.code:
            raise InvalidValue(
                "granted", f"a proposal that is {self.code}", "one that is due was expected", self.reason
            )
        if not isinstance(self.total, Money):
            raise InvalidValue(
                "granted",
                f"an extension by {self.total}",
                "an amount was expected",
                "An extension is a phase of the contract: add it at the end, without a fee.",
            )
        return ChargeItem(
            id, instant(at), customer=customer, kind="service credit", amount=-self.total, note=f"{self.window}"
        )

    def explain(self) -> str:
        """Say for each line what was measured, how it was sized, and what combining and caps left of it."""
        rows = [("rule", "level", "step", "working", "result")]
        for line in self.lines:
            for step in line.steps:
                named = line.level if line.incident is None else f"{line.level}, {line.incident}"
                rows.append((step.rule, named, step.name, step.working, step.result))
        return table(rows, right={4})

    def to_rows(self) -> list[dict[str, Any]]:
        """List the lines as plain rows."""
        return [
            {
                "level": line.level,
                "incident": line.incident,
                "measured": line.measured,
                "credit": str(line.credit),
                "granted": str(line.granted),
                "code": line.code,
            }
            for line in self.lines
        ]

    def __str__(self) -> str:
        rows = [
            (
                line.level if line.incident is None else f"{line.level}, {line.incident}",
                line.measured,
                str(line.granted) if not line.code or line.code == "cap" else f"{line.granted} ({line.code})",
            )
            for line in self.lines
        ]
        rows.append(("total", self.reason, str(self.total)))
        return table(rows, right={2})
