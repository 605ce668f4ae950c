"""Statements and their corrections: a period is closed once, and what is recorded later comes as an adjustment.

`close` turns the part of a rating that falls in one billing period into a `Statement`, which is never changed.
"""

from supportcontracts.rating.statements.balances import DeficitBalance, LotBalance
from supportcontracts.rating.statements.closing import close
from supportcontracts.rating.statements.layout import Page, Table
from supportcontracts.rating.statements.statement import Dispute, Statement, StatementLine

__all__ = ["DeficitBalance", "Dispute", "LotBalance", "Page", "Statement", "StatementLine", "Table", "close"]


def __dir__() -> list[str]:
    return __all__
