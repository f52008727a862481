"""Organisations, people and rosters before a real browser: a move is looked at and made; axe finds nothing."""

import pytest

from accounts.actions import adopt_shifts, create_organisation, create_post, create_user, grant, upsert_role
from accounts.models import Organisation, Watch
from tests.browser.conftest import ROOT
from tests.cases.factories import CITY, HERE, PASSWORD, SETUP, names

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
PAGES = ("/organisations/", "/organisations/centre/", "/organisations/new/", "/people/", "/people/{boss}/", "/rosters/")


@pytest.fixture
def boss(town):
    """Somebody who administers the city, with somewhere to move a department to."""
    upsert_role(code="boss", names=names("管", "Boss"), permissions=["admin"], actor=SETUP)
    user = create_user(username="boss", password=PASSWORD, label="管理员", organisation="centre", actor=SETUP)
    grant(user=user, role="boss", actor=SETUP)
    create_organisation(code="bureau", names=names("城管局", "Bureau"), kind="department", level="city",
                        parent="centre", area=CITY, actor=SETUP)  # fmt: skip
    create_post(organisation="centre", role="leader", actor=SETUP)
    adopt_shifts({"day": {"names": names("早班", "Day"), "hours": "08:00-16:00"}}, pack="base", actor=SETUP)
    return user


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_on_these_pages(visit, boss, language):
    window = visit(boss, language)
    for path in PAGES:
        page = window.open(path.format(boss=boss.pk))
        page.evaluate(AXE.read_text())
        found = page.evaluate("() => axe.run(document).then((r) => r.violations.map((v) => [v.id, v.nodes[0].html]))")
        assert found == [], path


def test_a_move_is_looked_at_then_made_and_a_shift_is_ticked_by_keyboard(visit, boss):
    window = visit(boss, "zh-hans")
    page = window.open(f"/organisations/d{HERE}-appearance/")
    page.select_option("#move_parent", "bureau")
    page.click("form[action$='/move/'] button[value=look]")
    page.click("button[value=save]")
    page.wait_for_url("**/organisations/d449901-appearance/")
    assert Organisation.objects.get(code=f"d{HERE}-appearance").path == f"centre.bureau.d{HERE}-appearance"
    page = window.open("/rosters/?organisation=centre&week=2026-11-23")
    page.focus(f"input[name=turn][value='{boss.pk}:2026-11-24:day']")
    page.keyboard.press("Space")
    page.click("button[value=save]")
    page.wait_for_selector(".notice--normal")
    assert Watch.objects.get().day.isoformat() == "2026-11-24"
