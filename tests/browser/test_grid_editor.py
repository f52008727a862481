"""The grid editor before a real browser: a cell drawn and split, an invalid map refused, mended and published."""

import os
from pathlib import Path

import pytest

from accounts.actions import create_user, grant, upsert_role
from grid import actions, selectors
from tests.browser.conftest import faults_of, in_one_breath, until
from tests.cases.factories import CITY, HERE, PASSWORD, SETUP, SOUTH, STEP, WEST, names

COMMUNITY = f"{HERE}001001"
FIRST = f"{COMMUNITY}001"
EDITOR = "document.querySelector('cc-grid-editor')"


@pytest.fixture
def boss(town):
    """Somebody who administers the city."""
    upsert_role(code="boss", names=names("管", "Boss"), permissions=["admin", "case.see", "feed.read"], actor=SETUP)
    user = create_user(username="boss", password=PASSWORD, label="管理员", organisation="centre", actor=SETUP)
    grant(user=user, role="boss", actor=SETUP)
    return user


def shot(page, name: str) -> None:
    """A picture for whoever looks, where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def ready(page) -> None:
    page.wait_for_selector("cc-grid-editor[data-ready]")
    until(page, f"{EDITOR}.map && {EDITOR}.session.cells.size > 0 && {EDITOR}.communities.length > 0")


def clicked(page, *columns_and_rows: tuple[float, float]) -> None:
    """Clicks where these corners of the town's squares are on the map, once it rests."""
    until(page, f"!{EDITOR}.map.isMoving()")
    box = page.locator("cc-grid-editor canvas").bounding_box()
    for column, row in columns_and_rows:
        at = page.evaluate(f"{EDITOR}.map.project([{WEST + column * STEP}, {SOUTH + row * STEP}])")
        page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])


def saved(page, revision: int) -> None:
    until(page, f"{EDITOR}.session.version.revision === {revision} && {EDITOR}.session.state === 'saved'")


def problems(page, many: int) -> None:
    until(page, f"{EDITOR}.querySelector('[data-part=problem-count]').textContent === '{many}'")


def gone_to(page, code: str) -> None:
    page.fill("#find-code", code)
    page.press("#find-code", "Enter")
    until(page, f"{EDITOR}.only()?.properties.code === '{code}'")


def test_a_cell_is_drawn_and_split_an_invalid_map_is_refused_and_a_mended_one_published(visit, boss):
    before = selectors.map_version()
    window = visit(boss, "en", size=(1600, 1000))
    page = window.open("/grid/")
    page.fill("#id_note", "December")
    page.get_by_role("button", name="New draft").click()
    ready(page)
    gone_to(page, FIRST)
    page.locator("[data-act=delete]").click()
    page.locator("[data-act=delete-yes]").click()
    saved(page, 1)
    problems(page, 1)
    shot(page, "editor-problem")

    page.get_by_role("link", name="Publish").click()
    page.wait_for_selector("cc-grid-moves[data-ready]")
    page.get_by_role("button", name="Check and publish").click()
    page.wait_for_selector("#refused")
    assert COMMUNITY in page.locator("#refused li").inner_text()
    assert selectors.map_version() == before
    shot(page, "publish-refused")

    page.get_by_role("link", name="Mend them").click()
    ready(page)
    page.locator("[data-tool=draw]").click()
    clicked(page, (0.01, 1.01), (1, 1), (1, 1.99), (0, 2))
    page.keyboard.press("Enter")
    saved(page, 2)
    problems(page, 0)
    [drawn] = page.evaluate(f"[...{EDITOR}.chosen]")
    assert drawn.startswith(COMMUNITY)
    assert drawn != FIRST
    page.locator("[data-tool=split]").click()
    clicked(page, (0.5, 2.2), (0.5, 0.8))
    page.keyboard.press("Enter")
    saved(page, 3)
    until(page, f"{EDITOR}.querySelectorAll('[data-part=sides] li').length === 2")
    assert page.locator("[data-part=sides] li").first.inner_text().startswith(COMMUNITY)
    shot(page, "editor-sides")
    page.keyboard.press("Control+z")
    saved(page, 4)
    page.locator("[data-part=sides]").wait_for(state="hidden")
    assert page.evaluate(f"{EDITOR}.session.cells.size") == 8
    page.keyboard.press("Control+Shift+z")
    saved(page, 5)
    assert page.evaluate(f"{EDITOR}.session.cells.size") == 9
    shot(page, "editor-split")

    page.get_by_role("link", name="Publish").click()
    page.wait_for_selector("cc-grid-moves[data-ready]")
    shot(page, "publish-preview")
    page.get_by_role("button", name="Check and publish").click()
    page.wait_for_selector(".messages")
    shot(page, "versions")
    assert selectors.map_version() != before
    assert selectors.cell_count() == 9
    assert window.strangers() == []
    assert [text for text in window.complaints if "409" not in text] == []


def test_with_keys_and_numbers_alone_a_corner_moves_with_all_who_share_it(visit, boss):
    draft = actions.draft_version(actor=SETUP, note="")
    window = visit(boss, "en", size=(1600, 1000))
    page = window.open(f"/grid/{draft}/?cell={FIRST}")
    ready(page)
    until(page, f"{EDITOR}.only()?.properties.code === '{FIRST}'")
    page.get_by_text("Corners by number").click()
    corners = page.evaluate(f"{EDITOR}.tools.vertices()")
    shared = next(
        n for n, (lon, lat) in enumerate(corners) if abs(lon - WEST - STEP) < 1e-7 and lat < SOUTH + 1.5 * STEP
    )
    page.locator(f"[data-at=grip-{shared}]").focus()
    in_one_breath(page, f"{EDITOR}.tools", "ArrowRight", 3)
    saved(page, 1)
    moved = page.evaluate(f"{EDITOR}.tools.vertices()")[shared]
    assert 2.5 < (moved[0] - corners[shared][0]) * 102_000 < 3.5
    having = page.evaluate(
        f"[...{EDITOR}.session.cells.values()].filter((cell) => "
        f"cell.geometry.coordinates[0].some((at) => at[0] === {moved[0]!r} && at[1] === {moved[1]!r})).length"
    )
    assert having == 4
    problems(page, 0)
    page.locator(f"[data-at='0-{shared}']").fill("abc")
    page.locator(f"[data-at='0-{shared}']").press("Tab")
    page.locator("[data-part=refusal]").wait_for()
    assert page.locator(f"[data-at='0-{shared}']").input_value() == "abc"
    page.get_by_text("Split by points").click()
    page.fill("#split-line", f"{WEST - STEP}, {SOUTH + 1.5 * STEP}\n{WEST + 2 * STEP}, {SOUTH + 1.5 * STEP}")
    page.get_by_role("button", name="Split the cell").click()
    saved(page, 2)
    until(page, "document.querySelector('#split-line').value === ''")
    shot(page, "editor-corners")


def test_what_another_browser_changed_is_told_and_the_own_change_is_kept(visit, boss):
    draft = actions.draft_version(actor=SETUP, note="")
    window = visit(boss, "zh-hans", size=(1600, 1000))
    page = window.open(f"/grid/{draft}/?cell={FIRST}")
    ready(page)
    until(page, f"{EDITOR}.only()?.properties.code === '{FIRST}'")
    described = {"code": f"{COMMUNITY}002", "grade": 3, "land_use": "park", "responsible": ""}
    actions.edit(draft, actor=SETUP, revision=0, op="describe", given=described)
    page.fill("#cell-use", "school")
    page.get_by_role("button", name="保存属性").click()
    page.locator("[data-part=trouble]").wait_for()
    assert page.input_value("#cell-use") == "school"
    shot(page, "editor-stale")
    page.locator("[data-act=again]").click()
    saved(page, 2)
    assert selectors.cells_called(draft, [FIRST])[FIRST].land_use == "school"
    assert selectors.cells_called(draft, [f"{COMMUNITY}002"])[f"{COMMUNITY}002"].land_use == "park"
    page.context.set_offline(True)
    page.fill("#cell-use", "market")
    page.get_by_role("button", name="保存属性").click()
    until(page, f"{EDITOR}.session.state === 'offline'")
    page.locator("[data-part=trouble]").wait_for()
    page.context.set_offline(False)
    saved(page, 3)
    assert selectors.cells_called(draft, [FIRST])[FIRST].land_use == "market"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_on_the_pages_of_the_grid(visit, boss, town, language):
    old = selectors.map_version()
    draft = actions.draft_version(actor=SETUP, note="调整")
    actions.edit(draft, actor=SETUP, revision=0, op="delete", given={"code": FIRST})
    actions.check(draft, actor=SETUP)
    actions.save_supervision_area("A1", actor=SETUP, names=names("石炮一网", "Shipao 1"), cells=COMMUNITY)
    actions.save_supervision_area("A2", actor=SETUP, names=names("石炮二网", "Shipao 2"), cells=f"{FIRST}\n{CITY}")
    actions.assign_collector("A1", actor=SETUP, user_id=town.people["collector"].pk)
    window = visit(boss, language, size=(1600, 1000), bypass_csp=True)
    pages = {
        "versions": "/grid/", "editor": f"/grid/{draft}/?cell={COMMUNITY}002", "publish": f"/grid/{draft}/publish/",
        "compare": f"/grid/compare/?old={old}&new={draft}", "areas": "/grid/areas/", "area": "/grid/areas/A1/",
        "regions": f"/grid/{draft}/regions/?under={CITY}",
    }  # fmt: skip
    for name, path in pages.items():
        page = window.open(path)
        for island in ("cc-grid-editor", "cc-grid-moves", "cc-grid-compare", "cc-cells"):
            if page.locator(island).count():
                page.wait_for_selector(f"{island}[data-ready]", state="attached")
        if name == "editor":
            problems(page, 1)
            until(page, f"{EDITOR}.only()?.properties.code === '{COMMUNITY}002'")
        found = faults_of(page)
        shot(page, f"grid-{name}-{language}")
        assert found == [], path
    assert window.complaints == []
