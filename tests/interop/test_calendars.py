"""Public holidays from the package `holidays`: against the published calendar, and with the years they cover."""

import sys
from datetime import date

import pytest

from supportcontracts.coverage import Coverage
from supportcontracts.errors import BeyondHorizon, InvalidValue, MissingExtra
from supportcontracts.interop.calendars import public_holidays
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
