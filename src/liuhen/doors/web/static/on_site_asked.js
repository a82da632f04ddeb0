// What the law asks of the act: the checklist, the opening to read aloud, what is told, and what has to be seen in the film.
import { byId, clockOf, element, spoken } from "./on_site_parts.js";

export function showAsked(asked, target) {
  target.replaceChildren(...asked.sections.map((section, index) => element("details", { open: index < 2 || undefined },
    element("summary", { text: `${section.title} ${section.points.length}` }),
    element("ul", { class: "asked-points" }, ...section.points.map(point)))));
}

// Where a sentence or a cause comes from: its clauses, or nothing where it is only custom.
export const chips = (clauses) => clauses.flatMap((clause) => [element("span", { class: "clause", "data-gist": clause.gist, text: clause.text }), " "]);

function point(one) {
  const words = element("p", {}, one.text, ...(one.wish ? [" ", element("span", { class: "muted", text: "根据实际" })] : []));
  return element("li", {}, words, ...chips(one.clauses), ...one.notes.map((note) => element("small", { text: note })));
}

const filled = (sentence, scene) => sentence.replace(/\{([^{}]+)\}/g, (_, blank) => ({
  "时间": spoken(scene.now), "地点": scene.place, "活动": scene.kind, "当事人": scene.party, "事由": scene.matter, "机关": scene.agency,
  "执法人员": scene.officers.map((one) => `${one.name}（执法证号 ${one.certificate}）`).join("、"),
})[blank] ?? "");

// `ticks` says of a word when it was said: {at, second} or true where the server already has it.
export function showOpening(asked, scene, ticks, isFilming, tick) {
  const list = byId("opening");
  byId("opening-hint").textContent = `${asked.opening_demanded ? "规定要求开拍先说明。" : "本案适用的规定没有要求开场说明，以下是习惯说法。"}${isFilming ? "念一句，点一句。" : "先点下面的“录像”，再照着念。"}`;
  const said = asked.opening.filter((one) => ticks[one.topic]).length;
  byId("opening-count").textContent = `${said} / ${asked.opening.length}`;
  const next = asked.opening.find((one) => !ticks[one.topic])?.topic;
  list.replaceChildren(...asked.opening.map((one) => element("li", {}, ticker(one.topic, filled(one.sentence, scene), ticks[one.topic], tick, one.topic === next, one.clauses))));
}

export function ticker(topic, words, ticked, tick, isNext = false, clauses = []) {
  const said = ticked ? (ticked === true ? "已标记" : ticked.second === undefined ? `${clockOf(ticked.at)} 已记` : `第 ${Math.floor(ticked.second)} 秒`) : "";
  const made = element("button", { type: "button", class: `say${isNext ? " next" : ""}`, "aria-pressed": ticked ? "true" : "false", "data-topic": topic },
    element("span", { class: "box", "aria-hidden": "true", text: ticked ? "✓" : "" }), element("span", { class: "words" }, words, ...(clauses.length ? [element("span", { class: "from" }, ...chips(clauses))] : [])), element("span", { class: "when num", text: said }));
  made.addEventListener("click", () => tick(topic, made));
  return made;
}

export function showScenes(asked, ticks, isFilming, tick) {
  byId("scenes").replaceChildren(...asked.scenes.map((word) => element("li", {}, ticker(word, word, ticks[word], tick))));
  byId("scenes-hint").textContent = isFilming ? "点一下就在这一秒作标记，可以点多次。" : "正在录像或者录音时才能标记。";
  for (const button of byId("scenes").querySelectorAll("button")) button.disabled = !isFilming;
  byId("own-mark-do").disabled = !isFilming;
}

// One button for the certificates, one for each group of things that the law wants told together.
export function showTellings(asked, done, show, tell) {
  const rows = [element("li", {}, act("出示执法证件", done.shown ? "已出示" : "出示证件", done.shown, show))];
  asked.tellings.forEach((one, index) => {
    const key = one.topics.join("、"), answer = one.response ? element("input", { id: `answer-${index}`, maxlength: 500, autocomplete: "off", placeholder: "当事人怎么回答" }) : null;
    const isDone = one.topics.every((topic) => done.told.has(topic));
    rows.push(element("li", {}, element("p", { class: "words", text: `告知${key}` }), isDone ? null : answer && element("p", { class: "field" }, element("label", { for: `answer-${index}`, text: "回应" }), answer),
      act(`告知${key}`, isDone ? "已告知" : "记下已告知", isDone, () => tell(one, answer))));
  });
  byId("tellings").replaceChildren(...rows);
}

const act = (label, words, isDone, onclick) => element("button", { type: "button", class: "button", disabled: isDone, "aria-label": `${words}：${label}`, text: isDone ? `✓ ${words}` : words, onclick });
