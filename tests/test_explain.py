"""Explanations: steps in order, parts that add up, and three ways to print them."""

import pytest

from supportcontracts import Money
from supportcontracts import explain as module
from supportcontracts.errors import CurrencyMismatch, InvalidValue
from supportcontracts.explain import Explanation, Part, Step, table
from tests.value_checks import assert_all_differ, assert_is_a_value, refused

STEPS = [
    Step("M6", "increment", "1h 20m up to full 15m", "1h 30m", "plan.metering.increment"),
    Step("S1", "settle", "half up to 0.01 EUR", "240.63 EUR", "rounding"),
]
PARTS = [
    Part("B-07", ("1h 20m", "1h 30m"), Money("0 EUR")),
    Part("overage", ("1h 10m", "1h 45m"), Money("240.63 EUR"), "1h 10m × 1.5"),
]
FULL = Explanation("W-3107", Money("240.63 EUR"), STEPS, PARTS, ["metered", "weighted"])
BARE = Explanation("W-1", 240, STEPS[1])


def test_the_module_shows_its_public_names_only() -> None:
    """`dir` of the module lists what `__all__` lists."""
    assert dir(module) == sorted(module.__all__)


@pytest.mark.parametrize("value", [STEPS[0], Step("S1", "settle", "w", "r"), PARTS[1], FULL, BARE])
def test_explanations_are_values(value: object) -> None:
    """Steps, parts and explanations compare, hash, pickle, and do not change."""
    assert_is_a_value(value)


def test_explanations_differ_by_any_part() -> None:
    """Two explanations are equal only if title, amount, steps and parts are."""
    assert_all_differ([FULL, BARE, Explanation("W-2", 240, STEPS[1]), Explanation("W-1", 241, STEPS[1])])
    assert_all_differ([*STEPS, *PARTS])


def test_one_step_or_many_are_given() -> None:
    """Steps, parts and columns may be one or several."""
    assert BARE.steps == (STEPS[1],)
    assert Explanation("W-1", 0, [], Part("bank", (), 0), "time").parts == (Part("bank", (), 0),)


@pytest.mark.rule("L5")
def test_parts_must_add_up() -> None:
    """Parts that do not sum to the amount are refused, and the error names both sums."""
    error = refused(
        lambda: Explanation("W-1", 240, [], [Part("B-07", (), 100), Part("B-09", (), 139)]),
        InvalidValue,
        "Explanation of W-1",
        "parts that add up to 239",
        "240 was expected",
    )
    assert error.hint == ""
    with pytest.raises(CurrencyMismatch):
        Explanation("W-1", Money("1 EUR"), [], [Part("a", (), Money("1 EUR")), Part("b", (), Money("1 USD"))])


def test_text_has_a_heading_the_steps_and_the_parts() -> None:
    """Amounts and quantities are flush right, so that they can be read down the column."""
    assert str(FULL) == (
        "W-3107   240.63 EUR\n"
        "\n"
        "rule  step       working                    result  agreed in\n"
        "M6    increment  1h 20m up to full 15m      1h 30m  plan.metering.increment\n"
        "S1    settle     half up to 0.01 EUR    240.63 EUR  rounding\n"
        "\n"
        "paid by  metered  weighted      amount\n"
        "B-07      1h 20m    1h 30m    0.00 EUR\n"
        "overage   1h 10m    1h 45m  240.63 EUR  1h 10m × 1.5"
    )
    assert "paid by" not in str(BARE)


def test_markdown_has_the_same_cells() -> None:
    """Markdown shows the heading in bold, the steps and the parts, and keeps bars out of the columns."""
    assert FULL.markdown() == (
        "**W-3107**: 240.63 EUR\n"
        "\n"
        "| rule | step | working | result | agreed in |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| M6 | increment | 1h 20m up to full 15m | 1h 30m | plan.metering.increment |\n"
        "| S1 | settle | half up to 0.01 EUR | 240.63 EUR | rounding |\n"
        "\n"
        "| paid by | metered | weighted | amount |  |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| B-07 | 1h 20m | 1h 30m | 0.00 EUR |  |\n"
        "| overage | 1h 10m | 1h 45m | 240.63 EUR | 1h 10m × 1.5 |"
    )
    barred = Explanation("W-1", 0, Step("M1", "measure", "a | b", "0"))
    assert barred.markdown().endswith("| M1 | measure | a \\| b | 0 |  |")


def test_html_is_escaped() -> None:
    """HTML shows a table for the steps and one for the parts, and a note book shows the same."""
    risky = Explanation("<W>", 0, Step("M1", "<b>", "&", '"', "'"), Part("<x>", ("<y>",), 0), "<z>")
    assert risky.html() == (
        "<table><caption>&lt;W&gt;: 0</caption><thead><tr><th>rule</th><th>step</th><th>working</th><th>result</th>"
        "<th>agreed in</th></tr></thead><tbody><tr><td>M1</td><td>&lt;b&gt;</td><td>&amp;</td><td>&quot;</td>"
        "<td>&#x27;</td></tr></tbody></table>\n"
        "<table><thead><tr><th>paid by</th><th>&lt;z&gt;</th><th>amount</th><th></th></tr></thead><tbody><tr>"
        "<td>&lt;x&gt;</td><td>&lt;y&gt;</td><td>0</td><td></td></tr></tbody></table>"
    )
    assert risky._repr_html_() == risky.html()
    assert "paid by" not in BARE.html()


def test_a_table_is_as_wide_as_its_widest_cell() -> None:
    """Columns are two spaces apart, flush left unless asked for, and no line ends in spaces."""
    rows = [("day", "time", ""), ("Monday", "30m", ""), ("Fri", "1h 30m", "late")]
    assert table(rows) == "day     time\nMonday  30m\nFri     1h 30m  late"
    assert table(rows, right={0, 1}) == "   day    time\nMonday     30m\n   Fri  1h 30m  late"
