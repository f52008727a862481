"""What makes a library of packs sound: order by need, references, numbers, quality, the hash of a release. Pure."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from core.schema import schema_problems, validate
from packs.contracts import Library, Manifest, Problem

META = ("code", "names", "about", "version", "needs", "owners")
SECTION_ORDER = (
    "organisation_model",
    "roles",
    "shifts",
    "message_templates",
    "calendars",
    "code_plan",
    "component_codes",
    "asset_types",
    "census",
    "responsibilities",
    "categories",
    "registers",
    "power_list",
    "enforcement_limits",
    "class_presets",
    "partners",
    "services",
    "steps_model",
    "steps_presets",
    "request_rules",
    "ladders",
    "personal_data",
    "evidence",
    "duplicates",
    "schemes",
    "appeals",
    "video_rules",
    "panels",
)
QUALITY = {
    "both_languages": "every word stands in Chinese and English",
    "limits_from_source": "limits and numbers are from a named catalogue",
    "examples_cover_duties": "examples show a case for every duty",
    "reviewed_by_owner": "the owner has read and agreed",
    "screens_checked": "somebody has looked at it on the screens",
}
QUALITY_STATES = ("done", "todo", "exempt")
CLASS_LETTER = {"event": "E", "component": "C"}


class Reference(NamedTuple):
    """Values of `field` in `section` must be the `key` of something in `target`, here or in a needed pack."""

    section: str
    field: tuple[str, ...]
    target: str
    key: str


REFERENCES = (
    Reference("categories", ("department", "duty"), "responsibilities", "duty"),
    Reference("responsibilities", ("kind",), "organisation_model", "code"),
    Reference("video_rules", ("category",), "categories", "code"),
)
UNIQUE = {
    "organisation_model": "code",
    "roles": "code",
    "shifts": "code",
    "message_templates": "occasion",
    "asset_types": "code",
    "registers": "code",
    "responsibilities": "duty",
    "categories": "code",
    "request_rules": "kind",
    "steps_presets": "model",
    "class_presets": "code",
    "partners": "code",
    "schemes": "code",
    "video_rules": "code",
}


def needed(code: str, packs: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The pack and everything it needs, those needed first; unknown packs and circles are left out."""
    found: list[str] = []
    _visit(code, packs, found, ())
    return found


def _visit(code: str, packs: Mapping[str, Mapping[str, Any]], found: list[str], path: tuple[str, ...]) -> None:
    if code in found or code in path or code not in packs:
        return
    for need in _texts(packs[code].get("needs")):
        _visit(need, packs, found, (*path, code))
    found.append(code)


def order(packs: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Every pack, those needed first, else by code: the order of applying."""
    found: list[str] = []
    for code in sorted(packs):
        _visit(code, packs, found, ())
    return found


def circle(code: str, packs: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A way from the pack back to itself along needs, or nothing."""
    paths = [[code]]
    seen = set()
    while paths:
        path = paths.pop()
        for need in _texts(packs.get(path[-1], {}).get("needs")):
            if need == code:
                return [*path, code]
            if need not in seen:
                seen.add(need)
                paths.append([*path, need])
    return []


def sections(document: Mapping[str, Any]) -> list[str]:
    """The sections of a manifest in the order of applying; those the platform does not order come last."""
    present = [key for key in document if key not in META]
    return sorted(present, key=lambda key: (SECTION_ORDER.index(key) if key in SECTION_ORDER else 99, key))


def fingerprint(document: Mapping[str, Any]) -> str:
    """SHA-256 of the manifest as canonical JSON: the same content has the same hash however it is laid out."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check(manifest: Manifest, library: Library) -> list[Problem]:
    """Every fault of one pack that needs no app's knowledge, with file and line, in reading order."""
    found = [*manifest.problems, *_raw_problems(manifest, library)]
    return sorted({located(problem, manifest) for problem in found}, key=lambda p: (p.file, p.line, p.code, p.sentence))


def _raw_problems(manifest: Manifest, library: Library) -> Iterator[Problem]:
    if not manifest.document:
        return
    by_schema = list(_schema_problems(manifest, library.schema))
    yield from by_schema
    packs = {code: pack.document for code, pack in library.packs.items()}
    yield from _identity_problems(manifest, library, packs)
    yield from _quality_problems(manifest)
    yield from _example_problems(manifest)
    if not by_schema:
        yield from _content_problems(manifest, packs)


def _schema_problems(manifest: Manifest, schema: Mapping[str, Any]) -> Iterator[Problem]:
    for problem in validate(schema, manifest.document):
        path = problem.path.strip("/")
        if problem.code == "schema.additionalProperties":
            path = _unexpected(path, problem.detail, manifest)
        what = "is missing" if problem.code == "schema.required" else problem.detail
        yield Problem(problem.code, f"{path or 'The manifest'}: {what}.", path)


def _unexpected(path: str, detail: str, manifest: Manifest) -> str:
    """The first key that nobody expected, where it was written, instead of the mapping that holds it."""
    keys = (f"{path}/{name}".strip("/") for name in re.findall(r"'([^']+)'", detail))
    return next((key for key in keys if key in manifest.places), path)


def _identity_problems(
    manifest: Manifest, library: Library, packs: Mapping[str, Mapping[str, Any]]
) -> Iterator[Problem]:
    document = manifest.document
    if document.get("code") != manifest.folder:
        sentence = f"The pack calls itself {document.get('code')}, but its folder is {manifest.folder}."
        yield Problem("packs.folder_differs", sentence, "code")
    for index, owner in enumerate(_texts(document.get("owners"))):
        if owner not in library.owners:
            yield Problem("packs.unknown_owner", f"Nobody in owners.yaml is called {owner}.", f"owners/{index}")
    for index, need in enumerate(_texts(document.get("needs"))):
        if need not in packs:
            yield Problem("packs.unknown_need", f"It needs {need}, which the library does not have.", f"needs/{index}")
    back = circle(manifest.folder, packs)
    if back:
        yield Problem("packs.circle", f"It needs itself: {' -> '.join(back)}.", "needs")


def _quality_problems(manifest: Manifest) -> Iterator[Problem]:
    for name, meaning in QUALITY.items():
        entry = manifest.quality.get(name)
        state = entry.get("status") if isinstance(entry, Mapping) else entry
        if state not in QUALITY_STATES:
            sentence = f"quality.yaml does not say whether {meaning} ({name}: done, todo or exempt)."
            yield Problem("packs.quality_missing", sentence, f"quality/{name}")
        elif state == "exempt" and not (isinstance(entry, Mapping) and entry.get("because")):
            yield Problem(
                "packs.exempt_without_reason", f"{name} is exempt, but not because of what.", f"quality/{name}"
            )
    for name in manifest.quality:
        if name not in QUALITY:
            yield Problem(
                "packs.unknown_quality", f"quality.yaml speaks of {name}, which nobody asks.", f"quality/{name}"
            )


def _example_problems(manifest: Manifest) -> Iterator[Problem]:
    if not manifest.examples and manifest.document.get("categories"):
        yield Problem("packs.no_examples", "A pack with categories shows in examples.yaml what they do.", "examples")
    names = [str(example.get("name", "")) for example in manifest.examples if isinstance(example, Mapping)]
    for index, name in enumerate(names):
        if not name:
            yield Problem(
                "packs.example_unnamed", "An example needs a name that says what it shows.", f"examples/{index}"
            )
        elif names.index(name) != index:
            yield Problem("packs.example_twice", f"Two examples are called {name}.", f"examples/{index}")


def _content_problems(manifest: Manifest, packs: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    for rule in _CONTENT:
        yield from rule(manifest, packs)


def _doubles(manifest: Manifest, packs: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    for section, key in UNIQUE.items():
        elsewhere = {
            str(item.get(key)): code
            for code, document in packs.items()
            if code != manifest.folder
            for item in _items(document, section)
        }
        seen: set[str] = set()
        for index, item in enumerate(_items(manifest.document, section)):
            value, path = str(item.get(key)), f"{section}/{index}/{key}"
            if value in seen:
                yield Problem("packs.twice", f"{value} is written twice in {section}.", path)
            if value in elsewhere:
                yield Problem("packs.twice_in_library", f"{value} also stands in the pack {elsewhere[value]}.", path)
            seen.add(value)


def _references(manifest: Manifest, packs: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    known = [packs[code] for code in needed(manifest.folder, packs)]
    for section, fields, target, key in REFERENCES:
        there = {str(item.get(key)) for document in known for item in _items(document, target)}
        for index, item in enumerate(_items(manifest.document, section)):
            value = _dig(item, fields)
            if value is not None and str(value) not in there:
                sentence = f"{value} is not among the {target} of this pack and those it needs."
                yield Problem("packs.unresolved", sentence, f"{section}/{index}/{'/'.join(fields)}")


def _numbers(manifest: Manifest, packs: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    for index, category in enumerate(_items(manifest.document, "categories")):
        kind, code = str(category["kind"]), str(category["code"])
        if code != f"{CLASS_LETTER[kind]}{category['major']}{category['minor']}":
            sentence = (
                f"{code} is not the letter of a {kind} with the numbers {category['major']} and {category['minor']}."
            )
            yield Problem("packs.code_differs", sentence, f"categories/{index}/code")
        letters = [condition["code"] for condition in category["conditions"]]
        if letters != sorted(set(letters)):
            sentence = f"The conditions of {code} are lettered {', '.join(letters)}; each letter once, in order."
            yield Problem("packs.conditions_disordered", sentence, f"categories/{index}/conditions")
        if category.get("quick") and not _is_quick(category["conditions"]):
            sentence = f"{code} is quick: half an hour by the clock, no condition may allow more."
            yield Problem("packs.not_quick", sentence, f"categories/{index}/quick")


def _is_quick(conditions: Sequence[Mapping[str, Any]]) -> bool:
    limits = [condition["limit"] for condition in conditions]
    return all(limit["unit"] == "urgent_hour" and limit["value"] <= 0.5 for limit in limits)


def _attribute_schemas(manifest: Manifest, packs: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    for section in ("asset_types", "categories", "registers"):
        for index, item in enumerate(_items(manifest.document, section)):
            for problem in schema_problems(item.get("attributes") or {}):
                sentence = f"The attributes of {item['code']} are no JSON Schema: {problem.detail or problem.path}."
                yield Problem("packs.bad_schema", sentence, f"{section}/{index}/attributes")


Rule = Callable[[Manifest, Mapping[str, Mapping[str, Any]]], Iterable[Problem]]
_CONTENT: tuple[Rule, ...] = (_doubles, _references, _numbers, _attribute_schemas)


def located(problem: Problem, manifest: Manifest) -> Problem:
    """The same problem with the file and line of the nearest thing that was written."""
    if problem.file:
        return problem
    steps = problem.path.strip("/").split("/") if problem.path else []
    while True:
        place = manifest.places.get("/".join(steps))
        if place is not None:
            return replace(problem, file=place[0], line=place[1])
        if not steps:
            return replace(problem, file=f"library/{manifest.folder}/pack.yaml", line=1)
        steps.pop()


def _items(document: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    found = document.get(section)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _dig(item: Mapping[str, Any], fields: Sequence[str]) -> Any:
    value: Any = item
    for name in fields:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value
