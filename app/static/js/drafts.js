// What somebody writes stays in this browser until the desk has it: every box for prose, the lines beside it, and what
// carries data-draft="key". A draft is named after its writer and where its form goes to, so that it is the same one
// wherever the form is shown again, and nobody else's. Who is not signed in keeps it in the tab alone.
const PREFIX = "draft:";
const SENT = "drafts-sent";
const KEPT_MS = 30 * 86_400_000;
const root = document.documentElement;
const words = document.getElementById("kept-words")?.dataset ?? {};
const person = root.dataset.signedIn || "0";
const store = storage(person === "0" ? "sessionStorage" : "localStorage");
const known = new Map(); // key -> the text this page has last seen there
const apart = new Map(); // key -> where this page writes since another tab wrote there too
const timers = new Map();
const stored = new WeakMap(); // box -> what the desk has put there when the page was drawn

if (store) {
  sweep();
  settle();
  restore();
  document.addEventListener("input", (event) => isKept(event.target) && soon(event.target));
  document.addEventListener("change", (event) => isKept(event.target) && keep(event.target));
  addEventListener("submit", remember);
  document.addEventListener("kept:sent", (event) => forget(boxes(event.target)));
  document.addEventListener("click", (event) => event.target.closest("[data-drafts-drop]") && offerLists());
  addEventListener("pagehide", () => [...timers.keys()].forEach(keep));
  document.querySelector("form[data-forget-drafts]")?.addEventListener("submit", forgetAll);
  offerLists();
}

function storage(name) {
  try {
    window[name].getItem(PREFIX);
    return window[name];
  } catch {
    return null; // No storage in this browser: the forms work without it.
  }
}

function isKept(box) {
  const form = box.form;
  if (!box.name || !form || form.getAttribute("method")?.toLowerCase() !== "post" || box.readOnly) return false;
  if (box.dataset.draft) return box.type !== "checkbox";
  if (!form.closest("main") || form.querySelector("[type=password]")) return false;
  return box.tagName === "TEXTAREA" || (box.type === "text" && Boolean(form.querySelector("textarea")));
}

function boxes(form) {
  return [...form.elements].filter(isKept);
}

function keyOf(box) {
  const path = new URL(box.form.getAttribute("action") || "", location.href).pathname;
  return `${PREFIX}${person}:${path}:${box.dataset.draft || box.name}`;
}

function read(key) {
  try {
    const found = JSON.parse(store.getItem(key));
    return typeof found?.text === "string" ? found : null;
  } catch {
    return null;
  }
}

function keys() {
  return Object.keys(store).filter((key) => key.startsWith(PREFIX));
}

function sweep() {
  for (const key of keys()) if (!(read(key)?.at > Date.now() - KEPT_MS)) store.removeItem(key);
}

// Another tab on the same form is not written over: from then on this one has a place of its own.
function place(box) {
  const key = keyOf(box);
  if (apart.has(key)) return apart.get(key);
  const there = read(key);
  if (there && there.text !== known.get(key) && there.text !== box.value) apart.set(key, `${key}~${Date.now()}`);
  return apart.get(key) ?? key;
}

function soon(box) {
  clearTimeout(timers.get(box));
  timers.set(box, setTimeout(keep, 300, box));
}

function keep(box) {
  clearTimeout(timers.get(box));
  timers.delete(box);
  if (!box.form) return;
  const key = place(box);
  if (!box.value.trim() || box.value === standing(box)) store.removeItem(key);
  else write(key, { text: box.value, at: Date.now(), page: location.pathname + location.search, title: title() }, box);
  known.set(keyOf(box), box.value);
}

// What the desk has stored of it; a text that only came back refused is still to be sent.
function standing(box) {
  return stored.get(box) ?? "";
}

function title() {
  return (document.querySelector("main h1")?.textContent ?? document.title).trim().slice(0, 120);
}

function write(key, draft, box) {
  for (;;) {
    try {
      return store.setItem(key, JSON.stringify(draft));
    } catch {
      const oldest = keys().filter((other) => other !== key).sort((a, b) => (read(a)?.at ?? 0) - (read(b)?.at ?? 0))[0];
      if (!oldest || read(oldest)?.at > Date.now() - KEPT_MS / 30) return note(box.form, words.full);
      store.removeItem(oldest);
    }
  }
}

function restore() {
  const back = new Map();
  for (const form of document.querySelectorAll("form")) {
    for (const box of boxes(form)) {
      const key = keyOf(box);
      const kept = read(key);
      if (box.defaultValue && kept?.text !== box.value) stored.set(box, box.defaultValue);
      if (kept && !box.value) {
        fill(box, kept.text);
        back.set(form, [...(back.get(form) ?? []), box]);
      } else if (kept && kept.text.trim() !== box.value.trim()) offer(box, key, kept);
      if (kept) known.set(key, kept.text);
      for (const other of keys().filter((one) => one.startsWith(`${key}~`))) offer(box, other, read(other));
    }
  }
  for (const [form, filled] of back) tell(form, filled);
}

function fill(box, text) {
  box.value = text;
  box.closest("details")?.setAttribute("open", "");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

// What came back can be thrown away, and that can be undone.
function tell(form, filled) {
  if (!filled.some((box) => box.tagName === "TEXTAREA" || box.type === "text")) return;
  const texts = filled.map((box) => box.value);
  const discard = () => {
    filled.forEach((box, at) => { texts[at] = box.value; box.value = standing(box); keep(box); });
    note(form, words.discarded, [words.undo, () => { filled.forEach((box, at) => fill(box, texts[at])); note(form, words.restored, [words.discard, discard]); }]);
  };
  note(form, words.restored, [words.discard, discard]);
}

// A box that shows what is stored does not lose it to a draft: [data-offers], or a line of our own, asks first.
function offer(box, key, kept) {
  if (document.querySelector(".error-summary") || (box.tagName !== "TEXTAREA" && !box.dataset.draft) || !kept) return;
  const own = document.querySelector(`[data-offers="${box.dataset.draft}"]`);
  const take = () => { fill(box, kept.text); known.set(keyOf(box), kept.text); if (key !== keyOf(box)) store.removeItem(key); };
  const drop = () => store.removeItem(key);
  if (!own) return box.tagName === "TEXTAREA" && note(box.form, words.other, [words.take, take], [words.drop, drop]);
  own.hidden = false;
  for (const [name, deed] of [["take", take], ["drop", drop]]) own.querySelector(`[data-${name}]`).onclick = () => { deed(); own.hidden = true; };
}

// One quiet line at the head of the form, with what can be done about it.
function note(form, text, ...choices) {
  if (!text) return;
  const line = form.querySelector(":scope > .draft-note") ?? document.createElement("p");
  line.className = "draft-note";
  line.setAttribute("role", "status");
  line.replaceChildren(text);
  for (const [label, deed] of choices) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet", textContent: label });
    button.addEventListener("click", () => { line.remove(); deed(); });
    line.append(" ", button);
  }
  form.prepend(line);
}

// A form the browser sends by itself: the page after it tells how it went.
function remember(event) {
  if (event.target.getAttribute("method")?.toLowerCase() !== "post") return;
  const own = boxes(event.target);
  own.forEach(keep);
  if (event.defaultPrevented) return;
  setTimeout(() => event.defaultPrevented || mark(own.map(place)));
}

function mark(sent) {
  const before = JSON.parse(sessionStorage.getItem(SENT) || "[]");
  sessionStorage.setItem(SENT, JSON.stringify([...new Set([...before, ...sent])]));
}

// An error page, a sign-in page, somebody else's page, or the same form with errors keeps the draft.
function settle() {
  const sent = JSON.parse(sessionStorage.getItem(SENT) || "[]");
  sessionStorage.removeItem(SENT);
  const [entry] = performance.getEntriesByType("navigation");
  if (entry?.type !== "navigate" || document.querySelector('meta[name="answer"], [aria-invalid="true"], .error-summary')) return;
  const shown = new Set([...document.querySelectorAll("main form")].flatMap(boxes).filter((box) => box.value).map(keyOf));
  for (const key of sent) if (key.startsWith(`${PREFIX}${person}:`) && !shown.has(key)) store.removeItem(key);
}

function forget(own) {
  for (const box of own) {
    clearTimeout(timers.get(box));
    timers.delete(box);
    const key = keyOf(box);
    if (read(key)?.text === box.value || !apart.has(key)) store.removeItem(key);
    if (apart.has(key)) store.removeItem(apart.get(key));
  }
}

// Signing out on a shared machine leaves nothing behind.
function forgetAll() {
  for (const key of keys()) if (key.startsWith(`${PREFIX}${person}:`)) store.removeItem(key);
}

// On the first page and the lists: what is still to be sent, each a link to where it was written.
function offerLists() {
  if (!words.lists?.split(" ").includes(location.pathname)) return;
  const pages = new Map();
  for (const key of keys()) {
    const kept = read(key);
    if (key.startsWith(`${PREFIX}${person}:`) && kept?.page && kept.page !== location.pathname) pages.set(kept.page, kept.title);
  }
  if (!pages.size) return;
  const list = document.createElement("ul");
  for (const [page, name] of pages) {
    const link = Object.assign(document.createElement("a"), { href: page, textContent: name || page });
    list.appendChild(document.createElement("li")).append(link);
  }
  const box = document.createElement("details");
  box.className = "drafts";
  const head = box.appendChild(document.createElement("summary"));
  head.append(`${words.unsent} `, Object.assign(document.createElement("span"), { className: "count", textContent: pages.size }));
  box.append(list);
  document.getElementById("toasts")?.after(box);
}
