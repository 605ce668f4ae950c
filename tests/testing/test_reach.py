"""Cases and histories reach the corners of the rules, have no feature that is left out, and shrink to what matters."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, combinations, pairwise
from pathlib import Path
from random import Random
from typing import Any, Literal, TypeVar, get_args

import attrs
import pytest
from hypothesis import Phase, find, settings
from hypothesis.internal.conjecture.data import ConjectureData
from hypothesis.strategies import SearchStrategy

from supportcontracts import timeline
from supportcontracts.contracts.allotments import Allotment, Overdraw, Rollover, SubLimit
from supportcontracts.contracts.banks import Banks, PriceList, TopUp
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.incidents import IncidentTable
from supportcontracts.contracts.metering import FreeTime, Metering, Multiplier
from supportcontracts.contracts.plans import (
    FixedAnnual,
    Meter,
    Plan,
    PrepaidHours,
    terms_of,
)
from supportcontracts.contracts.postings import Posting
from supportcontracts.contracts.scope import EVERYTHING, Scope
from supportcontracts.contracts.sources import Fallback, Hold, Refuse, Source, Unlimited
from supportcontracts.contracts.tariffs import Band, Graduated, Package, Tariff, Volume
from supportcontracts.events import (
    Approval,
    BankExtended,
    BankPurchase,
    BankRefunded,
    BenefitEvent,
    ChargeItem,
    Event,
    Fact,
    Payment,
    Reopened,
    Replace,
    Reserved,
    Resolved,
    TicketEvent,
    Void,
    WorkEntry,
    kind_rank,
)
from supportcontracts.quantity import seconds
from supportcontracts.testing import strategies
from supportcontracts.testing.strategies import FEATURES, Case, Feature
from supportcontracts.timeline import Instant, Zone, epoch

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
TICKETS = get_args(TicketEvent)
EVENTS: tuple[type[Event], ...] = (*get_args(Fact), Void, Replace)
# Without the explain phase, which would replace what was found by other values of the irrelevant parts.
SHRINK = settings(
    max_examples=2_000, derandomize=True, database=None, deadline=None, phases=[Phase.generate, Phase.shrink]
)


def simplest(strategy: SearchStrategy[T], condition: Callable[[T], bool] = lambda _: True) -> T:
    """Return the simplest value that meets the condition."""
    return find(strategy, condition, settings=SHRINK)


def parts(value: object) -> Iterator[Any]:
    """Yield a value of the library and all values inside it."""
    yield value
    if isinstance(value, (tuple, list)):
        for each in value:
            yield from parts(each)
    elif attrs.has(kind := type(value)):
        for field in attrs.fields(kind):
            yield from parts(getattr(value, field.name))


@attrs.frozen(eq=False)
class Look:
    """A case, with all values in its contract and in its events."""

    agreed: Contract
    events: list[Event]
    until: Instant
    terms: list[Any]
    happened: list[Any]

    @classmethod
    def at(cls, case: Case) -> "Look":
        """Look at a case."""
        agreed, events, until = case
        return cls(agreed, events, until, list(parts(agreed)), list(parts(events)))

    @property
    def inner(self) -> list[Event]:
        """The events, those inside replacements too."""
        return [part for part in self.happened if isinstance(part, EVENTS)]


Holds = Callable[[Look], bool]


@cache
def sample() -> tuple[Look, ...]:
    """Generate many cases, the same on every run.

    They are drawn one by one: a run of Hypothesis varies a few examples many times over.
    """
    generated = strategies.cases()
    return tuple(Look.at(ConjectureData(random=Random(number)).draw(generated)) for number in range(400))


# ------------------------------------------------------------------------------------------------------ the features


def outside(agreed: Contract, event: Event) -> bool:
    """Tell whether an event happens outside every phase."""
    return not any(phase.term.contains(event.at) for phase in agreed.dated_phases)


def ended_at(agreed: Contract, bank: BankPurchase) -> int | None:
    """Return the first second after the last day of a bank."""
    return None if bank.expires_on is None else epoch(agreed.zone.start_of(bank.expires_on + timedelta(days=1)))


def lags(look: Look) -> list[int]:
    """List how many seconds later than they happened events were recorded."""
    return [epoch(event.recorded_at) - epoch(event.at) for event in look.inner if event.recorded_at is not None]


def canonical(events: list[Event]) -> list[Event]:
    """Put events in their canonical order."""
    return sorted(events, key=lambda event: (event.at, kind_rank(event), event.id))


def terms_have(kind: type[T], holds: Callable[[T], bool] = lambda _: True) -> Holds:
    """Make a test of the terms of a case."""
    return lambda look: any(isinstance(part, kind) and holds(part) for part in look.terms)


def events_have(kind: type[T], holds: Callable[[T], bool] = lambda _: True) -> Holds:
    """Make a test of the events of a case, and of what is in them."""
    return lambda look: any(isinstance(part, kind) and holds(part) for part in look.happened)


def either(*tests: Holds) -> Holds:
    """Make a test that is met if one of several is."""
    return lambda look: any(test(look) for test in tests)


SHOWS: dict[Feature, Holds] = {
    "approval": terms_have(Charge, lambda charge: charge.approval == "required"),
    "counted": terms_have(Charge, lambda charge: charge.of == "counted"),
    "discount": terms_have(Charge, lambda charge: charge.discount is not None),
    "early-records": lambda look: any(lag < 0 for lag in lags(look)),
    "entry-rates": either(
        terms_have(Charge, lambda charge: charge.entry_rates == "used"),
        events_have(WorkEntry, lambda entry: entry.rate is not None),
    ),
    "expired-banks": lambda look: any(
        (ended_at(look.agreed, bank) or epoch(bank.at) + 1) <= epoch(bank.at)
        for bank in look.happened
        if isinstance(bank, BankPurchase)
    ),
    "fallback": terms_have(Fallback),
    "flat": terms_have(Band, lambda band: band.flat is not None),
    "free-first": terms_have(Charge, lambda charge: charge.free_first is not None),
    "free-time": terms_have(FreeTime),
    "gaps": lambda look: any(a.term.end < b.term.start for a, b in pairwise(look.agreed.dated_phases)),
    "grace": terms_have(Metering, lambda found: bool(found.grace)),
    "graduated": terms_have(Graduated),
    "grouping": terms_have(Metering, lambda found: found.group != "entry"),
    "hold": terms_have(Hold),
    "incident-tables": terms_have(IncidentTable, lambda table: table != IncidentTable()),
    "increment": terms_have(Metering, lambda found: found.increment > seconds(1)),
    "labour": terms_have(Meter, lambda meter: meter.labour != "included"),
    "late-records": lambda look: any(lag > 0 for lag in lags(look)),
    "limit": terms_have(Charge, lambda charge: charge.limit is not None),
    "maximum": terms_have(Charge, lambda charge: charge.maximum is not None),
    "minimum": terms_have(Charge, lambda charge: charge.minimum is not None),
    "minimum-time": terms_have(Metering, lambda found: bool(found.minimum)),
    "multiplier": terms_have(Multiplier, lambda multiplier: multiplier.on == "quantity"),
    "negative-items": events_have(ChargeItem, lambda item: item.amount.minor < 0),
    "non-billable": events_have(WorkEntry, lambda entry: entry.billable == "non-billable"),
    "offer": terms_have(PriceList),
    "outside-terms": lambda look: any(outside(look.agreed, event) for event in look.inner),
    "overdraw": terms_have(Overdraw),
    "package": terms_have(Package),
    "payment": terms_have(Banks, lambda found: found.usable == "payment"),
    "pools": either(
        terms_have(Banks, lambda found: found.pool != "banks"), events_have(BankPurchase, lambda b: b.pool != "banks")
    ),
    "postings": terms_have(Posting),
    "price-multiplier": terms_have(Multiplier, lambda multiplier: multiplier.on == "price"),
    "rates": terms_have(Charge, lambda charge: bool(charge.rates)),
    "record-within": terms_have(Contract, lambda agreed: agreed.record_within is not None),
    "refuse": terms_have(Refuse),
    "repeats": lambda look: len({event.id for event in look.events}) < len(look.events),
    "returns": terms_have(Banks, lambda found: found.returns != "forfeit"),
    "review": either(
        terms_have(FixedAnnual, lambda plan: plan.review_at is not None),
        terms_have(Unlimited, lambda source: source.review_at is not None),
    ),
    "rollover": terms_have(Rollover),
    "scopes": either(
        terms_have(Scope, lambda found: found != EVERYTHING), events_have(Scope, lambda found: found != EVERYTHING)
    ),
    "shuffled": lambda look: canonical(look.events) != look.events,
    "special": terms_have(Metering, lambda found: bool(found.special)),
    "split": terms_have(Metering, lambda found: found.at_boundary == "split"),
    "windows": terms_have(Multiplier, lambda found: bool(found.window)),
    "stubs": lambda look: any(phase.term.whole_months is None for phase in look.agreed.dated_phases),
    "sublimits": terms_have(SubLimit),
    "top-up": terms_have(TopUp),
    "volume": terms_have(Volume),
    "warn-levels": terms_have(Banks, lambda found: bool(found.warn_levels)),
    "whole-to-next": lambda look: any(getattr(part, "short", None) == "whole-to-next" for part in look.terms),
    "zero-quantities": either(
        events_have(WorkEntry, lambda entry: not entry.worked),
        events_have(BankPurchase, lambda bank: not bank.quantity),
        events_have(Reserved, lambda reserved: not reserved.quantity),
        events_have(BankRefunded, lambda refund: refund.quantity is not None and not refund.quantity),
    ),
}


def test_every_feature_has_a_sign() -> None:
    """The tests below know how to see every feature."""
    assert set(SHOWS) == set(FEATURES)


def test_every_feature_comes_up() -> None:
    """Cases have every feature unless it is left out."""
    assert not [feature for feature, shows in SHOWS.items() if not any(map(shows, sample()))]


@pytest.mark.parametrize("group", range(8))
def test_what_is_left_out_never_comes_up(group: int) -> None:
    """Cases have none of the features that `without` names."""
    without = FEATURES[group::8]
    generated = strategies.cases(without=without)
    for number in range(20):
        look = Look.at(ConjectureData(random=Random(number)).draw(generated))
        assert not [feature for feature in without if SHOWS[feature](look)]


@pytest.mark.parametrize("kind", get_args(Plan))
def test_everything_can_be_left_out(kind: type[Plan]) -> None:
    """Cases without any feature are still there, for every contract type."""
    generated = strategies.cases(kinds={kind}, max_events=2, without=FEATURES)
    agreed, _, _ = ConjectureData(random=Random(0)).draw(generated)
    assert isinstance(agreed.dated_phases[0].plan, kind)


# ---------------------------------------------------------------------------------------------------- the situations


def of_kind(look: Look, kind: type[T]) -> list[T]:
    """List the events of a kind."""
    return [event for event in look.events if isinstance(event, kind)]


def spans(entry: WorkEntry) -> tuple[int, int]:
    """Return the first second of a piece of work and the first after it."""
    return epoch(entry.at), epoch(entry.at) + entry.worked.seconds


def phase_ends(look: Look) -> set[int]:
    """List the first seconds after each phase."""
    return {epoch(phase.term.end) for phase in look.agreed.dated_phases}


def phase_starts(look: Look) -> set[int]:
    """List the first seconds of each phase."""
    return {epoch(phase.term.start) for phase in look.agreed.dated_phases}


def billing_starts(look: Look) -> set[int]:
    """List the first seconds of billing periods inside the phases."""
    lengths: dict[str, timeline.PeriodLength] = {
        "term": "term", "yearly": "year", "quarterly": "quarter", "monthly": "month",
    }  # fmt: skip
    return {
        epoch(period.start)
        for phase in look.agreed.dated_phases
        for period in timeline.periods(phase.term, lengths[look.agreed.billing])[1:]
    }


def bank_ends(look: Look) -> set[int]:
    """List the first seconds after the last days of banks."""
    return {end for bank in of_kind(look, BankPurchase) if (end := ended_at(look.agreed, bank)) is not None}


def starts_at(points: Callable[[Look], Collection[int]], late: int = 0) -> Holds:
    """Make a test for work that starts at one of some instants, or so many seconds later."""
    return lambda look: bool({epoch(entry.at) - late for entry in of_kind(look, WorkEntry)} & set(points(look)))


def ends_at(points: Callable[[Look], Collection[int]]) -> Holds:
    """Make a test for work that ends exactly at one of some instants."""
    return lambda look: any(spans(entry)[1] in points(look) and entry.worked for entry in of_kind(look, WorkEntry))


def runs_across(points: Callable[[Look], Collection[int]]) -> Holds:
    """Make a test for work that goes on while one of some instants passes."""
    return lambda look: any(
        start < point < end for start, end in map(spans, of_kind(look, WorkEntry)) for point in points(look)
    )


def local_day(look: Look, event: Event) -> date:
    """Return the local day of an event."""
    return look.agreed.zone.date_of(event.at)


def has_odd_day(look: Look) -> bool:
    """Tell whether an event happens on a local day that has not 24 hours."""
    zone = look.agreed.zone
    days = {local_day(look, event) for event in look.events}
    return any(zone.start_of_epoch(day + timedelta(days=1)) - zone.start_of_epoch(day) != 86_400 for day in days)


def sums(entries: list[WorkEntry]) -> set[int]:
    """List what billable work adds up to, after each piece of it."""
    distinct = {entry.id: entry.worked.seconds for entry in entries if entry.billable == "billable"}
    return set(accumulate(distinct.values())) - {0}


def exhausts_allotment(look: Look) -> bool:
    """Tell whether at some point the plain work of a meter adds up to the allotment of a period."""
    entries = [each for each in canonical(look.events) if isinstance(each, WorkEntry)]
    for phase in look.agreed.dated_phases:
        for meter in (placed.meter for placed in terms_of(phase.plan).meters):
            first = meter.sources[0]
            if meter.unit == "work" and meter.metering == Metering() and isinstance(first, Allotment):
                used = [each for each in entries if meter.scope.admits(each) and first.scope.admits(each)]
                for period in timeline.periods(phase.term, first.per):
                    if first.quantity.amount in sums([each for each in used if period.contains(each.at)]):
                        return True
    return False


def exhausts_bank(look: Look) -> bool:
    """Tell whether at some point the work adds up to the hours of a bank."""
    worked = sums([each for each in canonical(look.events) if isinstance(each, WorkEntry)])
    return any(bank.quantity.unit == "work" and bank.quantity.amount in worked for bank in of_kind(look, BankPurchase))


def same_instant(*kinds: type[Event]) -> Holds:
    """Make a test for two different events of given kinds at one instant."""
    first, second = kinds
    return lambda look: any(a.at == b.at and a.id != b.id for a in of_kind(look, first) for b in of_kind(look, second))


def corrections(look: Look) -> list[Void | Replace]:
    """List the corrections."""
    return [event for event in look.events if isinstance(event, (Void, Replace))]


def corrects(kind: type[Void] | type[Replace], presence: Literal["there", "missing"]) -> Holds:
    """Make a test for a correction of what is there, or of what is missing."""

    def holds(look: Look) -> bool:
        there = {event.id for event in look.events}
        targets = [event.target for event in corrections(look) if type(event) is kind]
        return any((target in there) == (presence == "there") for target in targets)

    return holds


def reopened_after(late: int) -> Holds:
    """Make a test for a ticket reopened so many seconds after the last instant at which it is the same incident."""

    def holds(look: Look) -> bool:
        limits = {
            part.reopened_within.count * 86_400
            for part in look.terms
            if isinstance(part, IncidentTable) and part.reopened_within
        }
        return any(
            epoch(again.at) - epoch(done.at) - late in limits
            for done in of_kind(look, Resolved)
            for again in of_kind(look, Reopened)
            if again.ticket == done.ticket
        )

    return holds


def refers(kind: type[T], holds: Callable[[T, BankPurchase], bool]) -> Holds:
    """Make a test for an event that refers to a bank."""
    return lambda look: any(
        getattr(event, "bank", None) == bank.id and holds(event, bank)
        for event in of_kind(look, kind)
        for bank in of_kind(look, BankPurchase)
    )


def charged_by(kind: type[Tariff]) -> Holds:
    """Make a test for a charge with a kind of tariff."""
    return terms_have(Charge, lambda charge: isinstance(charge.tariff, kind))


SITUATIONS: dict[str, Holds] = {
    "work at the start of a phase": starts_at(phase_starts),
    "work at the end of a phase": starts_at(phase_ends),
    "work a second before the end of a phase": starts_at(phase_ends, -1),
    "work at the start of a billing period": starts_at(billing_starts),
    "work a second before a billing period": starts_at(billing_starts, -1),
    "work at the end of a bank": starts_at(bank_ends),
    "work a second before the end of a bank": starts_at(bank_ends, -1),
    "work a second after the end of a bank": starts_at(bank_ends, 1),
    "work that ends with a phase": ends_at(phase_ends),
    "work that ends with a bank": ends_at(bank_ends),
    "work across the end of a phase": runs_across(phase_ends),
    "work across a billing period": runs_across(billing_starts),
    "work across the end of a bank": runs_across(bank_ends),
    "an allotment used up exactly": exhausts_allotment,
    "a bank used up exactly": exhausts_bank,
    "two pieces of work at one instant": same_instant(WorkEntry, WorkEntry),
    "a purchase and work at one instant": same_instant(BankPurchase, WorkEntry),
    "a refund and work at one instant": same_instant(BankRefunded, WorkEntry),
    "two things at one instant with one ticket": lambda look: any(
        a.at == b.at and a.id != b.id and isinstance(a, TICKETS) and isinstance(b, TICKETS) and a.ticket == b.ticket
        for a, b in combinations(look.events, 2)
    ),
    "a day that has not 24 hours": has_odd_day,
    "a leap day": lambda look: any(
        (day.month, day.day) == (2, 29) for day in (local_day(look, event) for event in look.events)
    ),
    "no work at all": events_have(WorkEntry, lambda entry: not entry.worked),
    "one second of work": events_have(WorkEntry, lambda entry: entry.worked == seconds(1)),
    "a month late": lambda look: any(lag > 30 * 86_400 for lag in lags(look)),
    "recorded before it happened": lambda look: any(lag < 0 for lag in lags(look)),
    "an exact repeat": lambda look: any(a == b for a, b in combinations(look.events, 2)),
    "a repeat recorded at another instant": lambda look: any(
        a != b and a.id == b.id for a, b in combinations(look.events, 2)
    ),
    "a void of what is there": corrects(Void, "there"),
    "a void of what is missing": corrects(Void, "missing"),
    "a replacement of what is there": corrects(Replace, "there"),
    "a replacement of what is missing": corrects(Replace, "missing"),
    "two corrections of one event": lambda look: any(
        a.target == b.target and a.id != b.id for a, b in combinations(corrections(look), 2)
    ),
    "a purchase replaced": events_have(Replace, lambda each: isinstance(each.by, BankPurchase)),
    "before the contract": lambda look: any(epoch(event.at) < min(phase_starts(look)) for event in look.events),
    "after the contract": lambda look: any(epoch(event.at) >= max(phase_ends(look)) for event in look.events),
    "in a lapse": lambda look: any(
        a.term.end <= event.at < b.term.start for a, b in pairwise(look.agreed.dated_phases) for event in look.events
    ),
    "a bank that holds are released by": either(events_have(BankPurchase, lambda bank: bank.held == "release")),
    "an approval of an entry": lambda look: bool(
        {each.of for each in of_kind(look, Approval)} & {each.id for each in of_kind(look, WorkEntry)}
    ),
    "an approval of everything": events_have(Approval, lambda approval: approval.of is None),
    "a bank that is paid": refers(Payment, lambda _, __: True),
    "a refund of more than was bought": refers(
        BankRefunded,
        lambda refund, bank: (
            refund.quantity is not None
            and refund.quantity.unit == bank.quantity.unit
            and refund.quantity.amount > bank.quantity.amount
        ),
    ),
    "an extension": refers(BankExtended, lambda each, bank: each.expires_on > (bank.expires_on or date.max)),
    "an extension that is none": refers(
        BankExtended, lambda each, bank: each.expires_on <= (bank.expires_on or date.min)
    ),
    "a ticket reopened in time": reopened_after(-1),
    "a ticket reopened too late": reopened_after(0),
    "rated up to an event": lambda look: look.until in {event.at for event in look.events},
    "rated up to just after an event": lambda look: epoch(look.until) - 1 in {epoch(e.at) for e in look.events},
    "rated up to the end": lambda look: epoch(look.until) == max(phase_ends(look)),
    "rated over everything": lambda look: all(event.at < look.until for event in look.events) and bool(look.events),
    "nothing happens": lambda look: not look.events,
    "as much as may happen": lambda look: len(look.events) == 12,
    "one plan after another": lambda look: len({type(phase.plan) for phase in look.agreed.dated_phases}) > 1,
    "the same plan again": lambda look: any(a.plan == b.plan for a, b in pairwise(look.agreed.dated_phases)),
    "phases without a gap": lambda look: any(a.term.end == b.term.start for a, b in pairwise(look.agreed.dated_phases)),
    **{f"the plan {kind.__name__}": terms_have(kind) for kind in get_args(Plan)},
    **{f"the tariff {kind.__name__}": charged_by(kind) for kind in get_args(Tariff)},
    **{f"the source {kind.__name__}": terms_have(kind) for kind in get_args(Source)},
    **{f"the event {kind.__name__}": events_have(kind) for kind in EVENTS},
}


def test_every_situation_comes_up() -> None:
    """Cases reach the corners of the rules, each one in a few hundred."""
    assert not [name for name, holds in SITUATIONS.items() if not any(map(holds, sample()))]


# -------------------------------------------------------------------------------------------------------- the fields

# What never varies, since no amount depends on it.
CONSTANT = {
    "BankExtended.reason", "BankPurchase.note", "ChargeItem.note", "Contract.benefits", "Contract.contacts",
    "Contract.id", "Contract.products", "Contract.renewal", "Contract.tier", "Fallback.contract", "Opened.contact",
    "Opened.note", "Replace.reason", "Void.reason", "WorkEntry.note",
}  # fmt: skip


HEAD = {"at", "contract", "customer", "id", "recorded_at"}  # of every event


def test_every_field_varies() -> None:
    """Each field of each term and event takes more than one value, but for those on a list."""
    seen: dict[str, set[str]] = {}
    for look in sample():
        for part in (*look.terms, *look.happened):
            kind = type(part)
            if kind in get_args(BenefitEvent):
                continue  # no line of a rating depends on what they say
            if kind.__module__.startswith(("supportcontracts.contracts.", "supportcontracts.events.")):
                for field in attrs.fields(kind):
                    owner = "Head" if field.name in HEAD and isinstance(part, EVENTS) else kind.__name__
                    seen.setdefault(f"{owner}.{field.name}", set()).add(repr(getattr(part, field.name)))
    assert {name for name, values in seen.items() if len(values) < 2} == CONSTANT


# ------------------------------------------------------------------------------------------------------ the shrinking

PREPAID = Contract(
    "C-1",
    customer="elm",
    rounding="half-up",
    term=timeline.Term("2024-01-01", months=3, zone="Europe/Berlin"),
    plan=PrepaidHours(beyond=Refuse()),
    currency="EUR",
)


def looked(agreed: Contract, events: list[Event]) -> Look:
    """Look at a history of a contract."""
    return Look.at((agreed, events, agreed.dated_phases[-1].term.end))


def test_a_history_shrinks_to_the_events_that_matter() -> None:
    """The simplest work at the end of a bank is a purchase and an entry that say nothing else of their own."""
    found = simplest(
        strategies.histories(PREPAID, max_events=4),
        lambda events: SITUATIONS["work at the end of a bank"](looked(PREPAID, events)),
    )
    assert sorted(type(event).__name__ for event in found) == ["BankPurchase", "WorkEntry"]
    for event in found:
        assert (event.recorded_at, event.contract) == (None, None)


def test_a_contract_shrinks_to_the_term_that_matters() -> None:
    """The simplest contract with a volume tariff has one phase and nothing else in its charge."""
    generated = strategies.contracts(max_phases=2)
    agreed = simplest(generated, lambda found: any(isinstance(part, Volume) for part in parts(found.dated_phases[0])))
    assert len(agreed.dated_phases) == 1
    charge = next(part for part in parts(agreed) if isinstance(part, Charge))
    assert charge == Charge(charge.tariff, per="period")


def test_a_case_shrinks_to_what_matters() -> None:
    """The simplest event on a day that has not 24 hours is alone, in the first zone that has such days."""
    generated = strategies.cases(max_phases=1, max_events=3)
    agreed, events, _ = simplest(generated, lambda case: has_odd_day(Look.at(case)))
    assert len(events) == 1
    assert agreed.zone == Zone("Europe/Berlin")
