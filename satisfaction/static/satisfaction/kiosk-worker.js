// Keeps the kiosk's page and its files for when there is no network. Answers are not its
// business: kiosk.js keeps and sends them.
"use strict";
const STORE = "kiosk-1";

// The page that starts the worker has come already, with its files: kept here, so that the
// network may go before anybody opens it again.
const prepare = async () => {
  const page = self.registration.scope;
  const store = await caches.open(STORE);
  const fresh = await fetch(page);
  if (!fresh.ok) throw new Error(`kiosk: ${fresh.status}`);
  const html = await fresh.clone().text();
  const files = [...html.matchAll(/<(?:link|script)\b[^>]*\b(?:href|src)="([^"]+)"/g)];
  await Promise.all([
    store.put(page, fresh),
    store.addAll(files.map(([, address]) => new URL(address, page).href)),
  ]);
};

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(prepare());
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(
    (async () => {
      const store = await caches.open(STORE);
      try {
        const fresh = await fetch(request);
        // 410: the kiosk was ended; the form is not to come back when the network goes.
        if (fresh.ok || fresh.status === 410) await store.put(request, fresh.clone());
        return fresh;
      } catch (error) {
        const kept = await store.match(request, { ignoreVary: true });
        if (kept) return kept;
        throw error;
      }
    })(),
  );
});
