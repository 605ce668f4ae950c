"""What a use would cost, before anybody works: the answer for the phone. Every number is worked out by hand."""

import copy
import pickle
from fractions import Fraction
from typing import Any

import pytest

from supportcontracts import (
    Approval,
    Band,
    BankPurchase,
    Banks,
    Cancelled,
    CappedHours,
    CappedIncidents,
    Charge,
    ChargeItem,
    Composite,
    Contract,
    FixedAnnual,
    FreeTime,
    Graduated,
    Hold,
    IncidentTable,
    Meter,
    Metering,
    Money,
    Multiplier,
    Opened,
    PayPerHour,
    PayPerIncident,
    PrepaidHours,
    PrepaidIncidents,
    Preview,
    Price,
    Refuse,
    Remaining,
    Resolved,
    Responded,
    Scope,
    State,
    Term,
    Void,
    WorkEntry,
    WorkTime,
    hours,
    incidents,
    minutes,
    preview,
    rate,
)
from supportcontracts.contracts.plans import Plan
from supportcontracts.errors import ForeignEvent, InvalidValue, StaleState
from supportcontracts.events import Event
from supportcontracts.interop.codec import to_json
from tests.rating.builders import BERLIN, at, contract, entry, rated, tell

EURO_A_MINUTE = Price("60 EUR/h")
TEN_HOURS = CappedHours(fee=Money("1200 EUR"), allotment=hours(10), per="term", beyond=Charge(Price("140 EUR/h")))


def told(seen: Preview) -> list[str]:
    """Tell the lines of a preview."""
    return [tell(line) for line in seen.lines]


def opened(when: str, **more: Any) -> Opened:
    """Build the opening of ticket T-1."""
    return Opened("E-1", at(when), ticket="T-1", **more)


# What it says


@pytest.mark.rule("B2", "M8")
def test_a_preview_reads_like_an_answer_on_the_phone() -> None:
    """Two hours after hours count 3h, 18h 30m − 3h = 15h 30m; nothing is due."""
    birchwood = Contract(
        "C-104",
        customer="birchwood",
        rounding="half-up",
        billing="monthly",
        term=Term("2024-10-01", months=24, zone=BERLIN),
        plan=PrepaidHours(
            metering=Metering(increment=minutes(15), multiplier=Multiplier("1.5", scope=Scope(windows="after hours"))),
            beyond=Charge(Price("137.50 EUR/h"), of="counted"),
        ),
    )
    bank = BankPurchase("B-10", at("2025-03-20 11:00"), customer="birchwood", quantity=hours("18.5"))
    opening = rate(birchwood, [bank], until="2025-04-01").closing
    draft = WorkEntry("draft", at("2025-04-02 18:00"), customer="birchwood", worked=hours(2), window="after hours")
    assert str(preview(birchwood, draft, opening=opening)) == (
        "Wed 2025-04-02 18:00, 2h 00m: counts 3h 00m (after hours × 1.5); 0.00 EUR, bank B-10 18h 30m → 15h 30m"
    )


@pytest.mark.parametrize(
    ("plan", "use", "said"),
    [
        (
            FixedAnnual(fee=Money("19000 EUR")),
            entry("W", "2025-02-03 09:00", "2h"),
            "Mon 2025-02-03 09:00, 2h 00m: 0.00 EUR, included 2h 00m",
        ),
        (
            TEN_HOURS,  # 11.5h: 10h from the allotment, 1.5h × 140 = 210
            entry("W", "2025-02-03 09:00", "11h 30m"),
            "Mon 2025-02-03 09:00, 11h 30m: 210.00 EUR, allotment 10h 00m → 0h 00m, overage at 140.00 EUR/h 1h 30m",
        ),
        (
            CappedIncidents(fee=Money("0 EUR"), allotment=incidents(3), per="month", beyond=Refuse()),
            opened("2025-02-03 09:00"),
            "Mon 2025-02-03 09:00, 1 incident: 0.00 EUR, allotment 3 incidents → 2 incidents",
        ),
        (
            PrepaidIncidents(beyond=Charge(Price("290 EUR/incident"))),
            opened("2025-02-03 09:00"),
            "Mon 2025-02-03 09:00, 1 incident: 290.00 EUR, overage at 290.00 EUR/incident 1 incident",
        ),
        (
            PayPerIncident(tariff=Price("290 EUR/incident")),
            opened("2025-02-03 09:00"),
            "Mon 2025-02-03 09:00, 1 incident: 290.00 EUR, charge at 290.00 EUR/incident 1 incident",
        ),
        (
            PrepaidHours(beyond=Hold()),
            entry("W", "2025-02-03 09:00", "2h"),
            "Mon 2025-02-03 09:00, 2h 00m: 0.00 EUR, held 2h 00m",
        ),
        (
            PrepaidHours(beyond=Refuse()),
            entry("W", "2025-02-03 09:00", "2h"),
            "Mon 2025-02-03 09:00, 2h 00m: 0.00 EUR, refused: used up 2h 00m",
        ),
        (
            PayPerHour(tariff=EURO_A_MINUTE),
            entry("W", "2024-12-31 23:59:59", "2h"),
            "Tue 2024-12-31 23:59:59, 2h 00m: 0.00 EUR, outside the term",
        ),
        (
            PayPerHour(tariff=EURO_A_MINUTE),
            entry("W", "2025-02-03 09:00", "2h", billable="non-billable"),
            "Mon 2025-02-03 09:00, 2h 00m: 0.00 EUR, not billable",
        ),
        (
            PayPerHour(tariff=EURO_A_MINUTE),
            ChargeItem("X", at("2025-02-03 09:00"), customer="elm", kind="travel", amount=Money("45 EUR")),
            "Mon 2025-02-03 09:00: 45.00 EUR, travel",
        ),
        (
            PayPerHour(tariff=EURO_A_MINUTE),
            ChargeItem("X", at("2024-02-03 09:00"), customer="elm", kind="travel", amount=Money("45 EUR")),
            "Sat 2024-02-03 09:00: 0.00 EUR, outside the term",
        ),
        (
            PayPerIncident(tariff=Price("290 EUR/incident")),
            Responded("E-2", at("2025-02-03 09:00"), ticket="T-1"),
            "Mon 2025-02-03 09:00: 0.00 EUR, no lines",
        ),
    ],
)  # fmt: skip
def test_what_each_kind_of_use_would_cost(plan: Plan, use: Event, said: str) -> None:
    """Plans of every type say in one line what a use costs, who pays, and what would be left."""
    assert str(preview(contract(plan, currency="EUR"), use, opening=None)) == said


@pytest.mark.rule("M3", "M4", "M5", "M6", "M8")
@pytest.mark.parametrize(
    ("metering", "worked", "words"),
    [
        (Metering(increment=minutes(15)), "1h 10m", "counts 1h 15m (increment 15m)"),
        (Metering(increment=minutes(15), grace=minutes(5)), "1h 4m", "counts 1h 00m (grace 5m)"),
        (Metering(minimum=hours(1)), "10m", "counts 1h 00m (minimum 1h)"),
        (Metering(free=FreeTime(minutes(20))), "1h", "counts 0h 40m (20m free)"),
        (Metering(free=FreeTime(minutes(20)), minimum=hours(1)), "50m", "counts 1h 00m (20m free, minimum 1h)"),
        (Metering(multiplier=Multiplier(2)), "1h", "counts 2h 00m (× 2)"),
        (Metering(multiplier=Multiplier(Fraction(1, 3))), "1h", "counts 0h 20m (× 1/3)"),
        (
            Metering(multiplier=[Multiplier(2, scope=Scope(severities=1)), Multiplier(3, scope=Scope(roles="lead"))]),
            "1h",
            "counts 3h 00m (lead × 3)",
        ),
        (
            Metering(
                multiplier=[Multiplier(2, scope=Scope(severities=1)), Multiplier("1.5", scope=Scope(roles="lead"))],
                combine="product",
            ),
            "1h",
            "counts 3h 00m (severity 1 lead × 3)",
        ),
        (Metering(multiplier=Multiplier(2, scope=Scope(roles="other"))), "1h", ""),
        (Metering(multiplier=Multiplier(2, on="price")), "1h", ""),
        (Metering(), "1h", ""),
    ],
)
def test_it_says_how_worked_time_becomes_counted_time(metering: Metering, worked: str, words: str) -> None:
    """Each stage that changed the time is named; where nothing did, nothing is said."""
    work = entry("W", "2025-02-03 09:00", worked, severity=1, role="lead")
    said = str(preview(contract(FixedAnnual(fee=Money("0 EUR"), metering=metering)), work, opening=None))
    assert said.partition(": ")[2].partition(";")[0] == (words or f"0.00 EUR, included {WorkTime.parse(worked)}")


@pytest.mark.rule("M2", "D10")
def test_a_group_is_named_where_it_decides() -> None:
    """With 50m in the ticket before, 10m more end in the first full hour: 1h − 1h already counted = 0."""
    plan = PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(group="incident", increment=hours(1)))
    opening = rated(plan, entry("W-1", "2025-02-03 09:00", "50m", ticket="T-1"), until="2025-02-04").closing
    seen = preview(contract(plan), entry("W-2", "2025-02-04 09:00", "10m", ticket="T-1"), opening=opening)
    assert str(seen) == "Tue 2025-02-04 09:00, 0h 10m: counts 0h 00m (after 50m in T-1); 0.00 EUR, free"
    dearer = preview(contract(plan), entry("W-2", "2025-02-04 09:00", "11m", ticket="T-1"), opening=opening)
    assert dearer.metering == "after 50m in T-1, increment 1h"
    assert str(dearer.amount) == "60.00 EUR"


@pytest.mark.rule("M3")
def test_free_time_that_is_passed_counts_in_full() -> None:
    """Of 15m free, the reading "all": 10m before, 10m now make 20m, and all 20m count now."""
    free = FreeTime(minutes(15), reading="all")
    plan = PayPerHour(tariff=EURO_A_MINUTE, metering=Metering(group="incident", free=free))
    opening = rated(plan, entry("W-1", "2025-02-03 09:00", "10m", ticket="T-1"), until="2025-02-04").closing
    seen = preview(contract(plan), entry("W-2", "2025-02-04 09:00", "10m", ticket="T-1"), opening=opening)
    assert str(seen) == (
        "Tue 2025-02-04 09:00, 0h 10m: counts 0h 20m (free time passed); 20.00 EUR, charge at 60.00 EUR/h 0h 20m"
    )


def test_a_multiplier_on_incidents_has_no_words_of_its_own() -> None:
    """A severity that counts twice: 2 incidents of the 3."""
    meter = Metering(multiplier=Multiplier(2, scope=Scope(severities=1)))
    plan = CappedIncidents(fee=Money("0 EUR"), allotment=incidents(3), per="term", beyond=Refuse(), metering=meter)
    assert str(preview(contract(plan), opened("2025-02-03 09:00", severity=1), opening=None)) == (
        "Mon 2025-02-03 09:00, 1 incident: counts 2 incidents (× 2); 0.00 EUR, allotment 3 incidents → 1 incident"
    )


def test_a_lot_is_said_once_with_what_it_would_lose_in_all() -> None:
    """Work from 23:00 to 01:00 over the end of January, cut there: both parts come from one bank, 5h → 3h."""
    plan = PrepaidHours(metering=Metering(at_boundary="split"), beyond=Refuse())
    terms = contract(plan, currency="EUR")
    bank = BankPurchase("B-1", at("2025-01-02 09:00"), customer="elm", quantity=hours(5))
    opening = rate(terms, [bank], until="2025-01-31").closing
    seen = preview(terms, entry("W", "2025-01-31 23:00", "2h"), opening=opening)
    assert told(seen) == ["W bank B-1 1h 0.00 EUR", "W bank B-1 1h 0.00 EUR"]
    assert [(change.lot, change.before, change.left) for change in seen.lots] == [("B-1", hours(5), hours(3))]
    assert str(seen) == "Fri 2025-01-31 23:00, 2h 00m: 0.00 EUR, bank B-1 5h 00m → 3h 00m"


def test_notices_that_it_would_give_are_said() -> None:
    """Of 3h, 2h would go: 1h remains, and the level of 2h is passed."""
    plan = PrepaidHours(banks=Banks(warn_levels=Remaining(hours(2))), beyond=Refuse())
    terms = contract(plan, currency="EUR")
    bank = BankPurchase("B-1", at("2025-01-02 09:00"), customer="elm", quantity=hours(3))
    opening = rate(terms, [bank], until="2025-02-01").closing
    seen = preview(terms, entry("W", "2025-02-03 09:00", "2h"), opening=opening)
    assert [notice.code for notice in seen.notices] == ["warn-level"]
    assert str(seen).splitlines()[1] == "notice: W on 2025-02-03 passed 2h 00m remaining and left 1h 00m"


# That it is what rating says


def test_only_what_the_use_causes_is_shown() -> None:
    """Between the state and the use lie two instalments of the fee, the end of January and another grant: not shown."""
    plan = CappedHours(
        fee=Money("1200 EUR"), allotment=hours(2), per="month", beyond=Charge(EURO_A_MINUTE, minimum=Money("5 EUR"))
    )
    opening = rated(plan, entry("W-1", "2025-01-10 09:00", "1h"), until="2025-01-11").closing
    seen = preview(contract(plan), entry("W-2", "2025-03-01 00:00", "3h"), opening=opening)
    assert told(seen) == ["W-2 allotment 2h 0.00 EUR", "W-2 overage 1h 60.00 EUR"]
    assert seen.lots[0].lot == "work/0/2025-03-01"


@pytest.mark.rule("D5")
def test_work_that_is_cut_is_priced_whole() -> None:
    """One hour in January and one in February, the first half hour of each month free: 30m + 30m = 60 EUR."""
    charge = Charge(EURO_A_MINUTE, per="period", free_first=minutes(30))
    plan = PayPerHour(tariff=charge, metering=Metering(at_boundary="split"))
    seen = preview(contract(plan), entry("W", "2025-01-31 23:00", "2h"), opening=None)
    assert [(line.period, str(line.amount)) for line in seen.lines] == [
        ("2025-01", "30.00 EUR"),
        ("2025-02", "30.00 EUR"),
    ]
    assert str(seen.amount) == "60.00 EUR"


@pytest.mark.rule("D5", "L4")
def test_the_rest_of_earlier_work_comes_before_the_use_and_is_not_shown() -> None:
    """Another entry runs over midnight of 1 February; its second hour uses February's allotment before the use does."""
    plan = CappedHours(
        fee=Money("0 EUR"),
        allotment=hours(1),
        per="month",
        beyond=Charge(EURO_A_MINUTE),
        metering=Metering(at_boundary="split"),
    )
    opening = rated(plan, entry("W-1", "2025-01-31 23:00", "2h"), until="2025-01-31 23:30").closing
    assert opening.carried
    for when in ("2025-02-01 00:00", "2025-02-10 09:00"):
        seen = preview(contract(plan), entry("W-2", when, "30m"), opening=opening)
        assert told(seen) == ["W-2 overage 30m 30.00 EUR"]
    later = preview(contract(plan), entry("W-2", "2025-03-10 09:00", "30m"), opening=opening)
    assert told(later) == ["W-2 allotment 30m 0.00 EUR"]  # the rest used February's hour, not March's
    first = preview(contract(plan), entry("W-0", "2025-02-01 00:00", "30m"), opening=opening)
    assert told(first) == ["W-0 allotment 30m 0.00 EUR"]  # at one instant the smaller id is first
    item = ChargeItem("A", at("2025-02-01 00:00"), customer="elm", kind="travel", amount=Money("5 EUR"))
    assert [line.kind for line in preview(contract(plan), item, opening=opening).lines] == ["charge-item"]


@pytest.mark.rule("D5")
def test_the_parts_of_others_between_the_parts_of_the_use_are_not_shown() -> None:
    """Two entries run over the same midnight; the preview of one has its own two lines and notices only."""
    plan = PrepaidHours(
        banks=Banks(warn_levels=[Remaining(hours(9)), Remaining(hours("7.5")), Remaining(hours(7))]),
        beyond=Refuse(),
        metering=Metering(at_boundary="split"),
    )
    terms = contract(plan, currency="EUR")
    bank = BankPurchase("B-1", at("2025-01-02 09:00"), customer="elm", quantity=hours(10))
    other = entry("W-1", "2025-01-31 23:00", "2h")
    opening = rate(terms, [bank, other], until="2025-01-31 23:30").closing
    seen = preview(terms, entry("W-2", "2025-01-31 23:30", "59m"), opening=opening)
    assert told(seen) == ["W-2 bank B-1 30m 0.00 EUR", "W-2 bank B-1 29m 0.00 EUR"]
    assert seen.notices == ()  # of 10h, W-1 leaves 9h, W-2 8h 30m, W-1 7h 30m, W-2 7h 01m
    deeper = preview(terms, entry("W-2", "2025-01-31 23:30", "1h"), opening=opening)
    assert [notice.because for notice in deeper.notices] == ["W-2"]


@pytest.mark.rule("D5", "D20")
def test_what_the_end_of_the_contract_does_to_the_use_is_not_shown() -> None:
    """Of work over the end of the term an hour is held and an hour is outside; that the held hour lapses is later."""
    plan = PrepaidHours(beyond=Hold(), metering=Metering(at_boundary="split"))
    work = entry("W", "2025-12-31 23:00", "2h")
    seen = preview(contract(plan, currency="EUR"), work, opening=None)
    assert [(line.disposition, line.code, line.worked) for line in seen.lines] == [
        ("held", "", hours(1)),
        ("refused", "outside-term", hours(1)),
    ]
    assert [line.kind for line in rated(contract(plan, currency="EUR"), work, until="2026-01-02").lines] == [
        "use",
        "release",
        "use",
    ]


@pytest.mark.rule("D2", "D3")
def test_at_the_instant_of_the_state_what_begins_there_has_begun() -> None:
    """The state as of 1 February has not seen February's grant; work at that instant finds it."""
    plan = CappedHours(fee=Money("0 EUR"), allotment=hours(1), per="month", beyond=Charge(EURO_A_MINUTE))
    opening = rated(plan, until="2025-02-01").closing
    seen = preview(contract(plan), entry("W", "2025-02-01 00:00", "1h"), opening=opening)
    assert told(seen) == ["W allotment 1h 0.00 EUR"]


@pytest.mark.rule("D21", "I2")
def test_a_give_back_can_be_previewed() -> None:
    """Cancelling a ticket that cost 290.00 would credit 290.00."""
    plan = PayPerIncident(tariff=Price("290 EUR/incident"))
    opening = rated(plan, opened("2025-02-03 09:00"), until="2025-02-04").closing
    seen = preview(contract(plan), Cancelled("E-2", at("2025-02-05 09:00"), ticket="T-1"), opening=opening)
    assert str(seen) == "Wed 2025-02-05 09:00: -290.00 EUR, credit: cancelled"


@pytest.mark.rule("D20")
def test_an_approval_can_be_previewed() -> None:
    """Two entries are held; approving them would cost 60.00 and 120.00, approving one only that one."""
    plan = PayPerHour(tariff=Charge(EURO_A_MINUTE, approval="required"))
    held = [entry("W-1", "2025-02-03 09:00", "1h"), entry("W-2", "2025-02-04 09:00", "2h")]
    opening = rated(plan, *held, until="2025-02-05").closing
    seen = preview(contract(plan), Approval("A", at("2025-02-06 09:00")), opening=opening)
    assert str(seen) == (
        "Thu 2025-02-06 09:00: 180.00 EUR, charge at 60.00 EUR/h, released 1h 00m, "
        "charge at 60.00 EUR/h, released 2h 00m"
    )
    assert seen.explain().title.startswith("W-1")
    assert str(seen.explain("W-2").amount) == "120.00 EUR"
    one = preview(contract(plan), Approval("A", at("2025-02-06 09:00"), of="W-2"), opening=opening)
    assert str(one.amount) == "120.00 EUR"


def test_a_preview_explains_itself_and_becomes_rows() -> None:
    """30m in the band up to an hour at 60, 30m beyond it at 120: 30 + 60 = 90."""
    bands = Graduated([Band(hours(1), Price("60 EUR/h")), Band(None, Price("120 EUR/h"))])
    plan = PayPerHour(tariff=Charge(bands, per="period"))
    opening = rated(plan, entry("W-1", "2025-02-03 09:00", "30m"), until="2025-02-04").closing
    seen = preview(contract(plan), entry("W-2", "2025-02-04 09:00", "1h"), opening=opening)
    assert str(seen.explain().amount) == "90.00 EUR"
    assert [step.rule for step in seen.explain().steps] == ["M1", "T2", "S1"]
    assert [(row["use"], row["amount_minor"]) for row in seen.to_rows()] == [("W-2", 9000)]


def test_what_has_no_lines_cannot_be_explained() -> None:
    """A response to a ticket costs nothing under a table that counts openings, so there is nothing to explain."""
    seen = preview(
        contract(PayPerIncident(tariff=Price("290 EUR/incident"))),
        Responded("E-2", at("2025-02-03 09:00"), ticket="T-1"),
        opening=None,
    )
    assert seen.lines == ()
    assert seen.lots == ()
    with pytest.raises(InvalidValue, match="E-2"):
        seen.explain()


# That it changes nothing


def test_asking_changes_nothing() -> None:
    """The state is the same before and after, and asking twice gives equal answers."""
    opening = rated(TEN_HOURS, entry("W-1", "2025-02-03 09:00", "1h"), until="2025-02-04").closing
    before = to_json(opening)
    work = entry("W-2", "2025-02-04 09:00", "2h")
    seen = preview(contract(TEN_HOURS), work, opening=opening)
    assert preview(contract(TEN_HOURS), work, opening=opening) == seen
    assert to_json(opening) == before
    assert preview(contract(TEN_HOURS), entry("W-2", "2025-02-04 09:00", "3h"), opening=opening) != seen


def test_a_preview_can_be_kept() -> None:
    """It compares, hashes, copies and pickles, and its repr names the use."""
    seen = preview(contract(TEN_HOURS), entry("W-2", "2025-02-04 09:00", "2h"), opening=None)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(seen, protocol))
        assert (again, hash(again), str(again)) == (seen, hash(seen), str(seen))
    assert copy.copy(seen) == copy.deepcopy(seen) == seen
    assert repr(seen).startswith("Preview(use=WorkEntry(id='W-2'")


# What it refuses


@pytest.mark.rule("L4")
def test_a_use_before_the_state_is_refused() -> None:
    """A state as of 4 February cannot price work of the 3rd; the error names the instant to rate again from."""
    opening = rated(TEN_HOURS, until="2025-02-04").closing
    with pytest.raises(StaleState, match="2025-02-03 22:59:59"):
        preview(contract(TEN_HOURS), entry("W", "2025-02-03 23:59:59", "1h"), opening=opening)
    assert preview(contract(TEN_HOURS), entry("W", "2025-02-04 00:00", "1h"), opening=opening).lines


def test_a_use_of_another_customer_or_contract_is_refused() -> None:
    """As rating does: whose use it is decides under which terms it is priced."""
    with pytest.raises(ForeignEvent, match="oak"):
        preview(
            contract(TEN_HOURS),
            WorkEntry("W", at("2025-02-03 09:00"), customer="oak", worked=hours(1)),
            opening=None,
        )
    with pytest.raises(ForeignEvent, match="C-9"):
        preview(contract(TEN_HOURS), entry("W", "2025-02-03 09:00", "1h", contract="C-9"), opening=None)


def test_a_state_of_another_contract_is_refused() -> None:
    """A state belongs to the contract that it was closed under; one without a name fits any."""
    work = entry("W", "2025-02-03 09:00", "1h")
    with pytest.raises(InvalidValue, match="C-9"):
        preview(contract(TEN_HOURS), work, opening=State(at("2025-01-01 00:00"), "C-9"))
    assert preview(contract(TEN_HOURS), work, opening=State(at("2025-01-01 00:00"))).lines


@pytest.mark.parametrize(
    "event",
    [
        BankPurchase("B", at("2025-02-03 09:00"), customer="elm", quantity=hours(1)),
        Void("V", at("2025-02-03 09:00"), target="W"),
        "W-1",
        None,
    ],
)
def test_what_is_no_use_is_refused(event: Any) -> None:  # noqa: ANN401  # hostile
    """A purchase, a correction or anything else is rated, not previewed; the error says how."""
    with pytest.raises(InvalidValue, match="a use was expected") as caught:
        preview(contract(TEN_HOURS), event, opening=None)
    assert "rate(contract, [event]" in caught.value.hint


def test_an_incident_that_counts_at_its_resolution_is_previewed_there() -> None:
    """Opening it would cost nothing; its resolution, 290.00."""
    table = IncidentTable(opened="reserve", resolved="consume")
    terms = contract(PayPerIncident(tariff=Price("290 EUR/incident"), incidents=table))
    first = opened("2025-02-03 09:00")
    assert preview(terms, first, opening=None).lines == ()
    opening = rate(terms, [first], until="2025-02-04").closing
    seen = preview(terms, Resolved("E-2", at("2025-02-05 09:00"), ticket="T-1"), opening=opening)
    assert str(seen.amount) == "290.00 EUR"


def test_several_meters_are_told_apart() -> None:
    """On-site work goes to the second meter, at its price: 2h × 90 = 180."""
    plan = Composite(
        meters=[
            Meter("work", Charge(Price("60 EUR/h")), name="remote", scope=Scope(channels="remote")),
            Meter("work", Charge(Price("90 EUR/h")), name="on site"),
        ]
    )
    seen = preview(contract(plan), entry("W", "2025-02-03 09:00", "2h", channel="onsite"), opening=None)
    assert [(line.meter, str(line.amount)) for line in seen.lines] == [("on site", "180.00 EUR")]
