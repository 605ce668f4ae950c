"""Every numbered rule is quoted by a test, and every quoted rule exists."""

import ast
from collections.abc import Iterator
from pathlib import Path

from supportcontracts.rules import RULES

TESTS = Path(__file__).parent


def quotes(tree: ast.AST) -> Iterator[str]:
    """Yield the ids in `pytest.mark.rule(...)`, on a test, a module or a parameter."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="rule", value=ast.Attribute(attr="mark")), args=args):
                for argument in args:
                    match argument:
                        case ast.Constant(value=str(rule)):
                            yield rule
                        case _:
                            raise TypeError(f"a rule id is written as a plain text, not {ast.unparse(argument)}")
            case _:
                pass


def quoted_rules() -> dict[str, list[str]]:
    """Map each quoted id to the test files that quote it."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("*.py")):
        for rule in quotes(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(rule, []).append(path.relative_to(TESTS).as_posix())
    return found


def test_every_rule_is_quoted_by_a_test() -> None:
    """A rule that no test quotes is only a wish."""
    assert not sorted(set(RULES) - set(quoted_rules()))


def test_every_quoted_rule_exists() -> None:
    """A test quotes only rules that are written down."""
    assert {rule: paths for rule, paths in quoted_rules().items() if rule not in RULES} == {}


def test_rules_are_filed_under_their_own_ids() -> None:
    """The key of a rule is the id that the rule itself states."""
    assert {rule.id for rule in RULES.values()} == set(RULES)
    assert [key for key, rule in RULES.items() if key != rule.id] == []
