"""Rating: from a contract and what happened to lines, movements, notices and a state, each with its reasons."""

from typing import TYPE_CHECKING

from supportcontracts._lazy import lazy

if TYPE_CHECKING:
    from supportcontracts.rating.lines import Line, Notice
    from supportcontracts.rating.many import Ratings, rate_all
    from supportcontracts.rating.offers import NotOffered, VoidCheck, buy, check_void
    from supportcontracts.rating.previewing import (
        Commitment,
        Preview,
        Release,
        Reservation,
        Short,
        available,
        commit,
        preview,
        release,
        reserve,
    )
    from supportcontracts.rating.result import Rating
    from supportcontracts.rating.state import State
    from supportcontracts.rating.statements import (
        Adjustment,
        AdjustmentLine,
        Attribution,
        Cause,
        DeficitBalance,
        Dispute,
        Figures,
        LotBalance,
        Sharer,
        Statement,
        StatementLine,
        adjust,
        close,
    )
    from supportcontracts.rating.verbs import rate
__all__ = [
    "Adjustment",
    "AdjustmentLine",
    "Attribution",
    "Cause",
    "Commitment",
    "DeficitBalance",
    "Dispute",
    "Figures",
    "Line",
    "LotBalance",
    "NotOffered",
    "Notice",
    "Preview",
    "Rating",
    "Ratings",
    "Release",
    "Reservation",
    "Sharer",
    "Short",
    "State",
    "Statement",
    "StatementLine",
    "VoidCheck",
    "adjust",
    "available",
    "buy",
    "check_void",
    "close",
    "commit",
    "preview",
    "rate",
    "rate_all",
    "release",
    "reserve",
]

# Where each name lives; the imports above, for the eyes of tools, say the same.
__getattr__ = lazy(
    __name__,
    {
        "lines": "Line Notice",
        "many": "Ratings rate_all",
        "offers": "NotOffered VoidCheck buy check_void",
        "previewing": "Commitment Preview Release Reservation Short available commit preview release reserve",
        "result": "Rating",
        "state": "State",
        "statements": (
            "Adjustment AdjustmentLine Attribution Cause DeficitBalance Dispute Figures LotBalance Sharer Statement "
            "StatementLine adjust close"
        ),
        "verbs": "rate",
    },
)


def __dir__() -> list[str]:
    return __all__
