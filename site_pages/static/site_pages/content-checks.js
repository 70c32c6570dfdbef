// Gives Wagtail's checker our checks: the page names what it lacks in data-missing.
(() => {
  const bar = document.querySelector("wagtail-userbar, wagtail-inline-userbar");
  if (!bar || !bar.registerCheck) return;
  const missing = (document.body.dataset.missing || "").split(" ").filter(Boolean);
  const config = bar.shadowRoot && bar.shadowRoot.querySelector("#checker-axe-configuration");
  if (!config) return;
  for (const check of JSON.parse(config.textContent).spec.checks) {
    if (check.options && check.options.missing) {
      bar.registerCheck(check.id, (_node, options) => !missing.includes(options.missing));
    }
  }
})();
