"""How the strategies are written: builders that take `draw`, pools whose first entry is the simplest, and features.

A builder is a function `(draw, …) -> value`; `drawn` makes it a strategy. Builders call each other without a strategy
in between, which is what makes whole histories cheap. What a builder picks from a pool shrinks to the pool's first
entry, so every pool starts with what reads best in a failing example.

A *feature* is a word for something that makes a value less plain. Every strategy takes `without`, the features that
its values must not have, and passes it down; so a law that holds for all but volume tariffs says `without={"volume"}`.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from math import ceil, floor
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar, get_args

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import DrawFn, SearchStrategy

from supportcontracts.errors import InvalidValue

__all__ = [
    "DENOMINATORS",
    "FEATURES",
    "Feature",
    "bounds",
    "check_choice",
    "checked",
    "drawn",
    "features",
    "fraction",
    "kinds_of",
    "one_in",
    "part",
    "pick",
    "several",
    "some",
    "stepped",
]


def __dir__() -> list[str]:
    return __all__


P = ParamSpec("P")
T = TypeVar("T")

TermFeature = Literal[
    "approval", "counted", "discount", "entry-rates", "fallback", "flat", "free-first", "free-time", "gaps", "grace",
    "graduated", "grouping", "hold", "incident-tables", "increment", "labour", "limit", "maximum", "minimum",
    "minimum-time", "multiplier", "offer", "overdraw", "package", "payment", "pools", "postings", "price-multiplier",
    "rates", "record-within", "refuse", "returns", "review", "rollover", "scopes", "special", "split", "stubs",
    "sublimits", "top-up", "volume", "warn-levels", "whole-to-next", "windows",
]  # fmt: skip
"""What terms may have beyond the plainest ones."""

EventFeature = Literal[
    "early-records", "expired-banks", "late-records", "negative-items", "non-billable", "outside-terms", "repeats",
    "shuffled", "zero-quantities",
]  # fmt: skip
"""What histories may have beyond the plainest ones."""

Feature = TermFeature | EventFeature
"""Every word that `without` takes."""

DENOMINATORS = (1, 2, 4, 3, 100, 60, 7, 3600)
"""What exact numbers are fractions of; among them some that no number of decimals can write."""

FEATURES: tuple[Feature, ...] = (*get_args(TermFeature), *get_args(EventFeature))


@st.composite
def _drawn(draw: DrawFn, build: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    return build(draw, *args, **kwargs)


def drawn(build: Callable[Concatenate[DrawFn, P], T], *args: P.args, **kwargs: P.kwargs) -> SearchStrategy[T]:
    """Make a strategy of a builder and the arguments that follow `draw`."""
    return _drawn(build, args, kwargs)


@lru_cache(maxsize=4096)
def _of_parts(build: Callable[..., Any], args: tuple[Any, ...]) -> SearchStrategy[Any]:
    return _drawn(build, args, {})


@lru_cache(maxsize=4096)
def _lists(build: Callable[..., Any], args: tuple[Any, ...], least: int, most: int) -> SearchStrategy[list[Any]]:
    return st.lists(_of_parts(build, args), min_size=least, max_size=most)


def part(draw: DrawFn, build: Callable[Concatenate[DrawFn, P], T], *args: P.args, **_: P.kwargs) -> T:
    """Draw what a builder makes as one piece, which can be dropped as a whole when the example shrinks."""
    found: T = draw(_of_parts(build, args))
    return found


def several(
    draw: DrawFn, sizes: tuple[int, int], build: Callable[Concatenate[DrawFn, P], T], *args: P.args, **_: P.kwargs
) -> list[T]:
    """Draw at least and at most so many pieces, any of which can be dropped when the example shrinks."""
    return draw(_lists(build, args, *sizes))


@cache
def _below(count: int) -> SearchStrategy[int]:
    return st.integers(0, count - 1)


def pick(draw: DrawFn, pool: Sequence[T]) -> T:
    """Draw one entry of a pool, the first being the simplest."""
    return pool[draw(_below(len(pool)))]


def one_in(draw: DrawFn, count: int) -> bool:
    """Draw yes about once in `count` times, and no where the example shrinks."""
    return draw(_below(count)) == count - 1


def some(draw: DrawFn, words: Iterable[Feature], without: Collection[str], *, most: int = 3) -> frozenset[Feature]:
    """Draw a few of the features that are allowed, often none, which is the simplest."""
    allowed = [word for word in words if word not in without]
    count = pick(draw, (0, 0, *range(1, min(most, len(allowed)) + 1)))
    return frozenset([pick(draw, allowed) for _ in range(count)])


def stepped(draw: DrawFn, low: int | None, high: int | None, steps: tuple[int, ...]) -> int:
    """Draw a whole number from `low` to `high`, mostly a multiple of one of the steps, which end in 1."""
    lows = [None if low is None else -(-low // step) for step in steps]
    highs = [None if high is None else high // step for step in steps]
    fitting = [
        (step, least, most)
        for step, least, most in zip(steps, lows, highs, strict=True)
        if least is None or most is None or least <= most
    ]
    step, least, most = pick(draw, fitting)
    return step * draw(st.integers(least, most))


def fraction(draw: DrawFn, low: Fraction, high: Fraction | None) -> Fraction:
    """Draw an exact number from `low` to `high`, mostly one of a small denominator."""
    bottoms = [
        bottom for bottom in (*DENOMINATORS, low.denominator) if high is None or ceil(low * bottom) <= high * bottom
    ]
    bottom = pick(draw, bottoms)
    return Fraction(draw(st.integers(ceil(low * bottom), None if high is None else floor(high * bottom))), bottom)


def bounds(strategy: str, kind: type, min_value: T | None, max_value: T | None) -> tuple[T | None, T | None]:
    """Return both bounds of a strategy if they are values of its kind, in order.

    Raises:
        InvalidArgument: for anything else.
    """
    for name, value in (("min_value", min_value), ("max_value", max_value)):
        if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
            raise InvalidArgument(f"{strategy}: {name}={value!r} is no {kind.__name__}")
    if min_value is not None and max_value is not None:
        try:
            inverted = min_value > max_value  # type: ignore[operator]  # values of one ordered kind
        except (InvalidValue, TypeError) as error:
            raise InvalidArgument(f"{strategy}: {error}") from error
        if inverted:
            raise InvalidArgument(f"{strategy}: min_value={min_value!r} is above max_value={max_value!r}")
    return min_value, max_value


def checked(strategy: str, read: Callable[[Any], T], value: object) -> T:
    """Return what `read` makes of an argument.

    Raises:
        InvalidArgument: where `read` refuses it.
    """
    try:
        return read(value)
    except InvalidValue as error:
        raise InvalidArgument(f"{strategy}: {error}") from error


def check_choice(strategy: str, name: str, value: T | None, choices: Collection[T]) -> T | None:
    """Return `value` if it is None or one of the choices.

    Raises:
        InvalidArgument: for anything else.
    """
    if value is not None and value not in choices:
        raise InvalidArgument(f"{strategy}: {name}={value!r}; choose one of {', '.join(map(repr, choices))}")
    return value


def features(strategy: str, without: Collection[Feature]) -> frozenset[Feature]:
    """Return the features to leave out if all of them are known.

    Raises:
        InvalidArgument: for a word that is no feature, or one text in place of a collection.
    """
    unknown = [without] if isinstance(without, str) else [word for word in without if word not in FEATURES]
    if unknown:
        raise InvalidArgument(f"{strategy}: without={unknown!r}; choose from {', '.join(FEATURES)}")
    return frozenset(without)


def kinds_of(strategy: str, kinds: Collection[type[T]] | None, known: tuple[type[T], ...]) -> tuple[type[T], ...]:
    """Return the classes that are asked for, in the order of those that are known; None asks for all.

    Raises:
        InvalidArgument: for no class at all, or one that is not known.
    """
    if kinds is None:
        return known
    unknown = [kind for kind in kinds if kind not in known]
    if unknown or not kinds:
        names = ", ".join(kind.__name__ for kind in known)
        raise InvalidArgument(f"{strategy}: kinds={unknown or kinds!r}; choose at least one of {names}")
    return tuple(kind for kind in known if kind in kinds)
