"""What a phone must load before it shows anything, as Vite has built it."""

import gzip
import json

import pytest

from tests.architecture.source import ROOT

DIST = ROOT / "frontend" / "dist"
MOST = {"field/main.js": 60_000}


def scripts(manifest: dict[str, dict], entry: str) -> set[str]:
    """Every script that the entry needs from the start."""
    found, wanted = set[str](), [entry]
    while wanted:
        name = wanted.pop()
        file = manifest[name]["file"]
        if file not in found:
            found.add(file)
            wanted += manifest[name].get("imports", ())
    return found


@pytest.mark.parametrize(("entry", "most"), MOST.items())
def test_an_entry_keeps_to_its_bytes(entry, most):
    needed = scripts(json.loads((DIST / "manifest.json").read_text(encoding="utf-8")), entry)
    assert sum(len(gzip.compress((DIST / file).read_bytes())) for file in needed) <= most


def test_what_an_entry_imports_of_what_it_imports_counts_and_nothing_counts_twice():
    built = {
        "a": {"file": "a.js", "imports": ["b", "c"]}, "b": {"file": "b.js", "imports": ["c"]}, "c": {"file": "c.js"},
        "later": {"file": "later.js"},
    }  # fmt: skip
    assert scripts(built, "a") == {"a.js", "b.js", "c.js"}
