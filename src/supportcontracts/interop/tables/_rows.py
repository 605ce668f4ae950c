"""Rows: the one reader behind all tables, from lines of text to values and problems.

A table has a header that names its columns. Each row becomes one value, or problems with the line that the row starts
on; a row that fails never takes others with it. What is wrong with the header is said once, at line 1.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from math import gcd
from typing import Any, Generic, TypeVar

import attrs

from supportcontracts._fields import frozen, opaque
from supportcontracts.errors import InvalidDocument, InvalidValue, Problem
from supportcontracts.events import WorkEntry
from supportcontracts.interop.tables._cells import Reader, Unreadable, quoted, said_of
from supportcontracts.quantity import WorkTime

__all__ = ["Layout", "RowProblem", "Table", "read_table"]


def __dir__() -> list[str]:
    return __all__


E = TypeVar("E")
Header = dict[str, tuple[int, str]]
"""Where each field stands: its position in a row, and its header as the file writes it."""

_MOST_LISTED = 10
_STEPS = ((3600, "full hours"), (1800, "half hours"), (900, "quarter hours"), (60, "minutes"))


# What comes out


@frozen
class RowProblem:
    """One fault of a table: the line that its row starts on, the column, and what is wrong.

    Example:
        >>> print(RowProblem(88, "Minutes", "is empty"))
        line 88: Minutes is empty
    """

    line: int
    column: str
    message: str

    @property
    def path(self) -> str:
        """Where the fault is, as in "line 88, Minutes"."""
        return f"line {self.line}, {self.column}" if self.column else f"line {self.line}"

    def __str__(self) -> str:
        column = f"{self.column} " if self.column else ""
        return f"line {self.line}: {column}{self.message}"


@frozen
class Table(Generic[E]):
    """What a table holds: its entries in the order of the rows, and the problems of the rows that hold none.

    Attributes:
        noun: what an entry is, in one word or two.
        nouns: what several are.
        rows: how many rows there are below the header.
        skipped: how many of them became no entry.
        entries: the rows that could be read.
        problems: what is wrong with the others, and with the header.
    """

    noun: str
    nouns: str
    rows: int
    skipped: int
    entries: tuple[E, ...]
    problems: tuple[RowProblem, ...]

    @property
    def report(self) -> str:
        """What was read and what was skipped, in words: one line, or two if there are problems."""
        rows = f"{self.rows:,} {'row' if self.rows == 1 else 'rows'}"
        found = f"{len(self.entries):,} {self.noun if len(self.entries) == 1 else self.nouns}"
        told = f"{rows}: {found}{_facts_of(self.entries)}"
        if self.skipped:
            told += f"; {self.skipped:,} {'row' if self.skipped == 1 else 'rows'} skipped"
        if self.problems:
            shown = [str(problem) for problem in self.problems[:_MOST_LISTED]]
            more = len(self.problems) - len(shown)
            told += "\n" + " · ".join(shown + ([f"and {more:,} more"] if more else []))
        return told

    def require_clean(self, document: str = "") -> "Table[E]":
        """Return the table if it has no problems.

        Args:
            document: the name that an error speaks of, such as a file; by default what the entries are.

        Raises:
            InvalidDocument: with all problems, each with its path ("line 88, Minutes").
        """
        if self.problems:
            found = tuple(Problem(problem.path, problem.message) for problem in self.problems)
            raise InvalidDocument(document or f"table of {self.nouns}", found)
        return self


def _facts_of(entries: tuple[Any, ...]) -> str:
    """Say in which steps the work is measured, how many customers there are, and how much work in all."""
    worked = [entry.worked.seconds for entry in entries if isinstance(entry, WorkEntry)]
    total = sum(worked)
    step = gcd(*worked)
    steps = f" in {next((word for size, word in _STEPS if step % size == 0), 'seconds')}" if total else ""
    customers = len({entry.customer for entry in entries} - {None})
    count = f", {customers:,} {'customer' if customers == 1 else 'customers'}" if customers else ""
    return f"{steps}{count}{f', {WorkTime(total)}' if worked else ''}"


# What goes in


@frozen
class Layout(Generic[E]):
    """How one kind of table is read.

    Attributes:
        noun: what a row holds.
        nouns: what several rows hold.
        readers: the fields that a row may have, each with what reads its cell.
        needed: groups of fields of which the header has to name at least one.
        filled: fields whose cell must not be empty.
        build: makes the value of the cells that were read.
    """

    noun: str
    nouns: str
    readers: Mapping[str, Reader] = attrs.field(hash=False)
    needed: tuple[tuple[str, ...], ...]
    filled: frozenset[str]
    build: Callable[[dict[str, Any]], E]


def read_table(lines: Iterable[str], layout: Layout[E], columns: Mapping[str, str] | None, delimiter: str) -> Table[E]:
    """Read a table: find its columns by name, then read row by row.

    Raises:
        InvalidValue: for lines that are no text, for a column that this kind of table does not have, and for a
            delimiter that is not one character.
    """
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n ':
        raise InvalidValue("delimiter", opaque(delimiter), "one character was expected", 'Write "," or ";".')
    if columns is not None:
        _check_columns(layout, columns)
    rows = _rows(lines, delimiter)
    problems: list[RowProblem] = []
    first = next(rows, None)
    if first is None:
        needed = ", ".join(_listed(group) for group in layout.needed)
        problems.append(RowProblem(1, "", f"the table is empty; a header was expected that names {needed}"))
        return Table(layout.noun, layout.nouns, 0, 0, (), tuple(problems))
    line, heads = first
    if isinstance(heads, str):
        problems.append(RowProblem(line, "", heads))
        heads = []
        header = None
    else:
        header = _header(line, [head.strip() for head in heads], layout, columns, problems)
        if header is None and len(heads) == 1 and (other := _delimiter_of(heads[0], delimiter)):
            problems.append(RowProblem(line, "", f'the header is one column; state delimiter="{other}"'))
    count = 0
    entries: list[E] = []
    for line, cells in rows:
        count += 1
        if header is None:
            continue
        if isinstance(cells, str):
            problems.append(RowProblem(line, "", cells))
        elif len(cells) != len(heads):
            problems.append(RowProblem(line, "", f"has {len(cells)} cells, and the header has {len(heads)}"))
        else:
            _read_row(line, cells, header, layout, entries, problems)
    return Table(layout.noun, layout.nouns, count, count - len(entries), tuple(entries), tuple(problems))


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Yield the rows that hold anything, each with the line that it starts on; a broken row as what is wrong."""
    if isinstance(lines, str):
        lines = [f"{line}\n" for line in lines.split("\n")]
    reader = csv.reader(_texts(lines), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            told = "a quote is opened and never closed" if "unexpected end" in str(error) else str(error)
            yield line, f"is broken: {told}"
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def _texts(lines: Iterable[object]) -> Iterator[str]:
    """Check that lines are text, and drop the mark that some programs put in front of the first."""
    for number, line in enumerate(lines):
        if not isinstance(line, str):
            hint = 'Open the file as text, as in open(path, encoding="utf-8-sig", newline="").'
            raise InvalidValue("lines", opaque(line), "lines of text were expected", hint)
        yield line.removeprefix("\ufeff") if number == 0 else line


# The header


def _check_columns(layout: Layout[E], columns: Mapping[str, str]) -> None:
    for field in columns:
        if field not in layout.readers:
            near = get_close_matches(str(field), layout.readers, n=1)
            hint = f'Did you mean "{near[0]}"?' if near else f"The fields are {', '.join(layout.readers)}."
            raise InvalidValue("columns", opaque(field), f"a field of the {layout.nouns} was expected", hint)
    for group in layout.needed:
        if not any(field in columns for field in group):
            hint = f'Write it as in columns={{"{group[0]}": "{group[0].title()}", …}}.'
            raise InvalidValue("columns", f"no {group[0]}", f"a column for {_listed(group)} was expected", hint)


def _header(
    line: int, heads: list[str], layout: Layout[E], columns: Mapping[str, str] | None, problems: list[RowProblem]
) -> Header | None:
    """Find the column of each field; None if a column that is needed is missing."""
    if columns is None:
        found, meant = _by_name(line, heads, layout, problems)
    else:
        found, meant = _by_mapping(line, heads, columns, problems)
    lacking = [group for group in layout.needed if not any(field in found for field in group)]
    # A column that was meant is not missing as well.
    problems += [RowProblem(line, _listed(group), "is missing") for group in lacking if meant.isdisjoint(group)]
    return None if lacking else found


def _by_name(line: int, heads: list[str], layout: Layout[E], problems: list[RowProblem]) -> tuple[Header, set[str]]:
    """Find the columns that have the names of fields, and guess what the others were meant as."""
    named = [re.sub(r"[\s-]+", "_", head.lower()) for head in heads]
    unused = [field for field in layout.readers if field not in named]
    found: Header = {}
    meant: set[str] = set()
    for position, (head, field) in enumerate(zip(heads, named, strict=True)):
        if field in found:
            problems.append(RowProblem(line, head, "stands twice"))
        elif field in layout.readers:
            found[field] = (position, head)
        else:
            near = get_close_matches(field, unused, n=1)
            meant.update(near)
            hint = f'did you mean "{near[0]}"?' if near else "to leave it out, name the columns to read"
            problems.append(RowProblem(line, quoted(head), f"is no column of {layout.nouns}; {hint}"))
    return found, meant


def _by_mapping(
    line: int, heads: list[str], columns: Mapping[str, str], problems: list[RowProblem]
) -> tuple[Header, set[str]]:
    """Find the columns that were named for fields, and no others."""
    found: Header = {}
    for field, head in columns.items():
        if head in heads:
            found[field] = (heads.index(head), head)
            if heads.count(head) > 1:
                problems.append(RowProblem(line, head, "stands twice"))
        else:
            near = get_close_matches(head, heads, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            problems.append(RowProblem(line, quoted(head), f"is missing{hint}"))
    return found, columns.keys() - found.keys()


def _listed(group: tuple[str, ...]) -> str:
    return group[0] if len(group) == 1 else f"{', '.join(group[:-1])} or {group[-1]}"


def _delimiter_of(head: str, delimiter: str) -> str:
    """Return what seems to stand between the columns, if it is not the delimiter."""
    return next((other for other in ";\t,|" if other != delimiter and other in head), "")


# A row


def _read_row(
    line: int,
    cells: list[str],
    header: Header,
    layout: Layout[E],
    entries: list[E],
    problems: list[RowProblem],
) -> None:
    """Read the cells of a row, all of them, and build its value if none is at fault."""
    before = len(problems)
    values: dict[str, Any] = {}
    for field, (position, head) in header.items():
        cell = cells[position].strip()
        if not cell:
            if field in layout.filled:
                problems.append(RowProblem(line, head, "is empty"))
            continue
        try:
            values[field] = layout.readers[field](cell)
        except Unreadable as error:
            problems.append(RowProblem(line, head, error.message))
    if len(problems) > before:
        return
    try:
        entries.append(layout.build(values))
    except Unreadable as error:
        heads = tuple(header[field][1] for field in error.fields if field in header)
        problems.append(RowProblem(line, _listed(heads or error.fields), error.message))
    except InvalidValue as error:
        problems.append(RowProblem(line, "", f"{error.what} got {error.got}; {said_of(error)}"))
