// What is written while an answer is on its way stays. Requests of one form go one after another (hx-sync), so that no
// older answer overtakes a newer one.
(() => {
  "use strict";

  // Each is made of what the one before it stored.
  const STEPS = ["_seen", "_draft", "_tab", "version"];
  const typed = (root) => root.querySelectorAll("input:not([type=hidden], [type=file], [type=radio], [type=checkbox]), select:not([multiple]), textarea");
  let later = [];

  document.addEventListener("htmx:before:request", (event) => {
    const { request } = event.detail.ctx;
    if (!request.body?.has) return;
    for (const name of STEPS) {
      const now = request.form?.querySelector(`input[type=hidden][name="${name}"]`);
      if (now) request.body.set(name, now.value);
    }
  });

  // Only a filled form keeps its questions; the builder's form holds another question after each choice in the tree.
  document.addEventListener("htmx:before:swap", (event) => {
    const { request, target } = event.detail.ctx;
    later = target?.id !== "pole" || !request.body?.has ? [] : [...typed(target)]
      .filter((one) => one.id && request.body.has(one.name) && request.body.get(one.name) !== one.value)
      .map((one) => [one.id, one.value]);
  });
  document.addEventListener("htmx:after:swap", () => {
    for (const [id, value] of later) {
      const now = document.getElementById(id);
      if (now && now.value !== value) now.value = value;
    }
    later = [];
  });
})();
