"""The command line: a thin shell over the library, and the only part of it that opens files.

    supportcontracts rate --contracts contracts/ --usage usage.csv --until 2026-01-01
    supportcontracts check contracts/
    supportcontracts demo

It needs the extra `cli`: `pip install supportcontracts[cli]`. What a user got wrong is said on standard error, with
exit code 2 and without a traceback.
"""

import sys

from supportcontracts.errors import MissingExtra

__all__ = ["main"]


def __dir__() -> list[str]:
    return __all__


def main() -> None:
    """Run the command that the arguments name, or say which package is missing.

    Raises:
        SystemExit: always: 0 if all went well, 1 if the demo finds units that are lost, 2 for bad input.

    Example:
        >>> from unittest.mock import patch
        >>> with patch("sys.argv", ["supportcontracts", "--help"]):
        ...     try:
        ...         main()
        ...     except SystemExit as ended:
        ...         print("exit code", ended.code)
        Usage: supportcontracts [OPTIONS] COMMAND [ARGS]...
        ...
        exit code 0
    """
    try:
        from supportcontracts.cli._commands import commands  # noqa: PLC0415  # its absence is explained here
    except ImportError as error:
        if error.name not in ("click", "cattrs") and not isinstance(error, MissingExtra):
            raise
        missing = error.name or "cattrs"
        sys.stderr.write(
            f"The command line needs {missing}, which is not installed.\n"
            "    Install it with: pip install supportcontracts[cli]\n"
        )
        raise SystemExit(2) from None
    commands(prog_name="supportcontracts")
