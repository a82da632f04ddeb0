// 音像入库: many large files at once, digested before they are sent, paused, resumed after a cut or a closed page.
// What became of each file is asked of the server; this page decides nothing.
const desk = document.getElementById("desk");
const input = document.getElementById("files");
const body = document.querySelector("#arrivals tbody");
const endpoint = new URL(desk.dataset.endpoint, location.href).href;
const PIECE = 32 << 20; // one acknowledged step; what is cut within it is kept by the server all the same
const SENDING_AT_ONCE = 3;
const RETRIES = [0, 1000, 3000, 5000, 10000, 20000, 30000];
const WORDS = { waiting: "等待", digesting: "校验中", ready: "等待上传", sending: "上传中", paused: "已暂停", cut: "中断", ingesting: "入库中", stored: "已入库", known: "已有", doubtful: "存疑", quarantined: "已隔离", altered: "已隔离", refused: "没有接收" };
const NOTES = { digesting: "正在本机计算 SHA-256 和 SM3", paused: "点“继续”从断点续传", cut: "连接中断，已传的部分都在；恢复后自动续传，也可以点“继续”", ingesting: "已传完，正在核对摘要并入库", stored: "", known: "同一文件此前已经入库，不用再传", doubtful: "请在下面“时钟存疑”中核定时间", quarantined: "文件已保留在隔离区；请从原设备重新导出后再传" };
const ENDED = new Set(["stored", "known", "doubtful", "quarantined", "altered", "refused"]);
const MOVING = new Set(["waiting", "digesting", "ready", "sending", "ingesting"]);
const items = [];
let serial = 0;

const amount = (bytes) => bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
const lasting = (seconds) => seconds < 60 ? `${Math.ceil(seconds)} 秒` : seconds < 3600 ? `${Math.ceil(seconds / 60)} 分` : `${Math.floor(seconds / 3600)} 小时 ${Math.ceil((seconds % 3600) / 60)} 分`;
const percent = (part, whole) => whole > 0 ? Math.min(100, Math.floor((part / whole) * 100)) : 100;

// --- one file ---------------------------------------------------------------------------------------------------------
function add(file) {
  const row = document.getElementById("arrival").content.firstElementChild.cloneNode(true);
  const item = { id: `f${++serial}`, file, row, state: "waiting", sent: 0, digested: 0, note: "", officer: document.getElementById("officer").value, device: document.getElementById("device").value };
  row.querySelector(".name").textContent = file.name;
  row.querySelector(".size").textContent = amount(file.size);
  row.querySelector("progress").setAttribute("aria-label", `${file.name} 的进度`);
  for (const button of row.querySelectorAll("button")) button.setAttribute("aria-label", `${button.textContent}：${file.name}`);
  row.addEventListener("click", (event) => press(item, event.target.closest("[data-do]")));
  items.push(item);
  body.append(row);
  if (file.size > Number(desk.dataset.limit)) { become(item, "refused", "文件超过单个上限；请分段后上传"); return; }
  digest(item);
}

function become(item, state, note) {
  item.state = state;
  item.note = note ?? NOTES[state] ?? "";
  show(item);
  tell();
  if (ENDED.has(state)) refresh();
  if (state !== "sending") next();
}

function show(item) {
  const { row, state } = item;
  const part = state === "digesting" ? item.digested : item.sent;
  row.dataset.state = state;
  row.querySelector(".standing").textContent = WORDS[state];
  row.querySelector(".remark").textContent = item.note;
  const bar = row.querySelector("progress");
  bar.hidden = ENDED.has(state);
  bar.value = percent(part, item.file.size);
  row.querySelector(".share").textContent = ENDED.has(state) || part === 0 ? "" : `${Math.min(99, percent(part, item.file.size))}%`; // whole only when the server says so
  row.querySelector('[data-do="pause"]').hidden = !["waiting", "digesting", "ready", "sending"].includes(state);
  const again = row.querySelector('[data-do="resume"]');
  again.textContent = state === "altered" ? "重新上传" : "继续";
  again.setAttribute("aria-label", `${again.textContent}：${item.file.name}`);
  again.hidden = !["paused", "cut", "altered"].includes(state);
  row.querySelector('[data-do="drop"]').hidden = ENDED.has(state) || state === "ingesting";
}

function press(item, button) {
  if (!button) return;
  if (button.dataset.do === "pause") pause(item);
  else if (button.dataset.do === "resume") resume(item);
  else if (twice(button, "确认放弃")) drop(item);
  if (button.hidden) item.row.querySelector("button:not([hidden])")?.focus();
}

// What cannot be undone takes a second press within a few seconds.
function twice(button, words) {
  if (button.dataset.asked) return true;
  const before = button.textContent;
  button.dataset.asked = "yes";
  button.textContent = words;
  setTimeout(() => { delete button.dataset.asked; button.textContent = before; }, 5000);
  return false;
}

function pause(item) {
  if (item.state === "sending") item.upload.abort();
  item.resumes = item.sha256 ? "ready" : "digesting";
  become(item, "paused");
}

function resume(item) {
  if (item.state === "altered") { item.upload = null; item.sent = 0; item.sha256 = null; digest(item); return; }
  if (item.sha256) become(item, "ready"); else become(item, item.digested ? "digesting" : "waiting");
}

function drop(item) {
  if (!item.sha256) digester.postMessage({ drop: item.id });
  const gone = () => { items.splice(items.indexOf(item), 1); item.row.remove(); tell(); next(); input.focus(); };
  if (item.upload?.url) item.upload.abort(true).then(gone, gone); else gone();
}

// --- digests, beside the page ---------------------------------------------------------------------------------------------
const digester = new Worker(desk.dataset.digester);
digester.onmessage = ({ data }) => {
  const item = items.find((one) => one.id === data.id);
  if (!item) return;
  if (data.fault) { become(item, "refused", "无法读取该文件；请确认存储卡还插着，再选一次"); return; }
  if (data.done !== undefined) {
    item.digested = data.done;
    if (item.state === "waiting") become(item, "digesting"); else show(item);
    return;
  }
  Object.assign(item, { sha256: data.sha256, sm3: data.sm3, digested: item.file.size });
  if (item.state !== "paused") become(item, "ready"); else show(item);
};
digester.onerror = () => items.filter((item) => !item.sha256 && !ENDED.has(item.state)).forEach((item) => become(item, "refused", "本浏览器不能计算摘要；请换用较新的浏览器，或者用命令 liuhen ingest 入库"));

function digest(item) {
  become(item, "waiting");
  digester.postMessage({ id: item.id, file: item.file });
}

// --- sending --------------------------------------------------------------------------------------------------------------
function next() {
  const free = SENDING_AT_ONCE - items.filter((item) => item.state === "sending").length;
  items.filter((item) => item.state === "ready").slice(0, Math.max(0, free)).forEach(send);
}

async function send(item) {
  become(item, "sending", "");
  item.upload ??= await prepared(item);
  if (item.state === "sending") item.upload.start();
}

async function prepared(item) {
  const said = { filename: item.file.name, sha256: item.sha256, sm3: item.sm3, officer: item.officer, device: item.device };
  const upload = new window.tus.Upload(item.file, {
    endpoint,
    chunkSize: PIECE,
    retryDelays: RETRIES,
    metadata: Object.fromEntries(Object.entries(said).filter(([, words]) => words)),
    headers: { "X-CSRFToken": desk.dataset.token },
    fingerprint: async () => ["liuhen", desk.dataset.person, item.file.size, item.sha256].join("-"),
    removeFingerprintOnSuccess: true,
    onProgress: (sent) => { item.sent = sent; item.note = ""; show(item); },
    onShouldRetry: (fault) => {
      const again = [0, 409, 423, 500, 502, 503, 504].includes(fault.originalResponse?.getStatus() ?? 0) && navigator.onLine;
      if (again) { item.note = "连接中断，正在重试"; show(item); }
      return again;
    },
    onSuccess: () => { item.sent = item.file.size; become(item, "ingesting"); report(item); },
    onError: (fault) => failed(item, fault),
  });
  const [remembered] = await upload.findPreviousUploads();
  const waiting = waitingFor(item);
  if (remembered) upload.resumeFromPreviousUpload(remembered);
  else if (waiting) upload.options.uploadUrl = new URL(waiting.dataset.upload, location.href).href;
  waiting?.remove();
  countUnfinished();
  return upload;
}

function failed(item, fault) {
  const status = fault.originalResponse?.getStatus() ?? 0;
  const sentence = fault.originalResponse?.getBody() ?? "";
  if (status === 460) { item.upload = null; become(item, "altered", sentence); return; }
  if (status === 0 || status === 507 || (status >= 500 && status !== 501)) { become(item, "cut", status === 507 ? sentence : undefined); return; }
  if (status === 401 || status === 403 || status === 409 || status === 423) { become(item, "cut", sentence); return; }
  become(item, "refused", sentence || `服务器没有接收（${status}）；请稍后再试`);
}

async function report(item) {
  try {
    const answer = await fetch(item.upload.url, { headers: { Accept: "application/json" } });
    if (!answer.ok) { become(item, "cut", await answer.text()); return; }
    const said = await answer.json();
    if (said.status === "ingesting") { setTimeout(report, 2000, item); return; }
    const doubtful = said.status === "stored" && said.reason;
    const note = [said.reason, NOTES[doubtful ? "doubtful" : said.status]].filter(Boolean);
    become(item, doubtful ? "doubtful" : said.status, said.status === "known" ? NOTES.known : note.map((words) => words.replace(/[。；]$/, "")).join("；"));
  } catch {
    setTimeout(report, 5000, item); // the bytes are there; only the answer is missing
  }
}

// --- the whole batch ------------------------------------------------------------------------------------------------------
const seen = [];
function tell() {
  document.getElementById("sending").hidden = items.length === 0;
  const live = items.filter((item) => item.state !== "refused");
  const whole = live.reduce((sum, item) => sum + item.file.size, 0);
  const sent = live.reduce((sum, item) => sum + (ENDED.has(item.state) ? item.file.size : item.sent), 0);
  const ended = items.filter((item) => ENDED.has(item.state)).length;
  const moving = items.some((item) => MOVING.has(item.state));
  document.getElementById("total").textContent = `共 ${items.length} 个，${ended} 个已有结果；${amount(sent)} / ${amount(whole)}${moving ? pace(sent, whole) : ""}`;
  document.getElementById("total-bar").value = percent(sent, whole);
  document.getElementById("pause-all").hidden = !items.some((item) => ["waiting", "digesting", "ready", "sending"].includes(item.state));
  document.getElementById("resume-all").hidden = !items.some((item) => ["paused", "cut"].includes(item.state));
}

function pace(sent, whole) {
  const now = performance.now();
  seen.push([now, sent]);
  while (seen.length > 2 && now - seen[0][0] > 8000) seen.shift();
  const rate = (sent - seen[0][1]) / Math.max(0.001, (now - seen[0][0]) / 1000);
  return rate > 0 && sent < whole ? `，${amount(rate)}/秒，还需 ${lasting((whole - sent) / rate)}` : "";
}

setInterval(() => { if (items.some((item) => item.state === "sending")) tell(); }, 1000);
document.getElementById("pause-all").addEventListener("click", () => items.filter((item) => ["waiting", "digesting", "ready", "sending"].includes(item.state)).forEach(pause));
document.getElementById("resume-all").addEventListener("click", () => items.filter((item) => ["paused", "cut"].includes(item.state)).forEach(resume));
window.addEventListener("online", () => items.filter((item) => item.state === "cut").forEach(resume));
window.addEventListener("beforeunload", (event) => { if (items.some((item) => MOVING.has(item.state))) event.preventDefault(); });

// --- choosing files -------------------------------------------------------------------------------------------------------
const area = document.getElementById("drop");
input.addEventListener("change", () => { [...input.files].forEach(add); input.value = ""; });
for (const kind of ["dragenter", "dragover"]) desk.addEventListener(kind, (event) => { event.preventDefault(); area.classList.add("over"); });
for (const kind of ["dragleave", "drop"]) desk.addEventListener(kind, () => area.classList.remove("over"));
desk.addEventListener("drop", (event) => { event.preventDefault(); [...event.dataTransfer.files].forEach(add); });

// --- uploads that wait for their file ---------------------------------------------------------------------------------------
const unfinished = document.getElementById("unfinished");
const waitingFor = (item) => [...unfinished.querySelectorAll("li")].find((line) => line.dataset.sha256 === item.sha256 && Number(line.dataset.size) === item.file.size);

function countUnfinished() {
  const left = unfinished.querySelectorAll("li").length;
  document.getElementById("unfinished-count").textContent = left;
  unfinished.hidden = left === 0;
}

unfinished.addEventListener("click", async (event) => {
  if (event.target.closest("[data-again]")) { input.click(); return; }
  const button = event.target.closest("[data-forget]");
  if (!button || !twice(button, "确认放弃")) return;
  const line = button.closest("li");
  const answer = await fetch(line.dataset.upload, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": desk.dataset.token } });
  if (answer.ok || answer.status === 404) { line.remove(); countUnfinished(); input.focus(); }
});

// --- the lists below: asked for again when something has arrived, never while somebody is deciding ----------------------------
let asked = 0;
function refresh(after = 700) {
  clearTimeout(asked);
  asked = setTimeout(() => {
    const lists = document.getElementById("lists");
    const deciding = lists.contains(document.activeElement) || lists.querySelector("details[open]");
    if (deciding) refresh(3000);
    else window.htmx.ajax("GET", desk.dataset.lists, { target: "#lists", swap: "outerHTML" });
  }, after);
}
document.addEventListener("htmx:afterSettle", (event) => {
  const part = ["clocks", "stuck"].includes(event.target.id) ? event.target.id : "lists";
  if (part === "clocks") tick();
  document.querySelector(`#${part} [data-said]`)?.focus({ preventScroll: false });
});

// --- the server's clock, for comparing a device's with it: told with the page and run on by a clock that nobody sets -----------
function tick() {
  const clock = document.querySelector("#our-clock time");
  if (!clock) return;
  clock.began ??= Date.parse(clock.dataset.now) - performance.now();
  clock.textContent = new Date(clock.began + performance.now()).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" });
  clock.parentElement.hidden = false;
}
tick();
setInterval(tick, 200);
