"""The catalogue as a spreadsheet: what would become of each row, faults by line and column, and the way back, equal."""

from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases import actions, selectors
from cases.models import Category, ClassSwitch
from cases.selectors import told
from core.errors import Invalid
from core.scope import machine
from exchange.codecs import open_source, writing
from exchange.contracts import Row, datasets, intakes
from exchange.rules.mapping import guess
from tests.cases.factories import CATEGORIES, category, condition

ADMIN = machine("test:admin", "admin", label="管理员")
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1,
                max_size=12)  # fmt: skip
NAMES = st.fixed_dictionaries({"zh": WORDS, "en": WORDS})
LIMIT = st.fixed_dictionaries({
    "value": st.one_of(st.integers(1, 90), st.sampled_from([0.5, 1.5])),
    "unit": st.sampled_from(["urgent_hour", "natural_day", "work_hour", "work_day"]),
})  # fmt: skip
FLAG = st.booleans()
QUICKLY = (Phase.explicit, Phase.reuse, Phase.generate)


@st.composite
def a_class(draw):
    rows = [
        {"code": letter, "text": draw(NAMES), "limit": draw(LIMIT), "closing": draw(NAMES)}
        | ({"default": True} if draw(FLAG) else {})
        for letter in "abcdef"[: draw(st.integers(1, 4))]
    ]
    photos = draw(st.lists(st.sampled_from(["report", "verify", "handle", "check"]), unique=True))
    return category(
        f"E04{draw(st.integers(10, 99))}", names=draw(NAMES), conditions=rows, needs_photo=photos, settle=draw(FLAG),
        auto_register=draw(FLAG), standard=draw(st.one_of(st.just(""), WORDS)),
    )  # fmt: skip


def sheet(suffix: str, folder: Path) -> Path:
    """Every class, written as an export is."""
    dataset, target = datasets()["classes"], folder / f"classes.{suffix}"
    target.unlink(missing_ok=True)
    rows = dataset.rows({}, actor=ADMIN)
    if suffix in writing.TEXTS:
        target.write_text("".join(writing.TEXTS[suffix](dataset.columns, rows)), encoding="utf-8", newline="")
    else:
        writing.FILES[suffix](target, "classes", dataset.columns, rows)
    return target


def read(path: Path, suffix: str) -> list[Row]:
    """The rows of a file in the words of the intake, its columns guessed from their headings."""
    source, columns = open_source(path, suffix), intakes()["classes"].columns
    known = guess(columns, source.header)
    return [
        Row(record.number, record.line, {name: str(record.values.get(head) or "") for name, head in known.items()},
            columns=known)
        for record in source.records()
    ]  # fmt: skip


def taken(rows: list[Row], **options: str):
    """The verdicts over these rows, and the session that gave them."""
    session = intakes()["classes"].open({"reason": "表格", **options}, actor=ADMIN, keep={})
    session.look(rows)
    again = [Row(row.number, row.line, dict(row.values), columns=row.columns) for row in rows]
    return session.judge(again), session


def typed(**changes: str) -> dict[str, str]:
    """A row for the class E0495."""
    return {
        "code": "E0495", "name": "占道促销", "name_en": "Promotion", "duty": "appearance", "condition": "a",
        "text": "占道", "text_en": "On the road", "limit": "2U", "closing": "已撤离", "closing_en": "Gone", **changes,
    }  # fmt: skip


def rows_of(*given: dict[str, str]) -> list[Row]:
    return [Row(number, number + 1, values) for number, values in enumerate(given, 1)]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@settings(max_examples=6, deadline=None, phases=QUICKLY, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=a_class(), on=FLAG, retired=FLAG)
def test_what_was_exported_is_imported_without_any_change(town, suffix, one, on, retired, tmp_path):
    with transaction.atomic():
        actions.save_class(one, actor=ADMIN, seen=0, reason="新增")
        actions.switch_classes([one["code"]], enabled=on, actor=ADMIN)
        if retired:
            actions.retire_class(one["code"], actor=ADMIN, seen=1, reason="并入")
        rows = read(sheet(suffix, tmp_path), suffix)
        verdicts, session = taken(rows)
        assert [(verdict.outcome, verdict.row.faults) for verdict in verdicts] == [("same", [])] * len(rows)
        assert len(rows) == sum(len(row.conditions) for row in selectors.newest_versions())
        session.store(verdicts)
        assert Category.objects.count() == len(CATEGORIES) + 1 + retired
        transaction.set_rollback(True)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_makes_the_same_catalogue_in_an_empty_city(town, suffix, tmp_path):
    actions.switch_classes(["E0110"], enabled=False, actor=ADMIN)
    actions.save_categories([one | {"quick": False} for one in CATEGORIES], pack="test")
    before = {row.code: told(row) for row in selectors.newest_versions()}
    path = sheet(suffix, tmp_path)
    Category.objects.all().delete()
    ClassSwitch.objects.all().delete()
    verdicts, session = taken(read(path, suffix))
    assert {verdict.outcome for verdict in verdicts} == {"add"}
    session.store(verdicts)
    assert {row.code: told(row) for row in selectors.newest_versions()} == before
    assert not selectors.is_switched_on("E0110")


def test_each_row_says_what_would_become_of_it_and_nothing_is_written_before(town):
    held = actions.class_rows()
    changed = [{**row, "limit": "9"} if row["code"] == "E0110" and row["condition"] == "a" else row for row in held]
    gone = [{**row, "state": "废止"} if row["code"] == "E0506" else row for row in changed]
    rows = rows_of(*[{name: str(value) for name, value in row.items()} for row in gone], typed())
    verdicts, session = taken(rows)
    told_of = {verdict.code: str(verdict.outcome) for verdict in verdicts}
    assert told_of == {"C0101": "same", "E0110": "change", "E0407": "same", "E0495": "add", "E0506": "retire"}
    assert Category.objects.count() == len(CATEGORIES)
    session.store(verdicts)
    assert selectors.category("E0110").conditions[0]["limit"] == {"value": 9, "unit": "urgent_hour"}
    assert selectors.category("E0506") is None
    assert selectors.category("E0495").reason == "表格"
    assert Category.objects.filter(code="E0407").count() == 1


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"limit": "soon"}, "limit", "class.bad_limit"),
        ({"limit": "2", "unit": "周"}, "unit", "class.bad_unit"),
        ({"limit": "0D"}, "limit", "class.bad_limit"),
        ({"code": "X1"}, "code", "class.bad_code"),
        ({"duty": "fairies"}, "duty", "class.unknown_duty"),
        ({"name_en": ""}, "name_en", "class.needs_words"),
        ({"closing": " "}, "closing", "class.needs_words"),
        ({"photos": "核实、合影"}, "photos", "class.bad_photos"),
        ({"quick": "maybe"}, "quick", "class.bad_flag"),
        ({"quick": "是"}, "quick", "class.not_quick"),
        ({"state": "睡眠"}, "state", "class.bad_state"),
        ({"condition": "1"}, "condition", "class.bad_letter"),
    ],
)
def test_a_fault_stands_at_its_line_and_column_and_the_rest_of_the_file_goes_on(town, changes, column, code):
    rows = rows_of(typed(code="E0496"), typed(**changes))
    verdicts, session = taken(rows)
    assert str(verdicts[0].outcome) == "add"
    assert (column, code, 3) in [(fault.column, fault.code, fault.line) for fault in verdicts[1].row.faults]
    session.store(verdicts)
    assert selectors.category("E0496") is not None
    assert not Category.objects.filter(code="E0495").exists()


def test_the_rows_of_a_class_stand_or_fall_together(town):
    verdicts, session = taken(rows_of(typed(), typed(condition="b", limit="x"), typed(condition="c", name="别名")))
    assert [verdict.row.faults[0].code for verdict in verdicts] == [
        "class.other_rows", "class.bad_limit", "class.head_differs"
    ]  # fmt: skip
    session.store(verdicts)
    assert not Category.objects.filter(code="E0495").exists()


def test_classes_that_the_file_leaves_out_stay_or_are_retired_as_was_chosen(town):
    _verdicts, session = taken(rows_of(typed()))
    assert [(one.code, one.grave) for one in session.suspicions()] == [("class.kept", False)]
    assert session.finish() == {"retired": 0}
    verdicts, session = taken(rows_of(typed()), missing="retire")
    assert [(one.code, one.grave, one.params["count"]) for one in session.suspicions()] == [("class.absent", True, 4)]
    session.store(verdicts)
    assert session.finish() == {"retired": 4}
    assert [row.code for row in selectors.categories()] == ["E0495"]


def test_a_file_may_take_effect_on_a_day_to_come(town):
    verdicts, session = taken(rows_of(typed()), valid_from="2099-01-01")
    session.store(verdicts)
    assert selectors.category("E0495") is None
    assert selectors.class_entry("E0495").state == "to_come"
    with pytest.raises(Invalid):
        taken(rows_of(typed()), valid_from="tomorrow")


def test_a_limit_may_be_written_in_words_or_for_short(town):
    assert [limit_of(**given) for given in ({"limit": "4h"}, {"limit": "4", "unit": "工作时"})] == [
        {"value": 4, "unit": "work_hour"}
    ] * 2
    assert limit_of(limit="2UD") == {"value": 2, "unit": "natural_day"}
    assert condition("a", 0.5, "urgent_hour")["limit"] == limit_of(limit="0.5", unit="urgent hours")


def limit_of(**given: str):
    verdicts, _session = taken(rows_of(typed(**given)))
    return verdicts[0].item.given["conditions"][0]["limit"]
