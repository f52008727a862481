/**
 * Maps of others beneath our data. Their pictures are laid over our own ground and under everything that is ours, so
 * what does not come leaves our own map visible; where nothing comes at all they are taken away, with a sentence.
 */
import { addProtocol } from "maplibre-gl";
import { language, pick, say } from "../lib/words.js";
import { SIDE, bent, meshOf } from "./bend.js";

/** @typedef {{code: string, names: Record<string, string>, datum: string, tiles: string[], servers: string[], min_zoom: number,
 *   max_zoom: number, credit: Record<string, string>, link: string}} BaseMap */

const SCHEME = "outside";
const PATIENCE_MS = 10_000;
const ENOUGH = 4;
const KEPT = 96;
const LABELS = ["street-names", "district-names"];

/** @type {Map<string, BaseMap>} */
const known = new Map();
/** @type {Map<string, Promise<ImageBitmap>>} pictures that neighbouring tiles share */
const pictures = new Map();
const health = new EventTarget();
let registered = false;

/** @param {string} template @param {BaseMap} base @param {number} z @param {number} x @param {number} y */
export function addressOf(template, base, z, x, y) {
  /** @type {Record<string, string | number>} */
  const given = { z, x, y, s: base.servers[(x + y) % base.servers.length] ?? "", lang: language() === "en" ? "en" : "zh_cn" };
  return template.replace(/\{(z|x|y|s|lang)\}/g, (_, name) => String(given[name]));
}

/** @param {string} url @param {AbortSignal} signal @returns {Promise<ImageBitmap>} */
async function picture(url, signal) {
  const end = new AbortController();
  const late = setTimeout(() => end.abort(), PATIENCE_MS);
  signal.addEventListener("abort", () => end.abort());
  try {
    const answer = await fetch(url, { mode: "cors", credentials: "omit", referrerPolicy: "origin", signal: end.signal });
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    return await createImageBitmap(await answer.blob());
  } finally {
    clearTimeout(late);
  }
}

/** A picture that several bent tiles need is asked for once. @param {string} url @returns {Promise<ImageBitmap>} */
function shared(url) {
  const held = pictures.get(url);
  if (held) return held;
  const asked = picture(url, new AbortController().signal);
  pictures.set(url, asked);
  asked.catch(() => pictures.delete(url));
  for (const old of pictures.keys()) {
    if (pictures.size <= KEPT) break;
    pictures.delete(old);
  }
  return asked;
}

/** @param {string} template @param {BaseMap} base @param {number} z @param {number} x @param {number} y @returns {Promise<ImageBitmap>} */
async function bentTile(template, base, z, x, y) {
  const mesh = meshOf(z, x, y);
  const wide = (mesh.right - mesh.left + 1) * SIDE;
  const canvas = document.createElement("canvas");
  canvas.width = wide;
  canvas.height = (mesh.bottom - mesh.top + 1) * SIDE;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  const places = [];
  for (let ty = mesh.top; ty <= mesh.bottom; ty += 1) for (let tx = mesh.left; tx <= mesh.right; tx += 1) places.push([tx, ty]);
  await Promise.all(places.map(async ([tx = 0, ty = 0]) => {
    const drawn = await shared(addressOf(template, base, z, tx, ty));
    pen.drawImage(drawn, (tx - mesh.left) * SIDE, (ty - mesh.top) * SIDE, SIDE, SIDE);
  }));
  const source = new Uint32Array(pen.getImageData(0, 0, wide, canvas.height).data.buffer);
  const pixels = new Uint8ClampedArray(bent(mesh, source, wide).buffer);
  return createImageBitmap(new ImageData(pixels, SIDE, SIDE));
}

/** @param {{url: string}} asked @param {AbortController} abort @returns {Promise<{data: ImageBitmap}>} */
async function answer({ url }, abort) {
  const [code = "", layer, ...address] = url.slice(SCHEME.length + 3).split("/");
  const [z = 0, x = 0, y = 0] = address.map(Number);
  const base = /** @type {BaseMap} */ (known.get(code));
  const template = base.tiles[Number(layer)] ?? "";
  try {
    const data = base.datum === "gcj02"
      ? await bentTile(template, base, z, x, y)
      : await picture(addressOf(template, base, z, x, y), abort.signal);
    health.dispatchEvent(new CustomEvent("came", { detail: code }));
    return { data };
  } catch (error) {
    if (!abort.signal.aborted) health.dispatchEvent(new CustomEvent("failed", { detail: code }));
    throw error;
  }
}

/** The map of somebody else beneath one map of ours. */
export class BaseMaps extends EventTarget {
  /** @param {import("maplibre-gl").Map} map @param {BaseMap[]} offered */
  constructor(map, offered) {
    super();
    this.map = map;
    this.offered = offered;
    this.shown = "";
    this.came = false;
    this.missed = 0;
    if (!registered) addProtocol(SCHEME, answer);
    registered = true;
    for (const one of offered) known.set(one.code, one);
    health.addEventListener("came", (event) => this.note(/** @type {CustomEvent} */ (event).detail, true));
    health.addEventListener("failed", (event) => this.note(/** @type {CustomEvent} */ (event).detail, false));
  }

  /** @param {string} code @param {boolean} came */
  note(code, came) {
    if (code !== this.shown) return;
    this.missed = came ? 0 : this.missed + 1;
    if (this.missed < ENOUGH) return;
    const name = pick(known.get(code)?.names);
    this.show("");
    this.dispatchEvent(new CustomEvent("failed", { detail: { code, text: say("map.base_failed", { name }) } }));
  }

  /** @param {string} code "" for our own map alone */
  show(code) {
    for (const layer of this.map.getStyle().layers.filter((one) => one.id.startsWith(`${SCHEME}-`))) this.map.removeLayer(layer.id);
    for (const id of Object.keys(this.map.getStyle().sources).filter((one) => one.startsWith(`${SCHEME}-`))) this.map.removeSource(id);
    const base = this.offered.find((one) => one.code === code);
    this.shown = base ? code : "";
    this.missed = 0;
    base?.tiles.forEach((_, index) => {
      const id = `${SCHEME}-${code}-${index}`;
      this.map.addSource(id, {
        type: "raster", tileSize: SIDE, minzoom: base.min_zoom, maxzoom: base.max_zoom, tiles: [`${SCHEME}://${code}/${index}/{z}/{x}/{y}`],
      });
      this.map.addLayer({ id, type: "raster", source: id, paint: { "raster-fade-duration": 0 } }, "density");
    });
    this.own(!base);
    this.dispatchEvent(new CustomEvent("shown", { detail: base ?? null }));
  }

  /** Whose names are on the map: theirs, or ours. Our water and roads would lie over their picture.
   * @param {boolean} ours */
  own(ours) {
    for (const id of [...LABELS, "water", "river-line", "road-edge", "road"]) {
      if (this.map.getLayer(id)) this.map.setLayoutProperty(id, "visibility", ours ? "visible" : "none");
    }
  }
}
