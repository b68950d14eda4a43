"use strict";
// Closes the menu as one expects: by Escape, and by going elsewhere. It opens and closes without this script, too.
const more = document.querySelector(".more");
if (more !== null) {
  document.addEventListener("keydown", (press) => {
    if (press.key !== "Escape" || !more.open) return;
    more.open = false;
    more.querySelector("summary").focus();
  });
  for (const what of ["click", "focusin"]) {
    document.addEventListener(what, (event) => { if (!more.contains(event.target)) more.open = false; });
  }
}
