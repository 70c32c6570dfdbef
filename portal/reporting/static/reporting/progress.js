// Shows how far an edition is and reloads the page once it is made.
(function () {
  "use strict";
  const bar = document.getElementById("progress");
  if (!bar) return;
  const timer = setInterval(async () => {
    try {
      const status = await (await fetch(bar.dataset.status)).json();
      bar.value = status.progress;
      if (!status.is_unfinished) {
        clearInterval(timer);
        location.reload();
      }
    } catch {
      clearInterval(timer);
    }
  }, 2000);
})();
