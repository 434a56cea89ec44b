// Opens a diagram so that saving it unchanged means the same.
import { w } from "./words.js";

/** Parts of the drawing; where they refer to nothing there is nothing to draw. */
const DRAWN = ["bpmnElement"];

/**
 * Give a reference to what the file does not define something that stands for it, and is written back by its id.
 *
 * Names of variables stand where the standard has references (loopDataInputRef), and types of other files.
 */
export function standIns(moddle, warnings) {
  const isName = (one) => one.property && one.element && !DRAWN.includes(one.property.split(":").pop());
  for (const one of warnings.filter(isName)) {
    const property = one.element.$descriptor.propertiesByName[one.property];
    const standing = named(moddle, one.value);
    if (property.isMany) one.element.get(property.name).push(standing);
    else one.element.set(property.name, standing);
  }
  return warnings.filter((one) => !isName(one));
}

/** What is referred to by its name only. */
export const named = (moddle, id) => moddle.create("bpmn:DataObject", { id });

/** Give what would be lost when it is saved again. */
export async function openDiagram(modeler, xml) {
  let lost = [];
  modeler.get("eventBus").once("import.parse.complete", ({ error, warnings }) => { if (!error) lost = standIns(modeler.get("moddle"), warnings); });
  await modeler.importXML(xml);
  return lost;
}

/** What the reader could not keep is told before anything is saved. */
export function warned(warnings) {
  if (!warnings.length) return true;
  const told = warnings.slice(0, 5).map((one) => one.message).join("\n");
  return window.confirm(w("Tohle ze souboru se při uložení ztratí:", "This would be lost from the file when saved:") + `\n${told}\n` + w("Pokračovat?", "Go on?"));
}
