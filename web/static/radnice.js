// What the browser adds where JavaScript runs. Every page works without it.
(() => {
  "use strict";

  // After an error the summary is read first.
  const focusSummary = (root) => {
    const summary = root.querySelector(".summary[tabindex]");
    if (summary) summary.focus();
  };

  // "/" goes to the search, as the header says.
  document.addEventListener("keydown", (event) => {
    const writes = /^(input|textarea|select)$/i.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key !== "/" || writes || event.ctrlKey || event.metaKey || event.altKey) return;
    const search = document.querySelector("#q, #hledat");
    if (!search) return;
    event.preventDefault();
    search.focus();
  });

  // A form that is being sent can't be sent twice by a double click.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // A file that went with a part of the form is kept and named in it; the control would send it once more.
  const gone = new Map();
  const uploads = () => document.querySelectorAll("#pole input[type=file]");
  document.addEventListener("htmx:before:request", (event) => {
    if (event.target.closest?.("#pole")) uploads().forEach((one) => gone.set(one, one.files[0]));
  });
  document.addEventListener("htmx:after:swap", () => {
    uploads().forEach((one) => { if (one.files.length && gone.get(one) === one.files[0]) one.value = ""; });
    gone.clear();
  });

  document.addEventListener("DOMContentLoaded", () => focusSummary(document));
})();
