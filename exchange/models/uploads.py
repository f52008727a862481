"""What came ahead in pieces: whose it is, how much of it there is, and what it was used for."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q


class Upload(models.Model):
    """A file of `length` bytes on its way, of which `received` are there; whole, it has its hash.

    Bytes are written before the row is: where the two differ, only what both know of is there. `told` is what the
    sender said of it, given back as it came. It is used once; the row stays until it expires, so that it is known.
    """

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    owner = models.CharField(max_length=100)
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    told = models.CharField(max_length=1000, blank=True)
    length = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_for = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="exchange_upload_received", condition=Q(received__gte=0, received__lte=F("length"))
            ),
            models.CheckConstraint(
                name="exchange_upload_whole_has_hash",
                condition=Q(sha256="") | Q(received=F("length")),
            ),
            models.CheckConstraint(
                name="exchange_upload_used_is_whole", condition=Q(used_at__isnull=True) | ~Q(sha256="")
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "expires_at"], name="exchange_upload_owner"),
            models.Index(fields=["expires_at"], name="exchange_upload_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.received}/{self.length}"
