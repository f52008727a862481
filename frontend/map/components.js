/** Components on a map of the workbench: points, lines and areas from close by, clusters with their counts from afar. */
import { token } from "./style.js";

const STATES = { damaged: "serious", lost: "critical", abandoned: "caution" };

/** @param {import("maplibre-gl").Map} map @param {string} tiles address of a tile, on this server */
export function drawComponents(map, tiles) {
  /** @type {any} */
  const colour = ["match", ["get", "state"], ...Object.entries(STATES).flatMap(([state, level]) => [state, token(level)]), token("info")];
  /** @param {string} name @returns {any} */
  const only = (name) => ["==", ["geometry-type"], name];
  const of = { source: "components", "source-layer": "assets" };
  map.addSource("components", { type: "vector", tiles: [location.origin + tiles], minzoom: 8, maxzoom: 17 });
  map.addLayer({ id: "component-areas", type: "fill", ...of, filter: only("Polygon"), paint: { "fill-color": colour, "fill-opacity": 0.3 } });
  map.addLayer({ id: "component-lines", type: "line", ...of, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colour, "line-width": 2.5 } });
  map.addLayer({
    id: "component-points", type: "circle", ...of, filter: only("Point"),
    paint: { "circle-radius": 3.5, "circle-color": colour, "circle-stroke-color": token("bg-1"), "circle-stroke-width": 1 },
  });
  map.addLayer({
    id: "component-clusters", type: "circle", source: "components", "source-layer": "clusters",
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["log10", ["get", "count"]], 0, 3, 5, 15], "circle-color": token("info"),
      "circle-opacity": 0.22, "circle-stroke-color": token("info"), "circle-stroke-width": 1,
    },
  });
  map.on("click", "component-points", (event) => open(event.features?.[0]?.properties.code));
  map.on("click", "component-lines", (event) => open(event.features?.[0]?.properties.code));
}

/** @param {string | undefined} code */
function open(code) {
  if (code) location.assign(`/components/${code}/`);
}
