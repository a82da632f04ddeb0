// The player: keys, marks that jump, and the playing head on the act's clock.
const media = document.getElementById("media");
const ruler = document.getElementById("ruler");
const second = document.getElementById("mark-second");
const topic = document.getElementById("mark-topic");
const marks = [...document.querySelectorAll(".mark-jump")];

if (media) {
  const go = (to, play) => {
    const seek = () => { media.currentTime = Math.max(0, Math.min(to, media.duration || to)); };
    // Nothing is fetched before somebody asks to see it: opening the page is no play.
    if (media.readyState > 0) seek(); else { media.addEventListener("loadedmetadata", seek, { once: true }); media.load(); media.preload = "auto"; }
    if (play) media.play().catch(() => {});
  };
  const toggle = () => { if (media.paused) media.play().catch(() => {}); else media.pause(); };
  const keys = {
    k: toggle, " ": toggle,
    j: () => go(media.currentTime - 10), l: () => go(media.currentTime + 10),
    ArrowLeft: () => go(media.currentTime - 5), ArrowRight: () => go(media.currentTime + 5),
    m: () => { if (second) { second.value = media.currentTime.toFixed(3); topic.focus(); } },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (name === " " && event.target.closest("button, a, video, audio")) return;
    if ((name === "ArrowLeft" || name === "ArrowRight") && event.target === media) return;
    if (keys[name]) { event.preventDefault(); keys[name](); }
  });
  marks.forEach((mark) => mark.addEventListener("click", () => go(Number(mark.dataset.second), true)));
  if (second) media.addEventListener("pause", () => { second.value = media.currentTime.toFixed(3); });

  media.addEventListener("timeupdate", () => {
    const passed = marks.filter((mark) => Number(mark.dataset.second) <= media.currentTime + 0.25);
    marks.forEach((mark) => { if (mark === passed[passed.length - 1]) mark.setAttribute("aria-current", "true"); else mark.removeAttribute("aria-current"); });
    if (ruler) show();
  });

  const whole = ruler && Number(ruler.dataset.whole);
  const offset = ruler && Number(ruler.dataset.offset);
  const starts = ruler?.closest(".ruler").querySelector(".ruler-ends span").textContent.split(":").map(Number);
  function show() {
    const at = offset + media.currentTime;
    document.getElementById("head").setAttribute("x", String(Math.max(0, Math.min(998, (at / whole) * 1000))));
    const clock = starts[0] * 3600 + starts[1] * 60 + starts[2] + Math.floor(at);
    const two = (number) => String(number).padStart(2, "0");
    document.getElementById("clock-now").textContent = `${two(Math.floor(clock / 3600) % 24)}:${two(Math.floor(clock / 60) % 60)}:${two(clock % 60)}`;
  }
  if (ruler) {
    document.getElementById("head").setAttribute("x", String((offset / whole) * 1000));
    ruler.addEventListener("click", (event) => {
      if (event.target.closest("a")) return;
      const box = ruler.getBoundingClientRect();
      const to = ((event.clientX - box.left) / box.width) * whole - offset;
      if (to >= 0 && to <= (media.duration || whole)) go(to, !media.paused);
    });
  }
}
