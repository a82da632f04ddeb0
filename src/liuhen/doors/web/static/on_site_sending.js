// 发送: what waits goes to the server by itself, in order, as often as it takes and once only.
// Events carry ids made here and go as batches that may be repeated; files go by tus with both digests.
const BATCH = 100;
const PAUSES = [5000, 15000, 30000, 60000];
const PIECE = 8 << 20;
const ALTERED_MOST = 3;
const HELD = "这段拍摄没有入库，不能标记";
import { isAbandoned, isFull } from "./on_site_keeping.js";

export const OVER = new Set(["done", "quarantined", "empty"]);

export class SignedOut extends Error {}
export class Unreachable extends Error {}

const token = () => document.cookie.split("; ").find((one) => one.startsWith("csrftoken="))?.slice("csrftoken=".length) ?? "";

// Asks the server for JSON. Throws Unreachable, SignedOut; other refusals are given back with their sentence.
export async function ask(address, { method = "GET", body, patience = 30000 } = {}) {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), patience);
  let answer, said;
  try {
    answer = await fetch(address, { method, signal: stop.signal, headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token() }, body: body === undefined ? undefined : JSON.stringify(body) });
    said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
  } catch {
    throw new Unreachable();
  } finally {
    clearTimeout(timer);
  }
  if (answer.redirected || answer.status === 401) throw new SignedOut();
  if (answer.status >= 500 || answer.status === 429) throw new Unreachable();
  if (answer.ok && said === null) throw new Unreachable(); // a gate of the network speaks, not our server
  return { ok: answer.ok, status: answer.status, said, kept: answer.headers.get("X-Liuhen-Kept") !== null };
}

export class Sending {
  // `show()` is called whenever something changed, `failed()` when the server could not be spoken to; `where` gives its addresses.
  constructor(keeping, where, show, failed) {
    Object.assign(this, { keeping, where, show, failed, busy: false, again: false, failures: 0, state: "", current: null, timer: 0, upload: null });
  }

  later(pause) { clearTimeout(this.timer); this.timer = setTimeout(() => this.send(), pause); }

  async send() {
    if (this.busy) { this.again = true; return; }
    clearTimeout(this.timer);
    this.busy = true;
    const alone = navigator.locks ? (work) => navigator.locks.request("liuhen-on-site-sending", { ifAvailable: true }, (lock) => (lock ? work() : this.later(PAUSES[1]))) : (work) => work();
    try {
      await alone(() => this._all());
    } catch (fault) {
      this._failed(fault);
    } finally {
      this.busy = false;
      this.current = null;
      this.show();
    }
    if (this.again) { this.again = false; this.later(0); }
  }

  async _all() {
    this.state = "sending";
    this.show();
    await this._events();
    for (const { id } of await this.keeping.all("captures")) {
      const capture = await this.keeping.get("captures", id); // it may have gone on while the one before was sent
      const isLeft = capture.state === "taking" && capture.size > 0 && (await isAbandoned(id));
      if (isLeft || ["kept", "stored"].includes(capture.state)) await this._capture(isLeft ? await this.keeping.get("captures", id) : capture);
    }
    await this._events();
    this.failures = 0;
    this.state = "";
  }

  _failed(fault) {
    this.state = fault instanceof SignedOut ? "signed-out" : "waiting";
    if (!(fault instanceof SignedOut || fault instanceof Unreachable)) { this.state = "trouble"; console.warn(fault); }
    this.failed();
    this.later(PAUSES[Math.min(this.failures++, PAUSES.length - 1)]);
  }

  // --- events ---------------------------------------------------------------------------------------------------------
  async _events() {
    const captures = new Map((await this.keeping.all("captures")).map((one) => [one.id, one]));
    const ready = [];
    for (const event of await this.keeping.all("events")) {
      if (event.state === "refused") continue;
      const fit = event.capture ? await this._settle(event, captures.get(event.capture)) : event;
      if (fit) ready.push(fit);
    }
    for (const uid of new Set(ready.map((one) => one.case))) {
      const own = ready.filter((one) => one.case === uid);
      for (let at = 0; at < own.length; at += BATCH) await this._batch(uid, own.slice(at, at + BATCH));
    }
    this.show();
  }

  // An event on a film waits until the film has its name on the server; gives the event to send, or null to wait.
  async _settle(event, capture) {
    if (capture?.state === "done" && capture.recording) {
      const longest = capture.length_ms === null || capture.length_ms === undefined ? Infinity : capture.length_ms / 1000;
      const second = event.content.second === undefined ? undefined : String(Math.min(Number(event.content.second), longest));
      const within = event.type.startsWith("recording.");
      const content = { ...event.content, ...(second === undefined ? {} : { second }), ...(within ? {} : { recording: capture.recording }) };
      return { ...event, content, ...(within ? { recording: capture.recording } : {}) };
    }
    if (capture && !OVER.has(capture.state)) return null;
    if (event.type.startsWith("recording.")) { await this._refuse(event, HELD); return null; }
    const { second, ...content } = event.content; // what was said stays true, only the film that shows it is missing
    return { ...event, content };
  }

  async _batch(uid, events) {
    for (const one of events) if (one.state === "waiting") await this.keeping.change("events", one.order, { state: "tried" }).catch((fault) => { if (!isFull(fault)) throw fault; });
    let left = events;
    while (left.length) {
      const answer = await ask(this.where.events(uid), { method: "POST", body: { events: left.map(({ id, type, at, content, recording }) => ({ id, type, at, content, ...(recording ? { recording } : {}) })) } });
      this.failures = 0; // somebody is there: the next pause is a short one again
      if (answer.ok) { for (const one of left) await this.keeping.remove("events", one.order); break; }
      if (answer.status === 403) throw new SignedOut();
      if (!answer.said?.message) throw new Unreachable();
      const at = this._blamed(answer.said, left);
      if (at === null && left.length > 1) { for (const one of left) await this._batch(uid, [one]); break; }
      await this._refuse(left[at ?? 0], answer.said.message);
      left = left.filter((_, index) => index !== (at ?? 0));
    }
    this.show();
  }

  _blamed({ place, message }, events) {
    const named = /^events\[(\d+)\]/.exec(place ?? "");
    if (named) return Number(named[1]);
    const found = events.findIndex((one) => message.includes(one.id));
    return found < 0 ? null : found;
  }

  _refuse(event, reason) { return this.keeping.change("events", event.order, { state: "refused", reason }); }

  // --- files ----------------------------------------------------------------------------------------------------------
  async _capture(capture) {
    this.current = { id: capture.id, share: 0 };
    this.show();
    if (capture.state !== "stored") {
      const outcome = await this._send(capture);
      if (outcome === null) return;
      if (outcome.status === "quarantined") { await this.keeping.letGo(capture.id, { state: "quarantined", note: outcome.reason }); this.show(); return; }
      this.failures = 0;
      Object.assign(capture, { state: "stored", recording: outcome.recording });
      await this.keeping.letGo(capture.id, { state: "stored", recording: outcome.recording, note: "" });
    }
    await this._link(capture);
  }

  async _link(capture) {
    if (!capture.recording) { await this.keeping.change("captures", capture.id, { state: "done" }); return; }
    const answer = await ask(this.where.link(capture.case, capture.act, capture.recording), { method: "POST" });
    const said = answer.ok ? answer.said : {};
    // Linked here, or elsewhere by a person: either way somebody knows what it shows.
    const changes = said.act ? { state: "done", length_ms: said.length_ms, note: said.reason } : { note: `已入库，还没有关联本次活动：${said.reason || "请在“入库”页关联"}` };
    await this.keeping.change("captures", capture.id, changes);
    this.show();
  }

  async _send(capture) {
    const file = await this.keeping.whole(capture);
    if (file.size === 0) return this._alreadyGone(capture);
    if (!capture.sha256) {
      Object.assign(capture, await this._digest(capture.id, file));
      await this._note(capture.id, { sha256: capture.sha256, sm3: capture.sm3 });
    }
    try {
      await this._upload(capture, file);
    } catch (fault) {
      if (!(await this._forgiven(capture, fault))) throw fault;
      return null;
    }
    return this._outcome(capture);
  }

  // Its pieces were let go on a full device just before the page was killed: the server still knows.
  async _alreadyGone(capture) {
    if (capture.upload) return this._outcome(capture);
    await this._note(capture.id, { state: "empty" });
    return null;
  }

  // What only saves work when it is written down must not stop the sending that makes room.
  _note(id, changes) { return this.keeping.change("captures", id, changes).catch((fault) => { if (!isFull(fault)) throw fault; }); }

  // The digests' own program stands beside the page: WebAssembly is allowed to it alone.
  _digest(id, file) {
    return new Promise((resolve, reject) => {
      const worker = new Worker(this.where.digester);
      const end = (settle, value) => { worker.terminate(); settle(value); };
      worker.onmessage = ({ data }) => { if (data.sha256) end(resolve, { sha256: data.sha256, sm3: data.sm3 }); else if (data.fault) end(reject, new Error(data.fault)); };
      worker.onerror = () => end(reject, new Unreachable());
      worker.postMessage({ id, file });
    });
  }

  _upload(capture, file) {
    const said = { filename: capture.name, sha256: capture.sha256, sm3: capture.sm3, officer: this.where.officer, case: capture.case, act: capture.act, started: capture.started, ended: capture.ended };
    return new Promise((resolve, reject) => {
      const upload = new window.tus.Upload(file, {
        endpoint: this.where.uploads,
        uploadUrl: capture.upload ?? null,
        chunkSize: PIECE,
        retryDelays: [0, 1000, 3000],
        storeFingerprintForResuming: false,
        metadata: Object.fromEntries(Object.entries(said).filter(([, words]) => words)),
        headers: { "X-CSRFToken": token() },
        onUploadUrlAvailable: () => { capture.upload = upload.url; this._note(capture.id, { upload: upload.url }); },
        onProgress: (sent, whole) => { this.current = { id: capture.id, share: whole ? sent / whole : 0 }; this.show(); },
        onShouldRetry: (fault) => [0, 409, 423, 502, 503, 504].includes(fault.originalResponse?.getStatus() ?? 0) && navigator.onLine,
        onSuccess: resolve,
        onError: reject,
      });
      this.upload = upload;
      upload.start();
    });
  }

  // Says whether the next file may go on; what cannot be mended by waiting is noted, and nothing of it is let go.
  async _forgiven(capture, fault) {
    const status = fault.originalResponse?.getStatus() ?? 0, sentence = fault.originalResponse?.getBody() ?? "";
    if (status === 401 || status === 403) throw new SignedOut();
    if (status === 460 || status === 410) { await this._altered(capture); return true; }
    if (status === 0 || status >= 500 || status === 409 || status === 423) {
      if (status === 507) await this._note(capture.id, { note: sentence });
      throw new Unreachable();
    }
    await this._note(capture.id, { note: `服务器没有接收：${sentence || status}` });
    return true;
  }

  // The server set aside what arrived otherwise than it was sent; what is kept here is sent anew.
  async _altered(capture) {
    const altered = (capture.altered ?? 0) + 1;
    await this._note(capture.id, { upload: null, altered, note: altered < ALTERED_MOST ? "传输中被改动，将重新发送" : "几次传输都被改动，请换一个网络再点“立即发送”" });
    if (altered < ALTERED_MOST) this.again = true;
  }

  async _outcome(capture) {
    for (let pause = 250; ; pause = Math.min(2 * pause, 2000)) {
      const answer = await ask(capture.upload);
      if (answer.status === 404) { await this._note(capture.id, { upload: null }); throw new Unreachable(); }
      if (!answer.ok) throw new Unreachable();
      if (answer.said.status === "altered") { await this._altered(capture); return null; }
      if (!["ingesting", "arriving"].includes(answer.said.status)) return answer.said;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
