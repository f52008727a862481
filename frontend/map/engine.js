/** MapLibre as we use it: our tiles, our style, its worker as a file of ours, no outside address. */
import { Map as MapLibre, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { SHAPES } from "../lib/severity.js";
import { pick, say } from "../lib/words.js";
import { roomAround } from "./room.js";
import { labelLayers, styleOf, token } from "./style.js";

setWorkerUrl(new URL(workerUrl, location.href).href);

/** @typedef {{version: number, bounds: [number, number, number, number] | null, tiles: Record<string, string>}} MapFacts */

/** @returns {boolean} whether this browser draws WebGL 2 at all */
export function canDraw() {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

/** @param {string} url @returns {Promise<any>} */
async function ask(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}

/**
 * A map in an element, drawn and ready; rejects where there is no WebGL or no map in force.
 * @param {HTMLElement} container
 * @param {{unit: number, padding?: number | import("maplibre-gl").PaddingOptions, bounds?: number[], center?: [number, number],
 *   zoom?: number, pixelRatio?: number}} options
 * @returns {Promise<{map: MapLibre, facts: MapFacts}>}
 */
export async function openMap(container, options) {
  if (!canDraw()) throw new Error("no WebGL 2");
  /** @type {[MapFacts, any[], any[]]} */
  const [facts, districts, streets] = await Promise.all([
    ask("/api/map"), ask("/api/regions?level=district"), ask("/api/regions?level=street"),
  ]);
  const known = facts.bounds ?? options.bounds;
  if (!known) throw new Error("no map in force");
  const bounds = /** @type {[number, number, number, number]} */ (options.bounds ?? known);
  const map = new MapLibre({
    container,
    style: styleOf(facts.tiles, options.unit),
    ...(options.center ? { center: options.center, zoom: options.zoom ?? 14 } : { bounds, fitBoundsOptions: { padding: options.padding ?? 20 } }),
    maxBounds: roomAround(around(known, bounds)),
    minZoom: 8,
    maxZoom: 18,
    attributionControl: false,
    ...(options.pixelRatio ? { pixelRatio: options.pixelRatio } : {}),
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    localIdeographFontFamily: '"Source Han Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif',
  });
  map.touchZoomRotate.disableRotation();
  map.getCanvas().setAttribute("aria-label", say("map.canvas"));
  await new Promise((ready) => map.once("load", ready));
  map.addSource("places", { type: "geojson", data: placesOf([...districts, ...streets]) });
  await Promise.all(Object.keys(SHAPES).map((level) => addShape(map, level, options.unit)));
  for (const layer of labelLayers(options.unit)) map.addLayer(layer);
  return { map, facts };
}

/** The box around two boxes. @param {number[]} one @param {number[]} other @returns {number[]} */
function around([w1 = 0, s1 = 0, e1 = 0, n1 = 0], [w2 = 0, s2 = 0, e2 = 0, n2 = 0]) {
  return [Math.min(w1, w2), Math.min(s1, s2), Math.max(e1, e2), Math.max(n1, n2)];
}

/** @param {any[]} regions @returns {GeoJSON.FeatureCollection} */
function placesOf(regions) {
  return collection(
    regions.map((one) => point(one.anchor[0], one.anchor[1], { level: one.level, code: one.code, name: pick(one.names) })),
  );
}

/** @param {GeoJSON.Feature[]} features @returns {GeoJSON.FeatureCollection} */
export function collection(features) {
  return { type: "FeatureCollection", features };
}

/** @param {number} lon @param {number} lat @param {Record<string, any>} properties @returns {GeoJSON.Feature} */
export function point(lon, lat, properties) {
  return { type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties };
}

/** The shape of a level as an image of the map, with an edge that keeps it apart from what is beneath.
 * @param {MapLibre} map @param {string} level @param {number} unit */
async function addShape(map, level, unit) {
  const ratio = 2;
  const side = Math.round(unit * 1.35 * ratio);
  const canvas = document.createElement("canvas");
  canvas.width = side;
  canvas.height = side;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(side / 24, side / 24);
  pen.translate(2, 2);
  const path = new Path2D(SHAPES[level]);
  pen.lineJoin = "round";
  pen.lineWidth = 3;
  pen.strokeStyle = token("bg-0");
  pen.stroke(path);
  pen.fillStyle = token(level);
  pen.fill(path);
  map.addImage(`level-${level}`, pen.getImageData(0, 0, side, side), { pixelRatio: ratio });
}

/** Metres between two points, on a sphere. @param {number} lon1 @param {number} lat1 @param {number} lon2 @param {number} lat2 */
export function metres(lon1, lat1, lon2, lat2) {
  const rad = Math.PI / 180;
  const a =
    Math.sin(((lat2 - lat1) * rad) / 2) ** 2 +
    Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * 6371008.8 * Math.asin(Math.sqrt(a));
}

