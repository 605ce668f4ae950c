"""Steps and explanations: why a result is what it is, generic in its amount.

A `Step` says which rule was applied, to what, and what came out; where the rule was agreed is the path of a term, the
same path that document errors use. An `Explanation` is a heading, its steps in order, and the parts into which the
result falls; the parts must add up to the result, and `Explanation` refuses to be built if they do not.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from html import escape
from typing import Any, Generic, TypeVar

import attrs

from supportcontracts._fields import frozen, tuple_of
from supportcontracts.errors import InvalidValue

__all__ = ["Explanation", "Part", "Step", "table"]


def __dir__() -> list[str]:
    return __all__


A = TypeVar("A")


@frozen
class Step:
    """One rule, what it was applied to, and its result.

    Attributes:
        rule: the id of the rule.
        name: the stage in one word or two.
        working: the operands, in words.
        result: what came out, in words.
        agreed_in: the path of the term that decided; empty where no term did.

    Example:
        >>> Step("S1", "settle", "half up to 0.01 EUR", "240.63 EUR", "rounding").result
        '240.63 EUR'
    """

    rule: str
    name: str
    working: str
    result: str
    agreed_in: str = ""


@frozen
class Part(Generic[A]):
    """One of the parts into which a result falls: who pays it, the quantities, and the amount.

    Example:
        >>> Part("B-07", ("1h 20m", "1h 30m"), 0).amount
        0
    """

    payer: str
    quantities: tuple[str, ...]
    amount: A
    note: str = ""


@frozen
class Explanation(Generic[A]):
    """A result with the steps that led to it and the parts that make it up.

    Attributes:
        title: what is explained.
        amount: the result.
        steps: in the order in which they were taken.
        parts: what the result falls into; their amounts add up to it.
        columns: the names of the quantities of the parts.

    Raises:
        InvalidValue: if the parts do not add up to the amount.

    Rules: law 5.

    Example:
        >>> print(Explanation("W-1", 240, [Step("S1", "settle", "half up to 1", "240")], []))
        W-1   240
        <BLANKLINE>
        rule  step    working       result  agreed in
        S1    settle  half up to 1     240
    """

    title: str
    amount: A
    steps: tuple[Step, ...] = attrs.field(converter=tuple_of)
    parts: tuple[Part[A], ...] = attrs.field(default=(), converter=tuple_of)
    columns: tuple[str, ...] = attrs.field(default=(), converter=tuple_of)

    def __attrs_post_init__(self) -> None:
        if self.parts:
            total: Any = 0
            for part in self.parts:
                total = total + part.amount
            if total != self.amount:
                raise InvalidValue(
                    f"Explanation of {self.title}", f"parts that add up to {total}", f"{self.amount} was expected"
                )

    def _steps(self) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = [("rule", "step", "working", "result", "agreed in")]
        rows += [(step.rule, step.name, step.working, step.result, step.agreed_in) for step in self.steps]
        return rows

    def _parts(self) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = [("paid by", *self.columns, "amount", "")]
        rows += [(part.payer, *part.quantities, str(part.amount), part.note) for part in self.parts]
        return rows

    def __str__(self) -> str:
        blocks = [f"{self.title}   {self.amount}", table(self._steps(), right={3})]
        if self.parts:
            blocks.append(table(self._parts(), right=set(range(1, len(self.columns) + 2))))
        return "\n\n".join(blocks)

    def markdown(self) -> str:
        """Render the explanation as Markdown.

        Example:
            >>> Explanation("W-1", 240, [Step("S1", "settle", "half up to 1", "240")]).markdown().splitlines()[0]
            '**W-1**: 240'
        """
        blocks = [f"**{self.title}**: {self.amount}", _markdown_table(self._steps())]
        if self.parts:
            blocks.append(_markdown_table(self._parts()))
        return "\n\n".join(blocks)

    def html(self) -> str:
        """Render the explanation as HTML, with everything escaped.

        Example:
            >>> Explanation("W<1>", 240, []).html()[:40]
            '<table><caption>W&lt;1&gt;: 240</caption'
        """
        caption = f"<caption>{escape(f'{self.title}: {self.amount}')}</caption>"
        blocks = [_html_table(self._steps(), caption)]
        if self.parts:
            blocks.append(_html_table(self._parts(), ""))
        return "\n".join(blocks)

    def _repr_html_(self) -> str:
        return self.html()


def table(rows: Sequence[tuple[str, ...]], *, right: AbstractSet[int] = frozenset()) -> str:
    """Lay rows out in columns, two spaces apart; the columns in `right` are set flush right.

    Example:
        >>> print(table([("day", "time"), ("Monday", "1h 30m")], right={1}))
        day       time
        Monday  1h 30m
    """
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if place in right else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _markdown_table(rows: list[tuple[str, ...]]) -> str:
    shown = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([shown[0], "|" + " --- |" * len(rows[0]), *shown[1:]])


def _html_table(rows: list[tuple[str, ...]], caption: str) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:])
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
