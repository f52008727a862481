"""What panels of packs are answered, each by the app that owns the data, of what the reader may see.

A panel that takes too long is stopped by PostgreSQL and says so. After three of them the page waits for no further one.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils.timezone import localtime

from assets import selectors as assets
from cases import selectors as cases
from core import clock
from core.errors import DomainError, Forbidden
from core.languages import pick
from core.patience import LIMIT, was_cancelled
from core.scope import Actor
from dashboard.contracts import BY_DAY, IN_GROUPS, Bar, Line, Outcome, Panel, Told, View
from grid import selectors as grid
from registers import selectors as registers
from registers.contracts import Declared, State

PATIENCE = 3


def answered(panels: Sequence[Panel], actor: Actor) -> list[Told]:
    """Every panel with its answer, or with why there is none: one that is refused, gone or slow spoils no other."""
    if not panels:
        return []
    asker = _Asker(actor)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LIMIT, [str(settings.PANEL_TIMEOUT_MS)])
        found: list[Told] = []
        for panel in panels:
            tired = sum(one.outcome is Outcome.SLOW for one in found) >= PATIENCE
            found.append(Told(panel, Outcome.SLOW) if tired else _answered(panel, asker))
    return found


def _answered(panel: Panel, asker: "_Asker") -> Told:
    try:
        with transaction.atomic():
            return asker.told(panel)
    except Forbidden:
        return Told(panel, Outcome.REFUSED)
    except DomainError:
        return Told(panel, Outcome.GONE)
    except OperationalError as error:
        if not was_cancelled(error):
            raise
        return Told(panel, Outcome.SLOW)


class _Asker:
    """Asks the doors for one reader; what several panels need is read once."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.now = clock.now()
        self._ever: dict[str, Sequence[State]] = {}
        self.of: Mapping[str, tuple[Callable[..., dict[str, int]], Callable[[Panel], list[Line]]]] = {
            "cases": (self._case_counts, self._case_lines),
            "records": (self._record_counts, self._record_lines),
            "components": (self._component_counts, self._component_lines),
        }

    @cached_property
    def seen(self) -> dict[str, Declared]:
        """The registers of which the reader sees records."""
        return {one.code: one for _version, one in registers.registers_for(self.actor)}

    @cached_property
    def districts(self) -> dict[str, str]:
        """What districts are called."""
        return {one.code: pick(one.names) for one in grid.region_names_at("district")}

    @cached_property
    def classes(self) -> dict[str, Mapping[str, str]]:
        """What classes are called."""
        return cases.category_names()

    @cached_property
    def types(self) -> dict[str, Mapping[str, Any]]:
        """What types of components are called, and what is asked of them."""
        return assets.type_rows()

    def told(self, panel: Panel) -> Told:
        """The panel with its answer."""
        counts, lines = self.of[panel.of]
        if panel.view in BY_DAY:
            return _by_day(panel, counts(panel, "day"), localtime(self.now).date())
        if panel.view in IN_GROUPS:
            return self._grouped(panel, counts(panel, panel.by))
        if panel.view is View.NUMBER:
            value = counts(panel, "").get("")
            return Told(panel, Outcome.TOLD if value is not None else Outcome.EMPTY, value=value)
        found = lines(panel)
        return Told(panel, Outcome.TOLD if found else Outcome.EMPTY, lines=tuple(found))

    def _grouped(self, panel: Panel, counts: Mapping[str, int]) -> Told:
        kept = {key: value for key, value in counts.items() if value or panel.count == "on_time"}
        order = self._order(panel, kept)
        groups = tuple(self._bar(panel, key, kept[key]) for key in order[: panel.most])
        outcome = Outcome.TOLD if groups else Outcome.EMPTY
        return Told(panel, outcome, groups=groups, more=len(order) - len(groups))

    def _order(self, panel: Panel, counts: Mapping[str, int]) -> list[str]:
        """A ranking begins with the most, bars with what the pack names first; where there are too many, the most."""
        by_size = sorted(counts, key=lambda key: (-counts[key], key))
        if panel.view is View.RANKING or len(counts) > panel.most:
            return by_size
        named = {"class": panel.classes, "type": panel.types, "state": self._states(panel)}.get(panel.by, ())
        places = {code: place for place, code in enumerate(named)}
        return sorted(counts, key=lambda key: (places.get(key, len(places)), key))

    def _states(self, panel: Panel) -> tuple[str, ...]:
        return tuple(one.code for one in self._register(panel).states) if panel.of == "records" else ()

    def _bar(self, panel: Panel, key: str, value: int) -> Bar:
        label, level = self._named(panel, key)
        return Bar(key, label, value, level, _behind(panel, key))

    def _named(self, panel: Panel, key: str) -> tuple[str, str]:
        if panel.by == "district":
            return self.districts.get(key, key), ""
        if panel.by == "class":
            return pick(self.classes.get(key, {})) or key, ""
        if panel.by == "type":
            return pick(self.types.get(key, {}).get("names")) or key, ""
        if panel.of == "records" and panel.by == "state":
            state = self._state(self._register(panel), key)
            return (pick(state.names), state.level) if state else (key, "")
        if panel.of == "records":
            return registers.shown(self._register(panel), panel.by.removeprefix("attr."), key) if key else "", ""
        return (self._choice(panel, key) if panel.by.startswith("attr.") else "") or key, ""

    def _state(self, declared: Declared, code: str) -> State | None:
        """The state of that code, also one of an older version, in which records still stand."""
        now = {one.code: one for one in declared.states}
        if code in now:
            return now[code]
        if declared.code not in self._ever:
            self._ever[declared.code] = registers.states_of([declared])[declared.code]
        return next((one for one in self._ever[declared.code] if one.code == code), None)

    def _choice(self, panel: Panel, value: str) -> str:
        """What a choice of an attribute of components is called, "" where it is no choice."""
        name = panel.by.removeprefix("attr.")
        schemas = [self.types[code]["schema"] for code in panel.types if code in self.types]
        rules = [(schema.get("properties") or {}).get(name) or {} for schema in schemas]
        return next((pick(names) for rule in rules if (names := (rule.get("x-choices") or {}).get(value))), "")

    def _register(self, panel: Panel) -> Declared:
        if panel.register in self.seen:
            return self.seen[panel.register]
        registers.version_of(panel.register)
        raise Forbidden("registers.no_register", register=panel.register)

    def _case_counts(self, panel: Panel, by: str) -> dict[str, int]:
        since = registers.since_day(self.now, panel.days)
        return cases.class_counts(panel.classes, panel.count, self.actor, by=by, since=since)

    def _case_lines(self, panel: Panel) -> list[Line]:
        rows = cases.most_urgent(panel.classes, self.actor, most=panel.most, late=panel.count == "late")
        return [
            Line(pick(row.names) or row.number, row.number, f"/cases/{row.number}/", row.stage,
                 "serious" if row.late else "info", row.due_at, row.lon, row.lat)
            for row in rows
        ]  # fmt: skip

    def _record_counts(self, panel: Panel, by: str) -> dict[str, int]:
        return registers.record_counts(
            self._register(panel), panel.count, self.actor, by=by, days=panel.days, states=panel.states,
            attributes=panel.attributes,
        )  # fmt: skip

    def _record_lines(self, panel: Panel) -> list[Line]:
        rows = registers.record_lines(
            self._register(panel), panel.count, self.actor, most=panel.most, days=panel.days,
            placed=panel.view is View.MAP, states=panel.states, attributes=panel.attributes,
        )  # fmt: skip
        return [
            Line(row.title or row.number, row.number, f"/registers/{row.register}/{row.number}/",
                 pick(row.state_names), row.level, row.valid_until, row.lon, row.lat)
            for row in rows
        ]  # fmt: skip

    def _component_counts(self, panel: Panel, by: str) -> dict[str, int]:
        return assets.component_counts(panel.types, self.actor, by=by, attributes=panel.attributes)

    def _component_lines(self, panel: Panel) -> list[Line]:
        rows = assets.component_lines(panel.types, self.actor, most=panel.most, attributes=panel.attributes)
        return [
            Line(pick(row.names) or pick(row.type_names), row.code, f"/components/{row.code}/", row.state, "info", None,
                 row.lon, row.lat)
            for row in rows
        ]  # fmt: skip


def _by_day(panel: Panel, counts: Mapping[str, int], today: date) -> Told:
    """Every day up to today, those without anything too."""
    days = [today - timedelta(days=back) for back in range(panel.days - 1, -1, -1)]
    groups = tuple(Bar(day.isoformat(), day.isoformat(), counts.get(day.isoformat(), 0)) for day in days)
    any_day = any(one.value for one in groups)
    return Told(panel, Outcome.TOLD if any_day else Outcome.EMPTY, groups=groups if any_day else ())


def _behind(panel: Panel, key: str) -> str:
    """The list that holds exactly what the group counts; "" where no list does."""
    if panel.of == "cases" and panel.count in ("open", "late"):
        base = "/cases/?open=true" if panel.count == "open" else "/cases/?queue=overdue"
        one = panel.classes[0] if len(panel.classes) == 1 else ""
        if panel.by == "class":
            return f"{base}&category={key}"
        return f"{base}&category={one}&{panel.by}={key}" if one and key else ""
    if panel.of == "records" and panel.by == "state" and panel.count == "standing" and not panel.attributes:
        return f"/registers/{panel.register}/?state={key}"
    if panel.of == "components" and not panel.attributes:
        one = panel.types[0] if len(panel.types) == 1 else ""
        if panel.by == "type":
            return f"/components/?type={key}"
        return f"/components/?type={one}&state={key}" if panel.by == "state" and one else ""
    return ""
