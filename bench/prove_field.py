"""./run prove field: 200 reports with 3 pictures each from a phone; its tab, its network and the server are killed.

A real Chromium opens /field/ as one collector. The app's own screens make each report (pictures through the camera's
input, a class by its code, the place by satellite); in between, at random: the tab is closed and another opened, the
network goes and comes back, requests are cut before they arrive or after they were answered, the server is killed and
started anew. At the end every report must be there once, with its three pictures, and the phone must say so.
"""

import argparse
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Route, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from bench.harness import Process, free_port, private_database
from bench.result import Result
from cases.models import Case, Evidence
from exchange.models import Upload
from tests.browser.conftest import ARGUMENTS, CHROMIUM, answers
from tests.cases.factories import HERE, build_town, point

PHOTOS = 3
PATIENCE_S = 120.0
WAYS = ("tab", "network", "request", "answer", "server")
SENDING = re.compile(r"/api/(cases|uploads)")
STATES = "() => [...document.querySelectorAll('.fentry')].map((row) => row.dataset.state)"


def picture(number: int) -> FilePayload:
    """A JPEG that no other is like, as the browser is given it."""
    chance, written = random.Random(number), BytesIO()
    image = Image.effect_noise((160, 120), 60 + number % 40)
    image.paste(chance.randrange(256), (chance.randrange(80), chance.randrange(60), 120, 100))
    image.convert("RGB").save(written, "JPEG", quality=80)
    return {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


class Phone:
    """A browser that stays, its tab that does not, and everything that may befall both."""

    def __init__(self, context: BrowserContext, url: str, server: Process, chance: random.Random) -> None:
        self.context = context
        self.url = url
        self.server = server
        self.chance = chance
        self.page: Page | None = None
        self.befell: Counter[str] = Counter()

    def open(self, at: str = "") -> Page:
        """A tab; what it asks for may be cut at any time."""
        self.page = self.context.new_page()
        self.page.route(SENDING, self.cut)
        with suppress(PlaywrightError):  # the worker may not have the page yet, and the server be gone
            self.page.goto(f"{self.url}/field/{at}")
        return self.page

    def cut(self, route: Route) -> None:
        """Now and then a request does not arrive, or its answer does not."""
        fate = self.chance.random()
        with suppress(PlaywrightError):
            if fate < 0.04:
                self.befell["request"] += 1
                return route.abort()
            if fate < 0.08 and route.request.method in ("POST", "PATCH"):
                self.befell["answer"] += 1
                route.fetch()
                return route.abort()
            return route.continue_()
        return None

    def restarted(self) -> None:
        """The server is killed and stands again; so is the tab, while it was sending."""
        self.server.kill()
        self.befell["server"] += 1
        time.sleep(self.chance.random() / 2)
        self.server.start()

    def befall(self) -> None:
        """One of the things that happen out there, chosen by chance."""
        way = self.chance.choices(("", "tab", "network", "server"), (5, 3, 3, 1))[0]
        if way == "tab" and self.page is not None:
            self.page.close()
            self.befell["tab"] += 1
            self.open("#sent")
        elif way == "network":
            self.context.set_offline(self.chance.random() < 0.6)
            self.befell["network"] += 1
        elif way == "server":
            self.restarted()

    def report(self, number: int) -> None:
        """By the app's own screens, until it says that it is kept."""
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self._report(number)
            except PlaywrightError:  # the tab was just being opened; whoever holds the phone begins again
                if time.monotonic() > end:
                    raise
                if self.page is not None:
                    self.page.close()
                self.open("#home")

    def _report(self, number: int) -> None:
        page = self.page or self.open()
        page.set_default_timeout(30_000)
        page.evaluate("() => void (location.hash = '#report')")
        page.locator("main[data-ready=report] input[capture]").wait_for(state="attached")
        have = page.locator(".fphoto").count()
        for place in range(have, PHOTOS):
            page.locator("input[capture]").set_input_files(picture(number * PHOTOS + place))
            page.locator(".fphoto").nth(place).wait_for()
        page.locator(".fclasses > .fbtn").click()
        page.locator(".fdialog input").fill("E0407")
        page.locator(".fdialog .fclass").click()
        page.locator(".fwords").fill(f"report {number}")
        page.locator(".fsend .fbtn").click()
        page.wait_for_url("**#sent")

    def arrived(self, seconds: float) -> bool:
        """Whether everything is accepted, once the storm is over."""
        self.context.set_offline(False)
        if self.page is not None:
            self.page.close()
        self.page = self.context.new_page()
        self.page.goto(f"{self.url}/field/#sent")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            states = Counter(self.page.evaluate(STATES))
            if states and set(states) == {"accepted"}:
                return True
            self.page.wait_for_timeout(500)
        sys.stdout.write(f"  still on the phone: {dict(states)}\n")
        return False


def signed_in(context: BrowserContext, url: str, user: Any) -> None:
    """The session of a person, as the sign-in page would have made it."""
    client = Client()
    client.force_login(user)
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])


def started(server: Process, url: str) -> None:
    """It answers."""
    child = server.start().child
    if child is None or not answers(f"{url}/healthz", child):
        raise SystemExit("the server did not come up")


def say(line: str) -> None:
    """At once, also into a file."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def storm(reports: int, seed: int, folder: Path, database: str) -> tuple[Phone, bool]:
    """All reports are made while all that happens; answers whether the phone says that they have arrived."""
    user, port = build_town().people["collector"], free_port()
    command = [sys.executable, "-m", "uvicorn", "cityops.asgi:application", "--port", str(port), "--log-level", "error"]
    # As tests serve it: the files of the front end as they were built, without a folder to collect them in.
    environment = {"DATABASE_URL": database, "DATA_DIR": str(folder), "ALLOWED_HOSTS": "localhost"}
    environment |= {"DJANGO_SETTINGS_MODULE": "cityops.settings.test", "SECRET_KEY": str(settings.SECRET_KEY)}
    server, url = Process(*command, environment=environment, log=folder / "log"), f"http://localhost:{port}"
    try:
        started(server, url)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
            phone = Phone(context_of(browser), url, server, random.Random(seed))
            signed_in(phone.context, url, user)
            phone.open().get_by_text("已存到本机").wait_for(timeout=PATIENCE_S * 1000)
            made(phone, reports)
            done = phone.arrived(60 + 6.0 * reports)
            browser.close()
            connection.close()  # that of Playwright's loop, which nobody else can close
            return phone, done
    finally:
        server.stop()


def context_of(browser: Browser) -> BrowserContext:
    """A phone that says where it is."""
    lon, lat = point(HERE)
    return browser.new_context(
        viewport={"width": 390, "height": 844}, permissions=["geolocation"], locale="zh-CN",
        geolocation={"longitude": lon, "latitude": lat, "accuracy": 8},
    )  # fmt: skip


def made(phone: Phone, reports: int) -> None:
    """One report after the other, and what befalls the phone in between."""
    for number in range(reports):
        phone.report(number)
        phone.befall()
        if (number + 1) % 20 == 0:
            say(f"  {number + 1} made, {Case.objects.count()} there, {dict(phone.befell)}")


def judge(result: Result, reports: int, phone: Phone, done: bool) -> None:
    """What the phone was told to send against what the tables have."""
    words = Counter(Case.objects.values_list("description", flat=True))
    pictures = Counter(Evidence.objects.values_list("case", flat=True))
    cases = list(Case.objects.values_list("pk", flat=True))
    for way in WAYS:
        result.add(f"times: {way}", phone.befell[way])
    result.add("uploads begun for nothing", Upload.objects.filter(used_at=None).count())
    result.expect("reports delivered", len(words), at_least=reports)
    result.expect("reports missing", sum(f"report {number}" not in words for number in range(reports)), at_most=0)
    result.expect("reports there twice", sum(many > 1 for many in words.values()), at_most=0)
    result.expect("reports without exactly three pictures", sum(pictures[one] != PHOTOS for one in cases), at_most=0)
    result.expect("pictures", sum(pictures.values()), at_least=PHOTOS * reports, at_most=PHOTOS * reports)
    result.expect("the phone says that all has arrived", int(done), at_least=1)


def main() -> None:
    """Parse arguments, prove, say the result; exit 1 where something is missing or there twice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with tempfile.TemporaryDirectory() as name, private_database("prove_field") as database:
        result, began = Result("prove_field"), time.monotonic()
        phone, done = storm(given.reports, given.seed, Path(name), database)
        result.add("seconds", round(time.monotonic() - began))
        judge(result, given.reports, phone, done)
    sys.exit(result.finish())


if __name__ == "__main__":
    main()
