// What the engine's rules say, while the diagram is drawn: badges on elements, a strip below, the way drawn where it goes wrong.
import { w } from "./words.js";

const PAUSE = 900;
const NAMES = { error: () => w("chyba", "error"), warning: () => w("upozornění", "warning"), hint: () => w("tip", "hint") };

export class Findings {
  constructor(modeler, addresses, show) {
    Object.assign(this, { modeler, addresses, show, timer: 0, marked: [], asked: 0 });
    this.list = document.getElementById("nalezy");
    this.counts = document.getElementById("nalezy-pocty");
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), PAUSE);
  }

  async check() {
    const number = ++this.asked;
    const sent = new FormData();
    sent.set("xml", (await this.modeler.saveXML()).xml);
    const answer = await fetch(this.addresses.check, { method: "POST", body: sent, headers: { "X-CSRFToken": this.addresses.token } }).catch(() => null);
    // An answer about an older drawing is of no use.
    if (number !== this.asked) return;
    if (!answer?.ok) { this.counts.textContent = w("Kontrola teď neodpovídá.", "The check does not answer now."); return; }
    this.tell((await answer.json()).problems);
  }

  tell(problems) {
    this.badges(problems);
    this.path([]);
    this.list.replaceChildren(...problems.map((one) => this.line(one)));
    const counted = Object.keys(NAMES).map((kind) => [kind, problems.filter((one) => one.severity === kind).length]).filter(([, count]) => count);
    const chips = counted.map(([kind, count]) => chip(kind, `${count} × ${NAMES[kind]()}`));
    this.counts.replaceChildren(...(chips.length ? chips : [chip("ok", w("v pořádku", "in order"))]));
  }

  line(problem) {
    const item = make("li", "finding");
    const texts = make("div");
    texts.append(make("p", "", problem.message), make("p", "small muted", problem.mend));
    item.append(chip(problem.severity, NAMES[problem.severity]()), make("strong", "", this.name(problem.element)), texts);
    if (!this.element(problem.element) && !problem.path.length) return item;
    const go = make("button", "link", problem.path.length ? w("Ukázat cestu", "Show the way") : w("Ukázat", "Show"));
    go.type = "button";
    go.addEventListener("click", () => { this.path(problem.path); this.show(problem.element ?? problem.path.at(-1)); });
    item.append(go);
    return item;
  }

  element(id) { return id && this.modeler.get("elementRegistry").get(id); }

  name(id) {
    const element = this.element(id);
    return element?.businessObject.name || id || "";
  }

  badges(problems) {
    const overlays = this.modeler.get("overlays");
    overlays.remove({ type: "finding" });
    const worst = new Map();
    for (const one of problems) if (this.element(one.element) && one.severity !== "hint") worst.set(one.element, [...(worst.get(one.element) ?? []), one]);
    for (const [id, found] of worst) {
      const kind = found.some((one) => one.severity === "error") ? "error" : "warning";
      const badge = make("button", `badge is-${kind}`, "!");
      badge.type = "button";
      badge.title = found.map((one) => one.message).join("\n");
      badge.setAttribute("aria-label", `${this.name(id)}: ${badge.title}`);
      badge.addEventListener("click", () => this.show(id));
      const flow = Boolean(this.element(id).waypoints);
      overlays.add(id, "finding", { position: flow ? { top: -10, left: -10 } : { top: -12, right: 12 }, html: badge });
    }
  }

  path(ids) {
    const canvas = this.modeler.get("canvas");
    this.marked.forEach((id) => this.element(id) && canvas.removeMarker(id, "on-path"));
    this.marked = [...new Set(ids)].filter((id) => this.element(id));
    this.marked.forEach((id) => canvas.addMarker(id, "on-path"));
  }
}

const KINDS = { error: "is-late", warning: "is-soon", hint: "", ok: "is-ok" };
const chip = (kind, text) => make("span", `chip ${KINDS[kind]}`, text);

function make(tag, kind = "", text = "") {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text) made.textContent = text;
  return made;
}
