// 待发送: what still waits, how large it is, what is being sent, and what the server did not take and why.
import { amount, byId, clockOf, element } from "./on_site_parts.js";
import { OVER } from "./on_site_sending.js";

const KINDS = { video: "录像", audio: "录音", photo: "照片" };
const EVENTS = { "case.act-begun": "活动开始", "case.act-ended": "活动结束", "case.certificates-shown": "出示证件", "case.party-told": "告知", "case.interruption-explained": "中断说明", "recording.marked": "标记" };
const STANDINGS = { taking: "正在拍摄", kept: "等待发送", stored: "已入库，正在关联", quarantined: "服务器已隔离保存", done: "已入库" };

export class Queue {
  constructor(keeping, sending, isLive, changed) { Object.assign(this, { keeping, sending, isLive, changed, shown: Promise.resolve(), left: -1, arriving: 0 }); }

  // Files of the telephone's own camera while they are copied here: not yet kept, so never "nothing waits".
  async whileArriving(count, copying) {
    this.arriving += count;
    byId("queue-words").textContent = this._words(Math.max(this.left, 0), 0, 0);
    try { return await copying(); } finally { this.arriving -= count; this.show(); }
  }

  show() { return (this.shown = this.shown.then(() => this._show())); }

  async _show() {
    const captures = await this.keeping.all("captures"), events = await this.keeping.all("events");
    const files = captures.filter((one) => !OVER.has(one.state) && !this.isLive(one.id)), refused = events.filter((one) => one.state === "refused");
    const left = files.length + events.length - refused.length, bytes = files.filter((one) => one.state !== "stored").reduce((sum, one) => sum + (one.size ?? 0), 0);
    byId("queue-words").textContent = this._words(left, bytes, refused.length);
    byId("send").disabled = left + refused.length === 0 || this.sending.busy;
    const bar = byId("queue-bar"), { current } = this.sending;
    bar.hidden = !(current && current.share < 1);
    if (current) bar.value = Math.floor(current.share * 100);
    this._list(captures, refused);
    if (left !== this.left) { this.left = left; this.changed(); }
  }

  _words(left, bytes, refused) {
    if (this.arriving) return `正在存入本机 ${this.arriving} 件，请不要关闭页面${left ? `；待发送 ${left} 件` : ""}`;
    const waits = left ? `待发送 ${left} 件${bytes ? `，${amount(bytes)}` : ""}` : "没有待发送的";
    const state = !left ? "" : !navigator.onLine || this.sending.state === "waiting" ? "；没有网络，连上后自动发送" : this.sending.state === "signed-out" ? "；请重新登录" : this.sending.state === "trouble" ? "；发送遇到问题，稍后重试" : this.sending.busy ? "；正在发送" : "";
    return `${waits}${state}${refused ? `；${refused} 件服务器没有接收` : ""}`;
  }

  _list(captures, refused) {
    const lines = [
      ...refused.map((one) => line(`${EVENTS[one.type] ?? one.type} ${one.content.topic ?? one.content.topics?.join("、") ?? ""}`, one.at, "没有接收", one.reason, "bad")),
      ...captures.filter((one) => one.state !== "empty").reverse().map((one) => line(`${KINDS[one.kind]} ${amount(one.size ?? 0)}`, one.started ?? one.ended, STANDINGS[one.state === "taking" && !this.isLive(one.id) ? "kept" : one.state], one.note, one.state === "quarantined" ? "bad" : one.state === "done" ? "good" : "")),
    ];
    byId("queue-box").hidden = lines.length === 0;
    byId("queue").replaceChildren(...lines);
  }

  // The button tries again what was not taken: the case may have changed since.
  async revive() {
    for (const one of await this.keeping.all("events")) if (one.state === "refused") await this.keeping.change("events", one.order, { state: "tried", reason: "" });
  }
}

const line = (what, at, standing, note, kind) => element("li", {}, element("span", { text: what }), at ? element("span", { class: "muted num", text: clockOf(at) }) : null, element("b", { class: kind, text: standing }), note ? element("small", { text: note }) : null);
