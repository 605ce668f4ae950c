"""The commands: what each takes, and what it prints."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

import click

from supportcontracts.cli._inputs import (
    Happened,
    Rejected,
    Tables,
    check_files,
    columns_of,
    read_contracts,
    read_events,
)
from supportcontracts.cli._outputs import as_csv, as_json, as_text, explanations, why_unrouted
from supportcontracts.cli._proof import prove
from supportcontracts.contracts.contract import Contract
from supportcontracts.errors import SupportContractsError
from supportcontracts.rating import Rating, Ratings, rate_all
from supportcontracts.timeline import Zone

__all__ = ["commands"]


def __dir__() -> list[str]:
    return __all__


_EXAMPLES = Path(__file__).parents[3] / "examples"
_SEVERAL = ("--contracts", "--usage", "--tickets", "--purchases", "--items", "--explain", "--column")


class BadInput(click.ClickException):
    """What a user got wrong: a message on standard error, and exit code 2."""

    exit_code = 2


class Spread(click.Command):
    """A command whose options may be followed by several values, as a shell writes out `--contracts *.json`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeat an option that takes several values before each of them."""
        spread: list[str] = []
        option, given = "", False
        for arg in args:
            if arg.startswith("-"):
                option, given = (arg if arg in _SEVERAL else ""), False
            elif option and given:
                spread.append(option)
            else:
                given = True
            spread.append(arg)
        return super().parse_args(ctx, spread)


def _kindly(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the errors of the library into messages without a traceback."""

    @wraps(command)
    def run(*args: Any, **options: Any) -> None:  # whatever the command takes
        try:
            command(*args, **options)
        except SupportContractsError as error:
            raise BadInput(str(error)) from None

    return run


def _paths(name: str, what: str, **more: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    kind = click.Path(exists=True, path_type=Path)
    return click.option(name, type=kind, multiple=True, metavar="PATH...", help=what, **more)


def _tables(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options about tables that `rate` and `demo` share."""
    for option in reversed(
        (
            _paths("--tickets", "What happened to tickets, .csv or .json."),
            _paths("--purchases", "Banks that were bought or given, .csv or .json."),
            _paths("--items", "Charge items: travel, expenses …, .csv or .json."),
            click.option("--zone", help="The zone of the times in tables; by default that of the contracts."),
            click.option(
                "--column",
                multiple=True,
                metavar="FIELD=HEADER...",
                help="Which column of the usage tables holds a field, as in minutes=Minutes; then only these are read.",
            ),
            click.option("--delimiter", default=",", show_default=True, help="What stands between two cells."),
            click.option(
                "--hours-rounding",
                type=click.Choice(["half-up", "up", "down"]),
                help="How decimal hours that are not whole seconds become so; by default they are refused.",
            ),
            click.option("--skip-bad-rows", is_flag=True, help="Report rows that cannot be read, and go on without."),
        )
    ):
        command = option(command)
    return command


@click.group()
def commands() -> None:
    """Rate customer support contracts: what was agreed + what happened → what follows, and why."""


@commands.command(cls=Spread)
@_paths("--contracts", "Contract documents (.json), or folders of them.", required=True)
@_paths("--usage", "Work, .csv or .json; a .json may hold events of any kind.")
@click.option("--until", required=True, metavar="DATE", help="Rate what happened before this day (or local time).")
@click.option("--explain", "explain", multiple=True, metavar="USE...", help="Explain an entry, ticket, bank or fee.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@_tables
@_kindly
def rate(until: str, explain: tuple[str, ...], form: str, **options: Any) -> None:  # see _read
    """Rate contracts, and print their statements or their lines."""
    if explain and form == "csv":
        raise click.UsageError("An explanation is no table of lines: use --format text or json with --explain.")
    contracts, happened = _read(**options)
    ratings = rate_all(contracts, happened.events, until=until)
    unrouted = [why_unrouted(event, contracts) for event in ratings.unrouted]
    explained = explanations(ratings.ratings, explain)
    if form == "json":
        click.echo(as_json(ratings, explained, unrouted))
    elif form == "csv":
        click.echo(as_csv(ratings))
        for line in unrouted:
            click.echo(f"under no contract: {line}", err=True)
    else:
        click.echo(as_text(ratings, explained, unrouted))
    if options["skip_bad_rows"]:
        for report in happened.reports:
            click.echo(report, err=True)


def _read(
    contracts: tuple[Path, ...], zone: str | None, column: tuple[str, ...], **options: Any
) -> tuple[tuple[Contract, ...], Happened]:
    """Read the files that the options name."""
    tables = Tables(
        usage=options["usage"],
        tickets=options["tickets"],
        purchases=options["purchases"],
        items=options["items"],
        zone=None if zone is None else Zone(zone),
        columns=columns_of(column),
        hours_rounding=options["hours_rounding"],
        delimiter=options["delimiter"],
        bad_rows="skipped" if options["skip_bad_rows"] else "refused",
    )
    known = read_contracts(contracts)
    return known, read_events(tables, known)


@commands.command(cls=Spread)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@_kindly
def check(paths: tuple[Path, ...]) -> None:
    """Report every problem of contract documents, and of documents with events."""
    right, wrong = check_files(paths)
    for line in right:
        click.echo(line)
    if wrong:
        raise BadInput("\n".join(wrong))


@commands.command(cls=Spread)
@_paths("--contracts", "Contract documents (.json), or folders of them; by default the examples.")
@_paths("--usage", "Work, .csv or .json; by default a year of examples.")
@_tables
@_kindly
def demo(**options: Any) -> None:  # see _read
    """Rate the examples, or your own data: every statement, one line explained, and the proof that nothing is lost."""
    contracts, happened = _read(**_with_examples(options))
    until = _day_after(happened, contracts)
    ratings = rate_all(contracts, happened.events, until=until)
    unrouted = [why_unrouted(event, contracts) for event in ratings.unrouted]
    for report in happened.reports:
        click.echo(report)
    click.echo()
    click.echo(as_text(ratings, [], unrouted))
    told = _most_telling(ratings)
    if told is not None:
        rating, use = told
        click.echo("\nOne entry in full\n")
        click.echo(rating.explain(use))
    proof = prove(contracts, happened.events, until, ratings)
    click.echo("\nWhat became of every unit\n")
    click.echo(proof)
    if not proof.holds:
        raise click.exceptions.Exit(1)


def _with_examples(options: dict[str, Any]) -> dict[str, Any]:
    """Fill in the examples: all tables with the usage, so that nobody's own data is mixed with them."""
    filled = dict(options)
    if not options["contracts"]:
        filled["contracts"] = (_EXAMPLES / "contracts",)
    if not any(options[name] for name in ("usage", "tickets", "purchases", "items")):
        filled |= {name: (_EXAMPLES / f"{name}.csv",) for name in ("usage", "tickets", "purchases", "items")}
    missing = next((path for name in ("contracts", "usage") for path in filled[name] if not path.exists()), None)
    if missing is not None:
        raise Rejected(
            f"the examples are not in {missing.parent}: they come with the source, not with the package.\n"
            "    Name your own files with --contracts and --usage."
        )
    return filled


def _day_after(happened: Happened, contracts: tuple[Contract, ...]) -> date:
    """Return the day after the last event, in the zone where that is latest."""
    if not happened.events:
        raise Rejected("the tables hold no events: there is nothing to rate")
    last = max(event.at for event in happened.events)
    return max(contract.zone.date_of(last) for contract in contracts) + timedelta(days=1)


def _most_telling(ratings: Ratings) -> tuple[Rating, str] | None:
    """Choose the use that shows most: one that banks and a charge share, in many parts, weighted, dear."""
    best: tuple[tuple[Any, ...], Rating, str] | None = None
    for rating in ratings.ratings:
        for use in dict.fromkeys(line.use for line in rating.lines if line.kind == "use"):
            lines = rating.lines_of(use)
            taken = {line.disposition for line in lines}
            weighted = any(line.billable != line.counted for line in lines)
            rank = ({"drawn", "charged"} <= taken, len(lines), weighted, sum(line.amount.minor for line in lines))
            if best is None or rank > best[0]:
                best = (rank, rating, use)
    return None if best is None else best[1:]
