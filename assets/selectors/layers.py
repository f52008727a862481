"""The register as layers of features: all components, and those of each type with its own attributes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db.models import Exists, OuterRef, QuerySet

from assets.contracts import State
from assets.models import Asset, AssetType, Survey
from assets.selectors.register import view_of
from assets.selectors.scope import VISIBLE, visible, visible_to
from core.scope import Actor
from grid import selectors as grid
from grid.contracts import FeatureQuery, Found, Layer

ALL = "components"
STATES: Mapping[str, object] = {**grid.TEXT, "enum": [state.value for state in State if state is not State.REMOVED]}
JSON: Mapping[str, object] = {"type": "object"}
COLUMNS = {
    "code": "a.code",
    "type": "t.code",
    "type_zh": "t.names->>'zh'",
    "type_en": "t.names->>'en'",
    "name_zh": "a.names->>'zh'",
    "name_en": "a.names->>'en'",
    "cell": "a.cell",
    "area": "a.area",
    "state": "a.state",
    "authority": "a.authority",
    "owner": "a.owner",
    "maintainer": "a.maintainer",
    "accuracy": "a.accuracy",
    "source": "a.source",
    "changed_at": grid.iso("a.changed_at"),
}
FIELDS: dict[str, Mapping[str, object]] = dict.fromkeys(COLUMNS, grid.TEXT) | {
    "state": STATES,
    "changed_at": grid.TIME,
}
OF_TYPE = grid.LayerTable(
    source="assets_asset a JOIN assets_assettype t ON t.id = a.type_id",
    key="a.code",
    shape="a.geom",
    plane="a.shape3857",
    changed="a.changed_at",
    properties=COLUMNS,
    filters={"state": "a.state = %(given)s", "cell": "a.cell = %(given)s"},
    more="a.attributes",
)
EVERY = replace(
    OF_TYPE,
    properties={**COLUMNS, "attributes": "a.attributes"},
    filters={**OF_TYPE.filters, "type": "t.code = %(given)s"},
    more="",
)
STANDING = f"a.state <> '{State.REMOVED}' AND {VISIBLE}"
TITLES = {"zh": "部件", "en": "Components"}
ABOUTS = {
    "zh": "全部现存部件；datetime 按最后变更时间筛选。",
    "en": "Every component that stands; `datetime` asks when it was last changed.",
}


class ComponentLayers:
    """`components`, and `components-TYPE` for each type of which anything was ever registered."""

    def layers(self, actor: Actor) -> Sequence[Layer]:
        """All components first, then each type by its code."""
        every = _every()
        return [every, *(_layer(row, every) for row in _types().order_by("code"))]

    def layer(self, code: str, actor: Actor) -> Layer | None:
        """All components, or those of one type."""
        every = _every()
        if code == ALL:
            return every
        row = _types().filter(code=code.removeprefix(f"{ALL}-")).first() if code.startswith(f"{ALL}-") else None
        return _layer(row, every) if row else None

    def features(self, layer: str, query: FeatureQuery, actor: Actor) -> Sequence[tuple[str, str]]:
        """One page, by code."""
        return _table(layer).page(query, *_within(layer, actor))

    def count(self, layer: str, query: FeatureQuery, actor: Actor) -> int:
        """How many of those that the actor sees match."""
        return _table(layer).count(query, *_within(layer, actor))

    def feature(self, layer: str, code: str, actor: Actor) -> str | None:
        """A component that stands and that the actor sees."""
        return _table(layer).one(code, *_within(layer, actor))

    def search(self, words: str, limit: int, actor: Actor) -> Sequence[Found]:
        """Components whose code begins so: at least the district and the class must be typed."""
        if not (words.isascii() and words.isdigit() and len(words) >= 10):
            return []
        known = Asset.objects.select_related("type").filter(visible_to(actor), code__startswith=words)
        return [_found(row) for row in known.exclude(state=State.REMOVED).order_by("code")[:limit]]


def _found(row: Asset) -> Found:
    view = view_of(row)
    names = {language: f"{name} {row.code}" for language, name in row.type.names.items()}
    return Found("component", row.code, names, names, view.lon, view.lat, 1.0)


def _types() -> QuerySet[AssetType]:
    return AssetType.objects.filter(Exists(Asset.objects.filter(type=OuterRef("pk"))))


def _every() -> Layer:
    survey = Survey.objects.order_by("taken_at").first()
    since = survey.taken_at if survey else None
    return Layer(ALL, TITLES, ABOUTS, {**FIELDS, "attributes": JSON}, tuple(EVERY.filters), grid.bounds(), since)


def _layer(row: AssetType, every: Layer) -> Layer:
    names = {language: row.names.get(language) or row.code for language in ("zh", "en")}
    own = {name: schema for name, schema in row.schema.get("properties", {}).items() if isinstance(schema, Mapping)}
    return Layer(
        code=f"{ALL}-{row.code}",
        titles={language: f"{TITLES[language]} · {name}" for language, name in names.items()},
        abouts=every.abouts,
        fields={**own, **FIELDS},
        filters=tuple(OF_TYPE.filters),
        bounds=every.bounds,
        since=every.since,
    )


def _table(layer: str) -> grid.LayerTable:
    return EVERY if layer == ALL else OF_TYPE


def _within(layer: str, actor: Actor) -> tuple[str, dict[str, object]]:
    if layer == ALL:
        return STANDING, visible(actor)
    return f"{STANDING} AND t.code = %(type)s", {**visible(actor), "type": layer.removeprefix(f"{ALL}-")}
