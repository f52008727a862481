"""The city's own word on the catalogue: versions with a day to begin, switches, and what packs may not overwrite."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cases import actions, selectors
from cases.models import Case, Category, ClassSwitch
from cases.selectors import told
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.scope import machine
from journal.models import Entry
from tests.cases.factories import CAMERA, CATEGORIES, brought_to, category, condition, reported, take

ADMIN = machine("test:admin", "admin", label="管理员")
WHY = "市政府令第 12 号"


def wanted(**changes):
    """The class E0407 as it stands, with changes."""
    return {**told(selectors.newest_versions().get(code="E0407")), **changes}


def longer(value=9):
    return [condition("a", value, "urgent_hour"), condition("b", 4, "work_hour")]


def saved(days=0, seen=1, **changes):
    begins = clock.now() + timedelta(days=days) if days else None
    return actions.save_class(wanted(**changes), actor=ADMIN, seen=seen, reason=WHY, valid_from=begins)


def told_of(kind):
    return list(Entry.objects.filter(kind=kind).order_by("id").values_list("subject", "data"))


def test_a_version_to_come_takes_effect_by_itself_at_its_hour(town, time):
    row = saved(days=3, conditions=longer())
    assert (row.version, selectors.category("E0407").version) == (2, 1)
    time.pass_by(days=3, minutes=-1)
    assert selectors.category("E0407").version == 1
    time.pass_by(minutes=1)
    assert selectors.category("E0407").version == 2
    assert [one.code for one in selectors.categories()].count("E0407") == 1


def test_what_was_promised_keeps_its_version_and_what_was_not_follows_the_class(town, time):
    promised, waiting = brought_to(town, "registered"), brought_to(town, "accepted")
    saved(conditions=longer())
    assert selectors.cases_of_class("E0407") == selectors.CasesOfClass(1, 1)
    take(town, waiting, "register", "leader", condition="a")
    rows = {row.number: row for row in Case.objects.select_related("category")}
    assert (rows[promised.number].category.version, rows[promised.number].promise["limit"]["value"]) == (1, 2)
    assert (rows[waiting.number].category.version, rows[waiting.number].promise["limit"]["value"]) == (2, 9)


def test_a_version_is_told_with_what_it_changed_and_why(town):
    saved(conditions=longer(), names={"zh": "新名", "en": "New"})
    ((subject, data),) = told_of("class.changed.v1")
    assert subject == "class:E0407"
    assert (data["what"], data["version"], data["reason"]) == ("change", 2, WHY)
    assert data["fields"] == ["names", "a.limit"]
    row = Category.objects.get(code="E0407", version=2)
    assert (row.origin, row.made_by, row.reason, row.pack) == ("city", "test:admin", WHY, "test")


@pytest.mark.parametrize(
    ("act", "error", "code"),
    [
        (lambda: saved(), Invalid, "class.nothing_changes"),
        (lambda: saved(seen=7, conditions=longer()), Stale, "class.stale"),
        (lambda: saved(days=-1, conditions=longer()), Invalid, "class.in_the_past"),
        (lambda: saved(conditions=[]), Invalid, "class.needs_condition"),
        (lambda: saved(conditions=longer(0)), Invalid, "class.bad_limit"),
        (lambda: saved(conditions=longer(float("nan"))), Invalid, "class.bad_limit"),
        (lambda: saved(conditions=longer()[::-1]), Invalid, "class.letters_disordered"),
        (lambda: saved(quick=True), Invalid, "class.not_quick"),
        (lambda: saved(names={"zh": "只有中文", "en": " "}), Invalid, "class.needs_words"),
        (lambda: saved(names={"zh": "坏\x00字", "en": "bad"}), Invalid, "case.bad_text"),
        (lambda: saved(department={"by": "area", "duty": "fairies"}), Invalid, "class.unknown_duty"),
        (lambda: saved(code="E0408"), Invalid, "class.code_differs"),
        (lambda: actions.save_class(wanted(conditions=longer()), actor=ADMIN, seen=1, reason=" "), Invalid,
         "case.needs_reason"),
        (lambda: actions.save_class(wanted(), actor=machine("video", "case.report"), seen=1, reason=WHY), Forbidden,
         "class.not_yours"),
        (lambda: actions.switch_classes(["E9999"], enabled=False, actor=ADMIN), NotFound, "case.unknown_category"),
        (lambda: actions.switch_classes(["E0407"], enabled=False, actor=CAMERA), Forbidden, "class.not_yours"),
        (lambda: actions.withdraw_class("E0407", 1, actor=ADMIN, reason=WHY), Conflict, "class.not_to_come"),
        (lambda: actions.retire_class("E9999", actor=ADMIN, seen=1, reason=WHY), NotFound, "case.unknown_category"),
    ],
)  # fmt: skip
def test_a_wrong_word_is_refused_and_nothing_is_changed(town, act, error, code):
    with pytest.raises(error) as caught, transaction.atomic():
        act()
    assert caught.value.code == code
    assert Category.objects.count() == len(CATEGORIES)
    assert not ClassSwitch.objects.exists()
    assert told_of("class.changed.v1") == []


def test_one_version_is_to_come_at_a_time_and_a_withdrawn_one_never_begins(town, time):
    row = saved(days=3, conditions=longer())
    with pytest.raises(Conflict) as caught:
        saved(days=5, seen=2, conditions=longer(7))
    assert caught.value.code == "class.another_follows"
    actions.withdraw_class("E0407", row.version, actor=ADMIN, reason=WHY)
    time.pass_by(days=10)
    assert selectors.category("E0407").version == 1
    assert [data["what"] for _subject, data in told_of("class.withdrawn.v1")] == ["withdraw"]
    assert saved(conditions=longer(), seen=1).version == 3, "numbers are never given twice"


def test_a_new_class_of_the_city_that_is_withdrawn_may_come_again(town, time):
    given = category("E0495", names={"zh": "占道促销", "en": "Promotion"})
    begins = clock.now() + timedelta(days=2)
    first = actions.save_class(given, actor=ADMIN, seen=0, reason=WHY, valid_from=begins)
    assert selectors.category("E0495") is None
    assert selectors.class_entry("E0495").state == "to_come"
    actions.withdraw_class("E0495", first.version, actor=ADMIN, reason=WHY)
    assert actions.save_class(given, actor=ADMIN, seen=0, reason=WHY).version == 2
    assert selectors.category("E0495").version == 2


def test_the_database_refuses_two_versions_at_one_time(town):
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.create(**category_columns(), version=2, valid_until=clock.now() + timedelta(days=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.create(**category_columns(), version=2)


def category_columns():
    return {"code": "E0407", "pack": "test", **selectors.category_fields(category())}


def test_a_class_that_is_switched_off_is_for_no_new_case_and_old_cases_keep_it(town):
    old = reported(town)
    assert actions.switch_classes(["E0407", "E0110"], enabled=False, actor=ADMIN, reason=WHY) == 2
    assert [row.code for row in selectors.categories()] == ["C0101", "E0506"]
    with pytest.raises(Invalid) as caught:
        reported(town, source_ref="second")
    assert caught.value.code == "class.switched_off"
    kept = take(town, old, "accept", "acceptor")
    assert kept.category == "E0407"
    assert take(town, kept, "register", "leader", condition="a").stage == "registered"
    assert [data["enabled"] for _subject, data in told_of("class.switched.v1")] == [False, False]
    assert actions.switch_classes(["E0407"], enabled=False, actor=ADMIN) == 0, "said twice is told once"
    assert actions.switch_classes(["E0407"], enabled=True, actor=ADMIN) == 1
    assert "E0407" in {row.code for row in selectors.categories()}


def test_a_report_may_not_be_accepted_as_another_class_that_is_switched_off(town):
    old = reported(town)
    actions.switch_classes(["E0110"], enabled=False, actor=ADMIN)
    with pytest.raises(Invalid) as caught:
        take(town, old, "accept", "acceptor", category="E0110")
    assert caught.value.code == "class.switched_off"


def test_a_pack_does_not_overwrite_what_the_city_changed(town):
    saved(conditions=longer())
    before = Category.objects.count()
    actions.save_categories([category(conditions=longer(5)), *CATEGORIES[1:]], pack="test")
    assert Category.objects.count() == before
    assert selectors.category("E0407").conditions[0]["limit"]["value"] == 9
    actions.save_categories(CATEGORIES[1:], pack="test")
    assert selectors.category("E0407") is not None, "not even by leaving it out"


def test_a_retired_class_is_a_version_and_can_come_back(town, time):
    actions.retire_class("E0407", actor=ADMIN, seen=1, reason=WHY, valid_from=clock.now() + timedelta(days=1))
    assert selectors.category("E0407") is not None
    time.pass_by(days=2)
    assert selectors.category("E0407") is None
    assert selectors.class_entry("E0407").state == "retired"
    back = saved(seen=2, conditions=longer())
    assert (back.retired, selectors.category("E0407").version) == (False, 3)
    assert [data["what"] for _subject, data in told_of("class.changed.v1")] == ["retire", "revive"]


def test_words_initials_kind_and_state_find_classes(town):
    actions.switch_classes(["C0101"], enabled=False, actor=ADMIN)
    entries = selectors.class_entries()

    def codes(**asked):
        return [one.row.code for one in selectors.classes_found(entries, **asked)]

    assert codes(text="jg") == ["C0101"]
    assert codes(text="e05") == codes(text="flood") == codes(text="积水") == ["E0506"]
    assert codes(kind="component") == codes(state="off") == ["C0101"]
    assert codes(text="nothing of this") == []
