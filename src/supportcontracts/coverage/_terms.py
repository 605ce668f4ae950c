"""Terms: how the parts of a calendar are read, checked and put in order when it is built."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from supportcontracts._fields import require_kind
from supportcontracts.coverage._refusals import FIRST, LAST
from supportcontracts.coverage.holidays import Holidays, Override
from supportcontracts.errors import InvalidValue
from supportcontracts.timeline import Zone

__all__ = ["as_holidays", "limits_of", "ordered", "require_choice"]


def __dir__() -> list[str]:
    return __all__


def as_holidays(value: Any) -> Holidays:  # noqa: ANN401  # whatever is offered, dates or not
    """Accept holidays, or the dates of some."""
    return value if isinstance(value, Holidays) else Holidays(value)


def require_choice(what: str, value: object, choices: tuple[str, ...]) -> None:
    """Refuse a word that is not one of the choices, and list them."""
    if value not in choices:
        *first, last = (f'"{choice}"' for choice in choices)
        raise InvalidValue(what, repr(value), f"choose {', '.join(first)} or {last}")


def ordered(overrides: Iterable[Override]) -> tuple[Override, ...]:
    """Put overrides in order; of those that state the hours of a date there may be one."""
    for each in overrides:
        hint = 'Write Override("2025-12-24", "09:00-12:00").'
        require_kind("Coverage.overrides", each, Override, "an Override was expected", hint)
    found = tuple(sorted(set(overrides), key=lambda each: (each.on, each.effect, each.windows, each.name)))
    hours_of: dict[date, Override] = {}
    for each in found:
        if each.effect == "hours" and hours_of.setdefault(each.on, each) is not each:
            hint = 'Write the hours of the date once, or effect="opens" for those that come on top.'
            raise InvalidValue("Coverage.overrides", f"the hours of {each.on} twice", "one of them was expected", hint)
    return found


def limits_of(holidays: Holidays, zone: Zone) -> tuple[int, int]:
    """Return the first second that a calendar answers for, and the first after the last."""
    if holidays.span is None or holidays.beyond == "report":
        return FIRST, LAST
    first, last = holidays.span
    since = FIRST if first < 1900 else zone.start_of_epoch(date(first, 1, 1))
    until = LAST if last >= 2199 else zone.start_of_epoch(date(last + 1, 1, 1))
    return max(FIRST, since), min(LAST, until)
