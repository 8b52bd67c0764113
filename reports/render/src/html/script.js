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
    for (let e = target; e; e = e.parentElement) {
      if (e.hidden) { e.hidden = false; }
      if (e.tagName === "DETAILS") { e.open = true; }
    }
    target.scrollIntoView();
  };

  // Search and filter of the statements, kept in the address.
  const bar = document.querySelector(".filter");
  if (bar) { search(bar); }
  function search(bar) {
  const input = bar.querySelector("input");
  const buttons = all("button", bar);
  const groups = all(".statements>tbody").map((group) => ({
    group,
    rows: all("tr[id]", group).map((row) => ({ row, v: row.dataset.v || "pass", text: (row.textContent + " " + group.rows[0].textContent).toLowerCase() })),
  }));
  const total = groups.reduce((sum, g) => sum + g.rows.length, 0);
  const pressed = () => buttons.filter((b) => b.getAttribute("aria-pressed") === "true").map((b) => b.dataset.verdict);
  const press = (verdicts) => buttons.forEach((b) => b.setAttribute("aria-pressed", String(verdicts.includes(b.dataset.verdict))));
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const show = pressed();
    let shown = 0;
    groups.forEach((g) => {
      let any = false;
      g.rows.forEach((r) => {
        const fits = (!show.length || show.includes(r.v)) && words.every((word) => r.text.includes(word));
        r.row.hidden = !fits;
        any = any || fits;
        shown += fits ? 1 : 0;
      });
      g.group.hidden = !any;
    });
    bar.querySelector(".result").textContent = (shown === total ? total : shown + " of " + total) + " statements";
  };
  const change = () => {
    apply();
    const query = new URLSearchParams();
    if (input.value) { query.set("q", input.value); }
    if (pressed().length) { query.set("show", pressed().join(",")); }
    const text = query.toString().replace(/%2C/g, ",");
    try { history.replaceState(null, "", location.pathname + (text ? "?" + text : "") + location.hash); } catch (e) { /* not every browser lets a file do it */ }
  };
  const start = new URLSearchParams(location.search);
  input.value = start.get("q") || "";
  press((start.get("show") || "").split(","));
  input.addEventListener("input", change);
  buttons.forEach((b) => b.addEventListener("click", () => {
    b.setAttribute("aria-pressed", String(b.getAttribute("aria-pressed") !== "true"));
    change();
  }));
  bar.hidden = false;
  apply();

  // The counts in the header lead to the list, filtered.
  all("[data-show]").forEach((link) => link.addEventListener("click", () => {
    input.value = "";
    press([link.dataset.show]);
    change();
  }));
  }

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

  // On paper everything is open, but for what the page says is not; afterwards it is as before.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all(document.querySelector(".paper") ? "details:not([open]):not(.statements details)" : "details:not([open])");
    closed.forEach((d) => { d.open = true; });
  });
  addEventListener("afterprint", () => { closed.forEach((d) => { d.open = false; }); closed = []; });
  addEventListener("hashchange", reveal);
  if (location.hash) { reveal(); }
})();
