// Shows a graph and plays it. The picture that Python sends carries its own script: elements know the step in which
// they appear (data-from) and in which they act (data-at), <metadata> has a sentence for each step and the facts
// about each node. So stepping needs no kernel; only new numbers do.

const PLAY = "M4 2l10 6l-10 6z";
const PAUSE = "M4 3h2.5v10H4zM9.5 3H12v10H9.5z";
const BUTTONS = [
  ["first", "M3 3v10M13 3L6 8l7 5z"],
  ["back", "M10 3L5 8l5 5"],
  ["play", PLAY],
  ["forward", "M6 3l5 5l-5 5"],
  ["last", "M13 3v10M3 3l7 5l-7 5z"],
];
const DOWN = "M7 2h2v5h3l-4 4l-4-4h3zM3 13h10";
const KEYS = { Home: "first", ArrowLeft: "back", " ": "play", ArrowRight: "forward", End: "last" };
const SPEEDS = [["slow", 2400], ["normal", 1200], ["fast", 500]];
const CALM = matchMedia("(prefers-reduced-motion: reduce)");  // then nothing goes on by itself: Play is one step
const NODE_MARGIN = 90;  // pixels beside a node that acts, for the numbers at its lines
const MIN_SCALE = 0.7;  // a wide graph is scrolled, not shrunk further
const SHOWN_BY = { values: ".val", gradients: ".grad", shapes: ".shape" };

// Drawn, not written: not every font has such characters.
function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const closed = path.includes("z");
  svg.innerHTML = `<path d="${path}" fill="${closed ? "currentColor" : "none"}" stroke="currentColor"
    stroke-width="${closed ? 1 : 2}" stroke-linejoin="round"/>`;
  for (const [name, value] of Object.entries({ viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" }))
    svg.setAttribute(name, value);
  return svg;
}

// Put values into the places of a sentence: "step {k} of {n}".
const fill = (text, values) => text.replace(/{(\w+)}/g, (_place, name) => values[name]);

function render({ model, el }) {
  const words = model.get("words");
  const picture = element("div", { class: "nbkit-picture", tabindex: "0", role: "group", "aria-label": words.help });
  const sentence = element("div", { class: "nbkit-sentence", "aria-live": "polite" });
  const counter = element("span", { class: "nbkit-counter" });
  const facts = element("div", { class: "nbkit-facts", hidden: "" });
  const speed = element("select", { "aria-label": words.speed },
    ...SPEEDS.map(([name, wait]) => element("option", { value: wait }, words[name])));
  speed.selectedIndex = 1;
  const buttons = Object.fromEntries(BUTTONS.map(([name, sign]) => [name, element("button",
    { type: "button", title: words[name], "aria-label": words[name], "data-action": name }, icon(sign))]));
  const toggles = Object.keys(SHOWN_BY).map(name => {
    const box = element("input", { type: "checkbox", "data-toggle": name });
    box.checked = true;
    return element("label", {}, box, ` ${words[name]}`);
  });
  const save = ["svg", "png"].map(kind =>
    element("button", { type: "button", title: fill(words.download, { kind: kind.toUpperCase() }), "data-save": kind },
      icon(DOWN), ` ${kind.toUpperCase()}`));
  const transport = element("div", { class: "nbkit-transport", role: "toolbar", "aria-label": words.steps },
    ...Object.values(buttons), speed, counter, ...toggles, ...save);
  el.classList.add("nbkit-graph-view");
  el.append(transport, sentence, picture, facts);

  let script = { steps: [""], nodes: {} };
  let timer = null;
  let chosen = null;

  const last = () => script.steps.length - 1;
  const step = () => { const k = model.get("step"); return k < 0 ? last() : Math.min(k, last()); };

  function showStep() {
    const k = step();
    for (const e of picture.querySelectorAll("[data-from]")) e.classList.toggle("later", Number(e.dataset.from) > k);
    for (const e of picture.querySelectorAll("[data-at]"))
      e.classList.toggle("acting", k < last() && e.dataset.at.split(" ").includes(String(k)));
    sentence.textContent = script.steps[k];
    counter.textContent = fill(words.step, { k, n: last() });
    buttons.first.disabled = buttons.back.disabled = k === 0;
    buttons.forward.disabled = buttons.last.disabled = k === last();
  }

  // Where a wide graph scrolls, the node that acts is brought into sight, at once: it may be many steps away.
  function reveal() {
    const k = String(step());
    const node = [...picture.querySelectorAll("g[data-node][data-at]")].find(e => e.dataset.at.split(" ").includes(k));
    if (!node && k !== "0") return;
    if (!node) { picture.scrollLeft = 0; return; }  // before the first step: the inputs stand at the left
    const box = node.getBoundingClientRect();
    const { left, right } = picture.getBoundingClientRect();
    if (box.left < left + NODE_MARGIN || box.right > right - NODE_MARGIN)
      picture.scrollLeft += (box.left + box.right - left - right) / 2;
  }

  function showPicture() {
    draw(picture, model.get("svg"));
    const metadata = picture.querySelector("metadata");
    if (metadata) script = JSON.parse(metadata.textContent);
    for (const node of picture.querySelectorAll("g[data-node]")) {
      const known = script.nodes[node.dataset.node];
      if (!known) continue;
      node.setAttribute("tabindex", "0");
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", fill(words.node, { name: known[0] }));
    }
    const svg = picture.querySelector("svg");
    svg?.setAttribute("role", "group");
    if (svg) svg.style.minWidth = `${MIN_SCALE * svg.viewBox.baseVal.width}px`;
    for (const label of toggles)
      label.hidden = !picture.querySelector(SHOWN_BY[label.querySelector("input").dataset.toggle]);
    showStep();
    showFacts();
  }

  function showFacts() {
    for (const e of picture.querySelectorAll("g[data-node]")) e.classList.toggle("chosen", e.dataset.node === chosen);
    const known = script.nodes[chosen];
    facts.hidden = !known;
    if (!known) return;
    const told = picture.querySelector(`g[data-node="${CSS.escape(chosen)}"]`)?.dataset.at.split(" ") ?? [];
    const lines = [...known.slice(1), ...told.map(k => script.steps[Number(k)]).filter(Boolean)];
    const text = [known[0], ...lines].join("\n");
    const copy = element("button", { type: "button", "data-action": "copy" }, words.copy);
    copy.addEventListener("click", () => navigator.clipboard?.writeText(text));
    facts.replaceChildren(element("strong", {}, known[0]), copy,
      element("ul", {}, ...lines.map(line => element("li", {}, line))), ...expanders());
  }

  // A composite node can be opened, and a node that came out of one can be put back: both are Python's work.
  function expanders() {
    const kind = { closed: "open", open: "close" }[model.get("expandable")[chosen]];
    if (!kind) return [];
    const button = element("button", { type: "button", "data-action": kind }, words[kind]);
    button.addEventListener("click", () => { model.send({ kind, node: chosen }); chosen = null; showFacts(); });
    return [button];
  }

  // Another step, not another picture: while a slider moves, the learner decides where to look.
  function changeStep() {
    showStep();
    reveal();
  }

  function go(k) {
    model.set("step", k >= last() ? -1 : Math.max(0, k));
    model.save_changes();
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
    if (CALM.matches) return go(step() === last() ? 0 : step() + 1);
    if (step() === last()) go(0);
    showPlay(PAUSE, words.pause);
    timer = setInterval(() => { if (step() === last()) pause(); else go(step() + 1); }, Number(speed.value));
  }

  const actions = {
    first: () => go(0),
    back: () => go(step() - 1),
    forward: () => go(step() + 1),
    last: () => go(last()),
    play,
  };

  transport.addEventListener("click", event => {
    const { action, save } = event.target.closest("button")?.dataset ?? {};
    if (action && action !== "play") pause();
    if (action) actions[action]();
    if (save) download(save);
  });
  transport.addEventListener("change", event => {
    const { toggle } = event.target.dataset;
    if (toggle) picture.classList.toggle(`no-${toggle}`, !event.target.checked);
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
    const id = node?.dataset.node ?? null;
    chosen = script.nodes[id] && id !== chosen ? id : null;
    showFacts();
  }

  function download(kind) {
    const { width, height } = picture.querySelector("svg").viewBox.baseVal;
    const svg = model.get("svg");  // with its style sheet
    const blob = new Blob([svg], { type: "image/svg+xml" });
    if (kind === "svg") return offer(URL.createObjectURL(blob), "graph.svg");
    const image = new Image();
    image.onload = () => {
      const canvas = element("canvas", { width: 2 * width, height: 2 * height });
      canvas.getContext("2d").drawImage(image, 0, 0, 2 * width, 2 * height);
      offer(canvas.toDataURL("image/png"), "graph.png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
  }

  function offer(href, name) {
    element("a", { href, download: name }).click();
  }

  model.on("change:svg", showPicture);
  model.on("change:step", changeStep);
  model.on("change:expandable", showFacts);
  CALM.addEventListener("change", pause);
  pause();
  showPicture();
  return () => {
    pause();
    CALM.removeEventListener("change", pause);
    model.off("change:svg", showPicture);
    model.off("change:step", changeStep);
    model.off("change:expandable", showFacts);
  };
}
export default { render };
