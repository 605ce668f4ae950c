"""Units of a benefit: whole things with a name, such as training days, or work time, such as advisory hours.

Inside, an engine counts raw whole units (things, or seconds); whatever leaves it says its unit.
"""

from typing import TypeAlias

import attrs

from supportcontracts._fields import frozen, is_whole, opaque, require_text, require_whole
from supportcontracts.contracts.wording.words import in_words, plural_of
from supportcontracts.errors import FloatRefused, InvalidValue, UnitMismatch
from supportcontracts.quantity import WorkTime

__all__ = ["BenefitQuantity", "Measure", "Units"]


def __dir__() -> list[str]:
    return __all__


Measure: TypeAlias = int | WorkTime
"""How much of a benefit terms and events speak of: a number of its units, or work time."""


def require_measure(what: str, value: object) -> None:
    """Refuse what is neither a number of units from 1 nor work time above zero."""
    if isinstance(value, WorkTime):
        if not value.seconds:
            raise InvalidValue(what, str(value), "more than no time was expected")
        return
    if not is_whole(value):
        kind = FloatRefused if isinstance(value, float) else InvalidValue
        hint = "Write a whole number of units, as in 2, or work time, as in hours(4)."
        raise kind(what, opaque(value), "a quantity of the benefit was expected", hint)
    require_whole(what, value, least=1)


def raw(value: Measure) -> int:
    """Return the raw whole units: things, or seconds."""
    return value.seconds if isinstance(value, WorkTime) else value


@frozen
class Units:
    """A number of whole things with a name, never below zero.

    Attributes:
        count: how many.
        unit: the name of one.
        plural: the name of several; left out, the regular one.

    Raises:
        InvalidValue: for a number that is not whole or below zero, or a name that is none.
        UnitMismatch: where units of two names are added.

    Example:
        >>> print(Units(1, "training day") + Units(1, "training day"))
        2 training days
    """

    count: int
    unit: str
    plural: str = ""

    def __attrs_post_init__(self) -> None:
        require_whole("Units", self.count, least=0)
        require_text("Units.unit", self.unit)
        if not self.plural:
            object.__setattr__(self, "plural", plural_of(self.unit))
        require_text("Units.plural", self.plural)

    @property
    def amount(self) -> int:
        """The raw whole units: things."""
        return self.count

    @property
    def noun(self) -> str:
        """The name that goes with this number."""
        return self.unit if self.count == 1 else self.plural

    def words(self) -> str:
        """Write them as a letter would.

        Example:
            >>> Units(2, "training day").words()
            'two training days'
        """
        return f"{in_words(self.count)} {self.noun}"

    def __str__(self) -> str:
        return f"{self.count:,} {self.noun}"

    def __bool__(self) -> bool:
        return self.count != 0

    def __add__(self, other: "Units") -> "Units":
        if not isinstance(other, Units):
            return NotImplemented
        if (other.unit, other.plural) != (self.unit, self.plural):
            hint = "Keep one total for each benefit."
            raise UnitMismatch("Units", f"{self} and {other}", "units of one name were expected", hint)
        return attrs.evolve(self, count=self.count + other.count)

    def __radd__(self, other: int) -> "Units":
        return self if is_whole(other) and other == 0 else NotImplemented  # the builtin sum() starts from the int 0


BenefitQuantity: TypeAlias = Units | WorkTime
"""How much of a benefit, with its unit."""
