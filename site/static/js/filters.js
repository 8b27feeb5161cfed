// Filters beside a list of results: what is ticked is searched at once, and the list is exchanged
// under the reader's hand. Without this file the button below the filters does it.
(() => {
  "use strict";
  const form = document.getElementById("finder");
  if (!form || !document.querySelector("[data-results]")) return;

  const said = document.createElement("p");
  said.className = "hidden-text";
  said.setAttribute("role", "status");
  document.body.append(said);

  const folds = () => [...document.querySelectorAll("[data-results] details[data-key]")];

  const prepare = () => {
    document.querySelectorAll("[data-apply]").forEach((button) => { button.hidden = true; });
    if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });
    // Older browsers can't show what is in a closed fold: on a wide page it stands open.
    if (!CSS.supports("selector(::details-content)")) {
      const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
      const wide = document.querySelector("[data-results]").clientWidth >= 54 * rem;
      if (wide) document.querySelectorAll("[data-filters], [data-open-wide]").forEach((fold) => { fold.open = true; });
    }
  };

  // Links of the frame carry the address of the page: to another language, to another display.
  const renewLinks = (page) => {
    const links = (root) => [...root.querySelectorAll(".masthead a, .foot a")];
    const [old, fresh] = [links(document), links(page)];
    if (old.length === fresh.length) old.forEach((link, i) => link.setAttribute("href", fresh[i].getAttribute("href")));
  };

  let request = null;
  const load = async (address, box) => {
    if (request) request.abort();
    const mine = new AbortController();
    request = mine;
    document.querySelector("[data-results]").setAttribute("aria-busy", "true");
    try {
      const response = await fetch(address, { signal: mine.signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("[data-results]");
      if (!response.ok || !fresh) throw new Error("no results");
      const open = new Set(folds().filter((fold) => fold.open).map((fold) => fold.dataset.key));
      document.querySelector("[data-results]").replaceWith(fresh);
      folds().forEach((fold) => { fold.open ||= open.has(fold.dataset.key); });
      prepare();
      renewLinks(page);
      document.title = page.title;
      if (box) {
        // Where the page says which address the choice has, that one is kept.
        history.pushState(null, "", fresh.dataset.address || address);
        const boxes = [...fresh.querySelectorAll("[data-filters] input")];
        const same = boxes.find((other) => other.name === box.name && other.value === box.value);
        (same || form.elements.q).focus({ preventScroll: true });
      }
      said.textContent = document.querySelector(".results__count").textContent;
    } catch (error) {
      if (error.name !== "AbortError") location.assign(address);
    }
  };

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-filters] input")) return;
    const asked = new URLSearchParams(new FormData(form));
    if (!asked.get("q")) asked.delete("q");
    const path = form.getAttribute("action") || location.pathname;
    load(asked.size ? `${path}?${asked}` : path, event.target);
  });
  addEventListener("popstate", () => load(location.href));
  prepare();
})();
