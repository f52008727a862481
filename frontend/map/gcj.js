/** GCJ-02, the frame of maps published in China: the same formula as core/geo.py, held together by a test.
 * Our data stay WGS 84; pictures of others are bent to them (docs/decisions/0009). */

const AXIS = 6378245;
const ECCENTRICITY2 = 0.00669342162296594323;

/** @typedef {[number, number]} Place longitude, latitude */

/** Whether the shifted frame is in use here (a rectangle). @param {number} lon @param {number} lat */
export function inChina(lon, lat) {
  return lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;
}

/** @param {number} value @param {...[number, number]} waves height and period */
function ripple(value, ...waves) {
  let sum = 0;
  for (const [height, period] of waves) sum += height * Math.sin((value * Math.PI) / period);
  return (sum * 2) / 3;
}

/** @param {number} lon @param {number} lat @returns {Place} degrees to add */
function shift(lon, lat) {
  const x = lon - 105;
  const y = lat - 35;
  const fine = ripple(x, [20, 1 / 6], [20, 1 / 2]);
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + fine;
  north += ripple(y, [20, 1], [40, 3], [160, 12], [320, 30]);
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + fine;
  east += ripple(x, [20, 1], [40, 3], [150, 12], [300, 30]);
  const turn = (lat * Math.PI) / 180;
  const bend = 1 - ECCENTRICITY2 * Math.sin(turn) ** 2;
  return [
    (east * 180) / ((AXIS / Math.sqrt(bend)) * Math.cos(turn) * Math.PI),
    (north * 180) / (((AXIS * (1 - ECCENTRICITY2)) / (bend * Math.sqrt(bend))) * Math.PI),
  ];
}

/** Where a map in GCJ-02 draws a true place. @param {number} lon @param {number} lat @returns {Place} */
export function toGcj(lon, lat) {
  if (!inChina(lon, lat)) return [lon, lat];
  const [east, north] = shift(lon, lat);
  return [lon + east, lat + north];
}

/** The true place of a GCJ-02 coordinate, to better than a millimetre. @param {number} lon @param {number} lat @returns {Place} */
export function fromGcj(lon, lat) {
  if (!inChina(lon, lat)) return [lon, lat];
  let guess = /** @type {Place} */ ([lon, lat]);
  for (let round = 0; round < 6; round += 1) {
    const there = toGcj(guess[0], guess[1]);
    guess = [guess[0] + lon - there[0], guess[1] + lat - there[1]];
  }
  return guess;
}
