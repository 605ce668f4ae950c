"""Laws of benefits: they hold for any promise and any history, whatever order it arrives in."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from supportcontracts.benefits import BenefitStatus, benefit_status
from supportcontracts.contracts.benefits import Benefit
from supportcontracts.contracts.benefits.schedule import last_usable_day
from supportcontracts.events import BenefitExtended, Redeemed, Replace, Void
from supportcontracts.ledger import balance
from supportcontracts.testing.strategies import BenefitCase, benefit_cases
from supportcontracts.timeline import Instant

SECOND = timedelta(seconds=1)
STATES = ("left", "reserved", "redeemed", "lost", "forfeited", "refunded", "moved")


def grants(status: BenefitStatus) -> dict[str, tuple[int, ...]]:
    """Say where the units of each grant are."""
    return {grant.id: tuple(getattr(grant, state).amount for state in STATES) for grant in status.grants}


@pytest.mark.rule("N2", "L2", "L10")
@given(benefit_cases())
def test_units_are_conserved(case: BenefitCase) -> None:
    """Granted = left + reserved + redeemed + lost + forfeited + refunded at every instant, and nothing is negative."""
    benefit, events, as_of = case
    for instant in {as_of, *(event.at for event in events), *(event.at + SECOND for event in events)}:
        status = benefit_status(benefit, events, as_of=instant)
        for grant in status.grants:
            amounts = [getattr(grant, state).amount for state in STATES]
            assert min(amounts) >= 0
            assert sum(amounts) == grant.granted.amount
        totals = (status.left, status.reserved, status.redeemed, status.lost, status.forfeited, status.refunded)
        assert status.granted.amount == sum(total.amount for total in totals)


@pytest.mark.rule("N2", "D2", "L2")
@given(benefit_cases())
def test_the_balance_of_any_past_instant_is_the_status_of_that_instant(case: BenefitCase) -> None:
    """The movements add up, as of any instant, to what the status said then; and they are only ever appended."""
    benefit, events, as_of = case
    later = benefit_status(benefit, events, as_of=as_of)
    for instant in {as_of, *(move.at for move in later.movements)}:
        status = benefit_status(benefit, events, as_of=instant)
        assert later.movements[: len(status.movements)] == status.movements
        for grant in status.grants:
            sums = balance(later.movements, grant.id, as_of=instant)
            assert (sums.left, sums.reserved, sums.redeemed, sums.lost, sums.refunded) == (
                grant.left.amount, grant.reserved.amount, grant.redeemed.amount, grant.lost.amount,
                grant.refunded.amount,
            )  # fmt: skip
            assert (sums.forfeited - sums.returned, sums.rolled_out) == (grant.forfeited.amount, grant.moved.amount)


@pytest.mark.rule("D6", "L3")
@given(benefit_cases(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_is_irrelevant(case: BenefitCase, random: Random) -> None:
    """Shuffled, and each given twice, the same events give the same status."""
    benefit, events, as_of = case
    again = [*events, *events]
    random.shuffle(again)
    assert benefit_status(benefit, again, as_of=as_of) == benefit_status(benefit, events, as_of=as_of)


@given(benefit_cases())
def test_what_happens_later_changes_nothing_before(case: BenefitCase) -> None:
    """A status depends on what happened before its instant alone."""
    benefit, events, as_of = case
    assume(not any(isinstance(event, (Void, Replace)) for event in events))
    before = [event for event in events if event.at < as_of]
    assert benefit_status(benefit, before, as_of=as_of) == benefit_status(benefit, events, as_of=as_of)


def end_of(benefit: Benefit, status: BenefitStatus, grant: str) -> Instant | None:
    """Return the instant at which a grant ends, from its last day as it stands now."""
    last = next(each.expires_on for each in status.grants if each.id == grant)
    return None if last is None else benefit.zone.start_of(last_usable_day(benefit, last) + timedelta(days=1))


@pytest.mark.rule("N4", "N5")
@given(benefit_cases())
def test_nothing_is_redeemed_after_expiry(case: BenefitCase) -> None:
    """No unit is redeemed from a grant that has ended, unless booking is enough and it was booked before the end."""
    benefit, events, as_of = case
    status = benefit_status(benefit, events, as_of=as_of)
    booked = {use.booking for use in status.uses if use.kind == "reserved"}
    uses = {use.event: use for use in status.uses}
    ended: set[str] = set()
    for move in status.movements:
        if move.kind == "forfeit" and not move.code:
            ended.add(move.lot)
        elif move.kind == "return":
            ended.discard(move.lot)
        elif move.kind == "redeem":
            end = end_of(benefit, status, move.lot)
            outlived = benefit.by_expiry == "booked" and uses[move.because].booking in booked
            assert outlived or (move.lot not in ended and (end is None or move.at < end))


@pytest.mark.rule("N4", "D4")
@given(benefit_cases())
def test_forfeiture_happens_exactly_at_expiry(case: BenefitCase) -> None:
    """What nobody ended early is forfeited at the first instant after the last usable local day, and then only."""
    benefit, events, as_of = case
    status = benefit_status(benefit, events, as_of=as_of)
    zone = benefit.zone
    forfeits = [move for move in status.movements if move.kind == "forfeit" and not move.code]
    for move in forfeits:
        assert zone.start_of(zone.date_of(move.at)) == move.at
    for grant in status.grants:
        end = end_of(benefit, status, grant.id)
        last = [move.at for move in forfeits if move.lot == grant.id][-1:]
        if grant.state == "open":
            assert end is None or end > as_of or grant.starts_at == end
            assert grant.forfeited.amount == 0 or benefit.by_expiry == "booked"
        elif grant.state == "expired":
            assert end is not None
            assert end <= as_of
            assert last in ([end], [])
            assert grant.left.amount == 0


@pytest.mark.rule("N13")
@given(benefit_cases(max_events=6), st.sampled_from([1, 30, 400]), st.integers(0, 60))
def test_an_extension_never_loses_units(case: BenefitCase, further: int, wait: int) -> None:
    """At an extension no unit leaves the place where it is; and from then on, left alone, no more is forfeited."""
    benefit, events, at = case
    past = [event for event in events if event.at < at]
    assume(not any(isinstance(event, (Void, Replace)) for event in past))
    before = benefit_status(benefit, past, as_of=at + SECOND)
    ends = [grant.expires_on for grant in before.grants if grant.expires_on is not None]
    assume(ends)
    new = max(ends) + timedelta(days=further)
    longer = [*past, BenefitExtended("E-0", at, benefit=benefit.id, expires_on=new, reason="illness")]
    assert grants(benefit_status(benefit, longer, as_of=at + SECOND)) == grants(before)
    for instant in (at + timedelta(days=wait), at + timedelta(days=wait + 400)):
        without, extended = (benefit_status(benefit, each, as_of=instant) for each in (past, longer))
        assert extended.forfeited.amount <= without.forfeited.amount
        assert extended.granted == without.granted


@pytest.mark.rule("D7", "N2")
@given(benefit_cases())
def test_what_is_refused_changes_nothing(case: BenefitCase) -> None:
    """Without the events that were refused, everything else is as it was."""
    benefit, events, as_of = case
    status = benefit_status(benefit, events, as_of=as_of)
    gone = {refusal.event for refusal in status.refusals}
    rest = [event for event in events if event.id not in gone and getattr(event, "target", None) not in gone]
    without = benefit_status(benefit, rest, as_of=as_of)
    assert (without.grants, without.bookings, without.uses) == (status.grants, status.bookings, status.uses)
    assert not without.refusals


@pytest.mark.rule("N3")
@given(benefit_cases())
def test_nothing_is_left_in_a_grant_that_ends_sooner_than_one_that_paid(case: BenefitCase) -> None:
    """A use that names nobody and needs no date empties what ends soonest before it touches what ends later."""
    benefit, events, as_of = case
    status = benefit_status(benefit, events, as_of=as_of)
    for event in events:
        use = next((use for use in status.uses if use.event == event.id), None)
        if use is None or not isinstance(event, Redeemed) or use.booking is not None or event.who:
            continue
        then = benefit_status(benefit, events, as_of=use.at + SECOND)
        days = {grant.id: grant.expires_on for grant in then.grants}
        paid = [days[name] for name, _ in use.grants]
        known = [day for day in paid if day is not None]
        assert paid == sorted(known) + [None] * (len(paid) - len(known))


@given(benefit_cases())
def test_everything_explains_itself(case: BenefitCase) -> None:
    """Every use, refusal and grant has its steps, and every status prints."""
    benefit, events, as_of = case
    status = benefit_status(benefit, events, as_of=as_of)
    names = [use.event for use in status.uses] + [refusal.event for refusal in status.refusals]
    for name in (*names, *(grant.id for grant in status.grants)):
        assert status.explain(name).steps
    assert benefit.id in str(status)
    assert len(status.to_rows()) == len(status.grants)
    assert {refusal.event for refusal in status.refusals} <= {event.id for event in events}
