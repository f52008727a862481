"""The source as the architecture tests see it: every Python file of ours, parsed once."""

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "journal", "packs", "accounts", "exchange", "grid", "assets", "telemetry", "registers", "cases",
    "sanitation", "enforcement", "video", "portal", "evaluation", "dashboard",
)  # fmt: skip
PACKAGES = ("core", *APPS, "cityops", "simulator", "bench")


class Source(NamedTuple):
    """One file: its path from the root, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def parts(self) -> tuple[str, ...]:
        """The path in pieces, without the suffix."""
        return Path(self.path).with_suffix("").parts


def read(path: Path, root: Path = ROOT) -> Source:
    """One file, parsed."""
    text = path.read_text(encoding="utf-8")
    return Source(str(path.relative_to(root)), text, ast.parse(text, filename=str(path)))


@cache
def sources(*packages: str) -> tuple[Source, ...]:
    """Every Python file of these packages (all of ours by default), without migrations."""
    files = [path for package in packages or PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return tuple(read(path) for path in files if "migrations" not in path.parts)
