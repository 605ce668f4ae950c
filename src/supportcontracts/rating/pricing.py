"""Tariffs as geometry: from a quantity in whole units to an exact amount in minor units, with the bands it touched."""

from fractions import Fraction
from typing import NamedTuple, assert_never

from supportcontracts.contracts.tariffs import Band, Graduated, Package, Volume
from supportcontracts.money import Price

__all__ = ["Piece", "Stepwise", "increase", "volume_price"]


def __dir__() -> list[str]:
    return __all__


Stepwise = Price | Graduated | Package
"""The tariffs that say what each use adds."""


class Piece(NamedTuple):
    """What one band, or some packages, contribute: a quantity or a count, at a price."""

    quantity: int
    price: str
    amount: Fraction


def increase(tariff: Stepwise, before: int, after: int) -> tuple[Fraction, tuple[Piece, ...]]:
    """Price what a use adds to a cumulative quantity, with the pieces it falls into.

    Args:
        tariff: the tariff; a volume tariff is no part of it, since its price is known only when its window ends.
        before: the cumulative quantity before the use, in whole units.
        after: the cumulative quantity after it.

    Returns:
        The exact amount in minor units, and the pieces that sum to it.

    Rules: D10, T1, T2, T3.

    Example:
        >>> increase(Price("140 EUR/h"), 0, 3600)[0]
        Fraction(14000, 1)
    """
    pieces: tuple[Piece, ...]
    match tariff:
        case Price():
            pieces = (Piece(after - before, str(tariff), (after - before) * tariff.per_unit()),)
        case Graduated():
            pieces = tuple(bands_between(tariff.bands, before, after))
        case Package():
            count = packages(tariff, after) - packages(tariff, before)
            pieces = (Piece(count, str(tariff.price), Fraction(count * tariff.price.minor)),)
        case _:
            assert_never(tariff)
    return sum((piece.amount for piece in pieces), Fraction(0)), pieces


def packages(tariff: Package, quantity: int) -> int:
    """Count the packages of a cumulative quantity: "or part thereof", or full ones only (T3)."""
    full, part = divmod(quantity, tariff.size.amount)
    return full + (1 if part and tariff.part == "counts-whole" else 0)


def bands_between(bands: tuple[Band, ...], before: int, after: int) -> list[Piece]:
    """Split a stretch of the cumulative quantity over the bands (previous, up_to] that it touches (D25)."""
    pieces = []
    low = 0
    for band in bands:  # pragma: no branch  # the last band has no end
        high = after if band.up_to is None else band.up_to.amount
        share = min(after, high) - max(before, low)
        if share > 0:
            pieces.append(Piece(share, str(band.price), share * band.price.per_unit()))
            if band.flat is not None and before <= low:
                pieces.append(Piece(0, f"flat {band.flat}", Fraction(band.flat.minor)))
        if band.up_to is None or after <= high:
            break
        low = high
    return pieces


def volume_price(tariff: Volume, quantity: int) -> tuple[Band, Fraction]:
    """Price a window's whole quantity by the band (previous, up_to] that it reaches, and name the band (T4, D25).

    Example:
        >>> volume_price(Volume([Band(None, Price("140 EUR/h"))]), 5400)[1]
        Fraction(21000, 1)
    """
    band = next(band for band in tariff.bands if band.up_to is None or quantity <= band.up_to.amount)
    flat = 0 if band.flat is None else band.flat.minor
    return band, quantity * band.price.per_unit() + flat
