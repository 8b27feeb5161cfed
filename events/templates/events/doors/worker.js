{% load static %}// Keeps the page of one door and what it needs, for when the network is away.
"use strict";
const KEPT = "door-{{ token|escapejs }}";
const PAGE = "{% filter escapejs %}{% url 'doors:door' token %}{% endfilter %}";
const PARTS = [PAGE, "{% filter escapejs %}{% static 'css/site.css' %}{% endfilter %}", "{% filter escapejs %}{% static 'js/door_store.js' %}{% endfilter %}", "{% filter escapejs %}{% static 'js/door.js' %}{% endfilter %}", "{% filter escapejs %}{% static 'img/mark.svg' %}{% endfilter %}"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(PARTS)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = new URL(request.url);
  const isPage = address.pathname === PAGE;
  if (!isPage && !PARTS.includes(address.pathname)) return;
  event.respondWith((async () => {
    const cache = await caches.open(KEPT);
    try {
      const answer = await fetch(request);
      if (answer.ok) await cache.put(isPage ? PAGE : request, answer.clone());
      // A link that was taken back must not live on in the telephone.
      else if (isPage && answer.status === 404) await caches.delete(KEPT);
      return answer;
    } catch (error) {
      const kept = await cache.match(isPage ? PAGE : request);
      if (kept) return kept;
      throw error;
    }
  })());
});
