"""Pictures: judged by content, drawn anew, sealed; polyglots lose their tail, cameras their place."""

import hashlib
import io
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from cases import actions
from cases.models import Case, Evidence
from core import pictures, vault
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, TooLarge, Unsupported
from journal.models import Entry
from tests.cases.factories import Town, brought_to, picture, reported, take


def with_place(size: tuple[int, int] = (120, 80), orientation: int = 1) -> bytes:
    """A JPEG that says where and with what it was taken."""
    image, out = Image.new("RGB", size, "teal"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Kamera", orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (23.0, 21.0, 0.0), 3: "E", 4: (116.0, 42.0, 0.0)})
    image.save(out, "JPEG", exif=exif, comment=b"secret comment")
    return out.getvalue()


def test_the_public_copy_has_no_metadata():
    found = pictures.picture(with_place())
    assert b"Kamera" in found.original
    assert b"Kamera" not in found.public
    assert b"secret comment" not in found.public
    shown = Image.open(io.BytesIO(found.public))
    assert dict(shown.getexif()) == {}
    assert {"exif", "icc_profile", "comment"} & set(shown.info) == set()


def test_the_public_copy_stands_upright():
    found = pictures.picture(with_place((120, 80), orientation=6))
    assert Image.open(io.BytesIO(found.public)).size == (80, 120)


def test_a_polyglot_loses_its_tail():
    tail = b"PK\x03\x04" + b"<script>alert(1)</script>" * 10
    found = pictures.picture(picture() + tail)
    assert tail in found.original
    assert b"script" not in found.public
    assert b"PK\x03\x04" not in found.public


def test_the_seal_is_the_hash_of_what_came_in():
    content = with_place()
    assert pictures.picture(content).sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_kinds_are_taken_whatever_they_are_called(kind):
    found = pictures.picture(picture(kind=kind))
    assert found.content_type == f"image/{kind.lower()}"
    assert found.public[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_other_pictures_are_not(kind):
    with pytest.raises(Unsupported) as told:
        pictures.picture(picture(kind=kind))
    assert told.value.code == "picture.unknown_kind"


def test_transparency_becomes_white():
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    shown = Image.open(io.BytesIO(pictures.picture(out.getvalue()).public))
    assert all(channel > 250 for channel in shown.getpixel((5, 5)))


def test_large_pictures_are_made_smaller_for_the_public():
    found = pictures.picture(picture(size=(4000, 1000)))
    assert (found.width, found.height) == (4000, 1000)
    assert Image.open(io.BytesIO(found.public)).size == (2048, 512)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("size", [(8000, 6251), (60_000, 2000)])
def test_too_many_pixels_are_refused_before_they_are_drawn(size, monkeypatch):
    content = picture(size=(8, 8), kind="PNG")
    width, height = (value.to_bytes(4, "big") for value in size)
    head = content[:16] + width + height + content[24:29]
    bomb = head + zlib_crc(head[12:29]) + content[33:]
    monkeypatch.setattr(pictures, "_public", lambda content: pytest.fail("it was drawn"))
    with pytest.raises(TooLarge) as told:
        pictures.picture(bomb)
    assert told.value.code == "picture.too_many_pixels"


def zlib_crc(chunk: bytes) -> bytes:
    return zlib.crc32(chunk).to_bytes(4, "big")


def test_too_many_bytes_are_refused():
    with pytest.raises(TooLarge) as told:
        pictures.picture(b"\xff\xd8\xff" + b"\x00" * pictures.MAX_BYTES)
    assert told.value.code == "picture.too_large"


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@given(at=st.integers(0, 600), junk=st.binary(min_size=1, max_size=40), keep=st.booleans())
@hypothesis_settings(max_examples=150, deadline=None)
def test_damaged_pictures_are_refused_with_a_code_and_nothing_else(at, junk, keep):
    content = with_place()
    broken = content[:at] + junk + (content[at + len(junk) :] if keep else b"")
    with suppress(Unsupported, TooLarge, Invalid):
        assert pictures.picture(broken).public[:3] == b"\xff\xd8\xff"


# ---- on a case


def vault_files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_the_original_and_the_copy_lie_under_their_hashes(town: Town) -> None:
    case = reported(town, photos=[with_place()])
    row = Evidence.objects.get()
    assert (row.phase, row.stage, row.case.number) == ("report", "reported", case.number)
    assert {path.name for path in vault_files()} == {row.sha256, row.public_sha256}
    assert vault.fetch(row.sha256) == with_place()
    assert case.photo is True


def test_the_same_picture_twice_is_one_file_and_one_row(town: Town) -> None:
    reported(town, photos=[with_place(), with_place()])
    assert Evidence.objects.count() == 1
    assert len(vault_files()) == 2


def test_a_file_that_was_changed_is_not_shown(town: Town) -> None:
    reported(town, photos=[with_place()])
    row = Evidence.objects.get()
    (path,) = [path for path in vault_files() if path.name == row.sha256]
    path.chmod(0o640)
    path.write_bytes(with_place() + b"x")
    acceptor = town.actor("acceptor")
    with pytest.raises(Conflict) as told:
        actions.read_original(row.case.number, row.pk, actor=acceptor)
    assert told.value.code == "picture.seal_broken"


def test_a_file_that_is_gone_is_said_to_be_missing(town: Town) -> None:
    case = reported(town, photos=[with_place()])
    for path in vault_files():
        path.unlink()
    with pytest.raises(NotFound) as told:
        actions.public_copy(case.number, Evidence.objects.get().pk, actor=town.actor("acceptor"))
    assert told.value.code == "picture.lost"


def test_reading_an_original_is_on_record(town: Town) -> None:
    case = reported(town, photos=[with_place()])
    acceptor = town.actor("acceptor")
    actions.read_original(case.number, Evidence.objects.get().pk, actor=acceptor)
    entry = Entry.objects.get(kind="case.evidence_read.v1")
    assert (entry.actor, entry.scopes) == (acceptor.key, [f"user:{acceptor.user_id}"])


def test_a_bad_picture_stops_the_whole_report(town: Town) -> None:
    with pytest.raises(Unsupported):
        reported(town, photos=[picture(), b"no picture"])
    assert Case.objects.count() == 0


def test_no_more_than_a_dozen_pictures_at_once(town: Town) -> None:
    with pytest.raises(TooLarge):
        reported(town, photos=[picture()] * 13)


@pytest.mark.parametrize(
    ("stage", "who", "phase", "error"),
    [
        ("reported", "acceptor", "report", None),
        ("reported", "collector2", "report", None),
        ("reported", "leader", "report", Forbidden),
        ("reported", "collector", "check", Conflict),
        ("handling", "handler", "handle", None),
        ("handling", "handler_b", "handle", Conflict),
        ("handling", "desk", "handle", Forbidden),
        ("handling", "handler", "report", Forbidden),
        ("handled", "handler", "handle", Conflict),
        ("checking", "collector", "check", None),
        ("checking", "collector2", "check", Conflict),
        ("checking", "handler", "check", Forbidden),
        ("checking", "handler2", "check", NotFound),
        ("closed", "acceptor", "report", Conflict),
    ],
)
def test_pictures_are_added_by_whose_turn_it_is(town: Town, stage: str, who: str, phase: str, error) -> None:
    case = brought_to(town, stage)
    before = Evidence.objects.count()

    def add() -> None:
        actions.attach(case.number, actor=town.actor(who), content=with_place(), stage=phase)

    if error is None:
        add()
    else:
        with pytest.raises(error):
            add()
    assert Evidence.objects.count() - before == (error is None)


def test_the_pictures_of_an_earlier_round_do_not_count_for_the_next(town: Town) -> None:
    case = take(town, brought_to(town, "checking"), "check_fail", "collector", reason="noch da", photos="@")
    case = take(town, case, "rework", "district_dispatcher")
    case = take(town, case, "assign", "desk", handler="@handler")
    with pytest.raises(DomainError) as told:
        take(town, case, "submit", "handler", result="fertig")
    assert told.value.code == "case.needs_photo_handle"
