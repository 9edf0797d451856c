// Hears that something happened on the topics of this page and offers to show it; the page never changes by itself.
const box = document.querySelector("[data-live]");
const ASK_MS = 10_000;
let since = box?.dataset.liveSince;
let source = null;
let waiting = 0;
let told = false;

if (box) {
  open();
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
}

function address(path) {
  const query = new URLSearchParams(box.dataset.live.split(" ").map((topic) => ["topic", topic]));
  query.set("since", since);
  return `${path}?${query}`;
}

// One stream for each page that is looked at: a browser has few connections and the desk few places.
function open() {
  if (document.hidden || source || waiting || told) return;
  source = new EventSource(address(box.dataset.liveStream));
  source.addEventListener("news", tell);
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return;
    source = null;
    waiting = setTimeout(ask, ASK_MS);
  });
}

function close() {
  source?.close();
  source = null;
  clearTimeout(waiting);
  waiting = 0;
}

// No place for a stream: look once, then try for a stream again.
async function ask() {
  waiting = 0;
  try {
    const answer = await fetch(address(box.dataset.liveNews), { headers: { Accept: "application/json" } });
    if (answer.status < 500 && !answer.ok) return;
    if (answer.ok && (await answer.json()).news.length) return tell();
  } catch {
    // The desk does not answer: try again later.
  }
  open();
}

function tell() {
  told = true;
  close();
  box.querySelector("a").hidden = false;
}
