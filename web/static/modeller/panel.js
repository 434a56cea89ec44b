// The panel of the chosen part: fields in the author's words, each change one step of undo.
import { Completion, Scopes, offersAt } from "./completion.js";
import { Edits, KINDS } from "./edits.js";
import { sections } from "./sections.js";
import { w } from "./words.js";

export class Panel {
  constructor(modeler, place, choices, addresses, show) {
    Object.assign(this, { modeler, place, choices, addresses, show, edits: new Edits(modeler), scopes: new Scopes(modeler, addresses), element: modeler.get("canvas").getRootElement() });
    modeler.on("selection.changed", ({ newSelection }) => this.open(newSelection.length === 1 ? newSelection[0] : modeler.get("canvas").getRootElement()));
    modeler.on("commandStack.changed", () => this.again());
    modeler.on("root.set", ({ element }) => this.open(element));
    this.holdBack();
    this.open(this.element);
  }

  open(element) {
    this.element = element.labelTarget ?? element;
    this.draw();
  }

  /** Draw what changed once the focus has moved on and nothing is being pressed: it goes where the author is going. */
  again() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { if (this.pressed) this.waits = true; else this.redraw(); }, 0);
  }

  /** What is pressed is let go before it is drawn anew, else the press would come to nothing; a list that opens stays open. */
  holdBack() {
    this.place.addEventListener("pointerdown", () => { this.pressed = true; });
    for (const name of ["pointerup", "pointercancel"]) {
      window.addEventListener(name, () => {
        this.pressed = false;
        if (this.waits && !document.activeElement?.matches("#panel select")) this.again();
      });
    }
    this.place.addEventListener("focusout", () => { if (this.waits) this.again(); });
  }

  redraw() {
    this.waits = false;
    if (!this.modeler.get("elementRegistry").get(this.element.id)) this.element = this.modeler.get("canvas").getRootElement();
    const field = document.activeElement?.closest?.("#panel") ? document.activeElement : null;
    const [from, to] = [field?.selectionStart, field?.selectionEnd];
    this.draw();
    const again = field?.id && document.getElementById(field.id);
    again?.focus();
    if (again && from !== undefined && from !== null) again.setSelectionRange(from, to);
  }

  called(id) { return this.modeler.get("elementRegistry").get(id)?.businessObject.name || id; }

  title(element) {
    const bo = element.businessObject ?? {};
    const kind = KINDS[bo.$type]?.() ?? (bo.$type ?? "").replace("bpmn:", "");
    return bo.name ? `${kind}: ${bo.name}` : kind + (bo.$type === "bpmn:SequenceFlow" ? ` ${bo.sourceRef?.name ?? ""} → ${bo.targetRef?.name ?? ""}` : ` (${element.id})`);
  }

  context() {
    const bo = this.element.businessObject;
    const process = bo.$type === "bpmn:Process" ? bo : bo.processRef;
    const activities = this.modeler.get("elementRegistry").filter((one) => ["bpmn:UserTask", "bpmn:ManualTask", "bpmn:Task"].includes(one.type)).map((one) => ({ key: one.id, title: one.businessObject.name || one.id }));
    return { element: this.element, bo, process, activities, edits: this.edits, choices: this.choices };
  }

  draw() {
    const { bo } = this.element;
    const own = this.element.businessObject;
    const head = make("div", { class: "part-head" }, make("p", { class: "tiny muted" }, KINDS[own.$type]?.() ?? own.$type.replace("bpmn:", "")), make("h2", {}, own.name || own.processRef?.name || own.id), make("p", { class: "key" }, (bo ?? own).id));
    this.place.replaceChildren(head, ...sections(this.context()).map((one) => this.section(one)));
  }

  section({ title, fields }) {
    const box = make("section", { class: "part" });
    if (title) box.append(make("h3", {}, title));
    box.append(...fields.map((field) => CONTROLS[field.kind](field, this)));
    return box;
  }
}

// --- controls ----------------------------------------------------------------------------------------------------------

function make(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) if (value !== false && value !== undefined && value !== "") made.setAttribute(key, value === true ? "" : value);
  made.append(...inside.filter((one) => one !== "" && one !== undefined && one !== null));
  return made;
}

function labelled(field, control, ...more) {
  const id = `f-${field.id}`;
  control.id = id;
  const hint = field.hint ? make("p", { class: "hint small", id: `${id}-h` }, field.hint) : "";
  if (hint) control.setAttribute("aria-describedby", hint.id);
  const wrong = field.wrong ? make("p", { class: "error small", id: `${id}-e` }, field.wrong) : "";
  if (wrong) { control.setAttribute("aria-invalid", "true"); control.setAttribute("aria-describedby", wrong.id); }
  return make("div", { class: "field" }, make("label", { for: id }, field.label), hint, wrong, control, ...more);
}

function text(field, panel, control) {
  control.defaultValue = field.value;
  if (field.example) control.placeholder = field.example;
  control.addEventListener("change", () => { if (control.value !== field.value) field.set(control.value); });
  const more = [];
  if (field.suggestions?.length) {
    const list = make("datalist", { id: `f-${field.id}-list` }, ...field.suggestions.map((one) => make("option", { value: one })));
    control.setAttribute("list", list.id);
    more.push(list);
  }
  if (field.kind === "code") more.push(...completed(field, panel, control));
  if (field.reads) more.push(reading(field, panel, control));
  return labelled(field, control, ...more);
}

/** Names offered while the expression is written; what is there at this place, one click away too. */
function completed(field, panel, control) {
  control.id = `f-${field.id}`;
  const { id } = panel.element;
  const offers = () => offersAt(panel.choices, panel.scopes.at(id), (setter) => panel.called(setter));
  control.addEventListener("focus", () => panel.scopes.ask(id));
  const completion = new Completion(control, offers);
  const names = make("details", { class: "names small" }, make("summary", { id: `f-${field.id}-names` }, w("Co se tu dá použít", "What can be used here")));
  names.addEventListener("toggle", async () => {
    if (!names.open) return;
    await panel.scopes.ask(id);
    names.querySelector("p")?.remove();
    names.append(make("p", {}, ...offers().filter((one) => one.kind === "variable").flatMap((one) => [make("code", { title: one.help }, one.name), " "])));
  });
  return [...completion.parts, ...(field.completes ? [names] : [])];
}

/** What a text about time comes to, while it is typed. */
function reading(field, panel, control) {
  const told = make("p", { class: "reads small", role: "status" });
  let timer = 0;
  const read = async () => {
    const address = `${panel.addresses.reading}?${new URLSearchParams({ druh: field.reads, text: control.value })}`;
    const answer = await fetch(address).catch(() => null);
    told.textContent = answer?.ok ? (await answer.json()).words : "";
  };
  control.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(read, 300); });
  if (field.value) read();
  return told;
}

function pick(field) {
  const control = make("select", { class: "mini" });
  const known = field.options.some((one) => one.key === field.value);
  const options = known ? field.options : [...field.options, { key: field.value, title: `${field.value} (${w("není tu", "not here")})` }];
  control.append(...options.map((one) => new Option(one.title === one.key || !one.key ? one.title : one.title, one.key, false, one.key === field.value)));
  control.addEventListener("change", () => field.set(control.value));
  return labelled(field, control, field.link ? make("p", { class: "small" }, make("a", { id: `f-${field.id}-link`, href: field.link }, field.linked)) : "");
}

function tick(field) {
  const control = make("input", { type: "checkbox", id: `f-${field.id}`, checked: field.value });
  control.addEventListener("change", () => field.set(control.checked));
  return make("div", { class: "choice" }, control, make("label", { for: control.id }, field.label));
}

/** Names with expressions; an emptied one goes, the last line adds. */
function pairs(field) {
  const box = make("fieldset", { class: "pairs" }, make("legend", {}, field.label));
  field.rows.forEach((row, at) => {
    const value = make("input", { class: "mini code", id: `f-${field.id}-${at}`, "aria-label": row.key });
    value.defaultValue = row.value;
    value.addEventListener("change", () => field.set(row.key, value.value));
    box.append(make("div", { class: "pair" }, make("code", {}, row.key), value));
  });
  const key = make("input", { class: "mini code", id: `f-${field.id}-new`, "aria-label": w("nové jméno", "new name"), placeholder: w("jméno", "name") });
  const value = make("input", { class: "mini code", id: `f-${field.id}-value`, "aria-label": w("nový výraz", "new expression"), placeholder: w("výraz", "expression") });
  const add = () => { if (key.value.trim() && value.value.trim()) field.set(key.value.trim(), value.value.trim()); };
  key.addEventListener("change", add);
  value.addEventListener("change", add);
  box.append(make("div", { class: "pair" }, key, value));
  return box;
}

function go(field, panel) {
  const button = make("button", { type: "button", class: "way", id: `f-${field.id}` }, field.label, field.hint ? make("code", {}, field.hint) : "");
  button.addEventListener("click", () => panel.show(field.to));
  return button;
}

const CONTROLS = {
  line: (field, panel) => text(field, panel, make("input", { class: "mini", type: "text", inputmode: field.numeric ? "numeric" : "", autocomplete: "off" })),
  code: (field, panel) => text(field, panel, make("textarea", { class: "mini code", rows: field.rows ?? 1, spellcheck: "false", autocapitalize: "off" })),
  area: (field, panel) => text(field, panel, make("textarea", { class: "mini", rows: 2 })),
  pick,
  tick,
  pairs,
  go,
  note: (field) => make("p", { class: `small${field.quiet ? " muted" : ""}` }, field.text),
};
