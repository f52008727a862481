/** What this phone keeps: entries, their pictures, and what was fetched for offline. Nothing is lost with the tab. */

/** @typedef {import("./queue.js").Entry} Entry */
/** @typedef {{id: string, entry: string, owner: string, blob: Blob, name: string, uid: string, begun: boolean, there: boolean, at: number}} Photo */

const NAME = "cityops-field";

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

/** @returns {Promise<IDBDatabase>} */
function database() {
  return (opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("entries", { keyPath: "id" });
      asked.result.createObjectStore("photos", { keyPath: "id" }).createIndex("entry", "entry");
      asked.result.createObjectStore("kept");
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      done(asked.result);
    };
    asked.onerror = () => failed(asked.error);
  }));
}

/**
 * One transaction: it is on the disk when this is done.
 * @template T
 * @param {string[]} stores @param {IDBTransactionMode} mode
 * @param {(...stores: IDBObjectStore[]) => IDBRequest<T> | void} act
 * @returns {Promise<T | undefined>}
 */
async function within(stores, mode, act) {
  const going = (await database()).transaction(stores, mode, mode === "readwrite" ? { durability: "strict" } : {});
  return new Promise((done, failed) => {
    const asked = act(...stores.map((name) => going.objectStore(name)));
    going.oncomplete = () => done(asked?.result);
    going.onabort = () => failed(going.error);
    going.onerror = () => failed(going.error);
  });
}

/** @returns {Promise<Entry[]>} */
export const entries = async () => (await within(["entries"], "readonly", (store) => store.getAll())) ?? [];

/** @param {string} id @returns {Promise<Entry | undefined>} */
export const entryOf = (id) => within(["entries"], "readonly", (store) => store.get(id));

/** @param {Entry[]} changed */
export const save = (...changed) => within(["entries"], "readwrite", (store) => changed.forEach((one) => void store.put(one)));

/** An entry is gone, with its pictures. @param {string} id */
export const drop = (id) =>
  within(["entries", "photos"], "readwrite", (held, photos) => {
    held.delete(id);
    removeAll(photos, id);
  });

/** It is done: what is left of it is the receipt. @param {Entry} entry */
export const settle = (entry) =>
  within(["entries", "photos"], "readwrite", (held, photos) => {
    held.put(entry);
    removeAll(photos, entry.id);
  });

/** @param {IDBObjectStore} photos @param {string} id */
function removeAll(photos, id) {
  const asked = photos.index("entry").openKeyCursor(IDBKeyRange.only(id));
  asked.onsuccess = () => {
    if (!asked.result) return;
    photos.delete(asked.result.primaryKey);
    asked.result.continue();
  };
}

/** Oldest first. @param {string} id @returns {Promise<Photo[]>} */
export async function photosOf(id) {
  const found = (await within(["photos"], "readonly", (store) => store.index("entry").getAll(id))) ?? [];
  return found.sort((/** @type {Photo} */ a, /** @type {Photo} */ b) => a.at - b.at);
}

/** @param {Photo} photo */
export const savePhoto = (photo) => within(["photos"], "readwrite", (store) => store.put(photo));

/** @param {string} id */
export const dropPhoto = (id) => within(["photos"], "readwrite", (store) => void store.delete(id));

/** @param {string} name @returns {Promise<any>} */
export const recall = (name) => within(["kept"], "readonly", (store) => store.get(name));

/** @param {string} name @param {any} value */
export const keep = (name, value) => within(["kept"], "readwrite", (store) => store.put(value, name));

/** Nothing fetched is left but what belongs to this person and the phone itself. @param {string} owner */
export const forgetOthers = (owner) =>
  within(["kept"], "readwrite", (store) => {
    const asked = store.openKeyCursor();
    asked.onsuccess = () => {
      if (!asked.result) return;
      const key = String(asked.result.key);
      if (key.includes("|") && !key.startsWith(`${owner}|`)) store.delete(key);
      asked.result.continue();
    };
  });
