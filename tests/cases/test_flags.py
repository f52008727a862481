"""Flags of a case: similar 类似 and typical 典型 set by people, and closing by force 强制结案 past the check."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cases import selectors
from cases.contracts import Work
from cases.models import Case, Move
from core.errors import Conflict, Forbidden, Invalid, Stale
from evaluation import actions as evaluating
from evaluation.models import Fact, Mark
from journal.models import Entry
from tests.cases.factories import asked, brought_to, granted, reported, signed, standing, take

pytestmark = pytest.mark.django_db
WHY, JSON = "同一路段反复出现", "application/json"


def flagged(town, case, flag="similar", who="acceptor", **more):
    return take(town, standing(case), "flag", who, flag=flag, reason=WHY, **more)


def no(call, error, code):
    before = (Move.objects.count(), Entry.objects.count())
    with pytest.raises(error) as caught:
        call()
    assert caught.value.code == code
    assert before == (Move.objects.count(), Entry.objects.count())


def forced(town, case):
    """The case, closed by force as another shift leader approved."""
    case = granted(town, case, "force", "leader", "leader2")
    return take(town, case, "force_close", "leader", note="拆迁地块")


def test_a_flag_is_set_and_taken_away_with_a_reason_by_whoever_may(town):
    case = reported(town)
    assert flagged(town, case).flags == ("similar",)
    no(lambda: flagged(town, case), Conflict, "case.flag_stands")
    no(lambda: flagged(town, case, "typical"), Forbidden, "case.not_your_duty")
    no(lambda: flagged(town, case, "forced", "leader"), Invalid, "case.unknown_flag")
    no(lambda: take(town, standing(case), "flag", "leader", flag="typical", reason=" "), Invalid, "case.needs_reason")
    assert flagged(town, case, "typical", "leader").flags == ("similar", "typical")
    with pytest.raises(Stale):
        take(town, case, "unflag", "leader", flag="typical", reason="不典型")
    assert take(town, standing(case), "unflag", "leader", flag="typical", reason="不典型").flags == ("similar",)
    no(lambda: take(town, standing(case), "unflag", "leader", flag="typical", reason="x"), Conflict,
       "case.flag_stands_not")  # fmt: skip
    kinds = list(Entry.objects.filter(kind__contains="flagged").order_by("id").values_list("kind", flat=True))
    assert kinds == ["case.flagged.v1", "case.flagged.v1", "case.unflagged.v1"]
    assert Move.objects.filter(case__number=case.number, verb="flag").first().given["reason"] == WHY


def test_flags_are_shown_filtered_and_exported(town):
    case, plain = reported(town), reported(town)
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.people["leader"])
    where = f"/cases/{case.number}/flag/"
    sent = {"flag": "typical", "reason": WHY, "version": standing(case).version}
    assert client.post(where, {**sent, "reason": ""}).status_code == 400
    assert client.post(where, {**sent, "version": "x"}).status_code == 400
    assert client.post(where, sent).status_code == 302
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert ("Flagged" in page, WHY in page, ">Typical</span>" in page) == (True, True, True)
    assert "· Typical" in client.get("/cases/?queue=open").content.decode()
    found = client.get("/api/cases?flag=typical").json()["results"]
    assert [(one["number"], one["flags"]) for one in found] == [(case.number, ["typical"])]
    assert client.get("/api/cases?flag=similar,forced").json()["results"] == []
    assert client.get("/api/cases?flag=strange").status_code == 400
    (row,) = selectors.CaseList().batch({"flag": "typical"}, actor=town.actor("leader"), below=None, most=9)
    assert (row.values["typical"], row.values["similar"]) == (True, False)
    assert client.post(where, {**sent, "take_away": "1", "version": standing(case).version}).status_code == 302
    etag = {"If-Match": f'"{standing(plain).version}"'}
    answer = client.post(f"/api/cases/{plain.number}/flag", {"flag": "similar", "reason": "x"}, JSON, headers=etag)
    assert answer.json()["flags"] == ["similar"]


def test_a_case_is_closed_by_force_only_as_another_approved_and_says_so(town):
    case = brought_to(town, "handling")
    no(lambda: take(town, case, "force_close", "leader"), Conflict, "case.needs_approved_force")
    no(lambda: asked(town, case, "force", "desk"), Forbidden, "case.not_your_duty")
    request = asked(town, case, "force", "leader")
    no(lambda: signed(town, request, "leader"), Forbidden, "case.own_request")
    signed(town, request, "leader2")
    no(lambda: take(town, standing(case), "force_close", "desk"), Forbidden, "case.not_your_duty")
    closed = take(town, standing(case), "force_close", "leader", note="拆迁地块")
    assert (closed.stage, closed.flags) == ("closed", ("forced",))
    assert [row.stopped_at is not None for row in Case.objects.get(number=case.number).clocks.all()].count(False) == 0
    assert Entry.objects.get(kind="case.force_closed.v1").actor == town.key("leader")
    assert not Entry.objects.filter(kind="case.closed.v1").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(number=brought_to(town, "registered").number).update(forced=True)
    again = take(town, closed, "reopen", "leader", reason="复发")
    assert (again.stage, again.flags) == ("registered", ())


def test_whoever_wished_to_be_called_is_told_before_a_case_is_closed_by_force(town):
    told = {"actor": town.actor("acceptor"), "source": "phone", "reporter": {"phone": "138", "callback": True}}
    case = granted(town, brought_to(town, "dispatched", **told), "force", "leader", "leader2")
    no(lambda: take(town, case, "force_close", "leader"), Invalid, "case.needs_callback")
    assert take(town, case, "force_close", "leader", callback="已告知").stage == "closed"


def test_where_nothing_is_registered_or_it_was_checked_nothing_is_closed_by_force(town):
    for stage in ("accepted", "checked", "closed"):
        case = brought_to(town, stage)
        no(lambda case=case: asked(town, case, "force", "leader"), Conflict, "case.request_unfit")


def test_what_was_closed_by_force_is_counted_apart_and_judges_nobody(town):
    case = forced(town, brought_to(town, "handling"))
    usual = brought_to(town, "closed")
    evaluating.keep_facts([case.number, usual.number])
    fact = Fact.objects.get(case=case.number)
    assert (fact.forced_at, Fact.objects.get(case=usual.number).forced_at) == (fact.closed_at, None)
    assert fact.forced_at is not None
    (record,) = selectors.records([case.number])
    assert record.works[Work.CLOSE].by == town.key("leader")
    assert (evaluating.mark_case(case.number), Mark.objects.count()) == (None, 0)
