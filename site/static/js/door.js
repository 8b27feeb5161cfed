// The door with a script: answers at once from the list in the telephone, sends what happened when there
// is a network, and says what the server knows better. Without this file the forms of the page do it.
(async () => {
  "use strict";
  const data = document.getElementById("door-data");
  if (!data || !window.indexedDB || !(window.crypto && crypto.subtle)) return;
  const { words, addresses } = JSON.parse(data.textContent);
  const find = (name) => document.querySelector(`[data-${name}]`);
  const store = await doorStore(`door ${addresses.scope}`);
  let people = await store.all("people");
  let sending = false;

  if (navigator.serviceWorker) navigator.serviceWorker.register(addresses.worker, { scope: addresses.scope });

  const element = (tag, name, text) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    return made;
  };

  const say = (answer) => {
    const box = element("div", `door-answer door-answer--${answer.result}`);
    box.append(element("p", "door-answer__word", words[answer.result] || words.refused));
    for (const [name, text] of [["door-answer__name", answer.name], ["", answer.organisation], ["", answer.state], ["", answer.entered]]) {
      if (text) box.append(element("p", name, text));
    }
    if (answer.result === "entered" && answer.id) {
      const button = element("button", "button button--line", words.undo);
      button.type = "button";
      button.addEventListener("click", () => takeBack(answer.id));
      box.append(button);
    }
    find("answer").replaceChildren(box);
    if (navigator.vibrate) navigator.vibrate(answer.result === "entered" ? 60 : [120, 80, 120]);
  };

  const showNet = async () => {
    const waiting = (await store.all("parts")).length;
    const parts = [navigator.onLine && !find("door").dataset.lost ? words.online : words.offline];
    if (waiting) parts.push(words.waiting.replace("%(number)s", waiting));
    find("net").textContent = parts.join(" · ");
    find("door").classList.toggle("door--lost", Boolean(find("door").dataset.lost) || !navigator.onLine);
  };

  const showCount = (count) => {
    find("entered").textContent = count.entered;
    find("expected").textContent = count.expected;
  };

  const showProblems = async () => {
    const problems = await store.all("problems");
    const section = find("problems");
    section.hidden = problems.length === 0;
    section.querySelector("ul").replaceChildren(...problems.map((one) => {
      const row = element("li", "", [words[one.result], one.name, one.organisation, one.state, one.entered].filter(Boolean).join(" · "));
      const button = element("button", "button button--line", "×");
      button.type = "button";
      button.setAttribute("aria-label", `${words.undone}: ${one.name || ""}`);
      button.addEventListener("click", async () => { await store.remove("problems", one.key); showProblems(); });
      row.append(" ", button);
      return row;
    }));
  };

  const clock = (at) => `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;

  const keep = async (part) => {
    const at = new Date();
    const whole = { ...part, key: crypto.randomUUID(), at: at.toISOString() };
    await store.put("parts", whole);
    await showNet();
    return whole;
  };

  const mark = async (person, changes) => {
    Object.assign(person, changes);
    await store.put("people", person);
  };

  // The telephone's own answer; the server's comes with the next `send`.
  const letIn = async (person) => {
    const shown = { id: person.id, name: person.name, organisation: person.organisation };
    if (person.state) return say({ ...shown, result: "not_valid", state: person.state });
    if (person.entered) return say({ ...shown, result: "again", entered: person.entered });
    const part = await keep({ what: "scan", id: person.id, said: shown });
    await mark(person, { entered: clock(new Date()), key: part.key });
    say({ ...shown, result: "entered" });
    find("entered").textContent = Number(find("entered").textContent) + 1;
    return send();
  };

  const takeBack = async (id) => {
    const person = people.find((one) => one.id === id);
    await keep({ what: "undo", id });
    if (person) await mark(person, { entered: "", key: "" });
    say({ result: "undone", name: person && person.name });
    find("entered").textContent = Math.max(0, Number(find("entered").textContent) - 1);
    return send();
  };

  const signs = { O: "0", I: "1", L: "1" };
  const readCode = (text) => text.trim().toUpperCase().replace(/^SD1:/, "").replace(/[\s\-–.]/g, "").replace(/[OIL]/g, (sign) => signs[sign]);
  const digest = async (text) => {
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const scanned = async (text) => {
    const code = readCode(text);
    const known = await digest(code);
    const person = people.find((one) => one.code === known);
    if (person) return letIn(person);
    if (await refresh()) {
      const late = people.find((one) => one.code === known);
      if (late) return letIn(late);
    }
    return say({ result: "unknown" });
  };

  const lost = (isLost) => {
    if (isLost) find("door").dataset.lost = "yes";
    else delete find("door").dataset.lost;
  };

  const revoked = async () => {
    await store.forget();
    for (const name of await caches.keys()) if (name.startsWith("door-")) await caches.delete(name);
    document.querySelector("main").replaceChildren(element("p", "door-answer door-answer--not_valid", words.revoked));
  };

  const ask = async (address, options) => {
    let answer;
    try {
      answer = await fetch(address, { cache: "no-store", ...options });
    } catch {
      lost(true);
      return null;
    }
    if (answer.status === 404) { await revoked(); return null; }
    lost(!answer.ok && answer.status >= 500);
    return answer.ok ? answer.json() : null;
  };

  const refresh = async () => {
    if ((await store.all("parts")).length) return false; // the list knows nothing of them yet
    const found = await ask(addresses.list);
    if (!found) { await showNet(); return false; }
    await store.replace("people", found.people);
    people = found.people;
    showCount(found.count);
    await showNet();
    return true;
  };

  const heard = async (part, answer) => {
    const person = people.find((one) => one.id === answer.id);
    if (part.what === "walk_in") {
      if (answer.result === "entered") say(answer);
      else await store.put("problems", { ...answer, name: part.name, organisation: part.organisation_name });
    } else if (part.what === "scan" && answer.result !== "entered") {
      // Let in here, and known elsewhere: that must be told, also long afterwards.
      const result = answer.result === "again" ? "elsewhere" : answer.result;
      await store.put("problems", { ...part.said, ...answer, result });
      if (person) await mark(person, { entered: answer.entered || "", state: answer.state || person.state });
      say({ ...part.said, ...answer });
    } else if (person && answer.entered) {
      await mark(person, { entered: answer.entered });
    }
    await store.remove("parts", part.number);
  };

  const send = async () => {
    if (sending) return;
    sending = true;
    try {
      for (;;) {
        const parts = (await store.all("parts")).slice(0, 100);
        if (!parts.length) break;
        const message = JSON.stringify({ parts: parts.map(({ said, number, ...rest }) => rest) });
        const found = await ask(addresses.sync, { method: "POST", body: message, headers: { "Content-Type": "application/json" } });
        if (!found) break;
        const answers = new Map(found.answers.map((one) => [one.key, one]));
        for (const part of parts) await heard(part, answers.get(part.key) || { result: "refused" });
        showCount(found.count);
      }
    } finally {
      sending = false;
      await showNet();
      await showProblems();
    }
  };

  find("scan").addEventListener("submit", (event) => {
    const [file] = document.getElementById("scan-picture").files;
    if (file) return; // a photograph is read by the server
    event.preventDefault();
    const field = document.getElementById("scan-code");
    scanned(field.value);
    field.value = "";
    field.focus();
  });

  find("search").addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = document.getElementById("search-q").value.trim().toLowerCase();
    const hits = wanted ? people.filter((one) => `${one.name} ${one.organisation} ${one.reference}`.toLowerCase().includes(wanted)).slice(0, 20) : [];
    const rows = hits.map((one) => {
      const row = element("li");
      const said = element("span");
      said.append(element("b", "", one.name || "–"), ` ${one.organisation} `, element("small", "", [one.reference, one.state, one.entered].filter(Boolean).join(" · ")));
      row.append(said);
      if (!one.state && !one.entered) {
        const button = element("button", "button button--line", words.let_in);
        button.type = "button";
        button.addEventListener("click", () => { letIn(one); find("hits").replaceChildren(); });
        row.append(button);
      }
      return row;
    });
    find("hits").replaceChildren(...(rows.length ? rows : [element("li", "", words.nobody)]));
  });

  const walkIn = find("walk-in");
  if (walkIn) walkIn.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = new FormData(walkIn);
    const part = { what: "walk_in", consent: form.get("consent") === "on" };
    for (const name of ["name", "organisation_name", "phone", "email"]) part[name] = form.get(name) || "";
    await keep(part);
    walkIn.reset();
    walkIn.closest("details").open = false;
    await send();
    if ((await store.all("parts")).length) say({ result: "offline", name: part.name, organisation: part.organisation_name });
  });

  // The camera, where the browser reads codes itself.
  const camera = find("camera");
  if (camera && "BarcodeDetector" in window && navigator.mediaDevices) {
    camera.hidden = false;
    camera.addEventListener("click", async () => {
      const video = find("video");
      try {
        video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      } catch {
        find("net").textContent = words.camera_off;
        return;
      }
      video.hidden = false;
      camera.hidden = true;
      await video.play();
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      let last = "";
      let rest = 0;
      const look = async () => {
        const found = await detector.detect(video).catch(() => []);
        const text = found.length ? found[0].rawValue : "";
        if (text && (text !== last || Date.now() > rest)) {
          last = text;
          rest = Date.now() + 5000; // the same ticket is still held there
          await scanned(text);
        }
        setTimeout(look, 250);
      };
      look();
    });
  }

  window.addEventListener("online", send);
  window.addEventListener("offline", showNet);
  setInterval(async () => { await send(); await refresh(); }, 20000);
  await send();
  await refresh();
  await showProblems();
  find("door").dataset.ready = "yes";
})();
