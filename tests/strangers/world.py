"""One district's case, camera and pictures, and five people: who may see them, and who may not."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from accounts.actions import create_organisation, create_user, grant, upsert_role
from accounts.models import User
from accounts.selectors import actor_of
from cases.actions import ask_control_area, save_filter
from cases.models import Evidence
from core import clock
from dashboard.actions import begin_joining
from enforcement.actions import open_dossier, save_cause
from evaluation.actions import save_scheme, sweep_news
from exchange.actions import ask_export, begin_upload
from journal.actions import deliver, number
from packs.adapters.library import read_library
from telemetry.actions import add_device
from telemetry.contracts import DeviceKind, NewDevice, Protocol
from tests.cases.factories import CITY, HERE, SETUP, Town, asked, brought_to, build_town, names, picture
from tests.enforcement.factories import CAUSE, PARTY, SPOT
from tests.video.factories import put_up
from video.adapters import pictures
from video.models import Incident, Rule, Still

NOBODY, STRANGER, NEIGHBOUR, RIGHT = "nobody", "stranger", "neighbour", "right"
PERSONS = (NOBODY, STRANGER, NEIGHBOUR, RIGHT)
STRANGER_NAME, NEIGHBOUR_NAME = "far_away", "next_door"
DOSSIERS = ("dossier.see", "dossier.handle", "dossier.review", "dossier.decide")
EVERYTHING = (
    "case.see", "case.report", "feed.read", "wall.see", "camera.see", "person.see", "score.see", "accept",
    "device.see", *DOSSIERS,
)  # fmt: skip


@dataclass
class World:
    """What there is to see in the district 449901, and who asks."""

    town: Town
    case: str = ""
    version: int = 0
    evidence: int = 0
    camera: str = "corner"
    incident: str = ""
    still: int = 0
    export: str = ""
    filter: int = 0
    device: str = "truck-9"
    upload: str = ""
    control: int = 0
    joining: str = ""
    dossier: str = ""
    people: dict[str, User] = field(default_factory=dict)


def build() -> World:
    """The town with a case at its department, evidence, a camera with an incident, and the news delivered."""
    world = World(build_town())
    case = brought_to(
        world.town, "dispatched", photos=[picture("olive")], reporter={"name": "林", "phone": "13800000000"}
    )
    world.evidence = Evidence.objects.get(case__number=case.number).pk
    request = asked(world.town, case, "void", "desk")
    world.case, world.version = case.number, request.case.version
    world.control = ask_control_area(
        actor=world.town.actor("desk"), name="沉香路管控", cells=f"{HERE}001001001", grade=2, reason="施工"
    ).pk
    put_up(world.camera)
    _incident(world)
    _device(world)
    _people(world)
    world.filter = save_filter(actor=actor_of(world.people["here"]), name="one's own", options={"open": "true"}).pk
    world.joining = str(begin_joining(title="units", actor=SETUP).uid)
    world.upload = str(begin_upload(actor=actor_of(world.people["here"]), length=9).uid)
    world.export = str(ask_export("cases", "csv", {}, actor=actor_of(world.people["here"])).uid)
    world.dossier = _dossier(world)
    base = read_library().packs["base"].document
    save_scheme(base["schemes"][0], pack="base")
    while number() or deliver():
        pass
    sweep_news()
    return world


def _incident(world: World) -> None:
    rule = Rule.objects.select_related("zone__camera").get()
    at = clock.now()
    incident = Incident.objects.create(
        uid=uuid4(), camera=rule.zone.camera, rule=rule, category="E0407", place="p", place_cell="1:1", label="car",
        anchor=[0, 0, 1, 1], state="violation", mode="review", review="pending", first_seen=at - timedelta(seconds=9),
        last_seen=at, violated_at=at, dwell_seconds=9, case_number=world.case, epoch=1, trace="t",
    )  # fmt: skip
    still = Still.objects.create(
        camera=rule.zone.camera, rule=rule, incident=incident, place="p", moment="threshold", at=at,
        raw_sha256="a" * 64, public_sha256="b" * 64,
    )  # fmt: skip
    world.incident, world.still = str(incident.uid), still.pk
    seen = pictures.keep(picture("navy"))
    Still.objects.create(camera=rule.zone.camera, moment="latest", at=at, raw_sha256=seen, public_sha256=seen)


def _device(world: World) -> None:
    wish = NewDevice(
        code=world.device, names=names("车九", "Truck nine"), kind=DeviceKind.VEHICLE, protocol=Protocol.JT808,
        address="13912340009", area=f"{CITY}.{HERE}", organisation=f"d{HERE}",
    )  # fmt: skip
    add_device(wish, actor=SETUP)


def _dossier(world: World) -> str:
    """A file of the district about somebody."""
    upsert_role(code="enforcer", names=names("执", "Enforces"), permissions=[*EVERYTHING, "person.unmask"], actor=SETUP)
    user = create_user(
        username="enforcer", password="a town of tests 7", label="Enforcer", organisation=f"d{HERE}", actor=SETUP
    )
    grant(user=user, role="enforcer", area=f"{CITY}.{HERE}", actor=SETUP)
    world.people["enforcer"] = user
    save_cause(CAUSE, actor=SETUP, pack="test")
    return open_dossier(
        actor=actor_of(user), cause=CAUSE["code"], act_on=(clock.now() - timedelta(days=2)).date(), party=PARTY,
        procedure="ordinary", party_kind="citizen", point=SPOT,
    ).number  # fmt: skip


def _people(world: World) -> None:
    """Both strangers hold every right there is to see things, but over other ground."""
    create_organisation(
        code="sanitation-here", names=names("环卫所", "Sanitation"), kind="department", level="district",
        parent=f"d{HERE}", area=f"{CITY}.{HERE}", duties=["sanitation"], actor=SETUP,
    )  # fmt: skip
    upsert_role(code="sees-all", names=names("看", "Sees"), permissions=EVERYTHING, actor=SETUP)
    far = create_user(
        username=STRANGER_NAME, password="a town of tests 7", label="Far", organisation="d449902", actor=SETUP
    )
    grant(user=far, role="sees-all", area=f"{CITY}.449902", actor=SETUP)
    near = create_user(
        username=NEIGHBOUR_NAME, password="a town of tests 7", label="Near", organisation="sanitation-here", actor=SETUP
    )
    upsert_role(code="near", names=names("邻", "Near"), permissions=[*EVERYTHING, "desk", "handle"], actor=SETUP)
    grant(user=near, role="near", org="sanitation-here", actor=SETUP)
    upsert_role(code="here", names=names("此", "Here"), permissions=EVERYTHING, actor=SETUP)
    here = create_user(
        username="here", password="a town of tests 7", label="Here", organisation=f"d{HERE}", actor=SETUP
    )
    grant(user=here, role="here", area=f"{CITY}.{HERE}", actor=SETUP)
    upsert_role(code="boss", names=names("管", "Boss"), permissions=["admin", "camera.see", "device.see"], actor=SETUP)
    boss = create_user(username="boss", password="a town of tests 7", label="Boss", organisation="centre", actor=SETUP)
    grant(user=boss, role="boss", actor=SETUP)
    upsert_role(code="auditor", names=names("审", "Audits"), permissions=["audit.see"], actor=SETUP)
    audits = create_user(
        username="auditor", password="a town of tests 7", label="Auditor", organisation="centre", actor=SETUP
    )
    grant(user=audits, role="auditor", actor=SETUP)
    upsert_role(code="alarmed", names=names("警", "Alarms"), permissions=["alarm.see", "alarm.handle"], actor=SETUP)
    alarmed = create_user(
        username="alarmed", password="a town of tests 7", label="Alarms", organisation="centre", actor=SETUP
    )
    grant(user=alarmed, role="alarmed", actor=SETUP)
    world.people = {user.username: user for user in User.objects.all()}
