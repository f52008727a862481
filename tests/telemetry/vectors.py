"""The frames of other people's terminals and platforms that lie beside the repository, where they do."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

BESIDE = Path(__file__).resolve().parents[3] / "shared"
FOLDER = Path(os.environ.get("CITYOPS_SHARED", BESIDE)) / "data" / "protocols"


@cache
def vectors(name: str) -> list[dict[str, Any]]:
    """Every entry of a file; none where the files are not there."""
    found = FOLDER / name
    return json.loads(found.read_text(encoding="utf-8"))["vectors"] if found.is_file() else []


def each(name: str, *kinds: str) -> Any:
    """The parameters of a test over the entries of these kinds; one skipped test where there are none."""
    found = [one for one in vectors(name) if not kinds or one.get("kind", one.get("protocol")) in kinds]
    return [pytest.param(one, id=f"{place}-{one['id']}") for place, one in enumerate(found)] or [
        pytest.param(None, marks=pytest.mark.skip(reason="shared/data/protocols is not there"))
    ]
