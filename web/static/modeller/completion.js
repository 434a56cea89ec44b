// Names offered while an expression is written: variables that are there at the place, functions with a line of help.
// The field stays a plain textarea: without this module it is written the same, and undo of the browser works.
import { w } from "./words.js";

const MOST = 8;
const WORD = /[A-Za-z_]\w*$/;
const KINDS = { variable: () => w("proměnná", "variable"), function: () => w("funkce", "function") };

export class Completion {
  /** `offers` gives [{name, kind, insert, help}] whenever the list is opened. */
  constructor(control, offers) {
    Object.assign(this, { control, offers, found: [], at: 0 });
    this.list = document.createElement("ul");
    this.list.className = "offers";
    this.list.id = `${control.id}-nabidka`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", w("Co se tu dá napsat", "What can be written here"));
    this.list.hidden = true;
    this.told = document.createElement("p");
    this.told.className = "vh";
    this.told.setAttribute("role", "status");
    control.setAttribute("aria-autocomplete", "list");
    control.setAttribute("aria-controls", this.list.id);
    control.addEventListener("input", () => this.open(false));
    control.addEventListener("keydown", (event) => this.key(event));
    control.addEventListener("blur", () => this.close());
  }

  get parts() { return [this.list, this.told]; }

  typed() {
    const before = this.control.value.slice(0, this.control.selectionStart);
    // Inside a text in quotes nothing is offered.
    const quoted = (before.split("\n").pop().match(/"/g) ?? []).length % 2 === 1;
    return quoted || /\.\w*$/.test(before) ? null : (before.match(WORD)?.[0] ?? "");
  }

  open(asked) {
    const word = this.typed();
    if (word === null || (!word && !asked)) return this.close();
    const low = word.toLowerCase();
    const fits = this.offers().filter((one) => one.name.toLowerCase().includes(low) && one.name !== word);
    fits.sort((a, b) => b.name.toLowerCase().startsWith(low) - a.name.toLowerCase().startsWith(low));
    this.found = fits.slice(0, MOST);
    this.at = 0;
    if (!this.found.length) return this.close();
    this.draw();
    this.told.textContent = `${fits.length} ${w("návrhů, šipkami vyberete, Enterem vložíte", "offers, arrows choose, Enter inserts")}`;
  }

  draw() {
    this.list.replaceChildren(...this.found.map((one, at) => this.line(one, at)));
    this.list.hidden = false;
    this.control.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    this.list.children[this.at].scrollIntoView({ block: "nearest" });
  }

  line(one, at) {
    const line = document.createElement("li");
    line.id = `${this.list.id}-${at}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", String(at === this.at));
    const name = document.createElement("code");
    name.textContent = one.insert;
    const help = document.createElement("span");
    help.className = "small";
    help.textContent = `${KINDS[one.kind]()}${one.help ? `: ${one.help}` : ""}`;
    line.append(name, help);
    line.addEventListener("pointerdown", (event) => { event.preventDefault(); this.take(one); });
    return line;
  }

  close() {
    this.list.hidden = true;
    this.control.removeAttribute("aria-activedescendant");
    this.told.textContent = "";
  }

  key(event) {
    if (event.key === " " && event.ctrlKey) { event.preventDefault(); return this.open(true); }
    if (this.list.hidden) return undefined;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.at = (this.at + step + this.found.length) % this.found.length;
      this.draw();
    } else if (event.key === "Enter") this.take(this.found[this.at]);
    else if (event.key === "Escape") this.close();
    else return undefined;
    event.preventDefault();
    return event.stopPropagation();
  }

  /** Write the name in place of what was typed; of a function the caret stands in its brackets, its first word chosen. */
  take(one) {
    const end = this.control.selectionStart;
    const start = end - (this.typed() ?? "").length;
    this.control.setRangeText(one.insert, start, end, "end");
    const inner = /\(("?)([^",)]*)/.exec(one.insert);
    if (one.kind === "function" && inner) {
      const from = start + inner.index + 1 + inner[1].length;
      this.control.setSelectionRange(from, from + inner[2].length);
    }
    this.close();
    this.control.focus();
  }
}

/** The variables that are there at an element, asked of the check once for each drawing. */
export class Scopes {
  constructor(modeler, addresses) {
    Object.assign(this, { modeler, addresses, known: new Map() });
    modeler.on("commandStack.changed", () => this.known.clear());
  }

  /** Ask ahead; the answer is there when the author types. */
  async ask(element) {
    if (this.known.has(element)) return;
    this.known.set(element, null);
    const sent = new FormData();
    sent.set("xml", (await this.modeler.saveXML()).xml);
    sent.set("element", element);
    const answer = await fetch(this.addresses.scope, { method: "POST", body: sent, headers: { "X-CSRFToken": this.addresses.token } }).catch(() => null);
    if (answer?.ok) this.known.set(element, (await answer.json()).variables);
  }

  at(element) { return this.known.get(element); }
}

/** What can be written at an element: names that the check knows there, else those of the agenda's forms. */
export function offersAt(choices, there, titled) {
  const known = there ?? Object.fromEntries(choices.variables.map((name) => [name, ""]));
  const variables = Object.entries(known).map(([name, setter]) => ({ name, kind: "variable", insert: name, help: setter ? `${w("nastaví", "set by")} ${titled(setter)}` : "" }));
  const functions = choices.functions.map((one) => ({ name: one.name, kind: "function", insert: one.call, help: one.help }));
  return [...variables.sort((a, b) => a.name.localeCompare(b.name)), ...functions];
}
