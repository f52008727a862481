"""SL 651 and HJ 212 as other people's frames have them, and as any bytes at all leave them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry.codecs import BadFrame, hj212, sl651
from telemetry.codecs.bcd import BEIJING
from tests.telemetry.vectors import each, vectors

FILE = "sl651-hj212-vectors.json"


def shown(at: datetime | None, form: str) -> str:
    assert at is not None
    return at.astimezone(BEIJING).strftime(form)


@pytest.mark.parametrize("vector", each(FILE, "SL 651-2014"))
def test_a_frame_of_a_gauge_says_what_its_source_says(vector: dict[str, Any]) -> None:
    raw, told = bytes.fromhex(vector["hex"]), vector["decoded"]
    frame = sl651.parse(raw)
    assert (frame.centre, frame.station, frame.password) == (told["centre"], told["station"], told["password"])
    assert (frame.function, frame.up, frame.start) == (int(told["func"], 16), True, int(told["stx"], 16))
    assert sl651.build(frame) == raw
    if "serial" in told:
        assert (frame.serial, shown(frame.at, "%F %T")) == (told["serial"], told["report_time"])
    if elements := dict(told.get("elements", {})):
        assert (elements.pop("station"), elements.pop("station_class")) == (frame.station, sl651.station_class(frame))
        at, found = elements.pop("obs_time"), sl651.observations(frame)
        assert {one.name: one.value for one in found} == elements
        assert {shown(one.at, "%F %H:%M") for one in found} == {at}
    for place in range(len(raw)):
        broken = raw[:place] + bytes((raw[place] ^ 1,)) + raw[place + 1 :]
        with pytest.raises(BadFrame):
            sl651.parse(broken)


def test_an_hour_of_levels_and_rain_is_read_with_what_is_missing() -> None:
    frame = [one for one in vectors(FILE) if one["id"] == "sl651-34"]
    if not frame:
        pytest.skip("shared/data/protocols is not there")
    found = sl651.observations(sl651.parse(bytes.fromhex(frame[0]["hex"])))
    rain = [one.value for one in found if one.name == "rain_5min_mm"]
    level = [one.value for one in found if one.name == "river_level_5min_m"]
    assert (len(rain), rain[:3], rain[-1]) == (12, [0.5, 0.0, 0.0], 0.0)
    assert (len(level), level[0], level[2], level.count(None)) == (12, 0.12, 0.28, 5)
    assert [one.value for one in found if one.name == "river_level_m"] == [10.49]


def test_a_level_below_zero_is_below_zero() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    frame = sl651.Frame("01", "0012345678", "1234", 0x32, True, 1, at, bytes.fromhex("3923ff0001253923aaaaaaaa"))
    assert [one.value for one in sl651.observations(frame)] == [-0.125, None]


@pytest.mark.parametrize("vector", each(FILE, "HJ 212-2017"))
def test_a_packet_of_a_stack_says_what_its_source_says(vector: dict[str, Any]) -> None:
    raw, told = vector["text"].encode(), vector["decoded"]
    packet = hj212.parse(raw)
    assert (packet.fields, packet.cp) == (told["fields"], told["cp"])
    assert hj212.build(packet.fields, packet.cp).upper() == raw.upper()
    for place in range(2, len(raw) - 2):
        if raw[place : place + 1].isalpha() and place >= len(raw) - 6:
            continue
        with pytest.raises(BadFrame):
            hj212.parse(raw[:place] + bytes((raw[place] ^ 1,)) + raw[place + 1 :])


def test_the_factors_of_a_packet_have_their_values_flags_and_time() -> None:
    packet = hj212.Packet(
        {"Flag": "5"}, "DataTime=20190924220000;a21026-Avg=2.7,a21026-Flag=N;a34013-Avg=7,a34013-Flag=F"
    )
    assert packet.factors == {"a21026": {"Avg": "2.7", "Flag": "N"}, "a34013": {"Avg": "7", "Flag": "F"}}
    assert packet.at == datetime(2019, 9, 24, 14, tzinfo=UTC)
    assert (packet.wants_answer, hj212.Packet({"Flag": "4"}, "").wants_answer) == (True, False)


def test_the_answer_to_data_is_the_one_of_the_standard() -> None:
    asked = hj212.Packet(
        {"QN": "20160801085000001", "PW": "123456", "MN": "010000A8900016F000169DC0", "Flag": "5"}, ""
    )  # fmt: skip
    told = "QN=20160801085000001;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&"
    assert hj212.answer(asked) == f"##0087{told}C241\r\n".encode()


FRAMES = (
    sl651.build(sl651.Frame("01", "0012345678", "1234", 0x2F, True, 3, datetime(2026, 1, 1, tzinfo=UTC), b"")),
    hj212.build({"QN": "1", "CN": "2011"}, "DataTime=20260101000000;a21026-Rtd=58"),
)
NOISE = st.lists(st.binary(max_size=30) | st.sampled_from((b"\x7e\x7e", b"##", b"##00", b"\x7e")), max_size=4)


@given(NOISE, st.lists(st.integers(0, 200)), st.sampled_from((0, 1)))
def test_any_stream_is_the_same_wherever_it_is_cut(pieces: list[bytes], cuts: list[int], which: int) -> None:
    raw = FRAMES[which].join(pieces)
    make = (sl651.Framer, hj212.Framer)[which]
    framer, told, place = make(), [], 0
    for cut in (*sorted(cuts), len(raw)):
        told += framer.feed(raw[place:cut])
        place = max(place, cut)
    assert [str(one) for one in told] == [str(one) for one in make().feed(raw)]


@given(st.binary(max_size=60))
def test_any_payload_of_a_report_is_read_as_far_as_it_goes(payload: bytes) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    frame = sl651.parse(sl651.build(sl651.Frame("01", "0012345678", "1234", 0x32, True, 1, at, payload)))
    assert frame.payload == payload
    assert len(sl651.observations(frame)) <= 60


@pytest.mark.parametrize("which", [0, 1])
def test_after_a_broken_frame_the_next_one_is_whole(which: int) -> None:
    good, framer = FRAMES[which], (sl651.Framer, hj212.Framer)[which]()
    broken = good[:20] + bytes((good[20] ^ 1,)) + good[21:]
    told = list(framer.feed(b"noise" + broken + good))
    assert [type(one) is BadFrame for one in told][-2:] == [True, False]
    assert sum(not isinstance(one, BadFrame) for one in told) == 1
