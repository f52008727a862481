"""What is open to citizens: packs propose, the city decides; keys of programs; the pages of both; what is masked."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cases.actions import switch_classes
from core.errors import Forbidden, Invalid, NotFound
from journal.models import Entry
from packs.adapters.library import read_library
from packs.contracts import handlers
from portal import actions, rules, selectors
from portal.models import ReportKey, Service
from tests.accounts.factories import holder
from tests.cases.factories import SETUP
from tests.portal.conftest import SERVICES

PACK = {"code": "test", "services": SERVICES}
LESS = {"code": "test", "services": SERVICES[:1]}


def codes():
    return [one.code for one in selectors.open_services()]


def changes(pack):
    return [(change.what, change.code) for change in handlers()["services"].diff(pack)]


@pytest.mark.django_db
def test_a_pack_opens_services_and_takes_back_what_it_no_longer_has(town):
    section = handlers()["services"]
    assert changes(PACK) == [("add", "C0101"), ("add", "E0407"), ("add", "E0506")]
    section.apply(PACK, SETUP)
    assert changes(PACK) == []
    assert changes(LESS) == [("retire", "E0407"), ("retire", "E0506")]
    section.apply(LESS, SETUP)
    assert codes() == ["C0101"]
    assert changes(PACK) == [("revive", "E0407"), ("revive", "E0506")]


@pytest.mark.django_db
def test_the_citys_word_outlasts_the_packs(open_town):
    actions.open_service("C0101", opened=False, actor=SETUP, reason="暂停")
    actions.open_service("E0110", opened=True, actor=SETUP)
    assert ("keep", "C0101") in changes(PACK)
    handlers()["services"].apply(PACK, SETUP)
    assert codes() == ["E0110", "E0407", "E0506"]
    assert len(Service.objects.get(code="C0101").questions) == 6, "what the pack asks is not forgotten"
    told = Entry.objects.filter(kind="portal.service_changed.v1").order_by("id")
    assert [(one.subject, one.data["open"]) for one in told] == [("service:C0101", False), ("service:E0110", True)]


@pytest.mark.django_db
def test_a_class_that_is_switched_off_is_not_offered(open_town):
    switch_classes(["E0506"], enabled=False, actor=SETUP)
    assert codes() == ["C0101", "E0407"]
    with pytest.raises(NotFound):
        selectors.open_service("E0506")


def test_faults_in_the_section_are_told_in_sentences():
    def found(**service):
        pack = {"code": "x", "needs": [], "categories": [{"code": "E0407"}], "services": [{"code": "E0407", **service}]}
        return [str(problem) for problem in handlers()["services"].check(pack, {})]

    question = {"code": "Q", "datatype": "string", "names": {"zh": "问", "en": "ask"}}
    assert found(questions=[question]) == []
    assert "written twice" in found(questions=[question, question])[0]
    assert "has none" in found(questions=[{**question, "values": [{"key": "a"}]}])[0]
    assert "values to choose" in found(questions=[{**question, "datatype": "singlevaluelist"}])[0]
    assert "E0506" in found(code="E0506")[0]
    twice = {"code": "x", "categories": [{"code": "E0407"}], "services": [{"code": "E0407"}] * 2}
    assert len(handlers()["services"].check(twice, {})) == 1


def test_the_coastal_city_opens_classes_that_it_collects():
    document = read_library().packs["coastal-city"].document
    assert {row["code"] for row in document["services"]} <= set(document["class_presets"][0]["classes"])


@pytest.mark.django_db
def test_only_an_administrator_opens_services_and_makes_keys(open_town):
    anybody = open_town.actor("leader")
    with pytest.raises(Forbidden):
        actions.open_service("E0110", opened=True, actor=anybody)
    with pytest.raises(Forbidden):
        actions.make_key(label="a", contact="b", hourly=1, days=1, actor=anybody)
    with pytest.raises(Forbidden):
        actions.end_key(1, actor=anybody)
    assert not selectors.keys(anybody).exists()
    for wrong in ({"label": " "}, {"contact": "\n"}, {"hourly": 0}, {"days": 2000}):
        with pytest.raises(Invalid):
            actions.make_key(**{"label": "a", "contact": "b", "hourly": 1, "days": 1, **wrong}, actor=SETUP)
    for code in ("E9999", "nul\x00"):
        with pytest.raises(NotFound):
            actions.open_service(code, opened=True, actor=SETUP)
    assert not ReportKey.objects.exists()


@pytest.mark.django_db
def test_an_administrator_opens_a_class_and_makes_and_ends_a_key_on_the_page(open_town):
    browser = Client()
    browser.force_login(holder("root", "admin"))
    page = browser.get("/open-services/").content.decode()
    assert "C0101" in page
    assert browser.post("/open-services/switch/", {"code": "E0110", "open": "1"}).status_code == 302
    assert browser.post("/open-services/switch/", {"code": "C0101", "open": "0"}).status_code == 302
    assert codes() == ["E0110", "E0407", "E0506"]
    assert browser.post("/open-services/switch/", {"code": "X", "open": "1"}).status_code == 404
    given = {"label": "随手拍", "contact": "010-1", "hourly": "5", "days": "9"}
    assert browser.post("/open-services/keys/", {**given, "days": "x"}).status_code == 400
    made = browser.post("/open-services/keys/", given)
    assert made.status_code == 201
    text = made.context["text"]
    assert text in made.content.decode()
    assert text not in browser.get("/open-services/").content.decode()
    key = ReportKey.objects.get()
    assert text not in key.digest
    assert browser.post(f"/open-services/keys/{key.pk}/end/").status_code == 302
    sent = {"service_code": "E0506", "api_key": text, "lat": 1, "long": 1}
    assert Client().post("/open311/v2/requests.json", sent).status_code == 403


@pytest.mark.django_db
def test_the_page_for_developers_is_open_to_all_in_both_languages(open_town):
    zh = Client().get("/open311/").content.decode()
    en = Client().get("/open311/", headers={"Accept-Language": "en"}).content.decode()
    for page, word in ((zh, "上水井盖"), (en, "Manhole cover")):
        assert word in page
        assert "WHISPAWN" in page
        assert "/open311/v2/requests.json" in page
    assert "开放接口" not in en


@given(st.text(alphabet="积水深约一二三 abc，。", max_size=30), st.integers(1_000_000, 10**18))
def test_long_numbers_never_pass_and_other_words_stay(words, number):
    assert rules.masked(words) == words
    assert str(number) not in rules.masked(f"{words}{number}{words}")


def test_what_is_masked_and_what_is_not():
    for text in (
        "138 0013 8000", "0754-8888 8888", "粤D·12345", "沪AD12345", "a.b+c@mail.example.cn",
        "１３８００１３８０００", "138　0013　8000", "138/0013/8000", "138，0013，8000", "138·0013·8000",
        "138\n0013\t8000", "4405011990010112３Ｘ", "粤Ｄ１２３４５", "粤D·１２３４５", "沪ＡＤ12345",
        "lin＠example.com", "ｌｉｎ＠ｅｘａｍｐｌｅ．ｃｏｍ",
    ):  # fmt: skip
        assert rules.masked(f"请联系{text}，谢谢") == "请联系***，谢谢", text
    for text in (
        "水深 35 厘米", "金砂路 123 号 4 栋", "2026-11-16", "第 110 号灯杆", "金砂路12号", "3/4单元",
        "金砂路１２号３/４单元", "2026-11-30", "2026/11/30，110号灯杆", "2026-11-30, 2026-12-01",
        "2026-11-30/2026-12-01", "２０２６-１１-３０", "2026-11-30 10:30，2026-12-01", "全角ＡＢＣ，①②③",
    ):  # fmt: skip
        assert rules.masked(text) == text, text
    assert rules.masked("2026-11-30，13800138000") == "2026-11-30，***", "a date does not hide the number behind it"


WIDTHS = st.sampled_from(("0123456789", "０１２３４５６７８９"))
BETWEEN = st.sampled_from(("", "", " ", "-", "–", ".", "/", ",", "，", "·", "　", "\t", "－", "（", ") ", "， "))


@given(st.integers(10**9, 10**17), st.data())
def test_a_number_is_found_however_it_is_spelled(rest, data):
    """It begins with a 3, so that no spelling of it is a date."""
    spelled = "3" + "".join(data.draw(BETWEEN) + data.draw(WIDTHS)[int(digit)] for digit in str(rest))
    assert rules.masked(f"请联系{spelled}，谢谢") == "请联系***，谢谢"
