"""Renewal: the next term, its prices worked by hand, and until when either side may say no."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportcontracts.contracts.allotments import Overdraw
from supportcontracts.contracts.banks import Banks, BankSize, PriceList
from supportcontracts.contracts.charges import Charge, Rate
from supportcontracts.contracts.contract import Contract, Phase
from supportcontracts.contracts.plans import CappedHours, Composite, Fee, FixedAnnual, Meter, PayPerIncident
from supportcontracts.contracts.reinstatement import ReinstatementPolicy
from supportcontracts.contracts.renewal import FixedUplift, Indexation, Renewal
from supportcontracts.contracts.sources import Refuse
from supportcontracts.contracts.tariffs import Band, Graduated, Package
from supportcontracts.errors import FloatRefused, InvalidValue
from supportcontracts.interop.codec import from_json, to_json
from supportcontracts.money import Money, Price
from supportcontracts.quantity import hours, percent
from supportcontracts.rating import rate
from supportcontracts.rating.renewing import Index, NotRenewed, RenewalQuote, renew
from supportcontracts.testing.strategies import reinstatement_policies, renewals
from supportcontracts.timeline import CalendarAmount, Days, Months, Term, Zone

Mode = Literal["manual", "automatic", "evergreen"]
Answer = Literal["none", "accepted", "declined"]
AboveCap = Literal["lost", "carry-forward"]

BERLIN = Zone("Europe/Berlin")
TERM = Term("2025-01-01", months=12, zone=BERLIN)
OCTOBER = BERLIN.at("2025-10-20 09:00")
LAST_BAND = Band(None, Price("130 EUR/h"))
CPI = Index("cpi", {"2023-09": "117.6", "2024-09": "120.0", "2025-08": "126.0", "2025-09": "126.3"})


def sold(renewal: Renewal | None, **more: Any) -> Contract:
    """Make the contract of the page that explains renewals: ten hours a year, then 140.00 an hour."""
    plan = CappedHours(fee=Money("1200 EUR"), allotment=hours(10), per="term", beyond=Charge(Price("140 EUR/h")))
    made: dict[str, Any] = {"term": TERM, "plan": plan} | more
    return Contract("C-101", customer="elm", rounding="half-up", renewal=renewal, **made)


def indexed(**more: Any) -> Renewal:
    """Renew automatically, with the index since September 2024."""
    return Renewal(mode="automatic", notice=Months(2), uplift=Indexation("cpi", **{"last_rise": "2024-09"} | more))


def quoted(renewal: Renewal, index: Index | None = CPI, **more: Any) -> RenewalQuote:
    """Quote the contract of this page in October."""
    found = renew(sold(renewal, **more), index, as_of=OCTOBER)
    assert isinstance(found, RenewalQuote)
    return found


@pytest.mark.rule("R5", "R6", "R7", "D28")
def test_a_capped_index_that_carries_forward() -> None:
    """126.3 ÷ 120.0 is a rise of 5.25 %, the cap gives 4 %, and the next rise is measured from 120.0 × 1.04 = 124.8."""
    quote = quoted(indexed(cap=percent(4), above_cap="carry-forward"))
    assert str(quote) == (
        "Renewal of C-101 for 2026-01-01 to 2026-12-31 · either side may end it by 2025-10-31\n"
        "index          126.3 ÷ 120, 2025-09 over 2024-09        + 5.25 %\n"
        "cap            at most + 4 %; next time from 124.8         + 4 %\n"
        "fee            1,200.00 EUR × 1.04                  1,248.00 EUR\n"
        "beyond.tariff  140.00 EUR/h × 1.04                  145.60 EUR/h"
    )
    assert quote.contract.renewal is not None
    uplift = quote.contract.renewal.uplift
    assert isinstance(uplift, Indexation)
    assert (uplift.last_rise, uplift.from_value) == ("2025-09", Fraction("124.8"))
    assert [phase.term.starts_on.year for phase in quote.contract.dated_phases] == [2025, 2026]
    assert from_json(to_json(quote.contract), Contract) == quote.contract
    assert quote.explain().amount == "× 1.04"
    assert [row["becomes"] for row in quote.to_rows()] == ["1,248.00 EUR", "145.60 EUR/h"]


@pytest.mark.rule("R7")
def test_what_was_carried_forward_counts_next_time() -> None:
    """A year without inflation brings the rest: 126.3 ÷ 124.8 rounds to a fee of 1,263.00, as if never capped."""
    first = quoted(indexed(cap=percent(4), above_cap="carry-forward"))
    later = Index("cpi", {"2025-09": "126.3", "2026-09": "126.3"})
    second = renew(first.contract, later, as_of=BERLIN.at("2026-10-20 09:00"))
    assert isinstance(second, RenewalQuote)
    assert second.factor == Fraction(1263, 1248)
    assert second.prices[0].becomes == Money("1263 EUR")
    # Lost, the next rise starts from the value that was read, and there is none.
    lost = quoted(indexed(cap=percent(4)))
    again = renew(lost.contract, later, as_of=BERLIN.at("2026-10-20 09:00"))
    assert isinstance(again, RenewalQuote)
    assert again.factor == 1


@pytest.mark.rule("R7")
def test_a_spread_is_not_carried_forward() -> None:
    """With 2 % beside the index, a cap of 4 % leaves 2 % to the index: it is measured from 120.0 × 1.02 next time."""
    quote = quoted(indexed(spread=percent(2), cap=percent(4), above_cap="carry-forward"))
    assert quote.factor == Fraction("1.04")
    assert quote.contract.renewal is not None
    assert isinstance(quote.contract.renewal.uplift, Indexation)
    assert quote.contract.renewal.uplift.from_value == Fraction("122.4")


@pytest.mark.rule("R6", "R7")
@pytest.mark.parametrize(
    ("terms", "factor", "fee"),
    [
        ({}, "1.0525", "1263.00"),
        ({"spread": percent(2)}, "1.0725", "1287.00"),
        ({"spread": percent(-6)}, "1", "1200.00"),
        ({"spread": percent(-6), "floor": None}, "0.9925", "1191.00"),
        ({"floor": percent(6)}, "1.06", "1272.00"),
        ({"cap": percent(5)}, "1.05", "1260.00"),
        # The newest value is that of September too; as of early September it would be that of August.
        ({"reading": "latest"}, "1.0525", "1263.00"),
        # Two years since the last rise: 126.3 ÷ 117.6 is over 7 %, a cap of 3 % a year allows 1.03² - 1 = 6.09 %.
        ({"last_rise": "2023-09", "cap": percent(3), "cap_per": "year"}, "1.0609", "1273.08"),
        ({"last_rise": "2023-09", "cap": percent(3)}, "1.03", "1236.00"),
        # Less than a year since the last rise allows one year's cap.
        ({"last_rise": "2025-08", "reading": "latest", "cap": percent("0.1"), "cap_per": "year"}, "1.001", "1201.20"),
    ],
)
def test_index_spread_floor_and_cap(terms: dict[str, Any], factor: str, fee: str) -> None:
    """The rise of the index since the last rise, plus the spread, at least the floor, at most the cap."""
    quote = quoted(indexed(**terms))
    assert quote.factor == Fraction(factor)
    assert quote.prices[0].becomes == Money(f"{fee} EUR")


@pytest.mark.rule("R6")
def test_without_a_rise_the_last_rise_stays() -> None:
    """Where the index fell and the floor is nothing, the next rise is still measured from the old value."""
    index = Index("cpi", {"2024-09": "120", "2025-09": "118"})
    quote = quoted(indexed(), index)
    assert quote.factor == 1
    assert quote.contract.renewal is not None
    assert quote.contract.renewal.uplift == Indexation("cpi", last_rise="2024-09")


@pytest.mark.rule("R6")
def test_a_value_counts_once_its_month_is_complete() -> None:
    """As of September the value of September 2025 is not known: the newest is that of August, or of a year before."""
    contract = sold(indexed(reading="latest"))
    quote = renew(contract, CPI, as_of=BERLIN.at("2025-09-30 23:59"))
    assert isinstance(quote, RenewalQuote)
    assert quote.factor == Fraction("1.05")
    with pytest.raises(InvalidValue, match="an earlier month was expected"):
        renew(sold(indexed()), CPI, as_of=BERLIN.at("2025-09-30 23:59"))
    with pytest.raises(InvalidValue, match="no value after 2025-09"):
        renew(sold(indexed(reading="latest", last_rise="2025-09")), CPI, as_of=OCTOBER)


@pytest.mark.rule("R6")
def test_a_gap_in_the_series_is_refused() -> None:
    """A series without the value that is read prices nothing, and the error names the months it has."""
    gap = Index("cpi", {"2024-09": "120", "2025-08": "126"})
    with pytest.raises(InvalidValue, match=r"no value for 2025-09(?s:.*)2024-09, 2025-08"):
        renew(sold(indexed()), gap, as_of=OCTOBER)
    with pytest.raises(InvalidValue, match="no value for 2024-09"):
        renew(sold(indexed()), Index("cpi", {"2025-09": "126"}), as_of=OCTOBER)


@pytest.mark.rule("R6", "D28")
def test_a_fixed_uplift_compounds_on_what_was_settled() -> None:
    """3 % on 99.99 settles to 102.99, and the year after that to 106.08: 3 % of the settled 102.99."""
    contract = sold(Renewal(mode="evergreen", uplift=FixedUplift(percent(3))), plan=FixedAnnual(fee=Money("99.99 EUR")))
    for year, fee in ((2025, "102.99"), (2026, "106.08"), (2027, "109.26")):
        quote = renew(contract, as_of=BERLIN.at(f"{year}-06-01 00:00"))
        assert isinstance(quote, RenewalQuote)
        contract = quote.contract
        assert quote.prices[0].becomes == Money(f"{fee} EUR")


@pytest.mark.rule("R8")
def test_a_first_term_may_be_exempt() -> None:
    """Exempt, prices stay after the first term and rise after the second, by what came together meanwhile."""
    terms = attrs.evolve(indexed(), first_term="exempt")
    first = quoted(terms)
    assert first.factor == 1
    assert first.steps[0].rule == "R8"
    later = Index("cpi", {"2024-09": "120", "2026-09": "132"})
    second = renew(first.contract, later, as_of=BERLIN.at("2026-11-01 00:00"))
    assert isinstance(second, RenewalQuote)
    assert second.factor == Fraction("1.1")


@pytest.mark.rule("R8", "D28")
def test_every_price_of_a_plan_is_revised_but_the_fixed_ones() -> None:
    """Fees, tariffs, rates, bands, packages, bank prices, minimum and maximum rise; limits and fixed terms stay."""
    plan = Composite(
        fees=Fee(Money("100 EUR"), per="term"),
        meters=[
            Meter(
                "work",
                [
                    Banks(
                        offer=PriceList([BankSize(hours(5), Price("125 EUR/h"))]),
                        short=Overdraw(hours(1), settled_at=Price("150 EUR/h")),
                    ),
                    Charge(
                        Graduated(
                            [Band(hours(5), Price("140 EUR/h"), Money("10 EUR")), Band(None, Price("130 EUR/h"))]
                        ),
                        per="period",
                        rates=Rate(Price("200 EUR/h"), role="senior"),
                        limit=Money("1000 EUR"),
                        minimum=Money("20 EUR"),
                        maximum=Money("900 EUR"),
                    ),
                    Charge(Package(hours(1), Money("90 EUR")), per="entry"),
                ],
            ),
        ],
    )
    terms = Renewal(mode="manual", uplift=FixedUplift(percent(10)), fixed="plan.meters.sources[2]")
    quote = quoted(terms, None, plan=plan)
    assert {row["path"]: (row["becomes"], row["standing"]) for row in quote.to_rows()} == {
        "plan.fees.amount": ("110.00 EUR", "revised"),
        "plan.meters.sources[0].short.settled_at": ("165.00 EUR/h", "revised"),
        "plan.meters.sources[0].offer.sizes.price": ("137.50 EUR/h", "revised"),
        "plan.meters.sources[1].tariff.bands[0].price": ("154.00 EUR/h", "revised"),
        "plan.meters.sources[1].tariff.bands[0].flat": ("11.00 EUR", "revised"),
        "plan.meters.sources[1].tariff.bands[1].price": ("143.00 EUR/h", "revised"),
        "plan.meters.sources[1].rates.price": ("220.00 EUR/h", "revised"),
        "plan.meters.sources[1].minimum": ("22.00 EUR", "revised"),
        "plan.meters.sources[1].maximum": ("990.00 EUR", "revised"),
        "plan.meters.sources[2].tariff.price": ("90.00 EUR", "fixed"),
    }
    renewed = quote.contract.dated_phases[1].plan
    assert isinstance(renewed, Composite)
    charge = renewed.meters[0].sources[1]
    assert isinstance(charge, Charge)
    assert charge.limit == Money("1000 EUR")
    assert "90.00 EUR, fixed" in str(quote)
    assert {step.rule for step in quote.explain().steps} == {"R6", "R8", "D28"}


@pytest.mark.rule("D28")
def test_renewed_prices_settle_to_their_step() -> None:
    """To a step of 5, 1,236.00 is 1,235.00 and 144.20 is 145; a step finer than a cent is for prices, not for fees."""
    rough = quoted(Renewal(mode="manual", uplift=FixedUplift(percent(3)), step="5"), None)
    assert [str(price.becomes) for price in rough.prices] == ["1,235.00 EUR", "145.00 EUR/h"]
    fine = quoted(
        Renewal(mode="manual", uplift=FixedUplift(percent("0.05")), step="0.0001"),
        None,
        plan=PayPerIncident(tariff=Charge(Price("0.35 EUR/incident"), minimum=Money("9.99 EUR"))),
    )
    assert [str(price.becomes) for price in fine.prices] == ["0.3502 EUR/incident", "9.99 EUR"]


@pytest.mark.rule("R5")
@pytest.mark.parametrize(
    ("starts_on", "length", "notice", "expected"),
    [
        ("2025-01-01", 12, Months(2), "2025-10-31"),
        # Two months before the end of February is the end of December.
        ("2025-03-01", 12, Months(2), "2025-12-31"),
        ("2025-01-01", 12, Days(30), "2025-12-01"),
        ("2025-01-01", 12, Days(0), "2025-12-31"),
    ],
)
def test_until_when_either_side_may_say_no(starts_on: str, length: int, notice: CalendarAmount, expected: str) -> None:
    """The decision date is the last day that leaves the whole notice before the end of the term."""
    terms = Renewal(mode="automatic", notice=notice)
    contract = sold(terms, term=Term(starts_on, months=length, zone=BERLIN))
    quote = renew(contract, as_of=BERLIN.at("2025-06-01 00:00"))
    assert isinstance(quote, RenewalQuote)
    assert str(quote.decide_by) == expected


@pytest.mark.rule("R5")
@pytest.mark.parametrize(
    ("mode", "day", "answer", "expected"),
    [
        ("automatic", "2025-10-31", "declined", "declined"),
        ("automatic", "2025-11-01", "declined", "renewed"),
        ("automatic", "2025-11-01", "none", "renewed"),
        ("evergreen", "2025-11-01", "none", "renewed"),
        ("automatic", "2025-10-31", "accepted", "renewed"),
        ("manual", "2025-10-31", "accepted", "renewed"),
        ("manual", "2025-11-01", "none", "not-accepted"),
        ("manual", "2025-11-01", "declined", "declined"),
    ],
)
def test_how_a_renewal_is_concluded(mode: Mode, day: str, answer: Answer, expected: str) -> None:
    """Manual: only if accepted; automatic and evergreen: unless declined in time."""
    quote = quoted(Renewal(mode=mode, notice=Months(2)), None)
    found = quote.conclude(as_of=BERLIN.at(f"{day} 12:00"), answer=answer)
    assert (found.code if isinstance(found, NotRenewed) else "renewed") == expected
    if isinstance(found, Contract):
        assert found == quote.contract
    else:
        assert found.code in str(found)


@pytest.mark.rule("R5")
def test_before_the_decision_date_a_renewal_is_open() -> None:
    """Without an answer nobody can say how it ends before the decision date has passed."""
    quote = quoted(Renewal(mode="automatic", notice=Months(2)), None)
    with pytest.raises(InvalidValue, match="a day after 2025-10-31"):
        quote.conclude(as_of=BERLIN.at("2025-10-31 23:59"), answer="none")
    with pytest.raises(InvalidValue, match='"declined"'):
        quote.conclude(as_of=OCTOBER, answer="maybe")  # type: ignore[arg-type]  # hostile on purpose
    assert "to be accepted by" in str(quoted(Renewal(mode="manual"), None))


@pytest.mark.rule("R5")
def test_a_contract_without_renewal_ends() -> None:
    """Mode "none" is an answer; terms that say nothing are an error, and so is a term that has ended."""
    ended = renew(sold(Renewal(mode="none")), as_of=OCTOBER)
    assert str(ended) == "C-101: no-renewal, it ends on 2025-12-31"
    with pytest.raises(InvalidValue, match="renewal terms were expected"):
        renew(sold(None), as_of=OCTOBER)
    with pytest.raises(InvalidValue, match="reinstate"):
        renew(sold(Renewal(mode="manual")), as_of=BERLIN.at("2026-01-01 00:00"))
    with pytest.raises(InvalidValue, match=r"Contract\.renewal"):
        sold("automatic")  # type: ignore[arg-type]  # hostile on purpose


@pytest.mark.rule("R5")
def test_the_list_price_is_handed_in() -> None:
    """By today's list the new term has the plan of the list, and the index has no say."""
    terms = Renewal(mode="manual", price="list-price", months=24)
    plan = FixedAnnual(fee=Money("1400 EUR"))
    quote = renew(sold(terms), as_of=OCTOBER, list_plan=plan)
    assert isinstance(quote, RenewalQuote)
    assert quote.contract.dated_phases[1] == Phase(Term("2026-01-01", months=24, zone=BERLIN), plan)
    with pytest.raises(InvalidValue, match="no list"):
        renew(sold(terms), as_of=OCTOBER)
    with pytest.raises(InvalidValue, match="beside the last price"):
        renew(sold(Renewal(mode="manual")), as_of=OCTOBER, list_plan=plan)


@pytest.mark.rule("R5")
def test_a_term_of_days_has_to_say_how_long_the_next_one_is() -> None:
    """A term that is no whole months cannot be repeated; with months= it goes on the day after."""
    odd = Term("2025-01-01", last_day="2025-12-30", zone=BERLIN)
    with pytest.raises(InvalidValue, match="months of the next term"):
        renew(sold(Renewal(mode="manual"), term=odd), as_of=OCTOBER)
    quote = renew(sold(Renewal(mode="manual", months=12), term=odd), as_of=OCTOBER)
    assert isinstance(quote, RenewalQuote)
    assert quote.term.starts_on == date(2025, 12, 31)


@pytest.mark.rule("R5", "D28")
def test_a_renewed_contract_is_rated_at_its_prices() -> None:
    """The fee of the new year is the renewed one, and the old year is billed as before."""
    quote = quoted(indexed(cap=percent(4)))
    lines = rate(quote.contract, [], until="2026-06-01").lines
    assert [str(line.amount) for line in lines] == ["1,200.00 EUR", "1,248.00 EUR"]


@pytest.mark.rule("R6", "R7")
@given(
    st.fractions(Fraction(1, 2), 2),
    st.fractions(Fraction(1, 2), 2),
    st.fractions(0, Fraction(1, 4)),
    st.sampled_from(["lost", "carry-forward"]),
)
def test_a_rise_lies_between_floor_and_cap(first: Fraction, second: Fraction, cap: Fraction, above: AboveCap) -> None:
    """Whatever the index does, no rise is below the floor or above the cap; carried forward, nothing is ever lost."""
    index = Index("cpi", {"2024-09": 100, "2025-09": 100 * first, "2026-09": 100 * first * second})
    one = renew(sold(indexed(cap=cap, above_cap=above)), index, as_of=OCTOBER)
    assert isinstance(one, RenewalQuote)
    two = renew(one.contract, index, as_of=BERLIN.at("2026-10-20 09:00"))
    assert isinstance(two, RenewalQuote)
    assert 1 <= one.factor <= 1 + cap
    assert 1 <= two.factor <= 1 + cap
    if above == "carry-forward" and first >= 1 and one.factor * two.factor < (1 + cap) * one.factor:
        assert one.factor * two.factor == max(first * second, one.factor)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Indexation("cpi", last_rise="2024-13"), "a month was expected"),
        (lambda: Indexation("cpi", last_rise="2024-09", from_value=0), "above 0"),
        (lambda: Indexation("cpi", last_rise="2024-09", spread=2), "exact share"),  # type: ignore[arg-type]  # hostile
        (lambda: Indexation("cpi", last_rise="2024-09", floor=percent(3), cap=percent(2)), "at most the cap"),
        (lambda: Renewal(mode="manual", months=0), "at least 1"),
        (lambda: Renewal(mode="manual", price="list-price", uplift=FixedUplift(percent(1))), "both set the new price"),
        (lambda: Renewal(mode="manual", fixed="fee"), "below the plan"),
        (lambda: Renewal(mode="manual", step="0"), "above 0"),
        (lambda: Index("cpi", {"2024": "1"}), "a month was expected"),
        (lambda: Index("cpi", {"2024-09": "0"}), "above 0"),
        (lambda: Index("cpi", [("2024-09", 1), ("2024-09", 2)]), "a month twice"),  # type: ignore[arg-type]  # pairs
        (lambda: renew(sold(indexed()), as_of=OCTOBER), "no index"),
        (lambda: renew(sold(Renewal(mode="manual")), CPI, as_of=OCTOBER), "the terms name none"),
    ],
)
def test_what_leaves_two_readings_is_refused(build: Callable[[], object], message: str) -> None:
    """Terms that could be read in two ways are refused with the choices."""
    with pytest.raises(InvalidValue, match=message):
        build()


def test_a_float_is_no_index_value() -> None:
    """A float cannot hold an index exactly."""
    with pytest.raises(FloatRefused, match=r"126\.3"):
        Index("cpi", {"2025-09": 126.3})  # type: ignore[dict-item]  # hostile on purpose


def test_a_plan_that_refuses_has_no_price() -> None:
    """A plan without prices is renewed as it is."""
    plan = Composite(meters=[Meter("work", [Refuse()])])
    quote = quoted(Renewal(mode="manual", uplift=FixedUplift(percent(3))), None, plan=plan, currency="EUR")
    assert (quote.prices, quote.contract.dated_phases[1].plan) == ((), plan)


@given(renewals(), reinstatement_policies())
def test_terms_of_a_life_are_documents(renewal: Renewal, policy: ReinstatementPolicy) -> None:
    """Renewal terms and reinstatement policies read what they write."""
    contract = sold(renewal)
    assert from_json(to_json(contract), Contract) == contract
    assert from_json(to_json(policy), ReinstatementPolicy) == policy
