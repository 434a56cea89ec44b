// The modeller: opens the proposal, keeps it saved, and ties the panel and the check to the canvas.
import { radnice } from "./moddle.js";
import { translate } from "./czech.js";
import { openDiagram, warned } from "./opening.js";
import { czech, w } from "./words.js";
import { Panel } from "./panel.js";
import { Badges } from "./badges.js";
import { Keeper, say } from "./keeper.js";

const home = document.getElementById("modeler");
const FONTS = "Roboto, Arial, 'Liberation Sans', sans-serif";
const LEAST_ZOOM = 0.7;
// Pixels that the palette takes on the left, and that stay free around.
const PALETTE = 130;
const MARGIN = 40;
export const modeler = new window.BpmnJS({
  container: "#platno",
  moddleExtensions: { radnice },
  additionalModules: [window.DiagramJSMinimap ?? window.DiagramMinimap, ...(czech ? [{ translate: ["value", translate] }] : [])].filter(Boolean),
  textRenderer: { defaultStyle: { fontFamily: FONTS, fontSize: 12 }, externalStyle: { fontSize: 11, fontFamily: FONTS } },
});

const canvas = modeler.get("canvas");
const zoomed = () => { document.getElementById("mira").textContent = `${Math.round(canvas.zoom() * 100)} %`; };

/** The whole diagram beside the palette where it can be read so, else its beginning. */
function begin() {
  canvas.zoom("fit-viewport", "auto");
  const { inner, outer } = canvas.viewbox();
  const scale = Math.max(LEAST_ZOOM, Math.min(canvas.zoom(), (outer.width - PALETTE - MARGIN) / inner.width));
  canvas.zoom(scale);
  const { width, height } = canvas.viewbox();
  const middle = { x: inner.x + (inner.width - width) / 2, y: inner.y + (inner.height - height) / 2 };
  canvas.viewbox({ x: Math.min(inner.x - PALETTE / scale, middle.x), y: Math.min(inner.y - MARGIN, middle.y), width, height });
  zoomed();
}

function act(what) {
  const stack = modeler.get("commandStack");
  const acts = {
    undo: () => stack.undo(),
    redo: () => stack.redo(),
    in: () => modeler.get("zoomScroll").stepZoom(1),
    out: () => modeler.get("zoomScroll").stepZoom(-1),
    fit: () => canvas.zoom("fit-viewport", "auto"),
    mine: () => keeper.insist(),
    theirs: () => keeper.yield(),
    download: () => keeper.download(),
  };
  acts[what]?.();
  zoomed();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) act(button.dataset.do);
});

function listParts(panel) {
  const select = document.getElementById("vyber");
  const fill = () => {
    const shown = panel.element?.id;
    const parts = modeler.get("elementRegistry").filter((one) => one.type !== "label" && !one.labelTarget);
    select.replaceChildren(...parts.map((one) => new Option(panel.title(one), one.id, false, one.id === shown)));
  };
  select.addEventListener("change", () => show(select.value));
  modeler.on(["import.done", "commandStack.changed", "selection.changed"], fill);
  fill();
}

/** Choose an element and bring it into sight. */
export function show(id) {
  const element = modeler.get("elementRegistry").get(id);
  if (!element) return;
  canvas.setRootElement(canvas.findRoot(element) ?? canvas.getRootElement());
  modeler.get("selection").select(element);
  canvas.scrollToElement(element, 120);
}

const keeper = new Keeper(modeler, home.dataset);

async function open() {
  const [xml, choices] = await Promise.all([fetch(home.dataset.xml).then((one) => one.text()), fetch(home.dataset.choices).then((one) => one.json())]);
  const lost = await openDiagram(modeler, xml);
  begin();
  const panel = new Panel(modeler, document.getElementById("panel"), choices, home.dataset, show);
  listParts(panel);
  const findings = new Badges(modeler, home.dataset, show);
  modeler.on("canvas.viewbox.changed", zoomed);
  modeler.on("commandStack.changed", () => { keeper.changed(); findings.later(); });
  if (warned(lost)) keeper.ready();
  home.dataset.open = "1";
  // The check takes its time; what is drawn meanwhile is kept already.
  await findings.check();
}

open().catch((error) => { say(w("Diagram se nepodařilo otevřít", "The diagram could not be opened") + `: ${error.message}`); });
