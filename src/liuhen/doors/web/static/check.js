// The public page: drop a file, see its digests made in this browser, then send it, or only its digest.
const form = document.getElementById("drop");
const input = document.getElementById("file");
const progress = document.getElementById("progress");
const bar = document.getElementById("bar");
const byDigest = document.getElementById("by-digest");
const PIECE = 4 << 20;
let turn = 0;
form.classList.add("scripted"); // the browser's own file button speaks the browser's language; the drop place does its work

const amount = (bytes) => bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
const say = (words, share) => { progress.textContent = words; bar.hidden = share === undefined; if (share !== undefined) bar.value = share; };

async function digest(file) {
  const mine = ++turn;
  byDigest.hidden = true;
  const [sha256, sm3] = await Promise.all([window.hashwasm.createSHA256(), window.hashwasm.createSM3()]);
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
    if (mine !== turn) return; // another file was chosen meanwhile
    sha256.update(piece); sm3.update(piece);
    say(`正在本机计算摘要：${amount(Math.min(at + PIECE, file.size))} / ${amount(file.size)}`, Math.min(100, ((at + PIECE) / file.size) * 100));
  }
  const [one, two] = [sha256.digest("hex"), sm3.digest("hex")];
  document.getElementById("sha256-text").textContent = one;
  document.getElementById("sm3-text").textContent = two;
  document.getElementById("sha256").value = one;
  document.getElementById("name").value = file.name;
  document.getElementById("digests").hidden = false;
  byDigest.hidden = !file.name.toLowerCase().endsWith(".pdf");
  say(`${file.name}，${amount(file.size)}`);
}

function chosen() {
  const file = input.files[0];
  if (!file) return;
  form.querySelector(".target span").textContent = file.name;
  if (file.size > Number(form.dataset.limit)) { say(`文件 ${amount(file.size)}，超过上限；请用包内自带的核验程序离线核验。`); return; }
  if (window.hashwasm) digest(file).catch(() => say(`${file.name}，${amount(file.size)}`));
}
input.addEventListener("change", chosen);

for (const kind of ["dragenter", "dragover"]) form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add("over"); });
for (const kind of ["dragleave", "drop"]) form.addEventListener(kind, () => form.classList.remove("over"));
form.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length > 0) { input.files = event.dataTransfer.files; chosen(); }
});

function answer(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const area = document.getElementById("answer-area");
  area.replaceChildren(...page.querySelectorAll(".answer-card, .refusal"));
  const card = area.firstElementChild;
  if (!card) { say("系统没有给出结论，请重试。"); return; }
  card.tabIndex = -1;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "start" });
}

// Sending shows amount, rate and time left; without this script the form is sent the plain way and answers the same.
form.addEventListener("submit", (event) => {
  if (event.submitter === byDigest || !input.files[0]) return;
  event.preventDefault();
  const request = new XMLHttpRequest();
  const begun = performance.now();
  const button = event.submitter;
  if (button) button.disabled = true;
  request.upload.addEventListener("progress", (step) => {
    const seconds = (performance.now() - begun) / 1000;
    const rate = step.loaded / Math.max(seconds, 0.001);
    const left = Math.ceil((step.total - step.loaded) / rate);
    say(step.loaded < step.total ? `已传 ${amount(step.loaded)} / ${amount(step.total)}，${amount(rate)}/秒，还需 ${left} 秒` : "已传完，正在核验……", (step.loaded / step.total) * 100);
  });
  request.addEventListener("load", () => { answer(request.responseText); say(""); if (button) button.disabled = false; });
  request.addEventListener("error", () => { say("没有传完：网络中断，或者文件超过上限。请重试。"); if (button) button.disabled = false; });
  request.open("POST", form.action);
  request.send(new FormData(form));
});
