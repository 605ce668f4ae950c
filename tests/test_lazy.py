"""Names that are imported when they are first asked for, and the table that says where they live."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import supportcontracts
from supportcontracts import rating
from supportcontracts._lazy import lazy

SOURCE = Path(__file__).parents[1] / "src"
LAZY = (supportcontracts, rating)


@pytest.mark.parametrize("package", LAZY)
def test_each_name_lives_where_the_type_checkers_read_that_it_does(package: object) -> None:
    """A lazy name is the object that the imports for type checkers name, and both list everything offered."""
    name = package.__name__  # type: ignore[attr-defined]  # a package
    tree = ast.parse((SOURCE / name.replace(".", "/") / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    said = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert sorted(said) == sorted(package.__all__)  # type: ignore[attr-defined]  # the same
    for each, module in said.items():
        assert module is not None
        assert getattr(package, each) is getattr(importlib.import_module(module), each)


def test_a_name_that_is_not_there_is_refused_as_python_does() -> None:
    """An unknown name is an AttributeError, which `from … import` turns into an ImportError."""
    with pytest.raises(AttributeError, match=r"module 'supportcontracts' has no attribute 'Elephant'"):
        lazy("supportcontracts", {"errors": "InvalidValue"})("Elephant")


def test_importing_the_library_imports_no_part_of_it() -> None:
    """The bare import loads nothing but the table; a name loads its home, and a part can be asked for by its name."""
    program = (
        "import sys, supportcontracts as sc\n"
        "print(*sorted(name for name in sys.modules if name.startswith(('supportcontracts.', 'attr', 'pendulum'))))\n"
        "print(sc.errors.NaiveTime.__name__, sc.hours(1), 'pendulum' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.stdout.splitlines(), run.stderr) == (["supportcontracts._lazy", "NaiveTime 1h 00m False"], "")
