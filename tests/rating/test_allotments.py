"""Allotments: what a period grants, when it is lost, which limits lie inside it, and what follows when it is short."""

import pytest

from supportcontracts import (
    Allotment,
    Charge,
    Composite,
    Fallback,
    Meter,
    Metering,
    Multiplier,
    Opened,
    Price,
    Refuse,
    Scope,
    SubLimit,
    Unlimited,
    Zone,
    hours,
    incidents,
    minutes,
)
from supportcontracts.contracts.allotments import AllotmentPeriod
from tests.rating.bank_builders import (
    OVERAGE,
    agreed,
    at,
    charged,
    contract,
    entry,
    happened,
    local,
    moved,
    paid,
    rated,
)

MONTHLY_4H = agreed(Allotment(hours(4), per="month"), OVERAGE)
BEIRUT, HAVANA = Zone("Asia/Beirut"), Zone("America/Havana")


@pytest.mark.rule("B1", "D18")
def test_an_allotment_used_up_exactly_leaves_the_next_second_to_the_next_source() -> None:
    """10h pay for exactly 10h; the second after that costs 140 EUR / 3600 = 0.0388… → 0.04 EUR."""
    terms = agreed(Allotment(hours(10)), OVERAGE)
    rating = rated(terms, entry("W-1", "2025-02-03 09:00", "10h"), entry("W-2", "2025-02-04 09:00", "0h 00m 01s"))
    assert paid(rating, "W-1") == ["grant 2025-01-01 10h 00m"]
    assert paid(rating, "W-2") == ["charged 0h 00m 01s 0.04 EUR"]
    assert [line.source for line in rating.lines] == ["allotment", "overage"]


@pytest.mark.rule("B1", "D8", "L1")
def test_an_entry_that_crosses_the_end_of_an_allotment_is_split() -> None:
    """10h − 6h = 4h left; of 6h the allotment pays 4h, and 2h × 140 = 280.00 are overage."""
    terms = agreed(Allotment(hours(10)), OVERAGE)
    rating = rated(terms, entry("W-1", "2025-02-03 09:00", "6h"), entry("W-2", "2025-02-04 09:00", "6h"))
    assert paid(rating, "W-2") == ["grant 2025-01-01 4h 00m", "charged 2h 00m 280.00 EUR"]
    assert [str(line.worked) for line in rating.lines_of("W-2")] == ["4h 00m", "2h 00m"]


@pytest.mark.rule("B1", "D2", "D29")
def test_each_period_grants_anew_and_forfeits_the_rest_and_a_stub_is_not_prorated() -> None:
    """15 Jan to 31 Mar has three periods, the last a stub of 17 days; each grants 4h.

    Of the first two nothing is used: 4h lapse at each end. In the stub 5h are worked: 4h + 1h × 140.
    """
    term = {"starts": "2025-01-15", "last_day": "2025-03-31"}
    terms = agreed(Allotment(hours(4), per="month"), OVERAGE, term=term)
    rating = rated(terms, entry("W-1", "2025-03-20 09:00", "5h"))
    assert moved(rating, "grant 2025-01-15") == ["2025-01-15 00:00 grant 4h 00m", "2025-02-15 00:00 forfeit 4h 00m"]
    assert moved(rating, "grant 2025-02-15") == ["2025-02-15 00:00 grant 4h 00m", "2025-03-15 00:00 forfeit 4h 00m"]
    assert moved(rating, "grant 2025-03-15") == ["2025-03-15 00:00 grant 4h 00m", "2025-03-20 09:00 draw 4h 00m"]
    assert charged(rating) == ["2025-03-15/2025-03-31 overage 140.00 EUR"]


@pytest.mark.rule("D2")
def test_a_rating_until_a_boundary_holds_what_ends_there_and_not_what_begins() -> None:
    """At 1 February 00:00 the 4h of January lapse; the 4h of February come only with the next second."""
    until = rated(MONTHLY_4H, until="2025-02-01")
    after = rated(MONTHLY_4H, until=at("2025-02-01 00:00:01"))
    assert [m.kind for m in until.movements] == ["grant", "forfeit"]
    assert [m.kind for m in after.movements] == ["grant", "forfeit", "grant"]
    assert local(until, until.movements[-1].at) == "2025-02-01 00:00"


@pytest.mark.rule("D3", "D5")
def test_work_belongs_whole_to_the_period_in_which_it_starts() -> None:
    """2h from 23:59:59 on 31 January are January's; work from 00:00 finds the new grant: 4h − 2h each."""
    late, early = entry("W-1", "2025-01-31 23:59:59", "2h"), entry("W-2", "2025-02-01 00:00", "2h")
    rating = rated(MONTHLY_4H, late, early, until="2025-03-01")
    assert paid(rating, "W-1") == ["grant 2025-01-01 2h 00m"]
    assert paid(rating, "W-2") == ["grant 2025-02-01 2h 00m"]
    assert [line.period for line in rating.lines] == ["2025-01", "2025-02"]


@pytest.mark.rule("D2", "D3", "D4")
def test_a_period_that_begins_where_midnight_does_not_exist_begins_after_the_gap() -> None:
    """Beirut went from 23:59:59 on 29 March 2025 straight to 01:00 on the 30th: the new grant is there at 01:00.

    Periods from 30 January: 30 Jan, 28 Feb (there is no 30 Feb), 30 Mar.
    """
    term = {"starts": "2025-01-30", "months": 6, "zone": BEIRUT}
    terms = agreed(Allotment(hours(4), per="month"), OVERAGE, term=term)
    before = entry("W-1", "2025-03-29 23:59:59", "1h", zone=BEIRUT)
    after = entry("W-2", "2025-03-30 01:00:00", "1h", zone=BEIRUT)
    rating = rated(terms, before, after, until="2025-04-01")
    assert paid(rating, "W-1") == ["grant 2025-02-28 1h 00m"]
    assert paid(rating, "W-2") == ["grant 2025-03-30 1h 00m"]
    assert moved(rating, "grant 2025-03-30")[0] == "2025-03-30 01:00 grant 4h 00m"


@pytest.mark.rule("D2", "D4")
def test_a_period_that_begins_at_a_repeated_midnight_begins_at_the_first() -> None:
    """Havana showed 00:00 of 2 November 2025 twice, at 04:00 and 05:00 UTC; the grant comes with the first."""
    term = {"starts": "2025-10-02", "months": 3, "zone": HAVANA}
    terms = agreed(Allotment(hours(4), per="month"), OVERAGE, term=term)
    utc = Zone("UTC")
    work = [
        entry(name, when, "1h", zone=utc)
        for name, when in (
            ("W-1", "2025-11-02 03:59:59"),
            ("W-2", "2025-11-02 04:00:00"),
            ("W-3", "2025-11-02 05:00:00"),
        )
    ]
    rating = rated(terms, *work, until="2025-11-03")
    assert [paid(rating, f"W-{n}") for n in (1, 2, 3)] == [
        ["grant 2025-10-02 1h 00m"],
        ["grant 2025-11-02 1h 00m"],
        ["grant 2025-11-02 1h 00m"],
    ]


@pytest.mark.rule("D2", "B1")
def test_months_from_the_31st_are_counted_from_the_start_through_a_leap_day() -> None:
    """31 Jan 2024, 29 Feb (the last day of a leap February), 31 Mar: never drifting to the 29th."""
    terms = agreed(Allotment(hours(4), per="month"), OVERAGE, term={"starts": "2024-01-31", "months": 3})
    rating = rated(
        terms,
        entry("W-1", "2024-02-28 23:59:59", "1h"),
        entry("W-2", "2024-02-29 00:00:00", "1h"),
        entry("W-3", "2024-03-30 23:59:59", "1h"),
        entry("W-4", "2024-03-31 00:00:00", "1h"),
    )
    assert [paid(rating, f"W-{n}")[0] for n in (1, 2, 3, 4)] == [
        "grant 2024-01-31 1h 00m",
        "grant 2024-02-29 1h 00m",
        "grant 2024-02-29 1h 00m",
        "grant 2024-03-31 1h 00m",
    ]


@pytest.mark.rule("B1")
@pytest.mark.parametrize(
    ("per", "first_days"),
    [
        ("term", ["2025-01-01"]),
        ("year", ["2025-01-01", "2026-01-01"]),
        ("quarter", ["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01", "2026-04-01"]),
    ],
)
def test_an_allotment_is_granted_once_for_each_of_its_periods(per: AllotmentPeriod, first_days: list[str]) -> None:
    """A term of 18 months has one term, two years (the second a stub), six quarters."""
    terms = agreed(Allotment(hours(4), per=per), OVERAGE, term={"months": 18})
    rating = rated(terms, until="2026-07-01")
    grants = [local(rating, m.at)[:10] for m in rating.movements if m.kind == "grant"]
    assert grants == first_days
    assert sum(b.forfeited for b in rating.balance_totals().values()) == len(first_days) * 4 * 3600


@pytest.mark.rule("D5", "D8")
def test_work_that_is_split_at_a_period_end_draws_each_period_for_its_part() -> None:
    """January has 4h − 3.5h = 30m left. 23:00 + 2h is cut at midnight: 1h in January, 1h in February.

    January pays 30m, 30m × 140 = 70.00 are its overage; February pays 1h.
    """
    terms = agreed(Allotment(hours(4), per="month"), OVERAGE, metering=Metering(at_boundary="split"))
    first, cut = entry("W-1", "2025-01-10 09:00", "3h 30m"), entry("W-2", "2025-01-31 23:00", "2h")
    rating = rated(terms, first, cut, until="2025-03-01")
    assert paid(rating, "W-2") == ["grant 2025-01-01 0h 30m", "charged 0h 30m 70.00 EUR", "grant 2025-02-01 1h 00m"]
    assert [line.period for line in rating.lines_of("W-2")] == ["2025-01", "2025-01", "2025-02"]


@pytest.mark.rule("D5", "D10")
def test_the_parts_of_split_work_are_rounded_as_one_group() -> None:
    """10m + 10m in steps of 15m: the first part makes 15m, both together 30m, so the second part adds 15m."""
    metering = Metering(at_boundary="split", increment=minutes(15))
    terms = agreed(Allotment(hours(4), per="month"), OVERAGE, metering=metering)
    rating = rated(terms, entry("W-1", "2025-01-31 23:50", "0h 20m"), until="2025-03-01")
    assert paid(rating, "W-1") == ["grant 2025-01-01 0h 15m", "grant 2025-02-01 0h 15m"]
    assert [str(line.worked) for line in rating.lines_of("W-1")] == ["0h 10m", "0h 10m"]


@pytest.mark.rule("B4")
def test_a_sublimit_bounds_only_the_use_in_its_scope() -> None:
    """Of 40h at most 10h on site: 12h on site → 10h + 2h × 140; 5h by phone are paid in full."""
    limit = SubLimit(hours(10), scope=Scope(channels="onsite"))
    terms = agreed(Allotment(hours(40), sublimits=limit), OVERAGE)
    rating = rated(
        terms,
        entry("W-1", "2025-02-03 09:00", "12h", channel="onsite"),
        entry("W-2", "2025-02-04 09:00", "5h", channel="phone"),
        entry("W-3", "2025-02-05 09:00", "1h"),
    )
    assert paid(rating, "W-1") == ["grant 2025-01-01 10h 00m", "charged 2h 00m 280.00 EUR"]
    assert paid(rating, "W-2") == ["grant 2025-01-01 5h 00m"]
    assert paid(rating, "W-3") == ["grant 2025-01-01 1h 00m"]


@pytest.mark.rule("B4")
def test_a_sublimit_per_period_is_fresh_in_each_period_of_its_allotment() -> None:
    """2h on site in each month of 10h: 3h in January → 2h + 1h, 2h in February → 2h."""
    limit = SubLimit(hours(2), scope=Scope(channels="onsite"))
    terms = agreed(Allotment(hours(10), per="month", sublimits=limit), OVERAGE)
    rating = rated(
        terms,
        entry("W-1", "2025-01-31 09:00", "3h", channel="onsite"),
        entry("W-2", "2025-02-01 00:00", "2h", channel="onsite"),
    )
    assert paid(rating, "W-1") == ["grant 2025-01-01 2h 00m", "charged 1h 00m 140.00 EUR"]
    assert paid(rating, "W-2") == ["grant 2025-02-01 2h 00m"]


@pytest.mark.rule("B4", "D5")
def test_a_sublimit_per_day_counts_the_local_day_of_the_start() -> None:
    """2h a day. 3h from 23:30 on the 10th → 2h + 1h, all of the 10th; from 00:00 on the 11th 2h are there again.

    The 11th begins at 23:00 UTC on the 10th: 1h, then of 2h only 1h is left.
    """
    terms = agreed(Allotment(hours(40), sublimits=SubLimit(hours(2), per="day")), OVERAGE)
    rating = rated(
        terms,
        entry("W-1", "2025-01-10 23:30", "3h"),
        entry("W-2", "2025-01-11 00:00", "1h"),
        entry("W-3", "2025-01-11 12:00", "2h"),
    )
    assert paid(rating, "W-1") == ["grant 2025-01-01 2h 00m", "charged 1h 00m 140.00 EUR"]
    assert paid(rating, "W-2") == ["grant 2025-01-01 1h 00m"]
    assert paid(rating, "W-3") == ["grant 2025-01-01 1h 00m", "charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("B4")
def test_a_sublimit_per_week_runs_from_monday_to_sunday() -> None:
    """5h a week. 6h on Sunday 12 January 23:59:59 → 5h + 1h; on Monday 00:00 5h are there again."""
    terms = agreed(Allotment(hours(40), sublimits=SubLimit(hours(5), per="week")), OVERAGE)
    rating = rated(terms, entry("W-1", "2025-01-12 23:59:59", "6h"), entry("W-2", "2025-01-13 00:00", "5h"))
    assert paid(rating, "W-1") == ["grant 2025-01-01 5h 00m", "charged 1h 00m 140.00 EUR"]
    assert paid(rating, "W-2") == ["grant 2025-01-01 5h 00m"]


@pytest.mark.rule("B4")
def test_a_week_is_one_window_across_the_ends_of_months_and_years() -> None:
    """Monday 29 December 2025 to Sunday 4 January 2026 is one week with 5h: 3h on Wednesday, then 2h + 1h on Thursday.

    The new month grants 40h, but the week has only 5h − 3h = 2h left.
    """
    allotment = Allotment(hours(40), per="month", sublimits=SubLimit(hours(5), per="week"))
    terms = agreed(allotment, OVERAGE, term={"months": 18})
    work = [entry("W-1", "2025-12-31 09:00", "3h"), entry("W-2", "2026-01-01 09:00", "3h")]
    rating = rated(terms, *work, until="2026-02-01")
    assert paid(rating, "W-1") == ["grant 2025-12-01 3h 00m"]
    assert paid(rating, "W-2") == ["grant 2026-01-01 2h 00m", "charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("B4")
def test_of_two_sublimits_the_tighter_binds_and_what_is_above_both_is_charged_once() -> None:
    """3h a day and 5h a week. Mon 4h → 3h + 1h; Tue 4h → 5h − 3h = 2h + 2h; Wed 1h → 0h + 1h.

    Overage: 1h + 2h + 1h = 4h × 140 = 560.00; drawn 5h.
    """
    limits = [SubLimit(hours(3), per="day"), SubLimit(hours(5), per="week")]
    terms = agreed(Allotment(hours(40), sublimits=limits), OVERAGE)
    rating = rated(
        terms,
        entry("W-1", "2025-01-13 09:00", "4h"),
        entry("W-2", "2025-01-14 09:00", "4h"),
        entry("W-3", "2025-01-15 09:00", "1h"),
    )
    assert paid(rating, "W-1") == ["grant 2025-01-01 3h 00m", "charged 1h 00m 140.00 EUR"]
    assert paid(rating, "W-2") == ["grant 2025-01-01 2h 00m", "charged 2h 00m 280.00 EUR"]
    assert paid(rating, "W-3") == ["charged 1h 00m 140.00 EUR"]
    assert str(rating.total) == "560.00 EUR"


@pytest.mark.rule("B4")
def test_a_limit_for_one_channel_and_one_for_all_count_side_by_side() -> None:
    """On site 2h a day, in all 5h a week. Mon on site 3h → 2h; Mon phone 2h → 2h; Tue on site 2h → week 5 − 4 = 1h."""
    limits = [SubLimit(hours(2), scope=Scope(channels="onsite"), per="day"), SubLimit(hours(5), per="week")]
    terms = agreed(Allotment(hours(40), sublimits=limits), OVERAGE)
    rating = rated(
        terms,
        entry("W-1", "2025-01-13 09:00", "3h", channel="onsite"),
        entry("W-2", "2025-01-13 14:00", "2h", channel="phone"),
        entry("W-3", "2025-01-14 09:00", "2h", channel="onsite"),
    )
    assert paid(rating, "W-1")[0] == "grant 2025-01-01 2h 00m"
    assert paid(rating, "W-2") == ["grant 2025-01-01 2h 00m"]
    assert paid(rating, "W-3") == ["grant 2025-01-01 1h 00m", "charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("B1", "D18")
def test_whole_to_next_pays_all_of_a_use_or_nothing_of_it() -> None:
    """10h − 9h = 1h left: 2h go to the next source whole, the 1h after that is still there."""
    terms = agreed(Allotment(hours(10), short="whole-to-next"), OVERAGE)
    rating = rated(
        terms,
        entry("W-1", "2025-02-03 09:00", "9h"),
        entry("W-2", "2025-02-04 09:00", "2h"),
        entry("W-3", "2025-02-05 09:00", "1h"),
        entry("W-4", "2025-02-06 09:00", "0h 00m 01s"),
    )
    assert paid(rating, "W-2") == ["charged 2h 00m 280.00 EUR"]
    assert paid(rating, "W-3") == ["grant 2025-01-01 1h 00m"]
    assert paid(rating, "W-4") == ["charged 0h 00m 01s 0.04 EUR"]


@pytest.mark.rule("B4", "D18")
def test_whole_to_next_looks_at_what_the_sublimits_leave() -> None:
    """2h a day: 3h are refused by the allotment whole and do not use up the day; 2h on the same day are paid."""
    terms = agreed(Allotment(hours(10), short="whole-to-next", sublimits=SubLimit(hours(2), per="day")), OVERAGE)
    rating = rated(terms, entry("W-1", "2025-02-03 09:00", "3h"), entry("W-2", "2025-02-03 15:00", "2h"))
    assert paid(rating, "W-1") == ["charged 3h 00m 420.00 EUR"]
    assert paid(rating, "W-2") == ["grant 2025-01-01 2h 00m"]


@pytest.mark.rule("B1", "D15")
def test_an_allotment_with_a_scope_is_passed_over_by_other_use() -> None:
    """Work on atlas is paid; work on relay, or on nothing in particular, goes on to the next source."""
    terms = agreed(Allotment(hours(10), scope=Scope(products="atlas")), OVERAGE)
    rating = rated(
        terms,
        entry("W-1", "2025-02-03 09:00", "1h", product="atlas"),
        entry("W-2", "2025-02-04 09:00", "1h", product="relay"),
        entry("W-3", "2025-02-05 09:00", "1h"),
    )
    assert paid(rating, "W-1") == ["grant 2025-01-01 1h 00m"]
    assert paid(rating, "W-2") == paid(rating, "W-3") == ["charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("B1")
def test_two_allotments_pay_in_the_order_of_the_waterfall() -> None:
    """2h a month for atlas, then 10h for the term: 3h on atlas take 2h of the first and 1h of the second."""
    atlas, rest = Allotment(hours(2), per="month", scope=Scope(products="atlas")), Allotment(hours(10))
    rating = rated(agreed(atlas, rest, OVERAGE), entry("W-1", "2025-02-03 09:00", "3h", product="atlas"))
    assert paid(rating, "W-1") == ["grant 2025-02-01 2h 00m", "work/1/2025-01-01 1h 00m"]


@pytest.mark.rule("D8", "D13")
@pytest.mark.parametrize(("of", "amount"), [("billable", "70.00 EUR"), ("counted", "140.00 EUR")])
def test_an_allotment_pays_in_counted_units_and_the_charge_says_what_it_prices(of: str, amount: str) -> None:
    """1h × 2 = 2h counted, 1h is left: it covers 30 real minutes; the other 30 are 70.00 billable or 140.00 counted."""
    charge = Charge(Price("140 EUR/h"), of="billable" if of == "billable" else "counted")
    terms = agreed(Allotment(hours(1)), charge, metering=Metering(multiplier=Multiplier(2)))
    rating = rated(terms, entry("W-1", "2025-02-03 09:00", "1h"))
    assert paid(rating, "W-1") == ["grant 2025-01-01 1h 00m", f"charged 1h 00m {amount}"]
    assert [str(line.worked) for line in rating.lines] == ["0h 30m", "0h 30m"]


@pytest.mark.rule("B1", "D22")
def test_unlimited_cover_pays_everything() -> None:
    """1000h are included, at no charge."""
    rating = rated(agreed(Unlimited()), entry("W-1", "2025-02-03 09:00", "1000h"))
    assert paid(rating, "W-1") == ["included 1000h 00m"]
    assert str(rating.total) == "0.00 EUR"


@pytest.mark.rule("D8", "L1")
def test_no_time_is_included_and_unbilled_time_is_free_and_neither_is_drawn() -> None:
    """An entry of 0s is shown as included, non-billable 2h as free, both with 0 counted; 4h stay untouched."""
    rating = rated(
        MONTHLY_4H,
        entry("W-1", "2025-01-03 09:00", "0h"),
        entry("W-2", "2025-01-04 09:00", "2h", billable="non-billable"),
        until="2025-02-01",
    )
    assert paid(rating, "W-1") == ["included 0h 00m"]
    assert paid(rating, "W-2") == ["free 0h 00m"]
    assert [str(line.worked) for line in rating.lines] == ["0h 00m", "2h 00m"]
    assert moved(rating, "grant 2025-01-01")[1:] == ["2025-02-01 00:00 forfeit 4h 00m"]


@pytest.mark.rule("D7", "D2")
def test_work_outside_the_term_is_refused_with_a_code() -> None:
    """The term is 2025: its first second and its last are covered, the seconds around it are not."""
    rating = rated(
        MONTHLY_4H,
        entry("W-1", "2024-12-31 23:59:59", "1h"),
        entry("W-2", "2025-01-01 00:00:00", "1h"),
        entry("W-3", "2025-12-31 23:59:59", "1h"),
        entry("W-4", "2026-01-01 00:00:00", "1h"),
        until="2026-02-01",
    )
    assert [(line.use, line.disposition, line.code, line.period) for line in rating.lines] == [
        ("W-1", "refused", "outside-term", "-"),
        ("W-2", "included", "", "2025-01"),
        ("W-3", "included", "", "2025-12"),
        ("W-4", "refused", "outside-term", "-"),
    ]
    assert str(rating.total) == "0.00 EUR"


@pytest.mark.rule("D14")
def test_work_belongs_to_the_first_meter_that_admits_it_and_without_one_is_refused() -> None:
    """Atlas has cover without limit, atlas and relay an allotment of 1h: atlas never comes to the second meter."""
    meters = [
        Meter("work", Unlimited(), name="atlas", scope=Scope(products="atlas")),
        Meter("work", [Allotment(hours(1)), Refuse()], name="both", scope=Scope(products=["atlas", "relay"])),
    ]
    rating = rated(
        contract(Composite(meters=meters), currency="EUR"),
        entry("W-1", "2025-02-03 09:00", "2h", product="atlas"),
        entry("W-2", "2025-02-03 09:00", "1h", product="relay"),
        entry("W-3", "2025-02-03 09:00", "1h", product="other"),
    )
    assert [(line.use, line.meter, line.disposition, line.code) for line in rating.lines] == [
        ("W-1", "atlas", "included", ""),
        ("W-2", "both", "included", ""),
        ("W-3", "", "refused", "no-meter"),
    ]


@pytest.mark.rule("B10", "D18")
def test_a_fallback_hands_over_what_is_left_at_no_charge_here() -> None:
    """2h are granted; of 3h the third is handed over to C-200, for 0.00."""
    rating = rated(agreed(Allotment(hours(2)), Fallback("C-200")), entry("W-1", "2025-02-03 09:00", "3h"))
    assert paid(rating, "W-1") == ["grant 2025-01-01 2h 00m", "handed-over 1h 00m"]
    assert rating.lines[-1].source == "fallback C-200"


@pytest.mark.rule("B10")
def test_a_fallback_with_a_scope_takes_only_its_own_use() -> None:
    """Work on relay is handed over, everything else is charged: 1h × 140."""
    terms = agreed(Fallback("C-200", scope=Scope(products="relay")), OVERAGE)
    rating = rated(
        terms,
        entry("W-1", "2025-02-03 09:00", "1h", product="relay"),
        entry("W-2", "2025-02-03 09:00", "1h", product="atlas"),
    )
    assert paid(rating, "W-1") == ["handed-over 1h 00m"]
    assert paid(rating, "W-2") == ["charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("D18")
def test_what_a_refusing_end_does_not_pay_is_shown_with_its_reason() -> None:
    """1h of 3h is granted, 2h are refused as exhausted, for 0.00."""
    rating = rated(agreed(Allotment(hours(1)), Refuse()), entry("W-1", "2025-02-03 09:00", "3h"))
    assert paid(rating, "W-1") == ["grant 2025-01-01 1h 00m", "refused 2h 00m"]
    assert rating.lines[-1].code == "exhausted"


@pytest.mark.rule("D18", "L2")
def test_charged_overage_is_not_owed_to_the_next_period() -> None:
    """5h in January: 4h + 1h × 140. February has its full 4h: 4h → 4h."""
    rating = rated(MONTHLY_4H, entry("W-1", "2025-01-10 09:00", "5h"), entry("W-2", "2025-02-10 09:00", "4h"))
    assert paid(rating, "W-2") == ["grant 2025-02-01 4h 00m"]
    assert charged(rating) == ["2025-01 overage 140.00 EUR"]


@pytest.mark.rule("B1", "L1")
def test_a_unit_of_an_incident_allotment_is_never_divided() -> None:
    """2 incidents a quarter; of 3 the third costs 290.00; the next quarter has 2 again."""
    terms = agreed(Allotment(incidents(2), per="quarter"), Charge(Price("290 EUR/incident")), unit="incidents")
    work = [
        happened(Opened, f"T-{n}", f"2025-{day} 00:00") for n, day in enumerate(("01-05", "02-05", "03-31", "04-01"), 1)
    ]
    rating = rated(terms, *work)
    assert [paid(rating, f"T-{n}") for n in (1, 2, 3, 4)] == [
        ["grant 2025-01-01 1 incident"],
        ["grant 2025-01-01 1 incident"],
        ["charged 1 incident 290.00 EUR"],
        ["grant 2025-04-01 1 incident"],
    ]
