"""The shapes of pictures on a case and of what is doubted about them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.selectors import scan_of


class DoubtOut(serializers.Serializer):
    """Why a picture is doubted (far, early, seen, infected), by how much and which limit, in metres, minutes or bits.

    `number` is the case where it was seen before, for those who may see that; "" for others and in the same case.
    """

    kind = serializers.CharField()
    value = serializers.IntegerField()
    most = serializers.IntegerField()
    same_case = serializers.BooleanField()
    number = serializers.CharField(allow_blank=True)
    seen_phase = serializers.CharField(allow_blank=True)
    said = serializers.CharField(allow_blank=True)


class EvidenceOut(serializers.Serializer):
    """A picture; its bytes stand at .../evidence/{id} (sealed) and .../evidence/{id}/public."""

    id = serializers.IntegerField()
    phase = serializers.CharField()
    stage = serializers.CharField()
    sha256 = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    actor_label = serializers.CharField()
    at = serializers.DateTimeField()
    scan = serializers.SerializerMethodField(help_text="none, waiting, clean, infected; none and clean are shown.")
    doubts = serializers.SerializerMethodField(help_text="Hints for whoever verifies; they refuse nothing.")

    def get_scan(self, row: Any) -> str:
        """What the scanner said."""
        return str(scan_of(row))

    @extend_schema_field(DoubtOut(many=True))
    def get_doubts(self, row: Any) -> Any:
        """Those that the view has read for all pictures of its answer."""
        return DoubtOut(self.context["doubts"].get(row.pk, ()), many=True).data
