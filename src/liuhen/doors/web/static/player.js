// The player: one reel of one or more files on one bar, its script ticked at the second, keys, speed, the map, the watermark.
// Nothing of the recording is fetched before somebody asks to see it: opening the page is no play.
const by = (id) => document.getElementById(id);
const wire = JSON.parse(by("wire").textContent);
const media = by("media"), stage = by("stage"), seek = by("seek"), ruler = by("ruler"), dot = by("dot");
const SVG = "http://www.w3.org/2000/svg";
const two = (number) => String(number).padStart(2, "0");

function spoken(seconds) {
  const whole = Math.max(0, Math.floor(seconds)), hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

// A place on the bar as the time of day, or as time played where nobody knows the time of day.
function clockAt(place) {
  if (wire.clock === null) return spoken(place);
  const clock = wire.clock + Math.floor(place);
  return `${two(Math.floor(clock / 3600) % 24)}:${two(Math.floor(clock / 60) % 60)}:${two(clock % 60)}`;
}

let at = wire.at;
const piece = () => wire.pieces[at];
const here = () => piece().offset + (media ? media.currentTime : 0);
const jumps = () => [...document.querySelectorAll(".mark-jump[data-second]")];
const ticked = () => jumps().filter((jump) => jump.closest("#script-list"));
const placeOf = (jump) => wire.pieces[Number(jump.dataset.piece)].offset + Number(jump.dataset.second);

/* going somewhere */
function load(number) {
  if (number === at) return true;
  if (!wire.pieces[number].source) { tell(`“${wire.pieces[number].title}”还没有可以播放的副本。`); return false; }
  const rate = media.playbackRate;
  at = number;
  media.src = piece().source;
  if (media.tagName === "VIDEO") media.poster = piece().poster;
  media.defaultPlaybackRate = media.playbackRate = rate;
  by("copy-note").hidden = !piece().source.endsWith("/copy/");
  waveform();
  return true;
}

let pending = null;
function go(number, second, play) {
  if (!media || !load(number)) return;
  const arrive = () => { const to = pending; pending = null; if (to !== null) media.currentTime = Math.max(0, Math.min(to, media.duration || to)); };
  if (media.readyState > 0) { media.currentTime = Math.max(0, Math.min(second, media.duration || second)); }
  else {
    if (pending === null) media.addEventListener("loadedmetadata", arrive, { once: true });
    pending = second;
    if (media.networkState !== 2) { media.preload = "auto"; media.load(); }
  }
  if (play) media.play().catch(() => {});
}

// From a place on the bar to a file and its second; where nothing of this reel was filmed, to what else was, or what comes next.
function goTo(place, play) {
  const within = wire.pieces.findIndex((one) => place >= one.offset && place <= one.offset + one.length);
  if (within >= 0) return go(within, place - wire.pieces[within].offset, play);
  const other = wire.stretches.find(([start, end, , , url]) => url && place >= start && place <= end);
  if (other) { location.assign(`${other[4]}#t=${(place - other[0]).toFixed(1)}`); return; }
  const next = wire.pieces.findIndex((one) => one.offset > place);
  const target = next >= 0 ? next : wire.pieces.length - 1;
  go(target, next >= 0 ? 0 : wire.pieces[target].length, play);
  tell(`${clockAt(place)} 没有拍到。`);
}

function skip(by_) {
  const now = pending ?? media.currentTime, to = now + by_, last = wire.pieces.length - 1;
  if (to < 0 && at > 0) go(at - 1, Math.max(0, wire.pieces[at - 1].length + to), !media.paused);
  else if (to > piece().length && at < last) go(at + 1, to - piece().length, !media.paused);
  else go(at, to);
}

// The marks and the edges of gaps, where [ and ] stop.
function stops() {
  const gaps = wire.stretches.filter(([, , kind]) => kind === "gap" || kind === "explained").map(([start, end]) => {
    const before = wire.pieces.some((one) => start > one.offset && start <= one.offset + one.length + 0.1);
    return before ? Math.max(0, start - 2) : end;
  });
  return [...new Set([...ticked().map(placeOf), ...gaps])].sort((one, other) => one - other);
}
function stop(direction) {
  const now = here(), all = stops();
  const to = direction > 0 ? all.find((place) => place > now + 0.5) : all.reverse().find((place) => place < now - 1.5);
  if (to === undefined) tell(direction > 0 ? "后面没有标记或者缺口了。" : "前面没有标记或者缺口了。"); else goTo(to, !media.paused);
}

let frame = 1 / 25;
function measure(_, seen) {
  if (measure.last !== undefined && !media.paused && seen.mediaTime > measure.last) frame = Math.max(1 / 120, Math.min(frame, seen.mediaTime - measure.last));
  measure.last = seen.mediaTime;
  media.requestVideoFrameCallback(measure);
}

function mark() {
  const second = by("mark-second"), topic = by("mark-topic");
  if (!second) return;
  second.value = media.currentTime.toFixed(3);
  by("mark-form").dataset.piece = String(at);
  topic.focus();
}

function tell(words) { const told = by("told"); if (told) told.textContent = words; }
function full() { if (document.fullscreenElement) document.exitFullscreen(); else stage.requestFullscreen?.().catch(() => {}); }
function help() { const keys = by("keys-help"); if (keys.open) keys.close(); else keys.showModal?.(); }
const toggle = () => { if (media.paused) media.play().catch(() => {}); else media.pause(); };
const still = (step) => { media.pause(); go(at, media.currentTime + step); };

const DOES = {
  play: toggle, back: () => skip(-10), forth: () => skip(10), previous: () => stop(-1), next: () => stop(1), mark, help,
  fullscreen: full, mute: () => { media.muted = !media.muted; },
};
const KEYS = {
  k: toggle, " ": toggle, j: DOES.back, l: DOES.forth, ArrowLeft: () => skip(-5), ArrowRight: () => skip(5), m: mark,
  ",": () => still(-frame), ".": () => still(frame), "[": DOES.previous, "]": DOES.next, "?": help, f: full,
};

/* what is shown while it plays */
function show() {
  const place = here(), share = wire.whole ? place / wire.whole : 0;
  by("head")?.setAttribute("x", String(Math.max(0, Math.min(998, share * 1000))));
  const time = by("time"), clock = by("clock-now");
  const before = wire.pieces.slice(0, at).reduce((sum, one) => sum + one.length, 0);
  const whole = wire.pieces.reduce((sum, one) => sum + one.length, 0);
  if (time) time.textContent = `${spoken(before + media.currentTime)} / ${spoken(whole)}`;
  if (clock) clock.textContent = clockAt(place);
  if (seek) { seek.value = String(place); seek.setAttribute("aria-valuetext", `${clockAt(place)}，第 ${spoken(media.currentTime)}`); }
  const passed = jumps().filter((jump) => Number(jump.dataset.piece) === at && Number(jump.dataset.second) <= media.currentTime + 0.25);
  const last = passed.sort((one, other) => Number(one.dataset.second) - Number(other.dataset.second)).pop();
  jumps().forEach((jump) => { if (jump === last) jump.setAttribute("aria-current", "true"); else jump.removeAttribute("aria-current"); });
  move();
}

function move() {
  if (!dot) return;
  const own = wire.dots.filter(([number]) => number === at);
  if (own.length === 0) return;
  const after = own.findIndex(([, second]) => second > media.currentTime);
  const [one, other] = after <= 0 ? [own[after === 0 ? 0 : own.length - 1]] : [own[after - 1], own[after]];
  const part = other ? (media.currentTime - one[1]) / (other[1] - one[1]) : 0;
  dot.setAttribute("cx", String(one[2] + (other ? (other[2] - one[2]) * part : 0)));
  dot.setAttribute("cy", String(one[3] + (other ? (other[3] - one[3]) * part : 0)));
}

function ticks() {
  const group = by("ruler-marks");
  if (!group || !wire.whole) return;
  group.replaceChildren(...ticked().map((jump) => {
    const rect = document.createElementNS(SVG, "rect");
    const shape = { class: "tick", x: Math.min(997, (placeOf(jump) / wire.whole) * 1000), y: 41, width: 3, height: 11 };
    Object.entries(shape).forEach(([name, value]) => rect.setAttribute(name, String(value)));
    return rect;
  }));
}

/* the waveform, every file where it lies on the bar */
const peaks = new Map();
async function waveform() {
  const canvas = by("waveform");
  if (!canvas || !wire.pieces.some((one) => one.waveform)) return;
  canvas.hidden = false;
  await Promise.all(wire.pieces.filter((one) => one.waveform && !peaks.has(one.uid)).map(async (one) => {
    const answer = await fetch(one.waveform);
    peaks.set(one.uid, answer.ok ? new Uint8Array(await answer.arrayBuffer()) : new Uint8Array());
  }));
  const width = canvas.width = Math.max(1, Math.round(canvas.clientWidth)), height = canvas.height, pen = canvas.getContext("2d");
  wire.pieces.forEach((one, number) => {
    const data = peaks.get(one.uid);
    if (!data?.length) return;
    pen.fillStyle = number === at ? "#1c3766" : "#8fa3c4";
    const left = (one.offset / wire.whole) * width, wide = (one.length / wire.whole) * width;
    for (let x = Math.floor(left); x < left + wide; x += 1) {
      const from = Math.floor(((x - left) / wide) * data.length), to = Math.max(from + 1, Math.floor(((x + 1 - left) / wide) * data.length));
      const loud = Math.max(0, ...data.subarray(Math.max(0, from), to));
      const tall = Math.max(1, Math.sqrt(loud / 255) * height);
      pen.fillRect(x, (height - tall) / 2, 1, tall);
    }
  });
}

/* what lies under the pointer: the time, a small picture, and what is said of that moment */
const pictures = new Map();
function hover(event) {
  const box = seek.getBoundingClientRect(), place = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * wire.whole;
  const card = by("hover"), number = wire.pieces.findIndex((one) => place >= one.offset && place <= one.offset + one.length);
  const said = wire.stretches.filter(([start, end, kind]) => place >= start - wire.whole / 300 && place <= end + wire.whole / 300 && kind !== "demanded" && kind !== "here");
  const marked = ticked().filter((jump) => Math.abs(placeOf(jump) - place) < wire.whole / 150).map((jump) => jump.querySelector(".topic")?.textContent ?? "");
  by("hover-time").textContent = clockAt(place) + (number >= 0 && wire.clock !== null ? `（${spoken(place - wire.pieces[number].offset)}）` : "");
  by("hover-what").textContent = [...said.map(([, , , label]) => label), ...marked].join("；");
  picture(number, place);
  card.hidden = false;
  card.style.left = `${Math.max(0, Math.min(box.width - card.offsetWidth, event.clientX - box.left - card.offsetWidth / 2))}px`;
}
function picture(number, place) {
  const tile = by("tile"), sprite = number >= 0 ? wire.pieces[number].sprite : null;
  tile.hidden = !sprite;
  if (!sprite) return;
  let image = pictures.get(sprite.url);
  if (!image) { image = new Image(); image.src = sprite.url; pictures.set(sprite.url, image); }
  const index = Math.min(sprite.tiles - 1, Math.floor((place - wire.pieces[number].offset) / sprite.interval));
  const draw = () => {
    tile.width = sprite.width; tile.height = sprite.height;
    tile.getContext("2d").drawImage(image, (index % sprite.columns) * sprite.width, Math.floor(index / sprite.columns) * sprite.height, sprite.width, sprite.height, 0, 0, sprite.width, sprite.height);
  };
  if (image.complete && image.naturalWidth) draw(); else image.addEventListener("load", draw, { once: true });
}

/* the watermark: it wanders, and tells the time of looking */
const watermark = by("watermark");
function wander() {
  const now = new Date(), said = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  [...watermark.children].forEach((line, number) => {
    line.querySelector("time").textContent = said;
    const turn = now.getTime() / 1000 / (number ? 23 : 17);
    line.style.left = `${(Math.sin(turn + number * 2) + 1) * 30}%`;
    line.style.top = `${(number ? 50 : 4) + (Math.cos(turn * 1.3) + 1) * 19}%`;
  });
}

/* wiring */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not(#seek), textarea, select, dialog")) return;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (name === " " && event.target.closest("button, a, summary, video, audio")) return;
  if (KEYS[name]) { event.preventDefault(); KEYS[name](); }
}

function onTick(event) {
  const form = event.detail.elt.closest("[data-at-now], #mark-form");
  if (!form) return;
  const number = form.matches("[data-at-now]") || form.dataset.piece === "" ? at : Number(form.dataset.piece);
  if (form.matches("[data-at-now]")) event.detail.parameters.second = media.currentTime.toFixed(3);
  event.detail.path = wire.pieces[number].mark;
}

function begin() {
  media.controls = false;
  if (media.tagName === "VIDEO") media.addEventListener("click", toggle);
  by("controls").hidden = false;
  by("controls").addEventListener("click", (event) => DOES[event.target.closest("[data-do]")?.dataset.do]?.());
  if (!document.fullscreenEnabled) document.querySelector("[data-do=fullscreen]")?.remove();
  by("speed").addEventListener("change", (event) => { media.defaultPlaybackRate = media.playbackRate = Number(event.target.value); });
  media.addEventListener("volumechange", () => document.querySelector("[data-do=mute]").setAttribute("aria-pressed", String(media.muted)));
  const playing = () => { stage.classList.toggle("playing", !media.paused); document.querySelector("[data-do=play]").setAttribute("aria-label", media.paused ? "播放" : "暂停"); };
  ["play", "pause", "ended"].forEach((name) => media.addEventListener(name, playing));
  ["timeupdate", "seeked", "loadedmetadata"].forEach((name) => media.addEventListener(name, show));
  media.addEventListener("pause", () => { const second = by("mark-second"); if (second) { second.value = media.currentTime.toFixed(3); by("mark-form").dataset.piece = String(at); } });
  media.addEventListener("ended", () => { if (at < wire.pieces.length - 1) go(at + 1, 0, true); });
  media.addEventListener("error", () => { if (media.error) tell("播放出错：连接中断，或者文件不能播放。请重试，或者下载原件查看。"); });
  media.requestVideoFrameCallback?.(measure);
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:configRequest", onTick);
  document.addEventListener("click", (event) => {
    const jump = event.target.closest(".mark-jump[data-second]");
    if (jump) go(Number(jump.dataset.piece), Number(jump.dataset.second), true);
    const now = event.target.closest("[data-use-now]")?.closest("form");
    if (now) {
      now.elements.second.value = media.currentTime.toFixed(1);
      now.elements.recording.value = piece().uid;
      now.querySelector("[value=语音]").checked = true;
    }
  });
  by("track")?.addEventListener("click", (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(by("track").getScreenCTM().inverse());
    const near = wire.dots.map((one) => [Math.hypot(one[2] - point.x, one[3] - point.y), one]).sort((one, other) => one[0] - other[0])[0][1];
    go(near[0], near[1], !media.paused);
  });
  const hash = () => { const to = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash); if (to) go(wire.at, Number(to[1])); };
  window.addEventListener("hashchange", hash);
  hash();
  show();
}

if (seek && ruler) {
  seek.disabled = !media;
  seek.value = String(here());
  seek.addEventListener("input", () => goTo(Number(seek.value), !media.paused));
  ["pointermove", "pointerdown"].forEach((name) => seek.addEventListener(name, hover));
  ["pointerleave", "pointerup", "pointercancel", "blur"].forEach((name) => seek.addEventListener(name, () => { by("hover").hidden = true; }));
  waveform();
  window.addEventListener("resize", waveform);
}
if (watermark) {
  watermark.parentElement.addEventListener("contextmenu", (event) => event.preventDefault());
  wander();
  setInterval(wander, 1000);
}
if (media) begin();
document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.detail.target?.isConnected && !by("script-list")) return;
  ticks();
  if (document.activeElement === document.body) document.querySelector("[data-do=play]")?.focus({ preventScroll: true });
});
