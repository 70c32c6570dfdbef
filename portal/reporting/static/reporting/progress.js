// Shows how far an edition is and reloads the page once it is made.
document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const bar = document.getElementById("progress");
  if (!bar) return;
  const timer = setInterval(async () => {
    let status;
    try {
      status = await (await fetch(bar.dataset.status)).json();
    } catch {
      return; // the server restarts or the network is gone: ask again
    }
    bar.value = status.progress;
    if (!status.is_unfinished) {
      clearInterval(timer);
      location.reload();
    }
  }, 1000);
});
