// Writing down a call: who it was is found while the name is typed, Enter takes the marked person and goes on to the text,
// Ctrl+Enter sends, with Shift as solved. Without this module the form asks on the next page.
const PAUSE_MS = 120;
const SHORTEST = 2;
const form = document.querySelector("form[data-keys]");

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  const solved = form.elements.is_solved;
  if (event.shiftKey && solved) solved.checked = true;
  form.requestSubmit();
});

if (form.dataset.people) find();

function find() {
  const input = form.elements.person;
  const chosen = form.elements.person_id;
  const fresh = form.querySelector("[data-new]");
  const open = form.querySelector("[data-open]");
  const list = piece("suggestions", { role: "listbox", id: "callers", "aria-label": input.labels[0].textContent });
  const said = piece("visually-hidden", { role: "status" });
  let timer = 0;
  let asking = null;
  let shownFor = "";
  let entering = false;

  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": "callers" })) input.setAttribute(name, value);
  if (fresh) fresh.hidden = !form.elements.is_new.checked;
  close();

  input.addEventListener("input", () => {
    chosen.value = "";
    open.replaceChildren();
    // A list that has radio buttons for several people is of the name before.
    form.querySelectorAll("[name=chosen_person]").forEach((radio) => { radio.checked = false; });
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown") walk(event, 1);
    if (event.key === "ArrowUp") walk(event, -1);
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
    if (event.key === "Enter") enter(event);
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => take(event.target.closest("[role=option]")));

  // Enter before the answer came waits for it: one person is taken, of several the first is marked.
  function enter(event) {
    event.preventDefault();
    if (chosen.value) return form.elements.body.focus();
    if (!list.hidden && input.value.trim() === shownFor) return take(current());
    entering = true;
    clearTimeout(timer);
    ask();
  }

  async function ask() {
    const words = input.value.trim();
    asking?.abort();
    if (words.length < SHORTEST) return close();
    asking = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.people}?${new URLSearchParams({ q: words })}`, { signal: asking.signal });
      if (answer.ok && !answer.redirected) show(await answer.text(), words);
    } catch {
      // Overtaken by the next letter, or the desk is away: the form still works.
    }
  }

  function show(page, words) {
    if (input.value.trim() !== words || chosen.value) return;
    list.innerHTML = page;
    options().forEach((option, place) => { option.id = `callers-${place}`; option.setAttribute("aria-selected", "false"); });
    said.textContent = list.firstElementChild?.dataset.said ?? "";
    shownFor = words;
    list.hidden = !options().length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(options()[0]);
    const people = options().filter((option) => option.dataset.id);
    if (entering && people.length === 1) take(people[0]);
    entering = false;
  }

  function take(option) {
    if (!option) return;
    if ("enter" in option.dataset) return takeNew();
    input.value = option.dataset.name;
    chosen.value = option.dataset.id;
    setNew(false);
    close();
    look(option.dataset.id);
    form.elements.body.focus();
  }

  function takeNew() {
    setNew(true);
    close();
    form.elements[input.value.includes("@") || form.elements.address.value ? "number" : "address"].focus();
  }

  function setNew(is) {
    if (!fresh) return;
    form.elements.is_new.checked = is;
    fresh.hidden = !is;
  }

  async function look(id) {
    try {
      const answer = await fetch(`${form.dataset.people}/${id}?${new URLSearchParams({ way: form.dataset.way })}`);
      if (answer.ok && !answer.redirected && chosen.value === id) open.innerHTML = await answer.text();
    } catch {
      // What is under way is help, not a condition.
    }
  }

  function options() { return [...list.querySelectorAll("[role=option]")]; }
  function current() { return list.querySelector("[aria-selected=true]"); }

  function walk(event, step) {
    const all = options();
    if (list.hidden || !all.length) return;
    event.preventDefault();
    mark(all[(all.indexOf(current()) + step + all.length) % all.length]);
  }

  function mark(option) {
    current()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    mark(null);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  }

  function piece(name, attributes) {
    const made = document.createElement("div");
    made.className = name;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    input.closest(".caller").append(made);
    return made;
  }
}
