"""The choices of a step with many cases: read once for all of them, with as many queries for a hundred as for one."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts import selectors as accounts
from cases import rules, selectors
from cases.contracts import Stage
from cases.forms.bulk import Choices, Sort
from cases.forms.responsibility import class_choices
from cases.models import Case, Category
from cases.templatetags.case_words import limit
from core.languages import pick
from core.scope import under


def able(cases: Iterable[Case], verb: str) -> list[Case]:
    """Those of the cases whose stage the step may be taken from."""
    return [
        case
        for case in cases
        if any(step.verb == verb for step in rules.steps_from(Stage(case.stage), case.merged_from))
    ]


def choices_of(cases: Collection[Case], needs: Iterable[str]) -> dict[str, Choices]:
    """What may be chosen for some of the cases in every field that asks the same of all of them."""
    makers = {
        "category": lambda: _classes(cases),
        "collector": lambda: _people(cases, "collector"),
        "handler": lambda: _people(cases, "handler"),
        "district_centre": lambda: _organisations(cases, centre=True),
        "department": lambda: _organisations(cases, centre=False),
    }
    return {need: makers[need]() for need in needs if need in makers}


def _classes(cases: Iterable[Case]) -> Choices:
    rows = {row.code: row for row in selectors.categories()}
    kept = {case.category.code: case.category for case in cases if case.category and case.category.code not in rows}
    return class_choices([*kept.values(), *rows.values()])


def _people(cases: Collection[Case], who: str) -> Choices:
    return [(one.key, one.label) for one in selectors.candidates_for_any(cases, who)]


def _organisations(cases: Iterable[Case], *, centre: bool) -> Choices:
    grounds = {(case.org if case.stage == Stage.AT_DISTRICT else "", case.area) for case in cases}
    return [
        (row.code, pick(row.names))
        for row in accounts.organisations()
        if any(
            under(row.path, within) and rules.may_receive(row.kind, row.area, area, centre=centre)
            for within, area in grounds
        )
    ]


def sorts_of(cases: Collection[Case], need: str) -> dict[int, Sort]:
    """The versions of classes that judge the cases, and what each offers as registration or closing condition."""
    judged = selectors.judging(cases)
    groups: dict[int, tuple[Category, list[Case]]] = {}
    for case in cases:
        if chosen := judged[case.number]:
            groups.setdefault(chosen.pk, (chosen, []))[1].append(case)
    offered = _registering(groups.values()) if need == "condition" else _closing(groups.values())
    codes = [chosen.code for chosen, _held in groups.values()]
    return {
        chosen.pk: Sort(_title(chosen, codes), [case.number for case in held], offered[chosen.pk])
        for chosen, held in groups.values()
    }


def _title(chosen: Category, codes: list[str]) -> str:
    title = f"{chosen.code} {pick(chosen.names)}"
    if codes.count(chosen.code) == 1:
        return title
    return _("%(title)s (version %(version)s)") % {"title": title, "version": chosen.version}


def _registering(groups: Collection[tuple[Category, list[Case]]]) -> dict[int, Choices]:
    """The registration conditions, each with the limits that it has on the ground of the cases."""
    rows = [(chosen, case) for chosen, held in groups for case in held]
    limits: dict[int, dict[str, list[str]]] = {chosen.pk: {} for chosen, _held in groups}
    for (chosen, _case), found in zip(rows, selectors.limits_for_each(rows), strict=True):
        for letter, one in found.items():
            told = limits[chosen.pk].setdefault(letter, [])
            told += [limit(one.limit)] if limit(one.limit) not in told else []
    return {chosen.pk: [_condition(row, limits[chosen.pk]) for row in chosen.conditions] for chosen, _held in groups}


def _condition(row: Mapping[str, Any], limits: Mapping[str, list[str]]) -> tuple[str, str]:
    letter = str(row["code"])
    return letter, f"{letter} {pick(row['text'])} ({' / '.join(limits[letter])})"


def _closing(groups: Collection[tuple[Category, list[Case]]]) -> dict[int, Choices]:
    return {
        chosen.pk: [(str(row["code"]), f"{row['code']} {pick(row['closing'])}") for row in chosen.conditions]
        for chosen, _held in groups
    }
