{% load static %}// Computes SHA-256 and SM3 of whole files beside the page, slice by slice; memory stays at one slice however large the file is.
importScripts("{% static 'vendor/hash-wasm/sha256.umd.min.js' %}", "{% static 'vendor/hash-wasm/sm3.umd.min.js' %}");
const SLICE = 4 << 20;
const dropped = new Set();
let turn = Promise.resolve();

async function digest({ id, file }) {
  const [sha256, sm3] = await Promise.all([self.hashwasm.createSHA256(), self.hashwasm.createSM3()]);
  for (let at = 0; at < file.size; at += SLICE) {
    if (dropped.delete(id)) return;
    const slice = new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer());
    sha256.update(slice);
    sm3.update(slice);
    self.postMessage({ id, done: Math.min(at + SLICE, file.size) });
  }
  self.postMessage({ id, sha256: sha256.digest("hex"), sm3: sm3.digest("hex") });
}

self.onmessage = ({ data }) => {
  if (data.drop) { dropped.add(data.drop); return; }
  // One file after the other: two at once would only make both slower.
  turn = turn.then(() => digest(data)).catch((fault) => self.postMessage({ id: data.id, fault: String(fault) }));
};
