"""Steps taken with many cases at once: what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class BulkLine:
    """What became of one case: taken (`done`, now in `version` and `stage`), taken before, or refused and why.

    `status` is what the same step alone would have been answered over HTTP.
    """

    number: str
    version: int
    stage: str = ""
    done: bool = False
    repeated: bool = False
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
