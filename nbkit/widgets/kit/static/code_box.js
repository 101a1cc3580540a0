// A box for a few lines of Python: colours, line numbers, Tab that indents, Ctrl+Enter that asks for a check.
const INDENT = "    ";
const STRING = String.raw`"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?`;

// What has a colour in Python, each by the class of its span; the last one keeps other words whole.
const tokens = keywords => new RegExp([
  String.raw`(?<comment>#.*)`, String.raw`(?<string>\b[rbfuRBFU]{1,2}(?:${STRING})|${STRING})`,
  String.raw`(?<keyword>\b(?:${keywords.join("|")})\b)`, String.raw`(?<=\b(?:def|class)\s+)(?<defined>\w+)`,
  String.raw`(?<number>\b\d[\w.]*(?:(?<=[eE])[-+]\d+)?)`, String.raw`\w+`].join("|"), "g");

function coloured(text, token) {
  const pieces = [];
  let end = 0;
  for (const { 0: word, index, groups } of text.matchAll(token)) {
    const kind = Object.keys(groups).find(name => groups[name] !== undefined);
    if (!kind) continue;
    pieces.push(text.slice(end, index), element("span", { class: kind }, word));
    end = index + word.length;
  }
  return [...pieces, text.slice(end)];
}

function render({ model, el }) {
  const gutter = element("div", { class: "nbkit-gutter", "aria-hidden": "true" });
  const area = element("textarea", { "aria-label": model.get("label"), spellcheck: "false", wrap: "off",
    autocapitalize: "off", autocomplete: "off" });
  const token = tokens(model.get("keywords"));
  const copy = element("pre", { "aria-hidden": "true" });
  el.classList.add("nbkit-code-box");
  el.append(element("div", { class: "nbkit-code" }, gutter, element("div", { class: "nbkit-editor" }, copy, area)));
  let leaving = false; // Escape, then Tab: a keyboard must be able to leave

  function paint() {
    copy.replaceChildren(...coloured(area.value, token));
    copy.style.setProperty("--nbkit-line", model.get("line") || -1); // -1: out of sight
    const lines = area.value.split("\n").length;
    area.rows = Math.max(lines, 4);
    gutter.replaceChildren(...Array.from({ length: lines }, (_line, i) => {
      const marked = i + 1 === model.get("line");
      return element("div", marked ? { class: "marked" } : {}, marked ? `▶ ${i + 1}` : String(i + 1));
    }));
  }

  function show() {
    const [text] = model.get("shown");
    if (area.value !== text) area.value = text;
    paint();
  }

  // As a message, so that no click on a button overtakes it; the local copy is for a second view of the same box. With
  // the number of the text that was edited: Python may have put another one there meanwhile.
  function send(kind = "text") {
    model.send({ kind, text: area.value, edited: model.get("shown")[1] });
    model.set("shown", [area.value, model.get("shown")[1]]);
    paint();
  }

  // execCommand is deprecated, but nothing else lets the browser undo it.
  function insert(text) {
    document.execCommand("insertText", false, text);
  }

  function outdent() {
    const place = area.selectionStart;
    const start = area.value.lastIndexOf("\n", place - 1) + 1;
    const blanks = area.value.slice(start, start + INDENT.length).match(/^ */)[0].length;
    if (!blanks) return;
    area.setSelectionRange(start, start + blanks);
    document.execCommand("delete");
    area.setSelectionRange(Math.max(start, place - blanks), Math.max(start, place - blanks));
  }

  function breakLine() {
    const line = area.value.slice(0, area.selectionStart).split("\n").at(-1);
    insert("\n" + line.match(/^ */)[0] + (line.trimEnd().endsWith(":") ? INDENT : ""));
  }

  area.addEventListener("keydown", event => {
    event.stopPropagation();
    if (event.key === "Tab" && leaving) return;
    leaving = event.key === "Escape" || (leaving && event.key === "Shift");
    if (event.key === "Tab") event.shiftKey ? outdent() : insert(INDENT);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey)) send("check");
    else if (event.key === "Enter") breakLine();
    else return;
    event.preventDefault();
  });
  // Elsewhere in the panel, such as on a button just pressed, these keys would run the cell, and all would begin anew.
  const checkFromPanel = event => {
    const asks = event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey);
    if (!asks || event.target === area || !el.closest(".nbkit-panel")?.contains(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    send("check");
  };
  document.addEventListener("keydown", checkFromPanel, true);
  area.addEventListener("blur", () => { leaving = false; });
  area.addEventListener("input", () => send());
  const stopListening = listen(model, { "change:shown": show, "change:line": paint });
  show();
  return () => {
    document.removeEventListener("keydown", checkFromPanel, true);
    stopListening();
  };
}
export default { render };
