// The keyboard. [data-shortcut="g q"] on a link, button or field is its key ("J" is Shift+J); a few keys need no element of
// their own: j k x walk and select [data-row], r n open a composer, u goes up, z takes back. Everything is asked of the page
// at the moment of the key, for parts of a page are exchanged under it.
const OFF = "shortcuts-off";
const PAIR_MS = 1200;
const dialog = document.getElementById("shortcuts");
let first = "";

const off = () => {
  try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const place = event.target;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (send(place.form ?? place.closest("form"), event.shiftKey)) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (place.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) {
    if (event.key === "Escape") place.blur();
    return;
  }
  if (off() || document.querySelector("dialog[open]")) return;
  const key = latin(event);
  const pair = first && `${first} ${key}`;
  first = "";
  if (pair && press(pair)) return event.preventDefault();
  if (key === "g") {
    first = key;
    setTimeout(() => { first = ""; }, PAIR_MS);
  } else if (acts[key]?.() || press(key)) event.preventDefault();
});

// On a Cyrillic layout the letter keys still mean the Latin letters printed beside them; with Shift they are upper case,
// whatever Caps Lock says.
function latin(event) {
  const foreign = /[^\x00-\x7f]/.test(event.key);
  const letter = event.key.length === 1 && foreign ? /^Key([A-Z])$/.exec(event.code)?.[1] : /^[A-Za-z]$/.exec(event.key)?.[0];
  if (letter) return event.shiftKey ? letter.toUpperCase() : letter.toLowerCase();
  if (event.code === "Slash" && (foreign || /[.,]/.test(event.key))) return event.shiftKey ? "?" : "/";
  return event.key;
}

const acts = {
  j: () => walk(1),
  k: () => walk(-1),
  x: select,
  r: () => compose("reply"),
  n: () => compose("note"),
  u: () => press("u") || click(".page-head .back"),
  z: () => click(":is(a, button)[data-undo]"),
  "?": help,
};

// The button that sends: the one the form names, or the one the browser would take. With Shift the one that also resolves.
function send(form, both) {
  const buttons = [...(form?.elements ?? [])].filter((element) => element.type === "submit" && !element.disabled);
  const button = both ? buttons.find((one) => "sendAnd" in one.dataset)
    : buttons.find((one) => "send" in one.dataset) ?? buttons.find((one) => one.matches(".primary")) ?? buttons[0];
  button?.click();
  return Boolean(button);
}

function rows() {
  return [...document.querySelectorAll("[data-row]")];
}

function walk(step) {
  const all = rows();
  if (!all.length) return false;
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1)];
  (next.querySelector("a.row-link") || next.querySelector("a, button"))?.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

// The row one is on; from anywhere else the first, so that the key never selects what nobody looks at.
function select() {
  const row = rows().find((one) => one.contains(document.activeElement));
  if (!row) return rows().some((one) => one.querySelector(".row-check input")) && walk(1);
  const box = row.querySelector(".row-check input");
  box?.click();
  return Boolean(box);
}

function compose(kind) {
  const composer = document.querySelector(`[data-composer="${kind}"]`);
  if (!composer) return false;
  composer.open = true;
  const box = composer.querySelector("textarea");
  box.focus();
  if (!box.selectionEnd) box.setSelectionRange(box.value.length, box.value.length);
  composer.scrollIntoView({ block: "nearest" });
  return true;
}

// The page's own before the frame's.
function press(keys) {
  const named = `[data-shortcut="${CSS.escape(keys)}"]`;
  const target = document.querySelector(`main ${named}`) ?? document.querySelector(named);
  if (target?.matches("input:not([type=checkbox]), textarea, select")) target.focus();
  else target?.click();
  return Boolean(target);
}

// The last of several: what was done last stands last.
function click(selector) {
  const target = [...document.querySelectorAll(selector)].findLast((one) => one.checkVisibility() && !one.disabled);
  target?.click();
  return Boolean(target);
}

// The list is the same on every page; [data-only] leaves out what belongs to keys this person has not got.
function help() {
  for (const part of dialog.querySelectorAll("[data-only]")) part.hidden = !document.querySelector(part.dataset.only);
  dialog.showModal();
  return true;
}

for (const button of document.querySelectorAll("[data-help]")) button.hidden = false;
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-help]");
  if (!button) return;
  button.closest("[popover]")?.hidePopover();
  help();
});

const toggle = dialog.querySelector("[data-shortcuts-off]");
toggle.checked = off();
toggle.addEventListener("change", () => {
  try { localStorage.setItem(OFF, toggle.checked ? "1" : "0"); } catch { /* kept for this page only */ }
});
