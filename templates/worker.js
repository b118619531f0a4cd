{% comment %}Pages always come from the network; without one, the offline page is shown. Nothing else is kept.{% endcomment %}
"use strict";
const CACHE = "offline-1";
const OFFLINE = "{{ offline|escapejs }}";
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([OFFLINE, "{{ style|escapejs }}"])).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE)));
  } else if (event.request.url.endsWith("{{ style|escapejs }}")) {
    event.respondWith(fetch(event.request).catch(() => caches.match(event.request)));
  }
});
