"""Maps of others beneath ours: what the file may say, who may then be asked, and that both ends shift alike."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured

from cityops.base_maps import configured
from cityops.settings.env import BASE_MAPS
from core.geo import wgs84_to_gcj02
from grid.rules.base_maps import BadBaseMap, offered, origins

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"tianditu": "0123456789abcdef"}
PLAIN = {
    "names": {"zh": "本地", "en": "Local"}, "credit": {"zh": "某", "en": "Some"}, "tiles": ["https://a.test/{z}/{x}/{y}"],
}  # fmt: skip


def shipped():
    return yaml.safe_load(BASE_MAPS.read_text(encoding="utf-8"))


def test_by_default_no_host_but_ours_is_ever_asked(settings):
    assert configured(BASE_MAPS, [], {}) == ([], [])
    assert settings.BASE_MAPS == []
    assert len(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["connect-src"]) == 1


def test_every_map_of_the_file_can_be_offered_and_only_its_hosts_are_named():
    found = offered(shipped(), shipped(), KEYS)
    assert [one.code for one in found] == ["tianditu", "tianditu_image", "amap", "osm"]
    assert [one.datum for one in found] == ["wgs84", "wgs84", "gcj02", "wgs84"]
    hosts = origins(offered(shipped(), ["osm", "amap"], {}))
    assert hosts == ["https://tile.openstreetmap.org", *(f"https://webrd0{n}.is.autonavi.com" for n in (1, 2, 3, 4))]
    assert all(KEYS["tianditu"] in one.tiles[0] for one in found if one.code.startswith("tianditu"))


def test_no_key_lies_in_the_repository():
    assert "{key}" in BASE_MAPS.read_text(encoding="utf-8")
    with pytest.raises(BadBaseMap, match="needs a key"):
        offered(shipped(), ["tianditu"], {})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"datum": "bd09"}, "datum"),
        ({"tiles": []}, "list of addresses"),
        ({"tiles": ["https://a.test/{z}/{x}"]}, "lacks {y}"),
        ({"tiles": ["javascript:alert(1)/{z}/{x}/{y}"]}, "no address"),
        ({"tiles": ["https://a.test'; script-src *;/{z}/{x}/{y}"]}, "no address"),
        ({"zoom": [5, 3]}, "zoom goes up"),
        ({"zoom": "all"}, "two whole numbers"),
        ({"names": {"zh": "一"}}, "words in zh and in en"),
        ({"link": "javascript:alert(1)"}, "begins with https"),
        ({"colour": "red"}, "unknown words colour"),
    ],
)
def test_a_wrong_map_is_refused_with_a_sentence_when_the_platform_starts(tmp_path, change, said):
    file = tmp_path / "maps.yaml"
    file.write_text(yaml.safe_dump({"local": PLAIN}))
    assert configured(file, ["local"], {})[1] == ["https://a.test"]
    file.write_text(yaml.safe_dump({"local": PLAIN | change}))
    with pytest.raises(ImproperlyConfigured, match=said):
        configured(file, ["local"], {})


def test_a_map_that_the_file_does_not_have_is_named():
    with pytest.raises(ImproperlyConfigured, match="No base map is called bing"):
        configured(BASE_MAPS, ["bing"], {})
    with pytest.raises(ImproperlyConfigured):
        configured(BASE_MAPS.with_name("absent.yaml"), ["osm"], {})


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here")
def test_browser_and_server_shift_a_place_alike(tmp_path):
    chance = random.Random(20_261_122)
    places = [(chance.uniform(72, 138), chance.uniform(0.5, 56)) for _ in range(2000)]
    places += [(2.35, 48.85), (115.857, -31.95)]
    (tmp_path / "places.json").write_text(json.dumps(places))
    script = (
        f"import {{ toGcj }} from '{ROOT}/frontend/map/gcj.js'; import {{ readFileSync }} from 'node:fs';"
        f"const all = JSON.parse(readFileSync('{tmp_path}/places.json'));"
        "console.log(JSON.stringify(all.map(([lon, lat]) => toGcj(lon, lat))));"
    )
    told = subprocess.run(["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True)
    for place, (lon, lat) in zip(places, json.loads(told.stdout), strict=True):
        x, y = wgs84_to_gcj02(*place)
        assert abs(x - lon) < 1e-9, place
        assert abs(y - lat) < 1e-9, place
