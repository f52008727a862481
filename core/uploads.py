"""Pictures on their way in: the bytes of an upload, and the field of a form that takes several."""

from typing import Any

from django import forms
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile

from core.errors import TooLarge
from core.pictures import MAX_BYTES

MOST_AT_ONCE = 12


def bounded(file: "File[Any]") -> bytes:
    """The bytes of an upload; TooLarge before they are read where there are too many."""
    if (file.size or 0) > MAX_BYTES:
        raise TooLarge("picture.too_large", megabytes=MAX_BYTES // 1024 // 1024)
    return bytes(file.read())


class ManyFiles(forms.FileInput):
    """A file input that takes several and speaks the language of the page."""

    allow_multiple_selected = True
    template_name = "_pictures.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The limits, for people to read and for the island to keep."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["attrs"] |= {"class": "files__input", "aria-describedby": f"{widget['attrs'].get('id', name)}_hint"}
        widget |= {"megabytes": MAX_BYTES // 1024 // 1024, "most": MOST_AT_ONCE}
        return context


class Pictures(forms.FileField):
    """Several pictures; their content is judged where they are taken in."""

    def __init__(self, **options: Any) -> None:
        widget = ManyFiles(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True})
        super().__init__(widget=widget, **{"required": False, **options})

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        """The bytes of every file."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [bounded(file) for file in files if isinstance(file, UploadedFile)]
