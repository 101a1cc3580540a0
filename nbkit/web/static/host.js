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
