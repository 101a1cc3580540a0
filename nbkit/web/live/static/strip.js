// The strip at the foot of the page: what is loading, and sentences with buttons. JupyterLab ends above it.
const { facts, language, place: PLACE, allowed } = window.nbkitLive;
const { words } = language;
const ROOT = new URL("..", document.baseURI.replace(/[?#].*/, "")).href; // lab/index.html -> the folder of the site
const strip = element("aside", { id: "nbkit-live", lang: language.tag, ariaLabel: words.course });
const notes = element("div", { id: "nbkit-live-notes", ariaLive: "polite" });

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function showStrip() {
  strip.append(notes);
  document.body.append(strip);
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--nbkit-live-height", `${strip.offsetHeight}px`);
    dispatchEvent(new Event("resize")); // JupyterLab measures itself anew
  }).observe(strip);
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
}

// A sentence that stays until it is answered; one with the same id takes the place of the earlier one.
function note(id, sentence, ...actions) {
  document.getElementById(id)?.remove();
  const line = element("div", { id, className: "nbkit-live-note" }, element("span", { textContent: sentence }));
  if (actions.every(action => action.stays)) actions.push({ label: words.close, name: "close" });
  for (const { label, name, run, stays } of actions) {
    const button = element("button", { textContent: label, className: `nbkit-live-${name}` });
    button.addEventListener("click", () => {
      if (!stays) line.remove();
      run?.();
    });
    line.append(button);
  }
  notes.append(line);
}

// Asks before something is lost; comes to the name of the button, or to nothing.
function ask(title, sentence, ...buttons) {
  const box = element("dialog", { className: "nbkit-live-dialog", lang: language.tag });
  const head = element("h2", { id: "nbkit-live-dialog-title", textContent: title });
  const row = element("div", { className: "nbkit-live-buttons" });
  box.setAttribute("aria-labelledby", head.id);
  box.append(head, ...[].concat(sentence).map(text => element("p", {}, text)), row);
  return new Promise(resolve => {
    for (const { label, name, run, keeps } of buttons) {
      const button = element("button", { textContent: label, className: `nbkit-live-${name}` });
      button.addEventListener("click", () => keeps ? run() : box.close(name));
      row.append(button);
    }
    box.addEventListener("close", () => { box.remove(); resolve(box.returnValue); });
    document.body.append(box);
    box.showModal();
    row.lastElementChild.focus(); // the last one changes nothing
  });
}

// What this browser remembers of the site, beside the notebooks; it may refuse to.
const memory = {
  read() {
    try {
      return { made: {}, told: [], ...JSON.parse(localStorage.getItem(PLACE)) };
    } catch {
      return { made: {}, told: [] };
    }
  },
  change(how) {
    const kept = memory.read();
    how(kept);
    try {
      localStorage.setItem(PLACE, JSON.stringify(kept));
    } catch {
      // then it is asked or told once more next time
    }
  },
};
