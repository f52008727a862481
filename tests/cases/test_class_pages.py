"""The catalogue in the browser: found, switched, changed after a look at the differences, withdrawn, retired."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions import create_user, grant, upsert_role
from cases import actions, selectors
from cases.models import Case, Category
from cases.selectors import told
from core import clock
from core.scope import machine
from journal.models import Entry
from packs.models import PackRelease
from tests.cases.factories import CITY, HERE, SETUP, brought_to, category, condition, names
from tests.packs.factories import ROOT

ADMIN = machine("test:admin", "admin", label="管理员")


@pytest.fixture
def admin(town):
    """An administrator of the whole city, signed in."""
    browser = Client(headers={"accept-language": "en"})
    upsert_role(code="boss", names=names("管", "Boss"), permissions=["admin", "case.see"], actor=SETUP)
    user = create_user(username="boss", password="a town of tests 7", label="Boss", organisation="centre", actor=SETUP)
    grant(user=user, role="boss", actor=SETUP)
    browser.force_login(user)
    return browser


def typed(act="look", **changes):
    """The form of E0407 as a browser sends it back."""
    given = told(selectors.newest_versions().get(code="E0407"))
    fields = {
        "act": act, "seen": selectors.class_entry("E0407").newest.version, "code": "E0407",
        "name_zh": given["names"]["zh"], "name_en": given["names"]["en"], "duty": "appearance",
        "needs_photo": given["needs_photo"], "reason": "市政府令第 12 号",
        "conditions-TOTAL_FORMS": len(given["conditions"]), "conditions-INITIAL_FORMS": len(given["conditions"]),
    }  # fmt: skip
    for index, row in enumerate(given["conditions"]):
        told_row = {"letter": row["code"], "limit": row["limit"]["value"], "unit": row["limit"]["unit"]}
        told_row |= {f"{part}_{language}": row[part][language] for part in ("text", "closing") for language in
                     ("zh", "en")}  # fmt: skip
        fields |= {f"conditions-{index}-{name}": value for name, value in told_row.items()}
    return fields | changes


def saved(admin, **changes):
    """The form sent again as it was looked at."""
    look = typed(**changes)
    looked = admin.post("/classes/E0407/edit/", look).context["replay"].seal
    return admin.post("/classes/E0407/edit/", {**look, "act": "save", "looked": looked})


def test_the_list_groups_finds_and_filters(admin, town):
    actions.switch_classes(["C0101"], enabled=False, actor=ADMIN)
    page = admin.get("/classes/").content.decode()
    assert page.index("C01") < page.index("E01") < page.index("E04")
    assert "Manhole cover" in page
    assert "Manhole cover" in admin.get("/classes/?q=jg&state=off&kind=component").content.decode()
    assert "No class is called that." in admin.get("/classes/?q=jg&state=on").content.decode()
    assert admin.get("/classes/?kind=%00&state=x&q=%00").status_code == 200


def test_a_switch_in_the_list_is_the_citys_word(admin):
    answer = admin.post("/classes/switch/", {"code": "E0407", "enabled": "0", "state": "on", "q": "zt"})
    assert answer["location"] == "/classes/?q=zt&state=on#E0407"
    assert not selectors.is_switched_on("E0407")
    assert 'value="E0407"' not in admin.get("/responsibility/simulator/").content.decode()
    assert Entry.objects.filter(kind="class.switched.v1", subject="class:E0407").count() == 1


def test_a_change_shows_its_differences_and_what_they_mean_before_it_is_saved(admin, town):
    brought_to(town, "registered")
    look = typed(**{"conditions-0-limit": "9"})
    page = admin.post("/classes/E0407/edit/", look).content.decode()
    assert "Save this version" in page
    assert "<del><span>2 urgent hours</span></del>" in page
    assert "<ins><span>9 urgent hours</span></ins>" in page
    assert "1 open case was registered before" in page
    assert Category.objects.filter(code="E0407").count() == 1, "looking changes nothing"
    answer = saved(admin, **{"conditions-0-limit": "9", "valid_from": "2030-01-01T00:00"})
    assert answer["location"] == "/classes/E0407/"
    page = admin.get("/classes/E0407/").content.decode()
    assert "Version 2 is to come on 2030-01-01 00:00" in page
    assert "市政府令第 12 号" in page
    assert "9 urgent hours" in admin.get("/classes/E0407/versions/2/").content.decode()
    assert admin.get("/classes/E0407/versions/3/").status_code == 404
    admin.post("/classes/E0407/versions/2/withdraw/", {"reason": "令已撤销"})
    assert "withdrawn" in admin.get("/classes/E0407/").content.decode()
    assert selectors.newest_versions().get(code="E0407").version == 1


def test_nothing_typed_is_lost_when_something_is_wrong(admin):
    bad = typed(**{"conditions-0-limit": "-3", "name_en": " ", "conditions-1-text_zh": "新的写法"})
    answer = admin.post("/classes/E0407/edit/", bad)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "A limit is a number above 0" in page
    assert "Something must be written here" in page
    assert "新的写法" in page
    assert Category.objects.filter(code="E0407").count() == 1


def test_a_row_is_added_and_a_removed_condition_is_gone(admin):
    page = admin.post("/classes/E0407/edit/", typed("row")).content.decode()
    assert 'name="conditions-2-text_zh"' in page
    added = {f"conditions-2-{part}_{language}": "新" for part in ("text", "closing") for language in ("zh", "en")}
    added |= {"conditions-2-limit": "3", "conditions-2-unit": "work_day", "conditions-TOTAL_FORMS": 3,
              "conditions-0-remove": "on"}  # fmt: skip
    assert saved(admin, **added).status_code == 302
    assert [row["code"] for row in selectors.category("E0407").conditions] == ["b", "c"]


def test_nothing_is_replayed_where_nothing_would_change(town, admin):
    brought_to(town, "registered")
    same = admin.post("/classes/E0407/edit/", typed())
    assert "Nothing: this is what the class says already." in same.text
    assert not [name for name in ("replay", "cases") if name in same.context]
    assert admin.post("/classes/E0407/edit/", typed(name_en="Other")).context["replay"].total == 1


def test_what_somebody_else_changed_meanwhile_is_shown_and_what_was_typed_stays(admin):
    mine = typed("save", name_en="Mine")
    theirs = {**told(selectors.newest_versions().get(code="E0407")), "settle": True}
    actions.save_class(theirs, actor=ADMIN, seen=1, reason="地方规定")
    late = admin.post("/classes/E0407/edit/", mine)
    meanwhile = late.text.split('id="meanwhile"')[1].split("</section>")[0]
    assert late.status_code == 412
    assert "地方规定" in meanwhile
    assert "settle" in meanwhile
    assert "Mine" not in meanwhile
    assert 'value="Mine"' in late.text
    assert 'name="seen" value="2"' in late.text, "the next save is upon what is there now"
    assert selectors.newest_versions().get(code="E0407").version == 2


def test_another_duty_is_replayed_on_last_months_cases_before_it_is_saved(admin, town):
    here = brought_to(town, "registered")
    old = brought_to(town, "registered")
    Case.objects.filter(number=old.number).update(registered_at=clock.now() - timedelta(days=31))
    rows = [{"duty": "appearance", "kind": "department", "by": "district"},
            {"duty": "drainage", "kind": "department", "by": "district"}]  # fmt: skip
    actions.save_responsibilities(rows, pack="test")
    shown = admin.post("/classes/E0407/edit/", typed(duty="drainage"))
    replay = shown.context["replay"]
    moved = [(one.number, one.before, one.after) for one in replay.moved]
    assert moved == [(here.number, f"d{HERE}-appearance", "")], "nobody has that duty"
    assert "1 of 1 cases of the last 30 days would have gone elsewhere." in shown.text
    assert f'href="/cases/{here.number}/"' in shown.text
    assert selectors.responsible("E0407", here.area).organisation == f"d{HERE}-appearance", "nothing is saved yet"


def test_what_leaves_the_duty_and_the_limits_alone_touches_no_case(admin, town):
    brought_to(town, "registered")
    shown = admin.post("/classes/E0407/edit/", typed(name_en="Stalls"))
    assert "This would change" in shown.text
    assert "0 of 1 cases of the last 30 days would have gone elsewhere." in shown.text
    assert "would have gone elsewhere" not in admin.get("/classes/E0407/retire/").text


def test_a_change_that_nobody_looked_at_is_not_saved(admin, town):
    """The seal of the replay goes back with the form; it is another one once another case would be touched."""
    change = {"conditions-0-limit": "9"}
    brought_to(town, "registered")
    blind = admin.post("/classes/E0407/edit/", typed("save", **change))
    assert blind.status_code == 409
    assert "Look at the replay first: 1 of 1 cases" in blind.text
    assert "1 of 1 cases of the last 30 days would have had another limit." in blind.text
    seal = blind.context["replay"].seal
    brought_to(town, "registered")
    again = admin.post("/classes/E0407/edit/", typed("save", looked=seal, **change))
    assert (again.status_code, "2 of 2 cases" in again.text) == (409, True), "another case has come in meanwhile"
    assert Category.objects.filter(code="E0407").count() == 1
    fresh = again.context["replay"].seal
    assert admin.post("/classes/E0407/edit/", typed("save", looked=fresh, **change)).status_code == 302
    assert selectors.category("E0407").conditions[0]["limit"]["value"] == 9


def test_limits_by_grade_are_typed_shown_and_taken_from_the_form(admin):
    assert saved(admin, **{"conditions-0-grade_3": "8"}).status_code == 302
    assert selectors.category("E0407").conditions[0]["grades"] == {"3": 8}
    assert "grade 3: 8" in admin.get("/classes/E0407/").text
    assert admin.get("/classes/E0407/edit/").context["form"].rows.forms[0]["grade_3"].value() == 8
    bad = admin.post("/classes/E0407/edit/", typed(seen=2, **{"conditions-0-grade_3": "-1"}))
    assert "A limit is a number above 0" in bad.text


def test_a_class_of_the_citys_own_is_made_and_retired(admin):
    fields = {"act": "save", "seen": 0, "code": "e0495", "name_zh": "占道促销", "name_en": "Promotion",
              "duty": "appearance", "reason": "新增", "conditions-TOTAL_FORMS": 1, "conditions-INITIAL_FORMS": 0,
              "conditions-0-limit": "2", "conditions-0-unit": "urgent_hour"}  # fmt: skip
    fields |= {f"conditions-0-{part}_{language}": "字" for part in ("text", "closing") for language in ("zh", "en")}
    assert admin.post("/classes/new/", fields).status_code == 302
    assert selectors.category("E0495").major == "04"
    assert "Somebody has changed the class" in admin.post("/classes/new/", fields).content.decode()
    assert admin.post("/classes/E0495/retire/", {"seen": 1, "reason": "并入"}).status_code == 302
    assert selectors.category("E0495") is None
    assert "retired" in admin.get("/classes/E0495/").content.decode()


def test_before_a_class_is_retired_all_that_names_it_is_told(admin, town):
    brought_to(town, "registered")
    waiting = brought_to(town, "reported")
    old = brought_to(town, "registered")
    Case.objects.filter(number=old.number).update(registered_at=clock.now() - timedelta(days=31))
    for area in ("", f"{CITY}.{HERE}"):
        row = actions.draft_override(
            actor=ADMIN, category_code="E0407", area=area, organisation="centre", reason="直管"
        )
        actions.save_override(row, actor=ADMIN, seen=None)
    gone = actions.end_override(row.pk, actor=ADMIN, reason="取消", seen=selectors.replay_end(row.pk).seal)
    actions.save_text(verb="check_fail", category="E0407", zh="摊位仍在", en="The stall is still there", actor=ADMIN)
    uses = selectors.class_uses("E0407")
    assert (uses.cases.promised, uses.cases.waiting, uses.month) == (2, 1, 1)
    assert [rule.area for rule in uses.rules] == [""]
    assert gone.pk not in {rule.pk for rule in uses.rules}
    assert (len(uses.texts), uses.ladders, uses.duty) == (1, 0, "")
    page = admin.get("/classes/E0407/retire/").text
    for sentence in (
        "1 case of this class was registered in the last 30 days",
        "2 open cases were registered before",
        "1 open case is not registered yet",
        "1 special rule names it",
        "1 standard text is for this class",
    ):
        assert sentence in page, sentence
    assert 'hx-get="/classes/E0407/cameras/"' in page
    assert selectors.category("E0407") is not None
    assert waiting.stage == "reported"
    for row in selectors.category_rows().exclude(code="E0407"):
        actions.retire_class(row.code, actor=ADMIN, seen=row.version, reason="测试")
    assert selectors.class_uses("E0407").duty == "appearance"
    assert "only class in force of the duty appearance" in admin.get("/classes/E0407/retire/").text


def test_a_long_catalogue_is_folded_on_a_phone_and_a_short_one_is_not(admin, monkeypatch):
    assert 'fold" id' not in admin.get("/classes/").text
    monkeypatch.setattr("cases.pages.classes.MOST_AT_ONCE", 1)
    page = admin.get("/classes/").text
    assert 'fold" id="group-E04"' in page
    assert 'href="#group-E04"' in page
    assert 'fold" id' not in admin.get("/classes/", {"q": "E0407"}).text


def test_where_city_and_pack_differ_both_are_shown_and_the_packs_words_can_be_taken(admin):
    release = category(conditions=[condition("a", 5, "urgent_hour"), condition("b", 4, "work_hour")])
    from_pack(release)
    given = {**told(selectors.newest_versions().get(code="E0407"))}
    given["conditions"] = [condition("a", 9, "urgent_hour"), condition("b", 4, "work_hour")]
    actions.save_class(given, actor=ADMIN, seen=1, reason="地方规定")
    page = admin.get("/classes/E0407/").content.decode()
    assert "The pack says otherwise" in page
    assert page.index("5 urgent hours") < page.index("9 urgent hours")
    assert "E0407" in admin.get("/classes/?state=differs").content.decode()
    assert 'value="5"' in admin.get("/classes/E0407/edit/?take=pack").content.decode()


def from_pack(given):
    """A release in force that says this of the class."""
    PackRelease.objects.create(
        code="test", version="1.0.0", hash="0" * 64, manifest={"categories": [given]}, applied_by=ROOT.key
    )


def test_who_is_no_administrator_reads_and_changes_nothing(town):
    browser = Client()
    browser.force_login(town.people["leader"])
    page = browser.get("/classes/E0407/").content.decode()
    assert "/classes/E0407/edit/" not in page
    assert browser.get("/classes/E0407/edit/").status_code == 403
    assert browser.post("/classes/switch/", {"code": "E0407", "enabled": "0"}).status_code == 403
    assert selectors.is_switched_on("E0407")


def test_what_the_form_calls_optional_may_be_left_out_and_what_it_does_not_may_not(admin):
    page = admin.get("/classes/E0407/edit/").context["form"].head
    by_need = {True: [], False: []}
    for field in page.visible_fields():
        if field.widget_type not in ("checkbox", "checkboxselectmultiple"):
            by_need[field.field.required].append(field.name)
    assert {"name_zh", "name_en", "duty", "reason"} <= set(by_need[True])
    assert {"standard", "valid_from"} <= set(by_need[False])
    for needed, names_ in by_need.items():
        for name in names_:
            answer = admin.post("/classes/E0407/edit/", typed(**{name: ""}))
            assert (answer.status_code == 400) is needed, name
            assert (name in answer.context["form"].head.errors) is needed, name
