// What the engine's rules say, while a file is edited: a strip below, and marks at the places; one click leads there.
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
    const go = make("button", "link", this.leads(problem));
    go.type = "button";
    go.addEventListener("click", () => this.go(problem));
    item.append(go);
    return item;
  }

  leads() { return w("Ukázat", "Show"); }
}

const KINDS = { error: "is-late", warning: "is-soon", hint: "", ok: "is-ok" };
const chip = (kind, text) => make("span", `chip ${KINDS[kind]}`, text);

export function make(tag, kind = "", text = "") {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  if (text) made.textContent = text;
  return made;
}
