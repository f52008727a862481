"""Open311 GeoReport v2, as programs call it: every answer keeps the contract, in both formats, and tells no secrets."""

import json
from datetime import datetime
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from cases import selectors as cases
from cases.actions import look
from cases.models import Case, Evidence, Reporter
from core import clock
from core.scope import machine
from portal import actions, rules, selectors
from portal.models import Report
from tests.assets import factories as components
from tests.cases.factories import HERE, OUTSIDE, SETUP, THERE, brought_to, picture, point, reported, take
from tests.portal.conftest import SERVICES
from tests.portal.contract import faults, plain, spark

V2 = "/open311/v2"
LON, LAT = point(HERE)
SEES = machine("test:reader", "case.see", "person.see", "person.unmask")
PLAIN = {"service_code": "E0506", "lat": LAT, "long": LON, "description": "积水没过路沿"}
ASKED = {**PLAIN, "service_code": "C0101", "attribute[WHISPAWN]": "yes"}


def get(path, schema, expected=200, /, **given):
    """The JSON at a path, which keeps the contract and says the same as the XML."""
    answers = {kind: Client().get(f"{V2}/{path}.{kind}", given) for kind in ("json", "xml")}
    return told(answers, schema, expected)


def told(answers, schema, status):
    assert {answer.status_code for answer in answers.values()} == {status}, answers["json"].content
    assert answers["json"]["Content-Type"] == "application/json; charset=utf-8"
    assert answers["xml"]["Content-Type"] == "text/xml; charset=utf-8"
    assert answers["xml"].content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    document = json.loads(answers["json"].content)
    assert faults(schema, document) == []
    assert spark(answers["xml"].content) == plain(document)
    return document


def post(key, status=201, at=V2, headers=None, **given):
    """What a report is answered, which keeps the contract."""
    sent = {**PLAIN, "api_key": key, **given}
    answer = Client().post(f"{at}/requests.json", sent, headers=headers or {})
    assert answer.status_code == status, answer.content
    document = answer.json()
    assert faults("taken" if status < 400 else "errors", document) == []
    return document


def made(key, **given):
    return post(key, **given)[0]["service_request_id"]


def refused(key, status=400, **given):
    """The errors of a report that is refused, the same in both formats; nothing came in."""
    before = Case.objects.count()
    answers = {kind: Client().post(f"{V2}/requests.{kind}", {"api_key": key, **given}) for kind in ("json", "xml")}
    found = told(answers, "errors", status)
    assert Case.objects.count() == before
    assert ElementTree.fromstring(answers["xml"].content).tag == "errors"
    return found


def words(found):
    return " ".join(one["description"] for one in found)


@pytest.mark.django_db
@pytest.mark.parametrize("at", ["/open311/discovery", f"{V2}/discovery"])
def test_discovery_names_two_endpoints_in_two_formats_whose_changesets_are_past(open_town, at):
    answers = {kind: Client().get(f"{at}.{kind}?jurisdiction_id=city.gov") for kind in ("json", "xml")}
    found = told(answers, "discovery", 200)
    assert {one["type"] for one in found["endpoints"]} == {"production", "test"}
    assert all(one["formats"] == ["text/xml", "application/json"] for one in found["endpoints"])
    assert found["contact"]
    assert "http://testserver/open311/" in found["key_service"]
    for one in (found, *found["endpoints"]):
        assert datetime.fromisoformat(one["changeset"]) < datetime.fromisoformat("2026-11-29T00:00:00+08:00")
    for one in found["endpoints"]:
        assert Client().get(one["url"].removeprefix("http://testserver") + "/services.json").status_code == 200


@pytest.mark.django_db
def test_services_are_the_open_classes_in_the_readers_language(open_town):
    found = {one["service_code"]: one for one in get("services", "services")}
    assert set(found) == {"C0101", "E0407", "E0506"}
    assert found["C0101"]["service_name"] == "上水井盖"
    assert found["C0101"]["keywords"] == "井盖, 安全"
    assert (found["C0101"]["metadata"], found["E0506"]["metadata"]) == (True, False)
    assert (found["C0101"]["type"], found["E0407"]["type"]) == ("realtime", "batch")
    english = Client().get(f"{V2}/services.json", headers={"Accept-Language": "en"}).json()
    assert {one["service_name"] for one in english} >= {"Manhole cover", "Road flooding"}


@pytest.mark.django_db
def test_a_definition_tells_the_questions_in_order(open_town):
    found = get("services/C0101", "definition")
    assert [one["code"] for one in found["attributes"]] == ["WHISPAWN", "L", "DEPTH", "SEEN", "MARK", "THANKS"]
    assert [one["order"] for one in found["attributes"]] == [1, 2, 3, 4, 5, 6]
    assert found["attributes"][0]["values"] == [{"key": "yes", "name": "是"}, {"key": "no", "name": "否"}]
    assert found["attributes"][2]["datatype_description"] == "厘米"
    assert get("services/E0506", "definition")["attributes"] == []


@pytest.mark.django_db
def test_without_a_suffix_accept_decides_and_xml_is_the_rule(open_town):
    client = Client()
    assert client.get(f"{V2}/services")["Content-Type"].startswith("text/xml")
    assert client.get(f"{V2}/services", headers={"Accept": "application/json"}).json()
    assert client.get(f"{V2}/services.json", headers={"Accept": "text/xml"}).json()
    assert client.get(f"{V2}/services.yaml").status_code == 404


@pytest.mark.django_db
def test_a_report_goes_from_post_to_closed_and_is_seen_at_every_step(open_town, time, key):
    number = made(key, service_code="C0101", **{"attribute[WHISPAWN]": "yes"})
    first = get(f"requests/{number}", "requests")[0]
    assert (first["status"], first["status_notes"]) == ("open", "已收到")
    assert first["requested_datetime"] == "2026-11-16T09:00:00+08:00"
    assert (first["lat"], first["long"]) == (LAT, LON)
    time.pass_by(minutes=30)
    view = cases.view_of(Case.objects.select_related("category").get(number=number))
    assert view.source == "citizen"
    view = brought_to(open_town, "dispatched", view)
    handled = get(f"requests/{number}", "requests")[0]
    assert handled["agency_responsible"] == f"d{HERE}-appearance"
    assert handled["expected_datetime"] == "2026-11-16T11:30:00+08:00", "the limit of condition a: two hours"
    time.pass_by(minutes=60)
    brought_to(open_town, "closed", view)
    last = get(f"requests/{number}", "requests")[0]
    assert (last["status"], last["status_notes"]) == ("closed", "已办结")
    assert last["updated_datetime"] == "2026-11-16T10:30:00+08:00", "the moment of closing"
    assert get("requests", "requests", status="closed") == [last]
    assert get("requests", "requests", status="open") == []


@pytest.mark.django_db
def test_filters_of_the_list(open_town, time, key):
    numbers = {}
    for day, code in (("2026-08-01", "E0506"), ("2026-10-01", "E0506"), ("2026-11-10", "C0101")):
        time.be(f"{day}T10:00:00+08:00")
        numbers[day] = made(key, service_code=code, **{"attribute[WHISPAWN]": "no"} if code == "C0101" else {})
    time.be("2026-11-16T09:00:00+08:00")
    old, middle, new = numbers.values()
    view = cases.view_of(Case.objects.select_related("category").get(number=middle))
    take(open_town, view, "reject", "acceptor", reason="不属实，电话 13800000000")

    def listed(**given):
        return [one["service_request_id"] for one in get("requests", "requests", **given)]

    assert listed() == [new, middle], "the last 90 days, newest first"
    assert listed(status="") == [new, middle], "an empty parameter is an absent one"
    assert listed(status="closed") == [middle]
    assert listed(status="open") == [new]
    assert listed(status="open,closed") == [new, middle]
    assert listed(service_code="C0101") == [new]
    assert listed(service_code="C0101,E0506") == [new, middle]
    assert listed(start_date="2026-07-20T00:00:00Z") == [middle, old]
    assert listed(end_date="2026-08-02T00:00:00Z") == [old]
    assert listed(start_date="2026-10-01T00:00:00 08:00", end_date="2026-10-02T00:00:00+08:00") == [middle]
    assert listed(service_request_id=f"{old}, {new},{'9' * 20}", status="closed") == [new, old], "overrides all others"
    assert listed(page_size=1) == [new]
    assert listed(page_size=1, page=2) == [middle]
    assert listed(page_size=50, page=2, status="open") == []


MAKES_NO_SENSE = (
    ("services/X9999", {}, 404, "X9999"),
    ("services/垃圾", {}, 404, "垃圾"),
    ("requests/20260101000000000001", {}, 404, "service_request_id"),
    ("requests/nonsense", {}, 404, "nonsense"),
    ("tokens/nonsense", {}, 404, "nonsense"),
    ("tokens/00000000-0000-0000-0000-000000000001", {}, 404, "token"),
    ("requests", {"service_code": "E0506,X1"}, 404, "X1"),
    ("requests", {"start_date": "yesterday"}, 400, "start_date"),
    ("requests", {"end_date": "2026-03-01"}, 400, "end_date"),
    ("requests", {"end_date": "0001-01-01T00:00:00Z"}, 400, "end_date"),
    ("requests", {"start_date": "9999-12-31T00:00:00Z"}, 400, "start_date"),
    ("requests", {"start_date": "2026-01-02T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, 400, "end_date"),
    ("requests", {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-05-01T00:00:00Z"}, 400, "90"),
    ("requests", {"status": "late"}, 400, "late"),
    ("requests", {"page": "0"}, 400, "page"),
    ("requests", {"page_size": "1001"}, 400, "page_size"),
    ("requests", {"page": "99999999999999999999"}, 400, "page"),
    ("requests", {"service_request_id": ",".join(map(str, range(201)))}, 400, "service_request_id"),
)


@pytest.mark.django_db
def test_a_question_that_makes_no_sense_is_answered_with_why(open_town):
    for path, given, status, word in MAKES_NO_SENSE:
        assert word in words(get(path, "errors", status, **given)), (path, given)


DOES_NOT_FIT = (
    ({**PLAIN, "service_code": ""}, 400, "service_code"),
    ({**PLAIN, "service_code": "E9999"}, 404, "E9999"),
    ({**PLAIN, "service_code": "E0110"}, 404, "E0110"),
    ({"service_code": "E0506"}, 400, "address_string"),
    ({**PLAIN, "lat": "north"}, 400, "lat"),
    ({**PLAIN, "lat": "nan"}, 400, "lat"),
    ({**PLAIN, "long": ""}, 400, "long"),
    ({**PLAIN, "lat": 95}, 400, "lat"),
    ({**PLAIN, "lat": OUTSIDE[1], "long": OUTSIDE[0]}, 400, "lat"),
    ({"service_code": "E0506", "address_id": "4499010137000009"}, 400, "4499010137000009"),
    ({**ASKED, "attribute[WHISPAWN]": ""}, 400, "WHISPAWN required"),
    ({**PLAIN, "service_code": "C0101"}, 400, "WHISPAWN required"),
    ({**ASKED, "attribute[WHISPAWN]": "perhaps"}, 400, "perhaps"),
    ({**ASKED, "attribute[WHISPAWN]": ["yes", "no"]}, 400, "WHISPAWN"),
    ({**ASKED, "attribute[L][]": ["a", "z"]}, 400, "z"),
    ({**ASKED, "attribute[DEPTH]": "deep"}, 400, "DEPTH"),
    ({**ASKED, "attribute[SEEN]": "2026-01-01"}, 400, "SEEN"),
    ({**ASKED, "attribute[MARK]": "雨" * 256}, 400, "MARK"),
    ({**ASKED, "attribute[NOBODY_ASKED]": "1"}, 400, "NOBODY_ASKED"),
    ({**ASKED, "attribute[THANKS]": "1"}, 400, "THANKS"),
    ({**PLAIN, "description": "字" * 4001}, 400, "4000"),
    ({**PLAIN, "description": "<b>help</b>"}, 400, "HTML"),
    ({**PLAIN, "description": "nul\x00"}, 400, "空字符"),
    ({**PLAIN, "email": "nobody"}, 400, "email"),
    ({**PLAIN, "media_url": "javascript:alert(1)"}, 400, "media_url"),
    ({**PLAIN, "first_name": "名" * 41}, 400, "first_name"),
)


@pytest.mark.django_db
def test_a_report_that_does_not_fit_is_refused_with_the_name_of_what_is_wrong(open_town, key):
    for given, status, word in DOES_NOT_FIT:
        assert word in words(post(key, status, **{"lat": "", "long": "", "description": "", **given})), given
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_the_refusals_of_a_report_read_the_same_in_both_formats(open_town, key):
    """The table of cases.md 6.4; what concerns reading is in the test of questions that make no sense."""
    assert "service_code" in words(refused(key, 400, lat=LAT, long=LON))
    assert "E9999" in words(refused(key, 404, **{**PLAIN, "service_code": "E9999"}))
    assert "lat" in words(refused(key, 400, **{**PLAIN, "lat": OUTSIDE[1], "long": OUTSIDE[0]}))
    assert "WHISPAWN required" in words(refused(key, 400, **{**PLAIN, "service_code": "C0101"}))
    assert "api_key" in words(refused("", 403, **PLAIN))


@pytest.mark.django_db
def test_everything_that_is_wrong_is_told_at_once(open_town, key):
    found = refused(key, 400, service_code="C0101", email="x", description="<i>", **{"attribute[DEPTH]": "x"})
    assert [one["code"] for one in found] == [400] * 5
    for word in ("WHISPAWN required", "DEPTH", "address_string", "email", "HTML"):
        assert word in words(found)
    mixed = refused(key, 404, service_code="E9999")
    assert [one["code"] for one in mixed] == [404, 400]


@pytest.mark.django_db
def test_without_a_good_key_nothing_comes_in(open_town, time, key):
    assert "api_key" in words(refused("", 403, **PLAIN))
    assert "api_key" in words(refused("o3_wrong", 403, **PLAIN))
    second, text = actions.make_key(label="停用", contact="1", hourly=5, days=1, actor=SETUP)
    made(text)
    actions.end_key(second.pk, actor=SETUP)
    refused(text, 403, **PLAIN)
    time.pass_by(days=31)
    refused(key, 403, **PLAIN)


@pytest.mark.django_db
def test_what_is_not_a_form_is_refused_in_the_format_asked_for(open_town, key):
    def sent(kind, content, content_type):
        return Client().post(f"{V2}/requests.{kind}", content, content_type=content_type)

    for content, content_type, status in (
        (b'{"service_code": "E0506"}', "application/json", 400),
        (b"no boundary", "multipart/form-data; boundary=x", 403),
        (b"description=" + b"x" * (2 * 1024 * 1024), "application/x-www-form-urlencoded", 400),
        ("&".join(f"a{n}=1" for n in range(600)).encode(), "application/x-www-form-urlencoded", 400),
    ):
        answers = {kind: sent(kind, content, content_type) for kind in ("json", "xml")}
        told(answers, "errors", status)
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_a_method_that_is_none_of_the_specification_is_refused_in_the_format_asked_for(open_town):
    paths = ("discovery", "services", "services/C0101", "requests", "requests/nonsense", "tokens/nonsense")
    for at in ("/open311/discovery", *(f"{root}/{path}" for root in (V2, "/open311/test/v2") for path in paths)):
        for method in ("OPTIONS", "DELETE"):
            answers = {kind: Client().generic(method, f"{at}.{kind}") for kind in ("json", "xml")}
            told(answers, "errors", 405)
            assert "OPTIONS" not in answers["json"]["Allow"], at
        assert Client().options(at)["Content-Type"].startswith("text/xml"), "without a suffix too"


@pytest.mark.django_db
def test_the_calls_that_a_client_of_the_world_makes_are_answered(open_town, time, key):
    """The request table of cases.md 6.5, as the client `three` 0.8.0 puts it on the wire."""
    where = "jurisdiction_id=city.gov"
    client, form = Client(), "application/x-www-form-urlencoded"
    report = (
        f"service_code=C0101&address_string=%E9%87%91%E7%A0%82%E8%B7%AF12&first_name=Zach&last_name=Williams&{where}"
        f"&phone=13800000000&description=x&lat={LAT}&long={LON}&api_key={key}"
        "&attribute%5BWHISPAWN%5D=yes&attribute%5BL%5D%5B%5D=a&attribute%5BL%5D%5B%5D=b"
    )
    answer = client.post(f"{V2}/requests.json", report, content_type=form)
    assert answer.status_code == 201
    number = answer.json()[0]["service_request_id"]
    with_file = client.post(
        f"{V2}/requests.json",
        {**PLAIN, "api_key": key, "media": BytesIO(picture("red", kind="PNG"))},
    )
    assert with_file.status_code == 201
    assert Evidence.objects.filter(case__number=with_file.json()[0]["service_request_id"]).count() == 1
    for asked in (
        f"discovery.json?{where}",
        f"services.json?{where}",
        f"services/C0101.json?{where}",
        f"requests.json?service_code=C0101&{where}",
        f"requests.json?start_date=2026-11-01T00:00:00Z&end_date=2026-11-30T00:00:00Z&{where}",
        f"requests.json?page_size=50&page=1&status=open&{where}",
        f"requests/{number}.json?{where}",
        f"tokens/{Report.objects.get(case__number=number).token}.json?{where}",
    ):
        found = client.get(f"{V2}/{asked}")
        assert found.status_code == 200, asked
        assert found.json(), asked
    case = Case.objects.get(number=number)
    assert case.attributes == {"WHISPAWN": "yes", "L": ["a", "b"]}
    assert case.description == "x\n危险吗：是\n现象：缺失、异响"
    told_by = Reporter.objects.get(case=case)
    assert (told_by.name, told_by.phone) == ("Zach Williams", "13800000000")


@pytest.mark.django_db
def test_a_service_that_is_looked_at_first_gives_a_token_and_shows_nothing_before(open_town, key):
    taken = post(key, service_code="E0407")[0]
    assert set(taken) == {"token", "service_notice", "account_id"}
    token, number = taken["token"], Report.objects.get().case.number
    assert get(f"tokens/{token}", "token") == [{"service_request_id": None, "token": token}]
    get(f"requests/{number}", "errors", 404)
    assert get("requests", "requests") == []
    take(open_town, cases.view_of(Case.objects.get(number=number)), "accept", "acceptor")
    assert get(f"tokens/{token}", "token") == [{"service_request_id": number, "token": token}]
    assert get(f"requests/{number}", "requests")[0]["service_code"] == "E0407"


@pytest.mark.django_db
def test_nobody_reads_who_reported_what_staff_wrote_or_what_others_reported(open_town, key):
    number = made(
        key,
        description="粤A12345，电话 138-0000-0000，邮箱 lin@example.com，身份证 44050119900101123X，井深 35 厘米",
        first_name="国强", last_name="林", phone="13911112222", email="guoqiang@example.com", account_id="acc-7",
        device_id="dev-9", address_string="金砂路 12 号",
    )  # fmt: skip
    hidden = reported(open_town, description="采集员上报")
    view = cases.view_of(Case.objects.select_related("category").get(number=number))
    take(open_town, view, "reject", "acceptor", reason="林国强撤回")
    for asked in (f"requests/{number}.json", "requests.json", f"requests/{number}.xml", "requests.xml"):
        text = Client().get(f"{V2}/{asked}?extensions=true").content.decode()
        for secret in ("林", "国强", "139111", "example.com", "粤A", "0000-0000", "44050119", "撤回", "acceptor",
                       "Acceptor", "dev-9", "acc-7", hidden.number):  # fmt: skip
            assert secret not in text, (asked, secret)
        assert "井深 35 厘米" in text
        assert "金砂路 12 号" in text
    get(f"requests/{hidden.number}", "errors", 404)
    shown = cases.shown_of(Case.objects.get(number=number), SEES)
    assert shown.person == ("林**", "139****2222", "g***@example.com")
    whole = look(number, actor=SEES, ground="callback", note="回访")
    assert whole.person == ("林国强", "13911112222", "guoqiang@example.com")


@pytest.mark.django_db
def test_extensions_tell_the_answers_and_the_stages_passed(open_town, time, key):
    number = made(key, service_code="C0101", **{"attribute[WHISPAWN]": "no", "attribute[L][]": ["b"],
                                                "attribute[MARK]": "13800000000"})  # fmt: skip
    time.pass_by(minutes=5)
    brought_to(open_town, "registered", cases.view_of(Case.objects.select_related("category").get(number=number)))
    found = get(f"requests/{number}", "extended", extensions="true")[0]
    assert {one["code"]: one["value"] for one in found["attributes"]} == {"WHISPAWN": "否", "L": "异响", "MARK": "***"}
    assert found["extended_attributes"]["stage"] == "registered"
    assert [(one["datetime"][11:16], one["description"]) for one in found["notes"]] == [
        ("09:00", "已收到"), ("09:05", "已受理"), ("09:05", "已立案，派遣中"),
    ]  # fmt: skip
    assert get("requests", "extended", extensions="true")[0] == found


@pytest.mark.django_db
def test_a_report_may_name_a_component_or_only_an_address(open_town, key):
    components.types()
    code = "4499010137000001"
    components.put({"code": code, "lon": LON, "lat": LAT, "type": "street_light"})
    sent = {"service_code": "E0506", "lat": "", "long": ""}
    by_code = Case.objects.get(number=made(key, **sent, address_id=code))
    assert (by_code.component, by_code.district) == (code, HERE)
    assert get(f"requests/{by_code.number}", "requests")[0]["address_id"] == code
    by_words = Case.objects.get(number=made(key, **sent, address_string="老榕树下"))
    assert (by_words.area, by_words.address) == ("", "老榕树下"), "it waits in the unlocated queue"
    assert get(f"requests/{by_words.number}", "requests")[0]["lat"] is None


@pytest.mark.django_db
def test_a_repeat_with_the_same_key_is_the_same_report(open_town, key):
    headers = {"Idempotency-Key": "walk-1"}
    first = post(key, headers=headers, account_id="a1")
    again = post(key, status=200, headers=headers, description="又一次")
    assert first == again
    assert first[0]["account_id"] == "a1"
    _, other = actions.make_key(label="另一家", contact="2", hourly=5, days=5, actor=SETUP)
    assert post(other, headers=headers) != first, "another program's word is another word"
    assert Case.objects.count() == Report.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("before", [True, False])
def test_a_repeat_is_told_what_the_first_was_also_when_the_service_has_changed_since(open_town, key, before):
    """Whether somebody looks first is asked of the report, not of the service as it is now."""
    code, headers = "E0506" if before else "E0407", {"Idempotency-Key": "walk-2"}
    first = post(key, headers=headers, service_code=code)
    assert set(first[0]) == {"service_request_id" if before else "token", "service_notice", "account_id"}
    actions.save_services([{**one, "realtime": not before} for one in SERVICES], pack="test")
    assert post(key, status=200, headers=headers, service_code=code) == first
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_a_key_reports_no_more_than_was_agreed(open_town, time):
    _, text = actions.make_key(label="小", contact="3", hourly=2, days=5, actor=SETUP)
    first = post(text, headers={"Idempotency-Key": "walk-3"})
    made(text, lat=point(THERE)[1], long=point(THERE)[0])
    assert "2" in words(refused(text, 429, **PLAIN))
    assert post(text, status=200, headers={"Idempotency-Key": "walk-3"}) == first, "a repeat is not one more"
    post(text, status=429, headers={"Idempotency-Key": "walk-4"})
    assert Case.objects.count() == 2
    time.pass_by(minutes=61)
    made(text)


@pytest.mark.django_db
def test_who_asks_too_often_is_told_to_wait(open_town, monkeypatch):
    monkeypatch.setattr("portal.rest.formats.Reading.rate", "2/min")
    client = Client()
    assert [client.get(f"{V2}/services.json").status_code for _ in range(3)] == [200, 200, 429]
    answer = client.get(f"{V2}/services.json")
    assert faults("errors", answer.json()) == []
    assert 1 <= int(answer["Retry-After"]) <= 61
    assert Client(REMOTE_ADDR="10.1.2.3").get(f"{V2}/services.json").status_code == 200


@pytest.mark.django_db
def test_the_test_endpoint_judges_the_same_and_stores_nothing(open_town, key):
    at = "/open311/test/v2"
    assert post(key, at=at)[0]["service_request_id"] == "0" * 20
    assert set(post(key, at=at, service_code="E0407")[0]) == {"token", "service_notice", "account_id"}
    assert "WHISPAWN required" in words(post(key, status=400, at=at, service_code="C0101"))
    assert "api_key" in words(post("", status=403, at=at))
    assert not Case.objects.exists()
    number = made(key)
    assert Client().get(f"{at}/requests/{number}.json").json() == get(f"requests/{number}", "requests")


@pytest.mark.django_db
def test_jurisdictions_where_a_city_has_names_for_itself(open_town, key, settings):
    settings.OPEN311_JURISDICTIONS = ["chengwan.gov", "jingang.gov"]
    assert "jurisdiction_id" in words(get("services", "errors", 400))
    assert "nowhere.gov" in words(get("services", "errors", 404, jurisdiction_id="nowhere.gov"))
    assert get("services", "services", jurisdiction_id="jingang.gov")
    assert "jurisdiction_id" in words(refused(key, 400, **PLAIN))
    made(key, jurisdiction_id="chengwan.gov")
    settings.OPEN311_JURISDICTIONS = ["chengwan.gov"]
    assert get("services", "services")
    get("requests", "errors", 404, jurisdiction_id="jingang.gov")


@pytest.mark.django_db
def test_a_picture_that_is_none_is_refused_and_the_address_of_one_is_passed_on(open_town, key):
    client = Client()
    sent = {**PLAIN, "api_key": key}
    answer = client.post(f"{V2}/requests.json", {**sent, "media": BytesIO(b"GIF89a not a picture")})
    assert answer.status_code == 400
    assert faults("errors", answer.json()) == []
    assert not Case.objects.exists()
    number = made(key, media_url="https://example.org/a.jpg")
    case = Case.objects.get(number=number)
    assert case.attributes == {"media_url": "https://example.org/a.jpg"}
    assert case.description.endswith("\nhttps://example.org/a.jpg")
    assert get(f"requests/{number}", "requests")[0]["media_url"] is None


@pytest.mark.django_db
def test_only_the_organisations_that_have_the_cases_are_read(open_town, key):
    number = made(key)
    assert selectors.one(number).organisations == {}
    brought_to(open_town, "dispatched", cases.view_of(Case.objects.select_related("category").get(number=number)))
    made(key)
    assert Organisation.objects.count() > 2
    held = Case.objects.get(number=number).organisation
    for found in (selectors.one(number), listed_now()):
        assert list(found.organisations) == [held]


def listed_now():
    nothing_asked = rules.window("", "", clock.now()), rules.page("", "")
    return selectors.found(*nothing_asked, states=rules.statuses(""))


@pytest.mark.django_db
def test_a_list_costs_the_same_however_long_it_is(open_town, key):
    def one_more(stage):
        number = made(key, service_code="C0101", **{"attribute[WHISPAWN]": "no"})
        brought_to(open_town, stage, cases.view_of(Case.objects.select_related("category").get(number=number)))

    def cost(rows):
        with CaptureQueriesContext(connection) as seen:
            assert len(Client().get(f"{V2}/requests.json?extensions=true").json()) == rows
        return [query["sql"].partition(" WHERE ")[0] for query in seen.captured_queries]

    one_more("dispatched")
    cost(1)
    with_one = cost(1)
    for stage in ("registered", "dispatched", "closed"):
        one_more(stage)
    assert cost(4) == with_one
