"""A real browser before a real server: uvicorn in a process of its own, on the database of the tests."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from accounts.actions import create_user, grant, upsert_role
from accounts.models import User
from tests.cases.factories import CITY, PASSWORD, SETUP, Town, build_town, names
from tests.kept import standing

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--headless", "--no-sandbox", "--enable-unsafe-swiftshader", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
STARTING_S = 120
PATIENCE_S = 60.0
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
VIOLATIONS = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
WALL_RIGHTS = ("wall.see", "feed.read", "case.see", "camera.see")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs the browser."""
    for item in items:
        if Path(str(item.fspath)).parent == Path(__file__).parent:
            item.add_marker("browser")


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def database_url() -> str:
    """The database of this run of the tests, as the server's process must be told of it."""
    held = connection.settings_dict
    user = held["USER"] + (f":{held['PASSWORD']}" if held["PASSWORD"] else "")
    host = str(held["HOST"]).replace("/", "%2F")
    port = f":{held['PORT']}" if held["PORT"] else ""
    return f"postgis://{user}@{host}{port}/{held['NAME']}"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where test and server keep evidence, and the server its log."""
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="session")
def server(django_db_setup: None, django_db_blocker: Any, folder: Path) -> Iterator[str]:
    """The address of the platform, pages and sockets."""
    with django_db_blocker.unblock():
        address = database_url()
    with serving(folder, "log", DATABASE_URL=address) as url:
        yield url


@contextmanager
def serving(folder: Path, log: str, **given: str) -> Iterator[str]:
    """The platform in a process of its own, on another port where somebody has taken the first one meanwhile."""
    environment = {**os.environ, "SECRET_KEY": settings.SECRET_KEY, "ALLOWED_HOSTS": "localhost,127.0.0.1"}
    environment |= {"DATA_DIR": str(folder), **given}
    for _ in range(3):
        port = free_port()
        command = [sys.executable, "-m", "uvicorn", "cityops.asgi:application", "--port", str(port)]
        with (folder / log).open("wb") as told:
            running = subprocess.Popen(
                [*command, "--log-level", "error"], cwd=ROOT, env=environment, stdout=told, stderr=told
            )
        try:
            if answers(f"http://localhost:{port}/healthz", running):
                yield f"http://localhost:{port}"
                return
        finally:
            ended(running)
    raise AssertionError(f"the server did not come up: {(folder / log).read_text(errors='replace')[-2000:]}")


def ended(running: subprocess.Popen[bytes]) -> None:
    """It was asked to end; where it does not, it is killed and the test told so. None is left behind."""
    running.terminate()
    try:
        running.wait(timeout=60)
    finally:
        running.kill()
        running.wait()


def answers(url: str, running: subprocess.Popen[bytes]) -> bool:
    """Whether the server has come up."""
    end = time.monotonic() + STARTING_S
    while time.monotonic() < end and running.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=20).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
        else:
            return True
    return False


def until(page: Page, expression: str, seconds: float = PATIENCE_S) -> None:
    """The expression has become true in the page. Asked from outside: our policy forbids `eval`, also to a test."""
    end = time.monotonic() + seconds
    while not is_true(page, expression):
        assert time.monotonic() < end, f"not within {seconds} s: {expression}"
        page.wait_for_timeout(50)


def is_true(page: Page, expression: str) -> bool:
    """Whether the expression is true; a page that is just giving way to the next one has no answer yet."""
    try:
        return bool(page.evaluate(expression))
    except PlaywrightError as gone:
        if "context was destroyed" not in str(gone):
            raise
        return False


def drawn(page: Page, island: str, layer: str, x: float, y: float, beside: float = 3) -> None:
    """Something of the layer is painted there, in pixels of the canvas: whoever presses there takes hold of it."""
    box = f"[[{x - beside}, {y - beside}], [{x + beside}, {y + beside}]]"
    map_ = f"document.querySelector({island!r}).map"
    until(page, f"!{map_}.isMoving() && {map_}.queryRenderedFeatures({box}, {{layers: [{layer!r}]}}).length > 0")


def in_one_breath(page: Page, hand: str, key: str, times: int) -> None:
    """A key pressed so many times without a rest between, however slow this machine is; then the hand rests as ever."""
    page.evaluate(f"void ({hand}.resting_s = {hand}.still, {hand}.still = 1e6)")
    for left in reversed(range(times)):
        if not left:
            page.evaluate(f"void ({hand}.still = {hand}.resting_s)")
        page.keyboard.press(key)


def faults_of(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds on the page as it stands, each with the pieces it finds it in."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [(one["id"], [node["html"][:140] for node in one["nodes"][:3]]) for one in page.evaluate(VIOLATIONS)]


@dataclass
class Window:
    """A browser window of one person, and all that it asked for or complained of."""

    page: Page
    server: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> "Window":
        """From here on everything is written down."""
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("websocket", lambda opened: self.asked.append(opened.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        return self

    def open(self, path: str) -> Page:
        """The page of that path."""
        self.page.goto(self.server + path)
        return self.page

    def strangers(self) -> list[str]:
        """Every address asked for that is not ours."""
        ours = (self.server, self.server.replace("http", "ws", 1), "data:", "blob:" + self.server)
        return [url for url in self.asked if not url.startswith(ours)]


class Browsers:
    """One Chromium for each set of arguments, started when first asked for."""

    def __init__(self) -> None:
        self.driver = sync_playwright().start()
        self.running: dict[tuple[str, ...], Browser] = {}

    def __call__(self, *more: str) -> Browser:
        """A Chromium with these arguments more."""
        if more not in self.running:
            self.running[more] = self.driver.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *more])
        return self.running[more]

    def close(self) -> None:
        """None is left."""
        for browser in self.running.values():
            browser.close()
        self.driver.stop()


class Visit:
    """Opens windows for people who have signed in, each with cookies and caches of its own; closes what it opened."""

    def __init__(self, server: str, browsers: Browsers) -> None:
        self.server = server
        self.browsers = browsers
        self.contexts: list[BrowserContext] = []

    def __call__(
        self, user: User, language: str = "zh-hans", size: tuple[int, int] = (1920, 1080), flags: tuple[str, ...] = (),
        **options: Any,
    ) -> Window:  # fmt: skip
        """A window in which this person has signed in."""
        context = self.browsers(*flags).new_context(viewport={"width": size[0], "height": size[1]}, **options)
        context.set_default_timeout(PATIENCE_S * 1000)
        self.contexts.append(context)
        self.sign_in(context, user, language)
        return Window(context.new_page(), self.server).watch()

    def sign_in(self, context: BrowserContext, user: User, language: str) -> None:
        """The session of a person, as the sign-in page would have made it."""
        client = Client()
        client.force_login(user)
        cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
        cookies[settings.LANGUAGE_COOKIE_NAME] = language
        context.add_cookies([{"name": name, "value": value, "url": self.server} for name, value in cookies.items()])

    def close(self) -> None:
        """No window is left."""
        for context in self.contexts:
            context.close()


@pytest.fixture(scope="package")
def browsers() -> Iterator[Browsers]:
    """The browsers of these tests: Playwright's loop runs as long as they do, so they end before any other test."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    found = Browsers()
    yield found
    found.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(transactional_db: None, server: str, browsers: Browsers) -> Iterator[Visit]:
    """Windows on the server, for this test; closed before the database is emptied, which waits for whoever reads it."""
    found = Visit(server, browsers)
    yield found
    found.close()


@pytest.fixture
def media(transactional_db: None, folder: Path, settings: LazySettings) -> None:
    """Test and server keep evidence in the same place."""
    settings.MEDIA_ROOT = folder / "media"


@pytest.fixture
def town(media: None) -> Town:
    """The town of the cases' tests, with somebody who watches the wall."""
    return standing("watched_town", watched_town)


def watched_town() -> Town:
    """The town, and whoever looks at its wall."""
    town = build_town()
    upsert_role(code="wall_operator", names=names("大屏", "Wall"), permissions=WALL_RIGHTS, actor=SETUP)
    user = create_user(username="wall", password=PASSWORD, label="大屏", organisation="centre", actor=SETUP)
    grant(user=user, role="wall_operator", area=CITY, actor=SETUP)
    town.people["wall"] = user
    return town
