// The editor of decisions: opens the proposal, keeps it saved, lets every table and the drawing be chosen.
import { translate } from "./czech.js";
import { Marks } from "./marks.js";
import { Keeper, say } from "../modeller/keeper.js";
import { warned } from "../modeller/opening.js";
import { czech, w } from "../modeller/words.js";

const home = document.getElementById("modeler");
const views = document.getElementById("pohledy");
const words = czech ? { additionalModules: [{ translate: ["value", translate] }] } : {};
const COMMENT = /<!--/;

export const editor = new window.DmnJS({
  container: "#platno",
  drd: words, decisionTable: words, literalExpression: words, boxedExpression: words,
});

const keeper = new Keeper(editor, home.dataset);
const marks = new Marks(editor, home.dataset, show);

/** Every change is one command of the table or drawing that is open; opening another one is none. */
editor.on("viewer.created", ({ viewer }) => {
  viewer.on("commandStack.changed", ({ trigger }) => {
    if (trigger === "clear" || !trigger) return;
    keeper.changed();
    marks.later();
  });
  viewer.on("elements.changed", () => marks.draw());
});

const named = (view) => (view.type === "drd" ? w("Nákres rozhodnutí", "Drawing of decisions") : view.element.name || view.element.id);

function list() {
  const active = editor.getActiveView();
  views.replaceChildren(...editor.getViews().map((view) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "view";
    button.textContent = named(view);
    button.dataset.view = view.element.id;
    if (view.element === active?.element) button.setAttribute("aria-current", "true");
    button.addEventListener("click", async () => { await editor.open(view); place(); });
    return button;
  }));
}

/** Open the table in which something is, and bring it into sight. */
export async function show(id) {
  const view = editor.getViews().find((one) => one.element.id === id) ?? editor.getViews().find((one) => has(one.element, id));
  if (view && editor.getActiveView()?.element !== view.element) await editor.open(view);
  const place = document.querySelector(`#platno [data-row-id="${CSS.escape(id)}"], #platno [data-element-id="${CSS.escape(id)}"]`);
  place?.scrollIntoView({ block: "center", inline: "nearest" });
  document.getElementById("platno").scrollIntoView({ block: "nearest" });
}

/** The drawing beside its palette and its title. */
function place() {
  if (editor.getActiveView()?.type !== "drd") return;
  const canvas = editor.getActiveViewer().get("canvas");
  const { inner, outer } = canvas.viewbox();
  canvas.viewbox({ x: inner.x - 130, y: inner.y - 120, width: outer.width, height: outer.height });
}

const has = (decision, id) => decision.decisionLogic?.rule?.some((one) => one.id === id);

function act(what) {
  const stack = editor.getActiveViewer()?.get("commandStack");
  const acts = {
    undo: () => stack?.canUndo() && stack.undo(),
    redo: () => stack?.canRedo() && stack.redo(),
    mine: () => keeper.insist(),
    theirs: () => keeper.yield(),
    download: () => keeper.download(),
  };
  acts[what]?.();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) act(button.dataset.do);
});

async function open() {
  const xml = await fetch(home.dataset.xml).then((one) => one.text());
  const { warnings } = await editor.importXML(xml);
  const table = editor.getViews().find((one) => one.type !== "drd");
  const single = editor.getViews().filter((one) => one.type !== "drd").length === 1;
  if (table && single) await editor.open(table);
  editor.on("views.changed", () => { list(); marks.draw(); });
  place();
  list();
  const lost = [...warnings, ...(COMMENT.test(xml) ? [{ message: w("poznámky v souboru (<!-- … -->)", "comments in the file (<!-- … -->)") }] : [])];
  if (warned(lost)) keeper.ready();
  home.dataset.open = "1";
  await marks.check();
}

open().catch((error) => { say(w("Rozhodnutí se nepodařilo otevřít", "The decisions could not be opened") + `: ${error.message}`); });
