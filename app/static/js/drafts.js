// What is typed into a box with data-draft="key" stays in this browser until its form has been sent and answered well.
// Its name is where the form goes to: a form that comes back refused stands at another address than the one it was
// first shown at, and is still the same draft.
const PREFIX = "draft:";
const SENT = "drafts-sent";
const root = document.documentElement;
const areas = [...document.querySelectorAll("[data-draft]")];
const keyOf = (area) => PREFIX + new URL(area.form?.action || location.href).pathname + ":" + area.dataset.draft;
const timers = new Map();

try {
  settle();
  for (const area of areas) watch(area);
  forgetOnSignOut();
} catch {
  // No storage in this browser: the forms work without it.
}

// The page after a sending tells how it went: an error page, a sign-in page or the same form with errors keeps the draft.
function settle() {
  const sent = JSON.parse(sessionStorage.getItem(SENT) || "[]");
  sessionStorage.removeItem(SENT);
  const [entry] = performance.getEntriesByType("navigation");
  const failed = document.querySelector('meta[name="answer"], [aria-invalid="true"], .error-summary');
  if (entry?.type !== "navigate" || failed || !("signedIn" in root.dataset)) return;
  for (const key of sent) {
    const back = areas.some((area) => keyOf(area) === key && area.value);
    if (!back) localStorage.removeItem(key);
  }
}

function watch(area) {
  const key = keyOf(area);
  const kept = localStorage.getItem(key);
  if (kept && !area.value) {
    area.value = kept;
    area.closest("details")?.setAttribute("open", "");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (kept && area.value) offer(area, key, kept);
  const keep = () => {
    clearTimeout(timers.get(area));
    if (area.value.trim()) localStorage.setItem(key, area.value);
    else localStorage.removeItem(key);
  };
  area.addEventListener("input", () => {
    clearTimeout(timers.get(area));
    timers.set(area, setTimeout(keep, 300));
  });
  area.form?.addEventListener("submit", (event) => {
    keep();
    setTimeout(() => {
      if (event.defaultPrevented) return;
      const sent = JSON.parse(sessionStorage.getItem(SENT) || "[]");
      sessionStorage.setItem(SENT, JSON.stringify([...new Set([...sent, key])]));
    });
  });
  addEventListener("pagehide", () => timers.has(area) && area.value && !area.form?.dataset.sent && keep());
}

// A box that shows what is stored does not lose it to a draft: [data-offers] asks whether to take what was kept.
function offer(area, key, kept) {
  const box = document.querySelector(`[data-offers="${area.dataset.draft}"]`);
  if (!box || document.querySelector(".error-summary")) return;
  if (kept.trim() === area.value.trim()) return localStorage.removeItem(key);
  box.hidden = false;
  box.querySelector("[data-take]").addEventListener("click", () => {
    area.value = kept;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    box.hidden = true;
  });
  box.querySelector("[data-drop]").addEventListener("click", () => {
    localStorage.removeItem(key);
    box.hidden = true;
  });
}

// Signing out on a shared machine leaves nothing behind.
function forgetOnSignOut() {
  document.querySelector("form[data-forget-drafts]")?.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  });
}
