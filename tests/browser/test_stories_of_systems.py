"""The stories a city tells of its systems, walked in a real browser by those whose office it is, in both languages.

A dog is registered, renewed and a violation linked; a truck unloads where it must not, which becomes a case; a gas
station nobody inspected becomes a case; a station of a greenway is found on the map.
"""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import localtime
from playwright.sync_api import Page

from accounts.actions import create_organisation, create_user, grant
from accounts.models import User
from assets import actions as assets
from cases import actions as cases
from cases.models import Case
from cases.selectors import category_rows
from core import clock
from core.scope import Actor
from grid.actions import import_grid
from packs import actions as packs
from registers import actions as registers
from registers.models import Record
from tests.browser.conftest import Window, drawn, faults_of, until
from tests.cases.factories import CITY, HERE, PASSWORD, SETUP, SOUTH, STEP, WEST, Town, drawing, names
from tests.exchange.post import carried
from tests.kept import standing

SPOT = (WEST + STEP / 2, SOUTH + STEP / 2)
ELSEWHERE = (WEST + STEP * 1.5, SOUTH + STEP / 2)
OFFICES = (
    ("appearance", "城市管理局", "City management"), ("municipal", "市政管理处", "Municipal works"),
    ("landscaping", "园林绿化中心", "Landscaping"),
)  # fmt: skip
PEOPLE = (
    ("leader", "黄伟强", "shift_leader", ""), ("acceptor", "林静", "acceptor", ""),
    ("dispatcher", "郑丽华", "city_dispatcher", ""), ("collector", "陈晓燕", "collector", ""),
    ("dogs", "蔡文彬", "department_desk", "appearance"), ("gas", "方国栋", "department_desk", "municipal"),
    ("green", "苏敏", "department_desk", "landscaping"),
)  # fmt: skip
LANGUAGES = pytest.mark.parametrize("language", ["zh-hans", "en"])
LOCALES = {"zh-hans": "zh-CN", "en": "en-GB"}
PICTURES = os.environ.get("SCREENSHOTS", "")
DESK = (1440, 900) if PICTURES else (1024, 640)
"""Nobody looks at what is not kept, and a large map takes long to draw without a graphics card."""
BLIND = ("--disable-3d-apis",)
"""Maps take most of the time of a page; where a story needs none, it goes by lists and fields, as without WebGL."""
ISLAND = "document.querySelector('cc-map')"
CLEAN: set[tuple[str, str]] = set()


@pytest.fixture
def city(media: None) -> Town:
    """A city with four systems, an office for each of them, and people in the roles that the base pack brings."""
    return standing("city_of_systems", founded)


def founded() -> Town:
    town = Town()
    packs.apply(["dogs", "spoil", "gas", "greenways"], actor=SETUP)
    import_grid(drawing(), actor=SETUP)
    cases.switch_classes([row.code for row in category_rows()], enabled=True, actor=SETUP)
    area = f"{CITY}.{HERE}"
    create_organisation(code="centre", names=names("城市运行中心", "City centre"), kind="centre", level="city",
                        parent="", area=CITY, duties=(), actor=SETUP)  # fmt: skip
    create_organisation(code=f"d{HERE}", names=names("金港区运行中心", "Jingang centre"), kind="district_centre",
                        level="district", parent="centre", area=area, duties=(), actor=SETUP)  # fmt: skip
    for duty, zh, en in OFFICES:
        create_organisation(code=duty, names=names(f"金港区{zh}", f"Jingang {en}"), kind="department",
                            level="district", parent=f"d{HERE}", area=area, duties=(duty,), actor=SETUP)  # fmt: skip
    for name, label, role, office in PEOPLE:
        user = create_user(username=name, password=PASSWORD, label=label, organisation=office or "centre", actor=SETUP)
        grant(user=user, role=role, org=office, area="" if office else CITY, actor=SETUP)
        town.people[name] = user
    return town


class Walk:
    """Somebody's way through the pages: each is looked at by axe, and kept as a picture where somebody wants them."""

    def __init__(self, visit: Any, user: User, language: str, story: str, *, maps: bool = False) -> None:
        self.window: Window = visit(
            user, language, size=DESK, bypass_csp=True, locale=LOCALES[language],
            flags=() if maps or PICTURES else BLIND,
        )  # fmt: skip
        self.language, self.story, self.number = language, story, 0
        self.page: Page = self.window.page

    def open(self, path: str) -> Page:
        self.window.open(path)
        return self.seen()

    def follow(self, selector: str) -> Page:
        """The page behind a link or a button that stands on this one."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        return self.seen()

    def seen(self) -> Page:
        """The page has no fault of access, looked at once for each kind of page and language; its picture is kept."""
        kind = re.sub(r"[A-Z]*[0-9]{4,}", "", self.page.url.removeprefix(self.window.server))
        if (kind, self.language) not in CLEAN:
            assert faults_of(self.page) == [], self.page.url
            CLEAN.add((kind, self.language))
        self.number += 1
        if PICTURES:
            self.mapped()
            name = f"story-{self.story}-{self.number}-{self.language}.png"
            self.page.screenshot(path=Path(PICTURES) / name, full_page=True)
        return self.page

    def pressed(self, place: tuple[float, float], layer: str = "") -> None:
        """The map is clicked at that place, once what the layer shows there is drawn."""
        self.mapped()
        until(self.page, f"!{ISLAND}.map.isMoving()")
        x, y = self.page.evaluate(f"(({{x, y}}) => [x, y])({ISLAND}.map.project([{place[0]}, {place[1]}]))")
        if layer:
            drawn(self.page, "cc-map", layer, x, y)
        self.page.locator("cc-map canvas").click(position={"x": x, "y": y})

    def mapped(self) -> None:
        """Every map of the page is drawn."""
        for island in self.page.locator("cc-map").all():
            island.and_(self.page.locator("[data-ready]")).wait_for()

    def fill(self, prefix: str = "attr_", **given: str) -> None:
        for name, value in given.items():
            field = self.page.locator(f"[name={prefix}{name}]")
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def step(self, code: str, **given: str) -> Page:
        """A step of the record on this page is opened, filled in and taken."""
        form = self.page.locator(f"form[action$='/steps/{code}/']")
        self.page.locator("details.step", has=form).locator("summary").click()
        self.fill(f"{code}-attr_", **given)
        with self.page.expect_navigation():
            form.locator("button").click()
        return self.seen()

    def told(self, *words: str) -> None:
        text = self.page.locator("main").inner_text()
        assert [word for word in words if word not in text] == []

    def ended(self) -> None:
        assert self.window.complaints == []
        assert self.window.strangers() == []


def day(many: int) -> str:
    """So many days from now, as a field of a form wants it."""
    return localtime(clock.now() + timedelta(days=many)).date().isoformat()


def state_of(register: str) -> list[str]:
    rows = Record.objects.filter(register__code=register).order_by("pk")
    return list(rows.values_list("state", flat=True))


def a_violation(town: Town) -> str:
    """A case of a dog without a leash, which the office of the district has."""
    given = {"source": "collector", "source_ref": "dog-1", "category": "E0184", "description": "携犬出户未束犬链"}
    case = cases.report(actor=town.actor("collector"), lon=SPOT[0], lat=SPOT[1], photos=[], **given)
    case = cases.accept(case.number, actor=town.actor("acceptor"), version=case.version)
    case = cases.register(case.number, actor=town.actor("leader"), version=case.version, condition="a")
    case = cases.dispatch(case.number, actor=town.actor("dispatcher"), version=case.version, department="appearance")
    return str(case.number)


@LANGUAGES
def test_a_dog_is_registered_and_renewed_and_a_violation_linked(visit, city, language):
    violation = a_violation(city)
    walk = Walk(visit, city.people["dogs"], language, "dog", maps=language == "zh-hans")
    walk.open("/systems/")
    walk.follow("a[href='/systems/dogs/']")
    walk.follow("a[href='/registers/dog/']")
    page = walk.follow("a[href='/registers/dog/new/']")
    walk.fill(owner="林小姐", phone="13800001234", address="金砂路 3 号", dog_name="团团", breed="柯基", banned="false",
              sex="female", colour="黄白", chip="156000000000001", vaccine_on=day(-30), vaccine_until=day(300),
              certificate="MY-0001")  # fmt: skip
    if language == "zh-hans":
        walk.pressed(SPOT)
        until(page, "document.querySelector('#id_lon').value !== ''")
    else:
        walk.fill("", lon=str(SPOT[0]), lat=str(SPOT[1]))
    walk.follow("form.form .btn--primary")
    walk.told("团团 · 柯基", "林**")
    assert "13800001234" not in page.content(), "what is personal is masked"
    walk.step("register", tag="JG-0001")
    first = Record.objects.get(register__code="dog")
    walk.step("renew", vaccine_until=day(600))
    dog = Record.objects.get(register__code="dog")
    assert (dog.state, dog.valid_until.year) == ("registered", first.valid_until.year + 1)
    page.locator("details.step", has=page.locator("[name=tie-link]")).locator("summary").click()
    walk.fill("tie-", link="violations", to=violation)
    walk.follow("button[value=link]")
    walk.follow(f"article a[href='/cases/{violation}/']")
    walk.told("团团 · 柯基")
    walk.ended()


def a_permit_to_be_had(town: Town) -> tuple[str, str]:
    """A site that takes spoil, and hours around now."""
    ring = [[WEST, SOUTH], [WEST + STEP, SOUTH], [WEST + STEP, SOUTH + STEP], [WEST, SOUTH + STEP], [WEST, SOUTH]]
    site = registers.enter("spoil_site", actor=town.actor("dogs"), given={"site_name": "澄湾消纳场"},
                           place={"type": "Polygon", "coordinates": [ring]})  # fmt: skip
    hour = localtime(clock.now()).hour
    return site.number, f"{(hour - 6) % 24:02}:00-{(hour + 6) % 24:02}:00"


def a_load_in_order(town: Town, permit: str) -> None:
    """A load that went where it should, from its pit to its site, where it was confirmed."""
    who = town.actor("dogs")
    view = registers.enter("spoil_waybill", actor=who, given={"plate": "粤D12345"}, links={"permit": permit})
    for step, given, place in (("load", {"load_m3": 18}, None), ("depart", {}, None), ("unload", {}, SPOT),
                               ("confirm", {}, None)):  # fmt: skip
        view = registers.take_step("spoil_waybill", view.number, step, actor=who, version=view.version, given=given,
                                   place=place)  # fmt: skip
    assert (view.state, view.flags) == ("confirmed", ())


@LANGUAGES
def test_a_load_that_is_left_outside_its_site_is_flagged_and_becomes_a_case(visit, city, language):
    site, hours = a_permit_to_be_had(city)
    walk = Walk(visit, city.people["dogs"], language, "spoil")
    walk.open("/systems/spoil/")
    walk.follow("a[href='/registers/spoil_permit/']")
    walk.follow("a[href='/registers/spoil_permit/new/']")
    walk.fill(
        project="地铁三号线", carrier="澄湾运输", plates="粤D12345\n粤D54321", hours=hours, route="金砂路、海滨路"
    )
    walk.fill("", lon=str(SPOT[0]), lat=str(SPOT[1]), link_site=site)
    walk.follow("form.form .btn--primary")
    walk.step("grant")
    permit = walk.page.url
    a_load_in_order(city, permit.rstrip("/").rpartition("/")[2])
    walk.follow("a[href*='/registers/spoil_waybill/new/']")
    walk.fill(plate="粤D54321")
    walk.follow("form.form .btn--primary")
    walk.step("load", load_m3="18")
    walk.step("depart")
    form = walk.page.locator("form[action$='/steps/unload/']")
    walk.page.locator("details.step", has=form).locator("summary").click()
    walk.fill("unload-", lon=str(ELSEWHERE[0]), lat=str(ELSEWHERE[1]))
    walk.follow("form[action$='/steps/unload/'] button")
    assert [row.flags for row in Record.objects.filter(register__code="spoil_waybill").order_by("pk")] == [
        [],
        ["outside"],
    ]
    walk.open(permit.removeprefix(walk.window.server))
    walk.told("粤D12345 · 18 m³", "粤D54321 · 18 m³")
    walk.open("/registers/spoil_waybill/?flag=outside")
    assert walk.page.locator("tbody tr").count() == 1
    carried()
    case = Case.objects.get()
    assert (case.category.code, case.point.coords) == ("E0111", ELSEWHERE)
    leader = Walk(visit, city.people["leader"], language, "spoil-case")
    leader.open("/registers/spoil_waybill/?flag=outside")
    leader.follow("tbody a")
    leader.follow(f"article a[href='/cases/{case.number}/']")
    leader.told("渣土车在消纳场之外卸土", "粤D54321")
    walk.ended()
    leader.ended()


def inspected_long_ago(town: Town, who: Actor) -> str:
    """A gas station that was inspected forty days ago and never since; the clock has seen it."""
    shape = {"type": "Point", "coordinates": list(SPOT)}
    given = {"geometry": shape, "state": "intact", "names": names("金砂路调压站", "Jinsha Road regulator")}
    station = assets.create(actor=SETUP, of_type="gas_regulator", given=given, reason="普查").code
    then = clock.now() - timedelta(days=40)
    clock.set_source(lambda: then)
    try:
        view = registers.enter("gas_round", actor=who, given={"unit": "澄湾燃气"}, asset=station)
        found = {"inspector": "陈工", "lel_percent": 2, "hazard": "none"}
        registers.take_step("gas_round", view.number, "inspect", actor=who, version=view.version, given=found)
    finally:
        clock.set_source(None)
    while registers.sweep():
        pass
    carried()
    return str(view.number)


@LANGUAGES
def test_a_gas_inspection_that_is_overdue_becomes_a_case_about_its_station(visit, city, language):
    number = inspected_long_ago(city, city.actor("gas"))
    case = Case.objects.get()
    assert (case.category.code, state_of("gas_round")) == ("C0149", ["overdue"])
    leader = Walk(visit, city.people["leader"], language, "gas-case")
    leader.open(f"/registers/gas_round/{number}/")
    leader.follow(f"article a[href='/cases/{case.number}/']")
    leader.told("燃气设施巡检逾期")
    leader.follow(f"a[href='/components/{case.component}/']")
    leader.told(number)
    walk = Walk(visit, city.people["gas"], language, "gas")
    walk.open("/systems/gas/")
    walk.follow("a[href='/registers/gas_round/']")
    walk.page.locator("[name=state]").select_option("overdue")
    walk.follow("form.narrow .btn--primary")
    walk.follow("tbody a")
    walk.step("inspect", inspector="李工", lel_percent="3", hazard="none")
    assert state_of("gas_round") == ["inspected"]
    walk.ended()
    leader.ended()


def a_greenway(town: Town) -> dict[str, str]:
    """A way along the water with two stations, by their names."""
    (lon, lat), ends = SPOT, [[WEST + STEP * 0.2, SPOT[1]], [WEST + STEP * 1.8, SPOT[1]]]
    facts = {
        "greenway": "滨海绿道",
        "grade": "first",
        "toilet": True,
        "parking": 20,
        "bikes": 40,
        "hours": "06:00-22:00",
    }
    way = {"name": "滨海绿道", "level": "city", "length_km": 3.2, "open_state": "open"}
    rows: tuple[tuple[str, str, dict[str, Any], Any], ...] = (
        ("greenway", "滨海绿道", way, {"type": "LineString", "coordinates": ends}),
        ("greenway_station", "一号驿站", {**facts, "name": "一号驿站"}, {"type": "Point", "coordinates": [lon, lat]}),
        ("greenway_station", "二号驿站", {**facts, "name": "二号驿站"},
         {"type": "Point", "coordinates": list(ELSEWHERE)}),
    )  # fmt: skip
    return {
        name: assets.create(actor=SETUP, of_type=kind, reason="普查", another=True, given={
            "geometry": shape, "state": "intact", "names": names(name, name), "attributes": told,
        }).code
        for kind, name, told, shape in rows
    }  # fmt: skip


@LANGUAGES
def test_a_station_of_a_greenway_is_found_on_the_map(visit, city, language):
    codes = a_greenway(city)
    walk = Walk(visit, city.people["green"], language, "greenway", maps=True)
    walk.open("/systems/greenways/")
    page = walk.follow("a[href='/components/?type=greenway_station']")
    assert page.locator("tbody tr").count() == 2
    with page.expect_navigation():
        walk.pressed(ELSEWHERE, "points")
    walk.seen()
    assert page.url.endswith(f"/components/{codes['二号驿站']}/")
    walk.told("二号驿站", "06:00-22:00", "20")
    walk.open(f"/components/{codes['滨海绿道']}/")
    walk.told("滨海绿道", "3.2")
    walk.ended()
