// The frame of every page works without this file; it only makes it handier.
(() => {
  "use strict";

  // Folded menus close on Escape, on a click elsewhere and when focus leaves them.
  const folds = document.querySelectorAll("details[data-fold]");
  const closeAll = (except) => folds.forEach((fold) => {
    if (fold !== except) fold.open = false;
  });
  folds.forEach((fold) => {
    fold.addEventListener("toggle", () => { if (fold.open) closeAll(fold); });
    fold.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !fold.contains(event.relatedTarget)) fold.open = false;
    });
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("details[data-fold]")) closeAll();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details[data-fold][open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  // Print and copy appear only where a script can do them.
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  if (navigator.clipboard) {
    document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
    // On the document: a list of results is exchanged together with its button.
    document.addEventListener("click", async (event) => {
      const button = event.target.closest("[data-copy]");
      if (!button) return;
      const field = document.getElementById(button.dataset.copyFrom);
      await navigator.clipboard.writeText(field ? field.value : location.href.split("#")[0]);
      const words = button.querySelector("span");
      const before = words.textContent;
      if (before === button.dataset.copy) return;
      words.textContent = button.dataset.copy;
      setTimeout(() => { words.textContent = before; }, 4000);
    });
  }

  // After a form came back with errors, the summary is what a reader hears first.
  const errors = document.querySelector("[data-errors]");
  if (errors) errors.focus();

  // The table of contents follows the reader.
  const entries = new Map();
  document.querySelectorAll(".contents a").forEach((link) => {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (target) entries.set(target, link);
  });
  if (entries.size && "IntersectionObserver" in window) {
    const mark = (link) => entries.forEach((other) => {
      if (other === link) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    });
    const [opening] = entries.keys();
    const observer = new IntersectionObserver((seen) => {
      const first = seen.find((entry) => entry.isIntersecting);
      if (first) mark(entries.get(first.target));
      else if (opening.getBoundingClientRect().top > 0) mark();
    }, { rootMargin: "0px 0px -66% 0px" });
    entries.forEach((_, target) => observer.observe(target));
  }
})();
