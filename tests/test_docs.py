"""The documents say what the code says: rules, decisions, layers, words and links do not drift.

The examples in the documents are run elsewhere, by the conftest of the whole project. `python tests/test_docs.py`
writes the page of the rules anew.
"""

import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

import supportcontracts
from supportcontracts.contracts.plans import Plan
from supportcontracts.events import RANKS, Replace, Void
from supportcontracts.rules import RULES, Rule

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PACKAGE = ROOT / "src" / "supportcontracts"
PAGES = sorted(DOCS.rglob("*.md"))

INTRODUCTION = """\
# Rules

Every amount can be traced to these rules: each step of an explanation cites one, and each has a test that quotes it.
D rules are decisions on which amounts hang, M rules stages of metering, B rules are about sources, banks and lots, T
rules about tariffs, S, F and I rules about settling, fees and incidents, K rules are about covered time, A rules about
agreed levels of service, C rules about the clocks of tickets, N rules about benefits, and L rules are laws that hold
for every contract and every set of events. Decisions that wait for later work are listed in
[design](design.md#decisions).

This page is written from `supportcontracts.rules.RULES`, and a test compares the two.
"""


def rules_page() -> str:
    """Write docs/rules.md from the registry: one table for each section of the design that rules come from."""
    sections: dict[str, list[Rule]] = {}
    for rule in RULES.values():
        sections.setdefault(rule.source, []).append(rule)
    blocks = [INTRODUCTION]
    for source, rules in sections.items():
        page, section = source.removeprefix("docs/").split(", ")
        where = f"[{page.removesuffix('.md')}, {section}]({page}#{section})"
        rows = [f"| {rule.id} | {rule.sentence} | {where} | {rule.since} |" for rule in rules]
        head = f"## {section.capitalize()}\n\n| id | rule | source | since |\n|---|---|---|---|\n"
        blocks.append(head + "\n".join(rows) + "\n")
    return "\n".join(blocks)


def read(page: str) -> str:
    """Read a page of the documents."""
    return (DOCS / page).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """Cut one section of the second level out of a page."""
    return text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def without_code(text: str) -> str:
    """Leave out the fenced blocks of a page, whose lines are no headings and no links."""
    return re.sub(r"^(`{3,}).*?^\1[ \t]*$", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(text: str) -> set[str]:
    """Name the anchors of a page: its headings in lower case, words joined by hyphens, without other signs."""
    headings = re.findall(r"^#+ (.+)$", without_code(text), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# Rules and decisions


def test_the_page_of_the_rules_is_the_registry() -> None:
    """docs/rules.md holds exactly what the registry says; `python tests/test_docs.py` writes it anew."""
    assert read("rules.md") == rules_page()


def test_every_rule_comes_from_a_section_that_exists() -> None:
    """The source of a rule names a page of the documents and a heading on it."""
    for source in {rule.source for rule in RULES.values()}:
        page, heading = source.split(", ")
        assert heading in anchors((ROOT / page).read_text(encoding="utf-8")), source


def test_a_decision_is_in_force_if_it_is_a_rule() -> None:
    """The design lists every decision in order, and says "in force" of those, and only those, that are rules."""
    found = re.findall(r"^- \*\*(D\d+)\*\* \((.+?)\)\.", section(read("design.md"), "Decisions"), flags=re.MULTILINE)
    assert [number for number, _ in found] == [f"D{number}" for number in range(1, 37)]
    assert {number for number, state in found if state == "in force"} == {rule for rule in RULES if rule[0] == "D"}
    assert all(state == "in force" or state.startswith("later: ") for _, state in found)


def test_the_laws_are_the_laws_of_the_registry() -> None:
    """The design lists the laws that are rules, in order, and no others."""
    found = re.findall(r"^- \*\*(L\d+)\*\*", section(read("design.md"), "Laws"), flags=re.MULTILINE)
    assert found == [rule for rule in RULES if rule[0] == "L"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_documents_cite_rules_that_exist(page: Path) -> None:
    """A page cites only rules of the registry; the design may also speak of those that come later."""
    cited = set(re.findall(r"\b[ACDMBTSFIKLN]\d{1,2}\b", without_code(page.read_text(encoding="utf-8"))))
    later = {"D27", *(f"D{number}" for number in range(30, 37)), "L6", "L9"} if page.name == "design.md" else set()
    assert cited - later <= RULES.keys()


# The house


def test_the_picture_of_the_house_is_the_one_that_is_enforced() -> None:
    """The layers in the design are those that the linter of imports enforces."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "layers")
    enforced = [layer.replace("(", "").replace(")", "") for layer in layers]
    picture = section(read("design.md"), "The house").split("```text\n", 1)[1].split("```", 1)[0]
    assert [re.split(r" {2,}", line)[0] for line in picture.splitlines()] == enforced


def test_the_house_lists_every_module() -> None:
    """Every module at the top of the package has its line in the design, and every line has its module."""
    listed = set(re.findall(r"^\| `(\w+)` \|", section(read("design.md"), "The house"), flags=re.MULTILINE))
    modules = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert listed == modules - {"__init__"}


# Words


def public_names() -> Iterator[str]:
    """Every name that a page may put in code quotes: public ones, and the modules and classes of the package."""
    yield from supportcontracts.__all__
    parts = ("contracts.escalation", "contracts.plans", "contracts.service_credits", "contracts.tiers")
    for name in (
        *parts,
        "benefits",
        "contracts.benefits",
        "coverage",
        "errors",
        "events",
        "explain",
        "ledger",
        "rating",
        "rules",
        "sla",
        "timeline",
    ):
        yield from import_module(f"supportcontracts.{name}").__all__


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_classes_in_the_documents_exist(page: Path) -> None:
    """A capitalised name in code quotes, and its attribute, is one that the library has."""
    known = {*public_names(), "None", "ValueError", "ImportError", "TypeError"}
    text = without_code(page.read_text(encoding="utf-8"))
    for name, attribute in re.findall(r"`([A-Z][a-z]\w*)(?:\.(\w+))?[`(…=]", text):
        assert name in known, name
        if attribute:
            assert hasattr(getattr(supportcontracts, name), attribute), f"{name}.{attribute}"


def test_every_contract_type_has_its_example() -> None:
    """The guide to contract types has a section for each of them."""
    found = anchors(read("guide/contract-types.md"))
    assert {plan.__name__.lower() for plan in get_args(Plan)} <= found


def test_the_order_at_one_instant_is_that_of_the_engine() -> None:
    """The design lists the kinds of events in the order in which the engine takes them."""
    paragraph = section(read("design.md"), "Events").split("refunds first: ", 1)[1].split(". Kinds", 1)[0]
    written = [set(re.findall(r"`(\w+)`", kinds)) for kinds in paragraph.split("·")]
    ranked: dict[int, set[str]] = {}
    for kind, rank in RANKS.items():
        if kind not in (Void, Replace):  # they act before the events are ordered
            ranked.setdefault(rank, set()).add(kind.__name__)
    assert written == [ranked[rank] for rank in sorted(ranked)]


# Links


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Every link inside the project leads to a file that exists, and to a heading that it has."""
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", without_code(text)):
        path, _, anchor = target.partition("#")
        linked = page.parent / path if path else page
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked.read_text(encoding="utf-8")), target


def test_every_page_can_be_reached() -> None:
    """The index links to every page."""
    linked = {(DOCS / path).resolve() for path in re.findall(r"\]\(([\w/-]+\.md)\)", read("index.md"))}
    assert {page.resolve() for page in PAGES} - linked == {(DOCS / "index.md").resolve()}


if __name__ == "__main__":
    (DOCS / "rules.md").write_text(rules_page(), encoding="utf-8")
