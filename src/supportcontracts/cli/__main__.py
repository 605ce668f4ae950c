"""Lets `python -m supportcontracts.cli` run the command line."""

from supportcontracts.cli import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
