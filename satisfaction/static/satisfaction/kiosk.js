// A kiosk with scripts: a section at a time, back to the start when nobody touches it, and
// answers kept on the device while there is no network. Without scripts the page is one form.
"use strict";
(() => {
  const body = document.querySelector("[data-kiosk]");
  const form = document.querySelector("[data-form]");
  if (!body) return;
  const here = location.pathname;
  const QUEUE = `kiosk:${here}`;
  const PATIENCE = 20000; // ms for the portal to answer: a network may be there and dead
  const GOODBYE = 20000; // ms during which the receipt stands
  const find = (name, root = document) => root.querySelector(`[data-${name}]`);

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(body.dataset.worker, { scope: here }).catch(() => {});
  }

  // --- What could not be sent yet --------------------------------------------------------
  const queue = () => JSON.parse(localStorage.getItem(QUEUE) || "[]");
  const keep = (waiting) => localStorage.setItem(QUEUE, JSON.stringify(waiting));
  const forget = (key) => keep(queue().filter((entry) => entry.key !== key));
  // The answer whose writer stands here and waits: what it lacks is still theirs to give.
  let inHand = null;

  const csrf = () => {
    const cookies = document.cookie.split("; ").map((pair) => pair.split("="));
    const found = cookies.find(([name]) => name.endsWith("csrftoken"));
    return found ? found[1] : "";
  };

  // The key stays the answer's own however often it is sent: the portal counts it once.
  const post = async (entry, isLate) => {
    const data = new URLSearchParams(entry.body);
    ["csrfmiddlewaretoken", "form_token"].forEach((name) => data.delete(name));
    if (isLate) data.set("muon", "1");
    data.set("khoa", entry.key);
    data.set("thoi-gian", String(entry.seconds));
    data.set("cach-day", String(Math.max(0, Math.round((Date.now() - entry.at) / 1000))));
    return fetch(here, {
      method: "POST",
      body: data,
      headers: { Accept: "application/json", "X-CSRFToken": csrf() },
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE),
    });
  };

  let isFlushing = false;
  const flush = async () => {
    // Not asked of navigator.onLine: it says no where a device reaches the portal by a way
    // that the browser does not count as a network. A round without one costs nothing.
    if (isFlushing) return;
    isFlushing = true;
    try {
      for (const entry of queue()) {
        if (entry.key === inHand) continue;
        const answer = await post(entry, true);
        // 403 is an outdated token, 5xx a server that is being restarted: later.
        if (answer.status === 403 || answer.status >= 500) break;
        forget(entry.key);
      }
    } catch (error) {
      // No network: the next round tries again.
    } finally {
      isFlushing = false;
    }
  };
  window.addEventListener("online", flush);
  setInterval(flush, 15000);
  flush();
  if (!form) return;

  // --- A section at a time ---------------------------------------------------------------
  const steps = [...form.querySelectorAll("[data-step]")];
  const [back, next, send, told] = ["back", "next", "send", "told"].map((name) => find(name, form));
  const [place, progress] = [find("place", form), find("progress", form)];
  const words = find("words").content;
  let step = 0;
  let began = Date.now();

  const show = (number, isMove = true) => {
    step = number;
    steps.forEach((section, at) => { section.hidden = at !== step; });
    back.hidden = step === 0;
    next.hidden = step === steps.length - 1;
    send.hidden = !next.hidden;
    told.hidden = true;
    find("intro").hidden = step > 0;
    place.textContent = String(step + 1);
    progress.hidden = false;
    if (isMove) {
      window.scrollTo(0, 0);
      steps[step].querySelector("h2").focus();
    }
  };
  const withError = form.querySelector(".has-error");
  const first = withError ? steps.findIndex((section) => section.contains(withError)) : 0;
  back.addEventListener("click", () => show(step - 1));
  next.addEventListener("click", () => show(step + 1));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.tagName === "INPUT" && !next.hidden) {
      event.preventDefault();
      show(step + 1);
    }
  });
  show(first, false);

  // --- Sending ---------------------------------------------------------------------------
  const tell = (message) => { told.textContent = message; told.hidden = false; };

  const thank = (receipt) => {
    form.hidden = true;
    find("intro").hidden = true;
    const thanks = find("thanks");
    thanks.hidden = false;
    find("receipt").hidden = !receipt;
    find("queued").hidden = Boolean(receipt);
    find("receipt").querySelector("strong").textContent = receipt || "";
    window.scrollTo(0, 0);
    thanks.focus();
    setTimeout(restart, GOODBYE);
  };

  // Said above the section, and beside each question that it is about.
  const showFaults = (errors) => {
    form.querySelectorAll("[data-fault]").forEach((old) => old.remove());
    form.querySelectorAll(".has-error").forEach((old) => old.classList.remove("has-error"));
    const fields = Object.entries(errors)
      .map(([id, message]) => [document.getElementById(id), message])
      .filter(([field]) => field);
    fields.forEach(([field, message]) => {
      const group = field.closest(".grid-row, .item, .field");
      const fault = document.createElement("p");
      fault.className = "field-error";
      fault.dataset.fault = "";
      fault.textContent = message;
      group.classList.add("has-error");
      group.querySelector("legend, label").after(fault);
    });
    const at = steps.findIndex((section) => fields.length && section.contains(fields[0][0]));
    show(Math.max(0, at));
    tell(fields.length ? fields[0][1] : Object.values(errors)[0]);
    if (fields.length) fields[0][0].focus();
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const entry = {
      key: crypto.randomUUID(),
      at: Date.now(),
      seconds: Math.round((Date.now() - began) / 1000),
      body: new URLSearchParams(new FormData(form)).toString(),
    };
    send.disabled = true;
    inHand = entry.key;
    keep([...queue(), entry]);
    try {
      const answer = await post(entry, false);
      const said = await answer.json();
      forget(entry.key);
      if (said.state === "taken") thank(said.receipt);
      else if (said.state === "faulty") showFaults(said.errors);
      else tell(find("refused", words).textContent);
    } catch (error) {
      thank("");
    }
    inHand = null;
    send.disabled = false;
  });

  // --- Nobody there ----------------------------------------------------------------------
  // Whoever reads slowly is asked first and may go on (WCAG 2.2.1).
  const restart = () => { location.replace(here); };
  const ask = find("still-there");
  let [timer, isTouched] = [0, false];
  const awake = () => {
    clearTimeout(timer);
    if (ask.open) ask.close();
    timer = setTimeout(() => {
      if (!isTouched && step === 0) return;
      ask.showModal();
      timer = setTimeout(restart, Number(body.dataset.grace) * 1000);
    }, Number(body.dataset.idle) * 1000);
  };
  const begin = () => {
    if (!isTouched) began = Date.now();
    isTouched = true;
  };
  form.addEventListener("input", begin);
  ["input", "pointerdown", "keydown", "scroll"].forEach((name) => {
    document.addEventListener(name, awake, { passive: true });
  });
  ask.addEventListener("close", awake);
  awake();
})();
