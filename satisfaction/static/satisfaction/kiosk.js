// A kiosk with scripts: a section at a time, back to the start when nobody touches it, and
// answers kept on the device while there is no network. Without scripts the page is one form.
"use strict";
(() => {
  const body = document.querySelector("[data-kiosk]");
  const form = document.querySelector("[data-form]");
  if (!body) return;
  const here = location.pathname;
  const QUEUE = `kiosk:${here}`;
  const find = (name, root = document) => root.querySelector(`[data-${name}]`);

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(body.dataset.worker, { scope: here }).catch(() => {});
  }

  // --- What could not be sent yet --------------------------------------------------------
  const queue = () => JSON.parse(localStorage.getItem(QUEUE) || "[]");
  const keep = (waiting) => localStorage.setItem(QUEUE, JSON.stringify(waiting));

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
    });
  };

  let isFlushing = false;
  const flush = async () => {
    if (isFlushing || !navigator.onLine) return;
    isFlushing = true;
    try {
      for (const entry of queue()) {
        const answer = await post(entry, true);
        // 403 is an outdated token, 5xx a server that is being restarted: later.
        if (answer.status === 403 || answer.status >= 500) break;
        keep(queue().filter((other) => other.key !== entry.key));
      }
    } catch (error) {
      // No network: the next round tries again.
    } finally {
      isFlushing = false;
    }
  };
  window.addEventListener("online", flush);
  setInterval(flush, 30000);
  flush();
  if (!form) return;

  // --- A section at a time ---------------------------------------------------------------
  const steps = [...form.querySelectorAll("[data-step]")];
  const [back, next, send, told] = ["back", "next", "send", "told"].map((name) => find(name, form));
  const words = find("words").content;
  let step = 0;
  let began = Date.now();

  const show = (number, isMove = true) => {
    step = number;
    steps.forEach((section, place) => { section.hidden = place !== step; });
    back.hidden = step === 0;
    next.hidden = step === steps.length - 1;
    send.hidden = !next.hidden;
    told.hidden = true;
    find("intro").hidden = step > 0;
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
    thanks.focus();
    setTimeout(restart, 20000);
  };

  const showFaults = (errors) => {
    const field = document.getElementById(Object.keys(errors)[0]);
    const place = steps.findIndex((section) => field && section.contains(field));
    show(Math.max(0, place));
    tell(Object.values(errors)[0]);
    if (field) field.focus();
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
    keep([...queue(), entry]);
    const forget = () => keep(queue().filter((other) => other.key !== entry.key));
    try {
      const answer = await post(entry, false);
      const said = await answer.json();
      forget();
      if (said.state === "taken") thank(said.receipt);
      else if (said.state === "faulty") showFaults(said.errors);
      else tell(words.querySelector("[data-refused]").textContent);
    } catch (error) {
      thank("");
    }
    send.disabled = false;
  });

  // --- Nobody there ----------------------------------------------------------------------
  const restart = () => { location.replace(here); };
  let timer;
  let isTouched = false;
  const awake = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (isTouched || step > 0) restart();
    }, Number(body.dataset.idle) * 1000);
  };
  const begin = () => {
    if (!isTouched) began = Date.now();
    isTouched = true;
  };
  form.addEventListener("input", begin);
  ["input", "pointerdown", "keydown"].forEach((name) => document.addEventListener(name, awake));
  awake();
})();
