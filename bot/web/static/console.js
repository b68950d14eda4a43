"use strict";
// Keeps the work list fresh without a reload, and never takes the focus from what somebody is doing in it.
const list = document.getElementById("work-list");
const title = document.title;

async function look() {
  if (list === null || list.contains(document.activeElement)) return;
  try {
    const answer = await fetch(list.dataset.live, { redirect: "error" });
    if (!answer.ok) return;
    const fresh = await answer.text();
    if (fresh !== list.dataset.last) list.innerHTML = fresh;
    list.dataset.last = fresh;
    const count = list.querySelector("[data-alerts]")?.dataset.alerts;
    document.title = count ? `(${count}) ${title}` : title;
  } catch { /* the next look tries again; a signed-out page is opened anew by hand */ }
}

if (list !== null) setInterval(look, 1500);
