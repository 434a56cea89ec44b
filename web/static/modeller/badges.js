// What the check says on the diagram: badges on elements, the way drawn where it goes wrong.
import { Findings, make } from "./findings.js";
import { w } from "./words.js";

export class Badges extends Findings {
  element(id) { return id && this.modeler.get("elementRegistry").get(id); }

  name(id) {
    const element = this.element(id);
    return element?.businessObject.name || id || "";
  }

  leads(problem) { return problem.path.length ? w("Ukázat cestu", "Show the way") : super.leads(problem); }

  go(problem) {
    this.path(problem.path);
    this.show(problem.element ?? problem.path.at(-1));
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
