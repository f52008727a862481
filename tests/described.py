"""What the API says of itself, written once for all tests that hold it against what it does."""

import json
from functools import lru_cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The whole description."""
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))
