"""Change requests from the field: proposed with a reason, decided by somebody else, named in the history."""

import json

import pytest
from django.test import Client

from assets import actions, selectors
from assets.models import Asset, ChangeRequest
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import NOBODY, Actor, Ground
from journal.models import Entry
from tests.accounts.factories import holder
from tests.assets.factories import put, row, types
from tests.cases.factories import picture
from tests.dashboard.waits import waits
from tests.grid.factories import middle, put_map

pytestmark = pytest.mark.django_db
CODE, JIN = "4499010137000001", "449900.449901"
KEEPER = Actor("user:7", "管理员", {"component.edit": (Ground(area=JIN),)}, user_id=7)
FIELD = Actor("user:8", "采集员小林", {"component.propose": (Ground(area=JIN),)}, user_id=8)
CREW = Actor("user:9", "养护工", {"component.propose": (Ground(org="d449901-appearance"),)}, user_id=9)
OTHER = Actor("user:10", "别区", {"component.propose": (Ground(area="449900.449902"),)}, user_id=10)


@pytest.fixture(autouse=True)
def a_lamp(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    put_map()
    types()
    put(row(CODE))


def asked(kind="changed", actor=FIELD, key="key-one-1", **given):
    told = {"code": CODE, "reason": "灯杆倾斜", "given": {"state": "damaged"}, **given}
    return actions.propose(actor=actor, kind=kind, key=key, **told)


def test_an_accepted_request_changes_the_register_and_the_history_names_who_proposed_it():
    request = asked(photos=[picture()])
    mine = [("component-requests", f"/component-requests/?before={request.pk + 1}#request-{request.pk}")]
    assert waits(KEEPER, "component-requests") == mine
    assert waits(FIELD) == waits(OTHER) == [], "who proposes does not decide"
    assert selectors.asset(CODE, actor=KEEPER).state == "intact"
    actions.accept_request(request.pk, actor=KEEPER, answer="已核对")
    assert selectors.asset(CODE, actor=KEEPER).state == "damaged"
    assert waits(KEEPER, "component-requests") == []
    newest = selectors.history(CODE, actor=KEEPER)[0]
    assert (newest.act, newest.by, newest.proposed_by, newest.why) == ("request", "管理员", "采集员小林", "灯杆倾斜")
    assert [photo.asset.code for photo in request.photos.all()] == [CODE]
    kinds = list(Entry.objects.filter(kind__startswith="assets.change").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["assets.change_asked.v1", "assets.changed.v1", "assets.change_decided.v1"]
    assert Entry.objects.get(kind="assets.change_decided.v1").user_id == 8


def test_a_refused_request_changes_nothing_and_its_proposer_reads_why():
    request = asked()
    with pytest.raises(Invalid, match=r"assets\.reason_needed"):
        actions.refuse_request(request.pk, actor=KEEPER, answer=" ")
    actions.refuse_request(request.pk, actor=KEEPER, answer="现场完好")
    seen = selectors.request_of(request.pk, actor=FIELD)
    assert (seen.state, seen.answer, seen.decided_label) == ("refused", "现场完好", "管理员")
    assert selectors.asset(CODE, actor=KEEPER).state == "intact"
    with pytest.raises(Conflict, match=r"assets\.request_decided"):
        actions.accept_request(request.pk, actor=KEEPER)


def test_a_request_about_what_changed_meanwhile_says_so_and_is_taken_only_after_a_look():
    request = asked()
    actions.edit(CODE, actor=KEEPER, version=1, given={"owner": "市政"}, reason="移交")
    assert selectors.is_stale(selectors.request_of(request.pk, actor=FIELD))
    with pytest.raises(Conflict, match=r"assets\.request_stale"):
        actions.accept_request(request.pk, actor=KEEPER)
    actions.accept_request(request.pk, actor=KEEPER, despite=True)
    view = selectors.asset(CODE, actor=KEEPER)
    assert (view.state, view.owner, view.version) == ("damaged", "市政", 3)


def test_a_moved_a_vanished_and_a_new_one():
    lon, lat = middle(1, 1)
    moved = asked("moved", key="key-move-1", given={"lon": lon, "lat": lat, "state": "lost"})
    actions.accept_request(moved.pk, actor=KEEPER)
    view = selectors.asset(CODE, actor=KEEPER)
    assert (view.lon, view.lat) == (lon, lat)
    gone = asked("vanished", key="key-gone-1", given={})
    actions.accept_request(gone.pk, actor=KEEPER)
    assert selectors.asset(CODE, actor=KEEPER).state == "lost"
    new = asked("new", key="key-new-01", code="", of_type="litter_bin", given={"lon": lon, "lat": lat}, actor=CREW)
    assert new.asset is None
    made = actions.accept_request(new.pk, actor=KEEPER).asset
    assert (made.code, made.cell) == ("4499010305000001", new.cell)
    assert selectors.history(made.code, actor=KEEPER)[0].proposed_by == "养护工"


def test_the_same_key_is_the_same_request():
    assert asked().pk == asked().pk
    assert ChangeRequest.objects.count() == 1


def test_nobody_decides_about_their_own_request_and_only_the_proposer_withdraws_it():
    both = Actor("user:11", "", {**KEEPER.rights, **FIELD.rights}, user_id=11)
    own = asked(actor=both)
    with pytest.raises(Forbidden, match=r"assets\.own_request"):
        actions.accept_request(own.pk, actor=both)
    with pytest.raises(Forbidden, match=r"assets\.not_your_request"):
        actions.withdraw_request(own.pk, actor=KEEPER)
    assert actions.withdraw_request(own.pk, actor=both).state == "withdrawn"


def test_who_sees_which_request():
    request = asked()
    assert [one.pk for one in selectors.requests(actor=KEEPER)] == [request.pk]
    for actor in (CREW, OTHER, NOBODY):
        assert selectors.requests(actor=actor) == []
        with pytest.raises(NotFound):
            actions.accept_request(request.pk, actor=actor)
    with pytest.raises(NotFound):
        asked(actor=OTHER, key="key-other1")
    with pytest.raises(Forbidden, match=r"assets\.may_not_propose"):
        asked(actor=Actor("user:12", "", {"case.see": (Ground(area=JIN),)}, user_id=12), key="key-reader")


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        ("changed", {}, "assets.request_empty"), ("moved", {"state": "lost"}, "assets.no_place"),
        ("melted", {}, "assets.request_kind"), ("changed", {"state": "melted"}, "assets.bad_state"),
        ("changed", {"attributes": {"watt": "x"}}, "assets.bad_attributes"),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_granted_is_refused_at_once(kind, given, code):
    with pytest.raises(Invalid) as told:
        asked(kind, given=given)
    assert told.value.code == code
    assert not ChangeRequest.objects.exists()


def test_the_whole_way_over_http():
    people = {"field": holder("field", "component.propose", area=JIN), "keeper": holder("keeper", "component.edit")}
    clients = {name: Client() for name in people}
    for name, client in clients.items():
        client.force_login(people[name])

    def post(who, path, data, **headers):
        body = json.dumps(data)
        return clients[who].post(path, data=body, content_type="application/json", headers=headers)

    told = {"kind": "changed", "code": CODE, "given": {"state": "damaged"}, "reason": "倾斜"}
    assert post("field", "/api/component-requests", told).json()["code"] == "assets.key_needed"
    made = post("field", "/api/component-requests", told, **{"Idempotency-Key": "one-two-3"})
    assert made.status_code == 201, made.content
    decision = f"/api/component-requests/{made.json()['id']}/decision"
    assert post("field", decision, {"accept": True}).status_code == 403
    assert post("keeper", decision, {"accept": True, "answer": "好"}).json()["state"] == "accepted"
    got = clients["field"].get(f"/api/components/{CODE}")
    assert (got["ETag"], got.json()["state"]) == ('"2"', "damaged")
    edit = {"given": {"state": "intact"}, "reason": "修好"}
    patched = clients["keeper"].patch(f"/api/components/{CODE}", json.dumps(edit), content_type="application/json")
    assert (patched.status_code, patched.json()["code"]) == (428, "assets.version_needed")
    patched = clients["keeper"].patch(
        f"/api/components/{CODE}", json.dumps(edit), content_type="application/json", headers={"If-Match": '"2"'}
    )
    assert patched.json()["version"] == 3
    lines = clients["field"].get(f"/api/components/{CODE}/history").json()
    assert [line["act"] for line in lines] == ["edit", "request", "import"]
    assert post("keeper", f"/api/components/{CODE}/retire", {"reason": "拆"}, **{"If-Match": '"3"'}).status_code == 200
    assert clients["field"].get("/api/components").json() == {"results": [], "next": None}
    assert Asset.objects.get(code=CODE).state == "removed"
