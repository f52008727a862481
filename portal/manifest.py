"""The section of packs that portal understands: the classes that citizens may report."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.scope import Actor
from packs.contracts import Change, Problem, register_section
from portal import actions, selectors
from portal.contracts import LISTS

Pack = Mapping[str, Any]


class Services:
    """Classes open to citizens, and what each asks; one that the city has closed or opened stays as the city says."""

    section = "services"

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """Each class once, brought by this pack or one that it needs; questions once, with answers where they list."""
        near = [pack, *(library.get(code, {}) for code in pack.get("needs") or ())]
        classes = {row["code"] for one in near for row in one.get("categories") or ()}
        found, seen = [], set[str]()
        for index, row in enumerate(pack.get(self.section) or ()):
            path = f"{self.section}/{index}"
            if row["code"] not in classes:
                found.append(
                    Problem("portal.service", f"None of the packs it needs has the class {row['code']}.", path)
                )
            if row["code"] in seen:
                found.append(Problem("portal.service", f"{row['code']} is written twice.", path))
            seen.add(row["code"])
            found += [
                Problem("portal.service", sentence, f"{path}/questions")
                for sentence in _faults(row.get("questions", ()))
            ]
        return found

    def diff(self, pack: Pack) -> list[Change]:
        """Services that are new, say something else, open or close; `keep` where the city has opened or closed one."""
        held = {row.code: row for row in selectors.service_rows()}
        wanted = {row["code"]: selectors.service_fields(row) for row in pack.get(self.section) or ()}
        found = [Change(self.section, "add", code) for code in wanted if code not in held]
        for code, fields in wanted.items():
            row = held.get(code)
            if row is None:
                continue
            differing = {name: (getattr(row, name), new) for name, new in fields.items() if getattr(row, name) != new}
            if not row.open and row.origin == "pack":
                found.append(Change(self.section, "revive", code))
            elif differing:
                found.append(Change(self.section, "change", code, differing))
            elif not row.open:
                found.append(Change(self.section, "keep", code, {"open": (False, True)}))
        name = str(pack["code"])
        gone = [row for code, row in held.items() if row.pack == name and code not in wanted and row.open]
        return found + [Change(self.section, "retire" if row.origin == "pack" else "keep", row.code) for row in gone]

    def apply(self, pack: Pack, actor: Actor) -> None:
        """They are open and ask as the pack says."""
        actions.save_services(pack.get(self.section) or (), pack=str(pack["code"]), by=actor.key)


def _faults(questions: Iterable[Pack]) -> Iterable[str]:
    seen: set[str] = set()
    for row in questions:
        if row["code"] in seen:
            yield f"The question {row['code']} is written twice."
        seen.add(row["code"])
        if (row["datatype"] in LISTS) != bool(row.get("values")):
            yield f"The question {row['code']}: a list has values to choose from, anything else has none."


register_section(Services())
