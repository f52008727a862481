"""Pages and API of files, as officer, head and watcher; papers as PDF; the page by which anybody checks one."""

import io
import json
import re

import pytest
from django.test import Client
from pypdf import PdfReader

from core.papers import pdf_of
from enforcement import actions, rules, selectors
from enforcement.intakes import asked_paper, html_of
from enforcement.models import Document, Dossier
from enforcement.rules.papers import PLACES
from tests.cases.factories import SETUP, brought_to
from tests.enforcement.factories import PARTY, SPOT, actor, at, both, days, decided, opened, told

pytestmark = pytest.mark.django_db
FORM = {
    "cause": "street-vending", "procedure": "simple", "act_on": "2026-11-23", "about": "摆卖", "party_kind": "citizen",
    "name": "王小明", "phone": "13812345678", "place": "金砂路", "lon": str(SPOT[0]), "lat": str(SPOT[1]),
}  # fmt: skip


def client(town, name="first"):
    found = Client()
    found.force_login(town.people[name])
    return found


def shown(answer):
    return answer.content.decode()


def test_a_file_is_opened_by_its_form_once_and_what_was_typed_stays_when_it_is_refused(town):
    page = client(town)
    key = re.search(r'name="key" value="([^"]+)"', shown(page.get("/enforcement/new/")))[1]
    refused = page.post("/enforcement/new/", {**FORM, "key": key, "lon": ""})
    assert refused.status_code == 400
    assert "13812345678" in shown(refused)
    first, again = (page.post("/enforcement/new/", {**FORM, "key": key}) for _ in range(2))
    assert first.status_code == 302
    assert first["Location"] == again["Location"]
    assert Dossier.objects.count() == 1
    assert client(town, "watcher").get("/enforcement/new/").status_code == 403


def test_the_page_of_a_file_says_what_may_follow_and_why_not_by_its_article(town):
    row = opened(town)
    page = shown(client(town, "head").get(f"/enforcement/{row.number}/"))
    assert "执法人员不得少于两人，本案现有 0 人（《行政处罚法》第四十二条）" in page
    assert "王**" in page
    assert not [word for word in PARTY.values() if word in page]
    watcher = shown(client(town, "watcher").get(f"/enforcement/{row.number}/"))
    assert "王**" not in watcher
    assert "您无权查看当事人信息" in watcher
    assert client(town, "other").get(f"/enforcement/{row.number}/").status_code == 404


def test_the_page_of_a_case_leads_whoever_opens_files_there_to_a_new_one(town):
    number = brought_to(town, "dispatched").number
    way = f"/enforcement/new/?case={number}"
    assert way in shown(client(town).get(f"/cases/{number}/"))
    assert number in shown(client(town).get(way))
    assert "/enforcement/new/" not in shown(client(town, "head").get(f"/cases/{number}/"))


def test_a_step_is_taken_by_its_form_and_a_refused_one_keeps_what_was_typed(town):
    row = opened(town)
    page, url = client(town), f"/enforcement/{row.number}/steps/assign/"
    one = {"version": "1", "assign-officers": both(town)[:1]}
    refused = page.post(url, one)
    assert refused.status_code == 400
    assert "执法人员不得少于两人" in shown(refused)
    assert page.post(url, {**one, "assign-officers": both(town)}).status_code == 302
    assert page.post(url, {**one, "assign-officers": both(town)}).status_code == 412
    row.refresh_from_db()
    assert row.officers == both(town)
    assert page.post(f"/enforcement/{row.number}/steps/fly/", one).status_code == 404


def test_terms_are_shown_with_how_they_are_counted(town):
    row = told(town)
    page = shown(client(town).get(f"/enforcement/{row.number}/"))
    assert "2026-11-26" in page  # three working days of plea
    assert "《行政处罚法》第四十五条" in page


def test_the_list_is_narrowed_and_a_filter_that_makes_no_sense_is_told(town):
    row = told(town)
    page = client(town)
    assert row.number in shown(page.get("/enforcement/?stage=notified&q=金砂路&due=7"))
    assert row.number not in shown(page.get("/enforcement/?stage=closed"))
    assert page.get("/enforcement/?stage=lost").status_code == 400
    assert page.get("/enforcement/?q=%00").status_code == 200
    assert row.number not in shown(client(town, "other").get("/enforcement/"))
    at(days(40))
    assert row.number in shown(client(town).get("/enforcement/?due=over"))


def test_the_board_and_the_power_list_are_there_in_both_languages(town):
    row = decided(town)
    page = client(town, "watcher")
    page.cookies["django_language"] = "en"
    board = shown(page.get("/enforcement/board/"))
    assert "Decided" in board
    assert row.number not in shown(client(town, "other").get("/enforcement/board/"))
    assert "Street vending" in shown(page.get("/enforcement/power-list/"))


def test_the_party_is_seen_whole_by_its_page_for_a_reason(town):
    row = opened(town)
    page = client(town, "head")
    assert "王小明" not in shown(page.get(f"/enforcement/{row.number}/look/"))
    assert page.post(f"/enforcement/{row.number}/look/", {"ground": "service", "note": ""}).status_code == 400
    whole = page.post(f"/enforcement/{row.number}/look/", {"ground": "service", "note": "送达"})
    assert "440106199001011234" in shown(whole)
    assert whole["Cache-Control"] == "no-store"
    assert client(town).get(f"/enforcement/{row.number}/look/").status_code == 403
    assert "送达" in shown(page.get(f"/enforcement/{row.number}/"))


def test_a_paper_is_masked_until_somebody_has_given_a_reason(town):
    row = decided(town)
    place = row.documents.get(kind="decision").place
    masked = shown(client(town, "head").get(f"/enforcement/{row.number}/papers/{place}/"))
    assert "王**" in masked
    assert "440106199001011234" not in masked
    actions.look(row.number, actor=actor(town, "head"), ground="service", note="送达")
    assert "440106199001011234" in shown(client(town, "head").get(f"/enforcement/{row.number}/papers/{place}/"))
    assert "440106199001011234" not in shown(client(town).get(f"/enforcement/{row.number}/papers/{place}/"))
    watcher = shown(client(town, "watcher").get(f"/enforcement/{row.number}/papers/{place}/"))
    hidden = "＊＊＊（证件号码：＊＊＊"
    assert hidden in watcher
    assert hidden in html_of(row.documents.get(place=place), whole=False, masked=False)
    assert hidden not in masked


def test_anybody_checks_a_paper_by_its_code_and_learns_nothing_of_the_party(town):
    paper = decided(town).documents.get(kind="decision")
    page = Client().get(f"/verify/{paper.token}/")
    assert page.status_code == 200
    assert paper.number in shown(page)
    assert "与封存时一致" in shown(page)
    assert not [word for word in (*PARTY.values(), "王**", "1000.00", "壹仟") if word in shown(page)]
    assert Client().get("/verify/guess/").status_code == 404


def test_a_paper_is_a_pdf_whose_text_can_be_selected_and_whose_fonts_are_embedded(town):
    row = decided(town)
    place = row.documents.get(kind="decision").place
    paper = asked_paper({"file": row.number, "paper": str(place)}, actor(town))
    pdf = PdfReader(io.BytesIO(pdf_of(html_of(paper, whole=False))))
    text = "".join(page.extract_text() for page in pdf.pages).replace("\n", "")
    assert "行政处罚决定书" in text
    assert "壹仟元整" in text
    assert "王**" in text
    assert "王小明" not in text
    fonts = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    assert all("/FontFile" in str(font["/DescendantFonts"][0].get_object()["/FontDescriptor"]) for font in fonts)
    assert f"/verify/{paper.token}/" in text


def test_every_kind_of_paper_has_words_whose_places_are_all_filled_by_somebody(town):
    row = decided(town)
    facts = selectors.facts_of(row, selectors.credentials())
    world = selectors.world_for(row, actor(town))
    values = selectors.paper_values(row, facts, row.moves.order_by("number").last(), world)
    known = {*values, "party", "identity", "phone", "address"}
    assert known >= PLACES
    for kind in rules.KINDS.values():
        assert not rules.unknown_places(kind.body)
        assert set(re.findall(r"\{(\w+)\}", kind.body)) <= known, kind.code


def test_administrators_change_the_words_of_a_paper_and_nobody_else(town):
    page = client(town, "head")
    assert page.get("/enforcement/papers/decision/").status_code == 403
    actions.save_template("notice", actor=SETUP, body="新告知书：{kinds}", version=0)
    assert Document.objects.count() == 0
    row = told(town)
    assert "新告知书：罚款" in selectors.words_of(row.documents.get(kind="notice"), whole=False)


def api(town, method, path, name="first", data=None, **headers):
    call = getattr(client(town, name), method)
    return (
        call(path, json.dumps(data or {}), content_type="application/json", headers=headers)
        if data is not None
        else call(path)
    )


def test_a_program_opens_a_file_and_leads_it(town):
    told_of = {
        "cause": "street-vending", "act_on": "2026-11-23", "procedure": "simple", "party_kind": "citizen",
        "party": {"name": "王小明"}, "lon": SPOT[0], "lat": SPOT[1],
    }  # fmt: skip
    made = [api(town, "post", "/api/dossiers", data=told_of, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    number = made[0].json()["number"]
    assert {one.json()["number"] for one in made} == {number}
    path = f"/api/dossiers/{number}/steps/assign"
    given = {"given": {"officers": both(town)}}
    assert api(town, "post", path, data=given).status_code == 428
    assert api(town, "post", path, data=given, **{"If-Match": '"9"'}).status_code == 412
    taken = api(town, "post", path, data=given, **{"If-Match": '"1"'})
    assert (taken.status_code, taken["ETag"]) == (200, '"2"')
    over = {"kinds": ["fine"], "fine": "201", "band": "usual", "told": True, "said": "无异议"}
    no = api(town, "post", f"/api/dossiers/{number}/steps/decide_on_spot", data={"given": over}, **{"If-Match": '"2"'})
    assert (no.status_code, no.json()["code"]) == (400, "enforcement.over_simple_limit")
    assert "第五十一条" in no.json()["message"]
    listed = client(town).get("/api/dossiers?stage=opened&limit=1").json()
    assert [one["number"] for one in listed["results"]] == [number]
    assert "王小明" not in json.dumps([listed, taken.json()], ensure_ascii=False)
    assert client(town, "other").get("/api/dossiers").json()["results"] == []


def test_the_api_masks_the_party_and_shows_it_whole_for_a_reason(town):
    row = opened(town, case=brought_to(town, "dispatched").number, point=None)
    path = f"/api/dossiers/{row.number}"
    assert client(town).get(f"{path}/party").json()["name"] == "王**"
    assert client(town, "watcher").get(f"{path}/party").status_code == 403
    look = {"ground": "verify", "note": "核对"}
    assert api(town, "post", f"{path}/party", "first", look).status_code == 403
    assert api(town, "post", f"{path}/party", "head", look).json()["name"] == "王小明"
    past = client(town).get(f"{path}/history").json()["results"]
    assert {one["case"] for one in past} == {"", row.case}
    assert client(town).get(f"{path}/papers").json() == {"results": []}
