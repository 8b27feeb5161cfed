// Suggestions below a search field: the editable combobox with a list of WAI-ARIA 1.2. The field is
// an ordinary one without this file, and stays one when no suggestion comes.
(() => {
  "use strict";
  const PAUSE = 150; // milliseconds after the last key
  const KEPT = 50; // answers remembered for going back over a word

  document.querySelectorAll("input[data-suggest]").forEach((input) => {
    const make = (name, classname, role) => {
      const element = document.createElement(name);
      element.className = classname;
      element.setAttribute("role", role);
      return element;
    };
    const list = make("ul", "suggestions", "listbox");
    list.id = `${input.id}-suggestions`;
    list.hidden = true;
    list.setAttribute("aria-label", input.dataset.suggestLabel);
    const said = make("p", "hidden-text", "status");
    input.after(list, said);
    // A field of the type "search" may not be a combobox.
    input.type = "text";
    input.autocomplete = "off";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    const answers = new Map();
    let shown = []; // the suggestions in the list
    let active = -1; // the one that the arrow keys stand on
    let composing = false; // an input method is at work
    let timer = 0;
    let request = null;

    const isOpen = () => !list.hidden;

    const move = (index) => {
      active = index;
      [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
      if (active < 0) {
        input.removeAttribute("aria-activedescendant");
      } else {
        input.setAttribute("aria-activedescendant", list.children[active].id);
        list.children[active].scrollIntoView({ block: "nearest" });
      }
    };

    const open = () => {
      if (!shown.length) return;
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    };

    const close = () => {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      move(-1);
    };

    const cancel = () => {
      clearTimeout(timer);
      if (request) request.abort();
      request = null;
    };

    const take = (suggestion) => {
      cancel();
      close();
      if (suggestion.kind === "page") {
        location.assign(suggestion.url);
        return;
      }
      input.value = suggestion.text;
      input.form.requestSubmit();
    };

    const show = (answer) => {
      shown = answer.suggestions;
      list.replaceChildren(...shown.map((suggestion, i) => {
        const option = make("li", "suggestions__option", "option");
        option.id = `${list.id}-${i}`;
        option.append(suggestion.text);
        if (suggestion.note) {
          const note = document.createElement("span");
          note.className = "suggestions__note";
          note.textContent = suggestion.note;
          option.append(" ", note);
        }
        return option;
      }));
      said.textContent = answer.said;
      close();
      open();
    };

    const ask = async () => {
      const words = input.value.trim();
      if (!words) {
        show({ suggestions: [], said: "" });
        return;
      }
      if (answers.has(words)) {
        show(answers.get(words));
        return;
      }
      if (!navigator.onLine) return;
      const mine = new AbortController();
      request = mine;
      try {
        const address = `${input.dataset.suggest}?${new URLSearchParams({ q: words })}`;
        const response = await fetch(address, { signal: mine.signal });
        if (!response.ok) return;
        const answer = await response.json();
        if (answers.size >= KEPT) answers.delete(answers.keys().next().value);
        answers.set(words, answer);
        if (request === mine && document.activeElement === input) show(answer);
      } catch {
        // No suggestions: the field and its button still search.
      }
    };

    const later = () => {
      cancel();
      timer = setTimeout(ask, PAUSE);
    };

    input.addEventListener("compositionstart", () => {
      composing = true;
      cancel();
      close();
    });
    input.addEventListener("compositionend", () => {
      // Some browsers send the Enter that ends the composition after this event.
      setTimeout(() => { composing = false; });
      later();
    });
    input.addEventListener("input", (event) => {
      if (!composing && !event.isComposing) later();
    });
    input.addEventListener("blur", () => {
      cancel();
      close();
    });
    input.form.addEventListener("submit", (event) => {
      if (composing) event.preventDefault();
      else cancel();
    });

    input.addEventListener("keydown", (event) => {
      // Keys of an input method: 229 stands for all of them.
      if (composing || event.isComposing || event.keyCode === 229) {
        if (event.key === "Enter") event.preventDefault();
        return;
      }
      const last = shown.length - 1;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (last < 0) return;
        event.preventDefault();
        const down = event.key === "ArrowDown";
        if (!isOpen()) {
          open();
          if (!event.altKey) move(down ? 0 : last);
        } else if (down) {
          move(active === last ? -1 : active + 1); // past the end lies the field itself
        } else {
          move(active === -1 ? last : active - 1);
        }
      } else if (event.key === "Enter" && isOpen() && active >= 0) {
        event.preventDefault();
        take(shown[active]);
      } else if (event.key === "Escape" && isOpen()) {
        event.preventDefault();
        event.stopPropagation(); // it closes the list, not the fold that the field stands in
        cancel();
        close();
      } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
        move(-1);
      }
    });

    // The field keeps the focus while the mouse is at work in the list.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const index = [...list.children].indexOf(event.target.closest("[role=option]"));
      if (index >= 0) take(shown[index]);
    });
  });

  // A fold with a search field hands the focus to it.
  document.querySelectorAll("details[data-focus]").forEach((fold) => {
    fold.addEventListener("toggle", () => {
      if (fold.open) document.getElementById(fold.dataset.focus).focus();
    });
  });
})();
