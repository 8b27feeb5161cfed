// The contents of a statute cover a narrow page: after a choice they fold away. Without this file the
// reader folds them.
(() => {
  "use strict";
  const fold = document.querySelector("[data-fold-after-choice]");
  if (!fold) return;
  fold.addEventListener("click", (event) => {
    if (event.target.closest("a") && getComputedStyle(fold.firstElementChild).display !== "none") fold.open = false;
  });
  // Older browsers can't show what is in a closed fold: beside the text it stands open.
  if (!CSS.supports("selector(::details-content)") && getComputedStyle(fold.firstElementChild).display === "none") fold.open = true;
})();
