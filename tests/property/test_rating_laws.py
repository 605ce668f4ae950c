"""The laws of rating, for any contract and any history."""

from datetime import date
from fractions import Fraction
from random import Random

import attrs
import pytest
from hypothesis import assume, given, note
from hypothesis import strategies as st

from supportcontracts import Contract, Money, Rating, Replace, Term, Void, WorkEntry, rate
from supportcontracts.contracts.contract import Billing
from supportcontracts.contracts.plans import CappedHours, FixedAnnual, PayPerHour, PrepaidHours
from supportcontracts.errors import StaleState
from supportcontracts.events import Event
from supportcontracts.ledger import balance
from supportcontracts.money import RoundingMode
from supportcontracts.testing.strategies import Case, Feature, cases, moneys, roundings
from supportcontracts.timeline import Instant, epoch, from_epoch


def instants_of(case: Case) -> list[Instant]:
    """The instants at which something can happen, and those one second later, up to the end of the rating."""
    contract, events, until = case
    seconds = {epoch(event.at) for event in events}
    for phase in contract.dated_phases:
        seconds |= {epoch(phase.term.start), epoch(phase.term.end)}
    seconds |= {second + 1 for second in seconds}
    return [from_epoch(second) for second in sorted(seconds) if second <= epoch(until)]


@pytest.mark.rule("L1", "D8")
@given(case=cases())
def test_the_parts_of_a_use_sum_to_the_use(case: Case) -> None:
    """Every worked second has one disposition: the lines of an entry sum to it, and each line to its parts."""
    contract, events, until = case
    rating = rate(contract, events, until=until)
    facts = latest(contract, events, until)
    for name, entry in facts.items():
        lines = [line for line in rating.lines_of(name) if line.kind == "use" and isinstance(entry, WorkEntry)]
        cut = any(item.entry.id == name for item in rating.closing.carried)
        worked = sum(line.worked.amount for line in lines if line.worked is not None)
        if lines and not cut:
            assert worked == entry.worked.seconds
    for line in rating.lines:
        if line.kind in ("use", "release") and line.disposition not in ("charged", "credited"):
            assert not line.amount


def latest(contract: Contract, events: list[Event], until: Instant) -> dict[str, WorkEntry]:
    """The work entries that count: not voided, as replaced, and before the end of the rating."""
    corrections: dict[str, Void | Replace] = {}
    for event in sorted(
        (event for event in events if isinstance(event, Void | Replace)),
        key=lambda event: (event.recorded_at or event.at, event.id),
    ):
        corrections[event.target] = event
    found: dict[str, WorkEntry] = {}
    for fact in events:
        correction = corrections.get(fact.id)
        real: object = correction.by if isinstance(correction, Replace) else fact
        if isinstance(real, WorkEntry) and not isinstance(correction, Void) and real.at < until:
            found[real.id] = real
    return found


@pytest.mark.rule("L2", "L10")
@given(case=cases())
def test_what_came_into_a_lot_went_out_or_is_left_at_every_instant(case: Case) -> None:
    """At every instant no lot is below zero, and at the end it holds what the state says."""
    contract, events, until = case
    rating = rate(contract, events, until=until)
    lots = {movement.lot for movement in rating.movements}
    for instant in instants_of(case):
        for lot in lots:
            assert balance(rating.movements, lot, as_of=instant).left >= 0
    for lot_state in rating.closing.lots:
        if lot_state.status != "arriving" or lot_state.kind == "bank":
            assert rating.balance(lot_state.id).left == lot_state.left.amount


@pytest.mark.rule("L3", "D6")
@given(case=cases(), random=st.randoms(use_true_random=False))
def test_arrival_order_and_repeats_change_nothing(case: Case, random: Random) -> None:
    """The same events shuffled, some of them twice, give an equal rating."""
    contract, events, until = case
    again = [*events, *random.sample(events, min(3, len(events)))]
    random.shuffle(again)
    assert rate(contract, again, until=until) == rate(contract, events, until=until)


@pytest.mark.rule("L4", "D2")
@given(case=cases(), data=st.data())
def test_rating_in_chunks_is_rating_in_one_go(case: Case, data: st.DataObject) -> None:
    """Lines, movements, notices and the closing state are the same through a saved state at any instant."""
    contract, events, until = case
    cuts = instants_of(case)
    assume(cuts)
    cut = data.draw(st.sampled_from(cuts), label="cut")
    whole = rate(contract, events, until=until)
    first = rate(contract, events, until=cut)
    gone = {event.id for event in events if event.at < cut}
    corrected = {event.target for event in events if isinstance(event, Void | Replace)}
    assume(not corrected & gone)
    later = [
        event for event in events if event.at >= cut or (isinstance(event, Void | Replace) and event.target not in gone)
    ]
    assume(not any(isinstance(event, Replace) and event.by.at < cut for event in later))
    try:
        second = rate(contract, later, until=until, opening=first.closing)
    except StaleState as stale:
        note(str(stale))
        assume(any(getattr(event, "usable_from", None) is not None for event in events))
        return
    assert first.lines + second.lines == whole.lines
    assert first.movements + second.movements == whole.movements
    assert {notice.key for notice in first.notices + second.notices} == {notice.key for notice in whole.notices}
    assert second.closing == whole.closing
    assert first.total + second.total == whole.total


@pytest.mark.rule("L5", "S1")
@given(case=cases())
def test_lines_sum_to_the_total_and_explanations_to_their_lines(case: Case) -> None:
    """The total is the sum of the lines, and each explanation the sum of the lines that it explains."""
    contract, events, until = case
    rating = rate(contract, events, until=until)
    zero = Money.zero(contract.currency)
    assert sum((line.amount for line in rating.lines), zero) == rating.total
    for use in {line.use for line in rating.lines}:
        explained = rating.explain(use)
        assert explained.amount == sum((line.amount for line in rating.lines_of(use)), zero)
        assert explained.steps
        assert all(step.rule for step in explained.steps)
    assert sum(row["amount_minor"] for row in rating.to_rows()) == rating.total.minor


@pytest.mark.rule("L5")
@given(case=cases())
def test_a_settled_amount_is_within_one_unit_of_the_exact_one(case: Case) -> None:
    """No line is settled further from its exact amount than its rounding allows, and no exact amount twice."""
    contract, events, until = case
    for line in rate(contract, events, until=until).lines:
        minor = line.exact.value * contract.currency.scale
        distance = abs(minor - line.amount.minor)
        assert distance <= Fraction(1, 2) if contract.rounding.startswith("half") else distance < 1


@pytest.mark.rule("L3")
@given(case=cases())
def test_keys_tell_all_lines_apart(case: Case) -> None:
    """No two lines of a rating have one key."""
    contract, events, until = case
    keys = [line.key for line in rate(contract, events, until=until).lines]
    assert len(set(keys)) == len(keys)


MONOTONE: tuple[Feature, ...] = (
    "discount", "maximum", "minimum", "volume", "grouping", "special", "rates", "entry-rates", "free-time", "overdraw",
    "package", "graduated", "free-first", "limit", "approval", "hold", "refuse", "fallback", "multiplier",
    "price-multiplier", "whole-to-next", "payment", "outside-terms", "scopes", "split",
)  # fmt: skip


@pytest.mark.rule("L7")
@given(
    case=cases(
        kinds=[FixedAnnual, CappedHours, PrepaidHours, PayPerHour],
        event_kinds=[WorkEntry],
        max_phases=1,
        without=MONOTONE,
    ),
    data=st.data(),
)
def test_more_use_never_costs_less(case: Case, data: st.DataObject) -> None:
    """Where sources may split and none is cheaper than the one before it, more work never lowers the exact total."""
    contract, events, until = case
    work = [event for event in events if isinstance(event, WorkEntry)]
    assume(work)
    more = attrs.evolve(data.draw(st.sampled_from(work), label="copied"), id="W-more")
    assert exact_total(rate(contract, [*events, more], until=until)) >= exact_total(rate(contract, events, until=until))


def exact_total(rating: Rating) -> Fraction:
    """The sum of what the lines cost before they were settled."""
    return sum((line.exact.value for line in rating.lines), Fraction(0))


@pytest.mark.rule("L8", "F1", "D24")
@given(
    fee=moneys(currency="EUR", min_value=Money("0 EUR")),
    years=st.integers(1, 3),
    billing=st.sampled_from(["term", "yearly", "quarterly", "monthly"]),
    rounding=roundings(),
    starts_on=st.dates(date(2023, 1, 1), date(2025, 12, 31)),
)
def test_instalments_sum_to_the_fee(
    fee: Money, years: int, billing: Billing, rounding: RoundingMode, starts_on: date
) -> None:
    """Over whole years the instalments of a fee sum to it for each year, and no two differ by more than a cent."""
    term = Term(starts_on, months=12 * years, zone="Europe/Berlin")
    contract = Contract("C-1", customer="elm", rounding=rounding, billing=billing, term=term, plan=FixedAnnual(fee=fee))
    fees = [line.amount for line in rate(contract, [], until=term.end).lines if line.kind == "fee"]
    assert sum(fees, Money.zero("EUR")) == fee * years
    assert max(fees).minor - min(fees).minor <= 1
