// Beside the reply: articles for this conversation, fetched when their place is seen; what is chosen goes into the reply.
let panel = document.querySelector("[data-articles]");

if (panel) {
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    load("");
  }).observe(panel);
  document.addEventListener("submit", search);
  document.addEventListener("click", insert);
  // The page was drawn anew around a form that was held: its panel is empty again.
  document.addEventListener("kept:shown", () => {
    panel = document.querySelector("[data-articles]");
    if (panel && !panel.querySelector("[data-search]")) load("");
  });
}

async function load(words) {
  const address = new URL(panel.dataset.articles, location);
  address.searchParams.set("piece", "1");
  if (words) address.searchParams.set("q", words);
  panel.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) return;
    const held = document.createElement("template");
    held.innerHTML = await answer.text();
    const fresh = held.content.querySelector("[data-articles]");
    const typing = panel.contains(document.activeElement);
    panel.replaceWith(fresh);
    panel = fresh;
    if (typing) panel.querySelector("[type=search]").focus();
  } catch {
    // The link to the page of its own stays.
  } finally {
    panel.removeAttribute("aria-busy");
  }
}

function search(event) {
  if (!event.target.matches("[data-articles] [data-search]")) return;
  event.preventDefault();
  load(event.target.elements.q.value.trim());
}

async function insert(event) {
  const link = event.target.closest("[data-articles] a[data-insert]");
  const body = document.getElementById("reply-body");
  if (!link || !body) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href);
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    put(body, await answer.text());
  } catch {
    window.open(link.href, "_blank", "noopener");
  }
}

// Where the cursor was, on a line of its own; the draft is kept as if it had been typed.
function put(body, text) {
  body.closest("details").open = true;
  const [before, after] = [body.value.slice(0, body.selectionStart), body.value.slice(body.selectionEnd)];
  const start = before && !before.endsWith("\n") ? `${before}\n\n` : before;
  const end = after && !after.startsWith("\n") ? `\n\n${after}` : after;
  body.value = start + text + end;
  body.focus();
  body.setSelectionRange(start.length + text.length, start.length + text.length);
  body.dispatchEvent(new Event("input", { bubbles: true }));
}
