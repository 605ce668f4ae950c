"""What the package of strategies offers by name."""

import pytest

from supportcontracts import testing


def test_a_name_that_is_not_offered_is_refused() -> None:
    """The strategies are found by name when asked for; anything else is no attribute."""
    assert testing.strategies.__name__ == "supportcontracts.testing.strategies"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        testing.nothing  # noqa: B018  # asking for it is the point
