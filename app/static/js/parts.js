// On news the page asks for itself again and exchanges its parts: elements with an id and data-part. Never what somebody
// is in or has changed, never so that what one reads moves away; and never the rows of a list under somebody's hands.
const box = document.getElementById("live");
const WAIT_MS = 300;
const PAUSE_MS = 2000;
const FRESH_MS = 4000;
const unseen = new Map();
const pressed = new WeakSet();
let timer = 0;
let last = 0;
let busy = false;
let stale = false;
let newestSaid = 0;

document.addEventListener("live:news", (event) => {
  if (Number(event.detail.id) <= Number(box.dataset.liveSince)) return;
  stale = true;
  plan();
});
document.addEventListener("live:lost", offer);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  plan();
  for (const message of unseen.values()) rewatch(message);
});
for (const event of ["pointerout", "focusout", "change"]) document.addEventListener(event, () => setTimeout(plan, 50));
document.addEventListener("click", (event) => event.target.closest("[data-live-down]") && goDown());
document.addEventListener("click", (event) => event.target.closest("[data-live-offer]") && takeOffer(event));

// However much happens, one question every two seconds, and none while nobody looks.
function plan() {
  if (!stale || timer || busy || document.hidden) return;
  if (isWalked()) return offer();
  timer = setTimeout(() => refresh(), Math.max(WAIT_MS, last + PAUSE_MS - Date.now()));
}

// Rows that somebody walks, points at or has chosen must not change places.
function isWalked() {
  return [...document.querySelectorAll("#queue-rows")].some((rows) =>
    rows.matches(":hover") || rows.contains(document.activeElement) || rows.querySelector("input:checked"));
}

async function refresh(isAsked = false) {
  timer = 0;
  if (document.hidden || (isWalked() && !isAsked)) return plan();
  [busy, stale, last] = [true, false, Date.now()];
  try {
    const answer = await fetch(box.dataset.livePage, { headers: { Accept: "text/html" } });
    if (answer.redirected || (answer.status >= 400 && answer.status < 500)) return offer();
    if (!answer.ok) throw new Error(answer.status);
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    stale = true;
    last = Date.now() + 4 * PAUSE_MS;
  } finally {
    busy = false;
    plan();
  }
}

function offer() {
  box.querySelector("[data-live-offer]").hidden = false;
}

function takeOffer(event) {
  if (!stale || event.ctrlKey || event.metaKey || !document.querySelector("#queue-rows")) return;
  event.preventDefault();
  event.target.closest("a").hidden = true;
  clearTimeout(timer);
  document.activeElement?.blur();
  document.querySelectorAll("#queue-rows input:checked").forEach((input) => { input.checked = false; });
  refresh(true);
}

function show(page) {
  const fresh = page.getElementById("live");
  if (!fresh) return offer();
  const known = new Set(messages().map((message) => message.id));
  const wasRead = isAtEnd();
  const hold = anchor();
  for (const part of document.querySelectorAll("[data-part][id]")) exchange(part, page.getElementById(part.id));
  hold();
  box.dataset.liveSince = fresh.dataset.liveSince;
  document.getElementById("toasts")?.append(...(page.getElementById("toasts")?.children ?? []));
  newestSaid = Number(page.querySelector("[name=seen_message_id]")?.value ?? newestSaid);
  welcome(messages().filter((message) => !known.has(message.id)), wasRead);
  if (speaks(document) !== speaks(page)) renewComposers(page);
  box.querySelector("[data-live-offer]").hidden = speaks(document) === speaks(page);
  document.dispatchEvent(new CustomEvent("live:shown"));
}

// When others belong on the page now: composers that nobody has touched are exchanged, what was seen stays what it was.
function renewComposers(page) {
  const [here, fresh] = [document, page].map((one) => one.querySelector(".composers"));
  const touched = !here || here.contains(document.activeElement) || here.querySelector("[data-sent], [data-kept], .notice")
    || [...here.querySelectorAll("input, textarea, select")].some(isChanged);
  if (touched || !fresh) return;
  const seen = here.querySelector("[name=seen_message_id]")?.value;
  for (const input of fresh.querySelectorAll("[name=seen_message_id]")) input.value = seen ?? input.value;
  here.replaceWith(document.importNode(fresh, true));
  document.dispatchEvent(new CustomEvent("kept:shown"));
}

// The composers stay as they are while somebody writes in them; then the reader is asked.
function speaks(page) {
  return [...page.querySelectorAll("[data-composer], [data-composer] [name=then]")].map((one) => one.dataset.composer ?? one.value).join();
}

function exchange(part, fresh) {
  if (!fresh || !window.Idiomorph) return;
  const kept = (node) => node.nodeType === 1 && (node === document.activeElement ? node !== part : isChanged(node));
  window.Idiomorph.morph(part, fresh, {
    morphStyle: "outerHTML",
    callbacks: {
      beforeNodeMorphed: (node) => !kept(node),
      beforeNodeRemoved: (node) => node.nodeType !== 1 || !(isWrittenIn(node) || [node, ...node.querySelectorAll("input, textarea, select")].some(isChanged)),
      // What somebody has folded out stays so.
      beforeAttributeUpdated: (name, node) => name !== "open" || node.localName !== "details",
    },
  });
  const now = document.getElementById(part.id);
  if (now) window.htmx?.process(now);
}

// The focus alone keeps nothing that is over, such as a reply that has gone out.
function isWrittenIn(node) {
  return node.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
}

function isChanged(field) {
  if (field.matches("select")) return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0;
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  return field.matches("textarea, input:not([type=hidden])") && field.value !== field.defaultValue;
}

function messages() {
  return [...document.querySelectorAll("#conversation .message[id]")];
}

// What the reader has before the eyes stays where it is: the box one writes in, else the first message in sight.
function anchor() {
  const place = document.activeElement?.closest(".composer") ?? (scrollY > 0 && messages().find((message) => message.getBoundingClientRect().bottom > 80));
  if (!place) return () => {};
  const top = place.getBoundingClientRect().top;
  return () => place.isConnected && scrollBy({ top: place.getBoundingClientRect().top - top, behavior: "instant" });
}

// Where the page ends for the eye: a composer that stays at hand covers what is under it.
function floor() {
  return Math.min(innerHeight, document.querySelector(".at-hand")?.getBoundingClientRect().top ?? innerHeight);
}

function covered() {
  const box = document.querySelector(".at-hand");
  const look = box && getComputedStyle(box);
  return look?.position === "sticky" ? box.offsetHeight + parseFloat(look.bottom) : 0;
}

function isAtEnd() {
  const end = document.getElementById("conversation")?.getBoundingClientRect().bottom ?? 0;
  return end <= floor() + 8;
}

function welcome(found, wasRead) {
  if (!found.length) return;
  const names = [...new Set(found.map((message) => message.querySelector("strong")?.textContent))];
  box.querySelector("[data-live-words]").textContent = names.map((name) => box.dataset.said.replace("{name}", name)).join(" ");
  for (const message of found) {
    message.classList.add("fresh");
    setTimeout(() => message.classList.remove("fresh"), FRESH_MS);
    unseen.set(message.id, message);
    rewatch(message);
  }
  const writes = document.activeElement?.closest(".composer");
  if (wasRead && !writes) found.at(-1).scrollIntoView({ block: "nearest", behavior: "instant" });
  setTimeout(count, 100);
}

// A message counts as seen when a fair piece of it stood in a page that was looked at. Only then does the form say that
// its writer knows of it: a reply that was sent before is held by the desk, since it was composed without.
const sight = new IntersectionObserver((entries) => {
  if (document.hidden) return;
  for (const { target, isIntersecting, intersectionRatio, intersectionRect } of entries) {
    if (!isIntersecting || (intersectionRatio < 0.5 && intersectionRect.height < 120)) continue;
    sight.unobserve(target);
    unseen.delete(target.id);
  }
  count();
}, { threshold: [0, 0.25, 0.5, 1], rootMargin: `-64px 0px -${covered()}px 0px` });

function rewatch(message) {
  sight.unobserve(message);
  sight.observe(message);
}

function count() {
  for (const id of unseen.keys()) if (!document.getElementById(id)) unseen.delete(id);
  if (!unseen.size) seen();
  const button = box.querySelector("[data-live-down]");
  const below = [...unseen.values()].filter((message) => message.getBoundingClientRect().top > floor() - 40).length;
  button.hidden = !below;
  if (!below) return;
  const form = { one: 0, few: 1 }[new Intl.PluralRules(document.documentElement.lang).select(below)] ?? 2;
  button.textContent = `${box.dataset.new.split("|")[form].replace("{count}", below)} ↓`;
}

function seen() {
  for (const input of document.querySelectorAll("[name=seen_message_id]"))
    if (!pressed.has(input.form) && newestSaid > Number(input.value)) input.value = newestSaid;
}

// What was sent, or waits to be sent until the desk answers again, was written without what came since: it says so until
// its writer changes it.
document.addEventListener("submit", (event) => pressed.add(event.target));
document.addEventListener("input", (event) => event.isTrusted && pressed.delete(event.target.form));

function goDown() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  unseen.values().next().value?.scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
}
