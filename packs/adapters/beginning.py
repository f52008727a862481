"""Begins a pack: a folder that is sound as it stands, with something of every kind to be written over."""

import re
from pathlib import Path
from string import Template

from core.errors import Conflict, Invalid
from packs.adapters.library import ROOT, read_library

TEMPLATE = Path(__file__).resolve().parents[1] / "template"
CODE = re.compile(r"[a-z][a-z0-9-]{1,25}")
MAJOR = "01"
FILES = {
    "pack.yaml": "pack.yaml", "examples.yaml": "examples.yaml", "quality.yaml": "quality.yaml",
    "record.schema.json": "registers/${word}_record.schema.json",
}  # fmt: skip


def begin(code: str, root: Path | None = None) -> Path:
    """The folder of a new pack; Invalid for no code of one, Conflict where its folder is there already."""
    root = root or ROOT
    if not CODE.fullmatch(code):
        raise Invalid("packs.bad_code", code=code[:40])
    folder = root / code
    if folder.exists():
        raise Conflict("packs.is_there", code=code)
    word = code.replace("-", "_")
    minor = _free_number(root)
    told = {"code": code, "word": word, "letters": re.sub(r"[^A-Z]", "", code.upper())[:6], "major": MAJOR,
            "minor": minor, "category": f"E{MAJOR}{minor}"}  # fmt: skip
    for name, place in FILES.items():
        path = folder / Template(place).substitute(told)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template((TEMPLATE / name).read_text("utf-8")).substitute(told), "utf-8")
    return folder


def _free_number(root: Path) -> str:
    """The last number of the major class of local extensions that no class of the library has."""
    documents = [pack.document for pack in read_library(root).packs.values()]
    taken = {str(one.get("code")) for document in documents for one in document.get("categories") or ()}
    free = [f"{number:02d}" for number in range(99, 0, -1) if f"E{MAJOR}{number:02d}" not in taken]
    if not free:
        raise Conflict("packs.no_number_free", major=MAJOR)
    return free[0]
