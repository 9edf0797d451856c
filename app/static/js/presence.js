// Who else is on this page, drawn by the desk whenever that changes; and, while keys are pressed in a composer, word of it.
const TELL_MS = 4000;
const WAIT_MS = 150;
let waiting = 0;
let told = 0;
let doing = "";

const box = () => document.getElementById("presence");

document.addEventListener("live:presence", () => {
  clearTimeout(waiting);
  waiting = setTimeout(draw, WAIT_MS);
});

async function draw() {
  try {
    const answer = await fetch(box().dataset.presence);
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [old, fresh] = [box(), page.getElementById("presence")];
    old.dataset.here = fresh.dataset.here;
    // A screen reader hears what is new in the box, not the whole of it again.
    window.Idiomorph.morph(old, fresh.innerHTML, { morphStyle: "innerHTML" });
  } catch {
    // The desk does not answer: the next change comes with its own news.
  }
}

// Only what somebody types themselves: a draft that comes back types nothing.
document.addEventListener("input", (event) => {
  const kind = event.target.closest?.("[data-composer]")?.dataset.composer;
  if (!kind || !event.isTrusted || !event.target.matches("textarea")) return;
  if (!event.target.value.trim()) return stop();
  const now = Date.now();
  if (kind === doing && now - told < TELL_MS) return;
  told = now;
  tell(kind);
});

document.addEventListener("submit", (event) => event.target.closest("[data-composer]") && stop());
addEventListener("pagehide", stop);

function stop() {
  if (doing) tell("");
  told = 0;
}

function tell(kind) {
  doing = kind;
  const csrf = document.querySelector("[name=csrf_token]")?.value ?? "";
  const body = new URLSearchParams({ doing: kind, csrf_token: csrf });
  fetch(box().dataset.typing, { method: "POST", body, keepalive: true }).catch(() => {});
}
