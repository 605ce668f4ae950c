"""The demo: a year of examples, and totals that are worked out again here from the tables, with nothing of ours."""

import csv
import doctest
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from examples import incident_log
from supportcontracts.cli._commands import commands

EXAMPLES = Path(__file__).parents[1] / "examples"
BERLIN = ZoneInfo("Europe/Berlin")
Row = dict[str, str]


@pytest.fixture(scope="module")
def demo() -> Result:
    """Run the demo on the examples."""
    return CliRunner().invoke(commands, ["demo"])


@pytest.fixture(scope="module")
def statements(demo: Result) -> dict[str, str]:
    """Take the statements out of the demo, by contract."""
    blocks = re.split(r"\n(?=C-1\d\d · )", demo.output.partition("\nunder no contract")[0])
    return {block[:5]: block for block in blocks if block.startswith("C-")}


def total_of(statement: str) -> Fraction:
    """Read the total of a statement, in cents."""
    [total] = re.findall(r"^total .* ([\d,.]+) EUR$", statement, re.MULTILINE)
    return Fraction(total.replace(",", "")) * 100


# Working it out without the library


def rows(name: str, customer: str) -> list[Row]:
    """Read the rows of a customer from a table of the examples."""
    with (EXAMPLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["customer"] == customer]


def moment(text: str) -> datetime:
    """Read a local time of Berlin, or one with its offset."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=BERLIN)


def work(customer: str) -> list[Row]:
    """List the billable work of a customer in 2025, in the order in which it happened."""
    found = [row for row in rows("usage", customer) if row["billable"] != "no" and row["started_at"] >= "2025"]
    return sorted(found, key=lambda row: (moment(row["started_at"]).timestamp(), row["id"]))


@dataclass
class Bank:
    """A bank of minutes, from an instant to the end of a day."""

    bought: datetime
    last_day: date
    left: Fraction


def up_to(step: int, minutes: int) -> int:
    """Round minutes up to full steps."""
    return -(-minutes // step) * step


def half_up(cents: Fraction) -> int:
    """Round to whole cents, halves up."""
    return int((cents * 2 + 1) // 2)


def items(customer: str) -> int:
    """Add up the charge items of a customer, in cents."""
    return sum(int(Fraction(row["amount"].removesuffix(" EUR")) * 100) for row in rows("items", customer))


@pytest.mark.rule("B1", "B5", "D19", "M6", "S1", "F1")
def test_capped_hours_with_rollover_cost_what_they_come_to_by_hand(statements: dict[str, str]) -> None:
    """Five hours a month, up to two rolled on and used first; beyond them, quarters of 140 euros an hour."""
    cents, rolled, own, month = 720_000, 0, 300, 1
    for row in work("elm"):
        at = moment(row["started_at"])
        while month < at.month:
            rolled, own, month = min(own, 120), 300, month + 1
        rest = up_to(15, int(row["minutes"]))
        drawn = min(rolled, rest)
        rolled, rest = rolled - drawn, rest - drawn
        drawn = min(own, rest)
        own, rest = own - drawn, rest - drawn
        cents += half_up(Fraction(rest, 60) * 14_000)
    assert total_of(statements["C-101"]) == cents + items("elm")


@pytest.mark.rule("B2", "D13", "D16", "M8", "S1", "T1")
def test_prepaid_hours_cost_what_they_come_to_by_hand(statements: dict[str, str]) -> None:
    """Quarters, half as much again after hours, drawn from the bank that ends first; the rest at 137.50 euros."""
    banks: list[Bank] = []
    cents = 0
    for row in rows("purchases", "birchwood"):
        hours = int(row["quantity"].removesuffix("h"))
        price = Fraction(row["price"].removesuffix(" EUR/h") or 0)
        cents += half_up(price * hours * 100)
        banks.append(Bank(moment(row["at"]), date.fromisoformat(row["expires_on"]), Fraction(hours * 60)))
    banks.sort(key=lambda bank: bank.last_day)
    overage = 0
    for row in work("birchwood"):
        at = moment(row["started_at"])
        rest = Fraction(up_to(15, int(row["minutes"]))) * (Fraction(3, 2) if row["window"] == "after-hours" else 1)
        for bank in banks:
            if bank.bought <= at and at.astimezone(BERLIN).date() <= bank.last_day:
                drawn = min(bank.left, rest)
                bank.left -= drawn
                rest -= drawn
        overage += rest > 0
        cents += half_up(rest / 60 * 13_750)
    assert overage > 3
    assert total_of(statements["C-104"]) == cents + items("birchwood")


@pytest.mark.rule("T2", "I1", "I2", "D21")
def test_incidents_in_bands_cost_what_they_come_to_by_hand(statements: dict[str, str]) -> None:
    """Five incidents at 290 euros, then 240; what is cancelled or a defect is credited as it was charged."""
    charged: dict[str, int] = {}
    credited = 0
    for row in sorted(rows("tickets", "eastgate"), key=lambda row: row["at"]):
        if row["event"] == "opened":
            charged[row["ticket"]] = 29_000 if len(charged) < 5 else 24_000
        elif row["event"] in ("cancelled", "product-defect"):
            credited += charged[row["ticket"]]
    assert credited > 0
    assert total_of(statements["C-106"]) == sum(charged.values()) - credited


@pytest.mark.rule("M4", "M6", "M9", "D15", "T1")
def test_hours_at_the_rates_of_roles_cost_what_they_come_to_by_hand(statements: dict[str, str]) -> None:
    """Steps of ten minutes, at least twenty, at the rate of the kind of work, else of the role, else of the plan."""
    rates = {"senior": 180, "junior": 95}
    cents = 0
    for row in work("fenwick"):
        rate = 70 if row["work_type"] == "travel" else rates.get(row["role"], 135)
        cents += half_up(Fraction(up_to(10, max(20, int(row["minutes"]))), 60) * rate * 100)
    assert total_of(statements["C-107"]) == cents + items("fenwick")


# What the demo shows


def test_the_demo_prints_a_statement_of_every_type_of_contract(demo: Result, statements: dict[str, str]) -> None:
    """There is one contract of each type, and one statement of each contract, to the end of the data."""
    assert demo.exit_code == 0
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((EXAMPLES / "contracts").iterdir())]
    assert {document["plan"]["type"] for document in documents} == {
        "fixed-annual", "capped-hours", "capped-incidents", "prepaid-hours", "prepaid-incidents", "pay-per-hour",
        "pay-per-incident", "composite",
    }  # fmt: skip
    assert list(statements) == [document["id"] for document in documents]
    for document in documents:
        assert statements[document["id"]].startswith(
            f"{document['id']} · {document['customer']} · rated until 2026-01-01\n"
        )


def test_the_demo_reports_work_of_a_customer_without_a_contract(demo: Result) -> None:
    """Rows that belong to no contract are listed, with the reason."""
    stray = rows("usage", "hollis")
    assert len(stray) == 2
    for row in stray:
        assert re.search(
            rf"^    {row['id']}: work of hollis, .*: the customer has no contract here$", demo.output, re.MULTILINE
        )


def test_the_demo_explains_a_line_that_banks_and_overage_share(demo: Result) -> None:
    """One entry is derived in full: rounded, weighted, split over two banks and what lies beyond them."""
    told = demo.output.partition("One entry in full\n")[2].partition("What became of every unit")[0]
    for row in (
        "M6    increment  + 10m to a full 15m                            2h 30m  plan.metering.increment",
        "M8    multiply   2h 30m × 1.5                                   3h 45m  plan.metering.multiplier",
        "T1    overage    2h 37m 30s × 137.50 EUR/h                360.9375 EUR  plan.beyond.tariff",
        "S1    settle     half up to 0.01 EUR                        360.94 EUR  rounding",
        "overage at 137.50 EUR/h    1h 45m  2h 37m 30s  360.94 EUR",
    ):
        assert row in told


@pytest.mark.rule("L1", "L2", "L3", "L5")
def test_the_demo_shows_that_nothing_is_lost(demo: Result) -> None:
    """Work in is work on the lines, lots balance, lines sum to totals, and another order changes nothing."""
    proof = demo.output.partition("What became of every unit\n")[2]
    assert re.findall(r"^(\w+)  (\w+):", proof, re.MULTILINE) == [
        ("holds", "work"), ("holds", "uses"), ("holds", "lots"), ("holds", "lines"), ("holds", "order"),
    ]  # fmt: skip
    with (EXAMPLES / "usage.csv").open(encoding="utf-8", newline="") as file:
        minutes = [int(row["minutes"]) for row in csv.DictReader(file)]
    worked = f"{sum(minutes) // 60}h {sum(minutes) % 60:02}m"
    assert f"work: {len(minutes)} entries, {worked} = " in proof


def test_the_examples_hold_the_cases_that_they_promise() -> None:
    """There is late, non-billable and out-of-term work, work when the clocks change, and work past a month's end."""
    with (EXAMPLES / "usage.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert sum(bool(row["recorded_at"]) for row in found) >= 5
    assert sum(row["billable"] == "no" for row in found) >= 5
    assert any(row["started_at"] < "2025" for row in found)
    assert any(row["started_at"].startswith("2025-03-30") for row in found)
    assert {"2025-10-26 02:15+02:00", "2025-10-26 02:15+01:00"} <= {row["started_at"] for row in found}
    crossing = [
        row
        for row in found
        if "+" not in row["started_at"] and int(row["started_at"][11:13]) * 60 + int(row["minutes"]) > 24 * 60 - 60
    ]
    assert len(crossing) > 2


def test_the_readme_of_the_examples_tells_the_truth(statements: dict[str, str]) -> None:
    """Every id and file that the page names exists, and the entries that it points out are what it says."""
    page = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    data = "".join(path.read_text(encoding="utf-8") for path in EXAMPLES.glob("*.csv"))
    named = re.findall(r"`([A-Z]-\d+)`", page)
    assert len(named) > 10
    assert [name for name in named if f"{name}," not in data] == []
    files = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    assert sorted(files) == sorted(
        str(path.relative_to(EXAMPLES)) for path in EXAMPLES.rglob("*.*") if path.suffix in (".csv", ".json", ".py")
    )
    assert f"{data.count(chr(10) + 'W-')} work entries" in page
    assert f"{len(set(re.findall(r',(T-[0-9]+),opened', data)))} tickets" in page
    for contract, row in (
        ("C-101", r"W-2003  outside the term"),
        ("C-108", r"W-2082  bank G-01"),
        ("C-103", r"T-1007#2  allotment"),
        ("C-106", r"T-1039  credit: product defect"),
    ):
        assert re.search(row, statements[contract]), row
    assert "T-1003#2" not in statements["C-103"]
    assert statements["C-105"].count("bank D-02, released") == 4


def test_the_example_of_the_converter_runs() -> None:
    """The converter for an incident log prints what its docstring shows, also where the log itself is not at hand."""
    ran = doctest.testmod(incident_log)
    assert (ran.failed, ran.attempted > 0) == (0, True)


def test_the_module_runs_as_a_program() -> None:
    """`python -m supportcontracts.cli` is the command line."""
    run = subprocess.run(
        [sys.executable, "-m", "supportcontracts.cli", "--help"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0
    assert re.findall(r"^  ([a-z]+) ", run.stdout, re.MULTILINE) == ["check", "demo", "rate"]
