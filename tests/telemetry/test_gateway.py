"""Terminals at the gateway, over real connections and a real Redis, and what the store makes of their words."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point

from core import clock
from telemetry import actions
from telemetry.codecs import hj212, jt808, sl651
from telemetry.contracts import DeviceKind, DownlinkState, Protocol, Quality
from telemetry.gateway import Gateway
from telemetry.models import Device, Downlink, FixRow, Latest, Station, Stream
from telemetry.models import Terminal as Row
from tests.telemetry.terminals import (
    ADMIN,
    HERE,
    LAT,
    LON,
    Terminal,
    body_of,
    counts,
    device,
    empty_streams,
    play,
    said,
    stored,
)

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Awaitable[Terminal]]


@pytest.fixture(autouse=True)
def nothing_waits() -> None:
    FixRow.objects.all().delete()
    empty_streams()


def test_a_terminal_is_let_in_by_a_random_code_and_nothing_of_it_is_stored_before() -> None:
    device()
    codes = []

    async def story(gateway: Gateway, terminal: Make) -> None:
        stranger = await terminal()
        assert await stranger.ask(0x0200, said()) == 1
        assert await stranger.ask(0x0102, jt808.Auth("guessed")) == 1
        assert await stranger.ask(0x0200, said()) == 1
        assert await stranger.hear() is None
        wrong = await terminal()
        assert (await wrong.register(plate="粤B99999")).result == 2
        assert (await wrong.register(terminal_id="X1")).result == 4
        unknown = await terminal("13900000000")
        assert (await unknown.register()).result == 4
        one = await terminal()
        codes.append(await one.enter())
        assert await one.ask(0x0002, jt808.Empty()) == 0
        assert await one.ask(0x0200, said()) == 0
        assert await one.ask(0x0200, b"short") == 2
        assert await one.ask(0x0900, b"\x00") == 3
        assert await one.ask(0x0200, bytes(1000) + bytes(23), split=True, total=5, part=1) == 0
        for part in range(2, 6):
            result = await one.ask(0x0200, bytes(1023), split=True, total=5, part=part)
        assert result == 2
        newer = await terminal()
        assert await newer.ask(0x0102, jt808.Auth(codes[0])) == 0
        assert await one.hear() is None
        assert await newer.ask(0x0200, said(speed_raw=301)) == 0
        hasty = await terminal()
        hasty.send(0x0102, jt808.Auth(codes[0]))
        hasty.send(0x0704, bytes(40), split=True, total=2, part=1)
        heard = [await hasty.hear() for _each in range(2)]
        assert [told[1].result for told in heard if told] == [0, 1], "a part before its time is not kept"

    play(story)
    row = Row.objects.get()
    assert (len(codes[0]) >= 24, row.secret_hash.find(codes[0]), len(row.secret_hash)) == (True, -1, 64)
    stored()
    assert sorted(FixRow.objects.values_list("speed", flat=True)) == pytest.approx([30.0, 30.1])
    told = counts()
    assert (told["accepted"], told["stored"]) == (2, 2)
    assert (told["jt808.refused.wrong_code"], told["jt808.refused.not_introduced"], told["jt808.closed.strikes"]) == (
        1,
        2,
        1,
    )


def test_without_redis_nothing_is_acknowledged_and_the_terminal_is_sent_away() -> None:
    device()

    async def story(gateway: Gateway, terminal: Make) -> None:
        one = await terminal()
        await one.enter()
        assert await one.ask(0x0200, said()) == 1
        assert await one.hear() is None

    play(story, url="unix:///nowhere/redis.sock?db=0")
    stored()
    assert not FixRow.objects.exists()


def test_replayed_positions_are_stored_once_by_their_day_and_the_newest_stays_where_it_is() -> None:
    device()
    now = clock.now()
    days = [now - timedelta(days=step) for step in (0, 4, 4, 200)]
    bodies = tuple(body_of(day + timedelta(seconds=place)) for place, day in enumerate(days))

    async def story(gateway: Gateway, terminal: Make) -> None:
        one = await terminal(version=1)
        await one.enter()
        assert await one.ask(0x0200, bodies[0]) == 0
        assert await one.ask(0x0704, jt808.Batch(1, (*bodies, bodies[1]))) == 0
        whole = jt808.encode(0x0704, jt808.Batch(1, bodies[:2]), newer=True)
        assert await one.ask(0x0704, whole[:40], split=True, total=2, part=1) == 0
        one.writer.write(b"\x7e\x01\x02\x7e\x7e broken \x7e")
        assert await one.ask(0x0704, whole[40:], split=True, total=2, part=2) == 0

    play(story)
    stored()
    rows = list(FixRow.objects.order_by("-at").values_list("quality", flat=True))
    assert rows == [Quality.GOOD, Quality.LATE, Quality.LATE, Quality.LATE]
    latest = Latest.objects.get()
    assert (latest.at, latest.geom.coords) == (now.replace(microsecond=0), pytest.approx((LON, LAT)))
    told = counts()
    assert (told["accepted"], told["stored"], told["repeated"]) == (8, 4, 4)
    assert told["jt808.bad.short"] == 2


def test_a_fix_that_cannot_be_is_kept_with_its_code_and_is_never_the_latest() -> None:
    device()
    now = clock.now()

    async def story(gateway: Gateway, terminal: Make) -> None:
        one = await terminal()
        await one.enter()
        for body in (
            body_of(now, lat=91.5), body_of(now, status=0), body_of(now + timedelta(days=30)),
            body_of(now)[:22] + b"\xff" * 6,
        ):  # fmt: skip
            assert await one.ask(0x0200, body) == 0

    play(story)
    stored()
    assert sorted(FixRow.objects.values_list("quality", flat=True)) == [1, 2, 2, 3]
    assert not Latest.objects.exists()


def test_what_a_consumer_had_taken_when_it_was_killed_is_stored_once_when_it_is_back() -> None:
    device()

    async def story(gateway: Gateway, terminal: Make) -> None:
        one = await terminal()
        await one.enter()
        assert await one.ask(0x0704, jt808.Batch(0, tuple(body_of(speed_raw=speed) for speed in range(5)))) == 0

    play(story)
    killed = stored()
    assert FixRow.objects.count() == 5
    play(lambda gateway, terminal: _one_more(terminal))
    assert sum(map(len, killed._take(">", block=100).values())) == 1
    other = stored("store-2")
    assert FixRow.objects.count() == 5
    assert not other._take("0", block=None)
    stored("store-1")
    assert FixRow.objects.count() == 6
    assert not killed._take("0", block=None)


async def _one_more(terminal: Make) -> None:
    one = await terminal()
    await one.enter()
    assert await one.ask(0x0200, said(speed_raw=999)) == 0


def test_a_text_reaches_the_terminal_and_its_own_answer_proves_it() -> None:
    device()
    unwritable = actions.tell("truck-1", message=0x8202, body={}, key="order-0", actor=ADMIN)
    text = actions.tell("truck-1", message=0x8300, body={"text": "去石炮台"}, key="order-1", actor=ADMIN)
    wishes = {"1": "0000003c"}
    parameters = actions.tell("truck-1", message=0x8103, body=wishes, key="order-2", actor=ADMIN)
    heard = []

    async def story(gateway: Gateway, terminal: Make) -> None:
        one = await terminal()
        await one.enter()
        for result in (0, 1):
            message, told = await one.hear() or (0, None)
            heard.append((message, told))
            one.send(0x0001, jt808.Ack(one.heard_serial, message, result))
        assert await one.ask(0x0002, jt808.Empty()) == 0

    play(story)
    assert heard == [(0x8300, jt808.Text(12, "去石炮台")), (0x8103, jt808.Parameters({1: b"\x00\x00\x00\x3c"}))]
    states = dict(Downlink.objects.values_list("pk", "state"))
    assert states.pop(unwritable.pk) == DownlinkState.SENT, "it kept nothing else from being told"
    assert states == {text.pk: DownlinkState.DELIVERED, parameters.pk: DownlinkState.REFUSED}
    again = actions.tell("truck-1", message=0x8300, body={"text": "去石炮台"}, key="order-1", actor=ADMIN)
    assert again.pk == text.pk


def test_a_gauge_and_a_stack_are_answered_when_their_readings_are_kept() -> None:
    device("gauge-7", "0012345678", kind=DeviceKind.GAUGE, protocol=Protocol.SL651, plate="", terminal_id="")
    device("stack-1", "MN0001", kind=DeviceKind.STACK, protocol=Protocol.HJ212, plate="", terminal_id="")
    at = clock.now().replace(microsecond=0)
    report = sl651.Frame("01", "0012345678", "1234", 0x32, True, 7, at, bytes.fromhex("392300001234"))
    data = {"QN": "1", "ST": "32", "CN": "2011", "PW": "1", "MN": "MN0001", "Flag": "5"}
    time = at.astimezone(jt808.messages.bcd.BEIJING).strftime("%Y%m%d%H%M%S")
    packet = hj212.build(data, f"DataTime={time};a21026-Rtd=58,a21026-Flag=N")

    async def story(gateway: Gateway, terminal: Make) -> None:
        for name, raw, stranger in (
            ("sl651", sl651.build(report), sl651.build(report._replace(station="0099999999"))),
            ("hj212", packet, packet.replace(b"MN0001", b"MN0002")),
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", gateway.ports[name])
            writer.write(stranger + raw)
            answer = await asyncio.wait_for(reader.read(4096), 30)
            writer.close()
            if name == "sl651":
                back = sl651.parse(answer)
                assert (back.up, back.station, back.serial, back.function) == (False, "0012345678", 7, 0x32)
            else:
                assert hj212.parse(answer).fields["CN"] == "9014"

    play(story)
    told = counts()
    assert (told["sl651.readings"], told["hj212.readings"], told["accepted"]) == (1, 1, 2)
    assert told["sl651.refused.unknown"] == 1
    model = actions.put_model(
        "rtu", vendor="", io_map={"water_depth": {"item": "river_level_m", "scale": 100}}, actor=ADMIN
    )
    Row.objects.filter(protocol=Protocol.SL651).update(model=model)
    place = Station.objects.create(code="FP-9", area=HERE, geom=Point(LON, LAT, srid=4326))
    stream = {"station": place, "interval_s": 300, "low": -1000, "high": 1000}
    for code, metric, name in (("gauge-7", "water_depth", "depth"), ("stack-1", "a21026", "so2")):
        Stream.objects.create(code=name, metric=metric, device=Device.objects.get(code=code), **stream)
    stored()
    assert dict(Stream.objects.values_list("code", "newest_value")) == {"depth": pytest.approx(123.4), "so2": 58}
    assert counts()["readings.stored"] == 2
