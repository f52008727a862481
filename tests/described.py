"""What the API says of itself, written once for all tests that hold it against what it does."""

import json
from functools import lru_cache
from typing import Any

from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator


def document() -> dict[str, Any]:
    """The whole description."""
    return _written()[0]


def warned() -> tuple[str, ...]:
    """Of what the writer of the description was not sure."""
    return _written()[1]


@lru_cache(maxsize=1)
def _written() -> tuple[dict[str, Any], tuple[str, ...]]:
    told = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))
    return told, (*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache)
