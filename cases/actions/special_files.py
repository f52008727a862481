"""Files of special rules: of a class in an area, which a row names or draws."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shapely.geometry.base import BaseGeometry

from cases.actions.class_files import UNITS
from cases.actions.responsibility import bring_override, draft_override, end_override_on, save_override
from cases.actions.rule_files import Act, Key, Plan, RuleFile, Unread, Wish, text_in
from cases.models import Override
from cases.rules import whole
from cases.selectors import Replay, outlines_by_path, overrides, replay_brought
from core.scope import Actor
from core.written import listed
from exchange.contracts import Row
from grid import selectors as grid

ALIKE = 0.9


class SpecialRules(RuleFile[Override]):
    """One file of special rules being taken."""

    names = ("class", "area")
    fields = {
        "case.unknown_category": "class", "responsibility.no_area": "area", "responsibility.not_yours": "area",
        "case.needs_reason": "reason", "case.text_too_long": "reason", "class.bad_unit": "limit",
        "case.bad_text": "reason", "class.bad_limit": "limit",
        "responsibility.in_the_past": "valid_from", "responsibility.ends_before_it_begins": "valid_until",
        "responsibility.shape_of_nothing": "geometry", "responsibility.shape_elsewhere": "geometry",
    }  # fmt: skip
    fallback, follows, crossed = "organisation", "responsibility.another_follows", "responsibility.rows_overlap"
    ended, held_then = "responsibility.ends_in_the_past", "responsibility.held_then"

    def __init__(self, options: Mapping[str, str], *, actor: Actor) -> None:
        self._names = {one.code: one.path for one in grid.region_names()}
        self._ground: dict[str, BaseGeometry] | None = None
        super().__init__(options, actor=actor)

    def _standing(self) -> Iterable[Override]:
        return overrides()

    def _place(self, rule: Override) -> Key:
        return rule.category, rule.area

    def _key(self, row: Row) -> Key:
        return text_in(row, "class").upper(), self._area(row)

    def _words(self, row: Row) -> dict[str, Any]:
        return {
            "organisation": text_in(row, "organisation"),
            "cooperating": listed(text_in(row, "cooperating")),
            "arbiter": text_in(row, "arbiter"),
            "limit": _limit(row),
            "reason": text_in(row, "reason"),
        }

    def _said(self, rule: Override) -> Mapping[str, Any]:
        return {
            "organisation": rule.organisation, "cooperating": list(rule.cooperating), "arbiter": rule.arbiter,
            "limit": rule.limit, "reason": rule.reason,
        }  # fmt: skip

    def _area(self, row: Row) -> str:
        """The area that a row names, by its path or its code; where it names none, that of its shape."""
        text = text_in(row, "area")
        area = self._names.get(text, text)
        if row.geometry is None or (area and area not in self._outlines()):
            return area
        if not area:
            return self._area_of(row.geometry)
        if not self._outlines()[area].intersects(row.geometry.representative_point()):
            raise Unread("responsibility.shape_elsewhere", field="geometry", area=area)
        return area

    def _outlines(self) -> dict[str, BaseGeometry]:
        if self._ground is None:
            self._ground = outlines_by_path()
        return self._ground

    def _area_of(self, shape: BaseGeometry) -> str:
        for path, outline in sorted(self._outlines().items()):  # of regions alike the widest, which stands first
            both = outline.intersection(shape).area if shape.area and outline.intersects(shape) else 0
            if both and both / (outline.area + shape.area - both) > ALIKE:
                return path
        raise Unread("responsibility.shape_of_nothing", field="geometry")

    def _draft(self, wish: Wish, *, begins: datetime | None, brought: bool) -> tuple[Override, Replay]:
        category, area = wish.key
        draft = draft_override(
            actor=self.actor, category_code=category, area=area, valid_from=begins, valid_until=wish.ends,
            brought=brought, **wish.words,
        )  # fmt: skip
        return draft, replay_brought(draft)

    def _carry_out(self, plan: Plan[Override]) -> None:
        draft, held = plan.draft, plan.held
        if held:
            end_override_on(held.pk, until=plan.until, actor=self.actor, reason=self.reason)
        elif draft and plan.act is Act.BRING:
            bring_override(draft, actor=self.actor, seen=None)
        elif draft:
            save_override(draft, actor=self.actor, seen=None)


def _limit(row: Row) -> dict[str, Any]:
    """The limit that a cell writes as `2 work_day` or `2 工作日`; nothing where it is empty."""
    text = text_in(row, "limit")
    if not text:
        return {}
    value, _space, unit = text.partition(" ")
    try:
        return {"value": whole(float(value)), "unit": UNITS.get(unit.strip().casefold(), unit.strip())}
    except (ValueError, OverflowError) as error:
        raise Unread("responsibility.bad_limit", field="limit", given=text[:30]) from error
