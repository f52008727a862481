"""Papers: HTML with its style in, a PDF with embedded fonts and text that can be selected out. For any app.

Pages are set by a child process (`core.typesetting`), so that no process that serves people loads the typesetter, and
one that is killed takes nobody with it. Chinese is set in Noto CJK, of which only the letters that were used go along.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from core.errors import Conflict, Invalid
from core.typesetting_codes import FETCHED, TOO_LONG

ROOT = Path(__file__).resolve().parent.parent
MOST_TEXT = 4_000_000
MOST_PAGES, MOST_SECONDS = 150, 240


def pdf_of(html: str, *, pages: int = MOST_PAGES, seconds: int = MOST_SECONDS) -> bytes:
    """The PDF of a whole HTML document; Invalid where it is too long or wants something fetched.

    Conflict("paper.failed") where the typesetter broke or took too long: it may be tried again.
    """
    if len(html) > MOST_TEXT:
        raise Invalid("paper.too_long", most=pages)
    asked = json.dumps({"html": html, "pages": pages, "seconds": seconds}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "core.typesetting"], input=asked, capture_output=True, check=False,
            timeout=2 * seconds, cwd=ROOT, env=_surroundings(),
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Conflict("paper.failed") from error
    if done.returncode == TOO_LONG:
        raise Invalid("paper.too_long", most=pages)
    if done.returncode == FETCHED:
        raise Invalid("paper.fetches")
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise Conflict("paper.failed")
    return done.stdout


def _surroundings() -> dict[str, str]:
    """What the child is told of the surroundings: where programs and fonts lie, and no secret."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "XDG_CACHE_HOME")
    return {name: os.environ[name] for name in kept if name in os.environ}
