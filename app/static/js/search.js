// Suggestions while somebody types into form[data-suggest]: a list under the box, walked with the arrows, left with Escape.
// The desk draws the lines; without this module the form asks for a page of results all the same.
const PAUSE_MS = 150;
let made = 0;

for (const form of document.querySelectorAll("form[data-suggest]")) suggest(form);

function suggest(form) {
  const input = form.querySelector("[name=q]");
  const list = piece(form, "suggestions", { role: "listbox", "aria-label": input.getAttribute("aria-label") });
  const said = piece(form, "visually-hidden", { role: "status" });
  list.id = `suggestions-${++made}`;
  list.hidden = true;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": list.id })) input.setAttribute(name, value);

  let timer = 0;
  let asking = null;
  let shownFor = "";

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => !event.isComposing && keys[event.key]?.(event));
  input.addEventListener("focus", () => input.value.trim() && input.value.trim() === shownFor && open());
  form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || close());
  form.addEventListener("submit", () => { asking?.abort(); clearTimeout(timer); close(); });
  // The box keeps the focus, or it would close before the click arrives.
  list.addEventListener("mousedown", (event) => event.preventDefault());

  const keys = {
    ArrowDown: (event) => walk(event, 1),
    ArrowUp: (event) => walk(event, -1),
    Escape: (event) => {
      if (list.hidden) return;
      event.preventDefault();
      close();
    },
    Enter: (event) => {
      const chosen = list.hidden ? null : current();
      if (!chosen) return;
      event.preventDefault();
      chosen.click();
    },
  };

  async function ask() {
    const words = input.value.trim();
    asking?.abort();
    if (words.length < 2) return close();
    if (words === shownFor) return open();
    asking = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.suggest}?${new URLSearchParams({ q: words })}`,
        { signal: asking.signal, headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return close();
      show(await answer.text(), words);
    } catch {
      // Overtaken by the next letter, or the desk is away: the form still works.
    }
  }

  function show(page, words) {
    if (input.value.trim() !== words) return;
    list.innerHTML = page;
    options().forEach((option, place) => { option.id = `${list.id}-${place}`; option.setAttribute("aria-selected", "false"); });
    said.textContent = list.firstElementChild?.dataset.said ?? "";
    shownFor = words;
    if (form.contains(document.activeElement)) open();
  }

  function options() { return [...list.querySelectorAll("[role=option]")]; }
  function current() { return list.querySelector("[aria-selected=true]"); }

  function walk(event, step) {
    const all = options();
    if (!all.length) return;
    event.preventDefault();
    open();
    const here = all.indexOf(current());
    choose(all[here < 0 ? (step > 0 ? 0 : all.length - 1) : (here + step + all.length) % all.length]);
  }

  function choose(option) {
    current()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function open() {
    list.hidden = !options().length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function close() {
    asking?.abort();
    choose(null);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  }
}

function piece(form, name, attributes) {
  const made = document.createElement("div");
  made.className = name;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  form.append(made);
  return made;
}
