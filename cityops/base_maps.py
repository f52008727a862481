"""The maps of others that this installation offers, read once when it starts."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ImproperlyConfigured

from grid.rules import base_maps as rules


def configured(file: Path, codes: Iterable[str], keys: Mapping[str, str]) -> tuple[list[dict[str, Any]], list[str]]:
    """What browsers are told of each map, and the hosts they may then ask; ImproperlyConfigured says what is wrong."""
    wanted = [code.strip() for code in codes if code.strip()]
    if not wanted:
        return [], []
    try:
        found = rules.offered(yaml.safe_load(file.read_text(encoding="utf-8")), wanted, keys)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, rules.BadBaseMap) as error:
        raise ImproperlyConfigured(f"BASE_MAPS_FILE {file}: {error}") from error
    return [one.told() for one in found], rules.origins(found)
