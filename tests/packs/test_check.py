"""`packs check`: every planted fault is found, with a plain sentence, a file and a line."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packs import rules, selectors
from packs.adapters.library import read_library
from tests.packs.factories import copied, written

EVENTS = "catalogue-events/categories/01-appearance.yaml"
LOCAL = "appearance/categories/local.yaml"
TRADES, PRESET, DOGS = "trades/pack.yaml", "coastal-city/pack.yaml", "dogs/pack.yaml"
PARKING = "- code: E0407\n"


def found(root, *codes):
    return selectors.problems(read_library(root), codes or None)


def spoil(root, name, before, after, count=1):
    """The first place where `before` stands reads `after`; answers its line."""
    path = root / name
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, count), "utf-8")
    return text[: text.index(before)].count("\n") + 1


def test_the_library_that_ships_is_sound():
    assert found(None) == []


def test_no_text_that_people_read_names_a_paper_that_only_its_authors_have():
    for pack in read_library().packs.values():
        assert "domain.md" not in json.dumps(pack.document, default=str), pack.code


def test_the_library_that_ships_has_the_classes_that_the_city_has_switched_on():
    library = read_library()
    codes = [code for preset in library.packs["coastal-city"].document["class_presets"] for code in preset["classes"]]
    assert len(codes) == len(set(codes)) == 51, "as many as Shantou's catalogue"
    assert {"E0110", "E0112", "E0401", "E0405", "E0406", "E0407", "E0410", "E0506", "C0101", "C0302", "C0402"} <= set(
        codes
    )


FULL = "names: {zh: 全天候, en: Round the clock}"
HALF = "value: 0.5, unit: urgent_hour"
DONE = "both_languages: {status: done}"
TYPES, COVER = "categories/local.yaml", "catalogue-components/assets/cover.schema.json"
BASE, APPEARANCE, QUALITY = "base/pack.yaml", "appearance/pack.yaml", "appearance/quality.yaml"
GAS = "gas/pack.yaml"


@pytest.mark.parametrize(
    ("name", "before", "after", "code", "words"),
    [
        (BASE, "code: base\n", "code: basis\n", "packs.folder_differs", "its folder is base"),
        (BASE, "owners: [platform]", "owners: [nobody]", "packs.unknown_owner", "nobody"),
        (BASE, "version: 1.4.0", "version: one", "schema.pattern", "version"),
        (BASE, FULL, "names: {zh: 全天候}", "schema.required", "is missing"),
        (BASE, FULL, 'names: {zh: 全天候, en: " "}', "schema.pattern", "en"),
        (BASE, "[collect, case.report,", "[collect, case.rapport,", "accounts.unknown_permission", "case.rapport"),
        (BASE, "[supervise, case.see,", "[supervise, handle,", "accounts.handles_and_supervises", "shift_leader"),
        (BASE, "levels: [city]}", "levels: [town]}", "schema.enum", "town"),
        (BASE, "calendars:", "calenders:", "schema.additionalProperties", "calenders"),
        (BASE, '"2026-01-01" ', '"2026-13-01" ', "schema.format", "2026-13-01"),
        (BASE, "value: 2, unit", "value: -2, unit", "schema.exclusiveMinimum", "-2"),
        (BASE, "points: 30", "points: 31", "evaluation.scheme", "points"),
        (APPEARANCE, "needs: [base,", "needs: [fairies, base,", "packs.unknown_need", "fairies"),
        (APPEARANCE, "needs: [base,", "needs: [appearance, base,", "packs.circle", "appearance -> appearance"),
        (APPEARANCE, TYPES, "categories/locale.yaml", "packs.file_missing", "locale.yaml"),
        (APPEARANCE, TYPES, "../../owners.yaml", "packs.file_missing", "owners.yaml"),
        (APPEARANCE, "category: E0407", "category: E0499", "packs.unresolved", "E0499"),
        (TRADES, "kind: department", "kind: guild", "packs.unresolved", "guild"),
        (EVENTS, "duty: appearance", "duty: appearence", "packs.unresolved", "appearence"),
        (EVENTS, 'minor: "07"', 'minor: "70"', "packs.code_differs", "E0107"),
        (EVENTS, 'major: "01"', "major: 01", "schema.type", "is not of type 'string'"),
        (LOCAL, HALF, "value: 2, unit: urgent_hour", "packs.not_quick", "E0407"),
        (EVENTS, "value: 2, unit", "value: 0, unit", "schema.exclusiveMinimum", "0"),
        (EVENTS, "unit: work_day", "unit: fortnight", "schema.enum", "fortnight"),
        (EVENTS, "- code: b\n", "- code: a\n", "packs.conditions_disordered", "E0101"),
        (EVENTS, "- code: E0108\n", "- code: E0107\n", "packs.twice", "E0107"),
        (PRESET, "of: [catalogue-components,", "of: [fairies,", "cases.preset", "fairies"),
        (PRESET, "- C0101 ", "- C0999 ", "cases.preset", "C0999"),
        (DOGS, "by: attr.breed", "by: attr.owner", "dashboard.panel", "personal"),
        (DOGS, "where: {states: [lapsed]}", "where: {states: [asleep]}", "dashboard.panel", "no state asleep"),
        (DOGS, "view: calendar", "view: clock", "schema.enum", "clock"),
        (EVENTS, "  kind: event\n", "  kind: event\n  kind: event\n", "packs.unreadable", "written twice"),
        (COVER, '"type": "object"', '"type": "objekt"', "packs.bad_schema", "water_cover"),
        (COVER, "{", "", "packs.not_json", "cover.schema.json"),
        (GAS, "assets: [gas_regulator, lpg_station, gas_main,", "assets: [gasometer, gas_main,", "registers.declared",
         "gasometer is no type of component"),
        (GAS, "on: leak, category: E0502", "on: leak, category: E0999", "registers.declared", "E0999 is no class"),
        (QUALITY, DONE, "", "packs.quality_missing", "both_languages"),
        (QUALITY, DONE, "both_languages: {status: exempt}", "packs.exempt_without_reason", "because"),
        (QUALITY, "both_languages:", "all_languages:", "packs.unknown_quality", "all_languages"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found_where_it_stands(tmp_path, name, before, after, code, words):
    root = copied(tmp_path)
    line = spoil(root, name, before, after)
    told = found(root, name.split("/")[0])
    faults = [fault for fault in told if fault.code == code]
    assert faults, [str(fault) for fault in told]
    assert any(re.search(re.escape(words), fault.sentence) for fault in faults)
    assert all(fault.file.startswith("library/") and fault.line >= 1 for fault in faults)
    if name.endswith(".yaml") and code not in ("packs.quality_missing", "packs.file_missing"):
        near = [fault.line for fault in faults if fault.file == f"library/{name}"]
        assert any(abs(found_at - line) <= 12 for found_at in near), (line, near)


def test_a_missing_file_of_the_pack_is_a_fault(tmp_path):
    root = copied(tmp_path)
    (root / "appearance" / "quality.yaml").unlink()
    (root / "appearance" / "examples.yaml").unlink()
    codes = {fault.code for fault in found(root, "appearance")}
    assert {"packs.file_missing", "packs.no_examples", "packs.quality_missing"} <= codes


def test_a_section_nobody_understands_is_an_error(tmp_path, monkeypatch):
    known = dict(selectors.handlers())
    known.pop("schemes")
    monkeypatch.setattr(selectors, "handlers", lambda: known)
    assert [fault.code for fault in found(copied(tmp_path), "base")] == ["packs.unknown_section"]


def test_two_packs_may_not_bring_the_same_thing(tmp_path):
    root = copied(tmp_path)
    text = (root / "base" / "pack.yaml").read_text("utf-8").replace("code: base", "code: copy", 1)
    written(tmp_path, "copy", text)
    assert "packs.twice_in_library" in {fault.code for fault in found(root, "copy")}


def test_a_pack_that_is_no_mapping_is_told_so(tmp_path):
    root = written(tmp_path, "odd", "- a\n- b\n")
    assert [fault.code for fault in found(root)] == ["packs.not_a_mapping"]


def test_checking_one_pack_says_nothing_of_another(tmp_path):
    root = copied(tmp_path)
    spoil(root, EVENTS, "unit: work_day", "unit: fortnight")
    assert found(root, "base") == []
    assert found(root, "catalogue-events")


class TestOrder:
    def test_what_is_needed_comes_first(self):
        packs = {"a": {"needs": ["c"]}, "b": {}, "c": {"needs": ["b"]}}
        assert rules.order(packs) == ["b", "c", "a"]
        assert rules.needed("c", packs) == ["b", "c"]

    @given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefg"), max_size=4), max_size=6))
    def test_every_pack_comes_once_and_after_its_needs_where_there_is_no_circle(self, needs):
        packs = {code: {"needs": list(codes)} for code, codes in needs.items()}
        done = rules.order(packs)
        assert sorted(done) == sorted(packs)
        if not any(rules.circle(code, packs) for code in packs):
            for code in packs:
                for need in packs[code]["needs"]:
                    assert need not in packs or done.index(need) < done.index(code)

    def test_a_circle_is_named(self):
        packs = {"a": {"needs": ["b"]}, "b": {"needs": ["c"]}, "c": {"needs": ["a"]}}
        assert rules.circle("a", packs) == ["a", "b", "c", "a"]
        assert rules.circle("x", packs) == []

    def test_the_hash_is_of_the_content_and_not_of_the_layout(self):
        assert rules.fingerprint({"a": 1, "b": [1]}) == rules.fingerprint({"b": [1], "a": 1})
        assert rules.fingerprint({"a": 1}) != rules.fingerprint({"a": "1"})
