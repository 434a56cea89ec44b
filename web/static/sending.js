// Sends chosen files one by one before the page itself: a connection that breaks loses neither what was typed nor what
// has been sent. Without it the page goes with its files at once.
(() => {
  "use strict";

  // Milliseconds without a byte after which a connection is given up.
  const PATIENCE = 60000;
  const form = document.querySelector("form[data-autosave]");
  const going = document.getElementById("posilani");
  const alarm = document.getElementById("preruseno");
  const words = document.getElementById("preruseno-slovy");
  if (!form || !going || !alarm || !words || !window.DataTransfer) return;
  const line = going.querySelector("[role=status]");
  const bar = going.querySelector("progress");

  const first = () => [...form.querySelectorAll("input[type=file]")].find((one) => one.files.length);

  const hidden = (name, value) => form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  const set = (name, value) => {
    const known = form.querySelector(`input[type=hidden][name="${name}"]`);
    if (known) known.value = value; else hidden(name, value);
  };

  // What is on the page, with one of its files.
  const posted = (input, file) => {
    const data = new FormData();
    for (const [name, value] of new FormData(form)) if (!(value instanceof File)) data.append(name, value);
    data.append(input.name, file);
    data.set("_go", "keep");
    return data;
  };

  const send = (input, file) => new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    let stalled = 0;
    const moves = () => { clearTimeout(stalled); stalled = setTimeout(() => request.abort(), PATIENCE); };
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => { moves(); if (event.total) bar.value = event.loaded / event.total; };
    request.onloadend = () => {
      clearTimeout(stalled);
      if (!request.status) failed(new Error("broken"));
      else try { done({ ok: request.status < 300, ...JSON.parse(request.responseText) }); } catch { done({ ok: false }); }
    };
    moves();
    request.send(posted(input, file));
  });

  // The kept file stands in the page as the server would write it; the others of the same control are still to go.
  const keep = (input, said) => {
    set("_seen", said.seen);
    if (said.draft) set("_draft", said.draft);
    if (!input.multiple) form.querySelectorAll("input[type=hidden]").forEach((one) => { if (one.name === input.name) one.remove(); });
    said.files.forEach((id) => hidden(input.name, id));
    const left = new DataTransfer();
    [...input.files].slice(1).forEach((file) => left.items.add(file));
    input.files = left.files;
  };

  const goes = (button) => { going.hidden = true; form.dataset.direct = "1"; form.requestSubmit(button); delete form.dataset.direct; };

  const breaks = (button) => {
    going.hidden = true;
    alarm.replaceChildren(words.content.cloneNode(true));
    const again = alarm.querySelector("button");
    again.addEventListener("click", () => { if (first()) all(button); else goes(button); });
    again.focus();
  };

  const all = async (button) => {
    alarm.replaceChildren();
    going.hidden = false;
    form.dataset.sending = "1";
    try {
      await form.saving;
      for (let input = first(); input; input = first()) {
        const file = input.files[0];
        bar.value = 0;
        line.textContent = line.dataset.text.replace("{}", file.name);
        const said = await send(input, file);
        // What the server refuses it says best itself, in a whole page.
        if (!said.ok || said.refused) break;
        keep(input, said);
      }
      goes(button);
    } catch { breaks(button); }
    delete form.dataset.sending;
  };

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || form.dataset.direct || !first()) return;
    event.preventDefault();
    if (form.dataset.sending) return;
    all(event.submitter);
  });
})();
