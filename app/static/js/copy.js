// Copies what a link leads to as text. Where the browser has no clipboard (no https) the link is followed as usual.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy]");
  if (!link || !navigator.clipboard) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.status);
    await navigator.clipboard.writeText(await answer.text());
    tell(link.querySelector("span"), link.dataset.copy);
  } catch {
    location.assign(link.href);
  }
});

function tell(label, words) {
  const before = label.textContent;
  label.setAttribute("role", "status");
  label.textContent = words;
  setTimeout(() => (label.textContent = before), 2000);
}
