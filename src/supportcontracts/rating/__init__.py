"""Rating: from a contract and what happened to lines, movements, notices and a state, each with its reasons."""

from supportcontracts.rating.lines import Line, Notice
from supportcontracts.rating.result import Rating
from supportcontracts.rating.state import State
from supportcontracts.rating.verbs import rate

__all__ = ["Line", "Notice", "Rating", "State", "rate"]


def __dir__() -> list[str]:
    return __all__
