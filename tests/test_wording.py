"""Wording: every plan and contract reads as sentences, checked against sentences written by hand."""

from fractions import Fraction

import pytest

from supportcontracts import (
    Allotment,
    Band,
    Banks,
    BankSize,
    CappedHours,
    CappedIncidents,
    Charge,
    Composite,
    Contract,
    DaysLeft,
    Fallback,
    Fee,
    FixedAnnual,
    FreeTime,
    Graduated,
    Hold,
    IncidentTable,
    Meter,
    Metering,
    Money,
    Multiplier,
    Overdraw,
    Package,
    PayPerHour,
    PayPerIncident,
    Phase,
    PrepaidHours,
    PrepaidIncidents,
    Price,
    PriceList,
    Rate,
    Refuse,
    Remaining,
    RemainingShare,
    Rollover,
    Scope,
    ScopedMetering,
    SubLimit,
    Term,
    TopUp,
    Unlimited,
    Volume,
    Zone,
    days,
    hours,
    incidents,
    minutes,
    months,
    percent,
)
from supportcontracts.contracts import wording as module
from supportcontracts.contracts.plans import Plan
from supportcontracts.contracts.sources import Source
from supportcontracts.contracts.wording import agreed, describe, describe_plan, metered, payers, words
from supportcontracts.quantity import Unit
from tests.value_checks import changed

HOUR = Price("140 EUR/h")
INCIDENT = Price("290 EUR/incident")
OVERAGE = Charge(HOUR)
FEE = Money("1200 EUR")
ONSITE = Scope(channels="onsite")
ATLAS = Scope(products="atlas")
QUARTERS = Metering(increment=minutes(15))
LATE = IncidentTable(opened="reserve", resolved="consume", reopened_within=days(14))


def test_the_modules_show_their_public_names_only() -> None:
    """`dir` of the package and of its parts lists what `__all__` lists."""
    for part in (module, agreed, metered, payers, words):
        assert dir(part) == sorted(part.__all__)


# -- plans ------------------------------------------------------------------------------------------------------------

YEARLY_FEE = "A fee of 1,200.00 EUR a year falls due in advance in equal instalments, for a part of a year by its days."
COUNTED = (
    "A ticket consumes an incident when opened and gives it back when cancelled, merged into another, found to be a "
    "duplicate, found to be a defect of the product or found to be a feature request. "
    "A ticket that is reopened stays the same incident."
)


@pytest.mark.parametrize(
    ("plan", "lines"),
    [
        (
            FixedAnnual(fee=FEE, review_at=hours(400), metering=QUARTERS, scope=ONSITE),
            [
                YEARLY_FEE,
                "Only onsite use is covered. Work is rounded up to 15m.",
                "All work and incidents are included, with a notice when the work of a contract year passes 400h 00m.",
            ],
        ),
        (
            FixedAnnual(fee=FEE, review_at=incidents(12)),
            [
                YEARLY_FEE,
                (
                    "All work and incidents are included, "
                    "with a notice when the incidents of a contract year pass 12 incidents."
                ),
            ],
        ),
        (
            CappedHours(fee=FEE, allotment=hours(10), per="term", beyond=OVERAGE),
            [
                YEARLY_FEE,
                "An allotment of 10h 00m for the term pays; beyond it, 140.00 EUR per billable hour.",
            ],
        ),
        (
            CappedHours(
                fee=FEE,
                per="month",
                rollover=Rollover(),
                metering=QUARTERS,
                scope=ONSITE,
                allotment=hours(10),
                sublimits=SubLimit(hours(2)),
                beyond=OVERAGE,
                short=Overdraw(hours(1), settled_at=HOUR),
            ),
            [
                YEARLY_FEE,
                "Only onsite use is covered.",
                "Work is rounded up to 15m.",
                (
                    "An allotment of 10h 00m a month pays, of it at most 2h 00m a month. Of what is left of it, all "
                    "rolls over for 1 further month, and is drawn first. It may be overdrawn by up to 1h 00m, which "
                    "the next grant repays first; what is owed at the end of the term costs 140.00 EUR per hour."
                ),
                "Beyond it, 140.00 EUR per billable hour.",
            ],
        ),
        (
            CappedIncidents(fee=FEE, allotment=incidents(1), per="year", beyond=Refuse()),
            [
                YEARLY_FEE,
                COUNTED,
                "An allotment of 1 incident a year pays; beyond it, incidents are refused.",
                "Labour is included.",
            ],
        ),
        (
            PrepaidHours(
                metering=Metering(increment=minutes(15), multiplier=Multiplier("1.5", scope=ONSITE)),
                banks=Banks(order="soonest-expiry", warn_levels=Remaining(hours(2))),
                beyond=Charge(Price("137.50 EUR/h"), of="counted"),
            ),
            [
                "Work is rounded up to 15m; every hour counts 1.5 for onsite work.",
                (
                    "Banks pay, soonest expiry first, with a notice at 2h 00m remaining; "
                    "beyond them, 137.50 EUR per counted hour."
                ),
            ],
        ),
        (
            PrepaidIncidents(banks=Banks(), beyond=Hold(), incidents=LATE, metering=QUARTERS, scope=ONSITE),
            [
                "Only onsite use is covered.",
                (
                    "A ticket consumes an incident when resolved, reserves one when opened and gives it back when "
                    "cancelled, merged into another, found to be a duplicate, found to be a defect of the product "
                    "or found to be a feature request. "
                    "A ticket reopened within 14 days stays the same incident; later it is another, consumed at once."
                ),
                (
                    "Banks pay, soonest expiry first; "
                    "beyond them, incidents are held until an approval or a purchase releases them."
                ),
                "Labour is included. Work is rounded up to 15m.",
            ],
        ),
        (PayPerHour(tariff=HOUR), ["Work costs 140.00 EUR per billable hour."]),
        (
            PayPerIncident(tariff=INCIDENT, metering=Metering(multiplier=Multiplier(2, scope=ONSITE, on="price"))),
            [
                COUNTED,
                "The price of every incident is multiplied by 2 for onsite incidents.",
                "Incidents cost 290.00 EUR per incident.",
                "Labour is included. The price of every hour is multiplied by 2 for onsite work.",
            ],
        ),
        (Composite(), ["No use is covered."]),
        (
            Composite(
                fees=[Fee(Money("500 EUR"), per="term", name="setup"), Fee(FEE)],
                meters=[
                    Meter("work", Unlimited(), name="visits", scope=ONSITE),
                    Meter("work", OVERAGE, metering=QUARTERS),
                    Meter("incidents", Charge(INCIDENT), labour="metered-if-unpaid", scope=Scope(severities=[1, 2])),
                ],
            ),
            [
                (
                    "Fees due in advance in equal instalments, for a part of a year by its days: "
                    "setup, 500.00 EUR for the term; fee, 1,200.00 EUR a year."
                ),
                "Meter visits, for onsite work:",
                "  All work is included.",
                "Meter work, for all work that no meter before it measures:",
                "  Work is rounded up to 15m.",
                "  Work costs 140.00 EUR per billable hour.",
                "Meter incidents, for incidents of severity 1 or 2:",
                f"  {COUNTED}",
                "  Incidents cost 290.00 EUR per incident.",
                "  The labour of an incident that a source paid is included; other labour is metered as work.",
            ],
        ),
        (
            Composite(fees=Fee(Money("500 EUR"), per="term"), meters=Meter("work", Refuse())),
            ["A fee of 500.00 EUR for the term falls due in advance in equal instalments.", "Work is refused."],
        ),
        (
            Composite(fees=Fee(Money("500 EUR"), per="term", name="setup"), meters=Meter("work", Refuse())),
            ["Fees due in advance in equal instalments: setup, 500.00 EUR for the term.", "Work is refused."],
        ),
    ],
)
def test_a_plan_reads_as_sentences(plan: Plan, lines: list[str]) -> None:
    """A plan says its fees, which use it covers, how that is counted, and who pays for it at what price."""
    assert describe_plan(plan).splitlines() == lines


def sources_of(*sources: Source, unit: Unit = "work") -> str:
    """Say the sources of a plan that measures one unit, on one line."""
    lines = describe_plan(Composite(meters=Meter(unit, sources))).splitlines()
    return " / ".join(lines[1:-1] if unit == "incidents" else lines)


@pytest.mark.parametrize(
    ("sources", "text"),
    [
        ([Unlimited()], "All work is included."),
        ([Hold()], "Work is held until an approval or a purchase releases it."),
        ([Fallback("C-200")], "Work is handed over to contract C-200."),
        (
            [Allotment(hours(1)), Banks(), Hold()],
            (
                "An allotment of 1h 00m for the term pays; beyond it, banks pay, "
                "soonest expiry first; beyond them, work is held until an approval or a purchase releases it."
            ),
        ),
        (
            [Charge(HOUR, limit=hours(5)), Refuse()],
            (
                "Work costs 140.00 EUR per billable hour, at most 5h 00m counted in each billing period; "
                "beyond that, work is refused."
            ),
        ),
        (
            [Charge(HOUR, limit=FEE, limit_per="term"), Unlimited()],
            (
                "Work costs 140.00 EUR per billable hour, at most 1,200.00 EUR in the term; "
                "beyond that, all work is included."
            ),
        ),
        (
            [Unlimited(scope=ONSITE), OVERAGE],
            "All onsite work is included; for other work, 140.00 EUR per billable hour.",
        ),
        ([Unlimited(scope=ONSITE), Refuse()], "All onsite work is included; other work is refused."),
        (
            [Banks(scope=ONSITE), OVERAGE],
            (
                "Banks pay for onsite work, soonest expiry first; "
                "beyond them and for other work, 140.00 EUR per billable hour."
            ),
        ),
        (
            [Banks(scope=ONSITE), Fallback("C-2")],
            "Banks pay for onsite work, soonest expiry first; anything else is handed over to contract C-2.",
        ),
        (
            [Allotment(hours(1), scope=ONSITE), Charge(HOUR, scope=ATLAS), Unlimited()],
            (
                "An allotment of 1h 00m for the term pays for onsite work; beyond it and for other work, work about "
                "atlas costs 140.00 EUR per billable hour; anything else is included."
            ),
        ),
        (
            [Refuse(scope=ONSITE), Hold(scope=ATLAS), Refuse()],
            (
                "Onsite work is refused; for other work, work about atlas is held until an approval or a purchase "
                "releases it; other work is refused."
            ),
        ),
        (
            [Allotment(hours(1)), Charge(HOUR, scope=ONSITE), Charge(Price("90 EUR/h"))],
            (
                "An allotment of 1h 00m for the term pays; beyond it, onsite work costs 140.00 EUR per billable hour; "
                "for anything else, 90.00 EUR per billable hour."
            ),
        ),
        ([Unlimited(), OVERAGE], "All work is included; without effect behind that, 140.00 EUR per billable hour."),
    ],
)
def test_sources_read_in_the_order_in_which_they_pay(sources: list[Source], text: str) -> None:
    """What may run out is followed by "beyond", what has a scope by "other", and what is never reached says so."""
    assert sources_of(*sources) == text


@pytest.mark.parametrize(
    ("charge", "text"),
    [
        (
            Charge(Price("2.50 EUR/min"), per="day", free_first=hours(1)),
            "Work costs 2.50 EUR per billable minute. The first 1h 00m of each day is free.",
        ),
        (
            Charge(
                Graduated(
                    [
                        Band(hours(1), HOUR, Money("20 EUR")),
                        Band(hours(3), Price("130 EUR/h")),
                        Band(None, Price("120 EUR/h")),
                    ]
                ),
                per="incident",
                of="counted",
            ),
            (
                "Work costs, in bands over each ticket, 20.00 EUR once and 140.00 EUR per counted hour up to 1h 00m, "
                "then 130.00 EUR per counted hour up to 3h 00m, then 120.00 EUR per counted hour."
            ),
        ),
        (
            Charge(Volume([Band(hours(10), HOUR), Band(None, Price("120 EUR/h"), Money("5 EUR"))]), per="period"),
            (
                "Work costs, for all of each billing period together, 140.00 EUR per billable hour if it is at most "
                "10h 00m, otherwise 5.00 EUR once and 120.00 EUR per billable hour."
            ),
        ),
        (
            Charge(Volume(Band(None, HOUR)), per="term"),
            "Work costs, for all of the term together, 140.00 EUR per billable hour.",
        ),
        (
            Charge(Package(minutes(30), Money("60 EUR")), per="entry"),
            "Work costs 60.00 EUR per package of 30m billable, or part of one, counted over each entry.",
        ),
        (
            Charge(Package(minutes(30), Money("60 EUR"), part="free"), per="day", of="counted"),
            "Work costs 60.00 EUR per full package of 30m counted, counted over each day.",
        ),
        (
            Charge(
                HOUR,
                rates=[
                    Rate(Price("180 EUR/h"), role="senior"),
                    Rate(Price("99 EUR/h"), work_type="training"),
                    Rate(Price("1000/3 EUR/h"), role="senior", work_type="training"),
                ],
                entry_rates="used",
            ),
            (
                "Work costs 140.00 EUR per billable hour. Instead, work by senior costs 180.00 EUR per billable "
                "hour, work of type training costs 99.00 EUR per billable hour and work of type training by senior "
                "costs 1000/3 EUR per billable hour. A rate that an entry states comes before all others."
            ),
        ),
        (
            Charge(HOUR, approval="required"),
            "Work costs 140.00 EUR per billable hour. Charged work is held until the customer approves it.",
        ),
        (
            Charge(HOUR, discount=percent("12.5"), maximum=FEE, minimum=Money("50 EUR"), adjust_per="term"),
            (
                "Work costs 140.00 EUR per billable hour. The lines of the term together are reduced by 12.5 %, "
                "then cut to at most 1,200.00 EUR, then raised to at least 50.00 EUR, used or not."
            ),
        ),
        (
            Charge(HOUR, maximum=FEE),
            (
                "Work costs 140.00 EUR per billable hour. "
                "The lines of each billing period together are cut to at most 1,200.00 EUR. "
                "In a part period the maximum is prorated by days."
            ),
        ),
        (
            Charge(HOUR, maximum=FEE, minimum=Money("50 EUR"), stubs="full"),
            (
                "Work costs 140.00 EUR per billable hour. "
                "The lines of each billing period together are cut to at most 1,200.00 EUR, "
                "then raised to at least 50.00 EUR, used or not. "
                "In a part period the maximum and minimum stand in full."
            ),
        ),
    ],
)
def test_a_charge_says_its_price_and_all_that_changes_it(charge: Charge, text: str) -> None:
    """Bands, packages, rates, what is free, approval, and what is done to the sum of a window are all said."""
    assert sources_of(charge) == text


def test_incidents_are_spoken_of_in_the_plural() -> None:
    """The verbs and pronouns agree with incidents, and one incident is singular."""
    charge = Charge(
        Package(incidents(5), Money("60 EUR")),
        per="incident",
        free_first=incidents(1),
        approval="required",
        of="counted",
    )
    assert sources_of(charge, unit="incidents") == (
        "Incidents cost 60.00 EUR per package of 5 incidents, or part of one, counted over each incident. "
        "The first 1 incident of each incident is free. Charged incidents are held until the customer approves them."
    )
    charge = Charge(INCIDENT, per="day", free_first=incidents(2), limit=incidents(9), scope=Scope(severities=1))
    assert sources_of(charge, Unlimited(), unit="incidents") == (
        "Incidents of severity 1 cost 290.00 EUR per incident, at most 9 incidents in each billing period. "
        "The first 2 incidents of each day are free. / Anything else is included."
    )


@pytest.mark.parametrize(
    ("allotment", "text"),
    [
        (Allotment(hours(10), "quarter", scope=ONSITE), "An allotment of 10h 00m a quarter pays for onsite work"),
        (
            Allotment(
                hours(10),
                "year",
                sublimits=[
                    SubLimit(hours(2), per="day", scope=ONSITE),
                    SubLimit(hours(5), per="week"),
                    SubLimit(hours(7), scope=ATLAS),
                ],
            ),
            (
                "An allotment of 10h 00m a year pays, of it at most 2h 00m a day for onsite work, 5h 00m a calendar "
                "week and 7h 00m a year for work about atlas"
            ),
        ),
        (
            Allotment(hours(10), short="whole-to-next"),
            "An allotment of 10h 00m for the term pays. It pays for a use in full or not at all.",
        ),
        (
            Allotment(hours(10), short=Overdraw(percent(20), settled_at=HOUR)),
            (
                "An allotment of 10h 00m for the term pays. It may be overdrawn by up to 20 % of the grant, which "
                "the next grant repays first; what is owed at the end of the term costs 140.00 EUR per hour."
            ),
        ),
        (
            Allotment(
                hours(10),
                "month",
                rollover=Rollover(share=percent(40), cap=percent(50), lasts=2, use="last", base="all-left"),
            ),
            (
                "An allotment of 10h 00m a month pays. Of what is left of it and of what rolled over before, 40 % "
                "rolls over for 2 further months, at most 50 % of the grant, and is drawn last."
            ),
        ),
        (
            Allotment(hours(10), "month", rollover=Rollover(share=Fraction(1, 3), cap=hours(4))),
            (
                "An allotment of 10h 00m a month pays. Of what is left of it, 1/3 rolls over for 1 further month, "
                "at most 4h 00m, and is drawn first."
            ),
        ),
    ],
)
def test_an_allotment_says_its_grant_and_what_becomes_of_it(allotment: Allotment, text: str) -> None:
    """The grant, its limits, what rolls over and what may be owed are all said."""
    said = sources_of(allotment, Refuse())
    assert said.startswith(text + (" /" if text.endswith(".") else ";"))


BANK_OFFER = PriceList([BankSize(hours(5), Price("125 EUR/h")), BankSize(hours(20), HOUR, life=months(12))])


@pytest.mark.parametrize(
    ("banks", "text"),
    [
        (Banks(order="oldest-start"), "Banks pay, oldest first;"),
        (Banks(order="priority"), "Banks pay, by priority;"),
        (Banks(order="granted-before-paid"), "Banks pay, granted before bought;"),
        (Banks(order="lowest-cost"), "Banks pay, cheapest first;"),
        (Banks(order="highest-cost", pool="project"), "Banks of pool project pay, dearest first;"),
        (
            Banks(warn_levels=[RemainingShare(percent(20)), RemainingShare(percent("0.5"), of="total"), DaysLeft(1)]),
            (
                "Banks pay, soonest expiry first, with a notice at 20 % of the latest purchase remaining, at 0.5 % "
                "of all usable banks remaining and 1 day before a bank ends;"
            ),
        ),
        (Banks(usable="payment"), "Banks pay, soonest expiry first. A bank pays only once it is paid for. /"),
        (
            Banks(returns=days(30)),
            "Banks pay, soonest expiry first. What is given back to a bank that has ended can be used for 30 days. /",
        ),
        (
            Banks(offer=BANK_OFFER),
            (
                "Banks pay, soonest expiry first. On offer: 5h 00m or more at 125.00 EUR per hour and 20h 00m or "
                "more at 140.00 EUR per hour lasting 12 months. /"
            ),
        ),
        (
            Banks(offer=changed(BANK_OFFER, cutoff="15:00"), short="whole-to-next"),
            (
                "Banks pay, soonest expiry first. On offer: 5h 00m or more at 125.00 EUR per hour and 20h 00m or "
                "more at 140.00 EUR per hour lasting 12 months. A bank bought at 15:00 or later starts on the next "
                "day. They pay for a use in full or not at all. /"
            ),
        ),
        (
            Banks(
                top_up=[
                    TopUp(Remaining(hours(2)), hours(10), HOUR, life=days(30)),
                    TopUp(RemainingShare(percent(20)), hours(20), HOUR),
                ]
            ),
            (
                "Banks pay, soonest expiry first. At 2h 00m remaining, a bank of 10h 00m at 140.00 EUR per hour "
                "lasting 30 days is proposed. At 20 % of the latest purchase remaining, a bank of 20h 00m at "
                "140.00 EUR per hour is proposed. /"
            ),
        ),
        (
            Banks(short=Overdraw(percent(20), settled_at=HOUR)),
            (
                "Banks pay, soonest expiry first. They may be overdrawn by up to 20 % of the latest purchase, which "
                "the next one repays first; what is owed at the end of the contract costs 140.00 EUR per hour. /"
            ),
        ),
    ],
)
def test_banks_say_their_order_and_how_they_are_sold(banks: Banks, text: str) -> None:
    """The order, notices, price list, proposals, and what is owed or given back are all said."""
    assert sources_of(banks, Refuse()).startswith(text)


@pytest.mark.parametrize(
    ("metering", "text"),
    [
        (Metering(group="incident"), "The entries of one ticket are added up."),
        (
            Metering(group="technician-day", free=FreeTime(minutes(5))),
            "The entries of one technician and day are added up; the first 5m of each technician and day is free.",
        ),
        (
            Metering(group="incident-and-day", free=FreeTime(minutes(90), per="period", reading="all")),
            (
                "The entries of one ticket and day are added up; up to 1h 30m of each billing period is free, and once "
                "that is passed all of it counts."
            ),
        ),
        (
            Metering(minimum=minutes(30), increment=minutes(15), grace=minutes(5)),
            "Work is raised to at least 30m and rounded up to 15m, an excess of at most 5m dropped.",
        ),
        (Metering(minimum=hours(2)), "Work is raised to at least 2h."),
        (
            Metering(multiplier=[Multiplier("1.5"), Multiplier(2, scope=ONSITE)]),
            "Every hour counts 1.5 for all work and 2 for onsite work, of several that apply the largest.",
        ),
        (
            Metering(multiplier=[Multiplier(2, on="price"), Multiplier(3, on="price")], combine="product"),
            (
                "The price of every hour is multiplied by 2 for all work and 3 for all work, of several that apply "
                "their product."
            ),
        ),
        (Metering(at_boundary="split"), "Work is cut where a period or a bank ends."),
        (
            Metering(
                increment=minutes(15),
                special=[ScopedMetering(ONSITE, Metering(minimum=hours(2))), ScopedMetering(Scope(), Metering())],
            ),
            (
                "Work is rounded up to 15m. Onsite work is metered apart: it is raised to at least 2h. "
                "Of the rest, all work is metered apart: as recorded."
            ),
        ),
        (Metering(special=ScopedMetering(ONSITE, Metering())), ""),
    ],
)
def test_metering_says_every_stage_in_order(metering: Metering, text: str) -> None:
    """Groups, free time, minimum, increment, grace, factors and cuts are said; plain metering is not."""
    lines = describe_plan(PayPerHour(tariff=HOUR, metering=metering)).splitlines()
    assert lines == [*filter(None, [text]), "Work costs 140.00 EUR per billable hour."]


@pytest.mark.parametrize(
    ("table", "text"),
    [
        (IncidentTable(), COUNTED),
        (
            IncidentTable(
                opened="reserve",
                responded="consume",
                closed="reserve",
                cancelled="ignore",
                merged="ignore",
                duplicate="ignore",
                product_defect="ignore",
                feature_request="ignore",
                reopened_within=days(1),
                reopened="reserve",
            ),
            (
                "A ticket consumes an incident when answered and reserves one when opened or closed. "
                "A ticket reopened within 1 day stays the same incident; later it is another, reserved at once."
            ),
        ),
        (
            IncidentTable(
                opened="ignore",
                cancelled="ignore",
                merged="ignore",
                duplicate="ignore",
                product_defect="ignore",
                feature_request="ignore",
                reopened_within=days(0),
            ),
            "A ticket reopened within 0 days stays the same incident; later it is another, consumed at once.",
        ),
        (
            IncidentTable(
                cancelled="ignore",
                merged="ignore",
                duplicate="ignore",
                product_defect="ignore",
                closed="ignore",
                reopened_within=days(3),
                reopened="ignore",
            ),
            (
                "A ticket consumes an incident when opened and gives it back when found to be a feature request. "
                "A ticket reopened within 3 days stays the same incident; later it is another."
            ),
        ),
        (
            IncidentTable(
                opened="release",
                cancelled="ignore",
                merged="ignore",
                duplicate="ignore",
                product_defect="ignore",
                feature_request="ignore",
                reopened="release",
                resolved="ignore",
                closed="consume",
                reopened_within=days(3),
            ),
            (
                "A ticket consumes an incident when closed and gives it back when opened. "
                "A ticket reopened within 3 days stays the same incident; later it is another, given back at once."
            ),
        ),
    ],
)
def test_an_incident_table_says_what_counts(table: IncidentTable, text: str) -> None:
    """What consumes, reserves and gives back is said, and when a reopened ticket is another incident."""
    assert describe_plan(PayPerIncident(tariff=INCIDENT, incidents=table)).splitlines()[0] == text


@pytest.mark.parametrize(
    ("scope", "text"),
    [
        (Scope(), "use"),
        (Scope(channels=["phone", "onsite"]), "phone or onsite use"),
        (
            Scope(
                products=["atlas", "relay", "orbit"],
                severities=[1, 2],
                channels="phone",
                roles="senior",
                work_types="training",
                windows="night",
                responses="urgent",
            ),
            (
                "phone use about atlas, relay or orbit of severity 1 or 2 of type training by senior in night "
                "with response urgent"
            ),
        ),
    ],
)
def test_a_scope_reads_as_one_phrase(scope: Scope, text: str) -> None:
    """Every restriction of a scope is said, with its values."""
    assert words.scoped("use", scope) == text


# -- contracts --------------------------------------------------------------------------------------------------------

BERLIN = Zone("Europe/Berlin")
YEAR = Term("2024-10-01", months=24, zone=BERLIN)
BANK_HOURS = PrepaidHours(
    metering=Metering(increment=minutes(15), multiplier=Multiplier("1.5", scope=ONSITE)),
    banks=Banks(warn_levels=Remaining(hours(2))),
    beyond=Charge(Price("137.50 EUR/h"), of="counted"),
)
C104 = Contract(
    "C-104",
    customer="birchwood",
    rounding="half-up",
    billing="monthly",
    term=YEAR,
    plan=BANK_HOURS,
    products="atlas",
    contacts=["ines.roth", "paul.ade"],
)


def test_a_contract_reads_from_its_heading_to_who_may_ask() -> None:
    """A contract says whose it is, for which days, its plan, how lines settle, who may ask and about what."""
    assert (
        str(C104)
        == describe(C104)
        == (
            "C-104 · birchwood · 2024-10-01 to 2026-09-30, Europe/Berlin · billed monthly\n"
            "Work is rounded up to 15m; every hour counts 1.5 for onsite work.\n"
            "Banks pay, soonest expiry first, with a notice at 2h 00m remaining; "
            "beyond them, 137.50 EUR per counted hour.\n"
            "Each line settles half up to 0.01 EUR. ines.roth and paul.ade may ask, about atlas."
        )
    )


@pytest.mark.parametrize(
    ("billing", "text"),
    [
        ("term", "billed once for the term"),
        ("yearly", "billed yearly"),
        ("quarterly", "billed quarterly"),
        ("monthly", "billed monthly"),
    ],
)
def test_a_heading_ends_with_the_billing_period(billing: str, text: str) -> None:
    """Each billing period has its word."""
    assert str(changed(C104, billing=billing)).splitlines()[0].endswith(f" · {text}")


@pytest.mark.parametrize(
    ("rounding", "text"),
    [
        ("half-up", "Each line settles half up to 0.01 EUR."),
        ("half-even", "Each line settles half even to 0.01 EUR."),
        ("up", "Each line settles upwards to 0.01 EUR."),
        ("down", "Each line settles downwards to 0.01 EUR."),
    ],
)
def test_the_last_line_says_how_lines_settle(rounding: str, text: str) -> None:
    """Each rounding has its words, and the step is one minor unit of the currency."""
    assert str(changed(C104, rounding=rounding)).splitlines()[-1].startswith(text)


def test_a_step_is_a_minor_unit_of_the_currency() -> None:
    """A yen has no decimals, a dinar has three."""
    for code, step in (("JPY", "1 JPY"), ("BHD", "0.001 BHD")):
        plan = PrepaidHours(beyond=Hold())
        contract = Contract("C-1", customer="elm", rounding="down", term=YEAR, plan=plan, currency=code)
        assert str(contract).splitlines()[-1] == f"Each line settles downwards to {step}."


@pytest.mark.parametrize(
    ("contacts", "products", "text"),
    [
        ((), (), "Each line settles half up to 0.01 EUR."),
        ((), ["atlas", "relay"], "Each line settles half up to 0.01 EUR. It is about atlas and relay."),
        (["ines.roth"], (), "Each line settles half up to 0.01 EUR. ines.roth may ask."),
        (["a", "b", "c"], "atlas", "Each line settles half up to 0.01 EUR. a, b and c may ask, about atlas."),
    ],
)
def test_the_last_line_says_who_may_ask_about_what(contacts: object, products: object, text: str) -> None:
    """Where the terms name neither contacts nor products, nothing is said of them."""
    assert str(changed(C104, contacts=contacts, products=products)).splitlines()[-1] == text


def test_phases_are_told_one_by_one() -> None:
    """Every phase has its days; one with the plan of an earlier phase refers to it, and a gap is a lapse."""
    fixed = FixedAnnual(fee=FEE)
    contract = Contract(
        "C-9",
        customer="elm",
        rounding="half-up",
        phases=[
            Phase(Term("2025-01-01", months=12, zone=BERLIN), fixed),
            Phase(Term("2026-01-01", months=12, zone=BERLIN), BANK_HOURS),
            Phase(Term("2027-02-01", months=1, zone=BERLIN), fixed),
        ],
    )
    assert str(contract).splitlines() == [
        "C-9 · elm · 2025-01-01 to 2027-02-28 in 3 phases, Europe/Berlin · billed yearly",
        "Phase 1, 2025-01-01 to 2025-12-31:",
        f"  {YEARLY_FEE}",
        "  All work and incidents are included.",
        "Phase 2, 2026-01-01 to 2026-12-31:",
        "  Work is rounded up to 15m; every hour counts 1.5 for onsite work.",
        (
            "  Banks pay, soonest expiry first, with a notice at 2h 00m remaining; "
            "beyond them, 137.50 EUR per counted hour."
        ),
        "Lapsed from 2027-01-01 until 2027-02-01.",
        "Phase 3, 2027-02-01 to 2027-02-28: as in phase 1.",
        "Each line settles half up to 0.01 EUR.",
    ]


def test_a_list_is_spoken() -> None:
    """One word stands alone, two are joined by "and", more have commas before."""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b"], "or") == "a or b"
    assert words.listed(iter("abc")) == "a, b and c"
