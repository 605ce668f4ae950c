"""Property testing of support contracts: Hypothesis strategies for every value of the library.

The strategies are in `supportcontracts.testing.strategies`. Where Hypothesis finds this library installed, it also
knows them by type: `from_type(Contract)` gives what `contracts()` gives. All of it needs the extra
`supportcontracts[testing]`.
"""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

from supportcontracts.errors import MissingExtra

if TYPE_CHECKING:
    from supportcontracts.testing import strategies

__all__ = ["strategies"]

if find_spec("hypothesis") is None:
    raise MissingExtra(
        "supportcontracts.testing needs Hypothesis, which is not installed.\n"
        '    Install the extra: pip install "supportcontracts[testing]".',
        name="hypothesis",
    )


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> ModuleType:
    # Hypothesis imports this package while it is itself imported, too early for strategies.
    if name in __all__:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
