"""The strategies for what was closed: whole statements, and their adjustments."""

import pickle

from hypothesis import given

from supportcontracts import Adjustment, Statement
from supportcontracts.interop.codec import from_json, to_json
from supportcontracts.testing.strategies import adjustments, statements


@given(statement=statements())
def test_statements_are_documents(statement: Statement) -> None:
    """They come back from JSON and pickles, and add up."""
    assert from_json(to_json(statement), Statement) == statement
    assert pickle.loads(pickle.dumps(statement)) == statement
    assert sum(row["amount_minor"] for row in statement.to_rows()) == statement.total.minor


@given(adjustment=adjustments())
def test_adjustments_are_documents(adjustment: Adjustment) -> None:
    """They come back from JSON and pickles, and add up."""
    assert from_json(to_json(adjustment), Adjustment) == adjustment
    assert pickle.loads(pickle.dumps(adjustment)) == adjustment
    assert adjustment.closed + adjustment.total == adjustment.afresh
