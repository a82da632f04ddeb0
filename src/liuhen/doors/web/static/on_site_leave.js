// Whoever stands at the sign-in page is nobody yet: what the on-site pages took along is cleared, what was not sent stays.
const PREFIX = "liuhen-on-site:", OVER = new Set(["done", "quarantined", "empty"]);
const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });

async function clear(name) {
  const db = await done(indexedDB.open(name));
  if (![...["acts", "events", "captures"]].every((store) => db.objectStoreNames.contains(store))) { db.close(); return; }
  const turn = db.transaction(["acts", "events", "captures", "chunks"], "readwrite"), over = new Promise((resolve) => { turn.oncomplete = resolve; turn.onabort = resolve; });
  const [acts, events, captures] = await Promise.all(["acts", "events", "captures"].map((store) => done(turn.objectStore(store).getAll())));
  const waiting = captures.filter((one) => !OVER.has(one.state));
  const needed = new Set([...events, ...waiting].map((one) => one.act)), named = new Set(events.map((one) => one.capture));
  acts.filter((one) => !needed.has(one.uid) && !one.gap && !one.resumed).forEach((one) => turn.objectStore("acts").delete(one.uid));
  captures.filter((one) => OVER.has(one.state) && !named.has(one.id)).forEach((one) => turn.objectStore("captures").delete(one.id));
  const isEmpty = events.length === 0 && waiting.length === 0 && acts.every((one) => !one.gap && !one.resumed);
  await over;
  db.close();
  if (isEmpty) indexedDB.deleteDatabase(name);
}

const kept = window.caches ? (await caches.keys()).filter((name) => name.startsWith("on-site:")) : [];
await Promise.all(kept.map((name) => caches.delete(name)));
for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? []) if (new URL(one.scope).pathname.startsWith("/cases/")) await one.unregister();
const names = ((await indexedDB.databases?.()) ?? []).map((one) => one.name).filter((name) => name?.startsWith(PREFIX));
await Promise.all(names.map((name) => clear(name).catch(() => undefined)));
document.documentElement.dataset.left = "yes";
