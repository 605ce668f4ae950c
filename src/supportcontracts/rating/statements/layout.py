"""A page of tables and notes, whatever it is about, as text, as Markdown and as HTML.

Statements and adjustments are laid out once; the three renderings show the same cells. Nothing here knows a language:
the words, dates and amounts are already in the cells.
"""

from collections.abc import Sequence
from html import escape

import attrs

from supportcontracts._fields import frozen, tuple_of
from supportcontracts.explain import table

__all__ = ["Page", "Table"]


def __dir__() -> list[str]:
    return __all__


Row = tuple[str, ...]

_STYLE = (
    "body{font:11pt/1.4 sans-serif;margin:2em auto;max-width:52em;color:#111}"
    "h1{font-size:14pt}table{border-collapse:collapse;width:100%;margin:1em 0}"
    "th,td{padding:.25em .6em;text-align:left;vertical-align:top}"
    "thead th{border-bottom:1px solid #111}tbody tr+tr td{border-top:1px solid #ddd}"
    "tfoot td{border-top:1px solid #111;font-weight:bold}.n{text-align:right;white-space:nowrap}"
)


@frozen
class Table:
    """Rows under heads, some columns flush right, and the totals below.

    Example:
        >>> print(Page("Hours", [Table(("day", "time"), [("Monday", "1h 30m")], right=frozenset({1}))]).text())
        Hours
        <BLANKLINE>
        day       time
        Monday  1h 30m
    """

    heads: Row
    rows: tuple[Row, ...] = attrs.field(converter=tuple_of)
    feet: tuple[Row, ...] = attrs.field(default=(), converter=tuple_of, kw_only=True)
    right: frozenset[int] = attrs.field(default=frozenset(), kw_only=True)


@frozen
class Page:
    """A title, and below it tables and lines of text in order; lines that follow each other stand together.

    Example:
        >>> Page("Hours", ["none"]).html()
        '<h1>Hours</h1><p>none</p>'
    """

    title: str
    blocks: tuple[Table | str, ...] = attrs.field(converter=tuple_of)

    def text(self) -> str:
        """Lay the page out for a fixed-width font.

        Example:
            >>> print(Page("Hours", ["none", "yet"]).text())
            Hours
            none
            yet
        """
        shown = [self.title]
        for block in self.blocks:
            if isinstance(block, Table):
                shown += ["", table([block.heads, *block.rows, *block.feet], right=block.right)]
            else:
                shown.append(block)
        return "\n".join(shown)

    def markdown(self) -> str:
        """Write the page as Markdown.

        Example:
            >>> print(Page("Hours", ["none"]).markdown())
            **Hours**
            <BLANKLINE>
            none
        """
        blocks = [_markdown_table(block) if isinstance(block, Table) else _escaped(block) for block in self.blocks]
        return "\n\n".join([f"**{_escaped(self.title)}**", *blocks])

    def html(self) -> str:
        """Write the page as a fragment of HTML, with everything escaped.

        Example:
            >>> Page("<Hours>", []).html()
            '<h1>&lt;Hours&gt;</h1>'
        """
        blocks = [
            _html_table(block) if isinstance(block, Table) else f"<p>{escape(block)}</p>" for block in self.blocks
        ]
        return "".join([f"<h1>{escape(self.title)}</h1>", *blocks])

    def document(self, *, language: str = "en") -> str:
        """Write the page as an HTML document of its own, to be sent or printed.

        Example:
            >>> Page("Hours", []).document().splitlines()[0]
            '<!DOCTYPE html>'
        """
        head = f'<head><meta charset="utf-8"><title>{escape(self.title)}</title><style>{_STYLE}</style></head>'
        return f'<!DOCTYPE html>\n<html lang="{escape(language)}">{head}<body>{self.html()}</body></html>\n'


def _escaped(text: str) -> str:
    """Keep a cell what it is in Markdown: no text of an event may end a table, or begin a list or a link."""
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", " ")


def _markdown_table(block: Table) -> str:
    rule = ["---:" if place in block.right else "---" for place in range(len(block.heads))]
    cells = [[_escaped(cell) for cell in row] for row in [block.heads, *block.rows]]
    cells += [[f"**{_escaped(cell)}**" if cell else "" for cell in row] for row in block.feet]
    return "\n".join(f"| {' | '.join(row)} |" for row in [cells[0], rule, *cells[1:]])


def _html_table(block: Table) -> str:
    heads = _html_row(block.heads, block, "th")
    body = "".join(_html_row(row, block, "td") for row in block.rows)
    feet = "".join(_html_row(row, block, "td") for row in block.feet)
    foot = f"<tfoot>{feet}</tfoot>" if feet else ""
    return f"<table><thead>{heads}</thead><tbody>{body}</tbody>{foot}</table>"


def _html_row(row: Sequence[str], block: Table, tag: str) -> str:
    cells = [
        f'<{tag} class="n">{escape(cell)}</{tag}>' if place in block.right else f"<{tag}>{escape(cell)}</{tag}>"
        for place, cell in enumerate(row)
    ]
    return f"<tr>{''.join(cells)}</tr>"
