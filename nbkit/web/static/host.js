// Lets the graphs of a page be played without a kernel: each keeps its steps in its picture.
class Model {
  constructor(values) {
    this.values = values;
    this.listeners = {};
  }
  get(name) { return this.values[name]; }
  set(name, value) {
    if (this.values[name] === value) return;
    this.values[name] = value;
    for (const handler of this.listeners[`change:${name}`] ?? []) handler();
  }
  on(event, handler) { (this.listeners[event] ??= []).push(handler); }
  off(event, handler) { this.listeners[event] = this.listeners[event]?.filter(known => known !== handler); }
  save_changes() {}
  send() {}
}

for (const el of document.querySelectorAll(".graph")) {
  // Nothing can be opened, and nothing is asked: that is Python's work.
  const state = { chosen: "", expandable: {}, questions: {}, guesses: {}, words: WORDS };
  const model = new Model({ svg: el.innerHTML, step: Number(el.dataset.step), ...state });
  el.replaceChildren();
  render({ model, el });
}

for (const frame of document.querySelectorAll(".wide, .formula, .nbkit-wide")) fadeEdges(frame);  // a graph does so itself

// The languages have the same headings in the same order: the switch leads to the one below which somebody reads.
const headings = [...document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6)")];
const NEAR = 80;  // pixels from the top: as far down as a heading stands to which a link has led
for (const way of document.querySelectorAll(".languages a")) {
  way.addEventListener("click", () => {
    const above = headings.filter(heading => heading.getBoundingClientRect().top < NEAR).length;
    way.hash = scrollY && above ? `section-${above}` : "";
  });
}
const asked = location.hash.match(/^#section-(\d+)$/);
// Not before pictures have their places.
if (asked) addEventListener("load", () => headings[asked[1] - 1]?.scrollIntoView());
