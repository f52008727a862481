"""What the page of a case shows of whoever reported: masked values, the forms for what may be done, the record."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from cases import selectors
from cases.contracts import ENDS
from cases.contracts.personal import ERASE, HOLD, SEE, UNMASK
from cases.forms.personal import LookForm, WhyForm
from cases.models import Case, PersonalAct, words
from core.scope import Actor


def context(found: Case, actor: Actor, typed: Mapping[str, str]) -> dict[str, Any]:
    """Nothing of a case where nobody is known, but for those who may hold what may still come.

    `typed` is what was sent and refused, with the form it was sent in: there it stands again.
    """
    rights = {right: actor.may(right, org=found.org, area=found.area) for right in (SEE, UNMASK, HOLD, ERASE)}
    again = {at: typed if typed.get("at") == at else {} for at in ("look", "hold", "erase")}
    hold_form = WhyForm("hold", initial=again["hold"]) if rights[HOLD] else None
    kept = selectors.shown(found)
    if kept is None:
        return {"person": None, "acts": [], "hold_form": hold_form}
    there = kept.erased_at is None
    return {
        "person": kept if any(rights.values()) else None,
        "person_seen": rights[SEE],
        "acts": selectors.acts_of(found, actor),
        "look_form": LookForm(initial=again["look"]) if rights[UNMASK] and there else None,
        "hold_form": hold_form if there else None,
        "erase_form": WhyForm("erase", initial=again["erase"])
        if rights[ERASE] and there and kept.held_at is None
        else None,
        "case_ended": found.stage in ENDS,
    }


def with_acts(lines: list[dict[str, Any]], acts: Iterable[PersonalAct]) -> list[dict[str, Any]]:
    """The history, newest first, with what was done about personal data."""
    return sorted([*lines, *map(_line, acts)], key=lambda line: line["at"], reverse=True)


def _line(act: PersonalAct) -> dict[str, Any]:
    grounds: Mapping[str, Any] = {**words.LOOK_GROUNDS, **words.ERASE_GROUNDS}
    parts = [str(grounds.get(act.ground, "")), act.note, counted(act.counts)]
    return {
        "at": act.at,
        "verb": words.PERSONAL_NAMES[act.verb],
        "by": act.actor_label,
        "told": " · ".join(part for part in parts if part),
        "mark": "",
    }


def counted(counts: Mapping[str, int]) -> str:
    """How much was erased."""
    if not counts:
        return ""
    return _("%(values)s values, %(words)s texts, %(pictures)s originals of pictures") % counts
