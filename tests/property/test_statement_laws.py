"""The laws of statements, for any contract and any history."""

from itertools import takewhile

import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st

from supportcontracts import Contract, Period, Rating, Replace, Statement, Void, close, rate
from supportcontracts.errors import StaleState
from supportcontracts.interop.codec import from_json, to_json
from supportcontracts.rating.statements.calendar import statement_periods
from supportcontracts.testing.strategies import Case, cases
from supportcontracts.timeline import Instant


def closable(contract: Contract, until: Instant) -> list[Period]:
    """The billing periods of a contract that have ended by an instant."""
    return list(takewhile(lambda period: period.end <= until, statement_periods(contract)))


def closed_one_by_one(rating: Rating) -> list[Statement]:
    """Close every period of a rating that has ended, in order."""
    statements: list[Statement] = []
    for period in closable(rating.contract, rating.until):
        statements.append(close(rating, period_ending=period.last_day, closed=statements))
    return statements


@pytest.mark.rule("D30", "D2")
@given(case=cases())
def test_statements_are_the_rating_cut_into_periods(case: Case) -> None:
    """The lines of all statements, one after the other, are those of the rating, up to where the last one ends."""
    contract, events, until = case
    rating = rate(contract, events, until=until)
    statements = closed_one_by_one(rating)
    lines = [each.line for statement in statements for each in statement.lines]
    assert lines == list(rating.lines[: len(lines)])
    for period, statement in zip(closable(contract, until), statements, strict=True):
        assert all(each.line.at <= period.end for each in statement.lines)
        assert all(line.at >= period.end for line in rating.lines[len(lines) :])
        assert {each.line.period for each in statement.lines} <= {statement.period, "-"}


@pytest.mark.rule("D30")
@given(case=cases())
def test_a_statement_does_not_depend_on_how_far_was_rated(case: Case) -> None:
    """Rated up to the end of a period, or further, its statement is the same, if nothing reaches back."""
    contract, events, until = case
    assume(not any(getattr(event, "usable_from", None) is not None for event in events))
    corrected = any(isinstance(event, Void | Replace) for event in events)
    rating = rate(contract, events, until=until)
    for period, statement in zip(closable(contract, until), closed_one_by_one(rating), strict=True):
        exact = rate(contract, events, until=period.end)
        again = close(exact, period_ending=period.last_day)
        assert again.lines == statement.lines
        assert again.notices == statement.notices
        assert again.balances == statement.balances
        assert again.deficits == statement.deficits
        assert corrected or again == statement


@pytest.mark.rule("D30", "L4")
@given(case=cases(), data=st.data())
def test_a_period_rated_from_a_saved_state_closes_alike(case: Case, data: st.DataObject) -> None:
    """The nightly job, which rates one period from the state before it, closes what a rating of everything closes."""
    contract, events, until = case
    periods = closable(contract, until)
    assume(len(periods) > 1)
    period = data.draw(st.sampled_from(periods[1:]), label="period")
    assume(not any(isinstance(event, Void | Replace) for event in events))
    before = rate(contract, events, until=period.start)
    try:
        tonight = rate(
            contract,
            [event for event in events if event.at >= period.start],
            until=period.end,
            opening=before.closing,
        )
    except StaleState as stale:
        note(str(stale))
        return
    whole = rate(contract, events, until=period.end)
    one, other = (close(rating, period_ending=period.last_day) for rating in (tonight, whole))
    assert one.lines == other.lines
    assert one.balances == other.balances
    assert one.deficits == other.deficits
    assert {notice.key for notice in one.notices} == {notice.key for notice in other.notices}
    assert set(one.based_on) == set(other.based_on)


@pytest.mark.rule("D30", "L2")
@given(case=cases())
def test_balances_open_as_they_closed(case: Case) -> None:
    """Each lot opens with what it closed with; nothing is adjusted; and it holds what the ledger says it holds."""
    contract, events, until = case
    rating = rate(contract, events, until=until)
    held: dict[str, int] = {}
    owed: dict[str, int] = {}
    for period, statement in zip(closable(contract, until), closed_one_by_one(rating), strict=True):
        found = {balance.lot: balance for balance in statement.balances}
        assert {lot: balance.opening for lot, balance in found.items() if balance.opening} == held
        assert not any(balance.adjusted for balance in statement.balances)
        for lot, balance in found.items():
            assert balance.closing == rating.balance(lot, as_of=period.end).left
        held = {lot: balance.closing for lot, balance in found.items() if balance.closing}
        assert {each.account: each.opening for each in statement.deficits if each.opening} == owed
        owed = {each.account: each.closing for each in statement.deficits if each.closing}


@pytest.mark.rule("D30", "L5")
@given(case=cases(max_events=8))
def test_a_statement_stands_on_its_own(case: Case) -> None:
    """It prints, explains every line, and comes back from its document as it was."""
    contract, events, until = case
    for statement in closed_one_by_one(rate(contract, events, until=until))[:4]:
        assert from_json(to_json(statement), Statement) == statement
        minor = [row["amount_minor"] for row in statement.to_rows()]
        assert sum(minor) == statement.total.minor == statement.due.minor
        for line in statement.lines:
            explained = statement.explain(line.no)
            assert explained.amount == line.line.amount
            assert explained.steps
            assert f"{line.line.amount}" in str(statement)
        text, document = str(statement), statement.html()
        assert text.startswith(f"Statement {contract.id} / {statement.period}")
        assert document.count("<table>") == document.count("</table>") == text.count("\n\n")
        assert statement.markdown().count("| --- |") + statement.markdown().count("| ---: |") >= 1
