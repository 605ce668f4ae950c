"""The command line: what it prints, and what it says to somebody who got something wrong."""

import csv
import importlib
import io
import json
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import attrs
import pytest
from click.testing import CliRunner, Result

import supportcontracts.interop
from supportcontracts import (
    BankPurchase,
    Charge,
    Contract,
    Lot,
    Money,
    PrepaidHours,
    Price,
    Ratings,
    Term,
    Void,
    WorkEntry,
    Zone,
    cli,
    hours,
    rate_all,
)
from supportcontracts.cli import _commands, _inputs, _outputs, _proof
from supportcontracts.interop.codec import events_to_json

CONTRACT: dict[str, Any] = {
    "schema": "contract",
    "edition": 1,
    "id": "C-1",
    "customer": "elm",
    "rounding": "half-up",
    "term": {"starts_on": "2025-01-01", "months": 12, "zone": "Europe/Berlin"},
    "plan": {"type": "pay-per-hour", "tariff": "120 EUR/h"},
}
HEADER = "id,started_at,customer,minutes"
USAGE = f"{HEADER}\nW-1,2025-02-03 09:00,elm,90\nW-2,2025-02-04 10:00,elm,30\n"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Give a function that writes files, by name, and runs a command on them; `contract` changes the usual one."""

    def in_folder(command: str, *, files: dict[str, str] | None = None, **contract: Any) -> Result:
        written = {"contract.json": json.dumps(CONTRACT | contract), "usage.csv": USAGE} | (files or {})
        for name, text in written.items():
            (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        words = [str(tmp_path / word) if "." in word and word[0] != "-" else word for word in command.split()]
        return CliRunner().invoke(_commands.commands, words)

    return in_folder


RATE = "rate --contracts contract.json --usage usage.csv --until 2026-01-01"


def refused(result: Result) -> str:
    """Return what was said about bad input, which is no traceback."""
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr


def squeezed(result: Result) -> str:
    """Return what was printed, with one blank between columns."""
    return re.sub(" +", " ", result.stdout)


# What it prints


def test_rate_prints_the_statement_of_a_contract(run: Run) -> None:
    """The text format is the statement, and an explanation of what was asked for."""
    result = run(f"{RATE} --explain W-1")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.startswith("C-1 · elm · rated until 2026-01-01\n")
    assert "total 2h 00m 240.00 EUR" in squeezed(result)
    assert "W-1 · Mon 2025-02-03 · C-1   180.00 EUR\n" in result.stdout


def test_rate_stops_before_the_day_that_is_named(run: Run) -> None:
    """What happens on the day of `--until` or later is not rated."""
    assert "total 1h 30m 180.00 EUR" in squeezed(run(RATE.replace("2026-01-01", "2025-02-04")))


def test_rate_writes_json_for_a_program(run: Run) -> None:
    """The JSON format has every line, notice and total, and the steps of what was explained."""
    result = run(f"{RATE} --format json --explain W-1 W-2")
    document = json.loads(result.stdout)
    [rated] = document["ratings"]
    assert (rated["contract"], rated["total"], rated["notices"]) == ("C-1", "240.00 EUR", [])
    assert [line["amount_minor"] for line in rated["lines"]] == [18_000, 6_000]
    assert [explained["amount"] for explained in document["explanations"]] == ["180.00 EUR", "60.00 EUR"]
    assert document["explanations"][0]["steps"][0]["rule"] == "M1"
    assert document["unrouted"] == []


def test_rate_writes_notices_as_json(run: Run) -> None:
    """A notice says what crossed which level, and when."""
    plan = {"type": "fixed-annual", "fee": "1000 EUR", "review_at": "PT1H"}
    [rated] = json.loads(run(f"{RATE} --format json", plan=plan).stdout)["ratings"]
    assert [(notice["code"], notice["because"]) for notice in rated["notices"]] == [("fair-use-review", "W-1")]


def test_rate_writes_csv_for_a_spreadsheet(run: Run) -> None:
    """The CSV format is one row for each line, with a header even where there is none."""
    result = run(f"{RATE} --format csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [(row["use"], row["amount_minor"]) for row in rows] == [("W-1", "18000"), ("W-2", "6000")]
    assert tuple(rows[0]) == _outputs.COLUMNS
    empty = run(f"{RATE} --format csv", files={"usage.csv": HEADER})
    assert empty.stdout == ",".join(_outputs.COLUMNS) + "\n"


def test_options_take_several_values_as_a_shell_writes_them_out(run: Run) -> None:
    """`--contracts *.json` becomes several names behind one option, and the option may also be repeated."""
    second = json.dumps(CONTRACT | {"id": "C-2", "customer": "oak"})
    files = {"oak.json": second, "more.csv": f"{HEADER}\nW-3,2025-03-01 09:00,oak,60\n"}
    once = run(
        RATE.replace("contract.json", "contract.json oak.json").replace("usage.csv", "usage.csv more.csv"), files=files
    )
    twice = run(f"{RATE} --contracts oak.json --usage more.csv")
    assert once.stdout == twice.stdout
    assert "C-2 · oak" in once.stdout


def test_a_folder_stands_for_the_contracts_in_it(run: Run, tmp_path: Path) -> None:
    """A folder names every document in it, and one that has none is refused."""
    assert run(RATE.replace("contract.json", "./")).stdout == run(RATE).stdout
    (tmp_path / "empty.d").mkdir()
    assert "empty.d holds no contract: no file in it ends in .json" in refused(
        run(RATE.replace("contract.json", "empty.d"))
    )


def test_all_kinds_of_tables_are_read(run: Run) -> None:
    """Tickets, purchases and charge items have tables of their own."""
    files = {
        "tickets.csv": "id,at,ticket,event,customer\nE-1,2025-02-03,T-1,opened,elm\nE-2,2025-02-04,T-1,closed,\n",
        "banks.csv": "id,at,customer,quantity,price\nB-1,2025-01-02,elm,2 incidents,90 EUR\n",
        "items.csv": "id,at,customer,kind,amount\nX-1,2025-02-03,elm,travel,10.50 EUR\n",
    }
    plan = {"type": "prepaid-incidents", "beyond": {"type": "refuse"}}
    result = run(
        f"{RATE} --tickets tickets.csv --purchases banks.csv --items items.csv", files=files, plan=plan, currency="EUR"
    )
    assert "100.50 EUR" in result.stdout
    assert "B-1 – 2 incidents 1 incident" in squeezed(result)


def test_events_of_any_kind_may_come_as_json(run: Run) -> None:
    """A document with events stands for a table, and holds corrections too."""
    at = Zone("Europe/Berlin").at
    events: list[WorkEntry | Void] = [
        WorkEntry("W-7", at("2025-05-02 09:00"), customer="elm", worked=hours(1)),
        WorkEntry("W-8", at("2025-05-03 09:00"), customer="elm", worked=hours(1)),
        Void("V-1", at("2025-05-04 09:00"), customer="elm", target="W-8"),
    ]
    result = run(RATE.replace("usage.csv", "events.json"), files={"events.json": events_to_json(events)})
    assert "total 1h 00m 120.00 EUR" in squeezed(result)


def test_an_export_is_read_by_the_names_of_its_columns(run: Run) -> None:
    """`--column` says which header holds which field, `--delimiter` what stands between cells, `--zone` where."""
    export = "Nr;Start;Kunde;Stunden;Bemerkung\nW-1;2025-02-03 09:00;elm;0.333;x\n"
    columns = "id=Nr started_at=Start customer=Kunde hours=Stunden"
    result = run(
        f"{RATE} --column {columns} --delimiter ; --hours-rounding up --zone UTC --format json",
        files={"usage.csv": export},
    )
    [line] = json.loads(result.stdout)["ratings"][0]["lines"]
    assert (line["worked"], line["at"]) == (1199, "2025-02-03T09:00:00+00:00")


def test_bad_rows_are_skipped_only_on_request_and_reported(run: Run) -> None:
    """With `--skip-bad-rows` the good rows are rated, and standard error says which were not."""
    files = {"usage.csv": f"{USAGE}W-3,2025-02-31 09:00,elm,5\n"}
    result = run(f"{RATE} --skip-bad-rows", files=files)
    assert result.exit_code == 0
    assert "240.00 EUR" in result.stdout
    assert result.stderr == (
        "usage.csv: 3 rows: 2 work entries in half hours, 1 customer, 2h 00m; 1 row skipped\n"
        'line 4: started_at "2025-02-31 09:00": February 2025 has 28 days\n'
    )
    assert "line 4, started_at" in refused(run(RATE, files=files))


def test_a_table_without_a_good_row_is_refused_in_any_case(run: Run) -> None:
    """Skipping bad rows does not mean skipping a table whose header is wrong."""
    files = {"usage.csv": "id,started_at,minutes\nW-1,2025-02-03 09:00,5\n"}
    assert "line 1, customer   is missing" in refused(run(f"{RATE} --skip-bad-rows", files=files))


# Work under no contract


def test_work_under_no_contract_is_reported_and_not_lost(run: Run) -> None:
    """Events of customers without a contract are listed with the reason, in every format."""
    files = {"usage.csv": f"{USAGE}W-3,2025-02-05 09:00,oak,5\n"}
    told = "W-3: work of oak, 0h 05m, 2025-02-05 08:00 UTC: the customer has no contract here"
    assert f"under no contract:\n    {told}\n" in run(RATE, files=files).stdout
    assert json.loads(run(f"{RATE} --format json", files=files).stdout)["unrouted"] == [told]
    assert run(f"{RATE} --format csv", files=files).stderr == f"under no contract: {told}\n"


def test_each_reason_for_belonging_to_no_contract_is_told_apart(run: Run) -> None:
    """An unknown contract, two that could be meant, and an event without a customer each say so."""
    header = "id,at,ticket,event,customer,contract\n"
    files = {
        "oak.json": json.dumps(CONTRACT | {"id": "C-2"}),
        "usage.csv": f"{HEADER},contract\nW-1,2025-02-03,elm,5,\nW-2,2025-02-03,elm,5,C-9\nW-3,2025-02-03,elm,5,C-2\n",
        "tickets.csv": f"{header}E-1,2025-02-03,T-1,closed,,\n",
    }
    result = run(RATE.replace("contract.json", "contract.json oak.json") + " --tickets tickets.csv", files=files)
    assert "W-1: work of elm, 0h 05m, 2025-02-02 23:00 UTC: it could belong to C-1 or C-2; say which" in result.stdout
    assert "W-2: work of elm, 0h 05m, 2025-02-02 23:00 UTC: there is no contract C-9" in result.stdout
    assert "E-1: Closed, 2025-02-02 23:00 UTC: it names no customer, and nothing else does for it" in result.stdout
    assert "W-3" in result.stdout.partition("C-2 · elm")[2].partition("under no")[0]


# What it says to somebody who got something wrong


@pytest.mark.parametrize(
    ("usage", "told"),
    [
        ("", "line 1   the table is empty; a header was expected that names id, started_at, customer, minutes, hours"),
        (f"{HEADER}\nW-1,2025-02-03 09:00,elm,-15", "line 2, minutes   is -15, and time is never below zero"),
        (
            f"{HEADER}\nW-1,2025-02-03 9 o'clock,elm,5",
            'line 2, started_at   "2025-02-03 9 o\'clock": a date and a time',
        ),
        (
            "id,started_at,customer,ended_at\nW-1,2025-02-03 09:00,elm,2025-02-03 08:00",
            "line 2, ended_at   lies before the start of the work",
        ),
        (
            "id,started_at,customer,hours\nW-1,2025-02-03 09:00,elm,0.333",
            'line 2, hours   is 0.333, which is not whole seconds. State --hours-rounding "half-up", "up" or "down".',
        ),
        (
            f"{HEADER}\nW-1,2025-02-03 09:00,elm,90\nW-1,2025-02-03 09:00,elm,60",
            "The id 'W-1' got two contents: worked 1h 30m and 1h 00m; one event for each id was expected.",
        ),
        (
            f"{HEADER}\nW-1,2025-02-03 09:00,elm,90\nW-1,2025-02-03 09:00,oak,90",
            "The id 'W-1' got two contents: customer elm and oak",
        ),
        (
            f"{HEADER},ticket\nW-1,2025-02-03 09:00,elm,90,T-1\nW-1,2025-02-03 09:00,elm,90,",
            "The id 'W-1' got two contents: ticket T-1 and nothing",
        ),
        (
            f"{HEADER},contract\nW-1,2025-02-03 09:00,oak,90,C-1",
            "Event 'W-1' got the customer 'oak'; the customer 'elm' was expected.",
        ),
        (
            f"{HEADER},rate\nW-1,2025-02-03 09:00,elm,90,140 EURO/h",
            'line 2, rate   "140 EURO/h": ISO 4217 lists no such',
        ),
        (
            f"{HEADER},technicien\nW-1,2025-02-03,elm,90,ines",
            'is no column of work entries; did you mean "technician"?',
        ),
        ("id;started_at;customer;minutes\nW-1;2025-02-03;elm;5", 'the header is one column; state --delimiter ";"'),
    ],
)
def test_a_bad_table_is_refused_kindly(run: Run, usage: str, told: str) -> None:
    """Every bad row names its file, line and column, and says what was expected."""
    assert told in refused(run(RATE, files={"usage.csv": usage}))


def with_plan(**plan: Any) -> dict[str, Any]:
    """Change the plan of the usual contract."""
    return {"plan": {"type": "pay-per-hour", "tariff": "120 EUR/h"} | plan}


BANDS = [{"up_to": "PT5H", "price": "120 EUR/h"}, {"up_to": "PT2H", "price": "110 EUR/h"}]
BANDS_TO_NOWHERE = [*BANDS, {"up_to": None, "price": "100 EUR/h"}]


@pytest.mark.parametrize(
    ("contract", "told"),
    [
        (with_plan(tariff=99.9), "plan.tariff   99.9 has no currency and no unit"),
        (with_plan(type="fixed-annual", fee=1200.50), "1200.5 has no currency; write"),
        (with_plan(tariff="120 EURO/h"), "plan.tariff   "),
        (with_plan(tarif="120 EUR/h"), "plan.tarif   unknown key"),
        (with_plan(metering={"increment": "-PT5M"}), "plan.metering.increment   "),
        (
            with_plan(
                tariff={"type": "charge", "per": "term", "tariff": {"type": "graduated", "bands": BANDS_TO_NOWHERE}}
            ),
            "plan.tariff.tariff.bands[1]   ",
        ),
        (
            with_plan(tariff={"type": "charge", "per": "term", "tariff": {"type": "graduated", "bands": BANDS[:1]}}),
            "bands",
        ),
        ({"term": {"starts_on": "2025-03-01", "last_day": "2025-02-01", "zone": "Europe/Berlin"}}, "term"),
        ({"rounding": "nearest"}, 'rounding   got "nearest"; choose "half-up"'),
        ({"customer": None}, "customer   got null; expected a text"),
    ],
)
def test_a_bad_contract_is_refused_kindly(run: Run, contract: dict[str, Any], told: str) -> None:
    """A float, an unknown currency, an unknown key, disordered bands: each names its file and path."""
    said = refused(run(RATE, **contract))
    assert 'contract.json: contract "C-1" has ' in said
    assert told in said


def test_a_naive_time_is_refused_kindly(run: Run) -> None:
    """A time in a document has an offset; without it, what to write is shown."""
    event = {"type": "work-entry", "id": "W-1", "at": "2025-02-03T09:00", "customer": "elm", "worked": "PT1H"}
    document = json.dumps({"schema": "events", "edition": 1, "events": [event]})
    said = refused(run(RATE.replace("usage.csv", "events.json"), files={"events.json": document}))
    assert "events.json: list of events has 1 problem" in said
    assert 'events[0].at   instant got "2025-02-03T09:00"; a time with its offset was expected.' in said


def test_all_bad_files_are_reported_at_once(run: Run) -> None:
    """Nobody has to mend one file to hear about the next."""
    said = refused(run(f"{RATE} --contracts two.json", files={"two.json": "{"}, rounding="nearest"))
    assert "contract.json: contract" in said
    assert "two.json: contract has 1 problem; nothing was loaded.\n    line 1, column 2   this is not JSON" in said
    files = {
        "usage.csv": f"{HEADER}\nW-1,x,elm,5",
        "items.csv": "id,at,customer,kind,amount\nX-1,2025-02-03,elm,taxi,5",
    }
    said = refused(run(f"{RATE} --items items.csv", files=files))
    assert "usage.csv: table of work entries has 1 problem" in said
    assert "items.csv: table of charge items has 1 problem" in said


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (RATE.replace("usage.csv", "usages.csv"), "usages.csv' does not exist."),
        (RATE.replace("contract.json", "no.json"), "no.json' does not exist."),
        (RATE.replace("--usage usage.csv", "--usage ./"), "cannot be read: "),
        (RATE.replace("2026-01-01", "2026-02-30"), '"2026-02-30" is not a date: February 2026 has 28 days'),
        (RATE.replace("2026-01-01", "soon"), '"soon"; an ISO 8601 date was expected'),
        (f"{RATE} --explain W-11", "there is no line for 'W-11' to explain; did you mean 'W-1'?"),
        (f"{RATE} --explain xyz", "there is no line for 'xyz' to explain\n"),
        (f"{RATE} --explain W-1 --format csv", "use --format text or json with --explain"),
        (f"{RATE} --zone Berlin", 'Zone got "Berlin"; an IANA name or a fixed offset was expected.'),
        (f"{RATE} --delimiter tab", "delimiter got the str 'tab'; one character was expected."),
        (f"{RATE} --column minutes", "--column got 'minutes'; FIELD=HEADER was expected."),
        (f"{RATE} --column minute=Minutes", 'a field of the work entries was expected.\n    Did you mean "minutes"?'),
        ("rate --contracts contract.json --usage usage.csv", "Missing option '--until'"),
        (f"{RATE} --contracts contract.json ./contract.json copy.json", "copy.json: the id 'C-1' is that of "),
    ],
)
def test_a_bad_command_is_refused_kindly(run: Run, command: str, told: str) -> None:
    """A missing file, a day that does not exist, an entry that is not there: the message says which."""
    assert told in refused(run(command, files={"copy.json": json.dumps(CONTRACT)}))


def test_a_file_that_cannot_be_read_is_refused_kindly(run: Run, tmp_path: Path) -> None:
    """A file in another encoding is named, with the byte at which it stops being UTF-8."""
    (tmp_path / "latin.csv").write_bytes(f"{HEADER}\nW-1,2025-02-03,Müller,5\n".encode("latin-1"))
    assert "latin.csv is not UTF-8 at byte 47; save it in that encoding" in refused(
        run(RATE.replace("usage.csv", "latin.csv"))
    )
    (tmp_path / "latin.json").write_bytes(b'{"id": "M\xfcller"}')
    assert "latin.json is not UTF-8" in refused(run(RATE.replace("contract.json", "latin.json")))


def test_contracts_of_several_zones_need_the_zone_of_the_tables(run: Run) -> None:
    """Local times mean nothing until their zone is known, so it is asked for where the contracts differ."""
    term = {"starts_on": "2025-01-01", "months": 12, "zone": "Europe/Lisbon"}
    files = {"lisbon.json": json.dumps(CONTRACT | {"id": "C-2", "customer": "oak", "term": term})}
    command = RATE.replace("contract.json", "contract.json lisbon.json")
    said = refused(run(command, files=files))
    assert "the contracts have 2 zones (Europe/Berlin, Europe/Lisbon): name that of the tables with --zone" in said
    assert run(f"{command} --zone Europe/Berlin", files=files).exit_code == 0


def test_a_repeat_with_the_same_content_counts_once(run: Run) -> None:
    """The same row twice is one entry, whenever it was recorded."""
    usage = f"{HEADER},recorded_at\nW-1,2025-02-03 09:00,elm,90,\nW-1,2025-02-03 09:00,elm,90,2025-02-05\n"
    assert "180.00 EUR" in run(RATE, files={"usage.csv": usage}).stdout


def test_one_id_for_two_kinds_of_events_is_refused(run: Run) -> None:
    """An entry and a charge item need ids of their own."""
    files = {"items.csv": "id,at,customer,kind,amount\nW-1,2025-02-03,elm,travel,5 EUR\n"}
    said = refused(run(f"{RATE} --items items.csv", files=files))
    assert "The id 'W-1' got two contents: a WorkEntry and a ChargeItem" in said


# Checking documents


def test_check_names_what_is_right_and_every_problem(run: Run) -> None:
    """Good documents are listed, and all problems of all others are reported at once."""
    events = '{"schema": "events", "edition": 1, "events": []}'
    good = run("check contract.json events.json", files={"events.json": events})
    assert good.exit_code == 0
    assert [line.rpartition("/")[2] for line in good.stdout.splitlines()] == [
        "contract.json: contract C-1 of elm",
        "events.json: 0 events",
    ]
    files = {"bad.json": '{"id": "C-9"}', "list.json": "[1]", "none.json": "{"}
    bad = run("check contract.json bad.json list.json none.json", files=files)
    assert bad.exit_code == 2
    assert "contract.json: contract C-1 of elm" in bad.stdout
    assert 'bad.json: contract "C-9" has 6 problems; nothing was loaded.' in bad.stderr
    assert "list.json: contract has 1 problem" in bad.stderr
    assert (
        "none.json: contract has 1 problem; nothing was loaded.\n    line 1, column 2   this is not JSON" in bad.stderr
    )


def test_check_reports_files_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    """A file in another encoding is one of the things that are wrong."""
    (tmp_path / "latin.json").write_bytes(b"\xfc")
    assert "latin.json is not UTF-8" in run("check latin.json").stderr


# The demo on other data


def test_the_demo_takes_your_own_data(run: Run) -> None:
    """With files of your own, the examples stay out, and the day after the last event ends the rating."""
    result = run("demo --usage usage.csv --contracts contract.json")
    assert result.exit_code == 0
    assert result.stdout.startswith("usage.csv: 2 rows: 2 work entries in half hours, 1 customer, 2h 00m\n\nC-1 · elm")
    assert "rated until 2025-02-05" in result.stdout
    assert "One entry in full\n\nW-1 · " in result.stdout
    assert result.stdout.count("\nholds  ") == 5


def test_the_demo_counts_corrected_work_once(run: Run) -> None:
    """Work that was voided or replaced is proved as it should have been."""
    at = Zone("Europe/Berlin").at
    right = {"type": "work-entry", "id": "W-2", "at": "2025-02-04T09:00:00Z", "customer": "elm", "worked": "PT45M"}
    head = {"at": "2025-02-06T09:00:00Z", "customer": "elm"}
    document = {
        "schema": "events",
        "edition": 1,
        "events": [
            {"type": "void", "id": "V-1", "target": "W-1", **head},
            {"type": "replace", "id": "V-2", "target": "W-2", "by": right, **head},
        ],
    }
    result = run(
        "demo --usage usage.csv corrections.json --contracts contract.json",
        files={"corrections.json": json.dumps(document)},
    )
    assert result.exit_code == 0, result.output
    assert "holds  work: 1 entry, 0h 45m = 0h 45m on lines" in result.stdout
    assert at("2025-02-04 10:00").hour == 9


def test_the_demo_explains_what_banks_and_a_charge_share(run: Run) -> None:
    """A line that is drawn and charged tells more than one that is only drawn from many banks."""
    files = {
        "usage.csv": f"{HEADER}\nW-1,2025-02-03,elm,180\nW-2,2025-02-04,elm,90\n",
        "banks.csv": "id,at,customer,quantity,price\n"
        + "".join(f"B-{n},2025-01-0{n},elm,1h,90 EUR\n" for n in range(1, 5)),
    }
    plan = {"type": "prepaid-hours", "beyond": {"type": "charge", "tariff": "120 EUR/h"}}
    result = run("demo --usage usage.csv --purchases banks.csv --contracts contract.json", files=files, plan=plan)
    assert "One entry in full\n\nW-2 · " in result.stdout


def test_the_demo_has_nothing_to_explain_without_use(run: Run) -> None:
    """Charge items alone make a statement, and no entry to derive."""
    files = {"items.csv": "id,at,customer,kind,amount\nX-1,2025-02-03,elm,travel,5 EUR\n"}
    result = run("demo --items items.csv --contracts contract.json", files=files)
    assert result.exit_code == 0
    assert "One entry in full" not in result.stdout


def test_the_demo_proves_work_that_no_meter_measures(run: Run) -> None:
    """Work and tickets outside the term are refused lines, and still accounted for."""
    files = {
        "usage.csv": f"{HEADER}\nW-1,2024-02-03 09:00,elm,90\n",
        "tickets.csv": "id,at,ticket,event,customer\nE-1,2024-02-03 09:00,T-1,opened,elm\n",
    }
    result = run("demo --usage usage.csv --tickets tickets.csv --contracts contract.json", files=files)
    assert result.exit_code == 0
    assert "holds  work: 1 entry, 1h 30m = 1h 30m on lines" in result.stdout


def test_the_demo_needs_events(run: Run) -> None:
    """Without any event there is no last day to rate to."""
    said = refused(run("demo --usage usage.csv --contracts contract.json", files={"usage.csv": HEADER}))
    assert "the tables hold no events: there is nothing to rate" in said


def test_the_demo_says_where_its_examples_should_be(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package has no examples, and says so."""
    monkeypatch.setattr(_commands, "_EXAMPLES", tmp_path / "nowhere")
    said = refused(run("demo"))
    assert "nowhere: they come with the source, not with the package." in said


def test_the_demo_fails_if_anything_is_lost(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that does not hold is marked, and the exit code says so."""
    failed = _proof.Proof("table", (_proof.Check("lots", "figures", holds=False),))
    monkeypatch.setattr(_commands, "prove", lambda *_: failed)
    result = run("demo --usage usage.csv --contracts contract.json")
    assert result.exit_code == 1
    assert "FAILS  lots: figures" in result.stdout


# The proof itself


@pytest.mark.rule("L1", "L3")
def test_the_proof_sees_what_is_lost(tmp_path: Path) -> None:
    """Ratings of other events than those that are proved do not add up."""
    document = CONTRACT | {
        "plan": {"type": "prepaid-hours", "beyond": {"type": "charge", "tariff": "120 EUR/h"}},
    }
    (tmp_path / "contract.json").write_text(json.dumps(document), encoding="utf-8")
    contracts = _inputs.read_contracts([tmp_path])
    at = Zone("Europe/Berlin").at
    events = (
        WorkEntry("W-1", at("2025-02-03 09:00"), customer="elm", worked=hours(1)),
        WorkEntry("W-2", at("2025-02-04 09:00"), customer="elm", worked=hours(2)),
    )
    until = date(2025, 2, 5)
    whole = rate_all(contracts, events, until=until)
    assert _proof.prove(contracts, events, until, whole).holds
    less = rate_all(contracts, events[:1], until=until)
    held = {check.name: check.holds for check in _proof.prove(contracts, events, until, less).checks}
    assert held == {"work": False, "uses": True, "lots": True, "lines": True, "order": False}


def doctored(**fields: Any) -> Ratings:
    """Rate an hour that a bank pays and two that are charged, and put something else into the rating."""
    at = Zone("Europe/Berlin").at
    term = Term("2025-01-01", months=12, zone="Europe/Berlin")
    plan = PrepaidHours(beyond=Charge(Price("120 EUR/h")))
    contract = Contract("C-1", customer="elm", rounding="half-up", term=term, plan=plan)
    events = (
        BankPurchase("B-1", at("2025-01-02 09:00"), customer="elm", quantity=hours(2)),
        WorkEntry("W-1", at("2025-02-03 09:00"), customer="elm", worked=hours(3)),
        WorkEntry("W-2", at("2025-02-04 09:00"), customer="elm", worked=hours(1)),
    )
    [rating] = rate_all([contract], events, until="2025-03-01").ratings
    changed = {name: change(getattr(rating, name)) for name, change in fields.items()}
    return Ratings((attrs.evolve(rating, **changed),), ())


def failing(ratings: Ratings) -> set[str]:
    """Name the checks that need nothing but ratings and do not hold."""
    checks = [_proof._uses(ratings.ratings), _proof._lots(ratings.ratings), _proof._lines(ratings.ratings)]
    return {check.name for check in checks if not check.holds}


@pytest.mark.rule("L1", "L2")
def test_the_proof_sees_units_that_vanish() -> None:
    """A part that is gone, a lot that has more left than it should, draws that nobody recorded: each is found."""
    assert failing(doctored()) == set()
    assert failing(doctored(journal=lambda journal: journal[:-1])) == set()  # a whole use is gone: the work shows it
    parts = [place for place, record in enumerate(doctored().ratings[0].journal) if "W-1" in record]
    assert len(parts) == 2
    assert "uses" in failing(doctored(journal=lambda journal: (*journal[: parts[1]], *journal[parts[1] + 1 :])))
    assert "lots" in failing(doctored(journal=lambda journal: (*journal[: parts[0]], *journal[parts[0] + 1 :])))
    more = Lot("B-1", left=hours(1), quantity=hours(2))
    assert failing(doctored(closing=lambda closing: attrs.evolve(closing, lots=[more]))) == {"lots"}


@pytest.mark.rule("L5")
def test_the_proof_adds_up_the_lines_itself() -> None:
    """A total that is not the sum of its lines is found."""
    [rating] = doctored().ratings
    stand_in: Any = SimpleNamespace(contract=rating.contract, lines=rating.lines, total=Money("1 EUR"))
    assert not _proof._lines((stand_in,)).holds
    assert rating.total == Money("240 EUR")


# What is missing


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the parts of the command line and the codec be imported anew, until the test ends."""
    for name in [
        name for name in sys.modules if name.startswith(("supportcontracts.cli._", "supportcontracts.interop"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    for part in ("_commands", "_inputs", "_outputs", "_proof"):
        monkeypatch.delattr(cli, part)
    monkeypatch.setattr(supportcontracts, "interop", supportcontracts.interop)


@pytest.mark.parametrize("package", ["click", "cattrs"])
def test_a_missing_package_is_said_with_what_to_install(
    package: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the extra, the command says what to install instead of failing with a traceback."""
    forget(monkeypatch)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert f"The command line needs {package}, which is not installed." in said
    assert "pip install supportcontracts[cli]" in said


def test_another_missing_module_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the library is raised as it is."""
    forget(monkeypatch)
    monkeypatch.setitem(sys.modules, "supportcontracts.cli._outputs", None)
    with pytest.raises(ImportError, match="_outputs"):
        cli.main()


def test_the_program_takes_its_arguments_from_the_command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`main` runs the command that the arguments name, under the name of the program."""
    importlib.import_module("supportcontracts.cli.__main__")
    monkeypatch.setattr(sys, "argv", ["anything", "rate", "--help"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("Usage: supportcontracts rate ")


@pytest.mark.parametrize("part", [_commands, _inputs, _outputs, _proof])
def test_the_parts_list_what_they_share(part: ModuleType) -> None:
    """The modules behind the command line state what they share with each other."""
    assert dir(part) == sorted(part.__all__)
