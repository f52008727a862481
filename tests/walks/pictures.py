"""Takes the README's pictures from the running demo, in both languages: `python -m tests.walks.pictures`.

Also prints what a page complained of (console errors, failed requests, answers of 400 and above), so that a look at the
pictures is a look at the pages' health too.
"""

import io
import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PASSWORD = "cityops-demo"
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
FLAGS = (
    "--headless", "--no-sandbox", "--enable-unsafe-swiftshader", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WALL, DESK = {"width": 1920, "height": 1080}, {"width": 1600, "height": 1000}
FIRST_CASE = "first case"
SHOTS = (
    ("wall", "wall", "/wall/", WALL),
    ("cases", "district_dispatcher", "/cases/", DESK),
    ("case", "district_dispatcher", FIRST_CASE, DESK),
    ("case-acceptor", "acceptor", FIRST_CASE, DESK),
    ("case-leader", "leader", FIRST_CASE, DESK),
    ("case-city-dispatcher", "city_dispatcher", FIRST_CASE, DESK),
    ("case-desk", "desk", FIRST_CASE, DESK),
    ("case-handler", "handler", FIRST_CASE, DESK),
    ("case-collector", "collector", FIRST_CASE, DESK),
    ("report", "collector", "/cases/new/", DESK),
    ("video", "admin", "/video/", DESK),
    ("scores", "evaluator", "/scores/", DESK),
)
COOKIES = {"zh": "zh-hans", "en": "en"}
LANGUAGES = (("zh", "zh-CN"), ("en", "en-US"))


def main() -> int:
    """Every picture stands in docs/pictures; returns how many pages complained."""
    base = os.environ.get("CITYOPS_URL", "http://127.0.0.1:8000")
    FOLDER.mkdir(parents=True, exist_ok=True)
    complaints: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        for short, locale in LANGUAGES:
            take(browser, base, short, locale, complaints)
        browser.close()
    sys.stdout.write("".join(f"{line}\n" for line in complaints))
    return len(complaints)


def take(browser: Browser, base: str, short: str, locale: str, complaints: list[str]) -> None:
    """The sign-in page and every shot in one language."""
    page = browser.new_context(viewport=DESK, locale=locale, base_url=base).new_page()
    page.goto("/accounts/login/")
    picture_of(page, f"sign-in-{short}")
    page.context.close()
    for name, who, path, size in SHOTS:
        context = browser.new_context(viewport=size, locale=locale, base_url=base)
        context.add_cookies([{"name": "django_language", "value": COOKIES[short], "url": base}])
        page = context.new_page()
        listen(page, f"{name}-{short}", complaints)
        sign_in(page, who)
        page.goto("/cases/" if path == FIRST_CASE else path)
        if path == FIRST_CASE:
            page.locator(".list__main a").first.click()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(6000 if size is WALL else 2500)
        picture_of(page, f"{name}-{short}")
        sys.stdout.write(f"{name}-{short}\n")
        context.close()


def picture_of(page: Page, name: str) -> None:
    """The picture stands in the folder, small: a repository is carried by everybody."""
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(FOLDER / f"{name}.webp", quality=88, method=6)


def sign_in(page: Page, who: str) -> None:
    """The demo's person has a session in this page."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", PASSWORD)
    page.click("form button[type=submit]")
    page.wait_for_load_state()


def listen(page: Page, name: str, complaints: list[str]) -> None:
    """What goes wrong in the page is written down."""
    page.on("pageerror", lambda error: complaints.append(f"{name}: {error}"))
    page.on("console", lambda line: complaints.append(f"{name}: {line.text}") if line.type == "error" else None)
    page.on("response", lambda got: complaints.append(f"{name}: {got.status} {got.url}") if got.status >= 400 else None)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
