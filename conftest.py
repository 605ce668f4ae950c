"""Runs the examples of README.md and docs/: every ```python block, against the ```text block right below it.

The blocks of one document share one namespace and run in order, so a document is one test. A block is run statement by
statement: when the text below shows the last line of an error, that error is expected there, and the next statement
runs. A block with any other tag (```python no-run) is not run.
"""

import ast
import difflib
import io
import re
import traceback
from collections.abc import Iterator
from contextlib import redirect_stdout

from attrs import frozen
from sybil import Document, Example, Region, Sybil

# A fence closes at the first line that repeats it, so a longer fence may show a shorter one.
FENCED = re.compile(r"^(?P<fence>`{3,})(?P<tag>[^\n`]*)\n(?P<body>.*?)^(?P=fence)[ \t]*$", re.DOTALL | re.MULTILINE)


@frozen
class Block:
    """One ```python block, the line that its code starts on, and the output that the document shows below it."""

    code: str
    line: int
    shown: str | None


def python_blocks(text: str) -> Iterator[Block]:
    """Find the blocks to run: those tagged python and nothing else."""
    fences = list(FENCED.finditer(text))
    for index, fence in enumerate(fences):
        if fence["tag"].strip() != "python":
            continue
        shown = None
        if index + 1 < len(fences):
            below = fences[index + 1]
            if below["tag"].strip() == "text" and not text[fence.end() : below.start()].strip():
                shown = below["body"]
        yield Block(fence["body"], text.count("\n", 0, fence.start("body")), shown)


def whole_document(document: Document) -> Iterator[Region]:
    """Make the document one example, since its blocks only make sense together and in order."""
    blocks = tuple(python_blocks(document.text))
    if blocks:
        yield Region(0, len(document.text), parsed=blocks, evaluator=run_blocks)


def run_blocks(example: Example) -> str | None:
    """Run each block and say where its output first differs from what the document shows."""
    for block in example.parsed:
        found = tidy(output_of(block, example))
        if block.shown is None and found:
            return f"line {block.line}: prints, but no ```text block right below shows it:\n\n{found}"
        shown = tidy(block.shown or "")
        if found != shown:
            rows = difflib.unified_diff(shown.splitlines(), found.splitlines(), "the document", "the run", lineterm="")
            return f"line {block.line}: the output differs from the block below.\n\n" + "\n".join(rows)
    return None


def output_of(block: Block, example: Example) -> str:
    """Run a block and collect what it prints, with the errors that the document expects."""
    printed = io.StringIO()
    tree = ast.increment_lineno(ast.parse(block.code), block.line)
    with redirect_stdout(printed):
        for statement in tree.body:
            code = compile(ast.Module([statement], []), str(example.path), "exec", dont_inherit=True)
            try:
                exec(code, example.namespace)  # noqa: S102 - running the documents' code is the purpose
            except Exception as error:  # any error may be one that the document shows
                message = "".join(traceback.format_exception_only(error))
                if tidy(message) not in tidy(block.shown or ""):
                    raise
                printed.write(message)
    return printed.getvalue()


def tidy(text: str) -> str:
    """Drop blanks at line ends and empty lines at the end, which no reader sees."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip()


pytest_collect_file = Sybil(parsers=[whole_document], patterns=["*.md"]).pytest()
