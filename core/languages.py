"""Names kept in two languages (`{"zh": ..., "en": ...}`) and the one to show."""

from collections.abc import Mapping

from django.utils.translation import get_language, override


def short(language: str | None = None) -> str:
    """`zh` or `en` and so on: the active language without its region."""
    return (language or get_language() or "zh").split("-")[0].lower()


def pick(names: Mapping[str, str] | None, language: str | None = None) -> str:
    """The name in the active language, else the Chinese, else the English, else any; empty when there is none."""
    if not names:
        return ""
    wanted = (short(language), "zh", "en", *names)
    return next((names[key] for key in wanted if names.get(key)), "")


def both(text: object) -> dict[str, str]:
    """A lazy sentence in both languages, for whoever keeps it and may change the language meanwhile."""
    found = {}
    for name, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            found[name] = str(text)
    return found
