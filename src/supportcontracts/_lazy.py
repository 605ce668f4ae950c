"""Names of a package that are imported when they are first asked for (PEP 562).

A program that rates needs no strategies for previews, and one that only prices needs no events: what is not asked for
costs nothing. Type checkers and the linter of imports read the plain imports beside the table of homes instead.
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["lazy"]


def __dir__() -> list[str]:
    return __all__


def lazy(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Make the `__getattr__` of a package: a name is imported from its home, and remembered by the package.

    Args:
        package: the package, by its `__name__`.
        homes: by module, relative to the package, the names that live there, apart by blanks. The modules themselves
            can be asked for too.

    Example:
        >>> lazy("supportcontracts", {"errors": "InvalidValue NaiveTime"})("NaiveTime").__name__
        'NaiveTime'
    """
    home_of = {name: module for module, names in homes.items() for name in names.split()}
    modules = {module.split(".")[0] for module in homes}

    def __getattr__(name: str) -> Any:  # noqa: ANN401, N807  # any name at all; it becomes the function of that name
        if name in modules:
            return import_module(f"{package}.{name}")
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(f"{package}.{home_of[name]}"), name)
        setattr(sys.modules[package], name, found)
        return found

    return __getattr__
