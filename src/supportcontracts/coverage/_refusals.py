"""Refusals: the errors of a calendar that is asked beyond what it knows, or for an opening that never comes (K9, K10).

A calendar answers for the years 1900 to 2199, and no search goes beyond them; one that refuses questions beyond the
years of its holidays answers for these only.
"""

from supportcontracts._fields import frozen
from supportcontracts.errors import BeyondHorizon, InvalidValue, NeverOpen
from supportcontracts.timeline import Zone, from_epoch

__all__ = ["FIRST", "LAST", "Refusals"]


def __dir__() -> list[str]:
    return __all__


FIRST, LAST = -2_208_988_800, 7_258_118_400
"""The horizon: the years 1900 to 2199, in UTC."""

_HORIZON = "years 1900 to 2199"


@frozen
class Refusals:
    """What a calendar says when it cannot answer: its label, its zone, and the years of its holidays if they matter."""

    label: str
    zone: Zone
    years: str

    def outside(self, at: int, first: int, last: int) -> InvalidValue:
        """Make the error for a question about an instant beyond the limits."""
        bounded = self.years and (first, last) != (FIRST, LAST)
        expected = f"its holidays are known for {self.years} only" if bounded else f"it answers for the {_HORIZON}"
        hint = 'Add the holidays of that year, or write Holidays(…, beyond="report").' if bounded else ""
        return BeyondHorizon(self.label, self._shown(at), expected, hint)

    def endless(self, start: int, limit: int, *, met: bool) -> InvalidValue:
        """Make the error for a search that found nothing up to a limit, though it may have met some cover."""
        since = f"a search from {self._shown(start)}"
        if limit not in (FIRST, LAST):
            hint = 'Add the holidays of the next years, or write Holidays(…, beyond="report").'
            known = (
                f"its holidays are known for {self.years} only" if self.years else "its holidays are not known so far"
            )
            return BeyondHorizon(self.label, since, known, hint)
        if met:
            return BeyondHorizon(self.label, since, f"an answer in the {_HORIZON} was expected")
        side = "before 2200" if limit == LAST else "since 1900"
        return NeverOpen(self.label, since, f"it has no opening {side}", "Give it windows that open.")

    def _shown(self, at: int) -> str:
        try:
            return self.zone.format(from_epoch(at))
        except InvalidValue:
            return f"{at} seconds since 1970"
