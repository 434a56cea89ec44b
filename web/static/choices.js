// A text with choices to pick from: a combobox as ARIA 1.2 describes it. Without it the text is matched on the server.
(() => {
  "use strict";

  const MOST = 12;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
  let open = null;

  const close = () => {
    if (!open) return;
    open.list.remove();
    open.input.setAttribute("aria-expanded", "false");
    open.input.removeAttribute("aria-activedescendant");
    open = null;
  };

  // The browser's own list would show a second time what ours shows.
  const enhance = (input) => {
    if (input.getAttribute("role") === "combobox") return;
    if (input.hasAttribute("list")) { input.dataset.from = input.getAttribute("list"); input.removeAttribute("list"); }
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" })) input.setAttribute(name, value);
  };

  const say = (input, count) => {
    let status = document.getElementById("nabidka-stav");
    if (!status) {
      status = Object.assign(document.createElement("div"), { id: "nabidka-stav", className: "vh" });
      status.setAttribute("role", "status");
      document.body.append(status);
    }
    status.textContent = count ? input.dataset.some.replace("{count}", count) : input.dataset.none;
  };

  const listed = async (input) => {
    const words = fold(input.value).split(" ");
    if (input.dataset.choices) {
      const answer = await fetch(`${input.dataset.choices}&q=${encodeURIComponent(input.value)}`, { headers: { Accept: "application/json" } });
      return answer.ok ? (await answer.json()).names : [];
    }
    const from = document.getElementById(input.dataset.from);
    if (!from) return [];
    const all = [...from.options].map((one) => one.value);
    return all.filter((name) => words.every((word) => fold(name).includes(word)));
  };

  const pick = (name) => {
    const { input } = open;
    input.value = name;
    close();
    // What was offered under the field belonged to the former text.
    input.closest(".field")?.querySelectorAll(".candidates input").forEach((one) => { one.checked = false; });
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const show = (input, names) => {
    close();
    say(input, names.length);
    if (!names.length) return;
    const list = Object.assign(document.createElement("ul"), { id: `${input.id}.n`, className: "nabidka" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0]?.textContent.trim() || input.getAttribute("aria-label") || "");
    names.slice(0, MOST).forEach((name, at) => {
      const item = Object.assign(document.createElement("li"), { id: `${list.id}.${at}`, textContent: name });
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      // The text must not lose the focus by a press of the mouse.
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => pick(name));
      list.append(item);
    });
    input.closest(".gov-form-input").after(list);
    input.setAttribute("aria-expanded", "true");
    input.setAttribute("aria-controls", list.id);
    open = { input, list, at: -1 };
  };

  const move = (step) => {
    const items = [...open.list.children];
    items[open.at]?.setAttribute("aria-selected", "false");
    open.at = (open.at + step + items.length + (open.at < 0 && step < 0 ? 1 : 0)) % items.length;
    const now = items[open.at];
    now.setAttribute("aria-selected", "true");
    now.scrollIntoView({ block: "nearest" });
    open.input.setAttribute("aria-activedescendant", now.id);
  };

  let asked = 0;
  const refresh = async (input) => {
    const mine = ++asked;
    const names = input.value.trim() ? await listed(input).catch(() => []) : [];
    // A slower answer to an older text comes too late.
    if (mine !== asked || document.activeElement !== input) return;
    if (input.value.trim()) show(input, names); else close();
  };

  const isOurs = (target) => target instanceof HTMLInputElement && "choices" in target.dataset;
  let timer = 0;
  document.addEventListener("focusin", (event) => { if (isOurs(event.target)) enhance(event.target); });
  document.addEventListener("focusout", (event) => { if (isOurs(event.target)) close(); });
  document.addEventListener("input", (event) => {
    if (!isOurs(event.target)) return;
    enhance(event.target);
    clearTimeout(timer);
    timer = setTimeout(() => refresh(event.target), event.target.dataset.choices ? 250 : 60);
  });
  document.addEventListener("keydown", (event) => {
    if (!isOurs(event.target)) return;
    const isHere = open && open.input === event.target;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (isHere) move(event.key === "ArrowDown" ? 1 : -1); else refresh(event.target);
    } else if (event.key === "Enter" && isHere && open.at >= 0) {
      event.preventDefault();
      pick(open.list.children[open.at].textContent);
    } else if (event.key === "Escape" && isHere) {
      event.preventDefault();
      close();
    }
  });
})();
