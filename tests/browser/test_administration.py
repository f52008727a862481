"""The pages of administrators and auditors before a real browser, in both languages."""

import os
from pathlib import Path

import pytest

from accounts.actions import create_user, grant, upsert_role
from tests.browser.conftest import faults_of, watched_town
from tests.cases.factories import PASSWORD, SETUP, brought_to, names
from tests.exchange.post import adopt_base
from tests.kept import standing


@pytest.fixture
def boss(media):
    """Somebody who administers the city and may read the audit trail."""
    return standing("town_with_a_boss", hired_boss)


def hired_boss():
    town = watched_town()
    rights = ["admin", "audit.see", "case.see", "feed.read"]
    upsert_role(code="boss", names=names("管", "Boss"), permissions=rights, actor=SETUP)
    user = create_user(username="boss", password=PASSWORD, label="管理员", organisation="centre", actor=SETUP)
    grant(user=user, role="boss", actor=SETUP)
    brought_to(town, "closed")
    adopt_base()
    return user


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "path",
    [
        "/audit/?kind=case",
        "/health/",
        "/inbox/",
        "/inbox/preferences/",
        "/message-templates/case.assigned/",
        "/hotline/",
        "/hotline/partners/new/",
        "/endpoints/new/webhook/",
        "/insights/hotspots/",
        "/insights/trends/",
    ],
)
def test_axe_finds_nothing_and_the_browser_complains_of_nothing(visit, boss, path, language):
    window = visit(boss, language, size=(1600, 1000), bypass_csp=True)
    page = window.open(path)
    found = faults_of(page)
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{path.split('/')[1]}-{language}.png")
    assert found == []
    assert window.complaints == []
