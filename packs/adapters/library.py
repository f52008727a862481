"""Reads the library of packs from its folders."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packs.adapters.strict_yaml import Unreadable, load
from packs.contracts import Library, Manifest, Problem

ROOT = Path(__file__).resolve().parents[1] / "library"
SCHEMA = Path(__file__).resolve().parents[1] / "schema" / "pack.schema.json"


@dataclass
class _Reader:
    """One folder while it is read."""

    folder: Path
    base: Path
    files: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def text(self, name: str) -> str | None:
        """The file's text; None with a problem noted where it is not there or leaves the folder."""
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
            self.fault("packs.file_missing", f"The file {name} is not in the folder.", name, 1)
            return None
        raw = path.read_bytes()
        self.files[name] = hashlib.sha256(raw).hexdigest()
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            self.fault("packs.not_utf8", "The file is not UTF-8.", name, 1)
            return None

    def fault(self, code: str, sentence: str, name: str, line: int) -> None:
        """Something could not be read."""
        self.problems.append(Problem(code, sentence, "", self.shown(name), line))

    def shown(self, name: str) -> str:
        """The path a person clicks on, from the folder above the library."""
        return str((self.folder / name).relative_to(self.base))

    def yaml(self, name: str, prefix: str | None = None, offset: int = 0) -> Any:
        """The file's value; with a prefix its lines are noted (items of a list counted from `offset`)."""
        text = self.text(name)
        if text is None:
            return None
        try:
            value, places = load(text)
        except Unreadable as error:
            self.fault("packs.unreadable", error.sentence, name, error.line)
            return None
        if prefix is not None:
            shown = self.shown(name)
            self.places |= {_moved(path, prefix, offset): (shown, line) for path, line in places.items()}
        return value


def _moved(path: str, prefix: str, offset: int) -> str:
    """`0/code` in an included file is `categories/12/code` in the manifest."""
    if not prefix:
        return path
    head, _, rest = path.partition("/")
    if not head:
        return prefix
    return "/".join(part for part in (prefix, str(int(head) + offset) if head.isdigit() else head, rest) if part)


def read_library(root: Path | None = None) -> Library:
    """Every pack of the library, readable or not: what is wrong is noted in it, not raised."""
    root = root or ROOT
    folders = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith((".", "_")))
    packs = {folder.name: _read(folder, root.parent) for folder in folders}
    owners, _ = load((root / "owners.yaml").read_text("utf-8"))
    schema = json.loads(SCHEMA.read_text("utf-8"))
    return Library(packs, frozenset(str(owner["code"]) for owner in owners or ()), schema)


def _read(folder: Path, base: Path) -> Manifest:
    reader = _Reader(folder, base)
    raw = reader.yaml("pack.yaml", "")
    document = _whole(reader, raw) if isinstance(raw, Mapping) else {}
    if raw is not None and not isinstance(raw, Mapping):
        reader.fault("packs.not_a_mapping", "A manifest begins with keys such as code and names.", "pack.yaml", 1)
    examples = reader.yaml("examples.yaml", "examples")
    quality = reader.yaml("quality.yaml", "quality")
    return Manifest(
        folder=folder.name,
        document=document,
        places=dict(reader.places),
        examples=tuple(examples) if isinstance(examples, list) else (),
        quality=quality if isinstance(quality, Mapping) else {},
        files=dict(sorted(reader.files.items())),
        problems=tuple(reader.problems),
    )


def _whole(reader: _Reader, raw: Mapping[str, Any]) -> dict[str, Any]:
    document = {key: _included(reader, key, value) for key, value in raw.items()}
    for section in ("asset_types", "categories", "registers"):
        items = document.get(section)
        if isinstance(items, list):
            document[section] = [_with_schema(reader, item, f"{section}/{n}") for n, item in enumerate(items)]
    return document


def _included(reader: _Reader, key: str, value: Any) -> Any:
    """`{include: [a.yaml, b.yaml]}` becomes the lists of those files, one after the other."""
    if not (isinstance(value, Mapping) and set(value) == {"include"} and isinstance(value["include"], list)):
        return value
    found: list[Any] = []
    for name in value["include"]:
        part = reader.yaml(str(name), key, len(found))
        if part is not None and not isinstance(part, list):
            reader.fault("packs.not_a_list", "An included file holds a list.", str(name), 1)
            continue
        found += part or []
    return found


def _with_schema(reader: _Reader, item: Any, path: str) -> Any:
    """`attributes: level_gauge.schema.json` becomes what the file holds."""
    if not isinstance(item, dict) or not isinstance(item.get("attributes"), str):
        return item
    text = reader.text(item["attributes"])
    if text is None:
        return {name: value for name, value in item.items() if name != "attributes"}
    try:
        return {**item, "attributes": json.loads(text)}
    except ValueError:
        file, line = reader.places.get(f"{path}/attributes", (reader.shown("pack.yaml"), 1))
        sentence = f"The file {item['attributes']} is not JSON."
        reader.problems.append(Problem("packs.not_json", sentence, path, file, line))
        return {name: value for name, value in item.items() if name != "attributes"}
