// Shows how far a job is; when it ends, the page is loaded anew with what came out.
const box = document.querySelector("[data-progress]");
const EVERY_MS = 1_000;

if (box) look();

async function look() {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
    if (answer.ok) show(await answer.json());
    else if (answer.status < 500) return;
  } catch {
    // The desk does not answer: ask again.
  }
  setTimeout(look, EVERY_MS);
}

function show({ state, done, total }) {
  if (state !== "waiting" && state !== "running") return location.reload();
  const bar = box.querySelector("progress");
  bar.max = total || 1;
  bar.value = done;
  const text = box.querySelector("[data-text]");
  text.textContent = text.dataset.text.replace("{done}", done).replace("{total}", total);
}
