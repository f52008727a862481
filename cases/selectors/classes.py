"""Questions about the catalogue as the city keeps it: classes with their switches, versions, and the packs' word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Greatest

from cases import rules
from cases.contracts import ENDS
from cases.models import Case, Category, ClassSwitch, Ladder, Override, StandardText
from cases.selectors.catalogue import category, category_given, category_rows
from core import clock
from core.errors import NotFound
from packs import selectors as packs

MONTH = timedelta(days=30)
STATES = ("on", "off", "to_come", "retired")


@dataclass(frozen=True)
class ClassEntry:
    """A class: the version in force (else the one to come), what follows it, its switch, and what its pack says."""

    row: Category
    to_come: Category | None
    switch: ClassSwitch | None
    pack_says: Mapping[str, Any] | None
    at: datetime

    @property
    def newest(self) -> Category:
        """The last word on the class."""
        return self.to_come or self.row

    @property
    def enabled(self) -> bool:
        """Whether the switch lets new cases be of it."""
        return self.switch is None or self.switch.enabled

    @property
    def state(self) -> str:
        """on, off, to_come (nothing in force yet) or retired."""
        if self.row.retired:
            return "retired"
        if self.row.valid_from > self.at:
            return "to_come"
        return "on" if self.enabled else "off"

    @property
    def differs(self) -> list[rules.Difference]:
        """What the city says otherwise than the pack in force; nothing where the pack has the last word."""
        if self.newest.origin != "city" or self.pack_says is None:
            return []
        return rules.differences(full(self.pack_says), told(self.newest))


def told(row: Category) -> dict[str, Any]:
    """A version in the shape of a manifest, and whether it says that the class is retired."""
    return category_given(row) | {"retired": row.retired}


def full(given: Mapping[str, Any]) -> dict[str, Any]:
    """A class as a manifest gives it, with pictures needed everywhere and clips allowed unless it says otherwise."""
    return {"needs_photo": ["report", "verify", "handle", "check"], "video": "allowed", **given}


def class_entries(code: str = "") -> list[ClassEntry]:
    """Every class that is or will be in force, or the one of that code, by code: three queries."""
    now = clock.now()
    rows = Category.objects.filter(Q(valid_until=None) | Q(valid_until__gt=now)).order_by("code", "valid_from")
    rows = rows.exclude(valid_until__lte=F("valid_from"))  # withdrawn before it began
    switches = ClassSwitch.objects.all()
    if code:
        rows, switches = rows.filter(code=code), switches.filter(code=code)
    found: dict[str, list[Category]] = {}
    for row in rows:
        found.setdefault(row.code, []).append(row)
    switched = {row.code: row for row in switches}
    says = _packs_say()
    return [
        ClassEntry(held[0], held[-1] if len(held) > 1 else None, switched.get(name), says.get(name), now)
        for name, held in found.items()
    ]


def class_entry(code: str) -> ClassEntry:
    """The class of that code, also a retired one; NotFound without one."""
    found = class_entries(code) if code and "\x00" not in code else []
    if not found:
        raise NotFound("case.unknown_category", given=code)
    return found[0]


def _packs_say() -> dict[str, Mapping[str, Any]]:
    return {
        str(row["code"]): row for release in packs.in_force().values() for row in release.manifest.get("categories", ())
    }


def classes_found(
    entries: Iterable[ClassEntry], *, text: str = "", kind: str = "", state: str = ""
) -> list[ClassEntry]:
    """Those of a kind, in a state (`differs`: where city and pack disagree), that the words find."""
    return [
        one
        for one in entries
        if (not kind or one.row.kind == kind)
        and (not state or one.state == state or (state == "differs" and one.differs))
        and rules.found_by(text, code=one.row.code, names=one.row.names)
    ]


def class_presets() -> list[dict[str, Any]]:
    """The presets of the packs in force: of which packs they speak, and which of their classes they switch on."""
    return [
        {"pack": code, **preset}
        for code, release in sorted(packs.in_force().items())
        for preset in release.manifest.get("class_presets", ())
    ]


def class_versions(code: str) -> list[Category]:
    """Every version of a class, the newest first."""
    return list(Category.objects.filter(code=code).order_by("-version")) if "\x00" not in code else []


@dataclass(frozen=True)
class CasesOfClass:
    """How many open cases a change of the class finds: promised ones keep their promise, the others follow it."""

    promised: int
    waiting: int


def cases_of_class(code: str) -> CasesOfClass:
    """The open cases of a class, by whether they were promised anything yet."""
    rows = Case.objects.filter(category__code=code).exclude(stage__in=sorted(ENDS))
    found = rows.aggregate(
        promised=Count("pk", filter=Q(registered_at__isnull=False)),
        waiting=Count("pk", filter=Q(registered_at__isnull=True)),
    )
    return CasesOfClass(**found)


@dataclass(frozen=True)
class ClassUses:
    """What names a class: its cases, what was registered of it in 30 days, and the settings that would idle without it.

    `rules` are special rules in force or to come; `duty` is its duty, where no other class in force has that.
    """

    cases: CasesOfClass
    month: int
    rules: tuple[Override, ...]
    ladders: int
    texts: tuple[StandardText, ...]
    duty: str


def class_uses(code: str) -> ClassUses:
    """What would be touched if the class were there no more."""
    now = clock.now()
    lasting = Q(valid_until=None) | Q(valid_until__gt=Greatest(F("valid_from"), now))
    row = category(code)
    duty = str((row.department if row else {}).get("duty", ""))
    others = category_rows().filter(retired=False, department__duty=duty).exclude(code=code)
    return ClassUses(
        cases=cases_of_class(code),
        month=Case.objects.filter(category__code=code, registered_at__gte=now - MONTH).count(),
        rules=tuple(Override.objects.filter(lasting, category=code).order_by("area", "valid_from")),
        ladders=Ladder.objects.filter(category=code).count(),
        texts=tuple(StandardText.objects.filter(category=code, retired=False)),
        duty="" if not duty or others.exists() else duty,
    )


def switch_rows(codes: Iterable[str] | None = None) -> dict[str, ClassSwitch]:
    """The switches that somebody has set, by class."""
    rows = ClassSwitch.objects.all() if codes is None else ClassSwitch.objects.filter(code__in=list(codes))
    return {row.code: row for row in rows}
