"""What incidents were overdrawn by, one by one, and what became of each: owed, repaid by a lot, or settled in money.

A deficit is one number, and for work that is enough. An incident can be given back, and then it matters what paid for
it in the end (D21): what is still owed is forgiven, a unit that was repaid returns to the lot that repaid it, and what
was settled is credited in money. The oldest debt of an account is repaid first.
"""

from collections.abc import Iterable

from supportcontracts.quantity import allocate_whole

__all__ = ["Debts", "OpenDebt"]


def __dir__() -> list[str]:
    return __all__


class OpenDebt:
    """What one incident was overdrawn by at once, in whole units, and what it was settled at, in minor units."""

    __slots__ = ("minor", "owed", "repaid", "use")

    def __init__(self, use: str, owed: int, repaid: Iterable[tuple[str, int]] = (), minor: int = 0) -> None:
        self.use = use
        self.owed = owed
        self.repaid = list(repaid)
        self.minor = minor


class Debts:
    """The debts of every account, oldest first."""

    __slots__ = ("of",)

    def __init__(self) -> None:
        self.of: dict[str, list[OpenDebt]] = {}

    def owe(self, account: str, debt: OpenDebt) -> None:
        """Add a debt, younger than all others of the account; one without a use is what another system knows of."""
        self.of.setdefault(account, []).append(debt)

    def repay(self, account: str, lot: str, amount: int) -> None:
        """A lot repays the oldest debts of an account."""
        for debt in self.of.get(account, ()):
            part = min(debt.owed, amount)
            if part:
                debt.owed -= part
                debt.repaid.append((lot, part))
                amount -= part

    def settle(self, account: str, minor: int) -> None:
        """What is owed is charged in one amount, of which each debt has its share (D24)."""
        owing = [debt for debt in self.of.get(account, ()) if debt.owed]
        if owing:
            for debt, share in zip(owing, allocate_whole(minor, [debt.owed for debt in owing]), strict=True):
                debt.owed = 0
                debt.minor += share

    def take(self, account: str, use: str) -> OpenDebt | None:
        """Strike out the oldest debt of an incident; None where no state knows of one."""
        debts = self.of.get(account, [])
        found = next((debt for debt in debts if debt.use == use), None)
        if found is not None:
            debts.remove(found)
        return found
