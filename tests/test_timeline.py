"""The gate to time: what it accepts, what it refuses, and what it says then."""

import copy
import pickle
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pendulum
import pytest

from supportcontracts.errors import AmbiguousTime, FloatRefused, InvalidValue, NaiveTime, NoSuchTime
from supportcontracts.timeline import (
    Days,
    Months,
    NoSuchDate,
    Period,
    Span,
    Term,
    Zone,
    actual_days,
    add_months,
    as_date,
    as_zone,
    days,
    epoch,
    from_epoch,
    instant,
    midnights,
    months,
    parse_date,
    periods,
    proration,
)

BERLIN = Zone("Europe/Berlin")
YEAR = Term("2025-01-01", months=12, zone=BERLIN)


def utc(*parts: int) -> datetime:
    """Write an instant with the stdlib alone."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # six numbers at most


class NoOffset(tzinfo):
    """A zone that does not know its offset; such a datetime is naive."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """Answer that the offset is unknown."""
        return None

    def dst(self, moment: datetime | None) -> timedelta | None:
        """Answer that summer time is unknown."""
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        """Answer that there is no name."""
        return None


class Broken(NoOffset):
    """A zone that fails."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """Fail as a faulty zone does."""
        raise TypeError("this zone is broken")


class TestInstant:
    """The gate returns UTC, in whole seconds."""

    @pytest.mark.rule("D4")
    @pytest.mark.parametrize(
        "value",
        [
            utc(2025, 3, 4, 9, 0, 0, 999_999),
            datetime(2025, 3, 4, 10, 0, 0, 5, tzinfo=ZoneInfo("Europe/Berlin")),
            datetime(2025, 3, 4, 5, 30, tzinfo=timezone(-timedelta(hours=3, minutes=30))),
            pendulum.datetime(2025, 3, 4, 10, 0, 0, 1, tz="Europe/Berlin"),
            pendulum.datetime(2025, 3, 4, 9, 0, 0, 1, tz="UTC"),
            pendulum.datetime(2025, 3, 4, 9, tz="UTC"),
        ],
        ids=str,
    )
    def test_any_aware_datetime_is_accepted(self, value: datetime) -> None:
        """Whatever the zone and the library, the same instant comes out, without its fraction."""
        made = instant(value)
        assert type(made) is pendulum.DateTime
        assert made.tzinfo is pendulum.UTC
        assert (made.year, made.month, made.day, made.hour, made.minute, made.second) == (2025, 3, 4, 9, 0, 0)
        assert made.microsecond == 0
        assert epoch(value) == 1_741_078_800

    @pytest.mark.rule("D4")
    def test_before_1970_a_fraction_is_dropped_downwards_too(self) -> None:
        """Dropping the fraction of an instant takes the second in which it lies, on both sides of 1970."""
        assert epoch(utc(1969, 12, 31, 23, 59, 59, 500_000)) == -1
        assert instant(utc(1969, 12, 31, 23, 59, 59, 500_000)) == utc(1969, 12, 31, 23, 59, 59)

    def test_an_instant_is_returned_as_it_is(self) -> None:
        """The gate costs nothing twice: an instant passes unchanged."""
        value = instant(utc(2025, 3, 4))
        assert instant(value) is value

    @pytest.mark.parametrize(("fold", "seconds"), [(0, 1_761_438_600), (1, 1_761_442_200)])
    def test_fold_is_honoured(self, fold: int, seconds: int) -> None:
        """Of two equal local times, `fold` says which one is meant: 00:30 or 01:30 UTC on 2025-10-26."""
        local = datetime(2025, 10, 26, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
        shown = pendulum.DateTime(2025, 10, 26, 2, 30, tzinfo=pendulum.timezone("Europe/Berlin"), fold=fold)
        assert epoch(instant(local)) == epoch(instant(shown)) == epoch(local) == epoch(shown) == seconds

    @pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
    def test_instants_of_a_repeated_hour_survive_pickle_and_copy(self, protocol: int) -> None:
        """The two instants stay an hour apart, as values and in a set, and so do their copies."""
        both = BERLIN.at("2025-10-26 02:30+02:00"), BERLIN.at("2025-10-26 02:30+01:00")
        assert len(set(both)) == 2
        for value in both:
            for twin in (pickle.loads(pickle.dumps(value, protocol)), copy.copy(value), copy.deepcopy(value)):
                assert (twin, hash(twin), epoch(twin)) == (value, hash(value), epoch(value))
                assert twin.tzinfo is pendulum.UTC

    @pytest.mark.parametrize("read", [instant, epoch])
    @pytest.mark.parametrize("zone", [None, NoOffset()])
    def test_a_naive_datetime_is_refused(self, read: Callable[[datetime], object], zone: tzinfo | None) -> None:
        """A datetime without offset names no instant, and the error says how to write one."""
        with pytest.raises(NaiveTime) as caught:
            read(datetime(2025, 3, 4, 10, tzinfo=zone))
        assert str(caught.value) == (
            "instant got the naive datetime 2025-03-04 10:00:00; a datetime with a zone or offset was expected.\n"
            '    Write Zone("Europe/Berlin").at("2025-03-04 10:00"), or give the datetime its tzinfo.'
        )

    @pytest.mark.parametrize(
        ("value", "hint"),
        [
            ("2025-03-04 10:00", 'at("2025-03-04 10:00")'),
            (date(2025, 3, 4), 'start_of("2025-03-04")'),
            (1_741_078_800, "from_epoch(1741078800)"),
            (True, 'at("2025-03-04 10:00")'),
            (None, 'at("2025-03-04 10:00")'),
            (time(10, tzinfo=UTC), 'at("2025-03-04 10:00")'),
        ],
        ids=repr,
    )
    def test_what_is_no_datetime_is_refused(self, value: datetime, hint: str) -> None:
        """The error for a value of another type names the call that was meant."""
        with pytest.raises(InvalidValue) as caught:
            instant(value)
        assert type(caught.value) is InvalidValue
        assert hint in caught.value.hint

    def test_a_float_is_refused(self) -> None:
        """A time stamp with a binary fraction is no instant."""
        stamp: datetime = 1_741_078_800.5  # type: ignore[assignment]  # what untyped callers do
        with pytest.raises(FloatRefused):
            instant(stamp)

    def test_a_faulty_zone_is_reported_as_such(self) -> None:
        """An error inside a foreign zone is not turned into "naive"."""
        with pytest.raises(TypeError, match="this zone is broken"):
            instant(datetime(2025, 3, 4, tzinfo=Broken()))

    def test_the_years_are_0001_to_9999(self) -> None:
        """An instant that UTC cannot show in four digits is refused, and so is a number that is no integer."""
        with pytest.raises(InvalidValue, match="years 0001 to 9999"):
            instant(datetime.min.replace(tzinfo=timezone(timedelta(hours=1))))
        with pytest.raises(InvalidValue, match="a whole number was expected"):
            from_epoch(True)
        with pytest.raises(InvalidValue, match="years 0001 to 9999"):
            from_epoch(10**20)
        assert from_epoch(253_402_300_799) == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


class TestZone:
    """Zones are read once, by name, and translate in both directions."""

    @pytest.mark.parametrize(
        ("name", "text", "hour", "minute"),
        [
            ("Europe/Berlin", "2025-03-04 10:00", 9, 0),
            ("Europe/Berlin", "2025-07-04 10:00", 8, 0),
            ("Europe/Berlin", "2025-03-04T10:00", 9, 0),
            ("Europe/Berlin", "2025-03-04 10:00Z", 10, 0),
            ("Europe/Berlin", "2025-03-04 10:00-05:00", 15, 0),
            ("Asia/Kathmandu", "2025-03-04 10:00", 4, 15),
            ("UTC", "2025-03-04 10:00", 10, 0),
            ("+01:00", "2025-07-04 10:00", 9, 0),
            ("-03:30", "2025-03-04 10:00", 13, 30),
        ],
    )
    def test_local_time_is_read_in_its_zone(self, name: str, text: str, hour: int, minute: int) -> None:
        """A local time is the instant at which the clocks of the zone showed it, unless it states its own offset."""
        assert Zone(name).at(text) == utc(2025, int(text[5:7]), 4, hour, minute)

    def test_seconds_are_read(self) -> None:
        """Seconds may be written, in the time and in an offset from before standard time."""
        assert BERLIN.at("2025-03-04 10:00:59") == utc(2025, 3, 4, 9, 0, 59)
        assert BERLIN.at("1890-01-01 00:53:28+00:53:28") == BERLIN.at("1890-01-01 00:53:28") == utc(1890, 1, 1)

    @pytest.mark.parametrize(
        ("zone", "text", "message"),
        [
            (
                "Europe/Berlin",
                "2025-03-30 02:30",
                (
                    '"2025-03-30 02:30" never happened in Europe/Berlin: the clocks went from 02:00 to 03:00.\n'
                    '    Write the time that was meant, at("2025-03-30 03:30"), or its offset, '
                    'at("2025-03-30 02:30+01:00").'
                ),
            ),
            (
                "Pacific/Apia",
                "2011-12-30T12:00:05",
                (
                    '"2011-12-30T12:00:05" never happened in Pacific/Apia: '
                    "the clocks went from 2011-12-30 00:00 to 2011-12-31 00:00.\n"
                    '    Write the time that was meant, at("2011-12-31 12:00:05"), or its offset, '
                    'at("2011-12-30 12:00:05-10:00").'
                ),
            ),
            (
                "Europe/Berlin",
                "1893-04-01 00:02",
                (
                    '"1893-04-01 00:02" never happened in Europe/Berlin: the clocks went from 00:00 to 00:06:32.\n'
                    '    Write the time that was meant, at("1893-04-01 00:08:32"), or its offset, '
                    'at("1893-04-01 00:02+00:53:28").'
                ),
            ),
        ],
    )
    def test_a_skipped_time_is_refused(self, zone: str, text: str, message: str) -> None:
        """A time that the clocks skipped is an error that names both ways out, and both name the same instant."""
        at = Zone(zone).at
        with pytest.raises(NoSuchTime) as caught:
            at(text)
        assert str(caught.value) == message
        meant, exact = caught.value.hint.split('at("')[1:]
        assert at(meant.split('"')[0]) == at(exact.split('"')[0])

    @pytest.mark.parametrize(
        ("zone", "text", "message"),
        [
            (
                "Europe/Berlin",
                "2025-10-26 02:30",
                (
                    '"2025-10-26 02:30" happened twice in Europe/Berlin: the clocks went back from 03:00 to 02:00.\n'
                    '    Write its offset, at("2025-10-26 02:30+02:00") for the first '
                    'or at("2025-10-26 02:30+01:00") for the second.'
                ),
            ),
            (
                "America/Sao_Paulo",
                "2018-02-17 23:30",
                (
                    '"2018-02-17 23:30" happened twice in America/Sao_Paulo: '
                    "the clocks went back from 2018-02-18 00:00 to 2018-02-17 23:00.\n"
                    '    Write its offset, at("2018-02-17 23:30-02:00") for the first '
                    'or at("2018-02-17 23:30-03:00") for the second.'
                ),
            ),
        ],
    )
    def test_a_repeated_time_is_refused(self, zone: str, text: str, message: str) -> None:
        """A time that the clocks showed twice is an error that offers both, an hour apart."""
        at = Zone(zone).at
        with pytest.raises(AmbiguousTime) as caught:
            at(text)
        assert str(caught.value) == message
        first, second = (hint.split('"')[0] for hint in caught.value.hint.split('at("')[1:])
        assert epoch(at(second)) - epoch(at(first)) == 3600

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("2024-06-31 10:00", '"2024-06-31" is not a date: June 2024 has 30 days'),
            ("2025-03-04 24:00", "Write 24:00 as 00:00 of the next day."),
            ("2025-03-04 25:00", "an hour from 00 to 23 was expected"),
            ("2025-03-04 10:60", "minutes and seconds from 00 to 59 were expected"),
            ("2025-03-04 10:00:60", "minutes and seconds from 00 to 59 were expected"),
            ("2025-03-04 10:00+24:00", "an offset of less than a day was expected"),
            ("2025-03-04 10:00+01:60", "an offset of less than a day was expected"),
            ("2025-03-04 10:00+01:00:60", "an offset of less than a day was expected"),
            ("2025-03-04", '"YYYY-MM-DD HH:MM" was expected'),
            ("10:00", '"YYYY-MM-DD HH:MM" was expected'),
            ("now", '"YYYY-MM-DD HH:MM" was expected'),
            ("2025-03-04 10:00\n", '"YYYY-MM-DD HH:MM" was expected'),
            ("٢٠٢٥-03-04 10:00", '"YYYY-MM-DD HH:MM" was expected'),  # digits, but not ours
            ("0001-01-01 00:00+01:00", "years 0001 to 9999"),
        ],
    )
    def test_other_spellings_are_refused(self, text: str, message: str) -> None:
        """There is one way to write a local time, and nothing is guessed."""
        with pytest.raises(InvalidValue) as caught:
            BERLIN.at(text)
        assert message in str(caught.value)

    def test_only_text_is_read_as_local_time(self) -> None:
        """A datetime already is, or is not, an instant: `at` does not take it."""
        value: str = utc(2025, 3, 4)  # type: ignore[assignment]  # what untyped callers do
        with pytest.raises(InvalidValue, match="a text was expected"):
            BERLIN.at(value)

    @pytest.mark.rule("D4")
    @pytest.mark.parametrize(
        ("zone", "day", "start"),
        [
            ("Europe/Berlin", "2025-03-30", utc(2025, 3, 29, 23)),
            ("Europe/Berlin", "2025-03-31", utc(2025, 3, 30, 22)),
            ("America/Sao_Paulo", "2018-11-04", utc(2018, 11, 4, 3)),  # 00:00 to 01:00, until then 3 h behind
            ("America/Havana", "2024-11-03", utc(2024, 11, 3, 4)),  # 01:00 back to 00:00: 00:00 occurs twice
            ("America/St_Johns", "2010-11-07", utc(2010, 11, 7, 2, 30)),  # 00:01 back to 23:01 the day before
            ("America/Toronto", "1919-03-31", utc(1919, 3, 31, 4, 30)),  # 23:30 the day before to 00:30
            ("Pacific/Apia", "2011-12-30", utc(2011, 12, 30, 10)),  # no such day
            ("Pacific/Apia", "2011-12-31", utc(2011, 12, 30, 10)),
            ("-03:30", "2025-03-30", utc(2025, 3, 30, 3, 30)),
        ],
    )
    def test_a_day_starts_at_its_first_instant(self, zone: str, day: str, start: datetime) -> None:
        """A midnight that does not exist is the first instant after the gap; one that occurs twice is the first."""
        assert Zone(zone).start_of(day) == Zone(zone).start_of(date.fromisoformat(day)) == start

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("2025-07-01", utc(2025, 6, 30, 22)),
            (date(2025, 7, 1), utc(2025, 6, 30, 22)),
            ("2025-07-01 12:00", utc(2025, 7, 1, 10)),
            (utc(2025, 7, 1, 10), utc(2025, 7, 1, 10)),
        ],
        ids=repr,
    )
    def test_a_date_for_an_instant_is_its_first_moment(self, value: datetime | date | str, expected: datetime) -> None:
        """Where an instant is meant, a date is the start of that day in the zone, a text a local time."""
        assert BERLIN.moment(value) == expected

    @pytest.mark.parametrize("value", [1.5, 5, True, None, b"2025-07-01"], ids=repr)
    def test_what_is_no_moment_is_refused(self, value: Any) -> None:  # noqa: ANN401  # hostile
        """Anything but an instant, a date or a text is refused by the name of what it is for, with what to write."""
        with pytest.raises(InvalidValue, match="rate got") as caught:
            BERLIN.moment(value, what="rate")
        assert caught.value.expected == "an instant, or a local date or time, was expected"
        assert '"2025-07-01 10:00"' in caught.value.hint

    def test_instants_are_shown_in_local_time(self) -> None:
        """A zone tells the date, the time and the weekday of an instant, and its own offset."""
        late = utc(2025, 3, 11, 23, 40, 5)
        assert BERLIN.date_of(late) == BERLIN.date_of_epoch(epoch(late)) == date(2025, 3, 12)
        assert BERLIN.format(late) == "2025-03-12 00:40:05"
        assert BERLIN.format(utc(2025, 3, 12, 10, 40)) == "2025-03-12 11:40"
        assert BERLIN.format_day(late) == "Wed 2025-03-12"
        assert BERLIN.offset_at(epoch(late)) == 3600
        assert Zone("-03:30").offset_at(0) == -12_600

    def test_a_repeated_time_is_shown_with_its_offset(self) -> None:
        """What is printed can be read back, also in the hour that occurs twice."""
        assert BERLIN.format(utc(2025, 10, 26, 0, 30)) == "2025-10-26 02:30+02:00"
        assert BERLIN.format(utc(2025, 10, 26, 1, 30)) == "2025-10-26 02:30+01:00"
        assert Zone("America/Sao_Paulo").format(utc(2018, 2, 18, 2, 30)) == "2018-02-17 23:30-03:00"

    @pytest.mark.parametrize(
        ("zone", "shown", "name"),
        [
            ("Europe/Berlin", "2025-10-26 02:30:00+01:00", "Europe/Berlin"),
            ("-03:30", "2025-10-25 22:00:00-03:30", "-03:30"),
            ("UTC", "2025-10-26 01:30:00+00:00", "UTC"),
        ],
    )
    def test_local_is_a_pendulum_datetime(self, zone: str, shown: str, name: str) -> None:
        """For printing, an instant becomes the pendulum datetime of its zone, in the right half of a repeated hour."""
        value = Zone(zone).local(utc(2025, 10, 26, 1, 30))
        assert type(value) is pendulum.DateTime
        assert (str(value), value.timezone_name) == (shown, name)
        assert epoch(value) == epoch(utc(2025, 10, 26, 1, 30))

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("europe/berlin", 'Did you mean "Europe/Berlin"?'),
            ("Berlin", 'Did you mean "Europe/Berlin"?'),
            ("New York", 'Did you mean "America/New_York"?'),
            ("Europe/Berln", 'Did you mean "Europe/Berlin"'),
            ("Europe", "Write an IANA name"),
            ("../Berlin", "Write an IANA name"),
            ("", "Write an IANA name"),
            ("+1", 'or an offset, as in "+01:00"'),
            ("+24:00", 'or an offset, as in "+01:00"'),
            ("+01:60", 'or an offset, as in "+01:00"'),
            ("localtime", "Write an IANA name"),
            ("right/Europe/Berlin", 'Did you mean "Europe/Berlin"'),
        ],
    )
    def test_an_unknown_zone_is_refused(self, name: str, hint: str) -> None:
        """A name that is no zone is an error with at most three names that are close."""
        with pytest.raises(InvalidValue) as caught:
            Zone(name)
        assert hint in caught.value.hint
        assert caught.value.hint.count('"') <= 6

    def test_a_zone_is_not_a_number(self) -> None:
        """A zone is named by a text."""
        name: str = 1  # type: ignore[assignment]  # what untyped callers do
        with pytest.raises(InvalidValue, match="the name of a zone was expected"):
            Zone(name)

    def test_a_zone_is_its_name(self) -> None:
        """Zones are equal if their names are; an offset of nothing is UTC."""
        assert Zone("Europe/Berlin") == BERLIN == as_zone(BERLIN) == as_zone("Europe/Berlin")
        assert Zone("Europe/Paris") != BERLIN
        assert Zone("+00:00") == Zone("-00:00") == Zone("UTC")
        assert (str(BERLIN), repr(BERLIN)) == ("Europe/Berlin", "Zone(name='Europe/Berlin')")
        assert utc(2025, 7, 1, 10).astimezone(BERLIN.tzinfo).hour == 12

    def test_zones_end_with_the_calendar(self) -> None:
        """A local time after the year 9999 is refused."""
        with pytest.raises(InvalidValue, match="Europe/Berlin"):
            BERLIN.date_of(datetime(9999, 12, 31, 23, 30, tzinfo=UTC))

    def test_a_built_zone_reaches_for_nothing(
        self, no_outside_world: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """A zone is loaded when it is built; using it opens no file, even for the error of a skipped time."""
        zone = Zone("Australia/Lord_Howe")
        with no_outside_world():
            noon = zone.at("2025-03-04 12:00")
            assert zone.format(noon) == "2025-03-04 12:00"
            assert str(zone.local(noon)) == "2025-03-04 12:00:00+11:00"
            assert len(periods(Term("2025-01-01", months=12, zone=zone), "month")) == 12
            with pytest.raises(NoSuchTime):
                zone.at("2025-10-05 02:15")

    @pytest.mark.parametrize(
        ("zone", "start", "end", "cuts"),
        [
            ("Europe/Berlin", utc(2025, 3, 28, 23), utc(2025, 3, 30, 22), [utc(2025, 3, 29, 23)]),
            (
                "Pacific/Apia",
                utc(2011, 12, 29, 10),
                utc(2011, 12, 31, 11),
                [utc(2011, 12, 30, 10), utc(2011, 12, 31, 10)],
            ),
            ("UTC", utc(2025, 1, 1), utc(2025, 1, 1), []),
            ("UTC", utc(9999, 12, 30), utc(9999, 12, 31, 12), [utc(9999, 12, 31)]),
            ("America/St_Johns", utc(2010, 11, 6, 12), utc(2010, 11, 7, 3), [utc(2010, 11, 7, 2, 30)]),
        ],
    )
    def test_midnights_lie_strictly_inside(
        self, zone: str, start: datetime, end: datetime, cuts: list[datetime]
    ) -> None:
        """The cuts between two instants are the day starts after the first and before the second."""
        assert midnights(Zone(zone), epoch(start), epoch(end)) == [epoch(cut) for cut in cuts]


class TestDates:
    """Calendar dates and amounts."""

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("2025-02-29", "February 2025 has 28 days"),
            ("2024-02-30", "February 2024 has 29 days"),
            ("2025-04-31", "April 2025 has 30 days"),
            ("2025-13-01", "the months are 01 to 12"),
            ("2025-00-01", "the months are 01 to 12"),
            ("2025-01-00", "the first day of a month is 01"),
            ("0000-01-01", "the first year is 0001"),
        ],
    )
    def test_a_date_that_does_not_exist_says_why(self, text: str, why: str) -> None:
        """The error for an impossible date says what its month or year has, and survives pickle."""
        with pytest.raises(NoSuchDate) as caught:
            parse_date(text)
        assert str(caught.value) == f'"{text}" is not a date: {why}'
        twin = pickle.loads(pickle.dumps(caught.value))
        assert twin == caught.value
        assert str(twin) == str(caught.value)

    def test_an_impossible_date_may_carry_a_hint(self) -> None:
        """A hint stands on a line of its own, as in every error."""
        error = NoSuchDate("date", '"2025-02-29"', "February 2025 has 28 days", "Write the 28th.")
        assert str(error) == '"2025-02-29" is not a date: February 2025 has 28 days.\n    Write the 28th.'

    @pytest.mark.parametrize("text", ["1.3.2025", "2025-3-1", "20250301", "2025-03-01 ", "today", "2025-W09-6", ""])
    def test_only_iso_dates_are_read(self, text: str) -> None:
        """A date is written year-month-day, and in no other way."""
        with pytest.raises(InvalidValue, match="an ISO 8601 date was expected"):
            parse_date(text)

    def test_a_date_is_taken_as_a_date(self) -> None:
        """A date, a pendulum date or ISO text is the same stdlib date."""
        for value in (date(2025, 3, 1), pendulum.Date(2025, 3, 1), "2025-03-01"):
            assert as_date(value) == date(2025, 3, 1)
            assert type(as_date(value)) is date

    @pytest.mark.parametrize("value", [utc(2025, 3, 1), pendulum.datetime(2025, 3, 1)])
    def test_a_datetime_is_not_taken_as_a_date(self, value: datetime) -> None:
        """Which date an instant has depends on the zone, so a datetime is refused."""
        with pytest.raises(InvalidValue, match="a calendar date was expected") as caught:
            as_date(value)
        assert "date_of" in caught.value.hint

    def test_a_number_is_not_taken_as_a_date(self) -> None:
        """A value of another type is refused."""
        value: str = 20_250_301  # type: ignore[assignment]  # what untyped callers do
        with pytest.raises(InvalidValue, match="a text was expected"):
            as_date(value)

    @pytest.mark.parametrize(
        ("start", "count", "expected"),
        [
            ("2025-01-31", 1, "2025-02-28"),
            ("2024-01-31", 1, "2024-02-29"),
            ("2025-01-31", 2, "2025-03-31"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2024-02-29", 48, "2028-02-29"),
            ("2025-12-15", 1, "2026-01-15"),
            ("2025-01-15", -1, "2024-12-15"),
            ("2025-03-31", -1, "2025-02-28"),
            ("2025-01-15", 0, "2025-01-15"),
        ],
    )
    def test_months_are_clamped_to_the_end_of_the_month(self, start: str, count: int, expected: str) -> None:
        """A day that the month lacks becomes its last one."""
        assert add_months(date.fromisoformat(start), count) == date.fromisoformat(expected)

    def test_amounts_are_counted_from_a_day(self) -> None:
        """Months and days move a date both ways, and say what they are."""
        assert months(1).after(date(2025, 1, 31)) == date(2025, 2, 28)
        assert months(1).before(date(2025, 3, 31)) == date(2025, 2, 28)
        assert days(30).after(date(2025, 1, 31)) == date(2025, 3, 2)
        assert days(42).before(date(2025, 12, 31)) == date(2025, 11, 19)
        assert [str(amount) for amount in (months(1), months(12), days(1), days(0))] == [
            "1 month", "12 months", "1 day", "0 days",
        ]  # fmt: skip

    def test_a_month_is_no_number_of_days(self) -> None:
        """Amounts of different kinds are never equal, so a set keeps both."""
        assert len({months(1), days(1), days(30), Months(1), Days(30)}) == 3

    @pytest.mark.parametrize("make", [months, days])
    @pytest.mark.parametrize("count", [-1, True, "1"])
    def test_an_amount_is_a_whole_number(self, make: Callable[[int], object], count: int) -> None:
        """A negative amount, a bool or a text is refused."""
        with pytest.raises(InvalidValue):
            make(count)

    def test_an_amount_is_not_a_float(self) -> None:
        """Half a month has no meaning."""
        count: int = 1.5  # type: ignore[assignment]  # what untyped callers do
        with pytest.raises(FloatRefused):
            months(count)

    def test_dates_end_with_the_calendar(self) -> None:
        """A date outside the years 0001 to 9999 is refused, whichever way it is reached."""
        beyond: list[Callable[[], date]] = [
            lambda: add_months(date(9999, 12, 1), 1),
            lambda: add_months(date(1, 1, 1), -1),
            lambda: days(1).after(date.max),
            lambda: days(1).before(date.min),
            lambda: days(10**12).after(date(2025, 1, 1)),
        ]
        for reach in beyond:
            with pytest.raises(InvalidValue, match="years 0001 to 9999"):
                reach()

    @pytest.mark.rule("D29")
    def test_shares_are_counted_in_real_days(self) -> None:
        """February has its own 28 or 29 days, and a share is exact."""
        assert actual_days(date(2024, 2, 1), date(2024, 3, 1)) == 29
        assert actual_days(date(2025, 2, 1), date(2025, 3, 1)) == 28
        january = date(2025, 1, 1), date(2025, 2, 1)
        assert proration(date(2025, 1, 11), date(2025, 2, 1), *january) == Fraction(21, 31)
        assert proration(*january, *january) == 1
        assert proration(date(2025, 1, 5), date(2025, 1, 5), *january) == 0

    @pytest.mark.rule("D29")
    @pytest.mark.parametrize(
        ("part", "cycle", "message"),
        [
            (("2025-01-05", "2025-01-04"), ("2025-01-01", "2025-02-01"), "not before the start"),
            (("2025-01-05", "2025-01-06"), ("2025-02-01", "2025-01-01"), "not before the start"),
            (("2025-01-01", "2025-01-01"), ("2025-01-01", "2025-01-01"), "at least one day"),
            (("2024-12-31", "2025-01-06"), ("2025-01-01", "2025-02-01"), "days within 2025-01-01 to 2025-02-01"),
            (("2025-01-31", "2025-02-02"), ("2025-01-01", "2025-02-01"), "days within 2025-01-01 to 2025-02-01"),
        ],
    )
    def test_days_outside_their_cycle_are_refused(
        self, part: tuple[str, str], cycle: tuple[str, str], message: str
    ) -> None:
        """A share lies between 0 and 1: days are cut at the cycle before they are shared."""
        with pytest.raises(InvalidValue, match=message):
            proration(*map(date.fromisoformat, (*part, *cycle)))


class TestSpan:
    """Exact stretches of time."""

    morning = Span(utc(2025, 3, 4, 8), utc(2025, 3, 4, 12))

    @pytest.mark.rule("D2")
    def test_the_end_is_exclusive(self) -> None:
        """The start belongs to a span, the end does not."""
        assert self.morning.contains(utc(2025, 3, 4, 8))
        assert self.morning.contains(datetime(2025, 3, 4, 12, 59, 59, tzinfo=ZoneInfo("Europe/Berlin")))
        assert not self.morning.contains(utc(2025, 3, 4, 12))
        assert not self.morning.contains(utc(2025, 3, 4, 7, 59, 59))
        assert self.morning.seconds == 14_400
        assert str(self.morning) == "2025-03-04 08:00 to 2025-03-04 12:00 UTC"

    @pytest.mark.rule("D2")
    def test_spans_that_touch_do_not_overlap(self) -> None:
        """What ends where another starts shares no instant with it."""
        noon = Span(utc(2025, 3, 4, 12), utc(2025, 3, 4, 13))
        late = Span(utc(2025, 3, 4, 10), utc(2025, 3, 4, 23))
        assert self.morning.overlap(noon) is None
        assert self.morning.overlap(late) == late.overlap(self.morning) == Span(late.start, self.morning.end)

    def test_a_span_may_be_empty_but_not_reversed(self) -> None:
        """A span of no length contains nothing; an end before the start is refused."""
        moment = utc(2025, 3, 4, 8, 0, 30)
        empty = Span(moment, moment)
        assert (empty.seconds, empty.contains(moment), empty.overlap(self.morning)) == (0, False, None)
        with pytest.raises(InvalidValue) as caught:
            Span(moment, utc(2025, 3, 4, 8))
        assert caught.value.got == "2025-03-04 08:00:30 to 2025-03-04 08:00 UTC"

    def test_the_ends_of_a_span_pass_the_gate(self) -> None:
        """Any aware datetime becomes an instant, a naive one is refused."""
        local = datetime(2025, 3, 4, 9, 0, 0, 7, tzinfo=ZoneInfo("Europe/Berlin"))
        assert Span(local, self.morning.end) == self.morning
        assert type(Span(local, local).start) is pendulum.DateTime
        with pytest.raises(NaiveTime):
            Span(datetime(2025, 3, 4), self.morning.end)


class TestTerm:
    """The life of a contract, in days."""

    def test_months_and_last_day_make_the_same_term(self) -> None:
        """A term is its days, however they were written."""
        twin = Term(date(2025, 1, 1), last_day=date(2025, 12, 31), zone="Europe/Berlin")
        assert (twin, hash(twin)) == (YEAR, hash(YEAR))
        assert str(twin) == "2025-01-01 to 2025-12-31, Europe/Berlin"
        assert Term("2025-01-01", months=12, zone="UTC") != YEAR
        assert attrs.evolve(YEAR, last_day="2025-06-30") == Term("2025-01-01", months=6, zone=BERLIN)

    @pytest.mark.rule("D2")
    def test_a_term_ends_before_the_next_day(self) -> None:
        """The last day is included to its last second; the next midnight is not."""
        assert YEAR.ends_before == date(2026, 1, 1)
        assert (YEAR.start, YEAR.end) == (utc(2024, 12, 31, 23), utc(2025, 12, 31, 23))
        assert YEAR.span == Span(YEAR.start, YEAR.end)
        assert YEAR.days == 365
        assert YEAR.contains(YEAR.start)
        assert YEAR.contains(utc(2025, 12, 31, 22, 59, 59))
        assert not YEAR.contains(YEAR.end)

    @pytest.mark.parametrize(
        ("starts_on", "last_day", "count"),
        [
            ("2025-01-01", "2025-12-31", 12),
            ("2025-01-31", "2025-02-27", 1),
            ("2025-01-31", "2025-03-30", 2),
            ("2024-02-29", "2025-02-27", 12),
            ("2025-01-01", "2025-12-30", None),
            ("2025-01-01", "2025-01-30", None),
            ("2025-01-31", "2025-02-28", None),
        ],
    )
    def test_whole_months_are_counted_from_the_start(self, starts_on: str, last_day: str, count: int | None) -> None:
        """A term is n months long if it ends where n months after its start would begin."""
        term = Term(starts_on, last_day=last_day, zone="UTC")
        assert term.whole_months == count
        if count is not None:
            assert Term(starts_on, months=count, zone="UTC") == term

    def test_exactly_one_length_is_given(self) -> None:
        """A term without length, or with two, is refused, with what to write."""
        with pytest.raises(InvalidValue, match="neither months nor last_day"):
            Term("2025-01-01", zone=BERLIN)
        with pytest.raises(InvalidValue, match="both months and last_day"):
            Term("2025-01-01", months=12, last_day="2025-12-31", zone=BERLIN)

    @pytest.mark.parametrize("count", [0, -1, True])
    def test_a_term_has_at_least_one_month(self, count: int) -> None:
        """Months are counted in whole numbers from 1."""
        with pytest.raises(InvalidValue):
            Term("2025-01-01", months=count, zone=BERLIN)

    def test_a_term_has_at_least_one_day(self) -> None:
        """The last day is not before the first; a term of one day is a term."""
        assert Term("2025-01-01", last_day="2025-01-01", zone=BERLIN).days == 1
        with pytest.raises(InvalidValue) as caught:
            Term("2025-01-01", last_day="2024-12-31", zone=BERLIN)
        assert str(caught.value).startswith(
            "Term got the last day 2024-12-31; a day not before 2025-01-01 was expected."
        )

    def test_a_term_has_an_end(self) -> None:
        """The last day of the calendar is no last day of a term: say when the present term ends."""
        with pytest.raises(InvalidValue, match="write the end of its present term"):
            Term("2025-01-01", last_day="9999-12-31", zone=BERLIN)


class TestPeriods:
    """Billing periods."""

    def test_periods_are_counted_from_the_anchor(self) -> None:
        """From 31 January, periods start on the last day of February and on 31 March again."""
        found = periods(Term("2025-01-31", months=4, zone=BERLIN), "month")
        assert [str(period.starts_on) for period in found] == ["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"]
        assert [period.days for period in found] == [28, 31, 30, 31]
        assert [period.index for period in found] == [0, 1, 2, 3]

    @pytest.mark.rule("D29")
    def test_the_last_period_is_cut_with_the_term(self) -> None:
        """A stub knows the days of the cycle that it was cut from."""
        first, stub = periods(Term("2025-01-15", last_day="2025-02-20", zone=BERLIN), "month")
        assert (first.is_stub, first.share) == (False, Fraction(1))
        assert (stub.is_stub, stub.days, stub.full_days, stub.share) == (True, 6, 28, Fraction(6, 28))

    @pytest.mark.rule("D2")
    def test_a_boundary_belongs_to_the_period_that_starts_there(self) -> None:
        """The clock change makes March an hour shorter, and its end is the start of April."""
        march, april = periods(YEAR, "month")[2:4]
        assert march.span == Span(utc(2025, 2, 28, 23), utc(2025, 3, 31, 22))
        assert march.span.seconds == 31 * 86_400 - 3600
        assert march.end == april.start
        assert march.ends_before == april.starts_on
        assert (march.contains(march.end), april.contains(march.end)) == (False, True)

    @pytest.mark.parametrize(
        ("starts_on", "last_day", "per", "names"),
        [
            ("2025-01-01", "2025-03-31", "month", ["2025-01", "2025-02", "2025-03"]),
            ("2025-10-01", "2026-03-31", "quarter", ["2025-Q4", "2026-Q1"]),
            ("2025-02-01", "2025-04-30", "quarter", ["2025-02-01/2025-04-30"]),
            ("2025-04-01", "2025-09-30", "quarter", ["2025-Q2", "2025-Q3"]),
            ("2024-01-01", "2025-12-31", "year", ["2024", "2025"]),
            ("2024-12-01", "2025-11-30", "year", ["2024-12-01/2025-11-30"]),
            ("2025-01-01", "2025-12-31", "term", ["2025"]),
            ("2024-10-01", "2026-09-30", "term", ["2024-10-01/2026-09-30"]),
            ("2025-01-15", "2025-02-14", "month", ["2025-01-15/2025-02-14"]),
            ("2025-01-01", "2025-01-14", "month", ["2025-01-01/2025-01-14"]),
            ("0900-01-01", "0900-01-31", "month", ["0900-01"]),
        ],
    )
    def test_a_period_is_named_after_the_calendar(
        self, starts_on: str, last_day: str, per: str, names: list[str]
    ) -> None:
        """A calendar month, quarter or year has its usual name; any other period its first and last day."""
        found = periods(Term(starts_on, last_day=last_day, zone="UTC"), per)  # type: ignore[arg-type]  # a length by construction
        assert [period.name for period in found] == [str(period) for period in found] == names

    def test_a_term_can_be_one_period(self) -> None:
        """The period of length "term" has the days of the term and is never a stub."""
        (only,) = periods(YEAR, "term")
        assert (only.index, only.span, only.days, only.is_stub) == (0, YEAR.span, 365, False)

    def test_other_lengths_are_refused(self) -> None:
        """A length that is not listed is an error that lists them."""
        with pytest.raises(InvalidValue, match='"month", "quarter", "year" or "term" was expected'):
            periods(YEAR, "week")  # type: ignore[arg-type]  # hostile

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"index": -1}, "index"),
            ({"last_day": date(2024, 12, 31)}, "Period got the last day 2024-12-31"),
            ({"full_days": 30}, "full_days"),
        ],
    )
    def test_an_impossible_period_is_refused(self, change: dict[str, Any], message: str) -> None:
        """A period has a place, a day, and no more days than its cycle."""
        with pytest.raises(InvalidValue, match=message):
            attrs.evolve(periods(YEAR, "month")[0], **change)


@pytest.mark.parametrize(
    "value",
    [BERLIN, Zone("-03:30"), Zone("UTC"), YEAR, YEAR.span, months(3), days(5), *periods(YEAR, "quarter")],
    ids=repr,
)
def test_values_hash_compare_pickle_and_copy(value: object) -> None:
    """A copy of a value, by any protocol, is equal to it and has its hash."""
    twins = [pickle.loads(pickle.dumps(value, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]
    for twin in (*twins, copy.copy(value), copy.deepcopy(value)):
        assert (twin, hash(twin), str(twin)) == (value, hash(value), str(value))
        assert type(twin) is type(value)


def test_a_copied_period_keeps_its_instants() -> None:
    """What a term or period derives from its days is derived again in a copy."""
    period = Period(0, date(2025, 1, 1), date(2025, 1, 31), BERLIN, 31)
    assert pickle.loads(pickle.dumps(period)).span == period.span == periods(YEAR, "month")[0].span
    assert pickle.loads(pickle.dumps(YEAR)).span == YEAR.span
