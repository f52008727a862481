"""An empty installation is given its tree and its outlines in a real browser; the worker is this process."""

import gzip
import threading
from itertools import islice

import pytest
from django.db import connection

from accounts.actions import create_user, grant, upsert_role
from assets import selectors as components
from core.geo import wgs84_to_gcj02
from exchange import actions
from exchange.actions import working
from exchange.models import ImportJob
from grid import actions as grid
from grid import selectors
from tests.assets.factories import LAMP, types
from tests.assets.test_real_trees import perth
from tests.browser.conftest import PATIENCE_S, ROOT, until
from tests.cases.factories import PASSWORD, SETUP, names
from tests.exchange.factories import BOUNDARIES, DIVISIONS, TREES
from tests.exchange.test_real_files import TREE_TYPE, bent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chief(transactional_db, folder, settings):
    """An administrator of a platform without a map; uploads lie where the server keeps them."""
    settings.DATA_DIR = folder
    upsert_role(code="chief", names=names("管理员", "Administrator"), permissions=["admin"], actor=SETUP)
    user = create_user(username="chief", password=PASSWORD, label="管理员", actor=SETUP)
    grant(user=user, role="chief", actor=SETUP)
    return user


def begun() -> threading.Thread:
    """What the queue's worker would do, in a thread of its own: Playwright holds this one."""

    def work() -> None:
        try:
            for job in ImportJob.objects.filter(state__in=["mapped", "confirmed"]):
                actions.work(str(job.uid))
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def worked() -> None:
    begun().join(120)


def sent(window, kind: str, file):
    """The file is uploaded; the page asks what its columns mean."""
    page = window.open("/imports/")
    page.select_option("#id_kind", kind)
    page.set_input_files("#id_file", str(file))
    page.click("form.form button.btn--primary")
    page.wait_for_selector("#state[data-state=uploaded]")
    return page


def checked(page) -> None:
    page.click("#mapping button.btn--primary")
    page.wait_for_selector("#state[data-state=mapped]")
    worked()
    page.wait_for_selector("#state[data-state=checked]")


def taken_over(window, kind: str, file, pictures) -> None:
    page = sent(window, kind, file)
    checked(page)
    page.screenshot(path=str(pictures / f"import-{kind}-checked.png"))
    page.click("form[action$='/confirm/'] button")
    page.wait_for_selector("#state[data-state=confirmed]")
    worked()
    page.wait_for_selector("#state[data-state=done]")
    page.screenshot(path=str(pictures / f"import-{kind}-done.png"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_empty_installation_gets_its_tree_and_outlines_by_clicking(visit, chief, language, tmp_path, monkeypatch):
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
    if language == "zh-hans":
        a_bent_file_is_noticed(window, tmp_path, pictures)
        a_long_work_shows_how_far_it_is(window, tmp_path, pictures, monkeypatch)
    assert window.complaints == []
    assert window.strangers() == []


def a_bent_file_is_noticed(window, folder, pictures) -> None:
    file = folder / "shifted.geojson"
    file.write_bytes(bent(wgs84_to_gcj02))
    page = sent(window, "boundaries", file)
    checked(page)
    assert "GCJ02" in page.inner_text(".notice--caution")
    assert page.is_visible("#read"), "it goes no further before that was read"
    page.wait_for_selector("cc-map[data-ready]")
    page.screenshot(path=str(pictures / "import-bent.png"))
    page.click("form[action$='/cancel/'] button")
    page.wait_for_selector("#state[data-state=cancelled]")


def a_long_work_shows_how_far_it_is(window, folder, pictures, monkeypatch) -> None:
    """The first trees of Perth become components of a type that the file brings along; all of them: test_real_files."""
    grid.import_grid(perth(), actor=SETUP)
    types(LAMP)
    file = folder / "trees.csv"
    with gzip.open(TREES, "rt", encoding="utf-8") as trees:
        file.write_text("".join(islice(trees, 3_501)), encoding="utf-8")
    page = sent(window, "components", file)
    page.select_option("#id_set_type", "street_light")
    page.wait_for_selector('[name="map_attributes.watt"]')
    page.select_option("#id_set_type", "")
    page.wait_for_selector('[name="map_attributes.watt"]', state="detached")
    for field, column in {"map_sequence": "OBJECTID", "map_lon": "X", "map_lat": "Y", "set_crs": "EPSG:3857"}.items():
        page.select_option(f'[name="{field}"]', column)
    for field, text in TREE_TYPE.items():
        page.fill(f'[name="set_{field}"]', text)
    checked(page)
    page.click("form[action$='/confirm/'] button")
    page.wait_for_selector("#state[data-state=confirmed]")
    stored, looked_at = held_after_a_batch(monkeypatch)
    worker = begun()
    assert stored.wait(PATIENCE_S), "a batch of several is stored"
    until(page, "0 < document.querySelector('progress')?.value && document.querySelector('progress').value < 100")
    page.screenshot(path=str(pictures / "import-under-way.png"))
    looked_at.set()
    worker.join(PATIENCE_S)
    page.wait_for_selector("#state[data-state=done]")
    assert components.counts(actor=SETUP)[0].count > 3_300


def held_after_a_batch(monkeypatch) -> tuple[threading.Event, threading.Event]:
    """The worker tells when it has stored a batch, and goes on when somebody has looked at the page."""
    stored, looked_at, store = threading.Event(), threading.Event(), working._store

    def stored_and_held(*given) -> bool:
        done = store(*given)
        stored.set()
        looked_at.wait(PATIENCE_S)
        return done

    monkeypatch.setattr(working, "_store", stored_and_held)
    return stored, looked_at
