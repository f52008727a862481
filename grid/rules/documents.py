"""The documents of OGC API Features 1.0 (Part 1: Core): landing page, conformance, collections, OpenAPI 3.0."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from grid.contracts import Layer
from grid.rules.features import DEFAULT_LIMIT, MOST

Document = dict[str, Any]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
CLASSES = [f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "geojson")]
JSON, GEOJSON = "application/json", "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
TITLES = {"zh": "CityOps 城市地图", "en": "CityOps: the map of the city"}
ABOUTS = {
    "zh": "区域、单元网格与部件，供 QGIS、GDAL 等程序读取。",
    "en": "Regions, unit cells and components, for QGIS, GDAL and other programs.",
}
WORLD = (-180.0, -90.0, 180.0, 90.0)


def link(href: str, rel: str, kind: str, title: str = "") -> Document:
    """One link."""
    return {"href": href, "rel": rel, "type": kind, **({"title": title} if title else {})}


def landing(base: str, language: str) -> Document:
    """Where everything else is."""
    return {
        "title": TITLES[language],
        "description": ABOUTS[language],
        "links": [
            link(f"{base}/", "self", JSON),
            link(f"{base}/api", "service-desc", OPENAPI),
            link(f"{base}/conformance", "conformance", JSON),
            link(f"{base}/collections", "data", JSON),
        ],
    }


def conformance() -> Document:
    """Which parts of the standard are kept."""
    return {"conformsTo": list(CLASSES)}


def collection(base: str, layer: Layer, language: str) -> Document:
    """One collection."""
    here = f"{base}/collections/{layer.code}"
    since = layer.since.strftime("%Y-%m-%dT%H:%M:%SZ") if layer.since else None
    return {
        "id": layer.code,
        "title": layer.titles[language],
        "description": layer.abouts[language],
        "itemType": "feature",
        "crs": [CRS84],
        "extent": {
            "spatial": {"bbox": [list(layer.bounds or WORLD)], "crs": CRS84},
            "temporal": {"interval": [[since, None]], "trs": GREGORIAN},
        },
        "links": [link(here, "self", JSON), link(f"{here}/items", "items", GEOJSON, layer.titles[language])],
    }


def collections(base: str, layers: Iterable[Layer], language: str) -> Document:
    """All of them."""
    return {
        "links": [link(f"{base}/collections", "self", JSON)],
        "collections": [collection(base, layer, language) for layer in layers],
    }


def page_links(here: str, given: Mapping[str, str], after: str) -> list[Document]:
    """The page itself and, where there are more features, the next one: the same question after the last code."""
    links = [link(f"{here}?{urlencode(given)}" if given else here, "self", GEOJSON)]
    if after:
        links.append(link(f"{here}?{urlencode({**given, 'after': after})}", "next", GEOJSON))
    return [*links, link(here.rpartition("/")[0], "collection", JSON)]


def openapi(base: str, layers: Iterable[Layer], language: str) -> Document:
    """These addresses as OpenAPI 3.0, each collection with its own filters and properties."""
    paths: Document = {
        "/": _path("landing", "Landing page", JSON),
        "/conformance": _path("conformance", "Conformance classes", JSON),
        "/api": _path("api", "This document", OPENAPI),
        "/collections": _path("collections", "The collections", JSON),
    }
    schemas: Document = {}
    for layer in layers:
        here, title = f"/collections/{layer.code}", layer.titles[language]
        schemas[layer.code] = _feature(layer)
        asked = [
            *({"$ref": f"#/components/parameters/{name}"} for name in ("limit", "bbox", "datetime", "after")),
            *(_parameter(name, dict(layer.fields.get(name, {"type": "string"}))) for name in layer.filters),
        ]
        paths[here] = _path(f"describe_{layer.code}", title, JSON)
        paths[f"{here}/items"] = _path(f"list_{layer.code}", title, GEOJSON, asked, _many(layer.code))
        one = _parameter("featureId", {"type": "string"}, where="path")
        wanted = {"$ref": f"#/components/schemas/{layer.code}"}
        paths[f"{here}/items/{{featureId}}"] = _path(f"get_{layer.code}", title, GEOJSON, [one], wanted)
    return {
        "openapi": "3.0.3",
        "info": {"title": TITLES[language], "description": ABOUTS[language], "version": "1.0.0"},
        "servers": [{"url": base}],
        "security": [{"session": []}, {"key": []}, {"bearer": []}],
        "paths": paths,
        "components": {
            "parameters": PARAMETERS,
            "responses": RESPONSES,
            "securitySchemes": WAYS_IN,
            "schemas": schemas,
        },
    }


def _parameter(name: str, schema: Document, where: str = "query", about: str = "") -> Document:
    words = {"description": about} if about else {}
    shape = {"style": "form", "explode": False} if where == "query" else {}
    return {"name": name, "in": where, "required": where == "path", "schema": schema, **shape, **words}


PARAMETERS: Document = {
    "limit": _parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}),
    "bbox": _parameter(
        "bbox",
        {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
        about="West, south, east, north in degrees (CRS84); west > east crosses the 180th meridian.",
    ),
    "datetime": _parameter(
        "datetime", {"type": "string"}, about="An instant, or a period `a/b` whose ends may be `..` (RFC 3339)."
    ),
    "after": _parameter("after", {"type": "string"}, about="Features whose id follows this one; `next` links use it."),
}
REFUSAL: Document = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {"code": {"type": "string"}, "message": {"type": "string"}, "params": {"type": "object"}},
}
RESPONSES: Document = {
    name: {"description": about, "content": {JSON: {"schema": REFUSAL}}}
    for name, about in (
        ("refused", "A parameter is wrong; the message says which."),
        ("unknown", "Nobody has signed in."),
        ("absent", "There is no such thing."),
    )
}
WAYS_IN: Document = {
    "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
    "key": {"type": "http", "scheme": "basic", "description": "The user name, and a key as the password."},
    "bearer": {"type": "http", "scheme": "bearer", "description": "A key."},
}


def _path(
    operation: str,
    title: str,
    kind: str,
    parameters: list[Document] | None = None,
    schema: Document | None = None,
) -> Document:
    answers: Document = {
        "200": {"description": title, "content": {kind: {"schema": schema or {"type": "object"}}}},
        "400": {"$ref": "#/components/responses/refused"},
        "401": {"$ref": "#/components/responses/unknown"},
    }
    if any(part.get("in") == "path" for part in parameters or ()):
        answers["404"] = {"$ref": "#/components/responses/absent"}
    return {"get": {"operationId": operation, "summary": title, "parameters": parameters or [], "responses": answers}}


def _many(code: str) -> Document:
    return {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": f"#/components/schemas/{code}"}},
            "numberMatched": {"type": "integer"},
            "numberReturned": {"type": "integer"},
            "timeStamp": {"type": "string", "format": "date-time"},
            "links": {"type": "array", "items": {"type": "object"}},
        },
    }


def _feature(layer: Layer) -> Document:
    fields = {name: {**schema, "nullable": True} for name, schema in layer.fields.items()}
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "string"},
            "geometry": {"type": "object"},
            "properties": {"type": "object", "properties": fields},
        },
    }
