/* Everything works without this file; with it, answers that do not come are told in place, and focus follows the work.
   No words here: they stand in the page, in French, as <template> elements. */
"use strict";
(() => {
  const TOAST_MS = 12000;
  const root = document.documentElement;

  /* Each request of htmx bears the token, also those that no form sends. */
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token) event.detail.headers["X-CSRFToken"] = token.content;
  });

  /* What was not answered: a notice beside the control that asked, until something there succeeds. */
  const main = () => document.querySelector("main");

  const placeOf = (control) =>
    control.closest("[data-notices]") || control.closest(".row") || control.closest("main form, main td") || main();

  const slotOf = (place) => place.querySelector(":scope > [data-slot]");

  function tell(control, content) {
    const place = control.isConnected ? placeOf(control) : main();
    const slot = slotOf(place) || document.createElement("div");
    slot.dataset.slot = "";
    slot.replaceChildren(content);
    if (!slot.isConnected) place[place === main() ? "prepend" : "append"](slot);
    slot.scrollIntoView({ block: "nearest" });
  }

  const words = (id) => document.getElementById(id).content.cloneNode(true);

  function fragment(html) {
    const parsed = document.createElement("template");
    parsed.innerHTML = html;
    return parsed.content;
  }

  const reading = (detail) => detail.requestConfig.verb === "get";

  document.addEventListener("htmx:responseError", (event) => {
    const xhr = event.detail.xhr;
    const ours = xhr.getResponseHeader("X-Notice");
    tell(event.detail.elt, ours ? fragment(xhr.responseText) : words(reading(event.detail) ? "not-shown" : "not-saved-server"));
  });
  document.addEventListener("htmx:sendError", (event) => {
    /* On a network the question may have arrived, and only the answer been lost. */
    const unsaved = navigator.onLine ? "not-saved-slow" : "not-saved-offline";
    tell(event.detail.elt, words(reading(event.detail) ? "not-shown" : unsaved));
  });
  document.addEventListener("htmx:timeout", (event) => {
    tell(event.detail.elt, words(reading(event.detail) ? "not-shown" : "not-saved-slow"));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.elt.isConnected) slotOf(placeOf(event.detail.elt))?.remove();
  });

  /* What looks again by itself does not while nobody looks; it does as soon as somebody does. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.target.matches('[hx-trigger*="every"]')) event.preventDefault();
  });

  /* The line where the answers are enough follows the coverage; the row that was answered stays where it is. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const rule = document.getElementById("rows-rule");
    if (!rule) return;
    const last = document.getElementById(document.getElementById("coverage")?.dataset.last);
    const row = event.target.closest?.(".row");
    const before = row?.getBoundingClientRect().top;
    if (last && last.nextElementSibling !== rule) last.after(rule);
    rule.hidden = !last;
    if (row) window.scrollBy(0, row.getBoundingClientRect().top - before);
  });

  /* After a swap an open row is whole in sight where there is room, and what says data-focus takes the focus; where
     nothing says so and what had it is gone, the row keeps it. */
  const nobody = () => !document.activeElement || document.activeElement === document.body;
  function within(row) {
    if (!nobody() || !row.matches?.(".row")) return null;
    const next = row.querySelector(".till");
    next.tabIndex = -1;
    return next;
  }
  document.addEventListener("htmx:afterSettle", (event) => {
    const settled = event.target;
    if (settled.matches?.(".row.is-open")) settled.scrollIntoView({ block: "nearest" });
    const next = settled.matches?.("[data-focus]") ? settled : settled.querySelector?.("[data-focus]") || within(settled);
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  });

  /* A list that is drawn anew keeps its place: the first row in sight that is still there stays where it was, and takes
     the focus of what is no longer there. */
  let places = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.target.matches("[data-keep-place]")) return;
    const rows = [...event.detail.target.querySelectorAll(".row")];
    const above = document.getElementById("coverage")?.getBoundingClientRect().bottom || 0;
    places = rows.map((row) => [row.id, row.getBoundingClientRect().top]).filter(([, top]) => top >= above);
  });
  document.addEventListener("htmx:afterSwap", () => {
    const kept = places.find(([id]) => document.getElementById(id));
    if (kept) {
      const row = document.getElementById(kept[0]);
      window.scrollBy(0, row.getBoundingClientRect().top - kept[1]);
      if (nobody()) row.querySelector("input, a, button")?.focus({ preventScroll: true });
    }
    places = [];
  });

  /* Enter on a box that is ticked would send its form. */
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(".tick input")) event.preventDefault();
  });

  /* Where all ticks are taken back, what took them back is hidden: the first box that was ticked has the focus. */
  document.addEventListener("reset", (event) => {
    const ticked = [...event.target.elements].find((one) => one.type === "checkbox" && one.checked);
    setTimeout(() => ticked?.focus());
  });

  /* Light and dark, as the server has just noted. */
  document.addEventListener("theme", (event) => {
    root.dataset.theme = event.detail.value;
    document.querySelector(event.detail.value === "dark" ? ".by-night" : ".by-day")?.focus();
  });

  /* Show the password. */
  for (const button of document.querySelectorAll("[data-show]")) {
    const input = document.getElementById(button.dataset.show);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      const use = button.querySelector("use");
      use.setAttribute("href", use.getAttribute("href").replace(/#.*/, shown ? "#eye-off" : "#eye"));
    });
  }

  /* Copy a text of the page; where that is refused the text is shown, ready to be copied by hand. */
  function showCopies() {
    for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  }
  function select(text) {
    const hidden = text.closest("details");
    if (hidden) hidden.open = true;
    getSelection().selectAllChildren(text);
  }
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy);
    const said = document.getElementById(button.dataset.tell);
    said.textContent = "";
    try {
      await navigator.clipboard.writeText(text.textContent);
      said.textContent = said.dataset.done;
    } catch {
      select(text);
      said.textContent = said.dataset.refused;
    }
  });
  document.addEventListener("htmx:load", showCopies);
  showCopies();

  /* Menus close with Escape, and when something else is tapped. */
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  /* The golden till's window goes with Escape too, until the till is left or tapped. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const golden of document.querySelectorAll(".golden")) {
      golden.classList.add("is-shut");
      golden.querySelector("details").open = false;
    }
  });
  for (const golden of document.querySelectorAll(".golden")) {
    for (const name of ["pointerleave", "focusout", "click"]) golden.addEventListener(name, () => golden.classList.remove("is-shut"));
  }

  /* Toasts: 12 seconds, longer while touched or focused; each has its cross. */
  function keep(toast) {
    let timer;
    const start = () => { clearTimeout(timer); timer = setTimeout(() => toast.remove(), TOAST_MS); };
    const stop = () => clearTimeout(timer);
    for (const name of ["pointerenter", "focusin", "touchstart"]) toast.addEventListener(name, stop, { passive: true });
    for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
    const cross = toast.querySelector("[data-close]");
    if (cross) {
      cross.hidden = false;
      cross.addEventListener("click", () => toast.remove());
    }
    start();
  }

  /* Watched from the body: a swap may replace the dock itself. */
  const started = new WeakSet();
  function keepAll() {
    for (const toast of document.querySelectorAll(".toast")) {
      if (started.has(toast)) continue;
      started.add(toast);
      keep(toast);
    }
  }
  document.addEventListener("htmx:load", keepAll);
  keepAll();

  /* The page of a tablet without network is kept for when it is needed. */
  navigator.serviceWorker?.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
})();
