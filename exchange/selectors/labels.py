"""Labels for what stands in a list: a document for each list whose app says what is written on a label."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import override, pgettext_lazy

from core.errors import Conflict, Invalid
from core.languages import pick
from core.papers import pdf_of
from core.scope import Actor
from exchange.codecs.labels import Sheet, html_of, sheets
from exchange.contracts.exports import Label, Listing, ListRow

MOST_LABELS = 480
BATCH = 500
LANGUAGES = ("zh-hans", "en")
OWN = ("sheet", "language")
Labels = Callable[[Sequence[ListRow]], Sequence[Label]]


def label_sheets() -> list[Sheet]:
    """The sizes that labels can be printed in."""
    return list(sheets().values())


class LabelSheets:
    """Labels of a list, narrowed by its filters; beside them `sheet` names the size, and `language` the words."""

    formats: tuple[str, ...] = ("pdf",)

    def __init__(self, name: str, names: Mapping[str, str], listing: Listing, labels: Labels) -> None:
        self.name, self.names, self.listing, self.labels = name, names, listing, labels
        self.typed = listing.typed

    def check(self, options: Mapping[str, str], *, actor: Actor) -> None:
        """Who may take the list away may have its labels, where codes can lead to this site."""
        sheet, language = (options.get(name, "") for name in OWN)
        if sheet not in sheets() or language not in LANGUAGES:
            raise Invalid("exchange.bad_filter", filter="sheet", value=f"{sheet} {language}"[:60].replace("\0", ""))
        if not settings.PUBLIC_URL:
            raise Conflict("exchange.no_address")
        self.listing.check(_filters(options), actor=actor)

    def said(self, every: Sequence[Mapping[str, str]]) -> list[list[tuple[Any, str]]]:
        """The filters of the list, and the size."""
        known = sheets()
        named = [known.get(one.get("sheet", "")) for one in every]
        return [
            [*said, *([(pgettext_lazy("labels", "Size"), pick(sheet.names))] if sheet else [])]
            for said, sheet in zip(self.listing.said([_filters(one) for one in every]), named, strict=True)
        ]

    def write(self, options: Mapping[str, str], suffix: str, target: Path, *, actor: Actor) -> int:
        """The labels of all that the actor may see now, by number; Invalid where they are none, or too many."""
        with override(options["language"]):
            labels = sorted(self._labels(_filters(options), actor), key=lambda one: one.number)
            told = {"title": pick(self.names), "by": actor.label, "language": options["language"]}
            html = html_of(labels, sheets()[options["sheet"]], settings.PUBLIC_URL.rstrip("/"), **told)
        target.write_bytes(pdf_of(html))
        return len(labels)

    def _labels(self, filters: Mapping[str, str], actor: Actor) -> list[Label]:
        many = self.listing.count(filters, actor=actor)
        if not many:
            raise Invalid("exchange.no_labels")
        if many > MOST_LABELS:
            raise Invalid("exchange.too_many_labels", most=MOST_LABELS, count=many)
        return list(self.labels(self.listing.batch(filters, actor=actor, below=None, most=BATCH)))


def _filters(options: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in options.items() if name not in OWN}
