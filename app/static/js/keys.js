// The keyboard: j and k walk [data-row], r and n open a composer, [data-shortcut="g q"] names any other way.
const OFF = "shortcuts-off";
const dialog = document.getElementById("shortcuts");
let first = "";

const off = () => {
  try { return localStorage.getItem(OFF) === "1"; } catch { return false; }
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const place = event.target;
  if (place.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) {
    if (event.key === "Escape") place.blur();
    return;
  }
  if (off() || document.querySelector("dialog[open]")) return;
  const key = latin(event);
  const pair = first ? `${first} ${key}` : "";
  first = "";
  if (pair && press(pair)) return event.preventDefault();
  if (key === "g") {
    first = "g";
    setTimeout(() => { first = ""; }, 1200);
    return;
  }
  if (act(key)) event.preventDefault();
});

// On a Cyrillic layout the letter keys still mean the Latin letters printed beside them.
function latin(event) {
  if (event.key.length === 1 && /[^\x00-\x7f]/.test(event.key) && /^Key[A-Z]$/.test(event.code)) return event.code[3].toLowerCase();
  if (event.code === "Slash" && /[^\x00-\x7f]|[.,]/.test(event.key)) return event.shiftKey ? "?" : "/";
  return event.key;
}

function act(key) {
  if (key === "j") return walk(1);
  if (key === "k") return walk(-1);
  if (key === "r") return compose("reply");
  if (key === "n") return compose("note");
  if (key === "?") return help();
  return press(key);
}

function walk(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + step, 0), rows.length - 1)];
  (next.querySelector("a.row-link") || next.querySelector("a, button"))?.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function compose(kind) {
  const composer = document.querySelector(`[data-composer="${kind}"]`);
  if (!composer) return false;
  composer.open = true;
  composer.querySelector("textarea").focus();
  composer.scrollIntoView({ block: "nearest" });
  return true;
}

function press(keys) {
  const named = `[data-shortcut="${CSS.escape(keys)}"]`;
  // The page's own box before the one in the frame.
  const target = document.querySelector(`main ${named}`) ?? document.querySelector(named);
  if (!target) return false;
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
  return true;
}

function help() {
  dialog?.showModal();
  return Boolean(dialog);
}

for (const button of document.querySelectorAll("[data-help]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.closest("[popover]")?.hidePopover();
    help();
  });
}

const toggle = dialog?.querySelector("[data-shortcuts-off]");
if (toggle) {
  toggle.checked = off();
  toggle.addEventListener("change", () => {
    try { localStorage.setItem(OFF, toggle.checked ? "1" : "0"); } catch { /* kept for this page only */ }
  });
}
