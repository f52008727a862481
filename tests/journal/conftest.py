"""The journal's tests have kinds of their own; nothing of them is left."""

from collections.abc import Iterator

import pytest

from journal import contracts
from tests.journal.factories import test_kinds


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    """The registries are open during a test and as before after it."""
    with contracts.reopened(), test_kinds():
        yield
