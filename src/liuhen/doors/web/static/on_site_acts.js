// Choosing or beginning an act: what is needed of it is known on the device, so that it begins without network too.
import { newId } from "./on_site_keeping.js";
import { byId, clockOf, element } from "./on_site_parts.js";

const NOTHING = { sections: [], opening: [], opening_demanded: false, tellings: [], scenes: [], whole: false };

// An act as both know it: the server what was sent, the device what goes on.
export function actOf(data, locals, uid) {
  const there = data.acts.find((one) => one.uid === uid), here = locals.find((one) => one.uid === uid && one.case === data.case.uid);
  if (!there && !here) return null;
  const act = { ...(there ?? here), case: data.case.uid, local: here ?? null, server: there ?? null };
  act.begun = there?.begun ?? here?.begun;
  act.ended = there?.ended ?? here?.ended ?? null;
  act.asked = there?.asked ?? data.kinds.find((one) => one.kind === act.kind)?.asked ?? NOTHING;
  return act;
}

export const freshLocal = (act) => ({ uid: act.uid, case: act.case, kind: act.kind, place: act.place, traits: act.traits ?? [], officers: act.officers, begun: act.begun, ended: act.ended ?? null, ticks: {}, told: [], shown: false, gap: null, resumed: null });

export function showChoice(data, locals, addressOf) {
  const uids = [...new Set([...data.acts.map((one) => one.uid), ...locals.filter((one) => one.case === data.case.uid).map((one) => one.uid)])];
  const running = uids.map((uid) => actOf(data, locals, uid)).filter((act) => act && !act.ended);
  byId("running").hidden = running.length === 0;
  byId("running-list").replaceChildren(...running.map((act) => element("li", {}, element("a", { href: addressOf(act.uid) }, element("b", { text: act.kind }), ` ${act.place} `, element("span", { class: "muted num", text: `${clockOf(act.begun)} 开始` })))));
  const kind = byId("kind");
  if (kind.options.length > 1) return;
  kind.append(...data.kinds.map((one) => element("option", { value: one.kind, text: one.kind })));
  byId("officers").append(...data.officers.map((one) => element("li", {}, element("label", {}, element("input", { type: "checkbox", name: "officer", value: one.officer, checked: one.officer === data.person }), ` ${one.name} `, element("span", { class: "muted num", text: one.certificate })))));
  byId("traits").append(...data.traits.map((word) => element("li", {}, element("label", {}, element("input", { type: "checkbox", name: "trait", value: word }), ` ${word}`))));
  byId("traits-box").hidden = data.traits.length === 0;
}

// Gives the act and its event, or null after saying beside the form what is missing.
export function begin(data, at) {
  const form = byId("begin"), kind = byId("kind").value, place = byId("place").value.trim();
  const picked = (name) => [...form.querySelectorAll(`[name=${name}]:checked`)].map((one) => one.value);
  const officers = data.officers.filter((one) => picked("officer").includes(one.officer));
  const faults = [kind ? "" : "请选择执法活动", place ? "" : "请填写地点", officers.length ? "" : "请勾选执法人员"].filter(Boolean);
  const box = byId("begin-errors");
  box.hidden = faults.length === 0;
  box.textContent = faults.join("；");
  if (faults.length) { box.focus(); return null; }
  const content = { act: newId(), kind, place, officers, traits: picked("trait"), party_present: picked("present")[0] === "yes" };
  const act = { ...content, uid: content.act, case: data.case.uid, begun: at.toISOString() };
  return { local: freshLocal(act), content };
}
