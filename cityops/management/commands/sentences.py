"""Every sentence in code and templates has a Chinese translation, finished and unambiguous."""

import ast
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils.translation.template import templatize

KEYWORDS = (
    "gettext_noop", "gettext_lazy", "ngettext:1,2", "ngettext_lazy:1,2", "pgettext:1c,2", "pgettext_lazy:1c,2",
    "npgettext:1c,2,3", "npgettext_lazy:1c,2,3",
)  # fmt: skip


def code_files(root: Path) -> list[Path]:
    """Python files of the apps, core and the project, without tests."""
    return [path for app in (*settings.APPS, "core", "cityops") for path in sorted((root / app).rglob("*.py"))]


def templates(root: Path) -> list[Path]:
    """HTML and text templates."""
    return [
        path
        for app in (*settings.APPS, "cityops")
        for path in sorted((root / app).glob("templates/**/*"))
        if path.suffix in {".html", ".txt"}
    ]


def catalogues(root: Path) -> list[Path]:
    """Our Chinese catalogues."""
    return [
        path for app in (*settings.APPS, "cityops") for path in (root / app).glob("locale/zh_Hans/LC_MESSAGES/*.po")
    ]


def run(*command: str) -> str:
    """The tool's output; its complaints become ours."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(f"{command[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def extract(root: Path, work: Path) -> Path:
    """A template catalogue with every msgid that code and templates use."""
    lines = [str(path) for path in code_files(root)]
    for template in templates(root):
        twin = work / f"{template.relative_to(root)}.py"
        twin.parent.mkdir(parents=True, exist_ok=True)
        twin.write_text(templatize(template.read_text(encoding="utf-8"), origin=str(template)), encoding="utf-8")
        lines.append(str(twin))
    listing = work / "files"
    listing.write_text("\n".join(lines), encoding="utf-8")
    used = work / "used.pot"
    run(
        "xgettext", "--language=Python", "--from-code=UTF-8", f"--files-from={listing}", f"--output={used}",
        *(f"--keyword={word}" for word in KEYWORDS),
    )  # fmt: skip
    return used


class Message(NamedTuple):
    """One entry of a catalogue: where it is used, in which context, what it says, and whether that is finished."""

    places: str
    context: str
    text: str
    finished: bool


def messages(path: Path) -> list[Message]:
    """The entries of a .po or .pot file, without its header and what is obsolete."""
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    return [message for block in blocks if (message := _message(block)).text]


def _message(block: str) -> Message:
    parts: dict[str, str] = {}
    word = ""
    lines = [line for line in block.splitlines() if line and not line.startswith("#~")]
    for line in lines:
        head, _, rest = line.partition(" ")
        if head.startswith("msg"):
            word, line = head, rest
        if not line.startswith("#") and word:
            parts[word] = parts.get(word, "") + ast.literal_eval(line)
    places = " ".join(line[3:] for line in lines if line.startswith("#: "))
    fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in lines)
    translations = [text for name, text in parts.items() if name.startswith("msgstr")]
    finished = bool(translations) and all(translations) and not fuzzy
    return Message(places, parts.get("msgctxt", ""), parts.get("msgid", ""), finished)


def untranslated(known: list[Path], used: Path) -> list[str]:
    """Where and what: the sentences that no catalogue has a finished translation of."""
    done = {(message.context, message.text) for path in known for message in messages(path) if message.finished}
    lacking = [message for message in messages(used) if (message.context, message.text) not in done]
    return [f"{message.places}  {message.text!r}" for message in lacking]


class Command(BaseCommand):
    """Compares what is used with what is translated; fuzzy and empty translations do not count."""

    help = "Fails and names every sentence that has no finished Chinese translation."

    def handle(self, *args: Any, **options: Any) -> None:
        """All catalogues together must cover all sentences together."""
        root = Path(settings.BASE_DIR)
        found = catalogues(root)
        if not found:
            raise CommandError("there is no Chinese catalogue at all")
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            used = extract(root, work)
            for path in found:
                run("msgfmt", "--check-format", "--output-file=/dev/null", str(path))
            missing = [line.replace(f"{root}/", "").replace(f"{work}/", "") for line in untranslated(found, used)]
        if missing:
            raise CommandError("\n".join([*missing, f"{len(missing)} sentences have no finished Chinese translation"]))
        self.stdout.write(f"every sentence is translated ({len(found)} catalogues)")
