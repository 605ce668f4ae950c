"""The domain is pure: it reads no clock, holds no float, opens nothing and loads nothing that it does not need."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "supportcontracts"
OUTSIDE_THE_DOMAIN = ("interop", "cli", "testing")

NOT_AT_IMPORT = ("numpy", "pandas", "cattrs", "hypothesis", "click", "xml", "iso4217")

# Reads of the clock, as the last name of a call, and as a whole where the last name has other uses.
CLOCK_READS = {
    "gmtime", "local_timezone", "localtime", "monotonic", "monotonic_ns", "now", "perf_counter", "perf_counter_ns",
    "time_ns", "today", "tomorrow", "utcnow", "yesterday",
}  # fmt: skip
CLOCK_READS_IN_FULL = {"pendulum.parse", "time.time"}

# Uses that have a reason: (module, source of the expression) -> reason.
ALLOWED = {
    ("timeline/zone.py", "0.75"): "how alike a misspelt zone has to be for the hint of an error",
}


def domain_modules() -> list[str]:
    """List the paths of the modules that have to be pure, relative to the package."""
    paths = (path.relative_to(SOURCE) for path in SOURCE.rglob("*.py"))
    return sorted(path.as_posix() for path in paths if path.parts[0].removesuffix(".py") not in OUTSIDE_THE_DOMAIN)


def impurities(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Find clock reads, float literals, float() and round(), each with its line and its source."""
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float() | complex()):
                yield node.lineno, ast.unparse(node)
            case ast.Call(func=ast.Name(id="float" | "round" | "complex")):
                yield node.lineno, ast.unparse(node)
            case ast.Call(func=ast.Name(id=name)) if name in CLOCK_READS:
                yield node.lineno, ast.unparse(node)
            case ast.Attribute(attr=name) if name in CLOCK_READS or ast.unparse(node) in CLOCK_READS_IN_FULL:
                yield node.lineno, ast.unparse(node)
            case ast.ImportFrom(module=module, names=names):
                for alias in names:
                    if alias.name in CLOCK_READS or f"{module}.{alias.name}" in CLOCK_READS_IN_FULL:
                        yield node.lineno, ast.unparse(node)
            case _:
                pass


@pytest.mark.parametrize("module", domain_modules())
def test_the_domain_reads_no_clock_and_holds_no_float(module: str) -> None:
    """No module of the domain reads the clock, writes a float or rounds the binary way, but for the listed reasons."""
    tree = ast.parse((SOURCE / module).read_text(encoding="utf-8"))
    found = [f"{module}:{line}: {source}" for line, source in impurities(tree) if (module, source) not in ALLOWED]
    assert not found


def test_every_allowed_impurity_is_still_there() -> None:
    """A reason that no longer has a use is removed from the list."""
    used = {
        (module, source)
        for module in domain_modules()
        for _, source in impurities(ast.parse((SOURCE / module).read_text(encoding="utf-8")))
    }
    assert set(ALLOWED) <= used


@pytest.mark.parametrize(
    "source",
    [
        "0.5", "float(3)", "round(x)", "2j", "pendulum.now()", "pendulum.parse('12:30')", "datetime.now(UTC)",
        "datetime.datetime.utcnow()", "date.today()", "time.time()", "time.monotonic()", "default_factory=date.today",
        "from time import time", "from pendulum import today",
    ],
)  # fmt: skip
def test_each_kind_of_impurity_is_found(source: str) -> None:
    """The search finds every kind of impurity that it looks for, called, passed on or imported."""
    assert list(impurities(ast.parse(source)))


@pytest.mark.parametrize("source", ["moment.time()", "isinstance(x, float)", "1", "parse('1 EUR')", "Price.parse(x)"])
def test_pure_code_is_not_accused(source: str) -> None:
    """The search leaves alone what only looks like an impurity."""
    assert not list(impurities(ast.parse(source)))


def test_importing_the_library_loads_no_extra_and_no_currency_table() -> None:
    """Importing the library loads none of the optional packages, no XML reader and no currency table."""
    program = f"import sys, supportcontracts; print(*sorted(set({NOT_AT_IMPORT}) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.stderr, run.returncode) == ("", "", 0)


def read_a_file() -> None:
    """Open a file for reading."""
    Path(__file__).read_bytes()


def list_a_folder() -> None:
    """List a folder."""
    list(SOURCE.iterdir())


def start_a_process() -> None:
    """Start a process that does nothing."""
    subprocess.run([sys.executable, "-c", ""], check=False)


def swallow_the_alarm() -> None:
    """Open a file and hide that it failed."""
    with suppress(Exception):
        read_a_file()


@pytest.mark.parametrize("reach", [read_a_file, list_a_folder, start_a_process, swallow_the_alarm])
def test_the_watch_catches_what_reaches_outside(
    reach: Callable[[], None], no_outside_world: Callable[[], AbstractContextManager[None]]
) -> None:
    """The fixture that guards the engines sees files, folders and processes, even behind an `except`."""
    with pytest.raises(AssertionError, match=r"open|listdir|scandir|Popen"), no_outside_world():
        reach()


def test_the_watch_lets_code_compute_and_ends_with_its_block(
    no_outside_world: Callable[[], AbstractContextManager[None]],
) -> None:
    """Computing is allowed inside the block, and everything is allowed after it."""
    with no_outside_world():
        assert sum(range(10)) == 45
    read_a_file()
