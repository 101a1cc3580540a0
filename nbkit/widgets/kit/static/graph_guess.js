// Asks for the numbers that the next node will send, before it sends them. The browser knows no answers: it reports what
// was typed, and shows what Python says about it.
const VERDICTS = { right: "✓", wrong: "✗" };

// `next` plays the step that was asked for.
function guessing(model, words, picture, next) {
  const told = element("div", { class: "nbkit-asked" });
  const fields = element("div", { class: "nbkit-fields" });
  const said = element("div", { class: "nbkit-said", role: "status", "aria-live": "polite" });
  const row = element("div", { class: "nbkit-guess", role: "group", "aria-label": words.why, hidden: "" },
    told, fields, said);
  row.dataset.lmSuppressShortcuts = "true";  // JupyterLab's own way to say: keys typed here are not for the notebook
  const toggle = element("input", { type: "checkbox", "data-toggle": "guess" });
  const label = element("label", { title: words.why }, toggle, ` ${words.guess}`);
  let asked = null;  // the step that is asked for
  const places = new Map();  // the question -> its label in the picture, which is not shown yet, and the mark in its place
  let about = null;  // the question that was answered last

  const inputs = () => [...fields.querySelectorAll("input")];
  const isOpen = input => input.dataset.mark !== "right";

  function field([id, name]) {
    const input = element("input", { type: "text", autocomplete: "off", spellcheck: "false", maxlength: "60",
      size: "8", placeholder: "?", "data-question": id, "data-name": name });
    return element("label", {}, `${name}: `, input, element("span", { "aria-hidden": "true" }));
  }

  // Shows the questions for the step after k, if there are any, and question marks where their answers will stand.
  function ask(k, script) {
    const questions = model.get("questions");
    label.hidden = !Object.keys(questions).length;
    const step = toggle.checked && !label.hidden && k >= script.turn && questions[k + 1]?.length ? k + 1 : null;
    picture.querySelectorAll(".nbkit-unknown").forEach(mark => mark.remove());
    places.clear();
    row.hidden = step === null;
    if (step === null) { asked = null; return; }
    told.textContent = script.steps[step].split("\n")[0];
    if (step !== asked) {
      const focused = row.contains(document.activeElement);
      asked = step;
      about = null;
      fields.replaceChildren(...questions[step].map(field), ...buttons());
      if (focused) inputs()[0].focus();
    }
    for (const [id] of questions[step]) markPlace(id);
    showGuesses();
  }

  function buttons() {
    const check = element("button", { type: "button", "data-action": "check" }, words.check);
    const skip = element("button", { type: "button", "data-action": "skip" }, words.skip);
    check.addEventListener("click", () => {
      const open = inputs().filter(isOpen), filled = open.filter(input => input.value.trim());
      if (!filled.length) open[0].focus();
      (filled.length ? filled : open.slice(0, 1)).forEach(answer);  // Python says that it is empty
    });
    skip.addEventListener("click", next);
    return [check, skip];
  }

  // An answer belongs to an edge, or to the sum at a node.
  function markPlace(id) {
    const home = picture.querySelector(`[data-edge="${CSS.escape(id)}"]`)
      ?? picture.querySelector(`[data-node="${CSS.escape(id.replace(/\.sum$/, ""))}"]`);
    const place = home?.querySelector(".grad");
    if (!place) return;
    const mark = drawn("text", { class: "grad", x: place.getAttribute("x"), y: place.getAttribute("y") });
    mark.classList.add("nbkit-unknown");
    mark.textContent = place.textContent.startsWith("←") ? "← ?" : "?";
    home.append(mark);
    places.set(id, [place.closest("[data-from]"), mark]);
  }

  function answer(input) {
    about = input.dataset.question;
    model.send({ kind: "guess", question: about, text: input.value });
    showGuesses();  // the answer may be one that Python has judged before
  }

  function showGuesses() {
    const guesses = model.get("guesses");
    for (const input of inputs()) {
      const guess = guesses[input.dataset.question];
      const mark = guess?.text === input.value && guess.state in VERDICTS ? guess.state : "";  // not for another text
      const { name } = input.dataset;
      input.dataset.mark = mark;
      input.readOnly = mark === "right";
      input.setAttribute("aria-invalid", String(mark === "wrong"));
      input.setAttribute("aria-label", mark ? `${name}, ${words[mark]}` : name);
      input.nextElementSibling.textContent = VERDICTS[mark] ?? "";
    }
    for (const [id, [label, mark]] of places) {  // a right answer is written into its place
      const isRight = guesses[id]?.state === "right";
      label.classList.toggle("later", !isRight);
      mark.classList.toggle("later", isRight);
    }
    said.textContent = guesses[about]?.said ?? "";
  }

  function change() {
    if (asked === null) return;
    showGuesses();
    const open = inputs().filter(isOpen);
    const focused = document.activeElement?.dataset?.mark === "right" && row.contains(document.activeElement);
    if (!open.length) next();
    else if (focused) open[0].focus();
  }

  // Typing must not reach the notebook, where single keys add and delete cells. Saving stays possible.
  for (const kind of ["keydown", "keyup", "keypress"]) {
    row.addEventListener(kind, event => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") return;
      event.stopPropagation();
      if (kind !== "keydown" || event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
      event.preventDefault();
      if (isOpen(event.target)) answer(event.target);
    });
  }
  fields.addEventListener("input", showGuesses);

  return {
    row, label, toggle, ask, change,
    waits: () => asked !== null,
    focus: () => inputs().find(isOpen)?.focus(),
  };
}

