"""The pages, as the people of the town use them."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import Case
from tests.accounts.factories import holder
from tests.cases.factories import HERE, OUTSIDE, STORY, THERE, Town, brought_to, picture, point, reported, take


def page(town: Town, who: str, language: str = "en") -> Client:
    """A browser without JavaScript in which somebody has signed in."""
    client = Client(headers={"accept-language": language})
    client.force_login(town.people[who])
    return client


def send(client: Client, number: str, verb: str, **given: Any) -> Any:
    return client.post(f"/cases/{number}/{verb}/", given)


def file(name: str = "a.jpg", colour: str = "navy") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(colour), content_type="image/jpeg")


def test_each_role_does_its_step_with_the_forms_of_the_pages(town):
    case = reported(town)
    for verb, who, given in STORY:
        client = page(town, who)
        shown = client.get(f"/cases/{case.number}/")
        assert shown.status_code == 200
        assert f'action="/cases/{case.number}/{verb}/"' in shown.content.decode()
        fields = {key: town.key(value[1:]) if str(value).startswith("@") and value != "@" else value
                  for key, value in given.items()}  # fmt: skip
        if fields.get("photos") == "@":
            fields["photos"] = file(colour="#20406" + str(len(verb) % 10))
        fields["version"] = Case.objects.get(number=case.number).version
        if verb == "accept":
            fields["category"] = "E0407"
        done = send(client, case.number, verb, **fields)
        assert done.status_code == 302, (verb, re.findall(r'role="alert">([^<]*)', done.content.decode()))
    assert Case.objects.get().stage == "closed"


def test_who_closes_says_what_the_citizen_said_and_the_page_and_the_list_show_it(town):
    wish = {"phone": "138", "callback": True}
    case = brought_to(town, "checked", reported(town, actor=town.actor("acceptor"), source="phone", reporter=wish))
    other, client = brought_to(town, "checked"), page(town, "leader", "zh-hans")
    assert 'name="satisfaction"' in client.get(f"/cases/{case.number}/").content.decode()
    assert 'name="satisfaction"' not in client.get(f"/cases/{other.number}/").content.decode()
    given = {"version": case.version, "closing": "a", "callback": "已告知", "satisfaction": "unsatisfied"}
    wrong = send(client, case.number, "close", **{**given, "satisfaction": "great"})
    assert (wrong.status_code, Case.objects.get(number=case.number).stage) == (400, "checked")
    assert send(client, case.number, "close", **given).status_code == 302
    shown = client.get(f"/cases/{case.number}/").content.decode()
    assert "<dt>回访满意度</dt><dd>不满意</dd>" in shown
    assert "不满意 · 已告知" in shown
    listed = client.get("/cases/", {"satisfaction": "unsatisfied"}).content.decode()
    assert case.number in listed
    assert other.number not in listed
    assert '<option value="unsatisfied" selected>不满意</option>' in listed
    assert client.get("/cases/", {"satisfaction": "great"}).status_code == 400


@pytest.mark.parametrize("who", ["collector", "acceptor", "leader", "city_dispatcher", "desk", "handler", "evaluator"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_role_has_its_queue(town, who, language):
    brought_to(town, "handling")
    for name in ("mine", "open", "soon", "overdue", "unlocated", "closed"):
        assert page(town, who, language).get("/cases/", {"queue": name}).status_code == 200


def test_a_case_page_shows_only_the_steps_of_ones_duties(town):
    case = brought_to(town, "handling")
    assert "/submit/" in page(town, "handler").get(f"/cases/{case.number}/").content.decode()
    for who in ("desk", "acceptor", "district_dispatcher"):
        assert "/submit/" not in page(town, who).get(f"/cases/{case.number}/").content.decode()


def test_the_guards_sentence_stands_where_the_form_would_be(town):
    case = brought_to(town, "handling")
    shown = page(town, "handler_b").get(f"/cases/{case.number}/").content.decode()
    assert "The case has been assigned to somebody else." in shown
    assert "/submit/" not in shown


def test_strangers_get_404(town):
    case = brought_to(town, "handling")
    for who in ("district_dispatcher2", "desk2", "handler2"):
        client = page(town, who)
        assert client.get(f"/cases/{case.number}/").status_code == 404
        assert send(client, case.number, "close", version=case.version, closing="a").status_code == 404
    assert Case.objects.get().stage == "handling"


def test_nobody_signed_in_goes_to_the_sign_in_page(db):
    answer = Client().get("/cases/")
    assert answer.status_code == 302
    assert "/accounts/login" in answer["Location"]


def test_the_department_that_is_responsible_is_chosen_beforehand(town):
    case = brought_to(town, "at_district")
    shown = page(town, "district_dispatcher").get(f"/cases/{case.number}/").content.decode()
    assert f'<option value="d{HERE}-appearance" selected>' in shown
    assert f'value="d{THERE}-appearance"' not in shown


def test_somebody_elses_step_in_between_is_told_and_what_was_typed_is_kept(town):
    case = brought_to(town, "handled")
    client = page(town, "desk")
    take(town, take(town, case, "redo", "desk", reason="角落还有"), "submit", "handler", result="再清", photos="@")
    answer = send(client, case.number, "redo", version=case.version, reason="my careful words")
    shown = answer.content.decode()
    assert answer.status_code == 412
    assert "my careful words</textarea>" in shown
    assert "角落还有" in shown
    assert 'name="version" value="9"' in shown
    assert Case.objects.get().stage == "handled"
    assert send(client, case.number, "redo", version=9, reason="my careful words").status_code == 302


def test_where_the_step_is_gone_the_typed_words_are_still_shown(town):
    case = brought_to(town, "handled")
    take(town, case, "confirm", "desk")
    answer = send(page(town, "desk"), case.number, "redo", version=case.version, reason="my careful words")
    assert answer.status_code == 412
    assert "<dd>my careful words</dd>" in answer.content.decode()


def test_an_incomplete_form_says_what_is_missing(town):
    case = brought_to(town, "accepted")
    answer = send(page(town, "leader"), case.number, "register", version=2, condition="")
    assert answer.status_code == 400
    assert "field--error" in answer.content.decode()
    assert Case.objects.get().stage == "accepted"


def test_a_verb_that_does_not_exist_is_404(town):
    case = reported(town)
    for verb in ("fly", "report", "__class__", "sweep", "save_categories", "attach"):
        assert send(page(town, "acceptor"), case.number, verb, version=1).status_code == 404


def form(**changes: Any) -> dict[str, Any]:
    lon, lat = point()
    return {"key": uuid4().hex, "source": "collector", "category": "E0407", "lon": lon, "lat": lat,
            "description": "占道", **changes}  # fmt: skip


def test_a_report_with_pictures_by_the_form(town):
    client = page(town, "collector")
    assert client.get("/cases/new/").status_code == 200
    answer = client.post("/cases/new/", form(photos=[file(), file("b.jpg", "olive")]), follow=True)
    assert answer.status_code == 200
    case = Case.objects.get()
    assert case.evidence.count() == 2
    assert answer.redirect_chain[0][0] == f"/cases/{case.number}/"


def test_a_dozen_pictures_go_with_a_report_and_a_thirteenth_is_refused_with_a_sentence(town):
    client = page(town, "collector")
    many = [file(f"{n}.jpg", f"rgb({n * 9},0,0)") for n in range(13)]
    refused = client.post("/cases/new/", form(photos=many))
    assert refused.status_code == 413
    assert "No more than 12 pictures." in refused.content.decode()
    dozen = [file(f"{n}.jpg", f"rgb({n * 9},0,0)") for n in range(12)]
    assert client.post("/cases/new/", form(photos=dozen)).status_code == 302
    assert Case.objects.get().evidence.count() == 12


def test_a_report_without_the_picture_that_its_class_asks_for_is_refused_and_keeps_what_was_typed(town):
    answer = page(town, "collector").post("/cases/new/", form(category="E0110", description="my careful words"))
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert "A picture of the problem is needed." in shown
    assert "my careful words</textarea>" in shown
    assert Case.objects.count() == 0


def test_the_control_for_pictures_speaks_the_persons_language(town):
    shown = page(town, "collector", "zh-hans").get("/cases/new/").content.decode()
    assert "选择图片" in shown
    assert "每张不超过 20 MB，一次最多 12 张" in shown


def test_the_form_sent_twice_is_one_case(town):
    client, given = page(town, "collector"), form()
    client.post("/cases/new/", given), client.post("/cases/new/", given)
    assert Case.objects.count() == 1


def test_a_report_outside_the_grid_says_that_it_is_kept_and_can_be_located(town):
    lon, lat = OUTSIDE
    answer = page(town, "collector").post("/cases/new/", form(lon=lon, lat=lat), follow=True)
    assert "unlocated queue" in answer.content.decode()
    case = Case.objects.get()
    client = page(town, "acceptor")
    assert case.number in client.get("/cases/", {"queue": "unlocated"}).content.decode()
    here = point()
    again = client.post(f"/cases/{case.number}/locate/", {"version": 1, "lon": lon, "lat": lat, "address": "东门外"})
    assert again.context["locate"]["address"].value() == "东门外", "what was typed stays"
    sent = client.post(f"/cases/{case.number}/locate/", {"version": 1, "lon": here[0], "lat": here[1]})
    assert sent.status_code == 302
    case.refresh_from_db()
    assert case.district == HERE


def test_a_damaged_picture_is_refused_with_a_sentence_and_no_case(town):
    bad = SimpleUploadedFile("a.jpg", b"no picture at all", content_type="image/jpeg")
    answer = page(town, "collector").post("/cases/new/", form(photos=[bad]))
    assert answer.status_code == 415
    assert "not a JPEG, PNG or WebP" in answer.content.decode()
    assert Case.objects.count() == 0


def test_the_search_finds_by_words_and_number(town):
    case = reported(town)
    client = page(town, "leader")
    for text in (case.number, "机动车", "石炮", "E0407"):
        assert case.number in client.get("/cases/", {"q": text}).content.decode()
    assert case.number not in client.get("/cases/", {"q": "没有的"}).content.decode()


def test_what_people_typed_is_never_markup(town):
    nasty = "<script>alert(1)</script>"
    case = reported(town, description=nasty, address=nasty, category="")
    for path in ("/cases/?queue=open", f"/cases/{case.number}/"):
        assert nasty not in page(town, "leader").get(path).content.decode()


@pytest.mark.parametrize(
    "path",
    ["/responsibility/general/of/appearance/", "/responsibility/general/new/", "/responsibility/rules/",
     "/classes/grades/", "/classes/E0407/retire/", "/ladders/new/", "/texts/new/", "/cases/new/",
     "/open-services/keys/"],
)  # fmt: skip
def test_a_form_that_lacks_something_is_refused_with_a_sentence_above_it_and_beside_the_field(town, path):
    client = Client(headers={"accept-language": "en"})
    client.force_login(holder("root", "admin", "case.see", "case.report", "accept"))
    answer = client.post(path, {"act": "look", "reason": "   ", "label": "   "})
    assert answer.status_code == 400
    notice = answer.text.split('role="alert">', 1)[1]
    assert notice.startswith("Something is missing or does not fit; look at the marked fields.")
    assert "This field is required.</p>" in notice
