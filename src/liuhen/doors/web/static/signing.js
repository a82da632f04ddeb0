// 签名板: strokes as they were written (place, time, pressure), drawn at once, sent as they are; what cannot be sent stays on the
// pad with the reason. Coordinates are those of the pad in which the first stroke was written; turning the phone only moves the view.
const page = document.querySelector("#signing"), pad = document.querySelector("#pad");
const PATIENCE = 30000, BLUNT = 500, LEAST = 12;

// A form that is on its way is not sent twice.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    form.querySelector("button[type=submit]").textContent += "…";
  });
}
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

class Hand {
  strokes = [];
  begun = null;
  view = { k: 1, x: 0, y: 0 };

  get points() { return this.strokes.reduce((sum, stroke) => sum + stroke.length, 0); }

  get extent() {
    const all = this.strokes.flat(), xs = all.map((one) => one[0]), ys = all.map((one) => one[1]);
    const span = (list) => list.reduce(([least, most], one) => [Math.min(least, one), Math.max(most, one)], [Infinity, -Infinity]);
    return { x: span(xs), y: span(ys) };
  }

  get isName() {
    if (this.strokes.length === 0) return false;
    const { x, y } = this.extent;
    return x[1] - x[0] >= LEAST || y[1] - y[0] >= LEAST;
  }

  add(event, box, fresh) {
    const at = event.timeStamp;
    this.begun ??= at;
    const point = [
      Math.round((event.clientX - box.left - this.view.x) / this.view.k),
      Math.round((event.clientY - box.top - this.view.y) / this.view.k),
      Math.max(0, Math.round(at - this.begun)),
      event.pressure > 0 ? Math.min(1000, Math.round(event.pressure * 1000)) : BLUNT,
    ];
    if (fresh) { this.strokes.push([point]); return true; }
    const stroke = this.strokes[this.strokes.length - 1], last = stroke[stroke.length - 1];
    if (last[0] === point[0] && last[1] === point[1]) return false;
    point[2] = Math.max(point[2], last[2]);
    stroke.push(point);
    return true;
  }

  // Lets everything that was written be seen in a pad of this size.
  fit(width, height) {
    this.view = { k: 1, x: 0, y: 0 };
    if (this.strokes.length === 0) return;
    const { x, y } = this.extent, room = 16;
    if (x[0] >= 0 && y[0] >= 0 && x[1] <= width && y[1] <= height) return;
    const k = Math.min(1, (width - 2 * room) / Math.max(1, x[1] - x[0]), (height - 2 * room) / Math.max(1, y[1] - y[0]));
    this.view = { k, x: (width - k * (x[0] + x[1])) / 2, y: (height - k * (y[0] + y[1])) / 2 };
  }
}

function startPad() {
  const canvas = document.querySelector("#pad-canvas"), pen = canvas.getContext("2d"), field = document.querySelector("#pad-field");
  const who = document.querySelector("#pad-who"), fault = document.querySelector("#pad-fault"), here = document.querySelector("#pad-here");
  const back = document.querySelector("#pad-back"), again = document.querySelector("#pad-again"), confirm = document.querySelector("#pad-confirm");
  const most = Number(page.dataset.most), hands = new Map();
  let button = null, hand = null, pointer = null, sending = false;

  const say = (sentence) => { fault.textContent = sentence; fault.hidden = sentence === ""; };
  const tell = () => {
    const empty = hand.strokes.length === 0;
    here.hidden = !empty;
    again.disabled = empty || sending;
    confirm.disabled = !hand.isName || sending;
  };

  const line = (from, to) => {
    const { k, x, y } = hand.view, width = Math.max(1.2, k * (1.6 + 4 * (to[3] / 1000)));
    pen.lineWidth = width;
    pen.beginPath();
    pen.moveTo(from[0] * k + x, from[1] * k + y);
    pen.lineTo(to[0] * k + x, to[1] * k + y + (from === to ? 0.01 : 0));
    pen.stroke();
  };
  const draw = () => {
    const ratio = window.devicePixelRatio || 1, { clientWidth: width, clientHeight: height } = field;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#10141c";
    hand.fit(width, height);
    for (const stroke of hand.strokes) {
      line(stroke[0], stroke[0]);
      for (let n = 1; n < stroke.length; n += 1) line(stroke[n - 1], stroke[n]);
    }
  };
  new ResizeObserver(() => { if (hand !== null && pointer === null) draw(); }).observe(field);

  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || sending || event.button > 0) return;
    event.preventDefault();
    if (hand.points >= most) { say("笔迹太长，写不下了；请按“重写”，写得简短一些。"); return; }
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    hand.add(event, canvas.getBoundingClientRect(), true);
    const dot = hand.strokes[hand.strokes.length - 1][0];
    line(dot, dot);
    tell();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const box = canvas.getBoundingClientRect(), parts = event.getCoalescedEvents?.() ?? [];
    for (const one of parts.length > 0 ? parts : [event]) {
      if (hand.points >= most) { say("笔迹太长，写不下了；请按“重写”，写得简短一些。"); break; }
      const stroke = hand.strokes[hand.strokes.length - 1];
      if (hand.add(one, box, false)) line(stroke[stroke.length - 2], stroke[stroke.length - 1]);
    }
  });
  const lift = (event) => { if (event.pointerId === pointer) { pointer = null; tell(); } };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);

  const close = () => {
    if (sending) return;
    if (pad.close) pad.close();
    else pad.removeAttribute("open");
    document.documentElement.classList.remove("signing-now");
    button?.focus();
  };
  back.addEventListener("click", close);
  pad.addEventListener("cancel", (event) => { event.preventDefault(); close(); });
  again.addEventListener("click", () => { hand.strokes = []; hand.begun = null; say(""); draw(); tell(); canvas.focus(); });

  for (const opener of document.querySelectorAll("[data-sign]")) {
    opener.addEventListener("click", () => {
      button = opener;
      hand = hands.get(opener.dataset.sign) ?? new Hand();
      hands.set(opener.dataset.sign, hand);
      who.textContent = `${opener.dataset.who} 签名`;
      say("");
      confirm.textContent = "确认签名";
      document.documentElement.classList.add("signing-now");
      if (pad.showModal) pad.showModal();
      else pad.setAttribute("open", ""); // browsers before 2022 on telephones
      who.focus();
      draw();
      tell();
    });
  }

  const failed = (sentence) => {
    sending = false;
    say(`${sentence}${/[。；！]$/.test(sentence) ? "" : "。"}笔迹还在。`);
    confirm.textContent = "重新发送";
    tell();
  };
  confirm.addEventListener("click", async () => {
    if (sending) return;
    sending = true;
    say("");
    confirm.textContent = "正在保存…";
    tell();
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), PATIENCE);
    let answer, said = null;
    try {
      answer = await fetch(button.dataset.url, {
        method: "POST", signal: stop.signal,
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ sha256: page.dataset.sha256, strokes: hand.strokes }),
      });
      if (answer.headers.get("Content-Type")?.includes("json")) said = await answer.json();
    } catch {
      return failed("没有送到服务器：网络不通或者太慢；网络恢复后请按“重新发送”");
    } finally {
      clearTimeout(timer);
    }
    if (answer.ok && said?.next) {
      hands.delete(button.dataset.sign);
      location.assign(said.next);
    } else if (answer.redirected || answer.status === 401 || (answer.status === 403 && said === null)) {
      failed("登录已经过期，没有保存；请在另一个窗口重新登录，再回到这里按“重新发送”");
    } else {
      failed(said?.sentence ?? `服务器没有保存（${answer.status}）；请稍后按“重新发送”，仍不行的请告诉系统管理员`);
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (![...hands.values()].some((one) => one.strokes.length > 0)) return;
    event.preventDefault();
    event.returnValue = ""; // browsers before 2023 ask only then
  });
}

// The cookie, not the page: whoever signed in again in another window has a new one.
function token() {
  return document.cookie.split("; ").find((one) => one.startsWith("csrftoken="))?.slice("csrftoken=".length) ?? "";
}

if (pad !== null) startPad();

// What will be taken for the fingerprint is seen before it is sent.
for (const form of document.querySelectorAll("form[data-print]")) {
  const seen = form.querySelector(".print-seen"), image = seen.querySelector("img"), file = form.querySelector("input[type=file]");
  file.addEventListener("change", () => {
    if (image.src) URL.revokeObjectURL(image.src);
    seen.hidden = file.files.length === 0;
    if (!seen.hidden) image.src = URL.createObjectURL(file.files[0]);
  });
}
