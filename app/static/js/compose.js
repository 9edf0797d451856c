// Sends the forms in which somebody writes without leaving the page: what was typed and the chosen files stay where they
// are until the desk has them. The form is an ordinary one; without this module the browser sends it.
const root = document.documentElement;
const words = document.getElementById("kept-words")?.dataset;
const WAITS = [2, 4, 8, 15]; // seconds
const MOST_TRIES_BROKEN = 3;
const ANCHOR = "sent-anchor";
const states = new Map();
let leaving = false;

if (words && root.dataset.signedIn) {
  // On the window: whatever on the page checks a form before it is sent has had its turn.
  addEventListener("submit", begin);
  addEventListener("online", () => each("waiting", send));
  addEventListener("focus", look);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-kept-again]");
    if (button) send(button.form ?? button.closest("form"));
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && [...states.values()].some((state) => state.phase !== "idle")) event.preventDefault();
  });
  arrive();
}

function begin(event) {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || !isWritten(form, submitter)) return;
  event.preventDefault();
  states.set(form, { ...states.get(form), submitter, tries: 0 });
  send(form);
}

function isWritten(form, submitter) {
  const aside = "[data-sends-again], [hx-post], [target]";
  return form.getAttribute("method")?.toLowerCase() === "post" && form.closest("main") && !form.matches(aside)
    && !submitter?.matches("[hx-post], [formmethod], [formtarget]") && !form.querySelector("[type=password]")
    && Boolean(form.querySelector("textarea, [type=file]"));
}

function each(phase, deed) {
  for (const [form, state] of states) if (state.phase === phase && form.isConnected) deed(form);
}

function send(form) {
  const state = states.get(form);
  clearTimeout(state.timer);
  if (state.phase === "sending") return;
  Object.assign(state, { phase: "sending", tries: state.tries + 1, wasOnline: navigator.onLine });
  lock(form, true);
  const request = new XMLHttpRequest();
  const button = state.submitter;
  request.open("POST", button?.hasAttribute("formaction") ? button.formAction : new URL(form.getAttribute("action") || "", location.href));
  request.setRequestHeader("Jardam-Sends", "page");
  request.timeout = form.querySelector("[type=file]")?.files.length ? 900_000 : 60_000;
  request.upload.addEventListener("progress", (event) => event.total > 65_536 && progress(form, event));
  request.addEventListener("load", () => answered(form, request));
  for (const end of ["error", "timeout", "abort"]) request.addEventListener(end, () => wait(form, words.offline, words.offlineOnce));
  request.send(body(form, button));
}

function body(form, button) {
  const made = new FormData(form);
  if (button?.name) made.append(button.name, button.value);
  return made;
}

function answered(form, request) {
  const onward = request.getResponseHeader("Jardam-Onward");
  const refused = request.getResponseHeader("Jardam-Refused");
  if (onward) return sent(form, onward);
  if (refused === "token" && !states.get(form).renewed) return renew(form);
  if (refused || request.status === 401) return stop(form, "signed-out", refused === "person" ? words.somebodyElse : words.signedOut, refused !== "person");
  if (request.status >= 500) return broken(form, request);
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  if (!page.getElementById("content")) return stop(form, "idle", words.failed);
  if (page.querySelector('meta[name="answer"]')) return stop(form, "idle", told(page));
  show(form, page);
}

function told(page) {
  const said = [...page.querySelectorAll(".error-page h1, .error-page p:not(.code)")].map((part) => part.textContent.trim());
  return said.map((line) => (/[.!?…]$/.test(line) ? line : `${line}.`)).join(" ") || words.failed;
}

// A desk that is being restarted is tried until it is back; one that fails at this very form only a few times.
function broken(form, request) {
  const state = states.get(form);
  if (request.status === 507 || (request.status === 500 && state.tries >= MOST_TRIES_BROKEN)) return stop(form, "idle", words.failed, false, true);
  wait(form, words.busy, words.busyOnce);
}

// Tried again by itself only where sending twice is harmless: the form has a key of its own, or it has not left.
function wait(form, text, once) {
  const state = states.get(form);
  const itself = Boolean(form.elements.submission?.value) || !state.wasOnline;
  stop(form, "waiting", itself ? text : once, false, true);
  if (!itself) state.phase = "idle";
  else state.timer = setTimeout(() => form.isConnected && send(form), WAITS[Math.min(state.tries, WAITS.length) - 1] * 1000);
}

function stop(form, phase, text, toDoor = false, again = false) {
  states.get(form).phase = phase;
  lock(form, false);
  const place = say(form, text);
  if (toDoor) place.append(" ", Object.assign(document.createElement("a"), { href: `${words.door}?next=${encodeURIComponent(location.pathname)}`, target: "_blank", textContent: words.signIn }));
  if (again) place.append(" ", Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: words.again }));
  place.querySelector("button")?.setAttribute("data-kept-again", "");
}

async function renew(form) {
  const state = states.get(form);
  Object.assign(state, { renewed: true, phase: "idle" });
  const now = await renewed();
  if (now === "same") return send(form);
  stop(form, "signed-out", now === "other" ? words.somebodyElse : words.signedOut, now === "nobody");
}

// Who is signed in now; the forms of the page get a token of theirs only if it is the person it was drawn for.
async function renewed() {
  try {
    const answer = await fetch(words.token, { cache: "no-store" });
    const { person, token } = await answer.json();
    if (person === null) return "nobody";
    if (String(person) !== root.dataset.signedIn) return "other";
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
    return "same";
  } catch {
    return "unknown";
  }
}

async function look() {
  if (![...states.values()].some((state) => state.phase === "signed-out")) return;
  const now = await renewed();
  if (now === "same") each("signed-out", (form) => stop(form, "idle", words.signedInAgain, false, true));
  if (now === "other") each("signed-out", (form) => stop(form, "signed-out", words.somebodyElse));
}

function sent(form, onward) {
  leaving = true;
  form.dispatchEvent(new CustomEvent("kept:sent", { bubbles: true }));
  form.reset();
  const target = new URL(onward, location.href);
  if (target.pathname + target.search !== location.pathname + location.search) return location.assign(target);
  try { sessionStorage.setItem(ANCHOR, target.hash); } catch { /* the page is shown from its beginning */ }
  location.reload();
}

// The same page drawn anew: to what has just been said.
function arrive() {
  let hash = "";
  try {
    hash = sessionStorage.getItem(ANCHOR) ?? "";
    sessionStorage.removeItem(ANCHOR);
  } catch { /* no storage */ }
  const place = hash && document.getElementById(hash.slice(1));
  if (!place) return;
  place.scrollIntoView({ block: "center" });
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

// What the desk answered, in the place of the page's content; texts and files stay.
function show(form, page) {
  const typed = [...form.elements].filter((box) => box.matches("textarea") && box.value).map((box) => [box.id, box.value]);
  const here = document.getElementById("content");
  const fresh = page.getElementById("content");
  states.delete(form);
  lock(form, false);
  if (window.Idiomorph) window.Idiomorph.morph(here, fresh, { morphStyle: "outerHTML" });
  else here.replaceWith(fresh);
  document.title = page.title;
  for (const [id, text] of typed) {
    const box = id && document.getElementById(id);
    if (box && !box.value) box.value = text;
  }
  const main = document.getElementById("content");
  window.htmx?.process(main);
  document.dispatchEvent(new CustomEvent("kept:shown"));
  const first = main.querySelector('.error-summary, [aria-invalid="true"], .notice.warn, .notice.bad');
  first?.scrollIntoView({ block: "center" });
  first?.focus();
}

function lock(form, on) {
  if (on) form.dataset.sent = "yes";
  else delete form.dataset.sent;
  form.toggleAttribute("aria-busy", on);
  if (on) form.setAttribute("aria-busy", "true");
  for (const button of form.elements) {
    if (button.type !== "submit") continue;
    if (on) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

function say(form, text) {
  let place = form.querySelector("[data-kept]");
  if (!place) {
    place = Object.assign(document.createElement("div"), { className: "kept-note" });
    place.setAttribute("data-kept", "");
    place.setAttribute("role", "status");
    const last = [...form.querySelectorAll(".form-actions, .actions")].at(-1);
    if (last) last.before(place);
    else form.append(place);
  }
  place.textContent = text;
  return place;
}

function progress(form, { loaded, total }) {
  const percent = Math.floor((100 * loaded) / total);
  const text = words.sending.replace("{percent}", percent);
  const bar = form.querySelector("[data-kept] [role=progressbar]") ?? document.createElement("progress");
  for (const [name, value] of Object.entries({ role: "progressbar", max: 100, value: percent, "aria-valuenow": percent, "aria-label": text })) bar.setAttribute(name, value);
  if (bar.isConnected) bar.nextSibling.textContent = ` ${text}`;
  else say(form, "").append(bar, ` ${text}`);
}
