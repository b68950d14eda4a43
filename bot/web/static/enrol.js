"use strict";
// Asks only for what is needed: a guardian for a patient under 18, a name for a reader who is not the patient, the
// wording in the language of the texts. Without this script everything is shown, and the server checks the same.
const form = document.querySelector("form.enrol[data-today]");

function years(born, today) {
  const [y, m, d] = born.split("-").map(Number);
  const [ty, tm, td] = today.split("-").map(Number);
  return ty - y - (tm < m || (tm === m && td < d) ? 1 : 0);
}

function fit() {
  const born = form.elements.born_on.value;
  const minor = /^\d{4}-\d\d-\d\d$/.test(born) && years(born, form.dataset.today) < 18;
  form.querySelector("[data-for=minor]").hidden = !minor;
  form.querySelector("[data-for=reader]").hidden = form.elements.relation.value === "self";
  for (const words of form.querySelectorAll("[data-language]")) {
    words.hidden = words.dataset.language !== form.elements.language.value;
  }
}

if (form !== null) {
  form.addEventListener("change", fit);
  form.addEventListener("input", fit);
  fit();
  document.getElementById("errors")?.focus();
}
