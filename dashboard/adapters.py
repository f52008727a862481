"""The help as it lies in the folder `help`: one file a topic, both languages in it."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dashboard.contracts import HelpTopic

FOLDER = Path(__file__).parent / "help"


@cache
def read_help(folder: Path = FOLDER) -> dict[str, HelpTopic]:
    """Every topic by its code, in the order of the file `order.yaml`."""
    codes = yaml.safe_load((folder / "order.yaml").read_text(encoding="utf-8"))
    return {code: _topic(code, yaml.safe_load((folder / f"{code}.yaml").read_text(encoding="utf-8"))) for code in codes}


def _topic(code: str, given: dict[str, Any]) -> HelpTopic:
    texts = {language: given[language] for language in ("zh", "en")}
    return HelpTopic(code=code, paths=tuple(given.get("paths", ())), see=tuple(given.get("see", ())), texts=texts)
