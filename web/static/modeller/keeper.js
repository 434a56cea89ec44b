// Keeps the file saved: a moment after the last change, one step at a time, never over a colleague's.
import { w } from "./words.js";

const PAUSE = 2000;

/** What the page says of saving. */
export const say = (message, kept = false) => {
  const chip = document.getElementById("stav");
  chip.querySelector("span").textContent = message;
  chip.className = `chip ${kept ? "is-ok" : "is-soon"}`;
  chip.querySelector(".icon")?.classList.toggle("vh", !kept);
};

/** The field of the panel in which somebody is writing what the diagram doesn't say yet. */
const written = () => {
  const field = document.activeElement;
  return field?.matches?.("#panel input, #panel textarea") && field.value !== field.defaultValue ? field : null;
};

export class Keeper {
  constructor(modeler, addresses) {
    Object.assign(this, { modeler, addresses, say, version: addresses.version, may: false, dirty: false, saving: null, timer: 0 });
    window.addEventListener("beforeunload", (event) => { if (this.dirty || written()) event.preventDefault(); });
    document.addEventListener("click", (event) => this.leaves(event));
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); written()?.dispatchEvent(new Event("change", { bubbles: true })); this.save(); }
    });
  }

  ready() { this.may = true; }

  changed() {
    this.dirty = true;
    this.say(w("neuloženo", "not saved"));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  async xml() { return (await this.modeler.saveXML({ format: true })).xml; }

  /** Save what there is; a second save waits for the first. */
  async save() {
    clearTimeout(this.timer);
    if (!this.may || !this.dirty) return;
    if (this.saving) { await this.saving; if (!this.dirty) return; }
    this.saving = this.send().finally(() => { this.saving = null; });
    await this.saving;
  }

  async send() {
    this.say(w("ukládá se…", "saving…"));
    this.dirty = false;
    const sent = new FormData();
    sent.set("xml", await this.xml());
    sent.set("version", this.version);
    const answer = await fetch(this.addresses.save, { method: "POST", body: sent, headers: { "X-CSRFToken": this.addresses.token } }).catch(() => null);
    if (answer?.ok) return this.saved(await answer.json());
    this.dirty = true;
    const told = answer ? await answer.json().catch(() => ({})) : {};
    if (answer?.status === 409) return this.clash(told);
    this.say(told.message ?? w("neuloženo, zkusíme to znovu", "not saved, it will be tried again"));
    this.timer = setTimeout(() => this.save(), 5 * PAUSE);
  }

  saved(told) {
    this.keep(told.version);
    if (!this.dirty) this.say(`${w("uloženo v", "saved at")} ${told.saved}`, true);
  }

  keep(version) {
    this.version = String(version);
    document.querySelectorAll("input[data-version]").forEach((one) => { one.value = this.version; });
  }

  clash(told) {
    this.may = false;
    this.theirs = told.version;
    this.say(w("neuloženo: kolega byl rychlejší", "not saved: a colleague was quicker"));
    document.getElementById("stret-kdo").textContent = told.message;
    const box = document.getElementById("stret");
    box.hidden = false;
    box.focus();
  }

  /** Mine counts: a further step over the colleague's, which stays among the steps. */
  insist() {
    document.getElementById("stret").hidden = true;
    this.keep(this.theirs);
    this.may = true;
    this.save();
  }

  yield() { this.dirty = false; window.location.reload(); }

  async download() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([await this.xml()], { type: "application/xml" }));
    link.download = this.addresses.file;
    link.click();
  }

  /** A link of the page is followed once everything is saved. */
  async leaves(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || !this.dirty || !this.may || event.ctrlKey || link.hasAttribute("download") || link.target) return;
    event.preventDefault();
    await this.save();
    if (!this.dirty) window.location.assign(link.href);
  }
}
