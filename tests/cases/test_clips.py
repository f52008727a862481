"""Clips: judged in a child process, sealed, shown without sound or secrets, doubted and erased as pictures."""

import io
from pathlib import Path
from typing import Any

import av
import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client

from cases import actions, selectors, tasks
from cases.models import Clip, Doubt, Evidence
from cityops import health_page
from cityops.backups.named import named
from core import clips, vault
from core.errors import DomainError, Invalid, NotFound, TooLarge, Unsupported
from core.scope import machine
from tests.cases.conftest import Time
from tests.cases.factories import Town, brought_to, category, picture, reported, take
from tests.cases.films import PLACED, film, heard, turned

LIMITS = clips.ClipLimits(60, 64, 9_000_000)
HERE = {"location": PLACED["location"]}
TAIL = b"PK\x03\x04<script>alert(1)</script>"
EARLY = {**PLACED, "comment": "Frau Wang", "creation_time": "2026-11-12T00:30:00.000000Z"}


def sent(town: Town, content: bytes | None = None, **changes: Any) -> Evidence:
    """A clip that came with a report."""
    case = reported(town, photos=[content or film()], **changes)
    return Evidence.objects.get(case__number=case.number)


def played(town: Town, row: Evidence, who: str = "acceptor", **headers: str) -> Any:
    """What a player is answered."""
    client = Client()
    client.force_login(town.people[who])
    return client.get(f"/api/cases/{row.case.number}/evidence/{row.pk}/film", headers=headers)


def page(town: Town, row: Evidence) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.people["acceptor"])
    return client.get(f"/cases/{row.case.number}/").content.decode()


def refused(content: bytes, error: type[DomainError], code: str, limits: clips.ClipLimits = LIMITS) -> None:
    with pytest.raises(error) as told:
        clips.clip(content, limits)
    assert told.value.code == code


def test_a_clip_is_sealed_doubted_and_played_without_a_word_of_its_original(town: Town, time: Time) -> None:
    content = film(told=EARLY, sound=True) + TAIL
    assert (b"Frau Wang" in content, TAIL in content, told_in(content)["location"]) == (
        True,
        True,
        "+23.3540+116.6820/",
    )
    row = sent(town, content)
    assert (row.content_type, row.size, row.width, row.height) == ("video/mp4", len(content), 96, 64)
    assert vault.fetch(row.sha256) == content
    assert vault.fetch(row.public_sha256)[:3] == b"\xff\xd8\xff", "a still of it stands for it everywhere"
    assert {one.kind for one in Doubt.objects.filter(evidence=row)} == {"far", "early"}
    answer = played(town, row)
    assert (answer.status_code, answer.json()["code"]) == (409, "case.clip_waiting")
    told = page(town, row)
    assert "The film is being prepared" in told
    assert "<video" not in told
    tasks.prepare_clips()
    shown = played(town, row).content
    with av.open(io.BytesIO(shown)) as made:
        assert ([one.type for one in made.streams], made.streams.video[0].codec_context.name) == (["video"], "h264")
        assert made.streams.video[0].codec_context.profile == "Constrained Baseline"
        assert not {"location", "creation_time", "comment", "encoder"} & set(made.metadata)
        assert 1.5 < float(made.duration / 1_000_000) <= 2.1
    assert shown.find(b"moov") < shown.find(b"mdat"), "it plays before the whole of it is there"
    assert not [secret for secret in (b"Frau Wang", b"script", b"PK\x03\x04") if secret in shown]
    assert '<video controls preload="none" poster=' in page(town, row)
    assert Clip.objects.get().public_sha256 in {one.sha256 for one in named()}, "a backup has it"
    again = sent(town, content)
    assert Doubt.objects.get(evidence=again, kind="seen").other == row
    rights(town, row)
    ranges(town, row, shown)


def told_in(content: bytes) -> dict[str, str]:
    """What the file says of itself."""
    with av.open(io.BytesIO(content)) as made:
        return dict(made.metadata)


def rights(town: Town, row: Evidence) -> None:
    """Somebody of the other district is answered as if there were nothing; the original needs `person.see`."""
    assert played(town, row, "desk2").status_code == 404
    with pytest.raises(DomainError) as told:
        actions.read_original(row.case.number, row.pk, actor=town.actor("collector"))
    assert told.value.code == "case.original_hidden"
    client = Client()
    client.force_login(town.people["acceptor"])
    answer = client.get(f"/api/cases/{row.case.number}/evidence/{row.pk}")
    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("video/mp4", "attachment")
    assert [(one["film"], one["seconds"]) for one in client.get(f"/api/cases/{row.case.number}/evidence").json()] == [
        ("ready", 2.0)
    ]


def ranges(town: Town, row: Evidence, whole: bytes) -> None:
    """A player that moves along is answered with the part it asks for."""
    size = len(whole)
    tag = played(town, row)["ETag"]
    for asked, part in {
        "bytes=0-": (0, size), "bytes=100-199": (100, 200), "bytes=-50": (size - 50, size),
        f"bytes=10-{10**15}": (10, size), f"bytes=-{10**15}": (0, size),
    }.items():  # fmt: skip
        answer = played(town, row, range=asked)
        assert (answer.status_code, answer.content) == (206, whole[slice(*part)]), asked
        assert answer["Content-Range"] == f"bytes {part[0]}-{part[1] - 1}/{size}"
    for asked in ("bytes=0-1,5-9", "bytes=9-3", "pages=1-2", "bytes=-", "bytes=x-"):
        answer = played(town, row, range=asked)
        assert (answer.status_code, answer.content) == (200, whole), asked
    for asked in (f"bytes={size}-", "bytes=-0"):
        answer = played(town, row, range=asked)
        assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{size}"), asked
    assert played(town, row, range="bytes=0-9", if_range='"another"').status_code == 200
    assert played(town, row, range="bytes=0-9", if_range=tag).status_code == 206


def test_what_is_no_clip_is_refused_with_the_reason() -> None:
    whole = film()
    assert not clips.is_clip(picture()), "a picture is a picture, also where it is called film.mp4"
    refused(whole[: len(whole) // 2], Unsupported, "clip.broken")
    refused(b"\x00\x00\x00\x18ftypisom" + bytes(3000), Unsupported, "clip.broken")
    refused(film(kind="matroska"), Unsupported, "clip.unknown_kind")
    refused(whole, TooLarge, "clip.too_long", LIMITS._replace(seconds=1))
    refused(whole, TooLarge, "clip.too_many_pixels", LIMITS._replace(pixels=6000))
    refused(whole + bytes(1024 * 1024), TooLarge, "clip.too_large", LIMITS._replace(megabytes=1))
    refused(heard(), Invalid, "clip.no_picture")
    assert not clips.is_clip(whole[:4] + b"ftypheic" + whole[12:]), "a still of a phone is none"


@pytest.mark.parametrize(("kind", "codec", "named_"), [("mov", "libx264", "quicktime"), ("webm", "libvpx", "webm")])
def test_what_other_phones_write_is_taken_too(kind: str, codec: str, named_: str) -> None:
    found = clips.clip(film(kind=kind, codec=codec), LIMITS)
    assert (found.picture.content_type, round(found.seconds, 1)) == (f"video/{named_}", 2.0)


def test_a_clip_held_upright_is_shown_upright() -> None:
    content = turned(film())
    assert (lambda one: (one.width, one.height))(clips.clip(content, LIMITS).picture) == (64, 96)
    with av.open(io.BytesIO(clips.public_clip(content).content)) as made:
        assert (made.streams.video[0].width, made.streams.video[0].height) == (64, 96)


def test_a_film_that_cannot_be_prepared_is_tried_again_and_then_given_up(
    town: Town, time: Time, settings: LazySettings
) -> None:
    row = sent(town)
    lost = Path(settings.MEDIA_ROOT) / vault.place(row.sha256)
    kept = lost.read_bytes()
    lost.unlink()
    assert actions.prepare_clip()
    assert not actions.prepare_clip(), "its turn has not come again"
    for _turn in range(4):
        assert selectors.film_of(Evidence.objects.get(pk=row.pk)) == "waiting"
        time.pass_by(hours=5)
        assert actions.prepare_clip()
    assert played(town, row).json()["code"] == "case.clip_broken"
    assert [one.level for one in health_page.films()] == ["normal", "caution"]
    assert "The film could not be prepared" in page(town, row)
    vault.keep(kept, row.sha256)
    time.pass_by(hours=50)
    assert not actions.prepare_clip(), "given up is given up"
    call_command("films_again", stdout=io.StringIO())
    assert [one.level for one in health_page.films()] == ["caution"], "it waits since it was sent"
    assert actions.prepare_clip()
    assert selectors.film_of(Evidence.objects.get(pk=row.pk)) == "ready"
    assert [one.level for one in health_page.films()] == ["normal"]
    call_command("films_again", stdout=(said := io.StringIO()))
    assert said.getvalue() == "0 films will be tried again\n"


def test_only_one_film_is_prepared_at_a_time_and_none_before_the_scanner_has_looked(
    town: Town, time: Time, settings: LazySettings
) -> None:
    settings.SCANNER_URL = "clamd://127.0.0.1:1"
    row = sent(town)
    assert not actions.prepare_clip(), "it waits for the scanner"
    assert played(town, row).json()["code"] == "case.picture_waiting"
    settings.SCANNER_URL = ""
    tasks.scan()
    Clip.objects.update(begun_at=time())
    assert not actions.prepare_clip(), "somebody prepares it now"
    time.pass_by(hours=1)
    assert actions.prepare_clip(), "that one was killed"
    assert selectors.film_of(Evidence.objects.get(pk=row.pk)) == "ready"
    deadly = sent(town, film(2))
    Clip.objects.filter(evidence=deadly).update(tries=5)
    assert not actions.prepare_clip(), "whoever prepared it was killed each time"
    assert selectors.film_of(Evidence.objects.get(pk=deadly.pk)) == "broken"


def test_a_citizens_clip_needs_a_look_and_its_original_is_erased_while_its_film_stays(town: Town) -> None:
    given = {"actor": town.actor("acceptor"), "source": "phone", "reporter": {"name": "王某", "phone": "13812345678"}}
    row, late = sent(town, **given), sent(town, film(2), **given)
    with pytest.raises(DomainError) as told:
        actions.read_original(row.case.number, row.pk, actor=town.actor("acceptor"))
    assert told.value.code == "case.original_needs_look"
    assert actions.prepare_clip()
    sealed = Clip.objects.get(evidence=row).public_sha256
    copied = sent(town, vault.fetch(sealed), **given)
    for one in (row, late, copied):
        erased(town, one)
    for one in (row, late):
        with pytest.raises(NotFound):
            vault.fetch(one.sha256)
    assert played(town, row).status_code == 200, "its film is that of another original, and stays"
    assert actions.prepare_clip()
    assert "The film could not be prepared" in page(town, late)
    assert not actions.prepare_again(), "of what is erased there is nothing to prepare"
    assert [one.level for one in health_page.films()] == ["normal"]


def erased(town: Town, row: Evidence) -> None:
    """The personal data of the case is gone, because the person asked."""
    actions.erase_personal(row.case.number, actor=machine("officer", "case.see", "person.erase"), note="本人要求")


def test_a_class_asks_for_a_clip_after_handling_or_takes_none(town: Town) -> None:
    actions.save_categories([category("E0408", video="after"), category("E0409", video="none")], pack="more")
    case = brought_to(town, "handling", category="E0408")
    found = selectors.open_steps(selectors.case(case.number, town.actor("handler")), town.actor("handler"))
    assert "film:handle" in next(one for one in found if one.verb == "submit").needs
    with pytest.raises(Invalid) as told:
        take(town, case, "submit", "handler", result="已劝离", photos="@")
    assert told.value.code == "case.needs_video_handle"
    assert take(town, case, "submit", "handler", result="已劝离", photos=[film()]).stage == "handled"
    with pytest.raises(Invalid) as told:
        reported(town, category="E0409", photos=[film()])
    assert told.value.code == "case.takes_no_video"
    assert reported(town, category="E0409", photos=[picture()]).stage == "reported"


def test_a_report_that_is_placed_later_is_measured_by_its_clip(town: Town) -> None:
    case = reported(town, lon=None, lat=None, address="海滨路 1 号", photos=[film(told=HERE)])
    assert not Doubt.objects.exists()
    actions.locate(case.number, 116.7005, 23.3605, actor=town.actor("acceptor"), version=case.version, address="")
    (doubt,) = Doubt.objects.all()
    assert (doubt.kind, 1500 < doubt.value < 2500) == ("far", True)
