// The small parts of the page: elements, amounts, moments, and what takes a second press.
export function element(tag, content = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(content)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") made.textContent = value;
    else if (name === "onclick") made.addEventListener("click", value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export const byId = (id) => document.getElementById(id);
export const amount = (bytes) => bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;

const two = (number) => String(number).padStart(2, "0");
export const lasting = (milliseconds) => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
};
const parts = (at) => Object.fromEntries(new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).formatToParts(new Date(at)).map((part) => [part.type, part.value]));
export const clockOf = (at) => { const p = parts(at); return `${p.hour}:${p.minute}:${p.second}`; };
export const stampOf = (at) => { const p = parts(at); return `${p.year}${p.month}${p.day}-${p.hour}${p.minute}${p.second}`; };
export const spoken = (at) => { const p = parts(at); return `${p.year} 年 ${Number(p.month)} 月 ${Number(p.day)} 日 ${Number(p.hour)} 时 ${Number(p.minute)} 分`; };

// What cannot be taken back wants a second press within a few seconds.
export function twice(button, words) {
  if (button.dataset.asked) return true;
  const before = button.textContent;
  button.dataset.asked = "yes";
  button.textContent = words;
  setTimeout(() => { delete button.dataset.asked; if (button.textContent === words) button.textContent = before; }, 6000);
  return false;
}

// Joins stretches of time, so that what was filmed twice counts once.
export function joined(spans) {
  const found = [];
  for (const [start, end] of spans.filter(([a, b]) => b > a).sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}
