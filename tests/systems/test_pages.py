"""The pages of systems: what a pack declares is drawn, of what the reader may see, whatever befalls one panel."""

import json
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from core import clock
from dashboard import selectors
from dashboard.contracts import Outcome
from dashboard.manifest import Panels
from packs.models import PackRelease
from registers import actions
from registers import selectors as registers
from tests.assets.factories import put, types
from tests.cases.factories import HERE, SETUP, point, reported
from tests.cases.test_query_counts import cost
from tests.registers.factories import LIBRARY, actor, at, days, document, dog, permit, registered, waybill

pytestmark = pytest.mark.django_db
RECORD = Path(__file__).with_name("query_counts.json")


def in_force(pack, **changed):
    """The pack of the library is in force, changed like this."""
    document = {**LIBRARY().packs[pack].document, **changed}
    PackRelease.objects.filter(code=pack).delete()
    PackRelease.objects.create(code=pack, version="1.0.0", hash="0" * 64, manifest=document, applied_by="test")


def shown(town, path, name="keeper", language="zh-hans", status=200):
    client = Client()
    client.force_login(town.people[name])
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def panel(page, code):
    """The part of a page that one panel is."""
    return page.partition(f'aria-labelledby="p-{code}"')[2].partition("</section>")[0]


def told(town, pack, name="keeper"):
    """The panels of a pack by their code, as somebody is answered."""
    who = actor(town, name)
    return {one.panel.code: one for one in selectors.answered(selectors.system(pack, who).panels, who)}


def test_the_systems_are_listed_with_what_waits_in_them(town):
    in_force("dogs")
    in_force("spoil")
    who = actor(town)
    registered(who)
    dog(who, chip="156000000000002")
    reported(town, category="E0184")
    at(days(350))
    page = shown(town, "/systems/")
    card = page.partition('id="s-dogs"')[2].partition("</section>")[0]
    assert "1 件在办案件" in card
    assert "1 条待办理" in card
    assert "1 条在 30 天内到期" in card
    assert 'href="/systems/spoil/"' in page


def test_a_system_draws_what_its_pack_declares_in_both_languages(town):
    in_force("dogs")
    who = actor(town)
    registered(who)
    dog(who, chip="156000000000002", breed="中华田园犬")
    reported(town, category="E0184")
    page = shown(town, "/systems/dogs/")
    assert "待审核" in panel(page, "by_state")
    assert panel(page, "by_state").count('<rect class="panel__fill ') == 2
    assert "中华田园犬" in panel(page, "breeds")
    assert "已达标" in panel(page, "lapsed"), "none has lapsed, and none may"
    assert "<cc-map" in panel(page, "where")
    assert len(re.findall(r'class="heat__4"', panel(page, "entered"))) == 1
    assert "共 1" in panel(page, "violations")
    assert "没有可显示的内容" in panel(page, "ending")
    english = shown(town, "/systems/dogs/", language="en")
    assert "Applied" in panel(english, "by_state")
    assert "Target met" in panel(english, "lapsed")
    at(days(320))
    assert "45 days left" in panel(shown(town, "/systems/dogs/", language="en"), "ending")
    at(days(366))
    who_keeps = actor(town)
    registers.record_counts(registers.known("dog", who_keeps)[1], "over", who_keeps)
    assert "没有可显示的内容" in panel(shown(town, "/systems/dogs/"), "ending"), "what is over does not end soon"


def test_a_person_of_another_district_is_told_of_their_own_alone(town):
    in_force("dogs")
    registered(actor(town))
    reported(town, category="E0184")
    assert told(town, "dogs")["by_state"].groups[0].value == 1
    there = told(town, "dogs", "other")
    assert {one.outcome for code, one in there.items() if code != "lapsed"} == {Outcome.EMPTY}
    assert there["lapsed"].value == 0
    page = shown(town, "/systems/dogs/", "other")
    assert "柯基" not in page
    assert "DOG4499" not in page
    assert "0 件在办案件" in shown(town, "/systems/", "other")


def test_nothing_personal_stands_on_the_page_and_none_is_counted_by(town):
    in_force("dogs")
    registered(actor(town))
    page = shown(town, "/systems/dogs/")
    assert not any(word in page for word in ("林小姐", "13800001234", "138****1234", "金砂路"))
    by_owner = {"code": "owners", "names": {"zh": "养犬人", "en": "Owners"}, "view": "ranking", "of": "records",
                "register": "dog", "by": "attr.owner"}  # fmt: skip
    in_force("dogs", panels=[by_owner, {**by_owner, "code": "breeds", "by": "attr.breed"}])
    found = told(town, "dogs")
    assert found["owners"].outcome is Outcome.GONE, "even where a pack came into force that asks for it"
    assert found["breeds"].outcome is Outcome.TOLD
    assert "林小姐" not in shown(town, "/systems/dogs/")


def test_who_may_not_see_what_a_panel_counts_reads_so_and_sees_the_others(town):
    in_force("dogs")
    registered(actor(town))
    found = told(town, "dogs", "looker")
    assert found["violations"].outcome is Outcome.REFUSED, "a looker sees registers and no cases"
    assert found["by_state"].outcome is Outcome.TOLD
    assert "件在办案件" not in shown(town, "/systems/", "looker")
    found = told(town, "dogs", "leader")
    assert found["by_state"].outcome is Outcome.REFUSED, "a shift leader sees cases and no registers here"
    page = shown(town, "/systems/dogs/", "leader")
    assert "您的岗位无权查看" in panel(page, "by_state")
    assert "柯基" not in page


def test_a_system_of_which_one_may_use_nothing_is_not_there(town):
    in_force("spoil", categories=[], panels=[], registers=[])
    for path in ("/systems/spoil/", "/systems/none/", "/systems/%00/"):
        shown(town, path, status=404)
    assert "spoil" not in shown(town, "/systems/")


def test_a_slow_panel_is_stopped_and_says_so_while_the_next_is_drawn(town, monkeypatch):
    in_force("dogs")
    registered(actor(town))
    counts, limits = registers.record_counts, []

    def slow(declared, count, who, *, by="", **asked):
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            limits.append(cursor.fetchone()[0])
            if by == "attr.breed":
                cursor.execute("SET LOCAL statement_timeout = 50; SELECT pg_sleep(600)")
        return counts(declared, count, who, by=by, **asked)

    monkeypatch.setattr(registers, "record_counts", slow)
    only = [one for one in LIBRARY().packs["dogs"].document["panels"] if one["code"] in ("breeds", "by_state")]
    in_force("dogs", panels=sorted(only, key=lambda one: one["code"] != "breeds"))
    page = shown(town, "/systems/dogs/")
    assert "用时过长" in panel(page, "breeds")
    assert "已登记" in panel(page, "by_state")
    assert limits == ["1min", "1min"], "each has the time of the settings, whatever the one before it did"


def test_a_panel_over_a_register_that_is_gone_says_so(town):
    lost = {"code": "lost", "names": {"zh": "无", "en": "Lost"}, "view": "number", "of": "records", "register": "cats"}
    in_force("dogs", panels=[lost])
    assert told(town, "dogs")["lost"].outcome is Outcome.GONE
    assert "数据包需要修正" in panel(shown(town, "/systems/dogs/"), "lost")


def test_counts_of_cases_are_exactly_the_lists_behind_them(town):
    in_force("appearance")
    for _ in range(3):
        reported(town, category="E0407")
    found = told(town, "appearance", "leader")
    by_class = {one.key: one for one in found["open_by_class"].groups}
    assert by_class["E0407"].value == 3
    assert "3 件" in shown(town, by_class["E0407"].href, "leader")
    assert {one.key: one.value for one in found["open_by_district"].groups} == {HERE: 3}
    assert found["late"].value == 0
    assert found["on_time"].outcome is Outcome.EMPTY, "nothing was closed, which is no hundred percent"
    assert found["reported"].groups[-1].value == 3
    assert len(found["reported"].groups) == 30
    at(clock.now() + timedelta(days=400))
    later = told(town, "appearance", "leader")
    assert later["reported"].outcome is Outcome.EMPTY
    assert later["open_by_class"].groups[0].value == 3, "open is open, however old"


def test_groups_have_names_where_the_data_names_them_and_no_codes(town):
    material = {"type": "string", "enum": ["cast", "resin"], "x-choices": {"cast": {"zh": "铸铁", "en": "Cast iron"}}}
    cover = {"code": "cover", "names": {"zh": "井盖", "en": "Cover"}, "major": "01", "minor": "02", "geometry": "point",
             "attributes": {"type": "object", "properties": {"material": material}}}  # fmt: skip
    types(cover)
    lon, lat = point(HERE)
    for number, made in enumerate(("cast", "resin"), start=1):
        place = {"code": f"{HERE}010200000{number}", "lon": lon, "lat": lat}
        put({**place, "attributes": {"material": made}})
    registered(actor(town))
    now = document("dogs", "dog")
    state = {"code": "kept", "names": {"zh": "在册", "en": "On file"}}
    renamed = json.loads(json.dumps(now).replace('"registered"', '"kept"'))
    states = [{**one, **state} if one["code"] == "kept" else one for one in renamed["states"]]
    actions.declare({**renamed, "states": states}, actor=SETUP, pack="dogs")
    made = {"code": "made", "names": {"zh": "材质", "en": "Made of"}, "view": "bars", "of": "components",
            "types": ["cover"], "by": "attr.material"}  # fmt: skip
    stand = {"code": "stand", "names": {"zh": "状态", "en": "State"}, "view": "bars", "of": "records",
             "register": "dog", "by": "state"}  # fmt: skip
    in_force("dogs", panels=[made, stand])
    found = told(town, "dogs")
    assert [(one.label, one.value) for one in found["made"].groups] == [("铸铁", 1), ("resin", 1)]
    assert [(one.label, one.level, one.value) for one in found["stand"].groups] == [("已登记", "normal", 1)]


def test_more_groups_than_fit_are_counted_and_not_drawn(town):
    few = {"code": "breeds", "names": {"zh": "犬种", "en": "Breeds"}, "view": "bars", "of": "records",
           "register": "dog", "by": "attr.breed", "most": 1}  # fmt: skip
    in_force("dogs", panels=[few])
    who = actor(town)
    dog(who)
    dog(who, chip="156000000000002")
    dog(who, chip="156000000000003", breed="中华田园犬")
    found = told(town, "dogs")["breeds"]
    assert [(one.label, one.value) for one in found.groups] == [("柯基", 2)]
    assert found.more == 1


def test_spoil_shows_its_waybills_and_carriers(town):
    in_force("spoil")
    who = actor(town)
    waybill(who, permit(who))
    found = told(town, "spoil")
    assert [(one.label, one.value) for one in found["carriers"].groups] == [("澄湾运输", 1)]
    assert found["waybills"].groups[0].label == "已申请"
    assert found["sites"].lines[0].lon is not None


def test_the_release_in_force_is_what_panels_are_compared_with(town):
    document = LIBRARY().packs["dogs"].document
    panels = Panels()
    assert {change.what for change in panels.diff(document)} == {"add"}
    in_force("dogs")
    assert panels.diff(document) == []
    first, *rest = document["panels"]
    changes = panels.diff({**document, "panels": [{**first, "most": 3}, *rest[1:]]})
    assert [(change.what, change.code) for change in changes] == [("change", "by_state"), ("retire", "ending")]
    assert {change.what for change in panels.diff({"code": "dogs"})} == {"retire"}


def test_the_pages_cost_as_many_queries_as_were_recorded(town):
    for pack in ("dogs", "spoil", "appearance"):
        in_force(pack)
    who = actor(town)
    registered(who)

    def measured():
        client = Client()
        client.force_login(town.people["keeper"])
        paths = ("/systems/", "/systems/dogs/", "/systems/spoil/", "/systems/appearance/")
        return {f"GET {path}": cost(lambda path=path: client.get(path)) for path in paths}

    few = measured()
    if os.environ.get("RECORD_QUERIES"):
        RECORD.write_text(json.dumps(few, indent=2) + "\n", encoding="utf-8")
    assert few == json.loads(RECORD.read_text(encoding="utf-8"))
    for number in range(2, 9):
        registered(who, chip=f"15600000000000{number}", tag=f"B-{number}", breed=f"犬种{number}")
        reported(town, category="E0184")
    assert measured() == few, "more records and cases are no more queries"
