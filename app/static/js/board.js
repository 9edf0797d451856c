// The workload board: a card goes to somebody else by dragging, or by Shift and an arrow; arrows alone walk the board.
// Both fill in the card's own form and send it, so what happens is what happens without scripts.
const lanes = () => [...document.querySelectorAll("[data-lane]")];
const cardsOf = (lane) => [...lane.querySelectorAll(":scope > [data-card]")];
let made = [];

function drag() {
  made.forEach((one) => one.destroy());
  made = lanes().map((lane) => window.Sortable.create(lane, {
    group: "cards", sort: false, animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120, delay: 150,
    delayOnTouchOnly: true, filter: "summary, select, button", preventOnFilter: false,
    onEnd: (event) => event.to !== event.from && give(event.item, event.to.dataset.lane),
  }));
}

async function give(card, to) {
  const form = card.querySelector("form");
  form.elements.to.value = to;
  card.classList.add("moving");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/html" } });
    const held = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!held.getElementById("board")) throw new Error(answer.status);
    show(held, card.dataset.card);
  } catch {
    location.reload();
  }
}

function show(held, number) {
  for (const id of ["toasts", "board-said", "board"]) {
    const fresh = held.getElementById(id);
    if (fresh) document.getElementById(id).replaceWith(document.adoptNode(fresh));
  }
  drag();
  document.querySelector(`[data-card="${number}"] a`)?.focus();
}

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (!card || !event.target.matches("a") || event.ctrlKey || event.metaKey || event.altKey) return;
  const lane = card.closest("[data-lane]");
  const [all, cards] = [lanes(), cardsOf(lane)];
  const [column, row] = [all.indexOf(lane), cards.indexOf(card)];
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const next = all[column + step];
  if (step && event.shiftKey) {
    if (next) give(card, next.dataset.lane);
  } else if (step) {
    // Over people who carry nothing to the next card.
    for (let at = column + step; all[at]; at += step) {
      const there = cardsOf(all[at]);
      if (!there.length) continue;
      there[Math.min(row, there.length - 1)].querySelector("a").focus();
      break;
    }
  } else if (event.key === "ArrowDown") cards[row + 1]?.querySelector("a").focus();
  else if (event.key === "ArrowUp") cards[row - 1]?.querySelector("a").focus();
  else return;
  event.preventDefault();
});

document.addEventListener("submit", (event) => {
  const card = event.target.closest("[data-card]");
  if (!card) return;
  event.preventDefault();
  give(card, event.target.elements.to.value);
}, true);

if (document.readyState === "complete") drag();
else addEventListener("load", drag);
