// A reply before it leaves: looked at while it is typed, asked about once, and for some seconds taken back.
// The words come with the page; without this module the desk asks the same questions when the form is sent.
const WAIT_MS = 700;
let timer = 0;
let asked = null;

const composer = () => document.querySelector("[data-reply-check]")?.closest("form");
const box = () => document.querySelector("[data-reply-check]");

document.addEventListener("input", look);
document.addEventListener("change", look);

function look(event) {
  const form = event.target.form;
  if (!form || form !== composer() || event.target.closest(".reply-points")) return;
  clearTimeout(timer);
  timer = setTimeout(check, WAIT_MS, form);
}

async function check(form) {
  asked?.abort();
  asked = new AbortController();
  const body = new FormData(form);
  const chosen = [...form.elements].some((element) => element.type === "file" && element.files.length);
  body.delete("files");
  if (chosen || form.querySelector("[name=returned_files]:checked")) body.set("has_files", "1");
  try {
    const answer = await fetch(box().dataset.replyCheck, { method: "POST", body, signal: asked.signal });
    if (answer.ok && !answer.redirected) show(await answer.text());
  } catch {
    // No answer, no warning: the desk looks again when the reply is sent.
  }
}

// The same words are not read out twice.
function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (page.body.textContent !== box().textContent) box().replaceChildren(...page.body.childNodes);
}

// Asked once: what is grave and was not shown to be sent anyway yet. The next press sends.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form !== composer()) return;
  clearTimeout(timer);
  const field = form.elements.check;
  const shown = new Set(field.value.split(" ").filter((name) => name !== "ask"));
  const found = [...box().querySelectorAll("[data-check]")];
  if (!found.some((one) => "grave" in one.dataset && !shown.has(one.dataset.check))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  field.value = [...shown, ...found.map((one) => one.dataset.check)].join(" ");
  box().classList.add("asks");
  box().scrollIntoView({ block: "nearest" });
  const words = [...form.querySelector(".actions .primary").children].find((part) => part.matches("span"));
  if (words) words.textContent = box().dataset.anyway;
}, true);

// A reply that was taken back is written on at its end.
const written = document.activeElement;
if (written?.id === "reply-body" && !written.selectionEnd) written.setSelectionRange(written.value.length, written.value.length);

// The seconds that are left, by this browser's own clock.
for (const toast of document.querySelectorAll("[data-leaves-in]")) {
  const ends = performance.now() + toast.dataset.leavesIn * 1000;
  const tick = setInterval(() => {
    const left = Math.ceil((ends - performance.now()) / 1000);
    const words = toast.querySelector("[data-countdown]");
    words.textContent = left > 0 ? toast.dataset.words.replace("#", left) : toast.dataset.gone;
    const twin = document.querySelector(`[data-leaving="${toast.dataset.reply}"]`);
    if (twin) twin.textContent = left > 0 ? twin.dataset.words.replace("#", left) : words.textContent;
    if (left > 0) return;
    clearInterval(tick);
    toast.querySelector("[data-undo]").remove();
    setTimeout(() => toast.closest(".notice").remove(), 3000);
  }, 250);
}
