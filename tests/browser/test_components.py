"""The register before a real browser: a change proposed from the field by a click, on the map; no fault of access."""

import pytest

from accounts.actions import create_user, grant, upsert_role
from assets import actions
from assets.models import ChangeRequest
from core.scope import machine
from tests.assets.factories import KERB, LAMP
from tests.browser.test_responsibility import AXE, shot
from tests.cases.factories import CITY, HERE, PASSWORD, SETUP, names, point

ROOT = machine("test", "admin")
CODE = f"{HERE}0137000001"
RULES = {
    "grounds": [{"code": "open_area", "names": names("公共开放区域", "Open areas")}],
    "sampling": {"share": 0.1, "least": 1, "threshold": 0.05},
}


@pytest.fixture
def people(town):
    """A keeper of the register and a collector; a lamp, a kerb and a census that runs."""
    for kind in (LAMP, KERB):
        actions.save_type(kind, actor=ROOT)
    lon, lat = point()
    kerb = {"type": "LineString", "coordinates": [[lon - 0.0002, lat], [lon + 0.0002, lat + 0.0002]]}
    rows = [{"code": CODE, "lon": lon, "lat": lat}, {"code": f"{HERE}0286000001", "geometry": kerb}]
    actions.import_assets(rows, actor=ROOT)
    found = {}
    for name, rights in {"keeper": ["component.edit", "case.see"], "lin": ["component.propose", "case.see"]}.items():
        upsert_role(code=name, names=names(name, name), permissions=rights, actor=SETUP)
        found[name] = create_user(username=name, password=PASSWORD, label=name, organisation="centre", actor=SETUP)
        grant(user=found[name], role=name, area=CITY, actor=SETUP)
    actions.save_census_rules(RULES, pack="test")
    streets = [{"code": f"{HERE}001", "surveyor": found["lin"].pk}]
    census = actions.plan_census(actor=ROOT, title="普查", area=CITY, types=["street_light"], streets=streets)
    actions.start_census(census.pk, actor=ROOT)
    found["survey"] = f"/census/{census.pk}/streets/{HERE}001/"
    found["census"] = f"/census/{census.pk}/"
    return found


def test_a_click_on_the_map_proposes_where_a_component_stands_now(visit, people):
    window = visit(people["lin"], size=(1500, 900))
    page = window.open(f"/component-requests/new/?code={CODE}")
    page.wait_for_selector("cc-map[data-ready]", timeout=60_000)
    page.select_option("#id_kind", "moved")
    page.locator("cc-map canvas").click(position={"x": 260, "y": 400})
    page.fill("#id_reason", "台账位置有偏差")
    page.locator("form.form button").first.click()
    page.locator(".notice--normal").wait_for(timeout=15_000)
    request = ChangeRequest.objects.get()
    assert (request.kind, request.asset.code) == ("moved", CODE)
    assert window.complaints == []
    assert window.strangers() == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_on_the_pages_of_the_register(visit, people, language):
    pages = (
        ("keeper", (1600, 1000), ("/components/", f"/components/{CODE}/", f"/components/{CODE}/edit/",
                                  "/component-requests/", "/census/", people["census"])),
        ("lin", (390, 844), (people["survey"], f"/component-requests/new/?code={CODE}")),
    )  # fmt: skip
    for who, size, paths in pages:
        window = visit(people[who], language, size=size, bypass_csp=True)
        for number, path in enumerate(paths):
            page = window.open(path)
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
            shot(page, f"register-{who}-{number}-{language}")
            assert [(path, one["id"], [node["html"][:140] for node in one["nodes"][:3]]) for one in found] == []
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
