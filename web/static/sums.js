// Values worked out follow while one types. Only they are replaced: what is being typed and the focus stay untouched.
(() => {
  "use strict";

  const PAUSE = 350;
  let timer = 0;
  let asked = 0;

  const follow = async (input) => {
    const mine = ++asked;
    const form = input.closest("form");
    const data = new FormData(form);
    for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
    data.set("_do", "refresh");
    const answer = await fetch(input.getAttribute("hx-post"), { method: "POST", body: new URLSearchParams(data) });
    // Read in any case: an answer that nobody reads keeps its connection.
    const text = await answer.text();
    if (!answer.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const now of form.querySelectorAll("output.computed[id], [data-total]")) {
      const fresh = page.getElementById(now.id);
      if (fresh && fresh.textContent !== now.textContent) now.textContent = fresh.textContent;
    }
    // A table that is only read is worked out whole.
    for (const now of form.querySelectorAll("section.rows-part[id]")) {
      const fresh = page.getElementById(now.id);
      if (fresh && !now.querySelector("input:not([type=hidden]), select, textarea, button")) now.replaceChildren(...fresh.childNodes);
    }
    // Where the page saves as it refreshes, the next post is made of that saving.
    const seen = page.querySelector("#pole input[name=_seen]");
    const ours = form.querySelector("input[name=_seen]");
    if (seen && ours) ours.value = seen.value;
  };

  const followed = (input) => input instanceof HTMLInputElement && /^(text|number)$/.test(input.type) &&
    input.hasAttribute("hx-post") && input.form?.querySelector("output.computed");
  const later = (input, pause) => {
    clearTimeout(timer);
    timer = setTimeout(() => { if (document.activeElement === input) follow(input).catch(() => {}); }, pause);
  };

  document.addEventListener("input", (event) => { if (followed(event.target)) later(event.target, PAUSE); });

  // An answer of htmx is newer than what was asked before it, but older than what has been typed since it was asked.
  document.addEventListener("htmx:before:request", () => { asked += 1; });
  document.addEventListener("htmx:after:swap", () => {
    const input = document.activeElement;
    if (followed(input) && input.value !== input.defaultValue) later(input, 0);
  });
})();
