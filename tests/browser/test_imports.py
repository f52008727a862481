"""An empty installation is given its tree and its outlines in a real browser; the worker is this process."""

import threading

import pytest
from django.db import connection

from accounts.actions import create_user, grant, upsert_role
from exchange import actions
from exchange.models import ImportJob
from grid import selectors
from tests.browser.conftest import ROOT
from tests.cases.factories import PASSWORD, SETUP, names
from tests.exchange.factories import BOUNDARIES, DIVISIONS

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chief(transactional_db, folder, settings):
    """An administrator of a platform without a map; uploads lie where the server keeps them."""
    settings.DATA_DIR = folder
    upsert_role(code="chief", names=names("管理员", "Administrator"), permissions=["admin"], actor=SETUP)
    user = create_user(username="chief", password=PASSWORD, label="管理员", actor=SETUP)
    grant(user=user, role="chief", actor=SETUP)
    return user


def worked() -> None:
    """What the queue's worker would do, in a thread of its own: Playwright holds this one."""

    def work() -> None:
        try:
            for job in ImportJob.objects.filter(state__in=["mapped", "confirmed"]):
                actions.work(str(job.uid))
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(120)


def taken_over(window, kind: str, file, pictures) -> None:
    page = window.open("/imports/")
    page.select_option("#id_kind", kind)
    page.set_input_files("#id_file", str(file))
    page.click("form.form button.btn--primary")
    page.wait_for_selector("#state[data-state=uploaded]")
    page.click("form.form:last-of-type button.btn--primary")
    page.wait_for_selector("#state[data-state=mapped]")
    worked()
    page.wait_for_selector("#state[data-state=checked]", timeout=20_000)
    page.wait_for_timeout(1500)
    page.screenshot(path=str(pictures / f"import-{kind}-checked.png"))
    page.click("form[action$='/confirm/'] button")
    page.wait_for_selector("#state[data-state=confirmed]")
    worked()
    page.wait_for_selector("#state[data-state=done]", timeout=20_000)
    page.screenshot(path=str(pictures / f"import-{kind}-done.png"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_empty_installation_gets_its_tree_and_outlines_by_clicking(visit, chief, language, tmp_path):
    if not DIVISIONS.exists():
        pytest.skip("the real files are not here")
    pictures = ROOT / "var" / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    window = visit(chief, language)
    taken_over(window, "divisions", DIVISIONS, pictures)
    taken_over(window, "boundaries", BOUNDARIES, pictures)
    version = selectors.newest_draft()
    assert len(selectors.draft_regions(version)) == 5054
    assert len(selectors.draft_outlines(version)) == 9
    assert window.complaints == []
    assert window.strangers() == []
