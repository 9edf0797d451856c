// Ctrl+K: everything by its name. The menu and the page's own keys and commands are read from the page when it opens; places
// of the administration and saved lists are fetched once; tickets, articles and people are asked for while one types.
const PAUSE_MS = 120;
const MOST = 12;
const CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбю";
const LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const dialog = document.getElementById("palette");
const input = dialog.querySelector("input");
const list = dialog.querySelector("[role=listbox]");
const said = dialog.querySelector("[role=status]");
let own = [];
let places = null;
let answers = [];
let timer = 0;
let asking = null;

document.addEventListener("keydown", (event) => {
  if (event.code !== "KeyK" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (dialog.open) dialog.close();
  else if (!document.querySelector("dialog[open]")) open();
});
document.addEventListener("click", (event) => event.target.closest("[data-palette]") && open());
for (const button of document.querySelectorAll("[data-palette]")) button.hidden = false;

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) return dialog.close();
  const option = event.target.closest("[role=option]");
  if (!option) return;
  const meant = option.meant;
  if (!event.ctrlKey && !event.metaKey) dialog.close();
  if (!meant) return;
  event.preventDefault();
  if (meant.matches("input, textarea, select")) meant.focus();
  else meant.click();
});
input.addEventListener("input", () => {
  answers = [];
  show();
  clearTimeout(timer);
  asking?.abort();
  timer = setTimeout(ask, PAUSE_MS);
});
input.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.isComposing || !(step || event.key === "Enter")) return;
  event.preventDefault();
  const all = [...list.children];
  if (!step) current()?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey }));
  else if (all.length) mark(all[(all.indexOf(current()) + step + all.length) % all.length]);
});

async function open() {
  own = read();
  answers = [];
  input.value = "";
  dialog.showModal();
  show();
  places ??= await fetched("");
  if (dialog.open) show();
}

// What can be pressed here and now. A link stands as itself; of a button a click is passed on.
function read() {
  const seen = new Set();
  return [...document.querySelectorAll("main [data-command], main [data-shortcut], .nav a:not(.brand)")].flatMap((one) => {
    const label = (one.dataset.command || one.ariaLabel || (one.querySelector(".label, span:not(.count)") ?? one).textContent || "").trim();
    if (!label || one.disabled || seen.has(label) || (!one.closest(".nav") && !one.checkVisibility())) return [];
    seen.add(label);
    return [option(one, label)];
  });
}

function option(one, label) {
  const made = document.createElement("a");
  made.className = "suggestion";
  made.role = "option";
  made.tabIndex = -1;
  if (one.href) made.href = one.href;
  else made.meant = one;
  const icon = one.querySelector("svg")?.cloneNode(true);
  if (icon) made.append(icon);
  part(made, "span", label).className = "what";
  part(made, "small", one.closest(".nav") ? dialog.dataset.menu : dialog.dataset.here);
  if (one.dataset.shortcut) part(made, "kbd", one.dataset.shortcut.replace(/^[A-Z]$/, "Shift $&"));
  return made;
}

function part(parent, name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  parent.append(made);
  return made;
}

async function ask() {
  const words = input.value.trim();
  if (words.length < 2) return;
  asking = new AbortController();
  const found = await fetched(words, asking.signal);
  if (!found || input.value.trim() !== words) return;
  answers = found;
  show();
}

// Null where no answer came: what was not told is asked for again the next time.
async function fetched(words, signal) {
  try {
    const answer = await fetch(`${dialog.dataset.places}?${new URLSearchParams({ q: words })}`, { signal });
    if (!answer.ok || answer.redirected) return null;
    const page = document.createElement("template");
    page.innerHTML = await answer.text();
    return [...page.content.querySelectorAll("[role=option]")];
  } catch {
    return null;
  }
}

function show() {
  const words = input.value.trim().toLowerCase();
  const other = words.replace(/./g, (letter) => LATIN[CYRILLIC.indexOf(letter)] ?? CYRILLIC[LATIN.indexOf(letter)] ?? letter);
  // An address has a word of its own: the page called Workload is the board.
  const rank = (one) => Math.max(fit(words, nameOf(one)), fit(other, nameOf(one)), one.pathname?.includes(`/${words}`) ? 2 : 0);
  const known = words ? [...own, ...(places ?? [])].map((one) => [rank(one), one]).filter(([much]) => much)
    .sort((a, b) => b[0] - a[0]).slice(0, MOST).map(([, one]) => one) : [...own, ...(places ?? [])];
  list.replaceChildren(...known, ...answers);
  [...list.children].forEach((one, place) => { one.id = `palette-${place}`; one.ariaSelected = "false"; });
  mark(list.firstElementChild);
  said.textContent = list.children.length ? "" : dialog.dataset.none;
}

const nameOf = (one) => one.querySelector(".what").textContent.toLowerCase();

// 3 when the name begins so, 2 when a word does, 1 when the letters stand in it in this order, 0 when not.
function fit(words, name) {
  if (name.startsWith(words)) return 3;
  if (name.includes(` ${words}`)) return 2;
  let from = 0;
  return [...words].every((letter) => (from = name.indexOf(letter, from) + 1)) ? 1 : 0;
}

function current() { return list.querySelector("[aria-selected=true]"); }

function mark(one) {
  const before = current();
  if (before) before.ariaSelected = "false";
  if (!one) return input.removeAttribute("aria-activedescendant");
  one.ariaSelected = "true";
  input.setAttribute("aria-activedescendant", one.id);
  one.scrollIntoView({ block: "nearest" });
}
