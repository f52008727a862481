"""The section of packs that the dashboard understands: panels."""

from collections.abc import Mapping
from typing import Any

from core.scope import Actor
from dashboard.rules import panel_faults
from packs import selectors as packs
from packs.contracts import Change, Problem, register_section

Pack = Mapping[str, Any]


class Panels:
    """Drawings on the page of a system. They have no table: the release in force is read where they are drawn."""

    section = "panels"

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """Faults of views, counts, groups and references, over this pack and those it needs."""
        documents = {**library, str(pack["code"]): pack}
        reach = [documents[code] for code in packs.needed(str(pack["code"]), documents)]
        known = {
            section: {one["code"]: one for other in reach for one in other.get(section) or ()}
            for section in ("categories", "registers", "asset_types")
        }
        faults = panel_faults(pack, known)
        return [Problem("dashboard.panel", sentence, f"{self.section}/{at}") for at, sentence in faults]

    def diff(self, pack: Pack) -> list[Change]:
        """Panels that are new, read otherwise than the release in force, or are gone from it."""
        before = packs.release(str(pack["code"]))
        held = {one["code"]: one for one in (before.manifest.get(self.section) or () if before else ())}
        wanted = {one["code"]: one for one in pack.get(self.section) or ()}
        changes = [Change(self.section, "add", code) for code in wanted if code not in held]
        for code, given in wanted.items():
            keys = sorted({*given, *held.get(code, {})}) if code in held else ()
            fields = {
                key: (held[code].get(key), given.get(key)) for key in keys if held[code].get(key) != given.get(key)
            }
            changes += [Change(self.section, "change", code, fields)] if fields else []
        return [*changes, *(Change(self.section, "retire", code) for code in held if code not in wanted)]

    def apply(self, pack: Pack, actor: Actor) -> None:
        """Nothing is left to do: the pack records its release, and panels are read from there."""


register_section(Panels())
