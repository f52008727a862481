/**
 * The files chosen in a form, kept in this browser until they are used: after a reload they are there again, and their
 * uploads go on. Each tab and each person has their own; where the browser keeps nothing, nothing is kept.
 */

const STORE = "files";
const LONGEST_MS = 2 * 24 * 3600 * 1000;

/** @typedef {{id?: number, form: string, file: File, uid: string, at: number}} Kept */

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

/** @returns {Promise<IDBDatabase>} */
function database() {
  return (opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open("cityops-files", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  }));
}

/** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} act @returns {Promise<T | undefined>} */
async function kept(mode, act) {
  try {
    const store = (await database()).transaction(STORE, mode).objectStore(STORE);
    return await new Promise((done, failed) => {
      const asked = act(store);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  } catch {
    return undefined; // a private window, or no room: the form works without
  }
}

/** This tab and this person: a reload is the same, another tab is not. */
function whose() {
  const person = document.querySelector("cc-inbox")?.getAttribute("scope") ?? "";
  try {
    const tab = sessionStorage.getItem("cityops-tab") ?? `${Date.now()}-${Math.random()}`;
    sessionStorage.setItem("cityops-tab", tab);
    return `${tab} ${person}`;
  } catch {
    return `${Math.random()} ${person}`;
  }
}

/** @param {HTMLInputElement} input @returns {string} what its files are kept under */
export const formOf = (input) => `${whose()} ${new URL(input.form?.getAttribute("action") || location.href, location.href).pathname} ${input.name}`;

/** @param {Kept} one @returns {Promise<number | undefined>} the number it is kept under */
export const keepFile = async (one) => /** @type {number | undefined} */ (await kept("readwrite", (store) => store.put(one)));

/** @param {number | undefined} id */
export const dropFile = async (id) => void (id && (await kept("readwrite", (store) => store.delete(id))));

/** What was kept for a form, oldest first; what is too old for anybody is gone. @param {string} form @returns {Promise<Kept[]>} */
export async function filesOf(form) {
  /** @type {Kept[]} */
  const all = (await kept("readonly", (store) => store.getAll())) ?? [];
  const [old, young] = [all.filter((one) => one.at < Date.now() - LONGEST_MS), all.filter((one) => one.at >= Date.now() - LONGEST_MS)];
  for (const one of old) await dropFile(one.id);
  return young.filter((one) => one.form === form);
}
