"""The public strategies: their values are valid, keep to bounds and kinds, and are known to Hypothesis by type."""

import importlib
import inspect
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar, cast, get_args

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from supportcontracts import coverage, money, quantity, timeline
from supportcontracts import events as happenings
from supportcontracts.contracts import (
    allotments,
    banks,
    benefits,
    charges,
    contract,
    escalation,
    incidents,
    metering,
    plans,
    postings,
    scope,
    service_credits,
    sources,
    tariffs,
)
from supportcontracts.contracts.banks import WarnLevel
from supportcontracts.contracts.benefits import Benefit
from supportcontracts.contracts.charges import Charge
from supportcontracts.contracts.contract import Contract
from supportcontracts.contracts.plans import (
    PayPerHour,
    Plan,
    PrepaidHours,
)
from supportcontracts.contracts.sources import Refuse, Source, source_currencies, source_unit
from supportcontracts.contracts.tariffs import Tariff, Volume
from supportcontracts.contracts.tiers import Promise, cells, checking, policies, promises, tier
from supportcontracts.errors import MissingExtra
from supportcontracts.events import (
    BenefitEvent,
    Event,
    Fact,
    Opened,
    Replace,
    Resolved,
    TicketEvent,
    Void,
    WorkEntry,
)
from supportcontracts.money import Currency, Money, Price
from supportcontracts.quantity import Incidents, WorkTime, hours
from supportcontracts.testing import _entry, strategies
from supportcontracts.testing.strategies import Case
from supportcontracts.testing.strategies.times import draw_term
from supportcontracts.timeline import Zone, instant

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
TICKETS = get_args(TicketEvent)
EVENTS: tuple[type[Event], ...] = (*get_args(Fact), Void, Replace)
PREPAID = Contract(
    "C-1",
    customer="elm",
    rounding="half-up",
    term=timeline.Term("2024-01-01", months=3, zone="Europe/Berlin"),
    plan=PrepaidHours(beyond=Refuse()),
    currency="EUR",
)


def several(strategy: SearchStrategy[T], count: int = 60) -> list[T]:
    """Draw values, the same on every run."""
    found: list[T] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: T) -> None:
        found.append(value)

    collect()
    return found


# -------------------------------------------------------------------------------------------------- values and bounds


def test_bounds_hold() -> None:
    """Values lie between their bounds, which are both reached."""
    low, high = WorkTime(59), WorkTime(61)
    assert {each.seconds for each in several(strategies.work_times(min_value=low, max_value=high))} == {59, 60, 61}
    debt, credit = Money("-0.01 EUR"), Money("0.01 EUR")
    assert {each.minor for each in several(strategies.moneys(min_value=debt, max_value=credit))} == {-1, 0, 1}
    price = Price(Fraction(1, 9), "EUR", "h")
    assert set(several(strategies.prices(min_value=price, max_value=price))) == {price}
    assert {
        each.count for each in several(strategies.incident_counts(min_value=Incidents(1), max_value=Incidents(2)))
    } == {1, 2}
    ninth = Fraction(1, 9)
    assert set(several(strategies.factors(min_value=ninth, max_value=ninth))) == {ninth}
    assert {each.count for each in several(strategies.calendar_days(min_value=1, max_value=2))} == {1, 2}
    start = instant(Zone("UTC").at("2024-02-28 23:59:59"))
    end = instant(Zone("UTC").at("2024-02-29 00:00:00"))
    assert set(several(strategies.instants(min_value=start, max_value=end))) == {start, end}
    assert all(
        start <= each.start <= each.end <= end for each in several(strategies.spans(min_value=start, max_value=end))
    )


def test_quantities_take_their_unit_from_a_bound() -> None:
    """A quantity is of the unit that is asked for or that a bound has; without either, of any."""
    assert {each.unit for each in several(strategies.quantities())} == {"work", "incidents"}
    assert {each.unit for each in several(strategies.quantities(unit="incidents"))} == {"incidents"}
    assert all(each.amount <= 3600 for each in several(strategies.quantities(max_value=hours(1))))


def test_money_takes_its_currency_from_a_bound() -> None:
    """Money is in the currency that is asked for or that a bound has; without either, in any."""
    assert len({each.currency for each in several(strategies.moneys())}) > 4
    assert {each.currency.code for each in several(strategies.moneys(min_value=Money("1 JPY")))} == {"JPY"}
    assert {each.per for each in several(strategies.prices(per="min"))} == {"min"}
    assert {each.currency.code for each in several(strategies.amounts(currency=Currency("KWD")))} == {"KWD"}


def test_zones_have_the_oddest_clocks() -> None:
    """Zones include half-hour changes, skipped and repeated midnights, a day that never was, and fixed offsets."""
    names = {zone.name for zone in several(strategies.zones(), 200)}
    assert {"Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "UTC"} <= names
    assert any(name[0] in "+-" for name in names)


def test_terms_may_lie_anywhere() -> None:
    """Terms start on odd days and on plain ones, last whole months or not, and at most as long as is asked."""
    found = several(strategies.terms(zone="Pacific/Apia", max_months=2), 200)
    assert all(term.start < term.end and term.days <= 62 for term in found)
    assert {term.whole_months for term in found} == {None, 1, 2}
    assert date(2011, 12, 30) in {term.starts_on for term in found}
    assert len({term.starts_on.year for term in found}) > 10


def test_no_term_is_only_a_day_that_never_was() -> None:
    """A term that starts on a day that its zone skipped lasts until the next one, so that it has an instant."""
    forced = [0, 3]  # a month at most, cut short
    zone, skipped = Zone("Pacific/Apia"), date(2011, 12, 30)

    def shortest(strategy: SearchStrategy[int]) -> int:
        return forced.pop(0) if forced else several(strategy, 1)[0]

    term = draw_term(cast("st.DrawFn", shortest), zone, skipped, 1)
    assert term.starts_on == skipped
    assert term.start < term.end


@pytest.mark.parametrize(
    "draw",
    [
        lambda: strategies.work_times(min_value=hours(2), max_value=hours(1)),
        lambda: strategies.work_times(min_value=3600),  # type: ignore[arg-type]  # refused
        lambda: strategies.incident_counts(max_value=hours(1)),  # type: ignore[arg-type]  # refused
        lambda: strategies.quantities(unit="days"),  # type: ignore[arg-type]  # refused
        lambda: strategies.quantities(unit="incidents", max_value=hours(1)),
        lambda: strategies.quantities(min_value=Incidents(1), max_value=hours(1)),
        lambda: strategies.quantities(max_value=3),  # type: ignore[arg-type]  # refused
        lambda: strategies.moneys(currency="EURO"),
        lambda: strategies.moneys(currency="USD", min_value=Money("1 EUR")),
        lambda: strategies.moneys(min_value=Money("1 EUR"), max_value=Money("2 USD")),
        lambda: strategies.moneys(min_value=Money("2 EUR"), max_value=Money("1 EUR")),
        lambda: strategies.prices(per="day"),  # type: ignore[arg-type]  # refused
        lambda: strategies.prices(per="min", max_value=Price("1 EUR/h")),
        lambda: strategies.shares(min_value="-0.5"),
        lambda: strategies.shares(min_value=0.5),  # type: ignore[arg-type]  # refused
        lambda: strategies.factors(min_value=2, max_value=1),
        lambda: strategies.instants(min_value=date(2025, 1, 1)),  # type: ignore[arg-type]  # refused
        lambda: strategies.calendar_days(min_value=-1),
        lambda: strategies.calendar_months(max_value=True),
        lambda: strategies.terms(zone="Mars/Olympus"),
        lambda: strategies.terms(max_months=0),
        lambda: strategies.multipliers(without={"multiplier", "price-multiplier"}),
        lambda: strategies.meterings(without={"rounding"}),  # type: ignore[arg-type]  # refused
        lambda: strategies.meterings(without="grace"),  # type: ignore[arg-type]  # refused
        lambda: strategies.tariffs(kinds={Volume}, without={"volume"}),
        lambda: strategies.tariffs(kinds={Charge}),  # type: ignore[arg-type]  # refused
        lambda: strategies.plans(kinds=set()),
        lambda: strategies.charges(unit="days"),  # type: ignore[arg-type]  # refused
        lambda: strategies.contracts(max_phases=0),
        lambda: strategies.contracts(zone="Berlin"),
        lambda: strategies.contracts(customer=""),
        lambda: strategies.histories(strategies.contracts()),  # type: ignore[arg-type]  # refused
        lambda: strategies.histories(PREPAID, min_events=3, max_events=2),
        lambda: strategies.histories(PREPAID, kinds={Contract}),  # type: ignore[arg-type]  # refused
        lambda: strategies.ticket_histories(PREPAID, tickets=()),
        lambda: strategies.coverages(zone="Berlin"),
        lambda: strategies.coverages(beyond="ignore"),  # type: ignore[arg-type]  # refused
        lambda: strategies.instants_near("24x7"),  # type: ignore[arg-type]  # refused
        lambda: strategies.targets(kinds={WorkTime}),
        lambda: strategies.untils(None),  # type: ignore[arg-type]  # refused
        lambda: strategies.benefits(term="perhaps"),  # type: ignore[arg-type]  # refused
        lambda: strategies.discount_benefits(term="perhaps"),  # type: ignore[arg-type]  # refused
        lambda: strategies.benefit_events(strategies.benefits()),  # type: ignore[arg-type]  # refused
        lambda: strategies.benefit_histories(Benefit("B-1", unit="day", quantity=1)),
        lambda: strategies.benefit_cases(kinds={Void}),  # type: ignore[arg-type]  # refused
        lambda: strategies.benefit_cases(max_events=-1),
    ],
)
def test_what_cannot_be_is_refused(draw: Callable[[], object]) -> None:
    """Arguments that leave nothing, or that are none, are refused when the strategy is made."""
    with pytest.raises(InvalidArgument, match=r"^[a-z_]+: "):
        draw()


UNIONS: dict[Callable[..., SearchStrategy[Any]], tuple[type[Any], ...]] = {
    strategies.plans: get_args(Plan),
    strategies.sources: get_args(Source),
    strategies.targets: get_args(coverage.Target),
    strategies.promises: get_args(Promise),
    strategies.credit_schedules: get_args(service_credits.Schedule),
    strategies.tariffs: get_args(Tariff),
    strategies.warn_levels: get_args(WarnLevel),
}


@pytest.mark.parametrize("strategy", UNIONS)
def test_unions_are_generated_whole_or_in_part(strategy: Callable[..., SearchStrategy[Any]]) -> None:
    """A strategy for a union generates every member of it, or only those that are asked for."""
    assert {type(each) for each in several(strategy(), 200)} == set(UNIONS[strategy])
    for kind in UNIONS[strategy]:
        assert {type(each) for each in several(strategy(kinds={kind}), 10)} == {kind}


def test_terms_fit_their_unit_and_currency() -> None:
    """All quantities and all money of a meter are of the unit and the currency that is asked for."""
    for meter in several(strategies.meters(unit="incidents", currency="KWD")):
        assert meter.unit == "incidents"
        assert {source_unit(source) for source in meter.sources} <= {"incidents", None}
        assert {currency.code for source in meter.sources for currency in source_currencies(source)} <= {"KWD"}


# ----------------------------------------------------------------------------------------------- events and histories


@given(st.data(), st.sets(st.sampled_from(EVENTS), min_size=1, max_size=4), st.integers(0, 4), st.integers(0, 4))
def test_histories_are_what_is_asked_for(data: st.DataObject, kinds: set[type[Event]], fewest: int, more: int) -> None:
    """A history has events of the kinds that are asked for, as many as are asked for, and can be rated."""
    agreed, _, _ = data.draw(strategies.cases(max_events=0))
    events = data.draw(strategies.histories(agreed, kinds=kinds, min_events=fewest, max_events=fewest + more))
    assert fewest <= len(events) <= fewest + more
    assert all(type(event) in kinds for event in events)
    by_id: dict[str, Event] = {}
    for event in events:
        first = by_id.setdefault(event.id, event)
        assert attrs.evolve(first, recorded_at=None) == attrs.evolve(event, recorded_at=None)
        assert event.customer in (agreed.customer, None)
        assert event.contract in (agreed.id, None)


@given(st.data(), st.sets(st.sampled_from(get_args(BenefitEvent)), min_size=1))
def test_histories_of_benefits_are_what_is_asked_for(data: st.DataObject, kinds: set[type[BenefitEvent]]) -> None:
    """A history of a benefit has events of the kinds that are asked for, and corrections of them, all about it."""
    promised = data.draw(strategies.benefits(zone="Pacific/Apia", currency="JPY", term="stated"))
    assert promised.zone.name == "Pacific/Apia"
    assert promised.worth is None or promised.worth.currency.code == "JPY"
    events = data.draw(strategies.benefit_histories(promised, kinds=kinds, max_events=4))
    assert len(events) <= 4
    assert all(type(event) in {*kinds, Void, Replace} for event in events)
    assert {event.benefit for event in events if isinstance(event, get_args(BenefitEvent))} <= {promised.id}
    assert data.draw(strategies.benefit_events(promised, kinds=kinds)).benefit == promised.id


@given(st.data())
def test_single_events_refer_to_what_they_are_given(data: st.DataObject) -> None:
    """Events about a bank, an entry or an event name those that they come after, or one that never was."""
    bank = data.draw(strategies.bank_purchases(PREPAID))
    entry = data.draw(strategies.work_entries(PREPAID))
    reserved = data.draw(strategies.reservations(PREPAID))
    after: list[Event] = [bank, entry, reserved, Void("V-9", entry.at, target=entry.id)]
    assert data.draw(strategies.payments(PREPAID, after=after)).bank in (bank.id, "B-0")
    assert data.draw(strategies.extensions(PREPAID, after=after)).bank in (bank.id, "B-0")
    assert data.draw(strategies.refunds(PREPAID, after=after)).bank in (bank.id, "B-0")
    assert data.draw(strategies.releases(PREPAID, after=after)).key in (reserved.key, "visit")
    assert data.draw(strategies.voids(PREPAID, after=after)).target in (bank.id, entry.id, reserved.id, "W-0")
    replaced = data.draw(strategies.replaces(PREPAID, after=after))
    assert replaced.by.id == replaced.target


@given(st.data(), st.sets(st.sampled_from(TICKETS), min_size=1))
def test_ticket_events_are_of_their_kinds_and_tickets(data: st.DataObject, kinds: set[type[TicketEvent]]) -> None:
    """Events of tickets are of the classes and of the tickets that are asked for."""
    assert type(data.draw(strategies.ticket_events(PREPAID, kinds=kinds))) in kinds
    events = data.draw(strategies.ticket_histories(PREPAID, tickets=["T-7"], max_events=3))
    assert len(events) <= 3
    assert {event.ticket for event in events} <= {"T-7"}


def test_repeats_may_keep_to_time() -> None:
    """Where nothing is recorded late, neither are repeats."""
    found = several(strategies.histories(PREPAID, kinds={WorkEntry, Void}, without={"late-records"}), 100)
    assert any(len({event.id for event in events}) < len(events) for events in found)
    assert all(event.recorded_at is None or event.recorded_at <= event.at for events in found for event in events)


def test_tickets_come_in_every_order() -> None:
    """Tickets are resolved before and after they are opened."""
    found = several(strategies.ticket_histories(PREPAID, tickets=["T-1"]), 150)
    order = {
        done.at >= opened.at
        for events in found
        for opened in events
        for done in events
        if isinstance(opened, Opened) and isinstance(done, Resolved)
    }
    assert order == {True, False}


@given(strategies.cases(zone="Asia/Kathmandu", currency="JPY", max_phases=2, max_months=1, max_events=2))
def test_cases_are_what_is_asked_for(case: Case) -> None:
    """A case has the zone, currency, phases, months and number of events that are asked for."""
    agreed, events, until = case
    assert (agreed.zone.name, agreed.currency.code) == ("Asia/Kathmandu", "JPY")
    assert len(agreed.dated_phases) <= 2
    assert all(phase.term.days <= 31 for phase in agreed.dated_phases)
    assert len(events) <= 2
    assert until == instant(until)


@given(strategies.cases(kinds={PayPerHour}, event_kinds={WorkEntry}), strategies.contracts(customer="oak"))
def test_cases_keep_to_their_kinds(case: Case, of_oak: Contract) -> None:
    """Cases have the contract types and the events that are asked for, contracts the customer."""
    assert {type(phase.plan) for phase in case[0].dated_phases} == {PayPerHour}
    assert {type(event) for event in case[1]} <= {WorkEntry}
    assert of_oak.customer == "oak"


# ------------------------------------------------------------------------------------------------------- registering

MODULES: tuple[ModuleType, ...] = (
    money, quantity, timeline, coverage, happenings, allotments, banks, benefits, charges, contract, escalation,
    incidents, metering, plans, postings, scope, service_credits, sources, tariffs, cells, checking,
    policies, promises, tier,
)  # fmt: skip


def public_types() -> list[type[Any]]:
    """List the classes of values that a user can meet in terms and events."""
    listed = [getattr(module, name) for module in MODULES for name in module.__all__]
    values = [each for each in listed if isinstance(each, type) and attrs.has(each)]
    return [each for each in dict.fromkeys(values) if not issubclass(each, BaseException)]


def test_every_public_type_has_its_strategy() -> None:
    """`from_type` generates every public value, of exactly its type."""
    _entry.register()
    assert len(public_types()) > 60
    for kind in public_types():
        assert {type(each) for each in several(st.from_type(kind), 3)} == {kind}


def test_no_public_type_is_left_to_be_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every public type is registered; what Hypothesis infers from annotations would often be impossible."""
    known: list[type[Any]] = []
    monkeypatch.setattr(_entry, "register_type_strategy", lambda kind, _: known.append(kind))
    _entry.register()
    assert set(public_types()) == set(known)


def test_every_strategy_is_offered() -> None:
    """The package offers all that its parts offer, and loads it when it is asked for."""
    package = importlib.import_module("supportcontracts.testing.strategies")
    listed = {name for name, _ in inspect.getmembers(package, inspect.isfunction) if not name.startswith("_")}
    assert listed <= set(package.__all__)
    testing = importlib.import_module("supportcontracts.testing")
    assert testing.strategies is package
    assert dir(testing) == ["strategies"]
    with pytest.raises(AttributeError, match="no attribute 'laws_of_nature'"):
        _ = testing.laws_of_nature


def test_without_hypothesis_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing the package without Hypothesis says which extra to install."""
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "supportcontracts.testing")
    with pytest.raises(MissingExtra, match=r"supportcontracts\[testing\]") as caught:
        importlib.import_module("supportcontracts.testing")
    assert caught.value.name == "hypothesis"


def test_hypothesis_finds_the_library_by_its_entry_point(tmp_path: Path) -> None:
    """With the entry point of the project, Hypothesis knows the types of the library without being told."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = project["entry-points"]["hypothesis"]
    described = tmp_path / "declared-0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: declared\nVersion: 0\n")
    lines = "\n".join(f"{name} = {value}" for name, value in points.items())
    (described / "entry_points.txt").write_text(f"[hypothesis]\n{lines}\n")
    program = (
        f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT / 'src')!r}]\n"
        "import hypothesis.strategies as st\n"
        "assert 'supportcontracts.testing.strategies' not in sys.modules\n"
        "from supportcontracts.money import Money\n"
        "assert st.from_type(Money).map(type).validate() is None\n"
        "assert 'supportcontracts.testing.strategies' in sys.modules\n"
        "print('known')"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.stderr) == ("known", "")
