"""Questions about packs: what the library says, what is wrong with it, what is in force, what would change."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import F, Func, JSONField, Value

from packs import rules
from packs.adapters.library import read_library
from packs.contracts import Change, Library, Manifest, Problem, SectionHandler, handlers
from packs.models import PackRelease

Documents = Mapping[str, Mapping[str, Any]]
_AT_PATH = "jsonb_path_query_array(%(expressions)s::jsonpath)"


class InForce(NamedTuple):
    """A release as it was applied."""

    code: str
    version: str
    hash: str
    manifest: Mapping[str, Any]


def library(root: Path | None = None) -> Library:
    """Every pack in the library's folders, sound or not."""
    return read_library(root)


def problems(found: Library, codes: Iterable[str] | None = None) -> list[Problem]:
    """Every fault of these packs (all without any), in the order of applying; empty when they may be applied."""
    documents = {code: pack.document for code, pack in found.packs.items()}
    wanted = set(codes) if codes is not None else set(documents)
    return [
        problem
        for code in rules.order(documents)
        if code in wanted
        for problem in _problems_of(found.packs[code], found, documents)
    ]


def _problems_of(manifest: Manifest, found: Library, documents: Documents) -> list[Problem]:
    plain = rules.check(manifest, found)
    if plain:
        return plain
    known = handlers()
    faults = [
        rules.located(problem, manifest)
        for section in rules.sections(manifest.document)
        for problem in _ask(known.get(section), section, manifest, documents)
    ]
    return sorted(set(faults), key=lambda p: (p.file, p.line, p.code, p.sentence))


def _ask(handler: SectionHandler | None, section: str, manifest: Manifest, documents: Documents) -> list[Problem]:
    if handler is None:
        return [
            Problem("packs.unknown_section", f"No part of the platform understands the section {section}.", section)
        ]
    return handler.check(manifest.document, documents)


def in_force() -> dict[str, InForce]:
    """The release of each pack that is in force."""
    rows = PackRelease.objects.filter(in_force=True)
    return {row.code: InForce(row.code, row.version, row.hash, row.manifest) for row in rows}


def names_in_force() -> dict[str, Mapping[str, str]]:
    """What each pack in force is called, by its code."""
    return dict(PackRelease.objects.filter(in_force=True).values_list("code", "manifest__names"))


def release(code: str) -> InForce | None:
    """The release of a pack that is in force, None where there is none."""
    row = PackRelease.objects.filter(in_force=True, code=code).first() if "\0" not in code else None
    return InForce(row.code, row.version, row.hash, row.manifest) if row else None


def needed(code: str, documents: Documents) -> list[str]:
    """The pack and everything it needs, those needed first."""
    return rules.needed(code, documents)


class Outline(NamedTuple):
    """A pack in force without its details: what it is called, and the values that stand at some paths of it."""

    code: str
    names: Mapping[str, str]
    about: Mapping[str, str]
    values: Mapping[str, list[Any]]


def outlines(paths: Mapping[str, str]) -> list[Outline]:
    """Every pack in force by code, with the values at these JSON paths, in one query.

    The whole manifest of a catalogue holds a megabyte; the codes of its classes hold three thousand bytes.
    """
    found = {
        name: Func(F("manifest"), Value(path), template=_AT_PATH, output_field=JSONField())
        for name, path in paths.items()
    }
    rows = PackRelease.objects.filter(in_force=True).order_by("code")
    asked: Any = rows.values("code", "manifest__names", "manifest__about", **found)
    return [
        Outline(row["code"], row["manifest__names"] or {}, row["manifest__about"] or {}, {at: row[at] for at in paths})
        for row in asked
    ]


def needed_by(code: str) -> list[str]:
    """Packs in force that need this one."""
    return sorted(release.code for release in in_force().values() if code in (release.manifest.get("needs") or ()))


def diff(document: Mapping[str, Any]) -> list[Change]:
    """What applying this manifest would change in the tables now, section by section."""
    return [change for _, handler in concerned(document) for change in handler.diff(document)]


def concerned(document: Mapping[str, Any]) -> list[tuple[str, SectionHandler]]:
    """The handlers of the sections that the manifest has, or that its release in force had, in order of applying."""
    release = PackRelease.objects.filter(code=str(document["code"]), in_force=True)
    before: Mapping[str, Any] = release.values_list("manifest", flat=True).first() or {}
    both = {**before, **document}
    known = handlers()
    return [(section, known[section]) for section in rules.sections(both) if section in known]
