"""Contractors in the browser: what runs out, what ends with a contract, who works in which crew."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions, selectors
from accounts.contracts import Stake, register_stake, stakes_reopened
from accounts.models import Contract
from core import clock
from journal.models import Entry
from tests.accounts.factories import HERE, ROOT, city, holder, organisation, person, role

pytestmark = pytest.mark.django_db
PAGE, CREWS = "/organisations/firm/contracts/", "/organisations/firm/crews/"


def day(after: int) -> date:
    return timezone.localtime(clock.now()).date() + timedelta(days=after)


def moment(after: int) -> datetime:
    return clock.now() + timedelta(days=after)


def contract(code="firm", number="HT-1", begins=-10, ends=100, **given) -> Contract:
    times = {"valid_from": moment(begins), "valid_until": moment(ends)}
    return actions.make_contract(code, number=number, **times, actor=ROOT, **given)


@pytest.fixture
def town():
    city()
    organisation("firm", "d449901", HERE, kind="contractor", level="district", duties=["sanitation"])
    role("desk", "desk", "case.see")


@pytest.fixture
def admin(town):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("boss", "admin", organisation="centre"))
    return client


@pytest.fixture
def worker(town):
    """Somebody of the firm who holds a post until its contract ends."""
    contract(scope="北山街道清扫")
    made = person("worker", "firm")
    post = actions.create_post(organisation="firm", role="desk", actor=ROOT)
    actions.appoint(post.code, user=made, actor=ROOT)
    return made


def test_a_contract_is_made_in_the_browser_with_what_it_covers_and_a_wrong_one_comes_back_as_typed(admin):
    form = {"number": "HT-9", "scope": "金港区主干道清扫", "valid_from": day(0), "valid_until": day(0)}
    page = admin.post(PAGE, form)
    assert page.status_code == 400
    assert "A contract ends after it begins." in page.text
    assert "金港区主干道清扫" in page.text
    assert not Contract.objects.exists()
    assert admin.post(PAGE, form | {"valid_until": day(365)}).status_code == 302
    made = Contract.objects.get()
    assert (made.number, made.scope) == ("HT-9", "金港区主干道清扫")
    page = admin.get("/organisations/contractors/")
    assert "HT-9" in page.text
    assert "金港区主干道清扫" in page.text
    assert admin.post(PAGE, form | {"valid_until": day(9)}).status_code == 409


def test_contracts_that_end_within_the_days_of_the_setting_are_listed_unless_they_are_continued(admin, settings):
    made = []
    for number, ends in enumerate((5, 29, 31), start=1):
        organisation(f"firm-{number}", "d449901", HERE, kind="contractor", level="district")
        made.append(contract(f"firm-{number}", f"HT-{number}", ends=ends))
    boss = selectors.actor_named("boss")
    assert [one.number for one in selectors.contracts_ending(boss, 30)] == ["HT-1", "HT-2"]
    actions.make_contract(
        "firm-1", number="HT-1b", valid_from=made[0].valid_until, valid_until=moment(300), actor=ROOT
    )  # fmt: skip
    assert [one.number for one in selectors.contracts_ending(boss, 30)] == ["HT-2"]
    page = admin.get("/organisations/contractors/")
    assert [one.number for one, _ in page.context["ending"]] == ["HT-2"]
    assert [one.code for one in page.context["without"]] == ["firm"]
    assert "1 contract ends soon" in admin.get("/organisations/").text
    settings.CONTRACT_WARNING_DAYS = 40
    assert [one.number for one, _ in admin.get("/organisations/contractors/").context["ending"]] == ["HT-2", "HT-3"]


def test_the_end_of_a_contract_shows_who_and_what_ends_with_it_before_it_ends(admin, worker):
    (held,) = Contract.objects.all()
    crew = actions.create_crew(organisation="firm", code="crew-1", names={"zh": "一班", "en": "One"}, actor=ROOT)
    actions.join_crew(crew.code, user_id=worker.pk, leads=True, actor=ROOT)
    path, before = f"/organisations/contracts/{held.pk}/end/", worker.grants.get().valid_until
    with stakes_reopened():
        register_stake(
            Stake("open-work", {"zh": "在办案件", "en": "Work in hand"}, lambda path: 7 if "firm" in path else 0)
        )
        page = admin.post(path, {"until": day(20), "act": "look"})
    preview = page.context["preview"]
    assert (preview.people, preview.grants, preview.crews) == (1, 1, 1)
    assert ("Work in hand", 7) in page.context["counted"]
    assert "worker" in page.text
    assert 'value="save"' in page.text
    assert Contract.objects.get().valid_until == held.valid_until, "a look changes nothing"
    assert worker.grants.get().valid_until == before
    assert admin.post(path, {"until": day(20), "act": "save"}).status_code == 302
    ends = Contract.objects.get().valid_until
    assert ends < held.valid_until
    assert worker.grants.get().valid_until == ends
    assert admin.post(path, {"until": "", "act": "save"}).status_code == 302
    assert not selectors.actor_of(worker).holds("desk"), "ended now, nobody of the firm may act"
    over = admin.post(path, {"until": day(50), "act": "look"})
    assert "is over; make a new one" in over.text
    assert 'value="save"' not in over.text


def test_an_end_before_the_beginning_is_refused_in_the_preview(admin):
    coming = contract(begins=10, ends=50)
    page = admin.post(f"/organisations/contracts/{coming.pk}/end/", {"until": day(5), "act": "look"})
    assert "A contract ends after it begins." in page.text
    assert 'value="save"' not in page.text


def test_number_and_words_of_a_contract_change_and_the_journal_has_it(admin, worker):
    (held,) = Contract.objects.all()
    path = f"/organisations/contracts/{held.pk}/change/"
    assert admin.post(path, {"number": "", "scope": "新范围"}).status_code == 400
    assert Contract.objects.get().scope == "北山街道清扫"
    assert admin.post(path, {"number": "HT-2", "scope": "新范围"}).status_code == 302
    now = Contract.objects.get()
    assert (now.number, now.scope, now.valid_until) == ("HT-2", "新范围", held.valid_until)
    assert Entry.objects.filter(kind="accounts.contract_set.v1").count() == 2


def test_a_crew_is_made_joined_led_left_and_dissolved(admin, worker):
    second = person("second", "firm")
    stranger = person("stranger", "d449902")
    assert admin.post(CREWS, {"code": "crew-1", "zh": "一班", "en": ""}).status_code == 400
    assert admin.post(CREWS, {"code": "crew-1", "zh": "一班", "en": "One"}).status_code == 302
    change = "/organisations/crews/crew-1/change/"
    for user in (worker, second):
        assert admin.post(change, {"act": "join", "person": user.pk, "leads": "on"}).status_code == 302
    assert admin.post(change, {"act": "join", "person": stranger.pk}).status_code == 409
    admin.post(change, {"act": "lead", "person": worker.pk})
    led = {one.user.username: one.leads for one in selectors.members_of(["crew-1"])}
    assert led == {"worker": True, "second": False}
    assert "worker" in admin.get(PAGE).text
    admin.post(change, {"act": "leave", "person": second.pk})
    seen = {"version": admin.get(CREWS).context["rows"][0]["version"]}
    admin.post(change, {"act": "rename", "zh": "二班", "en": "Two", **seen})
    for act in ("rename", "dissolve"):
        late = admin.post(change, {"act": act, "zh": "三班", "en": "Three", **seen})
        assert (late.status_code, 'value="Three"' in late.text, "Two" in late.text) == (412, True, True)
    assert admin.post(change, {"act": "dissolve"}).status_code == 412, "a form without a version changes nothing"
    assert [(one.names["en"], one.active) for one in selectors.crews_of("firm")] == [("Two", True)]
    now = {"version": admin.get(CREWS).context["rows"][0]["version"]}
    admin.post(change, {"act": "dissolve", **now})
    assert not selectors.crews_of("firm").exists()
    assert not selectors.members_of(["crew-1"]).exists()


def test_an_administrator_of_another_district_finds_neither_contract_nor_crew(admin, worker):
    (held,) = Contract.objects.all()
    actions.create_crew(organisation="firm", code="crew-1", names={"zh": "一班", "en": "One"}, actor=ROOT)
    other = Client()
    other.force_login(holder("other", "admin", org="centre.d449902", area="449900.449902", organisation="d449902"))
    assert "HT-1" not in other.get("/organisations/contractors/").text
    for path in (f"/organisations/contracts/{held.pk}/end/", "/organisations/crews/crew-1/change/", PAGE, CREWS):
        assert other.post(path, {"act": "save", "until": day(1)}).status_code == 404
    assert Contract.objects.get().valid_until == held.valid_until


@pytest.mark.parametrize("path", ["/organisations/contractors/", PAGE, CREWS])
def test_a_page_costs_the_same_for_many_as_for_few(admin, worker, path):
    def cost():
        with CaptureQueriesContext(connection) as found:
            assert admin.get(path).status_code == 200
        return len(found)

    def more(number):
        organisation(f"firm-{number}", "d449901", HERE, kind="contractor", level="district")
        contract(f"firm-{number}", ends=20)
        contract("firm", f"HT-{number}", begins=100 + 10 * number, ends=110 + 10 * number)
        crew = actions.create_crew(
            organisation="firm", code=f"crew-{number}", names={"zh": "班", "en": "C"}, actor=ROOT
        )
        actions.join_crew(crew.code, user_id=worker.pk, actor=ROOT)

    more(1)
    few = cost()
    for number in range(2, 5):
        more(number)
    assert cost() == few


def test_over_the_api_an_end_is_looked_at_first_and_words_are_changed(admin, worker):
    (held,) = Contract.objects.all()
    path = f"/api/organisations/contracts/{held.pk}"
    given = {"until": moment(3).isoformat(), "dry_run": True}
    told = admin.patch(path, given, content_type="application/json").json()
    assert (told["ends"]["people"], told["ends"]["grants"], told["ends"]["refusal"]) == (1, 1, "")
    assert Contract.objects.get().valid_until == held.valid_until
    told = admin.patch(path, {"until": given["until"]}, content_type="application/json").json()
    assert told["ends"] is None
    assert worker.grants.get().valid_until == Contract.objects.get().valid_until < held.valid_until
    told = admin.put(path, {"number": "HT-2", "scope": "公园"}, content_type="application/json").json()
    assert (told["number"], told["scope"]) == ("HT-2", "公园")
