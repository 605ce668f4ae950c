"""Statements and their corrections: a period is closed once, and what is recorded later comes as an adjustment.

`close` turns the part of a rating that falls in one billing period into a `Statement`, which is never changed; `adjust`
compares a later rating with what was closed, and makes an `Adjustment` of the difference.
"""

from supportcontracts.rating.statements.adjusting import adjust
from supportcontracts.rating.statements.adjustment import Adjustment, AdjustmentLine, Figures
from supportcontracts.rating.statements.balances import DeficitBalance, LotBalance
from supportcontracts.rating.statements.cause import Cause
from supportcontracts.rating.statements.closing import close
from supportcontracts.rating.statements.layout import Page, Table
from supportcontracts.rating.statements.sharing import Attribution, Sharer
from supportcontracts.rating.statements.statement import Dispute, Statement, StatementLine

__all__ = [
    "Adjustment",
    "AdjustmentLine",
    "Attribution",
    "Cause",
    "DeficitBalance",
    "Dispute",
    "Figures",
    "LotBalance",
    "Page",
    "Sharer",
    "Statement",
    "StatementLine",
    "Table",
    "adjust",
    "close",
]


def __dir__() -> list[str]:
    return __all__
