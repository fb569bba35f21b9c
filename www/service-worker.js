// Keeps the page's files, so that it opens without a network. It answers for exactly the files of one
// build; whatever else is asked for goes to the network as if this were not here.
//
// The build fills in the two lines below (.ci/precache.mjs). With an empty list, as while somebody
// works on the page, this worker takes itself and what it kept away.
const BUILD = "unbuilt";
const FILES = []; // [address relative to the page, sha256]

const SCOPE = self.registration.scope;
// Other pages of this origin, another moue below another path among them, have caches of their own.
const FAMILY = `moue ${SCOPE} `;
const CACHE = FAMILY + BUILD;
const KEPT = new Map(FILES.map(([address, sha256]) => [new URL(address, SCOPE).href, sha256]));
/** The WebGPU engine, which only a browser with an adapter asks for (src/web/engine/device.rs). */
const isForGpu = (address) => new URL(address).pathname.startsWith(`${new URL(SCOPE).pathname}gpu`);

self.addEventListener("install", (event) => {
  if (KEPT.size === 0) self.skipWaiting();
  else event.waitUntil(keepAll());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(KEPT.size === 0 ? retire() : takeOver());
});

// A new build waits until the visitor agrees, or until no tab shows the old one.
self.addEventListener("message", (event) => {
  if (event.data === "switch") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const address = addressOf(event.request);
  if (event.request.method === "GET" && KEPT.has(address)) event.respondWith(answer(event.request, address));
});

/** The request's address as the list has it. The page itself has one, whatever its query. */
function addressOf(request) {
  const url = new URL(request.url);
  url.hash = "";
  if (request.mode === "navigate") {
    url.search = "";
    if (url.href === `${SCOPE}index.html`) return SCOPE;
  }
  return url.href;
}

async function answer(request, address) {
  const kept = await caches.match(address, { cacheName: CACHE });
  // What the browser threw away to make room comes from the network again. The WebGPU engine comes
  // when it is first asked for, where no adapter was there before.
  if (kept || !isForGpu(address)) return kept ?? fetch(request);
  const response = await genuine(address, KEPT.get(address));
  const cache = await caches.open(CACHE);
  await cache.put(address, response.clone());
  return response;
}

/** All files or none, but for the WebGPU engine: a build of which one byte differs is not kept. */
async function keepAll() {
  try {
    const cache = await caches.open(CACHE);
    // One after the other, because the page is in use meanwhile.
    const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
    const usesGpu = adapter?.features.has("timestamp-query");
    for (const [address, sha256] of KEPT) {
      if (usesGpu || !isForGpu(address)) await cache.put(address, await genuine(address, sha256));
    }
  } catch (error) {
    await caches.delete(CACHE);
    await tell(error.name === "QuotaExceededError" ? "no-room" : "incomplete");
    throw error;
  }
}

/**
 * The file with this checksum, from the nearest place that has it: the build kept before, the
 * browser's own cache, which the page has just filled, and the server last.
 */
async function genuine(address, sha256) {
  const places = [
    () => keptBefore(address),
    () => fetch(address, { cache: "force-cache" }),
    () => fetch(address, { cache: "reload" }),
  ];
  for (const place of places) {
    const response = await place();
    if (!response?.ok) continue;
    const bytes = await response.arrayBuffer();
    if ((await hexSha256(bytes)) !== sha256) continue;
    // A new answer, because one that was redirected may not answer a navigation. The host's own
    // headers, such as its security policy, stay; those of the transfer are over.
    const headers = new Headers(response.headers);
    for (const name of ["content-encoding", "content-length", "transfer-encoding"]) headers.delete(name);
    return new Response(bytes, { headers });
  }
  throw new Error(`${address} is not the file of build ${BUILD}`);
}

async function keptBefore(address) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(FAMILY) || name === CACHE) continue;
    // The build in the query differs, the bytes may not.
    const response = await caches.match(address, { cacheName: name, ignoreSearch: true });
    if (response) return response;
  }
  return undefined;
}

async function hexSha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function takeOver() {
  await forget((name) => name !== CACHE);
  // The page that brought this worker is served by it from now on, a second engine start included.
  await self.clients.claim();
}

async function retire() {
  await forget(() => true);
  await tell("disabled");
  await self.registration.unregister();
}

/** Tells the pages why no copy is kept (src/page/installed.rs). */
async function tell(reason) {
  for (const page of await self.clients.matchAll({ includeUncontrolled: true })) {
    if (page.url.startsWith(SCOPE)) page.postMessage(reason);
  }
}

async function forget(unwanted) {
  const names = (await caches.keys()).filter((name) => name.startsWith(FAMILY) && unwanted(name));
  await Promise.all(names.map((name) => caches.delete(name)));
}
