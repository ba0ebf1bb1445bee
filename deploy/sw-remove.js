// Takes the place of sw.js to remove it from browsers: deletes the files that it stored and ends. Pages that are open
// go on, and come from the host from the next load on.
const PREFIX = `muster ${self.registration.scope} `;

async function remove() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX)) await caches.delete(name);
  }
  await self.registration.unregister();
}

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(remove()));
