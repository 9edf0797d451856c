// Files of a form: chosen, pasted or dropped; shown by name, size and picture, and taken out again before sending. They
// stay in their box, so the form goes out as without this module.
const words = document.getElementById("kept-words")?.dataset ?? {};
const MOST = 20;
const chosen = new Map(); // where a box is -> its files

document.addEventListener("change", ({ target: box }) => isBox(box) && take(box, [...(chosen.get(nameOf(box)) ?? []), ...box.files]));
document.addEventListener("reset", ({ target: form }) => form.querySelectorAll("[data-files]").forEach((box) => chosen.delete(nameOf(box))));
document.addEventListener("kept:shown", () => {
  for (const box of document.querySelectorAll("input[data-files]")) if (chosen.has(nameOf(box))) take(box, chosen.get(nameOf(box)));
});

document.addEventListener("paste", (event) => {
  const box = boxOf(event.target);
  const { files, types } = event.clipboardData ?? { files: [], types: [] };
  // What is copied from a document is a text with its picture: the text is meant.
  if (!box || !files.length || event.defaultPrevented || types.includes("text/plain")) return;
  event.preventDefault();
  const before = chosen.get(nameOf(box)) ?? [];
  take(box, [...before, ...[...files].map((file, at) => named(file, before.length + at + 1))]);
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files") || event.target.type === "file") return;
    const box = boxOf(event.target);
    // Beside a form, a file would be opened in the place of this page.
    if (kind !== "dragleave") event.preventDefault();
    if (kind === "dragover" && !box) event.dataTransfer.dropEffect = "none";
    box?.form.classList.toggle("dropping", kind === "dragover");
    if (kind === "drop" && box) take(box, [...(chosen.get(nameOf(box)) ?? []), ...event.dataTransfer.files]);
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-file-remove]");
  if (!button) return;
  const box = button.closest(".field, form").querySelector("input[data-files]");
  take(box, (chosen.get(nameOf(box)) ?? []).filter((_file, at) => at !== Number(button.dataset.fileRemove)));
  box.focus();
});

function isBox(box) {
  return box.type === "file" && Boolean(box.dataset.files);
}

function boxOf(place) {
  return place.closest?.("form")?.querySelector("input[type=file][data-files][name]");
}

function nameOf(box) {
  return `${box.form?.getAttribute("action")} ${box.name}`;
}

// A pasted picture has no name of its own.
function named(file, number) {
  return new File([file], file.name.replace(/^image(?=\.\w+$)/, `image-${number}`), { type: file.type, lastModified: file.lastModified });
}

function take(box, files) {
  const seen = new Set();
  const kept = files.filter((file) => {
    const mark = [file.name, file.size, file.lastModified].join("/");
    return !seen.has(mark) && seen.add(mark);
  });
  const all = new DataTransfer();
  for (const file of kept) all.items.add(file);
  box.files = all.files;
  chosen.set(nameOf(box), kept);
  draw(box, kept);
}

function draw(box, files) {
  const list = box.closest(".field, form").querySelector(".file-list");
  const units = box.dataset.files.split(",");
  list.replaceChildren(...files.map((file, at) => line(file, at, units)));
  const refused = isTooMuch(box);
  if (refused) list.append(part("li", "error", `${box.dataset.tooLarge} (≤ ${MOST}, ≤ ${size(Number(box.dataset.most), units)})`));
  box.setAttribute("aria-invalid", String(refused));
}

// The limit holds for the whole form; 64 KB are left for what is written in it.
function isTooMuch(box) {
  const bytes = [...box.files].reduce((sum, file) => sum + file.size, 0);
  return box.files.length > MOST || (Boolean(box.dataset.most) && bytes > box.dataset.most - 65536);
}

function line(file, at, units) {
  const item = part("li", "file");
  if (/^image\/(png|jpeg|gif|webp)$/.test(file.type)) thumbnail(file, item);
  const remove = part("button", "button quiet", "×");
  remove.type = "button";
  remove.dataset.fileRemove = at;
  remove.setAttribute("aria-label", (words.remove ?? "{name}").replace("{name}", file.name));
  item.append(part("span", "name", file.name), part("span", "size", size(file.size, units)), remove);
  return item;
}

// Drawn small, so that no address has to be allowed for it.
async function thumbnail(file, item) {
  try {
    const picture = await createImageBitmap(file, { resizeHeight: 48, resizeQuality: "medium" });
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.min(picture.width, 96), height: 48 });
    canvas.getContext("2d").drawImage(picture, 0, 0);
    canvas.setAttribute("aria-hidden", "true");
    item.prepend(canvas);
  } catch { /* no picture this browser knows */ }
}

function part(tag, className, text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

function size(bytes, units) {
  const step = bytes < 1024 ? 0 : bytes < 1048576 ? 1 : 2;
  const value = (bytes / 1024 ** step).toFixed(step === 2 ? 1 : 0);
  return `${value.replace(".", document.documentElement.lang === "en" ? "." : ",")} ${units[step]}`;
}
