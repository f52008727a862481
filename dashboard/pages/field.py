"""The app of the field: its shell, what installs it, the worker that keeps it. None says anything of anybody."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboard.adapters import read_bundle
from dashboard.pages.field_words import field_words

ICONS = ((192, "field-192.png"), (512, "field-512.png"))
REVALIDATED = {"Cache-Control": "no-cache"}


class FieldApp(NamedTuple):
    """What a phone keeps: the shell, the files it names, the worker; the version changes with any of them."""

    version: str
    shell: str
    worker: str


@cache
def field_app() -> FieldApp:
    """The app as it was built, the same for everybody as long as this process runs."""
    built = Path(str(settings.DJANGO_VITE["default"]["manifest_path"]))
    bundle, source = read_bundle("field/main.js", built), read_bundle("field/worker.js", built).source
    files = [static(name) for name in (*bundle.files, *(icon for _size, icon in ICONS))]
    version = sha256("\n".join([_drawn(""), source, *files]).encode()).hexdigest()[:12]
    told = JsonResponse({"version": version, "shell": reverse("field"), "files": files}).content.decode()
    return FieldApp(version, _drawn(version), f"self.FIELD = {told};\n{source}")


def _drawn(version: str) -> str:
    words = field_words()
    said = {
        name: f"{words['zh'][key]} / {words['en'][key]}"
        for name, key in (("title", "app.name"), ("without", "without.scripts"), ("instead", "without.report"))
    }
    return render_to_string("dashboard/field.html", {"words": words, "version": version, **said})


@login_not_required
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The empty app, in both languages: open, for without a network nobody can be asked to sign in."""
    return HttpResponse(field_app().shell, headers=REVALIDATED)


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with what it keeps; asked for anew each time, and different with every build."""
    return HttpResponse(field_app().worker, content_type="text/javascript; charset=utf-8", headers=REVALIDATED)


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What the phone installs."""
    words = field_words()
    name = f"{words['zh']['app.name']} {words['en']['app.name']}"
    icons = [{"src": static(icon), "sizes": f"{size}x{size}", "type": "image/png"} for size, icon in ICONS]
    told = {
        "id": reverse("field"), "start_url": reverse("field"), "scope": reverse("field"), "name": name,
        "short_name": words["zh"]["home.title"], "lang": "zh-Hans", "display": "standalone",
        "background_color": "#f6f8fa", "theme_color": "#ffffff",
        "icons": [*icons, {**icons[-1], "purpose": "maskable"}],
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json", headers=REVALIDATED)
