// Forms: sent once; the chosen files shown by name and size, and not sent when the desk would refuse them all.
const locked = new Set();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  const tooLarge = [...form.elements].find((element) => element.type === "file" && isTooLarge(element));
  if (tooLarge) {
    event.preventDefault();
    return tooLarge.focus();
  }
  // A moment later: another listener may still stop the form, and the pressed button's own value must be sent.
  setTimeout(() => {
    if (event.defaultPrevented || "sendsAgain" in form.dataset) return;
    form.dataset.sent = "yes";
    locked.add(form);
    form.setAttribute("aria-busy", "true");
    buttons(form).forEach((button) => button.setAttribute("aria-disabled", "true"));
  });
});

// A page that comes back from the browser's memory is ready to send again.
addEventListener("pageshow", () => {
  for (const form of locked) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    buttons(form).forEach((button) => button.removeAttribute("aria-disabled"));
  }
  locked.clear();
});

function buttons(form) {
  return [...form.elements].filter((element) => element.type === "submit");
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file" || !input.dataset.files) return;
  const list = input.closest(".field, form").querySelector(".file-list");
  list.replaceChildren(...[...input.files].map((file) => line(file, input.dataset.files.split(","))));
  if (isTooLarge(input)) list.append(refusal(input));
  input.setAttribute("aria-invalid", String(isTooLarge(input)));
});

// The limit holds for the whole form; 64 KB are left for what is written in it.
function isTooLarge(input) {
  const bytes = [...input.files].reduce((sum, file) => sum + file.size, 0);
  return Boolean(input.dataset.most) && bytes > input.dataset.most - 65536;
}

function refusal(input) {
  const item = document.createElement("li");
  item.className = "error";
  item.textContent = `${input.dataset.tooLarge} (≤ ${size(Number(input.dataset.most), input.dataset.files.split(","))})`;
  return item;
}

function line(file, units) {
  const item = document.createElement("li");
  item.className = "file";
  for (const [name, text] of [["name", file.name], ["size", size(file.size, units)]]) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    item.append(part);
  }
  return item;
}

function size(bytes, units) {
  const step = bytes < 1024 ? 0 : bytes < 1048576 ? 1 : 2;
  const value = (bytes / 1024 ** step).toFixed(step === 2 ? 1 : 0);
  return `${value.replace(".", document.documentElement.lang === "en" ? "." : ",")} ${units[step]}`;
}
