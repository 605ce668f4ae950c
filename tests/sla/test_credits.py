"""Attainment and service credits: the published shapes by hand, and the laws that hold for any of them."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportcontracts.contracts.service_credits import (
    Claim,
    CreditBand,
    CreditBands,
    CreditCap,
    CreditEach,
    CreditSteps,
    DowntimeMultiple,
    Measure,
    MinimumCredit,
    PoolShare,
    ServiceCredits,
    ServiceLevel,
)
from supportcontracts.contracts.tiers import Targets, Tier
from supportcontracts.coverage import Coverage
from supportcontracts.errors import InvalidValue
from supportcontracts.events import CustomerReplied, Opened, Resolved, Responded
from supportcontracts.money import Money
from supportcontracts.quantity import hours, minutes, percent
from supportcontracts.sla import (
    Exclusion,
    Outage,
    ServiceCreditProposal,
    TicketStatuses,
    attainment,
    propose_credits,
    track_all,
)
from supportcontracts.sla.attainment import percentage
from supportcontracts.timeline import Days, Span, Term, Zone

Several = Literal["added", "largest", "customer-chooses"]

UTC = Zone("UTC")
at = UTC.at
APRIL = Term("2025-04-01", months=1, zone=UTC)  # 30 days, 720 hours
MAY = at("2025-05-02 00:00")
ALWAYS = Coverage("24x7", zone=UTC)
TIER = Tier(
    "gold",
    targets={
        severity: Targets(
            first_response=ALWAYS.hours(severity), next_response=ALWAYS.hours(4), resolution=ALWAYS.hours(8)
        )
        for severity in (1, 2)
    },
)
UPTIME = CreditBands(
    [
        CreditBand(percent(10), at_least=percent(99), below=percent("99.9")),
        CreditBand(percent(25), at_least=percent(0), below=percent(99)),
    ]
)


def tickets(*answers: tuple[str, int, int, str]) -> TicketStatuses:
    """Open tickets on a day of April, at noon, and answer each after so many minutes: name, severity, minutes, day."""
    events: list[Any] = []
    for name, severity, after, day in answers:
        opened = at(f"{day} 12:00")
        events.append(Opened(f"{name}/o", opened, ticket=name, severity=severity))
        events.append(Responded(f"{name}/r", opened.add(minutes=after), ticket=name))
    return track_all(TIER, events, as_of=MAY)


# Severity 1 has an hour, severity 2 two.
TEN = tickets(
    *((f"T-{number}", 1, 30, "2025-04-07") for number in range(6)),
    ("T-6", 2, 120, "2025-04-08"),
    ("T-7", 2, 121, "2025-04-08"),
    ("T-8", 1, 90, "2025-04-09"),
    ("T-9", 1, 240, "2025-04-10"),
)


def proposed(terms: ServiceCredits, statuses: Any = (), fee: str = "300 EUR", **more: Any) -> ServiceCreditProposal:  # noqa: ANN401  # any facts
    """Propose the credits of April."""
    facts: dict[str, Any] = {"window": APRIL, "per": "month", "fees": {"fee": Money(fee)}, "as_of": MAY} | more
    return propose_credits(terms, statuses, rounding="half-up", **facts)


def level(measure: Measure, credit: Any, name: str = "level", **more: Any) -> ServiceLevel:  # noqa: ANN401  # any schedule
    """Promise a level by the month."""
    return ServiceLevel(name, measure, credit, **({"per": "month"} | more))


def outage(id_: str, start: str, length: int, **more: Any) -> Outage:  # any facts
    """Let everything be down for so many minutes."""
    return Outage(id_, Span(at(start), at(start).add(minutes=length)), **more)


@pytest.mark.rule("C18", "D33")
def test_attainment_by_hand() -> None:
    """Six of eight at severity 1 in time, one of two at severity 2; at the target is in time, a minute later is not."""
    found = attainment(TEN, since=at("2025-04-01 00:00"), until=at("2025-05-01 00:00"))
    assert str(found).splitlines() == [
        "metric          severity  met  missed  left out  attainment",
        "first response  all         7       3         0        70 %",
        "                1           6       2         0        75 %",
        "                2           1       1         0        50 %",
        "resolution      all         0      10         0         0 %",
        "                1           0       8         0         0 %",
        "                2           0       2         0         0 %",
    ]
    assert found.cell("first-response", 1).ratio == Fraction(3, 4)
    assert found.to_rows()[0]["ratio"] == "7/10"
    assert found.explain("first-response", 2).splitlines() == [
        "ticket  severity  outcome  decided at, UTC      late    left out",
        "T-6     2         met      2025-04-08 14:00:00  –",
        "T-7     2         missed   2025-04-08 14:00:00  0h 01m",
    ]


@pytest.mark.rule("C18")
def test_what_is_excluded_is_listed_and_a_small_sample_has_no_ratio() -> None:
    """A ticket left out counts neither way; with fewer tickets than the sample asks for there is no ratio."""
    left_out = [
        Exclusion("customer-caused", ticket="T-9", metrics="first-response"),
        Exclusion("force-majeure", ticket="T-9"),
    ]
    window: dict[str, Any] = {"since": at("2025-04-01 00:00"), "until": at("2025-05-01 00:00")}
    cell = attainment(TEN, **window, exclusions=left_out).cell("first-response")
    assert (cell.met, cell.missed, cell.excluded, cell.ratio) == (7, 2, 1, Fraction(7, 9))
    assert "customer-caused, force-majeure" in attainment(TEN, **window, exclusions=left_out).explain("first-response")
    assert attainment(TEN, **window, exclusions=left_out, sample=10).cell("first-response").ratio is None
    assert "–" in str(attainment(TEN, **window, sample=11))
    assert attainment(TEN, **window).cell("update").ratio is None


@pytest.mark.rule("C18", "D33")
def test_a_ticket_counts_once_however_often_its_clock_ran() -> None:
    """Of three next responses one was late: the ticket is missed, when that was; a ticket with two in time is met."""
    events: list[Any] = [
        Opened("E-1", at("2025-04-07 08:00"), ticket="T-1", severity=1),
        Responded("E-2", at("2025-04-07 08:10"), ticket="T-1"),
        CustomerReplied("E-3", at("2025-04-07 09:00"), ticket="T-1"),
        Responded("E-4", at("2025-04-07 10:00"), ticket="T-1"),
        CustomerReplied("E-5", at("2025-04-07 11:00"), ticket="T-1"),
        Responded("E-6", at("2025-04-07 15:30"), ticket="T-1"),
        CustomerReplied("E-7", at("2025-04-07 16:00"), ticket="T-1"),
        Responded("E-8", at("2025-04-07 16:05"), ticket="T-1"),
    ]
    found = attainment(track_all(TIER, events, as_of=MAY), since=at("2025-04-07 00:00"), until=at("2025-04-08 00:00"))
    (only,) = [each for each in found.outcomes if each.metric == "next-response"]
    assert (only.outcome, only.decided_at, only.late) == ("missed", at("2025-04-07 15:00"), minutes(30))


@pytest.mark.rule("C18")
@given(st.lists(st.integers(0, 40), min_size=1, max_size=5))
def test_windows_add_up(cuts: list[int]) -> None:
    """However a stretch of time is cut into windows, each ticket and metric counts in exactly one of them."""
    edges = sorted({0, 40, *cuts})
    days = [at("2025-04-01 00:00").add(days=day) for day in edges]
    parts = [attainment(TEN, since=a, until=b).outcomes for a, b in pairwise(days)]
    assert [each for part in parts for each in part if each.metric == "first-response"] == [
        each for each in attainment(TEN, since=days[0], until=days[-1]).outcomes if each.metric == "first-response"
    ]


def test_a_percentage_never_rounds_up_to_what_was_not_reached() -> None:
    """99.996 % is not 100 %."""
    assert percentage(Fraction(24_999, 25_000)) == "99.99… %"
    assert percentage(Fraction(1)) == "100 %"
    assert percentage(Fraction(1, 800)) == "0.12… %"


@pytest.mark.rule("C19", "D25")
@pytest.mark.parametrize(
    ("down", "credit"),
    [
        (0, "0.00 EUR"),
        # 43.2 minutes of 720 hours are 0.1 %: at 99.9 % exactly nothing is due, a minute more is.
        (43, "0.00 EUR"),
        (44, "30.00 EUR"),
        (432, "30.00 EUR"),  # 99 % exactly
        (433, "75.00 EUR"),
        (43_200, "75.00 EUR"),
    ],
)
def test_availability_in_bands(down: int, credit: str) -> None:
    """Bands hold from their lower end up to, but not including, their upper one."""
    terms = ServiceCredits([level(Measure("availability"), UPTIME)])
    outages = [outage("O-1", "2025-04-01 00:00", down)] if down else []
    found = proposed(terms, outages=outages)
    assert str(found.total) == credit
    assert found.is_due == (credit != "0.00 EUR")


@pytest.mark.rule("C19")
@pytest.mark.parametrize(
    ("terms", "credit"),
    [
        # More than four missed in the window: 20 %. Three are not.
        (level(Measure("breaches", metrics="first-response"), CreditBands([CreditBand(percent(20), at_least=5)])), "0"),
        # By count: 1 or 2, 3 or 4, 5 and more.
        (
            level(
                Measure("breaches", metrics="first-response"),
                CreditBands(
                    [
                        CreditBand(percent(5), at_least=1, below=3),
                        CreditBand(percent(10), at_least=3, below=5),
                        CreditBand(percent(20), at_least=5),
                    ]
                ),
            ),
            "30",
        ),
        # Each breach a day of the service: 3 × 300 / 30.
        (level(Measure("breaches", metrics="first-response"), CreditEach(Days(1))), "30"),
        # 70 % against 95 %: 25 points, 2 % for each begun 10 points, or each full one.
        (
            level(
                Measure("attainment", metrics="first-response"),
                CreditSteps(percent(2), step=percent(10), limit=percent(95), count="part-thereof"),
            ),
            "18",
        ),
        (
            level(
                Measure("attainment", metrics="first-response"),
                CreditSteps(percent(2), step=percent(10), limit=percent(95), count="full-only"),
            ),
            "12",
        ),
        (
            level(
                Measure("attainment", metrics="first-response"),
                CreditSteps(percent(2), step=percent(10), limit=percent(95), count="exact"),
            ),
            "15",
        ),
        # Severity 2 alone: half of them in time.
        (
            level(
                Measure("attainment", metrics="first-response", severities=2),
                CreditSteps(percent(1), step=percent(1), limit=percent(90), count="full-only"),
            ),
            "120",
        ),
        # 211 minutes late in all, half an hour free, 5.00 for each begun half hour of the 181 beyond.
        (
            level(
                Measure("lateness", metrics="first-response"),
                CreditSteps(Money("5 EUR"), step=minutes(30), limit=minutes(30), count="part-thereof"),
            ),
            "35",
        ),
        # The same ticket by ticket: 1, 30 and 180 minutes; only the last is beyond half an hour: 150 minutes.
        (
            level(
                Measure("lateness", metrics="first-response"),
                CreditSteps(Money("5 EUR"), step=minutes(30), limit=minutes(30), count="part-thereof"),
                each="incident",
            ),
            "25",
        ),
    ],
)
def test_tickets_by_every_schedule(terms: ServiceLevel, credit: str) -> None:
    """Attainment, breaches and lateness are sized by bands, by the piece and by steps."""
    assert proposed(ServiceCredits(terms), TEN).total == Money(f"{credit} EUR")


@pytest.mark.rule("C19")
def test_multiples_shares_and_days() -> None:
    """A hundred times the fee for an hour, for 2 of 200 users, or days of the service by the length of the outage."""
    down = [outage("O-1", "2025-04-10 10:00", 60, users=Fraction(2, 200))]
    hundred = ServiceCredits(level(Measure("downtime"), DowntimeMultiple("100")))
    assert proposed(hundred, fee="720 EUR", outages=down).total == Money("100 EUR")
    few = ServiceCredits(level(Measure("downtime"), DowntimeMultiple("100"), users="affected"))
    assert proposed(few, fee="720 EUR", outages=down).total == Money("1 EUR")
    by_incident = ServiceCredits(level(Measure("downtime"), DowntimeMultiple("100"), each="incident", users="affected"))
    assert proposed(by_incident, fee="720 EUR", outages=down).total == Money("1 EUR")
    bands = CreditBands(
        [
            CreditBand(Days(3), at_least=minutes(30), below=hours(4)),
            CreditBand(Days(7), at_least=hours(4), below=hours(24)),
            CreditBand(Days(15), at_least=hours(24)),
        ]
    )
    days = ServiceCredits(level(Measure("downtime"), bands), day_of="thirtieth")
    assert proposed(days, outages=down).total == Money("30 EUR")
    longer = ServiceCredits(level(Measure("downtime"), bands), granted_as="term-extension")
    found = proposed(longer, outages=down)
    assert found.total == Days(3)
    assert str(found).splitlines()[-1].endswith("3 days")
    with pytest.raises(InvalidValue, match="a phase of the contract"):
        found.granted("SC-1", at=MAY, customer="elm")


@pytest.mark.rule("C19")
def test_a_pool_pays_the_part_of_each_level_that_is_missed() -> None:
    """15 % of the fee are at risk; answers have 40 % of it, with a weight of 2: 300 × 0.15 × 0.8 = 36.00."""
    terms = ServiceCredits(
        [
            level(
                Measure("attainment", metrics="first-response"),
                PoolShare(below=percent(95), allocation=percent(40), weight="2"),
                "answers",
            ),
            level(Measure("availability"), PoolShare(below=percent(99), allocation=percent(20)), "uptime"),
        ],
        at_risk=percent(15),
    )
    found = proposed(terms, TEN)
    assert found.total == Money("36 EUR")
    assert [line.level for line in found.lines] == ["answers"]
    kept = level(Measure("attainment", metrics="first-response"), PoolShare(below=percent(70), allocation=percent(40)))
    assert proposed(ServiceCredits(kept, at_risk=percent(15)), TEN).code == "nothing-missed"


@pytest.mark.rule("C19")
def test_overlapping_outages_and_excluded_time_count_once() -> None:
    """Two outages that overlap are one time down; excluded time is taken from the outage and from the window."""
    down = [outage("O-1", "2025-04-10 10:00", 60), outage("O-2", "2025-04-10 10:30", 60, service="api")]
    each_hour = CreditSteps(Money("10 EUR"), step=minutes(1), limit=minutes(0), count="exact")
    terms = ServiceCredits(level(Measure("downtime"), each_hour, excluded="maintenance"))
    night = [Exclusion("maintenance", span=Span(at("2025-04-10 11:00"), at("2025-04-10 12:00")))]
    other = [Exclusion("rumour", span=Span(at("2025-04-10 10:00"), at("2025-04-10 12:00")))]
    assert proposed(terms, outages=down).total == Money("900 EUR")
    assert proposed(terms, outages=down, exclusions=night).total == Money("600 EUR")
    assert proposed(terms, outages=down, exclusions=other).total == Money("900 EUR")
    api = ServiceCredits(level(Measure("downtime", service="api"), each_hour))
    web = ServiceCredits(level(Measure("downtime", service="web"), each_hour))
    assert proposed(api, outages=down).total == Money("900 EUR")
    assert proposed(web, outages=down).total == Money("600 EUR")
    everything = [Exclusion("maintenance", span=Span(at("2025-03-01 00:00"), at("2025-06-01 00:00")))]
    assert proposed(terms, outages=down, exclusions=everything).code == "nothing-missed"
    edge = [outage("O-3", "2025-03-31 23:30", 60), outage("O-4", "2025-06-01 00:00", 60)]
    assert proposed(terms, outages=edge).total == Money("300 EUR")


TWO_LEVELS = [
    level(
        Measure("downtime"), CreditBands([CreditBand(Money("20 EUR"), at_least=minutes(30))]), "one", each="incident"
    ),
    level(Measure("downtime"), CreditBands([CreditBand(Money("4 EUR"), at_least=minutes(10))]), "two", each="incident"),
]


@pytest.mark.rule("C20")
@pytest.mark.parametrize(
    ("several", "chosen", "expected"),
    [
        ("added", (), "24.00 EUR"),
        ("largest", (), "20.00 EUR"),
        ("customer-chooses", ("two",), "4.00 EUR"),
        ("customer-chooses", (), "0.00 EUR"),
        ("customer-chooses", ("one", "two"), "0.00 EUR"),
    ],
)
def test_one_incident_that_misses_several_levels(several: Several, chosen: tuple[str, ...], expected: str) -> None:
    """Both add up, the largest counts, or the customer picks one; without a choice nothing is due yet."""
    found = proposed(ServiceCredits(TWO_LEVELS, several=several), outages=[outage("O-1", "2025-04-10 10:00", 40)],
                     chosen=chosen)  # fmt: skip
    assert str(found.total) == expected
    assert found.code == ("customer-has-to-choose" if expected == "0.00 EUR" else "")
    if several == "largest":
        assert [line.code for line in found.lines] == ["", "another-level"]
        assert "one counts instead" in found.explain()


@pytest.mark.rule("C20", "D24")
def test_caps_hold_from_the_narrow_to_the_wide() -> None:
    """Each level at most 20 %, all together at most 10 %: 60.00 and 12.00 are first as they are, then share 30.00."""
    terms = ServiceCredits(
        [
            level(Measure("downtime"), CreditBands([CreditBand(percent(50), at_least=minutes(30))]), "one"),
            level(Measure("downtime"), CreditBands([CreditBand(percent(4), at_least=minutes(10))]), "two"),
        ],
        caps=[CreditCap(percent(10)), CreditCap(percent(20), per="level"), CreditCap(Money("25 EUR"), per="year")],
    )
    down = [outage("O-1", "2025-04-10 10:00", 40)]
    found = proposed(terms, outages=down)
    assert [(str(line.credit), str(line.granted), line.code) for line in found.lines] == [
        ("150.00 EUR", "20.83 EUR", "cap"),
        ("12.00 EUR", "4.17 EUR", "cap"),
    ]
    assert found.total == Money("25 EUR")
    assert [row["granted"] for row in found.to_rows()] == ["20.83 EUR", "4.17 EUR"]
    spent = proposed(terms, outages=down, granted_before={"year": Money("25 EUR")})
    assert spent.total == Money("0 EUR")
    each = ServiceCredits(
        TWO_LEVELS, caps=[CreditCap(Money("15 EUR"), per="incident"), CreditCap(Days(1), levels="one")]
    )
    both = [outage("O-1", "2025-04-10 10:00", 40), outage("O-2", "2025-04-11 10:00", 12)]
    # O-1: 20 and 4 share 15 as 12.50 and 2.50; O-2 has 4.00. Level one is then capped at a day, 10.00.
    assert proposed(each, outages=both).total == Money("16.50 EUR")


@pytest.mark.rule("C20")
def test_caps_on_an_extension_are_days() -> None:
    """Three days and a cap of 5 % of thirty days give one; an amount caps no days."""
    bands = CreditBands([CreditBand(Days(3), at_least=minutes(30))])
    down = [outage("O-1", "2025-04-10 10:00", 40)]

    def extending(cap: CreditCap) -> ServiceCredits:
        return ServiceCredits(level(Measure("downtime"), bands), granted_as="term-extension", caps=cap)

    assert proposed(extending(CreditCap(percent(5))), outages=down).total == Days(1)
    assert proposed(
        extending(CreditCap(Days(2), per="term")), outages=down, granted_before={"term": Days(1)}
    ).total == (Days(1))
    with pytest.raises(InvalidValue, match="days were expected"):
        proposed(extending(CreditCap(Money("1 EUR"))), outages=down)


@pytest.mark.rule("C20")
@pytest.mark.parametrize(
    ("rule", "fee", "code"),
    [
        ("more-than", "10 EUR", "below-minimum"),
        ("more-than", "10.10 EUR", ""),
        ("at-least", "10 EUR", ""),
        ("at-least", "9.90 EUR", "below-minimum"),
    ],
)
def test_the_least_credit(rule: Literal["more-than", "at-least"], fee: str, code: str) -> None:
    """Greater than one pays nothing at exactly one; at least one does."""
    terms = ServiceCredits(level(Measure("availability"), UPTIME), minimum=MinimumCredit(Money("1 EUR"), rule=rule))
    found = proposed(terms, fee=fee, outages=[outage("O-1", "2025-04-10 10:00", 60)])
    assert found.code == code


@pytest.mark.rule("C20")
def test_a_claim_and_the_standing_of_the_customer() -> None:
    """Thirty days after the window, not a day later, and only if nothing is overdue."""
    terms = ServiceCredits(level(Measure("availability"), UPTIME), claim=Claim(Days(30)), standing="nothing-overdue")
    down = [outage("O-1", "2025-04-10 10:00", 60)]
    assert proposed(terms, outages=down).code == "claim-missing"
    assert proposed(terms, outages=down).reason == "to be claimed by 2025-05-30"
    assert proposed(terms, outages=down, as_of=at("2025-05-30 23:59")).code == "claim-missing"
    assert proposed(terms, outages=down, as_of=at("2025-05-31 00:00")).code == "claim-too-late"
    assert proposed(terms, outages=down, claimed_at=at("2025-05-30 23:59")).is_due
    late = proposed(terms, outages=down, claimed_at=at("2025-05-31 00:00"))
    assert (late.code, late.total) == ("claim-too-late", Money("0 EUR"))
    owing = proposed(terms, outages=down, claimed_at=MAY, overdue=Money("5 EUR"))
    assert (owing.code, owing.reason) == ("not-in-good-standing", "5.00 EUR are overdue")


@pytest.mark.rule("C20")
def test_a_claim_by_incident() -> None:
    """Each outage has its own deadline, and has to be reported in time: the first too late, the second not at all."""
    claim = Claim(Days(10), counted_from="incident", reported_within=hours(24))
    terms = ServiceCredits(TWO_LEVELS[:1], claim=claim)
    down = [
        outage("O-1", "2025-04-10 10:00", 40, reported_at=at("2025-04-11 10:01")),
        outage("O-2", "2025-04-11 10:00", 40),
        outage("O-3", "2025-04-12 10:00", 40, reported_at=at("2025-04-13 10:00")),
        outage("O-4", "2025-04-01 10:00", 40, reported_at=at("2025-04-01 11:00")),
    ]
    found = proposed(terms, outages=down, claimed_at=at("2025-04-15 00:00"), as_of=at("2025-05-01 00:00"))
    assert {line.incident: line.code for line in found.lines} == {
        "O-1": "reported-too-late",
        "O-2": "reported-too-late",
        "O-3": "",
        "O-4": "claim-too-late",
    }
    assert found.total == Money("20 EUR")
    none = proposed(terms, outages=down[:2], claimed_at=at("2025-04-15 00:00"))
    assert (none.code, none.reason) == ("reported-too-late", "not reported within 24h 00m")


@pytest.mark.rule("C20", "D33")
def test_a_granted_credit_is_an_event() -> None:
    """What is due becomes a charge item below zero; what is not due becomes nothing."""
    terms = ServiceCredits(level(Measure("availability"), UPTIME))
    found = proposed(terms, outages=[outage("O-1", "2025-04-10 10:00", 60)])
    event = found.granted("SC-1", at=MAY, customer="elm")
    assert (event.kind, event.amount, event.customer) == ("service credit", Money("-30 EUR"), "elm")
    assert "size" in found.explain()
    with pytest.raises(InvalidValue, match="nothing-missed"):
        proposed(terms).granted("SC-1", at=MAY, customer="elm")


@pytest.mark.rule("C19")
def test_the_base_is_the_fees_that_the_terms_name() -> None:
    """Only the fee for the hosting counts; without a name all do."""
    down = [outage("O-1", "2025-04-10 10:00", 60)]
    fees = {"hosting": Money("100 EUR"), "support": Money("200 EUR")}
    named = ServiceCredits(level(Measure("availability"), UPTIME), fees="hosting")
    assert proposed(named, outages=down, fees=fees).total == Money("10 EUR")
    assert proposed(ServiceCredits(level(Measure("availability"), UPTIME)), outages=down, fees=fees).total == (
        Money("30 EUR")
    )
    other = ServiceCredits(level(Measure("availability"), UPTIME, per="quarter"))
    assert proposed(other, outages=down).code == "nothing-missed"


@pytest.mark.rule("C19", "C20")
@given(st.lists(st.tuples(st.integers(0, 43_000), st.integers(1, 600)), max_size=5))
def test_credits_never_exceed_their_cap_and_never_fall_with_more_downtime(outages: list[tuple[int, int]]) -> None:
    """More downtime never lowers the credit, lines add up to the total, and the cap holds."""
    start = at("2025-04-01 00:00")
    down = [
        Outage(f"O-{place}", Span(start.add(minutes=first), start.add(minutes=first + length)))
        for place, (first, length) in enumerate(outages)
    ]
    terms = ServiceCredits([level(Measure("availability"), UPTIME, "uptime"), *TWO_LEVELS], caps=CreditCap(percent(40)))
    totals = []
    for count in range(len(down) + 1):
        found = proposed(terms, outages=down[:count])
        assert isinstance(found.total, Money)
        assert (
            sum((line.granted.minor for line in found.lines if isinstance(line.granted, Money)), 0) == found.total.minor
        )
        assert found.total <= Money("120 EUR")
        totals.append(found.total)
    assert totals == sorted(totals)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Exclusion("x"), "a ticket or a span"),
        (lambda: Exclusion("x", span="April"), "a Span was expected"),  # type: ignore[arg-type]  # hostile on purpose
        (lambda: Outage("O-1", "April"), "a Span was expected"),  # type: ignore[arg-type]  # hostile on purpose
        (lambda: outage("O-1", "2025-04-01 00:00", 1, users=Fraction(3, 2)), "from 0 to 1"),
        (lambda: outage("O-1", "2025-04-01 00:00", 1, service=""), "an id or a name"),
        (lambda: proposed(ServiceCredits(level(Measure("availability"), UPTIME)), fees={}), "no fees"),
        (
            lambda: proposed(ServiceCredits(level(Measure("availability"), UPTIME), fees="hosting")),
            "none called 'hosting'",
        ),
        (
            lambda: proposed(
                ServiceCredits(level(Measure("availability"), UPTIME)),
                outages=[outage("O-1", "2025-04-01 00:00", 1), outage("O-1", "2025-04-02 00:00", 1)],
            ),
            "an id twice",
        ),
        (
            lambda: proposed(
                ServiceCredits(level(Measure("breaches", metrics="resolution"), CreditEach(Days(1)), users="affected"))
            ),
            "only they say whom",
        ),
    ],
)
def test_what_cannot_be_credited_is_refused(build: Callable[[], object], message: str) -> None:
    """Facts that contradict each other or the terms are refused with what is missing."""
    with pytest.raises(InvalidValue, match=message):
        build()


@pytest.mark.rule("C18")
def test_a_ticket_without_a_target_or_a_decision_counts_nowhere() -> None:
    """An open ticket is pending, and one without a tier is not there."""
    events: list[Any] = [
        Opened("E-1", at("2025-04-30 23:00"), ticket="T-1", severity=1),
        Resolved("E-2", at("2025-04-30 23:10"), ticket="T-1"),
        Opened("E-3", at("2025-04-30 23:50"), ticket="T-2", severity=1),
    ]
    statuses = track_all(TIER, events, as_of=at("2025-05-01 00:00"))
    found = attainment(statuses, since=at("2025-04-30 00:00"), until=at("2025-05-02 00:00"))
    assert {each.ticket for each in found.outcomes} == {"T-1"}


@pytest.mark.rule("C19", "C20")
def test_too_few_tickets_and_outages_elsewhere_are_nothing() -> None:
    """A level is not measured with fewer tickets than its sample; outages of other months are of other windows."""
    breaches = level(Measure("breaches", metrics="first-response"), CreditEach(Days(1)), sample=11)
    assert proposed(ServiceCredits(breaches), TEN).code == "nothing-missed"
    march = [outage("O-1", "2025-03-10 10:00", 40)]
    assert proposed(ServiceCredits(TWO_LEVELS), outages=march).code == "nothing-missed"
    capped = ServiceCredits(level(Measure("availability"), UPTIME), caps=CreditCap(Money("1 EUR"), per="incident"))
    assert proposed(capped, outages=[outage("O-1", "2025-04-10 10:00", 60)]).total == Money("30 EUR")
