"""Public holidays from the package `holidays`: against the published calendar, and with the years they cover."""

import sys
from datetime import date

import pytest

from supportcontracts.benefits import benefit_status, remind
from supportcontracts.contracts.benefits import Benefit
from supportcontracts.coverage import Coverage
from supportcontracts.errors import BeyondHorizon, InvalidValue, MissingExtra
from supportcontracts.events import BenefitCancelled, BenefitReserved, Event, Redeemed
from supportcontracts.interop.calendars import calendar_rows, public_holidays
from supportcontracts.timeline import Term, Zone, days
from tests.value_checks import refused

# Bayerisches Staatsministerium des Innern, gesetzliche Feiertage 2025, without those of single towns.
BAVARIA = ["01-01", "01-06", "04-18", "04-21", "05-01", "05-29", "06-09", "06-19", "10-03", "11-01", "12-25", "12-26"]


def test_the_holidays_of_a_part_of_a_country() -> None:
    """Bavaria has the holidays of Germany, and Epiphany, Corpus Christi and All Saints' Day."""
    found = public_holidays("DE", subdivision="BY", years=2025)
    assert [f"{holiday.on:%m-%d}" for holiday in found.dates] == BAVARIA
    assert found.named(date(2025, 1, 6)) == "Epiphany"
    assert found.years == "2025"
    assert len(public_holidays("DE", years="2025").dates) == 9


@pytest.mark.rule("K10")
def test_the_years_that_were_asked_for_are_stated() -> None:
    """A calendar on a list of public holidays answers for its years only, unless it is told to report."""
    closed = public_holidays("DE", years="2025-2026")
    office = Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin", holidays=closed)
    at = office.zone.at
    assert not office.is_open(at("2026-12-25 10:00"))
    refused(lambda: office.is_open(at("2027-01-01 10:00")), BeyondHorizon, "known for 2025-2026 only")
    reporting = public_holidays("DE", years="2025-2026", beyond="report")
    assert Coverage("mon-fri 09:00-17:00", zone="Europe/Berlin", holidays=reporting).is_open(at("2027-01-01 10:00"))


def test_names_come_in_the_language_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are in the language that is asked for, or else in the country's own, whatever the machine speaks."""
    monkeypatch.setenv("LANGUAGE", "pl")
    new_year = date(2025, 1, 1)
    assert public_holidays("DE", years=2025, language="de").named(new_year) == "Neujahr"
    assert public_holidays("DE", years=2025).named(new_year) == "New Year's Day"
    assert public_holidays("DE", years=2025, language="eo").named(new_year) == "Neujahr"


def test_what_the_package_does_not_know_is_refused() -> None:
    """Unknown countries, parts and years, and years left out, are refused with what was expected."""
    refused(lambda: public_holidays("XX", years=2025), InvalidValue, '"XX"', "not available")
    refused(lambda: public_holidays("DE", subdivision="QQ", years=2025), InvalidValue, "subdivision QQ")
    refused(lambda: public_holidays("", years=2025), InvalidValue)
    refused(lambda: public_holidays("DE", years=1950), InvalidValue, "1950-1950", "years within")
    refused(lambda: public_holidays("DE", years="2100-2101"), InvalidValue, "2100-2101")
    refused(lambda: public_holidays("DE", years=""), InvalidValue, "the years to list were expected")


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for public holidays without the package says which extra to install."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(MissingExtra, match=r"supportcontracts\[calendars\]") as caught:
        public_holidays("DE", years=2025)
    assert caught.value.name == "holidays"


AT = Zone("Europe/Berlin").at
TRAINING = Benefit(
    "training", unit="training day", quantity=3, expires="term", remind_margins=days(14), forfeit_margins=days(7),
    contract="C-104", term=Term("2025-01-01", months=12, zone="Europe/Berlin"),
)  # fmt: skip
BOOKED = BenefitReserved(
    "R-1", AT("2025-03-01 10:00"), benefit="training", key="june", quantity=1, takes_place_at=AT("2025-06-12 09:00"),
    ends_at=AT("2025-06-12 17:00"), who=["ines.roth", "paul.ade"], place="our Leipzig facility", note="two rooms",
)  # fmt: skip


@pytest.mark.rule("N12")
def test_reminders_are_days_of_a_calendar() -> None:
    """A reminder is an entry for its local day, named by its key, with the letter as its description."""
    found = remind([TRAINING], [], since="2025-12-01", until="2026-01-01")
    rows = calendar_rows(found)
    assert rows[0] == {
        "uid": "C-104/training/2025-12-31/book/14 days", "dtstart": "2025-12-17", "dtend": "2025-12-18",
        "all_day": True, "summary": "3 training days to book by 2025-12-31", "description": str(found[0]),
        "location": None, "status": "CONFIRMED",
    }  # fmt: skip
    assert (rows[1]["dtstart"], rows[1]["summary"]) == ("2025-12-24", "3 training days about to be forfeited")


def test_bookings_are_entries_of_a_calendar() -> None:
    """A booking with a date is an entry from its start to its end; cancelled, the same entry says so."""
    status = benefit_status(TRAINING, [BOOKED], as_of="2025-04-01")
    assert calendar_rows(statuses=[status]) == [
        {
            "uid": "C-104/training/june", "dtstart": "2025-06-12T07:00:00+00:00", "dtend": "2025-06-12T15:00:00+00:00",
            "all_day": False, "summary": "1 training day for ines.roth, paul.ade", "description": "two rooms",
            "location": "our Leipzig facility", "status": "CONFIRMED",
        }
    ]  # fmt: skip
    more: list[tuple[list[Event], list[str]]] = [
        ([BenefitCancelled("X-1", AT("2025-03-02 10:00"), benefit="training", key="june")], ["CANCELLED"]),
        ([Redeemed("X-1", AT("2025-06-12 09:00"), benefit="training", reservation="june")], ["CONFIRMED"]),
        (
            [BenefitReserved("R-2", AT("2025-03-01 10:00"), benefit="training", key="some day", quantity=1)],
            ["CONFIRMED"],
        ),
    ]
    for events, stands in more:
        after = benefit_status(TRAINING, [BOOKED, *events], as_of="2025-07-01")
        assert [row["status"] for row in calendar_rows(statuses=[after])] == stands
    bare = BenefitReserved(
        "R-2", AT("2025-03-01 10:00"), benefit="training", key="july", quantity=1, takes_place_at=AT("2025-07-01 09:00")
    )
    row = calendar_rows(statuses=[benefit_status(TRAINING, [bare], as_of="2025-04-01")])[0]
    assert (row["dtend"], row["summary"], row["location"]) == (None, "1 training day", None)
