"""Laws of quantities: reading inverts printing, units never mix, splits lose nothing, weighing rounds once."""

import copy
import pickle
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from operator import add, ge, gt, le, lt, mul, sub
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportcontracts import quantity as words
from supportcontracts.errors import InvalidValue, UnitMismatch
from supportcontracts.quantity import Incidents, Quantity, WorkTime, allocate_whole, hours, quantity, weigh

NAMES = vars(words)

amounts = st.integers(0, 10**9) | st.integers(0, 10**30)
work_times = st.builds(WorkTime, amounts)
incident_counts = st.builds(Incidents, amounts)
quantities = work_times | incident_counts
totals = st.integers(-(10**6), 10**6) | st.integers(-(10**20), 10**20)
weights = st.integers(0, 50) | st.integers(0, 10**12)
exact_weights = weights | st.fractions(0, 100, max_denominator=60) | st.decimals(0, 100, places=3)
weight_lists = st.lists(weights, min_size=1, max_size=8).filter(any)
exact_weight_lists = st.lists(exact_weights, min_size=1, max_size=8).filter(any)


def exact_shares(total: int, parts: list[int | Fraction | Decimal]) -> list[Fraction]:
    """Share `total` exactly, by definition."""
    sizes = [Fraction(part) for part in parts]
    return [total * size / sum(sizes) for size in sizes]


@given(work_times)
def test_work_time_reads_every_text_it_prints(time: WorkTime) -> None:
    """Text, heading, ISO 8601 and repr all lead back to the same time."""
    assert WorkTime.parse(str(time)) == WorkTime.parse(time.short()) == WorkTime.parse(time.iso()) == time
    assert eval(repr(time), NAMES) == time  # a repr is code


@given(incident_counts)
def test_incidents_read_every_text_they_print(count: Incidents) -> None:
    """Text and repr lead back to the same number."""
    assert Incidents.parse(str(count)) == count
    assert eval(repr(count), NAMES) == count  # a repr is code


@given(st.text(max_size=12) | st.from_regex(r"(P|PT)?[0-9]{0,3}[hHmMsSdD]? ?[0-9]{0,3}[hHmMsS]?", fullmatch=True))
def test_reading_gives_a_quantity_or_says_why_not(text: str) -> None:
    """Whatever the text, the only error is an `InvalidValue`."""
    for kind in (WorkTime, Incidents):
        try:
            read = kind.parse(text)
        except InvalidValue:
            continue
        assert kind.parse(str(read)) == read


@given(quantities, st.integers(2, pickle.HIGHEST_PROTOCOL))
def test_quantities_survive_pickle_copy_and_evolve(one: Quantity, protocol: int) -> None:
    """A pickled, copied or evolved quantity equals the original and has its hash."""
    pickled = pickle.loads(pickle.dumps(one, protocol))
    for twin in (pickled, copy.copy(one), copy.deepcopy(one), attrs.evolve(one)):
        assert twin == one
        assert hash(twin) == hash(one)
    assert quantity(one.unit, one.amount) == one


@pytest.mark.parametrize("kind", [WorkTime, Incidents])
@given(left=amounts, right=amounts)
def test_arithmetic_is_that_of_the_raw_units(kind: Callable[[int], Any], left: int, right: int) -> None:
    """Sums, differences, products and comparisons of one unit are those of its integers."""
    a, b = kind(left), kind(right)
    assert (a + b).amount == left + right
    assert (a * 3).amount == (3 * a).amount == 3 * left
    assert (a < b, a <= b, a > b, a >= b) == (left < right, left <= right, left > right, left >= right)
    assert (a == b) is (left == right)
    assert bool(a) is bool(left)
    assert (max(a, b) - min(a, b)).amount == abs(left - right)
    assert (a + b) - b == a


@given(work_times, incident_counts, st.sampled_from([add, sub, mul, lt, le, gt, ge]))
def test_work_time_and_incidents_never_mix(time: object, count: object, operation: Callable[..., object]) -> None:
    """Whatever the sizes, mixing units raises and equality is False."""
    assert time != count
    for left, right in ((time, count), (count, time)):
        with pytest.raises(UnitMismatch):
            operation(left, right)


@pytest.mark.rule("D4")
@given(st.fractions(0, 10_000))
def test_hours_are_whole_seconds_or_refused(value: Fraction) -> None:
    """A number of hours is accepted exactly when 3600 times it is an integer."""
    if (value * 3600).denominator == 1:
        assert Fraction(hours(value).seconds, 3600) == value
    else:
        with pytest.raises(InvalidValue):
            hours(value)


@pytest.mark.rule("D8")
@given(st.integers(0, 10**12), st.fractions(0, 10, max_denominator=1000))
def test_weighing_rounds_as_decimal_arithmetic_does(amount: int, factor: Fraction) -> None:
    """Weighing is one exact product, rounded half up once: the same as an independent decimal computation."""
    with localcontext(prec=60):
        product = Decimal(amount * factor.numerator) / Decimal(factor.denominator)
        assert weigh(amount, factor) == int(product.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.rule("D24")
@given(totals, exact_weight_lists)
def test_parts_add_up_and_are_fair(total: int, parts: list[int | Fraction | Decimal]) -> None:
    """Parts sum to the total, each is less than one unit from its exact share, and zero weights get nothing."""
    got = allocate_whole(total, parts)
    assert sum(got) == total
    for part, share, weight in zip(got, exact_shares(total, parts), parts, strict=True):
        assert abs(part - share) < 1
        assert weight or not part


@pytest.mark.rule("D24")
@given(st.integers(0, 10**6), exact_weight_lists)
def test_spare_units_go_to_the_largest_remainders_in_order(total: int, parts: list[int | Fraction | Decimal]) -> None:
    """No part that was rounded up has a smaller remainder than one rounded down; of equals the first is up."""
    got = allocate_whole(total, parts)
    shares = exact_shares(total, parts)
    remainders = [share - share.numerator // share.denominator for share in shares]
    order = sorted(range(len(parts)), key=lambda index: -remainders[index])  # stable: equals stay in order
    raised = [got[index] - shares[index].numerator // shares[index].denominator for index in order]
    assert all(before >= after for before, after in pairwise(raised))
    assert set(raised) <= {0, 1}


@pytest.mark.rule("D24")
@given(totals, exact_weight_lists)
def test_a_negative_total_is_the_mirror_image(total: int, parts: list[int | Fraction | Decimal]) -> None:
    """Splitting -t gives the negated parts of t, part by part."""
    assert allocate_whole(-total, parts) == tuple(-part for part in allocate_whole(total, parts))


@pytest.mark.rule("D24")
@given(totals, weight_lists, st.integers(1, 1000))
def test_only_proportions_matter(total: int, parts: list[int], scale: int) -> None:
    """Weights multiplied or divided by a number split alike."""
    assert (
        allocate_whole(total, parts)
        == allocate_whole(total, [part * scale for part in parts])
        == allocate_whole(total, [Fraction(part, scale) for part in parts])
    )


@pytest.mark.rule("D24")
@given(totals, weight_lists, st.data())
def test_order_matters_among_equals_only(total: int, parts: list[int], data: st.DataObject) -> None:
    """Reordered weights give each weight the same parts as before, counted together with its equals in remainder."""
    order = data.draw(st.permutations(range(len(parts))))
    before, after = allocate_whole(total, parts), allocate_whole(total, [parts[index] for index in order])
    remainders = [abs(total) * part % sum(parts) for part in parts]
    for remainder in set(remainders):
        members = [index for index in order if remainders[index] == remainder]
        assert sum(before[index] for index in members) == sum(after[order.index(index)] for index in members)
