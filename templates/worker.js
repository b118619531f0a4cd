{% load static %}{% comment %}Pages come from the network. Kept are the shell, pictures, and pages that say they are for everybody and hold nothing of anybody: what is shown where there is no network.{% endcomment %}
"use strict";
{% if is_on %}
const SHELL = "shell-{{ version }}", PAGES = "pages-{{ version }}", PICTURES = "pictures-1";
const OFFLINE = "{{ offline|escapejs }}", MEDIA = "{{ media|escapejs }}";
const FILES = [{% for file in shell %}"{{ file|escapejs }}", {% endfor %}];
const PAGES_MAX = 30, PICTURES_MAX = 80, PATIENCE = 3000;

self.addEventListener("install", (event) => {
  const fresh = [OFFLINE, ...FILES].map((path) => new Request(path, { credentials: "omit", cache: "reload" }));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const kept = [SHELL, PAGES, PICTURES];
  const drop = (names) => Promise.all(names.filter((name) => !kept.includes(name)).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(drop).then(() => self.clients.claim()));
});

const keep = async (name, key, answer, most) => {
  const cache = await caches.open(name);
  await cache.put(key, answer);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((old) => cache.delete(old)));
};

/* A page that everybody may see, by its path alone: what was asked for behind a question mark is the visitor's. */
const keyOf = (url) => (url.search === "" || url.search === "?src=pwa" ? url.pathname : null);

const page = async (event, url) => {
  const key = keyOf(url);
  const network = fetch(event.request).then((answer) => {
    if (key && answer.ok && !answer.redirected && answer.headers.get("X-Page") === "public") {
      event.waitUntil(keep(PAGES, key, answer.clone(), PAGES_MAX));
    }
    return answer;
  });
  const kept = async () => (key ? (await caches.open(PAGES)).match(key) : undefined);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(kept).then((answer) => answer || network);
  try {
    return await Promise.race([network, late]);
  } catch {
    return (await kept()) || (await caches.open(SHELL)).match(OFFLINE);
  }
};

const picture = async (event) => {
  const cache = await caches.open(PICTURES);
  const known = await cache.match(event.request);
  const fresh = fetch(event.request).then((answer) => {
    const mayBeKept = answer.status === 200 && !/no-store|private/.test(answer.headers.get("Cache-Control") || "");
    if (mayBeKept) event.waitUntil(keep(PICTURES, event.request, answer.clone(), PICTURES_MAX));
    return answer;
  });
  if (known) event.waitUntil(fresh.catch(() => {}));
  return known || fresh;
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (FILES.includes(url.pathname)) event.respondWith(caches.match(request, { ignoreVary: true }).then((known) => known || fetch(request)));
  else if (request.destination === "image" && url.pathname.startsWith(MEDIA)) event.respondWith(picture(event));
});
{% else %}
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  const empty = caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))));
  event.waitUntil(empty.then(() => self.registration.unregister()));
});
{% endif %}
