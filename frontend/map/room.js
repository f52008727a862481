/** How much ground a map may show around the city. */

/**
 * How far a map may be moved: as far to every side, whichever side of the city is the longer one. MapLibre lets no map
 * show more than this, so with less room above a wide city a tall map would begin in its middle, and hide its ends.
 * @param {number[]} bounds @returns {[number, number, number, number]}
 */
export function roomAround([west = 0, south = 0, east = 0, north = 0]) {
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const half = 1.1 * Math.max(east - west, (north - south) / shrink);
  const [lon, lat] = [(west + east) / 2, (south + north) / 2];
  return [lon - half, Math.max(lat - half * shrink, -85), lon + half, Math.min(lat + half * shrink, 85)];
}
