"""Files in: contract documents and tables become contracts and events, with the name of the file in every error.

All files are read before anything is refused, so that every problem of every file is reported at once.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal

import attrs

from supportcontracts._fields import frozen
from supportcontracts.contracts.contract import Contract
from supportcontracts.errors import InvalidDocument, InvalidValue, SupportContractsError
from supportcontracts.events import Event
from supportcontracts.events.gathering import require_one_content
from supportcontracts.interop.codec import events_from_json, from_json
from supportcontracts.interop.tables import (
    HoursRounding,
    Table,
    read_items_csv,
    read_purchases_csv,
    read_tickets_csv,
    read_work_csv,
)
from supportcontracts.timeline import Zone

__all__ = [
    "Happened",
    "Rejected",
    "Tables",
    "check_files",
    "columns_of",
    "read_contracts",
    "read_events",
    "require_own_ids",
    "zone_of",
]


def __dir__() -> list[str]:
    return __all__


_PARAMETER = re.compile(r"\b(hours_rounding|delimiter)=")


class Rejected(SupportContractsError):
    """Input that cannot be used, with everything that is wrong with it."""


@frozen
class Tables:
    """The files of what happened, by kind, and how the tables among them are read.

    Attributes:
        usage, tickets, purchases, items: paths of tables (`.csv`) or of documents with events (`.json`).
        zone: the zone of local times; None: that of the contracts.
        columns: the headers of the usage tables, by field; None: headers are the names of the fields.
        hours_rounding: how decimal hours become whole seconds; None: they have to be.
        delimiter: what stands between two cells.
        bad_rows: "refused", or "skipped" and reported.
    """

    usage: tuple[Path, ...] = ()
    tickets: tuple[Path, ...] = ()
    purchases: tuple[Path, ...] = ()
    items: tuple[Path, ...] = ()
    zone: Zone | None = None
    columns: Mapping[str, str] | None = attrs.field(default=None, hash=False)
    hours_rounding: HoursRounding | None = None
    delimiter: str = ","
    bad_rows: Literal["refused", "skipped"] = "refused"


@frozen
class Happened:
    """What the files of events hold: the events, and a report on each file."""

    events: tuple[Event, ...]
    reports: tuple[str, ...]


# Reading files


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Rejected(f"{path} is not UTF-8 at byte {error.start}; save it in that encoding") from None
    except OSError as error:
        raise Rejected(f"{path} cannot be read: {error.strerror}") from None


def _named(path: Path, error: InvalidDocument) -> str:
    """Say which file it is, and which option of the command line where a message names a parameter."""
    told = str(InvalidDocument(f"{path}: {error.document}", error.problems))
    return _PARAMETER.sub(lambda found: f"--{found[1].replace('_', '-')} ", told)


def _documents(paths: Iterable[Path]) -> list[Path]:
    """List the JSON documents that the paths name, each once; a folder names those in it."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not inside:
            raise Rejected(f"{path} holds no contract: no file in it ends in .json")
        found.update(dict.fromkeys(inside))
    return list(found)


# Contracts


def read_contracts(paths: Iterable[Path]) -> tuple[Contract, ...]:
    """Read the contracts of all files, or say all that is wrong with them.

    Raises:
        Rejected: for files that cannot be read, are no contract, or repeat the id of another.
    """
    contracts: dict[str, Contract] = {}
    places: dict[str, Path] = {}
    wrong: list[str] = []
    for path in _documents(paths):
        try:
            contract = from_json(_text_of(path), Contract)
        except InvalidDocument as error:
            wrong.append(_named(path, error))
        except Rejected as error:
            wrong.append(str(error))
        else:
            if contract.id in contracts:
                wrong.append(f"{path}: the id {contract.id!r} is that of {places[contract.id]}; give each its own")
            contracts[contract.id] = contract
            places[contract.id] = path
    if wrong:
        raise Rejected("\n".join(wrong))
    return tuple(contracts.values())


def check_files(paths: Iterable[Path]) -> tuple[list[str], list[str]]:
    """Read contracts and lists of events without using them; return what is right and what is wrong."""
    right: list[str] = []
    wrong: list[str] = []
    for path in _documents(paths):
        try:
            text = _text_of(path)
            if _schema_of(text) == "events":
                right.append(f"{path}: {len(events_from_json(text))} events")
            else:
                contract = from_json(text, Contract)
                right.append(f"{path}: contract {contract.id} of {contract.customer}")
        except InvalidDocument as error:
            wrong.append(_named(path, error))
        except Rejected as error:
            wrong.append(str(error))
    return right, wrong


def _schema_of(text: str) -> object:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None  # reading it as a contract says what is wrong
    return document.get("schema") if isinstance(document, dict) else None


def zone_of(contracts: Iterable[Contract]) -> Zone:
    """Return the zone that all contracts share.

    Raises:
        Rejected: if they have several.
    """
    zones = {contract.zone.name: contract.zone for contract in contracts}
    if len(zones) != 1:
        raise Rejected(
            f"the contracts have {len(zones)} zones ({', '.join(zones)}): name that of the tables with --zone"
        )
    return next(iter(zones.values()))


# Events


def read_events(tables: Tables, contracts: tuple[Contract, ...]) -> Happened:
    """Read the events of all files, or say all that is wrong with them.

    Raises:
        Rejected: for files that cannot be read, and for rows that cannot, unless those are skipped.
    """
    zone = tables.zone or zone_of(contracts)
    readers: list[tuple[tuple[Path, ...], Callable[[str], Table[Any]]]] = [
        (
            tables.usage,
            partial(
                read_work_csv,
                zone=zone,
                columns=tables.columns,
                hours_rounding=tables.hours_rounding,
                delimiter=tables.delimiter,
            ),
        ),
        (tables.tickets, partial(read_tickets_csv, zone=zone, delimiter=tables.delimiter)),
        (tables.purchases, partial(read_purchases_csv, zone=zone, delimiter=tables.delimiter)),
        (tables.items, partial(read_items_csv, zone=zone, delimiter=tables.delimiter)),
    ]
    events: list[Event] = []
    reports: list[str] = []
    wrong: list[str] = []
    for paths, reader in readers:
        for path in paths:
            try:
                found, report = _events_in(path, reader, tables.bad_rows)
            except InvalidDocument as error:
                wrong.append(_named(path, error))
            except Rejected as error:
                wrong.append(str(error))
            else:
                events += found
                reports.append(report)
    if wrong:
        raise Rejected("\n".join(wrong))
    require_own_ids(events)
    return Happened(tuple(events), tuple(reports))


def _events_in(path: Path, reader: Callable[[str], Table[Any]], bad_rows: str) -> tuple[tuple[Event, ...], str]:
    text = _text_of(path)
    if path.suffix == ".json":
        events = events_from_json(text)
        return events, f"{path.name}: {len(events):,} events"
    table = reader(text)
    if bad_rows == "refused" or not table.entries:
        table.require_clean()
    return table.entries, f"{path.name}: {table.report}"


def require_own_ids(events: Iterable[Event]) -> None:
    """Refuse one id with two contents, also under two contracts, and name what differs (D6).

    Raises:
        DuplicateEvent: for the first such id.
    """
    seen: dict[str, Event] = {}
    for event in events:
        earlier = seen.setdefault(event.id, event)
        if earlier is not event:
            require_one_content(earlier, event)


def columns_of(pairs: Iterable[str]) -> dict[str, str] | None:
    """Read `field=Header` pairs.

    Raises:
        InvalidValue: for anything else.
    """
    columns: dict[str, str] = {}
    for pair in pairs:
        field, equals, header = pair.partition("=")
        if not (field and equals and header):
            raise InvalidValue("--column", repr(pair), "FIELD=HEADER was expected", 'Write --column "minutes=Minutes".')
        columns[field] = header
    return columns or None
