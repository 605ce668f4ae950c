"""Arithmetic by counting: nearest multiples are looked for, units are poured grain by grain, tariffs are walked along.

Quantities are whole raw units (seconds, incidents), money is an exact number of major units, settled money a whole
number of minor units.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import floor, gcd

from supportcontracts.contracts.metering import Metering
from supportcontracts.contracts.tariffs import Band, Graduated, Package, Tariff, Volume
from supportcontracts.money import Money, Price

RAW_UNITS = {"h": 3600, "min": 60, "incident": 1}


def scale(digits: int) -> int:
    """Say how many minor units make one major unit."""
    return int("1" + "0" * digits)


def major(money: Money) -> Fraction:
    """Read money as an exact number of major units."""
    return Fraction(money.minor, scale(money.currency.digits))


def per_raw_unit(price: Price) -> Fraction:
    """Read a price as an exact number of major units for one second, or one incident."""
    return price.amount / RAW_UNITS[price.per]


def settle(exact: Fraction, digits: int, rounding: str) -> int:
    """Choose between the two nearest whole numbers of minor units."""
    minor = exact * scale(digits)
    below = floor(minor)
    above = below + 1
    if minor == below:
        return below
    toward_zero, from_zero = (below, above) if minor > 0 else (above, below)
    if rounding == "down":
        return toward_zero
    if rounding == "up":
        return from_zero
    if minor - below != above - minor:
        return below if minor - below < above - minor else above
    if rounding == "half-up":
        return from_zero
    return below if below % 2 == 0 else above


def half_up(exact: Fraction) -> int:
    """Round a quantity to the nearest whole number, a half upwards."""
    return settle(exact, 0, "half-up")


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """Give each its whole share, then hand the spare units one by one to the largest remainder, first come first."""
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [floor(share) for share in exact]
    lacking = [share - part for share, part in zip(exact, parts, strict=True)]
    while sum(parts) < total:
        neediest = max(range(len(parts)), key=lambda place: (lacking[place], -place))
        parts[neediest] += 1
        lacking[neediest] = Fraction(-1)
    return parts


def pour(asked: int, cups: Sequence[int], lids: Sequence[int], *, all_or_nothing: bool = False) -> list[int]:
    """Take what is asked out of the cups, grain by grain, the first cup that has some first, while no lid is reached.

    A lid is the most that may be taken from all cups together.
    """
    if all_or_nothing and min([sum(cups), *lids]) < asked:
        return [0] * len(cups)
    grain = gcd(asked, *cups, *lids)
    taken = [0] * len(cups)
    while sum(taken) < asked and all(sum(taken) < lid for lid in lids):
        full = [place for place, cup in enumerate(cups) if taken[place] < cup]
        if not full:
            break
        taken[full[0]] += grain
    return taken


def billable(quantity: int, metering: Metering) -> int:
    """Raise a quantity to the minimum, then count the steps that hold it, with grace for the last one."""
    if quantity == 0:
        return 0
    least = max(quantity, metering.minimum.seconds)
    step = metering.increment.seconds
    steps = 0
    while steps * step < least:
        steps += 1
    over_last_full_step = least - (steps - 1) * step
    forgiven = over_last_full_step < step and over_last_full_step <= metering.grace.seconds
    return (steps - 1) * step if forgiven else steps * step


def combined(factors: Sequence[Fraction], combine: str) -> Fraction:
    """Combine the multipliers that apply: the largest of them, or their product; 1 if there are none."""
    result = Fraction(1)
    if combine == "product":
        for factor in factors:
            result *= factor
        return result
    return max(factors, default=result)


def holds(band: Band, unit: int) -> bool:
    """Tell whether the `unit`-th unit lies at or below the upper end of a band."""
    return band.up_to is None or unit <= band.up_to.amount


def band_price(bands: Sequence[Band], quantity: int) -> Fraction:
    """Price the whole quantity by the band that its last unit reaches."""
    if quantity == 0:
        return Fraction(0)
    band = next(band for band in bands if holds(band, quantity))
    return quantity * per_raw_unit(band.price) + (major(band.flat) if band.flat is not None else 0)


def climbed(bands: Sequence[Band], quantity: int) -> Fraction:
    """Price each grain by the band that it lies in, and each band's flat amount with its first grain."""
    if quantity == 0:
        return Fraction(0)
    ends = [band.up_to.amount for band in bands if band.up_to is not None]
    grain = gcd(quantity, *ends)
    total = Fraction(0)
    entered: set[int] = set()
    for top in range(grain, quantity + 1, grain):
        place = next(place for place, band in enumerate(bands) if holds(band, top))
        band = bands[place]
        total += grain * per_raw_unit(band.price)
        if place not in entered and band.flat is not None:
            total += major(band.flat)
        entered.add(place)
    return total


def packed(package: Package, quantity: int) -> Fraction:
    """Fill packages one by one; the last one counts, or not, if it is not full."""
    size = package.size.amount
    full = 0
    while (full + 1) * size <= quantity:
        full += 1
    started = full if full * size == quantity else full + 1
    return (started if package.part == "counts-whole" else full) * major(package.price)


def cost(tariff: Tariff, quantity: int) -> Fraction:
    """Say what a quantity costs by a tariff, exactly, if it is all there is in the window."""
    match tariff:
        case Price():
            return quantity * per_raw_unit(tariff)
        case Graduated():
            return climbed(tariff.bands, quantity)
        case Volume():
            return band_price(tariff.bands, quantity)
        case Package():
            return packed(tariff, quantity)
