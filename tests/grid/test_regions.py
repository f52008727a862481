"""Regions of a draft by hand: renamed, removed once nothing is beneath them, and brought back."""

import pytest
from django.test import Client

from core.errors import Conflict, Forbidden, Invalid
from core.scope import machine
from grid import actions, selectors
from grid.models import Region
from journal.models import Entry
from tests.accounts.factories import holder
from tests.grid.factories import ADMIN, CITY, JIN, put_map

pytestmark = pytest.mark.django_db
STREET, GONE = "449901001", "449901001002"


@pytest.fixture
def draft() -> int:
    put_map()
    return actions.draft_version(actor=ADMIN)


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(holder("boss", "admin"))
    return client


def revision(draft: int) -> int:
    return selectors.version_of(draft).revision


def emptied(draft: int, community: str) -> None:
    """Every cell of the community is deleted in the editor."""
    for code in sorted(selectors.cells_of(draft, {community})):
        actions.edit(draft, actor=ADMIN, revision=revision(draft), op="delete", given={"code": code})


def remove(draft: int, code: str) -> None:
    actions.remove_region(draft, actor=ADMIN, revision=revision(draft), code=code)


def test_a_dissolved_community_leaves_a_later_version_and_stays_in_the_earlier_one(draft):
    before = selectors.map_version()
    emptied(draft, GONE)
    remove(draft, GONE)
    assert GONE not in selectors.draft_regions(draft)
    assert GONE in selectors.draft_regions(before), "the map in force keeps it"
    assert [row.code for row in selectors.region_table(draft, STREET)] == ["449901001001"]
    news = Entry.objects.get(kind="grid.region_edited.v1")
    assert news.data == {"version": draft, "code": GONE, "act": "remove_region", "undone": False}


def test_what_has_regions_or_cells_beneath_it_stays_and_the_sentence_says_why(draft):
    for code, why in ((STREET, "grid.region_has_regions"), (GONE, "grid.region_has_cells")):
        with pytest.raises(Conflict) as refused:
            remove(draft, code)
        assert refused.value.code == why
        assert refused.value.params["count"] in (2, 4)
    assert len(selectors.draft_regions(draft)) == 8
    assert revision(draft) == 0
    assert not Entry.objects.filter(kind="grid.region_edited.v1").exists()


def test_a_removed_region_comes_back_with_its_outline_and_goes_again(draft):
    outline = selectors.draft_outlines(draft)[GONE]
    area = Region.objects.get(version=draft, code=GONE).area_m2
    emptied(draft, GONE)
    remove(draft, GONE)
    actions.undo(draft, actor=ADMIN, revision=revision(draft))
    back = Region.objects.get(version=draft, code=GONE)
    assert selectors.draft_outlines(draft)[GONE].equals_exact(outline, 0)
    assert (back.path, back.area_m2) == (f"{CITY}.{JIN}.{STREET}.{GONE}", pytest.approx(area))
    actions.redo(draft, actor=ADMIN, revision=revision(draft))
    assert GONE not in selectors.draft_regions(draft)
    for _turn in range(5):
        actions.undo(draft, actor=ADMIN, revision=revision(draft))
    assert len(selectors.cells_of(draft, {GONE})) == 4, "its cells come back as well"
    assert actions.check(draft, actor=ADMIN) == 0


def test_a_new_name_reaches_the_full_names_of_all_beneath_and_no_other_version(draft):
    names = {"zh": "新港区", "en": "Newport"}
    actions.rename_region(draft, actor=ADMIN, revision=0, code=JIN, names=names)
    street = Region.objects.get(version=draft, code=STREET)
    assert street.full_names == {"zh": "新港区 · 石炮街道", "en": "Newport · Shipao"}
    home = Region.objects.get(version=draft, code=GONE)
    assert home.full_names["zh"].startswith("新港区 · 石炮街道 · ")
    assert Region.objects.get(version=draft, code="449902001").full_names["zh"].startswith("龙滨区")
    assert Region.objects.get(version=selectors.map_version(), code=JIN).names["zh"] == "金港区"
    actions.undo(draft, actor=ADMIN, revision=1)
    assert Region.objects.get(version=draft, code=STREET).full_names["zh"] == "金港区 · 石炮街道"


def test_names_that_cannot_be_regions_of_nobody_and_old_revisions_are_refused(draft):
    for names, code in (({"zh": " "}, "grid.region_name"), ({"zh": "金港区", "en": "Jingang"}, "grid.nothing_changes")):
        with pytest.raises(Invalid) as refused:
            actions.rename_region(draft, actor=ADMIN, revision=0, code=JIN, names=names)
        assert refused.value.code == code
    with pytest.raises(Invalid, match="grid.no_region"):
        remove(draft, "440300")
    with pytest.raises(Conflict, match="grid.revision_stale"):
        actions.rename_region(draft, actor=ADMIN, revision=7, code=JIN, names={"zh": "新"})
    with pytest.raises(Conflict, match="grid.not_a_draft"):
        actions.remove_region(selectors.map_version(), actor=ADMIN, revision=0, code=GONE)
    with pytest.raises(Forbidden):
        actions.remove_region(draft, actor=machine("m", "desk"), revision=0, code=GONE)
    assert revision(draft) == 0


def test_the_page_renames_removes_and_takes_back(draft, admin):
    page = f"/grid/{draft}/regions/"
    assert "金港区" in admin.get(page, {"under": CITY}).content.decode()
    told = {"revision": 0, "zh": "新港区", "en": ""}
    done = admin.post(f"{page}{JIN}/rename/?under={CITY}", told)
    assert (done.status_code, done["Location"]) == (302, f"{page}?under={CITY}")
    assert "新港区" in admin.get(done["Location"]).content.decode()
    held = admin.post(f"{page}{STREET}/remove/?under={JIN}", {"revision": 1})
    assert held.status_code == 409
    assert "下面还有区域" in held.content.decode()
    assert admin.post(f"{page}{JIN}/rename/", {**told, "zh": ""}).status_code == 400
    assert admin.post(f"{page}undo/", {"revision": 1}).status_code == 302
    assert "新港区" not in admin.get(page, {"under": CITY}).content.decode()
    assert "所有区域都有边界" in admin.get(page, {"bare": 1}).content.decode()
    published = admin.get(f"/grid/{selectors.map_version()}/regions/").content.decode()
    assert "rename/" not in published


def test_programs_ask_for_it_like_for_an_edit_of_cells(draft, admin):
    edits = f"/api/grid/versions/{draft}/edits"
    told = {"revision": 0, "op": "rename_region", "code": JIN, "names": {"zh": "新港区", "en": "Newport"}}
    answer = admin.post(edits, told, content_type="application/json")
    assert (answer.status_code, answer.json()["revision"], answer.json()["can_undo"]) == (200, 1, True)
    refused = admin.post(edits, {**told, "revision": 1, "op": "remove_region"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "grid.region_has_regions")
    assert admin.post(edits, {"revision": 1, "op": "rename_region"}, content_type="application/json").status_code == 400
    undone = admin.post(f"/api/grid/versions/{draft}/undo", {"revision": 1}, content_type="application/json")
    assert undone.json()["can_redo"] is True
