// While somebody writes: :: reply templates, ?? articles, @ colleagues, # tickets. The lines come from the server, drawn;
// arrows, Enter or Tab choose, Escape closes. On a Cyrillic layout the keys of :: write ЖЖ, and № stands where # does.
const SIGNS = [
  ["template", /(?:^|[\s(])((?:::|ЖЖ)([\p{L}\p{N}-]{0,30}))$/u],
  ["article", /(?:^|[\s(])(\?\?([^\n?]{0,60}))$/u],
  ["person", /(?:^|[\s(])(@([\p{L}\p{N}._-]{0,40}))$/u],
  ["ticket", /(?:^|[\s(])([#№]((?:[\p{L}\p{N}][^\n#№]{0,40})?))$/u],
];
const HOLE = "[…]";
let open = null; // { area, place, start, kind, words, wants }
let closedAt = -1;
let asked = 0;
let putting = false;

document.addEventListener("input", (event) => {
  const area = event.target;
  if (putting || !area.matches?.("textarea") || event.isComposing) return;
  const place = area.form?.querySelector("[data-expand]");
  const found = place && sign(area, place);
  if (!found) return close();
  if (found.start === closedAt) return;
  ask({ area, place, ...found });
});

// Before the keys of the page: what is chosen from here is nobody else's Enter.
document.addEventListener("keydown", (event) => {
  if (!open || event.target !== open.area || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    closedAt = open.start;
    close();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!move(event.key === "ArrowDown" ? 1 : -1)) return;
  } else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) {
    if (open.pending) open.wants = true;
    else if (!choose(current())) return close();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("mousedown", (event) => {
  const line = event.target.closest("[data-choices] [role=option]");
  if (!line || !open) return;
  event.preventDefault();
  choose(line);
});

document.addEventListener("focusout", (event) => {
  if (event.target === open?.area) close();
});

// The button beside the text types the sign itself.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-opens]");
  const area = button?.form?.querySelector("textarea");
  if (!area) return;
  event.preventDefault();
  area.focus();
  closedAt = -1;
  const before = area.value.slice(0, area.selectionStart);
  type(area, (/(^|\s)$/.test(before) ? "" : " ") + button.dataset.opens);
  area.dispatchEvent(new Event("input", { bubbles: true }));
});

function sign(area, place) {
  if (area.selectionStart !== area.selectionEnd) return null;
  const before = area.value.slice(0, area.selectionStart);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  for (const [kind, pattern] of SIGNS) {
    const met = line.match(pattern);
    if (met && (kind !== "person" || place.dataset.in === "note")) return { kind, words: met[2], start: before.length - met[1].length };
  }
  closedAt = -1;
  return null;
}

async function ask(next) {
  const mine = ++asked;
  const wants = open?.start === next.start && open.wants;
  open = { ...next, pending: true, wants };
  const address = new URL(next.place.dataset.expand, location);
  address.search = new URLSearchParams({ kind: next.kind, q: next.words, in: next.place.dataset.in });
  try {
    const answer = await fetch(address);
    if (mine !== asked || !open) return;
    if (!answer.ok || answer.redirected) return close();
    show(await answer.text());
  } catch {
    if (mine === asked) close();
  }
}

function show(drawn) {
  const { area, place } = open;
  const box = place.querySelector("[data-choices]");
  box.innerHTML = drawn;
  place.querySelector("[role=status]").textContent = box.querySelector("[data-said]").textContent;
  open.pending = false;
  const list = box.querySelector("[role=listbox]");
  if (!list) {
    for (const name of ["aria-controls", "aria-activedescendant"]) area.removeAttribute(name);
    return void (open = null);
  }
  list.id = "choices";
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", "choices");
  mark(current());
  if (open.wants) choose(current());
}

function current() {
  return open.place.querySelector("[aria-selected=true]");
}

function move(step) {
  const lines = [...open.place.querySelectorAll("[role=option]")];
  if (!lines.length) return false;
  mark(lines[(lines.indexOf(current()) + step + lines.length) % lines.length]);
  return true;
}

function mark(line) {
  for (const one of open.place.querySelectorAll("[role=option]")) one.setAttribute("aria-selected", String(one === line));
  open.area.setAttribute("aria-activedescendant", line.id);
  line.scrollIntoView({ block: "nearest" });
}

// As if it had been typed: undo takes it back, the draft keeps it. The cursor goes to the first hole.
function choose(line) {
  if (!line) return false;
  if (line.getAttribute("aria-disabled") === "true") return true;
  const { area, start } = open;
  const text = line.dataset.text;
  area.setSelectionRange(start, area.selectionStart);
  type(area, text);
  const hole = text.indexOf(HOLE);
  if (hole >= 0) area.setSelectionRange(start + hole, start + hole + HOLE.length);
  if (line.dataset.uses) count(line.dataset.uses, area.form);
  close();
  return true;
}

function type(area, text) {
  putting = true;
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  putting = false;
}

function count(address, form) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  fetch(address, { method: "POST", body, keepalive: true }).catch(() => {});
}

// A text that comes with a hole is begun there.
const begun = document.querySelector("textarea[autofocus]");
if (begun?.value.includes(HOLE)) begun.setSelectionRange(begun.value.indexOf(HOLE), begun.value.indexOf(HOLE) + HOLE.length);

function close() {
  if (!open) return;
  asked++;
  open.place.querySelector("[data-choices]").replaceChildren();
  open.place.querySelector("[role=status]").textContent = "";
  for (const name of ["aria-controls", "aria-activedescendant"]) open.area.removeAttribute(name);
  open = null;
}
