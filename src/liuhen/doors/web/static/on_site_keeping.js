// 留存: what was taken and noted on site stays in this browser until the server has it. One database a person.
// Pieces of a film are written while it is being filmed, so that a page that is killed loses no more than the last second.
export const PREFIX = "liuhen-on-site:";
const STRICT = { durability: "strict" };

const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
const settled = (turn) => {
  const over = new Promise((resolve, reject) => { turn.oncomplete = () => resolve(); turn.onabort = () => reject(turn.error ?? new Error("aborted")); });
  over.catch(() => undefined); // whoever waits hears of it
  return over;
};

export const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class Keeping {
  static async open(person) {
    const asked = indexedDB.open(PREFIX + person, 1);
    asked.onupgradeneeded = () => {
      const db = asked.result;
      db.createObjectStore("acts", { keyPath: "uid" });
      db.createObjectStore("events", { keyPath: "order", autoIncrement: true });
      db.createObjectStore("captures", { keyPath: "id" });
      db.createObjectStore("chunks", { keyPath: ["capture", "number"] });
      db.createObjectStore("notes", { keyPath: "name" });
    };
    const db = await done(asked);
    db.onversionchange = () => db.close();
    return new Keeping(db);
  }

  constructor(db) { this.db = db; }

  get(store, key) { return done(this.db.transaction(store).objectStore(store).get(key)); }
  all(store) { return done(this.db.transaction(store).objectStore(store).getAll()); }

  async put(store, value) {
    const turn = this.db.transaction(store, "readwrite", STRICT), kept = settled(turn);
    const key = done(turn.objectStore(store).put(value));
    await kept;
    return key;
  }

  // What is changed is read and written in one turn: two tabs and the sender may change different things of it.
  async change(store, key, changes) {
    const turn = this.db.transaction(store, "readwrite", STRICT);
    this._mend(turn, store, key, (found) => found && { ...found, ...changes });
    await settled(turn);
  }

  _mend(turn, store, key, mend) {
    const place = turn.objectStore(store);
    place.get(key).onsuccess = ({ target }) => { const made = mend(target.result); if (made) place.put(made); };
  }

  async remove(store, key) {
    const turn = this.db.transaction(store, "readwrite", STRICT), kept = settled(turn);
    turn.objectStore(store).delete(key);
    await kept;
  }

  // An act as it goes on, and what happened in it, stand together or not at all.
  async note(act, ...events) {
    const turn = this.db.transaction(["acts", "events"], "readwrite", STRICT), kept = settled(turn);
    if (act) turn.objectStore("acts").put(act);
    events.forEach((event) => turn.objectStore("events").add(event));
    await kept;
  }

  async addPiece(capture, number, piece, changes) {
    const turn = this.db.transaction(["captures", "chunks"], "readwrite", STRICT);
    turn.objectStore("chunks").put({ capture, number, piece });
    this._mend(turn, "captures", capture, (found) => ({ ...found, ...changes, size: (found.size ?? 0) + piece.size }));
    await settled(turn);
  }

  async whole(capture) {
    const place = this.db.transaction("chunks").objectStore("chunks");
    const pieces = await done(place.getAll(IDBKeyRange.bound([capture.id, 0], [capture.id, Number.MAX_SAFE_INTEGER])));
    return new Blob(pieces.map((one) => one.piece), { type: capture.type });
  }

  // Only after the server said what became of it. On a full device the pieces go first, to make room for the word.
  async letGo(capture, changes) {
    const all = IDBKeyRange.bound([capture, 0], [capture, Number.MAX_SAFE_INTEGER]);
    const both = () => {
      const turn = this.db.transaction(["captures", "chunks"], "readwrite", STRICT);
      turn.objectStore("chunks").delete(all);
      this._mend(turn, "captures", capture, (found) => ({ ...found, ...changes, upload: null }));
      return settled(turn);
    };
    await both().catch(async (fault) => {
      if (!isFull(fault)) throw fault;
      const turn = this.db.transaction("chunks", "readwrite", STRICT);
      turn.objectStore("chunks").delete(all);
      await settled(turn);
      await both();
    });
  }
}

export const isFull = (fault) => fault?.name === "QuotaExceededError";

// Whether a film is still being made by a living page: the lock dies with it.
export const holdCapture = (id) => new Promise((resolve) => {
  if (!navigator.locks) { resolve(() => {}); return; }
  navigator.locks.request(`liuhen-capture:${id}`, () => new Promise((release) => resolve(release)));
});
export const isAbandoned = (id) => navigator.locks ? navigator.locks.request(`liuhen-capture:${id}`, { ifAvailable: true }, (lock) => lock !== null) : Promise.resolve(true);

// Films whose page was killed: what was written of them is whole enough to be sent. Gives those found.
export async function recover(keeping) {
  const found = [];
  for (const capture of await keeping.all("captures")) {
    if (capture.state !== "taking" || !(await isAbandoned(capture.id))) continue;
    const changes = capture.size ? { state: "kept", note: "页面意外关闭，关闭前已录的都在" } : { state: "empty" };
    await keeping.change("captures", capture.id, changes).catch(() => undefined); // a full device: it is sent all the same
    if (capture.size) found.push({ ...capture, ...changes });
  }
  return found;
}
