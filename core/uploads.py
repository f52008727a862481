"""Pictures and clips on their way in: the bytes of an upload, and the field of a form that takes several.

What came ahead of its form, piece by piece, is named there by its upload; whose it is, `exchange` knows.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from core.clips import MEGABYTE, MOST_MEGABYTES, ClipLimits, is_clip
from core.errors import TooLarge
from core.pictures import MAX_BYTES

MOST_AT_ONCE = 12
STILLS = ("image/jpeg", "image/png", "image/webp")
FILMS = ("video/mp4", "video/quicktime", "video/webm", "video/3gpp")
MOST_BYTES: Mapping[str, int] = {
    **dict.fromkeys(STILLS, MAX_BYTES), **dict.fromkeys(FILMS, MOST_MEGABYTES * MEGABYTE)
}  # fmt: skip
"""What may come ahead in pieces, and how large each kind may be."""
AHEAD = "_uploads"
"""Behind the name of a field: the uploads that belong to it."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that came ahead; `name` and `size` only where it is shown again."""

    uid: UUID
    name: str = ""
    size: int = 0


def uploaded(given: Iterable[UUID]) -> list[Uploaded]:
    """Each of them once."""
    return [Uploaded(uid) for uid in dict.fromkeys(given)]


def bounded(file: "File[Any]", *, clips: bool = False) -> bytes:
    """The bytes of an upload; TooLarge before they are read where there are too many. A clip may be larger."""
    most = MAX_BYTES // MEGABYTE
    if clips and (file.size or 0) > MAX_BYTES and _begins_as_clip(file):
        most = MOST_MEGABYTES
    if (file.size or 0) > most * MEGABYTE:
        raise TooLarge("picture.too_large", megabytes=most)
    return bytes(file.read())


def _begins_as_clip(file: "File[Any]") -> bool:
    file.seek(0)
    head = bytes(file.read(16))
    file.seek(0)
    return is_clip(head)


class ManyFiles(forms.FileInput):
    """A file input that takes several and speaks the language of the page; beside it what came ahead."""

    allow_multiple_selected = True
    template_name = "_pictures.html"
    held: Collection[Uploaded] = ()
    clips: ClipLimits | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The limits, for people to read and for the island to keep; and what is kept of a form that was refused."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["attrs"] |= {"class": "files__input", "aria-describedby": f"{widget['attrs'].get('id', name)}_hint"}
        if self.held:
            widget["attrs"].pop("required", None)
        widget |= {"megabytes": MAX_BYTES // MEGABYTE, "most": MOST_AT_ONCE, "clips": self.clips, "ahead": name + AHEAD}
        return {**context, "held": self.held}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The files of the form, and behind them what came ahead; ids that are none are left out."""
        chosen = super().value_from_datadict(data, files, name)
        several = chosen if isinstance(chosen, list | tuple) else [chosen] if chosen else []
        ahead = cast(QueryDict, data).getlist(name + AHEAD) if hasattr(data, "getlist") else []
        return [*several, *uploaded(filter(None, map(_uid, ahead[: MOST_AT_ONCE + 1])))]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Neither files nor anything that came ahead."""
        return super().value_omitted_from_data(data, files, name) and name + AHEAD not in data


def _uid(text: str) -> UUID | None:
    try:
        return UUID(hex=text)
    except ValueError:
        return None


class Pictures(forms.FileField):
    """Several pictures, and clips of these limits; their content is judged where they are taken in."""

    def __init__(self, clips: ClipLimits | None = None, **options: Any) -> None:
        accept = ",".join((*STILLS, *FILMS) if clips else STILLS)
        widget = ManyFiles(attrs={"accept": accept, "multiple": True})
        widget.clips = clips
        super().__init__(widget=widget, **{"required": False, **options})

    def clean(self, data: Any, initial: Any = None) -> list[bytes | Uploaded]:
        """The bytes of every file, and what came ahead."""
        clips = isinstance(self.widget, ManyFiles) and self.widget.clips is not None
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [
            one if isinstance(one, Uploaded) else bounded(one, clips=clips)
            for one in given
            if isinstance(one, UploadedFile | Uploaded)
        ]


Hold = Callable[[list["UploadedFile[Any]"], list[UUID]], Collection[Uploaded]]


def show_again(form: forms.BaseForm, hold: Hold) -> None:
    """A form that was refused shows the pictures that were chosen: `hold` keeps them and says which are there.

    A clip that the field takes none of is not carried over, or the form would be refused with it again.
    """
    for name, field in form.fields.items():
        if not isinstance(field, Pictures) or not isinstance(field.widget, ManyFiles):
            continue
        given = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
        takes_clips = field.widget.clips is not None
        files = [one for one in given if isinstance(one, UploadedFile) and (takes_clips or not _begins_as_clip(one))]
        field.widget.held = hold(files, [one.uid for one in given if isinstance(one, Uploaded)])
