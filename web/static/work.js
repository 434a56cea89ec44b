// The clerk's keyboard, and what is nicer to see at once. Every page works without it.
(() => {
  "use strict";

  const writes = (event) => /^(input|textarea|select)$/i.test(event.target.tagName) || event.target.isContentEditable
    || event.ctrlKey || event.metaKey || event.altKey;

  // J and K walk through the list from the line that is focused or open.
  const step = (by) => {
    const lines = [...document.querySelectorAll(".item[data-task]")];
    if (!lines.length) return;
    const at = lines.findIndex((line) => line === document.activeElement || (document.activeElement === document.body && line.hasAttribute("aria-current")));
    const next = lines[Math.min(lines.length - 1, Math.max(0, at + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const press = (selector) => {
    const button = document.querySelector(selector);
    if (button) button.click();
  };

  // X chooses the line that is focused.
  const pick = () => {
    const box = document.activeElement.closest?.(".line")?.querySelector(".pick input");
    if (box) box.checked = !box.checked;
  };

  const help = () => {
    const dialog = document.querySelector("#help");
    if (dialog && !dialog.open) dialog.showModal();
  };
  document.addEventListener("click", (event) => { if (event.target.closest("[data-help]")) help(); });

  document.addEventListener("keydown", (event) => {
    if (writes(event) || document.querySelector("dialog[open]")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "v") press('[data-key="claim"]');
    else if (event.key === "d") press('[data-key="complete"]');
    else if (event.key === "x") pick();
    else if (event.key === "?") help();
    else return;
    event.preventDefault();
  });

  // A big diagram opens where its token stands.
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".sheet").forEach((sheet) => {
      const token = sheet.querySelector(".tok, .badge-bad, .badge-ok");
      if (token) sheet.scrollLeft = token.getBoundingClientRect().left - sheet.getBoundingClientRect().left - sheet.clientWidth / 2;
    });
  });

  // The list asks for itself every half a minute; an answer without it (signed out, an error) leaves the old one.
  document.addEventListener("htmx:before:swap", (event) => {
    if (event.target.id === "lines" && !/ id="lines"/.test(event.detail?.ctx?.text ?? "")) event.preventDefault();
  });

  // A menu closes by Escape and by a click elsewhere.
  document.addEventListener("click", (event) => document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); }); });
})();
