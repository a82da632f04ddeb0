// 现场页的离线副本: opens the on-site page of one case where there is no network. It keeps that page, its data and the shell,
// nothing of any other case; what the server refuses is thrown away, and signing out clears it.
const TOLD = {{ told|safe }};
const { page: PAGE, data: DATA, shell: SHELL } = TOLD;
const MINE = `:${TOLD.case}`, CACHE = `on-site:${TOLD.person}${MINE}`;
const ACT = new RegExp(`^/cases/${TOLD.case}/acts/[0-9A-Za-z_-]+/on-site/$`);
const PATIENCE = 4000; // milliseconds: a network that does not answer is no network

const isFresh = (answer) => answer.ok && answer.type === "basic" && !answer.redirected;

async function fill() {
  const cache = await caches.open(CACHE);
  await Promise.all([PAGE, DATA, ...SHELL].map(async (address) => {
    const answer = await fetch(address, { cache: "no-cache" });
    if (!isFresh(answer)) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  }));
}

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const others = (await caches.keys()).filter((name) => name.startsWith("on-site:") && name.endsWith(MINE) && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === PAGE || ACT.test(pathname)) event.respondWith(answer(event, PAGE));
  } else if (pathname === DATA) {
    event.respondWith(answer(event, DATA));
  } else if (pathname.startsWith("/static/")) {
    event.respondWith(answer(event, pathname));
  }
});

// The network first, what is kept where it does not answer.
async function answer(event, key) {
  const cache = await caches.open(CACHE), kept = await cache.match(key);
  const asked = fetch(event.request).then(async (found) => {
    if (isFresh(found)) await cache.put(key, found.clone());
    else if ([403, 404].includes(found.status) && [PAGE, DATA].includes(key)) await caches.delete(CACHE);
    else if (found.status >= 500 && kept) return marked(kept.clone());
    return found;
  });
  if (!kept) return asked;
  event.waitUntil(asked.catch(() => undefined));
  const late = new Promise((resolve) => setTimeout(() => resolve(marked(kept.clone())), PATIENCE));
  return Promise.race([asked.catch(() => marked(kept.clone())), late]);
}

// The page must not take a kept answer for the server's clock.
function marked(kept) {
  const headers = new Headers(kept.headers);
  headers.set("X-Liuhen-Kept", "1");
  return new Response(kept.body, { status: kept.status, statusText: kept.statusText, headers });
}

// Fonts come in slices as texts need them: the page names those that it used.
self.addEventListener("message", (event) => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  for (const address of event.data?.keep ?? []) {
    if (new URL(address, self.location).pathname.startsWith("/static/") && !(await cache.match(address))) await cache.add(address).catch(() => undefined);
  }
})()));
