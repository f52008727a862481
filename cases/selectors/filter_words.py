"""The filters of a list in the words of the reader: what is narrowed, and to what."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts import selectors as accounts
from cases.models import Category, words
from cases.models.flag_words import FLAG_NAMES
from cases.selectors.catalogue import category_rows
from core.languages import pick
from grid import selectors as grid

Said = list[tuple[Any, str]]


def filters_said(every: Sequence[Mapping[str, str]]) -> list[Said]:
    """Of each of them its filters, by name and value; what no longer has a name keeps its code."""
    names: dict[str, Mapping[str, Any]] = {
        "queue": words.QUEUE_NAMES,
        "stage": words.STAGE_NAMES,
        "source": words.SOURCE_NAMES,
        "late": words.LATE_NAMES,
        "open": words.OPEN_NAMES,
        **dict.fromkeys(("whole", "registered", "reworked", "returned", "extended", "merged"), words.YES_NAMES),
        "satisfaction": words.SATISFACTION_NAMES,
        "flag": FLAG_NAMES,
        "weekday": words.DAY_NAMES,
        "measure": words.MEASURE_NAMES,
        "by": words.GROUP_NAMES,
        "versus": words.VERSUS_NAMES,
        "area": _regions() if any("area" in one for one in every) else {},
        "category": _classes({one["category"] for one in every if "category" in one}),
        "org": _organisations() if any("org" in one for one in every) else {},
        "why": _causes([one["why"] for one in every if "why" in one]),
        "district": _districts() if any("district" in one for one in every) else {},
    }
    return [[(words.FILTER_NAMES.get(name, name), _said(names.get(name), value)) for name, value in one.items()]
            for one in every]  # fmt: skip


def _said(names: Mapping[str, Any] | None, value: str) -> str:
    return str(value) if names is None else _(", ").join(str(names.get(code, code)) for code in str(value).split(","))


def _causes(values: Iterable[str]) -> dict[str, str]:
    """`returned`, and the reason that was said with it."""
    parts = {value: value.partition(":") for value in values}
    return {value: ": ".join(filter(None, (str(words.CAUSE_NAMES.get(cause, cause)), reason)))
            for value, (cause, _colon, reason) in parts.items()}  # fmt: skip


def _classes(codes: Iterable[str]) -> dict[str, str]:
    rows: Iterable[Category] = category_rows().filter(code__in=codes) if codes else ()
    return {row.code: f"{row.code} {pick(row.names)}" for row in rows}


def _organisations() -> dict[str, str]:
    return {code: pick(names) for code, names in accounts.organisations().values_list("code", "names")}


def _districts() -> dict[str, str]:
    return {one.code: pick(one.names) for one in grid.region_names_at("district")}


def _regions() -> dict[str, str]:
    return {one.code: pick(one.names) for one in grid.region_names()}
