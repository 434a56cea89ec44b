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

  // What is being saved is saved before the page is left; what is being written while an answer comes stays written.
  const ofBuilder = (element) => document.getElementById("stavba")?.contains(element);
  const placeOf = () => document.querySelector('#udaje [name="place"]')?.value;
  let going = 0;
  let leave = null;
  document.addEventListener("htmx:before:request", (event) => { if (event.detail.ctx.target?.id === "stavba") going += 1; });
  document.addEventListener("htmx:finally:request", (event) => {
    if (event.detail.ctx.target?.id !== "stavba") return;
    going -= 1;
    // The next one in the row begins at once.
    setTimeout(() => { if (!going && leave) leave(); });
  });
  const sends = (form, pressed) => {
    const told = new FormData(form, pressed);
    const sent = document.createElement("form");
    Object.assign(sent, { method: "post", action: pressed?.getAttribute("formaction") || form.getAttribute("action"), hidden: true });
    return () => {
      const newest = document.querySelector('#tazeni [name="version"]')?.value;
      if (newest && told.has("version")) told.set("version", newest);
      for (const [name, value] of told) sent.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
      document.body.append(sent);
      sent.submit();
    };
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!going || !ofBuilder(form) || form.enctype === "multipart/form-data") return;
    event.preventDefault();
    leave ??= sends(form, event.submitter);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!going || !link || link.matches("[hx-get], [target]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    leave ??= () => { location.href = link.href; };
  });
  let written = null;
  document.addEventListener("htmx:before:swap", (event) => {
    const { request, target } = event.detail.ctx;
    if (target?.id !== "stavba") return;
    const typed = [...target.querySelectorAll("input[type=text], textarea")].filter((one) => one.id && one.value !== one.defaultValue);
    written = { place: placeOf(), typed: typed.filter((one) => request.body?.get?.(one.name) !== one.value || one.form.id !== "udaje").map((one) => [one.id, one.value]) };
  });
  document.addEventListener("htmx:after:swap", () => {
    for (const [id, value] of written?.typed ?? []) {
      const now = document.getElementById(id);
      if (now && now.value !== value && (id === "add-label" || written.place === placeOf())) now.value = value;
    }
    written = null;
  });

  // Stories are played a few at a time before what needs them is sent, so that one sees how far it has come.
  const plays = async (form) => {
    const shown = form.querySelector(".stories-on");
    const [bar, words] = shown.children;
    let calls = 0;
    for (let told = { done: 0, total: 1 }; told.done < told.total && calls <= 2 * told.total; calls += 1) {
      const answer = await fetch(form.dataset.stories, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      told = await answer.json();
      bar.max = told.total || 1;
      bar.value = told.done;
      words.textContent = shown.dataset.said.replace("{done}", told.done).replace("{total}", told.total);
      shown.hidden = told.total === 0;
    }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const pressed = event.submitter;
    if (!form.dataset.stories || !pressed?.matches('[data-plays], [name="_go"][value="publish"]')) return;
    if (form.dataset.played) { delete form.dataset.played; return; }
    event.preventDefault();
    if (form.getAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    // Whatever happens to the playing, the page itself says what is wrong.
    plays(form).catch(() => {}).finally(() => {
      form.removeAttribute("aria-busy");
      form.dataset.played = "yes";
      form.requestSubmit(pressed);
    });
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
