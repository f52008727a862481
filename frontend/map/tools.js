/** What every map of ours can do beside its own business: find a place, say what is here, scale, coordinates, a map beneath. */
import { make } from "../lib/dom.js";
import { pick, say } from "../lib/words.js";
import { AddressCard } from "./address.js";
import { BaseMaps } from "./basemaps.js";
import { collection, point } from "./engine.js";
import "./place-search.js";
import { token } from "./style.js";

/** @typedef {import("maplibre-gl").Map} MapLibre */

const NEAR = { city: 10, district: 12, street: 14, community: 15, road: 15, cell: 17, component: 18, point: 17 };
const WIDEST_PX = 110;
const REMEMBERED = "cityops.base-map";

/** Metres that make a round bar of at most so many pixels. @param {number} perPixel metres @param {number} [widest] pixels */
export function roundBar(perPixel, widest = WIDEST_PX) {
  const most = perPixel * widest;
  const ten = 10 ** Math.floor(Math.log10(most));
  return ([5, 2, 1].find((first) => first * ten <= most) ?? 1) * ten;
}

/** @param {MapLibre} map @returns {(lon: number, lat: number) => void} puts the one mark of the map somewhere */
export function marker(map) {
  map.addSource("mark", { type: "geojson", data: collection([]) });
  map.addLayer({
    id: "mark", type: "circle", source: "mark",
    paint: { "circle-radius": 9, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": token("accent"), "circle-stroke-width": 3 },
  });
  map.addLayer({ id: "mark-dot", type: "circle", source: "mark", paint: { "circle-radius": 3, "circle-color": token("accent") } });
  const source = /** @type {import("maplibre-gl").GeoJSONSource} */ (map.getSource("mark"));
  return (lon, lat) => void source.setData(collection([point(lon, lat, {})]));
}

/** @param {MapLibre} map @param {HTMLElement} host a bar with the scale and the place under the pointer */
function measure(map, host) {
  const bar = make("span", "mapbar__bar");
  const length = make("span", "mapbar__length");
  const where = make("span", "mapbar__where");
  const credit = make("span", "mapbar__credit");
  host.append(make("div", "mapbar", credit, where, make("span", "mapbar__scale", length, bar)));
  const scale = () => {
    const { lat } = map.getCenter();
    const perPixel = (40075016.686 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
    const metres = roundBar(perPixel);
    bar.style.width = `${Math.round(metres / perPixel)}px`;
    length.textContent = metres >= 1000 ? say("map.km", { n: metres / 1000 }) : say("map.m", { n: metres });
  };
  const tell = (/** @type {{lng: number, lat: number}} */ at) => (where.textContent = `${at.lng.toFixed(5)}, ${at.lat.toFixed(5)}`);
  map.on("move", scale);
  map.on("mousemove", (event) => tell(event.lngLat));
  map.on("moveend", () => tell(map.getCenter()));
  scale();
  tell(map.getCenter());
  return credit;
}

/** @param {BaseMaps} bases @param {HTMLElement} host @param {HTMLElement} credit */
function chooser(bases, host, credit) {
  const box = make("fieldset", "mapbases", make("legend", "mapbases__title", say("map.base")));
  const said = make("p", "mapbases__said");
  said.setAttribute("role", "status");
  const name = `base-${Math.random().toString(36).slice(2, 8)}`;
  const rows = [{ code: "", text: say("map.base_own") }, ...bases.offered.map((one) => ({ code: one.code, text: pick(one.names) }))];
  const radios = rows.map(({ code, text }) => {
    const radio = make("input", "");
    Object.assign(radio, { type: "radio", name, value: code, checked: code === "" });
    radio.addEventListener("change", () => {
      said.textContent = "";
      remember(code);
      bases.show(code);
    });
    box.append(make("label", "mapbases__one", radio, " ", text));
    return radio;
  });
  box.append(said);
  host.append(box);
  bases.addEventListener("shown", (event) => {
    const base = /** @type {CustomEvent} */ (event).detail;
    for (const radio of radios) radio.checked = radio.value === (base?.code ?? "");
    credit.replaceChildren();
    if (!base) return;
    const link = make("a", "", `© ${pick(base.credit).replace(/^©\s*/, "")}`);
    Object.assign(link, { href: base.link, target: "_blank", rel: "noreferrer" });
    credit.append(base.link ? link : pick(base.credit));
  });
  bases.addEventListener("failed", (event) => (said.textContent = /** @type {CustomEvent} */ (event).detail.text));
  const before = remembered();
  if (rows.some((one) => one.code && one.code === before)) bases.show(before);
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} code */
function remember(code) {
  try {
    localStorage.setItem(REMEMBERED, code);
  } catch {
    console.info("this browser keeps no choice of map");
  }
}

/**
 * @param {MapLibre} map @param {any} facts what /api/map told @param {HTMLElement} host the element around the canvas
 * @param {{search?: HTMLElement | null, bases?: HTMLElement | null, plain?: boolean}} [places] where search and chooser go
 */
export function equip(map, facts, host, places = {}) {
  const mark = marker(map);
  const card = new AddressCard(map, host, mark);
  const credit = measure(map, host);
  const search = places.search ?? document.createElement("cc-place-search");
  if (!places.search) {
    search.className = "placesearch placesearch--over";
    host.append(search);
  }
  search.addEventListener("place:choose", (event) => {
    const one = /** @type {CustomEvent} */ (event).detail;
    const zoom = NEAR[/** @type {keyof typeof NEAR} */ (one.kind)] ?? 15;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    map[still ? "jumpTo" : "flyTo"]({ center: [one.lon, one.lat], zoom: Math.max(zoom, one.kind === "point" ? map.getZoom() : 0) });
    mark(one.lon, one.lat);
  });
  if (facts.base_maps?.length && !places.plain) chooser(new BaseMaps(map, facts.base_maps), places.bases ?? host, credit);
  return { mark, card, search };
}
