// While a form is filled in, a part of it shows what saving would do: [data-preview] names where that is asked for.
const box = document.querySelector("form [data-preview]");
let asked = 0;

if (box) document.querySelector("[data-without-scripts]")?.remove();

box?.closest("form").addEventListener("change", async (event) => {
  if (event.target.tagName !== "SELECT") return;
  const mine = ++asked;
  const chosen = [...box.closest("form").elements].filter((element) => element.tagName === "SELECT");
  const query = new URLSearchParams(chosen.map((element) => [element.name, element.value]));
  try {
    const answer = await fetch(`${box.dataset.preview}?${query}`);
    const page = await answer.text();
    // The last question counts; while there is no answer, an old one must not stand for it.
    if (mine === asked) box.innerHTML = answer.ok ? page : "";
  } catch {
    if (mine === asked) box.replaceChildren();
  }
});
