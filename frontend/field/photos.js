/** Pictures, made small enough for a bad network before they are kept: what is large is drawn anew, upright. */
import { savePhoto } from "./store.js";

const LONGEST_PX = 1600;
const SMALL_BYTES = 700_000;
const QUALITY = 0.82;
const CLIP_BYTES = 100_000_000;
export const MOST_PHOTOS = 12;

/** @typedef {import("./store.js").Photo} Photo */

/** @param {File} file @returns {Promise<Blob | null>} null for what is no picture and no clip that may be sent */
export async function scaled(file) {
  if (file.type.startsWith("video/")) return file.size <= CLIP_BYTES ? file : null;
  const drawn = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!drawn) return null;
  const share = Math.min(1, LONGEST_PX / Math.max(drawn.width, drawn.height));
  if (share === 1 && file.type === "image/jpeg" && file.size <= SMALL_BYTES) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(drawn.width * share));
  canvas.height = Math.max(1, Math.round(drawn.height * share));
  canvas.getContext("2d")?.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

/** @param {{id: string, owner: string}} entry @param {Blob} blob @returns {Promise<Photo>} kept on the phone */
export async function keepPhoto(entry, blob) {
  const id = crypto.randomUUID();
  const ending = blob.type.startsWith("video/") ? (blob.type.split("/")[1] ?? "mp4").replace("quicktime", "mov") : "jpg";
  // Read into memory: a file of the album may be gone when the network is back.
  const own = new Blob([await blob.arrayBuffer()], { type: blob.type || "image/jpeg" });
  const photo = { id, entry: entry.id, owner: entry.owner, blob: own, name: `${id}.${ending}`, uid: "", begun: false, there: false, at: Date.now() };
  await savePhoto(photo);
  return photo;
}
