"""Laws of time, against the stdlib: `zoneinfo` from UTC to local time, and a search through the minutes for the rest.

Going from UTC to local time is a plain lookup that needs no convention, so it serves as the oracle. What a wall time
or a date means is then found by trying every minute in reach, which knows nothing of gaps, folds or `fold`.
"""

import pickle
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pendulum
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from supportcontracts.errors import AmbiguousTime, NoSuchTime
from supportcontracts.timeline import (
    PeriodLength,
    Span,
    Term,
    Zone,
    actual_days,
    add_months,
    epoch,
    from_epoch,
    instant,
    midnights,
    months,
    periods,
    proration,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE, HOUR, DAY = 60, 3600, 86_400

# Zones with something to get wrong, each with days on which its clocks change: half-hour changes, midnights that do
# not exist or occur twice, a date that never was, offsets of quarters of an hour, and no changes at all.
ZONES = {
    "Europe/Berlin": ["2025-03-30", "2025-10-26", "1996-10-27"],
    "America/New_York": ["2025-03-09", "2025-11-02", "2006-04-02"],
    "America/Sao_Paulo": ["2018-11-04", "2018-02-18", "2017-10-15"],
    "America/Havana": ["2024-03-10", "2024-11-03"],
    "America/St_Johns": ["2010-03-14", "2010-11-07"],
    "Asia/Tehran": ["2022-03-22", "2022-09-22"],
    "Pacific/Apia": ["2011-12-30", "2011-12-31", "2021-04-04"],
    "Australia/Lord_Howe": ["2025-04-06", "2025-10-05"],
    "Asia/Kathmandu": ["2025-01-01"],
    "UTC": ["2025-01-01"],
    "+05:45": ["2025-01-01"],
    "-03:30": ["2025-01-01"],
}


def stdlib_zone(name: str) -> tzinfo:
    """Build the same zone with the stdlib alone."""
    if name[0] not in "+-":
        return ZoneInfo(name)
    ahead = timedelta(hours=int(name[1:3]), minutes=int(name[4:6]))
    return timezone(ahead if name[0] == "+" else -ahead)


def local(name: str, seconds: int) -> datetime:
    """Look up the local time of an instant with the stdlib alone."""
    return (EPOCH + timedelta(seconds=seconds)).astimezone(stdlib_zone(name))


def seconds_of(day: date) -> int:
    """Count the seconds from 1970 to the start of a date in UTC."""
    return (day - date(1970, 1, 1)).days * DAY


zones = st.sampled_from(sorted(ZONES))


@st.composite
def places(draw: st.DrawFn, *, step: int = 1) -> tuple[str, int]:
    """Draw a zone and a number of seconds since 1970, often within a day or two of a change of its clocks."""
    name = draw(zones)
    near = [seconds_of(date.fromisoformat(day)) for day in ZONES[name]]
    base = draw(st.sampled_from(near) | st.integers(7300, 24_000).map(lambda day: day * DAY))
    return name, base + draw(st.integers(-36 * HOUR // step, 36 * HOUR // step)) * step


@st.composite
def terms(draw: st.DrawFn) -> Term:
    """Draw a term of up to four years, in whole months or not."""
    starts_on = draw(st.dates(date(1995, 1, 1), date(2035, 1, 1)))
    zone = Zone(draw(zones))
    if draw(st.booleans()):
        return Term(starts_on, months=draw(st.integers(1, 48)), zone=zone)
    return Term(starts_on, last_day=starts_on + timedelta(days=draw(st.integers(0, 1500))), zone=zone)


lengths: st.SearchStrategy[PeriodLength] = st.sampled_from(["month", "quarter", "year", "term"])
STEPS = {"month": 1, "quarter": 3, "year": 12}


# Instants


@given(st.integers(-62_135_596_800, 253_402_300_799))
def test_seconds_and_instants_are_the_same_thing(seconds: int) -> None:
    """`from_epoch` and `epoch` are inverse, over all the years there are, and agree with the stdlib."""
    value = from_epoch(seconds)
    assert epoch(value) == seconds
    assert value == EPOCH + timedelta(seconds=seconds)
    assert (type(value), value.tzinfo) == (pendulum.DateTime, pendulum.UTC)


@pytest.mark.rule("D4")
@given(places(), st.integers(0, 999_999))
@example(("Europe/Berlin", 1_761_438_600), 5)
@example(("Europe/Berlin", 1_761_442_200), 5)
def test_the_gate_keeps_the_instant_and_drops_the_fraction(place: tuple[str, int], fraction: int) -> None:
    """A local datetime, of the stdlib or of pendulum, in a repeated hour or not, comes back as its UTC second."""
    name, seconds = place
    shown = local(name, seconds).replace(microsecond=fraction)
    moved = pendulum.instance(EPOCH + timedelta(seconds=seconds, microseconds=fraction)).in_timezone(
        stdlib_zone(name) if name[0] in "+-" else name  # type: ignore[arg-type]  # pendulum takes a tzinfo too
    )
    for value in (shown, moved):
        assert epoch(value) == epoch(instant(value)) == seconds
        assert pickle.loads(pickle.dumps(instant(value))) == from_epoch(seconds)


@given(st.integers(-(10**10), 10**10), st.integers(-(10**10), 10**10))
def test_instants_are_ordered_as_their_seconds(one: int, other: int) -> None:
    """Instants compare and hash as the numbers they stand for."""
    first, second = from_epoch(one), from_epoch(other)
    assert (first < second, first == second) == (one < other, one == other)
    assert hash(first) == hash(from_epoch(one))


# Zones


@given(places(step=MINUTE))
@example(("Pacific/Apia", seconds_of(date(2011, 12, 30)) + 12 * HOUR))
def test_local_time_is_what_the_clocks_showed(place: tuple[str, int]) -> None:
    """`at` returns the one instant at which the clocks showed a time; none and two are the two errors."""
    name, wall = place
    text = (EPOCH + timedelta(seconds=wall)).strftime("%Y-%m-%d %H:%M")
    reach = range(wall - 15 * HOUR, wall + 15 * HOUR, MINUTE)
    shown = [at for at in reach if local(name, at).strftime("%Y-%m-%d %H:%M") == text]
    if len(shown) == 1:
        assert epoch(Zone(name).at(text)) == shown[0]
        return
    with pytest.raises(AmbiguousTime if shown else NoSuchTime) as caught:
        Zone(name).at(text)
    offered = [epoch(Zone(name).at(hint.split('"')[0])) for hint in caught.value.hint.split('at("')[1:]]
    if shown:
        assert offered == shown
    else:
        assert offered[0] == offered[1]


@given(places())
def test_what_is_printed_is_read_back(place: tuple[str, int]) -> None:
    """`at` reads what `format` writes, also in a repeated hour, and both agree with the stdlib."""
    name, seconds = place
    zone = Zone(name)
    text = zone.format(from_epoch(seconds))
    assert epoch(zone.at(text)) == seconds
    assert text.startswith(local(name, seconds).strftime("%Y-%m-%d %H:%M"))


@given(places())
def test_local_dates_are_those_of_the_stdlib(place: tuple[str, int]) -> None:
    """The date, the weekday, the offset and the local datetime of an instant are those that `zoneinfo` finds."""
    name, seconds = place
    zone, value, expected = Zone(name), from_epoch(seconds), local(name, seconds)
    assert zone.date_of(value) == zone.date_of_epoch(seconds) == expected.date()
    assert zone.format_day(value) == expected.strftime("%a %Y-%m-%d")
    assert timedelta(seconds=zone.offset_at(seconds)) == expected.utcoffset()
    assert zone.local(value).isoformat() == expected.isoformat()


@pytest.mark.rule("D4")
@given(places(step=DAY))
@example(("Pacific/Apia", seconds_of(date(2011, 12, 30))))
@example(("America/Sao_Paulo", seconds_of(date(2018, 11, 4))))
@example(("America/Havana", seconds_of(date(2024, 11, 3))))
@example(("America/Toronto", seconds_of(date(1919, 3, 31))))
@example(("America/St_Johns", seconds_of(date(2010, 11, 7))))
def test_a_day_starts_when_its_date_is_first_reached(place: tuple[str, int]) -> None:
    """`start_of` is the first minute whose local date is that date, or past it if the date was skipped."""
    name, near = place
    day = (EPOCH + timedelta(seconds=near)).date()
    midnight = seconds_of(day)
    first = next(
        at for at in range(midnight - 15 * HOUR, midnight + 36 * HOUR, MINUTE) if local(name, at).date() >= day
    )
    assert epoch(Zone(name).start_of(day)) == Zone(name).start_of_epoch(day) == first


@given(places(step=MINUTE), st.integers(0, 72 * 60))
@example(("Pacific/Apia", seconds_of(date(2011, 12, 29))), 60 * 60)
@example(("America/St_Johns", seconds_of(date(2010, 11, 6))), 26 * 60 + 45)
def test_midnights_are_the_minutes_that_reach_a_new_date(place: tuple[str, int], length: int) -> None:
    """The cuts inside two instants are the minutes at which the latest local date so far moves on."""
    name, start = place
    end = start + length * MINUTE
    cuts, latest = [], local(name, start - DAY).date()
    for at in range(start - DAY, end, MINUTE):
        if local(name, at).date() > latest:
            latest = local(name, at).date()
            cuts.append(at)
    assert midnights(Zone(name), start, end) == [cut for cut in cuts if start < cut]


# Spans, terms and periods


@pytest.mark.rule("D2")
@given(*[st.integers(0, 20)] * 5)
def test_an_overlap_has_the_instants_that_both_spans_have(a: int, b: int, c: int, d: int, at: int) -> None:
    """An instant lies in the overlap if and only if it lies in both spans; an empty overlap is None."""
    one = Span(from_epoch(min(a, b)), from_epoch(max(a, b)))
    other = Span(from_epoch(min(c, d)), from_epoch(max(c, d)))
    both, moment = one.overlap(other), from_epoch(at)
    shared = set(range(min(a, b), max(a, b))) & set(range(min(c, d), max(c, d)))
    assert (one.contains(moment) and other.contains(moment)) == (at in shared)
    assert (both is not None and both.contains(moment)) == (at in shared)
    assert (0 if both is None else both.seconds) == len(shared)
    assert both == other.overlap(one)


def anchored(start: date, count: int) -> date:
    """Count months with integers, and find the last day of a month as the eve of the next one."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(start.day, last))


@given(st.dates(date(1000, 1, 1), date(3000, 1, 1)), st.integers(-600, 600))
def test_months_end_in_the_month_that_is_meant(start: date, count: int) -> None:
    """Adding months lands in that month, on the same day or its last one; amounts do the same both ways."""
    assert add_months(start, count) == anchored(start, count)
    amount = months(abs(count))
    assert (amount.after(start) if count >= 0 else amount.before(start)) == anchored(start, count)


@given(terms())
def test_a_term_written_with_its_last_day_is_the_same_term(term: Term) -> None:
    """The two spellings of a term agree, and whole months are found whenever there are some."""
    assert Term(term.starts_on, last_day=term.last_day, zone=term.zone) == term
    counts = [count for count in range(1, 60) if anchored(term.starts_on, count) == term.ends_before]
    assert term.whole_months == (counts[0] if counts else None)
    if counts:
        assert Term(term.starts_on, months=counts[0], zone=term.zone) == term


@pytest.mark.rule("D2")
@given(terms(), lengths)
@example(Term("2024-01-31", months=13, zone="Europe/Berlin"), "month")
@example(Term("2011-12-01", months=2, zone="Pacific/Apia"), "month")
def test_periods_tile_their_term(term: Term, per: PeriodLength) -> None:
    """The periods of a term have all of its days and instants, each once, in order."""
    found = periods(term, per)
    assert (found[0].start, found[-1].end) == (term.start, term.end)
    assert (found[0].starts_on, found[-1].last_day) == (term.starts_on, term.last_day)
    assert [period.index for period in found] == list(range(len(found)))
    assert sum(period.days for period in found) == term.days == (term.last_day - term.starts_on).days + 1
    assert sum(period.span.seconds for period in found) == term.span.seconds
    for one, following in pairwise(found):
        assert (one.end, one.ends_before) == (following.start, following.starts_on)
        assert not one.is_stub
    assert len({period.name for period in found}) == len(found)


@pytest.mark.rule("D29")
@given(terms(), st.sampled_from(sorted(STEPS)))
def test_periods_are_anchored_at_the_start_of_the_term(term: Term, per: PeriodLength) -> None:
    """The k-th period starts k steps after the term, and its full cycle ends one step later, cut or not."""
    step, found = STEPS[per], periods(term, per)
    for period in found:
        cycle = anchored(term.starts_on, period.index * step), anchored(term.starts_on, (period.index + 1) * step)
        assert period.starts_on == cycle[0]
        assert period.full_days == (cycle[1] - cycle[0]).days
        assert period.share == proration(period.starts_on, period.ends_before, *cycle)
        assert period.is_stub == (period.share < 1)
    if term.whole_months is not None:
        assert len(found) == -(-term.whole_months // step)


@given(terms(), lengths, st.data())
def test_an_instant_lies_in_one_period(term: Term, per: PeriodLength, data: st.DataObject) -> None:
    """An instant of the term lies in exactly one of its periods, any other instant in none."""
    margin = 3 * DAY
    at = from_epoch(data.draw(st.integers(epoch(term.start) - margin, epoch(term.end) + margin)))
    assert sum(period.contains(at) for period in periods(term, per)) == term.contains(at)


@pytest.mark.rule("D29")
@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_the_shares_of_a_cycle_sum_to_one(start: date, lengths_of_parts: list[int]) -> None:
    """However a cycle is split, the parts have its days and their shares sum to 1, each between 0 and 1."""
    assume(sum(lengths_of_parts) > 0)
    cuts = [start]
    for length in lengths_of_parts:
        cuts.append(cuts[-1] + timedelta(days=length))
    shares = [proration(one, following, cuts[0], cuts[-1]) for one, following in pairwise(cuts)]
    assert shares == [Fraction(length, sum(lengths_of_parts)) for length in lengths_of_parts]
    assert sum(shares) == 1
    assert all(0 <= share <= 1 for share in shares)
    assert [actual_days(one, following) for one, following in pairwise(cuts)] == lengths_of_parts
