/** What may lie on the map: components in clusters and one by one, open cases, cameras. Each is asked for when it is shown. */
import { levelOf } from "../lib/severity.js";
import { collection, point } from "./engine.js";
import { FONT, token } from "./style.js";

/** @typedef {import("maplibre-gl").Map} MapLibre */

/** @param {string} url */
async function ask(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}

/** Components: the server counts them in clusters where a type is not drawn yet; a click comes closer. */
export class Components {
  /** @param {MapLibre} map @param {string} tiles address with `{z}/{x}/{y}` */
  constructor(map, tiles) {
    this.map = map;
    this.tiles = tiles;
  }

  /** @param {string[]} types codes; none: nothing is shown */
  show(types) {
    for (const id of ["components", "component-lines", "cluster-counts", "clusters"]) if (this.map.getLayer(id)) this.map.removeLayer(id);
    if (this.map.getSource("components")) this.map.removeSource("components");
    if (!types.length) return;
    const address = `${location.origin}${this.tiles}&types=${types.map(encodeURIComponent).join(",")}`;
    this.map.addSource("components", { type: "vector", tiles: [address], minzoom: 8, maxzoom: 18 });
    this.draw();
  }

  draw() {
    const before = this.map.getLayer("open-cases") ? "open-cases" : undefined;
    /** @type {any} */
    const size = ["interpolate", ["linear"], ["log10", ["get", "count"]], 0, 9, 2, 15, 4, 24];
    const source = { source: "components", "source-layer": "clusters" };
    this.map.addLayer({
      id: "clusters", type: "circle", ...source,
      paint: { "circle-radius": size, "circle-color": token("accent"), "circle-opacity": 0.88, "circle-stroke-color": token("bg-1"), "circle-stroke-width": 2 },
    }, before);
    this.map.addLayer({
      id: "cluster-counts", type: "symbol", ...source,
      layout: {
        "text-field": ["case", [">=", ["get", "count"], 10000], ["concat", ["to-string", ["round", ["/", ["get", "count"], 1000]]], "k"], ["to-string", ["get", "count"]]],
        "text-font": FONT, "text-size": 12, "text-allow-overlap": true,
      },
      paint: { "text-color": token("accent-ink") },
    }, before);
    this.map.addLayer({
      id: "component-lines", type: "line", source: "components", "source-layer": "assets", filter: ["!=", ["geometry-type"], "Point"],
      paint: { "line-color": token("accent"), "line-width": 2.5 },
    }, before);
    this.map.addLayer({
      id: "components", type: "circle", source: "components", "source-layer": "assets", filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 14, 3.5, 18, 8],
        "circle-color": ["case", ["==", ["get", "state"], "intact"], token("bg-1"), token("serious")],
        "circle-stroke-color": token("accent"), "circle-stroke-width": 2,
      },
    }, before);
  }
}

/** Open cases of what is in view, each with the colour and the shape of its level. */
export class Cases {
  /** @param {MapLibre} map @param {(more: number) => void} tell how many are drawn where there are more, else 0 */
  constructor(map, tell) {
    this.map = map;
    this.tell = tell;
    this.shown = false;
    map.addSource("open-cases", { type: "geojson", data: collection([]), cluster: true, clusterRadius: 36, clusterMaxZoom: 14 });
    map.addLayer({
      id: "case-clusters", type: "circle", source: "open-cases", filter: ["has", "point_count"],
      paint: { "circle-radius": 14, "circle-color": token("bg-1"), "circle-stroke-color": token("critical"), "circle-stroke-width": 2.5 },
    });
    map.addLayer({
      id: "case-counts", type: "symbol", source: "open-cases", filter: ["has", "point_count"],
      layout: { "text-field": ["get", "point_count_abbreviated"], "text-font": FONT, "text-size": 12, "text-allow-overlap": true },
      paint: { "text-color": token("text-hi") },
    });
    map.addLayer({
      id: "open-cases", type: "symbol", source: "open-cases", filter: ["!", ["has", "point_count"]],
      layout: { "icon-image": ["concat", "level-", ["get", "level"]], "icon-allow-overlap": true, "icon-ignore-placement": true },
    });
    map.on("moveend", () => this.soon());
  }

  /** @param {boolean} shown */
  show(shown) {
    this.shown = shown;
    for (const id of ["case-clusters", "case-counts", "open-cases"]) this.map.setLayoutProperty(id, "visibility", shown ? "visible" : "none");
    if (shown) this.soon();
    else this.tell(0);
  }

  soon() {
    clearTimeout(this.waiting);
    if (this.shown) this.waiting = setTimeout(() => this.load().catch((error) => console.info("no cases:", error)), 200);
  }

  async load() {
    const box = this.map.getBounds();
    const asked = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((edge) => edge.toFixed(5)).join(",");
    const { cases, more } = await ask(`/api/map/cases?bbox=${asked}`);
    const now = Date.now();
    const features = cases.map((/** @type {any} */ one) => point(one.lon, one.lat, { ...one, names: JSON.stringify(one.names), level: levelOf(one, now) }));
    /** @type {import("maplibre-gl").GeoJSONSource} */ (this.map.getSource("open-cases")).setData(collection(features));
    this.tell(more ? cases.length : 0);
  }
}

/** @param {MapLibre} map @param {{code: string, names: any, lon: number, lat: number, state: string}[]} cameras */
export function drawCameras(map, cameras) {
  map.addSource("cameras", { type: "geojson", data: collection(cameras.map((one) => point(one.lon, one.lat, { code: one.code, names: JSON.stringify(one.names), on: one.state === "online", state: one.state }))) });
  map.addLayer({
    id: "cameras", type: "circle", source: "cameras",
    paint: {
      "circle-radius": 6, "circle-color": ["case", ["get", "on"], token("text-hi"), token("bg-1")],
      "circle-stroke-color": ["case", ["get", "on"], token("bg-1"), token("text-hi")], "circle-stroke-width": 2,
    },
  });
}
