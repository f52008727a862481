"""Pictures of components, of findings and of change requests."""

from django.db import models
from django.db.models import Q


class Photo(models.Model):
    """A picture of a component, of what a surveyor found, or of what somebody proposes; its bytes lie in the vault."""

    asset = models.ForeignKey("assets.Asset", null=True, on_delete=models.PROTECT, related_name="photos")
    finding = models.ForeignKey("assets.Finding", null=True, on_delete=models.PROTECT, related_name="photos")
    request = models.ForeignKey("assets.ChangeRequest", null=True, on_delete=models.PROTECT, related_name="photos")
    sha256 = models.CharField(max_length=64)
    public_sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    actor = models.CharField(max_length=100)
    actor_label = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="assets_photo_of_something",
                condition=Q(asset__isnull=False) | Q(finding__isnull=False) | Q(request__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["asset", "sha256"], condition=Q(asset__isnull=False), name="assets_photo_once"
            ),
        ]

    def __str__(self) -> str:
        return self.sha256
