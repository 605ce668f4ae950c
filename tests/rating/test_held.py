"""Held use: a zero line in its own period, until an approval or a purchase releases it, or the contract ends."""

import pytest

from supportcontracts import (
    Allotment,
    Approval,
    Banks,
    Cancelled,
    Charge,
    Classified,
    Composite,
    Hold,
    IncidentTable,
    Meter,
    Metering,
    Money,
    Opened,
    Payment,
    Phase,
    PrepaidHours,
    PrepaidIncidents,
    Price,
    Reopened,
    Resolved,
    Scope,
    SubLimit,
    Term,
    Void,
    days,
    hours,
    incidents,
    minutes,
)
from tests.rating.bank_builders import (
    BERLIN,
    agreed,
    at,
    bank,
    charged,
    contract,
    entry,
    fired,
    happened,
    moved,
    paid,
    rated,
    story,
)

HELD = agreed(Banks(), Hold())
ON_APPROVAL = agreed(Banks(), Charge(Price("140 EUR/h"), approval="required"))


# Approval


@pytest.mark.rule("D20")
def test_a_charge_that_needs_approval_is_held_and_charged_in_the_period_of_the_approval() -> None:
    """3h in January: held for 0.00. Approved on 5 February: 3h × 140 = 420.00 in February."""
    rating = rated(
        ON_APPROVAL, entry("W-1", "2025-01-10 09:00", "3h"), Approval("A-1", at("2025-02-05 09:00"), of="W-1")
    )
    assert paid(rating, "W-1") == ["held 3h 00m", "charged 3h 00m 420.00 EUR"]
    assert [(line.kind, line.period) for line in rating.lines] == [("use", "2025-01"), ("release", "2025-02")]


@pytest.mark.rule("D20")
def test_until_it_is_approved_held_use_costs_nothing() -> None:
    """Approved at 1 February 00:00: a rating until that instant shows a zero line only."""
    events = story(entry("W-1", "2025-01-10 09:00", "3h"), Approval("A-1", at("2025-02-01 00:00")))
    assert paid(rated(ON_APPROVAL, *events, until="2025-02-01"), "W-1") == ["held 3h 00m"]
    assert charged(rated(ON_APPROVAL, *events, until="2025-02-02")) == ["2025-02 overage 420.00 EUR"]


@pytest.mark.rule("D20", "D3")
def test_an_approval_of_everything_releases_what_was_held_before_it_and_nothing_later() -> None:
    """W-1 and W-2 are held when all is approved; W-3 starts in that very second, comes after it, and stays held."""
    rating = rated(
        ON_APPROVAL,
        entry("W-2", "2025-01-11 09:00", "2h"),
        entry("W-1", "2025-01-12 09:00", "1h"),
        Approval("Z-1", at("2025-01-20 09:00")),
        entry("A-3", "2025-01-20 09:00", "1h"),
        until="2025-06-01",
    )
    released = [(line.use, str(line.amount)) for line in rating.lines if line.kind == "release"]
    assert released == [("W-2", "280.00 EUR"), ("W-1", "140.00 EUR")]
    assert paid(rating, "A-3") == ["held 1h 00m"]


@pytest.mark.rule("D20")
def test_an_approval_of_one_entry_leaves_the_others_held() -> None:
    """Only W-2 is approved: 2h × 140 = 280.00."""
    rating = rated(
        ON_APPROVAL,
        entry("W-1", "2025-01-10 09:00", "1h"),
        entry("W-2", "2025-01-11 09:00", "2h"),
        Approval("A-1", at("2025-01-20 09:00"), of="W-2"),
        until="2025-06-01",
    )
    assert paid(rating, "W-1") == ["held 1h 00m"]
    assert charged(rating) == ["2025-01 overage 280.00 EUR"]


@pytest.mark.rule("D20")
def test_use_is_released_once() -> None:
    """Approved twice, W-1 is charged once: 140.00; the second approval finds nothing, and says so."""
    rating = rated(
        ON_APPROVAL,
        entry("W-1", "2025-01-10 09:00", "1h"),
        Approval("A-1", at("2025-01-20 09:00"), of="W-1"),
        Approval("A-2", at("2025-01-21 09:00"), of="W-1"),
    )
    assert str(rating.total) == "140.00 EUR"
    assert fired(rating) == ["nothing-held A-2 2025-01-21 09:00"]


@pytest.mark.rule("D20", "D5")
def test_approved_use_goes_through_the_sources_again_at_the_instant_of_the_release() -> None:
    """3h were held; since then a bank of 2h was bought: approved, 2h are drawn and 1h × 140 = 140.00 is charged."""
    rating = rated(
        ON_APPROVAL,
        entry("W-1", "2025-01-10 09:00", "3h"),
        bank("B-1", "2025-01-15 09:00", "2h"),
        Approval("A-1", at("2025-02-05 09:00")),
    )
    assert paid(rating, "W-1") == ["held 3h 00m", "B-1 2h 00m", "charged 1h 00m 140.00 EUR"]
    assert moved(rating, "B-1") == ["2025-01-15 09:00 purchase 2h 00m", "2025-02-05 09:00 draw 2h 00m"]


@pytest.mark.rule("D20")
def test_an_approval_cannot_pay_where_the_terms_hold() -> None:
    """The waterfall ends in Hold: approved, 3h find 2h in the bank, and the third hour is held again."""
    rating = rated(
        HELD,
        entry("W-1", "2025-01-10 09:00", "3h"),
        bank("B-1", "2025-01-15 09:00", "2h"),
        Approval("A-1", at("2025-02-05 09:00")),
        until="2025-06-01",
    )
    assert paid(rating, "W-1")[:2] == ["held 3h 00m", "B-1 2h 00m"]
    assert [held.counted for held in rating.closing.held] == [3600]


@pytest.mark.rule("D20", "D8")
def test_only_the_part_that_nothing_paid_is_held() -> None:
    """2h of 3h are drawn in January; the approval charges 1h, not 3h."""
    rating = rated(
        ON_APPROVAL,
        bank("B-1", "2025-01-02 09:00", "2h"),
        entry("W-1", "2025-01-10 09:00", "3h"),
        Approval("A-1", at("2025-02-05 09:00")),
    )
    assert paid(rating, "W-1") == ["B-1 2h 00m", "held 1h 00m", "charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("D20", "D6")
def test_a_voided_approval_never_released_anything() -> None:
    """Without its approval W-1 is held until the contract ends, and then refused."""
    rating = rated(
        ON_APPROVAL,
        entry("W-1", "2025-01-10 09:00", "1h"),
        Approval("A-1", at("2025-02-05 09:00")),
        Void("V-1", at("2025-02-06 09:00"), target="A-1"),
    )
    assert paid(rating, "W-1") == ["held 1h 00m", "refused 1h 00m"]


# Purchase


@pytest.mark.rule("D20")
def test_a_purchase_that_releases_pays_for_held_use_oldest_first() -> None:
    """3h and 2h are held. A bank of 4h pays 3h and 1h, in its own period; 1h stays held until a bank of 5h pays it."""
    rating = rated(
        HELD,
        entry("W-9", "2025-01-10 09:00", "3h"),
        entry("W-1", "2025-01-11 09:00", "2h"),
        bank("B-1", "2025-02-05 09:00", "4h", held="release"),
        bank("B-2", "2025-03-05 09:00", "5h", held="release"),
        until="2025-06-01",
    )
    assert paid(rating, "W-9") == ["held 3h 00m", "B-1 3h 00m"]
    assert paid(rating, "W-1") == ["held 2h 00m", "B-1 1h 00m", "B-2 1h 00m"]
    assert [line.period for line in rating.lines_of("W-1")] == ["2025-01", "2025-02", "2025-03"]
    assert rating.balance("B-2").left == 4 * 3600


@pytest.mark.rule("D20")
def test_a_purchase_that_does_not_say_so_releases_nothing() -> None:
    """The bank of 4h pays for new work, and leaves the 3h of January held."""
    rating = rated(
        HELD,
        entry("W-1", "2025-01-10 09:00", "3h"),
        bank("B-1", "2025-02-05 09:00", "4h"),
        entry("W-2", "2025-02-06 09:00", "1h"),
        until="2025-06-01",
    )
    assert paid(rating, "W-1") == ["held 3h 00m"]
    assert paid(rating, "W-2") == ["B-1 1h 00m"]


@pytest.mark.rule("D20", "D3")
def test_held_use_comes_before_the_use_of_the_instant_of_the_purchase() -> None:
    """2h are held, the bank has 2h: they go to what waited, and 1h that starts with the purchase is held."""
    rating = rated(
        HELD,
        entry("W-1", "2025-01-10 09:00", "2h"),
        bank("B-1", "2025-02-05 09:00", "2h", held="release"),
        entry("A-1", "2025-02-05 09:00", "1h"),
        until="2025-06-01",
    )
    assert paid(rating, "W-1") == ["held 2h 00m", "B-1 2h 00m"]
    assert paid(rating, "A-1") == ["held 1h 00m"]


@pytest.mark.rule("D20", "D17")
def test_a_purchase_that_has_to_be_paid_releases_at_its_payment() -> None:
    """Bought in February, paid in March: the 2h are drawn in March, since a bank pays nothing before."""
    rating = rated(
        agreed(Banks(usable="payment"), Hold()),
        entry("W-1", "2025-01-10 09:00", "2h"),
        bank("B-1", "2025-02-05 09:00", "4h", held="release"),
        Payment("P-1", at("2025-03-05 12:00"), bank="B-1"),
        until="2025-06-01",
    )
    assert moved(rating, "B-1")[1:] == ["2025-03-05 12:00 draw 2h 00m"]
    assert [line.period for line in rating.lines_of("W-1")] == ["2025-01", "2025-03"]


@pytest.mark.rule("D20", "D17")
def test_a_purchase_that_starts_later_releases_at_its_start() -> None:
    """Bought in February, usable from 1 March: the 2h are drawn on 1 March 00:00."""
    rating = rated(
        HELD,
        entry("W-1", "2025-01-10 09:00", "2h"),
        bank("B-1", "2025-02-05 09:00", "4h", held="release", usable_from=at("2025-03-01 00:00")),
        until="2025-06-01",
    )
    assert moved(rating, "B-1")[1:] == ["2025-03-01 00:00 draw 2h 00m"]


@pytest.mark.rule("D20")
def test_a_purchase_releases_what_a_charge_holds_for_approval_too() -> None:
    """3h wait for an approval; a releasing bank of 2h pays 2h; the approval then charges 1h × 140 = 140.00."""
    rating = rated(
        ON_APPROVAL,
        entry("W-1", "2025-01-10 09:00", "3h"),
        bank("B-1", "2025-02-05 09:00", "2h", held="release"),
        Approval("A-1", at("2025-03-05 09:00")),
    )
    assert paid(rating, "W-1") == ["held 3h 00m", "B-1 2h 00m", "charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("D20", "D8", "L1")
def test_of_a_part_released_use_worked_and_billable_time_are_shared_out() -> None:
    """1h 10m is billed as 1h 15m and held. A bank of 30m pays 30m: 28m worked; 45m billable, 42m worked stay held.

    The approval charges 45m × 140 = 105.00, and the release shows 70m worked and 75m billable again.
    """
    terms = agreed(Banks(), Charge(Price("140 EUR/h"), approval="required"), metering=Metering(increment=minutes(15)))
    rating = rated(
        terms,
        entry("W-1", "2025-01-10 09:00", "1h 10m"),
        bank("B-1", "2025-02-05 09:00", "0h 30m", held="release"),
        Approval("A-1", at("2025-03-05 09:00")),
    )
    released = [line for line in rating.lines_of("W-1") if line.kind == "release"]
    shown = [(str(line.worked), str(line.billable), str(line.amount)) for line in released]
    assert shown == [("0h 28m", "0h 30m", "0.00 EUR"), ("0h 42m", "0h 45m", "105.00 EUR")]


@pytest.mark.rule("D20", "B2")
def test_a_purchase_releases_from_its_own_pool_only() -> None:
    """The releasing bank joins the pool "project" with 1h; the 5h in "banks" were bought without release and stay."""
    rating = rated(
        agreed(Banks(pool="project"), Banks(), Hold()),
        entry("W-1", "2025-01-10 09:00", "2h"),
        bank("B-1", "2025-02-04 09:00", "5h"),
        bank("P-1", "2025-02-05 09:00", "1h", held="release", pool="project"),
        until="2025-06-01",
    )
    assert paid(rating, "W-1") == ["held 2h 00m", "P-1 1h 00m"]
    assert rating.balance("B-1").left == 5 * 3600


@pytest.mark.rule("D20", "L1")
def test_two_held_parts_of_one_use_are_released_under_keys_of_their_own() -> None:
    """Of 3h a charge with a limit of 1h holds 1h for approval, and Hold holds 2h.

    A bank of 5h, bought without release, pays all 3h once they are approved: no two lines have one key.
    """
    charge = Charge(Price("140 EUR/h"), approval="required", limit=hours(1))
    rating = rated(
        agreed(Banks(), charge, Hold()),
        entry("W-1", "2025-01-10 09:00", "3h"),
        bank("B-1", "2025-01-15 09:00", "5h"),
        Approval("A-1", at("2025-02-05 09:00")),
        until="2025-06-01",
    )
    assert rating.balance("B-1").left == 2 * 3600


@pytest.mark.rule("D20", "B4", "L1")
def test_one_use_released_in_two_steps_from_one_lot_has_two_keys() -> None:
    """3h a week of 10h: 8h in January draw 3h, 5h are held.

    Approved on Monday 20 January: 3h of that week's limit; approved again on the 27th: the last 2h. Both steps draw the
    grant of January in January, under different keys.
    """
    allotment = Allotment(hours(10), per="month", sublimits=SubLimit(hours(3), per="week"))
    rating = rated(
        agreed(allotment, Hold()),
        entry("W-1", "2025-01-13 09:00", "8h"),
        Approval("A-1", at("2025-01-20 09:00")),
        Approval("A-2", at("2025-01-27 09:00")),
        until="2025-02-01",
    )
    assert paid(rating, "W-1") == [
        "grant 2025-01-01 3h 00m",
        "held 5h 00m",
        "grant 2025-01-01 3h 00m",
        "grant 2025-01-01 2h 00m",
    ]


@pytest.mark.rule("D20", "T6")
def test_held_use_does_not_use_up_the_limit_that_its_approval_needs() -> None:
    """At most 2h are charged. 2h are held for approval and charged when it comes, in the same period: 280.00."""
    charge = Charge(Price("140 EUR/h"), approval="required", limit=hours(2))
    rating = rated(
        agreed(charge, Hold()),
        entry("W-1", "2025-01-10 09:00", "2h"),
        Approval("A-1", at("2025-01-15 09:00")),
        until="2025-02-01",
    )
    assert paid(rating, "W-1") == ["held 2h 00m", "charged 2h 00m 280.00 EUR"]


# The end


@pytest.mark.rule("D20", "D2")
def test_what_is_held_when_the_contract_ends_is_refused() -> None:
    """3h are held, 1h is released; with the end of the year 2h are refused, for 0.00, in the last period."""
    rating = rated(HELD, entry("W-1", "2025-01-10 09:00", "3h"), bank("B-1", "2025-02-05 09:00", "1h", held="release"))
    assert paid(rating, "W-1") == ["held 3h 00m", "B-1 1h 00m", "refused 2h 00m"]
    last = rating.lines[-1]
    assert (last.code, last.period, BERLIN.format(last.at)) == ("held-at-end", "2025-12", "2026-01-01 00:00")


@pytest.mark.rule("D20", "D2")
def test_a_release_in_the_last_second_is_in_time_and_one_at_the_end_is_not() -> None:
    """Approved on 31 December 23:59:59: charged. At 1 January 00:00 the contract has ended, and the hour is refused."""
    work = entry("W-1", "2025-01-10 09:00", "1h")
    in_time = rated(ON_APPROVAL, work, Approval("A-1", at("2025-12-31 23:59:59")), until="2026-02-01")
    too_late = rated(ON_APPROVAL, work, Approval("A-1", at("2026-01-01 00:00")), until="2026-02-01")
    assert charged(in_time) == ["2025-12 overage 140.00 EUR"]
    assert charged(too_late) == []
    assert paid(too_late, "W-1") == ["held 1h 00m", "refused 1h 00m"]


@pytest.mark.rule("D20")
def test_held_use_waits_over_the_end_of_a_phase() -> None:
    """Held in January, the only month of the first phase; no terms are in force in the gap, so March releases."""
    plan = PrepaidHours(beyond=Hold())
    phases = [
        Phase(Term("2025-01-01", months=1, zone=BERLIN), plan),
        Phase(Term("2025-03-01", months=1, zone=BERLIN), plan),
    ]
    rating = rated(
        contract(phases=phases, currency="EUR"),
        entry("W-1", "2025-01-10 09:00", "2h"),
        entry("W-2", "2025-01-11 09:00", "2h"),
        bank("B-1", "2025-02-10 09:00", "1h", held="release"),
        bank("B-2", "2025-03-10 09:00", "2h", held="release"),
    )
    assert paid(rating, "W-1") == ["held 2h 00m", "B-1 1h 00m", "B-2 1h 00m"]
    assert paid(rating, "W-2") == ["held 2h 00m", "B-2 1h 00m", "refused 1h 00m"]
    assert [line.period for line in rating.lines_of("W-1")] == ["2025-01", "2025-03", "2025-03"]
    assert [str(notice) for notice in rating.notices] == ["B-1 does not release held use: no terms are in force"]


@pytest.mark.rule("D20")
@pytest.mark.parametrize(("of", "what"), [("W-1", "W-1"), (None, "held use")], ids=["one", "all"])
def test_an_approval_in_a_gap_says_that_nothing_is_released(of: str | None, what: str) -> None:
    """Approved in February, between the phases, the hour is charged only once it is approved again, in March."""
    plan = PrepaidHours(beyond=Charge(Price("140 EUR/h"), approval="required"))
    phases = [Phase(Term(f"2025-0{month}-01", months=1, zone=BERLIN), plan) for month in (1, 3)]
    rating = rated(
        contract(phases=phases),
        entry("W-1", "2025-01-10 09:00", "1h"),
        Approval("A-1", at("2025-02-10 09:00"), of=of),
        Approval("A-2", at("2025-03-10 09:00"), of=of),
    )
    assert fired(rating) == ["stays-held A-1 2025-02-10 09:00"]
    assert str(rating.notices[0]) == f"A-1 does not release {what}: no terms are in force"
    assert charged(rating) == ["2025-03 overage 140.00 EUR"]


@pytest.mark.rule("D20")
def test_an_approval_of_what_stays_held_all_the_same_says_why() -> None:
    """Hold takes W-1 again, and no meter of February's terms measures it; what was released in part is not remarked."""
    terms = agreed(Banks(), Charge(Price("140 EUR/h"), limit=hours(1), approval="required"), Hold())
    work, approval = entry("W-1", "2025-01-10 09:00", "3h"), Approval("A-1", at("2025-01-20 09:00"))
    assert fired(rated(terms, work, approval, until="2025-02-01")) == []
    again = rated(terms, work, approval, Approval("A-2", at("2025-01-21 09:00")), until="2025-02-01")
    assert [str(notice) for notice in again.notices] == ["A-2 does not release held use: its sources hold it again"]
    phases = [
        Phase(Term("2025-01-01", months=1, zone=BERLIN), PrepaidHours(beyond=Hold())),
        Phase(Term("2025-02-01", months=1, zone=BERLIN), PrepaidIncidents(beyond=Hold())),
    ]
    other = rated(
        contract(phases=phases, currency="EUR"), work, Approval("A-1", at("2025-02-10 09:00")), until="2025-02-20"
    )
    assert [str(notice) for notice in other.notices] == [
        "A-1 does not release held use: no meter of the terms measures it"
    ]


@pytest.mark.rule("D20")
def test_a_bank_that_cannot_pay_for_held_use_is_not_remarked() -> None:
    """B-1 is for atlas, and what is held is not: it pays nothing, as agreed, and says nothing."""
    rating = rated(
        agreed(Banks(), Hold()),
        entry("W-1", "2025-01-10 09:00", "1h", product="relay"),
        bank("B-1", "2025-01-20 09:00", "1h", held="release", scope=Scope(products="atlas")),
        until="2025-02-01",
    )
    assert (fired(rating), paid(rating, "W-1")) == ([], ["held 1h 00m"])


# Incidents


@pytest.mark.rule("D20", "I1")
def test_a_held_incident_is_approved_by_its_ticket() -> None:
    """The charge of 290 needs approval: T-1 is held at its opening and charged when T-1 is approved."""
    terms = agreed(Charge(Price("290 EUR/incident"), approval="required"), unit="incidents")
    rating = rated(
        terms, happened(Opened, "T-1", "2025-01-10 09:00"), Approval("A-1", at("2025-02-05 09:00"), of="T-1")
    )
    assert paid(rating, "T-1") == ["held 1 incident", "charged 1 incident 290.00 EUR"]


@pytest.mark.rule("D20", "D21", "I2")
def test_a_held_incident_that_is_cancelled_waits_no_longer() -> None:
    """Cancelled while it was held: a releasing pack of 2 pays for T-2 only, and nothing is credited."""
    rating = rated(
        agreed(Banks(), Hold(), unit="incidents"),
        happened(Opened, "T-1", "2025-01-10 09:00"),
        happened(Opened, "T-2", "2025-01-11 09:00"),
        happened(Cancelled, "T-1", "2025-01-12 09:00"),
        bank("B-1", "2025-02-05 09:00", incidents(2), held="release"),
    )
    assert rating.balance("B-1").left == 1
    assert paid(rating, "T-2") == ["held 1 incident", "B-1 1 incident"]
    assert charged(rating) == []


@pytest.mark.rule("D20", "D21")
def test_a_released_incident_that_is_cancelled_is_given_back_like_any_other() -> None:
    """Held in January, charged 290.00 by the approval in February, credited 290.00 by the cancellation in March."""
    terms = agreed(Charge(Price("290 EUR/incident"), approval="required"), unit="incidents")
    rating = rated(
        terms,
        happened(Opened, "T-1", "2025-01-10 09:00"),
        Approval("A-1", at("2025-02-05 09:00"), of="T-1"),
        happened(Cancelled, "T-1", "2025-03-05 09:00"),
    )
    assert charged(rating) == ["2025-02 charge 290.00 EUR", "2025-03 credit -290.00 EUR"]


@pytest.mark.rule("D20", "D21", "I1")
def test_an_earlier_incident_released_late_is_not_given_back_with_a_later_one() -> None:
    """T-1 was held in January, and again as T-1#2 in March; one pack of 2 pays for both.

    The defect found in May concerns T-1#2: one unit returns, not two.
    """
    rating = rated(
        agreed(Banks(), Hold(), unit="incidents", incidents=IncidentTable(reopened_within=days(14))),
        happened(Opened, "T-1", "2025-01-10 09:00"),
        happened(Resolved, "T-1", "2025-01-11 09:00"),
        happened(Reopened, "T-1", "2025-03-10 09:00"),
        bank("B-1", "2025-04-05 09:00", incidents(2), held="release"),
        happened(Classified, "T-1", "2025-05-05 09:00", finding="product-defect"),
    )
    assert moved(rating, "B-1")[1:] == [
        "2025-04-05 09:00 draw 1 incident",
        "2025-04-05 09:00 draw 1 incident",
        "2025-05-05 09:00 return 1 incident",
    ]


@pytest.mark.rule("D20", "D23")
def test_a_released_charge_is_priced_in_the_window_of_the_release() -> None:
    """At most 5h are charged in a period.

    4h held in January and approved in February count in February: of 3h more, held and approved there, only 5h − 4h =
    1h is charged: 560.00 and 140.00.
    """
    charge = Charge(Price("140 EUR/h"), approval="required", limit=hours(5))
    terms = contract(Composite(meters=Meter("work", [charge, Hold()])))
    rating = rated(
        terms,
        entry("W-1", "2025-01-10 09:00", "4h"),
        Approval("A-1", at("2025-02-05 09:00"), of="W-1"),
        entry("W-2", "2025-02-10 09:00", "3h"),
        Approval("A-2", at("2025-02-15 09:00"), of="W-2"),
        until="2025-06-01",
    )
    amounts = {line.use: line.amount for line in rating.lines if line.disposition == "charged"}
    assert amounts == {"W-1": Money("560 EUR"), "W-2": Money("140 EUR")}
