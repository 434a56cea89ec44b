// What the builder adds where JavaScript runs: dragging in the tree and moving by keys. Every page works without it.
(() => {
  "use strict";

  document.documentElement.classList.add("has-script");
  const lineOf = (element) => element.closest?.(".tree .node");

  const send = (values) => {
    const form = document.getElementById("tazeni");
    if (!form) return;
    for (const [name, value] of Object.entries(values)) form.elements.namedItem(name).value = value;
    form.requestSubmit();
  };

  // Alt and an arrow move the line that is focused.
  const WAYS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "into", ArrowLeft: "out" };
  document.addEventListener("keydown", (event) => {
    const line = event.altKey && WAYS[event.key] && lineOf(document.activeElement ?? document.body);
    if (!line) return;
    event.preventDefault();
    send({ place: line.dataset.place, way: WAYS[event.key], to: "", as: "" });
  });

  // Dragging: onto a question = after it; onto a group or step = into it.
  let dragged = null;
  const over = (line) => {
    document.querySelectorAll(".tree .over").forEach((other) => other.classList.remove("over"));
    if (line) line.classList.add("over");
  };
  document.addEventListener("pointerdown", (event) => {
    const line = lineOf(event.target);
    if (line && line.dataset.place.includes("/properties/")) line.draggable = true;
  });
  document.addEventListener("dragstart", (event) => {
    dragged = lineOf(event.target);
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    dragged.classList.add("dragged");
  });
  document.addEventListener("dragover", (event) => {
    const line = dragged && lineOf(event.target);
    if (!line || line === dragged || dragged.contains(line)) return;
    event.preventDefault();
    over(line);
  });
  document.addEventListener("drop", (event) => {
    const line = dragged && lineOf(event.target);
    if (!line || line === dragged || dragged.contains(line)) return;
    event.preventDefault();
    send({ place: dragged.dataset.place, to: line.dataset.place, as: "holds" in line.dataset ? "in" : "after", way: "" });
  });
  document.addEventListener("dragend", () => { dragged?.classList.remove("dragged"); dragged = null; over(null); });

  // The preview shows the part that is chosen in the builder; the focus stays where the author types.
  document.addEventListener("DOMContentLoaded", () => {
    const id = document.querySelector("main[data-picked]")?.dataset.picked;
    const picked = id && document.getElementById(id);
    if (!picked) return;
    (picked.closest(".field, .part") ?? picked).classList.add("picked");
    picked.scrollIntoView({ block: "center" });
  });

  // A condition or a price that is being chosen isn't touched when another part of the page is saved meanwhile.
  const choosing = new Set();
  const asking = () => ["kdy", "cena", "plneni"].map((id) => document.getElementById(id)).filter(Boolean);
  document.addEventListener("change", (event) => {
    const form = asking().find((one) => one.contains(event.target));
    if (form) choosing.add(form.id);
  });
  document.addEventListener("htmx:before:swap", (event) => {
    if (event.target.closest?.(".tree")) choosing.clear();
    for (const form of asking()) {
      form.toggleAttribute("hx-morph-skip", choosing.has(form.id) && !form.contains(event.target));
    }
  });
  document.addEventListener("htmx:after:swap", () => {
    const newest = document.querySelector('#tazeni [name="version"]')?.value;
    for (const kept of asking().map((form) => form.querySelector('[name="version"]'))) {
      if (newest && kept) kept.value = newest;
    }
  });

  // On a narrow screen choosing a line leads to its details.
  document.addEventListener("htmx:after:swap", () => {
    const chosen = document.activeElement?.closest?.(".tree a[aria-current]");
    if (chosen && matchMedia("(max-width: 760px)").matches) document.getElementById("podrobnosti")?.scrollIntoView();
  });

  // After an error the sentence is read first, and nothing that is wrong stays folded.
  document.addEventListener("htmx:after:swap", () => {
    document.querySelectorAll("details:has(.has-error)").forEach((folded) => { folded.open = true; });
    document.getElementById("chyba")?.focus();
  });
})();
