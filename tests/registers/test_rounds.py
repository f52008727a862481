"""Rounds begin by themselves: by the calendar, each once, for every component that has none under way."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assets import actions as assets
from core import clock, worktime
from journal.models import Entry
from registers import actions, rules, selectors
from registers.contracts import Rounds
from registers.models import Record, Round
from tests.cases.factories import SETUP, names
from tests.registers.factories import SPOT, actor, at, document, step

HERE = ZoneInfo("Asia/Shanghai")
OFFICE = worktime.Calendar(
    weekly=(*(((480, 720), (840, 1080)),) * 5, (), ()), closed=frozenset({date(2026, 10, d) for d in range(1, 8)}),
    extra={date(2026, 10, 10): ((480, 720), (840, 1080))},
)  # fmt: skip


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


def days_of(rounds, since, now):
    return [moment.date().isoformat()[5:] for moment in rules.begun(rounds, local(since), local(now), OFFICE)]


@pytest.mark.parametrize(
    ("each", "workdays", "found"),
    [
        ("day", False, ["09-30", *(f"10-{d:02}" for d in range(1, 13))]),
        ("day", True, ["09-30", "10-08", "10-09", "10-10", "10-12"]),
        ("week", False, ["10-05", "10-12"]),
        ("week", True, ["10-08", "10-12"]),
        ("month", False, ["10-01"]),
        ("month", True, ["10-08"]),
    ],
)
def test_a_round_begins_on_the_first_day_of_its_time_that_counts(each, workdays, found):
    assert days_of(Rounds(each, "08:00", workdays), "2026-09-29 08:00", "2026-10-12 08:00") == found


def test_a_round_begins_at_its_hour_and_not_again_and_nobody_looks_back_for_years():
    rounds = Rounds("day", "08:00")
    assert days_of(rounds, "2026-10-01 08:00", "2026-10-02 07:59") == []
    assert days_of(rounds, "2026-10-01 07:59", "2026-10-02 07:59") == ["10-01"]
    assert len(days_of(rounds, "2020-01-01 00:00", "2026-10-02 08:00")) == 63


FAULTS = [
    ({"assets": []}, "rounds", "name assets"),
    ({"place": "point"}, "rounds", "and no place"),
    ({"rounds": {"each": "day", "at": "06:00", "stops": ["clean"]}}, "rounds/stops/0", "clean is no end"),
    ({"attributes": {"type": "object", "required": ["cleaner"], "properties": {}}}, "rounds", "given` for cleaner"),
    ({"links": [{"code": "a", "names": names("a", "a"), "to": "case", "needed": True}]}, "rounds", "name another one"),
]


@pytest.mark.parametrize(("changes", "where", "words"), FAULTS)
def test_rounds_that_could_not_begin_are_told_where_they_stand(changes, where, words):
    sound = document("toilets", "toilet_round")
    assert not [one for one in rules.declared_faults(sound, {}, frozenset(), {}) if one[0].startswith("rounds")]
    found = list(rules.declared_faults({**sound, **changes}, {}, frozenset(), {}))
    assert any(at == where and words in sentence for at, sentence in found), found
    endless = {**sound, "states": [{**sound["states"][0], "within": {}}, *sound["states"][1:]]}
    assert any(at == "states/0" for at, _sentence in rules.declared_faults(endless, {}, frozenset(), {}))


@pytest.mark.django_db
class TestOfATown:
    """It is the evening before; the toilets of the town have rounds at six, kept by those who carry the duty."""

    @pytest.fixture
    def toilets(self, town):
        kind = {"code": "public_toilet", "names": names("公共厕所", "Toilet"), "geometry": "point"}
        assets.save_type({**kind, "major": "03", "minor": "01"}, actor=SETUP)
        given = document("toilets", "toilet_round")
        given["rounds"] = {**given["rounds"], "duty": "appearance"}
        actions.declare(given, actor=SETUP, pack="toilets")
        return [self.toilet(places) for places in (0, 1)]

    def toilet(self, place):
        lon, lat = SPOT[0] + place * 1e-4, SPOT[1]
        given = {"geometry": {"type": "Point", "coordinates": [lon, lat]}, "state": "intact"}
        return assets.create(actor=SETUP, of_type="public_toilet", given=given, reason="普查", another=True).code

    def spent(self, moment):
        at(moment)
        while actions.start_rounds():
            pass

    def about(self):
        rows = Record.objects.filter(register__code="toilet_round").order_by("pk")
        return list(rows.values_list("asset", flat=True))

    def test_a_round_begins_once_for_every_component_and_is_kept_by_its_office(self, town, toilets):
        evening = clock.now()
        self.spent(evening + timedelta(hours=9))
        assert self.about() == [], "it is half past five"
        self.spent(evening + timedelta(hours=10))
        assert self.about() == toilets
        self.spent(evening + timedelta(hours=11))
        assert self.about() == toilets, "once"
        row = Record.objects.filter(register__code="toilet_round").first()
        assert (row.state, row.org.rpartition(".")[2]) == ("planned", "d449901-appearance")
        assert row.due_at == evening + timedelta(days=1, hours=10), "a day from when it began"
        (told,) = Entry.objects.filter(kind="registers.round_started.v1")
        assert (told.data["day"], told.data["entered"], told.data["waiting"]) == ("2026-11-24", 2, 0)

    def test_a_component_with_a_round_under_way_gets_no_second_and_one_that_was_stopped_none(self, town, toilets):
        morning = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
        self.spent(morning)
        first = Record.objects.get(asset=toilets[0])
        _version, declared = selectors.known("toilet_round", actor(town))
        step(actor(town, "boss"), selectors.view_of(first, declared), "end", reason="拆除重建")
        new = self.toilet(2)
        self.spent(morning + timedelta(days=1))
        assert self.about() == [*toilets, new]
        last = Round.objects.latest("begins")
        assert (last.entered, last.waiting) == (1, 1)
        while actions.sweep():
            pass
        assert Record.objects.get(asset=toilets[1]).flags == ["overdue"], "what was not done says so"

    def test_starts_that_were_missed_say_so_and_only_the_last_is_made_up_for(self, town, toilets):
        morning = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
        self.spent(morning)
        self.spent(morning + timedelta(days=3))
        rows = [(row.begins.date().day, row.started_at is None) for row in Round.objects.order_by("begins")]
        assert rows == [(23, False), (24, True), (25, True), (26, False)]
        assert Entry.objects.filter(kind="registers.round_started.v1").latest("pk").data["missed"] == 2
        assert self.about() == toilets

    def test_a_register_that_is_retired_begins_nothing(self, town, toilets):
        actions.retire(["toilet_round"], actor=SETUP)
        self.spent(datetime(2026, 11, 23, 22, 30, tzinfo=UTC))
        assert self.about() == []
        assert not Round.objects.exists()
