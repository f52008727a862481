"""Saved filters: kept under a name, shared, guarded against lost updates, deleted; what each sees stays their own."""

import pytest
from django.test import Client

from accounts.models import Organisation
from accounts.selectors import actor_of
from cases import actions, selectors
from cases.models import SavedFilter
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.scope import machine
from core.versions import version_of
from exchange.models import ExportJob
from journal.models import Entry
from tests.accounts.factories import holder
from tests.cases.factories import HERE, THERE, Town, brought_to, reported

OPTIONS = {"queue": "open", "q": "树枝"}


def saved(town: Town, who: str = "leader", name: str = "树枝", shared: str = "", **options: str) -> SavedFilter:
    return actions.save_filter(actor=town.actor(who), name=name, options=options or OPTIONS, shared=shared)


def seen_by(town: Town, who: str) -> list[str]:
    return [row.name for row in selectors.saved_filters(town.actor(who))]


def code_of(town: Town, who: str) -> str:
    return town.actor(who).org.rpartition(".")[2]


def browser(town: Town, who: str) -> Client:
    client = Client()
    client.force_login(town.people[who])
    return client


def test_a_filter_is_its_owners_until_it_is_shared(town):
    row = saved(town)
    assert seen_by(town, "leader") == ["树枝"]
    assert seen_by(town, "desk") == seen_by(town, "acceptor") == []
    with pytest.raises(NotFound):
        selectors.saved_filter(row.pk, town.actor("desk"))
    entry = Entry.objects.get(kind="case.filter_changed.v1")
    assert (entry.actor, entry.data) == (
        town.actor("leader").key,
        {"filter_id": row.pk, "shared": "", "deleted": False},
    )
    assert entry.scopes == [f"user:{row.owner_id}"], "what somebody keeps for themselves is no news for the city"


def test_it_is_shared_with_an_organisation_and_all_beneath_it_or_with_a_duty(town):
    saved(town, "desk", "部门", f"org:{code_of(town, 'desk')}")
    saved(town, "acceptor", "受理", "duty:accept")
    assert seen_by(town, "handler") == ["部门"]
    assert seen_by(town, "leader") == []
    assert seen_by(town, "acceptor") == ["受理"]
    above = town.actor("desk").org.split(".")[0]
    boss = holder("boss", "admin", "case.see")
    whole = actions.save_filter(actor=town.actor("leader"), name="全部", options=OPTIONS)
    with pytest.raises(Forbidden, match="may_not_share"):
        actions.save_filter(actor=town.actor("leader"), name="全部", options=OPTIONS, shared="all", pk=whole.pk)
    with pytest.raises(Forbidden, match="may_not_share"):
        saved(town, "leader", "x", "duty:handle")
    actions.save_filter(actor=actor_of(boss), name="全市", options=OPTIONS, shared="all")
    actions.save_filter(actor=actor_of(boss), name="上级", options=OPTIONS, shared=f"org:{above}")
    for who in ("handler", "collector", "leader"):
        assert "全市" in seen_by(town, who)
    assert "上级" in seen_by(town, "handler")


def test_nobody_sees_more_through_a_shared_filter_than_without_it(town):
    here, there = reported(town, HERE, description="树枝"), reported(town, THERE, description="树枝")
    row = saved(town, "district_dispatcher", "我们的", f"org:{code_of(town, 'district_dispatcher')}")
    found = selectors.filtered(row.options, town.actor("district_dispatcher"))
    assert {case.number for case in found} == {here.number}
    assert {case.number for case in selectors.filtered(row.options, town.actor("leader"))} == {
        here.number,
        there.number,
    }


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": " "}, "filter.name"),
        ({"name": "长" * 61}, "filter.name"),
        ({"options": {}}, "filter.nothing"),
        ({"options": {"colour": "red"}}, "case.unknown_filter"),
        ({"options": {"q": "，"}}, "case.search_nothing"),
        ({"shared": "org:nowhere"}, "filter.unknown_share"),
        ({"shared": "duty:king"}, "filter.unknown_share"),
        ({"shared": "x"}, "filter.unknown_share"),
        ({"name": "nul\x00"}, "case.bad_text"),
    ],
)
def test_what_makes_no_filter_is_refused(town, given, code):
    with pytest.raises(Invalid) as refused:
        actions.save_filter(**{"actor": town.actor("leader"), "name": "一", "options": OPTIONS, **given})
    assert refused.value.code == code
    assert SavedFilter.objects.count() == 0


def test_a_name_stands_once_for_each_person_and_machines_have_none(town):
    saved(town)
    with pytest.raises(Conflict, match="name_taken"):
        saved(town)
    saved(town, "desk")
    with pytest.raises(Forbidden, match="people_only"):
        actions.save_filter(actor=machine("robot", "case.see"), name="一", options=OPTIONS)


def test_there_are_not_more_filters_than_people_can_read(town, monkeypatch):
    monkeypatch.setattr("cases.actions.filters.MOST_FILTERS", 1)
    saved(town)
    with pytest.raises(Conflict, match="too_many"):
        saved(town, name="二")


def test_whoever_saves_after_somebody_else_is_told(town):
    row = saved(town)
    seen = version_of(row.told())
    changed = actions.save_filter(actor=town.actor("leader"), name="新名", options=OPTIONS, pk=row.pk, seen=seen)
    assert changed.name == "新名"
    with pytest.raises(Stale):
        actions.save_filter(actor=town.actor("leader"), name="旧", options=OPTIONS, pk=row.pk, seen=seen)
    with pytest.raises(Stale):
        actions.delete_filter(row.pk, actor=town.actor("leader"), seen=seen)
    assert SavedFilter.objects.get().name == "新名"


def test_only_its_owner_or_an_administrator_changes_and_deletes_it(town):
    row = saved(town, "desk", "部门", f"org:{code_of(town, 'desk')}")
    with pytest.raises(Forbidden, match="not_yours"):
        actions.delete_filter(row.pk, actor=town.actor("handler"))
    with pytest.raises(NotFound):
        actions.delete_filter(row.pk, actor=town.actor("leader"))
    actions.delete_filter(row.pk, actor=town.actor("desk"))
    assert seen_by(town, "handler") == []
    assert Entry.objects.filter(kind="case.filter_changed.v1", data__deleted=True).count() == 1


def test_pages_save_the_filter_of_the_list_show_it_beside_it_and_delete_it(town):
    client = browser(town, "desk")
    listing = client.get("/cases/", {"queue": "open", "q": "树枝"}).content.decode()
    assert "/cases/filters/new/?queue=open&amp;q=%E6%A0%91%E6%9E%9D" in listing
    form = client.get("/cases/filters/new/", {"queue": "open", "q": "树枝"}).content.decode()
    assert "队列：全部在办 · 关键词：树枝" in form, "no codes of the address"
    assert "everybody in the city" not in form, "who may not share with all is not offered it"
    sent = {"name": "树", "shared": f"org:{code_of(town, 'desk')}", "filters": "queue=open&q=%E6%A0%91%E6%9E%9D"}
    answer = client.post("/cases/filters/new/", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/cases/?queue=open&q=%E6%A0%91%E6%9E%9D")
    row = SavedFilter.objects.get()
    colleague = browser(town, "handler").get("/cases/", {"queue": "open", "q": "树枝"}).content.decode()
    assert 'aria-current="true">树' in colleague
    assert client.post("/cases/filters/new/", sent).status_code == 409
    version = client.get(f"/cases/filters/{row.pk}/").content.decode().split('name="version" value="')[1].split('"')[0]
    actions.save_filter(actor=town.actor("desk"), name="别人改的", options=OPTIONS, pk=row.pk, shared=row.shared)
    stale = client.post(f"/cases/filters/{row.pk}/", {**sent, "name": "我的", "version": version})
    assert stale.status_code == 412
    assert "别人改的" in stale.content.decode()
    assert browser(town, "handler").get(f"/cases/filters/{row.pk}/").status_code == 403
    assert browser(town, "leader").get(f"/cases/filters/{row.pk}/").status_code == 404
    page = client.get("/cases/filters/").content.decode()
    version = page.split('name="version" value="')[1].split('"')[0]
    assert client.post(f"/cases/filters/{row.pk}/delete/", {"version": version}).status_code == 302
    assert SavedFilter.objects.count() == 0


def test_a_filter_stays_shared_with_an_organisation_that_is_no_longer_in_use(town):
    shared = f"org:{code_of(town, 'desk')}"
    row = saved(town, "desk", "部门", shared)
    Organisation.objects.filter(code=code_of(town, "desk")).update(active=False)
    client, address = browser(town, "desk"), f"/cases/filters/{row.pk}/"
    assert "已停用" in client.get("/cases/filters/").content.decode()
    form = client.get(address).context["form"]
    assert (shared in dict(form.fields["shared"].choices), form["shared"].value()) == (True, shared)
    seen = client.get(address).context["version"].split('value="')[-1].split('"')[0]
    sent = {"name": "改名", "shared": shared, "filters": "queue=open", "version": seen}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, {**sent, "shared": ""}).status_code == 412
    assert SavedFilter.objects.values_list("name", "shared").get() == ("改名", shared)
    api, body = f"/api/cases/filters/{row.pk}", {"name": "再改", "options": OPTIONS, "shared": shared}
    tag = client.get(api).headers["ETag"]
    assert client.put(api, body, content_type="application/json", headers={"If-Match": tag}).status_code == 200
    with pytest.raises(Invalid, match="unknown_share"):
        saved(town, "desk", "新的", shared)


def test_programs_save_with_the_version_they_saw(town):
    client, body = browser(town, "leader"), {"name": "一", "options": OPTIONS}
    made = client.post("/api/cases/filters", body, content_type="application/json")
    assert (made.status_code, made.json()["own"], made.json()["shared"]) == (201, True, "")
    path = f"/api/cases/filters/{made.json()['id']}"
    changed = {**body, "name": "二"}
    assert client.put(path, changed, content_type="application/json").status_code == 428
    tag = client.get(path).headers["ETag"]
    assert client.put(path, changed, content_type="application/json", headers={"If-Match": tag}).status_code == 200
    assert client.put(path, body, content_type="application/json", headers={"If-Match": tag}).status_code == 412
    assert [one["name"] for one in client.get("/api/cases/filters").json()] == ["二"]
    assert client.delete(path, headers={"If-Match": client.get(path).headers["ETag"]}).status_code == 204
    assert client.get(path).status_code == 404


def test_all_queues_are_all_cases_on_every_page_of_the_list_in_its_file_and_nothing_to_save(town, monkeypatch):
    monkeypatch.setattr("cases.pages.queues.PAGE", 1)
    made = [reported(town).number, brought_to(town, "closed").number]
    client = browser(town, "leader")
    numbers, here = [], "/cases/?q=&queue=&stage=&category="
    while here:
        page = client.get(here)
        numbers += [row["case"].number for row in page.context["rows"]]
        here = page.context["next"]
    assert numbers == list(reversed(made))
    assert page.context["queue"] == ""
    assert client.get(page.context["first"]).context["rows"][0]["case"].number == made[-1]
    before = client.get(page.context["previous"])
    assert [row["case"].number for row in before.context["rows"]] == [made[-1]]
    assert (before.context["previous"], before.context["first"] != "") == ("", True)
    assert "上一页" in page.content.decode()
    assert client.get(before.context["here"]).context["rows"] == before.context["rows"], "asked anew it stays there"
    assert client.get("/cases/").context["queue"] == "mine", "who asks for nothing gets their own"
    asked = {"dataset": "cases", "format": "csv", "filters": page.context["filters_as_url"]}
    assert client.post("/exports/", asked).status_code == 302
    assert selectors.CaseList().count(ExportJob.objects.get().options, actor=town.actor("leader")) == len(made)
    refused = client.post("/cases/filters/new/", {"name": "所有", "shared": "", "filters": asked["filters"]})
    assert refused.status_code == 400
    assert not SavedFilter.objects.exists()


def test_what_the_address_narrows_by_stays_chosen_in_the_form_and_is_said_in_the_words_of_the_reader(town):
    client = browser(town, "leader")
    asked = {"stage": "handling,rework", "source": "camera,phone", "open": "true", "category": "E9999", "late": "true"}
    form = client.get("/cases/", asked).context["filters"]
    assert {name: form[name].value() for name in asked} == asked
    assert all(form.fields[name].valid_value(value) for name, value in asked.items()), "a browser sends them again"
    assert dict(form.fields["stage"].choices)["handling,rework"] == "处置中、待返工"
    saved(town, **asked, district=HERE, since="2026-11-01")
    page = client.get("/cases/filters/")
    said = dict(page.context["rows"][0]["narrowed"])
    assert (said["是否办结"], said["是否超时"], said["小类"]) == ("未办结", "超期", "E9999")
    assert HERE not in said.values()
    english = client.get("/cases/filters/", headers={"Accept-Language": "en"})
    assert dict(english.context["rows"][0]["narrowed"])["Ended"] == "not ended"
