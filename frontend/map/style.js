/** Our map style, made from the page's own colour tokens: no address but ours, no glyph server (labels are drawn locally). */

/** @typedef {import("maplibre-gl").StyleSpecification} StyleSpecification */
/** @typedef {import("maplibre-gl").ExpressionSpecification} Expression */

/** Light ground shows more as darker, dark ground more as brighter (references/web.md 5.4). */
const RAMP = ["#1f5a7a", "#2f8795", "#7fb58a", "#e3d36b", "#fff3b0"];
export const STEPS = [1, 2, 3, 5, 8];
export const FONT = ["Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];

/** @param {string} name @returns {string} */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** @returns {boolean} */
export function isDark() {
  return document.documentElement.dataset.theme === "wall";
}

/** @returns {Expression} the fill of a cell by its class, 1 to 5, 5 wanting attention most (choropleth.js) */
function density() {
  const ramp = isDark() ? RAMP : [...RAMP].reverse();
  /** @type {any[]} */
  const step = ["step", ["coalesce", ["feature-state", "k"], 0], "rgba(0,0,0,0)"];
  ramp.forEach((colour, index) => step.push(index + 1, colour));
  return /** @type {Expression} */ (step);
}

/** @param {Record<string, string>} tiles address of each layer @param {number} unit pixels for a label's basic size
 * @returns {StyleSpecification} */
export function styleOf(tiles, unit) {
  /** @param {string} layer @param {object} [more] @returns {import("maplibre-gl").VectorSourceSpecification} */
  const source = (layer, more = {}) => ({
    type: "vector", tiles: [location.origin + tiles[layer]], minzoom: 8, maxzoom: 16, ...more,
  });
  return {
    version: 8,
    sources: {
      base: source("base"),
      regions: source("regions"),
      cells: source("cells", { promoteId: "code" }),
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": token("ground") } },
      ...baseLayers(),
      ...cellLayers(),
      ...roadLayers(unit),
      ...borderLayers(),
    ],
  };
}

/** @returns {import("maplibre-gl").LayerSpecification[]} */
function baseLayers() {
  return [
    {
      id: "land", type: "fill", source: "regions", "source-layer": "regions", filter: ["==", ["get", "level"], "district"],
      paint: { "fill-color": token("land") },
    },
    {
      id: "park", type: "fill", source: "base", "source-layer": "base", filter: ["==", ["get", "kind"], "park"],
      paint: { "fill-color": token("park") },
    },
  ];
}

/** @returns {import("maplibre-gl").LayerSpecification[]} */
function cellLayers() {
  return [
    {
      id: "density", type: "fill", source: "cells", "source-layer": "cells",
      paint: { "fill-color": density(), "fill-opacity": isDark() ? 0.85 : 0.75, "fill-antialias": false },
    },
    {
      id: "cell-lines", type: "line", source: "cells", "source-layer": "cells", minzoom: 14,
      paint: { "line-color": token("line"), "line-width": 0.6, "line-opacity": 0.6 },
    },
  ];
}

/** @param {number} unit @returns {import("maplibre-gl").LayerSpecification[]} */
function roadLayers(unit) {
  const wide = unit / 14;
  return [
    {
      id: "water", type: "fill", source: "base", "source-layer": "base",
      filter: ["match", ["get", "kind"], ["sea", "river", "water"], true, false],
      paint: { "fill-color": token("sea") },
    },
    {
      id: "river-line", type: "line", source: "base", "source-layer": "base",
      filter: ["all", ["==", ["get", "kind"], "river"], ["==", ["geometry-type"], "LineString"]],
      paint: { "line-color": token("sea"), "line-width": 3 * wide },
    },
    {
      id: "road-edge", type: "line", source: "base", "source-layer": "base", minzoom: 13.5,
      filter: ["==", ["get", "kind"], "road"],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": token("road-edge"), "line-width": roadWidth(wide, 1.6) },
    },
    {
      id: "road", type: "line", source: "base", "source-layer": "base",
      filter: ["==", ["get", "kind"], "road"],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": isDark() ? token("road-edge") : token("road"), "line-width": roadWidth(wide, 0) },
    },
  ];
}

/** @param {number} wide @param {number} edge @returns {Expression} */
function roadWidth(wide, edge) {
  /** @param {number} large @param {number} small @returns {any} */
  const byClass = (large, small) => [
    "match", ["get", "class"], ["motorway", "trunk", "arterial", "primary"], large * wide + edge, small * wide + edge,
  ];
  return /** @type {any} */ (
    ["interpolate", ["exponential", 1.4], ["zoom"], 10, byClass(0.9, 0.3), 13, byClass(2.2, 0.9), 16, byClass(9, 4)]
  );
}

/** @returns {import("maplibre-gl").LayerSpecification[]} */
function borderLayers() {
  const level = (/** @type {string} */ name) => /** @type {any} */ (["==", ["get", "level"], name]);
  return [
    {
      id: "street-lines", type: "line", source: "regions", "source-layer": "regions", filter: level("street"),
      paint: { "line-color": token("boundary"), "line-width": 0.8, "line-dasharray": [3, 3], "line-opacity": 0.7 },
    },
    {
      id: "district-lines", type: "line", source: "regions", "source-layer": "regions", filter: level("district"),
      layout: { "line-join": "round" },
      paint: { "line-color": isDark() ? "#8c9bab" : token("boundary"), "line-width": 1.6 },
    },
  ];
}

/** Names over the ground, quiet enough to be read past: districts always, streets from close by.
 * @param {number} unit @returns {import("maplibre-gl").LayerSpecification[]} */
export function labelLayers(unit) {
  const halo = { "text-halo-color": isDark() ? "rgba(11,16,22,.9)" : "rgba(255,255,255,.92)", "text-halo-width": 1.6 };
  const name = /** @type {Expression} */ (["get", "name"]);
  return [
    {
      id: "street-names", type: "symbol", source: "places", minzoom: 12.4, filter: ["==", ["get", "level"], "street"],
      layout: { "text-field": name, "text-font": FONT, "text-size": unit, "text-padding": unit * 1.5, "text-max-width": 12 },
      paint: { "text-color": isDark() ? "#a9b6c3" : token("text-md"), ...halo },
    },
    {
      id: "district-names", type: "symbol", source: "places", filter: ["==", ["get", "level"], "district"],
      layout: { "text-field": name, "text-font": FONT, "text-size": unit * 1.25, "text-max-width": 12, "text-allow-overlap": true },
      paint: { "text-color": token("text-hi"), ...halo },
    },
  ];
}
