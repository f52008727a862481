"""The shapes of pictures on a case and of what is doubted about them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cases.contracts.evidence import Film
from cases.selectors import film_of, scan_of


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
    """A picture or a clip; its bytes stand at .../evidence/{id} (sealed) and .../evidence/{id}/public (JPEG).

    Of a clip, `public` is a still of it, and .../evidence/{id}/film is the film as MP4 once `film` is ready.
    """

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
    film = serializers.SerializerMethodField(help_text="none (a picture), waiting (being prepared), ready, broken.")
    seconds = serializers.SerializerMethodField(help_text="How long a clip is; null for a picture.")
    doubts = serializers.SerializerMethodField(help_text="Hints for whoever verifies; they refuse nothing.")

    def get_scan(self, row: Any) -> str:
        """What the scanner said."""
        return str(scan_of(row))

    def get_film(self, row: Any) -> str:
        """How far its public film is."""
        return str(film_of(row))

    def get_seconds(self, row: Any) -> float | None:
        """Of a clip."""
        return row.clip.seconds if film_of(row) != Film.NONE else None

    @extend_schema_field(DoubtOut(many=True))
    def get_doubts(self, row: Any) -> Any:
        """Those that the view has read for all pictures of its answer."""
        return DoubtOut(self.context["doubts"].get(row.pk, ()), many=True).data
