"""The list of a register as people take it away: what the list page tells, personal attributes masked."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from core.languages import pick
from core.schema import questions
from core.scope import Actor
from core.written import plain
from exchange.contracts.exports import Label, ListRow
from registers import rules
from registers.contracts import Declared
from registers.models import Record
from registers.selectors.declared import declared_of, each_obeyed, known, version_of
from registers.selectors.records import EXPIRING, page_of, records, shown


class RecordList:
    """The records of the register that the filter `register` names."""

    name = "records"
    names: Mapping[str, str] = {"zh": "台账记录", "en": "Records"}
    columns: tuple[str, ...] = (
        "register", "number", "title", "state", "state_zh", "state_en", "organisation", "area", "component",
        "valid_from", "valid_until", "flags", "attributes", "created_at", "changed_at",
    )  # fmt: skip
    typed = frozenset({"q"})

    def check(self, options: Mapping[str, str], *, actor: Actor) -> None:
        """The actor sees the register, and every filter makes sense."""
        self._rows(options, actor)

    def said(self, every: Sequence[Mapping[str, str]]) -> Sequence[Sequence[tuple[Any, str]]]:
        """The filters as the page calls them; what no longer has a name keeps its code."""
        found = {code: declared_of(version_of(code)) for code in {one["register"] for one in every}}
        return [[_said(found[one["register"]], name, value) for name, value in one.items()] for one in every]

    def count(self, options: Mapping[str, str], *, actor: Actor) -> int:
        """All that pass the filters."""
        return int(self._rows(options, actor).count())

    def batch(self, options: Mapping[str, str], *, actor: Actor, below: int | None, most: int) -> list[ListRow]:
        """By falling key, which is the order in which records came."""
        _version, newest = known(options.get("register", ""), actor)
        rows = page_of(self._rows(options, actor), below=below, most=most).rows
        return [_told(row, declared) for row, declared in each_obeyed(rows, newest)]

    def _rows(self, options: Mapping[str, str], actor: Actor) -> Any:
        _version, declared = known(options.get("register", ""), actor)
        return records(declared, {name: value for name, value in options.items() if name != "register"}, actor)


def record_labels(rows: Sequence[ListRow]) -> list[Label]:
    """What stands on the labels of these records; nothing that is personal."""
    told = [row.values for row in rows]
    offices = {one.code: pick(one.names) for one in accounts.organisations()}
    called = {code: declared_of(version_of(code)) for code in {one["register"] for one in told}}
    return [
        Label(pick(called[one["register"]].one), one["title"] or pick(called[one["register"]].one), one["number"],
              offices.get(one["organisation"], ""), f"/q/r/{one['register']}/{one['number']}/")
        for one in told
    ]  # fmt: skip


LABELS: Mapping[str, Any] = {
    "register": pgettext_lazy("records", "Registers"), "q": _("Number or word"),
    "state": pgettext_lazy("record", "State"), "expiring": pgettext_lazy("record", "Term"),
    "flag": pgettext_lazy("record", "Flag"),
}  # fmt: skip


def _said(declared: Declared, name: str, value: str) -> tuple[Any, str]:
    if name in LABELS:
        return LABELS[name], str(_words(declared, name).get(value, value))
    attribute = name.removeprefix("attr.")
    label = next((pick(one.names) for one in questions(declared.schema) if one.name == attribute), name)
    truth = {"true": _("Yes"), "false": _("No")} if _is_flag(declared, attribute) else {}
    return label, str(truth.get(value) or shown(declared, attribute, value))


def _words(declared: Declared, name: str) -> Mapping[str, Any]:
    """What the values of a filter are called, by value."""
    if name == "register":
        return {declared.code: pick(declared.names)}
    if name == "state":
        return {one.code: pick(one.names) for one in declared.states}
    if name == "flag":
        checks = {check.code: pick(check.says) for step in declared.steps for check in step.checks}
        return {"overdue": pgettext_lazy("record", "Overdue"), **checks}
    days = {days: gettext("Ends within %(days)s days") % {"days": days} for days in EXPIRING}
    return {**days, "over": _("Term is over")} if name == "expiring" else {}


def _is_flag(declared: Declared, name: str) -> bool:
    return bool(((declared.schema.get("properties") or {}).get(name) or {}).get("type") == "boolean")


def _told(row: Record, declared: Declared) -> ListRow:
    state, zone = declared.state_of(row.state), get_current_timezone()
    moments = {name: getattr(row, name) or "" for name in ("valid_from", "valid_until", "created_at", "changed_at")}
    held = rules.masked(row.attributes, declared.personal)
    told = "; ".join(f"{name}={_listed(value)}" for name, value in held.items())
    values = {
        "register": declared.code, "number": row.number, "title": rules.title_of(declared, row.attributes),
        "state": row.state,
        "state_zh": state.names["zh"], "state_en": state.names["en"], "organisation": row.org.rpartition(".")[2],
        "area": row.area, "component": row.asset, "flags": " ".join(row.flags), "attributes": told, **moments,
    }  # fmt: skip
    written = {name: plain(value, zone) for name, value in values.items()}
    return ListRow(row.pk, written, bytes(row.geom.wkb) if row.geom else None)


def _listed(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
