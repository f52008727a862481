"""The model of the city is data: which level may file, dispatch, close, and who must not be the same person."""

from dataclasses import replace

import pytest
from django.test import Client

from cases import actions, selectors
from cases.models import Case, StepsModel
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import EVERYWHERE, machine
from journal.models import Entry
from packs.actions import apply
from packs.adapters.library import read_library
from tests.accounts.factories import holder
from tests.cases.factories import HERE, SETUP, asked, brought_to, reported, standing, take

pytestmark = pytest.mark.django_db
BASE = read_library().packs["base"].document
PRESETS = {row["model"]: row for row in (BASE["steps_model"], *BASE["steps_presets"])}
APPEARANCE = f"d{HERE}-appearance"


@pytest.fixture
def models(town):
    """The shipped models, Shantou's in force."""
    actions.put_steps_models(BASE["steps_presets"], pack="base")
    actions.save_steps_model(BASE["steps_model"], pack="base")
    return town


def choose(code):
    actions.choose_steps_model(code, actor=SETUP, reason="试行")


def somebody(town, who, *rights):
    """That person with further rights everywhere."""
    known = town.actor(who)
    return replace(known, rights={**known.rights, **dict.fromkeys(rights, EVERYWHERE)})


def step(case, verb, actor, **given):
    return getattr(actions, verb)(case.number, actor=actor, version=standing(case).version, **given)


def no(call, error, code):
    with pytest.raises(error) as caught:
        call()
    assert caught.value.code == code


def test_three_models_ship(models):
    assert set(PRESETS) == {"shantou-separated", "longhu-merged", "single-level"}
    assert selectors.steps_model().code == "shantou-separated"


def test_in_shantou_only_the_city_files_and_closes(models):
    district = somebody(models, "district_dispatcher", "supervise", "accept")
    no(lambda: step(brought_to(models, "accepted"), "register", district, condition="a"), Forbidden,
       "case.not_your_level")  # fmt: skip
    no(lambda: step(brought_to(models, "checked"), "close", district, closing="a"), Forbidden, "case.not_your_level")


def test_in_shantou_who_files_does_not_dispatch_and_who_dispatches_does_not_close(models):
    both = somebody(models, "leader", "command.city")
    case = step(brought_to(models, "accepted"), "register", both, condition="a")
    no(lambda: step(case, "dispatch", both, department=APPEARANCE), Forbidden, "case.apart")
    dispatcher = somebody(models, "city_dispatcher", "supervise")
    other = brought_to(models, "checked")
    no(lambda: step(other, "close", dispatcher, closing="a"), Forbidden, "case.apart")
    shown = {one.verb: one.code for one in selectors.open_steps(Case.objects.get(number=other.number), dispatcher)}
    assert shown["close"] == "case.apart"
    assert take(models, other, "close", "leader", closing="a").stage == "closed"


def test_in_longhu_one_person_of_the_district_files_dispatches_and_closes_within_half_an_hour(models, time):
    choose("longhu-merged")
    one = somebody(models, "district_dispatcher", "supervise", "accept", "command.city")
    case = reported(models, category="E0110")
    step(case, "accept", one)
    step(case, "register", one, condition="b")
    sent = step(case, "dispatch", one, department=APPEARANCE)
    assert (sent.due_at - time.moment).total_seconds() == 30 * 60
    case = brought_to(models, "fed_back", sent)
    case = step(case, "send_check", one, collector=models.key("collector"))
    case = take(models, case, "check_pass", "collector", photos="@")
    assert step(case, "close", one, closing="a").stage == "closed"


def test_in_longhu_what_is_not_small_keeps_its_own_limit(models, time):
    choose("longhu-merged")
    case = take(models, brought_to(models, "accepted", category="C0101"), "register", "leader", condition="a")
    sent = take(models, case, "dispatch", "city_dispatcher", department=APPEARANCE)
    assert (sent.due_at - time.moment).total_seconds() == 120 * 60


def test_merging_supervision_and_command_lets_nobody_judge_his_own_work(models):
    choose("longhu-merged")
    case = brought_to(models, "checked")
    worker = somebody(models, "handler", "supervise")
    no(lambda: step(case, "close", worker, closing="a"), Conflict, "case.judges_own_work")
    assert standing(case).stage == "checked"


def test_a_single_level_has_no_districts_to_send_to_and_no_signature_of_them(models):
    choose("single-level")
    case = brought_to(models, "registered")
    verbs = [one.verb for one in selectors.open_steps(Case.objects.get(), models.actor("city_dispatcher"))]
    assert verbs == ["dispatch", "split"]
    no(lambda: take(models, case, "dispatch_district", "city_dispatcher", district_centre=f"d{HERE}"), Forbidden,
       "case.not_your_level")  # fmt: skip
    sent = take(models, case, "dispatch", "city_dispatcher", department=APPEARANCE)
    request = asked(models, sent, "extension", "desk", minutes=9)
    assert [signer["duty"] for signer in request.chain] == ["command.city"]


def test_only_an_administrator_of_the_city_chooses_and_says_why(models):
    no(lambda: actions.choose_steps_model("single-level", actor=models.actor("leader"), reason="x"), Forbidden,
       "model.not_yours")  # fmt: skip
    no(lambda: actions.choose_steps_model("single-level", actor=SETUP, reason=" "), Invalid, "model.needs_reason")
    no(lambda: actions.choose_steps_model("nothing", actor=SETUP, reason="x"), NotFound, "model.unknown")
    choose("single-level")
    no(lambda: choose("single-level"), Conflict, "model.in_force")
    assert StepsModel.objects.filter(in_force=True).count() == 1
    entry = Entry.objects.get(kind="steps_model.chosen.v1")
    assert entry.data == {"before": "shantou-separated", "after": "single-level"}


def test_what_the_city_chose_outlasts_the_pack(models):
    choose("longhu-merged")
    apply(["base"], actor=machine("root", "admin"))
    assert selectors.steps_model().code == "longhu-merged"


def test_an_administrators_program_reads_the_models_and_chooses_one_with_a_reason(models):
    client, json = Client(headers={"accept-language": "en"}), "application/json"
    assert client.get("/api/steps-models").status_code == 401
    client.force_login(models.people["leader"])
    assert client.get("/api/steps-models").status_code == 403
    client.force_login(holder("root", "admin"))
    rows = client.get("/api/steps-models").json()
    assert [(row["code"], row["in_force"]) for row in rows][0] == ("shantou-separated", True)
    longhu = "/api/steps-models/longhu-merged"
    assert client.get(longhu).json()["levels"]["register"] == ["city", "district"]
    assert client.get("/api/steps-models/none").json()["code"] == "model.unknown"
    assert client.post(f"{longhu}/choose", {"reason": " "}, json).json()["code"] == "model.needs_reason"
    chosen = client.post(f"{longhu}/choose", {"reason": "龙湖试点"}, json)
    assert (chosen.status_code, chosen.json()["in_force"], chosen.json()["reason"]) == (200, True, "龙湖试点")
    assert selectors.steps_model().code == "longhu-merged"
    assert client.post(f"{longhu}/choose", {"reason": "x"}, json).status_code == 409


def test_an_administrator_chooses_in_the_browser(models):
    client = Client(headers={"accept-language": "en"})
    client.force_login(holder("root", "admin"))
    shown = client.get("/steps-models/").content.decode()
    assert "Supervision and command in one" in shown
    assert client.post("/steps-models/longhu-merged/choose/", {"reason": ""}).status_code == 400
    assert client.post("/steps-models/longhu-merged/choose/", {"reason": "试行"}).status_code == 302
    assert selectors.steps_model().code == "longhu-merged"
