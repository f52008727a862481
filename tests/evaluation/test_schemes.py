"""The schemes that ship, worked by hand; and schemes that change from a day on."""

from datetime import date

import pytest

from core.errors import Conflict, Forbidden, Invalid
from core.scope import machine
from evaluation import actions, rules, selectors
from evaluation.models import Scheme
from evaluation.rules import Tally, evaluate, formula_from
from packs.adapters.library import read_library
from tests.evaluation.test_rules import JINNIU

SHIPPED = {one["code"]: formula_from(one) for one in read_library().packs["base"].document["schemes"]}
JUDGE = machine("judge", "score.see", "evaluate")
NAMED = {"names": {"zh": "百分制", "en": "Out of 100"}}
NOVEMBER = rules.period_of("month", date(2026, 11, 16))


def line(**counts: int) -> dict[str, Tally]:
    return {ref.replace("__", "@"): Tally(number, number) for ref, number in counts.items()}


def points(result) -> dict[str, float | None]:
    return {part.code: part.points for part in result.parts}


def test_worked_example_jinniu_a_department_with_a_hundred_cases():
    told = line(
        handle_owed=100, handled=95, handled_on_time=90, unhandled_late=5, extended=4, close_owed=100, reworked=5
    )
    result = evaluate(SHIPPED["departments-100"], told, {})
    assert points(result) == {
        "handled": 28.5, "handled_on_time": 18.0, "reworked": 19.0, "pending_late": 19.0, "extended": 9.6,
    }  # fmt: skip
    assert (result.value, result.grade) == (94.1, "A")
    part = result.parts[0].cells[0]
    assert (part.numerator, part.denominator, part.rate) == (95, 100, 0.95)


JINHUA = line(
    close_owed=100, close_owed_moving=100, closed=88, closed_on_time=68, close_owed__urgent=100, closed__urgent=98,
    closed_on_time__urgent=93, reworked_once=2, reworked_twice=1, reworked_often=1, shirked=1,
)  # fmt: skip


def test_worked_example_jinhua_points_fall_below_the_thresholds_and_each_case_costs():
    result = evaluate(SHIPPED["jinhua"], JINHUA, {})
    assert points(result) == {
        "closed_on_time": 48.0, "closed": 18.0, "urgent": 8.0, "reworked_once": -0.4, "reworked_twice": -0.4,
        "reworked_often": -0.5, "shirked": -1.0,
    }  # fmt: skip
    assert (result.value, result.grade) == (71.7, "B")


def test_worked_example_jinhua_seventy_in_a_hundred_closed_in_time_is_full_marks():
    full = {**JINHUA, **line(closed=90, closed_on_time=70, closed__urgent=100, closed_on_time__urgent=95)}
    told = points(evaluate(SHIPPED["jinhua"], full, {}))
    assert (told["closed_on_time"], told["closed"], told["urgent"]) == (50.0, 20.0, 10.0)


def test_worked_example_jinhua_what_leaders_asked_for_counts_twice():
    told = {**JINHUA, **line(shirked__important=1, close_owed_moving__important=100, closed_on_time__important=60)}
    result = evaluate(SHIPPED["jinhua"], told, {})
    assert points(result)["shirked"] == -2.0
    assert points(result)["closed_on_time"] == 44.0, "(68 + 60) of 200 is 64 %"


def test_worked_example_jinhua_a_case_on_hold_leaves_the_denominator():
    held = {**JINHUA, **line(close_owed_moving=80)}
    assert points(evaluate(SHIPPED["jinhua"], held, {}))["closed_on_time"] == 50.0, "68 of 80 is 85 %"


def test_worked_example_yangzhou_people_give_what_cannot_be_counted_and_five_come_on_top():
    told = line(close_owed=100, closed_on_time=90, reworked=10, close_owed__hotline=10, closed_on_time__hotline=8)
    given = {"special": 9.0, "foundation": 8.0, "major_events": 5.0}
    result = evaluate(SHIPPED["yangzhou-districts"], told, given)
    assert points(result) == {"routine": 63.0, "rework": 4.5, "hotline": 4.0, **given}
    assert result.value == 93.5
    assert SHIPPED["yangzhou-districts"].most == 105


def test_worked_example_districts_an_order_answered_late_costs_its_share_of_ten_points():
    told = line(close_owed=100, closed_on_time=90, reply_owed=4, replied_on_time=3)
    result = evaluate(SHIPPED["districts-supervised"], told, {})
    assert points(result) == {"routine": 54.0, "supervised": 7.5}
    assert (result.value, result.grade) == (61.5, "B")
    nobody_pressed = evaluate(SHIPPED["districts-supervised"], line(close_owed=10, closed_on_time=10), {})
    assert (nobody_pressed.value, nobody_pressed.reachable) == (70.0, 60.0)


def test_what_nobody_has_given_yet_neither_earns_nor_costs():
    told = line(close_owed=10, closed_on_time=10, close_owed__hotline=1, closed_on_time__hotline=1)
    result = evaluate(SHIPPED["yangzhou-districts"], told, {})
    assert (result.value, result.reachable) == (100.0, 80.0)


@pytest.mark.parametrize("code", sorted(SHIPPED))
def test_nothing_to_count_is_no_score_and_no_grade(code):
    result = evaluate(SHIPPED[code], {}, {"special": 10.0})
    assert (result.value, result.grade) == (None, "")


def test_no_urgent_case_takes_its_points_out_of_what_can_be_reached():
    calm = {ref: tally for ref, tally in JINHUA.items() if "urgent" not in ref}
    result = evaluate(SHIPPED["jinhua"], calm, {})
    assert points(result)["urgent"] is None
    assert result.reachable == 70.0
    assert result.value == round(80 * 66 / 70 - 2.3, 1)


def test_the_raw_score_forgives_nothing():
    told = {"handle_owed": Tally(10, 9), "handled": Tally(9, 9), "handled_on_time": Tally(9, 9)}
    formula = SHIPPED["departments-100"]
    assert evaluate(formula, told, {}).value == 100.0
    assert points(evaluate(formula, told, {}, raw=True))["handled"] == 27.0


@pytest.mark.parametrize(
    "spoilt",
    [
        {"sort": "share", "points": 80, "measure": "beauty"},
        {"sort": "share", "points": 80, "measure": "handled"},
        {"sort": "each", "each": 1, "measure": "handled_rate"},
        {"sort": "magic", "points": 80, "measure": "handled_rate"},
        {"sort": "share", "points": 80, "measure": "handled_rate@green"},
        {"sort": "share", "points": "many", "measure": "handled_rate"},
        {"sort": "share", "points": float("nan"), "measure": "handled_rate"},
        {"sort": "share", "points": 10**400, "measure": "handled_rate"},
        {"sort": "share", "points": 81, "measure": "handled_rate"},
        {"sort": "given", "points": 80, "measure": "handled_rate"},
    ],
)
def test_a_scheme_that_makes_no_sense_is_refused(spoilt):
    row = {"code": "a", "names": {"zh": "甲", "en": "A"}, **spoilt}
    with pytest.raises(Invalid) as refused:
        formula_from({"code": "x", **NAMED, "full": 80, "components": [row], "levels": JINNIU["levels"]})
    assert refused.value.code == "evaluation.scheme"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"full": "nan"},
        {"full": "inf"},
        {"levels": [{"level": "A", "at_least": "nan"}, {"level": "E", "at_least": 0}]},
        {"levels": [{"level": "excellent work", "at_least": 0}]},
        {"levels": [{"level": "", "at_least": 0}]},
        {"components": [{**JINNIU["terms"][0], "code": "c" * 61, "sort": "share", "measure": "handled_rate"}]},
    ],
)
def test_a_scheme_that_no_publication_could_hold_is_refused(spoilt):
    with pytest.raises(Invalid) as refused:
        formula_from({"code": "x", **JINNIU, **NAMED, **spoilt})
    assert refused.value.code == "evaluation.scheme"


def test_a_scheme_changes_from_a_day_on_and_earlier_periods_keep_what_they_were_judged_by(time, town, scheme):
    heavier = [{**term, "points": 60 - term["points"]} for term in JINNIU["terms"][:2]] + JINNIU["terms"][2:]
    changed = {
        **JINNIU,
        **NAMED,
        "terms": [{**t, "points": p} for t, p in zip(heavier, (20, 30, 20, 20, 10), strict=True)],
    }
    row = actions.change_scheme(
        "jinniu", changed, actor=JUDGE, valid_from=date(2026, 12, 1), reason="上级要求", seen=1
    )  # fmt: skip
    assert row.version == 2
    weights = [
        selectors.formula_of(selectors.version_on(scheme, day)).components[0].points
        for day in (date(2026, 11, 1), date(2026, 12, 1))
    ]
    assert weights == [30.0, 20.0]
    with pytest.raises(Conflict):
        actions.change_scheme("jinniu", changed, actor=JUDGE, valid_from=date(2027, 1, 1), reason="再改", seen=1)


def test_the_pack_brings_a_new_version_only_when_it_says_something_new(time, town, scheme):
    actions.save_scheme({**JINNIU, **NAMED}, pack="test")
    assert [one.version for one in selectors.versions_of(scheme)] == [1]
    actions.save_scheme({**JINNIU, "names": {"zh": "新", "en": "New"}}, pack="test")
    assert [(one.version, one.valid_from) for one in selectors.versions_of(Scheme.objects.get())][0] == (
        2, date(2026, 11, 16),
    )  # fmt: skip


def test_only_who_evaluates_the_city_changes_schemes_or_gives_points(time, town, scheme):
    desk = town.actor("desk")
    with pytest.raises(Forbidden):
        actions.change_scheme("jinniu", JINNIU, actor=desk, valid_from=date(2026, 12, 1), reason="好", seen=1)
    with pytest.raises(Forbidden):
        actions.give_points("jinniu", level="district", key="449901", period=NOVEMBER, component="special", points=1,
                            reason="好", actor=desk)  # fmt: skip
    assert Scheme.objects.get().versions.count() == 1


def test_points_are_given_within_their_bounds_and_the_last_word_counts(time, town):
    document = next(
        one for one in read_library().packs["base"].document["schemes"] if one["code"] == "yangzhou-districts"
    )
    row = actions.save_scheme(document, pack="base")
    say = {"level": "district", "key": "449901", "period": NOVEMBER, "component": "special", "actor": JUDGE}
    for given in (11, -1, float("nan")):
        with pytest.raises(Invalid):
            actions.give_points("yangzhou-districts", **say, points=given, reason="创建")
    with pytest.raises(Invalid):
        actions.give_points("yangzhou-districts", **{**say, "component": "routine"}, points=1, reason="创建")
    for given in (8, 9.5):
        actions.give_points("yangzhou-districts", **say, points=given, reason="创建")
    assert selectors.given_points(row, "district", NOVEMBER) == {"449901": {"special": 9.5}}
