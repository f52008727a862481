"""Standard texts: written by administrators, offered with a step, filled from the case, typed over at will."""

import pytest
from django.test import Client

from cases import actions, selectors
from cases.models import Move, StandardText
from cases.rules.texts import strange_places
from core.errors import Forbidden, Invalid
from core.placeholders import filled
from core.scope import NOBODY
from journal.models import Entry
from tests.accounts.factories import holder
from tests.cases.factories import SETUP, brought_to, build_town
from tests.seen import version_at, version_on


def test_a_place_is_filled_and_one_without_a_value_is_a_dash():
    assert filled("{number}：{place}", {"number": "7"}) == "7：—"


@pytest.mark.parametrize(
    ("text", "strange"), [("{place} ok", []), ("{name}", ["name"]), ("a { b", ["{"]), ("}{", ["}", "{"]), ("{}", [""])]
)
def test_what_nothing_fills_is_found(text, strange):
    assert strange_places(text) == strange


def test_a_text_that_nothing_fills_or_by_a_stranger_is_refused(db):
    with pytest.raises(Invalid) as refused:
        actions.save_text(verb="redo", zh="{name}请重办", en="Again", actor=SETUP)
    assert refused.value.params["names"] == "name"
    with pytest.raises(Forbidden):
        actions.save_text(verb="redo", zh="请重办", en="Again", actor=NOBODY)
    with pytest.raises(Invalid):
        actions.save_text(verb="redo", zh=" ", en="Again", actor=SETUP)
    assert not StandardText.objects.exists()


@pytest.fixture
def offered(db):
    """A case at its department's desk, two texts for handing it back, one for another class."""
    town = build_town()
    case = brought_to(town, "handled")
    actions.save_text(verb="redo", zh="{place}仍有垃圾，请重办。", en="Still dirty at {place}.", actor=SETUP)
    actions.save_text(verb="redo", zh="别的类别", en="Another class", category="C99", actor=SETUP)
    client = Client()
    client.force_login(town.people["desk"])
    client.cookies["django_language"] = "en"
    return case, client


def test_the_step_offers_the_texts_of_its_class_filled_from_the_case(offered):
    case, client = offered
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert 'data-insert="redo_reason"' in page
    assert "Still dirty at " in page
    assert "{place}" not in page
    assert "Another class" not in page


def test_a_chosen_text_is_what_was_said_also_without_scripts(offered):
    case, client = offered
    given = {"version": case.version, "standard": "Still dirty.", "reason": ""}
    assert client.post(f"/cases/{case.number}/redo/", given).status_code == 302
    assert Move.objects.filter(case__number=case.number, verb="redo").get().given["reason"] == "Still dirty."


def test_what_was_typed_comes_before_what_was_chosen(offered):
    case, client = offered
    given = {"version": case.version, "standard": "Still dirty.", "reason": "My own words"}
    client.post(f"/cases/{case.number}/redo/", given)
    assert Move.objects.filter(case__number=case.number, verb="redo").get().given["reason"] == "My own words"


def test_the_page_previews_saves_and_retires(db):
    town = build_town()
    client = Client()
    boss = town.people["desk"]
    client.force_login(boss)
    assert client.get("/texts/").status_code == 403
    from_admin = admin()
    given = {"verb": "redo", "category": "", "zh": "{place}请重办", "en": "Again at {place}"}
    shown = from_admin.post("/texts/new/", {**given, "act": "look"}).content.decode()
    assert "金砂路 12 号请重办" in shown
    assert not StandardText.objects.exists()
    bad = from_admin.post("/texts/new/", {**given, "zh": "{who}", "act": "save"})
    assert bad.status_code == 400
    assert "Nothing fills who" in bad.content.decode()
    assert "Again at {place}" in bad.content.decode(), "what was typed stays"
    assert from_admin.post("/texts/new/", {**given, "act": "save"}).status_code == 302
    row = StandardText.objects.get()
    given["version"] = version_at(from_admin, f"/texts/{row.pk}/")
    assert from_admin.post(f"/texts/{row.pk}/", {**given, "en": "Once more", "act": "save"}).status_code == 302
    assert "Once more" in from_admin.get("/texts/").content.decode()
    late = from_admin.post(f"/texts/{row.pk}/retire/", {"version": given["version"]}, follow=True)
    assert "Somebody else has changed this" in late.content.decode()
    assert "Once more" in late.content.decode(), "who saw the older words retires nothing"
    from_admin.post(f"/texts/{row.pk}/retire/", {"version": version_at(from_admin, f"/texts/{row.pk}/")})
    assert "Once more" not in from_admin.get("/texts/").content.decode()
    assert Entry.objects.filter(kind="case.text_changed.v1").count() == 3


def test_a_text_that_somebody_else_changed_is_shown_and_not_overwritten_silently(db):
    boss = admin()
    row = actions.save_text(actor=SETUP, verb="redo", zh="请重办", en="Again")
    path = f"/texts/{row.pk}/"
    typed = {"verb": "redo", "category": "", "zh": "请重办", "en": "Mine", "version": version_at(boss, path)}
    actions.save_text(actor=SETUP, verb="submit", zh="请重办", en="Theirs", text_id=row.pk)
    shown = boss.post(path, {**typed, "act": "look"}).content.decode()
    assert version_on(shown) == typed["version"], "a look does not renew what was seen"
    answer = boss.post(path, {**typed, "act": "save"})
    page = answer.content.decode()
    assert answer.status_code == 412
    meanwhile = page.split("What was changed meanwhile")[1].split("</section>")[0]
    assert [word in meanwhile for word in ("Again", "Theirs", "Mine")] == [True, True, False]
    assert "Mine</textarea>" in page
    assert selectors.standard_text(row.pk).texts["en"] == "Theirs"
    assert boss.post(path, {**typed, "act": "save", "version": version_on(page)}).status_code == 302
    assert selectors.standard_text(row.pk).texts["en"] == "Mine"


def admin() -> Client:
    """An administrator's browser."""
    client = Client()
    client.force_login(holder("text-boss", "admin"))
    client.cookies["django_language"] = "en"
    return client
