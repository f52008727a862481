"""The layers of the city as OGC API Features (Part 1: Core), for QGIS, GDAL and whoever speaks it."""

import json
from dataclasses import replace

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from core import clock
from core.errors import NotFound
from core.languages import short
from grid.contracts import Layer, LayerSource, layer_sources
from grid.rest.places import Anything
from grid.rules import documents, features


def _base(request: Request) -> str:
    return request.build_absolute_uri("/ogc")


def _language() -> str:
    return "en" if short() == "en" else "zh"


def _layers(request: Request) -> list[Layer]:
    return [layer for source in layer_sources() for layer in source.layers(request.actor)]


def _found(request: Request, code: str) -> tuple[LayerSource, Layer]:
    for source in layer_sources():
        layer = source.layer(code, request.actor)
        if layer is not None:
            return source, layer
    raise NotFound("grid.ogc_no_layer", layer=code[:60])


def _answer(body: documents.Document | str, kind: str = documents.JSON) -> HttpResponse:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    answer = HttpResponse(text, content_type=kind)
    answer["Cache-Control"] = "private, no-cache"
    return answer


class OgcView(APIView):
    """A document without parameters of its own; it answers JSON whatever is accepted."""

    content_negotiation_class = Anything
    schema = None

    @extend_schema(exclude=True)
    def get(self, request: Request, **given: str) -> HttpResponse:
        """The document."""
        features.only_known(request.query_params, ())
        return self.document(request)

    def document(self, request: Request) -> HttpResponse:
        """What the address shows."""
        raise NotImplementedError


class LandingView(OgcView):
    """Where everything else is."""

    def document(self, request: Request) -> HttpResponse:
        """The landing page."""
        return _answer(documents.landing(_base(request), _language()))


class ConformanceView(OgcView):
    """Which parts of the standard are kept."""

    def document(self, request: Request) -> HttpResponse:
        """The conformance classes."""
        return _answer(documents.conformance())


class ApiView(OgcView):
    """These addresses as OpenAPI 3.0."""

    def document(self, request: Request) -> HttpResponse:
        """The description."""
        return _answer(documents.openapi(_base(request), _layers(request), _language()), documents.OPENAPI)


class CollectionsView(OgcView):
    """The layers."""

    def document(self, request: Request) -> HttpResponse:
        """Those that the actor may read."""
        return _answer(documents.collections(_base(request), _layers(request), _language()))


class CollectionView(OgcView):
    """One layer."""

    def document(self, request: Request) -> HttpResponse:
        """Its title, extent and links."""
        return _answer(documents.collection(_base(request), _found(request, self.kwargs["layer"])[1], _language()))


class ItemsView(OgcView):
    """The features of a layer."""

    @extend_schema(exclude=True)
    def get(self, request: Request, **given: str) -> HttpResponse:
        """A page of them, with a link to the next; the first page says how many match."""
        source, layer = _found(request, given["layer"])
        asked = {name: request.query_params[name] for name in request.query_params}
        query = features.read(asked, layer.filters)
        found = source.features(layer.code, replace(query, limit=query.limit + 1), request.actor)
        rows = found[: query.limit]
        last = rows[-1][0] if len(found) > len(rows) else ""
        here = f"{_base(request)}/collections/{layer.code}/items"
        head: documents.Document = {"type": "FeatureCollection", "numberReturned": len(rows)}
        if not query.after:
            head["numberMatched"] = source.count(layer.code, query, request.actor) if last else len(rows)
        head["timeStamp"] = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        head["links"] = documents.page_links(here, asked, last)
        opening = json.dumps(head, ensure_ascii=False)[:-1]
        body = f'{opening}, "features": [{", ".join(text for _, text in rows)}]}}'
        return _answer(body, documents.GEOJSON)


class ItemView(OgcView):
    """One feature."""

    def document(self, request: Request) -> HttpResponse:
        """The feature of this id, with links to itself and its layer."""
        source, found = _found(request, self.kwargs["layer"])
        code = self.kwargs["code"]
        text = source.feature(found.code, code, request.actor)
        if text is None:
            raise NotFound("grid.ogc_no_feature", layer=found.code, code=code[:60])
        here = f"{_base(request)}/collections/{found.code}"
        links = [
            documents.link(f"{here}/items/{code}", "self", documents.GEOJSON),
            documents.link(here, "collection", documents.JSON),
        ]
        return _answer(json.dumps({**json.loads(text), "links": links}, ensure_ascii=False), documents.GEOJSON)
