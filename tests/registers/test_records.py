"""Records of registers through the doors: what is entered, refused, moved, linked, and what the clock does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from assets import actions as assets
from cases import actions as cases
from cases.models import Case
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from journal import actions as journal
from journal.models import Entry
from registers import actions, selectors
from registers.models import Record, RegisterVersion, Told, Turn, UniqueValue
from tests.cases.factories import SETUP, THERE, category, names, point, reported
from tests.registers.factories import (
    ALREADY,
    OUTSIDE,
    SPOT,
    START,
    actor,
    at,
    days,
    document,
    dog,
    permit,
    registered,
    step,
    waybill,
)

pytestmark = pytest.mark.django_db


def refused(kind, code, act):
    with pytest.raises(kind) as caught:
        act()
    assert caught.value.code == code
    return caught.value


def kinds(number):
    return list(Entry.objects.filter(subject=number).order_by("pk").values_list("kind", flat=True))


def spread():
    while journal.number() or journal.deliver():
        pass


def test_a_dog_is_registered_renewed_and_lapses_into_a_case_at_its_place(town):
    keeper = actor(town)
    view = registered(keeper)
    assert (view.number, view.state) == ("DOG449901202600001", "registered")
    assert view.valid_until == START.replace(year=2027)
    at(days(360))
    view = step(keeper, view, "renew", given={"vaccine_until": "2028-10-31"})
    assert view.valid_until == START.replace(year=2028), "a renewal in time goes on where the old term ends"
    at(START.replace(year=2028) + timedelta(minutes=1))
    assert actions.sweep() == 1
    assert actions.sweep() == 0
    row = Record.objects.get(number=view.number)
    assert (row.state, row.next_at) == ("lapsed", None)
    assert kinds(view.number)[-1] == "registers.lapsed.v1"
    spread()
    case = Case.objects.get()
    assert (case.category.code, case.point.coords) == ("E0184", SPOT)
    assert [tie.to for tie in row.ties.all()] == [case.number]
    spread()
    assert Case.objects.count() == 1


def test_a_term_is_renewed_once_ahead_and_not_without_end(town):
    keeper = actor(town)
    view = step(keeper, registered(keeper), "renew", given={"vaccine_until": "2028-10-31"})
    no = refused(
        Conflict,
        "registers.renewed_already",
        lambda: step(keeper, view, "renew", given={"vaccine_until": "2028-11-01"}),
    )
    assert no.params["until"] == "2028-11-23"
    row = Record.objects.get()
    assert (row.valid_until, row.version) == (START.replace(year=2028), view.version)
    assert row.attributes["vaccine_until"] == "2028-10-31"
    at(START.replace(year=2027))
    assert step(keeper, view, "renew", given={"vaccine_until": "2028-11-01"}).valid_until == START.replace(year=2029)


def test_each_reminder_is_told_once_and_of_those_that_were_missed_only_the_last(town):
    view = registered(actor(town))
    year = START.replace(year=2027)
    for moment in (year - timedelta(days=31), year - timedelta(days=29), year - timedelta(days=28)):
        at(moment)
        actions.sweep()
    at(year - timedelta(days=2))
    actions.sweep()
    told = Entry.objects.filter(subject=view.number, kind="registers.expiring.v1").order_by("pk")
    assert [entry.data["days"] for entry in told] == [30, 7]
    late = registered(actor(town), chip="156000000000002", tag="B-1", vaccine_until="2030-01-01")
    Record.objects.filter(number=late.number).update(valid_until=year, next_at=year - timedelta(days=30))
    actions.sweep()
    told = Entry.objects.filter(subject=late.number, kind="registers.expiring.v1")
    assert [entry.data["days"] for entry in told] == [7]
    assert Told.objects.filter(record__number=late.number).count() == 2


def test_a_dog_without_a_valid_vaccination_is_not_registered(town):
    view = dog(actor(town), vaccine_until="2026-11-22")
    no = refused(Conflict, "registers.check", lambda: step(actor(town), view, "register", given={"tag": "A-1"}))
    assert no.params["check"] == "vaccinated"
    assert Record.objects.get().state == "applied"
    assert kinds(view.number) == ["registers.entered.v1"]


@pytest.mark.parametrize("chip", ["15600000000000", "1560000000000011", "15600000000000x", "", "１" * 15])
def test_a_chip_has_fifteen_digits(town, chip):
    refused(Invalid, "registers.bad_attribute", lambda: dog(actor(town), chip=chip))
    assert not Record.objects.exists()


def test_a_chip_belongs_to_one_dog_until_that_dog_is_signed_off(town):
    keeper = actor(town)
    first = registered(keeper)
    no = refused(Conflict, "registers.value_taken", lambda: dog(keeper))
    assert no.params["field"] == "chip"
    step(keeper, first, "cancel", reason="迁出本市")
    assert dog(keeper).state == "applied"
    assert list(UniqueValue.objects.values_list("record__state", flat=True)) == ["applied"]


def test_the_same_telling_enters_and_moves_a_record_once(town):
    keeper = actor(town)
    ring = [[116.7, 23.36], [116.701, 23.36], [116.701, 23.361], [116.7, 23.36]]
    given = {"given": {"site_name": "甲"}, "place": {"type": "Polygon", "coordinates": [ring]}, "key": "retry-1"}
    one, two = (actions.enter("spoil_site", actor=keeper, **given) for _ in range(2))
    assert one.number == two.number
    ended = [actions.take_step("spoil_site", one.number, "close", actor=keeper, version=1, reason="停用", key="retry-2")
             for _ in range(2)]  # fmt: skip
    assert [view.version for view in ended] == [2, 2]
    refused(Stale, "registers.stale", lambda: actions.take_step(
        "spoil_site", one.number, "close", actor=keeper, version=1, reason="停用"))  # fmt: skip
    assert Turn.objects.filter(record__number=one.number).count() == 2


def test_a_key_that_somebody_else_has_used_tells_nothing_and_does_nothing(town):
    keeper = actor(town)
    view = actions.enter("dog", actor=keeper, given=ALREADY, place=SPOT, key="app-0001")
    theirs = {**ALREADY, "chip": "156000000000009"}
    for who in (actor(town, "other"), SETUP):
        no = refused(Conflict, "registers.key_taken", lambda who=who: actions.enter(
            "dog", actor=who, given=theirs, place=SPOT, key="app-0001"))  # fmt: skip
        assert view.number not in str(no.params)
    tagged = {"version": 1, "given": {"tag": "A-1"}, "key": "app-0002"}
    view = actions.take_step("dog", view.number, "register", actor=keeper, **tagged)
    refused(Conflict, "registers.key_taken", lambda: actions.take_step(
        "dog", view.number, "register", actor=SETUP, **tagged))  # fmt: skip
    refused(Conflict, "registers.key_taken", lambda: actions.take_step(
        "dog", view.number, "cancel", actor=keeper, version=view.version, reason="迁出", key="app-0002"))  # fmt: skip
    assert (Record.objects.get().state, Record.objects.get().version) == ("registered", view.version)


def test_a_waybill_goes_its_way_and_unloading_outside_the_site_becomes_a_case_there(town):
    keeper = actor(town)
    under = permit(keeper)
    good, bad = waybill(keeper, under), waybill(keeper, under)
    for view, place in ((good, SPOT), (bad, OUTSIDE)):
        view = step(keeper, view, "load", given={"load_m3": 12})
        view = step(keeper, view, "depart")
        view = step(keeper, view, "unload", place=place)
        assert view.flags == (("outside",) if place == OUTSIDE else ())
    spread()
    case = Case.objects.get()
    assert (case.category.code, case.point.coords) == ("E0111", OUTSIDE)
    assert bad.number in case.description
    assert [tie.to for tie in Record.objects.get(number=bad.number).ties.filter(link="raised")] == [case.number]
    assert not Record.objects.get(number=good.number).ties.filter(link="raised").exists()


def test_loading_asks_the_permit_the_plate_and_the_hours(town):
    keeper = actor(town)
    under = permit(keeper)
    strange = waybill(keeper, under, plate="粤D99999")
    no = refused(Conflict, "registers.check", lambda: step(keeper, strange, "load", given={"load_m3": 1}))
    assert no.params["check"] == "plate"
    view = waybill(keeper, under)
    at(START + timedelta(hours=3))
    no = refused(Conflict, "registers.check", lambda: step(keeper, view, "load", given={"load_m3": 1}))
    assert no.params["check"] == "hours"
    at(days(91))
    no = refused(Conflict, "registers.check", lambda: step(keeper, view, "load", given={"load_m3": 1}))
    assert no.params["check"] == "permit", "over is over, also before the sweep has said so"
    at(days(1))
    assert step(keeper, view, "load", given={"load_m3": 1}).state == "loaded"


def test_a_truck_that_stays_on_the_road_is_flagged_once_and_becomes_a_case(town):
    keeper = actor(town)
    view = step(keeper, step(keeper, waybill(keeper, permit(keeper)), "load", given={"load_m3": 9}), "depart")
    at(START + timedelta(hours=6, minutes=1))
    actions.sweep()
    actions.sweep()
    row = Record.objects.get(number=view.number)
    assert (row.state, row.flags) == ("on_road", ["overdue"])
    assert kinds(view.number).count("registers.overdue.v1") == 1
    spread()
    assert Case.objects.get().address == "联单 " + view.number, "no place yet: it waits to be located"


def test_what_a_record_must_name_is_there_or_nothing_is(town):
    keeper = actor(town)
    bare = {"plate": "粤D12345"}
    refused(Invalid, "registers.link_needed", lambda: actions.enter("spoil_waybill", actor=keeper, given=bare))
    refused(NotFound, "registers.no_record", lambda: actions.enter(
        "spoil_waybill", actor=keeper, given=bare, links={"permit": "CZ449901202699999"}))  # fmt: skip
    assert not Record.objects.filter(register__code="spoil_waybill").exists()


def test_a_record_of_a_register_of_components_is_about_one_of_them(town):
    actions.declare(document("gas", "gas_round"), actor=SETUP, pack="gas")
    keeper, unit = actor(town), {"unit": "澄湾燃气"}
    refused(Invalid, "registers.asset_needed", lambda: actions.enter("gas_round", actor=keeper, given=unit))
    refused(
        Invalid,
        "registers.unknown_asset",
        lambda: actions.enter("gas_round", actor=keeper, given=unit, asset="44990101"),
    )
    assert not Record.objects.filter(register__code="gas_round").exists()


def test_a_gas_inspection_that_is_overdue_becomes_a_case_about_the_component(town):
    actions.declare(document("gas", "gas_round"), actor=SETUP, pack="gas")
    kind = {"code": "gas_regulator", "names": names("调压站", "Regulator"), "geometry": "point"}
    assets.save_type({**kind, "major": "01", "minor": "49"}, actor=SETUP)
    cases.save_categories([category("C0149", kind="component", needs_photo=[])], pack="test-gas")
    given = {"geometry": {"type": "Point", "coordinates": list(SPOT)}, "state": "intact"}
    station = assets.create(actor=SETUP, of_type="gas_regulator", given=given, reason="普查").code
    keeper, found = actor(town), {"inspector": "陈工", "lel_percent": 2, "hazard": "none"}
    view = actions.enter("gas_round", actor=keeper, given={"unit": "澄湾燃气"}, asset=station)
    view = step(keeper, view, "inspect", given=found)
    at(days(29))
    view = step(keeper, view, "inspect", given=found)
    at(days(31))
    while actions.sweep():
        pass
    spread()
    assert not Case.objects.exists(), "it was inspected two days ago: the thirty days count from there"
    at(days(60))
    while actions.sweep():
        pass
    spread()
    case = Case.objects.get()
    assert (case.category.code, case.component, case.point.coords) == ("C0149", station, SPOT)
    assert Record.objects.get(number=view.number).state == "overdue"


def test_what_lies_in_another_district_is_as_little_there_as_what_is_nowhere(town):
    under, other = permit(actor(town)), actor(town, "other")
    for number in (under.number, "CZ449901202699999"):
        links, given = {"permit": number}, {"plate": "粤D12345"}
        refused(NotFound, "registers.no_record", lambda given=given, links=links: actions.enter(
            "spoil_waybill", actor=other, given=given, links=links))  # fmt: skip
    assert not Record.objects.filter(register__code="spoil_waybill").exists()


def test_a_record_that_has_ended_keeps_the_links_that_it_has(town):
    keeper, case = actor(town), reported(town)
    view, other = registered(keeper), reported(town)
    actions.link("dog", view.number, actor=keeper, link="violations", to=case.number)
    row = Record.objects.get()
    view = actions.take_step("dog", view.number, "cancel", actor=keeper, version=row.version, reason="迁出本市")
    link = {"actor": keeper, "link": "violations"}
    refused(Conflict, "registers.ended", lambda: actions.link("dog", view.number, **link, to=other.number))
    refused(Conflict, "registers.ended", lambda: actions.unlink("dog", view.number, **link, to=case.number, reason="x"))
    assert actions.link("dog", view.number, **link, to=case.number).version == view.version, "told again, it still is"
    assert [one.key for _tie, one in selectors.tied_cases(row, keeper)] == [case.number]
    assert kinds(view.number).count("registers.linked.v1") == 1


def test_a_violation_is_linked_and_unlinked_by_its_number(town):
    keeper = actor(town)
    case = reported(town)
    view = registered(keeper)
    for _ in range(2):
        actions.link("dog", view.number, actor=keeper, link="violations", to=case.number)
    row = Record.objects.get(number=view.number)
    assert [one.key for _tie, one in selectors.tied_cases(row, keeper)] == [case.number]
    assert selectors.tied_cases(row, actor(town, "looker")) == [], "who sees no cases is shown none"
    refused(Invalid, "registers.no_case", lambda: actions.link(
        "dog", view.number, actor=keeper, link="violations", to="449901202611239999"))  # fmt: skip
    actions.unlink("dog", view.number, actor=keeper, link="violations", to=case.number, reason="认错")
    assert selectors.tied_cases(row, keeper) == []
    assert kinds(view.number).count("registers.linked.v1") == 2


def test_a_keeper_of_another_district_and_one_who_only_looks_change_nothing(town):
    view = registered(actor(town))
    other, looker = actor(town, "other"), actor(town, "looker")
    refused(NotFound, "registers.no_record", lambda: step(other, view, "cancel", reason="x"))
    refused(Forbidden, "registers.step_not_yours", lambda: step(looker, view, "cancel", reason="x"))
    refused(Forbidden, "registers.not_yours", lambda: dog(looker, chip="156000000000003"))
    refused(Forbidden, "registers.not_yours", lambda: dog(other, chip="156000000000003"))
    refused(NotFound, "registers.no_register", lambda: dog(actor(town, "collector"), chip="156000000000003"))
    assert Record.objects.get().version == view.version


def test_a_changed_pack_leaves_records_under_their_version_until_they_are_amended(town):
    keeper = actor(town)
    view = registered(keeper)
    given = document("dogs", "dog")
    schema = given["attributes"]
    changed = {**given, "attributes": {**schema, "required": [*schema["required"], "certificate"]}}
    actions.declare(changed, actor=SETUP, pack="dogs")
    actions.declare(changed, actor=SETUP, pack="dogs")
    assert RegisterVersion.objects.filter(register__code="dog").count() == 2
    view = step(keeper, view, "renew", given={"vaccine_until": "2028-10-31"})
    assert view.written_under == 1, "an old record is still valid"

    def amend(**more):
        return actions.amend("dog", view.number, actor=keeper, version=view.version, given=more)

    assert refused(Invalid, "registers.bad_attribute", lambda: amend(colour="黑")).params["field"] == "certificate"
    assert amend(certificate="Z-1").written_under == 2


def test_a_register_that_its_pack_drops_takes_nothing_in_but_its_records_go_on(town):
    keeper = actor(town)
    view = registered(keeper)
    actions.retire(["dog"], actor=SETUP)
    refused(Conflict, "registers.retired", lambda: dog(keeper, chip="156000000000009"))
    assert step(keeper, view, "cancel", reason="犬只死亡").ended


def test_the_database_itself_keeps_states_terms_and_history(town):
    view = registered(actor(town))
    row = Record.objects.get(number=view.number)
    for sql, given in (
        ("UPDATE registers_record SET state = 'flying' WHERE id = %s", [row.pk]),
        ("UPDATE registers_record SET valid_from = valid_until WHERE id = %s", [row.pk]),
        ("UPDATE registers_record SET ended = true WHERE id = %s", [row.pk]),
        ("UPDATE registers_turn SET reason = 'x' WHERE record_id = %s", [row.pk]),
        ("DELETE FROM registers_turn WHERE record_id = %s", [row.pk]),
        ("UPDATE registers_registerversion SET document = '{}' WHERE id = %s", [row.written_under_id]),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, given)


def test_history_and_words_hold_nothing_personal(town):
    view = registered(actor(town))
    row = Record.objects.get(number=view.number)
    kept = str(list(row.turns.values("changes", "reason"))) + row.words + row.title + str(view.attributes)
    assert "林小姐" not in kept
    assert "13800001234" not in kept
    assert "金砂路" not in kept
    assert view.attributes["phone"] == "138****1234"


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", float("inf"), float("nan"), ["x"] * 3])
def test_what_no_column_holds_is_refused_and_not_broken_upon(town, text):
    with pytest.raises(Invalid):
        dog(actor(town), colour=text)
    under = {"project": "甲", "carrier": "乙", "plates": ["粤D12345"], "hours": "20:00-23:30", "quantity_m3": text}
    with pytest.raises(Invalid):
        actions.enter("spoil_permit", actor=actor(town), given=under, place=SPOT, links={"site": "XN4499010001"})
    assert not Record.objects.exists()


def test_links_to_what_one_may_not_see_are_not_shown(town):
    under = permit(actor(town))
    waybill(actor(town), under)
    row = Record.objects.get(number=under.number)
    assert len(selectors.tied_from(row, actor(town))) == len(selectors.ties_of(row, actor(town))) == 1
    assert selectors.tied_from(row, actor(town, "other")) == selectors.ties_of(row, actor(town, "other")) == []


def test_a_department_is_given_the_records_that_it_keeps_and_sees_no_others(town):
    keeper, desk = actor(town), actor(town, "desk")
    desk = replace(desk, rights={**desk.rights, "register.see": desk.rights["desk"]})
    declared = selectors.declared_of(selectors.version_of("dog"))
    dog(keeper)
    given = {**ALREADY, "chip": "156000000000002"}
    theirs = actions.enter("dog", actor=SETUP, given=given, place=SPOT, organisation="d449901-appearance")
    assert [row.number for row in selectors.records(declared, {}, desk)] == [theirs.number]
    assert step(desk, theirs, "register", given={"tag": "A-1"}).state == "registered"


def test_a_value_is_the_same_with_a_blank_or_a_line_about_it(town):
    keeper = actor(town)
    view = dog(keeper)
    for chip in ("156000000000001\n", " 156000000000001"):
        refused(Conflict, "registers.value_taken", lambda chip=chip: dog(keeper, chip=chip))
    refused(Invalid, "registers.bad_attribute", lambda: dog(keeper, owner="  ", chip="156000000000002"))
    assert Record.objects.get().number == view.number


def test_a_permit_that_lapsed_is_not_made_longer_by_revoking_it(town):
    keeper = actor(town)
    view = permit(keeper)
    at(days(91))
    actions.sweep()
    at(days(100))
    row = Record.objects.get(number=view.number)
    view = actions.take_step(
        "spoil_permit", view.number, "revoke", actor=keeper, version=row.version, reason="工程结束"
    )
    assert (view.state, view.valid_until) == ("revoked", days(90))


def test_a_waybill_that_is_unloaded_in_the_next_district_stays_with_those_who_sent_it(town):
    keeper = actor(town)
    view = waybill(keeper, permit(keeper))
    view = step(keeper, step(keeper, view, "load", given={"load_m3": 12}), "depart")
    area, there = view.area, point(THERE)
    view = step(keeper, view, "unload", place=there)
    assert ((view.lon, view.lat), view.area, view.flags) == (there, area, ("outside",))
    assert step(keeper, view, "reject", reason="卸在邻区").state == "abnormal"
