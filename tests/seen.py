"""What a page or an answer showed, to be sent back with a change."""

import re

from django.test import Client


def version_on(page: str) -> str:
    """The hidden version of the form on a page."""
    found = re.search(r'name="version" value="([^"]+)"', page)
    assert found, "the page has a form with a version"
    return found[1]


def version_at(client: Client, path: str) -> str:
    """The hidden version of the form on the page at an address."""
    return version_on(client.get(path).content.decode())


def tag_at(client: Client, path: str) -> dict[str, str]:
    """The header that says: what I change is what I read there."""
    return {"If-Match": client.get(path)["ETag"]}
