"""The review queue: verdicts, taking them back, and what they make of the rules."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from cases import actions as cases
from cases.models import Case
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import EVERYWHERE, Actor
from journal.actions import deliver, number
from journal.models import Entry
from tests.cases.factories import Town
from tests.video.factories import ADMIN, OTHER_DISTRICT, person, put_up, zones
from tests.video.painted import SPOT
from tests.video.test_incidents import START, stand, taken
from video import actions, selectors
from video.actions.zones import weigh
from video.models import Camera, Incident, Rule

pytestmark = pytest.mark.django_db
SOMEBODY = Actor(key="user:77", label="", rights=dict.fromkeys(("camera.see", "accept"), EVERYWHERE))


@pytest.fixture
def waiting(town: Town) -> Incident:
    """An incident that waits for a verdict."""
    put_up(zones=zones(8, mode="review"))
    stand(taken(), START, START + 12, SPOT)
    return Incident.objects.get()


def past(rule: Rule, right: int, wrong: int) -> None:
    """Incidents of an hour ago that were judged."""
    at = clock.now() - timedelta(hours=1)
    camera = Camera.objects.get()
    for nth in range(right + wrong):
        Incident.objects.create(
            uid=uuid4(), camera=camera, rule=rule, category="E0407", place=f"x{nth}", place_cell=f"x{nth}", label="car",
            anchor=[0, 0, 0.1, 0.1], state="closed", closed_at=at, mode="review", first_seen=at, last_seen=at,
            violated_at=at, dwell_seconds=9, epoch=0, trace="t", review="confirmed" if nth < right else "dismissed",
        )  # fmt: skip


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """From now on it is so much later."""
    then = clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: then)


def test_a_verdict_makes_a_case_only_after_ten_seconds_and_only_once(
    waiting: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.give_verdict(str(waiting.uid), actor=SOMEBODY, right=True)
    assert actions.settle_verdicts() == 0
    assert not Case.objects.exists()
    later(monkeypatch, 11)
    assert actions.settle_verdicts() == 1
    assert actions.settle_verdicts() == 0
    waiting.refresh_from_db()
    assert waiting.case_number == Case.objects.get().number
    assert (waiting.review, waiting.reviewed_by, waiting.settles_at) == ("confirmed", "user:77", None)


def test_a_verdict_that_is_taken_back_makes_nothing_and_the_incident_waits_again(
    waiting: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.give_verdict(str(waiting.uid), actor=SOMEBODY, right=True)
    actions.take_back(str(waiting.uid), actor=SOMEBODY)
    later(monkeypatch, 11)
    assert actions.settle_verdicts() == 0
    waiting.refresh_from_db()
    assert (waiting.review, waiting.reviewed_by, waiting.judged_at) == ("pending", "", None)
    assert not Case.objects.exists()
    assert Entry.objects.filter(kind="video.verdict_taken_back.v1").count() == 1


def test_after_ten_seconds_and_by_another_nothing_is_taken_back(
    waiting: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.give_verdict(str(waiting.uid), actor=SOMEBODY, right=False, reason="passing")
    other = Actor(key="user:78", label="", rights=SOMEBODY.rights)
    with pytest.raises(Conflict):
        actions.take_back(str(waiting.uid), actor=other)
    later(monkeypatch, 11)
    with pytest.raises(Conflict):
        actions.take_back(str(waiting.uid), actor=SOMEBODY)
    waiting.refresh_from_db()
    assert (waiting.review, waiting.reason) == ("dismissed", "passing")


def test_wrong_needs_a_reason_and_nobody_judges_twice_or_elsewhere(waiting: Incident) -> None:
    uid = str(waiting.uid)
    for reason in ("", "because"):
        with pytest.raises(Invalid):
            actions.give_verdict(uid, actor=SOMEBODY, right=False, reason=reason)
    with pytest.raises(Forbidden):
        actions.give_verdict(uid, actor=ADMIN_WITHOUT_ACCEPT, right=True)
    actions.give_verdict(uid, actor=SOMEBODY, right=False, reason="traffic")
    with pytest.raises(Conflict):
        actions.give_verdict(uid, actor=SOMEBODY, right=True)
    with pytest.raises(NotFound):
        actions.give_verdict(str(uuid4()), actor=SOMEBODY, right=True)


ADMIN_WITHOUT_ACCEPT = Actor(key="user:1", label="", rights={"camera.see": EVERYWHERE, "admin": EVERYWHERE})


def test_the_twentieth_right_verdict_lets_a_rule_report_by_itself(
    waiting: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = Rule.objects.get()
    Rule.objects.update(ceiling="automatic")
    past(rule, 19, 0)
    actions.give_verdict(str(waiting.uid), actor=SOMEBODY, right=True)
    assert Rule.objects.get().mode == "review"
    later(monkeypatch, 11)
    actions.settle_verdicts()
    assert Rule.objects.get().mode == "automatic"
    told = Entry.objects.get(kind="video.rule_mode_changed.v1").data
    assert (told["before"], told["mode"], told["right"], told["judged"]) == ("review", "automatic", 20, 20)


def test_a_verdict_that_can_still_be_taken_back_raises_no_rule(waiting: Incident) -> None:
    rule = Rule.objects.get()
    Rule.objects.update(ceiling="automatic")
    past(rule, 19, 0)
    actions.give_verdict(str(waiting.uid), actor=SOMEBODY, right=True)
    weigh(rule.pk, actor=ADMIN)
    assert Rule.objects.get().mode == "review"


def test_a_rule_that_is_called_wrong_too_often_asks_a_person_again(town: Town) -> None:
    put_up()
    rule = Rule.objects.get()
    assert rule.mode == "automatic"
    past(rule, 3, 1)
    desk = taken()
    stand(desk, START, START + 12, SPOT)
    case = Case.objects.get()
    cases.reject(case.number, actor=SOMEONE_WHO_ACCEPTS, version=case.version, reason="nothing there")
    while number() or deliver():
        pass
    assert Rule.objects.get().mode == "review"
    assert Incident.objects.get(case_number=case.number).review == "dismissed"
    assert taken().mark != desk.mark


SOMEONE_WHO_ACCEPTS = Actor(
    key="user:9", label="", rights=dict.fromkeys(("accept", "case.see", "case.report"), EVERYWHERE)
)


def test_the_queue_shows_the_oldest_and_moves_on_and_the_last_verdict_can_be_unsaid(waiting: Incident) -> None:
    client = Client()
    client.force_login(person("judge", "camera.see", "accept"))
    told = client.get("/video/review/").content.decode()
    assert str(waiting.uid) in told
    assert 'data-key="y"' in told
    path = f"/video/review/{waiting.uid}/"
    unreasoned = client.post(path, {"verdict": "wrong"}, follow=True).content.decode()
    assert "请说明为何有误" in unreasoned
    assert path in unreasoned
    after = client.post(path, {"verdict": "wrong", "reason": "nothing"}, follow=True).content.decode()
    assert f"{path}unsaid/" in after
    assert Incident.objects.get().review == "dismissed"
    again = client.post(f"{path}unsaid/", follow=True).content.decode()
    assert f'action="{path}"' in again
    assert Incident.objects.get().review == "pending"


def test_who_may_not_accept_here_sees_no_queue_and_judges_nothing(waiting: Incident) -> None:
    watcher, far = Client(), Client()
    watcher.force_login(person("watcher", "camera.see"))
    far.force_login(person("far", "camera.see", "accept", area=OTHER_DISTRICT))
    assert watcher.get("/video/review/").status_code == 403
    assert str(waiting.uid) not in far.get("/video/review/").content.decode()
    assert f'action="/video/review/{waiting.uid}/"' not in far.get(f"/video/review/?at={waiting.uid}").content.decode()
    far.post(f"/video/review/{waiting.uid}/", {"verdict": "right"})
    assert far.get("/video/review/?after=%00&at=x&done=1").status_code == 200
    assert Incident.objects.get().review == "pending"
    assert not far.get("/video/precision/").content.decode().count("corner")


def test_the_page_of_precision_says_what_follows_from_the_verdicts(waiting: Incident) -> None:
    past(Rule.objects.get(), 18, 2)
    client = Client()
    client.force_login(person("reader", "camera.see"))
    client.cookies["django_language"] = "en"
    told = client.get("/video/precision/").content.decode()
    assert "90 %" in told
    assert "Not right often enough" in told
    (line,) = selectors.lines_of(selectors.precision_lines(ADMIN))
    assert (line.found.right, line.found.wrong, line.may_report) == (18, 2, False)
