"""Postings: the tax category and the ledger code of lines, carried to the statement as they are written here.

Tax itself is out of scope: every amount of this library is what the terms say, and whoever books a statement knows the
rates. The first posting that fits a line is its posting; without one its tags are empty.
"""

from typing import Literal, get_args

import attrs

from supportcontracts._fields import frozen, require_text, tuple_of
from supportcontracts.contracts.metering import require_choice
from supportcontracts.errors import InvalidValue

__all__ = ["PostedKind", "Posting"]


def __dir__() -> list[str]:
    return __all__


PostedKind = Literal[
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
"""The kinds of lines that a posting can be for."""


@frozen
class Posting:
    """The tags of the lines that it is for: a ledger code, a tax category, or both.

    Attributes:
        ledger: the code of the account, as the bookkeeping writes it.
        tax: the category of tax, as the bookkeeping writes it; no amount depends on it.
        kinds: the kinds of lines; empty: all.
        names: the names of fees, kinds of charge items, meters, or pools of banks; empty: all.

    Raises:
        InvalidValue: for a posting without any tag, or a kind of line that there is not.

    Rules: D30.

    Example:
        >>> travel = Posting(ledger="4660", tax="standard", kinds="charge-item", names="travel")
        >>> travel.fits("charge-item", "travel"), travel.fits("charge-item", "hotel")
        (True, False)
    """

    ledger: str = attrs.field(default="", kw_only=True)
    tax: str = attrs.field(default="", kw_only=True)
    kinds: tuple[PostedKind, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    names: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.ledger == self.tax == "":
            raise InvalidValue(
                "Posting", "neither ledger nor tax", "at least one was expected", 'Write Posting(ledger="4400").'
            )
        for name, value in (("ledger", self.ledger), ("tax", self.tax)):
            if value != "":
                require_text(f"Posting.{name}", value)
        for number, kind in enumerate(self.kinds):
            require_choice(f"Posting.kinds[{number}]", kind, get_args(PostedKind))
        for number, word in enumerate(self.names):
            require_text(f"Posting.names[{number}]", word)

    def fits(self, kind: str, name: str) -> bool:
        """Tell whether a line of this kind, for what has this name, is posted here.

        Example:
            >>> Posting(tax="standard").fits("fee", "fee")
            True
        """
        return (not self.kinds or kind in self.kinds) and (not self.names or name in self.names)
