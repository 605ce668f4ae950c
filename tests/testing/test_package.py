"""What the package of strategies offers by name."""

import pytest

from supportcontracts import testing
from supportcontracts.testing import strategies


def test_the_strategies_are_imported_when_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hypothesis imports the package too early for them, so their name is looked up when it is used."""
    monkeypatch.delattr(testing, "strategies")
    assert testing.strategies is strategies


def test_a_name_that_is_not_offered_is_refused() -> None:
    """Anything but what is offered is no attribute."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        testing.nothing  # noqa: B018  # asking for it is the point
