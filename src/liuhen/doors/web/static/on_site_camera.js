// 拍摄: a film, a sound or a photo, written into the keeping second by second while it is made.
import { holdCapture, isFull, newId } from "./on_site_keeping.js";
import { stampOf } from "./on_site_parts.js";

const PIECE = 1000; // milliseconds: what a killed page loses at most
// WebM first: it can be read up to wherever it was cut. iPhones of before 2024 have MP4 alone.
const TYPES = {
  video: ["video/webm;codecs=vp8,opus", "video/webm;codecs=vp9,opus", "video/webm", "video/mp4"],
  audio: ["audio/webm;codecs=opus", "audio/webm", "audio/mp4"],
};
const RATES = { videoBitsPerSecond: 2500000, audioBitsPerSecond: 64000 };
const WORDS = { video: "录像", audio: "录音", photo: "照片" };
const ENDINGS = { "video/webm": "webm", "audio/webm": "webm", "video/mp4": "mp4", "audio/mp4": "m4a", "image/jpeg": "jpg", "image/png": "png", "video/quicktime": "mov", "audio/mpeg": "mp3", "audio/wav": "wav" };
const ASKED = { video: { video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } }, audio: true }, audio: { audio: true }, photo: { video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } } } };

export const canFilm = () => Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);
const plain = (type) => type.split(";")[0];
const nameOf = (act, kind, at, type) => `${act.kind}-${WORDS[kind]}-${stampOf(at)}.${ENDINGS[plain(type)] ?? "bin"}`;

export class Camera {
  // `tell(what, detail)` hears: ended (by the system or for want of room), kept.
  constructor(keeping, clock, tell) { Object.assign(this, { keeping, clock, tell, live: null, stream: null }); }

  get isFilming() { return this.live !== null; }
  get seconds() { return this.live ? (performance.now() - this.live.from) / 1000 : 0; }

  async look(kind) {
    this.close();
    this.stream = await navigator.mediaDevices.getUserMedia(ASKED[kind]);
    return this.stream;
  }

  close() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
  }

  _record(act, kind, type, at) {
    return { id: newId(), case: act.case, act: act.uid, kind, type: plain(type), name: nameOf(act, kind, at, type), started: at.toISOString(), ended: at.toISOString(), ahead: this.clock.ahead, size: 0, state: "taking", note: "" };
  }

  async start(act, kind) {
    const stream = await this.look(kind);
    const type = TYPES[kind].find((one) => MediaRecorder.isTypeSupported(one));
    const recorder = new MediaRecorder(stream, { mimeType: type, ...RATES });
    const live = { recorder, number: 0, writing: Promise.resolve(), full: false };
    const begun = new Promise((resolve, reject) => { recorder.onstart = resolve; recorder.onerror = (event) => reject(event.error ?? event); });
    recorder.ondataavailable = (event) => { if (event.data.size) this._write(live, event.data, performance.now() - live.from); };
    recorder.start(PIECE);
    await begun;
    Object.assign(live, { capture: this._record(act, kind, recorder.mimeType || type, this.clock.now()), from: performance.now() });
    // The place of the film before its first piece: pieces that come meanwhile wait in line behind it.
    live.writing = holdCapture(live.capture.id).then((release) => { live.release = release; return this.keeping.put("captures", live.capture); });
    try {
      await live.writing;
    } catch (fault) {
      recorder.stop();
      live.release?.();
      throw fault;
    }
    recorder.onerror = () => this._break("系统中断了拍摄");
    stream.getTracks().forEach((track) => { track.onended = () => this._break("摄像头或者麦克风被系统收回"); });
    this.live = live;
    return live.capture;
  }

  _write(live, piece, elapsed) {
    const ended = new Date(new Date(live.capture.started).getTime() + elapsed).toISOString();
    live.writing = live.writing.then(async () => {
      if (live.full) return; // a film must have no hole in its middle
      try {
        await this.keeping.addPiece(live.capture.id, live.number++, piece, { ended });
        Object.assign(live.capture, { ended, size: live.capture.size + piece.size });
      } catch (fault) {
        live.full = true;
        this._break(isFull(fault) ? "本机存储已满" : "本机存储写不进去");
      }
    });
  }

  _break(why) {
    if (this.live) this.stop(why).then((capture) => this.tell("ended", { capture, why }));
  }

  // Ends the film; everything of it is kept when this returns.
  async stop(note = "") {
    const live = this.live;
    if (!live) return null;
    this.live = null;
    const over = new Promise((resolve) => { live.recorder.onstop = resolve; });
    if (live.recorder.state === "inactive") await new Promise((resolve) => setTimeout(resolve, 200)); // its last piece is on its way
    else { live.recorder.stop(); await over; }
    await live.writing;
    this.close();
    live.capture.state = live.capture.size ? "kept" : "empty";
    // Where even this finds no room, the film is known by its lock being free.
    await this.keeping.change("captures", live.capture.id, { state: live.capture.state, note }).catch(() => undefined);
    live.release?.();
    this.tell("kept", live.capture);
    return live.capture;
  }

  // A still: of the film that goes on, or of the picture that the camera shows.
  async shoot(act, screen) {
    const at = this.clock.now(), piece = await this._still(screen);
    return this._keepWhole(act, "photo", piece, at, at);
  }

  async _still(screen) {
    const track = this.stream.getVideoTracks()[0];
    if (!this.live && window.ImageCapture) {
      try { return await new ImageCapture(track).takePhoto(); } catch { /* some cameras only show what they see */ }
    }
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: screen.videoWidth, height: screen.videoHeight });
    canvas.getContext("2d").drawImage(screen, 0, 0);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
  }

  // What the telephone's own camera program brought; its length says when it began.
  async take(act, kind, file) {
    const ended = new Date(file.lastModified - this.clock.ahead);
    const length = kind === "photo" ? 0 : await lengthOf(file, kind);
    return this._keepWhole(act, kind, file, length === null ? null : new Date(ended.getTime() - length), ended);
  }

  async _keepWhole(act, kind, piece, started, ended) {
    const capture = this._record(act, kind, piece.type || "image/jpeg", started ?? ended);
    Object.assign(capture, { started: started?.toISOString() ?? null, ended: started ? ended.toISOString() : null, state: "empty" });
    await this.keeping.put("captures", capture);
    try {
      await this.keeping.addPiece(capture.id, 0, piece, { state: "kept" });
    } catch (fault) {
      await this.keeping.remove("captures", capture.id);
      throw fault;
    }
    const kept = await this.keeping.get("captures", capture.id);
    this.tell("kept", kept);
    return kept;
  }
}

function lengthOf(file, kind) {
  const player = document.createElement(kind), address = URL.createObjectURL(file);
  return new Promise((resolve) => {
    player.onloadedmetadata = () => resolve(Number.isFinite(player.duration) ? player.duration * 1000 : null);
    player.onerror = () => resolve(null);
    player.src = address;
  }).finally(() => URL.revokeObjectURL(address));
}
