"""Questions of the help: the topics, the one of a page, and those that hold certain words."""

from collections.abc import Iterator
from typing import Any

from core.errors import NotFound
from core.languages import short
from dashboard.adapters import read_help
from dashboard.contracts import HelpTopic

START = "start"
LONGEST = 160


def help_topics() -> list[HelpTopic]:
    """Every topic, in the order in which they are read."""
    return list(read_help().values())


def help_topic(code: str) -> HelpTopic:
    """The topic of that code; NotFound("guide.no_topic") where there is none."""
    found = read_help().get(code)
    if found is None:
        raise NotFound("guide.no_topic", topic=code[:40])
    return found


def help_of(path: str) -> str:
    """The topic of a page: the one whose path reaches deepest; where none does, how to begin."""
    claims = [
        (len(start), topic.code) for topic in read_help().values() for start in topic.paths if _below(path, start)
    ]
    return max(claims, default=(0, START))[1]


def help_with(words: str, language: str | None = None) -> list[dict[str, Any]]:
    """Topics that hold every word, in their title first, each with the first sentence that holds one."""
    asked = words.casefold().split()
    found = []
    for topic in read_help().values():
        text = topic.text(short(language))
        lines = list(_lines(text))
        whole = "\n".join([text["title"], *lines]).casefold()
        if asked and all(word in whole for word in asked):
            title = sum(word in text["title"].casefold() for word in asked)
            line = next((line for line in lines if any(word in line.casefold() for word in asked)), text["purpose"])
            found.append({"topic": topic, "text": text, "line": line[:LONGEST], "rank": title})
    return sorted(found, key=lambda one: -one["rank"])


def _below(path: str, start: str) -> bool:
    return path == start or path.startswith(start if start.endswith("/") else f"{start}/")


def _lines(text: Any) -> Iterator[str]:
    yield text["purpose"]
    yield from text["steps"]
    for term, meaning in text["words"].items():
        yield f"{term}: {meaning}"
    for one in text["says"]:
        yield f"{one['it']} {one['do']}"
