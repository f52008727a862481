"""The demo out of doors: crews, supervision areas, rosters, a census that runs and one that is over, requests."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.timezone import localtime

from accounts import actions as accounts
from accounts import selectors as people
from accounts.actions import Wish
from accounts.models import Crew, Organisation, User, Watch
from assets import actions as assets
from assets.models import Asset, ChangeRequest, Project
from assets.selectors import type_rows
from cases import actions as asking
from cases import selectors as cases
from cityops.management.demo_city import SEEDER, at
from core import clock
from core.scope import Actor
from grid import actions as grid
from grid import selectors as places
from grid.models import SupervisionArea

COUNTED = ("street_light", "street_tree", "litter_bin", "bench", "guardrail")
NIGHT_AND_DAY = (("acceptor", "leader", "city_dispatcher"), ("acceptor02", "leader02", "city_dispatcher02"))
CONTRACTOR = "chengwan-greenway"
HERE = "449901"
STEP = 0.00001
BEFORE, LATELY, TODAY = timedelta(days=21), timedelta(days=2), timedelta(hours=5)


@transaction.atomic
def contract_crews() -> str:
    """A contractor works for the parks office under a contract, and the departments here have crews; says how many."""
    if Crew.objects.exists():
        return "the crews are there already"
    office = people.organisation(f"d{HERE}-landscaping")
    names = {"zh": "澄湾绿道养护有限公司", "en": "Chengwan Greenway Maintenance Co."}
    accounts.create_organisation(
        code=CONTRACTOR, names=names, kind="contractor", level="district", parent=office.code, area=office.area,
        actor=SEEDER,
    )  # fmt: skip
    now = clock.now()
    accounts.make_contract(
        CONTRACTOR, number="CW-LH-2026-017", scope="绿道、行道树和街头绿地养护", valid_from=now,
        valid_until=now + timedelta(days=365), actor=SEEDER,
    )  # fmt: skip
    made = 0
    for home in Organisation.objects.filter(code__startswith=f"d{HERE}-").order_by("code"):
        workers = User.objects.filter(username__startswith=f"{home.code}-handler").order_by("username")
        titles = {"zh": f"{home.names['zh']}一班", "en": f"{home.names['en']}, first crew"}
        accounts.create_crew(organisation=home.code, code=f"{home.code}-1", names=titles, actor=SEEDER)
        for place, worker in enumerate(workers):
            accounts.join_crew(f"{home.code}-1", user_id=worker.pk, leads=place == 0, actor=SEEDER)
        made += 1
    return f"1 contractor, {made} crews"


@transaction.atomic
def give_ground() -> str:
    """Every street is a supervision area, and a collector walks each; says how many."""
    if SupervisionArea.objects.exists():
        return "the areas are given already"
    collectors = sorted(people.people_with("collect", area=places.regions("city")[0].path), key=lambda one: one.user_id)
    plan = places.code_plan()
    streets = [street for street in places.regions("street") if places.cells_beneath(street.code, plan)]
    for place, street in enumerate(streets):
        names = {"zh": f"{street.names['zh']}责任网格", "en": f"{street.names['en']} supervision area"}
        grid.save_supervision_area(f"z{street.code}", names=names, cells=street.code, new=True, actor=SEEDER)
        walker = collectors[place % len(collectors)]
        grid.assign_collector(f"z{street.code}", user_id=walker.user_id, actor=SEEDER)
    return f"{len(streets)} areas, {len(collectors)} collectors"


@transaction.atomic
def control_ground() -> str:
    """A fair has its street watched more closely, and works wait for a shift leader's word; says how many."""
    if cases.control_areas(SEEDER):
        return "the control areas are there already"
    asker, judge = (people.actor_of(User.objects.get(username=name)) for name in ("city_dispatcher", "leader"))
    plan = places.code_plan()
    streets = [one.code for one in places.regions("street") if places.cells_beneath(one.code, plan)]
    until = clock.now() + timedelta(days=30)
    fair = asking.ask_control_area(
        actor=asker, name="迎春花市", cells=streets[0], grade=1, reason="迎春花市期间加强管理", valid_until=until
    )
    asking.decide_control_area(fair.pk, actor=judge, grant=True, answer="同意，按方案执行")
    asking.ask_control_area(
        actor=asker, name="长平路管网改造", cells=streets[-1], classes=["E0302"], blocks=True, valid_until=until,
        reason="管网改造已批准占道，围挡期间不作占道施工立案",
    )  # fmt: skip
    return "1 control area, 1 to approve"


@transaction.atomic
def draw_rosters() -> str:
    """The centre's roster stands for this week and the next; says for how many turns."""
    if Watch.objects.filter(organisation__code="centre").exists():
        return "the roster stands already"
    today = localtime(clock.now()).date()
    monday = today - timedelta(days=today.weekday())
    wishes = _turns(monday)
    turns = len(accounts.save_roster("centre", week=monday, wishes=wishes, actor=SEEDER))
    turns += len(accounts.copy_week("centre", week=monday + timedelta(days=7), actor=SEEDER))
    return f"{turns} turns in two weeks"


def _turns(monday: date) -> list[Wish]:
    """Two watches take day and evening in turn; collectors walk by day, half of them each other day."""
    known = dict(User.objects.filter(organisation__code="centre").values_list("username", "pk"))
    walkers = sorted(name for name in known if name.startswith("collector"))
    found = []
    for number in range(7):
        day = monday + timedelta(days=number)
        first, second = NIGHT_AND_DAY if number < 4 else NIGHT_AND_DAY[::-1]
        found += [Wish(known[name], day, "day") for name in first if name in known]
        found += [Wish(known[name], day, "evening") for name in second if name in known]
        found += [Wish(known[name], day, "day") for name in walkers[number % 2 :: 2]]
    return found


@transaction.atomic
def take_census() -> str:
    """A census runs in two streets, with findings in one, and another has been accepted; says what was found."""
    if Project.objects.exists():
        return "the censuses are there already"
    now = clock.now()
    streets = _liveliest()
    if len(streets) < 3:
        return "too few streets"
    running, waiting, over = streets[:3]
    with at(now - BEFORE):
        accepted = _begun("示范街道部件普查（一期）", [(over, "collector")], share=1.0)
        _survey(accepted, over, ("confirmed", "confirmed", "confirmed", "confirmed", "changed"))
        _accepted(accepted, over)
    with at(now - LATELY):
        project = _begun("2026 年度部件普查", [(running, "collector"), (waiting, "collector02")])
        told = _survey(project, running, ("confirmed", "confirmed", "confirmed", "changed", "missing", "new"))
    return f"2 projects, {told} findings in the one that runs"


def _liveliest() -> list[str]:
    """The codes of the streets, those first where most of what is counted stands."""
    rows = Asset.objects.filter(type__code__in=COUNTED, state="intact").values_list("area").annotate(many=Count("pk"))
    many = {street.code: 0 for street in places.regions("street")}
    for area, count in rows:
        street = next((part for part in reversed(area.split(".")) if part[:9] in many), "")[:9]
        if street:
            many[street] += count
    enough = [code for code, count in many.items() if count >= 5]
    return sorted(enough, key=lambda code: (-many[code], code))


def _begun(title: str, streets: Iterable[tuple[str, str]], **sampling: float) -> int:
    """A census that an administrator has planned and started: which streets, who surveys."""
    boss = people.actor_named("admin")
    given = [{"code": code, "surveyor": people.actor_named(name).user_id} for code, name in streets]
    counted = [code for code in COUNTED if code in type_rows()]
    city = places.regions("city")[0].path
    project = assets.plan_census(
        title=title, area=city, types=counted, streets=given, sampling=sampling or None, actor=boss
    )
    assets.start_census(project.pk, actor=boss)
    return project.pk


def _survey(project: int, street: str, kinds: Iterable[str]) -> int:
    """The collector has found this in the street, one component after the other; answers how many findings."""
    region = next(one for one in places.regions("street") if one.code == street)
    standing = Asset.objects.filter(area__startswith=f"{region.path}.", type__code__in=COUNTED, state="intact")
    points = list(standing.exclude(type__code="guardrail").select_related("type").order_by("code")[:6])
    actor = people.actor_named("collector")
    found = list(zip(kinds, points, strict=False))
    for place, (kind, row) in enumerate(found):
        assets.record_finding(
            project, actor=actor, key=f"demo-{street}-{place}", kind=kind, ground="pavement", width_m=4.5,
            **_told(kind, row),
        )  # fmt: skip
    return len(found)


def _told(kind: str, row: Asset) -> Mapping[str, Any]:
    """What a finding of that kind says of a component; a new one stands a step beside it."""
    if kind == "new":
        given = {"lon": row.geom.x + STEP, "lat": row.geom.y, "maintainer": row.maintainer}
        return {"of_type": row.type.code, "given": given, "note": "上次普查之后新设", "another": True}
    if kind == "changed":
        return {"code": row.code, "given": {"state": "damaged"}, "note": "基座松动，需维修"}
    return {"code": row.code, "note": "现场未见" if kind == "missing" else ""}


def _accepted(project: int, street: str) -> None:
    """The street is handed in, looked at again, and what was found is in the register."""
    boss: Actor = people.actor_named("admin")
    assets.hand_in(project, street, actor=people.actor_named("collector"))
    assets.draw_sample(project, street, actor=boss)
    sampled = Project.objects.get(pk=project).findings.filter(in_sample=True).order_by("pk")
    for finding in list(sampled):
        assets.judge_finding(finding.pk, correct=True, actor=boss)
    assets.accept_census(project, actor=boss)
    assets.write_census(project)


@transaction.atomic
def propose_changes() -> str:
    """Two changes that people in the field propose wait for a decision; says how many."""
    if ChangeRequest.objects.exists():
        return "the requests are there already"
    standing = Asset.objects.filter(code__startswith=HERE, state="intact").order_by("code")
    lamp, bin_ = (standing.filter(type__code=kind).last() for kind in ("street_light", "litter_bin"))
    if lamp is None or bin_ is None:
        return "nothing stands here"
    with at(clock.now() - TODAY):
        assets.propose(
            kind="changed", code=lamp.code, key="demo-lamp", reason="灯具已更换为 150 瓦，台账未更新",
            given={"attributes": {**lamp.attributes, "watt": 150}}, actor=people.actor_named("handler"),
        )  # fmt: skip
        moved = {"lon": bin_.geom.x + STEP, "lat": bin_.geom.y}
        assets.propose(
            kind="moved", code=bin_.code, key="demo-bin", reason="因人行道改造移位约一米",
            given=moved, actor=people.actor_named("collector"),
        )  # fmt: skip
    return "2 open requests"
