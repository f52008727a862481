"""Readings become alarms: raised, cleared, healed by what comes late, handled by people, and cases where they must."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cases.models import Case, Clue
from core.errors import Conflict, Forbidden, Invalid, NotFound
from journal.actions import deliver, number
from journal.models import Entry
from telemetry import actions, selectors
from telemetry.contracts.observations import Told
from telemetry.models import Alarm, AlarmRule, Device, Judged, Observation, Stream
from tests.cases.factories import CITY, HERE, SETUP
from tests.telemetry.flood_town import (
    DIP,
    START,
    UNDERPASS,
    actor,
    after,
    alarms,
    at,
    gauge,
    history,
    sent,
    station,
)

pytestmark = pytest.mark.django_db
FLOOD = [0, 2, 9, 16, 19, 22, 24, 20, 14, *[3.0] * 40]


def delivered() -> None:
    """Everything in the journal has been told to whoever listens."""
    while number() or deliver():
        pass


def kinds() -> list[tuple[str, str]]:
    """The news of alarms, in order."""
    rows = Entry.objects.filter(kind__startswith="alarm.").order_by("id")
    return [(row.kind, row.data.get("act", "raised")) for row in rows.filter(data__rule="flood_depth")]


def test_a_flood_is_one_alarm_from_its_beginning_to_its_end(flood):
    told = sent(gauge(FLOOD))
    (alarm,) = alarms()
    assert (told.accepted, told.repeated, list(told.refused), list(told.alarms)) == (49, 0, [], [alarm.pk])
    assert alarm.highest == 2
    assert alarm.peak == 24
    assert alarm.peak_at == after(6)
    assert alarm.ended_at is not None
    assert alarm.area.startswith(f"{CITY}.{HERE}")
    assert not alarms(UNDERPASS)


def test_what_is_sent_again_changes_nothing_and_another_value_for_a_moment_is_refused(flood):
    sent(gauge(FLOOD))
    before, news = history(), kinds()
    again = sent(gauge(FLOOD))
    assert (again.accepted, again.repeated) == (0, 49)
    assert not again.refused
    other = sent(gauge([7.0]), now=after(60))
    assert [one.code for one in other.refused] == ["telemetry.reading_differs"]
    assert other.accepted == 0
    assert history() == before
    assert kinds() == news


@settings(max_examples=5, phases=(Phase.generate,), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([0.0, 3, 6, 9, 16, 20, 28, 41, 120]), min_size=4, max_size=10), st.data())
def test_the_order_and_the_batches_in_which_readings_arrive_change_no_alarm(flood, values, data):
    # Every example begins an hour before midnight (UTC), so that days are turned too.
    told = gauge(values, since=22.2 * 60, every=9)
    with transaction.atomic():
        for one in told:
            sent([one], now=after(30 * 60))
        wanted = history()
        transaction.set_rollback(True)
    shuffled = data.draw(st.permutations(told))
    size = data.draw(st.integers(1, len(told)))
    with transaction.atomic():
        for batch in _batches(shuffled, size):
            sent(batch, now=after(30 * 60))
        assert history() == wanted
        transaction.set_rollback(True)


def _batches(told, size):
    return [told[place : place + size] for place in range(0, len(told), size)]


def test_a_late_reading_moves_the_beginning_and_the_peak_of_an_alarm_and_says_so(flood):
    told = gauge(FLOOD)
    late = [one for one in told if one.value in (9, 16, 24)]
    sent([one for one in told if one not in late])
    (before,) = alarms()
    sent(late, now=after(120))
    (alarm,) = alarms()
    assert alarm.pk == before.pk
    assert alarm.begun_at < before.begun_at
    assert alarm.peak == 24 > before.peak
    assert alarm.turns.filter(act="corrected").count() == 1
    assert kinds()[-1] == ("alarm.turned.v1", "corrected")


def test_an_alarm_that_late_data_disproves_is_retracted_and_not_deleted(flood):
    sent(gauge([0, None, 6, None, 7, None, 8]))
    (alarm,) = alarms()
    sent([one for since in (0.5, 2.5, 4.5) for one in gauge([0, 0, 0], since=since, every=0.4)], now=after(60))
    kept = Alarm.objects.get(pk=alarm.pk)
    assert not alarms()
    assert kept.retracted_why == "late_data"
    assert kept.turns.filter(act="retracted").exists()


def test_a_flood_found_long_after_it_was_over_calls_nobody(flood):
    sent(gauge(FLOOD), now=after(12 * 60))
    (alarm,) = alarms()
    delivered()
    assert alarm.late
    assert not Case.objects.filter(incident__startswith="alarm:").exists()
    assert actions.sweep_alarms() == 0 or Alarm.objects.get(pk=alarm.pk).escalated_at is None


def test_the_newest_reading_never_goes_back(flood):
    sent(gauge([1, 2, 3]))
    sent(gauge([9], since=-30), now=after(3))
    row = Stream.objects.get(code=f"{DIP}-a")
    assert (row.newest_at, row.newest_value) == (after(2), 3)


def test_what_a_gateway_heard_of_a_device_goes_to_the_stream_of_its_metric(flood):
    row = Device.objects.create(
        code="rtu-7", names={"zh": "遥测站"}, kind="gauge", area="", created_at=START, created_by="test"
    )
    Stream.objects.filter(code=f"{DIP}-a").update(device=row)
    heard = [actions.Measured(row.pk, metric, START, 4.5) for metric in ("water_depth", "voltage")]
    at(START)
    found = actions.take_device_readings(heard)
    assert found.accepted == 1
    assert [(one.place, one.code) for one in found.refused] == [(1, "telemetry.no_stream")]
    assert Stream.objects.get(code=f"{DIP}-a").newest_value == 4.5


def test_readings_that_cannot_be_are_refused_one_by_one(flood):
    told = [
        Told(f"{DIP}-a", START, 4.0), Told("nobody", START, 1.0), Told("a\0b", START, 1.0),
        Told(f"{DIP}-a", START + timedelta(hours=1), 4.0), Told(f"{DIP}-a", START - timedelta(days=91), 4.0),
        Told(f"{DIP}-a", after(-1), float("nan")), Told(f"{DIP}-a", after(-2), 1e30), Told(f"{DIP}-a", START, 5.0),
    ]  # fmt: skip
    found = sent(told, now=START)
    assert found.accepted == 1
    assert [(one.place, one.code.removeprefix("telemetry.")) for one in found.refused] == [
        (1, "no_stream"), (2, "no_stream"), (3, "from_the_future"), (4, "too_old"), (5, "bad_value"), (6, "bad_value"),
        (7, "reading_differs"),
    ]  # fmt: skip


def test_a_reading_outside_of_what_the_gauge_can_tell_is_kept_and_raises_nothing(flood):
    sent(gauge([0, 0, 900, 900, 900]))
    assert not alarms()
    assert Observation.objects.filter(value=900, flag=4).count() == 3
    assert Stream.objects.get(code=f"{DIP}-a").newest_value == 0


def test_a_flood_is_a_case_at_the_second_sample_and_hears_that_the_water_is_gone(flood):
    sent(gauge([0, 0, 0]))
    sent(gauge([17, 18], since=3))
    delivered()
    (alarm,) = alarms()
    case = Case.objects.get(number=alarm.case)
    assert (case.category_code, case.source, case.stage) == ("E0506", "sensor", "registered")
    assert case.area.startswith(f"{CITY}.{HERE}")
    assert "易涝点1" in case.description
    sent(gauge([2.0] * 40, since=5))
    delivered()
    assert alarms()[0].ended_at is not None
    case.refresh_from_db()
    assert case.stage == "registered", "nothing closes itself"
    assert "已解除" in Clue.objects.filter(case=case).order_by("-pk").first().note


def test_a_second_alarm_nearby_hangs_on_the_case_that_stands(flood):
    sent([*gauge([0, 0, 20, 21]), *gauge([0, 0, 20, 21], stream=f"{UNDERPASS}-a")])
    rule = AlarmRule.objects.get(code="flood_depth")
    document = {**rule.versions.first().document}
    document["case"] = {**document["case"], "metres": 500}
    actions.save_rule("flood_depth", actor=actor(flood, "boss"), document=document, reason="试")
    delivered()
    assert len({row.case for row in (*alarms(), *alarms(UNDERPASS))}) == 1
    assert Case.objects.filter(incident__startswith="alarm:").count() == 1


def test_a_false_spike_is_no_alarm_and_no_case(flood):
    sent(gauge([1, 1, 1, 180, 1, 1, 60, 1, 1]))
    delivered()
    assert not Alarm.objects.filter(rule__code="flood_depth").exists()
    assert not Case.objects.filter(incident__startswith="alarm:").exists()


def test_a_dead_gauge_in_rain_raises_its_own_alarm_and_speaks_it_away(flood):
    sent(gauge([0, 0, 0]))
    at(after(8))
    assert actions.sweep_alarms() == 0, "without rain six minutes are nothing"
    actions.warn_of_rain(actor=actor(flood), area=f"{CITY}.{HERE}", until=after(120), reason="暴雨橙色预警")
    at(after(13))
    actions.sweep_alarms()
    (alarm,) = alarms(rule="gauge_silent")
    assert (alarm.level, alarm.stream.code) == (3, f"{DIP}-a"), "nobody sees the place"
    delivered()
    assert Case.objects.get(number=alarms(rule="gauge_silent")[0].case).category_code == "C0593"
    sent(gauge([0], since=20))
    (alarm,) = alarms(rule="gauge_silent")
    assert alarm.ended_at == after(20)


def test_a_gap_that_late_readings_fill_was_no_silence(flood):
    sent(gauge([0, 0, 0]))
    at(after(40))
    actions.sweep_alarms()
    assert len(alarms(rule="gauge_silent")) == 1
    sent(gauge([0.0] * 38, since=3), now=after(41))
    assert not alarms(rule="gauge_silent")
    assert Alarm.objects.filter(rule__code="gauge_silent", retracted_why="late_data").count() == 1


def test_what_was_foreseen_is_taken_back_by_the_sweep_when_nothing_is_told_any_more(flood):
    sent(gauge([0, 1.5, 3, 4.6, 6.2, 4, 3]))
    (alarm,) = alarms()
    assert alarm.foreseen
    assert alarm.ended_at is None
    at(after(30))
    actions.sweep_alarms()
    kept = Alarm.objects.get(pk=alarm.pk)
    assert kept.retracted_why == "prediction"
    assert not alarms()


def test_an_alarm_is_handled_by_those_of_its_ground_and_its_history_says_by_whom(flood):
    sent(gauge([0, 0, 20, 21]))
    (alarm,) = alarms()
    who = actor(flood)
    with pytest.raises(NotFound):
        actions.acknowledge(alarm.pk, actor=actor(flood, "other"))
    seen = actions.acknowledge(alarm.pk, actor=who, version=alarm.version)
    with pytest.raises(Conflict):
        actions.shelve(alarm.pk, actor=who, until=after(90), reason="检修", version=alarm.version)
    actions.assign(alarm.pk, actor=who, to="me", version=seen.version)
    with pytest.raises(Invalid):
        actions.assign(alarm.pk, actor=who, to="user:999999")
    with pytest.raises(Invalid):
        actions.shelve(alarm.pk, actor=who, until=after(90), reason=" ")
    actions.shelve(alarm.pk, actor=who, until=after(90), reason="检修")
    assert selectors.counts(who) == {"open": 0, "waiting": 0, "mine": 1, "shelved": 1}
    actions.note(alarm.pk, actor=who, text="现场有人")
    actions.escalate(alarm.pk, actor=who, reason="水位上涨")
    acts = [turn.act for turn in selectors.turns(Alarm.objects.get(pk=alarm.pk))]
    assert acts == ["escalate", "note", "shelve", "assign", "acknowledge", "raised"]


def test_a_shelved_alarm_that_gets_worse_comes_back_and_an_unanswered_one_is_escalated(flood):
    sent(gauge([0, 0, 20, 21]))
    (alarm,) = alarms()
    actions.shelve(alarm.pk, actor=actor(flood), until=after(90), reason="检修")
    sent(gauge([29, 30, 30], since=4))
    (alarm,) = alarms()
    assert alarm.level == 3
    assert alarm.shelved_until is None
    at(after(10))
    actions.sweep_alarms()
    assert alarms()[0].escalated_at is None, "orange has a quarter of an hour"
    sent(gauge([30, 30], since=20))
    actions.sweep_alarms()
    assert alarms()[0].escalated_at == after(21)


def test_a_changed_rule_judges_what_is_measured_from_then_on(flood):
    sent(gauge([0, 8, 8, 8]))
    assert len(alarms()) == 1
    document = {**AlarmRule.objects.get(code="flood_depth").versions.first().document, "bands": [50, 60, 70, 80]}
    with pytest.raises(Forbidden):
        actions.save_rule("flood_depth", actor=actor(flood), document=document, reason="试")
    actions.save_rule("flood_depth", actor=actor(flood, "boss"), document=document, reason="标准调整", version=1)
    sent(gauge([30, 31, 31], stream=f"{UNDERPASS}-a", since=4))
    assert not alarms(UNDERPASS)
    sent(gauge([0], since=-1), now=after(10))
    assert len(alarms()) == 1, "what was measured before is judged as it was"
    with pytest.raises(Conflict):
        actions.save_rule("flood_depth", actor=actor(flood, "boss"), document=document, reason="又", version=1)


def test_a_rule_is_tried_on_the_past_and_nothing_is_kept_of_it(flood):
    sent(gauge(FLOOD))
    document = {**AlarmRule.objects.get(code="flood_depth").versions.first().document}
    before = (Alarm.objects.count(), Judged.objects.count())
    tried = selectors.tried(document, "flood_depth", actor(flood), days=7)
    assert [(one.station.code, len(one.episodes), one.raised) for one in tried] == [(DIP, 1, 1), (UNDERPASS, 0, 0)]
    strict = selectors.tried({**document, "bands": [90, 91, 92, 93]}, "flood_depth", actor(flood), days=7)
    assert [len(one.episodes) for one in strict] == [0, 0]
    assert selectors.tried(document, "flood_depth", actor(flood, "other"), days=7) == []
    assert (Alarm.objects.count(), Judged.objects.count()) == before


def test_the_pack_leaves_a_rule_alone_that_the_city_made_its_own(flood):
    document = {**AlarmRule.objects.get(code="flood_depth").versions.first().document, "bands": [6, 16, 28, 41]}
    actions.save_rule("flood_depth", actor=actor(flood, "boss"), document=document, reason="本市标准")
    assert not actions.declare_rule("flood_depth", actor=SETUP, document={**document, "bands": [1]}, pack="flooding")
    assert AlarmRule.objects.get(code="flood_depth").versions.first().document["bands"] == [6, 16, 28, 41]


def test_a_series_has_its_flags_and_a_station_its_level(flood):
    sent(gauge([1, 1, 1, 180, 1, 20, 21, 21]))
    stream = Stream.objects.get(code=f"{DIP}-a")
    flags = [one.flag.name for one in selectors.series(stream, START, after(60))]
    assert flags[3] == "FAIL"
    assert flags[1] == "PASS"
    (view,) = selectors.views_of([station()])
    assert (view.level, view.value, view.bands) == (2, 21, (5, 15, 27, 40))
    assert not view.silent
