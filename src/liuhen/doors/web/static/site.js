// What every page does by keyboard: / to search, ↑ ↓ Enter in lists, Esc to close the panel; and where focus goes after a change.
const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
const shown = (element) => element.getClientRects().length > 0;

function rows() {
  const within = document.querySelector("#case-body.opened #panel") ?? document;
  return [...within.querySelectorAll("[data-rows] tbody tr, li.row, [data-rows] > li")].filter(shown);
}

function step(by) {
  const all = rows();
  if (all.length === 0) return false;
  const focused = document.activeElement?.closest("tr, li");
  const current = all.findIndex((row) => row.classList.contains("at") || row === focused);
  const next = all[Math.max(0, Math.min(all.length - 1, current < 0 ? 0 : current + by))];
  all.forEach((row) => row.classList.toggle("at", row === next));
  const target = next.querySelector("a") ?? next;
  if (target === next) next.tabIndex = -1; // a row that leads nowhere can still be stood on
  target.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    const close = document.querySelector("[data-close]");
    if (close && !typing(event.target)) close.click();
    return;
  }
  if (typing(event.target)) return;
  if (event.key === "/") {
    const search = document.querySelector("[data-slash]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (document.querySelector("[data-player]")) return;
    if (step(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
  }
});

// The panel: remember what opened it, tell where we are, move focus to its heading.
let opener = null;
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-part]");
  if (link && !link.closest("#panel")) opener = link;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "panel") return;
  const opened = event.target.querySelector("[data-close]") !== null;
  document.querySelector("#case-body").classList.toggle("opened", opened);
  document.querySelectorAll("[data-part][aria-current]").forEach((link) => link.removeAttribute("aria-current"));
  event.target.scrollTop = 0;
  if (opened) {
    document.querySelectorAll(`[data-part][href="${CSS.escape(event.detail.pathInfo.requestPath)}"]`).forEach((link) => link.setAttribute("aria-current", "true"));
    event.target.querySelector("[data-focus]")?.focus({ preventScroll: true });
  } else {
    (opener?.isConnected ? opener : event.target.querySelector("h2"))?.focus({ preventScroll: true });
  }
});

// A form that takes a while says so and cannot be sent twice.
document.addEventListener("submit", (event) => {
  const words = event.target.dataset?.busy;
  if (!words) return;
  event.target.querySelector("[role=status]").textContent = words;
  event.target.querySelector("button").disabled = true;
});

// A group of the statement opens when its number in the head is chosen.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#group-"]');
  const group = link && document.querySelector(link.getAttribute("href"));
  if (group) group.open = true;
});

// A poster that cannot be drawn leaves a plain tile.
document.addEventListener("error", (event) => {
  if (event.target instanceof HTMLImageElement && event.target.closest(".films")) event.target.style.visibility = "hidden";
}, true);

document.querySelector("main [data-focus]")?.focus({ preventScroll: true });
