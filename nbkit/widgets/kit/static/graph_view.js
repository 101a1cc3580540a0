// Shows a graph and plays it. The picture that Python sends carries its own script: elements know the step in which
// they appear (data-from) and in which they act (data-at), <metadata> has the sentences for each step and the facts
// about each node. So stepping needs no kernel; only new numbers do.

const KEYS = { Home: "first", ArrowLeft: "back", " ": "play", ArrowRight: "forward", End: "last" };
const SPEEDS = [["slow", 2400], ["normal", 1200], ["fast", 500]];
const CALM = matchMedia("(prefers-reduced-motion: reduce)");  // then nothing goes on by itself: Play is one step
const NODE_MARGIN = 90;  // pixels beside a node that acts, for the numbers at its lines
const MIN_SCALE = 0.7;  // a wide graph is scrolled, not shrunk further
const FIT_SCALE = 0.62;  // but one that is only a little wider is fitted to the page: its letters can still be read
const LINE = 1.4;  // em, of a sentence
const SHOWN_BY = { values: ".val", gradients: ".grad", shapes: ".shape" };

// The arrow head of a line along which a gradient goes left.
function leftwardHead() {
  const head = drawn("marker", { id: "nbkit-leftward", markerUnits: "userSpaceOnUse", markerWidth: 12, markerHeight: 12,
    refX: 1, refY: 6, orient: "auto", overflow: "visible" });
  head.append(drawn("path", { d: "M12 0L0 6L12 12Z", class: "nbkit-leftward" }));
  const svg = drawn("svg", { width: 0, height: 0, "aria-hidden": "true", style: "position:absolute" });
  svg.append(head);
  return svg;
}

function render({ model, el }) {
  const words = model.get("words");
  const picture = element("div", { class: "nbkit-picture", tabindex: "0", role: "group", "aria-label": words.help });
  const sentence = element("div", { class: "nbkit-sentence", "aria-live": "polite" });
  const counter = element("span", { class: "nbkit-counter" });
  const facts = element("div", { class: "nbkit-facts", hidden: "" });
  const { buttons, speed } = transportOf(words, SPEEDS);
  const toggles = Object.keys(SHOWN_BY).map(name => checkbox(name, true));
  const fit = checkbox("fit", false);
  const guess = guessing(model, words, picture, () => go(step() + 1));
  const transport = element("div", { class: "nbkit-transport", role: "toolbar", "aria-label": words.steps },
    ...Object.values(buttons), speed, counter, guess.label, ...toggles, fit,
    saveMenu(words, picture, () => model.get("svg")));
  el.classList.add("nbkit-graph-view");
  el.append(transport, sentence, guess.row, picture, facts, leftwardHead());

  const numbers = motion(picture);
  const put = numbersInto(picture);
  const edges = fadeEdges(picture);
  let script = { steps: [""], turn: 1, nodes: {} };
  let timer = null;
  const chosen = () => model.get("chosen");
  let shown = null;  // the step that was shown last
  let width = 0;  // of the graph in its natural size
  let fitted = null;  // whether the reader wants it fitted to the page; null before that was said
  let least = "0";  // the least width of the picture

  function checkbox(name, checked) {
    const box = element("input", { type: "checkbox", "data-toggle": name });
    box.checked = checked;
    return element("label", {}, box, ` ${words[name]}`);
  }

  const last = () => script.steps.length - 1;
  const step = () => { const k = model.get("step"); return k < 0 ? last() : Math.min(k, last()); };

  // "backward 2 of 5"
  function place(k) {
    if (k === 0) return words.start;
    if (k === script.turn) return words.turn;
    const [text, before, end] = k < script.turn
      ? [words.rightward, 0, Math.min(script.turn - 1, last())] : [words.leftward, script.turn, last()];
    return fill(text, { k: k - before, n: end - before });
  }

  function showStep() {
    const k = step();
    for (const e of picture.querySelectorAll("[data-from]")) e.classList.toggle("later", Number(e.dataset.from) > k);
    for (const e of picture.querySelectorAll("[data-at]"))
      e.classList.toggle("acting", e.dataset.at.split(" ").includes(String(k)));
    picture.classList.toggle("leftward", k >= script.turn);
    sentence.textContent = script.steps[k];
    counter.textContent = place(k);
    counter.dataset.pass = k === 0 ? "" : k < script.turn ? "forward" : "backward";
    buttons.first.disabled = buttons.back.disabled = k === 0;
    buttons.forward.disabled = buttons.last.disabled = k === last();
    shown = k;
    guess.ask(k, script);
  }

  // Where a wide graph scrolls, what acts is brought into sight, at once: it may be many steps away.
  function reveal() {
    if (step() === 0) { picture.scrollLeft = 0; return; }  // the inputs stand at the left
    const acting = [...picture.querySelectorAll("g[data-node].acting")];
    if (!acting.length) acting.push(...picture.querySelectorAll("[data-edge].acting"));
    if (!acting.length) return;
    const boxes = acting.map(e => e.getBoundingClientRect());
    const { left, right } = picture.getBoundingClientRect();
    const start = Math.min(...boxes.map(box => box.left)), end = Math.max(...boxes.map(box => box.right));
    if (start < left + NODE_MARGIN || end > right - NODE_MARGIN) picture.scrollLeft += (start + end - left - right) / 2;
  }

  function showSize() {
    const svg = picture.querySelector("svg");
    if (!svg || !picture.clientWidth) return;
    const fits = MIN_SCALE * width <= picture.clientWidth;
    const readable = FIT_SCALE * width <= picture.clientWidth;
    const { firstElementChild: box } = fit;
    fit.hidden = fits;
    box.checked = fitted ?? readable;
    svg.style.minWidth = least = box.checked ? "0" : `${MIN_SCALE * width}px`;
    edges.look();
  }

  function showPicture() {
    numbers.stop();
    put(model.get("svg"));
    const metadata = picture.querySelector("metadata");
    if (metadata) script = JSON.parse(metadata.textContent);
    for (const node of picture.querySelectorAll("g[data-node]")) {
      const known = script.nodes[node.dataset.node];
      if (!known) continue;
      node.setAttribute("tabindex", "0");
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", fill(words.node, known));
    }
    const svg = picture.querySelector("svg");
    svg?.setAttribute("role", "group");
    svg?.querySelector("desc")?.remove();  // it tells the result, which the reader may not have come to
    if (svg) svg.style.minWidth = least;
    const before = width;
    width = svg?.viewBox.baseVal.width ?? 0;
    for (const label of toggles)
      label.hidden = !picture.querySelector(SHOWN_BY[label.querySelector("input").dataset.toggle]);
    sentence.style.minHeight = `${LINE * Math.max(...script.steps.map(text => text.split("\n").length))}em`;
    if (width !== before) showSize();
    showStep();
    if (width !== before) reveal();  // another graph: a node was opened or closed
    showFacts();
  }

  // What is told of a node goes no further than the steps that were played.
  function showFacts() {
    for (const e of picture.querySelectorAll("g[data-node]")) e.classList.toggle("chosen", e.dataset.node === chosen());
    const known = script.nodes[chosen()];
    facts.hidden = !known;
    if (!known) return;
    const at = picture.querySelector(`g[data-node="${CSS.escape(chosen())}"]`)?.dataset.at.split(" ") ?? [];
    const played = at.map(Number).filter(k => k <= step() && script.steps[k]);
    const lines = [known.rule, ...(played.length ? known.slopes : []), ...played.map(k => script.steps[k])].filter(Boolean);
    const text = [known.name, ...lines].join("\n");
    const copy = element("button", { type: "button", "data-action": "copy" }, words.copy);
    copy.addEventListener("click", () => navigator.clipboard?.writeText(text));
    facts.replaceChildren(element("strong", {}, known.name), copy, ...expanders(),
      element("ul", {}, ...lines.map(line => element("li", {}, line))));
  }

  // A composite node can be opened, and a node that came out of one can be put back: both are Python's work.
  function expanders() {
    const kind = { closed: "open", open: "close" }[model.get("expandable")[chosen()]];
    if (!kind) return [];
    const button = element("button", { type: "button", "data-action": kind }, words[kind]);
    button.addEventListener("click", () => {
      model.send({ kind, node: chosen() });
      picture.focus({ preventScroll: true });
    });
    return [button];
  }

  // Another step, not another picture: while a slider moves, the learner decides where to look.
  function changeStep() {
    const before = shown;
    numbers.stop();
    showStep();
    reveal();
    showFacts();
    if (shown === before + 1 && !CALM.matches) numbers.show(shown, script.turn, timer === null ? Infinity : Number(speed.value));
  }

  function go(k) {
    model.set("step", k >= last() ? -1 : Math.max(0, k));
    model.save_changes();
  }

  // One step on; but where an answer is asked for, to the field for it.
  function goOn() {
    if (!guess.waits()) return go(step() + 1);
    pause();
    guess.focus();
  }

  function showPlay(path, title) {
    buttons.play.replaceChildren(icon(path));
    for (const name of ["title", "aria-label"]) buttons.play.setAttribute(name, title);
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    showPlay(PLAY, CALM.matches ? words.calm : words.play);
  }

  function play() {
    if (timer !== null) return pause();
    if (CALM.matches) return step() === last() ? go(0) : goOn();
    if (step() === last()) go(0);
    if (guess.waits()) return goOn();
    showPlay(PAUSE, words.pause);
    timer = setInterval(() => { if (step() === last()) pause(); else goOn(); }, Number(speed.value));
  }

  const actions = {
    first: () => go(0),
    back: () => go(step() - 1),
    forward: goOn,
    last: () => go(last()),
    play,
  };

  transport.addEventListener("click", event => {
    const { action } = event.target.closest("button")?.dataset ?? {};
    if (action && action !== "play") pause();
    if (action) actions[action]();
  });
  transport.addEventListener("change", event => {
    const { toggle } = event.target.dataset;
    if (toggle in SHOWN_BY) picture.classList.toggle(`no-${toggle}`, !event.target.checked);
    if (toggle === "fit") { fitted = event.target.checked; showSize(); reveal(); }
    if (toggle === "guess") { pause(); if (event.target.checked && step() === last()) go(script.turn); else showStep(); }
    if (event.target === speed && timer !== null) { pause(); play(); }
  });
  picture.addEventListener("click", event => choose(event.target.closest("g[data-node]")));
  picture.addEventListener("keydown", event => {
    const node = event.target.closest?.("g[data-node]");
    if (node && (event.key === "Enter" || event.key === " ")) choose(node);
    else if (event.key in KEYS) { if (KEYS[event.key] !== "play") pause(); actions[KEYS[event.key]](); }
    else if (event.key === "Escape") choose(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function choose(node) {
    const id = node?.dataset.node;
    model.set("chosen", script.nodes[id] && id !== chosen() ? id : "");
    model.save_changes();
  }

  const sizes = new ResizeObserver(showSize);
  sizes.observe(picture);
  const stopListening = listen(model, { "change:svg": showPicture, "change:step": changeStep,
    "change:chosen": showFacts, "change:expandable": showFacts, "change:guesses": guess.change,
    "change:questions": showStep });
  CALM.addEventListener("change", pause);
  pause();
  showPicture();
  return () => {
    pause();
    sizes.disconnect();
    edges.stop();
    CALM.removeEventListener("change", pause);
    stopListening();
  };
}
export default { render };
