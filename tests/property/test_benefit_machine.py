"""A desk that runs for months: clerks ask, book, cancel and redeem in any order, and a job reminds every night.

Whatever they do, nothing is lost, and the reminders that the job found night by night, knowing only what had been
recorded by then, are those that are found afterwards from everything.
"""

from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from supportcontracts import Term, Zone, days
from supportcontracts.benefits import Redeemable, RedemptionRequest, Reminder, benefit_status, can_redeem, remind
from supportcontracts.contracts.benefits import Benefit
from supportcontracts.events import (
    BenefitCancelled,
    BenefitExtended,
    BenefitGranted,
    Event,
    NoShow,
    Redeemed,
)

BERLIN = Zone("Europe/Berlin")
START = BERLIN.at("2025-02-20 00:00")
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
TERM = Term("2025-03-01", months=3, zone=BERLIN)
TERMS: tuple[dict[str, Any], ...] = (
    {"expires": "term"},
    {"expires": "period", "per": "month", "booking_lead": days(5), "cancel_notice": days(3), "no_show": "lost"},
    {"expires": "term", "by_expiry": "booked", "booking_lead": days(5), "grace": days(7)},
)


class Desk(RuleBasedStateMachine):
    """One benefit, one clock that only goes forward, and everything that was recorded."""

    keys: Bundle[str] = Bundle("keys")

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.events: list[Event] = []
        self.sent: list[Reminder] = []
        self.count = 0
        self.benefit = Benefit("training", unit="training day", quantity=2, term=TERM)

    @initialize(terms=st.sampled_from(TERMS), quantity=st.integers(1, 4))
    def agree(self, terms: dict[str, Any], quantity: int) -> None:
        """Agree on a promise that is reminded of."""
        self.benefit = Benefit(
            "training", unit="training day", quantity=quantity, term=TERM, remind_margins=[days(3), days(14)],
            forfeit_margins=days(7), **terms,
        )  # fmt: skip

    def name(self) -> str:
        """Give the next id; ids are not in the order of time."""
        self.count += 1
        return f"{self.count * 7919 % 1000}-{self.count}"

    def record(self, event: Event) -> None:
        """Record what happens now; a second passes, so that nothing else happens at its instant."""
        self.events.append(event)
        self.now += SECOND

    @rule(hours=st.sampled_from([1, 9, 24, 24 * 5, 24 * 12]))
    def wait(self, hours: int) -> None:
        """Let time pass; at every midnight on the way the job looks what is due until the next."""
        until = self.now + hours * HOUR
        day = BERLIN.date_of(self.now) + timedelta(days=1)
        while BERLIN.start_of(day) <= until:
            self.now = BERLIN.start_of(day)
            day += timedelta(days=1)
            self.sent += remind([self.benefit], self.events, since=self.now, until=BERLIN.start_of(day))
        self.now = until

    @rule(target=keys, quantity=st.integers(1, 3), ahead=st.sampled_from([0, 3, 6, 20, 60]))
    def ask(self, quantity: int, ahead: int) -> Any:  # noqa: ANN401  # a key, or none
        """Ask for a date so many days ahead, and book it if the answer is yes."""
        request = RedemptionRequest(f"K-{self.name()}", quantity=quantity, takes_place_at=self.now + ahead * 24 * HOUR)
        answer = can_redeem(self.benefit, request, events=self.events, as_of=self.now)
        if not isinstance(answer, Redeemable):
            return multiple()
        for event in answer.events:
            self.record(event)
        assert benefit_status(self.benefit, self.events, as_of=self.now).refusal(f"training/{request.key}") is None
        return request.key

    @rule(key=keys)
    def redeem(self, key: str) -> None:
        """Use what is booked, whether or not it still is."""
        self.record(Redeemed(self.name(), self.now, benefit="training", reservation=key))

    @rule(key=keys)
    def cancel(self, key: str) -> None:
        """Cancel what is booked, whether or not it still is."""
        self.record(BenefitCancelled(self.name(), self.now, benefit="training", key=key))

    @rule(key=keys)
    def miss(self, key: str) -> None:
        """Nobody comes."""
        self.record(NoShow(self.name(), self.now, benefit="training", key=key))

    @rule(quantity=st.integers(1, 2))
    def walk_in(self, quantity: int) -> None:
        """Use what was not booked."""
        self.record(Redeemed(self.name(), self.now, benefit="training", quantity=quantity))

    @rule(life=st.sampled_from([10, 40]))
    def give(self, life: int) -> None:
        """Give one more, that ends on a day of its own."""
        last = BERLIN.date_of(self.now) + timedelta(days=life)
        self.record(BenefitGranted(self.name(), self.now, benefit="training", quantity=1, expires_on=last))

    @rule(further=st.sampled_from([5, 40]), back=st.sampled_from(["stay", "return"]))
    def extend(self, further: int, back: Any) -> None:  # noqa: ANN401  # one of two words
        """Extend everything that ends sooner."""
        last = BERLIN.date_of(self.now) + timedelta(days=further)
        event = BenefitExtended(
            self.name(), self.now, benefit="training", expires_on=last, reason="illness", forfeited=back
        )
        self.record(event)

    @invariant()
    def nothing_is_lost(self) -> None:
        """Granted = left + reserved + redeemed + lost + forfeited, and nothing is negative."""
        status = benefit_status(self.benefit, self.events, as_of=self.now)
        parts = (status.left, status.reserved, status.redeemed, status.lost, status.forfeited)
        assert min(part.amount for part in parts) >= 0
        assert sum(part.amount for part in parts) == status.granted.amount

    def teardown(self) -> None:
        """Look back on everything that was recorded."""
        first = BERLIN.start_of(BERLIN.date_of(START) + timedelta(days=1))
        last = BERLIN.start_of(BERLIN.date_of(self.now) + timedelta(days=1))
        if last > first:
            afterwards = remind([self.benefit], self.events, since=first, until=last)
            assert sorted(self.sent, key=lambda each: (each.at, each.key)) == list(afterwards)
        assert len({reminder.key for reminder in self.sent}) == len(self.sent)
        shuffled = sorted(self.events, key=lambda event: event.id)
        again = benefit_status(self.benefit, shuffled, as_of=self.now)
        assert again == benefit_status(self.benefit, self.events, as_of=self.now)


Desk.TestCase.settings = settings(stateful_step_count=25)
TestDesk = pytest.mark.rule("N2", "N4", "N12", "D6")(Desk.TestCase)
