// Choosing an act brings its time, place and people in at once; the button does the same where no script runs.
"use strict";
for (const select of document.querySelectorAll("select[data-go]")) {
  select.form.querySelector("button").hidden = true;
  select.addEventListener("change", () => select.form.submit());
}
