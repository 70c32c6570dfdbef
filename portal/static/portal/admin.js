// Starts Wagtail's pickers and panels from JSON data, so that the admin needs no
// inline script and its Content-Security-Policy can say script-src 'self'.
(function () {
  "use strict";
  if (window.portalAdmin) return;
  window.portalAdmin = true;

  // Wagtail drops Vietnamese letters when it makes an address of a title: plain ones first.
  const plain = (text) =>
    text
      .replace(/đ/g, "d")
      .replace(/Đ/g, "D")
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "");
  const isSlug = (field) => field.matches && field.matches('[data-controller~="w-slug"]');
  for (const name of ["w-sync:check", "w-sync:apply"]) {
    document.addEventListener(
      name,
      (event) => {
        if (isSlug(event.target) && event.detail && typeof event.detail.value === "string") {
          event.detail.value = plain(event.detail.value);
        }
      },
      true,
    );
  }
  document.addEventListener(
    "blur",
    (event) => {
      if (isSlug(event.target)) event.target.value = plain(event.target.value);
    },
    true,
  );

  const constructors = new Set(["InlinePanel", "MultipleChooserPanel"]);
  const pickers = new Set(["initDateChooser", "initTimeChooser", "initDateTimeChooser"]);
  const choosers = new Set([
    "Chooser",
    "PageChooser",
    "ImageChooser",
    "DocumentChooser",
    "SnippetChooser",
  ]);

  function start(holder) {
    if (holder.dataset.portalStarted) return;
    const name = holder.dataset.portalInit;
    const data = holder.querySelector("script");
    if (!data || typeof window[name] !== "function") return;
    holder.dataset.portalStarted = "1";
    // Wagtail hands us JSON already encoded; json_script has encoded it once more.
    const options = JSON.parse(JSON.parse(data.textContent));
    if (constructors.has(name)) new window[name](options);
    else if (choosers.has(name)) new window[name](holder.dataset.portalFor, options);
    else if (pickers.has(name)) window[name](holder.dataset.portalFor, options);
  }

  function startWithin(root) {
    if (root.matches && root.matches("[data-portal-init]")) start(root);
    root.querySelectorAll("[data-portal-init]").forEach(start);
  }

  function nameChoosers() {
    const holder = document.querySelector("[data-portal-choosers]");
    if (!holder || window.chooserUrls) return;
    window.chooserUrls = {
      imageChooser: holder.dataset.imageChooser,
      documentChooser: holder.dataset.documentChooser,
      pageChooser: holder.dataset.pageChooser,
    };
  }

  function bindSelectAll() {
    const all = document.querySelector('input[name="select_all"]');
    const locales = document.querySelectorAll('input[name="locales"]');
    if (!all || !locales.length) return;
    all.addEventListener("change", () => locales.forEach((box) => (box.checked = all.checked)));
  }

  nameChoosers();
  document.addEventListener("DOMContentLoaded", () => {
    startWithin(document);
    bindSelectAll();
    new MutationObserver((records) => {
      for (const record of records)
        for (const node of record.addedNodes) if (node.nodeType === 1) startWithin(node);
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
