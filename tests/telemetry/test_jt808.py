"""JT/T 808 as 68 frames of other people's terminals have it, and as any bytes at all leave it."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry.codecs import BadFrame, jt808
from telemetry.codecs.bcd import BEIJING
from telemetry.codecs.jt808 import Frame, Header
from tests.telemetry.vectors import each, vectors

FILE = "jt808-vectors.json"
MESSAGES = ("0x0001", "0x0002", "0x0100", "0x0102", "0x0200", "0x0201", "0x0704", "0x0801", "0x8001", "0x8003",
            "0x8100", "0x8201", "0x8300", "0x0200 deviation")  # fmt: skip
HEADER = {
    "msg_id": lambda head: f"0x{head.message:04x}", "serial": lambda head: head.serial,
    "phone_bcd": lambda head: head.phone.hex(), "phone": lambda head: head.number,
    "version_flag": lambda head: int(head.newer), "protocol_version": lambda head: head.version,
    "subpackage": lambda head: head.split, "pkg_total": lambda head: head.total, "pkg_index": lambda head: head.part,
    "encrypt": lambda head: head.encryption,
}  # fmt: skip
SAID = {
    "reply_serial": lambda said: said.serial, "reply_msg_id": lambda said: f"0x{said.message:04x}",
    "result": lambda said: said.result, "auth_len": lambda said: len(said.code), "imei": lambda said: said.imei,
    "auth_code": lambda said: said.code, "sw": lambda said: said.software, "plate_color": lambda said: said.colour,
    "altitude_m": lambda said: said.altitude, "speed_kmh": lambda said: said.speed_raw / 10,
    "time": lambda said: f"{said.time.astimezone(BEIJING):%F %T}", "text_flag": lambda said: said.flags,
    "text_type": lambda said: said.kind, "original_serial": lambda said: said.serial,
    "ids": lambda said: list(said.parts),
}  # fmt: skip
AREAS = {
    "overspeed": ({"type": 1, "id": 1}, "circle area 1"),
    "inout": ({"type": 1, "id": 1, "direction": 1}, "circle area 1, direction 1=out"),
    "route_time": ({"id": 2, "seconds": 34, "result": 1}, "section 2, 34 s, 1=too long"),
    "signals": (0b10111, "bits 0,1,2,4: low beam, high beam, right turn, brake"),
    "analog": (0xF2, "AD1=0 AD0=242 (high word AD1)"),
}
NAMES = {"gnss_sats": "satellites", "analog": "analogue", "route_time": "section"}


def content(text: str) -> bytes:
    return bytes.fromhex(text)[1:-1]


def has_items(said: jt808.Location, told: dict[str, dict[str, Any]]) -> None:
    """Every item that the source names is there, as bytes and as what they mean."""
    named = jt808.named(said.items)
    for code, expected in told.items():
        assert (int(code, 16), bytes.fromhex(expected["raw"])) in said.items
        for name, value in expected.items():
            if name in AREAS:
                assert (named[NAMES.get(name, name)], value) == AREAS[name]
            elif name != "raw":
                assert named[NAMES.get(name, name)] == value


def says(said: Any, told: dict[str, Any]) -> None:
    """The message holds every value that the source names."""
    for name, value in told.items():
        if name == "tlvs":
            has_items(said, value)
        elif name == "items":
            read = [jt808.location(body) for body in said.bodies]
            assert len(read) == len(value)
            for one, item in zip(read, value, strict=True):
                says(one, item)
        elif name == "count":
            assert len(said.bodies if isinstance(said, jt808.Batch) else said.parts) == value
        elif name == "type":
            assert said.kind == value
        elif name not in ("body_len", "checksum", "count_width"):
            assert SAID.get(name, lambda said, name=name: getattr(said, name))(said) == value, name


@pytest.mark.parametrize("vector", each(FILE, *MESSAGES))
def test_a_frame_says_what_its_source_says_and_is_written_as_it_came(vector: dict[str, Any]) -> None:
    check = "source frame is wrong" not in vector.get("notes", "").lower()
    frame = jt808.parse(content(vector["hex"]), check=check)
    told = dict(vector["decoded"])
    for name in HEADER.keys() & told.keys():
        assert HEADER[name](frame.header) == told.pop(name), name
    assert len(frame.body) == told.get("body_len", len(frame.body))
    if frame.header.encryption:
        with pytest.raises(BadFrame, match="encrypted"):
            jt808.decode(frame)
        return
    if isinstance(said := jt808.decode(frame), jt808.LocationAnswer):
        assert said.serial == told.pop("reply_serial")
        said = said.location
    says(said, told)
    if check:
        assert jt808.build(frame.header, frame.body).hex() == vector["hex"].lower()


def test_a_last_item_cut_short_costs_neither_the_position_nor_the_other_items() -> None:
    vector = _one("location-malformed-tlv-tail")
    with pytest.raises(BadFrame, match="checksum"):
        jt808.parse(content(vector["hex"]))
    said = jt808.decode(jt808.parse(content(vector["hex"]), check=False))
    assert isinstance(said, jt808.Location)
    assert (len(said.items), said.rest.hex(), said.located) == (18, "f6041450", False)


@pytest.mark.parametrize("vector", each(FILE, "negative"))
def test_a_frame_that_is_wrong_is_refused_and_tells_nothing(vector: dict[str, Any]) -> None:
    framer, raw = jt808.Framer(), bytes.fromhex(vector["hex"])
    told = list(framer.feed(raw))
    if raw.endswith(b"\x7e"):
        assert [type(one) for one in told] == [BadFrame]
        with pytest.raises(BadFrame):
            jt808.parse(content(vector["hex"]))
    else:
        assert (told, framer.pending) == ([], len(raw))


@pytest.mark.parametrize("vector", each(FILE, "stream"))
def test_a_stream_gives_every_whole_frame_however_it_is_cut(vector: dict[str, Any]) -> None:
    raw, expected = bytes.fromhex(vector["hex"]), list(vector["decoded"]["frames"])
    if "our_requirement" in vector["decoded"]:
        expected.append("7e000200000123456789017fff0a7e")
    for size in (1, 2, 5, len(raw)):
        framer, told = jt808.Framer(), []
        for start in range(0, len(raw), size):
            told += framer.feed(raw[start : start + size])
        frames = [jt808.build(one.header, one.body).hex() for one in told if isinstance(one, Frame)]
        assert frames == expected
        assert framer.pending == vector["decoded"].get("pending_bytes", 0)
        assert sum(isinstance(one, BadFrame) for one in told) == ("our_requirement" in vector["decoded"])


@pytest.mark.parametrize("vector", each(FILE, "escape"))
def test_what_is_escaped_comes_back(vector: dict[str, Any]) -> None:
    told = bytes.fromhex(vector["decoded"]["unescaped"])
    assert jt808.unescape(content(vector["hex"])) == told
    assert jt808.escape(told) == content(vector["hex"])
    if "lat_raw" in vector["decoded"]:
        said = jt808.decode(jt808.parse(content(vector["hex"])))
        assert isinstance(said, jt808.Location)
        assert said.lat_raw == vector["decoded"]["lat_raw"]


def test_the_body_that_asks_for_parts_again_is_read_by_the_widths_of_2013() -> None:
    vector = _one("retransmit-request-body")
    said = jt808.decode(Frame(Header(0x8003, 1, bytes(6)), bytes.fromhex(vector["hex"])))
    assert said == jt808.Retransmit(1234, (0x0102, 0x0203))
    assert jt808.encode(0x8003, said, newer=False).hex() == vector["hex"]


@pytest.mark.parametrize("vector", each(FILE, "0x1205 split", "split"))
def test_a_message_in_parts_is_whole_whatever_their_order(vector: dict[str, Any]) -> None:
    frames, told = [jt808.parse(content(one)) for one in vector["hex_frames"]], vector["decoded"]
    other = [one._replace(header=one.header._replace(phone=bytes(6))) for one in frames]
    for order in (frames, frames[::-1], [frames[-1], *frames[1::2], *frames[::2]]):
        assembler = jt808.Assembler()
        whole = [done for one in order if (done := assembler.add(one, 0.0))]
        assert [hashlib.sha256(one.body).hexdigest() for one in whole] == [told["reassembled_sha256"]]
        assert len(whole[0].body) == told["reassembled_len"]
        assert f"0x{whole[0].header.message:04x}" == told["msg_id"]
        assert whole[0].header.serial == told.get("first_serial", whole[0].header.serial)
    mixed = jt808.Assembler()
    both = [done for pair in zip(frames, other, strict=True) for one in pair if (done := mixed.add(one, 0.0))]
    assert [one.header.phone for one in both] == [frames[0].header.phone, bytes(6)]


def test_a_part_that_does_not_come_is_asked_for_once_and_then_given_up() -> None:
    frames = [jt808.parse(content(one)) for one in _one("subpackage-series-18")["hex_frames"]]
    assembler = jt808.Assembler()
    for one in frames[:4] + frames[5:]:
        assert assembler.add(one, 100.0) is None
    assert assembler.due(140.0) == []
    [asked] = assembler.due(145.0)
    assert (asked.first, asked.parts) == (17148, (5,))
    assert (assembler.due(180.0), len(assembler)) == ([], 1)
    assert (assembler.due(190.0), len(assembler)) == ([], 0)
    assert assembler.add(frames[4], 191.0) is None


def test_a_phone_that_is_no_number_is_read_both_ways() -> None:
    header = Header(0x0002, 1, bytes.fromhex("4eb6fb4afd9e"))
    assert header.numbers == ("4eb6fb4afd9e", "865429044419987"[:0] + str(0x4EB6FB4AFD9E) + header.numbers[1][-1])
    assert header.numbers[1][:-1] == str(0x4EB6FB4AFD9E)
    assert Header(0x0002, 1, bytes.fromhex("013912344321")).numbers == ("13912344321",)


def test_the_bits_of_a_model_are_data() -> None:
    items = ((0x2A, b"\x00\x08"), (0xE5, b"\x01\x2c\xff"))
    io_map = {
        "sweeper": {"item": "2a", "bit": 3}, "closed": {"item": "2A", "bit": 3, "inverted": True},
        "tank": {"item": "e5", "length": 2, "scale": 0.1}, "acc": {"item": "status", "bit": 0},
        "absent": {"item": "f0", "bit": 1}, "short": {"item": "e5", "offset": 9, "length": 2},
    }  # fmt: skip
    told = jt808.mapped(items, 1, io_map)
    assert told == {"sweeper": True, "closed": False, "tank": pytest.approx(30), "acc": True}
    assert jt808.named(items) == {"io": 8, "raw": {"e5": "012cff"}}
    for scale in (0.1, 1e308):
        assert jt808.mapped(((0xE5, b"\xff" * 200),), 1, {"tank": {"item": "e5", "scale": scale}}) == {}
    assert jt808.mapped(((0xE5, b"\x09"),), 1, {"tank": {"item": "e5", "scale": 1e308}}) == {}


PHONES = st.tuples(st.just(None), st.binary(min_size=6, max_size=6)) | st.tuples(
    st.integers(0, 255), st.binary(min_size=10, max_size=10)
)
WORDS = st.integers(0, 0xFFFF)
LETTERS = st.text("粤A测0123456789abc", max_size=5)
TIMES = st.integers(978_307_200, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
ITEMS = st.lists(st.tuples(st.integers(0, 255), st.binary(max_size=9)), max_size=4).map(tuple)
LOCATIONS = st.tuples(*[st.integers(0, 2**32 - 1)] * 4, WORDS, WORDS, WORDS, TIMES, ITEMS).map(
    lambda values: jt808.Location(*values)
)
SAYINGS = st.one_of(
    st.tuples(st.sampled_from((0x0001, 0x8001)), st.builds(jt808.Ack, WORDS, WORDS, st.integers(0, 255))),
    st.tuples(st.just(0x0200), LOCATIONS),
    st.tuples(st.just(0x0201), st.builds(jt808.LocationAnswer, WORDS, LOCATIONS)),
    st.tuples(st.just(0x8202), st.builds(jt808.Tracking, WORDS, st.integers(0, 2**32 - 1))),
    st.tuples(st.just(0x8100), st.builds(jt808.RegisterAck, WORDS, st.just(0), LETTERS)),
    st.tuples(st.sampled_from((0x8003, 0x0005)), st.builds(jt808.Retransmit, WORDS, st.lists(WORDS).map(tuple))),
    st.tuples(st.sampled_from((0x8103, 0x0104)), st.dictionaries(st.integers(0, 2**32 - 1), st.binary(max_size=9))),
    st.tuples(st.just(0x0704), st.lists(st.binary(min_size=28, max_size=40)).map(tuple)),
)


@given(PHONES, WORDS, SAYINGS)
def test_what_is_written_is_read_again(phone: tuple[int | None, bytes], serial: int, saying: tuple[int, Any]) -> None:
    message, said = saying
    if isinstance(said, dict):
        said = jt808.Parameters(said, serial if message == 0x0104 else 0)
    if isinstance(said, tuple) and message == 0x0704:
        said = jt808.Batch(1, said)
    header = Header(message, serial, phone[1], phone[0])
    body = jt808.encode(message, said, newer=header.newer)
    framer, assembler, whole = jt808.Framer(), jt808.Assembler(), []
    for raw in jt808.build_all(header, body):
        for frame in framer.feed(raw):
            assert isinstance(frame, Frame)
            whole += [done for done in [assembler.add(frame, 0.0)] if done]
    assert [one.header for one in whole] == [header]
    assert jt808.decode(whole[0]) == said


@given(st.binary(max_size=80), st.sampled_from((0x0001, 0x0100, 0x0102, 0x0104, 0x0200, 0x0201, 0x0702, 0x0704, 0x8003,
                                                0x8100, 0x8103, 0x8300)), st.sampled_from((None, 1)))  # fmt: skip
def test_any_body_is_read_or_refused_by_the_codec_s_own_error(body: bytes, message: int, version: int | None) -> None:
    try:
        said = jt808.decode(Frame(Header(message, 1, bytes(6), version), body))
    except BadFrame:
        return
    if isinstance(said, jt808.Location):
        assert jt808.named(said.items) is not None


@given(st.lists(st.binary(max_size=40) | st.just(b"\x7e") | st.just(b"\x7d\x02")), st.lists(st.integers(0, 200)))
def test_any_stream_gives_the_same_wherever_it_is_cut(pieces: list[bytes], cuts: list[int]) -> None:
    good = bytes.fromhex("7e0002000012345678201100013a7e")
    raw = good.join(pieces)
    told = []
    framer, place = jt808.Framer(), 0
    for cut in (*sorted(cuts), len(raw)):
        told += framer.feed(raw[place:cut])
        place = max(place, cut)
    assert [_shown(one) for one in told] == [_shown(one) for one in jt808.Framer().feed(raw)]


def test_a_frame_without_an_end_costs_no_more_memory_than_the_longest_frame() -> None:
    framer = jt808.Framer()
    assert list(framer.feed(b"\x7e" + b"\x00" * 100_000)) == []
    assert framer.pending < 2200
    assert [_shown(one) for one in framer.feed(b"\x7e")] == ["too_long"]


def test_a_time_is_of_beijing_and_kept_as_utc() -> None:
    at = datetime(2018, 7, 15, 2, 10, 10, tzinfo=UTC)
    location = jt808.Location(0, 2, 1, 1, 0, 0, 0, at)
    body = jt808.encode(0x0200, location, newer=False)
    assert body[-6:].hex() == "180715101010"
    assert jt808.location(body).time == at
    assert at - jt808.location(body[:-6] + bytes.fromhex("180715101009")).time == timedelta(seconds=1)
    assert jt808.location(body[:-6] + b"\xff" * 6).time is None


def _shown(one: Frame | BadFrame) -> str:
    return one.code if isinstance(one, BadFrame) else jt808.build(one.header, one.body).hex()


def _one(name: str) -> dict[str, Any]:
    found = [one for one in vectors(FILE) if one["id"] == name]
    if not found:
        pytest.skip("shared/data/protocols is not there")
    return found[0]
