"""Ways in and out of the library, each behind an extra: import the one you need, as in `interop.codec`.

Nothing below this package imports it. What a part needs from outside is asked for when that part is imported, and the
error then names the extra to install.
"""

__all__: list[str] = []


def __dir__() -> list[str]:
    return __all__
