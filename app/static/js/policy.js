// Rows of what happens on the way to a deadline: the box for who or what is shown only where an action needs it.
for (const row of document.querySelectorAll(".action-row[data-hints]")) {
  const hints = JSON.parse(row.dataset.hints);
  const action = row.querySelector("select[name$='-action']");
  const detail = row.querySelector("input[name$='-detail']");
  const follow = () => {
    const hint = hints[action.value];
    detail.closest(".field").hidden = !hint;
    if (!hint) return;
    detail.placeholder = hint;
    detail.setAttribute("aria-label", hint);
  };
  action.addEventListener("change", follow);
  follow();
}
