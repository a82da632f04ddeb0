// 现场: the page of an officer during an act. It decides nothing: what is pressed becomes events and files, kept here until sent.
import { actOf, begin, freshLocal, showChoice } from "./on_site_acts.js";
import { chips, showAsked, showOpening, showScenes, showTellings } from "./on_site_asked.js";
import { Camera, canFilm } from "./on_site_camera.js";
import { Clock } from "./on_site_clock.js";
import { isFull, Keeping, newId, recover } from "./on_site_keeping.js";
import { amount, byId, clockOf, element, joined, lasting, spoken, twice } from "./on_site_parts.js";
import { ask, Sending, SignedOut } from "./on_site_sending.js";
import { Queue } from "./on_site_queue.js";

const place = byId("on-site"), caseUid = place.dataset.case;
const ACT = /\/acts\/([0-9A-Za-z_-]+)\/on-site\/$/;
const LITTLE_ROOM = 500e6;
const WORDS = { video: "录像", audio: "录音" };
const addressOf = (act) => `${place.dataset.casePage}acts/${act}/on-site/`;
const where = {
  data: place.dataset.data, uploads: new URL(place.dataset.uploads, location.href).href, digester: place.dataset.digester, officer: null,
  events: (uid) => `/api/v1/cases/${uid}/events`, link: (uid, act, recording) => `/cases/${uid}/acts/${act}/on-site/${recording}/link/`,
};
let keeping, clock, camera, sending, queue, data = null, act = null, captures = [], lastKind = "video";

// --- beginning ------------------------------------------------------------------------------------------------------------
async function open() {
  keeping = await Keeping.open(place.dataset.person);
  clock = new Clock(keeping);
  camera = new Camera(keeping, clock, hear);
  sending = new Sending(keeping, where, () => queue.show(), () => { if (navigator.onLine) read(); });
  queue = new Queue(keeping, sending, (id) => camera.live?.capture.id === id, () => refresh());
  await clock.remember();
  const lost = await recover(keeping);
  await read();
  await notice(lost);
  await route();
  takeAlong();
  setInterval(beat, 500);
  sending.later(0);
}

// Asks for the data of the case; without network the worker gives what was kept of it.
async function read() {
  const asked = Date.now();
  try {
    const answer = await ask(where.data);
    if (!answer.ok) { trouble("本案不能在此办理：请回到案件页，或者重新登录"); return; }
    data = answer.said;
    where.officer = data.enrolled ? data.person : null;
    if (!answer.kept) await clock.compare(data.now, asked, Date.now());
    byId("signed-out").hidden = true;
  } catch (fault) {
    if (fault instanceof SignedOut) { sending.state = "signed-out"; signedOut(); queue.show(); }
    else if (data === null) trouble("没有网络，本机也还没有本案的要求；请到有网络的地方打开一次本页");
  }
}

function takeAlong() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(place.dataset.worker, { scope: place.dataset.casePage }).then(() => navigator.serviceWorker.ready).then((found) => {
    byId("ready").hidden = false;
    const used = performance.getEntriesByType("resource").map((one) => one.name).filter((one) => one.includes("/static/"));
    found.active.postMessage({ keep: used });
  }).catch(() => undefined); // the page works all the same, it only needs network to open
  navigator.storage?.persist?.();
}

// A film whose page was killed left a gap: it begins where the film ends.
async function notice(lost) {
  for (const capture of lost.filter((one) => one.kind !== "photo")) {
    const local = await keeping.get("acts", capture.act);
    if (!local || local.ended || local.gap) continue;
    await keeping.put("acts", { ...local, gap: { interruption: newId(), stopped: capture.ended, cause: "浏览器意外关闭", kind: capture.kind } });
  }
}

async function route() {
  const uid = ACT.exec(location.pathname)?.[1];
  await refresh();
  byId("loading").hidden = true;
  if (data === null) return;
  byId("choose").hidden = Boolean(uid);
  byId("dock").hidden = false;
  if (!uid) { byId("title").textContent = "现场"; showChoice(data, await keeping.all("acts"), addressOf); return; }
  if (!act) { trouble("本案没有这项执法活动，或者它是在另一台设备上开始、还没有发送"); return; }
  byId("told").value ||= data.case.party;
  if (!canFilm()) byId("spoken").textContent = "本浏览器不能直接拍摄，请用手机的相机";
  show();
}

// What the server and the films say is read anew; what goes on here is held in one place, this page.
async function refresh() {
  captures = await keeping.all("captures");
  const uid = ACT.exec(location.pathname)?.[1];
  if (!data || !uid) return;
  const local = act?.uid === uid ? act.local : await keeping.get("acts", uid);
  act = actOf(data, local ? [local] : [], uid);
  if (act) act.local ??= freshLocal(act);
}

// --- noting ---------------------------------------------------------------------------------------------------------------
async function note(type, content, more = {}) {
  const event = { id: newId(), case: caseUid, act: act.uid, type, at: clock.now().toISOString(), content, state: "waiting", ...more };
  try {
    await keeping.note(act.local, event);
  } catch (fault) {
    trouble(isFull(fault) ? "本机存储已满，这一项没有记下；已经留存的都在，请连网发送后再记" : "本机存储写不进去，这一项没有记下；请换一台手机");
    throw fault;
  }
  await queue.show();
  sending.later(300);
  return event;
}

const second = () => camera.seconds.toFixed(3);
const mark = (topic, at, words) => note("recording.marked", { second: at, topic, ...(words ? { note: words } : {}) }, { capture: camera.live.capture.id });
const toWhom = () => byId("told").value.trim() || data.case.party || "在场人员";

// What is ticked while filming is marked in the film; without a film it is noted that it was told.
async function tick(topic, button) {
  const ticked = act.local.ticks[topic];
  if (ticked) { await untick(topic, ticked, button); return; }
  const at = clock.now().toISOString();
  if (camera.isFilming) {
    act.local.ticks[topic] = { at, second: Number(second()) };
    act.local.ticks[topic].event = (await mark(topic, second())).id;
  } else {
    act.local.ticks[topic] = { at };
    act.local.ticks[topic].event = (await note("case.party-told", { topics: [topic], told: toWhom(), manner: "口头", act: act.uid })).id;
  }
  await keeping.put("acts", act.local);
  show();
  goToNext();
}

// The sentence to be read next comes under the eyes by itself.
function goToNext() { document.querySelector("#opening .next")?.scrollIntoView({ block: "start" }); }

async function untick(topic, ticked, button) {
  const event = (await keeping.all("events")).find((one) => one.id === ticked.event);
  const when = button.querySelector(".when");
  if (event?.state !== "waiting") { when.textContent = "已发送，更正请在案件页办理"; return; }
  if (!button.dataset.asked) { button.dataset.asked = "yes"; when.textContent = "再点一次撤销"; setTimeout(show, 6000); return; }
  await keeping.remove("events", event.order);
  delete act.local.ticks[topic];
  await keeping.put("acts", act.local);
  show();
}

// A scene may come into view many times: every press is a mark.
async function seen(topic) {
  if (!camera.isFilming) return;
  const at = second();
  act.local.ticks[topic] = { at: clock.now().toISOString(), second: Number(at) };
  await mark(topic, at);
  show();
}

async function showCertificates() {
  act.local.shown = true;
  await note("case.certificates-shown", { act: act.uid, officers: act.officers.map((one) => one.officer), shown_to: toWhom() });
  if (camera.isFilming) await mark("出示执法证件", second());
  show();
}

async function tell(telling, answer) {
  const response = answer?.value.trim();
  if (answer && !response) { answer.focus(); answer.placeholder = "请先写下当事人怎么回答"; return; }
  act.local.told.push(...telling.topics);
  await note("case.party-told", { topics: telling.topics, told: toWhom(), manner: "口头", act: act.uid, ...(response ? { response } : {}) });
  if (camera.isFilming) await mark(`告知${telling.topics[0]}`, second(), telling.topics.join("、"));
  show();
}

// --- filming --------------------------------------------------------------------------------------------------------------
async function film(kind) {
  trouble("");
  if (!canFilm()) { byId(`own-${kind}`).click(); return false; }
  try {
    const capture = await camera.start(act, kind);
    lastKind = kind;
    await keeping.put("acts", act.local);
    if (clock.isGrave) await mark("本机时钟", "0", `拍摄时手机时间${clock.sayDifference()}，所记时间已按系统校正`);
    await watch();
    captures = [...captures.filter((one) => one.id !== capture.id), capture];
    show();
    goToNext();
    return true;
  } catch (fault) {
    refused(fault, kind);
    return false;
  }
}

async function watch() {
  byId("screen").srcObject = camera.stream?.getVideoTracks().length ? camera.stream : null;
  try { lock = await navigator.wakeLock?.request("screen"); } catch { lock = null; }
  const room = await navigator.storage?.estimate?.();
  if (room?.quota && room.quota - room.usage < LITTLE_ROOM) trouble(`本机剩余空间只有约 ${amount(room.quota - room.usage)}；请尽快连网发送，发送后会自动腾出`);
}
let lock = null;

function refused(fault, kind) {
  camera.close();
  show();
  if (isFull(fault)) { trouble("本机存储已满，这次没有拍成；已经留存的都在，请连网发送后再拍"); return; }
  const asked = ["NotAllowedError", "SecurityError"].includes(fault?.name);
  trouble(asked ? "没有使用摄像头或者麦克风的许可；请在浏览器的网站设置里允许，或者用手机的相机拍" : "摄像头或者麦克风打不开；可以用手机的相机拍");
  byId(`own-${kind}`).hidden = false; // the telephone's own camera, behind an ordinary button
}

// What the camera says by itself: it was taken away, or there is no more room.
async function hear(what, detail) {
  if (what === "ended" && detail.capture && act) {
    act.local.gap = { interruption: newId(), stopped: detail.capture.ended, cause: detail.why.includes("已满") ? "存储空间不足" : "设备故障", kind: detail.capture.kind };
    await keeping.put("acts", act.local).catch(() => undefined); // no room: it stays on this page
    trouble(`${detail.why}，拍摄已停止；已录的 ${lasting(new Date(detail.capture.ended) - new Date(detail.capture.started))} 都留存着`);
  }
  lock?.release?.();
  byId("screen").srcObject = null;
  await queue.show();
  await refresh();
  show();
  sending.later(0);
}

function askWhy() {
  byId("break").hidden = false;
  byId("cause").value = "";
  byId("causes").replaceChildren(...data.causes.map((one) => element("li", {}, element("button", { type: "button", class: "say", "aria-pressed": "false", onclick: (event) => choose(event.currentTarget, one.cause) }, one.cause, ...(one.clauses.length ? [element("span", { class: "from" }, ...chips(one.clauses))] : [])))));
  byId("screen-box").hidden = true; // room for the reasons
  byId("break").scrollIntoView({ block: "start" });
  byId("break-title").focus({ preventScroll: true });
}

function choose(button, words) {
  byId("cause").value = words;
  for (const one of byId("causes").querySelectorAll("button")) one.setAttribute("aria-pressed", String(one === button));
}

async function breakOff() {
  const cause = byId("cause").value.trim();
  if (!cause) { byId("cause").focus(); byId("break-title").textContent = "请选择或者写明中断的原因"; return; }
  byId("break").hidden = true;
  const kind = camera.live?.capture.kind ?? lastKind;
  act.local.gap = { interruption: newId(), stopped: clock.now().toISOString(), cause, kind };
  await keeping.put("acts", act.local);
  const capture = await camera.stop();
  if (capture?.size) act.local.gap.stopped = capture.ended;
  await keeping.put("acts", act.local);
  await refresh();
  show();
}

async function resume() {
  const gap = act.local.gap;
  if (!(await film(gap.kind))) return;
  act.local.resumed = { ...gap, resumed: camera.live.capture.started, capture: camera.live.capture.id };
  act.local.gap = null;
  await keeping.put("acts", act.local);
  show();
  byId("explain").scrollIntoView({ block: "start" });
}

// The break is explained once: by voice at this second of the film, or in writing afterwards.
async function explain(byVoice) {
  const { interruption, stopped, resumed, cause, capture } = act.local.resumed;
  const content = { act: act.uid, interruption, stopped_at: stopped, resumed_at: resumed, cause, manner: byVoice ? "语音" : "书面" };
  const here = byVoice && camera.live?.capture.id === capture;
  act.local.resumed = null;
  await note("case.interruption-explained", here ? { ...content, second: second() } : content, byVoice ? { capture } : {});
  show();
}

async function shoot() {
  try {
    await camera.shoot(act, byId("screen"));
    if (!camera.isFilming) camera.close();
    byId("spoken").textContent = "照片已留存";
  } catch (fault) { refused(fault, "photo"); }
}

async function look() {
  if (!canFilm()) { byId("own-photo").click(); return; }
  if (camera.isFilming && camera.stream.getVideoTracks().length) { await shoot(); return; }
  try { await camera.look("photo"); await watch(); show(); } catch (fault) { refused(fault, "photo"); }
}

async function end() {
  const button = byId("end");
  if (!twice(button, act.local.resumed ? "中断还没有说明，仍要结束？再点一次" : "再点一次，结束活动")) return;
  if (act.local.resumed) await explain(false);
  await camera.stop();
  const gap = act.local.gap, said = byId("outcome").value.trim();
  const broken = gap ? `拍摄自 ${clockOf(gap.stopped)} 中断（${gap.cause}），没有恢复，事后书面说明` : "";
  const outcome = [said, broken].filter(Boolean).join("；");
  act.local.ended = clock.now().toISOString();
  await note("case.act-ended", { act: act.uid, ...(outcome ? { outcome } : {}) }, { at: act.local.ended });
  act.ended = act.local.ended;
  await refresh();
  show();
  byId("title").focus();
}

// --- showing --------------------------------------------------------------------------------------------------------------
function trouble(words) { byId("trouble").textContent = words; byId("trouble").hidden = !words; }

function signedOut() {
  const box = byId("signed-out");
  box.replaceChildren("登录已经失效。拍摄和记录照常，都留存在本机；", element("a", { href: `${place.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`, text: "重新登录" }), "后自动发送。");
  box.hidden = false;
}

function show() {
  if (!act) return;
  const { local } = act, isFilming = camera.isFilming, isLooking = Boolean(camera.stream) && !isFilming, isOver = Boolean(act.ended);
  byId("act").hidden = false;
  byId("title").textContent = act.kind;
  byId("standing").textContent = `${act.place}　${clockOf(act.begun)} 开始${isOver ? `，${clockOf(act.ended)} 结束` : ""}`;
  byId("standing").hidden = false;
  const ticks = { ...Object.fromEntries((act.server?.marked ?? []).map((topic) => [topic, true])), ...local.ticks };
  const scene = { now: clock.now(), place: act.place, kind: act.kind, officers: act.officers, party: data.case.party, matter: data.case.matter, agency: data.case.agency };
  const done = { shown: local.shown || act.server?.shown, told: new Set([...(act.server?.told ?? []), ...local.told]) };
  for (const topic of done.told) ticks[topic] ??= true;
  showOpening(act.asked, scene, ticks, isFilming, tick);
  showTellings(act.asked, done, showCertificates, tell);
  showScenes(act.asked, ticks, isFilming, seen);
  showAsked(act.asked, byId("asked"));
  byId("asked-hint").textContent = act.server || act.traits.length === 0 ? "" : "勾选的情形带来的要求，连网后补上。";
  for (const id of ["opening-box", "tell-box", "scenes-box", "end-box"]) byId(id).hidden = isOver;
  byId("over").hidden = !isOver;
  byId("screen-box").hidden = !byId("break").hidden || !camera.stream?.getVideoTracks().length;
  byId("camera").hidden = isOver || !data.may_film;
  byId("explain").hidden = !local.resumed;
  if (local.resumed) byId("explain-words").textContent = `刚才因${local.resumed.cause}，自 ${clockOf(local.resumed.stopped)} 中断拍摄，现在 ${spoken(local.resumed.resumed)}，恢复拍摄。`;
  if (!isFilming) byId("break").hidden = true;
  buttons({ video: !isFilming && !isLooking && !local.gap, audio: !isFilming && !isLooking && !local.gap, photo: !isLooking, resume: Boolean(local.gap) && !isFilming && !isLooking, break: isFilming, stop: isFilming, shutter: isLooking, close: isLooking });
  if (isOver) sayOver();
  beat();
}

function buttons(shown) {
  for (const button of document.querySelectorAll("[data-do]")) if (button.dataset.do in shown) button.hidden = !shown[button.dataset.do];
}

function sayOver() {
  const { gap } = act.local;
  byId("over-words").textContent = gap ? `拍摄自 ${clockOf(gap.stopped)} 中断（${gap.cause}），没有恢复：回到单位后请制作书面说明，由两名以上执法人员签字。` : "已录的和已记的会自动发送，发完之前请保留本机。";
}

// Twice a second: clocks, how much was filmed, how long the gap is.
function beat() {
  byId("clock").textContent = clock.say();
  byId("clock-wrong").hidden = !clock.isGrave;
  if (clock.isGrave) byId("clock-wrong").textContent = `手机时间${clock.sayDifference()}，请校准（在手机设置里打开“自动设置时间”）。所记的时间已按系统校正，差多少记在录像里。`;
  if (!act) return;
  const now = clock.now().getTime(), live = camera.live, gap = act.local.gap;
  byId("filming").hidden = !live;
  if (live) { byId("filming-words").textContent = `正在${WORDS[live.capture.kind]}`; byId("filming-time").textContent = lasting(camera.seconds * 1000); }
  byId("gap").hidden = !gap || Boolean(live) || Boolean(act.ended);
  if (gap) { byId("gap-words").textContent = `中断：${gap.cause}`; byId("gap-time").textContent = lasting(now - new Date(gap.stopped)); }
  const until = act.ended ? new Date(act.ended).getTime() : now, since = new Date(act.begun).getTime();
  const own = captures.filter((one) => one.act === act.uid && one.kind !== "photo" && one.started && one.id !== live?.capture.id).map((one) => [one.started, one.ended]);
  const spans = [...(act.server?.filmed ?? []), ...own, ...(live ? [[live.capture.started, now]] : [])].map(([a, b]) => [Math.max(since, new Date(a).getTime()), Math.min(until, new Date(b).getTime())]);
  const filmed = joined(spans).reduce((sum, [a, b]) => sum + b - a, 0);
  byId("sum").textContent = `活动 ${lasting(until - since)}　已录 ${lasting(filmed)}　未录 ${lasting(until - since - filmed)}${act.asked.whole ? "（应全程记录）" : ""}`;
}

// --- hands ----------------------------------------------------------------------------------------------------------------
const DOING = { video: () => film("video"), audio: () => film("audio"), photo: look, resume, break: askWhy, stop: () => camera.stop(), shutter: async () => { await shoot(); show(); }, close: () => { camera.close(); byId("screen").srcObject = null; show(); } };
byId("dock").addEventListener("click", async (event) => {
  const button = event.target.closest("[data-do]");
  if (!button || button.disabled) return;
  button.disabled = true; // one press, one film
  try { await DOING[button.dataset.do](); } finally { button.disabled = false; }
});
for (const kind of ["video", "audio", "photo"]) {
  byId(`own-${kind}`).addEventListener("change", async ({ target }) => {
    const files = [...target.files];
    try { await queue.whileArriving(files.length, async () => { for (const file of files) await camera.take(act, kind, file); }); } catch (fault) { refused(fault, kind); }
    target.value = "";
  });
}
byId("break-do").addEventListener("click", breakOff);
byId("break-cancel").addEventListener("click", () => { byId("break").hidden = true; show(); });
byId("explain-voice").addEventListener("click", () => explain(true));
byId("explain-paper").addEventListener("click", () => explain(false));
byId("end").addEventListener("click", end);
byId("own-mark-do").addEventListener("click", async () => { const box = byId("own-mark"), topic = box.value.trim(); if (topic) { await seen(topic); box.value = ""; } else box.focus(); });
byId("send").addEventListener("click", async () => { await queue.revive(); if (data) await read(); sending.send(); });
byId("kind").addEventListener("change", ({ target }) => {
  const chosen = data.kinds.find((one) => one.kind === target.value);
  byId("beforehand").hidden = !chosen;
  if (chosen) showAsked(chosen.asked, byId("beforehand-asked"));
});
byId("begin").addEventListener("submit", async (event) => {
  event.preventDefault();
  const begun = data && begin(data, clock.now());
  if (!begun) return;
  act = actOf(data, [begun.local], begun.local.uid);
  await note("case.act-begun", begun.content, { at: begun.local.begun });
  history.pushState({}, "", addressOf(begun.local.uid));
  await route();
  scrollTo(0, 0);
  byId("title").focus();
});
window.addEventListener("popstate", () => location.reload());
window.addEventListener("online", async () => { await read(); await refresh(); show(); sending.send(); });
window.addEventListener("offline", () => queue.show());
document.addEventListener("visibilitychange", () => { if (!document.hidden) { sending.later(0); if (camera?.isFilming) watch(); } });
window.addEventListener("beforeunload", (event) => { if (camera?.isFilming || queue?.arriving) event.preventDefault(); });

open().catch((fault) => { byId("loading").hidden = true; trouble("本机不能留存数据（可能是浏览器的无痕模式），不能在本页拍摄；请换用普通窗口"); console.warn(fault); });
