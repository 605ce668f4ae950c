"""The house rules that hold for every module, public name and test."""

import ast
import functools
import importlib
import inspect
import re
import types
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import attrs
import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
MOST_LINES = 600

# Names without underscore that topics share among themselves but do not offer to users, each with its reason. Inside
# a topic that is a package, the parts share what they like: its `__init__` decides what is offered.
NOT_OFFERED = {
    "supportcontracts.errors.Problems": "collects the faults of a document for the loaders",
}


def source_paths() -> list[Path]:
    """List the files of the library."""
    return sorted(SOURCE.rglob("*.py"))


def name_of(path: Path) -> str:
    """Name the module that a file holds."""
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


def public_modules() -> list[str]:
    """List the modules whose dotted names have no underscore."""
    names = [name_of(path) for path in source_paths()]
    return [name for name in names if not any(part.startswith("_") for part in name.split("."))]


def own_names(module: ModuleType) -> list[str]:
    """List the classes and functions that a module defines itself and that have no underscore."""
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and callable(value) and getattr(value, "__module__", None) == module.__name__
    ]


def offered(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Yield the classes and functions that a module defines and offers, and the public methods of the classes."""
    for name in own_names(module):
        if name not in module.__all__:
            continue
        value = getattr(module, name)
        yield name, value
        if isinstance(value, type):
            for method, member in vars(value).items():
                if not method.startswith("_") and is_method(member):
                    yield f"{name}.{method}", member


def is_method(member: object) -> bool:
    """Tell whether a member of a class is code that somebody wrote."""
    return inspect.isfunction(member) or isinstance(
        member, (classmethod, staticmethod, property, functools.cached_property)
    )


def listing_order(name: str) -> tuple[int, list[tuple[int, str]]]:
    """Order names as the linter does: constants, then classes, then the rest, numbers by value."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def in_module(name: str) -> ModuleType:
    """Import a module of the library."""
    return importlib.import_module(name)


def test_there_is_something_to_check() -> None:
    """The search finds the library, so that the tests below can fail."""
    assert {"supportcontracts", "supportcontracts.errors", "supportcontracts.money"} <= set(public_modules())


@pytest.mark.parametrize("path", source_paths(), ids=name_of)
def test_no_module_is_too_long(path: Path) -> None:
    """A module becomes a package of the same name before it reaches 600 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", source_paths(), ids=name_of)
def test_every_module_states_its_model(path: Path) -> None:
    """Every module starts with a docstring."""
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", public_modules())
def test_a_module_lists_what_it_offers(name: str) -> None:
    """`__all__` is sorted, each name once, and every name in it exists."""
    module = in_module(name)
    assert module.__all__ == sorted(set(module.__all__), key=listing_order)
    assert not [listed for listed in module.__all__ if not hasattr(module, listed)]


@pytest.mark.parametrize("name", [name for name in public_modules() if name.count(".") == 1])
def test_a_module_hides_nothing_that_looks_public(name: str) -> None:
    """A class or function of a topic without underscore is in `__all__`, or on the list of names not offered."""
    module = in_module(name)
    hidden = {own for own in own_names(module) if own not in module.__all__}
    assert hidden == {full.rpartition(".")[2] for full in NOT_OFFERED if full.rpartition(".")[0] == name}


@pytest.mark.parametrize("name", public_modules())
def test_completion_shows_what_a_module_offers(name: str) -> None:
    """`dir(module)` is its `__all__`, so that completion shows nothing else."""
    module = in_module(name)
    assert dir(module) == sorted(module.__all__)


@pytest.mark.parametrize("name", public_modules())
def test_everything_offered_is_described(name: str) -> None:
    """Every public class, function and method has a docstring whose first paragraph is a sentence."""
    undescribed = [
        label
        for label, member in offered(in_module(name))
        if not re.fullmatch(r"[^a-z\s].*[.:?!]", (inspect.getdoc(member) or "").split("\n\n")[0], re.DOTALL)
    ]
    assert not undescribed


@pytest.mark.parametrize("name", public_modules())
def test_values_are_frozen_slotted_and_closed(name: str) -> None:
    """Every public value is immutable, has slots and refuses a subclass; exceptions are only immutable."""
    for label, member in offered(in_module(name)):
        if not isinstance(member, type) or "__attrs_attrs__" not in vars(member):
            continue
        made = attrs.inspect(member)
        assert made.is_frozen, f"{label} is not frozen"
        if issubclass(member, BaseException):
            continue
        assert made.is_slotted, f"{label} has no slots"
        with pytest.raises(TypeError, match="closed to subclassing"):
            types.new_class("Sub", (member,))


def test_every_test_states_its_rule() -> None:
    """Every test function has a docstring that says what it proves."""
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        if node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert not silent


SILENCED = re.compile(r"#\s*(?:type: ignore\[[^\]]*\]|noqa: [A-Z0-9, ]+[0-9])\s*$", re.MULTILINE)


def test_every_silenced_tool_has_its_reason_beside_it() -> None:
    """Where a type or a lint is ignored, the same line says why."""
    folders = ("src", "tests", "examples", "benchmarks")
    paths = [ROOT / "conftest.py", *(path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))]
    silent = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if SILENCED.search(line)
    ]
    assert not silent
