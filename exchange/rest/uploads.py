"""Uploads in pieces, by tus 1.0.0: core, creation, creation with upload, checksum, expiration and termination."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID

from django.http import HttpResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Damaged, Invalid, Stale, TooLarge, Unsupported
from core.uploads import MOST_BYTES
from exchange import actions, selectors
from exchange.models import Upload

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
ALGORITHMS = ("sha1", "sha256", "sha512")
BYTES = "application/offset+octet-stream"
WINDOW = 1 << 20
IN_MEMORY = 4 << 20
_NUMBER = re.compile(r"[0-9]{1,15}")
_WORD = re.compile(r"[\x21-\x2b\x2d-\x7e]{1,60}")
_TOLD = re.compile(r"[\x20-\x7e]{0,1000}")
_OVERRIDABLE = {"PATCH": "patch", "DELETE": "delete", "HEAD": "head"}


def header(name: str, *, needed: bool = True, said: str = "") -> OpenApiParameter:
    """A header of the protocol, for the description."""
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=needed, description=said)


TUS = OpenApiParameter("Tus-Resumable", str, OpenApiParameter.HEADER, required=True, enum=[VERSION])
CHECKSUM = header("Upload-Checksum", needed=False, said="`sha256 <base64>`; sha1 and sha512 too")


class UploadOut(serializers.Serializer):
    """A file that came, or is coming, ahead of its form; whole, it has its hash."""

    id = serializers.UUIDField(source="uid")
    name = serializers.CharField()
    type = serializers.CharField(source="kind")
    length = serializers.IntegerField()
    offset = serializers.SerializerMethodField()
    sha256 = serializers.CharField(allow_blank=True)
    used_for = serializers.CharField(allow_blank=True, help_text='What has used it; "" while it waits.')
    expires_at = serializers.DateTimeField()

    def get_offset(self, row: Upload) -> int:
        """How much is there."""
        return selectors.offset_of(row)


class TusView(APIView):
    """What every answer of the protocol says, and what every request must."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After asking who is there: 412 for another version of the protocol. Reading is ours, not of the protocol."""
        super().initial(request, *args, **kwargs)
        if request.method not in ("GET", "OPTIONS") and request.headers.get("Tus-Resumable") != VERSION:
            raise Stale("upload.protocol", version=VERSION)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """The version that is spoken here; on 412 also the list of them."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Tus-Resumable"] = VERSION
        if answer.status_code in (204, 412):
            answer["Tus-Version"] = VERSION
        return answer

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """What is spoken here."""
        told = {
            "Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(max(MOST_BYTES.values())),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        }  # fmt: skip
        return Response(status=204, headers=told)


class UploadsView(TusView):
    """One's own uploads that wait for a form, and the beginning of another."""

    @extend_schema(operation_id="uploads_list", responses=UploadOut(many=True))
    def get(self, request: Request) -> Response:
        """Those that wait to be used, oldest first."""
        return Response(UploadOut(selectors.own_uploads(request.actor), many=True).data)

    @extend_schema(
        operation_id="uploads_begin",
        parameters=[
            TUS, header("Upload-Length", said="Bytes of the whole file"), CHECKSUM,
            header("Upload-Metadata", needed=False, said="`filename <base64>,filetype <base64>`"),
        ],
        request={BYTES: OpenApiTypes.BINARY},
        responses={201: None},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """There is an upload; where it lies is in Location. Bytes may come along, as with PATCH."""
        length, told = number_in(request, "Upload-Length"), request.headers.get("Upload-Metadata", "")
        about = metadata(told)
        along = has_body(request)
        row = actions.begin_upload(
            actor=request.actor,
            length=length,
            name=about.get("filename", ""),
            kind=about.get("filetype", ""),
            told=told,
        )
        if along:
            row = take(request, row)
        more = {"Location": reverse("api-upload", args=[row.uid])}
        return Response(status=201, headers={**standing(row), **more})


class UploadView(TusView):
    """One upload, for whoever began it and nobody else."""

    @extend_schema(operation_id="uploads_read", responses={200: UploadOut, 410: None})
    def get(self, request: Request, uid: UUID) -> Response:
        """What it is, how much of it is there, and what has used it."""
        row = selectors.upload(uid, actor=request.actor)
        return Response(UploadOut(row).data, headers={"Cache-Control": "no-store"})

    def head(self, request: Request, uid: UUID) -> Response:
        """Where to go on."""
        row = selectors.upload(uid, actor=request.actor)
        told = {"Upload-Metadata": row.told} if row.told else {}
        return Response(
            headers={**standing(row), **told, "Upload-Length": str(row.length), "Cache-Control": "no-store"}
        )

    @extend_schema(
        operation_id="uploads_append",
        parameters=[TUS, header("Upload-Offset", said="How many bytes are there already"), CHECKSUM],
        request={BYTES: OpenApiTypes.BINARY},
        responses={204: None},
    )
    def patch(self, request: Request, uid: UUID) -> Response:
        """These bytes stand behind what is there; the new offset comes back."""
        has_body(request, must=True)
        offset = number_in(request, "Upload-Offset")
        row = take(request, selectors.upload(uid, actor=request.actor), offset)
        return Response(status=204, headers=standing(row))

    @extend_schema(operation_id="uploads_end", parameters=[TUS], request=None, responses={204: None})
    def delete(self, request: Request, uid: UUID) -> Response:
        """It is no more; one that was used is not taken back."""
        actions.end_upload(uid, actor=request.actor)
        return Response(status=204)

    @extend_schema(exclude=True)
    def post(self, request: Request, uid: UUID) -> Response:
        """For networks that let nothing but POST through: the method stands in X-HTTP-Method-Override."""
        wanted = _OVERRIDABLE.get(request.headers.get("X-HTTP-Method-Override", ""))
        if wanted is None:
            return self.http_method_not_allowed(request)
        answer: Response = getattr(self, wanted)(request, uid)
        return answer


class PreviewView(APIView):
    """What a picture that came ahead looks like, for whoever sent it."""

    @extend_schema(
        operation_id="uploads_preview",
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY, 410: None, 413: None, 415: None},
    )
    def get(self, request: Request, uid: UUID) -> HttpResponse:
        """A small JPEG."""
        content = actions.preview_of(uid, actor=request.actor)
        return HttpResponse(
            content, content_type="image/jpeg",
            headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=3600"},
        )  # fmt: skip


def standing(row: Upload) -> dict[str, str]:
    """How much is there, and until when it is kept."""
    return {
        "Upload-Offset": str(selectors.offset_of(row)),
        "Upload-Expires": http_date(row.expires_at.timestamp()),
    }


def number_in(request: Request, name: str) -> int:
    """A number of bytes; Invalid for anything else."""
    given = request.headers.get(name, "").strip()
    if not _NUMBER.fullmatch(given):
        raise Invalid("upload.bad_header", header=name)
    return int(given)


def metadata(told: str) -> dict[str, str]:
    """What the sender says of the file: each word once, its value in base64; Invalid where it is not so."""
    found: dict[str, str] = {}
    if not _TOLD.fullmatch(told):
        raise Invalid("upload.bad_header", header="Upload-Metadata")
    for pair in told.split(",") if told.strip() else ():
        word, _space, value = pair.strip().partition(" ")
        if not _WORD.fullmatch(word) or word in found:
            raise Invalid("upload.bad_header", header="Upload-Metadata")
        found[word] = _decoded(value)
    return found


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode().replace("\x00", "")
    except (ValueError, binascii.Error) as error:
        raise Invalid("upload.bad_header", header="Upload-Metadata") from error


def has_body(request: Request, *, must: bool = False) -> bool:
    """Whether bytes of the upload come along; Unsupported where they, or something else, come as another type."""
    kind = (request.content_type or "").partition(";")[0].strip().lower()
    if kind != BYTES and (must or request.headers.get("Content-Length", "0").strip() not in ("", "0")):
        raise Unsupported("upload.bad_type")
    return kind == BYTES


def take(request: Request, row: Upload, offset: int = 0) -> Upload:
    """The bytes of the request are there; those that were there already when the network broke stay."""
    left = row.length - offset
    if left >= 0 and _announced(request) > left:
        raise TooLarge("upload.too_long", length=row.length)
    wanted = checksum_in(request)
    windows = windows_of(request.stream, max(left, 0) + 1)
    if wanted is None:
        return actions.append_upload(row.uid, actor=request.actor, offset=offset, given=windows)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as whole:
        digest = hashlib.new(wanted[0])
        for piece in windows:
            digest.update(piece)
            whole.write(piece)
        if digest.digest() != wanted[1]:
            raise Damaged("upload.checksum")
        whole.seek(0)
        return actions.append_upload(
            row.uid, actor=request.actor, offset=offset, given=windows_of(whole, max(left, 0) + 1)
        )


def _announced(request: Request) -> int:
    given = request.headers.get("Content-Length", "").strip()
    return int(given) if _NUMBER.fullmatch(given) else 0


def checksum_in(request: Request) -> tuple[str, bytes] | None:
    """The algorithm and the checksum that the bytes must have; None without one."""
    given = request.headers.get("Upload-Checksum")
    if given is None:
        return None
    name, _space, value = given.strip().partition(" ")
    try:
        wanted = base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error) as error:
        raise Invalid("upload.bad_header", header="Upload-Checksum") from error
    if name not in ALGORITHMS or len(wanted) != hashlib.new(name).digest_size:
        raise Invalid("upload.bad_header", header="Upload-Checksum")
    return name, wanted


def windows_of(stream: IO[bytes] | Any, most: int) -> Iterator[bytes]:
    """The bytes in pieces, `most` at most; where the network breaks, what came before it is all there is."""
    while stream is not None and most > 0:
        try:
            piece = stream.read(min(WINDOW, most))
        except UnreadablePostError:
            return
        if not piece:
            return
        most -= len(piece)
        yield piece
