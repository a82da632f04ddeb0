// 时钟: what is noted on site carries the server's time as far as this device knows it; how far its own clock is off is shown.
const GRAVE = 120000;

export class Clock {
  constructor(keeping) { this.keeping = keeping; this.ahead = 0; this.known = null; }

  async remember() {
    const kept = await this.keeping.get("notes", "clock");
    if (kept) { this.ahead = kept.ahead; this.known = kept.at; }
  }

  // `server` is what the server's clock showed somewhere between asking and the answer.
  async compare(server, asked, answered) {
    this.ahead = Math.round((asked + answered) / 2 - new Date(server).getTime());
    this.known = answered;
    await this.keeping.put("notes", { name: "clock", ahead: this.ahead, at: answered });
  }

  now() { return new Date(Date.now() - this.ahead); }
  get isGrave() { return Math.abs(this.ahead) > GRAVE; }

  say() {
    const shown = new Date().toLocaleTimeString("zh-CN", { hour12: false });
    if (this.known === null) return `本机时间 ${shown}，还没有与系统核对`;
    return `本机时间 ${shown}，${this.sayDifference()}`;
  }

  sayDifference() {
    const off = Math.abs(this.ahead);
    if (off < 1000) return "与系统一致";
    return `比系统${this.ahead > 0 ? "快" : "慢"} ${off < GRAVE ? `${(off / 1000).toFixed(0)} 秒` : `${Math.round(off / 60000)} 分钟`}`;
  }
}
