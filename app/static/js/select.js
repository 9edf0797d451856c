// Selecting rows: how many are, all of the page, none; a verb that asks for words asks in a dialog. What is selected stays so
// when the rows are exchanged. Without this the boxes and the bar work too: a verb then asks on a page.
const form = () => document.getElementById("bulk");
const boxes = () => [...document.querySelectorAll(".row-check input[name=tickets]")];
const chosen = new Set();
let last = null;

function show() {
  chosen.clear();
  for (const box of boxes()) if (box.checked) chosen.add(box.value);
  const all = document.querySelector("[data-all]");
  if (!chosen.size && all) all.checked = false;
  for (const out of document.querySelectorAll("[data-selected]")) out.value = all?.checked ? "…" : chosen.size;
}

function set(list, on) {
  for (const box of list) box.checked = on;
  show();
}

document.addEventListener("click", (event) => {
  const box = event.target.closest(".row-check input[name=tickets]");
  if (event.target.closest("#bulk-dialog [data-close]")) {
    event.preventDefault();
    return document.getElementById("bulk-dialog").close();
  }
  if (!box) return;
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) set(all.slice(from, to + 1), box.checked);
  last = box;
});
document.addEventListener("change", (event) => event.target.closest(".row-check, [data-all]") && show());

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open], :popover-open")) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  if (event.key === "Escape" && chosen.size) set(boxes(), false);
  else if (event.code === "KeyX" && event.shiftKey && !off()) set(boxes(), !boxes().every((box) => box.checked));
  else return;
  event.preventDefault();
});

const off = () => {
  try { return localStorage.getItem("shortcuts-off") === "1"; } catch { return false; }
};

// With nothing selected a key means the row one is on.
document.addEventListener("submit", async (event) => {
  if (event.target !== form()) return;
  if (!chosen.size) set([document.activeElement.closest?.("[data-row]")?.querySelector(".row-check input")].filter(Boolean), true);
  if (!chosen.size) return event.preventDefault();
  const button = event.submitter;
  if (!button || !("asks" in button.dataset)) return;
  event.preventDefault();
  const dialog = document.getElementById("bulk-dialog");
  try {
    const answer = await fetch(form().action, { method: "POST", body: new FormData(form(), button) });
    const asked = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("bulk-ask");
    if (!asked) throw new Error("no form");
    dialog.replaceChildren(asked);
    dialog.showModal();
    dialog.querySelector("select, textarea, input:not([type=hidden])")?.focus();
  } catch {
    delete button.dataset.asks;
    button.click();
  }
});

document.addEventListener("htmx:afterSettle", () => {
  for (const box of boxes()) if (chosen.has(box.value)) box.checked = true;
  show();
});
document.addEventListener("live:shown", show);
addEventListener("pageshow", show);
