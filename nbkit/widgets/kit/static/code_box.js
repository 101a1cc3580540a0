// A box for a few lines of Python: line numbers, Tab that indents, Ctrl+Enter that asks for a check.
const INDENT = "    ";

function render({ model, el }) {
  const gutter = element("div", { class: "nbkit-gutter", "aria-hidden": "true" });
  const area = element("textarea", { "aria-label": model.get("label"), spellcheck: "false", wrap: "off",
    autocapitalize: "off", autocomplete: "off" });
  el.classList.add("nbkit-code-box");
  el.append(element("div", { class: "nbkit-code" }, gutter, area));
  let leaving = false; // Escape, then Tab: a keyboard must be able to leave

  function number() {
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
    number();
  }

  // As a message, so that no click on a button overtakes it; the local copy is for a second view of the same box.
  function send(kind = "text") {
    model.send({ kind, text: area.value });
    model.set("shown", [area.value, model.get("shown")[1]]);
    number();
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
  area.addEventListener("blur", () => { leaving = false; });
  area.addEventListener("input", () => send());
  model.on("change:shown", show);
  model.on("change:line", number);
  show();
  return () => {
    model.off("change:shown", show);
    model.off("change:line", number);
  };
}
export default { render };
