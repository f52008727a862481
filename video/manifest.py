"""The `video_rules` section of packs: kinds of rules, with what counts, for how long, and which class it means."""

from collections.abc import Mapping
from typing import Any

from core.scope import Actor
from packs.contracts import Change, Problem, register_section
from video import actions, selectors
from video.rules.places import THRESHOLDS


class VideoRules:
    """Rule templates; one that a pack no longer names is retired, rules at work keep running."""

    section = "video_rules"

    def check(self, pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Classes that no pack defines, and thresholds that the rule does not know."""
        known = {row.get("code") for other in library.values() for row in other.get("categories") or ()}
        found = []
        for index, given in enumerate(pack.get(self.section) or ()):
            path = f"{self.section}/{index}"
            if given["category"] not in known:
                text = f"The video rule {given['code']} names the class {given['category']}, which no pack defines."
                found.append(Problem("video.unknown_category", text, f"{path}/category"))
            for name in sorted(set(given.get("thresholds") or ()) - THRESHOLDS):
                text = f"The video rule {given['code']} has no threshold {name}."
                found.append(Problem("video.unknown_threshold", text, f"{path}/thresholds/{name}"))
        return found

    def diff(self, pack: Mapping[str, Any]) -> list[Change]:
        """Templates that are new, read otherwise than the tables, or are no longer named by this pack."""
        stored = {row["code"]: row for row in selectors.template_rows()}
        written = {given["code"]: actions.template_fields(given) for given in pack.get(self.section) or ()}
        changes = []
        for code, wanted in written.items():
            held = stored.get(code)
            if held is None:
                changes.append(Change(self.section, "add", code))
                continue
            fields = {name: (held[name], value) for name, value in wanted.items() if held[name] != value}
            if held["retired"]:
                changes.append(Change(self.section, "revive", code, fields))
            elif fields:
                changes.append(Change(self.section, "change", code, fields))
        mine = [code for code, row in stored.items() if row["pack"] == pack.get("code") and not row["retired"]]
        return [*changes, *(Change(self.section, "retire", code) for code in mine if code not in written)]

    def apply(self, pack: Mapping[str, Any], actor: Actor) -> None:
        """Every template of the pack is stored, and those it dropped are retired."""
        code = str(pack.get("code", ""))
        for given in pack.get(self.section) or ():
            actions.upsert_template(given, pack=code, actor=actor)
        actions.retire_templates([change.code for change in self.diff(pack) if change.what == "retire"], actor=actor)


register_section(VideoRules())
