// The box in which people ask: what it is taken as comes from the server while one types (htmx, in the template). What
// is not that piece of page (an error, a sign-in) never takes its place, nor does it while somebody answers in it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id !== "kind") return;
  const typing = event.target.contains(document.activeElement) && event.detail.requestConfig.triggeringEvent?.type === "input";
  if (event.detail.xhr.status !== 200 || typing) event.detail.shouldSwap = false;
});
