"""The child process that sets a page: HTML from its input, a PDF to its output. `core.papers` starts it.

A process of its own, because the typesetter takes seconds to load and much memory for a long table, and because what
it does can be bounded: its memory, its time, its pages, and that it fetches nothing, neither a file nor an address.
"""

import json
import os
import resource
import sys
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from core.typesetting_codes import FETCHED, TOO_LONG

STYLE = Path(__file__).with_name("paper.css")
MOST_MEMORY = 2 * 1024**3


def main() -> int:
    """The paper is set; the exit status says why not."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    asked = json.load(sys.stdin.buffer)
    resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"]))
    fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
    try:
        style = CSS(filename=STYLE)
        paper = HTML(string=asked["html"], url_fetcher=fetcher).render(stylesheets=[style])
    except FatalURLFetchingError:
        return FETCHED
    if len(paper.pages) > asked["pages"]:
        return TOO_LONG
    made = paper.write_pdf()
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        out.write(made or b"")
    return 0


if __name__ == "__main__":
    sys.exit(main())
