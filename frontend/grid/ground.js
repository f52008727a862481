/** What the grid editor draws on the map beneath the sketch: cells, communities, problems. */
import { token } from "../map/style.js";
import { boxOf } from "../draw/geometry.js";
import { Paper } from "../draw/paper.js";

/** @typedef {import("./session.js").Cell} Cell */
/** @typedef {import("./session.js").Problem} Problem */

const HATCH = 12;
const LEVELS = /** @type {const} */ (["critical", "serious", "caution"]);

/** How grave a problem looks: what lies double is worse than what nobody has. @param {string} code @returns {typeof LEVELS[number]} */
export function levelOfProblem(code) {
  if (/overlap/.test(code)) return "critical";
  return /gap|outside/.test(code) ? "serious" : "caution";
}

export class Ground extends Paper {
  hovered = "";

  /** @override */
  beneath() {
    const { map } = this;
    for (const name of ["communities", "drafted", "faults", "fault-marks"]) this.source(name, name === "drafted" ? { promoteId: "code" } : {});
    for (const level of LEVELS) map.addImage(`hatch-${level}`, hatch(token(level)), { pixelRatio: 2 });
    /** @type {any} */
    const chosen = ["boolean", ["feature-state", "chosen"], false];
    /** @type {any} */
    const hovered = ["boolean", ["feature-state", "hovered"], false];
    map.addLayer({ id: "drafted-fill", type: "fill", source: "drafted", paint: { "fill-color": token("accent"), "fill-opacity": ["case", chosen, 0.28, hovered, 0.1, 0.02] } });
    map.addLayer({ id: "drafted-line", type: "line", source: "drafted", paint: { "line-color": ["case", chosen, token("accent"), token("line-strong")], "line-width": ["case", chosen, 2.5, 1.2] } });
    map.addLayer({ id: "community-line", type: "line", source: "communities", paint: { "line-color": token("text-md"), "line-width": 1.8, "line-dasharray": [4, 2] } });
    map.addLayer({ id: "fault-fill", type: "fill", source: "faults", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-pattern": ["concat", "hatch-", ["get", "level"]] } });
    /** @type {any} */
    const warning = ["match", ["get", "level"], ...LEVELS.flatMap((level) => [level, token(level)]), token("caution")];
    map.addLayer({ id: "fault-line", type: "line", source: "faults", paint: { "line-color": warning, "line-width": 3 } });
    map.addLayer({ id: "fault-marks", type: "symbol", source: "fault-marks", layout: { "icon-image": ["concat", "level-", ["get", "level"]], "icon-allow-overlap": true, "icon-ignore-placement": true } });
  }

  /** @param {Iterable<Cell>} cells */
  cells(cells) {
    this.put("drafted", [...cells]);
  }

  /** @param {Set<string>} codes @param {Set<string>} before */
  choose(codes, before) {
    for (const code of before) if (!codes.has(code)) this.map.setFeatureState({ source: "drafted", id: code }, { chosen: false });
    for (const code of codes) this.map.setFeatureState({ source: "drafted", id: code }, { chosen: true });
  }

  /** @param {string} code "" of none */
  hover(code) {
    if (code === this.hovered) return;
    if (this.hovered) this.map.setFeatureState({ source: "drafted", id: this.hovered }, { hovered: false });
    if (code) this.map.setFeatureState({ source: "drafted", id: code }, { hovered: true });
    this.hovered = code;
  }

  /** @param {Problem[]} problems */
  problems(problems) {
    const drawn = problems.filter((one) => one.geometry);
    const told = (/** @type {Problem} */ one) => ({ id: one.id, level: levelOfProblem(one.code) });
    this.put("faults", drawn.map((one) => ({ type: "Feature", geometry: /** @type {any} */ (one.geometry), properties: told(one) })));
    this.put("fault-marks", drawn.map((one) => {
      const [west, south, east, north] = boxOf(one.geometry) ?? [0, 0, 0, 0];
      return { type: "Feature", geometry: { type: "Point", coordinates: [(west + east) / 2, (south + north) / 2] }, properties: told(one) };
    }));
  }
}

/** Slanting stripes, so that a colour is never alone. @param {string} colour @returns {ImageData} */
function hatch(colour) {
  const side = HATCH * 2;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [side, side];
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.globalAlpha = 0.35;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, side, side);
  pen.globalAlpha = 1;
  pen.strokeStyle = colour;
  pen.lineWidth = 5;
  for (const shift of [-side, 0, side]) {
    pen.beginPath();
    pen.moveTo(shift, side);
    pen.lineTo(shift + side, 0);
    pen.stroke();
  }
  return pen.getImageData(0, 0, side, side);
}
