// The editor of articles: marks by button and key, pictures by paste and drop, the preview without leaving the page.
const form = document.getElementById("editor");
const area = form?.elements.body;
const MARKS = {
  bold: (text) => `**${text}**`,
  italic: (text) => `*${text}*`,
  link: (text) => `[${text}](https://)`,
  code: (text) => (text.includes("\n") ? `\`\`\`\n${text}\n\`\`\`` : `\`${text}\``),
  heading: (text) => lines(text, () => "## "),
  list: (text) => lines(text, () => "- "),
  steps: (text) => lines(text, (place) => `${place + 1}. `),
  table: (text) => `| ${text} |  |\n| --- | --- |\n|  |  |\n`,
  note: (text) => `> [!NOTE]\n${lines(text, () => "> ")}`,
  warning: (text) => `> [!WARNING]\n${lines(text, () => "> ")}`,
};
const WHOLE = new Set(["heading", "list", "steps", "table", "note", "warning"]);
const KEYS = { KeyB: "bold", KeyI: "italic", KeyK: "link" };

if (area) begin();

function begin() {
  form.querySelector(".toolbar").hidden = false;
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (button) mark(button.dataset.mark);
  });
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || !KEYS[event.code]) return;
    event.preventDefault();
    mark(KEYS[event.code]);
  });
  for (const button of document.querySelectorAll("[data-insert]")) {
    button.hidden = false;
    button.addEventListener("click", () => put(button.dataset.insert));
  }
  takeFiles();
  form.querySelector("[data-show-preview]").addEventListener("click", preview);
}

function lines(text, sign) {
  return text.split("\n").map((line, place) => sign(place) + line).join("\n");
}

function mark(name) {
  area.focus();
  if (WHOLE.has(name)) {
    const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const to = area.value.indexOf("\n", area.selectionEnd);
    area.setSelectionRange(from, to < 0 ? area.value.length : to);
  }
  const text = area.value.slice(area.selectionStart, area.selectionEnd);
  const marked = MARKS[name](text);
  const start = area.selectionStart + marked.indexOf(text);
  put(marked);
  area.setSelectionRange(start, start + text.length);
}

// Typed by the browser itself, so that it can be taken back with Ctrl+Z.
function put(text) {
  area.focus();
  if (document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function takeFiles() {
  const upload = form.querySelector("[data-upload]");
  upload.addEventListener("change", () => {
    send([...upload.files]);
    upload.value = "";
  });
  area.addEventListener("paste", (event) => take(event, event.clipboardData));
  area.addEventListener("drop", (event) => take(event, event.dataTransfer));
  for (const [kind, on] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    area.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      form.classList.toggle("dropping", on);
      if (on) event.preventDefault();
    });
  }
}

function take(event, data) {
  if (!data?.files.length) return;
  event.preventDefault();
  send([...data.files]);
}

async function send(files) {
  for (const file of files) {
    const waiting = `[${form.dataset.busy.replace("%s", file.name)}]`;
    say(waiting.slice(1, -1));
    put(waiting);
    const line = file.size < form.dataset.most - 65536 ? await kept(file) : "";
    say(line ? "" : form.dataset.failed.replace("%s", file.name));
    replace(waiting, line);
  }
}

async function kept(file) {
  const body = new FormData();
  body.append("csrf_token", form.elements.csrf_token.value);
  body.append("files", file, file.name);
  try {
    const answer = await fetch(form.dataset.files, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok) return "";
    const [{ url, name, is_picture: isPicture }] = (await answer.json()).files;
    return `${isPicture ? "!" : ""}[${name.replace(/[[\]]/g, "")}](${url})`;
  } catch {
    return "";
  }
}

// Where the file was put, while its writer may be writing elsewhere by now.
function replace(waiting, line) {
  const at = area.value.indexOf(waiting);
  if (at < 0) return line && put(line);
  area.setRangeText(line, at, at + waiting.length, "preserve");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function say(text) {
  form.querySelector("[data-said]").textContent = text;
}

async function preview(event) {
  const here = form.querySelector("[data-preview-here]");
  const button = event.currentTarget;
  event.preventDefault();
  if (button.getAttribute("aria-expanded") === "true") {
    here.replaceChildren();
    return button.setAttribute("aria-expanded", "false");
  }
  const body = new FormData(form);
  body.append("part", "1");
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body });
    if (!answer.ok) throw new Error(answer.statusText);
    here.innerHTML = await answer.text();
    button.setAttribute("aria-expanded", "true");
    here.scrollIntoView({ block: "nearest" });
  } catch {
    button.setAttribute("aria-expanded", "false");
    form.requestSubmit(button);
  }
}
