// While a subject is typed, articles that may answer it stand under it; each opens in place. [data-answers] says where to ask.
const box = document.querySelector("[data-answers]");
const SHORTEST = 3;
const LONGEST_MORE = 400;

if (box) start();

function start() {
  const subject = document.getElementById(box.dataset.subject);
  const more = box.dataset.more && document.getElementById(box.dataset.more);
  const place = box.querySelector("[data-suggestions]");
  const status = box.querySelector("[role=status]");
  let timer = 0;
  let asking = null;
  let shown = subject.value.trim();

  document.querySelectorAll("[data-without-scripts]").forEach((part) => part.remove());
  subject.addEventListener("input", () => wait(300));
  more?.addEventListener("input", () => wait(900));
  subject.addEventListener("keydown", (event) => event.key === "ArrowDown" && step(event, 0));
  place.addEventListener("keydown", walk);
  place.addEventListener("toggle", open, true);

  function wait(milliseconds) {
    keepWords();
    clearTimeout(timer);
    timer = setTimeout(ask, milliseconds);
  }

  // The words go along to whichever kind of request is chosen.
  function keepWords() {
    for (const link of document.querySelectorAll("[data-takes-subject] a")) {
      const address = new URL(link.href);
      address.searchParams.set("subject", subject.value.trim());
      link.href = address;
    }
  }

  async function ask() {
    const words = subject.value.trim();
    const asked = `${words}\n${more ? more.value.trim().slice(0, LONGEST_MORE) : ""}`;
    // What is being read stays; the same words are not asked twice.
    if (asked.trim() === shown || place.querySelector("details[open]") || place.contains(document.activeElement)) return;
    shown = asked.trim();
    asking?.abort();
    if (words.length < SHORTEST) return show("");
    asking = new AbortController();
    const address = new URL(box.dataset.answers, location);
    address.searchParams.set("q", words);
    if (more) address.searchParams.set("more", asked.slice(words.length + 1));
    try {
      const answer = await fetch(address, { signal: asking.signal });
      show(answer.ok && !answer.redirected ? await answer.text() : "");
    } catch {
      // No answer, or a newer question: the form works without.
    }
  }

  function show(html) {
    const before = said();
    place.innerHTML = html;
    if (said() !== before) status.textContent = said();
  }

  function said() {
    return place.querySelector("[data-said]")?.dataset.said || "";
  }

  async function open(event) {
    const text = event.target.querySelector("[data-place]");
    const address = event.target.dataset.text;
    if (!event.target.open || !address) return;
    delete event.target.dataset.text;
    try {
      const answer = await fetch(address);
      if (answer.ok && !answer.redirected) text.innerHTML = await answer.text();
    } catch {
      event.target.dataset.text = address;
    }
  }

  // Down from the subject into the list, along it, and back.
  function walk(event) {
    const here = summaries().indexOf(event.target);
    if (event.key === "Escape") {
      const opened = event.target.closest("details[open]");
      if (opened) opened.open = false;
      (opened ? opened.querySelector("summary") : subject).focus();
      event.stopPropagation();
    } else if (here >= 0 && event.key === "ArrowDown") step(event, here + 1);
    else if (here >= 0 && event.key === "ArrowUp") here ? step(event, here - 1) : subject.focus();
  }

  function summaries() {
    return [...place.querySelectorAll("summary")];
  }

  function step(event, to) {
    const target = summaries()[to];
    if (!target) return;
    event.preventDefault();
    target.focus();
  }
}
