// Hears that something happened on the topics of this page, by a stream or, where there is no place for one, by asking
// now and then. What to do about it is for others: the document gets "live:news" and "live:presence".
const box = document.getElementById("live");
const ASK_MS = 10_000;
const LONGEST_MS = 60_000;
let source = null;
let waiting = 0;
let failures = 0;
let asked = 0;

if (box) {
  open();
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && open());
}

function address(path) {
  const query = new URLSearchParams(box.dataset.live.split(" ").map((topic) => ["topic", topic]));
  query.set("since", box.dataset.liveSince);
  query.set("here", document.getElementById("presence")?.dataset.here ?? "");
  return `${path}?${query}`;
}

// One stream for each page that is looked at: a browser has few connections and the desk few places.
function open() {
  if (document.hidden || source || waiting) return;
  const stream = new EventSource(address(box.dataset.liveStream));
  source = stream;
  stream.addEventListener("open", () => { failures = asked = 0; });
  stream.addEventListener("news", (event) => say("live:news", { id: JSON.parse(event.data).id }));
  stream.addEventListener("presence", () => say("live:presence"));
  // The browser's own return comes after the same time everywhere: with everybody after a restart. So it is ours.
  stream.addEventListener("error", () => {
    if (source !== stream) return;
    const refused = stream.readyState === EventSource.CLOSED;
    close();
    if (refused) later(ask, asked ? ASK_MS : ASK_MS / 5);
    else later(open, Math.min(LONGEST_MS, 2000 * 2 ** failures++));
  });
}

function close() {
  source?.close();
  source = null;
  clearTimeout(waiting);
  waiting = 0;
}

function later(what, ms) {
  if (document.hidden) return;
  waiting = setTimeout(() => { waiting = 0; what(); }, ms * (0.6 + 0.8 * Math.random()));
}

// No place for a stream, or nobody answers: ask, and now and then try for a stream again.
async function ask() {
  try {
    const answer = await fetch(address(box.dataset.liveNews), { headers: { Accept: "application/json" } });
    if (answer.redirected || (answer.status >= 400 && answer.status < 500)) return say("live:lost");
    if (!answer.ok) throw new Error(answer.status);
    failures = 0;
    const found = await answer.json();
    if (found.news.length) say("live:news", { id: found.since });
    if (found.here !== (document.getElementById("presence")?.dataset.here ?? "")) say("live:presence");
  } catch {
    failures += 1;
  }
  if (source || waiting) return;
  asked += 1;
  if (asked % 6 === 1) open();
  else later(ask, Math.min(LONGEST_MS, ASK_MS * 2 ** Math.min(failures, 3)));
}

function say(what, detail = {}) {
  document.dispatchEvent(new CustomEvent(what, { detail }));
}
