/**
 * The service worker of the field: keeps the app itself, so that it opens without a network. What it keeps is said by the
 * line that the server puts before it (`FIELD`), which changes with every build; a new one waits until it is wanted.
 */

/** @typedef {{waitUntil: (done: Promise<any>) => void}} Lasting */
/** @type {any} */
const own = self;
/** @type {{version: string, shell: string, files: string[]}} */
const FIELD = own.FIELD;
const PREFIX = "cityops-field-";
const NAME = PREFIX + FIELD.version;

own.addEventListener("install", (/** @type {Lasting} */ event) => {
  const fresh = [FIELD.shell, ...FIELD.files].map((path) => new Request(path, { cache: "reload" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(fresh)));
});

own.addEventListener("activate", (/** @type {Lasting} */ event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => own.clients.claim()));
});

own.addEventListener("message", (/** @type {MessageEvent} */ event) => {
  if (event.data === "take over") own.skipWaiting();
});

/** The app and its files from what is kept; everything else is the network's. */
own.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  const wanted = request.mode === "navigate" && pathname === FIELD.shell ? FIELD.shell : FIELD.files.includes(pathname) ? pathname : "";
  if (!wanted) return;
  event.respondWith(caches.open(NAME).then(async (cache) => (await cache.match(wanted)) ?? fetch(request)));
});
