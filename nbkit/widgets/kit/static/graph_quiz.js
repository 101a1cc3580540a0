// Boxes to type in, inside the picture that Python sends, and four buttons. The browser knows no answers: it reports
// what was typed, and shows the marks and messages that come back.

const ACTIONS = ["check", "hint", "reveal", "new"];
const SIGNS = { right: "✓", wrong: "✗", revealed: "○" };

function render({ model, el }) {
  const words = model.get("words");
  const picture = element("div", { class: "nbkit-picture" });
  const message = element("div", { class: "nbkit-told", role: "status", "aria-live": "polite" });
  const score = element("span", { class: "nbkit-score" });
  const buttons = element("div", { class: "nbkit-actions" },
    ...ACTIONS.map(name => element("button", { type: "button", "data-action": name }, words[name])), score);
  el.classList.add("nbkit-graph-quiz");
  el.dataset.lmSuppressShortcuts = "true";  // JupyterLab's own way to say: keys typed here are not for the notebook
  el.append(picture, message, buttons);

  let round = null;
  let judged = {};  // the texts that Python knew last
  let chosen = null;  // the box that Hint and Reveal are about: the one the learner was in last

  const boxes = () => [...picture.querySelectorAll(".nbkit-box")];
  const input = box => box.querySelector("input");
  const typed = () => Object.fromEntries(boxes().map(box => [box.dataset.blank, input(box).value]));

  function showPicture() {
    const kept = model.get("round") === round ? typed() : model.get("texts");
    const active = document.activeElement?.closest?.(".nbkit-box");
    const focused = active && picture.contains(active) ? active.dataset.blank : null;
    const [start, end] = focused ? [input(active).selectionStart, input(active).selectionEnd] : [];
    if (model.get("round") !== round) chosen = null;
    round = model.get("round");
    draw(picture, model.get("svg"));
    for (const box of boxes()) {
      input(box).value = kept[box.dataset.blank] ?? "";
      input(box).dataset.name = input(box).getAttribute("aria-label");
    }
    const again = boxes().find(box => box.dataset.blank === focused);
    if (again) { input(again).focus(); input(again).setSelectionRange(start, end); }
    showMarks();
  }

  function showMarks() {
    const [marks, texts] = [model.get("marks"), model.get("texts")];
    for (const box of boxes()) {
      const id = box.dataset.blank;
      const field = input(box);
      // A text that came from elsewhere is shown, but not while the box is typed into.
      if (id in texts && texts[id] !== judged[id] && field !== document.activeElement) field.value = texts[id];
      if (marks[id] === "revealed") field.value = texts[id];
      const same = field.value === (texts[id] ?? "");  // a mark is for the text that was judged, not for a new one
      const mark = same && marks[id] in SIGNS ? marks[id] : "";
      box.dataset.mark = mark;
      box.lastElementChild.textContent = SIGNS[mark] ?? "";
      field.readOnly = mark === "right" || mark === "revealed";
      field.setAttribute("aria-invalid", String(mark === "wrong"));
      field.setAttribute("aria-label", field.dataset.name + (mark ? `, ${words[mark]}` : ""));
      box.classList.toggle("about", id === model.get("about"));
    }
    judged = texts;
    for (const same of picture.querySelectorAll("[data-same]")) {
      const id = same.dataset.same;
      same.textContent = ["right", "revealed"].includes(marks[id]) ? texts[id] : "?";
    }
  }

  function showWords() {
    message.textContent = model.get("message");
    score.textContent = model.get("score");
  }

  // Typing must not reach the notebook, where single keys add and delete cells. Saving stays possible.
  el.addEventListener("keydown", event => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") return;
    event.stopPropagation();
    const box = event.target.closest?.(".nbkit-box");
    if (box && event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      model.send({ kind: "answer", blank: box.dataset.blank, text: event.target.value });
    }
  });
  for (const kind of ["keyup", "keypress"]) el.addEventListener(kind, event => event.stopPropagation());

  picture.addEventListener("focusin", event => {
    chosen = event.target.closest(".nbkit-box")?.dataset.blank ?? chosen;
  });
  picture.addEventListener("input", showMarks);
  buttons.addEventListener("click", event => {
    const action = event.target.closest("button")?.dataset.action;
    if (action) model.send(action === "check" ? { kind: action, texts: typed() } : { kind: action, blank: chosen });
  });

  const stopListening = listen(model, { "change:svg": showPicture, "change:marks": showMarks, "change:texts": showMarks,
    "change:about": showMarks, "change:message": showWords, "change:score": showWords });
  showPicture();
  showWords();
  return stopListening;
}
export default { render };
