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
  // Nothing can be expanded: opening a node is Python's work.
  const model = new Model({ svg: el.innerHTML, step: Number(el.dataset.step), expandable: {}, words: WORDS });
  el.replaceChildren();
  render({ model, el });
}
