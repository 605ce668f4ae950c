"""Strategies for what was closed: statements of any period of any contract, and adjustments for late events."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.rating.statements import Adjustment, Statement, adjust, close
from supportcontracts.rating.statements.calendar import statement_periods
from supportcontracts.rating.verbs import rate
from supportcontracts.testing.strategies._drawing import drawn, one_in
from supportcontracts.testing.strategies.agreed import contracts
from supportcontracts.testing.strategies.stories import histories

__all__ = ["adjustments", "statements"]


def __dir__() -> list[str]:
    return __all__


def draw_adjusted(draw: DrawFn) -> tuple[Statement, Adjustment]:
    """Draw the statement of one period, closed when some events were known, and its adjustment for the others."""
    contract = draw(contracts(max_phases=2, max_months=4))
    events = draw(histories(contract))
    known = [event for event in events if not one_in(draw, 3)]
    ended = [period for period, _ in zip(statement_periods(contract), range(5), strict=False)]
    period = draw(st.sampled_from(ended))
    statement = close(rate(contract, known, until=period.end), period_ending=period.last_day)
    return statement, adjust(rate(contract, events, until=period.end), closed=[statement])


def statements() -> SearchStrategy[Statement]:
    """Generate statements of any of the first periods of any contract.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=5)
        ... @given(statements())
        ... def lines_add_up(statement):
        ...     assert sum(line.line.amount.minor for line in statement.lines) == statement.total.minor
        >>> lines_add_up()
    """
    return drawn(draw_adjusted).map(lambda both: both[0])


def adjustments() -> SearchStrategy[Adjustment]:
    """Generate adjustments of one closed period, for events that were recorded later; some have nothing to correct.

    Example:
        >>> from hypothesis import given, settings
        >>> @settings(max_examples=5)
        ... @given(adjustments())
        ... def every_line_has_a_cause(adjustment):
        ...     assert all(line.because for line in adjustment.lines)
        >>> every_line_has_a_cause()
    """
    return drawn(draw_adjusted).map(lambda both: both[1])
