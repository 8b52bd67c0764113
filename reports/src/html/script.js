// The page is complete without this. It adds search, filters, copying, a choice of theme, and opens what a link points at.
"use strict";
(function () {
  const root = document.documentElement;
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));

  // Theme: the attribute wins over the preference of the system.
  const themes = document.querySelector(".theme");
  const paint = (theme) => {
    root.dataset.theme = theme;
    all("button", themes).forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.set === theme)));
  };
  let theme = "system";
  try { theme = localStorage.getItem("mqtt-certify-theme") || theme; } catch (e) { /* no storage: the system's */ }
  themes.hidden = false;
  themes.addEventListener("click", (event) => {
    const set = event.target.dataset && event.target.dataset.set;
    if (!set) { return; }
    paint(set);
    try { localStorage.setItem("mqtt-certify-theme", set); } catch (e) { /* lasts until the page is closed */ }
  });
  paint(theme);

  // What a fragment points at is opened, with everything around it.
  const reveal = () => {
    let target = null;
    try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch (e) { return; }
    if (!target) { return; }
    const row = target.closest("tr[hidden]");
    if (row) { row.hidden = false; }
    for (let e = target; e; e = e.parentElement) { if (e.tagName === "DETAILS") { e.open = true; } }
    target.scrollIntoView();
  };

  // Search and filters, kept in the address.
  const lists = {};
  const address = () => {
    const query = new URLSearchParams();
    Object.keys(lists).forEach((name) => {
      const list = lists[name];
      const prefix = name === "statements" ? "" : name + ".";
      if (list.input.value) { query.set(prefix + "q", list.input.value); }
      const show = list.buttons.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.verdict);
      if (show.length) { query.set(prefix + "show", show.join(",")); }
    });
    const text = query.toString().replace(/%2C/g, ",");
    try { history.replaceState(null, "", location.pathname + (text ? "?" + text : "") + location.hash); } catch (e) { /* some browsers forbid it for files */ }
  };
  const apply = (list) => {
    const words = list.input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const show = list.buttons.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.verdict);
    let shown = 0;
    list.rows.forEach((row) => {
      const fits = (!show.length || show.includes(row.v)) && words.every((word) => row.text.includes(word));
      row.element.hidden = !fits;
      if (fits) { shown += 1; }
    });
    list.result.textContent = shown === list.rows.length ? shown + " rows" : shown + " of " + list.rows.length + " rows";
  };
  const start = new URLSearchParams(location.search);
  all(".filter").forEach((bar) => {
    const name = bar.dataset.for;
    const table = document.querySelector('table[data-rows="' + name + '"]');
    if (!table) { return; }
    const list = {
      input: bar.querySelector("input"),
      buttons: all("button", bar),
      result: bar.querySelector(".result"),
      rows: all("tbody>tr", table).filter((r) => r.dataset.v).map((r) => ({ element: r, v: r.dataset.v, text: r.textContent.toLowerCase() })),
    };
    lists[name] = list;
    const prefix = name === "statements" ? "" : name + ".";
    list.input.value = start.get(prefix + "q") || "";
    const show = (start.get(prefix + "show") || "").split(",");
    list.buttons.forEach((b) => b.setAttribute("aria-pressed", String(show.includes(b.dataset.verdict))));
    const change = () => { apply(list); address(); };
    list.input.addEventListener("input", change);
    list.buttons.forEach((b) => b.addEventListener("click", () => {
      b.setAttribute("aria-pressed", String(b.getAttribute("aria-pressed") !== "true"));
      change();
    }));
    bar.hidden = false;
    apply(list);
  });

  // The counts in the header lead to the list, filtered.
  all("[data-show]").forEach((link) => link.addEventListener("click", () => {
    const list = lists.checks;
    if (!list) { return; }
    list.input.value = "";
    list.buttons.forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.verdict === link.dataset.show)));
    apply(list);
    address();
  }));

  // Commands are copied where the browser allows it.
  if (navigator.clipboard) {
    all(".copy").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => {
        const text = button.closest(".command").querySelector("code").textContent;
        navigator.clipboard.writeText(text).then(() => { button.textContent = "Copied"; }, () => { button.textContent = "Not allowed"; });
      });
    });
  }

  // On paper everything is open; afterwards it is as before.
  let closed = [];
  addEventListener("beforeprint", () => { closed = all("details:not([open])"); closed.forEach((d) => { d.open = true; }); });
  addEventListener("afterprint", () => { closed.forEach((d) => { d.open = false; }); closed = []; });
  addEventListener("hashchange", reveal);
  if (location.hash) { reveal(); }
})();
