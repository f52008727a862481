"""Pictures and clips on their way in: the bytes of an upload, and the field of a form that takes several."""

from typing import Any

from django import forms
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile

from core.clips import MEGABYTE, MOST_MEGABYTES, ClipLimits, is_clip
from core.errors import TooLarge
from core.pictures import MAX_BYTES

MOST_AT_ONCE = 12
STILLS = "image/jpeg,image/png,image/webp"
FILMS = "video/mp4,video/quicktime,video/webm,video/3gpp"


def bounded(file: "File[Any]", *, clips: bool = False) -> bytes:
    """The bytes of an upload; TooLarge before they are read where there are too many. A clip may be larger."""
    most = MAX_BYTES // MEGABYTE
    if clips and (file.size or 0) > MAX_BYTES:
        head = bytes(file.read(16))
        file.seek(0)
        most = MOST_MEGABYTES if is_clip(head) else most
    if (file.size or 0) > most * MEGABYTE:
        raise TooLarge("picture.too_large", megabytes=most)
    return bytes(file.read())


class ManyFiles(forms.FileInput):
    """A file input that takes several and speaks the language of the page."""

    allow_multiple_selected = True
    template_name = "_pictures.html"
    clips: ClipLimits | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The limits, for people to read and for the island to keep."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["attrs"] |= {"class": "files__input", "aria-describedby": f"{widget['attrs'].get('id', name)}_hint"}
        widget |= {"megabytes": MAX_BYTES // MEGABYTE, "most": MOST_AT_ONCE, "clips": self.clips}
        return context


class Pictures(forms.FileField):
    """Several pictures, and clips of these limits; their content is judged where they are taken in."""

    def __init__(self, clips: ClipLimits | None = None, **options: Any) -> None:
        accept = f"{STILLS},{FILMS}" if clips else STILLS
        widget = ManyFiles(attrs={"accept": accept, "multiple": True})
        widget.clips = clips
        super().__init__(widget=widget, **{"required": False, **options})

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        """The bytes of every file."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        taken = isinstance(self.widget, ManyFiles) and self.widget.clips is not None
        return [bounded(file, clips=taken) for file in files if isinstance(file, UploadedFile)]
