"""What was agreed: contracts, phases and plans, and the terms inside them. Data only, no engines."""

__all__: list[str] = []


def __dir__() -> list[str]:
    return __all__
