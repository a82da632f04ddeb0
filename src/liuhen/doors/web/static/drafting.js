// 拟制文书: what is typed is kept as it is typed. Where two people write at once, neither loses a word: what the other changed comes
// in where one has not typed, and where one has, both texts stand there until somebody chooses.
const form = document.getElementById("draft");
const state = document.getElementById("draft-state");
const PAUSE = 1200, LOOK = 15000, AGAIN = 5000; // milliseconds
const known = new Map(); // the text of each field as the server has it
const held = new Set(); // fields in which two texts stand
let seen = Number(form.dataset.seen), running = false, timer = 0, left = false;

const fields = () => [...form.querySelectorAll("input[name], textarea[name]")].filter((one) => one.type !== "hidden");
const field = (name) => form.elements.namedItem(name);
const changed = () => fields().filter((one) => one.value !== known.get(one.name) && !held.has(one.name));
// The cookie's own: signing in again in another window changes it.
const token = () => document.cookie.split("; ").find((one) => one.startsWith("csrftoken="))?.slice("csrftoken=".length) ?? form.elements.namedItem("csrfmiddlewaretoken").value;
const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });

function say(sentence, wrong = false) {
  if (state.textContent !== sentence) state.textContent = sentence;
  state.classList.toggle("wrong", wrong);
}

// What was refused is not kept yet; what was refused for its own sake is only kept when somebody has changed it.
const refused = "refused" in form.dataset;
for (const one of fields()) known.set(one.name, refused && !one.closest(".wrong") ? null : one.defaultValue);
fit(...fields());
if (refused) soon(0);

form.addEventListener("input", (event) => {
  fit(event.target);
  // What was said of the text before is not true of this one; what is wrong stays said until it is mended.
  if (changed().length > 0 && !state.classList.contains("wrong")) say("有改动，停笔后自动保存");
  soon(PAUSE);
});
form.addEventListener("change", () => soon(0));

// What the law wants stated, looked at anew a moment after the last change.
let asking = 0, asked = 0;
form.addEventListener("input", () => {
  clearTimeout(asking);
  asking = setTimeout(lookAtWords, 2 * PAUSE);
});
async function lookAtWords() {
  const turn = ++asked, sent = new FormData(form);
  sent.set("csrfmiddlewaretoken", token());
  const answer = await fetch(form.dataset.check, { method: "POST", redirect: "manual", body: sent }).catch(() => null);
  const said = answer?.ok ? await answer.text() : "";
  if (said && turn === asked) document.getElementById("remarks").innerHTML = said;
}
document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
window.addEventListener("online", () => soon(0));
setInterval(() => { if (!document.hidden && seen > 0 && changed().length === 0) save(false, true); }, LOOK);

function soon(pause) {
  clearTimeout(timer);
  timer = setTimeout(() => save(), pause);
}

async function save(leaving = false, looking = false) {
  if (running || left) return running && !left ? soon(200) : undefined;
  const sent = new Map(changed().map((one) => [one.name, one.value]));
  if (sent.size === 0 && !looking) return;
  running = true;
  let answer = null;
  try {
    answer = await fetch(form.dataset.save, {
      method: "POST",
      keepalive: leaving,
      redirect: "manual",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ code: form.dataset.code, act: form.dataset.act, seen, texts: Object.fromEntries(sent) }),
    });
  } catch { /* no network: said below, tried again */ }
  running = false;
  await understand(answer, sent);
}

async function understand(answer, sent) {
  if (answer === null) {
    say("没有网络，草稿还没有保存；接通后自动再试，请不要关闭页面", true);
    return soon(AGAIN);
  }
  if (answer.type === "opaqueredirect") {
    say("登录已经失效，草稿没有保存；请在另一个窗口登录，回到这里后自动继续", true);
    return soon(AGAIN);
  }
  const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
  if (said?.made) {
    left = true;
    return say("这份草稿已经由别人制作成文书，不能再改；刷新页面可以查看", true);
  }
  if (!answer.ok || said === null) return say(said?.sentence ?? `草稿没有保存（${answer.status}）；请点“保存草稿”查看原因`, true);
  seen = said.version;
  form.elements.namedItem("seen").value = String(seen);
  for (const [name, text] of sent) if (!(name in said.clashes)) known.set(name, text);
  for (const [name, one] of Object.entries(said.clashes)) hold(name, one);
  for (const [name, one] of Object.entries(said.news)) receive(name, one);
  if (seen === 0) return;
  if (location.pathname !== form.dataset.open) history.replaceState(null, "", form.dataset.open);
  if (held.size > 0) say(`有 ${held.size} 处别人也改了，请选择留下哪一个`, true);
  else if (changed().length > 0) soon(PAUSE);
  else if (sent.size > 0 || state.classList.contains("wrong")) say(`草稿已保存 ${clock()}`);
}

// What somebody else wrote, in a field where we have not typed.
function receive(name, one) {
  const here = field(name);
  if (here === null) return /^[qa]\d+$/.test(name) && pairs().length ? (moreQuestions(), receive(name, one)) : undefined;
  if (here.value === one.text) return void known.set(name, one.text);
  if (here.value !== known.get(name)) return hold(name, one);
  here.value = one.text;
  known.set(name, one.text);
  fit(here);
  note(here, "came", `${one.by}刚才改了这里`);
}

// Two texts in one field: both stand there until somebody chooses.
function hold(name, one) {
  const here = field(name);
  if (here === null) return;
  held.add(name);
  const box = note(here, "clash", `${one.by}同时改了这里，写的是：`);
  const theirs = document.createElement("blockquote");
  theirs.textContent = one.text || "（空）";
  box.append(theirs, choice("用对方的", () => settle(here, one.text, one.text)), " ", choice("用我的", () => settle(here, here.value, one.text)));
}

function choice(words, work) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = words;
  button.addEventListener("click", work);
  return button;
}

function settle(here, text, theirs) {
  held.delete(here.name);
  known.set(here.name, theirs);
  here.value = text;
  fit(here);
  here.parentElement.querySelector(".clash")?.remove();
  here.focus();
  if (held.size === 0) say(`草稿已保存 ${clock()}`);
  soon(0);
}

function note(here, kind, words) {
  here.parentElement.querySelector(".clash, .came")?.remove();
  const box = document.createElement("div");
  box.className = kind;
  box.setAttribute("role", "status");
  box.append(words);
  here.after(box);
  return box;
}

// A long text shows all of itself.
function fit(...areas) {
  for (const area of areas) {
    if (area.tagName !== "TEXTAREA" || area.scrollHeight <= area.clientHeight) continue;
    area.rows = Math.min(40, area.rows + Math.ceil((area.scrollHeight - area.clientHeight) / parseFloat(getComputedStyle(area).lineHeight)));
  }
}

form.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("data-look")) return;
  const first = [...held][0];
  if (first !== undefined) {
    event.preventDefault();
    say(`有 ${held.size} 处别人也改了，请选择留下哪一个，再制作`, true);
    return field(first).focus();
  }
  left = true;
  clearTimeout(timer);
  form.elements.namedItem("csrfmiddlewaretoken").value = token();
});
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// Questions: as many as are asked, and read aloud to whoever answered them.
const pairs = () => [...form.querySelectorAll(".asked .pair")];
function moreQuestions() {
  const place = pairs().length, last = pairs().at(-1), fresh = last.cloneNode(true);
  fresh.querySelectorAll(".clash, .came, .error").forEach((one) => one.remove());
  for (const one of fresh.querySelectorAll("textarea")) {
    const kind = one.name[0];
    fresh.querySelector(`label[for="${one.id}"]`).htmlFor = `id_${kind}${place}`;
    one.name = `${kind}${place}`;
    one.id = `id_${kind}${place}`;
    one.value = one.defaultValue = "";
    known.set(one.name, "");
  }
  last.after(fresh);
  return fresh;
}
const more = form.querySelector("[data-more-questions]");
if (more) {
  more.hidden = false;
  more.addEventListener("click", () => moreQuestions().querySelector("textarea").focus());
}
const aloud = form.querySelector("[data-read-aloud]");
if (aloud && "speechSynthesis" in window) {
  aloud.hidden = false;
  aloud.addEventListener("click", () => {
    if (speechSynthesis.speaking) return speechSynthesis.cancel(), void (aloud.textContent = "朗读给被询问人听");
    const texts = pairs().map((pair) => [...pair.querySelectorAll("textarea")].map((one) => one.value.trim())).filter(([question, answer]) => question && answer);
    aloud.textContent = "停止朗读";
    texts.flatMap(([question, answer]) => [`问：${question}`, `答：${answer}`]).forEach((text, at, all) => {
      const spoken = new SpeechSynthesisUtterance(text);
      spoken.lang = "zh-CN";
      if (at === all.length - 1) spoken.onend = () => { aloud.textContent = "朗读给被询问人听"; };
      speechSynthesis.speak(spoken);
    });
    if (texts.length === 0) aloud.textContent = "朗读给被询问人听";
  });
}

// Choosing an act brings its time, place and people in at once; the button does the same where no script runs.
for (const select of document.querySelectorAll("select[data-go]")) {
  select.form.querySelector("button").hidden = true;
  select.addEventListener("change", async () => { await save(); left = true; select.form.submit(); });
}
