"""Time the rating engine beside its peers, in one run, after asserting that all of them agree.

    python -m benchmarks [ENTRIES]

Prints a table of processor time: the best of several rounds, taken in turn so that a drifting machine hits all alike.
Judge by the ratios; absolute speeds depend on the machine.
"""

import subprocess
import sys
from collections.abc import Callable
from time import process_time

from benchmarks.peers import integers, objects
from benchmarks.workload import UNTIL, Account, portfolio
from supportcontracts import State, WorkEntry, Zone, minutes, preview, rate

ROUNDS = 5


def totals(accounts: list[Account]) -> int:
    """Rate, and read totals and states only."""
    found = 0
    for contract, events in accounts:
        rating = rate(contract, events, until=UNTIL)
        assert rating.closing.as_of
        found += rating.total.minor
    return found


def lines(accounts: list[Account]) -> int:
    """Rate, and read every line and movement."""
    found = 0
    for contract, events in accounts:
        rating = rate(contract, events, until=UNTIL)
        found += sum(line.amount.minor for line in rating.lines)
        assert rating.movements is not None
    return found


def best_of(runs: dict[str, Callable[[], int]], rounds: int = ROUNDS) -> dict[str, float]:
    """Run each in turn, several times, and keep the best processor time of each."""
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(rounds):
        for name, run in runs.items():
            start = process_time()
            run()
            best[name] = min(best[name], process_time() - start)
    return best


def main(entries: int) -> None:
    """Print the tables."""
    accounts = portfolio(entries)
    expected = integers(accounts)
    for name, run in (("objects", objects), ("totals", totals), ("lines", lines)):
        assert run(accounts) == expected, f"{name} disagrees with the integer loop"
    print(f"{entries:,} entries in {len(accounts):,} contracts; all agree on {expected / 100:,.2f} EUR")
    best = best_of(
        {
            "peer: integers, totals only": lambda: integers(accounts),
            "peer: one object a line": lambda: objects(accounts),
            "rate, totals and states read": lambda: totals(accounts),
            "rate, every line and movement read": lambda: lines(accounts),
        }
    )
    peer = best["peer: one object a line"]
    print(f"\n{'':36}{'entries/s':>12}{'µs/entry':>10}{'x one object a line':>21}")
    for name, seconds in best.items():
        print(f"{name:36}{entries / seconds:12,.0f}{seconds / entries * 1e6:10.2f}{peer / seconds:21.2f}")
    linear(entries)
    phone()
    imports()


def linear(entries: int) -> None:
    """Show that the cost of an entry does not grow with the number of entries of one contract."""
    print(f"\n{'entries in one contract':36}{'µs/entry':>10}")
    for count in (100, 1_000, max(10_000, entries // 2)):
        accounts = portfolio(4 * count, per_contract=count)
        seconds = best_of({"run": lambda accounts=accounts: totals(accounts)}, 3)["run"]  # type: ignore[misc]  # bound early
        print(f"{count:36,}{seconds / (4 * count) * 1e6:10.2f}")


def phone() -> None:
    """Time the price of one use on a saved state."""
    contract, events = portfolio(400)[2]
    state: State = rate(contract, events, until="2025-06-01").closing
    use = WorkEntry(
        "draft", Zone("Europe/Berlin").at("2025-06-01 10:00"), customer=contract.customer, worked=minutes(70)
    )
    count = 2_000

    def run() -> int:
        for _ in range(count):
            preview(contract, use, opening=state)
        return 0

    print(f"\npreview on a saved state: {best_of({'preview': run})['preview'] / count * 1e6:.1f} µs")


def imports() -> None:
    """Time the import in a process of its own, less a process that imports nothing."""
    code = "import sys, time; t = time.process_time(); import supportcontracts; print(time.process_time() - t)"
    times = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout) for _ in range(5)
    ]
    print(f"import supportcontracts: {min(times) * 1000:.0f} ms of processor time")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
