// The number of those who have come in, asked for again as long as somebody looks.
(() => {
  "use strict";
  const shown = document.querySelector("[data-count]");
  if (!shown) return;
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(shown.dataset.count, { cache: "no-store" }).catch(() => null);
    if (answer && answer.ok) shown.textContent = await answer.text();
  }, 5000);
})();
