"""Pictures that came ahead of their report or step: used once, with the act or not at all, and kept by a refusal."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.actions import intake, prepare_clip
from cases.models import Case, Clip, Evidence
from core import vault
from core.errors import Conflict
from core.uploads import Uploaded
from exchange.actions import append_upload, begin_upload
from exchange.adapters import pieces
from exchange.models import Upload
from tests.cases.factories import Town, brought_to, picture, point, reported, standing
from tests.cases.films import film
from tests.cases.test_rest import Door, report_body
from tests.exchange.test_uploads import BYTES, TUS, words

PIECE = 512 * 1024
"""As much as `sending.js` sends at once."""


def ahead(town: Town, who: str = "collector", content: bytes | None = None, whole: bool = True) -> UUID:
    """A picture of this person that came ahead."""
    content = picture("olive") if content is None else content
    row = begin_upload(actor=town.actor(who), length=len(content), name="路口.jpg")
    given = content if whole else content[:-1]
    return append_upload(row.uid, actor=town.actor(who), offset=0, given=[given]).uid


def told(*uids: UUID) -> list[str]:
    return [str(uid) for uid in uids]


def test_a_report_names_what_came_ahead_and_has_it_as_evidence_once(town, django_capture_on_commit_callbacks):
    door, first, second = Door(town, "collector"), ahead(town), ahead(town, content=picture("navy"))
    with django_capture_on_commit_callbacks(execute=True):
        answer = door.post("cases", report_body(category="E0110", uploads=told(first, second)), key="k1")
    assert answer.status_code == 201, answer.json()
    number = answer.json()["number"]
    assert Evidence.objects.filter(case__number=number, phase="report").count() == 2
    assert {row.used_for for row in Upload.objects.all()} == {number}
    assert not pieces.path_of(first).exists(), "its bytes lie in the vault now, and there alone"
    assert door.get(f"uploads/{first}/preview").status_code == 409, "it is seen where the case shows it"
    again = door.post("cases", report_body(category="E0110", uploads=told(first, second)), key="k1")
    assert (again.status_code, again.json()["number"]) == (200, number)
    other = door.post("cases", report_body(category="E0110", uploads=told(first)), key="k2")
    assert (other.status_code, other.json()["code"], other.json()["params"]) == (
        409, "upload.used", {"subject": number},
    )  # fmt: skip
    assert Case.objects.count() == 1
    assert Evidence.objects.count() == 2


@pytest.mark.parametrize(
    ("which", "status", "code"),
    [
        ("of another", 404, "upload.none"),
        ("unknown", 404, "upload.none"),
        ("half", 409, "upload.unfinished"),
        ("no picture", 415, "picture.unknown_kind"),
    ],
)
def test_what_may_not_be_named_makes_no_report(town, which, status, code):
    uid = {
        "of another": lambda: ahead(town, "leader"),
        "unknown": uuid4,
        "half": lambda: ahead(town, whole=False),
        "no picture": lambda: ahead(town, content=b"<svg onload=alert(1)>"),
    }[which]()
    answer = Door(town, "collector").post("cases", report_body(uploads=told(uid)), key="k1")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Case.objects.exists()
    assert not Upload.objects.exclude(used_at=None).exists()


def test_a_report_names_at_most_a_dozen_and_nothing_but_ids(town):
    door = Door(town, "collector")
    for uploads in (told(*(uuid4() for _ in range(13))), ["../../etc/passwd"], ["\x00"], "all", [10**50]):
        assert door.post("cases", report_body(uploads=uploads), key="k1").status_code == 400


def test_two_acts_at_once_name_the_same_upload_and_the_later_is_undone(town, monkeypatch):
    """The second has read the bytes already when the first uses them."""
    uid, actor = ahead(town), town.actor("collector")
    plain = intake.begin

    def overtaken(*given: Any, **options: Any) -> Any:
        monkeypatch.setattr(intake, "begin", plain)
        reported(town, photos=[Uploaded(uid)], description="先到")
        return plain(*given, **options)

    monkeypatch.setattr(intake, "begin", overtaken)
    with pytest.raises(Conflict) as refused:
        reported(town, photos=[Uploaded(uid)], description="后到")
    assert refused.value.code == "upload.used"
    assert [case.description for case in Case.objects.all()] == ["先到"]
    assert Evidence.objects.filter(actor=actor.key).count() == 1


def test_a_step_takes_its_pictures_from_ahead_and_a_refused_step_leaves_them(town):
    case, uid = brought_to(town, "handling"), ahead(town, "handler")
    door, where = Door(town, "handler"), f"cases/{case.number}/submit"
    given = {"result": "已清理", "uploads": told(uid)}
    assert door.post(where, given, version=case.version + 7).status_code == 412
    assert Upload.objects.get(uid=uid).used_at is None
    assert door.post(where, {**given, "result": ""}, version=case.version).status_code == 400
    assert Upload.objects.get(uid=uid).used_at is None
    done = door.post(where, given, version=case.version)
    assert (done.status_code, done.json()["stage"]) == (200, "handled")
    assert Evidence.objects.get(case__number=case.number, phase="handle").actor == town.key("handler")
    assert door.post(where, given, version=case.version).status_code == 412, "a repeat is told what became of the case"


def test_evidence_comes_as_a_file_or_as_an_upload_and_not_as_both(town):
    case, door = brought_to(town, "handling"), Door(town, "handler")
    where, uid = f"cases/{case.number}/evidence", ahead(town, "handler")
    assert door.post(where, {"phase": "handle"}).json()["code"] == "case.one_picture"
    both = {"phase": "handle", "upload": str(uid), "file": SimpleUploadedFile("a.jpg", picture())}
    assert door.client.post(f"/api/{where}", both, format="multipart").json()["code"] == "case.one_picture"
    made = door.post(where, {"phase": "handle", "upload": str(uid)})
    assert (made.status_code, made.json()["phase"]) == (201, "handle")
    assert door.post(where, {"phase": "handle", "upload": str(uid)}).status_code == 409
    assert Evidence.objects.filter(case__number=case.number, phase="handle").count() == 1


# ---- clips


def sent_whole(door: Door, content: bytes, kind: str = "video/mp4") -> str:
    """By tus, as a telephone does: begun with its kind, then half a megabyte after the other."""
    told = {"Upload-Length": str(len(content)), "Upload-Metadata": words(filename="现场.mp4", filetype=kind)}
    made = door.client.post("/api/uploads/", b"", content_type=BYTES, headers={**TUS, **told})
    assert made.status_code == 201, made.content
    for offset in range(0, len(content), PIECE):
        answer = door.client.patch(
            made["Location"], content[offset : offset + PIECE], content_type=BYTES,
            headers={**TUS, "Upload-Offset": str(offset)},
        )  # fmt: skip
        assert answer.status_code == 204, answer.content
    return str(made["Location"]).rpartition("/")[2]


def large_film() -> bytes:
    """A clip of more than two pieces: behind the film lies what its format calls free."""
    return film() + (PIECE * 2).to_bytes(4, "big") + b"free" + bytes(PIECE * 2 - 8)


def test_a_clip_that_came_ahead_in_pieces_is_evidence_with_a_film_and_is_used_once(town):
    door, content = Door(town, "collector"), large_film()
    uid = sent_whole(door, content)
    made = door.post("cases", report_body(uploads=[uid]), key="k1")
    assert made.status_code == 201, made.json()
    number = made.json()["number"]
    row = Evidence.objects.get(case__number=number)
    assert (row.content_type, row.size, row.clip.seconds) == ("video/mp4", len(content), 2.0)
    assert vault.fetch(row.sha256) == content
    assert prepare_clip()
    shown = door.client.get(f"/api/cases/{number}/evidence/{row.pk}/film")
    assert (shown.status_code, shown["Content-Type"]) == (200, "video/mp4")
    again = door.post("cases", report_body(uploads=[uid]), key="k2")
    assert (again.status_code, again.json()["code"]) == (409, "upload.used")
    assert (Case.objects.count(), Clip.objects.count()) == (1, 1)


def test_two_clips_are_taken_at_once_and_of_a_third_nothing_more_is_read(town):
    three = [ahead(town, content=film(seed)) for seed in (1, 2, 3)]
    answer = Door(town, "collector").post("cases", report_body(uploads=told(*three, uuid4())), key="k1")
    assert (answer.status_code, answer.json()["code"]) == (413, "case.too_many_clips"), "the fourth is unknown"
    assert not Evidence.objects.exists()
    assert not Upload.objects.exclude(used_at=None).exists()
    assert Door(town, "collector").post("cases", report_body(uploads=told(*three[:2])), key="k1").status_code == 201
    assert Clip.objects.count() == 2


# ---- the pages


def page_report(**changes: Any) -> dict[str, Any]:
    lon, lat = point()
    return {"key": uuid4().hex, "source": "collector", "category": "E0110", "lon": lon, "lat": lat, **changes}


def browser(town: Town, who: str = "collector") -> Client:
    client = Client()
    client.force_login(town.people[who])
    return client


def test_a_form_is_sent_with_the_ids_of_what_came_ahead_beside_a_file(town):
    files = [SimpleUploadedFile("b.jpg", picture("navy"))]
    sent = browser(town).post("/cases/new/", page_report(photos_uploads=told(ahead(town)), photos=files))
    assert sent.status_code == 302
    assert Evidence.objects.filter(phase="report").count() == 2


def test_a_refused_report_keeps_its_pictures_and_the_next_one_uses_them(town):
    client, mine = browser(town), ahead(town)
    files = [SimpleUploadedFile("近景.jpg", picture("navy")), SimpleUploadedFile("x.jpg", b"no picture")]
    ids = told(mine, ahead(town, "leader"), uuid4())
    refused = client.post("/cases/new/", page_report(photos_uploads=[*ids, "junk"], photos=files, lon="", lat=""))
    assert refused.status_code == 400
    page = refused.content.decode()
    kept = [row for row in Upload.objects.filter(owner=town.key("collector")) if f'value="{row.uid}"' in page]
    assert {row.name for row in kept} == {"路口.jpg", "近景.jpg"}
    assert page.count("/preview") == 2
    assert ids[1] not in page, "what another sent is neither shown nor used"
    for row in kept:
        assert client.get(f"/api/uploads/{row.uid}/preview").status_code == 200
    sent = client.post("/cases/new/", page_report(photos_uploads=[str(row.uid) for row in kept]))
    assert sent.status_code == 302
    assert Evidence.objects.count() == 2


def test_a_refused_step_keeps_its_pictures_in_its_form_alone(town):
    case, client = brought_to(town, "handling"), browser(town, "handler")
    given = {"version": case.version, "result": "", "photos": SimpleUploadedFile("后.jpg", picture("navy"))}
    page = client.post(f"/cases/{case.number}/submit/", given).content.decode()
    (row,) = Upload.objects.all()
    assert page.count(f'name="photos_uploads" value="{row.uid}"') == 1
    done = client.post(
        f"/cases/{case.number}/submit/", {"version": case.version, "result": "已清理", "photos_uploads": str(row.uid)}
    )
    assert done.status_code == 302
    assert standing(case).stage == "handled"


def test_what_was_sent_and_never_named_stays_out_of_every_case(town):
    ahead(town)
    reported(town)
    assert not Evidence.objects.exists()
    assert Upload.objects.get().used_at is None


def test_a_refused_report_keeps_its_clip_of_which_nothing_is_seen_small(town):
    client, content = browser(town), film()
    files = [SimpleUploadedFile("现场.mp4", content, "video/mp4")]
    refused = client.post("/cases/new/", page_report(photos=files, lon="", lat=""))
    (row,) = Upload.objects.all()
    assert (refused.status_code, f'value="{row.uid}"' in refused.content.decode()) == (400, True)
    assert (row.name, row.kind, row.length) == ("现场.mp4", "video/mp4", len(content))
    assert client.get(f"/api/uploads/{row.uid}/preview").status_code == 415
    assert client.post("/cases/new/", page_report(photos_uploads=[str(row.uid)])).status_code == 302
    assert Evidence.objects.get().clip.state == "waiting"


def test_what_is_larger_than_any_picture_is_not_read_to_be_shown_small(town, monkeypatch):
    length = 21 * 1024 * 1024
    row = begin_upload(actor=town.actor("collector"), length=length, kind="video/mp4")
    monkeypatch.setattr(pieces, "read", pytest.fail)
    answer = browser(town).get(f"/api/uploads/{row.uid}/preview")
    assert (answer.status_code, answer.json()["code"]) == (413, "picture.too_large")
