// Lets the graphs of a page be played: each keeps its steps in its picture, so no kernel is asked for anything.
class Model {
  constructor(values) {
    this.values = values;
    this.listeners = {};
  }
  get(name) { return this.values[name]; }
  set(name, value) {
    if (this.values[name] === value) return;
    this.values[name] = value;
    for (const tell of this.listeners[`change:${name}`] ?? []) tell();
  }
  on(event, tell) { (this.listeners[event] ??= []).push(tell); }
  off(event, tell) { this.listeners[event] = this.listeners[event]?.filter(known => known !== tell); }
  save_changes() {}
  send() {}
}

for (const el of document.querySelectorAll(".graph")) {
  // No doors: to open a node is Python's work.
  const model = new Model({ svg: el.innerHTML, step: Number(el.dataset.step), doors: {} });
  el.replaceChildren();
  render({ model, el });
}
