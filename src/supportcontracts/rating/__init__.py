"""Rating: from a contract and what happened to lines, movements, notices and a state, each with its reasons."""

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
from supportcontracts.rating.verbs import rate

__all__ = [
    "Commitment",
    "Line",
    "NotOffered",
    "Notice",
    "Preview",
    "Rating",
    "Ratings",
    "Release",
    "Reservation",
    "Short",
    "State",
    "VoidCheck",
    "available",
    "buy",
    "check_void",
    "commit",
    "preview",
    "rate",
    "rate_all",
    "release",
    "reserve",
]


def __dir__() -> list[str]:
    return __all__
