// Saves a form quietly while it is being written. Without it the buttons save.
(() => {
  "use strict";

  const PAUSE = 6000;
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const told = document.getElementById("ulozeno");
  const alarm = document.getElementById("prepsano");
  let timer = 0;
  let changed = false;
  let stopped = false;
  let running = null;

  // All pages of one window have one name, so that going back in it is no conflict.
  const tab = (() => {
    try {
      const known = sessionStorage.getItem("tab");
      const fresh = known || crypto.getRandomValues(new Uint32Array(4)).join("-").slice(0, 40);
      sessionStorage.setItem("tab", fresh);
      return fresh;
    } catch { return ""; }
  })();

  const field = (name) => form.querySelector(`input[type=hidden][name="${name}"]`);
  const set = (name, value) => {
    let input = field(name);
    if (!input) {
      input = Object.assign(document.createElement("input"), { type: "hidden", name });
      form.append(input);
    }
    input.value = value;
  };
  const named = () => { if (tab) set("_tab", tab); };

  const posted = () => {
    named();
    const data = new FormData();
    // A file goes only when the person sends the page; those kept before are named in it and stay.
    for (const [name, value] of new FormData(form)) if (!(value instanceof File)) data.append(name, value);
    data.set("_go", "keep");
    return data;
  };

  const say = (text, good) => {
    if (!told) return;
    told.hidden = false;
    told.classList.toggle("failed", !good);
    told.querySelector("span").textContent = text;
  };

  const save = async (leaving) => {
    clearTimeout(timer);
    if (!changed || stopped || form.dataset.sent || form.dataset.sending) return;
    if (running && !leaving) { await running; return save(false); }
    changed = false;
    running = (async () => {
      try {
        const answer = await fetch(form.action, { method: "POST", body: posted(), keepalive: leaving, headers: { Accept: "application/json" } });
        const said = await answer.json();
        if (answer.ok) {
          set("_seen", said.seen);
          if (said.draft) set("_draft", said.draft);
          // Whoever loads the page anew finds what they wrote.
          if (said.address && !location.pathname.startsWith("/podani/")) history.replaceState(history.state, "", said.address);
          say(said.saved, true);
        } else if (said.overtaken) {
          stopped = true;
          if (alarm) alarm.textContent = said.overtaken;
        } else throw new Error(answer.status);
      } catch {
        // The network is away: the next change, or the button, saves.
        changed = true;
        say(told ? told.dataset.failed : "", false);
        if (!leaving) timer = setTimeout(() => save(false), 4 * PAUSE);
      }
      running = null;
    })();
    form.saving = running;
    return running;
  };

  const noted = (event) => {
    if (event.target.type === "file") return;
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(() => save(false), PAUSE);
  };
  form.addEventListener("input", noted);
  form.addEventListener("change", noted);
  form.addEventListener("submit", named, true);
  document.addEventListener("htmx:before:request", named);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(true); });
  named();
})();
