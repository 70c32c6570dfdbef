// Keeps the kiosk's page and its files for when there is no network. Answers are not its
// business: kiosk.js keeps and sends them.
"use strict";
const STORE = "kiosk-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(
    (async () => {
      const store = await caches.open(STORE);
      try {
        const fresh = await fetch(request);
        if (fresh.ok) await store.put(request, fresh.clone());
        return fresh;
      } catch (error) {
        const kept = await store.match(request, { ignoreVary: true });
        if (kept) return kept;
        throw error;
      }
    })(),
  );
});
