// Opens the console without a network: serves the files of one release, whole or not at all, and leaves every request
// alone that is not for one of them.

// Filled in by xtask/src/app/worker.rs.
const RELEASE = '';
const FILES = {}; // the digest of each file by its path; that of the page is empty
const PAGES = []; // the first part of the path of each page

const SCOPE = self.registration.scope;
const PREFIX = `muster ${SCOPE} `;
const OWN = PREFIX + RELEASE;
const SEEN = `${PREFIX}settings`;
const SETTINGS = address('config.json');
const NEXT = address('.next');
const ASSETS = address('assets/');
const N_AT_ONCE = 4;
const PATIENCE_MS = 5000;

// A page from a cache asks for no sign-in. While the host asks for one, pages come from the network.
let isSignedOut = false;

function address(path) {
  return new URL(path, SCOPE).href;
}

// Where it is written down that a page of this release is open: a page outlives a worker's memory.
function record(client) {
  return address(`.client/${client}`);
}

// Redirects end at a sign-in page, and are refused as other bytes are. What the browser has may be damaged.
async function fetched(path) {
  const request = { integrity: FILES[path], redirect: 'error', priority: 'low' };
  try {
    return await fetch(address(path), request);
  } catch {
    return fetch(address(path), { ...request, cache: 'reload' });
  }
}

// Opening a cache would make it anew after the page has removed it.
function found(url, cacheName) {
  return caches.match(url, { cacheName, ignoreVary: true });
}

async function rememberSettings() {
  const answer = await fetch(SETTINGS, { redirect: 'error', cache: 'no-cache' });
  if (!isSettings(answer)) throw new Error(`the settings answered ${answer.status}`);
  await (await caches.open(SEEN)).put(SETTINGS, answer);
}

// A host may have no settings.
function isSettings(answer) {
  return answer.ok || answer.status === 404;
}

// A failed attempt leaves the files that it has compared, for the next one.
async function store() {
  await rememberSettings();
  const cache = await caches.open(OWN);
  const paths = Object.keys(FILES);
  const fetchInTurn = async () => {
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
      if (!(await found(address(path), OWN))) await cache.put(address(path), await fetched(path));
    }
  };
  await Promise.all(Array.from({ length: N_AT_ONCE }, fetchInTurn));
}

async function otherReleases() {
  const names = await caches.keys();
  return names.filter((name) => name.startsWith(PREFIX) && name !== OWN && name !== SEEN);
}

// Deletes the other releases once every page that is open is of this one, unless another is about to take over.
async function tidy() {
  if (self.registration.installing || self.registration.waiting) return;
  const open = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const cache = await caches.open(OWN);
  const own = await Promise.all(open.map(({ id }) => cache.match(record(id))));
  if (own.every(Boolean)) await Promise.all((await otherReleases()).map((name) => caches.delete(name)));
}

// Sent by the page whose user wants the new version. Browsers wait for minutes before they replace a worker with an
// unfinished request; until then, that worker serves the page of the release that is written down here.
async function takeOver() {
  const cache = await caches.open(SEEN);
  await cache.put(NEXT, new Response(OWN));
  await self.skipWaiting();
}

async function forgetNext() {
  const cache = await caches.open(SEEN);
  await cache.delete(NEXT);
}

async function current() {
  const next = await found(NEXT, SEEN);
  const name = next && (await next.text());
  return name && (await caches.has(name)) ? name : OWN;
}

async function page(event) {
  const name = await current();
  const stored = await found(SCOPE, name);
  if (!stored) return fetch(event.request); // the browser has cleared it
  const cache = await caches.open(name);
  event.waitUntil(cache.put(record(event.resultingClientId), new Response()).then(tidy));
  return stored;
}

// Names contain a digest of the contents, so that an old page gets its own files after another release took over.
async function file(request) {
  for (const name of [OWN, ...(await otherReleases())]) {
    const stored = await found(request.url, name);
    if (stored) return stored;
  }
  return fetch(request);
}

async function signIn(event) {
  if (isSignedOut) return; // it was tried
  isSignedOut = true;
  const client = await self.clients.get(event.clientId);
  await client?.navigate(client.url);
}

async function settings(event) {
  const seen = await found(SETTINGS, SEEN);
  let answer;
  try {
    const signal = seen ? AbortSignal.timeout(PATIENCE_MS) : null;
    answer = await fetch(event.request, { redirect: 'manual', signal });
  } catch (error) {
    if (seen) return seen;
    throw error;
  }
  if (answer.type === 'opaqueredirect' || answer.status === 401) {
    event.waitUntil(signIn(event));
    return new Response(null, { status: 401 });
  }
  isSignedOut = false;
  if (!isSettings(answer)) return seen ?? answer;
  const cache = await caches.open(SEEN);
  event.waitUntil(cache.put(SETTINGS, answer.clone()));
  return answer;
}

function isPage(url) {
  if (!url.startsWith(SCOPE)) return false;
  const path = url.slice(SCOPE.length).split(/[?#]/)[0];
  return path === '' || PAGES.includes(path.split('/')[0]);
}

function isFile(url) {
  if (url.startsWith(ASSETS)) return true;
  return url.startsWith(SCOPE) && url !== SCOPE && Object.hasOwn(FILES, url.slice(SCOPE.length));
}

self.addEventListener('install', (event) => event.waitUntil(store()));
self.addEventListener('activate', (event) => event.waitUntil(forgetNext().then(tidy)));

self.addEventListener('message', (event) => {
  if (event.data === 'take over') event.waitUntil(takeOver());
});

self.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  if (method !== 'GET') return;
  if (mode === 'navigate') {
    if (isPage(url) && !isSignedOut) event.respondWith(page(event));
  } else if (url === SETTINGS) {
    event.respondWith(settings(event));
  } else if (isFile(url)) {
    event.respondWith(file(event.request));
  }
});
