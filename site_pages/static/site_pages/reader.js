// Copies the citation; without this script the text can be selected and copied by hand.
document.querySelectorAll("[data-copy]").forEach((button) => {
  "use strict";
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.value);
      button.nextElementSibling.textContent = button.dataset.done;
    } catch {
      field.select();
    }
  });
});
