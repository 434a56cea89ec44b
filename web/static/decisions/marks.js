// What the check says of decisions: rules that clash are marked in the open table.
import { Findings } from "../modeller/findings.js";

export class Marks extends Findings {
  decisions() { return this.modeler.getDefinitions()?.drgElement ?? []; }

  element(id) {
    return id && (this.decisions().find((one) => one.id === id) ?? this.decisions().flatMap((one) => one.decisionLogic?.rule ?? []).find((one) => one.id === id));
  }

  name(id) {
    const found = this.element(id);
    const owner = this.decisions().find((one) => one.decisionLogic?.rule?.includes(found));
    return (owner ?? found)?.name || id || "";
  }

  badges(problems) {
    this.clashing = new Map(problems.filter((one) => one.severity !== "hint").flatMap((one) => [one.element, ...one.path].map((id) => [id, one.message])));
    this.draw();
  }

  go(problem) { this.show(problem.path[0] ?? problem.element); }

  path() {}

  /** The table is drawn anew by its own code, so marks are put on after it. */
  draw() {
    requestAnimationFrame(() => {
      document.querySelectorAll("#platno th.index-column:empty").forEach((one) => { one.textContent = "#"; });
      for (const row of document.querySelectorAll("#platno [data-row-id]")) row.classList.toggle("is-clashing", this.clashing?.has(row.dataset.rowId) ?? false);
    });
  }
}
