"""The wall before a real browser: readable at once, live, whole, ours alone, and large enough to read."""

import re

import pytest

from core import clock
from tests.browser.conftest import faults_of, until, watched_town
from tests.cases.factories import HERE, THERE, brought_to, picture, point, reported
from tests.dashboard.stories import published
from tests.kept import standing

WHOLE = "window.cityopsLive && window.cityopsLive.fresh"
SMALLEST = """() => {
  const probe = document.createElement('i'); probe.className = 'visually-hidden'; document.body.append(probe);
  probe.style.fontSize = 'calc(var(--u) * 100)';
  const u = parseFloat(getComputedStyle(probe).fontSize) / 100; probe.remove();
  const small = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim(), holder = walk.currentNode.parentElement;
    if (!text || holder.closest('.visually-hidden, script, svg, [hidden]') || !holder.checkVisibility()) continue;
    const size = parseFloat(getComputedStyle(holder).fontSize) / u;
    const han = /[\\u3400-\\u9fff]/.test(text);
    if (size * 0.7 < 20 || (han && size * 0.9 < 24)) small.push([text, size]);
  }
  return small;
}"""


@pytest.fixture
def busy_town(media):
    """Something at every stage, since ten minutes at most: nothing is late yet, and all of it was counted today."""
    return standing(f"busy_town_{clock.now():%Y%m%d%H%M}"[:-1], founded_busy)


def founded_busy():
    town = watched_town()
    for stage in ("reported", "registered", "handling", "closed"):
        brought_to(town, stage, reported(town, HERE))
        reported(town, THERE)
    published()
    return town


def test_the_wall_can_be_read_before_any_script_has_run(visit, busy_town):
    window = visit(busy_town.people["wall"], java_script_enabled=False)
    page = window.open("/wall/")
    assert page.locator("h1").inner_text() == "城市运行指挥"
    assert page.locator('[data-kpi="registered_today"] [data-part="value"]').inner_text() == "3"
    assert page.locator(".alert").count() == 6
    assert "机动车乱停放" in page.locator(".alert").first.inner_text()
    assert page.locator("svg.still path.still__case").count() == 7
    assert window.strangers() == []


def test_what_happens_is_on_the_wall_within_seconds_and_nothing_leaves_the_host(visit, busy_town):
    window = visit(busy_town.people["wall"])
    page = window.open("/wall/")
    until(page, WHOLE)
    counted = "(({counters, last}) => ({...counters, head: last.city}))(window.cityopsLive)"
    before, told = page.evaluate("window.cityopsState().cases.size"), page.evaluate(counted)
    case = reported(busy_town, HERE, category="E0506", description="积水")
    published()
    card = page.locator(f'.alert[data-number="{case.number}"]')
    card.wait_for()
    assert "道路积水" in card.inner_text()
    assert page.evaluate("window.cityopsState().cases.size") == before + 1
    counters = page.evaluate(counted)
    # A heartbeat may count an entry before it is pushed: it is then pulled too, and what is told twice is applied once.
    assert counters["applied"] - told["applied"] == counters["head"] - told["head"] >= 1
    assert (counters["holes"], counters["snapshots"]) == (0, 0)
    assert window.strangers() == []
    assert window.complaints == []


def test_the_map_is_drawn_from_our_own_tiles(visit, busy_town):
    window = visit(busy_town.people["wall"])
    page = window.open("/wall/")
    until(page, "performance.getEntriesByName('wall-ready').length > 0")
    assert page.locator("cc-wall-map canvas").count() == 1
    assert any("/tiles/cells/" in url for url in window.asked)
    assert any("maplibre-gl-worker" in url for url in window.asked)
    until(page, "[...document.querySelector('cc-wall-map').painted.values()].reduce((a, b) => a + b, 0) === 2")
    assert window.strangers() == []
    assert window.complaints == []


def test_a_wall_whose_socket_died_catches_up_without_loss_or_double(visit, busy_town):
    page = visit(busy_town.people["wall"]).open("/wall/")
    until(page, WHOLE)
    numbers = []
    for _ in range(3):
        page.evaluate("window.cityopsLive.socket && window.cityopsLive.socket.close()")
        numbers += [reported(busy_town, THERE).number for _ in range(4)]
        published()
    head = page.evaluate("window.cityopsLive.last.city")
    until(page, f"window.cityopsLive.last.city >= {head} && ({WHOLE})")
    until(page, f"window.cityopsState().cases.has('{numbers[-1]}')")
    known = page.evaluate("[...window.cityopsState().cases.keys()]")
    assert set(numbers) <= set(known)
    assert page.evaluate("window.cityopsLive.counters.applied") == len(numbers)
    until(page, f"window.cityopsLive.counters.connects >= 2 && ({WHOLE})")
    assert page.evaluate("window.cityopsLive.counters.applied") == len(numbers)


def test_a_wall_that_hears_nothing_says_so(visit, busy_town):
    page = visit(busy_town.people["wall"]).open("/wall/")
    until(page, WHOLE)
    page.evaluate("window.cityopsLive.receive = () => undefined")
    until(page, "document.body.classList.contains('is-stale')")
    assert page.locator("cc-link").get_attribute("data-state") == "stale"
    assert "画面已停" in page.locator("cc-link").inner_text()


def test_a_browser_without_webgl_keeps_the_drawn_map_and_stays_live(visit, busy_town):
    window = visit(busy_town.people["wall"], flags=("--disable-3d-apis",))
    page = window.open("/wall/")
    until(page, WHOLE)
    assert page.locator("cc-wall-map canvas").count() == 0
    assert page.locator("svg.still").is_visible()
    case = reported(busy_town, HERE)
    published()
    page.locator(f'.alert[data-number="{case.number}"]').wait_for()
    assert window.complaints == []


def test_a_card_opens_a_callout_that_says_what_where_and_what_next(visit, busy_town):
    case = reported(busy_town, HERE, photos=[picture()])
    published()
    page = visit(busy_town.people["wall"]).open("/wall/")
    until(page, WHOLE)
    page.locator(f'.alert[data-number="{case.number}"]').click()
    callout = page.locator("cc-callout")
    callout.wait_for()
    told = callout.inner_text()
    assert "机动车乱停放" in told
    assert "受理员：受理或派核实" in told
    assert callout.locator("a").get_attribute("href") == f"/cases/{case.number}/"
    callout.locator("img").wait_for()
    page.locator(".callout__close").click()
    callout.wait_for(state="hidden")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_text_of_the_wall_is_large_enough_for_its_distance(visit, busy_town, language):
    page = visit(busy_town.people["wall"], language).open("/wall/")
    until(page, WHOLE)
    assert page.evaluate(SMALLEST) == []


def test_pitch_and_distance_set_the_size_of_everything(visit, busy_town):
    page = visit(busy_town.people["wall"]).open("/wall/")
    until(page, WHOLE)
    page.evaluate("Object.assign(document.documentElement.dataset, {pitch: '0.63', distance: '5000'})")
    page.evaluate("window.dispatchEvent(new Event('resize'))")
    size = float(page.evaluate("getComputedStyle(document.body).fontSize").removesuffix("px"))
    assert size == pytest.approx(28.6 * 5000 * 0.000290888 / 0.63, abs=0.1)


def test_the_wall_speaks_english_with_no_chinese_left_but_names(visit, busy_town):
    page = visit(busy_town.people["wall"], "en").open("/wall/")
    until(page, WHOLE)
    assert page.locator("html").get_attribute("lang") == "en"
    left = re.findall(r"[\u4e00-\u9fff]+", page.locator("body").inner_text())
    assert set(left) <= {"中文"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_axe_finds_nothing_on_the_wall(visit, busy_town, language):
    page = visit(busy_town.people["wall"], language, bypass_csp=True).open("/wall/")
    until(page, WHOLE)
    assert faults_of(page) == []


def test_a_district_has_a_wall_of_its_own_and_a_stranger_has_none(visit, busy_town):
    window = visit(busy_town.people["wall"])
    page = window.open(f"/wall/?scope=d:{THERE}")
    until(page, WHOLE)
    assert page.evaluate("[...window.cityopsState().cases.values()].every((one) => one.district === '449902')")
    answer = visit(busy_town.people["handler"]).page.goto(f"{window.server}/wall/")
    assert answer.status == 403


def test_picking_a_place_on_the_map_fills_the_report(visit, busy_town):
    window = visit(busy_town.people["collector"], size=(1600, 1000))
    page = window.open("/cases/new/")
    page.wait_for_selector("cc-map[data-ready]")
    page.locator("cc-map canvas").click(position={"x": 120, "y": 120})
    until(page, "document.querySelector('#id_lon').value && document.querySelector('#id_lat').value")
    lon, lat = (float(page.locator(f"#id_{name}").input_value()) for name in ("lon", "lat"))
    assert abs(lon - point(HERE)[0]) < 0.05
    assert abs(lat - point(HERE)[1]) < 0.05
    assert window.strangers() == []
    assert window.complaints == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_panel_of_the_wall_reaches_into_its_neighbour(visit, busy_town, language):
    window = visit(busy_town.people["wall"], language)
    page = window.open("/wall/")
    until(page, WHOLE)
    wide = page.evaluate(
        """[...document.querySelectorAll('.left, .left *, .rail, .rail *')].filter((one) => {
             const column = one.closest('.left, .rail').getBoundingClientRect(), own = one.getBoundingClientRect();
             if (!own.width || one.closest('.visually-hidden')) return false;
             return own.right > column.right + 1 || own.left < column.left - 1;
           }).map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert wide == []
