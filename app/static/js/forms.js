// Forms: sent once, and not with files that the desk would refuse (files.js marks their box).
const locked = new Set();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  const tooLarge = [...form.elements].find((element) => element.matches('[type=file][aria-invalid="true"]') && element.files.length);
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
