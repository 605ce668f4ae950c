"""Strategies for how lines are booked: postings, with tags and names from small fixed pools."""

from typing import get_args

from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.contracts.postings import PostedKind, Posting
from supportcontracts.testing.strategies._drawing import drawn, one_in, pick

__all__ = ["LEDGERS", "TAXES", "postings"]


def __dir__() -> list[str]:
    return __all__


LEDGERS = ("4400", "4660")
TAXES = ("standard", "reduced", "none")

_KINDS: tuple[PostedKind, ...] = get_args(PostedKind)
_NAMES = ("fee", "work", "incidents", "banks", "travel")


def draw_posting(draw: DrawFn) -> Posting:
    """Draw a posting with one tag or both, for all lines, some kinds, or some names."""
    ledger, tax = pick(draw, [(ledger, tax) for ledger in (*LEDGERS, "") for tax in ("", *TAXES) if ledger or tax])
    kinds = (pick(draw, _KINDS),) if one_in(draw, 2) else ()
    names = (pick(draw, _NAMES),) if one_in(draw, 3) else ()
    return Posting(ledger=ledger, tax=tax, kinds=kinds, names=names)


def postings() -> SearchStrategy[Posting]:
    """Generate postings, by ledger code, tax category or both.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=10)
        ... @given(postings())
        ... def there_is_a_tag(posting):
        ...     assert posting.ledger or posting.tax
        >>> there_is_a_tag()
    """
    return drawn(draw_posting)
