"""What lies in files: the help, one file a topic with both languages in it, and what Vite has built of an entry."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

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


class Bundle(NamedTuple):
    """An entry of the front end as it was built: every file it needs from the start, and its own source."""

    files: tuple[str, ...]
    source: str


def read_bundle(entry: str, manifest: Path) -> Bundle:
    """What the manifest of Vite says of an entry, with what that imports; what it loads later is left out."""
    told: dict[str, dict[str, Any]] = json.loads(manifest.read_text(encoding="utf-8"))
    wanted, found = [entry], dict[str, None]()
    seen = set[str]()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        found |= dict.fromkeys([told[name]["file"], *told[name].get("css", ())])
        wanted += told[name].get("imports", ())
    source = (manifest.parent / told[entry]["file"]).read_text(encoding="utf-8")
    return Bundle(tuple(found), source)
