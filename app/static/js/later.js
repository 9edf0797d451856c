// Fetches htmx with the first letter that is typed, so that a first page does not wait for it. What was typed before it
// came counts as a change.
const addresses = document.querySelector('meta[name="htmx-later"]').content.split(" ");

document.addEventListener("input", load, { once: true });

async function load() {
  for (const address of addresses) await script(address);
  for (const part of document.querySelectorAll('[hx-trigger^="change"]')) window.htmx?.trigger(part, "change");
}

function script(address) {
  return new Promise((done) => {
    const made = document.createElement("script");
    made.src = address;
    made.onload = made.onerror = done;
    document.head.append(made);
  });
}
