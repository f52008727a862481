"""Uploads in pieces by tus 1.0.0: each header and answer, what a killed process leaves, and whose they are."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.http.request import UnreadablePostError
from django.test import Client

from cases.actions.pictures import MOST_CLIPS
from core.errors import Conflict, Gone, NotFound, TooLarge
from core.uploads import MOST_BYTES, Uploaded
from exchange import actions, selectors
from exchange.adapters import pieces
from exchange.models import Upload
from exchange.rest.uploads import EXTENSIONS, windows_of
from tests.cases.conftest import Time
from tests.cases.factories import Town, picture
from tests.exchange.test_working import Killed

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = "application/offset+octet-stream"
CONTENT = b"0123456789"
MIB = 1024 * 1024
OLD = {"Tus-Resumable": "0.2.2"}


@pytest.fixture(autouse=True)
def _private(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def browser(town: Town, who: str = "collector") -> Client:
    client = Client()
    client.force_login(town.people[who])
    return client


def begun(town: Town, content: bytes = CONTENT, whole: bool = False, who: str = "collector") -> Upload:
    row = actions.begin_upload(actor=town.actor(who), length=len(content), name="路口.jpg", kind="image/jpeg")
    if whole:
        return actions.append_upload(row.uid, actor=town.actor(who), offset=0, given=[content])
    return row


def patched(client: Client, uid: UUID, offset: Any, content: bytes, **headers: str) -> Any:
    told = {**TUS, "Upload-Offset": str(offset), **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.patch(f"/api/uploads/{uid}", content, content_type=BYTES, headers=told)


def posted(client: Client, headers: Mapping[str, str], content: bytes = b"", kind: str = BYTES) -> Any:
    return client.post("/api/uploads/", content, content_type=kind, headers={**TUS, **headers})


def words(**told: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items())


def checksum(content: bytes, name: str = "sha1") -> str:
    return f"{name} {base64.b64encode(hashlib.new(name, content).digest()).decode()}"


def test_a_picture_comes_in_three_pieces_and_has_its_hash(town: Town) -> None:
    client, told = browser(town), words(filename="路口.jpg", filetype="image/jpeg")
    made = posted(client, {"Upload-Length": "10", "Upload-Metadata": told})
    assert (made.status_code, made["Upload-Offset"], made["Tus-Resumable"]) == (201, "0", "1.0.0")
    where = made["Location"]
    for offset, piece in ((0, b"0123"), (4, b"456"), (7, b"789")):
        asked = client.head(where, headers=TUS)
        assert (asked["Upload-Offset"], asked["Upload-Length"]) == (str(offset), "10")
        answer = patched(client, UUID(where[-36:]), offset, piece)
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(offset + len(piece)))
    asked = client.head(where, headers=TUS)
    assert (asked.status_code, asked["Cache-Control"], asked["Upload-Metadata"]) == (200, "no-store", told)
    assert "Upload-Expires" in asked
    seen = client.get(where).json()
    assert (seen["name"], seen["type"], seen["offset"]) == ("路口.jpg", "image/jpeg", 10)
    assert seen["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert [one["id"] for one in client.get("/api/uploads/").json()] == [seen["id"]]


def test_the_bytes_may_come_along_with_the_beginning(town: Town) -> None:
    made = posted(browser(town), {"Upload-Length": "10", "Upload-Checksum": checksum(b"0123")}, b"0123")
    assert (made.status_code, made["Upload-Offset"]) == (201, "4")


def test_a_server_says_what_it_speaks(town: Town) -> None:
    told = browser(town).options("/api/uploads/")
    assert (told.status_code, told["Tus-Version"], told["Tus-Extension"]) == (204, "1.0.0", EXTENSIONS)
    assert told["Tus-Max-Size"] == str(100 * MIB), "a clip"
    assert "sha1" in told["Tus-Checksum-Algorithm"].split(",")


@pytest.mark.parametrize(
    ("headers", "content", "kind", "status"),
    [
        ({"Upload-Length": "10", **OLD}, b"", BYTES, 412),
        ({}, b"", BYTES, 400),
        ({"Upload-Length": "-1"}, b"", BYTES, 400),
        ({"Upload-Length": "1" + "0" * 30}, b"", BYTES, 400),
        ({"Upload-Length": "٣"}, b"", BYTES, 400),
        ({"Upload-Defer-Length": "1"}, b"", BYTES, 400),
        ({"Upload-Length": str(21 * MIB)}, b"", BYTES, 413),
        ({"Upload-Length": str(101 * MIB), "Upload-Metadata": words(filetype="video/mp4")}, b"", BYTES, 413),
        ({"Upload-Length": "10", "Upload-Metadata": words(filetype="text/html")}, b"", BYTES, 415),
        ({"Upload-Length": "10", "Upload-Metadata": "filename ***"}, b"", BYTES, 400),
        ({"Upload-Length": "10", "Upload-Metadata": "a YQ==,a YQ=="}, b"", BYTES, 400),
        ({"Upload-Length": "10", "Upload-Metadata": "a " + "YQ" * 600}, b"", BYTES, 400),
        ({"Upload-Length": "10"}, b"0123", "text/plain", 415),
        ({"Upload-Length": "2"}, b"0123", BYTES, 413),
        ({"Upload-Length": "10", "Upload-Checksum": checksum(b"other")}, b"0123", BYTES, 460),
    ],
)
def test_a_beginning_that_is_refused(
    town: Town, headers: dict[str, str], content: bytes, kind: str, status: int
) -> None:
    client = browser(town)
    answer = posted(client, {name: value.encode().decode("latin-1") for name, value in headers.items()}, content, kind)
    assert (answer.status_code, answer["Tus-Resumable"]) == (status, "1.0.0")
    assert ("Tus-Version" in answer) == (status == 412)
    assert answer.json()["message"]
    assert all(not row.received for row in Upload.objects.all())


@pytest.mark.parametrize(
    ("headers", "content", "kind", "status"),
    [
        ({"Upload-Offset": "4", **OLD}, b"4567", BYTES, 412),
        ({"Upload-Offset": "4"}, b"4567", "text/plain", 415),
        ({}, b"4567", BYTES, 400),
        ({"Upload-Offset": "four"}, b"4567", BYTES, 400),
        ({"Upload-Offset": "0"}, b"4567", BYTES, 409),
        ({"Upload-Offset": "5"}, b"4567", BYTES, 409),
        ({"Upload-Offset": "99999999"}, b"4567", BYTES, 409),
        ({"Upload-Offset": "4"}, b"4567890", BYTES, 413),
        ({"Upload-Offset": "4", "Upload-Checksum": checksum(b"other", "sha256")}, b"4567", BYTES, 460),
        ({"Upload-Offset": "4", "Upload-Checksum": "crc7 AAAA"}, b"4567", BYTES, 400),
        ({"Upload-Offset": "4", "Upload-Checksum": "sha1 !"}, b"4567", BYTES, 400),
        ({"Upload-Offset": "4", "Content-Type": BYTES}, b"", BYTES, 204),
        ({"Upload-Offset": "4", "Upload-Checksum": checksum(b"4567", "sha256")}, b"4567", BYTES, 204),
    ],
)
def test_a_piece_and_its_answer(town: Town, headers: dict[str, str], content: bytes, kind: str, status: int) -> None:
    row = begun(town)
    actions.append_upload(row.uid, actor=town.actor("collector"), offset=0, given=[b"0123"])
    answer = browser(town).patch(f"/api/uploads/{row.uid}", content, content_type=kind, headers={**TUS, **headers})
    assert (answer.status_code, answer["Tus-Resumable"]) == (status, "1.0.0")
    row.refresh_from_db()
    assert row.received == 4 + (len(content) if status == 204 else 0)
    assert pieces.read(row.uid) == CONTENT[: row.received]


def test_a_network_that_lets_only_post_through_names_the_method(town: Town) -> None:
    row, client = begun(town), browser(town)
    told = {**TUS, "X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0"}
    assert client.post(f"/api/uploads/{row.uid}", b"01", content_type=BYTES, headers=told).status_code == 204
    assert client.post(f"/api/uploads/{row.uid}", b"", content_type=BYTES, headers=TUS).status_code == 405
    ended = client.post(f"/api/uploads/{row.uid}", headers={**TUS, "X-HTTP-Method-Override": "DELETE"})
    assert ended.status_code == 204
    assert not Upload.objects.exists()


def test_nobody_sees_goes_on_with_ends_or_names_what_somebody_else_sends(town: Town) -> None:
    row, other = begun(town), browser(town, "leader")
    for answer in (
        other.head(f"/api/uploads/{row.uid}", headers=TUS), other.get(f"/api/uploads/{row.uid}"),
        patched(other, row.uid, 0, CONTENT), other.delete(f"/api/uploads/{row.uid}", headers=TUS),
        other.get(f"/api/uploads/{row.uid}/preview"),
    ):  # fmt: skip
        assert answer.status_code == 404
    assert other.get("/api/uploads/").json() == []
    row.refresh_from_db()
    assert row.received == 0
    anybody = Client()
    assert anybody.head(f"/api/uploads/{row.uid}", headers=TUS).status_code == 401
    assert posted(anybody, {"Upload-Length": "10"}).status_code == 401
    assert browser(town).head(f"/api/uploads/{uuid4()}", headers=TUS).status_code == 404


def test_killed_between_bytes_and_row_the_tail_that_the_row_does_not_know_is_cut(town: Town, monkeypatch) -> None:
    row, actor = begun(town), town.actor("collector")
    actions.append_upload(row.uid, actor=actor, offset=0, given=[b"012"])

    def killed(*told: Any, **options: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Upload, "save", killed)
        with pytest.raises(Killed):
            actions.append_upload(row.uid, actor=actor, offset=3, given=[b"XYZXYZ"])
    assert pieces.read(row.uid) == b"012XYZXYZ"
    client = browser(town)
    assert client.head(f"/api/uploads/{row.uid}", headers=TUS)["Upload-Offset"] == "3"
    assert patched(client, row.uid, 3, b"3456789").status_code == 204
    row.refresh_from_db()
    assert pieces.read(row.uid) == CONTENT
    assert row.sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_bytes_that_a_disk_has_lost_are_asked_for_again_though_the_row_says_they_are_there(town: Town) -> None:
    row, client = begun(town, whole=True), browser(town)
    pieces.path_of(row.uid).write_bytes(b"012")
    assert client.head(f"/api/uploads/{row.uid}", headers=TUS)["Upload-Offset"] == "3"
    with pytest.raises(Conflict) as told:
        actions.pictures_of([Uploaded(row.uid)], actor=town.actor("collector"))
    assert told.value.code == "upload.unfinished"
    assert patched(client, row.uid, 3, b"3456789").status_code == 204
    assert pieces.read(row.uid) == CONTENT


class Broken:
    """A network that breaks after the first piece."""

    def __init__(self) -> None:
        self.left = [b"0123"]

    def read(self, most: int) -> bytes:
        if not self.left:
            raise UnreadablePostError
        return self.left.pop()


def test_what_came_before_the_network_broke_stays(town: Town) -> None:
    row, actor = begun(town), town.actor("collector")
    actions.append_upload(row.uid, actor=actor, offset=0, given=windows_of(Broken(), 10))
    assert selectors.offset_of(selectors.upload(row.uid, actor=actor)) == 4


def test_one_person_has_so_many_and_so_much_and_another_is_not_counted(town: Town, settings) -> None:
    settings.UPLOADS_MOST = 2
    begun(town), begun(town)
    begun(town, who="leader")
    with pytest.raises(TooLarge) as told:
        begun(town)
    assert told.value.code == "upload.too_many"
    settings.UPLOADS_MOST, settings.UPLOADS_MOST_MB = 10, 0
    answer = posted(browser(town), {"Upload-Length": "10"})
    assert (answer.status_code, answer.json()["code"]) == (413, "upload.too_much")
    assert Upload.objects.count() == 3


def test_one_person_has_room_for_as_many_of_the_largest_clips_as_are_taken_at_once(town: Town) -> None:
    actor, most = town.actor("collector"), MOST_BYTES["video/mp4"]
    for _clip in range(MOST_CLIPS):
        actions.begin_upload(actor=actor, length=most, kind="video/mp4")
    with pytest.raises(TooLarge) as told:
        actions.begin_upload(actor=actor, length=most + 1, kind="video/mp4")
    assert (told.value.code, told.value.params) == ("picture.too_large", {"megabytes": 100})
    assert Upload.objects.count() == MOST_CLIPS


def test_what_nobody_goes_on_with_expires_and_is_cleared_with_its_bytes(town: Town, time: Time, settings) -> None:
    settings.UPLOAD_KEEP_HOURS = 2
    time.moment = datetime.now(UTC)
    old, client = begun(town, whole=True), browser(town)
    time.pass_by(hours=1)
    fresh = begun(town)
    actions.append_upload(fresh.uid, actor=town.actor("collector"), offset=0, given=[b"0"])
    stray = uuid4()
    pieces.append(stray, 0, b"nobody's")
    time.pass_by(hours=1, minutes=30)
    for answer in (
        client.head(f"/api/uploads/{old.uid}", headers=TUS), patched(client, old.uid, 10, b"9"),
        client.get(f"/api/uploads/{old.uid}"),
    ):  # fmt: skip
        assert answer.status_code == 410
    with pytest.raises(Gone):
        actions.pictures_of([Uploaded(old.uid)], actor=town.actor("collector"))
    with transaction.atomic():
        assert actions.drop_uploads() == 1
    assert client.head(f"/api/uploads/{old.uid}", headers=TUS).status_code == 404
    assert not pieces.path_of(stray).exists()
    assert pieces.read(fresh.uid) == b"0"


def test_one_that_is_ended_is_no_more(town: Town, django_capture_on_commit_callbacks) -> None:
    row, client = begun(town, whole=True), browser(town)
    assert client.delete(f"/api/uploads/{row.uid}").status_code == 412
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(f"/api/uploads/{row.uid}", headers=TUS).status_code == 204
    assert client.delete(f"/api/uploads/{row.uid}", headers=TUS).status_code == 404
    assert not pieces.path_of(row.uid).exists()
    with pytest.raises(NotFound):
        actions.append_upload(row.uid, actor=town.actor("collector"), offset=0, given=[CONTENT])


def test_whoever_sent_a_picture_sees_it_small_and_what_is_none_is_said(town: Town) -> None:
    client = browser(town)
    good, bad = begun(town, picture(size=(900, 600)), whole=True), begun(town, b"no picture", whole=True)
    half = begun(town)
    seen = client.get(f"/api/uploads/{good.uid}/preview")
    assert (seen.status_code, seen["Content-Type"], seen.content[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
    assert client.get(f"/api/uploads/{bad.uid}/preview").status_code == 415
    assert client.get(f"/api/uploads/{half.uid}/preview").status_code == 409


def test_bytes_lie_where_only_this_program_reads_them(town: Town) -> None:
    row = begun(town, whole=True)
    assert pieces.path_of(row.uid).stat().st_mode & 0o777 == 0o600
    assert pieces.path_of(row.uid).parent.stat().st_mode & 0o777 == 0o700


def test_an_empty_file_is_whole_at_once(town: Town) -> None:
    made = posted(browser(town), {"Upload-Length": "0"})
    assert (made.status_code, Upload.objects.get().sha256) == (201, hashlib.sha256(b"").hexdigest())
