"""Banks: which pays first, for what, and what a purchase costs."""

import pytest

from supportcontracts import (
    BankPurchase,
    Banks,
    Charge,
    Composite,
    Hold,
    Meter,
    Metering,
    Money,
    Multiplier,
    Opened,
    PrepaidHours,
    Price,
    Refuse,
    Scope,
    Zone,
    hours,
    incidents,
)
from supportcontracts.contracts.banks import LotOrder
from supportcontracts.errors import CurrencyMismatch
from supportcontracts.events import Origin
from tests.rating.bank_builders import (
    OVERAGE,
    agreed,
    at,
    bank,
    charged,
    contract,
    entry,
    happened,
    moved,
    paid,
    rated,
    story,
)

PREPAID = agreed(Banks(), OVERAGE)
ON_PAYMENT = agreed(Banks(usable="payment"), OVERAGE)
UTC, BEIRUT, HAVANA = Zone("UTC"), Zone("Asia/Beirut"), Zone("America/Havana")


# Which pays first


@pytest.mark.rule("D16", "B2")
@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("soonest-expiry", "B C D A E"),  # priority 0: Jun, none; priority 1: Sep, Dec; priority 2
        ("oldest-start", "A C B D E"),  # 1, 2, 3, 4, 5 January
        ("priority", "C B A D E"),  # 0: 2 and 3 January; 1: 1 and 4 January; 2
        ("granted-before-paid", "D E B A C"),  # the granted one; then by expiry Mar, Jun, Dec, none
        ("lowest-cost", "D C A B E"),  # 0, 90, 100, 110, 120 EUR/h
        ("highest-cost", "E B A C D"),
    ],
)
def test_each_order_draws_the_same_five_banks_in_its_own_way(order: LotOrder, expected: str) -> None:
    """Five banks of 1h, used up by one entry of 5h: the parts show the order."""
    banks = [
        bank("A", "2025-01-01 09:00", "1h", priority=1, expires_on="2025-12-31", price=Price("100 EUR/h")),
        bank("B", "2025-01-03 09:00", "1h", priority=0, expires_on="2025-06-30", price=Price("110 EUR/h")),
        bank("C", "2025-01-02 09:00", "1h", priority=0, price=Price("90 EUR/h")),
        bank("D", "2025-01-04 09:00", "1h", priority=1, expires_on="2025-09-30", origin="granted"),
        bank("E", "2025-01-05 09:00", "1h", priority=2, expires_on="2025-03-31", price=Price("120 EUR/h")),
    ]
    rating = rated(agreed(Banks(order=order), OVERAGE), *banks, entry("W-1", "2025-01-10 09:00", "5h"))
    assert [line.lot for line in rating.lines_of("W-1")] == expected.split()


@pytest.mark.rule("D16")
@pytest.mark.parametrize(
    "order", ["soonest-expiry", "oldest-start", "priority", "granted-before-paid", "lowest-cost", "highest-cost"]
)
def test_every_order_ends_in_the_id(order: LotOrder) -> None:
    """Three banks that differ in nothing but the id, as texts: B-1 < B-10 < B-2."""
    banks = [bank(name, "2025-01-02 09:00", "1h", price=Price("100 EUR/h")) for name in ("B-2", "B-10", "B-1")]
    rating = rated(agreed(Banks(order=order), OVERAGE), *banks, entry("W-1", "2025-01-10 09:00", "3h"))
    assert [line.lot for line in rating.lines_of("W-1")] == ["B-1", "B-10", "B-2"]


@pytest.mark.rule("D16")
@pytest.mark.parametrize("origin", ["included", "granted", "rolled-over", "courtesy"])
def test_units_that_were_not_bought_pay_before_bought_ones_of_the_same_expiry(origin: Origin) -> None:
    """Same priority and expiry; the bank that was given is drawn first, though it started later."""
    banks = [
        bank("B-1", "2025-01-02 09:00", "1h", expires_on="2025-06-30"),
        bank("B-2", "2025-01-05 09:00", "1h", expires_on="2025-06-30", origin=origin),
    ]
    rating = rated(PREPAID, *banks, entry("W-1", "2025-01-10 09:00", "1h"))
    assert paid(rating, "W-1") == ["B-2 1h 00m"]


@pytest.mark.rule("D16")
def test_of_equal_expiry_and_origin_the_first_usable_pays() -> None:
    """B-1 was bought later than B-2, so B-2 pays; the id decides only where nothing else does."""
    banks = [
        bank("B-1", "2025-01-03 09:00", "1h", expires_on="2025-06-30"),
        bank("B-2", "2025-01-02 09:00", "1h", expires_on="2025-06-30"),
    ]
    assert paid(rated(PREPAID, *banks, entry("W-1", "2025-01-10 09:00", "1h")), "W-1") == ["B-2 1h 00m"]


@pytest.mark.rule("D16", "D17")
def test_first_usable_is_the_stated_start_not_the_purchase() -> None:
    """B-1 was bought first but starts on 6 January, B-2 starts with its purchase on 5 January: B-2 pays first."""
    banks = [
        bank("B-1", "2025-01-02 09:00", "1h", usable_from=at("2025-01-06 00:00")),
        bank("B-2", "2025-01-05 09:00", "1h"),
    ]
    rating = rated(agreed(Banks(order="oldest-start"), OVERAGE), *banks, entry("W-1", "2025-01-10 09:00", "1h"))
    assert paid(rating, "W-1") == ["B-2 1h 00m"]


@pytest.mark.rule("D16")
def test_cost_is_compared_per_unit() -> None:
    """X: 300 / 3h = 100 a hour; Y: 180 / 2h = 90; Z: 95. Lowest first: Y, Z, X, whatever the whole banks cost."""
    banks = [
        bank("X", "2025-01-02 09:00", "3h", price=Money("300 EUR")),
        bank("Y", "2025-01-02 09:00", "2h", price=Money("180 EUR")),
        bank("Z", "2025-01-02 09:00", "1h", price=Price("95 EUR/h")),
    ]
    rating = rated(agreed(Banks(order="lowest-cost"), OVERAGE), *banks, entry("W-1", "2025-01-10 09:00", "4h"))
    assert paid(rating, "W-1") == ["Y 2h 00m", "Z 1h 00m", "X 1h 00m"]


@pytest.mark.rule("D16")
def test_a_negative_priority_comes_first() -> None:
    """Priorities −1, 0, 1: lower is drawn first, whatever expires sooner."""
    banks = [
        bank("B-1", "2025-01-02 09:00", "1h", priority=1, expires_on="2025-02-28"),
        bank("B-2", "2025-01-02 09:00", "1h", expires_on="2025-03-31"),
        bank("B-3", "2025-01-02 09:00", "1h", priority=-1),
    ]
    rating = rated(PREPAID, *banks, entry("W-1", "2025-01-10 09:00", "3h"))
    assert paid(rating, "W-1") == ["B-3 1h 00m", "B-2 1h 00m", "B-1 1h 00m"]


@pytest.mark.rule("B2", "L1", "L2")
def test_banks_pay_one_after_the_other_until_they_are_used_up_exactly() -> None:
    """1h + 2h = 3h pay exactly for 3h; the second after that costs 140 / 3600 → 0.04 EUR."""
    banks = [
        bank("B-1", "2025-01-02 09:00", "1h", expires_on="2025-06-30"),
        bank("B-2", "2025-01-02 09:00", "2h", expires_on="2025-12-31"),
    ]
    work = [entry("W-1", "2025-01-10 09:00", "3h"), entry("W-2", "2025-01-10 13:00", "0h 00m 01s")]
    rating = rated(PREPAID, *banks, *work)
    assert paid(rating, "W-1") == ["B-1 1h 00m", "B-2 2h 00m"]
    assert paid(rating, "W-2") == ["charged 0h 00m 01s 0.04 EUR"]
    assert moved(rating, "B-1") == ["2025-01-02 09:00 purchase 1h 00m", "2025-01-10 09:00 draw 1h 00m"]


# For what


@pytest.mark.rule("B2", "D15")
def test_a_bank_with_a_scope_pays_only_for_its_own_use() -> None:
    """B-1 is for atlas: work on relay, or on nothing in particular, takes B-2, though B-1 ends sooner."""
    rating = rated(
        PREPAID,
        bank("B-1", "2025-01-02 09:00", "10h", scope=Scope(products="atlas"), expires_on="2025-06-30"),
        bank("B-2", "2025-01-02 09:00", "10h"),
        entry("W-1", "2025-01-10 09:00", "1h", product="atlas"),
        entry("W-2", "2025-01-10 09:00", "1h", product="relay"),
        entry("W-3", "2025-01-10 09:00", "1h"),
    )
    assert [paid(rating, f"W-{n}") for n in (1, 2, 3)] == [["B-1 1h 00m"], ["B-2 1h 00m"], ["B-2 1h 00m"]]


@pytest.mark.rule("B2")
def test_each_pool_pays_where_the_waterfall_names_it() -> None:
    """Work goes to the pool "project" first, then to "banks": 3h take 1h + 2h, whatever ends sooner."""
    rating = rated(
        agreed(Banks(pool="project"), Banks(), OVERAGE),
        bank("B-1", "2025-01-02 09:00", "2h", expires_on="2025-02-28"),
        bank("B-2", "2025-01-02 09:00", "1h", pool="project"),
        entry("W-1", "2025-01-10 09:00", "3h"),
    )
    assert paid(rating, "W-1") == ["B-2 1h 00m", "B-1 2h 00m"]


@pytest.mark.rule("B2", "D14")
def test_two_meters_share_a_pool_and_units_never_convert() -> None:
    """All use the pool "banks": a bank of 3 incidents pays for no hour, a bank of 2h for both kinds of work."""
    meters = [
        Meter("incidents", [Banks(), Refuse()]),
        Meter("work", [Banks(), Refuse()], name="atlas", scope=Scope(products="atlas")),
        Meter("work", [Banks(), OVERAGE], name="rest"),
    ]
    rating = rated(
        contract(Composite(meters=meters)),
        bank("B-1", "2025-01-02 09:00", incidents(3), expires_on="2025-02-28"),
        bank("B-2", "2025-01-02 09:00", "2h"),
        entry("W-1", "2025-01-10 09:00", "1h", product="atlas"),
        entry("W-2", "2025-01-11 09:00", "2h"),
    )
    assert paid(rating, "W-1") == ["B-2 1h 00m"]
    assert paid(rating, "W-2") == ["B-2 1h 00m", "charged 1h 00m 140.00 EUR"]


@pytest.mark.rule("B2", "D18")
def test_whole_to_next_looks_at_all_banks_together() -> None:
    """1h + 1h = 2h: an entry of 2h 00m 01s passes them by whole, one of 2h takes both."""
    rating = rated(
        agreed(Banks(short="whole-to-next"), OVERAGE),
        bank("B-1", "2025-01-02 09:00", "1h"),
        bank("B-2", "2025-01-02 09:00", "1h"),
        entry("W-1", "2025-01-10 09:00", "2h 00m 01s"),
        entry("W-2", "2025-01-11 09:00", "2h"),
    )
    assert paid(rating, "W-1") == ["charged 2h 00m 01s 280.04 EUR"]  # 7201s × 140 / 3600 = 280.0388…
    assert paid(rating, "W-2") == ["B-1 1h 00m", "B-2 1h 00m"]


@pytest.mark.rule("D8", "B2")
def test_a_multiplier_counts_in_the_bank() -> None:
    """1.5 × 1h = 1h 30m counted; 45m are left, half of it: 30 real minutes each; overage 30m billable × 140 = 70.00."""
    terms = agreed(Banks(), OVERAGE, metering=Metering(multiplier=Multiplier("1.5")))
    rating = rated(terms, bank("B-1", "2025-01-02 09:00", "0h 45m"), entry("W-1", "2025-01-10 09:00", "1h"))
    assert paid(rating, "W-1") == ["B-1 0h 45m", "charged 0h 45m 70.00 EUR"]
    assert [str(line.worked) for line in rating.lines_of("W-1")] == ["0h 30m", "0h 30m"]


@pytest.mark.rule("D18")
def test_what_no_bank_pays_is_refused_or_held_as_the_terms_say() -> None:
    """1h of 3h is in the bank; the other 2h are refused by one plan and held by the other, for 0.00."""
    events = story(bank("B-1", "2025-01-02 09:00", "1h"), entry("W-1", "2025-01-10 09:00", "3h"))
    refused = rated(contract(PrepaidHours(beyond=Refuse()), currency="EUR"), *events, until="2025-02-01")
    held = rated(contract(PrepaidHours(beyond=Hold()), currency="EUR"), *events, until="2025-02-01")
    assert paid(refused, "W-1") == ["B-1 1h 00m", "refused 2h 00m"]
    assert paid(held, "W-1") == ["B-1 1h 00m", "held 2h 00m"]


# What a purchase costs


@pytest.mark.rule("D28", "D23")
@pytest.mark.parametrize(
    ("purchase", "amount"),
    [
        (bank("B-1", "2025-03-20 11:00", "20h", price=Price("115 EUR/h")), "2,300.00 EUR"),
        (bank("B-1", "2025-03-20 11:00", "20h", price=Money("1999.99 EUR")), "1,999.99 EUR"),
        (bank("B-1", "2025-03-20 11:00", "1h 10m", price=Price("99.99 EUR/h")), "116.66 EUR"),  # 116.655, half up
        (bank("B-1", "2025-03-20 11:00", "20h"), "0.00 EUR"),
        (bank("B-1", "2025-03-20 11:00", "20h", origin="courtesy"), "0.00 EUR"),
    ],
)
def test_a_purchase_is_one_line_at_its_price_when_it_happened_and_its_draws_cost_nothing(
    purchase: BankPurchase, amount: str
) -> None:
    """20h × 115 = 2300.00; the whole bank for 1999.99; 7/6 h × 99.99 = 116.655 → 116.66; without a price 0.00."""
    rating = rated(PREPAID, purchase, entry("W-1", "2025-04-01 09:00", "1h"))
    assert [(str(line.amount), line.kind, line.period) for line in rating.lines] == [
        (amount, "purchase", "2025-03"),
        ("0.00 EUR", "use", "2025-04"),
    ]


@pytest.mark.rule("D28", "D7")
@pytest.mark.parametrize("price", [Money("100 USD"), Money("100 JPY"), Price("100 CHF/h")])
def test_a_purchase_in_another_currency_than_the_contract_is_an_error(price: Money | Price) -> None:
    """The contract is in EUR: 100 USD are not 100.00 EUR, and 100 JPY are not 1.00 EUR."""
    with pytest.raises(CurrencyMismatch):
        rated(PREPAID, bank("B-1", "2025-03-20 11:00", "1h", price=price))


@pytest.mark.rule("D7")
def test_a_bank_that_the_terms_have_no_place_for_is_refused_at_no_charge() -> None:
    """A bank of incidents, and one for a pool that no source names: two refused lines for 0.00, and no movement."""
    rating = rated(
        PREPAID,
        bank("B-1", "2025-03-20 11:00", incidents(3), price=Money("100 EUR")),
        bank("B-2", "2025-03-20 11:00", "3h", price=Money("100 EUR"), pool="project"),
    )
    assert [line.disposition for line in rating.lines] == ["refused", "refused"]
    assert all(line.code for line in rating.lines)
    assert (str(rating.total), rating.movements) == ("0.00 EUR", ())


@pytest.mark.rule("D28", "D7", "D17")
def test_a_bank_can_be_bought_before_the_term_begins() -> None:
    """Bought on 20 December 2024, outside every phase: the line has no period, and the bank pays from 1 January."""
    rating = rated(
        PREPAID,
        bank("B-1", "2024-12-20 09:00", "2h", price=Price("100 EUR/h")),
        entry("W-1", "2024-12-31 23:59:59", "1h"),
        entry("W-2", "2025-01-01 00:00:00", "1h"),
    )
    assert charged(rating) == ["- purchase 200.00 EUR"]
    assert [line.code for line in rating.lines_of("W-1")] == ["outside-term"]
    assert paid(rating, "W-2") == ["B-1 1h 00m"]


@pytest.mark.rule("B2", "I1")
def test_a_bank_of_incidents_pays_whole_incidents() -> None:
    """A pack of 2 at 250 EUR = 500.00: two tickets are drawn, the third costs 290.00."""
    terms = agreed(Banks(), Charge(Price("290 EUR/incident")), unit="incidents")
    tickets = [happened(Opened, f"T-{n}", f"2025-01-1{n} 09:00") for n in (1, 2, 3)]
    pack = bank("B-1", "2025-01-02 09:00", incidents(2), price=Price("250 EUR/incident"))
    rating = rated(terms, pack, *tickets)
    assert [paid(rating, f"T-{n}") for n in (1, 2, 3)] == [
        ["B-1 1 incident"],
        ["B-1 1 incident"],
        ["charged 1 incident 290.00 EUR"],
    ]
    assert charged(rating) == ["2025-01 purchase 500.00 EUR", "2025-01 overage 290.00 EUR"]


@pytest.mark.rule("B2", "D5")
def test_work_in_the_hour_that_occurs_twice_is_told_apart() -> None:
    """On 26 October 2025 Berlin showed 02:30 twice, at 00:30 and 01:30 UTC.

    A bank bought in the second 02:30 does not pay for work in the first, and pays for work in the second.
    """
    rating = rated(
        PREPAID,
        bank("B-1", "2025-10-26 01:30", "10h", zone=UTC),
        entry("W-1", "2025-10-26 00:30", "1h", zone=UTC),
        entry("W-2", "2025-10-26 01:30", "1h", zone=UTC),
    )
    assert paid(rating, "W-1") == ["charged 1h 00m 140.00 EUR"]
    assert paid(rating, "W-2") == ["B-1 1h 00m"]


@pytest.mark.rule("B2", "D15")
def test_banks_with_a_scope_are_passed_over_by_other_use() -> None:
    """The banks pay for remote work only; 1h on site is charged although 10h are left."""
    rating = rated(
        agreed(Banks(scope=Scope(channels="remote")), OVERAGE),
        bank("B-1", "2025-01-02 09:00", "10h"),
        entry("W-1", "2025-01-10 09:00", "1h", channel="onsite"),
        entry("W-2", "2025-01-10 09:00", "1h", channel="remote"),
    )
    assert paid(rating, "W-1") == ["charged 1h 00m 140.00 EUR"]
    assert paid(rating, "W-2") == ["B-1 1h 00m"]


@pytest.mark.rule("B2")
def test_an_empty_bank_is_passed_over() -> None:
    """A bank of 0h never pays, and the next one does."""
    rating = rated(
        PREPAID,
        bank("B-1", "2025-01-02 09:00", "0h", expires_on="2025-02-28"),
        bank("B-2", "2025-01-02 09:00", "1h"),
        entry("W-1", "2025-01-10 09:00", "1h"),
    )
    assert paid(rating, "W-1") == ["B-2 1h 00m"]
    assert str(rating.balance("B-2").left) == "0"
    assert hours(1).amount == rating.balance("B-2").drawn
