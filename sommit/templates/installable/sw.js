/* A page that cannot be fetched is answered with "hors ligne". Only that page and the files it is made of are kept:
   nothing of a venue, no page of who is signed in, no answer to a form or to htmx. */
"use strict";
const CACHE = {{ version | tojson }};
const PAGE = {{ page | tojson }};
const FILES = {{ files | tojson }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([PAGE, ...FILES])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const others = (names) => names.filter((name) => name !== CACHE);
  event.waitUntil(Promise.all([
    caches.keys().then((names) => Promise.all(others(names).map((name) => caches.delete(name)))),
    self.registration.navigationPreload?.enable(), /* the page is on its way while this script wakes up */
  ]));
});

async function page(event) {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    return (await caches.match(PAGE)) || Response.error();
  }
}

const file = async (request) => (await caches.match(request)) || fetch(request);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, search } = new URL(request.url);
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (FILES.includes(pathname + search)) event.respondWith(file(request));
});
