"""Personal data: masked at every door, whole for a reason and on record, kept for so long and then erased."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override
from PIL import Image

from accounts.models import User
from accounts.selectors import actor_of
from cases import actions, selectors
from cases.actions import erasing
from cases.contracts.personal import TooOften
from cases.models import Case, Clue, Evidence, Order, PersonalAct, Reporter, Withheld
from cases.selectors.personal import to_erase
from cases.tasks import erase as erase_task
from cases.urls import urlpatterns
from core import vault
from core.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from core.scope import machine
from journal.models import Entry
from tests.accounts.factories import holder
from tests.cases.factories import CITY, HERE, THERE, asked, brought_to, reported, standing

pytestmark = pytest.mark.django_db
NAME, PHONE, MAIL = "欧阳小芳", "13876504321", "xiaofang.ouyang@example.com"
SECRETS = (NAME, PHONE, MAIL, "-7650-", PHONE[2:9])
PERSON = {"name": NAME, "phone": PHONE, "email": MAIL}
SPELLED = "138-7650-4321"
TOLD = f"{NAME}说井盖响，电话 {SPELLED}，或 {MAIL}"
WHY = {"ground": "callback", "note": "回访处置结果"}
OFFICER = ("case.see", "person.see", "person.unmask", "person.hold", "person.erase", "audit.see")
WHOLE = ("cases_reporter", "cases_withheld")
"""The only tables that may hold a whole value."""


def photographed(colour="olive"):
    """A picture whose file says whose telephone took it."""
    out, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "Phone of XF 7650"
    Image.new("RGB", (64, 48), colour).save(out, "JPEG", exif=exif)
    return out.getvalue()


def told(town, **changes):
    """A case of somebody who said who they are, in the fields for it and in the words."""
    given = {"source": "phone", "description": TOLD, "reporter": PERSON, "photos": [photographed()]}
    return reported(town, actor=town.actor("acceptor"), **{**given, **changes})


def row_of(case):
    return Case.objects.select_related("category").get(number=case.number)


@pytest.fixture
def officer(town):
    holder("officer", *OFFICER, area=CITY)
    return actor_of(User.objects.get(username="officer"))


def browser(name):
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def no(call, error, code):
    before = (PersonalAct.objects.count(), Entry.objects.count(), Withheld.objects.count())
    with pytest.raises(error) as caught, transaction.atomic():
        call()
    assert caught.value.code == code
    assert before == (PersonalAct.objects.count(), Entry.objects.count(), Withheld.objects.count())


def tables_with(text):
    """Every table of the database in which any row holds the text."""
    with connection.cursor() as cursor:
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        found = []
        for name in names:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{name}" AS one WHERE one::text LIKE %s)', [f"%{text}%"])
            found += [name] if cursor.fetchone()[0] else []
    return found


def talked_about(town):
    """A case about which people have written the number again and again: in a step, a request, an order, a clue."""
    case = brought_to(town, "dispatched", told(town))
    asked(town, case, "return", "desk", reason=f"致电 {SPELLED} 无人接听")
    version = standing(case).version
    due = row_of(case).reported_at + timedelta(days=1)
    actions.order(case.number, actor=town.actor("leader"), version=version, kind="leader", requirement=f"回电{PHONE}",
                  due_at=due)  # fmt: skip
    actions.attach_clue(
        case.number, actor=town.actor("acceptor"), source="phone", source_ref="again", note=f"又来电{PHONE}"
    )
    return case


def test_whole_values_stand_in_two_tables_and_nowhere_else(town):
    talked_about(town)
    for secret in (*SECRETS, SPELLED):
        assert set(tables_with(secret)) <= set(WHOLE), secret
    assert {*tables_with(PHONE), *tables_with(SPELLED)} == set(WHOLE), "they are kept for those who need them"
    assert tables_with("138****4321"), "what is shown is masked, not lost"


def doors(case):
    """Every address of cases that can be asked for, with the case in it where one belongs there.

    But for the sealed original of a picture: opening that is a look of its own, by those with the right, on record.
    """
    evidence = Evidence.objects.filter(case__number=case.number)[0].pk
    for pattern in (one for one in urlpatterns if one.name != "api-evidence-original"):
        kwargs = {"number": case.number, "evidence": evidence, "pk": 1, "code": "E0407", "version": 1, "verb": "assign",
                  "duty": "appearance", "kind": "return", "uid": uuid4()}  # fmt: skip
        wanted = {name: kwargs[name] for name in pattern.pattern.converters}
        try:
            yield reverse(pattern.name, kwargs=wanted)
        except NoReverseMatch:
            continue


@pytest.mark.parametrize("who", ["acceptor", "desk", "officer"])
def test_no_door_of_cases_shows_a_whole_value_to_anybody_who_only_looks(town, officer, who):
    case, client, seen = talked_about(town), browser(who), 0
    others = ("/cases/?q=井盖", "/api/cases?q=井盖", "/api/audit", "/audit/", "/api/feed?scope=city&after=0")
    telling = [one for one in doors(case) if "cases" in one or "personal" in one or "requests" in one]
    for address in (*telling, *others):
        answer = client.get(address)
        body = (b"".join(answer) if answer.streaming else answer.content).decode("utf-8", "replace")
        seen += answer.status_code == 200 and case.number in address
        assert [secret for secret in (*SECRETS, SPELLED) if secret in body] == [], address
    assert seen > 8, "the case was looked at"


def test_the_page_shows_masked_values_to_those_who_may_and_nothing_to_others(town):
    case = brought_to(town, "dispatched", told(town))
    page = browser("acceptor").get(f"/cases/{case.number}/").content.decode()
    assert "欧***" in page
    assert "138****4321" in page
    assert "x***@example.com" in page
    handled = browser("desk").get(f"/cases/{case.number}/").content.decode()
    assert 'id="person-title"' not in handled
    shown = browser("acceptor").get(f"/api/cases/{case.number}/reporter")
    assert (shown.json()["name"], shown.json()["words"], shown["Cache-Control"]) == ("欧***", 1, "no-store")
    assert browser("leader").get(f"/api/cases/{case.number}/reporter").status_code == 403


def test_what_machines_measure_and_numbers_of_the_city_stay_as_they_came(town):
    camera = machine("camera:7", "case.report")
    seen = reported(town, actor=camera, source="camera", description="13876504321", attributes={"raw": "13876504321"})
    assert (row_of(seen).description, row_of(seen).attributes) == ("13876504321", {"raw": "13876504321"})
    case = reported(town, description="部件 4499010137000001 旁，见 44990120261116000001")
    assert row_of(case).description == "部件 4499010137000001 旁，见 44990120261116000001"
    assert not Reporter.objects.exists()


def test_a_look_shows_everything_once_and_stands_in_the_record_and_the_journal_without_a_value(town, officer):
    case = talked_about(town)
    whole = actions.look(case.number, actor=officer, ground="callback", note=f"回访 {NAME} {PHONE}")
    assert whole.person == (NAME, PHONE, MAIL)
    assert ("description", TOLD) in whole.words
    assert ("request", f"致电 {SPELLED} 无人接听") in whole.words
    act = PersonalAct.objects.get()
    assert (act.verb, act.ground, act.note) == ("look", "callback", "回访 欧*** 138****4321")
    entry = Entry.objects.get(kind="case.reporter_read.v1")
    assert (entry.subject, entry.actor, entry.data) == (case.number, officer.key, {"number": case.number})


def test_the_original_of_somebody_from_outside_is_opened_after_a_look_and_for_a_quarter_of_an_hour(town, time, officer):
    case = told(town, description="井盖响", reporter={})
    picture = Evidence.objects.get(case__number=case.number)
    for actor in (officer, town.actor("acceptor")):
        no(lambda actor=actor: actions.read_original(case.number, picture.pk, actor=actor), Forbidden,
           "case.original_needs_look")  # fmt: skip
    whole = actions.look(case.number, actor=officer, **WHY)
    assert (whole.person, whole.originals) == (("", "", ""), [picture.pk])
    assert b"7650" in actions.read_original(case.number, picture.pk, actor=officer)[0]
    no(lambda: actions.read_original(case.number, picture.pk, actor=town.actor("acceptor")), Forbidden,
       "case.original_needs_look")  # fmt: skip
    shown = browser("officer").post(f"/cases/{case.number}/reporter/", WHY).content.decode()
    assert f'href="/api/cases/{case.number}/evidence/{picture.pk}"' in shown
    time.pass_by(minutes=16)
    no(lambda: actions.read_original(case.number, picture.pk, actor=officer), Forbidden, "case.original_needs_look")


def test_who_sent_a_picture_and_no_name_is_erased_in_their_time_and_what_comes_later_in_its_own(town, officer, time):
    case = ended(town, time, 400, description="井盖响", reporter={})
    assert Reporter.objects.count() == 1
    assert actions.erase_due() == 1
    picture = Evidence.objects.get(case__number=case.number, phase="report")
    assert picture.erased_at is not None
    with pytest.raises(NotFound):
        vault.fetch(picture.sha256)
    own = reported(town, photos=[photographed("navy")])
    assert not Reporter.objects.filter(case__number=own.number).exists(), "a collector is one of ours"


def test_a_look_needs_the_right_a_ground_and_a_reason(town, officer):
    case = told(town)
    no(lambda: actions.look(case.number, actor=town.actor("acceptor"), **WHY), Forbidden, "person.may_not_unmask")
    no(lambda: actions.look(case.number, actor=officer, ground="", note="x"), Invalid, "person.needs_ground")
    no(lambda: actions.look(case.number, actor=officer, ground="callback", note=" "), Invalid, "person.needs_note")
    no(lambda: actions.look(case.number, actor=officer, ground="callback", note="x" * 401), Invalid, "person.bad_note")
    far = actor_of(holder("far", *OFFICER, area=f"{CITY}.{THERE}"))
    no(lambda: actions.look(case.number, actor=far, **WHY), NotFound, "case.unknown")
    nobody = reported(town)
    no(lambda: actions.look(nobody.number, actor=officer, **WHY), NotFound, "person.nobody")


def test_a_person_looks_so_often_an_hour_as_the_pack_says_and_then_later_again(town, officer, time):
    actions.save_personal_rule({"keep_days": 365, "looks_per_hour": 2}, pack="test")
    case = told(town)
    for _ in range(2):
        actions.look(case.number, actor=officer, **WHY)
    no(lambda: actions.look(case.number, actor=officer, **WHY), TooOften, "person.too_often")
    actions.look(case.number, actor=actor_of(holder("other", *OFFICER, area=CITY)), **WHY)
    time.pass_by(minutes=61)
    actions.look(case.number, actor=officer, **WHY)
    assert PersonalAct.objects.filter(verb="look").count() == 4


def test_over_http_a_look_is_posted_kept_by_nobody_and_refused_with_a_sentence(town, officer):
    actions.save_personal_rule({"keep_days": 365, "looks_per_hour": 2}, pack="test")
    case, client = told(town), browser("officer")
    address = f"/api/cases/{case.number}/reporter/look"
    assert client.get(address).status_code == 405
    found = client.post(address, WHY, content_type="application/json")
    assert (found.status_code, found.json()["phone"], found["Cache-Control"]) == (200, PHONE, "no-store")
    page = client.post(f"/cases/{case.number}/reporter/", WHY)
    assert PHONE in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    again = client.post(address, WHY, content_type="application/json", headers={"accept-language": "zh-hans"})
    assert (again.status_code, again.json()["code"]) == (429, "person.too_often")
    assert "2 次" in again.json()["message"]
    refused = client.post(f"/cases/{case.number}/reporter/", WHY)
    assert refused.status_code == 429
    assert PHONE not in refused.content.decode()
    assert browser("acceptor").post(address, WHY, content_type="application/json").status_code == 403
    assert client.post(address, {"note": "x"}, content_type="application/json").status_code == 400


def test_who_supervises_sees_who_looked_at_what_and_why_and_others_do_not(town, officer):
    case = told(town)
    actions.look(case.number, actor=officer, **WHY)
    for name, sees in (("leader", True), ("officer", True), ("acceptor", False), ("collector", False)):
        page = browser(name).get(f"/cases/{case.number}/").content.decode()
        assert ("回访处置结果" in page) is sees, name
        assert browser(name).get("/personal-data/looks/").status_code == (200 if sees else 403)
        assert browser(name).get("/api/personal-data/looks").status_code == (200 if sees else 403)
    shown = browser("leader").get("/personal-data/looks/").content.decode()
    assert "回访处置结果" in shown
    assert case.number in shown
    assert PHONE not in shown
    looks = browser("leader").get("/api/personal-data/looks?limit=1").json()
    assert [(one["number"], one["ground"], one["actor"]) for one in looks["looks"]] == [
        (case.number, "callback", officer.key)
    ]
    holder("elsewhere", "supervise", area=f"{CITY}.{THERE}")
    assert browser("elsewhere").get("/api/personal-data/looks").json()["looks"] == []
    assert browser("leader").get("/api/personal-data/looks?before=x").status_code == 400


def test_the_record_stays_as_it_is(town, officer):
    case = told(town)
    actions.look(case.number, actor=officer, **WHY)
    for statement in ("UPDATE cases_personalact SET note = ''", "DELETE FROM cases_personalact",
                      "UPDATE cases_evidence SET sha256 = ''", "DELETE FROM cases_evidence"):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def ended(town, time, days, **changes):
    """A case that was closed so many days ago."""
    case = brought_to(town, "closed", told(town, **changes))
    time.pass_by(days=days)
    return case


def test_when_its_time_is_over_nothing_personal_is_left_anywhere(town, time):
    case = brought_to(town, "dispatched", told(town))
    actions.attach_clue(case.number, actor=town.actor("acceptor"), source="phone", source_ref="2", note=f"来电{PHONE}")
    original = Evidence.objects.filter(case__number=case.number, phase="report").get()
    assert b"7650" in vault.fetch(original.sha256), "the file says whose telephone took it"
    case = brought_to(town, "closed", case)
    time.pass_by(days=364)
    assert actions.erase_due() == 0
    time.pass_by(days=2)
    assert actions.erase_due() == 1
    for secret in (*SECRETS, SPELLED):
        assert tables_with(secret) == [], secret
    with pytest.raises(NotFound):
        vault.fetch(original.sha256)
    assert vault.fetch(original.public_sha256), "the public copy stays"
    handled = Evidence.objects.filter(case__number=case.number, phase="handle").get()
    assert vault.fetch(handled.sha256), "what the city photographed itself stays"
    entry = Entry.objects.get(kind="case.person_erased.v1")
    assert entry.data == {"number": case.number, "ground": "retention", "values": 3, "words": 2, "pictures": 1}
    run = Entry.objects.get(kind="case.erasure_swept.v1")
    assert run.data == {"cases": 1, "values": 3, "words": 2, "pictures": 1}
    no(
        lambda: actions.read_original(case.number, original.pk, actor=town.actor("acceptor")),
        Gone,
        "case.original_erased",
    )


def test_a_run_erases_once_and_says_nothing_when_there_is_nothing(town, time):
    ended(town, time, 400)
    assert (actions.erase_due(), actions.erase_due()) == (1, 0)
    assert Entry.objects.filter(kind="case.erasure_swept.v1").count() == 1
    assert PersonalAct.objects.filter(verb="erase").count() == 1


def test_a_run_that_is_killed_goes_on_where_it_stopped_and_takes_so_many_at_once(town, time, monkeypatch):
    cases = [ended(town, time, 0, source_ref=f"r{n}") for n in range(3)]
    time.pass_by(days=400)
    erased, one_by_one = [], erasing._erase

    def dies_after_the_first(case, *given):
        if erased:
            raise RuntimeError("killed")
        erased.append(case.number)
        return one_by_one(case, *given)

    monkeypatch.setattr(erasing, "_erase", dies_after_the_first)
    with pytest.raises(RuntimeError):
        actions.erase_due()
    monkeypatch.undo()
    assert Reporter.objects.filter(erased_at=None).count() == 2
    assert actions.erase_due(limit=1) == 1
    erase_task()
    assert not Reporter.objects.filter(erased_at=None).exists()
    assert PersonalAct.objects.filter(verb="erase").count() == len(cases)


def test_a_case_whose_pictures_the_disk_does_not_let_go_holds_up_no_other(town, time, monkeypatch):
    stuck, *others = [ended(town, time, 0, source_ref=f"r{n}") for n in range(3)]
    time.pass_by(days=400)
    whole = erasing._erase_originals

    def refused(case):
        if case.number == stuck.number:
            raise PermissionError("read-only file system")
        return whole(case)

    monkeypatch.setattr(erasing, "_erase_originals", refused)
    assert actions.erase_due() == len(others)
    assert [row.case.number for row in Reporter.objects.filter(erased_at=None)] == [stuck.number]
    monkeypatch.undo()
    assert actions.erase_due() == 1


def test_an_open_case_and_a_merged_report_whose_case_is_open_keep_theirs(town, time):
    open_case, twin = told(town), told(town, source_ref="twin")
    actions.merge(
        twin.number, actor=town.actor("acceptor"), version=twin.version, into=open_case.number, reason="同一处"
    )
    time.pass_by(days=1000)
    assert actions.erase_due() == 0
    brought_to(town, "closed", selectors.view_of(row_of(open_case)))
    time.pass_by(days=1000)
    assert actions.erase_due() == 2


def test_a_legal_hold_keeps_what_would_be_erased_until_somebody_ends_it(town, officer, time):
    case = ended(town, time, 400)
    actions.keep_personal(case.number, actor=officer, note="行政诉讼 2026 行初 12 号")
    assert actions.erase_due() == 0
    no(lambda: actions.erase_personal(case.number, actor=officer, note="本人申请"), Conflict, "person.held")
    no(lambda: actions.keep_personal(case.number, actor=officer, note="再次"), Conflict, "person.held_already")
    assert actions.look(case.number, actor=officer, **WHY).person == (NAME, PHONE, MAIL)
    page = browser("acceptor").get(f"/cases/{case.number}/").content.decode()
    assert "行初 12 号" in page, "everybody who sees the case sees that it is held, since when and why"
    actions.release_personal(case.number, actor=officer, note="判决生效")
    no(lambda: actions.release_personal(case.number, actor=officer, note="再次"), Conflict, "person.not_held")
    assert actions.erase_due() == 1
    kinds = list(Entry.objects.filter(kind__startswith="case.person_").order_by("id").values_list("kind", flat=True))
    assert kinds == ["case.person_kept.v1", "case.person_released.v1", "case.person_erased.v1"]


def test_a_hold_on_a_case_keeps_also_the_report_that_was_merged_into_it(town, officer, time):
    main, twin = told(town), told(town, source_ref="twin")
    actions.merge(twin.number, actor=town.actor("acceptor"), version=twin.version, into=main.number, reason="同一处")
    brought_to(town, "closed", selectors.view_of(row_of(main)))
    actions.keep_personal(main.number, actor=officer, note="诉讼")
    time.pass_by(days=1000)
    assert actions.erase_due() == 0
    no(lambda: actions.erase_personal(twin.number, actor=officer, note="本人申请"), Conflict, "person.held_beside")
    actions.release_personal(main.number, actor=officer, note="判决生效")
    assert actions.erase_due() == 2


def test_a_hold_on_a_part_keeps_who_reported_the_whole_and_one_on_the_whole_its_parts(town, officer):
    whole = brought_to(town, "registered", told(town))
    given = [{"department": one, "task": f"清理，联系 {PHONE}"} for one in 2 * [f"d{HERE}-appearance"]]
    actions.split(whole.number, actor=town.actor("city_dispatcher"), version=whole.version, parts=given)
    part, other = (row.number for row in Case.objects.filter(parent=whole.number).order_by("pk"))
    actions.keep_personal(part, actor=officer, note="诉讼")
    no(lambda: actions.erase_personal(whole.number, actor=officer, note="本人申请"), Conflict, "person.held_beside")
    actions.release_personal(part, actor=officer, note="判决生效")
    actions.keep_personal(whole.number, actor=officer, note="诉讼")
    no(lambda: actions.erase_personal(other, actor=officer, note="本人申请"), Conflict, "person.held_beside")
    actions.release_personal(whole.number, actor=officer, note="判决生效")
    assert actions.erase_personal(other, actor=officer, note="本人申请").words == 2, "the task, and the step with it"


def test_a_hold_needs_the_right_and_may_come_before_anything_is_known(town, officer):
    case = reported(town)
    no(
        lambda: actions.keep_personal(case.number, actor=town.actor("leader"), note="x"),
        Forbidden,
        "person.may_not_hold",
    )
    no(lambda: actions.keep_personal(case.number, actor=officer, note=""), Invalid, "person.needs_note")
    assert actions.keep_personal(case.number, actor=officer, note="调查").held_at is not None


def test_erased_because_the_person_asked_it_is_gone_at_once_and_nobody_calls_back(town, officer):
    case = told(town, reporter=PERSON | {"callback": True})
    no(lambda: actions.erase_personal(case.number, actor=town.actor("leader"), note="x"), Forbidden,
       "person.may_not_erase")  # fmt: skip
    done = actions.erase_personal(case.number, actor=officer, note="本人申请删除")
    assert done == (3, 1, 1)
    assert not row_of(case).callback_wanted
    assert [table for secret in SECRETS for table in tables_with(secret)] == []
    no(lambda: actions.look(case.number, actor=officer, **WHY), Conflict, "person.erased")
    no(lambda: actions.erase_personal(case.number, actor=officer, note="再次"), Conflict, "person.erased")
    nobody = reported(town)
    no(lambda: actions.erase_personal(nobody.number, actor=officer, note="x"), NotFound, "person.nobody")
    brought_to(town, "closed", selectors.view_of(row_of(case)))


def test_words_written_after_an_erasure_are_erased_in_their_turn(town, officer, time):
    case = told(town)
    actions.erase_personal(case.number, actor=officer, note="本人申请删除")
    actions.attach_clue(case.number, actor=town.actor("acceptor"), source="phone", source_ref="2", note=f"来电{PHONE}")
    assert tables_with(PHONE) == ["cases_withheld"]
    brought_to(town, "closed", selectors.view_of(row_of(case)))
    time.pass_by(days=400)
    assert actions.erase_due() == 1
    assert tables_with(PHONE) == []


def test_words_from_before_masking_are_masked_when_the_case_is_erased(town, officer):
    case = told(town)
    Case.objects.filter(number=case.number).update(description=TOLD, attributes={"联系": PHONE})
    actions.erase_personal(case.number, actor=officer, note="本人申请删除")
    assert [table for secret in SECRETS for table in tables_with(secret)] == []


def test_words_from_before_masking_are_masked_by_a_command_and_kept_for_those_who_look(town, officer):
    case, gone = talked_about(town), told(town, source_ref="gone")
    actions.erase_personal(gone.number, actor=officer, note="本人申请删除")
    Withheld.objects.all().delete()
    Case.objects.update(description=TOLD, attributes={"联系": PHONE})
    Clue.objects.update(note=f"又来电{PHONE}")
    Order.objects.update(requirement=f"回电{PHONE}")
    Reporter.objects.filter(case__number=case.number).update(email="")
    call_command("mask_older")
    assert {*tables_with(PHONE), *tables_with(SPELLED)} == set(WHOLE)
    assert row_of(case).description == "欧***说井盖响，电话 138****4321，或 x***@example.com"
    assert sorted(Withheld.objects.values_list("case__number", "text")) == sorted(
        (case.number, text) for text in (TOLD, PHONE, f"又来电{PHONE}", f"回电{PHONE}")
    ), "what was erased is not kept anew"
    assert Reporter.objects.get(case__number=gone.number).erased_at is not None
    before = sorted(Withheld.objects.values_list())
    call_command("mask_older")
    assert sorted(Withheld.objects.values_list()) == before


def test_a_picture_that_another_case_names_keeps_its_original(town, officer):
    first, second = told(town), told(town, source_ref="second")
    seal = Evidence.objects.get(case__number=first.number).sha256
    actions.erase_personal(first.number, actor=officer, note="本人申请删除")
    assert vault.fetch(seal)
    actions.erase_personal(second.number, actor=officer, note="本人申请删除")
    with pytest.raises(NotFound):
        vault.fetch(seal)


def test_the_dry_run_shows_what_the_next_run_would_erase_and_erases_nothing(town, officer, time):
    case = ended(town, time, 400)
    told(town, source_ref="open")
    client = browser("officer")
    found = client.get("/api/personal-data/due").json()
    assert (found["keep_days"], found["count"], [one["number"] for one in found["cases"]]) == (365, 1, [case.number])
    page = client.get("/personal-data/due/").content.decode()
    assert case.number in page
    assert PHONE not in page
    assert to_erase().count() == 1
    assert not PersonalAct.objects.exists()
    assert browser("leader").get("/personal-data/due/").status_code == 403
    assert browser("leader").get("/api/personal-data/due").status_code == 403


def test_the_pages_keep_end_and_erase_and_the_history_says_so(town, officer):
    case, client = told(town), browser("officer")
    at = f"/cases/{case.number}/reporter"
    assert client.post(f"{at}/hold/", {"note": "调查需要"}).status_code == 302
    refused = client.post(f"{at}/erase/", {"note": "本人申请"})
    assert refused.status_code == 409
    assert client.post(f"{at}/release/", {"note": "调查结束"}).status_code == 302
    assert client.post(f"{at}/erase/", {"note": ""}).status_code == 400
    assert client.post(f"{at}/erase/", {"note": "本人申请删除"}).status_code == 302
    with override("zh-hans"):
        page = client.get(f"/cases/{case.number}/", headers={"accept-language": "zh-hans"}).content.decode()
    for word in ("调查需要", "调查结束", "本人申请删除", "欧***"[:0] or "已清除"):
        assert word in page, word
    assert "欧***" not in page.split('id="person-title"')[1].split("</section>")[0]


def test_over_http_holds_and_erasures_answer_with_what_became(town, officer):
    case, client = told(town), browser("officer")
    at = f"/api/cases/{case.number}/reporter"

    def post(act, note="因调查"):
        return client.post(f"{at}/{act}", {"note": note}, content_type="application/json")

    assert post("hold").json()["held_at"]
    assert (post("hold").status_code, post("erase").status_code) == (409, 409)
    assert post("release").json() == {"held_at": None}
    assert post("erase").json() == {"values": 3, "words": 1, "pictures": 1}
    assert client.get(at).json()["erased_at"]
    assert post("erase", "").status_code == 400
